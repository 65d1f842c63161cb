//! `dict`: an insertion-ordered hash table that is read without a lock and changed inside its section.
//!
//! A look-up compares keys that are strings or no objects by itself; only for other keys with equal hashes it asks
//! Python, outside the section. Index slots never change within one store (see `store`), so it goes on from where it
//! stood, and starts again only when the store was replaced meanwhile.

mod hash;
pub mod iterators;
pub mod methods;
mod store;
mod table;
pub mod views;
mod walk;

use std::sync::atomic::Ordering;

use crate::context::{Context, Thread};
use crate::exceptions::Kind;
use crate::memory::{CellWord, Memory, Section};
use crate::object::{Obj, Raise, Val};
use crate::types::{TypeObj, str as string};
use crate::value::Word;
pub(crate) use hash::MAX_NESTING;
pub use hash::{hash_in, hash_int, hash_key, hash_known};
pub use methods::define;
pub(crate) use store::equal_known;
use store::{Cursor, Probe, Store};
pub use table::{Dict, DictObj, cast};
pub(crate) use walk::{entries, hashed_keys};
pub use walk::{items, keys, next_entry, places, previous_entry, values};

/// `KeyError` with the key as its argument.
#[cold]
pub fn key_error<M: Memory>(t: &mut Thread<M>, key: &Obj<M>) -> Raise {
    let error = t.new_exception(Kind::KeyError, vec![key.clone()]);
    t.raise_obj(error)
}

/// Is it a dict?
pub fn is_dict<M: Memory>(obj: &Obj<M>) -> bool {
    cast(obj).is_some()
}

/// An empty dict.
pub fn new<M: Memory>(ctx: &Context<M>) -> Obj<M> {
    ctx.alloc(Dict::<M>::empty())
}

/// An empty dict with room for so many entries.
pub fn with_capacity<M: Memory>(ctx: &Context<M>, entries: usize) -> Obj<M> {
    ctx.alloc(Dict::<M>::with_capacity(entries))
}

/// An empty instance of `class`, which is `dict` or derived from it.
pub fn empty_of<M: Memory>(ctx: &Context<M>, class: &TypeObj<M>) -> Obj<M> {
    ctx.alloc_of(class, Dict::<M>::empty())
}

/// Sets a string key of a dict that this thread is still making.
pub fn set_fresh<M: Memory>(ctx: &Context<M>, dict: &Obj<M>, key: Obj<M>, value: Obj<M>) {
    if let Some(d) = cast(dict) {
        drop(store_str(ctx, d, key, value));
    }
}

/// The value of a string key; never runs Python. Nothing if it is no dict.
#[inline]
pub fn get_str<'a, M: Memory>(ctx: &'a Context<M>, dict: &'a Obj<M>, key: &Obj<M>) -> Option<Val<'a, M>> {
    cast(dict)?.body.get_str(ctx, key)
}

/// Sets a string key; never runs Python.
pub fn set_str<M: Memory>(t: &mut Thread<M>, dict: &Obj<M>, key: Obj<M>, value: Obj<M>) {
    if let Some(d) = cast(dict) {
        drop(store_str(t, d, key, value));
    }
}

/// Sets a string key; the old value comes back.
pub fn store_str<M: Memory>(ctx: &Context<M>, d: &DictObj<M>, key: Obj<M>, value: Obj<M>) -> Option<Obj<M>> {
    let hash = string::hash(ctx, &key);
    let s = Section::<M>::enter(ctx, &d.head);
    match d.body.find_str(ctx, &key) {
        Some(i) => {
            let old = d.body.replace(&s, &d.head, i, value);
            drop(s);
            Some(old)
        }
        None => {
            d.body.append(&s, &d.head, hash, key, value);
            None
        }
    }
}

/// Deletes a string key; its value comes back. Never runs Python.
pub fn del_str<M: Memory>(t: &mut Thread<M>, dict: &Obj<M>, key: &Obj<M>) -> Option<Obj<M>> {
    let d = cast(dict)?;
    let (old_key, value) = {
        let _s = Section::<M>::enter(t, &d.head);
        d.body.find_str(t, key).map(|i| d.body.delete(i))?
    };
    drop(old_key);
    Some(value)
}

