//! Real traffic between two clients, beside what those clients say they sent and received. Skips visibly without it.

use msnp_dissector::model::{ChatMessage, Tale};
use msnp_dissector::report;
use msnp_tests::elsewhere;
use serde_json::Value;

use crate::rehearsal::tale_of_capture;

fn capture(file: &str) -> Option<Vec<u8>> {
    elsewhere::bytes(&format!("captures/{file}"))
}

/// The truth about each capture and its story.
fn stories() -> Vec<(Value, Tale)> {
    let Some(truth) = capture("truth.json") else { return Vec::new() };
    let truth: Value = serde_json::from_slice(&truth).expect("JSON");
    let captures = truth["captures"].as_array().expect("captures").clone();
    let told = captures.into_iter().filter_map(|told| {
        let bytes = capture(told["file"].as_str().expect("a name"))?;
        Some((told, tale_of_capture(&bytes)))
    });
    told.collect()
}

fn messages<'t>(tale: &'t Tale, kind: &str) -> Vec<&'t ChatMessage> {
    let all = tale.conversations.iter().flat_map(|conversation| &conversation.messages);
    all.filter(|message| report::kind(&message.what) == kind).collect()
}

#[test]
fn sign_ins_are_those_of_the_clients() {
    for (truth, tale) in stories() {
        let expected = truth["logins"].as_array().expect("logins").iter().map(|login| {
            assert_eq!(login["result"], "ok");
            (login["account"].as_str().map(str::to_owned), login["protocol"].as_str().map(str::to_owned))
        });
        let told = tale.sign_ins.iter().map(|one| {
            assert_eq!(report::outcome(one.outcome), "ok");
            (one.account.clone(), one.dialect.map(|dialect| dialect.to_string()))
        });
        assert_eq!(told.collect::<Vec<_>>(), expected.collect::<Vec<_>>(), "{}", truth["file"]);
    }
}

#[test]
fn every_text_arrives_once_from_its_sender_to_its_receivers() {
    for (truth, tale) in stories() {
        assert_eq!(tale.conversations.len(), 1, "{}: two clients in one room", truth["file"]);
        let expected = truth["messages"].as_array().expect("messages").iter().map(|message| {
            assert_eq!(message["on_wire"], true);
            let to = message["to"].as_array().expect("receivers").iter();
            let to = to.map(|to| to.as_str().expect("an account").to_owned()).collect::<Vec<_>>();
            (message["from"].as_str().expect("a sender").to_owned(), to, message["text"].as_str().unwrap().to_owned())
        });
        let reporter = report::Reporter::default();
        let told = messages(&tale, "text").into_iter().map(|message| {
            assert_eq!((message.delivered, message.inferred, message.copies.len()), (Some(true), false, 1));
            (message.from.clone().expect("a sender"), message.to.clone(), reporter.words(&message.what).expect("words"))
        });
        assert_eq!(told.collect::<Vec<_>>(), expected.collect::<Vec<_>>(), "{}", truth["file"]);
    }
}

#[test]
fn a_capture_that_begins_in_the_middle_tells_all_it_holds() {
    let Some(bytes) = capture("msnp11-chat-midstream.pcap") else { return };
    let tale = tale_of_capture(&bytes);
    assert_eq!(messages(&tale, "text").len(), 34);
    assert_eq!(tale.conversations.len(), 5);
    let owner = tale.ownership.of(1).expect("the tickets tell whose notification connection it is");
    assert!(owner.inferred);
    for conversation in &tale.conversations {
        assert_eq!(conversation.from_start, conversation.streams != [0], "{:?}", conversation.streams);
        for message in &conversation.messages {
            // What the owner was called is said only later in the capture.
            let own = message.from.as_ref() == Some(&owner.account);
            assert!(message.inferred != conversation.from_start || own);
            assert!(message.from.is_some() && message.nick.is_some());
        }
    }
}
