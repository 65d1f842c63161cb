//! Arguments of string methods, checked with CPython's wording.

use super::text::Text;
use super::view;
use crate::args::{Args, Call};
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::object::{Obj, Raise};
use crate::types::sequence::has_index;
use crate::types::{int, units};

/// The text of the method's own string.
#[inline(always)]
pub(crate) fn me<'a, M: Memory>(args: &Args<'a, M>) -> Text<'a> {
    args.slots.first().and_then(view).unwrap_or(Text::EMPTY)
}

/// The class of a wrong argument for messages of the form "must be X, not Y".
pub(crate) fn kind_of<M: Memory>(t: &Thread<M>, o: &Obj<M>) -> String {
    if o.is_none() { "None".into() } else { t.class_name(o) }
}

/// The text of an argument; `what` begins the message, as in "find() argument 1".
#[inline]
pub(crate) fn text<'a, M: Memory>(t: &mut Thread<M>, o: &'a Obj<M>, what: &str) -> Result<Text<'a>, Raise> {
    match view(o) {
        Some(text) => Ok(text),
        None => Err(must_be_str(t, o, what)),
    }
}

#[cold]
fn must_be_str<M: Memory>(t: &mut Thread<M>, o: &Obj<M>, what: &str) -> Raise {
    let kind = kind_of(t, o);
    t.raise(Kind::TypeError, format!("{what} must be str, not {kind}"))
}

/// A start or end of a slice: an index cut to 64 bits, or nothing.
#[inline]
pub(crate) fn bound<M: Memory>(t: &mut Thread<M>, o: Option<&Obj<M>>) -> Result<Option<i64>, Raise> {
    let Some(o) = o.filter(|o| !o.is_none()) else { return Ok(None) };
    match o.word().as_int() {
        Some(i) => Ok(Some(i)),
        None => bound_slow(t, o).map(Some),
    }
}

fn bound_slow<M: Memory>(t: &mut Thread<M>, o: &Obj<M>) -> Result<i64, Raise> {
    if !has_index(t, o) {
        let message = "slice indices must be integers or None or have an __index__ method";
        return Err(t.raise(Kind::TypeError, message));
    }
    let i = t.index(o)?;
    Ok(int::to_i64(&i).unwrap_or_else(|| {
        let negative = int::to_big(&i).is_some_and(|b| b.sign() == num_bigint::Sign::Minus);
        if negative { i64::MIN } else { i64::MAX }
    }))
}

/// The window that arguments `i` and `i + 1` select of `len` units.
#[inline]
pub(crate) fn window<M: Memory>(
    t: &mut Thread<M>,
    args: &Args<'_, M>,
    i: usize,
    len: usize,
) -> Result<Option<std::ops::Range<usize>>, Raise> {
    if args.get(i).is_none() && args.get(i + 1).is_none() {
        return Ok(Some(0..len));
    }
    let start = bound(t, args.get(i))?;
    let end = bound(t, args.get(i + 1))?;
    Ok(units::window(start, end, len))
}

/// A count that means "all" when it is negative or missing.
pub(crate) fn limit<M: Memory>(t: &mut Thread<M>, o: Option<&Obj<M>>) -> Result<usize, Raise> {
    match o {
        None => Ok(usize::MAX),
        Some(o) => Ok(usize::try_from(t.index_i64(o)?).unwrap_or(usize::MAX)),
    }
}

/// A flag argument.
pub(crate) fn flag<M: Memory>(t: &mut Thread<M>, o: Option<&Obj<M>>) -> Result<bool, Raise> {
    o.map_or(Ok(false), |o| t.truth(o))
}

/// The arguments of a constructor by position or name; `name` is the class in messages.
pub(crate) fn bind<'a, M: Memory, const N: usize>(
    t: &mut Thread<M>,
    call: Call<'a, M>,
    name: &str,
    params: [&str; N],
) -> Result<[Option<&'a Obj<M>>; N], Raise> {
    let mut found = [None; N];
    if call.slots.len() > N {
        let (n, s) = (call.slots.len(), if N == 1 { "" } else { "s" });
        let message = if name == "str" {
            format!("str expected at most {N} arguments, got {n}")
        } else {
            format!("{name}() takes at most {N} argument{s} ({n} given)")
        };
        return Err(t.raise(Kind::TypeError, message));
    }
    for (slot, value) in found.iter_mut().zip(call.positional()) {
        *slot = Some(value);
    }
    for (key, value) in call.names.iter().zip(call.keyword_values()) {
        let key = super::to_text(key);
        let Some(i) = params.iter().position(|p| !p.is_empty() && *p == key) else {
            return Err(t.raise(Kind::TypeError, format!("{name}() got an unexpected keyword argument '{key}'")));
        };
        if found[i].replace(value).is_some() {
            let message = format!("argument for {name}() given by name ('{key}') and position ({})", i + 1);
            return Err(t.raise(Kind::TypeError, message));
        }
    }
    Ok(found)
}

/// An index into `len` items: negative ones count from the end; `None` when it lies outside.
#[inline]
pub(crate) fn place(i: i64, len: usize) -> Option<usize> {
    let i = if i < 0 { i + len as i64 } else { i };
    usize::try_from(i).ok().filter(|&i| i < len)
}
