//! The encodings that escape: `unicode_escape`, `raw_unicode_escape` and the byte form `escape`.

use super::Encoding;
use super::errors::decode_handler;
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::object::Raise;
use crate::types::str::{Text, TextBuf, push_escape};

/// Text with everything but printable ASCII escaped.
pub fn unicode_escape_encode(text: Text<'_>) -> Vec<u8> {
    let mut out = TextBuf::with_capacity(text.len());
    for c in text.chars() {
        match c {
            92 => out.push_ascii(b"\\\\"),
            9 => out.push_ascii(b"\\t"),
            10 => out.push_ascii(b"\\n"),
            13 => out.push_ascii(b"\\r"),
            32..127 => out.push(c),
            _ => push_escape(&mut out, c),
        }
    }
    ascii_bytes(out)
}

/// Text as Latin-1 with everything else escaped.
pub fn raw_unicode_escape_encode(text: Text<'_>) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for c in text.chars() {
        if c < 256 {
            out.push(c as u8);
        } else {
            let mut escaped = TextBuf::new();
            push_escape(&mut escaped, c);
            out.extend(ascii_bytes(escaped));
        }
    }
    out
}

fn ascii_bytes(buf: TextBuf) -> Vec<u8> {
    match buf {
        TextBuf::Ascii(v) => v,
        TextBuf::Wide(v) => v.into_iter().map(|c| c as u8).collect(),
    }
}

/// Reads `n` hexadecimal digits.
fn hex(data: &[u8], at: usize, n: usize) -> Result<u32, usize> {
    let digits = data[at.min(data.len())..].iter().take(n).take_while(|b| b.is_ascii_hexdigit()).count();
    if digits < n {
        return Err(digits);
    }
    Ok(data[at..at + n].iter().fold(0u32, |v, &b| v << 4 | (b as char).to_digit(16).unwrap_or(0)))
}

/// The text that escapes describe; other bytes are Latin-1.
pub fn unicode_escape_decode<M: Memory>(
    t: &mut Thread<M>,
    data: &[u8],
    errors: &str,
    last: bool,
) -> Result<(TextBuf, usize), Raise> {
    let mut out = TextBuf::with_capacity(data.len());
    let mut i = 0;
    while i < data.len() {
        if data[i] != b'\\' {
            out.push(data[i] as u32);
            i += 1;
            continue;
        }
        let Some(&kind) = data.get(i + 1) else {
            if !last {
                return Ok((out, i));
            }
            i = failed(t, data, i..data.len(), "\\ at end of string", errors, &mut out)?;
            continue;
        };
        let simple = match kind {
            b'\n' => None,
            b'\\' | b'\'' | b'"' => Some(kind),
            b'a' => Some(7),
            b'b' => Some(8),
            b't' => Some(9),
            b'n' => Some(10),
            b'v' => Some(11),
            b'f' => Some(12),
            b'r' => Some(13),
            b'0'..=b'7' => {
                let n = data[i + 1..].iter().take(3).take_while(|b| matches!(b, b'0'..=b'7')).count();
                out.push(data[i + 1..i + 1 + n].iter().fold(0, |v, b| v << 3 | (b - b'0') as u32));
                i += 1 + n;
                continue;
            }
            b'x' | b'u' | b'U' => {
                let (n, why) = match kind {
                    b'x' => (2, "truncated \\xXX escape"),
                    b'u' => (4, "truncated \\uXXXX escape"),
                    _ => (8, "truncated \\UXXXXXXXX escape"),
                };
                i = match hex(data, i + 2, n) {
                    Ok(c) if c < 0x11_0000 => {
                        out.push(c);
                        i + 2 + n
                    }
                    Ok(_) => failed(t, data, i..i + 2 + n, "illegal Unicode character", errors, &mut out)?,
                    Err(k) if !last && i + 2 + k == data.len() => return Ok((out, i)),
                    Err(k) => failed(t, data, i..i + 2 + k, why, errors, &mut out)?,
                };
                continue;
            }
            b'N' => {
                i = named(t, data, i, errors, &mut out)?;
                continue;
            }
            _ => {
                out.push(92);
                Some(kind)
            }
        };
        if let Some(c) = simple {
            out.push(c as u32);
        }
        i += 2;
    }
    Ok((out, data.len()))
}

