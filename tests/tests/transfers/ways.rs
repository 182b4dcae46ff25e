//! Files of all sizes over all ways.

use msnp_dissector::transfer::{Kind, State, What as Done};
use msnp_tests::scenario::Exchange;
use msnp_tests::scenario::exchange::{Bytes, Direct, Drawing, Side, Transfer, What};
use sha1::{Digest, Sha1};

use crate::follow::follow;
use crate::model::assert_as_sent;
use crate::{Road, is_object, transcript};

/// Nothing, one byte, around a full chunk, a picture's size, and a song's.
const SIZES: [usize; 7] = [0, 1, 1201, 1202, 1203, 26_000, 3_000_000];

fn come_back(road: Road, transfer: Transfer) {
    let what = transfer.what;
    let transcript = transcript(&road.exchange(transfer));
    let followed = follow(&transcript);
    assert_as_sent(&followed, &transcript);
    let (transfer, verdict, sent) = (&followed.transfers[0], &followed.verdicts[0], &transcript.sent[0]);
    assert_eq!(transfer.state, State::Complete, "{road:?}, {} bytes: {:?}", sent.data.len(), transfer.steps);
    assert!(followed.object(0) == sent.data, "{road:?}, {} bytes differ", sent.data.len());
    assert_eq!(verdict.sha1, Some(Sha1::digest(&sent.data).into()));
    assert_eq!(verdict.sha1d_ok, is_object(what).then_some(true));
    assert_eq!(verdict.sha1c_ok, is_object(what).then_some(true));
    let acknowledged = transfer.steps.iter().filter(|step| step.what == Done::Acknowledged).count();
    assert_eq!(acknowledged, usize::from(!sent.data.is_empty() || road == Road::Old), "{road:?}");
    let nonces = transfer.steps.iter().filter(|step| step.what == Done::Connected).count();
    assert_eq!(nonces, if matches!(road, Road::OneDirect | Road::TwoDirect) && !sent.data.is_empty() { 2 } else { 0 });
}

fn files_of_all_sizes_come_back(road: Road) {
    for size in SIZES {
        for from in [Side::Me, Side::Friend] {
            // The long ones go one way only, for the time that they take.
            if size > 100_000 && from == Side::Me {
                continue;
            }
            let name = format!("{size} bytes.bin");
            come_back(road, Transfer { from, name, data: Bytes::Random(size), ..Transfer::default() });
        }
    }
}

#[test]
fn files_come_back_in_version_1() {
    files_of_all_sizes_come_back(Road::One);
}

#[test]
fn files_come_back_in_version_2() {
    files_of_all_sizes_come_back(Road::Two);
}

#[test]
fn files_come_back_over_a_direct_connection_in_version_1() {
    files_of_all_sizes_come_back(Road::OneDirect);
}

#[test]
fn files_come_back_over_a_direct_connection_in_version_2() {
    files_of_all_sizes_come_back(Road::TwoDirect);
}

#[test]
fn files_of_all_sizes_come_back_over_udp() {
    files_of_all_sizes_come_back(Road::TwoUdp);
}

#[test]
fn files_of_all_sizes_come_back_through_a_relay() {
    files_of_all_sizes_come_back(Road::TwoTurn);
}

#[test]
fn files_of_all_sizes_come_back_in_datagrams() {
    files_of_all_sizes_come_back(Road::OneDatagrams);
    files_of_all_sizes_come_back(Road::TwoDatagrams);
}

#[test]
fn files_come_back_by_the_old_file_transfer() {
    files_of_all_sizes_come_back(Road::Old);
}

#[test]
fn pictures_come_back_and_their_hashes_are_right() {
    let direct = [Road::OneDirect, Road::TwoDirect, Road::TwoUdp, Road::TwoTurn];
    let through_servers = [Road::One, Road::Two, Road::OneDatagrams, Road::TwoDatagrams];
    for road in direct.into_iter().chain(through_servers) {
        for (what, drawing) in [(What::Picture, Drawing::Sunset), (What::Emoticon, Drawing::Smile)] {
            for from in [Side::Me, Side::Friend] {
                let (name, data) = ("TFR2C.tmp".to_owned(), Bytes::Drawn(drawing));
                come_back(road, Transfer { from, what, name, data, ..Transfer::default() });
            }
        }
    }
}

#[test]
fn the_kind_is_told() {
    for (what, kind) in
        [(What::Picture, Kind::DisplayPicture), (What::Emoticon, Kind::Emoticon), (What::File, Kind::File)]
    {
        let transfer = Transfer { what, data: Bytes::Random(99), ..Transfer::default() };
        let followed = follow(&transcript(&Road::One.exchange(transfer)));
        assert_eq!(followed.transfers[0].kind, kind);
    }
}

