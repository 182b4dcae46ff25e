//! The scribe: reading a field and recording it is one call, so no field is ever written twice.
//!
//! It walks over the bytes of one PDU, runs a nom parser on the next word, notes the bytes taken under a declared field
//! and hands back the typed value. A failed read keeps everything read so far and adds an expert that says what was
//! expected, what was found and where.

use nom::{IResult, Parser};

use super::catalogue::texts;
use super::expert::experts;
use super::record::{Record, lossy};
use super::{Arg, Expert, ExpertId, FieldId, FieldSet, Item, Source, Span, Text, TextId, Value};

mod recording;
mod sources;

/// Items that one PDU may yield; beyond, the tree says that more were left out. (Wireshark refuses a million.)
const ITEM_CEILING: usize = 100_000;

/// Items for which a scribe that records everything has room from the start: a chat message has some fifteen.
const USUAL_ITEMS: usize = 24;

/// Groups nested deeper than this are recorded at this depth.
const DEPTH_CEILING: u8 = 60;

experts! {
    EXPECTED: Error, Malformed => "msnp.expert.expected", "expected {0}, found “{1}”";
    ENDS_EARLY: Error, Malformed => "msnp.expert.ends-early", "expected {0}, found the end of the line";
    BYTES_END_EARLY: Error, Malformed => "msnp.expert.bytes-end-early", "expected {0}: {1} bytes are needed here, found {2}";
    TOO_MANY_ITEMS: Warn, Undecoded => "msnp.expert.too-many-items", "expected at most {0} fields, found more: the rest of this command is not shown as fields";
}

texts! {
    SECRET = "secret", "secret";
}

/// How much a scribe records.
#[derive(Debug, Clone, Copy)]
pub enum Recording<'f> {
    /// Typed values only, no items: the pass that only follows the conversation.
    Nothing,
    /// Only items of these fields: a filter, a column.
    Only(&'f [FieldId]),
    /// The same, of so many fields that they are better kept in a set.
    Among(&'f FieldSet),
    /// The whole tree.
    Everything,
}

impl Recording<'_> {
    /// Whether a field is recorded.
    #[must_use]
    pub fn wants(self, field: FieldId) -> bool {
        match self {
            Recording::Nothing => false,
            Recording::Only(fields) => fields.contains(&field),
            Recording::Among(fields) => fields.contains(field),
            Recording::Everything => true,
        }
    }
}

/// The early exit of a dissect function: an expert already says why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stop;

/// What a dissect function returns.
pub type Read<T> = Result<T, Stop>;

/// What a scribe wrote down.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dissected {
    /// The tree, flat, in preorder.
    pub items: Vec<Item>,
    /// What is odd, in the order of discovery.
    pub experts: Vec<Expert>,
    /// Derived bytes that items point into; number 1 is the first.
    pub sources: Vec<Source>,
    /// Bytes that are structure, not content: blanks, line ends, header names. With the leaves they cover every byte.
    pub structure: Vec<Span>,
}

/// Walks over bytes and records fields. See the module's text.
#[derive(Debug)]
pub struct Scribe<'a, 'f> {
    bytes: &'a [u8],
    source: u16,
    position: usize,
    end: usize,
    depth: u8,
    recording: Recording<'f>,
    /// The item that was recorded last, if it was wanted: what [`Scribe::label`] and [`Scribe::remark`] speak of.
    last: Option<usize>,
    out: Dissected,
}

impl<'a, 'f> Scribe<'a, 'f> {
    /// A scribe at the first of `bytes`, which are source 0.
    #[must_use]
    pub fn new(bytes: &'a [u8], recording: Recording<'f>) -> Self {
        let out = match recording {
            Recording::Everything => Dissected {
                items: Vec::with_capacity(USUAL_ITEMS),
                structure: Vec::with_capacity(USUAL_ITEMS),
                ..Dissected::default()
            },
            Recording::Nothing | Recording::Only(_) | Recording::Among(_) => Dissected::default(),
        };
        Self { bytes, source: 0, position: 0, end: bytes.len(), depth: 0, recording, last: None, out }
    }

