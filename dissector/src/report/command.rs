//! A command as a record: what `msnp commands --json` writes of it, one a line.
//!
//! No other output is as long, so a record holds as little as possible: words and values are taken from the command and its
//! tree when they are written.

use std::borrow::Cow;
use std::net::SocketAddr;

use serde::{Serialize, Serializer, ser::SerializeMap};

use super::{ExpertRecord, FieldValue, LongBytes, Reporter, sender, server, time, via};
use crate::analysis::Command;
use crate::msnp::PduKind;
use crate::numerals;
use crate::sorting::sort_by_key;
use crate::tree::{FieldId, Item, Value, readable};

/// One line of `msnp commands --json`.
#[derive(Debug, Serialize)]
pub struct CommandRecord<'c> {
    /// Number of the PDU in the capture.
    pub pdu: u32,
    /// Packet that completed it.
    pub frame: u64,
    /// Time of that packet, RFC 3339, UTC; none where the capture records none.
    pub time: Option<String>,
    /// The MSNP connection: `stream` of its first packet, or a number of its own where another one began there before.
    pub connection: u32,
    /// Wireshark's `tcp.stream` of that packet.
    pub stream: u32,
    /// What its connection travels through: `socks4`, `socks5`, `http` or `http-gateway`, outermost first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub via: Vec<&'static str>,
    /// `client`, `server`, `peer` or `unknown`.
    pub from: &'static str,
    /// `dispatch`, `notification`, `switchboard` or `unknown`.
    pub server: &'static str,
    /// Address and port of the sender.
    pub src: String,
    /// Address and port of the receiver.
    pub dst: String,
    /// The verb; empty for bytes that are no command.
    pub verb: Cow<'c, str>,
    /// The TrID, as a decimal number.
    pub trid: Option<String>,
    /// Number of the PDU that it answers.
    pub answers: Option<u32>,
    /// Seconds since that one.
    pub delay: Option<f64>,
    /// Words after the verb, as on the wire.
    pub args: Args<'c>,
    /// Bytes of payload that are there.
    pub payload_len: usize,
    /// Values of each field, in wire order.
    pub fields: Fields,
    /// What is odd.
    pub experts: Vec<ExpertRecord>,
}

/// The words of a line after its verb.
#[derive(Debug)]
pub struct Args<'c>(Vec<&'c [u8]>);

impl Serialize for Args<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(|word| readable(word)))
    }
}

/// Field names with their values, in order of first appearance.
#[derive(Debug)]
pub struct Fields {
    items: Vec<Item>,
    long_bytes: LongBytes,
}

impl Serialize for Fields {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut names = Vec::<FieldId>::new();
        let mut values = Vec::with_capacity(self.items.len());
        for item in self.items.iter().filter(|item| item.value != Value::None) {
            let place = names.iter().position(|name| *name == item.field).unwrap_or(names.len());
            if place == names.len() {
                names.push(item.field);
            }
            values.push((place, item));
        }
        sort_by_key(&mut values, |(place, _)| *place);
        let mut map = serializer.serialize_map(Some(names.len()))?;
        for (name, of_name) in names.iter().zip(values.chunk_by(|(one, _), (next, _)| one == next)) {
            map.serialize_entry(name.name(), &Values { of_name, long_bytes: self.long_bytes })?;
        }
        map.end()
    }
}

/// The values of one field.
struct Values<'i> {
    of_name: &'i [(usize, &'i Item)],
    long_bytes: LongBytes,
}

impl Serialize for Values<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.of_name.iter().map(|(_, item)| FieldValue::of(item, self.long_bytes)))
    }
}

impl Reporter {
    /// The record of a command.
    #[must_use]
    pub fn command<'c>(&self, command: &Command<'c>) -> CommandRecord<'c> {
        let dissection = command.dissect();
        let is_command = command.pdu.kind == PduKind::Command;
        let mut words = command.pdu.words().filter(|_| is_command);
        let verb = words.next().map(readable).unwrap_or_default();
        CommandRecord {
            pdu: command.number,
            frame: command.frame,
            time: time(command.time),
            connection: command.stream,
            stream: command.tcp_stream,
            via: command.tunnel.map(via).unwrap_or_default(),
            from: sender(&command.context),
            server: server(&command.context),
            src: endpoint(command.source),
            dst: endpoint(command.destination),
            verb,
            trid: dissection.message.trid.map(|t| t.to_string()),
            answers: command.request.map(|request| request.pdu),
            delay: command.request.and_then(|request| request.nanos).map(seconds),
            args: Args(words.collect()),
            payload_len: command.pdu.payload().len(),
            experts: self.experts(&dissection),
            fields: Fields { items: dissection.tree.items, long_bytes: self.long_bytes },
        }
    }
}

/// Address and port, as [`SocketAddr`] writes them itself; its formatting is slow, and there are two in each record.
fn endpoint(end: SocketAddr) -> String {
    let SocketAddr::V4(end) = end else { return end.to_string() };
    let mut out = String::with_capacity("255.255.255.255:65535".len());
    for (octet, mark) in end.ip().octets().into_iter().zip(['.', '.', '.', ':']) {
        push(&mut out, octet.into());
        out.push(mark);
    }
    push(&mut out, end.port().into());
    out
}

fn push(out: &mut String, number: u32) {
    if number >= 10 {
        push(out, number / 10);
    }
    numerals::push_padded(out, number % 10, 1);
}

#[allow(clippy::cast_precision_loss)] // seconds for people; a float holds them to the microsecond
fn seconds(nanos: i64) -> f64 {
    nanos as f64 / 1e9
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_are_written_as_the_standard_library_writes_them() {
        for text in ["0.0.0.0:0", "192.0.2.10:1863", "255.255.255.255:65535", "[2001:db8::1]:1863"] {
            let end = text.parse::<SocketAddr>().unwrap();
            assert_eq!(endpoint(end), end.to_string());
        }
    }
}
