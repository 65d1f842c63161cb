//! The end of objects: payloads dropped and memory freed, deep chains without deep recursion.

use crate::context::Context;
use crate::memory::{CellWord, Header, Memory};
use crate::value::Word;

const MAX_DEALLOC_DEPTH: u32 = 64;

/// An object that nobody can reach any more: its finaliser is queued, or its payload is dropped and its memory freed.
/// Called by the memory model when the last count is gone (and no reader can hold it).
///
/// # Safety
/// `at` is dead as said, and this is the only call for it.
pub unsafe fn dealloc<M: Memory>(ctx: &Context<M>, at: *mut u8) {
    let depth = ctx.dealloc_depth.get();
    if depth >= MAX_DEALLOC_DEPTH {
        ctx.dealloc_queue.borrow_mut().push(at);
        return;
    }
    ctx.dealloc_depth.set(depth + 1);
    // SAFETY: by the caller's word.
    unsafe { dealloc_one(ctx, at) };
    ctx.dealloc_depth.set(depth);
    if depth > 0 {
        return;
    }
    // SAFETY: nothing else looks at the queue meanwhile.
    if !unsafe { (*ctx.dealloc_queue.as_ptr()).is_empty() } {
        dealloc_queued(ctx);
    }
}

/// Frees what was put off.
#[cold]
#[inline(never)]
fn dealloc_queued<M: Memory>(ctx: &Context<M>) {
    loop {
        let Some(next) = ctx.dealloc_queue.borrow_mut().pop() else { break };
        ctx.dealloc_depth.set(1);
        // SAFETY: it was queued by a call for it.
        unsafe { dealloc_one(ctx, next) };
        ctx.dealloc_depth.set(0);
    }
}

/// # Safety
/// As [`dealloc`].
#[inline(always)]
unsafe fn dealloc_one<M: Memory>(ctx: &Context<M>, at: *mut u8) {
    // SAFETY: (block) the object is whole; nobody else reaches it.
    unsafe {
        let Some(class) = ctx.interp.shapes.try_class((*at.cast::<M::Header>()).shape()) else {
            return; // made before its class, while the first types were: a handful of bytes
        };
        let class = &class.body;
        if class.needs_care() && crate::finalize::before_death(ctx, at, class) {
            return;
        }
        let tail = (class.ops.tail)(at);
        let area = class.area_words as usize;
        let mut size = class.ops.size + tail;
        if area != 0 {
            let start = class.ops.size + tail.next_multiple_of(8);
            for i in 0..area {
                let word = Word((*at.add(start + 8 * i).cast::<M::Cell>()).load());
                if word.is_counted() {
                    M::release(ctx, word);
                }
            }
            size = start + 8 * area;
        }
        (class.ops.drop)(at);
        M::free(ctx, at, size);
    }
}
