//! The cycle collector: once for all memory models.
//!
//! Counting frees everything but cycles. A collection stops the world, and finds the objects whose counts are explained
//! by references from each other (see `mark`); after the world runs again it finalises them and takes them apart (see
//! `sweep`). Allocation and dropped references only *request* a collection; a poll runs it.
//!
//! # When
//! A pool counts the slots that it cuts out of fresh memory, that is, by how much the heap outgrew its largest size so
//! far. A collection is due when that passes the first threshold and a quarter of the objects that the latest collection
//! left alive, so the work stays linear.
//!
//! # Invariants
//! 1. One thread collects at a time (`State::collecting`); a collection asked for meanwhile is left out.
//! 2. While the world is stopped every reference outside the heap is counted: registers were promoted, handles own.
//! 3. Found garbage is held by one handle of the collector each, so nothing of it is freed behind its back, and nobody
//!    else can reach it: weak references to it were cleared in the same stop.
//! 4. A finaliser runs once: the object is marked before it runs (`State::finalized`).

mod classes;
mod debug;
mod mark;
mod sweep;

use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, AtomicUsize, Ordering};

use crate::locks::Mutex;
use rustc_hash::FxHashSet;

use crate::blocks::Pool;
use crate::context::{Context, Thread, poll};
use crate::memory::{Header, Memory};
use crate::object::Obj;
use crate::value::Word;

pub use mark::is_container;

/// Figures of one generation, as in `gc.get_stats()`.
#[derive(Clone, Copy, Default, Debug)]
pub struct Stats {
    /// Collections.
    pub collections: usize,
    /// Objects freed.
    pub collected: usize,
    /// Objects found dead and kept.
    pub uncollectable: usize,
}

/// What an interpreter knows about collections.
pub struct State {
    /// Automatic collections are on. Any thread, a hint.
    enabled: AtomicBool,
    /// Growth of the pool at which a collection is due. Any thread, a hint.
    due: AtomicUsize,
    /// Growth of the pool at the end of the latest collection.
    grown: AtomicUsize,
    /// `gc.set_threshold`
    thresholds: [AtomicU32; 3],
    /// `gc.set_debug`
    debug: AtomicU32,
    /// A collection is going on (invariant 1).
    collecting: AtomicBool,
    /// Objects whose finaliser ran and that are not dead yet. Guarded by the mutex.
    finalized: Mutex<FxHashSet<usize>>,
    /// How many those are. Written under their mutex; a thread sees at least the marks it made itself or was handed.
    marks: AtomicUsize,
    /// Objects that collections leave alone (`gc.freeze`). Guarded by the mutex.
    frozen: Mutex<FxHashSet<usize>>,
    /// By generation; all collections are of the oldest. Guarded by the mutex.
    stats: Mutex<[Stats; 3]>,
    /// `gc.callbacks`, an immortal list, or NULL. Set once.
    callbacks: AtomicU64,
    /// `gc.garbage`, an immortal list, or NULL. Set once.
    garbage: AtomicU64,
}

impl Default for State {
    fn default() -> Self {
        Self::new()
    }
}

impl State {
    /// Nothing collected yet.
    pub fn new() -> Self {
        State {
            enabled: AtomicBool::new(true),
            // Reached first when the interpreter has been set up.
            due: AtomicUsize::new(FIRST),
            grown: AtomicUsize::new(0),
            thresholds: [2000, 10, 10].map(AtomicU32::new),
            debug: AtomicU32::new(0),
            collecting: AtomicBool::new(false),
            finalized: Mutex::default(),
            marks: AtomicUsize::new(0),
            frozen: Mutex::default(),
            stats: Mutex::default(),
            callbacks: AtomicU64::new(Word::NULL.0),
            garbage: AtomicU64::new(Word::NULL.0),
        }
    }

    /// Marks an object as finalised; false when it was already.
    pub fn mark_finalized(&self, at: *mut u8) -> bool {
        let mut marked = self.finalized.lock();
        let fresh = marked.insert(at.addr());
        // Release pairs with the acquire of `unmark_finalized`.
        self.marks.store(marked.len(), Ordering::Release);
        fresh
    }

