//! One row of the ladder: time, drawing, what it carries, how long the answer took.

use yew::prelude::*;

use super::icons::{Icon, small_icon};
use super::signs::{role_class, shape, sign};
use crate::protocol::{Body, Command, Role, Row};
use crate::scene::ladder::{Arrow, BracketPart, Emphasis, Geometry, HandOver, Life, Lifeline, Part, RowScene};
use crate::wording;

/// Characters of one letter on a plate, in pixels, at 12 px.
const LETTER: f64 = 7.3;

#[derive(Properties, PartialEq)]
pub struct Props {
    /// Index of the row in the list.
    pub index: u32,
    pub row: Row,
    pub scene: RowScene,
    pub geometry: Geometry,
    pub selected: bool,
    /// The open payload, if it is open.
    #[prop_or_default]
    pub payload: Option<Html>,
    pub on_select: Callback<u32>,
    /// Command and row whose payload is to be opened or closed.
    pub on_fold: Callback<(u32, u32)>,
    /// Shows one connection only.
    pub on_connection: Callback<u32>,
}

/// The row.
#[component]
pub fn LadderRow(props: &Props) -> Html {
    match &props.row.body {
        Body::Command(command) => command_row(props, command),
        Body::Opened { stream, role, ends, captured, commands, lasted } => {
            let begins = if *captured { "begins" } else { "goes on (its beginning was not captured)" };
            let counts = format!(
                "connection {stream} {begins} · {} · {}",
                wording::counted((*commands).into(), "command", "commands"),
                wording::duration(*lasted)
            );
            let stream = *stream;
            html! {
                <div class={classes!("row", "heading", role_class(*role))} role="row" aria-rowindex={(props.index + 1).to_string()}>
                    <span role="gridcell">{ shape(*role) }</span>
                    <b role="gridcell">{ server_name(*role) }</b>
                    <span class="quiet" role="gridcell">{ counts }</span>
                    <span class="faint mono" role="gridcell">{ ends }</span>
                    <span role="gridcell"><button type="button" class="link" tabindex="-1" onclick={props.on_connection.reform(move |_| stream)}>
                        {"show alone"}</button></span>
                </div>
            }
        }
        Body::Silence { seconds } => html! {
            <div class="row silence" role="row" aria-rowindex={(props.index + 1).to_string()}>
                { small_icon(Icon::Clock) }
                <span role="gridcell">{ format!("{} without a command", wording::duration(*seconds)) }</span>
            </div>
        },
        Body::Lost { stream, bytes, .. } => {
            let words = format!(
                "not captured: {} on connection {stream}",
                wording::counted(wording::whole(*bytes), "byte", "bytes")
            );
            html! {
                <div class="row lost hatched" role="row" aria-rowindex={(props.index + 1).to_string()}>
                    <span role="gridcell">{ words }</span>
                </div>
            }
        }
        Body::Finding(_) => html! {},
    }
}

const fn server_name(role: Role) -> &'static str {
    match role {
        Role::Dispatch => "Dispatch server",
        Role::Notification => "Notification server",
        Role::Switchboard => "Switchboard",
        Role::Peer => "The other program",
        Role::Client | Role::Unknown => "Server of unknown kind",
    }
}

fn command_row(props: &Props, command: &Command) -> Html {
    let Props { index, selected, .. } = *props;
    let open = props.payload.is_some();
    let pdu = command.pdu;
    let onclick = props.on_select.reform(move |_| pdu);
    let classes = classes!("row", role_class(command.role), selected.then_some("selected"), open.then_some("open"));
    let narrow = props.geometry.row > 30.0;
    let time = if narrow { wording::clock_narrow(props.row.time) } else { wording::clock(props.row.time) };
    html! {
        <div class={classes} role="row" id={format!("row-{index}")} aria-rowindex={(index + 1).to_string()}
            aria-selected={selected.to_string()} aria-label={name(command, props)} {onclick}>
            <span class="when" role="gridcell">{ time }</span>
            { drawing(&props.scene, &props.geometry) }
            <span class="carries" role="gridcell">
                <span>
                    if let Some(severity) = command.severity { { sign(severity) }{" "} }
                    <bdi>{ &command.carries }</bdi>
                </span>
            </span>
            { fold(command, open, index, &props.on_fold) }
            { delay(command) }
            { props.payload.clone().unwrap_or_default() }
        </div>
    }
}

