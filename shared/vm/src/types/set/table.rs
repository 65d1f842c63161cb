//! The table behind `set`: open addressing with short linear runs, in CPython's order, so that sets of numbers show
//! themselves as people expect.
//!
//! # Invariants
//! 1. A place's key goes from NULL to a key, and from that to TOMBSTONE if it is removed; nothing else within one store.
//!    Its hash is written before its key (release) and stays. Growth, compaction and clearing make another store.
//! 2. A store has always an unused place (three fifths are used at most), so every probe ends.
//! 3. Writes happen inside the section of the set. A store that was replaced is retired.
//!
//! So a reader walks the places of one store without a lock: it finds what was there when it began and was not removed
//! since. A key that is being removed was there, or absent, at some moment of the look-up.

use std::alloc::{Layout as MemLayout, alloc, dealloc, handle_alloc_error};

use crate::context::Context;
use crate::memory::{CellWord, Memory};
use crate::types::dict::equal_known;
use crate::value::Word;

const LINEAR_PROBES: usize = 9;

/// Fewest places of a store.
const SMALLEST: usize = 8;

/// A place of the table: NULL key when unused, TOMBSTONE when deleted.
#[repr(C)]
pub(super) struct Place<M: Memory> {
    hash: M::Cell,
    key: M::Cell,
}

/// A live key with its hash.
#[derive(Clone, Copy)]
pub(super) struct Entry {
    pub(super) hash: i64,
    pub(super) key: Word,
}

impl<M: Memory> Place<M> {
    #[inline(always)]
    pub(super) fn key(&self) -> Word {
        Word(self.key.load())
    }

    /// What is there, if it is a key.
    #[inline(always)]
    pub(super) fn entry(&self) -> Option<Entry> {
        let key = self.key();
        let live = key != Word::NULL && key != Word::TOMBSTONE;
        live.then(|| Entry { hash: self.hash.load() as i64, key })
    }

    /// Fills an unused place.
    #[inline(always)]
    fn put(&self, hash: i64, key: Word) {
        self.hash.store(hash as u64);
        self.key.store(key.0);
    }
}

/// Header of a store; the places follow.
#[repr(C)]
struct Store<M: Memory> {
    size: usize,
    places: [Place<M>; 0],
}

impl<M: Memory> Store<M> {
    fn layout(size: usize) -> MemLayout {
        let places = MemLayout::array::<Place<M>>(size).expect("a table that fits the address space");
        MemLayout::new::<Store<M>>().extend(places).expect("a table that fits the address space").0
    }

    /// `size` unused places.
    fn new(size: usize) -> *mut Store<M> {
        let layout = Self::layout(size);
        // SAFETY: (block) the size is not zero; everything written lies inside.
        unsafe {
            let at = alloc(layout).cast::<Store<M>>();
            if at.is_null() {
                handle_alloc_error(layout);
            }
            (&raw mut (*at).size).write(size);
            let first = (&raw mut (*at).places).cast::<Place<M>>();
            for i in 0..size {
                first.add(i).write(Place { hash: M::Cell::new(0), key: M::Cell::new(Word::NULL.0) });
            }
            at
        }
    }
}

/// Keys with their hashes. The words are owned by whoever owns the table; it does not drop them itself. What changes it
/// is called by its only owner, or inside the section of the set whose header is given.
pub(super) struct Table<M: Memory> {
    /// Address of the store; 0 without places.
    store: M::Cell,
    /// Places that are not unused.
    fill: M::Cell,
    /// Live keys.
    used: M::Cell,
    finger: M::Cell,
    /// Changes when keys move: a larger table, another table. A key's place never does without.
    version: M::Cell,
}

impl<M: Memory> Default for Table<M> {
    fn default() -> Self {
        let zero = || M::Cell::new(0);
        Table { store: zero(), fill: zero(), used: zero(), finger: zero(), version: zero() }
    }
}

impl<M: Memory> Drop for Table<M> {
    fn drop(&mut self) {
        if self.store.load() != 0 {
            // SAFETY: the table owns its store, made with that layout.
            unsafe { dealloc(self.store.load() as *mut u8, Store::<M>::layout(self.places().len())) }
        }
    }
}

