//! MSNSLP: the words by which two programs agree on a transfer, and what they contain.

use super::{Direct, Over, Person, Running, Side, Transfer, Way, What};
use crate::scenario::random::Random;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha1::{Digest, Sha1};

/// Objects: pictures and emoticons.
const OBJECT: &str = "{A4268EEC-FEC5-49E5-95C3-F126696BDBF6}";
/// Files.
const FILE: &str = "{5D3E02AB-6190-11D3-BBBB-00C04F795683}";

/// Names of a call, and what lets the two recognise each other.
#[derive(Debug)]
pub(super) struct Names {
    call: String,
    /// Branches of the invitation, of the way's negotiation and of the end.
    branches: [String; 3],
    way: Way,
    /// Who connects says the first of these, who listens the second; the same two times when they are told plainly.
    nonces: [[u8; 16]; 2],
}

/// What a message of the dialogue is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Said {
    /// The invitation.
    Invite,
    /// Its answer: 200, 603, 500.
    Answer(u16),
    /// Ways for the data.
    Ways,
    /// One of them.
    WayChosen,
    /// The end.
    Bye,
}

impl Names {
    pub fn new(random: &mut Random, way: Way, place: usize) -> Self {
        let mut guid = |kind: u32| {
            let (a, b) = (random.word(), random.word());
            format!("{{{a:08X}-5EED-4{kind:03X}-8{place:03X}-{b:08X}5EED}}")
        };
        let (call, branches) = (guid(0), [guid(1), guid(2), guid(3)]);
        let mut nonce = || {
            let mut bytes = Vec::new();
            random.fill(&mut bytes, 16);
            bytes.try_into().unwrap_or_default()
        };
        let nonces = [nonce(), nonce()];
        Self { call, branches, way, nonces }
    }

    /// What a side of the direct connection says: first who connects, then who listens.
    pub fn nonces(&self, direct: &Direct) -> [[u8; 16]; 2] {
        let [one, other] = self.nonces;
        if direct.hashed { [one, other] } else { [other, other] }
    }
}

/// The text of a message from one to the other.
pub(super) fn text(said: Said, running: &Running<'_>, from: &Person, to: &Person) -> Vec<u8> {
    let names = &running.names;
    let [invite, ways, bye] = &names.branches;
    let address = |person: &Person| match names.way {
        Way::Two => format!("{};{}", person.account, person.device),
        Way::One | Way::Old => person.account.clone(),
    };
    let (from, to) = (address(from), address(to));
    let request = |method: &str| format!("{method} MSNMSGR:{to} MSNSLP/1.0");
    let words = |code: u16| match code {
        200 => "OK",
        603 => "Decline",
        _ => "Internal Error",
    };
    let (start, branch, turn, kind) = match said {
        Said::Invite => (request("INVITE"), invite, 0, "application/x-msnmsgr-sessionreqbody"),
        // Programs differ in what they say to what they do not know.
        Said::Answer(500) => {
            let kind = if running.is_object() { "null" } else { "application/x-msnmsgr-session-failure-respbody" };
            (format!("MSNSLP/1.0 500 {}", words(500)), invite, 1, kind)
        }
        Said::Answer(code) => {
            (format!("MSNSLP/1.0 {code} {}", words(code)), invite, 1, "application/x-msnmsgr-sessionreqbody")
        }
        Said::Ways => (request("INVITE"), ways, 0, "application/x-msnmsgr-transreqbody"),
        Said::WayChosen => ("MSNSLP/1.0 200 OK".to_owned(), ways, 1, "application/x-msnmsgr-transrespbody"),
        Said::Bye => (request("BYE"), bye, 0, "application/x-msnmsgr-sessionclosebody"),
    };
    let body = body(said, running);
    let length = body.len() + 3;
    let call = &names.call;
    format!(
        "{start}\r\nTo: <msnmsgr:{to}>\r\nFrom: <msnmsgr:{from}>\r\nVia: MSNSLP/1.0/TLP ;branch={branch}\r\n\
         CSeq: {turn} \r\nCall-ID: {call}\r\nMax-Forwards: 0\r\nContent-Type: {kind}\r\n\
         Content-Length: {length}\r\n\r\n{body}\r\n\0"
    )
    .into_bytes()
}

fn body(said: Said, running: &Running<'_>) -> String {
    let Running { transfer, session, names, .. } = running;
    let direct = transfer.direct.as_ref();
    let hashed = |at: usize| {
        let nonce = names.nonces.get(at).copied().unwrap_or_default();
        format!("Hashed-Nonce: {}\r\n", guid(&hash(&nonce)))
    };
    match said {
        Said::Invite => {
            let (application, number, flags) = match transfer.what {
                What::Picture => (OBJECT, 12, 18),
                What::Emoticon => (OBJECT, 11, 18),
                What::File => (FILE, 2, 16),
            };
            let flags = match names.way {
                Way::Two => format!("RequestFlags: {flags}\r\n"),
                Way::One | Way::Old => String::new(),
            };
            let context = context(running);
            format!(
                "EUF-GUID: {application}\r\nSessionID: {session}\r\nAppID: {number}\r\n{flags}Context: {context}\r\n"
            )
        }
        Said::Answer(500) if running.is_object() => String::new(),
        Said::Answer(_) => format!("SessionID: {session}\r\n"),
        Said::Ways => {
            let nonce = if direct.is_some_and(|direct| direct.hashed) { hashed(0) } else { String::new() };
            format!(
                "Bridges: TRUDPv1 TCPv1\r\nNetID: 0\r\nConn-Type: Direct-Connect\r\nUPnPNat: false\r\nICF: false\r\n{nonce}"
            )
        }
        Said::WayChosen => {
            let Some(Direct { address, port, hashed: hides, over, .. }) = direct else { return String::new() };
            let bridge = match over {
                Over::Tcp => "TCPv1",
                Over::Udp => "TRUDPv1",
                // Nobody listens: both connect to the relay.
                Over::Turn => return "Bridge: TURNv1\r\nListening: false\r\n".to_owned(),
            };
            let [_, listener] = &names.nonces;
            let nonce = if *hides { hashed(1) } else { format!("Nonce: {}\r\n", guid(listener)) };
            format!(
                "Bridge: {bridge}\r\nListening: true\r\n{nonce}IPv4Internal-Addrs: {address}\r\nIPv4Internal-Port: {port}\r\n"
            )
        }
        Said::Bye => String::new(),
    }
}

