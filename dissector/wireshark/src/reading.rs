//! Reading: the bytes of one call become a plan, and perhaps a request for more bytes.
//!
//! Comes in: what TCP handed over, and the memory. Goes out: [`Outcome`]. Pure Rust that may allocate and, were there a
//! fault in it, panic: it runs inside the gate of [`crate::callbacks`] and is over before Wireshark is called again.

use msnp_dissector::capture::Timestamp;
use msnp_dissector::msnp::framing::{Frame, PAYLOAD_CEILING, Sync};
use msnp_dissector::msnp::{Context, Dialogue, Direction, Dissection, Pdu, PduKind, Server, dissect};
use msnp_dissector::tree::{Item, Recording};

use crate::counting::{Ends, counts};
use crate::epan::Listener;
use crate::gateway::Session;
use crate::memory::{Continuity, First, Half, Handshake, Key, Memory, Segment, Standing, Stream, Transport};
use crate::people::Known;
use crate::plan::{Audience, Plan, Told};
use crate::registration::Registered;
use crate::visits::Visit;

/// So many bytes that could be told are put off at most.
const PUT_OFF_CEILING: usize = 4096;

/// Whether TCP can keep bytes back until more arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Patience {
    /// It can.
    Waits,
    /// It cannot: what is not all there is shown as far as it goes.
    TakesWhatIsThere,
    /// Nor can the gateway's body, but the next one goes on where it ends.
    GoesOn,
}

/// One call of the dissector.
#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    /// What TCP handed over.
    pub bytes: &'a [u8],
    /// Number of the frame.
    pub frame: u32,
    /// Time of the frame.
    pub time: Timestamp,
    /// PDUs that earlier calls have already shown in this frame.
    pub before: u32,
    /// The conversation, by its address.
    pub conversation: usize,
    /// What carries the bytes.
    pub transport: Transport,
    /// Port that the bytes come from.
    pub source_port: u32,
    /// Port that the bytes go to.
    pub destination_port: u32,
    /// Where they stand in the stream; `None` when nobody told.
    pub segment: Option<Segment>,
    /// What was captured of the connection's beginning.
    pub handshake: Handshake,
    /// Whether TCP can keep bytes back.
    pub patience: Patience,
    /// Bytes that followed on the wire but were cut off when the packet was captured.
    pub cut: usize,
    /// Who will see the result.
    pub audience: Audience,
    /// What the way there tells of the server, where nothing that it says does.
    pub server: Server,
    /// The two ends, by their addresses; those of a gateway's session, the client's first.
    pub ends: Ends,
    /// Which session of the gateway carries the bytes, if one does.
    pub session: Option<Session>,
    /// Whether somebody wants objects.
    pub objects: Listener,
    /// Whether somebody wants statistics.
    pub statistics: Listener,
}

/// A request to keep bytes back.
#[derive(Debug, Clone, Copy)]
pub struct Wait {
    /// The first byte to keep.
    pub offset: usize,
    /// How many bytes more are needed; `None` when nobody knows.
    pub more: Option<usize>,
}

/// What came of a call.
pub struct Outcome {
    /// False when these are not MSNP's bytes, for all that they use its port.
    pub ours: bool,
    /// What Wireshark is to be told.
    pub plan: Plan,
    /// Number of PDUs in it.
    pub pdus: u32,
    /// Their bytes.
    pub bytes: usize,
    /// What TCP is to be asked.
    pub wait: Option<Wait>,
}

/// Takes the bytes of a call apart.
pub fn read(call: &Call<'_>, registered: &Registered, memory: &mut Memory) -> Outcome {
    let ports = [call.source_port, call.destination_port];
    let begins = call.handshake != Handshake::Missing && call.segment.is_some_and(|segment| segment.first);
    let sync = if begins { Sync::Kept } else { Sync::Lost };
    if call.transport == Transport::Tcp && memory.is_foreign(call.conversation, ports, sync, call.bytes) {
        return Outcome { ours: false, plan: Plan::default(), pdus: 0, bytes: 0, wait: None };
    }
    let plan = std::mem::take(&mut memory.spare);
    let patience = call.patience;
    let mut reader = Reader { call, registered, memory, plan, patience, pdus: 0, told: 0, offset: 0, framed: None };
    let kept = if reader.memory.is_first_visit(reader.key()) { reader.receive() } else { 0 };
    let wait = match reader.puts_off(kept) {
        true => reader.put_off(),
        false => reader.run(),
    };
    Outcome { ours: true, plan: reader.plan.finish(), pdus: reader.pdus, bytes: reader.told, wait }
}

/// Direction, and what the bytes before left behind.
type Here = (Direction, Standing);

