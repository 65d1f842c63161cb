//! The operators and protocols of `str`, and its iterator.

use super::arg;
use super::find;
use super::payload::{Str, ascii_with, concat, from_buf, from_char, from_text, of_class, wide_with};
use super::repr::repr_text;
use super::text::{Text, TextBuf};
use super::{equal, hash, view};
use crate::args::{Args, Call};
use crate::codecs;
use crate::context::{Context, Thread};
use crate::exceptions::Kind;
use crate::format;
use crate::memory::{CellWord, Memory};
use crate::object::{Held, Layout, Obj, Payload, R, Raise};
use crate::types::build::Builder;
use crate::types::ids::{self, Builtin};
use crate::types::sequence::{has_index, repeat_count};
use crate::types::slots::{BinOp, CmpOp, Slots};
use crate::types::units::MOST;
use crate::types::{TypeObj, int, slice, tuple};
use crate::value::Word;

fn text<M: Memory>(o: &Obj<M>) -> Text<'_> {
    view(o).unwrap_or(Text::EMPTY)
}

/// Fills the slots.
pub(super) fn fill<M: Memory>(s: &Slots<M>) {
    s.new.set(Some(new));
    s.repr.set(Some(|t, o| Ok(from_buf(t, repr_text(text(o), false)))));
    s.str.set(Some(|t, o| Ok(find::unchanged(t, o))));
    s.hash.set(Some(|t, o| Ok(hash(t, o))));
    s.compare.set(Some(compare));
    s.iter.set(Some(iter));
    s.len.set(Some(|_, o| Ok(text(o).len())));
    s.getitem.set(Some(getitem));
    s.contains.set(Some(find::contains));
    s.bin[BinOp::Add as usize].set(Some(add));
    s.bin[BinOp::Mul as usize].set(Some(multiply));
    s.bin[BinOp::Mod as usize].set(Some(modulo));
}

fn new<M: Memory>(t: &mut Thread<M>, class: &TypeObj<M>, call: Call<'_, M>) -> R<M> {
    let [object, encoding, errors] = arg::bind(t, call, "str", ["object", "encoding", "errors"])?;
    let made = match (object, encoding, errors) {
        (None, ..) => t.str(""),
        (Some(object), None, None) => t.str_of(object)?,
        (Some(object), ..) => {
            let encoding = codecs::name_arg(t, encoding, "utf-8", "str() argument 'encoding'")?;
            let errors = codecs::name_arg(t, errors, "strict", "str() argument 'errors'")?;
            codecs::decode_object(t, object, &encoding, &errors)?
        }
    };
    if class.body.shape() == ids::STR { Ok(made) } else { Ok(of_class(t, class, text(&made))) }
}

fn compare<M: Memory>(_: &mut Thread<M>, a: &Obj<M>, b: &Obj<M>, op: CmpOp) -> R<M> {
    let (Some(x), Some(y)) = (view(a), view(b)) else { return Ok(Obj::not_implemented()) };
    Ok(Obj::bool(match op {
        CmpOp::Eq => equal(a, b),
        CmpOp::Ne => !equal(a, b),
        _ => op.holds(x.order(y)),
    }))
}

fn add<M: Memory>(t: &mut Thread<M>, a: &Obj<M>, b: &Obj<M>) -> R<M> {
    match (view(a), view(b)) {
        (Some(_), Some(_)) => Ok(concat(t, a, b)),
        (None, _) => Ok(Obj::not_implemented()),
        (Some(_), None) => crate::types::sequence::cannot_concatenate(t, b, "str"),
    }
}

fn multiply<M: Memory>(t: &mut Thread<M>, a: &Obj<M>, b: &Obj<M>) -> R<M> {
    let (s, other) = if view(a).is_some() { (a, b) } else { (b, a) };
    let Some(n) = repeat_count(t, other)? else { return Ok(Obj::not_implemented()) };
    repeat(t, s, n)
}

fn repeat<M: Memory>(t: &mut Thread<M>, o: &Obj<M>, n: usize) -> R<M> {
    let s = text(o);
    if n == 1 {
        return Ok(find::unchanged(t, o));
    }
    let Some(len) = s.len().checked_mul(n).filter(|&len| len <= isize::MAX as usize) else {
        return Err(t.raise(Kind::OverflowError, "repeated string is too long"));
    };
    if len > MOST {
        return Err(t.raise(Kind::MemoryError, ""));
    }
    Ok(match s {
        _ if len == 0 => t.str(""),
        Text::Ascii([c]) => ascii_with(t, len, |w| w.fill(*c, len)),
        Text::Ascii(s) => ascii_with(t, len, |w| (0..n).for_each(|_| w.put(s))),
        Text::Wide(s) => wide_with(t, len, |w| (0..n).for_each(|_| w.put(s))),
    })
}

