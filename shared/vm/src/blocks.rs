//! Where objects live: aligned blocks of equal slots, a free list per slot size, and a way to find every live object.
//!
//! Both interpreters allocate objects here (stores of lists and dicts come from the general allocator). A [`Heap`]
//! belongs to one thread, or to whoever holds the global lock; a [`Pool`] belongs to the interpreter and is shared.
//!
//! # What a slot looks like
//! | state | first 8 bytes | told by |
//! |---|---|---|
//! | never used | behind [`Block::carved`] | index |
//! | free | complement of the address of the next free slot, or of 0 | bit 63 set |
//! | object | counts, then the shape in bytes 4..8 | bit 63 clear: shapes are small numbers |
//!
//! # Invariants
//! 1. A block is [`BLOCK`] bytes, aligned to its size, so that the address of an object gives its block.
//! 2. A block keeps its slot size as long as a slot of it may be in use.
//! 3. A slot is in exactly one place: behind `carved`, in one free list, or in use.
//! 4. A free list is touched by its owner only; chains change hands through the pool's mutex.

use std::alloc::{Layout, alloc, dealloc, handle_alloc_error};
use std::cell::Cell;
use std::ptr::null_mut;
use std::sync::Arc;
use std::sync::atomic::{AtomicPtr, AtomicU32, AtomicUsize, Ordering};

use crate::locks::Mutex;
use rustc_hash::FxHashSet;

/// Bytes of a block, and its alignment.
pub const BLOCK: usize = 64 << 10;
/// Bytes before the first slot.
const HEAD: usize = 64;
/// Largest size served in steps of eight bytes.
const FINE: usize = 512;
/// Largest size that shares a block.
pub const LARGEST: usize = 8192;
/// Number of size classes.
pub const CLASSES: usize = FINE / 8 + 1 + 16;
/// Class of objects with a block of their own.
const OWN: u32 = u32::MAX;
/// Blocks taken from the system at once.
const CHUNK: usize = 16;
/// Bytes cut into slots at once.
const CARVE: usize = 4096;

/// The size class of an object: eight-byte steps, then four per doubling.
#[inline(always)]
pub const fn class_of(size: usize) -> usize {
    if size <= FINE {
        size.div_ceil(8)
    } else {
        let top = (size - 1).ilog2() as usize;
        FINE / 8 + 1 + (top - 9) * 4 + (((size - 1) >> (top - 2)) & 3)
    }
}

/// Bytes of a slot of a class.
const fn slot_size(class: usize) -> usize {
    if class <= FINE / 8 {
        class * 8
    } else {
        let n = class - FINE / 8 - 1;
        (5 + n % 4) << (n / 4 + 7)
    }
}

/// What stands at the start of a block.
#[repr(C)]
pub struct Block {
    /// Bytes of a slot (at least, for a block of one slot). Read-only while the block is in use.
    slot: u32,
    /// Slots that fit. Read-only while the block is in use.
    slots: u32,
    /// Slots that were ever handed out. Written by the heap that cuts the block; read with the world stopped.
    carved: AtomicU32,
    /// Size class, or `OWN`. Read-only while the block is in use.
    class: u32,
    /// Heap that cuts the block and gets its slots back. Changes when a heap is adopted.
    heap: AtomicUsize,
    /// A number per slot, for the collector; null between collections. World stopped only.
    side: AtomicPtr<u32>,
    /// Bytes of the allocation, for blocks that are not [`BLOCK`] bytes long.
    bytes: usize,
}

impl Block {
    /// The block of an object.
    ///
    /// # Safety
    /// `at` is an object of a live heap.
    #[inline(always)]
    pub unsafe fn of<'a>(at: *const u8) -> &'a Block {
        // SAFETY: invariant 1.
        unsafe { &*at.map_addr(|a| a & !(BLOCK - 1)).cast::<Block>() }
    }

    fn base(&self) -> *mut u8 {
        (&raw const *self).cast_mut().cast()
    }

    /// Number of slots handed out so far.
    pub fn carved(&self) -> usize {
        self.carved.load(Ordering::Relaxed) as usize
    }

