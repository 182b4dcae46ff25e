//! Who talks with whom: an unordered pair of people, either of whom may not be known.

/// Two people. What is not known fits anybody.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Ends {
    /// Who sends.
    pub from: Option<String>,
    /// To whom.
    pub to: Option<String>,
}

impl Ends {
    /// Whether a transfer between `from` and `to` may be between these two, whoever sends.
    pub fn may_be(&self, from: Option<&str>, to: Option<&str>) -> bool {
        let fits = |a: Option<&str>, b: Option<&str>| a.is_none() || b.is_none() || a == b;
        let (one, other) = (self.from.as_deref(), self.to.as_deref());
        (fits(one, from) && fits(other, to)) || (fits(one, to) && fits(other, from))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_fits_anybody() {
        let ends = |from: Option<&str>, to: Option<&str>| Ends { from: from.map(Into::into), to: to.map(Into::into) };
        let (ann, bob, eve) = (Some("ann@a"), Some("bob@b"), Some("eve@e"));
        assert!(ends(ann, bob).may_be(bob, ann));
        assert!(ends(None, bob).may_be(ann, bob));
        assert!(ends(None, None).may_be(ann, bob));
        assert!(!ends(ann, eve).may_be(ann, bob));
        assert!(!ends(None, eve).may_be(ann, bob));
    }
}
