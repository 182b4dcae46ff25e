//! Everything about one packet, for the inspector: its headers, and which of its bytes belong to which command.
//!
//! What no command accounts for may hold secrets, of whatever protocol: stars stand in its place while secrets are hidden.
//! Where pseudonyms are told, stars stand in place of all but the headers of IP, TCP and UDP: pseudonyms fit in commands only.

use std::ops::Range;

use msnp_dissector::analysis;
use msnp_dissector::capture::Packet;
use msnp_dissector::frame::{self, Frame, Header, Kind, Part};
use msnp_dissector::tree::Catalogue;

use super::detail::name_of;
use super::rows::{Shelf, float};
use super::store::{Store, moment};
use super::veil;
use crate::protocol::{Detail, Evidence, FieldInfo, FieldItem, PacketFacts, Role, SourceBytes};
use crate::wording::{capitalised, count, counted};

/// Commands behind a packet among which the one is looked for that goes on in it.
const AHEAD: usize = 4096;
/// Commands of a packet that are not found in it before others are not looked for: they came through a tunnel, or compressed.
const MISSES: usize = 64;
/// What stands in place of a byte that is not shown.
const STAR: u8 = b'*';

const COMMAND: &str = "msnp";
const COMMAND_MEANS: &str =
    "A command that ends in this packet, or one that goes on behind it: as much of it as is here.";
const REST: &str = "data";
const REST_MEANS: &str = "Bytes that are no part of a command that ends here or next: another protocol, a head of HTTP, or bytes that were sent twice.";
const REDACTED: &str = "Pseudonyms fit in commands only: as it was sent, this would tell whom it is about. Stars stand in its place; \
    without redaction (R) it is shown.";

/// Bytes of a packet that belong to a command.
#[derive(Debug, PartialEq, Eq)]
struct Piece {
    pdu: u32,
    /// In the packet.
    bytes: Range<usize>,
    /// The first of them in the command.
    from: usize,
}

/// Everything about a packet; `asked` is the command that it is looked at for.
#[must_use]
pub fn detail(shelf: Shelf<'_>, redacted: bool, packet: &Packet<'_>, asked: u32) -> Detail {
    let Shelf { store, catalogue, veiled, .. } = shelf;
    let frame = frame::take_apart(packet);
    let ending = store.at_packet(packet.number).collect::<Vec<_>>();
    let pieces = if redacted { Vec::new() } else { pieces(store, packet, &frame, &ending) };
    let mut list = List { items: Vec::new(), fields: Vec::new(), catalogue };
    let mut bytes = packet.bytes.to_vec();
    for part in &frame.parts {
        let masked = redacted && !is_of_ip(part);
        if masked {
            cover(&mut bytes, &part.bytes);
        }
        list.part(part, masked);
        if part.header.name == frame::PAYLOAD.name && !redacted {
            list.payload(store, &part.bytes, &pieces, veiled);
        }
    }
    if veiled {
        veil_bytes(store, &frame.payload, &pieces, &mut bytes);
    }
    let number = u32::try_from(packet.number).unwrap_or(u32::MAX);
    let first = ending.first().copied().unwrap_or(0);
    Detail {
        pdu: if ending.contains(&asked) { asked } else { first },
        verb: format!("Packet {number}"),
        trid: None,
        sentence: sentence(&frame, packet),
        evidence: evidence(store, packet, &frame, first),
        line: 0,
        items: list.items,
        fields: list.fields,
        experts: Vec::new(),
        sources: vec![SourceBytes { name: format!("Packet {}", count(packet.number)), bytes, from: Vec::new() }],
        packet: Some(PacketFacts {
            number,
            commands: ending.into_iter().filter_map(|pdu| Some((pdu, name_of(store, pdu)?))).collect(),
        }),
    }
}

/// What the capture says of the packet but for what a machine calls its network cards, and headers that tell no more than
/// lists do: addresses and ports.
fn is_of_ip(part: &Part) -> bool {
    let hides = ["eth", "data", "tcp.options"];
    let name = part.header.name;
    name != frame::INTERFACE_NAME.name
        && (part.bytes.is_empty() || !hides.iter().any(|hidden| name.starts_with(hidden)))
}

fn cover(bytes: &mut [u8], range: &Range<usize>) {
    bytes.get_mut(range.clone()).unwrap_or_default().fill(STAR);
}

fn evidence(store: &Store, packet: &Packet<'_>, frame: &Frame, first: u32) -> Evidence {
    let stream = store.record(first).and_then(|record| store.stream(record));
    let end = |end: std::net::SocketAddr| end.to_string();
    let (source, destination) = frame.ends.map(|(from, to)| (end(from), end(to))).unwrap_or_default();
    Evidence {
        frame: float(packet.number),
        home: None,
        time: moment(packet.time),
        stream: stream.map_or(0, |stream| stream.info.stream),
        role: stream.map_or(Role::Unknown, |stream| stream.role),
        source,
        destination,
        answers: None,
        answered: None,
        after_gap: false,
    }
}