fn modulo<M: Memory>(t: &mut Thread<M>, a: &Obj<M>, b: &Obj<M>) -> R<M> {
    if view(a).is_none() {
        return Ok(Obj::not_implemented());
    }
    format::percent(t, a, b)
}

/// `s[i]` for an index word, `None` when it lies outside. For the loop's fast path.
#[inline]
pub fn item<M: Memory>(ctx: &Context<M>, s: &Str<M>, i: i64) -> Option<Obj<M>> {
    let text = s.text();
    arg::place(i, text.len()).map(|i| from_char(ctx, text.at(i)))
}

fn getitem<M: Memory>(t: &mut Thread<M>, o: &Obj<M>, key: &Obj<M>) -> R<M> {
    let s = text(o);
    let i = match key.word().as_int() {
        Some(i) => i,
        None if key.shape() == ids::SLICE => return part(t, o, key),
        None if has_index(t, key) => t.index_i64(key)?,
        None => {
            let kind = t.class_name(key);
            return Err(t.raise(Kind::TypeError, format!("string indices must be integers, not '{kind}'")));
        }
    };
    match arg::place(i, s.len()) {
        Some(i) => Ok(from_char(t, s.at(i))),
        None => Err(t.raise(Kind::IndexError, "string index out of range")),
    }
}

fn part<M: Memory>(t: &mut Thread<M>, o: &Obj<M>, key: &Obj<M>) -> R<M> {
    let s = text(o);
    let cut = slice::bounds(t, key, s.len())?;
    if cut.step == 1 {
        if cut.count == s.len() {
            return Ok(find::unchanged(t, o));
        }
        let start = cut.start as usize;
        return Ok(from_text(t, s.slice(start..start + cut.count)));
    }
    let mut out = TextBuf::with_capacity(cut.count);
    cut.indices().for_each(|i| out.push(s.at(i)));
    Ok(from_buf(t, out))
}

/// Iterates over the characters of a string.
pub(super) struct StrIter<M: Memory> {
    text: Held<M>,
    at: M::Cell,
}

// SAFETY: the shape is this struct's alone; `text` is its only reference.
unsafe impl<M: Memory> Payload<M> for StrIter<M> {
    const SHAPE: u32 = ids::STR_ITER;
    const LAYOUT: Layout = Layout::Other;
    fn visit(&self, f: &mut dyn FnMut(Word)) {
        f(self.text.word());
    }
}

fn iter<M: Memory>(t: &mut Thread<M>, o: &Obj<M>) -> R<M> {
    Ok(t.alloc(StrIter { text: Held::fresh(o.clone()), at: M::Cell::new(0) }))
}

fn next<M: Memory>(t: &mut Thread<M>, o: &Obj<M>) -> Result<Option<Obj<M>>, Raise> {
    let Some(it) = o.exact::<StrIter<M>>() else { return Ok(None) };
    let i = it.body.at.load() as usize;
    let Some(c) = text(&it.body.text).get(i) else { return Ok(None) };
    it.body.at.store(i as u64 + 1);
    Ok(Some(from_char(t, c)))
}

fn length_hint<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let left = args[0].exact::<StrIter<M>>();
    let left = left.map_or(0, |it| text(&it.body.text).len().saturating_sub(it.body.at.load() as usize));
    Ok(int::from_usize(t, left))
}

fn reduce_iter<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let builtins = t.intern("iter");
    let globals = crate::import::import_module(t, "builtins")?;
    let function = t.getattr(&globals, &builtins)?;
    let Some(it) = args[0].exact::<StrIter<M>>() else { return Ok(Obj::NONE) };
    let own = (*it.body.text).clone();
    let at = int::from_usize(t, it.body.at.load() as usize);
    let arguments = tuple::from_vec(t, vec![own]);
    Ok(tuple::from_vec(t, vec![function, arguments, at]))
}

fn set_state<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let i = t.index_i64(&args[1])?;
    if let Some(it) = args[0].exact::<StrIter<M>>() {
        it.body.at.store(i.max(0) as u64);
    }
    Ok(Obj::NONE)
}

/// Makes the iterator type.
pub(super) fn define_iterator<M: Memory>(t: &mut Thread<M>) {
    Builder::new::<StrIter<M>>(t, Builtin::StrIterator, "str_iterator")
        .is_final()
        .flag(crate::types::flags::NO_NEW)
        .slots(|s| {
            s.iter.set(Some(|_, o| Ok(o.clone())));
            s.next.set(Some(next));
        })
        .method("__length_hint__(self, /)", length_hint)
        .method("__reduce__(self, /)", reduce_iter)
        .method("__setstate__(self, state, /)", set_state)
        .finish();
}
