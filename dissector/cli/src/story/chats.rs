//! Conversations as a script would print them: who comes and goes, who says what.

use std::collections::HashMap;
use std::fmt::Write as _;

use msnp_dissector::capture::Timestamp;
use msnp_dissector::model::{Channel, ChatMessage, Conversation, Evidence, Ownership, Participant, Saying, Tale};
use msnp_dissector::msnp::error_meaning;
use msnp_dissector::report::Reporter;

use super::words::{clock, counted, date, lines, name, streams};

/// Nanoseconds within which a typing notice belongs to the message that follows.
const LEADS_TO: i128 = 30_000_000_000;

/// All conversations.
pub fn text(tale: &Tale, reporter: &Reporter) -> String {
    let mut out = String::new();
    for conversation in &tale.conversations {
        if !out.is_empty() {
            out.push('\n');
        }
        Script::new(conversation, &tale.ownership, reporter).print(&mut out);
    }
    if tale.conversations.is_empty() {
        out.push_str("No conversation is in this capture.\n");
    }
    out
}

/// One line of a script.
struct Cue {
    order: (Timestamp, u64, u32),
    words: String,
    /// More lines of the same text.
    more: Vec<String>,
}

struct Script<'s> {
    conversation: &'s Conversation,
    ownership: &'s Ownership,
    reporter: &'s Reporter,
    cues: Vec<Cue>,
}

impl<'s> Script<'s> {
    fn new(conversation: &'s Conversation, ownership: &'s Ownership, reporter: &'s Reporter) -> Self {
        let mut script = Self { conversation, ownership, reporter, cues: Vec::new() };
        script.invitations();
        conversation.participants.iter().for_each(|person| script.stays(person));
        script.messages();
        script.cues.sort_by_key(|cue| cue.order);
        script
    }

    fn cue(&mut self, evidence: Evidence, words: String) {
        self.cues.push(Cue { order: evidence.order(), words, more: Vec::new() });
    }

    fn invitations(&mut self) {
        for ticket in self.conversation.tickets.iter().filter(|ticket| !ticket.rung) {
            self.cue(ticket.evidence, format!("* {} is given a chat room", self.owner(ticket.evidence.stream)));
        }
        for invitation in &self.conversation.invitations {
            let from = invitation.from.as_deref().map_or_else(|| "somebody".to_owned(), name);
            if let Some(evidence) = invitation.call.or(invitation.ring) {
                self.cue(evidence, format!("* {from} invites {}", name(&invitation.to)));
            }
            if let Some((code, evidence)) = invitation.refused {
                let meaning = error_meaning(code).map(|text| self.reporter.catalogue.render(&text.text()));
                let why = meaning.map_or_else(String::new, |meaning| format!(": {meaning}"));
                self.cue(evidence, format!("* {} cannot be invited (error {code}){why}", name(&invitation.to)));
            }
        }
    }

    fn owner(&self, stream: u32) -> String {
        self.ownership.account(stream).map_or_else(|| "the client".to_owned(), name)
    }

    fn stays(&mut self, person: &Participant) {
        let account = name(&person.account);
        for stay in &person.stays {
            if let Some(joined) = stay.joined {
                let verb = if stay.already { "is there" } else { "comes" };
                self.cue(joined, format!("* {account} {verb}"));
            }
            if let Some(left) = stay.left {
                let why = if left.idle { "; the room was closed, for nobody had said anything" } else { "" };
                self.cue(left.evidence, format!("* {account} leaves{why}"));
            }
        }
    }

    fn messages(&mut self) {
        let conversation = self.conversation;
        let mut known: HashMap<&str, &str> = conversation
            .participants
            .iter()
            .filter_map(|person| Some((person.account.as_str(), person.nick.as_deref()?)))
            .collect();
        let mut rest = conversation.messages.as_slice();
        while let Some((message, tail)) = rest.split_first() {
            rest = tail;
            if message.what == Saying::Typing {
                let same = |next: &&ChatMessage| next.what == Saying::Typing && next.from == message.from;
                let more = rest.iter().take_while(same).count();
                let (run, after) = rest.split_at(more);
                rest = after;
                self.typing(message, run, after.first());
                continue;
            }
            if let (Some(from), Some(nick)) = (&message.from, &message.nick)
                && known.insert(from, nick).is_some_and(|before| before != nick)
            {
                self.cue(message.evidence, format!("* {} is now called “{}”", name(from), name(nick)));
            }
            self.message(message);
        }
    }

