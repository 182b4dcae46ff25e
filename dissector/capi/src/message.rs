//! What was said, message by message.

use std::mem::MaybeUninit;

use msnp_dissector::model::Tale;
use msnp_dissector::report::{ChatRecord, Reporter};

use crate::gate::{answer, gate, gate_status, there};
use crate::status::msnp_status;
use crate::value::{msnp_text, msnp_time};

/// All that was said, in order of time. It owns its texts, and stays as it is whatever becomes of its session. Any number of
/// threads may read it.
#[derive(Debug)]
pub struct msnp_messages(Vec<(msnp_time, ChatRecord)>);

/// A message.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct msnp_message {
    /// Time of its packet.
    pub time: msnp_time,
    /// Number of its packet, from 1.
    pub frame: u64,
    /// Number of its PDU, from 1.
    pub pdu: u32,
    /// Number of its conversation, from 1.
    pub conversation: u32,
    /// Number of its TCP connection, from 0: Wireshark's `tcp.stream`.
    pub tcp_stream: u32,
    /// Whether it arrived: 1 yes, 0 no, -1 where nothing tells.
    pub delivered: i32,
    /// Whether sender or receivers are inferred and not written in it.
    pub inferred: bool,
    /// Account of who said it; none where nothing tells, and where the service itself speaks.
    pub from: msnp_text,
    /// What they called themselves at the time; none where nothing tells.
    pub nick: msnp_text,
    /// How many were there to hear it: see `msnp_messages_recipient`.
    pub recipients: usize,
    /// `text`, `typing`, `nudge`, `ink`, `wink`, `voice-clip`, `action`, `emoticon`, `offline` or `system`.
    pub kind: msnp_text,
    /// What was said; none where it does not come to words.
    pub text: msnp_text,
    /// How it travelled: `room`, `relay`, `datagrams` or `service`.
    pub channel: msnp_text,
}

impl msnp_messages {
    pub(crate) fn new(tale: &Tale) -> Self {
        let reporter = Reporter::default();
        let all = tale.messages().into_iter();
        Self(all.map(|(one, message)| (message.evidence.time.into(), reporter.chat(one, message))).collect())
    }

    fn at(&self, index: usize) -> Result<&(msnp_time, ChatRecord), msnp_status> {
        self.0.get(index).ok_or(msnp_status::None)
    }
}

/// How many messages they are; 0 for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn msnp_messages_count(messages: Option<&msnp_messages>) -> usize {
    gate(0, || messages.map_or(0, |messages| messages.0.len()))
}

/// Writes the message at a place, from 0; `MSNP_STATUS_NONE` behind the last. Its texts live as long as `messages`.
#[unsafe(no_mangle)]
pub extern "C" fn msnp_messages_at(
    messages: Option<&msnp_messages>,
    index: usize,
    message: Option<&mut MaybeUninit<msnp_message>>,
) -> msnp_status {
    gate_status(|| {
        answer(message, || {
            let (time, record) = there(messages)?.at(index)?;
            Ok(msnp_message {
                time: *time,
                frame: record.frame,
                pdu: record.pdu,
                conversation: record.conversation,
                tcp_stream: record.stream,
                delivered: record.delivered.map_or(-1, i32::from),
                inferred: record.inferred,
                from: (&record.from).into(),
                nick: (&record.nick).into(),
                recipients: record.to.len(),
                kind: record.kind.into(),
                text: (&record.text).into(),
                channel: record.channel.into(),
            })
        })
    })
}

/// Writes the account of one who was there to hear the message at a place, both from 0; `MSNP_STATUS_NONE` behind the last.
#[unsafe(no_mangle)]
pub extern "C" fn msnp_messages_recipient(
    messages: Option<&msnp_messages>,
    index: usize,
    recipient: usize,
    account: Option<&mut MaybeUninit<msnp_text>>,
) -> msnp_status {
    gate_status(|| {
        answer(account, || {
            let (_, record) = there(messages)?.at(index)?;
            Ok(record.to.get(recipient).ok_or(msnp_status::None)?.as_str().into())
        })
    })
}

/// Frees messages; NULL is passed over.
#[unsafe(no_mangle)]
pub extern "C" fn msnp_messages_free(messages: Option<Box<msnp_messages>>) {
    gate((), || drop(messages));
}
