//! Serves the files of one folder to this machine, with the security policy on every one of them.
//!
//! Comes in: a folder and a port. Goes out: an address. It knows nothing of how the folder came about.

use std::fs;
use std::net::Ipv4Addr;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::thread;

use anyhow::{Context, Result, anyhow, bail};
use percent_encoding::percent_decode_str;
use tiny_http::{Header, Method, Request, Response, Server as Http, StatusCode};

use crate::policy;

/// Browsers open up to six connections at once; a file is on its way in milliseconds.
const THREADS: usize = 4;

/// How many ports are tried from the wanted one on.
const PORTS: u16 = 20;

/// A running server; it answers until the program ends.
pub struct Server {
    port: u16,
    workers: Vec<thread::JoinHandle<()>>,
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
        let http = Arc::new(listen(port)?);
        let port = http.server_addr().to_ip().context("The server listens nowhere.")?.port();
        let workers = (0..THREADS).map(|_| worker(Arc::clone(&http), Arc::clone(&site))).collect();
        Ok(Server { port, workers })
    }

    /// The address of the page.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/", self.port)
    }

    /// Serves until the user ends the program.
    pub fn wait(self) {
        for worker in self.workers {
            let _ = worker.join();
        }
    }
}

fn listen(port: Port) -> Result<Http> {
    let candidates = match port {
        Port::Exactly(port) => port..=port,
        Port::From(port) => port..=port.saturating_add(PORTS),
        Port::Any => 0..=0,
    };
    let mut problem = None;
    for port in candidates {
        match Http::http((Ipv4Addr::LOCALHOST, port)) {
            Ok(http) => return Ok(http),
            Err(error) => problem = Some(anyhow!("Port {port} cannot be used: {error}. Choose another with --port.")),
        }
    }
    Err(problem.unwrap_or_else(|| anyhow!("No port was tried.")))
}

fn worker(http: Arc<Http>, site: Arc<Site>) -> thread::JoinHandle<()> {
    thread::spawn(move || {
        for request in http.incoming_requests() {
            // A browser that went away in the middle is not our trouble.
            let _ = site.answer(request);
        }
    })
}

/// The folder being served.
struct Site {
    folder: PathBuf,
    policy: String,
}

impl Site {
    fn open(folder: &Path) -> Result<Site> {
        let Ok(page) = fs::read_to_string(folder.join("index.html")) else {
            bail!("There is no page in {}; build it first.", folder.display());
        };
        Ok(Site { folder: folder.canonicalize()?, policy: policy::of_page(&page) })
    }

    fn answer(&self, request: Request) -> std::io::Result<()> {
        if !matches!(request.method(), Method::Get | Method::Head) {
            return request.respond(self.sentence(405, "Only reading is possible here.\n"));
        }
        // Read whole before the length is promised: a build may replace the file at any moment.
        let found = self.locate(request.url()).and_then(|path| Some((fs::read(&path).ok()?, path)));
        let Some((bytes, path)) = found else {
            return request.respond(self.sentence(404, "There is no such file.\n"));
        };
        // In one piece: the page shows how much of a sample has come, so it must know the length.
        let mut response = Response::from_data(bytes).with_chunked_threshold(usize::MAX);
        for header in self.headers(media_type(&path)) {
            response.add_header(header);
        }
        request.respond(response)
    }

    /// The file a request asks for, if it is one inside the folder.
    fn locate(&self, url: &str) -> Option<PathBuf> {
        let path = self.folder.join(relative(url)?).canonicalize().ok()?;
        // A link may lead out of the folder.
        (path.starts_with(&self.folder) && path.is_file()).then_some(path)
    }

    fn sentence(&self, status: u16, text: &str) -> Response<std::io::Cursor<Vec<u8>>> {
        let mut response = Response::from_string(text).with_status_code(StatusCode(status));
        for header in self.headers("text/plain; charset=utf-8") {
            response.add_header(header);
        }
        response
    }

    fn headers(&self, media_type: &str) -> Vec<Header> {
        let named = [
            ("Content-Security-Policy", self.policy.as_str()),
            ("Content-Type", media_type),
            ("X-Content-Type-Options", "nosniff"),
            ("Referrer-Policy", "no-referrer"),
            ("Cross-Origin-Opener-Policy", "same-origin"),
            ("Cross-Origin-Resource-Policy", "same-origin"),
            ("Cache-Control", "no-cache"),
        ];
        named.into_iter().filter_map(|(name, value)| Header::from_bytes(name, value).ok()).collect()
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
            assert!(answer.contains(&format!("Content-Type: {media_type}")), "{request}: {answer}");
            let policy = policy::of_page("<script>start()</script>");
            assert!(answer.contains(&format!("Content-Security-Policy: {policy}\r\n")), "{request}: {answer}");
            assert!(answer.contains("X-Content-Type-Options: nosniff\r\n"), "{request}: {answer}");
            assert!(!answer.contains("\r\n\r\nsecret"), "{request}: {answer}");
        }
        fs::remove_dir_all(folder).unwrap();
    }
}
