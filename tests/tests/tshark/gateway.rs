//! The HTTP gateway: its sessions are kept apart in tshark as in the library, whatever connections they share.

use msnp_tests::scenario::{self, Transcript};

use crate::agreement::differences;
use crate::tool::Tshark;
use crate::usage::case;
use crate::{library, pdml};

/// Sessions of two clients that have the same name; and one whose beginning was not captured, beside one that was answered by
/// nobody: each keeps to itself.
#[test]
fn plugin_and_library_agree_where_clients_share_a_gateway() {
    let Some(tshark) = Tshark::find() else { return };
    let file = tshark.file("shared.pcap", &scenario::build(&Transcript::parse(&shared_gateway()).unwrap()).unwrap());
    let library = library::pdus(&tshark.outside(&file));
    assert!(library.len() >= 8, "{}", library.len());
    // Who answers a request is known on the second look.
    let plugin = pdml::pdus(&tshark.run(&["-2", "-T", "pdml", "-r", &file.to_string_lossy()]));
    assert_eq!(differences(&library, &plugin), "");
}

/// Two sessions share a connection, and who asks last on it has nothing to say: whose answer comes in chunks or packed, its
/// head tells.
#[test]
fn plugin_and_library_agree_where_sessions_share_a_connection() {
    let Some(tshark) = Tshark::find() else { return };
    for options in [r#""chunk": 4000"#, r#""chunk": 9"#, r#""gzip": true"#, r#""chunk": 9, "gzip": true"#] {
        let session = |name: &str, id: &str| {
            format!(
                r#""{name}": {{"gateway": {{"on": ["WEB"], "id": "{id}", "server": "SB", "host": "198.51.100.77", {options}}}}}"#
            )
        };
        let mut transcript = format!(
            r#"{{"scenario": {{"connections": {{"WEB": {{"client": "192.0.2.10:2001", "server": "198.51.100.5:80"}}, {}, {}}}}}}}"#,
            session("SB 1", "555.1"),
            session("SB 2", "666.1")
        );
        for (connection, way, line) in [
            ("SB 1", "C>S", "CAL 1 bob@example.com"),
            ("SB 1", "S>C", "JOI bob@example.com Bob"),
            ("SB 2", "C>S", "CAL 1 carol@example.com"),
            ("SB 2", "S>C", "JOI carol@example.com Carol"),
            ("SB 1", "S>C", "CAL 1 RINGING 777"),
            ("SB 2", "S>C", "CAL 1 RINGING 888"),
        ] {
            transcript += &format!(
                "\n{{\"connection\": \"{connection}\", \"after_ms\": 100, \"dir\": \"{way}\", \"line\": \"{line}\\r\\n\"}}"
            );
        }
        let capture = scenario::build(&Transcript::parse(&transcript).unwrap()).unwrap();
        let file = tshark.file("one.pcap", &capture);
        let library = library::pdus(&tshark.outside(&file));
        let plugin = pdml::pdus(&tshark.run(&["-2", "-T", "pdml", "-r", &file.to_string_lossy()]));
        assert_eq!((library.len(), differences(&library, &plugin)), (6, String::new()), "{options}");
    }
}

/// Requests whose type says nothing are the gateway's by their path.
#[test]
fn requests_of_another_type_are_known_by_their_path() {
    let Some(tshark) = Tshark::find() else { return };
    let mut capture = scenario::build(&Transcript::parse(&shared_gateway()).unwrap()).unwrap();
    let (known, unknown) = (b"application/x-msn-messenger", b"application/x-unknown-thing");
    let mut changed = 0;
    for at in 0..capture.len() - known.len() {
        if capture[at..].starts_with(known) {
            capture[at..at + known.len()].copy_from_slice(unknown);
            changed += 1;
        }
    }
    assert!(changed > 8, "{changed}");
    let file = tshark.file("unknown.pcap", &capture);
    let fields = ["-T", "fields", "-Y", "msnp.verb", "-e", "msnp.verb", "-r"];
    let out = tshark.run(&[&fields[..], &[&file.to_string_lossy()]].concat());
    assert_eq!(out.split_whitespace().collect::<Vec<_>>(), ["USR", "USR", "CAL", "CAL", "CAL"], "{out}");
    let off = ["-o", "msnp.heuristics:FALSE"];
    assert_eq!(tshark.run(&[&fields[..], &[&file.to_string_lossy()], &off].concat()), "", "nobody looks at the path");
}

