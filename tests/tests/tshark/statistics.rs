//! Statistics: the trees of numbers that `-z` prints, counted again from the transcripts.

use std::collections::BTreeMap;

use msnp_tests::cases;
use msnp_tests::scenario::Direction;
use msnp_tests::scenario::exchange::Sent;

use crate::tool::Tshark;
use crate::usage::case;

/// A line of a tree: its branches, the outermost first, and its count.
type Line = (Vec<String>, u64);

fn tree(tshark: &Tshark, capture: &str, name: &str, passes: &[&str]) -> Vec<Line> {
    let wanted = if name.contains(',') { name.to_owned() } else { format!("{name},tree") };
    let name = name.split(',').next().unwrap_or_default();
    let shown = tshark.run(&[&["-q", "-r", capture, "-z", &wanted][..], passes].concat());
    let title = name.trim_start_matches("msnp_");
    let title = |line: &str| line.starts_with("MSNP") && line.to_lowercase().contains(title);
    let body = shown.lines().skip_while(|line| !title(line)).skip_while(|line| !line.starts_with("---")).skip(1);
    let mut branches = Vec::new();
    let mut lines = Vec::new();
    for line in body.take_while(|line| !line.is_empty() && !line.starts_with("---")) {
        let depth = line.len() - line.trim_start().len();
        // Two blanks at least stand before the count, and after a name none do.
        let (name, rest) = line.trim_start().split_once("  ").unwrap();
        branches.truncate(depth);
        branches.push(name.to_owned());
        lines.push((branches.clone(), rest.split_whitespace().next().unwrap().parse().unwrap()));
    }
    assert!(!lines.is_empty(), "{shown}");
    lines
}

fn counts(lines: Vec<Line>, depth: usize) -> BTreeMap<Vec<String>, u64> {
    lines.into_iter().filter(|(branches, _)| branches.len() == depth).collect()
}

#[test]
fn commands_are_counted_by_sender_and_verb() {
    let Some(tshark) = Tshark::find() else { return };
    let name = "msnp8-signin-chat";
    let capture = case(&tshark, name);
    let mut wanted = BTreeMap::new();
    for command in cases::named(name).unwrap().commands() {
        let sender = match command.direction {
            Direction::ToServer => "From the client",
            Direction::ToClient => "From the server",
        };
        let verb = String::from_utf8_lossy(&command.line[..3]).into_owned();
        *wanted.entry(vec![sender.to_owned(), verb]).or_insert(0) += 1;
    }
    for passes in [&[][..], &["-2"]] {
        assert_eq!(counts(tree(&tshark, &capture, "msnp_commands", passes), 2), wanted, "{passes:?}");
    }
}

#[test]
fn people_and_chat_rooms_are_counted() {
    let Some(tshark) = Tshark::find() else { return };
    let name = "msnp8-signin-chat";
    let capture = case(&tshark, name);
    let accounts = tree(&tshark, &capture, "msnp_accounts", &[]);
    let named = counts(accounts.clone(), 1).into_keys().flatten().collect::<Vec<_>>();
    let people = ["alice@example.com", "bob@example.com", "carol@example.org", "dave@example.net", "erin@example.net"];
    assert_eq!(named, [&people[..], &["zoe@example.org"]].concat());
    let transcript = cases::named(name).unwrap();
    let outward = transcript.commands().filter(|command| command.direction == Direction::ToServer);
    let written = outward.filter(|command| command.line.starts_with(b"MSG "));
    let own = counts(accounts, 2)[&vec!["alice@example.com".to_owned(), "MSG".to_owned()]];
    assert_eq!(own, written.count() as u64, "one's own messages");
    let all = tree(&tshark, &capture, "msnp_conversations", &[]);
    let of = |path: &[&str]| all.iter().find(|(branches, _)| branches == path).map(|(_, count)| *count);
    let room = "Chat room 11752013";
    let said = ["Messages", "Typing notices", "CAL"].map(|what| of(&[room, what]));
    assert_eq!(said, [Some(13), Some(10), Some(3)], "{all:?}");
    let by = ["alice@example.com", "bob@example.com", "carol@example.org"].map(|who| of(&[room, "Messages", who]));
    assert_eq!(by, [Some(6), Some(5), Some(2)], "{all:?}");
    assert_eq!(of(&["On the way into chat rooms", "CAL"]), Some(1), "{all:?}");
    assert_eq!(counts(all, 1).len(), 4, "two connections, a room, and the way there");
}

/// However an account is written, and whoever the server names.
#[test]
fn a_person_has_one_row() {
    let Some(tshark) = Tshark::find() else { return };
    for (name, group) in [("msnp18-endpoints", "00000000-"), ("msnp21-datagrams", "588e793a-")] {
        let rows = counts(tree(&tshark, &case(&tshark, name), "msnp_accounts", &[]), 1);
        let rows = rows.keys().map(|path| path[0].as_str()).filter(|row| !row.starts_with(group)).collect::<Vec<_>>();
        let people = ["alice@example.com", "bob@example.com", "carol@example.org", "frank@example.net"];
        assert_eq!(rows, people[..rows.len()], "{name}");
    }
}

