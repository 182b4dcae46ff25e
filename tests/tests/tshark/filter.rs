//! An expression means the same as a filter of ours and as Wireshark's display filter.

use std::collections::BTreeSet;

use msnp_dissector::analysis::{Analysis, Command, Sink};
use msnp_dissector::filter::{Filter, NoIndex};
use msnp_tests::cases;

use crate::tool::Tshark;

/// Expressions of which each holds for a packet if and only if it holds for a command in it: Wireshark asks of all
/// commands in a packet together.
const EXPRESSIONS: &[&str] = &[
    r#"msnp.verb == "MSG""#,
    r#"msnp.verb in {"USR", "CHG" , "VER"}"#,
    "msnp.trid >= 3 && msnp.trid",
    "msnp.trid in {2..4}",
    r#"msnp.account contains "a""#,
    r#"msnp.account matches "^B""#,
    r#"lower(msnp.nick) contains "o""#,
    "len(msnp.account) > 15",
    "msnp.payload",
    r#"msnp.text contains "e" or msnp.error"#,
    "msnp.length > 0x80",
    "msnp.response_time >= 0.05",
    "msnp.request_in > 5",
    "msnp && tcp.dstport == 1863",
    "msnp && frame.number > 10 && frame.time_relative > 0.5",
    "msnp && ip.src == 192.0.2.0/24",
    "_ws.expert.severity >= 0x400000 && msnp",
];

#[derive(Default)]
struct Frames(BTreeSet<u64>, Option<Filter>);

impl Sink for Frames {
    fn command(&mut self, command: &Command<'_>) {
        if self.1.as_ref().unwrap().matches(command, &NoIndex) {
            self.0.insert(command.frame);
        }
    }
}

#[test]
fn expressions_find_the_packets_that_display_filters_find() {
    let Some(tshark) = Tshark::find() else { return };
    let mut found = 0;
    for case in ["msnp8-signin-chat", "msnp15-errors-and-oddities"] {
        let capture = crate::agreement::capture_of(&cases::folder().join(case));
        let bytes = std::fs::read(&capture).unwrap();
        let copy = tshark.copy(&capture);
        for expression in EXPRESSIONS {
            let mut frames = Frames(BTreeSet::new(), Some(Filter::parse(expression).unwrap()));
            let mut analysis = Analysis::new();
            analysis.push(&bytes, &mut frames).unwrap();
            analysis.finish(&mut frames).unwrap();
            let path = copy.to_string_lossy();
            let shown = tshark.run(&["-r", &path, "-2", "-Y", expression, "-T", "fields", "-e", "frame.number"]);
            let shown = shown.lines().map(|line| line.parse().unwrap()).collect::<BTreeSet<u64>>();
            assert_eq!(frames.0, shown, "{case}: {expression}");
            found += shown.len();
        }
    }
    assert!(found > 100, "only {found} packets");
}
