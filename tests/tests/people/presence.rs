//! Presence: who was there when, in every dialect.

use crate::rehearsal::{presence, tale, tale_of, transcript};
use serde_json::json;

fn check(dialogue: &str, expected: &[&str]) {
    assert_eq!(presence(&tale(dialogue)), expected);
}

#[test]
fn a_status_holds_until_the_next_and_repeats_are_no_news() {
    check(
        "C VER 1 MSNP8 CVR0
         S VER 1 MSNP8
         C USR 3 TWN I alice@example.com
         S USR 3 TWN S x
         C USR 4 TWN S y
         S USR 4 OK alice@example.com Alice%20A 1 0
         C CHG 6 NLN 268435500
         S CHG 6 NLN 268439596
         S ILN 6 AWY bob@example.com Bob 268435500
         S NLN AWY bob@example.com Bob 268435500
         S NLN NLN bob@example.com Bobby 268435500
         C CHG 7 HDN 268435500
         S CHG 7 HDN 268439596
         S FLN bob@example.com
         C CHG 8 FLN 0
         S 201 8
         C REA 9 alice@example.com Alice%20B
         S REA 9 15 alice@example.com Alice%20B
         C CHG 10 BSY 0
         C OUT",
        &[
            "6 alice@example.com is called “Alice A” [18]",
            "8 alice@example.com online [13]",
            "8 alice@example.com capabilities 268439596 [19]",
            "9 bob@example.com away [11]",
            "9 bob@example.com is called “Bob” [11]",
            "9 bob@example.com capabilities 268435500",
            "11 bob@example.com online [14]",
            "11 bob@example.com is called “Bobby”",
            "13 alice@example.com appearing offline [19]",
            "14 bob@example.com offline [20]",
            "18 alice@example.com is called “Alice B”",
            "19 alice@example.com busy (unconfirmed) [20]",
            "19 alice@example.com capabilities 0 (unconfirmed)",
            "20 alice@example.com offline",
            "20 bob@example.com status unknown: alice@example.com left",
        ],
    );
}

#[test]
fn pictures_go_by_their_hash_and_messages_by_their_text() {
    let picture = |hash: &str| {
        format!("%3Cmsnobj%20Creator%3D%22bob%40example.com%22%20Size%3D%2224539%22%20SHA1D%3D%22{hash}%3D%22%2F%3E")
    };
    let dialogue = [
        "C VER 1 MSNP11 CVR0".to_owned(),
        "S VER 1 MSNP11".to_owned(),
        "C USR 3 TWN I alice@example.com".to_owned(),
        "S USR 3 TWN S x".to_owned(),
        "C USR 4 TWN S y".to_owned(),
        "S USR 4 OK alice@example.com 1 0".to_owned(),
        "S PRP MFN Alice".to_owned(),
        "C UUX 7 {len} | <Data><PSM>homework...</PSM><CurrentMedia></CurrentMedia></Data>".to_owned(),
        "S UUX 7 0".to_owned(),
        format!("C CHG 8 NLN 1342472192 {}", picture("alice")),
        format!("S CHG 8 NLN 1342472192 {}", picture("alice")),
        format!("S ILN 8 NLN bob@example.com Bob 1342472192 {}", picture("first")),
        r"S UBX bob@example.com {len} | <Data><PSM>h&amp;w</PSM><CurrentMedia>\0Music\01\0{0} - {1}\0Song Title\0Artist\0Album\0\0</CurrentMedia></Data>".to_owned(),
        format!("S NLN NLN bob@example.com Bob 1342472192 {}", picture("second")),
        "S NLN NLN bob@example.com Bob 1342472192 0".to_owned(),
        "S UBX bob@example.com 0".to_owned(),
        "C PRP 9 MFN Alice%20%28home%29".to_owned(),
        "S PRP 9 MFN Alice%20(home)".to_owned(),
        "S OUT OTH".to_owned(),
    ];
    check(
        &dialogue.join("\n"),
        &[
            "7 alice@example.com is called “Alice” [18]",
            "8 alice@example.com says “homework...”",
            "11 alice@example.com online [19]",
            "11 alice@example.com picture alice=",
            "11 alice@example.com capabilities 1342472192",
            "12 bob@example.com online [19]",
            "12 bob@example.com is called “Bob”",
            "12 bob@example.com picture first= [14]",
            "12 bob@example.com capabilities 1342472192",
            "13 bob@example.com says “h&w” [16]",
            "13 bob@example.com plays “Song Title - Artist” [16]",
            "14 bob@example.com picture second= [15]",
            "15 bob@example.com no picture any more",
            "16 bob@example.com no personal message any more",
            "16 bob@example.com plays nothing any more [19]",
            "18 alice@example.com is called “Alice (home)”",
            "19 alice@example.com status unknown: signed in elsewhere",
            "19 bob@example.com status unknown: alice@example.com left",
        ],
    );
}

