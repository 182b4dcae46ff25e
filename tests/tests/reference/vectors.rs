//! The worked vectors: each block of bytes is read, and says what stands beside it.

use msnp_dissector::msnp::p2p::slp;
use msnp_dissector::msnp::{self, Context, Dialogue, Direction};
use msnp_dissector::tree::{Catalogue, Dissected, Item, Recording, Scribe, Value, render, value_text};
use sha1::{Digest as _, Sha1};

use crate::documents::{blocks, hex, reference};

/// What the document says about a vector.
fn section<'d>(vectors: &'d str, name: &str) -> &'d str {
    vectors.split("\n## ").find(|section| section.starts_with(name)).unwrap()
}

/// The text of a message in the old format: behind the header of 48 bytes, before the footer of 4.
fn text_of(packet: &[u8]) -> &[u8] {
    &packet[48..packet.len() - 4]
}

/// Every text by which a session is agreed on is read to its last field, and nothing is odd about it.
#[test]
fn every_slp_text_of_the_vectors_is_understood() {
    let Some(vectors) = reference("vectors.md") else { return };
    let packet = |name: &str| blocks(section(&vectors, name)).remove(0);
    let whole = packet("V16");
    let start = whole.windows(7).position(|bytes| bytes == b"INVITE ").unwrap();
    let offer = [text_of(&packet("V01")), text_of(&packet("V02"))].concat();
    let messages = [
        (offer, 1274),
        (text_of(&packet("V04")).to_vec(), 331),
        (text_of(&packet("V12")).to_vec(), 326),
        (whole[start..whole.len() - 4].to_vec(), 730),
    ];
    for (message, length) in messages {
        assert_eq!(message.len(), length);
        let mut scribe = Scribe::new(&message, Recording::Everything);
        let slp = slp::slp(&mut scribe);
        let tree = scribe.finish();
        let shown = render(&tree, &message, &Catalogue::english());
        let unknown = ["msnp.slp.line", "msnp.slp.trailer", "msnp.slp.context.data", "msnp.slp.file.unknown"];
        assert!(
            tree.experts.is_empty() && !tree.items.iter().any(|item| unknown.contains(&item.field.name())),
            "{shown}"
        );
        assert!(slp.call_id.is_some() && slp.to.is_some() && slp.start != slp::Start::Unknown, "{shown}");
    }
}

/// The columns of the tables of packets, and the fields that tell the same.
const COLUMNS: &[(&str, &str)] = &[
    ("SessionID", "msnp.p2p.session_id"),
    ("Identifier", "msnp.p2p.identifier"),
    ("Offset", "msnp.p2p.offset"),
    ("TotalSize", "msnp.p2p.total_size"),
    ("ChunkLen", "msnp.p2p.chunk_length"),
    ("Flags", "msnp.p2p.flags"),
    ("AckID", "msnp.p2p.ack_id"),
    ("AckUID", "msnp.p2p.ack_uid"),
    ("AckSize", "msnp.p2p.ack_size"),
    ("HL", "msnp.p2p.header_length"),
    ("Op", "msnp.p2p.operation"),
    ("ML", "msnp.p2p.message_length"),
    ("Seq", "msnp.p2p.sequence"),
    ("DHL", "msnp.p2p.data_header_length"),
    ("TF", "msnp.p2p.data_type"),
    ("Package", "msnp.p2p.package"),
    ("Footer", "msnp.p2p.footer"),
];

