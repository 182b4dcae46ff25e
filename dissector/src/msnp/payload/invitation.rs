//! Invitations of the old kind: to a file transfer, a call, a game. Nothing here carries data; both sides agree on an
//! address, and the data go elsewhere.
//!
//! Source: protocol reference, messages 3. Fields stand in lines of the body; MSN 6 and later use SLP for most of this.

use super::header::{Form, Known, lines};
use super::mime::BODY_FIELD;
use crate::msnp::coding::base64;
use crate::msnp::token::{Word, long_number};
use crate::msnp::value::application::application;
use crate::msnp::{Content, Invitation, charset};
use crate::tree::{Base, FieldId, Kind, Scribe, Text, TextId, experts, fields, lossy, texts};

fields! {
    family 22;
    /// What the invitation is to, such as “File Transfer”, in the words and language of the asker’s program; for people to read.
    APPLICATION: Kind::Text => "msnp.invite.application", "Application-Name", Text;
    /// What kind of thing the invitation is to: a GUID that is the same in every language; upper and lower case are the
    /// same. The asker’s program sends it with INVITE.
    APPLICATION_ID: Kind::Text => "msnp.invite.application_id", "Application-GUID";
    /// How the session is agreed on, as the asker’s program says: SM1 for calls, Remote Assistance, whiteboard and the
    /// like.
    SESSION_PROTOCOL: Kind::Text => "msnp.invite.session_protocol", "Session-Protocol";
    /// Identifies the session that the sides agree on, a GUID which the asker chooses; goes with the session protocol SM1.
    SESSION: Kind::Text => "msnp.invite.session", "Session-ID";
    /// What the program that sends this message does: INVITE asks, ACCEPT agrees or gives an address, CANCEL ends it.
    COMMAND: Kind::Text => "msnp.invite.command", "Invitation-Command";
    /// Number that the asker’s program chooses, in decimal; all messages about one invitation repeat it.
    COOKIE: Kind::Uint64(Base::Dec) => "msnp.invite.cookie", "Invitation-Cookie";
    /// Name of the file that the sender offers, without a folder, in the character set of the message.
    FILE: Kind::Text => "msnp.invite.file", "Application-File", Text;
    /// Length of the file that is offered, in bytes, in decimal; the sender’s program tells it with INVITE.
    SIZE: Kind::Uint64(Base::Dec) => "msnp.invite.size", "Application-FileSize";
    /// N when the sender of the file cannot be reached from outside, because it is behind a router; left out otherwise.
    CONNECTIVITY: Kind::Text => "msnp.invite.connectivity", "Connectivity";
    /// TRUE when the sender of the file will open the connection itself, rather than the receiver.
    SENDER_CONNECT: Kind::Text => "msnp.invite.sender_connect", "Sender-Connect";
    /// Whether the program that the invitation is to should be started at once: TRUE or FALSE; sent by the side that accepts.
    LAUNCH: Kind::Text => "msnp.invite.launch", "Launch-Application";
    /// What the other side is to tell: “IP-Address:” asks for its address.
    REQUEST: Kind::Text => "msnp.invite.request", "Request-Data";
    /// IP address to connect to, of the side that waits; sent by the side that accepts, with the port.
    ADDRESS: Kind::Text => "msnp.invite.address", "IP-Address", Personal;
    /// The IP address of the side that waits, in base64 rather than in dotted decimal; known from one source only.
    ADDRESS_CODED: Kind::Text => "msnp.invite.address_coded", "IP-Address-Enc64", Personal;
    /// IP address behind the router, of the side that waits; sent by the side that accepts, beside the public one.
    ADDRESS_INTERNAL: Kind::Text => "msnp.invite.address_internal", "IP-Address-Internal", Personal;
    /// TCP port to connect to, of the side that waits; 6891 and up for files. Sent by the side that accepts.
    PORT: Kind::Uint32(Base::Dec) => "msnp.invite.port", "Port";
    /// A second TCP port to connect to, chosen by the side that waits and sent when it accepts.
    PORT_X: Kind::Uint32(Base::Dec) => "msnp.invite.port_x", "PortX";
    /// The second TCP port as it is behind the router, of the side that waits; sent when it accepts.
    PORT_X_INTERNAL: Kind::Uint32(Base::Dec) => "msnp.invite.port_x_internal", "PortX-Internal";
    /// Number by which the side that connects shows that it was invited.
    AUTH: Kind::Text => "msnp.invite.auth", "AuthCookie", Secret;
    /// How this side is connected to the Internet: Direct-Connect, Port-Restrict-NAT, IP-Restrict-NAT, Symmetric-NAT, Firewall or Unknown-Connect.
    CONNECTION: Kind::Text => "msnp.invite.connection", "Conn-Type";
    /// Whether this side’s router opens ports when asked: TRUE or FALSE.
    UPNP: Kind::Text => "msnp.invite.upnp", "UPnP";
    /// IP address of this side behind its router; both sides send it, with the invitation and with the answer.
    PRIVATE_ADDRESS: Kind::Text => "msnp.invite.private_address", "Private-IP", Personal;
    /// IP address of this side as others see it; both sides send it, with the invitation and with the answer.
    PUBLIC_ADDRESS: Kind::Text => "msnp.invite.public_address", "Public-IP", Personal;
    /// What the SIP program of this side can do, a number; its bits are not documented.
    SIP: Kind::Uint32(Base::Dec) => "msnp.invite.sip", "Sip-Capability";
    /// What is asked for and what is possible in a call: SIP_A is sound, SIP_V pictures. The asker’s program sends it.
    CONTEXT: Kind::Text => "msnp.invite.context", "Context-Data";
    /// Whether a third party joins the two sides; FALSE normally. Known from one source only.
    RENDEZVOUS: Kind::Text => "msnp.invite.rendezvous", "UsingRendezvous";
    /// A GUID that the asker’s program sends with some old games; what it identifies is not documented.
    BUDDY: Kind::Text => "msnp.invite.buddy", "Buddy-GUID";
    /// Why the invitation ends, a word: REJECT declined, REJECT_NOT_INSTALLED no such program, TIMEOUT no answer, FTTIMEOUT the transfer never started, OUTBANDCANCEL the window was closed, FAIL anything else.
    CANCEL: Kind::Text => "msnp.invite.cancel", "Cancel-Code";
}