/// What a row is called for those who do not see it.
fn name(command: &Command, props: &Props) -> String {
    let time = wording::clock(props.row.time);
    let trid = command.trid.as_deref().map(|trid| format!(" {trid}")).unwrap_or_default();
    let complaint = command.complaint.as_deref().map(|text| format!(" {text}.")).unwrap_or_default();
    format!("{time}, {}{trid}. {}{complaint}", command.verb, command.sentence)
}

fn fold(command: &Command, open: bool, row: u32, on_fold: &Callback<(u32, u32)>) -> Html {
    let Some(payload) = command.payload else { return html! {} };
    let pdu = command.pdu;
    let onclick = on_fold.reform(move |event: MouseEvent| {
        event.stop_propagation();
        (pdu, row)
    });
    let bytes = wording::count(payload.bytes.into());
    let words = match (open, payload.bytes < payload.announced) {
        (_, true) => {
            format!("[{} {bytes} of {} B]", if open { "-" } else { "…" }, wording::count(payload.announced.into()))
        }
        (true, false) => format!("[- {bytes} B]"),
        (false, false) => format!("[… {bytes} B]"),
    };
    html! {
        <span role="gridcell">
            <button type="button" class="fold-payload" tabindex="-1" {onclick} aria-expanded={open.to_string()}>
                <span class="unseen">{"Payload "}</span>{ words }
            </button>
        </span>
    }
}

fn delay(command: &Command) -> Html {
    let Some(answer) = command.answers else { return html! { <span class="delay" role="gridcell"></span> } };
    let long = (answer.delay > 1.0).then_some("long");
    html! { <span class={classes!("delay", long)} role="gridcell">{ wording::delay(answer.delay) }</span> }
}

fn drawing(scene: &RowScene, geometry: &Geometry) -> Html {
    html! {
        <svg class="strokes" aria-hidden="true">
            { for scene.brackets.iter().map(|bracket| bracket_part(*bracket, geometry)) }
            { for scene.lifelines.iter().zip(0..).map(|(life, lane)| lifeline(*life, geometry.lane(lane), geometry)) }
            { for scene.hand_over.iter().map(|hand_over| hand_over_curve(*hand_over, geometry)) }
            { for scene.arrow.iter().map(|arrow| arrow_across(arrow, geometry)) }
        </svg>
    }
}

fn lifeline(life: Lifeline, x: f64, geometry: &Geometry) -> Html {
    let dotted = |from: &str, to: String| {
        html! { <line class="life-idle" x1={x.to_string()} x2={x.to_string()} y1={from.to_owned()} y2={to} /> }
    };
    let bar = |from: String, to: &str, height: String| {
        let (left, right) = ((x - 3.5).to_string(), (x + 3.5).to_string());
        html! {
            <>
                <rect class="life" x={left.clone()} y={from.clone()} width="7" {height} />
                <line class="life-edge" x1={left.clone()} x2={left} y1={from.clone()} y2={to.to_owned()} />
                <line class="life-edge" x1={right.clone()} x2={right} y1={from} y2={to.to_owned()} />
            </>
        }
    };
    let cap = |y: f64| html! { <path class="life-edge" d={format!("M{} {y}h7", x - 3.5)} /> };
    let middle = geometry.middle;
    let begin = middle - 8.0;
    let drawn = match life.state {
        Life::Idle => dotted("0", "100%".to_owned()),
        Life::Open => bar("0".to_owned(), "100%", "100%".to_owned()),
        Life::Begins => {
            html! { <>{ dotted("0", begin.to_string()) }{ bar(begin.to_string(), "100%", "100%".to_owned()) }{ cap(begin) }</> }
        }
        // A connection that closes is crossed out; the person's program goes on.
        Life::Ends => {
            let end = middle + 7.0;
            html! {
                <>
                    { bar("0".to_owned(), &end.to_string(), end.to_string()) }
                    if life.role == Role::Client {
                        { cap(end) }
                    } else {
                        <path class="arrow-line" fill="none" d={format!("M{} {}l8 7m0 -7l-8 7", x - 4.0, end - 3.5)} />
                    }
                </>
            }
        }
    };
    html! { <g class={role_class(life.role)}>{ drawn }</g> }
}