    /// The slot number of an object.
    #[inline(always)]
    pub fn index(&self, at: *const u8) -> usize {
        (at.addr() - self.base().addr() - HEAD) / self.slot as usize
    }

    /// The objects of the block.
    ///
    /// # Safety
    /// The world is stopped.
    pub unsafe fn each(&self, f: &mut dyn FnMut(*mut u8)) {
        for i in 0..self.carved() {
            // SAFETY: inside the block; every carved slot begins with a word (see the table of states).
            unsafe {
                let at = self.base().add(HEAD + i * self.slot as usize);
                if at.cast::<u64>().read() >> 63 == 0 {
                    f(at);
                }
            }
        }
    }

    /// Gives every slot a number, zero, for the time of a collection.
    pub fn make_side(&self) {
        let table = vec![0u32; self.carved()].into_boxed_slice();
        self.side.store(Box::into_raw(table).cast(), Ordering::Relaxed);
    }

    /// Takes the numbers away.
    pub fn drop_side(&self) {
        let table = self.side.swap(null_mut(), Ordering::Relaxed);
        if !table.is_null() {
            // SAFETY: made by `make_side`; nothing was carved since, as the world is stopped.
            drop(unsafe { Box::from_raw(std::ptr::slice_from_raw_parts_mut(table, self.carved())) });
        }
    }

    /// The number of an object.
    ///
    /// # Safety
    /// `at` is an object of this block; `make_side` was called in this stop of the world.
    #[inline(always)]
    pub unsafe fn side(&self, at: *const u8) -> &Cell<u32> {
        // SAFETY: one entry per carved slot, by the caller's word.
        unsafe { &*self.side.load(Ordering::Relaxed).add(self.index(at)).cast::<Cell<u32>>() }
    }
}

/// The memory of an interpreter.
#[derive(Default)]
pub struct Pool {
    state: Mutex<PoolState>,
    /// Objects carved out of fresh memory so far: grows only when the heap does. Written by any thread, a hint.
    pub grown: AtomicUsize,
}

#[derive(Default)]
struct PoolState {
    /// Blocks that nobody uses.
    free: Vec<*mut Block>,
    /// Blocks in use.
    used: FxHashSet<*mut Block>,
    /// What was taken from the system.
    chunks: Vec<(*mut u8, Layout)>,
    /// Free slots without a heap, as chains, by class.
    chains: Vec<(usize, *mut u8)>,
}

// SAFETY: the pointers are owned by the pool and only used under its mutex.
unsafe impl Send for PoolState {}

fn allocate(bytes: usize) -> (*mut u8, Layout) {
    let layout = Layout::from_size_align(bytes, BLOCK).expect("sizes were checked when the object was sized");
    // SAFETY: the layout is not empty.
    let at = unsafe { alloc(layout) };
    if at.is_null() {
        handle_alloc_error(layout);
    }
    (at, layout)
}

impl Pool {
    /// Runs `f` while nothing goes in or out.
    pub fn still<R>(&self, f: impl FnOnce() -> R) -> R {
        let _state = self.state.lock();
        f()
    }

    /// A block for slots of one size.
    fn take(&self, class: u32, slot: usize, slots: usize, bytes: usize, heap: usize) -> *mut Block {
        let mut state = self.state.lock();
        let at = if bytes != BLOCK {
            allocate(bytes).0.cast::<Block>()
        } else {
            if state.free.is_empty() {
                let (at, layout) = allocate(CHUNK * BLOCK);
                state.chunks.push((at, layout));
                // Handed out from the low end.
                state.free.extend((0..CHUNK).rev().map(|i| at.wrapping_add(i * BLOCK).cast::<Block>()));
            }
            state.free.pop().expect("just filled")
        };
        // SAFETY: the block is ours alone.
        unsafe {
            at.write(Block {
                slot: slot.min(u32::MAX as usize) as u32,
                slots: slots as u32,
                carved: AtomicU32::new(0),
                class,
                heap: AtomicUsize::new(heap),
                side: AtomicPtr::new(null_mut()),
                bytes,
            });
        }
        state.used.insert(at);
        at
    }

