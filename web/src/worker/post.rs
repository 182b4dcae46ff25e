//! The worker's desk: messages in, messages out, and reading in turns so that questions are answered in between.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use msnp_dissector::report::TreeRecord;
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::reader;
use super::sentences;
use super::session::{Folded, Session};
use super::several::Anchor;
use crate::hooks::blob::blob_of;
use crate::protocol::find::Here;
use crate::protocol::{Ask, Export, Fate, FileForm, List, Part, Progress, Stage, Tell};
use crate::scene::lanes::arranged;
use crate::wording::distinct;

mod hashes;
mod opening;
mod packets;
mod save;
mod seeking;
mod turns;

use turns::Building;

/// Milliseconds between two reports of progress.
const REPORT_EVERY: f64 = 80.0;
/// What a report may cost of the time between two: totals go over all commands, and files can be very large.
const REPORT_SHARE: f64 = 0.05;
/// Commands that the experts look at before questions get their turn.
const PORTION: u32 = 4_000;
/// Bytes of transfers that are hashed, or put together, before questions get their turn: some 30 ms.
const BYTES: u64 = 2 << 20;

/// Starts listening and says so.
///
/// # Errors
/// What the browser says when this is no worker.
pub fn start() -> Result<(), JsValue> {
    let scope: web_sys::DedicatedWorkerGlobalScope = js_sys::global().dyn_into()?;
    let channel = web_sys::MessageChannel::new()?;
    let desk = Rc::new(RefCell::new(Desk::new(scope.clone(), channel.port2())));

    let turns = Rc::clone(&desk);
    let on_turn = Closure::<dyn FnMut()>::new(move || turns.borrow_mut().turn());
    channel.port1().set_onmessage(Some(on_turn.as_ref().unchecked_ref()));
    // Listening goes on as long as the worker lives.
    on_turn.forget();

    let questions = Rc::clone(&desk);
    let on_message = Closure::<dyn FnMut(_)>::new(move |event: web_sys::MessageEvent| {
        match serde_wasm_bindgen::from_value(event.data()) {
            Ok(Ask::Open { generation, files, beside, keep }) => match reader::files(&files) {
                Ok(new) => {
                    let (mut files, redacted) = questions.borrow_mut().staying(beside, &keep);
                    files.extend(new);
                    opening::open(&questions, generation, files, redacted);
                }
                Err(reason) => questions.borrow_mut().refuse(generation, &reason),
            },
            Ok(Ask::Leave { generation, at, keep }) => {
                let (mut files, redacted) = questions.borrow_mut().staying(true, &keep);
                if (at as usize) < files.len() {
                    files.remove(at as usize);
                    questions.borrow_mut().leave(at as usize);
                }
                opening::open(&questions, generation, files, redacted);
            }
            Ok(Ask::Redact { generation, redacted }) => {
                let files = questions.borrow().files.clone();
                opening::open(&questions, generation, files, redacted);
            }
            Ok(Ask::Packet { number, pdu }) => packets::show(&questions, number, pdu),
            Ok(Ask::SaveWork(work)) => save::save_work(&questions, *work),
            Ok(Ask::Hashes { print }) => hashes::tell(&questions, print),
            Ok(Ask::CheckWork(captures)) => save::check_work(&questions, captures),
            Ok(Ask::Export(wish)) if wish.form == FileForm::Capture => save::save(&questions, wish.part),
            Ok(Ask::Export(wish)) if wish.form == FileForm::Html => save::save_page(&questions, wish),
            Ok(ask) => questions.borrow_mut().answer(ask),
            Err(_) => {}
        }
    });
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget();

    desk.borrow().tell(&Tell::Ready);
    Ok(())
}

struct Desk {
    scope: web_sys::DedicatedWorkerGlobalScope,
    /// A message here brings the next turn, after all questions that wait.
    bell: web_sys::MessagePort,
    session: Session,
    /// Secrets are shown.
    revealing: bool,
    /// The open files, and how many bytes of each were read.
    files: Vec<web_sys::File>,
    read: Vec<f64>,
    /// Their hashes, once somebody asked.
    hashes: Option<Rc<Vec<[u8; 32]>>>,
    /// They are told with pseudonyms, as soon as that can be.
    redacted: bool,
    /// Commands that are to be found again once all is read: the page's numbers for them, and where they are, unless their
    /// capture was put away.
    anchors: Vec<(u32, Option<Anchor>)>,
    progress: Progress,
    work: Work,
    /// The bytes of transfers are to be checked.
    verifying: bool,
    /// They have told of something odd that the page has not heard of.
    noticed: bool,
    /// The filter whose list is being filled.
    sifting: Option<u32>,
    /// Milliseconds that took, and when to tell of it again.
    sifted: f64,
    told: f64,
    /// Something is searched for; in which list, and when to tell of it again.
    finding: bool,
    looked: Option<List>,
    found: f64,
    /// From where somebody was led on last, and to which command.
    led: Option<(Here, u32)>,
    /// How many packets were asked for: the last is wanted.
    looking: u32,
    /// Objects that were asked for.
    objects: VecDeque<Building>,
    /// Records that were asked for.
    records: VecDeque<u32>,
    started: f64,
    /// When the next report of progress is due.
    due: f64,
}

