//! IP fragments put together again.
//!
//! In come fragments, out go whole payloads. The first copy of a byte counts. Bounded: [`MAX_DATAGRAMS`] datagrams of at
//! most 64 KiB wait at a time, each for [`PATIENCE_SECONDS`] of capture time after its first fragment; the oldest goes
//! when there are too many.

use std::collections::VecDeque;
use std::net::IpAddr;

use super::ip::{Datagram, Fragment};
use super::pieces::{Content, Origin, Pieces};
use crate::capture::Timestamp;

/// Datagrams that may wait for fragments.
const MAX_DATAGRAMS: usize = 64;
/// Largest payload of a datagram, in bytes.
const MAX_PAYLOAD: u64 = 65_535;
/// Pieces one datagram may have.
const MAX_PIECES: usize = 1024;
/// Seconds of capture time a datagram is waited for, as Linux does.
const PATIENCE_SECONDS: i64 = 30;

#[derive(Debug)]
struct Waiting {
    ends: (IpAddr, IpAddr),
    protocol: u8,
    identification: u32,
    since: Timestamp,
    pieces: Pieces,
    /// Length of the payload, known from the last fragment.
    length: Option<u64>,
}

/// Collects the fragments of datagrams.
#[derive(Debug, Default)]
pub(super) struct Fragments {
    /// The oldest first.
    waiting: VecDeque<Waiting>,
}

impl Fragments {
    /// Takes a fragment and the number and time of its packet; returns the payload of its datagram when that is complete,
    /// and the packets that it came in.
    ///
    /// IPv4 tells datagrams apart by protocol too; so does this for IPv6, where fragments of one datagram may in theory
    /// name different ones.
    pub fn push(
        &mut self,
        datagram: &Datagram<'_>,
        fragment: Fragment,
        (frame, time): (u64, Timestamp),
    ) -> Option<(Vec<u8>, Vec<u64>)> {
        let start = u64::from(fragment.offset);
        let end = start + datagram.payload.len() as u64;
        // A fragment that was cut off leaves a hole that nothing will fill.
        if datagram.missing > 0 || end > MAX_PAYLOAD {
            return None;
        }
        while self.waiting.front().is_some_and(|oldest| {
            self.waiting.len() > MAX_DATAGRAMS || time.seconds.saturating_sub(oldest.since.seconds) > PATIENCE_SECONDS
        }) {
            self.waiting.pop_front();
        }
        let ends = (datagram.source, datagram.destination);
        let index = self.find(ends, datagram.protocol, fragment.identification, time)?;
        let entry = self.waiting.get_mut(index)?;
        if !fragment.more {
            entry.length.get_or_insert(end);
        }
        let origin = Origin { frame, time, file_offset: None };
        entry.pieces.insert(start, datagram.payload, origin);
        if entry.pieces.len() > MAX_PIECES {
            self.waiting.remove(index);
            return None;
        }
        if !entry.is_complete() {
            return None;
        }
        let mut entry = self.waiting.remove(index)?;
        let (mut payload, mut frames) = (Vec::new(), Vec::new());
        while let Some(piece) = entry.pieces.take_at(payload.len() as u64) {
            frames.push(piece.origin.frame);
            if let Content::Bytes(bytes) = piece.content {
                payload.extend_from_slice(&bytes);
            }
        }
        payload.truncate(usize::try_from(entry.length?).ok()?);
        Some((payload, frames))
    }

    /// Index of the datagram, which is begun if there is none.
    fn find(&mut self, ends: (IpAddr, IpAddr), protocol: u8, identification: u32, since: Timestamp) -> Option<usize> {
        let known = self.waiting.iter().position(|waiting| {
            waiting.identification == identification && waiting.protocol == protocol && waiting.ends == ends
        });
        if known.is_some() {
            return known;
        }
        self.waiting.push_back(Waiting {
            ends,
            protocol,
            identification,
            since,
            pieces: Pieces::default(),
            length: None,
        });
        self.waiting.len().checked_sub(1)
    }
}

impl Waiting {
    fn is_complete(&self) -> bool {
        self.length.is_some_and(|length| self.pieces.contiguous() >= length)
    }
}
