//! Framing: where one command ends and the next begins. The only file that deals with "need more bytes".
//!
//! A command is a line, and for some verbs a payload of as many bytes as the line's last word says. Which verbs, depends
//! on the direction and never on the dialect. Source: protocol reference, commands, section 3; checked there against
//! recordings of the old service and of present-day servers.

use super::{Direction, Verb};

/// A line longer than this is not waited for. (The longest real ones, circle tickets, stay below 16 KiB.)
pub const LINE_CEILING: usize = 64 * 1024;

/// A payload longer than this is not waited for: real ones stay below 64 KiB.
pub const PAYLOAD_CEILING: usize = 1024 * 1024;

/// Places inside one line that are tried as the start of a command; looking at each costs the length of the line.
const INSIDE_CEILING: usize = 64;

/// Whether the last command ended where this one begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sync {
    /// It did: any line is a command, however odd.
    Kept,
    /// Not known: only a credible command counts as one.
    Lost,
}

/// What stands at the start of some bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Frame {
    /// Not all there yet: `Some(total)` bytes in all are needed, or, without a line end, nobody knows.
    Needs(Option<usize>),
    /// A line without words: pass over it, it is no PDU.
    Blank(usize),
    /// A command: `line` bytes with the line end, then `payload` bytes.
    Command {
        /// Bytes of the line, with its line end.
        line: usize,
        /// Bytes of the payload.
        payload: usize,
    },
    /// So many bytes are no command.
    Skip(usize),
}

/// Says what stands at the start of `bytes`. The answer depends only on the bytes up to the end of the frame, so it is
/// the same however the stream was cut into pieces.
#[must_use]
pub fn frame(bytes: &[u8], direction: Direction, sync: Sync) -> Frame {
    let window = bytes.get(..LINE_CEILING).unwrap_or(bytes);
    let Some(line_feed) = memchr::memchr(b'\n', window) else {
        return if bytes.len() >= LINE_CEILING { Frame::Skip(LINE_CEILING) } else { Frame::Needs(None) };
    };
    let line = line_feed + 1;
    let whole_line = window.get(..line).unwrap_or_default();
    let text = without_line_end(whole_line);
    if text.iter().all(|b| *b == b' ') {
        return Frame::Blank(line);
    }
    let plausible = match sync {
        Sync::Kept => may_be_command(text),
        Sync::Lost => is_credible(text, direction),
    };
    if !plausible {
        match (credible_inside(text, direction), sync) {
            (Some(offset), _) => return Frame::Skip(offset),
            (None, Sync::Lost) => return Frame::Skip(line),
            (None, Sync::Kept) => {}
        }
    }
    let payload = announced(whole_line, direction);
    if payload > PAYLOAD_CEILING {
        return Frame::Command { line, payload: 0 };
    }
    match line.saturating_add(payload) {
        total if total <= bytes.len() => Frame::Command { line, payload },
        total => Frame::Needs(Some(total)),
    }
}

/// How many bytes of payload a line promises; saturates at the largest number there is.
#[must_use]
pub fn announced(line: &[u8], direction: Direction) -> usize {
    let text = trimmed(without_line_end(line));
    let (Some(first), Some(last)) = (memchr::memchr(b' ', text), memchr::memrchr(b' ', text)) else { return 0 };
    let (verb, last) = (text.get(..first).unwrap_or_default(), text.get(last + 1..).unwrap_or_default());
    if !last.iter().all(u8::is_ascii_digit) || !carries_payload(verb, text, direction) {
        return 0;
    }
    last.iter().fold(0usize, |n, digit| n.saturating_mul(10).saturating_add(usize::from(digit - b'0')))
}

fn carries_payload(verb: &[u8], text: &[u8], direction: Direction) -> bool {
    let Some(verb) = Verb::parse(verb) else { return false };
    if verb.is_error() {
        return direction != Direction::ToServer && words(text).nth(2).is_some();
    }
    let Some(decl) = verb.decl() else { return false };
    let (to_server, to_client) = (decl.to_server.as_ref(), decl.to_client.as_ref());
    match direction {
        Direction::ToServer => to_server.is_some_and(|s| s.payload),
        Direction::ToClient => to_client.is_some_and(|s| s.payload),
        Direction::Unknown => {
            let rest = words(text).skip(1).collect::<Vec<_>>();
            [to_server, to_client].into_iter().flatten().any(|s| s.payload && s.accepts(&rest))
        }
    }
}

/// The words of a line: what stands between spaces.
pub fn words(text: &[u8]) -> impl Iterator<Item = &[u8]> + Clone {
    text.split(|b| *b == b' ').filter(|word| !word.is_empty())
}

/// A line without the spaces around it.
fn trimmed(mut text: &[u8]) -> &[u8] {
    while let [b' ', rest @ ..] | [rest @ .., b' '] = text {
        text = rest;
    }
    text
}

