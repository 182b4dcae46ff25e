//! Who talks with whom in MSNP: Wireshark's tables of conversations and endpoints, in its menu and by `-z conv,msnp` and
//! `-z endpoints,msnp`.
//!
//! While somebody looks at one of them, each call that told PDUs hands the tap a row: the two ends, and what to add. A packet
//! counts once for each connection, with its first PDU; bytes are those of PDUs, in the packet that completed them. Nothing
//! is kept here.

use std::ffi::{CStr, c_char, c_int, c_uint, c_void};
use std::ptr::null_mut;
use std::sync::atomic::{AtomicI32, Ordering};

use crate::epan::{self, Address, Conversation, ConversationHash, Listener, Naming, Nstime, PacketInfo, Part};
use crate::memory::Transport;
use crate::versions::{Packet, layout};

/// Wireshark's number of the tap; -1 while there is none.
static TAP: AtomicI32 = AtomicI32::new(-1);

/// The tap that both tables listen to: that of the protocol's name, as Wireshark wants it.
const TAP_NAME: &CStr = c"msnp";

/// What Wireshark calls a field that there is not.
const NO_NAME: &CStr = c"INVALID";

/// How filters name the ends: IPv4 and IPv6, over TCP and over UDP.
static NAMINGS: [[Naming; 2]; 2] = [
    [Naming { name: name::<false, false> }, Naming { name: name::<false, true> }],
    [Naming { name: name::<true, false> }, Naming { name: name::<true, true> }],
];

/// The two ends of a packet, the sender's first.
#[derive(Clone, Copy)]
struct Ends {
    addresses: [Address; 2],
    ports: [u32; 2],
    /// Wireshark's number of the connection.
    stream: c_uint,
}

impl Ends {
    fn of(packet: Packet, transport: Transport) -> Self {
        Self { addresses: packet.network_addresses(), ports: packet.ports(), stream: stream(packet, transport) }
    }
}

/// Wireshark's number of the packet's stream, as "Follow Stream" finds it.
fn stream(packet: Packet, transport: Transport) -> c_uint {
    let protocol = if transport == Transport::Tcp { c"TCP" } else { c"UDP" };
    let (mut stream, mut part) = (epan::CONV_ID_UNSET, 0);
    // SAFETY: the name is static, and the packet that of the running call. What is returned is a text of ours, or null.
    unsafe {
        let follow = epan::get_follow_by_name(protocol.as_ptr());
        if !follow.is_null()
            && let Some(find) = epan::get_follow_conv_func(follow)
        {
            epan::g_free(find(null_mut(), packet.info, &raw mut stream, &raw mut part).cast());
        }
    }
    stream
}

/// What the PDUs of a call add, in memory of the packet.
#[derive(Clone, Copy)]
pub struct Row {
    /// `None` where a proxy may pass on what is told: the packet has its own ends again when the tables are asked.
    ends: Option<Ends>,
    transport: Transport,
    packets: c_int,
    bytes: c_int,
    time: Nstime,
    elapsed: Nstime,
}

impl Row {
    /// `first`: none of the connection's PDUs was told before in this packet.
    pub fn new(packet: Packet, transport: Transport, first: bool, bytes: usize) -> Self {
        Self {
            ends: (!packet.has_proxy()).then(|| Ends::of(packet, transport)),
            transport,
            packets: first.into(),
            bytes: c_int::try_from(bytes).unwrap_or(c_int::MAX),
            time: packet.time(),
            elapsed: packet.elapsed(),
        }
    }

    fn kind(&self) -> c_int {
        match self.transport {
            Transport::Tcp => epan::CONVERSATION_TCP,
            Transport::Udp => epan::CONVERSATION_UDP,
        }
    }

    /// The ends, and how filters name them; `None` where they have no IP addresses.
    ///
    /// # Safety
    /// `packet` must be what Wireshark passed to a tap, for this row.
    unsafe fn named(&self, packet: *mut PacketInfo) -> Option<(Ends, &'static Naming)> {
        // SAFETY: the caller's promise.
        let now = || layout().map(|layout| Ends::of(unsafe { Packet::new(packet, layout) }, self.transport));
        let ends = self.ends.or_else(now)?;
        // SAFETY: these are the addresses of a packet that is not yet let go; only their lengths are looked at.
        let lengths = ends.addresses.map(|address| unsafe { address.ip() }.map(<[u8]>::len));
        let [tcp, udp] = match lengths {
            [Some(4), Some(4)] => &NAMINGS[0],
            [Some(16), Some(16)] => &NAMINGS[1],
            _ => return None,
        };
        Some((ends, if self.transport == Transport::Tcp { tcp } else { udp }))
    }
}

