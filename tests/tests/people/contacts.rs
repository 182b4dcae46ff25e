//! Contacts: lists, groups, names, and what happens to them, in every dialect.

use crate::rehearsal::{contacts, tale, tale_of, transcript};
use msnp_dissector::capture::Timestamp;
use serde_json::json;

/// A sign-in up to the point where the list is asked for, and `rest`, whose first line is command 9.
fn signed_in(dialect: u8, rest: &str) -> String {
    let proof = match dialect {
        ..8 => "MD5",
        8..15 => "TWN",
        _ => "SSO",
    };
    format!(
        "C VER 1 MSNP{dialect} CVR0
         S VER 1 MSNP{dialect}
         C CVR 2 0x0409 winnt 5.1 i386 MSNMSGR 7.0.0777 msmsgs alice@example.com
         S CVR 2 7.0.0777 7.0.0777 6.2.0205 http://download.example/ http://messenger.example/
         C USR 3 {proof} I alice@example.com
         S USR 3 {proof} S x
         C USR 4 {proof} S y
         S USR 4 OK alice@example.com Alice 1
         {rest}"
    )
}

fn check(dialect: u8, dialogue: &str, expected: &[&str]) {
    assert_eq!(contacts(&tale(&signed_in(dialect, dialogue))), expected);
}

#[test]
fn the_oldest_dialects_tell_one_list_after_the_other() {
    check(
        7,
        "C SYN 5 0
         S SYN 5 255
         S LSG 5 255 1 2 0 Other%20Contacts 0
         S LSG 5 255 2 2 1 School 0
         S LST 5 FL 255 1 1 bob@example.com Bob 1
         S LST 5 AL 255 1 2 bob@example.com Bob
         S LST 5 AL 255 2 2 carol@example.com Carol
         S LST 5 BL 255 0 0
         S LST 5 RL 255 1 1 bob@example.com Bob
         C CHG 6 NLN
         S CHG 6 NLN
         C ADD 7 FL carol@example.com Carol
         S ADD 7 FL 256 carol@example.com Carol 0
         C REA 8 bob@example.com Bobby
         S REA 8 257 bob@example.com Bobby
         C REA 9 alice@example.com Alice%20B
         S REA 9 258 alice@example.com Alice%20B
         S ADD 0 RL 259 dave@example.com Dave
         C ADD 10 BL dave@example.com Dave
         S ADD 10 BL 260 dave@example.com Dave
         S REM 0 RL 261 bob@example.com",
        &[
            "bob@example.com FL AL “Bobby” (School)",
            "  23: renamed to “Bobby”",
            "  29: has removed this account",
            "carol@example.com FL AL “Carol” (Other Contacts)",
            "  21: added to the contacts",
            "  21: put into group “Other Contacts”",
            "dave@example.com BL RL “Dave”",
            "  26: has added this account",
            "  28: blocked",
        ],
    );
}

#[test]
fn later_ones_tell_each_contact_once_with_all_its_lists() {
    check(
        9,
        "C SYN 5 0
         S SYN 5 14 3 2
         S GTC A
         S BLP AL
         S PRP PHH 01%20234
         S LSG 0 Other%20Contacts 0
         S LSG 1 School 0
         S LST bob@example.com Bob 11 0,1
         S BPR PHH 05%20678
         S BPR MOB N
         S LST carol@example.com Carol 8
         S LST dave@example.com Dave 3 0
         C CHG 6 NLN 0
         S CHG 6 NLN 0
         C REM 7 AL dave@example.com
         S REM 7 AL 15 dave@example.com
         C ADD 8 BL dave@example.com Dave
         S ADD 8 BL 16 dave@example.com Dave
         S BPR 17 bob@example.com PHH 05%20679
         S BPR 18 bob@example.com MOB
         C ADG 9 Work 0
         S ADG 9 19 Work 2 0
         C ADD 10 FL bob@example.com Bob 2
         S ADD 10 FL 20 bob@example.com Bob 2
         C REM 11 FL bob@example.com 1
         S REM 11 FL 21 bob@example.com 1
         C REG 12 2 Office 0
         S REG 12 22 2 Office 0
         C RMG 13 0
         S 230 13
         C RMG 14 2
         S RMG 14 23 2
         C REM 15 BL dave@example.com
         S REM 15 BL 24 dave@example.com
         C ADD 16 AL dave@example.com Dave
         S ADD 16 AL 25 dave@example.com Dave
         C ADD 17 FL erin@example.com erin@example.com
         S 205 17
         C REM 18 FL dave@example.com",
        &[
            "bob@example.com FL AL RL “Bob” (Other Contacts) PHH=05 679",
            "  27: phone at home set to “05 679”",
            "  28: others may write to the mobile phone cleared",
            "  32: put into group “Work”",
            "  34: taken out of group “School”",
            "  40: taken out of group “Office”",
            "carol@example.com RL “Carol”",
            "dave@example.com AL “Dave”",
            "  24: no longer allowed",
            "  26: blocked",
            "  42: unblocked",
            "  44: allowed",
            "  47: removed from the contacts (asked for, no answer captured)",
            "erin@example.com",
            "  45: added to the contacts: refused, error 205 (there is no such user (up to MSNP9; later 208))",
            "group “Work” created",
            "group “Work” renamed to “Office”",
            "group “Other Contacts” deleted: refused, error 230 (group 0 cannot be removed)",
            "group “Office” deleted",
        ],
    );
}

