//! MSNFTP, the file transfer of early dialects: an invitation in the room, and a TCP connection that brings the file.
//!
//! Source: protocol reference, transfers 4; vector V29.

use super::script::Event;
use super::stage::{Message, Stage};
use super::{Answer, Arrival, Carrier, Direct, Ending, Running, Side};

const FILE: &str = "{5D3E02AB-6190-11d3-BBBB-00C04F795683}";
/// The file has arrived.
const SUCCESS: u32 = 0x0100_0305;

pub(super) fn open(stage: &mut Stage<'_>, running: &mut Running<'_>) -> Result<(), String> {
    let (sender, receiver) = (running.transfer.from, running.receiver());
    let cookie = running.session;
    let offer = format!(
        "Application-Name: File Transfer\r\nApplication-GUID: {FILE}\r\nInvitation-Command: INVITE\r\n\
         Invitation-Cookie: {cookie}\r\nApplication-File: {}\r\nApplication-FileSize: {}\r\nConnectivity: N\r\n\r\n",
        running.transfer.name, running.size
    );
    invite(stage, sender, &offer, 800);
    let code = match running.transfer.answer {
        Answer::Accept => None,
        Answer::Decline => Some("REJECT"),
        Answer::Refuse => Some("REJECT_NOT_INSTALLED"),
        Answer::Silence => return Ok(()),
    };
    if let Some(code) = code {
        let answer =
            format!("Invitation-Command: CANCEL\r\nInvitation-Cookie: {cookie}\r\nCancel-Code: {code}\r\n\r\n");
        invite(stage, receiver, &answer, 2900);
        return Ok(());
    }
    let answer = format!(
        "Invitation-Command: ACCEPT\r\nInvitation-Cookie: {cookie}\r\nLaunch-Application: FALSE\r\n\
         Request-Data: IP-Address:\r\n\r\n"
    );
    invite(stage, receiver, &answer, 2900);
    let Direct { address, port, .. } = direct(running)?;
    let secret = cookie / 7;
    let place = format!(
        "Invitation-Command: ACCEPT\r\nInvitation-Cookie: {cookie}\r\nIP-Address: {address}\r\nPort: {port}\r\n\
         AuthCookie: {secret}\r\nLaunch-Application: FALSE\r\nRequest-Data: IP-Address:\r\n\r\n"
    );
    invite(stage, sender, &place, 120);
    let account = &stage.exchange.person(receiver).account;
    let lines = [
        (receiver, "VER MSNFTP\r\n".to_owned()),
        (sender, "VER MSNFTP\r\n".to_owned()),
        (receiver, format!("USR {account} {secret}\r\n")),
        (sender, format!("FIL {}\r\n", running.size)),
        (receiver, "TFR\r\n".to_owned()),
    ];
    for (speaker, line) in lines {
        say(stage, running, speaker, line.into_bytes(), &[], None)?;
    }
    Ok(())
}

pub(super) fn event(
    stage: &mut Stage<'_>,
    running: &mut Running<'_>,
    event: &Event,
    after_ms: Option<u64>,
) -> Result<(), String> {
    let Event::Chunk(chunk) = event else { return Err("an old file transfer knows nothing but blocks".to_owned()) };
    let behind: u64 = running.arrivals.iter().map(|arrival| arrival.bytes.len() as u64).sum();
    if chunk.lost || chunk.offset != behind {
        return Err("blocks have no places of their own: they come one after the other".to_owned());
    }
    let bytes = running.bytes(chunk)?;
    let [low, high] = u16::try_from(bytes.len()).map_err(|error| error.to_string())?.to_le_bytes();
    let line = say(stage, running, running.transfer.from, vec![0, low, high], &bytes, after_ms)?;
    let (offset, carrier) = (chunk.offset, Carrier::Old);
    running.arrivals.push(Arrival { line, offset, counted: None, bytes, carrier, acknowledged_by: None });
    Ok(())
}

pub(super) fn close(stage: &mut Stage<'_>, running: &mut Running<'_>) -> Result<(), String> {
    if !running.accepted {
        return Ok(());
    }
    let (sender, receiver) = (running.transfer.from, running.receiver());
    match running.transfer.ending {
        Ending::Bye if running.stopped() => {}
        Ending::Nothing => {}
        Ending::Bye => {
            say(stage, running, sender, vec![1, 0, 0], &[], None)?;
            let line = say(stage, running, receiver, format!("BYE {SUCCESS}\r\n").into_bytes(), &[], None)?;
            running.acknowledge(line, |_| true);
        }
        Ending::CancelBySender => {
            say(stage, running, sender, vec![1, 0, 0], &[], Some(400))?;
        }
        Ending::CancelByReceiver => {
            say(stage, running, receiver, b"CCL\r\n".to_vec(), &[], Some(400))?;
        }
    }
    Ok(())
}

fn direct<'t>(running: &Running<'t>) -> Result<&'t Direct, String> {
    let direct = running.transfer.direct.as_ref();
    direct.ok_or_else(|| format!("{} has no connection of its own", running.transfer.name))
}

fn say(
    stage: &mut Stage<'_>,
    running: &Running<'_>,
    speaker: Side,
    line: Vec<u8>,
    payload: &[u8],
    after_ms: Option<u64>,
) -> Result<usize, String> {
    // Who receives the file connects.
    let sides = (speaker, running.receiver());
    Ok(stage.aside(&direct(running)?.connection, sides, line, payload, after_ms))
}

fn invite(stage: &mut Stage<'_>, speaker: Side, body: &str, after_ms: u64) {
    let payload = format!("MIME-Version: 1.0\r\nContent-Type: text/x-msmsgsinvite; charset=UTF-8\r\n\r\n{body}");
    let (payload, after_ms) = (payload.as_bytes(), Some(after_ms));
    stage.message(&Message { speaker, acknowledgement: 'N', payload, after_ms });
}
