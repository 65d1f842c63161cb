//! The format specification mini-language: parsing, and laying out text by it.

use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::object::Raise;
use crate::types::str::{Text, TextBuf};
use crate::types::units::MOST;

/// A parsed specification.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spec {
    /// Fills up to the width.
    pub fill: u32,
    /// `<`, `>`, `^` or `=`; 0 when not given.
    pub align: u8,
    /// `+`, `-` or space; 0 when not given.
    pub sign: u8,
    /// `z`
    pub no_negative_zero: bool,
    /// `#`
    pub alternate: bool,
    /// `0` before the width.
    pub zero: bool,
    /// Least width.
    pub width: usize,
    /// `,` or `_` between groups of digits; 0: none.
    pub group: u8,
    /// Digits or characters.
    pub precision: Option<usize>,
    /// `,` or `_` between groups of decimals; 0: none.
    pub fraction_group: u8,
    /// The type; 0 when not given.
    pub kind: u32,
}

fn is_align(c: Option<u32>) -> Option<u8> {
    match c {
        Some(c @ (60 | 61 | 62 | 94)) => Some(c as u8),
        _ => None,
    }
}

/// Digits from `pos`: their value, `None` when there are none; an error when the number is too large.
fn number(text: Text<'_>, pos: &mut usize) -> Result<Option<usize>, ()> {
    let mut value = None;
    while let Some(d) = text.get(*pos).and_then(crate::types::str::chars::decimal) {
        let grown = value.unwrap_or(0usize).checked_mul(10).and_then(|v| v.checked_add(d as usize));
        value = Some(grown.filter(|&v| v <= isize::MAX as usize).ok_or(())?);
        *pos += 1;
    }
    Ok(value)
}

/// How messages show a format type.
fn shown(c: u32) -> String {
    if c > 32 && c < 128 { (c as u8 as char).to_string() } else { format!("\\x{c:x}") }
}

impl Spec {
    /// Parses. `right`: zero padding goes between sign and digits (numbers). `default`: the type for messages when none
    /// is given.
    pub(super) fn parse<M: Memory>(
        t: &mut Thread<M>,
        text: Text<'_>,
        right: bool,
        default: u8,
        class: &str,
    ) -> Result<Spec, Raise> {
        let mut s = Spec {
            fill: 32,
            align: 0,
            sign: 0,
            no_negative_zero: false,
            alternate: false,
            zero: false,
            width: 0,
            group: 0,
            precision: None,
            fraction_group: 0,
            kind: 0,
        };
        let mut pos = 0;
        let mut filled = false;
        if let Some(align) = is_align(text.get(1)) {
            (s.fill, s.align, pos, filled) = (text.at(0), align, 2, true);
        } else if let Some(align) = is_align(text.get(0)) {
            (s.align, pos) = (align, 1);
        }
        let take = |pos: &mut usize, c: u8| {
            let found = text.get(*pos) == Some(c as u32);
            *pos += found as usize;
            found
        };
        if let Some(c @ (32 | 43 | 45)) = text.get(pos) {
            (s.sign, pos) = (c as u8, pos + 1);
        }
        s.no_negative_zero = take(&mut pos, b'z');
        s.alternate = take(&mut pos, b'#');
        if !filled && take(&mut pos, b'0') {
            s.fill = 48;
            s.zero = true;
            if s.align == 0 && right {
                s.align = b'=';
            }
        }
        let too_many = |t: &mut Thread<M>| t.raise(Kind::ValueError, "Too many decimal digits in format string");
        s.width = number(text, &mut pos).map_err(|()| too_many(t))?.unwrap_or(0);
        s.group = group(t, text, &mut pos)?;
        if take(&mut pos, b'.') {
            s.precision = number(text, &mut pos).map_err(|()| too_many(t))?;
            s.fraction_group = group(t, text, &mut pos)?;
            if s.precision.is_none() && s.fraction_group == 0 {
                return Err(t.raise(Kind::ValueError, "Format specifier missing precision"));
            }
        }
        if s.width > MOST {
            return Err(t.raise(Kind::MemoryError, ""));
        }
        if text.len() > pos + 1 {
            let spec = text.to_cow();
            let message = format!("Invalid format specifier '{spec}' for object of type '{class}'");
            return Err(t.raise(Kind::ValueError, message));
        }
        s.kind = text.get(pos).unwrap_or(0);
        s.check_group(t, default)?;
        Ok(s)
    }

    fn check_group<M: Memory>(&self, t: &mut Thread<M>, default: u8) -> Result<(), Raise> {
        if self.group == 0 && self.fraction_group == 0 {
            return Ok(());
        }
        let kind = if self.kind == 0 { default as u32 } else { self.kind };
        let allowed = match u8::try_from(kind) {
            Ok(0 | b'd' | b'e' | b'f' | b'g' | b'E' | b'G' | b'%' | b'F') => true,
            Ok(b'b' | b'o' | b'x' | b'X') => self.group == b'_' && self.fraction_group == 0,
            _ => false,
        };
        if allowed {
            return Ok(());
        }
        let group = if self.group != 0 { self.group } else { self.fraction_group } as char;
        Err(t.raise(Kind::ValueError, format!("Cannot specify '{group}' with '{}'.", shown(kind))))
    }

