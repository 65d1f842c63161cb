//! Iterators of the sequence types, over `__getitem__` and over callables.
//!
//! Every iterator keeps immutable references and a few counters in cells. Two threads that share one may get an item
//! twice or miss one; nothing is freed under them, because the references never change.

pub mod combine;
pub mod enumerate;

use num_bigint::BigInt;

use crate::args::Args;
use crate::context::{Context, Thread};
use crate::exceptions::Kind;
use crate::memory::{CellWord, Memory};
use crate::object::{Held, Layout, Lent, Obj, Payload, R, Raise};
use crate::types::build::Builder;
use crate::types::ids::{self, Builtin};
use crate::types::list::List;
use crate::types::sequence::{builtin_function, saturating, this_exact};
use crate::types::tuple::Tuple;
use crate::types::{int, list, tuple};
use crate::value::Word;

/// Counter of an iterator that has ended.
pub const DONE: u64 = u64::MAX;

/// What an iterator's `next` slot returns.
pub type Next<M> = Result<Option<Obj<M>>, Raise>;

macro_rules! payload {
    ($(#[$doc:meta])* $name:ident $shape:ident { $($held:ident),* } $({ $lent:ident })? $([ $slot:ident ])? $($field:ident: $ty:ty),*) => {
        $(#[$doc])*
        pub(crate) struct $name<M: Memory> { $($held: Held<M>,)* $($lent: crate::object::Lent<M>,)? $($slot: crate::object::Slot<M>,)? $($field: $ty,)* }
        // SAFETY: told apart by its shape, which is this struct's alone; all references are visited.
        unsafe impl<M: Memory> Payload<M> for $name<M> {
            const SHAPE: u32 = ids::$shape;
            const LAYOUT: Layout = Layout::Other;
            #[allow(unused_variables)]
            fn visit(&self, f: &mut dyn FnMut(Word)) { $(f(self.$held.word());)* $(f(self.$lent.word());)? $(f(self.$slot.word());)? }
        }
    };
}
pub(crate) use payload;

payload! {
    /// Over a list, forwards.
    ListIter LIST_ITER { } { list } index: M::Cell
}
payload! {
    /// Over a list, backwards; the counter is the index plus one.
    ListReverseIter LIST_REVERSE_ITER { } { list } index: M::Cell
}
payload! {
    /// Over a tuple.
    TupleIter TUPLE_ITER { } { tuple } index: M::Cell
}
payload! {
    /// Over a range: item number `index` is `start + index * step`.
    RangeIter RANGE_ITER { } index: M::Cell, start: i64, step: i64, len: i64, big: Option<Box<BigRange>>
}
payload! {
    /// Over anything with `__getitem__`.
    SeqIter SEQ_ITER { } { seq } index: M::Cell
}
payload! {
    /// Calls until the sentinel comes back.
    CallIter CALLABLE_ITER { callable, sentinel } index: M::Cell
}

/// The parts of a range iterator that do not fit words.
pub struct BigRange {
    start: BigInt,
    step: BigInt,
    len: BigInt,
}

/// A new iterator with the container that it goes over.
#[inline(always)]
pub(crate) fn lending<M: Memory, P: Payload<M>>(
    ctx: &Context<M>,
    payload: P,
    field: impl FnOnce(&P) -> &Lent<M>,
    container: &Obj<M>,
) -> Obj<M> {
    let it = ctx.alloc(payload);
    // SAFETY: just made with this payload; the field is empty.
    unsafe { field(&it.cast_unchecked::<P>().body).fill(ctx, container) };
    it
}

/// Over a list.
#[inline]
pub fn list_iterator<M: Memory>(ctx: &Context<M>, list: &Obj<M>) -> Obj<M> {
    let it = ListIter { list: Lent::empty(), index: M::Cell::new(0) };
    lending(ctx, it, |it| &it.list, list)
}

/// Over a list, backwards.
pub fn list_reverse_iterator<M: Memory>(ctx: &Context<M>, list: &Obj<M>) -> Obj<M> {
    let it = ListReverseIter { list: Lent::empty(), index: M::Cell::new(list::len(list) as u64) };
    lending(ctx, it, |it| &it.list, list)
}

/// Over a tuple.
#[inline]
pub fn tuple_iterator<M: Memory>(ctx: &Context<M>, tuple: &Obj<M>) -> Obj<M> {
    let it = TupleIter { tuple: Lent::empty(), index: M::Cell::new(0) };
    lending(ctx, it, |it| &it.tuple, tuple)
}

/// Over a range of words.
#[inline]
pub fn range_iterator<M: Memory>(ctx: &Context<M>, start: i64, step: i64, len: i64) -> Obj<M> {
    ctx.alloc(RangeIter::<M> { index: M::Cell::new(0), start, step, len, big: None })
}

/// Over a range of any integers.
pub fn big_range_iterator<M: Memory>(ctx: &Context<M>, start: BigInt, step: BigInt, len: BigInt) -> Obj<M> {
    let big = Some(Box::new(BigRange { start, step, len }));
    ctx.alloc(RangeIter::<M> { index: M::Cell::new(0), start: 0, step: 0, len: i64::MAX, big })
}

/// Over anything with `__getitem__`.
pub fn sequence_iterator<M: Memory>(ctx: &Context<M>, seq: &Obj<M>) -> Obj<M> {
    let it = SeqIter { seq: Lent::empty(), index: M::Cell::new(0) };
    lending(ctx, it, |it| &it.seq, seq)
}

/// `iter(callable, sentinel)`
pub fn callable_iterator<M: Memory>(ctx: &Context<M>, callable: Obj<M>, sentinel: Obj<M>) -> Obj<M> {
    let (callable, sentinel) = (Held::fresh(callable), Held::fresh(sentinel));
    ctx.alloc(CallIter { callable, sentinel, index: M::Cell::new(0) })
}

// ---- Lists.

fn list_next<M: Memory>(t: &mut Thread<M>, it: &Obj<M>) -> Next<M> {
    let it = &this_exact::<M, ListIter<M>>(t, it)?.body;
    let i = it.index.load();
    if i == DONE {
        return Ok(None);
    }
    let Some(o) = it.list.cast::<List<M>>() else { return Ok(None) };
    match o.body.get(t, &o.head, i as usize) {
        Some(value) => {
            it.index.store(i + 1);
            Ok(Some(value.own()))
        }
        None => {
            it.index.store(DONE);
            Ok(None)
        }
    }
}

fn list_hint<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let it = &this_exact::<M, ListIter<M>>(t, &args[0])?.body;
    let left = match it.index.load() {
        DONE => 0,
        i => list::len(&it.list).saturating_sub(i as usize),
    };
    Ok(int::from_usize(t, left))
}

/// `(iter, (sequence,), index)`, or an iterator over `()` when it has ended.
fn reduce_as<M: Memory>(t: &mut Thread<M>, function: &str, seq: &Obj<M>, state: Option<i64>) -> R<M> {
    match state {
        Some(i) => {
            let function = builtin_function(t, function)?;
            let parts = [function, tuple::from_array(t, [seq.clone()]), int::from_i64(t, i)];
            Ok(tuple::from_array(t, parts))
        }
        None => {
            let function = builtin_function(t, "iter")?;
            let plain = seq.shape() != ids::LIST;
            let nothing = if plain { tuple::empty(t) } else { list::from_vec(t, Vec::new()) };
            let nothing = tuple::from_array(t, [nothing]);
            Ok(tuple::from_array(t, [function, nothing]))
        }
    }
}

fn state_of(index: u64) -> Option<i64> {
    if index == DONE { None } else { Some(index as i64) }
}

fn list_reduce<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let it = &this_exact::<M, ListIter<M>>(t, &args[0])?.body;
    reduce_as(t, "iter", &it.list, state_of(it.index.load()))
}

