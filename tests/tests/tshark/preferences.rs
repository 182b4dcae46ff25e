//! Preferences: what a user chooses holds, and leaves nothing behind when it is taken back.

use std::path::Path;

use serde_json::{Value, json};

use crate::tool::Tshark;
use crate::usage::case;

#[test]
fn secrets_can_be_hidden() {
    let Some(tshark) = Tshark::find() else { return };
    let capture = case(&tshark, "msnp15-signin-sso");
    let secrets = ["msnp.auth.proof", "msnp.auth.answer.iv", "msnp.auth.answer.cipher_text", "msnp.profile.ticket"];
    let fields = secrets.iter().flat_map(|name| ["-e", name]).collect::<Vec<_>>();
    let ask = |options: &[&str]| tshark.run(&[&["-r", &capture, "-T", "fields"], &fields[..], options].concat());
    let words = |shown: &str| {
        let words = shown.split(['\t', '\n', ',']).filter(|word| !word.is_empty()).map(str::to_owned);
        words.collect::<Vec<_>>()
    };
    let shown = words(&ask(&[]));
    assert!(shown.len() > 2 && shown.iter().all(|word| word.len() > 4), "{shown:?}");
    let hide = ["-o", "msnp.hide_secrets:TRUE"];
    let hidden = words(&ask(&hide));
    assert_eq!(hidden.len(), shown.len());
    assert!(hidden.iter().all(|word| word == "(hidden)" || word.bytes().all(|digit| digit == b'0')), "{hidden:?}");
    let everything = tshark.run(&[&["-r", &capture, "-O", "msnp"][..], &hide].concat());
    let told = shown.iter().filter(|word| everything.contains(word.as_str())).collect::<Vec<_>>();
    assert!(told.is_empty(), "{told:?}");
}