/// Where a look-up stands.
#[derive(Clone, Copy)]
pub(super) struct Cursor {
    pub(super) hash: i64,
    base: usize,
    at: usize,
    perturb: u64,
}

impl Cursor {
    pub(super) fn new(hash: i64) -> Cursor {
        Cursor { hash, base: hash as usize, at: 0, perturb: hash as u64 }
    }

    /// The next place to look at.
    #[inline(always)]
    pub(super) fn step(&mut self, mask: usize) {
        let base = self.base & mask;
        if self.at < self.run(mask) {
            self.at += 1;
            return;
        }
        self.at = 0;
        self.perturb >>= 5;
        self.base = base.wrapping_mul(5).wrapping_add(1).wrapping_add(self.perturb as usize) & mask;
    }

    /// How many neighbours of the base are looked at before the next jump.
    #[inline(always)]
    fn run(&self, mask: usize) -> usize {
        if (self.base & mask) + LINEAR_PROBES <= mask { LINEAR_PROBES } else { 0 }
    }

    #[inline(always)]
    fn place(&self, mask: usize) -> usize {
        (self.base & mask) + self.at
    }
}

/// What a look-up found.
pub(super) enum Probe {
    /// At this place.
    Found(usize),
    /// Not there; this place is free.
    Missing(usize),
    /// The key at this place has the same hash; only Python knows whether it is equal.
    Ask(usize),
}

impl<M: Memory> Table<M> {
    #[inline(always)]
    pub(super) fn len(&self) -> usize {
        self.used.load() as usize
    }

    #[inline(always)]
    pub(super) fn version(&self) -> u64 {
        self.version.load()
    }

    pub(super) fn bytes(&self) -> usize {
        size_of_val(self.places())
    }

