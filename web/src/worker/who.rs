//! Who is in a capture: the accounts whose connections they are, and everybody who chats with them or sends something.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use msnp_dissector::model::{Listing, Lists, Tale};
use msnp_dissector::sorting::sort_by_key;
use msnp_dissector::transfer::{Sighting, Transfer};

use super::rows::float;
use super::store::moment;
use super::story::proof;
use crate::protocol::story::{Person, Proof, Standing};
use crate::wording::visible;

/// Everybody, the accounts of the capture first, then who writes most.
#[must_use]
pub fn people(tale: &Tale, transfers: &[Transfer]) -> Vec<Person> {
    let mut known = Known::default();
    for sign_in in &tale.sign_ins {
        if let Some(one) = sign_in.account.as_deref().map(|account| known.meet(account, proof(&sign_in.start))) {
            one.standing = Standing::Own;
        }
    }
    for conversation in &tale.conversations {
        for participant in &conversation.participants {
            let stays = participant.stays.iter().filter_map(|stay| stay.joined.as_ref());
            let first = stays.map(proof).next().unwrap_or_else(|| proof(&conversation.start));
            let one = known.meet(&participant.account, first);
            one.call(participant.nick.as_deref());
            if participant.captured {
                one.standing = Standing::Own;
            }
        }
        for message in &conversation.messages {
            let Some(from) = message.from.as_deref() else { continue };
            let one = known.meet(from, proof(&message.evidence));
            one.call(message.nick.as_deref());
            one.messages = one.messages.saturating_add(message.what.is_message().into());
        }
    }
    for one in transfers {
        let Some(begun) = one.began().map(seen) else { continue };
        let came = one.map.covered() > 0;
        for (account, sends) in [(&one.from, true), (&one.to, false)] {
            if let Some(account) = account {
                let person = known.meet(account, begun);
                person.sent = person.sent.saturating_add((sends && came).into());
            }
        }
    }
    known.stand(tale);
    let mut all = known.0.into_values().collect::<Vec<_>>();
    let rank = |one: &Person| (one.standing != Standing::Own, Reverse(one.messages), Reverse(one.sent), one.proof.time);
    sort_by_key(&mut all, rank);
    all
}

/// By account.
#[derive(Debug, Default)]
struct Known(BTreeMap<String, Person>);

impl Known {
    /// Somebody who is shown by `proof` and perhaps by others.
    fn meet(&mut self, account: &str, proof: Proof) -> &mut Person {
        let nobody = || Person {
            account: visible(account),
            nick: String::new(),
            standing: Standing::Unknown,
            messages: 0,
            sent: 0,
            proof,
        };
        let one = self.0.entry(account.to_owned()).or_insert_with(nobody);
        if proof.time < one.proof.time {
            one.proof = proof;
        }
        one
    }

    /// What everybody is by the lists of the accounts of the capture: the nearest of what they say. That somebody is on none
    /// is only known where each account's whole list was captured.
    fn stand(&mut self, tale: &Tale) {
        let listings = tale.rosters.iter().map(|roster| (roster.account.as_deref(), roster.now())).collect::<Vec<_>>();
        let own = |one: &&Person| one.standing == Standing::Own;
        let whole = |account: &str| listings.iter().any(|(of, listing)| *of == Some(account) && listing.is_whole());
        let all_whole = self.0.iter().filter(|(_, one)| own(one)).all(|(account, _)| whole(account));
        for (account, one) in self.0.iter_mut().filter(|(_, one)| one.standing != Standing::Own) {
            let told = listings.iter().map(|(_, listing)| standing(listing, account));
            let nearest = told.min().unwrap_or(Standing::Unknown);
            one.standing = if nearest == Standing::Stranger && !all_whole { Standing::Unknown } else { nearest };
        }
        for (account, one) in self.0.iter_mut().filter(|(_, one)| one.nick.is_empty()) {
            let nick = listings.iter().find_map(|(_, listing)| listing.contact(account)?.nick.as_deref());
            one.call(nick);
        }
    }
}

fn standing(listing: &Listing, account: &str) -> Standing {
    match listing.contact(account) {
        Some(contact) if contact.lists.contains(Lists::FORWARD) => Standing::Contact,
        Some(contact) if contact.partly_known => Standing::Unknown,
        Some(contact) if contact.lists == Lists::default() => Standing::Stranger,
        Some(_) => Standing::Listed,
        None if listing.is_whole() => Standing::Stranger,
        None => Standing::Unknown,
    }
}

impl Person {
    /// What they call themselves by now, or are called where they do not.
    fn call(&mut self, nick: Option<&str>) {
        let nick = nick.map(visible).filter(|nick| !nick.is_empty() && *nick != self.account);
        self.nick = nick.unwrap_or_else(|| std::mem::take(&mut self.nick));
    }
}

fn seen(sighting: Sighting) -> Proof {
    Proof { pdu: Some(sighting.pdu), frame: float(sighting.frame), time: moment(sighting.time) }
}
