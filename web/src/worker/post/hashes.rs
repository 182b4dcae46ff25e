//! The desk's part in hashes: each open file is read through for its own once, whoever asks.

use std::cell::RefCell;
use std::rc::Rc;

use msnp_dissector::tree::hex;

use super::Desk;
use crate::protocol::Tell;
use crate::worker::reader::hashes_of;

/// The SHA-256 of each open file, in their order.
///
/// # Errors
/// The browser's words, when it cannot read them again.
pub(super) async fn hashes(desk: &RefCell<Desk>) -> Result<Rc<Vec<[u8; 32]>>, String> {
    let (files, generation) = {
        let desk = desk.borrow();
        if let Some(known) = &desk.hashes {
            return Ok(Rc::clone(known));
        }
        (desk.files.clone(), desk.progress.generation)
    };
    let hashes = Rc::new(hashes_of(&files).await?);
    let mut desk = desk.borrow_mut();
    if desk.progress.generation == generation {
        desk.hashes = Some(Rc::clone(&hashes));
    }
    Ok(hashes)
}

/// Tells them; none when they could not be read.
pub(super) fn tell(desk: &Rc<RefCell<Desk>>, print: u32) {
    let desk = Rc::clone(desk);
    wasm_bindgen_futures::spawn_local(async move {
        let generation = desk.borrow().progress.generation;
        let hashes = hashes(&desk).await.unwrap_or_default();
        let desk = desk.borrow();
        if desk.progress.generation == generation {
            desk.tell(&Tell::Hashes { print, hashes: hashes.iter().map(|hash| hex(hash)).collect() });
        }
    });
}
