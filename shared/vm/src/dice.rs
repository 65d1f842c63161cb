//! Disturbs the schedule: where threads meet, a thread that rolls the dice now and then lets others go first. So the race
//! programs see orders that the system's scheduler would show once a month.
//!
//! In builds with debug assertions, and only where the environment has `PARALLAX_SEED`, a number from which every thread's
//! dice start; in other builds nothing is left of it.

use std::cell::Cell;

/// The number that `PARALLAX_SEED` gives, if it gives one.
pub fn seed() -> Option<u64> {
    std::env::var("PARALLAX_SEED").ok()?.parse().ok()
}

/// The next number of a sequence (xorshift, Marsaglia 2003); never 0 unless `x` is.
pub fn step(mut x: u64) -> u64 {
    x ^= x << 13;
    x ^= x >> 7;
    x ^ (x << 17)
}

/// The start of a sequence: `salt` tells those of one seed apart.
pub fn start(seed: u64, salt: u64) -> u64 {
    (seed ^ salt << 32).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1
}

/// One thread's dice. Owner thread only.
pub struct Dice(
    /// 0: the schedule is left alone.
    Cell<u64>,
);

impl Dice {
    /// For a new thread, which `salt` tells from the others.
    pub fn new(salt: u64) -> Dice {
        let seed = if cfg!(debug_assertions) { seed() } else { None };
        Dice(Cell::new(seed.map_or(0, |seed| start(seed, salt))))
    }

    /// Is the schedule disturbed?
    #[inline(always)]
    pub fn in_use(&self) -> bool {
        cfg!(debug_assertions) && self.0.get() != 0
    }

    /// A number below `n`, if the schedule is disturbed.
    #[inline(always)]
    pub fn roll(&self, n: u64) -> Option<u64> {
        if !self.in_use() {
            return None;
        }
        self.0.set(step(self.0.get()));
        Some((self.0.get() >> 16) % n)
    }
}
