//! The field table: what each field is called and means.

use std::mem::MaybeUninit;

use msnp_dissector::report::FieldRecord;
use msnp_dissector::tree::Privacy;

use crate::gate::{answer, gate, gate_status, hand_over, there};
use crate::status::msnp_status;
use crate::value::{msnp_string, msnp_text};

/// The field table. It owns its texts. Any number of threads may read it.
#[derive(Debug)]
pub struct msnp_fields(Vec<FieldRecord>);

/// A field.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct msnp_field {
    /// Its name in filters, such as `msnp.verb`; never renamed.
    pub name: msnp_text,
    /// Its title.
    pub title: msnp_text,
    /// What its values are: `group`, `text`, `number`, `hexadecimal number`, `bytes`, `packet number` or `seconds`.
    pub kind: msnp_text,
    /// What its values tell about people: `public` (nothing), `account`, `name`, `text`, `header`, `personal` or `secret`.
    pub privacy: msnp_text,
    /// What it means, in one or two sentences.
    pub explanation: msnp_text,
}

/// Makes the field table. `*fields` is to be freed by `msnp_fields_free`.
#[unsafe(no_mangle)]
pub extern "C" fn msnp_fields_new(fields: Option<&mut MaybeUninit<*mut msnp_fields>>) -> msnp_status {
    gate_status(|| hand_over(fields, || Ok(msnp_fields(FieldRecord::all().collect()))))
}

/// How many fields there are; 0 for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn msnp_fields_count(fields: Option<&msnp_fields>) -> usize {
    gate(0, || fields.map_or(0, |fields| fields.0.len()))
}

/// Writes the field at a place, from 0; `MSNP_STATUS_NONE` behind the last. Its texts live as long as `fields`.
#[unsafe(no_mangle)]
pub extern "C" fn msnp_fields_at(
    fields: Option<&msnp_fields>,
    index: usize,
    field: Option<&mut MaybeUninit<msnp_field>>,
) -> msnp_status {
    gate_status(|| {
        answer(field, || {
            let record = there(fields)?.0.get(index).ok_or(msnp_status::None)?;
            Ok(msnp_field {
                name: record.field.into(),
                title: record.title.into(),
                kind: record.kind.into(),
                privacy: word(record.privacy).into(),
                explanation: record.explanation.as_str().into(),
            })
        })
    })
}

/// Writes the whole field reference: what `msnp fields --json` prints. `*json` is to be freed by `msnp_string_free`.
#[unsafe(no_mangle)]
pub extern "C" fn msnp_fields_json(
    fields: Option<&msnp_fields>,
    json: Option<&mut MaybeUninit<*mut msnp_string>>,
) -> msnp_status {
    gate_status(|| hand_over(json, || Ok(msnp_string::of_records(&there(fields)?.0))))
}

/// Frees the field table; NULL is passed over.
#[unsafe(no_mangle)]
pub extern "C" fn msnp_fields_free(fields: Option<Box<msnp_fields>>) {
    gate((), || drop(fields));
}

/// The word that the JSON has for it.
fn word(privacy: Privacy) -> &'static str {
    match privacy {
        Privacy::Public => "public",
        Privacy::Account => "account",
        Privacy::Name => "name",
        Privacy::Text => "text",
        Privacy::Header => "header",
        Privacy::Personal => "personal",
        Privacy::Secret => "secret",
    }
}
