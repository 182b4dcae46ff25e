//! What somebody says about themself and their devices: the documents of `UBX` and `UUX`, and from MSNP18 on the one of
//! `PUT` and `NFY` about a user.
//!
//! Source: protocol reference, messages 7.1 and 8, tables 3. Sources differ on whether pictures, sounds and colours came
//! with MSNP16 or MSNP18.

use super::membership::{SERVICE_NAME, service};
use super::schema::{Node, coded, group, leaf, number, over, unexpected};
use super::{MACHINE, MEDIA, PERSONAL_MESSAGE, media, walk};
use crate::msnp::coding::Coding;
use crate::msnp::commands::presence::STATUS;
use crate::msnp::field::NICK;
use crate::msnp::payload::msn_object::msn_object;
use crate::msnp::token::{CodedNumber, EXPECTED_NUMBER, EXPECTED_STATUS, status};
use crate::msnp::value::capability::{CAPABILITIES, capabilities};
use crate::msnp::{Content, Details, Endpoint};
use crate::tree::{Base, FieldId, Kind, Record, Scribe, Text, TextId, Value, fields, names, texts};

fields! {
    family 17;
    /// What somebody says about themself: personal message, music, pictures. The client sends it (UUX), the server passes it on (UBX), from MSNP11 on.
    DETAILS: Kind::Group => "msnp.details", "Details";
    /// The moving display picture, an MSN object; the client publishes it, from MSNP16 or MSNP18 on. Empty when there
    /// is none.
    MOVING_PICTURE: Kind::Group => "msnp.details.moving_picture", "Dynamic display picture";
    /// The sound that contacts hear when somebody signs in, an MSN object; the client publishes it, from MSNP16 or
    /// MSNP18 on. Empty when there is none.
    SOUND: Kind::Group => "msnp.details.sound", "Signature sound";
    /// The picture behind somebody’s name, an MSN object of type 16; the client publishes it, from MSNP16 or MSNP18 on.
    /// Empty when there is none.
    SCENE: Kind::Group => "msnp.details.scene", "Scene";
    /// The colour of somebody’s window: alpha, red, green and blue in one number, which the wire writes as a signed decimal one. Small negative numbers stand for the themes that come with the program. From MSNP16 or MSNP18 on.
    COLOUR: Kind::Uint32(Base::Hex) => "msnp.details.colour", "Colour scheme";
    /// The display picture, an MSN object; the client publishes it in documents from MSNP18 on, for members of circles
    /// first.
    PICTURE: Kind::Group => "msnp.details.picture", "Display picture";
    /// One device of the account and what it can do; several may be signed in at once from MSNP16 on. The client’s own document has no identifier.
    DEVICE: Kind::Group => "msnp.endpoint", "Device";
    /// One device as its owner sees it: the server tells nobody else. From MSNP16 on.
    OWN_DEVICE: Kind::Group => "msnp.endpoint.private", "Own device";
    /// Identifies a device: a GUID in braces, in upper or lower case. The server writes it from MSNP16 on, the client
    /// in MSNP21.
    DEVICE_ID: Kind::Text => "msnp.endpoint.id", "Device ID", Personal;
    /// What its owner calls a device, often the computer’s name; the server tells it to the account’s own devices only,
    /// from MSNP16 on.
    DEVICE_NAME: Kind::Text => "msnp.endpoint.name", "Device name", Name;
    /// Whether nobody is using the device: true or false, from MSNP16 on. Some servers leave it out.
    DEVICE_IDLE: Kind::Text => "msnp.endpoint.idle", "Idle";
    /// What kind of device this is: 1 computer, 2 web site, 3 mobile telephone, 4 games console. Client and server send
    /// it, from MSNP16 on.
    DEVICE_KIND: Kind::Uint32(Base::Dec) => "msnp.endpoint.kind", "Kind of device" in DEVICE_KINDS;
    /// Presence and profile of somebody, service by service; client and server send it, in place of a status line and
    /// of UBX from MSNP21 on. What is not in it has not changed.
    USER: Kind::Group => "msnp.user", "User";
    /// What one service has to say about a person: IM status and music, PE the profile with name and personal message.
    /// Client and server send it, MSNP21.
    USER_SERVICE: Kind::Group => "msnp.user.service", "Facts of a service";
    /// What one service has to say about one device: IM what it can do, PD what its owner calls it. Client and server
    /// send it, MSNP21.
    USER_DEVICE: Kind::Group => "msnp.user.device", "Facts of a device";
}

texts! {
    IDLE = "endpoint.idle.true", "not in use";
    IN_USE = "endpoint.idle.false", "in use";
    COMPUTER = "endpoint.kind.1", "computer";
    WEB_SITE = "endpoint.kind.2", "web site";
    MOBILE = "endpoint.kind.3", "mobile telephone";
    CONSOLE = "endpoint.kind.4", "games console";
    THEME = "details.colour.theme", "theme {0} of the program";
    ARGB = "details.colour.argb", "#{0}, {1} % opaque";
}

