//! Conversations: who was there, how they were invited, who said what to whom, and whether it arrived.

use crate::rehearsal::{tale_of, transcript};
use crate::script::{conversations, missing};
use serde_json::json;

/// A text as a payload.
fn text(words: &str) -> String {
    format!("MIME-Version: 1.0\\r\\nContent-Type: text/plain; charset=UTF-8\\r\\n\\r\\n{words}")
}

/// The dialogue with `T(words)` standing for a text's payload.
fn written(dialogue: &str) -> String {
    let mut lines = Vec::new();
    for line in dialogue.lines() {
        match line.split_once(" T(") {
            Some((command, words)) => {
                lines.push(format!("{command} {{len}} | {}", text(words.trim_end().trim_end_matches(')'))));
            }
            None => lines.push(line.to_owned()),
        }
    }
    lines.join("\n")
}

fn check(scenario: serde_json::Value, dialogue: &str, expected: &[&str]) {
    assert_eq!(conversations(&tale_of(&transcript(&scenario, &written(dialogue)))), expected);
}

/// Alice asks for a room and calls Bob, whose connections are captured too.
const ALICE_AND_BOB: &str = "
    NSA: S MSG Hotmail Hotmail 0
    NSB: S MSG Hotmail Hotmail 0
    NSA: C XFR 15 SB
    NSA: S XFR 15 SB 198.51.100.77:1863 CKI 172.34 U messenger.msn.com 1
    SBA: C USR 1 alice@example.com 172.34
    SBA: S USR 1 OK alice@example.com Alice
    SBA: C CAL 2 bob@example.com
    SBA: S CAL 2 RINGING 11752013
    NSB: S RNG 11752013 198.51.100.77:1863 CKI 849.52 alice@example.com Alice U messenger.msn.com 1
    SBB: C ANS 1 bob@example.com 849.52 11752013
    SBB: S IRO 1 1 1 alice@example.com Alice 2253176876
    SBB: S ANS 1 OK
    SBA: S JOI bob@example.com Bob 2254295084";

/// Both connections of the room go to the same server.
fn one_server() -> serde_json::Value {
    json!({ "connections": {
        "SBA": { "client": "192.0.2.10:1040", "server": "198.51.100.77:1863" },
        "SBB": { "client": "192.0.2.11:1040", "server": "198.51.100.77:1863" },
    } })
}

#[test]
fn a_room_seen_from_two_sides_is_one_conversation() {
    let dialogue = format!(
        "{ALICE_AND_BOB}
         SBA: C MSG 3 A T(Ciao)
         SBA: S ACK 3
         SBB: S MSG alice@example.com Alice T(Ciao)
         SBA: C MSG 4 N T(ok)
         SBA: C MSG 5 N T(ok)
         SBB: S MSG alice@example.com Alice T(ok)
         SBB: S MSG alice@example.com Alice T(ok)
         SBB: C MSG 2 N T(ok)
         SBA: S MSG bob@example.com Bobby T(ok)
         SBA: C MSG 6 A T(Are you still there?)
         SBA: S NAK 6
         SBB: C OUT
         SBA: S BYE bob@example.com
         SBA: C OUT"
    );
    check(
        one_server(),
        &dialogue,
        &[
            "Room 11752013 #2 #3",
            " alice@example.com 6–27",
            " bob@example.com 12–25",
            " alice@example.com calls bob@example.com: 7 rings 9",
            " 14 = 16 alice@example.com (Alice) → bob@example.com: text “Ciao”, arrived 15",
            " 17 = 19 alice@example.com (Alice) → bob@example.com: text “ok”, arrived 19",
            " 18 = 20 alice@example.com (Alice) → bob@example.com: text “ok”, arrived 20",
            " 21 = 22 bob@example.com (Bobby) → alice@example.com: text “ok”, arrived 22",
            " 23 alice@example.com (Alice) → bob@example.com: text “Are you still there?”, failed 24",
        ],
    );
}

