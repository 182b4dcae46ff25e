//! The bytes of an object: read again, compared, hashed.

use std::borrow::Cow;

use sha1::{Digest, Sha1};
use sha2::Sha256;

use super::held::Held;
use super::map::{Chunk, Overlap};
use super::{State, Transfer};
use crate::analysis::Extent;
use crate::tree::Span;

/// Bytes at the start of an object that tell what it is.
const HEAD: usize = 4096;
/// Bytes of a sender's name that are kept: file systems count bytes, and most allow 255, of which number, kind and an ending
/// take some.
const NAME_KEPT: usize = 120;
/// The longest ending of a name, in bytes, that is kept when the name is cut.
const ENDING_KEPT: usize = 16;

/// Gives bytes again. What cannot be read adds nothing, and says so.
pub trait Bytes {
    /// Bytes of the capture file, for shells that can read it again.
    fn extent(&mut self, _extent: Extent, _into: &mut Vec<u8>) -> bool {
        false
    }

    /// Bytes of a PDU, for shells that keep them.
    fn pdu(&mut self, _pdu: u32, _span: Span, _into: &mut Vec<u8>) -> bool {
        false
    }
}

/// Why bytes that came cannot be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unread {
    /// They were let go: a ceiling was met.
    LetGo,
    /// Whoever has them did not give them again.
    Refused,
}

/// What the bytes of an object tell.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verdict {
    /// SHA-1 of the whole object; `None` when it is not complete, or its bytes could not be read.
    pub sha1: Option<[u8; 20]>,
    /// SHA-256 of the whole object.
    pub sha256: Option<[u8; 32]>,
    /// Whether the SHA-1 is the one that the object's description has.
    pub sha1d_ok: Option<bool>,
    /// Whether the description's own hash is right.
    pub sha1c_ok: Option<bool>,
    /// What the first bytes say that it is, as a media type.
    pub content_type: Option<&'static str>,
    /// A file's name ends in a way that says something else.
    pub misnamed: bool,
    /// It is complete, and yet not all its bytes could be read, for this reason.
    pub unread: Option<Unread>,
}

impl Verdict {
    /// What may be told of it where other bytes stand in place of the object's: their hashes say nothing about it.
    #[must_use]
    pub fn redacted(self) -> Self {
        Self { unread: self.unread, ..Self::default() }
    }
}

/// What the first bytes of an object say that it is: media type and usual ending of names.
#[must_use]
pub fn content_type(head: &[u8]) -> Option<(&'static str, &'static str)> {
    // An opening bracket begins many texts: it says nothing.
    let kind = infer::get(head).filter(|kind| kind.mime_type() != "application/json")?;
    Some((kind.mime_type(), kind.extension()))
}

impl Transfer {
    /// Hands out all bytes that are there, in order, each run with its first byte's place in the object; says whether all
    /// could be read.
    pub fn read(&self, bytes: &mut dyn Bytes, sink: &mut dyn FnMut(u64, &[u8])) -> bool {
        self.read_range(0, u64::MAX, bytes, sink)
    }

    /// As [`Transfer::read`], for a range.
    pub fn read_range(&self, from: u64, to: u64, bytes: &mut dyn Bytes, sink: &mut dyn FnMut(u64, &[u8])) -> bool {
        let mut all = true;
        let mut buffer = Vec::new();
        for run in self.map.runs_within(from, to) {
            let Some(chunk) = self.map.chunks.get(run.chunk) else { continue };
            buffer.clear();
            let length = usize::try_from(run.end.saturating_sub(run.start)).unwrap_or(usize::MAX);
            match self.part_bytes(chunk, run.start, run.end, bytes, &mut buffer) && buffer.len() == length {
                true => sink(run.start, &buffer),
                false => all = false,
            }
        }
        all
    }

