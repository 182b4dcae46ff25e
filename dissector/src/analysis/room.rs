//! Rooms: what the connection to a chat room says once, of the room and of its client, and what holds for every command
//! behind that.
//!
//! A shell feeds [`Rooms`] with every command of a connection and asks it for the [`Room`] of any of them, at any time. The
//! items stand in the command's tree as facts of the capture, so that one column, or one filter, finds a whole chat.
//!
//! Source: protocol reference, sessions 8: `CAL` and `ANS` name the room, `USR` and `ANS` the client.

use std::sync::Arc;

use crate::msnp::{Body, Context, Direction, Message, Pdu, dissect, field, verb};
use crate::tree::{FieldId, Item, Recording, Span, Value, lossy};

/// What is known of a chat room and of the client on this side of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Room {
    session: Option<String>,
    owner: Option<String>,
}

impl Room {
    /// What it says of a command, as items behind its tree: the room's session, and who sends a message, each unless the
    /// command says so itself.
    pub fn items(&self, pdu: &Pdu<'_>, context: &Context) -> impl Iterator<Item = Item> + use<> {
        let outward = context.direction == Direction::ToServer;
        let names = matches!((pdu.verb(), outward), (Some(verb::CAL), false) | (Some(verb::ANS), true));
        let writes = pdu.verb() == Some(verb::MSG) && outward;
        let session = self.session.clone().filter(|_| !names).map(|session| generated(field::SESSION, session));
        let owner = self.owner.iter().filter(|_| writes).cloned().collect::<Vec<_>>();
        let names = owner
            .into_iter()
            .flat_map(|owner| [generated(field::SENDER, owner.clone()), generated(field::ACCOUNT, owner)]);
        session.into_iter().chain(names)
    }

    /// The client's account.
    pub(crate) fn owner_mut(&mut self) -> Option<&mut String> {
        self.owner.as_mut()
    }
}

/// What one connection has said of its room, and since which command that is known.
#[derive(Debug, Clone, Default)]
pub struct Rooms {
    known: Vec<(u32, Arc<Room>)>,
}

impl Rooms {
    /// Takes note of a command; numbers grow.
    pub fn note(&mut self, number: u32, pdu: &Pdu<'_>, context: &Context) {
        if !matches!(pdu.verb(), Some(verb::CAL | verb::ANS | verb::USR)) {
            return;
        }
        let before = self.known.last().map(|(_, room)| Room::clone(room)).unwrap_or_default();
        let Message { body, .. } = dissect(pdu, context, Recording::Nothing).message;
        let text = |word: &[u8]| Some(lossy(word)).filter(|text| !text.is_empty());
        let (session, owner) = match body {
            Body::RoomEntry { account, session, .. } => (session.and_then(|word| text(word.0)), text(account.name())),
            Body::Ringing { session } => (text(session.0), None),
            _ => return,
        };
        let room =
            Room { session: session.or_else(|| before.session.clone()), owner: owner.or_else(|| before.owner.clone()) };
        if room != before {
            self.known.push((number, Arc::new(room)));
        }
    }

    /// What is known where a command stands.
    #[must_use]
    pub fn at(&self, number: u32) -> Option<&Arc<Room>> {
        let behind = self.known.partition_point(|(since, _)| *since < number);
        self.known.get(behind.checked_sub(1)?).map(|(_, room)| room)
    }
}

fn generated(field: FieldId, text: String) -> Item {
    let (span, value) = (Span::pdu(0, 0), Value::Text(text));
    Item { field, span, depth: 0, value, label: None, remark: None, generated: true, mask: None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::value_text;

    const UP: Direction = Direction::ToServer;
    const DOWN: Direction = Direction::ToClient;

    fn note(rooms: &mut Rooms, number: u32, line: &[u8], direction: Direction) {
        let context = Context { direction, ..Context::default() };
        rooms.note(number, &Pdu::command(line, line.len(), direction), &context);
    }

    fn told(rooms: &Rooms, number: u32, line: &[u8], direction: Direction) -> Vec<String> {
        let (pdu, context) = (Pdu::command(line, line.len(), direction), &Context { direction, ..Context::default() });
        rooms
            .at(number)
            .map(|room| room.items(&pdu, context).map(|item| value_text(&item).into_owned()).collect())
            .unwrap_or_default()
    }

    #[test]
    fn a_room_is_known_from_the_command_behind_the_one_that_names_it() {
        let mut rooms = Rooms::default();
        note(&mut rooms, 1, b"USR 1 alice@example.com 17262740.1050826919.32307\r\n", UP);
        note(&mut rooms, 2, b"USR 1 OK alice@example.com Alice\r\n", DOWN);
        note(&mut rooms, 3, b"CAL 2 RINGING 9e4b1c77d0aa53f2\r\n", DOWN);
        note(&mut rooms, 3000, b"CAL 3 RINGING 9e4b1c77d0aa53f2\r\n", DOWN);
        assert_eq!(rooms.known.len(), 2);
        assert_eq!(told(&rooms, 2, b"MSG 2 N 0\r\n", UP), ["alice@example.com", "alice@example.com"]);
        assert_eq!(told(&rooms, 3, b"CAL 2 RINGING 9e4b1c77d0aa53f2\r\n", DOWN), [""; 0]);
        assert_eq!(
            told(&rooms, 4, b"MSG 3 N 0\r\n", UP),
            ["9e4b1c77d0aa53f2", "alice@example.com", "alice@example.com"]
        );
        assert_eq!(told(&rooms, 4, b"MSG bob@example.com Bob 0\r\n", DOWN), ["9e4b1c77d0aa53f2"]);
        assert_eq!(told(&rooms, 3000, b"CAL 3 RINGING 9e4b1c77d0aa53f2\r\n", DOWN), [""; 0]);
        assert_eq!(told(&rooms, 1, b"MSG 2 N 0\r\n", UP), [""; 0]);
    }

    #[test]
    fn who_is_called_learns_it_from_the_invitation() {
        let mut rooms = Rooms::default();
        note(&mut rooms, 1, b"ANS 1 carol@example.org;{C0} 849102291.520491932 11752099\r\n", UP);
        assert_eq!(told(&rooms, 1, b"ANS 1 carol@example.org 1 11752099\r\n", UP), [""; 0]);
        assert_eq!(told(&rooms, 2, b"MSG 2 U 0\r\n", UP), ["11752099", "carol@example.org", "carol@example.org"]);
    }
}
