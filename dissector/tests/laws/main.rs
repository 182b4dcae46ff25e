//! Laws of dissection, for arbitrary bytes and for real commands gone wrong: it never panics, its tree is a tree that
//! accounts for every byte, and how much is recorded changes nothing of what is found.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test that cannot go on must fail")]

mod context;
mod tree;
mod wire;

use context::{context, direction};
use msnp_dissector::msnp::framing::{self, Sync};
use msnp_dissector::msnp::{self, Connection, Context, Dialogue, Direction, Framed, Framer, Pdu, PduKind};
use msnp_dissector::tree::Recording;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use tree::{every_byte_is_accounted_for, field_ids, is_a_tree, obeys};
use wire::{Wire, frame, wire};

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_pdu_obeys_the_laws(
        wire in wire(),
        context in context(),
        some in proptest::sample::subsequence(field_ids(), 0..40),
        stray in proptest::option::weighted(0.1, select(vec![PduKind::Skipped, PduKind::PayloadRest, PduKind::Unfinished, PduKind::Beside])),
    ) {
        let Wire(bytes) = wire;
        let line = bytes.iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |at| at + 1);
        let pdu = match stray {
            Some(kind) => Pdu::stray(&bytes, kind),
            None => Pdu::command(&bytes, line, context.direction),
        };
        obeys(&pdu, &context, &some)?;
    }

    #[test]
    fn any_frame_between_programs_obeys_the_laws(
        bytes in frame(),
        context in context(),
        dialogue in select(vec![Dialogue::Direct, Dialogue::FileTransfer { blocks: false }, Dialogue::FileTransfer { blocks: true }, Dialogue::Udp]),
        some in proptest::sample::subsequence(field_ids(), 0..40),
    ) {
        let head = dialogue.head(&bytes).unwrap_or(bytes.len());
        obeys(&dialogue.pdu(&bytes, head, context.direction), &context, &some)?;
    }

    #[test]
    fn frames_do_not_depend_on_how_they_come(
        frames in proptest::collection::vec(frame(), 0..6),
        cuts in proptest::collection::vec(any::<Index>(), 0..6),
        dialogue in select(vec![Dialogue::Direct, Dialogue::FileTransfer { blocks: false }, Dialogue::Relay, Dialogue::Webcam]),
        sync in select(vec![Sync::Kept, Sync::Lost]),
    ) {
        let bytes = frames.concat();
        let told = |pieces: &[&[u8]]| {
            let mut framer = Framer::speaking(dialogue, Direction::ToServer, sync);
            let mut out = Vec::new();
            let mut sink = |framed: Framed<'_, ()>| out.push((framed.pdu.kind, framed.pdu.bytes.to_vec()));
            for piece in pieces {
                framer.push(piece, (), &mut sink);
            }
            framer.finish(&mut sink);
            out
        };
        let mut at = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect::<Vec<_>>();
        at.sort_unstable();
        at.push(bytes.len());
        let mut from = 0;
        let pieces = at.into_iter().map(|to| &bytes[std::mem::replace(&mut from, to)..to]).collect::<Vec<_>>();
        let whole = told(&[&bytes]);
        prop_assert_eq!(&whole, &told(&pieces));
        let kept = whole.iter().flat_map(|(_, bytes)| bytes.iter().copied()).collect::<Vec<_>>();
        prop_assert_eq!(kept, bytes, "no byte is lost");
    }

    #[test]
    fn any_stream_obeys_the_laws(
        commands in proptest::collection::vec(wire(), 0..6),
        direction in direction(),
        lost: bool,
        gap in proptest::option::of((any::<Index>(), 0..2000u64)),
    ) {
        let stream = commands.into_iter().flat_map(|Wire(bytes)| bytes).collect::<Vec<_>>();
        let sync = if lost { Sync::Lost } else { Sync::Kept };
        let (mut framer, mut connection) = (Framer::new(direction, sync), Connection::new());
        let (mut verdict, mut number) = (Ok(()), 0);
        let mut sink = |framed: Framed<'_, ()>| {
            let context = connection.context_for(&framed.pdu, direction);
            number += 1;
            let completes = connection.observe(number, &framed.pdu, &context);
            if verdict.is_ok() {
                verdict = obeys(&framed.pdu.completing(completes.as_ref()), &context, &[]);
            }
        };
        let cut = gap.as_ref().map_or(0, |(at, _)| at.index(stream.len() + 1));
        framer.push(&stream[..cut], (), &mut sink);
        if let Some((_, length)) = gap {
            framer.gap(length, &mut sink);
        }
        framer.push(&stream[cut..], (), &mut sink);
        framer.finish(&mut sink);
        verdict?;
    }
}

