//! `__format__` of int, float and complex.

use std::borrow::Cow;

use num_bigint::BigInt;
use num_traits::Signed;

use super::float::{Style, digits, itoa};
use super::spec::{Number, Spec};
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::object::{Obj, Raise};
use crate::types::str::{Text, TextBuf};
use crate::types::{int, str};

/// Formats an integer object by a specification that is not empty.
pub(super) fn integer<M: Memory>(t: &mut Thread<M>, o: &Obj<M>, spec: Text<'_>, class: &str) -> Result<TextBuf, Raise> {
    let s = Spec::parse(t, spec, true, b'd', class)?;
    let kind = u8::try_from(s.kind).unwrap_or(255);
    let mut out = TextBuf::with_capacity(s.width.clamp(24, 1 << 20));
    if matches!(kind, b'e' | b'E' | b'f' | b'F' | b'g' | b'G' | b'%') {
        let x = to_f64(t, o)?;
        real(t, x, &s, class, &mut out)?;
        return Ok(out);
    }
    if !matches!(kind, 0 | b'd' | b'n' | b'b' | b'o' | b'x' | b'X' | b'c') {
        return Err(s.unknown(t, class));
    }
    if s.precision.is_some() || s.fraction_group != 0 {
        return Err(t.raise(Kind::ValueError, "Precision not allowed in integer format specifier"));
    }
    if s.no_negative_zero {
        let message = "Negative zero coercion (z) not allowed in integer format specifier";
        return Err(t.raise(Kind::ValueError, message));
    }
    if kind == b'c' {
        return character(t, o, &s);
    }
    let mut buffer = [0; 20];
    let (negative, digits) = in_base(t, o, kind, &mut buffer)?;
    let prefix = match kind {
        b'b' if s.alternate => "0b",
        b'o' if s.alternate => "0o",
        b'x' if s.alternate => "0x",
        b'X' if s.alternate => "0X",
        _ => "",
    };
    s.lay_out(&mut out, &Number { negative, prefix, whole: &digits, rest: Text::EMPTY });
    Ok(out)
}

fn character<M: Memory>(t: &mut Thread<M>, o: &Obj<M>, s: &Spec) -> Result<TextBuf, Raise> {
    if s.sign != 0 {
        return Err(t.raise(Kind::ValueError, "Sign not allowed with integer format specifier 'c'"));
    }
    if s.alternate {
        return Err(t.raise(Kind::ValueError, "Alternate form (#) not allowed with integer format specifier 'c'"));
    }
    let Some(c) = int::to_i64(o).filter(|c| (0..0x11_0000).contains(c)) else {
        return Err(t.raise(Kind::OverflowError, "%c arg not in range(0x110000)"));
    };
    let mut out = TextBuf::new();
    let rest = [c as u32];
    s.lay_out(&mut out, &Number { negative: false, prefix: "", whole: b"", rest: Text::Wide(&rest) });
    Ok(out)
}

/// The digits of the magnitude in the base of a format type, and whether the number is negative. `buffer` is for short
/// ones.
pub(super) fn in_base<'b, M: Memory>(
    t: &mut Thread<M>,
    o: &Obj<M>,
    kind: u8,
    buffer: &'b mut [u8; 20],
) -> Result<(bool, Cow<'b, [u8]>), Raise> {
    if let Some(i) = int::to_i64(o) {
        let n = i.unsigned_abs();
        let text = match kind {
            b'b' => format!("{n:b}"),
            b'o' => format!("{n:o}"),
            b'x' => format!("{n:x}"),
            b'X' => format!("{n:X}"),
            _ => return Ok((i < 0, itoa(n, buffer).into())),
        };
        return Ok((i < 0, text.into_bytes().into()));
    }
    let big = int::to_big(o).unwrap_or_default();
    let magnitude: BigInt = big.abs();
    let text = match kind {
        b'b' => magnitude.to_str_radix(2),
        b'o' => magnitude.to_str_radix(8),
        b'x' => magnitude.to_str_radix(16),
        b'X' => magnitude.to_str_radix(16).to_ascii_uppercase(),
        _ => int::parse::to_decimal(t, &magnitude)?,
    };
    Ok((big.is_negative(), text.into_bytes().into()))
}

/// An integer object as a float.
pub(super) fn to_f64<M: Memory>(t: &mut Thread<M>, o: &Obj<M>) -> Result<f64, Raise> {
    match int::ops::Number::of(o) {
        Some(n) => int::ops::to_f64(t, n),
        None => Ok(0.0),
    }
}

/// Formats a float by a specification that is not empty.
pub(super) fn float<M: Memory>(t: &mut Thread<M>, x: f64, spec: Text<'_>, class: &str) -> Result<TextBuf, Raise> {
    let s = Spec::parse(t, spec, true, 0, class)?;
    let mut out = TextBuf::with_capacity(s.width.clamp(24, 1 << 20));
    real(t, x, &s, class, &mut out)?;
    Ok(out)
}

/// The style and the precision of a format type; `None` when floats do not know it.
fn style(kind: u32, precision: Option<usize>) -> Option<(Style, usize)> {
    let p = precision.unwrap_or(6);
    Some(match u8::try_from(kind).unwrap_or(255) {
        0 if precision.is_none() => (Style::Repr { point: true }, 0),
        0 => (Style::General { point: true }, p),
        b'e' | b'E' => (Style::Exponent, p),
        b'f' | b'F' | b'%' => (Style::Fixed, p),
        b'g' | b'G' | b'n' => (Style::General { point: false }, p),
        _ => return None,
    })
}

