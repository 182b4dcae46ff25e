//! Whether bytes that nobody else claims are MSNP's. Pure: asks the library.

use msnp_dissector::msnp::Dialogue;
use msnp_dissector::msnp::detection::{Detection, LOOK, detect};
use msnp_dissector::msnp::p2p::udp;

/// Whether bytes that nobody else claims are ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    /// They are.
    Ours,
    /// They are not.
    Others,
    /// The first words of a connection are not all there: more bytes will tell, [`LOOK`] of them at the latest.
    Undecided,
    /// The same, of words that many protocols begin with: nobody is made to wait for more.
    Numbers,
}

impl Claim {
    /// Of the first bytes of a connection that this program is asked about.
    pub fn on_stream(bytes: &[u8]) -> Self {
        if Dialogue::between_peers(bytes).is_some() || Dialogue::is_amid_packets(bytes) {
            return Self::Ours;
        }
        match detect(bytes) {
            Detection::No => Self::Others,
            Detection::NeedMore if bytes.len() >= LOOK => Self::Others,
            // Numbers alone, as many protocols answer with, are not worth having other dissectors wait.
            Detection::NeedMore if !bytes.first().is_some_and(u8::is_ascii_uppercase) => Self::Numbers,
            Detection::NeedMore => Self::Undecided,
            Detection::Client | Detection::Server | Detection::Msnp => Self::Ours,
        }
    }

    /// Of a datagram of `length` bytes, of which these were captured.
    pub fn on_datagram(bytes: &[u8], length: usize) -> Self {
        match udp::detect(bytes, length) {
            udp::Found::Peers => Self::Ours,
            _ => Self::Others,
        }
    }
}
