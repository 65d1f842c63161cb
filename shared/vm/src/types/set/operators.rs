//! Set algebra: what the operators and the named methods share. Results are built from one moment's keys of each
//! operand; Python's `__eq__` runs between.

use super::{
    Keys, Set, SetObj, add_hashed, at_once, cast, contains_hashed, discard_hashed, duplicate, hashed_keys, make,
};
use super::{from_iterable, keys_of, new, update};
use crate::context::Thread;
use crate::memory::Memory;
use crate::object::{Held, Obj, R, Raise};
use crate::types::dict::hash_in;
use crate::types::ids::Builtin;
use crate::types::sequence::this;
use crate::types::slots::{BinOp, CmpOp, Slots};

/// A set or frozenset, as `model` is, with the keys of a helper set.
fn like<M: Memory>(t: &mut Thread<M>, model: &SetObj<M>, keys: Keys<M>) -> Obj<M> {
    make(t, keys, model.body.frozen, None)
}

fn keys<M: Memory>(t: &mut Thread<M>, set: &Obj<M>) -> Keys<M> {
    let s = cast(set).expect("made by this module");
    s.body.take(t, &s.head)
}

/// A helper set with the keys of `from`.
fn copy_of<M: Memory>(t: &mut Thread<M>, from: &SetObj<M>) -> Obj<M> {
    let keys = duplicate(t, from);
    make(t, keys, false, None)
}

/// `set.copy()`; a frozenset itself is its own copy.
pub(super) fn copy<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    let set = this::<M, Set<M>>(t, obj)?;
    if obj.shape() == crate::types::ids::FROZENSET {
        return Ok(obj.clone());
    }
    let keys = duplicate(t, set);
    Ok(like(t, set, keys))
}

/// Union with any number of iterables.
pub(super) fn union<M: Memory>(t: &mut Thread<M>, set: &SetObj<M>, others: &[Obj<M>]) -> R<M> {
    let result = copy_of(t, set);
    let r = cast(&result).expect("a set was made");
    for other in others {
        update(t, r, other)?;
    }
    let keys = keys(t, &result);
    Ok(like(t, set, keys))
}

/// Keys of `set` that are in the iterable.
pub(crate) fn common<M: Memory>(t: &mut Thread<M>, set: &SetObj<M>, other: &Obj<M>) -> R<M> {
    let result = new(t);
    let r = cast(&result).expect("a set was made");
    if let Some(o) = cast(other) {
        if std::ptr::eq(o, set) {
            return Ok(copy_of(t, set));
        }
        let swap = o.body.len() > set.body.len();
        let (walked, asked) = if swap { (set, o) } else { (o, set) };
        for (hash, key) in hashed_keys(t, walked) {
            if contains_hashed_in(t, asked, &key, hash)? {
                add_hashed(t, r, &key, hash)?;
            }
        }
    } else {
        t.iterate(other, &mut |t, key| {
            let hash = hash_in(t, &key, "set element")?;
            if contains_hashed_in(t, set, &key, hash)? { add_hashed(t, r, &key, hash) } else { Ok(()) }
        })?;
    }
    Ok(result)
}

/// Look-up that works for frozen sets too.
fn contains_hashed_in<M: Memory>(t: &mut Thread<M>, set: &SetObj<M>, key: &Obj<M>, hash: i64) -> Result<bool, Raise> {
    contains_hashed(t, set, key, hash)
}

/// Intersection with any number of iterables.
pub(super) fn intersection<M: Memory>(t: &mut Thread<M>, set: &SetObj<M>, others: &[Obj<M>]) -> R<M> {
    let mut result = None;
    for other in others {
        result = Some(match &result {
            None => common(t, set, other)?,
            Some(so_far) => common(t, cast(so_far).expect("a set was made"), other)?,
        });
    }
    let result = result.unwrap_or_else(|| copy_of(t, set));
    let keys = keys(t, &result);
    Ok(like(t, set, keys))
}

