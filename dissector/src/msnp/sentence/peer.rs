//! Sentences about what one program sends to the other: pieces of objects, acknowledgements, old file transfers.

use super::shorten;
use crate::msnp::p2p::{FileTransfer, Header, Packet, Peer, Role, msnftp};
use crate::msnp::{Direction, PduKind};
use crate::tree::{Arg, Text, texts};

texts! {
    CONNECTOR = "sentence.peer.connector", "The program that connected";
    LISTENER = "sentence.peer.listener", "The program that was called";
    FIRST = "sentence.peer.first", "The program that sent the first datagram";
    OTHER = "sentence.peer.other", "The other program";
    OBJECT = "sentence.peer.object", "{0} sends {1} bytes of {4}, from byte {2} on, of {3} in all.";
    FILE = "sentence.peer.file", "{0} sends {1} bytes of a file, from byte {2} on, of {3} in all.";
    OBJECT_LEFT = "sentence.peer.object-left", "{0} sends {1} bytes of {3}; {2} are still to come.";
    SOME_OBJECT = "sentence.peer.object-any", "a picture or other object";
    EMOTICON = "sentence.peer.object-11", "an emoticon or wink";
    PICTURE = "sentence.peer.object-12", "a display picture or scene";
    FILE_LEFT = "sentence.peer.file-left", "{0} sends {1} bytes of a file; {2} are still to come.";
    WILL_SEND = "sentence.peer.announces", "{0} announces a file of {1} bytes.";
    PREPARES = "sentence.peer.prepares", "{0} says that the data of an object will follow.";
    PIECE = "sentence.peer.piece", "{0} sends a piece of an invitation, or of the answer to one.";
    SAYS = "sentence.peer.message", "{0} sends a message about a webcam, an activity or a game.";
    DRAWS = "sentence.peer.ink", "{0} sends handwriting.";
    ACKNOWLEDGES = "sentence.peer.ack", "{0} acknowledges message {1}.";
    ACKNOWLEDGES_UNTIL = "sentence.peer.ack-until", "{0} acknowledges all packets up to the number {1}.";
    GO_ON = "sentence.peer.go-on", "{0} lacks a piece and asks to go on from byte {1}.";
    GIVES_UP_SENDING = "sentence.peer.cancel", "{0}, which has the data, gives up.";
    GIVES_UP_RECEIVING = "sentence.peer.abort", "{0}, which wants the data, gives up.";
    FAULT = "sentence.peer.fault", "{0} reports a fault.";
    WAITS = "sentence.peer.waits", "{0} waits for an answer.";
    ASKS_ACK = "sentence.peer.rak", "{0} asks whether all has come.";
    EMPTY = "sentence.peer.empty", "{0} sends a packet that carries nothing.";
    GREETS = "sentence.peer.greets", "{0} begins a direct connection.";
    SHOWS_NONCE = "sentence.peer.nonce", "{0} shows by its nonce which connection was agreed on.";
    RELAYED = "sentence.peer.relay", "A message of {0} bytes between a program and a relay, or through it.";
    DATAGRAM = "sentence.peer.udp", "A datagram of {0} bytes by which programs find out whether they reach each other over UDP.";
    WEBCAM = "sentence.peer.webcam", "A greeting or a picture of a webcam, {0} bytes.";
    LOGS_IN = "sentence.ftp.login", "{0} receives the file: it is {1}.";
    TELLS_SIZE = "sentence.ftp.size", "{0} sends the file: it has {1} bytes.";
    READY = "sentence.ftp.ready", "{0} is ready for the file.";
    BLOCK = "sentence.ftp.block", "{0} sends {1} bytes of the file.";
    ENDS = "sentence.ftp.end", "{0} ends the file, or breaks it off.";
    CANCELS = "sentence.ftp.cancel", "{0} does not want the file any more.";
    ARRIVED = "sentence.ftp.arrived", "{0} has got the file.";
    BYE = "sentence.ftp.bye", "{0} says that the transfer has ended.";
    LINE = "sentence.ftp.line", "{0} says which protocol it speaks.";
}

