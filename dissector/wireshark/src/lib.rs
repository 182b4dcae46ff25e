//! MSNP in Wireshark and tshark: the library's annotated trees, drawn by Wireshark.
//!
//! Comes in: what Wireshark’s TCP and UDP dissectors hand over. Goes out: a protocol "MSNP" with the filter prefix `msnp.`, by
//! port 1863, by "Decode as" and by content. All knowledge of the protocol is in the library; what stands here is:
//!
//! * `epan`: Wireshark's functions and structures, declared by hand;
//! * `versions`: what differs between 4.0, 4.2, 4.4 and 4.6, for which one and the same file serves;
//! * `registration`: the library's field and expert tables become Wireshark's;
//! * `preferences`: what users choose;
//! * `memory`: what is kept between packets, and `visits`: per PDU;
//! * `gateway`: which session of the HTTP gateway a body belongs to;
//! * `counting` and `statistics`: what each PDU adds to the trees of numbers, for the menu and `-z`; `people`: who talks with
//!   whom;
//! * `table`: who talks with whom, for Wireshark's tables of conversations and endpoints;
//! * `objects`: pictures and files for Wireshark's Export Objects;
//! * `input`: what Wireshark hands over with a call;
//! * `reading`: bytes of one call → a plan; pure Rust;
//! * `claim` and `search`: whether bytes that nobody else claims are MSNP's, and how long that is asked;
//! * `plan`: the plan: copyable steps and their texts;
//! * `drawing`: the plan → Wireshark calls;
//! * `callbacks`: the functions that Wireshark calls.
//!
//! Two rules keep Wireshark alive. No panic crosses into C: all reading happens under `catch_unwind`. And Wireshark
//! leaves its functions by `longjmp` when it likes, so these are called only from frames that own nothing.

mod callbacks;
mod claim;
mod counting;
mod drawing;
mod epan;
mod gateway;
mod input;
mod ledger;
mod memory;
mod objects;
mod people;
mod plan;
mod preferences;
mod reading;
mod registration;
mod search;
mod statistics;
mod table;
mod veil;
mod versions;
mod visits;
mod wording;

use std::sync::atomic::{AtomicI32, Ordering};

/// Version of the plugin, as a C text. Wireshark looks it up by name.
#[unsafe(no_mangle)]
#[allow(non_upper_case_globals)] // the loader wants this name
pub static plugin_version: [u8; VERSION.len()] = VERSION;

/// First number of the Wireshark version this plugin fits. The loader reads it as an `int`.
#[unsafe(no_mangle)]
#[allow(non_upper_case_globals)] // the loader wants this name
pub static plugin_want_major: AtomicI32 = AtomicI32::new(4);

/// Second number of the Wireshark version this plugin fits: that of the running one if it is a tested one, else the
/// oldest, which makes the loader refuse politely.
#[unsafe(no_mangle)]
#[allow(non_upper_case_globals)] // the loader wants this name
pub static plugin_want_minor: AtomicI32 = AtomicI32::new(0);

/// Runs while the file is being loaded, before the loader reads the two numbers above.
#[used]
#[unsafe(link_section = ".init_array")]
static WHEN_LOADED: extern "C" fn() = fit_running_version;

extern "C" fn fit_running_version() {
    if let Some(layout) = versions::layout() {
        plugin_want_minor.store(layout.minor, Ordering::Relaxed);
    }
}

/// Called by the loader: says which functions register the protocol.
#[unsafe(no_mangle)]
pub extern "C-unwind" fn plugin_register() {
    static PLUGIN: epan::Plugin =
        epan::Plugin { register_protoinfo: Some(register_protoinfo), register_handoff: Some(register_handoff) };
    // A panic message on the terminal would only disturb; the packet says that something failed.
    std::panic::set_hook(Box::new(|_| {}));
    // SAFETY: the structure is static.
    unsafe { epan::proto_register_plugin(&raw const PLUGIN) };
}

/// Called by 4.4 and later: what kind of plugin this is (1: a dissector).
#[unsafe(no_mangle)]
pub extern "C-unwind" fn plugin_describe() -> u32 {
    1
}

extern "C-unwind" fn register_protoinfo() {
    let _ = std::panic::catch_unwind(registration::register_protocol);
}

extern "C-unwind" fn register_handoff() {
    let _ = std::panic::catch_unwind(registration::register_handoff);
}

const VERSION: [u8; env!("CARGO_PKG_VERSION").len() + 1] = {
    let text = env!("CARGO_PKG_VERSION").as_bytes();
    let mut out = [0; env!("CARGO_PKG_VERSION").len() + 1];
    let mut position = 0;
    while position < text.len() {
        #[allow(clippy::indexing_slicing)] // evaluated by the compiler
        {
            out[position] = text[position];
        }
        position += 1;
    }
    out
};
