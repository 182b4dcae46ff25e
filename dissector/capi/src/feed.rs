//! What a session does with what it is fed: in one of three ways, from which commands come to what is followed.

use std::collections::HashMap;
use std::io::{self, Read};
use std::net::SocketAddr;

use msnp_dissector::analysis::{self, Analysis, SHARED, Sink, Totals};
use msnp_dissector::capture::{Ending, Packet, Refusal, Timestamp};
use msnp_dissector::redaction::{Key, Redacting, Redactor};
use msnp_dissector::transport::{Cause, Event, Handshake, How, Side};
use msnp_dissector::tree::Catalogue;

use crate::following::Following;
use crate::gate::Outcome;
use crate::status::msnp_status;
use crate::value::msnp_time;

/// Bytes of a file read at a time.
const SLICE: usize = 1 << 18;

/// How a session is fed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Nothing,
    Capture,
    Packets,
    Streams,
    Ended,
}

/// Who follows, with or without pseudonyms.
#[derive(Debug)]
enum Followers {
    Plain(Following),
    Hiding(Redacting<Following>),
}

/// The way from bytes to what is followed.
#[derive(Debug)]
pub struct Feed {
    analysis: Analysis,
    way: Way,
    followers: Followers,
    /// Number of the last packet, or of the last piece of a stream.
    number: u64,
    /// Its time.
    last: Timestamp,
    /// The streams that are open, and their ends.
    streams: HashMap<u32, Ends>,
    /// A sentence about what failed last.
    error: String,
    /// A sentence about how the capture ended, if it did too early.
    ending: String,
}

/// Both ends of a stream.
#[derive(Debug, Clone, Copy)]
pub struct Ends {
    /// Who opened it.
    pub client: SocketAddr,
    /// Whom it goes to.
    pub server: SocketAddr,
    /// Its first bytes are the first that are fed.
    pub from_start: bool,
}

impl Feed {
    pub fn new(following: Following) -> Self {
        Self {
            analysis: Analysis::new(),
            way: Way::Nothing,
            followers: Followers::Plain(following),
            number: 0,
            last: Timestamp::default(),
            streams: HashMap::new(),
            error: String::new(),
            ending: String::new(),
        }
    }

    /// What is followed.
    pub fn following(&mut self) -> &mut Following {
        match &mut self.followers {
            Followers::Plain(following) => following,
            Followers::Hiding(redacting) => &mut redacting.inner,
        }
    }

    pub fn totals(&self) -> &Totals {
        self.analysis.totals()
    }

    pub fn error(&self) -> &str {
        &self.error
    }

    pub fn ending(&self) -> &str {
        &self.ending
    }

    pub fn is_redacted(&self) -> bool {
        matches!(self.followers, Followers::Hiding(_))
    }

    pub fn has_ended(&self) -> bool {
        self.way == Way::Ended
    }

    /// Nothing has been fed yet.
    pub fn is_new(&self) -> Outcome {
        if self.way == Way::Nothing { Ok(()) } else { Err(msnp_status::Order) }
    }

    /// Puts pseudonyms in place of what tells about people.
    pub fn redact(&mut self, hash: &[u8; 32]) -> Outcome {
        self.is_new()?;
        let Followers::Plain(following) = &mut self.followers else { return Err(msnp_status::Order) };
        let redactor = Redactor::new(Key::of_capture(hash));
        self.followers = Followers::Hiding(Redacting::new(redactor, std::mem::take(following)));
        Ok(())
    }

    pub fn capture(&mut self, bytes: &[u8]) -> Outcome {
        self.goes(Way::Capture)?;
        let Self { analysis, followers, .. } = self;
        let fed = analysis.push(bytes, followers.sink());
        fed.map_err(|refusal| self.refused(&refusal))
    }

    /// All of a file that is called so.
    pub fn file(&mut self, name: &str, open: impl FnOnce() -> io::Result<Box<dyn Read>>) -> Outcome {
        self.is_new()?;
        let mut file = open().map_err(|error| self.unreadable(name, &error))?;
        let mut slice = vec![0; SLICE];
        loop {
            match file.read(&mut slice) {
                Ok(0) => break,
                Ok(count) => self.capture(slice.get(..count).unwrap_or_default())?,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(self.unreadable(name, &error)),
            }
        }
        // Also of a file without a byte it is said that it is no capture.
        self.capture(&[])?;
        self.finish()
    }

