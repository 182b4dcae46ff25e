//! Laws of dissection, for arbitrary bytes and for real commands gone wrong: it never panics, its tree is a tree that
//! accounts for every byte, and how much is recorded changes nothing of what is found.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test that cannot go on must fail")]

use base64::Engine as _;
use msnp_dissector::msnp::framing::Sync;
use msnp_dissector::msnp::{
    self, Connection, Context, Dialect, Dialogue, Direction, Dissection, Fate, Framed, Framer, Misfit, Offer, Pdu,
    PduKind, Progress, Request, Server, Verb, framing,
};
use msnp_dissector::tree::{Catalogue, Dissected, FieldId, Item, Kind, Recording, Span, Value, render};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use std::path::Path;
use std::sync::LazyLock;

/// One real command of every shape: the golden PDUs of the workspace.
static COMMANDS: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/pdus");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files = files.filter(|path| path.extension().is_some_and(|e| e == "msnp")).collect::<Vec<_>>();
    files.sort();
    assert!(files.len() > 150, "only {} commands", files.len());
    files.iter().map(|file| std::fs::read(file).unwrap()).collect()
});

/// Bytes that show themselves as text when a law is broken.
#[derive(Clone)]
struct Wire(Vec<u8>);

impl std::fmt::Debug for Wire {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "b\"{}\"", self.0.escape_ascii())
    }
}

/// What goes wrong with a command.
#[derive(Debug, Clone)]
enum Fault {
    Set(Index, u8),
    Remove(Index, usize),
    Insert(Index, Vec<u8>),
    Cut(Index),
}

/// Pieces at which a reader may stumble.
const STUMBLING: &[&str] = &[
    " ",
    "  ",
    "\r\n",
    "\n",
    "%",
    "%ff",
    "=",
    ",",
    ":",
    ";",
    "<",
    ">",
    "&",
    "&#x41;",
    "\\0",
    "@",
    "OK",
    "0",
    "\0",
    "é",
    "4294967296",
    "99999999999999999999",
    "N=",
    "F= C=",
    "{",
    "}",
    "{0}",
    "N=a@b",
    "\r\n\r\n",
    "ID: 1\r\n",
];

fn fault() -> impl Strategy<Value = Fault> {
    let more = prop_oneof![
        select(STUMBLING).prop_map(|text| text.as_bytes().to_vec()),
        proptest::collection::vec(any::<u8>(), 1..8),
    ];
    prop_oneof![
        (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Fault::Set(at, byte)),
        (any::<Index>(), 1..20usize).prop_map(|(at, count)| Fault::Remove(at, count)),
        (any::<Index>(), more).prop_map(|(at, bytes)| Fault::Insert(at, bytes)),
        any::<Index>().prop_map(Fault::Cut),
    ]
}

fn spoilt(mut bytes: Vec<u8>, faults: &[Fault]) -> Vec<u8> {
    for fault in faults {
        let length = bytes.len();
        let place = |at: &Index| at.index(length + 1);
        match fault {
            Fault::Set(at, byte) => {
                if let Some(slot) = bytes.get_mut(place(at)) {
                    *slot = *byte;
                }
            }
            Fault::Remove(at, count) => drop(bytes.drain(place(at)..(place(at) + count).min(length))),
            Fault::Insert(at, more) => drop(bytes.splice(place(at)..place(at), more.iter().copied())),
            Fault::Cut(at) => bytes.truncate(place(at)),
        }
    }
    bytes
}

fn command() -> impl Strategy<Value = Vec<u8>> {
    (any::<Index>(), proptest::collection::vec(fault(), 0..4))
        .prop_map(|(which, faults)| spoilt(which.get(&COMMANDS).clone(), &faults))
}

/// Words that belong somewhere.
const WORDS: &[&str] = &[
    "0",
    "1",
    "7",
    "FL",
    "NLN",
    "OK",
    "bob@example.com",
    "1:bob@example.com",
    "a%20b",
    "N=x@y",
    "C=",
    "F=%",
    "MFN",
    "",
    "0b6c5d1e-77aa-4e1b-8a10-2c9f0e4d3b21",
    "3,4,",
    "A",
    "MSNP8",
    "CKI",
    "<a>",
    "12:34",
    "{0}",
    "SB",
    "I",
    "TWN",
];

