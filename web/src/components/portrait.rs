//! A picture that an announcement names by its hash: what travelled of it, or a frame that says that it did not.

use yew::prelude::*;

use super::thumb::Thumb;
use crate::hooks::page::Page;
use crate::scene::portraits::brought;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub page: Page,
    /// SHA-1 of the object, in base64; none when not even that is known.
    pub object: Option<AttrValue>,
    /// What it is; empty where words stand beside it.
    #[prop_or_default]
    pub alt: AttrValue,
    pub on_ask: Callback<u32>,
    #[prop_or_default]
    pub class: Classes,
    /// What stands here when the picture never travelled.
    #[prop_or_default]
    pub children: Html,
}

/// The picture, or its frame.
#[component]
pub fn Portrait(props: &Props) -> Html {
    let state = &props.page.state;
    let transfers = state.transfers.as_ref();
    let found = props.object.as_ref().zip(transfers).and_then(|(object, transfers)| brought(transfers, object));
    let Some(found) = found else { return props.children.clone() };
    html! {
        <Thumb transfer={found.clone()} blob={state.objects.get(found.id).cloned()} on_ask={props.on_ask.clone()}
            alt={props.alt.clone()} class={props.class.clone()}>{ props.children.clone() }</Thumb>
    }
}

/// The frame in place of a picture that is not known.
pub fn unknown() -> Html {
    html! { <span class="thumb unknown" title="the picture is not in this capture" aria-hidden="true">{"?"}</span> }
}
