//! What differs between Wireshark's versions: where the members lie that this plugin reads.
//!
//! Measured against the headers of each version on 64-bit Linux. A version that is not in the table is not served: the
//! plugin then announces itself as made for the oldest one, and Wireshark refuses it with a message that says so.

use std::cmp::Ordering;
use std::ffi::c_int;
use std::ptr::null_mut;
use std::sync::OnceLock;

use crate::counting::Ends;
use crate::epan::{self, Columns, FieldInfo, HeaderField, Layers, Listed, Node, Nstime, PacketInfo, Scope, Tvb};

/// Offsets in bytes, of one version.
#[derive(Debug, Clone, Copy)]
pub struct Layout {
    /// The second number of the version; the first is 4.
    pub minor: c_int,
    data_sources: usize,
    source_address: usize,
    source_port: usize,
    destination_port: usize,
    can_desegment: usize,
    desegment_offset: usize,
    desegment_len: usize,
    layers: usize,
    pool: usize,
    /// In a tree node: the address of its `field_info`.
    field_info: usize,
}

#[rustfmt::skip]
const TESTED: [Layout; 4] = [
    Layout { minor: 0, data_sources: 80, source_address: 184, source_port: 260, destination_port: 264, can_desegment: 304, desegment_offset: 308, desegment_len: 312, layers: 336, pool: 392, field_info: 32 },
    Layout { minor: 2, data_sources: 104, source_address: 208, source_port: 284, destination_port: 288, can_desegment: 328, desegment_offset: 332, desegment_len: 336, layers: 360, pool: 408, field_info: 32 },
    Layout { minor: 4, data_sources: 104, source_address: 208, source_port: 284, destination_port: 288, can_desegment: 328, desegment_offset: 332, desegment_len: 336, layers: 360, pool: 408, field_info: 32 },
    Layout { minor: 6, data_sources: 104, source_address: 208, source_port: 288, destination_port: 292, can_desegment: 336, desegment_offset: 340, desegment_len: 344, layers: 368, pool: 416, field_info: 40 },
];

/// Offset of the columns, the same in all versions.
const COLUMNS: usize = 8;
/// Offset of the frame number, the same in all versions.
const NUMBER: usize = 20;

/// Offset of the time of the frame (`abs_ts`), the same in all versions.
const TIME: usize = 24;
/// Offset of the time since the first frame (`rel_ts`), the same in all versions.
const ELAPSED: usize = 40;

/// The layout of the Wireshark that runs, or `None` for a version that was never tried.
pub fn layout() -> Option<&'static Layout> {
    static RUNNING: OnceLock<Option<Layout>> = OnceLock::new();
    RUNNING
        .get_or_init(|| {
            let (mut major, mut minor, mut micro) = (0, 0, 0);
            // SAFETY: writes three ints; needs nothing to be initialised.
            unsafe { epan::epan_get_version_number(&raw mut major, &raw mut minor, &raw mut micro) };
            TESTED.into_iter().find(|layout| major == 4 && layout.minor == minor)
        })
        .as_ref()
}

/// Sources of a packet that are looked at, the first: what was captured, and what was put together from several packets.
pub const SOURCES: usize = 8;

/// A packet that Wireshark is dissecting.
#[derive(Clone, Copy)]
pub struct Packet {
    /// Wireshark's own view of it.
    pub info: *mut PacketInfo,
    layout: &'static Layout,
}

impl Packet {
    /// # Safety
    /// `info` must be the `packet_info` of a dissector call, and not be used after that call.
    pub unsafe fn new(info: *mut PacketInfo, layout: &'static Layout) -> Self {
        Self { info, layout }
    }

    fn member<T>(self, offset: usize) -> *mut T {
        // SAFETY: `new` promises a live `packet_info`, and the table holds offsets inside it.
        unsafe { self.info.byte_add(offset).cast() }
    }

    fn read<T: Copy>(self, offset: usize) -> T {
        // SAFETY: as above; each caller asks for the type that the member has.
        unsafe { self.member::<T>(offset).read() }
    }

    /// Number of the frame, from 1.
    pub fn frame(self) -> u32 {
        self.read(NUMBER)
    }

    /// When the frame was captured, in seconds and nanoseconds since 1970.
    pub fn time(self) -> Nstime {
        self.read(TIME)
    }

    /// How long after the first frame that was.
    pub fn elapsed(self) -> Nstime {
        self.read(ELAPSED)
    }

    /// The first sources of bytes, null behind the last.
    pub fn sources(self) -> [*mut Tvb; SOURCES] {
        let mut next = self.read::<*const Listed>(self.layout.data_sources);
        let mut sources = [null_mut(); SOURCES];
        for source in &mut sources {
            if next.is_null() {
                break;
            }
            // SAFETY: the list is the packet's, and of sources.
            unsafe {
                let listed = next.read();
                *source = epan::get_data_source_tvb(listed.data.cast());
                next = listed.next;
            }
        }
        sources
    }

