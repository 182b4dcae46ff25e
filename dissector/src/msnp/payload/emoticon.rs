//! Custom emoticons: which pieces of the next text stand for which pictures.
//!
//! Source: protocol reference, messages 2.4. Sent just before the text that uses them; the receiver then asks for each
//! picture. One client leaves out the last tab.

use super::header::line_end_at;
use super::msn_object::msn_object;
use crate::msnp::coding::Coding;
use crate::msnp::token::shortened;
use crate::msnp::{Content, Emoticon, charset};
use crate::tree::{Kind, Scribe, experts, fields, lossy};

fields! {
    family 24;
    /// One picture of the sender’s own that the next text uses: what it stands for, and the object. Sent just before that text, from MSNP9 on, as motion pictures from MSNP10.
    EMOTICON: Kind::Group => "msnp.emoticon", "Custom emoticon";
    /// The characters of the text that the picture stands for, as the sender chose them.
    SHORTCUT: Kind::Text => "msnp.emoticon.shortcut", "Shortcut", Text;
    /// What the sender’s program wrote where the picture of a shortcut should be announced.
    NO_PICTURE: Kind::Text => "msnp.emoticon.other", "In place of an object", Text;
}

experts! {
    NO_OBJECT: Note, Malformed => "msnp.expert.emoticon", "expected an <msnobj …/> element after a shortcut and a tab, found “{0}”";
}

/// `emoticons = shortcut HTAB msn-object *( HTAB shortcut HTAB msn-object ) [ HTAB ]`
pub fn emoticons(s: &mut Scribe<'_, '_>, charset: Option<&[u8]>) -> Content {
    let mut all = Vec::new();
    loop {
        let tabs = s.rest().iter().take_while(|byte| **byte == b'\t').count();
        s.skip(tabs);
        if s.is_empty() {
            return Content::Emoticons(all);
        }
        if let Some(end) = line_end_at(s.rest()).filter(|end| *end == s.rest().len()) {
            s.skip(end);
            continue;
        }
        all.extend(s.group(EMOTICON, |s| emoticon(s, charset)));
    }
}

fn emoticon(s: &mut Scribe<'_, '_>, charset: Option<&[u8]>) -> Option<Emoticon> {
    let shortcut = charset::take(s, SHORTCUT, up_to_tab(s.rest()), charset).text;
    let tab = usize::from(!s.is_empty());
    s.skip(tab);
    let length = up_to_tab(s.rest());
    let element = s.rest().get(..length).unwrap_or_default();
    if element.is_empty() || !is_object(element) {
        s.expert_at(NO_OBJECT, s.here(length), [shortened(element).into()]);
        if length > 0 {
            charset::take(s, NO_PICTURE, length, charset);
        }
        return None;
    }
    msn_object(s, length, Coding::of_element(element));
    Some(Emoticon { shortcut, object: lossy(element) })
}

fn up_to_tab(rest: &[u8]) -> usize {
    memchr::memchr(b'\t', rest).unwrap_or(rest.len())
}

fn is_object(element: &[u8]) -> bool {
    let start = element.trim_ascii_start().get(..7).unwrap_or_default();
    start.eq_ignore_ascii_case(b"<msnobj") || element.starts_with(b"%3C") || element.starts_with(b"&lt;")
}
