//! Old file transfers: the invitation in a chat room, and the TCP connection of its own that brings the file.

use std::collections::HashMap;
// Addresses as values: nothing here opens a socket.
use core::net::SocketAddr;

use super::follow::LOOK_BACK;
use super::map::{Arrival, Mark};
use super::pair::{End, Ends};
use super::{Carrier, Kind, Sighting, Transfer, What};
use crate::analysis::Gap;
use crate::msnp::p2p::{FileTransfer, msnftp};
use crate::msnp::{Invitation, Pdu, PduKind};
use crate::tree::Span;

/// What is known of old file transfers.
#[derive(Debug, Default)]
pub(super) struct Old {
    /// Transfers by the cookie of their invitation: programs draw them by chance, and nothing keeps two from the same.
    by_cookie: HashMap<String, Vec<usize>>,
    /// Transfers by what lets the receiver in.
    by_secret: HashMap<String, usize>,
    /// What each connection brings: which transfer, and how far it came.
    by_stream: HashMap<u32, Line>,
}

#[derive(Debug, Clone, Copy)]
struct Line {
    transfer: usize,
    /// Where the next block begins in the file; `None` when that was lost with a gap.
    at: Option<u64>,
    /// Who sends the file, once its size or a block has come.
    sender: Option<SocketAddr>,
    /// Whether the client of the connection sends the file: not who logs in, but who tells its size.
    by_client: Option<bool>,
    /// Bytes on the connection, heads and all, that stand between the latest block and what comes next, as far as gaps and
    /// skipped bytes tell. What a cut block lacks counts against them.
    between: i64,
    /// Bytes in the longest block so far.
    usual: u64,
}

impl Line {
    fn new(transfer: usize) -> Self {
        Self { transfer, at: Some(0), sender: None, by_client: None, between: 0, usual: 0 }
    }

    /// Where a block begins that comes now. What is missing between it and the one before are whole blocks of the usual
    /// length, or nobody knows what.
    fn place(&mut self, size: Option<u64>) -> Option<u64> {
        let between = u64::try_from(std::mem::take(&mut self.between)).unwrap_or(0);
        let usual = if self.usual == 0 { msnftp::LONGEST as u64 } else { self.usual };
        let whole = usual.saturating_add(msnftp::HEAD as u64);
        let missing = between.is_multiple_of(whole).then(|| (between / whole).saturating_mul(usual));
        self.at = self.at.zip(missing).map(|(at, missing)| at.saturating_add(missing));
        self.at = self.at.filter(|at| between == 0 || size.is_none_or(|size| *at < size));
        self.at
    }
}

/// What a line or block says about a transfer, by its place.
pub(super) enum Told {
    /// Nothing that happened to it.
    Nothing,
    /// Something was done.
    Step(usize, What),
    /// A piece of the file has come.
    Block(usize, Arrival),
    /// A piece of the file has come, and nobody knows where it belongs.
    Unplaced(usize),
}

impl Old {
    /// A message about an invitation, who says it, and whose the connection is on which it is heard.
    pub fn invitation(
        &mut self,
        all: &mut Vec<Transfer>,
        said: &Invitation,
        from: Option<String>,
        owner: Option<&String>,
    ) -> Option<(usize, What)> {
        if said.cookie.is_empty() {
            return None;
        }
        let hears = owner.filter(|owner| Some(*owner) != from.as_ref());
        let ends = Ends { from: End::from(from.clone()), to: End::from(hears.cloned()) };
        let invites = said.command == "INVITE" && said.file.is_some();
        let places = self.by_cookie.entry(said.cookie.clone()).or_default();
        let known = places.iter().rev().take(LOOK_BACK).copied().find(|at| {
            all.get(*at).is_some_and(|one| {
                let same = ends.may_be(&Ends::of(one));
                // Who invites again with the same cookie, after the end, offers something new.
                same && (!invites || (one.from == from && !one.steps.iter().any(|step| step.what.ends())))
            })
        });
        let at = match known {
            Some(at) => at,
            None if invites => {
                let offered = Transfer {
                    kind: Kind::File,
                    from,
                    to: ends.to.account,
                    name: said.file.clone().unwrap_or_default(),
                    declared: said.size,
                    call: Some(said.cookie.clone()),
                    ..Transfer::default()
                };
                let at = offered.begin(all);
                places.push(at);
                return Some((at, What::Offered));
            }
            None => return None,
        };
        if let Some(secret) = &said.auth_cookie {
            self.by_secret.insert(secret.clone(), at);
        }
        let transfer = all.get_mut(at)?;
        let by_sender = from.is_some() && from == transfer.from;
        if transfer.to.is_none() {
            transfer.to = if by_sender { ends.to.account } else { from };
        }
        let what = match (said.command.as_str(), said.cancel_code.as_deref()) {
            ("ACCEPT", _) if said.auth_cookie.is_some() || by_sender => What::WayDirect,
            ("ACCEPT", _) => What::Accepted,
            ("CANCEL", Some("REJECT" | "REJECT_NOT_INSTALLED")) => What::Declined,
            ("CANCEL", _) if by_sender => What::CancelledBySender,
            ("CANCEL", _) => What::CancelledByReceiver,
            _ => return None,
        };
        Some((at, what))
    }

