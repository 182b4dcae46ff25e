//! Sign-ins: with what, over which connections, and why they ended.

use crate::rehearsal::{tale, tale_of, transcript};
use crate::script::{missing, sign_ins};
use msnp_dissector::analysis::SHARED;
use msnp_dissector::tree::Catalogue;
use serde_json::json;

/// A sign-in of MSNP11 on one connection, up to command 8 of it.
fn on(connection: &str, account: &str) -> String {
    format!(
        "{connection}: C VER 1 MSNP11 MSNP10 CVR0
         {connection}: S VER 1 MSNP11
         {connection}: C CVR 2 0x0409 winnt 5.1 i386 MSNMSGR 7.0.0777 msmsgs {account}
         {connection}: S CVR 2 7.0.0777 7.0.0777 6.2.0205 http://download.example/ http://messenger.example/
         {connection}: C USR 3 TWN I {account}
         {connection}: S USR 3 TWN S lc=1033,id=507
         {connection}: C USR 4 TWN S t=invented
         {connection}: S USR 4 OK {account} 1 0"
    )
}

fn check(scenario: serde_json::Value, dialogue: &str, expected: &[&str]) {
    assert_eq!(sign_ins(&tale_of(&transcript(&scenario, dialogue))), expected);
}

/// How a sign-in ends when `rest` follows it and the connection is closed like this.
fn ends(closing: &str, rest: &str) -> String {
    let scenario = json!({ "connections": { "NS": { "closing": closing } } });
    let dialogue = format!("{}\n{rest}", on("NS", "alice@example.com"));
    let told = sign_ins(&tale_of(&transcript(&scenario, &dialogue)));
    let [one] = told.as_slice() else { panic!("{told:?}") };
    one.strip_prefix("alice@example.com MSNP11 by TWN #0: ok at 8, ").unwrap_or(one).to_owned()
}

#[test]
fn every_end_has_its_word() {
    assert_eq!(ends("client-fin", "NS: C OUT"), "client at 9 (the client signed out)");
    assert_eq!(ends("client-fin", "NS: C PNG"), "client at – (the client closed the connection without signing out)");
    assert_eq!(ends("server-fin", "NS: C PNG"), "reset at – (the server closed the connection without a word)");
    assert_eq!(ends("server-rst", "NS: C PNG"), "reset at – (the connection was broken off)");
    assert_eq!(ends("open", "NS: C PNG"), "capture-end at – (it was still going on when the capture ended)");
    assert_eq!(ends("server-fin", "NS: S OUT SSD"), "server-shutdown at 9 (the server is shutting down)");
    assert_eq!(ends("server-fin", "NS: S 540 0"), "error at 9 (the server ended the session after an error)");
    assert_eq!(
        ends("server-fin", "NS: S OUT OTH"),
        "elsewhere at 9 (the account signed in somewhere else, and the server ended this session), thrown out at 9 by nobody here"
    );
    // After the server's last word was an error, it has closed the connection for a reason; the client has its own.
    assert_eq!(
        ends("server-fin", "NS: C CHG 9 NLN 0\nNS: S 800 9"),
        "error at 10 (the server ended the session after an error)"
    );
    assert_eq!(
        ends("client-fin", "NS: C CHG 9 NLN 0\nNS: S 800 9"),
        "client at – (the client closed the connection without signing out)"
    );
    // An error that answers an ordinary request ends nothing.
    assert_eq!(
        ends("client-fin", "NS: C ADC 9 FL N=bob@example.com\nNS: S 215 9\nNS: C OUT"),
        "client at 11 (the client signed out)"
    );
}

#[test]
fn who_is_refused_never_signed_in() {
    check(
        json!({ "connections": { "NS": { "closing": "server-fin" } } }),
        "NS: C VER 1 MSNP11 CVR0
         NS: S VER 1 MSNP11
         NS: C USR 2 TWN I alice@example.com
         NS: S USR 2 TWN S lc=1033
         NS: C USR 3 TWN S t=wrong
         NS: S 911 3
         NS2: C VER 1 MSNP99 CVR0
         NS2: S VER 1 0",
        &[
            "alice@example.com MSNP11 by TWN #0: refused, error at 6 (the server ended the session after an error)",
            "alice@example.com? #1: refused, error at 8 (the server ended the session after an error)",
        ],
    );
}

