//! `list`: a length and one growable store of words.
//!
//! # Invariants
//! 1. `store` is null or points to a [`Store`] of this list; both cells change only inside the list's section.
//! 2. Words at `len..capacity` of a store are NULL; those below `len` are counted references of the list.
//! 3. While other threads may know the list, a store is never resized or freed under them: a new one takes its place
//!    and the old one is retired.
//!
//! # Reading without the section
//! A reader loads `len`, then `store`, checks the index against the store's own capacity and loads the word. Every
//! word below the capacity was initialised before the store was published, so the worst that a race can show is NULL
//! (in doubt: ask again inside the section) or an item that was there a moment ago.

pub mod methods;
pub mod sort;

use std::alloc::{Layout as MemLayout, alloc, dealloc, handle_alloc_error, realloc};

use crate::context::{Context, Thread};
use crate::memory::{CellWord, Memory, Section};
use crate::object::{Layout, Obj, Object, Payload, Val};
use crate::types::slice::Steps;
use crate::types::{TypeObj, ids};
use crate::value::Word;
pub use methods::define;

/// A list.
#[repr(C)]
pub struct List<M: Memory> {
    store: M::Cell,
    len: M::Cell,
}

/// The words of a list. Allocated with the capacity that it names.
#[repr(C)]
struct Store<M: Memory> {
    capacity: usize,
    cells: [M::Cell; 0],
}

/// Most items of a list.
pub const MAX_LEN: usize = isize::MAX as usize / 16;

fn store_layout(capacity: usize) -> MemLayout {
    MemLayout::from_size_align(8 + capacity * 8, 8).expect("capacity is at most MAX_LEN")
}

impl<M: Memory> Store<M> {
    /// A store whose words from `filled` on are NULL; the caller writes those before. `None`: no memory.
    fn try_new(capacity: usize, filled: usize) -> Option<*mut Store<M>> {
        const { assert!(size_of::<M::Cell>() == 8) };
        // SAFETY: the size is not zero; the words written lie inside.
        unsafe {
            let at = alloc(store_layout(capacity)).cast::<Store<M>>();
            if at.is_null() {
                return None;
            }
            (&raw mut (*at).capacity).write(capacity);
            Store::fill(at, filled, capacity);
            Some(at)
        }
    }

    fn new(capacity: usize, filled: usize) -> *mut Store<M> {
        Store::try_new(capacity, filled).unwrap_or_else(|| handle_alloc_error(store_layout(capacity)))
    }

    /// # Safety
    /// The store has that capacity.
    unsafe fn fill(at: *mut Store<M>, from: usize, to: usize) {
        let words = Store::words(at);
        for i in from..to {
            // SAFETY: below the capacity.
            unsafe { words.add(i).write(Word::NULL) }
        }
    }

    /// The words as plain memory, for a store that no other thread reads.
    #[inline(always)]
    fn words(at: *mut Store<M>) -> *mut Word {
        at.wrapping_byte_add(8).cast()
    }

    /// # Safety
    /// `at` is a live store and `i` below its capacity.
    #[inline(always)]
    unsafe fn cell<'a>(at: *mut Store<M>, i: usize) -> &'a M::Cell {
        // SAFETY: by the caller's word.
        unsafe { &*at.byte_add(8).cast::<M::Cell>().add(i) }
    }
}

impl<M: Memory> List<M> {
    /// No items, no store.
    pub fn empty() -> List<M> {
        List { store: M::Cell::new(0), len: M::Cell::new(0) }
    }

    /// A list of these items for an object that is still being made.
    pub fn fresh(mut items: Vec<Obj<M>>) -> List<M> {
        let n = items.len();
        if n == 0 {
            return List::empty();
        }
        // SAFETY: the handles are moved out: the vector forgets them.
        unsafe {
            items.set_len(0);
            List::from_raw(items.as_ptr(), n)
        }
    }

    /// As [`List::fresh`], moving `n` handles out of `from`.
    ///
    /// # Safety
    /// `from` points to `n` owned handles that the caller forgets.
    pub unsafe fn from_raw(from: *const Obj<M>, n: usize) -> List<M> {
        if n == 0 {
            return List::empty();
        }
        let at = Store::<M>::new(n, n);
        // SAFETY: the store has room for `n` words.
        unsafe { std::ptr::copy_nonoverlapping(from.cast::<Word>(), Store::words(at), n) };
        List { store: M::Cell::new(at as u64), len: M::Cell::new(n as u64) }
    }

