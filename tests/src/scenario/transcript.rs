//! The transcript: NDJSON, one command per line, and what can be asked of it.
//!
//! | key | meaning |
//! |---|---|
//! | `scenario` | only in the first line, which has nothing else: [`Scenario`] |
//! | `session`, `title` | which conversation the line belongs to; optional |
//! | `n` | 1-based number of the command; optional, checked when there |
//! | `connection`, `dir` | name of the connection; `C>S` or `S>C` |
//! | `line` | the command line with its CR LF; placeholders `{len}` and `{hex:…}` |
//! | `payload`, `payload_base64`, `payload_hex`, `payload_random`, `p2p` | the payload's parts, in this order: text, bytes, bytes, so many seeded bytes, a P2P packet |
//! | `payload_bytes` | length of the payload; optional, checked when there |
//! | `after_ms` | pause before the line; without it a line follows its predecessor in the same segment, or answers it at once |
//! | `split_at` | offsets in line + payload at which a segment must end |
//! | `exchange` | in a line of its own: a whole dialogue between two programs, [`Exchange`] |
//! | `defect` | what is wrong with this line on purpose; only then may its length lie or its line end be missing |

use super::error::ScenarioError;
use super::options::{Carries, Scenario};
use super::packet::Direction;
use super::random::Random;
use super::{Exchange, Sent, p2p, text};
use base64::Engine;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

/// A scenario and the commands in it.
#[derive(Debug, Clone)]
pub struct Transcript {
    /// What to build around the commands.
    pub scenario: Scenario,
    /// Every line, in order of time.
    pub lines: Vec<Line>,
    /// What was sent in the exchanges.
    pub sent: Vec<Sent>,
}

/// One command as it goes over the wire.
#[derive(Debug, Clone)]
pub struct Line {
    /// 1-based number.
    pub number: usize,
    /// Name of the connection.
    pub connection: String,
    /// Which way it goes.
    pub direction: Direction,
    /// The command line, with its line end.
    pub line: Vec<u8>,
    /// The payload; empty when there is none.
    pub payload: Vec<u8>,
    /// Pause before it, in milliseconds.
    pub after_ms: Option<u64>,
    /// Offsets in line and payload at which a segment ends.
    pub split_at: Vec<usize>,
    /// What is wrong with it on purpose.
    pub defect: Option<String>,
}

/// What a dissector must find: one MSNP command of the transcript.
#[derive(Debug, Clone, Copy)]
pub struct Command<'a> {
    /// 1-based number in the transcript.
    pub number: usize,
    /// Name of the connection.
    pub connection: &'a str,
    /// Which way it goes.
    pub direction: Direction,
    /// The command line, with its line end.
    pub line: &'a [u8],
    /// The payload; empty when there is none.
    pub payload: &'a [u8],
    /// What is wrong with it on purpose; its boundaries are then not what a reader would see.
    pub defect: Option<&'a str>,
}

impl Transcript {
    /// Reads `transcript.jsonl` in a case's folder.
    ///
    /// # Errors
    /// When the file cannot be read or has a fault.
    pub fn read(case: &Path) -> Result<Self, ScenarioError> {
        let path = case.join("transcript.jsonl");
        let text = std::fs::read_to_string(&path)
            .map_err(|error| ScenarioError::Io(path.to_string_lossy().into_owned(), error))?;
        Self::parse_in(&text, Some(case))
    }

    /// Parses a transcript that needs no files beside it.
    ///
    /// # Errors
    /// When a line has a fault.
    pub fn parse(text: &str) -> Result<Self, ScenarioError> {
        Self::parse_in(text, None)
    }

    /// Parses a file of several transcripts told apart by `session`: pairs of session name and transcript.
    ///
    /// # Errors
    /// When a line has a fault.
    pub fn parse_sessions(text: &str) -> Result<Vec<(String, Self)>, ScenarioError> {
        let mut sessions: Vec<(String, Self)> = Vec::new();
        for (at, json) in numbered(text) {
            let raw: RawLine = from_json(at, json)?;
            let name = raw.session.clone().unwrap_or_default();
            if sessions.last().is_none_or(|(last, _)| *last != name) {
                sessions.push((name, Self { scenario: Scenario::default(), lines: Vec::new(), sent: Vec::new() }));
            }
            let Some((_, transcript)) = sessions.last_mut() else { continue };
            let line = raw.resolve(transcript.lines.len() + 1, &transcript.scenario, None);
            transcript.lines.push(line.map_err(|fault| ScenarioError::Line(at, fault))?);
        }
        Ok(sessions)
    }

