//! The type `deque`: methods and operators.

use std::mem::take;

use super::deque::{Deque, DequeObj, define as define_iterators, item, iterator, len, make, push, snapshot, with};
use crate::args::{Args, Call};
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::object::{Held, Obj, R, Raise};
use crate::types::build::Builder;
use crate::types::ids::{self, Builtin};
use crate::types::sequence::{self, place, this};
use crate::types::slots::{BinOp, CmpOp};
use crate::types::str::to_text;
use crate::types::{TypeObj, flags, int, list, tuple};

fn deque<'a, M: Memory>(t: &mut Thread<M>, obj: &'a Obj<M>) -> Result<&'a DequeObj<M>, Raise> {
    this::<M, Deque<M>>(t, obj)
}

// ---- Making and filling.

fn new<M: Memory>(t: &mut Thread<M>, class: &TypeObj<M>, _: Call<'_, M>) -> R<M> {
    Ok(t.alloc_of(class, Deque::<M>::empty(None)))
}

fn init<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, call: Call<'_, M>) -> Result<(), Raise> {
    let [iterable, maxlen] = sequence::bind(t, "deque", ["iterable", "maxlen"], 0, 0, call)?;
    let maxlen = match maxlen.filter(|m| !m.is_none()) {
        None => None,
        Some(m) if !sequence::has_index(t, m) => return Err(t.raise(Kind::TypeError, "an integer is required")),
        Some(m) => match t.index_i64(m)? {
            n if n < 0 => return Err(t.raise(Kind::ValueError, "maxlen must be non-negative")),
            n => Some(n as usize),
        },
    };
    let d = deque(t, obj)?;
    let old = with(t, d, |s| {
        s.maxlen = maxlen;
        s.version += 1;
        take(&mut s.items)
    });
    drop(old);
    match iterable {
        Some(iterable) => extend(t, obj, iterable, false),
        None => Ok(()),
    }
}

fn extend<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, iterable: &Obj<M>, left: bool) -> Result<(), Raise> {
    let d = deque(t, obj)?;
    if obj.is(iterable) {
        for value in snapshot(t, d) {
            drop(push(t, d, value, left));
        }
        return Ok(());
    }
    let it = t.iter(iterable)?;
    while let Some(value) = t.next(&it)? {
        drop(push(t, d, value, left));
    }
    Ok(())
}

// ---- Protocols.

fn getitem<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, key: &Obj<M>) -> R<M> {
    let d = deque(t, obj)?;
    let i = index_key(t, key)?;
    match place(i, len(t, d)).and_then(|i| item(t, d, i).1) {
        Some(value) => Ok(value),
        None => Err(t.raise(Kind::IndexError, "deque index out of range")),
    }
}

fn index_key<M: Memory>(t: &mut Thread<M>, key: &Obj<M>) -> Result<i64, Raise> {
    if !sequence::has_index(t, key) {
        let class = t.class_name(key);
        return Err(t.raise(Kind::TypeError, format!("sequence index must be integer, not '{class}'")));
    }
    sequence::index_value(t, key, "deque")
}

fn setitem<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, key: &Obj<M>, value: Option<&Obj<M>>) -> Result<(), Raise> {
    let d = deque(t, obj)?;
    let i = index_key(t, key)?;
    let ctx: &crate::context::Context<M> = t;
    let old = with(ctx, d, |s| {
        let i = place(i, s.items.len())?;
        match value {
            Some(value) => {
                let value = Held::new(ctx, &d.head, value.clone());
                s.items.get_mut(i).map(|slot| std::mem::replace(slot, value))
            }
            None => {
                s.version += 1;
                s.items.remove(i)
            }
        }
    });
    match old {
        Some(old) => {
            drop(old);
            Ok(())
        }
        None => Err(t.raise(Kind::IndexError, "deque index out of range")),
    }
}

