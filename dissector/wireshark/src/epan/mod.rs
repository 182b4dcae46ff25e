//! Wireshark's side: the functions, structures and numbers this plugin uses, declared by hand.
//!
//! The only module that declares anything of Wireshark's: here starting, bytes, packets and columns, in `tree` what is shown
//! of a packet, in `taps` what is counted and collected over all of them. Declared from its documented interface and
//! checked against the headers of 4.0, 4.2, 4.4 and 4.6 (64-bit Linux): what stands here is the same in all four; what
//! differs is in [`crate::versions`]. Types of which only the address is needed are opaque.
//!
//! Many of these functions leave by `longjmp` when bytes are missing or a tree grows too large. They are therefore
//! declared `C-unwind` and only called from frames without pending destructors; [`crate::callbacks`] says how.

mod taps;
mod tree;

use std::ffi::{c_char, c_int, c_uint, c_void};

pub use taps::{
    CONV_ID_UNSET, CONVERSATION_TCP, CONVERSATION_UDP, ConversationHash, Listener, Naming, ObjectEntry, ObjectList,
    Part, STATS_INCREASE, STATS_ROOT, STATS_SET, TAP_NEW, TAP_NOTHING_NEW, add_conversation_table_data_with_conv_id,
    add_endpoint_table_data, g_free, g_malloc, get_follow_by_name, get_follow_conv_func, listener,
    register_conversation_table, register_export_object, register_tap, stats_tree_manip_node_int,
    stats_tree_register_plugin, tap_queue_packet,
};
pub use tree::{
    BASE_DEC, BASE_HEX, BASE_NONE, BASE_SPECIAL_VALS, ENC_NA, ExpertField, ExpertRegistration, FI_GENERATED,
    FRAMENUM_NONE, FRAMENUM_REQUEST, FRAMENUM_RESPONSE, FT_BYTES, FT_FRAMENUM, FT_NONE, FT_RELATIVE_TIME, FT_STRING,
    FT_UINT32, FT_UINT64, FieldInfo, FieldRegistration, HeaderField, PI_CHAT, PI_ERROR, PI_MALFORMED, PI_NOTE,
    PI_PROTOCOL, PI_REASSEMBLE, PI_RESPONSE_CODE, PI_SECURITY, PI_SEQUENCE, PI_UNDECODED, PI_WARN, ValueString,
    expert_add_info_format, proto_field_is_referenced, proto_item_add_subtree, proto_item_append_text,
    proto_tree_add_bytes_with_length, proto_tree_add_item, proto_tree_add_string, proto_tree_add_time,
    proto_tree_add_uint, proto_tree_add_uint64,
};

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
    /// Bytes that a packet brought, or that were made of them (`struct data_source`).
    DataSource;
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
    /// The protocols of a packet (`wmem_list_t`).
    Layers;
    /// Two ends and what they talk (`conversation_t`).
    Conversation;
    /// How a protocol's streams are followed (`register_follow_t`).
    Follow;
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

/// `GSList`: one of a list.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Listed {
    /// What is listed.
    pub data: *const c_void,
    /// The next, or null.
    pub next: *const Self,
}

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

/// "I cannot tell how many bytes more": asked again with every segment.
pub const DESEGMENT_ONE_MORE_SEGMENT: u32 = 0x0fff_ffff;

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
    pub fn get_data_source_tvb(source: *const DataSource) -> *mut Tvb;
    pub fn tvb_new_child_real_data(parent: *mut Tvb, data: *const u8, length: c_uint, reported: c_int) -> *mut Tvb;
    pub fn add_new_data_source(packet: *mut PacketInfo, tvb: *mut Tvb, name: *const c_char);
    pub fn wmem_alloc(scope: *mut Scope, size: usize) -> *mut c_void;

    // What belongs to a packet or a conversation.
    /// Whether one of the layers is a protocol's. A `gboolean` (an `int`) until 4.2, a `bool` since, which fills the lowest
    /// byte alone.
    pub fn proto_is_frame_protocol(layers: *const Layers, name: *const c_char) -> c_int;
    pub fn find_or_create_conversation(packet: *mut PacketInfo) -> *mut Conversation;
    pub fn conversation_set_dissector_from_frame_number(
        conversation: *mut Conversation,
        frame: u32,
        handle: *mut Handle,
    );
    pub fn conversation_get_proto_data(conversation: *const Conversation, protocol: c_int) -> *mut c_void;
    pub fn p_get_proto_data(scope: *mut Scope, packet: *mut PacketInfo, protocol: c_int, key: u32) -> *mut c_void;
    pub fn p_add_proto_data(scope: *mut Scope, packet: *mut PacketInfo, protocol: c_int, key: u32, data: *mut c_void);

    // Columns.
    pub fn col_set_str(columns: *mut Columns, column: c_int, text: *const c_char);
    pub fn col_clear(columns: *mut Columns, column: c_int);
    pub fn col_append_str(columns: *mut Columns, column: c_int, text: *const c_char);
    pub fn col_append_sep_str(columns: *mut Columns, column: c_int, separator: *const c_char, text: *const c_char);
}
