//! A window of a list: lines turned into rows.

use std::net::SocketAddr;
use std::rc::Rc;

use msnp_dissector::msnp::{Dissection, Pdu, PduKind, dissect, info, sentence, verb};
use msnp_dissector::tree::{Catalogue, Recording, Span, Value, lossy};

use super::check::{self, Checked, What};
use super::detail::name_of;
use super::lanes::{Lanes, deal};
use super::lines::{Line, Lines};
use super::phases;
use super::remarks::Remark;
use super::shown::Shown;
use super::store::{Record, Store, Stream, moment};
use super::veil;
use crate::protocol::{
    Bar, Body, Command, Finding, Form, LeadsTo, Moment, Packet, Pair, Payload, Phase, Role, Row, Severity, Window,
};
use crate::wording;

/// Fields that name the server to connect to next.
const ADDRESSES: [&str; 2] = ["msnp.address", "msnp.sb.address"];
/// The port of all servers, where none is named.
const PORT: u16 = 1863;
/// Rows sent at most.
pub const WINDOW: u32 = 1000;

/// What rows are made from.
#[derive(Debug, Clone, Copy)]
pub struct Shelf<'a> {
    /// The commands.
    pub store: &'a Store,
    /// The experts' remarks.
    pub checked: &'a Checked,
    /// The language.
    pub catalogue: &'a Catalogue,
    /// Secrets are hidden.
    pub veiled: bool,
}

/// The rows `first .. first + count`.
#[must_use]
pub fn window(shelf: Shelf<'_>, lines: &Lines, first: u32, count: u32) -> Window {
    let lanes = deal(shelf.store, lines.list.scope);
    let first = first.min(lines.total());
    let end = first.saturating_add(count.min(WINDOW)).min(lines.total());
    let rows =
        (first..end).filter_map(|at| lines.at(at)).map(|shown| Rc::new(row(shelf, lines, &lanes, shown))).collect();
    let ladder = lines.list.form == Form::Ladder;
    Window {
        list: lines.list,
        first,
        total: lines.total(),
        rows,
        before: (0..first)
            .rev()
            .filter_map(|at| lines.at(at))
            .map(|shown| row(shelf, lines, &lanes, shown))
            .find(Row::has_commands)
            .map(|row| row.time),
        above: ladder.then(|| above(shelf, lines, first)).flatten(),
        bars: if ladder { bars(shelf.store, lines, &lanes, first, end) } else { Vec::new() },
        lanes: lanes.lanes,
    }
}

/// The phase that a row belongs to, if its heading stands further up.
fn above(shelf: Shelf<'_>, lines: &Lines, first: u32) -> Option<(u32, Phase)> {
    let phase = |row: u32| match lines.at(row)? {
        Shown::Phase(stretch) => Some((row, stretch)),
        _ => None,
    };
    let (row, stretch) = (0..first).rev().find_map(phase).filter(|(row, stretch)| row + stretch.rows >= first)?;
    Some((row, phases::phase(shelf, lines, stretch)?))
}

/// The row of one line. A line always has one; one that is left out would shift the rows behind it, so a hollow row
/// stands in.
fn row(shelf: Shelf<'_>, lines: &Lines, lanes: &Lanes, shown: Shown) -> Row {
    let made = match shown {
        Shown::Line(line) => lines.all().get(line as usize).and_then(|line| row_of(shelf, lines, lanes, *line)),
        Shown::Inferred(line) => lines.all().get(line as usize).and_then(|line| inferred(shelf.store, lanes, *line)),
        _ => phases::heading(shelf, lines, lanes, shown),
    };
    made.unwrap_or(Row { time: Moment::default(), body: Body::Silence { seconds: 0.0 } })
}

fn row_of(shelf: Shelf<'_>, lines: &Lines, lanes: &Lanes, line: Line) -> Option<Row> {
    match line {
        Line::Command(number) => command(shelf, lines, lanes, number),
        // It is the mark at which a phase begins.
        Line::Opened { .. } => None,
        Line::Silence { after, before } => silence(shelf.store, after, before),
        Line::Lost(gap) => lost(shelf.store, lanes, gap),
        Line::Finding(index) => finding(shelf, index),
        Line::Packet(number) => packet(shelf.store, number),
    }
}

