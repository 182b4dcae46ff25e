//! Offers that lead to nothing, and transfers that end before their time.

use msnp_dissector::transfer::{State, What as Done};
use msnp_tests::scenario::exchange::{Answer, Bytes, Drawing, Ending, Transfer, What};

use crate::follow::follow;
use crate::model::assert_as_sent;
use crate::{Road, transcript};

const ROADS: [Road; 6] = [Road::One, Road::Two, Road::OneDirect, Road::TwoDirect, Road::TwoUdp, Road::Old];

fn end(road: Road, transfer: Transfer) -> (State, Vec<Done>, Option<Vec<u8>>) {
    let transcript = transcript(&road.exchange(transfer));
    let followed = follow(&transcript);
    assert_as_sent(&followed, &transcript);
    let transfer = &followed.transfers[0];
    (transfer.state, transfer.steps.iter().map(|step| step.what).collect(), transfer.preview.clone())
}

#[test]
fn offers_without_a_transfer_keep_their_preview() {
    for road in ROADS {
        for (answer, state) in
            [(Answer::Decline, State::Declined), (Answer::Refuse, State::Declined), (Answer::Silence, State::Offered)]
        {
            let preview = (road != Road::Old).then_some(Drawing::Smile);
            let (name, data) = ("smile.png".to_owned(), Bytes::Drawn(Drawing::Sunset));
            let (told, steps, kept) = end(road, Transfer { name, data, answer, preview, ..Transfer::default() });
            assert_eq!(told, state, "{road:?} {answer:?}: {steps:?}");
            assert_eq!(kept, preview.map(Drawing::png), "{road:?}");
            let refused = steps.contains(&Done::Refused(500));
            assert_eq!(refused, answer == Answer::Refuse && road != Road::Old, "{steps:?}");
        }
    }
}

#[test]
fn a_picture_may_be_refused() {
    for road in [Road::One, Road::Two] {
        let (what, data, answer) = (What::Picture, Bytes::Drawn(Drawing::Smile), Answer::Refuse);
        let (told, steps, _) = end(road, Transfer { what, data, answer, ..Transfer::default() });
        assert_eq!((told, steps), (State::Declined, vec![Done::Asked, Done::Refused(500)]), "{road:?}");
    }
}

#[test]
fn who_gives_up_is_told() {
    for road in ROADS {
        for (ending, who) in
            [(Ending::CancelBySender, Done::CancelledBySender), (Ending::CancelByReceiver, Done::CancelledByReceiver)]
        {
            let (data, stop_after) = (Bytes::Random(26_000), Some(3));
            let (told, steps, _) = end(road, Transfer { data, stop_after, ending, ..Transfer::default() });
            assert_eq!(told, State::Cancelled, "{road:?} {ending:?}: {steps:?}");
            // Version 2 has nothing but the end of the call.
            let who = if matches!(road, Road::Two | Road::TwoDirect | Road::TwoUdp) { Done::Closed } else { who };
            assert!(steps.contains(&who), "{road:?} {ending:?}: {steps:?}");
        }
    }
}

/// The capture ends, or the connection, and nobody said why.
#[test]
fn what_breaks_off_is_incomplete() {
    for road in ROADS {
        // Questions whether UDP is open are asked by many programs: alone they are nobody's.
        for stop_after in [0, 1, 5].into_iter().filter(|stop| road != Road::TwoUdp || *stop > 0) {
            let (data, stop_after) = (Bytes::Random(26_000), Some(stop_after));
            let (told, steps, _) =
                end(road, Transfer { data, stop_after, ending: Ending::Nothing, ..Transfer::default() });
            assert_eq!(told, State::Incomplete, "{road:?} {stop_after:?}: {steps:?}");
        }
    }
}