fn sentence(frame: &Frame, packet: &Packet<'_>) -> String {
    let what = match frame.kind {
        Kind::Tcp(flags) if flags.0 == 0 => "a TCP segment".to_owned(),
        Kind::Tcp(flags) => format!("a TCP segment ({})", flags.names()),
        Kind::Udp => "a UDP datagram".to_owned(),
        Kind::Fragment => "a later piece of a datagram that was sent in pieces".to_owned(),
        Kind::Ip(1 | 58) => "a message of ICMP".to_owned(),
        Kind::Ip(6) => "a TCP segment of which the header is cut off".to_owned(),
        Kind::Ip(17) => "a UDP datagram of which the header is cut off".to_owned(),
        Kind::Ip(number) => format!("a datagram of IP protocol {number}"),
        Kind::Ether(0x0806) => "a question or an answer of ARP".to_owned(),
        Kind::Ether(kind) => format!("a frame of type 0x{kind:04x}"),
        Kind::Link => "a frame in which no IP was found".to_owned(),
    };
    let carries = match frame.payload.len() as u64 {
        0 => "without a payload".to_owned(),
        bytes => format!("that carries {}", counted(bytes, "byte", "bytes")),
    };
    let cut = u64::from(packet.original_len).saturating_sub(packet.bytes.len() as u64);
    let cut =
        if cut > 0 { format!("; {} more were not captured", counted(cut, "byte", "bytes")) } else { String::new() };
    capitalised(&format!("{what} {carries}{cut}."))
}

/// Which bytes of a packet belong to which command.
fn pieces(store: &Store, packet: &Packet<'_>, frame: &Frame, ending: &[u32]) -> Vec<Piece> {
    let mut at = frame.payload.start;
    let mut pieces = Vec::new();
    let rest = |at: usize| packet.bytes.get(at..frame.payload.end).unwrap_or_default();
    let bytes = |pdu: u32| store.record(pdu).map(|record| store.pdu(record).bytes).unwrap_or_default();
    let mut misses = 0;
    for pdu in ending.iter().copied() {
        if let Some((found, from)) = ends_in(rest(at), bytes(pdu)) {
            let found = at + found.start..at + found.end;
            at = found.end;
            pieces.push(Piece { pdu, bytes: found, from });
        } else {
            misses += 1;
            if misses == MISSES {
                break;
            }
        }
    }
    let left = rest(at);
    // The next command of the same direction may have begun here.
    let next = store.behind(packet.number).take(AHEAD).find(|pdu| {
        let ends = store.record(*pdu).and_then(|record| store.ends(record));
        ends.is_some() && ends == frame.ends
    });
    if let Some((pdu, from)) = next.filter(|_| !left.is_empty()).and_then(|pdu| Some((pdu, find(bytes(pdu), left)?))) {
        pieces.push(Piece { pdu, bytes: at..at + left.len(), from });
    }
    pieces
}

/// Where a command, or its end, stands in bytes; and the first byte of it that does.
fn ends_in(bytes: &[u8], command: &[u8]) -> Option<(Range<usize>, usize)> {
    if command.is_empty() {
        return None;
    }
    if let Some(at) = find(bytes, command) {
        return Some((at..at + command.len(), 0));
    }
    let end = command.get(command.len().saturating_sub(bytes.len())..)?;
    let (_, length) = matches(end, bytes).last().filter(|(_, length)| *length > 0)?;
    Some((0..length, command.len() - length))
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    if wanted.is_empty() || wanted.len() > bytes.len() {
        return None;
    }
    let (end, length) = matches(bytes, wanted).find(|(_, length)| *length == wanted.len())?;
    Some(end - length)
}

/// Behind each byte, how many of the bytes up to there the wanted ones begin with, at most. Each byte is looked at twice at
/// most, whatever they are (Knuth, Morris and Pratt).
fn matches<'b>(bytes: &'b [u8], wanted: &'b [u8]) -> impl Iterator<Item = (usize, usize)> + use<'b> {
    // Only this much of them can end where the bytes end.
    let wanted = wanted.get(..bytes.len()).unwrap_or(wanted);
    // For each beginning of the wanted bytes, the longest shorter one with which it ends.
    let mut shorter = vec![0; wanted.len() + 1];
    let mut length = 0;
    for (at, byte) in wanted.iter().enumerate().skip(1) {
        length = longer(wanted, &shorter, length, *byte);
        if let Some(slot) = shorter.get_mut(at + 1) {
            *slot = length;
        }
    }
    let mut length = 0;
    bytes.iter().zip(1..).map(move |(byte, end)| {
        length = longer(wanted, &shorter, length, *byte);
        (end, length)
    })
}

/// How many wanted bytes are matched when another byte follows where so many are.
fn longer(wanted: &[u8], shorter: &[usize], mut length: usize, byte: u8) -> usize {
    loop {
        match wanted.get(length) {
            Some(next) if *next == byte => return length + 1,
            _ if length == 0 => return 0,
            _ => length = shorter.get(length).copied().unwrap_or(0),
        }
    }
}

