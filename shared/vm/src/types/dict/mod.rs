//! `dict`: an insertion-ordered hash table that is read without a lock and changed inside its section.
//!
//! A look-up compares keys that are strings or no objects by itself; only for other keys with equal hashes it asks
//! Python, outside the section. Index slots never change within one store (see `store`), so it goes on from where it
//! stood, and starts again only when the store was replaced meanwhile.

pub mod iterators;
pub mod methods;
mod store;
pub mod views;

use std::alloc::dealloc;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::context::{Context, Thread};
use crate::exceptions::Kind;
use crate::memory::{CellWord, Memory, Section};
use crate::object::{Layout, Obj, Object, Payload, Raise, Slot, Val};
use crate::types::{TypeObj, float, ids, str as string, tuple};
use crate::value::Word;
pub use methods::define;
pub(crate) use store::equal_known;
use store::{Cursor, Probe, Store};

/// A dict.
#[repr(C)]
pub struct Dict<M: Memory> {
    store: M::Cell,
    version: AtomicU32,
    /// How many stores came before this one; changes inside the section only.
    generation: AtomicU32,
    /// `default_factory` of a defaultdict; empty elsewhere.
    pub factory: Slot<M>,
}

/// An object that is a dict.
pub type DictObj<M> = Object<M, Dict<M>>;

/// Hash of an integer word, as for every number in Python: modulo 2**61 - 1.
#[inline(always)]
pub fn hash_int(i: i64) -> i64 {
    const P: i64 = (1 << 61) - 1;
    if i > -P && i < P {
        if i == -1 { -2 } else { i }
    } else if i == -P - 1 {
        -2
    } else {
        0
    }
}

/// Hash of a key that is known without running Python: numbers, strings, `None` and tuples of these.
#[inline(always)]
pub fn hash_known<M: Memory>(ctx: &Context<M>, key: &Obj<M>) -> Option<i64> {
    let word = key.word();
    if word.is_int() {
        Some(hash_int(word.int_value()))
    } else if key.shape() == ids::STR {
        Some(string::hash(ctx, key))
    } else {
        hash_known_slow(ctx, key, 0)
    }
}

/// Tuples nested deeper than this are left to the general way, which watches the native stack.
pub(crate) const MAX_NESTING: u32 = 16;

fn hash_known_slow<M: Memory>(ctx: &Context<M>, key: &Obj<M>, depth: u32) -> Option<i64> {
    let word = key.word();
    if word.is_ptr() {
        if key.shape() == ids::STR {
            return Some(string::hash(ctx, key));
        }
        if key.shape() != ids::TUPLE || depth == MAX_NESTING {
            return None;
        }
        let items = tuple::items(key);
        let mut acc = tuple::Hasher::new();
        for item in items {
            acc.add(hash_known_slow(ctx, item, depth + 1)?);
        }
        Some(acc.finish(items.len()))
    } else if let Some(i) = word.as_int() {
        Some(hash_int(i))
    } else if let Some(f) = word.as_float() {
        Some(float::hash_f64(f))
    } else if word.is_bool() {
        Some((word == Word::TRUE) as i64)
    } else {
        None
    }
}

/// Hash of a key of a dict (or of a set, as `what` says): an unhashable one gets the wording of the container.
#[inline]
pub fn hash_in<M: Memory>(t: &mut Thread<M>, key: &Obj<M>, what: &str) -> Result<i64, Raise> {
    hash_key(t, key).map_err(|raise| unhashable(t, key, what, raise))
}

#[cold]
fn unhashable<M: Memory>(t: &mut Thread<M>, key: &Obj<M>, what: &str, raise: Raise) -> Raise {
    let exc = t.take_raised();
    if exc.shape() != ids::TYPE_ERROR {
        return t.set_raised(exc);
    }
    let _ = raise;
    let reason = crate::types::exception::message(t, &exc);
    if !reason.starts_with("unhashable type") {
        return t.set_raised(exc);
    }
    let class = t.class_name(key);
    t.raise(Kind::TypeError, format!("cannot use '{class}' as a {what} ({reason})"))
}

/// Hash of any key.
#[inline]
pub fn hash_key<M: Memory>(t: &mut Thread<M>, key: &Obj<M>) -> Result<i64, Raise> {
    match hash_known(t, key) {
        Some(hash) => Ok(hash),
        None => t.hash(key),
    }
}

/// Publishes a value that is about to be stored into a shared object.
#[inline(always)]
fn publish<M: Memory>(ctx: &Context<M>, shared: bool, value: &Obj<M>) {
    if shared && value.word().is_ptr() {
        // SAFETY: the handle is valid.
        unsafe { M::publish(ctx, value.word()) }
    }
}

