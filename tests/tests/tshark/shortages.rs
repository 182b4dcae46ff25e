//! Transfers that did not come whole: the plugin's experts name those that the ledger names, in the same words, and those
//! that nobody sent to their end.

use std::path::Path;

use msnp_dissector::analysis::Analysis;
use msnp_dissector::transfer::{Keeping, Transfers};
use msnp_dissector::tree::{Catalogue, Text};

use msnp_tests::cases;

use crate::agreement::capture_of;
use crate::library::Pdu;
use crate::pdml;
use crate::tool::Tshark;

/// Of a sentence so much is compared: the transfer's name and what became of it. Wireshark cuts the texts of experts.
const COMPARED: usize = 150;

const LOST: &str = "msnp.expert.transfer-incomplete";
const ENDED: &str = "msnp.expert.transfer-ended";

/// Blocks of an old file have no places of their own. Which of them are lost, the length of the hole tells, and what Wireshark
/// kept back before it is part of that.
#[test]
fn a_hole_in_an_old_file_is_where_it_is() {
    let Some(tshark) = Tshark::find() else { return };
    let cases = cases::all().unwrap();
    let case = cases.iter().find(|case| case.ends_with("msnp7-file-msnftp")).unwrap();
    let whole = tshark.copy(&capture_of(case));
    for lost in ["26", "27"] {
        let damaged = tshark.edited(&whole.to_string_lossy(), &[], &[lost]);
        let damaged = tshark.file(&format!("without-{lost}.pcap"), &damaged);
        let told = tshark.run(&["-2", "-r", &damaged.to_string_lossy(), "-T", "fields", "-e", "_ws.expert.message"]);
        let wanted = "bytes are missing (0–2044): expected 4698 bytes, found 2653 bytes in the capture";
        assert!(told.contains(wanted), "without packet {lost}: {told}");
    }
}

/// How many transfers of a capture the plugin and the ledger name, or what they say otherwise of them.
pub fn disagreement(capture: &Path, plugin: &[Pdu]) -> Result<usize, String> {
    let mut shown = shown(plugin);
    let mut told = told(&std::fs::read(capture).unwrap());
    shown.sort();
    told.sort();
    if shown == told { Ok(told.len()) } else { Err(format!("transfers: msnp {told:#?}, Wireshark {shown:#?}")) }
}

/// Where packets are lost: which transfers only one of the plugin and the ledger names, and what of it, as lost or as not sent.
/// Wireshark puts segments together otherwise, so that other bytes of them may be missing.
pub fn one_sided(capture: &Path, plugin: &[Pdu]) -> Option<String> {
    let (told, shown) = (told(&std::fs::read(capture).unwrap()), shown(plugin));
    let [ours, theirs] = [&told, &shown].map(|all| {
        let mut names = all.iter().map(|(lost, text)| (*lost, name(text))).collect::<Vec<_>>();
        names.sort();
        names
    });
    (ours != theirs).then(|| format!("transfers: msnp {told:#?}, Wireshark {shown:#?}"))
}

/// Which transfer a sentence is about.
fn name(sentence: &str) -> String {
    let verb = [" did not come whole", " was not transferred"].iter().find_map(|verb| sentence.split_once(verb));
    verb.map_or(sentence, |(name, _)| name).to_owned()
}

/// What the plugin's experts say, and whether of a loss.
fn shown(plugin: &[Pdu]) -> Vec<(bool, String)> {
    let experts = plugin.iter().flat_map(|pdu| &pdu.experts).filter(|odd| [LOST, ENDED].contains(&&*odd.name));
    experts.map(|odd| (odd.name == LOST, beginning(&odd.text))).collect()
}

/// What is told of each that did not come whole, and whether the ledger has it.
fn told(capture: &[u8]) -> Vec<(bool, String)> {
    let mut transfers = Transfers::new(Keeping::Elsewhere);
    let mut analysis = Analysis::new();
    analysis.push(capture, &mut transfers).unwrap();
    analysis.finish(&mut transfers).unwrap();
    let catalogue = Catalogue::english();
    let line = |text: &Text| beginning(&pdml::unescaped(&catalogue.render(text)));
    let transfers = transfers.finish();
    let ledger = transfers.iter().filter_map(|one| one.missing().map(|missing| (true, line(&missing.text))));
    let ended = transfers.iter().filter_map(|one| one.shortage().filter(|shortage| !shortage.is_loss()));
    ledger.chain(ended.map(|shortage| (false, line(&shortage.expert.text)))).collect()
}

fn beginning(text: &str) -> String {
    text.chars().take(COMPARED).collect()
}
