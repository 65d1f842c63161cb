//! Where objects live: one heap for the interpreter, guarded by the global lock. What is freed is free at once.

use parallax_vm::blocks::Heap;
use parallax_vm::collector;

use crate::Context;

/// Memory for an object.
#[inline(always)]
pub(crate) fn alloc(ctx: &Context, size: usize) -> *mut u8 {
    match heap(ctx).pop(size) {
        Some(at) => at,
        None => alloc_slow(ctx, size),
    }
}

#[cold]
#[inline(never)]
fn alloc_slow(ctx: &Context, size: usize) -> *mut u8 {
    let heap = heap(ctx);
    let at = heap.pop_slow(size);
    collector::grew(ctx, heap.pool());
    at
}

/// Gives an object's memory back.
///
/// # Safety
/// Nobody uses the object; `size` is that of its allocation.
#[inline(always)]
pub(crate) unsafe fn free(ctx: &Context, at: *mut u8, size: usize) {
    // SAFETY: by the caller's word.
    unsafe { heap(ctx).push(at, size) }
}

/// The heap, reached without passing through the interpreter.
#[inline(always)]
fn heap(ctx: &Context) -> &Heap {
    // SAFETY: the heap is part of the interpreter's state, which outlives its threads' contexts; the global lock,
    // which this thread holds, guards it.
    unsafe { &*ctx.local.heap }
}
