//! The model's part of an interpreter, and stopping the world: a handshake with every attached thread.
//!
//! Who stops the world locks the list of threads, asks every attached one to stop, and waits until each gate is shut
//! (`gate`). A thread that stops counts its registers first, so all counts are exact. A stopped world buries every
//! retired object that nobody counts.
//!
//! # Invariants
//! 1. The list is locked while the world is stopped: no thread comes or goes.
//! 2. Nobody waits for the list while attached: who wants it and finds it locked polls in between.
//! 3. A listed context exists: a thread leaves the list after its last detach and before its context ends.

use std::sync::Arc;
use std::time::Duration;

use parallax_vm::blocks::Pool;
use parallax_vm::counters::Event;
use parallax_vm::locks::{Condvar, Mutex, MutexGuard};

use crate::deferred::Deferred;
use crate::epoch::Epoch;
use crate::heap::Parking;
use crate::retire::{Queues, bury_all, promote};
use crate::sync::{AtomicU64, Ordering};
use crate::{Context, Thread, count};

/// Bit of the poll word: the world is being stopped.
pub(crate) const STOP: u32 = parallax_vm::context::poll::MODEL;

/// Threads, heaps, epoch.
pub struct Global {
    /// The listed threads.
    threads: Mutex<Threads>,
    /// Guards the sleep of stopped threads and of who stops them.
    pause: Mutex<Pause>,
    /// A thread stopped, or left.
    stopped: Condvar,
    /// The world goes on.
    resumed: Condvar,
    pub(crate) epoch: Epoch,
    pub(crate) orphans: Orphans,
    /// Owners of shared objects, where those have any.
    pub(crate) owners: count::Owners,
    pub(crate) parking: Arc<Parking>,
    pub(crate) deferred: Deferred,
    /// What `sys.setswitchinterval` was given, as bits; nothing switches here.
    pub(crate) interval: AtomicU64,
}

struct Pause {
    /// The world is stopped, or is being stopped.
    stopping: bool,
}

struct Threads(Vec<*const Context>);

// SAFETY: the contexts are used under the mutex, for what any thread may do with them, or with the world stopped.
unsafe impl Send for Threads {}

impl Threads {
    fn iter(&self) -> impl Iterator<Item = &Context> {
        // SAFETY: invariant 3.
        self.0.iter().map(|&c| unsafe { &*c })
    }
}

impl Global {
    pub(crate) fn new() -> Self {
        Global {
            threads: Mutex::new(Threads(Vec::new())),
            pause: Mutex::new(Pause { stopping: false }),
            stopped: Condvar::new(),
            resumed: Condvar::new(),
            epoch: Epoch::new(),
            orphans: Orphans::default(),
            owners: count::Owners::new(),
            parking: Parking::new(),
            deferred: Deferred::default(),
            interval: AtomicU64::new(0.005f64.to_bits()),
        }
    }
}

/// What threads that ended left in their queues.
#[derive(Default)]
pub(crate) struct Orphans {
    /// Guarded by the mutex.
    left: Mutex<Vec<Queues>>,
    /// Number of those, a hint.
    count: AtomicU64,
}

impl Orphans {
    #[inline]
    pub(crate) fn any(&self) -> bool {
        self.count.load(Ordering::Relaxed) != 0
    }

    /// Runs `f` while nobody leaves anything here.
    fn still<R>(&self, f: impl FnOnce() -> R) -> R {
        let _left = self.left.lock();
        f()
    }

    pub(crate) fn leave(&self, queues: Queues) {
        let mut left = self.left.lock();
        left.push(queues);
        self.count.store(left.len() as u64, Ordering::Relaxed);
    }

    pub(crate) fn adopt(&self, epoch: &Epoch, queues: &Queues) {
        if self.any() {
            let mut left = self.left.lock();
            self.count.store(0, Ordering::Relaxed);
            for orphan in left.drain(..) {
                queues.adopt(epoch.now(), orphan);
            }
        }
    }
}

/// Lists a thread. It is detached.
pub(crate) fn list(ctx: &Context) {
    ctx.interp.global.threads.lock().0.push(ctx);
}

/// Takes a thread off the list. It is detached.
pub(crate) fn unlist(ctx: &Context) {
    ctx.interp.global.threads.lock().0.retain(|&c| !std::ptr::eq(c, ctx));
}

