//! The bytes: rows of 16 (8 where there is less room), coloured by field; a tab for each source.

use std::rc::Rc;

use web_sys::KeyboardEvent;
use yew::prelude::*;

use super::byte_tools::{OffsetField, copies, values};
use super::inspector::rove;
use super::signs::field_class;
use super::virtual_rows::VirtualRows;
use crate::protocol::{Detail, FieldItem, Origin, Range, SourceBytes};
use crate::scene::extent::{BEYOND, Extent};
use crate::scene::hex::{Run, cut, digits, row, runs, text};
use crate::scene::ladder::Measure;
use crate::scene::tree::{colours, innermost};
use crate::wording::{count, counted, whole};

/// Pixels of a row; the stylesheet says the same.
const ROW: f64 = 20.0;
/// Below this width only eight bytes stand in a row.
const HALF_BELOW: f64 = 516.0;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub detail: Rc<Detail>,
    pub source: u16,
    pub selected: Option<usize>,
    pub hovered: Option<usize>,
    /// Bytes that a search found.
    pub found: Option<Range>,
    pub on_item: Callback<Option<usize>>,
    pub on_hover: Callback<Option<usize>>,
    pub on_source: Callback<u16>,
    /// The whole packet is to be shown, or the command again.
    pub on_packet: Callback<()>,
}

/// Bytes, tabs, and the values of the byte at the cursor.
#[component]
pub fn HexView(props: &Props) -> Html {
    let detail = &props.detail;
    let visible = use_state(|| (0_u32, 2 * BEYOND));
    let width = use_state(|| 600.0);
    let goal = use_state(|| None::<(u32, u32)>);
    let cursor = use_state(|| 0_u32);
    let shown = detail.sources.get(usize::from(props.source));
    let bytes: &[u8] = shown.map_or(&[], |source| &source.bytes);
    let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    let size = use_context::<Measure>().unwrap_or_default().size;
    let per_row = if *width < HALF_BELOW * size { 8 } else { 16 };
    let total = length.div_ceil(per_row);

    let found = props.found.filter(|found| found.source == props.source);
    let colours = use_memo(Rc::clone(detail), |detail| colours(&detail.items));
    let runs = use_memo((Rc::clone(detail), props.source, found), move |(detail, source, found)| {
        let runs = runs(&detail.items, *source, length);
        found.map_or_else(|| runs.clone(), |found| cut(runs.clone(), found.start, found.end))
    });
    let extent = use_memo((total, ROW * size), |(rows, row)| Extent { rows: *rows, row: *row, taller: Vec::new() });
    let chosen =
        props.selected.and_then(|at| detail.items.get(at)).map(|item| item.range).filter(|r| r.source == props.source);
    {
        let (goal, cursor) = (goal.clone(), cursor.clone());
        use_effect_with((detail.about(), chosen, per_row), move |(_, chosen, per_row)| {
            if let Some(range) = chosen {
                if !range.covers(range.source, *cursor) {
                    cursor.set(range.start);
                }
                goal.set(Some((range.start / per_row, goal.map_or(0, |(_, wish)| wish.wrapping_add(1)))));
            }
        });
    }
    {
        let (goal, cursor) = (goal.clone(), cursor.clone());
        use_effect_with((detail.about(), found, per_row), move |(_, found, per_row)| {
            if let Some(found) = found {
                cursor.set(found.start);
                goal.set(Some((found.start / per_row, goal.map_or(0, |(_, wish)| wish.wrapping_add(2)))));
            }
        });
    }
    let first = visible.0.saturating_sub(BEYOND);
    let end = visible.0.saturating_add(visible.1).saturating_add(BEYOND).min(total);
    let drawing = Drawing { props, bytes, runs: &runs, colours: &colours, chosen, per_row };
    let rows: Html = (first..end).map(|line| drawing.row(line)).collect();
    let on_key = {
        let (cursor, on_item, detail, source) =
            (cursor.clone(), props.on_item.clone(), Rc::clone(detail), props.source);
        Callback::from(move |(event, page): (KeyboardEvent, u32)| {
            let Some(next) = moved(&event.key(), *cursor, per_row, page, length) else { return };
            event.prevent_default();
            cursor.set(next);
            on_item.emit(innermost(&detail.items, source, next));
        })
    };
    let on_visible = {
        let visible = visible.setter();
        Callback::from(move |seen| visible.set(seen))
    };
    let on_width = {
        let width = width.setter();
        Callback::from(move |pixels: f64| width.set(pixels))
    };
    let on_place = {
        let (cursor, goal) = (cursor.clone(), goal.clone());
        let (on_item, detail, source) = (props.on_item.clone(), Rc::clone(detail), props.source);
        Callback::from(move |at: u32| {
            cursor.set(at);
            goal.set(Some((at / per_row, goal.map_or(0, |(_, wish)| wish.wrapping_add(1)))));
            on_item.emit(innermost(&detail.items, source, at));
        })
    };
    // What is copied: the selected field, else everything.
    let marked = chosen.and_then(|range| bytes.get(range.start as usize..range.end as usize)).unwrap_or(bytes);
    let filter = props.selected.and_then(|at| detail.items.get(at)?.filter.as_deref());
    let active = (length > 0).then(|| AttrValue::from(format!("bytes-{}", *cursor / per_row)));
    html! {
        <section class="bytes" id="bytes" aria-label="Bytes">
            <div class="tabs">
                <div role="tablist" aria-label="Sources of bytes" onkeydown={Callback::from(rove)}>
                    if detail.packet.is_some() && detail.pdu > 0 { { other_tab(props, "Command".to_owned()) } }
                    { for detail.sources.iter().zip(0..).map(|(source, number)| tab(props, source, number)) }
                    if detail.packet.is_none() { { other_tab(props, format!("Packet {}", count(whole(detail.evidence.frame)))) } }
                </div>
                <span class="gap"></span>
                <span class="at">{ place(props, chosen.map(|range| (range.start, range.end))) }</span>
                <OffsetField cursor={*cursor} {length} {on_place} />
            </div>
            <VirtualRows label="Bytes" role="grid" class={classes!("hex", (per_row == 8).then_some("half"))} {extent} {first}
                {active} goal={*goal} {on_visible} {on_width} {on_key}>{ rows }</VirtualRows>
            { copies(marked, filter) }
            if drawing.hidden(*cursor) {
                <p class="byte-values">{"A secret that is not shown."}</p>
            } else {
                { values(bytes, *cursor) }
            }
        </section>
    }
}

