//! The page's state as Yew keeps it.

use std::rc::Rc;

use yew::Reducible;

use crate::state::{Action, State};

impl Reducible for State {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        Rc::new(self.after(action))
    }
}