/// Sets bits in the poll words of all other threads, if the list is free right now.
pub(crate) fn ask_others(ctx: &Context, bits: u32) {
    if let Some(threads) = ctx.interp.global.threads.try_lock() {
        threads.iter().filter(|c| !std::ptr::eq(*c, ctx)).for_each(|c| c.request(bits));
    }
}

/// Moves the epoch on, if every pinned thread has reached it and the list is free right now.
pub(crate) fn advance(ctx: &Context) -> bool {
    let global = &ctx.interp.global;
    let Some(threads) = global.threads.try_lock() else { return false };
    global.epoch.advance(threads.iter().map(|c| &c.local.pin))
}

/// Sleeps until the world goes on, if this thread's gate is shut.
pub(crate) fn wait_until_resumed(ctx: &Context) {
    let global = &ctx.interp.global;
    let mut pause = global.pause.lock();
    while ctx.local.gate.is_stopped() {
        global.resumed.wait(&mut pause);
    }
}

/// Serves [`STOP`]: shuts the gate and sleeps until the world goes on.
pub(crate) fn stop_here(ctx: &Context) {
    let global = &ctx.interp.global;
    promote(ctx);
    let mut pause = global.pause.lock();
    ctx.poll.fetch_and(!STOP, Ordering::Acquire);
    if !pause.stopping {
        return; // the world went on before this thread noticed
    }
    ctx.local.pin.unpin();
    ctx.local.gate.stop_here();
    global.stopped.notify_all();
    while ctx.local.gate.is_stopped() {
        global.resumed.wait(&mut pause);
    }
    drop(pause);
    crate::threads::enter(ctx);
}

/// Runs `f` while no other thread touches objects; all counts are exact.
pub(crate) fn stop<R>(t: &mut Thread, f: impl FnOnce(&mut Thread) -> R) -> R {
    t.count(Event::Stop);
    let interp = t.interp.clone();
    let global = &interp.global;
    let threads = lock_list(t, &global.threads);
    promote(t);
    let others = || threads.iter().filter(|c| c.ident != t.ident);
    let mut pause = global.pause.lock();
    pause.stopping = true;
    for other in others() {
        while !other.local.gate.try_stop() {
            other.request(STOP);
            // Bounded: a thread that blocks does not notify.
            global.stopped.wait_for(&mut pause, Duration::from_micros(200));
        }
    }
    drop(pause);
    bury_all(t, threads.iter());
    let result = f(t);
    let mut pause = global.pause.lock();
    pause.stopping = false;
    for other in threads.iter().filter(|c| c.ident != t.ident) {
        other.poll.fetch_and(!STOP, Ordering::Relaxed);
        other.local.gate.open();
    }
    global.resumed.notify_all();
    drop(pause);
    drop(threads);
    result
}

/// Locks the list of threads from an attached thread (invariant 2).
fn lock_list<'a>(t: &mut Thread, list: &'a Mutex<Threads>) -> MutexGuard<'a, Threads> {
    loop {
        if let Some(guard) = list.try_lock() {
            return guard;
        }
        if t.poll.load(Ordering::Relaxed) & STOP != 0 {
            stop_here(t);
        } else {
            crate::sync::yield_now();
        }
    }
}

/// Forks by `f` in a stopped world. A thread that has left the list may still be handing on its queues and its heap: it
/// is kept out of them meanwhile.
pub(crate) fn fork(ctx: &Context, f: impl FnOnce() -> i32) -> i32 {
    let global = &ctx.interp.global;
    let pid = global.orphans.still(|| global.parking.still(f));
    if pid == 0 {
        after_fork(ctx);
    }
    pid
}

/// The child of a fork: this thread is the only one.
fn after_fork(ctx: &Context) {
    let global = &ctx.interp.global;
    // SAFETY: the child of a fork.
    unsafe {
        parallax_vm::threads::renew(&global.threads);
        parallax_vm::threads::renew(&global.pause);
        global.deferred.after_fork();
    }
    global.threads.lock().0.retain(|&c| std::ptr::eq(c, ctx));
    ctx.poll.fetch_and(!STOP, Ordering::Relaxed);
    count::after_fork(ctx);
}

/// The blocks of all objects.
pub(crate) fn pool(ctx: &Context) -> &Pool {
    &ctx.interp.global.parking.pool
}
