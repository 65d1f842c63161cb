//! `slice`: three values, and what they mean for a sequence of a given length.

use num_bigint::BigInt;
use num_traits::{Signed, Zero};

use crate::args::{Args, Call};
use crate::context::{Context, Thread};
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::object::{Held, Layout, Obj, Payload, R, Raise};
use crate::types::build::Builder;
use crate::types::ids::{self, Builtin};
use crate::types::sequence::{self, has_index, saturating};
use crate::types::slots::CmpOp;
use crate::types::{TypeObj, int, tuple};
use crate::value::Word;

/// A slice. Immutable.
pub struct Slice<M: Memory> {
    /// First index, or `None`.
    pub start: Held<M>,
    /// Index behind the last, or `None`.
    pub stop: Held<M>,
    /// Step, or `None`.
    pub step: Held<M>,
}

// SAFETY: layout `Slice` is this struct's alone; all references are visited.
unsafe impl<M: Memory> Payload<M> for Slice<M> {
    const SHAPE: u32 = ids::SLICE;
    const LAYOUT: Layout = Layout::Slice;
    fn visit(&self, f: &mut dyn FnMut(Word)) {
        [&self.start, &self.stop, &self.step].into_iter().for_each(|h| f(h.word()));
    }
}

/// What a slice means for a sequence: `count` indices from `start` by `step`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// First index.
    pub start: i64,
    /// Index that ends it, exclusive; −1 when a backward slice goes to the beginning.
    pub stop: i64,
    /// Never zero.
    pub step: i64,
    /// How many indices.
    pub count: usize,
}

impl Bounds {
    /// The indices.
    pub fn indices(self) -> impl DoubleEndedIterator<Item = usize> + ExactSizeIterator {
        (0..self.count).map(move |i| (self.start + i as i64 * self.step) as usize)
    }

    /// The range `start..end` of a slice with step 1 (empty ones included).
    pub fn range(self) -> (usize, usize) {
        (self.start as usize, self.start as usize + self.count)
    }
}

/// A slice of these three.
pub fn new<M: Memory>(ctx: &Context<M>, start: Obj<M>, stop: Obj<M>, step: Obj<M>) -> Obj<M> {
    ctx.alloc(Slice { start: Held::fresh(start), stop: Held::fresh(stop), step: Held::fresh(step) })
}

/// Is it a slice?
#[inline]
pub fn is_slice<M: Memory>(obj: &Obj<M>) -> bool {
    obj.exact::<Slice<M>>().is_some()
}

fn part<M: Memory>(t: &mut Thread<M>, value: &Obj<M>, default: i64) -> Result<i64, Raise> {
    if let Some(i) = value.word().as_int() {
        return Ok(i);
    }
    if value.is_none() {
        return Ok(default);
    }
    if !has_index(t, value) {
        return Err(index_error(t));
    }
    saturating(t, value)
}

#[cold]
fn index_error<M: Memory>(t: &mut Thread<M>) -> Raise {
    t.raise(Kind::TypeError, "slice indices must be integers or None or have an __index__ method")
}

/// Step, start and stop as integers, not yet cut to any length.
fn unpack<M: Memory>(t: &mut Thread<M>, slice: &Slice<M>) -> Result<(i64, i64, i64), Raise> {
    let step = part(t, &slice.step, 1)?.max(-i64::MAX);
    if step == 0 {
        return Err(t.raise(Kind::ValueError, "slice step cannot be zero"));
    }
    let (first, last) = if step < 0 { (i64::MAX, i64::MIN) } else { (0, i64::MAX) };
    Ok((part(t, &slice.start, first)?, part(t, &slice.stop, last)?, step))
}

/// The three numbers of a slice, not yet cut to any length: what is known of it before a section is entered.
#[derive(Clone, Copy)]
pub struct Steps {
    start: i64,
    stop: i64,
    step: i64,
}

impl Steps {
    /// Are they those of neighbours in order?
    pub fn is_plain(self) -> bool {
        self.step == 1
    }

    /// What they mean for a sequence of that length.
    pub fn bounds(self, len: usize) -> Bounds {
        adjust(self.start, self.stop, self.step, len)
    }
}

/// The numbers of a slice. May run `__index__`, so the length is to be asked for afterwards, inside the section where
/// the slice is used: another thread may change it at any time.
pub fn steps<M: Memory>(t: &mut Thread<M>, slice: &Obj<M>) -> Result<Steps, Raise> {
    let Some(s) = slice.exact::<Slice<M>>() else { return Err(index_error(t)) };
    let (start, stop, step) = unpack(t, &s.body)?;
    Ok(Steps { start, stop, step })
}

/// What the three numbers mean for a sequence of that length.
pub fn adjust(start: i64, stop: i64, step: i64, len: usize) -> Bounds {
    let n = len as i64;
    let cut = |i: i64| {
        let i = if i < 0 { i.saturating_add(n) } else { i };
        if step < 0 { i.clamp(-1, n - 1) } else { i.clamp(0, n) }
    };
    let (start, stop) = (cut(start), cut(stop));
    let count = if step == 1 || step == -1 {
        // No division for the common steps.
        ((stop - start) * step).max(0)
    } else if step < 0 && stop < start {
        (start - stop - 1) / -step + 1
    } else if step > 0 && start < stop {
        (stop - start - 1) / step + 1
    } else {
        0
    };
    Bounds { start, stop, step, count: count as usize }
}

