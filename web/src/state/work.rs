//! Saved work: what a reader made of a capture, without the capture.

use std::rc::Rc;

use serde::{Deserialize, Serialize};

use super::{Action, FileInfo, Settings, State};
use crate::protocol::Scope;
use crate::route::Route;
use crate::wording::size;

/// What a saved work says it is, the newest form first.
pub const KINDS: [&str; 2] = ["msnp saved work 2", "msnp saved work 1"];

/// Notes, and where the reader was.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Work {
    /// One of [`KINDS`].
    pub kind: String,
    /// The captures that it is about, in their order. The first form of saved work had one.
    pub captures: Vec<Capture>,
    /// View, selection, filter and times, as in an address.
    pub route: String,
    /// Which commands are listed.
    pub scope: Scope,
    /// The chosen chat.
    pub chat: Option<u32>,
    /// The settings, as they are kept on a device.
    pub settings: String,
    /// Notes on commands.
    pub notes: Vec<Note>,
}

/// What a capture is known by.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Capture {
    /// Name of its file.
    pub name: String,
    /// Its length in bytes.
    pub size: f64,
    /// SHA-256 of the file in hexadecimal; the worker fills it in.
    pub sha256: String,
}

/// A note on a command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// Its number.
    pub pdu: u32,
    /// What is noted.
    pub text: String,
}

impl State {
    /// The work to be saved.
    #[must_use]
    pub fn work(&self) -> Work {
        let capture = |file: &FileInfo| Capture { name: file.name.clone(), size: file.size, sha256: String::new() };
        let note = |(pdu, text): (&u32, &String)| Note { pdu: *pdu, text: text.clone() };
        Work {
            kind: KINDS.into_iter().take(1).collect(),
            captures: self.files.iter().map(capture).collect(),
            route: self.route().fragment(),
            scope: self.scope,
            chat: self.chat,
            settings: self.settings.written(),
            notes: self.notes.iter().map(note).collect(),
        }
    }

    /// The state with work that was saved, or with a word that its capture is to be opened.
    pub(super) fn restored(mut self, work: Rc<Work>) -> Self {
        if self.files.len() < work.captures.len().max(1) {
            let (captures, them) = if work.captures.len() == 1 { ("capture", "it") } else { ("captures", "them") };
            let named = named(&work.captures);
            self.notice = Some(format!("The saved work is about the {captures} {named}: open {them} too."));
            self.restoring = Some(work);
            return self;
        }
        if (self.files.size() - work.captures.iter().map(|capture| capture.size).sum::<f64>()).abs() > 0.5 {
            self.trouble = Some(differs(&work.captures));
        }
        self.notice = None;
        let route = Route::parse(&work.route);
        let mut next = route.map_or(self.clone(), |route| self.after(Action::Navigate(route)));
        next.settings =
            Settings { time: next.settings.time, browser: self.settings.browser, ..Settings::read(&work.settings) };
        next.notes = Rc::new(work.notes.iter().map(|note| (note.pdu, note.text.clone())).collect());
        (next.chat, next.restoring) = (work.chat, None);
        next.restored = Some(Rc::new(work.captures.clone()));
        next.after(Action::Narrow(work.scope))
    }
}

/// What is said when notes meet captures that they are not about.
#[must_use]
pub fn differs(captures: &[Capture]) -> String {
    let other = if captures.len() == 1 { "another capture" } else { "other captures" };
    format!(
        "The saved work is about {other}, {}: its notes and its selection may stand at other commands here.",
        named(captures)
    )
}

fn named(captures: &[Capture]) -> String {
    captures.iter().map(|one| format!("“{}” ({})", one.name, size(one.size))).collect::<Vec<_>>().join(" and ")
}
