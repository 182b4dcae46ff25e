//! Sign-ins, conversations and what is missing as short lines, to compare with what is expected.

use msnp_dissector::model::{ChatMessage, Conversation, Evidence, Missing, SignIn, Tale};
use msnp_dissector::report::{self, Reporter};
use msnp_dissector::tree::Catalogue;

fn pdu(evidence: Evidence) -> String {
    evidence.pdu.map_or_else(|| "–".to_owned(), |pdu| pdu.to_string())
}

/// `alice@example.com MSNP11 by TWN on #0: ok at 8, client at 12 (the client signed out)`, and what else there is.
pub fn sign_ins(tale: &Tale) -> Vec<String> {
    tale.sign_ins.iter().map(sign_in).collect()
}

fn sign_in(one: &SignIn) -> String {
    let mut line = one.account.clone().unwrap_or_else(|| "?".to_owned());
    if one.inferred && one.account.is_some() {
        line.push('?');
    }
    if let Some(dialect) = one.dialect {
        line += &format!(" {dialect}");
    }
    if let Some(auth) = &one.auth {
        line += &format!(" by {auth}");
    }
    for stream in one.streams.iter().chain(&one.rooms) {
        line += &format!(" #{stream}");
    }
    line += &format!(": {}", report::outcome(one.outcome));
    if let Some(at) = one.accepted {
        line += &format!(" at {}", pdu(at));
    }
    if let Some(end) = &one.end {
        let how = Catalogue::english().render(&end.how);
        line += &format!(", {} at {} ({how})", report::ended_by(end.by), pdu(end.evidence));
    }
    if let Some(elsewhere) = &one.elsewhere {
        line += &match elsewhere.other {
            Some(other) => format!(", thrown out at {} by sign-in {other}", pdu(elsewhere.evidence)),
            None => format!(", thrown out at {} by nobody here", pdu(elsewhere.evidence)),
        };
    }
    for device in &one.devices {
        let this = if one.machine.as_ref() == Some(&device.id) { "this " } else { "" };
        line += &format!(", {this}{} {}", device.id, device.name.as_deref().unwrap_or("–"));
    }
    line
}

/// Each conversation: its connections, who takes part from when to when, invitations, and each message.
pub fn conversations(tale: &Tale) -> Vec<String> {
    tale.conversations.iter().flat_map(conversation).collect()
}

fn conversation(one: &Conversation) -> Vec<String> {
    let streams = one.streams.iter().map(|stream| format!(" #{stream}")).collect::<String>();
    let session = one.session.as_deref().unwrap_or("–");
    let whole = if one.from_start { "" } else { ", without its beginning" };
    let mut lines = vec![format!("{:?} {session}{streams}{whole}", one.channel)];
    for person in &one.participants {
        let stays = person.stays.iter().map(|stay| {
            let joined = stay.joined.map_or_else(|| "…".to_owned(), pdu);
            let left = stay.left.map_or_else(|| "…".to_owned(), |left| pdu(left.evidence));
            let inferred = if stay.inferred { "?" } else { "" };
            let idle = if stay.left.is_some_and(|left| left.idle) { " idle" } else { "" };
            format!(" {joined}–{left}{inferred}{idle}")
        });
        let stays = stays.collect::<String>();
        let devices = if person.devices.is_empty() { String::new() } else { format!(" on {}", person.devices.len()) };
        lines.push(format!(" {}{stays}{devices}", person.account));
    }
    for one in &one.invitations {
        let from = one.from.as_deref().unwrap_or("?");
        let part = |evidence: Option<Evidence>| evidence.map_or_else(|| "–".to_owned(), pdu);
        let refused = one.refused.map(|(code, at)| format!(" refused {code} at {}", pdu(at))).unwrap_or_default();
        lines.push(format!(" {from} calls {}: {} rings {}{refused}", one.to, part(one.call), part(one.ring)));
    }
    lines.extend(one.messages.iter().map(message));
    lines
}

fn message(one: &ChatMessage) -> String {
    let words = Reporter::default().words(&one.what).map(|words| format!(" “{words}”")).unwrap_or_default();
    let from = one.from.as_deref().unwrap_or("?");
    let nick = one.nick.as_deref().map(|nick| format!(" ({nick})")).unwrap_or_default();
    let arrived = match (one.delivered, one.receipt) {
        (Some(true), Some(at)) => format!(", arrived {}", pdu(at)),
        (Some(false), Some(at)) => format!(", failed {}", pdu(at)),
        (delivered, _) => delivered.map(|delivered| format!(", {delivered}")).unwrap_or_default(),
    };
    let copies = one.copies.iter().map(|copy| format!(" = {}", pdu(*copy))).collect::<String>();
    let inferred = if one.inferred { " ?" } else { "" };
    let to = one.to.join(", ");
    format!(" {}{copies} {from}{nick} → {to}: {}{words}{arrived}{inferred}", pdu(one.evidence), report::kind(&one.what))
}

/// What is missing: number of the command, kind and sentence.
pub fn missing(tale: &Tale) -> Vec<String> {
    let line = |one: &Missing| {
        let text = Catalogue::english().render(&one.text);
        format!("{} #{} {text}", pdu(one.evidence), one.evidence.stream)
    };
    tale.missing.iter().map(line).collect()
}
