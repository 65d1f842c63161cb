//! The port: everything in which the two interpreters differ, as one trait.
//!
//! A memory model answers seven questions: how an object is kept alive, who may touch it, where it lives and when freed
//! memory is really free, what happens when a reference is stored, when a thread may run, how the world is stopped, and
//! how caches are published. The VM, the built-in types and the collector are written against this trait and never
//! learn which model they run on.
//!
//! # Contract in one sentence
//! While a thread is attached, every word that it reads through [`CellWord::load`] from an object it may reach stays
//! valid until that thread next polls, blocks or detaches; a word that it must keep longer it `retain`s first.
//!
//! # Words and counts
//! * A *counted* word (tag `001`) owns one count of its object; an *uncounted* one (tag `101`) owns nothing and lives in
//!   registers only. `retain` always gives a counted word; `hold` gives what suits a register: counted for an object
//!   private to this thread, uncounted for whatever is protected otherwise (immortal; shared under epochs).
//! * Heap cells hold counted words (or words that are no pointers); for what [`Memory::lend`] wrote see there. A reference is stored in the heap only through
//!   [`Memory::store`], or into an object that no other thread can know yet.
//!
//! # Who calls what
//! All functions that take a [`Context`] are called by the attached thread that owns it, those that say so excepted.
//! Functions that take `&mut Thread` may run Python, block, or let the world stop: no borrowed [`crate::object::Val`]
//! survives them, and no object lock is held across them.

use std::cell::Cell;

use crate::blocks::Pool;
use crate::code::CodeBody;
use crate::context::{Context, Thread};
use crate::value::Word;
use parallax_front::Instr;

/// A place for one 64-bit word that several threads may know: a plain cell under a global lock, an atomic without.
/// Loads acquire and stores release where the model has several running threads.
pub trait CellWord: Sized {
    /// A cell with this content.
    fn new(bits: u64) -> Self;
    /// Reads.
    fn load(&self) -> u64;
    /// Writes; never a reference (that is [`Memory::store`]).
    fn store(&self, bits: u64);
}

/// What stands before every object's payload. Eight bytes with a global lock, sixteen without.
pub trait Header: Sized {
    /// Index into the interpreter's shapes: says the class and the layout of the attributes.
    fn shape(&self) -> u32;
    /// Changes the shape. The caller holds the object's critical section.
    fn set_shape(&self, shape: u32);
}

