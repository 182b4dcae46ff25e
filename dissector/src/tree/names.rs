//! Names of numbers: what the values of a field are called, one table for labels, for filters by name and for references.

use std::borrow::Cow;

use super::{Base, TextId};

/// Numbers in rising order, each with its name.
#[derive(Debug)]
pub struct Names(&'static [(u32, TextId)]);

impl Names {
    /// Wraps a table; used by the `names!` macro. The compiler refuses numbers that do not rise.
    #[must_use]
    pub const fn new(table: &'static [(u32, TextId)]) -> Self {
        let mut rest = table;
        while let [(first, _), behind @ ..] = rest {
            if let [(second, _), ..] = behind {
                assert!(*first < *second, "the numbers must rise");
            }
            rest = behind;
        }
        Self(table)
    }

    /// What a number is called.
    #[must_use]
    pub fn of(&self, number: u32) -> Option<TextId> {
        let index = self.0.binary_search_by_key(&number, |(known, _)| *known).ok()?;
        self.0.get(index).map(|(_, name)| *name)
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = (u32, TextId)> + use<> {
        self.0.iter().copied()
    }

    /// The English names, no two the same: one that several numbers share says which other ones have it, in that base. For
    /// who finds numbers by their names, and shows the number itself beside.
    pub fn distinct(&self, base: Base) -> impl Iterator<Item = (u32, Cow<'static, str>)> + use<> {
        let table = self.0;
        let english = |name: &TextId| name.decl().english;
        table.iter().map(move |(number, name)| {
            let name = english(name);
            let others = table.iter().filter(|(other, text)| english(text) == name && other != number);
            let others = others.map(|(other, _)| match base {
                Base::Dec => format!("{other}"),
                Base::Hex => format!("{other:#x}"),
            });
            let others = others.collect::<Vec<_>>().join(", ");
            let told = match others.is_empty() {
                true => Cow::Borrowed(name),
                false => format!("{name}, as with {others}").into(),
            };
            (*number, told)
        })
    }

    /// The one that a declaration names, if it does.
    pub(crate) const fn declared(named: &[&'static Self]) -> Option<&'static Self> {
        match named {
            [names, ..] => Some(names),
            [] => None,
        }
    }
}

/// Declares names of numbers: the table, and the function that looks a number up in it.
macro_rules! names {
    ( $(#[doc = $doc:literal])+ $vis:vis $table:ident, $name:ident; $( $number:expr => $text:expr, )+ ) => {
        $(#[doc = $doc])+
        $vis static $table: $crate::tree::Names = $crate::tree::Names::new(&[$( ($number, $text), )+]);

        $(#[doc = $doc])+
        #[must_use]
        $vis fn $name(number: u32) -> Option<$crate::tree::TextId> {
            $table.of(number)
        }
    };
}
pub(crate) use names;
