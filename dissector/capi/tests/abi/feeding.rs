//! Whichever way a capture is fed, the same comes out.

use std::ffi::CString;
use std::fs;
use std::path::{Path, PathBuf};

use msnp::*;
use msnp_dissector::capture::{CaptureReader, Packet};

use crate::handles::{made, session, string, text, written};

/// All documents of a session, by their numbers.
pub const DOCUMENTS: [u32; 9] = [
    MSNP_DOCUMENT_SUMMARY,
    MSNP_DOCUMENT_SESSIONS,
    MSNP_DOCUMENT_CONTACTS,
    MSNP_DOCUMENT_PRESENCE,
    MSNP_DOCUMENT_CHATS,
    MSNP_DOCUMENT_TRANSFERS,
    MSNP_DOCUMENT_CHUNKS,
    MSNP_DOCUMENT_GAPS,
    MSNP_DOCUMENT_FIELDS,
];

const ALL: u32 =
    MSNP_FOLLOW_PDUS | MSNP_FOLLOW_STORY | MSNP_FOLLOW_TRANSFERS | MSNP_FOLLOW_SUMMARY | MSNP_FOLLOW_FIELDS;

pub fn samples() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/captures");
    let cases = fs::read_dir(folder).expect("samples").flatten().filter(|case| case.path().is_dir());
    let files = cases.flat_map(|case| fs::read_dir(case.path()).expect("a case").flatten().map(|file| file.path()));
    let mut captures = files.filter(|file| file.to_string_lossy().contains("capture.")).collect::<Vec<_>>();
    captures.sort();
    assert!(!captures.is_empty(), "the samples are gone");
    captures
}

/// All that a session tells.
fn told(session: &mut msnp_session) -> Vec<String> {
    let mut all = DOCUMENTS
        .map(|document| string(made(|out| msnp_session_json(Some(session), document, Some(out))).expect("a document")));
    let mut out = all.iter_mut().map(std::mem::take).collect::<Vec<_>>();
    while let Ok(pdu) = made(|out| msnp_session_pdu(Some(session), Some(out))) {
        for document in [MSNP_DOCUMENT_COMMANDS, MSNP_DOCUMENT_TREE] {
            out.push(string(made(|out| msnp_pdu_json(Some(&pdu), document, 0, Some(out))).expect("a line")));
        }
    }
    out
}

fn by_path(path: &Path) -> Box<msnp_session> {
    let mut session = session(ALL);
    let name = CString::new(path.to_str().expect("a printable path")).expect("no NUL");
    // SAFETY: a NUL ends it.
    assert_eq!(unsafe { msnp_session_file(Some(&mut session), name.as_ptr()) }, msnp_status::Ok);
    session
}

fn by_slices(path: &Path) -> Box<msnp_session> {
    let mut session = session(ALL);
    for slice in fs::read(path).expect("readable").chunks(701) {
        // SAFETY: bytes of that length.
        let fed = unsafe { msnp_session_capture(Some(&mut session), slice.as_ptr(), slice.len()) };
        assert_eq!(fed, msnp_status::Ok);
    }
    assert_eq!(msnp_session_finish(Some(&mut session)), msnp_status::Ok);
    session
}

fn by_packets(path: &Path) -> Box<msnp_session> {
    let mut session = session(ALL);
    let mut feed = |packet: &Packet<'_>| {
        let Packet { number, time, link, bytes, original_len, .. } = *packet;
        let known = !time.absent;
        let time = msnp_time { seconds: time.seconds, nanos: time.nanos, digits: time.digits, known };
        let (data, length) = (bytes.as_ptr(), bytes.len());
        // SAFETY: bytes of that length.
        let fed =
            unsafe { msnp_session_packet(Some(&mut session), number, link.0, Some(&time), data, length, original_len) };
        assert_eq!(fed, msnp_status::Ok);
    };
    let mut reader = CaptureReader::new();
    reader.push(&fs::read(path).expect("readable"), &mut feed).expect("a capture");
    reader.finish(&mut feed).expect("a capture");
    assert_eq!(msnp_session_finish(Some(&mut session)), msnp_status::Ok);
    session
}