    /// Adds all lines of an exchange. `folder` is where files lie.
    ///
    /// # Errors
    /// When the exchange asks for something impossible, told in words.
    pub fn exchange(&mut self, exchange: &Exchange, folder: Option<&Path>) -> Result<(), String> {
        let (lines, sent) = exchange.expand(self.lines.len() + 1, folder)?;
        self.lines.extend(lines);
        self.sent.extend(sent);
        Ok(())
    }

    /// The MSNP commands in order of time, as a dissector must find them in a whole capture.
    pub fn commands(&self) -> impl Iterator<Item = Command<'_>> {
        self.lines.iter().filter(|line| self.is_msnp(&line.connection)).map(|line| Command {
            number: line.number,
            connection: &line.connection,
            direction: line.direction,
            line: &line.line,
            payload: &line.payload,
            defect: line.defect.as_deref(),
        })
    }

    fn is_msnp(&self, connection: &str) -> bool {
        self.scenario.connections.get(connection).is_none_or(|options| options.carries == Carries::Msnp)
    }

    fn parse_in(text: &str, folder: Option<&Path>) -> Result<Self, ScenarioError> {
        let mut rows = numbered(text).peekable();
        let scenario = match rows.peek() {
            Some((at, json)) if json.trim_start().starts_with(r#"{"scenario""#) => {
                let first: FirstLine = from_json(*at, json)?;
                rows.next();
                first.scenario
            }
            _ => Scenario::default(),
        };
        let mut transcript = Self { scenario, lines: Vec::new(), sent: Vec::new() };
        for (at, json) in rows {
            if json.trim_start().starts_with(r#"{"exchange""#) {
                let whole: WholeExchange = from_json(at, json)?;
                transcript.exchange(&whole.exchange, folder).map_err(|fault| ScenarioError::Line(at, fault))?;
                continue;
            }
            let raw: RawLine = from_json(at, json)?;
            let line = raw.resolve(transcript.lines.len() + 1, &transcript.scenario, folder);
            transcript.lines.push(line.map_err(|fault| ScenarioError::Line(at, fault))?);
        }
        Ok(transcript)
    }
}

/// The MSNP bytes of each connection and direction, as whole TCP streams.
#[must_use]
pub fn stream_bytes(transcript: &Transcript) -> BTreeMap<(String, Direction), Vec<u8>> {
    let mut streams: BTreeMap<(String, Direction), Vec<u8>> = BTreeMap::new();
    for command in transcript.commands() {
        let stream = streams.entry((command.connection.to_owned(), command.direction)).or_default();
        stream.extend_from_slice(command.line);
        stream.extend_from_slice(command.payload);
    }
    streams
}

fn numbered(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()).map(|(index, line)| (index + 1, line))
}