fn list_setstate<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let it = &this_exact::<M, ListIter<M>>(t, &args[0])?.body;
    let i = saturating(t, &args[1])?;
    if it.index.load() != DONE {
        it.index.store(i.clamp(0, list::len(&it.list) as i64) as u64);
    }
    Ok(Obj::NONE)
}

fn list_reverse_next<M: Memory>(t: &mut Thread<M>, it: &Obj<M>) -> Next<M> {
    let it = &this_exact::<M, ListReverseIter<M>>(t, it)?.body;
    let i = it.index.load();
    if i == 0 {
        return Ok(None);
    }
    let Some(o) = it.list.cast::<List<M>>() else { return Ok(None) };
    match o.body.get(t, &o.head, i as usize - 1) {
        Some(value) => {
            it.index.store(i - 1);
            Ok(Some(value.own()))
        }
        None => {
            it.index.store(0);
            Ok(None)
        }
    }
}

fn list_reverse_hint<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let it = &this_exact::<M, ListReverseIter<M>>(t, &args[0])?.body;
    let i = it.index.load() as usize;
    let left = if i > list::len(&it.list) { 0 } else { i };
    Ok(int::from_usize(t, left))
}

fn list_reverse_reduce<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let it = &this_exact::<M, ListReverseIter<M>>(t, &args[0])?.body;
    let i = it.index.load();
    reduce_as(t, "reversed", &it.list, if i == 0 { None } else { Some(i as i64 - 1) })
}

