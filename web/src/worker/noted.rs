//! Which accounts each command names: noted when it is looked at, so that nobody has to take it apart again for that.

use std::collections::HashMap;

/// Accounts by command. Commands are noted in the order of their numbers, from 1.
#[derive(Debug, Default)]
pub struct Noted {
    names: Vec<String>,
    by_name: HashMap<String, u32>,
    /// Indexes into the names, command after command.
    accounts: Vec<u32>,
    /// Where each command's end.
    ends: Vec<u32>,
}

impl Noted {
    /// The next command names this account.
    pub fn account(&mut self, name: &str) {
        let index = self.by_name.get(name).copied().unwrap_or_else(|| {
            let index = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
            self.names.push(name.to_owned());
            self.by_name.insert(name.to_owned(), index);
            index
        });
        self.accounts.push(index);
    }

    /// That was all of it.
    pub fn command(&mut self) {
        self.ends.push(u32::try_from(self.accounts.len()).unwrap_or(u32::MAX));
    }

    /// Calls `each` with every account that a command names; false if it was not noted yet.
    pub fn accounts(&self, number: u32, each: &mut dyn FnMut(&str)) -> bool {
        if number == 0 || number as usize > self.ends.len() {
            return false;
        }
        self.of(number).iter().filter_map(|index| self.names.get(*index as usize)).for_each(|name| each(name));
        true
    }

    /// The accounts that a command names, by their places in [`Noted::names`].
    #[must_use]
    pub fn of(&self, number: u32) -> &[u32] {
        let Some(at) = (number as usize).checked_sub(1) else { return &[] };
        let Some(end) = self.ends.get(at) else { return &[] };
        let start = at.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.accounts.get(start as usize..*end as usize).unwrap_or_default()
    }

    /// All accounts, in the order in which they are named first.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// All accounts and how often they are named.
    #[must_use]
    pub fn counted(&self) -> Vec<(String, String, u32)> {
        let mut counts = vec![0_u32; self.names.len()];
        for index in &self.accounts {
            if let Some(count) = counts.get_mut(*index as usize) {
                *count += 1;
            }
        }
        self.names.iter().zip(counts).map(|(name, count)| (name.clone(), String::new(), count)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_name_accounts() {
        let mut noted = Noted::default();
        for accounts in [&["ann@example.com"][..], &[], &["bob@example.com", "ann@example.com"]] {
            accounts.iter().for_each(|name| noted.account(name));
            noted.command();
        }
        let of = |number| {
            let mut names = Vec::new();
            noted.accounts(number, &mut |name| names.push(name.to_owned())).then_some(names)
        };
        assert_eq!(of(1), Some(vec!["ann@example.com".to_owned()]));
        assert_eq!(of(2), Some(vec![]));
        assert_eq!(of(3), Some(vec!["bob@example.com".to_owned(), "ann@example.com".to_owned()]));
        assert_eq!((of(4), of(0)), (None, None));
        let ann = noted.counted().into_iter().find(|(name, ..)| name.starts_with("ann"));
        assert_eq!(ann.map(|(.., count)| count), Some(2));
    }
}
