//! One line about a command: for lists and Wireshark's Info column ([`info`]), and in plain English ([`sentence`]).

use super::command::Dissection;
use super::commands::{login, presence};
use super::field::{ACCOUNT, NICK};
use super::payload::{datagram, mime, text};
use super::{Context, Direction, Pdu, PduKind, Verb, verb};
use crate::tree::{Arg, Catalogue, FieldId, Text, TextId, Value, lossy, texts};

/// Characters of a line that are shown.
const LINE_SHOWN: usize = 160;

texts! {
    QUOTED = "info.quoted", "{0} · “{1}”";
    TYPED = "info.typed", "{0} · {1}";
    STRAY = "info.stray", "{0} bytes that are no command";
    MORE_PAYLOAD = "info.more-payload", "{0} more bytes of a payload";
    BESIDE = "info.beside", "{0} bytes beside the conversation: “{1}”";
    CUT_OFF = "info.cut-off", "{0} · the line is cut off here";
    SAYS = "sentence.says", "{0} writes: “{1}”";
    CLIENT_SAYS = "sentence.client-says", "The client writes: “{0}”";
    REFUSES = "sentence.error", "The server reports a problem: {0}.";
    UNKNOWN = "sentence.unknown", "A command that no documentation of MSNP mentions.";
    OFFERS = "sentence.offers", "The client offers {0}.";
    CHOOSES = "sentence.chooses", "The server chooses {0}.";
    WANTS_IN = "sentence.wants-in", "The client wants to sign in as {0}.";
    PROVES = "sentence.proves", "The client proves who it is.";
    ASKS_PROOF = "sentence.asks-proof", "The server asks the client to prove who it is.";
    LETS_IN = "sentence.lets-in", "The server accepts the client as {0}.";
    ENTERS_ROOM = "sentence.enters-room", "{0} enters the chat room.";
    ANSWERS_CALL = "sentence.answers", "{0} accepts the invitation and enters the chat room.";
    SENT_ON = "sentence.sent-on", "The server sends the client on to the {0} at {1}.";
    INVITES = "sentence.invites", "The client invites {0} into the chat room.";
    RINGS = "sentence.rings", "{0} ({1}) invites the client into a chat room.";
    ALREADY_IN = "sentence.already-in", "{0} ({1}) is already in the chat room.";
    JOINS = "sentence.joins", "{0} ({1}) enters the chat room.";
    LEAVES = "sentence.leaves", "{0} left the chat room.";
    WAS_THERE = "sentence.was-there", "{0} ({1}) was there already: {2}.";
    IS_NOW = "sentence.is-now", "{0} ({1}) is now {2}.";
    IS_OFFLINE = "sentence.offline", "{0} went offline.";
    SETS_STATUS = "sentence.sets-status", "The client sets its status: {0}.";
    HAS_STATUS = "sentence.has-status", "The server confirms the status: {0}.";
    THROWN_OUT = "sentence.thrown-out", "The server ends the session: {0}.";
    TYPES = "sentence.types", "{0} is typing.";
    SENDS = "sentence.sends", "{0} sends {1}.";
    CLIENT_SENDS = "sentence.client-sends", "The client sends {0}.";
}

/// What a sentence takes from a command: a field's value, or what it means.
enum Part {
    Said(FieldId),
    Meant(FieldId),
}

