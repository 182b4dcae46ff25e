//! Export Objects: pictures and files, put together from their packets, for Wireshark's dialog and `--export-objects msnp`.
//!
//! Small pictures of files, in their invitations, are objects of their own: a declined file leaves nothing else.
//!
//! Each PDU feeds the library's transfers once; which PDUs change one, and which make one whole, is remembered, and whenever
//! they are dissected, Wireshark is told. Bytes of objects are kept, under a ceiling, only while somebody listens: who begins
//! to do so has every frame dissected anew, in order, so that all chunks of an object pass before the one that makes it
//! whole.

use std::collections::BTreeMap;
use std::ffi::{c_char, c_int, c_uint, c_void};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::panic::catch_unwind;
use std::ptr::null_mut;
use std::sync::atomic::{AtomicI32, Ordering};

use msnp_dissector::analysis::{Command, Gap, Place, Sink as _};
use msnp_dissector::capture::Timestamp;
use msnp_dissector::msnp::p2p::{FileTransfer, Role};
use msnp_dissector::msnp::{Content, Context, Direction, Message, Pdu};
use msnp_dissector::transfer::{Arrived, Bytes, Keeping, Transfer, Transfers, content_type};
use msnp_dissector::transport::Cause;
use msnp_dissector::tree::{Expert, Span};

use crate::counting::{Count, Statistic};
use crate::epan::{self, Listener, ObjectEntry, ObjectList, PacketInfo};
use crate::memory::{self, Key};
use crate::preferences::object_ceiling;
use crate::versions::Packet;

/// Wireshark's number of the tap; -1 while there is none.
static TAP: AtomicI32 = AtomicI32::new(-1);

/// The transfers, and which PDUs made one whole.
#[derive(Debug)]
pub struct Objects {
    transfers: Transfers,
    /// Numbers of conversations, in the order of their appearance.
    streams: BTreeMap<usize, u32>,
    whole: BTreeMap<Key, Vec<Arrived>>,
    /// PDUs that change a transfer, in their order, and its place.
    changes: Vec<(Key, u32)>,
    kept: Kept,
}

impl Default for Objects {
    fn default() -> Self {
        let transfers = Transfers::new(Keeping::Elsewhere);
        let (streams, whole, changes) = Default::default();
        Self { transfers, streams, whole, changes, kept: Kept::default() }
    }
}

impl Objects {
    /// Takes note of a PDU, and of what it says.
    pub fn observe(
        &mut self,
        key: Key,
        (number, time): (u32, Timestamp),
        conversation: usize,
        pdu: &Pdu<'_>,
        context: &Context,
        message: &Message<'_>,
    ) {
        let stream = self.stream(conversation);
        let command = Command {
            number,
            frame: key.0.into(),
            time,
            begin: time,
            stream,
            tcp_stream: stream,
            tunnel: None,
            source: side(context.direction),
            destination: SIDE,
            context: *context,
            request: None,
            room: None,
            pdu: *pdu,
            place: Place::default(),
        };
        self.transfers.observe(&command, message);
        let whole = self.transfers.take_arrived();
        if !whole.is_empty() {
            self.whole.insert(key, whole);
        }
        let changed = self.transfers.changed().iter().filter_map(|at| u32::try_from(*at).ok());
        self.changes.extend(changed.map(|at| (key, at)));
    }

    /// So many bytes are missing that went this way, before the next PDU.
    pub fn lost(&mut self, length: u64, conversation: usize, direction: Direction) {
        let stream = self.stream(conversation);
        self.transfers.gap(&Gap {
            stream,
            tcp_stream: stream,
            source: side(direction),
            destination: SIDE,
            length,
            cause: Cause::NotCaptured,
            frame: 0,
            time: Timestamp::default(),
            after: 0,
        });
    }

    fn stream(&mut self, conversation: usize) -> u32 {
        let fresh = u32::try_from(self.streams.len()).unwrap_or(u32::MAX);
        *self.streams.entry(conversation).or_insert(fresh)
    }

    /// The places of the transfers that a PDU changes.
    fn changed_by(&self, key: Key) -> impl Iterator<Item = u32> {
        let first = self.changes.partition_point(|(other, _)| *other < key);
        let behind = self.changes.get(first..).unwrap_or_default();
        behind.iter().take_while(move |(other, _)| *other == key).map(|(_, at)| *at)
    }