fn arrow_across(arrow: &Arrow, geometry: &Geometry) -> Html {
    let (from, to, y) = (geometry.lane(arrow.from), geometry.lane(arrow.to), geometry.middle);
    let forward = if to >= from { 1.0 } else { -1.0 };
    let (start, end) = (from, to - forward * 4.0);
    let middle = f64::midpoint(from, to);
    let trid = arrow.trid.as_deref().unwrap_or_default();
    let letters = arrow.verb.chars().count() + if trid.is_empty() { 0 } else { trid.chars().count() + 1 };
    #[allow(clippy::cast_precision_loss)] // some letters
    let half = letters as f64 * LETTER / 2.0 + 4.0;
    html! {
        <g class={role_class(arrow.role)}>
            <line class="arrow-line" x1={start.to_string()} x2={(end - forward * 6.0).to_string()} y1={y.to_string()} y2={y.to_string()} />
            <circle class="arrow-dot" cx={from.to_string()} cy={y.to_string()} r="3" />
            <path class="arrow-head" d={format!("M{end} {y}l{} -4.500v9z", forward * -8.0)} />
            <rect class="plate" x={(middle - half).to_string()} y={(y - 8.0).to_string()} width={(half * 2.0).to_string()} height="16" />
            <text class="verb" x={middle.to_string()} y={(y + 4.3).to_string()} text-anchor="middle">
                { &arrow.verb }
                if !trid.is_empty() { <tspan class="trid" dx="7">{ trid }</tspan> }
            </text>
        </g>
    }
}

/// Dotted, from the server's lifeline across and down to where the connection it caused will begin.
fn hand_over_curve(hand_over: HandOver, geometry: &Geometry) -> Html {
    let (from, to, y) = (geometry.lane(hand_over.from), geometry.lane(hand_over.to), geometry.middle);
    let forward = if to >= from { 1.0 } else { -1.0 };
    let down = geometry.row - y;
    let path =
        format!("M{} {y}H{}q{} 0 {} {down}", from + forward * 6.0, to - forward * 14.0, forward * 14.0, forward * 14.0);
    html! { <path class={classes!("hand-over", role_class(hand_over.role))} d={path} /> }
}

fn bracket_part(bracket: BracketPart, geometry: &Geometry) -> Html {
    if geometry.gutter_end <= geometry.gutter {
        return html! {};
    }
    let x = geometry.bracket(bracket.depth);
    let (right, middle) = (geometry.gutter_end - geometry.left, geometry.middle);
    let chosen = (bracket.emphasis == Emphasis::Selected).then_some("chosen");
    let upright = |from: String, to: String| {
        html! { <line class={classes!("bracket", chosen)} x1={x.to_string()} x2={x.to_string()} y1={from} y2={to} /> }
    };
    let across = html! { <path class={classes!("bracket", chosen)} d={format!("M{x} {middle}H{right}")} /> };
    let head = html! { <path class={classes!("bracket-head", chosen)} d={format!("M{} {middle}l-6 -3.500v7z", right + 3.0)} /> };
    match bracket.part {
        Part::Request => html! { <>{ across }{ upright(middle.to_string(), "100%".to_owned()) }</> },
        Part::Between => upright("0".to_owned(), "100%".to_owned()),
        Part::Answer => html! { <>{ upright("0".to_owned(), "100%".to_owned()) }{ across }{ head }</> },
        Part::LastAnswer => html! { <>{ upright("0".to_owned(), middle.to_string()) }{ across }{ head }</> },
    }
}
