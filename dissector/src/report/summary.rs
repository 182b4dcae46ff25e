//! The summary of a capture: figures, connections, accounts, what is missing.
//!
//! Comes in: what an analysis tells its sink, and at the end its totals. Goes out: one record for JSON, which the command
//! line also prints for people.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{TunnelRecord, server};
use crate::analysis::{Command, End, Gap, Sink, StreamInfo, Totals, Unanswered, holdings};
use crate::msnp::{self, PduKind, dissect};
use crate::transport::Cause;
use crate::tree::{Catalogue, Expert, Recording, Value, lossy};

/// `msnp summary --json`.
#[derive(Debug, Default, Serialize)]
pub struct SummaryRecord {
    /// Packets in the capture.
    pub packets: u64,
    /// Their captured bytes.
    pub bytes: u64,
    /// Time of the first packet.
    pub start: Option<String>,
    /// Time of the last packet.
    pub end: Option<String>,
    /// Seconds between them.
    pub duration: f64,
    /// Connections that carry MSNP.
    pub streams: Vec<StreamRecord>,
    /// Number of commands.
    pub pdus: u32,
    /// Commands per verb; what goes between programs under `direct`, `msnftp`, `relay` or `webcam`.
    pub commands: BTreeMap<String, u64>,
    /// Dialects chosen.
    pub versions: BTreeSet<String>,
    /// Accounts that a command line names.
    pub accounts: BTreeSet<String>,
    /// Bytes that the capture does not hold.
    pub gaps: Vec<GapRecord>,
    /// Requests that nobody answered.
    pub unanswered: Vec<UnansweredRecord>,
    /// Experts per severity.
    pub experts: BTreeMap<String, u64>,
    /// Packets of other protocols, by what they are.
    pub other: BTreeMap<String, u64>,
}

/// One connection in a summary.
#[derive(Debug, Clone, Serialize)]
pub struct StreamRecord {
    /// Its number, by which the commands name it.
    pub connection: u32,
    /// Wireshark's `tcp.stream` of its first packet.
    pub stream: u32,
    /// The client's address.
    pub client: String,
    /// The server's address.
    pub server: String,
    /// The kind of server, or `direct`, `msnftp`, `relay` or `webcam` where there is none.
    pub kind: &'static str,
    /// Commands in it.
    pub pdus: u32,
    /// Whether its beginning was captured.
    pub from_start: bool,
    /// What it travels through, where it is not plain TCP.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tunnel: Option<TunnelRecord>,
}

/// One gap in a summary: bytes missing with no command of the capture between them.
#[derive(Debug, Serialize)]
pub struct GapRecord {
    /// Number of the MSNP connection.
    pub connection: u32,
    /// Wireshark's `tcp.stream`.
    pub stream: u32,
    /// Packet that shows that bytes are missing: the first one after them, or the one that was cut.
    pub frame: u64,
    /// Who sent them.
    pub src: String,
    /// How many.
    pub bytes: u64,
    /// Why.
    pub cause: &'static str,
}

/// One request in a summary that was never answered.
#[derive(Debug, Serialize)]
pub struct UnansweredRecord {
    /// Number of the MSNP connection.
    pub connection: u32,
    /// Wireshark's `tcp.stream` of that connection's first packet.
    pub stream: u32,
    /// Number of the PDU.
    pub pdu: u32,
    /// Packet that completed it.
    pub frame: u64,
    /// Its verb.
    pub verb: String,
    /// Its TrID, as a decimal number.
    pub trid: Option<String>,
    /// The sentence: expected, found.
    pub text: String,
}

/// Collects a summary as the commands come.
#[derive(Debug, Default)]
pub struct Summariser {
    record: SummaryRecord,
    index: BTreeMap<u32, usize>,
    /// The last gap, which may go on in the next packet.
    last_gap: Option<Gap>,
}

impl Summariser {
    /// The summary, with the figures of the whole capture.
    #[must_use]
    pub fn finish(mut self, totals: &Totals) -> SummaryRecord {
        self.record.packets = totals.packets;
        self.record.bytes = totals.bytes;
        self.record.start = totals.first.map(|t| t.rfc3339());
        self.record.end = totals.last.map(|t| t.rfc3339());
        #[allow(clippy::cast_precision_loss)] // seconds for people; a float holds them to the microsecond
        if let (Some(first), Some(last)) = (totals.first, totals.last) {
            self.record.duration = last.nanos_since(first) as f64 / 1e9;
        }
        self.record.pdus = totals.commands;
        let catalogue = Catalogue::english();
        self.record.other = holdings(totals).iter().map(|h| (catalogue.render(&h.what), h.packets)).collect();
        self.record
    }
}

impl Sink for Summariser {
    fn stream(&mut self, info: &StreamInfo) {
        self.index.insert(info.stream, self.record.streams.len());
        self.record.streams.push(StreamRecord {
            connection: info.stream,
            stream: info.tcp_stream,
            client: info.client.to_string(),
            server: info.server.to_string(),
            kind: "unknown",
            pdus: 0,
            from_start: info.handshake == crate::transport::Handshake::Seen,
            tunnel: info.tunnel.as_deref().map(TunnelRecord::new),
        });
    }

