//! Several captures that are read as one: which packet and which connection is of which, and what came of each.

use msnp_dissector::analysis::{self, Analysis};
use msnp_dissector::capture::{Captures, Ending, Refusal, Share};
use msnp_dissector::tree::Catalogue;

use super::check::Checked;
use super::rows::float;
use super::sentences;
use super::store::{Store, moment};
use crate::protocol::{Copies, Home, Names, OneCapture, Stage};
use crate::wording::{capitalised, visible};

/// Names shown of each capture.
const SHOWN: usize = 12;

/// A command by what does not change when other captures are read with its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Anchor {
    /// Its capture, by its place.
    capture: usize,
    /// The packet that completes it, as numbered there.
    frame: u64,
    /// How many commands the same packet completes before it.
    nth: usize,
}

impl Anchor {
    /// Where it is when a capture was put away; nowhere if it was in that one.
    #[must_use]
    pub fn without(self, capture: usize) -> Option<Self> {
        let place = self.capture - usize::from(self.capture > capture);
        (self.capture != capture).then_some(Self { capture: place, ..self })
    }
}

/// Where a command is.
#[must_use]
pub fn anchor(store: &Store, captures: &Captures, pdu: u32) -> Option<Anchor> {
    let frame = store.record(pdu)?.frame;
    let (capture, own) = captures.origin(frame)?;
    let nth = store.at_packet(frame).position(|number| number == pdu)?;
    Some(Anchor { capture, frame: own, nth })
}

/// The command that is there now.
#[must_use]
pub fn find(store: &Store, captures: &Captures, anchor: Anchor) -> Option<u32> {
    let frame = captures.number_of(anchor.capture, anchor.frame)?;
    store.at_packet(frame).nth(anchor.nth)
}

/// Where a packet is; none where one capture is open.
#[must_use]
pub fn home(captures: &Captures, names: &[String], frame: u64) -> Option<Home> {
    let (at, own) = captures.origin(frame).filter(|_| names.len() > 1)?;
    Some(Home { capture: names.get(at)?.clone(), frame: float(own) })
}

/// How all of them ended.
#[must_use]
pub fn ending(captures: &Captures, names: &[String], catalogue: &Catalogue) -> Stage {
    let troubles = captures.endings().zip(names).filter_map(|(ended, name)| {
        let trouble = trouble(ended?, catalogue)?;
        Some(format!("“{name}”: {trouble}"))
    });
    let sentence = troubles.collect::<Vec<_>>().join(" ");
    let none = captures.endings().all(|ended| matches!(ended, Some(Err(_))));
    match (none, sentence.is_empty()) {
        (true, _) => Stage::Refused { sentence },
        (false, true) => Stage::Complete,
        (false, false) => Stage::Cut { sentence },
    }
}

/// The files have ended: what each lacks belongs to the ledger.
pub fn ended(checked: &mut Checked, analysis: &Analysis, names: &[String]) {
    checked.file_ended(&Ending::Complete, analysis.totals().last);
    let captures = analysis.captures();
    for ((at, share), name) in captures.shares().enumerate().zip(names) {
        if let Some(Ok(ending)) = share.ended {
            let frame = captures.number_of(at, share.packets).unwrap_or(0);
            let time = share.span.map(|(_, last)| last).unwrap_or_default();
            checked.one_ended(name, &ending, (frame, time));
        }
    }
}

/// Why not all of a capture is here.
fn trouble(ended: Result<Ending, Refusal>, catalogue: &Catalogue) -> Option<String> {
    match ended {
        Err(refusal) => {
            let why = capitalised(&catalogue.render(&analysis::refusal(&refusal)));
            Some(format!("{why}. It is left out."))
        }
        Ok(ending) => match sentences::ending(&ending, catalogue) {
            Stage::Cut { sentence } => Some(sentence),
            _ => None,
        },
    }
}

/// What came of each, and the accounts that several of them name.
#[must_use]
pub fn told(store: &Store, checked: &Checked, captures: &Captures, catalogue: &Catalogue) -> (Vec<OneCapture>, Names) {
    let one = |share: Share| OneCapture {
        packets: float(share.packets),
        span: share.span.map(|(first, last)| (moment(first), moment(last))),
        trouble: share.ended.and_then(|ended| trouble(ended, catalogue)),
        ..OneCapture::default()
    };
    let mut all = captures.shares().map(one).collect::<Vec<_>>();
    let mut shared = Names::default();
    if !checked.complete {
        return (all, shared);
    }
    // Of each account the only capture that names it, or that several do.
    let mut named = vec![None; checked.noted.names().len()];
    let mut commands = vec![0_u32; all.len()];
    for number in store.order() {
        let Some(at) = store.record(*number).and_then(|record| captures.origin(record.frame)).map(|(at, _)| at) else {
            continue;
        };
        if let Some(count) = commands.get_mut(at) {
            *count += 1;
        }
        for name in checked.noted.of(*number) {
            if let Some(only) = named.get_mut(*name as usize) {
                *only = Some(match *only {
                    Some(other) if other != Some(at) => None,
                    _ => Some(at),
                });
            }
        }
    }
    let accounts = checked.noted.names().iter().zip(named).filter(|(name, _)| checked.account_names.contains(*name));
    for (name, only) in accounts {
        let names = match only {
            None => continue,
            Some(Some(at)) => all.get_mut(at).map(|one| &mut one.own),
            Some(None) => Some(&mut shared),
        };
        if let Some(names) = names {
            names.count += 1;
            if names.first.len() < SHOWN {
                names.first.push(visible(name));
            }
        }
    }
    all.iter_mut().zip(commands).for_each(|(one, count)| one.commands = Some(count));
    (all, shared)
}

/// Each two that hold the same packets.
#[must_use]
pub fn copies(captures: &Captures) -> Vec<Copies> {
    let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    let told = |(one, other, packets)| Copies { between: (place(one), place(other)), packets: float(packets) };
    captures.copies().map(told).collect()
}

/// Notes which capture each connection begins in, from one on.
pub fn place(store: &mut Store, captures: &Captures, from: usize) {
    for stream in store.streams.iter_mut().skip(from) {
        let origin = captures.origin(stream.info.frame);
        stream.capture = origin.and_then(|(at, _)| u32::try_from(at).ok()).unwrap_or(0);
    }
}
