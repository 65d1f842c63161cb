//! The types `set` and `frozenset` and their methods.

use super::operators::{self, difference_update, intersection_update, replace, symmetric_difference_update};
use super::{Keys, Set, SetObj, Table, cast, contains, discard, from_iterable, hashed_keys, insert, iterator, keys_of};
use super::{make, update};
use crate::args::{Args, Call};
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::{CellWord, Memory};
use crate::object::{Obj, R, Raise};
use crate::types::build::Builder;
use crate::types::ids::{self, Builtin};
use crate::types::sequence::{self, this};
use crate::types::{TypeObj, alias, dict, flags, int, list, tuple};

fn set<'a, M: Memory>(t: &mut Thread<M>, obj: &'a Obj<M>) -> Result<&'a SetObj<M>, Raise> {
    this::<M, Set<M>>(t, obj)
}

/// A set that may be changed.
fn open<'a, M: Memory>(t: &mut Thread<M>, obj: &'a Obj<M>) -> Result<&'a SetObj<M>, Raise> {
    let s = set(t, obj)?;
    if s.body.frozen {
        let class = t.class_name(obj);
        return Err(t.raise(Kind::TypeError, format!("descriptor doesn't apply to a '{class}' object")));
    }
    Ok(s)
}

// ---- Making.

fn new_set<M: Memory>(t: &mut Thread<M>, class: &TypeObj<M>, _: Call<'_, M>) -> R<M> {
    Ok(make(t, Keys::owned(Table::default()), false, Some(class)))
}

fn init_set<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, call: Call<'_, M>) -> Result<(), Raise> {
    let [iterable] = sequence::bind(t, "set", ["iterable"], 0, 1, call)?;
    let s = open(t, obj)?;
    clear_set(t, s);
    match iterable {
        Some(iterable) => update(t, s, iterable),
        None => Ok(()),
    }
}

fn new_frozen<M: Memory>(t: &mut Thread<M>, class: &TypeObj<M>, call: Call<'_, M>) -> R<M> {
    let exact = class.body.shape() == ids::FROZENSET;
    let call = if exact { call } else { Call { slots: call.positional(), names: &[] } };
    let [iterable] = sequence::bind(t, "frozenset", ["iterable"], 0, 1, call)?;
    let keys = match iterable {
        Some(same) if exact && same.shape() == ids::FROZENSET => return Ok(same.clone()),
        Some(iterable) => keys_of(t, iterable)?,
        None => Keys::owned(Table::default()),
    };
    Ok(make(t, keys, true, Some(class)))
}

// ---- Protocols.

fn repr<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    let s = set(t, obj)?;
    let class = t.class_name(obj);
    let class = class.rsplit('.').next().unwrap_or("set").to_string();
    sequence::repr_guarded(t, obj, &format!("{class}(...)"), |t| {
        let keys = hashed_keys(t, s);
        if keys.is_empty() {
            return Ok(format!("{class}()"));
        }
        let plain = obj.shape() == ids::SET;
        let mut text = if plain { String::from("{") } else { format!("{class}({{") };
        for (i, (_, key)) in keys.iter().enumerate() {
            if i > 0 {
                text.push_str(", ");
            }
            sequence::push_repr(t, &mut text, key)?;
        }
        text.push_str(if plain { "}" } else { "})" });
        Ok(text)
    })
}

fn len<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> Result<usize, Raise> {
    let s = set(t, obj)?;
    Ok(s.body.len())
}

/// A set as a key of a set stands for its frozen copy: `None` when the key is no such set or needs no help.
fn frozen_key<M: Memory>(t: &mut Thread<M>, key: &Obj<M>) -> Result<Option<Obj<M>>, Raise> {
    match cast(key) {
        Some(s) if !s.body.frozen && t.raised_is(Kind::TypeError) => {
            t.clear_raised();
            let keys = super::duplicate(t, s);
            Ok(Some(make(t, keys, true, None)))
        }
        _ => Ok(None),
    }
}

