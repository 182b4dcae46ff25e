//! The functions that Wireshark calls while it dissects.
//!
//! Each has two phases. First, pure Rust under `catch_unwind` reads the bytes and lays a plan down in memory of the
//! packet; everything it owned is dropped. Then the plan is drawn, and Wireshark may leave by `longjmp` as it likes: the
//! frames it jumps over own nothing.

use std::ffi::{c_int, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr::null_mut;

use msnp_dissector::capture::Timestamp;
use msnp_dissector::msnp::{Direction, Server};

use crate::claim::Claim;
use crate::counting::Ends;
use crate::drawing::{self, Canvas, Frozen};
use crate::epan::{self, Listener, Node, Nstime, PacketInfo, Tvb};
use crate::gateway::is_asked_by;
use crate::input::{bytes_before, bytes_of, handshake, segment_of, sources_of};
use crate::memory::{self, Handshake, Memory, Transport};
use crate::objects;
use crate::plan::Audience;
use crate::preferences::{wants_desegmentation, wants_heuristics};
use crate::reading::{self, Call, Outcome, Patience, Wait};
use crate::registration::registered;
use crate::search::Asked;
use crate::statistics;
use crate::table::{self, Row};
use crate::versions::{Packet, layout};

/// Key of what is known of a packet so far, among what the protocol keeps with it.
const KNOWN: u32 = 0;

/// What is known of a packet from one call to the next.
struct Known {
    /// PDUs drawn for it in this dissection.
    drawn: u32,
    /// Between whom the bytes of the last call travelled, and the conversation: to look for it takes Wireshark a while, and
    /// a packet with many PDUs has many calls.
    ends: Ends,
    conversation: *mut epan::Conversation,
}

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
    unsafe { show(Carrier::Tcp, tvb, info, tree, data) }
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
    unsafe { show(Carrier::Udp, tvb, info, tree, null_mut()) }
}

/// The dissector of the bodies of the HTTP gateway.
///
/// # Safety
/// Only Wireshark calls it, with its own pointers.
pub unsafe extern "C-unwind" fn dissect_body(
    tvb: *mut Tvb,
    info: *mut PacketInfo,
    tree: *mut Node,
    _data: *mut c_void,
) -> c_int {
    // SAFETY: the caller's promise.
    unsafe { show(Carrier::Gateway, tvb, info, tree, null_mut()) }
}

/// The heuristic: asked about the bodies of HTTP whose type nobody knows.
///
/// # Safety
/// As [`dissect_body`].
pub unsafe extern "C-unwind" fn dissect_body_if_msnp(
    tvb: *mut Tvb,
    info: *mut PacketInfo,
    tree: *mut Node,
    _data: *mut c_void,
) -> c_int {
    // SAFETY: looks at the bytes of which Wireshark passed a part, before anything is owned.
    let head = unsafe { bytes_before(tvb) };
    if !wants_heuristics() || !catch_unwind(|| is_asked_by(head)).unwrap_or(false) {
        return 0;
    }
    // SAFETY: the caller's promise.
    unsafe { show(Carrier::Gateway, tvb, info, tree, null_mut()) }
}

/// What brings the bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Carrier {
    Tcp,
    Udp,
    Gateway,
}

