//! The table behind `dict`: entries in insertion order, and an open-addressed index into them, in one allocation.
//!
//! # Invariants
//! 1. An entry below `entries` was initialised; its key changes once at most, to TOMBSTONE, and its value becomes NULL
//!    then. A slot of the index goes from 0 to its entry's number plus one and never changes again. Compaction and
//!    growth make a new store.
//! 2. The index has always an empty slot (two thirds are used at most), so every probe ends.
//! 3. Writes happen inside the section of the dict. An entry is written before its index slot (release), so a reader
//!    that finds the slot finds the entry.
//!
//! So a reader walks index and entries without a lock. It may find an entry that is being deleted: then it sees
//! TOMBSTONE or a NULL value and the key was absent at some moment of the look-up.

use std::alloc::{Layout as MemLayout, alloc, handle_alloc_error};
use std::marker::PhantomData;
use std::sync::atomic::{AtomicU8, AtomicU16, AtomicU32, Ordering};

use super::MAX_NESTING;
use crate::memory::{CellWord, Header, Memory};
use crate::object::{Obj, Val};
use crate::types::{ids, str as string, tuple};
use crate::value::Word;

/// One key and its value.
#[repr(C)]
pub(super) struct Entry<M: Memory> {
    pub(super) hash: M::Cell,
    pub(super) key: M::Cell,
    pub(super) value: M::Cell,
}

/// Header of a store; entries and index follow.
#[repr(C)]
pub(super) struct Store<M: Memory> {
    mask: u32,
    capacity: u32,
    /// Entries that were ever appended.
    entries: AtomicU32,
    /// Entries that are alive.
    live: AtomicU32,
    /// No live entry is before this one.
    first: AtomicU32,
    /// No live entry is here or behind.
    last: AtomicU32,
    memory: PhantomData<M>,
}

/// Where a look-up stands, so that it can go on after asking Python whether two keys are equal.
#[derive(Clone, Copy)]
pub(super) struct Cursor {
    pub(super) hash: i64,
    pos: usize,
    perturb: u64,
}

/// What a look-up found.
#[derive(Clone, Copy)]
pub(super) enum Probe {
    /// The entry of that number.
    Found(usize),
    /// No such key.
    Missing,
    /// The key of this entry has the same hash; only Python knows whether it is equal.
    Ask(usize),
}

impl Cursor {
    #[inline(always)]
    pub(super) fn new(hash: i64) -> Cursor {
        Cursor { hash, pos: hash as usize, perturb: hash as u64 }
    }

    #[inline(always)]
    pub(super) fn step(&mut self) {
        self.perturb >>= 5;
        self.pos = self.pos.wrapping_mul(5).wrapping_add(self.perturb as usize).wrapping_add(1);
    }
}

/// Most entries that an index of `size` slots may have.
const fn usable(size: usize) -> usize {
    size * 2 / 3
}

/// Index size for so many entries.
fn size_for(entries: usize) -> usize {
    (entries * 3 / 2 + 1).next_power_of_two().max(8)
}

impl<M: Memory> Store<M> {
    fn width(mask: usize) -> usize {
        if mask <= 0xff {
            1
        } else if mask <= 0xffff {
            2
        } else {
            4
        }
    }

    fn layout(mask: u32, capacity: u32) -> MemLayout {
        let index = (mask as usize + 1) * Self::width(mask as usize);
        let size = size_of::<Store<M>>() + capacity as usize * size_of::<Entry<M>>() + index;
        MemLayout::from_size_align(size, 8).expect("a table of 32-bit size")
    }

    /// What to free the store with.
    pub(super) fn own_layout(&self) -> MemLayout {
        Self::layout(self.mask, self.capacity)
    }

    /// An empty store for at least `entries` entries.
    pub(super) fn new(entries: usize) -> *mut Store<M> {
        let size = size_for(entries);
        assert!(size <= 1 << 31, "a dict has less than 2**31 slots");
        let (mask, capacity) = (size as u32 - 1, usable(size) as u32);
        let layout = Self::layout(mask, capacity);
        // SAFETY: (block) the size is not zero; everything written lies inside.
        unsafe {
            let at = alloc(layout).cast::<Store<M>>();
            if at.is_null() {
                handle_alloc_error(layout);
            }
            let zero = || AtomicU32::new(0);
            at.write(Store {
                mask,
                capacity,
                entries: zero(),
                live: zero(),
                first: zero(),
                last: zero(),
                memory: PhantomData,
            });
            (*at).index().write_bytes(0, size * Self::width(mask as usize));
            at
        }
    }

