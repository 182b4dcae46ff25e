//! The ABI as C uses it: what is fed, what comes out, who owns what, and what happens to who does it wrong. Miri runs it
//! too, with `cargo xtask soak --minutes 10 miri`, but for what takes whole captures.

// A test fails by panicking.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

#[cfg(not(miri))] // it starts programs
mod agreement;
mod feeding;
mod handles;

use std::mem::MaybeUninit;
use std::ptr;

use handles::{bytes, made, session, string, text, written};
use msnp::*;

fn feed(session: &mut msnp_session, direction: u32, time: i64, said: &str) -> msnp_status {
    let time = msnp_time { seconds: time, nanos: 0, digits: 0, known: true };
    // SAFETY: a text of that length.
    unsafe { msnp_session_stream(Some(session), 0, direction, Some(&time), said.as_ptr(), said.len()) }
}

/// A chat room as its two programs speak in it.
fn chat(session: &mut msnp_session) {
    let told = [
        (MSNP_TO_SERVER, "USR 1 alice@example.com 123.456\r\n"),
        (MSNP_TO_CLIENT, "USR 1 OK alice@example.com Alice\r\n"),
        (MSNP_TO_CLIENT, "JOI bob@example.com Bob\r\n"),
        (MSNP_TO_SERVER, "MSG 2 U 61\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\nHi Bob"),
    ];
    for (time, (direction, said)) in (1_000_000_000..).zip(told) {
        assert_eq!(feed(session, direction, time, said), msnp_status::Ok);
    }
}

/// PDUs that are ready.
#[allow(clippy::vec_box, reason = "handles are boxes")]
fn pdus(session: &mut msnp_session) -> Vec<Box<msnp_pdu>> {
    std::iter::from_fn(|| made(|out| msnp_session_pdu(Some(session), Some(out))).ok()).collect()
}

#[test]
fn a_stream_becomes_pdus_and_messages() {
    let mut session = session(MSNP_FOLLOW_PDUS | MSNP_FOLLOW_STORY);
    chat(&mut session);
    assert_eq!(msnp_session_finish(Some(&mut session)), msnp_status::Ok);
    let pdus = pdus(&mut session);
    let messages = made(|out| msnp_session_messages(Some(&mut session), Some(out))).expect("messages");
    let json = made(|out| msnp_session_json(Some(&mut session), MSNP_DOCUMENT_CHATS, Some(out))).expect("a document");
    // All of these go on without it.
    msnp_session_free(Some(session));

    assert_eq!(pdus.len(), 4);
    let last = written(|out| msnp_pdu_about(Some(&pdus[3]), Some(out))).expect("it is known");
    assert_eq!((last.number, last.frame, last.time.seconds), (4, 4, 1_000_000_003));
    assert_eq!(text(last.verb).as_deref(), Some("MSG"));
    assert_eq!((text(last.from).as_deref(), text(last.server).as_deref()), (Some("client"), Some("switchboard")));
    assert_eq!(text(last.destination).as_deref(), Some("0.0.0.0:1863"));
    let all = bytes(last.bytes);
    assert_eq!(&all[..last.line], b"MSG 2 U 61\r\n");
    let answer = written(|out| msnp_pdu_about(Some(&pdus[1]), Some(out))).expect("it is known");
    assert_eq!((answer.answers, answer.delay), (1, 1_000_000_000));
    let sentence = written(|out| msnp_pdu_sentence(Some(&pdus[3]), Some(out))).expect("a sentence");
    assert!(text(sentence).expect("words").contains("Hi Bob"));

    assert_eq!(msnp_messages_count(Some(&messages)), 1);
    let message = written(|out| msnp_messages_at(Some(&messages), 0, Some(out))).expect("a message");
    assert_eq!(text(message.from).as_deref(), Some("alice@example.com"));
    assert_eq!(text(message.text).as_deref(), Some("Hi Bob"));
    assert_eq!((message.recipients, message.pdu), (1, 4));
    let heard = written(|out| msnp_messages_recipient(Some(&messages), 0, 0, Some(out))).expect("Bob");
    assert_eq!(text(heard).as_deref(), Some("bob@example.com"));
    let behind = written(|out| msnp_messages_recipient(Some(&messages), 0, 1, Some(out)));
    assert_eq!(behind.err(), Some(msnp_status::None));
    assert!(string(json).contains("\"text\":\"Hi Bob\""));
    msnp_messages_free(Some(messages));
    pdus.into_iter().for_each(|pdu| msnp_pdu_free(Some(pdu)));
}