/// What a slice means for a sequence of that length, which does not change.
pub fn bounds<M: Memory>(t: &mut Thread<M>, slice: &Obj<M>, len: usize) -> Result<Bounds, Raise> {
    Ok(steps(t, slice)?.bounds(len))
}

fn construct<M: Memory>(t: &mut Thread<M>, _class: &TypeObj<M>, call: Call<'_, M>) -> R<M> {
    let [a, b, c] = sequence::bind(t, "slice", ["start", "stop", "step"], 1, 3, call)?;
    let own = |o: Option<&Obj<M>>| o.cloned().unwrap_or(Obj::NONE);
    Ok(match b {
        None => new(t, Obj::NONE, own(a), Obj::NONE),
        _ => new(t, own(a), own(b), own(c)),
    })
}

fn repr<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    let s = &sequence::this::<M, Slice<M>>(t, obj)?.body;
    let mut text = String::from("slice(");
    for (i, part) in [&s.start, &s.stop, &s.step].into_iter().enumerate() {
        if i > 0 {
            text.push_str(", ");
        }
        sequence::push_repr(t, &mut text, part)?;
    }
    text.push(')');
    Ok(t.string(text))
}

fn parts<M: Memory>(s: &Slice<M>) -> [Obj<M>; 3] {
    [(*s.start).clone(), (*s.stop).clone(), (*s.step).clone()]
}

fn hash<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> Result<i64, Raise> {
    let s = &sequence::this::<M, Slice<M>>(t, obj)?.body;
    let key = tuple::from_array(t, parts(s));
    t.hash(&key)
}

fn compare<M: Memory>(t: &mut Thread<M>, a: &Obj<M>, b: &Obj<M>, op: CmpOp) -> R<M> {
    let (Some(x), Some(y)) = (a.exact::<Slice<M>>(), b.exact::<Slice<M>>()) else {
        return Ok(Obj::not_implemented());
    };
    let (x, y) = (tuple::from_array(t, parts(&x.body)), tuple::from_array(t, parts(&y.body)));
    t.compare(&x, &y, op)
}

fn big<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> Result<Option<BigInt>, Raise> {
    if obj.is_none() {
        return Ok(None);
    }
    if !has_index(t, obj) {
        return Err(index_error(t));
    }
    let index = t.index(obj)?;
    Ok(int::to_big(&index))
}

/// `slice.indices(length)`, for lengths of any size.
fn indices<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let s = &sequence::this::<M, Slice<M>>(t, &args[0])?.body;
    let length = t.index(&args[1])?;
    let length = int::to_big(&length).unwrap_or_default();
    if length.is_negative() {
        return Err(t.raise(Kind::ValueError, "length should not be negative"));
    }
    let step = big(t, &s.step)?.unwrap_or_else(|| BigInt::from(1));
    if step.is_zero() {
        return Err(t.raise(Kind::ValueError, "slice step cannot be zero"));
    }
    let (low, high) = if step.is_negative() { (BigInt::from(-1), &length - 1) } else { (BigInt::ZERO, length.clone()) };
    let (first, last) = if step.is_negative() { (&high, &low) } else { (&low, &high) };
    let cut = |i: Option<BigInt>, default: &BigInt| match i {
        None => default.clone(),
        Some(i) => (if i.is_negative() { i + &length } else { i }).clamp(low.clone(), high.clone()),
    };
    let start = cut(big(t, &s.start)?, first);
    let stop = cut(big(t, &s.stop)?, last);
    let items = [int::from_big(t, start), int::from_big(t, stop), int::from_big(t, step)];
    Ok(tuple::from_array(t, items))
}

fn reduce<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let s = &sequence::this::<M, Slice<M>>(t, &args[0])?.body;
    let class = t.builtin(Builtin::Slice).to_obj();
    let state = tuple::from_array(t, parts(s));
    Ok(tuple::from_array(t, [class, state]))
}

/// Makes the type.
pub fn define<M: Memory>(t: &mut Thread<M>) {
    Builder::new::<Slice<M>>(t, Builtin::Slice, "slice")
        .is_final()
        .doc("slice(stop)\nslice(start, stop[, step])\n\nCreate a slice object.")
        .slots(|s| {
            s.new.set(Some(construct));
            s.repr.set(Some(repr));
            s.hash.set(Some(hash));
            s.compare.set(Some(compare));
        })
        .getter("start", |t, o| Ok((*sequence::this::<M, Slice<M>>(t, o)?.body.start).clone()))
        .getter("stop", |t, o| Ok((*sequence::this::<M, Slice<M>>(t, o)?.body.stop).clone()))
        .getter("step", |t, o| Ok((*sequence::this::<M, Slice<M>>(t, o)?.body.step).clone()))
        .method("indices(self, length, /)", indices)
        .method("__reduce__(self, /)", reduce)
        .classmethod("__class_getitem__(cls, item, /)", crate::types::alias::class_getitem)
        .finish();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_cut_to_the_sequence() {
        let b = |start, stop, step, len| {
            let b = adjust(start, stop, step, len);
            (b.start, b.count)
        };
        assert_eq!(b(0, i64::MAX, 1, 5), (0, 5));
        assert_eq!(b(-2, i64::MAX, 1, 5), (3, 2));
        assert_eq!(b(i64::MAX, i64::MIN, -1, 5), (4, 5));
        assert_eq!(b(10, 0, 1, 5), (5, 0));
        assert_eq!(b(4, 0, -2, 5), (4, 2));
        assert_eq!(b(i64::MAX, i64::MIN, -i64::MAX, 3), (2, 1));
    }
}
