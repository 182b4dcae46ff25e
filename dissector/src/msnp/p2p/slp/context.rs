//! The context of a session: what exactly is asked for or offered, wrapped in base64.
//!
//! Comes in: the value of the line. Goes out: what it holds, as fields over the decoded bytes, and a typed [`Context`].
//! What kind of context it is says the EUF-GUID of the same body, wherever it stands; a `BYE` has none.
//!
//! Source: protocol reference, SLP 11. Some clients write wrong padding or none.

use super::line::Said;
use super::{Application, BodyKind, Context, Method, Start, file};
use crate::msnp::coding::{Coding, base64, utf16};
use crate::msnp::payload::msn_object::msn_object;
use crate::msnp::token::{CodedNumber, Word, shortened};
use crate::tree::{Base, FieldId, Kind, Scribe, TextId, experts, fields, names, texts};

fields! {
    family 65;
    /// What exactly is asked for or offered, or why a session is closed, in base64. In INVITE and BYE, from MSNP9 on.
    CONTEXT: Kind::Text => "msnp.slp.context", "Context";
    /// What stands in a context that is no base64, although it should be; shown as the sender’s program wrote it.
    CONTEXT_TEXT: Kind::Text => "msnp.slp.context.text", "Context as it stands", Text;
    /// A decoded context of the sender’s program, or a part of one, whose form is not documented.
    CONTEXT_DATA: Kind::Bytes => "msnp.slp.context.data", "Context data", Text;
    /// Whether a webcam is meant or a video conversation: a GUID, in UTF-16 with a NUL at the end. The inviter’s
    /// program sends it.
    CAMERA: Kind::Text => "msnp.slp.camera", "Kind of video";
    /// Number by which programs know an activity or a game, in decimal; stands first in the context of its invitation.
    ACTIVITY: Kind::Text => "msnp.slp.activity", "Activity";
    /// A number that the inviter’s program puts between number and name of an activity: always 1, perhaps a version.
    ACTIVITY_VERSION: Kind::Text => "msnp.slp.activity.version", "Version of the activity";
    /// What the activity or game is called by the client that invites to it; stands last in the context.
    ACTIVITY_NAME: Kind::Text => "msnp.slp.activity.name", "Name of the activity", Text;
    /// What the inviter’s program says about a shared folder: data in the format of Windows procedure calls, not
    /// documented (one source).
    SHARED_FOLDER: Kind::Bytes => "msnp.slp.shared_folder", "Shared folder", Text;
    /// Why the program that ends a session does so: a code of 32 bits, the lowest byte first.
    CLOSE_REASON: Kind::Uint32(Base::Hex) => "msnp.slp.close_reason", "Reason of the end" in REASONS;
}

experts! {
    NOT_BASE64: Note, Malformed => "msnp.expert.slp-context", "expected base64, found “{0}”";
    OTHER_CONTEXT: Note, Undecoded => "msnp.expert.slp-context-kind", "expected {0}, found {1} bytes of another form";
}

texts! {
    SOURCE = "slp.context.source", "Decoded context";
    AN_OBJECT = "slp.context.object", "an <msnobj …/> element";
    A_CAMERA = "slp.context.camera", "the GUID of a webcam or a video conversation";
    AN_ACTIVITY = "slp.context.activity", "number, version and name of an activity";
    WEBCAM = "slp.camera.webcam", "webcam";
    VIDEO = "slp.camera.video", "video conversation";
    NDR = "slp.folder.ndr", "{0} bytes in the format of Windows procedure calls (NDR)";
    CANCELLED = "slp.reason.cancelled", "cancelled";
    PHOTOS_END = "slp.reason.photos", "seen at the end of photo sharing";
}

/// `context = *base64-digit`
pub(super) fn context(s: &mut Scribe<'_, '_>, field: FieldId, said: &mut Said) {
    let (wire, span) = (s.rest(), s.here(s.rest().len()));
    let Some(bytes) = base64(wire) else {
        s.expert_at(NOT_BASE64, span, [shortened(wire).into()]);
        s.take(CONTEXT_TEXT, wire.len(), Word(wire));
        return;
    };
    s.take(field, wire.len(), Word(wire));
    if !bytes.is_empty() {
        let read = s.within(SOURCE.text(), span, bytes, |s| decoded(s, said));
        said.slp.body.context = read;
    }
}

