//! Peer to peer: what two clients exchange beside text.

pub mod slp;
