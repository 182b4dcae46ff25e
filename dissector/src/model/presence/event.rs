//! What can become known about somebody's presence.

use crate::model::Evidence;
use crate::model::roster::Standing;
use crate::msnp::Endpoint;
use crate::msnp::token::Status;
use crate::tree::{Record, Text, Value, texts};

texts! {
    STATUS = "presence.status", "status {0}";
    NOT_SEEN = "presence.unknown", "status unknown: packets are missing";
    NOT_CONNECTED = "presence.signed-out", "status unknown: {0} left";
    ELSEWHERE = "presence.elsewhere", "status unknown: signed in elsewhere";
    THE_ACCOUNT = "presence.the-account", "the account";
    NICK = "presence.nick", "is called “{0}”";
    MESSAGE = "presence.personal-message", "says “{0}”";
    MESSAGE_CLEARED = "presence.personal-message-cleared", "no personal message any more";
    MEDIA = "presence.media", "plays “{0}”";
    MEDIA_STOPPED = "presence.media-stopped", "plays nothing any more";
    PICTURE = "presence.picture", "picture {0}";
    PICTURE_GONE = "presence.picture-gone", "no picture any more";
    CAPABILITIES = "presence.capabilities", "capabilities {0}";
    DEVICE = "presence.device", "device {0}";
    THIS_DEVICE = "presence.this-device", "tells about its device";
    NAMED_DEVICE = "presence.named-device", "device “{1}” {0}";
    DEVICE_GONE = "presence.device-gone", "device {0} is gone";
}

/// Something that became known about somebody's presence, and how long it held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PresenceEvent {
    /// Who sees it; `None` when nothing tells whose connection it was.
    pub account: Option<String>,
    /// That it is this account is inferred.
    pub inferred: bool,
    /// Whose presence it is; `None` for the account itself when nothing tells its name.
    pub contact: Option<String>,
    /// What became known.
    pub what: Aspect,
    /// It was so before already: the service tells a client that signs in.
    pub initial: bool,
    /// How sure it is. What the account says about itself may lack the server's answer.
    pub standing: Standing,
    /// What says so.
    pub evidence: Evidence,
    /// What says that it is over. Names, messages and pictures stay known through absences.
    pub until: Option<Evidence>,
}

impl PresenceEvent {
    /// It is about the account itself.
    #[must_use]
    pub fn own(&self) -> bool {
        self.contact == self.account
    }
}

/// One side of somebody's presence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Aspect {
    /// How available they are.
    Status(Availability),
    /// The display name.
    Nick(String),
    /// The personal message; empty when it is cleared.
    PersonalMessage(String),
    /// What is playing; empty when nothing is any more.
    Media(String),
    /// The display picture; `None` when it is taken away.
    Picture(Option<Picture>),
    /// What the program can do, as on the wire.
    Capabilities(String),
    /// A device of theirs is there, or says something new about itself.
    Device(Endpoint),
    /// A device is gone.
    DeviceGone(Endpoint),
}

/// How available somebody is, as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Availability {
    /// Known: the status; FLN is offline.
    Known(Status),
    /// Not known, for packets are missing.
    NotSeen,
    /// Not known, for the account that saw it has signed out.
    NotConnected,
    /// Of the account itself: signed out, for it has signed in elsewhere.
    Elsewhere,
}

impl Availability {
    /// The three letters; `unknown` for what is not known.
    #[must_use]
    pub fn code(self) -> String {
        match self {
            Self::Known(Status(letters)) => String::from_utf8_lossy(&letters).into_owned(),
            Self::NotSeen | Self::NotConnected | Self::Elsewhere => "unknown".to_owned(),
        }
    }
}

/// A display picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// What identifies it: SHA-1 of the file, in base64.
    pub hash: Option<String>,
    /// The object, an `<msnobj>` element.
    pub object: String,
}

impl Picture {
    /// The picture that an element describes; `None` for one that describes none.
    pub(super) fn of(object: &str) -> Option<Self> {
        let described = object.contains('=');
        described.then(|| Self { hash: attribute(object, "SHA1D").map(str::to_owned), object: object.to_owned() })
    }

