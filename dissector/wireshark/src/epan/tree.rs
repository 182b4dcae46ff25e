//! Fields, expert infos and the tree of a packet: what is declared once, and what is drawn.

use std::ffi::{c_char, c_int, c_uint, c_void};

use super::{Node, Nstime, PacketInfo, Tvb};

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
    /// Names of values: the first of the `value_string`s of a number, `FRAMENUM_…` of a frame’s number.
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

/// `value_string`: the name of one value. Behind the last one stands one without a text.
#[repr(C)]
pub struct ValueString {
    /// The value.
    pub value: u32,
    /// Its name.
    pub text: *const c_char,
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

/// `FT_FRAMENUM_NONE`, in the place of names of values: nothing is said of that frame.
pub const FRAMENUM_NONE: usize = 0;
/// `FT_FRAMENUM_REQUEST`, in the place of names of values: that frame holds the request.
pub const FRAMENUM_REQUEST: usize = 1;
/// `FT_FRAMENUM_RESPONSE`: that frame holds the answer.
pub const FRAMENUM_RESPONSE: usize = 2;

/// No number.
pub const BASE_NONE: c_int = 0;
/// Decimal.
pub const BASE_DEC: c_int = 1;
/// Hexadecimal.
pub const BASE_HEX: c_int = 2;
/// Added to the base: a value without a name is shown as the number alone.
pub const BASE_SPECIAL_VALS: c_int = 0x8000;

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

unsafe extern "C-unwind" {
    pub fn proto_tree_add_item(
        tree: *mut Node,
        field: c_int,
        tvb: *mut Tvb,
        start: c_int,
        length: c_int,
        encoding: c_uint,
    ) -> *mut Node;
    /// The value is `count` bytes of `value`, whatever the bytes of the range are.
    pub fn proto_tree_add_bytes_with_length(
        tree: *mut Node,
        field: c_int,
        tvb: *mut Tvb,
        start: c_int,
        length: c_int,
        value: *const u8,
        count: c_int,
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
