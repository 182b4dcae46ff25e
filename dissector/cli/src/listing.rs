//! `msnp commands` and `msnp tree`: one line, or one tree, per command.

use std::io::{self, Write as _};

use msnp_dissector::analysis::{Command, Gap, Order, Sink};
use msnp_dissector::filter::{Filter, NoIndex};
use msnp_dissector::msnp::{self, dissect};
use msnp_dissector::report::{self, Reporter, json_line};
use msnp_dissector::tree::{Recording, render};

use crate::input::{self, Fallible, Input, Trouble};
use crate::output::Output;
use crate::story::words::connection;
use crate::{Format, Outcome};

/// Appends what is printed of a command.
type Printer = fn(&Reporter, &Command<'_>, &mut Vec<u8>);

/// How that is written.
type Writer = fn(&mut Output, &[u8]);

/// Which commands are printed.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'w> {
    /// Those for which this holds.
    pub filter: Option<&'w Filter>,
    /// The one of this number.
    pub number: Option<u32>,
}

impl Wanted<'_> {
    fn takes(&self, command: &Command<'_>) -> bool {
        self.number.is_none_or(|number| number == command.number)
            && self.filter.is_none_or(|filter| filter.matches(command, &NoIndex))
    }
}

/// Prints commands, one a line.
pub fn commands(source: &Input, format: Format, reporter: Reporter, wanted: Wanted<'_>) -> Result<Outcome, Trouble> {
    let (printer, writer): (Printer, Writer) = match format {
        Format::Json => (|reporter, command, out| json_line(out, &reporter.command(command)), Output::raw),
        Format::Text => (line, Output::cut),
    };
    run(source, reporter, printer, writer, wanted)
}

/// Prints the trees of commands.
pub fn trees(source: &Input, format: Format, reporter: Reporter, wanted: Wanted<'_>) -> Result<Outcome, Trouble> {
    let (printer, writer): (Printer, Writer) = match format {
        Format::Json => (|reporter, command, out| json_line(out, &reporter.tree(command)), Output::raw),
        Format::Text => (tree, Output::text),
    };
    run(source, reporter, printer, writer, wanted)
}

fn run(
    source: &Input,
    reporter: Reporter,
    printer: Printer,
    writer: Writer,
    wanted: Wanted<'_>,
) -> Result<Outcome, Trouble> {
    let missing = Missing::default();
    let (output, order, line) = (Output::new(), Order::default(), Vec::new());
    let mut lister = Lister { output, order, line, reporter, printer, writer, wanted, printed: 0, missing };
    let (outcome, totals) = input::read(source, &mut lister)?;
    let Lister { mut output, order, missing, printed, .. } = lister;
    order.finish(|line| writer(&mut output, &line));
    output.finish()?;
    let name = input::names(&source.files);
    match wanted.number {
        Some(number) if !(1..=totals.commands).contains(&number) => {
            eprintln!("msnp: {name} has no command {number}; there are {}", totals.commands);
        }
        _ if printed == 0 && totals.commands > 0 => {
            eprintln!("msnp: the filter holds for none of the {} commands in {name}", totals.commands);
        }
        _ => {}
    }
    if let Some(first) = missing.first {
        let Missing { bytes, gaps, .. } = missing;
        eprintln!("msnp: {name}: {bytes} bytes are missing in {gaps} places, first at packet {first}");
    }
    Ok(outcome)
}

/// What the capture does not hold, for a warning at the end.
#[derive(Debug, Default)]
struct Missing {
    gaps: u64,
    bytes: u64,
    /// Packet that shows the first gap.
    first: Option<u64>,
}

struct Lister<'w> {
    output: Output,
    order: Order<Vec<u8>>,
    /// The room in which each command is printed.
    line: Vec<u8>,
    reporter: Reporter,
    printer: Printer,
    writer: Writer,
    wanted: Wanted<'w>,
    printed: u32,
    missing: Missing,
}

impl Sink for Lister<'_> {
    fn command(&mut self, command: &Command<'_>) {
        self.line.clear();
        if self.wanted.takes(command) {
            self.printed = self.printed.saturating_add(1);
            (self.printer)(&self.reporter, command, &mut self.line);
        }
        let Self { output, order, line, writer, .. } = self;
        if order.pass(command.number) {
            writer(output, line);
        } else {
            order.push(command.number, line.clone(), line.len(), |line| writer(output, &line));
        }
    }

    fn gap(&mut self, gap: &Gap) {
        let Missing { gaps, bytes, first } = &mut self.missing;
        *gaps = gaps.saturating_add(1);
        *bytes = bytes.saturating_add(gap.length);
        first.get_or_insert(gap.frame);
    }
}

impl Fallible for Lister<'_> {
    fn trouble(&mut self) -> Option<io::Error> {
        self.output.trouble()
    }
}

/// `  12  14:02:11.350000  #0  client → notification  VER 1 MSNP15 CVR0`
fn line(reporter: &Reporter, command: &Command<'_>, out: &mut Vec<u8>) {
    let dissection = dissect(&command.pdu, &command.context, Recording::Only(msnp::INFO_FIELDS));
    let info = msnp::info(&command.pdu, &command.context, &dissection, &reporter.catalogue);
    let mark = if dissection.tree.experts.iter().any(|e| e.id.decl().severity >= msnp_dissector::tree::Severity::Warn) {
        '!'
    } else {
        ' '
    };
    let (number, clock, stream, route) =
        (command.number, clock(command), connection(command.tcp_stream), route(command));
    let _ = writeln!(out, "{number:>6}  {clock}  {stream:<4} {route:<24}{mark} {info}");
}

fn tree(reporter: &Reporter, command: &Command<'_>, out: &mut Vec<u8>) {
    let dissection = command.dissect();
    let sentence = msnp::sentence(&command.pdu, &command.context, &dissection, &reporter.catalogue);
    let time = command.time.recorded().map_or_else(|| "no time recorded".to_owned(), |time| time.rfc3339());
    let head = format!(
        "Command {}, packet {}, {time}, {} {}\n{sentence}\n",
        command.number,
        command.frame,
        connection(command.tcp_stream),
        route(command)
    );
    let body = render(&dissection.tree, command.pdu.bytes, &reporter.catalogue);
    let _ = writeln!(out, "{head}{body}");
}

/// Time of day, as precise as the capture; where it records none, that is said in as much room.
fn clock(command: &Command<'_>) -> String {
    if command.time.recorded().is_none() {
        let room = "00:00:00.".len() + usize::from(command.time.digits);
        return format!("{:<room$}", "no time");
    }
    let time = command.time.rfc3339();
    time.split_once('T').map_or(time.clone(), |(_, clock)| clock.trim_end_matches('Z').to_owned())
}

fn route(command: &Command<'_>) -> String {
    let server = report::server(&command.context);
    match report::sender(&command.context) {
        "client" => format!("client → {server}"),
        "server" => format!("client ← {server}"),
        _ => format!("{} → {}", command.source, command.destination),
    }
}
