//! Connecting, signing in, being redirected, keeping alive, signing out.
//!
//! Source: protocol reference, commands 7.1, and sessions 2, 3, 9, 10.

use super::setting::{NO, YES};
use crate::msnp::command::{account_arg, length, nick_arg, word_arg};
use crate::msnp::field::ACCOUNT;
use crate::msnp::payload::xml::MACHINE;
use crate::msnp::token::{EXPECTED_DIALECT, EXPECTED_WORD, Word, coded, coded_number, dialect, exactly, number, word};
use crate::msnp::value::account::optional_account;
use crate::msnp::value::address::address_as;
use crate::msnp::value::locale::locale_as;
use crate::msnp::value::proof::{challenge, hop_info, proof};
use crate::msnp::{Body, ClientVersion, Context, Direction, Verb, verb};
use crate::tree::{Base, Kind, Read, Scribe, TextId, experts, fields, names, texts};

fields! {
    family 1;
    /// A version of MSNP, “MSNP” and a number. The client offers several, best first; the server's answer names the one that both use from then on.
    DIALECT: Kind::Text => "msnp.dialect", "Dialect";
    /// A marker that clients put after the dialects (CVR0); it asks for no dialect. A 0 from the server means that no dialect fits, and the connection ends.
    DIALECT_MARKER: Kind::Text => "msnp.dialect.marker", "Dialect marker";
    /// A way to prove one's identity, which the client names in USR: CTP (password as it is, MSNP2), MD5 (MSNP2–7), TWN
    /// (Passport ticket, MSNP8–14), SSO (ticket and proof, from MSNP15), SHA (circle membership, from MSNP18).
    PACKAGE: Kind::Text => "msnp.auth.package", "Authentication package";
    /// How far the proof has come: I names the account, S carries the challenge or the proof, A proves membership of
    /// circles (from MSNP18). The client sends it, and the server with the challenge, in every dialect.
    STAGE: Kind::Text => "msnp.auth.stage", "Authentication stage";
    /// What the server gives the client to prove its identity with: a salt (MD5, MSNP2–7), a policy (TWN, MSNP8–14), or
    /// a policy's name and a nonce (SSO, from MSNP15).
    CHALLENGE: Kind::Text => "msnp.auth.challenge", "Authentication challenge";
    /// The client's proof: an MD5 hash (MSNP2–7), a ticket (MSNP8–14), or a ticket and a signature (from MSNP15).
    /// Whoever had it could sign in, so it is a secret.
    PROOF: Kind::Text => "msnp.auth.proof", "Authentication proof", Secret;
    /// OK: the server’s word that it accepts who the client is; in every dialect it ends the sign-in, on a notification
    /// server as on a switchboard.
    ACCEPTED: Kind::Text => "msnp.auth.accepted", "Accepted";
    /// Whether the owner has shown that the e-mail address is theirs: 1 yes, 0 no; sent by the server in USR OK, from MSNP6 on.
    VERIFIED: Kind::Uint32(Base::Dec) => "msnp.auth.verified", "Address verified" in ANSWERS;
    /// Whether the account may not do everything, as a child’s may not: 1 or 0; sent by the server in USR OK, from MSNP8 on.
    RESTRICTED: Kind::Uint32(Base::Dec) => "msnp.auth.restricted", "Account restricted" in ANSWERS;
    /// Language of the client as a hexadecimal Windows locale number: 0x0409 is English (US), 0x0410 Italian. The
    /// client sends it from MSNP2 on.
    LOCALE: Kind::Text => "msnp.client.locale", "Locale";
    /// Family of the client's operating system as it calls it: winnt, win, linux, mac. It stands in CVR, from MSNP2 on.
    OS: Kind::Text => "msnp.client.os", "Operating system";
    /// Release of the system that the client runs on, as numbers with a dot: 5.1 is Windows XP, 6.0 Vista. It stands in
    /// CVR, from MSNP2 on.
    OS_VERSION: Kind::Text => "msnp.client.os_version", "Operating system version";
    /// Processor family of the client's computer: i386, ppc, arm. It stands in CVR, from MSNP2 on.
    ARCHITECTURE: Kind::Text => "msnp.client.architecture", "Architecture";
    /// Name of the client program: MSMSGS up to 5.0, MSNMSGR after; others use their own or copy one. It stands in CVR,
    /// from MSNP2 on.
    CLIENT_NAME: Kind::Text => "msnp.client.name", "Client";
    /// Version of the client program, three numbers with dots such as 8.5.1302; the client sends it in CVR, from MSNP2 on.
    CLIENT_VERSION: Kind::Text => "msnp.client.version", "Client version";
    /// Second name of the client, mostly “msmsgs”, sometimes that of a brand; the client sends it in CVR behind its version.
    CLIENT_ID: Kind::Text => "msnp.client.id", "Client ID";
    /// How many redirects the client has followed, as base64 of two header lines; the server hands the note out with XFR, the client shows it at the next server. MSNP21.
    HOP_INFO: Kind::Text => "msnp.hop_info", "Hop info";
    /// Client version that the server would like to see, numbers with dots; it answers CVR with it, from MSNP2 on.
    RECOMMENDED: Kind::Text => "msnp.cvr.recommended", "Recommended version";
    /// Oldest client version that the server still lets in, three numbers with dots; sent in its answer to CVR, from
    /// MSNP2 on.
    MINIMUM: Kind::Text => "msnp.cvr.minimum", "Minimum version";
    /// Web address from which the client that the server recommends can be fetched; sent in its answer to CVR, from
    /// MSNP2 on.
    DOWNLOAD: Kind::Text => "msnp.cvr.download", "Download address";
    /// Web address of a page about the recommended client; the server sends it in its answer to CVR, as the last word,
    /// from MSNP2 on.
    INFORMATION: Kind::Text => "msnp.cvr.information", "Information address";
    /// What kind of server the client is to connect to: NS (notification server) or SB (switchboard). The client asks
    /// for one with XFR and the server names it, from MSNP2 on.
    SERVER_TYPE: Kind::Text => "msnp.server_type", "Server type";
    /// Host and TCP port that the server wants the client to connect to, from MSNP2 on; without a port, 1863 is meant.
    ADDRESS: Kind::Text => "msnp.address", "Address";
    /// Name or IP address (IPv6 in brackets) of the server that the client is sent to, without the port. From MSNP2 on.
    HOST: Kind::Text => "msnp.address.host", "Host";
    /// TCP port of the server that an address names; 1863 where none is written. From MSNP2 on.
    PORT: Kind::Uint32(Base::Dec) => "msnp.address.port", "Port";
    /// The address of the server that sends the redirect (MSNP7–12), preceded by a 0 whose meaning is not documented.
    CURRENT_ADDRESS: Kind::Text => "msnp.address.current", "Current address";
    /// How to enter a switchboard; in practice always CKI, by a one-time cookie. The notification server sends it,
    /// MSNP2 to MSNP20.
    SCHEME: Kind::Text => "msnp.sb.scheme", "Entry scheme";
    /// One-time ticket for entering a switchboard, handed out by the notification server, MSNP2 to MSNP20. Opaque text:
    /// digits and dots on the old service. A secret while it lasts.
    COOKIE: Kind::Text => "msnp.sb.cookie", "Cookie", Secret;
    /// Kind of connection to the next server: U means plain TCP, G the HTTP gateway (from MSNP13; letters not documented by the service).
    TRANSPORT: Kind::Text => "msnp.transport", "Transport";
    /// A domain for tickets that MSNP13 and later append to redirects (XFR, RNG), such as messenger.msn.com; not a server to contact.
    DOMAIN: Kind::Text => "msnp.domain", "Domain";
    /// Whether the switchboard may be reached by TCP rather than through the HTTP gateway: 1 or 0; the notification
    /// server sends it, from MSNP14.
    DIRECT: Kind::Text => "msnp.direct", "Direct connection allowed";
    /// A word that the server sends in a redirect (from MSNP13) or a housekeeping line (SBS, from MSNP11), and whose
    /// meaning is not documented.
    FLAG: Kind::Text => "msnp.flag", "Flag";
    /// Why the server ends the connection: OTH signed in elsewhere, SSD shutting down; from MSNP10 MIG moved and TOU
    /// terms of use, from MSNP11 RCT come back later.
    REASON: Kind::Text => "msnp.out.reason", "Reason";
    /// Minutes after which the client should come back; the server sends it with reason RCT, from MSNP11.
    MINUTES: Kind::Uint32(Base::Dec) => "msnp.out.minutes", "Minutes";
    /// Seconds until the server expects the next ping, typically 40 to 60; from MSNP9.
    PING_SECONDS: Kind::Uint32(Base::Dec) => "msnp.ping.seconds", "Next ping in seconds";
    /// The puzzle: usually twenty digits, sent by the server from MSNP6 on. Not a length, although it looks like one.
    PUZZLE: Kind::Text => "msnp.challenge", "Challenge";
    /// Which client program the answer is computed for; goes with a secret key of that program. The client sends it in
    /// QRY, from MSNP6 on.
    PRODUCT: Kind::Text => "msnp.challenge.product", "Product ID";
    /// Name of the policy file that the client asks for or receives, in practice Shields.xml. MSNP11 and MSNP12; later
    /// dialects leave it out.
    FILE_NAME: Kind::Text => "msnp.gcf.file", "File name";
    /// The client’s answer to the puzzle: 32 hexadecimal digits, computed from the puzzle and the product’s secret key. From MSNP6 on.
    CHALLENGE_ANSWER: Kind::Text => "msnp.challenge.answer", "Challenge answer";
}