    /// The error for a type that the class does not know.
    pub(super) fn unknown<M: Memory>(&self, t: &mut Thread<M>, class: &str) -> Raise {
        let kind = shown(self.kind);
        t.raise(Kind::ValueError, format!("Unknown format code '{kind}' for object of type '{class}'"))
    }

    /// Adds text filled up to the width; `default` is the alignment when none is given.
    pub(super) fn pad(&self, out: &mut TextBuf, text: Text<'_>, default: u8) {
        let missing = self.width.saturating_sub(text.len());
        let align = if self.align == 0 { default } else { self.align };
        let left = match align {
            b'>' | b'=' => missing,
            b'^' => missing / 2,
            _ => 0,
        };
        out.fill(self.fill, left);
        out.push_text(text);
        out.fill(self.fill, missing - left);
    }
}

fn group<M: Memory>(t: &mut Thread<M>, text: Text<'_>, pos: &mut usize) -> Result<u8, Raise> {
    let Some(first @ (44 | 95)) = text.get(*pos) else { return Ok(0) };
    *pos += 1;
    match text.get(*pos) {
        Some(second @ (44 | 95)) if second != first => {
            Err(t.raise(Kind::ValueError, "Cannot specify both ',' and '_'."))
        }
        _ => Ok(first as u8),
    }
}

/// A number in parts, to be laid out.
pub(super) struct Number<'a> {
    /// Below zero?
    pub negative: bool,
    /// `0x` and the like.
    pub prefix: &'a str,
    /// Digits before the point, which are grouped; empty for infinities and characters.
    pub whole: &'a [u8],
    /// What follows.
    pub rest: Text<'a>,
}

impl Spec {
    /// Adds a number: sign, prefix, zeros, grouped digits, the rest, filled up to the width.
    pub(super) fn lay_out(&self, out: &mut TextBuf, n: &Number<'_>) {
        let sign = match (n.negative, self.sign) {
            (true, _) => Some(b'-'),
            (false, b'+') => Some(b'+'),
            (false, b' ') => Some(b' '),
            _ => None,
        };
        let fixed = sign.is_some() as usize + n.prefix.len() + n.rest.len();
        let align = if self.align == 0 { b'>' } else { self.align };
        let least = if align == b'=' && self.fill == 48 { self.width.saturating_sub(fixed) } else { 0 };
        let size = match self.kind {
            98 | 111 | 120 | 88 => 4,
            _ => 3,
        };
        let grouped;
        let digits = if n.whole.is_empty() || (self.group == 0 && least <= n.whole.len()) {
            n.whole
        } else {
            grouped = group_digits(n.whole, self.group, size, least);
            &grouped[..]
        };
        let missing = self.width.saturating_sub(fixed + digits.len());
        let (left, middle) = match align {
            b'=' => (0, missing),
            b'>' => (missing, 0),
            b'^' => (missing / 2, 0),
            _ => (0, 0),
        };
        out.fill(self.fill, left);
        if let Some(sign) = sign {
            out.push(sign as u32);
        }
        out.push_ascii(n.prefix.as_bytes());
        out.fill(self.fill, middle);
        out.push_ascii(digits);
        out.push_text(n.rest);
        out.fill(self.fill, missing - left - middle);
    }
}

/// Digits in groups of `size` from the right, with zeros before them up to `least` characters.
fn group_digits(digits: &[u8], sep: u8, size: usize, least: usize) -> Vec<u8> {
    let mut reversed: Vec<u8> = Vec::with_capacity(least.max(digits.len() * 2));
    let mut left = digits.iter().rev();
    let mut remaining = digits.len();
    let mut room = least as isize;
    let size = if sep == 0 { usize::MAX } else { size };
    loop {
        let n = size.min(remaining.max(room.max(0) as usize).max(1));
        let real = n.min(remaining);
        reversed.extend(left.by_ref().take(real));
        reversed.resize(reversed.len() + n - real, b'0');
        remaining -= real;
        room -= n as isize;
        if remaining == 0 && room <= 0 {
            break;
        }
        reversed.push(sep);
        room -= 1;
    }
    reversed.reverse();
    reversed
}

#[cfg(test)]
mod tests {
    use super::group_digits;

    #[test]
    fn groups_and_zeros() {
        assert_eq!(group_digits(b"1234567", b',', 3, 0), b"1,234,567");
        assert_eq!(group_digits(b"1234", b',', 3, 8), b"0,001,234");
        assert_eq!(group_digits(b"1234", b',', 3, 9), b"0,001,234");
        assert_eq!(group_digits(b"123", b'_', 3, 0), b"123");
        assert_eq!(group_digits(b"7", 0, 3, 4), b"0007");
        assert_eq!(group_digits(b"ffff", b'_', 4, 0), b"ffff");
    }
}