    /// Number of items.
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.len.load() as usize
    }

    /// No items?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    #[inline(always)]
    fn store(&self) -> *mut Store<M> {
        self.store.load() as *mut Store<M>
    }

    #[inline(always)]
    fn capacity(&self) -> usize {
        let at = self.store();
        // SAFETY: invariant 1; the capacity of a store never changes while it is shared.
        if at.is_null() { 0 } else { unsafe { (*at).capacity } }
    }

    /// Item `i` without a lock: NULL when out of range or in doubt.
    #[inline(always)]
    pub fn get_word(&self, i: usize) -> Word {
        self.cell(i).map_or(Word::NULL, |cell| Word(cell.load()))
    }

    /// As [`List::get_word`], for a register.
    #[inline(always)]
    pub fn load(&self, ctx: &Context<M>, i: usize) -> Word {
        // SAFETY: an item of a list that is borrowed here, read while attached.
        self.cell(i).map_or(Word::NULL, |cell| unsafe { M::load(ctx, cell) })
    }

    #[inline(always)]
    fn cell(&self, i: usize) -> Option<&M::Cell> {
        if i >= self.len() {
            return None;
        }
        let at = self.store();
        // Under a global lock nothing can change between the two loads.
        // SAFETY: a store that was loaded while attached stays readable until the next poll (retired, not freed); the
        // index is below its capacity.
        unsafe {
            if !M::GIL && (at.is_null() || i >= (*at).capacity) {
                return None;
            }
            Some(Store::cell(at, i))
        }
    }

    /// Item `i`.
    #[inline]
    pub fn get<'a>(&self, ctx: &'a Context<M>, head: &M::Header, i: usize) -> Option<Val<'a, M>> {
        let mut word = {
            let _section = Section::<M>::reading(ctx, head);
            self.get_word(i)
        };
        if word == Word::NULL {
            if i >= self.len() {
                return None;
            }
            let _section = Section::<M>::enter(ctx, head);
            word = self.get_word(i);
            if word == Word::NULL {
                return None;
            }
        }
        // SAFETY: the contract of the port: valid until the next poll, which the borrowed context rules out.
        Some(unsafe { Val::new(word) })
    }

    // ---- Changes: inside the section of the list, which `s` proves.

    /// Gives the store room for `capacity` items.
    #[cold]
    fn resize(&self, s: &Section<'_, M>, head: &M::Header, capacity: usize) {
        let (old, len) = (self.store(), self.len());
        debug_assert!(capacity >= len && capacity > 0);
        if old.is_null() {
            return self.store.store(Store::<M>::new(capacity, 0) as u64);
        }
        // SAFETY: (block) invariants 1 to 3: a private store is ours to move; a shared one is replaced whole.
        unsafe {
            let old_layout = store_layout((*old).capacity);
            if !M::is_shared(s.ctx(), head) {
                let layout = store_layout(capacity);
                let at = realloc(old.cast(), old_layout, layout.size()).cast::<Store<M>>();
                if at.is_null() {
                    handle_alloc_error(layout);
                }
                (&raw mut (*at).capacity).write(capacity);
                Store::fill(at, len, capacity);
                self.store.store(at as u64);
            } else {
                let at = Store::<M>::new(capacity, len);
                for i in 0..len {
                    Store::words(at).add(i).write(Word(Store::cell(old, i).load()));
                }
                self.store.store(at as u64);
                M::retire(s.ctx(), head, old.cast(), old_layout);
            }
        }
    }

    /// Makes room for `extra` more items.
    pub fn reserve(&self, s: &Section<'_, M>, head: &M::Header, extra: usize) {
        let (need, have) = (self.len() + extra, self.capacity());
        if need > have {
            self.resize(s, head, need.max(have + have / 2 + 4));
        }
    }

    /// Appends.
    #[inline(always)]
    pub fn push(&self, s: &Section<'_, M>, head: &M::Header, value: Obj<M>) {
        let len = self.len();
        if len == self.capacity() {
            self.resize(s, head, len + len / 2 + 4);
        }
        // SAFETY: there is room; the value is owned here; the cell (NULL by invariant 2) is the list's.
        unsafe { M::store(s.ctx(), head, Store::cell(self.store(), len), value.into_word()) };
        self.len.store(len as u64 + 1);
    }

    /// Replaces item `i`, which exists; the old one comes back.
    #[inline(always)]
    pub fn replace(&self, s: &Section<'_, M>, head: &M::Header, i: usize, value: Obj<M>) -> Obj<M> {
        assert!(i < self.len());
        // SAFETY: in range; the value is owned here and the old word is ours.
        unsafe { Obj::from_word(M::store(s.ctx(), head, Store::cell(self.store(), i), value.into_word())) }
    }

    /// Removes the last item.
    #[inline(always)]
    pub fn pop(&self) -> Option<Obj<M>> {
        let len = self.len();
        if len == 0 {
            return None;
        }
        // SAFETY: in range; the list forgets the word.
        unsafe {
            let cell = Store::<M>::cell(self.store(), len - 1);
            let word = Word(cell.load());
            cell.store(Word::NULL.0);
            self.len.store(len as u64 - 1);
            Some(Obj::from_word(word))
        }
    }

    /// Moves words `from..from + n` to `to..`, bit by bit: what they own moves with them.
    fn shift(&self, ctx: &Context<M>, head: &M::Header, from: usize, to: usize, n: usize) {
        let at = self.store();
        debug_assert!(n == 0 || from.max(to) + n <= self.capacity());
        // SAFETY: (block) both ranges lie in the store; plain memory moves only while no other thread reads it.
        unsafe {
            if !M::is_shared(ctx, head) {
                std::ptr::copy(Store::words(at).add(from), Store::words(at).add(to), n);
            } else if to > from {
                (0..n).rev().for_each(|i| Store::cell(at, to + i).store(Store::cell(at, from + i).load()));
            } else {
                (0..n).for_each(|i| Store::cell(at, to + i).store(Store::cell(at, from + i).load()));
            }
        }
    }

    /// Inserts before item `i`, which is at most the length.
    pub fn insert(&self, s: &Section<'_, M>, head: &M::Header, i: usize, value: Obj<M>) {
        let len = self.len();
        assert!(i <= len);
        if len == self.capacity() {
            self.resize(s, head, len + len / 2 + 4);
        }
        self.shift(s.ctx(), head, i, i + 1, len - i);
        // SAFETY: in range; the word that comes back was moved up, so it is not ours to drop.
        unsafe { M::store(s.ctx(), head, Store::cell(self.store(), i), value.into_word()) };
        self.len.store(len as u64 + 1);
    }

    /// Removes item `i`, which exists.
    pub fn remove(&self, ctx: &Context<M>, head: &M::Header, i: usize) -> Obj<M> {
        let len = self.len();
        assert!(i < len);
        // SAFETY: in range; the list forgets the word: its cell is overwritten by the move or by NULL.
        unsafe {
            let word = Word(Store::<M>::cell(self.store(), i).load());
            self.shift(ctx, head, i + 1, i, len - i - 1);
            Store::<M>::cell(self.store(), len - 1).store(Word::NULL.0);
            self.len.store(len as u64 - 1);
            Obj::from_word(word)
        }
    }

    /// Replaces items `start..end` by `new`; the old ones come back.
    pub fn splice(
        &self,
        s: &Section<'_, M>,
        head: &M::Header,
        start: usize,
        end: usize,
        mut new: Vec<Obj<M>>,
    ) -> Vec<Obj<M>> {
        let len = self.len();
        assert!(start <= end && end <= len);
        let (removed, added) = (end - start, new.len());
        if added > removed {
            self.reserve(s, head, added - removed);
        }
        let at = self.store();
        // SAFETY: (block) all indices lie below the capacity; removed words are handed over, moved ones move once,
        // new ones are published before they are stored, as `M::store` would.
        unsafe {
            if M::is_shared(s.ctx(), head) {
                new.iter().for_each(|value| M::publish(s.ctx(), value.word()));
            }
            if added == removed {
                for (i, value) in new.iter_mut().enumerate() {
                    let cell = Store::<M>::cell(at, start + i);
                    let old = Obj::from_word(Word(cell.load()));
                    cell.store(std::mem::replace(value, old).into_word().0);
                }
                return new;
            }
            let old = (start..end).map(|i| Obj::from_word(Word(Store::<M>::cell(at, i).load()))).collect();
            self.shift(s.ctx(), head, end, start + added, len - end);
            for (i, value) in new.drain(..).enumerate() {
                Store::<M>::cell(at, start + i).store(value.into_word().0);
            }
            let new_len = len - removed + added;
            for i in new_len..len {
                Store::<M>::cell(at, i).store(Word::NULL.0);
            }
            self.len.store(new_len as u64);
            old
        }
    }

    /// New handles on all items, at one moment.
    pub fn to_vec(&self, ctx: &Context<M>, head: &M::Header) -> Vec<Obj<M>> {
        self.range(ctx, head, 0, usize::MAX)
    }

    /// New handles on items `start..end`, as far as there are any, at one moment.
    pub fn range(&self, ctx: &Context<M>, head: &M::Header, start: usize, end: usize) -> Vec<Obj<M>> {
        let _section = Section::<M>::enter(ctx, head);
        let (from, end) = (self.store(), end.min(self.len()));
        // SAFETY: the indices lie in the store; the words are the list's and valid inside its section.
        (start..end).map(|i| unsafe { Val::<M>::new(Word(Store::cell(from, i).load())) }.own()).collect()
    }

    /// A list of items `start..end`, as far as there are any, at one moment.
    pub fn copy_range(&self, ctx: &Context<M>, head: &M::Header, start: usize, end: usize) -> List<M> {
        let _section = Section::<M>::enter(ctx, head);
        let end = end.min(self.len());
        if start >= end {
            return List::empty();
        }
        let n = end - start;
        let (from, to) = (self.store(), Store::<M>::new(n, n));
        for i in 0..n {
            // SAFETY: both indices lie in their stores; the words are valid inside the section and counted for the copy.
            unsafe {
                let word = Word(Store::cell(from, start + i).load());
                Store::words(to).add(i).write(if word.is_ptr() { M::retain(ctx, word) } else { word });
            }
        }
        List { store: M::Cell::new(to as u64), len: M::Cell::new(n as u64) }
    }

    /// A list of the items of an extended slice, at one moment.
    pub fn copy_steps(&self, ctx: &Context<M>, head: &M::Header, steps: Steps) -> List<M> {
        let _section = Section::<M>::enter(ctx, head);
        let bounds = steps.bounds(self.len());
        if bounds.count == 0 {
            return List::empty();
        }
        let (from, to) = (self.store(), Store::<M>::new(bounds.count, bounds.count));
        for (place, i) in bounds.indices().enumerate() {
            // SAFETY: as in `copy_range`; the bounds are those of this length.
            unsafe {
                let word = Word(Store::cell(from, i).load());
                Store::words(to).add(place).write(if word.is_ptr() { M::retain(ctx, word) } else { word });
            }
        }
        List { store: M::Cell::new(to as u64), len: M::Cell::new(bounds.count as u64) }
    }

    /// Takes all items out and leaves the list empty.
    pub fn take(&self, ctx: &Context<M>, head: &M::Header) -> Vec<Obj<M>> {
        let (at, len) = (self.store(), self.len());
        self.len.store(0);
        self.store.store(0);
        if at.is_null() {
            return Vec::new();
        }
        // SAFETY: the list forgets the store and what it owned; late readers keep the bytes until they are retired.
        unsafe {
            let items = (0..len).map(|i| Obj::from_word(Word(Store::<M>::cell(at, i).load()))).collect();
            M::retire(ctx, head, at.cast(), store_layout((*at).capacity));
            items
        }
    }

    /// Gives an empty list these items.
    pub fn put(&self, s: &Section<'_, M>, head: &M::Header, items: Vec<Obj<M>>) {
        debug_assert!(self.is_empty());
        let old = self.splice(s, head, 0, 0, items);
        debug_assert!(old.is_empty());
    }

    /// Has it no store (never filled, or taken)?
    pub(super) fn has_no_store(&self) -> bool {
        self.store.load() == 0
    }

    /// Reverses in place.
    pub fn reverse(&self) {
        let (at, len) = (self.store(), self.len());
        for i in 0..len / 2 {
            // SAFETY: in range; two words change places.
            unsafe {
                let (a, b) = (Store::<M>::cell(at, i), Store::<M>::cell(at, len - 1 - i));
                let word = a.load();
                a.store(b.load());
                b.store(word);
            }
        }
    }

    /// The words, to be given back in another order by [`List::permute`] before the section is left.
    pub(super) fn borrow_words(&self) -> Vec<Word> {
        (0..self.len()).map(|i| self.get_word(i)).collect()
    }

    /// Stores a permutation of the words. Readers see the old order or the new one.
    pub(super) fn permute(&self, s: &Section<'_, M>, head: &M::Header, words: &[Word]) {
        let (at, len) = (self.store(), words.len());
        debug_assert_eq!(len, self.len());
        if len == 0 {
            return;
        }
        // SAFETY: (block) as many words as the list has; those of a shared list go into a store of their own.
        unsafe {
            let shared = M::is_shared(s.ctx(), head);
            let to = if shared { Store::<M>::new(len, len) } else { at };
            std::ptr::copy_nonoverlapping(words.as_ptr(), Store::words(to), len);
            if shared {
                self.store.store(to as u64);
                M::retire(s.ctx(), head, at.cast(), store_layout((*at).capacity));
            }
        }
    }

    /// Gives memory back after much was removed.
    pub fn shrink(&self, s: &Section<'_, M>, head: &M::Header) {
        let (len, capacity) = (self.len(), self.capacity());
        if capacity > 64 && len < capacity / 4 {
            self.resize(s, head, (len + len / 2).max(16));
        }
    }

    /// Bytes of the store (`__sizeof__`).
    pub fn store_bytes(&self) -> usize {
        self.capacity() * 8
    }
}

