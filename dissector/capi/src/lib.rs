//! The MSNP dissector as a C library: `include/msnp.h` is made of what stands here.
//!
//! Comes in: captures, packets or bytes of streams. Goes out: PDUs with their trees, messages, transfers, and the JSON of
//! the command line. All knowledge of the protocol is in the library beneath; what stands here is:
//!
//! * `gate`: the one door that every exported function goes through, and the few places that believe a pointer;
//! * `abi`, `status`: which ABI this is, and what a call can answer;
//! * `value`: texts, bytes and times as C sees them;
//! * `session`: what C may ask of a session; `totals`, figures about it; `feed`, what becomes of the bytes; `following`, what is
//!   kept of the commands;
//! * `pdu` and its `tree`, `message`, `transfer`, `field`, `expert`, `filter`, `document`: what is handed out.
//!
//! Handles are boxes: a function takes them as `Option<&T>` or `Option<Box<T>>`, which for C are pointers that may be NULL.
//! So only bytes and names of files are believed, and nearly all of this is checked by the compiler.

mod abi;
mod document;
mod expert;
mod feed;
mod field;
mod filter;
mod following;
mod gate;
mod message;
mod pdu;
mod session;
mod status;
mod totals;
mod transfer;
mod tree;
mod value;

pub use abi::{MSNP_ABI_MAJOR, MSNP_ABI_MINOR};
pub use document::*;
pub use expert::*;
pub use field::*;
pub use filter::*;
pub use following::{
    MSNP_FOLLOW_FIELDS, MSNP_FOLLOW_PDUS, MSNP_FOLLOW_STORY, MSNP_FOLLOW_SUMMARY, MSNP_FOLLOW_TRANSFERS,
};
pub use message::*;
pub use pdu::*;
pub use session::*;
pub use status::*;
pub use totals::*;
pub use transfer::*;
pub use tree::*;
pub use value::*;
