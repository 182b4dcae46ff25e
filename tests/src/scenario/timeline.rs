//! When everything happens: lines to bursts, bursts to packets of all connections.

use super::error::ScenarioError;
use super::options::{Captured, Connection, Opening, Scenario, SeenAt, Transport};
use super::packet::{Checksum, Direction, Packet, Route, Transport as Header};
use super::random::Random;
use super::tcp::{self, Burst};
use super::timestamp::{self, MILLISECOND};
use super::transcript::{Line, Transcript};
use super::{ScenarioError as Fault, lookup};
use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::ops::Range;

/// Clean packets and what is needed to find one's way among them.
pub struct Plan {
    /// Packets of all connections, in order of time.
    pub packets: Vec<Packet>,
    /// The connections.
    pub routes: Vec<Route>,
    /// Where each line lies, by its number.
    pub spans: BTreeMap<usize, Span>,
}

/// Where the bytes of a line lie.
#[derive(Debug, Clone)]
pub struct Span {
    /// Number of the route.
    pub connection: usize,
    /// Which way.
    pub direction: Direction,
    /// Bytes of the stream.
    pub bytes: Range<u64>,
}

struct Track<'a> {
    name: &'a str,
    options: Connection,
    shape: tcp::Shape,
    bursts: Vec<Burst>,
    sent: [u64; 2],
}

/// Lays out the whole scenario.
pub fn plan(transcript: &Transcript) -> Result<Plan, ScenarioError> {
    let scenario = &transcript.scenario;
    let start = timestamp::parse(&scenario.start)
        .ok_or_else(|| Fault::Scenario(format!("start {:?} is not like 2004-02-11T18:30:00Z", scenario.start)))?;
    let mut tracks: Vec<Track<'_>> = Vec::new();
    let mut spans = BTreeMap::new();
    let mut jitter = Random::named(scenario.seed, "jitter");
    let mut clock = start;
    let mut before: Option<(usize, Direction)> = None;
    for line in &transcript.lines {
        let known = tracks.iter().position(|track| track.name == line.connection);
        let number = known.unwrap_or(tracks.len());
        if known.is_none() {
            clock += pause(line, None, [0, 0], &mut jitter);
            let track = Track::open(line, number, scenario, clock);
            clock += tcp::handshake_time(&track.shape);
            tracks.push(track);
        }
        let Some(track) = tracks.get_mut(number) else { continue };
        let joined = known.is_some() && line.after_ms.is_none() && before == Some((number, line.direction));
        if known.is_none() {
            clock += jitter.between(MILLISECOND / 4, 2 * MILLISECOND);
        } else if !joined {
            let replied = before.filter(|(last, direction)| *last == number && *direction != line.direction);
            clock += pause(line, replied, track.shape.lag, &mut jitter);
        }
        spans.insert(line.number, track.add(line, number, clock, joined && track.options.transport == Transport::Tcp));
        before = Some((number, line.direction));
    }
    let mut routes: Vec<Route> = tracks.iter().enumerate().map(|(number, track)| track.route(number)).collect();
    let mut packets: Vec<Packet> = tracks.iter().flat_map(|track| track.packets(scenario.seed)).collect();
    lookup::add(&scenario.lookups, start, &mut routes, &mut packets)?;
    packets.sort_by_key(|packet| packet.time);
    number_packets(&mut packets, &routes);
    Ok(Plan { packets, routes, spans })
}

/// The pause before a line: as asked, or what its end needs to answer.
fn pause(line: &Line, replied: Option<(usize, Direction)>, lag: [u64; 2], jitter: &mut Random) -> u64 {
    if let Some(wanted) = line.after_ms {
        return wanted * MILLISECOND + jitter.between(0, MILLISECOND * 9 / 10);
    }
    let [client, server] = lag;
    match (replied, line.direction) {
        (None, _) => jitter.between(MILLISECOND, 12 * MILLISECOND),
        (Some(_), Direction::ToServer) => client + jitter.between(2 * MILLISECOND, 20 * MILLISECOND),
        (Some(_), Direction::ToClient) => server + jitter.between(MILLISECOND, 15 * MILLISECOND),
    }
}

