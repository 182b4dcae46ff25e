//! What the plugin keeps between packets, and forgets when another file is opened.
//!
//! Wireshark dissects every frame once in order, and later again in any order. What the first visit found is kept per
//! PDU, keyed by frame and place within the frame; later visits only look it up. So each PDU looks the same whenever it
//! is asked for. This room sees no Wireshark function; a conversation is only an address to it.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use msnp_dissector::analysis::{Link, Links, Pending, Rooms, whole_item};
use msnp_dissector::capture::Timestamp;
use msnp_dissector::msnp::detection::{Detection, detect, is_foreign};
use msnp_dissector::msnp::framing::Sync;
use msnp_dissector::msnp::{Connection, Context, Dialogue, Direction, Message, Pdu, dissect};
use msnp_dissector::transport::How;
use msnp_dissector::tree::{Assembly, Expert, Item, Recording};

use crate::epan::Listener;
use crate::gateway::Gateways;
use crate::objects::Objects;
use crate::people::signed_in;
use crate::plan::Plan;
use crate::reading::Patience;
use crate::search::Searches;
use crate::visits::{Visit, Visits};

/// The port that servers listen on.
pub const SERVER_PORT: u32 = 1863;

/// A PDU that is visited for the first time.
#[derive(Debug, Clone, Copy)]
pub struct First {
    /// Which it is.
    pub key: Key,
    /// Time of its frame.
    pub time: Timestamp,
    /// Its conversation.
    pub conversation: usize,
    /// The ports that it comes from and goes to.
    pub ports: [u32; 2],
}

/// A PDU, by frame and by place in the frame.
pub type Key = (u32, u32);

/// What the bytes before leave behind for those that follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Whether the last command ended where the next byte stands.
    pub sync: Sync,
    /// Bytes of a payload still to come after a hole inside it.
    pub owed: usize,
    /// What is spoken from here on.
    pub dialogue: Dialogue,
}

/// What one direction of a connection is at.
#[derive(Debug, Clone, Copy)]
pub struct Half {
    /// At the next byte.
    pub standing: Standing,
    /// Sequence number after the last byte handed over, and whether bytes are missing before the current ones.
    next: Option<u32>,
    /// Sequence number of the first byte that TCP was asked to keep back.
    kept_back: Option<u32>,
    /// Bytes that were not told and are lost, before the next PDU.
    gap: u64,
    /// Where the circumstances of its last PDU are kept.
    circumstances: Option<u32>,
}

/// One TCP connection.
#[derive(Debug)]
pub struct Stream {
    /// The library's memory of it.
    pub connection: Connection,
    /// Its requests that wait for an answer.
    pending: Pending,
    rooms: Rooms,
    /// Who signs in on it.
    owner: Option<String>,
    /// Between two programs: whether the first bytes are of the one who connected.
    connector_first: Option<bool>,
    server_port: Option<u32>,
    halves: [Half; 2],
    /// True once a PDU was told.
    told: bool,
}

/// Where the bytes of a call stand in the stream, as far as TCP says.
#[derive(Debug, Clone, Copy)]
pub struct Segment {
    /// Sequence number after the last segment.
    pub next_seq: u32,
    /// True when it is known to be the first of its direction.
    pub first: bool,
    /// True when the bytes are put together from several segments.
    pub reassembled: bool,
}

/// What was captured of a TCP connection's beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Handshake {
    /// Nothing: the capture began later.
    Missing,
    /// It, but not in a way that tells who opened the connection.
    Seen,
    /// The sender of the current packet opened the connection.
    OpenedBySource,
    /// Its receiver did.
    OpenedByDestination,
}

impl Handshake {
    /// A connection whose handshake was captured begins with a command.
    fn first_sync(self) -> Sync {
        if self == Self::Missing { Sync::Lost } else { Sync::Kept }
    }
}

/// What carries the bytes of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// A stream of bytes.
    Tcp,
    /// Datagrams, each a PDU.
    Udp,
}

/// Everything that is kept.
#[derive(Debug, Default)]
pub struct Memory {
    streams: Streams,
    /// Sessions of the HTTP gateway.
    pub gateways: Gateways,
    /// Where MSNP is looked for on other ports.
    pub searches: Searches,
    /// Conversations on the service's port that are another protocol's.
    foreign: HashSet<usize>,
    visits: Visits,
    /// Where a first visit told nothing but waited, or took what was there because it had waited for long.
    pub put_off: BTreeMap<Key, Patience>,
    /// The length of stray bytes behind which a first visit had TCP keep some.
    pub left_off: BTreeMap<Key, usize>,
    /// What PDUs complete, of those that do.
    assemblies: BTreeMap<Key, Arc<Assembly>>,
    links: Links,
    /// How many bytes are missing before a PDU, of those where some are.
    gaps: BTreeMap<Key, u64>,
    /// Pictures and files.
    pub objects: Objects,
    /// Room for the next plan.
    pub spare: Plan,
    /// Number of the last PDU that they know of.
    transferred: u32,
    /// Whether somebody wants objects or statistics.
    listens: bool,
}

