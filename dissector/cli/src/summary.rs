//! `msnp summary`: what the capture holds, on one screen.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use msnp_dissector::report::{GatewayRecord, Summariser, SummaryRecord, TunnelRecord, UnansweredRecord};

use crate::input::{self, Fallible, Input, Trouble};
use crate::output::Output;
use crate::story::words::{connection, counted};
use crate::{Format, Outcome};

/// Unanswered requests shown.
const UNANSWERED_SHOWN: usize = 5;
/// Characters of a name shown.
const NAME_SHOWN: usize = 80;

/// Prints the summary.
pub fn run(source: &Input, format: Format) -> Result<Outcome, Trouble> {
    let mut summariser = Summariser::default();
    let (outcome, totals) = input::read(source, &mut summariser)?;
    let record = summariser.finish(&totals);
    let mut output = Output::new();
    match format {
        Format::Json => output.json(&record),
        Format::Text => output.folded(&text(&record)),
    }
    output.finish()?;
    Ok(outcome)
}

impl Fallible for Summariser {}

fn text(record: &SummaryRecord) -> String {
    let mut out = String::new();
    let mut row = |title: &str, value: String| {
        if !value.is_empty() {
            let _ = writeln!(out, "{title:<12}{value}");
        }
    };
    row("Packets", format!("{} ({})", record.packets, counted(record.bytes, "byte", "bytes")));
    if let (Some(start), Some(end)) = (&record.start, &record.end) {
        row("Time", format!("{start} to {end} ({:.3} s)", record.duration));
    }
    let connections = counted(record.streams.len() as u64, "connection", "connections");
    row("Commands", format!("{} on {connections}", record.pdus));
    row("Dialects", list(record.versions.iter()));
    row("Accounts", list(record.accounts.iter()));
    row("Verbs", counts(&record.commands));
    row("Experts", counts(&record.experts));
    let missing: u64 = record.gaps.iter().map(|gap| gap.bytes).sum();
    if !record.gaps.is_empty() {
        let gaps = counted(record.gaps.len() as u64, "gap", "gaps");
        row("Missing", format!("{} in {gaps}", counted(missing, "byte", "bytes")));
    }
    row("Unanswered", unanswered(record));
    row("Also here", counts(&record.other));
    for stream in &record.streams {
        let begun = if stream.from_start { "" } else { ", beginning not captured" };
        let _ = writeln!(
            out,
            "  {:<5} {} → {}  {}  {}{begun}{}",
            connection(stream.connection),
            stream.client,
            stream.server,
            stream.kind,
            counted(stream.pdus.into(), "command", "commands"),
            stream.tunnel.as_ref().map(through).unwrap_or_default()
        );
    }
    out
}

/// `, through the HTTP gateway (session 1000 to NS messenger.hotmail.com; 9 requests, 3 polls among them, on 2 TCP connections)`
fn through(tunnel: &TunnelRecord) -> String {
    let mut out = tunnel.through.iter().fold(String::new(), |out, route| out + ", " + &shortened(route));
    if let Some(gateway) = &tunnel.gateway {
        let session =
            gateway.session.as_deref().map_or("session without a name".to_owned(), |name| format!("session {name}"));
        let asked = [&gateway.server, &gateway.host].into_iter().flatten().cloned().collect::<Vec<_>>().join(" ");
        let to = if asked.is_empty() { String::new() } else { format!(" to {asked}") };
        let GatewayRecord { requests, polls, tcp_connections, .. } = gateway;
        let _ = write!(
            out,
            " ({}; {}, {}, on {})",
            shortened(&format!("{session}{to}")),
            counted(*requests, "request", "requests"),
            counted(*polls, "poll among them", "polls among them"),
            counted(u64::from(*tcp_connections), "TCP connection", "TCP connections")
        );
    }
    out
}

/// `MSG 4 (packet 17), ADL 9 (packet 30)`, the first ones.
fn unanswered(record: &SummaryRecord) -> String {
    let named = |request: &UnansweredRecord| {
        let trid = request.trid.as_ref().map(|trid| format!(" {trid}")).unwrap_or_default();
        format!("{}{trid} (packet {})", request.verb, request.frame)
    };
    let shown = record.unanswered.iter().take(UNANSWERED_SHOWN).map(named).collect::<Vec<_>>().join(", ");
    match record.unanswered.len().checked_sub(UNANSWERED_SHOWN) {
        None | Some(0) => shown,
        Some(more) => format!("{shown} and {more} more"),
    }
}

fn list<'a>(values: impl Iterator<Item = &'a String>) -> String {
    values.map(|value| shortened(value)).collect::<Vec<_>>().join(", ")
}

/// The wire may hold a name of any length and with any characters in it; what is shown of it fits on a line.
fn shortened(name: &str) -> String {
    let mut shown = name.chars().map(|c| if c.is_control() { ' ' } else { c }).take(NAME_SHOWN).collect::<String>();
    if name.chars().count() > NAME_SHOWN {
        shown.push('…');
    }
    shown
}

/// The most frequent first.
fn counts(map: &BTreeMap<String, u64>) -> String {
    let mut entries = map.iter().collect::<Vec<_>>();
    entries.sort_by_key(|(name, count)| (std::cmp::Reverse(**count), (*name).clone()));
    let shown = |(name, count): &(&String, &u64)| match name.is_empty() {
        true => format!("not understood {count}"),
        false => format!("{} {count}", shortened(name)),
    };
    entries.iter().map(shown).collect::<Vec<_>>().join(", ")
}
