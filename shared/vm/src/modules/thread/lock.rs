//! Locks: one word, which sleepers sleep on (`locks`).

use std::sync::atomic::Ordering;
use std::time::Instant;

use lock_api::{RawMutex as _, RawMutexTimed as _};

use crate::args::Args;
use crate::context::{Context, Thread};
use crate::exceptions::Kind;
use crate::locks::RawMutex;
use crate::memory::Memory;
use crate::object::{Layout, Obj, Object, Payload, R, Raise};
use crate::types::build::Builder;
use crate::types::flags;
use crate::types::ids::{self, Builtin};
use crate::value::Word;

/// A lock that any thread may give back.
pub struct RawLock(RawMutex);

impl Default for RawLock {
    fn default() -> Self {
        RawLock(RawMutex::INIT)
    }
}

impl RawLock {
    /// Takes the lock if it is free.
    #[inline]
    pub fn try_lock(&self) -> bool {
        self.0.try_lock().is_some()
    }

    /// Takes the lock, or gives up at the given time. Blocks.
    pub fn lock_until(&self, until: Option<Instant>) -> bool {
        match until {
            Some(until) => self.0.try_lock_until(until).is_some(),
            None => {
                self.0.lock();
                true
            }
        }
    }

    /// Gives the lock back; false when it was not held.
    #[inline]
    pub fn unlock(&self) -> bool {
        self.0.give()
    }

    /// Is it held?
    pub fn is_locked(&self) -> bool {
        self.0.is_locked()
    }

    /// Free again, in the child of a fork.
    pub fn reset(&self) {
        self.0.renew();
    }

    /// Waits without sleeping: the holder runs on another core, and a short hold ends before sleeping would begin. Waits
    /// before it looks, longer each time, as every look takes the cache line from the holder, who would use it for the next
    /// turn too: two threads take turns in bursts. Gives up when the thread is asked to poll.
    #[cold]
    fn wait_awake<M: Memory>(&self, ctx: &Context<M>) -> bool {
        let mut pauses = FIRST_WAIT;
        for _ in 0..LOOKS {
            (0..pauses).for_each(|_| std::hint::spin_loop());
            if !self.is_locked() && self.try_lock() {
                return true;
            }
            if ctx.poll.load(Ordering::Relaxed) != 0 {
                return false;
            }
            pauses = (pauses * 2).min(LONGEST_WAIT);
        }
        false
    }

    /// Takes the lock for a Python thread, which may block, run signal handlers, and be told to give up.
    pub fn acquire<M: Memory>(&self, t: &mut Thread<M>, blocking: bool, until: Option<Instant>) -> Result<bool, Raise> {
        if self.try_lock() {
            return Ok(true);
        }
        if !blocking {
            return Ok(false);
        }
        if !M::GIL && self.wait_awake(t) {
            return Ok(true);
        }
        Ok(crate::threads::wait(t, until, |until| self.lock_until(until).then_some(()))?.is_some())
    }
}

/// Pauses of the processor before the first look at a held lock and before the later ones at most, and looks before
/// sleeping: some microseconds, and some tens of them together.
const FIRST_WAIT: u32 = 64;
const LONGEST_WAIT: u32 = 512;
const LOOKS: u32 = 5;

/// Payload of a lock object.
#[derive(Default)]
pub(crate) struct Lock {
    pub(super) raw: RawLock,
}

// SAFETY: the layout `Lock` is this struct's alone; it owns no references.
unsafe impl<M: Memory> Payload<M> for Lock {
    const SHAPE: u32 = ids::LOCK;
    const LAYOUT: Layout = Layout::Lock;
    fn visit(&self, _: &mut dyn FnMut(Word)) {}
}

/// A new lock object.
pub(crate) fn new<M: Memory>(ctx: &Context<M>) -> Obj<M> {
    ctx.alloc(Lock::default())
}