fn decoded(s: &mut Scribe<'_, '_>, said: &mut Said) -> Context {
    let body = &mut said.slp.body;
    let closes = body.kind == BodyKind::Close || said.slp.start == Start::Request(Method::Bye);
    let read = match (&body.application, s.rest()) {
        (_, bytes) if is_object(bytes) => object(s),
        (Some(Application::Object), _) => Err(AN_OBJECT),
        (Some(Application::File), _) => return file::file(s).unwrap_or_else(|| data(s)),
        (Some(Application::WebcamSend | Application::WebcamReceive), _) => camera(s),
        (Some(Application::Activity), _) => activity(s),
        (Some(Application::SharedFolder), _) => return shared_folder(s),
        (None, [a, b, c, d]) if closes => {
            let code = u32::from_le_bytes([*a, *b, *c, *d]);
            s.take(CLOSE_REASON, 4, CodedNumber(code, reason(code)));
            body.reason = Some(code);
            return Context::None;
        }
        _ => return data(s),
    };
    read.unwrap_or_else(|expected| {
        s.expert_at(OTHER_CONTEXT, s.here(s.rest().len()), [expected.text().into(), s.rest().len().into()]);
        data(s)
    })
}

/// All that is left, as it is.
fn data(s: &mut Scribe<'_, '_>) -> Context {
    let bytes = s.rest().to_vec();
    s.rest_as_bytes(CONTEXT_DATA);
    Context::Other(bytes)
}

fn is_object(bytes: &[u8]) -> bool {
    bytes.trim_ascii_start().get(..7).is_some_and(|start| start.eq_ignore_ascii_case(b"<msnobj"))
}

/// `object = msn-object *%x00`
fn object(s: &mut Scribe<'_, '_>) -> Result<Context, TextId> {
    let wire = s.rest();
    let length = wire.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    let object = msn_object(s, length, Coding::Literal);
    s.skip(wire.len() - length);
    Ok(object.map_or_else(|| Context::Other(wire.to_vec()), |object| Context::Object(Box::new(object))))
}

/// `camera = GUID NUL`, in UTF-16
fn camera(s: &mut Scribe<'_, '_>) -> Result<Context, TextId> {
    let text = utf16(s.rest());
    let (context, label) = match text.to_ascii_uppercase().as_str() {
        "{B8BE70DE-E2CA-4400-AE03-88FF85B9F4E8}" => (Context::Webcam, WEBCAM),
        "{0425E797-49F1-4D37-909A-031116119D9B}" => (Context::Video, VIDEO),
        _ => return Err(A_CAMERA),
    };
    s.take(CAMERA, up_to_nul(s.rest()), Word(text.as_bytes()));
    s.label(label);
    end(s);
    Ok(context)
}

/// `activity = number ";" version ";" name NUL`, in UTF-16
fn activity(s: &mut Scribe<'_, '_>) -> Result<Context, TextId> {
    let text = utf16(s.rest());
    let mut parts = text.splitn(3, ';');
    let (Some(id), Some(version), Some(name)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(AN_ACTIVITY);
    };
    let numeric = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if id.is_empty() || !numeric(id) || !numeric(version) {
        return Err(AN_ACTIVITY);
    }
    let length = up_to_nul(s.rest());
    let mut left = length;
    for (field, part) in [(ACTIVITY, id), (ACTIVITY_VERSION, version), (ACTIVITY_NAME, name)] {
        // The name is all that is left: half characters in it are longer as text than on the wire.
        let bytes = if field == ACTIVITY_NAME { left } else { before_semicolon(s.rest(), left) };
        if bytes > 0 {
            s.take(field, bytes, Word(part.as_bytes()));
        }
        let semicolon = 2.min(left - bytes);
        s.skip(semicolon);
        left -= bytes + semicolon;
    }
    end(s);
    Ok(Context::Activity { id: id.to_owned(), name: name.to_owned() })
}

/// Bytes of UTF-16 text before its first NUL.
pub(super) fn up_to_nul(bytes: &[u8]) -> usize {
    let (pairs, _) = bytes.as_chunks::<2>();
    pairs.iter().position(|pair| *pair == [0, 0]).map_or(bytes.len(), |nul| nul * 2)
}

fn before_semicolon(bytes: &[u8], most: usize) -> usize {
    let (pairs, _) = bytes.get(..most).unwrap_or(bytes).as_chunks::<2>();
    pairs.iter().position(|pair| *pair == [b';', 0]).map_or(most, |at| at * 2)
}

/// NULs behind a text, and what is no text behind them.
fn end(s: &mut Scribe<'_, '_>) {
    s.skip(s.rest().iter().take_while(|byte| **byte == 0).count());
    s.rest_as_bytes(CONTEXT_DATA);
}

/// What a shared folder is about begins with the header of a serialised NDR stream.
fn shared_folder(s: &mut Scribe<'_, '_>) -> Context {
    let bytes = s.rest();
    s.rest_as_bytes(SHARED_FOLDER);
    if bytes.starts_with(&[0x01, 0x10, 0x08, 0x00, 0xcc, 0xcc, 0xcc, 0xcc]) {
        s.label(NDR.with([bytes.len().into()]));
    }
    Context::Other(bytes.to_vec())
}

names! {
    /// Why a session ends.
    REASONS, reason;
    super::CANCELLED => CANCELLED,
    0x8AC7_0100 => PHOTOS_END,
}
