//! Frames to the bytes of a capture file.

mod pcap;
mod pcapng;

use super::error::ScenarioError;
use super::options::{Compression, Container, Resolution, Scenario};
use super::timestamp::SECOND;
use std::io::Write;

pub use pcap::PcapWriter;

/// One captured frame.
#[derive(Debug, Clone)]
pub struct Frame {
    /// Nanoseconds since 1970.
    pub time: u64,
    /// Number of the interface.
    pub interface: usize,
    /// The frame as it was on the wire.
    pub bytes: Vec<u8>,
    /// How many of its bytes were kept, before the interface's own limit.
    pub captured: usize,
}

impl Frame {
    /// The bytes that were kept under this limit.
    fn kept(&self, snaplen: u32) -> &[u8] {
        let limit = usize::try_from(snaplen).unwrap_or(usize::MAX).min(self.captured).min(self.bytes.len());
        self.bytes.get(..limit).unwrap_or_default()
    }

    /// Length on the wire.
    fn length(&self) -> u32 {
        u32::try_from(self.bytes.len()).unwrap_or(u32::MAX)
    }
}

/// The whole file: container, cut, compression.
pub(super) fn encode(frames: &[Frame], scenario: &Scenario) -> Result<Vec<u8>, ScenarioError> {
    let written = match scenario.file.container {
        Container::Pcap => pcap::encode(frames, scenario),
        Container::Pcapng => pcapng::encode(frames, scenario),
    };
    let mut bytes = written?;
    bytes.truncate(bytes.len().saturating_sub(scenario.file.cut_last_bytes));
    match scenario.file.compression {
        Compression::None => Ok(bytes),
        Compression::Gzip => {
            let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
            encoder.write_all(&bytes).and_then(|()| encoder.finish()).map_err(|error| in_memory(&error))
        }
        Compression::Zstd => {
            Ok(ruzstd::encoding::compress_to_vec(&bytes[..], ruzstd::encoding::CompressionLevel::Fastest))
        }
    }
}

impl Resolution {
    /// Units in a second.
    const fn per_second(self) -> u64 {
        match self {
            Self::Micro => 1_000_000,
            Self::Nano => SECOND,
            Self::Binary => 1 << 20,
        }
    }

    /// Whole seconds and the rest in this unit.
    fn split(self, time: u64) -> (u64, u64) {
        let rest = u128::from(time % SECOND) * u128::from(self.per_second()) / u128::from(SECOND);
        (time / SECOND, u64::try_from(rest).unwrap_or(0))
    }
}

fn in_memory(error: &std::io::Error) -> ScenarioError {
    ScenarioError::Scenario(format!("writing the capture: {error}"))
}
