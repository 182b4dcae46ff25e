//! Printing: all that is listed is there first, in light colours, and nothing of it stays afterwards.

use gloo::events::EventListener;
use gloo::timers::callback::Timeout;
use gloo::utils::window;
use yew::prelude::*;

use super::page::Page;
use crate::state::{Action, Printing};

/// Milliseconds that drawings may take before the browser is called.
const DRAWING: u32 = 60;

/// Has the browser print once the worker has answered, and hears when it prints by itself.
#[hook]
pub fn use_printing(page: &Page) {
    let printing = page.state.printing;
    {
        let page = page.clone();
        use_effect_with(printing == Some(Printing::Asked), move |asked| {
            if *asked {
                page.state.wanted_on_paper().iter().for_each(|ask| page.link.ask(ask));
            }
        });
    }
    use_effect_with(printing == Some(Printing::Ready), |ready| {
        // Whatever the browser says against it, it says to the reader.
        let call = || drop(window().print());
        let waiting = ready.then(|| Timeout::new(DRAWING, call));
        move || drop(waiting)
    });
    let act = page.act.clone();
    use_effect_with((), move |()| {
        let told = |name: &'static str, printing| {
            let act = act.clone();
            EventListener::new(&window(), name, move |_| act.emit(Action::Print(printing)))
        };
        let listeners = (told("beforeprint", Some(Printing::Drawn)), told("afterprint", None));
        move || drop(listeners)
    });
}
