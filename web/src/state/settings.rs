//! What a reader sets once: it stays on this device.

use crate::clock::TimeForm;
use crate::scene::ladder::Measure;

/// How close rows stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Density {
    /// Many rows.
    Compact,
    /// As usual.
    #[default]
    Normal,
    /// With air.
    Comfortable,
    /// For the wall of a room.
    Projector,
}

impl Density {
    /// All of them, closest first.
    pub const ALL: [Self; 4] = [Self::Compact, Self::Normal, Self::Comfortable, Self::Projector];

    /// Its name.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Compact => "compact",
            Self::Normal => "normal",
            Self::Comfortable => "comfortable",
            Self::Projector => "projector",
        }
    }

    /// The next: after the widest the closest.
    #[must_use]
    pub fn next(self) -> Self {
        let at = Self::ALL.iter().position(|density| *density == self).unwrap_or(0);
        Self::ALL.get(at + 1).copied().unwrap_or(Self::Compact)
    }

    const fn measure(self) -> Measure {
        match self {
            Self::Compact => Measure { row: 20.0, text: 0.96, stroke: 0.9, size: 1.0 },
            Self::Normal => Measure { row: 24.0, text: 1.0, stroke: 1.0, size: 1.0 },
            Self::Comfortable => Measure { row: 30.0, text: 1.1, stroke: 1.2, size: 1.0 },
            Self::Projector => Measure { row: 40.0, text: 1.5, stroke: 1.7, size: 1.0 },
        }
    }
}

/// The settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// What times are counted from.
    pub time: TimeForm,
    /// How close rows stand.
    pub density: Density,
    /// Size of all text, in percent of the browser's.
    pub size: u16,
    /// Size of the browser's text, in percent of the usual 16 pixels: some people set a larger one for all pages.
    pub browser: u16,
    /// Whether single keys do something.
    pub keys: bool,
    /// Width of the inspector in percent of what it shares with the list; 0 for the usual.
    pub split: u16,
}

impl Default for Settings {
    fn default() -> Self {
        Self { time: TimeForm::Utc, density: Density::Normal, size: 100, browser: 100, keys: true, split: 0 }
    }
}

/// Sizes of text, in percent.
const SIZES: (u16, u16, u16) = (80, 200, 10);

impl Settings {
    /// How large rows and letters of lists are.
    #[must_use]
    pub fn measure(&self) -> Measure {
        let Measure { row, text, stroke, .. } = self.density.measure();
        let size = f64::from(self.size) * f64::from(self.browser) / 10_000.0;
        Measure { row: (row * size.max(1.0)).round(), text: text * size, stroke, size }
    }

    /// Letters of lists against those of the rest.
    #[must_use]
    pub const fn letters(&self) -> f64 {
        self.density.measure().text
    }

    /// With all text larger, smaller, or (0) of the usual size.
    #[must_use]
    pub fn sized(self, by: i16) -> Self {
        let size = match by {
            0 => 100,
            by if by > 0 => (self.size + SIZES.2).min(SIZES.1),
            _ => self.size.saturating_sub(SIZES.2).max(SIZES.0),
        };
        Self { size, ..self }
    }

    /// One line of words, to be kept.
    #[must_use]
    pub fn written(&self) -> String {
        let keys = if self.keys { "keys" } else { "no-keys" };
        format!("{} {} {} {keys} {}", self.time.slug(), self.density.title(), self.size, self.split)
    }

    /// Reads what was kept; whatever is not understood is as usual.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let usual = Self::default();
        let word = |at: usize| text.split(' ').nth(at).unwrap_or_default();
        let number = |at: usize, from: u16, to: u16| word(at).parse().ok().filter(|n| (from..=to).contains(n));
        Self {
            time: TimeForm::parse(word(0)).unwrap_or_default(),
            density: Density::ALL.into_iter().find(|density| density.title() == word(1)).unwrap_or_default(),
            size: number(2, SIZES.0, SIZES.1).unwrap_or(usual.size),
            browser: usual.browser,
            keys: word(3) != "no-keys",
            split: number(4, 20, 75).unwrap_or(0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_kept_and_nonsense_is_as_usual() {
        let set = Settings {
            time: TimeForm::Row,
            density: Density::Projector,
            size: 150,
            keys: false,
            split: 33,
            ..Settings::default()
        };
        assert_eq!(Settings::read(&set.written()), set);
        assert_eq!(Settings::read(&Settings::default().written()), Settings::default());
        for nonsense in ["", "x y 9 z 99", "utc normal 999999 keys -1"] {
            assert_eq!(Settings::read(nonsense), Settings::default(), "{nonsense}");
        }
    }

    #[test]
    fn text_grows_and_shrinks_within_bounds() {
        let sizes = |by| {
            let mut set = Settings::default();
            for _ in 0..20 {
                set = set.sized(by);
            }
            set.size
        };
        assert_eq!((sizes(1), sizes(-1), Settings { size: 170, ..Settings::default() }.sized(0).size), (200, 80, 100));
        assert!(Settings { size: 200, ..Settings::default() }.measure().row > 40.0, "rows have room for their text");
        let large = Settings { browser: 150, ..Settings::default() }.measure();
        assert_eq!((large.row, large.size), (36.0, 1.5), "for the browser's larger text too");
    }
}