/// Every packet of a table has the values of the table, the TLVs of the table, and as many bytes of data.
#[test]
fn every_packet_of_the_vectors_is_read_as_its_table_says() {
    let Some(vectors) = reference("vectors.md") else { return };
    let (mut packets, mut values, mut hashes, mut faults) = (0, 0, 0, Vec::new());
    for section in vectors.split("\n## ").skip(1) {
        let name = section.lines().next().unwrap();
        for (text, block, row) in rows(section) {
            let packet = Packet::new(name, &text, block, &row);
            packets += 1;
            if let Some(hash) = &packet.stated_hash {
                hashes += 1;
                assert_eq!(
                    Sha1::digest(&packet.body)[..],
                    hash[..],
                    "{name}: the body was not put together as it was meant"
                );
            }
            let tree = packet.tree();
            let mut expect = |what: &str, stated: Vec<u64>, told: Vec<u64>| {
                values += stated.len();
                if stated != told {
                    faults.push(format!("{name}: {what} is {stated:?} in the table, but {told:?} is told"));
                }
            };
            for (column, field) in COLUMNS {
                if let Some(cell) = row.cell(column) {
                    expect(column, vec![number(cell)], numbers(&tree, field));
                }
            }
            for (field, stated) in row.extras() {
                expect(field, stated, numbers(&tree, field));
            }
            if let Some(data) = row.cell("Data bytes").or(row.cell("ChunkLen")) {
                expect("data", vec![number(data)], vec![packet.data_told(&tree)]);
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(packets >= 30 && values >= 250 && hashes == 6, "{packets} packets, {values} values, {hashes} hashes");
}

/// A row of a table, with its headlines.
struct Row {
    cells: Vec<(String, String)>,
}

impl Row {
    fn cell(&self, column: &str) -> Option<&str> {
        self.cells.iter().find(|(headline, _)| headline == column).map(|(_, cell)| cell.as_str())
    }

    /// What the TLVs are said to be, by the fields that tell it: `T=2 L=4 ACK 0xd3b794cf; T=1 L=12 peer info 00 02 …`.
    fn extras(&self) -> Vec<(&'static str, Vec<u64>)> {
        let (mut types, mut lengths, mut others) = (Vec::new(), Vec::new(), Vec::new());
        let cells = [self.cell("TLVs"), self.cell("Data TLVs")].into_iter().flatten().filter(|cell| *cell != "-");
        for tlv in cells.flat_map(|cell| cell.split("; ")) {
            let words = tlv.split(' ').collect::<Vec<_>>();
            types.push(number(words[0].strip_prefix("T=").unwrap()));
            lengths.push(number(words[1].strip_prefix("L=").unwrap()));
            match words[2..] {
                ["ACK", value] => others.push(("msnp.p2p.ack_sequence", vec![number(value)])),
                ["NAK", value] => others.push(("msnp.p2p.nak_sequence", vec![number(value)])),
                ["peer", "info", ..] => {
                    let bytes = hex(&words[4..].join(" "));
                    let word = |at: usize| u64::from(u16::from_le_bytes([bytes[at], bytes[at + 1]]));
                    others.push(("msnp.p2p.peer.protocol", vec![word(0)]));
                    others.push(("msnp.p2p.peer.implementation", vec![word(2)]));
                    others.push(("msnp.p2p.peer.version", vec![word(4)]));
                    others.push(("msnp.p2p.peer.reserved", vec![word(6)]));
                    others.push(("msnp.p2p.peer.capabilities", vec![word(8) | word(10) << 16]));
                }
                [remaining] => {
                    others.push(("msnp.p2p.remaining", vec![number(remaining.strip_prefix("remaining=").unwrap())]));
                }
                _ => panic!("a TLV of an unknown form: {tlv}"),
            }
        }
        if !types.is_empty() {
            others.extend([("msnp.p2p.tlv.type", types), ("msnp.p2p.tlv.length", lengths)]);
        }
        others
    }
}

/// The tables of packets in a section: the words between the last one and this, the block before it, and its row.
fn rows(section: &str) -> Vec<(String, Vec<u8>, Row)> {
    let mut found = Vec::new();
    let mut rest = section;
    while let Some(at) = ["\n| SessionID |", "\n| HL |"].iter().filter_map(|head| rest.find(head)).min() {
        let (before, table) = (&rest[..at], &rest[at + 1..]);
        let lines = table.lines().collect::<Vec<_>>();
        let cells =
            |line: &str| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
        let cells = cells(lines[0]).into_iter().zip(cells(lines[2])).collect();
        found.push((before.to_owned(), blocks(before).pop().unwrap(), Row { cells }));
        rest = &table[lines[..3].iter().map(|line| line.len() + 1).sum::<usize>()..];
    }
    found
}

/// `12648430 (0x00c0ffee)`, `0x03 SYN+RAK`, `1202`.
fn number(cell: &str) -> u64 {
    let word = cell.split(' ').next().unwrap();
    match word.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16).unwrap(),
        None => word.parse().unwrap_or_else(|_| panic!("no number: {cell}")),
    }
}

/// The values of a field, in order.
fn numbers(tree: &Dissected, field: &str) -> Vec<u64> {
    let values = tree.items.iter().filter(|item| item.field.name() == field);
    values.map(|item| if let Value::Uint(number) = item.value { number } else { panic!("{field}: {item:?}") }).collect()
}

/// A packet, whole.
struct Packet {
    /// The packet without what is around it.
    body: Vec<u8>,
    /// What is around it, up to it.
    before: Vec<u8>,
    dialogue: Dialogue,
    /// Where its data begin.
    head: usize,
    stated_hash: Option<Vec<u8>>,
}

impl Packet {
    /// Where a block ends with its headers, the words say which bytes of the object follow; where they say none, what follows
    /// does not matter, and is zeros.
    fn new(name: &str, text: &str, block: Vec<u8>, row: &Row) -> Packet {
        let direct = name.contains("Direct connection");
        let (before, mut body) = match block.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
            _ if direct => (block[..4].to_vec(), block[4..].to_vec()),
            Some(end) if block.starts_with(b"MSG ") => (block[..end + 4].to_vec(), block[end + 4..].to_vec()),
            _ => (Vec::new(), block),
        };
        let number = |column: &str| row.cell(column).map_or(0, |cell| usize::try_from(number(cell)).unwrap());
        let head = if row.cell("HL").is_some() { number("HL") + number("DHL") } else { 48 };
        let data = number("Data bytes") + number("ChunkLen");
        if body.len() < head + data {
            body.truncate(head);
            body.extend(object(text).unwrap_or_else(|| vec![0; data]));
            // The footer is of the other order of bytes than a header of version 1.
            body.extend_from_slice(
                &u32::try_from(number("Footer")).unwrap().to_be_bytes()[..if direct { 0 } else { 4 }],
            );
        }
        let stated = text.split("SHA-1 of the whole body `").nth(1).map(|rest| rest.split('`').next().unwrap());
        let pairs = |digits: &str| {
            digits.as_bytes().chunks(2).map(|pair| format!("{} ", pair.escape_ascii())).collect::<String>()
        };
        let stated_hash = stated.map(|digits| hex(&pairs(digits)));
        let dialogue = if direct { Dialogue::Direct } else { Dialogue::Service };
        let before = match before.is_empty() {
            false => before,
            true => {
                let device = if row.cell("HL").is_some() { ";{7edf9d24-7e98-4720-9f05-74c3abaa0770}" } else { "" };
                let around = format!(
                    "MIME-Version: 1.0\r\nContent-Type: application/x-msnmsgrp2p\r\nP2P-Dest: ann@example.org{device}\r\n\r\n"
                );
                format!("MSG bob@example.org Bob {}\r\n{around}", around.len() + body.len()).into_bytes()
            }
        };
        Packet { body, before, dialogue, head, stated_hash }
    }

    fn tree(&self) -> Dissected {
        let bytes = [&self.before[..], &self.body].concat();
        let direction = if self.before.starts_with(b"MSG 591 ") { Direction::ToServer } else { Direction::ToClient };
        tree(self.dialogue, &bytes, direction)
    }

    /// How many bytes lie under items between the headers and the footer.
    fn data_told(&self, tree: &Dissected) -> u64 {
        let start = u32::try_from(self.before.len() + self.head).unwrap();
        let is_data =
            |item: &&Item| item.span.source == 0 && item.span.start >= start && item.field.name() != "msnp.p2p.footer";
        tree.items.iter().filter(is_data).map(|item| u64::from(item.span.end - start)).max().unwrap_or(0)
    }
}

