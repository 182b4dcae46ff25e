//! May the plugin be given away? It is loaded into Wireshark, so all it is made of must go together with GPL-2.0.

use anyhow::{Result, ensure};

use crate::process;
use crate::repo::Repo;

/// Licences that go together with GPL-2.0. Apache-2.0 is not among them: it would need GPL-3.0.
const COMPATIBLE: [&str; 10] = [
    "0BSD",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "CC0-1.0",
    "GPL-2.0-or-later",
    "ISC",
    "MIT",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Fails with the names of the crates in the plugin whose licence does not fit.
pub fn check(repo: &Repo) -> Result<()> {
    let mut tree = repo.cargo(["tree", "--package", "msnp-wireshark", "--edges", "normal", "--prefix", "none"]);
    let listing = process::read(tree.args(["--no-dedupe", "--format", "{p}|{l}"]))?;
    let misfits = misfits(&listing);
    ensure!(misfits.is_empty(), "These do not go together with GPL-2.0 and so not into the plugin: {misfits:?}");
    Ok(())
}

/// Of lines `crate|licence expression`, those whose licence does not fit.
fn misfits(listing: &str) -> Vec<&str> {
    let bad = |line: &&str| !line.is_empty() && !line.split_once('|').is_some_and(|(_, licence)| fits(licence));
    let mut misfits: Vec<&str> = listing.lines().filter(bad).collect();
    misfits.sort_unstable();
    misfits.dedup();
    misfits
}

/// Whether an SPDX expression leaves a choice that fits. `/` is an old way to write `OR`.
fn fits(expression: &str) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let mut words = spaced.split_whitespace();
    any_of(&mut words).0
}

/// `any = all *("OR" all)`, up to a closing parenthesis; answers what stopped it, too.
fn any_of<'a>(words: &mut impl Iterator<Item = &'a str>) -> (bool, Option<&'a str>) {
    let mut any = false;
    loop {
        let (all, stop) = all_of(words);
        any |= all;
        if stop != Some("OR") {
            return (any, stop);
        }
    }
}

/// `all = one *("AND" one)`, where one is a name, `name WITH exception`, or an expression in parentheses.
fn all_of<'a>(words: &mut impl Iterator<Item = &'a str>) -> (bool, Option<&'a str>) {
    let mut all = true;
    loop {
        all &= match words.next() {
            Some("(") => any_of(words).0,
            Some(name) => COMPATIBLE.contains(&name),
            None => false,
        };
        match words.next() {
            Some("AND") => {}
            // An exception only ever allows more; the name before it has been judged without.
            Some("WITH") => {
                words.next();
                match words.next() {
                    Some("AND") => {}
                    stop => return (all, stop),
                }
            }
            stop => return (all, stop),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_judged_by_their_best_choice() {
        let cases = [
            ("MIT", true),
            ("MIT OR Apache-2.0", true),
            ("Apache-2.0/MIT", true),
            ("Apache-2.0", false),
            ("Apache-2.0 WITH LLVM-exception", false),
            ("Apache-2.0 WITH LLVM-exception OR Apache-2.0 OR MIT", true),
            ("(MIT OR Apache-2.0) AND Unicode-3.0", true),
            ("(MIT OR Apache-2.0) AND OpenSSL", false),
            ("0BSD OR (Apache-2.0 AND MIT)", true),
            ("Apache-2.0 AND MIT", false),
            ("", false),
        ];
        for (expression, expected) in cases {
            assert_eq!(fits(expression), expected, "{expression:?}");
        }
    }

    #[test]
    fn crate_without_licence_does_not_fit() {
        assert_eq!(misfits("a v1|MIT\nb v2|\nc v3|Apache-2.0\nc v3|Apache-2.0\n\n"), ["b v2|", "c v3|Apache-2.0"]);
    }
}
