//! Transfers: pictures, files and other objects, with their bytes and the map of these.

use std::mem::MaybeUninit;
use std::sync::Arc;

use msnp_dissector::report::{ChunkRecord, Reporter, TransferRecord};
use msnp_dissector::transfer::{Bytes, Transfer, Verdict};

use crate::gate::{answer, gate, gate_status, hand_over, room, there};
use crate::status::msnp_status;
use crate::value::{msnp_bytes, msnp_string, msnp_text, msnp_time};

/// All transfers, in the order in which they were first heard of. They own their texts and bytes, and stay as they are whatever
/// becomes of their session. Any number of threads may read them.
#[derive(Debug)]
pub struct msnp_transfers {
    checked: Arc<Checked>,
    records: Vec<(TransferRecord, Vec<ChunkRecord>)>,
}

/// A transfer.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct msnp_transfer {
    /// Its number, from 1.
    pub id: u32,
    /// `display-picture`, `emoticon`, `file`, `wink`, `voice-clip`, `background`, `scene`, `object`, `webcam`, `video`,
    /// `activity`, `photos`, `folder` or `unknown`.
    pub kind: msnp_text,
    /// `offered`, `declined`, `cancelled`, `incomplete` or `complete`.
    pub state: msnp_text,
    /// Account of who has it; none where nothing tells.
    pub from: msnp_text,
    /// Account of who gets it; none where nothing tells.
    pub to: msnp_text,
    /// What its sender calls it: not safe as the name of a file, see `msnp_transfers_file_name`.
    pub name: msnp_text,
    /// When it was first heard of.
    pub began: msnp_time,
    /// When it was last heard of.
    pub ended: msnp_time,
    /// Its size in bytes, as its packets say, else as was agreed; -1 where nothing tells.
    pub size: i64,
    /// Bytes of it that have come.
    pub received: u64,
    /// How many arrivals of bytes there were: see `msnp_transfers_chunk`.
    pub chunks: usize,
    /// SHA-1 of the whole object, in hexadecimal; none where it is not complete or was not kept.
    pub sha1: msnp_text,
    /// SHA-256 of the whole object, likewise.
    pub sha256: msnp_text,
    /// Whether the SHA-1 is the one that was announced: 1 yes, 0 no, -1 where nothing tells.
    pub hash_as_announced: i32,
    /// What its first bytes say that it is, as a media type; none where they do not tell.
    pub content_type: msnp_text,
    /// Number of the first packet, from 1; 0 where there is none.
    pub first_frame: u64,
    /// Number of the last packet.
    pub last_frame: u64,
}

/// An arrival of bytes of an object.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct msnp_chunk {
    /// Where it begins in the object.
    pub offset: u64,
    /// How many bytes it has.
    pub length: u32,
    /// Number of its PDU, from 1.
    pub pdu: u32,
    /// Number of the packet that completed it, from 1.
    pub frame: u64,
    /// Time of that packet.
    pub time: msnp_time,
    /// Which way it went on its connection: `to-server`, `to-client` or `peer`.
    pub direction: msnp_text,
    /// What carried it: `switchboard`, `direct`, `msnftp`, `sdg`, `turn` or `udp`.
    pub carrier: msnp_text,
    /// Whether all its bytes had come before.
    pub duplicate: bool,
    /// Whether it does not begin where the furthest byte so far ended.
    pub out_of_order: bool,
    /// Number of the PDU that acknowledged it; 0 where none did.
    pub acknowledged_by: u32,
}

/// Transfers whose bytes have been looked at.
#[derive(Debug)]
pub(crate) struct Checked {
    all: Vec<(Transfer, Verdict)>,
    redacted: bool,
}

impl Checked {
    pub(crate) fn new(all: Vec<Transfer>, redacted: bool) -> Self {
        let check = |mut transfer: Transfer| {
            let verdict = transfer.check(&mut Kept);
            (transfer, if redacted { verdict.redacted() } else { verdict })
        };
        Self { all: all.into_iter().map(check).collect(), redacted }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &(Transfer, Verdict)> {
        self.all.iter()
    }

    fn at(&self, index: usize) -> Result<&Transfer, msnp_status> {
        self.all.get(index).map(|(transfer, _)| transfer).ok_or(msnp_status::None)
    }

    /// As [`Checked::at`], where its bytes may be given.
    fn open(&self, index: usize) -> Result<&Transfer, msnp_status> {
        if self.redacted { Err(msnp_status::Redacted) } else { self.at(index) }
    }
}

/// Nothing is read again: what is kept is in memory.
struct Kept;

impl Bytes for Kept {}

impl msnp_transfers {
    pub(crate) fn new(checked: Arc<Checked>) -> Self {
        let reporter = Reporter::default();
        let record = |(transfer, verdict): &(Transfer, Verdict)| {
            (reporter.transfer(transfer, verdict), reporter.chunks(transfer).collect())
        };
        let records = checked.iter().map(record).collect();
        Self { checked, records }
    }

    fn record(&self, index: usize) -> Result<&(TransferRecord, Vec<ChunkRecord>), msnp_status> {
        self.records.get(index).ok_or(msnp_status::None)
    }
}

/// How many transfers they are; 0 for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn msnp_transfers_count(transfers: Option<&msnp_transfers>) -> usize {
    gate(0, || transfers.map_or(0, |transfers| transfers.records.len()))
}

