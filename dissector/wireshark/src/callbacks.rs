//! The functions that Wireshark calls while it dissects.
//!
//! Each has two phases. First, pure Rust under `catch_unwind` reads the bytes and lays a plan down in memory of the
//! packet; everything it owned is dropped. Then the plan is drawn, and Wireshark may leave by `longjmp` as it likes: the
//! frames it jumps over own nothing.

use std::ffi::{c_int, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr::null_mut;
use std::slice;

use msnp_dissector::capture::Timestamp;
use msnp_dissector::msnp::Dialogue;
use msnp_dissector::msnp::detection::{Detection, LOOK, detect};
use msnp_dissector::msnp::p2p::udp;

use crate::drawing::{self, Canvas, Frozen};
use crate::epan::{self, Conversation, Node, Nstime, PacketInfo, TcpInfo, Tvb};
use crate::memory::{self, Handshake, Memory, Segment, Transport};
use crate::objects::{self, Listener};
use crate::plan::Audience;
use crate::reading::{self, Call, Outcome, Patience, Wait};
use crate::registration::{Registered, registered, wants_desegmentation};
use crate::versions::{Packet, layout};

/// Key of the number of PDUs drawn so far, among what the protocol keeps with a packet.
const DRAWN: u32 = 0;

/// Another file is opened, or everything is dissected anew: what was kept no longer holds.
pub extern "C-unwind" fn forget() {
    let _ = catch_unwind(|| *memory::memory() = None);
}

/// The dissector: by port, by "Decode as", or because the heuristic below has chosen it for a conversation.
///
/// # Safety
/// Only Wireshark calls it, with its own pointers; `data` is null or TCP's `tcpinfo`.
pub unsafe extern "C-unwind" fn dissect(
    tvb: *mut Tvb,
    info: *mut PacketInfo,
    tree: *mut Node,
    data: *mut c_void,
) -> c_int {
    // SAFETY: the caller's promise.
    unsafe { show(Transport::Tcp, tvb, info, tree, data) }
}

/// The dissector of datagrams between two programs: by "Decode as", or because the heuristic has chosen it.
///
/// # Safety
/// Only Wireshark calls it, with its own pointers.
pub unsafe extern "C-unwind" fn dissect_datagram(
    tvb: *mut Tvb,
    info: *mut PacketInfo,
    tree: *mut Node,
    _data: *mut c_void,
) -> c_int {
    // SAFETY: the caller's promise.
    unsafe { show(Transport::Udp, tvb, info, tree, null_mut()) }
}

/// Takes bytes apart and draws what they say.
///
/// # Safety
/// As [`dissect`].
unsafe fn show(
    transport: Transport,
    tvb: *mut Tvb,
    info: *mut PacketInfo,
    tree: *mut Node,
    data: *mut c_void,
) -> c_int {
    let (Some(layout), Some(registered)) = (layout(), registered()) else { return 0 };
    // SAFETY: Wireshark passes the packet it is dissecting.
    let packet = unsafe { Packet::new(info, layout) };
    let canvas = Canvas { packet, tvb, tree, registered, layout };
    // SAFETY: the three calls only look at what Wireshark passed, before anything is owned.
    let (bytes, cut) = unsafe { bytes_of(tvb) };
    // SAFETY: as above.
    let segment = unsafe { segment_of(data, bytes.len().saturating_add(cut)) };
    // SAFETY: as above.
    let (drawn, conversation) = unsafe { (drawn_counter(canvas), epan::find_or_create_conversation(info)) };
    // SAFETY: the counter was written when it was made.
    let before = unsafe { drawn.read() };

    // SAFETY: as above.
    let handshake = unsafe { handshake(canvas, conversation) };
    let waits = cut == 0 && packet.can_desegment() && wants_desegmentation();
    let call = Call {
        bytes,
        frame: packet.frame(),
        time: timestamp(packet.time()),
        before,
        conversation: conversation.addr(),
        transport,
        source_port: packet.source_port(),
        destination_port: packet.destination_port(),
        segment,
        handshake,
        cut,
        patience: if waits { Patience::Waits } else { Patience::TakesWhatIsThere },
        audience: if tree.is_null() { Audience::List } else { Audience::Tree },
        listener: objects::listener(),
    };
    let taken = c_int::try_from(bytes.len()).unwrap_or(c_int::MAX);
    let Some(prepared) = read(&call, canvas) else {
        // SAFETY: nothing is owned here.
        unsafe { apologise(canvas) };
        return taken;
    };
    if !prepared.ours {
        return 0;
    }
    // SAFETY: the counter lives as long as the packet.
    unsafe { drawn.write(before.saturating_add(prepared.pdus)) };
    if let Some(wait) = prepared.wait {
        let more = wait.more.and_then(|more| u32::try_from(more).ok()).unwrap_or(epan::DESEGMENT_ONE_MORE_SEGMENT);
        packet.desegment(c_int::try_from(wait.offset).unwrap_or(0), more);
    }
    // SAFETY: only `Copy` values are left in this frame.
    unsafe {
        drawing::draw(canvas, prepared.plan, before);
        if call.listener == Listener::There {
            objects::offer(canvas.packet, call.frame, before, prepared.pdus);
        }
    }
    taken
}

/// Wireshark leaves zero where the capture records no time.
fn timestamp(time: Nstime) -> Timestamp {
    let absent = time.seconds == 0 && time.nanos == 0;
    Timestamp { absent, ..Timestamp::new(time.seconds, u64::try_from(time.nanos).unwrap_or(0), 9) }
}

/// The heuristic: asked about the bytes of every TCP connection that nobody else claims.
///
/// # Safety
/// As [`dissect`].
pub unsafe extern "C-unwind" fn dissect_if_msnp(
    tvb: *mut Tvb,
    info: *mut PacketInfo,
    tree: *mut Node,
    data: *mut c_void,
) -> c_int {
    let recognised = |bytes: &[u8], _| Claim::on_stream(bytes);
    // SAFETY: the caller's promise.
    unsafe { claim_if(recognised, |registered| registered.handle, dissect, (tvb, info, tree, data)) }
}

/// Whether bytes that nobody else claims are ours.
enum Claim {
    Ours,
    Others,
    /// The first words of a connection are not all there: more bytes will tell, [`LOOK`] of them at the latest.
    Undecided,
}

impl Claim {
    /// Of the first bytes of a connection that this program is asked about.
    fn on_stream(bytes: &[u8]) -> Self {
        if Dialogue::between_peers(bytes).is_some() || Dialogue::is_amid_packets(bytes) {
            return Self::Ours;
        }
        match detect(bytes) {
            Detection::No => Self::Others,
            // Numbers alone, as many protocols answer with, are not worth having other dissectors wait.
            Detection::NeedMore if bytes.len() >= LOOK || !bytes.first().is_some_and(u8::is_ascii_uppercase) => {
                Self::Others
            }
            Detection::NeedMore => Self::Undecided,
            Detection::Client | Detection::Server | Detection::Msnp => Self::Ours,
        }
    }
}

/// Has a dissector called for a conversation whose bytes are recognised, from this packet on: those before were not
/// recognised when they came, and are not on a second look either, so that both looks tell the same. While it is
/// undecided, TCP is asked to come back with the next segment too; then everybody is asked anew about all of it, so that
/// nothing is taken from other protocols. `recognised` is asked about the captured bytes, and how many there were.
///
/// # Safety
/// As [`dissect`], whose arguments these are.
unsafe fn claim_if(
    recognised: fn(&[u8], usize) -> Claim,
    handle: fn(&Registered) -> *mut epan::Handle,
    dissector: epan::Dissector,
    (tvb, info, tree, data): (*mut Tvb, *mut PacketInfo, *mut Node, *mut c_void),
) -> c_int {
    let (Some(layout), Some(registered)) = (layout(), registered()) else { return 0 };
    // SAFETY: looks at what Wireshark passed, before anything is owned.
    let (bytes, cut) = unsafe { bytes_of(tvb) };
    // SAFETY: the packet is Wireshark's own.
    let packet = unsafe { Packet::new(info, layout) };
    let claim = catch_unwind(|| recognised(bytes, bytes.len().saturating_add(cut))).unwrap_or(Claim::Others);
    match claim {
        Claim::Others => return 0,
        Claim::Undecided if cut > 0 || !packet.can_desegment() || !wants_desegmentation() => return 0,
        Claim::Undecided => packet.desegment(0, epan::DESEGMENT_ONE_MORE_SEGMENT),
        // SAFETY: the packet and the handle are Wireshark's own; nothing is owned here.
        Claim::Ours => unsafe {
            let conversation = epan::find_or_create_conversation(info);
            epan::conversation_set_dissector_from_frame_number(conversation, packet.frame(), handle(registered));
            dissector(tvb, info, tree, data);
        },
    }
    1
}

/// The heuristic: asked about the bytes of every UDP datagram that nobody else claims.
///
/// # Safety
/// As [`dissect`].
pub unsafe extern "C-unwind" fn dissect_datagram_if_msnp(
    tvb: *mut Tvb,
    info: *mut PacketInfo,
    tree: *mut Node,
    data: *mut c_void,
) -> c_int {
    let recognised = |bytes: &[u8], length| match udp::detect(bytes, length) {
        udp::Found::Peers => Claim::Ours,
        _ => Claim::Others,
    };
    // SAFETY: the caller's promise.
    unsafe { claim_if(recognised, |registered| registered.datagrams, dissect_datagram, (tvb, info, tree, data)) }
}

/// An [`Outcome`] that owns nothing.
#[derive(Clone, Copy)]
struct Prepared {
    ours: bool,
    plan: Frozen,
    pdus: u32,
    wait: Option<Wait>,
}

/// Phase one. `None` when a fault in this program was caught.
fn read(call: &Call<'_>, canvas: Canvas) -> Option<Prepared> {
    catch_unwind(AssertUnwindSafe(|| {
        let Outcome { ours, plan, pdus, wait } = {
            let mut guard = memory::memory();
            reading::read(call, canvas.registered, guard.get_or_insert_with(Memory::default))
        };
        Prepared { ours, plan: Frozen::new(&plan, canvas.packet), pdus, wait }
    }))
    .ok()
}

/// The captured bytes, and how many more there were on the wire.
///
/// # Safety
/// `tvb` must be what Wireshark passed, and the bytes not be used after the call.
unsafe fn bytes_of<'a>(tvb: *mut Tvb) -> (&'a [u8], usize) {
    // SAFETY: asking for no more than is captured, so none of these jumps.
    unsafe {
        let captured = epan::tvb_captured_length(tvb);
        let cut = usize::try_from(epan::tvb_reported_length(tvb).saturating_sub(captured)).unwrap_or(0);
        let length = c_int::try_from(captured).unwrap_or(c_int::MAX);
        if length == 0 {
            return (&[], cut);
        }
        let start = epan::tvb_get_ptr(tvb, 0, length);
        (slice::from_raw_parts(start, usize::try_from(length).unwrap_or(0)), cut)
    }
}

