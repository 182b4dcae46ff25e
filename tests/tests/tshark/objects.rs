//! Export Objects: what was sent comes out, whenever somebody begins to ask for it.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use msnp_tests::cases;
use msnp_tests::scenario::exchange::Sent;
use serde_json::{Value, json};

use crate::tool::Tshark;
use crate::usage::case;

/// Pictures and files over a switchboard in both versions, over a direct connection, and in the old way, which all come
/// whole; and one that is declined, of which its small picture is left.
const CASES: [&str; 5] = [
    "msnp11-file-declined",
    "msnp11-picture-p2p",
    "msnp18-file-p2pv2",
    "msnp15-file-direct-migrating",
    "msnp7-file-msnftp",
];

/// What was sent whole, and the small pictures of files, in some order.
fn sent(name: &str) -> Vec<Vec<u8>> {
    let whole = |sent: &Sent| sent.arrivals.iter().map(|arrival| arrival.bytes.len()).sum::<usize>() >= sent.data.len();
    let all = cases::named(name).unwrap().sent.into_iter();
    let objects = all.flat_map(|sent| [Some(sent.data.clone()).filter(|_| whole(&sent)), sent.preview]);
    let mut sent = objects.flatten().collect::<Vec<_>>();
    sent.sort();
    assert!(!sent.is_empty(), "{name}");
    sent
}

#[test]
fn objects_are_saved() {
    let Some(tshark) = Tshark::find() else { return };
    for name in CASES {
        let capture = case(&tshark, name);
        for (number, passes) in [&[][..], &["-2"]].into_iter().enumerate() {
            let folder = tshark.folder(&format!("{name}-{number}"));
            let export = format!("msnp,{}", folder.display());
            tshark.run(&[&["-q", "-r", &capture, "--export-objects", &export][..], passes].concat());
            let files = std::fs::read_dir(tshark.outside(&folder))
                .unwrap()
                .map(|entry| std::fs::read(entry.unwrap().path()).unwrap());
            let mut files = files.collect::<Vec<_>>();
            files.sort();
            assert!(files == sent(name), "{name} {passes:?}: {} files", files.len());
        }
    }
}

/// What does not come whole is not offered, and the last packet of it says why, as soon as the whole capture is known.
#[test]
fn what_did_not_come_whole_is_told() {
    let Some(tshark) = Tshark::find() else { return };
    let cases = [
        (
            "msnp9-file-p2p-lossy",
            "transfer-incomplete",
            "did not come whole, bytes are missing (3606–4807, 20434–22837): expected 27812 bytes, found 24206 bytes in the capture",
        ),
        (
            "msnp11-file-declined",
            "transfer-ended",
            "was not transferred to its end, declined: expected 27812 bytes, found 0 bytes in the capture",
        ),
    ];
    for (name, expert, text) in cases {
        let capture = case(&tshark, name);
        let told = |more: &[&str]| {
            let filter = format!("msnp.expert.{expert}");
            let fields = ["-Y", &filter, "-T", "fields", "-e", "_ws.expert.message"];
            tshark.run(&[&["-r", &capture][..], &fields, more].concat())
        };
        for more in [&["-2"][..], &["-2", "-z", "msnp_transfers,tree"]] {
            let shown = told(more);
            let lines = shown.lines().filter(|line| line.contains(text)).count();
            assert_eq!(lines, 1, "{name} {more:?}: {shown}");
        }
        assert_eq!(told(&[]), "", "{name}: not known yet");
    }
    for whole in ["msnp11-picture-p2p", "msnp18-file-p2pv2", "msnp7-file-msnftp"] {
        let filter = "msnp.expert.transfer-incomplete || msnp.expert.transfer-ended";
        assert_eq!(tshark.run(&["-2", "-r", &case(&tshark, whole), "-Y", filter]), "", "{whole}");
    }
}

/// Who asks after all was read, as Wireshark's dialog does, gets the same; and so does who asks again.
#[test]
fn who_asks_late_gets_all() {
    let Some(tshark) = Tshark::find() else { return };
    for name in CASES {
        let capture = case(&tshark, name);
        let request = |id: usize, method: &str, parameters: Value| json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": parameters });
        let objects = sent(name).len();
        let mut requests = vec![request(1, "load", json!({ "file": capture }))];
        for again in [0, 100] {
            requests.push(request(again + 2, "tap", json!({ "tap0": "eo:msnp" })));
            requests.push(request(again + 3, "frames", json!({ "filter": "msnp" })));
            let tokens = (0..objects).map(|number| format!("eo:msnp_{number}"));
            requests
                .extend(tokens.zip(again + 4..).map(|(token, id)| request(id, "download", json!({ "token": token }))));
        }
        let Some(answers) = tshark.ask(&requests) else { return };
        let by_id = answers.iter().map(|answer| (answer["id"].as_u64().unwrap(), answer)).collect::<BTreeMap<_, _>>();
        for again in [0, 100] {
            let listed = by_id[&(again + 2)]["result"]["taps"][0]["objects"].as_array().unwrap().len();
            let downloaded = (0..objects as u64).map(|number| {
                let data = &by_id[&(again + 4 + number)]["result"]["data"];
                STANDARD.decode(data.as_str().unwrap_or_default()).unwrap()
            });
            let mut downloaded = downloaded.collect::<Vec<_>>();
            downloaded.sort();
            assert_eq!(listed, objects, "{name}");
            assert!(downloaded == sent(name), "{name}");
        }
    }
}
