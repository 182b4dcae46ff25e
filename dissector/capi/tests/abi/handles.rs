//! Handles and texts as a program in C would use them.

#![allow(dead_code, reason = "no test uses all of these")]

use std::mem::MaybeUninit;
use std::ptr;

use msnp::*;

/// What a function wrote, if it says that it did.
pub fn written<T>(call: impl FnOnce(&mut MaybeUninit<T>) -> msnp_status) -> Result<T, msnp_status> {
    let mut out = MaybeUninit::uninit();
    match call(&mut out) {
        // SAFETY: it says so.
        msnp_status::Ok => Ok(unsafe { out.assume_init() }),
        other => Err(other),
    }
}

/// A handle that a function made.
pub fn made<T>(call: impl FnOnce(&mut MaybeUninit<*mut T>) -> msnp_status) -> Result<Box<T>, msnp_status> {
    let mut out = MaybeUninit::new(ptr::dangling_mut());
    let status = call(&mut out);
    // SAFETY: it is written in any case.
    let handle = unsafe { out.assume_init() };
    assert_eq!(handle.is_null(), status != msnp_status::Ok, "a handle comes with success, and only then");
    // SAFETY: handles are boxes.
    if status == msnp_status::Ok { Ok(unsafe { Box::from_raw(handle) }) } else { Err(status) }
}

pub fn text(text: msnp_text) -> Option<String> {
    let msnp_text { data, length } = text;
    // SAFETY: what it comes from lives.
    let bytes = (!data.is_null()).then(|| unsafe { std::slice::from_raw_parts(data.cast(), length) });
    bytes.map(|bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("UTF-8"))
}

pub fn bytes(bytes: msnp_bytes) -> Vec<u8> {
    // SAFETY: what it comes from lives.
    unsafe { std::slice::from_raw_parts(bytes.data, bytes.length) }.to_vec()
}

pub fn string(string: Box<msnp_string>) -> String {
    let content = text(msnp_string_text(Some(&string))).expect("a text");
    msnp_string_free(Some(string));
    content
}

pub fn session(follow: u32) -> Box<msnp_session> {
    made(|out| msnp_session_new(follow, Some(out))).expect("a session")
}
