//! Redaction: the same commands with other people in them, so that a capture can be shown to others.
//!
//! Comes in: a PDU and its context. Goes out: bytes of the same length in which accounts, names, texts, personal facts and
//! secrets have become pseudonyms. Taken apart again they give the same tree, with the same spans, and whatever is built
//! on it tells the same story about somebody else: nothing else has to know of redaction.
//!
//! What is hidden is said by the field table ([`Privacy`]). A pseudonym depends on the value and on a key made from the
//! capture, never on the order of output, and keeps length and kind of each character. So one value has one pseudonym in
//! every coding: raw, percent-encoded, with character references, in base64, in UTF-16, as a mail header's encoded word.

mod coding;
mod pseudonym;

use std::sync::Arc;

use crate::analysis::{Command, End, Gap, PacketInfo, Place, Room, Sink, StreamInfo, Tunnel, Unanswered};
use crate::msnp::msn_object;
use crate::msnp::{Context, Pdu, dissect};
use crate::tree::{Assembly, Dissected, Item, Piece, Privacy, Recording, Source, Span, Value, lossy};
use coding::{Derivation, Form, rewrite_encoded_word};
pub use pseudonym::Key;

/// What a PDU has become.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redacted {
    /// Its bytes, as many as before.
    pub bytes: Vec<u8>,
    /// What it completes, with pseudonyms as well.
    pub completes: Option<Assembly>,
}

/// Replaces what tells about people.
#[derive(Debug, Clone)]
pub struct Redactor {
    manner: Manner,
}

/// What is replaced, and by what.
#[derive(Debug, Clone)]
enum Manner {
    /// All that tells about people, by pseudonyms.
    Pseudonyms(Key),
    /// Secrets, by stars.
    Stars,
}

/// What stands in place of each byte of a secret that is starred.
const STAR: u8 = b'*';

impl Redactor {
    /// Pseudonyms under `key`: the same key gives the same pseudonyms.
    #[must_use]
    pub fn new(key: Key) -> Self {
        Self { manner: Manner::Pseudonyms(key) }
    }

    /// Stars in place of secrets (tickets, cookies, passwords); everything else stays.
    #[must_use]
    pub fn of_secrets() -> Self {
        Self { manner: Manner::Stars }
    }

    /// Whether something of a command's would be replaced that tells of people as much as this.
    fn replaces(&self, privacy: Privacy, value: &Value) -> bool {
        match self.manner {
            Manner::Stars => privacy == Privacy::Secret,
            Manner::Pseudonyms(_) => {
                privacy != Privacy::Public || matches!(value, Value::Text(text) if text.contains(['@', '%']))
            }
        }
    }

    fn mask(&self, bytes: &mut [u8]) {
        match &self.manner {
            Manner::Pseudonyms(key) => key.mask(bytes),
            Manner::Stars => bytes.fill(STAR),
        }
    }

    /// `pdu` with pseudonyms in it. What it completes has those of the whole; its own piece of that has those of the piece.
    #[must_use]
    pub fn redact(&self, pdu: &Pdu<'_>, context: &Context) -> Redacted {
        let tree = dissect(pdu, context, Recording::Everything).tree;
        let mut sources = vec![pdu.bytes.to_vec()];
        sources.extend(tree.sources.iter().map(|source| source.bytes.clone()));
        let mut covered = Covered::default();
        let mut delimiters = tree.structure.clone();
        delimiters.sort_unstable_by_key(|span| (span.source, span.start));
        for (index, item) in tree.items.iter().enumerate() {
            let privacy = item.field.field().privacy;
            if !self.replaces(privacy, &item.value) || item.generated || is_divided(&tree, index, &delimiters) {
                continue;
            }
            if let Some(bytes) = part_mut(&mut sources, item.span) {
                match &self.manner {
                    Manner::Pseudonyms(key) => Replacing { key }.replace(bytes, privacy, &item.value),
                    Manner::Stars => self.mask(bytes),
                }
                if privacy != Privacy::Public {
                    covered.add(item.span);
                }
            }
        }
        let hashes = hashes(&tree);
        // The innermost first: a derived source goes back into what it was made from.
        for (index, source) in tree.sources.iter().enumerate().rev() {
            mend(&mut sources, &hashes, index + 1, &source.bytes);
            let [Piece { pdu: None, span: from, .. }] = *source.from.as_slice() else { continue };
            let changed = sources.get(index + 1).cloned().unwrap_or_default();
            if changed == source.bytes || covered.contains(from) {
                continue;
            }
            let Some(parent) = part_mut(&mut sources, from) else { continue };
            match Derivation::find(parent, &source.bytes).and_then(|made| made.encode(&changed)) {
                Some(encoded) if encoded.len() == parent.len() => parent.copy_from_slice(&encoded),
                // How the source was made is not known here, so nothing of its origin may stay.
                _ => self.mask(parent),
            }
        }
        mend(&mut sources, &hashes, 0, pdu.bytes);
        let all = std::iter::successors(pdu.completes, |one| one.also.as_deref()).map(|assembly| {
            let at = tree.sources.iter().position(|source| source.from == assembly.pieces);
            let bytes = at.and_then(|at| sources.get(at + 1).cloned()).unwrap_or_default();
            Assembly { bytes, pieces: assembly.pieces.clone(), missing: assembly.missing, also: None }
        });
        let all = all.collect::<Vec<_>>().into_iter().rev();
        let completes = all.reduce(|also, one| Assembly { also: Some(Box::new(also)), ..one });
        Redacted { bytes: sources.swap_remove(0), completes }
    }

