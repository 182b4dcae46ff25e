//! Packets in, ordered bytes of TCP connections out.
//!
//! In come [`Packet`](crate::capture::Packet)s. [`Peeler`] strips link and IP layers (putting fragments together) down
//! to a TCP [`Segment`] or a UDP [`Datagram`]; [`Connections`] puts segments into order and reports, per connection and direction, each byte
//! once and every hole. [`Census`] counts what there was, so that a capture without the traffic looked for can say what
//! it holds instead.
//!
//! This room knows IP and TCP and nothing above them; it never looks into a payload.
//!
//! ```text
//! Packet ─▶ Peeler (link, IP, fragments) ─▶ Segment ─▶ Connections (which connection?) ─▶ Direction (order, holes) ─▶ Event
//!                     └─▶ Census                                                                 └ Pieces (held bytes)
//! ```

mod census;
mod connection;
mod connections;
mod datagram;
mod direction;
mod event;
mod fragment;
mod ip;
mod peeler;
mod pieces;
mod segment;

pub use census::{Census, PortCount};
pub use connections::{Connections, GLOBAL_CEILING, PATIENCE_SECONDS, Tally};
pub use datagram::Datagram;
pub use direction::{HELD_BYTES, HELD_PIECES};
pub use event::{Cause, Event, Handshake, How, Side};
pub use peeler::{Peeled, Peeler};
pub use segment::{Flags, Segment};
