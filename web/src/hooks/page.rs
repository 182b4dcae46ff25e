//! The page's state, how to change it and whom to ask, in one handle.

use yew::prelude::*;

use super::palette::Palette;
use super::settings;
use super::worker::Link;
use crate::clock::Clock;
use crate::protocol::find::Target;
use crate::protocol::{Ask, Body, Export, FileForm, Folding, Form, List, Moment, Opened, Part, Scope};
use crate::state::{Action, Extent, Settings, State, View};
use crate::wording::whole;

/// State, actions, worker.
#[derive(Clone, PartialEq)]
pub struct Page {
    /// What is shown.
    pub state: UseReducerHandle<State>,
    /// Changes it.
    pub act: Callback<Action>,
    /// Answers questions.
    pub link: Link,
}

impl Page {
    /// How times are shown.
    #[must_use]
    pub fn clock(&self) -> Clock {
        settings::clock(&self.state)
    }

    /// Selects a command and brings its row into view, in the list on screen or else in the ladder.
    pub fn go_to(&self, pdu: u32) {
        let list = match self.state.list() {
            Some(list) if list.form != Form::Findings => list,
            _ => {
                self.act.emit(Action::Show(View::Ladder));
                self.act.emit(Action::Narrow(Scope::All));
                List::default()
            }
        };
        self.act.emit(Action::Select(pdu, None));
        self.link.ask(&Ask::Locate { list, pdu });
    }

    /// Selects the command so many commands further in the list on screen.
    pub fn step(&self, by: i32) {
        if let Some(List { form: Form::Frames, .. }) = self.state.list() {
            let (here, last) = (self.state.selection.and_then(|selection| selection.packet), self.state.window.total);
            let goal = here.unwrap_or(0).saturating_add_signed(by).clamp(1, last.max(1));
            return self.step_packet(goal, 0);
        }
        let list = self.state.list().filter(|list| list.form != Form::Findings).unwrap_or_default();
        self.ask_step(list, by, None);
    }

    /// Selects the packet so many packets further in the capture.
    pub fn step_packet(&self, packet: u32, by: i32) {
        let list = self.state.list().filter(|list| list.form != Form::Findings).unwrap_or_default();
        if let Some(number) = packet.checked_add_signed(by).filter(|number| *number > 0) {
            self.link.ask(&Ask::Go {
                list,
                target: Target::Frame(number.into()),
                clock: self.clock(),
                place: self.state.place,
            });
        }
    }

    /// Shows the packet in which the selected command ends, or that command again.
    pub fn turn_to_packet(&self) {
        let Some(detail) = self.state.shown_detail() else { return };
        let packet = u32::try_from(whole(detail.evidence.frame)).ok().filter(|_| detail.packet.is_none());
        self.act.emit(packet.map_or(Action::Select(detail.pdu, None), |packet| Action::Packet(detail.pdu, packet)));
    }

    /// Selects the previous or next command of the selected command's connection.
    pub fn step_in_connection(&self, by: i32) {
        let Some(detail) = self.state.shown_detail().filter(|detail| detail.pdu > 0) else { return };
        let list = List { scope: Scope::Connection(detail.evidence.stream), form: Form::Commands, filter: 0 };
        self.ask_step(list, by, None);
    }

    fn ask_step(&self, list: List, by: i32, anchor: Option<u32>) {
        self.link.ask(&Ask::Step { list, shown: self.state.list(), here: self.state.here(), by, anchor });
    }

    /// Shows only commands for which an expression holds.
    pub fn filter_by(&self, expression: String) {
        if self.state.list().is_none_or(|list| list.form == Form::Findings) {
            self.act.emit(Action::Show(View::Ladder));
        }
        let cursor = u32::try_from(expression.len()).unwrap_or(0);
        self.act.emit(Action::Filter(expression, cursor));
    }

    /// Selects rows from the selected one on to the one so many rows further.
    pub fn stretch(&self, by: i32) {
        let state = &self.state;
        let selected = state.selection.map(|selection| selection.pdu);
        let is_it = |body: &Body| matches!(body, Body::Command(command) if Some(command.pdu) == selected);
        let here = state.window.rows.iter().zip(state.window.first..).find(|(row, _)| is_it(&row.body));
        if let Some(anchor) = state.range.map(|range| range.0).or(here.map(|(_, at)| at)) {
            self.ask_step(state.list().unwrap_or_default(), by, Some(anchor));
        }
    }

    /// Has the capture read again with pseudonyms in place of what tells about people, or without.
    pub fn redact(&self) {
        let generation = self.link.next_generation();
        // The state is another one as soon as the action has been told.
        let redacted = !self.state.redacted;
        self.act.emit(Action::Redact { generation, redacted });
        self.link.ask(&Ask::Redact { generation, redacted });
    }

    /// Has secrets shown, or hidden again.
    pub fn reveal(&self) {
        let revealing = !self.state.revealing;
        // Asked first: what is asked for after the action is to be told in the new way.
        self.link.ask(&Ask::Reveal { revealing });
        self.act.emit(Action::Reveal(revealing));
    }

    /// Has one of several open files put away.
    pub fn leave(&self, at: usize) {
        let (generation, (_, keep)) = (self.link.next_generation(), self.state.keeping());
        self.act.emit(Action::Leave { generation, at });
        if let Ok(at) = u32::try_from(at) {
            self.link.ask(&Ask::Leave { generation, at, keep });
        }
    }

    /// Asks for a part of the capture as a file.
    pub fn export(&self, part: Part, form: FileForm, noted: bool) {
        let state = &self.state;
        let opened = state.opened.iter().map(|(pdu, open)| Opened {
            pdu: *pdu,
            row: open.row,
            whole: open.extent == Extent::Whole,
        });
        let name = state.files.names();
        self.act.emit(Action::Notice("The file is being made.".to_owned()));
        self.link.ask(&Ask::Export(Box::new(Export {
            part,
            form,
            title: format!("{name}{}", if state.redacted { " (redacted)" } else { "" }),
            clock: self.clock(),
            selected: state.selection.map(|selection| selection.pdu),
            opened: opened.collect(),
            notes: if noted { state.work().notes } else { Vec::new() },
            lanes: state.lanes.to_vec(),
            colours: Palette::inks(),
        })));
    }

    /// Brings the row at a time into view.
    pub fn seek(&self, time: Moment) {
        if let Some(list) = self.state.list() {
            self.link.ask(&Ask::Seek { list, time });
        }
    }

    /// Changes a setting.
    pub fn set(&self, change: impl FnOnce(Settings) -> Settings) {
        self.act.emit(Action::Set(change(self.state.settings)));
    }

    /// Folds something in the list on screen, or unfolds it.
    #[must_use]
    pub fn turn(&self) -> Callback<Folding> {
        let (link, list) = (self.link.clone(), self.state.list());
        Callback::from(move |what| {
            if let Some(list) = list {
                link.ask(&Ask::Fold { list, what });
            }
        })
    }

    /// Shows the ladder of one connection, or of all.
    pub fn narrow(&self, scope: Scope) {
        if self.state.list().is_none() {
            self.act.emit(Action::Show(View::Ladder));
        }
        self.act.emit(Action::Narrow(scope));
    }
}
