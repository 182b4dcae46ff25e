//! Streams within streams: what a TCP connection carries when it is not MSNP itself, but brings it.
//!
//! In come bytes of TCP streams; out go the bytes of the streams inside, and what the wrapping says about them:
//! [`http`] reads messages, [`gateway`] knows what MSN's HTTP gateway means by them, [`Prologue`] reads what a client asks a
//! SOCKS or HTTP proxy before its own bytes go through, and [`detect`] says cheaply whether any of this is there.
//!
//! This room knows bytes and HTTP. It never sees a packet, a port of the capture or a command of MSNP.

mod detection;
pub mod gateway;
pub mod http;
mod prologue;
mod socks;

pub use detection::{Detection, LOOK, detect};
pub use prologue::{End, HELD_CEILING, Passed, Prologue};
pub use socks::{Proxy, ProxyKind};
