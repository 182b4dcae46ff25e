//! What a user does with the plugin in tshark.

use msnp_tests::cases;
use msnp_tests::scenario::{self, Transcript};

use crate::tool::Tshark;

/// A chat whose commands share segments, span segments, or both: a line split in the middle and before its line feed, a
/// payload split twice, two commands in the rest of a third.
const SPLITS: &str = r#"
{"scenario": {"title": "splits", "start": "2004-02-11T18:30:04Z", "seed": 1, "connections": {"SB": {"client": "192.0.2.10:1042", "server": "198.51.100.20:1863", "closing": "client-fin"}}}}
{"connection": "SB", "dir": "C>S", "after_ms": 10, "line": "USR 1 alice@example.com 17262740.1050826919.32308\r\n", "split_at": [2, 50]}
{"connection": "SB", "dir": "S>C", "after_ms": 10, "line": "USR 1 OK alice@example.com Alice\r\n"}
{"connection": "SB", "dir": "S>C", "line": "JOI bob@example.com Bob\r\n"}
{"connection": "SB", "dir": "S>C", "line": "MSG bob@example.com Bob {len}\r\n", "payload": "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\n\r\nciao", "split_at": [10, 40, 60]}
{"connection": "SB", "dir": "S>C", "line": "BYE bob@example.com\r\n"}
{"connection": "SB", "dir": "C>S", "after_ms": 10, "line": "OUT\r\n"}
"#;

/// A capture that is whole, on the usual port.
const SAMPLE: &str = "msnp8-signin-chat";

fn sample(tshark: &Tshark) -> String {
    case(tshark, SAMPLE)
}

pub fn case(tshark: &Tshark, name: &str) -> String {
    let transcript = cases::named(name).unwrap();
    let capture = cases::folder().join(name).join(transcript.scenario.file_name());
    tshark.copy(&capture).to_string_lossy().into_owned()
}

#[test]
fn tree_shows_fields_with_their_meanings() {
    let Some(tshark) = Tshark::find() else { return };
    let capture = sample(&tshark);
    let shown = tshark.run(&["-r", &capture, "-O", "msnp", "-Y", "msnp.verb == \"VER\""]);
    for line in ["MSN Messenger Protocol, VER 1 MSNP8 CVR0\n", "\n    Verb: VER (", "\n    Transaction ID: 1\n"] {
        assert!(shown.contains(line), "{line:?} is not in\n{shown}");
    }
}

/// Columns for who writes and for the conversation: full in every message, the client's own too.
#[test]
fn every_message_names_its_sender_and_its_room() {
    let Some(tshark) = Tshark::find() else { return };
    let columns = ["-T", "fields", "-e", "msnp.msg.sender", "-e", "msnp.sb.session"];
    let chat = ["-r", &sample(&tshark), "-Y", "msnp.text"];
    for passes in [&[][..], &["-2"]] {
        let shown = tshark.run(&[&chat[..], &columns, passes].concat());
        let rows = shown.lines().map(|line| line.split('\t').collect::<Vec<_>>()).collect::<Vec<_>>();
        assert!(rows.len() > 10, "{shown}");
        for row in &rows {
            assert!(matches!(row.as_slice(), [sender, "11752013"] if sender.contains('@')), "{shown}");
        }
        let senders = ["alice@example.com", "bob@example.com"];
        assert!(senders.iter().all(|sender| rows.iter().any(|row| row.first() == Some(sender))), "{shown}");
    }
}

#[test]
fn filter_counts_the_commands_of_the_transcript() {
    let Some(tshark) = Tshark::find() else { return };
    let capture = sample(&tshark);
    let transcript = cases::named(SAMPLE).unwrap();
    let messages = transcript.commands().filter(|command| command.line.starts_with(b"MSG ")).count();
    let shown = tshark.run(&["-r", &capture, "-T", "fields", "-e", "msnp.verb"]);
    let found = shown.split([',', '\n']).filter(|verb| *verb == "MSG").count();
    assert!(messages > 5);
    assert_eq!(found, messages);
    let all = shown.split([',', '\n']).filter(|verb| !verb.is_empty()).count();
    assert_eq!(all, transcript.commands().count());
    let frames = tshark.run(&["-r", &capture, "-Y", "msnp.verb == \"MSG\""]);
    let with_message = shown.lines().filter(|line| line.split(',').any(|verb| verb == "MSG")).count();
    assert_eq!(frames.lines().count(), with_message);
    assert!(frames.lines().all(|line| line.contains(" MSNP ") && line.contains("MSG ")), "{frames}");
}

