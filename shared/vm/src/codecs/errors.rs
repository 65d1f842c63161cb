//! What happens to text or bytes that an encoding does not have: the built-in error handlers and those of Python code.

use std::ops::Range;

use super::Encoding;
use super::encode::{push_unchecked, reason};
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::object::{Obj, Raise};
use crate::types::str::{Text, TextBuf, push_escape, view};
use crate::types::{bytes, int, tuple};

/// What stands in for what could not be encoded.
pub enum Instead {
    /// Characters, to be encoded in turn.
    Text(Vec<u32>),
    /// Bytes as they are.
    Bytes(Vec<u8>),
}

fn surrogate(c: u32) -> bool {
    (0xd800..0xe000).contains(&c)
}

/// Decides about characters `range` of the string `object`; also says where to go on.
pub fn encode_handler<M: Memory>(
    t: &mut Thread<M>,
    object: &Obj<M>,
    to: Encoding,
    range: Range<usize>,
    errors: &str,
) -> Result<(Instead, usize), Raise> {
    let text = view(object).unwrap_or(Text::EMPTY).slice(range.clone());
    let mut out = TextBuf::new();
    match errors {
        "ignore" => {}
        "replace" => out.fill(63, text.len()),
        "backslashreplace" => text.chars().for_each(|c| push_escape(&mut out, c)),
        "xmlcharrefreplace" => text.chars().for_each(|c| out.push_str(&format!("&#{c};"))),
        "namereplace" => {
            for c in text.chars() {
                match char::from_u32(c).and_then(rustpython_unicode::data::character_name) {
                    Some(name) => out.push_str(&format!("\\N{{{name}}}")),
                    None => push_escape(&mut out, c),
                }
            }
        }
        "surrogateescape" if text.chars().all(|c| (0xdc80..0xdd00).contains(&c)) => {
            return Ok((Instead::Bytes(text.chars().map(|c| (c - 0xdc00) as u8).collect()), range.end));
        }
        "surrogatepass" if !matches!(to, Encoding::Ascii | Encoding::Latin1) && text.chars().all(surrogate) => {
            let mut bytes = Vec::new();
            text.chars().for_each(|c| push_unchecked(&mut bytes, to, c));
            return Ok((Instead::Bytes(bytes), range.end));
        }
        "strict" | "surrogateescape" | "surrogatepass" => {
            let (kind, why) = (Kind::UnicodeEncodeError, reason(to));
            return Err(t.raise_unicode_error(kind, to.name(), object.clone(), range, why));
        }
        _ => {
            let exc = t.unicode_error(Kind::UnicodeEncodeError, to.name(), object.clone(), range, reason(to));
            let len = view(object).map_or(0, Text::len);
            let (value, next) = ask(t, exc, errors, len)?;
            if let Some(b) = bytes::view(&value) {
                return Ok((Instead::Bytes(b.to_vec()), next));
            }
            let Some(text) = view(&value) else {
                let message = "encoding error handler must return (str/bytes, int) tuple";
                return Err(t.raise(Kind::TypeError, message));
            };
            return Ok((Instead::Text(text.chars().collect()), next));
        }
    }
    Ok((Instead::Text(out.as_text().chars().collect()), range.end))
}

/// Decides about bytes `range` of `data`, adds what stands in for them, and says where to go on.
pub fn decode_handler<M: Memory>(
    t: &mut Thread<M>,
    data: &[u8],
    from: Encoding,
    range: Range<usize>,
    why: &str,
    errors: &str,
    out: &mut TextBuf,
) -> Result<usize, Raise> {
    let bad = &data[range.clone()];
    match errors {
        "ignore" => {}
        "replace" => out.push(0xfffd),
        "backslashreplace" => bad.iter().for_each(|&b| push_escape(out, b as u32)),
        "surrogateescape" if bad[0] >= 128 => {
            let n = bad.iter().take_while(|&&b| b >= 128).count();
            bad[..n].iter().for_each(|&b| out.push(0xdc00 + b as u32));
            return Ok(range.start + n);
        }
        "surrogatepass" if let Some((c, n)) = passed(data, range.start, from) => {
            out.push(c);
            return Ok(range.start + n);
        }
        "strict" | "surrogateescape" | "surrogatepass" => {
            let object = bytes::from_slice(t, data);
            return Err(t.raise_unicode_error(Kind::UnicodeDecodeError, from.name(), object, range, why));
        }
        _ => {
            let object = bytes::from_slice(t, data);
            let exc = t.unicode_error(Kind::UnicodeDecodeError, from.name(), object, range, why);
            let (value, next) = ask(t, exc, errors, data.len())?;
            let Some(text) = view(&value) else {
                return Err(t.raise(Kind::TypeError, "decoding error handler must return (str, int) tuple"));
            };
            out.push_text(text);
            return Ok(next);
        }
    }
    Ok(range.end)
}

/// The surrogate that stands encoded at `at`, and its bytes.
fn passed(data: &[u8], at: usize, from: Encoding) -> Option<(u32, usize)> {
    use super::Order::Big;
    let rest = &data[at..];
    let (c, n) = match (from, rest) {
        (Encoding::Utf8, [a, b, c, ..]) if a & 0xf0 == 0xe0 && b & 0xc0 == 0x80 && c & 0xc0 == 0x80 => {
            ((*a as u32 & 15) << 12 | (*b as u32 & 63) << 6 | (*c as u32 & 63), 3)
        }
        (Encoding::Utf16(Big), [a, b, ..]) | (Encoding::Utf16(_), [b, a, ..]) => {
            (u16::from_be_bytes([*a, *b]) as u32, 2)
        }
        (Encoding::Utf32(Big), [a, b, c, d, ..]) | (Encoding::Utf32(_), [d, c, b, a, ..]) => {
            (u32::from_be_bytes([*a, *b, *c, *d]), 4)
        }
        _ => return None,
    };
    surrogate(c).then_some((c, n))
}

/// Asks the handler that Python code registered under that name.
fn ask<M: Memory>(t: &mut Thread<M>, exc: Obj<M>, errors: &str, len: usize) -> Result<(Obj<M>, usize), Raise> {
    let codecs = crate::import::import_module(t, "_codecs")?;
    let name = t.str(errors);
    let handler = t.call_method(&codecs, "lookup_error", &[name])?;
    let answer = t.call(&handler, &[exc])?;
    let (value, next) = match tuple::items(&answer) {
        [value, next] if int::to_i64(next).is_some() => (value.clone(), int::to_i64(next).unwrap_or(0)),
        _ => return Err(t.raise(Kind::TypeError, "error handler must return (str/bytes, int) tuple")),
    };
    let place = if next < 0 { next + len as i64 } else { next };
    match usize::try_from(place).ok().filter(|&p| p <= len) {
        Some(next) => Ok((value, next)),
        None => Err(t.raise(Kind::IndexError, format!("position {next} from error handler out of bounds"))),
    }
}
