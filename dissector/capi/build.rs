//! Gives the shared library the name by which programs ask for it: that of its ABI.

#[path = "src/abi.rs"]
mod abi;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=src/abi.rs");
    if std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|system| system == "linux") {
        println!("cargo:rustc-cdylib-link-arg=-Wl,-soname,libmsnp.so.{}", abi::MSNP_ABI_MAJOR);
    }
}