/// A verb that exists, with words that belong elsewhere.
fn misused() -> impl Strategy<Value = Vec<u8>> {
    let word = prop_oneof![select(WORDS).prop_map(str::to_owned), "[ -~]{0,6}"];
    let words = proptest::collection::vec(word, 0..9);
    (any::<Index>(), words, "[<>/a-zA-Z&;\\\\0\r\n: ]{0,30}").prop_map(|(verb, words, payload)| {
        let verb = String::from_utf8_lossy(verb.get(msnp::verb::VERBS).code).into_owned();
        format!("{verb} {}\r\n{payload}", words.join(" ")).into_bytes()
    })
}

/// Lines that announce an XML document; the payload’s length stands in for `#`.
const XML_LINES: &[&str] = &[
    "UBX bob@example.com #",
    "UUX 8 #",
    "ADL 0 #",
    "RML 6 #",
    "FQY 13 #",
    "GCF 0 #",
    "NOT #",
    "IPG #",
    "PAG 16 bob@example.com #",
    "PGD 17 tel:+15551234567 1 #",
    "UBN bob@example.com 1 #",
    "241 12 #",
];

/// Names of the documents, and some of none.
const XML_NAMES: &[&str] = &[
    "Data",
    "PSM",
    "CurrentMedia",
    "MachineGuid",
    "DDP",
    "Scene",
    "ColorScheme",
    "EndpointData",
    "Capabilities",
    "PrivateEndpointData",
    "EpName",
    "Idle",
    "ClientType",
    "State",
    "ml",
    "d",
    "c",
    "t",
    "s",
    "NOTIFICATION",
    "TO",
    "VIA",
    "FROM",
    "MSG",
    "ACTION",
    "SUBSCR",
    "CAT",
    "BODY",
    "TEXT",
    "PHONE",
    "LOC",
    "NUM",
    "Policies",
    "Policy",
    "config",
    "shield",
    "cli",
    "block",
    "regexp",
    "imtext",
    "SNM",
    "NotificationData",
    "a",
    "é",
    "x:y",
];

const XML_ATTRIBUTES: &[&str] = &[
    "id", "n", "l", "t", "f", "actual", "ver", "siteid", "siteurl", "pid", "name", "email", "agent", "pri", "url",
    "lang", "icon", "type", "checksum", "maj", "minbld", "deny", "value", "opcode", "csid", "enc", "epid", "x",
];

const XML_TEXTS: &[&str] = &[
    "",
    " ",
    "hi",
    "1 < 2",
    "R&B",
    "&amp;",
    "&#x7B;",
    "&lt;a b=&quot;1&quot;>x&lt;/a>",
    "\\0Music\\01\\0{0}\\0a",
    "&#x5C;0Music&#x5C;01",
    "-3",
    "4294967296",
    "2788999228:48",
    "Zm90b1wuZXhl",
    "=?utf-8?B?Qm9i?=",
    "true",
    "NLN",
    "<![CDATA[x]]>",
    "<![CDATA[",
    "<!-- c -->",
    "<!--",
    "<?xml version=\"1.0\"?>",
    "<!DOCTYPE x [<!ENTITY a \"b\">]>",
    "<",
    "</",
    "<a",
    "&lt;NotificationData>",
    "0x00060000:0x81ee5a43",
    "tel:+15551234567",
    "{c0ffee00}",
];

/// Documents that are nearly right: elements inside one another, some of them not closed, or closed in the wrong order.
fn document() -> impl Strategy<Value = String> {
    let attribute = (select(XML_ATTRIBUTES), select(XML_TEXTS), select(vec!["\"", "'", ""]))
        .prop_map(|(name, value, quote)| format!(" {name}={quote}{value}{quote}"));
    let start =
        (select(XML_NAMES), proptest::collection::vec(attribute, 0..4), select(vec![">", ">", ">", "/>", " /> ", ""]))
            .prop_map(|(name, attributes, end)| format!("<{name}{}{end}", attributes.concat()));
    let piece = prop_oneof![
        4 => start,
        2 => select(XML_TEXTS).prop_map(str::to_owned),
        3 => select(XML_NAMES).prop_map(|name| format!("</{name}>")),
        1 => select(STUMBLING).prop_map(str::to_owned),
    ];
    let nested = piece.prop_recursive(6, 40, 6, |inner| {
        let attributes = proptest::collection::vec((select(XML_ATTRIBUTES), select(XML_TEXTS)), 0..3);
        (select(XML_NAMES), attributes, proptest::collection::vec(inner, 0..6)).prop_map(|(name, attributes, inner)| {
            let attributes = attributes.iter().map(|(n, v)| format!(" {n}=\"{v}\"")).collect::<String>();
            format!("<{name}{attributes}>{}</{name}>", inner.concat())
        })
    });
    proptest::collection::vec(nested, 0..4).prop_map(|pieces| pieces.concat())
}

