//! Encodings by table: `charmap_encode`, `charmap_decode`, `charmap_build`.

use super::{data_arg, decoded, encoded, errors_arg, need_text};
use crate::args::Args;
use crate::codecs::{Encoding, Instead, decode_handler, encode_handler};
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::modules::Maker;
use crate::object::{Obj, R, Raise};
use crate::types::str::{Text, TextBuf, view};
use crate::types::{bytes, dict, int};

/// Adds the functions of this file.
pub(super) fn add<M: Memory>(m: Maker<'_, M>) -> Maker<'_, M> {
    m.function("charmap_build(map, /)", build)
        .function("charmap_encode(str, errors=None, mapping=None, /)", encode)
        .function("charmap_decode(data, errors=None, mapping=None, /)", decode)
}

/// The encoding table for a decoding table given as a string.
fn build<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let text = view(&args[0]).unwrap_or(Text::EMPTY);
    let table = dict::new(t);
    for (i, c) in text.chars().enumerate().filter(|&(_, c)| c != 0xfffe) {
        let (key, value) = (int::from_i64(t, c as i64), int::from_usize(t, i));
        dict::set(t, &table, key, value)?;
    }
    Ok(table)
}

/// What the mapping says about a key; `None` when it says nothing.
fn look_up<M: Memory>(t: &mut Thread<M>, mapping: &Obj<M>, key: i64) -> Result<Option<Obj<M>>, Raise> {
    let key = int::from_i64(t, key);
    match t.getitem(mapping, &key) {
        Ok(value) if value.is_none() => Ok(None),
        Ok(value) => Ok(Some(value)),
        Err(_) if t.raised_is(Kind::LookupError) => {
            t.clear_raised();
            Ok(None)
        }
        Err(e) => Err(e),
    }
}

/// Adds the bytes for one character; false when the mapping has none.
fn push<M: Memory>(t: &mut Thread<M>, mapping: &Obj<M>, c: u32, out: &mut Vec<u8>) -> Result<bool, Raise> {
    let Some(value) = look_up(t, mapping, c as i64)? else { return Ok(false) };
    if let Some(data) = bytes::view(&value) {
        out.extend_from_slice(data);
        return Ok(true);
    }
    match int::to_i64(&value).map(u8::try_from) {
        Some(Ok(b)) => {
            out.push(b);
            Ok(true)
        }
        Some(Err(_)) => Err(t.raise(Kind::TypeError, "character mapping must be in range(256)")),
        None => {
            let kind = t.class_name(&value);
            let message = format!("character mapping must return integer, bytes or None, not {kind}");
            Err(t.raise(Kind::TypeError, message))
        }
    }
}

fn encode<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let n = need_text(t, args)?;
    let errors = errors_arg(t, args, 1)?;
    let Some(mapping) = args.some(2) else { return super::encode_as(t, args, Encoding::Latin1) };
    let text = view(&args[0]).unwrap_or(Text::EMPTY);
    let mut out = Vec::with_capacity(n);
    let mut i = 0;
    while i < n {
        if push(t, mapping, text.at(i), &mut out)? {
            i += 1;
            continue;
        }
        let mut end = i + 1;
        while end < n && look_up(t, mapping, text.at(end) as i64)?.is_none() {
            end += 1;
        }
        if errors == "strict" {
            let (object, why) = (args[0].clone(), "character maps to <undefined>");
            return Err(t.raise_unicode_error(Kind::UnicodeEncodeError, "charmap", object, i..end, why));
        }
        let (instead, next) = encode_handler(t, &args[0], Encoding::Ascii, i..end, &errors)?;
        match instead {
            Instead::Bytes(data) => out.extend_from_slice(&data),
            Instead::Text(chars) => {
                for c in chars {
                    if !push(t, mapping, c, &mut out)? {
                        let (object, why) = (args[0].clone(), "character maps to <undefined>");
                        return Err(t.raise_unicode_error(Kind::UnicodeEncodeError, "charmap", object, i..end, why));
                    }
                }
            }
        }
        i = next;
    }
    encoded(t, &out, n)
}

fn decode<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let data = data_arg(t, &args[0])?;
    let errors = errors_arg(t, args, 1)?;
    let Some(mapping) = args.some(2) else { return super::decode_as(t, args, Encoding::Latin1, false) };
    let table = view(mapping);
    let mut out = TextBuf::with_capacity(data.len());
    let mut i = 0;
    while i < data.len() {
        let found = match table {
            Some(text) => match text.get(data[i] as usize).filter(|&c| c != 0xfffe) {
                Some(c) => {
                    out.push(c);
                    true
                }
                None => false,
            },
            None => push_mapped(t, mapping, data[i], &mut out)?,
        };
        if found {
            i += 1;
            continue;
        }
        let why = "character maps to <undefined>";
        if errors == "strict" {
            let object = bytes::from_slice(t, &data);
            return Err(t.raise_unicode_error(Kind::UnicodeDecodeError, "charmap", object, i..i + 1, why));
        }
        i = decode_handler(t, &data, Encoding::Ascii, i..i + 1, why, &errors, &mut out)?;
    }
    decoded(t, (out, data.len()))
}

fn push_mapped<M: Memory>(t: &mut Thread<M>, mapping: &Obj<M>, b: u8, out: &mut TextBuf) -> Result<bool, Raise> {
    let Some(value) = look_up(t, mapping, b as i64)? else { return Ok(false) };
    if let Some(text) = view(&value) {
        let undefined = text.len() == 1 && text.at(0) == 0xfffe;
        if !undefined {
            out.push_text(text);
        }
        return Ok(!undefined);
    }
    match int::to_i64(&value) {
        Some(0xfffe) => Ok(false),
        Some(c @ 0..0x11_0000) => {
            out.push(c as u32);
            Ok(true)
        }
        Some(_) => Err(t.raise(Kind::TypeError, "character mapping must be in range(0x110000)")),
        None => Err(t.raise(Kind::TypeError, "character mapping must return integer, None or str")),
    }
}
