//! The expert table: which kinds of oddity the library knows.

use std::mem::MaybeUninit;

use crate::gate::{answer, gate, gate_status};
use crate::status::msnp_status;
use crate::tree::{group, severity};
use crate::value::msnp_text;

/// A kind of oddity. Its texts live as long as the library.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct msnp_expert_kind {
    /// Its name in filters, such as `msnp.expert.unknown-verb`.
    pub name: msnp_text,
    /// How much it matters, in Wireshark's words: `chat`, `note`, `warn` or `error`.
    pub severity: msnp_text,
    /// What it is about, in the words of `msnp_expert`'s `group`.
    pub group: msnp_text,
    /// Its sentence: what was expected, what was found. `{0}`, `{1}` … stand for what differs from case to case.
    pub text: msnp_text,
}

/// How many kinds of oddity there are.
#[unsafe(no_mangle)]
pub extern "C" fn msnp_expert_kinds_count() -> usize {
    gate(0, || msnp_dissector::experts().count())
}

/// Writes the kind of oddity at a place, from 0; `MSNP_STATUS_NONE` behind the last.
#[unsafe(no_mangle)]
pub extern "C" fn msnp_expert_kinds_at(index: usize, kind: Option<&mut MaybeUninit<msnp_expert_kind>>) -> msnp_status {
    gate_status(|| {
        answer(kind, || {
            let decl = msnp_dissector::experts().nth(index).ok_or(msnp_status::None)?.decl();
            Ok(msnp_expert_kind {
                name: decl.id.into(),
                severity: severity(decl.severity).into(),
                group: group(decl.group).into(),
                text: decl.text.english.into(),
            })
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_oddity_is_listed() {
        let mut place = MaybeUninit::uninit();
        let count = msnp_expert_kinds_count();
        assert!(count > 20, "{count}");
        for index in 0..count {
            assert_eq!(msnp_expert_kinds_at(index, Some(&mut place)), msnp_status::Ok);
        }
        assert_eq!(msnp_expert_kinds_at(count, Some(&mut place)), msnp_status::None);
        assert_eq!(msnp_expert_kinds_at(0, None), msnp_status::Null);
    }
}