fn xml() -> impl Strategy<Value = Vec<u8>> {
    (select(XML_LINES), document(), proptest::collection::vec(fault(), 0..3)).prop_map(|(line, document, faults)| {
        let payload = spoilt(document.into_bytes(), &faults);
        let line = line.replace('#', &payload.len().to_string());
        [line.as_bytes(), b"\r\n", &payload].concat()
    })
}

/// Lines that announce an MSNSLP message; the payload’s length stands in for `#`.
const SLP_LINES: &[&str] =
    &["UBN bob@example.com 3 #", "UUN 8 bob@example.com 3 #", "UBN bob@example.com 10 #", "SDG 0 #"];

const SLP_STARTS: &[&str] = &[
    "INVITE MSNMSGR:bob@example.com;{c0ffee00} MSNSLP/1.0",
    "BYE MSNMSGR:bob@example.com MSNSLP/1.0",
    "ACK MSNMSGR:bob@example.com MSNSLP/1.0",
    "MSNSLP/1.0 200 OK",
    "MSNSLP/1.0 603",
    "MSNSLP/1.0 x",
    "INVITE ",
];

const SLP_NAMES: &[&str] = &[
    "To",
    "From",
    "Via",
    "CSeq",
    "Call-ID",
    "Max-Forwards",
    "Content-Type",
    "Content-Length",
    "On-Behalf",
    "X",
    "EUF-GUID",
    "SessionID",
    "AppID",
    "RequestFlags",
    "Context",
    "Bridges",
    "Bridge",
    "NetID",
    "Conn-Type",
    "Nonce",
    "Listening",
    "IPv4External-Addrs",
    "IPv4External-Port",
    "IPv6AddrsAndPorts",
    "srddA-lanretnI4vPI",
    "troP-lanretnI4vPI",
    "stroPdnAsrddAlanretnI4vPI",
    "DIUG-FUE",
    "txetnoC",
    "ServerAddress",
    "SessionPassword",
];

const SLP_VALUES: &[&str] = &[
    "",
    " ",
    "<msnmsgr:bob@example.com;{c0ffee00}>",
    "<msnmsgr:",
    "MSNSLP/1.0/TLP ;branch={A}; x",
    "0 ",
    "18446744073709551615",
    "-1",
    "application/x-msnmsgr-sessionreqbody",
    "application/x-msnmsgr-sessionclosebody",
    "{A4268EEC-FEC5-49E5-95C3-F126696BDBF6}",
    "{5D3E02AB-6190-11D3-BBBB-00C04F795683}",
    "{4BD96FC0-AB17-4425-A14A-439185962DC8}",
    "{6A13AF9C-5308-4F35-923A-67E8DDA40C2F}",
    "{534142D5-1F2A-431F-A60C-B0CF723FDF7D}",
    "dAMAgQ==",
    "MTIzNA==",
    "PG1zbm9iaiBDcmVhdG9yPSJiIiBTaXplPSIxIi8+AA==",
    "MQA7ADEAOwBhAAAA",
    "AQAAgPwA",
    "TCPv1  SBBridge",
    "192.0.2.10 198.51.100.4",
    "192.0.2.10:80 ::1#5 [::1]:6 a:b:1",
    "true",
    "{00000000-0000-0000-0000-000000000000}",
    "é\u{301}:",
];

