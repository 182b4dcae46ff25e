//! The field tree: which items are shown, which colour each has, and which one covers a byte.

use std::collections::BTreeSet;

use crate::protocol::FieldItem;

/// Colours that fields take in turn.
const COLOURS: u8 = 6;

/// An item on screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// Index of the item.
    pub item: usize,
    /// Depth in the tree.
    pub depth: u8,
    /// Whether it has children, and whether they are shown.
    pub fold: Fold,
}

/// Whether an item's children are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fold {
    /// It has none.
    Leaf,
    /// They are shown.
    Open,
    /// They are not.
    Closed,
}

/// The items to show when those in `closed` hide their children.
#[must_use]
pub fn lines(items: &[FieldItem], closed: &BTreeSet<usize>) -> Vec<Line> {
    let mut out = Vec::with_capacity(items.len());
    let mut hidden_below: Option<u8> = None;
    for (index, item) in items.iter().enumerate() {
        if hidden_below.is_some_and(|depth| item.depth > depth) {
            continue;
        }
        hidden_below = None;
        let fold = match (has_children(items, index), closed.contains(&index)) {
            (false, _) => Fold::Leaf,
            (true, false) => Fold::Open,
            (true, true) => Fold::Closed,
        };
        if fold == Fold::Closed {
            hidden_below = Some(item.depth);
        }
        out.push(Line { item: index, depth: item.depth, fold });
    }
    out
}

/// The item one level up.
#[must_use]
pub fn parent(items: &[FieldItem], index: usize) -> Option<usize> {
    let depth = items.get(index)?.depth;
    items.get(..index)?.iter().rposition(|item| item.depth < depth)
}

/// The deepest item that covers a byte of a source.
#[must_use]
pub fn innermost(items: &[FieldItem], source: u16, offset: u32) -> Option<usize> {
    items.iter().rposition(|item| !item.generated && item.range.covers(source, offset))
}

/// The colour of each item: leaves take turns in order of appearance, so neighbours always differ.
#[must_use]
pub fn colours(items: &[FieldItem]) -> Vec<Option<u8>> {
    let mut next = 0;
    let coloured = items.iter().enumerate().map(|(index, item)| {
        if item.group || item.generated || item.range.is_empty() || has_children(items, index) {
            return None;
        }
        let colour = next;
        next = (next + 1) % COLOURS;
        Some(colour)
    });
    coloured.collect()
}

fn has_children(items: &[FieldItem], index: usize) -> bool {
    match (items.get(index), items.get(index + 1)) {
        (Some(item), Some(next)) => next.depth > item.depth,
        _ => false,
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::protocol::Range;

    pub fn item(depth: u8, start: u32, end: u32) -> FieldItem {
        FieldItem {
            field: 0,
            range: Range { source: 0, start, end },
            depth,
            value: String::new(),
            label: None,
            remark: None,
            generated: false,
            group: false,
            hidden: false,
            filter: None,
        }
    }

    /// `MSG 4 A`, and a payload of two parts: 0 line, 1 verb, 2 TrID, 3 mode, 4 payload, 5 header, 6 text.
    pub fn message() -> Vec<FieldItem> {
        let shape = [(0, 0, 9), (1, 0, 3), (1, 4, 5), (1, 6, 7), (0, 9, 30), (1, 9, 20), (1, 22, 30)];
        shape.into_iter().map(|(depth, start, end)| item(depth, start, end)).collect()
    }

    #[test]
    fn closed_items_hide_everything_below() {
        let items = message();
        let shown = |closed: &[usize]| {
            lines(&items, &closed.iter().copied().collect()).iter().map(|line| line.item).collect::<Vec<_>>()
        };
        assert_eq!(shown(&[]), [0, 1, 2, 3, 4, 5, 6]);
        assert_eq!(shown(&[0]), [0, 4, 5, 6]);
        assert_eq!(shown(&[0, 4]), [0, 4]);
    }

    #[test]
    fn byte_belongs_to_the_deepest_item() {
        let items = message();
        for (offset, expected) in [(0, Some(1)), (3, Some(0)), (4, Some(2)), (21, Some(4)), (29, Some(6)), (30, None)] {
            assert_eq!(innermost(&items, 0, offset), expected, "byte {offset}");
        }
        assert_eq!(innermost(&items, 1, 0), None);
        assert_eq!(parent(&items, 6), Some(4));
        assert_eq!(parent(&items, 4), None);
    }

    #[test]
    fn leaves_take_turns_with_colours() {
        let expected = [None, Some(0), Some(1), Some(2), None, Some(3), Some(4)];
        assert_eq!(colours(&message()), expected);
    }
}
