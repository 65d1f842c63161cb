//! What Python asks about single characters. Lone surrogates are nothing at all.

use rustpython_unicode::{case, classify, identifier};

/// `f` of a character that is not ASCII and no surrogate.
#[inline]
fn beyond(c: u32, f: impl FnOnce(char) -> bool) -> bool {
    char::from_u32(c).is_some_and(f)
}

macro_rules! classes {
    ($($(#[$doc:meta])* $name:ident: $ascii:expr, $other:expr;)*) => {
        $($(#[$doc])*
        #[inline]
        pub fn $name(c: u32) -> bool {
            let ascii: fn(u8) -> bool = $ascii;
            if c < 128 { ascii(c as u8) } else { beyond(c, $other) }
        })*
    };
}

classes! {
    /// Letter.
    is_alpha: |c| c.is_ascii_alphabetic(), classify::is_alpha;
    /// Decimal digit.
    is_decimal: |c| c.is_ascii_digit(), classify::is_decimal;
    /// Digit, superscripts and the like included.
    is_digit: |c| c.is_ascii_digit(), classify::is_digit;
    /// Has a numeric value.
    is_numeric: |c| c.is_ascii_digit(), classify::is_numeric;
    /// Letter, digit or number.
    is_alnum: |c| c.is_ascii_alphanumeric(), |c| classify::is_alpha(c) || classify::is_numeric(c);
    /// Blank.
    is_space: |c| matches!(c, 9..=13 | 28..=32), classify::is_space;
    /// Shown by `repr` as it is.
    is_printable: |c| matches!(c, 32..=126), classify::is_printable;
    /// Lower case.
    is_lower: |c| c.is_ascii_lowercase(), case::is_lowercase;
    /// Upper case.
    is_upper: |c| c.is_ascii_uppercase(), case::is_uppercase;
    /// Title case (as in one letter for `Dž`).
    is_title: |_| false, case::is_titlecase;
    /// Has case.
    is_cased: |c| c.is_ascii_alphabetic(), case::is_cased;
    /// Does not end a word for the purpose of case.
    is_case_ignorable: |c| matches!(c, b'\'' | b'.' | b':' | b'^' | b'`'), case::is_case_ignorable;
    /// May begin an identifier.
    is_id_start: |c| c.is_ascii_alphabetic() || c == b'_', identifier::is_xid_start;
    /// May continue an identifier.
    is_id_continue: |c| c.is_ascii_alphanumeric() || c == b'_', identifier::is_xid_continue;
}

/// Ends a line for `splitlines`.
#[inline]
pub fn is_line_end(c: u32) -> bool {
    matches!(c, 10..=13 | 0x1c..=0x1e | 0x85 | 0x2028 | 0x2029)
}

/// The value of a decimal digit of any script.
pub fn decimal(c: u32) -> Option<u32> {
    if c < 128 {
        return (c as u8).is_ascii_digit().then(|| c - 48);
    }
    if !is_decimal(c) {
        return None;
    }
    // The decimal digits of a script stand in a row that begins at its zero, whose place is a multiple of ten away from
    // the row's first character that is a digit.
    let mut first = c;
    while first > 128 && is_decimal(first - 1) {
        first -= 1;
    }
    Some((c - first) % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_of_other_scripts_have_values() {
        assert_eq!(decimal('7' as u32), Some(7));
        assert_eq!(decimal('٣' as u32), Some(3));
        assert_eq!(decimal(0x1d7d7), Some(9));
        assert_eq!(decimal(0x1d7ff), Some(9));
        assert_eq!(decimal('²' as u32), None);
    }

    #[test]
    fn surrogates_are_nothing() {
        assert!(!is_alpha(0xd800) && !is_printable(0xd800) && !is_space(0xd800));
    }
}
