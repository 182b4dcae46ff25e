//! Alerts of services (`NOT`), text messages from telephones (`IPG`), and to telephones (`PAG`, `PGD`).
//!
//! Source: protocol reference, messages 6 and 7.5. The names of most senders rest on one source. The number of an account
//! (PUID) is written as two hexadecimal halves here, in decimal in the profile.

use super::schema::{Node, characters, coded, group, inner, leaf, number, through};
use super::text::unescaped;
use super::walk;
use crate::msnp::Content;
use crate::msnp::token::{CodedNumber, Word};
use crate::msnp::value::locale;
use crate::tree::{Arg, Base, ExpertId, FieldId, Kind, Record, Scribe, Text, TextId, Value, fields, names, texts};

fields! {
    family 19;
    /// An alert that a service pushes to the client (NOT, from MSNP5 on), or a text message from a telephone (IPG).
    ALERT: Kind::Group => "msnp.alert", "Notification";
    /// Version of the document’s form: 1 or 2. The server sends it from MSNP5 on, and often leaves it out.
    ALERT_VERSION: Kind::Text => "msnp.alert.version", "Version of the document";
    /// Number that the server gives the notification, from MSNP5 on; 0 when the address book has changed, the TrID of
    /// the page when a page failed.
    ALERT_ID: Kind::Text => "msnp.alert.id", "Notification ID";
    /// Which service sends the alert: 0 stock prices, 1 calendar, 45705 contacts and storage, 111100400 mobile. From
    /// MSNP5 on.
    ALERT_SITE: Kind::Uint32(Base::Dec) => "msnp.alert.site", "Sender" in SITES;
    /// Web address to which the others of the alert are relative, sent by the server from MSNP5 on; the one to open is
    /// this and the action’s, with notification_id and message_id added.
    ALERT_BASE: Kind::Text => "msnp.alert.base_url", "Base address";
    /// Whom the alert is for; the server names the account in up to three ways, from MSNP5 on.
    ALERT_TO: Kind::Group => "msnp.alert.to", "Receiver";
    /// Whose telephone has sent the text message; the server sends it in IPG alone, from MSNP5 on.
    ALERT_FROM: Kind::Group => "msnp.alert.from", "Sender of the text message";
    /// The 64-bit number of an account (PUID), as two hexadecimal halves, the upper one first. The server sends it with
    /// an alert, from MSNP5 on.
    ALERT_PUID: Kind::Text => "msnp.alert.puid", "Member ID", Personal;
    /// Account of the receiver, as its name; of a telephone, “tel:” and the number. The server sends it from MSNP5 on.
    ALERT_NAME: Kind::Text => "msnp.alert.name", "Name", Account;
    /// E-mail address of the receiver of an alert, beside the account’s name and number. The server sends it from MSNP5
    /// on.
    ALERT_EMAIL: Kind::Text => "msnp.alert.email", "E-mail address", Account;
    /// By which way the alert reaches the receiver: messenger (a window of the client), email or mobile (a text
    /// message). From MSNP5 on.
    ALERT_AGENT: Kind::Text => "msnp.alert.agent", "Way";
    /// What the server’s alert says, with the addresses to open; a document has one.
    ALERT_MESSAGE: Kind::Group => "msnp.alert.message", "Message";
    /// How urgent the server’s message is, from MSNP5 on; 1 in every example.
    ALERT_PRIORITY: Kind::Text => "msnp.alert.priority", "Priority";
    /// Number that the server gives the message, from MSNP5 on; of those that report on a page, 407 says that it was
    /// too long.
    ALERT_MESSAGE_ID: Kind::Text => "msnp.alert.message_id", "Message ID";
    /// Web address to open when somebody clicks the alert, relative to the base address. The server sends it from MSNP5
    /// on.
    ALERT_ACTION: Kind::Text => "msnp.alert.action_url", "Action address", Personal;
    /// Web address where the subscription can be changed, relative to the base address. The server sends it from MSNP5
    /// on.
    ALERT_SUBSCRIPTION: Kind::Text => "msnp.alert.subscription_url", "Subscription address", Personal;
    /// Category of the alert, a number that the service which sends it gives its own kinds of alerts. From MSNP5 on.
    ALERT_CATEGORY: Kind::Text => "msnp.alert.category", "Category";
    /// What the client is to show, as text or as an escaped document, with its language and icon. From MSNP5 on.
    ALERT_BODY: Kind::Group => "msnp.alert.body", "Body";
    /// Language in which the server has the alert written, from MSNP5 on, as a Windows locale in decimal: 1033 is
    /// English (US).
    ALERT_LANGUAGE: Kind::Uint32(Base::Dec) => "msnp.alert.language", "Language" in locale::LOCALES;
    /// Web address of the icon to show with the alert, relative to the base address. The server sends it from MSNP5 on.
    ALERT_ICON: Kind::Text => "msnp.alert.icon_url", "Icon address";
    /// Text of the alert that the client shows in a small window, or of the message that a telephone has sent (IPG).
    /// From MSNP5 on.
    ALERT_TEXT: Kind::Text => "msnp.alert.text", "Alert text", Text;
    /// A document that stands in the body with its brackets escaped; the server tells in this way that the address book
    /// has changed, from MSNP8 on.
    ALERT_DATA: Kind::Group => "msnp.alert.data", "Escaped document";
    /// What has changed in the address book: the contact service sends it, and the client fetches the address book
    /// again. From MSNP8 on.
    CHANGE: Kind::Group => "msnp.alert.change", "Changed data";
    /// Which service’s data has changed: ABCHInternal is the address book. The server sends it from MSNP8 on.
    CHANGE_SERVICE: Kind::Text => "msnp.alert.change.service", "Service of the data";
    /// Number of the account whose address book has changed, in decimal, often negative. The server sends it from MSNP8
    /// on.
    CHANGE_CID: Kind::Text => "msnp.alert.change.cid", "Contact ID (CID)", Personal;
    /// When the data changed, by the clock of the contact service: date, time and time zone. The server sends it from
    /// MSNP8 on.
    CHANGE_TIME: Kind::Text => "msnp.alert.change.time", "Last change";
    /// Whether something new was added to the address book: true or false. The server sends it from MSNP8 on.
    CHANGE_NEW: Kind::Text => "msnp.alert.change.new", "Has a new item";
    /// The circle whose data has changed, a GUID of the contact service; the server sends it from MSNP18 on.
    CHANGE_CIRCLE: Kind::Text => "msnp.alert.change.circle", "Circle ID", Personal;
    /// What the account may do in the circle that has changed, a word of the contact service; the server sends it from
    /// MSNP18 on.
    CHANGE_ROLE: Kind::Text => "msnp.alert.change.role", "Role in the circle";
    /// What the owner of the phone is to read; the client sends it, in PAG from MSNP5 to 8, in PGD from MSNP9 on.
    PAGE_TEXT: Kind::Text => "msnp.page.text", "Text for the telephone", Text;
    /// How the characters of the text are written: utf-8 in every example. The client sends it with a page.
    PAGE_ENCODING: Kind::Text => "msnp.page.encoding", "Character set of the text";
    /// Which telephone of the contact the text is for, with its place and number; the client sends it in PAG, up to MSNP8.
    PAGE_PHONE: Kind::Group => "msnp.page.phone", "Telephone";
    /// 1 for the telephone that is to be tried first, where the contact has several; the client sends it, up to MSNP8.
    PAGE_PRIORITY: Kind::Text => "msnp.page.phone.priority", "Priority of the telephone";
    /// Where the telephone is that the text is for: HOME, WORK or MOBILE. The client sends it, up to MSNP8.
    PAGE_PLACE: Kind::Text => "msnp.page.phone.place", "Place";
    /// Which number to send the text to, as the contact’s properties tell it; the client sends it in PAG, MSNP5 to
    /// MSNP8.
    PAGE_NUMBER: Kind::Text => "msnp.page.phone.number", "Telephone number", Personal;
}

