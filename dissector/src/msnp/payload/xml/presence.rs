//! What somebody says about themself and their devices: the documents of `UBX` and `UUX`.
//!
//! Source: protocol reference, messages 7.1.

use super::schema::{Node, group, leaf};
use super::{DETAILS, MACHINE, MEDIA, PERSONAL_MESSAGE, media, walk};
use crate::msnp::{Content, Details};
use crate::tree::Scribe;

/// `presence = *( data / endpoint )`: facts about somebody, and about their devices.
pub fn presence(s: &mut Scribe<'_, '_>) -> Content {
    let mut details = Details::default();
    walk::document(s, ROOTS, &mut details);
    Content::Details(details)
}

static ROOTS: &[Node<Details>] = &[group("Data", DETAILS).children(DATA)];

static DATA: &[Node<Details>] = &[
    leaf("PSM", PERSONAL_MESSAGE).told(|details, text| details.personal_message = Some(text.to_owned())),
    leaf("CurrentMedia", MEDIA)
        .shown(media::media)
        .told(|details, text| details.media = Some(media::shown(text).unwrap_or_default())),
    leaf("MachineGuid", MACHINE).told(|details, text| {
        if !text.is_empty() {
            details.machine = Some(text.to_owned());
        }
    }),
];
