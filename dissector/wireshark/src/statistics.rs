//! Statistics: Wireshark's menu and `tshark -z`, as trees of numbers.
//!
//! While somebody looks at one of them, what each PDU adds is laid down in memory of the packet and handed to the tap;
//! Wireshark then asks each tree, which adds its own. Nothing is kept here.

use std::ffi::{CStr, c_char, c_int, c_uint, c_void};
use std::ptr::null;
use std::sync::atomic::{AtomicI32, Ordering};

use crate::counting::Statistic;
use crate::epan::{self, Listener, PacketInfo, StatsTree};
use crate::versions::{Layout, Packet};

/// Wireshark's number of the tap; -1 while there is none.
static TAP: AtomicI32 = AtomicI32::new(-1);

/// The tap that all trees listen to.
const TAP_NAME: &CStr = c"msnp_statistics";

/// Branches below one another.
pub const DEPTH: usize = 3;

/// A [`Count`](crate::counting::Count) in memory of the packet.
#[derive(Clone, Copy)]
pub struct Laid {
    /// In which tree.
    pub statistic: Statistic,
    /// How much.
    pub value: c_int,
    /// The names of the branches; null behind the last.
    pub path: [*const c_char; DEPTH],
}

impl Laid {
    /// Nothing yet.
    pub fn new(statistic: Statistic, value: c_int) -> Self {
        Self { statistic, value, path: [null(); DEPTH] }
    }
}

/// Tells Wireshark which trees there are. Called once while it starts.
pub fn register(layout: &Layout) {
    // Until 4.0 one bar stood between the parts of a menu's path.
    let titles = match layout.minor {
        0 => [c"MSNP/Commands", c"MSNP/Accounts", c"MSNP/Conversations", c"MSNP/Transfers (bytes)"],
        _ => [c"MSNP//Commands", c"MSNP//Accounts", c"MSNP//Conversations", c"MSNP//Transfers (bytes)"],
    };
    let [commands, accounts, conversations, transfers] = titles;
    // SAFETY: the texts are static, the functions have the signatures that Wireshark calls.
    unsafe {
        TAP.store(epan::register_tap(TAP_NAME.as_ptr()), Ordering::Relaxed);
        let tree = |name: &CStr, title: &CStr, packet| {
            epan::stats_tree_register_plugin(
                TAP_NAME.as_ptr(),
                name.as_ptr(),
                title.as_ptr(),
                0,
                packet,
                nothing,
                None,
            );
        };
        tree(c"msnp_commands", commands, add::<{ Statistic::Commands as u8 }>);
        tree(c"msnp_accounts", accounts, add::<{ Statistic::Accounts as u8 }>);
        tree(c"msnp_conversations", conversations, add::<{ Statistic::Conversations as u8 }>);
        tree(c"msnp_transfers", transfers, add::<{ Statistic::Transfers as u8 }>);
    }
}

/// Whether somebody looks at a tree.
pub fn listener() -> Listener {
    epan::listener(TAP.load(Ordering::Relaxed))
}

/// Hands counts to whoever looks.
///
/// # Safety
/// `packet` must be that of a dissector call, the counts and their texts memory of that packet. Nothing may be owned by the
/// callers, which Wireshark may jump over.
pub unsafe fn offer(packet: Packet, counts: *const Laid, count: usize) {
    let mut index = 0;
    while index < count {
        // SAFETY: as many stand there.
        unsafe { epan::tap_queue_packet(TAP.load(Ordering::Relaxed), packet.info, counts.add(index).cast()) };
        index += 1;
    }
}

unsafe extern "C-unwind" fn nothing(_tree: *mut StatsTree) {}

/// Called for each count, by each tree: adds its own.
unsafe extern "C-unwind" fn add<const STATISTIC: u8>(
    tree: *mut StatsTree,
    _packet: *mut PacketInfo,
    _dissection: *mut c_void,
    data: *const c_void,
    _flags: c_uint,
) -> c_int {
    // SAFETY: `offer` handed it over, and its packet is still there.
    let Laid { statistic, value, path } = unsafe { data.cast::<Laid>().read() };
    if statistic as u8 != STATISTIC {
        return epan::TAP_NOTHING_NEW;
    }
    let mut parent = epan::STATS_ROOT;
    for (depth, name) in path.into_iter().enumerate().filter(|(_, name)| !name.is_null()) {
        let inner = c_int::from(path.get(depth + 1).is_some_and(|next| !next.is_null()));
        // SAFETY: the name is a text of the packet's, which Wireshark copies; the parent is a branch of this tree.
        parent = unsafe { epan::stats_tree_manip_node_int(epan::STATS_INCREASE, tree, name, parent, inner, value) };
    }
    epan::TAP_NEW
}
