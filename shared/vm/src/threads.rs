//! The threads of an interpreter: starting, joining, and the end of the program.
//!
//! # Life of a thread
//! | state of its handle | who moves it on |
//! |---|---|
//! | `New` | the thread that starts it, to `Starting` |
//! | `Starting` | the new thread to `Running`, or the starter back to `New` when the system refuses |
//! | `Running` | the thread itself, as its last act but leaving, to `Done` |
//! | `Done` | nobody |
//!
//! # Invariants
//! 1. Before a second thread may run, everything that it could find is published: the interpreter's roots, the targets
//!    of weak references, and what is handed to the thread.
//! 2. A thread's context is listed from before it runs Python until after its last detach.
//! 3. Once the program is over ([`ThreadTable::end`]), no thread but the one that ends it runs Python again: whoever
//!    attaches or polls afterwards stays there.

use std::marker::PhantomData;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::locks::{Condvar, Mutex};
use rustc_hash::FxHashMap;

use crate::args::Call;
use crate::context::{Context, Thread, poll};
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::object::{Obj, Raise};
use crate::value::Word;

/// State of a thread as its handle shows it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    /// Not started.
    New,
    /// The system is asked for a thread.
    Starting,
    /// Runs.
    Running,
    /// Will run no more Python.
    Done,
}

/// What a handle and its thread share.
pub struct Life {
    /// Guarded by the mutex.
    state: Mutex<State>,
    changed: Condvar,
    /// Set before `Running`.
    ident: AtomicU64,
    /// Set once, before the start.
    daemon: AtomicBool,
}

impl Default for Life {
    fn default() -> Self {
        Life {
            state: Mutex::new(State::New),
            changed: Condvar::new(),
            ident: AtomicU64::new(0),
            daemon: AtomicBool::new(false),
        }
    }
}

impl Life {
    /// A thread that runs already.
    pub fn running(ident: u64) -> Arc<Life> {
        let life = Life::default();
        life.ident.store(ident, Ordering::Relaxed);
        life.set(State::Running);
        Arc::new(life)
    }

    /// The state.
    pub fn state(&self) -> State {
        *self.state.lock()
    }

    /// Moves on and wakes who waits for it.
    pub fn set(&self, state: State) {
        *self.state.lock() = state;
        self.changed.notify_all();
    }

    /// Moves on from a state that it must be in; false when it is not.
    pub fn advance(&self, from: State, to: State) -> bool {
        let mut state = self.state.lock();
        let fits = *state == from;
        if fits {
            *state = to;
        }
        fits
    }

    /// The thread's identity, 0 before it runs.
    pub fn ident(&self) -> u64 {
        self.ident.load(Ordering::Relaxed)
    }

    /// Waits until the thread is done or the time has come. Blocks: only while detached.
    fn wait_done(&self, until: Option<Instant>) -> bool {
        let mut state = self.state.lock();
        while *state != State::Done {
            match until {
                None => self.changed.wait(&mut state),
                Some(until) => {
                    if self.changed.wait_until(&mut state, until).timed_out() {
                        return *state == State::Done;
                    }
                }
            }
        }
        true
    }
}

/// How long the main thread waits before it looks for signals.
pub const SIGNAL_SLICE: Duration = Duration::from_millis(40);

/// Blocks until `f` answers something, in slices short enough for signals on the main thread. `f` gets the time until
/// which it may block; `None` from it means that the time has come. The result is `None` when `until` has passed.
pub fn wait<M: Memory, A>(
    t: &mut Thread<M>,
    until: Option<Instant>,
    f: impl Fn(Option<Instant>) -> Option<A>,
) -> Result<Option<A>, Raise> {
    loop {
        let slice = if t.is_main { Some(Instant::now() + SIGNAL_SLICE) } else { None };
        let end = match (until, slice) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        if let Some(answer) = t.blocking(|| f(end)) {
            return Ok(Some(answer));
        }
        t.poll()?;
        if until.is_some_and(|u| Instant::now() >= u) {
            return Ok(None);
        }
    }
}

