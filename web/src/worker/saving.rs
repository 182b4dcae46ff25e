//! Which commands a part of the capture holds: those that are saved as a capture of their own.

use std::collections::HashSet;

use msnp_dissector::model::{Channel, Conversation, Evidence};

use super::check::Checked;
use super::lines::{Line, Lines};
use super::shown::Shown;
use super::store::Store;

/// The commands in rows `first .. end` of a list; what is folded away belongs to its heading.
#[must_use]
pub fn of_rows(store: &Store, checked: &Checked, lines: &Lines, (first, end): (u32, u32)) -> HashSet<u32> {
    let mut chosen = HashSet::new();
    let mut add = |line: u32| match lines.all().get(line as usize) {
        Some(Line::Command(number)) => drop(chosen.insert(*number)),
        Some(Line::Packet(number)) => chosen.extend(store.of_packet(*number)),
        Some(Line::Finding(index)) => chosen.extend(checked.found.get(*index as usize).map(|found| found.pdu)),
        _ => {}
    };
    for row in first..end.min(lines.total()) {
        match lines.at(row) {
            Some(Shown::Line(line)) => add(line),
            Some(Shown::Phase(stretch) | Shown::Run(stretch, _)) if stretch.folded => {
                (stretch.first..stretch.end).for_each(&mut add);
            }
            _ => {}
        }
    }
    chosen
}

/// The commands of a conversation: in a chat room all that was said on its connections, elsewhere what shows it.
#[must_use]
pub fn of_chat(store: &Store, conversation: &Conversation) -> HashSet<u32> {
    let said = conversation
        .messages
        .iter()
        .flat_map(|message| std::iter::once(&message.evidence).chain(&message.copies).chain(&message.receipt));
    let invited = conversation.invitations.iter().flat_map(|invitation| {
        let refused = invitation.refused.as_ref().map(|(_, evidence)| evidence);
        invitation.call.iter().chain(&invitation.ring).chain(refused)
    });
    let let_in = conversation.tickets.iter().map(|ticket| &ticket.evidence);
    let shown = said.chain(invited).chain(let_in).filter_map(|evidence: &Evidence| evidence.pdu);
    let mut chosen = shown.collect::<HashSet<_>>();
    if conversation.channel == Channel::Room {
        let carries = |number: &u32| {
            let stream = store.record(*number).and_then(|record| store.stream(record));
            stream.is_some_and(|stream| conversation.streams.contains(&stream.info.stream))
        };
        chosen.extend(store.order().iter().copied().filter(carries));
    }
    chosen
}
