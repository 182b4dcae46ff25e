//! View models: what is to be drawn, as plain lists. Pure functions of rows, fields and geometry; no browser.

pub mod chunks;
pub mod compare;
pub mod extent;
pub mod filter;
pub mod hex;
pub mod inspect;
pub mod ladder;
pub mod lanes;
pub mod mark;
pub mod payload;
pub mod place;
pub mod portraits;
pub mod strip;
pub mod svg;
pub mod talk;
pub mod tree;
