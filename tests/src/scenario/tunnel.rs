//! Lines of connections that do not travel by themselves, turned into lines of those that carry them.
//!
//! In comes a transcript whose connections may ask for a gateway or a proxy; out comes one in which every line is as it
//! stands on a TCP connection. Nothing is taken from the dissector: this is the other side's reading of the same pages.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::net::Ipv4Addr;

use super::error::ScenarioError;
use super::options::{Gateway, Proxy, ProxyKind};
use super::packet::Direction;
use super::transcript::{Line, Transcript};

/// Name of the gateway in requests that open a session.
const GATEWAY: &str = "gateway.messenger.hotmail.com";
/// Polls in one silence.
const POLLS: u64 = 3;

/// Wraps every connection that asks for it.
pub fn wrap(transcript: &Transcript) -> Result<Transcript, ScenarioError> {
    let mut wrapper = Wrapper { lines: Vec::new(), sessions: BTreeMap::new(), asked: Vec::new(), transcript };
    let mut body: Option<Body<'_>> = None;
    for line in &transcript.lines {
        let follows = line.after_ms.is_none() && line.defect.is_none();
        let Some(gateway) = wrapper.gateway(&line.connection) else {
            wrapper.send(body.take())?;
            wrapper.put(line.clone())?;
            continue;
        };
        match &mut body {
            Some(body) if follows && body.connection == line.connection && body.direction == line.direction => {
                body.add(line);
            }
            _ => {
                wrapper.send(body.take())?;
                let mut begun = Body {
                    connection: &line.connection,
                    gateway,
                    direction: line.direction,
                    number: line.number,
                    after_ms: line.after_ms,
                    bytes: Vec::new(),
                    cuts: Vec::new(),
                };
                begun.add(line);
                body = Some(begun);
            }
        }
    }
    wrapper.send(body.take())?;
    wrapper.close()?;
    Ok(Transcript { scenario: transcript.scenario.clone(), lines: wrapper.lines, sent: transcript.sent.clone() })
}

/// What goes into one message, or several where it is to be cut.
struct Body<'t> {
    connection: &'t str,
    gateway: &'t Gateway,
    direction: Direction,
    number: usize,
    after_ms: Option<u64>,
    bytes: Vec<u8>,
    cuts: Vec<usize>,
}

impl Body<'_> {
    fn add(&mut self, line: &Line) {
        let base = self.bytes.len();
        self.cuts.extend(line.split_at.iter().map(|cut| base + cut));
        self.bytes.extend_from_slice(&line.line);
        self.bytes.extend_from_slice(&line.payload);
    }
}

/// Where a session stands.
#[derive(Default)]
struct Session {
    messages: usize,
    responses: u64,
    /// A request waits for its response, on this connection.
    waiting: Option<String>,
}

struct Wrapper<'t> {
    lines: Vec<Line>,
    sessions: BTreeMap<&'t str, Session>,
    /// Connections whose proxy has been asked.
    asked: Vec<String>,
    transcript: &'t Transcript,
}

