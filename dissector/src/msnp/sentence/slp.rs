//! Sentences about MSNSLP messages: who wants what of whom, and what the answer is.

use super::shorten;
use crate::msnp::object_kind_name;
use crate::msnp::p2p::slp::{Application, Body, BodyKind, Context, Method, Slp, Start, status_meaning};
use crate::tree::{Arg, Text, texts};

texts! {
    SOMEBODY = "sentence.slp.somebody", "the other side";
    FETCHES = "sentence.slp.fetches", "{0} asks {1} for {2}.";
    OBJECT = "sentence.slp.object", "a picture, emoticon, wink or sound";
    KIND = "sentence.slp.kind", "the {0}";
    KIND_NAMED = "sentence.slp.kind-named", "the {0} “{1}”";
    SIZED = "sentence.slp.sized", "{0} ({1} bytes)";
    SENDS_FILE = "sentence.slp.file", "{0} invites {1} to receive the file “{2}” ({3} bytes).";
    SENDS_UNNAMED = "sentence.slp.file-unnamed", "{0} invites {1} to receive a file.";
    VIDEO = "sentence.slp.video", "{0} invites {1} to a video conversation.";
    SHOWS_CAMERA = "sentence.slp.shows-camera", "{0} invites {1} to see its camera.";
    WANTS_CAMERA = "sentence.slp.wants-camera", "{0} asks {1} to show its camera.";
    OFFERS_WINK = "sentence.slp.wink", "{0} offers {1} a wink.";
    ACTIVITY = "sentence.slp.activity", "{0} invites {1} to the activity “{2}”.";
    SOME_ACTIVITY = "sentence.slp.some-activity", "{0} invites {1} to an activity or a game.";
    PHOTOS = "sentence.slp.photos", "{0} invites {1} to look at photos together.";
    FOLDER = "sentence.slp.folder", "{0} invites {1} to a shared folder.";
    OPENS = "sentence.slp.opens", "{0} wants to open a session with {1}.";
    UNKNOWN = "sentence.slp.unknown", "{0} invites {1} to something that no documentation describes.";
    PROPOSES_WAYS = "sentence.slp.ways", "{0} proposes to {1} ways for the data: {2}.";
    WANTS_WAY = "sentence.slp.wants-way", "{0} asks {1} for a way for the data.";
    CONNECT_TO_ME = "sentence.slp.connect", "{0} tells {1} where it can be reached for the data.";
    OFFERS_NO_WAY = "sentence.slp.offers-none", "{0} tells {1} that it cannot be reached directly.";
    ACCEPTS = "sentence.slp.accepts", "{0} accepts what {1} asks.";
    WAITS = "sentence.slp.waits", "{0} opens a port and waits there for {1}, for the data.";
    CANNOT_LISTEN = "sentence.slp.cannot-listen", "{0} agrees on a way for the data, but cannot be reached directly by {1}.";
    AGREES = "sentence.slp.agrees", "{0} agrees with {1} on a way for the data.";
    DECLINES = "sentence.slp.declines", "{0} declines what {1} asks.";
    REFUSES_WAY = "sentence.slp.refuses-way", "{0} refuses the way for the data that {1} proposes.";
    CANNOT = "sentence.slp.cannot", "The program of {0} cannot do what {1} asks; that is no decision of a person.";
    ANSWERS = "sentence.slp.answers", "{0} answers {1}: {2} ({3}).";
    ANSWERS_CODE = "sentence.slp.answers-code", "{0} answers {1} with the code {2}.";
    ENDS = "sentence.slp.ends", "{0} ends the session with {1}.";
    ACCEPTED_ELSEWHERE = "sentence.slp.accepted-elsewhere", "{0} tells its other devices that one of them has accepted.";
    DECLINED_ELSEWHERE = "sentence.slp.declined-elsewhere", "{0} tells its other devices that one of them has declined.";
    GOES_TO_UDP = "sentence.slp.udp", "{0} tells {1} to go over to UDP for the data.";
    ADDRESS_CHANGED = "sentence.slp.address", "{0} tells {1} its new address for the data.";
    RELAY = "sentence.slp.relay", "{0} tells {1} of a relay for the data: {2}.";
    SOME_RELAY = "sentence.slp.some-relay", "{0} tells {1} of a relay for the data.";
    TELLS = "sentence.slp.tells", "{0} tells {1} something about a session.";
}

