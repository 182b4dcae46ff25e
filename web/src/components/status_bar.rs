//! The status bar: the selection in words, what is missing, how much was read.

use yew::prelude::*;

use super::announced::Announced;
use crate::protocol::{Detail, Progress, Stage};
use crate::state::{Files, Selection, View};
use crate::wording::{count, counted, size, whole};

#[derive(Properties, PartialEq)]
pub struct Props {
    pub files: Files,
    pub progress: std::rc::Rc<Progress>,
    pub selection: Option<Selection>,
    pub detail: Option<std::rc::Rc<Detail>>,
    /// Pseudonyms stand in place of what tells about people.
    pub redacted: bool,
    /// Secrets are shown.
    pub revealing: bool,
    /// What is being done, or was done.
    pub notice: Option<String>,
    /// Something else to be said.
    pub said: Option<AttrValue>,
    pub on_show: Callback<View>,
}

/// The bar.
#[component]
pub fn StatusBar(props: &Props) -> Html {
    let overview = &props.progress.overview;
    let read = match &props.progress.stage {
        Stage::Reading => "Reading.".to_owned(),
        Stage::Complete => format!("All read in {:.2} s.", props.progress.elapsed),
        Stage::Cut { .. } if props.files.are_several() => "Not all of it could be read.".to_owned(),
        Stage::Cut { .. } => "Read up to where the file breaks off.".to_owned(),
        Stage::Cancelled => format!("Stopped at {} of {}.", size(props.progress.read), size(props.progress.size)),
        Stage::Refused { .. } => String::new(),
    };
    let missing = match overview.loss_count.saturating_add(overview.ledger_count) {
        0 => None,
        1 => Some("1 thing is missing".to_owned()),
        many => Some(format!("{} things are missing", count(many.into()))),
    };
    let (said, name, place) = selected(props);
    html! {
        <footer class="status">
            if let Some(said) = &props.said { <span role="status">{ said }</span> }
            <span aria-hidden="true">{ said }<b>{ name.clone() }</b>{ place.clone() }</span>
            <Announced text={format!("{said}{name}{place}")} />
            <span class="gap"></span>
            if props.redacted { <b class="tag">{"Redacted"}</b> }
            if props.revealing && !props.redacted { <b class="tag">{"Secrets shown"}</b> }
            <span role="status">{ props.notice.clone() }</span>
            <span>{ read }</span>
            if let Some(missing) = missing {
                <button type="button" class="link" onclick={props.on_show.reform(|_| View::Overview)}>{ missing }</button>
            }
            <span>{ size(props.files.size()) }</span>
        </footer>
    }
}

/// The selection: a word before it, its name, and where it is.
fn selected(props: &Props) -> (&'static str, String, String) {
    let Some(selection) = props.selection else { return ("Nothing selected", String::new(), String::new()) };
    let detail = props.detail.as_ref().filter(|detail| selection.is_of(detail));
    let name = detail.map_or_else(String::new, |detail| match &detail.trid {
        Some(trid) => format!("{} {trid}", detail.verb),
        None => detail.verb.clone(),
    });
    let overview = &props.progress.overview;
    let place = match selection.packet {
        Some(_) => format!(" of {}", count(whole(overview.packets))),
        None => format!(", command {} of {}", count(selection.pdu.into()), count(overview.commands.into())),
    };
    let field = selection.item.and_then(|at| {
        let detail = detail?;
        let item = detail.items.get(at)?;
        let title = &detail.fields.get(item.field as usize)?.title;
        let whole = detail.sources.get(usize::from(item.range.source))?.bytes.len() as u64;
        let bytes = match item.range.len() {
            0 => "no bytes".to_owned(),
            1 => format!("byte {} of {}", count(item.range.start.into()), counted(whole, "byte", "bytes")),
            _ => format!(
                "bytes {}–{} of {}",
                count(item.range.start.into()),
                count((item.range.end - 1).into()),
                count(whole)
            ),
        };
        Some(format!(" · field {title}, {bytes}"))
    });
    ("Selected: ", name, place + &field.unwrap_or_default())
}
