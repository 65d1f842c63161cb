//! `chain`, `zip_longest`, `pairwise`, `batched` and `starmap`.

use smallvec::SmallVec;

use super::{builder, put, stateful};
use crate::args::{Args, Call};
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::{CellWord, Memory};
use crate::object::{Held, Layout, Locked, Obj, Payload, R, Slot};
use crate::types::ids::{self, Builtin};
use crate::types::iterators::Next;
use crate::types::sequence::{self, this_exact};
use crate::types::str::to_text;
use crate::types::{TypeObj, iterators, tuple};
use crate::value::Word;

stateful! {
    /// `active` is the iterator that is being drained.
    Chain CHAIN { source } [active]
}
stateful! {
    /// `ended` says which iterators have; the second number counts those that have not.
    ZipLongest ZIP_LONGEST { its, fill } [] ended: Locked<(Vec<bool>, usize)>
}
stateful! {
    /// `before` is the first of the next pair.
    Pairwise PAIRWISE { it } [before]
}
stateful! {
    /// Tuples of `size` items.
    Batched BATCHED { it } [] size: usize, strict: bool, done: M::Cell
}
stateful! {
    /// Calls the function with each item as its arguments.
    StarMap STARMAP { function, it } []
}

// ---- chain.

fn new_chain<M: Memory>(t: &mut Thread<M>, _: &TypeObj<M>, call: Call<'_, M>) -> R<M> {
    sequence::no_keywords(t, "chain", call)?;
    let all = tuple::from_slice(t, call.positional());
    let source = iterators::tuple_iterator(t, &all);
    Ok(t.alloc(Chain { source: Held::fresh(source), active: Slot::empty() }))
}

fn from_iterable<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let source = t.iter(&args[1])?;
    Ok(t.alloc(Chain { source: Held::fresh(source), active: Slot::empty() }))
}

fn chain_next<M: Memory>(t: &mut Thread<M>, it: &Obj<M>) -> Next<M> {
    let c = this_exact::<M, Chain<M>>(t, it)?;
    loop {
        let active = match c.body.active.get(t).map(|v| v.own()) {
            Some(active) => active,
            None => {
                let Some(iterable) = t.next(&c.body.source)? else { return Ok(None) };
                let active = t.iter(&iterable)?;
                put(t, c, &c.body.active, Some(active.clone()));
                active
            }
        };
        if let Some(item) = t.next(&active)? {
            return Ok(Some(item));
        }
        put(t, c, &c.body.active, None);
    }
}

// ---- zip_longest.

fn new_zip_longest<M: Memory>(t: &mut Thread<M>, _: &TypeObj<M>, call: Call<'_, M>) -> R<M> {
    let mut fill = Obj::NONE;
    for (key, value) in call.names.iter().zip(call.keyword_values()) {
        if to_text(key) != "fillvalue" {
            return Err(t.raise(Kind::TypeError, "zip_longest() got an unexpected keyword argument"));
        }
        fill = value.clone();
    }
    let mut its = Vec::with_capacity(call.positional().len());
    for iterable in call.positional() {
        its.push(t.iter(iterable)?);
    }
    let ended = Locked::new((vec![false; its.len()], its.len()));
    let its = tuple::from_vec(t, its);
    Ok(t.alloc(ZipLongest { its: Held::fresh(its), fill: Held::fresh(fill), ended }))
}

fn zip_longest_next<M: Memory>(t: &mut Thread<M>, it: &Obj<M>) -> Next<M> {
    let z = this_exact::<M, ZipLongest<M>>(t, it)?;
    let its = tuple::items(&z.body.its);
    let mut items: SmallVec<[Obj<M>; 4]> = SmallVec::new();
    if z.body.ended.with::<M, _>(t, &z.head, |e| e.1 == 0) {
        return Ok(None);
    }
    for (i, it) in its.iter().enumerate() {
        let ended = z.body.ended.with::<M, _>(t, &z.head, |e| e.0[i]);
        let item = if ended { None } else { t.next(it)? };
        match item {
            Some(item) => items.push(item),
            None => {
                let left = z.body.ended.with::<M, _>(t, &z.head, |e| {
                    if !std::mem::replace(&mut e.0[i], true) {
                        e.1 -= 1;
                    }
                    e.1
                });
                if left == 0 {
                    return Ok(None);
                }
                items.push((*z.body.fill).clone());
            }
        }
    }
    Ok(Some(tuple::from_iter(t, items)))
}

// ---- pairwise.

fn new_pairwise<M: Memory>(t: &mut Thread<M>, _: &TypeObj<M>, call: Call<'_, M>) -> R<M> {
    let [iterable] = sequence::bind(t, "pairwise", ["iterable"], 1, 1, call)?;
    let it = t.iter(iterable.expect("required"))?;
    Ok(t.alloc(Pairwise { it: Held::fresh(it), before: Slot::empty() }))
}