    /// Gives back a block none of whose slots is in use.
    fn give(&self, block: *mut Block) {
        let mut state = self.state.lock();
        state.used.remove(&block);
        // SAFETY: the block was in use until now.
        let bytes = unsafe { (*block).bytes };
        if bytes != BLOCK {
            let layout = Layout::from_size_align(bytes, BLOCK).expect("as it was allocated");
            // SAFETY: allocated with this layout by `take`.
            unsafe { dealloc(block.cast(), layout) };
        } else {
            state.free.push(block);
        }
    }

    /// Calls `f` with every block in use. It must not allocate objects.
    ///
    /// # Safety
    /// The world is stopped.
    pub unsafe fn each_block(&self, f: &mut dyn FnMut(&Block)) {
        let blocks: Vec<*mut Block> = self.state.lock().used.iter().copied().collect();
        for block in blocks {
            // SAFETY: blocks in use stay while the world is stopped.
            f(unsafe { &*block });
        }
    }

    /// Calls `f` with every object.
    ///
    /// # Safety
    /// The world is stopped.
    pub unsafe fn each_object(&self, f: &mut dyn FnMut(*mut u8)) {
        // SAFETY: by the caller's word.
        unsafe { self.each_block(&mut |block| block.each(f)) }
    }

    /// Bytes taken from the system for objects.
    pub fn bytes(&self) -> usize {
        let state = self.state.lock();
        // SAFETY: blocks in use are valid.
        let own: usize = state.used.iter().map(|b| unsafe { (**b).bytes }).filter(|b| *b != BLOCK).sum();
        state.chunks.iter().map(|c| c.1.size()).sum::<usize>() + own
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        let state = self.state.get_mut();
        for block in state.used.drain() {
            // SAFETY: (both) the interpreter is gone, nobody uses its objects; layouts as allocated.
            unsafe {
                if (*block).bytes != BLOCK {
                    dealloc(block.cast(), Layout::from_size_align((*block).bytes, BLOCK).expect("as it was allocated"));
                }
            }
        }
        for (at, layout) in state.chunks.drain(..) {
            // SAFETY: as above.
            unsafe { dealloc(at, layout) };
        }
    }
}

/// Free lists and half-cut blocks of one owner.
pub struct Heap {
    /// First free slot by class.
    free: [Cell<*mut u8>; CLASSES],
    /// Block being cut by class.
    cutting: [Cell<*mut Block>; CLASSES],
    /// Number that this heap's blocks bear.
    id: usize,
    pool: Arc<Pool>,
}

// SAFETY: a heap is moved between threads only as a whole, when nobody uses it.
unsafe impl Send for Heap {}

impl Heap {
    /// An empty heap. `id` tells its blocks from those of other heaps.
    pub fn new(pool: Arc<Pool>, id: usize) -> Heap {
        Heap {
            free: [const { Cell::new(null_mut()) }; CLASSES],
            cutting: [const { Cell::new(null_mut()) }; CLASSES],
            id,
            pool,
        }
    }

    /// The number of this heap.
    pub fn id(&self) -> usize {
        self.id
    }

    /// The pool behind.
    pub fn pool(&self) -> &Arc<Pool> {
        &self.pool
    }

    /// Memory for an object: a free slot, if there is one at hand.
    #[inline(always)]
    pub fn pop(&self, size: usize) -> Option<*mut u8> {
        if size > LARGEST {
            return None;
        }
        let list = &self.free[class_of(size)];
        let at = list.get();
        if at.is_null() {
            return None;
        }
        // SAFETY: invariant 3: a slot in the list is free and ours.
        list.set(unsafe { next(at) });
        Some(at)
    }

    /// Memory for an object when no free slot is at hand.
    #[cold]
    #[inline(never)]
    pub fn pop_slow(&self, size: usize) -> *mut u8 {
        if size > LARGEST {
            let bytes = (size + HEAD).max(BLOCK).next_multiple_of(BLOCK);
            let block = self.pool.take(OWN, bytes - HEAD, 1, bytes, self.id);
            // SAFETY: a fresh block.
            return unsafe { self.cut(&*block, 1) };
        }
        let class = class_of(size);
        if let Some(chain) = self.adopt_chain(class) {
            self.free[class].set(chain);
        } else {
            let mut block = self.cutting[class].get();
            // SAFETY: the block being cut is ours.
            if block.is_null() || unsafe { (*block).carved() as u32 == (*block).slots } {
                let slot = slot_size(class);
                block = self.pool.take(class as u32, slot, (BLOCK - HEAD) / slot, BLOCK, self.id);
                self.cutting[class].set(block);
            }
            // SAFETY: as above; some slot is left.
            self.free[class].set(unsafe { self.cut(&*block, (CARVE / slot_size(class)).max(1)) });
        }
        self.pop(size).expect("the list was just filled")
    }

