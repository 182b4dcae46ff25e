//! Which connections belong to one sign-in: a server sends the client on, and the client goes there.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::net::IpAddr;

use super::Redirect;
use super::connection::Connection;
use crate::analysis::StreamInfo;
use crate::model::destination::Destination;
use crate::model::owner::Ownership;
use crate::sorting::sort_by_key;
use crate::transport::Handshake;

/// Nanoseconds within which a client follows a redirect whose address the capture does not show.
const FOLLOWS_WITHIN: i128 = 60_000_000_000;
/// How many connections are looked at for one redirect, so that a capture full of redirects takes no forever.
const CANDIDATE_CEILING: usize = 500;

/// Connections by sign-in, each in order of time.
pub(super) fn chains<'c>(
    connections: &'c BTreeMap<u32, Connection>,
    streams: &BTreeMap<u32, StreamInfo>,
    ownership: &Ownership,
) -> Vec<Vec<&'c Connection>> {
    let mut candidates = Candidates::new(connections, streams, ownership);
    let mut chains = Vec::new();
    for (index, first) in candidates.all.clone().into_iter().enumerate() {
        if !candidates.taken.insert(index) {
            continue;
        }
        let mut chain = vec![first];
        let mut from = index;
        while let Some(next) = candidates.follows(from) {
            let Some(connection) = candidates.all.get(next) else { break };
            candidates.taken.insert(next);
            chain.push(connection);
            from = next;
        }
        chains.push(chain);
    }
    chains
}

/// Connections that a client may have been sent to, in order of time, by where they lead and by who opened them.
struct Candidates<'c, 's> {
    all: Vec<&'c Connection>,
    to: HashMap<String, Vec<usize>>,
    by: HashMap<IpAddr, Vec<usize>>,
    /// Those that are in a chain.
    taken: BTreeSet<usize>,
    streams: &'s BTreeMap<u32, StreamInfo>,
    ownership: &'s Ownership,
}

impl<'c, 's> Candidates<'c, 's> {
    fn new(
        connections: &'c BTreeMap<u32, Connection>,
        streams: &'s BTreeMap<u32, StreamInfo>,
        ownership: &'s Ownership,
    ) -> Self {
        let mut all: Vec<&Connection> = connections.values().filter(|connection| connection.is_sign_in()).collect();
        sort_by_key(&mut all, |connection| connection.first.order());
        let (mut to, mut by) = (HashMap::<_, Vec<_>>::new(), HashMap::<_, Vec<_>>::new());
        for (index, connection) in all.iter().enumerate() {
            let Some(info) = streams.get(&connection.stream) else { continue };
            by.entry(info.client.ip()).or_default().push(index);
            if let Some(destination) = Destination::of(info) {
                to.entry(destination.host).or_default().push(index);
            }
        }
        Self { all, to, by, taken: BTreeSet::new(), streams, ownership }
    }

    /// The connection that a client opened because it was sent there: at the address it was given, else soon after.
    fn follows(&self, from: usize) -> Option<usize> {
        let sent = self.all.get(from)?;
        let redirect = sent.redirect.as_ref()?;
        let address = Destination::written(&redirect.address);
        let there = self.free(self.to.get(&address.host), from, sent, redirect).find(|(_, next)| {
            let destination = self.streams.get(&next.stream).and_then(Destination::of);
            destination.is_some_and(|destination| destination.fits(&address))
        });
        let soon = || {
            let client = self.streams.get(&sent.stream).map(|info| info.client.ip())?;
            let after = |next: &Connection| next.first.time.nanos_since(redirect.evidence.time);
            let mut soon = self
                .free(self.by.get(&client), from, sent, redirect)
                .take_while(|(_, next)| after(next) <= FOLLOWS_WITHIN);
            soon.find(|(_, next)| {
                let opened = self.streams.get(&next.stream).is_some_and(|info| info.handshake == Handshake::Seen);
                next.begun || opened
            })
        };
        there.or_else(soon).map(|(index, _)| index)
    }

    /// Those of a list that come after a redirect, are in no chain and may be of the same account.
    fn free<'a>(
        &'a self,
        list: Option<&'a Vec<usize>>,
        from: usize,
        sent: &'a Connection,
        redirect: &'a Redirect,
    ) -> impl Iterator<Item = (usize, &'c Connection)> + 'a {
        let list = list.map(Vec::as_slice).unwrap_or_default();
        let later = list.get(list.partition_point(|index| *index <= from)..).unwrap_or_default();
        let account = self.ownership.account(sent.stream);
        later.iter().take(CANDIDATE_CEILING).filter_map(move |index| {
            let next = self.all.get(*index).filter(|_| !self.taken.contains(index))?;
            let same = match (account, self.ownership.account(next.stream)) {
                (Some(one), Some(other)) => one == other,
                _ => true,
            };
            (same && next.first.time >= redirect.evidence.time).then_some((*index, *next))
        })
    }
}
