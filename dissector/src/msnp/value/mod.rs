//! Values: words that stand for more than they say, wherever they occur: in lines, in headers, in documents.
//!
//! Each file reads one kind of value: a parser, what its parts mean, and a function that records the parts under the value.

pub mod account;
pub mod address;
pub mod application;
pub mod capability;
pub mod challenge;
pub mod list;
pub mod locale;
pub mod proof;
