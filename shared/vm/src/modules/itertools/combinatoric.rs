//! `product`, `permutations`, `combinations` and `combinations_with_replacement`: indices into pools that are tuples.

use super::{builder, stateful};
use crate::args::Call;
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::object::{Held, Layout, Locked, Obj, Object, Payload, R, Raise};
use crate::types::ids::{self, Builtin};
use crate::types::iterators::Next;
use crate::types::sequence::{self, this_exact};
use crate::types::str::to_text;
use crate::types::{TypeObj, tuple};
use crate::value::Word;

/// Which indices come next.
#[derive(Default)]
pub(super) struct State {
    indices: Vec<usize>,
    /// Of permutations: how far each position has turned.
    cycles: Vec<usize>,
    started: bool,
    done: bool,
}

stateful! {
    /// `pools` is a tuple of tuples.
    Product PRODUCT { pools } [] state: Locked<State>
}
stateful! {
    /// Ordered selections of `size` items.
    Permutations PERMUTATIONS { pool } [] size: usize, state: Locked<State>
}
stateful! {
    /// Selections of items in their order.
    Combinations COMBINATIONS { pool } [] state: Locked<State>
}
stateful! {
    /// Selections of items in their order, each as often as wanted.
    WithReplacement COMBINATIONS_R { pool } [] state: Locked<State>
}

/// Takes the next indices: `advance` moves on and says whether there are any.
fn step<M: Memory, P>(
    t: &mut Thread<M>,
    object: &Object<M, P>,
    state: &Locked<State>,
    advance: impl FnOnce(&mut State) -> bool,
) -> Option<Vec<usize>> {
    state.with::<M, _>(t, &object.head, |s| {
        if !s.done {
            s.done = if s.started { !advance(s) } else { false };
            s.started = true;
        }
        if s.done { None } else { Some(s.indices.clone()) }
    })
}

fn pick<M: Memory>(t: &mut Thread<M>, pool: &Obj<M>, indices: &[usize]) -> Obj<M> {
    let pool = tuple::items(pool);
    tuple::from_iter(t, indices.iter().map(|&i| pool[i].clone()))
}

fn pool_of<M: Memory>(t: &mut Thread<M>, iterable: &Obj<M>) -> R<M> {
    let items = t.collect(iterable)?;
    Ok(tuple::from_vec(t, items))
}

/// The argument `r`, which must not be negative.
fn size_of_selection<M: Memory>(t: &mut Thread<M>, r: &Obj<M>) -> Result<usize, Raise> {
    let r = t.index_i64(r)?;
    if r < 0 {
        return Err(t.raise(Kind::ValueError, "r must be non-negative"));
    }
    Ok(r as usize)
}

// ---- product.

fn new_product<M: Memory>(t: &mut Thread<M>, _: &TypeObj<M>, call: Call<'_, M>) -> R<M> {
    let mut repeat = 1;
    for (key, value) in call.names.iter().zip(call.keyword_values()) {
        let text = to_text(key);
        if text != "repeat" {
            let message = format!("product() got an unexpected keyword argument '{text}'");
            return Err(t.raise(Kind::TypeError, message));
        }
        repeat = t.index_i64(value)?;
    }
    if repeat < 0 {
        return Err(t.raise(Kind::ValueError, "repeat argument cannot be negative"));
    }
    let mut pools = Vec::new();
    if repeat > 0 {
        for iterable in call.positional() {
            pools.push(pool_of(t, iterable)?);
        }
    }
    let pools = sequence::repeat(t, &pools, repeat as usize)?;
    let done = pools.iter().any(|p| tuple::items(p).is_empty());
    let state = State { indices: vec![0; pools.len()], done, ..State::default() };
    let pools = tuple::from_vec(t, pools);
    Ok(t.alloc(Product { pools: Held::fresh(pools), state: Locked::new(state) }))
}

fn product_next<M: Memory>(t: &mut Thread<M>, it: &Obj<M>) -> Next<M> {
    let p = this_exact::<M, Product<M>>(t, it)?;
    let pools = tuple::items(&p.body.pools);
    let indices = step(t, p, &p.body.state, |s| {
        for (i, pool) in s.indices.iter_mut().zip(pools).rev() {
            *i += 1;
            if *i < tuple::items(pool).len() {
                return true;
            }
            *i = 0;
        }
        false
    });
    let Some(indices) = indices else { return Ok(None) };
    Ok(Some(tuple::from_iter(t, pools.iter().zip(indices).map(|(pool, i)| tuple::items(pool)[i].clone()))))
}

// ---- permutations.

fn new_permutations<M: Memory>(t: &mut Thread<M>, _: &TypeObj<M>, call: Call<'_, M>) -> R<M> {
    let [iterable, r] = sequence::bind(t, "permutations", ["iterable", "r"], 1, 0, call)?;
    let pool = pool_of(t, iterable.expect("required"))?;
    let n = tuple::items(&pool).len();
    let size = match r.filter(|r| !r.is_none()) {
        None => n,
        Some(r) if !sequence::has_index(t, r) => return Err(t.raise(Kind::TypeError, "Expected int as r")),
        Some(r) => size_of_selection(t, r)?,
    };
    let cycles = (0..size.min(n)).map(|i| n - i).collect();
    let state = State { indices: (0..n).collect(), cycles, done: size > n, started: false };
    Ok(t.alloc(Permutations { pool: Held::fresh(pool), size, state: Locked::new(state) }))
}

