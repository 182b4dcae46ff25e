//! tshark's answer: PDML, an XML form of its trees, read back into the form in which both answers are compared.
//!
//! PDML says where a field lies by `pos` and `size`, in the packet or in the bytes put together by TCP, and what it says
//! by `show` (as text) and `value` (its bytes, hexadecimal). Experts are fields named `_ws.expert` below what they are on.
//! Whether a field is generated PDML does not say.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::collections::BTreeMap;

use crate::library::{Field, Odd, Pdu, Start};

/// An element with its attributes and what is in it.
#[derive(Debug, Default)]
struct Node {
    attributes: BTreeMap<String, String>,
    children: Vec<Node>,
}

/// The PDUs in a PDML document, in order.
pub fn pdus(document: &str) -> Vec<Pdu> {
    let root = tree(document);
    let packets = root.children.iter().flat_map(|pdml| &pdml.children);
    packets.flat_map(|packet| packet.children.iter().map(move |proto| (packet, proto))).filter_map(pdu).collect()
}

fn pdu((packet, proto): (&Node, &Node)) -> Option<Pdu> {
    if proto.get("name") != "msnp" {
        return None;
    }
    let frame = packet.children.iter().find(|proto| proto.get("name") == "frame");
    let number = frame?.children.iter().find(|field| field.get("name") == "frame.number")?.number("show");
    let mut found = Found { base: proto.number("pos"), fields: Vec::new(), experts: Vec::new() };
    found.walk(proto, 0);
    found.experts.sort();
    Some(Pdu {
        frame: number as u64,
        length: proto.number("size"),
        title: proto.get("showname").trim_start_matches("MSN Messenger Protocol, ").to_owned(),
        fields: found.fields,
        experts: found.experts,
    })
}

/// A TCP segment of a packet: the innermost, if there are several.
#[derive(Debug)]
pub struct Segment {
    /// The packet.
    pub frame: u64,
    /// Number of the connection, and the port that it comes from.
    pub way: (usize, usize),
    /// Bytes of payload.
    pub length: usize,
}

/// The TCP segments in a PDML document, in order.
pub fn segments(document: &str) -> Vec<Segment> {
    let root = tree(document);
    let packets = root.children.iter().flat_map(|pdml| &pdml.children);
    packets.filter_map(segment).collect()
}

fn segment(packet: &Node) -> Option<Segment> {
    let number = |proto: &Node, name: &str| {
        proto.children.iter().find(|field| field.get("name") == name).map(|field| field.number("show"))
    };
    let [frame, tcp] = ["frame", "tcp"].map(|name| packet.children.iter().rfind(|proto| proto.get("name") == name));
    let (frame, tcp) = (number(frame?, "frame.number")?, tcp?);
    let way = (number(tcp, "tcp.stream")?, number(tcp, "tcp.srcport")?);
    Some(Segment { frame: frame as u64, way, length: number(tcp, "tcp.len")? })
}

struct Found {
    base: usize,
    fields: Vec<Field>,
    experts: Vec<Odd>,
}

impl Found {
    fn walk(&mut self, parent: &Node, depth: usize) {
        for node in &parent.children {
            match node.get("name") {
                "_ws.expert" => self.expert(node, parent, depth),
                // Wireshark's own hidden mark beside an expert of the group Malformed.
                "_ws.malformed" => {}
                name if name.starts_with("msnp.") => {
                    self.fields.push(self.field(node, parent, name, depth));
                    self.walk(node, depth + 1);
                }
                other => panic!("a field {other:?} below {:?}", parent.get("name")),
            }
        }
    }

    fn field(&self, node: &Node, parent: &Node, name: &str, depth: usize) -> Field {
        Field {
            name: name.to_owned(),
            depth,
            start: Start::Shown { position: node.number("pos"), pdu: self.base, above: parent.number("pos") },
            length: node.number("size"),
            value: unescaped(node.get("show")),
            note: node.get("showname").to_owned(),
        }
    }

    fn expert(&mut self, node: &Node, parent: &Node, depth: usize) {
        let one = |wanted: &str| node.children.iter().find(|field| field.get("name") == wanted);
        let id = node.children.iter().map(|field| field.get("name")).find(|name| name.starts_with("msnp."));
        let on = if depth == 0 { "" } else { parent.get("name") };
        self.experts.push(Odd {
            name: id.expect("an expert says which it is").to_owned(),
            severity: match one("_ws.expert.severity").map(|field| field.get("show")) {
                Some("2097152") => "chat",
                Some("4194304") => "note",
                Some("6291456") => "warn",
                Some("8388608") => "error",
                other => panic!("severity {other:?}"),
            },
            text: one("_ws.expert.message").map(|field| unescaped(field.get("show"))).unwrap_or_default(),
            on: on.to_owned(),
            start: parent.number("pos").saturating_sub(self.base),
            length: parent.number("size"),
        });
    }
}

impl Node {
    fn get(&self, name: &str) -> &str {
        self.attributes.get(name).map_or("", String::as_str)
    }

    fn number(&self, name: &str) -> usize {
        self.get(name).parse().unwrap_or_else(|_| panic!("{name} of {:?}", self.attributes))
    }
}

/// Control characters stand in PDML as `\x` and a hexadecimal number of one or two digits: `\xd`, `\xa`.
pub fn unescaped(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\\x") {
        out.push_str(before);
        let digits = after.chars().take_while(char::is_ascii_hexdigit).take(2).count();
        match u8::from_str_radix(&after[..digits], 16) {
            Ok(control) if control < 0x20 || control == 0x7f => {
                out.push(char::from(control));
                rest = &after[digits..];
            }
            _ => {
                out.push_str("\\x");
                rest = after;
            }
        }
    }
    out + rest
}

fn tree(document: &str) -> Node {
    let mut reader = Reader::from_str(document);
    let mut open = vec![Node::default()];
    loop {
        match reader.read_event().expect("tshark writes sound XML") {
            Event::Start(start) => open.push(node(&start)),
            Event::Empty(start) => open.last_mut().unwrap().children.push(node(&start)),
            Event::End(_) => {
                let closed = open.pop().unwrap();
                open.last_mut().unwrap().children.push(closed);
            }
            Event::Eof => break,
            _ => {}
        }
    }
    open.pop().unwrap()
}

fn node(start: &BytesStart<'_>) -> Node {
    let attributes = start.attributes().map(|attribute| {
        let attribute = attribute.expect("tshark writes sound XML");
        let value = quick_xml::escape::unescape(&attribute.value).expect("tshark writes sound XML").into_owned();
        (attribute.key.as_ref().to_owned(), value)
    });
    Node { attributes: attributes.collect(), children: Vec::new() }
}
