//! Totals for the page: what the capture holds so far.

use std::cmp::Reverse;

use msnp_dissector::analysis::{Holding, Totals, holdings};
use msnp_dissector::tree::Catalogue;

use super::check::Checked;
use super::rows::float;
use super::store::{Store, Stream, moment};
use crate::protocol::{Activity, Census, Connection, Loss, Names, Overview, Owner, Role, VerbCount};
use msnp_dissector::sorting::sort_by;

/// Connections and losses sent; the totals count all.
const SHOWN: usize = 200;
/// Kinds of other traffic sent.
const CENSUS_SHOWN: usize = 12;
/// Intervals of the activity chart.
const INTERVALS: usize = 120;

/// What the capture holds so far.
#[must_use]
pub fn overview(store: &Store, checked: &Checked, totals: &Totals, catalogue: &Catalogue) -> Overview {
    let mut verbs: Vec<VerbCount> = store
        .verbs
        .iter()
        .map(|(verb, (count, first))| VerbCount {
            verb: verb.map_or_else(|| "?".to_owned(), |verb| crate::wording::visible(&verb.to_string())),
            count: *count,
            first: *first,
        })
        .collect();
    sort_by(&mut verbs, |a, b| (Reverse(a.count), &a.verb).cmp(&(Reverse(b.count), &b.verb)));
    let holding = |held: &Holding| Census { name: catalogue.render(&held.what), packets: float(held.packets) };
    let census = holdings(totals).iter().take(CENSUS_SHOWN).map(holding).collect();
    let spoken: Vec<&Stream> = store.streams.iter().filter(|stream| stream.commands > 0).collect();
    let narrow = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    Overview {
        packets: float(totals.packets),
        commands: store.commands,
        recognised: totals.recognised,
        command_bytes: float(store.command_bytes),
        connection_count: narrow(spoken.len()),
        rooms: narrow(spoken.iter().filter(|stream| stream.role == Role::Switchboard).count()),
        owners: owners(store),
        connections: spoken.into_iter().take(SHOWN).map(connection).collect(),
        verbs,
        experts: checked.kinds.clone(),
        expert_count: checked.total,
        checked: checked.complete,
        losses: store.gaps.iter().take(SHOWN).map(|gap| loss(store, gap)).collect(),
        loss_count: narrow(store.gaps.len()),
        ledger_count: checked.ledger_count,
        accounts: checked.accounts.iter().map(|name| crate::wording::visible(name)).collect(),
        account_count: narrow(checked.account_names.len()),
        signed_in: checked.signed_in.iter().map(|name| crate::wording::visible(name)).collect(),
        texts: checked.texts,
        dialects: checked.dialects.iter().map(|number| format!("MSNP{number}")).collect(),
        span: totals.first.zip(totals.last).map(|(first, last)| (moment(first), moment(last))),
        activity: activity(store),
        census,
        captures: Vec::new(),
        shared: Names::default(),
        copies: Vec::new(),
    }
}

fn owners(store: &Store) -> Vec<Owner> {
    let named = |name: &String| Owner { account: crate::wording::visible(name), connections: 0, commands: 0 };
    let mut owners: Vec<Owner> = store.owners.names.iter().map(named).collect();
    for stream in store.streams.iter().filter(|stream| stream.commands > 0) {
        let owner = store.owners.of(&stream.info).and_then(|at| owners.get_mut(at as usize));
        if let Some(owner) = owner {
            owner.connections += 1;
            owner.commands = owner.commands.saturating_add(stream.commands);
        }
    }
    owners
}

fn connection(stream: &Stream) -> Connection {
    Connection {
        stream: stream.info.stream,
        role: stream.role,
        client: stream.info.client.to_string(),
        server: stream.info.server.to_string(),
        commands: stream.commands,
        bytes: float(stream.bytes),
        span: (moment(stream.span.0), moment(stream.span.1)),
        opened: stream.opened(),
        closed: stream.closed,
        lost: float(stream.lost),
    }
}

fn loss(store: &Store, gap: &msnp_dissector::analysis::Gap) -> Loss {
    let stream = store.stream_index(gap.stream).and_then(|index| store.streams.get(index as usize));
    let sender = match stream {
        Some(stream) if stream.info.client == gap.source => Role::Client,
        Some(stream) => stream.role,
        None => Role::Unknown,
    };
    let mut next = store.order().iter().skip(store.position((gap.frame, 0))).take(1000).copied();
    let own = |number: &u32| store.command(*number).is_some_and(|c| c.stream == gap.stream && c.source == gap.source);
    Loss {
        stream: gap.stream,
        time: moment(gap.time),
        bytes: float(gap.length),
        sender,
        pdu: next.find(own).or(Some(gap.after).filter(|after| *after != 0)),
    }
}

/// Commands per interval. One pass over all commands: some milliseconds for a million.
fn activity(store: &Store) -> Activity {
    let spans = store.streams.iter().filter(|stream| stream.commands > 0).map(|stream| stream.span);
    let Some((first, last)) = spans.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))) else { return Activity::default() };
    let (start, end) = (moment(first), moment(last));
    #[allow(clippy::cast_precision_loss)] // a small constant
    let step = (end.since(start) / INTERVALS as f64).max(0.001);
    let mut counts: [Vec<u32>; 5] = std::array::from_fn(|_| vec![0; INTERVALS]);
    for record in (1..=store.last_number()).filter_map(|number| store.record(number)) {
        let lane = match store.stream(record).map(|stream| stream.role) {
            Some(Role::Dispatch) => 0,
            Some(Role::Notification) => 1,
            Some(Role::Switchboard) => 2,
            Some(Role::Peer) => 3,
            _ => 4,
        };
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // `as` saturates
        let at = ((moment(record.time).since(start) / step) as usize).min(INTERVALS - 1);
        if let Some(count) = counts.get_mut(lane).and_then(|lane: &mut Vec<u32>| lane.get_mut(at)) {
            *count = count.saturating_add(1);
        }
    }
    Activity { start, step, counts }
}
