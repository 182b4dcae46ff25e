//! Bodies that agree on a way for the data: which ways there are, how a client can be reached, and how the two recognise
//! each other there.
//!
//! Source: protocol reference, SLP 5.2 and 6; transfers 5 and 8.

// Addresses as values: nothing here opens a socket.
use core::net::{Ipv4Addr, SocketAddr};

use super::address::{addresses as address_list, pairs as pair_list, words};
use super::line::{Reachable, Said};
use crate::msnp::payload::invitation;
use crate::msnp::token::{Coded, Word};
use crate::tree::{Base, FieldId, Kind, Scribe, TextId, fields, lossy, texts};

fields! {
    family 64;
    /// Ways for the data that the sender can use, best first.
    BRIDGES: Kind::Text => "msnp.slp.bridges", "Bridges";
    /// A way for the data: one that the asking program offers, or the one that the other side chooses.
    BRIDGE: Kind::Text => "msnp.slp.bridge", "Bridge";
    /// The sender’s address as others see it, IPv4, as a decimal number with its first part in the lowest byte; 0 is not known. Who has the same one is behind the same router.
    NET_ID: Kind::Text => "msnp.slp.net_id", "NetID", Personal;
    /// How the sender of this message is connected to the Internet: directly, behind a router of some kind, or behind a firewall.
    CONNECTION: Kind::Text => "msnp.slp.connection", "Conn-Type";
    /// How the sender is connected to the Internet for TCP.
    TCP_CONNECTION: Kind::Text => "msnp.slp.tcp_connection", "TCP-Conn-Type";
    /// Whether the sender’s router opens ports when asked: true or false.
    UPNP: Kind::Text => "msnp.slp.upnp", "UPnPNat";
    /// Whether the firewall of the sender’s Windows is on: true or false.
    FIREWALL: Kind::Text => "msnp.slp.icf", "ICF";
    /// Address of the sender in the new Internet protocol, or nothing where it has none; in bodies that agree on a way for the data.
    IPV6_GLOBAL: Kind::Text => "msnp.slp.ipv6_global", "IPv6-global", Personal;
    /// What both sides say first on a direct connection, a GUID; all zero when nobody listens.
    NONCE: Kind::Text => "msnp.slp.nonce", "Nonce", Secret;
    /// Hash of what the sender says first on a direct connection, a GUID: the first 16 bytes of the SHA-1 hash. From MSNP16 on.
    HASHED_NONCE: Kind::Text => "msnp.slp.hashed_nonce", "Hashed-Nonce";
    /// Whether the sender has opened a port and waits there: true or false.
    LISTENING: Kind::Text => "msnp.slp.listening", "Listening";
    /// Whether the sender wants to know from where the other side will connect: true or false.
    NEEDS_ADDRESS: Kind::Text => "msnp.slp.needs_address", "NeedConnectingEndpointInfo";
    /// IPv4 addresses of the sender as others see it, with blanks between them; they can be useless.
    EXTERNAL: Kind::Text => "msnp.slp.external", "IPv4External-Addrs", Personal;
    /// TCP port, below 65536, that goes with the addresses as seen from outside; the other side is to connect to it for
    /// the data.
    EXTERNAL_PORT: Kind::Uint32(Base::Dec) => "msnp.slp.external_port", "IPv4External-Port";
    /// IPv4 addresses of the sender behind its router, with blanks between them.
    INTERNAL: Kind::Text => "msnp.slp.internal", "IPv4Internal-Addrs", Personal;
    /// TCP port, below 65536, that goes with the addresses behind the router; the other side is to connect to it for
    /// the data.
    INTERNAL_PORT: Kind::Uint32(Base::Dec) => "msnp.slp.internal_port", "IPv4Internal-Port";
    /// IPv4 addresses of the sender as others see it, each with its port. In newer clients.
    EXTERNAL_PAIRS: Kind::Text => "msnp.slp.external_pairs", "IPv4ExternalAddrsAndPorts", Personal;
    /// IPv4 addresses of the sender behind its router, each with its port. In newer clients.
    INTERNAL_PAIRS: Kind::Text => "msnp.slp.internal_pairs", "IPv4InternalAddrsAndPorts", Personal;
    /// IPv6 addresses of the sender, with blanks between them.
    IPV6: Kind::Text => "msnp.slp.ipv6", "IPv6-Addrs", Personal;
    /// TCP port, below 65536, that goes with the addresses of version 6; the other side is to connect to it for the
    /// data.
    IPV6_PORT: Kind::Uint32(Base::Dec) => "msnp.slp.ipv6_port", "IPv6-Port";
    /// IPv6 addresses of the sender, each with its port behind a number sign. In newer clients.
    IPV6_PAIRS: Kind::Text => "msnp.slp.ipv6_pairs", "IPv6AddrsAndPorts", Personal;
    /// One of the addresses at which the sender can be reached, or what stands in its place.
    ADDRESS: Kind::Text => "msnp.slp.address", "Address", Personal;
    /// Number below 65536 behind an address: where a program can be connected to for the data of a session.
    PORT: Kind::Uint32(Base::Dec) => "msnp.slp.port", "Port";
    /// What step in finding a way this is. In newer clients.
    TRAVERSAL: Kind::Text => "msnp.slp.traversal", "Nat-Trav-Msg-Type";
    /// Address of the TURN server through which data can go; its port is 443.
    RELAY: Kind::Text => "msnp.slp.relay", "ServerAddress", Personal;
    /// Name with which the other side signs in to the TURN server.
    RELAY_USER: Kind::Text => "msnp.slp.relay_user", "SessionUsername", Personal;
    /// Password with which the other side signs in to the TURN server.
    RELAY_PASSWORD: Kind::Text => "msnp.slp.relay_password", "SessionPassword", Secret;
}

