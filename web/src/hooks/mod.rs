//! What components share with the browser: the worker, the address, files, keys, sizes, styles.

pub mod address;
pub mod blob;
pub mod block;
pub mod canvas;
pub mod clipboard;
pub mod drop;
pub mod files;
pub mod focus;
pub mod keys;
pub mod latest;
pub mod objects;
pub mod offline;
pub mod on_screen;
pub mod page;
pub mod palette;
pub mod rest;
pub mod saved;
pub mod search;
pub mod session;
pub mod settings;
pub mod sight;
pub mod size;
pub mod store;
pub mod style;
pub mod theme;
pub mod worker;
