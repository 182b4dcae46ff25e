//! Saving a part of the capture as a capture: the file is read again, in slices, while questions are answered.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Uint8Array};
use msnp_dissector::excerpt::{Excerpt, Next, Saved};
use msnp_dissector::tree::hex;
use wasm_bindgen::JsValue;
use web_sys::Blob;

use super::hashes::hashes;
use super::{Desk, REPORT_EVERY, exported, json};
use crate::hooks::blob::blob_of;
use crate::protocol::{Export, FileForm, Part, Tell};
use crate::state::{Capture, Work};
use crate::wording::{count, counted};
use crate::worker::reader::Readers;
use crate::worker::sentences;

/// How often a capture is read to save a part of it; seldom once or twice more.
const PASSES: f64 = 3.0;
/// Milliseconds after which it is told how far that is.
const TELL_AFTER: f64 = 400.0;

/// How a pcapng file begins.
const PCAPNG: [u8; 4] = [0x0a, 0x0d, 0x0d, 0x0a];

/// Saves a part of the capture that is open.
pub(super) fn save(desk: &Rc<RefCell<Desk>>, part: Part) {
    let desk = Rc::clone(desk);
    wasm_bindgen_futures::spawn_local(async move {
        let generation = desk.borrow().progress.generation;
        let told = excerpt(&desk, part).await;
        let desk = desk.borrow();
        if desk.progress.generation == generation {
            desk.tell(&told.unwrap_or_else(Tell::NotExported));
        }
    });
}

/// Saves chats as a page that names its captures by their hashes.
pub(super) fn save_page(desk: &Rc<RefCell<Desk>>, wish: Box<Export>) {
    let desk = Rc::clone(desk);
    wasm_bindgen_futures::spawn_local(async move {
        let generation = desk.borrow().progress.generation;
        // A file that cannot be read again has none.
        let hashes = hashes(&desk).await.unwrap_or_default();
        let mut desk = desk.borrow_mut();
        if desk.progress.generation == generation {
            desk.session.know(hashes.iter().map(|hash| hex(hash)).collect());
            let told = exported(&wish, desk.session.export(&wish));
            desk.tell(&told);
        }
    });
}

/// Saves notes with the hash of the capture that they are about.
pub(super) fn save_work(desk: &Rc<RefCell<Desk>>, work: Work) {
    let desk = Rc::clone(desk);
    wasm_bindgen_futures::spawn_local(async move {
        let generation = desk.borrow().progress.generation;
        let told = match hashes(&desk).await {
            Ok(hashes) => {
                let hashed = |(capture, hash): (&Capture, &[u8; 32])| Capture { sha256: hex(hash), ..capture.clone() };
                let captures = work.captures.iter().zip(&*hashes).map(hashed).collect();
                let file =
                    json(&Work { captures, ..work }).and_then(|text| blob_of(text.as_bytes(), "application/json"));
                let ending = "-work.json".to_owned();
                file.map(|file| Tell::Exported {
                    form: FileForm::Json,
                    ending,
                    file: file.into(),
                    sentence: "Saved notes, filter and selection: drop the file here to have them back.".to_owned(),
                })
            }
            Err(reason) => Some(Tell::NotExported(sentences::unreadable(&reason))),
        };
        let failed = || Tell::NotExported("The browser could not keep this file.".to_owned());
        let desk = desk.borrow();
        if desk.progress.generation == generation {
            desk.tell(&told.unwrap_or_else(failed));
        }
    });
}

/// Says so when notes are about other captures than the open ones.
pub(super) fn check_work(desk: &Rc<RefCell<Desk>>, captures: Vec<Capture>) {
    let desk = Rc::clone(desk);
    wasm_bindgen_futures::spawn_local(async move {
        let generation = desk.borrow().progress.generation;
        // In whichever order they were opened.
        let theirs = |hashes: &[[u8; 32]]| {
            let is_named = |hash: &[u8; 32]| captures.iter().any(|capture| capture.sha256 == hex(hash));
            hashes.len() == captures.len() && hashes.iter().all(is_named)
        };
        let differs = hashes(&desk).await.is_ok_and(|hashes| !theirs(&hashes));
        let desk = desk.borrow();
        if differs && desk.progress.generation == generation {
            desk.tell(&Tell::OtherWork(captures));
        }
    });
}

