//! The messages between page and worker, declared once for both.
//!
//! The page asks for what it shows: a window of rows, one command's fields, the overview. It never holds a capture. Every
//! answer repeats the question, so that the page can drop an answer it no longer wants.
//!
//! A question is small: on the JavaScript side it is what `serde-wasm-bindgen` makes of these types: a unit variant is its
//! name, any other variant is an object with the name as its only key. An answer can be large: it is one buffer. Numbers
//! stay below 2⁵³; times are split for that reason.

mod detail;
mod export;
pub mod filter;
pub mod find;
mod overview;
mod parcel;
mod rows;
pub mod story;
pub mod transfers;

pub use detail::{
    Detail, Evidence, ExpertView, FieldInfo, FieldItem, Home, Link, Origin, PacketFacts, Range, SourceBytes,
};
pub use export::{Export, FileForm, Opened, Part};
pub use overview::{
    Activity, Census, Connection, Copies, ExpertCount, Loss, Names, OneCapture, Overview, Owner, Progress, Role,
    Severity, Stage, VerbCount, WORST_FIRST,
};
pub use rows::{
    Bar, Body, Command, Finding, Folding, Form, Lane, LeadsTo, List, Packet, Pair, Payload, Phase, Quiet, Row, Run,
    Scope, Window,
};

use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;

use crate::state::{Capture, Work};

/// What the page asks of the worker.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Ask {
    /// Read these files from their beginning, as one; whatever was open is forgotten, or is read again with them.
    Open {
        /// Chosen by the page, higher each time; comes back in every [`Progress`].
        generation: u32,
        /// `File`s, passed by reference: the browser copies nothing.
        #[serde(with = "serde_wasm_bindgen::preserve")]
        files: js_sys::Array,
        /// What is open stays open beside them.
        beside: bool,
        /// Commands that are to be found again then, each under a number of the page's; answered by [`Tell::Moved`].
        keep: Vec<(u32, u32)>,
    },
    /// Put one of several open files away, and read the others again.
    Leave {
        /// As of files that are opened.
        generation: u32,
        /// Which.
        at: u32,
        /// As of files that are opened.
        keep: Vec<(u32, u32)>,
    },
    /// Read the open file again, with pseudonyms in place of what it tells about people, or as it is.
    Redact {
        /// As of a file that is opened.
        generation: u32,
        /// With pseudonyms.
        redacted: bool,
    },
    /// Show secrets in every answer from now on, or hide them again.
    Reveal {
        /// Whether they are shown.
        revealing: bool,
    },
    /// Stop reading; what was read stays.
    Cancel,
    /// Forget what is open.
    Close,
    /// The rows `first .. first + count` of a list.
    Window {
        /// Which list.
        list: List,
        /// Index of the first row.
        first: u32,
        /// How many rows.
        count: u32,
        /// Lifelines in the reader's order: see [`Order`](crate::scene::lanes::Order).
        lanes: Vec<u8>,
    },
    /// Where a command stands in a list, to bring it into view; nothing is said of one that is not there.
    Bring {
        /// Which list.
        list: List,
        /// The command.
        pdu: u32,
    },
    /// Read an expression; if it is one, lists can be asked for with its number.
    Filter {
        /// Number of the question, higher than any before.
        id: u32,
        /// The expression.
        text: String,
        /// Where somebody is writing in it, in bytes.
        cursor: u32,
    },
    /// Everything about one command.
    Detail {
        /// Its number.
        pdu: u32,
    },
    /// Everything about one packet, which is read from its file again; answered by [`Tell::Detail`].
    Packet {
        /// Its number.
        number: u32,
        /// The command that it is looked at for, or 0.
        pdu: u32,
    },
    /// Where a command stands in a list, unfolded if need be; answered by [`Tell::Sought`] when it is in it.
    Locate {
        /// Which list.
        list: List,
        /// Its number.
        pdu: u32,
    },
    /// The command that stands `by` commands further in a list; answered by [`Tell::Stepped`].
    Step {
        /// Which list.
        list: List,
        /// The list on screen, if there is one.
        shown: Option<List>,
        /// From where; from the beginning (or the end) without a command.
        here: find::Here,
        /// How far; far beyond either end means the end.
        by: i32,
        /// The row from which rows are selected up to the one stepped to.
        anchor: Option<u32>,
    },
    /// The row at a time.
    Seek {
        /// Which list.
        list: List,
        /// When.
        time: Moment,
    },
    /// Fold something in a list, or unfold it.
    Fold {
        /// Which list.
        list: List,
        /// What.
        what: Folding,
    },
    /// Search the commands of a list; whatever was searched for before is forgotten. Without a text, stop.
    Find {
        /// Number of the search.
        id: u32,
        /// Which list.
        list: List,
        /// What is written.
        text: String,
        /// As what that is to be understood.
        kind: find::Kind,
    },
    /// The next place that was found, or the one before; answered by [`Tell::Hit`] as soon as it is known.
    Hit {
        /// Where that is counted from.
        start: find::Start,
    },
    /// Go to a place; answered by [`Tell::Went`].
    Go {
        /// Which list is to show it, if it does.
        list: List,
        /// Where.
        target: find::Target,
        /// How times are shown.
        clock: crate::clock::Clock,
        /// The number of the place that is asked from.
        place: u32,
    },
    /// The next command of which something odd is said, or the one before; answered by [`Tell::Went`].
    Odd {
        /// Which list is to show it.
        list: List,
        /// From where; from the beginning without a command.
        here: find::Here,
        /// Whether the one before is wanted.
        back: bool,
    },
    /// The story: sign-ins, contacts, presence, chats; answered once the whole file is read and looked at.
    Story,
    /// What happened in one chat.
    Chat {
        /// Its number.
        number: u32,
        /// How many entries, from its beginning on.
        count: u32,
    },
    /// The chats in which something is said, or somebody is, that is called so.
    SearchChats {
        /// What is looked for, whatever its letters' case.
        text: String,
    },
    /// The list of transfers; answered once the whole file is read and looked at. Their bytes are checked from then on.
    Transfers,
    /// The arrivals of one transfer.
    Chunks {
        /// Which.
        id: u32,
    },
    /// The bytes of one transfer.
    Object {
        /// Which.
        id: u32,
    },
    /// Which transfer a command belongs to.
    TransferOf {
        /// The command.
        pdu: u32,
    },
    /// A part of the capture as a file.
    Export(Box<Export>),
    /// Saved work as a file, with the hash of the open capture in it.
    SaveWork(Box<Work>),
    /// Whether saved work is about the open captures.
    CheckWork(Vec<Capture>),
    /// The SHA-256 of each open file; answered once all are read for it.
    Hashes {
        /// Number of the print that they are for.
        print: u32,
    },
    /// The command's tree as the report that the CLI prints too (`msnp tree --json`); answered once the whole file is read
    /// and looked at.
    Record {
        /// Its number.
        pdu: u32,
    },
}

