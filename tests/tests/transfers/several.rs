//! Several people, and several transfers at a time, that share a room, a connection, or the number of a session: to each
//! its own bytes, and its own acknowledgements.

use msnp_dissector::transfer::{State, What as Done};
use msnp_tests::scenario::Transcript;
use msnp_tests::scenario::exchange::{Bytes, Direct, Exchange, Person, Side, Transfer, What};

use crate::follow::follow;
use crate::model::assert_as_sent;
use crate::{Road, transcript};

const ROOMS: [Road; 4] = [Road::One, Road::Two, Road::OneDatagrams, Road::TwoDatagrams];

fn carol() -> Person {
    let (account, nick) = ("carol@example.com".to_owned(), "Carol".to_owned());
    Person { account, nick, device: "{ca401000-1c2d-4e3f-8a9b-5eed00000003}".to_owned() }
}

fn file(name: &str, from: Side, acknowledged: bool) -> Transfer {
    let session = Some(7);
    Transfer { name: name.to_owned(), from, session, data: Bytes::Random(5000), acknowledged, ..Transfer::default() }
}

/// Carol's file, whose program counts as `seed` has it, and then Bob's, in the same room and under the same number.
fn friends(road: Road, seed: u64) -> Transcript {
    let of_carol = road.exchange(file("carol.bin", Side::Friend, false));
    let mut transcript = transcript(&Exchange { friend: carol(), seed, ..of_carol });
    let of_bob = road.exchange(file("bob.bin", Side::Friend, true));
    transcript.exchange(&Exchange { trid: 40, ..of_bob }, None).unwrap();
    transcript
}

/// I acknowledge what Bob sent: that says nothing about what Carol sent.
#[test]
fn each_friend_is_acknowledged_alone() {
    for road in ROOMS {
        // Counts begin anywhere: Carol's may be before Bob's or behind it.
        for seed in 2..8 {
            let transcript = friends(road, seed);
            let followed = follow(&transcript);
            assert_as_sent(&followed, &transcript);
            let told =
                followed.transfers.iter().map(|one| one.steps.iter().any(|step| step.what == Done::Acknowledged));
            assert_eq!(told.collect::<Vec<_>>(), [false, true], "{road:?} {seed}");
        }
    }
}

/// The number of a session is its inviter's: both may have the same.
#[test]
fn both_directions_may_share_a_session() {
    let roads = [Road::One, Road::Two, Road::OneDirect, Road::TwoDirect, Road::OneDatagrams, Road::TwoDatagrams];
    for road in roads {
        for what in [What::File, What::Picture] {
            for first in [Side::Me, Side::Friend] {
                let one = |from| Transfer { what, ..file("a.bin", from, true) };
                let mut exchange = road.exchange(one(first));
                let direct = road.direct().map(|direct| Direct { connection: "DC2".to_owned(), ..direct });
                let other = Transfer { direct, data: Bytes::Random(4000), ..one(first.other()) };
                exchange.transfers.push(other);
                let transcript = transcript(&exchange);
                let followed = follow(&transcript);
                assert_as_sent(&followed, &transcript);
                for (at, sent) in transcript.sent.iter().enumerate() {
                    assert!(followed.object(at) == sent.data, "{road:?} {what:?} {at}");
                    assert_eq!(followed.transfers[at].state, State::Complete, "{road:?} {what:?}");
                }
            }
        }
    }
}

/// Bob sends Carol something in a room where I am too: my client hears the file, and the answer.
#[test]
fn what_others_send_each_other_is_acknowledged() {
    for road in [Road::One, Road::Two] {
        let exchange = road.exchange(file("a.bin", Side::Friend, true));
        let exchange = Exchange { overheard: true, me: carol(), ..exchange };
        let transcript = transcript(&exchange);
        let followed = follow(&transcript);
        assert_as_sent(&followed, &transcript);
        assert!(followed.transfers[0].map.chunks.iter().all(|chunk| chunk.acknowledged_by.is_some()), "{road:?}");
    }
}

/// Two connections of strangers whose agreement was not captured have nothing in common but a number.
#[test]
fn strangers_do_not_share_a_transfer() {
    for road in [Road::OneDirect, Road::TwoDirect] {
        let mut transcript = transcript(&road.exchange(file("a.bin", Side::Friend, true)));
        let mut direct = road.direct().unwrap();
        direct.connection = "DC2".to_owned();
        let other = Transfer { direct: Some(direct), ..file("b.bin", Side::Friend, true) };
        transcript.exchange(&Exchange { seed: 5, trid: 40, ..road.exchange(other) }, None).unwrap();
        transcript.lines.retain(|line| line.connection.starts_with("DC"));
        let followed = follow(&transcript);
        assert_eq!(followed.transfers.len(), 2, "{road:?}");
        for (at, sent) in transcript.sent.iter().enumerate() {
            assert!(followed.object(at) == sent.data, "{road:?}");
        }
    }
}
