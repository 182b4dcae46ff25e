//! What Wireshark hands over with a call: bytes, what they were made of, and what TCP knows of them.
//!
//! Each of these functions only looks, asks for no more than there is, and is called before anything is owned.

use std::ffi::{c_int, c_void};
use std::slice;

use crate::drawing::Canvas;
use crate::epan::{self, Conversation, TcpInfo, Tvb};
use crate::memory::{Handshake, Segment};
use crate::versions::{Packet, SOURCES};

/// The captured bytes, and how many more there were on the wire.
///
/// # Safety
/// `tvb` must be what Wireshark passed, and the bytes not be used after the call.
pub unsafe fn bytes_of<'a>(tvb: *mut Tvb) -> (&'a [u8], usize) {
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

/// The bytes that stand before these in what a capture or a reassembly brought.
///
/// # Safety
/// As [`bytes_of`].
pub unsafe fn bytes_before<'a>(tvb: *mut Tvb) -> &'a [u8] {
    // SAFETY: both are Wireshark's; no more is asked for than is captured, so none of these jumps.
    unsafe {
        let whole = epan::tvb_get_ds_tvb(tvb);
        let offset = epan::tvb_raw_offset(tvb);
        let Ok(length @ 1..) = usize::try_from(offset) else { return &[] };
        if whole.is_null() || usize::try_from(epan::tvb_captured_length(whole)).unwrap_or(0) < length {
            return &[];
        }
        slice::from_raw_parts(epan::tvb_get_ptr(whole, 0, offset), length)
    }
}

/// The bytes of a packet's first sources, without the one that these bytes are a part of.
///
/// # Safety
/// As [`bytes_of`].
pub unsafe fn sources_of<'a>(packet: Packet, tvb: *mut Tvb) -> [&'a [u8]; SOURCES] {
    // SAFETY: the sources are the packet's, and live as long.
    let own = unsafe { epan::tvb_get_ds_tvb(tvb) };
    packet.sources().map(|source| match source.is_null() || source == own {
        true => &[][..],
        // SAFETY: as above.
        false => unsafe { bytes_of(source).0 },
    })
}

/// What TCP has seen of the handshake, and who sent this packet.
///
/// # Safety
/// `conversation` must be that of the packet.
pub unsafe fn handshake(canvas: Canvas, conversation: *const Conversation) -> Handshake {
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
pub unsafe fn segment_of(data: *mut c_void, length: usize) -> Option<Segment> {
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

const _: () = assert!(size_of::<TcpInfo>() == 16);
