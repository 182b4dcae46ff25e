//! What a capture holds, counted: for the person whose capture has none of the traffic looked for.
//!
//! In comes what each packet was peeled to, out go counts. A packet counts for its one port below 1024; if it has none,
//! for both its ports: clients of Messenger's time used ports from 1024 on, so the smaller one says nothing, while over
//! several connections the service's port collects the most packets.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use super::datagram::Datagram;
use super::peeler::Peeled;
use crate::capture::LinkType;
use crate::sorting::sort_by_key;

/// Packets of one service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PortCount {
    /// The port.
    pub port: u16,
    /// How many packets.
    pub packets: u64,
}

/// The first port a client may be given; those below belong to services.
const FIRST_FREE: u16 = 1024;

/// Packets by port, 65,536 counters once there is a packet.
#[derive(Clone, Debug, Default)]
struct Ports(Vec<u64>);

impl Ports {
    fn count(&mut self, source: SocketAddr, destination: SocketAddr) {
        if self.0.is_empty() {
            self.0 = vec![0; 1 << 16];
        }
        let (source, destination) = (source.port(), destination.port());
        let ports = match (source < FIRST_FREE, destination < FIRST_FREE) {
            (true, false) => [Some(source), None],
            (false, true) => [None, Some(destination)],
            _ if source == destination => [Some(source), None],
            _ => [Some(source), Some(destination)],
        };
        for port in ports.into_iter().flatten() {
            if let Some(packets) = self.0.get_mut(usize::from(port)) {
                *packets += 1;
            }
        }
    }

    fn top(&self, limit: usize) -> Vec<PortCount> {
        let counted = (0..=u16::MAX).zip(&self.0).filter(|(_, packets)| **packets > 0);
        let mut all: Vec<_> = counted.map(|(port, packets)| PortCount { port, packets: *packets }).collect();
        sort_by_key(&mut all, |count| (std::cmp::Reverse(count.packets), count.port));
        all.truncate(limit);
        all
    }
}

/// Counts of packets by what they are.
#[derive(Clone, Debug, Default)]
pub struct Census {
    /// All packets.
    pub packets: u64,
    /// TCP segments.
    pub tcp: u64,
    /// UDP datagrams.
    pub udp: u64,
    /// Fragments other than those that completed a datagram.
    pub fragments: u64,
    /// Frames of the link itself.
    pub link: u64,
    /// Encrypted 802.11 frames.
    pub encrypted: u64,
    /// Packets with a header that is cut off or malformed.
    pub truncated: u64,
    /// Other IP protocols, by their number.
    pub other_ip: BTreeMap<u8, u64>,
    /// Other network protocols, by EtherType.
    pub not_ip: BTreeMap<u16, u64>,
    /// Packets of link types that are not read.
    pub unknown_link: BTreeMap<LinkType, u64>,
    tcp_ports: Ports,
    udp_ports: Ports,
}

impl Census {
    /// Nothing counted yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Counts a packet.
    pub fn count(&mut self, peeled: &Peeled<'_>) {
        self.packets += 1;
        match peeled {
            Peeled::Tcp(segment) => {
                self.tcp += 1;
                self.tcp_ports.count(segment.source, segment.destination);
            }
            Peeled::Udp(Datagram { source, destination, .. }) => {
                self.udp += 1;
                self.udp_ports.count(*source, *destination);
            }
            Peeled::OtherIp { protocol } => *self.other_ip.entry(*protocol).or_default() += 1,
            Peeled::NotIp { ether_type } => *self.not_ip.entry(*ether_type).or_default() += 1,
            Peeled::UnknownLink { link } => *self.unknown_link.entry(*link).or_default() += 1,
            Peeled::Fragment => self.fragments += 1,
            Peeled::Link => self.link += 1,
            Peeled::Encrypted => self.encrypted += 1,
            Peeled::Truncated => self.truncated += 1,
        }
    }

    /// The busiest TCP services, at most `limit`, the busiest first.
    #[must_use]
    pub fn top_tcp_ports(&self, limit: usize) -> Vec<PortCount> {
        self.tcp_ports.top(limit)
    }

    /// The busiest UDP services, at most `limit`, the busiest first.
    #[must_use]
    pub fn top_udp_ports(&self, limit: usize) -> Vec<PortCount> {
        self.udp_ports.top(limit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::Timestamp;

    #[test]
    fn services_are_ranked_by_packets() {
        let mut census = Census::new();
        let at = |port| SocketAddr::from(([10, 0, 0, 1], port));
        for (source, destination) in [(1863, 1030), (1031, 1863), (53, 2000)] {
            let (frame, time) = (1, Timestamp::default());
            let (source, destination) = (at(source), at(destination));
            census.count(&Peeled::Udp(Datagram {
                frame,
                time,
                source,
                destination,
                payload: &[],
                missing: 0,
                file_offset: None,
            }));
        }
        census.count(&Peeled::NotIp { ether_type: 0x0806 });
        let expected = [PortCount { port: 1863, packets: 2 }, PortCount { port: 53, packets: 1 }];
        assert_eq!(census.top_udp_ports(2), expected);
        assert_eq!(census.top_udp_ports(9).len(), 4);
        assert_eq!((census.packets, census.udp, census.not_ip[&0x0806]), (4, 3, 1));
    }
}
