//! `islice`, `takewhile`, `dropwhile`, `filterfalse` and `compress`.

use super::{builder, stateful};
use crate::args::Call;
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::{CellWord, Memory};
use crate::object::{Held, Layout, Obj, Payload, R, Raise};
use crate::types::TypeObj;
use crate::types::ids::{self, Builtin};
use crate::types::iterators::{DONE, Next};
use crate::types::sequence::{self, has_index, saturating, this_exact};
use crate::value::Word;

stateful! {
    /// `taken` items were drawn; item number `next` comes next; `stop` is `i64::MAX` without an end.
    ISlice ISLICE { it } [] taken: M::Cell, next: M::Cell, stop: i64, step: i64
}
stateful! {
    /// `done` is 1 after the first item that failed.
    TakeWhile TAKEWHILE { predicate, it } [] done: M::Cell
}
stateful! {
    /// `started` is 1 after the first item that failed.
    DropWhile DROPWHILE { predicate, it } [] started: M::Cell
}
stateful! {
    /// Items for which the predicate (or with `None` the item itself) is false.
    FilterFalse FILTERFALSE { predicate, it } []
}
stateful! {
    /// Items whose selectors are true.
    Compress COMPRESS { data, selectors } []
}

// ---- islice.

fn index<M: Memory>(t: &mut Thread<M>, arg: Option<&Obj<M>>, default: i64, message: &str) -> Result<i64, Raise> {
    let Some(arg) = arg.filter(|a| !a.is_none()) else { return Ok(default) };
    let value = if has_index(t, arg) { saturating(t, arg)? } else { -1 };
    if !(0..i64::MAX).contains(&value) {
        return Err(t.raise(Kind::ValueError, message));
    }
    Ok(value)
}

fn new_islice<M: Memory>(t: &mut Thread<M>, _: &TypeObj<M>, call: Call<'_, M>) -> R<M> {
    let [iterable, a, b, c] = sequence::bind(t, "islice", ["iterable", "start", "stop", "step"], 2, 4, call)?;
    let wrong_stop = "Stop argument for islice() must be None or an integer: 0 <= x <= sys.maxsize.";
    let wrong_index = "Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize.";
    let (start, stop) = match b {
        None => (0, index(t, a, i64::MAX, wrong_stop)?),
        Some(_) => {
            let stop = index(t, b, i64::MAX, wrong_stop)?;
            (index(t, a, 0, wrong_index)?, stop)
        }
    };
    let wrong_step = "Step for islice() must be a positive integer or None.";
    let step = index(t, c, 1, wrong_step)?;
    if step == 0 {
        return Err(t.raise(Kind::ValueError, wrong_step));
    }
    let it = t.iter(iterable.expect("required"))?;
    let cell = M::Cell::new;
    Ok(t.alloc(ISlice { it: Held::fresh(it), taken: cell(0), next: cell(start as u64), stop, step }))
}

fn islice_next<M: Memory>(t: &mut Thread<M>, it: &Obj<M>) -> Next<M> {
    let s = &this_exact::<M, ISlice<M>>(t, it)?.body;
    let next = s.next.load();
    if next == DONE {
        return Ok(None);
    }
    let next = next as i64;
    let mut taken = s.taken.load() as i64;
    while taken < next {
        if t.next(&s.it)?.is_none() {
            s.next.store(DONE);
            return Ok(None);
        }
        taken += 1;
        s.taken.store(taken as u64);
        t.poll()?;
    }
    if next >= s.stop {
        s.next.store(DONE);
        return Ok(None);
    }
    let item = t.next(&s.it)?;
    if item.is_none() {
        s.next.store(DONE);
        return Ok(None);
    }
    s.taken.store(taken as u64 + 1);
    s.next.store(next.saturating_add(s.step).min(s.stop) as u64);
    Ok(item)
}

// ---- takewhile, dropwhile, filterfalse.

fn two<'a, M: Memory>(t: &mut Thread<M>, name: &str, call: Call<'a, M>) -> Result<(Held<M>, Held<M>), Raise> {
    let [predicate, iterable] = sequence::bind(t, name, ["predicate", "iterable"], 2, 2, call)?;
    let it = t.iter(iterable.expect("required"))?;
    Ok((Held::fresh(predicate.expect("required").clone()), Held::fresh(it)))
}

fn holds<M: Memory>(t: &mut Thread<M>, predicate: &Obj<M>, item: &Obj<M>) -> Result<bool, Raise> {
    let answer = t.call(predicate, std::slice::from_ref(item))?;
    t.truth(&answer)
}

