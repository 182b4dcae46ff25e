//! A conversation, cue by cue.

use std::collections::{HashMap, HashSet};

use super::words::{connection, lines, name};
use super::{Cue, Told, Transcript};
use crate::model::{Channel, ChatMessage, Conversation, Evidence, Ownership, Participant, Saying};
use crate::msnp::{Emoticon, MsnObject, error_meaning};
use crate::report::Reporter;
use crate::sorting::sort_by_key;
use crate::tree::{Arg, Text, TextId, texts};

/// Nanoseconds for which a typing notice counts: programs say it again every few seconds.
const LEADS_TO: i128 = 30_000_000_000;
/// How many entries behind a typing notice are looked at.
const TYPING_AHEAD: usize = 64;

texts! {
    ROOM_IS_GIVEN = "transcript.room-given", "{0} is given a chat room";
    INVITES = "transcript.invites", "{0} invites {1}";
    REFUSED = "transcript.refused", "{0} cannot be invited (error {1})";
    REFUSED_FOR = "transcript.refused-for", "{0} cannot be invited (error {1}): {2}";
    COMES = "transcript.comes", "{0} comes";
    IS_THERE = "transcript.is-there", "{0} is there";
    LEAVES = "transcript.leaves", "{0} leaves";
    LEAVES_IDLE = "transcript.leaves-idle", "{0} leaves; the room was closed, for nobody had said anything";
    IS_CALLED = "transcript.called", "{0} is now called “{1}”";
    TYPES = "transcript.types", "{0} is typing";
    TYPES_FOR = "transcript.types-for", "{0} is typing, for {1} s";
    NUDGES = "transcript.nudges", "{0} sends a nudge";
    WINKS = "transcript.winks", "{0} sends a wink";
    SPEAKS = "transcript.speaks", "{0} sends a voice clip";
    DRAWS = "transcript.draws", "{0} sends handwriting";
    DRAWS_BYTES = "transcript.draws-bytes", "{0} sends handwriting ({1} bytes)";
    EMOTICONS = "transcript.emoticons", "{0} announces emoticons: {1}";
    DOES = "transcript.does", "{0} {1}";
    OFFLINE = "transcript.offline", "{0} (offline message)";
    OFFLINE_SENT = "transcript.offline-sent", "{0} (offline message, sent {1})";
    BY_PHONE = "transcript.by-phone", "{0} (text message by phone)";
    SERVICE = "transcript.service", "The service";
    UNNAMED = "transcript.unnamed", "The client (account not known)";
    CLIENT = "transcript.client", "the client";
    SOMEBODY = "transcript.somebody", "somebody";
    TITLE = "transcript.title", "Conversation {0}, {1}, {2}";
    IN_ROOM = "transcript.in-room", "chat room";
    IN_ROOM_NAMED = "transcript.in-room-named", "chat room {0}";
    RELAYED = "transcript.relayed", "through the notification server";
    IN_GROUP = "transcript.in-group", "group {0}";
    DATAGRAMS = "transcript.datagrams", "datagrams";
    FROM_SERVICE = "transcript.from-service", "from the service";
    WITH = "transcript.with", "with {0}";
    WITH_NICK = "transcript.with-nick", "with {0} “{1}”";
    WITH_INFERRED = "transcript.with-inferred", "{0} (inferred)";
    NO_BEGINNING = "transcript.no-beginning", "Its beginning is not in this capture.";
    PIECE = "transcript.piece", "and {0} piece of pictures or files";
    PIECES = "transcript.pieces", "and {0} pieces of pictures or files";
    NOT_DELIVERED = "transcript.not-delivered", "not delivered";
    EMPTY = "transcript.empty", "No conversation is in this capture.";
    NOTHING_SAID = "transcript.nothing-said", "No message of it is in this capture.";
    OFFERS_FILE = "transcript.offers-file", "{0} offers the file “{1}” to {2}";
    OFFERS_FILE_SIZED = "transcript.offers-file-sized", "{0} offers the file “{1}” ({3} bytes) to {2}";
    FILE_STATE = "transcript.file-state", "The file “{0}”: {1}";
    FILE_STATE_BYTES = "transcript.file-state-bytes", "The file “{0}”: {1}, {2} of {3} bytes";
}

pub(super) fn transcript(
    conversation: &Conversation,
    ownership: &Ownership,
    reporter: &Reporter,
    told: Told<'_>,
) -> Transcript {
    let nicks =
        conversation.participants.iter().filter_map(|person| Some((person.account.as_str(), person.nick.as_deref()?)));
    let (nicks, pictures) = (nicks.collect(), HashMap::new());
    let mut script = Script { conversation, ownership, reporter, told, nicks, pictures, cues: Vec::new() };
    script.files();
    script.invitations();
    conversation.participants.iter().for_each(|person| script.stays(person));
    script.messages();
    sort_by_key(&mut script.cues, |cue| cue.evidence.order());
    let (title, heads, tail) = (script.title(), script.heads(), script.tail());
    Transcript { title, heads, cues: script.cues, tail }
}

