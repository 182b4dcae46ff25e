//! What the page shows, as one value, and the only function that changes it. Pure: no browser, no worker, no clock.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::clock::TimeForm;
use crate::protocol::story::{ChatsFound, Story, Transcript};
use crate::protocol::transfers::Transfers;
use wasm_bindgen::JsValue;

use crate::protocol::{Detail, FileForm, Form, List, Progress, Scope, Stage, Window};
use crate::route::Route;
use crate::scene::chunks::Map;
use crate::scene::lanes::{Order, moved};

mod action;
mod files;
mod filtering;
mod hearing;
mod objects;
mod offers;
mod printing;
mod seeking;
mod selecting;
mod settings;
mod shown;
mod tour;
mod view;
mod work;
pub use action::Action;
pub use files::{FileInfo, Files, Moving};
pub use filtering::{CHIPS, Chip, Filtering};
pub use objects::Objects;
pub use offers::Offer;
pub use printing::{PRINTED, Printing};
pub use seeking::{Bar, Seeking};
pub use selecting::Selection;
pub use settings::{Density, Settings};
pub use tour::{STOPS, Stop};
pub use view::{Theme, View};
pub use work::{Capture, KINDS, Note, Work, differs};

/// A payload that is folded open.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Opened {
    /// Its row in the list on screen.
    pub row: u32,
    /// Its fields, once the worker has answered.
    pub detail: Option<Rc<Detail>>,
    /// How many of its lines are shown.
    pub extent: Extent,
}

/// How much of an open payload is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Extent {
    /// The first lines.
    #[default]
    Beginning,
    /// All of it.
    Whole,
}

/// A file that the worker made.
#[derive(Debug, Clone, PartialEq)]
pub struct Exported {
    /// Its form.
    pub form: FileForm,
    /// What its name ends in, behind that of the capture.
    pub ending: String,
    /// A `Blob`.
    pub file: JsValue,
}

/// What the page shows.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct State {
    /// Number of the opening; answers about another are dropped.
    pub generation: u32,
    /// The open files, which are read as one.
    pub files: Files,
    /// How far it was read, and what it holds.
    pub progress: Rc<Progress>,
    /// Pseudonyms stand in place of what tells about people.
    pub redacted: bool,
    /// Secrets are shown.
    pub revealing: bool,
    /// The view.
    pub view: View,
    /// Which commands are listed.
    pub scope: Scope,
    /// Lifelines as the reader ordered them.
    pub lanes: Order,
    /// Packets are listed whether a command ends in them or not.
    pub frames: bool,
    /// The filter.
    pub filter: Rc<Filtering>,
    /// The rows around what is visible.
    pub window: Rc<Window>,
    /// The story, once it is told.
    pub story: Option<Rc<Story>>,
    /// The chosen chat.
    pub chat: Option<u32>,
    /// What happened in the chat that was asked for last.
    pub transcript: Option<Rc<Transcript>>,
    /// Chats in which something was looked for last.
    pub chats_found: Rc<ChatsFound>,
    /// The transfers, once they are told.
    pub transfers: Option<Rc<Transfers>>,
    /// The chosen transfer.
    pub transfer: Option<u32>,
    /// A command, and the transfer it belongs to, as the worker answered last.
    pub owner: Option<(u32, Option<u32>)>,
    /// The map of the transfer that was asked for last.
    pub map: Option<Rc<Map>>,
    /// Bytes of transfers.
    pub objects: Rc<Objects>,
    /// The selection.
    pub selection: Option<Selection>,
    /// Fields of the selected command.
    pub detail: Option<Rc<Detail>>,
    /// Notes on commands, by their numbers.
    pub notes: Rc<BTreeMap<u32, String>>,
    /// What waits for the numbers that commands have when other files are read with theirs.
    pub moving: Option<Rc<Moving>>,
    /// How often a selection has come back in that way.
    pub arrivals: u32,
    /// The captures that restored work is about.
    pub restored: Option<Rc<Vec<Capture>>>,
    /// Saved work that waits for its capture.
    pub restoring: Option<Rc<Work>>,
    /// The command that others are compared with.
    pub marked: Option<Rc<Detail>>,
    /// The shown source of the selected command.
    pub source: u16,
    /// Payloads that are folded open, by command.
    pub opened: Rc<BTreeMap<u32, Opened>>,
    /// Row to bring into view; the number tells one wish from the next.
    pub goal: Option<(u32, u32)>,
    /// Selected rows, from where the selection began to where it is.
    pub range: Option<(u32, u32)>,
    /// How many steps were answered.
    pub steps: u32,
    /// The number of the place where the reader is: another one with each selection, view or list that they choose.
    pub place: u32,
    /// How often a print was asked for.
    pub prints: u32,
    /// What the worker told last showed secrets.
    pub unveiled: bool,
    /// A file that the worker made.
    pub exported: Option<Rc<Exported>>,
    /// The SHA-256 of each open file, once it was asked for; none when they could not be read again.
    pub hashes: Option<Rc<Vec<String>>>,
    /// Something is being printed.
    pub printing: Option<Printing>,
    /// What is being done for the reader, or was done, in a sentence.
    pub notice: Option<String>,
    /// What the reader set.
    pub settings: Settings,
    /// How often something was folded, unfolded or moved: the rows are others since.
    pub folds: u32,
    /// Where the tour is.
    pub tour: Option<usize>,
    /// Colours.
    pub theme: Theme,
    /// Finding and going to.
    pub seeking: Rc<Seeking>,
    /// Whether something went wrong outside of a file, in a sentence.
    pub trouble: Option<String>,
}

