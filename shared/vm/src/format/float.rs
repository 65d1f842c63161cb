//! Text of floats: the shortest that reads back (`repr`), and exactly rounded digits in any number.

/// Beyond this many decimals every digit of a double is zero.
const EXACT: usize = 1100;

/// `repr(x)`
pub fn float_repr(x: f64) -> String {
    let mut out = String::with_capacity(24);
    push_repr(&mut out, x, true);
    out
}

/// Adds the shortest text of `x`; a whole number ends in `.0` if `point`.
pub fn push_repr(out: &mut String, x: f64, point: bool) {
    if x.is_nan() {
        return out.push_str("nan");
    }
    if x.is_sign_negative() {
        out.push('-');
    }
    let x = x.abs();
    if x.is_infinite() {
        return out.push_str("inf");
    }
    if x < 1e15 && x.fract() == 0.0 {
        out.extend(itoa(x as u64, &mut [0; 20]).iter().map(|&digit| digit as char));
        if point {
            out.push_str(".0");
        }
        return;
    }
    let mut buffer = zmij::Buffer::new();
    let (digits, exponent) = decompose(buffer.format_finite(x));
    push_digits(out, digits.as_str(), exponent, -4, 16);
    if point && (-4..16).contains(&exponent) && digits.len() as i32 <= exponent + 1 {
        out.push_str(".0");
    }
}

/// The numbers below a hundred, two digits each.
const PAIRS: [u8; 200] = {
    let mut pairs = [0; 200];
    let mut i = 0;
    while i < 100 {
        pairs[2 * i] = b'0' + (i / 10) as u8;
        pairs[2 * i + 1] = b'0' + (i % 10) as u8;
        i += 1;
    }
    pairs
};

/// The decimal digits of a number, which are ASCII.
#[inline]
pub fn itoa(mut n: u64, buffer: &mut [u8; 20]) -> &[u8] {
    let mut i = buffer.len();
    while n >= 10 {
        let pair = (n % 100) as usize * 2;
        n /= 100;
        i -= 2;
        buffer[i..i + 2].copy_from_slice(&PAIRS[pair..pair + 2]);
    }
    if n > 0 || i == buffer.len() {
        i -= 1;
        buffer[i] = b'0' + n as u8;
    }
    &buffer[i..]
}

/// Significant digits.
struct Digits {
    buffer: [u8; 24],
    len: usize,
}

impl Digits {
    fn as_str(&self) -> &str {
        std::str::from_utf8(&self.buffer[..self.len]).expect("digits")
    }
    fn len(&self) -> usize {
        self.len
    }
}

/// The significant digits of a shortest text and the decimal exponent of the first.
fn decompose(text: &str) -> (Digits, i32) {
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let point = mantissa.find('.').unwrap_or(mantissa.len()) as i32;
    let mut digits = Digits { buffer: [0; 24], len: 0 };
    let mut zeros = 0;
    for b in mantissa.bytes().filter(|&b| b != b'.') {
        if b == b'0' && digits.len == 0 {
            zeros += 1;
        } else if digits.len < digits.buffer.len() {
            digits.buffer[digits.len] = b;
            digits.len += 1;
        }
    }
    while digits.len > 1 && digits.buffer[digits.len - 1] == b'0' {
        digits.len -= 1;
    }
    (digits, exponent + point - 1 - zeros)
}

/// Writes digits whose first has the exponent: plainly when `low <= exponent < high`, otherwise with an exponent.
fn push_digits(out: &mut String, digits: &str, exponent: i32, low: i32, high: i32) {
    let n = digits.len() as i32;
    if exponent < low || exponent >= high {
        out.push_str(&digits[..1]);
        if n > 1 {
            out.push('.');
            out.push_str(&digits[1..]);
        }
        return push_exponent(out, exponent, 'e');
    }
    if exponent < 0 {
        out.push_str("0.");
        out.extend(std::iter::repeat_n('0', (-exponent - 1) as usize));
        return out.push_str(digits);
    }
    let whole = (exponent + 1).min(n) as usize;
    out.push_str(&digits[..whole]);
    out.extend(std::iter::repeat_n('0', (exponent + 1 - n).max(0) as usize));
    if whole < digits.len() {
        out.push('.');
        out.push_str(&digits[whole..]);
    }
}

fn push_exponent(out: &mut String, exponent: i32, letter: char) {
    use std::fmt::Write;
    let sign = if exponent < 0 { '-' } else { '+' };
    write!(out, "{letter}{sign}{:02}", exponent.abs()).expect("writing to a string");
}

