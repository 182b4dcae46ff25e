use std::rc::Rc;

use super::cells::{Cell, Grid};
use super::chart::{chart, nearest, ticks, time_name};
use super::film::Film;
use super::*;

/// A map of arrivals: offset, length, time, flags. All are acknowledged.
pub(crate) fn map(size: u64, arrivals: &[(u64, u32, f64, u8)]) -> Map {
    let mut chunks = Chunks { id: 1, size: size as f64, ..Chunks::default() };
    let mut runs = Vec::<Run>::new();
    for ((offset, length, time, flags), number) in arrivals.iter().copied().zip(0..) {
        let arrival = Arrival {
            offset,
            length,
            time,
            frame: 100 + u64::from(number),
            pdu: 10 + number,
            flags,
            acknowledged_by: 1,
            ..Arrival::default()
        };
        arrival.pack(&mut chunks.arrivals);
        if flags & Arrival::TWICE == 0 {
            runs.push(Run { start: offset, end: arrival.end(), arrival: number });
        }
    }
    runs.sort_by_key(|run| run.start);
    for run in runs {
        run.pack(&mut chunks.runs);
    }
    Map::from(chunks)
}

fn cells(map: &Map, grid: &Grid, until: f64) -> Vec<Cell> {
    let film = Film::new(map, grid);
    (0..film.cells()).map(|number| film.cell(number, until)).collect()
}

/// Ten chunks of 100 bytes, the fourth of which is missing and the sixth of which came twice.
fn holed() -> Map {
    let mut arrivals = Vec::new();
    for number in (0..10_u64).filter(|number| *number != 3) {
        arrivals.push((number * 100, 100, number as f64, 0));
    }
    arrivals.push((500, 100, 9.5, Arrival::TWICE | Arrival::DIFFERENT));
    map(1000, &arrivals)
}

#[test]
fn a_cell_is_a_chunk_where_there_are_few() {
    let map = holed();
    let grid = Grid::new(&map, 200.0);
    assert!((grid.by_chunk, grid.large, grid.cells, grid.unit) == (true, true, 10, 100));
    let cells = cells(&map, &grid, f64::INFINITY);
    let told = cells.iter().map(|cell| (cell.come, cell.missing, cell.marks.worst())).collect::<Vec<_>>();
    let mut expected = vec![(100, 0, None); 10];
    expected[3] = (0, 100, Some(Mark::Missing));
    expected[5].2 = Some(Mark::Different);
    assert_eq!(told, expected);
    assert_eq!(cells[7].time, 7.0);
}

#[test]
fn chunks_of_several_lengths_are_not_said_to_be_cells() {
    let map =
        map(600, &[(0, 100, 0.0, 0), (100, 100, 1.0, 0), (200, 150, 2.0, 0), (350, 100, 3.0, 0), (450, 150, 4.0, 0)]);
    let grid = Grid::new(&map, 200.0);
    assert_eq!((grid.by_chunk, grid.cells), (false, 6));
    assert_eq!(words::legend(&map, &grid), "5 packets; one cell is 100 bytes, coloured by arrival");
    let legend = |map: &Map| words::legend(map, &Grid::new(map, 200.0));
    assert_eq!(legend(&holed()), "10 chunks of up to 100 bytes, coloured by arrival");
}

#[test]
fn a_replay_shows_what_had_come_and_what_never_comes() {
    let map = holed();
    let grid = Grid::new(&map, 200.0);
    let cells = cells(&map, &grid, 5.0);
    let come = cells.iter().map(|cell| cell.come).collect::<Vec<_>>();
    assert_eq!(come, [100, 100, 100, 0, 100, 100, 0, 0, 0, 0]);
    assert_eq!(cells[3].missing, 100);
    assert_eq!(cells[5].marks, Marks::default());
    assert_eq!((map.awaited(5.0), map.awaited(9.0)), (4, 0), "one that comes twice is awaited once");
    assert_eq!((map.come(5.0), map.beginning(5.0), map.beginning(1.0)), (5, 300, 200));
}

