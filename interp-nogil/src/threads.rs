//! When a thread may run: whenever the world is not stopped.

use std::cell::{Cell, RefCell};
use std::mem::ManuallyDrop;
use std::sync::Arc;

use parallax_front::Instr;
use parallax_vm::blocks::Heap;
use parallax_vm::dice::Dice;
use parallax_vm::value::Word;

use crate::caches::Copies;
use crate::deferred::Table;
use crate::epoch::Pin;
use crate::gate::Gate;
use crate::heap::{Foreign, Parking};
use crate::loans::Loans;
use crate::retire::{Queues, REPIN, promote, repin};
use crate::sync::{Duration, Ordering, yield_now};
use crate::world::{self, Global, STOP};
use crate::{Context, Thread, count};

/// The model's part of a thread's context. Owner thread only, unless a field says more.
pub struct Local {
    /// Owner id of this thread's private objects: that of its heap. Read-only.
    pub(crate) id: u16,
    pub(crate) heap: ManuallyDrop<Heap>,
    /// What this heap counts of deferred objects.
    pub(crate) deferred: Table,
    /// This thread's copies of instructions.
    pub(crate) copies: Copies<Instr>,
    /// Any thread, atomically.
    pub(crate) gate: Gate,
    /// Written by the owner, read by any thread.
    pub(crate) pin: Pin,
    pub(crate) queues: Queues,
    /// What private objects hold uncounted.
    pub(crate) loans: Loans,
    /// What others know of this thread as an owner.
    pub(crate) owner: count::Owner,
    pub(crate) foreign: Foreign,
    /// Stack of publication, kept for its memory.
    pub(crate) walk: RefCell<Vec<Word>>,
    pub(crate) dice: Dice,
    /// Is the thread in the world's list?
    listed: Cell<bool>,
    parking: Arc<Parking>,
}

impl Local {
    pub(crate) fn new(global: &Global) -> Self {
        let parking = global.parking.clone();
        let heap = parking.take();
        let id = heap.id() as u16;
        Local {
            deferred: global.deferred.table(heap.id()),
            id,
            owner: global.owners.inbox(id),
            heap: ManuallyDrop::new(heap),
            copies: Copies::default(),
            gate: Gate::new(),
            pin: Pin::new(),
            queues: Queues::default(),
            loans: Loans::default(),
            foreign: Foreign::default(),
            walk: RefCell::default(),
            dice: Dice::new(id.into()),
            listed: Cell::new(false),
            parking,
        }
    }
}

impl Drop for Local {
    fn drop(&mut self) {
        crate::heap::give_back(&self.heap, self.foreign.get_mut());
        // SAFETY: taken once, here.
        let heap = unsafe { ManuallyDrop::take(&mut self.heap) };
        self.parking.park(heap);
    }
}

thread_local! {
    /// The context of this thread: set when it attaches first.
    static CURRENT: Cell<*const Context> = const { Cell::new(std::ptr::null()) };
}

/// The context of the running thread.
#[inline(always)]
pub(crate) fn current() -> *const Context {
    CURRENT.get()
}

/// Goes through the gate, and pins.
pub(crate) fn enter(ctx: &Context) {
    while !ctx.local.gate.enter() {
        world::wait_until_resumed(ctx);
    }
    count::enter(&ctx.local.owner, ctx);
    ctx.interp.global.epoch.pin(&ctx.local.pin);
}

/// Waits while the world is stopped.
pub(crate) fn attach(ctx: &Context) {
    if !ctx.local.listed.replace(true) {
        world::list(ctx);
    }
    enter(ctx);
    CURRENT.set(ctx);
    if ctx.local.dice.in_use() {
        ctx.request(DISTURB); // so that every poll comes to `poll`
    }
}

/// Counts the registers and leaves: a blocked thread holds back neither the epoch nor a stop of the world.
pub(crate) fn detach(ctx: &Context) {
    promote(ctx);
    count::leave(ctx);
    ctx.local.pin.unpin();
    ctx.local.gate.leave();
}

/// Bit of the poll word, set for good where the schedule is disturbed.
const DISTURB: u32 = parallax_vm::context::poll::MODEL << 3;

/// Lets others go first now and then, for moments or for longer than a slice of the loop takes.
fn disturb(ctx: &Context) {
    match ctx.local.dice.roll(64) {
        Some(0) => std::thread::sleep(Duration::from_micros(100)),
        Some(1..8) => yield_now(),
        _ => {}
    }
}

/// Serves the model's bits of the poll word.
pub(crate) fn poll(t: &mut Thread) {
    disturb(t);
    let bits = t.poll.load(Ordering::Relaxed);
    if bits & STOP != 0 {
        world::stop_here(t);
    }
    count::serve(t, bits);
    if bits & REPIN != 0 {
        repin(t);
    }
}

/// The thread is over and detached: its queues are left to the others, its heap is parked when its context ends.
pub(crate) fn retire_thread(ctx: &Context) {
    if ctx.local.listed.replace(false) {
        world::unlist(ctx);
    }
    ctx.interp.global.orphans.leave(ctx.local.queues.take());
    CURRENT.set(std::ptr::null());
}

/// What `sys.setswitchinterval` was given.
pub(crate) fn switch_interval(global: &Global) -> f64 {
    f64::from_bits(global.interval.load(Ordering::Relaxed))
}

/// Kept for `sys.getswitchinterval`; nothing switches here.
pub(crate) fn set_switch_interval(global: &Global, seconds: f64) {
    global.interval.store(seconds.to_bits(), Ordering::Relaxed);
}
