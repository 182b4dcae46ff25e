//! The connection that carries a webcam's pictures.
//!
//! ```text
//! connector  recipientid=1&sessionid=7 CR LF CR LF
//! listener   connected CR LF CR LF
//! connector  connected CR LF CR LF
//! producer   frames: 24 bytes, and a picture
//! viewer     d2 04 00 00 for each frame, through a relay (one source)
//! ```
//!
//! Source: protocol reference, transfers 6.3. Pictures are listed, not decoded: they are in a format of their own (Mimic).

use nom::number::complete::{le_u8, le_u16, le_u32};

use super::begins_with;
use crate::msnp::framing::{Frame, PAYLOAD_CEILING};
use crate::msnp::token::{Word, coded_binary};
use crate::msnp::{Content, Pdu};
use crate::tree::{Base, Kind, Read, Scribe, experts, fields, names, texts};

fields! {
    family 57;
    /// What the program that connects to a webcam says: to whom and to which session it wants. Also the word that both
    /// are connected.
    LINE: Kind::Text => "msnp.webcam.line", "Webcam greeting", Personal;
    /// How many bytes stand before the picture in the frame that the producer sends: always 24, as the first byte says.
    HEADER_SIZE: Kind::Uint32(Base::Dec) => "msnp.webcam.header_size", "Head length";
    /// 1 from the producer when the person has stopped the webcam for a while, so that no picture follows; else 0.
    PAUSE: Kind::Uint32(Base::Dec) => "msnp.webcam.pause", "Pause" in PAUSE_NAMES;
    /// How many pixels the webcam’s picture is wide, such as 320; 16 bits, little endian, from the producer.
    WIDTH: Kind::Uint32(Base::Dec) => "msnp.webcam.width", "Width";
    /// How many pixels the webcam’s picture is high, such as 240; 16 bits, little endian, from the producer.
    HEIGHT: Kind::Uint32(Base::Dec) => "msnp.webcam.height", "Height";
    /// Whether the producer’s picture stands for itself (1), rather than changing the one before.
    KEY_FRAME: Kind::Uint32(Base::Dec) => "msnp.webcam.key_frame", "Key frame" in KEY_FRAMES;
    /// How many bytes of picture follow the head of the producer’s frame; 32 bits, little endian.
    LENGTH: Kind::Uint32(Base::Dec) => "msnp.webcam.length", "Picture length";
    /// Four letters by which the producer names the way in which the webcam’s pictures are written down: ML20.
    CODING: Kind::Text => "msnp.webcam.coding", "Coding";
    /// A random number that the producer writes into all frames of a webcam.
    STREAM: Kind::Uint32(Base::Hex) => "msnp.webcam.stream", "Webcam stream";
    /// When the picture was taken, in milliseconds of a clock of the program.
    TIME: Kind::Uint32(Base::Dec) => "msnp.webcam.time", "Time stamp";
    /// One image of the producer’s webcam in a format of its own (Mimic), which is listed here and not decoded.
    PICTURE: Kind::Bytes => "msnp.webcam.picture", "Picture", Text;
    /// Four bytes by which the viewer’s program says that a frame has come.
    RECEIVED: Kind::Bytes => "msnp.webcam.received", "Frame received";
}

texts! {
    EXPECTED = "expected.webcam", "the head of a webcam’s frame";
    PAUSES = "webcam.pause.yes", "the webcam pauses";
    SHOWS = "webcam.pause.no", "a picture follows";
    WHOLE = "webcam.key.yes", "stands for itself";
    CHANGE = "webcam.key.no", "changes the one before";
}

experts! {
    ABSURD_PICTURE: Error, Malformed => "msnp.expert.webcam-length", "expected a picture of at most 1 MB, found a promise of {0} bytes: the number is not believed, and what follows is looked at anew";
}

names! {
    /// Whether a picture follows.
    PAUSE_NAMES, pause_name;
    0 => SHOWS,
    1 => PAUSES,
}

names! {
    /// Whether a picture stands for itself.
    KEY_FRAMES, key_frame;
    0 => CHANGE,
    1 => WHOLE,
}

/// What tells one webcam from others: the numbers that its document tells, and that begin its connection, as they travel.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Camera {
    /// `rid`, `recipientid`.
    pub recipient: String,
    /// `session`, `sessionid`.
    pub session: String,
}

impl Camera {
    /// The numbers of a `<producer>` or `<viewer>` document.
    #[must_use]
    pub fn of_document(xml: &str) -> Option<Self> {
        let value = |name: &str| {
            let (_, behind) = xml.split_once(&format!("<{name}>"))?;
            Some(behind.split_once('<')?.0.trim().to_owned()).filter(|value| !value.is_empty())
        };
        Some(Self { recipient: value("rid")?, session: value("session")? })
    }

    /// `recipientid=R&sessionid=S`
    fn of_greeting(line: &[u8]) -> Option<Self> {
        let line = std::str::from_utf8(line).ok()?;
        let (recipient, session) = line.strip_prefix("recipientid=")?.split_once("&sessionid=")?;
        Some(Self { recipient: recipient.to_owned(), session: session.to_owned() })
    }
}

/// Length of the head of a frame.
pub const HEAD: usize = 24;
/// What a viewer confirms each frame with.
const SEEN: &[u8] = &[0xd2, 0x04, 0, 0];
const BLANK_LINE: &[u8] = b"\r\n\r\n";
/// What greetings begin with.
const GREETINGS: &[&[u8]] = &[b"recipientid=", b"connected\r\n"];
/// A longer greeting is none.
const GREETING_CEILING: usize = 512;

/// Whether these are the first bytes of who connects; `None` when more are needed.
#[must_use]
pub fn detect(first: &[u8]) -> Option<bool> {
    begins_with(first, b"recipientid=")
}

