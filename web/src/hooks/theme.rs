//! The chosen colours: on the page's root, and remembered on this device.

use gloo::utils::window;
use web_sys::Storage;

use super::style;
use crate::state::Theme;

const KEY: &str = "msnp.theme";

/// What was chosen last time.
#[must_use]
pub fn remembered() -> Theme {
    let name = storage().and_then(|storage| storage.get_item(KEY).ok()?);
    name.map(|name| Theme::parse(&name)).unwrap_or_default()
}

/// Paints the page.
pub fn paint(theme: Theme) {
    style::mark_root("data-theme", theme.name());
}

/// Remembers the choice, where the browser does.
pub fn remember(theme: Theme) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(KEY, theme.name());
    }
}

fn storage() -> Option<Storage> {
    window().local_storage().ok()?
}
