//! Chooses the commands that are listed: all, or those of one connection, account or capture.

use web_sys::HtmlSelectElement;
use yew::prelude::*;

use crate::protocol::{Connection, Overview, Owner, Scope};
use crate::state::Files;
use crate::wording::{count, counted, role};

#[derive(Properties, PartialEq)]
pub struct Props {
    pub progress: std::rc::Rc<crate::protocol::Progress>,
    pub files: Files,
    pub scope: Scope,
    pub on_scope: Callback<Scope>,
}

/// A plain choice: the browser's own list knows keyboard and touch.
#[component]
pub fn ScopePicker(props: &Props) -> Html {
    let overview: &Overview = &props.progress.overview;
    let onchange =
        props.on_scope.reform(|event: Event| parse(&event.target_unchecked_into::<HtmlSelectElement>().value()));
    let option = |connection: &Connection| {
        let Connection { stream, server, commands, .. } = connection;
        let words = format!(
            "{stream}: {} {server} · {}",
            role(connection.role),
            counted((*commands).into(), "command", "commands")
        );
        html! {
            <option key={*stream} value={stream.to_string()} selected={props.scope == Scope::Connection(*stream)}>{ words }</option>
        }
    };
    let person = |(owner, at): (&Owner, u32)| {
        let words = format!("{} · {}", owner.account, counted(owner.connections.into(), "connection", "connections"));
        html! {
            <option key={format!("of{at}")} value={format!("of{at}")} selected={props.scope == Scope::Account(at)}>{ words }</option>
        }
    };
    let capture = |(name, at): (&String, u32)| {
        html! { <option key={format!("in{at}")} value={format!("in{at}")} selected={props.scope == Scope::Capture(at)}>{ name }</option> }
    };
    html! {
        <select aria-label="Connection" {onchange}>
            <option value="all" selected={props.scope == Scope::All}>
                { match overview.connection_count {
                    1 => "The one connection".to_owned(),
                    many => format!("All {} connections", count(many.into())),
                } }
            </option>
            if !overview.owners.is_empty() {
                <optgroup label="One account’s whole story">{ for overview.owners.iter().zip(0..).map(person) }</optgroup>
            }
            if props.files.are_several() {
                <optgroup label="One capture">{ for props.files.distinct().iter().zip(0..).map(capture) }</optgroup>
            }
            <optgroup label="One connection">{ for overview.connections.iter().map(option) }</optgroup>
        </select>
    }
}

/// What an option stands for: a connection by its number, an account by `of` and its place, a capture by `in` and its place.
fn parse(value: &str) -> Scope {
    let numbered = |prefix: &str| value.strip_prefix(prefix).and_then(|at| at.parse().ok());
    let account = numbered("of").map(Scope::Account).or_else(|| numbered("in").map(Scope::Capture));
    account.or_else(|| value.parse().ok().map(Scope::Connection)).unwrap_or_default()
}
