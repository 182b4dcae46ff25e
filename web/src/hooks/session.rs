//! Opening files, and asking the worker for what is on screen.

use std::ops::Range;
use std::rc::Rc;

use web_sys::File;
use yew::prelude::*;

use super::files::{SAMPLES, Sample, fetch};
use super::latest::use_latest;
use super::page::Page;
use super::sight::{Rows, Sight, use_sight};
use crate::protocol::{Ask, List, Window};
use crate::route::SAMPLE;
use crate::scene::extent::BEYOND;
use crate::state::{Action, FileInfo, Selection, View};

/// Rows around the visible ones that must be there, else others are asked for: many fewer than exist, so that scrolling asks
/// now and then and not with each picture.
const MARGIN: u32 = 8;

/// Entries of a chat asked for at a time.
pub const PORTION: u32 = 300;

/// Files that are to be opened.
#[derive(Debug, Clone)]
pub struct Wish {
    /// The files.
    pub files: Vec<File>,
    /// What is open stays open beside them.
    pub beside: bool,
}

/// Opens files that were chosen or dropped.
#[hook]
pub fn use_open(page: &Page) -> Callback<Wish> {
    let page = page.clone();
    use_latest(Callback::from(move |Wish { files, beside }: Wish| {
        let (generation, _) = (page.link.next_generation(), page.link.choose());
        let info = |file: &File| FileInfo { name: file.name(), size: file.size() };
        // What was refused does not stay.
        let beside = beside && !page.state.files.is_empty() && page.state.refusal().is_none();
        // The state is another one as soon as the action has been told.
        let (_, keep) = page.state.keeping();
        page.act.emit(Action::Open { generation, files: files.iter().map(info).collect(), beside });
        page.link.ask(&Ask::Open { generation, files: files.into_iter().collect(), beside, keep });
    }))
}

/// Fetches a sample and opens it; at once when the address asks for one.
#[hook]
pub fn use_sample(page: &Page, open: Callback<Wish>) -> Callback<Sample> {
    let (act, link) = (page.act.clone(), page.link.clone());
    let open_sample = use_callback((), move |sample: Sample, ()| {
        let (open, act, link) = (open.clone(), act.clone(), link.clone());
        let choice = link.choose();
        wasm_bindgen_futures::spawn_local(async move {
            match fetch(sample).await {
                // What was chosen meanwhile is what is wanted.
                _ if !link.is_chosen(choice) => {}
                Ok(file) => open.emit(Wish { files: vec![file], beside: false }),
                Err(sentence) => act.emit(Action::Trouble(sentence)),
            }
        });
    });
    {
        let open_sample = open_sample.clone();
        use_effect_with((), move |()| {
            let fragment = gloo::utils::window().location().hash().unwrap_or_default();
            let first = SAMPLES.first().filter(|_| fragment.trim_start_matches('#') == SAMPLE);
            if let Some(sample) = first {
                open_sample.emit(*sample);
            }
        });
    }
    open_sample
}

fn count_of(window: &Window) -> u32 {
    u32::try_from(window.rows.len()).unwrap_or(u32::MAX)
}

/// A window as the answer it came in.
struct Answer(Rc<Window>);

