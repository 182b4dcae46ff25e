//! Messages inside a session: webcams, activities and games, and handwriting.
//!
//! ```text
//! off size
//!   0   1  0x80
//!   1   3  varies
//!   4   2  8, little endian
//!   6   4  length of the text in bytes, NUL included, little endian
//!  10   n  text in UTF-16, little endian, with a NUL
//! ```
//!
//! Source: protocol reference, transfers 6.2; P2P 3.8 for handwriting. Some clients send head and text as two messages
//! (one source): then either stands alone.

use nom::number::complete::{le_u16, le_u32};

use super::webcam::Camera;
use crate::msnp::coding::utf16;
use crate::tree::{Base, Kind, Record, Scribe, Text, TextId, Value, experts, fields, texts};

fields! {
    family 55;
    /// First byte of a message from either program about a webcam, an activity or a game: 0x80.
    MARK: Kind::Uint32(Base::Hex) => "msnp.p2p.signal.mark", "Mark";
    /// Three bytes that either program varies with the kind of message; their meaning is not documented.
    VARIES: Kind::Bytes => "msnp.p2p.signal.varies", "Bytes that vary";
    /// A number of 16 bits, little endian, always 8, from both programs; its meaning is not documented.
    NUMBER: Kind::Uint32(Base::Dec) => "msnp.p2p.signal.number", "Number 8";
    /// How long the text is that the program sends behind it, in bytes, its NUL included; little endian.
    LENGTH: Kind::Uint32(Base::Dec) => "msnp.p2p.signal.length", "Length of the text";
    /// What one program tells the other about a webcam, an activity or a game: a word, or a document with addresses and ports.
    TEXT: Kind::Text => "msnp.p2p.signal.text", "Text between programs", Personal;
    /// Handwriting that goes from program to program: headers and a drawing in base64, as a text in UTF-16. Session 64.
    INK: Kind::Text => "msnp.p2p.ink", "Handwriting", Text;
    /// Data of a message between programs whose form is not documented.
    OTHER: Kind::Bytes => "msnp.p2p.message", "Message between programs", Text;
}

experts! {
    LENGTH_DIFFERS: Note, Malformed => "msnp.expert.p2p-signal-length", "expected {0} bytes of text, as the head promises, found {1}";
}

texts! {
    EXPECTED_HEAD = "expected.p2p-signal", "the head of a message about a webcam";
    SYN = "p2p.signal.syn", "begins";
    ACK = "p2p.signal.ack", "confirms";
    VIEWER_DATA = "p2p.signal.viewer-data", "has what it needs of the viewer";
    PRODUCER = "p2p.signal.producer", "where and how the camera can be reached";
    VIEWER = "p2p.signal.viewer", "where and how the viewer can be reached";
    REFLECTOR = "p2p.signal.reflector", "a relay for the pictures";
}

/// Length of the head.
const HEAD: usize = 10;

/// `signal = head text / text`. Gives the numbers of the webcam that it describes, if it does.
pub fn signal(s: &mut Scribe<'_, '_>) -> Option<Camera> {
    let rest = s.rest();
    match rest {
        [0x80, ..] if rest.len() >= HEAD => headed(s),
        _ if looks_like_text(rest) => text(s),
        _ => {
            s.rest_as_bytes(OTHER);
            None
        }
    }
}

fn headed(s: &mut Scribe<'_, '_>) -> Option<Camera> {
    let mut head = || {
        s.take(MARK, 1, 0x80_u32);
        let varies = s.rest().get(..3).unwrap_or_default();
        s.take(VARIES, varies.len(), varies);
        s.fixed(NUMBER, 2, EXPECTED_HEAD, le_u16)?;
        s.fixed(LENGTH, 4, EXPECTED_HEAD, le_u32)
    };
    let length = head().ok()?;
    let there = s.rest().len();
    if u32::try_from(there) != Ok(length) {
        s.expert_at(LENGTH_DIFFERS, s.here(there), [length.into(), there.into()]);
    }
    text(s)
}

fn text(s: &mut Scribe<'_, '_>) -> Option<Camera> {
    let rest = s.rest();
    if rest.is_empty() {
        return None;
    }
    s.take(TEXT, rest.len(), Wide { wire: rest, meaning });
    let said = utf16(rest);
    let described = said.starts_with("<producer") || said.starts_with("<viewer");
    described.then(|| Camera::of_document(&said)).flatten()
}

/// `ink = text`, in UTF-16
pub fn ink(s: &mut Scribe<'_, '_>) {
    let rest = s.rest();
    if !rest.is_empty() {
        s.take(INK, rest.len(), Wide { wire: rest, meaning: |_| None });
    }
}

/// Letters of the first half of the alphabet table, each with a zero byte behind it.
fn looks_like_text(bytes: &[u8]) -> bool {
    bytes.len() >= 2 && bytes.chunks(2).take(8).all(|pair| matches!(pair, [0x09..=0x7e, 0] | [0, 0]))
}

fn meaning(text: &str) -> Option<TextId> {
    Some(match text {
        "syn" => SYN,
        "ack" => ACK,
        "receivedViewerData" => VIEWER_DATA,
        xml if xml.starts_with("<producer") => PRODUCER,
        xml if xml.starts_with("<viewer") => VIEWER,
        data if data.starts_with("ReflData:") => REFLECTOR,
        _ => return None,
    })
}

/// Text in UTF-16.
struct Wide<'a> {
    wire: &'a [u8],
    meaning: fn(&str) -> Option<TextId>,
}

impl Record for Wide<'_> {
    fn value(&self) -> Value {
        Value::Text(crate::tree::lossy(utf16(self.wire).as_bytes()))
    }

    fn label(&self) -> Option<Text> {
        (self.meaning)(&utf16(self.wire)).map(TextId::text)
    }
}