    /// Ends the walk.
    #[must_use]
    pub fn finish(self) -> Dissected {
        self.out
    }

    /// Offset of the next byte.
    #[must_use]
    pub fn position(&self) -> usize {
        self.position
    }

    /// What is left before the current limit.
    #[must_use]
    pub fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.position..self.end).unwrap_or_default()
    }

    /// What lies behind the next byte, from the first byte of the source on.
    #[must_use]
    pub fn behind(&self) -> &'a [u8] {
        self.bytes.get(..self.position).unwrap_or_default()
    }

    /// True when nothing is left before the current limit.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.position >= self.end
    }

    /// Passes over `count` bytes that are structure: delimiters, line ends, names of headers.
    pub fn skip(&mut self, count: usize) {
        let span = self.here(count);
        if matches!(self.recording, Recording::Everything) && !span.is_empty() {
            match self.out.structure.last_mut() {
                Some(last) if last.source == span.source && last.end == span.start => last.end = span.end,
                _ => self.out.structure.push(span),
            }
        }
        self.advance(count);
    }

    fn advance(&mut self, count: usize) {
        self.position = self.position.saturating_add(count).min(self.end);
    }

    /// Passes over blanks: the spaces between arguments.
    pub fn sp(&mut self) {
        let blanks = self.rest().iter().take_while(|b| **b == b' ').count();
        self.skip(blanks);
    }

    /// The next word, without consuming it: bytes up to a blank or the limit. Blanks before it are consumed.
    pub fn peek_word(&mut self) -> &'a [u8] {
        self.sp();
        let rest = self.rest();
        rest.split(|b| *b == b' ').next().unwrap_or_default()
    }

    /// One argument: blanks, then a word that `parser` must take whole.
    ///
    /// # Errors
    /// [`Stop`] when the line ends or the word is something else; an expert says so.
    pub fn arg<T: Record>(
        &mut self,
        field: FieldId,
        expected: TextId,
        parser: impl Fn(&'a [u8]) -> IResult<&'a [u8], T>,
    ) -> Read<T> {
        let word = self.peek_word();
        let value = self.read_as(word, expected, parser)?;
        Ok(self.take(field, word.len(), value))
    }

    /// The next word as `parser` takes it, which it must whole, without consuming it. Blanks before it are consumed.
    ///
    /// # Errors
    /// [`Stop`] when the line ends or the word is something else; an expert says so.
    pub fn peek_as<T>(&mut self, expected: TextId, parser: impl Fn(&'a [u8]) -> IResult<&'a [u8], T>) -> Read<T> {
        let word = self.peek_word();
        self.read_as(word, expected, parser)
    }

    /// The word that stands here, as `parser` takes it.
    fn read_as<T>(
        &mut self,
        word: &'a [u8],
        expected: TextId,
        parser: impl Fn(&'a [u8]) -> IResult<&'a [u8], T>,
    ) -> Read<T> {
        if word.is_empty() {
            self.expert_at(ENDS_EARLY, self.here(0), [expected.text().into()]);
            return Err(Stop);
        }
        whole(&parser, word).ok_or_else(|| {
            let found = lossy(word.get(..word.len().min(64)).unwrap_or_default());
            self.expert_at(EXPECTED, self.here(word.len()), [expected.text().into(), found.into()]);
            Stop
        })
    }

    /// One argument if there is one and `parser` takes it whole; else nothing is consumed and nothing is said.
    pub fn optional<T: Record>(
        &mut self,
        field: FieldId,
        parser: impl Fn(&'a [u8]) -> IResult<&'a [u8], T>,
    ) -> Option<T> {
        let word = self.peek_word();
        if word.is_empty() {
            return None;
        }
        let value = whole(&parser, word)?;
        Some(self.take(field, word.len(), value))
    }

    /// The next `count` bytes as `parser` reads them: a number of fixed length.
    ///
    /// # Errors
    /// [`Stop`] when fewer bytes are left; an expert says so.
    pub fn fixed<T: Record>(
        &mut self,
        field: FieldId,
        count: usize,
        expected: TextId,
        parser: impl Fn(&'a [u8]) -> IResult<&'a [u8], T>,
    ) -> Read<T> {
        let (span, value) = self.look(count, expected, parser)?;
        self.record(field, span, &value);
        self.advance(count);
        Ok(value)
    }

    /// As [`Scribe::fixed`], without consuming anything; says where the bytes are.
    ///
    /// # Errors
    /// [`Stop`] when fewer bytes are left; an expert says so.
    pub fn look<T>(
        &mut self,
        count: usize,
        expected: TextId,
        parser: impl Fn(&'a [u8]) -> IResult<&'a [u8], T>,
    ) -> Read<(Span, T)> {
        let rest = self.rest();
        let value = rest.get(..count).and_then(|bytes| whole(&parser, bytes));
        value.map(|value| (self.here(count), value)).ok_or_else(|| {
            let about = [expected.text().into(), count.into(), rest.len().into()];
            self.expert_at(BYTES_END_EARLY, self.here(rest.len()), about);
            Stop
        })
    }

    /// Records the next `count` bytes as `value` and moves on.
    pub fn take<T: Record>(&mut self, field: FieldId, count: usize, value: T) -> T {
        let span = self.here(count);
        self.record(field, span, &value);
        self.advance(count);
        value
    }

    /// Records the next `count` bytes as `value`, with the parts of it that `body` records by [`Scribe::bits`], and moves on.
    pub fn take_bits<T: Record>(
        &mut self,
        field: FieldId,
        count: usize,
        value: T,
        body: impl FnOnce(&mut Self, Span),
    ) -> T {
        let span = self.here(count);
        self.record(field, span, &value);
        let whole = self.last;
        self.depth = self.depth.saturating_add(1).min(DEPTH_CEILING);
        body(self, span);
        self.depth = self.depth.saturating_sub(1);
        self.last = whole;
        self.advance(count);
        value
    }

    /// Records some bits of the number at `span`: `value` is what they say, `mask` which they are. Bits share their bytes.
    pub fn bits<T: Record>(&mut self, field: FieldId, span: Span, mask: u64, value: &T) {
        self.record(field, span, value);
        if let Some(item) = self.last.and_then(|i| self.out.items.get_mut(i)) {
            item.mask = Some(mask);
        }
    }

    /// Records bytes that lie elsewhere than at the cursor: for foreign parsers, which report in order.
    pub fn at<T: Record>(&mut self, start: usize, end: usize, field: FieldId, value: &T) {
        let span = self.span(start, end);
        self.record(field, span, value);
    }

    /// Records a group over whatever `body` reads.
    pub fn group<T>(&mut self, field: FieldId, body: impl FnOnce(&mut Self) -> T) -> T {
        let start = self.position;
        let index = self.push(field, self.here(0), Value::None);
        self.depth = self.depth.saturating_add(1).min(DEPTH_CEILING);
        let result = body(self);
        self.depth = self.depth.saturating_sub(1);
        let span = self.span(start, self.position);
        if let Some(item) = index.and_then(|i| self.out.items.get_mut(i)) {
            item.span = span;
        }
        result
    }

    /// Records `value` over whatever `body` reads: a field that has both a value of its own and parts.
    pub fn group_with<T, V: Record>(&mut self, field: FieldId, value: &V, body: impl FnOnce(&mut Self) -> T) -> T {
        let (index, start) = (self.out.items.len(), self.position);
        let recorded = self.recording.wants(field);
        let result = self.group(field, body);
        let mut span = self.span(start, self.position);
        if recorded && let Some(item) = self.out.items.get_mut(index) {
            item.value = value.value();
            item.label = value.label().or_else(|| item.label.take());
            span = item.span;
        }
        self.complain(span, value);
        result
    }

    /// Runs `body` on the next `count` bytes only, then stands behind them; what it left is recorded as `leftover`.
    pub fn limit<T>(&mut self, count: usize, leftover: FieldId, body: impl FnOnce(&mut Self) -> T) -> T {
        let outer = self.end;
        self.end = self.position.saturating_add(count).min(outer);
        let result = body(self);
        self.rest_as_bytes(leftover);
        self.end = outer;
        result
    }

    /// Records whatever is left before the current limit as bytes of `field`.
    pub fn rest_as_bytes(&mut self, field: FieldId) {
        let rest = self.rest();
        if !rest.is_empty() {
            self.take(field, rest.len(), rest);
        }
    }

    /// Runs `body`; if it stops, everything it recorded is taken back.
    ///
    /// # Errors
    /// Those of `body`.
    pub fn attempt<T>(&mut self, body: impl FnOnce(&mut Self) -> Read<T>) -> Read<T> {
        let before = (self.position, self.out.items.len(), self.out.experts.len(), self.out.sources.len());
        let structure = self.out.structure.clone();
        let result = body(self);
        if result.is_err() {
            self.position = before.0;
            self.out.items.truncate(before.1);
            self.out.experts.truncate(before.2);
            self.out.sources.truncate(before.3);
            self.out.structure = structure;
            self.last = None;
        }
        result
    }

    /// Adds a sentence to the item recorded last.
    pub fn remark(&mut self, text: impl Into<Text>) {
        if let Some(item) = self.last.and_then(|i| self.out.items.get_mut(i)) {
            item.remark = Some(text.into());
        }
    }

    /// Says what the item recorded last means.
    pub fn label(&mut self, text: impl Into<Text>) {
        if let Some(item) = self.last.and_then(|i| self.out.items.get_mut(i)) {
            item.label = Some(text.into());
        }
    }

    /// Records a fact that is not in the bytes; it stands at the span it was derived from.
    pub fn generated(&mut self, field: FieldId, span: Span, value: Value, label: Option<Text>) {
        if let Some(item) = self.push(field, span, value).and_then(|i| self.out.items.get_mut(i)) {
            item.generated = true;
            item.label = label.or_else(|| item.label.take());
        }
    }

    /// Adds an expert at `span`.
    pub fn expert_at(&mut self, id: ExpertId, span: Span, args: impl IntoIterator<Item = Arg>) {
        if self.out.experts.len() < ITEM_CEILING {
            self.out.experts.push(id.at(span, args));
        }
    }

    /// How many experts there are so far.
    #[must_use]
    pub fn experts(&self) -> usize {
        self.out.experts.len()
    }

    /// Takes back those of the experts behind the first `before` that are of this kind.
    pub fn withdraw(&mut self, before: usize, is: impl Fn(&Expert) -> bool) {
        let mut index = 0;
        self.out.experts.retain(|expert| {
            index += 1;
            index <= before || !is(expert)
        });
    }

    /// The span of the next `count` bytes.
    #[must_use]
    pub fn here(&self, count: usize) -> Span {
        self.span(self.position, self.position.saturating_add(count).min(self.end))
    }

    /// Bytes `start..end` of the current source as a span.
    #[must_use]
    pub fn span(&self, start: usize, end: usize) -> Span {
        let narrow = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Span { source: self.source, start: narrow(start), end: narrow(end.max(start)) }
    }
}

fn whole<'a, T>(parser: &impl Fn(&'a [u8]) -> IResult<&'a [u8], T>, word: &'a [u8]) -> Option<T> {
    let mut run = |input| parser(input);
    match run.parse(word) {
        Ok(([], value)) => Some(value),
        _ => None,
    }
}