/// A message by which a session is agreed on, with a context that may be the structure of a file, of any length.
fn slp() -> impl Strategy<Value = Vec<u8>> {
    let end = || select(vec!["\r\n", "\r\n", "\r\n", "\n", "\r\n\r\n", ""]);
    let line = (select(SLP_NAMES), select(vec![": ", ":", ":  "]), select(SLP_VALUES), end())
        .prop_map(|(name, colon, value, end)| format!("{name}{colon}{value}{end}").into_bytes());
    let context = (proptest::collection::vec(any::<u8>(), 0..40), 0..700usize, any::<bool>()).prop_map(
        |(start, length, picture)| {
            let mut bytes = start;
            bytes.resize(length, 0);
            if picture {
                bytes.extend(b"\x89PNG\r\n\x1a\nx");
            }
            let wire = base64::engine::general_purpose::STANDARD.encode(bytes);
            format!("EUF-GUID: {{5D3E02AB-6190-11D3-BBBB-00C04F795683}}\r\nContext: {wire}\r\n").into_bytes()
        },
    );
    let lines = proptest::collection::vec(prop_oneof![8 => line, 1 => context], 0..14);
    let tail = select(vec!["\0", "", "\0\0", "\0tail"]);
    (select(SLP_LINES), select(SLP_STARTS), lines, tail, proptest::collection::vec(fault(), 0..3)).prop_map(
        |(line, start, lines, tail, faults)| {
            let message = [start.as_bytes(), b"\r\n", &lines.concat(), tail.as_bytes()].concat();
            let message = spoilt(message, &faults);
            let routing = match line.starts_with("SDG") {
                true => &b"Routing: 1.0\r\n\r\nMessaging: 2.0\r\nMessage-Type: Signal/P2P\r\n\r\n"[..],
                false => b"",
            };
            let length = routing.len() + message.len();
            let line = line.replace('#', &length.to_string());
            [line.as_bytes(), b"\r\n", routing, &message].concat()
        },
    )
}

fn wire() -> impl Strategy<Value = Wire> {
    let bytes = prop_oneof![
        6 => command(),
        4 => xml(),
        3 => slp(),
        3 => misused(),
        1 => proptest::collection::vec(any::<u8>(), 0..300),
    ];
    bytes.prop_map(Wire)
}

/// Frames of direct connections and blocks of old file transfers, nearly right.
fn frame() -> impl Strategy<Value = Vec<u8>> {
    let numbers = (select(vec![0u32, 64, 1_462_771]), any::<u32>(), 0u64..5000, 0u64..5000, 0u32..40);
    let flags = select(vec![0u32, 1, 2, 4, 8, 0x20, 0x30, 0x40, 0x80, 0x100, 0x0100_0030, 0xffff_ffff]);
    let one = (numbers, flags, any::<[u8; 16]>()).prop_map(|((session, id, offset, total, length), flags, acks)| {
        let words = [session.to_le_bytes(), id.to_le_bytes()].concat();
        let sizes = [offset.to_le_bytes(), total.to_le_bytes()].concat();
        [words, sizes, length.to_le_bytes().to_vec(), flags.to_le_bytes().to_vec(), acks.to_vec()].concat()
    });
    let two = (select(vec![8u8, 16, 24, 28, 3, 255]), 0u8..5, 0u16..60, any::<[u8; 36]>(), select(vec![8u8, 20, 5]))
        .prop_map(|(length, operation, message, mut rest, data)| {
            if let Some(slot) = rest.get_mut(usize::from(length).saturating_sub(4)) {
                *slot = data;
            }
            [&[length, operation][..], &message.to_be_bytes(), &rest].concat()
        });
    let head = prop_oneof![
        one,
        two,
        Just(b"foo\0".to_vec()),
        any::<[u8; 16]>().prop_map(|nonce| nonce.to_vec()),
        Just(Vec::new()),
        Just(b"\x18\0\x40\x01\xf0\0\x01\0\x03\0\0\0ML20abcdefgh".to_vec()),
        Just(b"\x02\0\0\x1c\0\x03\0\x08".to_vec()),
        Just(b"INVITE MSNMSGR:a@b MSNSLP/1.0\r\n\r\n\0".to_vec()),
    ];
    let lines = select(vec![
        "VER MSNFTP\r\n",
        "USR bob@example.org 33267\r\n",
        "FIL 11\r\n",
        "TFR\r\n",
        "BYE 1\n",
        "\0\u{b}\0ab",
    ]);
    let data = proptest::collection::vec(any::<u8>(), 0..40);
    let framed = (head, data).prop_map(|(head, data)| {
        let length = u32::try_from(head.len() + data.len()).unwrap_or(0);
        [&length.to_le_bytes()[..], &head, &data].concat()
    });
    let bytes = prop_oneof![4 => framed, 1 => lines.prop_map(|line| line.as_bytes().to_vec())];
    (bytes, proptest::collection::vec(fault(), 0..3)).prop_map(|(bytes, faults)| spoilt(bytes, &faults))
}

