//! Mutexes, conditions and sleeping threads, each a word or two of its own.
//!
//! The usual libraries keep sleepers in a table of the process, which a fork copies with all its links to threads that
//! do not exist in the child: the child then crashes when it sleeps itself. Here a sleeper is known to the system
//! only, by the address of the word it sleeps on. The child of a fork makes such a word new and is done.
//!
//! # States of a mutex
//! | word | meaning |
//! |---|---|
//! | `FREE` | nobody has it |
//! | `HELD` | held; nobody sleeps |
//! | `SOUGHT` | held; somebody sleeps or is about to, so who gives it back wakes one |
//!
//! # Invariants
//! 1. Who slept takes the mutex as `SOUGHT`, as others may still sleep: no wake-up is lost.
//! 2. A condition's `turn` is read before the mutex is let go, and changes before sleepers are woken: who notifies after
//!    the change that a waiter missed wakes it, or the waiter's turn has passed and it does not sleep at all.
//!
//! # Memory orderings
//! Taking acquires, giving back releases. `turn` and `sleepers` are relaxed: the mutex orders them.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use lock_api::GuardSend;

/// Guards a value.
pub type Mutex<T> = lock_api::Mutex<RawMutex, T>;
/// What holding a [`Mutex`] gives.
pub type MutexGuard<'a, T> = lock_api::MutexGuard<'a, RawMutex, T>;
/// A place to wait for a change of what a [`Mutex`] guards.
pub type Condvar = lock_api::Condvar<RawCondvar>;

const FREE: u32 = 0;
const HELD: u32 = 1;
const SOUGHT: u32 = 2;

/// The word of a [`Mutex`].
pub struct RawMutex(AtomicU32);

impl RawMutex {
    /// Rounds of looking before sleeping: what is held for a moment is free again by then.
    const SPINS: u32 = 40;

    #[inline]
    fn take(&self) -> bool {
        self.0.compare_exchange(FREE, HELD, Ordering::Acquire, Ordering::Relaxed).is_ok()
    }

    #[cold]
    fn take_slow(&self, until: Option<Instant>) -> bool {
        for _ in 0..Self::SPINS {
            if self.0.load(Ordering::Relaxed) == FREE && self.take() {
                return true;
            }
            std::hint::spin_loop();
        }
        // Invariant 1.
        while self.0.swap(SOUGHT, Ordering::Acquire) != FREE {
            if !sleep(&self.0, SOUGHT, until) {
                return self.0.swap(SOUGHT, Ordering::Acquire) == FREE;
            }
        }
        true
    }

    /// Gives the mutex back; false when it was not held.
    #[inline]
    pub fn give(&self) -> bool {
        match self.0.swap(FREE, Ordering::Release) {
            FREE => false,
            HELD => true,
            _ => {
                wake(&self.0, 1);
                true
            }
        }
    }

    /// Free, in the child of a fork, whoever held it.
    pub fn renew(&self) {
        self.0.store(FREE, Ordering::Release);
    }
}

// SAFETY: the compare-and-swap and the swap that found `FREE` are the only ways in, and each excludes the others.
unsafe impl lock_api::RawMutex for RawMutex {
    #[allow(clippy::declare_interior_mutable_const)] // as the trait has it
    const INIT: RawMutex = RawMutex(AtomicU32::new(FREE));
    type Guard = GuardSend;

    #[inline]
    fn lock(&self) -> GuardSend {
        if !self.take() {
            self.take_slow(None);
        }
        GuardSend::default()
    }

    #[inline]
    fn try_lock(&self) -> Option<GuardSend> {
        self.take().then(GuardSend::default)
    }

    #[inline]
    unsafe fn unlock(&self, _: GuardSend) {
        self.give();
    }

    fn is_locked(&self) -> bool {
        self.0.load(Ordering::Relaxed) != FREE
    }
}

// SAFETY: as above.
unsafe impl lock_api::RawMutexTimed for RawMutex {
    type Duration = Duration;
    type Instant = Instant;

    fn try_lock_for(&self, timeout: Duration) -> Option<GuardSend> {
        (self.take() || self.take_slow(Instant::now().checked_add(timeout))).then(GuardSend::default)
    }

