//! What a PDU may know of the past.

use msnp_dissector::msnp::{Context, Dialect, Direction, Fate, Misfit, Offer, Progress, Request, Server, Verb};
use proptest::prelude::*;
use proptest::sample::select;

pub fn direction() -> impl Strategy<Value = Direction> {
    select(vec![Direction::ToServer, Direction::ToClient, Direction::Unknown])
}

pub fn context() -> impl Strategy<Value = Context> {
    let server = select(vec![Server::Dispatch, Server::Notification, Server::Switchboard, Server::Unknown]);
    let dialect = proptest::option::of((0..30u8).prop_map(Dialect));
    let request = (any::<u32>(), any::<[u8; 3]>()).prop_map(|(pdu, verb)| Request { pdu, verb: Verb(verb) });
    let past = (proptest::option::of(request), misfit(), proptest::collection::vec((0..40u8).prop_map(Dialect), 0..4));
    (direction(), server, dialect, past, any::<bool>(), proptest::option::of(progress())).prop_map(
        |(direction, server, dialect, (answers, misfit, offered), after_gap, progress)| {
            let offer = Offer::of(&offered);
            Context { direction, server, dialect, answers, misfit, offer, after_gap, progress, ..Context::default() }
        },
    )
}

fn progress() -> impl Strategy<Value = Progress> {
    let fate = select(vec![Fate::Joins, Fate::Repeats, Fate::Strays, Fate::TooLong]);
    (proptest::option::of(any::<u32>()), any::<u32>(), fate, any::<u32>())
        .prop_map(|(total, came, fate, let_go)| Progress { total, came, fate, let_go })
}

fn misfit() -> impl Strategy<Value = Misfit> {
    prop_oneof![
        Just(Misfit::None),
        Just(Misfit::NoRequest),
        any::<[u8; 3]>().prop_map(|verb| Misfit::OtherRequest(Verb(verb))),
        any::<[u8; 3]>().prop_map(|verb| Misfit::Repeated(Verb(verb))),
        any::<u32>().prop_map(Misfit::Late),
    ]
}
