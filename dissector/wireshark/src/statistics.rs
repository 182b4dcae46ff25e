//! Statistics: Wireshark's menu and `tshark -z`, as trees of numbers.
//!
//! While somebody looks at one of them, what each PDU adds is laid down in memory of the packet and handed to the tap;
//! Wireshark then asks each tree, which adds its own. Only of transfers, which change, each tree keeps what it shows.

use std::collections::BTreeMap;
use std::ffi::{CStr, c_char, c_int, c_uint, c_void};
use std::panic::catch_unwind;
use std::ptr::null;
use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::counting::Statistic;
use crate::drawing::lay_down;
use crate::epan::{self, Listener, PacketInfo, StatsTree};
use crate::ledger::{self, Ledger};
use crate::memory;
use crate::versions::{Layout, Packet, layout};

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
        0 => [c"MSNP/Commands", c"MSNP/Accounts", c"MSNP/Conversations", c"MSNP/Transfers"],
        _ => [c"MSNP//Commands", c"MSNP//Accounts", c"MSNP//Conversations", c"MSNP//Transfers"],
    };
    let [commands, accounts, conversations, transfers] = titles;
    // SAFETY: the texts are static, the functions have the signatures that Wireshark calls.
    unsafe {
        TAP.store(epan::register_tap(TAP_NAME.as_ptr()), Ordering::Relaxed);
        let tree = |name: &CStr, title: &CStr, packet| {
            let (tap, name, title) = (TAP_NAME.as_ptr(), name.as_ptr(), title.as_ptr());
            epan::stats_tree_register_plugin(tap, name, title, 0, packet, forget, Some(forget));
        };
        tree(c"msnp_commands", commands, add::<{ Statistic::Commands as u8 }>);
        tree(c"msnp_accounts", accounts, add::<{ Statistic::Accounts as u8 }>);
        tree(c"msnp_conversations", conversations, add::<{ Statistic::Conversations as u8 }>);
        tree(c"msnp_transfers", transfers, show);
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

/// Called when a tree begins, begins anew or ends: what was kept for it no longer holds.
unsafe extern "C-unwind" fn forget(tree: *mut StatsTree) {
    let _ = catch_unwind(|| ledgers().remove(&tree.addr()));
}

/// What each tree of transfers shows, by its address.
fn ledgers() -> MutexGuard<'static, BTreeMap<usize, Ledger>> {
    static LEDGERS: Mutex<BTreeMap<usize, Ledger>> = Mutex::new(BTreeMap::new());
    LEDGERS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A branch and those that it hangs from, in memory of the packet.
#[derive(Clone, Copy)]
struct Shown {
    names: [*const c_char; ledger::DEPTH],
    numbers: [c_int; ledger::DEPTH],
}

/// Called for each count, by the tree of transfers: shows how far one has come.
unsafe extern "C-unwind" fn show(
    tree: *mut StatsTree,
    packet: *mut PacketInfo,
    _dissection: *mut c_void,
    data: *const c_void,
    _flags: c_uint,
) -> c_int {
    // SAFETY: `offer` handed it over, and its packet is still there.
    let (Laid { statistic, value, .. }, Some(layout)) = (unsafe { data.cast::<Laid>().read() }, layout()) else {
        return epan::TAP_NOTHING_NEW;
    };
    if statistic != Statistic::Transfers {
        return epan::TAP_NOTHING_NEW;
    }
    // SAFETY: Wireshark passes the packet that it has dissected.
    let packet = unsafe { Packet::new(packet, layout) };
    let (branches, count) = catch_unwind(|| shown(packet, tree.addr(), value)).unwrap_or((null(), 0));
    for index in 0..count {
        // SAFETY: as many stand there, with texts of the packet's, which Wireshark copies; each parent is a branch of this tree.
        unsafe {
            let Shown { names, numbers } = branches.add(index).read();
            let mut parent = epan::STATS_ROOT;
            for (depth, (name, number)) in names.into_iter().zip(numbers).enumerate().filter(|(_, (n, _))| !n.is_null())
            {
                // As below: people may become known later.
                let inner = c_int::from(depth + 1 < ledger::DEPTH);
                parent = epan::stats_tree_manip_node_int(epan::STATS_SET, tree, name, parent, inner, number);
            }
        }
    }
    epan::TAP_NEW
}

/// What is new in a tree, now that a transfer has changed: owned by the packet.
fn shown(packet: Packet, tree: usize, at: c_int) -> (*const Shown, usize) {
    let guard = memory::memory();
    let at = usize::try_from(at).unwrap_or(usize::MAX);
    let Some(transfer) = guard.as_ref().and_then(|memory| memory.objects.transfer(at)) else { return (null(), 0) };
    let branches = ledgers().entry(tree).or_default().tell(at, transfer);
    let laid = branches.iter().map(|branch| {
        let mut shown = Shown { names: [null(); ledger::DEPTH], numbers: [0; ledger::DEPTH] };
        for ((name, number), (text, value)) in shown.names.iter_mut().zip(&mut shown.numbers).zip(branch) {
            let bytes = text.bytes().filter(|byte| *byte != 0).chain([0]).collect::<Vec<_>>();
            (*name, *number) = (lay_down(packet, &bytes).cast(), *value);
        }
        shown
    });
    let laid = laid.collect::<Vec<_>>();
    (lay_down(packet, &laid), laid.len())
}

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
        // Wireshark ends the program where something is to hang from a branch that was made to be the last: where nobody knew
        // who speaks, the next message may tell.
        let inner = c_int::from(depth + 1 < DEPTH);
        // SAFETY: the name is a text of the packet's, which Wireshark copies; the parent is a branch of this tree.
        parent = unsafe { epan::stats_tree_manip_node_int(epan::STATS_INCREASE, tree, name, parent, inner, value) };
    }
    epan::TAP_NEW
}