/// What HTTP says of an interim response stands apart from what is said of the commands.
#[test]
fn a_bar_stands_behind_the_words_of_http() {
    let Some(tshark) = Tshark::find() else { return };
    let shown = tshark.run(&["-r", &case(&tshark, "msnp15-gateway-chunked")]);
    let lines = shown.lines().filter(|line| line.contains(" MSNP ")).collect::<Vec<_>>();
    let behind = lines.iter().filter_map(|line| Some(line.split_once("HTTP/1.1 100 Continue")?.1)).collect::<Vec<_>>();
    assert!(behind.len() > 1 && behind.iter().all(|rest| rest.starts_with(" | ")), "{behind:?}");
    assert!(lines.len() > behind.len() && lines.iter().all(|line| !line.contains(" MSNP | ")), "{lines:?}");
}

/// Two clients with the same names of sessions, by turns; the third’s session is seen from its middle on.
fn shared_gateway() -> String {
    let web = |name: &str, client: &str, server: &str| {
        format!(r#""{name}": {{"client": "{client}", "server": "{server}:80", "closing": "open"}}"#)
    };
    let session = |name: &str, on: &str, id: &str, opens: bool| {
        format!(
            r#""{name}": {{"gateway": {{"on": ["{on}"], "id": "{id}", "server": "SB", "host": "198.51.100.77", "opens": {opens}}}}}"#
        )
    };
    let connections = [
        web("WEB 1", "192.0.2.10:2001", "198.51.100.5"),
        web("WEB 2", "192.0.2.77:2001", "198.51.100.6"),
        web("WEB 3", "192.0.2.88:2001", "198.51.100.5"),
        session("SB 1", "WEB 1", "555.1", true),
        session("SB 2", "WEB 2", "555.1", true),
        session("SB 3", "WEB 3", "555.9", false),
    ];
    let mut transcript =
        format!(r#"{{"scenario": {{"title": "shared", "connections": {{{}}}}}}}"#, connections.join(", ")) + "\n";
    let mut say = |connection: &str, dir: &str, line: &str| {
        let line = line.replace('"', "");
        transcript +=
            &format!(r#"{{"connection": "{connection}", "after_ms": 100, "dir": "{dir}", "line": "{line}\r\n"}}"#);
        transcript.push('\n');
    };
    for (connection, account) in [("SB 1", "alice@example.com"), ("SB 2", "bob@example.com")] {
        say(connection, "C>S", &format!("USR 1 {account} 17262740.1050826919.32308"));
    }
    say("SB 3", "C>S", "CAL 2 dave@example.com");
    for (connection, account) in [("SB 2", "bob@example.com"), ("SB 1", "alice@example.com")] {
        say(connection, "S>C", &format!("USR 1 OK {account} Name"));
    }
    for connection in ["SB 1", "SB 2"] {
        say(connection, "C>S", "CAL 2 carol@example.com");
    }
    say("SB 3", "S>C", "JOI dave@example.com Dave");
    for connection in ["SB 2", "SB 1"] {
        say(connection, "S>C", "CAL 2 RINGING 777");
    }
    transcript
}

/// A command whose payload goes on in the next body: the rest is told as such, and what follows is read.
#[test]
fn a_payload_that_goes_on_in_the_next_body_does_not_cost_the_place() {
    let Some(tshark) = Tshark::find() else { return };
    let text = format!("MIME-Version: 1.0\\r\\nContent-Type: text/plain\\r\\n\\r\\n{}", "JOI me\\r\\n".repeat(9));
    let transcript = [
        r#"{"scenario": {"connections": {"WEB": {"client": "192.0.2.10:2001", "server": "198.51.100.5:80"}, "#,
        r#""SB": {"gateway": {"on": ["WEB"], "id": "555.1", "server": "SB", "host": "198.51.100.77", "opens": true}}}}}"#,
        "\n",
        r#"{"connection": "SB", "dir": "C>S", "line": "USR 1 alice@example.com 17262740.1050826919.32308\r\n"}"#,
        "\n",
        r#"{"connection": "SB", "after_ms": 100, "dir": "S>C", "split_at": [60], "line": "MSG bob@example.com Bob {len}\r\n", "#,
        &format!(r#""payload": "{text}"}}"#),
        "\n",
        r#"{"connection": "SB", "after_ms": 100, "dir": "S>C", "line": "BYE bob@example.com\r\n"}"#,
        "\n",
    ];
    let capture = scenario::build(&Transcript::parse(&transcript.concat()).unwrap()).unwrap();
    let file = tshark.file("on.pcap", &capture);
    let fields = ["-T", "fields", "-Y", "msnp", "-e", "msnp.verb", "-r"];
    let out = tshark.run(&[&fields[..], &[&file.to_string_lossy()]].concat());
    let verbs = out.lines().map(|line| line.split('\t').next().unwrap_or_default()).collect::<Vec<_>>();
    assert_eq!(verbs, ["USR", "MSG", "", "BYE"], "{out}");
}
