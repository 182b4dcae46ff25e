//! What the worker tells, and what it changes on the page. Answers about another file, list or command are dropped.

use std::rc::Rc;

use super::{Exported, Selection, State, differs};
use crate::protocol::filter::Reading;
use crate::protocol::transfers::Verdict;
use crate::protocol::{Detail, Range, Tell};
use crate::scene::chunks::Map;
use crate::scene::tree::innermost;
use crate::wording::whole;

impl State {
    pub(super) fn hear(&mut self, tell: Tell) {
        match tell {
            Tell::Progress(progress) if progress.generation == self.generation => {
                self.progress = Rc::from(progress);
                self.leave_absent();
            }
            // It may show secrets that are hidden by now; what hides them is asked for already.
            Tell::Window(_) | Tell::Detail(_) if self.unveiled && !self.revealing => {}
            Tell::Window(window) if Some(window.list) == self.list() => self.window = Rc::from(window),
            Tell::Filter(reading) => self.read(Rc::from(reading)),
            Tell::Sifted(sifted) if sifted.id == self.filter.applied => Rc::make_mut(&mut self.filter).sifted = sifted,
            Tell::Folded { list, row, before, now } if Some(list) == self.list() => self.shift(row, before, now),
            Tell::Story(story) => self.story = story.map(Rc::from),
            Tell::Chat(transcript) => self.transcript = Some(Rc::from(transcript)),
            Tell::ChatsFound(found) => self.chats_found = Rc::from(found),
            Tell::Transfers(transfers) => self.transfers = transfers.map(Rc::from),
            Tell::Verdicts { generation, verdicts } if generation == self.generation => self.learn(verdicts),
            Tell::Chunks(Some(chunks)) if self.shown_transfer().is_some_and(|shown| shown.id == chunks.id) => {
                self.map = Some(Rc::new(Map::from(*chunks)));
            }
            Tell::Object { generation, id, blob } if generation == self.generation => {
                let all = self.transfers.as_ref().map(|transfers| transfers.all.as_slice()).unwrap_or_default();
                let bytes = all.iter().find(|one| one.id == id).map_or(0.0, |one| one.received);
                Rc::make_mut(&mut self.objects).keep(id, blob, whole(bytes));
            }
            Tell::TransferOf { pdu, id } => self.owner = Some((pdu, id)),
            Tell::Detail(Some(detail)) => self.receive(Rc::from(detail)),
            Tell::Stepped { place, anchor, shown, pdu, row, packet } => {
                self.steps = self.steps.wrapping_add(1);
                if place != self.place || shown != self.list() {
                    return;
                }
                match packet {
                    Some(packet) => self.look_at(pdu, packet),
                    None if self.selection.is_none_or(|s| s.packet.is_some() || s.pdu != pdu) => self.select(pdu, None),
                    None => {}
                }
                self.range = anchor.zip(row);
                if let Some(row) = row {
                    self.bring(row);
                }
            }
            Tell::Sought { list, row, pdu } if Some(list) == self.list() && self.is_selected(pdu) => self.bring(row),
            Tell::Revealed { revealing } => self.unveiled = revealing,
            Tell::OtherWork(captures) => self.trouble = Some(differs(&captures)),
            Tell::Hashes { print, hashes } => self.hashed(print, hashes),
            Tell::Moved(moved) => self.moved(&moved),
            Tell::Making(share) => self.notice = Some(format!("The file is being made: {:.0} %.", share * 100.0)),
            Tell::NotExported(sentence) => {
                self.notice = None;
                self.trouble = Some(sentence);
            }
            Tell::Found(found) if found.id == self.seeking.id => Rc::make_mut(&mut self.seeking).found = found,
            Tell::Hit(hit) if (hit.id, hit.place) == (self.seeking.id, self.place) => {
                Rc::make_mut(&mut self.seeking).reach(hit);
                self.select(hit.pdu, Some(hit.range));
            }
            Tell::Went { place, pdu, packet, said } => {
                self.steps = self.steps.wrapping_add(1);
                if place == self.place {
                    self.arrive(pdu, packet, said);
                }
            }
            Tell::Unread(sentence) => self.trouble = Some(sentence),
            Tell::Exported { form, ending, file, sentence } => {
                self.trouble = None;
                self.notice = Some(sentence).filter(|sentence| !sentence.is_empty());
                self.exported = Some(Rc::new(Exported { form, ending, file }));
            }
            _ => {}
        }
    }

