//! DNS questions and answers: the usual noise before a sign-in.

use super::error::ScenarioError;
use super::options::Lookup;
use super::packet::{Checksum, Direction, Packet, Route, Transport};
use super::random::Random;
use super::timestamp::MILLISECOND;
use std::net::IpAddr;

/// Adds each look-up as two datagrams on a route of its own.
pub fn add(
    lookups: &[Lookup],
    start: u64,
    routes: &mut Vec<Route>,
    packets: &mut Vec<Packet>,
) -> Result<(), ScenarioError> {
    for lookup in lookups {
        let mut random = Random::named(lookup.at_ms, &lookup.name);
        let [high, low, ..] = random.next().to_be_bytes();
        let question = question(&lookup.name)?;
        let connection = routes.len();
        let asked = start + lookup.at_ms * MILLISECOND;
        let answered = asked + random.between(11 * MILLISECOND, 35 * MILLISECOND);
        let record = record(lookup);
        let queries = [
            (asked, Direction::ToServer, [&[high, low, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0][..], &question].concat()),
            (
                answered,
                Direction::ToClient,
                [&[high, low, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0][..], &question, &record].concat(),
            ),
        ];
        for (time, direction, payload) in queries {
            packets.push(Packet {
                time,
                connection,
                direction,
                transport: Transport::Udp,
                payload,
                stream: 0..0,
                ip_id: 0,
                captured: None,
                checksum: Checksum::Right,
                fragments: None,
            });
        }
        routes.push(Route {
            name: format!("look-up of {}", lookup.name),
            client: lookup.client,
            server: lookup.server,
            vlan: Vec::new(),
            extensions: Vec::new(),
            interface: lookup.interface,
        });
    }
    Ok(())
}

/// The name as labels, then type (A; the answer may still be AAAA) and class IN.
fn question(name: &str) -> Result<Vec<u8>, ScenarioError> {
    let mut question = Vec::new();
    for label in name.split('.') {
        let length = u8::try_from(label.len()).ok().filter(|length| (1..64).contains(length));
        question.push(length.ok_or_else(|| ScenarioError::Scenario(format!("{name} is not a host name")))?);
        question.extend_from_slice(label.as_bytes());
    }
    question.extend_from_slice(&[0, 0, 1, 0, 1]);
    Ok(question)
}

/// The answer: pointer to the name, type, class IN, 300 s, address.
fn record(lookup: &Lookup) -> Vec<u8> {
    match lookup.address {
        IpAddr::V4(address) => [&[0xc0, 0x0c, 0, 1, 0, 1, 0, 0, 0x01, 0x2c, 0, 4][..], &address.octets()].concat(),
        IpAddr::V6(address) => [&[0xc0, 0x0c, 0, 28, 0, 1, 0, 0, 0x01, 0x2c, 0, 16][..], &address.octets()].concat(),
    }
}
