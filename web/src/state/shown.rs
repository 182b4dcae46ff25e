//! What is shown where nothing was chosen, and what is to be asked for it.

use super::{State, View};
use crate::protocol::story::Chat;
use crate::protocol::transfers::Transfer;

impl State {
    /// The transfer that is shown: the chosen one, else the selected command's, else the first.
    #[must_use]
    pub fn shown_transfer(&self) -> Option<&Transfer> {
        let all = &self.transfers.as_ref()?.all;
        let known = |id: u32| all.iter().find(|transfer| transfer.id == id);
        let owner = self.owner.filter(|(pdu, _)| self.selection.is_some_and(|s| s.pdu == *pdu));
        self.transfer.and_then(known).or_else(|| known(owner?.1?)).or_else(|| all.first())
    }

    /// The chat that is shown: the chosen one, else the first.
    #[must_use]
    pub fn shown_chat(&self) -> Option<&Chat> {
        let chats = &self.story.as_ref()?.chats;
        self.chat.map_or_else(|| chats.first(), |chosen| chats.iter().find(|chat| chat.number == chosen))
    }

    /// The command of which it is to be asked to which transfer it belongs, as that decides what is shown.
    #[must_use]
    pub fn owner_wanted(&self) -> Option<u32> {
        let decides = self.view == View::Transfers && self.transfers.is_some() && self.transfer.is_none();
        let pdu = self.selection.filter(|_| decides)?.pdu;
        self.owner.is_none_or(|(known, _)| known != pdu).then_some(pdu)
    }

    /// The transfer whose arrivals are to be asked for: the shown one when they are not there, or when what they say of
    /// bytes that came twice is known by now.
    #[must_use]
    pub fn map_wanted(&self) -> Option<u32> {
        let shown = self.shown_transfer().filter(|_| self.view == View::Transfers)?;
        let map = self.map.as_ref().filter(|map| map.id == shown.id);
        map.is_none_or(|map| shown.verdict.is_some() && map.is_unchecked()).then_some(shown.id)
    }
}