/// From the switchboard to a connection of their own in the middle of the data: one transfer, one map.
#[test]
fn a_transfer_that_migrates_is_one() {
    let (room, datagrams) = ("Switchboard", "Datagrams");
    for (road, to, carriers) in [
        (Road::One, Road::OneDirect, [room, "Direct"]),
        (Road::Two, Road::TwoDirect, [room, "Direct"]),
        (Road::Two, Road::TwoTurn, [room, "Turn"]),
        (Road::TwoDatagrams, Road::TwoDirect, [datagrams, "Direct"]),
    ] {
        for (what, hashed) in [(What::File, false), (What::File, true), (What::Picture, true)] {
            let direct = Direct { after: 3, hashed, ..to.direct().unwrap() };
            let transfer = Transfer { what, data: Bytes::Random(26_000), direct: Some(direct), ..Transfer::default() };
            let transcript = transcript(&road.exchange(transfer));
            let followed = follow(&transcript);
            assert_as_sent(&followed, &transcript);
            let told = followed.transfers[0].carriers.iter().map(|carrier| format!("{carrier:?}"));
            assert_eq!(told.collect::<Vec<_>>(), carriers);
            assert!(followed.object(0) == transcript.sent[0].data);
            assert_eq!(followed.transfers[0].state, State::Complete);
        }
    }
}

/// Chunks of two at the same time, in turn, each with its own map.
#[test]
fn transfers_at_the_same_time_are_told_apart() {
    for road in [Road::One, Road::Two] {
        let picture = Transfer {
            what: What::Picture,
            name: "TFR2C.tmp".to_owned(),
            data: Bytes::Drawn(Drawing::Sunset),
            ..Transfer::default()
        };
        let file = Transfer {
            from: Side::Me,
            name: "song.mp3".to_owned(),
            data: Bytes::Random(30_000),
            ..Transfer::default()
        };
        let face = Transfer {
            what: What::Emoticon,
            name: "1.tmp".to_owned(),
            data: Bytes::Drawn(Drawing::Smile),
            ..Transfer::default()
        };
        let exchange = Exchange { way: road.way(), transfers: vec![picture, file, face], ..Exchange::default() };
        let transcript = transcript(&exchange);
        let followed = follow(&transcript);
        assert_as_sent(&followed, &transcript);
        for (at, sent) in transcript.sent.iter().enumerate() {
            assert!(followed.object(at) == sent.data, "{}", sent.name);
        }
    }
}

/// Both ends in one capture: every packet is there twice, and counts once.
#[test]
fn what_is_seen_at_both_ends_counts_once() {
    for road in [Road::One, Road::Two] {
        for from in [Side::Me, Side::Friend] {
            let transfer = Transfer { from, data: Bytes::Random(9_000), ..Transfer::default() };
            let mut exchange = road.exchange(transfer);
            exchange.other_room = Some("SB2".to_owned());
            let transcript = transcript(&exchange);
            let followed = follow(&transcript);
            assert_as_sent(&followed, &transcript);
            assert_eq!(followed.transfers[0].relayed as usize, transcript.sent[0].arrivals.len(), "{road:?} {from:?}");
            assert!(followed.object(0) == transcript.sent[0].data);
        }
    }
}

/// Two devices of one friend, which are sent a file each under one and the same call and session.
#[test]
fn devices_of_one_account_are_told_apart() {
    let exchange = |device: &str, size: usize, trid: u32| {
        let transfer = Transfer { from: Side::Me, data: Bytes::Random(size), ..Transfer::default() };
        let mut exchange = Road::Two.exchange(transfer);
        device.clone_into(&mut exchange.friend.device);
        Exchange { trid, ..exchange }
    };
    let mut transcript = transcript(&exchange("{b0b00000-77aa-4e1b-8a10-5eed00000002}", 9000, 3));
    transcript.exchange(&exchange("{b0b00000-77aa-4e1b-8a10-5eed00000003}", 5000, 60), None).unwrap();
    let followed = follow(&transcript);
    assert_eq!(
        followed.transfers.iter().map(|one| one.session).collect::<Vec<_>>(),
        [followed.transfers[0].session; 2]
    );
    for (at, sent) in transcript.sent.iter().enumerate() {
        assert!(followed.object(at) == sent.data, "transfer {}", at + 1);
        assert_eq!(followed.transfers[at].state, State::Complete);
    }
}
