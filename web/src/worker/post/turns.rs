//! The desk's part in turns: what is done after reading, a portion at a time, between questions.

use wasm_bindgen::prelude::*;

use super::{BYTES, Desk, PORTION, REPORT_EVERY, Work, plain};
use crate::protocol::Tell;
use crate::protocol::filter::Sifted;
use crate::worker::session::Session;

impl Desk {
    /// A turn of the work that is done after reading.
    pub(super) fn turn(&mut self) {
        self.sift();
        self.look();
        match self.work {
            Work::Reading => {}
            Work::Checking if self.session.check(PORTION) => {
                self.work = Work::Nothing;
                self.verifying = true;
                self.report();
                self.ring();
            }
            Work::Checking => self.ring(),
            Work::Nothing if !self.records.is_empty() => {
                for pdu in std::mem::take(&mut self.records) {
                    self.tell(&Tell::Record { pdu, record: plain(self.session.record(pdu)) });
                }
                self.ring();
            }
            Work::Nothing if !self.objects.is_empty() => {
                self.build();
                self.ring();
            }
            Work::Nothing if self.verifying => {
                let (verdicts, odd) = self.session.verify(BYTES);
                self.noticed |= odd;
                if !verdicts.is_empty() {
                    self.tell(&Tell::Verdicts { generation: self.progress.generation, verdicts });
                }
                self.verifying = self.session.unverified();
                if self.verifying {
                    self.ring();
                } else if std::mem::take(&mut self.noticed) {
                    self.report();
                }
            }
            Work::Nothing => {}
        }
    }

    /// Goes on with the filter that is in force.
    fn sift(&mut self) {
        if self.sifting.is_none() {
            return;
        }
        let begun = self.now();
        let sifted = self.session.sift();
        let now = self.now();
        self.sifted += now - begun;
        let Some(sifted) = sifted.map(|sifted| Sifted { took: self.sifted, ..sifted }) else {
            self.sifting = None;
            return;
        };
        // While the file is read, what comes is sifted when the page asks for it.
        let over = sifted.complete() && self.work != Work::Reading;
        if over || now > self.told {
            self.told = now + REPORT_EVERY;
            self.tell(&Tell::Sifted(sifted));
        }
        if over {
            self.sifting = None;
        } else if !sifted.complete() {
            self.ring();
        }
    }

    /// Goes on with the object that was asked for first.
    fn build(&mut self) {
        let Some(mut building) = self.objects.pop_front() else { return };
        match building.advance(&self.session) {
            None => self.objects.push_front(building),
            Some(blob) => self.tell(&Tell::Object { generation: self.progress.generation, id: building.id, blob }),
        }
    }
}

/// An object that is put together for the page.
pub(super) struct Building {
    id: u32,
    at: u64,
    parts: js_sys::Array,
}

impl Building {
    pub fn new(id: u32) -> Self {
        Self { id, at: 0, parts: js_sys::Array::new() }
    }

    /// The next portion; the whole when there is no other. Each portion is a blob of its own: the browser joins them
    /// without copying.
    fn advance(&mut self, session: &Session) -> Option<JsValue> {
        let mut bytes = Vec::new();
        let next = session.object(self.id, self.at, self.at.saturating_add(BYTES), &mut bytes);
        let part = js_sys::Array::of1(&js_sys::Uint8Array::from(bytes.as_slice()));
        if let Ok(part) = web_sys::Blob::new_with_u8_array_sequence(&part) {
            self.parts.push(&part);
        }
        match next {
            Some(next) => {
                self.at = next;
                None
            }
            None => web_sys::Blob::new_with_blob_sequence(&self.parts).ok().map(JsValue::from).or(Some(JsValue::NULL)),
        }
    }
}