    /// Where what has come of it ends, as far as no more than so many bytes are missing before it.
    #[must_use]
    pub fn end_before(&self, missing: u64) -> u64 {
        let (mut at, mut left) = (0, missing);
        for run in self.map.runs() {
            match left.checked_sub(run.start.saturating_sub(at)) {
                Some(still) => (at, left) = (run.end, still),
                None => break,
            }
        }
        at
    }

    /// The bytes of one arrival.
    pub fn chunk_bytes(&self, chunk: &Chunk, bytes: &mut dyn Bytes, into: &mut Vec<u8>) -> bool {
        into.clear();
        self.part_bytes(chunk, chunk.offset, chunk.end(), bytes, into)
    }

    /// The bytes of one arrival from one place of the object to another, both within it. No more is read than these: many
    /// arrivals may lie within one.
    fn part_bytes(&self, chunk: &Chunk, from: u64, to: u64, bytes: &mut dyn Bytes, into: &mut Vec<u8>) -> bool {
        let part = |at: u64| u32::try_from(at.saturating_sub(chunk.offset)).unwrap_or(u32::MAX).min(chunk.length);
        let (start, end) = (part(from), part(to));
        match chunk.held {
            Held::Elsewhere => {
                let of_chunk = |at: u32| chunk.span.start.saturating_add(at);
                let span = Span { start: of_chunk(start), end: of_chunk(end), ..chunk.span };
                bytes.pdu(chunk.sighting.pdu, span, into)
            }
            Held::File { first, count } => {
                let extents = self.holding.extents(first, count);
                pieces(extents, start, end).all(|extent| bytes.extent(extent, into))
            }
            Held::Memory(place) => {
                let place = place.saturating_add(start.into());
                into.extend_from_slice(self.holding.bytes(place, end.saturating_sub(start)));
                true
            }
            Held::Before => self.read_range(from, to, bytes, &mut |_, run| into.extend_from_slice(run)),
            Held::Gone => false,
        }
    }

    /// Reads all bytes: compares what came more than once, and hashes what is complete.
    pub fn check(&mut self, bytes: &mut dyn Bytes) -> Verdict {
        let mut check = Check::default();
        loop {
            if let Some(verdict) = check.advance(self, bytes, u64::MAX) {
                return verdict;
            }
        }
    }

    /// A name under which its bytes can be kept: number, kind and what is harmless of the sender's name. No path, no hidden
    /// file, no tricks with the direction of writing; what the first bytes say that it is, where the name does not tell.
    pub fn file_name(&self, bytes: &mut dyn Bytes) -> String {
        let safe = |character: char| match character {
            '.' | '-' | '_' => character,
            letter if letter.is_alphanumeric() => letter,
            _ => '_',
        };
        let given: String = self.name.chars().map(safe).collect();
        let given = &*shortened(given.trim_matches(['.', '_']));
        let mut name = format!("{:04}-{}", self.id, self.kind.word());
        if !given.is_empty() {
            name.push('-');
            name.push_str(given);
        }
        if !given.contains('.') || given.ends_with(".tmp") {
            let mut head = Vec::new();
            self.read_range(0, HEAD as u64, bytes, &mut |_, bytes| head.extend_from_slice(bytes));
            name.push('.');
            name.push_str(content_type(&head).map_or("bin", |(_, ending)| ending));
        }
        name
    }

    /// A name under which the small picture of its invitation can be kept.
    #[must_use]
    pub fn preview_name(&self) -> Option<String> {
        let ending = content_type(self.preview.as_deref()?).map_or("bin", |(_, ending)| ending);
        Some(format!("{:04}-preview.{ending}", self.id))
    }

    /// Why not all bytes could be read.
    fn why_unread(&self) -> Unread {
        let held = |chunk: usize| self.map.chunks.get(chunk).map(|chunk| chunk.held);
        let let_go = self.map.runs().any(|run| held(run.chunk) == Some(Held::Gone));
        if let_go { Unread::LetGo } else { Unread::Refused }
    }

    /// Compares what came more than once.
    pub fn compare(&mut self, bytes: &mut dyn Bytes) {
        for place in 0..self.map.chunks.len() {
            self.compare_chunk(place, bytes);
        }
    }