/// All threads of an interpreter.
pub struct ThreadTable<M: Memory> {
    /// A second thread was started some time. Only ever set, before that thread exists.
    started: AtomicBool,
    /// Identity of the thread that ends the program, 0 while it runs.
    over: AtomicU64,
    /// Latest identity given out.
    last_ident: AtomicU64,
    /// Identity of the main thread.
    main: AtomicU64,
    /// Threads that were started and are not done.
    running: AtomicUsize,
    /// Bytes of native stack for new threads; 0 for the usual.
    pub stack_size: AtomicUsize,
    /// Lives and contexts by identity. Guarded by the mutex.
    listed: Mutex<FxHashMap<u64, Listed<M>>>,
    /// Thread-local objects that died, so that other threads drop what they hold for them. Guarded by the mutex.
    dead_locals: Mutex<Vec<u64>>,
    /// Number of those ever; tells a thread that there are new ones.
    pub dead_locals_count: AtomicUsize,
    /// Latest number of a thread-local object.
    last_local: AtomicU64,
    _model: PhantomData<fn(M)>,
}

struct Listed<M: Memory> {
    context: *const Context<M>,
    life: Option<Arc<Life>>,
}

// SAFETY: contexts are used through the list under its mutex only, while they are listed (invariant 2), and only for
// what other threads may do with a context: requests.
unsafe impl<M: Memory> Send for Listed<M> {}

impl<M: Memory> Default for ThreadTable<M> {
    fn default() -> Self {
        Self::new()
    }
}

impl<M: Memory> ThreadTable<M> {
    /// No threads.
    pub fn new() -> Self {
        ThreadTable {
            started: AtomicBool::new(false),
            over: AtomicU64::new(0),
            last_ident: AtomicU64::new(0),
            main: AtomicU64::new(0),
            running: AtomicUsize::new(0),
            stack_size: AtomicUsize::new(0),
            listed: Mutex::default(),
            dead_locals: Mutex::default(),
            dead_locals_count: AtomicUsize::new(0),
            last_local: AtomicU64::new(0),
            _model: PhantomData,
        }
    }

    /// A fresh identity.
    pub fn new_ident(&self) -> u64 {
        // Looks like the addresses that programs are used to, and is as unique.
        0x7000_0000_0000 + 0x1000 * (self.last_ident.fetch_add(1, Ordering::Relaxed) + 1)
    }

    /// May there be, or have been, a second thread?
    #[inline]
    pub fn started(&self) -> bool {
        self.started.load(Ordering::Relaxed)
    }

    /// Number of started threads that are not done.
    pub fn running(&self) -> usize {
        self.running.load(Ordering::Relaxed)
    }

    /// Identity of the main thread.
    pub fn main_ident(&self) -> u64 {
        self.main.load(Ordering::Relaxed)
    }

    /// Lists the context of the main thread.
    pub fn list(&self, ctx: &Context<M>) {
        self.main.store(ctx.ident, Ordering::Relaxed);
        self.list_with(ctx, None);
    }

    /// Lists a context before its thread runs Python.
    fn list_with(&self, ctx: &Context<M>, life: Option<Arc<Life>>) {
        self.listed.lock().insert(ctx.ident, Listed { context: ctx, life });
    }

    /// Takes a context off the list after its thread detached for the last time.
    pub fn unlist(&self, ctx: &Context<M>) {
        self.listed.lock().remove(&ctx.ident);
    }

    /// Asks a thread to poll; false when there is no such thread. Not for signal handlers (it locks).
    pub fn request(&self, ident: u64, bits: u32) -> bool {
        let listed = self.listed.lock();
        let Some(thread) = listed.get(&ident) else { return false };
        // SAFETY: listed contexts exist.
        unsafe { (*thread.context).request(bits) };
        true
    }

    /// Calls `f` with the context of every thread. The world is stopped.
    pub fn each(&self, f: &mut dyn FnMut(&Context<M>)) {
        for thread in self.listed.lock().values() {
            // SAFETY: listed contexts exist, and their threads do not run.
            f(unsafe { &*thread.context });
        }
    }

    /// Identities of all threads.
    pub fn idents(&self) -> Vec<u64> {
        self.listed.lock().keys().copied().collect()
    }

    /// Is the program over?
    pub fn is_over(&self) -> bool {
        self.over.load(Ordering::Acquire) != 0
    }

    /// The program ends on this thread: daemon threads run no more Python.
    pub fn end(&self, ctx: &Context<M>) {
        self.over.store(ctx.ident, Ordering::Release);
        for (&ident, thread) in self.listed.lock().iter() {
            if ident != ctx.ident {
                // SAFETY: listed contexts exist.
                unsafe { (*thread.context).request(poll::ASYNC) };
            }
        }
    }