    /// Typing that leads to a message goes without saying.
    fn typing(&mut self, first: &ChatMessage, more: &[ChatMessage], next: Option<&ChatMessage>) {
        let last = more.last().unwrap_or(first);
        let led = |next: &ChatMessage| {
            next.from == first.from && next.evidence.time.nanos_since(last.evidence.time) <= LEADS_TO
        };
        if next.is_some_and(led) {
            return;
        }
        let who = self.who(first);
        let until = match more.len() {
            0 => String::new(),
            _ => format!(" until {}", clock(last.evidence.time)),
        };
        self.cue(first.evidence, format!("{who} is typing{until}"));
    }

    fn who(&self, message: &ChatMessage) -> String {
        match (&message.from, self.conversation.channel) {
            (Some(from), _) => name(from),
            (None, Channel::Service) => "The service".to_owned(),
            (None, _) => "The client (account not known)".to_owned(),
        }
    }

    fn message(&mut self, message: &ChatMessage) {
        let who = self.who(message);
        let words = self.reporter.words(&message.what).unwrap_or_default();
        let mut shown = lines(&words);
        let first = shown.next().unwrap_or_default();
        let said = match &message.what {
            Saying::Text(_) => format!("{who}: {first}"),
            Saying::Offline(said) => {
                let sent = said.sent.as_deref().map(|sent| format!(", sent {}", name(sent))).unwrap_or_default();
                format!("{who} (offline message{sent}): {first}")
            }
            Saying::Phone(_) => format!("{who} (text message by phone): {first}"),
            Saying::Nudge => format!("{who} sends a nudge"),
            Saying::Wink(_) => format!("{who} sends a wink"),
            Saying::VoiceClip(_) => format!("{who} sends a voice clip"),
            Saying::Ink { length: Some(length) } => format!("{who} sends handwriting ({length} bytes)"),
            Saying::Ink { length: None } => format!("{who} sends handwriting"),
            Saying::Emoticons(_) => format!("{who} announces emoticons: {first}"),
            Saying::System { .. } => first,
            Saying::Action(_) | Saying::Invitation(_) | Saying::Waiting(_) | Saying::Typing | Saying::Recording => {
                format!("{who} {first}")
            }
        };
        let failed = if message.delivered == Some(false) { "  [not delivered]" } else { "" };
        let more = shown.collect();
        self.cues.push(Cue { order: message.evidence.order(), words: format!("{said}{failed}"), more });
    }

    fn print(&self, out: &mut String) {
        let conversation = self.conversation;
        let what = match (conversation.channel, &conversation.session) {
            (Channel::Room, Some(session)) => format!("chat room {}", name(session)),
            (Channel::Room, None) => "chat room".to_owned(),
            (Channel::Relay, _) => "through the notification server".to_owned(),
            (Channel::Datagrams, Some(group)) => format!("group {}", name(group)),
            (Channel::Datagrams, None) => "datagrams".to_owned(),
            (Channel::Service, _) => "from the service".to_owned(),
        };
        let carried = streams(&conversation.streams);
        let _ = writeln!(out, "Conversation {}, {what}, {carried}", conversation.number);
        for person in &conversation.participants {
            let nick = person.nick.as_deref().map(|nick| format!(" “{}”", name(nick))).unwrap_or_default();
            let inferred = if person.stays.iter().all(|stay| stay.inferred) { " (inferred)" } else { "" };
            let _ = writeln!(out, "  with {}{nick}{inferred}", name(&person.account));
        }
        if !conversation.from_start {
            let _ = writeln!(out, "  Its beginning is not in this capture.");
        }
        let mut day = String::new();
        for cue in &self.cues {
            let (time, ..) = cue.order;
            let today = date(time);
            if today != day {
                let _ = writeln!(out, "  {today} UTC");
                day = today;
            }
            let _ = writeln!(out, "    {}  {}", clock(time), cue.words);
            for line in &cue.more {
                let _ = writeln!(out, "                    {line}");
            }
        }
        if conversation.pieces > 0 {
            let pieces = counted(conversation.pieces.into(), "piece", "pieces");
            let _ = writeln!(out, "    and {pieces} of pictures or files");
        }
    }
}
