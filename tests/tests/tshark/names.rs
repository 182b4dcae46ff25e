//! Names of values: Wireshark has those of the library's field table, and finds packets by them.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::library;
use crate::tool::Tshark;
use crate::usage::case;

/// The names that the values of a field have.
type ValueNames = BTreeMap<u32, Cow<'static, str>>;

/// The fields whose values have names.
fn named() -> impl Iterator<Item = (&'static str, ValueNames)> {
    msnp_dissector::fields().filter_map(|field| Some((field.name, library::value_names(field)?)))
}

#[test]
fn wireshark_has_the_names_of_the_library() {
    let Some(tshark) = Tshark::find() else { return };
    let shown = tshark.run(&["-G", "values"]);
    let shown = shown.lines().filter_map(|line| line.strip_prefix("V\tmsnp."));
    let shown = shown.map(|line| format!("msnp.{line}")).collect::<BTreeSet<_>>();
    let told = named().flat_map(|(field, names)| names.into_iter().map(move |(number, name)| (field, number, name)));
    let told = told.collect::<Vec<_>>();
    assert!(told.iter().any(|(field, number, _)| (*field, *number) == ("msnp.error", 217)));
    // tshark writes numbers of hexadecimal fields in hexadecimal.
    let written = |(field, number, name): &(&str, u32, Cow<'_, str>)| {
        [format!("{field}\t{number}\t{name}"), format!("{field}\t0x{number:x}\t{name}")]
    };
    let missing = told.iter().filter(|row| !written(row).iter().any(|line| shown.contains(line))).collect::<Vec<_>>();
    assert!(missing.is_empty(), "{missing:?} of\n{shown:?}");
    assert_eq!(shown.len(), told.len());
    for (field, names) in named() {
        let different = names.values().collect::<BTreeSet<_>>();
        assert_eq!(different.len(), names.len(), "{field}: a filter finds the first of two only");
    }
    let wrong = [(911, 917), (917, 911)]
        .map(|(code, other)| (code, format!("the proof of identity is wrong, as with {other}")));
    let told =
        |(code, name): &(u32, String)| told.iter().any(|one| (one.0, one.1, &*one.2) == ("msnp.error", *code, name));
    assert!(wrong.iter().all(told), "{wrong:?}");
}

/// Each value that occurs.
#[test]
fn a_filter_by_name_finds_what_one_by_number_does() {
    let Some(tshark) = Tshark::find() else { return };
    let names = named().collect::<BTreeMap<_, _>>();
    let wanted = ["msnp.error", "msnp.network", "msnp.capabilities.bit", "msnp.msnobj.type", "msnp.p2p.flag"];
    let mut tried = BTreeSet::new();
    for name in ["msnp15-errors-and-oddities", "msnp21-datagrams", "msnp11-picture-p2p"] {
        let capture = case(&tshark, name);
        let find = |filter: &str| tshark.run(&["-r", &capture, "-Y", filter, "-T", "fields", "-e", "frame.number"]);
        let fields = library::pdus(&tshark.outside(Path::new(&capture))).into_iter().flat_map(|pdu| pdu.fields);
        let found = fields.filter(|field| wanted.contains(&field.name.as_str())).map(|field| (field.name, field.value));
        for (field, value) in found.collect::<BTreeSet<_>>() {
            let digits = value.strip_prefix("0x");
            let number = digits.map_or_else(|| value.parse().unwrap(), |hex| u32::from_str_radix(hex, 16).unwrap());
            let Some(name) = names[field.as_str()].get(&number) else { continue };
            if tried.insert((field.clone(), number)) {
                let frames = find(&format!("{field} == {number}"));
                assert!(!frames.is_empty(), "{field} == {number}");
                assert_eq!(find(&format!("{field} == \"{name}\"")), frames, "{field}: {name}");
            }
        }
    }
    assert!(tried.iter().filter(|(field, _)| field == "msnp.error").count() > 3, "{tried:?}");
    assert!(tried.len() > 15, "{tried:?}");
}

#[test]
fn a_name_and_its_number_are_told_once() {
    let Some(tshark) = Tshark::find() else { return };
    let capture = case(&tshark, "msnp15-errors-and-oddities");
    for (code, name) in [
        (217, "the person is not online, or accepts no messages"),
        (911, "the proof of identity is wrong, as with 917"),
    ] {
        let shown = tshark.run(&["-r", &capture, "-O", "msnp", "-Y", &format!("msnp.error == {code}")]);
        assert!(shown.contains(&format!("\n        Error code: {name} ({code})\n")), "{shown}");
    }
}
