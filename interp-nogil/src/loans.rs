//! Shared objects that private ones hold without counting them: the list behind an iterator, what the registers of a suspended
//! generator refer to.
//!
//! Such an object is this thread's alone, so what it holds is protected as what a register holds is: by the pin. Each
//! thread keeps a short list of the places that hold an uncounted word. A loop over `enumerate(shared)` so writes nothing
//! that other threads read.
//!
//! # Invariants
//! 1. An uncounted word in the heap stands in a place that is in the list of the running thread, whose private object it
//!    is part of.
//! 2. Before that thread pins anew, blocks, stops or publishes anything, all places of its list are counted and the list is
//!    empty. So a shared object counts all that it holds, and in a stopped world all counts are exact.
//! 3. A place leaves the list before its memory is given up or its word moves to a register.
//!
//! When the list is full, words are counted as ever.

use std::cell::Cell;

use parallax_vm::counters::Event;
use parallax_vm::value::Word;

use crate::header::NogilHeader;
use crate::{Context, count, counting};

/// Most places of one thread: a few nested loops.
const ROOM: usize = 16;

/// Is anything lent? Not where registers are counted too.
pub(crate) const LENDS: bool = !cfg!(any(feature = "counts-classic", feature = "reads-counted"));

/// The list of one thread. Owner thread only.
pub(crate) struct Loans {
    len: Cell<usize>,
    places: [Cell<*const Cell<Word>>; ROOM],
}

// SAFETY: the places are in objects of the list's thread; the list is empty when the thread ends.
unsafe impl Send for Loans {}

impl Default for Loans {
    fn default() -> Self {
        Loans { len: Cell::new(0), places: [const { Cell::new(std::ptr::null()) }; ROOM] }
    }
}

/// Writes `word` into a place: uncounted if it is shared and there is room, else counted.
///
/// # Safety
/// The word is valid; the place is free and part of a private object of this thread.
#[inline(always)]
pub(crate) unsafe fn lend(ctx: &Context, place: *const Cell<Word>, word: Word) {
    let loans = &ctx.local.loans;
    let n = loans.len.get();
    // SAFETY: by the caller's word; with room, `n` is below the length.
    unsafe {
        if LENDS && n < ROOM && word.is_ptr() {
            let head = NogilHeader::of(word);
            if head.local() as i32 >= 0 && count::is_shared(head) {
                ctx.count(Event::HoldUncounted);
                loans.places.get_unchecked(n).set(place);
                loans.len.set(n + 1);
                return place.cast_mut().write(Cell::new(word.as_uncounted()));
            }
        }
        place.cast_mut().write(Cell::new(counting::retain(ctx, ctx.local.id, word)));
    }
}

/// Takes a place that holds an uncounted word off the list: mostly the latest.
#[inline(always)]
pub(crate) fn end_loan(ctx: &Context, place: *const Cell<Word>) {
    let loans = &ctx.local.loans;
    let last = loans.len.get() - 1;
    let found = (0..=last).rev().find(|&i| loans.places[i].get() == place).expect("invariant 1");
    loans.places[found].set(loans.places[last].get());
    loans.len.set(last);
}

/// Counts what is lent.
#[inline(always)]
pub(crate) fn count_all(ctx: &Context) {
    if ctx.local.loans.len.get() != 0 {
        count_all_slow(ctx);
    }
}

#[cold]
#[inline(never)]
fn count_all_slow(ctx: &Context) {
    let loans = &ctx.local.loans;
    for place in &loans.places[..loans.len.replace(0)] {
        // SAFETY: invariants 1 and 3: the place is there, and its word valid until this thread pins anew.
        unsafe {
            let place = &*place.get();
            place.set(counting::retain(ctx, ctx.local.id, place.get()));
        }
    }
}
