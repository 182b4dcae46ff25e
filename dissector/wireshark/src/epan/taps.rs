//! Taps: what is counted and collected over all packets, while somebody listens.

use std::ffi::{c_char, c_int, c_uint, c_void};

use super::{Address, Follow, Nstime, PacketInfo, StatsTree};

/// `tap_packet_cb`: one packet for whoever listens. Returns whether there is something new to show.
pub type TapPacket = unsafe extern "C-unwind" fn(
    list: *mut c_void,
    packet: *mut PacketInfo,
    dissection: *mut c_void,
    data: *const c_void,
    flags: c_uint,
) -> c_int;

/// `stat_tree_packet_cb`: one packet for a tree of numbers.
pub type StatsPacket = unsafe extern "C-unwind" fn(
    tree: *mut StatsTree,
    packet: *mut PacketInfo,
    dissection: *mut c_void,
    data: *const c_void,
    flags: c_uint,
) -> c_int;

/// The branch that holds all others.
pub const STATS_ROOT: c_int = 0;
/// `MN_INCREASE`: add to a branch.
pub const STATS_INCREASE: c_int = 0;
/// `MN_SET`: what a branch shows from now on.
pub const STATS_SET: c_int = 1;

/// Whether somebody listens to a tap, if there is one of that number.
pub fn listener(tap: c_int) -> Listener {
    // SAFETY: the number is one that Wireshark returned.
    if tap >= 0 && unsafe { have_tap_listener(tap) } & 0xff != 0 { Listener::There } else { Listener::Absent }
}

/// Whether somebody listens to a tap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listener {
    /// Somebody does.
    There,
    /// Nobody does.
    Absent,
}

/// `TAP_PACKET_DONT_REDRAW`: nothing new.
pub const TAP_NOTHING_NEW: c_int = 0;
/// `TAP_PACKET_REDRAW`: something new.
pub const TAP_NEW: c_int = 1;

/// `export_object_list_t`: where objects are put.
#[repr(C)]
pub struct ObjectList {
    /// Adds one; takes over the entry and all its members.
    pub add: Option<unsafe extern "C-unwind" fn(data: *mut c_void, entry: *mut ObjectEntry)>,
    /// Not used here.
    pub get: *mut c_void,
    /// Goes with `add`.
    pub data: *mut c_void,
}

/// `export_object_entry_t`: one object. Every member is memory of `g_malloc`.
#[repr(C)]
pub struct ObjectEntry {
    /// Frame that completed it.
    pub frame: u32,
    /// Who it comes from.
    pub host: *mut c_char,
    /// Media type.
    pub content_type: *mut c_char,
    /// What to call it.
    pub file_name: *mut c_char,
    /// Its length in bytes.
    pub length: usize,
    /// Its bytes.
    pub bytes: *mut u8,
}

/// The head of `conv_hash_t`: a table of conversations or of endpoints. Wireshark fills it; who adds to it passes on the
/// flags.
#[repr(C)]
pub struct ConversationHash {
    /// Not used here.
    pub others: [*mut c_void; 3],
    /// Those that came with the packet.
    pub flags: c_uint,
}

const _: () = assert!(std::mem::offset_of!(ConversationHash, flags) == 24);

/// `conv_filter_type_e`: what a filter is to name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(transparent)]
pub struct Part(c_int);

impl Part {
    /// The address of the sender.
    pub const SOURCE_ADDRESS: Self = Self(0);
    /// Of the receiver.
    pub const DESTINATION_ADDRESS: Self = Self(1);
    /// Of either.
    pub const ADDRESS: Self = Self(2);
    /// The port of the sender.
    pub const SOURCE_PORT: Self = Self(3);
    /// Of the receiver.
    pub const DESTINATION_PORT: Self = Self(4);
    /// Of either.
    pub const PORT: Self = Self(5);
}

/// `ct_dissector_info_t`, and the like of endpoints: how filters name what a row is about.
#[repr(C)]
pub struct Naming {
    /// The name of a field, a text that stays.
    pub name: unsafe extern "C-unwind" fn(row: *mut c_void, part: Part) -> *const c_char,
}

/// `CONVERSATION_TCP`, also of an endpoint.
pub const CONVERSATION_TCP: c_int = 2;
/// `CONVERSATION_UDP`.
pub const CONVERSATION_UDP: c_int = 3;
/// A conversation without a number.
pub const CONV_ID_UNSET: c_uint = c_uint::MAX;

/// `follow_conv_filter_func`: tells the number of a packet's stream, and of a stream within it. Returns a filter, memory of
/// `g_malloc`, or null when there is no stream. For TCP and UDP it does not look at the dissection.
pub type FindStream = unsafe extern "C-unwind" fn(
    dissection: *mut c_void,
    packet: *mut PacketInfo,
    stream: *mut c_uint,
    part: *mut c_uint,
) -> *mut c_char;

unsafe extern "C-unwind" {
    // Export Objects.
    pub fn register_export_object(protocol: c_int, packet: TapPacket, reset: Option<extern "C-unwind" fn()>) -> c_int;
    /// A `gboolean` (an `int`) until 4.2, a `bool` since, which fills the lowest byte alone.
    pub fn have_tap_listener(tap: c_int) -> c_int;
    pub fn tap_queue_packet(tap: c_int, packet: *mut PacketInfo, data: *const c_void);
    pub fn g_malloc(size: usize) -> *mut c_void;
    pub fn g_free(memory: *mut c_void);

    // Statistics.
    pub fn register_tap(name: *const c_char) -> c_int;
    /// Returns nothing in 4.0, and an address since, which is not used.
    pub fn stats_tree_register_plugin(
        tap: *const c_char,
        name: *const c_char,
        title: *const c_char,
        flags: c_uint,
        packet: StatsPacket,
        begin: unsafe extern "C-unwind" fn(*mut StatsTree),
        end: Option<unsafe extern "C-unwind" fn(*mut StatsTree)>,
    );
    /// Returns the number of the branch.
    pub fn stats_tree_manip_node_int(
        mode: c_int,
        tree: *mut StatsTree,
        name: *const c_char,
        parent: c_int,
        with_children: c_int,
        value: c_int,
    ) -> c_int;

    // Tables of conversations and endpoints.
    pub fn register_conversation_table(
        protocol: c_int,
        without_ports: c_int,
        conversation: TapPacket,
        endpoint: TapPacket,
    );
    /// Null when there is none of that short name.
    pub fn get_follow_by_name(protocol: *const c_char) -> *mut Follow;
    pub fn get_follow_conv_func(follow: *mut Follow) -> Option<FindStream>;
    /// Copies what it keeps. Returns nothing until 4.2, and an address since, which is not used.
    pub fn add_conversation_table_data_with_conv_id(
        table: *mut ConversationHash,
        source: *const Address,
        destination: *const Address,
        source_port: u32,
        destination_port: u32,
        stream: c_uint,
        packets: c_int,
        bytes: c_int,
        elapsed: *const Nstime,
        time: *const Nstime,
        naming: *const Naming,
        kind: c_int,
    );
    /// Copies what it keeps.
    pub fn add_endpoint_table_data(
        table: *mut ConversationHash,
        address: *const Address,
        port: u32,
        sends: c_int,
        packets: c_int,
        bytes: c_int,
        naming: *const Naming,
        kind: c_int,
    );
}
