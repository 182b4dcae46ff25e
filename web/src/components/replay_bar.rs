//! The slider over the time of a transfer: what had come when, played or moved by hand.

use std::rc::Rc;

use web_sys::{HtmlInputElement, InputEvent};
use yew::prelude::*;

use super::icons::{Icon, small_icon};
use crate::clock::Clock;
use crate::hooks::canvas::prepare;
use crate::hooks::palette::Palette;
use crate::hooks::size::use_size;
use crate::hooks::style;
use crate::protocol::Moment;
use crate::scene::chunks::Map;
use crate::wording::count;

/// Steps of the slider.
const STEPS: f64 = 1000.0;
/// Seconds that a replay takes which is fitted.
const FITTED: f64 = 10.0;

/// How fast a replay is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Speed {
    /// A quarter of what it was.
    Quarter,
    /// As it was.
    Real,
    /// Eight times as fast.
    Eight,
    /// In ten seconds.
    #[default]
    Fitted,
}

impl Speed {
    const ALL: [Self; 4] = [Self::Quarter, Self::Real, Self::Eight, Self::Fitted];

    /// Seconds of the transfer in a second of the replay.
    #[must_use]
    pub fn rate(self, duration: f64) -> f64 {
        match self {
            Self::Quarter => 0.25,
            Self::Real => 1.0,
            Self::Eight => 8.0,
            Self::Fitted => duration / FITTED,
        }
    }

    /// The next slower or faster one.
    #[must_use]
    pub fn moved(self, by: isize) -> Self {
        let at = Self::ALL.iter().position(|speed| *speed == self).unwrap_or(0);
        Self::ALL.get(at.saturating_add_signed(by)).copied().unwrap_or(self)
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Quarter => "¼×",
            Self::Real => "1×",
            Self::Eight => "8×",
            Self::Fitted => "10 s",
        }
    }

    const fn title(self) -> &'static str {
        match self {
            Self::Quarter => "a quarter of the speed it had",
            Self::Real => "the speed it had",
            Self::Eight => "eight times the speed it had",
            Self::Fitted => "all of it in ten seconds",
        }
    }
}

#[derive(Properties, PartialEq)]
pub struct Props {
    pub map: Rc<Map>,
    pub until: f64,
    pub playing: bool,
    pub speed: Speed,
    /// Moving pictures are not wanted: the button goes on by one chunk.
    pub still: bool,
    pub palette: Rc<Palette>,
    pub on_until: Callback<f64>,
    pub on_play: Callback<()>,
    pub on_speed: Callback<Speed>,
}

/// The bar.
#[component]
pub fn ReplayBar(props: &Props) -> Html {
    let map = &props.map;
    let clock = use_context::<Clock>().unwrap_or_default();
    let track = use_node_ref();
    let share = map.share(props.until);
    {
        let track = track.clone();
        use_effect_with(share, move |share| style::set(&track, "--head", &format!("{:.2}%", share * 100.0)));
    }
    let oninput = {
        let (on_until, duration) = (props.on_until.clone(), map.duration);
        Callback::from(move |event: InputEvent| {
            let Some(input) = event.target_dyn_into::<HtmlInputElement>() else { return };
            let share = input.value_as_number() / STEPS;
            on_until.emit(if share >= 1.0 { f64::INFINITY } else { share * duration });
        })
    };
    let come = map.come(props.until);
    let said = format!(
        "{}, {} of {} packets",
        moment(map, props.until, &clock),
        count(come as u64),
        count(map.arrivals.len() as u64)
    );
    // While it plays nobody is to be told each moment of it.
    let spoken = if props.playing { "playing".to_owned() } else { said.clone() };
    let (picture, name) = match (props.still, props.playing) {
        (true, _) => (Icon::Right, "Next chunk"),
        (false, true) => (Icon::Pause, "Stop"),
        (false, false) => (Icon::Play, "Play the arrival"),
    };
    let speed = |speed: Speed| {
        html! { <button type="button" class="button" aria-pressed={(speed == props.speed).to_string()} title={speed.title()}
        onclick={props.on_speed.reform(move |_: MouseEvent| speed)}>{ speed.name() }</button> }
    };
    html! {
        <div class="replay" role="group" aria-label="Replay of the arrival">
            <button type="button" class="button play" aria-label={name} title={name} onclick={props.on_play.reform(|_: MouseEvent| ())}>{ small_icon(picture) }</button>
            <div class="track" ref={track}>
                <Ticks map={Rc::clone(map)} palette={Rc::clone(&props.palette)} />
                <input type="range" min="0" max={STEPS.to_string()} step="1" aria-label="Time of the arrival" aria-valuetext={spoken}
                    value={format!("{:.0}", share * STEPS)} {oninput} />
            </div>
            <span class="mono clock" title={said}>{ moment(map, props.until, &clock) }</span>
            if !props.still { <div class="speeds" role="group" aria-label="Speed">{ for Speed::ALL.map(speed) }</div> }
        </div>
    }
}

/// The clock at a time of the replay.
#[must_use]
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // within a capture
pub fn moment(map: &Map, until: f64, clock: &Clock) -> String {
    let time = until.clamp(0.0, map.duration) + f64::from(map.origin.nanos) / 1e9;
    let seconds = map.origin.seconds.saturating_add(time as i64);
    clock.alone(Moment { seconds, nanos: (time.fract() * 1e9) as u32, absent: map.origin.absent })
}

#[derive(Properties, PartialEq)]
struct TicksProps {
    map: Rc<Map>,
    palette: Rc<Palette>,
}

/// A line for each pixel in which packets came.
#[component]
fn Ticks(props: &TicksProps) -> Html {
    let root = use_node_ref();
    let canvas = use_node_ref();
    let width = use_state_eq(|| 0.0);
    use_size(root.clone(), {
        let width = width.setter();
        Callback::from(move |pixels: f64| width.set(pixels))
    });
    {
        let canvas = canvas.clone();
        use_effect_with((Rc::clone(&props.map), Rc::clone(&props.palette), *width), move |(map, palette, width)| {
            let Some(brush) = prepare(&canvas, *width, 8.0) else { return };
            brush.set_fill_style_str(&palette.edge);
            let mut last = f64::NEG_INFINITY;
            for arrival in &map.arrivals {
                let x = (map.share(arrival.time) * (width - 1.0)).round();
                if x > last {
                    brush.fill_rect(x, 0.0, 1.0, 8.0);
                    last = x + 1.0;
                }
            }
        });
    }
    html! { <div class="ticks" ref={root} aria-hidden="true"><canvas ref={canvas}></canvas></div> }
}
