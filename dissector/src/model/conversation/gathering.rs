//! Which connections lead to one chat room, and the conversation that they show together.

use std::collections::{BTreeMap, HashMap};

use super::copies::{self, Merged};
use super::participant::{self, Participant};
use super::room::Room;
use super::{Channel, ChatMessage, Conversation, Invitation, Ring};
use crate::analysis::StreamInfo;
use crate::model::destination::Destination;
use crate::model::evidence::Evidence;
use crate::model::nick::Names;
use crate::model::owner::Ownership;
use crate::sorting::sort_by_key;

/// Rooms by conversation: connections with the same session at the same time and server are one.
pub(super) fn rooms<'c>(
    rooms: &'c BTreeMap<u32, Room>,
    streams: &BTreeMap<u32, StreamInfo>,
    ownership: &Ownership,
) -> Vec<Vec<(u32, &'c Room)>> {
    let mut by_session: BTreeMap<&str, Vec<Vec<(u32, &Room)>>> = BTreeMap::new();
    let mut alone = Vec::new();
    for (stream, room) in rooms {
        let Some(session) = room.session.as_deref() else {
            alone.push(vec![(*stream, room)]);
            continue;
        };
        let groups = by_session.entry(session).or_default();
        let same = |group: &&mut Vec<(u32, &Room)>| {
            group.iter().any(|(other_stream, other)| {
                meet(room, other)
                    && (same_server(streams, *stream, *other_stream)
                        || names(room, ownership.account(*other_stream))
                        || names(other, ownership.account(*stream)))
            })
        };
        match groups.iter_mut().find(same) {
            Some(group) => group.push((*stream, room)),
            None => groups.push(vec![(*stream, room)]),
        }
    }
    by_session.into_values().flatten().chain(alone).collect()
}

/// Both lead to the same server; where the beginning of a tunnel is missing, through the same gateway.
fn same_server(streams: &BTreeMap<u32, StreamInfo>, one: u32, other: u32) -> bool {
    let (Some(one), Some(other)) = (streams.get(&one), streams.get(&other)) else { return false };
    match (Destination::of(one), Destination::of(other)) {
        (Some(one), Some(other)) => one.fits(&other),
        _ => one.server == other.server,
    }
}

/// Both were open at the same time. The one who was called comes while the caller waits.
fn meet(one: &Room, other: &Room) -> bool {
    let before = |one: &Room, other: &Room| one.left().is_none_or(|left| other.first.time <= left.time);
    before(one, other) && before(other, one)
}

/// Whether somebody is called into a room or is in it.
fn names(room: &Room, account: Option<&str>) -> bool {
    let Some(account) = account else { return false };
    room.moves.iter().any(|step| step.account == account) || room.calls.iter().any(|call| call.account == account)
}

/// The conversation that the connections of one room show.
pub(super) fn conversation(
    rooms: &[(u32, &Room)],
    rings: &HashMap<&str, Vec<&Ring>>,
    ownership: &Ownership,
    names: &Names,
) -> Conversation {
    let start = rooms.iter().map(|(_, room)| room.first).min_by_key(Evidence::order).unwrap_or_default();
    let participants = participant::participants(rooms, ownership, names, start);
    let lists: Vec<_> =
        rooms.iter().map(|(stream, room)| (ownership.account(*stream), room.says.iter().collect())).collect();
    let owners_known = rooms.iter().all(|(stream, _)| ownership.of(*stream).is_some());
    let whole = rooms.iter().any(|(_, room)| room.entry.or(room.entered).is_some());
    let messages = copies::merge(&lists);
    let messages = messages.into_iter().map(|merged| {
        let mut message = message(merged, &participants, names);
        message.inferred |= !owners_known || !whole;
        message
    });
    let open = rooms.iter().any(|(_, room)| room.left().is_none());
    let end = rooms.iter().filter_map(|(_, room)| room.left()).max_by_key(Evidence::order).filter(|_| !open);
    Conversation {
        number: 0,
        channel: Channel::Room,
        session: rooms.iter().find_map(|(_, room)| room.session.clone()),
        streams: rooms.iter().map(|(stream, _)| *stream).collect(),
        tickets: rooms.iter().filter_map(|(stream, _)| ownership.ticket(*stream)).cloned().collect(),
        messages: messages.collect(),
        invitations: invitations(rooms, rings, ownership),
        participants,
        pieces: rooms.iter().map(|(_, room)| room.pieces).max().unwrap_or_default(),
        start,
        from_start: whole,
        end,
    }
}

/// A message with those who were there to hear it.
pub(super) fn message(merged: Merged, participants: &[Participant], names: &Names) -> ChatMessage {
    let (delivered, receipt) = merged.delivered();
    let Merged { from, nick, what, evidence, copies, .. } = merged;
    let mut inferred = from.is_none();
    let mut to = Vec::new();
    for person in participants {
        let Some(stay) = person.stay_at(evidence) else { continue };
        if Some(&person.account) == from.as_ref() {
            // What somebody says under their own name is not inferred, however they came.
            inferred |= person.captured && stay.inferred;
        } else {
            inferred |= stay.inferred;
            to.push(person.account.clone());
        }
    }
    let nick = nick.or_else(|| {
        let account = from.as_deref()?;
        let name = names.at(account, evidence)?.to_owned();
        inferred |= names.is_from_later(account, evidence);
        Some(name)
    });
    ChatMessage { nick, evidence, copies, from, to, what, delivered, receipt, inferred }
}

/// Each call with the ring that it caused, and rings whose call was not captured; in order of time.
fn invitations(rooms: &[(u32, &Room)], rings: &HashMap<&str, Vec<&Ring>>, ownership: &Ownership) -> Vec<Invitation> {
    let mut all: Vec<Invitation> = Vec::new();
    for (stream, room) in rooms {
        let owner = ownership.account(*stream);
        // Calling oneself brings in one's other devices.
        for call in room.calls.iter().filter(|call| Some(call.account.as_str()) != owner) {
            all.push(Invitation {
                from: owner.map(str::to_owned),
                to: call.account.clone(),
                call: Some(call.evidence),
                ring: None,
                refused: call.refused,
            });
        }
    }
    let session = rooms.iter().find_map(|(_, room)| room.session.as_deref());
    let times = |ring: &&Ring| {
        rooms.iter().any(|(stream, room)| {
            ownership.ticket(*stream).is_some_and(|ticket| ticket.evidence == ring.evidence)
                || room.left().is_none_or(|left| ring.evidence.time <= left.time)
                    && room.first.time <= ring.evidence.time
        })
    };
    for ring in session.and_then(|session| rings.get(session)).into_iter().flatten().copied().filter(times) {
        let Some(to) = ownership.account(ring.evidence.stream) else { continue };
        let waits = |one: &&mut Invitation| one.to == to && one.ring.is_none() && one.refused.is_none();
        match all.iter_mut().find(waits) {
            Some(invitation) => invitation.ring = Some(ring.evidence),
            None => all.push(Invitation {
                from: Some(ring.from.clone()),
                to: to.to_owned(),
                call: None,
                ring: Some(ring.evidence),
                refused: None,
            }),
        }
    }
    sort_by_key(&mut all, |one| one.call.or(one.ring).map(|evidence| evidence.order()));
    all
}
