//! Where objects live: `interp-gil`'s heap, but what is freed is poisoned and kept from reuse for a while.

use std::cell::RefCell;
use std::collections::VecDeque;

use parallax_vm::blocks::Heap;
use parallax_vm::collector;

use crate::Context;
use crate::header::{CheckedHeader, FREED};

/// Freed objects that are not used again yet. Guarded by the global lock.
pub(crate) type Quarantine = RefCell<VecDeque<(*mut u8, usize)>>;

/// How many.
const KEPT: usize = 20_000;
/// What freed memory is filled with: no valid word, an address that is not mapped.
const POISON: u8 = 0xDB;

/// Memory for an object.
pub(crate) fn alloc(ctx: &Context, size: usize) -> *mut u8 {
    let heap: &Heap = &ctx.interp.global.heap;
    heap.pop(size).unwrap_or_else(|| {
        let at = heap.pop_slow(size);
        collector::grew(ctx, heap.pool());
        at
    })
}

/// Poisons an object and sets it aside; frees the one that was longest aside.
///
/// # Safety
/// Nobody uses the object; `size` is that of its allocation.
pub(crate) unsafe fn free(ctx: &Context, at: *mut u8, size: usize) {
    let head = size_of::<CheckedHeader>();
    // SAFETY: by the caller's word: the memory is ours.
    unsafe {
        let header = &*at.cast::<CheckedHeader>();
        header.check();
        header.mark.set(FREED);
        at.add(head).write_bytes(POISON, size - head);
        // Looks free to whoever walks the blocks.
        at.cast::<u64>().write(u64::MAX);
    }
    let mut aside = ctx.interp.global.quarantine.borrow_mut();
    aside.push_back((at, size));
    if aside.len() > KEPT
        && let Some((at, size)) = aside.pop_front()
    {
        // SAFETY: freed by an earlier call; its poison must be whole, or somebody wrote to a freed object.
        unsafe {
            let rest = std::slice::from_raw_parts(at.add(head), size - head);
            assert!(rest.iter().all(|&b| b == POISON), "a freed object was written to at {at:p}");
            ctx.interp.global.heap.push(at, size);
        }
    }
}
