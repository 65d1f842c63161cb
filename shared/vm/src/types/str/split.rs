//! Cutting and joining: `split`, `rsplit`, `splitlines`, `partition`, `strip`, `join`.

use smallvec::SmallVec;

use super::arg::{self, me};
use super::chars;
use super::find::{find_text, pair, unchanged};
use super::payload::{Str, ascii_with, from_ascii, from_text, from_wide, wide_with};
use super::text::Text;
use super::view;
use crate::args::Args;
use crate::context::{Context, Thread};
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::object::{Obj, R};
use crate::types::build::Builder;
use crate::types::units::{self, Parts, Unit};
use crate::types::{list, tuple};

fn strings<M: Memory>(t: &mut Thread<M>, s: Text<'_>, parts: &Parts) -> Obj<M> {
    let items: SmallVec<[Obj<M>; 16]> = match s {
        Text::Ascii(s) => parts.iter().map(|r| from_ascii(t, &s[r.clone()])).collect(),
        Text::Wide(s) => parts.iter().map(|r| from_wide(t, &s[r.clone()])).collect(),
    };
    list::from_small(t, items)
}

/// Blanks among bytes.
const BLANKS: [bool; 256] = {
    let mut table = [false; 256];
    let mut i = 9;
    while i <= 32 {
        table[i] = i <= 13 || i >= 28;
        i += 1;
    }
    table
};

#[inline(always)]
fn blank<U: Unit>(c: U) -> bool {
    let c = c.code();
    if c < 128 { BLANKS[c as usize] } else { chars::is_space(c) }
}

fn split_by<M: Memory>(t: &mut Thread<M>, args: &Args<'_, M>, right: bool) -> R<M> {
    let s = me(args);
    let max = arg::limit(t, args.get(2))?;
    let Some(sep) = args.some(1) else {
        let parts = match (s, right) {
            (Text::Ascii(s), false) => units::split_blank(s, max, blank),
            (Text::Ascii(s), true) => units::rsplit_blank(s, max, blank),
            (Text::Wide(s), false) => units::split_blank(s, max, blank),
            (Text::Wide(s), true) => units::rsplit_blank(s, max, blank),
        };
        return Ok(strings(t, s, &parts));
    };
    let Some(sep) = view(sep) else {
        let kind = t.class_name(sep);
        return Err(t.raise(Kind::TypeError, format!("must be str or None, not {kind}")));
    };
    if sep.is_empty() {
        return Err(t.raise(Kind::ValueError, "empty separator"));
    }
    let whole = || Parts::from_iter(std::iter::once(0..s.len()));
    let parts = if right {
        pair!(s, sep, |s, sep| units::rsplit(s, sep, max), whole())
    } else {
        pair!(s, sep, |s, sep| units::split(s, sep, max), whole())
    };
    if parts.len() == 1 {
        let whole = unchanged(t, &args[0]);
        return Ok(list::from_vec(t, vec![whole]));
    }
    Ok(strings(t, s, &parts))
}

fn split<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    split_by(t, &args, false)
}

fn rsplit<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    split_by(t, &args, true)
}

fn splitlines<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let keep = arg::flag(t, args.get(1))?;
    let s = me(&args);
    let parts = match s {
        Text::Ascii(s) => units::lines(s, keep, |c| chars::is_line_end(c as u32)),
        Text::Wide(s) => units::lines(s, keep, chars::is_line_end),
    };
    Ok(strings(t, s, &parts))
}

fn partition_by<M: Memory>(t: &mut Thread<M>, args: &Args<'_, M>, right: bool) -> R<M> {
    let s = me(args);
    let Some(sep) = view(&args[1]) else {
        let kind = t.class_name(&args[1]);
        return Err(t.raise(Kind::TypeError, format!("must be str, not {kind}")));
    };
    if sep.is_empty() {
        return Err(t.raise(Kind::ValueError, "empty separator"));
    }
    let at = if right { pair!(s, sep, |s, sep| units::rfind(s, sep), None) } else { find_text(s, sep) };
    let items = match at {
        Some(at) => vec![from_text(t, s.slice(0..at)), args[1].clone(), from_text(t, s.slice(at + sep.len()..s.len()))],
        None => {
            let (whole, empty) = (unchanged(t, &args[0]), from_ascii(t, b""));
            if right { vec![empty.clone(), empty, whole] } else { vec![whole, empty.clone(), empty] }
        }
    };
    Ok(tuple::from_vec(t, items))
}

fn partition<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    partition_by(t, &args, false)
}

fn rpartition<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    partition_by(t, &args, true)
}

fn strip_by<M: Memory>(t: &mut Thread<M>, args: &Args<'_, M>, name: &str, left: bool, right: bool) -> R<M> {
    let s = me(args);
    let range = match args.some(1) {
        None => match s {
            Text::Ascii(s) => units::strip(s, left, right, blank),
            Text::Wide(s) => units::strip(s, left, right, blank),
        },
        Some(set) => {
            let Some(set) = view(set) else {
                return Err(t.raise(Kind::TypeError, format!("{name} arg must be None or str")));
            };
            let named = |c: u32| match set {
                Text::Ascii(set) => c < 128 && set.contains(&(c as u8)),
                Text::Wide(set) => set.contains(&c),
            };
            match s {
                Text::Ascii(s) => units::strip(s, left, right, |c| named(c as u32)),
                Text::Wide(s) => units::strip(s, left, right, named),
            }
        }
    };
    if range.len() == s.len() { Ok(unchanged(t, &args[0])) } else { Ok(from_text(t, s.slice(range))) }
}

