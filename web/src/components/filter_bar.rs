//! The filter bar: an expression in its colours, what can be written next, common wishes, and how many commands are left.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlInputElement, KeyboardEvent};
use yew::prelude::*;

use super::field_tree::focus;
use super::icons::{Icon, icon};
use crate::protocol::filter::{Choice, Class};
use crate::scene::filter::{byte_of, runs, units_of};
use crate::state::{CHIPS, Chip, Filtering};
use crate::wording;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub filter: Rc<Filtering>,
    /// Told the text and where the cursor stands in it, in bytes.
    pub on_write: Callback<(String, u32)>,
}

/// What is offered below the field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Offer {
    open: bool,
    active: Option<usize>,
}

/// The bar.
#[component]
pub fn FilterBar(props: &Props) -> Html {
    let filter = &props.filter;
    let field = use_node_ref();
    let ink = use_node_ref();
    let offer = use_state_eq(Offer::default);
    let (sync, place) = (follow(&field, &ink), (filter.text.clone(), filter.cursor));
    {
        let (field, sync) = (field.clone(), sync.clone());
        use_effect_with(place, move |(text, cursor)| {
            if let Some(input) = field.cast::<HtmlInputElement>() {
                let units = units_of(text, *cursor as usize);
                // The same place as before when somebody writes; another when something was chosen.
                if is_focused(&input) {
                    let _ = input.set_selection_range(units, units);
                }
            }
            // An empty field cannot be scrolled, and asking it has the page laid out.
            if !text.is_empty() {
                sync.emit(());
            }
        });
    }
    let choices = filter.reading.as_ref().filter(|reading| reading.id == filter.id && offer.open);
    let choices = choices.map(|reading| reading.completion.choices.as_slice()).unwrap_or_default();
    let choose = chooser(props, &offer);
    let oninput = {
        let (on_write, offer) = (props.on_write.clone(), offer.setter());
        Callback::from(move |event: InputEvent| {
            let input = event.target_unchecked_into::<HtmlInputElement>();
            offer.set(Offer { open: true, active: None });
            on_write.emit(written(&input));
        })
    };
    // Known at once, not only when the bar is drawn again: somebody may press a key twice before that.
    let offered = use_mut_ref(|| 0);
    *offered.borrow_mut() = choices.len();
    let onkeydown = keys(props, &offer, offered, choose.clone());
    let onblur = {
        let offer = offer.setter();
        Callback::from(move |_: FocusEvent| offer.set(Offer::default()))
    };
    let fault = filter
        .reading
        .as_ref()
        .and_then(|reading| reading.fault.as_ref())
        .filter(|_| !offer.open || choices.is_empty());
    // Where there is little room the field waits behind a button.
    let unfolded = use_state_eq(|| false);
    // Whoever opens it wants to write.
    use_effect_with(*unfolded, |unfolded| {
        if *unfolded {
            focus(".filter-input");
        }
    });
    let on_lens = {
        let (unfolded, now) = (unfolded.setter(), *unfolded);
        Callback::from(move |_: MouseEvent| unfolded.set(!now))
    };
    let moved = sync.reform(|_: Event| ());
    html! {
        <search class={classes!("filter-bar", (*unfolded || !filter.text.is_empty()).then_some("unfolded"))}>
            <button type="button" class="filter-lens" aria-expanded={unfolded.to_string()} aria-label="Write a filter" onclick={on_lens}>
                { icon(Icon::Filter) }</button>
            <div class={classes!("filter-field", fault.is_some().then_some("faulty"))}>
                { icon(Icon::Filter) }
                <div class="filter-write">
                    <div class="filter-ink" aria-hidden="true" ref={ink}>{ for runs(&filter.text, current(filter)).iter().map(run) }</div>
                    <input type="text" class="filter-input" ref={field} role="combobox" aria-label="Filter" aria-autocomplete="list"
                        aria-expanded={(!choices.is_empty()).to_string()} aria-controls="filter-choices"
                        aria-activedescendant={offer.active.map(choice_id)} aria-invalid={fault.is_some().to_string()}
                        aria-describedby="filter-fault" autocomplete="off" autocapitalize="off" spellcheck="false"
                        placeholder="Filter as in Wireshark, or a word to search for" value={filter.text.clone()}
                        {oninput} {onkeydown} {onblur} onscroll={moved} />
                    <ul id="filter-choices" role="listbox" aria-label="What can be written here" class="filter-choices" hidden={choices.is_empty()}>
                        { for choices.iter().enumerate().map(|(at, choice)| item(at, choice, offer.active, &choose)) }
                    </ul>
                </div>
                <span class="filter-count" role="status">{ count(filter) }</span>
                if !filter.text.is_empty() {
                    <button type="button" class="quiet-button" aria-label="Clear the filter" title="Clear the filter"
                        onclick={props.on_write.reform(|_| (String::new(), 0))}>{ icon(Icon::Close) }</button>
                }
                if running(filter) {
                    <progress class="filter-progress" aria-label="Filtering" max={filter.sifted.of.max(1).to_string()} value={filter.sifted.done.to_string()}></progress>
                }
            </div>
            <p id="filter-fault" class="filter-fault" hidden={fault.is_none()}>{ fault.map(|fault| fault.sentence.clone()) }</p>
            <div class="filter-chips scroll-x" role="group" aria-label="Common filters">
                { for CHIPS.iter().map(|one| chip(one, props)) }
            </div>
        </search>
    }
}

/// The worker's opinion of what stands there now.
fn current(filter: &Filtering) -> Option<&crate::protocol::filter::Reading> {
    filter.reading.as_deref().filter(|reading| reading.id == filter.id)
}