fn contains_slot<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, key: &Obj<M>) -> Result<bool, Raise> {
    let s = set(t, obj)?;
    match contains(t, s, key) {
        Ok(there) => Ok(there),
        Err(raise) => match frozen_key(t, key)? {
            Some(frozen) => contains(t, s, &frozen),
            None => Err(raise),
        },
    }
}

/// Independent of the order of the keys (as in CPython).
fn hash<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> Result<i64, Raise> {
    let s = set(t, obj)?;
    let known = s.body.hash.load() as i64;
    if known != -1 {
        return Ok(known);
    }
    let shuffle = |h: u64| ((h ^ 89869747) ^ (h << 16)).wrapping_mul(3644798167);
    let mut hash = 0u64;
    let mut n = 0u64;
    for (h, _) in hashed_keys(t, s) {
        hash ^= shuffle(h as u64);
        n += 1;
    }
    hash ^= (n + 1).wrapping_mul(1927868237);
    hash ^= (hash >> 11) ^ (hash >> 25);
    hash = hash.wrapping_mul(69069).wrapping_add(907133923);
    if hash == u64::MAX {
        hash = 590923713;
    }
    s.body.hash.store(hash);
    Ok(hash as i64)
}

// ---- Methods of both.

fn copy<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    operators::copy(t, &args[0])
}

fn union<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let s = set(t, &args[0])?;
    operators::union(t, s, args.rest)
}

fn intersection<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let s = set(t, &args[0])?;
    operators::intersection(t, s, args.rest)
}

fn difference<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let s = set(t, &args[0])?;
    operators::difference(t, s, args.rest)
}

fn symmetric_difference<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let s = set(t, &args[0])?;
    operators::symmetric_difference(t, s, &args[1])
}

fn issubset<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let s = set(t, &args[0])?;
    let helper = if cast(&args[1]).is_some() { args[1].clone() } else { from_iterable(t, &args[1])? };
    let other = set(t, &helper)?;
    operators::is_subset(t, s, other).map(Obj::bool)
}

fn issuperset<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let s = set(t, &args[0])?;
    if let Some(other) = cast(&args[1]) {
        return operators::is_subset(t, other, s).map(Obj::bool);
    }
    let it = t.iter(&args[1])?;
    while let Some(key) = t.next(&it)? {
        if !contains(t, s, &key)? {
            return Ok(Obj::bool(false));
        }
    }
    Ok(Obj::bool(true))
}

fn isdisjoint<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let s = set(t, &args[0])?;
    operators::is_disjoint(t, s, &args[1]).map(Obj::bool)
}

fn reduce<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let s = set(t, &args[0])?;
    let keys = hashed_keys(t, s).into_iter().map(|(_, key)| key).collect();
    let keys = list::from_vec(t, keys);
    let keys = tuple::from_array(t, [keys]);
    let class = t.class_of(&args[0]).to_obj();
    let state = match t.builtin(operators::builtin_of(s)).is(&class) {
        true => Obj::NONE,
        false => t.call_method(&args[0], "__getstate__", &[])?,
    };
    Ok(tuple::from_array(t, [class, keys, state]))
}

fn sizeof<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let s = set(t, &args[0])?;
    let bytes = s.body.table.bytes();
    Ok(int::from_usize(t, size_of::<SetObj<M>>() + bytes))
}

// ---- Methods of `set` alone.

fn add_method<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let s = open(t, &args[0])?;
    insert(t, s, &args[1])?;
    Ok(Obj::NONE)
}

fn discard_key<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, key: &Obj<M>) -> Result<bool, Raise> {
    let s = open(t, obj)?;
    match discard(t, s, key) {
        Ok(there) => Ok(there),
        Err(raise) => match frozen_key(t, key)? {
            Some(frozen) => discard(t, s, &frozen),
            None => Err(raise),
        },
    }
}

