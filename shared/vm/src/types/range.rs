//! `range`: start, stop and step with a length that is nearly always a machine word; integers of any size otherwise.

use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{Signed, ToPrimitive, Zero};

use crate::args::{Args, Call};
use crate::context::{Context, Thread};
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::object::{Held, Layout, Obj, Object, Payload, R, Raise};
use crate::types::build::Builder;
use crate::types::ids::{self, Builtin};
use crate::types::sequence::{self, has_index, this};
use crate::types::slots::CmpOp;
use crate::types::{TypeObj, flags, int, iterators, slice, tuple};
use crate::value::Word;

/// A range. Immutable.
pub struct Range<M: Memory> {
    start: Held<M>,
    stop: Held<M>,
    step: Held<M>,
    /// Number of items when start, stop, step and every item fit words; −1: use big integers.
    len: i64,
}

// SAFETY: layout `Range` is this struct's alone; all references are visited.
unsafe impl<M: Memory> Payload<M> for Range<M> {
    const SHAPE: u32 = ids::RANGE;
    const LAYOUT: Layout = Layout::Range;
    fn visit(&self, f: &mut dyn FnMut(Word)) {
        [&self.start, &self.stop, &self.step].into_iter().for_each(|h| f(h.word()));
    }
}

impl<M: Memory> Range<M> {
    /// Start, step and number of items, if all fit words.
    #[inline(always)]
    pub fn small(&self) -> Option<(i64, i64, i64)> {
        if self.len < 0 {
            return None;
        }
        Some((self.start.word().int_value(), self.step.word().int_value(), self.len))
    }

    fn big(&self) -> (BigInt, BigInt, BigInt) {
        let big = |h: &Held<M>| int::to_big(h).unwrap_or_default();
        (big(&self.start), big(&self.stop), big(&self.step))
    }

    fn big_len(&self) -> BigInt {
        if self.len >= 0 {
            return self.len.into();
        }
        let (start, stop, step) = self.big();
        count(&start, &stop, &step)
    }
}

fn count(start: &BigInt, stop: &BigInt, step: &BigInt) -> BigInt {
    let (low, high, step) = if step.is_negative() { (stop, start, -step) } else { (start, stop, step.clone()) };
    if low >= high { BigInt::ZERO } else { (high - low - 1u32) / step + 1u32 }
}

/// Number of items of a range of words.
#[inline]
pub fn len_of(start: i64, stop: i64, step: i64) -> i64 {
    if step > 0 && start < stop {
        (stop - start - 1) / step + 1
    } else if step < 0 && stop < start {
        (start - stop - 1) / -step + 1
    } else {
        0
    }
}

/// A range of integer objects; the step is not zero.
pub fn new<M: Memory>(ctx: &Context<M>, start: Obj<M>, stop: Obj<M>, step: Obj<M>) -> Obj<M> {
    let len = match (start.word().as_int(), stop.word().as_int(), step.word().as_int()) {
        (Some(a), Some(b), Some(s)) => len_of(a, b, s),
        _ => -1,
    };
    ctx.alloc(Range { start: Held::fresh(start), stop: Held::fresh(stop), step: Held::fresh(step), len })
}

/// Start, stop and step of a range object whose items fit words.
#[inline(always)]
pub fn as_small<M: Memory>(obj: &Obj<M>) -> Option<(i64, i64, i64)> {
    let r = &obj.exact::<Range<M>>()?.body;
    r.small().map(|(start, step, _)| (start, r.stop.word().int_value(), step))
}

/// Start, step and number of items of a range object whose items fit words.
#[inline(always)]
pub fn small<M: Memory>(obj: &Obj<M>) -> Option<(i64, i64, i64)> {
    obj.exact::<Range<M>>()?.body.small()
}

fn construct<M: Memory>(t: &mut Thread<M>, _class: &TypeObj<M>, call: Call<'_, M>) -> R<M> {
    let [a, b, c] = sequence::bind(t, "range", ["start", "stop", "step"], 1, 3, call)?;
    let mut whole = |o: &Obj<M>| if o.word().is_int() { Ok(o.clone()) } else { t.index(o) };
    let first = whole(a.expect("required"))?;
    let (start, stop) = match b {
        None => (int::from_i64(t, 0), first),
        Some(b) => (first, whole(b)?),
    };
    let step = match c {
        None => int::from_i64(t, 1),
        Some(c) if c.word().is_int() => c.clone(),
        Some(c) => t.index(c)?,
    };
    if step.word() == Word::small(0) {
        return Err(t.raise(Kind::ValueError, "range() arg 3 must not be zero"));
    }
    Ok(new(t, start, stop, step))
}

