//! `zip`, `map` and `filter`.

use smallvec::SmallVec;

use crate::args::{Args, Call};
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::{CellWord, Memory};
use crate::object::{Held, Layout, Obj, Payload, R, Raise, Slot};
use crate::types::ids::{self, Builtin};
use crate::types::iterators::{Next, builder, payload};
use crate::types::sequence::{self, this_exact};
use crate::types::str::to_text;
use crate::types::{TypeObj, tuple};
use crate::value::Word;

payload! {
    /// `its` is a tuple of iterators; `strict` is 1 when they must end together.
    Zip ZIP { its } [last] strict: M::Cell
}
payload! {
    /// As [`Zip`] with a function over the items.
    Map MAP { function, its } strict: M::Cell
}
payload! {
    /// Items for which the function (or with `None` the item itself) is true.
    Filter FILTER { function, it }
}

/// Takes `strict=…` off a call.
fn strict<M: Memory>(t: &mut Thread<M>, name: &str, call: Call<'_, M>) -> Result<bool, Raise> {
    let mut strict = false;
    for (key, value) in call.names.iter().zip(call.keyword_values()) {
        let text = to_text(key);
        if text != "strict" {
            let message = format!("{name}() got an unexpected keyword argument '{text}'");
            return Err(t.raise(Kind::TypeError, message));
        }
        strict = t.truth(value)?;
    }
    Ok(strict)
}

fn iterators<M: Memory>(t: &mut Thread<M>, iterables: &[Obj<M>]) -> R<M> {
    let mut its = Vec::with_capacity(iterables.len());
    for iterable in iterables {
        its.push(t.iter(iterable)?);
    }
    Ok(tuple::from_vec(t, its))
}

fn new_zip<M: Memory>(t: &mut Thread<M>, _class: &TypeObj<M>, call: Call<'_, M>) -> R<M> {
    let strict = strict(t, "zip", call)?;
    let its = iterators(t, call.positional())?;
    Ok(t.alloc(Zip { its: Held::fresh(its), last: Slot::empty(), strict: M::Cell::new(strict as u64) }))
}

fn new_map<M: Memory>(t: &mut Thread<M>, _class: &TypeObj<M>, call: Call<'_, M>) -> R<M> {
    let strict = strict(t, "map", call)?;
    let [function, iterables @ ..] = call.positional() else {
        return Err(t.raise(Kind::TypeError, "map() must have at least two arguments."));
    };
    if iterables.is_empty() {
        return Err(t.raise(Kind::TypeError, "map() must have at least two arguments."));
    }
    let its = iterators(t, iterables)?;
    let function = Held::fresh(function.clone());
    Ok(t.alloc(Map { function, its: Held::fresh(its), strict: M::Cell::new(strict as u64) }))
}

fn new_filter<M: Memory>(t: &mut Thread<M>, _class: &TypeObj<M>, call: Call<'_, M>) -> R<M> {
    sequence::no_keywords(t, "filter", call)?;
    let [function, iterable] = call.positional() else {
        let message = format!("filter expected 2 arguments, got {}", call.positional().len());
        return Err(t.raise(Kind::TypeError, message));
    };
    let it = t.iter(iterable)?;
    Ok(t.alloc(Filter { function: Held::fresh(function.clone()), it: Held::fresh(it) }))
}

type Items<M> = SmallVec<[Obj<M>; 4]>;

/// One item of each iterator; `None` at the end. With `strict` it is an error when they do not end together.
fn step<M: Memory>(t: &mut Thread<M>, its: &[Obj<M>], strict: bool, name: &str) -> Result<Option<Items<M>>, Raise> {
    let mut items = Items::new();
    for (i, it) in its.iter().enumerate() {
        match t.next(it)? {
            Some(item) => items.push(item),
            None if !strict => return Ok(None),
            None if i > 0 => return Err(uneven(t, name, i, "shorter")),
            None => {
                for (i, it) in its.iter().enumerate().skip(1) {
                    if t.next(it)?.is_some() {
                        return Err(uneven(t, name, i, "longer"));
                    }
                }
                return Ok(None);
            }
        }
    }
    Ok(Some(items))
}

#[cold]
fn uneven<M: Memory>(t: &mut Thread<M>, name: &str, i: usize, how: &str) -> Raise {
    let others = if i == 1 { "argument 1".to_string() } else { format!("arguments 1-{i}") };
    t.raise(Kind::ValueError, format!("{name}() argument {} is {how} than {others}", i + 1))
}

