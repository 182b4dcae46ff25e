//! How messages are written: a class of the style sheet for each font, style and colour that occurs.
//!
//! Nothing of the capture gets into the sheet but what is known to be harmless there: letters of a font's name, and numbers.

use std::fmt::Write as _;

use crate::msnp::TextFormat;

/// Ways of writing that are told apart.
const FACES: usize = 200;
/// Letters of the name of a font.
const FONT: usize = 64;

/// The ways of writing that occur.
#[derive(Default)]
pub struct Faces<'f> {
    known: Vec<&'f TextFormat>,
}

impl<'f> Faces<'f> {
    /// Those of some messages.
    pub fn of(looks: impl Iterator<Item = &'f TextFormat>) -> Self {
        let mut known = Vec::new();
        for look in looks {
            if known.len() < FACES && !known.contains(&look) {
                known.push(look);
            }
        }
        Self { known }
    }

    /// The class of one, as an attribute.
    pub fn attribute(&self, look: Option<&TextFormat>) -> String {
        let class = look.and_then(|look| self.known.iter().position(|known| *known == look));
        let direction = if look.is_some_and(|look| look.right_to_left) { " dir=\"rtl\"" } else { "" };
        class.map_or_else(String::new, |class| format!(" class=\"f{class}\"{direction}"))
    }

    /// The rules of all.
    pub fn rules(&self) -> String {
        self.known.iter().enumerate().fold(String::new(), |mut out, (class, look)| {
            rule(class, look, &mut out);
            out
        })
    }
}

fn rule(class: usize, look: &TextFormat, out: &mut String) {
    // Writing to a string never fails.
    let _ = write!(out, ".f{class}{{");
    let harmless = |letter: char| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_' | '.');
    if !look.font.is_empty() && look.font.len() <= FONT && look.font.chars().all(harmless) {
        let _ = write!(out, "font-family:\"{}\",sans-serif;", look.font);
    }
    let has = |letter| look.effects.contains(letter);
    for (letter, declaration) in [('B', "font-weight:700;"), ('I', "font-style:italic;")] {
        out.push_str(if has(letter) { declaration } else { "" });
    }
    out.push_str(match (has('U'), has('S')) {
        (true, true) => "text-decoration:underline line-through;",
        (true, false) => "text-decoration:underline;",
        (false, true) => "text-decoration:line-through;",
        (false, false) => "",
    });
    let colour = look
        .colour
        .map(|colour| (colour, colour.iter().fold("#".to_owned(), |text, part| format!("{text}{part:02x}"))));
    match colour {
        Some((colour, text)) if is_readable(colour) => {
            let _ = writeln!(out, "color:{text}}}");
        }
        // A sample of it before the text, which is dark.
        Some((_, text)) => {
            let _ = writeln!(
                out,
                "}}\n.f{class}::before{{content:\"\";display:inline-block;width:.35em;height:1em;margin-right:.4em;\
                vertical-align:-.15em;border:1px solid #767676;background:{text};print-color-adjust:exact}}"
            );
        }
        None => out.push_str("}\n"),
    }
}

/// Whether a colour can be read on white (WCAG 2.2, level AA): its relative luminance, by a polynomial that is right to a
/// hundredth, and no power.
fn is_readable(colour: [u8; 3]) -> bool {
    let linear = |channel: u8| {
        let share = f64::from(channel) / 255.0;
        share * (share * (share * 0.305_306_011 + 0.682_171_111) + 0.012_522_878)
    };
    let [red, green, blue] = colour.map(linear);
    1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05) >= 4.5
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(font: &str, effects: &str, colour: Option<[u8; 3]>) -> TextFormat {
        TextFormat { font: font.to_owned(), effects: effects.to_owned(), colour, right_to_left: false }
    }

    #[test]
    fn only_harmless_values_get_into_the_sheet() {
        let evil = look("x\";}</style><script>alert(1)</script>", "B;url(x)", Some([255, 255, 0]));
        let plain = look("Comic Sans MS", "IU", Some([0, 0, 128]));
        let faces = Faces::of([&evil, &plain, &plain].into_iter());
        let rules = faces.rules();
        assert!(rules.starts_with(".f0{font-weight:700;}\n.f0::before{"), "{rules}");
        assert!(rules.ends_with("background:#ffff00;print-color-adjust:exact}\n.f1{font-family:\"Comic Sans MS\",sans-serif;font-style:italic;text-decoration:underline;color:#000080}\n"), "{rules}");
        assert_eq!([faces.attribute(Some(&plain)), faces.attribute(None)], [" class=\"f1\"", ""]);
    }

    #[test]
    fn colours_that_cannot_be_read_are_shown_beside_the_text() {
        let readable = [[0, 0, 0], [0x76, 0x76, 0x76], [255, 0, 0], [255, 255, 255], [0, 0x80, 0]].map(is_readable);
        assert_eq!(readable, [true, true, false, false, true]);
    }
}