fn command(shelf: Shelf<'_>, lines: &Lines, lanes: &Lanes, number: u32) -> Option<Row> {
    let Shelf { store, catalogue, .. } = shelf;
    let record = store.record(number)?;
    let stream = store.stream(record)?;
    let (source, destination) = store.ends(record)?;
    let pdu = store.pdu(record);
    let dissection = dissect(&pdu, &record.context, Recording::Everything);
    let (client, server) = lanes.of(record.stream);
    let (from, to) = if record.from_client() { (client, server) } else { (server, client) };
    let worst = dissection.tree.experts.iter().max_by_key(|expert| expert.id.decl().severity);
    let worst = worst.filter(|expert| check::severity(expert.id.decl().severity) > Severity::Chat);
    let verb = verb_of(&pdu);
    let trid = trid(&pdu, dissection.message.trid);
    let said = match veil::over(shelf.veiled, &pdu, &record.context, &dissection) {
        Some(veil) => veil.said(&pdu, &record.context, catalogue),
        None => info(&pdu, &record.context, &dissection, catalogue),
    };
    let is_error = pdu.verb().is_some_and(msnp_dissector::msnp::Verb::is_error);
    let complaint = worst.map(|expert| catalogue.render(&expert.text));
    let carries = once(carries(&said, &verb, trid.as_deref()), complaint.as_deref().filter(|_| is_error));
    let payload = (pdu.kind == PduKind::Command && (pdu.announced > 0 || !pdu.payload().is_empty()))
        .then(|| Payload { bytes: narrow(pdu.payload().len()), announced: narrow(pdu.announced) });
    let command = Command {
        pdu: number,
        frame: float(record.frame),
        stream: stream.info.stream,
        role: stream.role,
        from,
        to,
        source: source.to_string(),
        destination: destination.to_string(),
        verb,
        trid,
        carries: wording::visible(&carries),
        sentence: wording::visible(&sentence(&pdu, &record.context, &dissection, catalogue)),
        payload,
        bytes: record.len(),
        answers: store.request(record).and_then(|request| pair(store, lines, (number, record), request.pdu)),
        answered: store.links.answers(number).and_then(|answers| pair(store, lines, (number, record), answers.first)),
        unanswered: store.stays_unanswered(number),
        leads_to: leads_to(store, lines, record, &dissection, lanes),
        severity: worst.map(|expert| check::severity(expert.id.decl().severity)),
        complaint: complaint.map(|text| wording::visible(&text)),
    };
    Some(Row { time: moment(record.time), body: Body::Command(Box::new(command)) })
}

/// The connection that a redirect or a ring caused: the next one to the address it names.
fn leads_to(
    store: &Store,
    lines: &Lines,
    record: &Record,
    dissection: &Dissection<'_>,
    lanes: &Lanes,
) -> Option<LeadsTo> {
    if record.from_client() || !matches!(dissection.message.verb, Some(verb::XFR | verb::RNG)) {
        return None;
    }
    let address = dissection.tree.items.iter().find_map(|item| match &item.value {
        Value::Text(text) if ADDRESSES.contains(&item.field.name()) => endpoint(text),
        _ => None,
    })?;
    let later = store.streams.iter().zip(0..).filter(|(stream, _)| {
        let later = stream.commands > 0 && stream.first.0 > record.frame;
        later && stream.info.server == address && store.is_in(stream, lines.list.scope)
    });
    let (stream, index) = later.min_by_key(|(stream, _)| stream.first)?;
    Some(LeadsTo { lane: lanes.of(index).1, row: lines.row_from(store, stream.begin()) })
}

/// An address as the wire writes it; old servers leave the port out.
fn endpoint(text: &str) -> Option<SocketAddr> {
    let plain = || Some(SocketAddr::new(text.parse().ok()?, PORT));
    text.parse().ok().or_else(plain)
}