fn range<'a, M: Memory>(t: &mut Thread<M>, obj: &'a Obj<M>) -> Result<&'a Object<M, Range<M>>, Raise> {
    this::<M, Range<M>>(t, obj)
}

fn len<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> Result<usize, Raise> {
    let r = &range(t, obj)?.body;
    match r.big_len().to_i64() {
        Some(n) => Ok(n as usize),
        None => Err(t.raise(Kind::OverflowError, "Python int too large to convert to C ssize_t")),
    }
}

fn bool<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> Result<bool, Raise> {
    Ok(!range(t, obj)?.body.big_len().is_zero())
}

fn repr<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    let r = &range(t, obj)?.body;
    let mut text = String::from("range(");
    sequence::push_repr(t, &mut text, &r.start)?;
    text.push_str(", ");
    sequence::push_repr(t, &mut text, &r.stop)?;
    if r.step.word() != Word::small(1) {
        text.push_str(", ");
        sequence::push_repr(t, &mut text, &r.step)?;
    }
    text.push(')');
    Ok(t.string(text))
}

fn getitem<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, key: &Obj<M>) -> R<M> {
    let r = &range(t, obj)?.body;
    if slice::is_slice(key) {
        return get_slice(t, obj, key);
    }
    if let (Some((start, step, len)), Some(i)) = (r.small(), key.word().as_int()) {
        return match sequence::place(i, len as usize) {
            Some(i) => Ok(int::from_i64(t, start + i as i64 * step)),
            None => Err(t.raise(Kind::IndexError, "range object index out of range")),
        };
    }
    if !has_index(t, key) {
        let class = t.class_name(key);
        let message = format!("range indices must be integers or slices, not {class}");
        return Err(t.raise(Kind::TypeError, message));
    }
    let index = t.index(key)?;
    let mut i = int::to_big(&index).unwrap_or_default();
    let (start, _, step) = r.big();
    let len = r.big_len();
    if i.is_negative() {
        i += &len;
    }
    if i.is_negative() || i >= len {
        return Err(t.raise(Kind::IndexError, "range object index out of range"));
    }
    Ok(int::from_big(t, start + i * step))
}

fn get_slice<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, key: &Obj<M>) -> R<M> {
    let r = &range(t, obj)?.body;
    let len = int::from_big(t, r.big_len());
    let indices = t.call_method(key, "indices", &[len])?;
    let [first, last, by] = tuple::items(&indices) else {
        return Err(t.raise(Kind::SystemError, "slice.indices returned no triple"));
    };
    let big = |o: &Obj<M>| int::to_big(o).unwrap_or_default();
    let (start, _, step) = r.big();
    let parts = [&start + big(first) * &step, &start + big(last) * &step, big(by) * &step];
    let [a, b, c] = parts.map(|p| int::from_big(t, p));
    Ok(new(t, a, b, c))
}

/// Place of an integer in the range.
fn find<M: Memory>(r: &Range<M>, item: &Obj<M>) -> Option<BigInt> {
    if let (Some((start, step, len)), Some(i)) = (r.small(), item.word().as_int()) {
        let (at, rest) = (i - start).div_mod_floor(&step);
        return if rest == 0 && at >= 0 && at < len { Some(at.into()) } else { None };
    }
    let (start, _, step) = r.big();
    let (at, rest) = (int::to_big(item)? - start).div_mod_floor(&step);
    if rest.is_zero() && !at.is_negative() && at < r.big_len() { Some(at) } else { None }
}

fn is_integer<M: Memory>(t: &Thread<M>, obj: &Obj<M>) -> bool {
    obj.word().is_int() || obj.word().is_bool() || t.class_of(obj).body.shape() == ids::INT
}

fn contains<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, item: &Obj<M>) -> Result<bool, Raise> {
    let r = &range(t, obj)?.body;
    if is_integer(t, item) {
        return Ok(find(r, item).is_some());
    }
    Ok(search(t, obj, item, true)?.is_some())
}

/// Place of the first item equal to a value that is no integer (or how many, when `first` is false).
fn search<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, item: &Obj<M>, first: bool) -> Result<Option<usize>, Raise> {
    let it = t.iter(obj)?;
    let (mut i, mut n) = (0, 0);
    while let Some(candidate) = t.next(&it)? {
        t.poll()?;
        if t.eq(&candidate, item)? {
            if first {
                return Ok(Some(i));
            }
            n += 1;
        }
        i += 1;
    }
    Ok(if first { None } else { Some(n) })
}

