//! MSNFTP: the file transfer of early dialects, on a TCP connection of its own.
//!
//! ```text
//! R: VER MSNFTP        S: VER MSNFTP
//! R: USR bob@example.org 33267
//! S: FIL 11
//! R: TFR
//! S: blocks            three bytes each, and data
//! R: BYE 16777989      or CCL
//! ```
//!
//! R receives, S sends; either may have connected. Source: protocol reference, transfers 4.2. What `01 00 00` says the
//! sources do not agree on: the number of bytes decides.

use nom::number::complete::le_u16;

use super::begins_with;
use crate::msnp::framing::{Frame, LINE_CEILING, Sync, without_line_end, words};
use crate::msnp::token::{Coded, CodedNumber, Word, coded_number, number, word};
use crate::msnp::value::account::account_as;
use crate::msnp::{Content, Pdu};
use crate::tree::{Base, Kind, Scribe, Span, TextId, fields, names, texts};

fields! {
    family 54;
    /// First word of a line that either program sends in an old file transfer (MSNFTP): VER agrees on the protocol, USR
    /// lets the receiver in, FIL tells the size, TFR starts, CCL gives up, BYE ends.
    COMMAND: Kind::Text => "msnp.ftp.command", "File transfer command";
    /// Protocols that a side of an old file transfer speaks: MSNFTP.
    PROTOCOL: Kind::Text => "msnp.ftp.protocol", "File transfer protocol";
    /// Who receives the file: the account that its program logs in with to an old file transfer.
    ACCOUNT: Kind::Text => "msnp.ftp.account", "Receiver", Account;
    /// The number that lets the receiver in; the sender told it in the invitation (AuthCookie).
    COOKIE: Kind::Text => "msnp.ftp.cookie", "Authentication cookie", Secret;
    /// How many bytes will come, in decimal; the sender says so once the receiver is let in.
    SIZE: Kind::Uint32(Base::Dec) => "msnp.ftp.size", "File size in the transfer";
    /// How the transfer ended, as a decimal number, from the receiver’s program.
    CODE: Kind::Uint32(Base::Hex) => "msnp.ftp.code", "Result" in RESULTS;
    /// Whether data follow (0), or whether this is where the sender stops (1): at the end, or before it when it gives up.
    BLOCK: Kind::Uint32(Base::Dec) => "msnp.ftp.block", "Kind of block" in BLOCKS;
    /// How many bytes of data the sender’s block has, 0 to 2045; little endian.
    LENGTH: Kind::Uint32(Base::Dec) => "msnp.ftp.length", "Block length";
    /// Up to 2045 bytes of what is sent, which go on where the block before ended; from the sender.
    DATA: Kind::Bytes => "msnp.ftp.data", "Data of the file", Text;
    /// Something else that either program wrote on a line of an old file transfer.
    ARGUMENT: Kind::Text => "msnp.ftp.argument", "Argument of the line", Text;
}

texts! {
    EXPECTED_BLOCK = "expected.ftp-block", "the head of a block";
    VER = "ftp.VER", "which protocol is spoken";
    USR = "ftp.USR", "the receiver logs in";
    FIL = "ftp.FIL", "how long the file is";
    TFR = "ftp.TFR", "the receiver is ready";
    CCL = "ftp.CCL", "the receiver gives up";
    BYE = "ftp.BYE", "how it ended";
    SUCCESS = "ftp.code.success", "success";
    DISK = "ftp.code.disk", "cannot be written, such as a full disk";
    RECEIVER = "ftp.code.receiver", "the receiver gave up";
    SENDER = "ftp.code.sender", "the sender gave up";
    BLOCKED = "ftp.code.blocked", "the connection is blocked, or timed out (sources differ)";
    IS_DATA = "ftp.block.data", "data";
    IS_END = "ftp.block.end", "the end, or an abort";
}

