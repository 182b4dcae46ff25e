//! The reference's documents, and the blocks of hexadecimal in them.

/// A document, if the folder is there; a visible word, if not.
pub fn reference(file: &str) -> Option<String> {
    msnp_tests::elsewhere::text(&format!("protocol/{file}"))
}

/// The bytes of each block of hexadecimal in a document, or in a section of one.
pub fn blocks(document: &str) -> Vec<Vec<u8>> {
    let fenced = document.split("```hex\n").skip(1).filter_map(|rest| rest.split("```").next());
    fenced.map(|block| block.lines().flat_map(bytes_of_line).collect()).collect()
}

/// The bytes of a line of such a block: behind four digits of its place, before two blanks and the same in ASCII.
fn bytes_of_line(line: &str) -> Vec<u8> {
    hex(line.get(6..).unwrap_or_default().split("  ").next().unwrap_or_default())
}

/// Pairs of hexadecimal digits between blanks; a word that is no such pair is passed over.
pub fn hex(text: &str) -> Vec<u8> {
    let pairs = text.split_whitespace().filter(|pair| pair.len() == 2);
    pairs.filter_map(|pair| u8::from_str_radix(pair, 16).ok()).collect()
}