impl State {
    /// The list on screen, if the view has one.
    #[must_use]
    pub fn list(&self) -> Option<List> {
        let filter = |form| if form == Form::Findings { 0 } else { self.filter.applied };
        let list = self.view.form().map(|form| List { scope: self.scope, form, filter: filter(form) })?;
        // Filters and connections are about commands.
        let all = self.frames && list == List { form: Form::Packets, ..List::default() };
        Some(if all { List { form: Form::Frames, ..list } } else { list })
    }

    /// Where we are.
    #[must_use]
    pub fn route(&self) -> Route {
        let transfer = self.transfer.filter(|_| self.view == View::Transfers);
        Route {
            view: self.view,
            pdu: self.selection.map(|s| s.pdu).filter(|pdu| *pdu > 0),
            packet: self.selection.and_then(|s| s.packet),
            transfer,
            filter: self.filter.text.trim().to_owned(),
            time: Some(self.settings.time).filter(|time| *time != TimeForm::default()),
        }
    }

    /// Whether reading goes on.
    #[must_use]
    pub fn is_reading(&self) -> bool {
        !self.files.is_empty() && self.progress.stage == Stage::Reading
    }

    /// Why there is nothing to show, if the file could not be read.
    #[must_use]
    pub fn refusal(&self) -> Option<&str> {
        match &self.progress.stage {
            Stage::Refused { sentence } => Some(sentence),
            _ => None,
        }
    }

    /// The state after `action`.
    #[must_use]
    pub fn after(&self, action: Action) -> Self {
        // What was asked for comes where it was asked from: it is the reader who goes elsewhere.
        let told = matches!(action, Action::Told(_));
        let stays = matches!(action, Action::Hold | Action::Turn(None | Some(Bar::GoTo)));
        let mut next = self.changed(action);
        if stays || !told && next.standing() != self.standing() {
            next.place = self.place.wrapping_add(1);
        }
        next
    }

    /// Where the reader is, but for the field.
    fn standing(&self) -> (View, Option<List>, Option<Selection>) {
        let selection = self.selection.map(|selection| Selection { item: None, wanted: None, ..selection });
        (self.view, self.list(), selection)
    }