experts! {
    NO_DIALECT: Note, Response => "msnp.expert.no-dialect", "expected the server to accept one of the dialects offered, found that it accepts none";
    SIGNED_IN_ELSEWHERE: Warn, Security => "msnp.expert.signed-in-elsewhere", "the server ends this session because the same account signed in somewhere else";
    PASSWORD_IN_CLEAR: Warn, Security => "msnp.expert.password-in-clear", "the password travels as it is; whoever records it can sign in";
    PROOF_IN_CLEAR: Chat, Security => "msnp.expert.proof-in-clear", "the proof of identity travels unencrypted; whoever records it may be able to use it";
}

texts! {
    REASON_OTH = "out.OTH", "signed in elsewhere";
    REASON_SSD = "out.SSD", "the server is shutting down";
    REASON_MIG = "out.MIG", "the service moves this client to another server";
    REASON_TOU = "out.TOU", "terms of use must be accepted";
    REASON_RCT = "out.RCT", "come back after some minutes";
    SERVER_NS = "server_type.NS", "notification server";
    SERVER_SB = "server_type.SB", "switchboard";
    PACKAGE_CTP = "package.CTP", "the password as it is";
    PACKAGE_MD5 = "package.MD5", "hash of a salt and the password";
    PACKAGE_TWN = "package.TWN", "Passport ticket";
    PACKAGE_SSO = "package.SSO", "ticket and signed answer";
    PACKAGE_SHA = "package.SHA", "ticket of circles";
    STAGE_I = "stage.I", "names the account";
    STAGE_S = "stage.S", "challenge and proof";
    STAGE_A = "stage.A", "proves circle membership";
    UNSAID = "auth.flags.unsaid", "two zeros also answer a circle ticket, whatever the flags of the sign-in are";
    SCHEME_CKI = "scheme.CKI", "one-time cookie";
    TRANSPORT_U = "transport.U", "TCP";
    TRANSPORT_G = "transport.G", "HTTP gateway";
    NO_DIALECT_FITS = "dialect.none", "no dialect fits";
}

