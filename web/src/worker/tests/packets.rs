//! Whole packets: their headers and bytes, and what of those is shown to whom.

use msnp_dissector::redaction::{Key, Redactor};

use super::*;
use crate::protocol::{Detail, FieldItem};

/// Everything about a packet, read again from the files that were read.
fn packet(session: &Session, files: &[Vec<u8>], number: u32, asked: u32) -> Detail {
    let mut again = session.again(number).unwrap();
    let rest = files[again.file].get(usize::try_from(again.offset).unwrap()..).unwrap();
    let mut told = None;
    for slice in rest.chunks(700) {
        if again.push(slice, &mut |packet| told = Some(session.packet(packet, asked))).unwrap() {
            break;
        }
    }
    told.unwrap()
}

fn value<'d>(detail: &'d Detail, name: &str) -> &'d FieldItem {
    let is_it = |item: &&FieldItem| detail.fields[item.field as usize].name == name;
    detail.items.iter().find(is_it).unwrap_or_else(|| panic!("no {name}"))
}

fn packets(session: &Session) -> u32 {
    (1..).take_while(|number| session.again(*number).is_some()).last().unwrap()
}

#[test]
fn a_handshake_is_shown_by_its_headers() {
    let (session, _) = session("msnp8-signin-chat", 1 << 20);
    let files = [capture("msnp8-signin-chat")];
    let last = packets(&session);
    let first = (1..=last).map(|number| packet(&session, &files, number, 0));
    let detail = first.into_iter().find(|detail| detail.sentence.starts_with("A TCP")).unwrap();
    assert_eq!((detail.pdu, detail.about().1), (0, 0));
    assert_eq!(detail.sentence, "A TCP segment (SYN) without a payload.");
    assert_eq!(value(&detail, "tcp.dstport").value, "1863");
    assert_eq!(
        detail.evidence.source,
        format!("{}:{}", value(&detail, "ip.src").value, value(&detail, "tcp.srcport").value)
    );
    assert!(detail.packet.unwrap().commands.is_empty());
    assert_eq!(f64::from(last), session.overview().packets);
    assert!(session.again(0).is_none() && session.again(last + 1).is_none());
}

#[test]
fn commands_stand_in_the_packets_in_which_they_end() {
    for case in ["msnp8-signin-chat", "msnp8-chat-two-interfaces", "msnp15-lecture-session", "msnp12-chat-midstream"] {
        let (mut session, _) = session(case, 1 << 20);
        session.reveal_secrets(true);
        let files = [capture(case)];
        for pdu in 1..=session.commands() {
            let command = session.detail(pdu).unwrap();
            let number = command.evidence.frame.to_string().parse().unwrap();
            let detail = packet(&session, &files, number, pdu);
            assert_eq!(detail.pdu, pdu);
            assert!(detail.packet.as_ref().unwrap().commands.iter().any(|(number, _)| *number == pdu));
            assert_eq!(detail.evidence.time, command.evidence.time);
            let bytes = &detail.sources[0].bytes;
            let ends =
                detail.items.iter().filter(|item| detail.fields[item.field as usize].name == "msnp").any(|item| {
                    let part = &bytes[item.range.start as usize..item.range.end as usize];
                    !part.is_empty() && command.sources[0].bytes.ends_with(part)
                });
            // Bytes that are no command are told of when the next command is known.
            assert!(ends || command.verb == "?", "{case}: {pdu} {:?} in {:?}", command.sources[0], detail.packet);
        }
    }
}

#[test]
fn packets_tell_no_secret_that_is_hidden() {
    for case in ["msnp8-signin-chat", "msnp15-signin-sso", "msnp15-gateway-chunked", "msnp7-file-msnftp"] {
        let (mut session, _) = session(case, 1 << 20);
        let files = [capture(case)];
        let secrets = veil::secrets(&session);
        assert!(!secrets.is_empty());
        let shown = |session: &Session| {
            let all = (1..=packets(session)).map(|number| packet(session, &files, number, 0));
            all.map(|detail| String::from_utf8_lossy(&detail.sources[0].bytes).into_owned()).collect::<String>()
        };
        let hidden = shown(&session);
        session.reveal_secrets(true);
        let open = shown(&session);
        assert!(secrets.iter().any(|secret| open.contains(secret)), "{case}");
        let told = secrets.iter().filter(|secret| hidden.contains(*secret)).collect::<Vec<_>>();
        assert!(told.is_empty(), "{case}: {told:?}");
    }
}

