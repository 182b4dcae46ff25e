//! A drawing as an SVG file: elements and attributes only, so that every program reads it.

use std::fmt::Write;

use super::mark::{Anchor, Ink, Letters, Mark, Pen, Shape};

/// Letters of one width, and others: what programs have.
const MONO: &str = "'DejaVu Sans Mono', Menlo, Consolas, 'Liberation Mono', monospace";
const TEXT: &str = "system-ui, 'Segoe UI', Roboto, 'Noto Sans', 'Helvetica Neue', Arial, sans-serif";

/// Writes the marks of one part of a drawing, moved down by so many pixels.
pub fn write(marks: &[Mark], down: f64, colour: &dyn Fn(Ink) -> String, out: &mut String) {
    // Writing to a string never fails.
    let _ = writeln!(out, r#"<g transform="translate(0 {})">"#, number(down));
    for mark in marks {
        element(mark, colour, out);
    }
    out.push_str("</g>\n");
}

/// The whole file around its parts.
#[must_use]
pub fn file(title: &str, width: f64, height: f64, ground: &str, parts: &str) -> String {
    let (width, height, title) = (number(width), number(height), escaped(title));
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\">\n\
         <title>{title}</title>\n<rect width=\"{width}\" height=\"{height}\" fill=\"{ground}\"/>\n{parts}</svg>\n"
    )
}

fn element(mark: &Mark, colour: &dyn Fn(Ink) -> String, out: &mut String) {
    if let Shape::Text(letters) = &mark.shape {
        return text(letters, &mark.fill.map(colour).unwrap_or_default(), colour, out);
    }
    let _ = match &mark.shape {
        Shape::Rect([x, y, width, height, radius]) => {
            let corners = if *radius > 0.0 { format!(r#" rx="{}""#, number(*radius)) } else { String::new() };
            let (x, y, width, height) = (number(*x), number(*y), number(*width), number(*height));
            write!(out, r#"<rect x="{x}" y="{y}" width="{width}" height="{height}"{corners}"#)
        }
        Shape::Circle([x, y, radius]) => {
            write!(out, r#"<circle cx="{}" cy="{}" r="{}""#, number(*x), number(*y), number(*radius))
        }
        Shape::Path(pens) => write!(out, r#"<path d="{}""#, path(pens)),
        Shape::Text(_) => return,
    };
    let _ = write!(out, r#" fill="{}""#, mark.fill.map_or_else(|| "none".to_owned(), colour));
    if let Some(stroke) = mark.stroke {
        let _ = write!(out, r#" stroke="{}" stroke-width="{}""#, colour(stroke.ink), number(stroke.width));
        if let Some([on, off]) = stroke.dash.pattern() {
            let _ = write!(out, r#" stroke-dasharray="{} {}""#, number(on), number(off));
        }
    }
    out.push_str("/>\n");
}

fn path(pens: &[Pen]) -> String {
    let mut path = String::new();
    for pen in pens {
        let _ = match *pen {
            Pen::Move(x, y) => write!(path, "M{} {}", number(x), number(y)),
            Pen::Line(x, y) => write!(path, "L{} {}", number(x), number(y)),
            Pen::Bend(a, b, x, y) => write!(path, "Q{} {} {} {}", number(a), number(b), number(x), number(y)),
            Pen::Close => write!(path, "Z"),
        };
    }
    path
}

fn text(letters: &Letters, fill: &str, colour: &dyn Fn(Ink) -> String, out: &mut String) {
    let anchor = match letters.anchor {
        Anchor::Start => "",
        Anchor::Middle => r#" text-anchor="middle""#,
        Anchor::End => r#" text-anchor="end""#,
    };
    let (x, y, size) = (number(letters.x), number(letters.y), number(letters.size));
    let family = if letters.mono { MONO } else { TEXT };
    let weight = if letters.bold { r#" font-weight="700""# } else { "" };
    let _ = write!(
        out,
        r#"<text x="{x}" y="{y}" font-family="{family}" font-size="{size}"{weight} fill="{fill}"{anchor} xml:space="preserve">{}"#,
        escaped(&letters.text)
    );
    if !letters.rest.is_empty() {
        let second = colour(Ink::Text2);
        let _ = write!(out, r#"<tspan dx="8" font-weight="400" fill="{second}">{}</tspan>"#, escaped(&letters.rest));
    }
    out.push_str("</text>\n");
}

/// At most two digits behind the point.
fn number(value: f64) -> String {
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// Text as XML has it; characters that XML forbids are shown as pictures before they come here, or dropped.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            _ => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::mark::Dash;

    #[test]
    fn marks_become_elements_and_text_stays_text() {
        let letters = Letters { x: 4.0, y: 9.5, size: 12.0, text: "<b> & \u{1}".into(), ..Letters::default() };
        let marks = [
            Mark::line((0.0, 1.0 / 3.0), (10.0, 0.0), Ink::Edge, 1.5, Dash::Dotted),
            Mark::filled(Shape::Text(letters), Ink::Text),
        ];
        let mut out = String::new();
        write(&marks, 24.0, &|ink| format!("[{}]", ink.token()), &mut out);
        let lines: Vec<&str> = out.lines().collect();
        assert_eq!(lines[0], r#"<g transform="translate(0 24)">"#);
        assert_eq!(
            lines[1],
            r#"<path d="M0 0.33L10 0" fill="none" stroke="[edge]" stroke-width="1.5" stroke-dasharray="2 3"/>"#
        );
        assert!(
            lines[2].ends_with("fill=\"[ink]\" xml:space=\"preserve\">&lt;b&gt; &amp; \u{fffd}</text>"),
            "{}",
            lines[2]
        );
    }
}