/// Reads what follows verb and TrID.
///
/// # Errors
/// Stops at the first argument that is not what the grammar says.
pub fn arguments<'a>(s: &mut Scribe<'a, '_>, verb: Verb, context: &Context) -> Read<Body<'a>> {
    let to_server = context.direction == Direction::ToServer;
    match verb {
        verb::VER => version(s, to_server),
        verb::INF => methods(s),
        verb::CVR | verb::CVQ if to_server => client_version(s),
        verb::CVR | verb::CVQ => recommended_version(s),
        verb::USR => user(s, to_server),
        verb::XFR => transfer(s, to_server),
        verb::SBS => word_arg(s, FLAG).map(|_| Body::Other),
        verb::OUT => out(s),
        verb::QNG => Ok(Body::PingAnswer { seconds: s.optional(PING_SECONDS, number) }),
        verb::CHL if to_server => Ok(Body::Other),
        verb::CHL => word_arg(s, PUZZLE).map(|_| Body::Other),
        verb::QRY if to_server => {
            word_arg(s, PRODUCT)?;
            length(s)?;
            Ok(Body::Other)
        }
        verb::GCF => configuration(s, to_server),
        _ => Ok(Body::Other),
    }
}

/// `VER = "VER" SP trid 1*( SP dialect ) [ SP "CVR0" ] CRLF`; the server answers with one dialect, or `0` when none fits.
fn version<'a>(s: &mut Scribe<'a, '_>, to_server: bool) -> Read<Body<'a>> {
    let mut dialects = Vec::new();
    while !s.peek_word().is_empty() {
        if let Some(offered) = s.optional(DIALECT, dialect) {
            dialects.push(offered);
        } else {
            let marker = word_arg(s, DIALECT_MARKER)?;
            if marker.0 == b"0" && !to_server {
                s.label(NO_DIALECT_FITS);
                s.expert_at(NO_DIALECT, s.span(0, s.position()), []);
            }
        }
    }
    if dialects.is_empty() && to_server {
        s.arg(DIALECT, EXPECTED_DIALECT, dialect)?;
    }
    Ok(if to_server { Body::DialectsOffered(dialects) } else { Body::DialectChosen(dialects.first().copied()) })
}