/// Who sends something between two programs. Over UDP nobody connects, and to a relay both do.
pub(super) fn sender(kind: PduKind, direction: Direction) -> Text {
    match (kind, direction) {
        (PduKind::Udp, Direction::ToServer) => FIRST.text(),
        (PduKind::Udp | PduKind::Relay, Direction::ToClient) => OTHER.text(),
        (_, Direction::ToServer) => CONNECTOR.text(),
        _ => LISTENER.text(),
    }
}

/// What a program sends in its packets.
pub(super) fn told(peer: &Peer, from: Arg) -> Text {
    match peer.packets.as_slice() {
        [] => EMPTY.with([from]),
        [first, ..] => packet(first, from),
    }
}

fn packet(packet: &Packet, from: Arg) -> Text {
    let length = packet.data.end.saturating_sub(packet.data.start);
    match (packet.role, &packet.header) {
        (Role::File, Header::V1(header)) if length == 0 => WILL_SEND.with([from, header.total.into()]),
        (Role::Object, Header::V1(header)) => {
            let what = object(packet.application);
            OBJECT.with([from, length.into(), header.offset.into(), header.total.into(), what])
        }
        (Role::File, Header::V1(header)) => FILE.with([from, length.into(), header.offset.into(), header.total.into()]),
        (Role::Object | Role::File, Header::V2(header)) => {
            let left = header.data.map_or(0, |data| data.remaining);
            match packet.role {
                Role::File => FILE_LEFT.with([from, length.into(), left.into()]),
                _ => OBJECT_LEFT.with([from, length.into(), left.into(), object(packet.application)]),
            }
        }
        (Role::Preparation, _) => PREPARES.with([from]),
        (Role::Signalling, _) => PIECE.with([from]),
        (Role::Message, _) => SAYS.with([from]),
        (Role::Ink, _) => DRAWS.with([from]),
        (Role::Acknowledgement, Header::V1(header)) => ACKNOWLEDGES.with([from, header.ack_id.into()]),
        (Role::Reposition, Header::V1(header)) => GO_ON.with([from, header.ack_size.into()]),
        (Role::Cancel, _) => GIVES_UP_SENDING.with([from]),
        (Role::Abort, _) => GIVES_UP_RECEIVING.with([from]),
        (Role::Fault, _) => FAULT.with([from]),
        (Role::Waiting, _) => WAITS.with([from]),
        (Role::Nonce, _) => SHOWS_NONCE.with([from]),
        (_, Header::V2(header)) => match header.ack {
            Some(ack) => ACKNOWLEDGES_UNTIL.with([from, ack.into()]),
            None if header.operation != 0 => ASKS_ACK.with([from]),
            None => EMPTY.with([from]),
        },
        (Role::Nothing, Header::V1(_)) => EMPTY.with([from]),
    }
}

/// What an object is, as the footer of its packet says.
fn object(application: Option<u32>) -> Arg {
    match application {
        Some(11) => EMOTICON,
        Some(12) => PICTURE,
        _ => SOME_OBJECT,
    }
    .text()
    .into()
}

/// What a line or block of an old file transfer says.
pub(super) fn file(said: &FileTransfer, from: Arg) -> Text {
    match said {
        FileTransfer::Login { account, .. } => LOGS_IN.with([from, shorten(account).into()]),
        FileTransfer::Size(size) => TELLS_SIZE.with([from, (*size).into()]),
        FileTransfer::Ready => READY.with([from]),
        FileTransfer::Data { span, .. } => BLOCK.with([from, span.end.saturating_sub(span.start).into()]),
        FileTransfer::End => ENDS.with([from]),
        FileTransfer::Cancelled => CANCELS.with([from]),
        FileTransfer::Bye(Some(code)) if msnftp::succeeded(*code) => ARRIVED.with([from]),
        FileTransfer::Bye(_) => BYE.with([from]),
        FileTransfer::Other => LINE.with([from]),
    }
}
