//! The headings of phases and runs: what they are, how long they took, how they went.

use msnp_dissector::msnp::{dissect, verb};
use msnp_dissector::tree::{Recording, Value};

use super::lanes::Lanes;
use super::lines::{Line, Lines};
use super::rows::Shelf;
use super::shown::{Shown, Stretch};
use super::store::{Record, Store, Stream, moment};
use crate::protocol::{Body, Phase, Quiet, Role, Row, Run};
use crate::wording;

/// A heading's row.
#[must_use]
pub fn heading(shelf: Shelf<'_>, lines: &Lines, lanes: &Lanes, shown: Shown) -> Option<Row> {
    match shown {
        Shown::Line(_) | Shown::Inferred(_) => None,
        Shown::Phase(stretch) => {
            let phase = phase(shelf, lines, stretch)?;
            let first = commands(shelf.store, lines, stretch).next()?.1;
            Some(Row { time: moment(first.time), body: Body::Phase(Box::new(phase)) })
        }
        Shown::Run(stretch, kind) => run(shelf.store, lines, lanes, stretch, kind),
    }
}

/// A phase in words.
#[must_use]
pub fn phase(shelf: Shelf<'_>, lines: &Lines, stretch: Stretch) -> Option<Phase> {
    let store = shelf.store;
    let record = store.record(stretch.id)?;
    let stream = store.stream(record)?;
    let (mut count, mut quiet, mut others, mut last) = (0, 0, 0, None);
    let mut first = None;
    for (_, command) in commands(store, lines, stretch) {
        if command.stream != record.stream {
            others += 1;
            continue;
        }
        count += 1;
        quiet += u32::from(command.quiet.is_some());
        first = first.or(Some(command.time));
        last = Some(command.time);
    }
    let title = wording::visible(&title(shelf, stream));
    let (title, outcome) = if stream.first.1 == stretch.id {
        (title, outcome(store, stream))
    } else {
        (format!("{title} goes on"), String::new())
    };
    Some(Phase {
        id: stretch.id,
        stream: stream.info.stream,
        role: stream.role,
        title,
        outcome,
        commands: count,
        quiet,
        others,
        lasted: first.zip(last).map_or(0.0, |(first, last)| moment(last).since(moment(first))),
        rows: stretch.rows,
        folded: stretch.folded,
    })
}

fn commands<'a>(
    store: &'a Store,
    lines: &'a Lines,
    stretch: Stretch,
) -> impl Iterator<Item = (u32, &'a Record)> + use<'a> {
    let lines = lines.all().get(stretch.first as usize..stretch.end as usize).unwrap_or_default();
    lines.iter().filter_map(|line| match line {
        Line::Command(number) => Some((*number, store.record(*number)?)),
        _ => None,
    })
}

fn title(shelf: Shelf<'_>, stream: &Stream) -> String {
    let owner = shelf.store.owners.of(&stream.info).and_then(|at| shelf.store.owners.names.get(at as usize));
    let accepted = stream.milestones.signed_in.and_then(|number| word(shelf.store, number, 3));
    let account = accepted.or_else(|| owner.cloned());
    match (stream.role, account) {
        (Role::Dispatch, _) => "Redirect".to_owned(),
        (Role::Notification, _) if !stream.opened() && stream.milestones.signed_in.is_none() => {
            "Notification server".to_owned()
        }
        (Role::Notification, Some(account)) => format!("Sign-in as {}", account.split(';').next().unwrap_or_default()),
        (Role::Notification, None) => "Sign-in".to_owned(),
        (Role::Switchboard, _) => room(shelf, stream),
        (Role::Peer, _) => "From program to program".to_owned(),
        (Role::Client | Role::Unknown, _) => "Server of unknown kind".to_owned(),
    }
}

/// "Chat room 11752013 with Bob and Carol".
fn room(shelf: Shelf<'_>, stream: &Stream) -> String {
    let number = stream.milestones.room.and_then(|number| {
        let record = shelf.store.record(number)?;
        word(shelf.store, number, if record.from_client() { 4 } else { 3 })
    });
    let mut names: Vec<String> = Vec::new();
    for name in stream.milestones.guests.iter().filter_map(|number| guest(shelf, *number)) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let more = stream.milestones.guest_count as usize > stream.milestones.guests.len();
    let with = match (names.as_slice(), more) {
        ([], _) => String::new(),
        (names, true) => format!(" with {} and others", names.join(", ")),
        ([one], false) => format!(" with {one}"),
        ([first @ .., last], false) => format!(" with {} and {last}", first.join(", ")),
    };
    format!("Chat room{}{with}", number.map(|number| format!(" {number}")).unwrap_or_default())
}

/// The display name of who enters, else the account.
fn guest(shelf: Shelf<'_>, number: u32) -> Option<String> {
    let record = shelf.store.record(number)?;
    let pdu = shelf.store.pdu(record);
    let tree = dissect(&pdu, &record.context, Recording::Everything).tree;
    let text = |name: &str| {
        tree.items.iter().find_map(|item| match &item.value {
            Value::Text(text) if item.field.name() == name && !text.is_empty() => Some(text.to_string()),
            _ => None,
        })
    };
    text("msnp.nick").or_else(|| text("msnp.account"))
}

/// A word of a command's line.
fn word(store: &Store, number: u32, at: usize) -> Option<String> {
    let record = store.record(number)?;
    store.pdu(record).words().nth(at).map(msnp_dissector::tree::lossy)
}

/// How it went, in a few words.
fn outcome(store: &Store, stream: &Stream) -> String {
    let milestones = &stream.milestones;
    let mut words = Vec::new();
    match stream.role {
        Role::Notification if milestones.signed_in.is_some() => words.push("signed in".to_owned()),
        Role::Notification | Role::Dispatch | Role::Switchboard => {
            let refused = milestones.refused.and_then(|number| store.record(number));
            let code = refused.and_then(|record| store.pdu(record).verb()).and_then(verb_code);
            words.extend(code.map(|code| format!("refused ({code})")));
        }
        _ => {}
    }
    let dialect = store.record(stream.last.1).and_then(|record| record.context.dialect);
    words.extend(dialect.filter(|_| stream.role == Role::Notification).map(|dialect| dialect.to_string()));
    if !stream.opened() {
        words.push("beginning not captured".to_owned());
    }
    words.join(" · ")
}

fn verb_code(verb: msnp_dissector::msnp::Verb) -> Option<u32> {
    verb.error_code()
}

fn run(store: &Store, lines: &Lines, lanes: &Lanes, stretch: Stretch, kind: Quiet) -> Option<Row> {
    let first = store.record(stretch.id)?;
    let count = commands(store, lines, stretch).count();
    // Pings are counted by their questions: an answer follows each at once.
    let asks = |record: &&Record| kind == Quiet::Typing || store.pdu(record).verb() == Some(verb::PNG);
    let (mut span, mut times) = (None, 0_u32);
    for record in commands(store, lines, stretch).map(|(_, record)| record).filter(asks) {
        let (begin, end) = span.unwrap_or((record.time, record.time));
        span = Some((begin, end.max(record.time)));
        times += 1;
    }
    let every = span.map(|(begin, end)| moment(end).since(moment(begin)) / f64::from(times.saturating_sub(1)));
    let (from, to) = lanes.of(first.stream);
    let run = Run {
        id: stretch.id,
        kind,
        commands: u32::try_from(count).unwrap_or(u32::MAX),
        every: every.filter(|_| kind == Quiet::Pings && times > 1),
        from,
        to,
        role: store.stream(first)?.role,
        folded: stretch.folded,
    };
    Some(Row { time: moment(first.time), body: Body::Run(run) })
}