impl<M: Memory> Dict<M> {
    /// No entries, no store.
    pub fn empty() -> Dict<M> {
        Dict {
            store: M::Cell::new(0),
            version: AtomicU32::new(0),
            generation: AtomicU32::new(0),
            factory: Slot::empty(),
        }
    }

    /// With room for so many entries.
    pub fn with_capacity(entries: usize) -> Dict<M> {
        let dict = Dict::<M>::empty();
        if entries > 0 {
            dict.store.store(Store::<M>::new(entries) as u64);
        }
        dict
    }

    #[inline(always)]
    fn store(&self) -> Option<&Store<M>> {
        let at = self.store.load() as *const Store<M>;
        // SAFETY: a store that was loaded while attached stays readable until the next poll; callers keep the
        // reference no longer than that.
        unsafe { at.as_ref() }
    }

    /// Number of entries.
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.store().map_or(0, Store::live)
    }

    /// No entries?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A number that changes whenever a key is added or removed; no two dicts of an interpreter have the same one.
    pub fn keys_version(&self, ctx: &Context<M>) -> u32 {
        let version = self.version.load(Ordering::Acquire);
        if version != 0 {
            return version;
        }
        let next = ctx.interp.next_keys_version();
        match self.version.compare_exchange(0, next, Ordering::AcqRel, Ordering::Acquire) {
            Ok(_) => next,
            Err(other) => other,
        }
    }

    /// The keys changed. After the change: who still sees the old number sees a state that was true a moment ago.
    #[inline(always)]
    fn touch(&self) {
        if self.version.load(Ordering::Relaxed) != 0 {
            self.version.store(0, Ordering::Release);
        }
    }

    /// Key and value at place `i`, if there is an entry.
    #[inline(always)]
    pub fn entry_at(&self, i: usize) -> Option<(Word, Word)> {
        self.store()?.pair(i)
    }

    /// The place of a key that is a string.
    #[inline]
    pub fn find_str(&self, ctx: &Context<M>, key: &Obj<M>) -> Option<usize> {
        let hash = string::hash(ctx, key);
        let store = self.store()?;
        let mut cursor = Cursor::new(hash);
        loop {
            match store.probe(&mut cursor, key.word()) {
                Probe::Found(i) => return Some(i),
                Probe::Missing => return None,
                // A key of another kind with the same hash: no string, as far as this look-up is concerned.
                Probe::Ask(_) => cursor.step(),
            }
        }
    }

    /// The place of a string key and its value, both from one store.
    #[inline]
    pub fn find_value<'a>(&'a self, ctx: &'a Context<M>, key: &Obj<M>) -> Option<(usize, Val<'a, M>)> {
        let store = self.store()?;
        let mut cursor = Cursor::new(string::hash(ctx, key));
        loop {
            match store.probe(&mut cursor, key.word()) {
                Probe::Found(i) => return self.value_at(store, i).map(|value| (i, value)),
                Probe::Missing => return None,
                Probe::Ask(_) => cursor.step(),
            }
        }
    }

    /// The value of a string key.
    #[inline]
    pub fn get_str<'a>(&'a self, ctx: &'a Context<M>, key: &Obj<M>) -> Option<Val<'a, M>> {
        self.find_value(ctx, key).map(|(_, value)| value)
    }

    #[inline(always)]
    fn value_at<'a>(&'a self, store: &Store<M>, i: usize) -> Option<Val<'a, M>> {
        // SAFETY: the entry was found; a value that was just loaded is valid until the next poll.
        let word = Word(unsafe { store.entry(i) }.value.load());
        // SAFETY: as above.
        if word == Word::NULL { None } else { Some(unsafe { Val::new(word) }) }
    }

    /// The value of a key, where that is known without running Python: `None` means ask [`get`].
    #[inline(always)]
    pub fn get_known<'a>(&'a self, ctx: &'a Context<M>, key: &Obj<M>) -> Option<Option<Val<'a, M>>> {
        let hash = hash_known(ctx, key)?;
        let Some(store) = self.store() else { return Some(None) };
        match store.probe(&mut Cursor::new(hash), key.word()) {
            Probe::Found(i) => Some(self.value_at(store, i)),
            Probe::Missing => Some(None),
            Probe::Ask(_) => None,
        }
    }

    // ---- Changes: inside the section.

    /// Makes room for one more entry.
    #[inline(always)]
    fn room(&self, s: &Section<'_, M>, head: &M::Header) -> &Store<M> {
        match self.store() {
            Some(store) if !store.is_full() => store,
            _ => self.grow(s, head, 1),
        }
    }

    /// A new store with room for `extra` more entries.
    #[cold]
    fn grow(&self, s: &Section<'_, M>, head: &M::Header, extra: usize) -> &Store<M> {
        let old = self.store();
        let live = old.map_or(0, Store::live);
        let want = if live == 0 { extra } else { (live * 2).max(live + extra) };
        let at = Store::<M>::new(want);
        // SAFETY: `new` made it.
        let new = unsafe { &*at };
        if let Some(old) = old {
            old.copy_into(new);
        }
        self.replace_store(at as u64);
        if let Some(old) = old {
            self.retire(s.ctx(), head, old);
        }
        new
    }

    /// Links another store, or none. Inside the section.
    fn replace_store(&self, at: u64) {
        self.store.store(at);
        self.generation.store(self.generation.load(Ordering::Relaxed).wrapping_add(1), Ordering::Relaxed);
    }

    fn retire(&self, ctx: &Context<M>, head: &M::Header, old: &Store<M>) {
        let layout = old.own_layout();
        // SAFETY: the store was unlinked; it was allocated with that layout.
        unsafe { M::retire(ctx, head, (&raw const *old).cast_mut().cast(), layout) }
    }

    /// Makes room for so many more entries.
    pub fn reserve(&self, s: &Section<'_, M>, head: &M::Header, extra: usize) {
        if !self.store().is_some_and(|store| store.has_room(extra)) && extra > 0 {
            self.grow(s, head, extra);
        }
    }

    /// Appends a key that is not there.
    #[inline(always)]
    fn append(&self, s: &Section<'_, M>, head: &M::Header, hash: i64, key: Obj<M>, value: Obj<M>) {
        let shared = M::is_shared(s.ctx(), head);
        publish(s.ctx(), shared, &key);
        publish(s.ctx(), shared, &value);
        self.room(s, head).append(hash, key.into_word(), value.into_word());
        self.touch();
    }

    /// Replaces the value of an entry; the old one comes back.
    #[inline(always)]
    fn replace(&self, s: &Section<'_, M>, head: &M::Header, i: usize, value: Obj<M>) -> Obj<M> {
        let store = self.store().expect("an entry was found in it");
        // SAFETY: the entry exists; the value is owned here, the old one is ours now.
        unsafe { Obj::from_word(M::store(s.ctx(), head, &store.entry(i).value, value.into_word())) }
    }

    /// Deletes an entry; key and value come back.
    fn delete(&self, i: usize) -> (Obj<M>, Obj<M>) {
        let (key, value) = self.store().expect("an entry was found in it").delete(i);
        self.touch();
        // SAFETY: the store forgot both.
        unsafe { (Obj::from_word(key), Obj::from_word(value)) }
    }

    /// Unlinks the whole table: what it owned comes back and is dropped outside the section.
    fn take(&self, s: &Section<'_, M>, head: &M::Header) -> Vec<(Obj<M>, Obj<M>)> {
        let Some(store) = self.store() else { return Vec::new() };
        let mut pairs = Vec::with_capacity(store.live());
        for i in 0..store.entries() {
            if let Some((key, value)) = store.pair(i) {
                // SAFETY: the store is unlinked below and owns nothing then.
                pairs.push(unsafe { (Obj::from_word(key), Obj::from_word(value)) });
            }
        }
        self.replace_store(0);
        self.touch();
        self.retire(s.ctx(), head, store);
        pairs
    }

    /// Bytes of the store (`__sizeof__`).
    pub fn store_bytes(&self) -> usize {
        self.store().map_or(0, |s| s.own_layout().size())
    }
}

