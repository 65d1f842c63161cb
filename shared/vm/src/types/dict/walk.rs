//! Walks over the entries: handles on all of them at one moment, and the next one for an iterator.

use super::table::{DictObj, cast};

use crate::context::Context;
use crate::memory::{CellWord, Memory, Section};
use crate::object::{Obj, Val};

/// New handles on all entries, at one moment.
pub fn items<M: Memory>(ctx: &Context<M>, dict: &Obj<M>) -> Vec<(Obj<M>, Obj<M>)> {
    snapshot(ctx, dict, |key, value| (key.own(), value.own()))
}

/// New handles on all keys, at one moment.
pub fn keys<M: Memory>(ctx: &Context<M>, dict: &Obj<M>) -> Vec<Obj<M>> {
    snapshot(ctx, dict, |key, _| key.own())
}

/// New handles on all values, at one moment.
pub fn values<M: Memory>(ctx: &Context<M>, dict: &Obj<M>) -> Vec<Obj<M>> {
    snapshot(ctx, dict, |_, value| value.own())
}

fn snapshot<M: Memory, A>(ctx: &Context<M>, dict: &Obj<M>, f: impl Fn(Val<'_, M>, Val<'_, M>) -> A) -> Vec<A> {
    let Some(d) = cast(dict) else { return Vec::new() };
    let _s = Section::<M>::enter(ctx, &d.head);
    let Some(store) = d.body.store() else { return Vec::new() };
    let mut all = Vec::with_capacity(store.live());
    for (key, value) in (0..store.entries()).filter_map(|i| store.pair(i)) {
        // SAFETY: valid inside the section.
        all.push(unsafe { f(Val::new(key), Val::new(value)) });
    }
    all
}

/// New handles on all entries with the hashes of their keys, at one moment.
pub(crate) fn entries<M: Memory>(ctx: &Context<M>, d: &DictObj<M>) -> Vec<(i64, Obj<M>, Obj<M>)> {
    let _s = Section::<M>::enter(ctx, &d.head);
    let Some(store) = d.body.store() else { return Vec::new() };
    let mut all = Vec::with_capacity(store.live());
    for i in 0..store.entries() {
        let Some((key, value)) = store.pair(i) else { continue };
        // SAFETY: valid inside the section.
        unsafe {
            let hash = store.entry(i).hash.load() as i64;
            all.push((hash, Val::<M>::new(key).own(), Val::<M>::new(value).own()));
        }
    }
    all
}

/// New handles on all keys with their hashes, at one moment.
pub(crate) fn hashed_keys<M: Memory>(ctx: &Context<M>, d: &DictObj<M>) -> Vec<(i64, Obj<M>)> {
    entries(ctx, d).into_iter().map(|(hash, key, _)| (hash, key)).collect()
}

/// The next entry at place `i` or behind: its place, key and value.
#[inline]
pub fn next_entry<'a, M: Memory>(
    ctx: &'a Context<M>,
    d: &DictObj<M>,
    mut i: usize,
) -> Option<(usize, Val<'a, M>, Val<'a, M>)> {
    let _ = ctx;
    let store = d.body.store()?;
    let end = store.entries();
    if i == 0 {
        i = store.bounds().0;
    }
    while i < end {
        if let Some((key, value)) = store.pair(i) {
            // SAFETY: just loaded, valid until the next poll.
            return Some(unsafe { (i, Val::new(key), Val::new(value)) });
        }
        i += 1;
    }
    None
}

/// The last entry before place `i`: its place, key and value.
pub fn previous_entry<'a, M: Memory>(
    ctx: &'a Context<M>,
    d: &DictObj<M>,
    i: usize,
) -> Option<(usize, Val<'a, M>, Val<'a, M>)> {
    let _ = ctx;
    let store = d.body.store()?;
    for i in (0..i.min(store.bounds().1)).rev() {
        if let Some((key, value)) = store.pair(i) {
            // SAFETY: as above.
            return Some(unsafe { (i, Val::new(key), Val::new(value)) });
        }
    }
    None
}

/// Places that were ever used: where a backward iteration begins.
pub fn places<M: Memory>(d: &DictObj<M>) -> usize {
    d.body.store().map_or(0, |s| s.bounds().1)
}
