//! Which ABI this is: read by the library, by its build script and, in the header, by programs.

/// Number of the ABI. A library of another number does not fit a program: layouts or meanings have changed. It is also in the
/// name of the shared library, `libmsnp.so.1`.
pub const MSNP_ABI_MAJOR: u32 = 1;
/// Counts what was added to the ABI: functions, bits, statuses. A program runs with its own number and with greater ones.
#[allow(dead_code, reason = "the build script asks for the other one only")]
pub const MSNP_ABI_MINOR: u32 = 0;
