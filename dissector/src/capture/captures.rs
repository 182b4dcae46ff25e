//! One capture, or several that are read as one: their packets in the order of their times, numbered anew.
//!
//! In come the bytes of the files, in slices of any size, each of the file that is asked for. Out come [`Packet`]s as
//! `mergecap` would write them into one file: the earliest of those that come next in their files, ties in the order of the
//! files; a packet without a time goes with the one before it in its file. Of each file no more is held than the packets of one slice, so slices should be small where files are compressed.

use std::collections::VecDeque;

use super::copies::Copies;
use super::{CaptureReader, Ending, LinkType, Packet, Refusal, Timestamp};

/// Reads one capture or several as one.
///
/// ```
/// use msnp_dissector::capture::Captures;
///
/// # fn example(files: &[Vec<u8>]) -> Result<(), msnp_dissector::capture::Refusal> {
/// let mut captures = Captures::of(files.len());
/// let mut rest: Vec<_> = files.iter().map(|file| file.chunks(4096)).collect();
/// let mut print = |packet: &msnp_dissector::capture::Packet<'_>| println!("{}", packet.number);
/// while let Some(file) = captures.asks_for() {
///     match rest[file].next() {
///         Some(slice) => captures.push(slice, &mut print)?,
///         None => drop(captures.end_file(&mut print)?),
///     }
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Captures {
    files: Vec<File>,
    /// The file whose bytes come next.
    asked: Option<usize>,
    /// Packets delivered.
    packets: u64,
    origins: Origins,
    copies: Copies,
}

impl Default for Captures {
    fn default() -> Self {
        Self::of(1)
    }
}

impl Captures {
    /// So many files, each at its start.
    #[must_use]
    pub fn of(files: usize) -> Self {
        let files = (0..files).map(|_| File::default()).collect::<Vec<_>>();
        let asked = Some(0).filter(|_| !files.is_empty());
        Self { files, asked, packets: 0, origins: Origins::default(), copies: Copies::default() }
    }

    /// The file, by its index, whose bytes or end come next; none when all have ended.
    #[must_use]
    pub fn asks_for(&self) -> Option<usize> {
        self.asked
    }

    /// How each file ended, as far as it has.
    pub fn endings(&self) -> impl Iterator<Item = Option<Result<Ending, Refusal>>> {
        self.files.iter().map(|file| file.ended)
    }

    /// The file that a packet stands in, by its index, and its number there; none if no such packet was delivered.
    #[must_use]
    pub fn origin(&self, number: u64) -> Option<(usize, u64)> {
        if self.files.len() == 1 {
            Some((0, number))
        } else {
            self.origins.of(number).filter(|_| number <= self.packets)
        }
    }

    /// The number of a packet that has a number in a file; none if no such packet was delivered.
    #[must_use]
    pub fn number_of(&self, file: usize, own: u64) -> Option<u64> {
        if self.files.len() == 1 { Some(own).filter(|_| file == 0) } else { self.origins.number_of(file, own) }
    }

    /// What a packet is read again by.
    #[must_use]
    pub fn again(&self, number: u64) -> Option<Again> {
        let (file, own) = self.origin(number)?;
        let (reader, offset) = self.files.get(file)?.reader.again(own);
        Some(Again { file, offset, number, own, reader })
    }

    /// What came of each of several files so far. Of one alone nothing is counted here.
    pub fn shares(&self) -> impl Iterator<Item = Share> {
        self.files.iter().map(|file| Share { ended: file.ended, ..file.share })
    }

    /// Each two of several files in which the same packets stand, by their indices, and how many of these there are so far.
    pub fn copies(&self) -> impl Iterator<Item = (usize, usize, u64)> {
        self.copies.counts()
    }

