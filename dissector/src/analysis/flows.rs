//! UDP: which datagrams are between two programs, and who is who.
//!
//! A flow is told of from its first datagram on that nothing else looks like. Questions about the way, which many protocols
//! ask in the same words, are held until then, and forgotten where it never comes. Of all other datagrams nothing is kept.

use std::collections::HashMap;
use std::net::SocketAddr;

use super::live::{Ended, Live, Mark, Outlet};
use super::told::{StreamInfo, UDP};
use crate::msnp::framing::Sync;
use crate::msnp::p2p::udp::{Found, detect};
use crate::msnp::{Dialogue, Direction};
use crate::transport::{Datagram, Handshake, How};

/// Questions held of one flow.
const QUESTIONS: usize = 8;
/// Flows of which questions are held.
const UNDECIDED: usize = 1024;
/// Bytes of a question that is held; the real ones have a few dozen.
const QUESTION_BYTES: usize = 2048;
/// Flows that are told of; others are not followed.
const TOLD: u32 = 4096;

/// All flows that are between two programs, or may be.
#[derive(Debug, Default)]
pub(super) struct Flows {
    /// By both ends, the smaller one first.
    by_ends: HashMap<(SocketAddr, SocketAddr), Flow>,
    undecided: usize,
    told: u32,
}

#[derive(Debug)]
enum Flow {
    Undecided(Vec<Question>),
    Told { live: Box<Live>, client: SocketAddr, last: Mark },
}

/// A datagram that is held.
#[derive(Debug)]
struct Question {
    source: SocketAddr,
    destination: SocketAddr,
    bytes: Vec<u8>,
    missing: usize,
    mark: Mark,
}

impl Flows {
    pub fn push(&mut self, datagram: &Datagram<'_>, out: &mut Outlet<'_>) {
        let Datagram { source, destination, payload, .. } = *datagram;
        if payload.is_empty() {
            return;
        }
        let missing = usize::try_from(datagram.missing).unwrap_or(usize::MAX);
        let found = detect(payload, payload.len().saturating_add(missing));
        if found == Found::Other && self.by_ends.is_empty() {
            return;
        }
        let key = (source.min(destination), source.max(destination));
        let known = self.by_ends.get_mut(&key);
        if let Some(Flow::Told { live, client, last }) = known {
            let mark = Self::mark(datagram, last.tcp_stream);
            *last = mark;
            live.datagram(direction(source, *client), payload, missing, mark, out);
            return;
        }
        let held = || {
            let (bytes, mark) = (payload.to_vec(), Self::mark(datagram, 0));
            Question { source, destination, bytes, missing, mark }
        };
        match (found, known) {
            (Found::Other, _) => {}
            (Found::Question, _) if payload.len() > QUESTION_BYTES => {}
            (Found::Question, Some(Flow::Undecided(questions))) if questions.len() < QUESTIONS => {
                questions.push(held())
            }
            (Found::Question, None) if self.undecided < UNDECIDED => {
                self.undecided += 1;
                self.by_ends.insert(key, Flow::Undecided(vec![held()]));
            }
            (Found::Question, _) => {}
            (Found::Peers, known) => {
                let mut questions = match known {
                    Some(Flow::Undecided(questions)) => {
                        self.undecided = self.undecided.saturating_sub(1);
                        std::mem::take(questions)
                    }
                    _ => Vec::new(),
                };
                questions.push(held());
                match self.begin(questions, out) {
                    Some(flow) => drop(self.by_ends.insert(key, flow)),
                    None => drop(self.by_ends.remove(&key)),
                }
            }
        }
    }

    /// Nothing more comes.
    pub fn finish(&mut self, out: &mut Outlet<'_>) {
        let told = std::mem::take(&mut self.by_ends).into_values().filter_map(|flow| match flow {
            Flow::Told { live, last, .. } => Some((live, last)),
            Flow::Undecided(_) => None,
        });
        let mut told = told.collect::<Vec<_>>();
        told.sort_unstable_by_key(|(_, last)| last.tcp_stream);
        for (mut live, last) in told {
            live.finish(Ended { how: How::CaptureEnd, by_client: None, mark: last }, None, out);
        }
    }

    /// Tells of a flow, and of what was held of it.
    fn begin(&mut self, held: Vec<Question>, out: &mut Outlet<'_>) -> Option<Flow> {
        let (first, decided) = held.first().zip(held.last()).filter(|_| self.told < TOLD)?;
        let stream = UDP.saturating_add(self.told);
        self.told = self.told.saturating_add(1);
        // Whose datagram tells what this is: tools that see no future know no other.
        let client = decided.source;
        let info = StreamInfo {
            stream,
            tcp_stream: stream,
            client,
            server: decided.destination,
            sides_known: false,
            // UDP has no beginning that could be missing.
            handshake: Handshake::Seen,
            time: first.mark.time,
            frame: first.mark.frame,
            dialogue: Dialogue::Udp,
            tunnel: None,
        };
        out.totals.streams = out.totals.streams.saturating_add(1);
        out.totals.msnp_udp_ports.extend([info.client.port(), info.server.port()]);
        out.sink.stream(&info);
        let mut live = Box::new(Live::new(info, Sync::Kept));
        let mut last = first.mark;
        for Question { source, bytes, missing, mark, .. } in &held {
            last = Mark { tcp_stream: stream, ..*mark };
            live.datagram(direction(*source, client), bytes, *missing, last, out);
        }
        Some(Flow::Told { live, client, last })
    }

    fn mark(datagram: &Datagram<'_>, stream: u32) -> Mark {
        let file_end = datagram.file_offset.map(|offset| offset.saturating_add(datagram.payload.len() as u64));
        Mark { frame: datagram.frame, packet: datagram.frame, time: datagram.time, tcp_stream: stream, file_end }
    }
}

fn direction(source: SocketAddr, client: SocketAddr) -> Direction {
    if source == client { Direction::ToServer } else { Direction::ToClient }
}
