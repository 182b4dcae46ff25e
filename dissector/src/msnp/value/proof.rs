//! Proofs of identity, and what the server asks to be proved: policies, nonces, tickets, answers.
//!
//! Comes in: the words of `USR` after package and stage, hop notes of `CVR` and `XFR`. Goes out: what is inside them. A proof
//! is a secret as a whole; what is known of its inside stands below it. Nothing here can be checked without the secrets
//! that never travel.
//!
//! Source: protocol reference, sessions 3.

use nom::number::complete::le_u32;
use nom::{IResult, Parser};

use crate::msnp::coding::{base64, utf16};
use crate::msnp::commands::login::{CHALLENGE, HOP_INFO, PROOF};
use crate::msnp::field::UNDECODED;
use crate::msnp::token::{CodedNumber, EXPECTED_WORD, Word, number, shortened, word};
use crate::tree::{Arg, Base, FieldId, Kind, Read, Record, Scribe, TextId, Value, experts, fields, names, texts};

fields! {
    family 16;
    /// Name of the policy by which the ticket must be made, such as MBI_KEY_OLD; the server sends it from MSNP15 on.
    POLICY: Kind::Text => "msnp.auth.policy", "Ticket policy";
    /// One setting of the Passport policy, key and value; the client hands them on to the ticket server as they are. MSNP8 to MSNP14.
    POLICY_SETTING: Kind::Text => "msnp.auth.policy.setting", "Policy setting";
    /// Signed XML document that proves membership of circles and groups; the client sends it in base64 from MSNP18 on.
    CIRCLE_TICKET: Kind::Text => "msnp.auth.circle_ticket", "Circle ticket", Secret;
    /// Length of the seven numbers at the start of the answer, in bytes: 28. The client sends it from MSNP15 on.
    HEADER_SIZE: Kind::Uint32(Base::Dec) => "msnp.auth.answer.header_size", "Header size";
    /// How the cipher of the single sign-on answer chains its blocks: 1 is CBC, the only value seen. The client sends
    /// it from MSNP15 on.
    CIPHER_MODE: Kind::Uint32(Base::Dec) => "msnp.auth.answer.mode", "Cipher mode" in MODES;
    /// Which cipher encrypts the nonce, a number of Microsoft’s CryptoAPI: 0x6603 is triple DES, the only one seen. The
    /// client sends it from MSNP15 on.
    CIPHER: Kind::Uint32(Base::Hex) => "msnp.auth.answer.cipher", "Cipher" in CIPHERS;
    /// Which hash the keyed hash is made with, a number of Microsoft’s CryptoAPI: 0x8004 is SHA-1, the only one seen.
    /// The client sends it from MSNP15 on.
    HASH: Kind::Uint32(Base::Hex) => "msnp.auth.answer.hash_kind", "Hash" in HASHES;
    /// Length of the initialisation vector that follows the header, in bytes: 8, one block of the cipher. The client
    /// sends it from MSNP15 on.
    VECTOR_SIZE: Kind::Uint32(Base::Dec) => "msnp.auth.answer.iv_size", "Vector size";
    /// Length of the keyed hash that follows the initialisation vector, in bytes: 20, as SHA-1 has. The client sends it
    /// from MSNP15 on.
    HASH_SIZE: Kind::Uint32(Base::Dec) => "msnp.auth.answer.hash_size", "Hash size";
    /// Length of the encrypted nonce in bytes: 72, the 64 characters of its base64 text and 8 of padding. The client
    /// sends it from MSNP15 on.
    CIPHER_SIZE: Kind::Uint32(Base::Dec) => "msnp.auth.answer.cipher_size", "Cipher text size";
    /// Eight random bytes, chosen by the client, with which the cipher starts, so that equal nonces look different.
    /// From MSNP15 on.
    VECTOR: Kind::Bytes => "msnp.auth.answer.iv", "Initialisation vector", Secret;
    /// Keyed hash (HMAC-SHA1) of the nonce’s text, under a key made from the ticket’s own secret. The client sends it
    /// from MSNP15 on.
    KEYED_HASH: Kind::Bytes => "msnp.auth.answer.hash", "Keyed hash of the nonce", Secret;
    /// The nonce’s text, encrypted under another key made from the ticket’s own secret. The client sends it from MSNP15
    /// on.
    CIPHER_TEXT: Kind::Bytes => "msnp.auth.answer.cipher_text", "Encrypted nonce", Secret;
    /// Version of the hop note’s form, 1 in all examples; the first of its two lines. The server writes it, MSNP21.
    HOP_VERSION: Kind::Uint32(Base::Dec) => "msnp.hop_info.version", "Version of the note";
    /// How many times the client was sent on to another server; it repeats the note at the next one, which counts
    /// further. MSNP21.
    HOP_COUNT: Kind::Uint32(Base::Dec) => "msnp.hop_info.count", "Redirects so far";
    /// A line of the server’s hop note (MSNP21) that no documentation names, or whose value is no number.
    HOP_LINE: Kind::Text => "msnp.hop_info.line", "Line of the note";
}

