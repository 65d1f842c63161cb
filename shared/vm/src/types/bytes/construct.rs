//! Making `bytes`: the constructor, `fromhex`, `hex`.

use super::{from_slice, of_class, view};
use crate::args::{Args, Call};
use crate::codecs;
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::object::{Obj, R, Raise};
use crate::types::sequence::has_index;
use crate::types::str::{self, arg};
use crate::types::{TypeObj, buffer, ids, int, tuple, units};

/// `bytes(…)`
pub(super) fn new_bytes<M: Memory>(t: &mut Thread<M>, class: &TypeObj<M>, call: Call<'_, M>) -> R<M> {
    let given = arg::bind(t, call, "bytes", ["source", "encoding", "errors"])?;
    if let [Some(source), None, None] = given
        && class.body.shape() == ids::BYTES
        && source.shape() == ids::BYTES
    {
        return Ok(source.clone());
    }
    if let [Some(source), None, None] = given
        && view(source).is_none_or(|_| source.shape() != ids::BYTES)
        && let Some(method) = t.lookup_special(source, "__bytes__")?
    {
        let made = t.call(&method, &[])?;
        let Some(b) = view(&made) else {
            let kind = t.class_name(&made);
            return Err(t.raise(Kind::TypeError, format!("__bytes__ returned non-bytes (type {kind})")));
        };
        return Ok(if class.body.shape() == ids::BYTES { made } else { of_class(t, class, b) });
    }
    let b = contents(t, given, "bytes")?;
    Ok(if class.body.shape() == ids::BYTES { from_slice(t, &b) } else { of_class(t, class, &b) })
}

/// What `bytes` and `bytearray` are to contain.
pub(crate) fn contents<M: Memory>(
    t: &mut Thread<M>,
    [source, encoding, errors]: [Option<&Obj<M>>; 3],
    name: &str,
) -> Result<Vec<u8>, Raise> {
    let Some(source) = source else {
        if encoding.is_some() || errors.is_some() {
            let what = if encoding.is_some() { "encoding" } else { "errors" };
            return Err(t.raise(Kind::TypeError, format!("{what} without a string argument")));
        }
        return Ok(Vec::new());
    };
    if str::view(source).is_some() {
        if encoding.is_none() {
            let message = "string argument without an encoding";
            return Err(t.raise(Kind::TypeError, message));
        }
        let encoding = codecs::name_arg(t, encoding, "utf-8", &format!("{name}() argument 'encoding'"))?;
        let errors = codecs::name_arg(t, errors, "strict", &format!("{name}() argument 'errors'"))?;
        let made = codecs::encode_object(t, source, &encoding, &errors)?;
        return Ok(view(&made).unwrap_or(b"").to_vec());
    }
    if encoding.is_some() || errors.is_some() {
        let what = if encoding.is_some() { "encoding" } else { "errors" };
        return Err(t.raise(Kind::TypeError, format!("{what} without a string argument")));
    }
    if has_index(t, source) {
        let n = t.index_i64(source)?;
        return match usize::try_from(n) {
            Ok(n) if n < units::MOST => Ok(vec![0; n]),
            Ok(_) => Err(t.raise(Kind::MemoryError, "")),
            Err(_) => Err(t.raise(Kind::ValueError, "negative count")),
        };
    }
    if let Some(b) = buffer::copy(t, source) {
        return Ok(b);
    }
    from_iterable(t, source, name)
}

/// The bytes that an iterable of integers gives; `name` is the class in messages.
pub fn from_iterable<M: Memory>(t: &mut Thread<M>, source: &Obj<M>, name: &str) -> Result<Vec<u8>, Raise> {
    let slots = &t.class_of(source).body.slots;
    if slots.iter.get().is_none() && slots.getitem.get().is_none() {
        let kind = t.class_name(source);
        return Err(t.raise(Kind::TypeError, format!("cannot convert '{kind}' object to {name}")));
    }
    let mut out = Vec::new();
    t.iterate(source, &mut |t, item| {
        let i = match item.word().as_int() {
            Some(i) => Some(i),
            None => {
                let i = t.index(&item)?;
                int::to_i64(&i)
            }
        };
        match i.and_then(|i| u8::try_from(i).ok()) {
            Some(b) => out.push(b),
            None if name == "bytes" => return Err(t.raise(Kind::ValueError, "bytes must be in range(0, 256)")),
            None => return Err(t.raise(Kind::ValueError, "byte must be in range(0, 256)")),
        }
        Ok(())
    })?;
    Ok(out)
}