/// Index of the first equal item in a span; the deque must not change meanwhile.
fn find<M: Memory>(
    t: &mut Thread<M>,
    d: &DequeObj<M>,
    value: &Obj<M>,
    start: usize,
    end: usize,
) -> Result<Option<usize>, Raise> {
    let version = with(t, d, |s| s.version);
    for i in start..end {
        let (now, Some(candidate)) = item(t, d, i) else { break };
        if now != version {
            return Err(t.raise(Kind::RuntimeError, "deque mutated during iteration"));
        }
        if t.eq(&candidate, value)? {
            return Ok(Some(i));
        }
    }
    if with(t, d, |s| s.version) != version {
        return Err(t.raise(Kind::RuntimeError, "deque mutated during iteration"));
    }
    Ok(None)
}

fn contains<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, value: &Obj<M>) -> Result<bool, Raise> {
    let d = deque(t, obj)?;
    Ok(find(t, d, value, 0, usize::MAX)?.is_some())
}

fn repr<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    let d = deque(t, obj)?;
    let class = t.class_name(obj);
    let class = class.rsplit('.').next().unwrap_or("deque").to_string();
    sequence::repr_guarded(t, obj, "[...]", |t| {
        let items = snapshot(t, d);
        let items = list::from_vec(t, items);
        let shown = t.repr(&items)?;
        let limit = match with(t, d, |s| s.maxlen) {
            Some(n) => format!(", maxlen={n}"),
            None => String::new(),
        };
        Ok(format!("{class}({}{limit})", to_text(&shown)))
    })
}

fn compare<M: Memory>(t: &mut Thread<M>, a: &Obj<M>, b: &Obj<M>, op: CmpOp) -> R<M> {
    let (Some(x), Some(y)) = (a.cast::<Deque<M>>(), b.cast::<Deque<M>>()) else { return Ok(Obj::not_implemented()) };
    let (x, y) = (snapshot(t, x), snapshot(t, y));
    let lens = || (x.len(), y.len());
    sequence::compare(t, op, lens, |_, i| Some((i, x.get(i)?.clone(), y.get(i)?.clone())))
}

fn copy_of<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    let d = deque(t, obj)?;
    let maxlen = with(t, d, |s| s.maxlen);
    let items = snapshot(t, d);
    let class = t.class_of(obj).to_obj();
    if obj.shape() == ids::DEQUE {
        return Ok(make(t, crate::types::class::as_class(&class), items, maxlen));
    }
    let items = list::from_vec(t, items);
    match maxlen {
        Some(n) => {
            let n = int::from_usize(t, n);
            t.call(&class, &[items, n])
        }
        None => t.call(&class, &[items]),
    }
}

fn add<M: Memory>(t: &mut Thread<M>, a: &Obj<M>, b: &Obj<M>) -> R<M> {
    if a.cast::<Deque<M>>().is_none() {
        return Ok(Obj::not_implemented());
    }
    if b.cast::<Deque<M>>().is_none() {
        let class = t.class_name(b);
        return Err(t.raise(Kind::TypeError, format!("can only concatenate deque (not \"{class}\") to deque")));
    }
    let result = copy_of(t, a)?;
    extend(t, &result, b, false)?;
    Ok(result)
}

fn inplace_add<M: Memory>(t: &mut Thread<M>, a: &Obj<M>, b: &Obj<M>) -> R<M> {
    extend(t, a, b, false)?;
    Ok(a.clone())
}

fn repeat_into<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, n: usize) -> Result<(), Raise> {
    let d = deque(t, obj)?;
    let items = snapshot(t, d);
    if n == 0 {
        let old = with(t, d, |s| {
            s.version += 1;
            take(&mut s.items)
        });
        drop(old);
        return Ok(());
    }
    let maxlen = with(t, d, |s| s.maxlen);
    // With a limit only the last copies stay.
    let copies = match maxlen {
        Some(limit) if !items.is_empty() => (n - 1).min(limit / items.len() + 1),
        _ => n - 1,
    };
    for value in sequence::repeat(t, &items, copies)? {
        drop(push(t, d, value, false));
    }
    Ok(())
}

