//! Decimal numbers appended to text, for the few that every record of a report has: the standard library's formatting
//! costs several times as much.

/// Appends `number`.
pub(crate) fn push(out: &mut String, number: u32) {
    push_padded(out, number, number.checked_ilog10().map_or(1, |last| last as usize + 1));
}

/// Appends the last `width` digits of `number`, of ten at most, with zeros in front if it has fewer.
pub(crate) fn push_padded(out: &mut String, number: u32, width: usize) {
    let mut digits = [b'0'; 10];
    let mut left = number;
    for digit in digits.iter_mut().rev().take(width) {
        *digit |= u8::try_from(left % 10).unwrap_or(0);
        left /= 10;
    }
    let shown = digits.get(digits.len().saturating_sub(width)..).unwrap_or_default();
    out.push_str(std::str::from_utf8(shown).unwrap_or_default());
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