#[test]
#[cfg_attr(miri, ignore = "takes an hour there")]
fn a_capture_is_the_same_by_path_in_slices_and_packet_by_packet() {
    for path in samples() {
        let (mut by_path, mut by_slices, mut by_packets) = (by_path(&path), by_slices(&path), by_packets(&path));
        let cut = text(msnp_session_ending(Some(&by_path))).expect("a text");
        assert_eq!(text(msnp_session_ending(Some(&by_slices))), Some(cut.clone()));
        let expected = told(&mut by_path);
        assert!(expected == told(&mut by_slices), "{} in slices", path.display());
        // Whoever feeds packets knows alone how their file ends.
        if cut.is_empty() {
            assert!(expected == told(&mut by_packets), "{} in packets", path.display());
        }
    }
}

/// Every 97th byte is another one, and the end is missing: no call fails, whatever is asked.
#[test]
#[cfg_attr(miri, ignore = "takes an hour there")]
fn a_damaged_capture_fails_no_call() {
    for path in &samples() {
        let mut damaged = fs::read(path).expect("readable");
        damaged.truncate(damaged.len() - damaged.len() / 10);
        damaged.iter_mut().skip(100).step_by(97).for_each(|byte| *byte = byte.wrapping_mul(7).wrapping_add(3));
        let mut session = session(ALL);
        // SAFETY: bytes of that length.
        let fed = unsafe { msnp_session_capture(Some(&mut session), damaged.as_ptr(), damaged.len()) };
        assert_eq!((fed, msnp_session_finish(Some(&mut session))), (msnp_status::Ok, msnp_status::Ok), "{path:?}");
        told(&mut session);
        let transfers = made(|out| msnp_session_transfers(Some(&mut session), Some(out))).expect("transfers");
        for at in 0..msnp_transfers_count(Some(&transfers)) {
            written(|out| msnp_transfers_at(Some(&transfers), at, Some(out))).expect("a transfer");
            made(|out| msnp_transfers_file_name(Some(&transfers), at, Some(out))).expect("a name");
        }
    }
}

#[test]
#[cfg_attr(miri, ignore = "takes an hour there")]
fn figures_are_those_of_the_capture() {
    let path = samples().into_iter().find(|path| path.to_string_lossy().contains("msnp2-signin-md5")).expect("it");
    let session = by_slices(&path);
    let totals = written(|out| msnp_session_totals(Some(&session), Some(out))).expect("figures");
    assert!(totals.packets > 0 && totals.pdus > 0 && totals.recognised == totals.pdus, "{totals:?}");
    assert!(totals.first.known && totals.first.seconds <= totals.last.seconds && totals.first.digits == 6);
}

#[test]
#[cfg_attr(miri, ignore = "takes an hour there")]
fn objects_come_out_byte_by_byte() {
    let path = samples().into_iter().find(|path| path.to_string_lossy().contains("msnp11-picture-p2p")).expect("it");
    let mut session = by_path(&path);
    let transfers = made(|out| msnp_session_transfers(Some(&mut session), Some(out))).expect("transfers");
    msnp_session_free(Some(session));
    assert!(msnp_transfers_count(Some(&transfers)) >= 1);
    let picture = written(|out| msnp_transfers_at(Some(&transfers), 0, Some(out))).expect("a transfer");
    let size = usize::try_from(picture.size).expect("a size");
    let read = |offset: usize, room: usize| {
        let mut buffer = vec![0; room];
        let copied = written(|out| {
            // SAFETY: room for so many bytes.
            unsafe { msnp_transfers_read(Some(&transfers), 0, offset as u64, buffer.as_mut_ptr(), room, Some(out)) }
        });
        buffer.truncate(copied.expect("bytes"));
        buffer
    };
    let whole = read(0, size + 100);
    assert_eq!((whole.len(), picture.received), (size, size as u64));
    let mut pieces = Vec::new();
    while pieces.len() < size {
        pieces.extend(read(pieces.len(), 97));
    }
    assert!(pieces == whole);
    assert!(read(size, 10).is_empty());
    assert_eq!((text(picture.state).as_deref(), picture.hash_as_announced), (Some("complete"), 1));
    let name = string(made(|out| msnp_transfers_file_name(Some(&transfers), 0, Some(out))).expect("a name"));
    assert!(name.starts_with("0001-display-picture") && name.ends_with(".png"), "{name}");
    let chunk = |at| written(|out| msnp_transfers_chunk(Some(&transfers), 0, at, Some(out)));
    let lengths = (0..picture.chunks).map(|at| chunk(at).expect("a chunk")).map(|chunk| u64::from(chunk.length));
    assert!(lengths.sum::<u64>() >= size as u64);
    assert_eq!(chunk(picture.chunks).err(), Some(msnp_status::None));
}