    /// The transfer at a place.
    pub fn transfer(&self, at: usize) -> Option<&Transfer> {
        self.transfers.all().get(at)
    }

    /// That transfers did not come whole of which this PDU was the last: its key, its number and the length of its line.
    pub fn findings(&self, key: Key, number: u32, line: u32) -> Vec<Expert> {
        let transfers = self.changed_by(key).filter_map(|at| self.transfer(usize::try_from(at).ok()?));
        let last = transfers.filter(|transfer| transfer.ended().is_some_and(|ended| ended.pdu == number));
        last.filter_map(|transfer| transfer.finding(line)).collect()
    }

    /// The transfers that a PDU changes, for the statistics.
    pub fn counts(&self, key: Key) -> Vec<Count> {
        let count =
            |at: u32| Some(Count { statistic: Statistic::Transfers, path: Vec::new(), value: at.try_into().ok()? });
        self.changed_by(key).filter_map(count).collect()
    }

    /// Lets go of what was kept for who asked for objects.
    pub fn release(&mut self) {
        if self.kept.bytes > 0 {
            self.kept = Kept::default();
        }
    }

    /// Keeps the data of a PDU.
    pub fn keep(&mut self, number: u32, pdu: &Pdu<'_>, message: &Message<'_>) {
        self.kept.take(number, pdu, &message.content);
    }
}

/// Of addresses, transfers only look at whether two are the same: which side of a connection it is.
const SIDE: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), 0);

fn side(from: Direction) -> SocketAddr {
    SocketAddr::new(SIDE.ip(), u16::from(from == Direction::ToServer))
}

/// Data of PDUs.
#[derive(Debug, Default)]
struct Kept {
    /// By PDU and place in it.
    data: BTreeMap<(u32, u32), Vec<u8>>,
    bytes: usize,
}

impl Kept {
    fn take(&mut self, number: u32, pdu: &Pdu<'_>, content: &Content) {
        match content {
            Content::PeerToPeer(peer) => {
                for packet in peer.packets.iter().filter(|packet| matches!(packet.role, Role::Object | Role::File)) {
                    self.take_span(number, pdu, packet.data);
                }
            }
            Content::FileTransfer(FileTransfer::Data { span, .. }) => self.take_span(number, pdu, *span),
            Content::Datagram(datagram) => self.take(number, pdu, &datagram.content),
            _ => {}
        }
    }

    fn take_span(&mut self, number: u32, pdu: &Pdu<'_>, span: Span) {
        let place = |offset: u32| usize::try_from(offset).unwrap_or(usize::MAX);
        let Some(data) = pdu.bytes.get(place(span.start)..place(span.end)).filter(|_| span.source == 0) else { return };
        let bytes = self.bytes.saturating_add(data.len());
        if bytes <= object_ceiling() && !self.data.contains_key(&(number, span.start)) {
            self.data.insert((number, span.start), data.to_vec());
            self.bytes = bytes;
        }
    }
}

impl Bytes for &Kept {
    fn pdu(&mut self, pdu: u32, span: Span, into: &mut Vec<u8>) -> bool {
        let data = self.data.get(&(pdu, span.start)).filter(|data| u32::try_from(data.len()) == Ok(span.len()));
        data.map(|data| into.extend_from_slice(data)).is_some()
    }
}

/// Tells Wireshark that there are objects to export.
pub fn register(protocol: c_int) {
    // SAFETY: the function has the signature that Wireshark calls; called once while it starts.
    let tap = unsafe { epan::register_export_object(protocol, listed, None) };
    TAP.store(tap, Ordering::Relaxed);
}

/// Whether somebody wants objects.
pub fn listener() -> Listener {
    epan::listener(TAP.load(Ordering::Relaxed))
}