/// Somebody is being called: the notification server of the one who is called rings, where nobody was listening.
fn inferred(store: &Store, lanes: &Lanes, line: Line) -> Option<Row> {
    let Line::Command(number) = line else { return None };
    let record = store.record(number)?;
    let to = lanes.unseen?;
    let server =
        store.streams.iter().zip(0..).find(|(stream, _)| stream.role == Role::Notification && stream.commands > 0);
    let from = server.map_or_else(|| lanes.of(record.stream).1, |(_, index)| lanes.of(index).1);
    let who = store.called(record).unwrap_or_else(|| "the guest".to_owned());
    let why = format!("inferred: the server rings; the side of {} was not captured", wording::visible(&who));
    Some(Row { time: moment(record.time), body: Body::Inferred { from, to, verb: "RNG".to_owned(), why } })
}

fn silence(store: &Store, after: u32, before: u32) -> Option<Row> {
    let (earlier, later) = (store.record(after)?, store.record(before)?);
    let seconds = moment(later.time).since(moment(earlier.time));
    Some(Row { time: moment(earlier.time), body: Body::Silence { seconds } })
}

fn lost(store: &Store, lanes: &Lanes, gap: u32) -> Option<Row> {
    let gap = store.gaps.get(gap as usize)?;
    let stream = store.stream_index(gap.stream)?;
    let (client, server) = lanes.of(stream);
    let by_client = store.streams.get(stream as usize)?.info.client == gap.source;
    let (from, to) = if by_client { (client, server) } else { (server, client) };
    Some(Row { time: moment(gap.time), body: Body::Lost { stream: gap.stream, from, to, bytes: float(gap.length) } })
}

/// A packet, with all commands that it completes.
#[must_use]
pub fn packet(store: &Store, first: u32) -> Option<Row> {
    let record = store.record(first)?;
    let (source, destination) = store.ends(record)?;
    let own = |number: &u32| store.record(*number).is_some_and(|other| other.frame == record.frame);
    let pdus: Vec<u32> = store.order().iter().skip(store.position(store.key(first))).copied().take_while(own).collect();
    let (mut bytes, mut names, mut after_gap) = (0_u64, Vec::new(), false);
    for (number, other) in pdus.iter().filter_map(|number| Some((*number, store.record(*number)?))) {
        bytes = bytes.saturating_add(other.len().into());
        after_gap |= other.context.after_gap;
        names.extend(name_of(store, number));
    }
    let packet = Packet {
        frame: float(record.frame),
        role: store.stream(record)?.role,
        source: source.to_string(),
        destination: destination.to_string(),
        state: if after_gap { "bytes missing before".to_owned() } else { String::new() },
        bytes: float(bytes),
        pdus,
        commands: names.join(", "),
    };
    Some(Row { time: moment(record.time), body: Body::Packet(Box::new(packet)) })
}

fn finding(shelf: Shelf<'_>, index: u32) -> Option<Row> {
    let found = shelf.checked.found.get(index as usize)?;
    let record = shelf.store.record(found.pdu)?;
    let pdu = shelf.store.pdu(record);
    let own = shelf.store.stream(record)?.info.stream;
    let whole = |text, span| (text, span, record.frame, record.time, own);
    let (text, span, frame, time, stream) = match found.what {
        What::Expert(nth) => {
            let experts = dissect(&pdu, &record.context, Recording::Nothing).tree.experts;
            experts.into_iter().nth(nth as usize).map(|expert| whole(expert.text, expert.span))?
        }
        What::Unanswered(nth) => {
            let expert = shelf.store.unanswered.get(nth as usize)?.expert(record.line());
            whole(expert.text, expert.span)
        }
        What::Remark(nth) => {
            let Remark { text, evidence, .. } = shelf.checked.remarks.get(nth as usize)?;
            (text.clone(), evidence.span, evidence.frame, evidence.time, evidence.stream)
        }
    };
    let span = if span.is_empty() { Span::pdu(0, record.line()) } else { span };
    // A command nearby may be of another connection, and of another account.
    let stream = shelf.store.stream(record).filter(|_| stream == own);
    let owner = stream.and_then(|stream| shelf.store.owners.of(&stream.info));
    let account = owner.and_then(|owner| shelf.store.owners.names.get(owner as usize));
    let body = Body::Finding(Box::new(Finding {
        pdu: found.pdu,
        verb: verb_of(&pdu),
        account: account.map(|name| wording::visible(name)).unwrap_or_default(),
        frame: float(frame),
        exact: shelf.checked.is_exact(found),
        severity: found.severity,
        text: wording::visible(&shelf.catalogue.render(&text)),
        start: span.start,
        end: span.end,
        source: span.source,
    }));
    Some(Row { time: moment(time), body })
}

