//! `enumerate` and `reversed`.

use crate::args::{Args, Call};
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::{CellWord, Memory};
use crate::object::{Held, Layout, Lent, Obj, Payload, R, Slot};
use crate::types::ids::{self, Builtin};
use crate::types::iterators::{DONE, Next, builder, lending, payload};
use crate::types::sequence::{self, saturating, this_exact};
use crate::types::{TypeObj, flags, int, tuple};
use crate::value::Word;

payload! {
    /// Pairs of a number and an item; the number is `start + index`.
    Enumerate ENUMERATE { it, start } [last] index: M::Cell
}
payload! {
    /// Over a sequence, backwards; the counter is the index plus one.
    Reversed REVERSED { } { seq } index: M::Cell
}

fn new_enumerate<M: Memory>(t: &mut Thread<M>, _class: &TypeObj<M>, call: Call<'_, M>) -> R<M> {
    let [iterable, start] = sequence::bind(t, "enumerate", ["iterable", "start"], 0, 0, call)?;
    let Some(iterable) = iterable else {
        return Err(t.raise(Kind::TypeError, "enumerate() missing required argument 'iterable'"));
    };
    let it = t.iter(iterable)?;
    let start = match start {
        None => int::from_i64(t, 0),
        Some(s) => t.index(s)?,
    };
    Ok(t.alloc(Enumerate {
        it: Held::fresh(it),
        start: Held::fresh(start),
        last: Slot::empty(),
        index: M::Cell::new(0),
    }))
}

fn number<M: Memory>(t: &mut Thread<M>, e: &Enumerate<M>, i: u64) -> Obj<M> {
    match e.start.word().as_int() {
        Some(start) => int::from_i64(t, start + i as i64),
        None => int::from_big(t, int::to_big(&e.start).unwrap_or_default() + i),
    }
}

fn enumerate_next<M: Memory>(t: &mut Thread<M>, it: &Obj<M>) -> Next<M> {
    let o = this_exact::<M, Enumerate<M>>(t, it)?;
    let e = &o.body;
    let Some(item) = t.next(&e.it)? else { return Ok(None) };
    let i = e.index.load();
    e.index.store(i + 1);
    let number = number(t, e, i);
    Ok(Some(tuple::pair_again(t, &e.last, &o.head, number, item)))
}

fn enumerate_reduce<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let e = &this_exact::<M, Enumerate<M>>(t, &args[0])?.body;
    let class = t.builtin(Builtin::Enumerate).to_obj();
    let number = number(t, e, e.index.load());
    let state = tuple::from_array(t, [(*e.it).clone(), number]);
    Ok(tuple::from_array(t, [class, state]))
}

fn new_reversed<M: Memory>(t: &mut Thread<M>, _class: &TypeObj<M>, call: Call<'_, M>) -> R<M> {
    let [seq] = sequence::bind(t, "reversed", ["sequence"], 1, 1, call)?;
    let seq = seq.expect("required");
    if seq.shape() == ids::LIST {
        // As `__reversed__` does, without a bound method that would refer to the list.
        return Ok(super::list_reverse_iterator(t, seq));
    }
    if let Some(method) = t.lookup_special(seq, "__reversed__")? {
        if method.is_none() {
            return Err(not_reversible(t, seq));
        }
        return t.call(&method, &[]);
    }
    let class = &t.class_of(seq).body;
    if class.slots.getitem.get().is_none() || class.slots.len.get().is_none() || class.has(flags::MAPPING) {
        return Err(not_reversible(t, seq));
    }
    let len = t.len(seq)?;
    let it = Reversed { seq: Lent::empty(), index: M::Cell::new(len as u64) };
    Ok(lending(t, it, |it| &it.seq, seq))
}

fn not_reversible<M: Memory>(t: &mut Thread<M>, seq: &Obj<M>) -> crate::object::Raise {
    let class = t.class_name(seq);
    t.raise(Kind::TypeError, format!("'{class}' object is not reversible"))
}

fn reversed_next<M: Memory>(t: &mut Thread<M>, it: &Obj<M>) -> Next<M> {
    let r = &this_exact::<M, Reversed<M>>(t, it)?.body;
    let i = r.index.load();
    if i == 0 || i == DONE {
        return Ok(None);
    }
    let index = int::from_i64(t, i as i64 - 1);
    match t.getitem(&r.seq, &index) {
        Ok(value) => {
            r.index.store(i - 1);
            Ok(Some(value))
        }
        Err(_) if t.raised_is(Kind::IndexError) || t.raised_is(Kind::StopIteration) => {
            t.clear_raised();
            r.index.store(0);
            Ok(None)
        }
        Err(raise) => Err(raise),
    }
}

fn reversed_hint<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let r = &this_exact::<M, Reversed<M>>(t, &args[0])?.body;
    let i = r.index.load() as usize;
    if i == 0 {
        return Ok(int::from_i64(t, 0));
    }
    let len = t.len(&r.seq)?;
    Ok(int::from_usize(t, if len < i { 0 } else { i }))
}

fn reversed_reduce<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let r = &this_exact::<M, Reversed<M>>(t, &args[0])?.body;
    let class = t.builtin(Builtin::Reversed).to_obj();
    let i = r.index.load();
    if i == 0 {
        let nothing = tuple::empty(t);
        let nothing = tuple::from_array(t, [nothing]);
        return Ok(tuple::from_array(t, [class, nothing]));
    }
    let (seq, i) = (tuple::from_array(t, [(*r.seq).clone()]), int::from_i64(t, i as i64 - 1));
    Ok(tuple::from_array(t, [class, seq, i]))
}

fn reversed_setstate<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let r = &this_exact::<M, Reversed<M>>(t, &args[0])?.body;
    let i = saturating(t, &args[1])?;
    if r.index.load() != 0 {
        let len = t.len(&r.seq)? as i64;
        r.index.store((i.clamp(-1, len - 1) + 1) as u64);
    }
    Ok(Obj::NONE)
}

/// Makes the types.
pub(super) fn define<M: Memory>(t: &mut Thread<M>) {
    builder::<M, Enumerate<M>>(t, Builtin::Enumerate, "enumerate", enumerate_next)
        .doc("Return an enumerate object: pairs of a count and a value of the iterable.")
        .slots(|s| s.new.set(Some(new_enumerate)))
        .method("__reduce__(self, /)", enumerate_reduce)
        .classmethod("__class_getitem__(cls, item, /)", crate::types::alias::class_getitem)
        .finish();
    builder::<M, Reversed<M>>(t, Builtin::Reversed, "reversed", reversed_next)
        .doc("Return a reverse iterator over the values of the given sequence.")
        .slots(|s| s.new.set(Some(new_reversed)))
        .method("__length_hint__(self, /)", reversed_hint)
        .method("__reduce__(self, /)", reversed_reduce)
        .method("__setstate__(self, state, /)", reversed_setstate)
        .finish();
}
