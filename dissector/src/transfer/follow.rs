//! Following the packets: which transfer each belongs to, and what it does to it.

use std::collections::{HashMap, HashSet};

use super::call::Said;
use super::early::EarlyCalls;
use super::ftp::{Old, Told};
use super::held::Keeping;
use super::map::{Arrival, Mark};
use super::pair::{End, Ends};
use super::receipts::{Counts, Reached};
use super::whose::Part;
use super::{Carrier, Kind, Sighting, State, Step, Transfer, What};
use crate::analysis::{Command, Gap, Sink};
use crate::model::name::bare;
use crate::msnp::p2p::{Camera, FileTransfer, Guid, Header, Packet, Peer, Role, v1, v2};
use crate::msnp::{Body, Content, Message, PduKind};
use crate::tree::Span;

/// How many of those that share a number are looked at, the latest first, and how many steps: more than any pair of programs
/// makes of them, and few enough for a capture that was made to cost time.
pub(super) const LOOK_BACK: usize = 64;

/// Something that can be kept, by the place of its transfer in [`Transfers::all`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrived {
    /// Every byte of the object.
    Object(usize),
    /// The small picture of a file, with its invitation.
    Preview(usize),
}

/// Follows the transfers of a capture. Feed it each command with what it says.
#[derive(Debug)]
pub struct Transfers {
    pub(super) all: Vec<Transfer>,
    keeping: Keeping,
    /// Bytes that all transfers keep.
    kept: usize,
    /// Whose a chat room connection is.
    owners: HashMap<u32, String>,
    pub(super) by_call: HashMap<String, Vec<usize>>,
    pub(super) by_session: HashMap<u32, Vec<usize>>,
    /// The latest transfer whose direct connection begins with a nonce, or with the one of this hash.
    pub(super) by_nonce: HashMap<String, usize>,
    /// The latest transfer whose webcam has these numbers.
    by_camera: HashMap<Camera, usize>,
    /// What a direct connection is for, and who talks with whom on it, as its greeting shows.
    pub(super) pairs: HashMap<u32, (usize, Ends)>,
    /// What waits for an acknowledgement in version 2.
    counts: Counts,
    /// Messages that were seen: the same one may be sent again, or be seen at both ends.
    pub(super) seen: HashSet<Said>,
    /// Messages of calls that nobody has heard of.
    pub(super) calls: EarlyCalls,
    old: Old,
    /// What the commands since the last question have made whole.
    arrived: Vec<Arrived>,
    /// Which the last command changed.
    changed: Vec<usize>,
}

impl Transfers {
    /// Nothing is known yet.
    #[must_use]
    pub fn new(keeping: Keeping) -> Self {
        Self {
            all: Vec::new(),
            keeping,
            kept: 0,
            owners: HashMap::new(),
            by_call: HashMap::new(),
            by_session: HashMap::new(),
            by_nonce: HashMap::new(),
            by_camera: HashMap::new(),
            pairs: HashMap::new(),
            counts: Counts::default(),
            seen: HashSet::new(),
            calls: EarlyCalls::default(),
            old: Old::default(),
            arrived: Vec::new(),
            changed: Vec::new(),
        }
    }

    /// Nothing more comes.
    #[must_use]
    pub fn finish(mut self) -> Vec<Transfer> {
        settle(&mut self.all);
        self.all
    }

    /// What has come whole since the last question.
    pub fn take_arrived(&mut self) -> Vec<Arrived> {
        std::mem::take(&mut self.arrived)
    }

    /// Which transfers the last command changed, by their places.
    #[must_use]
    pub fn changed(&self) -> &[usize] {
        &self.changed
    }

    fn note_change(&mut self, at: usize) {
        if !self.changed.contains(&at) {
            self.changed.push(at);
        }
    }

    /// The transfers so far, as they are: what no header counts is not used yet, and their states are not decided.
    #[must_use]
    pub fn all(&self) -> &[Transfer] {
        &self.all
    }