/// `INF = "INF" SP trid *( SP package ) CRLF`
fn methods<'a>(s: &mut Scribe<'a, '_>) -> Read<Body<'a>> {
    while s.optional(PACKAGE, coded(package_meaning)).is_some() {}
    Ok(Body::Other)
}

/// `CVR = "CVR" SP trid SP lcid SP os SP os-version SP arch SP name SP version [ SP client-id [ SP account [ SP hop-info ] ] ] CRLF`
fn client_version<'a>(s: &mut Scribe<'a, '_>) -> Read<Body<'a>> {
    let locale = Word(locale_as(s, LOCALE)?.0);
    let (os, os_version) = (word_arg(s, OS)?, word_arg(s, OS_VERSION)?);
    word_arg(s, ARCHITECTURE)?;
    let (name, version) = (word_arg(s, CLIENT_NAME)?, word_arg(s, CLIENT_VERSION)?);
    let _ = s.optional(CLIENT_ID, word);
    let account = optional_account(s, ACCOUNT);
    hop_info(s);
    Ok(Body::ClientVersion(ClientVersion { locale, os, os_version, name, version, account }))
}

/// `CVR = "CVR" SP trid SP recommended SP recommended SP minimum SP download-url SP info-url CRLF`
fn recommended_version<'a>(s: &mut Scribe<'a, '_>) -> Read<Body<'a>> {
    for field in [RECOMMENDED, RECOMMENDED, MINIMUM, DOWNLOAD, INFORMATION] {
        word_arg(s, field)?;
    }
    Ok(Body::Other)
}

/// Two commands share this verb: signing in on a notification server, and entering a switchboard.
fn user<'a>(s: &mut Scribe<'a, '_>, to_server: bool) -> Read<Body<'a>> {
    let first = s.peek_word();
    match first {
        b"OK" => user_accepted(s),
        b"CTP" | b"MD5" | b"TWN" | b"SSO" | b"SHA" => user_proof(s, to_server),
        _ if to_server && first.contains(&b'@') => {
            let account = account_arg(s)?;
            let cookie = word_arg(s, COOKIE)?;
            Ok(Body::RoomEntry { account, cookie, session: None })
        }
        _ => user_proof(s, to_server),
    }
}