    /// What a connection travels through, with pseudonyms in it.
    #[must_use]
    pub fn tunnel(&self, tunnel: &Tunnel) -> Tunnel {
        let mut tunnel = tunnel.clone();
        for (field, value) in tunnel.values() {
            self.replace(field.field().privacy, value);
        }
        tunnel
    }

    /// What is known of a chat room, with a pseudonym for whose connection it is.
    #[must_use]
    pub fn room(&self, room: &Room) -> Room {
        let mut room = room.clone();
        room.owner_mut().into_iter().for_each(|owner| self.replace(Privacy::Account, owner));
        room
    }

    fn replace(&self, privacy: Privacy, value: &mut String) {
        match &self.manner {
            Manner::Pseudonyms(key) => {
                *value = key.substitutes(privacy, &value.chars().collect::<Vec<_>>()).into_iter().collect();
            }
            Manner::Stars if privacy == Privacy::Secret => {
                *value = char::from(STAR).to_string().repeat(value.chars().count());
            }
            Manner::Stars => {}
        }
    }
}

/// Puts pseudonyms in place of values.
struct Replacing<'k> {
    key: &'k Key,
}

impl Replacing<'_> {
    fn replace(&self, bytes: &mut [u8], privacy: Privacy, value: &Value) {
        if privacy == Privacy::Public {
            return self.replace_accounts(bytes);
        }
        let Value::Text(text) = value else {
            self.key.mask(bytes);
            return;
        };
        let form = Form::ALL.into_iter().find(|form| lossy(&form.decoded(bytes)) == *text);
        let Some(form) = form else {
            if !rewrite_encoded_word(bytes, |said| self.key.substitutes(privacy, said)) {
                self.key.mask(bytes);
            }
            return;
        };
        let end = self.write(bytes, form, privacy);
        // Behind the NUL that ends a text in UTF-16.
        if let Some(rest) = bytes.get_mut(end..) {
            self.key.mask(rest);
        }
    }

    /// What is public stays, but for accounts in it, however they are written.
    fn replace_accounts(&self, bytes: &mut [u8]) {
        let referred = memchr::memmem::find(bytes, b"&#").is_some();
        self.write(bytes, if referred { Form::References } else { Form::Percent }, Privacy::Public);
    }

    /// Writes substitutes for all characters; says where they end.
    fn write(&self, bytes: &mut [u8], form: Form, privacy: Privacy) -> usize {
        let characters = form.characters(bytes);
        let decoded = characters.iter().map(|c| c.decoded).collect::<Vec<_>>();
        let substitutes = self.key.substitutes(privacy, &decoded);
        for (character, substitute) in characters.iter().zip(substitutes) {
            // Of what is public nothing else changes; of what is private no stray byte stays.
            if privacy != Privacy::Public || substitute != character.decoded {
                character.write(bytes, substitute);
            }
        }
        characters.last().map_or(0, coding::Character::end)
    }
}

/// True when the item is said in more detail by what lies below it: items that cover bytes of the same source, or
/// delimiters, which say nothing. `delimiters` are in rising order.
fn is_divided(tree: &Dissected, index: usize, delimiters: &[Span]) -> bool {
    let Some(item) = tree.items.get(index) else { return false };
    let mut below = tree.items.iter().skip(index + 1).take_while(|below| below.depth > item.depth);
    let derived =
        |source: &Source| matches!(source.from.as_slice(), [Piece { pdu: None, span, .. }] if *span == item.span);
    // A secret is hidden whole, whatever is known of its inside, unless that can be hidden and put back.
    if item.field.field().privacy == Privacy::Secret {
        return tree.sources.iter().any(derived);
    }
    let is_private = |source: usize| {
        let inside = |item: &&Item| usize::from(item.span.source) == source && !item.generated;
        tree.items.iter().filter(inside).any(|item| item.field.field().privacy != Privacy::Public)
    };
    if tree.sources.iter().zip(1..).any(|(source, number)| derived(source) && is_private(number)) {
        return true;
    }
    let span = item.span;
    let next = delimiters.partition_point(|before| (before.source, before.end) <= (span.source, span.start));
    delimiters.get(next).is_some_and(|delimiter| delimiter.source == span.source && delimiter.start < span.end)
        || below.any(|below| below.span.source == span.source && !below.generated && !below.span.is_empty())
}