/// What is to be done with digits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Style {
    /// `f`
    Fixed,
    /// `e`
    Exponent,
    /// `g`; `point`: whole numbers end in `.0`, and the exponent appears one digit earlier (format type none).
    General {
        /// As said.
        point: bool,
    },
    /// As `repr`; without `point`, whole numbers have no `.0`.
    Repr {
        /// As said.
        point: bool,
    },
}

/// The text of the magnitude `x` (not negative; no NaN or infinity). `alternate`: always a point, zeros stay.
pub fn digits(x: f64, style: Style, precision: usize, alternate: bool) -> String {
    match style {
        Style::Fixed => fixed(x, precision, alternate),
        Style::Exponent => {
            let (mantissa, exponent) = scientific(x, precision);
            let mut out = mantissa;
            if alternate && precision == 0 {
                out.push('.');
            }
            push_exponent(&mut out, exponent, 'e');
            out
        }
        Style::General { point } => general(x, precision.max(1), point, alternate),
        Style::Repr { point } => {
            let mut out = String::with_capacity(24);
            push_repr(&mut out, x, point);
            if alternate && !out.contains('.') {
                let at = out.find('e').unwrap_or(out.len());
                out.insert(at, '.');
            }
            out
        }
    }
}

fn fixed(x: f64, precision: usize, alternate: bool) -> String {
    let exact = precision.min(EXACT);
    let mut out = format!("{x:.exact$}");
    out.extend(std::iter::repeat_n('0', precision - exact));
    if alternate && precision == 0 {
        out.push('.');
    }
    out
}

/// One digit, a point if others follow, `precision` digits; and the exponent.
fn scientific(x: f64, precision: usize) -> (String, i32) {
    let exact = precision.min(EXACT);
    let text = format!("{x:.exact$e}");
    let (mantissa, exponent) = text.split_once('e').expect("the e form has an e");
    let mut mantissa = mantissa.to_owned();
    mantissa.extend(std::iter::repeat_n('0', precision - exact));
    (mantissa, exponent.parse().expect("the exponent is a number"))
}

fn general(x: f64, precision: usize, point: bool, alternate: bool) -> String {
    let (mantissa, exponent) = scientific(x, precision - 1);
    let high = precision as i64 - point as i64;
    let with_exponent = exponent < -4 || exponent as i64 >= high;
    let mut out =
        if with_exponent { mantissa } else { fixed(x, (precision as i64 - 1 - exponent as i64) as usize, false) };
    if !alternate && out.contains('.') {
        out.truncate(out.trim_end_matches('0').trim_end_matches('.').len());
    }
    if alternate && !out.contains('.') {
        out.push('.');
    }
    if with_exponent {
        push_exponent(&mut out, exponent, 'e');
    } else if point && !out.contains('.') {
        out.push_str(".0");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repr_is_the_shortest_text() {
        for (x, text) in [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (1.0, "1.0"),
            (0.1, "0.1"),
            (1e16, "1e+16"),
            (1e15, "1000000000000000.0"),
            (123456789012345680.0, "1.2345678901234568e+17"),
            (9007199254740993.0, "9007199254740992.0"),
            (1e-5, "1e-05"),
            (0.0001, "0.0001"),
            (1.5e-7, "1.5e-07"),
            (1e22, "1e+22"),
            (5e-324, "5e-324"),
            (1.7976931348623157e308, "1.7976931348623157e+308"),
            (f64::INFINITY, "inf"),
            (f64::NEG_INFINITY, "-inf"),
            (f64::NAN, "nan"),
            (31.4, "31.4"),
            (123.456, "123.456"),
            (1234567.125, "1234567.125"),
        ] {
            assert_eq!(float_repr(x), text);
        }
    }

    #[test]
    fn digits_are_exactly_rounded() {
        assert_eq!(digits(2.5, Style::Fixed, 0, false), "2");
        assert_eq!(digits(2.5, Style::Fixed, 0, true), "2.");
        assert_eq!(digits(0.125, Style::Fixed, 2, false), "0.12");
        assert_eq!(digits(1.5, Style::Exponent, 6, false), "1.500000e+00");
        assert_eq!(digits(1e10, Style::General { point: false }, 6, false), "1e+10");
        assert_eq!(digits(100000.0, Style::General { point: false }, 6, false), "100000");
        assert_eq!(digits(1.0, Style::General { point: false }, 6, true), "1.00000");
        assert_eq!(digits(1.0, Style::General { point: true }, 3, false), "1.0");
        assert_eq!(digits(1.0, Style::General { point: true }, 1, false), "1e+00");
        assert_eq!(digits(0.1, Style::Fixed, 2000, false).len(), 2002);
    }
}
