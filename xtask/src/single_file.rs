//! The viewer as one file that opens from a disk, without a server: for classrooms and places without a network.
//!
//! Everything is in it: styles, both programs, samples. A browser lets a page from a disk load nothing beside it, so the
//! programs are wasm-bindgen's scripts without modules, their WebAssembly and the samples stand as base64 in data blocks,
//! and the worker starts from a blob and is sent its WebAssembly. The policy is stricter than that of the served page: it
//! forbids every connection.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::repo::Repo;
use crate::scripts::plain_names;
use crate::{notices, page, policy, process, tools};

/// How to make the single file.
#[derive(clap::Args)]
pub struct Options {
    /// Where to write it
    #[arg(long, value_name = "FILE", default_value = USUAL)]
    out: PathBuf,
    /// Folder of the programs that dist/ was made of; then nothing is built
    #[arg(long, value_name = "FOLDER", hide = true)]
    programs: Option<PathBuf>,
}

/// Builds the page and puts all of it into one file.
pub fn write(repo: &Repo, options: &Options) -> Result<()> {
    let out = repo.path(&options.out);
    match &options.programs {
        Some(programs) => make(repo, programs, &out)?,
        None => {
            tools::prepare(repo)?;
            page::build(repo)?;
            make_of_page(repo, &out)?;
        }
    }
    let length = fs::metadata(&out)?.len();
    println!("{}: {:.1} MB, opens in a browser from anywhere", out.display(), length as f64 / 1e6);
    Ok(())
}

/// Where it is written if nobody says where.
pub fn usual(repo: &Repo) -> PathBuf {
    repo.path(USUAL)
}

const USUAL: &str = "target/msnp-viewer.html";

/// Makes the single file of the page that was built last.
pub fn make_of_page(repo: &Repo, out: &Path) -> Result<()> {
    make(repo, &repo.target("wasm32-unknown-unknown/wasm"), out)
}

/// Makes the single file of the built page and of the programs, before wasm-bindgen, that it was made of.
fn make(repo: &Repo, programs: &Path, out: &Path) -> Result<()> {
    let dist = &repo.dist();
    let scripts = repo.target("single-file");
    for program in ["app", "worker"] {
        let mut bindgen = repo.command("wasm-bindgen");
        bindgen.args(["--target", "no-modules", "--no-typescript", "--out-dir"]).arg(&scripts);
        process::run(bindgen.arg(programs.join(program).with_extension("wasm")))?;
    }
    // By the names that the programs in dist/ have.
    let script = |name: &str| -> Result<String> {
        Ok(String::from_utf8(plain_names(read(&scripts.join(name).with_extension("js"))?.as_bytes())?)?)
    };
    let wasm = |name: &str| bytes(&dist.join(format!("{name}_bg.wasm")));
    let parts = Parts {
        index: read(&dist.join("index.html"))?,
        styles: styles(dist)?,
        icon: bytes(&dist.join("mark.svg"))?,
        app: script("app")?,
        worker: script("worker")?,
        app_wasm: wasm("app")?,
        worker_wasm: wasm("worker")?,
        samples: samples(dist)?,
        licences: bytes(&dist.join(notices::FILE))?,
    };
    if let Some(folder) = out.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(out, parts.page()?).with_context(|| format!("{} cannot be written", out.display()))
}

/// What the file is made of.
struct Parts {
    index: String,
    styles: String,
    icon: Vec<u8>,
    app: String,
    worker: String,
    app_wasm: Vec<u8>,
    worker_wasm: Vec<u8>,
    /// Name and bytes of each sample.
    samples: Vec<(String, Vec<u8>)>,
    licences: Vec<u8>,
}

/// Starts the app from its data block.
const START: &str = "\nconst block = document.getElementById(\"app-wasm\");\n\
    const bytes = Uint8Array.from(atob(block.textContent), (letter) => letter.charCodeAt(0));\n\
    block.remove();\nwasm_bindgen({ module_or_path: bytes });\n";

/// Starts the worker with the first message, which is its WebAssembly.
const START_WORKER: &str =
    "\nself.onmessage = ({ data }) => {\n  self.onmessage = null;\n  wasm_bindgen({ module_or_path: data });\n};\n";

