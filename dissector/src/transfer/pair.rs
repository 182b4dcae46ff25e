//! Who talks with whom: an unordered pair of people's devices, any part of which may not be known.

use super::Transfer;
use crate::model::name::{bare_text, device};

/// One of two. What is not known fits anybody: early dialects name no devices, and direct connections not even people.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub(super) struct End {
    /// Who it is.
    pub account: Option<String>,
    /// On which device: a GUID in braces, in small letters.
    pub device: Option<String>,
}

impl End {
    /// What an address says, with or without a device; nothing where it is empty.
    pub fn of(address: &str) -> Self {
        Self { account: Some(bare_text(address)).filter(|account| !account.is_empty()), device: device(address) }
    }

    /// Whether both may be the same.
    pub fn fits(&self, other: &Self) -> bool {
        let fits = |a: &Option<String>, b: &Option<String>| a.is_none() || b.is_none() || a == b;
        fits(&self.account, &other.account) && fits(&self.device, &other.device)
    }

    /// Whether both are the same, as far as devices are known.
    pub fn is(&self, other: &Self) -> bool {
        self.account.is_some() && self.account == other.account && self.fits(other)
    }
}

impl From<Option<String>> for End {
    fn from(account: Option<String>) -> Self {
        Self { account, device: None }
    }
}

/// Two devices.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub(super) struct Ends {
    /// Who sends.
    pub from: End,
    /// To whom.
    pub to: End,
}

impl Ends {
    /// Between whom a transfer is.
    pub fn of(transfer: &Transfer) -> Self {
        let [from, to] = transfer.devices.clone();
        Self {
            from: End { account: transfer.from.clone(), device: from },
            to: End { account: transfer.to.clone(), device: to },
        }
    }

    /// Whether what is said between the two `other` may be said between these, whoever sends.
    pub fn may_be(&self, other: &Self) -> bool {
        (self.from.fits(&other.from) && self.to.fits(&other.to))
            || (self.from.fits(&other.to) && self.to.fits(&other.from))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_fits_anybody() {
        let ends = |from: &str, to: &str| Ends { from: End::of(from), to: End::of(to) };
        let pair = ends("ann@a", "bob@b");
        for (from, to, fits) in [
            ("bob@b", "ann@a", true),
            ("", "bob@b", true),
            ("", "", true),
            ("ann@a", "eve@e", false),
            ("", "eve@e", false),
            ("ann@a;{1}", "bob@b;{2}", true),
        ] {
            assert_eq!(ends(from, to).may_be(&pair), fits, "{from} {to}");
        }
    }

    #[test]
    fn devices_of_one_account_are_told_apart() {
        let ends = |from: &str, to: &str| Ends { from: End::of(from), to: End::of(to) };
        let pair = ends("ann@a;{A}", "bob@b;{1}");
        assert!(ends("1:bob@b;epid={1}", "1:ann@a;epid={a}").may_be(&pair), "turned round, and written otherwise");
        assert!(!ends("bob@b;{2}", "ann@a;{a}").may_be(&pair), "another device of Bob's");
        assert!(ends("bob@b", "ann@a;{a}").may_be(&pair), "an address without a device");
        let own = ends("ann@a;{a}", "ann@a;{b}");
        assert!(own.from.is(&End::of("ann@a;{a}")) && !own.from.is(&End::of("ann@a;{b}")), "between one's own devices");
    }
}