    #[inline(always)]
    fn entries_at(&self) -> *mut Entry<M> {
        (&raw const *self).wrapping_add(1).cast_mut().cast()
    }

    #[inline(always)]
    fn index(&self) -> *mut u8 {
        self.entries_at().wrapping_add(self.capacity as usize).cast()
    }

    /// # Safety
    /// `i` was appended (invariant 1).
    #[inline(always)]
    pub(super) unsafe fn entry(&self, i: usize) -> &Entry<M> {
        debug_assert!(i < self.capacity as usize);
        // SAFETY: by the caller's word.
        unsafe { &*self.entries_at().add(i) }
    }

    #[inline(always)]
    fn slot(&self, pos: usize) -> usize {
        let (i, base, mask) = (pos & self.mask as usize, self.index(), self.mask);
        // SAFETY: inside the index; atomics of the width that the mask says.
        unsafe {
            if mask <= 0xff {
                (*base.cast::<AtomicU8>().add(i)).load(Ordering::Acquire) as usize
            } else if mask <= 0xffff {
                (*base.cast::<AtomicU16>().add(i)).load(Ordering::Acquire) as usize
            } else {
                (*base.cast::<AtomicU32>().add(i)).load(Ordering::Acquire) as usize
            }
        }
    }

    #[inline(always)]
    fn set_slot(&self, pos: usize, value: usize) {
        let (i, base, mask) = (pos & self.mask as usize, self.index(), self.mask);
        // SAFETY: as in `slot`.
        unsafe {
            if mask <= 0xff {
                (*base.cast::<AtomicU8>().add(i)).store(value as u8, Ordering::Release)
            } else if mask <= 0xffff {
                (*base.cast::<AtomicU16>().add(i)).store(value as u16, Ordering::Release)
            } else {
                (*base.cast::<AtomicU32>().add(i)).store(value as u32, Ordering::Release)
            }
        }
    }

    /// Entries that were ever appended; some may be deleted.
    #[inline(always)]
    pub(super) fn entries(&self) -> usize {
        self.entries.load(Ordering::Acquire) as usize
    }

    /// Entries that are alive.
    #[inline(always)]
    pub(super) fn live(&self) -> usize {
        self.live.load(Ordering::Acquire) as usize
    }

    /// Bounds of the live entries.
    pub(super) fn bounds(&self) -> (usize, usize) {
        (self.first.load(Ordering::Acquire) as usize, self.last.load(Ordering::Acquire) as usize)
    }

    #[inline(always)]
    pub(super) fn is_full(&self) -> bool {
        self.entries.load(Ordering::Relaxed) == self.capacity
    }

    /// Room for so many more entries?
    pub(super) fn has_room(&self, extra: usize) -> bool {
        self.entries() + extra <= self.capacity as usize
    }

    /// Key and value of entry `i`, if it is alive.
    #[inline(always)]
    pub(super) fn pair(&self, i: usize) -> Option<(Word, Word)> {
        if i >= self.entries() {
            return None;
        }
        // SAFETY: below `entries`.
        let entry = unsafe { self.entry(i) };
        let (key, value) = (Word(entry.key.load()), Word(entry.value.load()));
        if key == Word::TOMBSTONE || value == Word::NULL { None } else { Some((key, value)) }
    }

    /// Looks for a key from the cursor on; never runs Python.
    #[inline(always)]
    pub(super) fn probe(&self, cursor: &mut Cursor, key: Word) -> Probe {
        let key = if key.is_ptr() { key.as_counted() } else { key };
        loop {
            let slot = self.slot(cursor.pos);
            if slot == 0 {
                return Probe::Missing;
            }
            // SAFETY: a slot names an entry that was appended (invariant 3).
            let entry = unsafe { self.entry(slot - 1) };
            let found = Word(entry.key.load());
            if found == key {
                return Probe::Found(slot - 1);
            }
            if entry.hash.load() == cursor.hash as u64 && found != Word::TOMBSTONE {
                match equal_known::<M>(found, key) {
                    Some(true) => return Probe::Found(slot - 1),
                    Some(false) => {}
                    None => return Probe::Ask(slot - 1),
                }
            }
            cursor.step();
        }
    }