#[test]
fn one_side_alone_tells_what_it_can() {
    check(
        json!({}),
        "SB: C ANS 1 bob@example.com 849.52 77
         SB: S IRO 1 1 2 alice@example.com Alice 0
         SB: S IRO 1 2 2 carol@example.com Carol 0
         SB: S ANS 1 OK
         SB: C MSG 2 U T(no word about this one)
         SB: C MSG 3 N T(nor about this one)
         SB: C MSG 4 A T(heard)
         SB: S ACK 4
         SB: C MSG 5 D T(refused)
         SB: S 282 5
         SB: S BYE carol@example.com
         SB: S MSG alice@example.com Alice T(hello)
         SB: S BYE alice@example.com 1",
        &[
            "Room 77 #0",
            " alice@example.com 2–13 idle",
            " carol@example.com 3–11",
            " bob@example.com 4––",
            " 5 bob@example.com → alice@example.com, carol@example.com: text “no word about this one”",
            " 6 bob@example.com → alice@example.com, carol@example.com: text “nor about this one”",
            " 7 bob@example.com → alice@example.com, carol@example.com: text “heard”, arrived 8",
            " 9 bob@example.com → alice@example.com, carol@example.com: text “refused”, failed 10",
            " 12 alice@example.com (Alice) → bob@example.com: text “hello”, arrived 12",
        ],
    );
}

#[test]
fn people_come_go_and_come_back() {
    check(
        json!({}),
        "SB: C USR 1 alice@example.com 17.34
         SB: S USR 1 OK alice@example.com Alice
         SB: C CAL 2 frank@example.com
         SB: S 217 2
         SB: C CAL 3 bob@example.com
         SB: S CAL 3 RINGING 88
         SB: C MSG 4 N T(too early)
         SB: S JOI bob@example.com Bob
         SB: S BYE bob@example.com
         SB: C CAL 5 bob@example.com
         SB: S CAL 5 RINGING 88
         SB: S JOI bob@example.com Bob
         SB: C MSG 6 N T(there you are)
         SB: C OUT",
        &[
            "Room 88 #0",
            " alice@example.com 2–14",
            " bob@example.com 8–9 12–…",
            " alice@example.com calls frank@example.com: 3 rings – refused 217 at 4",
            " alice@example.com calls bob@example.com: 5 rings –",
            " alice@example.com calls bob@example.com: 10 rings –",
            " 7 alice@example.com (Alice) → : text “too early”",
            " 13 alice@example.com (Alice) → bob@example.com: text “there you are”",
        ],
    );
}

/// MSNP16 and later: each device is named once, the person once more; one's own devices are nobody new.
#[test]
fn a_person_with_two_devices_is_one_person() {
    let (laptop, phone) = ("{aaaaaaaa-1234-4abc-8def-001122334455}", "{bbbbbbbb-1234-4abc-8def-001122334455}");
    let dialogue = format!(
        "SB: C USR 1 alice@example.com;{laptop} 17.34
         SB: S USR 1 OK alice@example.com;{laptop} Alice
         SB: C CAL 2 alice@example.com
         SB: S CAL 2 RINGING 9e4b
         SB: S JOI alice@example.com;{phone} Alice 1:0
         SB: S JOI alice@example.com Alice 1:0
         SB: C CAL 3 bob@example.com
         SB: S CAL 3 RINGING 9e4b
         SB: S JOI bob@example.com;{laptop} Bob 1:0
         SB: S JOI bob@example.com;{phone} Bob 1:0
         SB: S JOI bob@example.com Bob 1:0
         SB: S BYE bob@example.com;{phone}
         SB: C MSG 4 N T(one is left)
         SB: S BYE bob@example.com;{laptop}
         SB: S BYE bob@example.com
         SB: C MSG 5 N T(none is left)"
    );
    check(
        json!({ "connections": { "SB": { "closing": "open" } } }),
        &dialogue,
        &[
            "Room 9e4b #0",
            " alice@example.com 2–…",
            " bob@example.com 9–14 on 2",
            " alice@example.com calls bob@example.com: 7 rings –",
            " 13 alice@example.com (Alice) → bob@example.com: text “one is left”",
            " 16 alice@example.com (Alice) → : text “none is left”",
        ],
    );
}

