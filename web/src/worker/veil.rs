//! Secrets (tickets, cookies, passwords) are hidden until somebody asks for them: stars stand in their place in the bytes,
//! and so in everything that is made of those; in lists, a word.

use msnp_dissector::analysis;
use msnp_dissector::msnp::{Context, Dissection, Pdu, dissect, info};
use msnp_dissector::redaction::{Redacted, Redactor};
use msnp_dissector::tree::{Catalogue, Dissected, Item, Privacy, Recording, value_text};

/// What is shown in place of a secret.
pub const HIDDEN: &str = "hidden";

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
        let pdu = self.pdu(pdu);
        let dissection = dissect(&pdu, context, Recording::Everything);
        let mut said = info(&pdu, context, &dissection, catalogue);
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
