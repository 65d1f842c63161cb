//! Epochs: when has every thread let go of what it loaded?
//!
//! A running thread is *pinned* to an epoch; it pins anew at polls, after counting what its registers hold uncounted.
//! The epoch moves on when all pinned threads have reached it. What was unlinked in epoch *e* may be freed in epoch
//! *e* + 2: then every thread has pinned anew since the unlinking.
//!
//! | pin | meaning |
//! |---|---|
//! | 0 | the thread is not pinned: it holds nothing uncounted |
//! | e | it may hold what was unlinked in epoch e or later |
//!
//! # Invariants
//! 1. While a thread is pinned to e, the epoch is e or e + 1.
//! 2. Who retires reads the epoch after the unlinking, with a fence between.
//!
//! # Memory orderings
//! Three sequentially consistent fences, in pairs: pinning (store, fence, loads of objects) against advancing (fence,
//! loads of pins): either the advancer sees the pin, or the pinned thread's loads see what the advancer's thread had
//! seen unlinked. Unlinking (store, fence, load of the epoch) against pinning: either the reader sees the unlinking, or
//! the retired object bears an epoch that the reader's pin holds back. Advancing acquires the pins it read, so the
//! reads of threads that have left come before the free.

use crate::sync::{AtomicU64, Ordering, fence};

/// The epoch of an interpreter.
pub(crate) struct Epoch(AtomicU64);

/// What a thread is pinned to.
pub(crate) struct Pin(AtomicU64);

impl Pin {
    pub(crate) fn new() -> Self {
        Pin(AtomicU64::new(0))
    }

    /// Lets go. Release pairs with the acquire in [`Epoch::advance`].
    pub(crate) fn unpin(&self) {
        self.0.store(0, Ordering::Release);
    }
}

impl Epoch {
    pub(crate) fn new() -> Self {
        Epoch(AtomicU64::new(1))
    }

    /// The present epoch, for what was just unlinked (invariant 2).
    #[inline]
    pub(crate) fn after_unlink(&self) -> u64 {
        fence(Ordering::SeqCst);
        self.0.load(Ordering::Relaxed)
    }

    /// The present epoch.
    #[inline]
    pub(crate) fn now(&self) -> u64 {
        self.0.load(Ordering::Acquire)
    }

    /// Pins a thread to the present epoch. What it held uncounted is counted.
    pub(crate) fn pin(&self, pin: &Pin) {
        let mut epoch = self.0.load(Ordering::Relaxed);
        loop {
            // Release: uses of what was held before come before a free that this pin permits.
            pin.0.store(epoch, Ordering::Release);
            fence(Ordering::SeqCst);
            let now = self.0.load(Ordering::Acquire);
            if now == epoch {
                return;
            }
            epoch = now;
        }
    }

    /// Moves on if every pinned thread has reached the present epoch. `pins` are those of all threads.
    pub(crate) fn advance<'a>(&self, pins: impl Iterator<Item = &'a Pin>) -> bool {
        let epoch = self.0.load(Ordering::Relaxed);
        fence(Ordering::SeqCst);
        for pin in pins {
            // Pairs with the releases of `pin` and `unpin`.
            let p = pin.0.load(Ordering::Acquire);
            if p != 0 && p != epoch {
                return false;
            }
        }
        self.0.compare_exchange(epoch, epoch + 1, Ordering::AcqRel, Ordering::Relaxed).is_ok()
    }
}

/// May what was retired in `epoch` be freed?
pub(crate) fn has_expired(epoch: u64, now: u64) -> bool {
    now >= epoch + 2
}
