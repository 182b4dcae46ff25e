//! Bodies that open, answer and close sessions, and the one table of all names of bodies: some clients write fields of one
//! kind of body into another.
//!
//! Source: protocol reference, SLP 5.1; peer to peer 3.8.

use super::application::{app_id, application, meaning, request_flags};
use super::head::guid;
use super::line::{Form, Known, Said, no_number, nothing, unnamed};
use super::transport::{
    self, BRIDGE, BRIDGES, CONNECTION, EXTERNAL, EXTERNAL_PAIRS, EXTERNAL_PORT, FIREWALL, HASHED_NONCE, INTERNAL,
    INTERNAL_PAIRS, INTERNAL_PORT, IPV6, IPV6_GLOBAL, IPV6_PAIRS, IPV6_PORT, LISTENING, NEEDS_ADDRESS, NET_ID, NONCE,
    RELAY, RELAY_PASSWORD, RELAY_USER, TCP_CONNECTION, TRAVERSAL, UPNP,
};
use super::{Application, context};
use crate::msnp::payload::header::header;
use crate::msnp::token::long_number;
use crate::tree::{Base, FieldId, Kind, Scribe, Value, experts, fields, lossy, texts};

fields! {
    family 63;
    /// What the session is for, a GUID that names the application. The inviter’s program sends it in the INVITE that
    /// opens the session.
    EUF_GUID: Kind::Text => "msnp.slp.euf_guid", "EUF-GUID";
    /// Number of the session, at random from the inviter’s program; the binary headers of its data carry it.
    SESSION: Kind::Uint32(Base::Dec) => "msnp.slp.session", "SessionID";
    /// Number of the session, written with more than 32 bits: a client has extended the sign of one from 2147483648 on. The low 32 bits count.
    WIDE_SESSION: Kind::Uint64(Base::Dec) => "msnp.slp.session.wide", "SessionID as written";
    /// Number of the application, from the inviter’s program; the footer of packets in the old format repeats it. It
    /// alone does not tell what is sent.
    APP_ID: Kind::Uint32(Base::Dec) => "msnp.slp.app_id", "AppID" in super::application::APP_IDS;
    /// What kind of request this is: 16 for files, 18 for objects; some clients leave it out. From MSNP15 on.
    REQUEST_FLAGS: Kind::Uint32(Base::Dec) => "msnp.slp.request_flags", "RequestFlags" in super::application::REQUEST_FLAGS;
    /// A number that programs write as 0, always, and whose meaning is not documented.
    CHANNEL_STATE: Kind::Uint32(Base::Dec) => "msnp.slp.channel_state", "SChannelState";
    /// A number that programs write as 1, always, and whose meaning is not documented.
    CAPABILITIES: Kind::Uint32(Base::Dec) => "msnp.slp.capabilities", "Capabilities-Flags";
    /// Which of the sender’s devices has accepted, a GUID: in the BYE to the other ones. From MSNP16 on.
    ACCEPTED_BY: Kind::Text => "msnp.slp.accepted_by", "AcceptedBy", Personal;
    /// Which of the sender’s devices has declined, a GUID: in the BYE to the other ones. From MSNP16 on.
    DECLINED_BY: Kind::Text => "msnp.slp.declined_by", "DeclinedBy", Personal;
}

experts! {
    TOO_WIDE: Note, Protocol => "msnp.expert.slp-session", "expected a SessionID of at most 32 bits, found {0}: the low 32 bits, {1}, count";
}

texts! {
    LOW_BITS = "slp.session.low", "the low 32 bits";
}

