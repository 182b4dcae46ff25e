//! Requests and answers find each other, and complaints about them are never false: every sample capture and, where they
//! are at hand, the shared recordings of real traffic.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on must fail"
)]

use std::path::Path;

use msnp_dissector::analysis::{Analysis, Command, Links, Sink, Unanswered};
use msnp_dissector::msnp::dissect;
use msnp_dissector::tree::{Catalogue, Recording};
use msnp_tests::cases;

/// The experts that look at the past of a connection.
const SEQUENCE: [&str; 7] = [
    "msnp.expert.no-request",
    "msnp.expert.other-request",
    "msnp.expert.trid-repeated",
    "msnp.expert.trid-order",
    "msnp.expert.trid-order-room",
    "msnp.expert.not-offered",
    "msnp.expert.later-dialect",
];

/// What is wrong on purpose in one of the samples.
const ODD: &[&str] = &[
    "VER 1: expected one of the dialects that the client offered, found that the server chooses MSNP10",
    "USR 9: expected the answer to a request of the client, found USR with TrID 9, which the client has not sent",
    "CHG 2: expected USR, XFR as the answer to USR, found CHG with its TrID",
    "ADL 2: expected a command of MSNP10, found ADL, which came with MSNP13",
    "ADL 2: expected a new TrID, found 2, used before for USR: its answers cannot be told from those to this command",
    "URL 6: expected a TrID above 7, found 6: numbered early, sent late",
    "USR 2 is never answered: expected USR, XFR or an error before the connection ended, found neither",
    "ADL 2 is never answered: expected ADL, ILN or an error before the connection ended, found neither",
    "URL 6 is never answered: expected URL or an error before the connection ended, found neither",
];

#[derive(Default)]
struct Seen {
    /// Each complaint: the command's first words, and its sentence.
    complaints: Vec<String>,
    commands: u32,
    linked: u32,
    links: Links,
}

impl Sink for Seen {
    fn command(&mut self, command: &Command<'_>) {
        self.commands += 1;
        let line = String::from_utf8_lossy(command.pdu.line_text()).into_owned();
        let words = line.split(' ').take(2).collect::<Vec<_>>().join(" ");
        for expert in &dissect(&command.pdu, &command.context, Recording::Nothing).tree.experts {
            if SEQUENCE.contains(&expert.id.decl().id) {
                self.complaints.push(format!("{words}: {}", Catalogue::english().render(&expert.text)));
            }
        }
        self.links.note(command.number, &command.context, command.pdu.completes);
        assert_eq!(command.context.answers.map(|r| r.pdu), command.request.map(|r| r.pdu), "{line}");
        if let Some(request) = command.request {
            self.linked += 1;
            let answers = self.links.answers(request.pdu).expect("the table holds what the command says");
            assert!(answers.first <= command.number && request.pdu < command.number, "{line}");
            assert!(request.nanos.is_none_or(|nanos| nanos >= 0) && request.frame <= command.frame, "{line}");
        }
    }

    fn unanswered(&mut self, request: &Unanswered) {
        assert_eq!(self.links.answers(request.pdu), None);
        self.complaints.push(Catalogue::english().render(&request.expert(0).text));
    }
}

fn look(bytes: &[u8]) -> Seen {
    let mut seen = Seen::default();
    let mut analysis = Analysis::new();
    analysis.push(bytes, &mut seen).expect("a capture");
    analysis.finish(&mut seen).expect("a capture");
    seen
}

fn shared(name: &str) -> Option<Seen> {
    msnp_tests::elsewhere::bytes(&format!("captures/{name}")).map(|bytes| look(&bytes))
}

fn capture_of(case: &Path) -> Vec<u8> {
    let mut files = std::fs::read_dir(case).unwrap().map(|entry| entry.unwrap().path());
    let file = files.find(|path| path.file_name().unwrap().to_string_lossy().starts_with("capture."));
    std::fs::read(file.expect("a capture in every case")).unwrap()
}

#[test]
fn sample_captures_give_no_false_alarm() {
    let mut linked = 0;
    for case in cases::all().unwrap() {
        let name = case.file_name().unwrap().to_string_lossy().into_owned();
        let seen = look(&capture_of(&case));
        linked += seen.linked;
        let expected: &[&str] = match name.as_str() {
            // Put there on purpose.
            "msnp15-errors-and-oddities" => &[
                "ACK 99: expected the answer to a request of the client, found ACK with TrID 99, which the client has not sent",
            ],
            "msnp10-signin-odd-answers" => ODD,
            _ => &[],
        };
        assert_eq!(seen.complaints, expected, "{name}");
    }
    assert!(linked > 200, "only {linked} answers");
}

#[test]
fn real_traffic_gives_no_false_alarm() {
    // The official client numbers a message when it is written, and sends it when somebody has entered the room.
    let late = "numbered early, sent late, as messages are that wait for somebody to enter the room";
    let expected = [
        ("msnp11-login-chat.pcap", 51, vec![]),
        ("msnp11-pictures-files.pcap", 173, vec![]),
        (
            "msnp11-chat-midstream.pcap",
            50,
            vec![
                format!("MSG 177: expected a TrID above 179, found 177: {late}"),
                format!("MSG 182: expected a TrID above 183, found 182: {late}"),
            ],
        ),
        // Single messages, put together from several chats.
        ("msnp16-p2pv2-messages.pcap", 0, vec![format!("MSG 4: expected a TrID above 591, found 4: {late}")]),
    ];
    for (name, linked, complaints) in expected {
        let Some(seen) = shared(name) else { return };
        assert_eq!((seen.linked, seen.complaints), (linked, complaints), "{name}");
    }
}