    fn command(&mut self, command: &Command<'_>) {
        use msnp::field::{ACCOUNT, RECIPIENT};
        let dissection = dissect(&command.pdu, &command.context, Recording::Only(&[ACCOUNT, RECIPIENT]));
        let peers = between_peers(command.pdu.kind);
        // A line that begins with something longer than a verb is none of the commands.
        let verb = || command.pdu.verb().map(|verb| verb.to_string()).unwrap_or_default();
        count(&mut self.record.commands, &peers.map_or_else(verb, str::to_owned));
        if let msnp::Body::DialectChosen(Some(dialect)) = dissection.message.body {
            self.record.versions.insert(dialect.to_string());
        }
        for item in &dissection.tree.items {
            if let Value::Text(account) = &item.value {
                let name = msnp::token::Account(account.as_bytes()).name();
                if !self.record.accounts.contains(&*String::from_utf8_lossy(name)) {
                    self.record.accounts.insert(lossy(name));
                }
            }
        }
        for expert in &dissection.tree.experts {
            count(&mut self.record.experts, severity_name(expert));
        }
        if let Some(stream) = self.index.get(&command.stream).and_then(|i| self.record.streams.get_mut(*i)) {
            stream.kind = peers.unwrap_or_else(|| server(&command.context));
            stream.pdus = stream.pdus.saturating_add(1);
        }
    }

    fn unanswered(&mut self, request: &Unanswered) {
        let stream = self.index.get(&request.stream).and_then(|i| self.record.streams.get(*i));
        self.record.unanswered.push(UnansweredRecord {
            connection: request.stream,
            stream: stream.map_or(request.stream, |stream| stream.stream),
            pdu: request.pdu,
            frame: request.frame,
            verb: request.verb.to_string(),
            trid: request.trid.map(|trid| trid.to_string()),
            text: Catalogue::english().render(&request.expert(0).text),
        });
    }

    fn gap(&mut self, gap: &Gap) {
        let goes_on = self.last_gap.replace(*gap).is_some_and(|last| {
            (last.stream, last.source, last.cause, last.after) == (gap.stream, gap.source, gap.cause, gap.after)
        });
        if let Some(last) = self.record.gaps.last_mut().filter(|_| goes_on) {
            last.bytes = last.bytes.saturating_add(gap.length);
            return;
        }
        self.record.gaps.push(GapRecord {
            connection: gap.stream,
            stream: gap.tcp_stream,
            frame: gap.frame,
            src: gap.source.to_string(),
            bytes: gap.length,
            cause: cause(gap.cause),
        });
    }

    fn end(&mut self, end: &End) {
        let stream = self.index.get(&end.stream).and_then(|i| self.record.streams.get_mut(*i));
        if let (Some(tunnel), Some(carried)) = (stream.and_then(|stream| stream.tunnel.as_mut()), end.carried) {
            tunnel.ended(carried);
        }
    }
}

/// What programs say to each other has no verb, and no server: the word for what carries it.
fn between_peers(kind: PduKind) -> Option<&'static str> {
    match kind {
        PduKind::Direct => Some("direct"),
        PduKind::FileTransfer => Some("msnftp"),
        PduKind::Relay => Some("relay"),
        PduKind::Webcam => Some("webcam"),
        PduKind::Udp => Some("udp"),
        _ => None,
    }
}

fn count(map: &mut BTreeMap<String, u64>, key: &str) {
    match map.get_mut(key) {
        Some(n) => *n = n.saturating_add(1),
        None => {
            map.insert(key.to_owned(), 1);
        }
    }
}

fn severity_name(expert: &Expert) -> &'static str {
    use crate::tree::Severity;
    match expert.id.decl().severity {
        Severity::Chat => "chat",
        Severity::Note => "note",
        Severity::Warn => "warn",
        Severity::Error => "error",
    }
}

fn cause(cause: Cause) -> &'static str {
    match cause {
        Cause::NotCaptured => "not-captured",
        Cause::CutBySnaplen => "cut-by-snaplen",
        Cause::OverCeiling => "over-ceiling",
        Cause::BeforeBeginning => "before-beginning",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::Timestamp;

    #[test]
    fn a_hole_over_several_packets_is_one_gap() {
        let gap = |source: [u8; 4], frame, after| Gap {
            stream: 0,
            tcp_stream: 0,
            source: (source, 1863).into(),
            destination: ([10, 0, 0, 9], 40000).into(),
            length: 100,
            cause: Cause::CutBySnaplen,
            frame,
            time: Timestamp::new(0, 0, 6),
            after,
        };
        let mut summary = Summariser::default();
        let (one, other) = ([10, 0, 0, 1], [10, 0, 0, 2]);
        for told in [gap(one, 3, 0), gap(one, 4, 0), gap(one, 5, 1), gap(other, 6, 1)] {
            summary.gap(&told);
        }
        let gaps = summary.record.gaps.iter().map(|gap| (gap.frame, gap.bytes)).collect::<Vec<_>>();
        assert_eq!(gaps, [(3, 200), (5, 100), (6, 100)]);
    }
}
