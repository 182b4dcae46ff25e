//! The URL fragment: `#view/command`. It names what is looked at, never what is in the capture.

use crate::state::View;

/// The fragment that opens the first sample capture.
pub const SAMPLE: &str = "sample";

/// A place in the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Route {
    /// The view.
    pub view: View,
    /// The selected command.
    pub pdu: Option<u32>,
}

impl Route {
    /// Reads a fragment, with or without its `#`; nothing unless it names a view.
    #[must_use]
    pub fn parse(fragment: &str) -> Option<Self> {
        let fragment = fragment.trim_start_matches('#');
        let (view, pdu) = match fragment.split_once('/') {
            Some((view, pdu)) => (view, pdu.parse().ok()),
            None => (fragment, None),
        };
        let view = View::ALL.into_iter().find(|known| known.slug() == view)?;
        Some(Self { view, pdu })
    }

    /// The fragment, with its `#`.
    #[must_use]
    pub fn fragment(self) -> String {
        match self.pdu {
            Some(pdu) => format!("#{}/{pdu}", self.view.slug()),
            None => format!("#{}", self.view.slug()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fragments_name_places() {
        let cases = [
            ("#ladder/318", Some(Route { view: View::Ladder, pdu: Some(318) })),
            ("commands", Some(Route { view: View::Commands, pdu: None })),
            ("#ladder/x", Some(Route { view: View::Ladder, pdu: None })),
            ("#sample", None),
            ("", None),
        ];
        for (fragment, expected) in cases {
            assert_eq!(Route::parse(fragment), expected, "{fragment}");
        }
        for view in View::ALL {
            let route = Route { view, pdu: Some(7) };
            assert_eq!(Route::parse(&route.fragment()), Some(route));
        }
    }
}