fn tab(props: &Props, source: &SourceBytes, number: u16) -> Html {
    let words = format!("{}, {} B", source.name, count(source.bytes.len() as u64));
    html! {
        <button type="button" role="tab" aria-selected={(props.source == number).to_string()}
            onclick={props.on_source.reform(move |_| number)}>{ words }</button>
    }
}

/// From a command to its packet, or back.
fn other_tab(props: &Props, words: String) -> Html {
    html! { <button type="button" role="tab" aria-selected="false" onclick={props.on_packet.reform(|_| ())}>{ words }</button> }
}

/// Where the selection lies, in words.
fn place(props: &Props, range: Option<(u32, u32)>) -> Html {
    let from = props.detail.sources.get(usize::from(props.source)).map_or(&[][..], |source| &source.from);
    match (range, from) {
        (Some((start, end)), _) if end > start => html! {
            <>
                { counted((end - start).into(), "byte", "bytes") }
                { holder(from, start).map(|pdu| format!(", from command {}", count(pdu.into()))).unwrap_or_default() }
            </>
        },
        (_, [Origin { range, .. }]) => {
            html! { { format!("decoded from bytes {}–{}", range.start, range.end.saturating_sub(1)) } }
        }
        (_, [_, _, ..]) => html! { { format!("joined from {} commands", from.len()) } },
        _ => html! {},
    }
}

/// The other command that holds a byte of a joined source.
fn holder(from: &[Origin], offset: u32) -> Option<u32> {
    from.iter().rev().find(|origin| origin.offset <= offset)?.pdu
}

/// What one row needs.
struct Drawing<'a> {
    props: &'a Props,
    bytes: &'a [u8],
    runs: &'a [Run],
    colours: &'a [Option<u8>],
    chosen: Option<Range>,
    per_row: u32,
}

