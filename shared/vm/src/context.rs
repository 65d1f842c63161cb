//! A thread's context and the right to run: [`Thread`].
//!
//! A [`Context`] holds everything that one Python thread owns: registers, the pending exception, what is being handled,
//! the poll word. All fields are cells, so that an owner handle that is dropped anywhere can reach it. [`Thread`] is the
//! token that its thread is attached: whatever may run Python, block, collect or poll takes `&mut Thread`, so the
//! compiler refuses a borrowed view that crosses such a point.

use std::cell::{Cell, RefCell};
use std::ptr::NonNull;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use rustc_hash::FxHashMap;

use crate::interpreter::Interpreter;
use crate::memory::Memory;
use crate::object::Obj;
use crate::value::Word;

/// Bits of the poll word.
pub mod poll {
    /// A signal arrived (main thread).
    pub const SIGNAL: u32 = 1;
    /// Finalisers or weak-reference callbacks wait to run on this thread.
    pub const FINALIZE: u32 = 2;
    /// A collection was requested.
    pub const COLLECT: u32 = 4;
    /// An exception was set for this thread from outside, or the interpreter is finalising.
    pub const ASYNC: u32 = 8;
    /// This bit and those above it belong to the memory model.
    pub const MODEL: u32 = 16;
}

/// Bytes of address space for one thread's registers.
pub const STACK_BYTES: usize = 64 << 20;

/// One thread's state. Owner thread only, `poll` excepted.
pub struct Context<M: Memory> {
    /// Requests to this thread; set by anyone.
    pub poll: AtomicU32,
    /// The model's own state.
    pub local: M::Local,
    /// The interpreter this thread belongs to.
    pub interp: Arc<Interpreter<M>>,
    /// First register.
    pub stack_base: *mut Word,
    /// Behind the last usable register.
    pub stack_limit: *mut Word,
    /// First register that nobody uses: where a call from native code builds its frame. Kept right whenever native
    /// code runs.
    pub top: Cell<*mut Word>,
    /// Registers of the running Python frame, null when there is none. Kept right whenever native code runs.
    pub frame: Cell<*mut Word>,
    /// Next instruction of the running frame. Kept right whenever native code runs.
    pub pc: Cell<*const u64>,
    /// The raised exception on its way, owned, or NULL.
    pub raised: Cell<Word>,
    /// The exception being handled (`sys.exc_info`), owned, or NONE.
    pub handled: Cell<Word>,
    /// Did the frame that left the loop last leave it by `yield`? Whoever resumed it takes the answer at once.
    pub yielded: Cell<bool>,
    /// Python frames on the stack, for the recursion limit.
    pub depth: Cell<u32>,
    /// Lowest address that the native stack may reach.
    pub native_limit: Cell<usize>,
    /// Depth of nested deallocations.
    pub dealloc_depth: Cell<u32>,
    /// Objects whose deallocation was put off so that long chains do not nest.
    pub dealloc_queue: RefCell<Vec<*mut u8>>,
    /// Objects whose finaliser must run at the next poll, owned.
    pub finalize_queue: RefCell<Vec<Word>>,
    /// Cache of attribute look-ups in classes.
    pub method_cache: Box<crate::lookup::MethodCache>,
    /// Places of attributes, for instructions that see many shapes.
    pub places: Box<crate::interp::places::Places>,
    /// Identity for `threading.get_ident`.
    pub ident: u64,
    /// Is this the thread that signals are delivered to?
    pub is_main: bool,
    /// What this thread keeps for thread-local objects, by their number: attribute dicts.
    pub locals: RefCell<FxHashMap<u64, Obj<M>>>,
    /// How many dead thread-local objects this thread has heard of.
    pub dead_locals: Cell<usize>,
    /// Events counted, where the build counts.
    pub counters: crate::counters::Counters,
    /// Objects being shown by `repr`, to cut cycles.
    pub repr_stack: RefCell<Vec<*mut u8>>,
}

