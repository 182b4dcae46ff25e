//! Applications: what an invitation is to, by GUID.
//!
//! Source: protocol reference, SLP 9, messages 3. Invitations of the old kind call it Application-GUID, MSNSLP calls it
//! EUF-GUID; the file transfer is the same in both. Upper and lower case are the same.

use crate::tree::{TextId, texts};

texts! {
    FILE_TRANSFER = "application.file", "file transfer";
    CALL = "application.call", "voice or video call (SIP)";
    NETMEETING = "application.netmeeting", "NetMeeting";
    REMOTE_ASSISTANCE = "application.remote-assistance", "Remote Assistance";
    SHARING = "application.sharing", "application sharing";
    WHITEBOARD = "application.whiteboard", "whiteboard";
    WEBCAM = "application.webcam", "webcam (one source)";
    BALDURS_GATE = "application.baldurs-gate", "game: Baldur’s Gate 2 (one source)";
    MECHWARRIOR = "application.mechwarrior", "game: MechWarrior Mercenaries (one source, printed with a digit missing)";
    OBJECT = "application.object", "picture, emoticon, wink or sound";
    WEBCAM_SEND = "application.webcam-send", "webcam that the inviter shows, or video conversation";
    WEBCAM_RECEIVE = "application.webcam-receive", "webcam that the inviter wants to see";
    WINK = "application.wink", "wink (one source)";
    ACTIVITY = "application.activity", "activity or game";
    PHOTOS = "application.photos", "photo sharing";
    FOLDER = "application.folder", "shared folder (one source)";
}

/// What the application of this GUID, in braces, is called.
#[must_use]
pub fn application(guid: &[u8]) -> Option<TextId> {
    Some(match guid.to_ascii_lowercase().as_slice() {
        b"{5d3e02ab-6190-11d3-bbbb-00c04f795683}" => FILE_TRANSFER,
        b"{02d3c01f-bf30-4825-a83a-de7af41648aa}" => CALL,
        b"{44bba842-cc51-11cf-aafa-00aa00b6015c}" => NETMEETING,
        b"{56b994a7-380f-410b-9985-c809d78c1bdc}" => REMOTE_ASSISTANCE,
        b"{f1b1920c-6a3c-4ce7-b18c-afab305fd03d}" => SHARING,
        b"{1df57d09-637a-4ca5-91b9-2c3edaaf62fe}" => WHITEBOARD,
        b"{2a23868e-b45f-401d-b8b0-1e16b774a5b7}" => WEBCAM,
        b"{8dae4336-2b71-11d4-9a6c-006067325e47}" => BALDURS_GATE,
        b"{41fd0fa-2942-4dc4-b4c5-73d2c55f4c94}" => MECHWARRIOR,
        b"{a4268eec-fec5-49e5-95c3-f126696bdbf6}" => OBJECT,
        b"{4bd96fc0-ab17-4425-a14a-439185962dc8}" => WEBCAM_SEND,
        b"{1c9aa97e-9c05-4583-a3bd-908a196f1e92}" => WEBCAM_RECEIVE,
        b"{e073b06b-636e-45b7-aca4-6d4b5978c93c}" => WINK,
        b"{6a13af9c-5308-4f35-923a-67e8dda40c2f}" => ACTIVITY,
        b"{41d3e74e-04a2-4b37-96f8-08acdb610874}" => PHOTOS,
        b"{534142d5-1f2a-431f-a60c-b0cf723fdf7d}" => FOLDER,
        _ => return None,
    })
}
