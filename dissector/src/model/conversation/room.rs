//! One connection to a chat room: what it shows of who comes, goes, calls and talks.

use std::collections::HashMap;

use super::saying::{Saying, Utterance};
use crate::analysis::End;
use crate::model::evidence::{Evidence, Seen};
use crate::model::name::{bare, device, nick, text};
use crate::msnp::{Body, Content};
use crate::tree::lossy;

/// What one connection shows.
#[derive(Debug)]
pub(super) struct Room {
    pub first: Evidence,
    /// The client asks to be let in.
    pub entry: Option<Evidence>,
    /// The room lets it in.
    pub entered: Option<Evidence>,
    /// What all connections of the room share.
    pub session: Option<String>,
    pub calls: Vec<Call>,
    pub moves: Vec<Move>,
    pub says: Vec<Utterance>,
    /// Peer-to-peer messages.
    pub pieces: u32,
    /// Messages in parts of which some never came.
    pub parts: HashMap<String, Evidence>,
    /// The client signs out of the room.
    pub out: Option<Evidence>,
    pub closed: Option<End>,
    /// Sayings and calls that wait for an answer, by TrID.
    waiting: HashMap<u32, Waiting>,
}

#[derive(Debug, Clone, Copy)]
enum Waiting {
    Saying(usize),
    Call(usize),
}

/// The client calls somebody in.
#[derive(Debug)]
pub(super) struct Call {
    pub account: String,
    pub evidence: Evidence,
    pub refused: Option<(u32, Evidence)>,
}

/// Somebody comes or goes.
#[derive(Debug)]
pub(super) struct Move {
    pub account: String,
    /// The device it is about; `None` for the person as a whole.
    pub device: Option<String>,
    pub kind: MoveKind,
    pub evidence: Evidence,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MoveKind {
    /// Was there before.
    Already,
    Comes,
    Goes {
        /// The room was closed because nobody had said anything for a while.
        idle: bool,
    },
}

impl Room {
    pub(super) fn new(first: Evidence) -> Self {
        Self {
            first,
            entry: None,
            entered: None,
            session: None,
            calls: Vec::new(),
            moves: Vec::new(),
            says: Vec::new(),
            pieces: 0,
            parts: HashMap::new(),
            out: None,
            closed: None,
            waiting: HashMap::new(),
        }
    }

    pub(super) fn observe(&mut self, seen: &Seen<'_>) {
        let evidence = seen.evidence;
        match &seen.message.body {
            Body::RoomEntry { session, .. } => {
                self.entry.get_or_insert(evidence);
                if let Some(session) = session {
                    self.session.get_or_insert_with(|| text(*session));
                }
            }
            Body::SignedIn { .. } | Body::RoomEntered => {
                self.entered.get_or_insert(evidence);
            }
            Body::Call { account } => {
                self.wait(seen, Waiting::Call(self.calls.len()));
                self.calls.push(Call { account: bare(*account), evidence, refused: None });
            }
            Body::Ringing { session } => {
                self.session.get_or_insert_with(|| text(*session));
                self.answered(seen);
            }
            Body::Joined(joined) => {
                let kind = if joined.already { MoveKind::Already } else { MoveKind::Comes };
                let device = device(&lossy(joined.account.0));
                self.moves.push(Move { account: bare(joined.account), device, kind, evidence });
            }
            Body::Left { account, idle } => {
                let kind = MoveKind::Goes { idle: *idle };
                self.moves.push(Move { account: bare(*account), device: device(&lossy(account.0)), kind, evidence });
            }
            Body::MessageOut { .. } => self.say(seen, None, None),
            Body::MessageIn { account, nick: name } => self.say(seen, Some(bare(*account)), Some(nick(name))),
            Body::Delivered => self.receipt(seen, true),
            Body::NotDelivered => self.receipt(seen, false),
            Body::Error { code } => match self.answered(seen) {
                Some(Waiting::Call(index)) => {
                    if let Some(call) = self.calls.get_mut(index) {
                        call.refused = Some((*code, evidence));
                    }
                }
                Some(Waiting::Saying(index)) => self.receipt_of(index, false, evidence),
                None => {}
            },
            Body::Out { .. } if seen.from_client() => {
                self.out.get_or_insert(evidence);
            }
            _ => {}
        }
    }

    fn wait(&mut self, seen: &Seen<'_>, waiting: Waiting) {
        if let Some(trid) = seen.message.trid {
            self.waiting.insert(trid, waiting);
        }
    }

    fn answered(&mut self, seen: &Seen<'_>) -> Option<Waiting> {
        self.waiting.remove(&seen.message.trid?)
    }

    fn say(&mut self, seen: &Seen<'_>, from: Option<String>, nick: Option<String>) {
        match &seen.message.content {
            Content::PeerToPeer(_) => self.pieces = self.pieces.saturating_add(1),
            Content::Part { id, whole, missing, .. } if whole.is_none() || *missing > 0 => {
                self.parts.entry(id.clone()).or_insert(seen.evidence);
            }
            Content::Part { id, .. } => drop(self.parts.remove(id)),
            _ => {}
        }
        let Some(what) = Saying::of(&seen.message.content) else { return };
        if from.is_none() {
            self.wait(seen, Waiting::Saying(self.says.len()));
        }
        self.says.push(Utterance { evidence: seen.evidence, from, nick, what, receipt: None });
    }

    fn receipt(&mut self, seen: &Seen<'_>, arrived: bool) {
        if let Some(Waiting::Saying(index)) = self.answered(seen) {
            self.receipt_of(index, arrived, seen.evidence);
        }
    }

    fn receipt_of(&mut self, index: usize, arrived: bool, evidence: Evidence) {
        if let Some(utterance) = self.says.get_mut(index) {
            utterance.receipt = Some((arrived, evidence));
        }
    }

    /// When the client left: by its own word, or by the end of its connection.
    pub(super) fn left(&self) -> Option<Evidence> {
        let closed = self.closed.filter(|end| end.how != crate::transport::How::CaptureEnd);
        self.out.or_else(|| closed.map(|end| Evidence::of_end(&end)))
    }
}