#[test]
fn no_status_is_carried_over_a_hole() {
    let scenario = json!({"damage": [{"lose": {"at": {"connection": "NS", "dir": "S>C", "lines": [9]}}}]});
    let dialogue = "C VER 1 MSNP9 CVR0
         S VER 1 MSNP9
         C USR 4 TWN S y
         S USR 4 OK alice@example.com Alice 1 0
         C CHG 6 NLN 0
         S CHG 6 NLN 0 0
         S ILN 6 NLN bob@example.com Bob 0 0
         S ILN 6 AWY carol@example.com Carol 0 0
         S FLN bob@example.com
         S NLN NLN dave@example.com Dave 0 0
         S NLN NLN bob@example.com Bob 0 0";
    let expected = [
        "4 alice@example.com is called “Alice”",
        "6 alice@example.com online",
        "6 alice@example.com capabilities 0",
        "7 bob@example.com online [–]",
        "7 bob@example.com is called “Bob”",
        "7 bob@example.com capabilities 0",
        "8 carol@example.com away [–]",
        "8 carol@example.com is called “Carol”",
        "8 carol@example.com capabilities 0",
        "– bob@example.com status unknown: packets are missing [10]",
        "– carol@example.com status unknown: packets are missing",
        "9 dave@example.com online",
        "9 dave@example.com is called “Dave”",
        "9 dave@example.com capabilities 0",
        "10 bob@example.com online",
    ];
    assert_eq!(presence(&tale_of(&transcript(&scenario, dialogue))), expected);
}

#[test]
fn what_one_connection_told_ends_with_it_and_not_with_another() {
    let dialogue = "NS: C VER 1 MSNP9 CVR0
         NS: S VER 1 MSNP9
         NS: C USR 4 TWN I alice@example.com
         NS: S USR 4 OK alice@example.com Alice 1 0
         NS: C CHG 6 NLN 0
         NS: S CHG 6 NLN 0 0
         NS: S ILN 6 NLN bob@example.com Bob 0 0
         NS: S ILN 6 NLN carol@example.com Carol 0 0
         NS2: C VER 1 MSNP9 CVR0
         NS2: S VER 1 MSNP9
         NS2: C USR 4 TWN I alice@example.com
         NS2: S USR 4 OK alice@example.com Alice 1 0
         NS2: S NLN NLN bob@example.com Bob 0 0
         NS: C OUT
         NS2: S NLN BSY bob@example.com Bob 0 0";
    let expected = [
        "4 alice@example.com is called “Alice”",
        "6 alice@example.com online [14]",
        "6 alice@example.com capabilities 0",
        "7 bob@example.com online [15]",
        "7 bob@example.com is called “Bob”",
        "7 bob@example.com capabilities 0",
        "8 carol@example.com online [14]",
        "8 carol@example.com is called “Carol”",
        "8 carol@example.com capabilities 0",
        "14 alice@example.com offline",
        "14 carol@example.com status unknown: alice@example.com left",
        "15 bob@example.com busy [–]",
        "– bob@example.com status unknown: alice@example.com left",
    ];
    assert_eq!(presence(&tale_of(&transcript(&json!({}), dialogue))), expected);
}
