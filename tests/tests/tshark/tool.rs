//! Running tshark with the plugin, as an ordinary user: root ignores personal plugin folders.
//!
//! The tshark is that of this system, or that of a whole other system in the folder `MSNP_TSHARK_ROOT`, which only root
//! can enter. Paths are told as tshark sees them.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::Value;

/// The user and group that tshark runs as when the tests run as root ("nobody").
const NOBODY: &str = "65534";

/// tshark with the plugin, and a folder that it may read.
pub struct Tshark {
    /// Where the system lies whose tshark it is.
    root: PathBuf,
    plugins: PathBuf,
    folder: PathBuf,
}

impl Tshark {
    /// `None`, after a visible word, when there is no tshark or no plugin.
    pub fn find() -> Option<Self> {
        let Some(plugins) = std::env::var_os("MSNP_PLUGIN_DIR").map(PathBuf::from) else {
            return missing("MSNP_PLUGIN_DIR is not set");
        };
        let root = std::env::var_os("MSNP_TSHARK_ROOT").map(PathBuf::from);
        let temporary = root.as_ref().map_or_else(std::env::temp_dir, |_| PathBuf::from("/tmp"));
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = temporary.join(format!("msnp-tshark-{}-{number}", std::process::id()));
        let tshark = Self { root: root.unwrap_or_else(|| PathBuf::from("/")), plugins, folder };
        std::fs::create_dir_all(tshark.outside(&tshark.folder)).unwrap();
        open_to_all(&tshark.outside(&tshark.folder), 0o777);
        if !tshark.command("tshark").arg("--version").output().is_ok_and(|output| output.status.success()) {
            return missing("there is no tshark");
        }
        Some(tshark)
    }

    /// Where we find what tshark sees at a path.
    pub fn outside(&self, path: &Path) -> PathBuf {
        self.root.join(path.strip_prefix("/").unwrap_or(path))
    }

    /// Puts a capture where tshark may read it.
    pub fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder.join(name);
        std::fs::write(self.outside(&path), bytes).unwrap();
        open_to_all(&self.outside(&path), 0o644);
        path
    }

    /// Copies a capture to where tshark may read it.
    pub fn copy(&self, capture: &Path) -> PathBuf {
        let bytes = std::fs::read(capture).unwrap_or_else(|error| panic!("{}: {error}", capture.display()));
        self.file(&capture.file_name().unwrap().to_string_lossy(), &bytes)
    }

    /// What tshark writes. A capture cut inside a packet makes it end with 2 after doing all it can; anything else that
    /// is not success fails the test.
    pub fn run(&self, arguments: &[&str]) -> String {
        let Output { status, stdout, stderr } = self.command("tshark").args(arguments).output().unwrap();
        let complaint = String::from_utf8_lossy(&stderr).into_owned();
        let cut = complaint.contains("cut short in the middle of a packet");
        assert!(status.success() || cut, "tshark {arguments:?}: {status}\n{complaint}");
        let lower = complaint.to_lowercase();
        for alarm in ["warning **", "critical **", "dissector bug", "assert"] {
            assert!(!lower.contains(alarm), "tshark {arguments:?} complains: {complaint}");
        }
        String::from_utf8(stdout).expect("tshark writes UTF-8")
    }

    /// What `mergecap` makes of these captures.
    pub fn merged(&self, files: &[String]) -> Vec<u8> {
        let Output { status, stdout, stderr } =
            self.command("mergecap").args(["-w", "-"]).args(files).output().unwrap();
        assert!(status.success(), "mergecap {files:?}: {status}\n{}", String::from_utf8_lossy(&stderr));
        stdout
    }

    /// What `editcap` makes of a capture with these options, without these packets.
    pub fn edited(&self, file: &str, options: &[&str], packets: &[&str]) -> Vec<u8> {
        let arguments = [options, &[file, "-"], packets].concat();
        let Output { status, stdout, stderr } = self.command("editcap").args(&arguments).output().unwrap();
        assert!(status.success(), "editcap {arguments:?}: {status}\n{}", String::from_utf8_lossy(&stderr));
        stdout
    }

    /// A folder that tshark may write into.
    pub fn folder(&self, name: &str) -> PathBuf {
        let path = self.folder.join(name);
        std::fs::create_dir(self.outside(&path)).unwrap();
        open_to_all(&self.outside(&path), 0o777);
        path
    }

    /// What sharkd answers to these requests, one after the other: it works as Wireshark does, which first reads a file and
    /// later looks at it again. `None`, after a visible word, when there is none.
    pub fn ask(&self, requests: &[Value]) -> Option<Vec<Value>> {
        let mut sharkd = self.command("sharkd");
        sharkd.arg("-").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        if !self.command("sharkd").arg("-v").output().is_ok_and(|output| output.status.success()) {
            return missing("there is no sharkd");
        }
        let mut running = sharkd.spawn().unwrap();
        let mut input = running.stdin.take().unwrap();
        for request in requests {
            writeln!(input, "{request}").unwrap();
        }
        drop(input);
        let answers = String::from_utf8(running.wait_with_output().unwrap().stdout).expect("UTF-8");
        Some(answers.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect())
    }

    fn command(&self, program: &str) -> Command {
        let mut command = if self.root != Path::new("/") {
            let mut elsewhere = Command::new("chroot");
            elsewhere.arg(format!("--userspec={NOBODY}:{NOBODY}")).arg("--groups=").arg(&self.root).arg(program);
            elsewhere
        } else if is_root() {
            let mut as_nobody = Command::new("setpriv");
            as_nobody.args(["--reuid", NOBODY, "--regid", NOBODY, "--clear-groups", program]);
            as_nobody
        } else {
            Command::new(program)
        };
        command.env("WIRESHARK_PLUGIN_DIR", &self.plugins).env("HOME", &self.folder).env("LC_ALL", "C.UTF-8");
        for variable in ["XDG_CONFIG_HOME", "XDG_DATA_HOME", "WIRESHARK_CONFIG_DIR"] {
            command.env_remove(variable);
        }
        command
    }
}

impl Drop for Tshark {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(self.outside(&self.folder));
    }
}

fn missing<T>(what: &str) -> Option<T> {
    let required = std::env::var_os("MSNP_REQUIRE_TOOLS").is_some_and(|value| value == "1");
    assert!(!required, "{what}, and MSNP_REQUIRE_TOOLS=1 forbids to skip");
    msnp_tests::elsewhere::skipped(what);
    None
}

fn is_root() -> bool {
    let output = Command::new("id").arg("-u").output();
    output.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

#[cfg(unix)]
fn open_to_all(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

#[cfg(not(unix))]
fn open_to_all(_path: &Path, _mode: u32) {}