    /// Compares one arrival with what had come before; says how many bytes were looked at.
    fn compare_chunk(&mut self, place: usize, bytes: &mut dyn Bytes) -> u64 {
        let Some(chunk) = self.map.chunks.get(place).filter(|chunk| chunk.overlap == Overlap::Unchecked) else {
            return 0;
        };
        let mut again = Vec::new();
        if !self.chunk_bytes(chunk, bytes, &mut again) {
            return 0;
        }
        let (offset, end) = (chunk.offset, chunk.end());
        let mut same = true;
        let all = self.read_range(offset, end, bytes, &mut |start, first| {
            let from = usize::try_from(start - offset).unwrap_or(usize::MAX);
            let to = from.saturating_add(first.len());
            same &= again.get(from..to) == Some(first);
        });
        if let Some(chunk) = self.map.chunks.get_mut(place)
            && (all || !same)
        {
            chunk.overlap = if same { Overlap::Same } else { Overlap::Different };
        }
        again.len() as u64
    }
}

/// A check in portions, for shells that have something else to do in between.
#[derive(Debug, Clone, Default)]
pub struct Check {
    /// Chunks before this one are compared.
    compared: usize,
    /// Bytes before this one are hashed.
    at: u64,
    sha1: Sha1,
    sha256: Sha256,
    head: Vec<u8>,
    /// Some bytes could not be read.
    unread: bool,
}

impl Check {
    /// Goes on for about so many bytes; the verdict once all are read.
    pub fn advance(&mut self, transfer: &mut Transfer, bytes: &mut dyn Bytes, portion: u64) -> Option<Verdict> {
        let mut left = portion;
        while self.compared < transfer.map.chunks.len() {
            left = left.saturating_sub(transfer.compare_chunk(self.compared, bytes));
            self.compared = self.compared.saturating_add(1);
            if left == 0 {
                return None;
            }
        }
        let Some(next) = transfer.map.runs_within(self.at, u64::MAX).next() else {
            return Some(self.verdict(transfer));
        };
        let to = next.start.saturating_add(left);
        let Self { sha1, sha256, head, .. } = self;
        let all = transfer.read_range(next.start, to, bytes, &mut |offset, run| {
            sha1.update(run);
            sha256.update(run);
            if offset == head.len() as u64 && head.len() < HEAD {
                head.extend_from_slice(run.get(..HEAD - head.len()).unwrap_or(run));
            }
        });
        self.unread |= !all;
        self.at = to;
        None
    }

    fn verdict(&mut self, transfer: &Transfer) -> Verdict {
        let kind = content_type(&self.head);
        let complete = transfer.state == State::Complete && transfer.kind.is_bytes();
        let whole = complete && !self.unread;
        // What could not be kept was hashed as it passed.
        let passed = transfer.running.as_ref().zip(transfer.size()).and_then(|(running, size)| running.of_all(size));
        let passed = passed.filter(|_| complete && !whole);
        let sha1 = whole.then(|| std::mem::take(&mut self.sha1).finalize().into()).or(passed.map(|(sha1, _)| sha1));
        let sha256 = whole.then(|| std::mem::take(&mut self.sha256).finalize().into());
        let described = transfer.object.as_ref();
        Verdict {
            sha1,
            sha256: sha256.or(passed.map(|(_, sha256)| sha256)),
            sha1d_ok: described.and_then(|object| Some(object.sha1d_bytes()? == sha1?)),
            sha1c_ok: described.and_then(|object| object.attributes_match),
            content_type: kind.map(|(mime, _)| mime),
            unread: (complete && self.unread).then(|| transfer.why_unread()),
            misnamed: kind.is_some_and(|(mime, _)| contradicts(&transfer.name, mime)),
        }
    }
}

