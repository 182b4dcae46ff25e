//! The two placeholders a transcript may use, because JSON has no bytes and people miscount.
//!
//! - `{hex:e9ff}` stands for these bytes, which need not be UTF-8.
//! - `{len}` stands for a length: in a command line that of its payload, in a payload that of what follows the next blank line
//!   (so `Content-Length: {len}` is right).
//!
//! Any other brace is text: GUIDs are written in braces.

const HEX: &[u8] = b"{hex:";
const LEN: &[u8] = b"{len}";
const BLANK_LINE: &[u8] = b"\r\n\r\n";

/// Replaces `{hex:…}`; an odd or strange digit is a fault.
pub fn with_hex(text: &str) -> Result<Vec<u8>, String> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{hex:") {
        let (digits, after) = after.split_once('}').ok_or_else(|| "{hex: without }".to_owned())?;
        out.extend_from_slice(before.as_bytes());
        out.extend(hex(digits)?);
        rest = after;
    }
    out.extend_from_slice(rest.as_bytes());
    debug_assert!(find(&out, HEX).is_none());
    Ok(out)
}

/// Bytes of hexadecimal digits; spaces between bytes are allowed.
pub fn hex(digits: &str) -> Result<Vec<u8>, String> {
    let digits: Vec<char> = digits.chars().filter(|digit| *digit != ' ').collect();
    digits
        .chunks(2)
        .map(|pair| match pair {
            [high, low] => match (high.to_digit(16), low.to_digit(16)) {
                (Some(high), Some(low)) => u8::try_from(high * 16 + low).map_err(|error| error.to_string()),
                _ => Err(format!("{high}{low} is not hexadecimal")),
            },
            _ => Err("an odd number of hexadecimal digits".to_owned()),
        })
        .collect()
}

/// Puts the payload's length into a command line.
pub fn with_length(line: &[u8], length: usize) -> Vec<u8> {
    match find(line, LEN) {
        None => line.to_vec(),
        Some(at) => replaced(line, at, length),
    }
}

/// Puts content lengths into a payload, from the back so that inner ones are there before outer ones count them.
pub fn with_content_lengths(mut payload: Vec<u8>) -> Vec<u8> {
    while let Some(at) = find_last(&payload, LEN) {
        let after = payload.get(at..).unwrap_or_default();
        let body = find(after, BLANK_LINE).map_or(0, |blank| after.len() - blank - BLANK_LINE.len());
        payload = replaced(&payload, at, body);
    }
    payload
}

fn replaced(text: &[u8], at: usize, length: usize) -> Vec<u8> {
    let (before, rest) = text.split_at(at);
    let after = rest.get(LEN.len()..).unwrap_or_default();
    [before, length.to_string().as_bytes(), after].concat()
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len()).position(|window| window == wanted)
}

fn find_last(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len()).rposition(|window| window == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn with_hex_keeps_guids() {
        assert_eq!(with_hex("a{hex:e9 ff}b {c0ffee00}").unwrap(), b"a\xe9\xffb {c0ffee00}");
        assert!(with_hex("{hex:e}").is_err());
        assert!(with_hex("{hex:zz}").is_err());
    }

    #[test]
    fn lengths_count_bytes_after_the_blank_line() {
        assert_eq!(with_length(b"MSG 1 A {len}\r\n", 12), b"MSG 1 A 12\r\n");
        assert_eq!(with_content_lengths(b"A: {len}\r\n\r\nfour".to_vec()), b"A: 4\r\n\r\nfour");
        assert_eq!(with_content_lengths(b"A: {len}\r\n".to_vec()), b"A: 0\r\n");
    }
}
