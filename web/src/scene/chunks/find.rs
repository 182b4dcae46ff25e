//! "Where is…": an offset or a packet, as somebody types it.

use super::Map;
use crate::wording::{count, counted};

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// A byte.
    Byte(u64),
    /// The arrivals that a packet completes: at least one.
    Arrivals(Vec<u32>),
}

/// Finds `102611`, `0x190d3` or `#618`.
///
/// # Errors
/// A sentence when there is nothing of that kind.
pub fn find(map: &Map, wish: &str) -> Result<Found, String> {
    let plain =
        wish.chars().filter(|c| !c.is_whitespace() && !matches!(c, ',' | '.' | '_' | '\u{202f}')).collect::<String>();
    if let Some(frame) = plain.strip_prefix('#') {
        let frame = frame.parse::<u64>().map_err(|_| "A packet is # and its number: #618.".to_owned())?;
        let completed = map.arrivals.iter().zip(0..).filter(|(arrival, _)| arrival.frame == frame);
        let completed = completed.map(|(_, number)| number).collect::<Vec<_>>();
        // A chunk may begin in packets before: where, the map does not tell.
        return match completed.is_empty() {
            true => Err(format!("Packet {} completes no chunk of this object.", count(frame))),
            false => Ok(Found::Arrivals(completed)),
        };
    }
    let offset = match plain.to_ascii_lowercase().strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16).ok(),
        None => plain.parse().ok(),
    };
    match offset {
        None => Err("An offset is a number: 102611 or 0x190d3; a packet is #618.".to_owned()),
        Some(offset) if offset < map.size => Ok(Found::Byte(offset)),
        Some(_) => Err(format!("The object has {}.", counted(map.size, "byte", "bytes"))),
    }
}
