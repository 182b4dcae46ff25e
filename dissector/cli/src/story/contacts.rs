//! Contacts: for each account a table of people, then what happened to them.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use msnp_dissector::capture::Timestamp;
use msnp_dissector::model::{Change, Evidence, KnownContact, Listing, Roster, Tale};
use msnp_dissector::msnp::property_name;
use msnp_dissector::report::{Nicks, Reporter};

use super::timetable::Timetable;
use super::words::{counted, name, sentence};

/// What the two letters stand for.
const LEGEND: &str = "FL contact, AL allowed, BL blocked, RL has this account, PL waits for an answer\n";

/// What the question mark stands for.
const IN_PART: &str = "? there may be more: the list itself is not in this capture\n";

/// Columns are at most so wide; what is longer shifts the rest of its line.
const WIDEST: usize = 32;

/// The contacts of all accounts, at a time or as the capture leaves them.
pub fn text(tale: &Tale, reporter: &Reporter, at: Option<Timestamp>) -> String {
    let nicks = Nicks::of(tale, at);
    let (mut out, mut in_part) = (String::new(), false);
    for roster in &tale.rosters {
        let listing = roster.listing(at);
        let table = Table { roster, listing: &listing, nicks: &nicks, reporter };
        in_part |= listing.contacts().any(|contact| contact.partly_known);
        table.people(&mut out);
        table.changes(&mut out);
        out.push('\n');
    }
    if tale.rosters.is_empty() {
        return "No contact list, and no change of one, is in this capture.\n".to_owned();
    }
    out.push_str(LEGEND);
    out.push_str(if in_part { IN_PART } else { "" });
    out
}

struct Table<'s> {
    roster: &'s Roster,
    listing: &'s Listing,
    nicks: &'s Nicks<'s>,
    reporter: &'s Reporter,
}

impl Table<'_> {
    fn people(&self, out: &mut String) {
        let contacts = self.listing.contacts().collect::<Vec<_>>();
        let owner = self.roster.account.as_deref().map_or_else(|| "Account not known".to_owned(), name);
        let mark = if self.roster.inferred && self.roster.account.is_some() { " (inferred)" } else { "" };
        let groups = self.listing.groups().map(|(_, group)| name(&group.name)).collect::<Vec<_>>();
        let groups = if groups.is_empty() { String::new() } else { format!("; groups: {}", groups.join(", ")) };
        let count = counted(contacts.len() as u64, "contact", "contacts");
        let _ = writeln!(out, "{owner}{mark}: {count}{groups}");
        let rows = contacts.iter().map(|contact| self.row(contact)).collect::<Vec<_>>();
        let width = |column: fn(&Row) -> &str| {
            rows.iter().map(|row| column(row).chars().count()).max().unwrap_or(0).min(WIDEST)
        };
        let (who, nick, lists) = (width(|row| &row.who), width(|row| &row.nick), width(|row| &row.lists));
        for row in &rows {
            let line = format!("  {:<who$}  {:<nick$}  {:<lists$}  {}", row.who, row.nick, row.lists, row.groups);
            let _ = writeln!(out, "{}", line.trim_end());
            for more in &row.more {
                let _ = writeln!(out, "      {more}");
            }
        }
    }

    fn row(&self, contact: &KnownContact) -> Row {
        let nick = self.nicks.name(self.roster, contact).map(|nick| format!("“{}”", name(nick)));
        let mut lists = contact.lists.names().join(" ");
        if lists.is_empty() {
            "–".clone_into(&mut lists);
        }
        if contact.partly_known {
            lists.push_str(" ?");
        }
        let groups = contact.groups.iter().map(|id| name(self.listing.group_name(id))).collect::<Vec<_>>();
        let mut more = contact.properties.iter().map(|(code, value)| self.property(code, value)).collect::<Vec<_>>();
        if let Some(network) = contact.network.filter(|network| *network != 1) {
            let called =
                msnp_dissector::msnp::network_name(network).map(|text| self.reporter.catalogue.render(&text.text()));
            more.insert(
                0,
                format!("on network {network}{}", called.map(|text| format!(" ({text})")).unwrap_or_default()),
            );
        }
        if !contact.members.is_empty() {
            more.push(format!("with {}", contact.members.iter().map(|who| name(who)).collect::<Vec<_>>().join(", ")));
        }
        Row { who: name(&contact.contact), nick: nick.unwrap_or_default(), lists, groups: groups.join(", "), more }
    }

    fn property(&self, code: &str, value: &str) -> String {
        let title = property_name(code.as_bytes()).map(|text| self.reporter.catalogue.render(&text.text()));
        let value = match value {
            "Y" => "yes".to_owned(),
            "N" => "no".to_owned(),
            other => name(other),
        };
        format!("{}: {value}", title.unwrap_or_else(|| name(code)))
    }

    /// All changes in order of time; what one command did to one contact on one line.
    fn changes(&self, out: &mut String) {
        let mut lines: BTreeMap<_, (Evidence, &str, Vec<String>)> = BTreeMap::new();
        let mut add = |who, change: &Change| {
            let line = lines.entry((change.evidence.order(), who));
            let text = self.reporter.catalogue.render(&change.text());
            line.or_insert_with(|| (change.evidence, who, Vec::new())).2.push(sentence(&text));
        };
        for contact in self.listing.contacts() {
            contact.changes.iter().for_each(|change| add(&contact.contact, change));
        }
        self.listing.group_changes().iter().for_each(|change| add("", change));
        let mut timetable = Timetable::default();
        for (evidence, who, texts) in lines.into_values() {
            let who = if who.is_empty() { String::new() } else { format!("{}: ", name(who)) };
            timetable.line(evidence, &format!("{who}{}", texts.join(", ")), out);
        }
    }
}

struct Row {
    who: String,
    nick: String,
    lists: String,
    groups: String,
    /// Lines of their own below.
    more: Vec<String>,
}