experts! {
    NOT_A_SIZE: Note, Malformed => "msnp.expert.invite-size", "expected the length of the file as a decimal number, found “{0}”";
}

texts! {
    INVITE = "invite.INVITE", "asks";
    ACCEPT = "invite.ACCEPT", "agrees, or gives an address";
    WITHDRAW = "invite.CANCEL", "declines or ends it";
    REJECT = "cancel.REJECT", "declined";
    NOT_INSTALLED = "cancel.REJECT_NOT_INSTALLED", "the program is missing";
    TIMEOUT = "cancel.TIMEOUT", "no answer";
    NEVER_STARTED = "cancel.FTTIMEOUT", "the transfer never started";
    CLOSED = "cancel.OUTBANDCANCEL", "the window was closed, or the direct connection ended";
    FAIL = "cancel.FAIL", "another failure";
    DIRECT = "connection.Direct-Connect", "reachable directly";
    PORT_RESTRICTED = "connection.Port-Restrict-NAT", "behind a router that lets in only addresses and ports it has sent to";
    ADDRESS_RESTRICTED = "connection.IP-Restrict-NAT", "behind a router that lets in only addresses it has sent to";
    SYMMETRIC = "connection.Symmetric-NAT", "behind a router that uses another port for each receiver";
    FIREWALL = "connection.Firewall", "behind a firewall";
    UNKNOWN = "connection.Unknown-Connect", "not found out";
    UNREACHABLE = "connectivity.N", "cannot be reached directly";
    YOUR_ADDRESS = "request.address", "please tell your address";
    TELLS_ADDRESS = "address.decoded", "{0}";
    SOUND = "sip.sound", "sound";
    PICTURES = "sip.pictures", "pictures";
    SOUND_AND_PICTURES = "sip.both", "sound and pictures";
    SIP_PARTS = "sip.parts", "asks for {0}, can do {1}";
    SIP_NOTHING = "sip.nothing", "nothing";
}

static KNOWN: &[Known] = &[
    Known("Application-Name", APPLICATION, Form::Word),
    Known("Application-GUID", APPLICATION_ID, Form::Coded(application)),
    Known("Session-Protocol", SESSION_PROTOCOL, Form::Word),
    Known("Session-ID", SESSION, Form::Word),
    Known("Invitation-Command", COMMAND, Form::Coded(command)),
    Known("Invitation-Cookie", COOKIE, Form::Number),
    Known("Application-File", FILE, Form::Word),
    Known("Application-FileSize", SIZE, Form::Read(size)),
    Known("Connectivity", CONNECTIVITY, Form::Coded(connectivity)),
    Known("Sender-Connect", SENDER_CONNECT, Form::Word),
    Known("Launch-Application", LAUNCH, Form::Word),
    Known("Request-Data", REQUEST, Form::Coded(request)),
    Known("IP-Address", ADDRESS, Form::Word),
    Known("IP-Address-Enc64", ADDRESS_CODED, Form::Read(coded_address)),
    Known("IP-Address-Internal", ADDRESS_INTERNAL, Form::Word),
    Known("Port", PORT, Form::Number),
    Known("PortX", PORT_X, Form::Number),
    Known("PortX-Internal", PORT_X_INTERNAL, Form::Number),
    Known("AuthCookie", AUTH, Form::Word),
    Known("Conn-Type", CONNECTION, Form::Coded(connection)),
    Known("UPnP", UPNP, Form::Word),
    Known("Private-IP", PRIVATE_ADDRESS, Form::Word),
    Known("Public-IP", PUBLIC_ADDRESS, Form::Word),
    Known("Sip-Capability", SIP, Form::Number),
    Known("Context-Data", CONTEXT, Form::Read(context_data)),
    Known("UsingRendezvous", RENDEZVOUS, Form::Word),
    Known("Buddy-GUID", BUDDY, Form::Word),
    Known("Cancel-Code", CANCEL, Form::Coded(cancel)),
];

