//! What others made and the page holds, with its licences: fetched when somebody asks.

use yew::prelude::*;

use crate::hooks::files::text_beside;

/// The file beside the page, and its block where the page is a single file.
const FILE: &str = "licences.txt";

/// A button, and the licences once it was pressed.
#[component]
pub fn Licences() -> Html {
    let text = use_state(|| None::<String>);
    let onclick = {
        let text = text.setter();
        Callback::from(move |_: MouseEvent| {
            let text = text.clone();
            wasm_bindgen_futures::spawn_local(async move {
                let found = text_beside(FILE).await;
                text.set(Some(found.unwrap_or_else(|| {
                    "The list could not be loaded. It lies beside the page as licences.txt.".to_owned()
                })));
            });
        })
    };
    html! {
        <section class="licences">
            <button type="button" class="link" {onclick}>{"Licences of what this page is made of"}</button>
            if let Some(text) = &*text {
                <pre tabindex="0" role="region" aria-label="Licences">{ text }</pre>
            }
        </section>
    }
}
