//! The global lock: one thread at a time runs Python.
//!
//! # States
//! | `held` | `holder` | meaning |
//! |---|---|---|
//! | false | as it was | free: whoever comes first takes it |
//! | true | that thread | taken |
//!
//! A waiter that waited a whole switch interval while nobody else took the lock sets [`DROP`] in the holder's poll
//! word. The holder then drops the lock at its next poll and (forced switching) waits until another thread has taken
//! it, so that the one that asked is not outrun by the one that was asked.
//!
//! # Invariants
//! 1. Everything in [`State`] is guarded by `state`; `state` is never held while waiting for anything else.
//! 2. `holder` points to a live context while `held`: a thread releases the lock before its context ends.
//! 3. What one holder wrote, the next one sees: the mutex orders them.

use crate::sync::{AtomicU64, Condvar, Duration, Mutex, Ordering};

/// Bit of the poll word: another thread wants the lock.
pub(crate) const DROP: u32 = parallax_vm::context::poll::MODEL;

/// The lock. `C` is the thread's context; only its address and its poll word are used.
pub(crate) struct GilLock<C> {
    state: Mutex<State<C>>,
    /// The lock was released.
    free: Condvar,
    /// The lock was taken by another thread than before.
    switched: Condvar,
    /// Switch interval in nanoseconds. Relaxed: a waiter may use the old one once more.
    interval: AtomicU64,
}

struct State<C> {
    held: bool,
    /// Who holds the lock, or held it last.
    holder: *const C,
    /// How often the lock passed to another thread.
    switches: u64,
    /// Threads in `acquire_slow`.
    waiting: usize,
}

// SAFETY: the pointer is followed under invariant 2 only.
unsafe impl<C> Send for State<C> {}

/// What the lock needs of a thread.
pub(crate) trait Holder {
    /// Does a waiter ask the holder for the lock when the switch interval is over?
    const ASKS: bool = true;
    /// Sets bits of the poll word.
    fn request(&self, bits: u32);
    /// Clears bits of the poll word.
    fn clear(&self, bits: u32);
}

impl<C: Holder> GilLock<C> {
    pub(crate) fn new() -> Self {
        GilLock {
            state: Mutex::new(State { held: false, holder: std::ptr::null(), switches: 0, waiting: 0 }),
            free: Condvar::new(),
            switched: Condvar::new(),
            interval: AtomicU64::new(5_000_000),
        }
    }

    pub(crate) fn interval(&self) -> Duration {
        Duration::from_nanos(self.interval.load(Ordering::Relaxed))
    }

    pub(crate) fn set_interval(&self, interval: Duration) {
        self.interval.store(interval.as_nanos().clamp(1000, u64::MAX as u128) as u64, Ordering::Relaxed);
    }

    /// Takes the lock for a thread; blocks.
    pub(crate) fn acquire(&self, me: &C) {
        let mut state = self.state.lock();
        if state.held {
            state.waiting += 1;
            while state.held {
                if !C::ASKS {
                    self.free.wait(&mut state);
                    continue;
                }
                let before = state.switches;
                let late = self.free.wait_for(&mut state, self.interval()).timed_out();
                if late && state.held && state.switches == before {
                    // SAFETY: invariant 2.
                    unsafe { (*state.holder).request(DROP) }
                }
            }
            state.waiting -= 1;
        }
        state.held = true;
        if !std::ptr::eq(state.holder, me) {
            state.holder = me;
            state.switches += 1;
            self.switched.notify_all();
        }
    }

    /// Releases the lock, because the thread blocks or ends.
    pub(crate) fn release(&self, me: &C) {
        let mut state = self.state.lock();
        debug_assert!(state.held && std::ptr::eq(state.holder, me), "released by a thread that does not hold it");
        state.held = false;
        me.clear(DROP);
        if state.waiting > 0 {
            self.free.notify_one();
        }
    }