/// Finds a key with any `__eq__` and calls `act` inside the section with its place, or with nothing. Python runs
/// outside the section; when the store was replaced meanwhile the look-up starts again.
#[inline(always)]
fn find_then<M: Memory, A>(
    t: &mut Thread<M>,
    d: &DictObj<M>,
    key: &Obj<M>,
    hash: i64,
    act: impl FnOnce(&Section<'_, M>, Option<usize>) -> A,
) -> Result<A, Raise> {
    {
        let s = Section::<M>::enter(t, &d.head);
        match d.body.store().map_or(Probe::Missing, |store| store.probe(&mut Cursor::new(hash), key.word())) {
            Probe::Found(i) => return Ok(act(&s, Some(i))),
            Probe::Missing => return Ok(act(&s, None)),
            Probe::Ask(_) => {}
        }
    }
    find_slowly(t, d, key, hash, act)
}

#[cold]
fn find_slowly<M: Memory, A>(
    t: &mut Thread<M>,
    d: &DictObj<M>,
    key: &Obj<M>,
    hash: i64,
    act: impl FnOnce(&Section<'_, M>, Option<usize>) -> A,
) -> Result<A, Raise> {
    'restart: loop {
        let mut cursor = Cursor::new(hash);
        let mut generation = None;
        let mut equal: Option<(usize, Obj<M>)> = None;
        loop {
            let (i, candidate) = {
                let s = Section::<M>::enter(t, &d.head);
                let now = d.body.generation.load(Ordering::Relaxed);
                if *generation.get_or_insert(now) != now {
                    continue 'restart;
                }
                let Some(store) = d.body.store() else { return Ok(act(&s, None)) };
                if let Some((i, key)) = &equal {
                    // SAFETY: the entry was found in this store.
                    if Word(unsafe { store.entry(*i) }.key.load()).is(key.word()) {
                        return Ok(act(&s, Some(*i)));
                    }
                    cursor.step();
                }
                match store.probe(&mut cursor, key.word()) {
                    Probe::Found(i) => return Ok(act(&s, Some(i))),
                    Probe::Missing => return Ok(act(&s, None)),
                    Probe::Ask(i) => {
                        // SAFETY: the entry was found just now, inside the section.
                        (i, unsafe { Val::<M>::new(Word(store.entry(i).key.load())) }.own())
                    }
                }
            };
            equal = None;
            if t.eq(&candidate, key)? {
                equal = Some((i, candidate));
            } else {
                cursor.step();
            }
        }
    }
}

/// The value of a key.
#[inline]
pub fn get<M: Memory>(t: &mut Thread<M>, dict: &Obj<M>, key: &Obj<M>) -> Result<Option<Obj<M>>, Raise> {
    let Some(d) = cast(dict) else { return Ok(None) };
    if let Some(known) = d.body.get_known(t, key) {
        return Ok(known.map(|v| v.own()));
    }
    let hash = hash_in(t, key, "dict key")?;
    get_hashed(t, d, key, hash)
}

/// The value of a key whose hash is known.
pub fn get_hashed<M: Memory>(
    t: &mut Thread<M>,
    d: &DictObj<M>,
    key: &Obj<M>,
    hash: i64,
) -> Result<Option<Obj<M>>, Raise> {
    find_then(t, d, key, hash, |s, place| {
        let store = d.body.store()?;
        let _ = s;
        // SAFETY: valid inside the section.
        place.and_then(|i| store.pair(i)).map(|(_, value)| unsafe { Val::<M>::new(value) }.own())
    })
}

/// Is the key there?
#[inline]
pub fn contains<M: Memory>(t: &mut Thread<M>, d: &DictObj<M>, key: &Obj<M>) -> Result<bool, Raise> {
    if let Some(known) = d.body.get_known(t, key) {
        return Ok(known.is_some());
    }
    let hash = hash_in(t, key, "dict key")?;
    find_then(t, d, key, hash, |_, place| place.is_some())
}

/// Sets a key. Does nothing if it is no dict.
#[inline]
pub fn set<M: Memory>(t: &mut Thread<M>, dict: &Obj<M>, key: Obj<M>, value: Obj<M>) -> Result<(), Raise> {
    let Some(d) = cast(dict) else { return Ok(()) };
    store_item(t, d, &key, value).map(drop)
}

/// Sets a key; the old value comes back.
#[inline(always)]
pub fn store_item<M: Memory>(
    t: &mut Thread<M>,
    d: &DictObj<M>,
    key: &Obj<M>,
    value: Obj<M>,
) -> Result<Option<Obj<M>>, Raise> {
    let hash = hash_in(t, key, "dict key")?;
    store_hashed(t, d, key, hash, value)
}

/// Sets a key whose hash is known; the old value comes back.
#[inline(always)]
pub fn store_hashed<M: Memory>(
    t: &mut Thread<M>,
    d: &DictObj<M>,
    key: &Obj<M>,
    hash: i64,
    value: Obj<M>,
) -> Result<Option<Obj<M>>, Raise> {
    find_then(t, d, key, hash, |s, place| match place {
        Some(i) => Some(d.body.replace(s, &d.head, i, value)),
        None => {
            d.body.append(s, &d.head, hash, key.clone(), value);
            None
        }
    })
}

/// Sets a key where that needs no Python: `Ok` with the old value, else the value back.
#[inline(always)]
pub fn set_known<M: Memory>(
    ctx: &Context<M>,
    d: &DictObj<M>,
    key: &Obj<M>,
    value: Obj<M>,
) -> Result<Option<Obj<M>>, Obj<M>> {
    let Some(hash) = hash_known(ctx, key) else { return Err(value) };
    let s = Section::<M>::enter(ctx, &d.head);
    match d.body.store().map_or(Probe::Missing, |store| store.probe(&mut Cursor::new(hash), key.word())) {
        Probe::Found(i) => Ok(Some(d.body.replace(&s, &d.head, i, value))),
        Probe::Missing => {
            d.body.append(&s, &d.head, hash, key.clone(), value);
            Ok(None)
        }
        Probe::Ask(_) => Err(value),
    }
}

/// The value of a key, which is set to `value` when it is missing.
pub fn set_default<M: Memory>(t: &mut Thread<M>, d: &DictObj<M>, key: &Obj<M>, value: Obj<M>) -> Result<Obj<M>, Raise> {
    let hash = hash_in(t, key, "dict key")?;
    let (result, unused) = find_then(t, d, key, hash, |s, place| {
        // SAFETY: valid inside the section.
        let there = place.and_then(|i| d.body.entry_at(i)).map(|(_, v)| unsafe { Val::<M>::new(v) }.own());
        match there {
            Some(found) => (found, Some(value)),
            None => {
                d.body.append(s, &d.head, hash, key.clone(), value.clone());
                (value, None)
            }
        }
    })?;
    drop(unused);
    Ok(result)
}

/// Deletes a key; its value comes back.
pub fn remove<M: Memory>(t: &mut Thread<M>, dict: &Obj<M>, key: &Obj<M>) -> Result<Option<Obj<M>>, Raise> {
    let Some(d) = cast(dict) else { return Ok(None) };
    let hash = hash_in(t, key, "dict key")?;
    let pair = find_then(t, d, key, hash, |_, place| place.map(|i| d.body.delete(i)))?;
    Ok(pair.map(|(_, value)| value))
}

/// Deletes the last entry.
pub fn pop_last<M: Memory>(ctx: &Context<M>, d: &DictObj<M>) -> Option<(Obj<M>, Obj<M>)> {
    let _s = Section::<M>::enter(ctx, &d.head);
    let store = d.body.store()?;
    if store.live() == 0 { None } else { Some(d.body.delete(store.bounds().1 - 1)) }
}

/// Deletes the first entry.
pub fn pop_first<M: Memory>(ctx: &Context<M>, d: &DictObj<M>) -> Option<(Obj<M>, Obj<M>)> {
    let _s = Section::<M>::enter(ctx, &d.head);
    let store = d.body.store()?;
    if store.live() == 0 { None } else { Some(d.body.delete(store.bounds().0)) }
}

/// Deletes a key whose hash is known; key and value come back.
pub fn remove_pair<M: Memory>(
    t: &mut Thread<M>,
    d: &DictObj<M>,
    key: &Obj<M>,
    hash: i64,
) -> Result<Option<(Obj<M>, Obj<M>)>, Raise> {
    find_then(t, d, key, hash, |_, place| place.map(|i| d.body.delete(i)))
}

/// Number of entries; 0 if it is no dict.
#[inline]
pub fn len<M: Memory>(_ctx: &Context<M>, dict: &Obj<M>) -> usize {
    cast(dict).map_or(0, |d| d.body.len())
}

/// A dict with the same entries.
pub fn copy<M: Memory>(ctx: &Context<M>, dict: &Obj<M>) -> Obj<M> {
    let copy = Dict::<M>::empty();
    if let Some(d) = cast(dict) {
        let _s = Section::<M>::enter(ctx, &d.head);
        if let Some(store) = d.body.store().filter(|s| s.live() > 0) {
            let at = Store::<M>::new(store.live());
            for i in 0..store.entries() {
                let Some((key, value)) = store.pair(i) else { continue };
                // SAFETY: `at` is new and ours; both words are valid inside the section and retained for the copy.
                unsafe {
                    let hash = store.entry(i).hash.load() as i64;
                    (*at).append(hash, M::retain(ctx, key), M::retain(ctx, value));
                }
            }
            copy.store.store(at as u64);
        }
    }
    ctx.alloc(copy)
}

/// Removes all entries.
pub fn clear<M: Memory>(t: &mut Thread<M>, dict: &Obj<M>) {
    if let Some(d) = cast(dict) {
        let pairs = d.body.take(&Section::<M>::enter(t, &d.head), &d.head);
        drop(pairs);
    }
}

/// Sets every entry of dict `other`; the hashes are taken over.
pub fn update<M: Memory>(t: &mut Thread<M>, dict: &Obj<M>, other: &Obj<M>) -> Result<(), Raise> {
    let (Some(d), Some(o)) = (cast(dict), cast(other)) else { return Ok(()) };
    if dict.is(other) {
        return Ok(());
    }
    let mut entries = entries(t, o).into_iter();
    let mut replaced = Vec::new();
    // At one moment, as far as no Python is needed.
    let stopped = {
        let s = Section::<M>::enter(t, &d.head);
        d.body.reserve(&s, &d.head, entries.len());
        loop {
            let Some((hash, key, value)) = entries.next() else { break None };
            let store = d.body.store();
            match store.map_or(Probe::Missing, |store| store.probe(&mut Cursor::new(hash), key.word())) {
                Probe::Found(i) => replaced.push(d.body.replace(&s, &d.head, i, value)),
                Probe::Missing => d.body.append(&s, &d.head, hash, key, value),
                Probe::Ask(_) => break Some((hash, key, value)),
            }
        }
    };
    drop(replaced);
    for (hash, key, value) in stopped.into_iter().chain(entries) {
        drop(store_hashed(t, d, &key, hash, value)?);
    }
    Ok(())
}
