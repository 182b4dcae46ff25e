//! Sessions: what is fed with traffic, in one of three ways, and asked for what is in it.

use std::ffi::{CStr, c_char};
use std::fs::File;
use std::io::Read;
use std::mem::MaybeUninit;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use msnp_dissector::capture::{LinkType, Packet, Timestamp};
use msnp_dissector::report::SummaryRecord;
use msnp_dissector::transport::Side;

use crate::feed::{Ends, Feed};
use crate::following::{Following, keeping};
use crate::gate::{Outcome, bytes, gate, gate_status, hand_over, name, there};
use crate::message::msnp_messages;
use crate::pdu::msnp_pdu;
use crate::status::msnp_status;
use crate::transfer::{Checked, msnp_transfers};
use crate::value::{msnp_text, msnp_time};

/// A direction for the functions about streams: from the client, who opened the stream, to the server.
pub const MSNP_TO_SERVER: u32 = 0;
/// A direction for the functions about streams: from the server to the client.
pub const MSNP_TO_CLIENT: u32 = 1;

/// The port by which a stream of which nothing else is known is taken for MSNP.
const PORT: u16 = 1863;

/// A session: it is fed with a capture, with packets or with streams, and tells what is in them. One thread at a time may use
/// it; others may use others meanwhile. It shares nothing with other sessions.
#[derive(Debug)]
pub struct msnp_session {
    pub(crate) feed: Feed,
    pub(crate) told: Told,
    /// A call has panicked and left it as it was then.
    broken: bool,
}

/// What is known once nothing follows.
#[derive(Debug, Default)]
pub(crate) struct Told {
    pub(crate) summary: Option<SummaryRecord>,
    transfers: Option<Arc<Checked>>,
}

impl msnp_session {
    fn finished(&mut self) {
        let redacted = self.feed.is_redacted();
        let totals = self.feed.totals().clone();
        let Following { summary, transfers, .. } = self.feed.following();
        let summary = summary.take().map(|summary| summary.finish(&totals));
        let transfers = transfers.take().map(|all| Arc::new(Checked::new(all.finish(), redacted)));
        self.told = Told { summary, transfers };
    }
}

/// What an exported function does with a session.
pub(crate) fn with(session: Option<&mut msnp_session>, call: impl FnOnce(&mut msnp_session) -> Outcome) -> msnp_status {
    gate_status(|| {
        let session = there(session)?;
        if session.broken {
            return Err(msnp_status::Internal);
        }
        session.broken = true;
        let outcome = call(session);
        session.broken = false;
        outcome
    })
}

/// Makes a session that follows what the bits `MSNP_FOLLOW_…` stand for, and nothing else: what is not followed costs
/// nothing. `*session` is to be freed by `msnp_session_free`; it is NULL if the call fails.
#[unsafe(no_mangle)]
pub extern "C" fn msnp_session_new(follow: u32, session: Option<&mut MaybeUninit<*mut msnp_session>>) -> msnp_status {
    gate_status(|| {
        let new =
            || Ok(msnp_session { feed: Feed::new(Following::new(follow)?), told: Told::default(), broken: false });
        hand_over(session, new)
    })
}

/// Frees a session; NULL is passed over. What it has handed out does not end with it.
#[unsafe(no_mangle)]
pub extern "C" fn msnp_session_free(session: Option<Box<msnp_session>>) {
    gate((), || drop(session));
}

/// Puts pseudonyms in place of accounts, names, texts, personal facts and secrets in all that the session tells. `hash` points
/// to 32 bytes: the same ones give the same pseudonyms, and who knows them can find out who is meant. `msnp --redact` takes the
/// SHA-256 of the capture file. Only before anything is fed.
///
/// # Safety
/// `hash` is NULL, or points to 32 bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn msnp_session_redact(session: Option<&mut msnp_session>, hash: *const u8) -> msnp_status {
    with(session, |session| {
        // SAFETY: the caller vouches for it.
        let hash = unsafe { bytes(hash, 32) }?;
        session.feed.redact(hash.try_into().map_err(|_| msnp_status::Argument)?)
    })
}