impl Parts {
    fn page(&self) -> Result<String> {
        let script = format!("{}{START}", self.app);
        anyhow::ensure!(!script.contains("</script"), "The app's script holds the end of a script element.");
        anyhow::ensure!(!self.styles.contains("</style"), "The styles hold the end of a style element.");
        let block = |id: &str, bytes: &[u8]| {
            format!("<script type=\"text/plain\" id=\"{id}\">{}</script>\n", STANDARD.encode(bytes))
        };
        let samples = self.samples.iter().map(|(name, bytes)| block(&format!("sample-{name}"), bytes));
        let policy = policy::single_file(&script, &self.styles);
        Ok([
            "<!doctype html>\n<html lang=\"en\">\n<head>\n  <meta charset=\"utf-8\">\n".to_owned(),
            format!("  <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n"),
            self.head(),
            format!("  <link rel=\"icon\" href=\"data:image/svg+xml;base64,{}\">\n", STANDARD.encode(&self.icon)),
            format!("<style>{}</style>\n", self.styles),
            // In the head: the app takes the whole body.
            block("app-wasm", &self.app_wasm),
            block("worker-wasm", &self.worker_wasm),
            block("worker-program", format!("{}{START_WORKER}", self.worker).as_bytes()),
            samples.collect(),
            block(notices::FILE, &self.licences),
            format!("</head>\n<body>\n<script>{script}</script>\n</body>\n</html>\n"),
        ]
        .concat())
    }

    /// What the page says of itself: its title and the metas that are no policy.
    fn head(&self) -> String {
        let own = |line: &&str| {
            let line = line.trim_start();
            line.starts_with("<title") || line.starts_with("<meta name=")
        };
        self.index.lines().filter(own).map(|line| format!("{line}\n")).collect()
    }
}

/// All style sheets, in the order of the page.
fn styles(dist: &Path) -> Result<String> {
    let index = read(&dist.join("index.html"))?;
    let sheets = index.split("<link rel=\"stylesheet\" href=\"./").skip(1).filter_map(|rest| rest.split('"').next());
    sheets.map(|sheet| read(&dist.join(sheet))).collect()
}

/// The samples: the name of each folder, and the file in it.
fn samples(dist: &Path) -> Result<Vec<(String, Vec<u8>)>> {
    let mut samples = Vec::new();
    for folder in fs::read_dir(dist.join("samples"))?.flatten() {
        for file in fs::read_dir(folder.path())?.flatten() {
            samples.push((folder.file_name().to_string_lossy().into_owned(), bytes(&file.path())?));
        }
    }
    samples.sort();
    Ok(samples)
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))
}

fn bytes(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("{} cannot be read", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts() -> Parts {
        Parts {
            index: "<title>Viewer</title>\n  <meta name=\"viewport\" content=\"x\">\n<meta http-equiv=\"no\">\n"
                .to_owned(),
            styles: "a{}".to_owned(),
            icon: b"i".to_vec(),
            app: "app()".to_owned(),
            worker: "worker()</script>".to_owned(),
            app_wasm: b"app".to_vec(),
            worker_wasm: b"worker".to_vec(),
            samples: vec![("one".to_owned(), b"s".to_vec())],
            licences: b"MIT".to_vec(),
        }
    }

    #[test]
    fn everything_is_in_the_page_and_nothing_beside_it() {
        let page = parts().page().unwrap();
        for part in
            ["<title>Viewer</title>", "name=\"viewport\"", "<style>a{}</style>", "id=\"sample-one\">cw==<", "app()"]
        {
            assert!(page.contains(part), "{part} in {page}");
        }
        assert!(page.contains("connect-src 'none'") && !page.contains("'self'") && !page.contains("http-equiv=\"no\""));
        assert!(!page.contains("src=") && !page.contains("href=\"."), "{page}");
        assert_eq!(page.matches("</script>").count(), 6, "the worker's script is coded");
    }

    #[test]
    fn a_script_that_would_end_early_is_refused() {
        assert!(Parts { app: "a('</script>')".to_owned(), ..parts() }.page().is_err());
    }
}