/// What the worker tells the page.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Tell {
    /// The worker listens; messages sent earlier would be lost.
    Ready,
    /// How far reading has come, with all totals so far.
    Progress(Box<Progress>),
    /// Answer to [`Ask::Window`].
    Window(Box<Window>),
    /// Answer to [`Ask::Filter`].
    Filter(Box<filter::Reading>),
    /// How far the filter has come; comes by itself when a filtered list was asked for.
    Sifted(filter::Sifted),
    /// Answer to [`Ask::Detail`]; absent when there is no such command.
    Detail(Option<Box<Detail>>),
    /// A file that is open cannot be read again: why, in a sentence.
    Unread(String),
    /// Answer to [`Ask::Reveal`]: what comes behind it shows secrets, or hides them.
    Revealed {
        /// Whether they are shown.
        revealing: bool,
    },
    /// Answer to [`Ask::Step`]: this command is selected, unless the reader has gone elsewhere in between.
    Stepped {
        /// The number of the place that was asked from.
        place: u32,
        /// As asked.
        anchor: Option<u32>,
        /// The list that was on screen.
        shown: Option<List>,
        /// Which command.
        pdu: u32,
        /// Its row, where that is the list it was looked for in; else it comes in a [`Tell::Sought`] behind.
        row: Option<u32>,
        /// The packet that is meant by it, in a list of packets.
        packet: Option<u32>,
    },
    /// Answer to [`Ask::Seek`], [`Ask::Bring`] and [`Ask::Locate`]: this row is brought to where it can be seen. It selects
    /// nothing, since something else may have been selected since.
    Sought {
        /// Which list.
        list: List,
        /// The row.
        row: u32,
        /// The command that it was asked for, if it was: it is still to be selected.
        pdu: Option<u32>,
    },
    /// How far the search has come; comes by itself after [`Ask::Find`].
    Found(find::Found),
    /// Answer to [`Ask::Hit`]; its row comes in a [`Tell::Sought`] behind it.
    Hit(find::Hit),
    /// Answer to [`Ask::Go`] and [`Ask::Odd`]; the row comes in a [`Tell::Sought`] behind it.
    Went {
        /// The number of the place that was asked from.
        place: u32,
        /// The command, if there is one; 0 where a packet is meant in which none ends.
        pdu: Option<u32>,
        /// The packet, if that is meant.
        packet: Option<u32>,
        /// What is to be said of it, or why there is none.
        said: Option<String>,
    },
    /// Something was folded or unfolded: asked for by [`Ask::Fold`], or because a command in it is to be shown.
    Folded {
        /// Which list.
        list: List,
        /// The row of its heading.
        row: u32,
        /// Rows that stood under it.
        before: u32,
        /// Rows that stand under it now.
        now: u32,
    },
    /// Answer to [`Ask::Story`]; absent while the file is read.
    Story(Option<Box<story::Story>>),
    /// Answer to [`Ask::Chat`].
    Chat(Box<story::Transcript>),
    /// Answer to [`Ask::SearchChats`].
    ChatsFound(Box<story::ChatsFound>),
    /// Answer to [`Ask::Transfers`]; absent while the file is read.
    Transfers(Option<Box<transfers::Transfers>>),
    /// What the bytes of some transfers tell; comes by itself after [`Ask::Transfers`].
    Verdicts {
        /// Number of the file.
        generation: u32,
        /// By the number of the transfer.
        verdicts: Vec<(u32, transfers::Verdict)>,
    },
    /// Answer to [`Ask::Chunks`]; absent when there is no such transfer.
    Chunks(Option<Box<transfers::Chunks>>),
    /// Answer to [`Ask::Object`].
    Object {
        /// Number of the file.
        generation: u32,
        /// Which transfer.
        id: u32,
        /// A `Blob`, passed by reference beside the buffer; missing bytes are zero.
        #[serde(skip)]
        blob: JsValue,
    },
    /// Answer to [`Ask::TransferOf`].
    TransferOf {
        /// The command.
        pdu: u32,
        /// The transfer, if it belongs to one.
        id: Option<u32>,
    },
    /// Answer to [`Ask::Export`].
    Exported {
        /// What was asked for.
        form: FileForm,
        /// What its name ends in, behind that of the capture: `-ladder.svg`.
        ending: String,
        /// The file, a `Blob`, passed by reference beside the buffer.
        #[serde(skip)]
        file: JsValue,
        /// What there is to say of it, if anything.
        sentence: String,
    },
    /// A file is being made, and takes a while: how far it is, as a share of one.
    Making(f64),
    /// Answer to [`Ask::CheckWork`] when it is about others.
    OtherWork(Vec<Capture>),
    /// Answer to [`Ask::Hashes`], in hexadecimal digits; none when the files cannot be read again.
    Hashes {
        /// As asked.
        print: u32,
        /// Those of the files.
        hashes: Vec<String>,
    },
    /// Where each command is now that was to be found again, under the page's number for it; comes once all is read.
    Moved(Vec<(u32, Fate)>),
    /// Answer to [`Ask::Export`] when there is no file: why, in a sentence.
    NotExported(String),
    /// Answer to [`Ask::Record`].
    Record {
        /// Which command.
        pdu: u32,
        /// The report as a plain JavaScript object, beside the buffer; null when there is no such command.
        #[serde(skip)]
        record: JsValue,
    },
}

/// What became of a command that was to be found again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fate {
    /// It has this number.
    At(u32),
    /// Its capture is open, and it is not found: not all was read, or another capture's packet completes it. It is looked for
    /// at the next opening again.
    Absent,
    /// Its capture was put away.
    Gone,
}

/// A moment: seconds since 1970 UTC and nanoseconds within the second. Two numbers, because one would exceed 2⁵³.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct Moment {
    /// Seconds since 1970-01-01 00:00:00 UTC.
    pub seconds: i64,
    /// Nanoseconds within the second.
    pub nanos: u32,
    /// The capture records no time: it is that of the packet before, and not to be shown.
    pub absent: bool,
}

impl Moment {
    /// Seconds from `earlier` to this moment; negative when it is later.
    #[must_use]
    #[allow(clippy::cast_precision_loss)] // A span of seconds: well within 53 bits.
    pub fn since(self, earlier: Self) -> f64 {
        (self.seconds - earlier.seconds) as f64 + (f64::from(self.nanos) - f64::from(earlier.nanos)) / 1e9
    }
}
