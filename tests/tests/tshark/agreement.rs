//! The agreement test: for each sample capture the library's trees are those that the plugin draws in tshark.
//!
//! Where the TCP beneath is whole or only reordered, everything is the same: PDUs per frame in order, fields, values,
//! experts, byte positions. Where bytes are missing, Wireshark puts segments together by its own rules; what differs then
//! stands in `wireshark.txt` of the case, one line each, with the reason in its `about.md`. `MSNP_BLESS=1` writes these
//! files anew; review the change like code.
//!
//! Told to wait for late segments, Wireshark waits for lost ones too, to the end of the capture. So that preference, off
//! by default, is on only for captures without loss.

use std::path::Path;

use msnp_tests::cases;
use msnp_tests::datagrams::{ANN, BOB, Capture, OTHER, framed, packet};
use msnp_tests::scenario::{self, Transcript};

use crate::library::{self, Field, Odd, Pdu};
use crate::pdml;
use crate::shortages;
use crate::tool::Tshark;

/// Wireshark cuts lines and the texts of experts at 239 bytes; what is this long is not compared to its end.
const LINE_SHOWN: usize = 230;

#[test]
fn plugin_and_library_agree_on_every_capture() {
    let Some(tshark) = Tshark::find() else { return };
    let mut faults = Vec::new();
    let (mut pdus, mut short) = (0, 0);
    for case in cases::all().unwrap() {
        let capture = capture_of(&case);
        let library = library::pdus(&capture);
        let plugin = plugin_pdus(&tshark, &case, &capture);
        pdus += library.len();
        let name = case.file_name().unwrap().to_string_lossy().into_owned();
        let differences = differences(&library, &plugin);
        if std::env::var_os("MSNP_BLESS").is_some() {
            write_expected(&case, &differences);
        }
        let expected = std::fs::read_to_string(case.join("wireshark.txt")).unwrap_or_default();
        if expected != differences {
            faults.push(format!("{name}: expected differences\n{expected}found\n{differences}"));
        }
        match shortages::disagreement(&capture, &plugin) {
            Ok(named) => short += named,
            Err(fault) => faults.push(format!("{name}: {fault}")),
        }
    }
    assert!(pdus > 300, "only {pdus} PDUs in all captures");
    assert!(short >= 3, "only {short} transfers that did not come whole");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Also of a capture that keeps the first bytes of packets only.
#[test]
fn plugin_and_library_agree_over_udp() {
    let Some(tshark) = Tshark::find() else { return };
    let text = format!("BYE MSNMSGR:bob@example.com MSNSLP/1.0\r\nTo: {}\r\n\r\n\0", "x".repeat(1500));
    let (first, second) = text.as_bytes().split_at(1000);
    let mut capture = Capture::new();
    capture.udp((ANN, 40000), (OTHER, 53), &[0; 30], 0);
    capture.between(true, &packet(0, 1, 0, (0, text.len()), first));
    capture.between(false, &packet(77, 9, 0x0100_0030, (0, 3000), &[7; 1200]));
    capture.udp((BOB, 6902), (ANN, 6901), b"a probe that nobody knows", 0);
    capture.between(true, &packet(0, 1, 0, (1000, text.len()), second));
    capture.udp((BOB, 6902), (ANN, 6901), &framed(&packet(77, 9, 0x0100_0030, (1200, 3000), &[7; 1200])), 700);
    capture.udp((BOB, 6902), (ANN, 6901), &framed(&packet(77, 9, 0x0100_0030, (2400, 3000), &[7; 600])), 0);
    let file = tshark.file("udp.pcap", &capture.0);
    let library = library::pdus(&tshark.outside(&file));
    let plugin = pdml::pdus(&tshark.run(&["-2", "-T", "pdml", "-r", &file.to_string_lossy()]));
    assert_eq!((library.len(), differences(&library, &plugin)), (6, String::new()));
}

/// On another port than the service's: a connection for each place where its first line can be split, from its handshake on
/// or caught later, begun by a line that tells the side or by one that does not.
#[test]
fn plugin_and_library_agree_wherever_the_first_line_is_split() {
    let Some(tshark) = Tshark::find() else { return };
    for (opening, first) in [
        ("handshake", "USR 1 alice@example.com 17262740.1050826919.32308"),
        ("midstream", "USR 1 alice@example.com 17262740.1050826919.32308"),
        ("handshake", "CHG 5 NLN 0"),
        ("midstream", "CHG 5 NLN 0"),
    ] {
        let splits = 1..first.len() + 2;
        let capture = scenario::build(&Transcript::parse(&split_everywhere(opening, first)).unwrap()).unwrap();
        let file = tshark.file("split.pcap", &capture);
        let library = library::pdus(&tshark.outside(&file));
        let file = file.to_string_lossy();
        assert_eq!(library.len(), 3 * splits.count(), "{opening}, {first}");
        for passes in [&[][..], &["-2"]] {
            let options = [passes, &["-T", "pdml", "-r", &file]].concat();
            let differences = differences(&library, &pdml::pdus(&tshark.run(&options)));
            assert_eq!(differences, "", "{opening}, {first}, {passes:?}");
        }
    }
}

/// Inside a payload, on another port: both find the next command that a segment begins with. What comes before it the
/// library keeps, as bytes that are no command; Wireshark gave it away.
#[test]
fn plugin_and_library_agree_from_inside_a_payload_on() {
    let Some(tshark) = Tshark::find() else { return };
    // With 16 segments behind it, a direction is not looked at any more.
    for (before, found) in [(1, (4, 2)), (4, (4, 2)), (14, (4, 2)), (16, (0, 0))] {
        let head = r#"{"connection": "SB", "after_ms": 100, "dir""#;
        let mut transcript = concat!(
            r#"{"scenario": {"connections": {"SB": {"client": "192.0.2.10:1000", "server": "198.51.100.20:9999", "#,
            r#""opening": "midstream"}}}}"#,
            "\n"
        )
        .to_owned();
        for number in 0..before {
            for way in ["S>C", "C>S"] {
                transcript += &format!("{head}: \"{way}\", \"line\": \"line {number} of a long text\\r\\n\"}}\n");
            }
        }
        transcript += &format!("{head}: \"S>C\", \"line\": \"JOI bob@example.com Bob\\r\\n\"}}\n");
        transcript += &format!("{head}: \"C>S\", \"line\": \"CAL 5 carol@example.com\\r\\n\"}}\n");
        let capture = scenario::build(&Transcript::parse(&transcript).unwrap()).unwrap();
        let file = tshark.file("inside.pcap", &capture);
        let library = library::pdus(&tshark.outside(&file));
        let plugin = pdml::pdus(&tshark.run(&["-2", "-T", "pdml", "-r", &file.to_string_lossy()]));
        let differences = differences(&library, &plugin);
        assert_eq!((library.len(), plugin.len()), found, "{before}: {differences}");
        assert_eq!(differences.lines().count(), found.0 - found.1, "{before}: {differences}");
        assert!(differences.lines().all(|line| line.starts_with("only msnp: ") && line.contains(": line 0 of a long")));
    }
}

/// One connection after the other, each with its first line split after one byte more.
fn split_everywhere(opening: &str, first: &str) -> String {
    let splits = 1..first.len() + 2;
    let connection = |at: usize| {
        // Habit takes the higher port for the client: only the handshake tells that it is wrong.
        let first_port = if opening == "handshake" { 1000 } else { 20_000 };
        let (client, server) = (first_port + at, "198.51.100.20:9999");
        format!(r#""SB{at}": {{"client": "192.0.2.10:{client}", "server": "{server}", "opening": "{opening}"}}"#)
    };
    let connections = splits.clone().map(connection).collect::<Vec<_>>().join(", ");
    let mut transcript = format!("{{\"scenario\": {{\"title\": \"split\", \"connections\": {{{connections}}}}}}}\n");
    for at in splits {
        let head = format!(r#"{{"connection": "SB{at}", "after_ms": 100, "dir""#);
        transcript += &format!("{head}: \"C>S\", \"line\": \"{first}\\r\\n\", \"split_at\": [{at}]}}\n");
        transcript += &format!("{head}: \"S>C\", \"line\": \"JOI bob@example.com Bob\\r\\n\"}}\n");
        transcript += &format!("{head}: \"S>C\", \"line\": \"BYE bob@example.com\\r\\n\"}}\n");
    }
    transcript
}

#[test]
fn damage_alone_excuses_a_difference() {
    for case in cases::all().unwrap() {
        if case.join("wireshark.txt").exists() {
            let about = std::fs::read_to_string(case.join("about.md")).unwrap();
            assert!(
                about.contains("Wireshark"),
                "{}: about.md must give the reason of each difference",
                case.display()
            );
        }
    }
}

pub fn capture_of(case: &Path) -> std::path::PathBuf {
    let mut files = std::fs::read_dir(case).unwrap().map(|entry| entry.unwrap().path());
    let is_capture = |path: &std::path::PathBuf| path.file_name().unwrap().to_string_lossy().starts_with("capture.");
    files.find(is_capture).unwrap_or_else(|| panic!("{}: no capture", case.display()))
}

fn plugin_pdus(tshark: &Tshark, case: &Path, capture: &Path) -> Vec<Pdu> {
    let copy = tshark.copy(capture);
    let order = if is_lossy(case) { "FALSE" } else { "TRUE" };
    let order = format!("tcp.reassemble_out_of_order:{order}");
    pdml::pdus(&tshark.run(&["-2", "-o", &order, "-T", "pdml", "-r", &copy.to_string_lossy()]))
}

/// Whether bytes of the connections are missing, as the first line of the transcript says.
fn is_lossy(case: &Path) -> bool {
    let transcript = std::fs::read_to_string(case.join("transcript.jsonl")).unwrap();
    let scenario = transcript.lines().next().unwrap_or_default();
    scenario.contains("\"lose\"") || scenario.contains("\"snaplen\"")
}

fn write_expected(case: &Path, differences: &str) {
    let path = case.join("wireshark.txt");
    if differences.is_empty() {
        let _ = std::fs::remove_file(path);
    } else {
        std::fs::write(path, differences).unwrap();
    }
}

/// The differences, one line each; none when both agree.
///
/// Both lists are walked in parallel. Where the next PDUs differ, the shorter way to the next pair that agrees is taken.
pub fn differences(library: &[Pdu], plugin: &[Pdu]) -> String {
    let mut out = String::new();
    let (mut left, mut right) = (library, plugin);
    loop {
        match (left, right) {
            ([a, left_rest @ ..], [b, right_rest @ ..]) => {
                if disagreement(a, b).is_none() {
                    (left, right) = (left_rest, right_rest);
                    continue;
                }
                let (skip_left, skip_right) = next_agreement(left, right);
                if (skip_left, skip_right) == (1, 1) {
                    let what = disagreement(a, b).unwrap_or_default();
                    out += &format!("frame {}: {}: {what}\n", a.frame, title(a));
                } else {
                    left[..skip_left].iter().for_each(|pdu| out += &format!("only msnp: {}\n", described(pdu)));
                    right[..skip_right].iter().for_each(|pdu| out += &format!("only Wireshark: {}\n", described(pdu)));
                }
                (left, right) = (&left[skip_left..], &right[skip_right..]);
            }
            (rest, []) => {
                rest.iter().for_each(|pdu| out += &format!("only msnp: {}\n", described(pdu)));
                return out;
            }
            ([], rest) => {
                rest.iter().for_each(|pdu| out += &format!("only Wireshark: {}\n", described(pdu)));
                return out;
            }
        }
    }
}

/// How many PDUs to pass over on each side until the lists agree again.
fn next_agreement(left: &[Pdu], right: &[Pdu]) -> (usize, usize) {
    for distance in 1..=left.len() + right.len() {
        for skip_left in 0..=distance {
            let pair = (left.get(skip_left), right.get(distance - skip_left));
            if let (Some(a), Some(b)) = pair
                && disagreement(a, b).is_none()
            {
                return (skip_left, distance - skip_left);
            }
        }
    }
    (left.len(), right.len())
}

fn described(pdu: &Pdu) -> String {
    format!("frame {}, {} bytes: {}", pdu.frame, pdu.length, title(pdu))
}

fn title(pdu: &Pdu) -> String {
    pdu.title.chars().take(60).collect::<String>().escape_default().to_string()
}

/// What two PDUs differ in; `None` when in nothing.
fn disagreement(library: &Pdu, plugin: &Pdu) -> Option<String> {
    if (library.frame, library.length) != (plugin.frame, plugin.length) {
        return Some(format!("frame {} with {} bytes in Wireshark", plugin.frame, plugin.length));
    }
    for (a, b) in library.fields.iter().zip(&plugin.fields) {
        if !same_field(a, b) {
            return Some(format!("{a:?} is {b:?} in Wireshark"));
        }
    }
    if library.fields.len() != plugin.fields.len() {
        return Some(format!("{} fields, {} in Wireshark", library.fields.len(), plugin.fields.len()));
    }
    for (a, b) in library.experts.iter().zip(&plugin.experts) {
        if !same_expert(a, b) {
            return Some(format!("{a:?} is {b:?} in Wireshark"));
        }
    }
    if library.experts.len() != plugin.experts.len() {
        return Some(format!("{} experts, {} in Wireshark", library.experts.len(), plugin.experts.len()));
    }
    None
}

/// Bytes that are not text are shown in tshark's own way of writing control characters: what the library says is read in
/// that way too.
fn same_field(library: &Field, plugin: &Field) -> bool {
    let shown = plugin.note.trim_end_matches(']');
    library.name == plugin.name
        && pdml::unescaped(&library.value) == plugin.value
        && library.depth == plugin.depth
        && library.length == plugin.length
        && library.start.is_shown_as(plugin.start)
        && (plugin.note.len() >= LINE_SHOWN || shown.ends_with(&library.note))
}

fn same_expert(library: &Odd, plugin: &Odd) -> bool {
    let beginning = |text: &str| text.chars().take(LINE_SHOWN / 4).collect::<String>();
    let texts = match library.text.len() < LINE_SHOWN {
        true => pdml::unescaped(&library.text) == plugin.text,
        false => beginning(&library.text) == beginning(&plugin.text),
    };
    let place = |odd: &Odd| (odd.on.clone(), odd.start, odd.length);
    texts && library.name == plugin.name && library.severity == plugin.severity && place(library) == place(plugin)
}
