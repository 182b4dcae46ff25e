//! Standard output, buffered, as text or as one JSON object per line. Where it is a terminal, long lines are folded or cut
//! to its width; what is piped is not. Text for people never steers what shows it: see [`harmless`].

use std::borrow::Cow;
use std::io::{self, BufWriter, StdoutLock, Write};

use msnp_dissector::report::json_line;
use serde::Serialize;

/// Buffered standard output.
pub struct Output {
    writer: BufWriter<StdoutLock<'static>>,
    /// Characters on a line, where there is a terminal.
    width: Option<usize>,
    error: Option<io::Error>,
}

impl Output {
    pub fn new() -> Self {
        let width = terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| width.0.into());
        let width = width.filter(|width| *width >= NARROWEST);
        Self { writer: BufWriter::with_capacity(1 << 18, io::stdout().lock()), width, error: None }
    }

    /// Writes bytes as they are: what another program reads.
    pub fn raw(&mut self, bytes: &[u8]) {
        if self.error.is_none() {
            self.error = self.writer.write_all(bytes).err();
        }
    }

    /// Writes text for people.
    pub fn text(&mut self, text: &[u8]) {
        self.raw(&harmless(text));
    }

    /// Writes lines of which long ones go on below, behind their indent, where there is a terminal.
    pub fn folded(&mut self, text: &str) {
        let folded = self.width.map_or(Cow::Borrowed(text), |width| Cow::Owned(folded(text, width)));
        self.text(folded.as_bytes());
    }

    /// Writes lines of which no more is shown than fits, where there is a terminal.
    pub fn cut(&mut self, text: &[u8]) {
        match self.width {
            Some(width) => self.text(cut(&String::from_utf8_lossy(text), width).as_bytes()),
            None => self.text(text),
        }
    }

    /// Writes one line of JSON.
    pub fn json(&mut self, record: &impl Serialize) {
        let mut line = Vec::new();
        json_line(&mut line, record);
        self.raw(&line);
    }

    /// What went wrong since the last call.
    pub fn trouble(&mut self) -> Option<io::Error> {
        self.error.take()
    }

    /// Writes what is buffered.
    pub fn finish(mut self) -> io::Result<()> {
        match self.error.take() {
            Some(error) => Err(error),
            None => self.writer.flush(),
        }
    }
}

/// The same text with an escape in place of each character that would steer a terminal: control characters other than
/// line feeds and tabs, and those that turn the direction of what follows (`U+202E` makes `gnp.exe` of `exe.png`).
fn harmless(text: &[u8]) -> Cow<'_, [u8]> {
    // All of them begin with one of these bytes, of which few texts have any.
    let suspect = |byte: &u8| matches!(byte, 0..=8 | 11..=31 | 0x7f | 0xc2 | 0xe2);
    if !text.iter().any(suspect) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for character in String::from_utf8_lossy(text).chars() {
        match character {
            '\n' | '\t' => out.push(character),
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => out.extend(character.escape_unicode()),
            _ if character.is_control() => out.extend(character.escape_default()),
            _ => out.push(character),
        }
    }
    Cow::Owned(out.into_bytes())
}

/// A terminal narrower than this wraps by itself.
const NARROWEST: usize = 40;
/// How much further what is folded stands to the right.
const HANGING: usize = 4;

/// Each line in pieces of at most `width` characters, cut at blanks where there are any.
fn folded(text: &str, width: usize) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let (body, end) = line.strip_suffix('\n').map_or((line, ""), |body| (body, "\n"));
        let indent = (body.chars().take_while(|c| *c == ' ').count() + HANGING).min(width / 2);
        let mut rest = body;
        let mut room = width;
        while let Some((fits, _)) = rest.char_indices().nth(room) {
            let head = rest.get(..fits).unwrap_or(rest);
            // A blank right behind is the best place of all.
            let behind = rest.get(fits..).is_some_and(|behind| behind.starts_with(' '));
            let words = head.trim_start_matches(' ');
            let at = if behind { None } else { words.rfind(' ').map(|at| at + head.len() - words.len()) };
            let (piece, left) = rest.split_at(at.unwrap_or(fits));
            out.push_str(piece.trim_end());
            out.push('\n');
            out.extend(std::iter::repeat_n(' ', indent));
            (rest, room) = (left.trim_start(), width - indent);
        }
        out.push_str(rest);
        out.push_str(end);
    }
    out
}

/// Each line up to `width` characters.
fn cut(text: &str, width: usize) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let body = line.strip_suffix('\n').unwrap_or(line);
        match body.char_indices().nth(width) {
            Some(_) => {
                out.extend(body.chars().take(width.saturating_sub(1)));
                out.push_str("…\n");
            }
            None => out.push_str(line),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_go_on_behind_their_indent() {
        let text = "Missing     one two three four\n  #0 five six seven eight nine\nshort\n";
        let expected = "Missing     one two\n    three four\n  #0 five six seven\n      eight nine\nshort\n";
        assert_eq!(folded(text, 20), expected);
        assert_eq!(folded("eighteen letters!! and", 18), "eighteen letters!!\n    and");
        assert_eq!(folded("àèìòùàèìòùàèìòù xy", 10), "àèìòùàèìòù\n    àèìòù\n    xy");
        assert_eq!(folded("a b\n\nc", 40), "a b\n\nc");
    }

    #[test]
    fn nothing_steers_the_terminal() {
        let text = "a\u{202e}gnp.exe \u{2067}b\u{2069} \u{1b}[2J \u{9b}1m\r\tc\n“é…”\n";
        let expected = "a\\u{202e}gnp.exe \\u{2067}b\\u{2069} \\u{1b}[2J \\u{9b}1m\\r\tc\n“é…”\n";
        assert_eq!(String::from_utf8_lossy(&harmless(text.as_bytes())), expected);
        assert!(matches!(harmless(b"plain\n"), Cow::Borrowed(_)));
    }

    #[test]
    fn what_does_not_fit_is_cut_visibly() {
        assert_eq!(cut("VER 1 MSNP8\nàèìòùàèìòùx\n", 11), "VER 1 MSNP8\nàèìòùàèìòùx\n");
        assert_eq!(cut("VER 1 MSNP8 CVR0\nOUT\n", 11), "VER 1 MSNP…\nOUT\n");
    }
}
