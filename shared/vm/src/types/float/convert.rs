//! Floats from text, rounded, and as exact numbers.

use num_bigint::{BigInt, BigUint, Sign};
use num_integer::Integer;
use num_traits::{FromPrimitive, One, Pow, Zero};

use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::object::Raise;
use crate::types::int::ops::big_to_f64;
use crate::types::int::parse::plain_digits;

/// A float from text as `float()` reads it; `None` when it is malformed.
pub fn parse(text: &str) -> Option<f64> {
    let text = plain_digits(text);
    let bytes = text.as_bytes();
    let body = text.strip_prefix(['+', '-']).unwrap_or(&text);
    if body.starts_with(|c: char| c.is_ascii_alphabetic()) {
        let value = match &*body.to_ascii_lowercase() {
            "inf" | "infinity" => f64::INFINITY,
            "nan" => f64::NAN,
            _ => return None,
        };
        return Some(if bytes[0] == b'-' { -value } else { value });
    }
    if !bytes.iter().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'e' | b'E' | b'+' | b'-' | b'_')) {
        return None;
    }
    if !text.contains('_') {
        return text.parse().ok();
    }
    for (i, &b) in bytes.iter().enumerate() {
        let digit = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit);
        if b == b'_' && !(digit(i.checked_sub(1)) && digit(Some(i + 1))) {
            return None;
        }
    }
    text.replace('_', "").parse().ok()
}

/// `round(x, digits)` for a finite float: correctly rounded, ties to even. `None` when the result is too large.
pub fn round_to(x: f64, digits: i64) -> Option<f64> {
    if x == 0.0 || digits > 323 {
        return Some(x);
    }
    if digits < -308 {
        return Some(0f64.copysign(x));
    }
    if digits >= 0 {
        return format!("{x:.*}", digits as usize).parse().ok().filter(|r: &f64| r.is_finite());
    }
    let unit: BigUint = Pow::pow(BigUint::from(10u32), digits.unsigned_abs());
    let whole = BigUint::from_f64(x.abs().trunc())?;
    let (q, r) = whole.div_rem(&unit);
    let twice = &r + &r;
    let up = twice > unit || twice == unit && (x.fract() != 0.0 || q.is_odd());
    let q = if up { q + BigUint::one() } else { q };
    let rounded = big_to_f64(&BigInt::from_biguint(Sign::Plus, q * unit))?;
    Some(rounded.copysign(x))
}

/// The whole number of a float without fraction (after rounding in some way).
pub fn to_big<M: Memory>(t: &mut Thread<M>, x: f64) -> Result<BigInt, Raise> {
    if x.is_nan() {
        return Err(t.raise(Kind::ValueError, "cannot convert float NaN to integer"));
    }
    match BigInt::from_f64(x) {
        Some(big) => Ok(big),
        None => Err(t.raise(Kind::OverflowError, "cannot convert float infinity to integer")),
    }
}

/// Numerator and denominator of a finite float in lowest terms.
pub(super) fn ratio(x: f64) -> (BigInt, BigInt) {
    let bits = x.abs().to_bits();
    let (field, fraction) = ((bits >> 52) as i64, bits & ((1 << 52) - 1));
    let (mut mantissa, mut exponent) = if field == 0 { (fraction, -1074) } else { (fraction | 1 << 52, field - 1075) };
    if mantissa.is_zero() {
        return (BigInt::zero(), BigInt::one());
    }
    let even = i64::from(mantissa.trailing_zeros());
    mantissa >>= even;
    exponent += even;
    let sign = if x < 0.0 { -1 } else { 1 };
    let (n, one) = (BigInt::from(mantissa) * sign, BigInt::one());
    if exponent >= 0 { (n << exponent, one) } else { (n, one << -exponent) }
}

/// `float.hex`
pub(super) fn to_hex(x: f64) -> String {
    if !x.is_finite() {
        return if x.is_nan() {
            "nan".into()
        } else if x > 0.0 {
            "inf".into()
        } else {
            "-inf".into()
        };
    }
    let sign = if x.is_sign_negative() { "-" } else { "" };
    if x == 0.0 {
        return format!("{sign}0x0.0p+0");
    }
    let bits = x.abs().to_bits();
    let (field, fraction) = ((bits >> 52) as i64, bits & ((1 << 52) - 1));
    let (lead, exponent) = if field == 0 { (0, -1022) } else { (1, field - 1023) };
    format!("{sign}0x{lead}.{fraction:013x}p{exponent:+}")
}

/// What `float.fromhex` makes of a text.
pub(super) enum Hex {
    Value(f64),
    Malformed,
    TooLarge,
}

/// `float.fromhex`
pub(super) fn from_hex(text: &str) -> Hex {
    let text = text.trim_matches([' ', '\t', '\n', '\r', '\x0b', '\x0c']);
    let (negative, body) = match text.as_bytes().first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    };
    let lower = body.to_ascii_lowercase();
    let sign = |x: f64| Hex::Value(if negative { -x } else { x });
    match &*lower {
        "inf" | "infinity" => return sign(f64::INFINITY),
        "nan" => return sign(f64::NAN),
        _ => {}
    }
    let body = lower.strip_prefix("0x").unwrap_or(&lower);
    let (digits, exponent) = match body.split_once('p') {
        Some((digits, exponent)) => {
            let plain = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
            if plain.is_empty() || !plain.bytes().all(|b| b.is_ascii_digit()) {
                return Hex::Malformed;
            }
            let negative = exponent.starts_with('-');
            let size = plain.parse::<i64>().unwrap_or(i64::MAX / 4).min(1 << 40);
            (digits, if negative { -size } else { size })
        }
        None => (body, 0),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all = format!("{whole}{fraction}");
    if all.is_empty() || !all.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Hex::Malformed;
    }
    let Some(mantissa) = BigUint::parse_bytes(all.as_bytes(), 16) else { return Hex::Malformed };
    if mantissa.is_zero() {
        return sign(0.0);
    }
    let exponent = exponent - 4 * fraction.len() as i64;
    let top = mantissa.bits() as i64 + exponent;
    if top > 1025 {
        return Hex::TooLarge;
    }
    if top < -1080 {
        return sign(0.0);
    }
    let value = BigInt::from(mantissa);
    let quotient = if exponent >= 0 {
        crate::types::int::ops::divide(&(value << exponent), &BigInt::one())
    } else {
        crate::types::int::ops::divide(&value, &(BigInt::one() << -exponent))
    };
    quotient.map_or(Hex::TooLarge, sign)
}
