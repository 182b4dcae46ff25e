//! From a dialogue to its story: the scenario builder makes a capture of it, the library reads that.

use std::fmt::Write as _;

use msnp_dissector::analysis::Analysis;
use msnp_dissector::model::{Story, Tale};
use msnp_dissector::tree::Catalogue;
use msnp_tests::scenario::{self, Transcript};
use serde_json::json;

/// The folder of reference and real captures, which need not be there.
/// The story of a dialogue on one connection: one command a line, `C ` or `S ` and the line. A payload follows after ` | `;
/// the line's length is then `{len}`, and `\r\n` stands for a line end in it.
pub fn tale(dialogue: &str) -> Tale {
    tale_of(&transcript(&json!({}), dialogue))
}

/// The same with damage or several connections: `scenario` is that of a transcript; a line may begin with a connection's
/// name and a colon, as in `NS2: C OUT`.
pub fn transcript(scenario: &serde_json::Value, dialogue: &str) -> Transcript {
    let mut text = json!({ "scenario": scenario }).to_string();
    for line in dialogue.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (connection, said) = match line.split_once(": ") {
            Some((name, said)) if name.len() <= 4 => (name, said),
            _ => ("NS", line),
        };
        let (direction, command) = said.split_once(' ').expect("who speaks");
        let (line, payload) = command.split_once(" | ").unwrap_or((command, ""));
        let payload = payload.replace("\\r\\n", "\r\n");
        let direction = if direction == "C" { "C>S" } else { "S>C" };
        let command = json!({
            "connection": connection, "dir": direction, "line": format!("{line}\r\n"), "payload": payload, "after_ms": 1000,
        });
        write!(text, "\n{command}").expect("a string");
    }
    Transcript::parse(&text).expect("a transcript")
}

/// The story of a transcript.
pub fn tale_of(transcript: &Transcript) -> Tale {
    tale_of_capture(&scenario::build(transcript).expect("a capture"))
}

/// The story of a capture.
pub fn tale_of_capture(bytes: &[u8]) -> Tale {
    let (mut analysis, mut story) = (Analysis::new(), Story::new());
    for slice in bytes.chunks(4096) {
        analysis.push(slice, &mut story).expect("a capture");
    }
    analysis.finish(&mut story).expect("a capture");
    story.tell()
}

/// Every contact as the capture leaves it, and what happened to it: `bob@example.com FL AL “Bob” (School)`.
pub fn contacts(tale: &Tale) -> Vec<String> {
    let english = Catalogue::english();
    let mut lines = Vec::new();
    for roster in &tale.rosters {
        let listing = roster.now();
        for contact in listing.contacts() {
            let mut line = contact.contact.clone();
            for list in contact.lists.names() {
                let _ = write!(line, " {list}");
            }
            if let Some(nick) = &contact.nick {
                let _ = write!(line, " “{nick}”");
            }
            for group in &contact.groups {
                let _ = write!(line, " ({})", listing.group_name(group));
            }
            if let Some(network) = contact.network {
                let _ = write!(line, " on {network}");
            }
            for (code, value) in &contact.properties {
                let _ = write!(line, " {code}={value}");
            }
            for member in &contact.members {
                let _ = write!(line, " +{member}");
            }
            if contact.partly_known {
                line.push_str(" …");
            }
            lines.push(line);
            for change in &contact.changes {
                let pdu = change.evidence.pdu.map_or_else(|| "?".to_owned(), |pdu| pdu.to_string());
                lines.push(format!("  {pdu}: {}", english.render(&change.text())));
            }
        }
        for change in listing.group_changes() {
            lines.push(english.render(&change.text()));
        }
    }
    lines
}

/// Every event of presence: number of the command, whose, what, and in brackets the command that ends it.
pub fn presence(tale: &Tale) -> Vec<String> {
    let english = Catalogue::english();
    let pdu =
        |evidence: &msnp_dissector::model::Evidence| evidence.pdu.map_or_else(|| "–".to_owned(), |n| n.to_string());
    let lines = tale.presence.iter().map(|event| {
        let who = event.contact.as_deref().unwrap_or("?");
        let until = event.until.as_ref().map(|until| format!(" [{}]", pdu(until))).unwrap_or_default();
        let standing = match event.standing.name() {
            "unconfirmed" => " (unconfirmed)",
            _ => "",
        };
        format!("{} {who} {}{standing}{until}", pdu(&event.evidence), english.render(&event.text()))
    });
    lines.collect()
}