fn list_reverse_setstate<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let it = &this_exact::<M, ListReverseIter<M>>(t, &args[0])?.body;
    let i = saturating(t, &args[1])?;
    if it.index.load() != 0 {
        it.index.store((i.clamp(-1, list::len(&it.list) as i64 - 1) + 1) as u64);
    }
    Ok(Obj::NONE)
}

// ---- Tuples.

fn tuple_next<M: Memory>(t: &mut Thread<M>, it: &Obj<M>) -> Next<M> {
    let it = &this_exact::<M, TupleIter<M>>(t, it)?.body;
    let i = it.index.load();
    let Some(o) = it.tuple.cast::<Tuple<M>>() else { return Ok(None) };
    match o.body.items().get(i as usize) {
        Some(value) => {
            it.index.store(i + 1);
            Ok(Some(value.clone()))
        }
        None => Ok(None),
    }
}

fn tuple_hint<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let it = &this_exact::<M, TupleIter<M>>(t, &args[0])?.body;
    let left = tuple::items(&it.tuple).len().saturating_sub(it.index.load() as usize);
    Ok(int::from_usize(t, left))
}

fn tuple_reduce<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let it = &this_exact::<M, TupleIter<M>>(t, &args[0])?.body;
    let i = it.index.load();
    let live = (i as usize) < tuple::items(&it.tuple).len();
    reduce_as(t, "iter", &it.tuple, live.then_some(i as i64))
}

fn tuple_setstate<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let it = &this_exact::<M, TupleIter<M>>(t, &args[0])?.body;
    let i = saturating(t, &args[1])?;
    it.index.store(i.clamp(0, tuple::items(&it.tuple).len() as i64) as u64);
    Ok(Obj::NONE)
}

// ---- Ranges.

fn range_next<M: Memory>(t: &mut Thread<M>, it: &Obj<M>) -> Next<M> {
    let it = &this_exact::<M, RangeIter<M>>(t, it)?.body;
    let i = it.index.load() as i64;
    if i >= it.len {
        return Ok(None);
    }
    if let Some(big) = &it.big {
        if BigInt::from(i) >= big.len {
            return Ok(None);
        }
        it.index.store(i as u64 + 1);
        return Ok(Some(int::from_big(t, &big.start + i * &big.step)));
    }
    it.index.store(i as u64 + 1);
    Ok(Some(int::from_i64(t, it.start + i * it.step)))
}

fn range_hint<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let it = &this_exact::<M, RangeIter<M>>(t, &args[0])?.body;
    let i = it.index.load() as i64;
    Ok(match &it.big {
        Some(big) => int::from_big(t, (&big.len - i).max(BigInt::ZERO)),
        None => int::from_i64(t, (it.len - i).max(0)),
    })
}

/// `(iter, (range,), index)`
fn range_reduce<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let it = &this_exact::<M, RangeIter<M>>(t, &args[0])?.body;
    let (start, step, len) = match &it.big {
        Some(big) => (big.start.clone(), big.step.clone(), big.len.clone()),
        None => (it.start.into(), it.step.into(), it.len.into()),
    };
    let stop = &start + &len * &step;
    let [a, b, c] = [start, stop, step].map(|n| int::from_big(t, n));
    let range = crate::types::range::new(t, a, b, c);
    reduce_as(t, "iter", &range, Some(it.index.load() as i64))
}

fn range_setstate<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let it = &this_exact::<M, RangeIter<M>>(t, &args[0])?.body;
    let i = saturating(t, &args[1])?;
    it.index.store(i.clamp(0, it.len) as u64);
    Ok(Obj::NONE)
}

// ---- `__getitem__` and callables.

fn seq_next<M: Memory>(t: &mut Thread<M>, it: &Obj<M>) -> Next<M> {
    let it = &this_exact::<M, SeqIter<M>>(t, it)?.body;
    let i = it.index.load();
    if i == DONE {
        return Ok(None);
    }
    let index = int::from_i64(t, i as i64);
    match t.getitem(&it.seq, &index) {
        Ok(value) => {
            it.index.store(i + 1);
            Ok(Some(value))
        }
        Err(_) if t.raised_is(Kind::IndexError) || t.raised_is(Kind::StopIteration) => {
            t.clear_raised();
            it.index.store(DONE);
            Ok(None)
        }
        Err(raise) => Err(raise),
    }
}

fn seq_hint<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let it = &this_exact::<M, SeqIter<M>>(t, &args[0])?.body;
    let i = it.index.load();
    if i == DONE {
        return Ok(int::from_i64(t, 0));
    }
    if t.class_of(&it.seq).body.slots.len.get().is_none() {
        return Ok(Obj::not_implemented());
    }
    let len = t.len(&it.seq)?;
    Ok(int::from_usize(t, len.saturating_sub(i as usize)))
}

