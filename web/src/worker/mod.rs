//! The worker: reads the file, keeps every command, answers questions.
//!
//! Comes in: [`Ask`](crate::protocol::Ask)s. Goes out: [`Tell`](crate::protocol::Tell)s. Only [`post`] and [`reader`]
//! know that there is a browser; the rest is tested natively. Nothing here knows what the page looks like.

pub mod arena;
pub mod check;
pub mod detail;
pub mod export;
mod find;
pub mod frames;
mod go;
pub mod lanes;
pub mod lines;
pub mod milestones;
mod noted;
pub mod overview;
pub mod packet;
pub mod phases;
pub mod post;
pub mod reader;
pub mod remarks;
pub mod rows;
pub mod saving;
pub mod sentences;
pub mod session;
pub mod several;
pub mod shown;
mod sieve;
pub mod spoken;
pub mod store;
pub mod story;
pub mod transfers;
pub mod veil;
mod who;

#[cfg(test)]
mod tests;