/// How many bytes of transfers are kept in memory: of one object (64 MB if nothing is said), and of all together (256 MB).
/// Beyond that their maps go on, and so do hashes while the bytes come in order. Only before anything is fed.
#[unsafe(no_mangle)]
pub extern "C" fn msnp_session_keep(session: Option<&mut msnp_session>, object: usize, total: usize) -> msnp_status {
    with(session, |session| {
        session.feed.is_new()?;
        let transfers = session.feed.following().transfers.as_mut().ok_or(msnp_status::NotFollowed)?;
        *transfers = keeping(object, total);
        Ok(())
    })
}

/// Feeds the next bytes of a capture file: pcap or pcapng, also inside gzip or Zstandard. They may be cut anywhere, and are not
/// needed any more when the call returns. `MSNP_STATUS_NOT_A_CAPTURE` as soon as that is known, which of few bytes it is only when
/// nothing follows (`msnp_session_finish`). Who feeds 0 bytes says that there is a capture: a file without a byte is none.
///
/// # Safety
/// `data` is NULL, or points to `length` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn msnp_session_capture(
    session: Option<&mut msnp_session>,
    data: *const u8,
    length: usize,
) -> msnp_status {
    with(session, |session| {
        // SAFETY: the caller vouches for it.
        let data = unsafe { bytes(data, length) }?;
        session.feed.capture(data)
    })
}

/// Reads a whole capture file and says that nothing follows, as `msnp_session_finish` does. `path` ends with a NUL and is in the
/// file system's own coding. `MSNP_STATUS_UNREADABLE` if it cannot be read, `MSNP_STATUS_NOT_A_CAPTURE` if it is none, as a file
/// without a byte is.
///
/// # Safety
/// `path` is NULL, or points to bytes that a NUL ends.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn msnp_session_file(session: Option<&mut msnp_session>, path: *const c_char) -> msnp_status {
    with(session, |session| {
        // SAFETY: the caller vouches for it.
        let path = path_of(unsafe { name(path) }?)?;
        let open = || Ok(Box::new(File::open(&path)?) as Box<dyn Read>);
        session.feed.file(&path.display().to_string(), open)?;
        session.finished();
        Ok(())
    })
}

/// Feeds a packet that somebody else has captured. `number` is its number, greater than that of the packet before, or 0 to
/// count from 1; `link_type` is what its first byte is, by the tcpdump registry (1: Ethernet, 101: raw IP); a packet of a type
/// that the library does not know fails no call, but is only counted: the document of `msnp summary` tells how many they are.
/// `time` may be NULL where it is not known, and is `MSNP_STATUS_ARGUMENT` if its members are beyond their limits;
/// `original_length` is how many bytes it had on the wire, which may be more than `length`, or 0 for as
/// many. The bytes are not needed any more when the call returns.
///
/// # Safety
/// `data` is NULL, or points to `length` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn msnp_session_packet(
    session: Option<&mut msnp_session>,
    number: u64,
    link_type: u16,
    time: Option<&msnp_time>,
    data: *const u8,
    length: usize,
    original_length: u32,
) -> msnp_status {
    with(session, |session| {
        // SAFETY: the caller vouches for it.
        let bytes = unsafe { bytes(data, length) }?;
        let captured = u32::try_from(length).map_err(|_| msnp_status::Argument)?;
        let original_len = original_length.max(captured);
        let (link, file_offset) = (LinkType(link_type), None);
        let packet =
            Packet { number, time: Timestamp::default(), link, bytes, original_len, interface: None, file_offset };
        session.feed.packet(packet, time.copied().unwrap_or_default())
    })
}