/// Bytes of the object of 3000 bytes that the vectors are about: `obj[1202..2404]`.
fn object(text: &str) -> Option<Vec<u8>> {
    let (from, to) = text.rsplit_once("`obj[")?.1.split_once(']')?.0.split_once("..")?;
    Some((from.parse().ok()?..to.parse::<usize>().ok()?).map(|place| (place * 7 + 3).to_le_bytes()[0]).collect())
}

/// Where the words beside a block state a value: vector, number of the block, what is spoken there, field, value.
#[rustfmt::skip]
const STATED: &[(&str, usize, Dialogue, &str, &str)] = &[
    ("V26", 3, Dialogue::Direct, "msnp.p2p.frame_length", "20"),
    ("V27", 0, Dialogue::Direct, "msnp.p2p.frame_length", "48"),
    ("V27", 0, Dialogue::Direct, "msnp.p2p.flags", "0x00000100"),
    ("V27", 0, Dialogue::Direct, "msnp.p2p.nonce", "{122D2937-5C86-4C7B-81F5-0E05017880C2}"),
    ("V29", 7, Dialogue::FileTransfer { blocks: false }, "msnp.ftp.code", "0x01000305"),
    ("V33", 1, Dialogue::Webcam, "msnp.webcam.header_size", "24"),
    ("V33", 1, Dialogue::Webcam, "msnp.webcam.pause", "0"),
    ("V33", 1, Dialogue::Webcam, "msnp.webcam.width", "320"),
    ("V33", 1, Dialogue::Webcam, "msnp.webcam.height", "240"),
    ("V33", 1, Dialogue::Webcam, "msnp.webcam.key_frame", "1"),
    ("V33", 1, Dialogue::Webcam, "msnp.webcam.length", "5"),
    ("V33", 1, Dialogue::Webcam, "msnp.webcam.coding", "ML20"),
    ("V33", 1, Dialogue::Webcam, "msnp.webcam.stream", "0x0badcafe"),
    ("V33", 1, Dialogue::Webcam, "msnp.webcam.time", "1234567"),
    ("V35", 2, Dialogue::Relay, "msnp.turn.frame_length", "28"),
    ("V35", 2, Dialogue::Relay, "msnp.turn.length", "8"),
    ("V35", 2, Dialogue::Relay, "msnp.turn.attribute.length", "4"),
    ("V35", 2, Dialogue::Relay, "msnp.turn.attribute.value", "72c64bc6"),
];

/// What stands in words beside a block is what is told of it.
#[test]
fn every_value_in_words_is_told() {
    let Some(vectors) = reference("vectors.md") else { return };
    for (name, number, dialogue, field, value) in STATED {
        let section = section(&vectors, name);
        // The words alone: what stands outside of the blocks.
        let words = section.split("```").step_by(2).collect::<String>().replace("72 c6 4b c6", "72c64bc6");
        assert!(words.contains(value), "{name} does not say {value}");
        let bytes = &blocks(section)[*number];
        let tree = tree(*dialogue, bytes, Direction::ToServer);
        let told = tree.items.iter().filter(|item| item.field.name() == *field).map(value_text).collect::<Vec<_>>();
        assert_eq!(told, [*value], "{name}, {field}");
    }
}

fn tree(dialogue: Dialogue, bytes: &[u8], direction: Direction) -> Dissected {
    let line = dialogue.head(bytes).unwrap_or(bytes.len());
    let pdu = dialogue.pdu(bytes, line, direction);
    msnp::dissect(&pdu, &Context { direction, ..Context::default() }, Recording::Everything).tree
}