/// What `from` does with this message; `None` when it is no message of MSNSLP.
pub(in crate::msnp) fn told(slp: &Slp, from: Arg) -> Option<Text> {
    let to = || match &slp.to {
        Some(to) => shorten(&to.account).into(),
        None => Arg::from(SOMEBODY.text()),
    };
    let body = &slp.body;
    Some(match slp.start {
        Start::Request(Method::Invite) => match body.kind {
            BodyKind::TransportRequest if body.bridges.is_empty() => WANTS_WAY.with([from, to()]),
            BodyKind::TransportRequest => PROPOSES_WAYS.with([from, to(), shorten(&body.bridges.join(", ")).into()]),
            BodyKind::TransportResponse if body.listening == Some(false) => OFFERS_NO_WAY.with([from, to()]),
            BodyKind::TransportResponse => CONNECT_TO_ME.with([from, to()]),
            _ => invited(body, from, to()),
        },
        Start::Request(Method::Bye) => match body {
            Body { accepted_by: Some(_), .. } => ACCEPTED_ELSEWHERE.with([from]),
            Body { declined_by: Some(_), .. } => DECLINED_ELSEWHERE.with([from]),
            _ => ENDS.with([from, to()]),
        },
        Start::Request(Method::Ack) => match (&body.kind, &body.relay) {
            (BodyKind::UdpSwitch, _) => GOES_TO_UDP.with([from, to()]),
            (BodyKind::AddressUpdate, _) => ADDRESS_CHANGED.with([from, to()]),
            (BodyKind::TurnSetup, Some(relay)) => RELAY.with([from, to(), shorten(relay).into()]),
            (BodyKind::TurnSetup, None) => SOME_RELAY.with([from, to()]),
            _ => TELLS.with([from, to()]),
        },
        Start::Request(Method::Other) => TELLS.with([from, to()]),
        Start::Response { code } => answered(code, body, from, to()),
        Start::Unknown => return None,
    })
}

fn invited(body: &Body, from: Arg, to: Arg) -> Text {
    match (&body.context, &body.application) {
        (Context::File { name, size, .. }, _) => SENDS_FILE.with([from, to, shorten(name).into(), (*size).into()]),
        (Context::Object(_), _) | (_, Some(Application::Object)) => FETCHES.with([from, to, object(&body.context)]),
        (Context::Video, _) => VIDEO.with([from, to]),
        (Context::Activity { name, .. }, _) => ACTIVITY.with([from, to, shorten(name).into()]),
        (_, Some(Application::File)) => SENDS_UNNAMED.with([from, to]),
        (_, Some(Application::WebcamSend)) => SHOWS_CAMERA.with([from, to]),
        (_, Some(Application::WebcamReceive)) => WANTS_CAMERA.with([from, to]),
        (_, Some(Application::Wink)) => OFFERS_WINK.with([from, to]),
        (_, Some(Application::Activity)) => SOME_ACTIVITY.with([from, to]),
        (_, Some(Application::PhotoShare)) => PHOTOS.with([from, to]),
        (_, Some(Application::SharedFolder)) => FOLDER.with([from, to]),
        (_, Some(Application::Unknown(_))) => UNKNOWN.with([from, to]),
        (_, None) => OPENS.with([from, to]),
    }
}

/// What is fetched: kind, name, size, as far as they are known.
fn object(context: &Context) -> Arg {
    let Context::Object(object) = context else { return OBJECT.text().into() };
    let what = match object.kind.and_then(object_kind_name) {
        Some(kind) if object.name.is_empty() => KIND.with([kind.text().into()]),
        Some(kind) => KIND_NAMED.with([kind.text().into(), shorten(&object.name).into()]),
        None => OBJECT.text(),
    };
    match object.size {
        Some(size) => SIZED.with([what.into(), size.into()]).into(),
        None => what.into(),
    }
}

fn answered(code: u32, body: &Body, from: Arg, to: Arg) -> Text {
    match (code, &body.kind) {
        (200, BodyKind::TransportResponse) => match body.listening {
            Some(true) => WAITS.with([from, to]),
            Some(false) => CANNOT_LISTEN.with([from, to]),
            None => AGREES.with([from, to]),
        },
        (200, _) => ACCEPTS.with([from, to]),
        (500 | 603, BodyKind::Failure) => REFUSES_WAY.with([from, to]),
        (603, _) => DECLINES.with([from, to]),
        (500, _) => CANNOT.with([from, to]),
        _ => match status_meaning(code) {
            Some(meaning) => ANSWERS.with([from, to, meaning.text().into(), code.into()]),
            None => ANSWERS_CODE.with([from, to, code.into()]),
        },
    }
}
