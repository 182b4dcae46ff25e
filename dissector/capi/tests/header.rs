//! The committed header is what the sources say; `MSNP_BLESS=1 cargo test -p msnp-capi --test header` writes it anew.

// A test fails by panicking.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use std::fs;
use std::path::Path;

/// The sources, in the order in which the header tells of them.
const SOURCES: &[&str] = &[
    "abi",
    "value",
    "status",
    "session",
    "totals",
    "following",
    "document",
    "pdu",
    "tree",
    "filter",
    "message",
    "transfer",
    "field",
    "expert",
];

fn header() -> String {
    let crate_folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let config = cbindgen::Config::from_file(crate_folder.join("cbindgen.toml")).expect("a configuration");
    let sources = SOURCES.iter().map(|name| crate_folder.join("src").join(name).with_extension("rs"));
    let builder = sources.fold(cbindgen::Builder::new().with_config(config), |builder, file| builder.with_src(file));
    let mut out = Vec::new();
    builder.generate().expect("sources that C can be made of").write(&mut out);
    // Sections for Rust's readers say in Rust's words what the header says of all pointers.
    let text = String::from_utf8(out).expect("UTF-8");
    let mut lines = Vec::new();
    let mut rust = false;
    for line in text.lines() {
        rust |= line == "// # Safety";
        rust &= line.starts_with("//");
        if !rust {
            lines.push(line.trim_end());
        } else if lines.last() == Some(&"//") {
            lines.pop();
        }
    }
    lines.join("\n") + "\n"
}

#[test]
fn the_header_is_what_the_sources_say() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("include/msnp.h");
    let made = header();
    if std::env::var_os("MSNP_BLESS").is_some() {
        fs::write(&path, &made).expect("writable");
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(made == committed, "include/msnp.h is stale: MSNP_BLESS=1, and look at the change");
}

/// A source that is not listed would be missing in the header without a word.
#[test]
fn no_exported_function_is_missing() {
    let header = header();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = 0;
    for file in fs::read_dir(folder).expect("the sources").flatten() {
        let source = fs::read_to_string(file.path()).expect("a source");
        let exported = source.lines().filter_map(|line| line.split_once("extern \"C\" fn "));
        for name in exported.filter_map(|(_, behind)| behind.split('(').next()) {
            assert!(header.contains(&format!("{name}(")), "{name} of {:?}", file.path());
            found += 1;
        }
    }
    assert!(found > 40, "{found}");
}

/// Each function, type, member and constant says what it is.
#[test]
fn everything_in_the_header_is_explained() {
    let header = header();
    let lines = header.lines().collect::<Vec<_>>();
    let told = |line: &&str| {
        let line = line.trim_start();
        line.starts_with("#define MSNP_") || line.starts_with("msnp_status msnp_") || line.starts_with("void msnp_")
    };
    let mut bare = Vec::new();
    for (at, line) in lines.iter().enumerate().filter(|(_, line)| told(line)) {
        let before = lines[..at].last().copied().unwrap_or_default().trim_start();
        if !before.starts_with("//") && !line.starts_with("#define MSNP_H") {
            bare.push(*line);
        }
    }
    assert_eq!(bare, [""; 0], "nobody says what these are");
}
