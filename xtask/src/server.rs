//! Serves the files of one folder to this machine, with the security policy on every one of them.
//!
//! Comes in: a folder and a port. Goes out: an address. It knows nothing of how the folder came about.

use std::convert::Infallible;
use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, anyhow, bail};
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Response, StatusCode, Uri};
use hyper_util::rt::TokioIo;
use percent_encoding::percent_decode_str;
use tokio::net::TcpListener as Listener;
use tokio::runtime::{self, Runtime};
use tokio::task::JoinHandle;

use crate::policy;

/// However many connections a browser opens, none holds a thread: a file is on its way in milliseconds.
const THREADS: usize = 2;

/// How many ports are tried from the wanted one on.
const PORTS: u16 = 20;

/// How long to wait before the next connection when the system gives none, say because too many files are open.
const BREATH: Duration = Duration::from_millis(50);

/// Said with every file, beside the policy and the media type.
const ALWAYS: [(&str, &str); 5] = [
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("cache-control", "no-cache"),
];

/// A running server; it answers until it is dropped.
pub struct Server {
    port: u16,
    runtime: Runtime,
    accepting: JoinHandle<()>,
}

/// Which port to listen on.
#[derive(Clone, Copy)]
pub enum Port {
    /// This one and no other.
    Exactly(u16),
    /// This one, or the next that is free.
    From(u16),
    /// Any that is free.
    Any,
}

impl Server {
    /// Begins to serve a folder with an `index.html` in it.
    pub fn start(folder: &Path, port: Port) -> Result<Server> {
        let site = Arc::new(Site::open(folder)?);
        let listener = listen(port)?;
        let port = listener.local_addr()?.port();
        let runtime = runtime::Builder::new_multi_thread().worker_threads(THREADS).enable_all().build()?;
        let listener = {
            let _inside = runtime.enter();
            Listener::from_std(listener)?
        };
        let accepting = runtime.spawn(accept(listener, site));
        Ok(Server { port, runtime, accepting })
    }

    /// The address of the page.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/", self.port)
    }

    /// Serves until the user ends the program.
    pub fn wait(self) {
        // It ends with the program only.
        let _ = self.runtime.block_on(self.accepting);
    }
}

fn listen(port: Port) -> Result<TcpListener> {
    let candidates = match port {
        Port::Exactly(port) => port..=port,
        Port::From(port) => port..=port.saturating_add(PORTS),
        Port::Any => 0..=0,
    };
    let mut problem = None;
    for port in candidates {
        let attempt = TcpListener::bind((Ipv4Addr::LOCALHOST, port));
        match attempt.and_then(|listener| listener.set_nonblocking(true).map(|()| listener)) {
            Ok(listener) => return Ok(listener),
            Err(error) => problem = Some(anyhow!("Port {port} cannot be used: {error}. Choose another with --port.")),
        }
    }
    Err(problem.unwrap_or_else(|| anyhow!("No port was tried.")))
}

/// Gives every connection a task of its own, so that one on which nothing is said keeps nobody waiting.
async fn accept(listener: Listener, site: Arc<Site>) {
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            tokio::time::sleep(BREATH).await;
            continue;
        };
        let site = Arc::clone(&site);
        let service = service_fn(move |request| {
            let answer = site.answer(request.method(), request.uri());
            async move { Ok::<_, Infallible>(answer) }
        });
        // A browser that went away in the middle is not our trouble.
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
}

/// The folder being served.
struct Site {
    folder: PathBuf,
    policy: HeaderValue,
}

impl Site {
    fn open(folder: &Path) -> Result<Site> {
        let Ok(page) = fs::read_to_string(folder.join("index.html")) else {
            bail!("There is no page in {}; build it first.", folder.display());
        };
        Ok(Site { folder: folder.canonicalize()?, policy: HeaderValue::from_str(&policy::of_page(&page))? })
    }

    fn answer(&self, method: &Method, uri: &Uri) -> Response<Full<Bytes>> {
        if !matches!(*method, Method::GET | Method::HEAD) {
            return self.sentence(StatusCode::METHOD_NOT_ALLOWED, "Only reading is possible here.\n");
        }
        // Read whole before the length is promised: a build may replace the file at any moment. The page shows how much of
        // a sample has come, so it must know the length.
        let found = self.locate(uri.path()).and_then(|path| Some((fs::read(&path).ok()?, path)));
        match found {
            Some((bytes, path)) => self.response(StatusCode::OK, media_type(&path), bytes.into()),
            None => self.sentence(StatusCode::NOT_FOUND, "There is no such file.\n"),
        }
    }

    /// The file a request asks for, if it is one inside the folder.
    fn locate(&self, url: &str) -> Option<PathBuf> {
        let path = self.folder.join(relative(url)?).canonicalize().ok()?;
        // A link may lead out of the folder.
        (path.starts_with(&self.folder) && path.is_file()).then_some(path)
    }

    fn sentence(&self, status: StatusCode, text: &'static str) -> Response<Full<Bytes>> {
        self.response(status, "text/plain; charset=utf-8", Bytes::from_static(text.as_bytes()))
    }

    fn response(&self, status: StatusCode, media_type: &'static str, bytes: Bytes) -> Response<Full<Bytes>> {
        let mut response = Response::new(Full::new(bytes));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_SECURITY_POLICY, self.policy.clone());
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
        for (name, value) in ALWAYS {
            headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        response
    }
}

