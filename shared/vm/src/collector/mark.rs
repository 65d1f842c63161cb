//! Finding dead cycles in a stopped world.
//!
//! Each object has a number beside its block:
//!
//! | number | meaning |
//! |---|---|
//! | `LEAF` | refers to nothing, so is in no cycle: its count alone decides |
//! | `REACHED` | reachable from outside the heap |
//! | n | references not (yet) explained by other objects |
//!
//! 1. Every container starts with its count; immortal and frozen ones are reached.
//! 2. Every reference between containers takes one from the number of what it refers to.
//! 3. What is left with a positive number is referred to from outside; whatever it reaches is alive too. Instances reach
//!    their classes, which they do not count.
//! 4. The rest is garbage.

use crate::blocks::Block;
use crate::context::{Context, Thread};
use crate::memory::{Header, Memory};
use crate::object::{Layout, Obj, trace_object, visit_object};
use crate::types::flags;
use crate::value::Word;

const LEAF: u32 = u32::MAX;
const REACHED: u32 = u32::MAX - 1;
/// Counts from here on mean immortal.
const IMMORTAL: usize = 1 << 30;

/// What a search found.
pub(super) struct Found<M: Memory> {
    /// Dead objects, one handle each.
    pub(super) garbage: Vec<Obj<M>>,
    /// Number of objects that live on.
    pub(super) alive: usize,
}

/// May an object refer to others?
///
/// # Safety
/// `at` is a live object; the world is stopped, or the object is in this thread's hands.
pub unsafe fn is_container<M: Memory>(ctx: &Context<M>, at: *mut u8) -> bool {
    // SAFETY: as the caller promises.
    let class = &ctx.interp.shapes.class(unsafe { &*at.cast::<M::Header>() }.shape()).body;
    let leaf = matches!(
        class.ops.layout,
        Layout::Int | Layout::Float | Layout::Complex | Layout::Str | Layout::Bytes | Layout::ByteArray | Layout::Code
    );
    !leaf || class.area_words > 0 || class.has(flags::HEAP)
}

/// Code objects are counted by functions and refer to code: no container to a program, one to the collector.
///
/// # Safety
/// As [`is_container`].
unsafe fn is_code<M: Memory>(ctx: &Context<M>, at: *mut u8) -> bool {
    // SAFETY: as the caller promises.
    let shape = unsafe { &*at.cast::<M::Header>() }.shape();
    ctx.interp.shapes.class(shape).body.ops.layout == Layout::Code
}

/// A handle on an object found by address; `None` for one that is dying.
///
/// # Safety
/// The world is stopped; `at` is an object.
pub(super) unsafe fn own<M: Memory>(ctx: &Context<M>, at: *mut u8) -> Option<Obj<M>> {
    // SAFETY: as the caller promises. Publishing shares what belonged to another thread, so that it may be counted here.
    unsafe {
        let word = Word::uncounted(at);
        if M::is_shared(ctx, &*at.cast::<M::Header>()) {
            M::publish(ctx, word);
        }
        M::try_retain(ctx, word).map(|w| Obj::from_word(w))
    }
}

/// Searches the heap. The world is stopped.
pub(super) fn find_garbage<M: Memory>(t: &mut Thread<M>) -> Found<M> {
    let ctx: &Context<M> = t;
    let pool = M::pool(ctx);
    // SAFETY: (whole function) the world is stopped: objects, references and counts stay as they are; every block has
    // its side numbers between `make_side` and `drop_side`.
    unsafe {
        pool.each_block(&mut |b| b.make_side());
        let mut stack = Vec::new();
        let mut alive = count_all(ctx, &mut stack);
        pool.each_block(&mut |b| {
            b.each(&mut |at| {
                if b.side(at).get() != LEAF {
                    visit_object(ctx, at, &mut |w| {
                        if cfg!(debug_assertions) && w.is_ptr() {
                            M::check_reference(&*at.cast::<M::Header>(), w);
                        }
                        explain(w);
                    });
                }
            });
        });
        pool.each_block(&mut |b| {
            b.each(&mut |at| {
                let n = b.side(at);
                if n.get() > 0 && n.get() < REACHED {
                    n.set(REACHED);
                    stack.push(at);
                }
            });
        });
        while let Some(at) = stack.pop() {
            trace_object(ctx, at, &mut |w| {
                if w.is_ptr() {
                    let n = Block::of(w.address()).side(w.address());
                    if n.get() < REACHED {
                        n.set(REACHED);
                        stack.push(w.address());
                    }
                }
            });
        }
        let mut dead = Vec::new();
        pool.each_block(&mut |b| {
            b.each(&mut |at| {
                if b.side(at).get() < REACHED {
                    dead.push(at);
                }
            });
        });
        let garbage: Vec<Obj<M>> = dead.into_iter().filter_map(|at| own(ctx, at)).collect();
        alive -= garbage.len();
        clear_references(ctx, &garbage);
        pool.each_block(&mut |b| b.drop_side());
        Found { garbage, alive }
    }
}

/// Step 1. Returns the number of objects.
///
/// # Safety
/// As in [`find_garbage`].
unsafe fn count_all<M: Memory>(ctx: &Context<M>, stack: &mut Vec<*mut u8>) -> usize {
    let frozen = ctx.interp.gc.frozen.lock();
    let mut all = 0;
    // SAFETY: by the caller's word.
    unsafe {
        M::pool(ctx).each_block(&mut |b| {
            b.each(&mut |at| {
                all += 1;
                let n = b.side(at);
                if !is_container(ctx, at) && !is_code(ctx, at) {
                    n.set(LEAF);
                    return;
                }
                let count = M::count(ctx, Word::uncounted(at));
                if count >= IMMORTAL || !frozen.is_empty() && frozen.contains(&at.addr()) {
                    n.set(REACHED);
                    stack.push(at);
                } else {
                    n.set(count as u32);
                }
            });
        });
    }
    all
}

/// Step 2 for one reference.
///
/// # Safety
/// As in [`find_garbage`].
#[inline]
unsafe fn explain(word: Word) {
    if word.is_ptr() {
        // SAFETY: a reference leads to an object, which sits in a block.
        let n = unsafe { Block::of(word.address()).side(word.address()) };
        let left = n.get();
        if left < REACHED {
            debug_assert!(left > 0, "more references to an object than its count");
            n.set(left.saturating_sub(1));
        }
    }
}

/// Clears the weak references to garbage. Callbacks of references that are garbage themselves are never called.
///
/// # Safety
/// As in [`find_garbage`].
unsafe fn clear_references<M: Memory>(ctx: &Context<M>, garbage: &[Obj<M>]) {
    for obj in garbage {
        let at = obj.word().address();
        if ctx.interp.shapes.class(obj.shape()).body.has(flags::WEAKREFED) {
            // SAFETY: the side numbers are still there.
            ctx.interp.weak.died(ctx, at, &|r| unsafe { Block::of(r).side(r).get() } < REACHED);
        }
    }
}
