//! MSNSLP: the text by which two clients agree on a session: its purpose, and the way that its data take.
//!
//! Comes in: one whole message, whichever way it came: joined from peer-to-peer packets, or as it stands in `UUN`, `UBN`
//! or a datagram. Goes out: its fields, and a typed [`Slp`]. How messages belong together is no business of this room.
//!
//! Source: protocol reference, SLP. Text like that of SIP, from MSNP9 on; the order of lines varies.

mod address;
pub(in crate::msnp) mod application;
pub(in crate::msnp) mod context;
pub(in crate::msnp) mod file;
pub(in crate::msnp) mod head;
pub(in crate::msnp) mod line;
mod message;
pub(in crate::msnp) mod session;
#[cfg(test)]
mod tests;
pub(in crate::msnp) mod transport;

pub use application::status_meaning;
/// The reason of an end ([`Body::reason`]) that means: cancelled. Seen of webcams and activities.
pub const CANCELLED: u32 = 0x8100_0374;

pub use message::{Application, Body, BodyKind, Context, Endpoint, Method, Slp, Start};

use crate::msnp::Content;
use crate::msnp::payload::datagram::LENGTH_DIFFERS;
use crate::msnp::payload::mime::NO_BLANK_LINE;
use crate::tree::{Kind, Scribe, experts, fields};
use line::{Said, limited, lines};

fields! {
    family 61;
    /// A message by which two clients agree on a session: first line, headers, body. Both clients send it, from MSNP9 on.
    MESSAGE: Kind::Group => "msnp.slp", "MSNSLP message";
    /// What the sender’s program puts behind the headers of an MSNSLP message: fields in lines, as its Content-Type
    /// says.
    BODY: Kind::Group => "msnp.slp.body", "Body";
    /// A line of an MSNSLP message that no source describes, name and value as the sender’s program wrote them; also a
    /// value that is not of its kind.
    OTHER: Kind::Text => "msnp.slp.line", "Line", Header;
    /// Bytes that the sender’s program left behind the NUL that ends an MSNSLP message.
    TRAILER: Kind::Bytes => "msnp.slp.trailer", "Trailer", Text;
}

experts! {
    BEHIND_THE_END: Note, Protocol => "msnp.expert.slp-trailer", "expected the end of the message at its NUL, found {0} bytes behind it";
}

/// Whether bytes begin like a message.
#[must_use]
pub fn is_slp(bytes: &[u8]) -> bool {
    [&b"INVITE "[..], b"BYE ", b"ACK ", b"MSNSLP/"].iter().any(|start| bytes.starts_with(start))
}

/// All that is left as a message, under a group of its own.
pub fn content(s: &mut Scribe<'_, '_>) -> Content {
    Content::Slp(Box::new(s.group(MESSAGE, slp)))
}

/// `slp = text *%x00 *OCTET`: reads all that is left as one message. The caller makes the group.
pub fn slp(s: &mut Scribe<'_, '_>) -> Slp {
    let end = memchr::memchr(0, s.rest()).unwrap_or(s.rest().len());
    let ended = end < s.rest().len();
    let said = limited(s, end, |s| text(s, ended));
    s.skip(s.rest().iter().take_while(|byte| **byte == 0).count());
    if !s.is_empty() {
        s.expert_at(BEHIND_THE_END, s.here(s.rest().len()), [s.rest().len().into()]);
        s.rest_as_bytes(TRAILER);
    }
    said
}

/// `text = start-line *header CRLF body`
fn text(s: &mut Scribe<'_, '_>, ended: bool) -> Slp {
    let mut said = Said::default();
    head::start_line(s, &mut said);
    if !lines(s, head::KNOWN, &mut said) {
        s.expert_at(NO_BLANK_LINE, s.here(0), []);
    }
    length_checked(s, &said, ended);
    if !s.is_empty() {
        said.slp.body.application = session::application_of(s.rest());
        s.group(BODY, |s| while lines(s, session::KNOWN, &mut said) {});
    }
    transport::addresses(&mut said);
    said.slp
}

/// Clients count the NUL that ends the message, but not all, and not those that leave it out.
fn length_checked(s: &mut Scribe<'_, '_>, said: &Said, ended: bool) {
    let Some((promised, span)) = said.length else { return };
    let there = s.rest().len() as u64;
    if promised != there && promised != there.saturating_add(1) {
        s.expert_at(LENGTH_DIFFERS, span, [promised.into(), there.saturating_add(ended.into()).into()]);
    }
}