fn bars(store: &Store, lines: &Lines, lanes: &Lanes, first: u32, end: u32) -> Vec<Bar> {
    let mut bars = Vec::new();
    let (Some(from), Some(until)) = (lines.key(store, first), lines.key(store, end.saturating_sub(1))) else {
        return bars;
    };
    // Cheap before exact: of ten thousand connections only a few are near.
    let near = |stream: &Stream| {
        let over = stream.end().is_some_and(|end| end < from);
        stream.commands > 0 && stream.begin() <= until && !over && store.is_in(stream, lines.list.scope)
    };
    for (stream, index) in store.streams.iter().zip(0..).filter(|(stream, _)| near(stream)) {
        let begins = lines.row_from(store, stream.begin());
        // Without a captured end it stays open to the end of the list.
        let ends = stream.end().map_or(lines.total().saturating_sub(1), |end| lines.row_until(store, end));
        if begins >= end || ends < first {
            continue;
        }
        let (client, server) = lanes.of(index);
        // Where a filter leaves out its first or last command, it goes on beyond what is shown of it.
        let shown = |(_, number): (u64, u32)| lines.list.filter == 0 || lines.has(store, number);
        let (opened, closed) = (stream.opened() && shown(stream.first), stream.closed && shown(stream.last));
        for lane in [client, server] {
            bars.push(Bar { lane, first: begins, last: ends, opened, closed });
        }
    }
    bars
}

fn pair(store: &Store, lines: &Lines, (number, record): (u32, &Record), other: u32) -> Option<Pair> {
    let delay = moment(store.record(other)?.time).since(moment(record.time)).abs();
    let own = store.stream(store.record(other)?).is_some_and(|stream| store.is_in(stream, lines.list.scope));
    let shown = if lines.has(store, other) { other } else { number };
    own.then(|| Pair { pdu: other, row: lines.row_near(store, shown), delay })
}

/// The verb as written; for bytes that are no command a question mark.
#[must_use]
pub fn verb_of(pdu: &Pdu<'_>) -> String {
    match (pdu.kind, pdu.words().next()) {
        (PduKind::Command, Some(word)) => wording::visible(&lossy(word.get(..12).unwrap_or(word))),
        (PduKind::Direct, _) => "P2P".to_owned(),
        (PduKind::Relay, _) => "TURN".to_owned(),
        (PduKind::Udp, _) => "UDP".to_owned(),
        (PduKind::Webcam, _) => "CAM".to_owned(),
        (PduKind::FileTransfer, _) => "FTP".to_owned(),
        _ => "?".to_owned(),
    }
}

/// The transaction number as written, where the command has one.
#[must_use]
pub fn trid(pdu: &Pdu<'_>, trid: Option<u32>) -> Option<String> {
    let number = trid?;
    let written = pdu.words().skip(1).map(lossy).find(|word| word.parse() == Ok(number));
    Some(written.unwrap_or_else(|| number.to_string()))
}

/// The line without what already stands on the arrow.
fn carries(info: &str, verb: &str, trid: Option<&str>) -> String {
    let rest = info.strip_prefix(verb).unwrap_or(info).trim_start();
    let rest = trid
        .and_then(|trid| rest.strip_prefix(trid))
        .filter(|rest| rest.is_empty() || rest.starts_with(' '))
        .unwrap_or(rest);
    rest.trim_start().to_owned()
}

/// What an error carries without the meaning that the complaint ends with: both stand in a row.
fn once(carries: String, complaint: Option<&str>) -> String {
    let own = |complaint: &str| {
        let (before, meaning) = carries.rsplit_once("· ")?;
        (!meaning.is_empty() && complaint.ends_with(meaning)).then(|| before.trim_end().to_owned())
    };
    complaint.and_then(own).unwrap_or(carries)
}

fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// A count as JavaScript holds it: exact up to 2⁵³.
#[must_use]
#[allow(clippy::cast_precision_loss)] // no capture has 2⁵³ packets or bytes
pub const fn float(number: u64) -> f64 {
    number as f64
}
