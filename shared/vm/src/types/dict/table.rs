//! The dict itself: its fields, and the steps on its store that never run Python.

use std::alloc::dealloc;
use std::sync::atomic::{AtomicU32, Ordering};

use super::hash::hash_known;
use super::store::{Cursor, Probe, Store};
use crate::context::{Context, Thread};
use crate::memory::{CellWord, Memory, Section};
use crate::object::{Layout, Obj, Object, Payload, Slot, Val};
use crate::types::{ids, str as string};
use crate::value::Word;

/// A dict.
#[repr(C)]
pub struct Dict<M: Memory> {
    pub(super) store: M::Cell,
    version: AtomicU32,
    /// How many stores came before this one; changes inside the section only.
    pub(super) generation: AtomicU32,
    /// `default_factory` of a defaultdict; empty elsewhere.
    pub factory: Slot<M>,
}

/// An object that is a dict.
pub type DictObj<M> = Object<M, Dict<M>>;

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
    pub(super) fn store(&self) -> Option<&Store<M>> {
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

    /// The value of a key, where that is known without running Python: `None` means ask [`super::get`].
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
    pub(super) fn append(&self, s: &Section<'_, M>, head: &M::Header, hash: i64, key: Obj<M>, value: Obj<M>) {
        let shared = M::is_shared(s.ctx(), head);
        publish(s.ctx(), shared, &key);
        publish(s.ctx(), shared, &value);
        self.room(s, head).append(hash, key.into_word(), value.into_word());
        self.touch();
    }

    /// Replaces the value of an entry; the old one comes back.
    #[inline(always)]
    pub(super) fn replace(&self, s: &Section<'_, M>, head: &M::Header, i: usize, value: Obj<M>) -> Obj<M> {
        let store = self.store().expect("an entry was found in it");
        // SAFETY: the entry exists; the value is owned here, the old one is ours now.
        unsafe { Obj::from_word(M::store(s.ctx(), head, &store.entry(i).value, value.into_word())) }
    }

    /// Deletes an entry; key and value come back.
    pub(super) fn delete(&self, i: usize) -> (Obj<M>, Obj<M>) {
        let (key, value) = self.store().expect("an entry was found in it").delete(i);
        self.touch();
        // SAFETY: the store forgot both.
        unsafe { (Obj::from_word(key), Obj::from_word(value)) }
    }

    /// Unlinks the whole table: what it owned comes back and is dropped outside the section.
    pub(super) fn take(&self, s: &Section<'_, M>, head: &M::Header) -> Vec<(Obj<M>, Obj<M>)> {
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
    fn outside(&self) -> usize {
        self.store_bytes()
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
