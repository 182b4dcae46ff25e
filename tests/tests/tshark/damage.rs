//! Damaged captures: lost packets and changed bytes cost what they hold and nothing more. No byte is told twice, Wireshark
//! finds no fault in the plugin, and what is whole is what the library finds.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use msnp_tests::cases;

use crate::agreement::capture_of;
use crate::library::{self, Pdu};
use crate::pdml::{self, Segment};
use crate::shortages;
use crate::tool::Tshark;

/// Captures that Wireshark reads by rules of its own once packets are lost: it does not wait for late segments, nor does it
/// follow a proxy or HTTP whose beginning is missing.
const OTHERWISE: [&str; 3] = ["reordered", "proxies", "gateway"];

/// Which packets are lost in each capture: the first one, and from one to the next. Some of them stand right before an
/// invitation, so that its answer is heard first.
const LOSSES: [(usize, usize); 4] = [(8, 9), (9, 9), (10, 7), (6, 5)];

/// How a capture is damaged.
#[derive(Debug, Clone, Copy)]
enum Damage {
    /// Without some packets.
    Lost {
        /// The first number.
        first: usize,
        /// From one to the next.
        each: usize,
    },
    /// One byte in fifty behind the heads of Ethernet, IP and TCP is another.
    Changed {
        /// Which bytes, and to what.
        seed: u32,
    },
}

/// Some for each sample capture; more of those where programs speak to each other directly.
#[test]
fn damage_costs_what_it_hits() {
    let Some(tshark) = Tshark::find() else { return };
    let mut jobs = Vec::new();
    for case in cases::all().unwrap() {
        let name = case.file_name().unwrap().to_string_lossy().into_owned();
        let mut damages = vec![Damage::Changed { seed: 1 }];
        damages.extend(LOSSES.map(|(first, each)| Damage::Lost { first, each }));
        if name.contains("direct") || name.contains("msnftp") {
            let single = |first| Damage::Lost { first, each: usize::MAX };
            damages.extend([24, 26, 40, 42].map(single));
            damages.extend([2, 3].map(|seed| Damage::Changed { seed }));
        }
        jobs.extend(damages.into_iter().map(|damage| (capture_of(&case), name.clone(), damage)));
    }
    let next = AtomicUsize::new(0);
    let faults = std::thread::scope(|scope| {
        let work = || {
            let mut faults = Vec::new();
            while let Some((capture, name, damage)) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
                let found = faults_of(&tshark, capture, *damage);
                faults.extend(found.iter().map(|fault| format!("{name}, {damage:?}: {fault}")));
            }
            faults
        };
        let others = (0..2).map(|_| scope.spawn(work)).collect::<Vec<_>>();
        others.into_iter().flat_map(|other| other.join().unwrap()).collect::<Vec<_>>()
    });
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

fn faults_of(tshark: &Tshark, capture: &Path, damage: Damage) -> Vec<String> {
    let damaged = damaged(tshark, capture, damage);
    let file = damaged.to_string_lossy();
    let passes: &[&str] = if matches!(damage, Damage::Lost { .. }) { &["-2"] } else { &[] };
    let document = tshark.run(&[passes, &["-T", "pdml", "-J", "frame tcp msnp", "-r", &file]].concat());
    let plugin = pdml::pdus(&document);
    let mut faults = told_twice(&document, &plugin);
    if document.to_lowercase().contains("dissector bug") {
        faults.push("a dissector bug".to_owned());
    }
    if let Damage::Lost { first, each } = damage
        && !OTHERWISE.iter().any(|word| file.contains(word))
    {
        let library = library::pdus(&tshark.outside(&damaged));
        let [missing, added] = [(&library, &plugin), (&plugin, &library)].map(|(from, without)| only(from, without));
        // What comes right before a hole the library shows as far as it goes, Wireshark keeps it back.
        if missing.len() > numbers(first, each).len() {
            faults.push(format!("only msnp: {missing:#?}"));
        }
        if !added.is_empty() {
            faults.push(format!("only Wireshark: {added:#?}"));
        }
        faults.extend(shortages::one_sided(&tshark.outside(&damaged), &plugin));
    }
    std::fs::remove_file(tshark.outside(&damaged)).unwrap();
    faults
}

/// The packets that are lost, of as many as a sample capture has at most.
fn numbers(first: usize, each: usize) -> Vec<String> {
    (first..200).step_by(each).map(|number| number.to_string()).collect()
}

fn damaged(tshark: &Tshark, capture: &Path, damage: Damage) -> PathBuf {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let name = capture.parent().unwrap().file_name().unwrap().to_string_lossy();
    let copy = tshark.file(&format!("{number}-{name}"), &std::fs::read(capture).unwrap());
    let copy = copy.to_string_lossy().into_owned();
    let bytes = match damage {
        Damage::Lost { first, each } => {
            let lost = numbers(first, each);
            tshark.edited(&copy, &[], &lost.iter().map(String::as_str).collect::<Vec<_>>())
        }
        Damage::Changed { seed } => tshark.edited(&copy, &["-E", "0.02", "-o", "54", "--seed", &seed.to_string()], &[]),
    };
    tshark.file(&format!("{number}-damaged-{name}"), &bytes)
}

/// More bytes told of a direction of a connection than its segments hold.
fn told_twice(document: &str, plugin: &[Pdu]) -> Vec<String> {
    let mut left = BTreeMap::<_, i64>::new();
    let mut ways = BTreeMap::new();
    for Segment { frame, way, length } in pdml::segments(document) {
        *left.entry(way).or_default() += i64::try_from(length).unwrap();
        ways.insert(frame, way);
    }
    for pdu in plugin {
        if let Some(left) = ways.get(&pdu.frame).and_then(|way| left.get_mut(way)) {
            *left -= i64::try_from(pdu.length).unwrap();
        }
    }
    left.retain(|_, left| *left < 0);
    left.iter().map(|(way, left)| format!("{way:?}: {} bytes more than there are", -left)).collect()
}

/// The PDUs of a list, but for strays, that another one has not, in whatever packet.
fn only(from: &[Pdu], without: &[Pdu]) -> Vec<String> {
    let told = |pdu: &Pdu| (pdu.length, pdu.fields.first().map(|field| field.name.clone()));
    let mut others = BTreeMap::<_, i32>::new();
    without.iter().for_each(|pdu| *others.entry(told(pdu)).or_default() += 1);
    let mut only = Vec::new();
    for pdu in from.iter().filter(|pdu| pdu.fields.first().is_some_and(|field| field.name != "msnp.undecoded")) {
        let left = others.entry(told(pdu)).or_default();
        *left -= 1;
        if *left < 0 {
            only.push(format!("packet {}, {} bytes, {}", pdu.frame, pdu.length, pdu.title));
        }
    }
    only
}