    /// The next command, and what it says.
    pub fn observe(&mut self, command: &Command<'_>, message: &Message<'_>) {
        self.changed.clear();
        let sighting = Sighting::of(command);
        if let Body::RoomEntry { account, .. } = &message.body {
            self.owners.insert(sighting.stream, bare(*account));
        }
        let said_by = match &message.body {
            Body::MessageIn { account, .. } => Some(bare(*account)),
            _ if sighting.from_client => self.owners.get(&sighting.stream).cloned(),
            _ => None,
        };
        match &message.content {
            Content::PeerToPeer(peer) => {
                let carrier = match command.pdu.kind {
                    PduKind::Direct => Carrier::Direct,
                    PduKind::Relay => Carrier::Turn,
                    PduKind::Udp => Carrier::Udp,
                    _ => Carrier::Switchboard,
                };
                self.peer(command, sighting, carrier, said_by.into(), peer);
            }
            Content::Slp(slp) => self.slp(sighting, slp),
            Content::Nonce(nonce) => self.greeted(sighting, *nonce),
            Content::Camera(camera) => self.filmed(sighting, camera),
            Content::Invitation(invitation) => {
                let owner = self.owners.get(&sighting.stream);
                if let Some((at, what)) = self.old.invitation(&mut self.all, invitation, said_by, owner) {
                    self.step(at, what, sighting);
                }
            }
            Content::FileTransfer(said) => self.file(command, sighting, said),
            _ if matches!(command.pdu.kind, PduKind::PayloadRest | PduKind::Skipped | PduKind::Unfinished) => {
                if let Some((at, rest)) = self.old.stray(&command.pdu, sighting, command.source) {
                    self.arrive(at, command, sighting, rest);
                }
            }
            Content::Datagram(datagram) => match &*datagram.content {
                Content::PeerToPeer(peer) => {
                    let from = End::of(&datagram.from);
                    self.peer(command, sighting, Carrier::Datagrams, from, peer);
                }
                Content::Slp(slp) => self.slp(sighting, slp),
                _ => {}
            },
            _ => {}
        }
    }

    fn peer(&mut self, command: &Command<'_>, sighting: Sighting, carrier: Carrier, said_by: End, peer: &Peer) {
        let ends = Ends { from: peer.from.as_deref().map_or(said_by, End::of), to: End::of(&peer.to) };
        for packet in &peer.packets {
            if let Some(slp) = &packet.slp {
                self.slp(sighting, slp);
            }
            match &packet.header {
                Header::V1(header) => self.control(sighting, &ends, packet.role, header),
                Header::V2(header) => self.count(sighting, &ends, header),
            }
            if let Some(camera) = &packet.camera
                && let Some(at) = self.of_session(packet.session(), sighting, &ends, Part::Either)
            {
                self.by_camera.insert((**camera).clone(), at);
            }
            match packet.role {
                Role::Object | Role::File => self.data(command, sighting, carrier, &ends, packet),
                Role::Preparation => {
                    if let Some(at) = self.of_session(packet.session(), sighting, &ends, Part::Sender(None)) {
                        self.step(at, What::Prepared, sighting);
                    }
                }
                _ => {}
            }
        }
    }

    /// A chunk of an object.
    fn data(&mut self, command: &Command<'_>, sighting: Sighting, carrier: Carrier, ends: &Ends, packet: &Packet) {
        let session = packet.session();
        let total = match &packet.header {
            Header::V1(header) => Some(header.total),
            Header::V2(_) => None,
        };
        let at = match self.of_session(session, sighting, ends, Part::Sender(total)) {
            Some(at) => at,
            None => self.unheard_of(session, ends, packet.role),
        };
        let Some(transfer) = self.all.get_mut(at) else { return };
        transfer.from = transfer.from.take().or_else(|| ends.from.account.clone());
        transfer.to = transfer.to.take().or_else(|| ends.to.account.clone());
        let marker = matches!(&packet.header, Header::V1(header) if header.total == 4)
            && transfer.declared.is_some_and(|size| size != 4)
            && is_preparation(command, packet);
        if marker {
            return self.step(at, What::Prepared, sighting);
        }
        transfer.source.heard(&ends.from, sighting);
        let (offset, asks, mark) = match &packet.header {
            Header::V1(header) => {
                transfer.announce(header.total);
                (header.offset, true, Mark::Identifier(header.identifier))
            }
            Header::V2(header) => {
                let asks = header.operation & v2::Header::RAK != 0;
                let end = header.sequence.wrapping_add(header.message_length.into());
                match transfer.offset_in_two(header, packet.data) {
                    Some(offset) => (offset, asks, Mark::Sequence(end)),
                    None => {
                        transfer.misplace(sighting);
                        return self.note_change(at);
                    }
                }
            }
        };
        let lacks = packet.promised().saturating_sub(packet.data.len());
        let lacks = lacks.min(u32::try_from(command.pdu.missing()).unwrap_or(u32::MAX));
        let arrival = Arrival { offset, span: packet.data, lacks, carrier, counted: packet.counted, asks, mark };
        let Some(chunk) = self.arrive(at, command, sighting, arrival) else { return };
        match (mark, self.all.get_mut(at)) {
            (Mark::Sequence(end), Some(transfer)) => {
                let left = transfer.size().map_or(0, |size| size.saturating_sub(arrival.reached()));
                self.counts.wait(sighting, ends, (end, left), (at, chunk));
            }
            (Mark::Identifier(identifier), Some(transfer)) => {
                for by in transfer.late(identifier, sighting.moment()) {
                    self.step(at, What::Acknowledged, by);
                }
            }
            _ => {}
        }
    }