#[test]
fn guids_stand_for_contacts_and_groups_from_msnp10_on() {
    check(
        11,
        "C SYN 5 0 0
         S SYN 5 2005-04-23T18:57:44.8130000-07:00 2005-04-23T18:57:54.2070000-07:00 1 1
         S LSG School 6f5d1b3a-0c34-4f42-9d6c-2f7f3b0a1c11
         S LST N=bob@example.com F=Bob C=c1f9a363-4ee9-4a33-a434-b056a4c55b98 11 6f5d1b3a-0c34-4f42-9d6c-2f7f3b0a1c11
         S BPR HSB 1
         C CHG 6 NLN 0
         S CHG 6 NLN 0
         S ADC 0 RL N=carol@example.com F=Carol%20C
         C ADC 9 AL N=carol@example.com
         S ADC 9 AL N=carol@example.com
         C ADC 10 FL N=carol@example.com F=carol@example.com
         S ADC 10 FL N=carol@example.com F=carol@example.com C=0b6c5d1e-77aa-4e1b-8a10-2c9f0e4d3b21
         C ADG 11 Work
         S ADG 11 Work 11111111-2222-3333-4444-555555555555
         C ADC 12 FL C=0b6c5d1e-77aa-4e1b-8a10-2c9f0e4d3b21 11111111-2222-3333-4444-555555555555
         S ADC 12 FL C=0b6c5d1e-77aa-4e1b-8a10-2c9f0e4d3b21 11111111-2222-3333-4444-555555555555
         C SBP 13 c1f9a363-4ee9-4a33-a434-b056a4c55b98 MFN Bobby%20B
         S SBP 13 c1f9a363-4ee9-4a33-a434-b056a4c55b98 MFN Bobby%20B
         C REM 14 FL c1f9a363-4ee9-4a33-a434-b056a4c55b98
         S REM 14 FL c1f9a363-4ee9-4a33-a434-b056a4c55b98
         C REG 15 11111111-2222-3333-4444-555555555555 Job
         S REG 15 1 Job 11111111-2222-3333-4444-555555555555 0
         C SBP 16 0b6c5d1e-77aa-4e1b-8a10-2c9f0e4d3b21 PHM 07%201",
        &[
            "bob@example.com AL RL “Bobby B” HSB=1",
            "  26: renamed to “Bobby B”",
            "  28: removed from the contacts",
            "carol@example.com FL AL RL “Carol C” (Job) PHM=07 1",
            "  16: has added this account",
            "  18: allowed",
            "  20: added to the contacts",
            "  24: put into group “Work”",
            "  31: mobile phone set to “07 1” (asked for, no answer captured)",
            "group “Work” created",
            "group “Work” renamed to “Job”",
        ],
    );
}

#[test]
fn the_client_tells_its_list_from_msnp13_on() {
    let list = r#"<ml l="1"><d n="example.com"><c n="bob" l="3" t="1"/><c n="carol" l="3" t="1"/></d></ml>"#;
    let dialogue = [
        &format!("C ADL 9 {{len}} | {list}"),
        "C PRP 10 MFN Alice",
        "C CHG 11 NLN 0",
        "S PRP 10 MFN Alice",
        "S ADL 9 OK",
        "S CHG 11 NLN 0",
        r#"S ADL 0 {len} | <ml l="1"><d n="example.com"><c n="dave" l="8" t="1" f="Dave"/></d></ml>"#,
        r#"C RML 12 {len} | <ml><d n="example.com"><c n="carol" l="2" t="1"/></d></ml>"#,
        "S RML 12 OK",
        r#"C ADL 13 {len} | <ml><d n="example.com"><c n="carol" l="4" t="1"/></d></ml>"#,
        "S ADL 13 OK",
        r#"C ADL 14 {len} | <ml><d n="example.com"><c n="ghost" l="8" t="1"/><c n="erin" l="3" t="1"/></d></ml>"#,
        r#"S 241 14 {len} | <ml><d n="example.com"><c n="ghost" l="8" t="1"/></d></ml>"#,
        r#"C FQY 15 {len} | <ml><d n="yahoo.com"><c n="frank"/></d></ml>"#,
        r#"S FQY 15 {len} | <ml><d n="yahoo.com"><c n="frank" t="32" /></d></ml>"#,
        r#"C ADL 16 {len} | <ml><d n="yahoo.com"><c n="frank" l="3" t="32"/></d><t><c n="tel:+15551234567" l="3"/></t></ml>"#,
        "S ADL 16 OK",
        r#"S RML 0 {len} | <ml><d n="example.com"><c n="dave" l="8" t="1"/></d></ml>"#,
    ];
    check(
        15,
        &dialogue.join("\n"),
        &[
            "bob@example.com FL AL on 1",
            "carol@example.com FL BL on 1",
            "  16: no longer allowed",
            "  18: blocked",
            "dave@example.com “Dave” on 1",
            "  15: has added this account",
            "  26: has removed this account",
            "erin@example.com FL AL on 1",
            "  20: added to the contacts (asked for, no answer captured)",
            "  20: allowed (asked for, no answer captured)",
            "frank@yahoo.com FL AL on 32",
            "  24: added to the contacts",
            "  24: allowed",
            "ghost@example.com",
            "  20: put on list RL: refused, error 241 (the contact document, or a membership in it, is not valid; the payload repeats it)",
            "tel:+15551234567 FL AL",
            "  24: added to the contacts",
            "  24: allowed",
        ],
    );
}

