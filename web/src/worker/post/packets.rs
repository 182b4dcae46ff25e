//! The desk's part in packets: one is read again from its file, as far as it takes.

use std::cell::RefCell;
use std::rc::Rc;

use super::Desk;
use crate::protocol::Tell;
use crate::worker::reader::Readers;
use crate::worker::sentences;

/// Tells everything about a packet. Who asks for another one does not wait for this.
pub(super) fn show(desk: &Rc<RefCell<Desk>>, number: u32, pdu: u32) {
    desk.borrow_mut().looking += 1;
    let desk = Rc::clone(desk);
    wasm_bindgen_futures::spawn_local(async move {
        if let Err(reason) = read(&desk, number, pdu).await {
            desk.borrow().tell(&Tell::Unread(sentences::unreadable(&reason)));
        }
    });
}

async fn read(desk: &RefCell<Desk>, number: u32, pdu: u32) -> Result<(), String> {
    let (again, file, now) = {
        let desk = desk.borrow();
        let again = desk.session.again(number);
        let file = again.as_ref().and_then(|again| desk.files.get(again.file).cloned());
        (again, file, (desk.progress.generation, desk.looking))
    };
    // It has not been read yet, or there is no such packet: at the end the page asks again, or knows.
    let (Some(mut again), Some(file)) = (again, file) else { return Ok(()) };
    let mut readers = Readers::behind(&file, again.offset)?;
    while let Some(bytes) = readers.next(0).await? {
        let desk = desk.borrow();
        if (desk.progress.generation, desk.looking) != now {
            return Ok(());
        }
        let mut told = None;
        let pushed = again.push(bytes, &mut |packet| told = Some(desk.session.packet(packet, pdu)));
        if let Some(told) = told {
            desk.tell(&Tell::Detail(Some(Box::new(told))));
        }
        if pushed != Ok(false) {
            return Ok(());
        }
    }
    Ok(())
}