#[test]
fn what_is_no_capture_is_called_what_it_is() {
    let mut session = session(ALL);
    let png = b"\x89PNG\r\n\x1a\n and more";
    // SAFETY: bytes of that length.
    let fed = unsafe { msnp_session_capture(Some(&mut session), png.as_ptr(), png.len()) };
    // So few bytes may still become something.
    assert_eq!((fed, msnp_session_finish(Some(&mut session))), (msnp_status::Ok, msnp_status::NotACapture));
    let sentence = text(msnp_session_error(Some(&session))).expect("a sentence");
    assert!(sentence.contains("PNG"), "{sentence}");
    let mut other = session_of_nothing();
    // SAFETY: a NUL ends it.
    let status = unsafe { msnp_session_file(Some(&mut other), c"/nowhere/at/all".as_ptr()) };
    assert_eq!(status, msnp_status::Unreadable);
    let sentence = text(msnp_session_error(Some(&other))).expect("a sentence");
    assert!(sentence.starts_with("/nowhere/at/all cannot be read: "), "{sentence}");
}

/// A file without a byte is no capture, however it is fed; a session that is fed in no way is no fault.
#[test]
fn no_bytes_are_no_capture() {
    let mut pieces = session_of_nothing();
    // SAFETY: no bytes.
    let fed = unsafe { msnp_session_capture(Some(&mut pieces), std::ptr::null(), 0) };
    assert_eq!((fed, msnp_session_finish(Some(&mut pieces))), (msnp_status::Ok, msnp_status::NotACapture));
    let of_pieces = text(msnp_session_error(Some(&pieces))).expect("a sentence");
    assert!(!of_pieces.is_empty());
    assert_eq!(msnp_session_finish(Some(&mut session_of_nothing())), msnp_status::Ok);

    let empty = Path::new(env!("CARGO_TARGET_TMPDIR")).join("empty.pcap");
    fs::write(&empty, []).expect("an empty file");
    let mut file = session_of_nothing();
    let path = CString::new(empty.to_str().expect("UTF-8")).expect("no NUL");
    // SAFETY: a NUL ends it.
    let read = unsafe { msnp_session_file(Some(&mut file), path.as_ptr()) };
    assert_eq!(read, msnp_status::NotACapture);
    assert_eq!(text(msnp_session_error(Some(&file))).as_ref(), Some(&of_pieces));
}

#[test]
fn packets_of_an_unknown_link_type_are_counted() {
    let mut session = session(MSNP_FOLLOW_SUMMARY);
    // SAFETY: bytes of that length.
    let fed = unsafe { msnp_session_packet(Some(&mut session), 0, 9999, None, [0; 60].as_ptr(), 60, 0) };
    assert_eq!((fed, msnp_session_finish(Some(&mut session))), (msnp_status::Ok, msnp_status::Ok));
    assert_eq!(written(|out| msnp_session_totals(Some(&session), Some(out))).expect("figures").packets, 1);
    let summary = made(|out| msnp_session_json(Some(&mut session), MSNP_DOCUMENT_SUMMARY, Some(out)));
    let summary = string(summary.expect("a document"));
    assert!(summary.contains("9999"), "{summary}");
}

fn session_of_nothing() -> Box<msnp_session> {
    session(0)
}

#[test]
#[cfg_attr(miri, ignore = "takes an hour there")]
fn the_field_table_is_the_reference_of_the_command_line() {
    let fields = made(|out| msnp_fields_new(Some(out))).expect("fields");
    let json = string(made(|out| msnp_fields_json(Some(&fields), Some(out))).expect("a document"));
    assert_eq!(json.lines().count(), msnp_fields_count(Some(&fields)));
    for (line, at) in json.lines().zip(0..) {
        let field = written(|out| msnp_fields_at(Some(&fields), at, Some(out))).expect("a field");
        let [name, kind, privacy] = [field.name, field.kind, field.privacy].map(|word| text(word).expect("a word"));
        assert!(line.starts_with(&format!("{{\"field\":\"{name}\"")), "{line}");
        assert!(line.contains(&format!("\"kind\":\"{kind}\",\"privacy\":\"{privacy}\"")), "{line}");
        assert!(text(field.explanation).expect("a sentence").len() > 20);
    }
    msnp_fields_free(Some(fields));
}
