//! Searching and cutting for `bytes` and `bytearray`.

use std::borrow::Cow;
use std::ops::Range;

use super::byte_of;
use super::methods::like;
use crate::args::Args;
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::object::{Obj, R, Raise};
use crate::types::build::Builder;
use crate::types::sequence::has_index;
use crate::types::str::arg;
use crate::types::units::{self, Parts};
use crate::types::{buffer, int, list, tuple};

/// What to look for: bytes, or one byte as an integer.
fn needle<'a, M: Memory>(t: &mut Thread<M>, o: &'a Obj<M>) -> Result<Cow<'a, [u8]>, Raise> {
    if let Some(b) = buffer::get(t, o) {
        return Ok(b);
    }
    if !has_index(t, o) {
        let kind = t.class_name(o);
        let message = format!("argument should be integer or bytes-like object, not '{kind}'");
        return Err(t.raise(Kind::TypeError, message));
    }
    byte_of(t, o).map(|b| Cow::Owned(vec![b]))
}

type Search = fn(&[u8], &[u8]) -> Option<usize>;

fn search<M: Memory>(t: &mut Thread<M>, args: &Args<'_, M>, f: Search) -> Result<Option<usize>, Raise> {
    let what = needle(t, &args[1])?;
    let hay = buffer::need(t, &args[0])?;
    let Some(Range { start, end }) = arg::window(t, args, 2, hay.len())? else { return Ok(None) };
    Ok(f(&hay[start..end], &what).map(|i| i + start))
}

fn place<M: Memory>(t: &Thread<M>, found: Option<usize>) -> Obj<M> {
    found.map_or_else(|| int::from_i64(t, -1), |i| int::from_usize(t, i))
}

fn find<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let found = search(t, &args, units::find)?;
    Ok(place(t, found))
}

fn rfind<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let found = search(t, &args, units::rfind)?;
    Ok(place(t, found))
}

fn index_by<M: Memory>(t: &mut Thread<M>, args: &Args<'_, M>, f: Search) -> R<M> {
    match search(t, args, f)? {
        Some(i) => Ok(int::from_usize(t, i)),
        None => Err(t.raise(Kind::ValueError, "subsection not found")),
    }
}

fn index<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    index_by(t, &args, units::find)
}

fn rindex<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    index_by(t, &args, units::rfind)
}

fn count<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let what = needle(t, &args[1])?;
    let hay = buffer::need(t, &args[0])?;
    let n = arg::window(t, &args, 2, hay.len())?.map_or(0, |r| units::count(&hay[r], &what));
    Ok(int::from_usize(t, n))
}

fn has_end<M: Memory>(t: &mut Thread<M>, args: &Args<'_, M>, name: &str, tail: bool) -> R<M> {
    let hay = buffer::need(t, &args[0])?;
    let hay = arg::window(t, args, 2, hay.len())?.map(|r| &hay[r]);
    let holds = |part: &[u8]| hay.is_some_and(|h| if tail { h.ends_with(part) } else { h.starts_with(part) });
    if let Some(part) = buffer::get(t, &args[1]) {
        return Ok(Obj::bool(holds(&part)));
    }
    if args[1].cast::<tuple::Tuple<M>>().is_none() {
        let kind = t.class_name(&args[1]);
        return Err(t.raise(Kind::TypeError, format!("{name} first arg must be bytes or a tuple of bytes, not {kind}")));
    }
    for part in tuple::items(&args[1]) {
        let part = buffer::need(t, part)?;
        if holds(&part) {
            return Ok(Obj::bool(true));
        }
    }
    Ok(Obj::bool(false))
}

fn startswith<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    has_end(t, &args, "startswith", false)
}

fn endswith<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    has_end(t, &args, "endswith", true)
}

fn blank(c: u8) -> bool {
    matches!(c, 9..=13 | 32)
}

