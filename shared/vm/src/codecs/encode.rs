//! From text to bytes.

use super::errors::{Instead, encode_handler};
use super::{Encoding, Order};
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::object::{Obj, Raise};
use crate::types::str::{Text, view};

/// The bytes of a string object.
pub fn encode<M: Memory>(t: &mut Thread<M>, object: &Obj<M>, to: Encoding, errors: &str) -> Result<Vec<u8>, Raise> {
    let text = view(object).unwrap_or(Text::EMPTY);
    if let (Text::Ascii(s), Encoding::Utf8 | Encoding::Ascii | Encoding::Latin1) = (text, to) {
        return Ok(s.to_vec());
    }
    let mut out = Vec::with_capacity(text.len() * 2);
    match to {
        Encoding::Utf16(Order::Mark) => out.extend_from_slice(&0xfeff_u16.to_le_bytes()),
        Encoding::Utf32(Order::Mark) => out.extend_from_slice(&0xfeff_u32.to_le_bytes()),
        _ => {}
    }
    let mut i = 0;
    while let Some(c) = text.get(i) {
        if push(&mut out, to, c) {
            i += 1;
            continue;
        }
        let end = (i..text.len()).find(|&k| fits(to, text.at(k))).unwrap_or(text.len());
        let (instead, next) = encode_handler(t, object, to, i..end, errors)?;
        match instead {
            Instead::Bytes(bytes) => out.extend_from_slice(&bytes),
            Instead::Text(chars) => {
                for &c in &chars {
                    if !push(&mut out, to, c) {
                        let range = i..end;
                        let kind = Kind::UnicodeEncodeError;
                        return Err(t.raise_unicode_error(kind, to.name(), object.clone(), range, reason(to)));
                    }
                }
            }
        }
        i = next;
    }
    Ok(out)
}

/// Why a character cannot be encoded.
pub(super) fn reason(to: Encoding) -> &'static str {
    match to {
        Encoding::Ascii => "ordinal not in range(128)",
        Encoding::Latin1 => "ordinal not in range(256)",
        _ => "surrogates not allowed",
    }
}

fn fits(to: Encoding, c: u32) -> bool {
    match to {
        Encoding::Ascii => c < 128,
        Encoding::Latin1 => c < 256,
        _ => !(0xd800..0xe000).contains(&c),
    }
}

/// Adds one character; false when the encoding has none for it.
#[inline]
fn push(out: &mut Vec<u8>, to: Encoding, c: u32) -> bool {
    if !fits(to, c) {
        return false;
    }
    push_unchecked(out, to, c);
    true
}

/// Adds one character that may be a surrogate.
pub(super) fn push_unchecked(out: &mut Vec<u8>, to: Encoding, c: u32) {
    match to {
        Encoding::Ascii | Encoding::Latin1 => out.push(c as u8),
        Encoding::Utf8 => match char::from_u32(c) {
            Some(c) => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            None => out.extend_from_slice(&[0xe0 | (c >> 12) as u8, 0x80 | (c >> 6 & 63) as u8, 0x80 | (c & 63) as u8]),
        },
        Encoding::Utf16(order) => {
            let mut unit = |u: u16| match order {
                Order::Big => out.extend_from_slice(&u.to_be_bytes()),
                _ => out.extend_from_slice(&u.to_le_bytes()),
            };
            if c < 0x1_0000 {
                unit(c as u16);
            } else {
                unit((0xd7c0 + (c >> 10)) as u16);
                unit(0xdc00 | (c & 0x3ff) as u16);
            }
        }
        Encoding::Utf32(Order::Big) => out.extend_from_slice(&c.to_be_bytes()),
        Encoding::Utf32(_) => out.extend_from_slice(&c.to_le_bytes()),
    }
}