experts! {
    NOT_A_NOTE: Note, Malformed => "msnp.expert.hop-info", "expected a hop note in base64, found “{0}”";
    NONCE_LENGTH: Note, Protocol => "msnp.expert.nonce", "expected a nonce of 48 bytes in base64, found {0}";
    ANSWER_LENGTH: Note, Protocol => "msnp.expert.sso-answer", "expected an answer of 128 bytes in base64, found {0}";
    ANSWER_SIZES: Note, Malformed => "msnp.expert.sso-sizes", "expected {0} bytes in the parts of the answer, as it announces, found {1}";
    MD5_PROOF: Note, Protocol => "msnp.expert.md5-proof", "expected an MD5 hash of 32 hexadecimal digits, found {0} characters";
}

texts! {
    HOP_SOURCE = "hop_info.source", "Decoded hop note";
    ANSWER_SOURCE = "answer.source", "Decoded answer";
    CIRCLE_SOURCE = "circle_ticket.source", "Decoded circle ticket";
    MD5_HASH = "proof.MD5", "MD5 hash of the salt and the password";
    TICKET = "proof.ticket", "ticket of the sign-in service";
    ANSWER = "proof.answer", "the nonce, hashed and encrypted under the ticket’s own secret; not to be checked without it";
    CIRCLES = "proof.circles", "signed list of circles";
    PASSWORD = "proof.password", "the password as it is (one source)";
    NONCE = "nonce.bytes", "a nonce of {0} bytes";
    MODE_CBC = "answer.mode.1", "CBC";
    CIPHER_3DES = "answer.cipher.6603", "triple DES";
    HASH_SHA1 = "answer.hash.8004", "SHA-1";
    NO_BASE64 = "answer.no-base64", "no base64";
    SOME_BYTES = "answer.bytes", "{0} bytes";
}

names! {
    /// How blocks are chained.
    MODES, mode_name;
    1 => MODE_CBC,
}

names! {
    /// Which cipher it is.
    CIPHERS, cipher_name;
    0x6603 => CIPHER_3DES,
}

names! {
    /// Which hash it is.
    HASHES, hash_name;
    0x8004 => HASH_SHA1,
}

/// `salt = 1*OCTET`: what `MD5` is to hash together with the password; of other packages, whatever is left.
pub fn challenge(s: &mut Scribe<'_, '_>, package: &[u8]) {
    match package {
        b"TWN" => passport_policy(s),
        b"SSO" => {
            let _ = s.optional(POLICY, word);
            nonce(s);
        }
        _ => {}
    }
    while s.optional(CHALLENGE, word).is_some() {}
}