/// Writes the transfer at a place, from 0; `MSNP_STATUS_NONE` behind the last. Its texts live as long as `transfers`.
#[unsafe(no_mangle)]
pub extern "C" fn msnp_transfers_at(
    transfers: Option<&msnp_transfers>,
    index: usize,
    transfer: Option<&mut MaybeUninit<msnp_transfer>>,
) -> msnp_status {
    gate_status(|| {
        answer(transfer, || {
            let transfers = there(transfers)?;
            let (record, chunks) = transfers.record(index)?;
            let known = transfers.checked.at(index)?;
            let (first_frame, last_frame) = record.frames.unwrap_or_default();
            let [began, ended] = [known.began(), known.ended()];
            Ok(msnp_transfer {
                id: record.id,
                kind: record.kind.into(),
                state: record.state.into(),
                from: (&record.from).into(),
                to: (&record.to).into(),
                name: record.name.as_str().into(),
                began: began.map(|sighting| sighting.time.into()).unwrap_or_default(),
                ended: ended.map(|sighting| sighting.time.into()).unwrap_or_default(),
                size: known.size().and_then(|size| i64::try_from(size).ok()).unwrap_or(-1),
                received: record.received,
                chunks: chunks.len(),
                sha1: (&record.sha1).into(),
                sha256: (&record.sha256).into(),
                hash_as_announced: record.sha1d_ok.map_or(-1, i32::from),
                content_type: record.content_type.into(),
                first_frame,
                last_frame,
            })
        })
    })
}

/// Writes a chunk of the transfer at a place, both from 0, in the order of arrival; `MSNP_STATUS_NONE` behind the last. Its texts
/// live as long as `transfers`.
#[unsafe(no_mangle)]
pub extern "C" fn msnp_transfers_chunk(
    transfers: Option<&msnp_transfers>,
    index: usize,
    chunk: usize,
    told: Option<&mut MaybeUninit<msnp_chunk>>,
) -> msnp_status {
    gate_status(|| {
        answer(told, || {
            let transfers = there(transfers)?;
            let record = transfers.record(index)?.1.get(chunk).ok_or(msnp_status::None)?;
            let known = transfers.checked.at(index)?.map.chunks.get(chunk).ok_or(msnp_status::None)?;
            Ok(msnp_chunk {
                offset: record.offset,
                length: record.length,
                pdu: record.pdu,
                frame: record.frame,
                time: known.sighting.time.into(),
                direction: record.direction.into(),
                carrier: record.carrier.into(),
                duplicate: record.duplicate,
                out_of_order: record.out_of_order,
                acknowledged_by: record.acknowledged_by.unwrap_or_default(),
            })
        })
    })
}

/// Copies bytes of the object of the transfer at a place, from `offset` on, into `buffer`, which has room for `capacity`. Writes to
/// `*copied` how many they are: fewer than there was room for before a byte that is missing or was not kept, and behind the
/// last; then 0. `MSNP_STATUS_REDACTED` if the session hides what was sent.
///
/// # Safety
/// `buffer` is NULL, or points to room for `capacity` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn msnp_transfers_read(
    transfers: Option<&msnp_transfers>,
    index: usize,
    offset: u64,
    buffer: *mut u8,
    capacity: usize,
    copied: Option<&mut MaybeUninit<usize>>,
) -> msnp_status {
    gate_status(|| {
        // SAFETY: the caller vouches for it.
        let room = unsafe { room(buffer, capacity) }?;
        answer(copied, || {
            let transfer = there(transfers)?.checked.open(index)?;
            let end = offset.saturating_add(capacity as u64);
            let (mut at, mut done) = (offset, 0);
            transfer.read_range(offset, end, &mut Kept, &mut |start, bytes| {
                let place = done..usize::saturating_add(done, bytes.len());
                if start != at {
                    return;
                }
                for (place, byte) in room.get_mut(place.clone()).into_iter().flatten().zip(bytes) {
                    place.write(*byte);
                }
                (at, done) = (at.saturating_add(bytes.len() as u64), place.end);
            });
            Ok(done)
        })
    })
}

/// Writes a name under which the object of the transfer at a place can be kept: number, kind and what is harmless of its sender's
/// name. `*name` is to be freed by `msnp_string_free`. `MSNP_STATUS_REDACTED` if the session hides what was sent.
#[unsafe(no_mangle)]
pub extern "C" fn msnp_transfers_file_name(
    transfers: Option<&msnp_transfers>,
    index: usize,
    name: Option<&mut MaybeUninit<*mut msnp_string>>,
) -> msnp_status {
    gate_status(|| hand_over(name, || Ok(there(transfers)?.checked.open(index)?.file_name(&mut Kept).into())))
}

/// Writes the bytes of the small picture in the invitation of the transfer at a place; `MSNP_STATUS_NONE` where there is none.
/// They live as long as `transfers`. `MSNP_STATUS_REDACTED` if the session hides what was sent.
#[unsafe(no_mangle)]
pub extern "C" fn msnp_transfers_preview(
    transfers: Option<&msnp_transfers>,
    index: usize,
    picture: Option<&mut MaybeUninit<msnp_bytes>>,
) -> msnp_status {
    gate_status(|| {
        answer(picture, || {
            let preview = there(transfers)?.checked.open(index)?.preview.as_deref();
            Ok(preview.ok_or(msnp_status::None)?.into())
        })
    })
}

/// Frees transfers; NULL is passed over.
#[unsafe(no_mangle)]
pub extern "C" fn msnp_transfers_free(transfers: Option<Box<msnp_transfers>>) {
    gate((), || drop(transfers));
}