texts! {
    SITE_STOCKS = "alert.site.0", "stock prices";
    SITE_CALENDAR = "alert.site.1", "calendar";
    SITE_CONTACTS = "alert.site.45705", "contacts and storage";
    SITE_MOBILE = "alert.site.111100400", "mobile telephones";
    TOO_LONG = "alert.message.407", "the page was too long";
    PUID = "alert.puid", "{0} in decimal";
    ADDRESS_BOOK = "alert.service.ABCHInternal", "address book";
    AGENT_MESSENGER = "alert.agent.messenger", "in the messenger";
    AGENT_EMAIL = "alert.agent.email", "by e-mail";
    AGENT_MOBILE = "alert.agent.mobile", "to the telephone";
    PLACE_HOME = "page.place.HOME", "at home";
    PLACE_WORK = "page.place.WORK", "at work";
    PLACE_MOBILE = "page.place.MOBILE", "mobile";
}

/// What a document says between a telephone and the messenger.
#[derive(Debug, Default)]
struct Notice {
    id: Option<u32>,
    from: Option<String>,
    text: Option<String>,
    failed: bool,
}

/// `notification = "<NOTIFICATION>" *( to / from / message ) "</NOTIFICATION>"`: the payload of `NOT` and `IPG`. Returns
/// the text from a telephone, or which text to one has failed.
pub fn notification(s: &mut Scribe<'_, '_>) -> Content {
    let mut notice = Notice::default();
    walk::document(s, ALERTS, &mut notice);
    match notice {
        Notice { from: Some(from), text: Some(text), .. } => Content::PhoneText { from, text },
        Notice { failed: true, id: Some(trid), .. } => Content::PageFailed { trid },
        _ => Content::Nothing,
    }
}

