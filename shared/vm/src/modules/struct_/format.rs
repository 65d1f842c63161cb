//! Format strings: `<2i4s` as a list of items with their places.

use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::object::{Obj, Raise};
use crate::types::bytes;
use crate::types::str::{Str, to_text};

/// One code of a format with its count.
#[derive(Clone, Copy)]
pub(super) struct Item {
    /// The letter.
    pub(super) code: u8,
    /// How often, or how long for `s` and `p`.
    pub(super) count: usize,
    /// Bytes of one value.
    pub(super) size: usize,
    /// Place of the first.
    pub(super) offset: usize,
    /// Native sizes (`@`), for messages.
    pub(super) native: bool,
}

/// A parsed format.
pub(super) struct Format {
    pub(super) text: String,
    pub(super) items: Vec<Item>,
    /// Bytes in all.
    pub(super) size: usize,
    /// Values in all.
    pub(super) values: usize,
    pub(super) little: bool,
}

/// Size (native, standard) of one value; 0: the mode does not have the code.
fn sizes(code: u8) -> Option<(usize, usize)> {
    Some(match code {
        b'x' | b'c' | b'b' | b'B' | b'?' | b's' | b'p' => (1, 1),
        b'h' | b'H' | b'e' => (2, 2),
        b'i' | b'I' | b'f' => (4, 4),
        b'l' | b'L' => (8, 4),
        b'q' | b'Q' | b'd' => (8, 8),
        b'n' | b'N' | b'P' => (8, 0),
        _ => return None,
    })
}

impl Format {
    /// Parses the format given as text or bytes.
    pub(super) fn of<M: Memory>(t: &mut Thread<M>, given: &Obj<M>) -> Result<Format, Raise> {
        let text = if given.cast::<Str<M>>().is_some() {
            to_text(given).into_owned()
        } else if let Some(data) = bytes::view(given) {
            String::from_utf8_lossy(data).into_owned()
        } else {
            let class = t.class_name(given);
            let message = format!("Struct() argument 1 must be a str or bytes object, not {class}");
            return Err(t.raise(Kind::TypeError, message));
        };
        Format::parse(text).map_err(|message| super::fail(t, message))
    }

    fn parse(text: String) -> Result<Format, &'static str> {
        let data = text.as_bytes();
        let (mode, rest) = match data.first() {
            Some(&c @ (b'@' | b'=' | b'<' | b'>' | b'!')) => (c, &data[1..]),
            _ => (b'@', data),
        };
        let native = mode == b'@';
        let little = match mode {
            b'<' => true,
            b'>' | b'!' => false,
            _ => cfg!(target_endian = "little"),
        };
        let (mut items, mut size, mut values) = (Vec::new(), 0usize, 0usize);
        let mut count: Option<usize> = None;
        let too_long = "total struct size too long";
        for &c in rest {
            if c.is_ascii_whitespace() && count.is_none() {
                continue;
            }
            if c.is_ascii_digit() {
                let digit = usize::from(c - b'0');
                let next = count.unwrap_or(0).checked_mul(10).and_then(|n| n.checked_add(digit));
                count = Some(next.filter(|n| *n < 1 << 40).ok_or("overflow in item count")?);
                continue;
            }
            let (native_size, standard) = sizes(c).ok_or("bad char in struct format")?;
            let one = if native { native_size } else { standard };
            if one == 0 {
                return Err("bad char in struct format");
            }
            let n = count.take().unwrap_or(1);
            if native {
                size = size.next_multiple_of(one);
            }
            if c != b'x' {
                items.push(Item { code: c, count: n, size: one, offset: size, native });
                values += if matches!(c, b's' | b'p') { 1 } else { n };
            }
            size = one.checked_mul(n).and_then(|bytes| size.checked_add(bytes)).ok_or(too_long)?;
            if size > 1 << 40 {
                return Err(too_long);
            }
        }
        if count.is_some() {
            return Err("repeat count given without format specifier");
        }
        Ok(Format { items, size, values, little, text })
    }
}