fn from_json<'a, T: Deserialize<'a>>(at: usize, json: &'a str) -> Result<T, ScenarioError> {
    serde_json::from_str(json).map_err(|error| ScenarioError::Line(at, error.to_string()))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FirstLine {
    scenario: Scenario,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WholeExchange {
    exchange: Exchange,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLine {
    session: Option<String>,
    #[serde(rename = "title")]
    _title: Option<String>,
    n: Option<usize>,
    connection: String,
    dir: Direction,
    #[serde(default)]
    line: String,
    payload: Option<String>,
    payload_base64: Option<String>,
    payload_hex: Option<String>,
    payload_random: Option<usize>,
    p2p: Option<p2p::Chunk>,
    payload_bytes: Option<usize>,
    after_ms: Option<u64>,
    #[serde(default)]
    split_at: Vec<usize>,
    defect: Option<String>,
}

impl RawLine {
    fn resolve(self, number: usize, scenario: &Scenario, folder: Option<&Path>) -> Result<Line, String> {
        if self.n.is_some_and(|claimed| claimed != number) {
            return Err(format!("this is command {number}, not {:?}", self.n));
        }
        let payload = self.payload_parts(number, scenario.seed, folder)?;
        if self.payload_bytes.is_some_and(|claimed| claimed != payload.len()) {
            return Err(format!("the payload has {} bytes, not {:?}", payload.len(), self.payload_bytes));
        }
        let line = text::with_length(&text::with_hex(&self.line)?, payload.len());
        let msnp = scenario.connections.get(&self.connection).is_none_or(|options| options.carries == Carries::Msnp);
        if msnp && self.defect.is_none() {
            check_length(&line, payload.len())?;
        }
        Ok(Line {
            number,
            connection: self.connection,
            direction: self.dir,
            line,
            payload,
            after_ms: self.after_ms,
            split_at: self.split_at,
            defect: self.defect,
        })
    }

    fn payload_parts(&self, number: usize, seed: u64, folder: Option<&Path>) -> Result<Vec<u8>, String> {
        let mut payload = text::with_content_lengths(text::with_hex(self.payload.as_deref().unwrap_or_default())?);
        if let Some(coded) = &self.payload_base64 {
            let bytes = base64::engine::general_purpose::STANDARD.decode(coded);
            payload.extend(bytes.map_err(|error| error.to_string())?);
        }
        if let Some(digits) = &self.payload_hex {
            payload.extend(text::hex(digits)?);
        }
        if let Some(count) = self.payload_random {
            Random::named(seed, &number.to_string()).fill(&mut payload, count);
        }
        if let Some(chunk) = &self.p2p {
            payload.extend(chunk.bytes(folder)?);
        }
        Ok(payload)
    }
}

/// A command without a stated defect ends in CR LF, and its last word is the length of its payload, if it has one.
fn check_length(line: &[u8], length: usize) -> Result<(), String> {
    let words = line.strip_suffix(b"\r\n").ok_or("the line does not end in CR LF")?;
    if length == 0 {
        return Ok(());
    }
    let last = words.rsplit(|byte| *byte == b' ').next().unwrap_or_default();
    if last == length.to_string().as_bytes() {
        return Ok(());
    }
    Err(format!("the payload has {length} bytes, the line says {}", String::from_utf8_lossy(last)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(json: &str) -> String {
        Transcript::parse(json).map_or_else(|error| error.to_string(), |_| String::new())
    }

    #[test]
    fn a_wrong_length_needs_a_defect() {
        let line =
            |rest: &str| format!(r#"{{"connection":"NS","dir":"C>S","line":"UUX 1 3\r\n","payload":"four"{rest}}}"#);
        assert_eq!(fault(&line("")), "transcript line 1: the payload has 4 bytes, the line says 3");
        assert_eq!(fault(&line(r#","defect":"one byte short""#)), "");
        assert!(fault(&line(r#","payload_bytes":3"#)).contains("4 bytes, not Some(3)"));
    }

    #[test]
    fn a_misspelt_key_is_refused() {
        assert!(fault(r#"{"scenario":{"round_trip":3}}"#).contains("unknown field `round_trip`"));
        assert!(
            fault(r#"{"connection":"NS","dir":"C>S","line":"OUT\r\n","after":3}"#).contains("unknown field `after`")
        );
    }

    #[test]
    fn sessions_are_told_apart() {
        let text = concat!(
            r#"{"session":"a","n":1,"connection":"NS","dir":"C>S","line":"PNG\r\n","payload":null,"payload_bytes":0}"#,
            "\n",
            r#"{"session":"b","n":1,"connection":"NS","dir":"S>C","line":"NOT 2\r\n","payload":"<>","payload_bytes":2}"#,
        );
        let sessions = Transcript::parse_sessions(text).unwrap();
        let streams: Vec<_> = sessions.iter().map(|(name, one)| (name.as_str(), stream_bytes(one))).collect();
        assert_eq!(streams.len(), 2);
        assert_eq!(streams[1].0, "b");
        assert_eq!(streams[1].1[&("NS".to_owned(), Direction::ToClient)], b"NOT 2\r\n<>");
    }
}