impl Drawing<'_> {
    fn row(&self, line: u32) -> Html {
        let start = line * self.per_row;
        let end = (start + self.per_row).min(u32::try_from(self.bytes.len()).unwrap_or(u32::MAX));
        let runs = row(self.runs, start, end);
        html! {
            <div class="row" key={line} role="row" id={format!("bytes-{line}")} aria-rowindex={(line + 1).to_string()}>
                <span class="offset" role="rowheader">{ format!("{start:04x}") }</span>
                <span class="digits" role="gridcell">{ for runs.iter().map(|run| self.run(*run, start, Column::Digits)) }</span>
                <span class="text" role="gridcell">{ for runs.iter().map(|run| self.run(*run, start, Column::Text)) }</span>
            </div>
        }
    }

    /// Whether a byte is one of a secret that is not shown.
    fn hidden(&self, at: u32) -> bool {
        let hides = |item: &FieldItem| item.hidden && !item.generated && item.range.covers(self.props.source, at);
        self.props.detail.items.iter().any(hides)
    }

    fn run(&self, run: Run, start: u32, column: Column) -> Html {
        let bytes = self.bytes.get(run.start as usize..run.end as usize).unwrap_or_default();
        let whole = run.item.and_then(|at| self.props.detail.items.get(at)).map(|item| item.range);
        let chosen = self.chosen.is_some_and(|range| range.covers(range.source, run.start));
        let colour = run.item.and_then(|at| self.colours.get(at).copied().flatten());
        let classes = classes!(
            "run",
            field_class(colour).filter(|_| !chosen),
            (colour.is_some() && !chosen).then_some("coloured"),
            chosen.then_some("chosen"),
            self.props.found.is_some_and(|found| found.covers(self.props.source, run.start)).then_some("found"),
            (self.props.hovered.is_some() && self.props.hovered == run.item).then_some("hovered"),
            whole.is_none_or(|range| range.start == run.start).then_some("first"),
            whole.is_none_or(|range| range.end == run.end).then_some("last"),
            column.class(run.start - start),
        );
        let item = run.item;
        let words = match column {
            Column::Digits => spaced(bytes, run.start - start, self.hidden(run.start)),
            Column::Text if self.hidden(run.start) => "•".repeat(bytes.len()),
            Column::Text => text(bytes),
        };
        html! {
            <span class={classes} onclick={self.props.on_item.reform(move |_| item)}
                onmouseenter={self.props.on_hover.reform(move |_| item)} onmouseleave={self.props.on_hover.reform(|_| None)}>{ words }</span>
        }
    }
}

/// The digits of a run, with the wider space after the eighth byte of the row.
fn spaced(bytes: &[u8], column: u32, hidden: bool) -> String {
    let digits = |bytes: &[u8]| if hidden { vec!["••"; bytes.len()].join(" ") } else { digits(bytes) };
    let before = 8_u32.saturating_sub(column) as usize;
    match bytes.split_at_checked(before) {
        Some((left, right)) if !left.is_empty() && !right.is_empty() => format!("{}  {}", digits(left), digits(right)),
        _ => digits(bytes),
    }
}

/// The two columns of a row.
#[derive(Clone, Copy)]
enum Column {
    Digits,
    Text,
}

impl Column {
    /// The class that places a run that begins at a byte of its row.
    fn class(self, byte: u32) -> String {
        match self {
            Self::Digits => format!("x{byte}"),
            Self::Text => format!("t{byte}"),
        }
    }
}

fn moved(key: &str, cursor: u32, per_row: u32, page: u32, length: u32) -> Option<u32> {
    let last = length.checked_sub(1)?;
    let next = match key {
        "ArrowRight" => cursor.saturating_add(1),
        "ArrowLeft" => cursor.saturating_sub(1),
        "ArrowDown" => cursor.saturating_add(per_row),
        "ArrowUp" => cursor.checked_sub(per_row)?,
        "PageDown" => cursor.saturating_add(page * per_row),
        "PageUp" => cursor.saturating_sub(page * per_row),
        "Home" => 0,
        "End" => last,
        _ => return None,
    };
    Some(next.min(last))
}
