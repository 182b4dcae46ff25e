//! The commands, one file per family. Each function's doc comment is the grammar of the line it reads.

pub mod contacts;
pub mod login;
pub mod presence;
pub mod service;
pub mod setting;
pub mod switchboard;
