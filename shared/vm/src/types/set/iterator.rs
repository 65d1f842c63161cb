//! Iteration over a set, place by place.

use super::table::Place;
use super::{Set, Table, cast};
use crate::args::Args;
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::{CellWord, Memory, Section};
use crate::object::{Layout, Lent, Obj, Payload, R, Val};
use crate::types::ids::{self, Builtin};
use crate::types::iterators::{DONE, Next, builder, lending, payload};
use crate::types::sequence::{builtin_function, this, this_exact};
use crate::types::{flags, int, list, tuple};
use crate::value::Word;

payload! {
    /// `used` is the number of keys when the iteration began.
    SetIter SET_ITER { } { set } place: M::Cell, used: M::Cell
}

pub(super) fn iter<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    let set = this::<M, Set<M>>(t, obj)?;
    let used = set.body.len() as u64;
    let it = SetIter { set: Lent::empty(), place: M::Cell::new(0), used: M::Cell::new(used) };
    Ok(lending(t, it, |it| &it.set, obj))
}

/// The place of a shared iterator moves inside the set's section, so that threads which share it do not send it back.
fn next<M: Memory>(t: &mut Thread<M>, it: &Obj<M>) -> Next<M> {
    let it = this_exact::<M, SetIter<M>>(t, it)?;
    let shared = M::is_shared(t, &it.head);
    let it = &it.body;
    let Some(set) = cast(&it.set).filter(|_| it.place.load() != DONE) else { return Ok(None) };
    let found = {
        let _section = shared.then(|| Section::<M>::enter(t, &set.head));
        step(it, &set.body.table)
    };
    match found {
        Some(key) => Ok(key),
        None => {
            it.used.store(u64::MAX);
            Err(t.raise(Kind::RuntimeError, "Set changed size during iteration"))
        }
    }
}

/// The next key, if any; nothing if the number of keys changed.
#[inline(always)]
fn step<M: Memory>(it: &SetIter<M>, table: &Table<M>) -> Option<Option<Obj<M>>> {
    if table.len() as u64 != it.used.load() {
        return None;
    }
    let place = it.place.load();
    let rest = table.places().get(place as usize..).unwrap_or(&[]);
    let found = rest.iter().enumerate().find_map(|(i, p)| Some((i, p.entry()?)));
    it.place.store(found.map_or(DONE, |(i, _)| place + i as u64 + 1));
    // SAFETY: just loaded, valid until the next poll.
    Some(found.map(|(_, e)| unsafe { Val::<M>::new(e.key) }.own()))
}

/// Keys that are still to come.
fn rest<M: Memory>(t: &mut Thread<M>, it: &Obj<M>) -> Result<Vec<Obj<M>>, crate::object::Raise> {
    let it = &this_exact::<M, SetIter<M>>(t, it)?.body;
    let place = it.place.load();
    let Some(set) = cast(&it.set).filter(|_| place != DONE) else { return Ok(Vec::new()) };
    Ok(set.body.at_one_moment(t, &set.head, |table| {
        let rest = table.places().get(place as usize..).unwrap_or(&[]);
        // SAFETY: in the table, inside the section.
        rest.iter().filter_map(Place::entry).map(|e| unsafe { Val::<M>::new(e.key) }.own()).collect()
    }))
}

fn hint<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let n = rest(t, &args[0])?.len();
    Ok(int::from_usize(t, n))
}

fn reduce<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let rest = rest(t, &args[0])?;
    let rest = list::from_vec(t, rest);
    let rest = tuple::from_array(t, [rest]);
    let function = builtin_function(t, "iter")?;
    Ok(tuple::from_array(t, [function, rest]))
}

/// Makes the type.
pub(super) fn define<M: Memory>(t: &mut Thread<M>) {
    builder::<M, SetIter<M>>(t, Builtin::SetIterator, "set_iterator", next)
        .flag(flags::NO_NEW)
        .method("__length_hint__(self, /)", hint)
        .method("__reduce__(self, /)", reduce)
        .finish();
}
