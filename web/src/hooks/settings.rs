//! Settings: on the page's root, and remembered on this device.

use gloo::utils::window;
use js_sys::Date;
use wasm_bindgen::JsValue;

use super::style;
use crate::clock::Clock;
use crate::state::{Settings, State};

const KEY: &str = "msnp.settings";

/// What was set last time.
#[must_use]
pub fn remembered() -> Settings {
    let storage = window().local_storage().ok().flatten();
    storage.and_then(|storage| storage.get_item(KEY).ok()?).map(|text| Settings::read(&text)).unwrap_or_default()
}

/// Sets the page, and remembers. A browser that remembers nothing still shows it.
pub fn apply(settings: &Settings) {
    let measure = settings.measure();
    style::set_root("--row", &format!("{}px", measure.row));
    style::set_root("--touch", &format!("{}px", measure.touch()));
    style::set_root("--dense", &settings.letters().to_string());
    style::set_root("font-size", &format!("{}%", settings.size));
    let split = if settings.split == 0 { String::new() } else { format!("{}%", settings.split) };
    style::set_root("--inspector", &split);
    if let Ok(Some(storage)) = window().local_storage() {
        let _ = storage.set_item(KEY, &settings.written());
    }
}

/// How times are shown of the capture that is open.
#[must_use]
#[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation)] // seconds since 1970, minutes of a day
pub fn clock(state: &State) -> Clock {
    let start = state.progress.overview.span.map(|(first, _)| first).unwrap_or_default();
    let date = Date::new(&JsValue::from_f64(start.seconds as f64 * 1000.0));
    // A moment that the browser has no date for has no offset either.
    let ahead = -date.get_timezone_offset();
    Clock { form: state.settings.time, start, ahead: if ahead.is_finite() { ahead as i32 } else { 0 } }
}
