//! A thread's inbox: objects that others gave up more references to than they had taken, sent to the owner, who alone
//! may add the two halves of their counts (`biased`).
//!
//! | owner | a sender |
//! |---|---|
//! | running (its poll word is here) | leaves the object and asks the owner to poll |
//! | not running: detached, or its thread has ended and nobody adopted its heap yet | does the owner's work itself, at once |
//!
//! # Invariants
//! 1. An owner runs only between `enter` and `leave`; it leaves with an empty inbox. So while an owner does not run its
//!    counts stand still, and nothing waits for it.
//! 2. Each object in an inbox comes with one reference, so it lives.
//! 3. The mutex is a leaf: who holds it takes no other lock, does not poll and frees nothing.
//!
//! # Memory orderings
//! The mutex orders the owner's last count before the work of who stands in for it, and that before the owner's next.

use crate::sync::{AtomicU32, Mutex, Ordering};

/// The inbox of one heap id.
pub(crate) struct Inbox(Mutex<State>);

struct State {
    /// The owner's poll word, null while it does not run.
    poll: *const AtomicU32,
    objects: Vec<*mut u8>,
}

// SAFETY: the poll word is one that any thread may use, and is there while the owner runs (invariant 1); the objects are
// references on their way, which any thread may hold.
unsafe impl Send for State {}

impl Inbox {
    pub(crate) fn new() -> Self {
        Inbox(Mutex::new(State { poll: std::ptr::null(), objects: Vec::new() }))
    }

    /// The owner runs now.
    pub(crate) fn enter(&self, poll: &AtomicU32) {
        self.0.lock().poll = poll;
    }

    /// The owner takes what was sent.
    pub(crate) fn take(&self) -> Vec<*mut u8> {
        std::mem::take(&mut self.0.lock().objects)
    }

    /// The owner stops running, unless there is something to take first.
    pub(crate) fn leave(&self) -> Vec<*mut u8> {
        let mut state = self.0.lock();
        if state.objects.is_empty() {
            state.poll = std::ptr::null();
        }
        std::mem::take(&mut state.objects)
    }

    /// The child of a fork: who held the mutex is gone.
    ///
    /// # Safety
    /// There is no other thread.
    #[cfg(not(loom))]
    pub(crate) unsafe fn renew(&self) {
        // SAFETY: by the caller's word.
        unsafe { parallax_vm::threads::renew(&self.0) }
    }

    /// The owner is gone without having left: the child of a fork has one thread.
    pub(crate) fn orphan(&self) -> Vec<*mut u8> {
        let mut state = self.0.lock();
        state.poll = std::ptr::null();
        std::mem::take(&mut state.objects)
    }

    /// Sends an object with one reference to the owner, which is asked to poll by `bit`. If the owner does not run,
    /// `stand_in` is called instead, while it cannot begin to.
    pub(crate) fn send<R>(&self, at: *mut u8, bit: u32, stand_in: impl FnOnce() -> R) -> Option<R> {
        let mut state = self.0.lock();
        if state.poll.is_null() {
            return Some(stand_in());
        }
        state.objects.push(at);
        // SAFETY: invariant 1: the owner cannot leave before this mutex is free.
        unsafe { (*state.poll).fetch_or(bit, Ordering::Release) };
        None
    }
}
