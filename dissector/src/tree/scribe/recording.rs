//! How items come into the tree: those that are wanted, as many as there is room for.

use super::{ITEM_CEILING, SECRET, Scribe, TOO_MANY_ITEMS};
use crate::tree::{FieldId, Item, Privacy, Record, Span, Value};

impl Scribe<'_, '_> {
    pub(super) fn record<T: Record>(&mut self, field: FieldId, span: Span, value: &T) {
        self.last = None;
        if self.recording.wants(field) {
            let label = value.label();
            if let Some(item) = self.push(field, span, value.value()).and_then(|i| self.out.items.get_mut(i)) {
                item.label = label.or_else(|| item.label.take());
            }
        }
        self.complain(span, value);
    }

    pub(super) fn complain<T: Record>(&mut self, span: Span, value: &T) {
        if let Some((id, args)) = value.complaint() {
            self.expert_at(id, span, args);
        }
    }

    pub(super) fn push(&mut self, field: FieldId, span: Span, value: Value) -> Option<usize> {
        self.last = None;
        if !self.recording.wants(field) {
            return None;
        }
        let index = self.out.items.len();
        if index >= ITEM_CEILING {
            if self.out.experts.last().is_none_or(|e| e.id != TOO_MANY_ITEMS) {
                self.expert_at(TOO_MANY_ITEMS, span, [ITEM_CEILING.into()]);
            }
            return None;
        }
        self.out.items.push(Item {
            field,
            span,
            depth: self.depth,
            value,
            // The one place that says so: no field that lets its holder in can be shown without the word.
            label: (field.field().privacy == Privacy::Secret).then(|| SECRET.text()),
            remark: None,
            generated: false,
            mask: None,
        });
        self.last = Some(index);
        self.last
    }
}
