//! `msnp commands` and `msnp tree`: one line, or one tree, per command.

use std::io::{self, Write as _};

use msnp_dissector::analysis::{Command, Gap, Sink};
use msnp_dissector::msnp::{self, dissect};
use msnp_dissector::report::{self, Reporter};
use msnp_dissector::tree::{Recording, render};

use crate::input::{self, Fallible, Input, Trouble};
use crate::order::Order;
use crate::output::{Output, json_line};
use crate::story::words::connection;
use crate::{Format, Outcome};

/// Appends what is printed of a command.
type Printer = fn(&Reporter, &Command<'_>, &mut Vec<u8>);

/// How that is written.
type Writer = fn(&mut Output, &[u8]);

/// Prints every command, one a line.
pub fn commands(source: &Input, format: Format, reporter: Reporter) -> Result<Outcome, Trouble> {
    let (printer, writer): (Printer, Writer) = match format {
        Format::Json => (|reporter, command, out| json_line(out, &reporter.command(command)), Output::text),
        Format::Text => (line, Output::cut),
    };
    run(source, reporter, printer, writer, None)
}

/// Prints the tree of every command, or of one.
pub fn trees(source: &Input, format: Format, reporter: Reporter, only: Option<u32>) -> Result<Outcome, Trouble> {
    let printer: Printer = match format {
        Format::Json => |reporter, command, out| json_line(out, &reporter.tree(command)),
        Format::Text => tree,
    };
    run(source, reporter, printer, Output::text, only)
}

fn run(
    source: &Input,
    reporter: Reporter,
    printer: Printer,
    writer: Writer,
    only: Option<u32>,
) -> Result<Outcome, Trouble> {
    let missing = Missing::default();
    let (output, order, line) = (Output::new(), Order::new(), Vec::new());
    let mut lister = Lister { output, order, line, reporter, printer, writer, only, missing };
    let (outcome, totals) = input::read(source, &mut lister)?;
    let Lister { mut output, order, missing, .. } = lister;
    order.finish(|line| writer(&mut output, line));
    output.finish()?;
    if let Some(wanted) = only.filter(|wanted| !(1..=totals.commands).contains(wanted)) {
        eprintln!("msnp: {} has no command {wanted}; there are {}", input::name(&source.file), totals.commands);
    }
    if let Some(first) = missing.first {
        let Missing { bytes, gaps, .. } = missing;
        eprintln!(
            "msnp: {}: {bytes} bytes are missing in {gaps} places, first at packet {first}",
            input::name(&source.file)
        );
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

struct Lister {
    output: Output,
    order: Order,
    /// The room in which each command is printed.
    line: Vec<u8>,
    reporter: Reporter,
    printer: Printer,
    writer: Writer,
    only: Option<u32>,
    missing: Missing,
}

impl Sink for Lister {
    fn command(&mut self, command: &Command<'_>) {
        let wanted = self.only.is_none_or(|only| only == command.number);
        self.line.clear();
        if wanted {
            (self.printer)(&self.reporter, command, &mut self.line);
        }
        self.order.push(command.number, &self.line, |line| (self.writer)(&mut self.output, line));
    }

    fn gap(&mut self, gap: &Gap) {
        let Missing { gaps, bytes, first } = &mut self.missing;
        *gaps = gaps.saturating_add(1);
        *bytes = bytes.saturating_add(gap.length);
        first.get_or_insert(gap.frame);
    }
}

impl Fallible for Lister {
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
    let time = command.time.rfc3339();
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

/// Time of day, as precise as the capture.
fn clock(command: &Command<'_>) -> String {
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
