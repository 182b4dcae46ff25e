//! Wireshark's side: the functions, structures and numbers this plugin uses, declared by hand.
//!
//! The only file that declares anything of Wireshark's. Declared from its documented interface and checked against the
//! headers of 4.0, 4.2, 4.4 and 4.6 (64-bit Linux): what stands here is the same in all four; what differs is in
//! [`crate::versions`]. Types of which only the address is needed are opaque.
//!
//! Many of these functions leave by `longjmp` when bytes are missing or a tree grows too large. They are therefore
//! declared `C-unwind` and only called from frames without pending destructors; [`crate::callbacks`] says how.

use std::ffi::{c_char, c_int, c_uint, c_void};

macro_rules! opaque {
    ( $( $(#[doc = $doc:literal])+ $name:ident; )+ ) => {
        $( $(#[doc = $doc])+ #[repr(C)] pub struct $name { _address_only: [u8; 0] } )+
    };
}

opaque! {
    /// Bytes with bounds (`tvbuff_t`).
    Tvb;
    /// What is known of the packet (`packet_info`); see [`crate::versions`] for the members that are read.
    PacketInfo;
    /// The columns of the packet list (`column_info`).
    Columns;
    /// A node of the tree: `proto_item` and `proto_tree` are the same type.
    Node;
    /// A registered dissector (`dissector_handle_t`).
    Handle;
    /// The preferences of one protocol (`module_t`).
    Preferences;
    /// The expert infos of one protocol (`expert_module_t`).
    ExpertModule;
    /// A memory scope (`wmem_allocator_t`).
    Scope;
    /// Two ends and what they talk (`conversation_t`).
    Conversation;
    /// A tree of numbers (`stats_tree`).
    StatsTree;
}

/// `dissector_t`: returns how many bytes it took, 0 for "not mine".
pub type Dissector = unsafe extern "C-unwind" fn(*mut Tvb, *mut PacketInfo, *mut Node, *mut c_void) -> c_int;

/// `proto_plugin`: two functions that Wireshark calls while it starts.
#[repr(C)]
pub struct Plugin {
    /// Registers the protocol.
    pub register_protoinfo: Option<extern "C-unwind" fn()>,
    /// Connects it to others.
    pub register_handoff: Option<extern "C-unwind" fn()>,
}

/// `header_field_info`: the declaration of a field. 72 bytes.
#[repr(C)]
pub struct HeaderField {
    /// Title.
    pub name: *const c_char,
    /// Filter name.
    pub abbrev: *const c_char,
    /// One of `FT_…`.
    pub kind: c_int,
    /// One of `BASE_…`.
    pub display: c_int,
    /// Names of values; none here.
    pub strings: *const c_void,
    /// Which bits; none here.
    pub bitmask: u64,
    /// Explanation.
    pub blurb: *const c_char,
    /// Filled in by Wireshark.
    pub id: c_int,
    /// Filled in by Wireshark.
    pub parent: c_int,
    /// Filled in by Wireshark.
    pub reference: c_int,
    /// Filled in by Wireshark.
    pub same_name_previous: c_int,
    /// Filled in by Wireshark.
    pub same_name_next: *mut HeaderField,
}

/// `hf_register_info`. 80 bytes.
#[repr(C)]
pub struct FieldRegistration {
    /// Where Wireshark writes the number of the field.
    pub id: *mut c_int,
    /// The declaration; Wireshark keeps its address.
    pub field: HeaderField,
}

/// `expert_field`: filled in by Wireshark.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct ExpertField {
    /// Number among the expert infos.
    pub ei: c_int,
    /// Number of the field that filters find it by.
    pub hf: c_int,
}

impl ExpertField {
    /// Not registered yet.
    pub const UNREGISTERED: Self = Self { ei: -1, hf: -1 };
}

/// `ei_register_info`. 136 bytes.
#[repr(C)]
pub struct ExpertRegistration {
    /// Where Wireshark writes the numbers.
    pub ids: *mut ExpertField,
    /// Filter name.
    pub name: *const c_char,
    /// One of `PI_…` for the group.
    pub group: c_int,
    /// One of `PI_…` for the severity.
    pub severity: c_int,
    /// General wording.
    pub summary: *const c_char,
    /// Filled in by Wireshark.
    pub id: c_int,
    /// Filled in by Wireshark.
    pub protocol: *const c_char,
    /// Filled in by Wireshark.
    pub original_severity: c_int,
    /// Filled in by Wireshark.
    pub field: FieldRegistration,
}

const _: () = assert!(size_of::<HeaderField>() == 72);
const _: () = assert!(size_of::<FieldRegistration>() == 80);
const _: () = assert!(size_of::<ExpertRegistration>() == 136);

/// The head of `struct tcpinfo`, which the TCP dissector hands to those it calls.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct TcpInfo {
    /// Sequence number of the first byte of the segment.
    pub seq: u32,
    /// Sequence number of the byte after the segment.
    pub next_seq: u32,
    /// Sequence number of the last acknowledgement.
    pub last_ack: u32,
    /// Not 0 when the bytes are put together from several segments. (An `int` until 4.2, a `bool` since: read one byte.)
    pub is_reassembled: u8,
}

/// Bit of a flow's `static_flags`: its side sent the SYN. That byte is the first of the flow, and the first flow's the
/// first of what TCP keeps with a conversation (`struct tcp_analysis`). The first flow is that of the end which compares
/// as the greater one.
pub const TCP_SAW_SYN: u8 = 0x02;
/// Another: its side answered a SYN.
pub const TCP_SAW_SYNACK: u8 = 0x04;

/// `address`: an address of any kind. 24 bytes.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Address {
    kind: c_int,
    length: c_int,
    bytes: *const u8,
    owned: *const c_void,
}

impl Address {
    /// The bytes of an IPv4 or IPv6 address.
    ///
    /// # Safety
    /// The address must be that of a live packet, and the bytes not be used after the call.
    pub unsafe fn ip<'a>(self) -> Option<&'a [u8]> {
        let length = match (self.kind, self.length) {
            (2, 4) => 4,
            (3, 16) => 16,
            _ => return None,
        };
        // SAFETY: an address that is not null has as many bytes as it says.
        (!self.bytes.is_null()).then(|| unsafe { std::slice::from_raw_parts(self.bytes, length) })
    }
}

/// The head of `field_info`, up to the flags.
#[repr(C)]
pub struct FieldInfo {
    /// The declaration.
    pub field: *const HeaderField,
    /// First byte.
    pub start: c_int,
    /// Number of bytes.
    pub length: c_int,
    /// Not used here.
    pub appendix: [c_int; 2],
    /// Not used here.
    pub tree_type: c_int,
    /// `FI_…`.
    pub flags: u32,
}

/// `FI_GENERATED`: "not in the bytes"; the item is shown in brackets.
pub const FI_GENERATED: u32 = 2;

/// No value.
pub const FT_NONE: c_int = 0;
/// 32 bits.
pub const FT_UINT32: c_int = 7;
/// 64 bits.
pub const FT_UINT64: c_int = 11;
/// Text.
pub const FT_STRING: c_int = 26;
/// Bytes.
pub const FT_BYTES: c_int = 30;
/// A span of time.
pub const FT_RELATIVE_TIME: c_int = 25;
/// The number of a frame.
pub const FT_FRAMENUM: c_int = 35;

/// `FT_FRAMENUM_REQUEST`, in the place of names of values: that frame holds the request.
pub const FRAMENUM_REQUEST: usize = 1;
/// `FT_FRAMENUM_RESPONSE`: that frame holds the answer.
pub const FRAMENUM_RESPONSE: usize = 2;

/// `nstime_t`: a time, or a span of time. 16 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(C)]
pub struct Nstime {
    /// Whole seconds.
    pub seconds: i64,
    /// Nanoseconds, of the same sign as the seconds of a span.
    pub nanos: c_int,
}

const _: () = assert!(size_of::<Nstime>() == 16);

/// No number.
pub const BASE_NONE: c_int = 0;
/// Decimal.
pub const BASE_DEC: c_int = 1;
/// Hexadecimal.
pub const BASE_HEX: c_int = 2;

/// No byte order, no character set.
pub const ENC_NA: c_uint = 0;

/// Expert group: order.
pub const PI_SEQUENCE: c_int = 0x0200_0000;
/// Expert group: answers that report a failure.
pub const PI_RESPONSE_CODE: c_int = 0x0300_0000;
/// Expert group: not understood.
pub const PI_UNDECODED: c_int = 0x0500_0000;
/// Expert group: lost, cut or repeated bytes.
pub const PI_REASSEMBLE: c_int = 0x0600_0000;
/// Expert group: against the grammar.
pub const PI_MALFORMED: c_int = 0x0700_0000;
/// Expert group: against the protocol.
pub const PI_PROTOCOL: c_int = 0x0900_0000;
/// Expert group: secrets.
pub const PI_SECURITY: c_int = 0x0a00_0000;
/// Expert severity: ordinary.
pub const PI_CHAT: c_int = 0x0020_0000;
/// Expert severity: notable.
pub const PI_NOTE: c_int = 0x0040_0000;
/// Expert severity: unusual.
pub const PI_WARN: c_int = 0x0060_0000;
/// Expert severity: contradictory.
pub const PI_ERROR: c_int = 0x0080_0000;

/// "I cannot tell how many bytes more": asked again with every segment.
pub const DESEGMENT_ONE_MORE_SEGMENT: u32 = 0x0fff_ffff;

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

/// `HEURISTIC_ENABLE`.
pub const HEURISTIC_ENABLE: c_int = 1;

unsafe extern "C-unwind" {
    // Starting.
    pub fn epan_get_version_number(major: *mut c_int, minor: *mut c_int, micro: *mut c_int);
    pub fn proto_register_plugin(plugin: *const Plugin);
    pub fn proto_register_protocol(name: *const c_char, short: *const c_char, filter: *const c_char) -> c_int;
    pub fn proto_register_field_array(protocol: c_int, fields: *mut FieldRegistration, count: c_int);
    pub fn proto_register_subtree_array(subtrees: *const *mut c_int, count: c_int);
    pub fn expert_register_protocol(protocol: c_int) -> *mut ExpertModule;
    pub fn expert_register_field_array(module: *mut ExpertModule, experts: *mut ExpertRegistration, count: c_int);
    pub fn prefs_register_protocol(protocol: c_int, apply: Option<extern "C-unwind" fn()>) -> *mut Preferences;
    pub fn prefs_register_bool_preference(
        module: *mut Preferences,
        name: *const c_char,
        title: *const c_char,
        description: *const c_char,
        variable: *mut c_int,
    );
    pub fn prefs_register_uint_preference(
        module: *mut Preferences,
        name: *const c_char,
        title: *const c_char,
        description: *const c_char,
        base: c_uint,
        variable: *mut c_uint,
    );
    pub fn register_init_routine(routine: extern "C-unwind" fn());
    pub fn register_cleanup_routine(routine: extern "C-unwind" fn());
    pub fn register_dissector(name: *const c_char, dissector: Dissector, protocol: c_int) -> *mut Handle;
    pub fn dissector_add_for_decode_as(table: *const c_char, handle: *mut Handle);
    pub fn dissector_add_string(table: *const c_char, pattern: *const c_char, handle: *mut Handle);
    pub fn dissector_add_uint_with_preference(table: *const c_char, value: u32, handle: *mut Handle);
    pub fn heur_dissector_add(
        table: *const c_char,
        dissector: Dissector,
        display_name: *const c_char,
        internal_name: *const c_char,
        protocol: c_int,
        enable: c_int,
    );
    pub fn proto_get_id_by_filter_name(name: *const c_char) -> c_int;
    pub fn col_format_to_string(column: c_int) -> *const c_char;

    // Bytes.
    pub fn tvb_captured_length(tvb: *const Tvb) -> c_uint;
    pub fn tvb_reported_length(tvb: *const Tvb) -> c_uint;
    pub fn tvb_get_ptr(tvb: *mut Tvb, offset: c_int, length: c_int) -> *const u8;
    /// The bytes that these are a part of, as a capture or a reassembly brought them.
    pub fn tvb_get_ds_tvb(tvb: *mut Tvb) -> *mut Tvb;
    /// Where these begin in those.
    pub fn tvb_raw_offset(tvb: *mut Tvb) -> c_int;
    pub fn tvb_new_child_real_data(parent: *mut Tvb, data: *const u8, length: c_uint, reported: c_int) -> *mut Tvb;
    pub fn add_new_data_source(packet: *mut PacketInfo, tvb: *mut Tvb, name: *const c_char);
    pub fn wmem_alloc(scope: *mut Scope, size: usize) -> *mut c_void;

    // What belongs to a packet or a conversation.
    pub fn find_or_create_conversation(packet: *mut PacketInfo) -> *mut Conversation;
    pub fn conversation_set_dissector_from_frame_number(
        conversation: *mut Conversation,
        frame: u32,
        handle: *mut Handle,
    );
    pub fn conversation_get_proto_data(conversation: *const Conversation, protocol: c_int) -> *mut c_void;
    pub fn p_get_proto_data(scope: *mut Scope, packet: *mut PacketInfo, protocol: c_int, key: u32) -> *mut c_void;
    pub fn p_add_proto_data(scope: *mut Scope, packet: *mut PacketInfo, protocol: c_int, key: u32, data: *mut c_void);

    // Export Objects.
    pub fn register_export_object(protocol: c_int, packet: TapPacket, reset: Option<extern "C-unwind" fn()>) -> c_int;
    /// A `gboolean` (an `int`) until 4.2, a `bool` since, which fills the lowest byte alone.
    pub fn have_tap_listener(tap: c_int) -> c_int;
    pub fn tap_queue_packet(tap: c_int, packet: *mut PacketInfo, data: *const c_void);
    pub fn g_malloc(size: usize) -> *mut c_void;

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

    // Columns.
    pub fn col_set_str(columns: *mut Columns, column: c_int, text: *const c_char);
    pub fn col_clear(columns: *mut Columns, column: c_int);
    pub fn col_append_str(columns: *mut Columns, column: c_int, text: *const c_char);
    pub fn col_append_sep_str(columns: *mut Columns, column: c_int, separator: *const c_char, text: *const c_char);

    // The tree.
    pub fn proto_tree_add_item(
        tree: *mut Node,
        field: c_int,
        tvb: *mut Tvb,
        start: c_int,
        length: c_int,
        encoding: c_uint,
    ) -> *mut Node;
    /// The value is `length` bytes of `value`, whatever the bytes of the range are.
    pub fn proto_tree_add_bytes(
        tree: *mut Node,
        field: c_int,
        tvb: *mut Tvb,
        start: c_int,
        length: c_int,
        value: *const u8,
    ) -> *mut Node;
    pub fn proto_tree_add_string(
        tree: *mut Node,
        field: c_int,
        tvb: *mut Tvb,
        start: c_int,
        length: c_int,
        value: *const c_char,
    ) -> *mut Node;
    pub fn proto_tree_add_uint(
        tree: *mut Node,
        field: c_int,
        tvb: *mut Tvb,
        start: c_int,
        length: c_int,
        value: u32,
    ) -> *mut Node;
    pub fn proto_tree_add_uint64(
        tree: *mut Node,
        field: c_int,
        tvb: *mut Tvb,
        start: c_int,
        length: c_int,
        value: u64,
    ) -> *mut Node;
    pub fn proto_tree_add_time(
        tree: *mut Node,
        field: c_int,
        tvb: *mut Tvb,
        start: c_int,
        length: c_int,
        value: *const Nstime,
    ) -> *mut Node;
    /// Whether a tree is looked at, or a filter, a column or a tap wants the field. A `gboolean` (an `int`) until 4.2, a
    /// `bool` since, which fills the lowest byte alone.
    pub fn proto_field_is_referenced(tree: *mut Node, field: c_int) -> c_int;
    pub fn proto_item_add_subtree(item: *mut Node, subtree: c_int) -> *mut Node;
    pub fn proto_item_append_text(item: *mut Node, format: *const c_char, ...);
    pub fn expert_add_info_format(
        packet: *mut PacketInfo,
        item: *mut Node,
        expert: *mut ExpertField,
        format: *const c_char,
        ...
    ) -> *mut Node;
}