#[test]
fn fields_and_json_give_values() {
    let Some(tshark) = Tshark::find() else { return };
    let capture = sample(&tshark);
    let ids = tshark.run(&["-r", &capture, "-Y", "msnp.verb == \"CVR\"", "-T", "fields", "-e", "msnp.trid"]);
    assert_eq!(ids, "2\n2\n5\n5\n", "two sign-ins, request and answer");
    let json = tshark.run(&["-r", &capture, "-Y", "msnp", "-T", "json"]);
    let packets: Vec<serde_json::Value> = serde_json::from_str(&json).unwrap();
    assert_eq!(packets[0]["_source"]["layers"]["msnp"]["msnp.verb"], "VER");
}

#[test]
fn port_1863_is_taken_from_the_built_in_line_printer() {
    let Some(tshark) = Tshark::find() else { return };
    let decodes = tshark.run(&["-G", "decodes"]);
    let claims = decodes.lines().filter(|line| line.starts_with("tcp.port\t1863\t")).collect::<Vec<_>>();
    assert_eq!(claims, ["tcp.port\t1863\tmsnp"]);
    let capture = sample(&tshark);
    let given_back = tshark.run(&["-r", &capture, "-d", "tcp.port==1863,msnms", "-Y", "msnms"]);
    assert!(given_back.lines().count() > 10, "the built-in dissector can still be chosen");
}

#[test]
fn other_ports_are_found_by_content_and_by_choice() {
    let Some(tshark) = Tshark::find() else { return };
    let name = "msnp9-chat-other-port-vlan-ipv6";
    let capture = case(&tshark, name);
    let commands = cases::named(name).unwrap().commands().count();
    let count = |arguments: &[&str]| {
        let shown = tshark.run(&[&["-2", "-r", &capture, "-T", "fields", "-e", "msnp.verb"], arguments].concat());
        shown.split([',', '\n']).filter(|verb| !verb.is_empty()).count()
    };
    assert_eq!(count(&[]), commands, "by content");
    assert_eq!(count(&["--disable-heuristic", "msnp_tcp"]), 0);
    let chosen = ["--disable-heuristic", "msnp_tcp", "-d", "tcp.port==11863,msnp", "-d", "tcp.port==11864,msnp"];
    assert_eq!(count(&chosen), commands, "by “Decode as”");
    let capture = case(&tshark, "non-msnp-web");
    assert_eq!(tshark.run(&["-r", &capture, "-Y", "msnp"]), "", "nothing else is taken for MSNP");
}

#[test]
fn commands_may_span_and_share_segments() {
    let Some(tshark) = Tshark::find() else { return };
    let capture = scenario::build(&Transcript::parse(SPLITS.trim_start()).unwrap()).unwrap();
    let capture = tshark.file("splits.pcap", &capture).to_string_lossy().into_owned();
    let verbs = tshark.run(&["-r", &capture, "-Y", "msnp", "-T", "fields", "-e", "msnp.verb", "-e", "msnp.text"]);
    assert_eq!(verbs, "USR\t\nUSR,JOI\t\nMSG,BYE\tciao\nOUT\t\n");
    let info = tshark.run(&["-r", &capture, "-Y", "msnp.verb == \"BYE\""]);
    assert!(
        info.contains("ciao") && info.trim_end().ends_with("“ciao” | BYE · bob@example.com left the chat room."),
        "{info}"
    );
    let alone = tshark.run(&["-r", &capture, "-o", "msnp.desegment:FALSE", "-O", "msnp", "-Y", "msnp.text"]);
    assert_eq!(alone, "", "without reassembly no segment holds the whole text");
}

/// On another port a connection is recognised by its first whole words; those before are put together. Where Wireshark is
/// told not to do that, they are shown on no look.
#[test]
fn both_looks_tell_the_same_where_the_first_line_is_split() {
    let Some(tshark) = Tshark::find() else { return };
    let splits = SPLITS.trim_start().replace(":1863", ":9999");
    let capture = scenario::build(&Transcript::parse(&splits).unwrap()).unwrap();
    let capture = tshark.file("other-port.pcap", &capture).to_string_lossy().into_owned();
    let verbs = |options: &[&str]| {
        tshark.run(&[options, &["-r", &capture, "-Y", "msnp", "-T", "fields", "-e", "msnp.verb"]].concat())
    };
    assert_eq!(verbs(&[]), "USR\nUSR,JOI\nMSG,BYE\nOUT\n");
    assert_eq!(verbs(&["-2"]), verbs(&[]));
    let alone = ["-o", "msnp.desegment:FALSE"];
    assert!(!verbs(&alone).starts_with("USR\nUSR"), "{}", verbs(&alone));
    assert_eq!(verbs(&[&alone[..], &["-2"]].concat()), verbs(&alone));
}

