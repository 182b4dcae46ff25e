//! The header fields of packets: Wireshark's name of each, and ours.
//!
//! They are no fields of MSNP: Wireshark has them all, so they stand in a table of their own that nobody registers.

use crate::tree::{TextDecl, TextId};

/// A field of a packet's headers.
#[derive(Clone, Copy, Debug)]
pub struct Header {
    /// What Wireshark calls it in filters.
    pub name: &'static str,
    /// Short title.
    pub title: TextId,
    /// What it is.
    pub means: TextId,
}

macro_rules! headers {
    ( $( $id:ident = $name:literal, $title:literal, $means:literal; )+ ) => {
        $(
            #[doc = $title]
            pub const $id: Header = Header {
                name: $name,
                title: TextId::new(&TextDecl { id: concat!("packet.", $name), english: $title }),
                means: TextId::new(&TextDecl { id: concat!("packet.", $name, ".means"), english: $means }),
            };
        )+
        /// The texts of this table.
        pub static TEXTS: &[TextId] = &[$( $id.title, $id.means, )+];
    };
}

#[rustfmt::skip]
headers! {
    FRAME = "frame", "Packet", "What the capture recorded of one packet.";
    NUMBER = "frame.number", "Number", "The packet’s place in the capture, counted from 1.";
    INTERFACE_ID = "frame.interface_id", "Interface", "What the packet was captured from, as the capture counts: from 0, in each section of the file anew.";
    INTERFACE_NAME = "frame.interface_name", "Interface’s name", "What the capturing machine calls what the packet was captured from.";
    CAPTURED = "frame.cap_len", "Bytes captured", "As many of its bytes as the capture kept.";
    ORIGINAL = "frame.len", "Bytes on the wire", "How long the packet was when it was sent; the capture may have kept less.";
    LINK = "frame.encap_type", "Link layer", "What the packet begins with: the kind of network it was captured on.";
    ETHER_TO = "eth.dst", "Receiver’s hardware address", "The network card that the frame is for on this stretch of the way.";
    ETHER_FROM = "eth.src", "Sender’s hardware address", "The network card that sent the frame on this stretch of the way.";
    ETHER_TYPE = "eth.type", "Type", "What the frame carries: 0x0800 is IPv4, 0x86dd is IPv6, 0x0806 is ARP.";
    IPV4 = "ip", "IPv4", "The Internet Protocol, version 4: from which machine to which (RFC 791).";
    IPV4_LENGTH = "ip.len", "Length", "Bytes of this header and of what it carries; what follows is padding. 0 where the sending machine’s network card was to cut it.";
    IPV4_ID = "ip.id", "Identification", "Tells which fragments belong together; most senders count it up.";
    IPV4_FRAGMENT = "ip.frag_offset", "Fragment", "Where these bytes stand in a datagram that was sent in pieces.";
    IPV4_TTL = "ip.ttl", "Time to live", "Routers that may still pass it on. Programs begin with 64, 128 or 255, so the rest tells how far it has come.";
    IPV4_PROTOCOL = "ip.proto", "Protocol", "What the datagram carries: 6 is TCP, 17 is UDP.";
    IPV4_FROM = "ip.src", "Source", "The address of the sender, or of the router that stands for it.";
    IPV4_TO = "ip.dst", "Destination", "The address of the receiver, or of the router that stands for it.";
    IPV6 = "ipv6", "IPv6", "The Internet Protocol, version 6: from which machine to which (RFC 8200).";
    IPV6_LENGTH = "ipv6.plen", "Length", "Bytes behind this header; what follows is padding.";
    IPV6_NEXT = "ipv6.nxt", "Next header", "What follows this header: 6 is TCP, 17 is UDP, others are further headers.";
    IPV6_HOPS = "ipv6.hlim", "Hop limit", "Routers that may still pass it on.";
    IPV6_FROM = "ipv6.src", "Source", "The address of the sender.";
    IPV6_TO = "ipv6.dst", "Destination", "The address of the receiver.";
    TCP = "tcp", "TCP", "The Transmission Control Protocol: which bytes of which connection (RFC 9293).";
    TCP_FROM = "tcp.srcport", "Source port", "The sender’s end of the connection.";
    TCP_TO = "tcp.dstport", "Destination port", "The receiver’s end of the connection; MSNP servers listen on 1863.";
    TCP_SEQUENCE = "tcp.seq_raw", "Sequence number", "The place of the first payload byte in the sender’s stream, counted from a number of its choice.";
    TCP_ACKNOWLEDGEMENT = "tcp.ack_raw", "Acknowledgement number", "The next byte that the sender expects from the other side: it has all before it.";
    TCP_FLAGS = "tcp.flags", "Flags", "SYN opens a connection, FIN ends one’s own sending, RST breaks it off, ACK acknowledges, PSH asks for delivery at once.";
    TCP_WINDOW = "tcp.window_size_value", "Window", "Bytes that the sender can take in; to be multiplied as was agreed on when the connection was opened.";
    TCP_OPTIONS = "tcp.options", "Options", "What the two sides agree on: largest segment, window scale, times, selective acknowledgement.";
    UDP = "udp", "UDP", "The User Datagram Protocol: single messages without a connection (RFC 768).";
    UDP_FROM = "udp.srcport", "Source port", "The sender’s program.";
    UDP_TO = "udp.dstport", "Destination port", "The receiver’s program.";
    UDP_LENGTH = "udp.length", "Length", "Bytes of this header and of what it carries.";
    PAYLOAD = "data", "Payload", "What the headers carry: the next bytes of the stream, or a message.";
    PADDING = "eth.padding", "Behind the end", "Bytes behind the datagram’s end: padding to the shortest frame, or a checksum.";
}
