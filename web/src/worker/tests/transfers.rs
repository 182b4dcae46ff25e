//! Objects: put together, checked, and where their bytes are.

use super::*;

#[test]
fn a_picture_is_put_together_and_checked_in_portions() {
    let (mut session, _) = session("msnp11-pictures-p2p", 1 << 20);
    let list = session.transfers().unwrap();
    let told = list.all.iter().map(|one| (one.kind.as_str(), one.outcome, one.verdict.clone())).collect::<Vec<_>>();
    assert_eq!(told, [("display picture", Outcome::Complete, None), ("file", Outcome::Declined, None)]);

    let mut verdicts = Vec::new();
    while session.unverified() {
        verdicts.extend(session.verify(100).0);
    }
    // The smallest first: nothing came of the file.
    assert_eq!(verdicts.iter().map(|(id, _)| *id).collect::<Vec<_>>(), [2, 1]);
    let (_, picture) = verdicts.pop().unwrap();
    assert_eq!((picture.announced, picture.content_type.as_deref()), (Some(true), Some("image/png")));
    assert_eq!(session.transfers().unwrap().all[0].verdict, Some(picture));

    let mut bytes = Vec::new();
    let mut at = Some(0);
    while let Some(from) = at {
        let mut part = Vec::new();
        at = session.object(1, from, from + 1000, &mut part);
        bytes.extend(part);
    }
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/captures/msnp11-pictures-p2p");
    assert_eq!(bytes, fs::read(folder.join("bob.png")).unwrap());
}

#[test]
fn arrivals_say_where_their_bytes_are() {
    let (session, _) = session("msnp11-pictures-p2p", 1 << 20);
    let map = Map::from(session.chunks(1).unwrap());
    assert_eq!((map.size, map.arrivals.len(), map.runs.len(), map.gaps.len()), (4086, 4, 4, 0));
    assert_eq!(map.count(Mark::Unacknowledged), 0);
    assert_eq!(map.steps.len(), 5);
    for arrival in &map.arrivals {
        let detail = session.detail(arrival.pdu).unwrap();
        let (source, start, end) = arrival.bytes;
        let found = detail
            .items
            .iter()
            .find(|item| (item.range.source, item.range.start, item.range.end) == (source, start, end));
        assert!(found.is_some(), "no field has exactly the bytes of {arrival:?}");
        let mut bytes = Vec::new();
        session.object(1, arrival.offset, arrival.end(), &mut bytes);
        assert_eq!(detail.sources[usize::from(source)].bytes[start as usize..end as usize], bytes);
        assert_eq!(session.transfer_of(arrival.pdu), Some(1));
    }
    assert_eq!((session.transfer_of(1), session.chunks(9)), (None, None));
}

#[test]
fn what_came_twice_is_told_as_not_compared_until_it_is() {
    let (mut session, _) = session("msnp9-file-p2p-lossy", 1 << 20);
    let counts = |session: &Session| {
        let map = Map::from(session.chunks(1).unwrap());
        [Mark::Unchecked, Mark::Twice, Mark::Different].map(|mark| map.count(mark))
    };
    assert_eq!(counts(&session), [2, 0, 0]);
    while session.unverified() {
        session.verify(1 << 20);
    }
    assert_eq!(counts(&session), [0, 1, 1]);
}

#[test]
fn a_list_tells_where_the_first_hole_is() {
    let (session, _) = session("msnp9-file-p2p-lossy", 1 << 20);
    let one = session.transfers().unwrap().all.remove(0);
    assert_eq!((one.gaps, one.beginning, one.is_partial()), (2, 3606.0, true));
    let whole = super::session("msnp11-picture-p2p", 1 << 20).0.transfers().unwrap().all.remove(0);
    assert_eq!((whole.gaps, whole.beginning, whole.is_partial()), (0, 27812.0, false));
}
