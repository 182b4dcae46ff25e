//! The tour: what there is to know about the view, one stop after the other.

use yew::prelude::*;

use crate::hooks::page::Page;
use crate::state::{Action, STOPS};

#[derive(Properties, PartialEq)]
pub struct Props {
    pub page: Page,
    /// Which stop.
    pub at: usize,
}

/// One stop.
#[component]
pub fn Tour(props: &Props) -> Html {
    let (page, at) = (&props.page, props.at);
    {
        let page = page.clone();
        use_effect_with(at, move |at| {
            if let Some(pdu) = STOPS.get(*at).and_then(|stop| stop.pdu) {
                page.go_to(pdu);
            }
        });
    }
    let Some(stop) = STOPS.get(at) else { return html! {} };
    let to = |to: Option<usize>| page.act.reform(move |_: MouseEvent| Action::Tour(to));
    let last = at + 1 == STOPS.len();
    html! {
        <section class="tour" aria-label="Tour" aria-live="polite">
            <p class="quiet">{ format!("Stop {} of {}", at + 1, STOPS.len()) }</p>
            <h2>{ stop.title }</h2>
            <p>{ stop.text }</p>
            <div class="tour-ways">
                if !last { <button type="button" class="button" onclick={to(None)}>{"Leave"}</button> }
                <span class="gap"></span>
                if at > 0 { <button type="button" class="button" onclick={to(at.checked_sub(1))}>{"Back"}</button> }
                <button type="button" class="button main" onclick={to(Some(at + 1).filter(|_| !last))}>{ if last { "Done" } else { "Next" } }</button>
            </div>
        </section>
    }
}
