//! Why a file is refused, and how a capture ended, as sentences for people.

use crate::capture::{Damage, Ending, Refusal, Wrapping};
use crate::tree::{Text, texts};

texts! {
    LOOKS_LIKE = "refusal.looks-like", "this is not a packet capture; it looks like {0}";
    LOOKS_LIKE_WITHIN = "refusal.within", "what the {1} data holds is not a packet capture; it looks like {0}";
    CUT = "ending.cut", "The file ends in the middle of packet {0}. All packets before it are shown. The recording or the copy was probably stopped abruptly.";
    CUT_AT_ONCE = "ending.cut-at-once", "The file ends before its first packet is complete. The recording or the copy was probably stopped abruptly.";
    DAMAGED_AT_ONCE = "ending.damaged-at-once", "The file is damaged before its first packet: {0}.";
    DAMAGED = "ending.damaged", "The file is damaged after packet {0}: {1}. All packets up to there are shown.";
    TOO_LONG = "damage.too-long", "the next packet claims {0} bytes";
    BLOCK_LENGTH = "damage.block-length", "the next block claims a length of {0} bytes, which contradicts itself";
    BLOCK_CONTENT = "damage.block-content", "a block of type {0} is malformed";
    NO_INTERFACE = "damage.interface", "a packet names interface {0}, which the file does not describe";
    INTERFACES = "damage.interfaces", "the file describes too many interfaces";
    COMPRESSION = "damage.compression", "the {0} data is not valid";
    CHECKSUM = "damage.checksum", "the {0} data does not match its own checksum";
    WINDOW = "damage.window", "decompressing would take {0} bytes of memory";
    DICTIONARY = "damage.dictionary", "the compressed data needs dictionary {0}";
}

/// Why a file is not read.
#[must_use]
pub fn refusal(refusal: &Refusal) -> Text {
    let Refusal::NotACapture { looks_like, within } = refusal;
    match within {
        None => LOOKS_LIKE.with([looks_like.name().into()]),
        Some(wrapping) => LOOKS_LIKE_WITHIN.with([looks_like.name().into(), wrapping.name().into()]),
    }
}

/// Why reading stopped before the end of the recording; `None` when it did not.
#[must_use]
pub fn ending(ending: &Ending) -> Option<Text> {
    match ending {
        Ending::Complete => None,
        Ending::Cut { packet: 0 | 1 } => Some(CUT_AT_ONCE.text()),
        Ending::Cut { packet } => Some(CUT.with([(*packet).into()])),
        Ending::Damaged { after_packet: 0, reason } => Some(DAMAGED_AT_ONCE.with([damage(*reason).into()])),
        Ending::Damaged { after_packet, reason } => {
            Some(DAMAGED.with([(*after_packet).into(), damage(*reason).into()]))
        }
    }
}

fn damage(damage: Damage) -> Text {
    let name = |wrapping: Wrapping| [wrapping.name().into()];
    match damage {
        Damage::PacketTooLong { claimed } => TOO_LONG.with([claimed.into()]),
        Damage::BlockLength { claimed } => BLOCK_LENGTH.with([claimed.into()]),
        Damage::BlockContent { block } => BLOCK_CONTENT.with([format!("0x{block:08x}").into()]),
        Damage::UnknownInterface { interface } => NO_INTERFACE.with([interface.into()]),
        Damage::TooManyInterfaces => INTERFACES.text(),
        Damage::Compression(wrapping) => COMPRESSION.with(name(wrapping)),
        Damage::Checksum(wrapping) => CHECKSUM.with(name(wrapping)),
        Damage::Window { claimed } => WINDOW.with([claimed.into()]),
        Damage::Dictionary { id } => DICTIONARY.with([id.into()]),
    }
}
