//! Lines of a message: `name: value`, in its head and in its body, and what is done with a value.
//!
//! Comes in: lines. Goes out: each value under the field of its name, and what it says among what the message says
//! ([`Said`]). Names are matched without regard to case, blanks around values are passed over.
//!
//! Source: protocol reference, SLP 6 and 13.

// Addresses as values: nothing here opens a socket.
use core::net::{IpAddr, SocketAddr};

use super::{OTHER, Slp, TRAILER};
use crate::msnp::coding::reversed;
use crate::msnp::payload::header::{Header, header, line_end_at, not_a_header};
use crate::msnp::token::{Coded, Word, coded_number, shortened};
use crate::tree::{FieldId, Kind, Scribe, Span, TextId, experts, fields, texts};

fields! {
    family 60;
    /// A line of a body whose name and value are both written backwards, as clients from Windows Live Messenger on write addresses; the value as it stands. What it means is told below.
    REVERSED: Kind::Text => "msnp.slp.reversed", "Line written backwards";
}

experts! {
    NOT_A_NUMBER: Note, Malformed => "msnp.expert.slp-number", "expected a decimal number as {0}, found “{1}”";
    TOO_MANY_LINES: Note, Undecoded => "msnp.expert.slp-lines", "expected at most {0} lines, found more: the rest is not told line by line";
}

texts! {
    NAME = "slp.name", "{0}";
    BACKWARDS_REMARK = "slp.backwards.remark", "name and value are written backwards";
    BACKWARDS_SOURCE = "slp.backwards.source", "Turned round";
}

/// Lines of a message that are looked at.
const LINE_CEILING: usize = 1000;

/// A name that is known, the field of its value, what the value is, and what is kept of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known(pub &'static str, pub FieldId, pub Form, pub Keep);

/// Keeps what a value says.
pub(super) type Keep = fn(&mut Said, &[u8]);

/// What a value is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Form {
    /// A word as it stands.
    Word,
    /// A word that may stand for something.
    Coded(fn(&[u8]) -> Option<TextId>),
    /// A number that may stand for something.
    Number(fn(u32) -> Option<TextId>),
    /// Something that is read further: with only the value before it, it records it all.
    Read(fn(&mut Scribe<'_, '_>, FieldId, &mut Said)),
}

/// What has been read of a message.
#[derive(Debug, Default)]
pub(super) struct Said {
    pub slp: Slp,
    /// Lines that have been looked at.
    lines: usize,
    /// What the head promises about the length of the body, and where.
    pub length: Option<(u64, Span)>,
    pub external: Reachable,
    pub internal: Reachable,
    pub sixth: Reachable,
    /// Addresses with their ports.
    pub pairs: Vec<SocketAddr>,
}

/// Addresses, and the port that goes with all of them.
#[derive(Debug, Default)]
pub(super) struct Reachable {
    pub addresses: Vec<IpAddr>,
    pub port: Option<u16>,
}

impl Reachable {
    pub(super) fn sockets(&self) -> impl Iterator<Item = SocketAddr> {
        let with = |port| self.addresses.iter().map(move |address| SocketAddr::new(*address, port));
        self.port.map(with).into_iter().flatten()
    }
}

/// Keeps nothing.
pub(super) fn nothing(_: &mut Said, _: &[u8]) {}

/// No number stands for anything.
pub(super) fn unnamed(_: u32) -> Option<TextId> {
    None
}

/// `lines = *( name ":" *WSP value *WSP CRLF )`, up to a blank line (then true) or to the end. A line whose name is in no
/// table goes under [`OTHER`].
pub(super) fn lines(s: &mut Scribe<'_, '_>, table: &'static [Known], said: &mut Said) -> bool {
    while said.lines < LINE_CEILING {
        said.lines += 1;
        if let Some(end) = line_end_at(s.rest()) {
            s.skip(end);
            return true;
        }
        if s.is_empty() {
            return false;
        }
        let Some(line) = header(s.rest()) else {
            not_a_header(s);
            continue;
        };
        match known(table, line.name) {
            Some(known) => at_value(s, &line, |s| value(s, known, said)),
            None => match known(table, &reversed(line.name)) {
                Some(known) => at_value(s, &line, |s| backwards(s, known, said)),
                None => line.whole(s, OTHER),
            },
        }
    }
    let rest = s.rest();
    if !rest.is_empty() {
        s.expert_at(TOO_MANY_LINES, s.here(rest.len()), [LINE_CEILING.into()]);
        s.take(OTHER, rest.len(), Word(rest));
    }
    false
}

fn known(table: &'static [Known], name: &[u8]) -> Option<&'static Known> {
    table.iter().find(|Known(known, ..)| name.eq_ignore_ascii_case(known.as_bytes()))
}

/// Passes over the name, the blanks around the value and the line end.
fn at_value<'a>(s: &mut Scribe<'a, '_>, line: &Header<'a>, body: impl FnOnce(&mut Scribe<'a, '_>)) {
    line.value(s, |s, value| {
        let trimmed = value.trim_ascii_end().len();
        limited(s, trimmed, body);
        s.skip(value.len() - trimmed);
    });
}

/// All that is left as the value of a name.
fn value(s: &mut Scribe<'_, '_>, Known(name, field, form, keep): &Known, said: &mut Said) {
    let wire = s.rest();
    keep(said, wire);
    match form {
        Form::Word => drop(s.take(*field, wire.len(), Word(wire))),
        Form::Coded(meaning) => drop(s.take(*field, wire.len(), Coded(wire, meaning(wire)))),
        Form::Number(meaning) => match coded_number(meaning)(wire) {
            Ok(([], number)) => drop(s.take(*field, wire.len(), number)),
            _ => no_number(s, name),
        },
        Form::Read(read) => read(s, *field, said),
    }
}

/// Runs `body` on the next `length` bytes only; what it leaves goes under [`OTHER`].
pub(super) fn limited<'a, T>(s: &mut Scribe<'a, '_>, length: usize, body: impl FnOnce(&mut Scribe<'a, '_>) -> T) -> T {
    s.limit(length, TRAILER, |s| {
        let read = body(s);
        let left = s.rest();
        if !left.is_empty() {
            s.take(OTHER, left.len(), Word(left));
        }
        read
    })
}

/// Something stands where a number should.
pub(super) fn no_number(s: &mut Scribe<'_, '_>, name: &str) {
    let wire = s.rest();
    s.expert_at(NOT_A_NUMBER, s.here(wire.len()), [name.into(), shortened(wire).into()]);
    misplaced(s, name);
}

/// All that is left as what stands in place of a value.
pub(super) fn misplaced(s: &mut Scribe<'_, '_>, name: &str) {
    let wire = s.rest();
    if !wire.is_empty() {
        s.take(OTHER, wire.len(), Word(wire));
        s.label(NAME.with([name.into()]));
    }
}

/// A value written backwards is read turned round: several addresses come out in the order that was meant.
fn backwards(s: &mut Scribe<'_, '_>, known: &Known, said: &mut Said) {
    let (wire, span) = (s.rest(), s.here(s.rest().len()));
    s.take(REVERSED, wire.len(), Word(wire));
    s.label(NAME.with([known.0.into()]));
    s.remark(BACKWARDS_REMARK);
    if !wire.is_empty() {
        s.within(BACKWARDS_SOURCE.text(), span, reversed(wire), |s| value(s, known, said));
    }
}
