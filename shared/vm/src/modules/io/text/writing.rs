//! Writing text: line ends translated, characters encoded, the buffer flushed where the setup says so.

use std::sync::atomic::Ordering;

use super::{Encoding, Newline, parts, payload};
use crate::args::Args;
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::modules::io::base;
use crate::object::{Obj, R, Raise};
use crate::types::str::{Text, view};
use crate::types::{bytes, int};

/// Writes a string to a text file of this type: what `print` calls.
pub fn write_text<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, text: &Obj<M>) -> Result<(), Raise> {
    let body = payload(obj);
    let file = body.file.clone();
    if file.is_closed() {
        return Err(t.raise(Kind::ValueError, "I/O operation on closed file."));
    }
    if !file.access.write {
        return Err(base::unsupported(t, "not writable"));
    }
    let (encoding, newline) = {
        let setup = body.setup.lock();
        (setup.encoding, setup.newline)
    };
    let translate = matches!(newline, Newline::Return | Newline::Both);
    let mut line_end = false;
    match view(text) {
        Some(Text::Ascii(ascii)) if !translate => {
            line_end = memchr::memchr2(b'\n', b'\r', ascii).is_some();
            file.write(t, ascii)?;
        }
        _ => {
            let encoded = encode(t, obj, text, encoding)?;
            line_end = line_end || memchr::memchr2(b'\n', b'\r', &encoded).is_some();
            match newline {
                Newline::Return | Newline::Both => {
                    let end: &[u8] = if newline == Newline::Both { b"\r\n" } else { b"\r" };
                    let mut out = Vec::with_capacity(encoded.len());
                    for (i, line) in encoded.split(|&b| b == b'\n').enumerate() {
                        if i > 0 {
                            out.extend_from_slice(end);
                        }
                        out.extend_from_slice(line);
                    }
                    file.write(t, &out)?;
                }
                _ => file.write(t, &encoded)?,
            }
        }
    }
    let body = payload(obj);
    if body.write_through.load(Ordering::Relaxed) || line_end && body.line_buffering.load(Ordering::Relaxed) {
        let flushed = file.flush(t);
        if flushed.is_err() {
            file.forget();
        }
        return flushed;
    }
    Ok(())
}

/// The text as bytes. Lone surrogates and characters that the encoding lacks go the way of the error handler.
fn encode<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, text: &Obj<M>, encoding: Encoding) -> Result<Vec<u8>, Raise> {
    match view(text) {
        Some(Text::Ascii(ascii)) => return Ok(ascii.to_vec()),
        Some(Text::Wide(points)) => {
            let limit = match encoding {
                Encoding::Utf8 => char::MAX as u32,
                Encoding::Ascii => 0x7f,
                Encoding::Latin1 => 0xff,
            };
            if points.iter().all(|&p| p <= limit && !(0xd800..0xe000).contains(&p)) {
                let mut out = Vec::with_capacity(points.len() + points.len() / 2);
                for &p in points {
                    let c = char::from_u32(p).unwrap_or(char::REPLACEMENT_CHARACTER);
                    if encoding == Encoding::Utf8 {
                        out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                    } else {
                        out.push(p as u8);
                    }
                }
                return Ok(out);
            }
        }
        None => {
            let class = t.class_name(text);
            return Err(t.raise(Kind::TypeError, format!("write() argument must be str, not {class}")));
        }
    }
    let (_, setup) = parts(obj);
    let (name, errors) = (t.str(&setup.encoding_name), t.str(&setup.errors));
    let data = t.call_method(text, "encode", &[name, errors])?;
    Ok(bytes::view(&data).unwrap_or_default().to_vec())
}

pub(super) fn write<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let Some(text) = view(&args[1]) else {
        let class = t.class_name(&args[1]);
        return Err(t.raise(Kind::TypeError, format!("write() argument must be str, not {class}")));
    };
    let n = text.len();
    write_text(t, &args[0], &args[1])?;
    Ok(int::from_i64(t, n as i64))
}