fn zip_next<M: Memory>(t: &mut Thread<M>, it: &Obj<M>) -> Next<M> {
    let o = this_exact::<M, Zip<M>>(t, it)?;
    let z = &o.body;
    let its = tuple::items(&z.its);
    let strict = z.strict.load() != 0;
    if let ([a, b], false) = (its, strict) {
        let Some(x) = t.next(a)? else { return Ok(None) };
        let Some(y) = t.next(b)? else { return Ok(None) };
        return Ok(Some(tuple::pair_again(t, &z.last, &o.head, x, y)));
    }
    if its.is_empty() {
        return Ok(None);
    }
    let items = step(t, its, strict, "zip")?;
    Ok(items.map(|items| tuple::from_iter(t, items)))
}

fn map_next<M: Memory>(t: &mut Thread<M>, it: &Obj<M>) -> Next<M> {
    let m = &this_exact::<M, Map<M>>(t, it)?.body;
    let its = tuple::items(&m.its);
    if let [one] = its {
        let Some(item) = t.next(one)? else { return Ok(None) };
        return t.call(&m.function, &[item]).map(Some);
    }
    let Some(items) = step(t, its, m.strict.load() != 0, "map")? else { return Ok(None) };
    t.call(&m.function, &items).map(Some)
}

fn filter_next<M: Memory>(t: &mut Thread<M>, it: &Obj<M>) -> Next<M> {
    let f = &this_exact::<M, Filter<M>>(t, it)?.body;
    let plain = f.function.is_none() || t.builtin(Builtin::Bool).is(&f.function);
    while let Some(item) = t.next(&f.it)? {
        let keep = if plain {
            t.truth(&item)?
        } else {
            let answer = t.call(&f.function, std::slice::from_ref(&item))?;
            t.truth(&answer)?
        };
        if keep {
            return Ok(Some(item));
        }
        t.poll()?;
    }
    Ok(None)
}

fn reduce_with<M: Memory>(t: &mut Thread<M>, class: Builtin, parts: Vec<Obj<M>>, strict: bool) -> R<M> {
    let class = t.builtin(class).to_obj();
    let parts = tuple::from_vec(t, parts);
    if strict {
        return Ok(tuple::from_array(t, [class, parts, Obj::bool(true)]));
    }
    Ok(tuple::from_array(t, [class, parts]))
}

fn zip_reduce<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let z = &this_exact::<M, Zip<M>>(t, &args[0])?.body;
    reduce_with(t, Builtin::Zip, tuple::items(&z.its).to_vec(), z.strict.load() != 0)
}

fn map_reduce<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let m = &this_exact::<M, Map<M>>(t, &args[0])?.body;
    let mut parts = vec![(*m.function).clone()];
    parts.extend_from_slice(tuple::items(&m.its));
    reduce_with(t, Builtin::Map, parts, m.strict.load() != 0)
}

fn filter_reduce<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let f = &this_exact::<M, Filter<M>>(t, &args[0])?.body;
    reduce_with(t, Builtin::Filter, vec![(*f.function).clone(), (*f.it).clone()], false)
}

fn zip_setstate<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let strict = t.truth(&args[1])?;
    this_exact::<M, Zip<M>>(t, &args[0])?.body.strict.store(strict as u64);
    Ok(Obj::NONE)
}

fn map_setstate<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let strict = t.truth(&args[1])?;
    this_exact::<M, Map<M>>(t, &args[0])?.body.strict.store(strict as u64);
    Ok(Obj::NONE)
}

/// Makes the types.
pub(super) fn define<M: Memory>(t: &mut Thread<M>) {
    builder::<M, Zip<M>>(t, Builtin::Zip, "zip", zip_next)
        .doc("zip(*iterables, strict=False): tuples of one item of each iterable.")
        .slots(|s| s.new.set(Some(new_zip)))
        .method("__reduce__(self, /)", zip_reduce)
        .method("__setstate__(self, state, /)", zip_setstate)
        .finish();
    builder::<M, Map<M>>(t, Builtin::Map, "map", map_next)
        .doc("map(function, iterable, /, *iterables, strict=False): the function's results over the items.")
        .slots(|s| s.new.set(Some(new_map)))
        .method("__reduce__(self, /)", map_reduce)
        .method("__setstate__(self, state, /)", map_setstate)
        .finish();
    builder::<M, Filter<M>>(t, Builtin::Filter, "filter", filter_next)
        .doc("filter(function, iterable): the items for which the function is true.")
        .slots(|s| s.new.set(Some(new_filter)))
        .method("__reduce__(self, /)", filter_reduce)
        .finish();
}