/// What TCP has seen of the handshake, and who sent this packet.
///
/// # Safety
/// `conversation` must be that of the packet.
unsafe fn handshake(canvas: Canvas, conversation: *const Conversation) -> Handshake {
    // SAFETY: TCP has made these data before it called us, and their first byte is the flags of the first flow.
    let flags = unsafe {
        let kept = epan::conversation_get_proto_data(conversation, canvas.registered.tcp);
        if kept.is_null() { 0 } else { kept.cast::<u8>().read() }
    };
    let first_flow_opened = match (flags & epan::TCP_SAW_SYN > 0, flags & epan::TCP_SAW_SYNACK > 0) {
        (false, false) => return Handshake::Missing,
        (true, true) => return Handshake::Seen,
        (opened, _) => opened,
    };
    match canvas.packet.ends().map(|ends| ends.is_ge() == first_flow_opened) {
        Some(true) => Handshake::OpenedBySource,
        Some(false) => Handshake::OpenedByDestination,
        None => Handshake::Seen,
    }
}

/// What TCP says about the segment. Other protocols may call with data of their own: numbers that do not fit the bytes
/// are not believed.
///
/// # Safety
/// `data` must be null or point at 16 readable bytes.
unsafe fn segment_of(data: *mut c_void, length: usize) -> Option<Segment> {
    if data.is_null() {
        return None;
    }
    // SAFETY: the caller's promise.
    let TcpInfo { seq, next_seq, is_reassembled, .. } = unsafe { data.cast::<TcpInfo>().read_unaligned() };
    let carried = usize::try_from(next_seq.wrapping_sub(seq)).unwrap_or(usize::MAX);
    match is_reassembled {
        // Wireshark counts from 0, the SYN, unless it is told not to.
        0 => (length <= carried && carried <= 0xffff).then_some(Segment {
            next_seq,
            first: seq == 1,
            reassembled: false,
        }),
        1 => Some(Segment { next_seq, first: false, reassembled: true }),
        _ => None,
    }
}

