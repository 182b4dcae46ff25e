//! The plugin in tshark: what a user does with it, and that it says what the library says.
//!
//! Needs tshark and the plugin: `MSNP_PLUGIN_DIR` names a folder that holds `4.0/epan/msnp.so` (or another version's
//! number). Without them the tests say `SKIPPED` and pass; with `MSNP_REQUIRE_TOOLS=1` they fail instead.
//! `cargo xtask test` builds the plugin and sets both.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on must fail"
)]

mod agreement;
mod colours;
mod damage;
mod excerpt;
mod filter;
mod gateway;
mod library;
mod merging;
mod names;
mod objects;
mod pdml;
mod pieces;
mod preferences;
mod shortages;
mod statistics;
mod table;
mod tool;
mod usage;
