//! The list of contacts at one time: what the facts up to then add up to.

use std::collections::{BTreeMap, BTreeSet};

use super::change::{Change, Lists, Standing, What};
use super::fact::{Fact, Said, Who};
use crate::model::Evidence;

/// Whole lists that are compared with what was known; an account does not sign in more often in one capture, and each
/// comparison looks at every contact.
const LISTS_COMPARED: u32 = 1000;

/// The contacts and groups of an account at one time.
#[derive(Debug, Clone, Default)]
pub struct Listing {
    /// By account; contacts of whom only the service's identifier is known, by that.
    contacts: BTreeMap<String, KnownContact>,
    /// By number or GUID.
    groups: BTreeMap<String, Group>,
    /// What happened to groups, in order of time.
    group_changes: Vec<Change>,
    /// The account of each identifier.
    accounts: BTreeMap<String, String>,
    /// Who has been put into each group; some may have left it.
    in_group: BTreeMap<String, BTreeSet<String>>,
    /// How many whole lists were compared with what was known.
    compared: u32,
    snapshot: Option<Snapshot>,
    /// The whole list has been read: whoever is not in it is on no list.
    whole: bool,
}

/// Somebody whom an account knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownContact {
    /// Who: the account, or the service's identifier where nothing tells the account.
    pub contact: String,
    /// By what name the account knows them.
    pub nick: Option<String>,
    /// The service's identifier, a GUID; MSNP10–12.
    pub id: Option<String>,
    /// On which network; the old dialects do not say.
    pub network: Option<u32>,
    /// On which lists.
    pub lists: Lists,
    /// Nothing is known of other lists: the capture does not hold the list itself.
    pub partly_known: bool,
    /// In which groups, by number or GUID.
    pub groups: BTreeSet<String>,
    /// Phone numbers and the like, by their three letters.
    pub properties: BTreeMap<String, String>,
    /// Members, if this is a circle.
    pub members: BTreeSet<String>,
    /// What says first that they are known.
    pub evidence: Evidence,
    /// What happened to them, in order of time. The list itself is no change.
    pub changes: Vec<Change>,
}

impl KnownContact {
    /// They may not see the account.
    #[must_use]
    pub fn blocked(&self) -> bool {
        self.lists.contains(Lists::BLOCK) && !self.lists.contains(Lists::ALLOW)
    }
}

/// A group of contacts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// What it is called.
    pub name: String,
    /// What says so.
    pub evidence: Evidence,
}

/// A list that is being read.
#[derive(Debug, Clone)]
struct Snapshot {
    stream: u32,
    /// Contacts that are still to come, where the server counts them.
    left: Option<u32>,
    /// Who was in it.
    seen: BTreeSet<String>,
    /// Which lists it speaks of.
    known: Lists,
}

impl Listing {
    /// Everybody, by account.
    pub fn contacts(&self) -> impl Iterator<Item = &KnownContact> {
        self.contacts.values()
    }