async fn excerpt(desk: &RefCell<Desk>, part: Part) -> Result<Tell, String> {
    // What was read is what is on the page.
    let (chosen, files, read, generation) = {
        let mut desk = desk.borrow_mut();
        let (files, read) = (desk.files.clone(), desk.read.clone());
        (desk.session.chosen(part), files, read, desk.progress.generation)
    };
    if desk.borrow().session.is_redacted() {
        return Err("A capture would hold what was really sent. Switch redaction off (R) to save one.".to_owned());
    }
    if chosen.is_empty() {
        return Err("No command is among these rows, so there is nothing to save as a capture.".to_owned());
    }
    let mut excerpt = Excerpt::of(files.len(), |command| chosen.contains(&command.number));
    let (mut out, mut written, mut pass) = (Vec::new(), Written::default(), 0.0);
    let (size, mut due) = (read.iter().sum::<f64>().max(1.0), desk.borrow().now() + TELL_AFTER);
    let refused = |refusal| sentences::refusal(&refusal, &msnp_dissector::tree::Catalogue::english());
    loop {
        let mut readers = Readers::up_to(&files, &read).map_err(|reason| sentences::unreadable(&reason))?;
        while let Some(at) = excerpt.asks_for() {
            let bytes = readers.next(at).await.map_err(|reason| sentences::unreadable(&reason))?;
            if desk.borrow().progress.generation != generation {
                return Err(String::new());
            }
            let read = match bytes {
                Some(bytes) => excerpt.push(bytes, &mut out),
                None => excerpt.end_file(&mut out).map(drop),
            };
            // One of several that is no capture was left out when they were opened.
            if files.len() == 1 {
                read.map_err(refused)?;
            }
            written.take(&mut out);
            let now = desk.borrow().now();
            if now > due {
                due = now + REPORT_EVERY;
                let share = (pass + readers.read().sum::<f64>() / size) / PASSES;
                desk.borrow().tell(&Tell::Making(share.min(0.99)));
            }
        }
        pass += 1.0;
        let next = excerpt.finish(&mut out).map_err(refused)?;
        written.take(&mut out);
        match next {
            Next::Read => {}
            Next::Rewrite => written = Written::default(),
            Next::Done(saved) => {
                let veiled = desk.borrow().session.veiled();
                return written.tell(&saved, veiled).ok_or_else(|| "The browser could not keep it.".to_owned());
            }
        }
    }
}

/// What was written: a blob for each slice, which the browser joins without copying.
#[derive(Default)]
struct Written {
    parts: Array,
    is_pcapng: bool,
}

impl Written {
    fn take(&mut self, out: &mut Vec<u8>) {
        if out.is_empty() {
            return;
        }
        if self.parts.length() == 0 {
            self.is_pcapng = out.starts_with(&PCAPNG);
        }
        let bytes = Array::of1(&Uint8Array::from(out.as_slice()));
        if let Ok(part) = Blob::new_with_u8_array_sequence(&bytes) {
            self.parts.push(&part);
        }
        out.clear();
    }

    fn tell(&self, saved: &Saved, veiled: bool) -> Option<Tell> {
        let file: JsValue = Blob::new_with_blob_sequence(&self.parts).ok()?.into();
        let ending = if self.is_pcapng { "-part.pcapng" } else { "-part.pcap" };
        Some(Tell::Exported {
            form: FileForm::Capture,
            ending: ending.to_owned(),
            file,
            sentence: sentence(saved, veiled),
        })
    }
}

fn sentence(saved: &Saved, veiled: bool) -> String {
    let Saved { packets, commands, lost, .. } = *saved;
    let said = format!(
        "Saved {} in {}{}.",
        counted(commands.into(), "command", "commands"),
        counted(packets, "packet", "packets"),
        if veiled { ", as they were sent: what is hidden here is in it" } else { "" }
    );
    match lost {
        0 => said,
        lost => format!(
            "{said} {} of them will not be found again: what they need is not in this capture.",
            count(lost.into())
        ),
    }
}