/// `policy = key "=" value *( "," key "=" value )`
fn passport_policy(s: &mut Scribe<'_, '_>) {
    let whole = s.peek_word();
    if whole.is_empty() {
        return;
    }
    s.group_with(CHALLENGE, &Word(whole), |s| {
        s.limit(whole.len(), UNDECODED, |s| {
            for (index, setting) in whole.split(|byte| *byte == b',').enumerate() {
                s.skip(usize::from(index > 0));
                if !setting.is_empty() {
                    s.take(POLICY_SETTING, setting.len(), Word(setting));
                }
            }
        });
    });
}

/// `nonce = base64 of 48OCTET`
fn nonce(s: &mut Scribe<'_, '_>) {
    let wire = s.peek_word();
    if wire.is_empty() {
        return;
    }
    let span = s.here(wire.len());
    s.take(CHALLENGE, wire.len(), Word(wire));
    match base64(wire).map(|nonce| nonce.len()) {
        Some(48) => s.label(NONCE.with([48_u32.into()])),
        other => s.expert_at(NONCE_LENGTH, span, [found(other)]),
    }
}

fn found(length: Option<usize>) -> Arg {
    length.map_or(NO_BASE64.text(), |bytes| SOME_BYTES.with([bytes.into()])).into()
}

/// `proof`, by package: MD5 a hash, TWN a ticket, SSO a ticket and an answer, SHA a document in base64, CTP the password;
/// of other packages whatever it is. A ticket often has the form `t=…&p=…`, but need not.
///
/// `place` counts the words of the proof from 0.
///
/// # Errors
/// Stops when the line ends.
pub fn proof<'a>(s: &mut Scribe<'a, '_>, package: &[u8], place: usize) -> Read<Word<'a>> {
    let found = s.peek_as(EXPECTED_WORD, word)?;
    let wire = found.0;
    match (package, place) {
        (b"MD5", 0) => {
            let span = s.here(wire.len());
            s.take(PROOF, wire.len(), found);
            s.remark(MD5_HASH);
            if wire.len() != 32 {
                s.expert_at(MD5_PROOF, span, [wire.len().into()]);
            }
        }
        (b"TWN" | b"SSO", 0) => {
            s.take(PROOF, wire.len(), found);
            s.remark(TICKET);
        }
        (b"SSO", 1) => sso_answer(s, wire),
        (b"SHA", 0) => circle_ticket(s, wire),
        (b"CTP", _) => {
            s.take(PROOF, wire.len(), found);
            s.remark(PASSWORD);
        }
        _ => drop(s.take(PROOF, wire.len(), found)),
    }
    Ok(found)
}

/// `circle-ticket = base64 of an XML document`, which is in UTF-16 when every other byte of its start is 0.
fn circle_ticket(s: &mut Scribe<'_, '_>, wire: &[u8]) {
    let span = s.here(wire.len());
    s.take(PROOF, wire.len(), Word(wire));
    s.remark(CIRCLES);
    if let Some(document) = base64(wire).filter(|bytes| !bytes.is_empty()) {
        s.within(CIRCLE_SOURCE.text(), span, document, |s| {
            let document = s.rest();
            if document.get(1) == Some(&0) {
                s.take(CIRCLE_TICKET, document.len(), Utf16(document));
            } else {
                s.take(CIRCLE_TICKET, document.len(), Word(document));
            }
        });
    }
}

/// Text in UTF-16.
struct Utf16<'a>(&'a [u8]);

impl Record for Utf16<'_> {
    fn value(&self) -> Value {
        Value::Text(crate::tree::lossy(utf16(self.0).as_bytes()))
    }
}

/// Length of an answer in bytes, before base64.
const ANSWER_BYTES: usize = 128;

