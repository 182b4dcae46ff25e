//! The picture in the drop zone: what one will get.

use yew::prelude::*;

use super::signs::role_class;
use crate::protocol::Role;

/// Lifelines: role, name, x, first and last y of the bar.
const LIVES: [(Role, &str, f64, f64, f64); 4] = [
    (Role::Client, "alice", 60.0, 62.0, 420.0),
    (Role::Dispatch, "DS", 212.0, 72.0, 156.0),
    (Role::Notification, "NS", 364.0, 166.0, 420.0),
    (Role::Switchboard, "SB", 504.0, 282.0, 420.0),
];

/// Arrows: which server, from the client or to it, words, y.
const ARROWS: [(usize, Way, &str, f64); 8] = [
    (1, Way::Out, "VER", 88.0),
    (1, Way::In, "VER", 118.0),
    (1, Way::In, "XFR", 148.0),
    (2, Way::Out, "USR", 184.0),
    (2, Way::In, "USR OK", 216.0),
    (2, Way::In, "ILN bob", 248.0),
    (3, Way::Out, "CAL bob", 294.0),
    (3, Way::In, "JOI bob", 326.0),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Out,
    In,
}

/// A ladder of an invented sign-in and chat.
pub fn empty_picture() -> Html {
    html! {
        <svg viewBox="0 0 560 430" aria-hidden="true">
            { for LIVES.iter().map(|(role, name, x, top, bottom)| life(*role, name, *x, *top, *bottom)) }
            { for ARROWS.iter().map(|(server, way, words, y)| arrow(*server, *way, words, *y)) }
            <g class="role-switchboard">
                <rect x="92" y="354" width="380" height="50" rx="8" fill="var(--surface)" stroke="var(--role)" stroke-width="1.500" />
                <rect x="92" y="354" width="6" height="50" rx="2" fill="var(--role)" />
                <text x="116" y="384">{"MSG 4"}</text>
                <text class="said" x="176" y="385">{"Ciao Bob! à più tardi"}</text>
            </g>
        </svg>
    }
}

fn life(role: Role, name: &str, x: f64, top: f64, bottom: f64) -> Html {
    let head = match role {
        Role::Client => html! { <circle cx={x.to_string()} cy="20" r="6.500" fill="var(--role)" /> },
        Role::Dispatch => html! { <path d={format!("M{x} 12l8 8-8 8-8-8z")} fill="var(--role)" /> },
        Role::Notification => {
            html! { <rect x={(x - 6.5).to_string()} y="13.500" width="13" height="13" fill="var(--role)" /> }
        }
        _ => {
            html! { <path d={format!("M{} 13.200h7.600l3.800 6.800-3.800 6.800h-7.600l-3.800-6.800z", x - 3.8)} fill="var(--role)" /> }
        }
    };
    html! {
        <g class={role_class(role)}>
            { head }
            <text class="who" x={x.to_string()} y="48" text-anchor="middle">{ name }</text>
            <path d={format!("M{x} 58V420")} class="life-idle" />
            <rect x={(x - 5.0).to_string()} y={top.to_string()} width="10" height={(bottom - top).to_string()}
                fill="var(--tint)" stroke="var(--role)" />
        </g>
    }
}

fn arrow(server: usize, way: Way, words: &str, y: f64) -> Html {
    let (Some((_, _, client, ..)), Some((role, _, x, ..))) = (LIVES.first(), LIVES.get(server)) else {
        return html! {};
    };
    let (left, right) = (client + 6.0, x - 6.0);
    #[allow(clippy::cast_precision_loss)] // some letters
    let half = words.len() as f64 * 4.6 + 7.0;
    let middle = f64::midpoint(left, right);
    let head = match way {
        Way::Out => format!("M{right} {y}l-9 -5v10z"),
        Way::In => format!("M{left} {y}l9 -5v10z"),
    };
    html! {
        <g class={role_class(*role)}>
            <path d={format!("M{left} {y}H{right}")} stroke="var(--role)" stroke-width="1.700" />
            <path d={head} fill="var(--role)" />
            <rect class="ground" x={(middle - half).to_string()} y={(y - 10.0).to_string()} width={(half * 2.0).to_string()} height="20" />
            <text x={middle.to_string()} y={(y + 5.0).to_string()} text-anchor="middle">{ words }</text>
        </g>
    }
}
