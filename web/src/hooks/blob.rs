//! Bytes of objects as the browser keeps them: shown by an address of their own, read in parts, saved as a file.

use std::cell::Cell;
use std::rc::Rc;

use js_sys::{Array, ArrayBuffer, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};
use yew::prelude::*;

use crate::wording::whole;

/// Bytes as a blob of a kind.
#[must_use]
pub fn blob_of(bytes: &[u8], kind: &str) -> Option<Blob> {
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    let parts = Array::of1(&Uint8Array::from(bytes));
    Blob::new_with_u8_array_sequence_and_options(&parts, &options).ok()
}

/// The first `end` bytes of a blob, as a blob of a kind; nothing is copied.
#[must_use]
#[allow(clippy::cast_precision_loss)] // objects are far shorter than 2⁵³
pub fn beginning(blob: &JsValue, end: u64, kind: &str) -> Option<Blob> {
    let blob = blob.dyn_ref::<Blob>()?;
    blob.slice_with_f64_and_f64_and_content_type(0.0, (end as f64).min(blob.size()), kind).ok()
}

/// Bytes of a blob.
#[must_use]
pub fn length(blob: &JsValue) -> u64 {
    blob.dyn_ref::<Blob>().map_or(0, |blob| whole(blob.size()))
}

/// The address of a blob for as long as it is shown.
#[hook]
pub fn use_address_of(blob: Option<Blob>) -> Option<String> {
    let address = use_state(|| None::<String>);
    {
        let address = address.setter();
        use_effect_with(blob, move |blob| {
            let made = blob.as_ref().and_then(|blob| Url::create_object_url_with_blob(blob).ok());
            address.set(made.clone());
            move || {
                if let Some(made) = made {
                    let _ = Url::revoke_object_url(&made);
                }
            }
        });
    }
    (*address).clone()
}

/// Some bytes of a blob, with the place of the first; nothing until the browser has read them.
#[hook]
#[allow(clippy::cast_precision_loss)] // objects are far shorter than 2⁵³
pub fn use_bytes(blob: JsValue, from: u64, to: u64) -> Rc<(u64, Vec<u8>)> {
    let bytes = use_state(Rc::<(u64, Vec<u8>)>::default);
    {
        let bytes = bytes.setter();
        use_effect_with((blob, from, to), move |(blob, from, to)| {
            let from = *from;
            let part =
                blob.dyn_ref::<Blob>().and_then(|blob| blob.slice_with_f64_and_f64(from as f64, *to as f64).ok());
            // An older wish may be answered after a newer one.
            let wanted = Rc::new(Cell::new(true));
            let still = Rc::clone(&wanted);
            spawn_local(async move {
                let Some(part) = part else { return };
                let Ok(read) = JsFuture::from(part.array_buffer()).await else { return };
                let read = read.dyn_into::<ArrayBuffer>().map(|read| Uint8Array::new(&read).to_vec());
                if still.get() {
                    bytes.set(Rc::new((from, read.unwrap_or_default())));
                }
            });
            move || wanted.set(false)
        });
    }
    Rc::clone(&bytes)
}

/// Saves a blob as a file: the browser asks where, or puts it among the downloads. It is bytes and nothing else.
pub fn save(blob: &JsValue, name: &str) {
    let Some(blob) = beginning(blob, u64::MAX, "application/octet-stream") else { return };
    let Ok(address) = Url::create_object_url_with_blob(&blob) else { return };
    let link = gloo::utils::document().create_element("a").ok();
    if let Some(link) = link.and_then(|link| link.dyn_into::<HtmlAnchorElement>().ok()) {
        link.set_href(&address);
        link.set_download(name);
        link.click();
    }
    // The browser has taken the bytes over by then.
    gloo::timers::callback::Timeout::new(60_000, move || {
        let _ = Url::revoke_object_url(&address);
    })
    .forget();
}
