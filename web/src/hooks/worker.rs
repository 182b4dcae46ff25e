//! The worker: started once, from a blob that imports its program.
//!
//! A worker loaded by address would be bound only by the policy that came with that address; one that starts from a blob
//! inherits the page's. So nothing that the worker runs can connect anywhere either.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use wasm_bindgen::prelude::*;
use web_sys::{Blob, BlobPropertyBag, MessageEvent, Url, Worker, WorkerOptions, WorkerType};
use yew::prelude::*;

use super::block::block;
use crate::protocol::{Ask, Tell};
use crate::state::Action;

/// Where Trunk puts the worker's loader.
const LOADER: &str = "worker_loader.js";

/// The line to the worker.
#[derive(Clone)]
pub struct Link {
    inner: Rc<Inner>,
}

type Listener = Closure<dyn FnMut(MessageEvent)>;

struct Inner {
    worker: Option<Worker>,
    /// Questions that wait until it listens.
    waiting: RefCell<Option<Vec<JsValue>>>,
    /// Number of the file that was opened last.
    generation: Cell<u32>,
    /// Number of what was chosen last to be opened: a sample may be on its way while a file is chosen.
    chosen: Cell<u32>,
    listeners: RefCell<Vec<Listener>>,
}

impl PartialEq for Link {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.inner, &other.inner)
    }
}

impl Link {
    /// The number of the next file. It is known when the question is asked, not when it was drawn.
    #[must_use]
    pub fn next_generation(&self) -> u32 {
        let next = self.inner.generation.get().wrapping_add(1);
        self.inner.generation.set(next);
        next
    }

    /// Somebody chose what is to be opened: the number of that choice.
    #[must_use]
    pub fn choose(&self) -> u32 {
        let next = self.inner.chosen.get().wrapping_add(1);
        self.inner.chosen.set(next);
        next
    }

    /// Whether nothing else was chosen since.
    #[must_use]
    pub fn is_chosen(&self, choice: u32) -> bool {
        self.inner.chosen.get() == choice
    }

    /// Asks; the answer comes as an action.
    pub fn ask(&self, ask: &Ask) {
        let Ok(message) = serde_wasm_bindgen::to_value(ask) else { return };
        if let Some(waiting) = self.inner.waiting.borrow_mut().as_mut() {
            waiting.push(message);
            return;
        }
        self.inner.post(&message);
    }

    fn start(act: Callback<Action>) -> Self {
        let (worker, mut address) = spawn().ok().unzip();
        let waiting = RefCell::new(Some(Vec::new()));
        let inner = Rc::new(Inner {
            worker,
            waiting,
            generation: Cell::default(),
            chosen: Cell::default(),
            listeners: RefCell::default(),
        });
        let broken = act.clone();
        let link = Self { inner };
        let Some(worker) = &link.inner.worker else {
            broken.emit(Action::Trouble(NO_WORKER.to_owned()));
            return link;
        };
        let inner = Rc::downgrade(&link.inner);
        let on_message = Closure::<dyn FnMut(_)>::new(move |event: MessageEvent| {
            let Some(inner) = inner.upgrade() else { return };
            let listening = inner.waiting.borrow().is_none();
            // Files may have been chosen before it listens.
            let generation = if listening { inner.generation.get() } else { 0 };
            match Tell::unpack(event.data(), generation) {
                Some(Tell::Ready) => {
                    // It has its program: nobody needs the address any more.
                    if let Some(address) = address.take() {
                        let _ = Url::revoke_object_url(&address);
                    }
                    inner.flush();
                }
                Some(tell) => act.emit(Action::Told(tell)),
                None => {}
            }
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        let on_error =
            Closure::<dyn FnMut(_)>::new(move |_: MessageEvent| broken.emit(Action::Trouble(NO_WORKER.to_owned())));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        link.inner.listeners.borrow_mut().extend([on_message, on_error]);
        link
    }
}

const NO_WORKER: &str = "The part of the page that reads captures could not be started or has stopped. \
    Reload the page; if that does not help, the browser may be too old or the page’s files incomplete.";

impl Inner {
    fn flush(&self) {
        for message in self.waiting.take().unwrap_or_default() {
            self.post(&message);
        }
    }

    fn post(&self, message: &JsValue) {
        if let Some(worker) = &self.worker {
            let _ = worker.post_message(message);
        }
    }
}

/// The worker, and the address of the blob it starts from.
fn spawn() -> Result<(Worker, String), JsValue> {
    if let (Some(program), Some(wasm)) = (block("worker-program"), block("worker-wasm")) {
        return spawn_from_blocks(&program, &wasm);
    }
    let base = gloo::utils::document().base_uri()?.unwrap_or_default();
    let loader = Url::new_with_base(LOADER, &base)?.href();
    let program = js_sys::Array::of1(&format!("import {loader:?};").into());
    let kind = BlobPropertyBag::new();
    kind.set_type("text/javascript");
    let blob = Blob::new_with_str_sequence_and_options(&program, &kind)?;
    let address = Url::create_object_url_with_blob(&blob)?;
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    Ok((Worker::new_with_options(&address, &options)?, address))
}

/// The same from the page itself, where that is a single file: a classic worker, which is sent its WebAssembly.
fn spawn_from_blocks(program: &[u8], wasm: &[u8]) -> Result<(Worker, String), JsValue> {
    let kind = BlobPropertyBag::new();
    kind.set_type("text/javascript");
    let parts = js_sys::Array::of1(&js_sys::Uint8Array::from(program));
    let address = Url::create_object_url_with_blob(&Blob::new_with_u8_array_sequence_and_options(&parts, &kind)?)?;
    let worker = Worker::new(&address)?;
    worker.post_message(&js_sys::Uint8Array::from(wasm))?;
    Ok((worker, address))
}

/// The line to the worker, started with the page.
#[hook]
pub fn use_worker(act: Callback<Action>) -> Link {
    (*use_memo((), move |()| Link::start(act))).clone()
}