/// `page = [ phone ] text`: the payload of `PAG` and `PGD`.
pub fn page(s: &mut Scribe<'_, '_>) -> Content {
    let mut notice = Notice::default();
    walk::document(s, PAGES, &mut notice);
    notice.text.map_or(Content::Nothing, |text| Content::Page { text })
}

static ALERTS: &[Node<Notice>] = &[group("NOTIFICATION", ALERT)
    .attributes(&[
        leaf("ver", ALERT_VERSION),
        leaf("id", ALERT_ID).told(|notice: &mut Notice, id| notice.id = id.parse().ok()),
        leaf("siteid", ALERT_SITE)
            .shown(|s, field, wire| number(s, field, wire, |site| CodedNumber(site, site_name(site)))),
        leaf("siteurl", ALERT_BASE),
    ])
    .children(&[
        group("TO", ALERT_TO).attributes(PERSON).children(VIA),
        group("FROM", ALERT_FROM).attributes(SENDER).children(VIA),
        group("MSG", ALERT_MESSAGE)
            .attributes(&[
                leaf("pri", ALERT_PRIORITY),
                leaf("id", ALERT_MESSAGE_ID)
                    .shown(message_id)
                    .told(|notice: &mut Notice, id| notice.failed |= id == "407"),
            ])
            .children(&[
                through("ACTION").attributes(&[leaf("url", ALERT_ACTION)]),
                through("SUBSCR").attributes(&[leaf("url", ALERT_SUBSCRIPTION)]),
                through("CAT").attributes(&[leaf("id", ALERT_CATEGORY)]),
                group("BODY", ALERT_BODY)
                    .attributes(&[
                        leaf("lang", ALERT_LANGUAGE)
                            .shown(|s, field, wire| number(s, field, wire, |id| CodedNumber(id, locale::name(id)))),
                        leaf("icon", ALERT_ICON),
                    ])
                    .holding(ALERT_TEXT, alert_text)
                    .children(&[leaf("TEXT", ALERT_TEXT).attributes(TEXT).shown(alert_text).told(say)]),
            ]),
    ])];

static PERSON: &[Node<Notice>] =
    &[leaf("pid", ALERT_PUID).shown(puid), leaf("name", ALERT_NAME), leaf("email", ALERT_EMAIL)];

static SENDER: &[Node<Notice>] = &[
    leaf("pid", ALERT_PUID).shown(puid),
    leaf("name", ALERT_NAME).told(|notice: &mut Notice, name| notice.from = Some(name.to_owned())),
    leaf("email", ALERT_EMAIL),
];

static VIA: &[Node<Notice>] =
    &[through("VIA")
        .attributes(&[leaf("agent", ALERT_AGENT).shown(|s, field, wire| coded(s, field, wire, agent_name))])];

static TEXT: &[Node<Notice>] = &[leaf("enc", PAGE_ENCODING)];

fn say(notice: &mut Notice, text: &str) {
    notice.text = Some(text.to_owned());
}

static CHANGES: &[Node<()>] = &[group("NotificationData", CHANGE).children(&[
    leaf("Service", CHANGE_SERVICE)
        .shown(|s, field, wire| coded(s, field, wire, |name| (name == b"ABCHInternal").then_some(ADDRESS_BOOK))),
    leaf("CID", CHANGE_CID),
    leaf("LastModifiedDate", CHANGE_TIME),
    leaf("HasNewItem", CHANGE_NEW),
    leaf("CircleId", CHANGE_CIRCLE),
    leaf("Role", CHANGE_ROLE),
])];

