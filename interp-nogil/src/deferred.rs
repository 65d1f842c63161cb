//! Deferred objects: classes, and functions that everybody uses. The collector alone frees them, so nobody has to notice
//! when their count falls to zero, and each thread counts them in a table of its own: many threads that make instances,
//! generators and bound methods of one definition write nothing that they share.
//!
//! The local count of a deferred object is negative, as that of an immortal one, and holds its *number*: the row of the
//! tables. Tables belong to heaps, not to threads: the thread that adopts a heap adopts its table.
//!
//! # Invariants
//! 1. The sum of a number's rows over all tables is the object's count. A row alone says nothing: one thread may give up
//!    what another one counted. The sum is exact with the world stopped.
//! 2. A mode changes while nobody else can count the object: it is private, or the world is stopped.
//! 3. A number is given out again only after its rows were cleared, which happens with the world stopped.
//!
//! # Memory orderings
//! Rows are written by the thread that has the heap and read with the world stopped: all accesses are relaxed.

use parallax_vm::counters::Event;
use parallax_vm::locks::Mutex;
use parallax_vm::region;
use parallax_vm::value::Word;

use crate::Context;
use crate::count::{is_shared, references};
use crate::header::{NOBODY, NogilHeader};
use crate::sync::{AtomicU32, Ordering};

/// The local count of immortal objects, far from both ends of the numbers that say so.
pub(crate) const IMMORTAL: u32 = 0xE000_0000;
/// Lowest local count of a deferred object: that of number 0. Those of immortal objects are from `BEHIND` on.
const FIRST: u32 = 0x8000_0000;
const BEHIND: u32 = 0xC000_0000;
/// Most deferred objects at a time. As many as there are shapes; functions beyond that are counted like the rest.
const MOST: u32 = 1 << 21;
const BYTES: usize = MOST as usize * size_of::<AtomicU32>();

/// Does a local count that is negative say deferred?
#[inline(always)]
pub(crate) fn is_deferred(local: u32) -> bool {
    local.wrapping_sub(FIRST) < BEHIND - FIRST
}

/// The tables of all heaps, and the numbers.
#[derive(Default)]
pub(crate) struct Deferred {
    /// Guarded by the mutex.
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// By heap id; reserved address space, so that a table never moves.
    tables: Vec<Table>,
    /// Numbers whose objects are gone.
    free: Vec<u32>,
    /// Numbers given out so far.
    next: u32,
}

/// One heap's counts.
#[derive(Clone, Copy)]
pub(crate) struct Table(*const AtomicU32);

// SAFETY: rows are atomics in memory that lives as long as the interpreter.
unsafe impl Send for Table {}

impl Table {
    #[inline(always)]
    fn row(&self, number: u32) -> &AtomicU32 {
        debug_assert!(number < MOST);
        // SAFETY: inside the reservation.
        unsafe { &*self.0.add(number as usize) }
    }

    /// Adds to a row. The thread that has the table.
    #[inline(always)]
    fn add(&self, number: u32, n: u32) {
        let row = self.row(number);
        row.store(row.load(Ordering::Relaxed).wrapping_add(n), Ordering::Relaxed);
    }
}

impl Deferred {
    /// The table of a heap, for a thread that takes it.
    pub(crate) fn table(&self, heap: usize) -> Table {
        let mut state = self.state.lock();
        while state.tables.len() <= heap {
            state.tables.push(Table(std::ptr::null()));
        }
        let table = &mut state.tables[heap];
        if table.0.is_null() {
            *table = Table(region::reserve(BYTES).cast());
        }
        *table
    }

    fn take_number(&self) -> Option<u32> {
        let mut state = self.state.lock();
        if let Some(number) = state.free.pop() {
            return Some(number);
        }
        let number = state.next;
        state.next = (number + 1).min(MOST);
        (number < MOST).then_some(number)
    }

    /// Invariant 1.
    fn sum(&self, number: u32) -> u32 {
        let state = self.state.lock();
        let tables = state.tables.iter().filter(|t| !t.0.is_null());
        tables.fold(0, |sum, t| sum.wrapping_add(t.row(number).load(Ordering::Relaxed)))
    }