impl<M: Memory> Context<M> {
    /// A context for a new thread. Reserves the register stack; its last page faults instead of overrunning.
    pub fn new(interp: Arc<Interpreter<M>>, ident: u64, is_main: bool) -> Box<Context<M>> {
        let stack_base = crate::region::reserve(STACK_BYTES).cast::<Word>();
        let local = M::new_local(&interp.global);
        Box::new(Context {
            poll: AtomicU32::new(0),
            local,
            interp,
            stack_base,
            stack_limit: stack_base.wrapping_byte_add(STACK_BYTES - (64 << 10)),
            top: Cell::new(stack_base),
            frame: Cell::new(std::ptr::null_mut()),
            pc: Cell::new(std::ptr::null()),
            raised: Cell::new(Word::NULL),
            handled: Cell::new(Word::NONE),
            yielded: Cell::new(false),
            depth: Cell::new(0),
            native_limit: Cell::new(0),
            dealloc_depth: Cell::new(0),
            dealloc_queue: RefCell::new(Vec::new()),
            finalize_queue: RefCell::new(Vec::new()),
            method_cache: crate::lookup::MethodCache::new(),
            places: crate::interp::places::Places::new(),
            ident,
            is_main,
            locals: RefCell::default(),
            dead_locals: Cell::new(0),
            counters: crate::counters::Counters::default(),
            repr_stack: RefCell::new(Vec::new()),
        })
    }

    /// Asks this thread to poll. Any thread may call it.
    pub fn request(&self, bits: u32) {
        self.poll.fetch_or(bits, Ordering::Release);
    }

    /// Every register that may hold a word now: dead temporaries hold no pointers (see the opcode table), so this is
    /// exactly what the thread's frames own or have borrowed.
    pub fn registers(&self) -> &[Cell<Word>] {
        // SAFETY: the words between base and top are initialised and belong to this thread.
        unsafe {
            let n = self.top.get().offset_from(self.stack_base) as usize;
            std::slice::from_raw_parts(self.stack_base.cast::<Cell<Word>>(), n)
        }
    }
}

impl<M: Memory> Drop for Context<M> {
    fn drop(&mut self) {
        crate::region::release(self.stack_base.cast(), STACK_BYTES);
    }
}

/// The right of an attached thread to run. Its exclusive borrow marks every point where the world may change.
#[repr(transparent)]
pub struct Thread<M: Memory> {
    ctx: NonNull<Context<M>>,
}

impl<M: Memory> std::ops::Deref for Thread<M> {
    type Target = Context<M>;
    #[inline(always)]
    fn deref(&self) -> &Context<M> {
        // SAFETY: a token exists only while its context does.
        unsafe { self.ctx.as_ref() }
    }
}

impl<M: Memory> Thread<M> {
    /// The token for a context.
    ///
    /// # Safety
    /// The running thread owns `ctx`, is attached, and no other token for it is in use.
    #[inline(always)]
    pub unsafe fn new(ctx: &Context<M>) -> Thread<M> {
        Thread { ctx: NonNull::from(ctx) }
    }

    /// Serves what the poll word asks for. `Err` when a signal handler or an asynchronous exception raised.
    #[cold]
    #[inline(never)]
    pub fn poll_slow(&mut self) -> Result<(), crate::object::Raise> {
        crate::safepoint::serve(self)
    }

    /// Polls: a load when nothing is asked.
    #[inline(always)]
    pub fn poll(&mut self) -> Result<(), crate::object::Raise> {
        if self.poll.load(Ordering::Relaxed) != 0 { self.poll_slow() } else { Ok(()) }
    }

    /// Runs `f` detached: it may block, and must not touch objects.
    pub fn blocking<R>(&mut self, f: impl FnOnce() -> R) -> R {
        M::detach(self);
        let result = f();
        M::attach(self);
        crate::threads::stay_if_over(self);
        result
    }

    /// Makes sure that native code may nest deeper; `RecursionError` otherwise. Call it in native code that calls
    /// itself through Python objects (repr, comparison, calls).
    #[inline]
    pub fn check_native_stack(&mut self) -> Result<(), crate::object::Raise> {
        let here = 0u8;
        if (&raw const here as usize) < self.native_limit.get() {
            return Err(self.recursion_error());
        }
        Ok(())
    }

    #[cold]
    fn recursion_error(&mut self) -> crate::object::Raise {
        self.raise(crate::exceptions::Kind::RecursionError, "maximum recursion depth exceeded")
    }

    /// Takes the exception on its way, leaving none.
    pub fn take_raised(&mut self) -> Obj<M> {
        // SAFETY: the cell owns its word.
        unsafe { Obj::from_word(self.raised.replace(Word::NULL)) }
    }
}