/// All names of bodies; those that clients write backwards are among them.
#[rustfmt::skip]
pub(super) static KNOWN: &[Known] = &[
    Known("EUF-GUID",                   EUF_GUID,       Form::Coded(meaning),                nothing),
    Known("SessionID",                  SESSION,        Form::Read(session),                 nothing),
    Known("AppID",                      APP_ID,         Form::Number(app_id),                nothing),
    Known("RequestFlags",               REQUEST_FLAGS,  Form::Number(request_flags),         nothing),
    Known("Context",                    context::CONTEXT, Form::Read(context::context),      nothing),
    Known("SChannelState",              CHANNEL_STATE,  Form::Number(unnamed),               nothing),
    Known("Capabilities-Flags",         CAPABILITIES,   Form::Number(unnamed),               nothing),
    Known("AcceptedBy",                 ACCEPTED_BY,    Form::Word,                          |said, value| said.slp.body.accepted_by = guid(value)),
    Known("DeclinedBy",                 DECLINED_BY,    Form::Word,                          |said, value| said.slp.body.declined_by = guid(value)),
    Known("Bridges",                    BRIDGES,        Form::Read(transport::bridges),      nothing),
    Known("Bridge",                     BRIDGE,         Form::Coded(transport::bridge),      |said, value| said.slp.body.bridges.push(lossy(value))),
    Known("NetID",                      NET_ID,         Form::Read(transport::net_id),       nothing),
    Known("Conn-Type",                  CONNECTION,     Form::Coded(transport::connection),  nothing),
    Known("TCP-Conn-Type",              TCP_CONNECTION, Form::Coded(transport::connection),  nothing),
    Known("UPnPNat",                    UPNP,           Form::Word,                          nothing),
    Known("ICF",                        FIREWALL,       Form::Word,                          nothing),
    Known("IPv6-global",                IPV6_GLOBAL,    Form::Word,                          nothing),
    Known("Nonce",                      NONCE,          Form::Read(transport::nonce),        |said, value| said.slp.body.nonce = guid(value)),
    Known("Hashed-Nonce",               HASHED_NONCE,   Form::Word,                          |said, value| said.slp.body.hashed_nonce = guid(value)),
    Known("Listening",                  LISTENING,      Form::Coded(transport::listening),   |said, value| said.slp.body.listening = transport::truth(value)),
    Known("NeedConnectingEndpointInfo", NEEDS_ADDRESS,  Form::Word,                          nothing),
    Known("IPv4External-Addrs",         EXTERNAL,       Form::Read(transport::external),     nothing),
    Known("IPv4External-Port",          EXTERNAL_PORT,  Form::Number(unnamed),               |said, value| said.external.port = transport::port(value)),
    Known("IPv4Internal-Addrs",         INTERNAL,       Form::Read(transport::internal),     nothing),
    Known("IPv4Internal-Port",          INTERNAL_PORT,  Form::Number(unnamed),               |said, value| said.internal.port = transport::port(value)),
    Known("IPv4ExternalAddrsAndPorts",  EXTERNAL_PAIRS, Form::Read(transport::pairs),        nothing),
    Known("IPv4InternalAddrsAndPorts",  INTERNAL_PAIRS, Form::Read(transport::pairs),        nothing),
    Known("IPv6-Addrs",                 IPV6,           Form::Read(transport::ipv6),         nothing),
    Known("IPv6-Port",                  IPV6_PORT,      Form::Number(unnamed),               |said, value| said.sixth.port = transport::port(value)),
    Known("IPv6AddrsAndPorts",          IPV6_PAIRS,     Form::Read(transport::pairs),        nothing),
    Known("Nat-Trav-Msg-Type",          TRAVERSAL,      Form::Coded(transport::traversal),   nothing),
    Known("ServerAddress",              RELAY,          Form::Word,                          |said, value| said.slp.body.relay = transport::text(value)),
    Known("SessionUsername",            RELAY_USER,     Form::Word,                          nothing),
    Known("SessionPassword",            RELAY_PASSWORD, Form::Word,                          nothing),
];

/// The application that a body names, wherever it stands: the order of lines varies, and the context depends on it.
pub(super) fn application_of(body: &[u8]) -> Option<Application> {
    let lines = body.split(|byte| *byte == b'\n');
    let guid = lines.filter_map(header).find(|line| line.is("EUF-GUID"))?;
    application(guid.value)
}

/// `session = 1*DIGIT`
fn session(s: &mut Scribe<'_, '_>, field: FieldId, said: &mut Said) {
    let (wire, span) = (s.rest(), s.here(s.rest().len()));
    let Some(number) = wide(wire) else { return no_number(s, "SessionID") };
    let low = u32::try_from(number & u64::from(u32::MAX)).unwrap_or_default();
    said.slp.body.session = Some(low);
    if u64::from(low) == number {
        s.take(field, wire.len(), low);
        return;
    }
    s.take(WIDE_SESSION, wire.len(), number);
    s.generated(field, span, Value::Uint(low.into()), Some(LOW_BITS.text()));
    s.expert_at(TOO_WIDE, span, [lossy(wire).into(), low.into()]);
}

/// A number of 64 bits, with or without sign.
fn wide(digits: &[u8]) -> Option<u64> {
    match long_number(digits) {
        Ok(([], number)) => Some(number),
        _ => std::str::from_utf8(digits).ok()?.parse::<i64>().ok().map(i64::cast_unsigned),
    }
}
