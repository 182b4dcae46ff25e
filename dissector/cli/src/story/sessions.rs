//! Sign-ins, one paragraph each.

use std::fmt::Write as _;

use msnp_dissector::model::{Device, Elsewhere, EndedBy, Evidence, Outcome, SignIn, Tale};
use msnp_dissector::msnp::error_meaning;
use msnp_dissector::report::Reporter;

use super::words::{clock, connection, list, moment_utc, name, streams};

/// All sign-ins.
pub fn text(tale: &Tale, reporter: &Reporter) -> String {
    let mut out = String::new();
    for (index, sign_in) in tale.sign_ins.iter().enumerate() {
        if index > 0 {
            out.push('\n');
        }
        paragraph(sign_in, tale, reporter, &mut out);
    }
    if tale.sign_ins.is_empty() {
        out.push_str("No sign-in, and no connection to a notification server, is in this capture.\n");
    }
    out
}

fn paragraph(sign_in: &SignIn, tale: &Tale, reporter: &Reporter, out: &mut String) {
    let account = sign_in.account.as_deref().map_or_else(|| "Account not known".to_owned(), name);
    let nick = sign_in.nick.as_deref().map(|nick| format!(" “{}”", name(nick))).unwrap_or_default();
    let mark = if sign_in.inferred && sign_in.account.is_some() { " (inferred)" } else { "" };
    let _ = writeln!(out, "{account}{nick}{mark}");
    let mut row = |title: &str, value: String| {
        if !value.is_empty() {
            let _ = writeln!(out, "  {title:<11}{value}");
        }
    };
    row("Began", format!("{}{}", moment_utc(sign_in.start.time), place(sign_in.start)));
    row("Sign-in", outcome(sign_in, reporter));
    if let Some(client) = &sign_in.client {
        let described = format!("{} {} on {}, locale {}", client.name, client.version, client.os, client.locale);
        row("Client", name(&described));
    }
    if let Some(dialect) = sign_in.dialect {
        let offered = sign_in.offered.iter().map(ToString::to_string).collect::<Vec<_>>();
        let offered = if offered.len() > 1 { format!(", chosen out of {}", offered.join(" ")) } else { String::new() };
        row("Dialect", format!("{dialect}{offered}"));
    }
    if let Some(address) = &sign_in.address {
        let port = address.port.as_deref().map(|port| format!(", port {port}")).unwrap_or_default();
        row("Address", format!("{}{port}, as the server saw it", name(&address.host)));
    }
    row("Servers", servers(sign_in));
    row("Chat rooms", streams(&sign_in.rooms));
    for device in &sign_in.devices {
        row("Device", of_device(device, sign_in.machine.as_deref()));
    }
    for setting in &sign_in.privacy {
        let said = reporter.catalogue.render(&setting.text());
        row("Privacy", format!("{}{}", name(&said), place(setting.evidence)));
    }
    if let Some(end) = &sign_in.end {
        let when = if end.by == EndedBy::CaptureEnd { "last packet " } else { "" };
        let at = clock(end.evidence.time);
        row("Ended", format!("{when}{at}{}: {}", place(end.evidence), reporter.catalogue.render(&end.how)));
    }
    if let Some(elsewhere) = &sign_in.elsewhere {
        row("!", tripwire(elsewhere, sign_in, tale));
    }
}

fn place(evidence: Evidence) -> String {
    format!(" (packet {})", evidence.frame)
}

fn outcome(sign_in: &SignIn, reporter: &Reporter) -> String {
    let by = sign_in.auth.as_deref().map(|auth| format!(" by {}", name(auth))).unwrap_or_default();
    match sign_in.outcome {
        Outcome::Accepted => {
            let at = sign_in.accepted.map(|at| format!(" at {}{}", clock(at.time), place(at))).unwrap_or_default();
            format!("accepted{by}{at}")
        }
        Outcome::Refused { code, evidence } => {
            let meaning = code.and_then(error_meaning).map(|text| reporter.catalogue.render(&text.text()));
            let why = match (code, meaning) {
                (Some(code), Some(meaning)) => format!(" with error {code}: {meaning}"),
                (Some(code), None) => format!(" with error {code}"),
                (None, _) => " because no dialect fits".to_owned(),
            };
            format!("refused{by} at {}{}{why}", clock(evidence.time), place(evidence))
        }
        Outcome::Redirected => "sent on to another server; the next connection is not in this capture".to_owned(),
        Outcome::Unfinished => "broken off, before the server answered".to_owned(),
        Outcome::NotCaptured => "not in this capture; the client is signed in".to_owned(),
    }
}

fn servers(sign_in: &SignIn) -> String {
    let mut out = String::new();
    for (index, stream) in sign_in.streams.iter().enumerate() {
        if let Some(redirect) = index.checked_sub(1).and_then(|before| sign_in.redirects.get(before)) {
            let _ = write!(out, " → {} ", name(&redirect.address));
        }
        let _ = write!(out, "{}", connection(*stream));
    }
    out
}

fn of_device(device: &Device, this: Option<&str>) -> String {
    let called = device.name.as_deref().map(|name_| format!(" “{}”", name(name_))).unwrap_or_default();
    let kind = match device.client_type.as_deref() {
        Some("1") => ", a computer",
        Some("2") => ", a web site",
        Some("3") => ", a mobile",
        Some("4") => ", a games console",
        _ => "",
    };
    let this = if this == Some(device.id.as_str()) { " (this one)" } else { "" };
    format!("{}{called}{kind}{this}", name(&device.id))
}

fn tripwire(elsewhere: &Elsewhere, sign_in: &SignIn, tale: &Tale) -> String {
    let account = sign_in.account.as_deref().map_or_else(|| "the account".to_owned(), name);
    let at = format!("{}{}", moment_utc(elsewhere.evidence.time), place(elsewhere.evidence));
    let other = elsewhere.other.and_then(|other| tale.sign_ins.get(other));
    if sign_in.end.as_ref().is_some_and(|end| end.by_device.is_some()) {
        let device = sign_in.end.as_ref().and_then(|end| end.by_device.clone());
        return format!("{at}: {account} was signed out by its device {}", list(&device));
    }
    match other {
        Some(other) => {
            format!("{at}: {account} signed in somewhere else, on {} of this capture", streams(&other.streams))
        }
        None => format!("{at}: {account} signed in somewhere else; that sign-in is not in this capture"),
    }
}