/// Says that a stream begins: a TCP connection that somebody else puts into order. `connection` is its number, below 2^31;
/// `client` and `server` are addresses with ports, such as `192.0.2.1:1025` or `[2001:db8::1]:1863`, that a NUL ends, or NULL
/// where they are not known. `from_start` says that the first bytes fed will be its first ones. What is on port 1863 is taken
/// for MSNP, and anything else if its words are.
///
/// # Safety
/// `client` and `server` are NULL, or point to bytes that a NUL ends.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn msnp_session_open(
    session: Option<&mut msnp_session>,
    connection: u32,
    client: *const c_char,
    server: *const c_char,
    from_start: bool,
) -> msnp_status {
    with(session, |session| {
        // SAFETY: the caller vouches for it.
        let client = address(unsafe { name(client) }.ok(), UNKNOWN.client)?;
        // SAFETY: the same.
        let server = address(unsafe { name(server) }.ok(), UNKNOWN.server)?;
        session.feed.open(connection, Ends { client, server, from_start })
    })
}

/// Feeds the next bytes of one direction of a stream, cut anywhere. A stream that was not opened begins with them, at its first
/// byte, between addresses that are not known. `direction` is `MSNP_TO_SERVER` or `MSNP_TO_CLIENT`; `time` may be NULL, and is
/// `MSNP_STATUS_ARGUMENT` if its members are beyond their limits. Calls are counted from 1, and take the place of packet numbers in all that is told.
///
/// # Safety
/// `data` is NULL, or points to `length` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn msnp_session_stream(
    session: Option<&mut msnp_session>,
    connection: u32,
    direction: u32,
    time: Option<&msnp_time>,
    data: *const u8,
    length: usize,
) -> msnp_status {
    with(session, |session| {
        // SAFETY: the caller vouches for it.
        let data = unsafe { bytes(data, length) }?;
        session.feed.stream(connection, side(direction)?, time.copied().unwrap_or_default(), data, UNKNOWN)
    })
}

/// Says that the next `length` bytes of one direction of a stream are missing; 0 where nobody knows how many.
#[unsafe(no_mangle)]
pub extern "C" fn msnp_session_lost(
    session: Option<&mut msnp_session>,
    connection: u32,
    direction: u32,
    length: u64,
) -> msnp_status {
    with(session, |session| session.feed.lost(connection, side(direction)?, length))
}

/// Says that a stream ends. Its number may be used again.
#[unsafe(no_mangle)]
pub extern "C" fn msnp_session_close(session: Option<&mut msnp_session>, connection: u32) -> msnp_status {
    with(session, |session| session.feed.close(connection))
}

/// Says that nothing follows: what waited is told now, and the rest can be asked for. `MSNP_STATUS_NOT_A_CAPTURE` if the bytes
/// that `msnp_session_capture` was fed are none, as no bytes are; `msnp_session_error` says what they look like. A session that
/// was fed in no way at all ends well, and has nothing to tell.
#[unsafe(no_mangle)]
pub extern "C" fn msnp_session_finish(session: Option<&mut msnp_session>) -> msnp_status {
    with(session, |session| {
        session.feed.finish()?;
        session.finished();
        Ok(())
    })
}

/// A sentence about why a file could not be read, or what the bytes are instead of a capture; empty if neither has happened. It
/// lives until the session is used again.
#[unsafe(no_mangle)]
pub extern "C" fn msnp_session_error(session: Option<&msnp_session>) -> msnp_text {
    gate(msnp_text::NOTHING, || sound(session).ok().map(|session| session.feed.error()).into())
}

/// A sentence about a capture that stops before its end, cut off or damaged; empty if it does not. It lives until the session is
/// used again.
#[unsafe(no_mangle)]
pub extern "C" fn msnp_session_ending(session: Option<&msnp_session>) -> msnp_text {
    gate(msnp_text::NOTHING, || sound(session).ok().map(|session| session.feed.ending()).into())
}