#[test]
fn a_redirect_is_followed_to_its_address() {
    let scenario = json!({ "connections": {
        "DS": { "client": "192.0.2.10:1031", "server": "198.51.100.20:1863" },
        "DS2": { "client": "192.0.2.11:1031", "server": "198.51.100.20:1863" },
        "NS": { "client": "192.0.2.10:1032", "server": "198.51.100.36:1863" },
        "NS2": { "client": "192.0.2.11:1032", "server": "198.51.100.37:1863" },
    } });
    let sent_on = |connection: &str, account: &str, host: &str| {
        format!(
            "{connection}: C VER 1 MSNP11 CVR0
             {connection}: S VER 1 MSNP11
             {connection}: C USR 2 TWN I {account}
             {connection}: S XFR 2 NS {host} 0 198.51.100.20:1863"
        )
    };
    let dialogue = [
        sent_on("DS", "alice@example.com", "198.51.100.36:1863"),
        sent_on("DS2", "bob@example.com", "198.51.100.37"),
        // Bob arrives first: the account tells them apart.
        on("NS2", "bob@example.com"),
        on("NS", "alice@example.com"),
        "NS: C OUT\nNS2: C OUT".to_owned(),
    ];
    check(
        scenario,
        &dialogue.join("\n"),
        &[
            "alice@example.com MSNP11 by TWN #0 #3: ok at 24, client at 25 (the client signed out)",
            "bob@example.com MSNP11 by TWN #1 #2: ok at 16, client at 26 (the client signed out)",
        ],
    );
    let lost = tale_of(&transcript(&json!({}), &sent_on("DS", "alice@example.com", "198.51.100.36:1863")));
    assert_eq!(
        sign_ins(&lost),
        [
            "alice@example.com MSNP11 by TWN #0: redirected, client at – (the client closed the connection without signing out)"
        ]
    );
    assert_eq!(
        missing(&lost),
        ["4 #0 The client was sent on to 198.51.100.36:1863, but no connection there is in the capture"]
    );
}

#[test]
fn privacy_settings_are_told_when_they_are_new() {
    let dialogue = format!(
        "{}
         NS: C SYN 5 0
         NS: S SYN 5 1 0 0
         NS: S GTC A
         NS: S BLP AL
         NS: C BLP 6 BL
         NS: S BLP 6 2 BL
         NS: C BLP 7 BL
         NS: S 218 7
         NS: C OUT",
        on("NS", "alice@example.com")
    );
    let tale = tale(&dialogue);
    let told = tale.sign_ins[0]
        .privacy
        .iter()
        .map(|setting| format!("{} {}", setting.evidence.pdu.unwrap(), Catalogue::english().render(&setting.text())));
    assert_eq!(
        told.collect::<Vec<_>>(),
        [
            "11 the client asks when somebody adds the account",
            "12 people on no list may see the account and write to it",
            "14 people on no list are blocked",
        ]
    );
}

/// The address that counts is the one that the gateway or the proxy was asked for, not theirs.
#[test]
fn a_redirect_is_followed_through_a_tunnel() {
    let gateway = |id: &str, host: &str| json!({ "gateway": { "on": ["GW"], "id": id, "host": host } });
    let proxied = |port: u16, kind: &str, host: &str| {
        json!({
            "client": format!("192.0.2.10:{port}"),
            "server": "192.0.2.3:1080",
            "proxy": { "kind": kind, "host": host, "port": 1863 },
        })
    };
    // Somebody else at the same machine begins sooner.
    let sooner = json!({ "client": "192.0.2.10:1040", "server": "198.51.100.99:1863", "closing": "open" });
    let through_gateway = json!({ "connections": {
        "DS": gateway("1083.1", "messenger.hotmail.com"),
        "NS": gateway("1084.1", "198.51.100.36"),
        "GW": { "client": "192.0.2.10:1030", "server": "198.51.100.5:80" },
        "NSX": sooner,
    } });
    let by_proxies = json!({ "connections": {
        "DS": proxied(1031, "socks4", "198.51.100.20"),
        "NS": proxied(1032, "socks5", "198.51.100.36"),
        "NSX": sooner,
    } });
    let dialogue = format!(
        "DS: C VER 1 MSNP11 CVR0
         DS: S VER 1 MSNP11
         DS: C USR 2 TWN I alice@example.com
         DS: S XFR 2 NS 198.51.100.36:1863 0 198.51.100.20:1863
         NSX: C VER 1 MSNP10 CVR0
         NSX: S VER 1 MSNP10
         {}
         NS: S OUT SSD",
        on("NS", "alice@example.com")
    );
    for (scenario, second) in [(through_gateway, SHARED), (by_proxies, 2)] {
        let tale = tale_of(&transcript(&scenario, &dialogue));
        let streams = tale.sign_ins.iter().map(|sign_in| sign_in.streams.clone()).collect::<Vec<_>>();
        assert_eq!(streams, [vec![0, second], vec![1]], "{scenario}");
        assert_eq!(missing(&tale), [""; 0], "{scenario}");
    }
}

