//! Transfers that did not come whole: the plugin's experts name those that the ledger names, in the same words, and those
//! that nobody sent to their end.

use std::path::Path;

use msnp_dissector::analysis::Analysis;
use msnp_dissector::transfer::{Keeping, Transfers};
use msnp_dissector::tree::{Catalogue, Text};

use crate::library::Pdu;
use crate::pdml;

/// Of a sentence so much is compared: the transfer's name and what became of it. Wireshark cuts the texts of experts.
const COMPARED: usize = 150;

const LOST: &str = "msnp.expert.transfer-incomplete";
const ENDED: &str = "msnp.expert.transfer-ended";

/// How many transfers of a capture the plugin and the ledger name, or what they say otherwise of them.
pub fn disagreement(capture: &Path, plugin: &[Pdu]) -> Result<usize, String> {
    let experts = plugin.iter().flat_map(|pdu| &pdu.experts).filter(|odd| [LOST, ENDED].contains(&&*odd.name));
    let mut shown = experts.map(|odd| (odd.name == LOST, beginning(&odd.text))).collect::<Vec<_>>();
    let mut told = told(&std::fs::read(capture).unwrap());
    shown.sort();
    told.sort();
    if shown == told { Ok(told.len()) } else { Err(format!("transfers: msnp {told:#?}, Wireshark {shown:#?}")) }
}

/// Where packets are lost: which transfers the plugin names as incomplete that the ledger does not name. Wireshark puts
/// segments together otherwise, so that other bytes of them may be missing.
pub fn unheard_of(capture: &Path, plugin: &[Pdu]) -> Option<String> {
    let name = |text: &str| text.split(" did not come whole").next().unwrap_or_default().to_owned();
    let told = told(&std::fs::read(capture).unwrap());
    let named = told.iter().filter(|(lost, _)| *lost).map(|(_, text)| name(text)).collect::<Vec<_>>();
    let experts = plugin.iter().flat_map(|pdu| &pdu.experts).filter(|odd| odd.name == LOST);
    let strange = experts.map(|odd| name(&odd.text)).filter(|name| !named.contains(name)).collect::<Vec<_>>();
    (!strange.is_empty()).then(|| format!("only Wireshark: {strange:?}, msnp {told:#?}"))
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