texts! {
    SWITCHBOARD = "bridge.SBBridge", "through the chat room";
    TCP = "bridge.TCPv1", "direct TCP connection";
    UDP = "bridge.TRUDPv1", "direct, by UDP";
    TURN = "bridge.TURNv1", "through a relay";
    IS_ADDRESS = "slp.net-id", "{0}";
    NOT_KNOWN = "slp.net-id.0", "not known";
    NOBODY_LISTENS = "slp.nonce.zero", "all zero: nobody listens";
    LISTENS = "slp.listening.true", "a port is open, the other side may connect";
    DOES_NOT_LISTEN = "slp.listening.false", "the sender cannot be connected to";
    REQUEST = "slp.traversal.request", "asks for a direct connection";
    RESPONSE = "slp.traversal.response", "answers";
    SWITCH = "slp.traversal.udp", "goes over to UDP";
    UPDATED = "slp.traversal.port", "the port has changed";
}

/// What a way for the data is.
pub(super) fn bridge(name: &[u8]) -> Option<TextId> {
    Some(match name {
        b"SBBridge" => SWITCHBOARD,
        b"TCPv1" => TCP,
        b"TRUDPv1" => UDP,
        b"TURNv1" => TURN,
        _ => return None,
    })
}

/// `bridges = *( bridge SP )`
pub(super) fn bridges(s: &mut Scribe<'_, '_>, field: FieldId, said: &mut Said) {
    let all = &mut said.slp.body.bridges;
    words(s, field, |s, name| {
        s.take(BRIDGE, name.len(), Coded(name, bridge(name)));
        all.push(lossy(name));
    });
}

/// `net-id = [ "-" ] 1*DIGIT`
pub(super) fn net_id(s: &mut Scribe<'_, '_>, field: FieldId, _: &mut Said) {
    let wire = s.rest();
    s.take(field, wire.len(), Word(wire));
    match address_of(wire) {
        Some(Ipv4Addr::UNSPECIFIED) => s.label(NOT_KNOWN),
        Some(address) => s.label(IS_ADDRESS.with([address.to_string().into()])),
        None => {}
    }
}

/// The address that a number of 32 bits stands for, with or without sign.
fn address_of(digits: &[u8]) -> Option<Ipv4Addr> {
    let number: i64 = std::str::from_utf8(digits).ok()?.parse().ok()?;
    let unsigned = u32::try_from(number).or_else(|_| i32::try_from(number).map(i32::cast_unsigned)).ok()?;
    Some(Ipv4Addr::from(unsigned.to_le_bytes()))
}

pub(super) fn connection(kind: &[u8]) -> Option<TextId> {
    invitation::connection(kind)
}

/// `nonce = GUID`
pub(super) fn nonce(s: &mut Scribe<'_, '_>, field: FieldId, _: &mut Said) {
    let wire = s.rest();
    s.take(field, wire.len(), Word(wire));
    if wire.contains(&b'0') && wire.iter().all(|byte| matches!(byte, b'0' | b'-' | b'{' | b'}')) {
        s.remark(NOBODY_LISTENS);
    }
}

pub(super) fn listening(word: &[u8]) -> Option<TextId> {
    Some(if truth(word)? { LISTENS } else { DOES_NOT_LISTEN })
}

pub(super) fn truth(word: &[u8]) -> Option<bool> {
    match word.to_ascii_lowercase().as_slice() {
        b"true" => Some(true),
        b"false" => Some(false),
        _ => None,
    }
}

pub(super) fn external(s: &mut Scribe<'_, '_>, field: FieldId, said: &mut Said) {
    address_list(s, field, &mut said.external.addresses);
}

pub(super) fn internal(s: &mut Scribe<'_, '_>, field: FieldId, said: &mut Said) {
    address_list(s, field, &mut said.internal.addresses);
}

pub(super) fn ipv6(s: &mut Scribe<'_, '_>, field: FieldId, said: &mut Said) {
    address_list(s, field, &mut said.sixth.addresses);
}

pub(super) fn pairs(s: &mut Scribe<'_, '_>, field: FieldId, said: &mut Said) {
    pair_list(s, field, &mut said.pairs);
}

pub(super) fn port(digits: &[u8]) -> Option<u16> {
    std::str::from_utf8(digits).ok()?.parse().ok()
}

pub(super) fn text(value: &[u8]) -> Option<String> {
    (!value.is_empty()).then(|| lossy(value))
}

pub(super) fn traversal(kind: &[u8]) -> Option<TextId> {
    Some(match kind.strip_prefix(b"WLX-Nat-Trav-Msg-")? {
        b"Direct-Connect-Req" => REQUEST,
        b"Direct-Connect-Resp" => RESPONSE,
        b"UDP-Switch" => SWITCH,
        b"Updated-Connecting-Port" => UPDATED,
        _ => return None,
    })
}

/// Puts together all addresses with their ports, each once.
pub(super) fn addresses(said: &mut Said) {
    let apart = [&said.external, &said.internal, &said.sixth].into_iter().flat_map(Reachable::sockets);
    let mut all: Vec<SocketAddr> = apart.chain(said.pairs.iter().copied()).collect();
    let mut seen = std::collections::HashSet::new();
    all.retain(|address| seen.insert(*address));
    said.slp.body.addresses = all;
}