/// What lies from one place to another of the bytes that extents hold one after the other.
fn pieces(extents: &[Extent], start: u32, end: u32) -> impl Iterator<Item = Extent> {
    let mut at = 0_u32;
    extents.iter().filter_map(move |extent| {
        let (first, last) = (at, at.saturating_add(extent.length));
        at = last;
        let (from, to) = (start.max(first), end.min(last));
        let offset = extent.offset.saturating_add(from.saturating_sub(first).into());
        (from < to).then(|| Extent { offset, length: to.saturating_sub(from) })
    })
}

/// A name of at most [`NAME_KEPT`] bytes; what is cut is before its ending, which says what the file is.
fn shortened(name: &str) -> Cow<'_, str> {
    let cut = |text: &str, most: usize| {
        let fits = |end: &usize| *end <= most;
        text.char_indices().map(|(at, letter)| at + letter.len_utf8()).take_while(fits).last().unwrap_or(0)
    };
    if name.len() <= NAME_KEPT {
        return Cow::Borrowed(name);
    }
    let ending = name.rfind('.').and_then(|dot| name.get(dot..)).filter(|ending| ending.len() <= ENDING_KEPT);
    let ending = ending.unwrap_or_default();
    let stem = name.get(..cut(name, NAME_KEPT - ending.len())).unwrap_or_default();
    Cow::Owned(stem.trim_end_matches(['.', '_']).to_owned() + ending)
}

/// Whether a file's name ends like one of quite another kind: a picture's name on a program. Names of media types are not
/// the same everywhere, so the first half counts alone.
fn contradicts(name: &str, mime: &str) -> bool {
    let half = mime.split('/').next().unwrap_or_default();
    name.rsplit_once('.').and_then(|(_, ending)| promised(ending)).is_some_and(|promised| promised != half)
}