fn strip<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    strip_by(t, &args, "strip", true, true)
}

fn lstrip<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    strip_by(t, &args, "lstrip", true, false)
}

fn rstrip<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    strip_by(t, &args, "rstrip", false, true)
}

fn join_method<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    if let Some(items) = args[1].exact::<tuple::Tuple<M>>() {
        return join(t, &args[0], items.body.items());
    }
    if let Some(items) = args[1].exact::<list::List<M>>() {
        let joined = {
            // Views, not handles: nothing is counted, and nothing here can let an item go.
            let ctx: &Context<M> = t;
            let n = items.body.len();
            let views: Vec<_> = (0..n).map_while(|i| items.body.get(ctx, &items.head, i)).collect();
            try_join(ctx, &args[0], views.len(), |i| &views[i])
        };
        return joined.map_err(|(kind, message)| t.raise(kind, message));
    }
    let slots = &t.class_of(&args[1]).body.slots;
    if slots.iter.get().is_none() && slots.getitem.get().is_none() {
        return Err(t.raise(Kind::TypeError, "can only join an iterable"));
    }
    let items = t.collect(&args[1])?;
    join(t, &args[0], &items)
}

/// `sep.join(items)`
pub fn join<M: Memory>(t: &mut Thread<M>, sep: &Obj<M>, items: &[Obj<M>]) -> R<M> {
    try_join(t, sep, items.len(), |i| &items[i]).map_err(|(kind, message)| t.raise(kind, message))
}

/// Joins `n` items, or says what is wrong with them.
fn try_join<'a, M: Memory>(
    ctx: &Context<M>,
    sep: &Obj<M>,
    n: usize,
    item: impl Fn(usize) -> &'a Obj<M>,
) -> Result<Obj<M>, (Kind, String)> {
    if n == 0 {
        return Ok(from_ascii(ctx, b""));
    }
    if n == 1 && item(0).exact::<Str<M>>().is_some() {
        return Ok(item(0).clone());
    }
    let sep = view(sep).unwrap_or(Text::EMPTY);
    let mut len = sep.len().saturating_mul(n - 1);
    let mut ascii = matches!(sep, Text::Ascii(_)) || n == 1;
    for i in 0..n {
        let Some(text) = view(item(i)) else {
            let kind = &ctx.interp.class_of(item(i).word()).body.short_name;
            return Err((Kind::TypeError, format!("sequence item {i}: expected str instance, {kind} found")));
        };
        len = len.saturating_add(text.len());
        ascii &= matches!(text, Text::Ascii(_));
    }
    if len > isize::MAX as usize / 8 {
        return Err((Kind::OverflowError, "join() result is too long for a Python string".into()));
    }
    Ok(joined(ctx, sep, n, |i| view(item(i)).unwrap_or(Text::EMPTY), len, ascii))
}

/// The strings one behind the other: what f-strings do. What is no string counts as empty.
pub fn join_all<M: Memory>(ctx: &Context<M>, items: &[Obj<M>]) -> Obj<M> {
    let text = |i: usize| view(&items[i]).unwrap_or(Text::EMPTY);
    let (mut len, mut ascii) = (0, true);
    for i in 0..items.len() {
        len += text(i).len();
        ascii &= matches!(text(i), Text::Ascii(_));
    }
    joined(ctx, Text::EMPTY, items.len(), text, len, ascii)
}

/// `len` characters: `n` texts with `sep` between them; `ascii`: all of them are.
fn joined<'a, M: Memory>(
    ctx: &Context<M>,
    sep: Text<'_>,
    n: usize,
    text: impl Fn(usize) -> Text<'a>,
    len: usize,
    ascii: bool,
) -> Obj<M> {
    if !ascii {
        return wide_with(ctx, len, |w| {
            for i in 0..n {
                if i > 0 {
                    w.put_text(sep);
                }
                w.put_text(text(i));
            }
        });
    }
    if len < 2 {
        let whole = (0..n).map(text).find(|text| !text.is_empty());
        return if len == 0 { from_ascii(ctx, b"") } else { from_text(ctx, whole.unwrap_or(sep)) };
    }
    ascii_with(ctx, len, |w| {
        for i in 0..n {
            if let (Text::Ascii(sep), true) = (sep, i > 0) {
                w.put(sep);
            }
            if let Text::Ascii(s) = text(i) {
                w.put(s);
            }
        }
    })
}

/// Adds the methods of this file.
pub(super) fn add<M: Memory>(b: Builder<'_, M>) -> Builder<'_, M> {
    b.method("split(self, /, sep=None, maxsplit=-1)", split)
        .method("rsplit(self, /, sep=None, maxsplit=-1)", rsplit)
        .method("splitlines(self, /, keepends=False)", splitlines)
        .method("partition(self, sep, /)", partition)
        .method("rpartition(self, sep, /)", rpartition)
        .method("strip(self, chars=None, /)", strip)
        .method("lstrip(self, chars=None, /)", lstrip)
        .method("rstrip(self, chars=None, /)", rstrip)
        .method("join(self, iterable, /)", join_method)
}
