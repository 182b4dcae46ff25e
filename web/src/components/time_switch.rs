//! Chooses what times are counted from.

use yew::prelude::*;

use crate::clock::TimeForm;

/// The switch.
pub fn time_switch(now: TimeForm, on_form: &Callback<TimeForm>) -> Html {
    let button = |form: TimeForm| {
        html! {
            <button type="button" aria-pressed={(form == now).to_string()} onclick={on_form.reform(move |_| form)}>
                { form.title() }</button>
        }
    };
    html! { <div class="switch" role="group" aria-label="Times">{ for TimeForm::ALL.map(button) }</div> }
}
