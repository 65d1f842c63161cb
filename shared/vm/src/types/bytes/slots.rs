//! The operators and protocols of `bytes`, and its iterator.

use super::construct::new_bytes;
use super::{from_slice, view};
use crate::args::Args;
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::format;
use crate::memory::{CellWord, Memory};
use crate::object::{Held, Layout, Obj, Payload, R, Raise};
use crate::types::build::Builder;
use crate::types::bytes::Bytes;
use crate::types::ids::{self, Builtin};
use crate::types::sequence::{has_index, repeat_count};
use crate::types::slots::{BinOp, CmpOp, Slots};
use crate::types::str::arg;
use crate::types::{buffer, int, slice, units};
use crate::value::Word;

fn data<M: Memory>(o: &Obj<M>) -> &[u8] {
    view(o).unwrap_or(b"")
}

/// Fills the slots.
pub(super) fn fill_slots<M: Memory>(s: &Slots<M>) {
    s.new.set(Some(new_bytes));
    s.repr.set(Some(|t, o| Ok(t.string(repr_bytes(data(o))))));
    s.str.set(Some(|t, o| Ok(t.string(repr_bytes(data(o))))));
    s.hash.set(Some(|t, o| Ok(o.cast::<Bytes<M>>().map_or(0, |b| b.body.hash(t)))));
    s.compare.set(Some(compare));
    s.iter.set(Some(|t, o| Ok(t.alloc(BytesIter { bytes: Held::fresh(o.clone()), at: M::Cell::new(0) }))));
    s.len.set(Some(|_, o| Ok(data(o).len())));
    s.getitem.set(Some(getitem));
    s.contains.set(Some(|t, o, item| contains_any(t, data(o), item)));
    s.bin[BinOp::Add as usize].set(Some(add));
    s.bin[BinOp::Mul as usize].set(Some(multiply));
    s.bin[BinOp::Mod as usize].set(Some(modulo));
}

/// `b'…'`
pub fn repr_bytes(b: &[u8]) -> String {
    let quote = if b.contains(&b'\'') && !b.contains(&b'"') { b'"' } else { b'\'' };
    let mut out = String::with_capacity(b.len() + 3);
    out.push('b');
    out.push(quote as char);
    for &c in b {
        match c {
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            b'\\' => out.push_str("\\\\"),
            _ if c == quote => out.extend(['\\', c as char]),
            32..127 => out.push(c as char),
            _ => out.push_str(&format!("\\x{c:02x}")),
        }
    }
    out.push(quote as char);
    out
}

/// Comparison with any bytes-like object.
pub(crate) fn compare<M: Memory>(t: &mut Thread<M>, a: &Obj<M>, b: &Obj<M>, op: CmpOp) -> R<M> {
    let (Some(x), Some(y)) = (buffer::get(t, a), buffer::get(t, b)) else { return Ok(Obj::not_implemented()) };
    Ok(Obj::bool(match op {
        CmpOp::Eq => x == y,
        CmpOp::Ne => x != y,
        _ => op.holds(x.cmp(&y)),
    }))
}

fn add<M: Memory>(t: &mut Thread<M>, a: &Obj<M>, b: &Obj<M>) -> R<M> {
    let Some(x) = view(a) else { return Ok(Obj::not_implemented()) };
    match buffer::get(t, b) {
        Some(y) => Ok(from_slice(t, &[x, &y].concat())),
        None if crate::types::sequence::may_know(t, b, BinOp::Add) => Ok(Obj::not_implemented()),
        None => Err(cannot_concat(t, a, b)),
    }
}

/// The error of adding something that has no bytes.
pub(crate) fn cannot_concat<M: Memory>(t: &mut Thread<M>, a: &Obj<M>, b: &Obj<M>) -> Raise {
    let (x, y) = (t.class_name(a), t.class_name(b));
    t.raise(Kind::TypeError, format!("can't concat {y} to {x}"))
}

fn multiply<M: Memory>(t: &mut Thread<M>, a: &Obj<M>, b: &Obj<M>) -> R<M> {
    let (s, other) = if view(a).is_some() { (a, b) } else { (b, a) };
    let Some(n) = repeat_count(t, other)? else { return Ok(Obj::not_implemented()) };
    match data(s).len().checked_mul(n).filter(|&n| n <= isize::MAX as usize) {
        Some(len) if len > units::MOST => Err(t.raise(Kind::MemoryError, "")),
        Some(_) => Ok(from_slice(t, &data(s).repeat(n))),
        None => Err(t.raise(Kind::OverflowError, "repeated bytes are too long")),
    }
}

