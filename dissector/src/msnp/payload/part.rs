//! Parts: the headers by which a message that is too long for one command is cut into several.
//!
//! Comes in: the payload of a part, how far its message has come, and the whole message if this part completes it. Goes
//! out: the part's own piece, and below it the whole message, read as if it had been sent in one.
//!
//! Source: protocol reference, messages 5. Parts are cut at bytes, not characters: a piece alone may not be UTF-8.

use super::header::{header, line_end_at};
use super::mime::{self, JOINED, PART_BODY};
use crate::msnp::{Content, Context, Fate};
use crate::tree::{Assembly, Record, Scribe, Span, Text, Value, experts, lossy, texts};

experts! {
    FIRST_PART_MISSING: Note, Reassemble => "msnp.expert.first-part-missing", "expected the first part of the message, which says what it is, found part {0} without it";
    PART_AGAIN: Note, Sequence => "msnp.expert.part-again", "expected a part that had not come yet, found part {0} again; the one that came first is used";
    PART_STRAYS: Warn, Malformed => "msnp.expert.part-strays", "expected one of {0} parts, as the first announced, found part {1}";
    PARTS_TOO_LONG: Warn, Reassemble => "msnp.expert.parts-too-long", "expected at most 1024 parts and 512 KB, found a longer message; it is not put together";
    PARTS_LET_GO: Warn, Reassemble => "msnp.expert.parts-let-go", "expected at most 8 unfinished messages in parts, found one more: the oldest, of which {0} parts had come, is given up";
    PARTS_MISSING: Warn, Reassemble => "msnp.expert.parts-missing", "expected {1} parts, {0} missing; the message is put together without";
}

texts! {
    PART_OF = "part.of", "part {0} of {1}";
    PART_ONLY = "part.only", "part {0}";
    JOINED_SOURCE = "source.joined", "Joined message";
}

/// What the headers say of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part<'a> {
    /// What all parts share.
    pub id: &'a [u8],
    /// Which part, from 0.
    pub index: u32,
    /// How many there are; the first part says so.
    pub total: Option<u32>,
    /// Where the body begins.
    pub body: usize,
}

/// The part that a payload is; `None` when it is a message of its own.
#[must_use]
pub fn part(payload: &[u8]) -> Option<Part<'_>> {
    let (mut id, mut index, mut total) = (None, None, None);
    let mut rest = payload;
    while !rest.is_empty() {
        if let Some(end) = line_end_at(rest) {
            rest = rest.get(end..)?;
            break;
        }
        let end = memchr::memchr(b'\n', rest).map_or(rest.len(), |at| at + 1);
        // Nearly every message has headers and is no part: only lines that begin with a name looked for are read.
        let begins = |name: &str| rest.get(..name.len()).is_some_and(|s| s.eq_ignore_ascii_case(name.as_bytes()));
        if (begins("Message-ID") || begins("Chunk"))
            && let Some(found) = header(rest)
        {
            let number = || std::str::from_utf8(found.value.trim_ascii()).ok()?.parse().ok();
            if found.is("Message-ID") {
                id = Some(found.value.trim_ascii());
            } else if found.is("Chunks") {
                total = number();
            } else if found.is("Chunk") {
                index = number();
            }
        }
        rest = rest.get(end..)?;
    }
    if index.is_none() && total.is_none_or(|total| total < 2) {
        return None;
    }
    Some(Part { id: id?, index: index.unwrap_or(0), total, body: payload.len().saturating_sub(rest.len()) })
}

/// What to call a part; `total` may be known from the first one.
#[must_use]
pub fn place(part: &Part<'_>, context: &Context) -> Text {
    let place = part.index.saturating_add(1).into();
    match part.total.or(context.progress.and_then(|progress| progress.total)) {
        Some(total) => PART_OF.with([place, total.into()]),
        None => PART_ONLY.with([place]),
    }
}

/// `piece = *OCTET`: the part's own bytes, and the whole message if they complete it.
pub fn piece(s: &mut Scribe<'_, '_>, part: &Part<'_>, context: &Context, completes: Option<&Assembly>) -> Content {
    let rest = s.rest();
    let span = s.here(rest.len());
    if !rest.is_empty() {
        s.take(PART_BODY, rest.len(), Piece(rest));
        s.label(place(part, context));
    }
    complain(s, part, context, span);
    let missing = completes.map_or(0, |assembly| assembly.missing);
    let whole = completes.map(|assembly| {
        if missing > 0 {
            let total = context.progress.and_then(|progress| progress.total).unwrap_or(0);
            s.expert_at(PARTS_MISSING, span, [missing.into(), total.into()]);
        }
        s.assembled(JOINED_SOURCE.text(), assembly, |s| s.group(JOINED, mime::whole))
    });
    Content::Part { id: lossy(part.id), index: part.index, missing, whole: whole.map(Box::new) }
}

fn complain(s: &mut Scribe<'_, '_>, part: &Part<'_>, context: &Context, span: Span) {
    let Some(progress) = context.progress else { return };
    let place = part.index.saturating_add(1).into();
    match (progress.fate, progress.total) {
        (Fate::Joins, None) => s.expert_at(FIRST_PART_MISSING, span, [place]),
        (Fate::Joins, Some(_)) => {}
        (Fate::Repeats, _) => s.expert_at(PART_AGAIN, span, [place]),
        (Fate::Strays, total) => s.expert_at(PART_STRAYS, span, [total.unwrap_or(0).into(), place]),
        (Fate::TooLong, _) => s.expert_at(PARTS_TOO_LONG, span, []),
    }
    if progress.let_go > 0 {
        s.expert_at(PARTS_LET_GO, span, [progress.let_go.into()]);
    }
}

/// Bytes of a text that may be cut inside a character.
struct Piece<'a>(&'a [u8]);

impl Record for Piece<'_> {
    fn value(&self) -> Value {
        Value::Text(lossy(self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_part_says_how_many_and_others_which() {
        let told = |payload: &str| part(payload.as_bytes()).map(|p| (lossy(p.id), p.index, p.total, p.body));
        let id = || "{1}".to_owned();
        assert_eq!(told("Content-Type: a/b\r\nmessage-id: {1}\r\nChunks: 3\r\n\r\nx"), Some((id(), 0, Some(3), 49)));
        assert_eq!(told("Message-ID: {1}\nChunk: 2\n\nx"), Some((id(), 2, None, 26)));
        assert_eq!(told("Message-ID: {1}\r\nChunk: 2"), Some((id(), 2, None, 25)));
        assert_eq!(told("Message-ID: {1}\r\n\r\nChunk: 2"), None);
        assert_eq!(told("Message-ID: {1}\r\nChunk: two\r\n\r\n"), None);
        assert_eq!(told("Chunk: 2\r\n\r\n"), None);
        assert_eq!(told("Message-ID: {1}\r\nChunks: 1\r\n\r\n"), None, "a message in one part is whole");
    }
}
