//! Searching: `find` and its kin, `count`, `startswith`, `replace`, `in`.

use std::ops::Range;

use super::arg::{self, me};
use super::payload::{Str, ascii_with, from_buf, from_text};
use super::text::{Text, TextBuf};
use super::view;
use crate::args::Args;
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::object::{Obj, R, Raise};
use crate::types::build::Builder;
use crate::types::{int, tuple, units};

/// Runs a body on two texts of one kind. Where only the second is wide (so that it holds what the first cannot), the
/// answer is `$never`.
macro_rules! pair {
    ($a:expr, $b:expr, |$x:ident, $y:ident| $body:expr, $never:expr) => {
        match ($a, $b) {
            (Text::Ascii($x), Text::Ascii($y)) => $body,
            (Text::Wide($x), Text::Wide($y)) => $body,
            (Text::Wide($x), b) => {
                let wide = b.to_wide();
                let $y = &*wide;
                $body
            }
            (Text::Ascii(_), Text::Wide(_)) => $never,
        }
    };
}
pub(super) use pair;

/// First place of `needle`.
#[inline]
pub(crate) fn find_text(hay: Text<'_>, needle: Text<'_>) -> Option<usize> {
    pair!(hay, needle, |h, n| units::find(h, n), None)
}

fn rfind_text(hay: Text<'_>, needle: Text<'_>) -> Option<usize> {
    pair!(hay, needle, |h, n| units::rfind(h, n), None)
}

/// Does it begin (or end) with `part`?
pub(crate) fn has_end(hay: Text<'_>, part: Text<'_>, tail: bool) -> bool {
    let (n, k) = (hay.len(), part.len());
    k <= n && hay.slice(if tail { n - k..n } else { 0..k }).same(part)
}

type Search = fn(Text<'_>, Text<'_>) -> Option<usize>;

fn search<M: Memory>(t: &mut Thread<M>, args: &Args<'_, M>, name: &str, f: Search) -> Result<Option<usize>, Raise> {
    let hay = me(args);
    let Some(needle) = view(&args[1]) else {
        return Err(arg::text(t, &args[1], &format!("{name}() argument 1")).expect_err("it is no string"));
    };
    let Some(Range { start, end }) = arg::window(t, args, 2, hay.len())? else { return Ok(None) };
    Ok(f(hay.slice(start..end), needle).map(|i| i + start))
}

fn place<M: Memory>(t: &Thread<M>, found: Option<usize>) -> Obj<M> {
    match found {
        Some(i) => int::from_usize(t, i),
        None => int::from_i64(t, -1),
    }
}

fn find<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let found = search(t, &args, "find", find_text)?;
    Ok(place(t, found))
}

fn rfind<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let found = search(t, &args, "rfind", rfind_text)?;
    Ok(place(t, found))
}

fn index_by<M: Memory>(t: &mut Thread<M>, args: &Args<'_, M>, name: &str, f: Search) -> R<M> {
    match search(t, args, name, f)? {
        Some(i) => Ok(int::from_usize(t, i)),
        None => Err(t.raise(Kind::ValueError, "substring not found")),
    }
}

fn index<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    index_by(t, &args, "index", find_text)
}

fn rindex<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    index_by(t, &args, "rindex", rfind_text)
}

fn count<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let hay = me(&args);
    let needle = arg::text(t, &args[1], "count() argument 1")?;
    let n = match arg::window(t, &args, 2, hay.len())? {
        Some(r) => pair!(hay.slice(r), needle, |h, n| units::count(h, n), 0),
        None => 0,
    };
    Ok(int::from_usize(t, n))
}

fn has_end_any<M: Memory>(t: &mut Thread<M>, args: &Args<'_, M>, name: &str, tail: bool) -> R<M> {
    let hay = me(args);
    let hay = arg::window(t, args, 2, hay.len())?.map(|r| hay.slice(r));
    let holds = |part| hay.is_some_and(|hay| has_end(hay, part, tail));
    if let Some(part) = view(&args[1]) {
        return Ok(Obj::bool(holds(part)));
    }
    if args[1].cast::<tuple::Tuple<M>>().is_none() {
        let kind = t.class_name(&args[1]);
        return Err(t.raise(Kind::TypeError, format!("{name} first arg must be str or a tuple of str, not {kind}")));
    }
    for part in tuple::items(&args[1]) {
        let Some(part) = view(part) else {
            let kind = t.class_name(part);
            return Err(t.raise(Kind::TypeError, format!("tuple for {name} must only contain str, not {kind}")));
        };
        if holds(part) {
            return Ok(Obj::bool(true));
        }
    }
    Ok(Obj::bool(false))
}