    /// Takes the next bytes of the file that is asked for; calls `sink` with every packet whose turn has come.
    ///
    /// # Errors
    /// When the file is no capture: it is left out, and others go on. Where it is the only one, every further call says so
    /// again.
    pub fn push(&mut self, bytes: &[u8], sink: &mut dyn FnMut(&Packet<'_>)) -> Result<(), Refusal> {
        if let [only] = &mut *self.files {
            return only.reader.push(bytes, sink);
        }
        let Some(file) = self.asked.and_then(|at| self.files.get_mut(at)) else { return Ok(()) };
        let File { reader, waiting, ended, .. } = file;
        let pushed = reader.push(bytes, &mut |packet| waiting.keep(packet));
        if let Err(refusal) = pushed {
            *ended = Some(Err(refusal));
        }
        self.deliver(sink);
        pushed
    }

    /// The file that is asked for ends.
    ///
    /// # Errors
    /// When it was no capture.
    pub fn end_file(&mut self, sink: &mut dyn FnMut(&Packet<'_>)) -> Result<Ending, Refusal> {
        let Some(file) = self.asked.and_then(|at| self.files.get_mut(at)) else { return Ok(Ending::Complete) };
        let ended = file.end();
        self.deliver(sink);
        ended
    }

    /// All files end, wherever they are.
    ///
    /// # Errors
    /// When none of them was a capture. The ending is that of the first that did not end as it should;
    /// [`Captures::endings`] tells of all.
    pub fn finish(&mut self, sink: &mut dyn FnMut(&Packet<'_>)) -> Result<Ending, Refusal> {
        for file in &mut self.files {
            // What a file says is asked for below.
            let _ = file.end();
        }
        self.deliver(sink);
        let read = || self.endings().flatten().filter_map(Result::ok);
        let refused = self.endings().flatten().find_map(Result::err);
        match (read().find(|ending| *ending != Ending::Complete).or(read().next()), refused) {
            (None, Some(refusal)) => Err(refusal),
            (ending, _) => Ok(ending.unwrap_or(Ending::Complete)),
        }
    }

    /// Delivers packets for as long as it is known which one is next.
    fn deliver(&mut self, sink: &mut dyn FnMut(&Packet<'_>)) {
        loop {
            let mut earliest: Option<(usize, Timestamp)> = None;
            for (at, file) in self.files.iter().enumerate() {
                match file.waiting.next() {
                    Some(time) if earliest.is_none_or(|(_, before)| time < before) => earliest = Some((at, time)),
                    Some(_) => {}
                    None if file.ended.is_some() => {}
                    None => {
                        self.asked = Some(at);
                        return;
                    }
                }
            }
            let Some((at, _)) = earliest else {
                self.asked = None;
                return;
            };
            self.origins.note(at, || self.files.iter().map(|file| file.share.packets).collect());
            let Some(file) = self.files.get_mut(at) else { return };
            self.packets += 1;
            let (share, copies, number) = (&mut file.share, &mut self.copies, self.packets);
            file.waiting.take(number, &mut |packet| {
                share.note(packet);
                copies.note(at, packet);
                sink(packet);
            });
        }
    }
}

/// A packet that is to be read again, from bytes of its file.
#[derive(Debug)]
pub struct Again {
    /// The file, by its index.
    pub file: usize,
    /// The byte of the file from which on it is to be pushed.
    pub offset: u64,
    number: u64,
    own: u64,
    reader: CaptureReader,
}

impl Again {
    /// Takes the next bytes of the file; calls `sink` with the packet if they complete it, numbered as in all files. Whether
    /// that is so.
    ///
    /// # Errors
    /// When the file is no capture.
    pub fn push(&mut self, bytes: &[u8], sink: &mut dyn FnMut(&Packet<'_>)) -> Result<bool, Refusal> {
        let (mut found, own, number) = (false, self.own, self.number);
        self.reader.push(bytes, &mut |packet| {
            if packet.number == own {
                found = true;
                sink(&Packet { number, ..*packet });
            }
        })?;
        Ok(found)
    }
}

/// A file that is being read.
#[derive(Debug, Default)]
struct File {
    reader: CaptureReader,
    waiting: Waiting,
    ended: Option<Result<Ending, Refusal>>,
    share: Share,
}

/// What came of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// Packets.
    pub packets: u64,
    /// Earliest and latest time of those that have one.
    pub span: Option<(Timestamp, Timestamp)>,
    /// How it ended, if it has.
    pub ended: Option<Result<Ending, Refusal>>,
}

impl Share {
    fn note(&mut self, packet: &Packet<'_>) {
        self.packets += 1;
        if let Some(time) = packet.time.recorded() {
            let (first, last) = self.span.unwrap_or((time, time));
            self.span = Some((first.min(time), last.max(time)));
        }
    }
}

impl File {
    fn end(&mut self) -> Result<Ending, Refusal> {
        let Self { reader, waiting, ended, .. } = self;
        *ended.get_or_insert_with(|| reader.finish(&mut |packet| waiting.keep(packet)))
    }
}

/// Packets of a file whose turn has not come.
#[derive(Debug, Default)]
struct Waiting {
    heads: VecDeque<Head>,
    /// Their bytes, one behind the other.
    bytes: Vec<u8>,
    /// Bytes of those that were taken.
    taken: usize,
}

/// What there is of a packet beside its bytes.
#[derive(Debug)]
struct Head {
    time: Timestamp,
    link: LinkType,
    length: usize,
    original_len: u32,
}

impl Waiting {
    fn keep(&mut self, packet: &Packet<'_>) {
        let Packet { time, link, bytes, original_len, .. } = *packet;
        self.heads.push_back(Head { time, link, length: bytes.len(), original_len });
        self.bytes.extend_from_slice(bytes);
    }

    /// When the next one was captured. One without a time goes with the one before it.
    fn next(&self) -> Option<Timestamp> {
        self.heads.front().map(|head| head.time)
    }

    fn take(&mut self, number: u64, sink: &mut dyn FnMut(&Packet<'_>)) {
        let Some(Head { time, link, length, original_len }) = self.heads.pop_front() else { return };
        let end = self.taken + length;
        let bytes = self.bytes.get(self.taken..end).unwrap_or_default();
        sink(&Packet { number, time, link, bytes, original_len, interface: None, file_offset: None });
        self.taken = end;
        if self.heads.is_empty() {
            self.bytes.clear();
            self.taken = 0;
        }
    }
}

/// Packets between two marks.
const STRETCH: usize = 512;

/// Where packets come from: the file of each, two bytes for a packet, and now and then how many each file had.
#[derive(Debug, Default)]
struct Origins {
    /// The file of each packet; of more files than this can count, nobody knows.
    files: Vec<u16>,
    /// For each [`STRETCH`], how many packets of each file come before it.
    marks: Vec<Vec<u64>>,
}

impl Origins {
    /// The next packet is of this file; `so_far` are the packets of each before it.
    fn note(&mut self, file: usize, so_far: impl FnOnce() -> Vec<u64>) {
        if self.files.len().is_multiple_of(STRETCH) {
            self.marks.push(so_far());
        }
        self.files.push(u16::try_from(file).unwrap_or(u16::MAX));
    }

    fn of(&self, number: u64) -> Option<(usize, u64)> {
        let at = usize::try_from(number).ok()?.checked_sub(1)?;
        let file = *self.files.get(at).filter(|file| **file < u16::MAX)?;
        let (stretch, begin) = (at / STRETCH, at - at % STRETCH);
        let before = self.marks.get(stretch)?.get(usize::from(file))?;
        let here = self.files.get(begin..=at)?.iter().filter(|one| **one == file).count();
        Some((file.into(), before + here as u64))
    }

    fn number_of(&self, file: usize, own: u64) -> Option<u64> {
        let short = u16::try_from(file).ok().filter(|file| *file < u16::MAX)?;
        let before = |mark: &Vec<u64>| mark.get(file).copied().unwrap_or(0);
        let stretch = self.marks.partition_point(|mark| before(mark) < own).checked_sub(1)?;
        let left = usize::try_from(own.checked_sub(before(self.marks.get(stretch)?))?).ok()?;
        let begin = stretch * STRETCH;
        let mut rest = self.files.get(begin..)?.iter().take(STRETCH).enumerate().filter(|(_, one)| **one == short);
        let (at, _) = rest.nth(left.checked_sub(1)?)?;
        Some((begin + at) as u64 + 1)
    }
}

#[cfg(test)]
#[path = "captures_tests.rs"]
mod tests;