    fn try_lock_until(&self, until: Instant) -> Option<GuardSend> {
        (self.take() || self.take_slow(Some(until))).then(GuardSend::default)
    }
}

/// The words of a [`Condvar`]. Wake-ups may be spurious.
pub struct RawCondvar {
    /// Changes with every notification. Any thread.
    turn: AtomicU32,
    /// How many wait: without one, nobody need be woken. Changed by waiters that hold the mutex.
    sleepers: AtomicU32,
}

impl RawCondvar {
    fn notify(&self, most: u32) {
        if self.sleepers.load(Ordering::Relaxed) > 0 {
            self.turn.fetch_add(1, Ordering::Relaxed);
            wake(&self.turn, most);
        }
    }

    /// # Safety
    /// The caller holds the mutex.
    unsafe fn rest(&self, mutex: &RawMutex, until: Option<Instant>) -> bool {
        self.sleepers.fetch_add(1, Ordering::Relaxed);
        let turn = self.turn.load(Ordering::Relaxed); // invariant 2
        mutex.give();
        let woken = sleep(&self.turn, turn, until);
        lock_api::RawMutex::lock(mutex);
        self.sleepers.fetch_sub(1, Ordering::Relaxed);
        woken
    }
}

// SAFETY: by invariant 2 no notification after the unlocking is missed; the mutex is held again at the end.
unsafe impl lock_api::RawCondvar for RawCondvar {
    #[allow(clippy::declare_interior_mutable_const)] // as the trait has it
    const INIT: RawCondvar = RawCondvar { turn: AtomicU32::new(0), sleepers: AtomicU32::new(0) };
    type RawMutex = RawMutex;

    unsafe fn wait(&self, mutex: &RawMutex, _: &mut GuardSend) {
        // SAFETY: by the caller's word.
        unsafe { self.rest(mutex, None) };
    }

    fn notify_one(&self) -> bool {
        self.notify(1);
        false
    }

    fn notify_all(&self) -> usize {
        self.notify(u32::MAX >> 1);
        0
    }
}

// SAFETY: as above.
unsafe impl lock_api::RawCondvarTimed for RawCondvar {
    fn checked_duration_to_instant(timeout: &Duration) -> Option<Instant> {
        Instant::now().checked_add(*timeout)
    }

    unsafe fn wait_until(&self, mutex: &RawMutex, _: &mut GuardSend, until: &Instant) -> bool {
        // SAFETY: by the caller's word.
        !unsafe { self.rest(mutex, Some(*until)) }
    }
}

/// Sleeps for at most `most` while `still` holds, until somebody calls [`rouse`] for the address. For locks that have
/// no word to sleep on; a wake-up may be lost, so `most` is short.
pub fn nap(address: usize, most: Duration, still: impl Fn() -> bool) {
    let seat = &SEATS[seat_of(address)];
    let seen = seat.load(Ordering::Acquire);
    if still() {
        sleep(seat, seen, Some(Instant::now() + most));
    }
}

/// Wakes who naps at an address, and perhaps others.
pub fn rouse(address: usize) {
    let seat = &SEATS[seat_of(address)];
    seat.fetch_add(1, Ordering::Release);
    wake(seat, u32::MAX >> 1);
}

/// Words to nap on; they hold no state but that they change.
static SEATS: [AtomicU32; 64] = [const { AtomicU32::new(0) }; 64];

fn seat_of(address: usize) -> usize {
    (address as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) as usize >> (usize::BITS - 6)
}

/// Sleeps if the word is `expected`, until it is woken or the time has come: then false. May return early.
#[cfg(target_os = "linux")]
fn sleep(word: &AtomicU32, expected: u32, until: Option<Instant>) -> bool {
    let left = until.map(|until| until.saturating_duration_since(Instant::now()));
    if left.is_some_and(|left| left.is_zero()) {
        return false;
    }
    let left = left.map(|left| libc::timespec {
        tv_sec: left.as_secs().min(i32::MAX as u64) as libc::time_t,
        tv_nsec: left.subsec_nanos() as libc::c_long,
    });
    let timeout = left.as_ref().map_or(std::ptr::null(), |left| &raw const *left);
    let operation = libc::FUTEX_WAIT | libc::FUTEX_PRIVATE_FLAG;
    // SAFETY: the word is alive and aligned, the timeout is null or alive; the system reads both.
    let result = unsafe { libc::syscall(libc::SYS_futex, word.as_ptr(), operation, expected, timeout) };
    result == 0 || std::io::Error::last_os_error().raw_os_error() != Some(libc::ETIMEDOUT)
}

