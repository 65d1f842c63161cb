//! What a poll serves. Allocation, dropped references, signals and other threads only set bits; here the thread, which
//! holds no view and no lock, does what they ask.

use std::sync::atomic::Ordering;

use crate::context::{Context, Thread, poll};
use crate::memory::Memory;
use crate::object::Raise;

impl<M: Memory> Context<M> {
    /// Clears bits of the poll word that this thread is about to serve.
    pub(crate) fn served(&self, bits: u32) {
        // Acquire pairs with the release of `request`: what the requester wrote before is seen.
        self.poll.fetch_and(!bits, Ordering::Acquire);
    }
}

/// Serves every request, in the order: other threads, memory, finalisers, signals. `Err` when a signal handler or an
/// exception set from outside is to be raised here.
pub fn serve<M: Memory>(t: &mut Thread<M>) -> Result<(), Raise> {
    let bits = t.poll.load(Ordering::Acquire);
    if bits >= poll::MODEL {
        M::poll(t);
        crate::threads::stay_if_over(t);
    }
    if bits & poll::COLLECT != 0 {
        t.served(poll::COLLECT);
        crate::collector::collect_when_due(t);
    }
    // Model and collector may have queued more.
    if t.poll.load(Ordering::Relaxed) & poll::FINALIZE != 0 {
        t.served(poll::FINALIZE);
        crate::finalize::run_pending(t);
    }
    if bits & poll::SIGNAL != 0 {
        t.served(poll::SIGNAL);
        crate::modules::signal::run_handlers(t)?;
    }
    if bits & poll::ASYNC != 0 {
        t.served(poll::ASYNC);
        crate::threads::stay_if_over(t);
    }
    Ok(())
}