    /// The columns of the packet list.
    pub fn columns(self) -> *mut Columns {
        self.read(COLUMNS)
    }

    /// Memory that lives as long as the dissection of this packet.
    pub fn pool(self) -> *mut Scope {
        self.read(self.layout.pool)
    }

    /// TCP port that the segment comes from.
    pub fn source_port(self) -> u32 {
        self.read(self.layout.source_port)
    }

    /// TCP port that the segment goes to.
    pub fn destination_port(self) -> u32 {
        self.read(self.layout.destination_port)
    }

    /// Whether HTTP or SOCKS was dissected in this packet: while what a proxy passes on is, one of the two ends is the far one,
    /// by its port, and in 4.6 by its name.
    pub fn has_proxy(self) -> bool {
        let layers = self.read::<*const Layers>(self.layout.layers);
        // SAFETY: the list is the packet's, the names are static; nothing is kept.
        [c"socks", c"http"]
            .iter()
            .any(|name| unsafe { epan::proto_is_frame_protocol(layers, name.as_ptr()) } & 0xff != 0)
    }

    /// Both ports.
    pub fn ports(self) -> [u32; 2] {
        [self.source_port(), self.destination_port()]
    }

    /// The addresses of sender and receiver, as Wireshark keeps them while it dissects the packet.
    pub fn network_addresses(self) -> [epan::Address; 2] {
        self.read(self.layout.source_address)
    }

    /// How sender and receiver compare, as TCP orders the two ends of a connection: by address, and by port if that is the
    /// same. `None` when they are no IP addresses.
    pub fn ends(self) -> Option<Ordering> {
        let [source, destination] = self.network_addresses();
        // SAFETY: the two addresses are those of the packet, if they are what they say.
        let (source, destination) = unsafe { (source.ip()?, destination.ip()?) };
        let by_address = source.len().cmp(&destination.len()).then_with(|| source.cmp(destination));
        Some(by_address.then(self.source_port().cmp(&self.destination_port())))
    }

    /// The two ends; those that are no IP addresses are told as `0.0.0.0`.
    pub fn addresses(self) -> Ends {
        let [source, destination] = self.network_addresses();
        // SAFETY: the two addresses are those of the packet, if they are what they say.
        let [source, destination] = unsafe { [source.ip(), destination.ip()] }.map(Option::unwrap_or_default);
        Ends::new((source, self.source_port()), (destination, self.destination_port()))
    }

    /// True when TCP is ready to keep bytes back until more arrive.
    pub fn can_desegment(self) -> bool {
        self.read::<u16>(self.layout.can_desegment) > 0
    }

    /// Asks TCP to keep the bytes from `offset` on, and to come back with `more` bytes more.
    pub fn desegment(self, offset: c_int, more: u32) {
        // SAFETY: as in `member`; the two members are an int and a 32-bit number.
        unsafe {
            self.member::<c_int>(self.layout.desegment_offset).write(offset);
            self.member::<u32>(self.layout.desegment_len).write(more);
        }
    }
}

/// Marks an item as a fact that is not in the bytes. (Wireshark does it in a header, not in a function to call.)
///
/// # Safety
/// `item` must be null or what one of Wireshark's `proto_tree_add_…` functions just returned, for the field declared at
/// `field`.
pub unsafe fn mark_generated(item: *mut Node, field: *const HeaderField, layout: &Layout) {
    if item.is_null() {
        return;
    }
    // SAFETY: a node is at least six pointers in every tested version.
    let info = unsafe { item.byte_add(layout.field_info).cast::<*mut FieldInfo>().read() };
    if info.is_null() {
        return;
    }
    // SAFETY: that pointer is the `field_info` of the node. When Wireshark builds no visible tree, the node may stand for
    // another item: then its declaration is another one and stays untouched.
    unsafe {
        if (*info).field == field {
            (*info).flags |= epan::FI_GENERATED;
        }
    }
}

/// Numbers of the columns Protocol and Info. They moved between versions; their formats `%p` and `%i` did not.
#[derive(Debug, Clone, Copy)]
pub struct ColumnNumbers {
    /// Protocol.
    pub protocol: c_int,
    /// Info.
    pub info: c_int,
}

/// Column formats that every tested version has; asking for one that is not there ends the program.
const COLUMN_FORMATS: c_int = 46;

/// Finds the columns.
pub fn columns() -> ColumnNumbers {
    static FOUND: OnceLock<ColumnNumbers> = OnceLock::new();
    *FOUND.get_or_init(|| {
        let find = |format: &std::ffi::CStr| {
            (0..COLUMN_FORMATS)
                .find(|column| {
                    // SAFETY: the number is in range; returns a static text.
                    let text = unsafe { epan::col_format_to_string(*column) };
                    // SAFETY: not null, so a NUL-terminated text.
                    !text.is_null() && unsafe { std::ffi::CStr::from_ptr(text) } == format
                })
                .unwrap_or(-1)
        };
        ColumnNumbers { protocol: find(c"%p"), info: find(c"%i") }
    })
}