fn run(run: &crate::scene::filter::Run<'_>) -> Html {
    let class = run.class.map(|class| match class {
        Class::Field => "ink-field",
        Class::Text => "ink-text",
        Class::Number => "ink-number",
        Class::Operator => "ink-operator",
    });
    html! { <span class={classes!(class, run.wrong.then_some("ink-wrong"))}>{ run.text.to_owned() }</span> }
}

fn choice_id(at: usize) -> String {
    format!("filter-choice-{at}")
}

fn item(at: usize, choice: &Choice, active: Option<usize>, choose: &Callback<usize>) -> Html {
    let choose = choose.clone();
    // Pressing must not take the focus from the field.
    let onmousedown = Callback::from(move |event: MouseEvent| {
        event.prevent_default();
        choose.emit(at);
    });
    html! {
        <li id={choice_id(at)} role="option" aria-selected={(active == Some(at)).to_string()} {onmousedown}>
            <code>{ &choice.text }</code><span class="quiet">{ &choice.meaning }</span>
            if let Some(count) = choice.count { <span class="choice-count">{ wording::count(count.into()) }</span> }
        </li>
    }
}

/// “12 of 1,204”, or how far it has come.
fn count(filter: &Filtering) -> String {
    let sifted = &filter.sifted;
    if filter.applied == 0 || sifted.id != filter.applied {
        return String::new();
    }
    let found = wording::count(sifted.found.into());
    let faulty = current(filter).is_some_and(|reading| reading.fault.is_some());
    match (faulty, sifted.complete()) {
        (true, _) => format!("still showing {found}"),
        (false, true) => {
            format!("{found} of {} · {}", wording::count(sifted.of.into()), wording::milliseconds(sifted.took))
        }
        (false, false) => {
            format!("{:.0} % · {found} so far", 100.0 * f64::from(sifted.done) / f64::from(sifted.of.max(1)))
        }
    }
}

fn running(filter: &Filtering) -> bool {
    filter.applied != 0 && !(filter.sifted.id == filter.applied && filter.sifted.complete())
}

fn chip(chip: &'static Chip, props: &Props) -> Html {
    let (on_write, filter) = (props.on_write.clone(), Rc::clone(&props.filter));
    let pressed = filter.has(chip.expression);
    let onclick = Callback::from(move |_: MouseEvent| {
        let text = filter.toggled(chip.expression);
        let cursor = u32::try_from(text.len()).unwrap_or(0);
        on_write.emit((text, cursor));
    });
    html! {
        <button type="button" class="chip" aria-pressed={pressed.to_string()} title={chip.expression} {onclick}>{ chip.title }</button>
    }
}

/// What stands in the field, and where the cursor stands in it, in bytes.
fn written(input: &HtmlInputElement) -> (String, u32) {
    let text = input.value();
    let units = input.selection_start().ok().flatten().unwrap_or(u32::MAX);
    let cursor = u32::try_from(byte_of(&text, units)).unwrap_or(0);
    (text, cursor)
}

fn is_focused(input: &HtmlInputElement) -> bool {
    gloo::utils::document().active_element().is_some_and(|active| active.is_same_node(Some(input)))
}

/// The coloured text follows the field when that scrolls.
fn follow(field: &NodeRef, ink: &NodeRef) -> Callback<()> {
    let (field, ink) = (field.clone(), ink.clone());
    Callback::from(move |()| {
        if let (Some(field), Some(ink)) = (field.cast::<HtmlElement>(), ink.cast::<HtmlElement>()) {
            ink.set_scroll_left(field.scroll_left());
        }
    })
}

/// Writes the choice of this number.
fn chooser(props: &Props, offer: &UseStateHandle<Offer>) -> Callback<usize> {
    let (filter, on_write, offer) = (Rc::clone(&props.filter), props.on_write.clone(), offer.setter());
    Callback::from(move |at: usize| {
        let Some(completion) = current(&filter).map(|reading| &reading.completion) else { return };
        let Some(choice) = completion.choices.get(at) else { return };
        let before = filter.text.get(..completion.start as usize).unwrap_or_default();
        let behind = filter.text.get(completion.end as usize..).unwrap_or_default();
        let space = if behind.starts_with(' ') { "" } else { " " };
        let written = format!("{before}{}{space}", choice.text);
        let cursor = u32::try_from(written.len()).unwrap_or(0);
        offer.set(Offer::default());
        on_write.emit((written + behind, cursor));
    })
}

fn keys(
    props: &Props,
    offer: &UseStateHandle<Offer>,
    offered: Rc<RefCell<usize>>,
    choose: Callback<usize>,
) -> Callback<KeyboardEvent> {
    let (filter, on_write, offer) = (Rc::clone(&props.filter), props.on_write.clone(), offer.clone());
    Callback::from(move |event: KeyboardEvent| {
        let choices = *offered.borrow();
        let active = |at| offer.set(Offer { open: true, active: at });
        match event.key().as_str() {
            "ArrowDown" if choices > 0 => active(Some(offer.active.map_or(0, |at| (at + 1) % choices))),
            "ArrowUp" if choices > 0 => active(Some(offer.active.unwrap_or(0).checked_sub(1).unwrap_or(choices - 1))),
            " " if event.ctrl_key() => {
                active(None);
                let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
                on_write.emit(input.map_or((filter.text.clone(), filter.cursor), |input| written(&input)));
            }
            "Enter" | "Tab" if choices > 0 && offer.active.is_some() => choose.emit(offer.active.unwrap_or(0)),
            "Enter" => {
                offer.set(Offer::default());
                focus(".split .rows");
            }
            "Escape" if choices > 0 => {
                *offered.borrow_mut() = 0;
                offer.set(Offer::default());
            }
            "Escape" if !filter.text.is_empty() => on_write.emit((String::new(), 0)),
            "Escape" => focus(".split .rows"),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    })
}
