//! Wire bytes that are nearly right: commands, documents, invitations and frames, each with a fault or two.

use std::path::Path;
use std::sync::LazyLock;

use base64::Engine as _;
use msnp_dissector::msnp;
use proptest::prelude::*;
use proptest::sample::{Index, select};

/// One real command of every shape: the golden PDUs of the workspace.
pub static COMMANDS: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/pdus");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files = files.filter(|path| path.extension().is_some_and(|e| e == "msnp")).collect::<Vec<_>>();
    files.sort();
    assert!(files.len() > 150, "only {} commands", files.len());
    files.iter().map(|file| std::fs::read(file).unwrap()).collect()
});

/// Bytes that show themselves as text when a law is broken.
#[derive(Clone)]
pub struct Wire(pub Vec<u8>);

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

pub fn wire() -> impl Strategy<Value = Wire> {
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
pub fn frame() -> impl Strategy<Value = Vec<u8>> {
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
