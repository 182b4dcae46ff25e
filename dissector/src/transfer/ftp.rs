//! Old file transfers: the invitation in a chat room, and the TCP connection of its own that brings the file.

use std::collections::HashMap;

use super::map::{Chunk, Mark, Overlap};
use super::{Carrier, Kind, Sighting, Transfer, What};
use crate::msnp::Invitation;
use crate::msnp::p2p::{FileTransfer, msnftp};
use crate::tree::Span;

/// What is known of old file transfers.
#[derive(Debug, Default)]
pub(super) struct Old {
    /// Transfers by the cookie of their invitation.
    by_cookie: HashMap<String, usize>,
    /// Transfers by what lets the receiver in.
    by_secret: HashMap<String, usize>,
    /// What each connection brings: which transfer, and how far it came.
    by_stream: HashMap<u32, Line>,
}

#[derive(Debug, Clone, Copy)]
struct Line {
    transfer: usize,
    /// Where the next block begins in the file.
    at: u64,
}

/// What to do with a block.
pub(super) struct Block {
    pub transfer: usize,
    pub offset: u64,
}

impl Old {
    /// A message about an invitation, and who says it.
    pub fn invitation(
        &mut self,
        all: &mut Vec<Transfer>,
        said: &Invitation,
        from: Option<String>,
    ) -> Option<(usize, What)> {
        if said.cookie.is_empty() {
            return None;
        }
        let at = match self.by_cookie.get(&said.cookie) {
            Some(at) => *at,
            None if said.command == "INVITE" && said.file.is_some() => {
                let at = all.len();
                all.push(Transfer {
                    id: u32::try_from(at.saturating_add(1)).unwrap_or(u32::MAX),
                    kind: Kind::File,
                    from,
                    name: said.file.clone().unwrap_or_default(),
                    declared: said.size,
                    call: Some(said.cookie.clone()),
                    ..Transfer::default()
                });
                self.by_cookie.insert(said.cookie.clone(), at);
                return Some((at, What::Offered));
            }
            None => return None,
        };
        if let Some(secret) = &said.auth_cookie {
            self.by_secret.insert(secret.clone(), at);
        }
        let transfer = all.get_mut(at)?;
        let by_sender = from.is_some() && from == transfer.from;
        if !by_sender && transfer.to.is_none() {
            transfer.to = from;
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

    /// A line or block on the connection of its own. Says what happened, and where a block belongs.
    pub fn line(
        &mut self,
        all: &mut Vec<Transfer>,
        said: &FileTransfer,
        sighting: Sighting,
    ) -> (Option<(usize, What)>, Option<Block>) {
        if let FileTransfer::Login { account, cookie } = said {
            let at = self.by_secret.get(cookie).copied().unwrap_or_else(|| unheard_of(all));
            if let Some(transfer) = all.get_mut(at) {
                transfer.to.get_or_insert_with(|| account.to_ascii_lowercase());
            }
            self.by_stream.insert(sighting.stream, Line { transfer: at, at: 0 });
            return (None, None);
        }
        if matches!(said, FileTransfer::Other | FileTransfer::Ready) && !self.by_stream.contains_key(&sighting.stream) {
            return (None, None);
        }
        let line = self.by_stream.entry(sighting.stream);
        let line = line.or_insert_with(|| Line { transfer: unheard_of(all), at: 0 });
        let at = line.transfer;
        let complete = |all: &[Transfer]| {
            all.get(at).is_some_and(|transfer| transfer.size().is_some_and(|size| transfer.map.covers(size)))
        };
        let what = match said {
            FileTransfer::Size(size) => {
                if let Some(transfer) = all.get_mut(at) {
                    transfer.announced.get_or_insert(*size);
                }
                None
            }
            FileTransfer::Ready => Some(What::Accepted),
            FileTransfer::Data { length, .. } => {
                let offset = line.at;
                line.at = line.at.saturating_add((*length).into());
                return (None, Some(Block { transfer: at, offset }));
            }
            // Some say that this is the end, some that it is an abort: the number of bytes decides.
            FileTransfer::End if complete(all) => None,
            FileTransfer::End => Some(What::CancelledBySender),
            FileTransfer::Cancelled => Some(What::CancelledByReceiver),
            FileTransfer::Bye(Some(code)) if msnftp::succeeded(*code) => Some(What::Acknowledged),
            FileTransfer::Bye(_) if complete(all) => Some(What::Closed),
            FileTransfer::Bye(_) => Some(What::CancelledByReceiver),
            FileTransfer::Login { .. } | FileTransfer::Other => None,
        };
        (what.map(|what| (at, what)), None)
    }
}

/// A block as an arrival; its bytes are held as `held` says.
pub(super) fn chunk(offset: u64, span: Span, sighting: Sighting, held: super::held::Held) -> Chunk {
    Chunk {
        offset,
        length: length(span),
        sighting,
        span,
        carrier: Carrier::Msnftp,
        fresh: 0,
        out_of_order: false,
        counted: true,
        overlap: Overlap::None,
        acknowledged_by: None,
        mark: Mark::Whole,
        held,
    }
}

fn length(span: Span) -> u32 {
    span.end.saturating_sub(span.start)
}

fn unheard_of(all: &mut Vec<Transfer>) -> usize {
    let at = all.len();
    let id = u32::try_from(at.saturating_add(1)).unwrap_or(u32::MAX);
    all.push(Transfer { id, kind: Kind::File, ..Transfer::default() });
    at
}
