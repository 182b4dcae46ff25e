//! Asks the linker to mark the plugin as never to be unloaded.
//!
//! Wireshark closes its plugins when it ends, but what was registered with it, and what the Rust runtime has set up, still
//! points into this file.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|system| system == "linux") {
        println!("cargo::rustc-cdylib-link-arg=-Wl,-z,nodelete");
    }
}