#[test]
fn a_tree_covers_its_pdu() {
    let mut session = session(MSNP_FOLLOW_PDUS);
    chat(&mut session);
    assert_eq!(msnp_session_finish(Some(&mut session)), msnp_status::Ok);
    let pdus = pdus(&mut session);
    let count = msnp_pdu_item_count(Some(&pdus[3]));
    let items = (0..count).map(|at| written(|out| msnp_pdu_item(Some(&pdus[3]), at, Some(out))).expect("an item"));
    let items = items.collect::<Vec<_>>();
    let field = |name: &str| items.iter().find(|item| text(item.field).as_deref() == Some(name)).expect("the field");
    let verb = field("msnp.verb");
    assert_eq!((verb.kind, verb.depth, verb.span.start, verb.span.end), (msnp_value::Text, 0, 0, 3));
    let trid = field("msnp.trid");
    assert_eq!((trid.kind, trid.number, text(trid.text).as_deref()), (msnp_value::Number, 2, Some("2")));
    assert_eq!(text(trid.title).as_deref(), Some("Transaction ID"));
    let length = bytes(written(|out| msnp_pdu_about(Some(&pdus[3]), Some(out))).expect("it is known").bytes).len();
    assert!(items.iter().all(|item| item.span.end as usize <= length));
    assert_eq!(written(|out| msnp_pdu_item(Some(&pdus[3]), count, Some(out))).err(), Some(msnp_status::None));
}

#[test]
fn what_is_odd_is_told_in_the_words_of_the_json() {
    let mut session = session(MSNP_FOLLOW_PDUS);
    let odd = ["VER x MSNP8\r\n", "CVR 2 0x0409 win\r\n", "XXX 3\r\n", "MSG 4 U 99999\r\nhi", "QRY 5 a 3\r\nab"];
    odd.iter().for_each(|said| assert_eq!(feed(&mut session, MSNP_TO_SERVER, 0, said), msnp_status::Ok));
    assert_eq!(feed(&mut session, MSNP_TO_CLIENT, 0, "911 2\r\nVER 9 MSNP8\r\n"), msnp_status::Ok);
    assert_eq!(msnp_session_finish(Some(&mut session)), msnp_status::Ok);
    let mut odd = 0;
    for pdu in pdus(&mut session) {
        let line = made(|out| msnp_pdu_json(Some(&pdu), MSNP_DOCUMENT_TREE, 0, Some(out))).expect("a line");
        let line = string(line);
        for at in 0..msnp_pdu_expert_count(Some(&pdu)) {
            let expert = written(|out| msnp_pdu_expert(Some(&pdu), at, Some(out))).expect("an expert");
            let [name, severity, group] = [expert.name, expert.severity, expert.group].map(|word| text(word).unwrap());
            let json = format!("{{\"id\":\"{name}\",\"severity\":\"{severity}\",\"group\":\"{group}\",");
            assert!(line.contains(&json), "{json} in {line}");
            odd += 1;
        }
    }
    assert!(odd >= 4, "{odd}");
}

#[test]
fn filters_choose_and_say_what_they_do_not_understand() {
    let mut session = session(MSNP_FOLLOW_PDUS);
    chat(&mut session);
    assert_eq!(msnp_session_finish(Some(&mut session)), msnp_status::Ok);
    let mut fault = MaybeUninit::uninit();
    let mut new = |expression: &std::ffi::CStr| {
        // SAFETY: a NUL ends it.
        made(|out| unsafe { msnp_filter_new(expression.as_ptr(), Some(out), Some(&mut fault)) })
    };
    let filter = new(c"msnp.verb == \"MSG\" && alice").err();
    assert_eq!(filter, None);
    let filter = new(c"msnp.verb == \"JOI\"").expect("a filter");
    let chosen = |pdu: &msnp_pdu| written(|out| msnp_filter_matches(Some(&filter), Some(pdu), Some(out))).unwrap();
    assert_eq!(pdus(&mut session).iter().map(|pdu| chosen(pdu)).collect::<Vec<_>>(), [false, false, true, false]);
    assert_eq!(new(c"msnp.verb == \"MSG").err(), Some(msnp_status::Expression));
    // SAFETY: it is written, and handles are boxes.
    let sentence = string(unsafe { Box::from_raw(fault.assume_init()) });
    assert!(sentence.contains("quotation mark"), "{sentence}");
}

