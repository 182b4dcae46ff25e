//! Which connections belong to one sign-in: a server sends the client on, and the client goes there.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;

use super::connection::Connection;
use crate::analysis::StreamInfo;
use crate::model::owner::Ownership;
use crate::transport::Handshake;

/// Nanoseconds within which a client follows a redirect whose address the capture does not show.
const FOLLOWS_WITHIN: i128 = 60_000_000_000;

/// Connections by sign-in, each in order of time.
pub(super) fn chains<'c>(
    connections: &'c BTreeMap<u32, Connection>,
    streams: &BTreeMap<u32, StreamInfo>,
    ownership: &Ownership,
) -> Vec<Vec<&'c Connection>> {
    let mut all: Vec<&Connection> = connections.values().filter(|connection| connection.is_sign_in()).collect();
    all.sort_by_key(|connection| connection.first.order());
    let mut taken = BTreeSet::new();
    let mut chains = Vec::new();
    for (index, first) in all.iter().enumerate() {
        if !taken.insert(first.stream) {
            continue;
        }
        let mut chain = vec![*first];
        let mut from = index;
        while let Some(next) = follows(&all, from, &taken, streams, ownership) {
            let Some(connection) = all.get(next) else { break };
            taken.insert(connection.stream);
            chain.push(connection);
            from = next;
        }
        chains.push(chain);
    }
    chains
}

/// The connection that a client opened because it was sent there: at the address it was given, else soon after.
fn follows(
    all: &[&Connection],
    from: usize,
    taken: &BTreeSet<u32>,
    streams: &BTreeMap<u32, StreamInfo>,
    ownership: &Ownership,
) -> Option<usize> {
    let sent = all.get(from)?;
    let redirect = sent.redirect.as_ref()?;
    let account = ownership.account(sent.stream);
    let later = all.iter().enumerate().skip(from.saturating_add(1));
    let fitting = later.filter(|(_, next)| {
        let same = match (account, ownership.account(next.stream)) {
            (Some(one), Some(other)) => one == other,
            _ => true,
        };
        same && !taken.contains(&next.stream) && next.first.time >= redirect.evidence.time
    });
    let mut soon = None;
    for (index, next) in fitting {
        let server = streams.get(&next.stream).map(|info| info.server);
        if server.is_some_and(|server| is_address(&redirect.address, server)) {
            return Some(index);
        }
        let host = |stream: &u32| streams.get(stream).map(|info| info.client.ip());
        let opened = streams.get(&next.stream).is_some_and(|info| info.handshake == Handshake::Seen);
        let after = next.first.time.nanos_since(redirect.evidence.time);
        let fits = host(&next.stream) == host(&sent.stream) && (next.begun || opened) && after <= FOLLOWS_WITHIN;
        soon = soon.or(fits.then_some(index));
    }
    soon
}

/// Whether an address as the service writes it (a port of 1863 may be left out) is this one.
fn is_address(written: &str, server: SocketAddr) -> bool {
    let (host, port) = written.rsplit_once(':').unwrap_or((written, "1863"));
    host.trim_matches(['[', ']']) == server.ip().to_string() && port == server.port().to_string()
}
