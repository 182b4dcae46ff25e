//! The page's colours for canvases: read from the stylesheet when they change, never written twice.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use gloo::events::EventListener;
use gloo::utils::{document, window};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

use crate::scene::mark::Ink;
use crate::state::Theme;

/// Steps of the time scale.
const STEPS: usize = 9;
/// Colours lighter than this have dark marks on them (relative luminance).
const LIGHT: f64 = 0.16;

/// A colour: red, green, blue.
pub type Rgb = [f64; 3];

/// Colours by role, as the canvas wants them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Palette {
    /// From the first arrival to the last.
    time: Vec<Rgb>,
    /// Text.
    pub ink: String,
    /// Secondary text.
    pub ink2: String,
    /// Times and offsets.
    pub ink3: String,
    /// Hairlines without a meaning.
    pub line: String,
    /// Borders that have one.
    pub edge: String,
    /// The ground of panes.
    pub surface: String,
    /// Wells.
    pub sunken: String,
    /// The selection.
    pub select: String,
    /// What is missing.
    pub warn: String,
    /// What goes through servers.
    pub switchboard: String,
    /// Its ground.
    pub switchboard_tint: String,
    /// What goes from program to program.
    pub peer: String,
    /// Its ground.
    pub peer_tint: String,
    /// All colours that marks name.
    inks: BTreeMap<Ink, String>,
}

impl Palette {
    /// The colour that a mark names.
    #[must_use]
    pub fn ink(&self, ink: Ink) -> &str {
        self.inks.get(&ink).map_or("", String::as_str)
    }

    /// The colour of a time between the first arrival (0) and the last (1).
    #[must_use]
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)] // nine steps
    pub fn time(&self, share: f64) -> Rgb {
        let place = share.clamp(0.0, 1.0) * (STEPS - 1) as f64;
        let from = self.time.get(place as usize).copied().unwrap_or_default();
        let to = self.time.get(place as usize + 1).copied().unwrap_or(from);
        let part = place.fract();
        std::array::from_fn(|at| {
            let (from, to) = (from.get(at).copied().unwrap_or(0.0), to.get(at).copied().unwrap_or(0.0));
            from + (to - from) * part
        })
    }

    /// The colours that marks name, as they are now, in the order of [`Ink::all`].
    #[must_use]
    pub fn inks() -> Vec<String> {
        let palette = Self::read().unwrap_or_default();
        Ink::all().into_iter().map(|ink| palette.ink(ink).to_owned()).collect()
    }

    fn read() -> Option<Self> {
        let probe: HtmlElement = document().create_element("span").ok()?.dyn_into().ok()?;
        document().body()?.append_child(&probe).ok()?;
        let styles = window().get_computed_style(&probe).ok()??;
        let read = |name: &str| {
            let _ = probe.style().set_property("color", &format!("var(--{name})"));
            styles.get_property_value("color").unwrap_or_default()
        };
        let palette = Self {
            time: (0..STEPS).map(|step| parse(&read(&format!("time{step}")))).collect(),
            ink: read("ink"),
            ink2: read("ink2"),
            ink3: read("ink3"),
            line: read("line"),
            edge: read("edge"),
            surface: read("surface"),
            sunken: read("sunken"),
            select: read("select"),
            warn: read("warn"),
            switchboard: read("switchboard"),
            switchboard_tint: read("switchboard-tint"),
            peer: read("peer"),
            peer_tint: read("peer-tint"),
            inks: Ink::all().into_iter().map(|ink| (ink, read(&ink.token()))).collect(),
        };
        probe.remove();
        Some(palette)
    }
}

/// A colour in the canvas's words.
#[must_use]
pub fn css([red, green, blue]: Rgb) -> String {
    format!("rgb({red:.0},{green:.0},{blue:.0})")
}

/// Whether marks on this colour are to be dark.
#[must_use]
pub fn is_light([red, green, blue]: Rgb) -> bool {
    let linear = |channel: f64| (channel / 255.0).powf(2.2);
    0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue) > LIGHT
}

/// A colour of the palette, in whole channels.
#[must_use]
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // they were read from bytes
pub fn channels(colour: &str) -> [u8; 3] {
    parse(colour).map(|channel| channel as u8)
}

/// "rgb(34, 17, 100)": browsers compute our colours to whole numbers.
fn parse(text: &str) -> Rgb {
    let mut numbers = text.split(|c: char| !c.is_ascii_digit()).filter_map(|number| number.parse::<u8>().ok());
    std::array::from_fn(|_| numbers.next().map_or(0.0, f64::from))
}

/// A theme, and whether the system is dark.
type Key = (Theme, bool);

thread_local! {
    /// What was read, by the theme and by whether the system is dark. Reading has the browser work out the styles of the
    /// whole page, so it is done while there is little in it.
    static KNOWN: RefCell<Vec<(Key, Rc<Palette>)>> = const { RefCell::new(Vec::new()) };
}

fn known(key: Key) -> Option<Rc<Palette>> {
    KNOWN.with_borrow(|all| all.iter().find(|(of, _)| *of == key).map(|(_, palette)| Rc::clone(palette)))
}

/// The colours of a theme, which is put in force.
fn read(key: Key) -> Rc<Palette> {
    // Whichever effect comes first.
    super::theme::paint(key.0);
    known(key)
        .or_else(|| {
            let palette = Rc::new(Palette::read()?);
            KNOWN.with_borrow_mut(|all| all.push((key, Rc::clone(&palette))));
            Some(palette)
        })
        .unwrap_or_default()
}

fn system() -> Option<web_sys::MediaQueryList> {
    window().match_media("(prefers-color-scheme: dark)").ok().flatten()
}

fn is_dark() -> bool {
    system().is_some_and(|dark| dark.matches())
}

/// The colours that are in force.
#[hook]
pub fn use_palette(theme: Theme) -> Rc<Palette> {
    let palette = use_state_eq(|| known((theme, is_dark())).unwrap_or_default());
    {
        let palette = palette.setter();
        use_effect_with(theme, move |theme| {
            let theme = *theme;
            let look = move || palette.set(read((theme, is_dark())));
            look();
            let listener = system().map(|dark| EventListener::new(&dark, "change", move |_| look()));
            move || drop(listener)
        });
    }
    Rc::clone(&palette)
}