/// Tells whoever listens of the objects that PDUs of this packet have made whole.
///
/// # Safety
/// `packet` must be that of a dissector call. Nothing may be owned by the callers, which Wireshark may jump over.
pub unsafe fn offer(packet: Packet, frame: u32, before: u32, pdus: u32) {
    let mut place = before;
    while place < before.saturating_add(pdus) {
        let count = catch_unwind(|| count((frame, place))).unwrap_or(0);
        let mut index = 0;
        while index < count {
            // SAFETY: memory of the packet, for as long as the tap needs it; written before it is told.
            unsafe {
                let told: *mut [u32; 3] = epan::wmem_alloc(packet.pool(), size_of::<[u32; 3]>()).cast();
                told.write([frame, place, index]);
                epan::tap_queue_packet(TAP.load(Ordering::Relaxed), packet.info, told.cast());
            }
            index = index.saturating_add(1);
        }
        place = place.saturating_add(1);
    }
}

fn count(key: Key) -> u32 {
    let guard = memory::memory();
    let whole = guard.as_ref().and_then(|memory| memory.objects.whole.get(&key));
    whole.map_or(0, |whole| u32::try_from(whole.len()).unwrap_or(u32::MAX))
}

/// One object, as Wireshark keeps it.
struct Object {
    name: String,
    from: String,
    kind: &'static str,
    bytes: Vec<u8>,
}

/// The object that was told of.
fn object([frame, place, index]: [u32; 3]) -> Option<Object> {
    let guard = memory::memory();
    let objects = &guard.as_ref()?.objects;
    let arrived = *objects.whole.get(&(frame, place))?.get(usize::try_from(index).ok()?)?;
    let (Arrived::Object(at) | Arrived::Preview(at)) = arrived;
    let transfer = objects.transfers.all().get(at)?;
    let mut kept = &objects.kept;
    let (name, bytes) = match arrived {
        Arrived::Preview(_) => (transfer.preview_name()?, transfer.preview.clone()?),
        Arrived::Object(_) => {
            let mut bytes = Vec::new();
            if !transfer.read(&mut kept, &mut |_, run| bytes.extend_from_slice(run)) {
                return None;
            }
            (transfer.file_name(&mut kept), bytes)
        }
    };
    let kind = content_type(&bytes).map_or("application/octet-stream", |(kind, _)| kind);
    let from = transfer.from.clone().unwrap_or_default();
    Some(Object { name, from, kind, bytes })
}

/// Called for each object that was told of: puts it on Wireshark's list.
unsafe extern "C-unwind" fn listed(
    list: *mut c_void,
    _packet: *mut PacketInfo,
    _dissection: *mut c_void,
    data: *const c_void,
    _flags: c_uint,
) -> c_int {
    // SAFETY: `offer` wrote these numbers, which live as long as the packet.
    let told = unsafe { data.cast::<[u32; 3]>().read() };
    // What is copied is memory of Wireshark's; nothing of ours is left when it is handed over.
    let entry = catch_unwind(|| object(told).map(|object| copied(told, &object))).ok().flatten();
    let Some(entry) = entry else { return epan::TAP_NOTHING_NEW };
    // SAFETY: Wireshark passes its list; the entry is its own memory from here on.
    unsafe {
        let list = list.cast::<ObjectList>();
        if let Some(add) = (*list).add {
            add((*list).data, entry);
        }
    }
    epan::TAP_NEW
}

fn copied([frame, ..]: [u32; 3], object: &Object) -> *mut ObjectEntry {
    // SAFETY: as much is allocated as is written; `g_malloc` ends the program rather than fail.
    unsafe {
        let entry = epan::g_malloc(size_of::<ObjectEntry>()).cast::<ObjectEntry>();
        entry.write(ObjectEntry {
            frame,
            host: text(&object.from),
            content_type: text(object.kind),
            file_name: text(&object.name),
            length: object.bytes.len(),
            bytes: memory_of(&object.bytes),
        });
        entry
    }
}

fn text(text: &str) -> *mut c_char {
    let mut bytes = text.bytes().filter(|byte| *byte != 0).collect::<Vec<_>>();
    bytes.push(0);
    memory_of(&bytes).cast()
}

fn memory_of(bytes: &[u8]) -> *mut u8 {
    if bytes.is_empty() {
        return null_mut();
    }
    // SAFETY: as much is allocated as is copied, and the two do not overlap.
    unsafe {
        let memory = epan::g_malloc(bytes.len()).cast::<u8>();
        memory.copy_from_nonoverlapping(bytes.as_ptr(), bytes.len());
        memory
    }
}