fn parts<M: Memory>(t: &mut Thread<M>, own: &Obj<M>, b: &[u8], parts: &Parts) -> R<M> {
    let items = parts.iter().map(|r| like(t, own, &b[r.clone()])).collect();
    Ok(list::from_vec(t, items))
}

fn split_by<M: Memory>(t: &mut Thread<M>, args: &Args<'_, M>, right: bool) -> R<M> {
    let max = arg::limit(t, args.get(2))?;
    let b = buffer::need(t, &args[0])?;
    let cut = match args.some(1) {
        None if right => units::rsplit_blank(&b, max, blank),
        None => units::split_blank(&b, max, blank),
        Some(sep) => {
            let sep = buffer::need(t, sep)?;
            if sep.is_empty() {
                return Err(t.raise(Kind::ValueError, "empty separator"));
            }
            if right { units::rsplit(&b, &sep, max) } else { units::split(&b, &sep, max) }
        }
    };
    parts(t, &args[0], &b, &cut)
}

fn split<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    split_by(t, &args, false)
}

fn rsplit<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    split_by(t, &args, true)
}

fn splitlines<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let keep = arg::flag(t, args.get(1))?;
    let b = buffer::need(t, &args[0])?;
    parts(t, &args[0], &b, &units::lines(&b, keep, |c| c == 10 || c == 13))
}

fn partition_by<M: Memory>(t: &mut Thread<M>, args: &Args<'_, M>, right: bool) -> R<M> {
    let sep = buffer::need(t, &args[1])?;
    if sep.is_empty() {
        return Err(t.raise(Kind::ValueError, "empty separator"));
    }
    let b = buffer::need(t, &args[0])?;
    let at = if right { units::rfind(&b, &sep) } else { units::find(&b, &sep) };
    let cut: [&[u8]; 3] = match at {
        Some(at) => [&b[..at], &sep, &b[at + sep.len()..]],
        None if right => [b"", b"", &b],
        None => [&b, b"", b""],
    };
    let items = cut.iter().map(|part| like(t, &args[0], part)).collect();
    Ok(tuple::from_vec(t, items))
}

fn partition<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    partition_by(t, &args, false)
}

fn rpartition<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    partition_by(t, &args, true)
}

fn strip_by<M: Memory>(t: &mut Thread<M>, args: &Args<'_, M>, left: bool, right: bool) -> R<M> {
    let b = buffer::need(t, &args[0])?;
    let range = match args.some(1) {
        None => units::strip(&b, left, right, blank),
        Some(set) => {
            let set = buffer::need(t, set)?;
            units::strip(&b, left, right, |c| set.contains(&c))
        }
    };
    Ok(like(t, &args[0], &b[range]))
}

fn strip<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    strip_by(t, &args, true, true)
}

fn lstrip<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    strip_by(t, &args, true, false)
}

fn rstrip<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    strip_by(t, &args, false, true)
}

/// Adds the methods of this file.
pub(super) fn add<M: Memory>(b: Builder<'_, M>) -> Builder<'_, M> {
    b.method("find(self, sub, start=None, end=None, /)", find)
        .method("rfind(self, sub, start=None, end=None, /)", rfind)
        .method("index(self, sub, start=None, end=None, /)", index)
        .method("rindex(self, sub, start=None, end=None, /)", rindex)
        .method("count(self, sub, start=None, end=None, /)", count)
        .method("startswith(self, prefix, start=None, end=None, /)", startswith)
        .method("endswith(self, suffix, start=None, end=None, /)", endswith)
        .method("split(self, /, sep=None, maxsplit=-1)", split)
        .method("rsplit(self, /, sep=None, maxsplit=-1)", rsplit)
        .method("splitlines(self, /, keepends=False)", splitlines)
        .method("partition(self, sep, /)", partition)
        .method("rpartition(self, sep, /)", rpartition)
        .method("strip(self, bytes=None, /)", strip)
        .method("lstrip(self, bytes=None, /)", lstrip)
        .method("rstrip(self, bytes=None, /)", rstrip)
}