    /// Clears a number's rows. The world is stopped.
    fn give_back(&self, number: u32) {
        let mut state = self.state.lock();
        for table in state.tables.iter().filter(|t| !t.0.is_null()) {
            // Untouched pages stay untouched.
            if table.row(number).load(Ordering::Relaxed) != 0 {
                table.row(number).store(0, Ordering::Relaxed);
            }
        }
        state.free.push(number);
    }

    /// The child of a fork has one thread.
    ///
    /// # Safety
    /// The process was just forked.
    pub(crate) unsafe fn after_fork(&self) {
        // SAFETY: by the caller's word.
        unsafe { parallax_vm::threads::renew(&self.state) }
    }
}

impl Drop for Deferred {
    fn drop(&mut self) {
        for table in self.state.get_mut().tables.iter().filter(|t| !t.0.is_null()) {
            region::release(table.0.cast_mut().cast(), BYTES);
        }
    }
}

/// One more reference to a deferred object, whose local count is `local`.
#[inline(never)]
pub(crate) fn raise(ctx: &Context, head: &NogilHeader, local: u32) {
    if cfg!(feature = "deferred-counted") {
        ctx.count(Event::RetainShared);
        head.shared.raise_plain();
    } else {
        ctx.count(Event::RetainDeferred);
        ctx.local.deferred.add(local - FIRST, 1);
    }
}

/// One reference less; that to zero means nothing.
#[inline(never)]
pub(crate) fn lower(ctx: &Context, head: &NogilHeader, local: u32) {
    if cfg!(feature = "deferred-counted") {
        ctx.count(Event::ReleaseShared);
        head.shared.lower_plain();
    } else {
        ctx.count(Event::ReleaseDeferred);
        ctx.local.deferred.add(local - FIRST, u32::MAX);
    }
}

/// References to a deferred object; exact with the world stopped.
pub(crate) fn count(ctx: &Context, head: &NogilHeader, local: u32) -> u32 {
    if cfg!(feature = "deferred-counted") { head.shared.count() } else { ctx.interp.global.deferred.sum(local - FIRST) }
}

/// From now on only the collector frees the object (invariant 2). False: there are too many already.
pub(crate) fn defer(ctx: &Context, head: &NogilHeader) -> bool {
    let n = head.local();
    if (n as i32) < 0 {
        return true;
    }
    let n = references(head);
    if cfg!(feature = "deferred-counted") {
        head.shared.reset(n);
        head.set_uncounted(FIRST);
        return true;
    }
    let Some(number) = ctx.interp.global.deferred.take_number() else { return false };
    ctx.local.deferred.add(number, n);
    if !is_shared(head) {
        head.shared.clear();
    }
    head.set_uncounted(FIRST + number);
    true
}

/// The object is counted like the rest from now on: private to this thread if the caller's reference is the only one. The
/// world is stopped.
pub(crate) fn settle(ctx: &Context, head: &NogilHeader) {
    let local = head.local();
    if !is_deferred(local) {
        return;
    }
    let n = count(ctx, head, local);
    if !cfg!(feature = "deferred-counted") {
        ctx.interp.global.deferred.give_back(local - FIRST);
    }
    if head.is_owned_by(ctx.local.id) {
        head.shared.clear();
        head.set_local(n);
        head.owner.store(ctx.local.id, Ordering::Release);
    } else if n == 1 {
        // Its memory may be another heap's: the word must not look as if the object had never been shared.
        head.shared.bury();
        head.set_local(1);
        head.owner.store(ctx.local.id, Ordering::Release);
    } else {
        head.shared.reset(n);
        head.set_local(0);
        head.owner.store(NOBODY, Ordering::Release);
    }
}

/// As the port asks.
///
/// # Safety
/// The word is valid.
pub(crate) unsafe fn is(word: Word) -> bool {
    // SAFETY: by the caller's word.
    is_deferred(unsafe { NogilHeader::of(word) }.local())
}