/// Says what stands at the start of `bytes`.
#[must_use]
pub fn frame(bytes: &[u8]) -> Frame {
    match bytes {
        [] => Frame::Needs(Some(1)),
        // No length is believed before the letters behind it have come.
        [24, ..] if bytes.len() < HEAD => Frame::Needs(Some(HEAD)),
        [24, ..] if bytes.get(12..16) != Some(b"ML20") => Frame::Skip(1),
        [24, ..] => match length(bytes).and_then(|length| usize::try_from(length).ok()) {
            Some(payload) if payload <= PAYLOAD_CEILING => match HEAD + payload {
                total if total <= bytes.len() => Frame::Command { line: HEAD, payload },
                total => Frame::Needs(Some(total)),
            },
            // The head is one for all that; where its picture ends is not known.
            _ => Frame::Command { line: HEAD, payload: 0 },
        },
        [0xd2, ..] if bytes.len() < SEEN.len() => Frame::Needs(Some(SEEN.len())),
        _ if bytes.starts_with(SEEN) => Frame::Command { line: SEEN.len(), payload: 0 },
        _ => greeting(bytes),
    }
}

/// How many bytes of picture a frame's head promises.
fn length(head: &[u8]) -> Option<u32> {
    head.get(8..12)?.try_into().ok().map(u32::from_le_bytes)
}

/// `greeting = ( "recipientid=" *OCTET / "connected" ) CRLF CRLF`. More is asked for byte by byte, so that the answer does not
/// depend on how the bytes came.
fn greeting(bytes: &[u8]) -> Frame {
    let window = bytes.get(..GREETING_CEILING).unwrap_or(bytes);
    let known = GREETINGS.iter().any(|greeting| bytes.starts_with(greeting));
    match known.then(|| memchr::memmem::find(window, BLANK_LINE)) {
        Some(Some(end)) => Frame::Command { line: end + BLANK_LINE.len(), payload: 0 },
        Some(None) if bytes.len() < GREETING_CEILING => Frame::Needs(Some(bytes.len() + 1)),
        None if GREETINGS.iter().any(|greeting| greeting.starts_with(bytes)) => Frame::Needs(Some(bytes.len() + 1)),
        _ => {
            let behind = bytes.get(1..).unwrap_or_default();
            let next = behind.iter().position(|byte| matches!(byte, 24 | 0xd2 | b'r' | b'c'));
            Frame::Skip(next.map_or(bytes.len(), |at| at + 1))
        }
    }
}

/// `pdu = greeting / frame / received`
pub fn webcam(s: &mut Scribe<'_, '_>, _pdu: &Pdu<'_>) -> Content {
    let rest = s.rest();
    if rest.starts_with(SEEN) {
        s.take(RECEIVED, SEEN.len(), SEEN);
    } else if rest.first() == Some(&24) {
        let _ = picture(s);
    } else {
        let line = rest.trim_ascii_end();
        s.take(LINE, line.len(), Word(line));
        s.skip(rest.len() - line.len());
        return Camera::of_greeting(line).map_or(Content::Nothing, Content::Camera);
    }
    Content::Nothing
}

fn picture(s: &mut Scribe<'_, '_>) -> Read<()> {
    s.fixed(HEADER_SIZE, 1, EXPECTED, le_u8)?;
    s.fixed(PAUSE, 1, EXPECTED, coded_binary(le_u8, |pause| pause_name(pause).or(Some(SHOWS))))?;
    s.fixed(WIDTH, 2, EXPECTED, le_u16)?;
    s.fixed(HEIGHT, 2, EXPECTED, le_u16)?;
    s.fixed(KEY_FRAME, 2, EXPECTED, coded_binary(le_u16, |key| key_frame(key).or(Some(WHOLE))))?;
    let promise = s.here(4);
    let length = s.fixed(LENGTH, 4, EXPECTED, le_u32)?;
    if usize::try_from(length).is_ok_and(|length| length > PAYLOAD_CEILING) {
        s.expert_at(ABSURD_PICTURE, promise, [length.into()]);
    }
    let coding = s.rest().get(..4).unwrap_or(s.rest());
    s.take(CODING, coding.len(), Word(coding));
    s.fixed(STREAM, 4, EXPECTED, le_u32)?;
    s.fixed(TIME, 4, EXPECTED, le_u32)?;
    s.rest_as_bytes(PICTURE);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The frame of vector V33 of the reference.
    #[test]
    fn vector_is_framed() {
        let bytes = [
            0x18, 0, 0x40, 1, 0xf0, 0, 1, 0, 5, 0, 0, 0, 0x4d, 0x4c, 0x32, 0x30, 0xfe, 0xca, 0xad, 0x0b, 0x87, 0xd6,
            0x12, 0, 1, 2, 3, 4, 5,
        ];
        assert_eq!(frame(&bytes), Frame::Command { line: 24, payload: 5 });
        assert_eq!(frame(&bytes[..28]), Frame::Needs(Some(29)));
        let mut absurd = bytes;
        absurd[8..12].fill(0xff);
        assert_eq!(frame(&absurd), Frame::Command { line: 24, payload: 0 });
        assert_eq!(frame(b"connected\r\n\r\n"), Frame::Command { line: 13, payload: 0 });
        assert_eq!(detect(b"recipientid=1&sessionid=7\r\n\r\n"), Some(true));
        assert_eq!(detect(b"recip"), None);
        let greeted = Camera::of_greeting(b"recipientid=1&sessionid=7");
        assert_eq!(greeted, Camera::of_document("<producer><rid>1</rid><udprid>2</udprid><session> 7</session>"));
        assert!(greeted.is_some());
        assert_eq!(detect(b"GET"), Some(false));
    }
}
