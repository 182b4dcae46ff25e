//! A running clock, TCP connections that count their bytes, and the file they are written to.

use crate::scenario::file::PcapWriter;
use crate::scenario::options::{ByteOrder, Interface};
use crate::scenario::packet::{Checksum, Packet, Route, Segment, Transport, flag};
use crate::scenario::{Direction, Random, Scenario, ScenarioError, frames_of};
use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr};

/// Largest TCP payload, in bytes.
pub const MSS: usize = 1460;
/// First packet: 2006-11-14T09:00:00Z, in nanoseconds.
const START: u64 = 1_163_494_800_000_000_000;

/// Writes packets in order of time until a wanted size is reached.
pub struct Recorder<W: Write> {
    out: PcapWriter<W>,
    scenario: Scenario,
    clock: u64,
    written: u64,
    wanted: u64,
    packets: u16,
    next_port: u16,
}

/// One TCP connection.
pub struct Link {
    route: Route,
    next: [u32; 2],
    /// Segments each side has received and not yet acknowledged.
    owed: [u8; 2],
}

impl<W: Write> Recorder<W> {
    /// Starts the file.
    pub fn new(out: W, wanted: u64) -> Result<Self, ScenarioError> {
        let out = PcapWriter::new(out, ByteOrder::Little, &Interface::default()).map_err(unwritable)?;
        let scenario = Scenario::default();
        Ok(Self { out, scenario, clock: START, written: 0, wanted, packets: 0, next_port: 1024 })
    }

    /// Whether the wanted size is reached.
    pub const fn is_full(&self) -> bool {
        self.written >= self.wanted
    }

    /// Lets time pass, in nanoseconds.
    pub const fn pass(&mut self, time: u64) {
        self.clock += time;
    }

    /// Opens a connection from host 192.0.2.`host` to 198.51.100.`server`, port 1863.
    pub fn open(&mut self, host: u8, server: u8, random: &mut Random) -> Result<Link, ScenarioError> {
        self.next_port = self.next_port.checked_add(1).unwrap_or(1025);
        let mut link = Link {
            route: Route {
                name: String::new(),
                client: SocketAddr::from((Ipv4Addr::new(192, 0, 2, host), self.next_port)),
                server: SocketAddr::from((Ipv4Addr::new(198, 51, 100, server), 1863)),
                vlan: Vec::new(),
                extensions: Vec::new(),
                interface: 0,
            },
            next: [random.word(), random.word()],
            owed: [0, 0],
        };
        let mss = u16::try_from(MSS).ok();
        self.packet(&mut link, Direction::ToServer, flag::SYN, mss, Vec::new())?;
        self.packet(&mut link, Direction::ToClient, flag::SYN | flag::ACK, mss, Vec::new())?;
        self.packet(&mut link, Direction::ToServer, flag::ACK, None, Vec::new())?;
        Ok(link)
    }

    /// Sends bytes as full segments and a rest.
    pub fn send(&mut self, link: &mut Link, direction: Direction, bytes: &[u8]) -> Result<(), ScenarioError> {
        let count = bytes.len().div_ceil(MSS);
        for (number, part) in bytes.chunks(MSS).enumerate() {
            let pushed = if number + 1 == count { flag::PSH } else { 0 };
            self.packet(link, direction, flag::ACK | pushed, None, part.to_vec())?;
            let owed = owed(&mut link.owed, direction.reverse());
            *owed += 1;
            if *owed >= 2 {
                self.packet(link, direction.reverse(), flag::ACK, None, Vec::new())?;
            }
        }
        Ok(())
    }

    /// Ends a connection; the client goes first.
    pub fn close(&mut self, mut link: Link) -> Result<(), ScenarioError> {
        self.packet(&mut link, Direction::ToServer, flag::FIN | flag::ACK, None, Vec::new())?;
        self.packet(&mut link, Direction::ToClient, flag::FIN | flag::ACK, None, Vec::new())?;
        self.packet(&mut link, Direction::ToServer, flag::ACK, None, Vec::new())
    }

    /// Ends the file.
    pub fn finish(self) -> Result<(), ScenarioError> {
        self.out.into_inner().flush().map_err(unwritable)
    }

    fn packet(
        &mut self,
        link: &mut Link,
        direction: Direction,
        flags: u8,
        mss: Option<u16>,
        payload: Vec<u8>,
    ) -> Result<(), ScenarioError> {
        let [client, server] = link.next;
        let (seq, ack) = match direction {
            Direction::ToServer => (client, server),
            Direction::ToClient => (server, client),
        };
        let ack = if flags & flag::ACK == 0 { 0 } else { ack };
        let phantom = u32::from(flags & (flag::SYN | flag::FIN) != 0);
        let length = u32::try_from(payload.len()).unwrap_or(0) + phantom;
        let [client, server] = &mut link.next;
        match direction {
            Direction::ToServer => *client = client.wrapping_add(length),
            Direction::ToClient => *server = server.wrapping_add(length),
        }
        *owed(&mut link.owed, direction) = 0;
        // A full segment takes 120 µs at 100 Mbit/s.
        self.clock += 10_000 + 75 * u64::from(length);
        self.packets = self.packets.wrapping_add(1);
        let packet = Packet {
            time: self.clock,
            connection: 0,
            direction,
            transport: Transport::Tcp(Segment { seq, ack, flags, window: 65_535, mss }),
            payload,
            stream: 0..0,
            ip_id: self.packets,
            captured: None,
            checksum: Checksum::Right,
            fragments: None,
        };
        for frame in frames_of(&packet, &link.route, &self.scenario)? {
            self.written += 16 + u64::try_from(frame.bytes.len()).unwrap_or(0);
            self.out.write(&frame).map_err(unwritable)?;
        }
        Ok(())
    }
}

/// What the sender in this direction owes.
const fn owed(pair: &mut [u8; 2], direction: Direction) -> &mut u8 {
    let [client, server] = pair;
    match direction {
        Direction::ToServer => client,
        Direction::ToClient => server,
    }
}

fn unwritable(error: std::io::Error) -> ScenarioError {
    ScenarioError::Io("the capture".to_owned(), error)
}