/// The path below the folder that a request names; none if it tries to leave it.
fn relative(url: &str) -> Option<PathBuf> {
    let path = url.split(['?', '#']).next()?.strip_prefix('/')?;
    let path = percent_decode_str(path).decode_utf8().ok()?;
    if path.contains(['\0', '\\', ':']) {
        return None;
    }
    let inside = Path::new(path.as_ref()).components().all(|part| matches!(part, Component::Normal(_)));
    let wanted = if path.is_empty() { "index.html" } else { path.as_ref() };
    inside.then(|| PathBuf::from(wanted))
}

fn media_type(path: &Path) -> &'static str {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("json" | "map") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        Some("txt" | "md") => "text/plain; charset=utf-8",
        Some("pcap" | "pcapng") => "application/vnd.tcpdump.pcap",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read as _, Write as _};
    use std::net::TcpStream;

    #[test]
    fn relative_path_stays_inside() {
        let cases = [
            ("/", Some("index.html")),
            ("/?x=1#y", Some("index.html")),
            ("/app-1.wasm", Some("app-1.wasm")),
            ("/samples/a%20b.pcap", Some("samples/a b.pcap")),
            ("/../secret", None),
            ("/samples/../../secret", None),
            ("/%2e%2e/secret", None),
            ("/..%2fsecret", None),
            ("//etc/passwd", None),
            ("/%2fetc/passwd", None),
            ("/..\\secret", None),
            ("/c:/secret", None),
            ("/a%00b", None),
            ("/%ff", None),
            ("index.html", None),
        ];
        for (url, expected) in cases {
            assert_eq!(relative(url), expected.map(PathBuf::from), "{url}");
        }
    }

    fn ask(server: &Server, request: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", server.port)).unwrap();
        stream.write_all(format!("{request} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    #[test]
    fn every_answer_carries_the_policy() {
        let folder = std::env::temp_dir().join(format!("xtask-server-{}", std::process::id()));
        fs::create_dir_all(folder.join("dist")).unwrap();
        fs::write(folder.join("secret"), "secret").unwrap();
        fs::write(folder.join("dist/index.html"), "<script>start()</script>").unwrap();
        fs::write(folder.join("dist/app.wasm"), "\0asm").unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink("../secret", folder.join("dist/link")).unwrap();
        let server = Server::start(&folder.join("dist"), Port::Any).unwrap();
        let cases = [
            ("GET /", "200", "text/html"),
            ("GET /app.wasm", "200", "application/wasm"),
            ("GET /link", "404", "text/plain"),
            ("GET /../secret", "404", "text/plain"),
            ("POST /", "405", "text/plain"),
        ];
        for (request, status, media_type) in cases {
            let answer = ask(&server, request);
            assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{request}: {answer}");
            assert!(answer.contains(&format!("content-type: {media_type}")), "{request}: {answer}");
            let policy = policy::of_page("<script>start()</script>");
            assert!(answer.contains(&format!("content-security-policy: {policy}\r\n")), "{request}: {answer}");
            assert!(answer.contains("x-content-type-options: nosniff\r\n"), "{request}: {answer}");
            assert!(!answer.contains("\r\n\r\nsecret"), "{request}: {answer}");
        }
        fs::remove_dir_all(folder).unwrap();
    }

    /// A connection that stays open, as a browser's does.
    fn open(server: &Server) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", server.port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
        stream
    }

    /// Reads one answer from such a connection and returns its body.
    fn body(stream: &mut TcpStream) -> std::io::Result<Vec<u8>> {
        let mut seen = Vec::new();
        let mut buffer = [0; 4096];
        loop {
            if let Some(end) = seen.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
                let head = String::from_utf8_lossy(&seen[..end]).to_ascii_lowercase();
                let length: Option<usize> =
                    head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
                let whole = end + 4 + length.unwrap_or_else(|| panic!("no length: {head}"));
                if seen.len() >= whole {
                    assert_eq!(seen.len(), whole, "more than was promised");
                    return Ok(seen.split_off(end + 4));
                }
            }
            match stream.read(&mut buffer)? {
                0 => return Err(std::io::ErrorKind::UnexpectedEof.into()),
                count => seen.extend_from_slice(&buffer[..count]),
            }
        }
    }

    #[test]
    fn first_requests_on_six_connections_are_all_answered() {
        let folder = std::env::temp_dir().join(format!("xtask-server-six-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("index.html"), "page").unwrap();
        for round in 1..=100 {
            let server = Server::start(&folder, Port::Any).unwrap();
            let mut streams: Vec<_> = (0..6).map(|_| open(&server)).collect();
            // Browsers also keep a connection in reserve, on which they say nothing.
            let _reserve = open(&server);
            for _ in 0..3 {
                for stream in &mut streams {
                    stream.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
                }
                for stream in &mut streams {
                    let body = body(stream).unwrap_or_else(|error| panic!("round {round}: {error}"));
                    assert_eq!(body, b"page");
                }
            }
        }
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn taken_port_is_passed_over_or_named() {
        let folder = std::env::temp_dir().join(format!("xtask-server-port-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("index.html"), "page").unwrap();
        let first = Server::start(&folder, Port::Any).unwrap();
        let error = Server::start(&folder, Port::Exactly(first.port)).err().unwrap().to_string();
        assert!(error.contains(&format!("Port {} cannot be used", first.port)), "{error}");
        let second = Server::start(&folder, Port::From(first.port)).unwrap();
        assert!(second.port > first.port);
        fs::remove_dir_all(folder).unwrap();
    }
}