#[test]
fn who_speaks_was_there_before_the_capture() {
    let scenario = json!({ "connections": {
        "SB": { "opening": "midstream", "closing": "open" },
        "SB2": { "client": "192.0.2.10:1099" },
    } });
    // The other room tells who uses this computer.
    check(
        scenario,
        "SB: C MSG 41 N T(who are you?)
         SB: S MSG bob@example.com Bob T(Bob)
         SB: S JOI carol@example.com Carol
         SB: C MSG 42 N T(and you?)
         SB2: C ANS 1 alice@example.com 1.2 5
         SB2: S ANS 1 OK",
        &[
            "Room – #0, without its beginning",
            " alice@example.com …–…?",
            " bob@example.com …–…?",
            " carol@example.com 3–…",
            " 1 alice@example.com → bob@example.com: text “who are you?” ?",
            " 2 bob@example.com (Bob) → alice@example.com: text “Bob”, arrived 2 ?",
            " 4 alice@example.com → bob@example.com, carol@example.com: text “and you?” ?",
            "Room 5 #1",
            " alice@example.com 6––",
        ],
    );
}

/// Old servers each counted their rooms from one.
#[test]
fn the_same_number_on_two_servers_is_two_rooms() {
    let scenario = json!({ "connections": {
        "SB": { "client": "192.0.2.10:1040", "server": "198.51.100.77:1863" },
        "SB2": { "client": "192.0.2.10:1041", "server": "198.51.100.78:1863" },
    } });
    check(
        scenario,
        "SB: C ANS 1 alice@example.com 1.2 7
         SB2: C ANS 1 alice@example.com 3.4 7
         SB: S IRO 1 1 1 bob@example.com Bob
         SB2: S IRO 1 1 1 carol@example.com Carol
         SB: S ANS 1 OK
         SB2: S ANS 1 OK",
        &[
            "Room 7 #0",
            " bob@example.com 3–…",
            " alice@example.com 5––",
            "Room 7 #1",
            " carol@example.com 4–…",
            " alice@example.com 6––",
        ],
    );
}

#[test]
fn a_room_that_is_spoken_of_is_missed() {
    let tale = tale_of(&transcript(
        &json!({ "connections": { "NS": { "opening": "midstream" } } }),
        "NS: S UBM erin@yahoo.com 32 alice@example.com 1 2 0
         NS: S RNG 11752013 198.51.100.77:1863 CKI 849.52 bob@example.com Bob
         NS: C XFR 15 SB
         NS: S XFR 15 SB 198.51.100.78:1863 CKI 17.34
         NS: C OUT",
    ));
    assert_eq!(
        missing(&tale),
        [
            "1 #0 The sign-in is not in the capture: client, dialect and the list of contacts are not known",
            "2 #0 alice@example.com was invited to a chat by bob@example.com, but no connection to that chat is in the capture: it was declined, or not captured",
            "4 #0 The client was given a chat room at 198.51.100.78:1863, but no connection to it is in the capture",
        ]
    );
}

#[test]
fn a_side_that_was_not_captured_is_missed() {
    let tale = tale_of(&transcript(
        &json!({ "connections": { "SB": { "opening": "midstream", "captured": "from-server", "closing": "open" } } }),
        &written(
            "SB: S MSG bob@example.com Bob T(hello)\nSB: C MSG 4 N T(not seen)\nSB: S MSG bob@example.com Bob T(ah)",
        ),
    ));
    assert_eq!(
        missing(&tale),
        [
            "1 #0 Only what the server sent was captured; what the client itself said is not there",
            "1 #0 The beginning of this chat is not in the capture: who was invited, who was there and what was said before is not known",
        ]
    );
}

