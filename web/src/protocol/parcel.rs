//! How an answer crosses from the worker: as one buffer that is handed over, not as an object for each row of it; and beside
//! it the one thing that only the browser can pass on.

use js_sys::{Array, ArrayBuffer, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};

use super::Tell;

impl Tell {
    /// What goes into a message that answers about an opening, and the buffer to be handed over with it.
    #[must_use]
    pub fn pack(&self, generation: u32) -> Option<(JsValue, ArrayBuffer)> {
        let buffer = Uint8Array::from(self.coded()?.as_slice()).buffer();
        let thing = self.thing().cloned().unwrap_or_default();
        Some((Array::of3(&buffer, &thing, &generation.into()).into(), buffer))
    }

    /// Reads a message; none if it is about another opening: whatever it tells may be about other people by now.
    #[must_use]
    pub fn unpack(message: JsValue, generation: u32) -> Option<Self> {
        let parts = message.dyn_into::<Array>().ok()?;
        if parts.get(2) != generation {
            return None;
        }
        let buffer = parts.get(0).dyn_into::<ArrayBuffer>().ok()?;
        let mut tell = Self::decoded(&Uint8Array::new(&buffer).to_vec())?;
        if let Some(thing) = tell.thing_mut() {
            *thing = parts.get(1);
        }
        Some(tell)
    }

    fn coded(&self) -> Option<Vec<u8>> {
        postcard::to_allocvec(self).ok()
    }

    fn decoded(bytes: &[u8]) -> Option<Self> {
        postcard::from_bytes(bytes).ok()
    }

    const fn thing(&self) -> Option<&JsValue> {
        match self {
            Self::Object { blob, .. } => Some(blob),
            Self::Record { record, .. } => Some(record),
            Self::Exported { file, .. } => Some(file),
            _ => None,
        }
    }

    const fn thing_mut(&mut self) -> Option<&mut JsValue> {
        match self {
            Self::Object { blob, .. } => Some(blob),
            Self::Record { record, .. } => Some(record),
            Self::Exported { file, .. } => Some(file),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::protocol::Tell;
    use crate::worker::session::Session;

    #[test]
    fn an_answer_is_the_same_behind_its_buffer() {
        let file = include_bytes!("../../../tests/captures/msnp15-signin-sso/capture.pcap");
        let mut session = Session::default();
        session.feed(file).unwrap();
        session.finish();
        while !session.check(1000) {}
        let (story, window) = (session.story(), session.window(super::super::List::default(), 0, 1000));
        assert!(!window.rows.is_empty());
        let tells = [
            Tell::Ready,
            Tell::Window(Box::new(window)),
            Tell::Detail(session.detail(1).map(Box::new)),
            Tell::Story(story.map(Box::new)),
            Tell::Transfers(session.transfers().map(Box::new)),
            Tell::Chat(Box::new(session.transcript(0, 100))),
            Tell::Filter(Box::new(session.filter(1, "msnp.verb == ", 13))),
        ];
        for tell in tells {
            let read = Tell::decoded(&tell.coded().unwrap()).unwrap();
            assert_eq!(format!("{read:?}"), format!("{tell:?}"));
        }
        assert!(Tell::decoded(&[99]).is_none());
    }
}