    /// A line or block on the connection of its own.
    pub fn line(
        &mut self,
        all: &mut Vec<Transfer>,
        said: &FileTransfer,
        sighting: Sighting,
        source: SocketAddr,
    ) -> Told {
        if let FileTransfer::Login { account, cookie } = said {
            let known = self.by_secret.get(cookie).copied();
            // What the other side says is heard before, where a hole stands before this line.
            let before = self.by_stream.get(&sighting.stream).filter(|_| known.is_none());
            if let Some(transfer) = before.and_then(|line| all.get_mut(line.transfer))
                && (&transfer.call, &transfer.to) == (&None, &None)
            {
                transfer.to = Some(account.to_ascii_lowercase());
                return Told::Nothing;
            }
            let at = known.unwrap_or_else(|| unheard_of(all));
            if let Some(transfer) = all.get_mut(at) {
                transfer.to.get_or_insert_with(|| account.to_ascii_lowercase());
            }
            let by_client = Some(!sighting.from_client);
            self.by_stream.insert(sighting.stream, Line { by_client, ..Line::new(at) });
            return Told::Nothing;
        }
        if matches!(said, FileTransfer::Other | FileTransfer::Ready) && !self.by_stream.contains_key(&sighting.stream) {
            return Told::Nothing;
        }
        let line = self.by_stream.entry(sighting.stream);
        let line = line.or_insert_with(|| Line::new(unheard_of(all)));
        let at = line.transfer;
        let sends = *line.by_client.get_or_insert(match said {
            FileTransfer::Size(_) | FileTransfer::Data { .. } | FileTransfer::End => sighting.from_client,
            _ => !sighting.from_client,
        });
        // Whatever the receiver says that looks like a piece of the file is none.
        if matches!(said, FileTransfer::Size(_) | FileTransfer::Data { .. }) && sends != sighting.from_client {
            return Told::Nothing;
        }
        // What is missing in the middle was lost on the way to the capture: nobody gave up.
        let complete = |all: &[Transfer]| {
            all.get(at).is_some_and(|transfer| transfer.size().is_some_and(|size| transfer.map.furthest() >= size))
        };
        let what = match said {
            FileTransfer::Size(size) => {
                line.sender = Some(source);
                if let Some(transfer) = all.get_mut(at) {
                    transfer.announced.get_or_insert(*size);
                }
                None
            }
            FileTransfer::Ready => Some(What::Accepted),
            FileTransfer::Data { span, length } => {
                let placed = line.place(all.get(at).and_then(Transfer::size));
                let lacks = length.saturating_sub(span.len());
                let length = u64::from(*length);
                line.at = placed.map(|offset| offset.saturating_add(length));
                line.usual = line.usual.max(length);
                line.sender = Some(source);
                line.between = i64::from(span.len()).saturating_sub(length.cast_signed());
                let Some(offset) = placed else { return Told::Unplaced(at) };
                let (carrier, mark) = (Carrier::Msnftp, Mark::Whole);
                return Told::Block(
                    at,
                    Arrival { offset, span: *span, lacks, carrier, counted: true, asks: true, mark },
                );
            }
            // Some say that this is the end, some that it is an abort: the number of bytes decides.
            FileTransfer::End if complete(all) => None,
            FileTransfer::End => Some(What::CancelledBySender),
            FileTransfer::Cancelled => Some(What::CancelledByReceiver),
            FileTransfer::Bye(Some(code)) if msnftp::succeeded(*code) => Some(What::Acknowledged),
            FileTransfer::Bye(_) if complete(all) => Some(What::Closed),
            FileTransfer::Bye(Some(msnftp::SENDER_GAVE_UP)) => Some(What::CancelledBySender),
            FileTransfer::Bye(_) => Some(What::CancelledByReceiver),
            FileTransfer::Login { .. } | FileTransfer::Other => None,
        };
        what.map_or(Told::Nothing, |what| Told::Step(at, what))
    }

