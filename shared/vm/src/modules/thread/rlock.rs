//! Re-entrant locks: a lock, who holds it, and how often.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use super::RawLock;
use crate::args::Args;
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::object::{Layout, Obj, Object, Payload, R, Raise};
use crate::types::build::Builder;
use crate::types::ids::{self, Builtin};
use crate::types::{flags, int, tuple};
use crate::value::Word;

/// Payload of a re-entrant lock.
#[derive(Default)]
pub(crate) struct RLock {
    raw: RawLock,
    /// Identity of the holder, 0 when free. Written by the holder; others only compare it with their own, which it can
    /// become or cease to be by their own doing only. Relaxed.
    owner: AtomicU64,
    /// How often the holder took it. Holder only.
    count: AtomicU32,
}

// SAFETY: payload of layout `Other`, found by its shape only; it owns no references.
unsafe impl<M: Memory> Payload<M> for RLock {
    const SHAPE: u32 = ids::RLOCK;
    const LAYOUT: Layout = Layout::Other;
    fn visit(&self, _: &mut dyn FnMut(Word)) {}
}

impl RLock {
    fn is_mine(&self, me: u64) -> bool {
        self.owner.load(Ordering::Relaxed) == me
    }

    fn take(&self, me: u64, count: u32) {
        self.owner.store(me, Ordering::Relaxed);
        self.count.store(count, Ordering::Relaxed);
    }

    /// Gives the lock back, however often it was taken.
    fn give(&self) -> u32 {
        let count = self.count.swap(0, Ordering::Relaxed);
        self.owner.store(0, Ordering::Relaxed);
        self.raw.unlock();
        count
    }
}

fn rlock<'a, M: Memory>(t: &mut Thread<M>, obj: &'a Obj<M>) -> Result<&'a Object<M, RLock>, Raise> {
    match obj.exact::<RLock>() {
        Some(lock) => Ok(lock),
        None => Err(t.raise(Kind::TypeError, "expected an RLock")),
    }
}

fn acquire<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let lock = &rlock(t, &args[0])?.body;
    let me = t.ident;
    let (blocking, until) = if args.len() > 1 { super::acquire_arguments(t, &args)? } else { (true, None) };
    if lock.is_mine(me) {
        lock.count.store(lock.count.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
        return Ok(Obj::bool(true));
    }
    let got = lock.raw.acquire(t, blocking, until)?;
    if got {
        lock.take(me, 1);
    }
    Ok(Obj::bool(got))
}

fn release<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let lock = &rlock(t, &args[0])?.body;
    if !lock.is_mine(t.ident) {
        return Err(t.raise(Kind::RuntimeError, "cannot release un-acquired lock"));
    }
    match lock.count.load(Ordering::Relaxed) {
        1 => {
            lock.give();
        }
        n => lock.count.store(n - 1, Ordering::Relaxed),
    }
    Ok(Obj::NONE)
}

fn locked<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    Ok(Obj::bool(rlock(t, &args[0])?.body.raw.is_locked()))
}

fn is_owned<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    Ok(Obj::bool(rlock(t, &args[0])?.body.is_mine(t.ident)))
}

fn recursion_count<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let lock = &rlock(t, &args[0])?.body;
    let n = if lock.is_mine(t.ident) { lock.count.load(Ordering::Relaxed) } else { 0 };
    Ok(int::from_i64(t, n as i64))
}

fn release_save<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let lock = &rlock(t, &args[0])?.body;
    if !lock.is_mine(t.ident) {
        return Err(t.raise(Kind::RuntimeError, "cannot release un-acquired lock"));
    }
    let count = lock.give();
    let items = vec![int::from_i64(t, count as i64), int::from_i64(t, t.ident as i64)];
    Ok(tuple::from_vec(t, items))
}

fn acquire_restore<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let lock = &rlock(t, &args[0])?.body;
    let count = match args[1].cast::<tuple::Tuple<M>>() {
        Some(_) => tuple::items(&args[1]).first().and_then(int::to_i64),
        None => None,
    };
    let Some(count) = count else {
        return Err(t.raise(Kind::TypeError, "_acquire_restore() argument 1 must be a 2-item tuple"));
    };
    lock.raw.acquire(t, true, None)?;
    lock.take(t.ident, count as u32);
    Ok(Obj::NONE)
}

fn reset<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let lock = &rlock(t, &args[0])?.body;
    lock.take(0, 0);
    lock.raw.reset();
    Ok(Obj::NONE)
}

fn repr<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    let lock = &rlock(t, obj)?.body;
    let state = if lock.raw.is_locked() { "locked" } else { "unlocked" };
    let (owner, count) = (lock.owner.load(Ordering::Relaxed), lock.count.load(Ordering::Relaxed));
    let at = obj.word().address() as usize;
    Ok(t.string(format!("<{state} _thread.RLock object owner={owner} count={count} at {at:#x}>")))
}

/// Defines `_thread.RLock`.
pub(crate) fn define<M: Memory>(t: &mut Thread<M>) {
    Builder::new::<RLock>(t, Builtin::RLock, "_thread.RLock")
        .module("_thread")
        .is_final()
        .flag(flags::WEAKREFABLE)
        .slots(|s| {
            s.new.set(Some(|t, _, _| Ok(t.alloc(RLock::default()))));
            s.repr.set(Some(repr));
        })
        .method("acquire(self, /, blocking=True, timeout=-1)", acquire)
        .method("release(self, /)", release)
        .method("locked(self, /)", locked)
        .method("_is_owned(self, /)", is_owned)
        .method("_recursion_count(self, /)", recursion_count)
        .method("_release_save(self, /)", release_save)
        .method("_acquire_restore(self, state, /)", acquire_restore)
        .method("_at_fork_reinit(self, /)", reset)
        .method("__enter__(self, /)", acquire)
        .method("__exit__(self, /, *exc_info)", release)
        .finish();
}
