//! The laws of trees: what any dissection obeys.

use msnp_dissector::msnp::{self, Context, Dissection, Pdu};
use msnp_dissector::tree::{Catalogue, Dissected, FieldId, Item, Kind, Recording, Span, Value, render};
use proptest::prelude::*;

pub fn field_ids() -> Vec<FieldId> {
    msnp_dissector::fields().map(FieldId::new).collect()
}

/// The bytes that a span lies in.
fn source_of<'t>(tree: &'t Dissected, bytes: &'t [u8], span: Span) -> &'t [u8] {
    match usize::from(span.source) {
        0 => bytes,
        derived => &tree.sources[derived - 1].bytes,
    }
}

/// A number that stands in bytes, in either order, not in digits.
fn is_binary(number: u64, covered: &[u8]) -> bool {
    let mut bytes = covered.to_vec();
    bytes.resize(8, 0);
    let little = bytes.try_into().map(u64::from_le_bytes);
    let big = covered.iter().try_fold(0u64, |sum, byte| sum.checked_mul(256)?.checked_add(u64::from(*byte)));
    matches!(covered.len(), 1 | 2 | 4 | 8) && (little == Ok(number) || big == Some(number))
}

/// The value is of its field's kind; data is what the span holds, and so is a decimal number, unless it is but some of
/// its bits, or stands there in binary.
fn value_fits(item: &Item, covered: &[u8]) -> bool {
    let written = std::str::from_utf8(covered).ok().and_then(|digits| digits.parse::<u64>().ok());
    match (&item.value, item.field.field().kind) {
        (Value::None, Kind::Group) | (Value::Text(_), Kind::Text) => true,
        (Value::Bytes(data), Kind::Bytes) => item.generated || data == covered,
        (Value::Uint(number), kind @ (Kind::Uint32(_) | Kind::Uint64(_))) => {
            let narrow = matches!(kind, Kind::Uint64(_)) || u32::try_from(*number).is_ok();
            narrow
                && (item.generated
                    || item.mask.is_some()
                    || written.is_none_or(|written| written == *number)
                    || is_binary(*number, covered))
        }
        _ => false,
    }
}

/// Bits are what their mask leaves of the number above them, lie where it does, and are told once.
fn bits_fit(item: &Item, mask: u64, parent: Option<&&Item>, told: u64) -> bool {
    let Some(Item { span, value: Value::Uint(number), .. }) = parent else { return false };
    let Value::Uint(bits) = item.value else { return false };
    let (masked, shift) = (number & mask, mask.trailing_zeros());
    mask & told == 0 && *span == item.span && (bits == masked || bits == masked >> shift)
}

/// Children lie inside their parents, in order, and do not overlap, except the bits of a number; every value is of its
/// field's kind.
pub fn is_a_tree(tree: &Dissected, bytes: &[u8]) -> Result<(), TestCaseError> {
    let mut above: Vec<&Item> = Vec::new();
    // By depth: the last item there, while its parent lasts.
    let mut before: Vec<(Span, u64)> = Vec::new();
    for item in &tree.items {
        let (depth, span) = (usize::from(item.depth), item.span);
        prop_assert!(depth <= above.len(), "{:?} has no parent", item);
        above.truncate(depth);
        before.truncate(depth + 1);
        let covered = source_of(tree, bytes, span).get(span.start as usize..span.end as usize);
        prop_assert!(covered.is_some_and(|covered| value_fits(item, covered)), "{:?} covers {:?}", item, covered);
        if let Some(parent) = above.last().filter(|parent| parent.span.source == span.source) {
            let inside = parent.span.start <= span.start && span.end <= parent.span.end;
            prop_assert!(inside, "{:?} is outside {:?}", item, parent);
        }
        let (sibling, told) = before.get(depth).copied().unwrap_or_default();
        if let Some(mask) = item.mask {
            prop_assert!(mask != 0 && bits_fit(item, mask, above.last(), told), "{:?} is no part of its number", item);
        } else if sibling.source == span.source && !item.generated {
            prop_assert!(sibling.end <= span.start, "{:?} overlaps the one before", item);
        }
        before.truncate(depth);
        before.push((span, told | item.mask.unwrap_or(0)));
        above.push(item);
    }
    for expert in &tree.experts {
        prop_assert!(expert.span.end as usize <= source_of(tree, bytes, expert.span).len(), "{:?}", expert);
    }
    Ok(())
}