/// Tells Wireshark that there are such tables. Called once while it starts.
pub fn register(protocol: c_int) {
    // SAFETY: the text is static, the functions have the signature that Wireshark calls.
    unsafe {
        TAP.store(epan::register_tap(TAP_NAME.as_ptr()), Ordering::Relaxed);
        epan::register_conversation_table(protocol, 0, add::<false>, add::<true>);
    }
}

/// Whether somebody looks at a table.
pub fn listener() -> Listener {
    epan::listener(TAP.load(Ordering::Relaxed))
}

/// Whether this is asked for the first time of this conversation in this dissection of the packet: one packet may hold
/// those of several.
///
/// # Safety
/// As [`offer`], with the protocol's number and a conversation of the packet's.
pub unsafe fn is_first(packet: Packet, protocol: c_int, conversation: *mut Conversation) -> bool {
    // Addresses are even, and other keys of the protocol's too.
    let key = u32::try_from(conversation.addr() & 0xffff_ffff).unwrap_or(0) | 1;
    // SAFETY: what is kept is not looked at, and is gone with this dissection.
    unsafe {
        let first = epan::p_get_proto_data(packet.pool(), packet.info, protocol, key).is_null();
        if first {
            epan::p_add_proto_data(packet.pool(), packet.info, protocol, key, conversation.cast());
        }
        first
    }
}

/// Hands a row to whoever looks.
///
/// # Safety
/// `packet` must be that of a dissector call, and the row made for it. Nothing may be owned by the callers, which Wireshark
/// may jump over.
pub unsafe fn offer(packet: Packet, row: Row) {
    // SAFETY: memory of the packet, for as long as the tap needs it; written before it is told.
    unsafe {
        let laid: *mut Row = epan::wmem_alloc(packet.pool(), size_of::<Row>()).cast();
        laid.write(row);
        epan::tap_queue_packet(TAP.load(Ordering::Relaxed), packet.info, laid.cast());
    }
}

/// Called for each row, by the table of conversations or by that of endpoints.
unsafe extern "C-unwind" fn add<const ENDPOINTS: bool>(
    table: *mut c_void,
    packet: *mut PacketInfo,
    _dissection: *mut c_void,
    data: *const c_void,
    flags: c_uint,
) -> c_int {
    // SAFETY: Wireshark passes its table, and what `offer` handed over for this packet; it copies what it keeps.
    unsafe {
        let row = data.cast::<Row>().read();
        let Some((ends, naming)) = row.named(packet) else { return epan::TAP_NOTHING_NEW };
        let Ends { addresses: [source, destination], ports: [source_port, destination_port], stream } = ends;
        let (packets, bytes, kind) = (row.packets, row.bytes, row.kind());
        let (source, destination) = (&raw const source, &raw const destination);
        let table = table.cast::<ConversationHash>();
        (*table).flags = flags;
        if ENDPOINTS {
            epan::add_endpoint_table_data(table, source, source_port, 1, packets, bytes, naming, kind);
            epan::add_endpoint_table_data(table, destination, destination_port, 0, packets, bytes, naming, kind);
        } else {
            epan::add_conversation_table_data_with_conv_id(
                table,
                source,
                destination,
                source_port,
                destination_port,
                stream,
                packets,
                bytes,
                &raw const row.elapsed,
                &raw const row.time,
                naming,
                kind,
            );
        }
    }
    epan::TAP_NEW
}

/// How filters name a part of the ends.
unsafe extern "C-unwind" fn name<const V6: bool, const UDP: bool>(_row: *mut c_void, part: Part) -> *const c_char {
    let name = match (part, V6, UDP) {
        (Part::SOURCE_ADDRESS, false, _) => c"ip.src",
        (Part::SOURCE_ADDRESS, true, _) => c"ipv6.src",
        (Part::DESTINATION_ADDRESS, false, _) => c"ip.dst",
        (Part::DESTINATION_ADDRESS, true, _) => c"ipv6.dst",
        (Part::ADDRESS, false, _) => c"ip.addr",
        (Part::ADDRESS, true, _) => c"ipv6.addr",
        (Part::SOURCE_PORT, _, false) => c"tcp.srcport",
        (Part::SOURCE_PORT, _, true) => c"udp.srcport",
        (Part::DESTINATION_PORT, _, false) => c"tcp.dstport",
        (Part::DESTINATION_PORT, _, true) => c"udp.dstport",
        (Part::PORT, _, false) => c"tcp.port",
        (Part::PORT, _, true) => c"udp.port",
        _ => NO_NAME,
    };
    name.as_ptr()
}
