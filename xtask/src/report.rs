//! Steps one after another: a headline before each, and a table of what came of them at the end.

use std::time::{Duration, Instant};

use anyhow::Result;

use crate::totals::Tally;

/// What has been run so far.
#[derive(Default)]
pub struct Report {
    rows: Vec<Row>,
}

struct Row {
    name: &'static str,
    took: Duration,
    tally: Tally,
}

impl Report {
    /// Runs one step. An error is printed and counted as one failure; later steps still run.
    pub fn step(&mut self, name: &'static str, work: impl FnOnce() -> Result<Tally>) {
        println!("\n== {name} ==");
        let start = Instant::now();
        let tally = work().unwrap_or_else(|error| {
            println!("{name}: {error:#}");
            Tally::FAILED
        });
        self.rows.push(Row { name, took: start.elapsed(), tally });
    }

    /// Prints the table, and the totals as the very last line.
    pub fn print(&self) {
        println!();
        let width = self.rows.iter().map(|row| row.name.len()).max().unwrap_or(0);
        for Row { name, took, tally } in &self.rows {
            let mark = if tally.failed == 0 { "ok  " } else { "FAIL" };
            println!("{mark}  {name:width$}  {:>7.1} s  {tally}", took.as_secs_f64());
        }
        println!(
            "      {:width$}  {:>7.1} s\n",
            "all",
            self.rows.iter().map(|row| row.took.as_secs_f64()).sum::<f64>()
        );
        println!("{}", self.total());
    }

    /// All steps added up.
    pub fn total(&self) -> Tally {
        let mut all = Tally::default();
        self.rows.iter().for_each(|row| all += row.tally);
        all
    }
}