    /// Lets another thread have the lock and takes it again; blocks. Returns at once when nobody waits.
    pub(crate) fn hand_over(&self, me: &C) {
        let mut state = self.state.lock();
        me.clear(DROP);
        if state.waiting == 0 {
            return;
        }
        let before = state.switches;
        state.held = false;
        self.free.notify_one();
        while state.switches == before && state.waiting > 0 {
            self.switched.wait(&mut state);
        }
        drop(state);
        self.acquire(me);
    }

    /// The child of a fork: held by the only thread that is left.
    ///
    /// # Safety
    /// No other thread exists.
    pub(crate) unsafe fn reset(&self, me: &C) {
        // SAFETY: nobody else uses the lock; whatever state the fork found it in is overwritten.
        unsafe {
            let this = (&raw const *self).cast_mut();
            let (switches, interval) = ((*self.state.data_ptr()).switches, self.interval());
            this.write(GilLock::new());
            self.set_interval(interval);
            *self.state.data_ptr() = State { held: true, holder: me, switches: switches + 1, waiting: 0 };
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicU32;
    use std::sync::{Arc, Barrier};

    use super::*;

    #[derive(Default)]
    struct Ctx(AtomicU32);
    impl Holder for Ctx {
        fn request(&self, bits: u32) {
            self.0.fetch_or(bits, Ordering::Relaxed);
        }
        fn clear(&self, bits: u32) {
            self.0.fetch_and(!bits, Ordering::Relaxed);
        }
    }

    #[test]
    fn busy_threads_take_turns_and_exclude_each_other() {
        let lock = Arc::new(GilLock::<Ctx>::new());
        lock.set_interval(Duration::from_micros(200));
        let inside = Arc::new(AtomicU32::new(0));
        let barrier = Arc::new(Barrier::new(3));
        let threads: Vec<_> = (0..3)
            .map(|_| {
                let (lock, inside, barrier) = (lock.clone(), inside.clone(), barrier.clone());
                std::thread::spawn(move || {
                    let me = Ctx::default();
                    barrier.wait();
                    lock.acquire(&me);
                    let mut turns = 0;
                    while turns < 20 {
                        assert_eq!(inside.fetch_add(1, Ordering::Relaxed), 0);
                        inside.fetch_sub(1, Ordering::Relaxed);
                        if me.0.load(Ordering::Relaxed) & DROP != 0 {
                            lock.hand_over(&me);
                            turns += 1;
                        }
                    }
                    lock.release(&me);
                })
            })
            .collect();
        // A fourth contender asks again and again, so that even the last thread gets its turns.
        let me = Ctx::default();
        while threads.iter().any(|t| !t.is_finished()) {
            lock.acquire(&me);
            lock.release(&me);
            std::thread::sleep(Duration::from_micros(50));
        }
        for t in threads {
            t.join().expect("no assertion failed");
        }
    }

    #[test]
    fn who_asked_gets_the_lock() {
        let lock = Arc::new(GilLock::<Ctx>::new());
        lock.set_interval(Duration::from_micros(100));
        let me = Ctx::default();
        let theirs = Arc::new(AtomicU32::new(0));
        lock.acquire(&me);
        let other = {
            let (lock, theirs) = (lock.clone(), theirs.clone());
            std::thread::spawn(move || {
                let me = Ctx::default();
                for turn in 1..=200 {
                    lock.acquire(&me);
                    theirs.store(turn, Ordering::Relaxed);
                    lock.release(&me);
                }
            })
        };
        let mut turns = 0;
        while turns < 200 {
            if me.0.load(Ordering::Relaxed) & DROP != 0 {
                // Whoever set the bit waits: when this thread is back, the other has had its turn.
                let before = theirs.load(Ordering::Relaxed);
                lock.hand_over(&me);
                turns = theirs.load(Ordering::Relaxed);
                assert!(turns > before, "handed over, and took the lock back at once");
            }
        }
        lock.release(&me);
        other.join().expect("no assertion failed");
    }

    #[test]
    fn handing_over_to_nobody_returns() {
        let lock = GilLock::<Ctx>::new();
        let me = Ctx::default();
        lock.acquire(&me);
        me.request(DROP);
        lock.hand_over(&me);
        assert_eq!(me.0.load(Ordering::Relaxed), 0);
        lock.release(&me);
    }
}
