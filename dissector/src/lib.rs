//! Reads MSN Messenger traffic (MSNP): from capture bytes to an annotated tree of every field.

pub mod analysis;
mod calendar;
pub mod capture;
pub mod model;
pub mod msnp;
mod numerals;
pub mod redaction;
#[cfg(feature = "serde")]
pub mod report;
pub mod transfer;
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
        .chain(transfer::ALL_TEXTS)
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

    /// Words of the shortest explanation.
    const EXPLAINING: usize = 9;
    /// Words in it that say something and are not in the title.
    const TELLING: usize = 3;
    /// Words that say nothing by themselves.
    const EMPTY: &[&str] = &[
        "about", "after", "also", "behind", "bytes", "decimal", "from", "have", "into", "more", "number", "other",
        "says", "sends", "sent", "server", "client", "such", "that", "the", "their", "there", "these", "this", "value",
        "what", "when", "where", "whether", "which", "with",
    ];

    /// How many words an explanation has, and those in it that say something new: words with the same beginning count as
    /// one, so that “counts” does not explain “count”.
    fn said(field: &crate::tree::Field) -> (usize, HashSet<String>) {
        let words = |text: &str| {
            let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
            words.map(str::to_lowercase).collect::<Vec<_>>()
        };
        let beginning = |word: &String| word.chars().take(5).collect::<String>();
        let title = words(field.title).iter().map(beginning).collect::<HashSet<_>>();
        let explanation = words(&field.explanation_line());
        let telling = explanation.iter().filter(|word| word.len() > 3 && !EMPTY.contains(&word.as_str()));
        (explanation.len(), telling.map(beginning).filter(|word| !title.contains(word)).collect())
    }

    #[test]
    fn every_explanation_says_more_than_its_title() {
        let faults = super::fields().filter_map(|field| {
            let (words, news) = said(field);
            (words < EXPLAINING || news.len() < TELLING)
                .then(|| format!("{} ({words} words, new: {news:?})", field.name))
        });
        let faults = faults.collect::<Vec<_>>();
        assert!(faults.is_empty(), "explained too briefly, or by their titles:\n{}", faults.join("\n"));
    }

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
        }
    }
}
