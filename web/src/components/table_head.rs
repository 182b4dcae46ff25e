//! The heads of a table's columns. They are the first row of the grid, so that a screen reader names the column of a cell.

use yew::prelude::*;

/// A row of heads, each with the class of its column.
pub fn heads(columns: &[(&'static str, &str)]) -> Html {
    let head = |(class, title): &(&'static str, &str)| {
        html! { <span class={classes!("cell", *class)} role="columnheader">{ (*title).to_owned() }</span> }
    };
    html! { <div class="table-head" role="row" aria-rowindex="1">{ for columns.iter().map(head) }</div> }
}
