//! The file of colouring rules: each rule finds something in the sample captures, and the first that fits colours a packet.

use std::collections::BTreeSet;

use crate::tool::Tshark;
use crate::usage::case;

#[test]
fn every_colouring_rule_colours_something() {
    let Some(tshark) = Tshark::find() else { return };
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../dissector/wireshark/colours.txt");
    let rules = std::fs::read_to_string(file).unwrap();
    let rules = rules.lines().filter(|line| !line.starts_with('#')).map(|line| line.split('@').collect::<Vec<_>>());
    let rules = rules.map(|parts| (parts[1].to_owned(), parts[2].to_owned())).collect::<Vec<_>>();
    assert!(rules.len() > 5);
    let mut coloured = BTreeSet::new();
    let taken_by = |name: &str, which: &str| {
        let (_, filter) = rules.iter().find(|(rule, _)| rule.ends_with(which)).unwrap();
        tshark.run(&[
            "-r",
            &case(&tshark, name),
            "-Y",
            filter,
            "-T",
            "fields",
            "-e",
            "msnp.verb",
            "-e",
            "msnp.ftp.command",
        ])
    };
    let room = taken_by("msnp8-signin-chat", "the way into a chat room");
    assert!(room.matches("USR").count() == 2 && room.contains("XFR") && room.contains("CAL") && !room.contains("CVR"));
    for command in ["VER", "USR", "TFR"] {
        assert!(
            taken_by("msnp7-file-msnftp", "pictures and files").contains(command),
            "{command} of an old file transfer"
        );
    }
    for name in ["msnp8-signin-chat", "msnp11-picture-p2p", "msnp15-errors-and-oddities"] {
        let capture = case(&tshark, name);
        let mut taken = BTreeSet::new();
        for (rule, filter) in &rules {
            let found = tshark.run(&["-r", &capture, "-Y", filter, "-T", "fields", "-e", "frame.number"]);
            let new = found.lines().filter(|frame| taken.insert((*frame).to_owned())).count();
            coloured.extend((new > 0).then_some(rule));
        }
    }
    assert_eq!(coloured.len(), rules.len(), "{coloured:?}");
}