/// The connections. Packets of one often follow one another, so it is remembered which was asked for last.
#[derive(Debug, Default)]
struct Streams {
    places: HashMap<usize, usize>,
    all: Vec<Stream>,
    /// Conversation and place.
    latest: Option<(usize, usize)>,
}

impl Streams {
    fn place(&self, conversation: usize) -> Option<usize> {
        match self.latest {
            Some((latest, place)) if latest == conversation => Some(place),
            _ => self.places.get(&conversation).copied(),
        }
    }

    fn get(&self, conversation: usize) -> Option<&Stream> {
        self.all.get(self.place(conversation)?)
    }

    fn get_or_add(&mut self, conversation: usize, fresh: impl FnOnce() -> Stream) -> &mut Stream {
        let place = self.place(conversation).unwrap_or_else(|| {
            self.places.insert(conversation, self.all.len());
            self.all.len()
        });
        self.latest = Some((conversation, place));
        if place == self.all.len() {
            self.all.push(fresh());
        }
        #[allow(clippy::indexing_slicing)] // every place in the table is one of the list, which never shrinks
        &mut self.all[place]
    }

    fn remove(&mut self, conversation: usize) {
        self.places.remove(&conversation);
        self.latest = None;
    }
}

static MEMORY: Mutex<Option<Memory>> = Mutex::new(None);