    /// The places of the present store.
    #[inline(always)]
    pub(super) fn places(&self) -> &[Place<M>] {
        let at = self.store.load() as *const Store<M>;
        if at.is_null() {
            return &[];
        }
        // SAFETY: a store that was loaded while attached stays readable until the next poll, for which callers do not
        // keep the slice; its places were all written before it was linked.
        unsafe { std::slice::from_raw_parts((&raw const (*at).places).cast(), (*at).size) }
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = Entry> {
        self.places().iter().filter_map(Place::entry)
    }

    /// Looks from the cursor on. An empty table has no places: `Missing` then names none.
    #[inline(always)]
    pub(super) fn probe(&self, cursor: &mut Cursor, key: Word) -> Probe {
        let key = if key.is_ptr() { key.as_counted() } else { key };
        let places = self.places();
        if places.is_empty() {
            return Probe::Missing(0);
        }
        let mask = places.len() - 1;
        loop {
            // A run of neighbours at a time.
            let (base, run) = (cursor.base & mask, cursor.run(mask));
            for (i, place) in places[base..=base + run].iter().enumerate().skip(cursor.at) {
                let found = place.key();
                if found == key {
                    return Probe::Found(base + i);
                }
                if found == Word::NULL {
                    return Probe::Missing(base + i);
                }
                if place.hash.load() == cursor.hash as u64 && found != Word::TOMBSTONE {
                    match equal_known::<M>(found, key) {
                        Some(true) => return Probe::Found(base + i),
                        Some(false) => {}
                        None => {
                            cursor.at = i;
                            return Probe::Ask(base + i);
                        }
                    }
                }
            }
            cursor.at = run;
            cursor.step(mask);
        }
    }

    /// Puts a key that is not there at the free place that `probe` named.
    #[inline(always)]
    pub(super) fn insert_at(&self, ctx: &Context<M>, head: &M::Header, place: usize, hash: i64, key: Word) {
        let places = self.places();
        if places.is_empty() {
            return self.begin(hash, key);
        }
        places[place].put(hash, key);
        let (fill, used) = (self.fill.load() + 1, self.used.load() + 1);
        self.fill.store(fill);
        self.used.store(used);
        if fill as usize * 5 >= (places.len() - 1) * 3 {
            self.grow(ctx, head);
        }
    }

    /// The first key of a table without places.
    #[cold]
    fn begin(&self, hash: i64, key: Word) {
        let first = Self::with_places(SMALLEST);
        first.insert_new(hash, key);
        self.link(first);
    }

    #[cold]
    fn grow(&self, ctx: &Context<M>, head: &M::Header) {
        let used = self.len();
        let larger = self.resized(if used > 50_000 { used * 2 } else { used * 4 });
        let old = self.link(larger);
        // SAFETY: unlinked just now; made with that layout.
        unsafe { M::retire(ctx, head, old.cast(), Store::<M>::layout((*old).size)) }
    }

    fn with_places(size: usize) -> Table<M> {
        let table = Self::default();
        table.store.store(Store::<M>::new(size) as u64);
        table
    }

    /// Puts a key that is known not to be there into a table that has room and that nobody else knows.
    fn insert_new(&self, hash: i64, key: Word) {
        let places = self.places();
        let (mask, mut cursor) = (places.len() - 1, Cursor::new(hash));
        while places[cursor.place(mask)].key() != Word::NULL {
            cursor.step(mask);
        }
        places[cursor.place(mask)].put(hash, key);
        self.fill.store(self.fill.load() + 1);
        self.used.store(self.used.load() + 1);
    }

    /// The same keys in more than `wanted` places without deleted ones.
    fn resized(&self, wanted: usize) -> Table<M> {
        let table = Self::with_places((wanted + 1).next_power_of_two().max(SMALLEST));
        self.keys().for_each(|e| table.insert_new(e.hash, e.key));
        table
    }

    /// Shows the store of another table; the old one is the caller's to free.
    fn link(&self, other: Table<M>) -> *mut Store<M> {
        let old = self.store.load() as *mut Store<M>;
        self.store.store(other.store.load());
        self.fill.store(other.fill.load());
        self.used.store(other.used.load());
        self.finger.store(other.finger.load());
        self.version.store(self.version.load() + 1);
        std::mem::forget(other);
        old
    }

    /// Removes the key at a place; its word is the caller's.
    pub(super) fn remove_at(&self, place: usize) -> Word {
        let place = &self.places()[place];
        let key = place.key();
        place.key.store(Word::TOMBSTONE.0);
        self.used.store(self.used.load() - 1);
        key
    }

    /// Removes some key.
    pub(super) fn pop(&self) -> Option<Word> {
        if self.len() == 0 {
            return None;
        }
        let places = self.places();
        let mask = places.len() - 1;
        let mut i = self.finger.load() as usize & mask;
        while places[i].entry().is_none() {
            i = (i + 1) & mask;
        }
        self.finger.store(i as u64 + 1);
        Some(self.remove_at(i))
    }

    /// Takes all keys out.
    pub(super) fn take(&self, ctx: &Context<M>, head: &M::Header) -> Table<M> {
        self.replace(ctx, head, Table::default())
    }

    /// Shows the keys of another table in place of the present ones, which come back.
    pub(super) fn replace(&self, ctx: &Context<M>, head: &M::Header, new: Table<M>) -> Table<M> {
        // Readers may be in a shared set's store: what comes back is a copy.
        let shared = M::is_shared(ctx, head);
        let old = if shared { self.duplicate() } else { Table::default() };
        let (fill, used) = (self.fill.load(), self.used.load());
        let store = self.link(new);
        if !shared {
            old.store.store(store as u64);
            old.fill.store(fill);
            old.used.store(used);
        } else if !store.is_null() {
            // SAFETY: unlinked just now; made with that layout.
            unsafe { M::retire(ctx, head, store.cast(), Store::<M>::layout((*store).size)) }
        }
        old
    }

    /// The same keys; the caller retains each.
    pub(super) fn duplicate(&self) -> Table<M> {
        let used = self.len();
        if used == 0 {
            return Self::default();
        }
        let size = if used * 5 >= (SMALLEST - 1) * 3 { (used * 2 + 1).next_power_of_two() } else { SMALLEST };
        let places = self.places();
        if size != places.len() || self.fill.load() as usize != used {
            return self.resized(size - 1);
        }
        let copy = Self::with_places(size);
        for (to, from) in copy.places().iter().zip(places) {
            to.put(from.hash.load() as i64, from.key());
        }
        copy.fill.store(used as u64);
        copy.used.store(used as u64);
        copy
    }
}
