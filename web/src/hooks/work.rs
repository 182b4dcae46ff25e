//! Saved work: Ctrl S writes it, opening its file brings it back.

use std::rc::Rc;

use gloo::events::{EventListener, EventListenerOptions};
use gloo::utils::document;
use js_sys::{Array, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{File, KeyboardEvent};
use yew::prelude::*;

use super::page::Page;
use super::session::Wish;
use crate::protocol::Ask;
use crate::state::{Action, KINDS, Work};
use crate::wording::counted;

/// Saves the work at Ctrl S.
#[hook]
pub fn use_saving(page: &Page) {
    let page = page.clone();
    use_effect_with(page, |page| {
        let page = page.clone();
        let options = EventListenerOptions::enable_prevent_default();
        let listener = EventListener::new_with_options(&document(), "keydown", options, move |event| {
            let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
            let control = (event.ctrl_key() || event.meta_key()) && !event.alt_key() && !event.shift_key();
            if control && event.key().eq_ignore_ascii_case("s") && !page.state.files.is_empty() {
                event.prevent_default();
                let waiting = page.state.waiting_notes() as u64;
                if waiting > 0 {
                    let wait = match page.state.is_reading() {
                        true => "Notes find their commands when all is read. Save the work again then.".to_owned(),
                        false => format!(
                            "{} for commands that are not found are not in the file.",
                            counted(waiting, "note", "notes")
                        ),
                    };
                    page.act.emit(Action::Trouble(wait));
                    if page.state.is_reading() {
                        return;
                    }
                }
                page.act.emit(Action::Notice("The work is being saved.".to_owned()));
                page.link.ask(&Ask::SaveWork(Box::new(page.state.work())));
            }
        });
        move || drop(listener)
    });
}

/// Asks whether restored work is about the captures that are open.
#[hook]
pub fn use_checking(page: &Page) {
    let link = page.link.clone();
    use_effect_with((page.state.restored.clone(), page.state.generation), move |(restored, generation)| {
        if let Some(captures) = restored.as_ref().filter(|_| *generation > 0) {
            link.ask(&Ask::CheckWork((**captures).clone()));
        }
    });
}

/// Opens captures, and saved work among them.
#[hook]
pub fn use_open_either(page: &Page, open: Callback<Wish>) -> Callback<Wish> {
    let (act, link) = (page.act.clone(), page.link.clone());
    use_callback((), move |wish: Wish, ()| {
        let (act, open, link) = (act.clone(), open.clone(), link.clone());
        let choice = link.choose();
        spawn_local(async move {
            let (mut captures, mut restored) = (Vec::new(), None);
            for file in wish.files {
                let named = file.name().to_lowercase().ends_with(".json");
                match if named { read(&file).await } else { None } {
                    Some(work) => restored = Some(work),
                    // What is no saved work, it is for the worker to say what it is instead.
                    None => captures.push(file),
                }
            }
            if !link.is_chosen(choice) {
                return;
            }
            if !captures.is_empty() {
                open.emit(Wish { files: captures, ..wish });
            }
            if let Some(work) = restored {
                act.emit(Action::Restore(Rc::new(work)));
            }
        });
    })
}

/// Notes are some kilobytes; what is larger is something else.
const LARGEST: f64 = 16e6;

/// The first form of saved work had one capture.
fn several(work: JsValue) -> JsValue {
    let (one, all) = (JsValue::from_str("capture"), JsValue::from_str("captures"));
    if let Ok(capture) = Reflect::get(&work, &one)
        && capture.is_object()
    {
        // What cannot be set is missed when it is read.
        let _ = Reflect::set(&work, &all, &Array::of1(&capture));
    }
    work
}

async fn read(file: &File) -> Option<Work> {
    if file.size() > LARGEST {
        return None;
    }
    let text = JsFuture::from(file.text()).await.ok()?.as_string()?;
    let work: Work = serde_wasm_bindgen::from_value(several(js_sys::JSON::parse(&text).ok()?)).ok()?;
    KINDS.contains(&work.kind.as_str()).then_some(work)
}
