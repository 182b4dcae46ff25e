//! Decimal numbers appended to text, for the few that every record of a report has: the standard library's formatting
//! costs several times as much.

/// Appends the last `width` digits of `number`, with zeros in front if it has fewer.
pub(crate) fn push_padded(out: &mut String, number: u32, width: u8) {
    if width > 1 {
        push_padded(out, number / 10, width - 1);
    }
    out.push(char::from_digit(number % 10, 10).unwrap_or('0'));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_the_standard_library_writes_them() {
        for number in [0, 9, 10, 99, 100, 12_345, 1_000_000_000, u32::MAX] {
            let mut out = String::new();
            push_padded(&mut out, number, 10);
            assert_eq!(out, format!("{number:010}"));
        }
    }
}
