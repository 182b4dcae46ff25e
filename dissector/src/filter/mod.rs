//! Filters: which commands somebody wants to see, in the language of Wireshark's display filters.
//!
//! Comes in: an expression such as `msnp.verb == "MSG" && msnp.account contains "alice"`. Goes out: a [`Filter`] that says
//! of any command whether it is wanted, or a [`Fault`] that points at the character where the expression goes wrong.
//!
//! Field names are those of the field table, and of Wireshark for what is no field of MSNP (`frame.number`, `tcp.port`, …,
//! see [`Fact`]), so that an expression means the same in every front. What is added to Wireshark's language is the search:
//! a bare word is looked for in the bytes of a command and in all its decoded texts, whatever the case.
//!
//! ```text
//! filter     = xor *( ( "or" / "||" ) xor )
//! xor        = and *( ( "xor" / "^^" ) and )
//! and        = not *( [ "and" / "&&" ] not )                    ; words in a row must all be found
//! not        = ( "not" / "!" ) not / "(" filter ")" / relation / search
//! relation   = operand [ test ]                                 ; without a test: the field occurs
//! operand    = field / ( "len" / "count" / "lower" / "upper" ) "(" field ")"
//! test       = compare value / "contains" value / ( "matches" / "~" ) pattern / [ "not" ] "in" "{" range *( "," range ) "}"
//! compare    = "==" / "!=" / "===" / "!==" / "<" / "<=" / ">" / ">="   ; or eq, ne, all_eq, any_ne, lt, le, gt, ge
//! range      = value [ ".." value ]
//! search     = word / quoted
//! ```
//!
//! As in Wireshark, a comparison holds if it holds for any occurrence of the field, `!=` and `===` if for all of them, and
//! none holds for a field that does not occur. Patterns are regular expressions that ignore case; they take time in
//! proportion to the text, whatever they say.

mod complete;
mod evaluate;
mod expression;
mod fact;
mod fault;
mod lexer;
mod literal;
mod parser;
mod places;
mod quote;
mod search;
#[cfg(test)]
mod tests;

pub use complete::{Completion, Wish, completion};
pub use evaluate::{Index, NoIndex};
pub use fact::{FACTS, Fact, FactDecl};
pub use fault::Fault;
pub(crate) use fault::TEXTS;
pub use lexer::{Class, Piece, pieces};
pub use places::Search;
pub use quote::expression_of;

use crate::analysis::Command;
use crate::tree::{FieldId, Recording};
use evaluate::{Facts, Whole};
use expression::{Expression, Needs};

/// Which commands are wanted.
#[derive(Debug, Clone)]
pub struct Filter {
    expression: Expression,
    /// Fields that have to be recorded to decide.
    fields: Vec<FieldId>,
    /// Whether all texts have to be.
    texts: bool,
}

impl Filter {
    /// Reads an expression.
    ///
    /// # Errors
    /// A [`Fault`] with the place and a sentence that says what is wrong there.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let expression = parser::parse(text)?;
        let Needs { fields, texts } = expression.needs();
        Ok(Self { expression, fields, texts })
    }

    /// Whether a command is wanted. It is taken apart only if what is known without that, and what `index` knows, does not
    /// decide; and then only the fields asked for are recorded.
    #[must_use]
    pub fn matches(&self, command: &Command<'_>, index: &dyn Index) -> bool {
        let facts = Facts { command, index };
        self.expression.holds(&facts).unwrap_or_else(|| {
            let recording = if self.texts { Recording::Everything } else { Recording::Only(&self.fields) };
            let whole = Whole::new(facts, recording);
            self.expression.holds(&whole).unwrap_or(false)
        })
    }
}
