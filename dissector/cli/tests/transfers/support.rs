//! Captures with transfers, and what the program makes of them.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use msnp_tests::scenario::exchange::{Bytes, Direct, Over, Transfer, Way};
use msnp_tests::scenario::options::Connection;
use msnp_tests::scenario::{self, Exchange, Transcript};
use serde_json::Value;

/// A folder that goes away with the test.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("msnp-transfers-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub fn join(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

pub fn msnp(arguments: &[&str]) -> Output {
    msnp_from(arguments, Stdio::null())
}

pub fn msnp_from(arguments: &[&str], input: Stdio) -> Output {
    Command::new(env!("CARGO_BIN_EXE_msnp")).args(arguments).stdin(input).output().expect("msnp runs")
}

pub fn lines(output: &Output) -> Vec<Value> {
    let text = std::str::from_utf8(&output.stdout).expect("UTF-8");
    text.lines().map(|line| serde_json::from_str(line).expect("a JSON object a line")).collect()
}

/// Two in a room, who send each other these; each has a connection of its own where the way wants one.
pub fn transcript(way: Way, direct: bool, transfers: Vec<Transfer>) -> Transcript {
    let mut transcript = Transcript::parse(concat!(
        r#"{"connection":"SB","dir":"C>S","line":"USR 1 alice@example.com 1146899289.77\r\n"}"#,
        "\n",
        r#"{"connection":"SB","dir":"S>C","line":"USR 1 OK alice@example.com Alice\r\n"}"#,
        "\n",
        r#"{"connection":"SB","dir":"S>C","after_ms":200,"line":"JOI bob@example.com Bob\r\n"}"#,
    ))
    .unwrap();
    let with_ways = transfers.into_iter().enumerate().map(|(number, transfer)| {
        let port = 6891 + u16::try_from(number).unwrap();
        let connection = format!("own {number}");
        let options = Connection {
            client: Some(([192, 0, 2, 10], 3000 + port).into()),
            server: Some(([192, 0, 2, 20], port).into()),
            ..Connection::default()
        };
        transcript.scenario.connections.insert(connection.clone(), options);
        let address = "192.0.2.20".to_owned();
        let own = Direct { connection, after: 0, hashed: true, over: Over::Tcp, chunk: None, address, port };
        Transfer { direct: direct.then_some(own), ..transfer }
    });
    let exchange = Exchange { way, transfers: with_ways.collect(), ..Exchange::default() };
    transcript.exchange(&exchange, None).unwrap();
    transcript
}

pub fn capture(folder: &Folder, transcript: &Transcript) -> String {
    let path = folder.join(&transcript.scenario.file_name());
    fs::write(&path, scenario::build(transcript).unwrap()).unwrap();
    path
}

/// The files of a folder by name; the list among them.
pub fn files(folder: &str) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    entries.map(|entry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap())).collect()
}

/// The list: file, what it holds, number of the transfer.
pub fn manifest(files: &BTreeMap<String, Vec<u8>>) -> Vec<Value> {
    let text = std::str::from_utf8(&files["manifest.jsonl"]).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A file of this name.
pub fn named(name: &str) -> Transfer {
    Transfer { name: name.to_owned(), data: Bytes::Text("MZ: run me".to_owned()), ..Transfer::default() }
}
