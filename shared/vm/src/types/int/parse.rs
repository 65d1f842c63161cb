//! Integers from text and to text, with the limit on the number of digits.

use std::sync::atomic::Ordering;

use num_bigint::BigInt;
use num_traits::Num;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::object::{Obj, R, Raise};
use crate::types::int::{from_big, from_i64};
use crate::types::str::to_text;

/// Most decimal digits of a conversion, until `sys.set_int_max_str_digits` says otherwise.
pub const DEFAULT_LIMIT: usize = 4300;

/// The lowest limit that may be set.
pub const LOWEST_LIMIT: usize = 640;

fn limit<M: Memory>(t: &Thread<M>) -> usize {
    match t.interp.max_digits.load(Ordering::Relaxed) {
        0 => usize::MAX,
        n => n,
    }
}

#[cold]
fn limit_error<M: Memory>(t: &mut Thread<M>, digits: Option<usize>) -> Raise {
    let limit = limit(t);
    let has = digits.map_or(String::new(), |n| format!(": value has {n} digits"));
    let message = format!(
        "Exceeds the limit ({limit} digits) for integer string conversion{has}; use sys.set_int_max_str_digits() to \
         increase the limit"
    );
    t.raise(Kind::ValueError, message)
}

/// Decimal text of a big integer; `ValueError` beyond the limit.
pub fn to_decimal<M: Memory>(t: &mut Thread<M>, value: &BigInt) -> Result<String, Raise> {
    // log10(2) a little low: never refuses a number that has `limit` digits.
    let least = (value.bits().saturating_sub(1)) as f64 * std::f64::consts::LOG10_2 * 0.999_999;
    if least > limit(t) as f64 {
        return Err(limit_error(t, None));
    }
    let text = value.to_string();
    if text.len() - usize::from(text.starts_with('-')) > limit(t) {
        return Err(limit_error(t, None));
    }
    Ok(text)
}

/// The value of a decimal digit of any script.
pub fn digit_value(c: char) -> Option<u32> {
    if c.is_ascii() {
        return c.to_digit(10);
    }
    if c.general_category() != GeneralCategory::DecimalNumber {
        return None;
    }
    // Digits come in runs of ten or several tens; count from the start of the run.
    let mut first = c as u32;
    while let Some(before) = char::from_u32(first - 1)
        && before.general_category() == GeneralCategory::DecimalNumber
    {
        first -= 1;
    }
    Some((c as u32 - first) % 10)
}

/// Text with digits of all scripts made ASCII and blanks at both ends cut off.
pub fn plain_digits(text: &str) -> std::borrow::Cow<'_, str> {
    let text = text.trim_matches(is_space);
    if text.is_ascii() {
        return text.into();
    }
    text.chars().map(|c| digit_value(c).and_then(|d| char::from_digit(d, 10)).unwrap_or(c)).collect::<String>().into()
}

/// White space as `str.isspace` sees it.
pub fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\x1c'..='\x1f')
}

/// What is wrong with a text.
enum Wrong {
    Malformed,
    TooLong(usize),
}

/// An int from text. `shown` is what the error message shows the `repr` of.
pub fn parse<M: Memory>(t: &mut Thread<M>, text: &str, base: u32, shown: &Obj<M>) -> R<M> {
    let plain = plain_digits(text);
    match number(&plain, base, limit(t)) {
        Ok(Ok(small)) => Ok(from_i64(t, small)),
        Ok(Err(big)) => Ok(from_big(t, big)),
        Err(Wrong::TooLong(digits)) => Err(limit_error(t, Some(digits))),
        Err(Wrong::Malformed) => {
            let shown = t.repr(shown)?;
            let mut shown = to_text(&shown).into_owned();
            if let Some((end, _)) = shown.char_indices().nth(200) {
                shown.truncate(end);
            }
            Err(t.raise(Kind::ValueError, format!("invalid literal for int() with base {base}: {shown}")))
        }
    }
}

fn number(text: &str, base: u32, most: usize) -> Result<Result<i64, BigInt>, Wrong> {
    let (negative, rest) = match text.as_bytes().first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    };
    let prefix = match rest.get(..2) {
        Some("0x" | "0X") => 16,
        Some("0o" | "0O") => 8,
        Some("0b" | "0B") => 2,
        _ => 0,
    };
    let (base, rest, guessed) = match base {
        0 if prefix != 0 => (prefix, &rest[2..], false),
        0 => (10, rest, true),
        base if base == prefix => (base, &rest[2..], false),
        base => (base, rest, false),
    };
    let prefixed = rest.len() < text.len() - usize::from(text.starts_with(['-', '+']));
    let rest = if prefixed { rest.strip_prefix('_').unwrap_or(rest) } else { rest };
    let digits = without_underscores(rest).ok_or(Wrong::Malformed)?;
    if digits.is_empty() || !digits.bytes().all(|b| (b as char).is_digit(base)) {
        return Err(Wrong::Malformed);
    }
    if guessed && digits.len() > 1 && digits.starts_with('0') && digits.bytes().any(|b| b != b'0') {
        return Err(Wrong::Malformed);
    }
    if let Ok(small) = i64::from_str_radix(&digits, base) {
        return Ok(Ok(if negative { -small } else { small }));
    }
    if !base.is_power_of_two() && digits.len() > most {
        return Err(Wrong::TooLong(digits.len()));
    }
    let value = BigInt::from_str_radix(&digits, base).map_err(|_| Wrong::Malformed)?;
    Ok(Err(if negative { -value } else { value }))
}

/// The digits without single underscores between them; `None` when an underscore stands elsewhere.
fn without_underscores(text: &str) -> Option<std::borrow::Cow<'_, str>> {
    if !text.contains('_') {
        return Some(text.into());
    }
    if text.starts_with('_') || text.ends_with('_') || text.contains("__") {
        return None;
    }
    Some(text.replace('_', "").into())
}