/// The bytes that pairs of hexadecimal digits describe; otherwise the place of the first character that is wrong, or
/// `None` when a digit has no partner.
pub fn parse_hex(text: str::Text<'_>) -> Result<Vec<u8>, Option<usize>> {
    let digit = |c: u32| char::from_u32(c).and_then(|c| c.to_digit(16));
    let mut out = Vec::with_capacity(text.len() / 2);
    let mut i = 0;
    while let Some(c) = text.get(i) {
        if c < 128 && str::chars::is_space(c) {
            i += 1;
            continue;
        }
        let high = digit(c).ok_or(Some(i))?;
        let low = text.get(i + 1).ok_or(None)?;
        out.push((high << 4 | digit(low).ok_or(Some(i + 1))?) as u8);
        i += 2;
    }
    Ok(out)
}

/// `fromhex` of `bytes` and `bytearray`; slot 0 is the class.
pub(super) fn fromhex<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let parsed = match (str::view(&args[1]), buffer::get(t, &args[1])) {
        (Some(text), _) => parse_hex(text),
        (None, Some(b)) => parse_hex(str::Text::Wide(&b.iter().map(|&b| b as u32).collect::<Vec<_>>())),
        (None, None) => {
            let kind = arg::kind_of(t, &args[1]);
            let message = format!("fromhex() argument must be str or bytes-like, not {kind}");
            return Err(t.raise(Kind::TypeError, message));
        }
    };
    let b = match parsed {
        Ok(b) => from_slice(t, &b),
        Err(Some(i)) => {
            let message = format!("non-hexadecimal number found in fromhex() arg at position {i}");
            return Err(t.raise(Kind::ValueError, message));
        }
        Err(None) => {
            let message = "fromhex() arg must contain an even number of hexadecimal digits";
            return Err(t.raise(Kind::ValueError, message));
        }
    };
    if args[0].is(&t.builtin(crate::types::ids::Builtin::Bytes).val()) { Ok(b) } else { t.call(&args[0], &[b]) }
}

/// Hexadecimal digits, with `sep` between groups of `group` bytes (counted from the right, from the left if negative).
pub fn hex_text(b: &[u8], sep: Option<u8>, group: i64) -> Vec<u8> {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let every = group.unsigned_abs() as usize;
    let mut out = Vec::with_capacity(b.len() * 3);
    for (i, &c) in b.iter().enumerate() {
        let before = if group < 0 { i } else { b.len() - i };
        if let Some(sep) = sep
            && i > 0
            && every > 0
            && before.is_multiple_of(every)
        {
            out.push(sep);
        }
        out.extend_from_slice(&[DIGITS[(c >> 4) as usize], DIGITS[(c & 15) as usize]]);
    }
    out
}

/// `hex` of every bytes-like type.
pub(crate) fn hex<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let text = hex_of(t, args)?;
    Ok(str::from_ascii(t, &text))
}

/// As [`hex`], as bytes.
pub(crate) fn hex_bytes<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let text = hex_of(t, args)?;
    Ok(from_slice(t, &text))
}

fn hex_of<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> Result<Vec<u8>, Raise> {
    let b = buffer::need(t, &args[0])?;
    let sep = match args.get(1) {
        None => None,
        Some(o) => {
            let sep = match str::view(o) {
                Some(text) => text.chars().collect::<Vec<_>>(),
                None => match buffer::get(t, o) {
                    Some(b) => b.iter().map(|&b| b as u32).collect(),
                    None => return Err(t.raise(Kind::TypeError, "sep must be str or bytes.")),
                },
            };
            match sep[..] {
                [c] if c < 128 => Some(c as u8),
                [_] => return Err(t.raise(Kind::ValueError, "sep must be ASCII.")),
                _ => return Err(t.raise(Kind::ValueError, "sep must be length 1.")),
            }
        }
    };
    let group = match args.get(2) {
        Some(o) => t.index_i64(o)?,
        None => 1,
    };
    Ok(hex_text(&b, sep, group))
}

pub(super) fn getnewargs<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let own = from_slice(t, view(&args[0]).unwrap_or(b""));
    Ok(tuple::from_vec(t, vec![own]))
}

pub(super) fn to_bytes<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    if args[0].shape() == ids::BYTES {
        return Ok(args[0].clone());
    }
    Ok(from_slice(t, view(&args[0]).unwrap_or(b"")))
}