fn direction() -> impl Strategy<Value = Direction> {
    select(vec![Direction::ToServer, Direction::ToClient, Direction::Unknown])
}

fn context() -> impl Strategy<Value = Context> {
    let server = select(vec![Server::Dispatch, Server::Notification, Server::Switchboard, Server::Unknown]);
    let dialect = proptest::option::of((0..30u8).prop_map(Dialect));
    let request = (any::<u32>(), any::<[u8; 3]>()).prop_map(|(pdu, verb)| Request { pdu, verb: Verb(verb) });
    let past = (proptest::option::of(request), misfit(), proptest::collection::vec((0..40u8).prop_map(Dialect), 0..4));
    (direction(), server, dialect, past, any::<bool>(), proptest::option::of(progress())).prop_map(
        |(direction, server, dialect, (answers, misfit, offered), after_gap, progress)| {
            let offer = Offer::of(&offered);
            Context { direction, server, dialect, answers, misfit, offer, after_gap, progress, ..Context::default() }
        },
    )
}

fn progress() -> impl Strategy<Value = Progress> {
    let fate = select(vec![Fate::Joins, Fate::Repeats, Fate::Strays, Fate::TooLong]);
    (proptest::option::of(any::<u32>()), any::<u32>(), fate, any::<u32>())
        .prop_map(|(total, came, fate, let_go)| Progress { total, came, fate, let_go })
}

fn misfit() -> impl Strategy<Value = Misfit> {
    prop_oneof![
        Just(Misfit::None),
        Just(Misfit::NoRequest),
        any::<[u8; 3]>().prop_map(|verb| Misfit::OtherRequest(Verb(verb))),
        any::<[u8; 3]>().prop_map(|verb| Misfit::Repeated(Verb(verb))),
        any::<u32>().prop_map(Misfit::Late),
    ]
}

fn field_ids() -> Vec<FieldId> {
    msnp_dissector::fields().map(FieldId::new).collect()
}

/// The bytes that a span lies in.
fn source_of<'t>(tree: &'t Dissected, bytes: &'t [u8], span: Span) -> &'t [u8] {
    match usize::from(span.source) {
        0 => bytes,
        derived => &tree.sources[derived - 1].bytes,
    }
}

/// A number that stands in bytes, in either order, not in digits.
fn is_binary(number: u64, covered: &[u8]) -> bool {
    let mut bytes = covered.to_vec();
    bytes.resize(8, 0);
    let little = bytes.try_into().map(u64::from_le_bytes);
    let big = covered.iter().try_fold(0u64, |sum, byte| sum.checked_mul(256)?.checked_add(u64::from(*byte)));
    matches!(covered.len(), 1 | 2 | 4 | 8) && (little == Ok(number) || big == Some(number))
}

/// The value is of its field's kind; data is what the span holds, and so is a decimal number, unless it is but some of
/// its bits, or stands there in binary.
fn value_fits(item: &Item, covered: &[u8]) -> bool {
    let written = std::str::from_utf8(covered).ok().and_then(|digits| digits.parse::<u64>().ok());
    match (&item.value, item.field.field().kind) {
        (Value::None, Kind::Group) | (Value::Text(_), Kind::Text) => true,
        (Value::Bytes(data), Kind::Bytes) => item.generated || data == covered,
        (Value::Uint(number), kind @ (Kind::Uint32(_) | Kind::Uint64(_))) => {
            let narrow = matches!(kind, Kind::Uint64(_)) || u32::try_from(*number).is_ok();
            narrow
                && (item.generated
                    || item.mask.is_some()
                    || written.is_none_or(|written| written == *number)
                    || is_binary(*number, covered))
        }
        _ => false,
    }
}

/// Bits are what their mask leaves of the number above them, lie where it does, and are told once.
fn bits_fit(item: &Item, mask: u64, parent: Option<&&Item>, told: u64) -> bool {
    let Some(Item { span, value: Value::Uint(number), .. }) = parent else { return false };
    let Value::Uint(bits) = item.value else { return false };
    let (masked, shift) = (number & mask, mask.trailing_zeros());
    mask & told == 0 && *span == item.span && (bits == masked || bits == masked >> shift)
}