/// Wakes so many that sleep on the word.
#[cfg(target_os = "linux")]
fn wake(word: &AtomicU32, most: u32) {
    // SAFETY: only the address is used.
    unsafe { libc::syscall(libc::SYS_futex, word.as_ptr(), libc::FUTEX_WAKE | libc::FUTEX_PRIVATE_FLAG, most) };
}

/// Without the system call: looks again soon.
#[cfg(not(target_os = "linux"))]
fn sleep(word: &AtomicU32, expected: u32, until: Option<Instant>) -> bool {
    if word.load(Ordering::Acquire) == expected {
        std::thread::sleep(Duration::from_micros(50));
    }
    until.is_none_or(|until| Instant::now() < until)
}

#[cfg(not(target_os = "linux"))]
fn wake(_: &AtomicU32, _: u32) {}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::{Duration, Instant};

    use super::{Condvar, Mutex, nap, rouse};

    #[test]
    fn a_mutex_excludes_and_wakes() {
        let shared = Arc::new(Mutex::new(0u64));
        let threads: Vec<_> = (0..4)
            .map(|_| {
                let shared = shared.clone();
                std::thread::spawn(move || {
                    for i in 0..20_000 {
                        let mut n = shared.lock();
                        *n += 1;
                        if i % 1000 == 0 {
                            std::thread::yield_now();
                        }
                    }
                })
            })
            .collect();
        threads.into_iter().for_each(|t| t.join().expect("no panic"));
        assert_eq!(*shared.lock(), 80_000);
        let held = shared.lock();
        assert!(shared.try_lock().is_none());
        let start = Instant::now();
        assert!(shared.try_lock_for(Duration::from_millis(20)).is_none());
        assert!(start.elapsed() >= Duration::from_millis(20));
        drop(held);
        assert!(shared.try_lock().is_some());
    }

    #[test]
    fn every_sleeper_is_woken() {
        let mutex = Arc::new(Mutex::new(0));
        let held = mutex.lock();
        let seekers: Vec<_> = (0..3)
            .map(|_| {
                let mutex = mutex.clone();
                std::thread::spawn(move || *mutex.lock() += 1)
            })
            .collect();
        // Long enough for them to fall asleep on most machines; on the others the test proves less.
        std::thread::sleep(Duration::from_millis(50));
        drop(held);
        seekers.into_iter().for_each(|t| t.join().expect("no panic"));
        assert_eq!(*mutex.lock(), 3);
    }

    #[test]
    fn no_notification_is_missed() {
        // Two threads pass a ball: each waits for its turn and gives it to the other.
        let table = Arc::new((Mutex::new(0u32), Condvar::new()));
        let other = table.clone();
        let play = |table: &(Mutex<u32>, Condvar), me: u32| {
            for _ in 0..20_000 {
                let mut turn = table.0.lock();
                while *turn % 2 != me {
                    table.1.wait(&mut turn);
                }
                *turn += 1;
                drop(turn);
                table.1.notify_one();
            }
        };
        let t = std::thread::spawn(move || play(&other, 1));
        play(&table, 0);
        t.join().expect("no panic");
        assert_eq!(*table.0.lock(), 40_000);
        let mut turn = table.0.lock();
        assert!(table.1.wait_for(&mut turn, Duration::from_millis(5)).timed_out());
    }

    #[test]
    fn naps_end() {
        let start = Instant::now();
        nap(0x1000, Duration::from_millis(5), || true);
        assert!(start.elapsed() >= Duration::from_millis(5));
        let napper = std::thread::spawn(|| nap(0x1000, Duration::from_secs(60), || true));
        while !napper.is_finished() {
            rouse(0x1000);
            std::thread::yield_now();
        }
        napper.join().expect("no panic");
    }
}
