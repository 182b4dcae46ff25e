//! Reads MSN Messenger traffic (MSNP): from capture bytes to an annotated tree of every field.

pub mod analysis;
mod calendar;
pub mod capture;
pub mod model;
pub mod msnp;
pub mod redaction;
#[cfg(feature = "serde")]
pub mod report;
pub mod transport;
pub mod tree;
pub mod tunnel;

/// The examples of the README are compiled as a test.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;

/// The whole field table: what Wireshark registers, the page explains and the field reference prints.
pub fn fields() -> impl Iterator<Item = &'static tree::Field> {
    msnp::FAMILIES.iter().chain(analysis::FAMILIES).flat_map(|family| family.iter())
}

/// The whole expert table.
pub fn experts() -> impl Iterator<Item = tree::ExpertId> {
    tree::EXPERTS.iter().chain(msnp::EXPERTS.iter().chain(analysis::EXPERTS).copied().flatten()).copied()
}

/// Every text with a key, English beside it: what a translation has to cover. Fields are keyed by their filter names.
pub fn texts() -> impl Iterator<Item = (&'static str, &'static str)> {
    let declared = msnp::TEXTS
        .iter()
        .chain(analysis::TEXTS)
        .chain(model::TEXTS)
        .copied()
        .flatten()
        .chain(tree::TEXTS)
        .map(|text| (text.decl().id, text.decl().english));
    let verbs = msnp::verb::VERBS.iter().flat_map(|decl| {
        let shapes = [&decl.to_server, &decl.to_client].into_iter().flatten().map(|shape| &shape.means);
        std::iter::once(&decl.title).chain(shapes).map(|text| (text.id, text.english))
    });
    let experts = experts().map(|expert| (expert.decl().id, expert.decl().text.english));
    let fields = fields().map(|field| (field.name, field.title));
    declared.chain(verbs).chain(experts).chain(fields)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    #[test]
    fn every_key_and_number_stands_once() {
        let mut seen = HashSet::new();
        for (key, english) in super::texts() {
            assert!(seen.insert(key), "{key} is declared twice");
            assert!(!english.is_empty(), "{key} says nothing");
        }
        let mut numbers = HashSet::new();
        for field in super::fields() {
            assert!(numbers.insert(field.number), "number of {} is taken", field.name);
            assert!(field.name.starts_with("msnp."), "{}", field.name);
            assert!(field.explanation_line().len() > field.title.len() + 10, "{} is not explained", field.name);
        }
    }
}