fn real<M: Memory>(t: &mut Thread<M>, x: f64, s: &Spec, class: &str, out: &mut TextBuf) -> Result<(), Raise> {
    let Some((style, precision)) = style(s.kind, s.precision) else { return Err(s.unknown(t, class)) };
    if precision > i32::MAX as usize {
        return Err(t.raise(Kind::ValueError, "precision too big"));
    }
    push_real(x, s, style, precision, out);
    Ok(())
}

fn push_real(x: f64, s: &Spec, style: Style, precision: usize, out: &mut TextBuf) {
    let percent = s.kind == 37;
    let (negative, mut text) = text_of(if percent { x * 100.0 } else { x }, style, precision, s.alternate);
    if matches!(s.kind, 69..=71) {
        text.make_ascii_uppercase();
    }
    if percent {
        text.push('%');
    }
    let zero = || !text.split(['e', 'E']).next().is_some_and(|m| m.bytes().any(|b| matches!(b, b'1'..=b'9')));
    let negative = negative && !(s.no_negative_zero && x.is_finite() && zero());
    let whole = text.bytes().take_while(u8::is_ascii_digit).count();
    let (whole, rest) = text.split_at(whole);
    let rest = if s.fraction_group != 0 { group_fraction(rest, s.fraction_group) } else { rest.into() };
    s.lay_out(out, &Number { negative, prefix: "", whole: whole.as_bytes(), rest: Text::Ascii(rest.as_bytes()) });
}

/// The decimals in groups of three from the point.
fn group_fraction(rest: &str, sep: u8) -> Cow<'_, str> {
    let Some(decimals) = rest.strip_prefix('.') else { return rest.into() };
    let n = decimals.bytes().take_while(u8::is_ascii_digit).count();
    let mut out = String::from(".");
    for (i, c) in decimals[..n].chars().enumerate() {
        if i > 0 && i % 3 == 0 {
            out.push(sep as char);
        }
        out.push(c);
    }
    out.push_str(&decimals[n..]);
    out.into()
}

/// The sign and the text of the magnitude.
pub(super) fn text_of(x: f64, style: Style, precision: usize, alternate: bool) -> (bool, String) {
    if x.is_nan() {
        return (false, "nan".into());
    }
    if x.is_infinite() {
        return (x < 0.0, "inf".into());
    }
    (x.is_sign_negative(), digits(x.abs(), style, precision, alternate))
}

/// Formats a complex number by a specification that is not empty.
pub(super) fn complex<M: Memory>(
    t: &mut Thread<M>,
    (re, im): (f64, f64),
    spec: Text<'_>,
    class: &str,
) -> Result<TextBuf, Raise> {
    let s = Spec::parse(t, spec, true, 0, class)?;
    let (style, precision) = match style(s.kind, s.precision) {
        Some(_) if s.kind == 37 => return Err(s.unknown(t, class)),
        Some((Style::Repr { .. }, p)) => (Style::Repr { point: false }, p),
        Some((Style::General { .. }, p)) => (Style::General { point: false }, p),
        Some(other) => other,
        None => return Err(s.unknown(t, class)),
    };
    if precision > i32::MAX as usize {
        return Err(t.raise(Kind::ValueError, "precision too big"));
    }
    if s.zero || (s.fill == 48 && s.align == b'=') {
        return Err(t.raise(Kind::ValueError, "Zero padding is not allowed in complex format specifier"));
    }
    if s.align == b'=' {
        return Err(t.raise(Kind::ValueError, "'=' alignment flag is not allowed in complex format specifier"));
    }
    let part = Spec { width: 0, align: 0, ..s };
    let mut text = TextBuf::new();
    let skip = s.kind == 0 && re == 0.0 && !re.is_sign_negative();
    let parens = s.kind == 0 && !skip;
    if parens {
        text.push(40);
    }
    if !skip {
        push_real(re, &part, style, precision, &mut text);
    }
    let signed = Spec { sign: if skip { s.sign } else { b'+' }, ..part };
    push_real(im, &signed, style, precision, &mut text);
    text.push(106);
    if parens {
        text.push(41);
    }
    let mut out = TextBuf::new();
    s.pad(&mut out, text.as_text(), b'>');
    Ok(out)
}

/// Formats text by a specification that is not empty.
pub(super) fn text<M: Memory>(
    t: &mut Thread<M>,
    value: Text<'_>,
    spec: Text<'_>,
    class: &str,
) -> Result<TextBuf, Raise> {
    let s = Spec::parse(t, spec, false, b's', class)?;
    if s.kind != 0 && s.kind != 115 {
        return Err(s.unknown(t, class));
    }
    let refused = match s {
        Spec { sign: b' ', .. } => Some("Space not allowed in string format specifier"),
        Spec { sign: 1.., .. } => Some("Sign not allowed in string format specifier"),
        Spec { no_negative_zero: true, .. } => {
            Some("Negative zero coercion (z) not allowed in string format specifier")
        }
        Spec { alternate: true, .. } => Some("Alternate form (#) not allowed in string format specifier"),
        Spec { align: b'=', .. } => Some("'=' alignment not allowed in string format specifier"),
        _ => None,
    };
    if let Some(message) = refused {
        return Err(t.raise(Kind::ValueError, message));
    }
    let shown = value.slice(0..s.precision.unwrap_or(usize::MAX).min(value.len()));
    let mut out = str::TextBuf::with_capacity(s.width.min(1 << 20).max(shown.len()));
    s.pad(&mut out, shown, b'<');
    Ok(out)
}