fn lock<'a, M: Memory>(t: &mut Thread<M>, obj: &'a Obj<M>) -> Result<&'a Object<M, Lock>, Raise> {
    match obj.cast::<Lock>() {
        Some(lock) => Ok(lock),
        None => Err(t.raise(Kind::TypeError, "expected a lock")),
    }
}

fn acquire<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let lock = lock(t, &args[0])?;
    // The common call needs no look at its arguments.
    if lock.body.raw.try_lock() {
        if args.len() > 1
            && let Err(raise) = super::acquire_arguments(t, &args)
        {
            lock.body.raw.unlock();
            return Err(raise);
        }
        return Ok(Obj::bool(true));
    }
    let (blocking, until) = super::acquire_arguments(t, &args)?;
    lock.body.raw.acquire(t, blocking, until).map(Obj::bool)
}

fn release<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    if lock(t, &args[0])?.body.raw.unlock() {
        Ok(Obj::NONE)
    } else {
        Err(t.raise(Kind::RuntimeError, "release unlocked lock"))
    }
}

fn locked<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    Ok(Obj::bool(lock(t, &args[0])?.body.raw.is_locked()))
}

fn reset<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    lock(t, &args[0])?.body.raw.reset();
    Ok(Obj::NONE)
}

fn repr<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    let state = if lock(t, obj)?.body.raw.is_locked() { "locked" } else { "unlocked" };
    let at = obj.word().address() as usize;
    Ok(t.string(format!("<{state} _thread.lock object at {at:#x}>")))
}

/// Defines `_thread.lock`.
pub(crate) fn define<M: Memory>(t: &mut Thread<M>) {
    Builder::new::<Lock>(t, Builtin::Lock, "_thread.lock")
        .module("_thread")
        .is_final()
        .flag(flags::WEAKREFABLE)
        .slots(|s| {
            s.new.set(Some(|t, _, _| Ok(new(t))));
            s.repr.set(Some(repr));
        })
        .method("acquire(self, /, blocking=True, timeout=-1)", acquire)
        .method("acquire_lock(self, /, blocking=True, timeout=-1)", acquire)
        .method("release(self, /)", release)
        .method("release_lock(self, /)", release)
        .method("locked(self, /)", locked)
        .method("locked_lock(self, /)", locked)
        .method("_at_fork_reinit(self, /)", reset)
        .method("__enter__(self, /)", acquire)
        .method("__exit__(self, /, *exc_info)", release)
        .finish();
}

#[cfg(test)]
mod tests {
    use std::cell::UnsafeCell;
    use std::sync::Arc;
    use std::time::Duration;

    use super::*;

    struct Counter(UnsafeCell<u64>, RawLock);
    // SAFETY: the cell is used under the lock only.
    unsafe impl Sync for Counter {}
    // SAFETY: as above.
    unsafe impl Send for Counter {}

    #[test]
    fn excludes_and_loses_no_wake_up() {
        let counter = Arc::new(Counter(UnsafeCell::new(0), RawLock::default()));
        let threads: Vec<_> = (0..4)
            .map(|_| {
                let counter = counter.clone();
                std::thread::spawn(move || {
                    for _ in 0..20_000 {
                        assert!(counter.1.lock_until(None));
                        // SAFETY: the lock is held.
                        unsafe { *counter.0.get() += 1 };
                        assert!(counter.1.unlock());
                    }
                })
            })
            .collect();
        threads.into_iter().for_each(|t| t.join().expect("no assertion failed"));
        // SAFETY: the threads are gone.
        assert_eq!(unsafe { *counter.0.get() }, 80_000);
        assert!(!counter.1.unlock());
    }

    #[test]
    fn gives_up_in_time() {
        let lock = RawLock::default();
        assert!(lock.try_lock() && !lock.try_lock());
        assert!(!lock.lock_until(Some(Instant::now() + Duration::from_millis(5))));
        assert!(lock.unlock() && lock.lock_until(Some(Instant::now())));
    }
}
