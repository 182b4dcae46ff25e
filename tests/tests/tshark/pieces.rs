//! What comes in pieces: each piece names the packet in which the whole is put together.

use msnp_tests::scenario::{self, Transcript};

use crate::tool::Tshark;
use crate::usage::case;

/// Of each command with a piece its packet, and that of the whole.
fn pieces(tshark: &Tshark, capture: &str, passes: &[&str]) -> Vec<(u32, Vec<u32>)> {
    let columns = ["-T", "fields", "-e", "frame.number", "-e", "msnp.reassembled_in", "-Y", "msnp.reassembled_in"];
    let shown = tshark.run(&[&["-r", capture][..], &columns, passes].concat());
    let row = |line: &str| {
        let (piece, wholes) = line.split_once('\t').unwrap();
        (piece.parse().unwrap(), wholes.split(',').map(|frame| frame.parse().unwrap()).collect())
    };
    shown.lines().map(row).collect()
}

#[test]
fn parts_of_a_message_name_the_packet_of_the_whole() {
    let Some(tshark) = Tshark::find() else { return };
    let head =
        r#"{"scenario": {"connections": {"SB": {"client": "192.0.2.10:1042", "server": "198.51.100.77:1863"}}}}"#;
    let part = |headers: &str, body: &str| {
        let line = r#"{"connection": "SB", "dir": "S>C", "after_ms": 100, "line": "MSG bob@example.com Bob {len}\r\n", "payload": "#;
        format!("{line}\"{headers}\\r\\n\\r\\n{body}\"}}")
    };
    let lines = [
        head.to_owned(),
        r#"{"connection": "SB", "dir": "C>S", "line": "ANS 1 alice@example.com 17262740.1050826919 881101\r\n"}"#
            .to_owned(),
        part(
            r"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\nMessage-ID: 4F8C2A10\r\nChunks: 3",
            "one ",
        ),
        part(r"Message-ID: 4F8C2A10\r\nChunk: 1", "two "),
        part(r"Message-ID: 4F8C2A10\r\nChunk: 2", "three"),
    ];
    let capture = scenario::build(&Transcript::parse(&lines.join("\n")).unwrap()).unwrap();
    let capture = tshark.file("parts.pcap", &capture).to_string_lossy().into_owned();
    assert_eq!(pieces(&tshark, &capture, &[]), [], "not known yet");
    let whole = tshark.run(&[
        "-r",
        &capture,
        "-Y",
        "msnp.text contains \"one two three\"",
        "-T",
        "fields",
        "-e",
        "frame.number",
    ]);
    let whole = whole.trim().parse::<u32>().unwrap();
    let found = pieces(&tshark, &capture, &["-2"]);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found.iter().all(|(piece, wholes)| *piece < whole && *wholes == [whole]), "{found:?} {whole}");
    let shown = tshark.run(&["-2", "-r", &capture, "-O", "msnp", "-Y", "msnp.reassembled_in"]);
    assert!(shown.contains(&format!("    [Reassembled in: {whole}]")), "{shown}");
}

#[test]
fn packets_between_programs_name_that_of_the_whole() {
    let Some(tshark) = Tshark::find() else { return };
    let capture = case(&tshark, "msnp18-file-udp");
    assert_eq!(pieces(&tshark, &capture, &[]), []);
    let found = pieces(&tshark, &capture, &["-2"]);
    assert!(!found.is_empty());
    for (piece, wholes) in found {
        for whole in wholes {
            let filter = format!("frame.number == {whole} && msnp.slp.start");
            assert!(piece < whole && !tshark.run(&["-r", &capture, "-Y", &filter]).is_empty(), "{piece} {whole}");
        }
    }
}
