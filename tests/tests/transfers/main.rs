//! Pictures and files come back as they were sent: every byte, and for every byte the packet that brought it.
//!
//! The scenario builder says what it sent ([`msnp_tests::scenario::Sent`]); a map of single bytes ([`model`]) is made from
//! that alone, and what the library follows through real packets must be the same.

// A test fails by panicking.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod alone;
mod damage;
mod endings;
mod follow;
mod model;
mod order;
mod reference;
mod several;
mod ways;

use msnp_tests::scenario::exchange::{Chunk, Direct, Over, Transfer, Way, What};
use msnp_tests::scenario::{Exchange, Transcript};

/// Addresses of all connections of these tests, and how the two get into their room.
const ROOM: &str = r#"{"scenario":{"start":"2006-05-06T07:08:09Z","connections":{
"SB":{"client":"192.0.2.10:1500","server":"198.51.100.77:1863"},
"SB2":{"client":"203.0.113.5:1600","server":"198.51.100.77:1863"},
"DC":{"client":"192.0.2.10:3001","server":"192.0.2.20:6891"},
"UDP":{"client":"192.0.2.10:3001","server":"192.0.2.20:6891","transport":"udp"},
"RELAY":{"client":"192.0.2.10:3003","server":"198.51.100.40:443"},
"NS":{"client":"192.0.2.10:1490","server":"198.51.100.70:1863"},
"DC2":{"client":"192.0.2.10:3002","server":"192.0.2.20:6892"}}}}
{"connection":"SB","dir":"C>S","line":"USR 1 alice@example.com 1146899289.77\r\n"}
{"connection":"SB","dir":"S>C","line":"USR 1 OK alice@example.com Alice\r\n"}
{"connection":"SB","dir":"C>S","line":"CAL 2 bob@example.com\r\n"}
{"connection":"SB","dir":"S>C","line":"CAL 2 RINGING 77\r\n"}
{"connection":"SB","dir":"S>C","after_ms":200,"line":"JOI bob@example.com Bob\r\n"}
"#;

/// How I get to the notification server, where there is no room.
const SERVICE: &str = r#"{"connection":"NS","dir":"C>S","line":"VER 1 MSNP21 CVR0\r\n"}
{"connection":"NS","dir":"S>C","line":"VER 1 MSNP21\r\n"}
{"connection":"NS","dir":"C>S","line":"USR 2 SSO I alice@example.com\r\n"}
{"connection":"NS","dir":"S>C","line":"USR 2 OK alice@example.com 1 0\r\n"}
"#;

/// How the friend gets there, where the capture shows both ends.
const OTHER_ROOM: &str = r#"{"connection":"SB2","dir":"C>S","line":"ANS 1 bob@example.com 1146899289.78 77\r\n"}
{"connection":"SB2","dir":"S>C","line":"IRO 1 1 1 alice@example.com Alice\r\n"}
{"connection":"SB2","dir":"S>C","line":"ANS 1 OK\r\n"}
"#;

/// The ways for data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Road {
    One,
    Two,
    OneDirect,
    TwoDirect,
    TwoUdp,
    TwoTurn,
    OneDatagrams,
    TwoDatagrams,
    Old,
}

impl Road {
    fn way(self) -> Way {
        match self {
            Self::One | Self::OneDirect | Self::OneDatagrams => Way::One,
            Self::Two | Self::TwoDirect | Self::TwoUdp | Self::TwoTurn | Self::TwoDatagrams => Way::Two,
            Self::Old => Way::Old,
        }
    }

    fn direct(self) -> Option<Direct> {
        let over = match self {
            Self::TwoUdp => Over::Udp,
            Self::TwoTurn => Over::Turn,
            _ => Over::Tcp,
        };
        let direct = Direct {
            connection: match over {
                Over::Tcp => "DC",
                Over::Udp => "UDP",
                Over::Turn => "RELAY",
            }
            .to_owned(),
            after: 0,
            hashed: self == Self::TwoDirect,
            over,
            chunk: None,
            address: "192.0.2.20".to_owned(),
            port: 6891,
        };
        (!matches!(self, Self::One | Self::Two | Self::OneDatagrams | Self::TwoDatagrams)).then_some(direct)
    }

    fn exchange(self, transfer: Transfer) -> Exchange {
        let transfer = Transfer { direct: transfer.direct.clone().or_else(|| self.direct()), ..transfer };
        let exchange = Exchange { way: self.way(), transfers: vec![transfer], ..Exchange::default() };
        match self {
            Self::OneDatagrams | Self::TwoDatagrams => Exchange { room: "NS".to_owned(), datagrams: true, ..exchange },
            _ => exchange,
        }
    }
}

/// The two in their room, and what they send each other.
fn transcript(exchange: &Exchange) -> Transcript {
    let other = match (exchange.datagrams, &exchange.other_room) {
        (true, _) => SERVICE,
        (_, Some(_)) => OTHER_ROOM,
        (_, None) => "",
    };
    let header = ROOM.lines().take(8).collect::<Vec<_>>().concat();
    let lines = ROOM.lines().skip(8).collect::<Vec<_>>().join("\n");
    let mut transcript = Transcript::parse(&format!("{header}\n{lines}\n{other}")).unwrap();
    transcript.exchange(exchange, None).unwrap();
    transcript
}

/// A chunk that goes the usual way.
fn chunk(offset: u64, bytes: usize) -> Chunk {
    Chunk { offset, bytes, ..Chunk::default() }
}

fn is_object(what: What) -> bool {
    what != What::File
}
