//! What both versions of P2P have in common: how a session opens, how the two get a connection of their own, and how a
//! packet goes.

use super::script::{Chunk, Event};
use super::slp::{self, Said};
use super::stage::{Message, Stage};
use super::{Answer, Carrier, Over, Running, Side, Way, turn, udp};

/// What each version does in its own way.
pub(super) trait Version {
    /// A message of the dialogue in the room, with what belongs to it.
    fn say(
        &mut self,
        stage: &mut Stage<'_>,
        running: &Running<'_>,
        speaker: Side,
        said: Said,
        after_ms: Option<u64>,
    ) -> Result<(), String>;

    /// The four zero bytes before an object.
    fn prepare(&mut self, stage: &mut Stage<'_>, running: &Running<'_>, carrier: Carrier) -> Result<(), String>;

    /// What a side says first on a connection of their own.
    fn greeting(&mut self, speaker: Side, nonce: [u8; 16]) -> Vec<u8>;
}

/// From the invitation to what stands before the data.
pub(super) fn open(
    programs: &mut impl Version,
    stage: &mut Stage<'_>,
    running: &mut Running<'_>,
) -> Result<(), String> {
    let inviter = running.inviter();
    programs.say(stage, running, inviter, Said::Invite, Some(600))?;
    let code = match running.transfer.answer {
        Answer::Accept => 200,
        Answer::Decline => 603,
        Answer::Refuse => 500,
        Answer::Silence => return Ok(()),
    };
    let thought = if running.is_object() { 40 } else { 2600 };
    programs.say(stage, running, inviter.other(), Said::Answer(code), Some(thought))?;
    if !running.accepted {
        return Ok(());
    }
    if matches!(running.events.first(), Some(Event::Chunk(Chunk { direct: true, .. }))) {
        connect(programs, stage, running)?;
    }
    if running.is_object() && running.transfer.prepared {
        programs.prepare(stage, running, carrier(running, running.connected))?;
    }
    Ok(())
}

/// Where packets go: in the room, or on a connection of their own.
pub(super) fn carrier(running: &Running<'_>, direct: bool) -> Carrier {
    let over = running.transfer.direct.as_ref().filter(|_| direct).map(|direct| direct.over);
    match over {
        None => running.room,
        Some(Over::Tcp) => Carrier::Direct,
        Some(Over::Udp) => Carrier::Udp,
        Some(Over::Turn) => Carrier::Turn,
    }
}

/// Agrees on a connection of their own, and greets on it.
pub(super) fn connect(
    programs: &mut impl Version,
    stage: &mut Stage<'_>,
    running: &mut Running<'_>,
) -> Result<(), String> {
    let Some(direct) = running.transfer.direct.as_ref() else {
        return Err(format!("{} has no connection of its own", running.transfer.name));
    };
    let connector = slp::connector(running);
    programs.say(stage, running, connector, Said::Ways, Some(20))?;
    programs.say(stage, running, connector.other(), Said::WayChosen, Some(90))?;
    if direct.over == Over::Turn {
        turn::greet(stage, &direct.connection);
        running.connected = true;
        return Ok(());
    }
    if direct.over == Over::Udp {
        let seen_at = ([203, 0, 113, 15], direct.port);
        for (speaker, seen_at) in [(connector, None), (connector.other(), Some(seen_at))] {
            let question = udp::question(running.session, seen_at);
            stage.aside(&direct.connection, (speaker, connector), question, &[], Some(20));
        }
        running.connected = true;
        return Ok(());
    }
    stage.aside(&direct.connection, (connector, connector), 4_u32.to_le_bytes().to_vec(), b"foo\0", Some(20));
    for (speaker, nonce) in [connector, connector.other()].into_iter().zip(running.names.nonces(direct)) {
        let greeting = programs.greeting(speaker, nonce);
        stage.aside(&direct.connection, (speaker, connector), length(&greeting)?, &greeting, Some(5));
    }
    running.connected = true;
    Ok(())
}

/// Sends a packet, in the room with a footer behind it; gives the number of its line.
pub(super) fn send(
    stage: &mut Stage<'_>,
    running: &Running<'_>,
    (speaker, carrier): (Side, Carrier),
    (way, footer): (Way, u32),
    packet: &[u8],
    after_ms: Option<u64>,
) -> Result<usize, String> {
    match (carrier, running.transfer.direct.as_ref()) {
        (Carrier::Direct | Carrier::Udp, Some(direct)) => {
            let sides = (speaker, slp::connector(running));
            let head = match carrier {
                Carrier::Udp => udp::head(1, u32::from(speaker != sides.1), running.session),
                _ => length(packet)?,
            };
            Ok(stage.aside(&direct.connection, sides, head, packet, after_ms))
        }
        (Carrier::Turn, Some(direct)) => turn::send(stage, &direct.connection, speaker, packet, after_ms),
        (Carrier::Direct | Carrier::Udp | Carrier::Turn, None) => {
            Err(format!("{} has no connection of its own", running.transfer.name))
        }
        _ => {
            let exchange = stage.exchange;
            let (from, to) = (exchange.person(speaker), exchange.person(speaker.other()));
            let packet = [packet, &footer.to_be_bytes()].concat();
            let around = match carrier {
                Carrier::Datagrams => slp::around_datagram(from, to, packet.len()),
                _ => slp::around(way, from, to),
            };
            let payload = [around.as_bytes(), &packet].concat();
            Ok(stage.message(&Message { speaker, acknowledgement: 'D', payload: &payload, after_ms }))
        }
    }
}

/// The length before a packet on a connection of their own.
fn length(packet: &[u8]) -> Result<Vec<u8>, String> {
    let length = u32::try_from(packet.len()).map_err(|error| error.to_string())?;
    Ok(length.to_le_bytes().to_vec())
}