#[test]
fn one_lost_byte_among_many_megabytes_is_seen() {
    let arrivals = (0..80_000_u32).map(|number| {
        let first = number == 0;
        (u64::from(number) * 1202 + u64::from(first), 1202 - u32::from(first), f64::from(number) / 1000.0, 0)
    });
    let map = map(80_000 * 1202, &arrivals.collect::<Vec<_>>());
    let grid = Grid::new(&map, 700.0);
    assert!(!grid.large && !grid.by_chunk && grid.unit.is_power_of_two(), "{grid:?}");
    assert!(grid.height() <= 250.0);
    let cells = cells(&map, &grid, f64::INFINITY);
    assert_eq!(cells.iter().map(|cell| cell.missing).sum::<u64>(), 1);
    assert_eq!(cells[0].marks.worst(), Some(Mark::Missing));
    assert_eq!(cells.iter().map(|cell| cell.come).sum::<u64>(), map.size - 1);
    let drawn = chart(&map, 600.0, 280.0);
    assert!(drawn.strokes.len() <= 600 && !drawn.strokes.is_empty());
}

#[test]
fn the_median_is_that_of_the_bytes() {
    let map = map(1000, &[(0, 100, 1.0, 0), (100, 800, 2.0, 0), (900, 100, 9.0, 0)]);
    let grid = Grid { unit: 1000, cells: 1, columns: 1, ..Grid::default() };
    assert_eq!(cells(&map, &grid, f64::INFINITY)[0].time, 2.0);
}

#[test]
fn points_keys_and_cells_agree() {
    let map = holed();
    let grid = Grid::new(&map, cells::GUTTER + 4.0 * 28.5 + 1.0);
    assert_eq!((grid.columns, grid.rows()), (4, 3));
    for cell in 0..10 {
        let (x, y, width, height) = grid.place(cell);
        assert_eq!(grid.at(x + width / 2.0, y + height / 2.0), Some(cell));
        assert_eq!(grid.cell_of(grid.start(cell)), cell);
    }
    assert_eq!(grid.at(cells::GUTTER + 3.5 * 28.5, 2.5 * 27.0), None);
    let moves = [
        ("ArrowRight", 9, 9),
        ("ArrowLeft", 0, 0),
        ("ArrowDown", 1, 5),
        ("ArrowDown", 7, 9),
        ("ArrowDown", 9, 9),
        ("ArrowUp", 5, 1),
        ("ArrowUp", 2, 2),
    ];
    for (key, from, to) in moves {
        assert_eq!(grid.moved(key, from), Some(to), "{key} from {from}");
    }
}

#[test]
fn absurd_sizes_cost_nothing() {
    let map = map(u64::MAX, &[(0, 100, 0.0, 0), (u64::MAX - 100, 100, 1.0, 0)]);
    let grid = Grid::new(&map, 700.0);
    assert!(grid.cells <= 2000);
    let cells = cells(&map, &grid, f64::INFINITY);
    assert_eq!(cells.iter().filter(|cell| cell.come > 0).count(), 2);
    assert_eq!(Grid::new(&Map::default(), 700.0).cells, 0);
}

#[test]
fn bytes_and_packets_are_found() {
    let map = holed();
    assert_eq!(find(&map, " 1 0,0 "), Ok(Found::Byte(100)));
    assert_eq!(find(&map, "0x10"), Ok(Found::Byte(16)));
    assert_eq!(find(&map, "#102"), Ok(Found::Arrivals(vec![2])));
    assert_eq!(find(&map, "#7"), Err("Packet 7 completes no chunk of this object.".to_owned()));
    let mut twice = holed();
    twice.arrivals[3].frame = 102;
    assert_eq!(find(&twice, "#102"), Ok(Found::Arrivals(vec![2, 3])), "all that it completes");
    assert_eq!(find(&map, "1000"), Err("The object has 1,000 bytes.".to_owned()));
    assert!(find(&map, "here").is_err());
    assert_eq!(map.arrivals_at(550), [4, 9]);
    assert_eq!((map.gap_at(350), map.run_at(350)), (Some((300, 400)), None));
}

#[test]
fn stalls_and_scales_are_round() {
    let mut arrivals = (0..20_u32).map(|n| (u64::from(n) * 10, 10, f64::from(n) * 0.01, 0)).collect::<Vec<_>>();
    arrivals.push((200, 10, 3.0, 0));
    let map = map(210, &arrivals);
    let drawn = chart(&map, 600.0, 280.0);
    assert_eq!(drawn.stalls.len(), 1);
    assert_eq!(ticks(10.8, 6.0), [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]);
    assert_eq!(ticks(0.0, 6.0), [0.0]);
    let names = |step: f64| [0.0, step, 2.0 * step].map(|time| time_name(time, step));
    assert_eq!(names(2.0), ["0 s", "2 s", "4 s"]);
    assert_eq!(names(0.5), ["0.0 s", "0.5 s", "1.0 s"]);
    assert_eq!(names(0.02), ["0 ms", "20 ms", "40 ms"]);
    assert_eq!(names(0.0005), ["0.0 ms", "0.5 ms", "1.0 ms"]);
}

