//! Many people who talk: sign-ins, then rooms that open, live for a while and close, with presence and pings between.

use super::recorder::{Link, Recorder};
use super::signin::{Session, message, put, sign_in};
use super::words::{NUDGE, Person, text, typing};
use crate::scenario::{Direction, Random, ScenarioError};
use std::io::Write;

/// People signed in.
const PEOPLE: u64 = 120;
/// Rooms open at the same time.
const ROOMS: usize = 48;

struct Room {
    link: Link,
    me: Person,
    friend: Person,
    trid: u32,
}

/// Fills the capture.
pub fn run<W: Write>(recorder: &mut Recorder<W>, random: &mut Random) -> Result<(), ScenarioError> {
    let mut sessions = Vec::new();
    for number in 0..PEOPLE {
        sessions.push(sign_in(recorder, random, number)?);
    }
    let mut rooms: Vec<Room> = Vec::new();
    while !recorder.is_full() {
        recorder.pass(random.between(50_000, 900_000));
        let session = usize::try_from(random.between(0, PEOPLE)).unwrap_or(0);
        let Some(session) = sessions.get_mut(session) else { continue };
        if rooms.len() < ROOMS {
            rooms.push(open_room(recorder, random, session)?);
            continue;
        }
        match random.between(0, 100) {
            0..3 => ping(recorder, session)?,
            3..8 => presence(recorder, random, session)?,
            8..10 => {
                let index = usize::try_from(random.between(0, 48)).unwrap_or(0) % rooms.len();
                leave(recorder, rooms.swap_remove(index))?;
            }
            _ => {
                let index = usize::try_from(random.between(0, 48)).unwrap_or(0) % rooms.len();
                let Some(room) = rooms.get_mut(index) else { continue };
                talk(recorder, random, room)?;
            }
        }
    }
    for room in rooms {
        leave(recorder, room)?;
    }
    for mut session in sessions {
        session.ask(recorder, "OUT\r\n")?;
        recorder.close(session.link)?;
    }
    Ok(())
}

fn open_room<W: Write>(
    recorder: &mut Recorder<W>,
    random: &mut Random,
    session: &mut Session,
) -> Result<Room, ScenarioError> {
    let trid = session.next();
    let server = u8::try_from(random.between(70, 90)).unwrap_or(70);
    let (cookie, id) = (random.word(), random.word());
    let tail = match session.network() {
        "" => "",
        _ => " U messenger.example 1",
    };
    session.ask(recorder, &format!("XFR {trid} SB\r\n"))?;
    session.tell(recorder, &format!("XFR {trid} SB 198.51.100.{server}:1863 CKI {cookie}{tail}\r\n"))?;
    let contact = usize::try_from(random.between(0, 8)).unwrap_or(0);
    let friend = Person::numbered(session.contacts.get(contact).copied().unwrap_or(1_000));
    let mut link = recorder.open(session.host, server, random)?;
    let me = session.person.clone();
    let exchange = [
        (Direction::ToServer, format!("USR 1 {} {cookie}\r\n", me.account)),
        (Direction::ToClient, format!("USR 1 OK {} {}\r\n", me.account, me.nick)),
        (Direction::ToServer, format!("CAL 2 {}\r\n", friend.account)),
        (Direction::ToClient, format!("CAL 2 RINGING {id}\r\n")),
        (Direction::ToClient, format!("JOI {} {} {}\r\n", friend.account, friend.nick, session.capabilities())),
    ];
    for (direction, line) in exchange {
        recorder.pass(4_000_000);
        recorder.send(&mut link, direction, line.as_bytes())?;
    }
    Ok(Room { link, me, friend, trid: 3 })
}

/// Mine or my friend's: typing, a text with its acknowledgement, sometimes a nudge.
fn talk<W: Write>(recorder: &mut Recorder<W>, random: &mut Random, room: &mut Room) -> Result<(), ScenarioError> {
    let mut line = String::new();
    let friend = format!("{} {}", room.friend.account, room.friend.nick);
    let trid = room.trid;
    let (direction, acknowledged) = match random.between(0, 20) {
        0..5 => {
            message(&mut line, &format!("{trid} U"), &typing(&room.me.account));
            (Direction::ToServer, false)
        }
        5..10 => {
            message(&mut line, &friend, &typing(&room.friend.account));
            (Direction::ToClient, false)
        }
        10..15 => {
            message(&mut line, &format!("{trid} A"), &text(random));
            (Direction::ToServer, true)
        }
        15..19 => {
            message(&mut line, &friend, &text(random));
            (Direction::ToClient, false)
        }
        _ => {
            message(&mut line, &format!("{trid} N"), NUDGE);
            (Direction::ToServer, false)
        }
    };
    if direction == Direction::ToServer {
        room.trid += 1;
    }
    recorder.send(&mut room.link, direction, line.as_bytes())?;
    if acknowledged {
        recorder.pass(3_000_000);
        recorder.send(&mut room.link, Direction::ToClient, format!("ACK {trid}\r\n").as_bytes())?;
    }
    Ok(())
}

fn leave<W: Write>(recorder: &mut Recorder<W>, mut room: Room) -> Result<(), ScenarioError> {
    recorder.send(&mut room.link, Direction::ToClient, format!("BYE {}\r\n", room.friend.account).as_bytes())?;
    recorder.send(&mut room.link, Direction::ToServer, b"OUT\r\n")?;
    recorder.close(room.link)
}

fn ping<W: Write>(recorder: &mut Recorder<W>, session: &mut Session) -> Result<(), ScenarioError> {
    session.ask(recorder, "PNG\r\n")?;
    session.tell(recorder, "QNG 47\r\n")
}

fn presence<W: Write>(
    recorder: &mut Recorder<W>,
    random: &mut Random,
    session: &mut Session,
) -> Result<(), ScenarioError> {
    let contact = usize::try_from(random.between(0, 8)).unwrap_or(0);
    let Person { account, nick } = Person::numbered(session.contacts.get(contact).copied().unwrap_or(1_000));
    let (network, capabilities) = (session.network(), session.capabilities());
    let status = random.pick(&["NLN", "BSY", "IDL", "BRB", "AWY", "PHN", "LUN"], "NLN");
    let mut line = String::new();
    match random.between(0, 5) {
        0 => put(&mut line, format_args!("FLN {account} {}\r\n", network.trim_end())),
        _ => put(&mut line, format_args!("NLN {status} {account} {network}{nick} {capabilities}\r\n")),
    }
    session.tell(recorder, &line)
}
