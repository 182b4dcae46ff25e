//! Transfers for the page: the library's account in words, checked in the background; bytes come from the store.

use std::cmp::Reverse;
use std::collections::HashMap;

use msnp_dissector::report::{Reporter, transcript};
use msnp_dissector::transfer::{self, Bytes, Check, Chunk, Kind, Overlap, State};
use msnp_dissector::tree::{Catalogue, Span};

use super::remarks::Remark;
use super::rows::float;
use super::store::{Store, moment};
use crate::protocol::story::{Happening, Proof};
use crate::protocol::transfers::{Arrival, Carrier, Chunks, Outcome, Run, Transfer, Transfers, Verdict};
use crate::wording::visible;
use msnp_dissector::sorting::sort_by_key;

/// Transfers sent; the count says how many there are.
const SHOWN: usize = 5_000;
/// Steps of one transfer sent.
const STEPS_SHOWN: usize = 500;

/// Bytes of holes in an object that are shown as zeros, beside three times the bytes that came.
const HOLES: u64 = 16 << 20;

/// The transfers of a capture.
#[derive(Debug, Default)]
pub struct Followed {
    all: Vec<transfer::Transfer>,
    verdicts: HashMap<u32, transfer::Verdict>,
    /// Places of those that are not checked yet, the smallest last.
    waiting: Vec<usize>,
    /// The one that is being checked.
    begun: Option<(usize, Check)>,
}

impl Followed {
    /// Nothing is checked yet.
    #[must_use]
    pub fn new(all: Vec<transfer::Transfer>) -> Self {
        let mut waiting = (0..all.len()).collect::<Vec<_>>();
        sort_by_key(&mut waiting, |at| (Reverse(all.get(*at).map(|one| one.map.covered())), Reverse(*at)));
        Self { all, waiting, ..Self::default() }
    }

    /// All of them, in order of their numbers.
    #[must_use]
    pub fn all(&self) -> &[transfer::Transfer] {
        &self.all
    }

    fn get(&self, id: u32) -> Option<&transfer::Transfer> {
        self.all.get(id.checked_sub(1)? as usize)
    }

    /// A picture that came whole, by its hash.
    #[must_use]
    pub fn picture(&self, hash: &str, store: &Store) -> Option<Vec<u8>> {
        transcript::picture(&self.all, hash, &mut Kept(store))
    }

    /// The list.
    #[must_use]
    pub fn list(&self, catalogue: &Catalogue) -> Transfers {
        let reporter = Reporter::default();
        Transfers {
            all: self.all.iter().take(SHOWN).map(|one| self.card(one, &reporter, catalogue)).collect(),
            count: narrow(self.all.len()),
        }
    }

    fn card(&self, one: &transfer::Transfer, reporter: &Reporter, catalogue: &Catalogue) -> Transfer {
        let verdict = self.verdicts.get(&one.id);
        let unchecked = transfer::Verdict::default();
        let record = reporter.transfer(one, verdict.unwrap_or(&unchecked));
        let person = |account: Option<String>| account.map_or_else(String::new, |account| visible(&account));
        Transfer {
            id: one.id,
            kind: catalogue.render(&one.kind.name()),
            from: person(record.from),
            to: person(record.to),
            name: visible(&record.name),
            size: one.size().map(float),
            received: float(record.received),
            outcome: outcome(one.state),
            state: catalogue.render(&one.state.name()),
            kept: one.kind.is_bytes(),
            carriers: one.carriers.iter().map(|carrier| catalogue.render(&carrier.name())).collect(),
            span: one.began().zip(one.ended()).map(|(first, last)| (moment(first.time), moment(last.time))),
            chunks: narrow(record.chunks),
            duplicates: narrow(record.duplicates),
            unplaced: record.unplaced,
            gaps: narrow(record.gaps.len()),
            beginning: float(record.gaps.first().map_or(record.received, |(first, _)| *first)),
            object: one.object.as_ref().map(|object| object.sha1d.clone()).filter(|hash| !hash.is_empty()),
            portrait: one.kind == Kind::DisplayPicture,
            throughput: record.throughput,
            verdict: verdict.map(|verdict| spoken(one, verdict)),
        }
    }