/// Puts stars in place of secrets, and of what no command accounts for.
fn veil_bytes(store: &Store, payload: &Range<usize>, pieces: &[Piece], bytes: &mut [u8]) {
    let mut at = payload.start;
    for piece in pieces {
        cover(bytes, &(at..piece.bytes.start));
        at = piece.bytes.end;
        let Some(command) = store.command(piece.pdu) else { continue };
        let shown = veil::reported(true, &command, |command: &analysis::Command<'_>| command.pdu.bytes.to_vec());
        let shown = shown.get(piece.from..piece.from + piece.bytes.len());
        if let (Some(shown), Some(bytes)) = (shown, bytes.get_mut(piece.bytes.clone())) {
            bytes.copy_from_slice(shown);
        }
    }
    cover(bytes, &(at..payload.end));
}

/// The fields, as the page has them.
struct List<'c> {
    items: Vec<FieldItem>,
    fields: Vec<FieldInfo>,
    catalogue: &'c Catalogue,
}

impl List<'_> {
    fn part(&mut self, part: &Part, masked: bool) {
        let Header { name, title, means } = part.header;
        let text = |text: msnp_dissector::tree::TextId| self.catalogue.render(&text.text());
        let info = FieldInfo { name: name.to_owned(), title: text(title), explanation: text(means) };
        let value = if masked { "not shown".to_owned() } else { part.value.clone() };
        self.item(info, part.depth, &part.bytes, value);
        if let Some(item) = self.items.last_mut().filter(|_| masked) {
            item.remark = Some(REDACTED.to_owned());
        }
    }

    /// The commands in a payload, and what is left of it.
    fn payload(&mut self, store: &Store, payload: &Range<usize>, pieces: &[Piece], veiled: bool) {
        let mut at = payload.start;
        for piece in pieces {
            self.rest(at..piece.bytes.start, veiled);
            at = piece.bytes.end;
            let info = info(COMMAND, "Command", COMMAND_MEANS);
            self.item(info, 1, &piece.bytes, name_of(store, piece.pdu).unwrap_or_default());
        }
        self.rest(at..payload.end, veiled);
    }

    fn rest(&mut self, bytes: Range<usize>, veiled: bool) {
        if bytes.is_empty() {
            return;
        }
        let length = counted(bytes.len() as u64, "byte", "bytes");
        self.item(
            info(REST, "Other bytes", REST_MEANS),
            1,
            &bytes,
            if veiled { veil::HIDDEN.to_owned() } else { length },
        );
        if let Some(item) = self.items.last_mut() {
            item.hidden = veiled;
        }
    }

    fn item(&mut self, info: FieldInfo, depth: u8, bytes: &Range<usize>, value: String) {
        let known = self.fields.iter().position(|field| *field == info);
        let field = known.unwrap_or_else(|| {
            self.fields.push(info);
            self.fields.len() - 1
        });
        let narrow = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let range = crate::protocol::Range { source: 0, start: narrow(bytes.start), end: narrow(bytes.end) };
        self.items.push(FieldItem {
            field: narrow(field),
            range,
            depth,
            group: value.is_empty(),
            value,
            label: None,
            remark: None,
            generated: bytes.is_empty(),
            hidden: false,
            filter: None,
        });
    }
}

fn info(name: &str, title: &str, explanation: &str) -> FieldInfo {
    FieldInfo { name: name.to_owned(), title: title.to_owned(), explanation: explanation.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_found_where_it_ends() {
        assert_eq!(ends_in(b"OUT\r\nVER 1\r\n", b"VER 1\r\n"), Some((5..12, 0)));
        assert_eq!(ends_in(b"world OUT", b"hello world"), Some((0..5, 6)));
        assert_eq!(ends_in(b"abc", b""), None);
        assert_eq!(ends_in(b"abc", b"xyz"), None);
        assert_eq!(find(b"", b""), None);
        assert_eq!((find(b"aabaaab", b"aaab"), find(b"aab", b"aabb"), find(b"abab", b"")), (Some(3), None, None));
        assert_eq!(ends_in(b"abababx", b"xxababab"), Some((0..6, 2)));
        assert_eq!(ends_in(b"aa", b"ba"), Some((0..1, 1)));
    }

    /// Looked for byte by byte at each place, these would take minutes.
    #[test]
    fn bytes_that_nearly_match_everywhere_take_no_longer() {
        let packet = vec![b'a'; 1 << 18];
        let command = [vec![b'a'; 1 << 24], b"b".to_vec()].concat();
        assert_eq!(ends_in(&packet, &command), None);
        assert_eq!(find(&command, &[vec![b'a'; 1 << 17], b"c".to_vec()].concat()), None);
        assert_eq!(find(&command, &[vec![b'a'; 1 << 17], b"b".to_vec()].concat()), Some((1 << 24) - (1 << 17)));
    }
}
