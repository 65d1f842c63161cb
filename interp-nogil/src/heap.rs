//! Where objects live: one heap per thread. A private object's memory goes back to its thread's heap at once; a shared
//! object is freed by whoever retired it, and its memory returns to the heap of its block or, in batches, to the pool.
//!
//! A heap has an id, which is the owner id of the objects that its thread makes. When a thread ends its heap is parked
//! with all that is left in it, and the next new thread adopts heap and id: ids are as few as there are threads at a
//! time.

use std::cell::RefCell;
use std::sync::Arc;

use parallax_vm::blocks::{Heap, Pool, class_of};
use parallax_vm::collector;
use parallax_vm::locks::Mutex;

use crate::Context;
use crate::count::MAX_ID;
use crate::header::NogilHeader;
use parallax_vm::value::Word;

/// Heaps without a thread, and the ids given out.
pub(crate) struct Parking {
    /// Guarded by the mutex.
    state: Mutex<(Vec<Heap>, u16)>,
    pub(crate) pool: Arc<Pool>,
}

impl Parking {
    pub(crate) fn new() -> Arc<Parking> {
        Arc::new(Parking { state: Mutex::new((Vec::new(), 0)), pool: Arc::new(Pool::default()) })
    }

    /// A heap for a new thread: a parked one, or a new one with a new id.
    pub(crate) fn take(&self) -> Heap {
        let mut state = self.state.lock();
        if let Some(heap) = state.0.pop() {
            return heap;
        }
        assert!(state.1 < MAX_ID, "the system runs out of threads before {MAX_ID}");
        state.1 += 1;
        Heap::new(self.pool.clone(), state.1 as usize)
    }

    /// Runs `f` while no heap is parked or taken, and no slot or block changes hands.
    pub(crate) fn still<R>(&self, f: impl FnOnce() -> R) -> R {
        let _state = self.state.lock();
        self.pool.still(f)
    }

    /// Parks the heap of a thread that ended.
    pub(crate) fn park(&self, heap: Heap) {
        self.state.lock().0.push(heap);
    }
}

/// Does each object come from the general allocator and go back there by itself? Sanitizers see into objects then.
const SINGLY: bool = cfg!(feature = "objects-singly");

/// Memory for an object.
#[inline(always)]
pub(crate) fn alloc(ctx: &Context, size: usize) -> *mut u8 {
    if SINGLY {
        return alloc_slow(ctx, size);
    }
    match ctx.local.heap.pop(size) {
        Some(at) => at,
        None => alloc_slow(ctx, size),
    }
}

#[cold]
#[inline(never)]
fn alloc_slow(ctx: &Context, size: usize) -> *mut u8 {
    let heap = &ctx.local.heap;
    let at = if SINGLY { heap.pop_singly(size) } else { heap.pop_slow(size) };
    collector::grew(ctx, heap.pool());
    at
}

/// Gives an object's memory back.
///
/// # Safety
/// Nobody uses the object; `size` is that of its allocation.
#[inline(always)]
pub(crate) unsafe fn free(ctx: &Context, at: *mut u8, size: usize) {
    if SINGLY {
        // SAFETY: by the caller's word; whatever else could hold a shared object has let go of it.
        return unsafe { ctx.local.heap.push_singly(at) };
    }
    // SAFETY: by the caller's word; the header is still there. An object that was never shared is from this heap.
    unsafe {
        if NogilHeader::of(Word::uncounted(at)).shared.is_clear() {
            ctx.local.heap.push(at, size);
        } else {
            free_shared(ctx, at, size);
        }
    }
}

#[inline(never)]
unsafe fn free_shared(ctx: &Context, at: *mut u8, size: usize) {
    let heap = &ctx.local.heap;
    // SAFETY: by the caller's word.
    unsafe {
        if size > LARGEST || heap.is_mine(at) {
            heap.push(at, size);
            return;
        }
        Heap::mark_free(at);
    }
    let mut foreign = ctx.local.foreign.borrow_mut();
    foreign.push((class_of(size), at));
    if foreign.len() >= BATCH {
        give_back(heap, &mut foreign);
    }
}

/// Objects beyond this have blocks of their own, which go back to the pool.
const LARGEST: usize = parallax_vm::blocks::LARGEST;
/// Slots of other heaps that are kept before they go to the pool.
const BATCH: usize = 256;

/// Slots of other threads' blocks on their way to the pool. Owner thread only.
pub(crate) type Foreign = RefCell<Vec<(usize, *mut u8)>>;

/// Hands freed slots of other heaps to the pool.
pub(crate) fn flush(ctx: &Context) {
    give_back(&ctx.local.heap, &mut ctx.local.foreign.borrow_mut());
}

/// As [`flush`], by parts.
pub(crate) fn give_back(heap: &Heap, foreign: &mut Vec<(usize, *mut u8)>) {
    foreign.sort_unstable();
    for chunk in foreign.chunk_by(|a, b| a.0 == b.0) {
        let slots: Vec<*mut u8> = chunk.iter().map(|s| s.1).collect();
        // SAFETY: they are free, of one class, and of no use to this heap.
        unsafe { heap.push_foreign(chunk[0].0, &slots) };
    }
    foreign.clear();
}

#[cfg(test)]
mod tests {
    use super::Parking;

    #[test]
    fn threads_of_a_time_have_ids_of_their_own() {
        let parking = Parking::new();
        let (a, b) = (parking.take(), parking.take());
        let (first, second) = (a.id(), b.id());
        assert!(first != second && first != 0 && second != 0);
        // Who comes next adopts the heap and the id together.
        parking.park(a);
        let c = parking.take();
        assert_eq!(c.id(), first);
        let d = parking.take();
        assert!(d.id() != first && d.id() != second);
        [b, c, d].into_iter().for_each(|heap| parking.park(heap));
    }
}
