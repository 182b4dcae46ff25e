//! Decimal numbers appended to text, for the few that every record of a report has: the standard library's formatting
//! costs several times as much.

/// Appends `number`.
pub(crate) fn push(out: &mut String, number: u32) {
    if number >= 10 {
        push(out, number / 10);
    }
    push_digit(out, number % 10);
}

/// Appends the last `width` digits of `number`, with zeros in front if it has fewer.
pub(crate) fn push_padded(out: &mut String, number: u32, width: u8) {
    if width > 1 {
        push_padded(out, number / 10, width - 1);
    }
    push_digit(out, number % 10);
}

fn push_digit(out: &mut String, digit: u32) {
    out.push(char::from_digit(digit, 10).unwrap_or('0'));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_the_standard_library_writes_them() {
        for number in [0, 9, 10, 99, 100, 12_345, 1_000_000_000, u32::MAX] {
            let mut out = String::new();
            push(&mut out, number);
            assert_eq!(out, number.to_string());
            out.clear();
            push_padded(&mut out, number, 10);
            assert_eq!(out, format!("{number:010}"));
        }
    }
}