/// `invitation = *( name ":" SP value CRLF / CRLF )`
pub fn invitation(s: &mut Scribe<'_, '_>, charset: Option<&[u8]>) -> Content {
    let said = lines(s, KNOWN, BODY_FIELD);
    let text = |field| said.value(field).filter(|value| !value.is_empty()).map(|v| charset::decode(v, charset).text);
    Content::Invitation(Invitation {
        command: text(COMMAND).unwrap_or_default(),
        cookie: text(COOKIE).unwrap_or_default(),
        application: text(APPLICATION).unwrap_or_default(),
        file: text(FILE),
        size: said.text(SIZE).and_then(|digits| digits.parse().ok()),
        auth_cookie: text(AUTH),
        cancel_code: text(CANCEL),
    })
}

/// `size = 1*DIGIT`
fn size(s: &mut Scribe<'_, '_>, field: FieldId, length: usize) {
    let wire = s.rest().get(..length).unwrap_or_default();
    match long_number(wire) {
        Ok(([], bytes)) => drop(s.take(field, length, bytes)),
        _ => {
            s.expert_at(NOT_A_SIZE, s.here(length), [lossy(wire.get(..24).unwrap_or(wire)).into()]);
            if length > 0 {
                s.take(BODY_FIELD, length, Word(wire));
            }
        }
    }
}

/// `address = *base64-digit`: four bytes, or the address as text.
fn coded_address(s: &mut Scribe<'_, '_>, field: FieldId, length: usize) {
    let wire = s.rest().get(..length).unwrap_or_default();
    s.take(field, length, Word(wire));
    let told = match base64(wire).as_deref() {
        Some([a, b, c, d]) => format!("{a}.{b}.{c}.{d}"),
        Some(text) if !text.is_empty() => lossy(text),
        _ => return,
    };
    s.label(TELLS_ADDRESS.with([told.into()]));
}

/// `context = "Requested:" *( part "," ) ";" "Capabilities:" *( part "," ) ";"`
fn context_data(s: &mut Scribe<'_, '_>, field: FieldId, length: usize) {
    let wire = s.rest().get(..length).unwrap_or_default();
    s.take(field, length, Word(wire));
    let text = lossy(wire);
    let mut parts = text.split(';').filter_map(|part| part.split_once(':'));
    let mut parts_of = |name: &str| parts.find(|(of, _)| of.trim() == name).map(|(_, list)| call_parts(list));
    if let (Some(asked), Some(able)) = (parts_of("Requested"), parts_of("Capabilities")) {
        s.label(SIP_PARTS.with([asked.into(), able.into()]));
    }
}

fn call_parts(list: &str) -> Text {
    match (list.contains("SIP_A"), list.contains("SIP_V")) {
        (true, true) => SOUND_AND_PICTURES,
        (true, false) => SOUND,
        (false, true) => PICTURES,
        (false, false) => SIP_NOTHING,
    }
    .text()
}

fn command(word: &[u8]) -> Option<TextId> {
    Some(match word {
        b"INVITE" => INVITE,
        b"ACCEPT" => ACCEPT,
        b"CANCEL" => WITHDRAW,
        _ => return None,
    })
}

fn cancel(code: &[u8]) -> Option<TextId> {
    Some(match code {
        b"REJECT" => REJECT,
        b"REJECT_NOT_INSTALLED" => NOT_INSTALLED,
        b"TIMEOUT" => TIMEOUT,
        b"FTTIMEOUT" => NEVER_STARTED,
        b"OUTBANDCANCEL" => CLOSED,
        b"FAIL" => FAIL,
        _ => return None,
    })
}

/// How a client is connected to the Internet; MSNSLP says it in the same words.
pub fn connection(kind: &[u8]) -> Option<TextId> {
    Some(match kind {
        b"Direct-Connect" => DIRECT,
        b"Port-Restrict-NAT" => PORT_RESTRICTED,
        b"IP-Restrict-NAT" => ADDRESS_RESTRICTED,
        b"Symmetric-NAT" => SYMMETRIC,
        b"Firewall" => FIREWALL,
        b"Unknown-Connect" => UNKNOWN,
        _ => return None,
    })
}

fn connectivity(flag: &[u8]) -> Option<TextId> {
    (flag == b"N").then_some(UNREACHABLE)
}

fn request(what: &[u8]) -> Option<TextId> {
    (what == b"IP-Address:").then_some(YOUR_ADDRESS)
}