    /// Memory for one object, from the general allocator: in a block of its own, so that the object is found like the rest.
    #[cold]
    pub fn pop_singly(&self, size: usize) -> *mut u8 {
        let bytes = size.max(8) + HEAD;
        // A block of the common size would come from the pool.
        let bytes = if bytes == BLOCK { bytes + 8 } else { bytes };
        let block = self.pool.take(OWN, bytes - HEAD, 1, bytes, self.id);
        // SAFETY: a fresh block.
        unsafe { self.cut(&*block, 1) }
    }

    /// Frees what [`Heap::pop_singly`] gave.
    ///
    /// # Safety
    /// Nobody uses the object.
    #[cold]
    pub unsafe fn push_singly(&self, at: *mut u8) {
        // SAFETY: by the caller's word.
        unsafe { self.push_own(at) }
    }

    fn adopt_chain(&self, class: usize) -> Option<*mut u8> {
        let mut state = self.pool.state.lock();
        let i = state.chains.iter().position(|c| c.0 == class)?;
        Some(state.chains.swap_remove(i).1)
    }

    /// Cuts up to `n` slots and returns them as a chain.
    ///
    /// # Safety
    /// The block is being cut by this heap and has a slot left.
    unsafe fn cut(&self, block: &Block, n: usize) -> *mut u8 {
        let start = block.carved();
        let end = (start + n).min(block.slots as usize);
        let mut chain = null_mut();
        for i in (start..end).rev() {
            // SAFETY: inside the block, behind what was carved: ours alone.
            unsafe {
                let at = block.base().add(HEAD + i * block.slot as usize);
                link(at, chain);
                chain = at;
            }
        }
        block.carved.store(end as u32, Ordering::Relaxed);
        self.pool.grown.fetch_add(end - start, Ordering::Relaxed);
        chain
    }

    /// Takes back an object's memory. Its block should be this heap's (see [`Heap::is_mine`]) or soon none's.
    ///
    /// # Safety
    /// Nobody uses the object; `size` is that of the allocation.
    #[inline(always)]
    pub unsafe fn push(&self, at: *mut u8, size: usize) {
        if size > LARGEST {
            // SAFETY: by the caller's word.
            unsafe { self.push_own(at) };
            return;
        }
        let list = &self.free[class_of(size)];
        // SAFETY: the slot is free now and ours.
        unsafe { link(at, list.get()) };
        list.set(at);
    }

    #[cold]
    unsafe fn push_own(&self, at: *mut u8) {
        self.pool.give(at.map_addr(|a| a & !(BLOCK - 1)).cast());
    }

    /// Does the object's block belong to this heap?
    ///
    /// # Safety
    /// `at` is an object of this interpreter.
    #[inline]
    pub unsafe fn is_mine(&self, at: *const u8) -> bool {
        // SAFETY: by the caller's word.
        unsafe { Block::of(at) }.heap.load(Ordering::Relaxed) == self.id
    }

    /// Marks a slot of another heap as free, until [`Heap::push_foreign`] takes it: whoever looks at all objects passes
    /// over it from now on.
    ///
    /// # Safety
    /// As [`Heap::push`]; the slot shares its block.
    #[inline]
    pub unsafe fn mark_free(at: *mut u8) {
        // SAFETY: by the caller's word.
        unsafe { link(at, null_mut()) };
    }

