//! Transfers: the list, and the chosen one with the map of its bytes.

use yew::prelude::*;

use super::transfer_list::TransferList;
use super::transfer_pane::TransferPane;
use crate::hooks::objects::use_object_asker;
use crate::hooks::page::Page;
use crate::state::Action;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub page: Page,
}

/// The view.
#[component]
pub fn TransferView(props: &Props) -> Html {
    let page = &props.page;
    let state = &page.state;
    let on_ask = use_object_asker(page);
    let Some(transfers) = &state.transfers else {
        let what = if state.is_reading() { "Told as soon as the whole file is read" } else { "Being put together" };
        return html! { <div class="teach"><h2>{ what }</h2><p>{"Pictures, files and other objects, with the packet that carried each byte."}</p></div> };
    };
    let Some(shown) = state.shown_transfer() else { return nothing() };
    html! {
        <div class="transfers">
            <TransferList transfers={transfers.clone()} chosen={shown.id} objects={state.objects.clone()}
                on_choose={page.act.reform(Action::Transfer)} on_ask={on_ask.clone()} />
            <TransferPane key={shown.id} page={page.clone()} transfer={shown.clone()} {on_ask} />
        </div>
    }
}

/// What would be here.
fn nothing() -> Html {
    html! {
        <div class="teach">
            <h2>{"No transfers in this capture"}</h2>
            <p>{"They appear when somebody’s program asks another for a display picture or an emoticon, or when a file is offered: \
                the invitation travels through the chat room, and the bytes follow in chunks of some 1,200, through the same room \
                or from program to program. Each chunk says where it belongs, so that they can come in any order, come twice, or be missing."}</p>
            <p>{"Try the sample “Pictures and files”."}</p>
        </div>
    }
}