static PAGES: &[Node<Notice>] = &[
    leaf("TEXT", PAGE_TEXT).attributes(TEXT).told(say),
    group("PHONE", PAGE_PHONE).attributes(&[leaf("pri", PAGE_PRIORITY)]).children(&[
        leaf("LOC", PAGE_PLACE).shown(|s, field, wire| coded(s, field, wire, place_name)),
        leaf("NUM", PAGE_NUMBER),
    ]),
];

/// Text to show, or a document with its brackets escaped.
fn alert_text(s: &mut Scribe<'_, '_>, field: FieldId, wire: &[u8]) {
    if wire.trim_ascii_start().starts_with(b"&") && unescaped(wire).trim_ascii_start().starts_with(b"<") {
        inner(s, ALERT_DATA, wire, CHANGES, &mut ());
    } else {
        characters(s, field, wire);
    }
}

fn message_id(s: &mut Scribe<'_, '_>, field: FieldId, wire: &[u8]) {
    coded(s, field, wire, |id| (id == b"407").then_some(TOO_LONG));
}

/// `puid = "0x" 8HEXDIG ":0x" 8HEXDIG`
fn puid(s: &mut Scribe<'_, '_>, field: FieldId, wire: &[u8]) {
    s.take(field, wire.len(), Puid(wire));
}

struct Puid<'a>(&'a [u8]);

impl Puid<'_> {
    fn number(&self) -> Option<u64> {
        let half = |text: &str| u32::from_str_radix(text.strip_prefix("0x")?, 16).ok().map(u64::from);
        let (high, low) = std::str::from_utf8(self.0).ok()?.split_once(':')?;
        Some(half(high)? << 32 | half(low)?)
    }
}

impl Record for Puid<'_> {
    fn value(&self) -> Value {
        Word(self.0).value()
    }

    fn label(&self) -> Option<Text> {
        Some(PUID.with([self.number()?.to_string().into()]))
    }

    fn complaint(&self) -> Option<(ExpertId, Vec<Arg>)> {
        Word(self.0).complaint()
    }
}

names! {
    /// Which service a number stands for.
    SITES, site_name;
    0 => SITE_STOCKS,
    1 => SITE_CALENDAR,
    45705 => SITE_CONTACTS,
    111_100_400 => SITE_MOBILE,
}

fn agent_name(agent: &[u8]) -> Option<TextId> {
    Some(match agent {
        b"messenger" => AGENT_MESSENGER,
        b"email" => AGENT_EMAIL,
        b"mobile" => AGENT_MOBILE,
        _ => return None,
    })
}

fn place_name(place: &[u8]) -> Option<TextId> {
    Some(match place {
        b"HOME" => PLACE_HOME,
        b"WORK" => PLACE_WORK,
        b"MOBILE" => PLACE_MOBILE,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_telephones_are_told() {
        let read = |document: &str, of: fn(&mut Scribe<'_, '_>) -> Content| {
            of(&mut Scribe::new(document.as_bytes(), crate::tree::Recording::Nothing))
        };
        let from = "<NOTIFICATION id=\"5\"><FROM name=\"tel:+15551234567\"/><MSG id=\"0\"><BODY><TEXT>on my way&#x3B; 5 min</TEXT></BODY></MSG></NOTIFICATION>";
        let (number, text) = ("tel:+15551234567".to_owned(), "on my way; 5 min".to_owned());
        assert_eq!(read(from, notification), Content::PhoneText { from: number, text });
        let failed = "<NOTIFICATION id=\"16\"><MSG pri=\"1\" id=\"407\"/></NOTIFICATION>";
        assert_eq!(read(failed, notification), Content::PageFailed { trid: 16 });
        assert_eq!(read("<NOTIFICATION><MSG id=\"1\"/></NOTIFICATION>", notification), Content::Nothing);
        let page_text = "<PHONE pri=\"1\"><NUM>+1</NUM></PHONE><TEXT>call me</TEXT>";
        assert_eq!(read(page_text, page), Content::Page { text: "call me".to_owned() });
    }

    #[test]
    fn the_number_of_an_account_is_two_halves() {
        assert_eq!(Puid(b"0x00060000:0x81ee5a43").number(), Some(0x0006_0000_81ee_5a43));
        assert_eq!(Puid(b"0x1:2").number(), None);
        assert_eq!(Puid(b"7").number(), None);
    }
}
