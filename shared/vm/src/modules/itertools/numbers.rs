//! `count`, `cycle`, `repeat` and `accumulate`.

use super::{builder, put, stateful};
use crate::args::{Args, Call};
use crate::context::{Context, Thread};
use crate::exceptions::Kind;
use crate::memory::{CellWord, Memory};
use crate::object::{Held, Layout, Locked, Obj, Payload, R, Slot};
use crate::types::ids::{self, Builtin};
use crate::types::iterators::Next;
use crate::types::sequence::{self, push_repr, this_exact};
use crate::types::slots::BinOp;
use crate::types::{TypeObj, int};
use crate::value::{MAX_INT, MIN_INT, Word};

stateful! {
    /// The next number is in `small` as long as it and the step fit words, else in `big`.
    Count COUNT_ITER { step } [big] small: Locked<Option<i64>>
}
/// Items are kept while the iterator still gives some.
struct Cycle<M: Memory> {
    it: Held<M>,
    seen: Locked<Seen<M>>,
}

// SAFETY: told apart by its shape, which is this struct's alone; all references are visited.
unsafe impl<M: Memory> Payload<M> for Cycle<M> {
    const SHAPE: u32 = ids::CYCLE;
    const LAYOUT: Layout = Layout::Other;
    fn visit(&self, f: &mut dyn FnMut(Word)) {
        f(self.it.word());
        // SAFETY: the world is stopped or the object is private.
        unsafe { self.seen.peek() }.items.iter().for_each(|h| f(h.word()));
    }
}

stateful! {
    /// `left` is `u64::MAX` without a limit.
    Repeat REPEAT { value } [] left: M::Cell
}
stateful! {
    /// Running totals. `initial` is pending until it was given.
    Accumulate ACCUMULATE { it, function } [total, initial]
}

/// What `cycle` has seen.
struct Seen<M: Memory> {
    items: Vec<Held<M>>,
    /// Next item to give again, once the iterator has ended.
    next: Option<usize>,
}

// ---- count.

fn new_count<M: Memory>(t: &mut Thread<M>, _: &TypeObj<M>, call: Call<'_, M>) -> R<M> {
    let [start, step] = sequence::bind(t, "count", ["start", "step"], 0, 0, call)?;
    for number in [start, step].into_iter().flatten() {
        let slots = &t.class_of(number).body.slots;
        if slots.index.get().is_none() && slots.float.get().is_none() && slots.int.get().is_none() {
            return Err(t.raise(Kind::TypeError, "a number is required"));
        }
    }
    let start = start.cloned().unwrap_or_else(|| int::from_i64(t, 0));
    let step = step.cloned().unwrap_or_else(|| int::from_i64(t, 1));
    let small = if step.word().is_int() { start.word().as_int() } else { None };
    let big = if small.is_some() { Slot::empty() } else { Slot::fresh(start) };
    Ok(t.alloc(Count { step: Held::fresh(step), big, small: Locked::new(small) }))
}

fn count_next<M: Memory>(t: &mut Thread<M>, it: &Obj<M>) -> Next<M> {
    let c = this_exact::<M, Count<M>>(t, it)?;
    let step = c.body.step.word().as_int().unwrap_or(0);
    let (small, overflowed) = c.body.small.with::<M, _>(t, &c.head, |small| {
        let now = *small;
        let next = now.map(|n| n + step);
        *small = next.filter(|n| (MIN_INT..=MAX_INT).contains(n));
        (now, next.filter(|_| small.is_none()))
    });
    if let Some(next) = overflowed {
        let next = int::from_i64(t, next);
        put(t, c, &c.body.big, Some(next));
    }
    if let Some(n) = small {
        return Ok(Some(int::from_i64(t, n)));
    }
    let Some(now) = c.body.big.get(t).map(|v| v.own()) else { return Ok(None) };
    let next = t.binary(BinOp::Add, &now, &c.body.step)?;
    put(t, c, &c.body.big, Some(next));
    Ok(Some(now))
}

fn count_repr<M: Memory>(t: &mut Thread<M>, it: &Obj<M>) -> R<M> {
    let c = this_exact::<M, Count<M>>(t, it)?;
    let small = c.body.small.with::<M, _>(t, &c.head, |small| *small);
    let now = match small {
        Some(n) => int::from_i64(t, n),
        None => c.body.big.get(t).map_or(Obj::NONE, |v| v.own()),
    };
    let mut text = String::from("count(");
    push_repr(t, &mut text, &now)?;
    if c.body.step.word() != Word::small(1) {
        text.push_str(", ");
        push_repr(t, &mut text, &c.body.step)?;
    }
    text.push(')');
    Ok(t.string(text))
}

// ---- cycle.

fn new_cycle<M: Memory>(t: &mut Thread<M>, _: &TypeObj<M>, call: Call<'_, M>) -> R<M> {
    let [iterable] = sequence::bind(t, "cycle", ["iterable"], 1, 1, call)?;
    let it = t.iter(iterable.expect("required"))?;
    Ok(t.alloc(Cycle { it: Held::fresh(it), seen: Locked::new(Seen { items: Vec::new(), next: None }) }))
}