/// Two numbers of 32 bits, with a heading each.
const CAPABILITY_ITEMS: usize = 70;
/// Attributes of an object; more than it has are told with the others beyond the ceiling of the command.
const OBJECT_ITEMS: usize = 40;

/// Beyond this many devices of an account, one that is told twice counts twice.
const DEVICE_CEILING: usize = 64;

/// The lowest number that stands for a theme. How many there are is not documented; no visible colour is near them.
const LAST_THEME: i64 = -99;

/// `presence = *( data / endpoint / user )`: the payload of `UBX` and `UUX`, or the body of a datagram; all that is left
/// before the limit.
pub fn presence(s: &mut Scribe<'_, '_>) -> Content {
    let mut details = Details::default();
    walk::document(s, ROOTS, &mut details);
    Content::Details(details)
}

static ROOTS: &[Node<Details>] = &[
    group("Data", DETAILS).children(FACTS),
    device("EndpointData", DEVICE),
    device("PrivateEndpointData", OWN_DEVICE),
    group("user", USER).children(&[
        group("s", USER_SERVICE)
            .attributes(&[leaf("n", SERVICE_NAME)
                .shown(service)
                .told(|details: &mut Details, name| details.services.push(name.to_owned()))])
            .children(FACTS),
        device("sep", USER_DEVICE),
    ]),
];

const fn device(name: &'static str, field: FieldId) -> Node<Details> {
    group(name, field)
        .opened(|details: &mut Details| details.endpoints.push(Endpoint::default()))
        .attributes(DEVICE_NAMES)
        .children(DEVICE_FACTS)
        .closed(|details, _, _| merge(details))
}

/// A device is called `id` in one kind of document, `epid` in the other.
static DEVICE_NAMES: &[Node<Details>] = &[
    leaf("id", DEVICE_ID).told(|details, id| last(details, |device| device.id = id.to_owned())),
    leaf("epid", DEVICE_ID).told(|details, id| last(details, |device| device.id = id.to_owned())),
    leaf("n", SERVICE_NAME).shown(service),
];

static FACTS: &[Node<Details>] = &[
    leaf("Status", STATUS).shown(state).told(|details, text| details.status = said(text)),
    leaf("FriendlyName", NICK).told(|details, text| details.nick = Some(text.to_owned())),
    leaf("PSM", PERSONAL_MESSAGE).told(|details, text| details.personal_message = Some(text.to_owned())),
    leaf("CurrentMedia", MEDIA)
        .shown(media::media)
        .weighing(media::ITEMS)
        .told(|details, text| details.media = Some(media::shown(text).unwrap_or_default())),
    leaf("MachineGuid", MACHINE).told(|details, text| details.machine = said(text).or(details.machine.take())),
    leaf("UserTileLocation", PICTURE)
        .shown(object)
        .weighing(OBJECT_ITEMS)
        .told(|details, text| details.picture = Some(text.to_owned())),
    leaf("DDP", MOVING_PICTURE)
        .shown(object)
        .told(|details, text| details.picture = said(text).or(details.picture.take())),
    leaf("SignatureSound", SOUND).shown(object).weighing(OBJECT_ITEMS),
    leaf("Scene", SCENE).shown(object).weighing(OBJECT_ITEMS),
    leaf("ColorScheme", COLOUR).shown(colour),
    device("EndpointData", DEVICE),
    device("PrivateEndpointData", OWN_DEVICE),
];

static DEVICE_FACTS: &[Node<Details>] = &[
    leaf("Capabilities", CAPABILITIES)
        .weighing(CAPABILITY_ITEMS)
        .shown(|s, _, wire| _ = capabilities(s, wire.len()))
        .told(|details, text| last(details, |device| device.capabilities = said(text))),
    leaf("EpName", DEVICE_NAME).told(|details, text| last(details, |device| device.name = Some(text.to_owned()))),
    leaf("Idle", DEVICE_IDLE)
        .shown(|s, field, wire| coded(s, field, wire, idle_name))
        .told(|details, text| last(details, |device| device.idle = is_true(text))),
    leaf("ClientType", DEVICE_KIND)
        .shown(|s, field, wire| number(s, field, wire, |kind| CodedNumber(kind, kind_name(kind))))
        .told(|details, text| last(details, |device| device.client_type = said(text))),
    leaf("State", STATUS).shown(state).told(|details, text| last(details, |device| device.status = said(text))),
];