/// A memory model. See the module text for the contract.
///
/// # Safety
/// An implementation must keep the contract sentence of this module; the VM's unchecked accesses rest on it.
pub unsafe trait Memory: Sized + 'static {
    /// `gil`, `nogil` or `checking`.
    const NAME: &'static str;
    /// Is there a global lock (`sys._is_gil_enabled()`)?
    const GIL: bool;
    /// Which mechanisms and plain alternatives are built in, as `mechanism=choice` (`--features`, `sys._parallax`).
    const FEATURES: &'static [&'static str];
    /// Does this build count events ([`crate::counters`])?
    const COUNTERS: bool;
    /// Do reads of lists, dicts and attributes take the object's critical section? Only the price of doing without is
    /// measured by that; no answer rests on it.
    const READS_LOCKED: bool = false;
    /// May an object that is private to a thread hold shared ones uncounted ([`Memory::lend`])?
    const LENDS: bool = false;
    /// Before each object.
    type Header: Header;
    /// A shared place for a word.
    type Cell: CellWord;
    /// The model's part of a thread's context.
    type Local;
    /// The model's part of an interpreter.
    type Global: Send + Sync;
    /// What counting asks of a thread, unchanging: code that counts at every step keeps it in a variable ([`Memory::me`]).
    type Me: Copy;

    // ---- Setting up.

    /// The model's state for a new interpreter.
    fn new_global() -> Self::Global;
    /// The model's state for a new thread of this interpreter.
    fn new_local(global: &Self::Global) -> Self::Local;
    /// The context of the running thread, null when it never attached. From a thread-local of the leaf crate.
    fn current() -> *const Context<Self>;

    /// See [`Memory::Me`].
    fn me(ctx: &Context<Self>) -> Self::Me;

    // ---- How is an object kept alive?

    /// A counted word for the same value. Words that are no pointers come back as they are.
    ///
    /// # Safety
    /// `word` is valid now (contract sentence).
    unsafe fn retain(ctx: &Context<Self>, word: Word) -> Word;

    /// A word for a register: counted or protected otherwise.
    ///
    /// # Safety
    /// As [`Memory::retain`].
    unsafe fn hold(ctx: &Context<Self>, word: Word) -> Word;

    /// Reads a cell into a register: what [`Memory::hold`] gives for the word that is there. A model whose reads are
    /// conditional counts the object and then looks whether the cell still refers to it.
    ///
    /// # Safety
    /// As [`Memory::retain`] for the word in the cell.
    #[inline(always)]
    unsafe fn load(ctx: &Context<Self>, cell: &Self::Cell) -> Word {
        // SAFETY: by the caller's word.
        unsafe { Self::hold(ctx, Word(cell.load())) }
    }

    /// Gives up what a word owns: nothing for an uncounted word or no pointer. A count that falls to zero leads to
    /// [`crate::object::dealloc`], at once or when no reader can hold the object any more.
    ///
    /// # Safety
    /// The caller owned the word and forgets it.
    unsafe fn release(ctx: &Context<Self>, word: Word);

    /// As [`Memory::retain`], on the thread of which `me` was asked.
    ///
    /// # Safety
    /// As there; `me` is this thread's.
    #[inline(always)]
    unsafe fn retain_as(ctx: &Context<Self>, _me: Self::Me, word: Word) -> Word {
        // SAFETY: by the caller's word.
        unsafe { Self::retain(ctx, word) }
    }

    /// As [`Memory::hold`]; see [`Memory::retain_as`].
    ///
    /// # Safety
    /// As there.
    #[inline(always)]
    unsafe fn hold_as(ctx: &Context<Self>, _me: Self::Me, word: Word) -> Word {
        // SAFETY: by the caller's word.
        unsafe { Self::hold(ctx, word) }
    }

    /// As [`Memory::release`]; see [`Memory::retain_as`].
    ///
    /// # Safety
    /// As there.
    #[inline(always)]
    unsafe fn release_as(ctx: &Context<Self>, _me: Self::Me, word: Word) {
        // SAFETY: by the caller's word.
        unsafe { Self::release(ctx, word) }
    }

    /// Writes a word for the same value into a place of an object that is private to this thread: a counted one, or an
    /// uncounted one that the model counts in that place before the thread polls, blocks or shares anything.
    ///
    /// # Safety
    /// As [`Memory::retain`]. The place can be written and owns nothing; as long as its word is uncounted, nobody moves or forgets it without
    /// [`Memory::end_loan`].
    #[inline(always)]
    unsafe fn lend(ctx: &Context<Self>, place: *const Cell<Word>, word: Word) {
        // SAFETY: by the caller's word.
        unsafe { place.cast_mut().write(Cell::new(Self::retain(ctx, word))) }
    }

    /// A place that [`Memory::lend`] gave an uncounted word gives it up; the word is valid as a register's is.
    ///
    /// # Safety
    /// As said, once for each loan.
    #[inline(always)]
    unsafe fn end_loan(_ctx: &Context<Self>, _place: *const Cell<Word>) {}

    /// A counted word for an object that was found in a place that owns no count (a weak reference), unless it is dead.
    /// An object that nobody counts but registers may hold comes back to life.
    ///
    /// # Safety
    /// The object's memory is not freed before the lock is released under which its death clears that place.
    unsafe fn try_retain(ctx: &Context<Self>, word: Word) -> Option<Word>;

    /// Is this counted word the only reference, so that its owner may change the object in place?
    ///
    /// # Safety
    /// `word` is a valid pointer word.
    unsafe fn unique(ctx: &Context<Self>, word: Word) -> bool;

    /// The number of counted references (large for an immortal object); of a deferred object exact only with the world
    /// stopped.
    ///
    /// # Safety
    /// `word` is a valid pointer word.
    unsafe fn count(ctx: &Context<Self>, word: Word) -> usize;

    /// From now on the object is never counted and never freed. The caller has it alone, or the world is stopped.
    ///
    /// # Safety
    /// `word` is a valid pointer word.
    unsafe fn immortalize(ctx: &Context<Self>, word: Word);

    /// From now on only the collector frees the object: a count of zero means nothing, and
    /// and the edges from instances to their classes, which are not counted ([`crate::object::trace_object`]), keep it alive. The caller
    /// has it alone, or the world is stopped.
    ///
    /// # Safety
    /// `word` is a valid pointer word.
    unsafe fn defer(ctx: &Context<Self>, word: Word);

    /// A deferred object that the collector found dead is counted like the rest again; other objects are left alone. The
    /// world is stopped.
    ///
    /// # Safety
    /// As [`Memory::defer`]; the caller owns a count, and what refers to the object counts it.
    unsafe fn settle(ctx: &Context<Self>, word: Word);

    /// Does only the collector free the object?
    ///
    /// # Safety
    /// `word` is a valid pointer word.
    unsafe fn is_deferred(word: Word) -> bool;

    // ---- Who may touch a mutable object?

    /// Enters the critical section of an object. Returns whether there is anything to leave. Must not be entered twice.
    fn lock(ctx: &Context<Self>, head: &Self::Header) -> bool;

    /// Leaves a critical section for which `lock` returned true.
    ///
    /// # Safety
    /// The caller is in that section.
    unsafe fn unlock(ctx: &Context<Self>, head: &Self::Header);

    /// May other threads read this object at this moment (so that a replaced store must outlive them)?
    fn is_shared(ctx: &Context<Self>, head: &Self::Header) -> bool;

    // ---- Where do objects live, and when is freed memory really free?

    /// Memory for an object of `size` bytes, header included; the header is written by [`Memory::init`].
    fn alloc(ctx: &Context<Self>, size: usize) -> *mut u8;

    /// Writes the header of a fresh object: count one, private to this thread.
    ///
    /// # Safety
    /// `at` came from [`Memory::alloc`].
    unsafe fn init(ctx: &Context<Self>, at: *mut u8, shape: u32);

    /// Frees an object's memory. Called by [`crate::object::dealloc`] only.
    ///
    /// # Safety
    /// Nobody can reach the object; its payload was dropped; `size` is that of `alloc`.
    unsafe fn free(ctx: &Context<Self>, at: *mut u8, size: usize);

    /// Frees raw bytes (a replaced store, allocated by the global allocator) once no reader of `owner` can use them.
    ///
    /// # Safety
    /// `at` was allocated with `layout`; it was unlinked from `owner` before.
    unsafe fn retire(ctx: &Context<Self>, owner: &Self::Header, at: *mut u8, layout: std::alloc::Layout);

    /// The blocks in which the interpreter's objects live.
    fn pool(ctx: &Context<Self>) -> &Pool;

    /// Calls `f` with every object of the interpreter. The world is stopped.
    fn each_object(ctx: &Context<Self>, f: &mut dyn FnMut(*mut u8)) {
        // SAFETY: the caller has stopped the world.
        unsafe { Self::pool(ctx).each_object(f) }
    }

    // ---- What happens when a reference is stored?

    /// Stores counted word `new` into a cell of the object headed by `head` and returns the old word, now the caller's.
    /// Publishes the graph of `new` when the object is shared. The caller is in the object's critical section.
    ///
    /// # Safety
    /// `new` is counted and the caller's; `cell` belongs to the object.
    unsafe fn store(ctx: &Context<Self>, head: &Self::Header, cell: &Self::Cell, new: Word) -> Word;

    /// Makes the whole graph reachable from `word` safe to be found by other threads.
    ///
    /// # Safety
    /// `word` is valid.
    unsafe fn publish(ctx: &Context<Self>, word: Word);

    /// Asserts what the model promises of a reference from one object to another. Debug builds ask wherever the collector
    /// walks the heap.
    ///
    /// # Safety
    /// The world is stopped; `from` refers to `to`.
    unsafe fn check_reference(_from: &Self::Header, _to: Word) {}

    // ---- When may a thread run?

    /// Begins to run: makes `ctx` the current context, waits for the right to touch objects.
    fn attach(ctx: &Context<Self>);

    /// Stops running: whatever registers hold uncounted is counted first.
    fn detach(ctx: &Context<Self>);

    /// Serves the model's bits of the poll word ([`crate::context::poll::MODEL`] and up).
    fn poll(t: &mut Thread<Self>);

    /// A second thread is about to start: from now on what the interpreter's roots reach
    /// ([`crate::interpreter::Interpreter::roots`]) must be ready for it.
    fn before_first_thread(t: &mut Thread<Self>);

    /// A thread ends: its state is handed on. It is detached and will not run again.
    fn retire_thread(ctx: &Context<Self>);

    /// The switch interval in seconds, if the model has one (`sys.getswitchinterval`).
    fn switch_interval(global: &Self::Global) -> f64;

    /// Sets the switch interval.
    fn set_switch_interval(global: &Self::Global, seconds: f64);

    /// Forks the process, which `f` does; it answers 0 in the child. The world is stopped; no thread that has detached for
    /// good is inside the model's state while `f` runs. In the child the model knows this thread alone.
    fn fork(ctx: &Context<Self>, f: impl FnOnce() -> i32) -> i32;

    // ---- How is the world stopped?

    /// Runs `f` while no other thread touches objects and all counts are exact.
    fn stop_the_world<R>(t: &mut Thread<Self>, f: impl FnOnce(&mut Thread<Self>) -> R) -> R;

    // ---- How are caches published?

    /// The instructions of a code object that this thread may specialise in place.
    fn instructions(ctx: &Context<Self>, code: &CodeBody<Self>) -> *mut Instr;

    /// The code object is dead: the thread of `ctx` forgets what [`Memory::instructions`] made for it. The world is stopped.
    fn forget_instructions(_ctx: &Context<Self>, _code: &CodeBody<Self>) {}
}

/// A critical section on one object; left when dropped. Borrows the thread, so nothing that needs `&mut Thread` (Python
/// code, blocking, polls) can happen inside.
pub struct Section<'a, M: Memory> {
    ctx: &'a Context<M>,
    head: &'a M::Header,
    held: bool,
}

impl<'a, M: Memory> Section<'a, M> {
    /// Enters.
    #[inline(always)]
    pub fn enter(ctx: &'a Context<M>, head: &'a M::Header) -> Self {
        Section { ctx, head, held: M::lock(ctx, head) }
    }

    /// Enters for reading, where the model wants that ([`Memory::READS_LOCKED`]).
    #[inline(always)]
    pub fn reading(ctx: &'a Context<M>, head: &'a M::Header) -> Self {
        Section { ctx, head, held: M::READS_LOCKED && M::lock(ctx, head) }
    }

    /// The context of the thread inside.
    pub fn ctx(&self) -> &'a Context<M> {
        self.ctx
    }
}

impl<M: Memory> Drop for Section<'_, M> {
    #[inline(always)]
    fn drop(&mut self) {
        if self.held {
            // SAFETY: `enter` took the section and only this value leaves it.
            unsafe { M::unlock(self.ctx, self.head) }
        }
    }
}