impl PartialEq for Answer {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// Asks for the rows around the visible ones and for the fields of whatever needs them.
#[hook]
pub fn use_questions(page: &Page, sight: &Sight) {
    let state = &page.state;
    let progress = &state.progress;
    {
        let link = page.link.clone();
        let sifted = (state.filter.sifted.found, state.filter.sifted.done);
        let checked = (progress.overview.checked, progress.overview.expert_count);
        let read = (progress.read, progress.stage.clone(), checked);
        let news = (read, state.generation, state.folds, sifted);
        let asked = use_mut_ref(|| None::<(List, _, Range<u32>, Rc<Window>)>);
        let (list, window, lanes) = (state.list(), Rc::clone(&state.window), Rc::clone(&state.lanes));
        // What is printed stays until it is printed.
        let list = list.filter(|_| !state.is_on_paper());
        // Another answer is news even if it says the same: only then may more be asked for.
        let since = (list, news.clone(), Answer(Rc::clone(&window)));
        let look = Callback::from(move |(first, count): Rows| {
            let Some(list) = list else {
                *asked.borrow_mut() = None;
                return;
            };
            let end = first.saturating_add(count);
            let near = first.saturating_sub(MARGIN)..end.saturating_add(MARGIN);
            // Many more than that were wanted for paper, and cost time with each picture.
            let fits = |rows: &Range<u32>| rows.len() <= 3 * near.len();
            let covers = |rows: &Range<u32>| rows.start <= near.start && near.end <= rows.end && fits(rows);
            // Until the answer is there no more is asked: then it is known which rows are visible by now.
            let is_there = asked.borrow().as_ref().is_some_and(|(of, then, rows, before)| {
                *of == list && *then == news && (covers(rows) || Rc::ptr_eq(before, &window))
            });
            if !is_there {
                // Far from what is there every row is drawn anew: then only so many that no more are asked for at once.
                let there = window.first..window.first.saturating_add(count_of(&window));
                let far = near.end <= there.start || there.end <= near.start;
                let rows = if far { near } else { first.saturating_sub(BEYOND)..end.saturating_add(BEYOND) };
                link.ask(&Ask::Window { list, first: rows.start, count: rows.end - rows.start, lanes: lanes.to_vec() });
                *asked.borrow_mut() = Some((list, news.clone(), rows, Rc::clone(&window)));
            }
        });
        use_sight(sight, since, look);
    }
    {
        let (link, filter) = (page.link.clone(), Rc::clone(&state.filter));
        use_effect_with((filter.id, state.generation), move |(id, _)| {
            link.ask(&Ask::Filter { id: *id, text: filter.text.clone(), cursor: filter.cursor });
        });
    }
    {
        let link = page.link.clone();
        let selection = state.selection;
        // Which command a packet is looked at for makes it no other packet.
        let about = selection.map(|s| (s.packet, if s.packet.is_some() { 0 } else { s.pdu }));
        let known = progress.overview.commands > 0;
        // What is odd about transfers is known when their bytes have been compared: then it stands beside their commands too.
        let concluded = progress.overview.checked.then_some(progress.overview.expert_count);
        use_effect_with((about, state.generation, known, concluded, state.revealing), move |(_, _, known, ..)| {
            match selection.filter(|_| *known) {
                Some(Selection { pdu, packet: Some(number), .. }) => link.ask(&Ask::Packet { number, pdu }),
                Some(Selection { pdu, .. }) => link.ask(&Ask::Detail { pdu }),
                None => {}
            }
        });
    }
    {
        let link = page.link.clone();
        let needed = matches!(state.view, View::Overview | View::Chats | View::People) && state.story.is_none();
        use_effect_with((needed && progress.overview.checked, state.generation), move |(needed, _)| {
            if *needed {
                link.ask(&Ask::Story);
            }
        });
    }
    {
        let link = page.link.clone();
        let first = state.story.as_ref().and_then(|story| story.chats.first()).map(|chat| chat.number);
        let wanted = state.chat.or(first).filter(|_| state.view == View::Chats && state.story.is_some());
        use_effect_with((wanted, state.generation), move |(wanted, _)| {
            if let Some(number) = *wanted {
                link.ask(&Ask::Chat { number, count: PORTION });
            }
        });
    }
    {
        // What was selected before other files came in is brought to where it can be seen.
        let (link, list) = (page.link.clone(), state.list());
        let selected = state.selection.map(|selection| selection.pdu);
        use_effect_with(state.arrivals, move |arrivals| {
            if let (1.., Some(list), Some(pdu)) = (*arrivals, list, selected) {
                link.ask(&Ask::Locate { list, pdu });
            }
        });
        // And so is what was selected in another list, or in no list.
        let (link, there) = (page.link.clone(), state.window.total > 0);
        use_effect_with((list, there), move |(list, there)| {
            if let (Some(list), true, Some(pdu)) = (*list, *there, selected) {
                link.ask(&Ask::Bring { list, pdu });
            }
        });
    }
    use_transfer_questions(page);
    let link = page.link.clone();
    use_effect_with(Rc::clone(&state.opened), move |opened| {
        for (pdu, _) in opened.iter().filter(|(_, opened)| opened.detail.is_none()) {
            link.ask(&Ask::Detail { pdu: *pdu });
        }
    });
}

/// Asks for the list of transfers, the arrivals of the chosen one, and which one a selected command belongs to.
#[hook]
fn use_transfer_questions(page: &Page) {
    let state = &page.state;
    // Chats and people are shown with the pictures that were transferred.
    let shown = matches!(state.view, View::Transfers | View::Chats | View::People);
    let here = shown && state.progress.overview.checked;
    let known = state.transfers.is_some();
    {
        let link = page.link.clone();
        use_effect_with((here && !known, state.generation), move |(needed, _)| {
            if *needed {
                link.ask(&Ask::Transfers);
            }
        });
    }
    {
        let link = page.link.clone();
        // That it was checked in between makes it another question.
        let checked = state.shown_transfer().is_some_and(|shown| shown.verdict.is_some());
        use_effect_with((state.map_wanted(), checked, state.generation), move |(wanted, ..)| {
            if let Some(id) = *wanted {
                link.ask(&Ask::Chunks { id });
            }
        });
    }
    let link = page.link.clone();
    use_effect_with((state.owner_wanted(), state.generation), move |(wanted, _)| {
        if let Some(pdu) = *wanted {
            link.ask(&Ask::TransferOf { pdu });
        }
    });
}

/// Marks on the browser's clock when the first rows are drawn and when the whole file is read, for measurements.
#[hook]
pub fn use_marks(page: &Page) {
    let state = &page.state;
    let rows = state.progress.overview.commands > 0 && state.list().is_none_or(|_| !state.window.rows.is_empty());
    let done = !state.files.is_empty() && !state.is_reading();
    use_effect_with((state.generation, rows), |(_, rows)| mark("msnp:rows", *rows));
    use_effect_with((state.generation, done), |(_, done)| mark("msnp:done", *done));
}

fn mark(name: &str, reached: bool) {
    if reached && let Some(clock) = gloo::utils::window().performance() {
        let _ = clock.mark(name);
    }
}

/// The file's name in the window's title.
#[hook]
pub fn use_title(name: Option<String>) {
    use_effect_with(name, |name| {
        let title = name.as_ref().map_or_else(|| "MSNP viewer".to_owned(), |name| format!("{name} · MSNP viewer"));
        gloo::utils::document().set_title(&title);
    });
}