#[test]
fn pseudonyms_hide_who_is_who() {
    let mut session = session(MSNP_FOLLOW_STORY | MSNP_FOLLOW_TRANSFERS);
    // SAFETY: 32 bytes, and NULL.
    unsafe {
        assert_eq!(msnp_session_redact(Some(&mut session), ptr::null()), msnp_status::Null);
        assert_eq!(msnp_session_redact(Some(&mut session), [7; 32].as_ptr()), msnp_status::Ok);
    }
    chat(&mut session);
    // SAFETY: 32 bytes.
    let late = unsafe { msnp_session_redact(Some(&mut session), [7; 32].as_ptr()) };
    assert_eq!((late, msnp_session_keep(Some(&mut session), 1, 1)), (msnp_status::Order, msnp_status::Order));
    assert_eq!(msnp_session_finish(Some(&mut session)), msnp_status::Ok);
    let json = made(|out| msnp_session_json(Some(&mut session), MSNP_DOCUMENT_CHATS, Some(out))).expect("a document");
    let json = string(json);
    assert!(!json.contains("alice") && !json.contains("Hi Bob"), "{json}");
    let transfers = made(|out| msnp_session_transfers(Some(&mut session), Some(out))).expect("transfers");
    let name = made(|out| msnp_transfers_file_name(Some(&transfers), 0, Some(out)));
    assert_eq!(name.err(), Some(msnp_status::Redacted));
}

#[test]
fn each_wrong_use_has_its_status() {
    assert_eq!(made(|out| msnp_session_new(1 << 31, Some(out))).err(), Some(msnp_status::Argument));
    let mut plain = session(0);
    let json = |session: &mut msnp_session, document| {
        made(|out| msnp_session_json(Some(session), document, Some(out))).map(string).err()
    };
    assert_eq!(json(&mut plain, MSNP_DOCUMENT_CHATS), Some(msnp_status::NotFollowed));
    assert_eq!(json(&mut plain, MSNP_DOCUMENT_CHUNKS), Some(msnp_status::NotFollowed));
    assert_eq!(json(&mut plain, MSNP_DOCUMENT_TREE), Some(msnp_status::Argument));
    assert_eq!(made(|out| msnp_session_pdu(Some(&mut plain), Some(out))).err(), Some(msnp_status::NotFollowed));

    let mut all = session(MSNP_FOLLOW_SUMMARY | MSNP_FOLLOW_TRANSFERS | MSNP_FOLLOW_FIELDS | MSNP_FOLLOW_STORY);
    for document in [MSNP_DOCUMENT_SUMMARY, MSNP_DOCUMENT_TRANSFERS, MSNP_DOCUMENT_FIELDS] {
        assert_eq!(json(&mut all, document), Some(msnp_status::Unfinished));
    }
    assert_eq!(json(&mut all, MSNP_DOCUMENT_CHATS), None, "the story so far");
    assert_eq!(feed(&mut all, 2, 0, "no direction"), msnp_status::Argument);
    assert_eq!(msnp_session_lost(Some(&mut all), 5, MSNP_TO_SERVER, 1), msnp_status::Argument);
    assert_eq!(msnp_session_close(Some(&mut all), 5), msnp_status::Argument);
    // SAFETY: no bytes, and no names.
    unsafe {
        assert_eq!(msnp_session_capture(Some(&mut all), ptr::null(), 0), msnp_status::Order);
        assert_eq!(msnp_session_open(Some(&mut all), 1 << 31, ptr::null(), ptr::null(), true), msnp_status::Argument);
        let nowhere = c"somewhere".as_ptr();
        assert_eq!(msnp_session_open(Some(&mut all), 1, nowhere, ptr::null(), true), msnp_status::Argument);
        assert_eq!(
            msnp_session_open(Some(&mut all), 1, c"[2001:db8::1]:9".as_ptr(), ptr::null(), false),
            msnp_status::Ok
        );
    }
    assert_eq!(msnp_session_finish(Some(&mut all)), msnp_status::Ok);
    assert_eq!(msnp_session_finish(Some(&mut all)), msnp_status::Order);
    assert_eq!(feed(&mut all, MSNP_TO_SERVER, 0, "late"), msnp_status::Order);
    for document in [MSNP_DOCUMENT_SUMMARY, MSNP_DOCUMENT_TRANSFERS, MSNP_DOCUMENT_FIELDS, MSNP_DOCUMENT_CHUNKS] {
        assert_eq!(json(&mut all, document), None);
    }
}

