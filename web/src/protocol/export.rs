//! What is to be saved, and as which file.

use serde::{Deserialize, Serialize};

use super::List;
use crate::clock::Clock;
use crate::state::Note;

/// A file's form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum FileForm {
    /// Rows of a ladder as SVG.
    Svg,
    /// The same as PNG, twice as large as on the screen. The worker draws it as SVG; the browser makes pixels of that.
    Png,
    /// Letters.
    Text,
    /// A capture that holds the original packets.
    Capture,
    /// Chats as a page that needs nothing but a browser.
    Html,
    /// Chats as records, as the command line writes them.
    Json,
}

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Part {
    /// Rows of a list.
    Rows {
        /// Which list.
        list: List,
        /// The first row.
        first: u32,
        /// How many; more than there are means to the end.
        count: u32,
    },
    /// A chat.
    Chat(u32),
    /// All chats.
    Chats,
}

/// What is to be saved, and how it looks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Export {
    /// What.
    pub part: Part,
    /// As which file.
    pub form: FileForm,
    /// What it is called.
    pub title: String,
    /// How times are shown.
    pub clock: Clock,
    /// The selected command.
    pub selected: Option<u32>,
    /// Payloads that are folded open.
    pub opened: Vec<Opened>,
    /// Notes that go with it.
    pub notes: Vec<Note>,
    /// Lifelines in the reader's order: see [`Order`](crate::scene::lanes::Order).
    pub lanes: Vec<u8>,
    /// The colours in force, in the order of [`Ink::all`](crate::scene::mark::Ink::all).
    pub colours: Vec<String>,
}

/// A payload that is folded open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    /// Of this command …
    pub pdu: u32,
    /// … in this row.
    pub row: u32,
    /// With all of its lines.
    pub whole: bool,
}