/// Removes every item of the iterable.
pub(crate) fn difference_update<M: Memory>(t: &mut Thread<M>, set: &SetObj<M>, other: &Obj<M>) -> Result<(), Raise> {
    if let Some(o) = cast(other) {
        if std::ptr::eq(o, set) {
            super::methods::clear_set(t, set);
            return Ok(());
        }
        let keys = hashed_keys(t, o);
        let mut gone = Vec::new();
        let done = at_once(t, set, &keys, |_, table, _, _, place| {
            // SAFETY: the table forgot the word.
            gone.extend(place.ok().map(|i| unsafe { Obj::<M>::from_word(table.remove_at(i)) }));
        });
        drop(gone);
        for (hash, key) in &keys[done..] {
            discard_hashed(t, set, key, *hash)?;
        }
        return Ok(());
    }
    t.iterate(other, &mut |t, key| super::discard(t, set, &key).map(drop))
}

/// Difference to any number of iterables.
pub(super) fn difference<M: Memory>(t: &mut Thread<M>, set: &SetObj<M>, others: &[Obj<M>]) -> R<M> {
    // Against one large set it is cheaper to ask for each own key.
    if let [other] = others
        && let Some(o) = cast(other)
        && set.body.len() / 4 <= o.body.len()
    {
        let result = new(t);
        let r = cast(&result).expect("a set was made");
        for (hash, key) in hashed_keys(t, set) {
            if !contains_hashed_in(t, o, &key, hash)? {
                add_hashed(t, r, &key, hash)?;
            }
        }
        let keys = keys(t, &result);
        return Ok(like(t, set, keys));
    }
    let result = copy_of(t, set);
    for other in others {
        difference_update(t, cast(&result).expect("a set was made"), other)?;
    }
    let keys = keys(t, &result);
    Ok(like(t, set, keys))
}

/// Toggles every key of the iterable.
pub(crate) fn symmetric_difference_update<M: Memory>(
    t: &mut Thread<M>,
    set: &SetObj<M>,
    other: &Obj<M>,
) -> Result<(), Raise> {
    let helper = if cast(other).is_some() { other.clone() } else { from_iterable(t, other)? };
    let keys = hashed_keys(t, cast(&helper).expect("checked or made"));
    let mut gone = Vec::new();
    let done = at_once(t, set, &keys, |ctx, table, hash, key, place| match place {
        // SAFETY: the table forgot the word.
        Ok(i) => gone.push(unsafe { Obj::<M>::from_word(table.remove_at(i)) }),
        Err(free) => {
            let key = Held::<M>::new(ctx, &set.head, key.clone());
            table.insert_at(ctx, &set.head, free, hash, key.into_obj().into_word());
        }
    });
    drop(gone);
    for (hash, key) in &keys[done..] {
        if !discard_hashed(t, set, key, *hash)? {
            add_hashed(t, set, key, *hash)?;
        }
    }
    Ok(())
}

/// Keys of one but not of both.
pub(super) fn symmetric_difference<M: Memory>(t: &mut Thread<M>, set: &SetObj<M>, other: &Obj<M>) -> R<M> {
    let keys_of_other = keys_of(t, other)?;
    let result = make(t, keys_of_other, false, None);
    let mine = copy_of(t, set);
    symmetric_difference_update(t, cast(&result).expect("a set was made"), &mine)?;
    let keys = keys(t, &result);
    Ok(like(t, set, keys))
}

