//! Golden PDUs come from the reference, or say that they do not.

use std::path::Path;

use crate::documents::{blocks, reference};

/// A golden PDU counts as found in the reference if it is a block, or holds one of so many bytes.
const ENOUGH: usize = 12;

/// The golden PDUs whose lines, or whose bytes, stand in no document of the reference are made up, and say so.
#[test]
fn a_golden_pdu_that_the_reference_does_not_have_says_that_it_is_invented() {
    let documents =
        ["commands.md", "framing-vectors.csv", "messages.md", "sessions.md", "transcripts.jsonl", "vectors.md"];
    let Some(documents) = documents.into_iter().map(reference).collect::<Option<Vec<_>>>() else { return };
    let blocks = documents.iter().flat_map(|document| blocks(document)).collect::<Vec<_>>();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("pdus");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let (mut found, mut unmarked) = (0, Vec::new());
    for path in files.filter(|path| path.extension().is_some_and(|extension| extension == "msnp")) {
        let bytes = std::fs::read(&path).unwrap();
        let line = String::from_utf8_lossy(bytes.split(|byte| *byte == b'\n').next().unwrap()).trim_end().to_owned();
        let tree = std::fs::read_to_string(path.with_extension("tree")).unwrap();
        let invented = tree.lines().next().unwrap().split(", ").any(|word| word == "invented");
        let within = |block: &Vec<u8>| bytes.windows(block.len()).any(|part| part == block);
        let holds = |block: &Vec<u8>| bytes == *block || block.len() >= ENOUGH && within(block);
        if documents.iter().any(|document| document.contains(&line)) || blocks.iter().any(holds) {
            found += 1;
        } else if !invented {
            unmarked.push(format!("{}: {line}", path.file_name().unwrap().to_string_lossy()));
        }
    }
    assert!(found > 50, "the reference has only {found}");
    assert_eq!(unmarked, [""; 0], "to be marked as invented in the first line of the .tree");
}