impl<M: Memory> Drop for Dict<M> {
    fn drop(&mut self) {
        let Some(store) = self.store() else { return };
        for i in 0..store.entries() {
            if let Some((key, value)) = store.pair(i) {
                // SAFETY: the dict is going and owns them.
                unsafe {
                    drop(Obj::<M>::from_word(key));
                    drop(Obj::<M>::from_word(value));
                }
            }
        }
        // SAFETY: the dict owns its store.
        unsafe { dealloc(self.store.load() as *mut u8, store.own_layout()) }
    }
}

// SAFETY: layout `Dict` is this struct's alone; its references are the live entries and the factory.
unsafe impl<M: Memory> Payload<M> for Dict<M> {
    const SHAPE: u32 = ids::DICT;
    const LAYOUT: Layout = Layout::Dict;
    fn visit(&self, f: &mut dyn FnMut(Word)) {
        f(self.factory.word());
        for i in 0..self.store().map_or(0, Store::entries) {
            if let Some((key, value)) = self.entry_at(i) {
                f(key);
                f(value);
            }
        }
    }
    fn clear(&self, t: &mut Thread<M>, head: &M::Header) {
        let pairs = self.take(&Section::<M>::enter(t, head), head);
        drop(pairs);
    }
}

/// The dict behind a handle, if it is one (or derived).
#[inline(always)]
pub fn cast<M: Memory>(obj: &Obj<M>) -> Option<&DictObj<M>> {
    obj.cast::<Dict<M>>()
}

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
