//! The URL fragment: `#view/command?transfer=3`. It names what is looked at, never what is in the capture.

use crate::state::View;

/// The fragment that opens the first sample capture.
pub const SAMPLE: &str = "sample";

/// Before the number of the chosen transfer.
const TRANSFER: &str = "transfer=";

/// A place in the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Route {
    /// The view.
    pub view: View,
    /// The selected command.
    pub pdu: Option<u32>,
    /// The chosen transfer, in the view that shows them.
    pub transfer: Option<u32>,
}

impl Route {
    /// Reads a fragment, with or without its `#`; nothing unless it names a view.
    #[must_use]
    pub fn parse(fragment: &str) -> Option<Self> {
        let fragment = fragment.trim_start_matches('#');
        let (place, choice) = fragment.split_once('?').unwrap_or((fragment, ""));
        let (view, pdu) = place.split_once('/').unwrap_or((place, ""));
        let view = View::ALL.into_iter().find(|known| known.slug() == view)?;
        let transfer = choice.strip_prefix(TRANSFER).filter(|_| view == View::Transfers);
        Some(Self { view, pdu: pdu.parse().ok(), transfer: transfer.and_then(|number| number.parse().ok()) })
    }

    /// The fragment, with its `#`.
    #[must_use]
    pub fn fragment(self) -> String {
        let pdu = self.pdu.map_or_else(String::new, |pdu| format!("/{pdu}"));
        let transfer = self.transfer.map_or_else(String::new, |id| format!("?{TRANSFER}{id}"));
        format!("#{}{pdu}{transfer}", self.view.slug())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fragments_name_places() {
        let place = |view, pdu, transfer| Some(Route { view, pdu, transfer });
        let cases = [
            ("#ladder/318", place(View::Ladder, Some(318), None)),
            ("commands", place(View::Commands, None, None)),
            ("#ladder/x", place(View::Ladder, None, None)),
            ("#transfers?transfer=3", place(View::Transfers, None, Some(3))),
            ("#transfers/57?transfer=3", place(View::Transfers, Some(57), Some(3))),
            ("#transfers/57?transfer=x", place(View::Transfers, Some(57), None)),
            ("#ladder/57?transfer=3", place(View::Ladder, Some(57), None)),
            ("#sample", None),
            ("", None),
        ];
        for (fragment, expected) in cases {
            assert_eq!(Route::parse(fragment), expected, "{fragment}");
        }
        for view in View::ALL {
            let transfer = Some(2).filter(|_| view == View::Transfers);
            for pdu in [None, Some(7)] {
                let route = Route { view, pdu, transfer };
                assert_eq!(Route::parse(&route.fragment()), Some(route));
            }
        }
    }
}
