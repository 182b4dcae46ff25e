//! Captures of any size for benchmarks, written as a stream in constant memory.
//!
//! Both kinds begin with real sign-ins of several dialects. Frames are Ethernet, IPv4, TCP in a little-endian pcap file with
//! microseconds; nothing is lost or damaged. The same kind, size and seed always give the same bytes.

mod chat;
mod p2p;
mod recorder;
mod signin;
mod words;

use crate::scenario::{Random, ScenarioError};
use recorder::Recorder;
use std::io::Write;

/// What fills the capture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Many people who talk: about 170 bytes per packet.
    Chat,
    /// Files and pictures over the switchboard: full segments, 1202-byte chunks that straddle them.
    P2p,
}

impl Kind {
    /// The kind of this name, as the command line writes it.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "chat" => Some(Self::Chat),
            "p2p" => Some(Self::P2p),
            _ => None,
        }
    }
}

/// Writes a capture of at least `megabytes` (10^6 bytes) to `out`.
///
/// # Errors
/// When `out` does not take the bytes.
pub fn write(kind: Kind, megabytes: u64, seed: u64, out: impl Write) -> Result<(), ScenarioError> {
    let mut recorder = Recorder::new(out, megabytes * 1_000_000)?;
    let mut random = Random::named(seed, "bulk");
    match kind {
        Kind::Chat => chat::run(&mut recorder, &mut random)?,
        Kind::P2p => p2p::run(&mut recorder, &mut random)?,
    }
    recorder.finish()
}
