//! Which thread imports which module. A second thread that wants the same module waits; a cycle of waiting threads is
//! found, and the one that would close it goes on with the half-made module, as in CPython.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::locks::{Condvar, Mutex};
use rustc_hash::FxHashMap;

use crate::context::Thread;
use crate::memory::Memory;

#[derive(Default)]
struct Table {
    /// Importing thread and how often it entered, by module name.
    owners: FxHashMap<String, (u64, u32)>,
    /// What each waiting thread waits for.
    waiting: FxHashMap<u64, String>,
}

/// The import locks of an interpreter.
#[derive(Default)]
pub struct Locks {
    table: Mutex<Table>,
    changed: Condvar,
    /// Modules being imported, so that a plain look-up in `sys.modules` need not take the mutex.
    running: AtomicUsize,
}

impl Locks {
    /// Is nothing being imported at the moment?
    pub fn idle(&self) -> bool {
        self.running.load(Ordering::Acquire) == 0
    }

    /// Is this module being imported now?
    pub fn is_running(&self, name: &str) -> bool {
        !self.idle() && self.table.lock().owners.contains_key(name)
    }

    /// Takes the lock of a module, waiting for another thread; `false` when waiting would close a cycle.
    pub fn acquire<M: Memory>(&self, t: &mut Thread<M>, name: &str) -> bool {
        let me = t.ident;
        match self.try_acquire(me, name) {
            Some(taken) => taken,
            None => t.blocking(|| self.wait(me, name)),
        }
    }

    fn try_acquire(&self, me: u64, name: &str) -> Option<bool> {
        self.step(&mut self.table.lock(), me, name)
    }

    fn step(&self, table: &mut Table, me: u64, name: &str) -> Option<bool> {
        let busy = matches!(table.owners.get(name), Some((owner, _)) if *owner != me);
        if busy {
            return if closes_cycle(table, me, name) { Some(false) } else { None };
        }
        match table.owners.get_mut(name) {
            None => {
                table.owners.insert(name.to_string(), (me, 1));
                self.running.fetch_add(1, Ordering::Release);
                Some(true)
            }
            Some((_, depth)) => {
                *depth += 1;
                Some(true)
            }
        }
    }

    fn wait(&self, me: u64, name: &str) -> bool {
        let mut table = self.table.lock();
        loop {
            if let Some(taken) = self.step(&mut table, me, name) {
                table.waiting.remove(&me);
                return taken;
            }
            table.waiting.insert(me, name.to_string());
            self.changed.wait(&mut table);
        }
    }

    /// Gives back what `acquire` took.
    pub fn release(&self, name: &str) {
        let mut table = self.table.lock();
        if let Some((_, depth)) = table.owners.get_mut(name) {
            *depth -= 1;
            if *depth == 0 {
                table.owners.remove(name);
                self.running.fetch_sub(1, Ordering::Release);
                self.changed.notify_all();
            }
        }
    }

    /// In the child of a fork only the forking thread is left; other threads' imports never end.
    pub fn after_fork(&self, me: u64) {
        let mut table = self.table.lock();
        table.waiting.clear();
        table.owners.retain(|_, owner| owner.0 == me);
        self.running.store(table.owners.len(), Ordering::Release);
    }
}

/// Does the owner of `name` wait, directly or through others, for something that `me` owns?
fn closes_cycle(table: &Table, me: u64, name: &str) -> bool {
    let mut name = name;
    for _ in 0..=table.waiting.len() {
        let Some(&(owner, _)) = table.owners.get(name) else { return false };
        if owner == me {
            return true;
        }
        let Some(next) = table.waiting.get(&owner) else { return false };
        name = next;
    }
    false
}