/// Takes bytes apart and draws what they say.
///
/// # Safety
/// As [`dissect`].
unsafe fn show(carrier: Carrier, tvb: *mut Tvb, info: *mut PacketInfo, tree: *mut Node, data: *mut c_void) -> c_int {
    let (Some(layout), Some(registered)) = (layout(), registered()) else { return 0 };
    // SAFETY: Wireshark passes the packet it is dissecting.
    let packet = unsafe { Packet::new(info, layout) };
    let canvas = Canvas { packet, tvb, tree, registered, layout };
    // SAFETY: the three calls only look at what Wireshark passed, before anything is owned.
    let (bytes, cut) = unsafe { bytes_of(tvb) };
    // SAFETY: as above.
    let segment = unsafe { segment_of(data, bytes.len().saturating_add(cut)) };
    let ends = packet.addresses();
    // SAFETY: as above; it lives as long as the packet, and nobody else looks at it meanwhile.
    let known = unsafe { &mut *known(canvas, ends) };
    let Known { drawn: before, conversation, .. } = *known;

    let waits = cut == 0 && packet.can_desegment() && wants_desegmentation() && carrier == Carrier::Tcp;
    let call = Call {
        bytes,
        frame: packet.frame(),
        time: timestamp(packet.time()),
        before,
        conversation: conversation.addr(),
        transport: if carrier == Carrier::Udp { Transport::Udp } else { Transport::Tcp },
        source_port: packet.source_port(),
        destination_port: packet.destination_port(),
        segment,
        // SAFETY: as above.
        handshake: unsafe { handshake(canvas, conversation) },
        cut,
        patience: if waits { Patience::Waits } else { Patience::TakesWhatIsThere },
        // SAFETY: looks at the tree and the columns that Wireshark passed.
        audience: unsafe { audience(canvas) },
        server: Server::Unknown,
        ends,
        session: None,
        objects: objects::listener(),
        statistics: statistics::listener(),
    };
    let call = if carrier == Carrier::Gateway {
        // SAFETY: looks at the bytes of which Wireshark passed a part, and at those of which they were made.
        let (head, sources) = unsafe { (bytes_before(tvb), sources_of(packet, tvb)) };
        let Some(call) = catch_unwind(|| in_session(&call, head, &sources)).ok().flatten() else { return 0 };
        call
    } else {
        call
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
    known.drawn = before.saturating_add(prepared.pdus);
    if let Some(wait) = prepared.wait {
        let more = wait.more.and_then(|more| u32::try_from(more).ok()).unwrap_or(epan::DESEGMENT_ONE_MORE_SEGMENT);
        packet.desegment(c_int::try_from(wait.offset).unwrap_or(0), more);
    }
    // SAFETY: only `Copy` values are left in this frame.
    unsafe {
        drawing::draw(canvas, prepared.plan, before, carrier == Carrier::Gateway);
        drawing::count(canvas, prepared.plan);
        if call.objects == Listener::There {
            objects::offer(canvas.packet, call.frame, before, prepared.pdus);
        }
        if prepared.pdus > 0 && table::listener() == Listener::There {
            let first = table::is_first(packet, registered.protocol, conversation);
            table::offer(packet, Row::new(packet, call.transport, first, prepared.bytes));
        }
    }
    taken
}

/// A body of the gateway, as bytes of its session: client and server are told apart as on the service's own port.
fn in_session<'a>(call: &Call<'a>, head: &[u8], sources: &[&[u8]]) -> Option<Call<'a>> {
    let mut guard = memory::memory();
    let gateways = &mut guard.get_or_insert_with(Memory::default).gateways;
    let body = gateways.body((call.frame, call.before), call.conversation, &call.ends, (head, sources))?;
    let (source_port, destination_port) = match body.direction {
        Direction::ToClient => (memory::SERVER_PORT, u32::MAX),
        Direction::ToServer | Direction::Unknown => (u32::MAX, memory::SERVER_PORT),
    };
    Some(Call {
        conversation: body.session.conversation(),
        session: Some(body.session),
        ends: body.ends,
        source_port,
        destination_port,
        handshake: if body.opened { Handshake::Seen } else { Handshake::Missing },
        server: body.server,
        patience: Patience::GoesOn,
        ..*call
    })
}

/// Who will see what is drawn. A tree that nobody looks at, and of which no filter, column or tap wants a field of ours, gets
/// no more than the list does.
///
/// # Safety
/// As [`dissect`].
unsafe fn audience(canvas: Canvas) -> Audience {
    // SAFETY: the caller's promise; a tree that is null is never referenced.
    let referenced = unsafe { epan::proto_field_is_referenced(canvas.tree, canvas.registered.protocol) } & 0xff;
    match (referenced, canvas.packet.columns().is_null()) {
        (0, true) if statistics::listener() == Listener::Absent => Audience::Nobody,
        (0, _) => Audience::List,
        _ => Audience::Tree,
    }
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
    if !wants_heuristics() {
        return 0;
    }
    let (Some(layout), Some(registered)) = (layout(), registered()) else { return 0 };
    // SAFETY: Wireshark passes the packet it is dissecting.
    let packet = unsafe { Packet::new(info, layout) };
    let canvas = Canvas { packet, tvb, tree, registered, layout };
    // SAFETY: the calls only look at what Wireshark passed, before anything is owned.
    let (bytes, cut, conversation) = unsafe {
        let (bytes, cut) = bytes_of(tvb);
        (bytes, cut, epan::find_or_create_conversation(info))
    };
    let asked = Asked {
        bytes,
        frame: packet.frame(),
        conversation: conversation.addr(),
        upwards: packet.source_port() < packet.destination_port(),
        // SAFETY: as above.
        segment: unsafe { segment_of(data, bytes.len().saturating_add(cut)) },
        // SAFETY: as above.
        handshake: unsafe { handshake(canvas, conversation) },
    };
    let claim =
        catch_unwind(|| memory::memory().get_or_insert_with(Memory::default).searches.ask(&asked, Claim::on_stream));
    let claim = claim.unwrap_or(Claim::Others);
    // SAFETY: the caller's promise.
    unsafe { follow(claim, cut, registered.handle, dissect, (canvas, data)) }
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
    if !wants_heuristics() {
        return 0;
    }
    let (Some(layout), Some(registered)) = (layout(), registered()) else { return 0 };
    // SAFETY: Wireshark passes the packet it is dissecting.
    let packet = unsafe { Packet::new(info, layout) };
    // SAFETY: looks at what Wireshark passed, before anything is owned.
    let (bytes, cut) = unsafe { bytes_of(tvb) };
    let claim = catch_unwind(|| Claim::on_datagram(bytes, bytes.len().saturating_add(cut))).unwrap_or(Claim::Others);
    let canvas = Canvas { packet, tvb, tree, registered, layout };
    // SAFETY: the caller's promise.
    unsafe { follow(claim, cut, registered.datagrams, dissect_datagram, (canvas, data)) }
}

