//! Lifelines: which connection runs where. Clients first, an account each as far as that is known, then dispatch, notification
//! and switchboard servers by start.

use std::collections::HashSet;
use std::net::IpAddr;

use super::store::{Key, Store, Stream};
use crate::protocol::{Lane, Role, Scope};
use crate::wording;
use msnp_dissector::sorting::sort_by_key;

/// Lifelines of clients; more clients share the last.
const CLIENTS: usize = 3;
/// Lifelines that leave room for what commands carry; beyond, connections that do not overlap share one.
const ROOM: usize = 6;

/// The lifelines of a list.
#[derive(Debug, Default, Clone)]
pub struct Lanes {
    /// Left to right.
    pub lanes: Vec<Lane>,
    /// The lifeline of whom nothing was captured, if there is one.
    pub unseen: Option<u8>,
    of_stream: Vec<Option<(u8, u8)>>,
}

impl Lanes {
    /// The lifelines of client and server of a connection.
    #[must_use]
    pub fn of(&self, stream: u32) -> (u8, u8) {
        self.of_stream.get(stream as usize).copied().flatten().unwrap_or((0, 1))
    }
}

/// Deals out lifelines to all connections of a scope that have commands.
#[must_use]
pub fn deal(store: &Store, scope: Scope) -> Lanes {
    let wanted = |stream: &Stream| stream.commands > 0 && store.is_in(stream, scope);
    let mut streams: Vec<(usize, &Stream)> = store.streams.iter().enumerate().filter(|(_, s)| wanted(s)).collect();
    sort_by_key(&mut streams, |(_, stream)| (order(stream.role), stream.first));

    let clients = clients(store, &streams);
    let mut servers: Vec<Slot> = Vec::new();
    let unseen = unseen(store, &streams).filter(|_| !matches!(scope, Scope::Connection(_)));
    let crowded = clients.len() + streams.len() + usize::from(unseen.is_some()) > ROOM;
    let mut places = vec![None; store.streams.len()];
    for (index, stream) in &streams {
        let slot = place(&mut servers, stream, crowded);
        let who = whose(store, stream);
        let client = clients.iter().position(|one| one.who == who).unwrap_or(clients.len().saturating_sub(1));
        if let Some(place) = places.get_mut(*index) {
            *place = Some((narrow(client), narrow(clients.len() + slot)));
        }
    }
    let mut lanes: Vec<Lane> = (0..clients.len()).filter_map(|at| client_lane(store, &clients, at)).collect();
    let all: HashSet<Who> = streams.iter().map(|(_, stream)| whose(store, stream)).collect();
    let others = all.len() - clients.len();
    if let Some(last) = lanes.last_mut().filter(|_| others > 0) {
        last.name = "others".to_owned();
        last.address.clear();
        last.connections = u32::try_from(others + 1).unwrap_or(u32::MAX);
    }
    lanes.extend((0..servers.len()).filter_map(|at| server_lane(&servers, at)));
    let place = narrow(lanes.len());
    let unseen = unseen.map(|lane| lanes.push(lane)).map(|()| place);
    Lanes { lanes, unseen, of_stream: places }
}

/// The lifeline of guests who were called and of whose side nothing was captured.
fn unseen(store: &Store, streams: &[(usize, &Stream)]) -> Option<Lane> {
    let ringing = streams.iter().flat_map(|(_, stream)| &stream.milestones.ringing);
    let mut called: Vec<String> = Vec::new();
    for number in ringing {
        let record = store.record(*number).filter(|record| store.rings_unseen(*number, record));
        if let Some(name) = record.map(|record| store.called(record).unwrap_or_default())
            && !called.contains(&name)
        {
            called.push(name);
        }
    }
    let name = match called.as_slice() {
        [] => return None,
        [one] => one.split('@').next().unwrap_or_default(),
        _ => "guests",
    };
    let connections = u32::try_from(called.len()).unwrap_or(u32::MAX);
    Some(Lane { role: Role::Client, name: wording::visible(name), address: String::new(), connections, inferred: true })
}

/// A lifeline of a server while it is dealt out.
#[derive(Debug)]
struct Slot {
    role: Role,
    address: String,
    connections: u32,
    /// Last command of its latest connection; the next must begin behind it.
    until: Key,
}