    /// The arrivals of one.
    #[must_use]
    pub fn chunks(&self, id: u32, store: &Store, catalogue: &Catalogue) -> Option<Chunks> {
        let one = self.get(id)?;
        let reporter = Reporter::default();
        let steps = reporter.transfer(one, &transfer::Verdict::default()).steps;
        let steps = one.steps.iter().zip(steps).take(STEPS_SHOWN).map(|(step, record)| Happening {
            text: visible(&record.what),
            proof: Proof { pdu: Some(record.pdu), frame: float(record.frame), time: moment(step.sighting.time) },
        });
        let origin = one.map.chunks.first().map(|chunk| moment(chunk.sighting.time)).unwrap_or_default();
        let mut carriers = Vec::new();
        let mut chunks = Chunks {
            id,
            origin,
            size: float(one.size().unwrap_or_else(|| one.map.furthest())),
            steps: steps.collect(),
            preview: one.preview.clone().unwrap_or_default(),
            ..Chunks::default()
        };
        for chunk in &one.map.chunks {
            let carrier = carrier(chunk, &mut carriers, store, catalogue);
            arrival(chunk, moment(chunk.sighting.time).since(origin), carrier).pack(&mut chunks.arrivals);
        }
        for run in one.map.runs() {
            Run { start: run.start, end: run.end, arrival: narrow(run.chunk) }.pack(&mut chunks.runs);
        }
        chunks.carriers = carriers;
        Some(chunks)
    }

    /// Which transfer a command belongs to.
    #[must_use]
    pub fn of(&self, pdu: u32) -> Option<u32> {
        let holds = |one: &&transfer::Transfer| {
            one.steps.iter().any(|step| step.sighting.pdu == pdu)
                || one.map.chunks.iter().any(|chunk| chunk.sighting.pdu == pdu)
        };
        self.all.iter().find(holds).map(|one| one.id)
    }

    /// What is odd about one.
    pub fn remarks(&self, id: u32, verdict: &transfer::Verdict) -> impl Iterator<Item = Remark> + use<'_> {
        self.get(id).into_iter().flat_map(|one| Remark::of_transfer(one, verdict)).collect::<Vec<_>>().into_iter()
    }

    /// A verdict in the page's words.
    #[must_use]
    pub fn spoken(&self, id: u32, verdict: &transfer::Verdict) -> Option<Verdict> {
        self.get(id).map(|one| spoken(one, verdict))
    }

    /// Whether some are not checked yet.
    #[must_use]
    pub fn waits(&self) -> bool {
        self.begun.is_some() || !self.waiting.is_empty()
    }

    /// Goes on checking, smallest first, for about so many bytes; what was found out.
    pub fn check(&mut self, store: &Store, portion: u64, redacted: bool) -> Vec<(u32, transfer::Verdict)> {
        let mut found = Vec::new();
        let mut left = portion;
        while left > 0 {
            let next = self.begun.take().or_else(|| Some((self.waiting.pop()?, Check::default())));
            let Some((at, mut check)) = next else { break };
            let Some(one) = self.all.get_mut(at) else { continue };
            match check.advance(one, &mut Kept(store), left) {
                None => {
                    left = left.saturating_sub(one.map.covered().max(1));
                    self.begun = Some((at, check));
                }
                Some(verdict) => {
                    // What stands in place of redacted bytes has hashes that say nothing about them.
                    let verdict = if redacted { verdict.redacted() } else { verdict };
                    // Even an empty one costs something.
                    left = left.saturating_sub(1024);
                    found.push((one.id, verdict.clone()));
                    self.verdicts.insert(one.id, verdict);
                }
            }
        }
        found
    }

    /// Hands out bytes of one, from `from` up to before `to`, with zeros where bytes are missing; where to go on, if
    /// anywhere.
    #[must_use]
    pub fn read(&self, id: u32, from: u64, to: u64, store: &Store, into: &mut Vec<u8>) -> Option<u64> {
        let one = self.get(id)?;
        // Nobody has to pay for a byte that claims to stand very far away.
        let end = one.map.furthest().min(one.map.covered().saturating_mul(4).saturating_add(HOLES));
        let to = to.min(end);
        one.read_range(from, to, &mut Kept(store), &mut |offset, run| {
            let start = usize::try_from(offset.saturating_sub(from)).unwrap_or(usize::MAX);
            into.resize(start.max(into.len()), 0);
            into.extend_from_slice(run);
        });
        into.resize(usize::try_from(to.saturating_sub(from)).unwrap_or(into.len()).max(into.len()), 0);
        (to < end).then_some(to)
    }
}