/// Children lie inside their parents, in order, and do not overlap, except the bits of a number; every value is of its
/// field's kind.
fn is_a_tree(tree: &Dissected, bytes: &[u8]) -> Result<(), TestCaseError> {
    let mut above: Vec<&Item> = Vec::new();
    // By depth: the last item there, while its parent lasts.
    let mut before: Vec<(Span, u64)> = Vec::new();
    for item in &tree.items {
        let (depth, span) = (usize::from(item.depth), item.span);
        prop_assert!(depth <= above.len(), "{:?} has no parent", item);
        above.truncate(depth);
        before.truncate(depth + 1);
        let covered = source_of(tree, bytes, span).get(span.start as usize..span.end as usize);
        prop_assert!(covered.is_some_and(|covered| value_fits(item, covered)), "{:?} covers {:?}", item, covered);
        if let Some(parent) = above.last().filter(|parent| parent.span.source == span.source) {
            let inside = parent.span.start <= span.start && span.end <= parent.span.end;
            prop_assert!(inside, "{:?} is outside {:?}", item, parent);
        }
        let (sibling, told) = before.get(depth).copied().unwrap_or_default();
        if let Some(mask) = item.mask {
            prop_assert!(mask != 0 && bits_fit(item, mask, above.last(), told), "{:?} is no part of its number", item);
        } else if sibling.source == span.source && !item.generated {
            prop_assert!(sibling.end <= span.start, "{:?} overlaps the one before", item);
        }
        before.truncate(depth);
        before.push((span, told | item.mask.unwrap_or(0)));
        above.push(item);
    }
    for expert in &tree.experts {
        prop_assert!(expert.span.end as usize <= source_of(tree, bytes, expert.span).len(), "{:?}", expert);
    }
    Ok(())
}

/// Every byte is in exactly one leaf, or is structure. (What holds structure is no leaf: a group of blank lines. Bits are
/// no leaves: the number is.)
fn every_byte_is_accounted_for(tree: &Dissected, bytes: &[u8]) -> Result<(), TestCaseError> {
    source_is_accounted_for(tree, bytes, 0)?;
    for (source, number) in tree.sources.iter().zip(1..) {
        source_is_accounted_for(tree, &source.bytes, number)?;
    }
    Ok(())
}

fn source_is_accounted_for(tree: &Dissected, bytes: &[u8], source: u16) -> Result<(), TestCaseError> {
    let range = |span: Span| span.start as usize..span.end as usize;
    let mut structure = vec![0u8; bytes.len()];
    for span in tree.structure.iter().filter(|span| span.source == source) {
        structure[range(*span)].iter_mut().for_each(|n| *n += 1);
    }
    let mut times = structure.clone();
    let on_the_wire = |item: &Item| item.span.source == source && !item.generated && item.mask.is_none();
    for (index, item) in tree.items.iter().enumerate().filter(|(_, item)| on_the_wire(item)) {
        let mut children = tree.items[index + 1..].iter().take_while(|next| next.depth > item.depth);
        let has_parts = children.any(on_the_wire);
        if !has_parts && structure[range(item.span)].iter().all(|n| *n == 0) {
            times[range(item.span)].iter_mut().for_each(|n| *n += 1);
        }
    }
    let odd = times.iter().position(|n| *n != 1);
    prop_assert!(odd.is_none(), "byte {:?} of source {} is told {:?} times", odd, source, odd.map(|at| times[at]));
    Ok(())
}

fn obeys(pdu: &Pdu<'_>, context: &Context, some: &[FieldId]) -> Result<(), TestCaseError> {
    let all = msnp::dissect(pdu, context, Recording::Everything);
    is_a_tree(&all.tree, pdu.bytes)?;
    every_byte_is_accounted_for(&all.tree, pdu.bytes)?;

    let none = msnp::dissect(pdu, context, Recording::Nothing);
    prop_assert_eq!(&none.message, &all.message);
    prop_assert_eq!(&none.tree.experts, &all.tree.experts);
    prop_assert!(none.tree.items.is_empty());

    let few = msnp::dissect(pdu, context, Recording::Only(some));
    let asked_for = all.tree.items.iter().filter(|item| some.contains(&item.field)).cloned().collect::<Vec<_>>();
    prop_assert_eq!(&few.message, &all.message);
    prop_assert_eq!(&few.tree.experts, &all.tree.experts);
    prop_assert_eq!(&few.tree.items, &asked_for);

    is_told(pdu, context, &all)
}

