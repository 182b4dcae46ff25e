//! Chooses the commands that are listed: all, or those of one connection.

use web_sys::HtmlSelectElement;
use yew::prelude::*;

use crate::protocol::{Connection, Overview, Scope};
use crate::wording::{count, counted, role};

#[derive(Properties, PartialEq)]
pub struct Props {
    pub progress: std::rc::Rc<crate::protocol::Progress>,
    pub scope: Scope,
    pub on_scope: Callback<Scope>,
}

/// A plain choice: the browser's own list knows keyboard and touch.
#[component]
pub fn ScopePicker(props: &Props) -> Html {
    let overview: &Overview = &props.progress.overview;
    let onchange = props.on_scope.reform(|event: Event| {
        let chosen = event.target_unchecked_into::<HtmlSelectElement>().value();
        chosen.parse().map_or(Scope::All, Scope::Connection)
    });
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
    html! {
        <select aria-label="Connection" {onchange}>
            <option value="all" selected={props.scope == Scope::All}>
                { match overview.connection_count {
                    1 => "The one connection".to_owned(),
                    many => format!("All {} connections", count(many.into())),
                } }
            </option>
            { for overview.connections.iter().map(option) }
        </select>
    }
}
