//! What goes wrong between the wire and the file, done to clean packets.

use super::error::ScenarioError;
use super::options::{Damage, Shape, Target};
use super::packet::{Checksum, Packet, Route, Segment, Transport, flag};
use super::timeline::Span;
use super::timestamp::MILLISECOND;
use std::collections::BTreeMap;

/// Retransmissions carry their own IP identification, far from the counted ones.
const RESENT: u16 = 0x4000;

/// Does each damage in turn. Segments are numbered as they were in the clean capture.
pub fn apply(
    packets: Vec<Packet>,
    spans: &BTreeMap<usize, Span>,
    damages: &[Damage],
    routes: &[Route],
) -> Result<Vec<Packet>, ScenarioError> {
    let mut packets: Vec<Option<Packet>> = packets.into_iter().map(Some).collect();
    let clean: Vec<Packet> = packets.iter().flatten().cloned().collect();
    for damage in damages {
        let hits = hits(target(damage), &clean, spans, routes)?;
        if let Damage::Retransmit { after_ms, shape, .. } = damage {
            packets.extend(resent(&hits, &clean, *after_ms, *shape).into_iter().map(Some));
            continue;
        }
        if let Damage::Delay { ms, .. } = damage {
            for late in hits.iter().filter_map(|hit| clean.get(*hit)) {
                hold_acknowledgements(&mut packets, late, late.time + ms * MILLISECOND);
            }
        }
        for hit in hits {
            let Some(place) = packets.get_mut(hit) else { continue };
            let Some(packet) = place else { continue };
            match damage {
                Damage::Lose { .. } => *place = None,
                Damage::Delay { ms, .. } => packet.time += ms * MILLISECOND,
                Damage::Cut { bytes, .. } => packet.captured = Some(*bytes),
                Damage::BadChecksum { .. } => packet.checksum = Checksum::Wrong,
                Damage::Fragment { mtu, order, .. } => packet.fragments = Some((*mtu, *order)),
                Damage::Duplicate { after_ms, .. } => {
                    let copy = Packet { time: packet.time + after_ms * MILLISECOND, ..packet.clone() };
                    packets.push(Some(copy));
                }
                Damage::KeepAlive { after_ms, .. } => {
                    let probe = keep_alive(packet, *after_ms);
                    packets.push(Some(probe));
                }
                Damage::Retransmit { .. } => {}
            }
        }
    }
    Ok(packets.into_iter().flatten().collect())
}

const fn target(damage: &Damage) -> &Target {
    match damage {
        Damage::Lose { at }
        | Damage::Duplicate { at, .. }
        | Damage::Retransmit { at, .. }
        | Damage::Delay { at, .. }
        | Damage::KeepAlive { at, .. }
        | Damage::Cut { at, .. }
        | Damage::BadChecksum { at }
        | Damage::Fragment { at, .. } => at,
    }
}

/// Indices of the clean packets that a damage is meant for.
fn hits(
    at: &Target,
    clean: &[Packet],
    spans: &BTreeMap<usize, Span>,
    routes: &[Route],
) -> Result<Vec<usize>, ScenarioError> {
    let connection = routes.iter().position(|route| route.name == at.connection);
    let connection = connection.ok_or_else(|| fault(at, "no such connection"))?;
    let data = clean.iter().enumerate().filter(|(_, packet)| {
        packet.connection == connection && packet.direction == at.dir && !packet.payload.is_empty()
    });
    let mut hits = Vec::new();
    for (number, (index, packet)) in data.enumerate() {
        let by_line = at.lines.iter().filter_map(|line| spans.get(line)).any(|span| {
            span.connection == connection
                && span.direction == at.dir
                && span.bytes.start < packet.stream.end
                && packet.stream.start < span.bytes.end
        });
        let all = at.lines.is_empty() && at.segments.is_empty();
        if all || by_line || at.segments.contains(&(number + 1)) {
            hits.push(index);
        }
    }
    if hits.is_empty() {
        return Err(fault(at, "it hits no segment"));
    }
    Ok(hits)
}

fn fault(at: &Target, what: &str) -> ScenarioError {
    ScenarioError::Scenario(format!("damage to {} {:?}: {what}", at.connection, at.dir))
}

fn resent(hits: &[usize], clean: &[Packet], after_ms: u64, shape: Shape) -> Vec<Packet> {
    let mut copies: Vec<Packet> = Vec::new();
    for packet in hits.iter().filter_map(|hit| clean.get(*hit)) {
        match copies.last_mut().filter(|last| shape == Shape::Joined && last.stream.end == packet.stream.start) {
            Some(last) => {
                last.payload.extend_from_slice(&packet.payload);
                last.stream.end = packet.stream.end;
            }
            None => copies.push(packet.clone()),
        }
    }
    for copy in &mut copies {
        copy.time += after_ms * MILLISECOND;
        copy.ip_id = copy.ip_id.wrapping_add(RESENT);
        if let Transport::Tcp(segment) = &mut copy.transport {
            segment.flags |= flag::PSH;
        }
    }
    copies
}

/// Nobody acknowledges a segment that has not come: until the late one is there, its receiver repeats what it had before.
fn hold_acknowledgements(packets: &mut [Option<Packet>], late: &Packet, arrival: u64) {
    let Transport::Tcp(Segment { seq, .. }) = late.transport else { return };
    let answers = packets.iter_mut().flatten().filter(|packet| {
        packet.connection == late.connection
            && packet.direction == late.direction.reverse()
            && (late.time..arrival).contains(&packet.time)
    });
    for answer in answers {
        if let Transport::Tcp(segment) = &mut answer.transport
            // Wrapping comparison: beyond the late segment's first byte.
            && segment.ack.wrapping_sub(seq).wrapping_sub(1) < u32::MAX / 2
        {
            segment.ack = seq;
        }
    }
}

/// A probe repeats the last byte before the sender's next one.
fn keep_alive(packet: &Packet, after_ms: u64) -> Packet {
    let mut probe = Packet { time: packet.time + after_ms * MILLISECOND, ..packet.clone() };
    probe.ip_id = packet.ip_id.wrapping_add(RESENT);
    probe.payload = packet.payload.last().map_or(Vec::new(), |_| vec![0]);
    if let Transport::Tcp(segment) = &mut probe.transport {
        let skipped = u32::try_from(packet.payload.len().saturating_sub(1)).unwrap_or(0);
        segment.seq = segment.seq.wrapping_add(skipped);
        segment.flags = flag::ACK;
    }
    probe
}