/// PDML tells the bytes of a field beside its value.
#[test]
fn bytes_of_secrets_are_under_no_field() {
    let Some(tshark) = Tshark::find() else { return };
    let capture = case(&tshark, "msnp15-signin-sso");
    let fields = |options: &[&str]| {
        let pdml = tshark.run(&[&["-2", "-r", &capture, "-T", "pdml"], options].concat());
        let lines = pdml.lines().filter(|line| line.trim_start().starts_with("<field name=\"msnp."));
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    let value = |line: &str| {
        let (_, value) = line.split_once(" value=\"")?;
        value.split('"').next().filter(|value| !value.is_empty()).map(str::to_owned)
    };
    let shown = fields(&[]);
    let secrets = shown.iter().filter(|line| line.contains("(secret)")).filter_map(|line| value(line));
    let secrets = secrets.collect::<Vec<_>>();
    assert!(secrets.len() > 4, "{secrets:?}");
    let hidden = fields(&["-o", "msnp.hide_secrets:TRUE"]);
    assert_eq!(hidden.len(), shown.len());
    let told = hidden.iter().filter(|line| secrets.iter().any(|secret| line.contains(secret))).collect::<Vec<_>>();
    assert!(told.is_empty(), "{told:?}");
    assert!(hidden.iter().filter(|line| line.contains("(secret)")).all(|line| value(line).is_none()));
    let values = |lines: &[String]| lines.iter().filter_map(|line| value(line)).count();
    assert!(values(&hidden) + secrets.len() * 2 > values(&shown), "the other fields keep their bytes");
}

#[test]
fn objects_beyond_the_ceiling_are_not_kept() {
    let Some(tshark) = Tshark::find() else { return };
    let capture = case(&tshark, "msnp11-picture-p2p");
    for (ceiling, found) in [("256", true), ("0", false)] {
        let folder = tshark.folder(&format!("objects-{ceiling}"));
        let (export, ceiling) = (format!("msnp,{}", folder.display()), format!("msnp.object_ceiling:{ceiling}"));
        tshark.run(&["-q", "-r", &capture, "-o", &ceiling, "--export-objects", &export]);
        assert_eq!(std::fs::read_dir(tshark.outside(&folder)).unwrap().next().is_some(), found, "{ceiling}");
    }
}

/// On other ports and over UDP it is found by its words alone; where a port or a media type tells, it stays.
#[test]
fn nothing_is_looked_for_by_its_words_if_so_wished() {
    let Some(tshark) = Tshark::find() else { return };
    let found = |name: &str, filter: &str, options: &[&str]| {
        tshark.run(&[&["-r", &case(&tshark, name), "-Y", filter][..], options].concat()).lines().count()
    };
    let off = ["-o", "msnp.heuristics:FALSE"];
    for (name, filter, stays) in [
        ("msnp9-chat-other-port-vlan-ipv6", "msnp && !(tcp.port == 1863)", false),
        ("msnp18-file-udp", "msnp && udp", false),
        ("msnp18-file-udp", "msnp && tcp", true),
        ("msnp8-gateway-proxy", "msnp", true),
    ] {
        let on = found(name, filter, &[]);
        assert!(on > 0, "{name}");
        assert_eq!(found(name, filter, &off), if stays { on } else { 0 }, "{name}");
    }
}

/// What is not put together goes on in the next segment: its rest is told as such, and costs no command. Behind a lost segment
/// nothing is taken for a rest.
#[test]
fn without_reassembly_the_rest_of_a_payload_is_told() {
    let Some(tshark) = Tshark::find() else { return };
    let capture = case(&tshark, "msnp11-picture-p2p");
    let verbs = |file: &str, options: &[&str]| {
        tshark.run(&[&["-r", file, "-T", "fields", "-e", "msnp.verb"], options].concat()).matches("MSG").count()
    };
    let apart = ["-o", "msnp.desegment:FALSE"];
    assert_eq!(verbs(&capture, &apart), verbs(&capture, &[]));
    let shown = |file: &str, passes: &[&str]| tshark.run(&[&["-r", file][..], &apart, passes].concat());
    let [once, twice] = [&[][..], &["-2"]].map(|passes| shown(&capture, passes));
    assert_eq!(once, twice);
    assert!(once.matches("more bytes of a payload").count() > 8 && !once.contains("that are no command"), "{once}");
    // The first segment that holds a rest, and the end of another in the next one.
    let rest = once.lines().find(|line| line.contains("more bytes of a payload |")).unwrap();
    let number = rest.split_whitespace().next().unwrap();
    let lost = tshark.file("lost.pcap", &tshark.edited(&capture, &[], &[number]));
    let shown = shown(&lost.to_string_lossy(), &[]);
    let behind = shown.lines().find(|line| line.contains("[TCP Previous segment not captured]")).unwrap();
    assert!(behind.contains("that are no command"), "{behind}");
    assert!(shown.matches("more bytes of a payload").count() > 6, "{shown}");
}

/// Several files in one session, with a preference changed in between: each time the same as ever.
#[test]
fn a_choice_taken_back_leaves_nothing_behind() {
    let Some(tshark) = Tshark::find() else { return };
    let [picture, other] = ["msnp11-picture-p2p", "msnp8-gateway-proxy"].map(|name| {
        let bytes = std::fs::read(tshark.outside(Path::new(&case(&tshark, name)))).unwrap();
        tshark.file(&format!("{name}.pcap"), &bytes)
    });
    let mut requests = Vec::new();
    let mut ask = |method: &str, parameters: Value| {
        let id = requests.len() + 1;
        requests.push(json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": parameters }));
        id
    };
    let mut looks = Vec::new();
    for (file, desegment) in
        [(&picture, "TRUE"), (&other, "TRUE"), (&picture, "FALSE"), (&picture, "TRUE"), (&other, "TRUE")]
    {
        ask("setconf", json!({ "name": "msnp.desegment", "value": desegment }));
        ask("load", json!({ "file": file }));
        looks.push([(); 2].map(|()| ask("frames", json!({ "filter": "msnp" }))));
    }
    let Some(answers) = tshark.ask(&requests) else { return };
    let frames = |id: usize| {
        let answer = answers.iter().find(|answer| answer["id"] == id).unwrap();
        assert!(answer["result"].as_array().is_some_and(|frames| !frames.is_empty()), "{answer}");
        answer["result"].to_string()
    };
    let seen = looks.iter().map(|look| look.map(frames)).collect::<Vec<_>>();
    assert!(seen.iter().all(|[first, again]| first == again), "another look shows the same");
    assert!(seen[0] == seen[3] && seen[1] == seen[4], "another time shows the same");
    assert!(seen[0] != seen[2], "the choice counts");
}
