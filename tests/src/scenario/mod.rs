//! From a transcript to a capture file.
//!
//! In comes a [`Transcript`]: a `scenario` line with addresses, file form and wanted damage, then one line per command, or for
//! a whole [`Exchange`] of pictures and files.
//! Out come the bytes of a pcap or pcapng file. The steps, each in its own module:
//!
//! ```text
//! transcript ─tunnel─▶ transcript of what TCP carries ─timeline─▶ bursts with times ─tcp─▶ packets ─damage─▶ packets ─ip, link─▶ frames ─file─▶ bytes
//! ```
//!
//! The same transcript always gives the same bytes: no clock, no chance, every "random" value comes from the seed.

mod damage;
mod error;
pub mod exchange;
pub mod file;
mod ip;
mod link;
mod lookup;
pub mod options;
pub mod p2p;
pub mod packet;
mod random;
mod tcp;
mod text;
mod timeline;
mod timestamp;
mod transcript;
mod tunnel;

pub use error::ScenarioError;
pub use exchange::{Exchange, Sent};
pub use options::Scenario;
pub use packet::Direction;
pub use random::Random;
pub use transcript::{Command, Line, Transcript, stream_bytes};

use file::Frame;
use packet::{Packet, Route};

/// The bytes of the capture file the transcript describes, compressed and cut as its `scenario` line asks.
///
/// # Errors
/// When the scenario contradicts itself: an unknown connection, damage that hits nothing, mixed address families.
pub fn build(transcript: &Transcript) -> Result<Vec<u8>, ScenarioError> {
    let scenario = &transcript.scenario;
    let plan = timeline::plan(&tunnel::wrap(transcript)?)?;
    let mut packets = damage::apply(plan.packets, &plan.spans, &scenario.damage, &plan.routes)?;
    packets.sort_by_key(|packet| packet.time);
    let frames = frames(&packets, &plan.routes, scenario)?;
    file::encode(&frames, scenario)
}

fn frames(packets: &[Packet], routes: &[Route], scenario: &Scenario) -> Result<Vec<Frame>, ScenarioError> {
    let mut frames = Vec::new();
    for packet in packets {
        frames.extend(frames_of(packet, packet::route(routes, packet.connection)?, scenario)?);
    }
    Ok(frames)
}

/// The frames of one packet: one, or as many as it has IP fragments.
pub(crate) fn frames_of(packet: &Packet, route: &Route, scenario: &Scenario) -> Result<Vec<Frame>, ScenarioError> {
    let interface = scenario.interface(route.interface)?;
    let frame = |datagram: Vec<u8>| {
        let bytes = link::frame(interface, scenario, route, packet, &datagram);
        let captured = packet.captured.unwrap_or(usize::MAX).min(bytes.len());
        Frame { time: packet.time, interface: route.interface, bytes, captured }
    };
    Ok(ip::datagrams(packet, route)?.into_iter().map(frame).collect())
}