fn context(running: &Running<'_>) -> String {
    let Running { transfer, data, size, .. } = running;
    match transfer.what {
        What::File => {
            let preview = transfer.preview.map(|drawing| drawing.png());
            STANDARD.encode(file_context(&transfer.name, *size, preview.as_deref()))
        }
        What::Picture | What::Emoticon => STANDARD.encode(format!("{}\0", object(transfer, *size, data, running))),
    }
}

/// The description of an object, with the hashes of its bytes and of itself.
fn object(transfer: &Transfer, size: u64, data: &[u8], running: &Running<'_>) -> String {
    let kind = if transfer.what == What::Emoticon { 2 } else { 3 };
    let creator = &running.owner;
    let name = &transfer.name;
    let friendly = "AAA=";
    let of_bytes = STANDARD.encode(Sha1::digest(data));
    let said = format!("Creator{creator}Size{size}Type{kind}Location{name}Friendly{friendly}SHA1D{of_bytes}");
    let of_words = STANDARD.encode(Sha1::digest(said.as_bytes()));
    format!(
        "<msnobj Creator=\"{creator}\" Size=\"{size}\" Type=\"{kind}\" Location=\"{name}\" Friendly=\"{friendly}\" \
         SHA1D=\"{of_bytes}\" SHA1C=\"{of_words}\"/>"
    )
}

/// The structure that describes a file: version 2, 574 bytes, little endian, and perhaps a preview behind it.
#[must_use]
pub fn file_context(name: &str, size: u64, preview: Option<&[u8]>) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(574);
    bytes.extend_from_slice(&574_u32.to_le_bytes());
    bytes.extend_from_slice(&2_u32.to_le_bytes());
    bytes.extend_from_slice(&size.to_le_bytes());
    bytes.extend_from_slice(&u32::from(preview.is_none()).to_le_bytes());
    for unit in name.encode_utf16().take(259) {
        bytes.extend_from_slice(&unit.to_le_bytes());
    }
    bytes.resize(570, 0);
    bytes.extend_from_slice(&[0xff; 4]);
    bytes.extend_from_slice(preview.unwrap_or_default());
    bytes
}

/// The first 16 bytes of the nonce's SHA-1.
fn hash(nonce: &[u8; 16]) -> [u8; 16] {
    let digest = Sha1::digest(nonce);
    digest.get(..16).and_then(|first| first.try_into().ok()).unwrap_or_default()
}

/// 16 bytes as a GUID: the first three fields little endian.
fn guid(bytes: &[u8; 16]) -> String {
    let [a, b, c, d, e, f, g, h, i, j, rest @ ..] = *bytes;
    let rest = rest.iter().fold(String::new(), |text, byte| text + &format!("{byte:02X}"));
    let (one, two) = (u32::from_le_bytes([a, b, c, d]), u16::from_le_bytes([e, f]));
    format!("{{{one:08X}-{two:04X}-{:04X}-{i:02X}{j:02X}-{rest}}}", u16::from_le_bytes([g, h]))
}

/// The headers around a packet in the room, from one to the other.
pub(super) fn around(way: Way, from: &Person, to: &Person) -> String {
    let kind = "MIME-Version: 1.0\r\nContent-Type: application/x-msnmsgrp2p\r\n";
    match way {
        Way::Two => {
            format!("{kind}P2P-Dest: {};{}\r\nP2P-Src: {};{}\r\n\r\n", to.account, to.device, from.account, from.device)
        }
        Way::One | Way::Old => format!("{kind}P2P-Dest: {}\r\n\r\n", to.account),
    }
}

/// The headers around a packet of so many bytes, footer and all, in a datagram from one to the other.
pub(super) fn around_datagram(from: &Person, to: &Person, length: usize) -> String {
    let address = |person: &Person| format!("1:{};epid={}", person.account, person.device);
    let (from, to) = (address(from), address(to));
    format!(
        "Routing: 1.0\r\nTo: {to}\r\nFrom: {from}\r\n\r\nReliability: 1.0\r\n\r\n\
         Messaging: 2.0\r\nMessage-Type: Data\r\nContent-Type: application/x-msnmsgrp2p\r\n\
         Content-Transfer-Encoding: binary\r\nPipe: 1\r\nBridging-Offsets: 0\r\nContent-Length: {length}\r\n\r\n"
    )
}

/// Who connects when the data are to have a connection of their own: who invited, for the other side listens.
pub(super) fn connector(running: &Running<'_>) -> Side {
    running.inviter()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Vector V26 of the reference.
    #[test]
    fn nonces_are_hashed() {
        let wire = [0x37, 0x29, 0x2d, 0x12, 0x86, 0x5c, 0x7b, 0x4c, 0x81, 0xf5, 0x0e, 0x05, 0x01, 0x78, 0x80, 0xc2];
        assert_eq!(guid(&hash(&wire)), "{2B95F56D-9CA0-9A64-82CE-ADC1F3C55845}");
        assert_eq!(guid(&wire), "{122D2937-5C86-4C7B-81F5-0E05017880C2}");
    }
}
