//! Preferences: what a user may choose, as Wireshark keeps it for us. After a change Wireshark dissects everything anew, so
//! that nothing of the old choice is left. Ports it looks after itself.

use std::ffi::c_int;
use std::sync::atomic::{AtomicU32, Ordering};

use msnp_dissector::transfer::TOTAL_BYTES;

use crate::epan;

/// A choice between yes and no. Wireshark reads and writes an `int` (until 4.2) or a `bool` (since): little-endian, so the
/// first byte serves both.
static DESEGMENT: AtomicU32 = AtomicU32::new(1);
/// Another.
static HEURISTICS: AtomicU32 = AtomicU32::new(1);
/// Another.
static HIDE_SECRETS: AtomicU32 = AtomicU32::new(0);
/// Megabytes.
static OBJECT_CEILING: AtomicU32 = AtomicU32::new(MEGABYTES);

/// As much as the library keeps elsewhere.
#[allow(clippy::cast_possible_truncation)] // evaluated by the compiler, far below the limit
const MEGABYTES: u32 = (TOTAL_BYTES >> 20) as u32;

/// True when commands that span segments are to be put together.
pub fn wants_desegmentation() -> bool {
    is_set(&DESEGMENT)
}

/// True when MSNP is looked for where no port tells of it.
pub fn wants_heuristics() -> bool {
    is_set(&HEURISTICS)
}

/// True when what lets its holder in is not to be shown.
pub fn hides_secrets() -> bool {
    is_set(&HIDE_SECRETS)
}

/// How many bytes of objects may be kept for Export Objects.
pub fn object_ceiling() -> usize {
    usize::try_from(OBJECT_CEILING.load(Ordering::Relaxed)).unwrap_or(0).saturating_mul(1 << 20)
}

fn is_set(choice: &AtomicU32) -> bool {
    choice.load(Ordering::Relaxed) & 0xff != 0
}

/// Tells Wireshark what may be chosen. Called once while it starts.
pub fn register(protocol: c_int) {
    // SAFETY: the variables and the texts are static.
    unsafe {
        let module = epan::prefs_register_protocol(protocol, None);
        epan::prefs_register_bool_preference(
            module,
            c"desegment".as_ptr(),
            c"Reassemble MSNP commands spanning multiple TCP segments".as_ptr(),
            c"Whether the MSNP dissector should put commands together that span several TCP segments. \
              TCP's own preference \"Allow subdissector to reassemble TCP streams\" must be on too."
                .as_ptr(),
            DESEGMENT.as_ptr().cast(),
        );
        epan::prefs_register_bool_preference(
            module,
            c"heuristics".as_ptr(),
            c"Look for MSNP on any port".as_ptr(),
            c"Whether MSNP is recognised by its words where no port and no \"Decode As\" tells of it: in TCP connections, in UDP \
              datagrams, and in HTTP bodies of unknown type. Each of the three can be switched off alone in Analyze, Enabled \
              Protocols."
                .as_ptr(),
            HEURISTICS.as_ptr().cast(),
        );
        epan::prefs_register_bool_preference(
            module,
            c"hide_secrets".as_ptr(),
            c"Hide tickets, cookies and passwords".as_ptr(),
            c"Whether the fields of what lets its holder in are shown, printed, exported and filtered without their values, \
              and those around them without their bytes. The packets stay as they are: the bytes pane, the item of a \
              whole command, fields of other protocols such as tcp.payload, and what is exported with the bytes of \
              packets still hold the secrets."
                .as_ptr(),
            HIDE_SECRETS.as_ptr().cast(),
        );
        epan::prefs_register_uint_preference(
            module,
            c"object_ceiling".as_ptr(),
            c"Megabytes kept for Export Objects".as_ptr(),
            c"How many megabytes of pictures and files may be held in memory while File, Export Objects, MSNP is open; \
              what comes after that is not in its list and cannot be saved. With 0 nothing is held, and the list is empty."
                .as_ptr(),
            10,
            OBJECT_CEILING.as_ptr().cast(),
        );
    }
}
