//! The session printed in a lecture (`msnp15-lecture-session`), beside the print itself where that is at hand: every line in
//! its place, at its time, with its words; people and addresses are ours.

use msnp_dissector::analysis::{Analysis, Command, Sink};
use msnp_dissector::msnp::Direction;
use msnp_tests::{cases, elsewhere};

use crate::rehearsal::{presence, tale_of_capture};
use crate::script::{missing, sign_ins};

fn sample() -> Vec<u8> {
    std::fs::read(cases::folder().join("msnp15-lecture-session/capture.pcap")).expect("the sample")
}

/// One printed line: seconds, whether the client sent it, words.
#[derive(Debug, PartialEq)]
struct Printed {
    time: f64,
    from_client: bool,
    words: Vec<String>,
}

/// The lines of the table that the lecture prints first; what is payload, and no command, is left out.
fn printed(slides: &str) -> Vec<Printed> {
    let words = slides.split_whitespace().collect::<Vec<_>>();
    let mut lines: Vec<Printed> = Vec::new();
    let mut client = None;
    for window in words.windows(5) {
        let [time, source, _, "MSNMS", first] = window else { continue };
        let Ok(time) = time.parse::<f64>() else { continue };
        let from_client = client.get_or_insert(*source) == source;
        if lines.last().is_some_and(|last| time < last.time) {
            break;
        }
        let verb = first.len() == 3 && first.bytes().all(|byte| byte.is_ascii_uppercase());
        if verb {
            lines.push(Printed { time, from_client, words: Vec::new() });
        }
    }
    // The words after each protocol name, up to the next line's time.
    let commands = words.split(|word| *word == "MSNMS").skip(1).filter(|rest| {
        rest.first().is_some_and(|verb| verb.len() == 3 && verb.bytes().all(|byte| byte.is_ascii_uppercase()))
    });
    for (line, rest) in lines.iter_mut().zip(commands) {
        line.words = rest.iter().map(|word| (*word).to_owned()).collect();
    }
    lines
}

/// Our commands in the same form; seconds are those of the print, which began 6.35 s before its first line.
#[derive(Default)]
struct Ours(Vec<Printed>);

impl Sink for Ours {
    fn command(&mut self, command: &Command<'_>) {
        let start = 1_222_176_347_i64;
        let time = (command.time.seconds - start) as f64 + f64::from(command.time.nanos) / 1e9;
        let words = command.pdu.words().map(|word| String::from_utf8_lossy(word).into_owned()).collect();
        self.0.push(Printed { time, from_client: command.context.direction == Direction::ToServer, words });
    }
}

/// The same word, or two that differ only in who or where it is: an account, an address, a name, an object.
fn alike(place: usize, ours: &[String], theirs: &[String]) -> bool {
    let (Some(one), Some(other)) = (ours.get(place), theirs.get(place)) else { return true };
    let is_name = |words: &[String]| match words.first().map(String::as_str) {
        Some("PRP") => place == 3,
        Some("ILN") => place == 5,
        Some("USR") => place >= 4 && words.get(2).is_some_and(|package| package == "SSO"),
        _ => false,
    };
    let same_kind = |mark: &str| one.contains(mark) && other.contains(mark);
    one == other
        || is_name(ours)
        || ["@", "%3Cmsnobj", "http://"].iter().any(|mark| same_kind(mark))
        || (one.ends_with(":1863") && other.ends_with(":1863"))
}

#[test]
fn every_printed_line_stands_in_its_place() {
    let Some(slides) = elsewhere::text("source-documents/understanding-im-protocol-slides.txt") else { return };
    let printed = printed(&slides);
    assert!(printed.len() >= 30, "{} lines", printed.len());
    let mut ours = Ours::default();
    let mut analysis = Analysis::new();
    analysis.push(&sample(), &mut ours).expect("a capture");
    analysis.finish(&mut ours).expect("a capture");
    let mut rest = ours.0.as_slice();
    for line in &printed {
        let same = |one: &Printed| {
            one.from_client == line.from_client && one.words[0] == line.words[0] && alike(1, &one.words, &line.words)
        };
        let at = rest.iter().position(same).unwrap_or_else(|| panic!("{line:?} is not in its place"));
        let one = &rest[at];
        rest = &rest[at + 1..];
        assert!((one.time - line.time).abs() < 0.006, "{one:?} is not at the time of {line:?}");
        // The print cuts long lines, and what follows the last word is the time of the next line.
        let told = line.words.len().saturating_sub(3).min(one.words.len());
        for place in 0..told {
            assert!(alike(place, &one.words, &line.words), "{one:?} is not {line:?}");
        }
    }
}

#[test]
fn its_story_is_what_the_lecture_tells() {
    let tale = tale_of_capture(&sample());
    assert_eq!(
        sign_ins(&tale),
        [
            "pier2@example.com MSNP15 by SSO #0 #1: ok at 15, capture-end at – (it was still going on when the capture ended), this {f0e1d2c3-5b64-4d0e-9c11-0a1b2c3d4e5f} –"
        ]
    );
    let one = &tale.sign_ins[0];
    assert_eq!(one.nick.as_deref(), Some("Pierluigi"));
    assert_eq!(one.redirects.iter().map(|r| r.address.as_str()).collect::<Vec<_>>(), ["198.51.100.36:1863"]);
    let client = one.client.as_ref().expect("a client");
    assert_eq!(
        [&client.name, &client.version, &client.os, &client.locale].map(String::as_str),
        ["MSNMSGR", "8.5.1302", "winnt 5.1", "0x0410"]
    );
    assert!(tale.conversations.is_empty());
    assert_eq!(missing(&tale).len(), 1, "the address book alone: {:?}", missing(&tale));
    let presence = presence(&tale);
    for told in [
        "25 pier2@example.com is called “Pierluigi”",
        "28 pier2@example.com online",
        "31 umberto.lazzarini@example.com online",
        "31 umberto.lazzarini@example.com is called “NeBuLa”",
        "34 pier2@example.com capabilities 2254290988",
    ] {
        assert!(presence.iter().any(|line| line == told), "{told} is not in {presence:#?}");
    }
}
