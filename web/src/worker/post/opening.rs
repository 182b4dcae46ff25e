//! The desk's part in opening files, and in reading them in turns.

use std::cell::RefCell;
use std::rc::Rc;

use msnp_dissector::redaction::{Key, Redactor};

use super::Desk;
use super::hashes::hashes;
use crate::protocol::Stage;
use crate::worker::reader::Readers;
use crate::worker::sentences;

/// Opens files: whatever was open is forgotten.
pub(super) fn open(desk: &Rc<RefCell<Desk>>, generation: u32, files: Vec<web_sys::File>, redacted: bool) {
    match Readers::new(&files) {
        Ok(readers) => {
            desk.borrow_mut().begin(generation, files);
            desk.borrow_mut().redacted = redacted;
            let desk = Rc::clone(desk);
            wasm_bindgen_futures::spawn_local(async move {
                if redacted && !redact(&desk, generation).await {
                    return;
                }
                read(desk, generation, readers).await;
            });
        }
        Err(reason) => desk.borrow_mut().refuse(generation, &reason),
    }
}

/// Has what is read from now on redacted; false when something else is open, or the file cannot be read.
async fn redact(desk: &Rc<RefCell<Desk>>, generation: u32) -> bool {
    let hashes = hashes(desk).await;
    let mut desk = desk.borrow_mut();
    if !desk.is_reading(generation) {
        return false;
    }
    match hashes {
        Ok(hashes) => {
            desk.session = std::mem::take(&mut desk.session).redacted(Redactor::new(Key::of_captures(&hashes)));
            true
        }
        Err(reason) => {
            desk.break_off(&reason);
            false
        }
    }
}

/// Reads to the end, or until something else is open. Questions are answered while it waits for the next slice.
async fn read(desk: Rc<RefCell<Desk>>, generation: u32, mut readers: Readers) {
    loop {
        let Some(at) = desk.borrow().session.asks_for() else { return desk.borrow_mut().finish() };
        let read = readers.next(at).await;
        let mut desk = desk.borrow_mut();
        if !desk.is_reading(generation) {
            return;
        }
        match read {
            Err(reason) => return desk.break_off(&reason),
            Ok(None) => desk.session.end_file(),
            Ok(Some(bytes)) => {
                if !desk.take(bytes) {
                    return;
                }
            }
        }
        desk.read = readers.read().collect();
        desk.tell_of_reading();
    }
}

impl Desk {
    /// The files that are open and stay open, and whether they are told with pseudonyms; commands are kept in mind.
    pub(super) fn staying(&mut self, beside: bool, keep: &[(u32, u32)]) -> (Vec<web_sys::File>, bool) {
        if !beside {
            self.anchors.clear();
            return (Vec::new(), false);
        }
        // Those that are still to be found again stay.
        let anchored = keep.iter().map(|(id, pdu)| (*id, self.session.anchor(*pdu)));
        self.anchors.extend(anchored.filter(|(_, anchor)| anchor.is_some()));
        (self.files.clone(), self.redacted)
    }

    /// One of the files is not open any more.
    pub(super) fn leave(&mut self, at: usize) {
        self.anchors.iter_mut().for_each(|(_, anchor)| *anchor = anchor.and_then(|anchor| anchor.without(at)));
    }

    pub(super) fn refuse(&mut self, generation: u32, reason: &str) {
        self.begin(generation, Vec::new());
        self.end(Stage::Refused { sentence: sentences::unreadable(reason) });
    }
}
