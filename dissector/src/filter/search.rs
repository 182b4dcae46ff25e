//! The search for words: whatever the case, in bytes as they travelled and in texts as they were meant.

use std::ops::Range;

use crate::sorting::sort_by_key;
use memchr::{memchr2_iter, memmem};

/// A word that is searched for.
#[derive(Debug, Clone)]
pub struct Needle {
    /// In small letters.
    lower: String,
    /// Its first byte in small and in capital letters, if it has ASCII characters only.
    first: Option<(u8, u8)>,
    /// Otherwise the bytes by which its places are known: as it was written, in small and in capital letters.
    forms: Vec<String>,
}

impl Needle {
    /// A search for this word.
    pub fn new(word: &str) -> Self {
        let first = word.bytes().next().filter(|_| word.is_ascii());
        let first = first.map(|byte| (byte.to_ascii_lowercase(), byte.to_ascii_uppercase()));
        let mut forms = Vec::new();
        if first.is_none() && !word.is_empty() {
            forms = vec![word.to_owned(), word.to_lowercase(), word.to_uppercase()];
            forms.sort();
            forms.dedup();
        }
        Self { lower: word.to_lowercase(), first, forms }
    }

    /// Where it stands in bytes, in order; no place overlaps another. Letters beyond ASCII are found as they were written,
    /// all small or all capital.
    pub fn places(&self, bytes: &[u8]) -> Vec<Range<usize>> {
        let mut places: Vec<Range<usize>> = match self.first {
            Some((lower, upper)) => memchr2_iter(lower, upper, bytes)
                .map(|at| at..at.saturating_add(self.lower.len()))
                .filter(|place| {
                    bytes.get(place.clone()).is_some_and(|there| there.eq_ignore_ascii_case(self.lower.as_bytes()))
                })
                .collect(),
            None => {
                let of = |form: &String| {
                    let length = form.len();
                    memmem::find_iter(bytes, form.as_bytes()).map(move |at| at..at + length).collect::<Vec<_>>()
                };
                self.forms.iter().flat_map(of).collect()
            }
        };
        sort_by_key(&mut places, |place| place.start);
        let mut end = 0;
        places.retain(|place| {
            let apart = place.start >= end;
            end = if apart { place.end } else { end };
            apart
        });
        places
    }

    /// Whether it stands in a text.
    pub fn is_in(&self, text: &str) -> bool {
        match self.first {
            Some(_) if text.is_ascii() => self.is_in_bytes(text.as_bytes()),
            _ => memmem::find(text.to_lowercase().as_bytes(), self.lower.as_bytes()).is_some(),
        }
    }

    /// Whether it stands in bytes that may be a text in ASCII or UTF-8.
    pub fn is_in_bytes(&self, bytes: &[u8]) -> bool {
        let Some((lower, upper)) = self.first else {
            return self.is_in(&String::from_utf8_lossy(bytes));
        };
        memchr2_iter(lower, upper, bytes).any(|at| {
            let there = bytes.get(at..at.saturating_add(self.lower.len()));
            there.is_some_and(|there| there.eq_ignore_ascii_case(self.lower.as_bytes()))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_does_not_matter_and_bytes_need_not_be_text() {
        assert!(Needle::new("Hello").is_in_bytes(b"\xff\x00say hELLO\xfe"));
        assert!(!Needle::new("Hello").is_in_bytes(b"hell\xff"));
        assert!(Needle::new("ÀÉ").is_in("voilà éàéà"));
        assert!(Needle::new("àé").is_in_bytes("VOILÀÉ".as_bytes()));
        assert!(Needle::new("k").is_in("\u{212a}elvin"), "the Kelvin sign is a capital k");
    }
}
