//! Old file transfers: the invitation in a chat room, and the TCP connection of its own that brings the file.

use std::collections::HashMap;

use super::follow::LOOK_BACK;
use super::map::{Arrival, Mark};
use super::pair::{End, Ends};
use super::{Carrier, Kind, Sighting, Transfer, What};
use crate::msnp::Invitation;
use crate::msnp::p2p::{FileTransfer, msnftp};

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
    /// Where the next block begins in the file.
    at: u64,
}

/// What a line or block says about a transfer, by its place.
pub(super) enum Told {
    /// Nothing that happened to it.
    Nothing,
    /// Something was done.
    Step(usize, What),
    /// A piece of the file has come.
    Block(usize, Arrival),
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
    pub fn line(&mut self, all: &mut Vec<Transfer>, said: &FileTransfer, sighting: Sighting) -> Told {
        if let FileTransfer::Login { account, cookie } = said {
            let at = self.by_secret.get(cookie).copied().unwrap_or_else(|| unheard_of(all));
            if let Some(transfer) = all.get_mut(at) {
                transfer.to.get_or_insert_with(|| account.to_ascii_lowercase());
            }
            self.by_stream.insert(sighting.stream, Line { transfer: at, at: 0 });
            return Told::Nothing;
        }
        if matches!(said, FileTransfer::Other | FileTransfer::Ready) && !self.by_stream.contains_key(&sighting.stream) {
            return Told::Nothing;
        }
        let line = self.by_stream.entry(sighting.stream);
        let line = line.or_insert_with(|| Line { transfer: unheard_of(all), at: 0 });
        let at = line.transfer;
        // What is missing in the middle was lost on the way to the capture: nobody gave up.
        let complete = |all: &[Transfer]| {
            all.get(at).is_some_and(|transfer| transfer.size().is_some_and(|size| transfer.map.furthest() >= size))
        };
        let what = match said {
            FileTransfer::Size(size) => {
                if let Some(transfer) = all.get_mut(at) {
                    transfer.announced.get_or_insert(*size);
                }
                None
            }
            FileTransfer::Ready => Some(What::Accepted),
            FileTransfer::Data { span, length } => {
                let offset = line.at;
                line.at = line.at.saturating_add((*length).into());
                let (carrier, mark) = (Carrier::Msnftp, Mark::Whole);
                return Told::Block(at, Arrival { offset, span: *span, carrier, counted: true, asks: true, mark });
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
        what.map_or(Told::Nothing, |what| Told::Step(at, what))
    }
}

fn unheard_of(all: &mut Vec<Transfer>) -> usize {
    Transfer { kind: Kind::File, ..Transfer::default() }.begin(all)
}
