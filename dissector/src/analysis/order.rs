//! Puts commands back into the order of their numbers.
//!
//! A connection's first commands are told only when the kind of its server is decided; meanwhile other connections go on.

use std::collections::BTreeMap;

/// What is held while an earlier one is missing; beyond, the earliest is let go.
const HELD: usize = 65_536;
/// Bytes of all that is held; beyond, the same.
const HELD_BYTES: usize = 32 << 20;

/// Restores the order of what is numbered as commands are: what was printed of them, or they themselves.
#[derive(Debug)]
pub struct Order<T> {
    next: u32,
    /// Each with its size in bytes.
    held: BTreeMap<u32, (T, usize)>,
    bytes: usize,
}

impl<T> Default for Order<T> {
    /// Expects number 1 first.
    fn default() -> Self {
        Self { next: 1, held: BTreeMap::new(), bytes: 0 }
    }
}

impl<T> Order<T> {
    /// Whether it is the turn of this number, so that nothing has to be held: it counts as handed out then.
    pub fn pass(&mut self, number: u32) -> bool {
        let turn = number == self.next && self.held.is_empty();
        if turn {
            self.next = self.next.saturating_add(1);
        }
        turn
    }

    /// Takes what counts as so many bytes; hands out those whose turn it is.
    pub fn push(&mut self, number: u32, one: T, size: usize, mut sink: impl FnMut(T)) {
        if self.pass(number) {
            sink(one);
            return;
        }
        self.bytes = self.bytes.saturating_add(size);
        self.held.insert(number, (one, size));
        while let Some(first) = self.held.keys().next().copied() {
            if first > self.next && self.held.len() <= HELD && self.bytes <= HELD_BYTES {
                return;
            }
            let Some((number, (one, size))) = self.held.pop_first() else { return };
            self.bytes = self.bytes.saturating_sub(size);
            self.next = self.next.max(number.saturating_add(1));
            sink(one);
        }
    }

    /// Hands out what is still held.
    pub fn finish(self, mut sink: impl FnMut(T)) {
        self.held.into_values().for_each(|(one, _)| sink(one));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_comes_out_in_the_order_of_its_numbers() {
        let mut out = Vec::new();
        let mut order = Order::default();
        for number in [2u32, 4, 1, 3, 5, 7] {
            order.push(number, number, 1, |one| out.push(one));
        }
        assert_eq!(out, [1, 2, 3, 4, 5]);
        assert!(!order.pass(6), "another waits behind it");
        order.finish(|one| out.push(one));
        assert_eq!(out, [1, 2, 3, 4, 5, 7]);
    }

    #[test]
    fn what_is_long_does_not_wait_for_ever() {
        let mut order = Order::default();
        let mut out = 0;
        for number in 2..=33 {
            order.push(number, (), 1 << 20, |()| out += 1);
        }
        assert_eq!(out, 0, "all wait for the first");
        order.push(34, (), 1, |()| out += 1);
        assert_eq!(out, 33, "beyond the ceiling they go on without it");
        order.push(1, (), 0, |()| out += 1);
        assert_eq!(out, 34, "what comes late is not lost");
    }
}
