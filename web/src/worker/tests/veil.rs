//! Secrets are hidden until somebody asks for them.

use std::collections::BTreeSet;

use msnp_dissector::tree::{Privacy, Value};

use super::*;
use crate::worker::veil::HIDDEN;

/// The secrets of a capture that are texts of some length.
pub(super) fn secrets(session: &Session) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for number in 1..=session.commands() {
        for item in session.tree(number).items {
            if let (Privacy::Secret, Value::Text(text)) = (item.field.field().privacy, item.value) {
                all.extend(Some(text).filter(|text| text.len() > 5));
            }
        }
    }
    all
}

/// All that is shown of commands: rows, fields, bytes, reports.
fn shown(session: &mut Session) -> String {
    let mut all = format!("{:?}", session.window(LADDER, 0, 1000));
    for number in 1..=session.commands() {
        let detail = session.detail(number).unwrap();
        all += &format!("{:?}", (&detail.items, &detail.sentence, &detail.experts));
        for source in &detail.sources {
            all += &String::from_utf8_lossy(&source.bytes);
        }
        all += &format!("{:?}", session.record(number).unwrap());
    }
    for field in ["msnp.auth.proof", "msnp.sb.cookie", "msnp.profile.ticket", "msnp.slp.nonce", "msnp.p2p.nonce"] {
        let written = format!("{field} == ");
        let end = u32::try_from(written.len()).unwrap();
        all += &format!("{:?}", session.filter(1, &written, end).completion);
    }
    all
}

#[test]
fn secrets_are_nowhere_until_they_are_asked_for() {
    let cases = ["msnp8-signin-chat", "msnp15-signin-sso", "msnp15-lecture-session", "msnp7-file-msnftp"];
    let cases = cases.into_iter().chain(["msnp15-file-direct-migrating", "msnp15-gateway-chunked"]);
    for case in cases {
        let (mut session, _) = session(case, 1 << 20);
        let secrets = secrets(&session);
        assert!(!secrets.is_empty(), "{case}");
        let hidden = shown(&mut session);
        let told = secrets.iter().filter(|secret| hidden.contains(secret.as_str())).collect::<Vec<_>>();
        assert!(told.is_empty(), "{case} tells {told:?}");
        session.reveal_secrets(true);
        let open = shown(&mut session);
        let missing = secrets.iter().filter(|secret| !open.contains(secret.as_str())).collect::<Vec<_>>();
        assert!(missing.is_empty(), "{case} hides {missing:?}");
    }
}

#[test]
fn a_hidden_secret_is_called_so_and_everything_else_stays() {
    let (mut session, _) = session("msnp8-signin-chat", 1 << 20);
    let window = session.window(LADDER, 0, 1000);
    let ticket = commands(&window).into_iter().find(|command| command.carries.starts_with("TWN S hidden")).unwrap();
    let before = session.detail(ticket.pdu).unwrap();
    let proof = before.items.iter().find(|item| item.hidden).unwrap();
    assert_eq!((proof.value.as_str(), &proof.filter), (HIDDEN, &None));
    session.reveal_secrets(true);
    let after = session.detail(ticket.pdu).unwrap();
    let places = |detail: &crate::protocol::Detail| detail.items.iter().map(|item| item.range).collect::<Vec<_>>();
    assert_eq!((places(&before), &before.sentence), (places(&after), &after.sentence));
    assert!(after.items.iter().all(|item| !item.hidden));
    assert_eq!(before.sources[0].bytes.len(), after.sources[0].bytes.len());
}

#[test]
fn a_piece_of_what_two_programs_agree_on_is_hidden_whole() {
    // An invitation in two packets, cut in the middle of the name before a secret.
    let slp = "INVITE MSNMSGR:b@example.com MSNSLP/1.0\r\nContent-Length: 60\r\n\r\nNonce: {122D2937-5C86-4C7B-81F5-0E05017880C2}\r\n\r\n\0";
    let at = slp.find("nce: {").unwrap();
    let packet = |data: &str, offset: usize| {
        let mut packet = vec![0; 48];
        packet[4..8].copy_from_slice(&7_u32.to_le_bytes());
        packet[8..16].copy_from_slice(&(offset as u64).to_le_bytes());
        packet[16..24].copy_from_slice(&(slp.len() as u64).to_le_bytes());
        packet[24..28].copy_from_slice(&u32::try_from(data.len()).unwrap().to_le_bytes());
        [packet, data.as_bytes().to_vec(), vec![0; 4]].concat()
    };
    for (data, offset) in [(&slp[..at], 0), (&slp[at..], at)] {
        let body = packet(data, offset);
        let head = "MIME-Version: 1.0\r\nContent-Type: application/x-msnmsgrp2p\r\nP2P-Dest: b@example.com\r\n\r\n";
        let line = format!("MSG 3 D {}\r\n", head.len() + body.len());
        let wire = [line.as_bytes(), head.as_bytes(), &body].concat();
        let direction = msnp_dissector::msnp::Direction::ToServer;
        let pdu = msnp_dissector::msnp::Pdu::command(&wire, line.len(), direction);
        let context = msnp_dissector::msnp::Context { direction, ..Default::default() };
        let dissection = msnp_dissector::msnp::dissect(&pdu, &context, msnp_dissector::tree::Recording::Everything);
        let veil = crate::worker::veil::over(true, &pdu, &context, &dissection).expect("a piece is hidden");
        let shown = String::from_utf8_lossy(veil.pdu(&pdu).bytes).into_owned();
        assert!(!shown.contains("122D2937") && shown.contains("P2P-Dest"), "{shown}");
    }
}