    /// Takes back memory that was allocated from another heap: it goes to whoever needs such slots next.
    ///
    /// # Safety
    /// As [`Heap::push`], for each of them; all have the same size class.
    pub unsafe fn push_foreign(&self, class: usize, slots: &[*mut u8]) {
        let mut chain = null_mut();
        for &at in slots {
            // SAFETY: the slot is free and ours.
            unsafe { link(at, chain) };
            chain = at;
        }
        if !chain.is_null() {
            self.pool.state.lock().chains.push((class, chain));
        }
    }
}

/// # Safety
/// `at` is a free slot of ours.
#[inline(always)]
unsafe fn link(at: *mut u8, next: *mut u8) {
    // SAFETY: a slot has at least eight bytes.
    unsafe { at.cast::<u64>().write(!(next.expose_provenance() as u64)) }
}

/// # Safety
/// `at` is a free slot of ours.
#[inline(always)]
unsafe fn next(at: *mut u8) -> *mut u8 {
    // SAFETY: a free slot holds the complement of the next one's address.
    std::ptr::with_exposed_provenance_mut(!unsafe { at.cast::<u64>().read() } as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_fit_and_waste_little() {
        for size in 8..=LARGEST {
            let slot = slot_size(class_of(size));
            assert!(slot >= size && slot.is_multiple_of(8), "{size} in {slot}");
            assert!(size <= FINE && slot < size + 8 || size > FINE && slot <= size * 5 / 4, "{size} in {slot}");
        }
        assert_eq!(class_of(LARGEST), CLASSES - 1);
    }

    #[test]
    fn objects_are_found_until_they_are_freed() {
        let pool = Arc::new(Pool::default());
        let heap = Heap::new(pool.clone(), 1);
        let count = || {
            let mut n = 0;
            // SAFETY: one thread only.
            unsafe { pool.each_object(&mut |_| n += 1) };
            n
        };
        let sizes = [8, 16, 24, 500, 520, 8192, 9000, 70_000, 200_000];
        let mut made = Vec::new();
        for round in 0..1000 {
            for size in sizes {
                if size > LARGEST && round > 3 {
                    continue;
                }
                let at = heap.pop(size).unwrap_or_else(|| heap.pop_slow(size));
                // SAFETY: the slot is ours and has room for a header.
                unsafe {
                    assert!(!at.is_null() && (at as usize).is_multiple_of(8));
                    at.cast::<u64>().write(1 | 5 << 32);
                    assert!(heap.is_mine(at));
                }
                made.push((at, size));
            }
        }
        assert_eq!(count(), made.len());
        for (at, size) in made.drain(..) {
            // SAFETY: allocated above, used no more.
            unsafe { heap.push(at, size) };
        }
        assert_eq!(count(), 0);
        let grown = pool.grown.load(Ordering::Relaxed);
        for _ in 0..1000 {
            let at = heap.pop(24).expect("a free slot");
            // SAFETY: as above.
            unsafe { heap.push(at, 24) };
        }
        assert_eq!(pool.grown.load(Ordering::Relaxed), grown);
    }

    #[test]
    fn a_slot_on_its_way_to_another_heap_is_no_object() {
        let pool = Arc::new(Pool::default());
        let (owner, other) = (Heap::new(pool.clone(), 1), Heap::new(pool.clone(), 2));
        let at = owner.pop(24).unwrap_or_else(|| owner.pop_slow(24));
        let mut seen = 0;
        // SAFETY: one thread only; the slot is ours, has room for a header, and is given up once.
        unsafe {
            at.cast::<u64>().write(1 | 5 << 32);
            assert!(!other.is_mine(at));
            Heap::mark_free(at);
            pool.each_object(&mut |_| seen += 1);
            other.push_foreign(class_of(24), &[at]);
            pool.each_object(&mut |_| seen += 1);
        }
        assert_eq!(seen, 0);
    }

    #[test]
    fn slots_of_another_heap_come_back_through_the_pool() {
        let pool = Arc::new(Pool::default());
        let (a, b) = (Heap::new(pool.clone(), 1), Heap::new(pool.clone(), 2));
        let at = a.pop_slow(32);
        // SAFETY: the slot is ours; nobody uses it afterwards.
        unsafe {
            assert!(!b.is_mine(at));
            b.push_foreign(class_of(32), &[at]);
        }
        assert_eq!(b.pop_slow(32), at);
    }
}