/// What is being done between questions.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Work {
    Nothing,
    Reading,
    Checking,
}

impl Desk {
    fn new(scope: web_sys::DedicatedWorkerGlobalScope, bell: web_sys::MessagePort) -> Self {
        Self {
            scope,
            bell,
            session: Session::default(),
            revealing: false,
            files: Vec::new(),
            read: Vec::new(),
            hashes: None,
            redacted: false,
            anchors: Vec::new(),
            progress: Progress::default(),
            work: Work::Nothing,
            verifying: false,
            noticed: false,
            sifting: None,
            sifted: 0.0,
            told: 0.0,
            finding: false,
            looked: None,
            found: 0.0,
            led: None,
            looking: 0,
            objects: VecDeque::new(),
            records: VecDeque::new(),
            started: 0.0,
            due: 0.0,
        }
    }

    fn answer(&mut self, ask: Ask) {
        let tell = match ask {
            Ask::Open { .. } | Ask::Leave { .. } | Ask::Redact { .. } | Ask::Packet { .. } => return,
            Ask::SaveWork(_) | Ask::CheckWork(_) | Ask::Hashes { .. } => return,
            Ask::Cancel => return self.cancel(),
            Ask::Close => return self.close(),
            Ask::Reveal { revealing } => {
                self.revealing = revealing;
                self.session.reveal_secrets(revealing);
                Tell::Revealed { revealing }
            }
            Ask::Window { list, first, count, lanes } => {
                if list.filter != 0 {
                    if self.sifting != Some(list.filter) {
                        (self.sifting, self.sifted) = (Some(list.filter), 0.0);
                    }
                    self.ring();
                }
                Tell::Window(Box::new(arranged(self.session.window(list, first, count), &lanes)))
            }
            Ask::Filter { id, text, cursor } => Tell::Filter(Box::new(self.session.filter(id, &text, cursor))),
            Ask::Detail { pdu } => Tell::Detail(self.session.detail(pdu).map(Box::new)),
            Ask::Locate { list, pdu } => {
                self.locate(list, pdu);
                return;
            }
            Ask::Bring { list, pdu } => match self.session.locate(list, pdu) {
                Some(row) => Tell::Sought { list, row, pdu: Some(pdu) },
                None => return,
            },
            Ask::Seek { list, time } => Tell::Sought { list, row: self.session.seek(list, time), pdu: None },
            Ask::Fold { list, what } => match self.session.fold(list, what) {
                Some(folded) => told(list, folded),
                None => return,
            },
            Ask::Step { list, shown, here, by, anchor } => return self.step(list, shown, here, by, anchor),
            Ask::Find { id, list, text, kind } => return self.find(id, list, &text, kind),
            Ask::Hit { start } => return self.wish(start),
            Ask::Go { list, target, clock, place } => return self.go(list, target, &clock, place),
            Ask::Odd { list, here, back } => return self.odd(list, here, back),
            Ask::Story => Tell::Story(self.session.story().map(Box::new)),
            Ask::Chat { number, count } => Tell::Chat(Box::new(self.session.transcript(number, count))),
            Ask::SearchChats { text } => Tell::ChatsFound(Box::new(self.session.search_chats(&text))),
            Ask::Transfers => {
                self.verifying = true;
                self.ring();
                Tell::Transfers(self.session.transfers().map(Box::new))
            }
            Ask::Chunks { id } => Tell::Chunks(self.session.chunks(id).map(Box::new)),
            Ask::Object { id } => {
                self.objects.push_back(Building::new(id));
                return self.ring();
            }
            Ask::TransferOf { pdu } => Tell::TransferOf { pdu, id: self.session.transfer_of(pdu) },
            Ask::Export(wish) if wish.form == FileForm::Json => {
                exported(&wish, json(&self.session.chat_records(&wish)).ok_or_else(|| NO_JSON.to_owned()))
            }
            Ask::Export(wish) => exported(&wish, self.session.export(&wish)),
            Ask::Record { pdu } => {
                self.records.push_back(pdu);
                return self.ring();
            }
        };
        self.tell(&tell);
    }

    fn begin(&mut self, generation: u32, files: Vec<web_sys::File>) {
        let size = files.iter().map(|file| file.size()).sum();
        self.session = Session::of(distinct(files.iter().map(web_sys::File::name).collect()));
        self.session.reveal_secrets(self.revealing);
        (self.files, self.read, self.hashes) = (files, Vec::new(), None);
        self.progress = Progress { generation, size, ..Progress::default() };
        self.work = Work::Reading;
        (self.verifying, self.noticed) = (false, false);
        self.sifting = None;
        (self.finding, self.led) = (false, None);
        self.objects.clear();
        self.records.clear();
        self.started = self.now();
        self.due = 0.0;
    }

    /// Nothing is kept of what was open.
    fn close(&mut self) {
        self.begin(0, Vec::new());
        self.work = Work::Nothing;
    }