#[test]
fn null_is_answered_everywhere() {
    let null = msnp_status::Null;
    let mut session = session(MSNP_FOLLOW_PDUS);
    // SAFETY: NULL is what is tried.
    unsafe {
        assert_eq!(msnp_session_capture(None, ptr::null(), 0), null);
        assert_eq!(msnp_session_capture(Some(&mut session), ptr::null(), 1), null);
        assert_eq!(msnp_session_file(Some(&mut session), ptr::null()), null);
        assert_eq!(msnp_session_packet(Some(&mut session), 0, 1, None, ptr::null(), 1, 1), null);
        assert_eq!(msnp_session_stream(None, 0, 0, None, ptr::null(), 0), null);
        assert_eq!(msnp_session_open(None, 0, ptr::null(), ptr::null(), true), null);
        assert_eq!(msnp_filter_new(ptr::null(), None, None), null);
        assert_eq!(msnp_transfers_read(None, 0, 0, ptr::null_mut(), 0, None), null);
    }
    assert_eq!(msnp_session_new(0, None), null);
    assert_eq!(msnp_session_pdu(Some(&mut session), None), null);
    assert_eq!(msnp_session_totals(Some(&session), None), null);
    assert_eq!(msnp_session_messages(None, None), null);
    assert_eq!(msnp_session_json(None, MSNP_DOCUMENT_CHATS, None), null);
    assert_eq!(msnp_pdu_about(None, None), null);
    assert_eq!(msnp_pdu_item(None, 0, None), null);
    assert_eq!(msnp_fields_at(None, 0, None), null);
    assert_eq!(msnp_messages_at(None, 0, None), null);
    let counts = [msnp_pdu_item_count(None), msnp_pdu_expert_count(None), msnp_messages_count(None)];
    assert_eq!((counts, msnp_transfers_count(None), msnp_fields_count(None)), ([0; 3], 0, 0));
    assert!(text(msnp_session_error(None)).is_none() && text(msnp_string_text(None)).is_none());
    msnp_session_free(None);
    msnp_pdu_free(None);
    msnp_string_free(None);
}

/// NULL is said before anything else is looked at, such as a place behind the last.
#[test]
fn null_comes_before_all_else() {
    let null = msnp_status::Null;
    let mut session = session(MSNP_FOLLOW_PDUS | MSNP_FOLLOW_STORY | MSNP_FOLLOW_TRANSFERS);
    chat(&mut session);
    assert_eq!(msnp_session_finish(Some(&mut session)), msnp_status::Ok);
    let pdus = pdus(&mut session);
    let messages = made(|out| msnp_messages_of(&mut session, out)).expect("messages");
    let transfers = made(|out| msnp_session_transfers(Some(&mut session), Some(out))).expect("transfers");
    let fields = made(|out| msnp_fields_new(Some(out))).expect("fields");
    let behind = usize::MAX;
    assert_eq!(msnp_messages_at(Some(&messages), behind, None), null);
    assert_eq!(msnp_messages_recipient(Some(&messages), behind, behind, None), null);
    assert_eq!(msnp_messages_recipient(Some(&messages), 0, behind, None), null);
    assert_eq!(msnp_transfers_at(Some(&transfers), behind, None), null);
    assert_eq!(msnp_transfers_chunk(Some(&transfers), behind, behind, None), null);
    assert_eq!(msnp_transfers_preview(Some(&transfers), behind, None), null);
    assert_eq!(msnp_transfers_file_name(Some(&transfers), behind, None), null);
    assert_eq!(msnp_fields_at(Some(&fields), behind, None), null);
    assert_eq!(msnp_pdu_item(Some(&pdus[0]), behind, None), null);
    assert_eq!(msnp_pdu_expert(Some(&pdus[0]), behind, None), null);
    let (mut name, mut content) = (MaybeUninit::uninit(), MaybeUninit::uninit());
    for number in [0, 1, u32::MAX] {
        assert_eq!(msnp_pdu_source(Some(&pdus[0]), number, Some(&mut name), None), null);
        assert_eq!(msnp_pdu_source(Some(&pdus[0]), number, None, Some(&mut content)), null);
        assert_eq!(msnp_pdu_source(None, number, Some(&mut name), Some(&mut content)), null);
        let there = msnp_pdu_source(Some(&pdus[0]), number, Some(&mut name), Some(&mut content));
        assert_eq!(there, msnp_status::None);
    }
    // SAFETY: room for no bytes.
    let read = unsafe { msnp_transfers_read(Some(&transfers), behind, 0, ptr::null_mut(), 0, None) };
    assert_eq!(read, null);
    assert_eq!(made(|out| msnp_session_contacts_json(Some(&mut session), None, Some(out))).err(), Some(null));
}

