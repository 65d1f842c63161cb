//! Weak references, and the interpreter's table of them.
//!
//! A weak reference knows its target's address and owns no count. The table says which references an object has; it is
//! split into shards by address, each with a mutex that guards both the list and the `target` word of the references in
//! it.
//!
//! # Invariants
//! 1. `target` is zero, or the address of an object whose memory is not freed: death clears it under the shard's mutex
//!    before the memory goes ([`WeakTable::died`]).
//! 2. An address in a list is that of a reference whose payload is whole: its drop removes it under the mutex.
//! 3. From an address without a count a count is only made by [`Memory::try_retain`], under the mutex; it refuses the
//!    dead.
//! 4. Once threads exist, targets and references are published, so that the thread that kills a target may touch the
//!    references. A target that is revived for its finaliser is published again before the finaliser runs, while it refers
//!    to nothing private: later, others could find it between its own publication and that of what it refers to.
//! 5. No shard is locked while another lock is waited for; nothing is dropped and no Python code runs under one.

use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};

use crate::locks::{Mutex, MutexGuard};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::args::Call;
use crate::context::{Context, Thread, poll};
use crate::exceptions::Kind;
use crate::memory::{Memory, Section};
use crate::object::{Layout, Obj, Object, Payload, R, Raise, Slot, current};
use crate::types::build::Builder;
use crate::types::ids::{self, Builtin};
use crate::types::slots::CmpOp;
use crate::types::{TypeObj, flags};
use crate::value::Word;

/// Payload of weak references and proxies.
pub struct WeakRef<M: Memory> {
    /// Address of the target, 0 when it is dead. Written under the shard's mutex; a zero is final.
    target: AtomicUsize,
    /// What to call when the target dies; taken when that happens.
    callback: Slot<M>,
    /// Hash of the target, -1 while nobody asked.
    hash: AtomicI64,
    /// The callback is due. Set under the shard's mutex, cleared by the thread that calls.
    due: AtomicBool,
}

/// A weak reference object.
pub type WeakObj<M> = Object<M, WeakRef<M>>;

// SAFETY: the layout `WeakRef` is this struct's alone; the callback is its only counted reference.
unsafe impl<M: Memory> Payload<M> for WeakRef<M> {
    const SHAPE: u32 = ids::WEAKREF;
    const LAYOUT: Layout = Layout::WeakRef;
    fn visit(&self, f: &mut dyn FnMut(Word)) {
        f(self.callback.word());
    }
    fn clear(&self, t: &mut Thread<M>, head: &M::Header) {
        let old = self.callback.take(&Section::enter(t, head));
        drop(old);
    }
}

impl<M: Memory> Drop for WeakRef<M> {
    fn drop(&mut self) {
        let at = self.target.load(Ordering::Acquire);
        if at != 0 {
            current::<M>().interp.weak.forget(at, &raw const *self);
        }
    }
}

const SHARDS: usize = 64;
type List<M> = SmallVec<[*const WeakRef<M>; 2]>;

/// References by target.
pub struct WeakTable<M: Memory> {
    /// The program is over: callbacks are not called any more. Only ever set.
    closed: AtomicBool,
    shards: Box<[Mutex<FxHashMap<usize, List<M>>>]>,
}

// SAFETY: the pointers are used under the mutex only (invariant 2).
unsafe impl<M: Memory> Send for WeakTable<M> {}
// SAFETY: as above.
unsafe impl<M: Memory> Sync for WeakTable<M> {}

impl<M: Memory> Default for WeakTable<M> {
    fn default() -> Self {
        Self::new()
    }
}

/// The object around a payload of the table.
///
/// # Safety
/// Invariant 2: the shard is locked.
unsafe fn object_of<M: Memory>(body: *const WeakRef<M>) -> *mut u8 {
    body.cast::<u8>().wrapping_sub(std::mem::offset_of!(WeakObj<M>, body)).cast_mut()
}

impl<M: Memory> WeakTable<M> {
    /// An empty table.
    pub fn new() -> Self {
        WeakTable { closed: AtomicBool::new(false), shards: (0..SHARDS).map(|_| Mutex::default()).collect() }
    }

    /// Callbacks are not called from now on.
    pub fn close(&self) {
        self.closed.store(true, Ordering::Relaxed);
    }