/// Datagrams are counted by what they carry, among those who talk; nothing is told of a message whose sender was not captured.
#[test]
fn conversations_without_chat_rooms_are_those_of_people() {
    let Some(tshark) = Tshark::find() else { return };
    let all = counts(tree(&tshark, &case(&tshark, "msnp21-datagrams"), "msnp_conversations", &[]), 2);
    let of = |what: &str| all.get(&vec!["alice@example.com – bob@example.com".to_owned(), what.to_owned()]).copied();
    assert_eq!(["Messages", "Typing notices", "Nudges"].map(of), [Some(2), Some(2), Some(1)], "{all:?}");
    assert!(all.keys().all(|path| path[1] != "SDG"), "{all:?}");
    let lines = tree(&tshark, &case(&tshark, "msnp12-chat-midstream"), "msnp_conversations", &[]);
    let own = lines.iter().find(|(path, _)| path.len() == 2 && path[1] == "Messages").unwrap().1;
    let known = lines.iter().filter(|(path, _)| path.len() == 3 && path[1] == "Messages" && path[0] == lines[0].0[0]);
    assert!(known.map(|(_, count)| count).sum::<u64>() < own, "{lines:?}");
}

/// A session of the gateway is a connection, whatever TCP connections it uses; and what is known later moves no row.
#[test]
fn conversations_are_the_same_on_each_pass() {
    let Some(tshark) = Tshark::find() else { return };
    for name in
        ["msnp8-gateway-proxy", "msnp15-gateway-chunked", "msnp8-signin-chat", "msnp18-endpoints", "msnp18-file-udp"]
    {
        let capture = case(&tshark, name);
        let [once, twice] = [&[][..], &["-2"]].map(|passes| tree(&tshark, &capture, "msnp_conversations", passes));
        assert_eq!(once, twice, "{name}");
        let sessions = counts(once, 1).into_keys().filter(|path| path[0].starts_with("Gateway session ")).count();
        assert_eq!(sessions, if name.contains("gateway") { 2 } else { 0 }, "{name}");
    }
}

/// Also of what the gateway carries, and for whoever asks for several trees at once.
#[test]
fn every_tree_counts_what_is_told() {
    let Some(tshark) = Tshark::find() else { return };
    let capture = case(&tshark, "msnp8-gateway-proxy");
    let all = counts(tree(&tshark, &capture, "msnp_commands", &["-z", "msnp_accounts,tree"]), 1);
    let commands = cases::named("msnp8-gateway-proxy").unwrap().commands().count();
    assert_eq!(all.values().sum::<u64>(), commands as u64);
}

#[test]
fn transfers_are_counted_by_how_far_they_came() {
    let Some(tshark) = Tshark::find() else { return };
    let cases = [
        ("msnp11-picture-p2p", "complete"),
        ("msnp18-file-p2pv2", "complete"),
        ("msnp7-file-msnftp", "complete"),
        ("msnp9-file-p2p-lossy", "incomplete"),
        ("msnp11-file-declined", "declined"),
    ];
    for (name, state) in cases {
        let capture = case(&tshark, name);
        let sent = cases::named(name).unwrap().sent;
        let announced = sent.iter().map(|sent| sent.data.len() as u64).sum::<u64>();
        let came = sent.iter().map(came).sum::<u64>();
        assert_eq!(came == announced, state == "complete", "{name}");
        for passes in [&[][..], &["-2"]] {
            let lines = tree(&tshark, &capture, "msnp_transfers", passes);
            let sums = counts(lines.clone(), 1);
            let sum = |title: &str| sums[&vec![title.to_owned()]];
            let told = ["Transfers", "Bytes announced", "Bytes in the capture"].map(sum);
            assert_eq!(told, [sent.len() as u64, announced, came], "{name} {passes:?}: {lines:?}");
            let of_state = lines.iter().filter(|(branches, _)| branches.len() == 3 && branches[0] == "Transfers");
            for (branches, number) in of_state {
                assert_eq!(*number > 0, branches[2] == state, "{name} {passes:?}: {lines:?}");
            }
        }
    }
}

/// Wireshark cannot take a branch away again.
#[test]
fn people_who_become_known_late_leave_no_empty_branch() {
    let Some(tshark) = Tshark::find() else { return };
    let capture = case(&tshark, "msnp7-file-msnftp");
    for passes in [&[][..], &["-2"]] {
        let ends = counts(tree(&tshark, &capture, "msnp_transfers", passes), 4);
        let ends = ends.iter().map(|(path, bytes)| (path[0].as_str(), path[3].as_str(), *bytes)).collect::<Vec<_>>();
        let who = "alice@example.com → bob@example.com";
        assert_eq!(ends, [("Bytes announced", who, 4698), ("Bytes in the capture", who, 4698)], "{passes:?}");
    }
}

/// Bytes of an object that are there, each counted once.
fn came(sent: &Sent) -> u64 {
    let mut there = vec![false; sent.data.len()];
    for arrival in &sent.arrivals {
        let from = usize::try_from(arrival.offset).unwrap();
        there[from..from + arrival.bytes.len()].fill(true);
    }
    there.into_iter().filter(|there| *there).count() as u64
}

/// Who looks at some packets only sees how far transfers had come in the last of them, and nothing of others.
#[test]
fn a_filter_counts_the_transfers_of_its_packets() {
    let Some(tshark) = Tshark::find() else { return };
    let capture = case(&tshark, "msnp11-picture-p2p");
    let filtered = |filter: &str| tree(&tshark, &capture, &format!("msnp_transfers,tree,{filter}"), &[]);
    let asked = filtered("frame.number == 19");
    let of = |lines: &[Line], path: &[&str]| lines.iter().find(|(branches, _)| branches == path).map(|(_, sum)| *sum);
    assert_eq!(of(&asked, &["Bytes in the capture"]), Some(0), "{asked:?}");
    assert!(of(&asked, &["Bytes announced"]).is_some_and(|bytes| bytes == 27812), "{asked:?}");
    assert_eq!(of(&asked, &["Transfers"]), Some(1), "{asked:?}");
}