    /// Whether the whole list was read: whoever is not in it is on no list.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.whole
    }

    /// One contact, by account.
    #[must_use]
    pub fn contact(&self, account: &str) -> Option<&KnownContact> {
        self.contacts.get(account)
    }

    /// The groups, by number or GUID.
    pub fn groups(&self) -> impl Iterator<Item = (&str, &Group)> {
        self.groups.iter().map(|(id, group)| (id.as_str(), group))
    }

    /// What happened to groups as such, in order of time.
    #[must_use]
    pub fn group_changes(&self) -> &[Change] {
        &self.group_changes
    }

    /// What a group is called; its number or GUID where nothing tells.
    #[must_use]
    pub fn group_name<'s>(&'s self, id: &'s str) -> &'s str {
        self.groups.get(id).map_or(id, |group| &group.name)
    }

    pub(super) fn of<'f>(facts: impl Iterator<Item = &'f Fact>) -> Self {
        let mut listing = Self::default();
        for fact in facts {
            listing.apply(fact);
        }
        listing
    }

    fn apply(&mut self, fact: &Fact) {
        let happened = !matches!(fact.standing, Standing::Refused(_));
        match &fact.said {
            Said::ListBegins { contacts } => self.begin(fact, *contacts),
            Said::ListEnds => self.end(fact),
            Said::Lost => self.snapshot = self.snapshot.take().filter(|s| s.stream != fact.evidence.stream),
            Said::Listed { .. } => self.listed(fact, happened),
            Said::GroupListed { id, name } => self.name_group(fact, id, name),
            Said::GroupCreated { .. } | Said::GroupRenamed { .. } | Said::GroupDeleted { .. } => {
                self.group(fact, happened);
            }
            Said::Added { who, lists, nick, groups, network } => {
                let key = self.add(fact, who, *lists, groups, happened);
                if let Some(contact) = self.contacts.get_mut(&key).filter(|_| happened) {
                    contact.network = network.or(contact.network);
                    contact.nick = nick.clone().or(contact.nick.take());
                }
            }
            Said::Removed { who, lists, groups } => self.remove(fact, who, *lists, groups, happened),
            Said::Renamed { who, nick } => {
                let contact = self.enter(fact, who);
                if contact.nick.as_ref() != Some(nick) || !happened {
                    contact.changes.push(change(fact, What::Renamed(nick.clone())));
                }
                if happened {
                    contact.nick = Some(nick.clone());
                }
            }
            Said::Property { who, code, value, listed } => {
                let contact = self.enter(fact, who);
                let differs = contact.properties.get(code) != value.as_ref();
                if !listed && (differs || !happened) {
                    contact.changes.push(change(fact, What::Property { code: code.clone(), value: value.clone() }));
                }
                match value {
                    _ if !happened => {}
                    Some(value) => drop(contact.properties.insert(code.clone(), value.clone())),
                    None => drop(contact.properties.remove(code)),
                }
            }
            Said::Network { account, network } => {
                if let Some(contact) = self.contacts.get_mut(account).filter(|_| happened) {
                    contact.network = Some(*network);
                }
            }
            Said::CircleMember { circle, member } => self.member(fact, circle, member, true),
            Said::CircleLeft { circle, member } => self.member(fact, circle, member, false),
        }
    }

    fn begin(&mut self, fact: &Fact, contacts: Option<u32>) {
        let Some(left) = contacts else { return };
        let (stream, seen) = (fact.evidence.stream, BTreeSet::new());
        self.snapshot = Some(Snapshot { stream, left: Some(left), seen, known: Lists(u32::MAX) });
        if left == 0 {
            self.end(fact);
        }
    }

    /// Whoever is on a list that has been read whole, and was not in it, has been removed in between.
    fn end(&mut self, fact: &Fact) {
        let Some(snapshot) = self.snapshot.take_if(|snapshot| snapshot.stream == fact.evidence.stream) else { return };
        self.whole = true;
        self.compared = self.compared.saturating_add(1);
        if self.compared > LISTS_COMPARED {
            return;
        }
        for contact in self.contacts.values_mut().filter(|contact| !snapshot.seen.contains(&contact.contact)) {
            contact.found(fact, contact.lists.without(snapshot.known), None);
        }
    }

    fn listed(&mut self, fact: &Fact, happened: bool) {
        let Said::Listed { who, nick, lists, known, groups, network } = &fact.said else { return };
        if !happened {
            self.add(fact, who, *lists, &[], false);
            return;
        }
        let key = self.key(who);
        let counted = self.count(fact, &key, *known);
        // Whoever was on no list when the whole list was read, and is now, has been added in between.
        let is_new = self.contacts.get(&key).map_or(!self.whole, |contact| contact.partly_known);
        let contact = self.enter(fact, who);
        let whole = contact.lists.without(*known).with(*lists);
        if is_new || !counted {
            contact.lists = whole;
            if known.contains(Lists::FORWARD) {
                contact.groups = groups.iter().cloned().collect();
            }
        } else {
            contact.found(fact, whole, Some(groups).filter(|_| known.contains(Lists::REVERSE)));
        }
        contact.partly_known = false;
        let key = contact.contact.clone();
        // One list at a time, without an end.
        let one_list = !known.contains(Lists::OWN);
        contact.nick = nick.clone().or(contact.nick.take());
        contact.network = network.or(contact.network);
        for group in groups {
            self.in_group.entry(group.clone()).or_default().insert(key.clone());
        }
        self.whole |= one_list;
        if self.snapshot.as_ref().is_some_and(|snapshot| snapshot.left == Some(0)) {
            self.end(fact);
        }
    }

    /// Counts one contact of the list that is being read. False when no whole list is.
    fn count(&mut self, fact: &Fact, key: &str, known: Lists) -> bool {
        let stream = fact.evidence.stream;
        if known == Lists::OWN && self.snapshot.as_ref().is_none_or(|snapshot| snapshot.stream != stream) {
            self.snapshot = Some(Snapshot { stream, left: None, seen: BTreeSet::new(), known });
        }
        let Some(snapshot) = self.snapshot.as_mut().filter(|snapshot| snapshot.stream == stream) else { return false };
        snapshot.left = snapshot.left.map(|left| left.saturating_sub(1));
        snapshot.seen.insert(key.to_owned());
        true
    }

    fn add(&mut self, fact: &Fact, who: &Who, lists: Lists, groups: &[String], happened: bool) -> String {
        let names = groups.iter().map(|id| self.group_name(id).to_owned()).collect::<Vec<_>>();
        let mut joined = Vec::new();
        let contact = self.enter(fact, who);
        for list in lists.each() {
            let joins_group = list == Lists::FORWARD && !groups.is_empty() && contact.lists.contains(list);
            if !happened && !joins_group || !contact.lists.contains(list) {
                contact.changes.push(change(fact, What::Added(list)));
            }
        }
        if happened {
            contact.lists = contact.lists.with(lists);
        }
        for (id, name) in groups.iter().zip(names) {
            if !contact.groups.contains(id) {
                contact.changes.push(change(fact, What::GroupJoined(name)));
                contact.groups.extend(Some(id.clone()).filter(|_| happened));
                joined.push(id.clone());
            }
        }
        let key = contact.contact.clone();
        for group in joined {
            self.in_group.entry(group).or_default().insert(key.clone());
        }
        key
    }

    fn remove(&mut self, fact: &Fact, who: &Who, lists: Lists, groups: &[String], happened: bool) {
        let names = groups.iter().map(|id| self.group_name(id).to_owned()).collect::<Vec<_>>();
        let contact = self.enter(fact, who);
        for (id, name) in groups.iter().zip(names) {
            contact.changes.push(change(fact, What::GroupLeft(name)));
            if happened {
                contact.groups.remove(id);
            }
        }
        if !groups.is_empty() {
            return;
        }
        for list in lists.each() {
            // Of a contact that is known in part, the list may have been on it.
            if contact.lists.contains(list) || contact.partly_known || !happened {
                contact.changes.push(change(fact, What::Removed(list)));
            }
        }
        if happened {
            contact.lists = contact.lists.without(lists);
            if lists.contains(Lists::FORWARD) {
                contact.groups.clear();
            }
        }
    }

    fn group(&mut self, fact: &Fact, happened: bool) {
        let what = match &fact.said {
            Said::GroupCreated { id, name } => {
                if let Some(id) = id.as_ref().filter(|_| happened) {
                    self.name_group(fact, id, name);
                }
                What::GroupCreated(name.clone())
            }
            Said::GroupRenamed { id, name } => {
                let from = self.group_name(id).to_owned();
                if happened {
                    self.name_group(fact, id, name);
                }
                What::GroupRenamed { from, to: name.clone() }
            }
            Said::GroupDeleted { id } => {
                let name = self.group_name(id).to_owned();
                if happened {
                    self.groups.remove(id);
                    for key in self.in_group.remove(id).unwrap_or_default() {
                        if let Some(contact) = self.contacts.get_mut(&key)
                            && contact.groups.remove(id)
                        {
                            contact.changes.push(change(fact, What::GroupLeft(name.clone())));
                        }
                    }
                }
                What::GroupDeleted(name)
            }
            _ => return,
        };
        self.group_changes.push(change(fact, what));
    }

    fn name_group(&mut self, fact: &Fact, id: &str, name: &str) {
        self.groups.insert(id.to_owned(), Group { name: name.to_owned(), evidence: fact.evidence });
    }

    fn member(&mut self, fact: &Fact, circle: &str, member: &str, joined: bool) {
        let contact = self.enter(fact, &Who { account: Some(circle.to_owned()), id: None });
        let changes = match joined {
            true => contact.members.insert(member.to_owned()),
            false => contact.members.remove(member),
        };
        if changes {
            let what = if joined { What::MemberJoined } else { What::MemberLeft };
            contact.changes.push(change(fact, what(member.to_owned())));
        }
    }

    /// What a contact is kept under.
    fn key(&self, who: &Who) -> String {
        let by_id = || who.id.as_ref().map(|id| self.accounts.get(id).unwrap_or(id).clone());
        who.account.clone().or_else(by_id).unwrap_or_default()
    }

    /// The contact, entered into the list if it is not in it yet.
    fn enter(&mut self, fact: &Fact, who: &Who) -> &mut KnownContact {
        let key = self.key(who);
        if let (Some(account), Some(id)) = (&who.account, &who.id) {
            self.accounts.insert(id.clone(), account.clone());
            // Until now only the identifier was known.
            if let Some(nameless) = self.contacts.remove(id) {
                self.contacts.entry(key.clone()).or_insert(KnownContact { contact: key.clone(), ..nameless });
            }
        }
        let contact = self.contacts.entry(key).or_insert_with_key(|key| KnownContact {
            contact: key.clone(),
            nick: None,
            id: None,
            network: None,
            lists: Lists::default(),
            partly_known: !self.whole,
            groups: BTreeSet::new(),
            properties: BTreeMap::new(),
            members: BTreeSet::new(),
            evidence: fact.evidence,
            changes: Vec::new(),
        });
        contact.id = who.id.clone().or(contact.id.take());
        contact
    }
}

impl KnownContact {
    /// A list that has been read shows the contact on these lists and in these groups.
    fn found(&mut self, fact: &Fact, lists: Lists, groups: Option<&Vec<String>>) {
        let found = |what| Change { standing: Standing::Found, ..change(fact, what) };
        self.changes.extend(self.lists.without(lists).each().map(What::Removed).map(found));
        self.changes.extend(lists.without(self.lists).each().map(What::Added).map(found));
        self.lists = lists;
        match groups {
            Some(groups) => self.groups = groups.iter().cloned().collect(),
            None if !lists.contains(Lists::FORWARD) => self.groups.clear(),
            None => {}
        }
    }
}

fn change(fact: &Fact, what: What) -> Change {
    Change { what, standing: fact.standing, evidence: fact.evidence, counterpart: fact.counterpart }
}