    fn shard(&self, at: usize) -> MutexGuard<'_, FxHashMap<usize, List<M>>> {
        self.shards[at.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 58].lock()
    }

    /// Takes a reference that is being dropped off its target's list.
    fn forget(&self, at: usize, reference: *const WeakRef<M>) {
        let mut shard = self.shard(at);
        if let Some(list) = shard.get_mut(&at) {
            list.retain(|r| *r != reference);
            if list.is_empty() {
                shard.remove(&at);
            }
        }
    }

    /// An object dies: its references answer `None` from now on, and their callbacks are queued to this thread, except
    /// those of references for which `skip` answers true.
    pub fn died(&self, ctx: &Context<M>, at: *mut u8, skip: &dyn Fn(*mut u8) -> bool) {
        let mut shard = self.shard(at.addr());
        let Some(list) = shard.remove(&at.addr()) else { return };
        let mut due = ctx.finalize_queue.borrow_mut();
        let before = due.len();
        // The youngest reference's callback is called first.
        for body in list.into_iter().rev() {
            // SAFETY: invariant 2; the shard is locked.
            let (reference, object) = unsafe { (&*body, object_of(body)) };
            reference.target.store(0, Ordering::Release);
            if reference.callback.word() == Word::NULL || skip(object) {
                continue;
            }
            // SAFETY: invariants 2 and 3.
            if let Some(word) = unsafe { M::try_retain(ctx, Word::counted(object)) } {
                reference.due.store(true, Ordering::Relaxed);
                due.push(word);
            }
        }
        if due.len() > before {
            ctx.request(poll::FINALIZE);
        }
    }

    /// Does an object have references?
    pub fn knows(&self, at: *mut u8) -> bool {
        self.shard(at.addr()).contains_key(&at.addr())
    }

    /// The references to an object that are alive.
    pub fn references(&self, ctx: &Context<M>, target: &Obj<M>) -> Vec<Obj<M>> {
        let at = target.word().address();
        let mut found = Vec::new();
        if let Some(list) = self.shard(at.addr()).get(&at.addr()) {
            for &body in list {
                // SAFETY: invariants 2 and 3.
                let word = unsafe { M::try_retain(ctx, Word::counted(object_of(body))) };
                // SAFETY: the count was made for this handle.
                found.extend(word.map(|w| unsafe { Obj::from_word(w) }));
            }
        }
        found
    }

    /// A second thread is about to start (invariant 4).
    pub fn publish_all(&self, ctx: &Context<M>) {
        for shard in &self.shards {
            for (&at, list) in shard.lock().iter() {
                // SAFETY: (both) invariants 1 and 2.
                unsafe {
                    M::publish(ctx, Word::counted(std::ptr::with_exposed_provenance::<u8>(at)));
                    for &body in list {
                        M::publish(ctx, Word::counted(object_of(body)));
                    }
                }
            }
        }
    }
}

/// The target of a reference, if it is alive.
pub fn get<M: Memory>(t: &mut Thread<M>, reference: &Obj<M>) -> Option<Obj<M>> {
    let body = &reference.cast::<WeakRef<M>>()?.body;
    let mut stopped = false;
    loop {
        let at = body.target.load(Ordering::Acquire);
        if at == 0 {
            return None;
        }
        let word = Word::counted(std::ptr::with_exposed_provenance::<u8>(at));
        let shard = t.interp.weak.shard(at);
        if body.target.load(Ordering::Acquire) == 0 {
            return None;
        }
        // SAFETY: invariant 1: the memory is there.
        if stopped || unsafe { M::is_deferred(word) || M::count(t, word) > 0 } {
            // SAFETY: invariant 3.
            let word = unsafe { M::try_retain(t, word) };
            drop(shard);
            // SAFETY: the count was made for this handle.
            return word.map(|w| unsafe { Obj::from_word(w) });
        }
        // Nobody counts the target, but registers may hold it. A stopped world counts those and buries the dead.
        drop(shard);
        M::stop_the_world(t, |_| ());
        stopped = true;
    }
}

/// A reference of class `class` to `target`.
pub fn make<M: Memory>(t: &mut Thread<M>, class: &TypeObj<M>, target: &Obj<M>, callback: Option<&Obj<M>>) -> R<M> {
    let target_class = t.class_of(target);
    if !target.word().is_ptr() || !target_class.body.has(flags::WEAKREFABLE) {
        let name = t.class_name(target);
        return Err(t.raise(Kind::TypeError, format!("cannot create weak reference to '{name}' object")));
    }
    let callback = callback.filter(|c| !c.is_none());
    let direct = class.body.root_shape < ids::COUNT;
    if callback.is_none() && direct {
        let same = |r: &Obj<M>| {
            r.shape() == class.body.root_shape
                && r.cast::<WeakRef<M>>().is_some_and(|w| w.body.callback.word() == Word::NULL)
        };
        let old = t.interp.weak.references(t, target);
        if let Some(reference) = old.into_iter().find(same) {
            return Ok(reference);
        }
    }
    target_class.body.set(flags::WEAKREFED);
    let at = target.word().address().expose_provenance();
    let payload = WeakRef {
        target: AtomicUsize::new(at),
        callback: callback.map_or_else(Slot::empty, |c| Slot::fresh(c.clone())),
        hash: AtomicI64::new(-1),
        due: AtomicBool::new(false),
    };
    let reference = t.alloc_of(class, payload);
    if t.interp.threads.started() {
        // SAFETY: both are owned or borrowed here. Invariant 4.
        unsafe {
            M::publish(t, target.word());
            M::publish(t, reference.word());
        }
    }
    if let Some(object) = reference.cast::<WeakRef<M>>() {
        t.interp.weak.shard(at).entry(at).or_default().push(&raw const object.body);
    }
    Ok(reference)
}

