//! What is noted of each command as it comes: whose connection it is on, how far that has come, and whether the command is
//! one of those that repeat for hours. Numbers only: what they say is read when it is shown.

use std::collections::HashMap;
use std::net::IpAddr;

use msnp_dissector::analysis::StreamInfo;
use msnp_dissector::msnp::token::Account;
use msnp_dissector::msnp::{Pdu, verb};
use msnp_dissector::tree::lossy;

use crate::protocol::Quiet;

/// Accounts whose connections are kept apart; a capture of a whole network may hold more.
const OWNERS: usize = 1000;
/// Guests of a room whose entry is noted.
const GUESTS: usize = 3;
/// Calls of a room that are noted.
const RINGS: usize = 16;
/// Where the kind of a message stands: in its first lines.
const HEAD: usize = 200;
/// The kind of a typing notice.
const CONTROL: &[u8] = b"text/x-msmsgscontrol";
/// Where the slash stands in it.
const CONTROL_SLASH: usize = 4;

/// Commands that tell how a connection went.
#[derive(Debug, Clone, Default)]
pub struct Milestones {
    /// The server accepted the account.
    pub signed_in: Option<u32>,
    /// The server answered the first presence: signing in is over.
    pub settled: Option<u32>,
    /// The command that names the room.
    pub room: Option<u32>,
    /// Answers that say that somebody is being called.
    pub ringing: Vec<u32>,
    /// Entries of the first guests.
    pub guests: Vec<u32>,
    /// How many guests entered, again and again perhaps.
    pub guest_count: u32,
    /// The server refused something, with a number, before it accepted the account.
    pub refused: Option<u32>,
}

impl Milestones {
    /// Takes in the next command.
    pub fn note(&mut self, number: u32, pdu: &Pdu<'_>, from_client: bool) {
        let word = |at: usize| pdu.words().nth(at).unwrap_or_default();
        match pdu.verb() {
            Some(verb::USR) if !from_client && word(2) == b"OK" => _ = self.signed_in.get_or_insert(number),
            Some(verb::CHG) if !from_client => _ = self.settled.get_or_insert(number),
            Some(verb::CAL) if !from_client => {
                self.room.get_or_insert(number);
                if word(2) == b"RINGING" && self.ringing.len() < RINGS {
                    self.ringing.push(number);
                }
            }
            Some(verb::ANS) if from_client => _ = self.room.get_or_insert(number),
            Some(verb::JOI | verb::IRO) if !from_client => {
                self.guest_count = self.guest_count.saturating_add(1);
                if self.guests.len() < GUESTS {
                    self.guests.push(number);
                }
            }
            Some(verb) if verb.is_error() && self.signed_in.is_none() => self.refused = Some(number),
            _ => {}
        }
    }
}

/// Whether a command is a ping or a typing notice.
#[must_use]
pub fn quiet(pdu: &Pdu<'_>) -> Option<Quiet> {
    match pdu.verb()? {
        verb::PNG | verb::QNG => Some(Quiet::Pings),
        verb::MSG | verb::UUM | verb::UBM | verb::SDG => {
            let head = pdu.payload().get(..HEAD).unwrap_or(pdu.payload());
            says_control(head).then_some(Quiet::Typing)
        }
        _ => None,
    }
}

/// Whether the kind of a typing notice stands somewhere in `head`. Looked for by its slash, of which there are few.
fn says_control(head: &[u8]) -> bool {
    let is_control =
        |at: usize| head.get(at..at + CONTROL.len()).is_some_and(|part| part.eq_ignore_ascii_case(CONTROL));
    let slashes = head.iter().enumerate().filter(|(_, byte)| **byte == b'/');
    slashes.filter_map(|(at, _)| at.checked_sub(CONTROL_SLASH)).any(is_control)
}

/// Whose connections they are: the accounts that the captured clients speak for.
#[derive(Debug, Default)]
pub struct Owners {
    /// Their names, in order of appearance.
    pub names: Vec<String>,
    of_stream: HashMap<u32, u32>,
    /// Whose a machine's other connections are taken for: the only account that was seen on it.
    of_machine: HashMap<IpAddr, Option<u32>>,
}

impl Owners {
    /// The account of a connection, by its place among the names.
    #[must_use]
    pub fn of(&self, info: &StreamInfo) -> Option<u32> {
        let machine = |ip: IpAddr| self.of_machine.get(&ip).copied().flatten();
        let known = self.of_stream.get(&info.stream).copied().or_else(|| machine(info.client.ip()));
        known.or_else(|| machine(info.server.ip()))
    }

    /// Takes in the next command; true when it tells whose a connection is.
    pub fn note(&mut self, info: &StreamInfo, pdu: &Pdu<'_>, from_client: bool) -> bool {
        if self.of_stream.contains_key(&info.stream) {
            return false;
        }
        let Some(name) = account(pdu, from_client) else { return false };
        let known = self.names.iter().position(|known| *known == name);
        if known.is_none() && self.names.len() >= OWNERS {
            self.of_machine.insert(info.client.ip(), None);
            return false;
        }
        let at = known.unwrap_or_else(|| {
            self.names.push(name);
            self.names.len() - 1
        });
        let at = u32::try_from(at).unwrap_or(u32::MAX);
        self.of_stream.insert(info.stream, at);
        let only = self.of_machine.entry(info.client.ip()).or_insert(Some(at));
        *only = only.filter(|only| *only == at);
        true
    }
}

/// The account that a client says is its own, or that the server calls so.
fn account(pdu: &Pdu<'_>, from_client: bool) -> Option<String> {
    let word = |at: usize| pdu.words().nth(at);
    let account = match (pdu.verb()?, from_client) {
        // Into a switchboard with the account first; to the others with a scheme before it.
        (verb::USR, true) => [2, 4].into_iter().filter_map(word).find(|word| word.contains(&b'@')),
        (verb::USR, false) => word(3).filter(|_| word(2) == Some(b"OK")),
        (verb::ANS, true) => word(2),
        _ => None,
    };
    let name = lossy(Account(account?).name()).to_ascii_lowercase();
    name.contains('@').then_some(name)
}
