//! The desk's part in finding and going to.

use super::{Desk, REPORT_EVERY, Work, told};
use crate::clock::Clock;
use crate::protocol::find::{Here, Kind, Start, Target};
use crate::protocol::{List, Tell};
use crate::worker::go::Arrival;

impl Desk {
    pub(super) fn find(&mut self, id: u32, list: List, text: &str, kind: Kind) {
        self.finding = self.session.find(id, list, kind, text);
        self.looked = Some(list);
        self.found = 0.0;
        self.ring();
    }

    pub(super) fn wish(&mut self, start: Start) {
        self.session.wish(start);
        self.finding = true;
        self.ring();
    }

    pub(super) fn go(&mut self, list: List, target: Target, clock: &Clock, place: u32) {
        // In a list of packets a packet is meant itself.
        let target = match target {
            Target::Packet(number) if list.form.is_of_packets() => Target::Frame(number),
            target => target,
        };
        match self.session.go(target, clock) {
            Ok(arrival) => self.arrive(list, arrival, place),
            Err(sentence) => self.tell(&Tell::Went { place, pdu: None, packet: None, said: Some(sentence) }),
        }
    }

    /// From where it really goes on: whoever presses a key twice before the page has come after means two steps.
    fn from(&self, here: Here) -> Option<u32> {
        self.led.filter(|(before, _)| *before == here).map_or(here.pdu, |(_, pdu)| Some(pdu))
    }

    pub(super) fn odd(&mut self, list: List, here: Here, back: bool) {
        let (from, place) = (self.from(here), here.place);
        match self.session.odd(list, from, back) {
            Some(pdu) => {
                self.led = Some((here, pdu));
                self.arrive(list, Arrival { pdu, packet: None }, place);
            }
            None => self.tell(&Tell::Went { place, pdu: None, packet: None, said: Some(nothing_odd(from, back)) }),
        }
    }

    /// Brings a command to where it can be seen; whether the list has it.
    pub(super) fn locate(&mut self, list: List, pdu: u32) -> bool {
        while let Some(folded) = self.session.reveal(list, pdu) {
            self.tell(&told(list, folded));
        }
        let row = self.session.locate(list, pdu);
        if let Some(row) = row {
            self.tell(&Tell::Sought { list, row, pdu: Some(pdu) });
        }
        row.is_some()
    }

    /// The command so many commands further in a list, and its row in the one that is shown.
    pub(super) fn step(&mut self, list: List, shown: Option<List>, here: Here, by: i32, anchor: Option<u32>) {
        let Some((pdu, row)) = self.session.step(list, self.from(here), by) else { return };
        self.led = Some((here, pdu));
        let same = shown == Some(list);
        let packet = if same { self.session.packet_meant(list, pdu) } else { None };
        let row = Some(row).filter(|_| same);
        self.tell(&Tell::Stepped { place: here.place, anchor, shown, pdu, row, packet });
        if let Some(shown) = shown.filter(|_| !same) {
            self.locate(shown, pdu);
        }
    }

    /// Somebody arrives at a command or a packet; a list that does not have the command says so.
    fn arrive(&mut self, list: List, Arrival { pdu, packet }: Arrival, place: u32) {
        self.tell(&Tell::Went { place, pdu: Some(pdu), packet, said: None });
        match packet.filter(|_| pdu == 0) {
            Some(packet) => {
                let row = self.session.near(list, packet);
                self.tell(&Tell::Sought { list, row, pdu: Some(pdu) });
            }
            None if self.locate(list, pdu) => {}
            None => {
                let hidden = "It is not among the commands that are listed here.".to_owned();
                self.tell(&Tell::Went { place, pdu: Some(pdu), packet, said: Some(hidden) });
            }
        }
    }

    /// Goes on with the search.
    pub(super) fn look(&mut self) {
        if !self.finding {
            return;
        }
        let Some((found, hit)) = self.session.look() else {
            self.finding = false;
            return;
        };
        let now = self.now();
        if hit.is_some() || found.complete() || now > self.found {
            self.found = now + REPORT_EVERY;
            self.tell(&Tell::Found(found));
        }
        if let Some(hit) = hit {
            self.tell(&Tell::Hit(hit));
            self.locate(self.looked.unwrap_or_default(), hit.pdu);
        }
        // While the file is read, the search goes on with what comes.
        self.finding = !found.complete() || self.work == Work::Reading;
        if !found.complete() {
            self.ring();
        }
    }
}

fn nothing_odd(from: Option<u32>, back: bool) -> String {
    match (from, back) {
        (None, _) => "Nothing odd is said of the commands listed here.",
        (_, true) => "Nothing odd is said of a command before this one.",
        (_, false) => "Nothing odd is said of a command behind this one.",
    }
    .to_owned()
}
