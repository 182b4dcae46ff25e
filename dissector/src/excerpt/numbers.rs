//! A set of packet numbers, one bit each.

/// Numbers from 1.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    words: Vec<u64>,
}

impl Numbers {
    /// Takes a number of a packet that was read: memory grows with packets, never with claims.
    pub fn insert(&mut self, number: u64) {
        let Ok(word) = usize::try_from(number / 64) else { return };
        if word >= self.words.len() {
            self.words.resize(word + 1, 0);
        }
        if let Some(bits) = self.words.get_mut(word) {
            *bits |= 1 << (number % 64);
        }
    }

    pub fn contains(&self, number: u64) -> bool {
        let word = usize::try_from(number / 64).ok().and_then(|word| self.words.get(word));
        word.is_some_and(|bits| bits & 1 << (number % 64) != 0)
    }
}
