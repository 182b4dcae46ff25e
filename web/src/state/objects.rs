//! The bytes of transfers that the page has: the newest ones, under a ceiling of their number and of their bytes.

use std::collections::{BTreeMap, VecDeque};

use wasm_bindgen::JsValue;

/// Objects kept at a time: far more than are on screen.
const OBJECTS: usize = 300;
/// Bytes kept at a time. The newest object is kept however large it is: somebody waits for it.
const BYTES: u64 = 256 << 20;

/// Objects by the numbers of their transfers: a `Blob` each.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Objects {
    all: BTreeMap<u32, JsValue>,
    /// The oldest first, with their bytes.
    order: VecDeque<(u32, u64)>,
    bytes: u64,
}

impl Objects {
    /// The bytes of a transfer.
    #[must_use]
    pub fn get(&self, id: u32) -> Option<&JsValue> {
        self.all.get(&id)
    }

    /// Keeps an object; lets the oldest go as far as there is no room. What is there stays as it is, so that whoever shows
    /// it has nothing to do anew.
    pub fn keep(&mut self, id: u32, blob: JsValue, bytes: u64) {
        if self.all.contains_key(&id) {
            return;
        }
        self.bytes = self.bytes.saturating_add(bytes);
        while self.all.len() >= OBJECTS || self.bytes > BYTES {
            let Some((oldest, freed)) = self.order.pop_front() else { break };
            self.all.remove(&oldest);
            self.bytes = self.bytes.saturating_sub(freed);
        }
        self.order.push_back((id, bytes));
        self.all.insert(id, blob);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(objects: &Objects) -> Vec<u32> {
        objects.all.keys().copied().collect()
    }

    #[test]
    fn the_oldest_are_let_go() {
        let mut objects = Objects::default();
        for id in 1..=400 {
            objects.keep(id, JsValue::NULL, 10);
        }
        assert_eq!(kept(&objects), (101..=400).collect::<Vec<_>>());
        assert_eq!((objects.order.len(), objects.bytes), (OBJECTS, 3000));
    }

    #[test]
    fn bytes_have_a_ceiling_and_the_newest_stays() {
        let mut objects = Objects::default();
        for (id, bytes) in [(1, BYTES / 2), (2, BYTES / 2), (3, 1)] {
            objects.keep(id, JsValue::NULL, bytes);
        }
        assert_eq!(kept(&objects), [2, 3]);
        objects.keep(4, JsValue::NULL, BYTES * 2);
        assert_eq!(kept(&objects), [4]);
        objects.keep(5, JsValue::NULL, 1);
        assert_eq!((kept(&objects), objects.bytes), (vec![5], 1));
    }

    #[test]
    fn what_is_there_is_not_kept_twice() {
        let mut objects = Objects::default();
        objects.keep(1, JsValue::NULL, 10);
        objects.keep(1, JsValue::NULL, 10);
        assert_eq!((kept(&objects), objects.bytes, objects.order.len()), (vec![1], 10, 1));
    }
}
