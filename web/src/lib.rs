//! The MSNP viewer: everything that both of its programs share.
//!
//! Two programs run in the browser. *app* draws: it keeps what is on screen, never the capture. *worker* reads the file in
//! slices, dissects, keeps every command, and answers questions. They speak [`protocol`], declared once.
//!
//! ```text
//! File ──▶ worker::reader ──▶ analysis (library) ──▶ worker::store ──▶ worker::answer ──▶ protocol::Tell
//!                                                                                            │
//! protocol::Ask ◀── hooks ◀── state (pure reducer) ◀── components ◀── scene (pure view models) ◀┘
//! ```
//!
//! [`state`], [`scene`], [`wording`] and [`worker::store`] know no browser and are tested natively. Nothing here
//! connects to anything: the page's security policy forbids it, and text from a capture is only ever text.

pub mod clock;
pub mod components;
pub mod hooks;
pub mod protocol;
pub mod route;
pub mod scene;
pub mod state;
pub mod wording;
pub mod worker;