    /// Appends an entry whose key is not in the table; there is room. Both words are owned and published.
    #[inline(always)]
    pub(super) fn append(&self, hash: i64, key: Word, value: Word) {
        let n = self.entries.load(Ordering::Relaxed);
        debug_assert!(n < self.capacity);
        let cell = |w: u64| M::Cell::new(w);
        // SAFETY: below the capacity; no reader knows the entry before its slot is stored.
        unsafe {
            self.entries_at().add(n as usize).write(Entry {
                hash: cell(hash as u64),
                key: cell(key.0),
                value: cell(value.0),
            })
        };
        let mut cursor = Cursor::new(hash);
        while self.slot(cursor.pos) != 0 {
            cursor.step();
        }
        self.set_slot(cursor.pos, n as usize + 1);
        self.entries.store(n + 1, Ordering::Release);
        self.last.store(n + 1, Ordering::Release);
        self.live.store(self.live.load(Ordering::Relaxed) + 1, Ordering::Release);
    }

    /// Deletes entry `i`, which is alive. What it owned is the caller's.
    pub(super) fn delete(&self, i: usize) -> (Word, Word) {
        // SAFETY: the caller found it.
        let entry = unsafe { self.entry(i) };
        let pair = (Word(entry.key.load()), Word(entry.value.load()));
        entry.key.store(Word::TOMBSTONE.0);
        entry.value.store(Word::NULL.0);
        self.live.store(self.live.load(Ordering::Relaxed) - 1, Ordering::Release);
        let (mut first, mut last) = self.bounds();
        let dead = |i: usize| {
            // SAFETY: between the bounds, so appended.
            Word(unsafe { self.entry(i) }.key.load()) == Word::TOMBSTONE
        };
        while first < last && dead(first) {
            first += 1;
        }
        while last > first && dead(last - 1) {
            last -= 1;
        }
        self.first.store(first as u32, Ordering::Release);
        self.last.store(last as u32, Ordering::Release);
        pair
    }

    /// Moves the live entries into a fresh store, bit by bit.
    pub(super) fn copy_into(&self, to: &Store<M>) {
        for i in 0..self.entries() {
            // SAFETY: below `entries`.
            let entry = unsafe { self.entry(i) };
            let key = Word(entry.key.load());
            if key != Word::TOMBSTONE {
                to.append(entry.hash.load() as i64, key, Word(entry.value.load()));
            }
        }
    }
}

/// Equality of two values, where it is known without running Python: numbers, strings and tuples of these.
#[inline]
pub(crate) fn equal_known<M: Memory>(a: Word, b: Word) -> Option<bool> {
    equal_nested::<M>(a, b, 0)
}

#[inline]
fn equal_nested<M: Memory>(a: Word, b: Word, depth: u32) -> Option<bool> {
    match (a.is_ptr(), b.is_ptr()) {
        (true, true) => {
            // SAFETY: both words are valid now: one is in the table, the other is borrowed by the caller.
            let (a, b) = unsafe { (Val::<M>::new(a), Val::<M>::new(b)) };
            match (a.shape(), b.shape()) {
                // SAFETY: both are strings, by their shapes.
                (ids::STR, ids::STR) => Some(unsafe { string::equal_text(&a, &b) }),
                (ids::TUPLE, ids::TUPLE) if depth < MAX_NESTING => equal_tuples(&a, &b, depth),
                _ => None,
            }
        }
        (false, false) => Some(equal_unboxed(a, b)),
        (one, _) => {
            let word = if one { a } else { b };
            // SAFETY: as above.
            let shape = unsafe { &*word.address().cast::<M::Header>() }.shape();
            if matches!(shape, ids::STR | ids::TUPLE) { Some(false) } else { None }
        }
    }
}

fn equal_tuples<M: Memory>(a: &Obj<M>, b: &Obj<M>, depth: u32) -> Option<bool> {
    let (a, b) = (tuple::items(a), tuple::items(b));
    if a.len() != b.len() {
        return Some(false);
    }
    for (x, y) in a.iter().zip(b) {
        if !x.is(y) && !equal_nested::<M>(x.word(), y.word(), depth + 1)? {
            return Some(false);
        }
    }
    Some(true)
}

/// Equality of values that are no objects.
fn equal_unboxed(a: Word, b: Word) -> bool {
    if a.both_int(b) {
        return a == b;
    }
    let number = |w: Word| {
        if w.is_bool() { Some((w == Word::TRUE) as i64) } else { w.as_int() }
    };
    if a == b {
        return true;
    }
    match (number(a), number(b)) {
        (Some(a), Some(b)) => a == b,
        (Some(i), None) => b.as_float().is_some_and(|f| int_equals_float(i, f)),
        (None, Some(i)) => a.as_float().is_some_and(|f| int_equals_float(i, f)),
        (None, None) => matches!((a.as_float(), b.as_float()), (Some(a), Some(b)) if a == b),
    }
}

fn int_equals_float(i: i64, f: f64) -> bool {
    i as f64 == f && (f as i128) == i as i128
}
