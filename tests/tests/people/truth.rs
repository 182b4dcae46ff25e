//! Real traffic against what its clients saw, if the folder `shared` is at hand.

use std::collections::{BTreeMap, BTreeSet};

use crate::rehearsal::tale_of_capture;
use msnp_dissector::model::{Aspect, Availability, Tale};
use msnp_tests::elsewhere;
use serde_json::Value;

const CAPTURE: &str = "msnp11-login-chat.pcap";

/// The story of the capture, and what is known to be true of it.
fn told() -> Option<(Tale, Value)> {
    let truth = elsewhere::bytes("captures/truth.json")?;
    let bytes = elsewhere::bytes(&format!("captures/{CAPTURE}"))?;
    let truth: Value = serde_json::from_slice(&truth).expect("JSON");
    let captures = truth["captures"].as_array().expect("captures");
    let truth = captures.iter().find(|capture| capture["file"] == CAPTURE).expect("its truth").clone();
    Some((tale_of_capture(&bytes), truth))
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

#[test]
fn contacts_are_those_that_the_clients_were_told() {
    let Some((tale, truth)) = told() else { return };
    let letters =
        BTreeMap::from([("ForwardList", "FL"), ("AllowList", "AL"), ("BlockList", "BL"), ("ReverseList", "RL")]);
    let expected = truth["contacts"].as_array().expect("contacts").iter().map(|contact| {
        let lists = text(&contact["lists"]);
        let lists = lists.trim_matches(['[', ']']).split(", ").map(|list| letters[list].to_owned()).collect::<Vec<_>>();
        let groups = contact["groups"].as_array().expect("groups").iter().map(text).collect::<BTreeSet<_>>();
        (text(&contact["owner"]), text(&contact["email"]), text(&contact["name"]), lists, groups)
    });
    let mut found = BTreeSet::new();
    for roster in &tale.rosters {
        assert!(!roster.inferred);
        for contact in roster.now().contacts() {
            let nick = contact.nick.clone().unwrap_or_default();
            let owner = roster.account.clone().expect("an account");
            found.insert((owner, contact.contact.clone(), nick, contact.lists.names(), contact.groups.clone()));
            assert_eq!(contact.changes, [], "{}", contact.contact);
            assert!(!contact.partly_known);
        }
    }
    assert_eq!(found, expected.collect::<BTreeSet<_>>());
}

/// What `seen_by` saw of `contact`, one kind of event at a time; what repeats what was known is left out.
fn seen(truth: &Value, key: (&str, &str), value: impl Fn(&Value) -> Option<String>) -> Vec<String> {
    let events = truth["presence"].as_array().expect("presence").iter();
    let mine =
        events.filter(|event| (event["seen_by"].as_str(), event["email"].as_str()) == (Some(key.0), Some(key.1)));
    let mut values = mine.filter_map(value).collect::<Vec<_>>();
    values.dedup();
    values
}

fn told_of(tale: &Tale, key: (&str, &str), value: impl Fn(&Aspect) -> Option<String>) -> Vec<String> {
    let events = tale.presence.iter();
    let mine =
        events.filter(|event| (event.account.as_deref(), event.contact.as_deref()) == (Some(key.0), Some(key.1)));
    mine.filter_map(|event| value(&event.what)).collect()
}

#[test]
fn presence_is_what_the_clients_saw() {
    let Some((tale, truth)) = told() else { return };
    let codes = BTreeMap::from([("Online", "NLN"), ("Busy", "BSY"), ("BeRightBack", "BRB"), ("Away", "AWY")]);
    let status = |event: &Value| match event["ev"].as_str() {
        Some("fln") => Some("FLN".to_owned()),
        Some("iln" | "nln") => Some(codes[event["p"]["status"].as_str().expect("a status")].to_owned()),
        _ => None,
    };
    for key in [("alice@example.com", "bob@example.com"), ("bob@example.com", "alice@example.com")] {
        let statuses = told_of(&tale, key, |what| match what {
            Aspect::Status(status @ Availability::Known(_)) => Some(status.code()),
            _ => None,
        });
        assert_eq!(statuses, seen(&truth, key, status), "{key:?}");
        let names = told_of(&tale, key, |what| match what {
            Aspect::Nick(nick) => Some(nick.clone()),
            _ => None,
        });
        assert_eq!(names, seen(&truth, key, |event| event["name"].as_str().map(str::to_owned)), "{key:?}");
        let messages = told_of(&tale, key, |what| match what {
            Aspect::PersonalMessage(text) => Some(text.clone()),
            _ => None,
        });
        // That there is none, is no news at first.
        let mut expected = seen(&truth, key, |event| event["psm"].as_str().map(str::to_owned));
        if expected.first().is_some_and(String::is_empty) {
            expected.remove(0);
        }
        assert_eq!(messages, expected, "{key:?}");
    }
}
