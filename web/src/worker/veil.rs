//! Secrets (tickets, cookies, passwords) are hidden until somebody asks for them: stars stand in their place in the bytes,
//! and so in everything that is made of those; in lists, a word.

use msnp_dissector::analysis;
use msnp_dissector::msnp::{Context, Dissection, Pdu, dissect, info};
use msnp_dissector::redaction::{Redacted, Redactor};
use msnp_dissector::tree::{Catalogue, Dissected, Item, Privacy, Recording, lossy, value_text};

/// What is shown in place of a secret.
pub const HIDDEN: &str = "hidden";
/// Characters by which a word is found again in a line that may be shortened.
const HEAD: usize = 24;

/// A command with its secrets hidden.
pub struct Veil {
    hidden: Redacted,
}

/// Whether an item is a secret.
#[must_use]
pub fn is_secret(item: &Item) -> bool {
    item.field.field().privacy == Privacy::Secret
}

fn has_secrets(tree: &Dissected) -> bool {
    tree.items.iter().any(is_secret)
}

/// Hides the secrets of a command, if it has any and they are to be hidden.
#[must_use]
pub fn over(veiled: bool, pdu: &Pdu<'_>, context: &Context, dissection: &Dissection<'_>) -> Option<Veil> {
    let wanted = veiled && has_secrets(&dissection.tree);
    wanted.then(|| Veil { hidden: Redactor::of_secrets().redact(pdu, context) })
}

impl Veil {
    /// The command with stars in it.
    #[must_use]
    pub fn pdu<'v>(&'v self, pdu: &Pdu<'v>) -> Pdu<'v> {
        Pdu { bytes: &self.hidden.bytes, ..pdu.completing(self.hidden.completes.as_ref()) }
    }

    /// What a list says of the command.
    #[must_use]
    pub fn said(&self, pdu: &Pdu<'_>, context: &Context, catalogue: &Catalogue) -> String {
        let veiled = self.pdu(pdu);
        let dissection = dissect(&veiled, context, Recording::Everything);
        let mut said = info(&veiled, context, &dissection, catalogue);
        // A word that holds a secret in another coding is not made of stars; a long one is shortened.
        for (_, word) in pdu.words().zip(veiled.words()).filter(|(sent, shown)| sent != shown) {
            let head = lossy(word).chars().take(HEAD).collect::<String>();
            if let Some(at) = said.find(&head).filter(|_| !head.is_empty()) {
                let end = said.get(at..).and_then(|rest| rest.find(' ')).map_or(said.len(), |length| at + length);
                said.replace_range(at..end, HIDDEN);
            }
        }
        for item in dissection.tree.items.iter().filter(|item| is_secret(item)) {
            let stars = value_text(item);
            if !stars.is_empty() {
                said = said.replace(&*stars, HIDDEN);
            }
        }
        said
    }
}

/// A command as it is reported, with its secrets hidden.
#[must_use]
pub fn reported<T>(
    veiled: bool,
    command: &analysis::Command<'_>,
    report: impl FnOnce(&analysis::Command<'_>) -> T,
) -> T {
    match over(veiled, &command.pdu, &command.context, &command.dissect()) {
        Some(veil) => report(&analysis::Command { pdu: veil.pdu(&command.pdu), ..*command }),
        None => report(command),
    }
}
