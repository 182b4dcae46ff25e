//! Figures about what a session was fed.

use std::mem::MaybeUninit;

use msnp_dissector::capture::Timestamp;

use crate::gate::{answer, gate_status};
use crate::session::{msnp_session, sound};
use crate::status::msnp_status;
use crate::value::msnp_time;

/// Figures about what was fed so far.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct msnp_totals {
    /// Packets.
    pub packets: u64,
    /// Their bytes as captured.
    pub bytes: u64,
    /// The earliest time of a packet.
    pub first: msnp_time,
    /// The latest one.
    pub last: msnp_time,
    /// TCP connections, of any protocol.
    pub connections: u32,
    /// Connections that carry MSNP.
    pub msnp_connections: u32,
    /// PDUs found.
    pub pdus: u32,
    /// Those of them that show that MSNP is spoken: 0 says that there is none.
    pub recognised: u32,
}

/// Writes the figures so far.
#[unsafe(no_mangle)]
pub extern "C" fn msnp_session_totals(
    session: Option<&msnp_session>,
    totals: Option<&mut MaybeUninit<msnp_totals>>,
) -> msnp_status {
    gate_status(|| {
        answer(totals, || {
            let known = sound(session)?.feed.totals();
            let time = |time: Option<Timestamp>| time.map(msnp_time::from).unwrap_or_default();
            Ok(msnp_totals {
                packets: known.packets,
                bytes: known.bytes,
                first: time(known.first),
                last: time(known.last),
                connections: known.connections,
                msnp_connections: known.streams,
                pdus: known.commands,
                recognised: known.recognised,
            })
        })
    })
}
