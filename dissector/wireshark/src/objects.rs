//! Export Objects: pictures and files, put together from their packets, for Wireshark's dialog and `--export-objects msnp`.
//!
//! The first visit to each PDU feeds the library's transfers, which keep the bytes under ceilings. A PDU that makes an
//! object whole is remembered; whenever it is dissected while somebody listens, Wireshark is told.

use std::collections::BTreeMap;
use std::ffi::{c_char, c_int, c_uint, c_void};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::panic::catch_unwind;
use std::ptr::null_mut;
use std::sync::atomic::{AtomicI32, Ordering};

use msnp_dissector::analysis::{Command, Extent, Place};
use msnp_dissector::capture::Timestamp;
use msnp_dissector::msnp::{Context, Pdu, dissect};
use msnp_dissector::transfer::{Bytes, Keeping, OBJECT_BYTES, TOTAL_BYTES, Transfers, content_type};
use msnp_dissector::tree::{Recording, Span};

use crate::epan::{self, ObjectEntry, ObjectList, PacketInfo};
use crate::memory::{self, Key};
use crate::versions::Packet;

/// Wireshark's number of the tap; -1 while there is none.
static TAP: AtomicI32 = AtomicI32::new(-1);

/// The transfers, and which PDUs made one whole.
#[derive(Debug)]
pub struct Objects {
    transfers: Transfers,
    /// Numbers of conversations, in the order of their appearance.
    streams: BTreeMap<usize, u32>,
    whole: BTreeMap<Key, Vec<usize>>,
}

impl Default for Objects {
    fn default() -> Self {
        let transfers = Transfers::new(Keeping::Memory { object: OBJECT_BYTES, total: TOTAL_BYTES });
        Self { transfers, streams: BTreeMap::new(), whole: BTreeMap::new() }
    }
}

impl Objects {
    /// Takes note of a PDU on its first visit.
    pub fn observe(
        &mut self,
        key: Key,
        number: u32,
        time: Timestamp,
        conversation: usize,
        pdu: &Pdu<'_>,
        context: &Context,
    ) {
        let fresh = u32::try_from(self.streams.len()).unwrap_or(u32::MAX);
        let stream = *self.streams.entry(conversation).or_insert(fresh);
        // Transfers do not look at addresses.
        let nowhere = SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), 0);
        let command = Command {
            number,
            frame: key.0.into(),
            time,
            stream,
            tcp_stream: stream,
            tunnel: None,
            source: nowhere,
            destination: nowhere,
            context: *context,
            request: None,
            pdu: *pdu,
            place: Place::default(),
        };
        let message = dissect(pdu, context, Recording::Nothing).message;
        self.transfers.observe(&command, &message);
        let whole = self.transfers.take_completed();
        if !whole.is_empty() {
            self.whole.insert(key, whole);
        }
    }
}

/// No bytes anywhere else: the transfers keep them all.
struct Nowhere;

impl Bytes for Nowhere {
    fn extent(&mut self, _extent: Extent, _into: &mut Vec<u8>) -> bool {
        false
    }

    fn pdu(&mut self, _pdu: u32, _span: Span, _into: &mut Vec<u8>) -> bool {
        false
    }
}

/// Tells Wireshark that there are objects to export.
pub fn register(protocol: c_int) {
    // SAFETY: the function has the signature that Wireshark calls; called once while it starts.
    let tap = unsafe { epan::register_export_object(protocol, listed, None) };
    TAP.store(tap, Ordering::Relaxed);
}

/// Whether somebody listens.
pub fn is_asked_for() -> bool {
    let tap = TAP.load(Ordering::Relaxed);
    // SAFETY: the number is the one that Wireshark returned.
    tap >= 0 && unsafe { epan::have_tap_listener(tap) } != 0
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
    let at = *objects.whole.get(&(frame, place))?.get(usize::try_from(index).ok()?)?;
    let transfer = objects.transfers.all().get(at)?;
    let mut bytes = Vec::new();
    if !transfer.read(&mut Nowhere, &mut |_, run| bytes.extend_from_slice(run)) {
        return None;
    }
    let kind = content_type(&bytes).map_or("application/octet-stream", |(kind, _)| kind);
    let from = transfer.from.clone().unwrap_or_default();
    Some(Object { name: transfer.file_name(&mut Nowhere), from, kind, bytes })
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