struct Reader<'a> {
    call: &'a Call<'a>,
    registered: &'a Registered,
    memory: &'a mut Memory,
    plan: Plan,
    patience: Patience,
    pdus: u32,
    /// Bytes of those PDUs.
    told: usize,
    offset: usize,
    /// What stands at the first byte, once that is known.
    framed: Option<Frame>,
}

impl<'a> Reader<'a> {
    /// Whether nothing can be told yet. Where what TCP is to keep begins among the first `kept` bytes, which it has kept
    /// before, it hands over all of them once more: whatever is told of them now would be told again.
    fn puts_off(&mut self, kept: usize) -> bool {
        if self.patience != Patience::Waits {
            return false;
        }
        let key = self.key();
        if !self.memory.is_first_visit(key) {
            let before = self.memory.put_off.get(&key);
            self.patience = before.copied().unwrap_or(Patience::Waits);
            return before == Some(&Patience::Waits);
        }
        let told = if kept > 0 { self.first_unfinished(kept).unwrap_or(0) } else { 0 };
        if told >= PUT_OFF_CEILING {
            self.patience = Patience::TakesWhatIsThere;
        }
        if told > 0 {
            self.memory.put_off.insert(key, self.patience);
        }
        (1..PUT_OFF_CEILING).contains(&told)
    }

    /// Where what is not all there begins, unless behind the first `limit` bytes.
    fn first_unfinished(&mut self, limit: usize) -> Option<usize> {
        let (direction, Standing { mut sync, owed, mut dialogue }) = self.state();
        let mut at = owed;
        while at <= limit {
            let rest = self.rest(at);
            let frame = dialogue.frame(rest, direction, sync);
            if at == 0 {
                self.framed = Some(frame);
            }
            match frame {
                _ if rest.is_empty() => return None,
                Frame::Needs(_) => return Some(at),
                Frame::Blank(count) => at = at.saturating_add(count),
                Frame::Skip(count) => (at, sync) = (at.saturating_add(count), Sync::Lost),
                Frame::Command { line, payload } if at.saturating_add(line).saturating_add(payload) > limit => {
                    return None;
                }
                Frame::Command { line, payload } => {
                    let length = line.saturating_add(payload);
                    let pdu = dialogue.pdu(rest.get(..length).unwrap_or_default(), line, direction);
                    sync = if pdu.announced > PAYLOAD_CEILING { Sync::Lost } else { Sync::Kept };
                    (at, dialogue) = (at.saturating_add(length), dialogue.after(&pdu));
                }
            }
        }
        None
    }

    /// Leaves everything to TCP until the next segment.
    fn put_off(&mut self) -> Option<Wait> {
        if self.memory.is_first_visit(self.key()) {
            let length = self.rest(0).len();
            self.half().keep_back(length);
        }
        Some(Wait { offset: 0, more: None })
    }

    /// Frames as much as there is; stray bytes are told in one piece.
    fn run(&mut self) -> Option<Wait> {
        if self.call.transport == Transport::Udp {
            return self.datagram();
        }
        let mut strayed = 0;
        loop {
            let rest = self.rest(strayed);
            if rest.is_empty() {
                self.tell_stray(strayed, PduKind::Skipped);
                let owed = self.half().standing.owed;
                return self.end_of_call(owed);
            }
            let here @ (direction, standing) = self.state();
            if standing.owed > 0 && strayed == 0 {
                self.tell_owed(standing.owed.min(rest.len()), here);
                continue;
            }
            let sync = if strayed > 0 { Sync::Lost } else { standing.sync };
            let framed = self.framed.take();
            match framed.unwrap_or_else(|| standing.dialogue.frame(rest, direction, sync)) {
                Frame::Skip(count) => strayed += count,
                Frame::Blank(count) if strayed > 0 => strayed += count,
                Frame::Blank(count) => self.offset += count,
                Frame::Command { line, payload } => {
                    let after = Standing { sync: Sync::Kept, owed: 0, ..standing };
                    // What is told before it leaves another standing behind.
                    let here = if strayed > 0 { self.after_stray(strayed) } else { here };
                    strayed = 0;
                    self.tell_command(line, line + payload, here, after);
                }
                Frame::Needs(total) => {
                    let strayed = self.left_off(strayed);
                    self.tell_stray(strayed, PduKind::Skipped);
                    return self.wait_or_tell(total);
                }
            }
        }
    }

    /// How many stray bytes come before those that TCP is to keep. When it hands them over again, for a later visit, it may
    /// leave out what it kept: where the first visit left off is remembered.
    fn left_off(&mut self, strayed: usize) -> usize {
        let key = self.key();
        if !self.memory.is_first_visit(key) {
            return self.memory.left_off.get(&key).copied().unwrap_or(strayed);
        }
        if strayed > 0 && self.patience == Patience::Waits {
            self.memory.left_off.insert(key, strayed);
        }
        strayed
    }

