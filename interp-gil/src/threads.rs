//! When a thread may run: while it holds the global lock.

use std::cell::Cell;

use parallax_vm::blocks::Heap;
use parallax_vm::counters::Event;
use parallax_vm::dice::Dice;

use crate::lock::{DROP, Holder};
use crate::sync::{Duration, Ordering};
use crate::world::Global;
use crate::{Context, Gil, Thread};

/// The model's part of a thread's context.
pub struct Local {
    /// The interpreter's heap.
    pub(crate) heap: *const Heap,
    /// Polls until the lock is given up, where polls are counted.
    left: Cell<u32>,
    dice: Dice,
}

/// Polls between two releases of the lock, where polls are counted: `sys.setcheckinterval`'s default in CPython 2 and 3.1.
const CHECKS: u32 = 100;
/// Are they?
const COUNTED: bool = cfg!(feature = "switch-checks");

impl Local {
    pub(crate) fn new(global: &Global) -> Self {
        Local {
            heap: &raw const *global.heap,
            left: Cell::new(CHECKS),
            dice: Dice::new(global.threads.fetch_add(1, Ordering::Relaxed)),
        }
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

impl Holder for Context {
    const ASKS: bool = !cfg!(feature = "switch-blocking") && !COUNTED;

    fn request(&self, bits: u32) {
        parallax_vm::context::Context::<Gil>::request(self, bits);
    }

    fn clear(&self, bits: u32) {
        // Relaxed: bits other than the model's are not touched, and the lock's mutex orders this one.
        self.poll.fetch_and(!bits, Ordering::Relaxed);
    }
}

/// Waits for the global lock.
pub(crate) fn attach(ctx: &Context) {
    ctx.count(Event::Wait);
    ctx.interp.global.lock.acquire(ctx);
    if COUNTED || ctx.local.dice.in_use() {
        ctx.request(DROP); // so that every poll comes here
    }
    CURRENT.set(ctx);
}

/// Releases the global lock.
pub(crate) fn detach(ctx: &Context) {
    ctx.interp.global.lock.release(ctx);
}

/// Another thread waits, or it is time to let go: let it run.
pub(crate) fn poll(t: &mut Thread) {
    if COUNTED {
        let left = t.local.left.get();
        t.local.left.set(if left == 0 { CHECKS } else { left - 1 });
        if left == 0 {
            t.count(Event::HandOver);
            // Not forced: who wakes up first has it.
            detach(t);
            attach(t);
        }
        return;
    }
    if let Some(number) = t.local.dice.roll(8) {
        if number == 0 {
            t.interp.global.lock.hand_over(t);
            t.request(DROP);
        }
        return;
    }
    if t.poll.load(Ordering::Relaxed) & DROP != 0 {
        t.count(Event::HandOver);
        t.interp.global.lock.hand_over(t);
    }
}

/// The thread is over and has released the lock; nothing of it is left.
pub(crate) fn retire_thread(_ctx: &Context) {
    CURRENT.set(std::ptr::null());
}

/// The switch interval in seconds.
pub(crate) fn switch_interval(global: &Global) -> f64 {
    global.lock.interval().as_secs_f64()
}

/// Sets the switch interval.
pub(crate) fn set_switch_interval(global: &Global, seconds: f64) {
    global.lock.set_interval(Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX));
}

/// Forks by `f`; the child holds the lock.
pub(crate) fn fork(ctx: &Context, f: impl FnOnce() -> i32) -> i32 {
    let pid = f();
    if pid == 0 {
        // SAFETY: a forked child has one thread.
        unsafe { ctx.interp.global.lock.reset(ctx) }
    }
    pid
}