/// A framer that looked at all it holds with each piece would take minutes here.
#[test]
fn tiny_pieces_cost_no_more_than_their_bytes() {
    let stray = b"a\n".repeat(2 * framing::LINE_CEILING);
    let endless = vec![b'A'; 4 * framing::LINE_CEILING];
    let payload = [b"MSG bob@example.com Bob 300000\r\n".to_vec(), vec![b'x'; 300_000]].concat();
    for (stream, sync) in [(stray, Sync::Lost), (endless, Sync::Kept), (payload, Sync::Kept)] {
        let started = std::time::Instant::now();
        let mut framer = Framer::new(Direction::ToClient, sync);
        let mut told = 0;
        for (index, byte) in stream.iter().enumerate() {
            framer.push(&[*byte], index, &mut |framed| told += framed.pdu.bytes.len());
        }
        assert_eq!(told, stream.len());
        assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
    }
}

/// Documents that are long and odd. A reader that looked again at what it has seen would take minutes here, one without
/// ceilings would give a million items.
#[test]
fn a_long_document_costs_no_more_than_its_bytes() {
    const LENGTH: usize = 300_000;
    let repeated = |piece: &str| piece.repeat(LENGTH / piece.len());
    let documents = [
        repeated("<"),
        repeated("<a"),
        repeated("<a>"),
        repeated("<a/>"),
        repeated("</a>"),
        repeated("<a></b>"),
        repeated("<!--"),
        repeated("<![CDATA["),
        repeated("&"),
        repeated("&amp;"),
        repeated("\\0"),
        repeated("a<"),
        repeated("<a b=\""),
        repeated("<Data><PSM>a</PSM></Data>"),
        format!("<a {}/>", repeated("b=\"c\" ")),
        format!("<Data><PSM>{}", repeated("<")),
        format!("<Data><CurrentMedia>{}", repeated("a\\0")),
        repeated("<Data><CurrentMedia>\\0Music\\01\\0{0}{1}\\0a\\0b</CurrentMedia></Data>"),
        repeated("<EndpointData id=\"1\"><Capabilities>4294967295:4294967295</Capabilities></EndpointData>"),
        format!("<ml><d n=\"x\">{}", repeated("<c n=\"b\" l=\"31\"/>")),
        format!("<circle><roster>{}", repeated("<user><id>1:b@c;via=9:d;{e}</id></user>")),
        format!("<Data><DDP>&lt;msnobj {}/&gt;</DDP>", repeated("a=&quot;1&quot; ")),
        format!("<NOTIFICATION><MSG><BODY>{}", repeated("&lt;a&gt;")),
    ];
    for document in documents {
        let verb = match document.as_bytes() {
            [b'<', b'm' | b'c', ..] => "ADL 0",
            [b'<', b'N', ..] => "NOT",
            _ => "UBX bob@example.com",
        };
        let line = format!("{verb} {}\r\n", document.len());
        let bytes = [line.as_bytes(), document.as_bytes()].concat();
        let pdu = Pdu::command(&bytes, line.len(), Direction::ToClient);
        let shown = &document[..document.len().min(60)];
        let started = std::time::Instant::now();
        let all = msnp::dissect(&pdu, &Context::default(), Recording::Everything);
        assert!(started.elapsed().as_secs() < 20, "{shown}: {:?}", started.elapsed());
        is_a_tree(&all.tree, &bytes).unwrap();
        every_byte_is_accounted_for(&all.tree, &bytes).unwrap_or_else(|fault| panic!("{shown}: {fault}"));
        let none = msnp::dissect(&pdu, &Context::default(), Recording::Nothing);
        assert_eq!(none.message, all.message, "{shown}");
    }
}
