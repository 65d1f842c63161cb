//! What was unlinked but may still be in somebody's registers: shared objects whose count fell to zero, and stores of
//! shared lists and dicts that were replaced.
//!
//! Each thread has its own queues, ordered by epoch. A thread whose queue passes a soft bound asks all threads, once per
//! epoch, to pin anew at their next poll, and looks now and then whether they have; at a hard bound it also gives its
//! processor away then, as a pinned thread that does not run holds the epoch; at the last bound it stops the world. Objects with finalisers or weak references are
//! asked for at once, so that they die soon.
//!
//! # Invariants
//! 1. An object is in at most one queue (`shared`, invariant 1), a store in exactly one.
//! 2. Entries behind others bear no older epochs: re-queued objects go to the end with the present epoch.
//! 3. Objects are taken apart at polls and in a stopped world only, never inside a critical section; stores are bytes.
//! 4. A chain of objects dies one link per two epochs; after `CHAIN` polls in a row that freed and retired, the world is
//!    stopped and the chain freed at once.

use std::alloc::Layout;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;

use parallax_vm::counters::Event;
use parallax_vm::memory::Header;
use parallax_vm::object::dealloc;
use parallax_vm::value::Word;

use crate::deferred::is_deferred;
use crate::epoch::has_expired;
use crate::header::NogilHeader;
use crate::shared::Fate;
use crate::sync::{Ordering, yield_now};
use crate::{Context, Nogil, Thread, count, counting, heap, loans, world};

/// Bit of the poll word: count what registers hold, pin anew, free what has expired.
pub(crate) const REPIN: u32 = parallax_vm::context::poll::MODEL << 1;

/// Queued bytes from which on all threads are asked to pin anew.
const SOFT: usize = 128 << 10;
/// The processor is given away once per so many queued bytes: on a busy machine that takes long.
const HARD: usize = 16 * SOFT;
/// Queued bytes from which on the world is stopped, which buries what is dead. Giving the processor away does not help
/// where the thread that holds the epoch waits for another one.
const LAST: usize = 4 * HARD;
/// What an object weighs in the queue at least: most are small. A large one weighs what dies with it, its store too.
const WEIGHT: usize = 96;
/// Do replaced stores wait for the next stop of the world instead of their epoch?
const HELD: bool = cfg!(feature = "stores-held");
/// See invariant 4.
const CHAIN: u32 = 64;

/// The queues of one thread. Owner thread only, or the world is stopped.
#[derive(Default)]
pub(crate) struct Queues {
    /// Epoch, object, what it weighs.
    objects: RefCell<VecDeque<(u64, *mut u8, usize)>>,
    stores: RefCell<VecDeque<(u64, *mut u8, Layout)>>,
    /// Bytes in both.
    bytes: Cell<usize>,
    /// Epoch in which this thread last asked.
    asked: Cell<u64>,
    /// Polls in a row that freed objects and left others retired.
    chain: Cell<u32>,
}

// SAFETY: the pointers are owned by the queues; see the type's text for who uses them.
unsafe impl Send for Queues {}

impl Queues {
    fn is_empty(&self) -> bool {
        self.objects.borrow().is_empty() && (HELD || self.stores.borrow().is_empty())
    }

    /// Empties the queues.
    pub(crate) fn take(&self) -> Queues {
        Queues {
            objects: RefCell::new(self.objects.take()),
            stores: RefCell::new(self.stores.take()),
            bytes: Cell::new(self.bytes.take()),
            ..Queues::default()
        }
    }

    /// Appends what another thread left.
    pub(crate) fn adopt(&self, now: u64, other: Queues) {
        self.objects.borrow_mut().extend(other.objects.into_inner().into_iter().map(|(_, at, w)| (now, at, w)));
        self.stores.borrow_mut().extend(other.stores.into_inner().into_iter().map(|(_, at, l)| (now, at, l)));
        self.bytes.set(self.bytes.get() + other.bytes.get());
    }
}

/// Queues an object that was just retired.
pub(crate) fn object(ctx: &Context, at: *mut u8) {
    ctx.count(Event::RetiredObject);
    let epoch = ctx.interp.global.epoch.after_unlink();
    let queues = &ctx.local.queues;
    // SAFETY: a retired object is whole, and this thread is pinned.
    let class = &ctx.interp.shapes.class(unsafe { NogilHeader::of(Word::uncounted(at)) }.shape()).body;
    // SAFETY: as above; others may still use the object, which both allow.
    let weight = WEIGHT.max(unsafe { (class.ops.tail)(at) + (class.ops.outside)(at) });
    queues.objects.borrow_mut().push_back((epoch, at, weight));
    queued(ctx, epoch, weight, class.needs_care());
}

/// Frees a replaced store of a private object, or queues it.
///
/// # Safety
/// `at` was allocated with `layout` and is unlinked.
pub(crate) unsafe fn store(ctx: &Context, owner: &NogilHeader, at: *mut u8, layout: Layout) {
    if owner.is_owned_by(ctx.local.id) {
        // SAFETY: nobody else knows the object.
        unsafe { std::alloc::dealloc(at, layout) };
        return;
    }
    let epoch = ctx.interp.global.epoch.after_unlink();
    ctx.count(Event::RetiredStore);
    ctx.local.queues.stores.borrow_mut().push_back((epoch, at, layout));
    queued(ctx, epoch, layout.size(), false);
}