fn startswith<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    has_end_any(t, &args, "startswith", false)
}

fn endswith<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    has_end_any(t, &args, "endswith", true)
}

/// The string itself, or its text as a plain string when its class is derived.
pub(super) fn unchanged<M: Memory>(t: &Thread<M>, o: &Obj<M>) -> Obj<M> {
    if o.exact::<Str<M>>().is_some() { o.clone() } else { from_text(t, view(o).unwrap_or(Text::EMPTY)) }
}

fn removeprefix<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let (s, part) = (me(&args), arg::text(t, &args[1], "removeprefix() argument")?);
    if part.is_empty() || !has_end(s, part, false) {
        return Ok(unchanged(t, &args[0]));
    }
    Ok(from_text(t, s.slice(part.len()..s.len())))
}

fn removesuffix<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let (s, part) = (me(&args), arg::text(t, &args[1], "removesuffix() argument")?);
    if part.is_empty() || !has_end(s, part, true) {
        return Ok(unchanged(t, &args[0]));
    }
    Ok(from_text(t, s.slice(0..s.len() - part.len())))
}

fn replace<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let s = me(&args);
    let old = arg::text(t, &args[1], "replace() argument 1")?;
    let new = arg::text(t, &args[2], "replace() argument 2")?;
    let max = arg::limit(t, args.get(3))?;
    let places = pair!(s, old, |s, old| units::places(s, old, max), Default::default());
    if places.is_empty() {
        return Ok(unchanged(t, &args[0]));
    }
    if let (Text::Ascii(s), Text::Ascii(new)) = (s, new) {
        if let (1, [unit], None) = (old.len(), new, args.get(3))
            && let Text::Ascii([from]) = old
        {
            return Ok(ascii_with(t, s.len(), |w| w.put_mapped(s, |c| if c == *from { *unit } else { c })));
        }
        let grown = places.len().checked_mul(new.len()).and_then(|n| n.checked_add(s.len()));
        let Some(len) = grown.map(|n| n - places.len() * old.len()) else {
            return Err(t.raise(Kind::OverflowError, "replace string is too long"));
        };
        if len < 2 {
            return Ok(from_buf(t, replaced(Text::Ascii(s), old.len(), Text::Ascii(new), &places)));
        }
        return Ok(ascii_with(t, len, |w| {
            let mut start = 0;
            for &at in &places {
                w.put(&s[start..at]);
                w.put(new);
                start = at + old.len();
            }
            w.put(&s[start..]);
        }));
    }
    Ok(from_buf(t, replaced(s, old.len(), new, &places)))
}

fn replaced(s: Text<'_>, width: usize, new: Text<'_>, places: &[usize]) -> TextBuf {
    let mut out = TextBuf::with_capacity(s.len());
    let mut start = 0;
    for &at in places {
        out.push_text(s.slice(start..at));
        out.push_text(new);
        start = at + width;
    }
    out.push_text(s.slice(start..s.len()));
    out
}

/// `part in s`
pub(super) fn contains<M: Memory>(t: &mut Thread<M>, s: &Obj<M>, part: &Obj<M>) -> Result<bool, Raise> {
    let Some(needle) = view(part) else {
        let kind = t.class_name(part);
        let message = format!("'in <string>' requires string as left operand, not {kind}");
        return Err(t.raise(Kind::TypeError, message));
    };
    Ok(find_text(view(s).unwrap_or(Text::EMPTY), needle).is_some())
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
        .method("removeprefix(self, prefix, /)", removeprefix)
        .method("removesuffix(self, suffix, /)", removesuffix)
        .method("replace(self, old, new, /, count=-1)", replace)
}