    /// A chunk has its place: which one, in the map.
    fn arrive(&mut self, at: usize, command: &Command<'_>, sighting: Sighting, arrival: Arrival) -> Option<usize> {
        let Self { all, keeping, kept, arrived, .. } = self;
        let transfer = all.get_mut(at)?;
        if !transfer.carriers.contains(&arrival.carrier) {
            transfer.carriers.push(arrival.carrier);
        }
        if arrival.length() == 0 {
            return None;
        }
        if transfer.map.has_copy(&arrival, sighting) {
            transfer.relayed = transfer.relayed.saturating_add(1);
            return None;
        }
        let bytes = bytes_of(command, arrival.span);
        let held = transfer.hold(*keeping, &command.place, &arrival, bytes, kept);
        let before = transfer.is_whole();
        let place = transfer.arrive(arrival.chunk(sighting, held), bytes);
        if !before && transfer.is_whole() {
            arrived.push(Arrived::Object(at));
        }
        self.note_change(at);
        Some(place)
    }

    /// What a packet of version 1 does beside carrying data.
    fn control(&mut self, sighting: Sighting, ends: &Ends, role: Role, header: &v1::Header) {
        if header.session == 0 {
            return;
        }
        let part = match role {
            Role::Acknowledgement | Role::Reposition | Role::Abort => Part::Receiver,
            Role::Cancel => Part::Sender(None),
            _ => Part::Either,
        };
        let Some(at) = self.of_session(header.session, sighting, ends, part) else { return };
        let Some(transfer) = self.all.get_mut(at) else { return };
        // Both sides may count with the same numbers: who has the data does not acknowledge them.
        let theirs = Ends::of(transfer);
        let from_sender = ends.from.is(&theirs.from);
        let from_receiver = ends.from.is(&theirs.to) && !from_sender;
        let what = match role {
            Role::Acknowledgement if !from_sender => {
                if !transfer.acknowledge(header, sighting, from_receiver) {
                    return transfer.acknowledged_early(header, sighting, from_receiver);
                }
                What::Acknowledged
            }
            Role::Reposition => What::Resume(header.ack_size),
            Role::Cancel => What::CancelledBySender,
            Role::Abort => What::CancelledByReceiver,
            Role::Fault => What::Fault,
            _ => return,
        };
        self.step(at, what, sighting);
    }

    /// What a packet of version 2 acknowledges, of what its receiver sent to who sends it.
    fn count(&mut self, sighting: Sighting, ends: &Ends, header: &v2::Header) {
        let Some(ack) = header.ack else { return };
        let Reached { chunks: mut done, whole } = self.counts.reached(sighting, ends, ack);
        for at in whole {
            if let Some(transfer) = self.all.get_mut(at) {
                transfer.receive(sighting);
            }
            self.note_change(at);
        }
        for (at, chunk) in &done {
            if let Some(transfer) = self.all.get_mut(*at) {
                transfer.map.acknowledge(*chunk, sighting.pdu);
            }
        }
        done.sort_unstable();
        done.dedup_by_key(|(at, _)| *at);
        for (at, _) in done {
            self.step(at, What::Acknowledged, sighting);
        }
    }

    /// A side of a direct connection says who it is: by a nonce that was told, or whose hash was.
    fn greeted(&mut self, sighting: Sighting, nonce: Guid) {
        let known = |told: String| self.by_nonce.get(&told).copied();
        let Some(at) = known(nonce.to_string()).max(known(nonce.hashed().to_string())) else { return };
        if let Some(transfer) = self.all.get(at) {
            self.pairs.insert(sighting.stream, (at, Ends::of(transfer)));
        }
        self.step(at, What::Connected, sighting);
    }

