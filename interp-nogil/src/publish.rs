//! Publication: a private graph becomes shared when a reference to it is stored where another thread could find it.
//!
//! Storing into a private object costs nothing. Storing into a shared one first shares everything that the value
//! reaches; the walk stops at what is shared already, since by invariant 1 of `header` that refers to shared objects
//! only.
//!
//! # Memory orderings
//! The walk writes headers that nobody else knows. The store that makes the graph reachable releases (`cell`), and so do
//! thread starts, locks and the stop of the world: whoever finds an object finds it shared. Only weak references know what
//! is private again, an object that was revived for its finaliser; it is published while it refers to nothing private
//! (`weakref`, invariant 4).

use parallax_vm::counters::Event;
use parallax_vm::memory::CellWord;
use parallax_vm::object::visit_object;
use parallax_vm::types::function::{is_definition, namespaces};
use parallax_vm::value::Word;

use crate::cell::NogilCell;
use crate::count::is_shared;
use crate::header::NogilHeader;
use crate::sync::Ordering;
use crate::{Context, Nogil, count, deferred, loans};

/// Stores a counted word into an object's cell; the old word comes back.
///
/// # Safety
/// `new` is the caller's; the cell belongs to the object; the caller is in its critical section.
#[inline(always)]
pub(crate) unsafe fn store(ctx: &Context, head: &NogilHeader, cell: &NogilCell, new: Word) -> Word {
    if new.is_ptr() && !head.is_counted_by(ctx.local.id) && !head.is_owned_by(ctx.local.id) {
        // SAFETY: the word is valid.
        unsafe { publish(ctx, new) }
    }
    let old = cell.load();
    cell.store(new.0);
    Word(old)
}

/// Shares the graph behind a word.
///
/// # Safety
/// The word is valid; what it reaches is this thread's or shared, or the world is stopped.
#[inline(always)]
pub(crate) unsafe fn publish(ctx: &Context, word: Word) {
    // SAFETY: by the caller's word.
    if word.is_ptr() && !is_shared(unsafe { NogilHeader::of(word) }) {
        // SAFETY: as above.
        unsafe { publish_slow(ctx, word, false) }
    }
}

/// Shares what the interpreter's roots reach: the first thread is about to start.
pub(crate) fn publish_roots(ctx: &Context) {
    ctx.interp.roots(&mut |word| {
        // SAFETY: roots are valid, and this is the only thread.
        unsafe {
            if word.is_ptr() && !is_shared(NogilHeader::of(word)) {
                publish_slow(ctx, word, true);
            }
        }
    });
}

#[cold]
#[inline(never)]
unsafe fn publish_slow(ctx: &Context, word: Word, early: bool) {
    loans::count_all(ctx);
    let mut stack = ctx.local.walk.take();
    // SAFETY: (block) every word found is a reference of an object that is still private, so it is valid.
    unsafe {
        share(ctx, word, early);
        ctx.count(Event::Published);
        stack.push(word);
        while let Some(word) = stack.pop() {
            visit_object::<Nogil>(ctx, word.address(), &mut |child| {
                if child.is_ptr() {
                    let head = NogilHeader::of(child);
                    if !is_shared(head) {
                        share(ctx, child, early);
                        ctx.count(Event::Published);
                        stack.push(child);
                    }
                }
            });
        }
    }
    ctx.local.walk.replace(stack);
}

/// Asserts the invariants of `header`: what an object refers to is shared, private to the same thread, or not counted.
///
/// # Safety
/// The world is stopped; the word is valid.
pub(crate) unsafe fn check_reference(from: &NogilHeader, to: Word) {
    // SAFETY: by the caller's word.
    let head = unsafe { NogilHeader::of(to) };
    let owner = head.owner.load(Ordering::Relaxed);
    if (head.local() as i32) < 0 || is_shared(head) || !is_shared(from) && from.is_owned_by(owner) {
        return;
    }
    let holder = from.owner.load(Ordering::Relaxed);
    panic!("an object of thread {holder} (0: shared) refers to a private object of thread {owner}");
}

/// Gives the object up, deferred from now on if it is a definition.
///
/// # Safety
/// The word is valid and the object private, or the world stopped.
unsafe fn share(ctx: &Context, word: Word, early: bool) {
    // SAFETY: by the caller's word.
    let head = unsafe { NogilHeader::of(word) };
    // SAFETY: as above.
    let defers = head.local() as i32 >= 0 && unsafe { is_definition::<Nogil>(word.address(), early) };
    if defers && deferred::defer(ctx, head) {
        // SAFETY: a private object's references are valid; the walk comes to them later.
        unsafe {
            namespaces::<Nogil>(word.address(), &mut |space| {
                let space = NogilHeader::of(space);
                if !is_shared(space) {
                    deferred::defer(ctx, space);
                }
            });
        }
    }
    count::share(head);
}