/// The memory. The guard must be gone before Wireshark is called again.
pub fn memory() -> MutexGuard<'static, Option<Memory>> {
    MEMORY.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Memory {
    /// What the first visit found, if there was one.
    pub fn visit(&self, key: Key) -> Option<Visit> {
        self.visits.find(key)
    }

    /// What a PDU completes.
    pub fn assembly(&self, key: Key) -> Option<Arc<Assembly>> {
        self.assemblies.get(&key).cloned()
    }

    /// True when this is the first visit: frames come in order then, so any frame before the last is a later visit.
    pub fn is_first_visit(&self, key: Key) -> bool {
        self.visits.is_new(key)
    }

    /// The stream of a conversation; over TCP, the first bytes of one that is not known yet tell what is spoken.
    pub fn stream(
        &mut self,
        conversation: usize,
        transport: Transport,
        handshake: Handshake,
        first: &[u8],
    ) -> &mut Stream {
        let peers = || match transport {
            Transport::Tcp => Dialogue::between_peers(first)
                .or_else(|| Dialogue::is_amid_packets(first).then_some((Dialogue::Direct, false))),
            Transport::Udp => Some((Dialogue::Udp, true)),
        };
        self.streams.get_or_add(conversation, || Stream::new(handshake.first_sync(), peers()))
    }

    /// Whether a conversation on the service's port is another protocol's, as the first bytes tell; `sync` says whether a
    /// connection begins with them.
    pub fn is_foreign(&mut self, conversation: usize, ports: [u32; 2], sync: Sync, bytes: &[u8]) -> bool {
        if self.foreign.contains(&conversation) {
            return true;
        }
        let spoken = self.streams.get(conversation).is_some_and(|s| s.told || s.connector_first.is_some());
        let peers = || Dialogue::between_peers(bytes).is_some() || Dialogue::is_amid_packets(bytes);
        if spoken || !ports.contains(&SERVER_PORT) || peers() {
            return false;
        }
        let foreign = is_foreign(bytes, sync) == Some(true);
        if foreign {
            self.streams.remove(conversation);
            self.foreign.insert(conversation);
        }
        foreign
    }

    /// Keeps what the first visit to a PDU of a stream found, and lets its connection move on.
    pub fn keep(&mut self, first: &First, pdu: &Pdu<'_>, context: Context, standing: Standing) {
        let First { key, time, conversation, ports: [source, destination] } = *first;
        let Some(stream) = self.streams.place(conversation).and_then(|place| self.streams.all.get_mut(place)) else {
            return;
        };
        stream.told = true;
        let half = stream.half(source, destination);
        let gap = std::mem::take(&mut half.gap);
        if gap > 0 {
            self.gaps.insert(key, gap);
        }
        let number = self.visits.keep(key, time, (context, standing), &mut half.circumstances);
        let completes = stream.connection.observe(number, pdu, &context);
        stream.rooms.note(number, pdu, &context);
        stream.owner = stream.owner.take().or_else(|| signed_in(pdu, &context));
        stream.pending.note(number, key.0.into(), time, &context, pdu);
        self.links.note(number, &context, completes.as_ref());
        self.assemblies.extend(completes.map(|assembly| (key, Arc::new(assembly))));
    }

    /// Lets the transfers know what a PDU says, with the context as it is known now: while somebody listens, and on first visits
    /// that are `followed`, as long as all before were. Who begins to listen has every frame dissected anew, in order: they
    /// begin anew too, as more is known then.
    pub fn transfer(
        &mut self,
        key: Key,
        conversation: usize,
        pdu: &Pdu<'_>,
        context: &Context,
        message: &Message<'_>,
        ([objects, statistics], followed): ([Listener; 2], bool),
    ) {
        let listens = [objects, statistics].contains(&Listener::There);
        if listens && !self.listens {
            (self.transferred, self.objects) = (0, Objects::default());
        }
        self.listens = listens;
        let Some(visit) = self.visit(key) else { return };
        let next = followed && self.transferred.checked_add(1) == Some(visit.number);
        if self.transferred < visit.number && (listens || next) {
            self.transferred = visit.number;
            let seen = (visit.number, self.visits.place(visit.number).map(|place| place.time).unwrap_or_default());
            let resolved = self.streams.get(conversation).map_or(*context, |s| s.connection.resolve(*context));
            if let Some(length) = self.gaps.get(&key) {
                self.objects.lost(*length, conversation, resolved.direction);
            }
            if resolved == *context {
                self.objects.observe(key, seen, conversation, pdu, &resolved, message);
            } else {
                let message = dissect(pdu, &resolved, Recording::Nothing).message;
                self.objects.observe(key, seen, conversation, pdu, &resolved, &message);
            }
        }
        if objects == Listener::There {
            self.objects.keep(visit.number, pdu, message);
        } else {
            self.objects.release();
        }
    }

    /// What the capture tells of a PDU: the request that it answers, its chat room, who sends it; after the first pass also the
    /// answers to it, and what makes a piece whole.
    pub fn facts(&self, key: Key, conversation: usize, pdu: &Pdu<'_>, context: &Context) -> Vec<Item> {
        let Some(visit) = self.visit(key) else { return Vec::new() };
        let mut items = Vec::new();
        let request = visit.context.answers.and_then(|request| Some((request.pdu, self.visits.place(request.pdu)?)));
        if let (Some((number, asked)), Some(here)) = (request, self.visits.place(visit.number)) {
            items.extend(Link::new(number, asked.frame.into(), asked.time, here.time).request_items());
        }
        let room = self.streams.get(conversation).and_then(|stream| stream.rooms.at(visit.number));
        items.extend(room.iter().flat_map(|room| room.items(pdu, context)));
        let answers = self.links.answers(visit.number);
        items.extend(
            answers.and_then(|answers| Some(answers.response_item(self.visits.place(answers.first)?.frame.into()))),
        );
        let whole = self.links.whole(visit.number).and_then(|whole| self.visits.place(whole));
        items.extend(whole.map(|whole| whole_item(whole.frame.into())));
        items
    }

    /// Who signs in on a connection, the first time.
    pub fn owner(&self, conversation: usize) -> Option<&str> {
        self.streams.get(conversation)?.owner.as_deref()
    }

    /// What only a later visit tells: that nobody answered a request, and that a transfer did not come whole. Wireshark does not
    /// tell when a connection ends, so the other side must have been heard long after a request.
    pub fn findings(&self, key: Key, number: u32, conversation: usize, pdu: &Pdu<'_>) -> Vec<Expert> {
        let line = u32::try_from(pdu.line).unwrap_or(u32::MAX);
        let pending = self.streams.get(conversation).map(|stream| &stream.pending);
        let request = pending.and_then(|pending| pending.is_unanswered(number, 0, How::CaptureEnd));
        let mut findings = match self.transferred == self.visits.count() {
            true => self.objects.findings(key, number, line),
            false => Vec::new(),
        };
        findings.extend(request.map(|request| request.expert(line)));
        findings
    }
}

