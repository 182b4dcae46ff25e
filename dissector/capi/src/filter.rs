//! Filters: which PDUs somebody wants to see.

use std::ffi::c_char;
use std::mem::MaybeUninit;

use msnp_dissector::filter::{Filter, NoIndex};
use msnp_dissector::tree::Catalogue;

use crate::gate::{answer, gate, gate_status, hand_over, name, there};
use crate::pdu::msnp_pdu;
use crate::status::msnp_status;
use crate::value::msnp_string;

/// A filter. Any number of threads may use it.
#[derive(Debug)]
pub struct msnp_filter(Filter);

/// Reads an expression in the language of Wireshark's display filters, on the field names of the field table, or words to search
/// for: what `msnp commands --filter` takes. It is UTF-8 that a NUL ends. If it cannot be read (`MSNP_STATUS_EXPRESSION`),
/// `*fault` has the sentence that says why, to be freed by `msnp_string_free`; `fault` may be NULL. `*filter` is to be freed by
/// `msnp_filter_free`.
///
/// # Safety
/// `expression` is NULL, or points to bytes that a NUL ends.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn msnp_filter_new(
    expression: *const c_char,
    filter: Option<&mut MaybeUninit<*mut msnp_filter>>,
    fault: Option<&mut MaybeUninit<*mut msnp_string>>,
) -> msnp_status {
    gate_status(|| {
        let fault = fault.map(|fault| fault.write(std::ptr::null_mut()));
        hand_over(filter, || {
            // SAFETY: the caller vouches for it.
            let expression = unsafe { name(expression) }?.to_str().map_err(|_| msnp_status::Argument)?;
            Filter::parse(expression).map(msnp_filter).map_err(|found| {
                if let Some(fault) = fault {
                    let sentence = Catalogue::english().render(&found.text);
                    *fault = Box::into_raw(Box::new(msnp_string::from(sentence)));
                }
                msnp_status::Expression
            })
        })
    })
}

/// Writes whether a PDU is wanted.
#[unsafe(no_mangle)]
pub extern "C" fn msnp_filter_matches(
    filter: Option<&msnp_filter>,
    pdu: Option<&msnp_pdu>,
    matches: Option<&mut MaybeUninit<bool>>,
) -> msnp_status {
    gate_status(|| answer(matches, || Ok(there(filter)?.0.matches(&there(pdu)?.command(), &NoIndex))))
}

/// Frees a filter; NULL is passed over.
#[unsafe(no_mangle)]
pub extern "C" fn msnp_filter_free(filter: Option<Box<msnp_filter>>) {
    gate((), || drop(filter));
}