/// The text forms exist: one line for each item and expert, and a sentence.
fn is_told(pdu: &Pdu<'_>, context: &Context, all: &Dissection<'_>) -> Result<(), TestCaseError> {
    let catalogue = Catalogue::english();
    let text = render(&all.tree, pdu.bytes, &catalogue);
    prop_assert_eq!(text.split_terminator('\n').count(), all.tree.items.len() + all.tree.experts.len());
    prop_assert!(!msnp::info(pdu, context, all, &catalogue).contains(['\r', '\n']));
    prop_assert!(!msnp::sentence(pdu, context, all, &catalogue).is_empty());
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_pdu_obeys_the_laws(
        wire in wire(),
        context in context(),
        some in proptest::sample::subsequence(field_ids(), 0..40),
        stray in proptest::option::weighted(0.1, select(vec![PduKind::Skipped, PduKind::PayloadRest, PduKind::Unfinished, PduKind::Beside])),
    ) {
        let Wire(bytes) = wire;
        let line = bytes.iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |at| at + 1);
        let pdu = match stray {
            Some(kind) => Pdu::stray(&bytes, kind),
            None => Pdu::command(&bytes, line, context.direction),
        };
        obeys(&pdu, &context, &some)?;
    }

    #[test]
    fn any_frame_between_programs_obeys_the_laws(
        bytes in frame(),
        context in context(),
        dialogue in select(vec![Dialogue::Direct, Dialogue::FileTransfer { blocks: false }, Dialogue::FileTransfer { blocks: true }]),
        some in proptest::sample::subsequence(field_ids(), 0..40),
    ) {
        let head = dialogue.head(&bytes).unwrap_or(bytes.len());
        obeys(&dialogue.pdu(&bytes, head, context.direction), &context, &some)?;
    }

    #[test]
    fn frames_do_not_depend_on_how_they_come(
        frames in proptest::collection::vec(frame(), 0..6),
        cuts in proptest::collection::vec(any::<Index>(), 0..6),
        dialogue in select(vec![Dialogue::Direct, Dialogue::FileTransfer { blocks: false }, Dialogue::Relay, Dialogue::Webcam]),
        sync in select(vec![Sync::Kept, Sync::Lost]),
    ) {
        let bytes = frames.concat();
        let told = |pieces: &[&[u8]]| {
            let mut framer = Framer::speaking(dialogue, Direction::ToServer, sync);
            let mut out = Vec::new();
            let mut sink = |framed: Framed<'_, ()>| out.push((framed.pdu.kind, framed.pdu.bytes.to_vec()));
            for piece in pieces {
                framer.push(piece, (), &mut sink);
            }
            framer.finish(&mut sink);
            out
        };
        let mut at = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect::<Vec<_>>();
        at.sort_unstable();
        at.push(bytes.len());
        let mut from = 0;
        let pieces = at.into_iter().map(|to| &bytes[std::mem::replace(&mut from, to)..to]).collect::<Vec<_>>();
        let whole = told(&[&bytes]);
        prop_assert_eq!(&whole, &told(&pieces));
        let kept = whole.iter().flat_map(|(_, bytes)| bytes.iter().copied()).collect::<Vec<_>>();
        prop_assert_eq!(kept, bytes, "no byte is lost");
    }

    #[test]
    fn any_stream_obeys_the_laws(
        commands in proptest::collection::vec(wire(), 0..6),
        direction in direction(),
        lost: bool,
        gap in proptest::option::of((any::<Index>(), 0..2000u64)),
    ) {
        let stream = commands.into_iter().flat_map(|Wire(bytes)| bytes).collect::<Vec<_>>();
        let sync = if lost { Sync::Lost } else { Sync::Kept };
        let (mut framer, mut connection) = (Framer::new(direction, sync), Connection::new());
        let (mut verdict, mut number) = (Ok(()), 0);
        let mut sink = |framed: Framed<'_, ()>| {
            let context = connection.context_for(&framed.pdu, direction);
            number += 1;
            let completes = connection.observe(number, &framed.pdu, &context);
            if verdict.is_ok() {
                verdict = obeys(&framed.pdu.completing(completes.as_ref()), &context, &[]);
            }
        };
        let cut = gap.as_ref().map_or(0, |(at, _)| at.index(stream.len() + 1));
        framer.push(&stream[..cut], (), &mut sink);
        if let Some((_, length)) = gap {
            framer.gap(length, &mut sink);
        }
        framer.push(&stream[cut..], (), &mut sink);
        framer.finish(&mut sink);
        verdict?;
    }
}

