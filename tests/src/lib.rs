//! Sample captures and the tools that make them.
//!
//! The [`scenario`] builder turns a transcript (who sent which command when) into a capture file with real TCP beneath it,
//! whole or damaged as the transcript asks; [`datagrams`] makes small ones of UDP. [`bulk`] streams captures of any size for benchmarks. [`cases`] finds the
//! committed samples in `tests/captures/`, [`split`] deals one out to several files, [`elsewhere`] finds what is no part of
//! the project.
//!
//! Nothing here may come from the dissector: what these captures hold is the truth that the dissector is measured by.

pub mod bulk;
pub mod cases;
pub mod datagrams;
pub mod elsewhere;
pub mod scenario;
pub mod split;
