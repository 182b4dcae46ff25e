//! What a call can answer, and which library this is.

use crate::abi::{MSNP_ABI_MAJOR, MSNP_ABI_MINOR};
use crate::gate::gate;
use crate::value::msnp_text;

/// What a call comes to. Numbers are never given another meaning.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum msnp_status {
    /// Done.
    Ok = 0,
    /// There is nothing (more) of what was asked for.
    None = 1,
    /// A pointer is NULL that must not be.
    Null = 2,
    /// An argument is none that the function takes.
    Argument = 3,
    /// A file cannot be read; `msnp_session_error` says why.
    Unreadable = 4,
    /// The bytes are no capture; `msnp_session_error` says what they look like.
    NotACapture = 5,
    /// The session was told that nothing follows, or is fed in another way than before.
    Order = 6,
    /// That can be told only when the session was told that nothing follows.
    Unfinished = 7,
    /// The session was not made to follow that.
    NotFollowed = 8,
    /// The session hides what it is asked for behind pseudonyms.
    Redacted = 9,
    /// A filter cannot be read.
    Expression = 10,
    /// The library is at fault. A session in which this has happened answers nothing else any more.
    Internal = 11,
}

/// Every status with its sentence.
const SENTENCES: [(msnp_status, &str); 12] = [
    (msnp_status::Ok, "Done."),
    (msnp_status::None, "There is nothing more of what was asked for."),
    (msnp_status::Null, "A pointer is NULL that must not be."),
    (msnp_status::Argument, "An argument is none that the function takes."),
    (msnp_status::Unreadable, "The file cannot be read."),
    (msnp_status::NotACapture, "The bytes are no capture."),
    (msnp_status::Order, "The session has ended, or is fed in another way than before."),
    (msnp_status::Unfinished, "That can be told only when the session has ended."),
    (msnp_status::NotFollowed, "The session was not made to follow that."),
    (msnp_status::Redacted, "The session hides that behind pseudonyms."),
    (msnp_status::Expression, "The filter cannot be read."),
    (msnp_status::Internal, "The library is at fault."),
];

/// Whether a program may use the library that is running, if it was built with a header of this `MSNP_ABI_MAJOR` and
/// `MSNP_ABI_MINOR`. If not, it must not go on.
#[unsafe(no_mangle)]
pub extern "C" fn msnp_abi_fits(major: u32, minor: u32) -> bool {
    gate(false, || major == MSNP_ABI_MAJOR && (0..=MSNP_ABI_MINOR).contains(&minor))
}

/// The ABI of the library that is running: `MSNP_ABI_MAJOR << 16 | MSNP_ABI_MINOR`, for programs that have no header.
#[unsafe(no_mangle)]
pub extern "C" fn msnp_abi_version() -> u32 {
    gate(0, || MSNP_ABI_MAJOR << 16 | MSNP_ABI_MINOR)
}

/// The version of the library that is running, such as `0.1.0`. The text lives as long as the library.
#[unsafe(no_mangle)]
pub extern "C" fn msnp_version() -> msnp_text {
    gate(msnp_text::NOTHING, || env!("CARGO_PKG_VERSION").into())
}

/// A sentence about a `msnp_status`; nothing for other numbers. The text lives as long as the library.
#[unsafe(no_mangle)]
pub extern "C" fn msnp_status_text(status: i32) -> msnp_text {
    gate(msnp_text::NOTHING, || {
        let found = SENTENCES.iter().find(|(known, _)| *known as i32 == status);
        found.map(|(_, sentence)| *sentence).into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_needs_no_more_than_there_is() {
        assert!(msnp_abi_fits(MSNP_ABI_MAJOR, MSNP_ABI_MINOR));
        assert!(!msnp_abi_fits(MSNP_ABI_MAJOR, MSNP_ABI_MINOR + 1) && !msnp_abi_fits(MSNP_ABI_MAJOR + 1, 0));
        assert_eq!(msnp_abi_version(), 0x1_0000);
    }

    #[test]
    fn every_status_has_a_sentence() {
        for (number, (status, sentence)) in (0..).zip(SENTENCES) {
            assert_eq!(status as i32, number, "in order, without a gap");
            assert!(sentence.ends_with('.'));
            assert!(!msnp_status_text(number).data.is_null());
        }
        assert!(msnp_status_text(-1).data.is_null() && msnp_status_text(12).data.is_null());
    }
}
