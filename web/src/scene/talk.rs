//! What people wrote, as it is shown: letters that stand for pictures, and colours that can be read.

use crate::protocol::story::Emoticon;

/// The contrast that text needs (WCAG 2.2, level AA).
const READABLE: f64 = 4.5;
/// Steps from a colour that cannot be read to black or white.
const STEPS: u16 = 32;

/// A piece of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'t> {
    /// Letters.
    Text(&'t str),
    /// A picture in place of letters.
    Picture(&'t Emoticon),
}

/// A text with its pictures in their places. Where several fit, the one with the most letters is meant.
#[must_use]
pub fn pieces<'t>(text: &'t str, emoticons: &'t [Emoticon]) -> Vec<Piece<'t>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    loop {
        let places = emoticons.iter().filter(|one| !one.shortcut.is_empty());
        let places = places.filter_map(|one| rest.find(&one.shortcut).map(|at| (at, one)));
        let next = places.min_by_key(|(at, one)| (*at, usize::MAX - one.shortcut.len()));
        let (before, picture) = match next {
            Some((at, one)) => (rest.get(..at).unwrap_or_default(), Some(one)),
            None => (rest, None),
        };
        if !before.is_empty() {
            pieces.push(Piece::Text(before));
        }
        let Some(one) = picture else { return pieces };
        pieces.push(Piece::Picture(one));
        rest = rest.get(before.len() + one.shortcut.len()..).unwrap_or_default();
    }
}

/// A colour, moved towards black or white as far as it takes to be read on a ground.
#[must_use]
pub fn readable(colour: [u8; 3], ground: [u8; 3]) -> [u8; 3] {
    let end = if contrast([0; 3], ground) >= contrast([255; 3], ground) { 0 } else { 255 };
    let mixed = (0..=STEPS).map(|step| {
        colour.map(|channel| {
            let sum = u16::from(channel) * (STEPS - step) + end * step;
            u8::try_from(sum / STEPS).unwrap_or(u8::MAX)
        })
    });
    mixed.into_iter().find(|mixed| contrast(*mixed, ground) >= READABLE).unwrap_or_default()
}

/// How well two colours are told apart: from 1, not at all, to 21.
#[must_use]
pub fn contrast(one: [u8; 3], other: [u8; 3]) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// Relative luminance, as WCAG 2.2 defines it.
fn luminance([red, green, blue]: [u8; 3]) -> f64 {
    let linear = |channel: u8| {
        let share = f64::from(channel) / 255.0;
        if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn emoticon(shortcut: &str) -> Emoticon {
        Emoticon { shortcut: shortcut.to_owned(), object: String::new() }
    }

    #[test]
    fn pictures_stand_where_their_letters_were() {
        let all = [emoticon(":)"), emoticon(":))"), emoticon("à"), emoticon("")];
        let shown = |text| {
            let pieces = pieces(text, &all);
            let shown = pieces.iter().map(|piece| match piece {
                Piece::Text(text) => format!("“{text}”"),
                Piece::Picture(one) => one.shortcut.clone(),
            });
            shown.collect::<Vec<_>>().join(" ")
        };
        assert_eq!(shown("ciao :)) à più:)"), "“ciao ” :)) “ ” à “ più” :)");
        assert_eq!((shown(""), shown("no")), (String::new(), "“no”".to_owned()));
        assert_eq!(shown(":):)"), ":) :)");
    }

    #[test]
    fn every_colour_can_be_read_on_every_ground() {
        let channels = [0, 60, 118, 128, 200, 255];
        let colours = channels.iter().flat_map(|a| channels.iter().map(move |b| [*a, *b, 90]));
        for colour in colours.clone() {
            for ground in colours.clone() {
                let shown = readable(colour, ground);
                assert!(contrast(shown, ground) >= READABLE, "{colour:?} on {ground:?} became {shown:?}");
            }
        }
        assert_eq!(readable([10, 20, 150], [236, 237, 234]), [10, 20, 150], "what can be read stays as it is");
        assert!((contrast([0; 3], [255; 3]) - 21.0).abs() < 1e-9);
    }
}
