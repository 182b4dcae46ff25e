//! What was agreed and done about a transfer, and how far it came.

use super::{ChunkMap, Sighting, Transfer};
use crate::tree::{Text, texts};

texts! {
    OFFERED = "transfer.step.offered", "offered";
    ASKED = "transfer.step.asked", "asked for";
    ACCEPTED = "transfer.step.accepted", "accepted";
    DECLINED = "transfer.step.declined", "declined";
    REFUSED = "transfer.step.refused", "refused by the program ({0})";
    WAY_PROPOSED = "transfer.step.way-proposed", "ways for the data proposed";
    WAY_DIRECT = "transfer.step.way-direct", "a direct connection agreed on";
    WAY_NONE = "transfer.step.way-none", "no direct connection possible";
    CONNECTED = "transfer.step.connected", "directly connected: the nonce is the one agreed on";
    CAMERA = "transfer.step.camera", "connected for the pictures: the numbers are those that were told";
    PREPARED = "transfer.step.prepared", "data announced";
    RESUME = "transfer.step.resume", "asked to go on from byte {0}";
    ACKNOWLEDGED = "transfer.step.acknowledged", "acknowledged";
    CANCELLED_BY_SENDER = "transfer.step.cancelled-sender", "given up by the sender";
    CANCELLED_BY_RECEIVER = "transfer.step.cancelled-receiver", "given up by the receiver";
    FAULT = "transfer.step.fault", "fault reported";
    CLOSED = "transfer.step.closed", "closed";
    STATE_OFFERED = "transfer.state.offered", "offered, without an answer";
    STATE_DECLINED = "transfer.state.declined", "declined";
    STATE_CANCELLED = "transfer.state.cancelled", "given up";
    STATE_INCOMPLETE = "transfer.state.incomplete", "incomplete";
    STATE_COMPLETE = "transfer.state.complete", "complete";
}

/// Something that happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// What.
    pub what: What,
    /// Where it stands in the capture.
    pub sighting: Sighting,
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// Who has it offers it.
    Offered,
    /// Who wants it asks for it.
    Asked,
    /// The other side accepts.
    Accepted,
    /// The other side declines.
    Declined,
    /// The other side's program cannot: the code of its answer.
    Refused(u32),
    /// One side proposes ways for the data.
    WayProposed,
    /// One side waits for a direct connection.
    WayDirect,
    /// A direct connection is not possible.
    WayNone,
    /// A direct connection shows the nonce that was agreed on.
    Connected,
    /// A webcam's connection begins with the numbers that were told.
    CameraConnected,
    /// The data will follow.
    Prepared,
    /// The receiver wants the data from this byte on.
    Resume(u64),
    /// The receiver has the data.
    Acknowledged,
    /// The sender gives up.
    CancelledBySender,
    /// The receiver gives up.
    CancelledByReceiver,
    /// One side reports a fault.
    Fault,
    /// One side ends the session.
    Closed,
}

impl What {
    /// Whether nothing more is to be expected of a transfer.
    pub(super) fn ends(self) -> bool {
        use What::{Acknowledged, CancelledByReceiver, CancelledBySender, Closed, Declined, Fault, Refused};
        matches!(self, Acknowledged | CancelledByReceiver | CancelledBySender | Closed | Declined | Fault | Refused(_))
    }

    /// What to call it.
    #[must_use]
    pub fn name(self) -> Text {
        match self {
            Self::Offered => OFFERED.text(),
            Self::Asked => ASKED.text(),
            Self::Accepted => ACCEPTED.text(),
            Self::Declined => DECLINED.text(),
            Self::Refused(code) => REFUSED.with([code.into()]),
            Self::WayProposed => WAY_PROPOSED.text(),
            Self::WayDirect => WAY_DIRECT.text(),
            Self::WayNone => WAY_NONE.text(),
            Self::Connected => CONNECTED.text(),
            Self::CameraConnected => CAMERA.text(),
            Self::Prepared => PREPARED.text(),
            Self::Resume(offset) => RESUME.with([offset.into()]),
            Self::Acknowledged => ACKNOWLEDGED.text(),
            Self::CancelledBySender => CANCELLED_BY_SENDER.text(),
            Self::CancelledByReceiver => CANCELLED_BY_RECEIVER.text(),
            Self::Fault => FAULT.text(),
            Self::Closed => CLOSED.text(),
        }
    }
}

/// How far a transfer came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum State {
    /// Nobody answered.
    #[default]
    Offered,
    /// The other side, or its program, did not want it.
    Declined,
    /// One side gave up.
    Cancelled,
    /// Bytes are missing.
    Incomplete,
    /// Every byte is there.
    Complete,
}

impl State {
    /// The state of a transfer of which nothing more comes.
    pub(super) fn of(transfer: &Transfer) -> Self {
        Self::after(transfer, &transfer.map, transfer.steps.iter().map(|step| step.what))
    }

    /// The same, where this has come and this has happened.
    pub(super) fn after(transfer: &Transfer, map: &ChunkMap, happened: impl Iterator<Item = What> + Clone) -> Self {
        let did = |wanted: &dyn Fn(What) -> bool| happened.clone().any(wanted);
        let accepted = did(&|what| what == What::Accepted);
        let given_up = did(&|what| matches!(what, What::CancelledBySender | What::CancelledByReceiver | What::Fault));
        let closed = did(&|what| what == What::Closed);
        let begun = accepted || !map.chunks.is_empty() || transfer.unplaced > 0;
        let complete = match transfer.size() {
            Some(0) => accepted,
            Some(size) => map.covers(size),
            None => !transfer.kind.is_bytes() && accepted && closed && !given_up,
        };
        let reached_end = transfer.size().is_some_and(|size| size > 0 && map.furthest() >= size);
        if complete {
            Self::Complete
        } else if did(&|what| matches!(what, What::Declined | What::Refused(_))) && map.covered() == 0 {
            Self::Declined
        } else if (given_up || (closed && !reached_end)) && !transfer.is_received() {
            Self::Cancelled
        } else if begun {
            Self::Incomplete
        } else {
            Self::Offered
        }
    }

    /// The word of the CLI's contract.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Offered => "offered",
            Self::Declined => "declined",
            Self::Cancelled => "cancelled",
            Self::Incomplete => "incomplete",
            Self::Complete => "complete",
        }
    }

    /// What to call it.
    #[must_use]
    pub fn name(self) -> Text {
        let text = match self {
            Self::Offered => STATE_OFFERED,
            Self::Declined => STATE_DECLINED,
            Self::Cancelled => STATE_CANCELLED,
            Self::Incomplete => STATE_INCOMPLETE,
            Self::Complete => STATE_COMPLETE,
        };
        text.text()
    }
}
