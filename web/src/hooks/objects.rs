//! The bytes of transfers, asked for when something wants to show them.

use std::collections::HashSet;
use std::rc::Rc;

use yew::prelude::*;

use super::page::Page;
use crate::protocol::Ask;

/// Asks for the bytes of a transfer, once for as long as they are kept.
#[hook]
pub fn use_object_asker(page: &Page) -> Callback<u32> {
    let asked = use_mut_ref(|| (page.state.generation, HashSet::new()));
    let (link, objects, generation) = (page.link.clone(), Rc::clone(&page.state.objects), page.state.generation);
    Callback::from(move |id| {
        let mut asked = asked.borrow_mut();
        if asked.0 != generation {
            *asked = (generation, HashSet::new());
        }
        // What came may have been let go since.
        asked.1.retain(|id| objects.get(*id).is_none());
        // Several may want the same one.
        if objects.get(id).is_none() && asked.1.insert(id) {
            link.ask(&Ask::Object { id });
        }
    })
}
