//! The veil over secrets: which bytes no field may cover while they are hidden, since Wireshark shows and exports the bytes
//! of a field beside its value.
//!
//! Comes in: the items of one PDU. Goes out: where the secrets among them lie. Pure.

use msnp_dissector::tree::{Item, Privacy, Span};

/// Whether an item is what lets its holder in.
pub fn is_secret(item: &Item) -> bool {
    item.field.field().privacy == Privacy::Secret
}

/// Where secrets lie.
#[derive(Debug, Default)]
pub struct Veil {
    /// By source and start; they do not overlap.
    spans: Vec<Span>,
}

impl Veil {
    /// Over the secrets among these items.
    pub fn over(items: &[Item]) -> Self {
        let mut all = items.iter().filter(|item| is_secret(item)).map(|item| item.span).collect::<Vec<_>>();
        all.sort_unstable_by_key(|span| (span.source, span.start));
        let mut spans = Vec::<Span>::with_capacity(all.len());
        for span in all {
            match spans.last_mut() {
                Some(last) if last.source == span.source && span.start <= last.end => last.end = last.end.max(span.end),
                _ => spans.push(span),
            }
        }
        Self { spans }
    }

    /// Whether some of these bytes are a secret's.
    pub fn touches(&self, span: Span) -> bool {
        let behind = self.spans.partition_point(|secret| (secret.source, secret.end) <= (span.source, span.start));
        self.spans.get(behind).is_some_and(|secret| secret.source == span.source && secret.start < span.end)
    }
}