    fn read(&mut self, reading: Rc<Reading>) {
        if Rc::make_mut(&mut self.filter).hear(reading) {
            self.forget_rows();
        }
    }

    /// A link may name a command that this capture does not have.
    pub(super) fn leave_absent(&mut self) {
        let last = self.progress.overview.commands;
        if let Some(Selection { pdu, .. }) = self.selection.filter(|selection| selection.pdu > last)
            && last > 0
            && !self.is_reading()
        {
            (self.selection, self.detail) = (None, None);
            self.notice = Some(format!("There is no command {pdu}: the last is {last}."));
        }
        let packets = self.progress.overview.packets;
        if let Some(packet) = self.selection.and_then(|selection| selection.packet)
            && f64::from(packet) > packets
            && last > 0
            && !self.is_reading()
        {
            (self.selection, self.detail) = (None, None);
            self.notice = Some(format!("There is no packet {packet}: the last is {packets}."));
        }
    }

    fn bring(&mut self, row: u32) {
        let wish = self.goal.map_or(0, |(_, wish)| wish.wrapping_add(1));
        self.goal = Some((row, wish));
    }

    /// Rows under a heading were folded away or came back: what is open below it moves, what is open in it closes.
    fn shift(&mut self, heading: u32, before: u32, now: u32) {
        self.folds = self.folds.wrapping_add(1);
        self.range = None;
        self.print(None);
        let last = heading.saturating_add(before);
        let opened = Rc::make_mut(&mut self.opened);
        opened.retain(|_, opened| opened.row <= heading || opened.row > last);
        for opened in opened.values_mut().filter(|opened| opened.row > last) {
            opened.row = opened.row - before + now;
        }
    }

    fn receive(&mut self, detail: Rc<Detail>) {
        if detail.packet.is_none()
            && self.opened.contains_key(&detail.pdu)
            && let Some(opened) = Rc::make_mut(&mut self.opened).get_mut(&detail.pdu)
        {
            opened.detail = Some(Rc::clone(&detail));
        }
        let Some(selection) = self.selection.as_mut().filter(|selection| selection.is_of(&detail)) else { return };
        // Which command ends in a packet the worker knows.
        selection.pdu = detail.pdu;
        if let Some(item) = field_at(&detail, selection.wanted.take()) {
            selection.item = Some(item);
            self.show_source_of(item, &detail);
        }
        self.detail = Some(detail);
    }

    pub(super) fn show_source_of(&mut self, item: usize, detail: &Detail) {
        if let Some(item) = detail.items.get(item) {
            self.source = item.range.source;
        }
    }

    fn learn(&mut self, verdicts: Vec<(u32, Verdict)>) {
        let Some(transfers) = &mut self.transfers else { return };
        let all = &mut Rc::make_mut(transfers).all;
        for (id, verdict) in verdicts {
            // They are in order of their numbers.
            let found = all.binary_search_by_key(&id, |transfer| transfer.id);
            if let Some(transfer) = found.ok().and_then(|at| all.get_mut(at)) {
                transfer.verdict = Some(verdict);
            }
        }
    }
}

pub(super) fn field_at(detail: &Detail, wanted: Option<Range>) -> Option<usize> {
    let wanted = wanted?;
    // Of a group and its only field, which have the same bytes, the field is meant.
    let exact = detail.items.iter().rposition(|item| item.range == wanted);
    exact.or_else(|| innermost(&detail.items, wanted.source, wanted.start))
}