#[test]
fn the_list_can_be_asked_for_at_any_time() {
    let tale = tale(&signed_in(
        9,
        "C SYN 5 0
         S SYN 5 14 1 1
         S LSG 0 Friends 0
         S LST bob@example.com Bob 3 0
         C REM 7 AL bob@example.com
         S REM 7 AL 15 bob@example.com
         C ADD 8 BL bob@example.com Bob
         S ADD 8 BL 16 bob@example.com Bob
         C REM 9 FL bob@example.com
         S REM 9 FL 17 bob@example.com
         C REM 10 BL bob@example.com
         S REM 10 BL 18 bob@example.com",
    ));
    let roster = &tale.rosters[0];
    let now = roster.now();
    let bob = now.contact("bob@example.com").expect("Bob");
    let mut then = vec![(bob.evidence.time, "FL AL", false)];
    let after = [("FL", false), ("FL BL", true), ("BL", true), ("", false)];
    then.extend(bob.changes.iter().zip(after).map(|(change, (lists, blocked))| (change.evidence.time, lists, blocked)));
    assert_eq!(then.len(), 5);
    for (time, lists, blocked) in then {
        let listing = roster.at(time);
        let bob = listing.contact("bob@example.com").expect("Bob");
        assert_eq!((bob.lists.names().join(" ").as_str(), bob.blocked()), (lists, blocked), "{}", time.rfc3339());
    }
    let before = Timestamp { seconds: bob.evidence.time.seconds - 1, ..bob.evidence.time };
    assert_eq!(roster.at(before).contacts().count(), 0);
}

#[test]
fn what_a_second_sign_in_finds_changed_has_happened_in_between() {
    let sign_in = |name: &str, list: &str| {
        let session = signed_in(
            9,
            &format!("C SYN 5 0\nS SYN 5 14 2 1\nS LSG 0 Friends 0\n{list}\nC CHG 6 NLN 0\nS CHG 6 NLN 0\nC OUT"),
        );
        session.lines().map(|line| format!("{name}: {}", line.trim())).collect::<Vec<_>>().join("\n")
    };
    let first = sign_in("NS", "S LST bob@example.com Bob 11 0\nS LST carol@example.com Carol 3 0");
    let second = sign_in("NS2", "S LST bob@example.com Bob 13 0\nS LST dave@example.com Dave 8");
    let expected = [
        "bob@example.com FL BL RL “Bob” (Friends)",
        "  28: no longer allowed (found so when the list was read)",
        "  28: blocked (found so when the list was read)",
        "carol@example.com “Carol”",
        "  29: removed from the contacts (found so when the list was read)",
        "  29: no longer allowed (found so when the list was read)",
        "dave@example.com RL “Dave”",
        "  29: has added this account (found so when the list was read)",
    ];
    assert_eq!(contacts(&tale_of(&transcript(&json!({}), &format!("{first}\n{second}")))), expected);
}

#[test]
fn a_capture_that_begins_in_the_middle_knows_in_part() {
    let tale = tale(
        "C REM 20 AL bob@example.com
         S REM 20 AL bob@example.com
         C ADC 21 BL N=bob@example.com
         S ADC 21 BL N=bob@example.com
         C REM 22 FL c1f9a363-4ee9-4a33-a434-b056a4c55b98
         S REM 22 FL c1f9a363-4ee9-4a33-a434-b056a4c55b98",
    );
    let expected = [
        "bob@example.com BL …",
        "  2: no longer allowed",
        "  4: blocked",
        "c1f9a363-4ee9-4a33-a434-b056a4c55b98 …",
        "  6: removed from the contacts",
    ];
    assert_eq!(contacts(&tale), expected);
}