/// Has a dissector called for a conversation whose bytes are recognised, from this packet on: those before were not
/// recognised when they came, and are not on a second look either, so that both looks tell the same. While it is
/// undecided, TCP is asked to come back with the next segment too; then everybody is asked anew about all of it, so that
/// nothing is taken from other protocols. `cut`: bytes that the capture lacks.
///
/// # Safety
/// As [`dissect`], whose arguments stand last.
unsafe fn follow(
    claim: Claim,
    cut: usize,
    handle: *mut epan::Handle,
    dissector: epan::Dissector,
    (canvas, data): (Canvas, *mut c_void),
) -> c_int {
    let Canvas { packet, tvb, tree, .. } = canvas;
    match claim {
        Claim::Others | Claim::Numbers => return 0,
        Claim::Undecided if cut > 0 || !packet.can_desegment() || !wants_desegmentation() => return 0,
        Claim::Undecided => packet.desegment(0, epan::DESEGMENT_ONE_MORE_SEGMENT),
        // SAFETY: the packet and the handle are Wireshark's own; nothing is owned here.
        Claim::Ours => unsafe {
            let conversation = epan::find_or_create_conversation(packet.info);
            epan::conversation_set_dissector_from_frame_number(conversation, packet.frame(), handle);
            dissector(tvb, packet.info, tree, data);
        },
    }
    1
}

/// An [`Outcome`] that owns nothing.
#[derive(Clone, Copy)]
struct Prepared {
    ours: bool,
    plan: Frozen,
    pdus: u32,
    bytes: usize,
    wait: Option<Wait>,
}

/// Phase one. `None` when a fault in this program was caught.
fn read(call: &Call<'_>, canvas: Canvas) -> Option<Prepared> {
    catch_unwind(AssertUnwindSafe(|| {
        let Outcome { ours, plan, pdus, bytes, wait } = {
            let mut guard = memory::memory();
            reading::read(call, canvas.registered, guard.get_or_insert_with(Memory::default))
        };
        let prepared = Prepared { ours, plan: Frozen::new(&plan, canvas.packet), pdus, bytes, wait };
        if prepared.ours
            && let Some(memory) = &mut *memory::memory()
        {
            memory.spare = plan.emptied();
        }
        prepared
    }))
    .ok()
}

/// What is known of the packet, with the conversation between these ends.
///
/// # Safety
/// As [`dissect`].
unsafe fn known(canvas: Canvas, ends: Ends) -> *mut Known {
    let packet = canvas.packet;
    let protocol = canvas.registered.protocol;
    // SAFETY: the data live in the packet's own memory and are gone with this dissection; they were written when they were
    // made.
    unsafe {
        let kept = epan::p_get_proto_data(packet.pool(), packet.info, protocol, KNOWN).cast::<Known>();
        // In a tunnel a packet has several connections, and addresses may be of a kind that we do not know.
        if !kept.is_null() && (*kept).ends == ends && ends.are_known() {
            return kept;
        }
        let conversation = epan::find_or_create_conversation(packet.info);
        if !kept.is_null() {
            ((*kept).ends, (*kept).conversation) = (ends, conversation);
            return kept;
        }
        let fresh = epan::wmem_alloc(packet.pool(), size_of::<Known>()).cast::<Known>();
        fresh.write(Known { drawn: 0, ends, conversation });
        epan::p_add_proto_data(packet.pool(), packet.info, protocol, KNOWN, fresh.cast());
        fresh
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