    /// A datagram is a PDU, and what was cut off of it is missing in it alone.
    fn datagram(&mut self) -> Option<Wait> {
        if !self.call.bytes.is_empty() {
            let here = self.state();
            self.tell(&Pdu::datagram(self.call.bytes, self.call.cut), here, here.1);
        }
        None
    }

    fn wait_or_tell(&mut self, total: Option<usize>) -> Option<Wait> {
        let length = self.rest(0).len();
        let missing = total.map(|total| total.saturating_sub(length));
        if length == 0 {
            return self.end_of_call(0);
        }
        let here @ (_, standing) = self.state();
        // Between programs, bytes that may begin anywhere have no head that could be believed.
        let believed = standing.sync == Sync::Kept || standing.dialogue == Dialogue::Service;
        let head = standing.dialogue.head(self.rest(0)).filter(|_| believed && total.is_some());
        if self.patience == Patience::Waits {
            if self.memory.is_first_visit(self.key()) {
                self.half().keep_back(length);
            }
            // TCP hands over as much as it is asked for, again and again within a segment, and gives up on a packet after
            // some hundred times: a number is asked for only where a PDU ends there, never to look for one byte by byte.
            let more = missing.filter(|missing| head.is_some() && *missing > 1);
            return Some(Wait { offset: self.offset, more });
        }
        match (head, standing.sync) {
            (Some(line), _) => {
                let (sync, owed) = match missing.filter(|_| self.goes_on()) {
                    Some(owed) => (Sync::Kept, owed),
                    None => (Sync::Lost, 0),
                };
                self.tell_command(line, length, here, Standing { sync, owed, ..standing });
            }
            (None, Sync::Kept) => self.tell_stray(length, PduKind::Unfinished),
            (None, Sync::Lost) => self.tell_stray(length, PduKind::Skipped),
        }
        self.end_of_call(missing.unwrap_or(0))
    }

    /// Whether what is not all there goes on with the next bytes of this direction: in the gateway's next body, or in the next
    /// segment, where TCP says whether one was lost before it.
    fn goes_on(&self) -> bool {
        self.call.cut == 0 && (self.patience == Patience::GoesOn || self.call.segment.is_some())
    }

    /// A packet that was cut when it was captured ends in a hole of known length. One that ends inside a payload, of
    /// which `missing` bytes are not there, or right after it, does not cost the place in the stream.
    fn end_of_call(&mut self, missing: usize) -> Option<Wait> {
        let cut = self.call.cut;
        if cut > 0 && self.memory.is_first_visit(self.key()) {
            let (direction, standing) = self.state();
            self.half().standing = match missing.checked_sub(cut) {
                Some(owed) => Standing { sync: Sync::Kept, owed, ..standing },
                None => Standing { sync: Sync::Lost, owed: 0, ..standing },
            };
            self.stream().lost(direction);
        }
        None
    }

    fn tell_owed(&mut self, length: usize, here: Here) {
        let pdu = Pdu::stray(self.rest(0).get(..length).unwrap_or_default(), PduKind::PayloadRest);
        let (_, standing) = here;
        self.tell(&pdu, here, Standing { owed: standing.owed.saturating_sub(length), ..standing });
    }

    /// `after` is what holds after the command, if its promise is to be believed.
    fn tell_command(&mut self, line: usize, length: usize, here: Here, after: Standing) {
        let (direction, standing) = here;
        let pdu = standing.dialogue.pdu(self.rest(0).get(..length).unwrap_or_default(), line, direction);
        let (sync, owed) = if pdu.announced > PAYLOAD_CEILING { (Sync::Lost, 0) } else { (after.sync, after.owed) };
        self.tell(&pdu, here, Standing { sync, owed, dialogue: standing.dialogue.after(&pdu) });
    }

    /// Tells stray bytes; what holds behind them.
    fn after_stray(&mut self, length: usize) -> Here {
        self.tell_stray(length, PduKind::Skipped);
        self.state()
    }

    fn tell_stray(&mut self, length: usize, kind: PduKind) {
        if length > 0 {
            let pdu = Pdu::stray(self.rest(0).get(..length).unwrap_or_default(), kind);
            let here @ (_, standing) = self.state();
            self.tell(&pdu, here, Standing { sync: Sync::Lost, owed: 0, ..standing });
        }
    }