    /// Takes the mark of a dying object away; says whether it was there.
    pub fn unmark_finalized(&self, at: *mut u8) -> bool {
        if self.marks.load(Ordering::Acquire) == 0 {
            return false;
        }
        let mut marked = self.finalized.lock();
        let was = marked.remove(&at.addr());
        self.marks.store(marked.len(), Ordering::Release);
        was
    }

    /// Did the object's finaliser run already?
    pub fn is_finalized(&self, at: *mut u8) -> bool {
        self.finalized.lock().contains(&at.addr())
    }

    /// Are automatic collections on?
    pub fn enabled(&self) -> bool {
        self.enabled.load(Ordering::Relaxed)
    }

    /// Switches automatic collections.
    pub fn enable(&self, on: bool) {
        self.enabled.store(on, Ordering::Relaxed);
    }

    /// `gc.set_debug`'s bits.
    pub fn debug(&self) -> &AtomicU32 {
        &self.debug
    }

    /// The three thresholds.
    pub fn thresholds(&self) -> [u32; 3] {
        [0, 1, 2].map(|i| self.thresholds[i].load(Ordering::Relaxed))
    }

    /// Sets the thresholds; a first one of zero switches automatic collections off.
    pub fn set_thresholds(&self, values: [u32; 3]) {
        for (threshold, value) in self.thresholds.iter().zip(values) {
            threshold.store(value, Ordering::Relaxed);
        }
        let grown = self.grown.load(Ordering::Relaxed);
        self.due.store(grown + values[0].max(1) as usize, Ordering::Relaxed);
    }

    /// Objects that the heap grew by since the latest collection.
    pub fn grown_since(&self, pool: usize) -> usize {
        pool.saturating_sub(self.grown.load(Ordering::Relaxed))
    }

    /// Figures by generation.
    pub fn stats(&self) -> [Stats; 3] {
        *self.stats.lock()
    }

    /// Leaves these objects alone from now on.
    pub fn freeze(&self, objects: impl Iterator<Item = usize>) {
        self.frozen.lock().extend(objects);
    }

    /// Looks at all objects again.
    pub fn unfreeze(&self) {
        self.frozen.lock().clear();
    }

    /// Number of frozen objects.
    pub fn frozen(&self) -> usize {
        self.frozen.lock().len()
    }

    /// Sets the lists `gc.callbacks` and `gc.garbage`, which are immortal.
    pub fn set_lists(&self, callbacks: Word, garbage: Word) {
        self.callbacks.store(callbacks.as_uncounted().0, Ordering::Release);
        self.garbage.store(garbage.as_uncounted().0, Ordering::Release);
    }
}

/// Growth that start-up may take without a collection.
const FIRST: usize = 50_000;

/// The heap of this thread's interpreter grew: requests a collection when one is due. Called by the models where they
/// take fresh memory.
#[inline]
pub fn grew<M: Memory>(ctx: &Context<M>, pool: &Pool) {
    let gc = &ctx.interp.gc;
    if pool.grown.load(Ordering::Relaxed) >= gc.due.load(Ordering::Relaxed) && gc.enabled() {
        ctx.request(poll::COLLECT);
    }
}

/// Serves a request: collects when that is still due.
pub fn collect_when_due<M: Memory>(t: &mut Thread<M>) {
    let gc = &t.interp.gc;
    let grown = M::pool(t).grown.load(Ordering::Relaxed);
    if gc.enabled() && gc.thresholds[0].load(Ordering::Relaxed) > 0 && grown >= gc.due.load(Ordering::Relaxed) {
        collect(t, 2);
    }
}

/// Collects; the number of objects found dead. `generation` is what callbacks and figures are told.
pub fn collect<M: Memory>(t: &mut Thread<M>, generation: usize) -> usize {
    if t.interp.gc.collecting.swap(true, Ordering::Acquire) {
        return 0;
    }
    let raised = t.raised.replace(Word::NULL);
    tell(t, "start", generation, Stats::default());
    let begun = debug::begin(t, generation);
    let found = M::stop_the_world(t, mark::find_garbage);
    let collected = found.garbage.len();
    debug::found(t, &found.garbage, found.alive);
    let kept = sweep::sweep(t, found.garbage);
    let freed = Stats { collections: 1, collected: collected - kept, uncollectable: 0 };
    let gc = &t.interp.gc;
    let grown = M::pool(t).grown.load(Ordering::Relaxed);
    let step = (gc.thresholds[0].load(Ordering::Relaxed) as usize).max(found.alive / 4);
    gc.grown.store(grown, Ordering::Relaxed);
    gc.due.store(grown + step, Ordering::Relaxed);
    {
        let mut stats = gc.stats.lock();
        let row = &mut stats[generation.min(2)];
        row.collections += 1;
        row.collected += freed.collected;
    }
    gc.collecting.store(false, Ordering::Release);
    debug::end(t, begun, collected);
    tell(t, "stop", generation, freed);
    t.raised.set(raised);
    collected
}