    /// A packet; of number 0 if it is the next one.
    pub fn packet(&mut self, packet: Packet<'_>, time: msnp_time) -> Outcome {
        let time = time.after(self.last)?;
        self.goes(Way::Packets)?;
        let number = if packet.number == 0 { self.number.saturating_add(1) } else { packet.number };
        if number <= self.number {
            return Err(msnp_status::Argument);
        }
        self.number = number;
        self.last = time;
        let Self { analysis, followers, last, .. } = self;
        analysis.packet(&Packet { number, time: *last, ..packet }, followers.sink());
        Ok(())
    }

    /// A stream begins.
    pub fn open(&mut self, stream: u32, ends: Ends) -> Outcome {
        self.goes(Way::Streams)?;
        if stream >= SHARED || self.streams.contains_key(&stream) {
            return Err(msnp_status::Argument);
        }
        self.streams.insert(stream, ends);
        let Ends { client: a, server: b, from_start } = ends;
        let handshake = if from_start { Handshake::Seen } else { Handshake::Missing };
        let (time, frame) = (self.last, self.number.saturating_add(1));
        self.tell(&Event::Opened { stream, a, b, time, frame, handshake });
        Ok(())
    }

    /// The next bytes of a stream; it begins with them if it has not begun.
    pub fn stream(&mut self, stream: u32, side: Side, time: msnp_time, bytes: &[u8], unknown: Ends) -> Outcome {
        let time = time.after(self.last)?;
        self.goes(Way::Streams)?;
        self.last = time;
        if !self.streams.contains_key(&stream) {
            self.open(stream, unknown)?;
        }
        self.number = self.number.saturating_add(1);
        let (frame, time) = (self.number, self.last);
        if !bytes.is_empty() {
            self.tell(&Event::Data { stream, side, bytes, frame, own_frame: frame, time, file_offset: None });
        }
        Ok(())
    }

    /// The next bytes of a stream are missing.
    pub fn lost(&mut self, stream: u32, side: Side, len: u64) -> Outcome {
        self.goes(Way::Streams)?;
        if !self.streams.contains_key(&stream) {
            return Err(msnp_status::Argument);
        }
        let (frame, time, cause) = (self.number.saturating_add(1), self.last, Cause::NotCaptured);
        self.tell(&Event::Gap { stream, side, len, frame, time, cause, acknowledged: false });
        Ok(())
    }

    /// A stream ends.
    pub fn close(&mut self, stream: u32) -> Outcome {
        self.goes(Way::Streams)?;
        self.streams.remove(&stream).ok_or(msnp_status::Argument)?;
        self.tell(&Event::Closed { stream, how: How::Fin, by: None, frame: self.number, time: self.last });
        Ok(())
    }

    /// Nothing follows.
    pub fn finish(&mut self) -> Outcome {
        let ending = match self.way {
            Way::Ended => return Err(msnp_status::Order),
            Way::Capture => {
                let Self { analysis, followers, .. } = self;
                analysis.finish(followers.sink()).map_err(|refusal| self.refused(&refusal))?
            }
            Way::Nothing | Way::Packets | Way::Streams => {
                let mut open = self.streams.drain().map(|(stream, _)| stream).collect::<Vec<_>>();
                open.sort_unstable();
                for stream in open {
                    let (frame, time) = (self.number, self.last);
                    self.tell(&Event::Closed { stream, how: How::CaptureEnd, by: None, frame, time });
                }
                let Self { analysis, followers, .. } = self;
                analysis.end(followers.sink());
                Ending::Complete
            }
        };
        self.way = Way::Ended;
        self.ending = analysis::ending(&ending).map(|text| Catalogue::english().render(&text)).unwrap_or_default();
        let last = self.totals().last;
        let Following { story, pdus, .. } = self.following();
        story.iter_mut().for_each(|story| story.file_ended(&ending, last));
        pdus.iter_mut().for_each(|pdus| pdus.finish());
        Ok(())
    }

    /// Whether it goes on as it began.
    fn goes(&mut self, way: Way) -> Outcome {
        if self.way == Way::Nothing {
            self.way = way;
        }
        if self.way == way { Ok(()) } else { Err(msnp_status::Order) }
    }

    fn tell(&mut self, event: &Event<'_>) {
        let Self { analysis, followers, .. } = self;
        analysis.event(event, followers.sink());
    }

    fn refused(&mut self, refusal: &Refusal) -> msnp_status {
        self.error = Catalogue::english().render(&analysis::refusal(refusal));
        msnp_status::NotACapture
    }

    fn unreadable(&mut self, name: &str, error: &io::Error) -> msnp_status {
        self.error = format!("{name} cannot be read: {error}");
        msnp_status::Unreadable
    }
}

impl Followers {
    fn sink(&mut self) -> &mut dyn Sink {
        match self {
            Self::Plain(following) => following,
            Self::Hiding(redacting) => redacting,
        }
    }
}
