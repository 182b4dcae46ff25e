//! Printing: all that is listed is there first, in light colours, and nothing of it stays afterwards.

use std::rc::Rc;

use gloo::events::EventListener;
use gloo::timers::callback::Timeout;
use gloo::utils::window;
use yew::prelude::*;

use super::page::Page;
use crate::state::{Action, Printing};

/// Milliseconds that drawings may take before the browser is called.
const DRAWING: u32 = 60;

/// Milliseconds after which a browser that was called, and did not begin, is taken not to print.
const PATIENCE: u32 = 1_000;

/// Has the browser print once the worker has answered, and hears when it prints by itself.
#[hook]
pub fn use_printing(page: &Page) {
    let printing = page.state.printing;
    {
        let page = page.clone();
        use_effect_with(printing, move |_| {
            page.state.wanted_on_paper().iter().for_each(|ask| page.link.ask(ask));
        });
    }
    let began = use_mut_ref(|| false);
    {
        let (began, act) = (Rc::clone(&began), page.act.clone());
        use_effect_with(printing == Some(Printing::Ready), move |ready| {
            let call = move || {
                *began.borrow_mut() = false;
                // Whatever the browser says against it, it says to the reader.
                let _ = window().print();
                Timeout::new(PATIENCE, move || {
                    if !*began.borrow() {
                        act.emit(Action::Print(None));
                    }
                })
                .forget();
            };
            let waiting = ready.then(|| Timeout::new(DRAWING, call));
            move || drop(waiting)
        });
    }
    let act = page.act.clone();
    use_effect_with((), move |()| {
        let told = |name: &'static str, printing| {
            let act = act.clone();
            let began = Rc::clone(&began);
            EventListener::new(&window(), name, move |_| {
                *began.borrow_mut() = true;
                act.emit(Action::Print(printing));
            })
        };
        let listeners = (told("beforeprint", Some(Printing::Drawn)), told("afterprint", None));
        move || drop(listeners)
    });
}
