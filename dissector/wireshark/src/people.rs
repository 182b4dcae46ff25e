//! Who talks with whom: the accounts that a PDU names, the conversation that it belongs to, who speaks. Pure.
//!
//! Nothing is told here that only later packets tell, so a PDU belongs to the same conversation whenever it is asked of.

use std::collections::BTreeSet;

use msnp_dissector::msnp::field::{ACCOUNT, RECIPIENT, SENDER, SESSION};
use msnp_dissector::msnp::token::Account;
use msnp_dissector::msnp::{Body, Content, Context, Datagram, Dissection, Pdu, Server, dissect, verb};
use msnp_dissector::tree::{Item, Recording, value_text};

/// What is said on the way into a chat room, before its number is known.
const ENTRY: &str = "On the way into chat rooms";

/// Networks whose accounts are many people: circles and groups.
const MANY: [&str; 2] = ["9:", "10:"];

/// A PDU, and what is known of it.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// Its bytes.
    pub pdu: &'a Pdu<'a>,
    /// What it needs to know of the past.
    pub context: &'a Context,
    /// What it says.
    pub dissection: &'a Dissection<'a>,
    /// What the capture tells of it.
    pub facts: &'a [Item],
    /// Who is signed in on its connection.
    pub owner: Option<&'a str>,
    /// What its connection is called.
    pub connection: &'a str,
}

impl Known<'_> {
    /// The accounts that it names, each once: alone and in lower case.
    pub fn accounts(&self) -> BTreeSet<String> {
        let told = |item: &&Item| [ACCOUNT, RECIPIENT].contains(&item.field) || item.field == SENDER && item.generated;
        let mut all = BTreeSet::new();
        let mut add = |account: String| {
            if account.contains(['@', ':']) {
                all.insert(account);
            }
        };
        for item in self.dissection.tree.items.iter().chain(self.facts).filter(told) {
            add(alone(&value_text(item)));
        }
        if let Some(Datagram { from, to, .. }) = self.datagram() {
            add(alone(from));
            add(alone(to));
        }
        if let Some(speaker) = self.speaker() {
            add(speaker);
        }
        all
    }

    /// Who sends a message, where that is a person.
    pub fn speaker(&self) -> Option<String> {
        if let Some(Datagram { from, .. }) = self.datagram() {
            return Some(alone(from)).filter(|account| !account.is_empty());
        }
        let fact = || self.facts.iter().find(|item| item.field == SENDER).map(|item| alone(&value_text(item)));
        match &self.dissection.message.body {
            Body::MessageIn { account, .. } | Body::RelayedIn { account, .. } => Some(of_line(*account)),
            Body::MessageOut { .. } | Body::RelayedOut { .. } => fact().or_else(|| self.owner.map(str::to_owned)),
            _ => None,
        }
    }

    /// What the conversation is called: by the chat room, the people, or the connection.
    pub fn conversation(&self) -> String {
        if let Some(session) = self.session() {
            return format!("Chat room {session}");
        }
        if self.enters() {
            return ENTRY.to_owned();
        }
        self.people().unwrap_or_else(|| self.connection.to_owned())
    }

    fn session(&self) -> Option<String> {
        match &self.dissection.message.body {
            Body::RoomEntry { session: Some(word), .. } | Body::Ringing { session: word } => {
                Some(String::from_utf8_lossy(word.0).into_owned())
            }
            _ => self.facts.iter().find(|item| item.field == SESSION).map(|item| value_text(item).into_owned()),
        }
    }

    /// Whether this leads into a chat room, or answers what does.
    fn enters(&self) -> bool {
        let asked = self.context.answers.map(|request| request.verb).or(self.dissection.message.verb);
        let leads = matches!(asked, Some(verb::USR | verb::ANS | verb::CAL));
        let room = self.context.server == Server::Switchboard;
        matches!(self.dissection.message.body, Body::RoomEntry { .. } | Body::Call { .. }) || room && leads
    }

    /// Those who talk without a chat room.
    fn people(&self) -> Option<String> {
        let [from, to] = match (&self.dissection.message.body, self.datagram()) {
            (_, Some(Datagram { from, to, .. })) => match [to, from].into_iter().find_map(|account| many(account)) {
                Some(group) => return Some(format!("Group {group}")),
                None => [alone(from), alone(to)],
            },
            (Body::RelayedIn { account, recipient, .. }, _) => [of_line(*account), of_line(*recipient)],
            (Body::RelayedOut { recipient, .. }, _) => [self.speaker()?, of_line(*recipient)],
            _ => return None,
        };
        if from.is_empty() || to.is_empty() {
            return None;
        }
        let (one, other) = if from <= to { (from, to) } else { (to, from) };
        Some(format!("{one} – {other}"))
    }

    /// What people say to each other in the dialects without chat rooms.
    fn datagram(&self) -> Option<&Datagram> {
        match &self.dissection.message.content {
            Content::Datagram(datagram) if self.dissection.message.verb == Some(verb::SDG) => Some(datagram),
            _ => None,
        }
    }
}

/// Who signs in with a command.
pub fn signed_in(pdu: &Pdu<'_>, context: &Context) -> Option<String> {
    if pdu.verb() != Some(verb::USR) {
        return None;
    }
    match dissect(pdu, context, Recording::Nothing).message.body {
        Body::Identity { account, .. } | Body::SignedIn { account, .. } | Body::RoomEntry { account, .. } => {
            Some(of_line(account)).filter(|account| !account.is_empty())
        }
        _ => None,
    }
}

fn of_line(account: Account<'_>) -> String {
    String::from_utf8_lossy(account.name()).to_lowercase()
}

/// An account without network and device.
fn alone(account: &str) -> String {
    of_line(Account(account.as_bytes()))
}

/// The circle or group that an account is, or is met by way of.
fn many(account: &str) -> Option<String> {
    let of = |text: &str| MANY.iter().find_map(|network| text.strip_prefix(network)).map(str::to_lowercase);
    let mut parts = account.split(';');
    of(parts.next()?).or_else(|| parts.find_map(|part| of(part.strip_prefix("via=")?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_around_an_account_makes_no_other_person() {
        for account in [
            "alice@example.com",
            "1:Alice@example.com",
            "alice@EXAMPLE.com;{C0}",
            "1:alice@example.com;via=9:0-9@live.com",
        ] {
            assert_eq!(alone(account), "alice@example.com");
        }
    }

    #[test]
    fn circles_and_groups_are_many() {
        assert_eq!(many("1:bob@example.com;via=9:0-9@Live.com").as_deref(), Some("0-9@live.com"));
        assert_eq!(many("10:0-9@live.com;path=IM").as_deref(), Some("0-9@live.com"));
        assert_eq!(many("1:bob@example.com;epid={C0}"), None);
    }
}