/// `USR = "USR" SP trid SP package SP stage *( SP data ) CRLF`; from MSNP16 on the client's last word is `"{" machine-guid "}"`.
fn user_proof<'a>(s: &mut Scribe<'a, '_>, to_server: bool) -> Read<Body<'a>> {
    let package = Word(s.arg(PACKAGE, EXPECTED_WORD, coded(package_meaning))?.0);
    let stage = s.arg(STAGE, EXPECTED_WORD, coded(stage_meaning))?;
    if !to_server {
        challenge(s, package.0);
        return Ok(Body::Challenge { package });
    }
    if stage.0 == b"I" {
        let account = account_arg(s)?;
        // How the clear-text package sent its password is not documented.
        if package.0 == b"CTP" && !s.peek_word().is_empty() {
            proofs(s, package.0)?;
        }
        return Ok(Body::Identity { package, account });
    }
    Ok(Body::Proof { package, machine: proofs(s, package.0)? })
}

/// `*( SP proof ) [ SP "{" machine-guid "}" ]`: the device, where the last word names it.
fn proofs<'a>(s: &mut Scribe<'a, '_>, package: &[u8]) -> Read<Option<Word<'a>>> {
    s.sp();
    let span = s.here(s.rest().len());
    let (mut machine, mut place) = (None, 0);
    while !s.peek_word().is_empty() {
        match s.peek_word() {
            [b'{', .., b'}'] => machine = Some(word_arg(s, MACHINE)?),
            _ => drop(proof(s, package, place)?),
        }
        place += 1;
    }
    s.expert_at(if package == b"CTP" { PASSWORD_IN_CLEAR } else { PROOF_IN_CLEAR }, span, []);
    Ok(machine)
}

fn package_meaning(package: &[u8]) -> Option<TextId> {
    Some(match package {
        b"CTP" => PACKAGE_CTP,
        b"MD5" => PACKAGE_MD5,
        b"TWN" => PACKAGE_TWN,
        b"SSO" => PACKAGE_SSO,
        b"SHA" => PACKAGE_SHA,
        _ => return None,
    })
}

fn stage_meaning(stage: &[u8]) -> Option<TextId> {
    match stage {
        b"I" => Some(STAGE_I),
        b"S" => Some(STAGE_S),
        b"A" => Some(STAGE_A),
        _ => None,
    }
}

/// `USR = "USR" SP trid SP "OK" SP account [ SP nick ] [ SP verified [ SP restricted ] ] CRLF`
///
/// MSNP2–9 and switchboards send the display name; MSNP6 added the first flag, MSNP8 the second, MSNP10 dropped the name.
fn user_accepted<'a>(s: &mut Scribe<'a, '_>) -> Read<Body<'a>> {
    s.arg(ACCEPTED, EXPECTED_WORD, exactly("OK"))?;
    let account = account_arg(s)?;
    let left = crate::msnp::framing::words(s.rest()).count();
    // Two numbers are the flags of MSNP10 and later; one word alone is the name; a name made of digits is read as one.
    let flags_only = left == 2 && crate::msnp::framing::words(s.rest()).all(|w| matches!(w, b"0" | b"1"));
    let nick = if left > 0 && !flags_only { Some(nick_arg(s)?) } else { None };
    // The answer to a circle ticket (MSNP18 and later) has two zeros, whatever the one to the sign-in said.
    let unsaid = flags_only && crate::msnp::framing::words(s.rest()).all(|w| w == b"0");
    for flag in [VERIFIED, RESTRICTED] {
        let _ = s.optional(flag, coded_number(yes_or_no));
        if unsaid {
            s.remark(UNSAID);
        }
    }
    Ok(Body::SignedIn { account, nick })
}

