//! The one door between C and Rust: no panic passes it, no NULL is followed, and nothing else here believes a pointer.

use std::ffi::{CStr, c_char};
use std::mem::MaybeUninit;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::status::msnp_status;

/// Where a function writes its answer: a pointer that may be NULL, to memory that need not be written yet.
pub type Out<'o, T> = Option<&'o mut MaybeUninit<T>>;

/// What a call comes to.
pub type Outcome = Result<(), msnp_status>;

/// Runs what an exported function does. A panic becomes `fallback`, or [`msnp_status::Internal`].
pub fn gate<T>(fallback: T, call: impl FnOnce() -> T) -> T {
    catch_unwind(AssertUnwindSafe(call)).unwrap_or_else(|payload| {
        // Who panics may have put anything into it, even what panics when it is dropped.
        if let Err(again) = catch_unwind(AssertUnwindSafe(|| drop(payload))) {
            std::mem::forget(again);
        }
        fallback
    })
}

/// As [`gate`], for functions that answer with a status.
pub fn gate_status(call: impl FnOnce() -> Outcome) -> msnp_status {
    gate(msnp_status::Internal, || call().err().unwrap_or(msnp_status::Ok))
}

/// What must not be NULL.
pub fn there<T>(pointer: Option<T>) -> Result<T, msnp_status> {
    pointer.ok_or(msnp_status::Null)
}

/// Writes an answer, which is looked for only if there is a place for it: that NULL is not one is said before anything else.
pub fn answer<T>(out: Out<'_, T>, find: impl FnOnce() -> Result<T, msnp_status>) -> Outcome {
    there(out)?.write(find()?);
    Ok(())
}

/// Hands a new handle over, or NULL and the reason.
pub fn hand_over<T>(out: Out<'_, *mut T>, make: impl FnOnce() -> Result<T, msnp_status>) -> Outcome {
    let out = there(out)?;
    // Before anything can fail or panic: nobody may find there what was there before.
    let out = out.write(std::ptr::null_mut());
    *out = Box::into_raw(Box::new(make()?));
    Ok(())
}

/// The bytes at `data`. No bytes may have no place.
///
/// # Safety
/// `data` is NULL, or points to `length` bytes that nobody writes while the answer is used.
pub unsafe fn bytes<'b>(data: *const u8, length: usize) -> Result<&'b [u8], msnp_status> {
    match (data.is_null(), length) {
        (_, 0) => Ok(&[]),
        (true, _) => Err(msnp_status::Null),
        _ if isize::try_from(length).is_err() => Err(msnp_status::Argument),
        // SAFETY: not NULL, not longer than memory can be; the caller vouches for the rest.
        _ => Ok(unsafe { std::slice::from_raw_parts(data, length) }),
    }
}

/// The room at `data` for `length` bytes, to be written into.
///
/// # Safety
/// `data` is NULL, or points to room for `length` bytes that nobody else uses while the answer is used.
pub unsafe fn room<'b>(data: *mut u8, length: usize) -> Result<&'b mut [MaybeUninit<u8>], msnp_status> {
    match (data.is_null(), length) {
        (_, 0) => Ok(&mut []),
        (true, _) => Err(msnp_status::Null),
        _ if isize::try_from(length).is_err() => Err(msnp_status::Argument),
        // SAFETY: not NULL, not longer than memory can be; the caller vouches for the rest.
        _ => Ok(unsafe { std::slice::from_raw_parts_mut(data.cast(), length) }),
    }
}

/// The text at `text`, without the NUL that ends it.
///
/// # Safety
/// `text` is NULL, or points to bytes that a NUL ends and that nobody writes while the answer is used.
pub unsafe fn name<'n>(text: *const c_char) -> Result<&'n CStr, msnp_status> {
    if text.is_null() {
        return Err(msnp_status::Null);
    }
    // SAFETY: not NULL; the caller vouches for the rest.
    Ok(unsafe { CStr::from_ptr(text) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_a_status() {
        let status = gate_status(|| panic!("as a fault in the library would"));
        let mut handle = MaybeUninit::new(std::ptr::dangling_mut::<u8>());
        let new = gate_status(|| hand_over(Some(&mut handle), || panic!("while it is made")));
        assert_eq!((status, new), (msnp_status::Internal, msnp_status::Internal));
        // SAFETY: it was written above.
        assert!(unsafe { handle.assume_init() }.is_null(), "no handle was made");
    }

    #[test]
    fn null_is_said_and_not_followed() {
        assert_eq!(answer::<u8>(None, || Err(msnp_status::None)), Err(msnp_status::Null));
        assert_eq!(hand_over::<u8>(None, || Ok(1)), Err(msnp_status::Null));
        // SAFETY: NULL, and no bytes.
        unsafe {
            assert_eq!(bytes(std::ptr::null(), 0), Ok(&[][..]));
            assert_eq!(bytes(std::ptr::null(), 1), Err(msnp_status::Null));
            assert!(room(std::ptr::null_mut(), 1).is_err());
            assert_eq!(name(std::ptr::null()), Err(msnp_status::Null));
        }
    }
}