/// `format % values` for `bytes` and `bytearray`.
pub(crate) fn modulo<M: Memory>(t: &mut Thread<M>, a: &Obj<M>, b: &Obj<M>) -> R<M> {
    match buffer::get(t, a) {
        Some(f) => {
            let made = format::percent_bytes(t, &f, b)?;
            Ok(super::methods::like(t, a, &made))
        }
        None => Ok(Obj::not_implemented()),
    }
}

/// One byte given as an integer.
pub(crate) fn byte_of<M: Memory>(t: &mut Thread<M>, o: &Obj<M>) -> Result<u8, Raise> {
    let i = match o.word().as_int() {
        Some(i) => Some(i),
        None => {
            let i = t.index(o)?;
            int::to_i64(&i)
        }
    };
    match i.and_then(|i| u8::try_from(i).ok()) {
        Some(b) => Ok(b),
        None => Err(t.raise(Kind::ValueError, "byte must be in range(0, 256)")),
    }
}

/// `item in bytes`: a byte or a run of bytes.
pub(crate) fn contains_any<M: Memory>(t: &mut Thread<M>, hay: &[u8], item: &Obj<M>) -> Result<bool, Raise> {
    if let Some(needle) = buffer::get(t, item) {
        return Ok(units::find(hay, &needle).is_some());
    }
    if !has_index(t, item) {
        let kind = t.class_name(item);
        return Err(t.raise(Kind::TypeError, format!("a bytes-like object is required, not '{kind}'")));
    }
    let byte = byte_of(t, item)?;
    Ok(hay.contains(&byte))
}

fn getitem<M: Memory>(t: &mut Thread<M>, o: &Obj<M>, key: &Obj<M>) -> R<M> {
    let b = data(o);
    if key.shape() == ids::SLICE {
        let cut = slice::bounds(t, key, b.len())?;
        if cut.step == 1 {
            if cut.count == b.len() && o.exact::<Bytes<M>>().is_some() {
                return Ok(o.clone());
            }
            let start = cut.start as usize;
            return Ok(from_slice(t, &b[start..start + cut.count]));
        }
        let picked: Vec<u8> = cut.indices().map(|i| b[i]).collect();
        return Ok(from_slice(t, &picked));
    }
    if !has_index(t, key) {
        let kind = t.class_name(key);
        return Err(t.raise(Kind::TypeError, format!("byte indices must be integers or slices, not {kind}")));
    }
    let i = t.index_i64(key)?;
    match arg::place(i, b.len()) {
        Some(i) => Ok(int::from_i64(t, b[i] as i64)),
        None => Err(t.raise(Kind::IndexError, "index out of range")),
    }
}

/// Iterates over the bytes.
pub(super) struct BytesIter<M: Memory> {
    bytes: Held<M>,
    at: M::Cell,
}

// SAFETY: the shape is this struct's alone; `bytes` is its only reference.
unsafe impl<M: Memory> Payload<M> for BytesIter<M> {
    const SHAPE: u32 = ids::BYTES_ITER;
    const LAYOUT: Layout = Layout::Other;
    fn visit(&self, f: &mut dyn FnMut(Word)) {
        f(self.bytes.word());
    }
}

fn next<M: Memory>(t: &mut Thread<M>, o: &Obj<M>) -> Result<Option<Obj<M>>, Raise> {
    let Some(it) = o.exact::<BytesIter<M>>() else { return Ok(None) };
    let i = it.body.at.load() as usize;
    let Some(&b) = data(&it.body.bytes).get(i) else { return Ok(None) };
    it.body.at.store(i as u64 + 1);
    Ok(Some(int::from_i64(t, b as i64)))
}

fn length_hint<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let left = args[0].exact::<BytesIter<M>>();
    let left = left.map_or(0, |it| data(&it.body.bytes).len().saturating_sub(it.body.at.load() as usize));
    Ok(int::from_usize(t, left))
}

/// Makes the iterator type.
pub(super) fn define_iterator<M: Memory>(t: &mut Thread<M>) {
    Builder::new::<BytesIter<M>>(t, Builtin::BytesIterator, "bytes_iterator")
        .is_final()
        .flag(crate::types::flags::NO_NEW)
        .slots(|s| {
            s.iter.set(Some(|_, o| Ok(o.clone())));
            s.next.set(Some(next));
        })
        .method("__length_hint__(self, /)", length_hint)
        .finish();
}
