//! Where packets stand in a PDU, before they are read: as messages in a chat room, datagrams, direct connections, relays and
//! UDP carry them.

use std::ops::Range;

use super::packet::Wrapping;
use super::{Version, turn, udp};
use crate::msnp::payload::datagram;
use crate::msnp::payload::header::{header, line_end_at};
use crate::msnp::{Pdu, PduKind, verb};

/// The type of messages that carry packets.
pub const TYPE: &[u8] = b"application/x-msnmsgrp2p";

/// The packets of a PDU.
pub(super) struct Carried<'a> {
    /// Between whom.
    pub ends: Ends<'a>,
    /// In their order.
    pub packets: Vec<Bare<'a>>,
}

/// A packet that is not read yet.
pub(super) struct Bare<'a> {
    /// All its bytes.
    pub bytes: &'a [u8],
    /// Where it begins in the PDU.
    pub start: usize,
    /// What carries it.
    pub wrapping: Wrapping,
}

/// Who to whom, as what is around a packet says; empty where nothing does.
#[derive(Default)]
pub(super) struct Ends<'a> {
    /// Who the line of the command names.
    sender: &'a [u8],
    to: &'a [u8],
    from: &'a [u8],
}

impl Ends<'_> {
    /// All of it, the same however it is written.
    pub fn together(&self) -> Vec<u8> {
        [self.sender, self.to, self.from].join(&b' ').to_ascii_lowercase()
    }
}

/// What packets a PDU carries; `None` when it is of another kind.
pub(super) fn carried<'a>(pdu: &Pdu<'a>) -> Option<Carried<'a>> {
    let payload = pdu.payload();
    let bare = |place: Range<usize>, version, footer| {
        let wrapping = Wrapping { version, footer, cut: pdu.missing() > 0 && place.end == payload.len() };
        Some(Bare { bytes: payload.get(place.clone())?, start: pdu.line + place.start, wrapping })
    };
    match (pdu.kind, pdu.verb()) {
        (PduKind::Command, Some(verb::MSG)) => {
            let Around { to, from, body } = around(payload)?;
            let version = Version::of_addresses(to, from);
            let sender = pdu.words().nth(1).filter(|word| word.contains(&b'@')).unwrap_or_default();
            let ends = Ends { sender, to, from: from.unwrap_or_default() };
            Some(Carried { ends, packets: vec![bare(body..payload.len(), Some(version), true)?] })
        }
        (PduKind::Command, Some(verb::SDG)) => {
            let datagram::Packed { to, from, places } = datagram::packed(payload)?;
            let packets = places.into_iter().filter_map(|place| bare(place, None, true));
            Some(Carried { ends: Ends { sender: b"", to, from }, packets: packets.collect() })
        }
        (PduKind::Direct, _) => {
            Some(Carried { ends: Ends::default(), packets: vec![bare(0..payload.len(), None, false)?] })
        }
        (PduKind::Relay, _) => {
            let packets = turn::packets(pdu.bytes).into_iter().filter_map(|place| bare(place, None, false));
            Some(Carried { ends: Ends::default(), packets: packets.collect() })
        }
        (PduKind::Udp, _) => {
            let packets = udp::packets(pdu).into_iter().filter_map(|place| bare(place, None, false));
            Some(Carried { ends: Ends::default(), packets: packets.collect() })
        }
        _ => None,
    }
}

/// What stands around a packet in a message.
struct Around<'a> {
    to: &'a [u8],
    from: Option<&'a [u8]>,
    body: usize,
}

/// The addresses in the headers, and where the body begins; `None` when the body is no packet.
fn around(payload: &[u8]) -> Option<Around<'_>> {
    let mut around = Around { to: b"", from: None, body: 0 };
    let mut carries = false;
    loop {
        let rest = payload.get(around.body..)?;
        if let Some(end) = line_end_at(rest) {
            around.body += end;
            return carries.then_some(around);
        }
        let end = memchr::memchr(b'\n', rest)? + 1;
        // Most lines begin with another letter than what is looked for here.
        let found = matches!(rest.first(), Some(b'C' | b'c' | b'P' | b'p')).then(|| header(rest)).flatten();
        if let Some(found) = found {
            let value = found.value.trim_ascii();
            if found.is("Content-Type") {
                carries = value.get(..TYPE.len()).is_some_and(|start| start.eq_ignore_ascii_case(TYPE));
                if !carries {
                    return None;
                }
            } else if found.is("P2P-Dest") {
                around.to = value;
            } else if found.is("P2P-Src") {
                around.from = Some(value);
            }
        }
        around.body += end;
    }
}