impl<M: Memory> Drop for List<M> {
    fn drop(&mut self) {
        let (at, len) = (self.store(), self.len());
        if at.is_null() {
            return;
        }
        // SAFETY: the list is going and owns its store and the words in it.
        unsafe {
            for i in 0..len {
                drop(Obj::<M>::from_word(Word(Store::<M>::cell(at, i).load())));
            }
            dealloc(at.cast(), store_layout((*at).capacity));
        }
    }
}

// SAFETY: layout `List` is this struct's alone; its references are the words of the store.
unsafe impl<M: Memory> Payload<M> for List<M> {
    const SHAPE: u32 = ids::LIST;
    const LAYOUT: Layout = Layout::List;
    fn visit(&self, f: &mut dyn FnMut(Word)) {
        for i in 0..self.len() {
            f(self.get_word(i));
        }
    }
    fn outside(&self) -> usize {
        self.store_bytes()
    }
    fn clear(&self, t: &mut Thread<M>, head: &M::Header) {
        let items = {
            let s = Section::<M>::enter(t, head);
            self.take(s.ctx(), head)
        };
        drop(items);
    }
}

/// A list of these items.
pub fn from_vec<M: Memory>(ctx: &Context<M>, items: Vec<Obj<M>>) -> Obj<M> {
    ctx.alloc(List::fresh(items))
}

