//! Several files that are read as one.

use msnp_tests::split::split;

use super::*;

/// Reads files of these names as the desk does, in slices of a size.
fn several(files: &[(&str, Vec<u8>)], slice: usize) -> (Session, Stage) {
    let mut session = Session::of(files.iter().map(|(name, _)| (*name).to_owned()).collect());
    let mut rest = files.iter().map(|(_, file)| file.chunks(slice)).collect::<Vec<_>>();
    while let Some(at) = session.asks_for() {
        match rest[at].next() {
            Some(bytes) => session.feed(bytes).unwrap(),
            None => session.end_file(),
        }
    }
    let stage = session.finish();
    while !session.check(10) {}
    (session, stage)
}

fn parts(case: &str) -> Vec<(&'static str, Vec<u8>)> {
    ["one", "two", "three"].into_iter().zip(split(&capture(case), 3)).collect()
}

#[test]
fn a_capture_in_parts_is_shown_as_the_whole() {
    let (mut whole, _) = session("msnp8-signin-chat", 1 << 20);
    let (mut dealt, stage) = several(&parts("msnp8-signin-chat"), 900);
    assert_eq!(stage, Stage::Complete);
    assert_eq!(dealt.window(LADDER, 0, 1000), whole.window(LADDER, 0, 1000));
    let (told, alone) = (dealt.overview(), whole.overview());
    assert!(alone.captures.is_empty());
    assert_eq!(told.captures.iter().map(|one| one.packets).sum::<f64>(), alone.packets);
    assert_eq!(told.captures.iter().filter_map(|one| one.commands).sum::<u32>(), alone.commands);
    assert!(told.shared.first.iter().any(|name| name == "alice@example.com"), "{:?}", told.shared);
}

#[test]
fn what_one_capture_has_and_another_has_not_is_told() {
    let files = [("chat", capture("msnp8-signin-chat")), ("other", capture("msnp18-endpoints"))];
    let (mut session, _) = several(&files, 1 << 16);
    let told = session.overview();
    assert!(told.captures[0].own.first.iter().any(|name| name == "zoe@example.org"), "{:?}", told.captures[0]);
    let all: u32 = told.captures.iter().map(|one| one.own.count).sum::<u32>() + told.shared.count;
    assert_eq!(all, told.account_count);
    let rows =
        |session: &mut Session, scope| session.window(List { scope, form: Form::Commands, filter: 0 }, 0, 1).total;
    let (chat, other) = (rows(&mut session, Scope::Capture(0)), rows(&mut session, Scope::Capture(1)));
    assert_eq!((Some(chat), Some(other)), (told.captures[0].commands, told.captures[1].commands));
    assert_eq!(rows(&mut session, Scope::All), chat + other);
}

#[test]
fn a_command_is_found_again_whatever_is_read_with_it() {
    let (alone, _) = session("msnp18-endpoints", 1 << 20);
    let files = [("chat", capture("msnp8-signin-chat")), ("other", capture("msnp18-endpoints"))];
    let (both, _) = several(&files, 1 << 16);
    for pdu in 1..=alone.commands() {
        let anchor = alone.anchor(pdu).unwrap();
        assert_eq!(alone.at_anchor(anchor), Some(pdu));
        assert!(anchor.without(0).is_none());
    }
    for pdu in 1..=both.commands() {
        let (anchor, detail) = (both.anchor(pdu).unwrap(), both.detail(pdu).unwrap());
        assert_eq!(both.at_anchor(anchor), Some(pdu));
        let home = detail.evidence.home.clone().unwrap();
        let Some(left) = anchor.without(0) else {
            assert_eq!(home.capture, "chat");
            continue;
        };
        let there = alone.detail(alone.at_anchor(left).unwrap()).unwrap();
        assert_eq!((home.capture.as_str(), home.frame), ("other", there.evidence.frame));
        assert_eq!((&there.sentence, &there.sources), (&detail.sentence, &detail.sources));
    }
}