impl<'a> Track<'a> {
    fn open(line: &'a Line, connection: usize, scenario: &Scenario, open: u64) -> Self {
        let options = scenario.connections.get(&line.connection).cloned().unwrap_or_default();
        let mut random = Random::named(scenario.seed, &line.connection);
        let round_trip = scenario.round_trip_ms * MILLISECOND;
        let lag = match scenario.seen_at {
            SeenAt::Client => [0, round_trip],
            SeenAt::Server => [round_trip, 0],
            SeenAt::Middle => [round_trip / 2, round_trip - round_trip / 2],
        };
        let isn = [random.word(), random.word()];
        let [client_isn, server_isn] = isn;
        let opening = match options.transport {
            Transport::Tcp => options.opening,
            Transport::Udp => Opening::Midstream,
        };
        let shape = tcp::Shape {
            connection,
            open,
            opening,
            closing: options.closing,
            closing_after: options.closing_after_ms * MILLISECOND,
            mss: scenario.mss,
            isn: [options.client_isn.unwrap_or(client_isn), options.server_isn.unwrap_or(server_isn)],
            lag,
        };
        Self { name: &line.connection, options, shape, bursts: Vec::new(), sent: [0, 0] }
    }

    /// Adds a line's bytes, to the last burst when `joined`.
    fn add(&mut self, line: &Line, connection: usize, time: u64, joined: bool) -> Span {
        let bytes = [&line.line[..], &line.payload].concat();
        let length = u64::try_from(bytes.len()).unwrap_or(0);
        let [to_server, to_client] = &mut self.sent;
        let sent = match line.direction {
            Direction::ToServer => to_server,
            Direction::ToClient => to_client,
        };
        let span = Span { connection, direction: line.direction, bytes: *sent..*sent + length };
        *sent += length;
        match self.bursts.last_mut().filter(|_| joined) {
            Some(burst) => {
                let base = burst.bytes.len();
                burst.cuts.extend(line.split_at.iter().map(|cut| base + cut));
                burst.bytes.extend_from_slice(&bytes);
            }
            None => {
                self.bursts.push(Burst { time, direction: line.direction, bytes, cuts: line.split_at.clone() });
            }
        }
        span
    }

    fn route(&self, number: usize) -> Route {
        let port = 1031 + u16::try_from(number).unwrap_or(0);
        let client = self.options.client.unwrap_or(SocketAddr::from((Ipv4Addr::new(192, 0, 2, 10), port)));
        let host = 20 + u8::try_from(number % 200).unwrap_or(0);
        let server = self.options.server.unwrap_or(SocketAddr::from((Ipv4Addr::new(198, 51, 100, host), 1863)));
        Route {
            name: self.name.to_owned(),
            client,
            server,
            vlan: self.options.vlan.clone(),
            extensions: self.options.extensions.clone(),
            interface: self.options.interface,
        }
    }

    fn packets(&self, seed: u64) -> Vec<Packet> {
        let mut packets = match self.options.transport {
            Transport::Tcp => {
                tcp::packets(&self.shape, &self.bursts, &mut Random::named(seed, &format!("{} times", self.name)))
            }
            Transport::Udp => self.bursts.iter().map(|burst| self.datagram(burst)).collect(),
        };
        packets.retain(|packet| match self.options.captured {
            Captured::Both => true,
            Captured::FromClient => packet.direction == Direction::ToServer,
            Captured::FromServer => packet.direction == Direction::ToClient,
        });
        packets
    }

    fn datagram(&self, burst: &Burst) -> Packet {
        Packet {
            time: burst.time,
            connection: self.shape.connection,
            direction: burst.direction,
            transport: Header::Udp,
            payload: burst.bytes.clone(),
            stream: 0..0,
            ip_id: 0,
            captured: None,
            checksum: Checksum::Right,
            fragments: None,
        }
    }
}

/// Every host counts its IP packets.
fn number_packets(packets: &mut [Packet], routes: &[Route]) {
    let mut counters: BTreeMap<std::net::IpAddr, u16> = BTreeMap::new();
    for packet in packets {
        let Some(route) = routes.get(packet.connection) else { continue };
        let (sender, _) = route.ends(packet.direction);
        let fresh = u16::try_from(Random::named(7, &sender.ip().to_string()).between(0x100, 0xf000)).unwrap_or(0);
        let counter = counters.entry(sender.ip()).or_insert(fresh);
        packet.ip_id = *counter;
        *counter = counter.wrapping_add(1);
    }
}
