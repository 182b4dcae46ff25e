//! The messages of the reference.
