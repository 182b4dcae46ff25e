//! The style sheets of a built page as one: they are written apart, and weigh a quarter less together.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// What they become.
const ONE: &str = "style.css";

/// Puts all sheets that `index.html` names into one, in their order. Doing it twice does no harm.
pub fn join(folder: &Path) -> Result<()> {
    let path = folder.join("index.html");
    let html = fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))?;
    let mut joined = String::new();
    for sheet in named(&html) {
        let text = fs::read_to_string(folder.join(sheet)).with_context(|| format!("{sheet} cannot be read"))?;
        joined += &without_margins(&text);
    }
    let sheets = named(&html).map(str::to_owned).collect::<Vec<_>>();
    fs::write(folder.join(ONE), joined).context("The style sheet cannot be written")?;
    for sheet in sheets.iter().filter(|sheet| *sheet != ONE) {
        fs::remove_file(folder.join(sheet))?;
    }
    fs::write(&path, naming_one(&html)).with_context(|| format!("{} cannot be written", path.display()))
}

/// The sheets that a page names.
fn named(html: &str) -> impl Iterator<Item = &str> {
    html.lines().filter_map(sheet)
}

fn sheet(line: &str) -> Option<&str> {
    line.contains("rel=\"stylesheet\"").then_some(line)?.split("href=\"./").nth(1)?.split('"').next()
}

/// The page with the one sheet where the first was.
fn naming_one(html: &str) -> String {
    let mut first = true;
    let mut page = String::new();
    for line in html.lines() {
        if sheet(line).is_none() {
            page += line;
        } else if std::mem::take(&mut first) {
            page += &format!("  <link rel=\"stylesheet\" href=\"./{ONE}\">");
        } else {
            continue;
        }
        page.push('\n');
    }
    page
}

/// The lines without blanks before them, and without those that are comments.
fn without_margins(css: &str) -> String {
    let is_comment = |line: &str| line.starts_with("/*") && line.ends_with("*/");
    let told = |line: &&str| !line.is_empty() && !is_comment(line);
    css.lines().map(str::trim).filter(told).map(|line| format!("{line}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sheets_become_one_where_the_first_was() {
        let html = "<head>\n<link rel=\"stylesheet\" href=\"./a.css\" integrity=\"x\">\n<link rel=\"icon\" href=\"./i.svg\">\n\
                    <link rel=\"stylesheet\" href=\"./b.css\">\n</head>\n";
        assert_eq!(named(html).collect::<Vec<_>>(), ["a.css", "b.css"]);
        let one = naming_one(html);
        assert_eq!(named(&one).collect::<Vec<_>>(), [ONE]);
        assert!(one.contains("i.svg") && one.find(ONE) < one.find("i.svg"), "{one}");
        assert_eq!(naming_one(&one), one);
        assert_eq!(without_margins("/* Words. */\n\n.a {\n  color: red;\n}\n"), ".a {\ncolor: red;\n}\n");
    }

    #[test]
    fn joining_twice_does_no_harm() {
        let folder = std::env::temp_dir().join(format!("msnp-sheets-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let html = "<link rel=\"stylesheet\" href=\"./a.css\">\n<link rel=\"stylesheet\" href=\"./b.css\">\n";
        for (name, text) in [("index.html", html), ("a.css", ".a {\n}\n"), ("b.css", ".b {\n}\n")] {
            fs::write(folder.join(name), text).unwrap();
        }
        for _ in 0..2 {
            join(&folder).unwrap();
            assert_eq!(fs::read_to_string(folder.join(ONE)).unwrap(), ".a {\n}\n.b {\n}\n");
            assert!(!folder.join("a.css").exists());
        }
        fs::remove_dir_all(&folder).unwrap();
    }
}