/// `XFR = "XFR" SP trid SP server-type [ SP address … ] CRLF`
///
/// To a notification server: MSNP2 the address alone, MSNP3 adds `0`, MSNP7 the current address, MSNP13 transport and flag
/// instead. To a switchboard: scheme and cookie, from MSNP13 transport and domain, from MSNP14 the direct flag.
fn transfer<'a>(s: &mut Scribe<'a, '_>, to_server: bool) -> Read<Body<'a>> {
    let kind = s.arg(SERVER_TYPE, EXPECTED_WORD, coded(server_meaning))?;
    if to_server {
        return Ok(if kind.0 == b"SB" { Body::RoomWanted } else { Body::Other });
    }
    let address = address_as(s, ADDRESS)?;
    if kind.0 == b"SB" {
        scheme(s)?;
        let cookie = if s.peek_word().is_empty() { None } else { Some(word_arg(s, COOKIE)?) };
        switchboard_tail(s);
        return Ok(Body::RoomOffered { address, cookie });
    }
    match s.peek_word() {
        b"" => {}
        b"0" => {
            word_arg(s, FLAG)?;
            if !s.peek_word().is_empty() {
                address_as(s, CURRENT_ADDRESS)?;
            }
        }
        _ => {
            s.arg(TRANSPORT, EXPECTED_WORD, coded(transport_meaning))?;
            let _ = s.optional(FLAG, word);
            hop_info(s);
        }
    }
    Ok(Body::Redirect { address })
}

/// `tail = [ SP transport SP domain [ SP direct ] ]`, on `XFR … SB` and `RNG` from MSNP13.
pub fn switchboard_tail(s: &mut Scribe<'_, '_>) {
    let _ = s.optional(TRANSPORT, coded(transport_meaning));
    let _ = s.optional(DOMAIN, word);
    let _ = s.optional(DIRECT, coded(|flag| yes_or_no(std::str::from_utf8(flag).ok()?.parse().ok()?)));
}

/// `scheme = "CKI" / "CTP" / "MD5"`: how to enter a switchboard.
///
/// # Errors
/// Stops when the line ends.
pub fn scheme(s: &mut Scribe<'_, '_>) -> Read<()> {
    let meaning = |scheme: &[u8]| (scheme == b"CKI").then_some(SCHEME_CKI).or_else(|| package_meaning(scheme));
    s.arg(SCHEME, EXPECTED_WORD, coded(meaning)).map(|_| ())
}

fn transport_meaning(letter: &[u8]) -> Option<TextId> {
    match letter {
        b"U" => Some(TRANSPORT_U),
        b"G" => Some(TRANSPORT_G),
        _ => None,
    }
}

names! {
    /// Whether it is so.
    pub ANSWERS, yes_or_no;
    0 => NO,
    1 => YES,
}

fn server_meaning(kind: &[u8]) -> Option<TextId> {
    match kind {
        b"NS" => Some(SERVER_NS),
        b"SB" => Some(SERVER_SB),
        _ => None,
    }
}

/// `OUT = "OUT" [ SP reason [ SP minutes ] ] CRLF`
fn out<'a>(s: &mut Scribe<'a, '_>) -> Read<Body<'a>> {
    let meaning = |reason: &[u8]| match reason {
        b"OTH" => Some(REASON_OTH),
        b"SSD" => Some(REASON_SSD),
        b"MIG" => Some(REASON_MIG),
        b"TOU" => Some(REASON_TOU),
        b"RCT" => Some(REASON_RCT),
        _ => None,
    };
    let span = s.here(s.rest().len());
    let reason = s.optional(REASON, coded(meaning)).map(|reason| Word(reason.0));
    if reason == Some(Word(b"OTH")) {
        s.expert_at(SIGNED_IN_ELSEWHERE, span, []);
    }
    let _ = s.optional(MINUTES, number);
    Ok(Body::Out { reason })
}

/// `GCF = "GCF" SP trid [ SP file ] [ SP length ] CRLF`: the client names the file, the server adds the length.
fn configuration<'a>(s: &mut Scribe<'a, '_>, to_server: bool) -> Read<Body<'a>> {
    if to_server {
        return word_arg(s, FILE_NAME).map(|_| Body::Other);
    }
    if crate::msnp::framing::words(s.rest()).count() > 1 {
        word_arg(s, FILE_NAME)?;
    }
    length(s)?;
    Ok(Body::Other)
}
