//! What a capture holds, in words: for those whose capture holds no MSNP.

use std::collections::BTreeSet;

use super::Totals;
use crate::sorting::sort_by_key;
use crate::transport::PortCount;
use crate::tree::{Text, TextId, texts};

texts! {
    TCP_PORT = "holding.tcp", "TCP port {0}";
    TCP_SERVICE = "holding.tcp-service", "TCP port {0} ({1})";
    UDP_PORT = "holding.udp", "UDP port {0}";
    UDP_SERVICE = "holding.udp-service", "UDP port {0} ({1})";
    ICMP = "holding.icmp", "ICMP";
    OTHER_IP = "holding.ip", "IP protocol {0}";
    ARP = "holding.arp", "ARP";
    NOT_IP = "holding.not-ip", "EtherType {0}";
    FRAGMENTS = "holding.fragments", "IP fragments";
    LINK = "holding.link", "frames of the link itself";
    ENCRYPTED = "holding.encrypted", "encrypted radio frames";
    TRUNCATED = "holding.truncated", "packets cut inside a header";
    UNKNOWN_LINK = "holding.unknown-link", "packets of a link type that is not read ({0})";
}

/// Ports shown of each transport.
const PORTS_SHOWN: usize = 6;

/// One kind of packets and how many there are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holding {
    /// What they are.
    pub what: Text,
    /// How many.
    pub packets: u64,
}

/// What there is beside MSNP, most frequent first. Ports that commands were found on are left out.
#[must_use]
pub fn holdings(totals: &Totals) -> Vec<Holding> {
    let census = &totals.census;
    let mut all = Vec::new();
    let mut add = |what: Text, packets: u64| {
        if packets > 0 {
            all.push(Holding { what, packets });
        }
    };
    let other = |ours: &BTreeSet<u16>, count: &PortCount| totals.recognised == 0 || !ours.contains(&count.port);
    let others = census.top_tcp_ports(usize::MAX).into_iter().filter(|count| other(&totals.msnp_ports, count));
    for port in others.take(PORTS_SHOWN) {
        add(port_text(port.port, TCP_PORT, TCP_SERVICE), port.packets);
    }
    let others = census.top_udp_ports(usize::MAX).into_iter().filter(|count| other(&totals.msnp_udp_ports, count));
    for port in others.take(PORTS_SHOWN) {
        add(port_text(port.port, UDP_PORT, UDP_SERVICE), port.packets);
    }
    for (protocol, packets) in &census.other_ip {
        let what = if matches!(protocol, 1 | 58) { ICMP.text() } else { OTHER_IP.with([u32::from(*protocol).into()]) };
        add(what, *packets);
    }
    for (ether_type, packets) in &census.not_ip {
        let what = if *ether_type == 0x0806 { ARP.text() } else { NOT_IP.with([format!("0x{ether_type:04x}").into()]) };
        add(what, *packets);
    }
    for (link, packets) in &census.unknown_link {
        add(UNKNOWN_LINK.with([u32::from(link.0).into()]), *packets);
    }
    add(FRAGMENTS.text(), census.fragments);
    add(LINK.text(), census.link);
    add(ENCRYPTED.text(), census.encrypted);
    add(TRUNCATED.text(), census.truncated);
    sort_by_key(&mut all, |holding| std::cmp::Reverse(holding.packets));
    all
}

fn port_text(port: u16, bare: TextId, with_service: TextId) -> Text {
    let number = u32::from(port);
    match service(port) {
        Some(name) => with_service.with([number.into(), name.into()]),
        None => bare.with([number.into()]),
    }
}

/// The protocol that usually runs on a port.
fn service(port: u16) -> Option<&'static str> {
    let name = match port {
        20 | 21 => "FTP",
        22 => "SSH",
        25 | 587 => "SMTP",
        53 => "DNS",
        67 | 68 => "DHCP",
        80 | 8080 => "HTTP",
        110 => "POP3",
        123 => "NTP",
        137..=139 => "NetBIOS",
        143 => "IMAP",
        443 => "HTTPS",
        445 => "SMB",
        1900 => "SSDP",
        3389 => "RDP",
        5060 => "SIP",
        5190 => "ICQ and AIM",
        5222 | 5269 => "XMPP",
        5353 => "mDNS",
        6660..=6669 => "IRC",
        _ => return None,
    };
    Some(name)
}
