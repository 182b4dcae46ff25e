//! The open files, which are read as one; what becomes of notes and selection when others come in or one goes.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::{Selection, State};
use crate::protocol::{Fate, Progress};
use crate::wording::{counted, distinct};

/// A file that is open.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FileInfo {
    /// Its name.
    pub name: String,
    /// Its length in bytes.
    pub size: f64,
}

/// Files that are read as one, in their order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Files(Rc<Vec<FileInfo>>);

// No size is NaN: two handles of one list are equal without a look at it.
impl Eq for FileInfo {}

impl Files {
    /// These files.
    #[must_use]
    pub fn new(files: Vec<FileInfo>) -> Self {
        Self(Rc::new(files))
    }

    /// Whether none is open.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is more than one.
    #[must_use]
    pub fn are_several(&self) -> bool {
        self.0.len() > 1
    }

    /// Each of them.
    pub fn iter(&self) -> impl Iterator<Item = &FileInfo> {
        self.0.iter()
    }

    /// Bytes in all of them.
    #[must_use]
    pub fn size(&self) -> f64 {
        self.iter().map(|file| file.size).sum()
    }

    /// What to call them.
    #[must_use]
    pub fn name(&self) -> String {
        match &*self.distinct() {
            [] => String::new(),
            [only] => only.clone(),
            [first, second] => format!("{first} and {second}"),
            [first, rest @ ..] => format!("{first} and {}", counted(rest.len() as u64, "other", "others")),
        }
    }

    /// The names, one after the other.
    #[must_use]
    pub fn names(&self) -> String {
        self.distinct().join(", ")
    }

    /// The names, with numbers where several files have one.
    #[must_use]
    pub fn distinct(&self) -> Vec<String> {
        distinct(self.iter().map(|file| file.name.clone()).collect())
    }

    pub(super) fn with(&self, more: Vec<FileInfo>) -> Self {
        Self::new(self.iter().cloned().chain(more).collect())
    }

    pub(super) fn without(&self, at: usize) -> Self {
        Self::new(self.iter().enumerate().filter(|(index, _)| *index != at).map(|(_, file)| file.clone()).collect())
    }
}

/// What is about commands whose numbers are not known while other files are read.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Moving {
    /// Notes, by a number of the page's.
    pub notes: BTreeMap<u32, String>,
    /// The selected command, by such a number.
    pub selected: Option<u32>,
    /// The next such number.
    next: u32,
}

impl Moving {
    fn number(&mut self) -> u32 {
        self.next += 1;
        self.next
    }
}

impl State {
    /// What waits for new numbers when other files are read, and the commands that are to be found again for it.
    #[must_use]
    pub fn keeping(&self) -> (Moving, Vec<(u32, u32)>) {
        let mut moving = self.moving.as_deref().cloned().unwrap_or_default();
        let mut keep = Vec::new();
        for (pdu, text) in self.notes.iter() {
            let number = moving.number();
            moving.notes.insert(number, text.clone());
            keep.push((number, *pdu));
        }
        if let Some(selection) = self.selection {
            let number = moving.number();
            moving.selected = Some(number);
            keep.push((number, selection.pdu));
        }
        (moving, keep)
    }

    /// Notes for commands that are not found, or not yet.
    #[must_use]
    pub fn waiting_notes(&self) -> usize {
        self.moving.as_ref().map_or(0, |moving| moving.notes.len())
    }

    /// What is kept whatever is read anew.
    pub(super) fn reread(&self, generation: u32, files: Files) -> Self {
        Self {
            generation,
            progress: Rc::new(Progress { generation, size: files.size(), ..Progress::default() }),
            files,
            view: self.view,
            frames: self.frames,
            filter: Rc::new(self.filter.asked_again()),
            revealing: self.revealing,
            unveiled: self.unveiled,
            theme: self.theme,
            settings: self.settings,
            ..Self::default()
        }
    }

    /// Other files are read from now on, some of them the same.
    pub(super) fn with_files(&self, generation: u32, files: Files) -> Self {
        let (moving, _) = self.keeping();
        let next = Self {
            redacted: self.redacted,
            moving: Some(Rc::new(moving)),
            restoring: self.restoring.clone(),
            ..self.reread(generation, files)
        };
        match self.restoring.clone() {
            Some(work) => next.restored(work),
            None => next,
        }
    }

    /// It is known where commands are now.
    pub(super) fn moved(&mut self, fates: &[(u32, Fate)]) {
        let Some(mut moving) = self.moving.take().map(|moving| (*moving).clone()) else { return };
        // Only the worker's word that it went makes anything go.
        let fate = |number: u32| fates.iter().find(|(one, _)| *one == number).map_or(Fate::Absent, |(_, fate)| *fate);
        let notes = Rc::make_mut(&mut self.notes);
        let mut gone = 0;
        moving.notes.retain(|number, text| match fate(*number) {
            Fate::At(pdu) => {
                // Somebody may have written one meanwhile.
                notes.entry(pdu).or_insert_with(|| text.clone());
                false
            }
            Fate::Absent => true,
            Fate::Gone => {
                gone += 1;
                false
            }
        });
        let said = |count: u64, was: &str, were: &str, rest: &str| {
            let verb = if count == 1 { was } else { were };
            format!("{} {verb} {rest}", counted(count, "note", "notes"))
        };
        if gone > 0 {
            let rest = "about the capture that was put away, and went with it.";
            self.notice = Some(said(gone, "was", "were", rest));
        } else if !moving.notes.is_empty() {
            let rest = "for commands that are not found among what was read.";
            self.notice = Some(said(moving.notes.len() as u64, "waits", "wait", rest));
        }
        let selected = moving.selected.take().map(fate);
        if let (Some(Fate::At(pdu)), None) = (selected, self.selection) {
            self.selection = Some(Selection { pdu, ..Selection::default() });
            self.arrivals = self.arrivals.wrapping_add(1);
        }
        // With its numbers, which are not given twice.
        self.moving = Some(Rc::new(moving));
    }
}