/// What an ending promises, by the first half of its media type: the endings that people know, and send one another.
/// Others promise nothing.
fn promised(ending: &str) -> Option<&'static str> {
    const LONGEST: usize = 5;
    let mut lower = [0; LONGEST];
    let lower = lower.get_mut(..ending.len())?;
    lower.copy_from_slice(ending.as_bytes());
    lower.make_ascii_lowercase();
    Some(match &*lower {
        b"jpg" | b"jpeg" | b"jpe" | b"jfif" | b"gif" | b"png" | b"bmp" | b"dib" | b"tif" | b"tiff" | b"ico"
        | b"webp" | b"svg" | b"psd" | b"heic" | b"wmf" | b"emf" => "image",
        b"mp3" | b"wma" | b"wav" | b"mid" | b"midi" | b"m4a" | b"aac" | b"flac" | b"oga" | b"opus" | b"aif"
        | b"aiff" | b"amr" => "audio",
        b"avi" | b"wmv" | b"mpg" | b"mpeg" | b"mpe" | b"mp4" | b"m4v" | b"mov" | b"qt" | b"mkv" | b"webm" | b"flv"
        | b"asf" | b"3gp" => "video",
        b"txt" | b"log" | b"csv" | b"htm" | b"html" | b"css" | b"ini" => "text",
        b"exe" | b"dll" | b"com" | b"scr" | b"msi" | b"zip" | b"rar" | b"7z" | b"gz" | b"cab" | b"jar" | b"pdf"
        | b"doc" | b"docx" | b"xls" | b"xlsx" | b"ppt" | b"pptx" | b"pps" | b"rtf" | b"swf" | b"iso" => "application",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transfer::map::{Arrival, Mark};
    use crate::transfer::{Carrier, Kind, Sighting};

    /// File systems count bytes, not letters.
    #[test]
    fn long_names_are_cut_by_bytes_and_keep_their_ending() {
        for (given, kept) in [
            ("a.txt".to_owned(), "a.txt".to_owned()),
            ("a".repeat(200), "a".repeat(120)),
            ("é".repeat(100) + ".jpeg", "é".repeat(57) + ".jpeg"),
            ("字".repeat(200), "字".repeat(40)),
            ("字".repeat(200) + ".tar.gz", "字".repeat(39) + ".gz"),
            ("a.".repeat(90) + "no-ending-but-a-long-word", "a.".repeat(59) + "a"),
        ] {
            let transfer = Transfer { id: 7, kind: Kind::File, name: given, ..Transfer::default() };
            let name = transfer.file_name(&mut Nothing);
            let name = name.strip_suffix(".bin").filter(|_| !kept.contains('.')).unwrap_or(&name).to_owned();
            assert_eq!(name.strip_prefix("0007-file-"), Some(&*kept));
            assert!(name.len() <= 130, "{} bytes", name.len());
        }
    }

    struct Nothing;

    impl Bytes for Nothing {}

    #[test]
    fn only_the_wanted_part_of_extents_is_read() {
        let extents = [(100, 10), (300, 0), (500, 20)].map(|(offset, length)| Extent { offset, length });
        let read = |start, end| pieces(&extents, start, end).map(|one| (one.offset, one.length)).collect::<Vec<_>>();
        assert_eq!(read(0, 30), [(100, 10), (500, 20)]);
        assert_eq!(read(2, 5), [(102, 3)]);
        assert_eq!(read(8, 12), [(108, 2), (500, 2)]);
        assert_eq!(read(10, 11), [(500, 1)]);
        assert_eq!(read(40, 50), []);
    }

    /// One arrival that many others lie within: of each run only its own bytes are read.
    #[test]
    fn many_runs_of_one_arrival_are_read_once() {
        struct Counting(u64);
        impl Bytes for Counting {
            fn pdu(&mut self, _pdu: u32, span: Span, into: &mut Vec<u8>) -> bool {
                self.0 += u64::from(span.len());
                into.resize(into.len() + span.len() as usize, 0);
                true
            }
        }
        let mut transfer = Transfer::default();
        let mut arrive = |offset, length| {
            let (span, carrier, mark) = (Span::pdu(0, length), Carrier::Switchboard, Mark::Whole);
            let arrival = Arrival { offset, span, lacks: 0, carrier, counted: true, asks: true, mark };
            transfer.map.push(arrival.chunk(Sighting::default(), Held::Elsewhere));
        };
        (0..50).for_each(|place| arrive(place * 100, 1));
        arrive(0, 5000);
        let mut read = Counting(0);
        assert!(transfer.read(&mut read, &mut |_, _| {}));
        assert_eq!(read.0, 5000);
    }

    #[test]
    fn what_stands_behind_too_much_that_is_missing_is_not_believed() {
        let mut transfer = Transfer::default();
        for offset in [0_u64, 150, 400, 1 << 50] {
            let span = Span::pdu(0, 100);
            let (carrier, mark) = (Carrier::Switchboard, Mark::Whole);
            let arrival = Arrival { offset, span, lacks: 0, carrier, counted: true, asks: true, mark };
            transfer.map.push(arrival.chunk(Sighting::default(), Held::Gone));
        }
        let ends = [49, 50, 199, 200, 1 << 40, u64::MAX].map(|missing| transfer.end_before(missing));
        assert_eq!(ends, [100, 250, 250, 500, 500, (1 << 50) + 100]);
    }

    #[test]
    fn names_that_mislead_are_found() {
        assert!(contradicts("holiday.jpg", "application/vnd.microsoft.portable-executable"));
        assert!(!contradicts("holiday.jpeg", "image/png"));
        assert!(!contradicts("holiday.JPG", "image/png"));
        assert!(!contradicts("holiday", "image/png"));
        assert!(!contradicts("holiday.", "image/png"));
        assert!(!contradicts("holiday.photograph", "image/png"));
        assert!(contradicts("song.mp3", "application/zip"));
        assert!(contradicts("letter.2009.Doc", "image/gif"));
        assert!(!contradicts("letter.2009", "image/gif"));
        assert_eq!(content_type(b"\x89PNG\r\n\x1a\n").map(|(mime, _)| mime), Some("image/png"));
        assert_eq!(content_type(b"hello"), None);
        assert_eq!(content_type(b"[12:30] hello"), None);
    }
}
