//! Changed copies of `bytes` and `bytearray`: case, padding, replacing, translating, joining.

use super::methods::like;
use crate::args::Args;
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::object::{Obj, R, Raise};
use crate::types::build::Builder;
use crate::types::str::arg;
use crate::types::units::MOST;
use crate::types::{buffer, bytes, units};

fn mapped<M: Memory>(t: &mut Thread<M>, args: &Args<'_, M>, mut f: impl FnMut(u8) -> u8) -> R<M> {
    let b = buffer::need(t, &args[0])?;
    let changed: Vec<u8> = b.iter().map(|&c| f(c)).collect();
    Ok(like(t, &args[0], &changed))
}

fn lower<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    mapped(t, &args, |c| c.to_ascii_lowercase())
}

fn upper<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    mapped(t, &args, |c| c.to_ascii_uppercase())
}

fn swapcase<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    mapped(t, &args, |c| if c.is_ascii_alphabetic() { c ^ 32 } else { c })
}

fn capitalize<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let mut first = true;
    mapped(t, &args, |c| if std::mem::take(&mut first) { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() })
}

fn title<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let mut in_word = false;
    mapped(t, &args, |c| {
        let changed = if in_word { c.to_ascii_lowercase() } else { c.to_ascii_uppercase() };
        in_word = c.is_ascii_alphabetic();
        changed
    })
}

fn fill_byte<M: Memory>(t: &mut Thread<M>, o: Option<&Obj<M>>, name: &str) -> Result<u8, Raise> {
    let Some(o) = o else { return Ok(b' ') };
    match buffer::get(t, o).as_deref() {
        Some(&[b]) => Ok(b),
        Some(other) => {
            let n = other.len();
            let message =
                format!("{name}(): argument 2 must be a byte string of length 1, not a bytes object of length {n}");
            Err(t.raise(Kind::TypeError, message))
        }
        None => {
            let kind = arg::kind_of(t, o);
            Err(t.raise(Kind::TypeError, format!("{name}() argument 2 must be a byte string of length 1, not {kind}")))
        }
    }
}

fn pad_by<M: Memory>(t: &mut Thread<M>, args: &Args<'_, M>, name: &str, left_of: fn(usize, usize) -> usize) -> R<M> {
    let width = usize::try_from(t.index_i64(&args[1])?).unwrap_or(0);
    let fill = fill_byte(t, args.get(2), name)?;
    let b = buffer::need(t, &args[0])?;
    if width > MOST {
        return Err(t.raise(Kind::MemoryError, ""));
    }
    let missing = width.saturating_sub(b.len());
    let left = if missing == 0 { 0 } else { left_of(missing, width) };
    let mut out = vec![fill; left];
    out.extend_from_slice(&b);
    out.resize(b.len() + missing, fill);
    Ok(like(t, &args[0], &out))
}

fn ljust<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    pad_by(t, &args, "ljust", |_, _| 0)
}

fn rjust<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    pad_by(t, &args, "rjust", |missing, _| missing)
}

fn center<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    pad_by(t, &args, "center", |missing, width| missing / 2 + (missing & width & 1))
}

fn zfill<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let width = usize::try_from(t.index_i64(&args[1])?).unwrap_or(0);
    let b = buffer::need(t, &args[0])?;
    if width > MOST {
        return Err(t.raise(Kind::MemoryError, ""));
    }
    let sign = b.first().is_some_and(|c| matches!(c, b'+' | b'-')) as usize;
    let mut out = b[..sign].to_vec();
    out.resize(sign + width.saturating_sub(b.len()), b'0');
    out.extend_from_slice(&b[sign..]);
    Ok(like(t, &args[0], &out))
}

fn expandtabs<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let size = match args.get(1) {
        None => 8,
        Some(o) => usize::try_from(t.index_i64(o)?).unwrap_or(0),
    };
    let b = buffer::need(t, &args[0])?;
    let (mut out, mut column) = (Vec::with_capacity(b.len() + 16), 0);
    for &c in b.iter() {
        match c {
            b'\t' if size > 0 => {
                let n = size - column % size;
                if out.len().saturating_add(n) > MOST {
                    return Err(t.raise(Kind::MemoryError, ""));
                }
                out.resize(out.len() + n, b' ');
                column += n;
            }
            b'\t' => {}
            _ => {
                out.push(c);
                column = if matches!(c, b'\n' | b'\r') { 0 } else { column + 1 };
            }
        }
    }
    Ok(like(t, &args[0], &out))
}