#[test]
fn bursts_with_the_same_wait_between_them_have_a_rhythm_and_no_stalls() {
    let bursts = (0..25_u32).map(|n| (u64::from(n) * 10, 10, f64::from(n / 5) * 0.05 + f64::from(n % 5) * 0.001, 0));
    assert_eq!(chart(&map(250, &bursts.collect::<Vec<_>>()), 600.0, 280.0).stalls, []);
}

#[test]
fn what_came_twice_is_the_same_only_when_it_was_compared() {
    let marks = |flags| Marks::of(&Arrival { flags, acknowledged_by: 1, ..Arrival::default() }).words();
    assert_eq!(marks(Arrival::TWICE), "came twice, same bytes");
    assert_eq!(marks(Arrival::TWICE | Arrival::UNCHECKED), "came twice, not yet compared");
    assert_eq!(marks(Arrival::TWICE | Arrival::DIFFERENT), "came twice, bytes differ");
    let again = |flags| map(200, &[(0, 100, 0.0, 0), (100, 100, 1.0, 0), (50, 100, 2.0, flags)]);
    assert!(again(Arrival::TWICE | Arrival::UNCHECKED).is_unchecked());
    assert!(!again(Arrival::TWICE).is_unchecked());
}

#[test]
fn no_mark_of_the_chart_is_lost_where_many_are() {
    // One chunk comes a hundred times, in no time: there is room for a single mark.
    let mut arrivals = vec![(0, 100, 0.0, 0), (100, 100, 10.0, 0)];
    for number in 0..100 {
        let flags = if number == 50 { Arrival::TWICE | Arrival::DIFFERENT } else { Arrival::TWICE };
        arrivals.push((0, 100, 1.0 + f64::from(number) / 1e4, flags));
    }
    let drawn = chart(&map(200, &arrivals), 600.0, 280.0);
    let told = drawn.marks.iter().map(|marked| (marked.mark, marked.count)).collect::<Vec<_>>();
    assert_eq!(told, [(Mark::Twice, 99), (Mark::Different, 1)]);
}

#[test]
fn a_picture_of_a_replay_costs_what_changed() {
    let arrivals = (0..80_000_u32).map(|number| (u64::from(number) * 1202, 1202, f64::from(number) / 8000.0, 0));
    let map = map(80_000 * 1202, &arrivals.collect::<Vec<_>>());
    let grid = Grid::new(&map, 700.0);
    let film = Film::new(&map, &grid);
    // A thirtieth of a second of 10: some 267 chunks, which lie in few cells.
    let changed = film.changed(5.0, 5.0 + 1.0 / 30.0);
    assert!(!changed.is_empty() && changed.len() < 10, "{}", changed.len());
    // Nothing else changes, forward and backward.
    for number in 0..film.cells() {
        let same = film.cell(number, 5.0) == film.cell(number, 5.0 + 1.0 / 30.0);
        assert!(same != changed.contains(&number), "{number}");
    }
    assert_eq!(film.changed(5.0 + 1.0 / 30.0, 5.0), changed);
    assert!(film.changed(5.0, 5.0).is_empty());
}

#[test]
fn arrivals_are_walked_in_the_order_of_time() {
    // The third comes from another connection, whose clock was read later.
    let map = map(400, &[(0, 100, 0.0, 0), (100, 100, 2.0, 0), (200, 100, 1.0, 0), (300, 100, 2.0, 0)]);
    assert_eq!((map.come(0.5), map.come(1.0), map.come(2.0)), (1, 2, 4));
    assert_eq!((map.beginning(1.0), map.beginning(2.0)), (100, 400));
    let walked = [0, 2, 1, 3];
    for pair in walked.windows(2) {
        assert_eq!((map.neighbour(pair[0], 1), map.neighbour(pair[1], -1)), (pair[1], pair[0]));
    }
    assert_eq!((map.neighbour(3, 1), map.neighbour(0, -1)), (3, 0));
    assert_eq!(nearest(&map, (100.0, 100.0 - 60.0), (200.0, 100.0)), Some(2));
    assert_eq!(nearest(&map, (50.0, 50.0), (200.0, 100.0)), None);
}

#[test]
fn one_map_is_the_same_at_a_glance() {
    // A number that is not equal to itself betrays whoever looks at all the arrivals.
    let looked_at = Rc::new(Map { duration: f64::NAN, ..holed() });
    assert!(Rc::clone(&looked_at) == looked_at);
    assert!(Rc::new(holed()) == Rc::new(holed()));
}
