//! A relay, as my client sees it: an address is asked for, the first packets travel inside messages of the relay, and once
//! the other program is set as the destination, packets travel as they are.
//!
//! Source: protocol reference, transfers 8.1; vector V35.

use super::Side;
use super::stage::Stage;

const CONTROL: u8 = 2;
const DATA: u8 = 3;
const ALLOCATE: u16 = 0x0003;
const ALLOCATED: u16 = 0x0103;
const SEND: u16 = 0x0004;
const ARRIVED: u16 = 0x0115;
const SET_ACTIVE: u16 = 0x0006;
const ACTIVE: u16 = 0x0106;
/// Frames with which the relay is greeted.
const GREETING: usize = 4;
/// Packets that travel inside messages.
const ENCLOSED: usize = 2;
/// Where the friend is, as the relay sees it: an attribute's value.
const FRIEND: [u8; 8] = [0, 1, 0x1a, 0xeb, 203, 0, 113, 40];

/// What looks like a greeting of TLS: head of the record, and as many bytes as it says.
const PRETENDED: &[u8] = b"\x16\x03\x01\x00\x0a\x01\x00\x00\x06\x03\x01abcd";

/// Both pretend to begin TLS; my client asks for an address, and is given one.
pub(super) fn greet(stage: &mut Stage<'_>, connection: &str) {
    for speaker in [Side::Me, Side::Friend] {
        stage.aside(connection, (speaker, Side::Me), PRETENDED.to_vec(), &[], Some(20));
    }
    control(stage, connection, Side::Me, (ALLOCATE, &[]));
    control(stage, connection, Side::Friend, (ALLOCATED, &[(0x0001, &FRIEND)]));
}

/// A packet goes through the relay; gives the number of its line.
pub(super) fn send(
    stage: &mut Stage<'_>,
    connection: &str,
    speaker: Side,
    packet: &[u8],
    after_ms: Option<u64>,
) -> Result<usize, String> {
    let said = stage.count(connection);
    if said == GREETING + ENCLOSED {
        control(stage, connection, Side::Me, (SET_ACTIVE, &[(0x0011, &FRIEND)]));
        control(stage, connection, Side::Friend, (ACTIVE, &[]));
    }
    let head = if said < GREETING + ENCLOSED {
        let (kind, address) = if speaker == Side::Me { (SEND, 0x0011) } else { (ARRIVED, 0x0012) };
        let length = u16::try_from(packet.len()).map_err(|error| error.to_string())?;
        let mut attributes = attributes(&[(address, &FRIEND)]);
        attributes.extend_from_slice(&[0, 0x13]);
        attributes.extend_from_slice(&length.to_be_bytes());
        message(kind, said, &attributes, packet.len())?
    } else {
        frame(DATA, packet.len())?
    };
    Ok(stage.aside(connection, (speaker, Side::Me), head, packet, after_ms))
}

/// A message between my client and the relay: its type, and attributes behind the one that all have.
fn control(stage: &mut Stage<'_>, connection: &str, speaker: Side, (kind, said): (u16, &[(u16, &[u8])])) {
    let number = stage.count(connection);
    if let Ok(bytes) = message(kind, number, &attributes(said), 0) {
        stage.aside(connection, (speaker, Side::Me), bytes, &[], Some(20));
    }
}

fn attributes(said: &[(u16, &[u8])]) -> Vec<u8> {
    let mut bytes = vec![0, 0x0f, 0, 4, 0x72, 0xc6, 0x4b, 0xc6];
    for (kind, value) in said {
        bytes.extend_from_slice(&kind.to_be_bytes());
        bytes.extend_from_slice(&u16::try_from(value.len()).unwrap_or(u16::MAX).to_be_bytes());
        bytes.extend_from_slice(value);
    }
    bytes
}

/// `frame head, type, length, transaction (16)` and attributes; so many bytes of the last one's value follow.
fn message(kind: u16, number: usize, attributes: &[u8], follow: usize) -> Result<Vec<u8>, String> {
    let length = attributes.len() + follow;
    let mut bytes = frame(CONTROL, 20 + length)?;
    bytes.extend_from_slice(&kind.to_be_bytes());
    bytes.extend_from_slice(&u16::try_from(length).map_err(|error| error.to_string())?.to_be_bytes());
    bytes.extend_from_slice(&[0x5e; 8]);
    bytes.extend_from_slice(&(number as u64).to_be_bytes());
    bytes.extend_from_slice(attributes);
    Ok(bytes)
}

fn frame(kind: u8, length: usize) -> Result<Vec<u8>, String> {
    let [high, low] = u16::try_from(length).map_err(|error| error.to_string())?.to_be_bytes();
    Ok(vec![kind, 0, high, low])
}