    fn is_reading(&self, generation: u32) -> bool {
        self.work == Work::Reading && self.progress.generation == generation
    }

    /// Takes in the next bytes; false when nobody wants more.
    fn take(&mut self, bytes: &[u8]) -> bool {
        let fed = self.session.feed(bytes);
        fed.map_err(|sentence| self.end(Stage::Refused { sentence })).is_ok()
    }

    fn tell_of_reading(&mut self) {
        self.progress.read = self.read.iter().sum();
        let first_rows = self.progress.overview.commands == 0 && self.session.commands() > 0;
        if first_rows || self.now() > self.due {
            self.report();
        }
    }

    fn finish(&mut self) {
        let stage = self.session.finish();
        self.end(stage);
    }

    fn cancel(&mut self) {
        if self.work == Work::Reading {
            self.session.stop();
            self.end(Stage::Cancelled);
        }
    }

    /// The browser cannot read further.
    fn break_off(&mut self, reason: &str) {
        let sentence = sentences::unreadable(reason);
        let stage = if self.session.commands() > 0 { Stage::Cut { sentence } } else { Stage::Refused { sentence } };
        self.session.stop();
        self.end(stage);
    }

    fn end(&mut self, stage: Stage) {
        self.work = Work::Nothing;
        self.progress.stage = stage;
        let fate = |anchor: Option<Anchor>| match anchor {
            None => Fate::Gone,
            Some(anchor) => self.session.at_anchor(anchor).map_or(Fate::Absent, Fate::At),
        };
        let moved = self.anchors.iter().map(|(id, anchor)| (*id, fate(*anchor))).collect::<Vec<_>>();
        self.tell(&Tell::Moved(moved));
        // Those that were found stay too: the page may never hear of it, when the next opening is on its way.
        self.anchors.retain(|(_, anchor)| anchor.is_some());
        self.progress.elapsed = (self.now() - self.started) / 1000.0;
        // Small captures are checked at once; larger ones are shown first.
        let refused = matches!(self.progress.stage, Stage::Refused { .. });
        let checked = refused || (self.session.commands() <= PORTION && self.session.check(PORTION));
        self.report();
        match checked {
            true => self.verifying = true,
            false => self.work = Work::Checking,
        }
        self.ring();
    }

    fn report(&mut self) {
        if self.work == Work::Reading {
            self.progress.elapsed = (self.now() - self.started) / 1000.0;
        }
        let begun = self.now();
        self.progress.overview = self.session.overview();
        let now = self.now();
        self.due = now + REPORT_EVERY.max((now - begun) / REPORT_SHARE);
        self.tell(&Tell::Progress(Box::new(self.progress.clone())));
        if self.finding {
            self.ring();
        }
    }

    fn ring(&self) {
        let _ = self.bell.post_message(&JsValue::NULL);
    }

    fn tell(&self, tell: &Tell) {
        if let Some((message, buffer)) = tell.pack(self.progress.generation) {
            let _ = self.scope.post_message_with_transfer(&message, &js_sys::Array::of1(&buffer));
        }
    }

    fn now(&self) -> f64 {
        self.scope.performance().map_or(0.0, |performance| performance.now())
    }
}

/// A file that is text.
fn exported(wish: &Export, text: Result<String, String>) -> Tell {
    let (kind, ending) = match wish.form {
        FileForm::Svg => ("image/svg+xml", "-ladder.svg"),
        FileForm::Png => ("image/svg+xml", "-ladder.png"),
        FileForm::Html => ("text/html", "-chats.html"),
        FileForm::Json => ("application/json", "-chats.json"),
        FileForm::Text if !matches!(wish.part, Part::Rows { .. }) => ("text/plain", "-chats.txt"),
        FileForm::Text | FileForm::Capture => ("text/plain", "-ladder.txt"),
    };
    match text.map(|text| blob_of(text.as_bytes(), kind)) {
        Ok(Some(file)) => {
            Tell::Exported { form: wish.form, ending: ending.to_owned(), file: file.into(), sentence: String::new() }
        }
        Ok(None) => Tell::NotExported("The browser could not keep this file.".to_owned()),
        Err(sentence) => Tell::NotExported(sentence),
    }
}

const fn told(list: List, folded: Folded) -> Tell {
    Tell::Folded { list, row: folded.row, before: folded.before, now: folded.now }
}

/// A report as plain objects, as `JSON.parse` would make them.
fn plain(record: Option<TreeRecord>) -> JsValue {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    record.and_then(|record| record.serialize(&serializer).ok()).unwrap_or(JsValue::NULL)
}

/// Records as JSON, written by the browser.
fn json(records: &impl Serialize) -> Option<String> {
    let plain = records.serialize(&serde_wasm_bindgen::Serializer::json_compatible()).ok()?;
    let written = js_sys::JSON::stringify_with_replacer_and_space(&plain, &JsValue::NULL, &JsValue::from_f64(2.0));
    Some(String::from(written.ok()?) + "\n")
}

const NO_JSON: &str = "The browser could not write these records.";
