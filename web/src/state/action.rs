//! What can happen.

use std::rc::Rc;

use super::{Bar, FileInfo, Printing, Settings, Theme, View, Work};
use crate::protocol::find::Kind;
use crate::protocol::{Range, Scope, Tell};
use crate::route::Route;

/// What can happen.
#[derive(Debug, Clone)]
pub enum Action {
    /// Files were chosen or dropped.
    Open {
        /// Number of the opening: higher than any before.
        generation: u32,
        /// The files.
        files: Vec<FileInfo>,
        /// What is open stays open beside them.
        beside: bool,
    },
    /// One of several open files is put away.
    Leave {
        /// As of files that are opened.
        generation: u32,
        /// Which.
        at: usize,
    },
    /// The open files are read again with pseudonyms, or without.
    Redact {
        /// As of a file that is opened.
        generation: u32,
        /// With pseudonyms.
        redacted: bool,
    },
    /// Secrets are shown, or hidden again.
    Reveal(bool),
    /// All open files are put away.
    Close,
    /// The worker answered.
    Told(Tell),
    /// Another view.
    Show(View),
    /// Other commands are listed.
    Narrow(Scope),
    /// Packets are listed whether a command ends in them or not, or only those in which one does.
    Frames(bool),
    /// A lifeline is put to another place.
    Lane {
        /// Where it stands …
        from: u8,
        /// … and is to stand.
        to: u8,
    },
    /// An expression is written in the filter; the number is where the cursor stands in it, in bytes.
    Filter(String, u32),
    /// A chat was chosen.
    Chat(u32),
    /// A transfer was chosen.
    Transfer(u32),
    /// A command was selected; perhaps certain bytes of it.
    Select(u32, Option<Range>),
    /// A packet was selected, by the second number; the first is that of a command which ends in it, or 0.
    Packet(u32, u32),
    /// A field was selected.
    SelectItem(Option<usize>),
    /// A source was selected.
    ShowSource(u16),
    /// A command's note is this now; none if it is empty.
    Note(u32, String),
    /// Printing has come so far, or is over.
    Print(Option<Printing>),
    /// Saved work is opened.
    Restore(Rc<Work>),
    /// The selected command is marked, for others to be compared with it.
    Mark,
    /// Back from the inspector to nothing selected.
    Deselect,
    /// A payload is folded open or closed.
    Fold {
        /// Of this command …
        pdu: u32,
        /// … in this row.
        row: u32,
    },
    /// All lines of an open payload, please.
    Extend(u32),
    /// The fragment changed: back, forward, a link.
    Navigate(Route),
    /// Colours.
    Paint(Theme),
    /// Settings.
    Set(Settings),
    /// The reader begins to write about what is selected: nothing leads away from it.
    Hold,
    /// Rows from one to another are selected, and a command in the last.
    Range((u32, u32), u32),
    /// The tour goes to a stop, or ends.
    Tour(Option<usize>),
    /// Something is being done for the reader.
    Notice(String),
    /// The bar for finding or going to is asked for, or put away.
    Turn(Option<Bar>),
    /// Something is searched for.
    Find(Kind, String),
    /// There is something to say of where somebody wanted to go.
    Say(String),
    /// Something outside of a file went wrong.
    Trouble(String),
}
