//! Chooses what times are counted from.

use yew::prelude::*;

use crate::clock::TimeForm;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub form: TimeForm,
    pub on_form: Callback<TimeForm>,
}

/// The switch.
#[component]
pub fn TimeSwitch(props: &Props) -> Html {
    let button = |form: TimeForm| {
        html! {
            <button type="button" aria-pressed={(form == props.form).to_string()} onclick={props.on_form.reform(move |_| form)}>
                { form.title() }</button>
        }
    };
    html! { <div class="switch" role="group" aria-label="Times">{ for TimeForm::ALL.map(button) }</div> }
}
