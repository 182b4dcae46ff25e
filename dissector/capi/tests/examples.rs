//! The examples as their readers would run them: compiled against an installed library, loaded from Python, over Scapy.
//!
//! `cargo xtask test` installs the library (`MSNP_CAPI`) and a Python with Scapy (`MSNP_PYTHON`); without them these tests say so
//! and pass, unless `MSNP_REQUIRE_TOOLS` is set.

// Names of libraries, and how they are found, are Linux's.
#![cfg(target_os = "linux")]
// A test fails by panicking.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// Flags that C programmers with high standards use.
const STRICT: [&str; 5] = ["-Wall", "-Wextra", "-Werror", "-pedantic", "-g"];

/// What an environment variable names; nothing, after a visible word, if it is not set.
fn given(variable: &str) -> Option<PathBuf> {
    let given = std::env::var_os(variable).map(PathBuf::from);
    if given.is_none() {
        assert!(std::env::var_os("MSNP_REQUIRE_TOOLS").is_none(), "{variable} is not set");
        msnp_tests::elsewhere::skipped(format_args!("{variable} is not set; `cargo xtask test rust` sets it"));
    }
    given
}

fn own(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn sample(name: &str) -> PathBuf {
    let case = own("../../tests/captures").join(name);
    let files = fs::read_dir(case).expect("the sample").flatten().map(|file| file.path());
    files.into_iter().find(|file| file.to_string_lossy().contains("capture.")).expect("a capture")
}

/// A new folder for what a test makes.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder");
    folder
}

fn output(command: &mut Command) -> Output {
    command.stdin(Stdio::null()).output().unwrap_or_else(|error| panic!("{command:?}: {error}"))
}

/// What a program that must succeed writes.
fn told(command: &mut Command) -> String {
    let Output { status, stdout, stderr } = output(command);
    let complaint = String::from_utf8_lossy(&stderr);
    assert!(status.success() && complaint.is_empty(), "{command:?}: {status}\n{complaint}");
    String::from_utf8(stdout).expect("UTF-8")
}

fn compiler(name: &str, usual: &str) -> Command {
    Command::new(std::env::var(name).unwrap_or_else(|_| usual.to_owned()))
}

/// What pkg-config says of the installed library.
fn flags(library: &Path) -> Vec<String> {
    let mut ask = Command::new("pkg-config");
    ask.args(["--cflags", "--libs", "msnp"]).env("PKG_CONFIG_PATH", library.join("lib/pkgconfig"));
    told(&mut ask).split_whitespace().map(str::to_owned).collect()
}

/// The C program, with what finds wrong uses of memory and what is never freed.
fn who(library: &Path, folder: &Path) -> PathBuf {
    let program = folder.join("who");
    let mut cc = compiler("CC", "cc");
    cc.arg("-std=c99").args(STRICT).args(["-fsanitize=address,undefined", "-fno-sanitize-recover=all"]);
    told(cc.arg(own("examples/who.c")).args(flags(library)).arg("-o").arg(&program));
    program
}

#[test]
fn a_c_program_tells_who_said_what_and_leaves_no_memory_behind() {
    let Some(library) = given("MSNP_CAPI") else { return };
    let program = who(&library, &folder("c-program"));
    let run = |capture: &Path| {
        let mut who = Command::new(&program);
        who.arg(capture).env("LD_LIBRARY_PATH", library.join("lib"));
        who
    };
    let chat = told(&mut run(&sample("msnp8-signin-chat")));
    assert!(chat.contains("alice@example.com → bob@example.com: "), "{chat}");
    let picture = told(&mut run(&sample("msnp11-picture-p2p")));
    assert!(picture.contains("display-picture, ") && picture.contains(" bytes, complete, "), "{picture}");

    let no_msnp = output(&mut run(&sample("non-msnp-web")));
    assert_eq!(no_msnp.status.code(), Some(1), "{no_msnp:?}");
    let no_capture = output(&mut run(&own("Cargo.toml")));
    let complaint = String::from_utf8_lossy(&no_capture.stderr);
    assert!(
        no_capture.status.code() == Some(2) && complaint.contains("this is not a packet capture"),
        "{no_capture:?}"
    );
}

/// Every sample, damaged ones too.
#[test]
fn a_c_program_gets_through_every_sample() {
    let Some(library) = given("MSNP_CAPI") else { return };
    let program = who(&library, &folder("c-samples"));
    for case in
        fs::read_dir(own("../../tests/captures")).expect("samples").flatten().filter(|case| case.path().is_dir())
    {
        for file in fs::read_dir(case.path()).expect("a case").flatten() {
            if file.file_name().to_string_lossy().starts_with("capture.") {
                let Output { status, stderr, .. } =
                    output(Command::new(&program).arg(file.path()).env("LD_LIBRARY_PATH", library.join("lib")));
                let complaint = String::from_utf8_lossy(&stderr);
                assert!(matches!(status.code(), Some(0 | 1)) && complaint.is_empty(), "{:?}: {complaint}", file.path());
            }
        }
    }
}

