//! A transfer's picture, small: as far as it came, or a sign in its place.

use wasm_bindgen::JsValue;
use yew::prelude::*;

use crate::hooks::blob::{beginning, use_address_of};
use crate::hooks::on_screen::use_on_screen;
use crate::protocol::transfers::Transfer;
use crate::wording::whole;

/// Bytes of a picture that is shown small.
const SMALL: f64 = 512_000.0;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub transfer: Transfer,
    /// Its bytes, once they are there.
    pub blob: Option<JsValue>,
    /// The bytes are wanted.
    pub on_ask: Callback<u32>,
    /// What the picture is, for those who do not see it; empty where words stand beside it.
    #[prop_or_default]
    pub alt: AttrValue,
    #[prop_or_default]
    pub class: Classes,
    /// What stands here as long as there is no picture.
    #[prop_or_default]
    pub children: Html,
}

/// The picture.
#[component]
pub fn Thumb(props: &Props) -> Html {
    let one = &props.transfer;
    let root = use_node_ref();
    let on_screen = use_on_screen(&root);
    let kind = one.picture().filter(|_| on_screen && one.received <= SMALL).map(ToOwned::to_owned);
    {
        let on_ask = props.on_ask.clone();
        use_effect_with((kind.is_some() && props.blob.is_none(), one.id), move |(needed, id)| {
            if *needed {
                on_ask.emit(*id);
            }
        });
    }
    // Behind a hole a picture is no more than noise.
    let end = whole(one.beginning);
    let shown =
        use_memo((props.blob.clone(), kind, end), |(blob, kind, end)| beginning(blob.as_ref()?, *end, kind.as_ref()?));
    let address = use_address_of((*shown).clone());
    let hidden = props.alt.is_empty().then_some("true");
    html! {
        <span ref={root} class={classes!("thumb", one.is_partial().then_some("partial"), props.class.clone())} aria-hidden={hidden}>
            if let Some(address) = address { <img src={address} alt={props.alt.clone()} title={props.alt.clone()} /> } else { { props.children.clone() } }
        </span>
    }
}