fn place(servers: &mut Vec<Slot>, stream: &Stream, crowded: bool) -> usize {
    let last = stream.end().unwrap_or((u64::MAX, u32::MAX));
    let same = |slot: &Slot| slot.role == stream.role;
    if crowded {
        let free = servers.iter().position(|slot| same(slot) && slot.until < stream.begin());
        let full = servers.iter().filter(|slot| same(slot)).count() >= quota(stream.role);
        let least = || {
            let of_role = servers.iter().enumerate().filter(|(_, slot)| same(slot));
            of_role.min_by_key(|(_, slot)| slot.until).map(|(at, _)| at)
        };
        if let Some(at) = free.or_else(|| if full { least() } else { None }) {
            if let Some(slot) = servers.get_mut(at) {
                slot.connections += 1;
                slot.until = slot.until.max(last);
                if slot.address != stream.info.server.to_string() {
                    slot.address.clear();
                }
            }
            return at;
        }
    }
    servers.push(Slot { role: stream.role, address: stream.info.server.to_string(), connections: 1, until: last });
    servers.len() - 1
}

const fn quota(role: Role) -> usize {
    match role {
        Role::Dispatch | Role::Unknown | Role::Client => 1,
        Role::Notification | Role::Peer => 2,
        Role::Switchboard => 3,
    }
}

/// Whose a connection is: an account's, else whoever uses a machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Who {
    /// By its place among the owners.
    Account(u32),
    Machine(IpAddr),
}

fn whose(store: &Store, stream: &Stream) -> Who {
    store.owners.of(&stream.info).map_or(Who::Machine(stream.info.client.ip()), Who::Account)
}

/// A client, and the machines that it was seen on.
#[derive(Debug)]
struct Client {
    who: Who,
    machines: Vec<IpAddr>,
}

fn clients(store: &Store, streams: &[(usize, &Stream)]) -> Vec<Client> {
    let mut by_start: Vec<&Stream> = streams.iter().map(|(_, stream)| *stream).collect();
    sort_by_key(&mut by_start, |stream| stream.first);
    let mut clients: Vec<Client> = Vec::new();
    for stream in by_start {
        let (who, machine) = (whose(store, stream), stream.info.client.ip());
        if let Some(one) = clients.iter_mut().find(|one| one.who == who) {
            if !one.machines.contains(&machine) {
                one.machines.push(machine);
            }
        } else if clients.len() < CLIENTS {
            clients.push(Client { who, machines: vec![machine] });
        }
    }
    clients
}

fn client_lane(store: &Store, all: &[Client], at: usize) -> Option<Lane> {
    let own = all.get(at)?;
    let account = |one: &Client| match one.who {
        Who::Account(owner) => store.owners.names.get(owner as usize).map(String::as_str),
        Who::Machine(_) => None,
    };
    let short =
        |one: &Client| account(one).and_then(|account| account.split('@').next()).filter(|name| !name.is_empty());
    let name = match short(own) {
        Some(name) if all.iter().filter(|one| short(one) == Some(name)).count() > 1 => account(own)?.to_owned(),
        Some(name) => name.to_owned(),
        None if all.len() == 1 => "Client".to_owned(),
        None => format!("Client {}", at + 1),
    };
    let address = match own.machines.as_slice() {
        [one] => one.to_string(),
        [first, rest @ ..] => format!("{first} and {} more", rest.len()),
        [] => String::new(),
    };
    Some(Lane { role: Role::Client, name: wording::visible(&name), address, connections: 1, inferred: false })
}

fn server_lane(servers: &[Slot], at: usize) -> Option<Lane> {
    let slot = servers.get(at)?;
    let letters = wording::role_letters(slot.role);
    let same = |slots: &[Slot]| slots.iter().filter(|other| other.role == slot.role).count();
    let name = match same(servers) {
        1 => letters.to_owned(),
        _ => format!("{letters} {}", same(servers.get(..=at)?)),
    };
    Some(Lane { role: slot.role, name, address: slot.address.clone(), connections: slot.connections, inferred: false })
}

const fn order(role: Role) -> u8 {
    match role {
        Role::Client => 0,
        Role::Dispatch => 1,
        Role::Notification => 2,
        Role::Switchboard => 3,
        Role::Peer => 4,
        Role::Unknown => 5,
    }
}

fn narrow(number: usize) -> u8 {
    u8::try_from(number).unwrap_or(u8::MAX)
}