/// The store as a source of bytes. The page does not read its file twice: it keeps the commands.
struct Kept<'s>(&'s Store);

impl Bytes for Kept<'_> {
    fn pdu(&mut self, pdu: u32, span: Span, into: &mut Vec<u8>) -> bool {
        let Some(record) = self.0.record(pdu) else { return false };
        let part = |bytes: &[u8], into: &mut Vec<u8>| {
            let found = bytes.get(span.start as usize..span.end as usize);
            found.map(|found| into.extend_from_slice(found)).is_some()
        };
        let Some(derived) = span.source.checked_sub(1) else { return part(self.0.pdu(record).bytes, into) };
        let dissection = self.0.command(pdu).map(|command| command.dissect());
        let source = dissection.as_ref().and_then(|dissection| dissection.tree.sources.get(usize::from(derived)));
        source.is_some_and(|source| part(&source.bytes, into))
    }
}

fn arrival(chunk: &Chunk, time: f64, carrier: u8) -> Arrival {
    let repeats = chunk.overlap != Overlap::None;
    let flag = |set: bool, flag: u8| if set { flag } else { 0 };
    Arrival {
        offset: chunk.offset,
        length: chunk.length,
        time,
        frame: chunk.sighting.frame,
        pdu: chunk.sighting.pdu,
        bytes: (chunk.span.source, chunk.span.start, chunk.span.end),
        carrier,
        flags: flag(repeats || chunk.is_duplicate(), Arrival::TWICE)
            | flag(chunk.overlap == Overlap::Different, Arrival::DIFFERENT)
            | flag(chunk.overlap == Overlap::Unchecked, Arrival::UNCHECKED)
            | flag(chunk.out_of_order, Arrival::OUT_OF_ORDER)
            | flag(chunk.asks, Arrival::ASKS),
        acknowledged_by: chunk.acknowledged_by.unwrap_or(0),
    }
}

/// Place of a chunk's way among those of its transfer. There are few; what exceeds 255 shares the last one.
fn carrier(chunk: &Chunk, known: &mut Vec<Carrier>, store: &Store, catalogue: &Catalogue) -> u8 {
    let stream = chunk.sighting.stream;
    let name = catalogue.render(&chunk.carrier.name());
    let at = known.iter().position(|one| one.stream == stream && one.name == name);
    let at = at.unwrap_or_else(|| {
        if known.len() < 255 {
            let index = store.stream_index(stream).map(|index| index as usize);
            let address = index.and_then(|index| store.streams.get(index)).map(|stream| stream.info.server.to_string());
            let peer =
                matches!(chunk.carrier, transfer::Carrier::Direct | transfer::Carrier::Msnftp | transfer::Carrier::Udp);
            known.push(Carrier { name, peer, stream, address: address.unwrap_or_default() });
        }
        known.len().saturating_sub(1)
    });
    u8::try_from(at).unwrap_or(u8::MAX)
}

const fn outcome(state: State) -> Outcome {
    match state {
        State::Offered => Outcome::Offered,
        State::Declined => Outcome::Declined,
        State::Cancelled => Outcome::Cancelled,
        State::Incomplete => Outcome::Incomplete,
        State::Complete => Outcome::Complete,
    }
}

/// A verdict in the page's words, by way of the CLI's record.
fn spoken(one: &transfer::Transfer, verdict: &transfer::Verdict) -> Verdict {
    let record = Reporter::default().transfer(one, verdict);
    Verdict {
        sha1: record.sha1,
        sha256: record.sha256,
        announced: record.sha1d_ok,
        description: record.sha1c_ok,
        content_type: record.content_type.map(str::to_owned),
        misnamed: record.misnamed,
        conflicts: narrow(record.conflicts),
    }
}

fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