fn said(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

/// Tells the device that is being read.
fn last(details: &mut Details, tell: impl FnOnce(&mut Endpoint)) {
    if let Some(device) = details.endpoints.last_mut() {
        tell(device);
    }
}

/// What was said of one device in two places is put together.
fn merge(details: &mut Details) {
    let Some(new) = details.endpoints.pop() else { return };
    let known = details.endpoints.iter_mut().take(DEVICE_CEILING).find(|known| known.id.eq_ignore_ascii_case(&new.id));
    match known {
        Some(known) => {
            known.name = new.name.or(known.name.take());
            known.capabilities = new.capabilities.or(known.capabilities.take());
            known.status = new.status.or(known.status.take());
            known.client_type = new.client_type.or(known.client_type.take());
            known.idle = new.idle.or(known.idle);
        }
        None => details.endpoints.push(new),
    }
}

fn is_true(text: &str) -> Option<bool> {
    match text.trim() {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    }
}

fn idle_name(text: &[u8]) -> Option<TextId> {
    match is_true(std::str::from_utf8(text).ok()?)? {
        true => Some(IDLE),
        false => Some(IN_USE),
    }
}

names! {
    /// What a device is.
    DEVICE_KINDS, kind_name;
    1 => COMPUTER,
    2 => WEB_SITE,
    3 => MOBILE,
    4 => CONSOLE,
}

fn state(s: &mut Scribe<'_, '_>, field: FieldId, wire: &[u8]) {
    match status(wire) {
        Ok((_, status)) => drop(s.take(field, wire.len(), status)),
        Err(_) => unexpected(s, wire, EXPECTED_STATUS),
    }
}

/// An MSN object in character references, percent-encoded, or as it stands.
fn object(s: &mut Scribe<'_, '_>, field: FieldId, wire: &[u8]) {
    over(s, field, wire, |s, wire| drop(msn_object(s, wire.len(), Coding::of_element(wire))));
}

/// `colour = [ "-" ] 1*DIGIT`: 32 bits, signed or not.
fn colour(s: &mut Scribe<'_, '_>, field: FieldId, wire: &[u8]) {
    let number = std::str::from_utf8(wire).ok().and_then(|text| text.trim().parse::<i64>().ok());
    let bits = number.and_then(|number| {
        let signed = i32::try_from(number).ok().map(i32::cast_unsigned);
        signed.or_else(|| u32::try_from(number).ok())
    });
    match (number, bits) {
        (Some(number), Some(bits)) => drop(s.take(field, wire.len(), Colour { number, bits })),
        _ => unexpected(s, wire, EXPECTED_NUMBER),
    }
}

struct Colour {
    number: i64,
    bits: u32,
}

impl Record for Colour {
    fn value(&self) -> Value {
        Value::Uint(self.bits.into())
    }

    fn label(&self) -> Option<Text> {
        if (LAST_THEME..0).contains(&self.number) {
            return Some(THEME.with([self.number.unsigned_abs().into()]));
        }
        let [alpha, red, green, blue] = self.bits.to_be_bytes();
        let opaque = u64::from(alpha) * 100 / 255;
        Some(ARGB.with([format!("{red:02x}{green:02x}{blue:02x}").into(), opaque.into()]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::{Catalogue, Recording};

    fn read(document: &str) -> Details {
        match presence(&mut Scribe::new(document.as_bytes(), Recording::Nothing)) {
            Content::Details(details) => details,
            _ => Details::default(),
        }
    }

    #[test]
    fn both_kinds_of_document_say_the_same() {
        let data = read(
            "<Data><FriendlyName>Bob</FriendlyName><PSM>h&amp;w</PSM></Data><EndpointData id=\"{A}\"><Capabilities>1:2</Capabilities>\
             </EndpointData><PrivateEndpointData id=\"{a}\"><EpName>Phone</EpName><Idle>true</Idle><State>BSY</State></PrivateEndpointData>",
        );
        let user = read(
            "<user><s n=\"PE\"><FriendlyName>Bob</FriendlyName><PSM>h&amp;w</PSM></s><sep n=\"IM\" epid=\"{A}\"><Capabilities>1:2\
             </Capabilities></sep><sep n=\"PD\" epid=\"{a}\"><EpName>Phone</EpName><Idle>true</Idle><State>BSY</State></sep></user>",
        );
        assert_eq!((data.nick.as_deref(), data.personal_message.as_deref()), (Some("Bob"), Some("h&w")));
        let device = Endpoint {
            id: "{A}".to_owned(),
            name: Some("Phone".to_owned()),
            capabilities: Some("1:2".to_owned()),
            status: Some("BSY".to_owned()),
            client_type: None,
            idle: Some(true),
        };
        assert_eq!(data.endpoints, [device]);
        assert_eq!(user, Details { services: vec!["PE".to_owned()], ..data });
    }

    #[test]
    fn what_is_empty_is_said_and_what_is_missing_is_not() {
        let details = read("<Data><PSM/><DDP></DDP><MachineGuid></MachineGuid></Data>");
        let expected = Details { personal_message: Some(String::new()), ..Details::default() };
        assert_eq!(details, expected);
        assert_eq!(read("<Data><PSM>a<!-- b -->c<![CDATA[<&]]></PSM>").personal_message.as_deref(), Some("ac<&"));
    }

    #[test]
    fn colours_are_signed_numbers() {
        let told = |number: i64, bits: u32| Catalogue::english().render(&Colour { number, bits }.label().unwrap());
        assert_eq!(told(-3, 0xffff_fffd), "theme 3 of the program");
        assert_eq!(told(-8_355_712, 0xff80_8080), "#808080, 100 % opaque");
        assert_eq!(told(0x7f00_ff00, 0x7f00_ff00), "#00ff00, 49 % opaque");
    }
}
