//! Two commands side by side: fields aligned by their paths, and the bytes that differ.

use std::collections::{HashMap, HashSet};

use crate::protocol::Detail;

/// How a field stands in both commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pairing {
    /// In both, with the same value.
    Same,
    /// In both, with different values.
    Different,
    /// Only in the marked command.
    OnlyMarked,
    /// Only in the selected one.
    OnlySelected,
}

/// A field of either command or of both, by the index of its item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair {
    /// In the marked command.
    pub marked: Option<usize>,
    /// In the selected one.
    pub selected: Option<usize>,
    /// How they stand to each other.
    pub pairing: Pairing,
}

/// A field's name under those of its parents, with its place among others of the same name there.
type Path = Vec<(String, usize)>;

/// The fields of both, in the order of the marked command; what only the selected one has stands where it does there.
#[must_use]
pub fn pairs(marked: &Detail, selected: &Detail) -> Vec<Pair> {
    let (left, right) = (paths(marked), paths(selected));
    let in_left = left.iter().collect::<HashSet<_>>();
    let places = right.iter().zip(0..).collect::<HashMap<_, usize>>();
    let (mut out, mut next) = (Vec::with_capacity(left.len()), 0);
    let alone = |at: usize| Pair { marked: None, selected: Some(at), pairing: Pairing::OnlySelected };
    for (path, at) in left.iter().zip(0..) {
        let Some(other) = places.get(path).copied() else {
            out.push(Pair { marked: Some(at), selected: None, pairing: Pairing::OnlyMarked });
            continue;
        };
        // What stands before it in the selected command and nowhere in the marked one.
        while next < other {
            out.extend(right.get(next).filter(|path| !in_left.contains(path)).map(|_| alone(next)));
            next += 1;
        }
        next = next.max(other + 1);
        let pairing = if value(marked, at) == value(selected, other) { Pairing::Same } else { Pairing::Different };
        out.push(Pair { marked: Some(at), selected: Some(other), pairing });
    }
    out.extend((next..right.len()).filter(|at| right.get(*at).is_some_and(|path| !in_left.contains(path))).map(alone));
    out
}

fn paths(detail: &Detail) -> Vec<Path> {
    let mut seen = HashMap::<(Path, String), usize>::new();
    let (mut here, mut out): (Path, _) = (Vec::new(), Vec::with_capacity(detail.items.len()));
    for item in &detail.items {
        here.truncate(item.depth.into());
        let name = detail.fields.get(item.field as usize).map(|field| field.name.clone()).unwrap_or_default();
        let before = seen.entry((here.clone(), name.clone())).or_default();
        here.push((name, *before));
        *before += 1;
        out.push(here.clone());
    }
    out
}

/// What a field says; of a heading, whose parts are compared, nothing.
fn value(detail: &Detail, at: usize) -> &str {
    detail.items.get(at).filter(|item| !item.group).map_or("", |item| item.value.as_str())
}

/// How many bytes are equal at the beginning and at the end of both.
#[must_use]
pub fn equal_ends(one: &[u8], other: &[u8]) -> (usize, usize) {
    let begin = one.iter().zip(other).take_while(|(a, b)| a == b).count();
    let rest = one.len().min(other.len()) - begin;
    let end = one.iter().rev().zip(other.iter().rev()).take(rest).take_while(|(a, b)| a == b).count();
    (begin, end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{Evidence, FieldInfo, FieldItem, Moment, Range, Role};

    fn detail(items: &[(u8, &str, &str)]) -> Detail {
        let fields = items.iter().map(|(_, name, _)| FieldInfo {
            name: (*name).to_owned(),
            title: String::new(),
            explanation: String::new(),
        });
        let item = |((depth, _, value), at): (&(u8, &str, &str), u32)| FieldItem {
            field: at,
            range: Range::default(),
            depth: *depth,
            value: (*value).to_owned(),
            label: None,
            remark: None,
            generated: false,
            group: value.is_empty(),
            hidden: false,
            filter: None,
        };
        Detail {
            pdu: 1,
            verb: "MSG".to_owned(),
            trid: None,
            sentence: String::new(),
            evidence: Evidence {
                home: None,
                frame: 1.0,
                time: Moment::default(),
                stream: 0,
                role: Role::Switchboard,
                source: String::new(),
                destination: String::new(),
                answers: None,
                answered: None,
                after_gap: false,
            },
            line: 0,
            items: items.iter().zip(0..).map(item).collect(),
            fields: fields.collect(),
            experts: Vec::new(),
            sources: Vec::new(),
            packet: None,
        }
    }

    fn told(left: &[(u8, &str, &str)], right: &[(u8, &str, &str)]) -> Vec<(Option<usize>, Option<usize>, Pairing)> {
        let pairs = pairs(&detail(left), &detail(right));
        pairs.into_iter().map(|pair| (pair.marked, pair.selected, pair.pairing)).collect()
    }

    #[test]
    fn fields_meet_by_their_paths() {
        let left = [(0, "verb", "MSG"), (0, "mime", ""), (1, "type", "text"), (1, "font", "Arial"), (0, "text", "hi")];
        let right = [(0, "verb", "MSG"), (0, "trid", "7"), (0, "mime", ""), (1, "type", "ink"), (0, "text", "hi")];
        let expected = [
            (Some(0), Some(0), Pairing::Same),
            (None, Some(1), Pairing::OnlySelected),
            (Some(1), Some(2), Pairing::Same),
            (Some(2), Some(3), Pairing::Different),
            (Some(3), None, Pairing::OnlyMarked),
            (Some(4), Some(4), Pairing::Same),
        ];
        assert_eq!(told(&left, &right), expected);
    }

    #[test]
    fn of_fields_that_repeat_the_first_meets_the_first() {
        let expected = [
            (Some(0), Some(0), Pairing::Same),
            (Some(1), Some(1), Pairing::Different),
            (None, Some(2), Pairing::OnlySelected),
        ];
        assert_eq!(told(&[(0, "a", "1"), (0, "a", "2")], &[(0, "a", "1"), (0, "a", "3"), (0, "a", "2")]), expected);
        // The same fields in another order are each told once.
        let turned = told(&[(0, "a", "1"), (0, "b", "2")], &[(0, "b", "2"), (0, "a", "1")]);
        assert_eq!(turned, [(Some(0), Some(1), Pairing::Same), (Some(1), Some(0), Pairing::Same)]);
    }

    #[test]
    fn equal_bytes_are_counted_once() {
        assert_eq!(equal_ends(b"VER 1 MSNP8", b"VER 2 MSNP8"), (4, 6));
        assert_eq!(equal_ends(b"aaa", b"aaaa"), (3, 0));
        assert_eq!(equal_ends(b"", b"x"), (0, 0));
        assert_eq!(equal_ends(b"abc", b"abc"), (3, 0));
    }
}
