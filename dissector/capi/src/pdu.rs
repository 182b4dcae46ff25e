//! PDUs: one framed command each, or bytes that are none.

use std::cell::OnceCell;
use std::mem::MaybeUninit;

use msnp_dissector::analysis::{Command, Kept};
use msnp_dissector::msnp::{PduKind, sentence};
use msnp_dissector::report::{LongBytes, Reporter, sender, server};
use msnp_dissector::tree::readable;

use crate::document::{MSNP_DOCUMENT_COMMANDS, MSNP_DOCUMENT_TREE};
use crate::gate::{answer, gate, gate_status, hand_over, there};
use crate::status::msnp_status;
use crate::tree::Tree;
use crate::value::{msnp_bytes, msnp_string, msnp_text, msnp_time};

/// A bit for `msnp_pdu_json`: byte values whole where they would be given by length and SHA-1, as `--bytes` does.
pub const MSNP_JSON_WHOLE_BYTES: u32 = 1;

/// A PDU: one command with its payload, a packet between two programs, or bytes that are neither. It owns its bytes and all that
/// is told of them, and stays as it is whatever becomes of its session. One thread at a time may use it.
#[derive(Debug)]
pub struct msnp_pdu {
    kept: Kept,
    ends: OnceCell<[String; 2]>,
    verb: OnceCell<String>,
    sentence: OnceCell<String>,
    tree: OnceCell<Tree>,
}

/// What is known of a PDU without taking it apart.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct msnp_pdu_info {
    /// Its number, from 1, in order of completion.
    pub number: u32,
    /// Number of the packet that completed it, from 1.
    pub frame: u64,
    /// Time of that packet.
    pub time: msnp_time,
    /// Number of its MSNP connection, to sort by: that of the TCP connection on which it began, from 0. One that began where
    /// another had begun before, as over the HTTP gateway, has a number of its own from 2^31 on; a flow of UDP datagrams from
    /// 3 * 2^30 on.
    pub connection: u32,
    /// Number of the TCP connection of that packet, from 0: Wireshark's `tcp.stream`; of UDP `connection` again.
    pub tcp_stream: u32,
    /// Number of the PDU that it answers; 0 where it answers none that is known.
    pub answers: u32,
    /// Nanoseconds since that one; -1 where nothing tells.
    pub delay: i64,
    /// Who sent it: `client`, `server`, `peer` or `unknown`.
    pub from: msnp_text,
    /// What kind of server its connection goes to: `dispatch`, `notification`, `switchboard` or `unknown`.
    pub server: msnp_text,
    /// Address and port of the sender.
    pub source: msnp_text,
    /// Address and port of the receiver.
    pub destination: msnp_text,
    /// What it is: `command`; `skipped`, `payload-rest` or `unfinished` for bytes that are no whole command; `direct`,
    /// `file-transfer`, `relay`, `udp` or `webcam` between two programs; `beside` for what carries a stream and is no part of it.
    pub kind: msnp_text,
    /// Its verb, such as `MSG`; empty where it is no command.
    pub verb: msnp_text,
    /// All its bytes, as on the wire: those of the line first.
    pub bytes: msnp_bytes,
    /// How many of them are the line, with its line end. The others are the payload.
    pub line: usize,
    /// How many bytes of the payload are promised and not there.
    pub missing: usize,
}

impl msnp_pdu {
    pub(crate) fn new(kept: Kept) -> Self {
        let (ends, verb, sentence, tree) = Default::default();
        Self { kept, ends, verb, sentence, tree }
    }

    pub(crate) fn command(&self) -> Command<'_> {
        self.kept.command()
    }

    pub(crate) fn tree(&self) -> &Tree {
        self.tree.get_or_init(|| Tree::of(&self.command()))
    }

    fn ends(&self) -> [msnp_text; 2] {
        let Command { source, destination, .. } = self.command();
        let ends = self.ends.get_or_init(|| [source.to_string(), destination.to_string()]);
        ends.each_ref().map(|end| end.as_str().into())
    }

    fn verb(&self) -> &str {
        self.verb.get_or_init(|| {
            let pdu = self.command().pdu;
            let first = pdu.words().next().filter(|_| pdu.kind == PduKind::Command);
            first.map(|word| readable(word).into_owned()).unwrap_or_default()
        })
    }

    fn sentence(&self) -> &str {
        self.sentence.get_or_init(|| {
            let command = self.command();
            sentence(&command.pdu, &command.context, &command.dissect(), &Reporter::default().catalogue)
        })
    }
}

