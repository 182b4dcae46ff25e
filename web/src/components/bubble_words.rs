//! What somebody wrote: in their font and colour where they can be read, with their pictures in place of letters.

use yew::prelude::*;

use super::portrait::Portrait;
use crate::hooks::page::Page;
use crate::hooks::palette::{Palette, channels};
use crate::hooks::style;
use crate::protocol::story::Said;
use crate::scene::talk::{Piece, pieces, readable};

#[derive(Properties, PartialEq)]
pub struct Props {
    pub page: Page,
    pub said: Said,
    /// Fonts, effects and colours are shown.
    pub looks: bool,
    pub palette: std::rc::Rc<Palette>,
    pub selected: bool,
    pub onclick: Option<Callback<MouseEvent>>,
    pub on_ask: Callback<u32>,
}

/// The bubble.
#[component]
pub fn BubbleWords(props: &Props) -> Html {
    let said = &props.said;
    let node = use_node_ref();
    let ground = if said.own { &props.palette.switchboard_tint } else { &props.palette.sunken };
    let looks = props.looks.then(|| (family(&said.font), said.colour.map(|colour| readable(colour, channels(ground)))));
    {
        let node = node.clone();
        use_effect_with(looks, move |looks| {
            let (font, colour) = looks.clone().unwrap_or_default();
            style::set(&node, "--font", &font);
            let colour = colour.map(|[red, green, blue]| format!("rgb({red},{green},{blue})"));
            style::set(&node, "--said", &colour.unwrap_or_default());
        });
    }
    let mut class = classes!("bubble", props.selected.then_some("selected"));
    if props.looks {
        class.extend(said.effects.chars().filter_map(|letter| match letter {
            'B' => Some("bold"),
            'I' => Some("italic"),
            'U' => Some("underlined"),
            'S' => Some("struck"),
            _ => None,
        }));
    }
    let dir = if said.right_to_left { "rtl" } else { "auto" };
    let piece = |piece: Piece<'_>| match piece {
        Piece::Text(text) => html! { text },
        Piece::Picture(one) => html! {
            <Portrait page={props.page.clone()} object={AttrValue::from(one.object.clone())} alt={AttrValue::from(one.shortcut.clone())}
                on_ask={props.on_ask.clone()} class="emoticon">{ &one.shortcut }</Portrait>
        },
    };
    html! {
        <p ref={node} {class} {dir} onclick={props.onclick.clone()}>{ for pieces(&said.text, &said.emoticons).into_iter().map(piece) }</p>
    }
}

/// A font's name as the stylesheet wants it, without what could be more than a name.
fn family(name: &str) -> String {
    let name = name.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_')).collect::<String>();
    if name.trim().is_empty() { String::new() } else { format!("\"{}\", system-ui, sans-serif", name.trim()) }
}
