//! What the scribe offers beyond words on a line: derived bytes, remarks, facts that are not in the bytes.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test that cannot go on must fail")]

use msnp_dissector::msnp::field::{ACCOUNT, ARGUMENT, NICK, TRID};
use msnp_dissector::msnp::token::{EXPECTED_NUMBER, EXPECTED_WORD, STATUS_AWY, number, word};
use msnp_dissector::tree::{Catalogue, Recording, Scribe, Span, Value, render};

#[test]
fn derived_bytes_are_a_source_of_their_own() {
    let mut s = Scribe::new(b"NDIgQm9i", Recording::Everything);
    let from = s.here(8);
    s.within(STATUS_AWY.text(), from, b"42 Bob".to_vec(), |s| {
        s.arg(TRID, EXPECTED_NUMBER, number).unwrap();
        s.arg(NICK, EXPECTED_WORD, word).unwrap();
        s.remark(STATUS_AWY);
    });
    let tree = s.finish();
    assert_eq!((tree.sources.len(), tree.sources[0].parent()), (1, Some(Span::pdu(0, 8))));
    assert_eq!(tree.sources[0].bytes, b"42 Bob");
    let spans = tree.items.iter().map(|item| (item.span.source, item.span.start, item.span.end, item.depth));
    assert_eq!(spans.collect::<Vec<_>>(), [(1, 0, 2, 1), (1, 3, 6, 1)]);
    let shown = render(&tree, b"NDIgQm9i", &Catalogue::english());
    assert!(shown.lines().nth(1).unwrap().ends_with("Display name: Bob — away"), "{shown}");
}

#[test]
fn a_fact_that_is_not_in_the_bytes_says_so() {
    let mut s = Scribe::new(b"7", Recording::Everything);
    let span = s.here(1);
    s.generated(ACCOUNT, span, Value::Text("bob@example.com".to_owned()), Some(STATUS_AWY.text()));
    let tree = s.finish();
    assert!(tree.items[0].generated);
    let shown = render(&tree, b"7", &Catalogue::english());
    assert!(shown.ends_with("Account: bob@example.com (away) [generated]\n"), "{shown}");
}

#[test]
fn what_an_attempt_recorded_is_taken_back_when_it_stops() {
    let mut s = Scribe::new(b"MSG x", Recording::Everything);
    let failed = s.attempt(|s| {
        s.arg(ARGUMENT, EXPECTED_WORD, word)?;
        s.arg(TRID, EXPECTED_NUMBER, number)
    });
    assert!(failed.is_err());
    assert_eq!(s.position(), 0);
    let tree = s.finish();
    assert!(tree.items.is_empty() && tree.experts.is_empty() && tree.structure.is_empty(), "{tree:?}");
}