fn mul<M: Memory>(t: &mut Thread<M>, a: &Obj<M>, b: &Obj<M>) -> R<M> {
    let Some((_, obj, count)) = sequence::operands::<M, Deque<M>>(a, b) else { return Ok(Obj::not_implemented()) };
    let Some(n) = sequence::repeat_count(t, count)? else { return Ok(Obj::not_implemented()) };
    let result = copy_of(t, obj)?;
    repeat_into(t, &result, n)?;
    Ok(result)
}

fn inplace_mul<M: Memory>(t: &mut Thread<M>, a: &Obj<M>, b: &Obj<M>) -> R<M> {
    let Some(n) = sequence::repeat_count(t, b)? else { return Ok(Obj::not_implemented()) };
    repeat_into(t, a, n)?;
    Ok(a.clone())
}

// ---- Methods.

fn append<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let d = deque(t, &args[0])?;
    drop(push(t, d, args[1].clone(), false));
    Ok(Obj::NONE)
}

fn appendleft<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let d = deque(t, &args[0])?;
    drop(push(t, d, args[1].clone(), true));
    Ok(Obj::NONE)
}

fn extend_right<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    extend(t, &args[0], &args[1], false)?;
    Ok(Obj::NONE)
}

fn extend_left<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    extend(t, &args[0], &args[1], true)?;
    Ok(Obj::NONE)
}

fn pop_end<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, left: bool) -> R<M> {
    let d = deque(t, obj)?;
    let popped = with(t, d, |s| {
        s.version += 1;
        if left { s.items.pop_front() } else { s.items.pop_back() }
    });
    match popped {
        Some(value) => Ok(value.into_obj()),
        None => Err(t.raise(Kind::IndexError, "pop from an empty deque")),
    }
}

fn clear<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    repeat_into(t, &args[0], 0)?;
    Ok(Obj::NONE)
}

fn copy<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    copy_of(t, &args[0])
}

fn count<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let d = deque(t, &args[0])?;
    let (mut n, mut start) = (0, 0);
    while let Some(i) = find(t, d, &args[1], start, usize::MAX)? {
        (n, start) = (n + 1, i + 1);
    }
    Ok(int::from_usize(t, n))
}

fn index<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let d = deque(t, &args[0])?;
    let n = len(t, d);
    let (start, end) = sequence::span(t, args.get(2), args.get(3), n)?;
    match find(t, d, &args[1], start, end)? {
        Some(i) => Ok(int::from_usize(t, i)),
        None => {
            let shown = t.repr(&args[1])?;
            Err(t.raise(Kind::ValueError, format!("{} is not in deque", to_text(&shown))))
        }
    }
}

fn insert<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let d = deque(t, &args[0])?;
    let i = t.index_i64(&args[1])?;
    let ctx: &crate::context::Context<M> = t;
    let full = with(ctx, d, |s| {
        if s.maxlen.is_some_and(|limit| s.items.len() >= limit) {
            return true;
        }
        let value = Held::new(ctx, &d.head, args[2].clone());
        s.version += 1;
        s.items.insert(sequence::clamp(i, s.items.len()), value);
        false
    });
    if full { Err(t.raise(Kind::IndexError, "deque already at its maximum size")) } else { Ok(Obj::NONE) }
}

fn remove<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let d = deque(t, &args[0])?;
    let found = match find(t, d, &args[1], 0, usize::MAX) {
        Err(raise) if t.raised_is(Kind::RuntimeError) => {
            t.clear_raised();
            let _ = raise;
            return Err(t.raise(Kind::IndexError, "deque mutated during remove()."));
        }
        found => found?,
    };
    let removed = with(t, d, |s| {
        s.version += 1;
        found.and_then(|i| s.items.remove(i))
    });
    match removed {
        Some(old) => {
            drop(old);
            Ok(Obj::NONE)
        }
        None => {
            let shown = t.repr(&args[1])?;
            Err(t.raise(Kind::ValueError, format!("{} is not in deque", to_text(&shown))))
        }
    }
}

fn reverse<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let d = deque(t, &args[0])?;
    with(t, d, |s| s.items.make_contiguous().reverse());
    Ok(Obj::NONE)
}

