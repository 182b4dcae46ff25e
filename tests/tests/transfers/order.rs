//! Any order and any repetition of chunks gives the same object and the same verdict.

use msnp_dissector::transfer::State;
use msnp_tests::scenario::exchange::{Bytes, Chunk, Direct, Event, Transfer, What};
use proptest::prelude::*;
use sha1::{Digest, Sha1};

use crate::follow::follow;
use crate::model::assert_as_sent;
use crate::{Road, transcript};

/// Chunks of an object, all of them at least once, in any order.
#[derive(Debug, Clone)]
struct Plan {
    road: Road,
    what: What,
    size: usize,
    chunk: usize,
    /// Which chunks come, and whether over the connection of their own.
    order: Vec<(usize, bool)>,
}

fn plans() -> impl Strategy<Value = Plan> {
    let roads =
        prop_oneof![Just(Road::One), Just(Road::Two), Just(Road::OneDirect), Just(Road::TwoDirect), Just(Road::TwoUdp)];
    let whats = prop_oneof![Just(What::File), Just(What::Picture)];
    (roads, whats, 1_usize..6000, 200_usize..1202).prop_flat_map(|(road, what, size, chunk)| {
        let count = size.div_ceil(chunk);
        let again = proptest::collection::vec(0..count, 0..6);
        let order = again.prop_map(move |again| (0..count).chain(again).collect::<Vec<_>>()).prop_shuffle();
        let sides = proptest::collection::vec(any::<bool>(), count + 6);
        (order, sides).prop_map(move |(order, sides)| Plan {
            road,
            what,
            size,
            chunk,
            order: order.into_iter().zip(sides).collect(),
        })
    })
}

fn transfer(plan: &Plan) -> Transfer {
    let place = |number: usize| (number * plan.chunk) as u64;
    let length = |number: usize| plan.chunk.min(plan.size - number * plan.chunk);
    // The way of a chunk changes once at most: from the switchboard to a connection of their own.
    let direct = plan.road.direct().map(|direct| Direct { after: 1, ..direct });
    let mut moved = false;
    let mut events = Vec::new();
    if matches!(plan.road, Road::Two | Road::TwoDirect | Road::TwoUdp) {
        // Sent in order, and lost: what comes are retransmissions, in any order.
        for number in 0..plan.size.div_ceil(plan.chunk) {
            events.push(Chunk { lost: true, ..crate::chunk(place(number), length(number)) });
        }
    }
    for (number, side) in &plan.order {
        moved |= *side && direct.is_some();
        events.push(Chunk { direct: moved, ..crate::chunk(place(*number), length(*number)) });
    }
    Transfer {
        what: plan.what,
        data: Bytes::Random(plan.size),
        direct,
        script: Some(events.into_iter().map(Event::Chunk).chain([Event::Acknowledge]).collect()),
        ..Transfer::default()
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn any_order_gives_the_same_object(plan in plans()) {
        let transcript = transcript(&plan.road.exchange(transfer(&plan)));
        let followed = follow(&transcript);
        assert_as_sent(&followed, &transcript);
        let sent = &transcript.sent[0].data;
        prop_assert_eq!(followed.transfers[0].state, State::Complete);
        prop_assert!(followed.object(0) == *sent);
        prop_assert_eq!(followed.verdicts[0].sha1, Some(Sha1::digest(sent).into()));
        prop_assert_eq!(followed.transfers[0].map.repeated(), {
            let came: usize = transcript.sent[0].arrivals.iter().map(|arrival| arrival.bytes.len()).sum();
            (came - sent.len()) as u64
        });
    }
}
