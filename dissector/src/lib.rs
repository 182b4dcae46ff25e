//! Reads MSN Messenger traffic (MSNP): from capture bytes to an annotated tree of every field.

pub mod analysis;
mod calendar;
pub mod capture;
pub mod excerpt;
pub mod filter;
pub mod frame;
pub mod model;
pub mod msnp;
mod numerals;
pub mod redaction;
#[cfg(feature = "serde")]
pub mod report;
pub mod sorting;
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
    let rooms = msnp::EXPERTS.iter().chain(analysis::EXPERTS).chain(transfer::EXPERTS);
    tree::EXPERTS.iter().chain(rooms.copied().flatten()).copied()
}

/// Texts of transcripts, which come with the reports.
#[cfg(feature = "serde")]
static TOLD: &[tree::TextId] = report::transcript::TEXTS;
#[cfg(not(feature = "serde"))]
static TOLD: &[tree::TextId] = &[];

/// Every text with a key, English beside it: what a translation has to cover. Fields are keyed by their filter names.
pub fn texts() -> impl Iterator<Item = (&'static str, &'static str)> {
    let declared = msnp::TEXTS
        .iter()
        .chain(analysis::TEXTS)
        .chain(model::TEXTS)
        .chain(transfer::ALL_TEXTS)
        .chain([&filter::TEXTS, &frame::TEXTS, &TOLD])
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

    /// Fronts look names up by numbers of 32 bits, and a table that nobody can translate would stay English.
    #[test]
    fn names_are_of_numbers_and_can_be_translated() {
        let texts = super::texts().map(|(id, _)| id).collect::<HashSet<_>>();
        let named = super::fields().filter_map(|field| Some((field, field.names?))).collect::<Vec<_>>();
        for (field, names) in &named {
            assert!(matches!(field.kind, crate::tree::Kind::Uint32(_)), "{}", field.name);
            assert!(names.iter().count() > 0, "{}", field.name);
            for (number, name) in names.iter() {
                assert_eq!(names.of(number), Some(name));
                assert!(texts.contains(name.decl().id), "{}: {number}", field.name);
            }
        }
        assert!(named.len() > 30, "{}", named.len());
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

    /// Who sends a field, or wrote what carries it.
    const SENDERS: &[&str] = &["client", "server", "switchboard", "gateway", "program", "side", "sender", "producer"];

    /// Whether an explanation names who sends the field, or the dialect or program that it came with.
    fn places(explanation: &str) -> bool {
        let words = explanation.split(|c: char| !c.is_alphanumeric()).collect::<Vec<_>>();
        let sender = |word: &str| {
            let word = word.to_lowercase();
            SENDERS.contains(&word.strip_suffix('s').unwrap_or(&word))
        };
        let dialect = |word: &str| word.strip_prefix("MSNP").is_some_and(|number| number.parse::<u8>().is_ok());
        words.iter().any(|word| sender(word) || dialect(word) || word.starts_with("dialect"))
    }

    #[test]
    fn every_explanation_names_a_sender_or_a_dialect() {
        assert!(!places("How many bytes of a message follow, in decimal."));
        let faults = super::fields().filter(|field| !places(&field.explanation_line()));
        let faults = faults.map(|field| format!("{}: {}", field.name, field.explanation_line())).collect::<Vec<_>>();
        assert!(faults.is_empty(), "sent by nobody, in no dialect:\n{}", faults.join("\n"));
    }

    /// Words that say what was there in place of the expected.
    const FOUND: &[&str] = &["found", "missing"];
    /// Experts that blame no bytes, so that nothing else was expected: what a server itself reports, and what travels
    /// as the protocol wants it, readable for all on the way.
    const NOTHING_EXPECTED: &[&str] = &[
        "msnp.expert.error",
        "msnp.expert.signed-in-elsewhere",
        "msnp.expert.password-in-clear",
        "msnp.expert.proof-in-clear",
    ];

    #[test]
    fn every_expert_says_what_was_expected_and_what_was_found() {
        let faults = super::experts().filter_map(|expert| {
            let (id, text) = (expert.decl().id, expert.decl().text.english);
            let whole = text.contains("expected ") && FOUND.iter().any(|word| text.contains(word));
            (whole == NOTHING_EXPECTED.contains(&id)).then(|| format!("{id}: {text}"))
        });
        let faults = faults.collect::<Vec<_>>();
        assert!(faults.is_empty(), "one half only (or no exception any more):\n{}", faults.join("\n"));
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
