//! Puts commands back into the order of their numbers.
//!
//! A connection's first commands are told only when the kind of its server is decided; meanwhile other connections go on.

use std::collections::BTreeMap;

/// Lines held while an earlier one is missing; beyond, the earliest is let go.
const HELD_LINES: usize = 65_536;
/// Bytes of all lines held; beyond, the same.
const HELD_BYTES: usize = 32 << 20;

/// Restores the order of numbered lines.
#[derive(Debug)]
pub struct Order {
    next: u32,
    held: BTreeMap<u32, Vec<u8>>,
    bytes: usize,
}

impl Order {
    /// Expects number 1 first.
    pub fn new() -> Self {
        Self { next: 1, held: BTreeMap::new(), bytes: 0 }
    }

    /// Takes a line; hands out those whose turn it is.
    pub fn push(&mut self, number: u32, line: &[u8], mut sink: impl FnMut(&[u8])) {
        if number == self.next && self.held.is_empty() {
            self.next = self.next.saturating_add(1);
            sink(line);
            return;
        }
        self.bytes = self.bytes.saturating_add(line.len());
        self.held.insert(number, line.to_vec());
        while let Some(first) = self.held.keys().next().copied() {
            if first > self.next && self.held.len() <= HELD_LINES && self.bytes <= HELD_BYTES {
                return;
            }
            let Some((number, line)) = self.held.pop_first() else { return };
            self.bytes = self.bytes.saturating_sub(line.len());
            self.next = self.next.max(number.saturating_add(1));
            sink(&line);
        }
    }

    /// Hands out what is still held.
    pub fn finish(self, mut sink: impl FnMut(&[u8])) {
        for line in self.held.values() {
            sink(line);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_out_in_the_order_of_their_numbers() {
        let mut out = Vec::new();
        let mut order = Order::new();
        for number in [2u32, 4, 1, 3, 5, 7] {
            order.push(number, number.to_string().as_bytes(), |l| out.push(String::from_utf8_lossy(l).into_owned()));
        }
        assert_eq!(out, ["1", "2", "3", "4", "5"]);
        order.finish(|l| out.push(String::from_utf8_lossy(l).into_owned()));
        assert_eq!(out, ["1", "2", "3", "4", "5", "7"]);
    }

    #[test]
    fn long_lines_do_not_wait_for_ever() {
        let mut order = Order::new();
        let mut out = 0;
        for number in 2..=33 {
            order.push(number, &vec![b'x'; 1 << 20], |_| out += 1);
        }
        assert_eq!(out, 0, "all wait for the first");
        order.push(34, b"x", |_| out += 1);
        assert_eq!(out, 33, "beyond the ceiling they go on without it");
        order.push(1, b"", |_| out += 1);
        assert_eq!(out, 34, "what comes late is not lost");
    }
}
