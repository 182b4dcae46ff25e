//! Which rows of the list are visible. It changes with each picture while somebody scrolls, so it is no part of the state:
//! whom it concerns is told, and nothing is drawn anew.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use yew::prelude::*;

use super::latest::use_latest;

/// Visible rows: the first, and how many.
pub type Rows = (u32, u32);

/// Rows taken to be visible before it is known.
const AT_FIRST: Rows = (0, 60);

/// The visible rows, and who watches them.
#[derive(Debug, Clone)]
pub struct Sight {
    inner: Rc<Inner>,
}

#[derive(Debug)]
struct Inner {
    rows: Cell<Rows>,
    watchers: RefCell<Vec<(u32, Callback<Rows>)>>,
    next: Cell<u32>,
}

impl Default for Sight {
    fn default() -> Self {
        let inner = Inner { rows: Cell::new(AT_FIRST), watchers: RefCell::default(), next: Cell::default() };
        Self { inner: Rc::new(inner) }
    }
}

impl PartialEq for Sight {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.inner, &other.inner)
    }
}

impl Sight {
    /// The visible rows.
    #[must_use]
    pub fn rows(&self) -> Rows {
        self.inner.rows.get()
    }

    /// Other rows are visible.
    pub fn see(&self, rows: Rows) {
        self.inner.rows.set(rows);
        let watchers = self.inner.watchers.borrow().clone();
        for (_, watcher) in watchers {
            watcher.emit(rows);
        }
    }

    /// Has somebody told of other rows, as long as the watch is kept.
    #[must_use]
    pub fn watch(&self, watcher: Callback<Rows>) -> Watch {
        let id = self.inner.next.replace(self.inner.next.get().wrapping_add(1));
        self.inner.watchers.borrow_mut().push((id, watcher));
        Watch { id, sight: Rc::downgrade(&self.inner) }
    }
}

/// Ends when it is dropped.
#[derive(Debug)]
pub struct Watch {
    id: u32,
    sight: Weak<Inner>,
}

impl Drop for Watch {
    fn drop(&mut self) {
        if let Some(sight) = self.sight.upgrade() {
            sight.watchers.borrow_mut().retain(|(id, _)| *id != self.id);
        }
    }
}

/// Has `told` called now, with each picture in which other rows are visible, and when `news` are others.
#[hook]
pub fn use_sight<N: PartialEq + 'static>(sight: &Sight, news: N, told: Callback<Rows>) {
    let told = use_latest(told);
    {
        let (sight, told) = (sight.clone(), told.clone());
        use_effect_with(news, move |_| told.emit(sight.rows()));
    }
    use_effect_with(sight.clone(), move |sight| {
        let watch = sight.watch(told);
        move || drop(watch)
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_watches_is_told_until_the_watch_ends() {
        let (sight, seen) = (Sight::default(), Rc::new(RefCell::new(Vec::new())));
        let watch = |name: &'static str| {
            let seen = Rc::clone(&seen);
            sight.watch(Callback::from(move |rows: Rows| seen.borrow_mut().push((name, rows))))
        };
        let (one, two) = (watch("one"), watch("two"));
        sight.see((5, 30));
        drop(one);
        sight.see((6, 30));
        drop(two);
        sight.see((7, 30));
        assert_eq!(*seen.borrow(), [("one", (5, 30)), ("two", (5, 30)), ("two", (6, 30))]);
        assert_eq!(sight.rows(), (7, 30));
    }
}
