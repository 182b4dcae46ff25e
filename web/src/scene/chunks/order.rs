//! The arrivals in the order of time, and what follows from it: looked up for each picture of a replay, so put together
//! once and searched by halves.

use crate::protocol::transfers::{Arrival, Run};

/// What is known of the order.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Order {
    /// When each arrival comes, with its number, by time.
    pub times: Vec<(f64, u32)>,
    /// When each arrival comes that repeats nothing, by time.
    pub firsts: Vec<f64>,
    /// When the object had come up to which byte, from its beginning on.
    pub reach: Vec<(f64, u64)>,
    /// Whether any arrival was acknowledged.
    pub receipts: bool,
}

impl Order {
    pub fn new(arrivals: &[Arrival], runs: &[Run]) -> Self {
        let mut times = arrivals.iter().zip(0..).map(|(arrival, number)| (arrival.time, number)).collect::<Vec<_>>();
        times.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let repeats = |number: u32| arrivals.get(number as usize).is_some_and(|arrival| arrival.is(Arrival::TWICE));
        let firsts = times.iter().filter(|(_, number)| !repeats(*number)).map(|(time, _)| *time).collect();
        let (mut end, mut latest) = (0, 0.0_f64);
        let mut reach = Vec::new();
        for run in runs {
            let arrival = arrivals.get(run.arrival as usize);
            let Some(arrival) = arrival.filter(|_| run.start <= end) else { break };
            latest = latest.max(arrival.time);
            end = run.end;
            reach.push((latest, end));
        }
        Self { times, firsts, reach, receipts: arrivals.iter().any(|arrival| arrival.acknowledged_by > 0) }
    }
}
