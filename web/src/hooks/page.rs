//! The page's state, how to change it and whom to ask, in one handle.

use yew::prelude::*;

use super::worker::Link;
use crate::protocol::{Ask, Folding, Form, List, Scope};
use crate::state::{Action, State, View};

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
        let list = self.state.list().filter(|list| list.form != Form::Findings).unwrap_or_default();
        self.link.ask(&Ask::Step { list, from: self.state.selection.map(|selection| selection.pdu), by });
    }

    /// Selects the previous or next command of the selected command's connection.
    pub fn step_in_connection(&self, by: i32) {
        let Some(detail) = &self.state.detail else { return };
        let list = List { scope: Scope::Connection(detail.evidence.stream), form: Form::Commands, filter: 0 };
        self.link.ask(&Ask::Step { list, from: Some(detail.pdu), by });
    }

    /// Shows only commands for which an expression holds.
    pub fn filter_by(&self, expression: String) {
        if self.state.list().is_none_or(|list| list.form == Form::Findings) {
            self.act.emit(Action::Show(View::Ladder));
        }
        let cursor = u32::try_from(expression.len()).unwrap_or(0);
        self.act.emit(Action::Filter(expression, cursor));
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