    /// Forks the process by `f`; the child lists this thread only, and the others are done.
    pub(crate) fn fork(&self, ctx: &Context<M>, f: impl FnOnce() -> i32) -> i32 {
        let mut listed = self.listed.lock();
        let pid = f();
        if pid != 0 {
            return pid;
        }
        for (&ident, thread) in listed.iter() {
            if ident != ctx.ident
                && let Some(life) = &thread.life
            {
                // SAFETY: the child of a fork.
                unsafe { renew(&life.state) };
                life.set(State::Done);
            }
        }
        listed.retain(|&ident, _| ident == ctx.ident);
        self.running.store(0, Ordering::Relaxed);
        self.main.store(ctx.ident, Ordering::Relaxed);
        0
    }

    /// A number for a thread-local object.
    pub fn new_local(&self) -> u64 {
        self.last_local.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// A thread-local object died.
    pub fn local_died(&self, number: u64) {
        if self.started() {
            self.dead_locals.lock().push(number);
            // Release pairs with the acquire of readers of the count: they then find the number in the list.
            self.dead_locals_count.fetch_add(1, Ordering::Release);
        }
    }

    /// Numbers of thread-local objects that died since the first `seen`.
    pub fn dead_locals_since(&self, seen: usize) -> Vec<u64> {
        self.dead_locals.lock().get(seen..).map(<[u64]>::to_vec).unwrap_or_default()
    }
}

/// Makes a mutex free again, whoever held it.
///
/// # Safety
/// The process was just forked: the holder, if there was one, is not here.
pub unsafe fn renew<T>(mutex: &Mutex<T>) {
    // SAFETY: by the caller's word nobody else uses the mutex; its data moves into a new one at the same place.
    unsafe {
        let data = std::ptr::read(mutex.data_ptr());
        (&raw const *mutex).cast_mut().write(Mutex::new(data));
    }
}

/// Once the program is over, only the thread that ends it goes on; others stay here.
#[inline]
pub fn stay_if_over<M: Memory>(ctx: &Context<M>) {
    let over = ctx.interp.threads.over.load(Ordering::Acquire);
    if over != 0 && over != ctx.ident {
        stay(ctx);
    }
}

#[cold]
fn stay<M: Memory>(ctx: &Context<M>) -> ! {
    M::detach(ctx);
    loop {
        std::thread::park();
    }
}

/// A second thread may run from now on (invariant 1).
pub fn before_start<M: Memory>(t: &mut Thread<M>) {
    if t.interp.threads.started.swap(true, Ordering::SeqCst) {
        return;
    }
    M::before_first_thread(t);
    t.interp.weak.publish_all(t);
}

/// What a new thread starts with.
struct Start<M: Memory> {
    context: Box<Context<M>>,
    /// Function, argument tuple, keyword names and values: owned words.
    words: Vec<Word>,
    keywords: usize,
    life: Arc<Life>,
}

// SAFETY: the words are published and counted; the context is used by the new thread alone from now on.
unsafe impl<M: Memory> Send for Start<M> {}

const STACK: usize = 64 << 20;

/// Starts a thread that calls `f`; its identity.
pub fn start<M: Memory>(
    t: &mut Thread<M>,
    f: &Obj<M>,
    args: &[Obj<M>],
    keywords: &[(Obj<M>, Obj<M>)],
    life: Arc<Life>,
    daemon: bool,
) -> Result<u64, Raise> {
    before_start(t);
    let interp = t.interp.clone();
    if interp.threads.is_over() {
        return Err(t.raise(Kind::PythonFinalizationError, "can't create new thread at interpreter shutdown"));
    }
    let ident = interp.threads.new_ident();
    let names = keywords.iter().map(|k| &k.0);
    let values = keywords.iter().map(|k| &k.1);
    let words: Vec<Word> = std::iter::once(f).chain(args).chain(values).chain(names).map(|o| hand(t, o)).collect();
    life.daemon.store(daemon, Ordering::Relaxed);
    life.ident.store(ident, Ordering::Relaxed);
    life.set(State::Starting);
    let start = Start {
        context: Context::new(interp.clone(), ident, false),
        words,
        keywords: keywords.len(),
        life: life.clone(),
    };
    interp.threads.list_with(&start.context, Some(life.clone()));
    interp.threads.running.fetch_add(1, Ordering::Relaxed);
    let size = match interp.threads.stack_size.load(Ordering::Relaxed) {
        0 => STACK,
        n => n,
    };
    // The box crosses into the closure as a whole, so that it comes back when the system refuses.
    let parcel = Arc::new(Mutex::new(Some(start)));
    let theirs = parcel.clone();
    let made = t.blocking(|| {
        std::thread::Builder::new().stack_size(size).spawn(move || {
            let start = theirs.lock().take();
            drop(theirs);
            if let Some(start) = start {
                let guard = EndOnPanic;
                run(start, size);
                std::mem::forget(guard);
            }
        })
    });
    match made {
        Ok(_) => Ok(ident),
        Err(_) => {
            if let Some(start) = parcel.lock().take() {
                interp.threads.unlist(&start.context);
                // SAFETY: the words were made above.
                start.words.iter().for_each(|&w| drop(unsafe { Obj::<M>::from_word(w) }));
            }
            interp.threads.running.fetch_sub(1, Ordering::Relaxed);
            life.set(State::New);
            Err(t.raise(Kind::RuntimeError, "can't start new thread"))
        }
    }
}

/// An internal error leaves locks held and joins waiting: ends the process instead of letting it hang. The panic itself
/// has been reported when this is dropped.
struct EndOnPanic;

impl Drop for EndOnPanic {
    fn drop(&mut self) {
        eprintln!("parallax: internal error in a thread; please report it with the program that led here");
        std::process::abort();
    }
}

/// A counted, published word for another thread.
fn hand<M: Memory>(ctx: &Context<M>, obj: &Obj<M>) -> Word {
    let word = obj.clone().into_word();
    if word.is_ptr() {
        // SAFETY: the word is valid.
        unsafe { M::publish(ctx, word) }
    }
    word
}

/// The body of a thread.
fn run<M: Memory>(start: Start<M>, size: usize) {
    let Start { context, words, keywords, life } = start;
    let interp = context.interp.clone();
    let here = 0u8;
    context.native_limit.set((&raw const here as usize).saturating_sub(size - NATIVE_RESERVE));
    M::attach(&context);
    stay_if_over(&context);
    life.set(State::Running);
    {
        // SAFETY: this thread owns the context and is attached; the token is the only one.
        let mut t = unsafe { Thread::new(&context) };
        call(&mut t, words, keywords);
        // What the thread leaves may have finalisers, and those may leave something again.
        crate::finalize::run_pending(&mut t);
        let locals = t.locals.take();
        drop(locals);
        // SAFETY: (both) the cells own their words.
        unsafe {
            drop(Obj::<M>::from_word(t.handled.replace(Word::NONE)));
            drop(Obj::<M>::from_word(t.raised.replace(Word::NULL)));
        }
        crate::finalize::run_pending(&mut t);
    }
    M::detach(&context);
    interp.threads.unlist(&context);
    M::retire_thread(&context);
    if M::COUNTERS {
        interp.counted.lock().push(context.counters.snapshot());
    }
    drop(context);
    interp.threads.running.fetch_sub(1, Ordering::Relaxed);
    life.set(State::Done);
}

/// Native stack that stays free for code that does not check.
const NATIVE_RESERVE: usize = 512 << 10;

/// Calls the thread's function; what it raises is reported.
fn call<M: Memory>(t: &mut Thread<M>, words: Vec<Word>, keywords: usize) {
    // SAFETY: the words were made for this thread.
    let mut objs: Vec<Obj<M>> = words.into_iter().map(|w| unsafe { Obj::from_word(w) }).collect();
    let names = objs.split_off(objs.len() - keywords);
    let result = t.call_with(&objs[0], Call { slots: &objs[1..], names: &names });
    match result {
        Ok(value) => drop(value),
        Err(_) if t.raised_is(Kind::SystemExit) => t.clear_raised(),
        Err(_) => crate::finalize::unraisable(t, "Exception ignored in thread started by", &objs[0]),
    }
}

/// Waits for a thread; false when the time has come first.
pub fn join<M: Memory>(t: &mut Thread<M>, life: &Arc<Life>, until: Option<Instant>) -> Result<bool, Raise> {
    if life.state() == State::Done {
        return Ok(true);
    }
    let done = wait(t, until, |until| life.wait_done(until).then_some(()))?;
    Ok(done.is_some())
}

/// Waits for all threads that are no daemons (`threading._shutdown`).
pub fn join_all<M: Memory>(t: &mut Thread<M>) -> Result<(), Raise> {
    loop {
        let me = t.ident;
        let next = t.interp.threads.listed.lock().iter().find_map(|(&ident, thread)| {
            let life = thread.life.as_ref()?;
            (ident != me && !life.daemon.load(Ordering::Relaxed)).then(|| life.clone())
        });
        match next {
            Some(life) => join(t, &life, None)?,
            None => return Ok(()),
        };
    }
}