#[inline]
fn queued(ctx: &Context, epoch: u64, bytes: usize, at_once: bool) {
    let queues = &ctx.local.queues;
    let total = queues.bytes.get() + bytes;
    queues.bytes.set(total);
    if total < SOFT && !at_once {
        return;
    }
    if queues.asked.get() != epoch {
        queues.asked.set(epoch);
        ctx.request(REPIN);
        world::ask_others(ctx, REPIN);
    } else if (total - bytes) / SOFT != total / SOFT {
        // The others have pinned anew meanwhile, or have not run.
        ctx.request(REPIN);
        if (total - bytes) / HARD != total / HARD {
            yield_now();
        }
    }
}

/// Counts what registers and private objects hold uncounted: shared and deferred objects, as immortal ones stay.
pub(crate) fn promote(ctx: &Context) {
    loans::count_all(ctx);
    for register in ctx.registers() {
        let word = register.get();
        if word.is_ptr() && !word.is_counted() {
            // SAFETY: a register's word is valid until this thread pins anew, which comes after this.
            unsafe {
                let n = NogilHeader::of(word).local();
                if n as i32 >= 0 || is_deferred(n) {
                    register.set(counting::retain(ctx, ctx.local.id, word));
                }
            }
        }
    }
}

/// Serves [`REPIN`].
pub(crate) fn repin(t: &mut Thread) {
    // Acquire pairs with the release of `request`.
    t.poll.fetch_and(!REPIN, Ordering::Acquire);
    t.count(Event::Poll);
    promote(t);
    let global = &t.interp.global;
    global.epoch.pin(&t.local.pin);
    let queues = &t.local.queues;
    if queues.is_empty() && !global.orphans.any() {
        return;
    }
    global.orphans.adopt(&global.epoch, queues);
    let mut freed = 0;
    // Alone, this thread moves the epoch on as it likes and even chains die here.
    for _ in 0..ROUNDS {
        if !world::advance(t) {
            break;
        }
        global.epoch.pin(&t.local.pin);
        freed += collect(t);
        if queues.is_empty() {
            break;
        }
    }
    freed += collect(t);
    heap::flush(t);
    let chain = if freed > 0 && !queues.objects.borrow().is_empty() { queues.chain.get() + 1 } else { 0 };
    queues.chain.set(chain);
    if chain > CHAIN || queues.bytes.get() >= if HELD { HARD } else { LAST } {
        queues.chain.set(0);
        world::stop(t, |_| ());
    }
}

/// Rounds of one poll: bounds how long it takes when chains are long.
const ROUNDS: u32 = 4096;

/// Frees what has expired; the number of objects that died.
fn collect(ctx: &Context) -> usize {
    let queues = &ctx.local.queues;
    let now = ctx.interp.global.epoch.now();
    let mut died = 0;
    loop {
        let mut objects = queues.objects.borrow_mut();
        match objects.front() {
            Some(&(epoch, at, weight)) if has_expired(epoch, now) => {
                objects.pop_front();
                drop(objects);
                died += examine(ctx, at, weight, now, When::Expired);
            }
            _ => break,
        }
    }
    let mut stores = queues.stores.borrow_mut();
    while let Some(&(epoch, at, layout)) = stores.front()
        && !HELD
        && has_expired(epoch, now)
    {
        stores.pop_front();
        queues.bytes.set(queues.bytes.get().saturating_sub(layout.size()));
        // SAFETY: allocated with this layout, unlinked, and nobody can hold it any more.
        unsafe { std::alloc::dealloc(at, layout) };
    }
    died
}

#[derive(PartialEq, Eq)]
enum When {
    /// Its epoch has passed.
    Expired,
    /// The world is stopped and registers are counted.
    Stopped,
}

/// Looks at a queued object again; 1 if it died.
fn examine(ctx: &Context, at: *mut u8, weight: usize, now: u64, when: When) -> usize {
    // SAFETY: a queued object is whole.
    let head = unsafe { NogilHeader::of(Word::uncounted(at)) };
    let fate = if when == When::Expired { head.shared.expire() } else { head.shared.expire_stopped() };
    if fate == Fate::Again {
        ctx.count(Event::ExpiredAgain);
        ctx.local.queues.objects.borrow_mut().push_back((now, at, weight));
        return 0;
    }
    let queues = &ctx.local.queues;
    queues.bytes.set(queues.bytes.get().saturating_sub(weight));
    if fate == Fate::Alive {
        return 0;
    }
    ctx.count(Event::ExpiredDead);
    // Nobody else can reach the object: it is private to this thread now, should a finaliser revive it.
    head.set_local(0);
    head.owner.store(ctx.local.id, Ordering::Release);
    // SAFETY: dead, and this is the only queue it was in.
    unsafe { dealloc::<Nogil>(ctx, at) };
    1
}

/// The world is stopped, registers are counted: buries every retired object that is dead, of all threads, and all
/// replaced stores.
pub(crate) fn bury_all<'a>(ctx: &'a Context, all: impl Iterator<Item = &'a Context>) {
    let global = &ctx.interp.global;
    let mine = &ctx.local.queues;
    for other in all {
        if !std::ptr::eq(other, ctx) {
            mine.adopt(global.epoch.now(), other.local.queues.take());
        }
    }
    global.orphans.adopt(&global.epoch, mine);
    loop {
        let next = mine.objects.borrow_mut().pop_front();
        if let Some((_, at, weight)) = next {
            examine(ctx, at, weight, 0, When::Stopped);
        } else if !count::serve_all(ctx) {
            break;
        }
    }
    for (_, at, layout) in mine.stores.take() {
        // SAFETY: allocated with this layout, unlinked, and no reader is inside.
        unsafe { std::alloc::dealloc(at, layout) };
    }
    mine.bytes.set(0);
    heap::flush(ctx);
}