/// Hands the next PDU out, in the order of their numbers; `MSNP_STATUS_NONE` if none is ready. One that waits for the kind of
/// its server holds those behind it back until that is decided. `*pdu` is to be freed by `msnp_pdu_free`.
#[unsafe(no_mangle)]
pub extern "C" fn msnp_session_pdu(
    session: Option<&mut msnp_session>,
    pdu: Option<&mut MaybeUninit<*mut msnp_pdu>>,
) -> msnp_status {
    with(session, |session| {
        hand_over(pdu, || {
            let queue = session.feed.following().pdus.as_mut().ok_or(msnp_status::NotFollowed)?;
            queue.next().map(msnp_pdu::new).ok_or(msnp_status::None)
        })
    })
}

/// Hands out all that was said so far, in order of time. `*messages` is to be freed by `msnp_messages_free`.
#[unsafe(no_mangle)]
pub extern "C" fn msnp_session_messages(
    session: Option<&mut msnp_session>,
    messages: Option<&mut MaybeUninit<*mut msnp_messages>>,
) -> msnp_status {
    with(session, |session| {
        hand_over(messages, || {
            let story = session.feed.following().story.as_ref().ok_or(msnp_status::NotFollowed)?;
            Ok(msnp_messages::new(&story.tell()))
        })
    })
}

/// Hands out all transfers, once nothing follows. `*transfers` is to be freed by `msnp_transfers_free`.
#[unsafe(no_mangle)]
pub extern "C" fn msnp_session_transfers(
    session: Option<&mut msnp_session>,
    transfers: Option<&mut MaybeUninit<*mut msnp_transfers>>,
) -> msnp_status {
    with(session, |session| hand_over(transfers, || Ok(msnp_transfers::new(session.checked()?))))
}

impl msnp_session {
    /// Its transfers.
    pub(crate) fn checked(&mut self) -> Result<Arc<Checked>, msnp_status> {
        if let Some(checked) = &self.told.transfers {
            return Ok(Arc::clone(checked));
        }
        let followed = self.feed.following().transfers.is_some();
        Err(if followed { msnp_status::Unfinished } else { msnp_status::NotFollowed })
    }
}

/// A session that can be believed.
pub(crate) fn sound(session: Option<&msnp_session>) -> Result<&msnp_session, msnp_status> {
    let session = there(session)?;
    if session.broken { Err(msnp_status::Internal) } else { Ok(session) }
}

/// The ends of a stream of which nothing is known.
const UNKNOWN: Ends = Ends {
    client: SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), 0),
    server: SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), PORT),
    from_start: true,
};

fn side(direction: u32) -> Result<Side, msnp_status> {
    match direction {
        MSNP_TO_SERVER => Ok(Side::A),
        MSNP_TO_CLIENT => Ok(Side::B),
        _ => Err(msnp_status::Argument),
    }
}

fn address(text: Option<&CStr>, unknown: SocketAddr) -> Result<SocketAddr, msnp_status> {
    let Some(text) = text else { return Ok(unknown) };
    text.to_str().ok().and_then(|text| text.parse().ok()).ok_or(msnp_status::Argument)
}

#[cfg(unix)]
#[allow(clippy::unnecessary_wraps, reason = "elsewhere not every name can be one of a file")]
fn path_of(name: &CStr) -> Result<PathBuf, msnp_status> {
    use std::os::unix::ffi::OsStrExt as _;
    Ok(std::ffi::OsStr::from_bytes(name.to_bytes()).into())
}

#[cfg(not(unix))]
fn path_of(name: &CStr) -> Result<PathBuf, msnp_status> {
    name.to_str().map(PathBuf::from).map_err(|_| msnp_status::Argument)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_that_panicked_says_nothing_else() {
        let feed = Feed::new(Following::new(0).expect("no bits"));
        let mut session = msnp_session { feed, told: Told::default(), broken: false };
        let status = with(Some(&mut session), |_| panic!("as a fault in the library would"));
        assert_eq!((status, with(Some(&mut session), |_| Ok(()))), (msnp_status::Internal, msnp_status::Internal));
        let mut figures = MaybeUninit::uninit();
        assert_eq!(crate::totals::msnp_session_totals(Some(&session), Some(&mut figures)), msnp_status::Internal);
        assert_eq!(msnp_session_finish(Some(&mut session)), msnp_status::Internal);
    }
}