/// What uses the port without being MSNP.
#[test]
fn the_port_alone_makes_no_msnp() {
    let Some(tshark) = Tshark::find() else { return };
    let web = r#"{"scenario": {"connections": {"W": {"client": "192.0.2.10:1042", "server": "198.51.100.20:1863"}}}}
{"connection": "W", "dir": "C>S", "line": "PUT /picture HTTP/1.1\r\nHost: example.com\r\n\r\n", "split_at": [2]}
{"connection": "W", "dir": "S>C", "line": "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"}
"#;
    let capture = scenario::build(&Transcript::parse(web).unwrap()).unwrap();
    let capture = tshark.file("web.pcap", &capture).to_string_lossy().into_owned();
    for passes in [&[][..], &["-2"]] {
        assert_eq!(tshark.run(&[passes, &["-r", &capture, "-Y", "msnp"]].concat()), "");
    }
}

/// Bytes that might have become MSNP, and did not, are handed to whoever knows them.
#[test]
fn undecided_bytes_are_not_taken_from_other_protocols() {
    let Some(tshark) = Tshark::find() else { return };
    let pieces = |line: &str, at: usize| {
        format!(
            r#"{{"scenario": {{"connections": {{"W": {{"server": "198.51.100.20:9999"}}}}}}}}
{{"connection": "W", "dir": "C>S", "line": "{line}\r\n\r\n", "split_at": [{at}]}}
"#
        )
    };
    let look = |line: &str, at: usize, passes: &[&str], fields: &[&str]| {
        let capture = scenario::build(&Transcript::parse(&pieces(line, at)).unwrap()).unwrap();
        let capture = tshark.file("other.pcap", &capture).to_string_lossy().into_owned();
        tshark.run(&[passes, &["-r", &capture, "-T", "fields"], fields].concat())
    };
    for passes in [&[][..], &["-2"]] {
        let bytes = look("ACKNOWLEDGED is no verb", 3, passes, &["-Y", "data", "-e", "data.len"]);
        assert_eq!(bytes, "27\n", "{passes:?}");
        let sip = look("BYE sip:bob@example.com SIP/2.0", 2, passes, &["-Y", "sip", "-e", "sip.Method"]);
        assert_eq!(sip, "BYE\n", "{passes:?}");
    }
}

