//! Pictures in place of letters: emoticons that were transferred, in the page itself.

use std::collections::HashMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::escaped;
use crate::transfer::content_type;

/// Letters of a page that may be pictures.
const ALL: usize = 8 << 20;
/// Bytes of one picture.
const ONE: usize = 128 << 10;

/// Where the bytes of a picture come from, by its hash (`SHA1D`).
pub type Picture<'p> = &'p dyn Fn(&str) -> Option<Vec<u8>>;

/// The pictures of a page.
pub struct Pictures<'p> {
    picture: Option<Picture<'p>>,
    /// Addresses of those that were asked for.
    known: HashMap<String, Option<String>>,
    left: usize,
}

impl<'p> Pictures<'p> {
    pub fn new(picture: Option<Picture<'p>>) -> Self {
        Self { picture, known: HashMap::new(), left: ALL }
    }

    /// A text as markup. Where several emoticons fit, the one with the most letters is meant.
    pub fn text(&mut self, text: &str, emoticons: &[(String, String)]) -> String {
        let (mut out, mut rest) = (String::new(), text);
        loop {
            let places = emoticons.iter().filter_map(|one| rest.find(&one.0).map(|at| (at, one)));
            let next =
                places.filter(|(_, one)| !one.0.is_empty()).min_by_key(|(at, one)| (*at, usize::MAX - one.0.len()));
            let Some((at, (letters, hash))) = next else { break };
            out += &escaped(rest.get(..at).unwrap_or_default());
            out += &self.image(letters, hash);
            rest = rest.get(at + letters.len()..).unwrap_or_default();
        }
        out + &escaped(rest)
    }

    /// One picture; its letters where it is not there.
    fn image(&mut self, letters: &str, hash: &str) -> String {
        let picture = self.picture;
        let address = self.known.entry(hash.to_owned()).or_insert_with(|| address(&picture?(hash)?));
        let letters = escaped(letters);
        match address.as_ref().filter(|address| address.len() <= self.left) {
            Some(address) => {
                self.left -= address.len();
                format!("<img src=\"{address}\" alt=\"{letters}\" title=\"{letters}\">")
            }
            None => letters,
        }
    }
}

fn address(bytes: &[u8]) -> Option<String> {
    let (kind, _) = content_type(bytes).filter(|_| bytes.len() <= ONE)?;
    let shown = matches!(kind, "image/png" | "image/gif" | "image/jpeg" | "image/bmp");
    shown.then(|| format!("data:{kind};base64,{}", STANDARD.encode(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_become_the_pictures_that_are_there() {
        let gif = |hash: &str| (hash == "a").then(|| b"GIF89a\x01\0\x01\0\0\0\0;".to_vec());
        let mut pictures = Pictures::new(Some(&gif));
        let emoticons = [(":)".to_owned(), "a".to_owned()), ("<b>".to_owned(), "c".to_owned())];
        let image = "<img src=\"data:image/gif;base64,R0lGODlhAQABAAAAADs=\" alt=\":)\" title=\":)\">";
        assert_eq!(pictures.text("a :) <b> :)", &emoticons), format!("a {image} &lt;b&gt; {image}"));
        let script = |_: &str| Some(b"<svg onload=alert(1)>".to_vec());
        assert_eq!(Pictures::new(Some(&script)).text(":)", &emoticons), ":)", "nothing but pictures");
        assert_eq!(Pictures::new(None).text(":)", &emoticons), ":)");
    }
}