/// Every byte is in exactly one leaf, or is structure. (What holds structure is no leaf: a group of blank lines. Bits are
/// no leaves: the number is.)
pub fn every_byte_is_accounted_for(tree: &Dissected, bytes: &[u8]) -> Result<(), TestCaseError> {
    source_is_accounted_for(tree, bytes, 0)?;
    for (source, number) in tree.sources.iter().zip(1..) {
        source_is_accounted_for(tree, &source.bytes, number)?;
    }
    Ok(())
}

fn source_is_accounted_for(tree: &Dissected, bytes: &[u8], source: u16) -> Result<(), TestCaseError> {
    let range = |span: Span| span.start as usize..span.end as usize;
    let mut structure = vec![0u8; bytes.len()];
    for span in tree.structure.iter().filter(|span| span.source == source) {
        structure[range(*span)].iter_mut().for_each(|n| *n += 1);
    }
    let mut times = structure.clone();
    let on_the_wire = |item: &Item| item.span.source == source && !item.generated && item.mask.is_none();
    for (index, item) in tree.items.iter().enumerate().filter(|(_, item)| on_the_wire(item)) {
        let mut children = tree.items[index + 1..].iter().take_while(|next| next.depth > item.depth);
        let has_parts = children.any(on_the_wire);
        if !has_parts && structure[range(item.span)].iter().all(|n| *n == 0) {
            times[range(item.span)].iter_mut().for_each(|n| *n += 1);
        }
    }
    let odd = times.iter().position(|n| *n != 1);
    prop_assert!(odd.is_none(), "byte {:?} of source {} is told {:?} times", odd, source, odd.map(|at| times[at]));
    Ok(())
}

pub fn obeys(pdu: &Pdu<'_>, context: &Context, some: &[FieldId]) -> Result<(), TestCaseError> {
    let all = msnp::dissect(pdu, context, Recording::Everything);
    is_a_tree(&all.tree, pdu.bytes)?;
    every_byte_is_accounted_for(&all.tree, pdu.bytes)?;

    let none = msnp::dissect(pdu, context, Recording::Nothing);
    prop_assert_eq!(&none.message, &all.message);
    prop_assert_eq!(&none.tree.experts, &all.tree.experts);
    prop_assert!(none.tree.items.is_empty());

    let few = msnp::dissect(pdu, context, Recording::Only(some));
    let asked_for = all.tree.items.iter().filter(|item| some.contains(&item.field)).cloned().collect::<Vec<_>>();
    prop_assert_eq!(&few.message, &all.message);
    prop_assert_eq!(&few.tree.experts, &all.tree.experts);
    prop_assert_eq!(&few.tree.items, &asked_for);

    is_told(pdu, context, &all)
}

/// The text forms exist: one line for each item and expert, and a sentence.
fn is_told(pdu: &Pdu<'_>, context: &Context, all: &Dissection<'_>) -> Result<(), TestCaseError> {
    let catalogue = Catalogue::english();
    let text = render(&all.tree, pdu.bytes, &catalogue);
    prop_assert_eq!(text.split_terminator('\n').count(), all.tree.items.len() + all.tree.experts.len());
    prop_assert!(!msnp::info(pdu, context, all, &catalogue).contains(['\r', '\n']));
    prop_assert!(!msnp::sentence(pdu, context, all, &catalogue).is_empty());
    Ok(())
}