fn discard_method<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    discard_key(t, &args[0], &args[1])?;
    Ok(Obj::NONE)
}

fn remove<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    if !discard_key(t, &args[0], &args[1])? {
        return Err(dict::key_error(t, &args[1]));
    }
    Ok(Obj::NONE)
}

fn pop<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let s = open(t, &args[0])?;
    match s.body.change(t, &s.head, Table::pop) {
        // SAFETY: the table forgot the word.
        Some(word) => Ok(unsafe { Obj::from_word(word) }),
        None => Err(t.raise(Kind::KeyError, "pop from an empty set")),
    }
}

/// Removes all keys.
pub(super) fn clear_set<M: Memory>(t: &mut Thread<M>, s: &SetObj<M>) {
    drop(s.body.take(t, &s.head));
}

fn clear<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let s = open(t, &args[0])?;
    clear_set(t, s);
    Ok(Obj::NONE)
}

fn update_method<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let s = open(t, &args[0])?;
    for other in args.rest {
        update(t, s, other)?;
    }
    Ok(Obj::NONE)
}

fn difference_update_method<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let s = open(t, &args[0])?;
    for other in args.rest {
        difference_update(t, s, other)?;
    }
    Ok(Obj::NONE)
}

fn intersection_update_method<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let s = open(t, &args[0])?;
    match args.rest {
        [one] => intersection_update(t, s, one)?,
        others => {
            let keys = operators::intersection(t, s, others)?;
            replace(t, s, keys);
        }
    }
    Ok(Obj::NONE)
}

fn symmetric_difference_update_method<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let s = open(t, &args[0])?;
    symmetric_difference_update(t, s, &args[1])?;
    Ok(Obj::NONE)
}

/// What both types have.
fn both<'a, M: Memory>(b: Builder<'a, M>) -> Builder<'a, M> {
    b.flag(flags::SELF_MATCH)
        .slots(|s| {
            s.repr.set(Some(repr));
            s.len.set(Some(len));
            s.iter.set(Some(iterator::iter));
            s.contains.set(Some(contains_slot));
            operators::slots(s);
        })
        .method("copy(self, /)", copy)
        .method("union(self, /, *others)", union)
        .method("intersection(self, /, *others)", intersection)
        .method("difference(self, /, *others)", difference)
        .method("symmetric_difference(self, other, /)", symmetric_difference)
        .method("issubset(self, other, /)", issubset)
        .method("issuperset(self, other, /)", issuperset)
        .method("isdisjoint(self, other, /)", isdisjoint)
        .method("__reduce__(self, /)", reduce)
        .method("__sizeof__(self, /)", sizeof)
        .classmethod("__class_getitem__(cls, item, /)", alias::class_getitem)
}

/// Makes the types.
pub fn define<M: Memory>(t: &mut Thread<M>) {
    iterator::define(t);
    both(Builder::new::<Set<M>>(t, Builtin::Set, "set"))
        .doc("Build an unordered collection of unique elements.")
        .attr("__hash__", Obj::NONE)
        .slots(|s| {
            s.new.set(Some(new_set));
            s.init.set(Some(init_set));
            operators::inplace_slots(s);
        })
        .method("add(self, object, /)", add_method)
        .method("discard(self, object, /)", discard_method)
        .method("remove(self, object, /)", remove)
        .method("pop(self, /)", pop)
        .method("clear(self, /)", clear)
        .method("update(self, /, *others)", update_method)
        .method("difference_update(self, /, *others)", difference_update_method)
        .method("intersection_update(self, /, *others)", intersection_update_method)
        .method("symmetric_difference_update(self, other, /)", symmetric_difference_update_method)
        .finish();
    both(Builder::new::<Set<M>>(t, Builtin::FrozenSet, "frozenset"))
        .doc("Build an immutable unordered collection of unique elements.")
        .slots(|s| {
            s.new.set(Some(new_frozen));
            s.hash.set(Some(hash));
        })
        .finish();
}
