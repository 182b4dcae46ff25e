//! MSNP in tunnels tells what plain MSNP tells: through the HTTP gateway in all its habits, and behind proxies.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test that cannot go on must fail")]

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;

use msnp_dissector::analysis::{Analysis, Command, End, Gap, SHARED, Sink, StreamInfo};
use msnp_dissector::msnp::dissect;
use msnp_dissector::transport::{Handshake, How};
use msnp_dissector::tree::{Catalogue, Recording, render};
use msnp_tests::cases;
use msnp_tests::scenario::options::{Connection, Damage, Gateway, Opening, Proxy, ProxyKind, Target};
use msnp_tests::scenario::{self, Direction, Transcript};

/// What a shell is told.
#[derive(Default)]
struct Heard {
    streams: Vec<StreamInfo>,
    /// Of each connection its commands in their order: who, what kind of server, the bytes, the fields.
    commands: BTreeMap<u32, Vec<String>>,
    /// TCP connections by number, with their ends.
    tcp: BTreeSet<(u32, SocketAddr, SocketAddr)>,
    gaps: Vec<Gap>,
    ends: Vec<End>,
}

impl Sink for Heard {
    fn stream(&mut self, info: &StreamInfo) {
        self.streams.push(info.clone());
    }

    fn command(&mut self, command: &Command<'_>) {
        assert!(self.streams.iter().any(|info| info.stream == command.stream), "connections are told of first");
        let context = command.context;
        let tree = dissect(&command.pdu, &context, Recording::Everything).tree;
        let told = format!(
            "{:?} {:?} {:?} {:?} {}\n{}",
            context.direction,
            context.server,
            context.dialect,
            context.answers.map(|request| request.verb),
            context.after_gap,
            render(&tree, command.pdu.bytes, &Catalogue::english())
        );
        self.commands.entry(command.stream).or_default().push(told);
        let ends = [command.source, command.destination];
        self.tcp.insert((command.tcp_stream, *ends.iter().min().unwrap(), *ends.iter().max().unwrap()));
    }

    fn gap(&mut self, gap: &Gap) {
        self.gaps.push(*gap);
    }

    fn end(&mut self, end: &End) {
        self.ends.push(*end);
    }
}

fn heard(transcript: &Transcript) -> Heard {
    let mut heard = Heard::default();
    let mut analysis = Analysis::new();
    analysis.push(&scenario::build(transcript).unwrap(), &mut heard).unwrap();
    analysis.finish(&mut heard).unwrap();
    heard
}

/// The conversations, without a word on what carried them.
fn conversations(heard: &Heard) -> BTreeSet<Vec<String>> {
    heard.commands.values().cloned().collect()
}

/// The first command in which two captures differ.
fn difference(these: &BTreeSet<Vec<String>>, those: &BTreeSet<Vec<String>>) -> Option<(usize, String, String)> {
    let different = these.symmetric_difference(those).next()?;
    let likeness = |other: &Vec<String>| other.iter().zip(different).take_while(|(a, b)| a == b).count();
    let nearest = these.iter().chain(those).filter(|other| *other != different).max_by_key(|other| likeness(other))?;
    let at = likeness(nearest);
    let command = |all: &Vec<String>| all.get(at).cloned().unwrap_or_default();
    Some((at, command(different), command(nearest)))
}

/// The case, with each of its connections through a gateway session of its own.
fn through_gateway(case: &str, habits: impl Fn(usize, &str) -> Gateway) -> Transcript {
    let mut transcript = cases::named(case).unwrap();
    let mut names = Vec::new();
    for line in &transcript.lines {
        if !names.contains(&line.connection) {
            names.push(line.connection.clone());
        }
    }
    for (number, name) in names.iter().enumerate() {
        let server = if name.starts_with("SB") { "SB" } else { "NS" };
        let gateway = Gateway { server: server.to_owned(), ..habits(number, name) };
        for carrier in gateway.on.clone() {
            let connections = &mut transcript.scenario.connections;
            let count = u16::try_from(connections.len()).unwrap();
            connections.entry(carrier).or_insert_with(|| Connection {
                client: Some(SocketAddr::from(([192, 0, 2, 10], 2000 + count))),
                server: Some(SocketAddr::from(([198, 51, 100, 5], 80))),
                ..Connection::default()
            });
        }
        transcript.scenario.connections.get_mut(name).unwrap().gateway = Some(gateway);
    }
    transcript
}