fn seq_reduce<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let it = &this_exact::<M, SeqIter<M>>(t, &args[0])?.body;
    reduce_as(t, "iter", &it.seq, state_of(it.index.load()))
}

fn seq_setstate<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let it = &this_exact::<M, SeqIter<M>>(t, &args[0])?.body;
    let i = saturating(t, &args[1])?;
    if it.index.load() != DONE {
        it.index.store(i.max(0) as u64);
    }
    Ok(Obj::NONE)
}

fn call_next<M: Memory>(t: &mut Thread<M>, it: &Obj<M>) -> Next<M> {
    let it = &this_exact::<M, CallIter<M>>(t, it)?.body;
    if it.index.load() == DONE {
        return Ok(None);
    }
    match t.call(&it.callable, &[]) {
        Ok(value) => {
            if t.eq(&it.sentinel, &value)? {
                it.index.store(DONE);
                return Ok(None);
            }
            Ok(Some(value))
        }
        Err(_) if t.raised_is(Kind::StopIteration) => {
            t.clear_raised();
            it.index.store(DONE);
            Ok(None)
        }
        Err(raise) => Err(raise),
    }
}

fn call_reduce<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let it = &this_exact::<M, CallIter<M>>(t, &args[0])?.body;
    if it.index.load() == DONE {
        return reduce_as(t, "iter", &Obj::NONE, None);
    }
    let parts = tuple::from_array(t, [(*it.callable).clone(), (*it.sentinel).clone()]);
    let function = builtin_function(t, "iter")?;
    Ok(tuple::from_array(t, [function, parts]))
}

/// `iter(iterator)` is the iterator.
pub fn same<M: Memory>(_: &mut Thread<M>, it: &Obj<M>) -> R<M> {
    Ok(it.clone())
}

/// A type of iterators on its way: final, `__iter__` and `__next__` set.
pub fn builder<'a, M: Memory, P: Payload<M>>(
    t: &'a mut Thread<M>,
    id: Builtin,
    name: &'static str,
    next: fn(&mut Thread<M>, &Obj<M>) -> Next<M>,
) -> Builder<'a, M> {
    Builder::new::<P>(t, id, name).is_final().slots(|s| {
        s.iter.set(Some(same));
        s.next.set(Some(next));
    })
}

/// Iterators that Python code cannot make by calling their type.
fn internal<'a, M: Memory, P: Payload<M>>(
    t: &'a mut Thread<M>,
    id: Builtin,
    name: &'static str,
    next: fn(&mut Thread<M>, &Obj<M>) -> Next<M>,
) -> Builder<'a, M> {
    builder::<M, P>(t, id, name, next).flag(crate::types::flags::NO_NEW)
}

const HINT: &str = "__length_hint__(self, /)";
const REDUCE: &str = "__reduce__(self, /)";
const SETSTATE: &str = "__setstate__(self, state, /)";

/// Makes the types.
pub fn define<M: Memory>(t: &mut Thread<M>) {
    internal::<M, ListIter<M>>(t, Builtin::ListIterator, "list_iterator", list_next)
        .method(HINT, list_hint)
        .method(REDUCE, list_reduce)
        .method(SETSTATE, list_setstate)
        .finish();
    internal::<M, ListReverseIter<M>>(t, Builtin::ListReverseIterator, "list_reverseiterator", list_reverse_next)
        .method(HINT, list_reverse_hint)
        .method(REDUCE, list_reverse_reduce)
        .method(SETSTATE, list_reverse_setstate)
        .finish();
    internal::<M, TupleIter<M>>(t, Builtin::TupleIterator, "tuple_iterator", tuple_next)
        .method(HINT, tuple_hint)
        .method(REDUCE, tuple_reduce)
        .method(SETSTATE, tuple_setstate)
        .finish();
    internal::<M, RangeIter<M>>(t, Builtin::RangeIterator, "range_iterator", range_next)
        .method(HINT, range_hint)
        .method(REDUCE, range_reduce)
        .method(SETSTATE, range_setstate)
        .finish();
    internal::<M, SeqIter<M>>(t, Builtin::SequenceIterator, "iterator", seq_next)
        .method(HINT, seq_hint)
        .method(REDUCE, seq_reduce)
        .method(SETSTATE, seq_setstate)
        .finish();
    internal::<M, CallIter<M>>(t, Builtin::CallableIterator, "callable_iterator", call_next)
        .method(REDUCE, call_reduce)
        .finish();
    enumerate::define(t);
    combine::define(t);
}
