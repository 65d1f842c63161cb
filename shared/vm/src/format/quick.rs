//! The commonest format specifications, laid out straight into the string: alignment, zeros, width. Everything else is
//! for `spec`, which also knows the messages.

use super::float::itoa;
use super::int_text;
use crate::context::Context;
use crate::memory::Memory;
use crate::object::Obj;
use crate::types::str::{Text, ascii_with};

/// Wider fields take the long way.
const WIDEST: usize = 999;

/// `[<>^][0]width`, or less of it.
struct Field {
    /// 0 when not given.
    align: u8,
    zero: bool,
    width: usize,
}

impl Field {
    /// The field, and what of `spec` is left behind it.
    fn parse(spec: &[u8]) -> (Field, &[u8]) {
        let mut field = Field { align: 0, zero: false, width: 0 };
        let mut rest = spec;
        if let [align @ (b'<' | b'>' | b'^'), behind @ ..] = rest {
            (field.align, rest) = (*align, behind);
        }
        if let [b'0', behind @ ..] = rest {
            (field.zero, rest) = (true, behind);
        }
        while let [digit @ b'0'..=b'9', behind @ ..] = rest {
            field.width = (field.width * 10 + usize::from(digit - b'0')).min(WIDEST + 1);
            rest = behind;
        }
        (field, rest)
    }

    /// Spaces before what lacks `missing` characters; `default` is the alignment when none is given.
    fn left(&self, missing: usize, default: u8) -> usize {
        match if self.align == 0 { default } else { self.align } {
            b'>' => missing,
            b'^' => missing / 2,
            _ => 0,
        }
    }
}

/// `format(i, spec)`, if the specification is a common one.
pub(super) fn integer<M: Memory>(ctx: &Context<M>, i: i64, spec: &[u8]) -> Option<Obj<M>> {
    let (field, rest) = Field::parse(spec);
    if !matches!(rest, [] | [b'd']) || field.width > WIDEST || (field.zero && field.align != 0) {
        return None;
    }
    let mut buffer = [0; 20];
    let digits = itoa(i.unsigned_abs(), &mut buffer);
    let sign = usize::from(i < 0);
    let missing = field.width.saturating_sub(digits.len() + sign);
    if missing == 0 {
        return Some(int_text(ctx, i));
    }
    let zeros = if field.zero { missing } else { 0 };
    let left = field.left(missing - zeros, b'>');
    Some(ascii_with(ctx, field.width, |w| {
        w.fill(b' ', left);
        w.fill(b'-', sign);
        w.fill(b'0', zeros);
        w.put(digits);
        w.fill(b' ', missing - zeros - left);
    }))
}

/// `format(text, spec)`, if the specification is a common one and the text ASCII that lacks characters.
pub(super) fn text<M: Memory>(ctx: &Context<M>, text: Text<'_>, spec: &[u8]) -> Option<Obj<M>> {
    let Text::Ascii(text) = text else { return None };
    let (field, rest) = Field::parse(spec);
    let missing = field.width.saturating_sub(text.len());
    if !matches!(rest, [] | [b's']) || field.width > WIDEST || field.zero || field.width < 2 || missing == 0 {
        return None;
    }
    let left = field.left(missing, b'<');
    Some(ascii_with(ctx, field.width, |w| {
        w.fill(b' ', left);
        w.put(text);
        w.fill(b' ', missing - left);
    }))
}