/// Calls `gc.callbacks`.
fn tell<M: Memory>(t: &mut Thread<M>, phase: &str, generation: usize, stats: Stats) {
    let word = Word(t.interp.gc.callbacks.load(Ordering::Acquire));
    if word == Word::NULL {
        return;
    }
    // SAFETY: the list is immortal.
    let list = unsafe { Obj::from_word(word) };
    let callbacks = crate::types::list::to_vec(t, &list);
    if callbacks.is_empty() {
        return;
    }
    let info = crate::types::dict::new(t);
    for (key, value) in
        [("generation", generation), ("collected", stats.collected), ("uncollectable", stats.uncollectable)]
    {
        let (key, value) = (t.intern(key), crate::types::int::from_usize(t, value));
        crate::types::dict::set_fresh(t, &info, key, value);
    }
    let phase = t.intern(phase);
    for callback in callbacks {
        if t.call(&callback, &[phase.clone(), info.clone()]).is_err() {
            crate::finalize::unraisable(t, "Exception ignored while calling GC callback", &callback);
        }
    }
}

/// Every container object, for `gc.get_objects` and its relatives.
pub fn containers<M: Memory>(t: &mut Thread<M>) -> Vec<Obj<M>> {
    M::stop_the_world(t, |t| {
        let mut found = Vec::new();
        M::each_object(t, &mut |at| {
            // SAFETY: the object is live and the world is stopped.
            if unsafe { is_container(t, at) } {
                found.push(at);
            }
        });
        // SAFETY: as above.
        found.into_iter().filter_map(|at| unsafe { mark::own(t, at) }).collect()
    })
}

/// How many objects there are of each class, by the class's name.
pub fn census<M: Memory>(t: &mut Thread<M>) -> std::collections::BTreeMap<String, usize> {
    let mut shapes = rustc_hash::FxHashMap::<u32, usize>::default();
    M::stop_the_world(t, |t| {
        M::each_object(t, &mut |at| {
            // SAFETY: the object is live and the world is stopped.
            *shapes.entry(unsafe { &*at.cast::<M::Header>() }.shape()).or_default() += 1;
        });
    });
    let mut names = std::collections::BTreeMap::new();
    for (shape, n) in shapes {
        if let Some(class) = t.interp.shapes.try_class(shape) {
            let name = class.body.name.get(t).map(|name| t.text(&name)).unwrap_or_default();
            *names.entry(name).or_default() += n;
        }
    }
    names
}

/// The containers that refer to one of `targets`.
pub fn referrers<M: Memory>(t: &mut Thread<M>, targets: &[Obj<M>]) -> Vec<Obj<M>> {
    M::stop_the_world(t, |t| {
        let mut found = Vec::new();
        M::each_object(t, &mut |at| {
            let mut refers = false;
            // SAFETY: the object is live and the world is stopped.
            unsafe {
                crate::object::visit_object(t, at, &mut |w| refers |= targets.iter().any(|o| w.is(o.word())));
            }
            if refers {
                found.push(at);
            }
        });
        // SAFETY: as above.
        found.into_iter().filter_map(|at| unsafe { mark::own(t, at) }).collect()
    })
}

/// What `obj` refers to directly.
pub fn referents<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> Vec<Obj<M>> {
    if !obj.word().is_ptr() {
        return Vec::new();
    }
    M::stop_the_world(t, |t| {
        let mut found = Vec::new();
        let head = obj.word().address();
        // SAFETY: the object is live and the world is stopped.
        unsafe {
            crate::object::visit_object(t, head, &mut |w| {
                if w != Word::NULL {
                    found.push(Obj::from_word(M::retain(t, w)));
                }
            });
        }
        found
    })
}