fn index<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let r = &range(t, &args[0])?.body;
    let place = if is_integer(t, &args[1]) {
        find(r, &args[1])
    } else {
        search(t, &args[0], &args[1], true)?.map(BigInt::from)
    };
    match place {
        Some(i) => Ok(int::from_big(t, i)),
        None if is_integer(t, &args[1]) => {
            let mut text = String::new();
            sequence::push_repr(t, &mut text, &args[1])?;
            Err(t.raise(Kind::ValueError, format!("{text} is not in range")))
        }
        None => Err(t.raise(Kind::ValueError, "sequence.index(x): x not in sequence")),
    }
}

fn count_method<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let r = &range(t, &args[0])?.body;
    let n = if is_integer(t, &args[1]) {
        find(r, &args[1]).is_some() as usize
    } else {
        search(t, &args[0], &args[1], false)?.unwrap_or(0)
    };
    Ok(int::from_usize(t, n))
}

/// What makes two ranges equal: length, then start, then step.
fn identity<M: Memory>(t: &mut Thread<M>, r: &Range<M>) -> [Obj<M>; 3] {
    let len = r.big_len();
    let start = if len.is_zero() { Obj::NONE } else { (*r.start).clone() };
    let step = if len <= BigInt::from(1) { Obj::NONE } else { (*r.step).clone() };
    [int::from_big(t, len), start, step]
}

fn compare<M: Memory>(t: &mut Thread<M>, a: &Obj<M>, b: &Obj<M>, op: CmpOp) -> R<M> {
    let (Some(x), Some(y)) = (a.exact::<Range<M>>(), b.exact::<Range<M>>()) else {
        return Ok(Obj::not_implemented());
    };
    if !matches!(op, CmpOp::Eq | CmpOp::Ne) {
        return Ok(Obj::not_implemented());
    }
    let (x, y) = (identity(t, &x.body), identity(t, &y.body));
    for (x, y) in x.iter().zip(&y) {
        if !t.eq(x, y)? {
            return Ok(Obj::bool(op == CmpOp::Ne));
        }
    }
    Ok(Obj::bool(op == CmpOp::Eq))
}

fn hash<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> Result<i64, Raise> {
    let r = &range(t, obj)?.body;
    let key = identity(t, r);
    let key = tuple::from_array(t, key);
    t.hash(&key)
}

fn iter<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    let r = &range(t, obj)?.body;
    Ok(match r.small() {
        Some((start, step, len)) => iterators::range_iterator(t, start, step, len),
        None => {
            let (start, _, step) = r.big();
            iterators::big_range_iterator(t, start, step, r.big_len())
        }
    })
}

fn reversed<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let r = &range(t, &args[0])?.body;
    if let Some((start, step, len)) = r.small() {
        return Ok(iterators::range_iterator(t, start + (len - 1).max(0) * step, -step, len));
    }
    let ((start, _, step), len) = (r.big(), r.big_len());
    let last = start + (&len - 1) * &step;
    Ok(iterators::big_range_iterator(t, last, -step, len))
}

fn reduce<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let r = &range(t, &args[0])?.body;
    let class = t.builtin(Builtin::Range).to_obj();
    let state = [(*r.start).clone(), (*r.stop).clone(), (*r.step).clone()];
    let state = tuple::from_array(t, state);
    Ok(tuple::from_array(t, [class, state]))
}

/// Makes the type.
pub fn define<M: Memory>(t: &mut Thread<M>) {
    Builder::new::<Range<M>>(t, Builtin::Range, "range")
        .is_final()
        .flag(flags::SEQUENCE)
        .doc("range(stop) -> range object\nrange(start, stop[, step]) -> range object")
        .slots(|s| {
            s.new.set(Some(construct));
            s.repr.set(Some(repr));
            s.hash.set(Some(hash));
            s.compare.set(Some(compare));
            s.len.set(Some(len));
            s.bool.set(Some(bool));
            s.getitem.set(Some(getitem));
            s.contains.set(Some(contains));
            s.iter.set(Some(iter));
        })
        .getter("start", |t, o| Ok((*range(t, o)?.body.start).clone()))
        .getter("stop", |t, o| Ok((*range(t, o)?.body.stop).clone()))
        .getter("step", |t, o| Ok((*range(t, o)?.body.step).clone()))
        .method("index(self, value, /)", index)
        .method("count(self, value, /)", count_method)
        .method("__reversed__(self, /)", reversed)
        .method("__reduce__(self, /)", reduce)
        .finish();
}