/// `answer = base64 of header iv hash cipher-text`, numbers little-endian:
///
/// | offset | size | field |
/// |---|---|---|
/// | 0 | 4 | header size, 28 |
/// | 4 | 4 | mode, 1 is CBC |
/// | 8 | 4 | cipher, 0x6603 is triple DES |
/// | 12 | 4 | hash, 0x8004 is SHA-1 |
/// | 16 | 4 | size of the vector, 8 |
/// | 20 | 4 | size of the hash, 20 |
/// | 24 | 4 | size of the cipher text, 72 |
/// | 28 | … | vector, hash, cipher text |
fn sso_answer(s: &mut Scribe<'_, '_>, wire: &[u8]) {
    let span = s.here(wire.len());
    s.take(PROOF, wire.len(), Word(wire));
    s.remark(ANSWER);
    match base64(wire) {
        // An answer of another length is not known to have these parts, so it stays a secret as a whole.
        Some(answer) if answer.len() == ANSWER_BYTES => s.within(ANSWER_SOURCE.text(), span, answer, answer_parts),
        other => s.expert_at(ANSWER_LENGTH, span, [found(other.map(|answer| answer.len()))]),
    }
}

fn answer_parts(s: &mut Scribe<'_, '_>) {
    let there = s.rest().len();
    let number = |s: &mut Scribe<'_, '_>, field, meaning: fn(u32) -> Option<TextId>| {
        let (_, number) = little_endian(s.rest()).ok()?;
        s.take(field, 4, CodedNumber(number, meaning(number)));
        Some(number)
    };
    let none = |_| None;
    let header = (
        number(s, HEADER_SIZE, none),
        number(s, CIPHER_MODE, mode_name),
        number(s, CIPHER, cipher_name),
        number(s, HASH, hash_name),
        number(s, VECTOR_SIZE, none),
        number(s, HASH_SIZE, none),
        number(s, CIPHER_SIZE, none),
    );
    if let (Some(head), .., Some(vector), Some(hash), Some(cipher)) = header {
        let announced = [head, vector, hash, cipher].iter().fold(0, |sum: u64, size| sum + u64::from(*size));
        if announced != there as u64 {
            s.expert_at(ANSWER_SIZES, s.span(0, there), [announced.into(), there.into()]);
        }
        for (field, size) in [(VECTOR, vector), (KEYED_HASH, hash), (CIPHER_TEXT, cipher)] {
            data(s, field, size);
        }
    }
    s.rest_as_bytes(UNDECODED);
}

fn little_endian(input: &[u8]) -> IResult<&[u8], u32> {
    le_u32.parse(input)
}

/// So many bytes, or as many as there are.
fn data(s: &mut Scribe<'_, '_>, field: FieldId, size: u32) {
    let rest = s.rest();
    let bytes = rest.get(..usize::try_from(size).unwrap_or(usize::MAX)).unwrap_or(rest);
    if !bytes.is_empty() {
        s.take(field, bytes.len(), bytes);
    }
}

/// `hop-info = base64 of *( name ":" SP value CRLF )`, if there is a word.
pub fn hop_info(s: &mut Scribe<'_, '_>) {
    let wire = s.peek_word();
    if wire.is_empty() {
        return;
    }
    let span = s.here(wire.len());
    s.take(HOP_INFO, wire.len(), Word(wire));
    match base64(wire) {
        Some(note) => s.within(HOP_SOURCE.text(), span, note, hop_lines),
        None => s.expert_at(NOT_A_NOTE, span, [shortened(wire).into()]),
    }
}

fn hop_lines(s: &mut Scribe<'_, '_>) {
    while !s.is_empty() {
        let line = s.rest().split_inclusive(|byte| *byte == b'\n').next().unwrap_or_default();
        let text = crate::msnp::framing::without_line_end(line);
        let colon = memchr::memchr(b':', text).unwrap_or(0);
        let value = text.get(colon + 1..).unwrap_or_default().trim_ascii_start();
        let field = match text.get(..colon).unwrap_or_default() {
            b"Version" => Some(HOP_VERSION),
            b"XfrCount" => Some(HOP_COUNT),
            _ => None,
        };
        match (field, number(value)) {
            (Some(field), Ok(([], number))) => {
                s.skip(text.len() - value.len());
                s.take(field, value.len(), number);
            }
            _ if text.is_empty() => {}
            _ => drop(s.take(HOP_LINE, text.len(), Word(text))),
        }
        s.skip(line.len() - text.len());
    }
}