    /// Plans a PDU and moves past it; `here` is what holds before it, `after` what it leaves behind.
    fn tell(&mut self, pdu: &Pdu<'_>, here: Here, after: Standing) {
        let key = self.key();
        let Call { conversation, audience, objects, statistics, .. } = *self.call;
        let again = self.memory.visit(key);
        let context = self.context(pdu, again, here, after);
        let completes = self.memory.assembly(key);
        let pdu = &pdu.completing(completes.as_deref());
        let counted = statistics == Listener::There;
        let mut facts = match audience == Audience::Tree || counted {
            true => self.memory.facts(key, conversation, pdu, &context),
            false => Vec::new(),
        };
        let findings =
            again.map(|visit| self.memory.findings(key, visit.number, conversation, pdu)).unwrap_or_default();
        let recording = if counted { Recording::Everything } else { audience.recording(self.registered) };
        let dissection = dissect(pdu, &context, recording);
        // Who writes a list while reading looks at each packet once, and would pay for what is told at a second look.
        let followed = again.is_none() && audience != Audience::List;
        let listeners = [objects, statistics];
        self.memory.transfer(key, conversation, pdu, &context, &dissection.message, (listeners, followed));
        if counted {
            self.count(pdu, &context, &dissection, &facts);
            self.memory.objects.counts(key).iter().for_each(|count| self.plan.count(count));
        }
        if audience != Audience::Tree {
            facts = Vec::new();
        }
        let told = Told { pdu, context: &context, dissection, facts, findings };
        self.plan.add(self.registered, self.offset, audience, told);
        self.offset = self.offset.saturating_add(pdu.bytes.len());
        self.told = self.told.saturating_add(pdu.bytes.len());
        self.pdus = self.pdus.saturating_add(1);
    }

    /// Adds a PDU to the trees of numbers.
    fn count(&mut self, pdu: &Pdu<'_>, context: &Context, dissection: &Dissection<'_>, facts: &[Item]) {
        let Call { conversation, session, ends, .. } = *self.call;
        let connection = session.map_or_else(|| ends.named(context.direction), |session| session.name(&ends));
        let owner = self.memory.owner(conversation);
        let known = Known { pdu, context, dissection, facts, owner, connection: &connection };
        counts(&known).iter().for_each(|count| self.plan.count(count));
    }

    /// The context of the next PDU: kept from the first visit, with what the connection has learned since, or new.
    fn context(&mut self, pdu: &Pdu<'_>, again: Option<Visit>, here: Here, after: Standing) -> Context {
        if let Some(visit) = again {
            return self.resolved(visit.context);
        }
        let (direction, standing) = here;
        let context = self.stream().connection.context_for(pdu, direction);
        let key = self.key();
        if self.memory.is_first_visit(key) {
            let Call { time, conversation, source_port, destination_port, .. } = *self.call;
            let first = First { key, time, conversation, ports: [source_port, destination_port] };
            self.memory.keep(&first, pdu, context, standing);
            self.half().standing = after;
        }
        self.resolved(context)
    }

    /// A context with what is known by now of the server.
    fn resolved(&mut self, context: Context) -> Context {
        let context = self.stream().connection.resolve(context);
        let server = if context.server == Server::Unknown { self.call.server } else { context.server };
        Context { server, ..context }
    }

    /// Direction, and what the bytes before left behind.
    fn state(&mut self) -> Here {
        if let Some(visit) = self.memory.visit(self.key()) {
            return (visit.context.direction, visit.standing);
        }
        let call = self.call;
        let (source, destination) = (call.source_port, call.destination_port);
        let stream = self.stream();
        let direction = stream.direction(source, destination, call.handshake, call.bytes);
        (direction, stream.half(source, destination).standing)
    }

    /// Takes note of the bytes, and of bytes missing before them. Says how many of them TCP has kept since it handed them
    /// over before.
    fn receive(&mut self) -> usize {
        let Some(segment) = self.call.segment else { return 0 };
        let length = self.call.bytes.len().saturating_add(self.call.cut);
        let kept = self.half().kept(segment);
        if self.half().receive(segment, length) == Continuity::Whole {
            return kept;
        }
        let dialogue = self.half().standing.dialogue;
        self.half().standing = Standing { sync: Sync::Lost, owed: 0, dialogue };
        let (direction, _) = self.state();
        self.stream().lost(direction);
        kept
    }

    fn stream(&mut self) -> &mut Stream {
        let Call { conversation, transport, handshake, bytes, .. } = *self.call;
        self.memory.stream(conversation, transport, handshake, bytes)
    }

    fn half(&mut self) -> &mut Half {
        let call = self.call;
        self.stream().half(call.source_port, call.destination_port)
    }

    fn key(&self) -> Key {
        (self.call.frame, self.call.before.saturating_add(self.pdus))
    }

    /// What is left behind `strayed` bytes that wait to be told.
    fn rest(&self, strayed: usize) -> &'a [u8] {
        self.call.bytes.get(self.offset.saturating_add(strayed)..).unwrap_or_default()
    }
}