/// The number of PDUs drawn for this packet in this dissection, 0 at first.
///
/// # Safety
/// As [`dissect`].
unsafe fn drawn_counter(canvas: Canvas) -> *mut u32 {
    let packet = canvas.packet;
    let protocol = canvas.registered.protocol;
    // SAFETY: the data live in the packet's own memory and are gone with this dissection.
    unsafe {
        let kept = epan::p_get_proto_data(packet.pool(), packet.info, protocol, DRAWN);
        if !kept.is_null() {
            return kept.cast();
        }
        let fresh = epan::wmem_alloc(packet.pool(), size_of::<u32>());
        fresh.cast::<u32>().write(0);
        epan::p_add_proto_data(packet.pool(), packet.info, protocol, DRAWN, fresh);
        fresh.cast()
    }
}

/// Says in the packet list that this program has a fault.
///
/// # Safety
/// As [`dissect`].
unsafe fn apologise(canvas: Canvas) {
    let numbers = crate::versions::columns();
    let text = c"[the MSNP dissector failed on these bytes; the rest of the capture is not affected]";
    // SAFETY: the texts are static.
    unsafe {
        epan::col_set_str(canvas.packet.columns(), numbers.protocol, c"MSNP".as_ptr());
        epan::col_append_sep_str(canvas.packet.columns(), numbers.info, c" | ".as_ptr(), text.as_ptr());
        if !canvas.tree.is_null() {
            let protocol = canvas.registered.protocol;
            let item = epan::proto_tree_add_item(canvas.tree, protocol, canvas.tvb, 0, -1, epan::ENC_NA);
            epan::proto_item_append_text(item, c" %s".as_ptr(), text.as_ptr());
        }
    }
}

const _: () = assert!(size_of::<TcpInfo>() == 16);