fn msnp_messages_of(session: &mut msnp_session, out: &mut MaybeUninit<*mut msnp_messages>) -> msnp_status {
    msnp_session_messages(Some(session), Some(out))
}

#[test]
fn times_keep_to_their_limits() {
    let known = msnp_time { seconds: 1_000_000_000, nanos: 999_999_999, digits: 9, known: true };
    let unknown = msnp_time { nanos: u32::MAX, digits: u8::MAX, known: false, ..known };
    let wrong = [msnp_time { nanos: 1_000_000_000, ..known }, msnp_time { digits: 10, ..known }];
    let argument = msnp_status::Argument;
    let packet = |time: &msnp_time| {
        let mut session = session(0);
        // SAFETY: no bytes.
        unsafe { msnp_session_packet(Some(&mut session), 0, 1, Some(time), ptr::null(), 0, 0) }
    };
    let stream = |time: &msnp_time| {
        let mut session = session(0);
        // SAFETY: no bytes.
        unsafe { msnp_session_stream(Some(&mut session), 0, MSNP_TO_SERVER, Some(time), ptr::null(), 0) }
    };
    let contacts = |time: &msnp_time| {
        let mut session = session(MSNP_FOLLOW_STORY);
        made(|out| msnp_session_contacts_json(Some(&mut session), Some(time), Some(out))).err()
    };
    for time in &wrong {
        assert_eq!((packet(time), stream(time), contacts(time)), (argument, argument, Some(argument)), "{time:?}");
    }
    assert_eq!((packet(&known), stream(&known), contacts(&known)), (msnp_status::Ok, msnp_status::Ok, None));
    let untold = (packet(&unknown), stream(&unknown), contacts(&unknown));
    assert_eq!(untold, (msnp_status::Ok, msnp_status::Ok, Some(argument)), "only contacts are asked for at a time");
}

/// Handles may go to other threads, and what is only read may be read by several.
#[test]
fn handles_may_go_to_other_threads() {
    fn goes<T: Send>() {}
    fn is_shared<T: Send + Sync>() {}
    goes::<msnp_session>();
    goes::<msnp_pdu>();
    is_shared::<msnp_messages>();
    is_shared::<msnp_transfers>();
    is_shared::<msnp_fields>();
    is_shared::<msnp_filter>();
    is_shared::<msnp_string>();
    let told = |_| {
        std::thread::spawn(|| {
            let mut session = session(MSNP_FOLLOW_STORY);
            chat(&mut session);
            assert_eq!(msnp_session_finish(Some(&mut session)), msnp_status::Ok);
            string(made(|out| msnp_session_json(Some(&mut session), MSNP_DOCUMENT_CHATS, Some(out))).unwrap())
        })
    };
    let all = [0; 3].map(told).map(|thread| thread.join().expect("no panic"));
    assert!(all[0].contains("Hi Bob") && all.iter().all(|one| *one == all[0]));
}