/// `\N{name}`
fn named<M: Memory>(t: &mut Thread<M>, data: &[u8], i: usize, errors: &str, out: &mut TextBuf) -> Result<usize, Raise> {
    let close = data[i..].iter().position(|&b| b == b'}').map(|k| i + k);
    let (Some(b'{'), Some(close)) = (data.get(i + 2), close) else {
        return failed(t, data, i..(i + 2).min(data.len()), "malformed \\N character escape", errors, out);
    };
    let name = String::from_utf8_lossy(&data[i + 3..close]);
    match rustpython_unicode::data::lookup_character(&name) {
        Some(c) => {
            out.push(c as u32);
            Ok(close + 1)
        }
        None => failed(t, data, i..close + 1, "unknown Unicode character name", errors, out),
    }
}

fn failed<M: Memory>(
    t: &mut Thread<M>,
    data: &[u8],
    range: std::ops::Range<usize>,
    why: &str,
    errors: &str,
    out: &mut TextBuf,
) -> Result<usize, Raise> {
    if matches!(errors, "strict") {
        let object = crate::types::bytes::from_slice(t, data);
        return Err(t.raise_unicode_error(Kind::UnicodeDecodeError, "unicodeescape", object, range, why));
    }
    decode_handler(t, data, Encoding::Utf8, range, why, errors, out)
}

/// Latin-1 with `\uXXXX` and `\UXXXXXXXX`.
pub fn raw_unicode_escape_decode<M: Memory>(
    t: &mut Thread<M>,
    data: &[u8],
    errors: &str,
    last: bool,
) -> Result<(TextBuf, usize), Raise> {
    let mut out = TextBuf::with_capacity(data.len());
    let mut i = 0;
    while i < data.len() {
        let n = match data.get(i + 1) {
            Some(b'u') if data[i] == b'\\' => 4,
            Some(b'U') if data[i] == b'\\' => 8,
            None if data[i] == b'\\' && !last => return Ok((out, i)),
            _ => {
                out.push(data[i] as u32);
                i += 1;
                // A backslash that escapes nothing keeps the one behind it from escaping.
                if data[i - 1] == b'\\' && data.get(i) == Some(&b'\\') {
                    out.push(92);
                    i += 1;
                }
                continue;
            }
        };
        let why = if n == 4 { "truncated \\uXXXX escape" } else { "truncated \\UXXXXXXXX escape" };
        i = match hex(data, i + 2, n) {
            Ok(c) if c < 0x11_0000 => {
                out.push(c);
                i + 2 + n
            }
            Ok(_) => failed(t, data, i..i + 2 + n, "\\Uxxxxxxxx out of range", errors, &mut out)?,
            Err(k) if !last && i + 2 + k == data.len() => return Ok((out, i)),
            Err(k) => failed(t, data, i..i + 2 + k, why, errors, &mut out)?,
        };
    }
    Ok((out, data.len()))
}

/// The bytes that the escapes of a bytes literal describe.
pub fn escape_decode<M: Memory>(t: &mut Thread<M>, data: &[u8], errors: &str) -> Result<Vec<u8>, Raise> {
    let mut out = Vec::with_capacity(data.len());
    let mut i = 0;
    while i < data.len() {
        if data[i] != b'\\' {
            out.push(data[i]);
            i += 1;
            continue;
        }
        let Some(&kind) = data.get(i + 1) else {
            return Err(t.raise(Kind::ValueError, "Trailing \\ in string"));
        };
        i += 2;
        match kind {
            b'\n' => {}
            b'\\' | b'\'' | b'"' => out.push(kind),
            b'a' => out.push(7),
            b'b' => out.push(8),
            b't' => out.push(9),
            b'n' => out.push(10),
            b'v' => out.push(11),
            b'f' => out.push(12),
            b'r' => out.push(13),
            b'0'..=b'7' => {
                let n = data[i - 1..].iter().take(3).take_while(|b| matches!(b, b'0'..=b'7')).count();
                out.push(data[i - 1..i - 1 + n].iter().fold(0u32, |v, b| v << 3 | (b - b'0') as u32) as u8);
                i += n - 1;
            }
            b'x' => match hex(data, i, 2) {
                Ok(c) => {
                    out.push(c as u8);
                    i += 2;
                }
                Err(k) => {
                    match errors {
                        "strict" => {
                            let message = format!("invalid \\x escape at position {}", i - 2);
                            return Err(t.raise(Kind::ValueError, message));
                        }
                        "replace" => out.push(b'?'),
                        "ignore" => {}
                        _ => {
                            let message = format!("decoding error; unknown error handling code: {errors}");
                            return Err(t.raise(Kind::ValueError, message));
                        }
                    }
                    i += k;
                }
            },
            _ => out.extend_from_slice(&[b'\\', kind]),
        }
    }
    Ok(out)
}
