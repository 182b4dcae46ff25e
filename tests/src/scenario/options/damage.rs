//! Options that say what goes wrong, and where.

use crate::scenario::packet::Direction;
use serde::Deserialize;

/// Which TCP segments with data a damage is done to.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// Name of the connection.
    pub connection: String,
    /// Direction of the segments.
    pub dir: Direction,
    /// Every segment that carries a byte of the commands with these numbers (`n` in the transcript).
    #[serde(default)]
    pub lines: Vec<usize>,
    /// Segments by their 1-based number in this direction. With neither lines nor segments: all of them.
    #[serde(default)]
    pub segments: Vec<usize>,
}

/// One thing that goes wrong.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Damage {
    /// The capture missed these segments; the receiver had them.
    Lose {
        /// Which segments.
        at: Target,
    },
    /// The capture holds these packets twice.
    Duplicate {
        /// Which segments.
        at: Target,
        /// How much later the second copy is, in milliseconds.
        after_ms: u64,
    },
    /// The sender sent these again.
    Retransmit {
        /// Which segments.
        at: Target,
        /// How much later, in milliseconds.
        after_ms: u64,
        /// Cut as before, or joined to one segment.
        #[serde(default)]
        shape: Shape,
    },
    /// These segments arrive late, behind others.
    Delay {
        /// Which segments.
        at: Target,
        /// By how many milliseconds.
        ms: u64,
    },
    /// After each of these segments a keep-alive probe with one byte that was sent before.
    KeepAlive {
        /// Which segments.
        at: Target,
        /// How much later, in milliseconds.
        after_ms: u64,
    },
    /// Only the first bytes of these packets were kept.
    Cut {
        /// Which segments.
        at: Target,
        /// Captured length of the frame, in bytes.
        bytes: usize,
    },
    /// These have a wrong TCP checksum, as with a card that computes it after the capture.
    BadChecksum {
        /// Which segments.
        at: Target,
    },
    /// These travel as IP fragments.
    Fragment {
        /// Which segments.
        at: Target,
        /// Largest IP packet, in bytes.
        mtu: usize,
        /// In which order the fragments arrive.
        #[serde(default)]
        order: FragmentOrder,
    },
}

/// How a retransmission is cut.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Shape {
    /// As it was.
    #[default]
    Same,
    /// Neighbouring segments joined to one.
    Joined,
}

/// Order in which the fragments of a packet arrive.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FragmentOrder {
    /// First to last.
    #[default]
    Forward,
    /// Last to first.
    Reversed,
    /// The last one is missing.
    LastMissing,
}
