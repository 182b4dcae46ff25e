//! The open files, which are read as one; what becomes of notes and selection when others come in or one goes.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::{Selection, State};
use crate::protocol::Progress;
use crate::wording::counted;

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
        match &**self.0 {
            [] => String::new(),
            [only] => only.name.clone(),
            [first, second] => format!("{} and {}", first.name, second.name),
            [first, rest @ ..] => format!("{} and {}", first.name, counted(rest.len() as u64, "other", "others")),
        }
    }

    /// The names, one after the other.
    #[must_use]
    pub fn names(&self) -> String {
        self.iter().map(|file| file.name.as_str()).collect::<Vec<_>>().join(", ")
    }

    pub(super) fn with(&self, more: Vec<FileInfo>) -> Self {
        Self::new(self.iter().cloned().chain(more).collect())
    }

    pub(super) fn without(&self, at: usize) -> Self {
        Self::new(self.iter().enumerate().filter(|(index, _)| *index != at).map(|(_, file)| file.clone()).collect())
    }
}

/// What is about commands whose numbers change.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Moving {
    /// Notes, by the numbers before.
    pub notes: BTreeMap<u32, String>,
    /// The selected command, by its number before.
    pub selected: Option<u32>,
}

impl State {
    /// Commands whose numbers change when other files are read.
    #[must_use]
    pub fn kept(&self) -> Vec<u32> {
        let mut kept =
            self.notes.keys().copied().chain(self.selection.map(|selection| selection.pdu)).collect::<Vec<_>>();
        kept.dedup();
        kept
    }

    /// What is kept whatever is read anew.
    pub(super) fn reread(&self, generation: u32, files: Files) -> Self {
        Self {
            generation,
            progress: Rc::new(Progress { generation, size: files.size(), ..Progress::default() }),
            files,
            view: self.view,
            filter: Rc::new(self.filter.asked_again()),
            revealing: self.revealing,
            theme: self.theme,
            settings: self.settings,
            ..Self::default()
        }
    }

    /// Other files are read from now on, some of them the same.
    pub(super) fn with_files(&self, generation: u32, files: Files) -> Self {
        let selected = self.selection.map(|selection| selection.pdu);
        let moving = self.moving.clone().unwrap_or_else(|| Rc::new(Moving { notes: (*self.notes).clone(), selected }));
        Self { redacted: self.redacted, moving: Some(moving), ..self.reread(generation, files) }
    }

    /// It is known which numbers commands have now.
    pub(super) fn moved(&mut self, numbers: &[(u32, Option<u32>)]) {
        let Some(moving) = self.moving.take() else { return };
        let now = |before: u32| numbers.iter().find(|(number, _)| *number == before)?.1;
        let notes = Rc::make_mut(&mut self.notes);
        let mut lost = 0;
        for (before, text) in &moving.notes {
            match now(*before) {
                // Somebody may have written one meanwhile.
                Some(number) => drop(notes.entry(number).or_insert_with(|| text.clone())),
                None => lost += 1,
            }
        }
        if lost > 0 {
            let (notes, were) = (counted(lost, "note", "notes"), if lost == 1 { "was" } else { "were" });
            self.notice = Some(format!("{notes} {were} about the capture that was put away, and went with it."));
        }
        if let Some(pdu) = moving.selected.and_then(now).filter(|_| self.selection.is_none()) {
            self.selection = Some(Selection { pdu, ..Selection::default() });
        }
    }
}
