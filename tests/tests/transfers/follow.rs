//! The library, fed with a capture.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use msnp_dissector::analysis::{Analysis, Command, Extent, Gap, Sink};
use msnp_dissector::msnp::dissect;
use msnp_dissector::transfer::{Bytes, Keeping, Transfer, Transfers, Verdict};
use msnp_dissector::tree::Recording;
use msnp_tests::scenario::{self, Direction, Transcript};

/// PDUs by sender and receiver, in order: number, packet, bytes.
type Said = BTreeMap<(SocketAddr, SocketAddr), Vec<(u32, u64, Vec<u8>)>>;

/// All that a capture tells.
pub struct Followed {
    pub transfers: Vec<Transfer>,
    pub verdicts: Vec<Verdict>,
    said: Said,
    /// The capture.
    pub file: Vec<u8>,
}

struct Following {
    transfers: Transfers,
    said: Said,
}

impl Sink for Following {
    fn command(&mut self, command: &Command<'_>) {
        let message = dissect(&command.pdu, &command.context, Recording::Nothing).message;
        self.transfers.observe(command, &message);
        let said = self.said.entry((command.source, command.destination)).or_default();
        said.push((command.number, command.frame, command.pdu.bytes.to_vec()));
    }

    fn gap(&mut self, gap: &Gap) {
        self.transfers.gap(gap);
    }
}

/// The bytes of the capture, in memory.
pub struct File<'f>(pub &'f [u8]);

impl Bytes for File<'_> {
    fn extent(&mut self, extent: Extent, into: &mut Vec<u8>) -> bool {
        let start = usize::try_from(extent.offset).unwrap();
        let Some(bytes) = self.0.get(start..start + extent.length as usize) else { return false };
        into.extend_from_slice(bytes);
        true
    }
}

/// Follows a capture, whose bytes may be read again.
pub fn follow(transcript: &Transcript) -> Followed {
    follow_keeping(transcript, Keeping::Extents { object: 1 << 20, total: 1 << 20 })
}

pub fn follow_keeping(transcript: &Transcript, keeping: Keeping) -> Followed {
    let file = scenario::build(transcript).unwrap();
    let mut following = Following { transfers: Transfers::new(keeping), said: BTreeMap::new() };
    let mut analysis = Analysis::new();
    for slice in file.chunks(64 * 1024) {
        analysis.push(slice, &mut following).unwrap();
    }
    analysis.finish(&mut following).unwrap();
    let mut transfers = following.transfers.finish();
    let verdicts = transfers.iter_mut().map(|transfer| transfer.check(&mut File(&file))).collect();
    Followed { transfers, verdicts, said: following.said, file }
}

impl Followed {
    /// PDU and packet of every line of the transcript; all must be there, byte for byte.
    pub fn places(&self, transcript: &Transcript) -> BTreeMap<usize, (u32, u64)> {
        let mut next: BTreeMap<(SocketAddr, SocketAddr), usize> = BTreeMap::new();
        let mut places = BTreeMap::new();
        for line in &transcript.lines {
            let options = &transcript.scenario.connections[&line.connection];
            let (client, server) = (options.client.unwrap(), options.server.unwrap());
            let way = match line.direction {
                Direction::ToServer => (client, server),
                Direction::ToClient => (server, client),
            };
            let place = next.entry(way).or_default();
            let (number, frame, bytes) = &self.said[&way][*place];
            *place += 1;
            assert!(*bytes == [&line.line[..], &line.payload].concat(), "line {} is another PDU", line.number);
            places.insert(line.number, (*number, *frame));
        }
        places
    }

    /// All bytes of a transfer that are there, in the order of the object, with zeros where some are missing.
    pub fn object(&self, at: usize) -> Vec<u8> {
        let mut object: Vec<u8> = Vec::new();
        let all = self.transfers[at].read(&mut File(&self.file), &mut |offset, bytes| {
            object.resize(usize::try_from(offset).unwrap(), 0);
            object.extend_from_slice(bytes);
        });
        assert!(all, "bytes of transfer {} cannot be read", at + 1);
        object
    }
}
