//! What a session is for, and what answers mean.
//!
//! Source: protocol reference, SLP 7, 9, 10.

use super::Application;
use super::head::guid;
use crate::msnp::value::application::{self as named, application as application_name};
use crate::tree::{TextId, names, texts};

texts! {
    STATUS_200 = "slp.status.200", "accepted";
    STATUS_404 = "slp.status.404", "not found; listed, but never seen";
    STATUS_481 = "slp.status.481", "no such call (one source)";
    STATUS_500 = "slp.status.500", "the client cannot: it does not know the application, has no such object, or is in another state";
    STATUS_603 = "slp.status.603", "declined, by the user or the client";
    STATUS_606 = "slp.status.606", "not acceptable; listed, but never seen";
    APP_1 = "slp.app.1", "object (old)";
    APP_2 = "slp.app.2", "file";
    APP_4 = "slp.app.4", "webcam";
    APP_11 = "slp.app.11", "emoticon or wink";
    APP_12 = "slp.app.12", "display picture or scene";
    APP_20 = "slp.app.20", "objects (one source)";
    APP_PHOTOS = "slp.app.photos", "photo sharing (one source)";
    FLAGS_16 = "slp.flags.16", "file";
    FLAGS_18 = "slp.flags.18", "object";
}

/// The applications of MSNSLP by what they are called.
static APPLICATIONS: &[(TextId, Application)] = &[
    (named::OBJECT, Application::Object),
    (named::FILE_TRANSFER, Application::File),
    (named::WEBCAM_SEND, Application::WebcamSend),
    (named::WEBCAM_RECEIVE, Application::WebcamReceive),
    (named::WINK, Application::Wink),
    (named::ACTIVITY, Application::Activity),
    (named::PHOTOS, Application::PhotoShare),
    (named::FOLDER, Application::SharedFolder),
];

names! {
    /// What an answer means.
    pub STATUSES, status_meaning;
    200 => STATUS_200,
    404 => STATUS_404,
    481 => STATUS_481,
    500 => STATUS_500,
    603 => STATUS_603,
    606 => STATUS_606,
}

/// The application of a GUID, whichever way it is written.
pub(super) fn application(wire: &[u8]) -> Option<Application> {
    let guid = guid(wire)?;
    let name = application_name(guid.as_bytes());
    let known = APPLICATIONS.iter().find(|(known, _)| Some(*known) == name);
    Some(known.map_or(Application::Unknown(guid), |(_, application)| application.clone()))
}

/// What a GUID is called, whichever way it is written.
pub(super) fn meaning(wire: &[u8]) -> Option<TextId> {
    application_name(guid(wire)?.as_bytes())
}

names! {
    /// What a number of an application stands for.
    pub(in crate::msnp) APP_IDS, app_id;
    1 => APP_1,
    2 => APP_2,
    4 => APP_4,
    11 => APP_11,
    12 => APP_12,
    20 => APP_20,
    33 => APP_PHOTOS,
    35 => APP_PHOTOS,
}

names! {
    /// What kind of request it is.
    pub(super) REQUEST_FLAGS, request_flags;
    16 => FLAGS_16,
    18 => FLAGS_18,
}