#[test]
fn one_that_is_no_capture_and_one_that_is_cut_are_named() {
    let mut files = parts("msnp8-signin-chat");
    files[2].1.pop();
    files.push(("cat.png", b"\x89PNG\r\n\x1a\n and so on".to_vec()));
    let (session, stage) = several(&files, 333);
    let Stage::Cut { sentence } = stage else { panic!("{stage:?}") };
    assert!(sentence.contains("“three”: The file ends in the middle of packet"), "{sentence}");
    assert!(sentence.contains("“cat.png”: ") && sentence.contains("PNG picture. It is left out."), "{sentence}");
    let missing = session.story().unwrap().missing;
    let cut = missing.iter().filter(|missing| missing.text.contains("itself is not complete")).collect::<Vec<_>>();
    let [cut] = cut[..] else { panic!("{missing:?}") };
    assert!(cut.text.starts_with("The capture “three” itself is not complete: "), "{cut:?}");
    let told = session.overview();
    assert_eq!(Some(cut.proof.time), told.captures[2].span.map(|(_, last)| last));
    assert!(told.experts.iter().any(|kind| kind.id == "missing.cut.one"));
    assert_eq!(told.captures.iter().map(|one| one.trouble.is_some()).collect::<Vec<_>>(), [false, false, true, true]);
    let (_, stage) = several(&[("a", b"nothing".to_vec()), ("b", Vec::new())], 100);
    assert!(matches!(stage, Stage::Refused { sentence } if sentence.contains("“a”") && sentence.contains("“b”")));
}

/// Two captures that were taken at the same time hold the same packets, and what they say is told once.
#[test]
fn packets_that_two_captures_hold_are_counted_and_told_once() {
    for case in ["msnp8-signin-chat", "msnp11-chat-lost-segment", "msnp12-chat-midstream", "msnp9-file-p2p-lossy"] {
        let (mut alone, _) = session(case, 1 << 20);
        let files = [("here", capture(case)), ("there", capture(case)), ("other", capture("msnp18-endpoints"))];
        let (mut both, _) = several(&files[..2], 1 << 16);
        let texts = |session: &mut Session| {
            let window = session.window(List { scope: Scope::All, form: Form::Commands, filter: 0 }, 0, 1000);
            commands(&window).into_iter().map(|one| (one.verb.clone(), one.carries.clone())).collect::<Vec<_>>()
        };
        assert_eq!(texts(&mut both), texts(&mut alone), "{case}");
        let [copies] = both.overview().copies[..] else { panic!("one pair") };
        assert_eq!((copies.between, copies.packets), ((0, 1), alone.overview().packets), "{case}");
        let (three, _) = several(&files, 1 << 16);
        assert_eq!(three.overview().copies, [copies], "{case}");
        assert!(alone.overview().copies.is_empty());
    }
    // UDP has no numbers by which a datagram is known to come again: each is told.
    let file = capture("msnp18-file-udp");
    let (both, _) = several(&[("here", file.clone()), ("there", file)], 1 << 16);
    assert!(both.commands() > session("msnp18-file-udp", 1 << 20).0.commands());
}

fn heads(session: &mut Session) -> Vec<(String, String)> {
    let lanes = session.window(LADDER, 0, 1000).lanes;
    lanes
        .into_iter()
        .filter(|lane| lane.role == Role::Client && !lane.inferred)
        .map(|lane| (lane.name, lane.address))
        .collect()
}

#[test]
fn an_account_has_one_lifeline_wherever_it_is() {
    let files = [("one", capture("msnp8-signin-chat")), ("other", capture("msnp2-signin-md5"))];
    let (mut session, _) = several(&files, 1 << 16);
    let [(name, address)] = &heads(&mut session)[..] else { panic!("one account") };
    assert_eq!((name.as_str(), address.ends_with(" and 1 more")), ("alice", true), "{address}");
}

#[test]
fn two_accounts_on_one_machine_have_a_lifeline_each() {
    let other = changed(capture("msnp2-signin-md5"), &[203, 0, 113, 45], &[192, 0, 2, 10]);
    let files = |other| [("one", capture("msnp8-signin-chat")), ("other", other)];
    let (mut session, _) = several(&files(changed(other.clone(), b"alice@example.com", b"erica@example.com")), 1 << 16);
    let names = |session: &mut Session| heads(session).into_iter().map(|(name, _)| name).collect::<Vec<_>>();
    let machines = heads(&mut session).into_iter().map(|(_, address)| address).collect::<Vec<_>>();
    let mut told = names(&mut session);
    told.sort();
    assert_eq!((told, machines), (vec!["alice".to_owned(), "erica".to_owned()], vec!["192.0.2.10".to_owned(); 2]));
    let stories = session.overview().owners.iter().map(|owner| owner.connections).collect::<Vec<_>>();
    assert_eq!(stories.len(), 2, "{stories:?}");
    let (mut session, _) = several(&files(changed(other, b"alice@example.com", b"alice@example.net")), 1 << 16);
    let mut told = names(&mut session);
    told.sort();
    assert_eq!(told, ["alice@example.com", "alice@example.net"], "short names would be the same");
}
