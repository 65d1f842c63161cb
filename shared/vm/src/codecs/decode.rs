//! From bytes to text.

use super::errors::decode_handler;
use super::{Encoding, Order};
use crate::context::Thread;
use crate::memory::Memory;
use crate::object::Raise;
use crate::types::str::TextBuf;

/// What the next unit of the input is.
enum Step {
    Char(u32, usize),
    Bad(usize, &'static str),
    /// The input ends inside a character.
    Short(&'static str),
}

/// The text in `data` and how many bytes of it were used: all when `last`, otherwise up to a character that is not
/// complete yet.
pub fn decode<M: Memory>(
    t: &mut Thread<M>,
    data: &[u8],
    from: Encoding,
    errors: &str,
    last: bool,
) -> Result<(TextBuf, usize), Raise> {
    let (order, skip) = mark(data, from);
    match from {
        Encoding::Utf8 => utf8(t, data, errors, last),
        Encoding::Latin1 if data.is_ascii() => Ok((TextBuf::Ascii(data.to_vec()), data.len())),
        Encoding::Latin1 => Ok((TextBuf::Wide(data.iter().map(|&b| b as u32).collect()), data.len())),
        Encoding::Ascii if data.is_ascii() => Ok((TextBuf::Ascii(data.to_vec()), data.len())),
        Encoding::Ascii => by_steps(t, data, from, errors, last, 0, |d, i| match d[i] {
            b if b < 128 => Step::Char(b as u32, 1),
            _ => Step::Bad(1, "ordinal not in range(128)"),
        }),
        Encoding::Utf16(_) => {
            by_steps(t, data, Encoding::Utf16(order), errors, last, skip, |d, i| utf16_step(&d[i..], order))
        }
        Encoding::Utf32(_) => {
            by_steps(t, data, Encoding::Utf32(order), errors, last, skip, |d, i| utf32_step(&d[i..], order))
        }
    }
}

/// The order of bytes and the length of the mark that says so.
fn mark(data: &[u8], from: Encoding) -> (Order, usize) {
    match (from, data) {
        (Encoding::Utf16(Order::Mark), [0xff, 0xfe, ..]) => (Order::Little, 2),
        (Encoding::Utf16(Order::Mark), [0xfe, 0xff, ..]) => (Order::Big, 2),
        (Encoding::Utf32(Order::Mark), [0xff, 0xfe, 0, 0, ..]) => (Order::Little, 4),
        (Encoding::Utf32(Order::Mark), [0, 0, 0xfe, 0xff, ..]) => (Order::Big, 4),
        (Encoding::Utf16(Order::Big) | Encoding::Utf32(Order::Big), _) => (Order::Big, 0),
        _ => (Order::Little, 0),
    }
}

fn utf8<M: Memory>(t: &mut Thread<M>, data: &[u8], errors: &str, last: bool) -> Result<(TextBuf, usize), Raise> {
    if data.is_ascii() {
        return Ok((TextBuf::Ascii(data.to_vec()), data.len()));
    }
    let mut out = TextBuf::with_capacity(data.len());
    let mut i = 0;
    while i < data.len() {
        let error = match std::str::from_utf8(&data[i..]) {
            Ok(s) => {
                out.push_str(s);
                break;
            }
            Err(error) => error,
        };
        let good = i + error.valid_up_to();
        out.push_str(std::str::from_utf8(&data[i..good]).expect("valid up to here"));
        let (end, why) = match error.error_len() {
            None if !last => return Ok((out, good)),
            None => (data.len(), "unexpected end of data"),
            Some(n) if matches!(data[good], 0xc2..=0xf4) => (good + n, "invalid continuation byte"),
            Some(n) => (good + n, "invalid start byte"),
        };
        i = decode_handler(t, data, Encoding::Utf8, good..end, why, errors, &mut out)?;
    }
    Ok((out, data.len()))
}

fn by_steps<M: Memory>(
    t: &mut Thread<M>,
    data: &[u8],
    from: Encoding,
    errors: &str,
    last: bool,
    mut i: usize,
    step: impl Fn(&[u8], usize) -> Step,
) -> Result<(TextBuf, usize), Raise> {
    let mut out = TextBuf::with_capacity(data.len());
    while i < data.len() {
        i = match step(data, i) {
            Step::Char(c, n) => {
                out.push(c);
                i + n
            }
            Step::Short(_) if !last => return Ok((out, i)),
            Step::Short(why) => decode_handler(t, data, from, i..data.len(), why, errors, &mut out)?,
            Step::Bad(n, why) => decode_handler(t, data, from, i..i + n, why, errors, &mut out)?,
        };
    }
    Ok((out, data.len()))
}

fn utf16_step(d: &[u8], order: Order) -> Step {
    let unit = |i: usize| {
        let pair = [*d.get(i)?, *d.get(i + 1)?];
        Some(if order == Order::Big { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) } as u32)
    };
    match unit(0) {
        None => Step::Short("truncated data"),
        Some(high @ 0xd800..0xdc00) => match unit(2) {
            None => Step::Short("unexpected end of data"),
            Some(low @ 0xdc00..0xe000) => Step::Char(0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00), 4),
            Some(_) => Step::Bad(2, "illegal UTF-16 surrogate"),
        },
        Some(0xdc00..0xe000) => Step::Bad(2, "illegal encoding"),
        Some(c) => Step::Char(c, 2),
    }
}

fn utf32_step(d: &[u8], order: Order) -> Step {
    let Some(unit) = d.first_chunk::<4>() else { return Step::Short("truncated data") };
    match if order == Order::Big { u32::from_be_bytes(*unit) } else { u32::from_le_bytes(*unit) } {
        0xd800..0xe000 => Step::Bad(4, "code point in surrogate code point range"),
        c @ 0..0x11_0000 => Step::Char(c, 4),
        _ => Step::Bad(4, "code point not in range(0x110000)"),
    }
}