fn pairwise_next<M: Memory>(t: &mut Thread<M>, it: &Obj<M>) -> Next<M> {
    let p = this_exact::<M, Pairwise<M>>(t, it)?;
    let before = match p.body.before.get(t).map(|v| v.own()) {
        Some(before) => before,
        None => {
            let Some(first) = t.next(&p.body.it)? else { return Ok(None) };
            put(t, p, &p.body.before, Some(first.clone()));
            first
        }
    };
    let Some(item) = t.next(&p.body.it)? else {
        put(t, p, &p.body.before, None);
        return Ok(None);
    };
    put(t, p, &p.body.before, Some(item.clone()));
    Ok(Some(tuple::from_array(t, [before, item])))
}

// ---- batched.

fn new_batched<M: Memory>(t: &mut Thread<M>, _: &TypeObj<M>, call: Call<'_, M>) -> R<M> {
    let [iterable, n, strict] = sequence::bind(t, "batched", ["iterable", "n", "strict"], 2, 0, call)?;
    let size = t.index_i64(n.expect("required"))?;
    if size < 1 {
        return Err(t.raise(Kind::ValueError, "n must be at least one"));
    }
    let strict = match strict {
        Some(s) => t.truth(s)?,
        None => false,
    };
    let it = t.iter(iterable.expect("required"))?;
    Ok(t.alloc(Batched { it: Held::fresh(it), size: size as usize, strict, done: M::Cell::new(0) }))
}

fn batched_next<M: Memory>(t: &mut Thread<M>, it: &Obj<M>) -> Next<M> {
    let b = &this_exact::<M, Batched<M>>(t, it)?.body;
    if b.done.load() != 0 {
        return Ok(None);
    }
    let mut items = Vec::with_capacity(b.size.min(1024));
    while items.len() < b.size {
        match t.next(&b.it)? {
            Some(item) => items.push(item),
            None => {
                b.done.store(1);
                break;
            }
        }
    }
    if items.is_empty() {
        return Ok(None);
    }
    if b.strict && items.len() < b.size {
        return Err(t.raise(Kind::ValueError, "batched(): incomplete batch"));
    }
    Ok(Some(tuple::from_vec(t, items)))
}

// ---- starmap.

fn new_starmap<M: Memory>(t: &mut Thread<M>, _: &TypeObj<M>, call: Call<'_, M>) -> R<M> {
    let [function, iterable] = sequence::bind(t, "starmap", ["function", "iterable"], 2, 2, call)?;
    let it = t.iter(iterable.expect("required"))?;
    let function = function.expect("required").clone();
    Ok(t.alloc(StarMap { function: Held::fresh(function), it: Held::fresh(it) }))
}

fn starmap_next<M: Memory>(t: &mut Thread<M>, it: &Obj<M>) -> Next<M> {
    let s = &this_exact::<M, StarMap<M>>(t, it)?.body;
    let Some(args) = t.next(&s.it)? else { return Ok(None) };
    if args.shape() == ids::TUPLE {
        return t.call(&s.function, tuple::items(&args)).map(Some);
    }
    let args = t.collect(&args)?;
    t.call(&s.function, &args).map(Some)
}

pub(super) fn define<M: Memory>(t: &mut Thread<M>) {
    builder::<M, Chain<M>>(t, Builtin::Chain, "itertools.chain", chain_next)
        .doc("chain(*iterables): the items of the first, then of the next, …")
        .slots(|s| s.new.set(Some(new_chain)))
        .classmethod("from_iterable(cls, iterable, /)", from_iterable)
        .classmethod("__class_getitem__(cls, item, /)", crate::types::alias::class_getitem)
        .finish();
    builder::<M, ZipLongest<M>>(t, Builtin::ZipLongest, "itertools.zip_longest", zip_longest_next)
        .doc("zip_longest(*iterables, fillvalue=None): tuples until the longest ends.")
        .slots(|s| s.new.set(Some(new_zip_longest)))
        .finish();
    builder::<M, Pairwise<M>>(t, Builtin::Pairwise, "itertools.pairwise", pairwise_next)
        .doc("pairwise(iterable): overlapping pairs.")
        .slots(|s| s.new.set(Some(new_pairwise)))
        .finish();
    builder::<M, Batched<M>>(t, Builtin::Batched, "itertools.batched", batched_next)
        .doc("batched(iterable, n, *, strict=False): tuples of n items.")
        .slots(|s| s.new.set(Some(new_batched)))
        .finish();
    builder::<M, StarMap<M>>(t, Builtin::StarMap, "itertools.starmap", starmap_next)
        .doc("starmap(function, iterable): the function over argument tuples.")
        .slots(|s| s.new.set(Some(new_starmap)))
        .finish();
}