/// Bytes before the data of a block.
pub const HEAD: usize = 3;
/// Bytes of data in a full block.
pub const LONGEST: usize = 2045;

/// What a line or block says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileTransfer {
    /// The receiver logs in.
    Login {
        /// Who it is.
        account: String,
        /// What the invitation told.
        cookie: String,
    },
    /// How long the file is, in bytes.
    Size(u64),
    /// The receiver is ready.
    Ready,
    /// Data.
    Data {
        /// Where they stand in the PDU.
        span: Span,
        /// How many there are, as the block's head says: of a block that is cut not all are there.
        length: u32,
    },
    /// The end or an abort.
    End,
    /// The receiver gives up.
    Cancelled,
    /// How it ended.
    Bye(Option<u32>),
    /// Anything else.
    Other,
}

/// Whether these are the first bytes of one direction of a file transfer; `None` when more are needed.
#[must_use]
pub fn detect(first: &[u8]) -> Option<bool> {
    begins_with(first, b"VER MSNFTP")
}

/// Says what stands at the start of `bytes`; `blocks` when this direction has told the length of the file.
#[must_use]
pub fn frame(bytes: &[u8], blocks: bool, sync: Sync) -> Frame {
    if blocks && sync != Sync::Kept && !bytes.is_empty() {
        return match credible(bytes) {
            Some(true) => frame(bytes, blocks, Sync::Kept),
            None => Frame::Needs(Some(wanted(bytes))),
            Some(false) => {
                let next = memchr::memchr2(0, 1, bytes.get(1..).unwrap_or_default());
                Frame::Skip(next.map_or(bytes.len(), |at| at + 1))
            }
        };
    }
    let block = blocks && bytes.first().is_none_or(|kind| *kind <= 1);
    if block {
        return match bytes {
            [_, low, high, ..] => {
                let payload = usize::from(u16::from_le_bytes([*low, *high]));
                let total = HEAD + payload;
                if total <= bytes.len() { Frame::Command { line: HEAD, payload } } else { Frame::Needs(Some(total)) }
            }
            _ => Frame::Needs(Some(HEAD)),
        };
    }
    let window = bytes.get(..LINE_CEILING).unwrap_or(bytes);
    let Some(line_feed) = memchr::memchr(b'\n', window) else {
        return if bytes.len() >= LINE_CEILING { Frame::Skip(LINE_CEILING) } else { Frame::Needs(None) };
    };
    let line = window.get(..line_feed).unwrap_or_default();
    let known = words(without_line_end(line)).next().and_then(meaning).is_some();
    if known || sync == Sync::Kept {
        Frame::Command { line: line_feed + 1, payload: 0 }
    } else {
        Frame::Skip(line_feed + 1)
    }
}

/// Whether a block begins here, behind a gap: its head makes sense, and so does the one behind it, which is of a block no
/// longer than this, as all are but the last, or the end; `None` when more is needed to tell. Zeros and small numbers are
/// frequent in files, so short blocks count before the end alone.
fn credible(bytes: &[u8]) -> Option<bool> {
    const SHORT: usize = 256;
    let Some((kind, length)) = head(bytes) else {
        return if bytes.first().is_some_and(|kind| *kind <= 1) { None } else { Some(false) };
    };
    match (kind, length) {
        (0, 1..=LONGEST) => {}
        _ => return Some(false),
    }
    let (next, behind) = head(bytes.get(HEAD + length..)?)?;
    Some((next, behind) == (1, 0) || (length >= SHORT && next == 0 && (1..=length).contains(&behind)))
}

/// How many bytes it takes to tell whether a block begins here.
fn wanted(bytes: &[u8]) -> usize {
    head(bytes).map_or(HEAD, |(_, length)| HEAD + length + HEAD)
}

/// Kind and length of a block.
fn head(bytes: &[u8]) -> Option<(u8, usize)> {
    let [kind, low, high, ..] = *bytes else { return None };
    Some((kind, u16::from_le_bytes([low, high]).into()))
}

