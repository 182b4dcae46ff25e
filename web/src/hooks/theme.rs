//! The chosen colours: on the page's root, and remembered on this device.

use gloo::storage::{LocalStorage, Storage};

use super::style;
use crate::state::Theme;

const KEY: &str = "msnp.theme";

/// What was chosen last time.
#[must_use]
pub fn remembered() -> Theme {
    LocalStorage::get::<String>(KEY).map(|name| Theme::parse(&name)).unwrap_or_default()
}

/// Paints the page and remembers the choice. A browser that remembers nothing still paints.
pub fn apply(theme: Theme) {
    style::mark_root("data-theme", theme.name());
    let _ = LocalStorage::set(KEY, theme.name());
}
