//! The URL fragment: `#view/command?packet=9&transfer=3&filter=…&time=local`. It names what is looked at, never what is in the
//! capture.

use std::fmt::Write;

use crate::clock::TimeForm;
use crate::state::View;

/// The fragment that opens the first sample capture.
pub const SAMPLE: &str = "sample";

/// A place in the page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Route {
    /// The view.
    pub view: View,
    /// The selected command.
    pub pdu: Option<u32>,
    /// The packet that is looked at in its place.
    pub packet: Option<u32>,
    /// The chosen transfer, in the view that shows them.
    pub transfer: Option<u32>,
    /// What stands in the filter.
    pub filter: String,
    /// What times are counted from; as the reader likes it where nothing is said.
    pub time: Option<TimeForm>,
}

impl Route {
    /// Reads a fragment, with or without its `#`; nothing unless it names a view.
    #[must_use]
    pub fn parse(fragment: &str) -> Option<Self> {
        let fragment = fragment.trim_start_matches('#');
        let (place, choices) = fragment.split_once('?').unwrap_or((fragment, ""));
        let (view, pdu) = place.split_once('/').unwrap_or((place, ""));
        let view = View::ALL.into_iter().find(|known| known.slug() == view)?;
        let mut route = Self { view, pdu: pdu.parse().ok(), ..Self::default() };
        for (name, value) in choices.split('&').filter_map(|choice| choice.split_once('=')) {
            match name {
                "transfer" if view == View::Transfers => route.transfer = value.parse().ok(),
                "packet" => route.packet = value.parse().ok().filter(|number| *number > 0),
                "filter" => route.filter = decoded(value),
                "time" => route.time = TimeForm::parse(value),
                _ => {}
            }
        }
        Some(route)
    }

    /// The fragment, with its `#`. What is as usual is left out.
    #[must_use]
    pub fn fragment(&self) -> String {
        let pdu = self.pdu.map_or_else(String::new, |pdu| format!("/{pdu}"));
        let packet = self.packet.map(|number| format!("packet={number}"));
        let transfer = self.transfer.map(|id| format!("transfer={id}"));
        let filter = (!self.filter.is_empty()).then(|| format!("filter={}", encoded(&self.filter)));
        let time = self.time.map(|form| format!("time={}", form.slug()));
        let choices: Vec<String> = [packet, transfer, filter, time].into_iter().flatten().collect();
        let question = if choices.is_empty() { "" } else { "?" };
        format!("#{}{pdu}{question}{}", self.view.slug(), choices.join("&"))
    }

    /// Whether somebody who goes back would want to come here again: what is typed is no place of its own.
    #[must_use]
    pub fn is_elsewhere(&self, before: &Self) -> bool {
        // Which command a packet is looked at for is no place of its own.
        let place =
            |route: &Self| (route.view, route.packet, route.pdu.filter(|_| route.packet.is_none()), route.transfer);
        place(self) != place(before)
    }
}

/// Letters, digits and a few signs as they are, all else by its bytes.
fn encoded(text: &str) -> String {
    text.bytes().fold(String::with_capacity(text.len()), |mut out, byte| {
        // Writing to a string never fails.
        let _ = match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'.' | b'_' | b'-' | b'!' | b'(' | b')' | b'=' => {
                write!(out, "{}", char::from(byte))
            }
            _ => write!(out, "%{byte:02X}"),
        };
        out
    })
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        let escape = behind.get(..2).filter(|_| *first == b'%').and_then(|digits| std::str::from_utf8(digits).ok());
        match escape.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = behind.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(*first);
                rest = behind;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fragments_name_places() {
        let place = |view, pdu, transfer| Some(Route { view, pdu, transfer, ..Route::default() });
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
                let route = Route { view, pdu, transfer, ..Route::default() };
                assert_eq!(Route::parse(&route.fragment()), Some(route));
            }
        }
    }

    #[test]
    fn filter_and_times_are_part_of_a_link() {
        let route = Route {
            view: View::Ladder,
            pdu: Some(4),
            filter: "msnp.text contains \"à & b%\"".to_owned(),
            time: Some(TimeForm::Start),
            ..Route::default()
        };
        let fragment = route.fragment();
        assert_eq!(fragment, "#ladder/4?filter=msnp.text%20contains%20%22%C3%A0%20%26%20b%25%22&time=start");
        assert_eq!(Route::parse(&fragment), Some(route));
        assert_eq!(Route::parse("#ladder?filter=100%").unwrap().filter, "100%", "no escape is data too");
    }

    #[test]
    fn what_is_typed_is_no_place_of_its_own() {
        let place = Route { view: View::Ladder, pdu: Some(4), ..Route::default() };
        assert!(!Route { filter: "x".into(), ..place.clone() }.is_elsewhere(&place));
        assert!(Route { pdu: None, ..place.clone() }.is_elsewhere(&place));
        let packet = Route { pdu: None, packet: Some(9), ..place.clone() };
        assert!(packet.is_elsewhere(&place));
        assert!(!Route { pdu: Some(4), ..packet.clone() }.is_elsewhere(&packet), "the same packet");
        assert_eq!(packet.fragment(), "#ladder?packet=9");
        assert_eq!(Route::parse("#ladder?packet=9"), Some(packet));
        assert_eq!(
            Route::parse("#packets/4?packet=9&transfer=1").map(|route| (route.pdu, route.packet)),
            Some((Some(4), Some(9)))
        );
    }
}