fn new_takewhile<M: Memory>(t: &mut Thread<M>, _: &TypeObj<M>, call: Call<'_, M>) -> R<M> {
    let (predicate, it) = two(t, "takewhile", call)?;
    Ok(t.alloc(TakeWhile { predicate, it, done: M::Cell::new(0) }))
}

fn takewhile_next<M: Memory>(t: &mut Thread<M>, it: &Obj<M>) -> Next<M> {
    let w = &this_exact::<M, TakeWhile<M>>(t, it)?.body;
    if w.done.load() != 0 {
        return Ok(None);
    }
    let Some(item) = t.next(&w.it)? else { return Ok(None) };
    if holds(t, &w.predicate, &item)? {
        return Ok(Some(item));
    }
    w.done.store(1);
    Ok(None)
}

fn new_dropwhile<M: Memory>(t: &mut Thread<M>, _: &TypeObj<M>, call: Call<'_, M>) -> R<M> {
    let (predicate, it) = two(t, "dropwhile", call)?;
    Ok(t.alloc(DropWhile { predicate, it, started: M::Cell::new(0) }))
}

fn dropwhile_next<M: Memory>(t: &mut Thread<M>, it: &Obj<M>) -> Next<M> {
    let w = &this_exact::<M, DropWhile<M>>(t, it)?.body;
    while let Some(item) = t.next(&w.it)? {
        if w.started.load() != 0 || !holds(t, &w.predicate, &item)? {
            w.started.store(1);
            return Ok(Some(item));
        }
        t.poll()?;
    }
    Ok(None)
}

fn new_filterfalse<M: Memory>(t: &mut Thread<M>, _: &TypeObj<M>, call: Call<'_, M>) -> R<M> {
    let (predicate, it) = two(t, "filterfalse", call)?;
    Ok(t.alloc(FilterFalse { predicate, it }))
}

fn filterfalse_next<M: Memory>(t: &mut Thread<M>, it: &Obj<M>) -> Next<M> {
    let f = &this_exact::<M, FilterFalse<M>>(t, it)?.body;
    let plain = f.predicate.is_none() || t.builtin(Builtin::Bool).is(&f.predicate);
    while let Some(item) = t.next(&f.it)? {
        let drop = if plain { t.truth(&item)? } else { holds(t, &f.predicate, &item)? };
        if !drop {
            return Ok(Some(item));
        }
        t.poll()?;
    }
    Ok(None)
}

// ---- compress.

fn new_compress<M: Memory>(t: &mut Thread<M>, _: &TypeObj<M>, call: Call<'_, M>) -> R<M> {
    let [data, selectors] = sequence::bind(t, "compress", ["data", "selectors"], 2, 0, call)?;
    let data = t.iter(data.expect("required"))?;
    let selectors = t.iter(selectors.expect("required"))?;
    Ok(t.alloc(Compress { data: Held::fresh(data), selectors: Held::fresh(selectors) }))
}

fn compress_next<M: Memory>(t: &mut Thread<M>, it: &Obj<M>) -> Next<M> {
    let c = &this_exact::<M, Compress<M>>(t, it)?.body;
    loop {
        let Some(item) = t.next(&c.data)? else { return Ok(None) };
        let Some(selector) = t.next(&c.selectors)? else { return Ok(None) };
        if t.truth(&selector)? {
            return Ok(Some(item));
        }
        t.poll()?;
    }
}

pub(super) fn define<M: Memory>(t: &mut Thread<M>) {
    builder::<M, ISlice<M>>(t, Builtin::ISlice, "itertools.islice", islice_next)
        .doc("islice(iterable, stop), islice(iterable, start, stop[, step]): selected items.")
        .slots(|s| s.new.set(Some(new_islice)))
        .finish();
    builder::<M, TakeWhile<M>>(t, Builtin::TakeWhile, "itertools.takewhile", takewhile_next)
        .doc("takewhile(predicate, iterable): items until the predicate fails.")
        .slots(|s| s.new.set(Some(new_takewhile)))
        .finish();
    builder::<M, DropWhile<M>>(t, Builtin::DropWhile, "itertools.dropwhile", dropwhile_next)
        .doc("dropwhile(predicate, iterable): items from where the predicate fails.")
        .slots(|s| s.new.set(Some(new_dropwhile)))
        .finish();
    builder::<M, FilterFalse<M>>(t, Builtin::FilterFalse, "itertools.filterfalse", filterfalse_next)
        .doc("filterfalse(predicate, iterable): items for which the predicate is false.")
        .slots(|s| s.new.set(Some(new_filterfalse)))
        .finish();
    builder::<M, Compress<M>>(t, Builtin::Compress, "itertools.compress", compress_next)
        .doc("compress(data, selectors): data whose selectors are true.")
        .slots(|s| s.new.set(Some(new_compress)))
        .finish();
}
