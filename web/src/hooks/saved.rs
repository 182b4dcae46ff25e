//! Saves what the worker made as a file; a PNG is made here, out of the SVG.

use std::rc::Rc;

use gloo::utils::document;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, HtmlCanvasElement, HtmlImageElement, Url};
use yew::prelude::*;

use super::blob::save;
use crate::protocol::FileForm;
use crate::state::{Action, Exported};

/// Pixels of a PNG in one of the page.
const LARGER: u32 = 2;

/// Saves each file that the worker made, once.
#[hook]
pub fn use_saved(exported: Option<Rc<Exported>>, name: String, act: Callback<Action>) {
    use_effect_with(exported, move |exported| {
        let Some(exported) = exported.clone() else { return };
        spawn_local(async move {
            if write(&exported, &name).await.is_none() {
                act.emit(Action::Trouble(
                    "The browser could not make this file. Another form of it may work.".to_owned(),
                ));
            }
        });
    });
}

async fn write(exported: &Exported, name: &str) -> Option<()> {
    let Exported { form, ending, file } = exported;
    match form {
        FileForm::Png => save(&pixels(file.dyn_ref()?).await?.into(), &format!("{name}{ending}")),
        _ => save(file, &format!("{name}{ending}")),
    }
    Some(())
}

async fn pixels(drawing: &Blob) -> Option<Blob> {
    let address = Url::create_object_url_with_blob(drawing).ok()?;
    let picture = HtmlImageElement::new().ok()?;
    picture.set_src(&address);
    let decoded = JsFuture::from(picture.decode()).await;
    let _ = Url::revoke_object_url(&address);
    decoded.ok()?;
    let canvas = document().create_element("canvas").ok()?.dyn_into::<HtmlCanvasElement>().ok()?;
    canvas.set_width(picture.natural_width() * LARGER);
    canvas.set_height(picture.natural_height() * LARGER);
    let brush = canvas.get_context("2d").ok()??.dyn_into::<web_sys::CanvasRenderingContext2d>().ok()?;
    let (width, height) = (f64::from(canvas.width()), f64::from(canvas.height()));
    brush.draw_image_with_html_image_element_and_dw_and_dh(&picture, 0.0, 0.0, width, height).ok()?;
    let made = js_sys::Promise::new(&mut |resolve, _| {
        // A canvas without pixels makes nothing, and then the promise stays unanswered with the blob missing.
        let _ = canvas.to_blob(&resolve);
    });
    JsFuture::from(made).await.ok()?.dyn_into().ok()
}
