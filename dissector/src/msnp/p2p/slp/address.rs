//! Lists: words with blanks between them, such as addresses, with or without ports.
//!
//! Source: protocol reference, SLP 5.2. One port may go with several addresses; newer clients write a port behind each,
//! after a colon, or after a number sign where the address is an IPv6 one.

// Addresses as values: nothing here opens a socket.
use core::net::{IpAddr, SocketAddr};

use super::transport::{ADDRESS, PORT, port};
use crate::msnp::token::Word;
use crate::tree::{FieldId, Scribe};

/// Words of a list that are told one by one.
const WORD_CEILING: usize = 100;

/// `words = word *( 1*SP word )`: all that is left, each word under whatever `each` records over it. What is too many goes
/// to `each` as one.
pub(super) fn words<'a>(s: &mut Scribe<'a, '_>, field: FieldId, mut each: impl FnMut(&mut Scribe<'a, '_>, &'a [u8])) {
    let wire = s.rest();
    if wire.is_empty() {
        s.take(field, 0, Word(wire));
        return;
    }
    s.group_with(field, &Word(wire), |s| {
        for count in 1.. {
            let word = s.peek_word();
            match (word, count) {
                (b"", _) => return,
                (_, WORD_CEILING) => return each(s, s.rest()),
                _ => each(s, word),
            }
        }
    });
}

/// `addresses = *( address SP )`
pub(super) fn addresses(s: &mut Scribe<'_, '_>, field: FieldId, all: &mut Vec<IpAddr>) {
    words(s, field, |s, word| all.extend(address(s, word)));
}

/// `pairs = *( address ( ":" / "#" ) port SP )`
pub(super) fn pairs(s: &mut Scribe<'_, '_>, field: FieldId, all: &mut Vec<SocketAddr>) {
    words(s, field, |s, word| match divided(word) {
        Some((host, number)) => {
            let address = address(s, host);
            s.skip(1);
            s.take(PORT, word.len() - host.len() - 1, u32::from(number));
            all.extend(address.map(|address| SocketAddr::new(address, number)));
        }
        None => drop(address(s, word)),
    });
}

fn address(s: &mut Scribe<'_, '_>, word: &[u8]) -> Option<IpAddr> {
    s.take(ADDRESS, word.len(), Word(word));
    let bare = word.strip_prefix(b"[").and_then(|word| word.strip_suffix(b"]")).unwrap_or(word);
    std::str::from_utf8(bare).ok()?.parse().ok()
}

/// Address and port.
fn divided(word: &[u8]) -> Option<(&[u8], u16)> {
    let sign = memchr::memrchr(b'#', word);
    let at = sign.or_else(|| memchr::memrchr(b':', word))?;
    let (host, behind) = (word.get(..at)?, word.get(at + 1..)?);
    let apart = sign.is_some() || host.ends_with(b"]") || !host.contains(&b':');
    let port = port(behind).filter(|_| behind.iter().all(u8::is_ascii_digit))?;
    (apart && !host.is_empty()).then_some((host, port))
}