#[test]
fn a_line_without_end_is_handed_out_piece_by_piece() {
    let Some(tshark) = Tshark::find() else { return };
    let endless =
        format!(r#"{{"connection": "SB", "dir": "S>C", "line": "{}", "defect": "no line end"}}"#, "A".repeat(200_000));
    let transcript = format!("{}{endless}\n", SPLITS.trim_start());
    let capture = scenario::build(&Transcript::parse(&transcript).unwrap()).unwrap();
    let capture = tshark.file("endless.pcap", &capture).to_string_lossy().into_owned();
    let fields = ["-T", "fields", "-e", "_ws.expert.message"];
    let shown = tshark.run(&[&["-r", &capture, "-Y", "msnp.expert.skipped"][..], &fields].concat());
    let told = "expected the start of a command, found 65536 bytes with no credible one; they are passed over\n";
    assert_eq!(shown, told.repeat(3), "each 64 KiB in the packet that brings its last byte");
}

#[test]
fn the_packet_list_tells_a_story() {
    let Some(tshark) = Tshark::find() else { return };
    let capture = sample(&tshark);
    let list = tshark.run(&["-r", &capture, "-Y", "msnp"]);
    for told in [
        "VER 1 · The client offers MSNP8.",
        "CHG 9 · The client sets its status: online.",
        " | ILN 9 · Carol ☕ (carol@example.org) was there already: away.",
        "MSG 4 · The client writes: “",
    ] {
        assert!(list.contains(told), "{told:?} is not in\n{list}");
    }
}

#[test]
fn accounts_and_names_may_be_columns() {
    let Some(tshark) = Tshark::find() else { return };
    let capture = sample(&tshark);
    let columns = r#"gui.column.format:"No.","%m","Account","%Cus:msnp.account","Name","%Cus:msnp.nick""#;
    let list = tshark.run(&["-r", &capture, "-o", columns, "-Y", "msnp.verb == \"JOI\""]);
    assert!(list.contains("bob@example.com") && list.contains("Bob"), "{list}");
}

#[test]
fn requests_and_answers_name_each_other() {
    let Some(tshark) = Tshark::find() else { return };
    let capture = sample(&tshark);
    let columns = ["-T", "fields", "-e", "frame.number", "-e", "msnp.response_in", "-e", "msnp.request_in"];
    let ask = |passes: &[&str]| {
        let only = ["-Y", "msnp.verb == \"CVR\"", "-e", "msnp.response_time"];
        tshark.run(&[&["-r", &capture][..], passes, &columns, &only].concat())
    };
    let second = ask(&["-2"]);
    let rows = second.lines().map(|line| line.split('\t').collect::<Vec<_>>()).collect::<Vec<_>>();
    assert_eq!(rows.len(), 4, "two sign-ins, request and answer:\n{second}");
    for pair in rows.chunks(2) {
        let [request, answer] = pair else { unreachable!() };
        assert_eq!((request[1], answer[2]), (answer[0], request[0]), "{second}");
        assert_eq!((request[2], request[3], answer[1]), ("", "", ""));
        assert!(answer[3].parse::<f64>().unwrap() > 0.0, "{second}");
    }
    let first = ask(&[]);
    assert_eq!(first.lines().map(|line| line.split('\t').nth(1).unwrap()).collect::<String>(), "", "not known yet");
    assert_eq!(first.lines().filter(|line| !line.split('\t').nth(2).unwrap().is_empty()).count(), 2);
    let shown = tshark.run(&["-2", "-r", &capture, "-O", "msnp", "-Y", "msnp.response_time"]);
    // From 4.6 on Wireshark tells short times in milliseconds.
    for (line, unit) in [("    [Request in: ", "]"), ("    [Response time: ", "seconds]")] {
        let told = shown.lines().any(|shown| shown.starts_with(line) && shown.ends_with(unit));
        assert!(told, "{line:?} is not in\n{shown}");
    }
}

/// A status that is never confirmed, although the server goes on speaking.
const UNANSWERED: &str = r#"
{"scenario": {"title": "unanswered", "start": "2004-02-11T18:30:04Z", "connections": {"NS": {"client": "192.0.2.10:1042", "server": "198.51.100.20:1863"}}}}
{"connection": "NS", "dir": "C>S", "line": "VER 1 MSNP8 CVR0\r\n"}
{"connection": "NS", "dir": "S>C", "line": "VER 1 MSNP8\r\n"}
{"connection": "NS", "dir": "C>S", "line": "CHG 2 NLN 0\r\n"}
{"connection": "NS", "dir": "C>S", "after_ms": 12000, "line": "PNG\r\n"}
{"connection": "NS", "dir": "S>C", "line": "QNG\r\n"}
{"connection": "NS", "dir": "S>C", "line": "QNG\r\n"}
"#;

#[test]
fn what_nobody_answered_or_asked_is_told() {
    let Some(tshark) = Tshark::find() else { return };
    let capture = scenario::build(&Transcript::parse(UNANSWERED.trim_start()).unwrap()).unwrap();
    let capture = tshark.file("unanswered.pcap", &capture).to_string_lossy().into_owned();
    let told = |passes: &[&str]| {
        let fields = ["-Y", "msnp && _ws.expert", "-T", "fields", "-e", "msnp.verb", "-e", "_ws.expert.message"];
        tshark.run(&[&["-r", &capture][..], passes, &fields].concat())
    };
    let unasked = "QNG,QNG\texpected QNG only as the answer to a PNG of the client, found no PNG that is still open\n";
    let unanswered =
        "CHG\tCHG 2 is never answered: expected CHG, ILN or an error before the capture ended, found neither\n";
    assert_eq!(told(&["-2"]), format!("{unanswered}{unasked}"));
    assert_eq!(told(&[]), unasked, "not known yet");
}

#[test]
fn another_look_shows_the_same() {
    let Some(tshark) = Tshark::find() else { return };
    for name in [SAMPLE, "msnp11-chat-reordered"] {
        let capture = case(&tshark, name);
        let look = |passes: &[&str]| {
            let columns =
                ["-T", "fields", "-e", "frame.number", "-e", "msnp.verb", "-e", "msnp.trid", "-e", "msnp.text"];
            let order = ["-o", "tcp.reassemble_out_of_order:TRUE"];
            tshark.run(&[&["-r", &capture][..], &order, &columns, passes].concat())
        };
        assert_eq!(look(&[]), look(&["-2"]), "{name}");
    }
}