fn cycle_next<M: Memory>(t: &mut Thread<M>, it: &Obj<M>) -> Next<M> {
    let c = this_exact::<M, Cycle<M>>(t, it)?;
    let again = |seen: &mut Seen<M>| {
        let i = seen.next?;
        let item = seen.items.get(i).map(|h| (**h).clone());
        seen.next = Some(if i + 1 < seen.items.len() { i + 1 } else { 0 });
        item
    };
    let ended = c.body.seen.with::<M, _>(t, &c.head, |seen| seen.next.is_some());
    if !ended {
        if let Some(item) = t.next(&c.body.it)? {
            let ctx: &Context<M> = t;
            c.body.seen.with::<M, _>(ctx, &c.head, |seen| seen.items.push(Held::new(ctx, &c.head, item.clone())));
            return Ok(Some(item));
        }
        c.body.seen.with::<M, _>(t, &c.head, |seen| seen.next = Some(seen.next.unwrap_or(0)));
    }
    Ok(c.body.seen.with::<M, _>(t, &c.head, again))
}

// ---- repeat.

fn new_repeat<M: Memory>(t: &mut Thread<M>, _: &TypeObj<M>, call: Call<'_, M>) -> R<M> {
    let [value, times] = sequence::bind(t, "repeat", ["object", "times"], 1, 0, call)?;
    let left = match times {
        Some(n) => t.index_i64(n)?.max(0) as u64,
        None => u64::MAX,
    };
    let value = value.expect("required").clone();
    Ok(t.alloc(Repeat { value: Held::fresh(value), left: M::Cell::new(left) }))
}

fn repeat_next<M: Memory>(t: &mut Thread<M>, it: &Obj<M>) -> Next<M> {
    let r = &this_exact::<M, Repeat<M>>(t, it)?.body;
    match r.left.load() {
        0 => return Ok(None),
        u64::MAX => {}
        n => r.left.store(n - 1),
    }
    Ok(Some((*r.value).clone()))
}

fn repeat_repr<M: Memory>(t: &mut Thread<M>, it: &Obj<M>) -> R<M> {
    let r = &this_exact::<M, Repeat<M>>(t, it)?.body;
    let mut text = String::from("repeat(");
    push_repr(t, &mut text, &r.value)?;
    if r.left.load() != u64::MAX {
        text.push_str(&format!(", {}", r.left.load()));
    }
    text.push(')');
    Ok(t.string(text))
}

fn repeat_hint<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    match this_exact::<M, Repeat<M>>(t, &args[0])?.body.left.load() {
        u64::MAX => Err(t.raise(Kind::TypeError, "len() of unsized object")),
        n => Ok(int::from_i64(t, n as i64)),
    }
}

// ---- accumulate.

fn new_accumulate<M: Memory>(t: &mut Thread<M>, _: &TypeObj<M>, call: Call<'_, M>) -> R<M> {
    let [iterable, function, initial] = sequence::bind(t, "accumulate", ["iterable", "func", "initial"], 1, 0, call)?;
    if call.positional().len() > 2 {
        let n = call.positional().len();
        let message = format!("accumulate() takes at most 2 positional arguments ({n} given)");
        return Err(t.raise(Kind::TypeError, message));
    }
    let it = t.iter(iterable.expect("required"))?;
    let function = function.cloned().unwrap_or(Obj::NONE);
    let initial = initial.filter(|i| !i.is_none()).map_or_else(Slot::empty, |i| Slot::fresh(i.clone()));
    Ok(t.alloc(Accumulate { it: Held::fresh(it), function: Held::fresh(function), total: Slot::empty(), initial }))
}

fn accumulate_next<M: Memory>(t: &mut Thread<M>, it: &Obj<M>) -> Next<M> {
    let a = this_exact::<M, Accumulate<M>>(t, it)?;
    if let Some(initial) = a.body.initial.get(t).map(|v| v.own()) {
        put(t, a, &a.body.initial, None);
        put(t, a, &a.body.total, Some(initial.clone()));
        return Ok(Some(initial));
    }
    let Some(item) = t.next(&a.body.it)? else { return Ok(None) };
    let total = match a.body.total.get(t).map(|v| v.own()) {
        None => item,
        Some(total) if a.body.function.is_none() => t.binary(BinOp::Add, &total, &item)?,
        Some(total) => t.call(&a.body.function, &[total, item])?,
    };
    put(t, a, &a.body.total, Some(total.clone()));
    Ok(Some(total))
}

pub(super) fn define<M: Memory>(t: &mut Thread<M>) {
    builder::<M, Count<M>>(t, Builtin::Count, "itertools.count", count_next)
        .doc("count(start=0, step=1): evenly spaced numbers without end.")
        .slots(|s| {
            s.new.set(Some(new_count));
            s.repr.set(Some(count_repr));
        })
        .finish();
    builder::<M, Cycle<M>>(t, Builtin::Cycle, "itertools.cycle", cycle_next)
        .doc("cycle(iterable): its items again and again.")
        .slots(|s| s.new.set(Some(new_cycle)))
        .finish();
    builder::<M, Repeat<M>>(t, Builtin::Repeat, "itertools.repeat", repeat_next)
        .doc("repeat(object[, times]): the object again and again.")
        .slots(|s| {
            s.new.set(Some(new_repeat));
            s.repr.set(Some(repeat_repr));
        })
        .method("__length_hint__(self, /)", repeat_hint)
        .finish();
    builder::<M, Accumulate<M>>(t, Builtin::Accumulate, "itertools.accumulate", accumulate_next)
        .doc("accumulate(iterable, func=None, *, initial=None): running totals.")
        .slots(|s| s.new.set(Some(new_accumulate)))
        .finish();
}
