//! What is transferred.

use crate::msnp::p2p::slp::{Application, Context};
use crate::tree::{Text, texts};

texts! {
    PICTURE = "transfer.display-picture", "display picture";
    EMOTICON = "transfer.emoticon", "emoticon";
    WINK = "transfer.wink", "wink";
    VOICE = "transfer.voice-clip", "voice clip";
    BACKGROUND = "transfer.background", "background";
    SCENE = "transfer.scene", "scene";
    OBJECT = "transfer.object", "object";
    FILE = "transfer.file", "file";
    WEBCAM = "transfer.webcam", "webcam";
    VIDEO = "transfer.video", "video conversation";
    ACTIVITY = "transfer.activity", "activity";
    PHOTOS = "transfer.photos", "photos";
    FOLDER = "transfer.folder", "shared folder";
    UNKNOWN = "transfer.unknown", "something unknown";
}

/// What is transferred.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Kind {
    /// A picture that stands beside somebody's name.
    DisplayPicture,
    /// A small picture in place of some letters.
    Emoticon,
    /// An animation over the whole window.
    Wink,
    /// Speech.
    VoiceClip,
    /// A picture behind the chat.
    Background,
    /// A picture above a profile.
    Scene,
    /// Another object.
    Object,
    /// A file.
    File,
    /// Pictures of a camera.
    Webcam,
    /// Pictures and sound of both sides.
    Video,
    /// An activity or a game.
    Activity,
    /// Photos that are looked at together.
    Photos,
    /// A folder that both sides have.
    Folder,
    /// Nothing tells.
    #[default]
    Unknown,
}

impl Kind {
    /// The kind that an invitation tells.
    #[must_use]
    pub fn of(application: Option<&Application>, context: &Context) -> Self {
        match (application, context) {
            (_, Context::Object(object)) => Self::of_object(object.kind),
            (_, Context::File { kind: 4, .. }) => Self::Background,
            (_, Context::File { .. }) | (Some(Application::File), _) => Self::File,
            (_, Context::Video) => Self::Video,
            (Some(Application::WebcamSend | Application::WebcamReceive), _) | (_, Context::Webcam) => Self::Webcam,
            (Some(Application::Wink), _) => Self::Wink,
            (Some(Application::Activity), _) => Self::Activity,
            (Some(Application::PhotoShare), _) => Self::Photos,
            (Some(Application::SharedFolder), _) => Self::Folder,
            (Some(Application::Object), _) => Self::Object,
            (Some(Application::Unknown(_)) | None, _) => Self::Unknown,
        }
    }

    /// The kind of an object, by the reference's table.
    #[must_use]
    pub fn of_object(kind: Option<u32>) -> Self {
        match kind {
            Some(1 | 3 | 7 | 13) => Self::DisplayPicture,
            Some(2) => Self::Emoticon,
            Some(4) => Self::File,
            Some(5 | 10) => Self::Background,
            Some(8) => Self::Wink,
            Some(11) => Self::VoiceClip,
            Some(16) => Self::Scene,
            _ => Self::Object,
        }
    }

    /// Whether it is bytes that can be kept, rather than something that goes on for a while.
    #[must_use]
    pub fn is_bytes(self) -> bool {
        !matches!(self, Self::Webcam | Self::Video | Self::Activity | Self::Photos | Self::Folder)
    }

    /// The word of the CLI's contract.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::DisplayPicture => "display-picture",
            Self::Emoticon => "emoticon",
            Self::Wink => "wink",
            Self::VoiceClip => "voice-clip",
            Self::Background => "background",
            Self::Scene => "scene",
            Self::Object => "object",
            Self::File => "file",
            Self::Webcam => "webcam",
            Self::Video => "video",
            Self::Activity => "activity",
            Self::Photos => "photos",
            Self::Folder => "folder",
            Self::Unknown => "unknown",
        }
    }

    /// What to call it.
    #[must_use]
    pub fn name(self) -> Text {
        let text = match self {
            Self::DisplayPicture => PICTURE,
            Self::Emoticon => EMOTICON,
            Self::Wink => WINK,
            Self::VoiceClip => VOICE,
            Self::Background => BACKGROUND,
            Self::Scene => SCENE,
            Self::Object => OBJECT,
            Self::File => FILE,
            Self::Webcam => WEBCAM,
            Self::Video => VIDEO,
            Self::Activity => ACTIVITY,
            Self::Photos => PHOTOS,
            Self::Folder => FOLDER,
            Self::Unknown => UNKNOWN,
        };
        text.text()
    }
}