#[test]
fn the_static_library_is_enough_for_a_program() {
    let Some(library) = given("MSNP_CAPI") else { return };
    let program = folder("c-static").join("who");
    let mut ask = Command::new("pkg-config");
    ask.args(["--static", "--libs-only-l", "msnp"]).env("PKG_CONFIG_PATH", library.join("lib/pkgconfig"));
    let beside = told(&mut ask);
    let mut cc = compiler("CC", "cc");
    cc.arg("-std=c99").args(STRICT).arg("-I").arg(library.join("include")).arg(own("examples/who.c"));
    cc.arg(library.join("lib/libmsnp.a")).args(beside.split_whitespace().filter(|flag| *flag != "-lmsnp"));
    told(cc.arg("-o").arg(&program));
    assert!(told(Command::new(&program).arg(sample("msnp8-signin-chat"))).contains("alice@example.com"));
}

#[test]
fn the_header_is_cxx_too() {
    let Some(library) = given("MSNP_CAPI") else { return };
    let file = folder("cxx").join("header.cc");
    fs::write(
        &file,
        "#include <msnp.h>\nint main() { return msnp_abi_fits(MSNP_ABI_MAJOR, MSNP_ABI_MINOR) ? 0 : 1; }\n",
    )
    .unwrap();
    let mut cxx = compiler("CXX", "c++");
    told(cxx.args(["-std=c++11", "-fsyntax-only"]).args(STRICT).arg("-I").arg(library.join("include")).arg(file));
}

/// Python with the library and the examples.
fn python(library: &Path, python: &Path) -> Command {
    let mut command = Command::new(python);
    let shared = format!("libmsnp.so.{}", msnp::MSNP_ABI_MAJOR);
    command.env("MSNP_LIBRARY", library.join("lib").join(shared)).env("PYTHONPATH", own("examples"));
    command.env("PYTHONDONTWRITEBYTECODE", "1").arg("-W").arg("error::ResourceWarning");
    command
}

#[test]
fn python_tells_the_same_as_the_documents() {
    let Some((library, scapy)) = given("MSNP_CAPI").zip(given("MSNP_PYTHON")) else { return };
    let chat = told(python(&library, &scapy).arg(own("examples/msnp.py")).arg(sample("msnp8-signin-chat")));
    assert!(chat.contains("alice@example.com → bob@example.com: "), "{chat}");
    told(python(&library, &scapy).arg(own("tests/binding.py")).arg(own("../../tests/captures")));
}

/// Without Scapy, and without the library.
#[test]
fn the_script_says_what_it_needs() {
    let python = Command::new("python3").arg("--version").output();
    if !python.is_ok_and(|output| output.status.success()) {
        assert!(std::env::var_os("MSNP_REQUIRE_TOOLS").is_none(), "there is no python3");
        return msnp_tests::elsewhere::skipped("there is no python3");
    }
    let script = || {
        let mut python = Command::new("python3");
        // No packages but Python's own.
        python.arg("-I").arg("-S").arg("-B").arg(own("examples/captures_to_sqlite.py"));
        python
    };
    for help in ["-h", "--help"] {
        let help = told(script().arg(help));
        assert!(help.contains("captures_to_sqlite.py FOLDER OUT.sqlite") && help.contains("Scapy"), "{help}");
    }
    let run = output(script().arg("FOLDER").arg("OUT.sqlite"));
    let complaint = String::from_utf8_lossy(&run.stderr);
    assert_eq!(run.status.code(), Some(1));
    assert!(complaint.starts_with("Scapy is missing") && complaint.lines().count() == 1, "{complaint}");
}

#[test]
fn a_folder_of_captures_becomes_one_file_of_sqlite() {
    let Some((library, scapy)) = given("MSNP_CAPI").zip(given("MSNP_PYTHON")) else { return };
    let file = folder("sqlite").join("out.sqlite");
    let script = own("examples/captures_to_sqlite.py");
    // Beside captures there are other files, which are told of.
    let run = output(python(&library, &scapy).arg(script).arg(own("../../tests/captures")).arg(&file));
    let complaint = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success() && complaint.contains("this is not a packet capture"), "{complaint}");
    let again =
        output(python(&library, &scapy).arg(own("examples/captures_to_sqlite.py")).arg(own("tests")).arg(&file));
    let complaint = String::from_utf8_lossy(&again.stderr);
    assert!(again.status.code() == Some(2) && complaint.contains("remove it, or name another file"), "{complaint}");
    told(python(&library, &scapy).arg(own("tests/database.py")).arg(&file).arg(own("../../tests/captures")));
}
