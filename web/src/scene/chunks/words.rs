//! The map in words: the same for a tooltip, a screen reader and the card of a chunk.

use super::cells::{Cell, Grid};
use super::{Map, Mark, Marks};
use crate::wording::{count, counted, delay};

/// What a cell is called: "Chunk 86 of 192", or "Part 3 of 1,600".
#[must_use]
pub fn title(grid: &Grid, cell: u32) -> String {
    let name = if grid.by_chunk { "Chunk" } else { "Part" };
    format!("{name} {} of {}", count(u64::from(cell).saturating_add(1)), count(grid.cells.into()))
}

/// Everything about a cell, as one sentence.
#[must_use]
pub fn describe(map: &Map, grid: &Grid, number: u32, cell: &Cell) -> String {
    let start = grid.start(number);
    let mut parts = vec![title(grid, number), format!("offset {}", count(start)), counted(cell.bytes, "byte", "bytes")];
    match (cell.missing, cell.come) {
        (0, 0) => parts.push("not yet arrived".to_owned()),
        (0, _) => {}
        (missing, _) if missing == cell.bytes => {}
        (missing, _) => parts.push(format!("{} of them missing", count(missing))),
    }
    if let Some(arrival) = map.run_at(start).and_then(|run| map.arrival(run.arrival)).filter(|_| cell.come > 0) {
        parts.push(format!("packet {}", count(arrival.frame)));
        parts.push(format!("{} after the first", delay(cell.time)));
    }
    let marks = cell.marks.words();
    if !marks.is_empty() {
        parts.push(marks);
    }
    parts.join(", ")
}

/// Everything about an arrival, as one sentence.
#[must_use]
pub fn describe_arrival(map: &Map, number: u32) -> String {
    let Some(arrival) = map.arrival(number) else { return String::new() };
    let mut parts = vec![
        format!("Packet {}", count(arrival.frame)),
        format!("{} after the first", delay(arrival.time)),
        counted(arrival.length.into(), "byte", "bytes"),
        format!("offset {}", count(arrival.offset)),
    ];
    if let Some(carrier) = map.carriers.get(usize::from(arrival.carrier)).filter(|_| map.carriers.len() > 1) {
        parts.push(format!("through {}", carrier.name));
    }
    let marks = Marks::of(arrival);
    let marks = if map.has_receipts() { marks } else { marks.without(Mark::Unacknowledged) };
    if marks != Marks::default() {
        parts.push(marks.words());
    }
    parts.join(", ")
}

/// What the grid shows, beside its heading.
#[must_use]
pub fn legend(map: &Map, grid: &Grid) -> String {
    if grid.by_chunk {
        let cells = counted(grid.cells.into(), "chunk", "chunks");
        return format!("{cells} of up to {}, coloured by arrival", counted(grid.unit, "byte", "bytes"));
    }
    let packets = counted(map.arrivals.len() as u64, "packet", "packets");
    format!("{packets}; one cell is {}, coloured by arrival", counted(grid.unit, "byte", "bytes"))
}

/// How many of a mark there are: holes are counted in bytes.
#[must_use]
pub fn amount(map: &Map, mark: Mark) -> String {
    match mark {
        Mark::Missing => counted(map.missing(), "byte", "bytes"),
        _ => count(map.count(mark) as u64),
    }
}