/// What a machine calls its network cards may tell whose it is.
#[test]
fn the_interface_is_told_and_its_name_not_to_strangers() {
    let file = capture("msnp21-datagrams");
    let named = |mut session: Session| {
        session.feed(&file).unwrap();
        session.finish();
        let detail = packet(&session, std::slice::from_ref(&file), 2, 0);
        assert_eq!(value(&detail, "frame.interface_id").value, "0");
        value(&detail, "frame.interface_name").value.clone()
    };
    assert_eq!(named(Session::default()), "wlan0");
    assert_eq!(named(Session::default().redacted(Redactor::new(Key::of_capture(&[7; 32])))), "not shown");
}

#[test]
fn a_command_that_goes_on_behind_a_packet_is_shown_in_it() {
    let (session, _) = session("msnp15-lecture-session", 1 << 20);
    let files = [capture("msnp15-lecture-session")];
    let all = (1..=packets(&session)).map(|number| packet(&session, &files, number, 0));
    let goes_on = |detail: &Detail| {
        let named = |item: &FieldItem| detail.fields[item.field as usize].name.clone();
        let pieces = detail.items.iter().filter(|item| named(item) == "msnp").count();
        pieces > detail.packet.as_ref().unwrap().commands.len()
    };
    assert!(all.filter(goes_on).count() > 0);
}

#[test]
fn under_redaction_only_headers_of_ip_are_shown() {
    let mut session = Session::default().redacted(Redactor::new(Key::of_capture(&[7; 32])));
    let files = [capture("msnp8-signin-chat")];
    session.feed(&files[0]).unwrap();
    session.finish();
    while !session.check(10) {}
    for number in 1..=packets(&session) {
        let detail = packet(&session, &files, number, 0);
        let text = String::from_utf8_lossy(&detail.sources[0].bytes).into_owned();
        assert!(!text.contains("alice") && !text.contains("VER"), "{number}: {text}");
        assert_eq!(value(&detail, "eth.src").value, "not shown");
        if detail.items.iter().any(|item| detail.fields[item.field as usize].name == "data") {
            assert!(value(&detail, "data").remark.as_ref().is_some_and(|why| why.contains("Pseudonyms")));
        }
        assert_eq!(value(&detail, "ip.src").remark, None);
    }
}

#[test]
fn all_packets_are_listed_whether_a_command_ends_in_them_or_not() {
    let list = |form| List { form, ..List::default() };
    for case in ["msnp8-signin-chat", "msnp8-chat-two-interfaces", "msnp12-chat-midstream"] {
        let (mut session, _) = session(case, 700);
        let (all, some) = (session.window(list(Form::Frames), 0, 1000), session.window(list(Form::Packets), 0, 1000));
        assert_eq!(f64::from(all.total), session.overview().packets, "{case}");
        let with = all.rows.iter().filter(|row| matches!(&row.body, Body::Packet(packet) if !packet.pdus.is_empty()));
        assert_eq!(with.cloned().collect::<Vec<_>>(), some.rows, "{case}");
        for (row, number) in all.rows.iter().zip(1_u32..) {
            let Body::Packet(packet) = &row.body else { panic!("{row:?}") };
            assert_eq!(packet.frame, f64::from(number));
            for pdu in &packet.pdus {
                assert_eq!(session.locate(list(Form::Frames), *pdu), Some(number - 1));
                assert_eq!(session.packet_meant(list(Form::Frames), *pdu), Some(number));
            }
            assert_eq!(session.near(list(Form::Frames), number), number - 1);
        }
        let rows = |first, count| Part::Rows { list: list(Form::Frames), first, count };
        assert_eq!(session.chosen(rows(0, u32::MAX)).len(), session.commands() as usize);
        assert_eq!(session.seek(list(Form::Frames), all.rows[2].time), 2);
    }
    let (mut session, _) = session("msnp8-signin-chat", 700);
    let all = session.window(list(Form::Frames), 0, 1000).rows;
    let shown = |row: usize| match &all[row].body {
        Body::Packet(packet) => (packet.commands.clone(), packet.bytes, packet.role),
        other => panic!("{other:?}"),
    };
    assert_eq!(shown(0), ("UDP".to_owned(), 35.0, Role::Unknown));
    let opened = (0..all.len()).map(shown).find(|row| row.0 == "TCP SYN").unwrap();
    assert_eq!(opened, ("TCP SYN".to_owned(), 0.0, Role::Dispatch));
}
