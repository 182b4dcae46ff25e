//! What the first visit to each PDU found, in the order of the PDUs.
//!
//! A capture has millions of PDUs, and most are as the one before them in their direction: what they need to know of the
//! past is kept once for all of them.

use msnp_dissector::capture::Timestamp;
use msnp_dissector::msnp::Context;

use crate::memory::{Key, Standing};

/// What the first visit to a PDU found.
#[derive(Debug, Clone, Copy)]
pub struct Visit {
    /// Its number among all PDUs, from 1.
    pub number: u32,
    /// What the PDU needs to know of the past.
    pub context: Context,
    /// What the bytes before it left behind.
    pub standing: Standing,
}

/// Where a PDU stands in the capture.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// Number of the frame that completed it.
    pub frame: u32,
    /// Time of that frame.
    pub time: Timestamp,
}

/// What is kept per PDU.
#[derive(Debug, Clone, Copy)]
struct Row {
    key: Key,
    time: Timestamp,
    /// Which of the circumstances.
    circumstances: u32,
}

/// All visits. PDUs are visited for the first time in the order of their keys, and numbered so.
#[derive(Debug, Default)]
pub struct Visits {
    rows: Vec<Row>,
    circumstances: Vec<(Context, Standing)>,
}

impl Visits {
    /// What the first visit found, if there was one.
    pub fn find(&self, key: Key) -> Option<Visit> {
        if self.is_new(key) {
            return None;
        }
        // The one that was kept last is asked for again at once.
        let is_last = self.rows.last().is_some_and(|last| last.key == key);
        let index =
            if is_last { self.rows.len() - 1 } else { self.rows.binary_search_by_key(&key, |row| row.key).ok()? };
        let circumstances = usize::try_from(self.rows.get(index)?.circumstances).ok()?;
        let (context, standing) = *self.circumstances.get(circumstances)?;
        Some(Visit { number: u32::try_from(index + 1).ok()?, context, standing })
    }

    /// True behind all that were visited: frames come in order at first.
    pub fn is_new(&self, key: Key) -> bool {
        self.rows.last().is_none_or(|last| key > last.key)
    }

    /// Keeps what the first visit to a PDU found; returns its number. `like` is where the circumstances of a PDU stand
    /// that perhaps has the same, and then of this one.
    pub fn keep(
        &mut self,
        key: Key,
        time: Timestamp,
        circumstances: (Context, Standing),
        like: &mut Option<u32>,
    ) -> u32 {
        let of = |index: u32| self.circumstances.get(usize::try_from(index).ok()?);
        let index = like.filter(|index| of(*index) == Some(&circumstances)).unwrap_or_else(|| {
            self.circumstances.push(circumstances);
            u32::try_from(self.circumstances.len() - 1).unwrap_or(u32::MAX)
        });
        *like = Some(index);
        self.rows.push(Row { key, time, circumstances: index });
        u32::try_from(self.rows.len()).unwrap_or(u32::MAX)
    }

    /// How many there are.
    pub fn count(&self) -> u32 {
        u32::try_from(self.rows.len()).unwrap_or(u32::MAX)
    }

    /// Where the PDU of this number stands.
    pub fn place(&self, number: u32) -> Option<Place> {
        let Row { key: (frame, _), time, .. } = *self.rows.get(usize::try_from(number.checked_sub(1)?).ok()?)?;
        Some(Place { frame, time })
    }
}