fn replace<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let max = arg::limit(t, args.get(3))?;
    let (old, new) = (buffer::need(t, &args[1])?, buffer::need(t, &args[2])?);
    let b = buffer::need(t, &args[0])?;
    let places = units::places(&b, &old, max);
    let mut out = Vec::with_capacity(b.len());
    let mut start = 0;
    for at in places {
        out.extend_from_slice(&b[start..at]);
        out.extend_from_slice(&new);
        start = at + old.len();
    }
    out.extend_from_slice(&b[start..]);
    Ok(like(t, &args[0], &out))
}

fn removeprefix<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let (part, b) = (buffer::need(t, &args[1])?, buffer::need(t, &args[0])?);
    Ok(like(t, &args[0], b.strip_prefix(&*part).unwrap_or(&b)))
}

fn removesuffix<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let (part, b) = (buffer::need(t, &args[1])?, buffer::need(t, &args[0])?);
    Ok(like(t, &args[0], b.strip_suffix(&*part).unwrap_or(&b)))
}

fn translate<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let table = match args.some(1) {
        Some(o) => Some(buffer::need(t, o)?),
        None => None,
    };
    if table.as_ref().is_some_and(|table| table.len() != 256) {
        return Err(t.raise(Kind::ValueError, "translation table must be 256 characters long"));
    }
    let gone = match args.get(2) {
        Some(o) => buffer::need(t, o)?,
        None => b"".into(),
    };
    let b = buffer::need(t, &args[0])?;
    let kept = b.iter().filter(|c| !gone.contains(c));
    let out: Vec<u8> = kept.map(|&c| table.as_ref().map_or(c, |table| table[c as usize])).collect();
    Ok(like(t, &args[0], &out))
}

fn maketrans<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let (from, to) = (buffer::need(t, &args[0])?, buffer::need(t, &args[1])?);
    if from.len() != to.len() {
        return Err(t.raise(Kind::ValueError, "maketrans arguments must have same length"));
    }
    let mut table: [u8; 256] = std::array::from_fn(|i| i as u8);
    for (&f, &to) in from.iter().zip(to.iter()) {
        table[f as usize] = to;
    }
    Ok(bytes::from_slice(t, &table))
}

fn join<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let slots = &t.class_of(&args[1]).body.slots;
    if slots.iter.get().is_none() && slots.getitem.get().is_none() {
        return Err(t.raise(Kind::TypeError, "can only join an iterable"));
    }
    let items = t.collect(&args[1])?;
    let sep = buffer::need(t, &args[0])?;
    if let [one] = &items[..]
        && one.exact::<bytes::Bytes<M>>().is_some()
        && args[0].exact::<bytes::Bytes<M>>().is_some()
    {
        return Ok(one.clone());
    }
    let mut out = Vec::new();
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            out.extend_from_slice(&sep);
        }
        match buffer::get(t, item) {
            Some(b) => out.extend_from_slice(&b),
            None => {
                let kind = t.class_name(item);
                let message = format!("sequence item {i}: expected a bytes-like object, {kind} found");
                return Err(t.raise(Kind::TypeError, message));
            }
        }
    }
    Ok(like(t, &args[0], &out))
}

/// Adds the methods of this file.
pub(super) fn add<M: Memory>(b: Builder<'_, M>) -> Builder<'_, M> {
    b.method("lower(self, /)", lower)
        .method("upper(self, /)", upper)
        .method("swapcase(self, /)", swapcase)
        .method("capitalize(self, /)", capitalize)
        .method("title(self, /)", title)
        .method("ljust(self, width, fillchar=b' ', /)", ljust)
        .method("rjust(self, width, fillchar=b' ', /)", rjust)
        .method("center(self, width, fillchar=b' ', /)", center)
        .method("zfill(self, width, /)", zfill)
        .method("expandtabs(self, /, tabsize=8)", expandtabs)
        .method("replace(self, old, new, count=-1, /)", replace)
        .method("removeprefix(self, prefix, /)", removeprefix)
        .method("removesuffix(self, suffix, /)", removesuffix)
        .method("translate(self, table, /, delete=b'')", translate)
        .staticmethod("maketrans(frm, to, /)", maketrans)
        .method("join(self, iterable_of_bytes, /)", join)
}