/// How the gateway is used by the connection of this number and name.
type Habit<'h> = &'h dyn Fn(usize, &str) -> Gateway;

const CASES: [&str; 4] = ["msnp8-signin-chat", "msnp15-signin-sso", "msnp11-pictures-p2p", "msnp18-endpoints"];

#[test]
fn the_gateway_changes_nothing_of_what_is_said() {
    let own = |number: usize| Gateway {
        id: format!("{}.1", 1000 + number),
        on: vec![format!("GW {number}")],
        ..Gateway::default()
    };
    let habits: [(&str, Habit<'_>); 6] = [
        ("a TCP connection each", &|number, _| own(number)),
        ("by turns on three", &|number, _| Gateway {
            on: vec!["GW a".to_owned(), "GW b".to_owned(), format!("GW {number}")],
            ..own(number)
        }),
        ("all on one", &|number, _| Gateway { on: vec!["GW".to_owned()], ..own(number) }),
        ("a name without a dot", &|number, _| Gateway {
            id: format!("0b6f2ad4-7c5e-4d8a-9c39-00000000000{number}"),
            absolute: true,
            response_headers: vec!["Access-Control-Expose-Headers: X-MSN-Messenger".to_owned()],
            ..own(number)
        }),
        ("chunks", &|number, _| Gateway { chunk: 7, continues: true, ..own(number) }),
        ("packed, polling, ended", &|number, _| Gateway {
            gzip: true,
            chunk: 100,
            poll_ms: 2000,
            closes: true,
            ..own(number)
        }),
    ];
    for case in CASES {
        let plain = conversations(&heard(&cases::named(case).unwrap()));
        for (name, habit) in &habits {
            let carried = heard(&through_gateway(case, habit));
            assert_eq!(carried.gaps, [], "{case}, {name}");
            let told = conversations(&carried);
            assert_eq!(difference(&plain, &told), None, "{case}, {name}");
        }
    }
}

#[test]
fn any_segments_carry_the_same() {
    // Segments of one byte take their time: on TCP connections of their own, so that no session overtakes itself.
    let transcript = |mss: u16| {
        let mut transcript = through_gateway("msnp8-signin-chat", |number, _| Gateway {
            id: format!("{}.1", 1000 + number),
            on: vec![format!("GW {number}")],
            chunk: 50,
            gzip: number == 1,
            ..Gateway::default()
        });
        transcript.scenario.mss = mss;
        transcript
    };
    let whole = heard(&transcript(1460));
    assert!(whole.commands.values().flatten().count() > 60);
    for mss in [1, 3, 64, 512] {
        assert_eq!(
            difference(&conversations(&whole), &conversations(&heard(&transcript(mss)))),
            None,
            "segments of {mss} bytes"
        );
    }
}

#[test]
fn every_command_names_the_tcp_connection_that_brought_it() {
    let sessions = |number: usize, on: &[&str]| Gateway {
        id: format!("{}.1", 1000 + number),
        on: on.iter().map(|name| (*name).to_owned()).collect(),
        ..Gateway::default()
    };
    let shared = heard(&through_gateway("msnp8-signin-chat", |number, _| sessions(number, &["GW"])));
    let tcp = shared.tcp.iter().map(|(stream, ..)| *stream).collect::<Vec<_>>();
    assert_eq!(tcp, [0], "one TCP connection");
    let numbers = shared.commands.keys().copied().collect::<Vec<_>>();
    assert_eq!(numbers, [0, SHARED, SHARED + 1], "three MSNP connections");

    let by_turns =
        heard(&through_gateway("msnp8-signin-chat", |number, _| sessions(number, &["GW a", "GW b", "GW c"])));
    let tcp = by_turns.tcp.iter().map(|(stream, ..)| *stream).collect::<BTreeSet<_>>();
    assert_eq!((tcp, by_turns.tcp.len()), (BTreeSet::from([0, 1, 2]), 3), "each with its own ends");
    assert_eq!(by_turns.commands.len(), 3);
}

#[test]
fn what_is_known_of_a_session_is_told() {
    let transcript = through_gateway("msnp8-signin-chat", |number, _| Gateway {
        id: format!("{}.1", 1000 + number),
        on: vec!["GW".to_owned()],
        host: format!("198.51.100.{number}"),
        closes: number == 0,
        poll_ms: 2000,
        ..Gateway::default()
    });
    let heard = heard(&transcript);
    let gateways =
        heard.streams.iter().map(|info| info.tunnel.clone().unwrap().gateway.clone().unwrap()).collect::<Vec<_>>();
    let sessions = gateways.iter().map(|gateway| gateway.session.as_deref().unwrap()).collect::<Vec<_>>();
    assert_eq!(sessions, ["1000", "1001", "1002"]);
    assert_eq!(gateways[2].server.as_deref(), Some("SB"));
    assert_eq!(gateways[1].host.as_deref(), Some("198.51.100.1"));
    assert_eq!(gateways[0].gateway.as_deref(), Some("198.51.100.5"));
    let how = |stream: u32| heard.ends.iter().find(|end| end.stream == stream).unwrap();
    assert_eq!((how(0).how, how(SHARED).how), (How::Fin, How::CaptureEnd));
    let carried = how(SHARED).carried.unwrap();
    assert!(carried.requests > carried.polls && carried.polls > 0 && carried.connections == 1, "{carried:?}");
    assert_eq!(heard.ends.len(), 3, "each ends once");
}

#[test]
fn a_capture_may_begin_in_the_middle_of_a_session() {
    let mut transcript = through_gateway("msnp8-signin-chat", |number, _| Gateway {
        id: format!("{}.77", 1000 + number),
        on: vec!["GW".to_owned()],
        opens: false,
        ..Gateway::default()
    });
    transcript.scenario.connections.get_mut("GW").unwrap().opening = Opening::Midstream;
    let mut plain = cases::named("msnp8-signin-chat").unwrap();
    for connection in plain.scenario.connections.values_mut() {
        connection.opening = Opening::Midstream;
    }
    let (plain, carried) = (heard(&plain), heard(&transcript));
    assert_eq!(difference(&conversations(&plain), &conversations(&carried)), None);
    assert!(carried.streams.iter().all(|info| info.handshake == Handshake::Missing));
}

#[test]
fn proxies_let_the_same_through() {
    let proxy = |kind, user: Option<&str>| Proxy {
        kind,
        host: if kind == ProxyKind::Socks4 { "198.51.100.36" } else { "messenger.hotmail.com" }.to_owned(),
        port: 1863,
        user: user.map(str::to_owned),
        password: "invented".to_owned(),
    };
    let proxies = [
        proxy(ProxyKind::Socks4, Some("alice")),
        proxy(ProxyKind::Socks4a, None),
        proxy(ProxyKind::Socks5, None),
        proxy(ProxyKind::Socks5, Some("alice")),
        proxy(ProxyKind::Http, None),
        proxy(ProxyKind::Http, Some("alice")),
    ];
    for proxy in proxies {
        for mss in [1460, 1] {
            let mut plain = cases::named("msnp8-signin-chat").unwrap();
            plain.scenario.mss = mss;
            let mut behind = plain.clone();
            for connection in behind.scenario.connections.values_mut() {
                connection.proxy = Some(proxy.clone());
                connection.server = Some(SocketAddr::from(([198, 51, 100, 7], 1080)));
            }
            let (plain, behind) = (heard(&plain), heard(&behind));
            assert_eq!(difference(&conversations(&plain), &conversations(&behind)), None, "{proxy:?} {mss}");
            for info in behind.streams {
                let asked = &info.tunnel.as_ref().unwrap().proxies[0];
                assert_eq!((asked.host.as_str(), asked.port), (proxy.host.as_str(), 1863));
                assert_eq!(asked.user, proxy.user);
            }
        }
    }
}

#[test]
fn the_gateway_may_lie_behind_a_proxy() {
    let mut transcript = through_gateway("msnp8-signin-chat", |number, _| Gateway {
        id: format!("{}.1", 1000 + number),
        on: vec![format!("GW {number}")],
        ..Gateway::default()
    });
    let proxy = Proxy {
        kind: ProxyKind::Socks5,
        host: "gateway.messenger.hotmail.com".to_owned(),
        port: 80,
        user: None,
        password: String::new(),
    };
    for (name, connection) in &mut transcript.scenario.connections {
        connection.proxy = name.starts_with("GW").then(|| proxy.clone());
    }
    let carried = heard(&transcript);
    assert_eq!(
        difference(&conversations(&carried), &conversations(&heard(&cases::named("msnp8-signin-chat").unwrap()))),
        None
    );
    assert!(
        carried.streams.iter().all(|info| info.tunnel.as_ref().unwrap().facts().len() == 6),
        "{:?}",
        carried.streams
    );
}

#[test]
fn a_lost_segment_costs_what_was_in_it() {
    let mut transcript = through_gateway("msnp8-signin-chat", |number, _| Gateway {
        id: format!("{}.1", 1000 + number),
        on: vec![format!("GW {number}")],
        ..Gateway::default()
    });
    let whole = heard(&transcript);
    let lost = Target { connection: "GW 1".to_owned(), dir: Direction::ToClient, lines: Vec::new(), segments: vec![3] };
    transcript.scenario.damage = vec![Damage::Lose { at: lost }];
    let damaged = heard(&transcript);
    assert_eq!(damaged.gaps.len(), 1, "{:?}", damaged.gaps);
    let (whole, damaged) = (whole.commands.values().flatten(), damaged.commands.values().flatten());
    let (whole, damaged) = (whole.collect::<Vec<_>>(), damaged.collect::<Vec<_>>());
    let kept = damaged.iter().filter(|command| whole.contains(command)).count();
    assert!(kept + 8 > whole.len() && kept < whole.len(), "{kept} of {}", whole.len());
    assert!(damaged.iter().any(|command| command.contains(" true\n")), "what comes after the gap says so");
}

#[test]
fn what_is_no_message_of_the_gateway_is_told() {
    let text = concat!(
        r#"{"scenario":{"connections":{"SB":{"gateway":{"on":["GW"],"server":"SB"}},"GW":{"carries":"other"}}}}"#,
        "\n",
        r#"{"connection":"SB","dir":"C>S","line":"USR 1 alice@example.com 17262740.1050826919.32308\r\n"}"#,
        "\n",
        r#"{"connection":"SB","dir":"S>C","line":"USR 1 OK alice@example.com Alice\r\n"}"#,
        "\n",
        r#"{"connection":"GW","dir":"C>S","payload":"POST /gateway/gateway.dll?SessionID=1000.2000 HTTP/1.1\r\nContent-Length: 5\r\n\r\nOUT\r\n"}"#,
        "\n",
        r#"{"connection":"GW","dir":"S>C","payload":"HTTP/1.1 400 Bad Request\r\nContent-Type: text/html\r\nContent-Length: 4\r\n\r\nNo.\n"}"#,
        "\n",
        r#"{"connection":"GW","dir":"S>C","payload":"something else\r\n"}"#,
        "\n",
    );
    let heard = heard(&Transcript::parse(text).unwrap());
    let commands = &heard.commands[&0];
    assert_eq!(commands.len(), 5, "{commands:#?}");
    assert!(
        commands[3].contains("msnp.expert.beside") || commands[3].contains("no part of the conversation"),
        "{}",
        commands[3]
    );
    assert!(commands[4].contains("no part of the conversation"), "{}", commands[4]);
}
