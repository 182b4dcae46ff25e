//! The puzzle by which the server tests whether a client is genuine (`CHL`, `QRY`), and what answers it.
//!
//! The answer is computed from the puzzle and a secret key that belongs to the client's product id. The keys are no part of
//! this project and never travel, so a capture alone shows only whether an answer has the right form. Who has a key can
//! check answers with [`is_answer`].
//!
//! Source: protocol reference, sessions 7.

use md5::{Digest as _, Md5};

use crate::msnp::Dialect;
use crate::msnp::commands::login::CHALLENGE_ANSWER;
use crate::msnp::token::{Word, shortened};
use crate::tree::{Arg, ExpertId, Record, Scribe, Value, experts, hex, texts};

experts! {
    ANSWER_FORM: Warn, Malformed => "msnp.expert.challenge-answer", "expected 32 hexadecimal digits as the answer to the challenge, found {0} bytes (“{1}”)";
}

texts! {
    UNCHECKED = "challenge.unchecked", "not checked: that takes the product’s secret key";
}

/// `challenge-answer = 32HEXDIG`: the payload of `QRY`.
pub fn challenge_answer(s: &mut Scribe<'_, '_>) {
    let answer = Answer(s.rest());
    s.take(CHALLENGE_ANSWER, answer.0.len(), answer);
    s.remark(UNCHECKED);
}

/// An answer as it stands.
struct Answer<'a>(&'a [u8]);

impl Record for Answer<'_> {
    fn value(&self) -> Value {
        Word(self.0).value()
    }

    fn complaint(&self) -> Option<(ExpertId, Vec<Arg>)> {
        let proper = self.0.len() == 32 && self.0.iter().all(u8::is_ascii_hexdigit);
        (!proper).then(|| (ANSWER_FORM, vec![self.0.len().into(), shortened(self.0).into()]))
    }
}

/// True when `answer`, in hexadecimal digits, solves `puzzle` for a product and its key.
///
/// Without the dialect both ways of answering are tried. Where sources differ about the newer way (whether a full last
/// block is padded by another, and whether the hash is masked before it is mixed), each reading is right.
#[must_use]
pub fn is_answer(answer: &[u8], puzzle: &[u8], product: &[u8], key: &[u8], dialect: Option<Dialect>) -> bool {
    let (old, new) = match dialect {
        Some(dialect) => (dialect < Dialect(11), dialect >= Dialect(11)),
        None => (true, true),
    };
    let says = |bytes: [u8; 16]| answer.eq_ignore_ascii_case(hex(&bytes).as_bytes());
    let readings = [(false, false), (false, true), (true, false), (true, true)];
    old && says(hash(puzzle, key))
        || new && readings.iter().any(|(padded, masked)| says(mixed(puzzle, product, key, *padded, *masked)))
}

/// The answer of MSNP6 to MSNP10: MD5 of puzzle and key.
fn hash(puzzle: &[u8], key: &[u8]) -> [u8; 16] {
    Md5::new().chain_update(puzzle).chain_update(key).finalize().into()
}

/// The modulus of the newer answer, also its mask.
const MODULUS: u64 = 0x7fff_ffff;

/// The answer from MSNP11 on: the words of puzzle and product are mixed with the hash, which is mixed with the result.
fn mixed(puzzle: &[u8], product: &[u8], key: &[u8], always_padded: bool, masked: bool) -> [u8; 16] {
    let hash = hash(puzzle, key);
    let words = <[u64; 4]>::try_from(words(&hash).collect::<Vec<_>>()).unwrap_or_default();
    let [k0, k1, k2, k3] = words.map(|word| word & MODULUS);

    let mut text = [puzzle, product].concat();
    let missing = 8 - text.len() % 8;
    if missing < 8 || always_padded {
        text.resize(text.len() + missing, b'0');
    }
    let (mut low, mut high) = (0, 0);
    for pair in text.chunks(8) {
        let mut pair = self::words(pair);
        let mut next = || pair.next().unwrap_or_default();
        let turned = (k0 * (0x0e79_a9c1 * next() % MODULUS + low) + k1) % MODULUS;
        low = (k2 * ((next() + turned) % MODULUS) + k3) % MODULUS;
        high += turned + low;
    }
    let (low, high) = ((low + k1) % MODULUS, (high + k3) % MODULUS);
    let mask = if masked { MODULUS } else { u64::MAX };
    let mut out = [0; 16];
    for ((slot, word), with) in out.chunks_mut(4).zip(words).zip([low, high, low, high]) {
        let bytes = (word & mask ^ with).to_le_bytes();
        slot.copy_from_slice(bytes.get(..4).unwrap_or_default());
    }
    out
}

/// Words of 32 bits, little-endian.
fn words(bytes: &[u8]) -> impl Iterator<Item = u64> {
    bytes.as_chunks::<4>().0.iter().map(|word| u32::from_le_bytes(*word).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn solves(answer: &str, puzzle: &str, product: &str, key: &str, dialect: Option<Dialect>) -> bool {
        is_answer(answer.as_bytes(), puzzle.as_bytes(), product.as_bytes(), key.as_bytes(), dialect)
    }

    /// The example of the MD5 specification, with the text cut in two.
    #[test]
    fn the_old_answer_is_the_hash_of_puzzle_and_key() {
        let answer = "f96b697d7cb7938d525a2f31aaf161d0";
        assert!(solves(answer, "message ", "", "digest", Some(Dialect(6))));
        assert!(solves(&answer.to_uppercase(), "message ", "", "digest", None));
        assert!(!solves(answer, "message ", "", "digest", Some(Dialect(11))));
        assert!(!solves(answer, "message ", "", "other", None));
    }

    /// Computed by another program from the reference's description, for products and keys that are made up.
    #[test]
    fn the_newer_answer_mixes_puzzle_product_and_hash() {
        let cases = [
            ("15570131571988941333", "PRODEXAMPLE00000", "EXAMPLEKEY123456", "6f5a5e17775e4015b2ae7751186d8284"),
            ("13038318816579321232", "PRODEXAMPLE{0}", "EXAMPLEKEY123456", "3f4533c2b9bbb97cbd0c753a5e653102"),
            ("12345678901234567890", "ABCDEFGHIJKL", "K", "9e0feeac883591d767493b543deb70ea"),
        ];
        for (puzzle, product, key, answer) in cases {
            assert!(solves(answer, puzzle, product, key, Some(Dialect(15))), "{product}");
            assert!(solves(answer, puzzle, product, key, None), "{product}");
            assert!(!solves(answer, puzzle, product, key, Some(Dialect(8))), "{product}");
            assert!(!solves(answer, "0", product, key, None), "{product}");
        }
        // The readings of which sources are not of one mind: the masked hash, and a block of padding more.
        for other in
            ["9e0fee2c8835915767493b543deb706a", "ebcdfdb87e4c42ff128b2840cb92a3c2", "ebcdfd387e4c427f128b2840cb92a342"]
        {
            assert!(solves(other, "12345678901234567890", "ABCDEFGHIJKL", "K", None), "{other}");
        }
    }

    /// Nothing that the wire could hold stops the computation.
    #[test]
    fn odd_puzzles_are_answered_too() {
        for length in 0..40 {
            let puzzle = vec![0xff; length];
            assert!(!is_answer(b"", &puzzle, &puzzle, &puzzle, None));
        }
    }
}