/// Writes what is known of a PDU without taking it apart. Texts and bytes live as long as the PDU.
#[unsafe(no_mangle)]
pub extern "C" fn msnp_pdu_about(pdu: Option<&msnp_pdu>, info: Option<&mut MaybeUninit<msnp_pdu_info>>) -> msnp_status {
    gate_status(|| {
        answer(info, || {
            let pdu = there(pdu)?;
            let command = pdu.command();
            let [source, destination] = pdu.ends();
            Ok(msnp_pdu_info {
                number: command.number,
                frame: command.frame,
                time: command.time.into(),
                connection: command.stream,
                tcp_stream: command.tcp_stream,
                answers: command.request.map_or(0, |request| request.pdu),
                delay: command.request.and_then(|request| request.nanos).map_or(-1, |nanos| nanos.max(-1)),
                from: sender(&command.context).into(),
                server: server(&command.context).into(),
                source,
                destination,
                kind: kind(command.pdu.kind).into(),
                verb: pdu.verb().into(),
                bytes: command.pdu.bytes.into(),
                line: command.pdu.line,
                missing: command.pdu.missing(),
            })
        })
    })
}

/// Writes the PDU in words for somebody who has never heard of MSNP. The text lives as long as the PDU.
#[unsafe(no_mangle)]
pub extern "C" fn msnp_pdu_sentence(pdu: Option<&msnp_pdu>, text: Option<&mut MaybeUninit<msnp_text>>) -> msnp_status {
    gate_status(|| answer(text, || Ok(there(pdu)?.sentence().into())))
}

/// Writes the line that `msnp commands --json` (`MSNP_DOCUMENT_COMMANDS`) or `msnp tree --json` (`MSNP_DOCUMENT_TREE`) prints of
/// the PDU. `options` are bits `MSNP_JSON_…`, or 0. `*json` is to be freed by `msnp_string_free`.
#[unsafe(no_mangle)]
pub extern "C" fn msnp_pdu_json(
    pdu: Option<&msnp_pdu>,
    document: u32,
    options: u32,
    json: Option<&mut MaybeUninit<*mut msnp_string>>,
) -> msnp_status {
    gate_status(|| {
        hand_over(json, || {
            let command = there(pdu)?.command();
            let long_bytes = match options {
                0 => LongBytes::Hashed,
                MSNP_JSON_WHOLE_BYTES => LongBytes::Whole,
                _ => return Err(msnp_status::Argument),
            };
            let reporter = Reporter { long_bytes, ..Reporter::default() };
            match document {
                MSNP_DOCUMENT_COMMANDS => Ok(msnp_string::of_records([reporter.command(&command)])),
                MSNP_DOCUMENT_TREE => Ok(msnp_string::of_records([reporter.tree(&command)])),
                _ => Err(msnp_status::Argument),
            }
        })
    })
}

/// Frees a PDU; NULL is passed over.
#[unsafe(no_mangle)]
pub extern "C" fn msnp_pdu_free(pdu: Option<Box<msnp_pdu>>) {
    gate((), || drop(pdu));
}

/// The word for what a PDU is.
fn kind(kind: PduKind) -> &'static str {
    match kind {
        PduKind::Command => "command",
        PduKind::Skipped => "skipped",
        PduKind::PayloadRest => "payload-rest",
        PduKind::Unfinished => "unfinished",
        PduKind::Direct => "direct",
        PduKind::FileTransfer => "file-transfer",
        PduKind::Relay => "relay",
        PduKind::Udp => "udp",
        PduKind::Webcam => "webcam",
        PduKind::Beside => "beside",
    }
}