/// A framer that looked at all it holds with each piece would take minutes here.
#[test]
fn tiny_pieces_cost_no_more_than_their_bytes() {
    let stray = b"a\n".repeat(2 * framing::LINE_CEILING);
    let endless = vec![b'A'; 4 * framing::LINE_CEILING];
    let payload = [b"MSG bob@example.com Bob 300000\r\n".to_vec(), vec![b'x'; 300_000]].concat();
    for (stream, sync) in [(stray, Sync::Lost), (endless, Sync::Kept), (payload, Sync::Kept)] {
        let started = std::time::Instant::now();
        let mut framer = Framer::new(Direction::ToClient, sync);
        let mut told = 0;
        for (index, byte) in stream.iter().enumerate() {
            framer.push(&[*byte], index, &mut |framed| told += framed.pdu.bytes.len());
        }
        assert_eq!(told, stream.len());
        assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
    }
}

/// Documents that are long and odd. A reader that looked again at what it has seen would take minutes here, one without
/// ceilings would give a million items.
#[test]
fn a_long_document_costs_no_more_than_its_bytes() {
    const LENGTH: usize = 300_000;
    let repeated = |piece: &str| piece.repeat(LENGTH / piece.len());
    let documents = [
        repeated("<"),
        repeated("<a"),
        repeated("<a>"),
        repeated("<a/>"),
        repeated("</a>"),
        repeated("<a></b>"),
        repeated("<!--"),
        repeated("<![CDATA["),
        repeated("&"),
        repeated("&amp;"),
        repeated("\\0"),
        repeated("a<"),
        repeated("<a b=\""),
        repeated("<Data><PSM>a</PSM></Data>"),
        format!("<a {}/>", repeated("b=\"c\" ")),
        format!("<Data><PSM>{}", repeated("<")),
        format!("<Data><CurrentMedia>{}", repeated("a\\0")),
        repeated("<Data><CurrentMedia>\\0Music\\01\\0{0}{1}\\0a\\0b</CurrentMedia></Data>"),
        repeated("<EndpointData id=\"1\"><Capabilities>4294967295:4294967295</Capabilities></EndpointData>"),
        format!("<ml><d n=\"x\">{}", repeated("<c n=\"b\" l=\"31\"/>")),
        format!("<circle><roster>{}", repeated("<user><id>1:b@c;via=9:d;{e}</id></user>")),
        format!("<Data><DDP>&lt;msnobj {}/&gt;</DDP>", repeated("a=&quot;1&quot; ")),
        format!("<NOTIFICATION><MSG><BODY>{}", repeated("&lt;a&gt;")),
    ];
    for document in documents {
        let verb = match document.as_bytes() {
            [b'<', b'm' | b'c', ..] => "ADL 0",
            [b'<', b'N', ..] => "NOT",
            _ => "UBX bob@example.com",
        };
        let line = format!("{verb} {}\r\n", document.len());
        let bytes = [line.as_bytes(), document.as_bytes()].concat();
        let pdu = Pdu::command(&bytes, line.len(), Direction::ToClient);
        let shown = &document[..document.len().min(60)];
        let started = std::time::Instant::now();
        let all = msnp::dissect(&pdu, &Context::default(), Recording::Everything);
        assert!(started.elapsed().as_secs() < 20, "{shown}: {:?}", started.elapsed());
        is_a_tree(&all.tree, &bytes).unwrap();
        every_byte_is_accounted_for(&all.tree, &bytes).unwrap_or_else(|fault| panic!("{shown}: {fault}"));
        let none = msnp::dissect(&pdu, &Context::default(), Recording::Nothing);
        assert_eq!(none.message, all.message, "{shown}");
    }
}