impl Stream {
    fn new(sync: Sync, peers: Option<(Dialogue, bool)>) -> Self {
        let dialogue = peers.map_or(Dialogue::Service, |(dialogue, _)| dialogue);
        let half = Half {
            standing: Standing { sync, owed: 0, dialogue },
            next: None,
            kept_back: None,
            gap: 0,
            circumstances: None,
        };
        let connection = match (peers, sync) {
            (Some(_), _) => Connection::between_peers(),
            (None, Sync::Kept) => Connection::from_start(),
            (None, Sync::Lost) => Connection::new(),
        };
        let connector_first = peers.map(|(_, connector)| connector);
        Self {
            connection,
            pending: Pending::default(),
            rooms: Rooms::default(),
            owner: None,
            connector_first,
            server_port: None,
            halves: [half, half],
            told: false,
        }
    }

    /// Bytes of one direction are missing.
    pub fn lost(&mut self, direction: Direction) {
        self.connection.lost(direction);
        self.pending.lost(direction);
    }

    /// Which way bytes travel from one port to the other: by the service's port, else by what they say, else by who opened
    /// the connection, else as is the habit that clients use the higher port.
    pub fn direction(&mut self, source: u32, destination: u32, handshake: Handshake, bytes: &[u8]) -> Direction {
        let habit = source.min(destination);
        let opened_to = match handshake {
            Handshake::OpenedBySource => Some(destination),
            Handshake::OpenedByDestination => Some(source),
            Handshake::Seen | Handshake::Missing => None,
        };
        let connector_first = self.connector_first;
        let find = || match (source == SERVER_PORT, destination == SERVER_PORT) {
            _ if connector_first == Some(true) => Some(destination),
            _ if connector_first == Some(false) => Some(opened_to.unwrap_or(habit)),
            (true, false) => Some(source),
            (false, true) => Some(destination),
            (true, true) => opened_to,
            (false, false) => match detect(bytes) {
                Detection::Server => Some(source),
                Detection::Client => Some(destination),
                Detection::Msnp => Some(opened_to.unwrap_or(habit)),
                Detection::No | Detection::NeedMore => None,
            },
        };
        self.server_port = self.server_port.or_else(find);
        let server = self.server_port.or(opened_to).unwrap_or(habit);
        match (source == server, destination == server) {
            (true, false) => Direction::ToClient,
            (false, true) => Direction::ToServer,
            _ => Direction::Unknown,
        }
    }

    /// One direction, told apart by its ports: the one towards the higher port, and the other.
    pub fn half(&mut self, source: u32, destination: u32) -> &mut Half {
        let [up, down] = &mut self.halves;
        if source < destination { up } else { down }
    }
}

/// Whether bytes are missing before some bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Continuity {
    /// None are.
    Whole,
    /// Some are.
    Gap,
}

impl Half {
    /// Takes note of `length` bytes handed over.
    pub fn receive(&mut self, segment: Segment, length: usize) -> Continuity {
        let length = u32::try_from(length).unwrap_or(u32::MAX);
        let start = match (segment.reassembled, self.kept_back, self.next) {
            (true, Some(kept_back), _) => kept_back,
            (true, None, Some(next)) => next,
            // The first words of a connection, put together before they were recognised, end where the segment does.
            (true, None, None) | (false, ..) => segment.next_seq.wrapping_sub(length),
        };
        // What TCP kept back before a hole is never told.
        let told = self.kept_back.take().or(self.next);
        let end = start.wrapping_add(length);
        let expected = self.next.unwrap_or(start);
        if let Some(told) = told.filter(|_| is_after(start, expected)) {
            self.gap = self.gap.saturating_add(start.wrapping_sub(told).into());
        }
        if self.next.is_none() || is_after(end, expected) {
            self.next = Some(end);
        }
        if is_after(start, expected) { Continuity::Gap } else { Continuity::Whole }
    }

    /// How many of the bytes that are handed over now TCP has kept since it handed them over before.
    pub fn kept(&self, segment: Segment) -> usize {
        match (segment.reassembled, self.kept_back, self.next) {
            (true, Some(kept_back), Some(next)) => usize::try_from(next.wrapping_sub(kept_back)).unwrap_or(0),
            _ => 0,
        }
    }

    /// Takes note that the last `length` bytes were left to TCP until more are there.
    pub fn keep_back(&mut self, length: usize) {
        let length = u32::try_from(length).unwrap_or(u32::MAX);
        self.kept_back = self.next.map(|next| next.wrapping_sub(length));
    }
}

/// True when `a` comes after `b`; sequence numbers wrap.
fn is_after(a: u32, b: u32) -> bool {
    matches!(a.wrapping_sub(b), 1..=0x7fff_ffff)
}
