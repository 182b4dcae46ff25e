//! What a ladder is to look like in a file.

use serde::{Deserialize, Serialize};

use super::List;
use crate::clock::Clock;

/// A file's form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Picture {
    /// SVG.
    Svg,
    /// PNG, twice as large as on the screen. The worker draws it as SVG; the browser makes pixels of that.
    Png,
    /// Letters.
    Text,
}

/// Which rows, and how they look.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Export {
    /// Which list.
    pub list: List,
    /// The first row.
    pub first: u32,
    /// How many.
    pub count: u32,
    /// As which file.
    pub picture: Picture,
    /// What it is called.
    pub title: String,
    /// How times are shown.
    pub clock: Clock,
    /// The selected command.
    pub selected: Option<u32>,
    /// Payloads that are folded open.
    pub opened: Vec<Opened>,
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