    /// Bytes of a connection are missing.
    pub fn gap(&mut self, gap: &Gap) {
        if let Some(line) = self.sending(gap.stream, gap.source) {
            line.between = line.between.saturating_add_unsigned(gap.length);
        }
    }

    /// Bytes that are no line or block: what is left of a block behind a gap, with its place in the file, or what nobody can
    /// tell.
    pub fn stray(&mut self, pdu: &Pdu<'_>, sighting: Sighting, source: SocketAddr) -> Option<(usize, Arrival)> {
        let line = self.sending(sighting.stream, source)?;
        if line.by_client == Some(!sighting.from_client) {
            return None;
        }
        let length = u32::try_from(pdu.bytes.len()).unwrap_or(u32::MAX);
        line.between = line.between.saturating_add(length.into());
        let offset = line.at?.checked_sub(length.into()).filter(|_| pdu.kind == PduKind::PayloadRest)?;
        let (span, carrier, mark) = (Span::pdu(0, length), Carrier::Msnftp, Mark::Whole);
        Some((line.transfer, Arrival { offset, span, lacks: 0, carrier, counted: true, asks: true, mark }))
    }

    /// The connection, if this is who sends the file on it.
    fn sending(&mut self, stream: u32, source: SocketAddr) -> Option<&mut Line> {
        self.by_stream.get_mut(&stream).filter(|line| line.sender == Some(source))
    }
}

fn unheard_of(all: &mut Vec<Transfer>) -> usize {
    Transfer { kind: Kind::File, ..Transfer::default() }.begin(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where nobody tells addresses, the way on the connection does: who logs in gets the file.
    #[test]
    fn nothing_that_the_receiver_says_is_a_piece_of_the_file() {
        let (mut old, mut all) = (Old::default(), Vec::new());
        let nowhere = SocketAddr::from(([0, 0, 0, 0], 0));
        let data = || FileTransfer::Data { span: Span::pdu(3, 103), length: 100 };
        let mut say = |from_client, said: FileTransfer| {
            old.line(&mut all, &said, Sighting { from_client, ..Sighting::default() }, nowhere)
        };
        say(true, FileTransfer::Login { account: "ann@a".to_owned(), cookie: "1".to_owned() });
        say(false, FileTransfer::Size(200));
        assert!(matches!(say(true, FileTransfer::Size(7)), Told::Nothing));
        assert!(matches!(say(false, data()), Told::Block(0, Arrival { offset: 0, .. })));
        assert!(matches!(say(true, data()), Told::Nothing));
        assert!(matches!(say(false, data()), Told::Block(0, Arrival { offset: 100, .. })));
        assert_eq!(all[0].announced, Some(200));
    }

    /// The receiver's lines are heard late, behind a hole.
    #[test]
    fn a_login_that_is_heard_late_begins_no_other_file() {
        let (mut old, mut all) = (Old::default(), Vec::new());
        let nowhere = SocketAddr::from(([0, 0, 0, 0], 0));
        old.line(&mut all, &FileTransfer::Size(200), Sighting::default(), nowhere);
        let login = FileTransfer::Login { account: "Ann@a".to_owned(), cookie: "1".to_owned() };
        old.line(&mut all, &login, Sighting { from_client: true, ..Sighting::default() }, nowhere);
        let data = FileTransfer::Data { span: Span::pdu(3, 103), length: 100 };
        let told = old.line(&mut all, &data, Sighting::default(), nowhere);
        assert!(matches!(told, Told::Block(0, Arrival { offset: 0, .. })));
        assert_eq!((all.len(), all[0].to.as_deref(), all[0].size()), (1, Some("ann@a"), Some(200)));
    }

    #[test]
    fn the_result_tells_who_gave_up() {
        for (code, who) in [(msnftp::SENDER_GAVE_UP, What::CancelledBySender), (0x8100_0332, What::CancelledByReceiver)]
        {
            let (mut old, mut all) = (Old::default(), Vec::new());
            let nowhere = SocketAddr::from(([0, 0, 0, 0], 0));
            old.line(&mut all, &FileTransfer::Size(200), Sighting::default(), nowhere);
            let told = old.line(&mut all, &FileTransfer::Bye(Some(code)), Sighting::default(), nowhere);
            assert!(matches!(told, Told::Step(0, what) if what == who), "{code:#x}");
        }
    }
}