/// Where hashes of the attributes of MSN objects stand, and the objects that they are of.
fn hashes(tree: &Dissected) -> Vec<(Span, Span)> {
    let mut object = Span::default();
    let mut all = Vec::new();
    for item in &tree.items {
        if item.field == msn_object::MSN_OBJECT {
            object = item.span;
        } else if item.field == msn_object::SHA1C && item.span.source == object.source {
            all.push((item.span, object));
        }
    }
    all
}

/// A hash that was right is to be right of what its object has become: else redaction would seem to have found a fault.
fn mend(sources: &mut [Vec<u8>], hashes: &[(Span, Span)], source: usize, before: &[u8]) {
    for (hash, object) in hashes.iter().filter(|(hash, _)| usize::from(hash.source) == source) {
        let part = |bytes: &[u8], span: Span| {
            bytes.get(usize::try_from(span.start).ok()?..usize::try_from(span.end).ok()?).map(<[u8]>::to_vec)
        };
        let Some(now) = sources.get(source).and_then(|bytes| part(bytes, *object)) else { continue };
        let Some((told, said)) = part(before, *hash).zip(part(before, *object)) else { continue };
        let right = |form: Form, object: &[u8]| msn_object::sha1c(&form.decoded(object));
        let was_right = |form: &Form| right(*form, &said).is_some_and(|hash| hash.as_bytes() == form.decoded(&told));
        let Some(form) = Form::ALL.into_iter().find(was_right) else { continue };
        if let (Some(hash_now), Some(place)) = (right(form, &now), part_mut(sources, *hash)) {
            for (character, digit) in form.characters(place).iter().zip(hash_now.chars()) {
                character.write(place, digit);
            }
        }
    }
}

fn part_mut(sources: &mut [Vec<u8>], span: Span) -> Option<&mut [u8]> {
    let (start, end) = (usize::try_from(span.start).ok()?, usize::try_from(span.end).ok()?);
    sources.get_mut(usize::from(span.source))?.get_mut(start..end)
}

/// Spans that have been replaced whole.
#[derive(Default)]
struct Covered(Vec<Span>);

impl Covered {
    fn add(&mut self, span: Span) {
        self.0.push(span);
    }

    fn contains(&self, span: Span) -> bool {
        self.0.iter().any(|c| c.source == span.source && c.start <= span.start && span.end <= c.end)
    }
}

/// A sink that hands redacted commands on.
#[derive(Debug)]
pub struct Redacting<S> {
    redactor: Redactor,
    /// The sink behind it.
    pub inner: S,
}

impl<S> Redacting<S> {
    /// Redacts what `inner` gets to see.
    pub fn new(redactor: Redactor, inner: S) -> Self {
        Self { redactor, inner }
    }
}

impl<S: Sink> Sink for Redacting<S> {
    fn packet(&mut self, packet: &PacketInfo) {
        self.inner.packet(packet);
    }

    fn stream(&mut self, info: &StreamInfo) {
        let tunnel = info.tunnel.as_deref().map(|tunnel| Arc::new(self.redactor.tunnel(tunnel)));
        self.inner.stream(&StreamInfo { tunnel, ..info.clone() });
    }

    fn command(&mut self, command: &Command<'_>) {
        let Redacted { bytes, completes } = self.redactor.redact(&command.pdu, &command.context);
        let pdu = Pdu { bytes: &bytes, ..command.pdu.completing(completes.as_ref()) };
        let tunnel = command.tunnel.map(|tunnel| self.redactor.tunnel(tunnel));
        // Such bytes stand nowhere in the file.
        let place = Place::default();
        let room = command.room.map(|room| Arc::new(self.redactor.room(room)));
        self.inner.command(&Command { pdu, place, room: room.as_ref(), tunnel: tunnel.as_ref(), ..*command });
    }

    fn gap(&mut self, gap: &Gap) {
        self.inner.gap(gap);
    }

    fn unanswered(&mut self, request: &Unanswered) {
        self.inner.unanswered(request);
    }

    fn end(&mut self, end: &End) {
        self.inner.end(end);
    }
}

#[cfg(test)]
mod tests;