/// Calls the callback of a reference whose target died; says whether there was one due.
pub fn fire<M: Memory>(t: &mut Thread<M>, reference: &Obj<M>) -> bool {
    let Some(object) = reference.cast::<WeakRef<M>>() else { return false };
    if !object.body.due.swap(false, Ordering::Relaxed) {
        return false;
    }
    let callback = object.body.callback.take(&Section::enter(t, &object.head));
    if let Some(callback) = callback
        && !t.interp.weak.closed.load(Ordering::Relaxed)
        && t.call(&callback, std::slice::from_ref(reference)).is_err()
    {
        crate::finalize::unraisable(t, "Exception ignored while calling weakref callback", &callback);
    }
    true
}

fn two_arguments<'a, M: Memory>(
    t: &mut Thread<M>,
    name: &str,
    call: &Call<'a, M>,
) -> Result<(&'a Obj<M>, Option<&'a Obj<M>>), Raise> {
    match call.positional() {
        [target] => Ok((target, None)),
        [target, callback, ..] => Ok((target, Some(callback))),
        [] => Err(t.raise(Kind::TypeError, format!("{name} expected at least 1 argument, got 0"))),
    }
}

fn ref_new<M: Memory>(t: &mut Thread<M>, class: &TypeObj<M>, call: Call<'_, M>) -> R<M> {
    if call.positional().len() > 2 && class.body.root_shape == ids::WEAKREF {
        let n = call.positional().len();
        return Err(t.raise(Kind::TypeError, format!("__new__ expected at most 2 arguments, got {n}")));
    }
    let (target, callback) = two_arguments(t, "__new__", &call)?;
    make(t, class, target, callback)
}

fn ref_hash<M: Memory>(t: &mut Thread<M>, reference: &Obj<M>) -> Result<i64, Raise> {
    let Some(object) = reference.cast::<WeakRef<M>>() else { return Ok(0) };
    let known = object.body.hash.load(Ordering::Relaxed);
    if known != -1 {
        return Ok(known);
    }
    let Some(target) = get(t, reference) else {
        return Err(t.raise(Kind::TypeError, "weak object has gone away"));
    };
    let hash = t.hash(&target)?;
    object.body.hash.store(hash, Ordering::Relaxed);
    Ok(hash)
}

fn ref_compare<M: Memory>(t: &mut Thread<M>, a: &Obj<M>, b: &Obj<M>, op: CmpOp) -> R<M> {
    if !matches!(op, CmpOp::Eq | CmpOp::Ne) || b.cast::<WeakRef<M>>().is_none() || a.cast::<WeakRef<M>>().is_none() {
        return Ok(Obj::not_implemented());
    }
    match (get(t, a), get(t, b)) {
        (Some(x), Some(y)) => t.compare(&x, &y, op),
        _ => Ok(Obj::bool(a.is(b) == (op == CmpOp::Eq))),
    }
}

fn ref_repr<M: Memory>(t: &mut Thread<M>, reference: &Obj<M>) -> R<M> {
    let at = reference.word().address() as usize;
    let class = t.class_name(reference);
    let kind = if class == "ReferenceType" { "weakref".to_string() } else { class };
    let Some(target) = get(t, reference) else { return Ok(t.string(format!("<{kind} at {at:#x}; dead>"))) };
    let class = t.class_name(&target);
    let to = target.word().address() as usize;
    let name = t.getattr_opt_str(&target, "__name__")?;
    let name = name.filter(|n| n.shape() == ids::STR).map(|n| format!(" ({})", crate::types::str::to_text(&n)));
    Ok(t.string(format!("<{kind} at {at:#x}; to '{class}' at {to:#x}{}>", name.unwrap_or_default())))
}

/// Built-in types, defined before, whose instances may be referred to weakly.
const WEAKREFABLE: [Builtin; 9] = [
    Builtin::Type,
    Builtin::Function,
    Builtin::Method,
    Builtin::Native,
    Builtin::Module,
    Builtin::Code,
    Builtin::Set,
    Builtin::FrozenSet,
    Builtin::MemoryView,
];

/// Defines `weakref.ReferenceType` and the two proxies.
pub fn define<M: Memory>(t: &mut Thread<M>) {
    WEAKREFABLE.iter().for_each(|&id| t.builtin(id).body.set(flags::WEAKREFABLE));
    Builder::new::<WeakRef<M>>(t, Builtin::WeakRef, "weakref.ReferenceType")
        .module("weakref")
        .flag(flags::WEAKREFABLE)
        .slots(|s| {
            s.new.set(Some(ref_new));
            s.init.set(Some(|_, _, _| Ok(())));
            s.call.set(Some(|t, reference, call| {
                if !call.slots.is_empty() {
                    let n = call.slots.len();
                    return Err(t.raise(Kind::TypeError, format!("__call__() takes no arguments ({n} given)")));
                }
                Ok(get(t, reference).unwrap_or(Obj::NONE))
            }));
            s.hash.set(Some(ref_hash));
            s.compare.set(Some(ref_compare));
            s.repr.set(Some(ref_repr));
        })
        .getter("__callback__", |t, reference| {
            let callback = reference.cast::<WeakRef<M>>().and_then(|r| r.body.callback.get(t).map(|c| c.own()));
            Ok(callback.unwrap_or(Obj::NONE))
        })
        .finish();
    super::weakproxy::define(t);
}