fn permutations_next<M: Memory>(t: &mut Thread<M>, it: &Obj<M>) -> Next<M> {
    let p = this_exact::<M, Permutations<M>>(t, it)?;
    let indices = step(t, p, &p.body.state, |s| {
        let n = s.indices.len();
        for i in (0..s.cycles.len()).rev() {
            s.cycles[i] -= 1;
            if s.cycles[i] == 0 {
                s.indices[i..].rotate_left(1);
                s.cycles[i] = n - i;
            } else {
                s.indices.swap(i, n - s.cycles[i]);
                return true;
            }
        }
        false
    });
    Ok(indices.map(|indices| pick(t, &p.body.pool, &indices[..p.body.size])))
}

// ---- combinations.

fn arguments<M: Memory>(t: &mut Thread<M>, name: &str, call: Call<'_, M>) -> Result<(Obj<M>, usize), Raise> {
    let [iterable, r] = sequence::bind(t, name, ["iterable", "r"], 2, 0, call)?;
    let pool = pool_of(t, iterable.expect("required"))?;
    let size = size_of_selection(t, r.expect("required"))?;
    Ok((pool, size))
}

fn new_combinations<M: Memory>(t: &mut Thread<M>, _: &TypeObj<M>, call: Call<'_, M>) -> R<M> {
    let (pool, size) = arguments(t, "combinations", call)?;
    let done = size > tuple::items(&pool).len();
    let indices = if done { Vec::new() } else { (0..size).collect() };
    let state = Locked::new(State { indices, done, ..State::default() });
    Ok(t.alloc(Combinations { pool: Held::fresh(pool), state }))
}

fn combinations_next<M: Memory>(t: &mut Thread<M>, it: &Obj<M>) -> Next<M> {
    let c = this_exact::<M, Combinations<M>>(t, it)?;
    let n = tuple::items(&c.body.pool).len();
    let indices = step(t, c, &c.body.state, |s| {
        let r = s.indices.len();
        let Some(i) = (0..r).rev().find(|&i| s.indices[i] != i + n - r) else { return false };
        s.indices[i] += 1;
        for j in i + 1..r {
            s.indices[j] = s.indices[j - 1] + 1;
        }
        true
    });
    Ok(indices.map(|indices| pick(t, &c.body.pool, &indices)))
}

fn new_with_replacement<M: Memory>(t: &mut Thread<M>, _: &TypeObj<M>, call: Call<'_, M>) -> R<M> {
    let (pool, size) = arguments(t, "combinations_with_replacement", call)?;
    let done = size > 0 && tuple::items(&pool).is_empty();
    let indices = if done { Vec::new() } else { vec![0; size] };
    let state = Locked::new(State { indices, done, ..State::default() });
    Ok(t.alloc(WithReplacement { pool: Held::fresh(pool), state }))
}

fn with_replacement_next<M: Memory>(t: &mut Thread<M>, it: &Obj<M>) -> Next<M> {
    let c = this_exact::<M, WithReplacement<M>>(t, it)?;
    let n = tuple::items(&c.body.pool).len();
    let indices = step(t, c, &c.body.state, |s| {
        let r = s.indices.len();
        let Some(i) = (0..r).rev().find(|&i| s.indices[i] + 1 != n) else { return false };
        let next = s.indices[i] + 1;
        s.indices[i..].fill(next);
        true
    });
    Ok(indices.map(|indices| pick(t, &c.body.pool, &indices)))
}

pub(super) fn define<M: Memory>(t: &mut Thread<M>) {
    builder::<M, Product<M>>(t, Builtin::Product, "itertools.product", product_next)
        .doc("product(*iterables, repeat=1): the Cartesian product.")
        .slots(|s| s.new.set(Some(new_product)))
        .finish();
    builder::<M, Permutations<M>>(t, Builtin::Permutations, "itertools.permutations", permutations_next)
        .doc("permutations(iterable, r=None): ordered selections of r items.")
        .slots(|s| s.new.set(Some(new_permutations)))
        .finish();
    builder::<M, Combinations<M>>(t, Builtin::Combinations, "itertools.combinations", combinations_next)
        .doc("combinations(iterable, r): selections of r items.")
        .slots(|s| s.new.set(Some(new_combinations)))
        .finish();
    let name = "itertools.combinations_with_replacement";
    builder::<M, WithReplacement<M>>(t, Builtin::CombinationsReplacement, name, with_replacement_next)
        .doc("combinations_with_replacement(iterable, r): selections of r items, repeated ones too.")
        .slots(|s| s.new.set(Some(new_with_replacement)))
        .finish();
}