pub(super) struct Script<'s> {
    pub conversation: &'s Conversation,
    ownership: &'s Ownership,
    pub reporter: &'s Reporter,
    pub told: Told<'s>,
    /// What each account calls itself.
    nicks: HashMap<&'s str, &'s str>,
    /// Letters that somebody announced as pictures, and the hash of each.
    pictures: HashMap<(Option<&'s str>, &'s str), String>,
    cues: Vec<Cue>,
}

impl<'s> Script<'s> {
    pub fn say(&self, text: TextId, args: impl IntoIterator<Item = String>) -> String {
        let text: Text = text.with(args.into_iter().map(Arg::Wire).collect::<Vec<_>>());
        self.reporter.catalogue.render(&text)
    }

    /// Something is told.
    pub fn tell(&mut self, evidence: Evidence, text: TextId, args: impl IntoIterator<Item = String>) {
        let lines = vec![self.say(text, args)];
        let (who, account, look, emoticons) = (None, None, None, Vec::new());
        self.cues.push(Cue { evidence, who, account, look, emoticons, lines, failed: false });
    }

    /// What somebody is called.
    pub fn called(&self, account: &str) -> String {
        name(self.nicks.get(account).filter(|_| self.told.nicks).unwrap_or(&account))
    }

    /// Keeps which letters stand for which pictures from now on.
    fn announce(&mut self, from: Option<&'s str>, all: &'s [Emoticon]) {
        for one in all.iter().filter(|one| !one.shortcut.is_empty()) {
            let object = MsnObject::parse(one.object.as_bytes()).filter(|object| !object.sha1d.is_empty());
            if let Some(object) = object {
                self.pictures.insert((from, &one.shortcut), object.sha1d);
            }
        }
    }

    /// The pictures in a text.
    fn pictures_in(&self, from: Option<&str>, text: &str) -> Vec<(String, String)> {
        let used = self.pictures.iter().filter(|((who, letters), _)| *who == from && text.contains(letters));
        let mut used = used.map(|((_, letters), hash)| (name(letters), hash.clone())).collect::<Vec<_>>();
        used.sort_unstable();
        used
    }

    fn invitations(&mut self) {
        let conversation = self.conversation;
        for ticket in conversation.tickets.iter().filter(|ticket| !ticket.rung) {
            let owner = self.ownership.account(ticket.evidence.stream).map(|account| self.called(account));
            let owner = owner.unwrap_or_else(|| self.say(CLIENT, []));
            self.tell(ticket.evidence, ROOM_IS_GIVEN, [owner]);
        }
        for invitation in &conversation.invitations {
            let to = self.called(&invitation.to);
            if let Some(evidence) = invitation.call.or(invitation.ring) {
                let from =
                    invitation.from.as_deref().map(|from| self.called(from)).unwrap_or_else(|| self.say(SOMEBODY, []));
                self.tell(evidence, INVITES, [from, to.clone()]);
            }
            if let Some((code, evidence)) = invitation.refused {
                let meaning = error_meaning(code).map(|text| self.reporter.catalogue.render(&text.text()));
                match meaning {
                    Some(meaning) => self.tell(evidence, REFUSED_FOR, [to, code.to_string(), meaning]),
                    None => self.tell(evidence, REFUSED, [to, code.to_string()]),
                }
            }
        }
    }

    fn stays(&mut self, person: &Participant) {
        let who = self.called(&person.account);
        for stay in &person.stays {
            if let Some(joined) = stay.joined {
                self.tell(joined, if stay.already { IS_THERE } else { COMES }, [who.clone()]);
            }
            if let Some(left) = stay.left {
                self.tell(left.evidence, if left.idle { LEAVES_IDLE } else { LEAVES }, [who.clone()]);
            }
        }
    }

    fn messages(&mut self) {
        let conversation = self.conversation;
        // Typing notices that an earlier one speaks for.
        let mut told = HashSet::new();
        for (at, message) in conversation.messages.iter().enumerate() {
            if message.what == Saying::Typing {
                if !told.remove(&at) {
                    self.typing(at, &mut told);
                }
                continue;
            }
            if let (Some(from), Some(nick)) = (&message.from, &message.nick) {
                let before = self.called(from);
                if self.nicks.insert(from, nick).is_some_and(|before| before != nick) {
                    self.tell(message.evidence, IS_CALLED, [before, name(nick)]);
                }
            }
            if let Saying::Emoticons(all) = &message.what {
                self.announce(message.from.as_deref(), all);
            }
            self.message(message);
        }
    }

