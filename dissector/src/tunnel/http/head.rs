//! The head of a message: `start-line CRLF *( header CRLF ) CRLF` (RFC 9112), read by `httparse`.

use httparse::{EMPTY_HEADER, Header, ParserConfig, Status};

/// A head longer than this is not waited for.
pub const HEAD_CEILING: usize = 64 * 1024;
/// Headers of one message; with more, it is not read as HTTP.
pub const HEADERS: usize = 128;
/// Longest method that is taken for one.
const METHOD_CEILING: usize = 16;

/// Which messages travel in a direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// From the client.
    Requests,
    /// From the server.
    Responses,
}

/// The first line of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start<'a> {
    /// `method SP target SP version`
    Request {
        /// What is to be done, such as `POST`.
        method: &'a str,
        /// To what: a path, or a whole URI.
        target: &'a str,
    },
    /// `version SP code SP reason`
    Response {
        /// Three digits; 200 is success.
        code: u16,
    },
}

/// The head of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head<'a> {
    /// All its bytes, with the empty line.
    pub bytes: &'a [u8],
    /// Its first line.
    pub start: Start<'a>,
    headers: Vec<(&'a str, &'a [u8])>,
}

impl<'a> Head<'a> {
    /// Reads a whole head; `None` when it is not one.
    #[must_use]
    pub fn read(kind: Kind, bytes: &'a [u8]) -> Option<Self> {
        let mut headers = [EMPTY_HEADER; HEADERS];
        let mut lenient = ParserConfig::default();
        lenient
            .allow_spaces_after_header_name_in_responses(true)
            .allow_obsolete_multiline_headers_in_responses(true)
            .allow_multiple_spaces_in_request_line_delimiters(true)
            .allow_multiple_spaces_in_response_status_delimiters(true)
            .ignore_invalid_headers_in_requests(true)
            .ignore_invalid_headers_in_responses(true);
        let (start, headers) = match kind {
            Kind::Requests => {
                let mut request = httparse::Request::new(&mut headers);
                let Ok(Status::Complete(_)) = lenient.parse_request(&mut request, bytes) else { return None };
                (Start::Request { method: request.method?, target: request.path? }, pairs(request.headers))
            }
            Kind::Responses => {
                let mut response = httparse::Response::new(&mut headers);
                let Ok(Status::Complete(_)) = lenient.parse_response(&mut response, bytes) else { return None };
                (Start::Response { code: response.code? }, pairs(response.headers))
            }
        };
        Some(Self { bytes, start, headers })
    }

    /// The value of a header; names are alike in any case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&'a [u8]> {
        self.headers.iter().find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim_ascii())
    }

    /// Whether a header's value holds `word`, in any case.
    #[must_use]
    pub fn says(&self, name: &str, word: &str) -> bool {
        self.header(name).is_some_and(|value| holds(value, word.as_bytes()))
    }

    /// The length that it promises for its body.
    #[must_use]
    pub fn length(&self) -> Option<u64> {
        std::str::from_utf8(self.header("Content-Length")?).ok()?.parse().ok()
    }
}

fn pairs<'a>(headers: &[Header<'a>]) -> Vec<(&'a str, &'a [u8])> {
    headers.iter().map(|header| (header.name, header.value)).collect()
}

/// Whether `word` stands in `text`, in any case.
pub(crate) fn holds(text: &[u8], word: &[u8]) -> bool {
    text.windows(word.len().max(1)).any(|window| window.eq_ignore_ascii_case(word))
}

/// Where in a line a message may start: a message follows a body, and a body need not end in a line end. Looks at the
/// line's length once, however many false starts it has.
pub(super) fn start_in(line: &[u8], kind: Kind) -> Option<usize> {
    let text = line.trim_ascii_end();
    match kind {
        Kind::Requests => {
            let mut words = text.rsplitn(3, |byte| *byte == b' ');
            let (version, target, before) = (words.next()?, words.next()?, words.next()?);
            if !is_version(version) || target.is_empty() {
                return None;
            }
            let method = before.iter().rev().take_while(|byte| byte.is_ascii_uppercase()).count();
            // Behind other capital letters only a method that is known for sure.
            let certain = [&b"POST"[..], b"GET", b"CONNECT"].into_iter().find(|known| before.ends_with(known));
            match certain {
                Some(known) => Some(before.len() - known.len()),
                None => (1..=METHOD_CEILING).contains(&method).then(|| before.len() - method),
            }
        }
        Kind::Responses => memchr::memmem::find_iter(text, b"HTTP/1.").find(|at| {
            let rest = text.get(*at..).unwrap_or_default();
            let status = |rest: &[u8]| rest.get(..3).is_some_and(|code| code.iter().all(u8::is_ascii_digit));
            is_version(rest.get(..8).unwrap_or_default()) && rest.get(9..).is_some_and(status)
        }),
    }
}

fn is_version(word: &[u8]) -> bool {
    matches!(word, b"HTTP/1.0" | b"HTTP/1.1")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_start_anywhere_in_a_line() {
        let requests: &[(&[u8], Option<usize>)] = &[
            (b"POST /gateway/gateway.dll HTTP/1.1\r\n", Some(0)),
            (b"hello<ml/>POST http://x/gateway.dll?a=b HTTP/1.0\n", Some(10)),
            (b"XYZPOST / HTTP/1.1\r\n", Some(3)),
            (b"OPTIONS * HTTP/1.1\r\n", Some(0)),
            (b"MSG 4 A HTTP/1.1 12\r\n", None),
            (b"\r\n", None),
        ];
        for (line, want) in requests {
            assert_eq!(start_in(line, Kind::Requests), *want, "{}", line.escape_ascii());
        }
        let responses: &[(&[u8], Option<usize>)] = &[
            (b"HTTP/1.1 200 OK\r\n", Some(0)),
            (b"HTTP/1.HTTP/1.1 xHTTP/1.0 404\r\n", Some(17)),
            (b"HTTP/1.1 2xx\r\n", None),
            (b"see HTTP/1.1\r\n", None),
        ];
        for (line, want) in responses {
            assert_eq!(start_in(line, Kind::Responses), *want, "{}", line.escape_ascii());
        }
    }

    #[test]
    fn names_of_headers_are_alike_in_any_case() {
        let bytes = b"HTTP/1.1 200 OK\r\ncontent-LENGTH:  13 \r\nX-MSN-Messenger: SessionID=1\r\nbroken header\r\n\r\n";
        let head = Head::read(Kind::Responses, bytes).unwrap();
        assert_eq!((head.start, head.length()), (Start::Response { code: 200 }, Some(13)));
        assert_eq!(head.header("x-msn-messenger"), Some(&b"SessionID=1"[..]));
        assert_eq!(Head::read(Kind::Requests, bytes), None);
    }
}
