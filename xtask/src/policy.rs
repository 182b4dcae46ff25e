//! The content security policy of the page: nothing leaves the machine, nothing comes from elsewhere.
//!
//! Trunk starts the page by a small inline script, which the policy admits by its hash. The hash is known only after
//! the build, so `index.html` carries the policy with [`PLACEHOLDER`] and [`seal`] fills it in. The server sends the same
//! policy as a header, because a policy in the page alone does not bind a worker.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

/// Stands in `index.html` where the hashes will be.
const PLACEHOLDER: &str = "{script-hashes}";

/// Under `trunk serve` the page holds a script that reloads it, into which Trunk puts its address only as it answers; no
/// hash could be known before. What the browser knows by itself serves as well and stays as it is. The script's
/// connection goes to the page's own origin, which the policy allows.
const PUT_IN_LATE: [(&str, &str); 2] =
    [("'{{__TRUNK_ADDRESS__}}'", "window.location.host"), ("'{{__TRUNK_WS_BASE__}}'", "'/'")];

/// The policy for a page with these inline scripts; the one place where it is written down.
pub fn policy(scripts: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval' {scripts}; style-src 'self'; \
         img-src 'self' blob:; worker-src 'self' blob:; manifest-src 'self'; connect-src 'self'; base-uri 'none'; \
         form-action 'none'"
    )
}

/// The policy of the page as a single file: it has everything in it, and may connect to nothing.
pub fn single_file(script: &str, style: &str) -> String {
    format!(
        "default-src 'none'; script-src 'wasm-unsafe-eval' {}; style-src {}; img-src blob: data:; worker-src blob:; \
         connect-src 'none'; base-uri 'none'; form-action 'none'",
        hash(script),
        hash(style)
    )
}

/// The policy of a built page.
pub fn of_page(html: &str) -> String {
    policy(&hashes(html))
}

/// Writes the hashes into the `index.html` of a folder. Doing it twice does no harm.
pub fn seal(folder: &Path) -> Result<()> {
    let path = folder.join("index.html");
    let html = fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))?;
    match sealed(&settled(html))? {
        Some(html) => fs::write(&path, html).with_context(|| format!("{} cannot be written", path.display())),
        None => Ok(()),
    }
}

/// The page without what Trunk would still change in it.
fn settled(html: String) -> String {
    PUT_IN_LATE.iter().fold(html, |html, (late, now)| html.replace(late, now))
}

/// The page with its hashes filled in; nothing if they are there already.
fn sealed(html: &str) -> Result<Option<String>> {
    let (open, closed) = (policy(PLACEHOLDER), of_page(html));
    if html.contains(&open) {
        return Ok(Some(html.replacen(&open, &closed, 1)));
    }
    if html.contains(&closed) {
        return Ok(None);
    }
    bail!(
        "The page does not carry the agreed security policy. index.html needs this line in its head:\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{open}\">"
    )
}

/// The hashes of all inline scripts as the policy names them, separated by spaces.
fn hashes(html: &str) -> String {
    inline_scripts(html).into_iter().map(hash).collect::<Vec<_>>().join(" ")
}

/// The hash of an inline script or style as the policy names it.
fn hash(text: &str) -> String {
    // A browser reads every line end as LF before it hashes.
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text)))
}

/// The texts of the script elements without a `src`, in order.
fn inline_scripts(html: &str) -> Vec<&str> {
    // ASCII case only: offsets stay the same.
    let lower = html.to_ascii_lowercase();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(open) = lower.get(at..).and_then(|rest| rest.find("<script")).map(|start| at + start + 7) {
        let Some(tag) = tag_length(lower.get(open..).unwrap_or_default()) else { break };
        let body = open + tag + 1;
        let Some(length) = lower.get(body..).and_then(|rest| rest.find("</script")) else { break };
        let attributes = lower.get(open..open + tag).unwrap_or_default();
        if !has_source(attributes) {
            found.extend(html.get(body..body + length));
        }
        at = body + length;
    }
    found
}

/// Bytes up to the `>` that ends a tag; one in quotes does not.
fn tag_length(rest: &str) -> Option<usize> {
    let mut quote = None;
    rest.bytes().position(|byte| {
        match (quote, byte) {
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
        quote.is_none() && byte == b'>'
    })
}

/// Whether `src` is among the attributes, outside of quotes.
fn has_source(attributes: &str) -> bool {
    let mut quote = None;
    let mut bare = String::new();
    for letter in attributes.chars() {
        match (quote, letter) {
            (None, '"' | '\'') => quote = Some(letter),
            (None, '=') => bare.push_str("= "),
            (None, _) => bare.push(letter),
            (Some(open), _) if open == letter => quote = None,
            (Some(_), _) => {}
        }
    }
    bare.split_ascii_whitespace().any(|name| name.trim_end_matches('=') == "src")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inline_scripts_are_those_without_source() {
        let cases: [(&str, &[&str]); 6] = [
            ("<p>no script</p>", &[]),
            ("<script>a()</script><SCRIPT type=module>b()</SCRIPT>", &["a()", "b()"]),
            ("<script src=x.js></script><script defer src = 'y.js'></script>", &[]),
            ("<script data-text=\"a > src=b\">c</script>", &["c"]),
            ("<script data-src=\"x\">d</script>", &["d"]),
            ("<script>unfinished", &[]),
        ];
        for (html, expected) in cases {
            assert_eq!(inline_scripts(html), expected, "{html}");
        }
    }

    #[test]
    fn hash_is_the_one_browsers_compute() {
        // The example of the CSP specification: alert('Hello, world.');
        let expected = "'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='";
        assert_eq!(hashes("<script>alert('Hello, world.');</script>"), expected);
    }

    #[test]
    fn hash_is_of_the_text_with_plain_line_ends() {
        assert_eq!(hashes("<script>a\r\nb\rc</script>"), hashes("<script>a\nb\nc</script>"));
    }

    #[test]
    fn sealed_page_carries_its_hashes_and_stays() {
        let page = |policy: &str| format!("<meta content=\"{policy}\"><script>start()</script>");
        let once = sealed(&page(&policy(PLACEHOLDER))).unwrap().unwrap();
        assert_eq!(once, page(&policy(&hashes("<script>start()</script>"))));
        assert_eq!(sealed(&once).unwrap(), None);
    }

    #[test]
    fn reload_script_needs_nothing_from_trunk() {
        let page = "<script>open('{{__TRUNK_ADDRESS__}}' + '{{__TRUNK_WS_BASE__}}')</script>".to_owned();
        assert_eq!(settled(page), "<script>open(window.location.host + '/')</script>");
    }

    #[test]
    fn page_with_another_policy_is_refused() {
        let weaker = policy(PLACEHOLDER).replace("connect-src 'self'", "connect-src *");
        assert!(sealed(&format!("<meta content=\"{weaker}\">")).is_err());
    }

    #[test]
    fn stale_hash_is_refused() {
        let page = format!("<meta content=\"{}\"><script>new()</script>", policy("'sha256-old'"));
        assert!(sealed(&page).is_err());
    }
}
