//! What can be wrong with an expression, in sentences that say what to write instead.

use std::ops::Range;

use crate::tree::{Arg, Text, TextId, texts};

texts! {
    UNKNOWN_FIELD = "filter.unknown-field", "“{0}” is not a field.";
    MISSPELT_FIELD = "filter.misspelt-field", "“{0}” is not a field. Did you mean “{1}”?";
    LATER_FIELD = "filter.later-field", "“{0}” is known only when the answer has come, so it cannot be filtered by. Ask for “msnp.request_in”, which is in the answer.";
    LATER_WHOLE = "filter.later-whole", "“{0}” is known only when the last piece has come, so it cannot be filtered by.";
    EXPECTED_CONDITION = "filter.expected-condition", "Expected a field or a word to search for, found {0}.";
    EXPECTED_VALUE = "filter.expected-value", "Expected a value to compare with, found {0}.";
    EXPECTED_FIELD = "filter.expected-field", "Expected a field, found {0}.";
    EXPECTED_SYMBOL = "filter.expected-symbol", "Expected “{0}”, found {1}.";
    UNEXPECTED = "filter.unexpected", "Expected “and”, “or” or the end, found {0}.";
    SINGLE_SIGN = "filter.single-sign", "“{0}” is written twice: “{0}{0}”.";
    UNCLOSED_QUOTE = "filter.unclosed-quote", "The quotation mark that opens here is never closed.";
    UNKNOWN_SIGN = "filter.unknown-sign", "“{0}” has no meaning here. Put quotation marks around words that hold it.";
    NOT_NUMBER = "filter.not-number", "“{0}” is not a number, and {1} is.";
    NOT_SECONDS = "filter.not-seconds", "“{0}” is not a number of seconds, as in 0.25.";
    NOT_TIME = "filter.not-time", "“{0}” is not a time, as in \"2004-02-11 18:30:04\" (UTC).";
    NOT_ADDRESS = "filter.not-address", "“{0}” is not an address, as in 192.0.2.1 or 192.0.2.0/24.";
    NOT_BYTES = "filter.not-bytes", "“{0}” are not bytes, as in 4d:53:47 or \"MSG\".";
    NO_VALUE = "filter.no-value", "{0} has no value of its own: it occurs, or it does not.";
    ONLY_TEXT = "filter.only-text", "Only texts and bytes can be searched, and {0} is neither.";
    BAD_PATTERN = "filter.bad-pattern", "This is not a regular expression: {0}.";
    TOO_DEEP = "filter.too-deep", "More than {0} parentheses and negations inside one another are not read.";
    TOO_LONG = "filter.too-long", "An expression of more than {0} bytes is not read.";
    THE_END = "filter.the-end", "the end";
    QUOTED = "filter.quoted", "“{0}”";
}

/// Why an expression cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The bytes of the expression that are wrong; empty at its end when something is missing there.
    pub at: Range<usize>,
    /// What is wrong and what to write instead.
    pub text: Text,
}

impl Fault {
    pub(super) fn new(at: Range<usize>, text: TextId, args: impl IntoIterator<Item = Arg>) -> Self {
        Self { at, text: text.with(args) }
    }
}