impl<'t> Wrapper<'t> {
    fn gateway(&self, connection: &str) -> Option<&'t Gateway> {
        self.transcript.scenario.connections.get(connection)?.gateway.as_ref()
    }

    fn send(&mut self, body: Option<Body<'t>>) -> Result<(), ScenarioError> {
        let Some(Body { connection, gateway, direction, number, after_ms, bytes, cuts }) = body else { return Ok(()) };
        let mut after_ms = self.poll_through(connection, gateway, after_ms)?;
        let mut from = 0;
        for edge in cuts.into_iter().chain([bytes.len()]) {
            let piece = bytes.get(from..edge).unwrap_or_default();
            from = edge;
            let is_waiting = self.session(connection).waiting.is_some();
            match direction {
                Direction::ToServer => {
                    if is_waiting {
                        self.response(connection, gateway, number, b"", None)?;
                    }
                    self.request(connection, gateway, number, piece, after_ms.take())?;
                }
                Direction::ToClient => {
                    if !is_waiting {
                        self.request(connection, gateway, number, b"", after_ms.take())?;
                    }
                    self.response(connection, gateway, number, piece, after_ms.take())?;
                }
            }
        }
        Ok(())
    }

    /// Fills a silence with polls; says what is left of it.
    fn poll_through(
        &mut self,
        connection: &'t str,
        gateway: &'t Gateway,
        after_ms: Option<u64>,
    ) -> Result<Option<u64>, ScenarioError> {
        let Some(silence) = after_ms.filter(|silence| gateway.poll_ms > 0 && *silence > gateway.poll_ms) else {
            return Ok(after_ms);
        };
        let mut left = silence;
        for _ in 0..POLLS.min(silence / gateway.poll_ms) {
            if self.session(connection).waiting.is_some() {
                self.response(connection, gateway, 0, b"", None)?;
            }
            self.request(connection, gateway, 0, b"", Some(gateway.poll_ms))?;
            left = left.saturating_sub(gateway.poll_ms);
        }
        self.response(connection, gateway, 0, b"", None)?;
        Ok(Some(left))
    }

    fn session(&mut self, connection: &'t str) -> &mut Session {
        self.sessions.entry(connection).or_default()
    }

    fn close(&mut self) -> Result<(), ScenarioError> {
        let open: Vec<&'t str> = self.sessions.keys().copied().collect();
        for connection in open {
            let Some(gateway) = self.gateway(connection).filter(|gateway| gateway.closes) else { continue };
            if self.session(connection).waiting.is_none() {
                self.request(connection, gateway, 0, b"", Some(200))?;
            }
            self.answer(connection, gateway, 0, b"", None, "; Session=close")?;
        }
        Ok(())
    }

    fn request(
        &mut self,
        connection: &'t str,
        gateway: &Gateway,
        number: usize,
        body: &[u8],
        after_ms: Option<u64>,
    ) -> Result<(), ScenarioError> {
        let session = self.session(connection);
        let carriers = gateway.on.len().max(1);
        let carrier = gateway.on.get(session.messages % carriers).cloned().unwrap_or_else(|| connection.to_owned());
        let first = session.messages == 0 && gateway.opens;
        session.messages += 1;
        session.waiting = Some(carrier.clone());
        let id = id(gateway, session.responses.saturating_sub(u64::from(gateway.opens)));
        let query = match (first, body.is_empty()) {
            (true, _) => format!("Action=open&Server={}&IP={}", gateway.server, gateway.host),
            (false, true) => format!("Action=poll&SessionID={id}"),
            (false, false) => format!("SessionID={id}"),
        };
        let host = if first { GATEWAY } else { &gateway.address };
        let uri = if gateway.absolute { format!("http://{host}") } else { String::new() };
        let mut head = format!(
            "POST {uri}/gateway/gateway.dll?{query} HTTP/1.1\r\nAccept: */*\r\nUser-Agent: MSMSGS\r\nHost: {host}\r\n\
             Proxy-Connection: Keep-Alive\r\nPragma: no-cache\r\nContent-Type: application/x-msn-messenger\r\n"
        );
        for header in &gateway.request_headers {
            head += &format!("{header}\r\n");
        }
        head += &format!("Content-Length: {}\r\n\r\n", body.len());
        self.message(carrier, Direction::ToServer, number, [head.as_bytes(), body].concat(), after_ms)
    }

    fn response(
        &mut self,
        connection: &'t str,
        gateway: &Gateway,
        number: usize,
        body: &[u8],
        after_ms: Option<u64>,
    ) -> Result<(), ScenarioError> {
        self.answer(connection, gateway, number, body, after_ms, "")
    }

    fn answer(
        &mut self,
        connection: &'t str,
        gateway: &Gateway,
        number: usize,
        body: &[u8],
        after_ms: Option<u64>,
        more: &str,
    ) -> Result<(), ScenarioError> {
        let session = self.session(connection);
        let Some(carrier) = session.waiting.take() else {
            return Err(ScenarioError::Scenario(format!("{connection}: nobody asked")));
        };
        let id = id(gateway, session.responses + u64::from(!gateway.opens));
        session.responses += 1;
        let mut bytes = Vec::new();
        if gateway.continues {
            bytes.extend_from_slice(b"HTTP/1.1 100 Continue\r\n\r\n");
        }
        let mut head = format!(
            "HTTP/1.1 200 OK\r\nServer: Example/1.0\r\nX-MSN-Messenger: SessionID={id}; GW-IP={}{more}\r\n\
             Content-Type: application/x-msn-messenger\r\n",
            gateway.address
        );
        for header in &gateway.response_headers {
            head += &format!("{header}\r\n");
        }
        let body = match gateway.gzip && !body.is_empty() {
            true => {
                head += "Content-Encoding: gzip\r\n";
                packed(body)?
            }
            false => body.to_vec(),
        };
        if gateway.chunk > 0 {
            bytes.extend_from_slice((head + "Transfer-Encoding: chunked\r\n\r\n").as_bytes());
            for chunk in body.chunks(gateway.chunk) {
                bytes.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
                bytes.extend_from_slice(chunk);
                bytes.extend_from_slice(b"\r\n");
            }
            bytes.extend_from_slice(b"0\r\n\r\n");
        } else {
            bytes.extend_from_slice((head + &format!("Content-Length: {}\r\n\r\n", body.len())).as_bytes());
            bytes.extend_from_slice(&body);
        }
        self.message(carrier, Direction::ToClient, number, bytes, after_ms)
    }

    fn message(
        &mut self,
        connection: String,
        direction: Direction,
        number: usize,
        bytes: Vec<u8>,
        after_ms: Option<u64>,
    ) -> Result<(), ScenarioError> {
        self.put(plain(connection, direction, number, bytes, after_ms))
    }

    /// Puts a line on a TCP connection, behind what its proxy is asked.
    fn put(&mut self, mut line: Line) -> Result<(), ScenarioError> {
        let options = self.transcript.scenario.connections.get(&line.connection);
        if let Some(proxy) = options.and_then(|options| options.proxy.as_ref())
            && !self.asked.contains(&line.connection)
        {
            self.asked.push(line.connection.clone());
            for (direction, bytes) in prologue(proxy)? {
                self.lines.push(plain(line.connection.clone(), direction, 0, bytes, line.after_ms.take()));
            }
        }
        self.lines.push(line);
        Ok(())
    }
}

