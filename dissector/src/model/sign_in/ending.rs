//! Why a sign-in ended, and the tripwire: whether the sign-in that threw it out is in the capture.

use super::connection::{Connection, Dismissal, Out};
use super::{Elsewhere, SignIn};
use crate::model::evidence::Evidence;
use crate::transport::How;
use crate::tree::{Text, texts};

texts! {
    CLIENT_OUT = "ended.client-out", "the client signed out";
    CLIENT_FIN = "ended.client-fin", "the client closed the connection without signing out";
    ELSEWHERE = "ended.elsewhere", "the account signed in somewhere else, and the server ended this session";
    DISMISSED = "ended.dismissed", "another device of the account signed this one out";
    SHUTDOWN = "ended.shutdown", "the server is shutting down";
    MIGRATED = "ended.migrated", "the service moves this client to another server";
    TERMS = "ended.terms", "the service wants its terms of use to be accepted first";
    RECONNECT = "ended.reconnect", "the server asks the client to come back later";
    SERVER_OUT = "ended.server-out", "the server ended the session, with the reason “{0}”";
    SERVER_OUT_BARE = "ended.server-out-bare", "the server ended the session without a reason";
    ERROR = "ended.error", "the server ended the session after an error";
    RESET = "ended.reset", "the connection was broken off";
    SERVER_FIN = "ended.server-fin", "the server closed the connection without a word";
    CLOSED = "ended.closed", "the connection was closed without a word";
    REUSED = "ended.reused", "its end is not in the capture; a new connection between the same ports took its place";
    CAPTURE_END = "ended.capture-end", "it was still going on when the capture ended";
}

/// Nanoseconds between a sign-in and the end of another that it caused.
const NEAR: i128 = 120_000_000_000;

/// Who or what ended a sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndedBy {
    /// The client signed out, or closed the connection.
    Client,
    /// The account signed in somewhere else, or another of its devices signed this one out.
    Elsewhere,
    /// The server ended it of its own accord.
    ServerShutdown,
    /// The server reported an error and ended it.
    Error,
    /// The connection broke, or was closed by the server without a word.
    Reset,
    /// It was still going on when the capture ended.
    CaptureEnd,
}

/// How a sign-in ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ending {
    /// Who or what ended it.
    pub by: EndedBy,
    /// The same more precisely, as a sentence.
    pub how: Text,
    /// What shows it; at the capture's end the last packet of the connection.
    pub evidence: Evidence,
    /// The other device of the account that signed this one out.
    pub by_device: Option<String>,
}

/// How the last connection of a sign-in ended: the first word of leaving counts, else how the connection was closed.
pub(super) fn ending(connection: &Connection) -> Option<Ending> {
    if let Some(out) = &connection.out {
        return Some(match &connection.dismissed {
            Some(dismissal) if out.from_client => of_dismissal(dismissal),
            _ => of_out(out),
        });
    }
    let closed = connection.closed?;
    if closed.how != How::CaptureEnd {
        // After any error the server has a reason to close the connection; the client may have reasons of its own.
        let complaint = connection.complaint.filter(|_| closed.how == How::Fin && closed.by_client == Some(false));
        if let Some(evidence) = connection.fatal.or(complaint) {
            return Some(Ending { by: EndedBy::Error, how: ERROR.text(), evidence, by_device: None });
        }
        if let Some(dismissal) = &connection.dismissed {
            return Some(of_dismissal(dismissal));
        }
    }
    let (by, how) = match (closed.how, closed.by_client) {
        (How::CaptureEnd, _) => (EndedBy::CaptureEnd, CAPTURE_END),
        (How::Fin, Some(true)) => (EndedBy::Client, CLIENT_FIN),
        (How::Fin, Some(false)) => (EndedBy::Reset, SERVER_FIN),
        (How::Fin, None) => (EndedBy::Reset, CLOSED),
        (How::Reset, _) => (EndedBy::Reset, RESET),
        (How::PortReused, _) => (EndedBy::Reset, REUSED),
    };
    Some(Ending { by, how: how.text(), evidence: Evidence::of_end(&closed), by_device: None })
}

fn of_dismissal(dismissal: &Dismissal) -> Ending {
    let Dismissal { device, evidence } = dismissal;
    let how = DISMISSED.text();
    Ending { by: EndedBy::Elsewhere, how, evidence: *evidence, by_device: device.clone() }
}

fn of_out(out: &Out) -> Ending {
    let (by, how) = match (out.from_client, out.reason.as_deref()) {
        (true, _) => (EndedBy::Client, CLIENT_OUT.text()),
        (false, Some("OTH")) => (EndedBy::Elsewhere, ELSEWHERE.text()),
        (false, Some("SSD")) => (EndedBy::ServerShutdown, SHUTDOWN.text()),
        (false, Some("MIG")) => (EndedBy::ServerShutdown, MIGRATED.text()),
        (false, Some("TOU")) => (EndedBy::ServerShutdown, TERMS.text()),
        (false, Some("RCT")) => (EndedBy::ServerShutdown, RECONNECT.text()),
        (false, Some(other)) => (EndedBy::ServerShutdown, SERVER_OUT.with([other.into()])),
        (false, None) => (EndedBy::ServerShutdown, SERVER_OUT_BARE.text()),
    };
    Ending { by, how, evidence: out.evidence, by_device: None }
}

/// Finds the sign-in that threw another out: the same account's, and nearest in time; or that of the device that did so.
///
/// The new client has sent its proof before the old one is told, and is accepted after that; some seconds may lie between.
pub(super) fn elsewhere(sign_ins: &mut [SignIn]) {
    let thrown_out = |sign_in: &SignIn| {
        let ending = sign_in.end.clone().filter(|ending| ending.by == EndedBy::Elsewhere)?;
        Some((sign_in.account.clone(), ending))
    };
    for index in 0..sign_ins.len() {
        let Some((account, ending)) = sign_ins.get(index).and_then(thrown_out) else { continue };
        let away = |other: &SignIn| {
            let at = other.accepted.unwrap_or(other.start);
            at.time.nanos_since(ending.evidence.time).abs()
        };
        let did_it = |other: &SignIn| match &ending.by_device {
            Some(device) => other.machine.as_ref() == Some(device),
            None => away(other) <= NEAR,
        };
        let others = sign_ins.iter().enumerate().filter(|(other, sign_in)| {
            *other != index && account.is_some() && sign_in.account == account && did_it(sign_in)
        });
        let other = others.min_by_key(|(_, sign_in)| away(sign_in)).map(|(other, _)| other);
        if let Some(sign_in) = sign_ins.get_mut(index) {
            sign_in.elsewhere = Some(Elsewhere { evidence: ending.evidence, other });
        }
    }
}