    fn changed(&self, action: Action) -> Self {
        let mut next = self.clone();
        match action {
            Action::Open { generation, files, beside: true } if !self.files.is_empty() && self.refusal().is_none() => {
                next = self.with_files(generation, self.files.with(files));
            }
            Action::Leave { generation, at } => next = self.with_files(generation, self.files.without(at)),
            Action::Open { generation, files, .. } => {
                next = self.reread(generation, Files::new(files));
                next.tour = self.tour;
                // What the address asks for is kept for the first file.
                if self.files.is_empty() {
                    next.selection = self.selection;
                    next.transfer = self.transfer;
                }
                if let Some(work) = self.restoring.clone() {
                    next = next.restored(work);
                }
            }
            Action::Redact { generation, redacted } => {
                next = Self {
                    redacted,
                    scope: self.scope,
                    chat: self.chat,
                    notes: Rc::clone(&self.notes),
                    moving: self.moving.clone(),
                    restoring: self.restoring.clone(),
                    restored: self.restored.clone(),
                    transfer: self.transfer,
                    selection: self.selection.map(|selection| Selection { item: None, ..selection }),
                    ..self.reread(generation, self.files.clone())
                };
            }
            Action::Reveal(revealing) => {
                next.revealing = revealing;
                // Completions may tell secrets, or hide some.
                let filter = Rc::make_mut(&mut next.filter);
                filter.write(self.filter.text.clone(), self.filter.cursor);
                filter.reading = None;
                next.print(None);
                // What was told before hides them, or shows them.
                next.detail = None;
                next.marked = None;
                next.folds = next.folds.wrapping_add(1);
                Rc::make_mut(&mut next.opened).values_mut().for_each(|opened| opened.detail = None);
            }
            Action::Close => {
                next = Self { generation: 0, theme: self.theme, settings: self.settings, ..Self::default() };
            }
            Action::Told(tell) => next.hear(tell),
            Action::Show(view) => next.turn_to(view),
            Action::Narrow(scope) => {
                if scope != self.scope {
                    next.scope = scope;
                    next.lanes = Rc::default();
                    next.forget_rows();
                }
            }
            Action::Frames(all) => {
                next.frames = all;
                next.forget_rows();
            }
            Action::Lane { from, to } => {
                next.lanes = Rc::new(moved(&self.lanes, self.window.lanes.len(), from, to));
                next.folds = next.folds.wrapping_add(1);
            }
            Action::Filter(text, cursor) => Rc::make_mut(&mut next.filter).write(text, cursor),
            Action::Chat(number) => next.chat = Some(number),
            Action::Transfer(id) => next.transfer = Some(id),
            Action::Select(pdu, wanted) => next.select(pdu, wanted),
            Action::Packet(pdu, packet) => next.look_at(pdu, packet),
            // The fields on screen may still be those of the command before.
            Action::SelectItem(_) if self.shown_detail().is_none() => {}
            Action::SelectItem(item) => {
                if let Some(selection) = &mut next.selection {
                    selection.item = item;
                }
                let found = item.and_then(|i| next.detail.as_ref()?.items.get(i));
                if let Some(source) = found.map(|found| found.range.source) {
                    next.source = source;
                }
            }
            Action::ShowSource(source) => next.source = source,
            Action::Deselect => {
                next.selection = None;
                next.detail = None;
            }
            Action::Fold { pdu, row } => {
                let opened = Rc::make_mut(&mut next.opened);
                if opened.remove(&pdu).is_none() {
                    let detail = self.detail.clone().filter(|detail| detail.about() == (None, pdu));
                    opened.insert(pdu, Opened { row, detail, extent: Extent::Beginning });
                }
            }
            Action::Extend(pdu) => {
                if let Some(opened) = Rc::make_mut(&mut next.opened).get_mut(&pdu) {
                    opened.extent = Extent::Whole;
                }
            }
            Action::Navigate(route) => {
                next.turn_to(route.view);
                next.settings.time = route.time.unwrap_or(self.settings.time);
                if route.filter != self.filter.text.trim() {
                    let cursor = u32::try_from(route.filter.len()).unwrap_or(0);
                    Rc::make_mut(&mut next.filter).write(route.filter, cursor);
                }
                let is_there = self
                    .selection
                    .is_some_and(|s| s.packet == route.packet && (s.packet.is_some() || Some(s.pdu) == route.pdu));
                match (route.pdu, route.packet) {
                    _ if is_there => {}
                    (pdu, Some(packet)) => next.look_at(pdu.unwrap_or(0), packet),
                    (Some(pdu), None) => next.select(pdu, None),
                    (None, None) => next = next.after(Action::Deselect),
                }
                if route.view == View::Transfers {
                    next.transfer = route.transfer;
                }
                if next.selection.map(|selection| selection.pdu) != self.selection.map(|selection| selection.pdu) {
                    next.arrivals = next.arrivals.wrapping_add(1);
                }
                next.leave_absent();
            }
            Action::Print(printing) => next.print(printing),
            Action::Paint(theme) => next.theme = theme,
            Action::Set(settings) => next.settings = settings,
            // The place is another one, so that nothing leads away from it.
            Action::Hold => {}
            Action::Range(range, pdu) => {
                next.select(pdu, None);
                next.range = Some(range);
            }
            Action::Tour(at) => {
                next.tour = at;
                if let Some(stop) = at.and_then(|at| STOPS.get(at)) {
                    next.turn_to(stop.view);
                }
            }
            Action::Turn(bar) => Rc::make_mut(&mut next.seeking).turn(bar),
            Action::Find(kind, text) => Rc::make_mut(&mut next.seeking).write(kind, text),
            Action::Say(sentence) => Rc::make_mut(&mut next.seeking).said = Some(sentence),
            // The fields on screen may still be those of the command before.
            Action::Mark if self.shown_detail().is_some() && self.selection.is_some_and(|s| s.packet.is_none()) => {
                next.marked.clone_from(&self.detail);
                next.notice = self.detail.as_ref().map(|detail| {
                    format!("{}, command {}, is marked: Shift C compares another with it.", detail.verb, detail.pdu)
                });
            }
            Action::Mark => {}
            Action::Note(pdu, text) if text.trim().is_empty() => drop(Rc::make_mut(&mut next.notes).remove(&pdu)),
            Action::Note(pdu, text) => drop(Rc::make_mut(&mut next.notes).insert(pdu, text)),
            Action::Restore(work) => next = next.restored(work),
            Action::Trouble(sentence) => next.trouble = Some(sentence),
            Action::Notice(sentence) => next.notice = Some(sentence),
        }
        next
    }

    fn turn_to(&mut self, view: View) {
        if view != self.view {
            self.view = view;
            self.forget_rows();
        }
    }

    fn forget_rows(&mut self) {
        self.window = Rc::default();
        self.opened = Rc::default();
        self.goal = None;
        self.range = None;
        self.print(None);
    }
}

#[cfg(test)]
mod tests;
