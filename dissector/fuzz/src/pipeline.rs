//! Any bytes through the whole pipeline: read, put in order, framed, dissected, rendered, reported and told. It must not panic,
//! not hang, and keep the laws of the tree. `cargo xtask soak` builds and runs it, with the sample captures as seeds.

#![no_main]

use libfuzzer_sys::fuzz_target;
use msnp_dissector::analysis::{Analysis, Command, End, Gap, Sink, StreamInfo};
use msnp_dissector::model::Story;
use msnp_dissector::msnp::dissect;
use msnp_dissector::report::Reporter;
use msnp_dissector::tree::{Catalogue, Recording, render};

#[derive(Default)]
struct Check {
    story: Story,
    reporter: Reporter,
}

impl Sink for Check {
    fn stream(&mut self, info: &StreamInfo) {
        self.story.stream(info);
    }

    fn gap(&mut self, gap: &Gap) {
        self.story.gap(gap);
    }

    fn end(&mut self, end: &End) {
        self.story.end(end);
    }

    fn command(&mut self, command: &Command<'_>) {
        self.story.command(command);
        let whole = dissect(&command.pdu, &command.context, Recording::Everything);
        let silent = dissect(&command.pdu, &command.context, Recording::Nothing);
        assert_eq!(whole.message, silent.message);
        assert_eq!(whole.tree.experts, silent.tree.experts);
        for item in whole.tree.items.iter().filter(|item| item.span.source == 0) {
            assert!(item.span.end as usize <= command.pdu.bytes.len());
        }
        let _ = render(&whole.tree, command.pdu.bytes, &Catalogue::english());
        let _ = self.reporter.command(command);
    }
}

fuzz_target!(|bytes: &[u8]| {
    let mut analysis = Analysis::new();
    let mut check = Check::default();
    // Two slices, so that what straddles them is carried over too.
    let (head, tail) = bytes.split_at(bytes.len() / 2);
    if analysis.push(head, &mut check).is_ok() && analysis.push(tail, &mut check).is_ok() {
        if let Ok(ending) = analysis.finish(&mut check) {
            check.story.file_ended(&ending, analysis.totals().last);
            check.reporter.chats(&check.story.tell()).for_each(drop);
        }
    }
});