#[test]
fn the_tripwire_names_the_sign_in_that_did_it() {
    let scenario = json!({ "connections": {
        "NS": { "client": "192.0.2.10:1031", "closing": "server-fin" },
        "NS2": { "client": "203.0.113.66:1031", "closing": "open" },
    } });
    let dialogue = format!(
        "{}\nNS: C CHG 5 HDN 0\nNS: S CHG 5 HDN 0\n{}",
        on("NS", "alice@example.com"),
        // The old client is told before the new one is accepted.
        on("NS2", "alice@example.com").replace("NS2: S USR 4 OK", "NS: S OUT OTH\nNS2: S USR 4 OK")
    );
    let told = tale_of(&transcript(&scenario, &dialogue));
    assert_eq!(
        sign_ins(&told),
        [
            "alice@example.com MSNP11 by TWN #0: ok at 8, elsewhere at 18 (the account signed in somewhere else, and the server ended this session), thrown out at 18 by sign-in 1",
            "alice@example.com MSNP11 by TWN #1: ok at 19, capture-end at – (it was still going on when the capture ended)",
        ]
    );
    assert!(missing(&told).is_empty(), "{:?}", missing(&told));
    let alone = tale(&format!("{}\nNS: S OUT OTH", on("NS", "alice@example.com")));
    assert_eq!(
        missing(&alone),
        [
            "9 #0 alice@example.com was signed in from somewhere else at this moment; the other sign-in is not in the capture"
        ]
    );
}

#[test]
fn one_device_signs_another_out() {
    let guid = |n: char| format!("{{{}-1234-4abc-8def-001122334455}}", n.to_string().repeat(8));
    let device = |connection: &str, n: char| {
        format!(
            "{connection}: C VER 1 MSNP18 CVR0
             {connection}: S VER 1 MSNP18
             {connection}: C USR 2 SSO I alice@example.com
             {connection}: S USR 2 SSO S MBI_KEY_OLD nonce
             {connection}: C USR 3 SSO S t=invented proof {}
             {connection}: S USR 3 OK alice@example.com 1 0",
            guid(n)
        )
    };
    let dialogue = format!(
        "{}\n{}\nNS: C UUN 4 alice@example.com;{} 4 {{len}} | goawyplzthxbye
         NS: S UUN 4 OK
         NS2: S UBN alice@example.com;{} 4 {{len}} | goawyplzthxbye
         NS2: C OUT
         NS: C OUT",
        device("NS", 'a'),
        device("NS2", 'b'),
        guid('b'),
        guid('a'),
    );
    check(
        json!({}),
        &dialogue,
        &[
            &format!(
                "alice@example.com MSNP18 by SSO #0: ok at 6, client at 17 (the client signed out), this {} –",
                guid('a')
            ),
            &format!(
                "alice@example.com MSNP18 by SSO #1: ok at 12, elsewhere at 15 (another device of the account signed this one out), thrown out at 15 by sign-in 0, this {} –",
                guid('b')
            ),
        ],
    );
}

#[test]
fn a_capture_that_begins_later_still_knows_whose_connection_it_is() {
    let scenario = json!({ "connections": { "NS": { "opening": "midstream", "closing": "open" } } });
    let dialogue = "NS: C PNG
                    NS: S QNG 45
                    NS: C XFR 7 SB
                    NS: S XFR 7 SB 198.51.100.77:1863 CKI 17.34
                    SB: C USR 1 alice@example.com 17.34
                    SB: S USR 1 OK alice@example.com Alice";
    check(
        scenario,
        dialogue,
        &["alice@example.com? #0 #1: not-captured, capture-end at – (it was still going on when the capture ended)"],
    );
}