    /// A typing notice, and those of the same person that follow while it counts, whatever others do meanwhile. Typing that
    /// leads to a message goes without saying.
    fn typing(&mut self, at: usize, told: &mut HashSet<usize>) {
        let messages = self.conversation.messages.get(at..).unwrap_or_default();
        let Some(first) = messages.first() else { return };
        let mut last = first;
        let theirs = |(_, next): &(usize, &ChatMessage)| next.from == first.from;
        for (ahead, next) in (at..).zip(messages).skip(1).take(TYPING_AHEAD).filter(theirs) {
            if next.evidence.time.nanos_since(last.evidence.time) > LEADS_TO {
                break;
            }
            if next.what != Saying::Typing {
                return;
            }
            told.insert(ahead);
            last = next;
        }
        let who = self.who(first);
        let lasted = last.evidence.time.nanos_since(first.evidence.time) / 1_000_000_000;
        match std::ptr::eq(first, last) {
            true => self.tell(first.evidence, TYPES, [who]),
            false => self.tell(first.evidence, TYPES_FOR, [who, lasted.to_string()]),
        }
    }

    fn who(&self, message: &ChatMessage) -> String {
        match (&message.from, self.conversation.channel) {
            (Some(from), _) => self.called(from),
            (None, Channel::Service) => self.say(SERVICE, []),
            (None, _) => self.say(UNNAMED, []),
        }
    }

    fn message(&mut self, message: &ChatMessage) {
        let who = self.who(message);
        let words = self.reporter.words(&message.what).unwrap_or_default();
        let mut shown = lines(&words).collect::<Vec<_>>();
        let speaker = match &message.what {
            Saying::Text(_) => Some(who.clone()),
            Saying::Offline(said) => Some(match said.sent.as_deref() {
                Some(sent) => self.say(OFFLINE_SENT, [who.clone(), name(sent)]),
                None => self.say(OFFLINE, [who.clone()]),
            }),
            Saying::Phone(_) => Some(self.say(BY_PHONE, [who.clone()])),
            _ => None,
        };
        if speaker.is_none() {
            let first = if shown.is_empty() { String::new() } else { shown.remove(0) };
            let told = match &message.what {
                Saying::Nudge => self.say(NUDGES, [who]),
                Saying::Wink(_) => self.say(WINKS, [who]),
                Saying::VoiceClip(_) => self.say(SPEAKS, [who]),
                Saying::Ink { length: Some(length) } => self.say(DRAWS_BYTES, [who, length.to_string()]),
                Saying::Ink { length: None } => self.say(DRAWS, [who]),
                Saying::Emoticons(_) => self.say(EMOTICONS, [who, first]),
                Saying::System { .. } => first,
                _ => self.say(DOES, [who, first]),
            };
            shown.insert(0, told);
        }
        let from = message.from.as_deref();
        let account = from.filter(|from| name(from) != self.called(from)).map(name);
        let said = match &message.what {
            Saying::Text(said) | Saying::Offline(said) => Some(said),
            _ => None,
        };
        self.cues.push(Cue {
            evidence: message.evidence,
            account,
            look: said.and_then(|said| said.format.clone()),
            emoticons: said.map(|said| self.pictures_in(from, &said.text)).unwrap_or_default(),
            who: speaker,
            lines: shown,
            failed: message.delivered == Some(false),
        });
    }

    fn title(&self) -> String {
        let conversation = self.conversation;
        let what = match (conversation.channel, &conversation.session) {
            (Channel::Room, Some(session)) => self.say(IN_ROOM_NAMED, [name(session)]),
            (Channel::Room, None) => self.say(IN_ROOM, []),
            (Channel::Relay, _) => self.say(RELAYED, []),
            (Channel::Datagrams, Some(group)) => self.say(IN_GROUP, [name(group)]),
            (Channel::Datagrams, None) => self.say(DATAGRAMS, []),
            (Channel::Service, _) => self.say(FROM_SERVICE, []),
        };
        let carried = conversation.streams.iter().map(|stream| connection(*stream)).collect::<Vec<_>>().join(" ");
        self.say(TITLE, [conversation.number.to_string(), what, carried])
    }

    fn heads(&self) -> Vec<String> {
        let person = |person: &Participant| {
            let with = match person.nick.as_deref() {
                Some(nick) => self.say(WITH_NICK, [name(&person.account), name(nick)]),
                None => self.say(WITH, [name(&person.account)]),
            };
            let inferred = person.stays.iter().all(|stay| stay.inferred);
            if inferred { self.say(WITH_INFERRED, [with]) } else { with }
        };
        let mut heads = self.conversation.participants.iter().map(person).collect::<Vec<_>>();
        if !self.conversation.from_start {
            heads.push(self.say(NO_BEGINNING, []));
        }
        heads
    }

    fn tail(&self) -> Option<String> {
        match self.conversation.pieces {
            0 => None,
            1 => Some(self.say(PIECE, ["1".to_owned()])),
            pieces => Some(self.say(PIECES, [pieces.to_string()])),
        }
    }
}