/// A line without its LF and without the one CR before it.
#[must_use]
pub fn without_line_end(line: &[u8]) -> &[u8] {
    match line {
        [text @ .., b'\r', b'\n'] | [text @ .., b'\r' | b'\n'] => text,
        text => text,
    }
}

/// True when a line starts like a command: three capital letters or digits, then a space or the end.
fn may_be_command(text: &[u8]) -> bool {
    let mut words = words(text);
    words
        .next()
        .is_some_and(|w| w.len() == 3 && (w.iter().all(u8::is_ascii_uppercase) || w.iter().all(u8::is_ascii_digit)))
}

/// True when a line is a known command with arguments that fit: safe to resynchronise on.
#[must_use]
pub fn is_credible(text: &[u8], direction: Direction) -> bool {
    let mut all = words(text);
    let Some(verb) = all.next().and_then(Verb::parse) else { return false };
    if text.first() == Some(&b' ') {
        return false;
    }
    let rest = all.collect::<Vec<_>>();
    if verb.is_error() {
        // An error without a TrID could be any number; text after the TrID is rare. Neither is worth the risk here.
        let digits = |w: &&[u8]| w.iter().all(u8::is_ascii_digit);
        return direction != Direction::ToServer && matches!(rest.len(), 1 | 2) && rest.iter().all(digits);
    }
    let Some(decl) = verb.decl() else { return false };
    let fits = |shape: Option<&super::Shape>| {
        shape.is_some_and(|s| s.accepts(&rest) && announced(text, direction) <= PAYLOAD_CEILING)
    };
    match direction {
        Direction::ToServer => fits(decl.to_server.as_ref()),
        Direction::ToClient => fits(decl.to_client.as_ref()),
        Direction::Unknown => fits(decl.to_server.as_ref()) || fits(decl.to_client.as_ref()),
    }
}

/// Where inside a line a credible command starts: payloads end without a line end, so a command may follow one directly.
fn credible_inside(text: &[u8], direction: Direction) -> Option<usize> {
    let starts_known_verb = |offset: &usize| {
        let Some([verb @ .., b' ']) = text.get(*offset..*offset + 4) else { return false };
        // “OUT” and “PNG” alone are too common as ends of words.
        verb.iter().all(u8::is_ascii_uppercase) && Verb::parse(verb).and_then(Verb::decl).is_some()
    };
    let mut places = (1..text.len().saturating_sub(2)).filter(starts_known_verb).take(INSIDE_CEILING);
    places.find(|offset| is_credible(text.get(*offset..).unwrap_or_default(), direction))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(mut bytes: &[u8], direction: Direction) -> Vec<(String, usize)> {
        let mut out = Vec::new();
        loop {
            match frame(bytes, direction, Sync::Kept) {
                Frame::Needs(_) => return out,
                Frame::Blank(n) | Frame::Skip(n) => bytes = &bytes[n..],
                Frame::Command { line, payload } => {
                    let verb = words(&bytes[..line]).next().unwrap();
                    out.push((String::from_utf8_lossy(verb).trim().to_owned(), payload));
                    bytes = &bytes[line + payload..];
                }
            }
        }
    }

    #[test]
    fn a_number_at_the_end_is_a_length_only_where_the_verb_says_so() {
        let stream = b"QRY 7\r\nQNG 50\r\nCHL 0 15570131571988941333\r\nUBX bob@example.com 2\r\nhiACK 7\r\n";
        let got = all(stream, Direction::ToClient);
        let want = [("QRY", 0), ("QNG", 0), ("CHL", 0), ("UBX", 2), ("ACK", 0)];
        assert_eq!(got, want.map(|(v, n)| (v.to_owned(), n)));
    }

    #[test]
    fn an_absurd_length_is_not_waited_for() {
        let got = all(b"MSG bob@example.com Bob 99999999999999999999999999\r\nQNG 5\r\n", Direction::ToClient);
        assert_eq!(got, [("MSG".to_owned(), 0), ("QNG".to_owned(), 0)]);
    }

    #[test]
    fn after_a_loss_only_a_credible_command_counts() {
        let bytes = b"half a payload with LST words\r\nhelloMSG bob@example.com Bob 2\r\nhi";
        assert_eq!(frame(bytes, Direction::ToClient, Sync::Lost), Frame::Skip(31));
        assert_eq!(frame(&bytes[31..], Direction::ToClient, Sync::Lost), Frame::Skip(5));
        assert_eq!(frame(&bytes[36..], Direction::ToClient, Sync::Lost), Frame::Command { line: 27, payload: 2 });
    }

    #[test]
    fn a_line_without_end_is_let_go_at_the_ceiling() {
        let bytes = vec![b'A'; LINE_CEILING + 7];
        assert_eq!(frame(&bytes, Direction::ToClient, Sync::Kept), Frame::Skip(LINE_CEILING));
        assert_eq!(frame(&bytes[..100], Direction::ToClient, Sync::Kept), Frame::Needs(None));
    }
}