    /// A connection for a webcam's pictures begins: which one it is.
    fn filmed(&mut self, sighting: Sighting, camera: &Camera) {
        let Some(at) = self.by_camera.get(camera).copied() else { return };
        if let Some(transfer) = self.all.get_mut(at)
            && !transfer.carriers.contains(&Carrier::Direct)
        {
            transfer.carriers.push(Carrier::Direct);
        }
        self.step(at, What::CameraConnected, sighting);
    }

    /// A line or block of an old file transfer.
    fn file(&mut self, command: &Command<'_>, sighting: Sighting, said: &FileTransfer) {
        match self.old.line(&mut self.all, said, sighting, command.source) {
            Told::Nothing => {}
            Told::Unplaced(at) => {
                if let Some(transfer) = self.all.get_mut(at) {
                    transfer.misplace(sighting);
                }
                self.note_change(at);
            }
            Told::Block(at, block) => {
                self.arrive(at, command, sighting, block);
            }
            Told::Step(at, what) => {
                let acknowledged = self.all.get_mut(at).filter(|_| what == What::Acknowledged);
                if let Some(transfer) = acknowledged {
                    transfer.map.acknowledge_all(sighting.pdu);
                    transfer.receive(sighting);
                }
                self.step(at, what, sighting);
            }
        }
    }

    pub(super) fn step(&mut self, at: usize, what: What, sighting: Sighting) {
        let Some(transfer) = self.all.get_mut(at) else { return };
        // The capture may show both ends: what one says, and what the other hears soon after.
        let heard = |step: &Step| {
            step.what == what
                && step.sighting.stream != sighting.stream
                && step.sighting.from_client != sighting.from_client
        };
        if transfer.steps.iter().rev().take(LOOK_BACK).any(heard) {
            return;
        }
        let before = transfer.is_whole();
        transfer.happen(what, sighting);
        if what == What::Offered && transfer.preview.is_some() {
            self.arrived.push(Arrived::Preview(at));
        }
        if !before && transfer.is_whole() {
            self.arrived.push(Arrived::Object(at));
        }
        self.note_change(at);
    }

    /// A transfer whose invitation was not captured.
    pub(super) fn unheard_of(&mut self, session: u32, ends: &Ends, role: Role) -> usize {
        let kind = if role == Role::File { Kind::File } else { Kind::Object };
        let Ends { from, to } = ends.clone();
        let devices = [from.device, to.device];
        let (from, to) = (from.account, to.account);
        let transfer = Transfer { kind, from, to, devices, session: Some(session), ..Transfer::default() };
        let at = transfer.begin(&mut self.all);
        self.by_session.entry(session).or_default().push(at);
        at
    }
}

fn settle(all: &mut [Transfer]) {
    for transfer in all {
        transfer.map.settle();
        transfer.state = State::of(transfer);
    }
}

/// Whether a packet has the four zero bytes that stand before an object: some programs flag them as its data.
fn is_preparation(command: &Command<'_>, packet: &Packet) -> bool {
    bytes_of(command, packet.data) == [0; 4]
}

fn bytes_of<'a>(command: &Command<'a>, span: Span) -> &'a [u8] {
    let place = |offset: u32| usize::try_from(offset).unwrap_or(usize::MAX);
    if span.source != 0 {
        return &[];
    }
    command.pdu.bytes.get(place(span.start)..place(span.end)).unwrap_or_default()
}

impl Sink for Transfers {
    fn command(&mut self, command: &Command<'_>) {
        self.observe(command, &command.message());
    }

    /// Old file transfers count on it: their blocks have no places of their own.
    fn gap(&mut self, gap: &Gap) {
        self.old.gap(gap);
    }
}

impl Default for Transfers {
    fn default() -> Self {
        Self::new(Keeping::Elsewhere)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_webcam_is_known_by_its_numbers() {
        let camera = |session: &str| Camera { recipient: "1".to_owned(), session: session.to_owned() };
        let mut transfers = Transfers::default();
        let at = Transfer { kind: Kind::Webcam, ..Transfer::default() }.begin(&mut transfers.all);
        transfers.by_camera.insert(camera("7"), at);
        for session in ["8", "7"] {
            transfers.filmed(Sighting { stream: 9, ..Sighting::default() }, &camera(session));
        }
        let told = transfers.all[at].steps.iter().map(|step| step.what).collect::<Vec<_>>();
        assert_eq!((told, &transfers.all[at].carriers[..]), (vec![What::CameraConnected], &[Carrier::Direct][..]));
    }
}