#[test]
fn messages_go_through_the_notification_server_too() {
    check(
        json!({ "connections": { "NS": { "opening": "midstream" } } }),
        "NS: C UUM 20 erin@yahoo.com 32 1 T(hello)
         NS: S UBM erin@yahoo.com 32 alice@example.com 1 1 T(hi)
         NS: C UUM 21 bob@example.com 1 1 T(read this when you are back)
         NS: S 217 21
         NS: S UBM carol@example.com 1 alice@example.com 1 1 T(I was here)
         NS: C PGD 22 tel:+15551234567 1 {len} | <TEXT xml:space=\"preserve\" enc=\"utf-8\">call me</TEXT>
         NS: S IPG {len} | <NOTIFICATION id=\"5\"><FROM name=\"tel:+15551234567\"/><MSG id=\"0\"><BODY><TEXT>in 5 min</TEXT></BODY></MSG></NOTIFICATION>
         NS: C PGD 23 tel:+15551234567 1 {len} | <TEXT>a very long text</TEXT>
         NS: S IPG {len} | <NOTIFICATION id=\"23\"><MSG pri=\"1\" id=\"407\"/></NOTIFICATION>",
        &[
            "Relay – #0",
            " alice@example.com …–…?",
            " erin@yahoo.com …–…",
            " 1 alice@example.com → erin@yahoo.com: text “hello” ?",
            " 2 erin@yahoo.com → alice@example.com: text “hi”, arrived 2 ?",
            "Relay – #0",
            " alice@example.com …–…?",
            " bob@example.com …–…",
            " 3 alice@example.com → bob@example.com: offline “read this when you are back”, failed 4 ?",
            "Relay – #0",
            " alice@example.com …–…?",
            " carol@example.com …–…",
            " 5 carol@example.com → alice@example.com: offline “I was here”, arrived 5 ?",
            "Relay – #0",
            " alice@example.com …–…?",
            " tel:+15551234567 …–…",
            " 6 alice@example.com → tel:+15551234567: text “call me” ?",
            " 7 tel:+15551234567 → alice@example.com: text “in 5 min”, arrived 7 ?",
            " 8 alice@example.com → tel:+15551234567: text “a very long text”, failed 9 ?",
        ],
    );
}

/// What is missing on a connection to a switchboard is missing in the chat that it carries.
#[test]
fn a_gap_names_its_conversation() {
    let scenario = json!({ "damage": [{ "lose": { "at": { "connection": "SB", "dir": "S>C", "lines": [5] } } }] });
    let dialogue = written(
        "SB: C ANS 1 alice@example.com 1.2 5
         SB: S IRO 1 1 1 bob@example.com Bob
         SB: S ANS 1 OK
         SB: S MSG bob@example.com Bob T(one)
         SB: S MSG bob@example.com Bob T(two)
         SB: S MSG bob@example.com Bob T(three)",
    );
    let tale = tale_of(&transcript(&scenario, &dialogue));
    let gaps = tale.missing.iter().filter(|missing| missing.bytes.is_some()).map(|missing| missing.conversation);
    assert_eq!(gaps.collect::<Vec<_>>(), [Some(1)]);
}

#[test]
fn a_connection_that_falls_silent_is_noticed() {
    let scenario = json!({ "connections": {
        "NS": { "opening": "midstream", "closing": "open" },
        "SB": { "closing": "open" },
    } });
    let mut dialogue = "NS: C PNG\nNS: S QNG 2\nSB: C ANS 1 bob@example.com 1.2 5\nSB: S ANS 1 OK".to_owned();
    for trid in 2..12 {
        dialogue += &format!("\nSB: C MSG {trid} N T(still there)");
    }
    let tale = tale_of(&transcript(&scenario, &written(&dialogue)));
    let silence = missing(&tale).into_iter().find(|line| line.contains("sign of life")).expect("a silence");
    assert!(silence.starts_with("2 #0 The server expected a sign of life within 2 seconds"), "{silence}");
}

/// A capture of a network where the same client goes from room to room keeps its memory of who is called what.
#[test]
fn names_are_those_of_the_time() {
    check(
        json!({}),
        "NS: S MSG Hotmail Hotmail 0
         NS: C PRP 1 MFN Alice
         NS: S PRP 1 MFN Alice
         NS: C XFR 2 SB
         NS: S XFR 2 SB 198.51.100.77:1863 CKI 17.34
         SB: C USR 1 alice@example.com 17.34
         SB: C MSG 2 N T(one)
         NS: C PRP 3 MFN Alice%20(away)
         NS: S PRP 3 MFN Alice%20(away)
         SB: C MSG 3 N T(two)",
        &[
            "Room – #1",
            " alice@example.com 6––",
            " 7 alice@example.com (Alice) → : text “one”",
            " 10 alice@example.com (Alice (away)) → : text “two”",
        ],
    );
}