/// Whether blocks follow a PDU in its direction.
#[must_use]
pub fn begins_blocks(pdu: &[u8]) -> bool {
    pdu.starts_with(b"FIL ")
}

/// `line = command *( SP argument ) CRLF`, or `block = kind length *OCTET`
pub fn file_transfer(s: &mut Scribe<'_, '_>, pdu: &Pdu<'_>) -> Content {
    let read = if pdu.bytes.first().is_some_and(|kind| *kind <= 1) { block(s) } else { line(s, pdu) };
    Content::FileTransfer(read)
}

fn block(s: &mut Scribe<'_, '_>) -> FileTransfer {
    let Ok((_, kind)) = s.look(1, EXPECTED_BLOCK, nom::number::complete::le_u8) else { return FileTransfer::Other };
    s.take(BLOCK, 1, CodedNumber(kind.into(), block_name(kind.into()).or(Some(IS_END))));
    let Ok(length) = s.fixed(LENGTH, 2, EXPECTED_BLOCK, le_u16) else { return FileTransfer::Other };
    let span = s.here(s.rest().len());
    s.rest_as_bytes(DATA);
    if kind == 0 { FileTransfer::Data { span, length: length.into() } } else { FileTransfer::End }
}

fn line(s: &mut Scribe<'_, '_>, pdu: &Pdu<'_>) -> FileTransfer {
    let length = pdu.line_text().len();
    let said = s.limit(length, ARGUMENT, |s| {
        let command = s.peek_word();
        s.take(COMMAND, command.len(), Coded(command, meaning(command)));
        let said = arguments(s, command);
        while s.optional(ARGUMENT, word).is_some() {}
        s.sp();
        said
    });
    s.skip(s.rest().len());
    said
}

fn arguments(s: &mut Scribe<'_, '_>, command: &[u8]) -> FileTransfer {
    match command {
        b"VER" => {
            while s.optional(PROTOCOL, word).is_some() {}
            FileTransfer::Other
        }
        b"USR" => {
            let account = account_as(s, ACCOUNT).map(|account| crate::tree::lossy(account.name())).unwrap_or_default();
            let cookie = s.optional(COOKIE, word).map(|Word(cookie)| crate::tree::lossy(cookie)).unwrap_or_default();
            FileTransfer::Login { account, cookie }
        }
        b"FIL" => s.optional(SIZE, number).map_or(FileTransfer::Other, |size: u32| FileTransfer::Size(size.into())),
        b"TFR" => FileTransfer::Ready,
        b"CCL" => FileTransfer::Cancelled,
        b"BYE" => {
            let code = s.optional(CODE, coded_number(result));
            FileTransfer::Bye(code.map(|code| code.0))
        }
        _ => FileTransfer::Other,
    }
}

fn meaning(command: &[u8]) -> Option<TextId> {
    Some(match command {
        b"VER" => VER,
        b"USR" => USR,
        b"FIL" => FIL,
        b"TFR" => TFR,
        b"CCL" => CCL,
        b"BYE" => BYE,
        _ => return None,
    })
}

/// The result of a transfer that its sender gave up.
pub(crate) const SENDER_GAVE_UP: u32 = 0x8100_0333;

/// Whether a result says that the file has arrived.
#[must_use]
pub fn succeeded(code: u32) -> bool {
    matches!(code, 0x0100_0303 | 0x0100_0305)
}

names! {
    /// What a block holds.
    BLOCKS, block_name;
    0 => IS_DATA,
    1 => IS_END,
}

names! {
    /// How a transfer ended.
    RESULTS, result;
    0x0100_0303 => SUCCESS,
    0x0100_0305 => SUCCESS,
    0x8007_0005 => DISK,
    0x8100_0332 => RECEIVER,
    SENDER_GAVE_UP => SENDER,
    0x8100_033e => BLOCKED,
}