/// A sentence about a verb, if the command has all its parts; of several, the first that fits.
struct Pattern(Verb, Direction, TextId, &'static [Part]);

use Direction::{ToClient, ToServer};
use Part::{Meant, Said};

static PATTERNS: &[Pattern] = &[
    Pattern(verb::VER, ToServer, OFFERS, &[Said(login::DIALECT)]),
    Pattern(verb::VER, ToClient, CHOOSES, &[Said(login::DIALECT)]),
    Pattern(verb::USR, ToServer, ENTERS_ROOM, &[Said(ACCOUNT), Said(login::COOKIE)]),
    Pattern(verb::USR, ToServer, WANTS_IN, &[Said(ACCOUNT)]),
    Pattern(verb::USR, ToServer, PROVES, &[Said(login::PROOF)]),
    Pattern(verb::USR, ToClient, ASKS_PROOF, &[Said(login::CHALLENGE)]),
    Pattern(verb::USR, ToClient, LETS_IN, &[Said(ACCOUNT)]),
    Pattern(verb::ANS, ToServer, ANSWERS_CALL, &[Said(ACCOUNT)]),
    Pattern(verb::XFR, ToClient, SENT_ON, &[Meant(login::SERVER_TYPE), Said(login::ADDRESS)]),
    Pattern(verb::CAL, ToServer, INVITES, &[Said(ACCOUNT)]),
    Pattern(verb::RNG, ToClient, RINGS, &[Said(NICK), Said(ACCOUNT)]),
    Pattern(verb::IRO, ToClient, ALREADY_IN, &[Said(NICK), Said(ACCOUNT)]),
    Pattern(verb::JOI, ToClient, JOINS, &[Said(NICK), Said(ACCOUNT)]),
    Pattern(verb::BYE, ToClient, LEAVES, &[Said(ACCOUNT)]),
    Pattern(verb::ILN, ToClient, WAS_THERE, &[Said(NICK), Said(ACCOUNT), Meant(presence::STATUS)]),
    Pattern(verb::NLN, ToClient, IS_NOW, &[Said(NICK), Said(ACCOUNT), Meant(presence::STATUS)]),
    Pattern(verb::FLN, ToClient, IS_OFFLINE, &[Said(ACCOUNT)]),
    Pattern(verb::CHG, ToServer, SETS_STATUS, &[Meant(presence::STATUS)]),
    Pattern(verb::CHG, ToClient, HAS_STATUS, &[Meant(presence::STATUS)]),
    Pattern(verb::OUT, ToClient, THROWN_OUT, &[Meant(login::REASON)]),
    Pattern(verb::MSG, ToServer, TYPES, &[Said(mime::TYPING_USER)]),
    Pattern(verb::MSG, ToClient, TYPES, &[Said(mime::TYPING_USER)]),
    Pattern(verb::MSG, ToServer, CLIENT_SENDS, &[Meant(mime::CONTENT_TYPE)]),
    Pattern(verb::MSG, ToClient, SENDS, &[Said(NICK), Meant(mime::CONTENT_TYPE)]),
    Pattern(verb::SDG, ToServer, CLIENT_SENDS, &[Meant(datagram::MESSAGE_TYPE)]),
    Pattern(verb::SDG, ToClient, SENDS, &[Said(datagram::FROM), Meant(datagram::MESSAGE_TYPE)]),
];

/// The fields that [`info`] looks at: a recording of these is enough for it.
pub const INFO_FIELDS: &[FieldId] = &[text::TEXT, datagram::MESSAGE_TYPE, mime::CONTENT_TYPE, super::field::ERROR_CODE];

/// The line itself, and what a message carries or an error means: `MSG 4 A 149 · “Ciao”`. `dissection` is the PDU's, with [`INFO_FIELDS`]
/// recorded.
#[must_use]
pub fn info(pdu: &Pdu<'_>, dissection: &Dissection<'_>, catalogue: &Catalogue) -> String {
    if let Some(text) = stray(pdu) {
        return catalogue.render(&text);
    }
    let line = shorten(&lossy(pdu.line_text()));
    // What an error repeats is not what it says.
    if let Some(meaning) = label_of(dissection, super::field::ERROR_CODE) {
        return catalogue.render(&TYPED.with([line.into(), meaning.clone().into()]));
    }
    if let Some(written) = value_of(dissection, text::TEXT) {
        return catalogue.render(&QUOTED.with([line.into(), shorten(written).into()]));
    }
    let kinds = [datagram::MESSAGE_TYPE, mime::CONTENT_TYPE];
    let kind = kinds.into_iter().find_map(|field| label_of(dissection, field));
    match kind {
        Some(kind) => catalogue.render(&TYPED.with([line.into(), kind.clone().into()])),
        None => line,
    }
}

/// What the sender does, in a sentence.
#[must_use]
pub fn sentence(pdu: &Pdu<'_>, context: &Context, dissection: &Dissection<'_>, catalogue: &Catalogue) -> String {
    if let Some(text) = stray(pdu) {
        return catalogue.render(&text);
    }
    if let Some(meaning) = label_of(dissection, super::field::ERROR_CODE) {
        return catalogue.render(&REFUSES.with([meaning.clone().into()]));
    }
    if let Some(written) = value_of(dissection, text::TEXT) {
        let sender = [NICK, ACCOUNT, datagram::FROM].into_iter().find_map(|field| value_of(dissection, field));
        return catalogue.render(&match (context.direction, sender) {
            (ToClient | Direction::Unknown, Some(who)) => SAYS.with([who.into(), shorten(written).into()]),
            _ => CLIENT_SAYS.with([shorten(written).into()]),
        });
    }
    if let Some(text) = told(context.direction, dissection) {
        return catalogue.render(&text);
    }
    let shape =
        dissection.message.verb.and_then(|v| v.shape(context.direction).or_else(|| v.shape(Direction::Unknown)));
    match shape {
        Some(shape) => catalogue.render(&TextId::new(&shape.means).text()),
        None => catalogue.render(&UNKNOWN.text()),
    }
}

/// What bytes are that are not a whole command.
fn stray(pdu: &Pdu<'_>) -> Option<Text> {
    match pdu.kind {
        PduKind::Command => None,
        PduKind::Skipped => Some(STRAY.with([pdu.bytes.len().into()])),
        PduKind::PayloadRest => Some(MORE_PAYLOAD.with([pdu.bytes.len().into()])),
        PduKind::Beside => {
            let line = pdu.bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
            Some(BESIDE.with([pdu.bytes.len().into(), shorten(lossy(line).trim_end()).into()]))
        }
        PduKind::Unfinished => Some(CUT_OFF.with([shorten(&lossy(pdu.bytes)).into()])),
    }
}

/// The sentence of the first pattern whose parts are all there.
fn told(direction: Direction, dissection: &Dissection<'_>) -> Option<Text> {
    let verb = dissection.message.verb?;
    let part = |part: &Part| match part {
        Said(field) => values_of(dissection, *field),
        Meant(field) => label_of(dissection, *field).map(|text| Arg::from(text.clone())),
    };
    let fitting = PATTERNS.iter().filter(|Pattern(v, d, ..)| *v == verb && *d == direction);
    let mut texts = fitting.filter_map(|Pattern(_, _, text, parts)| {
        let args = parts.iter().map(part).collect::<Option<Vec<_>>>()?;
        Some(text.with(args))
    });
    texts.next()
}

/// All values of a field, with commas.
fn values_of(dissection: &Dissection<'_>, field: FieldId) -> Option<Arg> {
    let values = dissection.tree.items.iter().filter(|item| item.field == field).filter_map(|item| match &item.value {
        Value::Text(text) => Some(shorten(text)),
        _ => None,
    });
    let all = values.collect::<Vec<_>>();
    (!all.is_empty()).then(|| all.join(", ").into())
}

fn value_of<'d>(dissection: &'d Dissection<'_>, field: FieldId) -> Option<&'d str> {
    dissection.tree.items.iter().find(|item| item.field == field).and_then(|item| match &item.value {
        Value::Text(text) => Some(text.as_str()),
        _ => None,
    })
}

fn label_of<'d>(dissection: &'d Dissection<'_>, field: FieldId) -> Option<&'d Text> {
    dissection.tree.items.iter().find(|item| item.field == field).and_then(|item| item.label.as_ref())
}

fn shorten(text: &str) -> String {
    let clean = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    let mut out = clean.take(LINE_SHOWN).collect::<String>();
    if text.chars().count() > LINE_SHOWN {
        out.push('…');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::msnp::{dissect, framing};
    use crate::tree::Recording;

    fn said(bytes: &[u8], direction: Direction) -> String {
        let line = memchr::memchr(b'\n', bytes).map_or(bytes.len(), |at| at + 1);
        let pdu = Pdu::command(bytes, line, direction);
        assert!(framing::announced(&bytes[..line], direction) > 0);
        let context = Context { direction, ..Context::default() };
        let dissection = dissect(&pdu, &context, Recording::Everything);
        sentence(&pdu, &context, &dissection, &Catalogue::english())
    }

    #[test]
    fn who_writes_is_who_sent_it() {
        let body = "Content-Type: text/plain\r\n\r\nHello";
        let message = |line: &str| format!("{line} {}\r\n{body}", body.len());
        let cases = [
            ("MSG bob@example.com Bob", ToClient, "Bob writes: “Hello”"),
            ("MSG 4 A", ToServer, "The client writes: “Hello”"),
            ("UBM erin@example.com 32 alice@example.com 1 1", ToClient, "erin@example.com writes: “Hello”"),
            ("UUM 16 erin@example.com 32 1", ToServer, "The client writes: “Hello”"),
        ];
        for (line, direction, want) in cases {
            assert_eq!(said(message(line).as_bytes(), direction), want);
        }
    }

    #[test]
    fn bytes_that_are_no_whole_command_say_what_they_are() {
        let told = |kind| {
            let pdu = Pdu::stray(b"CVR 2 0x0409", kind);
            let dissection = dissect(&pdu, &Context::default(), Recording::Everything);
            info(&pdu, &dissection, &Catalogue::english())
        };
        assert_eq!(told(PduKind::Skipped), "12 bytes that are no command");
        assert_eq!(told(PduKind::PayloadRest), "12 more bytes of a payload");
        assert_eq!(told(PduKind::Unfinished), "CVR 2 0x0409 · the line is cut off here");
    }
}