/// Is every key of `a` in `b`?
pub(super) fn is_subset<M: Memory>(t: &mut Thread<M>, a: &SetObj<M>, b: &SetObj<M>) -> Result<bool, Raise> {
    if a.body.len() > b.body.len() {
        return Ok(false);
    }
    for (hash, key) in hashed_keys(t, a) {
        if !contains_hashed_in(t, b, &key, hash)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Have the two no key in common?
pub(super) fn is_disjoint<M: Memory>(t: &mut Thread<M>, set: &SetObj<M>, other: &Obj<M>) -> Result<bool, Raise> {
    if let Some(o) = cast(other) {
        let swap = o.body.len() > set.body.len();
        let (walked, asked) = if swap { (set, o) } else { (o, set) };
        for (hash, key) in hashed_keys(t, walked) {
            if contains_hashed_in(t, asked, &key, hash)? {
                return Ok(false);
            }
        }
        return Ok(true);
    }
    let it = t.iter(other)?;
    while let Some(key) = t.next(&it)? {
        if super::contains(t, set, &key)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn compare<M: Memory>(t: &mut Thread<M>, a: &Obj<M>, b: &Obj<M>, op: CmpOp) -> R<M> {
    let (Some(x), Some(y)) = (cast(a), cast(b)) else { return Ok(Obj::not_implemented()) };
    let (m, n) = (x.body.len(), y.body.len());
    let answer = match op {
        CmpOp::Eq => m == n && is_subset(t, x, y)?,
        CmpOp::Ne => m != n || !is_subset(t, x, y)?,
        CmpOp::Lt => m < n && is_subset(t, x, y)?,
        CmpOp::Le => is_subset(t, x, y)?,
        CmpOp::Gt => m > n && is_subset(t, y, x)?,
        CmpOp::Ge => is_subset(t, y, x)?,
    };
    Ok(Obj::bool(answer))
}

type Operation<M> = fn(&mut Thread<M>, &SetObj<M>, &Obj<M>) -> R<M>;

fn binary<M: Memory>(t: &mut Thread<M>, a: &Obj<M>, b: &Obj<M>, f: Operation<M>) -> R<M> {
    match (cast(a), cast(b)) {
        (Some(x), Some(_)) => f(t, x, b),
        _ => Ok(Obj::not_implemented()),
    }
}

type Change<M> = fn(&mut Thread<M>, &SetObj<M>, &Obj<M>) -> Result<(), Raise>;

fn inplace<M: Memory>(t: &mut Thread<M>, a: &Obj<M>, b: &Obj<M>, f: Change<M>) -> R<M> {
    match (cast(a), cast(b)) {
        (Some(x), Some(_)) if !x.body.frozen => {
            f(t, x, b)?;
            Ok(a.clone())
        }
        _ => Ok(Obj::not_implemented()),
    }
}

/// Keeps only the keys that are in the iterable.
pub(super) fn intersection_update<M: Memory>(t: &mut Thread<M>, set: &SetObj<M>, other: &Obj<M>) -> Result<(), Raise> {
    let kept = common(t, set, other)?;
    replace(t, set, kept);
    Ok(())
}

/// Gives a set the keys of a helper set.
pub(super) fn replace<M: Memory>(t: &mut Thread<M>, set: &SetObj<M>, from: Obj<M>) {
    let new = keys(t, &from);
    let ctx: &crate::context::Context<M> = t;
    let old = set.body.change(ctx, &set.head, |table| {
        for entry in new.0.keys() {
            // SAFETY: `new` owns the word; it is published here, not taken.
            std::mem::forget(Held::<M>::new(ctx, &set.head, unsafe { Obj::from_word(entry.key) }));
        }
        Keys::<M>::owned(table.replace(ctx, &set.head, new.into_table()))
    });
    drop(old);
}

/// The operators of `set` and `frozenset`.
pub(super) fn slots<M: Memory>(s: &Slots<M>) {
    s.compare.set(Some(compare));
    let bin = |op: BinOp, f| s.bin[op as usize].set(Some(f));
    bin(BinOp::Or, |t, a, b| binary(t, a, b, |t, x, y| union(t, x, std::slice::from_ref(y))));
    bin(BinOp::And, |t, a, b| binary(t, a, b, |t, x, y| intersection(t, x, std::slice::from_ref(y))));
    bin(BinOp::Sub, |t, a, b| binary(t, a, b, |t, x, y| difference(t, x, std::slice::from_ref(y))));
    bin(BinOp::Xor, |t, a, b| binary(t, a, b, symmetric_difference));
}

/// The in-place operators of `set`.
pub(super) fn inplace_slots<M: Memory>(s: &Slots<M>) {
    let set = |op: BinOp, f| s.inplace[op as usize].set(Some(f));
    set(BinOp::Or, |t, a, b| inplace(t, a, b, update));
    set(BinOp::And, |t, a, b| inplace(t, a, b, intersection_update));
    set(BinOp::Sub, |t, a, b| inplace(t, a, b, difference_update));
    set(BinOp::Xor, |t, a, b| inplace(t, a, b, symmetric_difference_update));
}

/// The class that `model` is an instance of, when it is a built-in one.
pub(super) fn builtin_of<M: Memory>(model: &SetObj<M>) -> Builtin {
    if model.body.frozen { Builtin::FrozenSet } else { Builtin::Set }
}