/// A list of these items, moved from where they stand: for few of them, without an allocation beside the store.
pub fn from_small<M: Memory>(ctx: &Context<M>, mut items: smallvec::SmallVec<[Obj<M>; 16]>) -> Obj<M> {
    let n = items.len();
    // SAFETY: the handles are moved out: the vector forgets them.
    let list = unsafe {
        items.set_len(0);
        List::from_raw(items.as_ptr(), n)
    };
    ctx.alloc(list)
}

/// An empty instance of `class`, which is `list` or derived from it.
pub fn empty_of<M: Memory>(ctx: &Context<M>, class: &TypeObj<M>) -> Obj<M> {
    ctx.alloc_of(class, List::<M>::empty())
}

/// New handles on the items, at one moment; nothing if it is no list.
pub fn to_vec<M: Memory>(ctx: &Context<M>, list: &Obj<M>) -> Vec<Obj<M>> {
    list.cast::<List<M>>().map_or_else(Vec::new, |o| o.body.to_vec(ctx, &o.head))
}

/// Appends to a list; does nothing if it is none.
#[inline]
pub fn append<M: Memory>(t: &mut Thread<M>, list: &Obj<M>, value: Obj<M>) {
    if let Some(o) = list.cast::<List<M>>() {
        append_to(t, o, value);
    }
}

