//! Event counters: what a program asks of its memory model. Built in by the leaf crates' feature `counters`; without it
//! [`Memory::COUNTERS`] is false and nothing of this is compiled into the paths that count.
//!
//! Each thread counts in its own context, so that counting writes nothing shared. A thread that ends leaves its numbers
//! with the interpreter; `--stats` prints them behind the program's output, per thread and per thousand bytecodes.

use std::cell::Cell;
use std::fmt::Write;

use crate::context::Context;
use crate::memory::Memory;

macro_rules! events {
    ($($name:ident $text:literal,)*) => {
        /// What is counted.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        #[repr(usize)]
        pub enum Event { $(#[doc = $text] $name,)* }

        /// Names of the events, in their order.
        pub const NAMES: &[&str] = &[$($text,)*];
    };
}

events! {
    Bytecode "bytecodes",
    RetainPrivate "counts up: private or under the lock",
    RetainShared "counts up: shared, atomic",
    RetainImmortal "counts up: skipped, immortal",
    HoldUncounted "registers: shared, not counted",
    RetainDeferred "counts up: deferred, in the thread's table",
    ReleasePrivate "counts down: private or under the lock",
    ReleaseShared "counts down: shared, atomic",
    ReleaseImmortal "counts down: skipped, immortal",
    ReleaseDeferred "counts down: deferred, in the thread's table",
    LockSkipped "object locks: skipped, private",
    LockFast "object locks: taken at once",
    LockContended "object locks: contended",
    Published "objects published",
    RetiredObject "objects retired",
    RetiredStore "stores retired",
    ExpiredDead "retired objects found dead",
    ExpiredAgain "retired objects queued again",
    Merged "counts merged",
    Sent "objects sent to their owner",
    ReadRefused "conditional reads: refused",
    ReadAgain "conditional reads: undone, cell changed",
    Poll "polls served",
    Stop "stops of the world",
    HandOver "global lock handed over",
    Wait "waits for the global lock",
    CacheMiss "inline caches missed",
}

const N: usize = NAMES.len();

/// Events that write memory which other threads read or write: what keeps a program from scaling.
const SHARED_WRITES: &[Event] =
    &[Event::RetainShared, Event::ReleaseShared, Event::LockFast, Event::LockContended, Event::HandOver];

/// One thread's numbers. Owner thread only.
#[derive(Default)]
pub struct Counters([Cell<u64>; N]);

impl Counters {
    /// The numbers as they are.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot(self.0.each_ref().map(Cell::get))
    }
}

/// Numbers of a thread at its end.
#[derive(Clone, Copy, Default)]
pub struct Snapshot([u64; N]);

impl Snapshot {
    fn of(&self, event: Event) -> u64 {
        self.0[event as usize]
    }

    fn shared_writes(&self) -> u64 {
        SHARED_WRITES.iter().map(|e| self.of(*e)).sum()
    }

    fn add(&mut self, other: &Snapshot) {
        self.0.iter_mut().zip(other.0).for_each(|(a, b)| *a += b);
    }
}

impl<M: Memory> Context<M> {
    /// Counts an event, if this build counts.
    #[inline(always)]
    pub fn count(&self, event: Event) {
        if M::COUNTERS {
            let cell = &self.counters.0[event as usize];
            cell.set(cell.get() + 1);
        }
    }
}

/// The table that `--stats` prints: `threads` are the threads' numbers, the main thread first.
pub fn table(model: &str, threads: &[Snapshot]) -> String {
    let mut all = Snapshot::default();
    threads.iter().for_each(|t| all.add(t));
    let per_thousand = |s: &Snapshot, n: u64| n as f64 * 1000.0 / s.of(Event::Bytecode).max(1) as f64;
    let mut text = format!("counters ({model}, {} threads)\n{:42} {:>15} {:>12}", threads.len(), "", "all", "per 1000");
    let shown = &threads[..threads.len().min(MOST)];
    for i in 0..shown.len() {
        let _ = write!(text, " {:>14}", if i == 0 { "main".to_string() } else { format!("thread {i}") });
    }
    text.push('\n');
    let mut row = |name: &str, number: &dyn Fn(&Snapshot) -> u64| {
        let n = number(&all);
        if n == 0 {
            return;
        }
        let _ = write!(text, "{name:42} {n:>15} {:>12.3}", per_thousand(&all, n));
        shown.iter().for_each(|t| _ = write!(text, " {:>14}", number(t)));
        text.push('\n');
    };
    for (i, name) in NAMES.iter().enumerate() {
        row(name, &|s| s.0[i]);
    }
    row("writes to shared memory", &Snapshot::shared_writes);
    text
}

/// Threads with a column of their own.
const MOST: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_adds_threads_and_leaves_zeros_out() {
        let (mut a, mut b) = (Snapshot::default(), Snapshot::default());
        a.0[Event::Bytecode as usize] = 500;
        b.0[Event::Bytecode as usize] = 1500;
        b.0[Event::LockFast as usize] = 4;
        let text = table("nogil", &[a, b]);
        let rows: Vec<Vec<&str>> = text.lines().map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(rows.len(), 5, "{text}");
        assert_eq!(rows[2][1..], ["2000", "1000.000", "500", "1500"]);
        assert_eq!(rows[4][4..], ["4", "2.000", "0", "4"]);
    }
}