fn rotate<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let d = deque(t, &args[0])?;
    let n = match args.get(1) {
        Some(n) => t.index_i64(n)?,
        None => 1,
    };
    with(t, d, |s| {
        if s.items.len() > 1 {
            s.version += 1;
            let n = n.rem_euclid(s.items.len() as i64) as usize;
            s.items.rotate_right(n);
        }
    });
    Ok(Obj::NONE)
}

fn reversed<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    deque(t, &args[0])?;
    Ok(iterator(t, &args[0], true))
}

/// `(class, (), state, iterator)`, with `((), maxlen)` when there is a limit.
fn reduce<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let d = deque(t, &args[0])?;
    let nothing = tuple::empty(t);
    let parts = match with(t, d, |s| s.maxlen) {
        Some(n) => {
            let n = int::from_usize(t, n);
            tuple::from_array(t, [nothing, n])
        }
        None => nothing,
    };
    let class = t.class_of(&args[0]).to_obj();
    let state = t.call_method(&args[0], "__getstate__", &[])?;
    let it = iterator(t, &args[0], false);
    Ok(tuple::from_array(t, [class, parts, state, it]))
}

fn maxlen<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    let d = deque(t, obj)?;
    Ok(with(t, d, |s| s.maxlen).map_or(Obj::NONE, |n| int::from_usize(t, n)))
}

fn sizeof<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let d = deque(t, &args[0])?;
    let bytes = with(t, d, |s| s.items.capacity() * 8);
    Ok(int::from_usize(t, size_of::<DequeObj<M>>() + bytes))
}

/// Makes the types.
pub(super) fn define<M: Memory>(t: &mut Thread<M>) {
    define_iterators(t);
    Builder::new::<Deque<M>>(t, Builtin::Deque, "collections.deque")
        .module("collections")
        .flag(flags::SEQUENCE | flags::WEAKREFABLE)
        .doc("A list-like sequence optimized for data accesses near its endpoints.")
        .attr("__hash__", Obj::NONE)
        .slots(|s| {
            s.new.set(Some(new));
            s.init.set(Some(init));
            s.repr.set(Some(repr));
            s.compare.set(Some(compare));
            s.len.set(Some(|t, o| {
                let d = deque(t, o)?;
                Ok(len(t, d))
            }));
            s.iter.set(Some(|t, o| {
                deque(t, o)?;
                Ok(iterator(t, o, false))
            }));
            s.getitem.set(Some(getitem));
            s.setitem.set(Some(setitem));
            s.contains.set(Some(contains));
            s.bin[BinOp::Add as usize].set(Some(add));
            s.bin[BinOp::Mul as usize].set(Some(mul));
            s.inplace[BinOp::Add as usize].set(Some(inplace_add));
            s.inplace[BinOp::Mul as usize].set(Some(inplace_mul));
        })
        .method("append(self, item, /)", append)
        .method("appendleft(self, item, /)", appendleft)
        .method("extend(self, iterable, /)", extend_right)
        .method("extendleft(self, iterable, /)", extend_left)
        .method("pop(self, /)", |t, args| pop_end(t, &args[0], false))
        .method("popleft(self, /)", |t, args| pop_end(t, &args[0], true))
        .method("clear(self, /)", clear)
        .method("copy(self, /)", copy)
        .method("__copy__(self, /)", copy)
        .method("count(self, value, /)", count)
        .method("index(self, value, start=0, stop=9223372036854775807, /)", index)
        .method("insert(self, index, value, /)", insert)
        .method("remove(self, value, /)", remove)
        .method("reverse(self, /)", reverse)
        .method("rotate(self, n=1, /)", rotate)
        .method("__reversed__(self, /)", reversed)
        .method("__reduce__(self, /)", reduce)
        .method("__sizeof__(self, /)", sizeof)
        .getter("maxlen", maxlen)
        .classmethod("__class_getitem__(cls, item, /)", crate::types::alias::class_getitem)
        .finish();
}