/// Appends.
#[inline(always)]
pub fn append_to<M: Memory>(ctx: &Context<M>, list: &Object<M, List<M>>, value: Obj<M>) {
    let s = Section::<M>::enter(ctx, &list.head);
    list.body.push(&s, &list.head, value);
}

/// Number of items; 0 if it is no list.
pub fn len<M: Memory>(list: &Obj<M>) -> usize {
    list.cast::<List<M>>().map_or(0, |o| o.body.len())
}

/// Item `i`.
pub fn get<'a, M: Memory>(ctx: &'a Context<M>, list: &Obj<M>, i: usize) -> Option<Val<'a, M>> {
    let o = list.cast::<List<M>>()?;
    o.body.get(ctx, &o.head, i)
}

/// Replaces item `i`; the old one comes back, to be dropped by the caller. `Err` with the value when there is no such
/// item.
#[inline(always)]
pub fn set_item_fast<M: Memory>(
    ctx: &Context<M>,
    list: &Object<M, List<M>>,
    i: usize,
    value: Obj<M>,
) -> Result<Option<Obj<M>>, Obj<M>> {
    let s = Section::<M>::enter(ctx, &list.head);
    if i >= list.body.len() {
        return Err(value);
    }
    Ok(Some(list.body.replace(&s, &list.head, i, value)))
}
