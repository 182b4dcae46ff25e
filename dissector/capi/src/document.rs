//! The JSON that the command line prints with `--json`: one object a line, in the words of its contract.

use std::mem::MaybeUninit;

use msnp_dissector::capture::Timestamp;
use msnp_dissector::model::Tale;
use msnp_dissector::report::Reporter;

use crate::gate::{hand_over, there};
use crate::session::{msnp_session, with};
use crate::status::msnp_status;
use crate::value::{msnp_string, msnp_time};

/// A document: what `msnp summary` prints.
pub const MSNP_DOCUMENT_SUMMARY: u32 = 1;
/// A document: a PDU as `msnp commands` prints it, for `msnp_pdu_json`.
pub const MSNP_DOCUMENT_COMMANDS: u32 = 2;
/// A document: a PDU as `msnp tree` prints it, for `msnp_pdu_json`.
pub const MSNP_DOCUMENT_TREE: u32 = 3;
/// A document: what `msnp sessions` prints.
pub const MSNP_DOCUMENT_SESSIONS: u32 = 4;
/// A document: what `msnp contacts` prints.
pub const MSNP_DOCUMENT_CONTACTS: u32 = 5;
/// A document: what `msnp presence` prints.
pub const MSNP_DOCUMENT_PRESENCE: u32 = 6;
/// A document: what `msnp chats` prints.
pub const MSNP_DOCUMENT_CHATS: u32 = 7;
/// A document: what `msnp transfers` prints.
pub const MSNP_DOCUMENT_TRANSFERS: u32 = 8;
/// A document: what `msnp chunks` prints.
pub const MSNP_DOCUMENT_CHUNKS: u32 = 9;
/// A document: what `msnp gaps` prints; what is missing of transfers only where these are followed too, and nothing more
/// follows.
pub const MSNP_DOCUMENT_GAPS: u32 = 10;
/// A document: what `msnp fields FILE` prints. The whole field reference is in `msnp_fields_json`.
pub const MSNP_DOCUMENT_FIELDS: u32 = 11;

/// Writes a document, `MSNP_DOCUMENT_…`: byte for byte what the command line prints with `--json`. Those of the story
/// (sessions, contacts, presence, chats, gaps) may be asked for at any time and tell the story so far; the others when nothing
/// follows. Commands and trees are told PDU by PDU, by `msnp_pdu_json`: here `MSNP_DOCUMENT_COMMANDS`, `MSNP_DOCUMENT_TREE` and
/// numbers that are no document are `MSNP_STATUS_ARGUMENT`. `*json` is to be freed by `msnp_string_free`.
#[unsafe(no_mangle)]
pub extern "C" fn msnp_session_json(
    session: Option<&mut msnp_session>,
    document: u32,
    json: Option<&mut MaybeUninit<*mut msnp_string>>,
) -> msnp_status {
    with(session, |session| hand_over(json, || write(session, document, None)))
}

/// Writes the contacts as they were at a time, as `msnp contacts --at TIME --json` does. A time that is not known, or whose
/// members are beyond their limits, is `MSNP_STATUS_ARGUMENT`. `*json` is to be freed by `msnp_string_free`.
#[unsafe(no_mangle)]
pub extern "C" fn msnp_session_contacts_json(
    session: Option<&mut msnp_session>,
    time: Option<&msnp_time>,
    json: Option<&mut MaybeUninit<*mut msnp_string>>,
) -> msnp_status {
    with(session, |session| {
        hand_over(json, || {
            let time = there(time)?.after(Timestamp::default())?;
            let time = time.recorded().ok_or(msnp_status::Argument)?;
            write(session, MSNP_DOCUMENT_CONTACTS, Some(time))
        })
    })
}

fn write(session: &mut msnp_session, document: u32, at: Option<Timestamp>) -> Result<msnp_string, msnp_status> {
    let reporter = Reporter::default();
    match document {
        MSNP_DOCUMENT_SUMMARY => {
            if let Some(summary) = &session.told.summary {
                return Ok(msnp_string::of_records([summary]));
            }
            let followed = session.feed.following().summary.is_some();
            Err(if followed { msnp_status::Unfinished } else { msnp_status::NotFollowed })
        }
        MSNP_DOCUMENT_SESSIONS => told(session, |tale| msnp_string::of_records(reporter.sessions(tale))),
        MSNP_DOCUMENT_CONTACTS => told(session, |tale| msnp_string::of_records(reporter.contacts(tale, at))),
        MSNP_DOCUMENT_PRESENCE => told(session, |tale| msnp_string::of_records(reporter.presence(tale))),
        MSNP_DOCUMENT_CHATS => told(session, |tale| msnp_string::of_records(reporter.chats(tale))),
        MSNP_DOCUMENT_GAPS => {
            let mut tale = tale(session)?;
            if let Ok(checked) = session.checked() {
                tale.lacks(checked.iter().filter_map(|(transfer, _)| transfer.missing()));
            }
            Ok(msnp_string::of_records(reporter.missing(&tale)))
        }
        MSNP_DOCUMENT_TRANSFERS => {
            let checked = session.checked()?;
            Ok(msnp_string::of_records(checked.iter().map(|(transfer, verdict)| reporter.transfer(transfer, verdict))))
        }
        MSNP_DOCUMENT_CHUNKS => {
            let checked = session.checked()?;
            Ok(msnp_string::of_records(checked.iter().flat_map(|(transfer, _)| reporter.chunk_lines(transfer))))
        }
        MSNP_DOCUMENT_FIELDS => {
            let ended = session.feed.has_ended();
            let fields = session.feed.following().fields.as_ref().ok_or(msnp_status::NotFollowed)?;
            if ended { Ok(msnp_string::of_records(fields.records())) } else { Err(msnp_status::Unfinished) }
        }
        _ => Err(msnp_status::Argument),
    }
}

fn told(session: &mut msnp_session, write: impl FnOnce(&Tale) -> msnp_string) -> Result<msnp_string, msnp_status> {
    Ok(write(&tale(session)?))
}

fn tale(session: &mut msnp_session) -> Result<Tale, msnp_status> {
    Ok(session.feed.following().story.as_ref().ok_or(msnp_status::NotFollowed)?.tell())
}
