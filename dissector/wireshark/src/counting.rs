//! Counting: what a PDU adds to the statistics. Pure: comes in what it says, goes out [`Count`]s.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use msnp_dissector::msnp::{Content, Context, Direction, PduKind, Verb};

use crate::people::Known;

/// One of the trees of numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Statistic {
    /// Commands: who sends them, and which.
    Commands,
    /// People, by their accounts, and the commands that name them.
    Accounts,
    /// Conversations: chat rooms, people, or connections; what is said there, and who says it.
    Conversations,
    /// Transfers, how far they have come, and their bytes. A count is the place of one that has changed, without branches: what
    /// it adds is known when the tree is asked.
    Transfers,
}

/// Branches below one another, the outermost first, and what to add to each of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    /// In which tree.
    pub statistic: Statistic,
    /// The names of the branches.
    pub path: Vec<String>,
    /// How much.
    pub value: i32,
}

/// The two ends of a connection, as far as addresses are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ends {
    /// Who sends.
    pub source: SocketAddr,
    /// To whom.
    pub destination: SocketAddr,
}

impl Ends {
    /// Whether both addresses are known.
    pub fn are_known(&self) -> bool {
        ![self.source, self.destination].iter().any(|end| end.ip().is_unspecified())
    }

    /// Made from the bytes of addresses, four or sixteen each.
    pub fn new(source: (&[u8], u32), destination: (&[u8], u32)) -> Self {
        let end = |(bytes, port): (&[u8], u32)| SocketAddr::new(address(bytes), u16::try_from(port).unwrap_or(0));
        Self { source: end(source), destination: end(destination) }
    }

    /// The same, with the sender of what comes from the client first.
    pub fn client_first(self, direction: Direction) -> Self {
        let Self { source, destination } = self;
        if direction == Direction::ToClient { Self { source: destination, destination: source } } else { self }
    }

    /// Client first.
    pub fn named(&self, direction: Direction) -> String {
        let Self { source, destination } = self;
        match direction {
            Direction::ToClient => format!("{destination} – {source}"),
            Direction::ToServer => format!("{source} – {destination}"),
            Direction::Unknown => format!("{} – {}", source.min(destination), source.max(destination)),
        }
    }
}

fn address(bytes: &[u8]) -> IpAddr {
    let four = <[u8; 4]>::try_from(bytes).map(|bytes| IpAddr::V4(Ipv4Addr::from(bytes)));
    four.or_else(|_| <[u8; 16]>::try_from(bytes).map(|bytes| IpAddr::V6(Ipv6Addr::from(bytes))))
        .unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED))
}

/// What a PDU adds: itself, to each person whom it names once.
pub fn counts(known: &Known<'_>) -> Vec<Count> {
    let Known { pdu, context, dissection, .. } = *known;
    let verb = dissection.message.verb.filter(|_| pdu.kind == PduKind::Command);
    let what = verb.map_or_else(|| beside(pdu.kind).to_owned(), named);
    let count = |statistic, path| Count { statistic, path, value: 1 };
    let mut counts = vec![count(Statistic::Commands, vec![sender(pdu.kind, context).to_owned(), what.clone()])];
    counts.extend(known.accounts().into_iter().map(|one| count(Statistic::Accounts, vec![one, what.clone()])));
    let path = match content(&dissection.message.content) {
        Some(said) => [known.conversation(), said.to_owned()].into_iter().chain(known.speaker()).collect(),
        None => vec![known.conversation(), what],
    };
    counts.push(count(Statistic::Conversations, path));
    counts
}

/// The errors of the server together: which they are says the packet list.
fn named(verb: Verb) -> String {
    if verb.is_error() { format!("Error {verb}") } else { verb.to_string() }
}

fn sender(kind: PduKind, context: &Context) -> &'static str {
    match context.direction {
        _ if context.between_peers || is_between_programs(kind) => "Between programs",
        Direction::ToServer => "From the client",
        Direction::ToClient => "From the server",
        Direction::Unknown => "From either side",
    }
}

fn is_between_programs(kind: PduKind) -> bool {
    matches!(kind, PduKind::Direct | PduKind::FileTransfer | PduKind::Relay | PduKind::Udp | PduKind::Webcam)
}

/// What is no command.
fn beside(kind: PduKind) -> &'static str {
    match kind {
        PduKind::Direct => "Frame of a direct connection",
        PduKind::FileTransfer => "Old file transfer",
        PduKind::Relay => "Frame of a relay",
        PduKind::Udp => "Datagram",
        PduKind::Webcam => "Webcam",
        _ => "Bytes that are no command",
    }
}

/// What people notice of a message; other commands are counted by their verb.
fn content(content: &Content) -> Option<&'static str> {
    match content {
        Content::Text(_) => Some("Messages"),
        Content::Typing { .. } => Some("Typing notices"),
        Content::Nudge => Some("Nudges"),
        Content::Wink { .. } => Some("Winks"),
        Content::VoiceClip { .. } => Some("Voice clips"),
        Content::Ink { .. } => Some("Handwriting"),
        Content::PeerToPeer(_) => Some("Packets of transfers"),
        Content::Datagram(datagram) => self::content(&datagram.content),
        _ => None,
    }
}
