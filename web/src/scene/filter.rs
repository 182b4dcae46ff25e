//! An expression in its colours: runs of characters that look alike.

use crate::protocol::filter::{Class, Reading};

/// A run of characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run<'t> {
    /// The characters.
    pub text: &'t str,
    /// What they are; none for blanks and for what cannot be read.
    pub class: Option<Class>,
    /// Whether they are what is wrong.
    pub wrong: bool,
}

/// The runs of an expression; a blank at its end stands for something that is missing there.
#[must_use]
pub fn runs<'t>(text: &'t str, reading: Option<&Reading>) -> Vec<Run<'t>> {
    let Some(reading) = reading else { return vec![Run { text, class: None, wrong: false }] };
    let fault = reading.fault.as_ref().map(|fault| (fault.start as usize, fault.end as usize));
    let pieces = reading.pieces.iter().map(|piece| (piece.start as usize, piece.end as usize, piece.class));
    let mut edges = vec![0, text.len()];
    edges.extend(pieces.clone().flat_map(|(start, end, _)| [start, end]));
    edges.extend(fault.iter().flat_map(|(start, end)| [*start, *end]));
    edges.retain(|edge| text.is_char_boundary(*edge));
    edges.sort_unstable();
    edges.dedup();
    let within = |start: usize, end: usize, at: usize| (start..end).contains(&at);
    let run = |(start, end): (&usize, &usize)| Run {
        text: text.get(*start..*end).unwrap_or_default(),
        class: pieces.clone().find(|(from, to, _)| within(*from, *to, *start)).map(|(.., class)| class),
        wrong: fault.is_some_and(|(from, to)| within(from, to, *start)),
    };
    let mut runs = edges.iter().zip(edges.iter().skip(1)).map(run).collect::<Vec<_>>();
    if fault.is_some_and(|(start, end)| start == end) {
        runs.push(Run { text: " ", class: None, wrong: true });
    }
    runs
}

/// The byte at which the UTF-16 unit of this number stands: browsers count in these.
#[must_use]
pub fn byte_of(text: &str, units: u32) -> usize {
    let mut left = units as usize;
    for (at, character) in text.char_indices() {
        if left == 0 {
            return at;
        }
        left = left.saturating_sub(character.len_utf16());
    }
    text.len()
}

/// The number of the UTF-16 unit that stands at this byte.
#[must_use]
pub fn units_of(text: &str, byte: usize) -> u32 {
    let before = text.get(..byte).unwrap_or(text);
    u32::try_from(before.encode_utf16().count()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::filter::{Fault, Piece};

    fn piece(start: u32, end: u32, class: Class) -> Piece {
        Piece { start, end, class }
    }

    fn shown(text: &str, reading: &Reading) -> String {
        let mark = |run: Run<'_>| match (run.class, run.wrong) {
            (_, true) => format!("[{}]", run.text),
            (Some(_), _) => format!("<{}>", run.text),
            (None, _) => run.text.to_owned(),
        };
        runs(text, Some(reading)).into_iter().map(mark).collect()
    }

    #[test]
    fn pieces_and_faults_are_runs_of_their_own() {
        let pieces = vec![piece(0, 4, Class::Field), piece(5, 7, Class::Operator)];
        let good = Reading { pieces, ..Reading::default() };
        assert_eq!(shown("verb == è", &good), "<verb> <==> è");
        let at = |start, end| Some(Fault { start, end, sentence: String::new() });
        assert_eq!(shown("verb == è", &Reading { fault: at(0, 4), ..good.clone() }), "[verb] <==> è");
        assert_eq!(shown("verb == ", &Reading { fault: at(8, 8), ..good }), "<verb> <==> [ ]");
        assert_eq!(runs("è", None).len(), 1);
    }

    #[test]
    fn places_are_counted_as_browsers_do() {
        let text = "aè😀b";
        assert_eq!([0, 1, 2, 4, 5, 9].map(|units| byte_of(text, units)), [0, 1, 3, 7, 8, 8]);
        assert_eq!([0, 1, 3, 7, 8].map(|byte| units_of(text, byte)), [0, 1, 2, 4, 5]);
    }
}