    /// The hash, else the whole object.
    #[must_use]
    pub fn name(&self) -> &str {
        self.hash.as_deref().unwrap_or(&self.object)
    }
}

/// The value of an attribute, quoted in either way.
fn attribute<'a>(element: &'a str, name: &str) -> Option<&'a str> {
    element.match_indices(name).find_map(|(at, _)| {
        let value = element.get(at..)?.strip_prefix(name)?.trim_start().strip_prefix('=')?.trim_start();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        value.get(1..)?.split(quote).next()
    })
}

impl Aspect {
    /// One word for scripts.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Status(_) => "status",
            Self::Nick(_) => "nick",
            Self::PersonalMessage(_) => "personal-message",
            Self::Media(_) => "media",
            Self::Picture(_) => "picture",
            Self::Capabilities(_) => "capabilities",
            Self::Device(_) => "device",
            Self::DeviceGone(_) => "device-gone",
        }
    }

    /// The value: letters of the status, the name, the text, the picture's hash, the device's identifier.
    #[must_use]
    pub fn value(&self) -> String {
        match self {
            Self::Status(status) => status.code(),
            Self::Nick(text) | Self::PersonalMessage(text) | Self::Media(text) | Self::Capabilities(text) => {
                text.clone()
            }
            Self::Picture(picture) => picture.as_ref().map(|p| p.name().to_owned()).unwrap_or_default(),
            Self::Device(device) | Self::DeviceGone(device) => device.id.clone(),
        }
    }
}

impl PresenceEvent {
    /// As a phrase about the contact.
    #[must_use]
    pub fn text(&self) -> Text {
        match &self.what {
            Aspect::Status(Availability::Known(status)) => status.label().unwrap_or_else(|| {
                let Value::Text(letters) = status.value() else { return STATUS.text() };
                STATUS.with([letters.into()])
            }),
            Aspect::Status(Availability::NotSeen) => NOT_SEEN.text(),
            Aspect::Status(Availability::NotConnected) => {
                NOT_CONNECTED.with([self.account.as_deref().map_or_else(|| THE_ACCOUNT.text().into(), Into::into)])
            }
            Aspect::Status(Availability::Elsewhere) => ELSEWHERE.text(),
            Aspect::Nick(name) => NICK.with([name.as_str().into()]),
            Aspect::PersonalMessage(text) if text.is_empty() => MESSAGE_CLEARED.text(),
            Aspect::PersonalMessage(text) => MESSAGE.with([text.as_str().into()]),
            Aspect::Media(text) if text.is_empty() => MEDIA_STOPPED.text(),
            Aspect::Media(text) => MEDIA.with([text.as_str().into()]),
            Aspect::Picture(Some(picture)) => PICTURE.with([picture.name().into()]),
            Aspect::Picture(None) => PICTURE_GONE.text(),
            Aspect::Capabilities(number) => CAPABILITIES.with([number.as_str().into()]),
            Aspect::Device(device) if device.id.is_empty() => THIS_DEVICE.text(),
            Aspect::Device(device) => match &device.name {
                Some(name) => NAMED_DEVICE.with([device.id.as_str().into(), name.as_str().into()]),
                None => DEVICE.with([device.id.as_str().into()]),
            },
            Aspect::DeviceGone(device) => DEVICE_GONE.with([device.id.as_str().into()]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_goes_by_its_hash() {
        let of = |object| Picture::of(object).map(|p| p.hash);
        assert_eq!(of(r#"<msnobj Creator="a@b" SHA1D="trC8=" SHA1C="x"/>"#), Some(Some("trC8=".to_owned())));
        assert_eq!(of("<msnobj SHA1C='x' SHA1D = 'y+/='/>"), Some(Some("y+/=".to_owned())));
        assert_eq!(of(r#"<msnobj Friendly="SHA1D"/>"#), Some(None));
        assert_eq!(of("<msnobj/>"), None, "an element without attributes is no picture");
        assert_eq!(of("0"), None);
    }
}