fn plain(connection: String, direction: Direction, number: usize, bytes: Vec<u8>, after_ms: Option<u64>) -> Line {
    Line {
        number,
        connection,
        direction,
        line: bytes,
        payload: Vec::new(),
        after_ms,
        split_at: Vec::new(),
        defect: None,
    }
}

/// The id after so many responses.
fn id(gateway: &Gateway, responses: u64) -> String {
    let number = gateway.id.split_once('.').and_then(|(key, number)| Some((key, number.parse::<u64>().ok()?)));
    number.map_or_else(|| gateway.id.clone(), |(key, number)| format!("{key}.{}", number + responses))
}

fn packed(body: &[u8]) -> Result<Vec<u8>, ScenarioError> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    let done = encoder.write_all(body).and_then(|()| encoder.finish());
    done.map_err(|error| ScenarioError::Scenario(error.to_string()))
}

/// What client and proxy say to each other.
fn prologue(proxy: &Proxy) -> Result<Vec<(Direction, Vec<u8>)>, ScenarioError> {
    use Direction::{ToClient, ToServer};
    let Proxy { kind, host, port, user, password } = proxy;
    let short = |text: &str| {
        let length = u8::try_from(text.len()).map_err(|_| ScenarioError::Scenario(format!("{text} is too long")))?;
        Ok::<_, ScenarioError>([&[length], text.as_bytes()].concat())
    };
    let named = user.as_deref().unwrap_or_default();
    let port_bytes = port.to_be_bytes();
    let granted4 = (ToClient, [&[0, 0x5a][..], &port_bytes, &[192, 0, 2, 1]].concat());
    let said = match kind {
        ProxyKind::Socks4 => {
            let address: Ipv4Addr =
                host.parse().map_err(|_| ScenarioError::Scenario(format!("{host} is no IPv4 address")))?;
            let ask = [&[4, 1][..], &port_bytes, &address.octets(), named.as_bytes(), &[0]].concat();
            vec![(ToServer, ask), granted4]
        }
        ProxyKind::Socks4a => {
            let ask = [&[4, 1][..], &port_bytes, &[0, 0, 0, 1], named.as_bytes(), &[0], host.as_bytes(), &[0]].concat();
            vec![(ToServer, ask), granted4]
        }
        ProxyKind::Socks5 => {
            let mut said = match user {
                None => vec![(ToServer, vec![5, 1, 0]), (ToClient, vec![5, 0])],
                Some(user) => vec![
                    (ToServer, vec![5, 2, 0, 2]),
                    (ToClient, vec![5, 2]),
                    (ToServer, [vec![1], short(user)?, short(password)?].concat()),
                    (ToClient, vec![1, 0]),
                ],
            };
            said.push((ToServer, [vec![5, 1, 0, 3], short(host)?, port_bytes.to_vec()].concat()));
            said.push((ToClient, [&[5, 0, 0, 1, 192, 0, 2, 1][..], &port_bytes].concat()));
            said
        }
        ProxyKind::Http => {
            let ask = |more: &str| {
                let text = format!("CONNECT {host}:{port} HTTP/1.0\r\nUser-Agent: MSMSGS\r\n{more}\r\n");
                (ToServer, text.into_bytes())
            };
            let granted = (ToClient, b"HTTP/1.0 200 Connection established\r\n\r\n".to_vec());
            match user {
                None => vec![ask(""), granted],
                Some(user) => {
                    let page = "<p>Who are you?</p>";
                    let refusal = format!(
                        "HTTP/1.0 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"x\"\r\n\
                         Content-Length: {}\r\n\r\n{page}",
                        page.len()
                    );
                    use base64::Engine as _;
                    let proof = base64::engine::general_purpose::STANDARD.encode(format!("{user}:{password}"));
                    let proved = ask(&format!("Proxy-Authorization: Basic {proof}\r\n"));
                    vec![ask(""), (ToClient, refusal.into_bytes()), proved, granted]
                }
            }
        }
    };
    Ok(said)
}
