//! Generators (and coroutines): a frame that can leave the register stack and come back.
//!
//! # States
//! | state | registers | next |
//! |---|---|---|
//! | created | saved | running (first `next`), finished (`close`, an exception thrown in) |
//! | suspended | saved | running |
//! | running | on the stack of the thread that runs it | suspended (`yield`), finished |
//! | finished | none | |
//!
//! The state is changed inside the generator's critical section only: a second runner finds `running` and gets
//! `ValueError: generator already executing`. Saved registers are counted, and published when the generator is shared.
//! A suspended frame stores its position as an index, never as a pointer into one thread's copy of the code.

use crate::args::Args;
use crate::code::CodeBody;
use crate::context::{Context, Thread};
use crate::exceptions::Kind;
use crate::interp::call::{push_entry, room};
use crate::interp::frame::{self, BELOW, Frame};
use crate::memory::Memory;
use crate::object::{Held, Layout, Locked, Obj, Object, Payload, R, Raise, Slot, Val};
use crate::types::build::Builder;
use crate::types::function::{Function, FunctionObj};
use crate::types::ids::{self, Builtin};
use crate::types::str::to_text;
use crate::types::tuple;
use crate::value::Word;

/// Where a generator is in its life.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Status {
    /// Not begun.
    Created,
    /// At a `yield`.
    Suspended,
    /// On some thread's stack.
    Running,
    /// Over.
    Finished,
}

/// What is left of the frame while it is not on a stack.
pub struct State<M: Memory> {
    status: Status,
    /// Index of the instruction to go on behind.
    pc: u32,
    /// Saved registers: owned and counted while created or suspended, stale otherwise.
    registers: Box<[Word]>,
    /// The exception that the generator handles itself, owned, or NULL.
    handled: Word,
    /// While running: what its resumer was handling, owned.
    outer: Word,
    _model: std::marker::PhantomData<fn(M)>,
}

impl<M: Memory> Drop for State<M> {
    fn drop(&mut self) {
        let owned: &[Word] = if self.owns_registers() { &self.registers } else { &[] };
        for &word in owned.iter().chain([&self.handled, &self.outer]) {
            if word.is_counted() {
                // SAFETY: the state owned the word.
                drop(unsafe { Obj::<M>::from_word(word) });
            }
        }
    }
}

impl<M: Memory> State<M> {
    fn owns_registers(&self) -> bool {
        matches!(self.status, Status::Created | Status::Suspended)
    }

    /// Ends the frame that is not on a stack; its registers are the caller's.
    fn end(&mut self) -> Box<[Word]> {
        let registers = if self.owns_registers() { std::mem::take(&mut self.registers) } else { Box::default() };
        self.status = Status::Finished;
        registers
    }
}

/// A generator, coroutine or asynchronous generator.
pub struct Generator<M: Memory> {
    state: Locked<State<M>>,
    /// The function whose frame this is.
    function: Held<M>,
    name: Slot<M>,
    qualname: Slot<M>,
}

/// A generator object.
pub type GeneratorObj<M> = Object<M, Generator<M>>;

// SAFETY: the layout is this struct's alone; all references are visited.
unsafe impl<M: Memory> Payload<M> for Generator<M> {
    const SHAPE: u32 = ids::GENERATOR;
    const LAYOUT: Layout = Layout::Generator;
    fn visit(&self, f: &mut dyn FnMut(Word)) {
        f(self.function.word());
        f(self.name.word());
        f(self.qualname.word());
        // SAFETY: visitors run with the world stopped or on private objects.
        let state = unsafe { self.state.peek() };
        if state.owns_registers() {
            state.registers.iter().for_each(|&w| f(w));
        }
        f(state.handled);
        f(state.outer);
    }
    fn clear(&self, t: &mut Thread<M>, head: &M::Header) {
        let old =
            self.state.with::<M, _>(t, head, |s| if s.status == Status::Running { Box::default() } else { s.end() });
        old.into_iter().for_each(|w| release(t, w));
    }
}

fn release<M: Memory>(ctx: &Context<M>, word: Word) {
    if word.is_counted() {
        // SAFETY: the callers hand over what they owned.
        unsafe { M::release(ctx, word) }
    }
}

fn view<M: Memory>(obj: &Obj<M>) -> &GeneratorObj<M> {
    // SAFETY: the callers have seen the layout.
    unsafe { obj.cast_unchecked() }
}

impl<M: Memory> Generator<M> {
    fn function(&self) -> &FunctionObj<M> {
        // SAFETY: always a function.
        unsafe { self.function.cast_unchecked::<Function<M>>() }
    }

    fn code(&self) -> &CodeBody<M> {
        &self.function().body.code().body
    }
}

/// Must a dying generator be closed first (it stands inside a `try` or `with`)?
pub fn needs_close<M: Memory>(at: *mut u8) -> bool {
    // SAFETY: called for dying generators only; nobody else reaches them.
    let body = unsafe { &(*at.cast::<GeneratorObj<M>>()).body };
    // SAFETY: as above.
    let state = unsafe { body.state.peek() };
    state.status == Status::Suspended && body.code().code.handler(state.pc).is_some()
}

/// `ReturnGenerator`: a generator that takes the registers of the running frame over.
pub fn from_frame<M: Memory>(t: &mut Thread<M>) -> Obj<M> {
    let frame = Frame::current(t).expect("an instruction runs in a frame");
    let (code, pc, base) = (frame.code(), frame.pc(), frame.base());
    let f = frame.function_obj();
    let own = |slot: &Slot<M>| slot.get(t).map_or_else(Slot::empty, |v| Slot::fresh(v.own()));
    let body = &frame.function().body;
    let (name, qualname) = (own(&body.name), own(&body.qualname));
    let shape = match (code.code.flags.coroutine, code.code.flags.async_generator) {
        (false, _) => ids::GENERATOR,
        (true, false) => ids::COROUTINE,
        (true, true) => ids::ASYNC_GENERATOR,
    };
    // SAFETY: the registers are the running frame's, which gives them up; its temporaries are dead.
    let registers = unsafe { save_new(t, base, code.nlocals as usize, code.nregs as usize) };
    let state = State {
        status: Status::Created,
        pc,
        registers,
        handled: Word::NULL,
        outer: Word::NULL,
        _model: std::marker::PhantomData,
    };
    let generator = Generator { state: Locked::new(state), function: Held::fresh(f), name, qualname };
    t.alloc_shape(shape, size_of::<GeneratorObj<M>>(), generator)
}

/// Moves registers out of a window for the heap, leaving no pointers behind: counted.
///
/// # Safety
/// The window is the running frame's, which is being suspended; `saved` has room for `n` words.
#[inline(always)]
unsafe fn save<M: Memory>(ctx: &Context<M>, base: *mut Word, saved: *mut Word, n: usize) {
    for i in 0..n {
        // SAFETY: by the caller's word.
        unsafe {
            let mut word = *base.add(i);
            if word.is_ptr() {
                *base.add(i) = Word(0);
                if !word.is_counted() {
                    word = M::retain(ctx, word);
                }
            }
            *saved.add(i) = word;
        }
    }
}

/// As [`save`], for a generator that is shared: what it holds is published first.
///
/// # Safety
/// As [`save`]; `saved` is as long as the window.
#[cold]
#[inline(never)]
unsafe fn save_shared<M: Memory>(ctx: &Context<M>, base: *mut Word, saved: &mut [Word]) {
    // SAFETY: by the caller's word.
    unsafe {
        for i in 0..saved.len() {
            M::publish(ctx, *base.add(i));
        }
        save(ctx, base, saved.as_mut_ptr(), saved.len());
    }
}

/// The first `live` registers of a window, moved out as [`save`] does, and clean ones behind them.
///
/// # Safety
/// As [`save`].
unsafe fn save_new<M: Memory>(ctx: &Context<M>, base: *mut Word, live: usize, n: usize) -> Box<[Word]> {
    let mut saved = Box::<[Word]>::new_uninit_slice(n);
    // SAFETY: by the caller's word; every word of the box is written.
    unsafe {
        save(ctx, base, saved.as_mut_ptr().cast(), live);
        saved[live..].fill(std::mem::MaybeUninit::new(Word(0)));
        saved.assume_init()
    }
}

/// Suspends the running generator frame at its `Yield` and pops it. Where it was resumed by an instruction of the frame
/// below (`INLINE`), the loop sets `pc` and `top` itself.
///
/// # Safety
/// `base` is the running frame, a generator's, and `code` its code.
#[inline(never)]
pub unsafe fn suspend<M: Memory>(t: &mut Thread<M>, code: &CodeBody<M>, base: *mut Word) {
    // SAFETY: (block) the frame is a generator's: its companion is the generator; it is popped once.
    unsafe {
        let pc = t.pc.get().offset_from(M::instructions(t, code).cast::<u64>()) as u32;
        let link = *base.sub(3);
        let generator = std::mem::replace(&mut *base.sub(4), Word(0));
        let g = &*generator.address().cast::<GeneratorObj<M>>();
        let shared = M::is_shared(t, &g.head);
        let handled = t.handled.get();
        let leftover = g.body.state.with::<M, _>(t, &g.head, |s| {
            let outer = std::mem::replace(&mut s.outer, Word::NULL);
            if shared {
                save_shared(t, base, &mut s.registers);
            } else {
                save(t, base, s.registers.as_mut_ptr(), s.registers.len());
            }
            s.pc = pc;
            s.status = Status::Suspended;
            t.handled.set(outer);
            if handled.is(outer) { handled } else { std::mem::replace(&mut s.handled, handled) }
        });
        release(t, leftover);
        crate::interp::unwind::take_register(t, base.sub(1));
        if frame::link_flags(link) & frame::ENTRY != 0 {
            crate::interp::unwind::pop(t, base, link);
        } else {
            // As `pop`, but for what the loop loads anew itself.
            t.depth.set(t.depth.get() - 1);
            t.frame.set(base.sub(frame::link_down(link)));
        }
        release(t, generator);
    }
}

/// Stands for "what the resumer handles" among what the handlers of a generator save: whoever resumes it later handles
/// something else. No exception looks like it.
const OUTSIDE: Word = Word::ELLIPSIS;

/// What a handler saves (`PushExc`) of the exception handled before: in a generator's own frame, [`OUTSIDE`] when that
/// was its resumer's.
///
/// # Safety
/// `base` is the running frame's.
pub unsafe fn mark_outside<M: Memory>(ctx: &Context<M>, base: *mut Word, previous: Word) -> Word {
    // SAFETY: (block) the caller's promise: there are words below the frame. The companion of a generator's frame is the generator.
    let outer = unsafe {
        if frame::link_flags(*base.sub(3)) & frame::GENERATOR == 0 {
            return previous;
        }
        let generator = Val::<M>::new(*base.sub(4));
        let g = view(&generator);
        g.body.state.with::<M, _>(ctx, &g.head, |s| s.outer)
    };
    if !previous.is(outer) {
        return previous;
    }
    release(ctx, previous);
    OUTSIDE
}

/// The inverse, for `PopExc`: an owned word.
///
/// # Safety
/// `base` is the running frame's.
pub unsafe fn from_mark<M: Memory>(ctx: &Context<M>, base: *mut Word, saved: Word) -> Word {
    if saved != OUTSIDE {
        return saved;
    }
    // SAFETY: (block) as in `mark_outside`, which alone makes the mark; the state owns the word.
    unsafe {
        let generator = Val::<M>::new(*base.sub(4));
        let g = view(&generator);
        g.body.state.with::<M, _>(ctx, &g.head, |s| M::retain(ctx, s.outer))
    }
}

/// The generator's frame is gone: it returned or raised.
pub fn finished<M: Memory>(t: &mut Thread<M>, generator: &Obj<M>, raised: bool) {
    let g = view(generator);
    let outer = g.body.state.with::<M, _>(t, &g.head, |s| {
        s.status = Status::Finished;
        std::mem::replace(&mut s.outer, Word::NULL)
    });
    let old = t.handled.replace(outer);
    release(t, old);
    if raised && t.raised_is(Kind::StopIteration) {
        let exc = t.take_raised();
        let coroutine = generator.shape() != ids::GENERATOR;
        let what = if coroutine { "coroutine" } else { "generator" };
        let _ = t.raise(Kind::RuntimeError, format!("{what} raised StopIteration"));
        let error = t.take_raised();
        t.set_context(&error, exc.clone());
        t.set_cause(&error, exc);
        let _ = t.set_raised(error);
    }
}

/// Puts the saved registers at `base` with `sent` where the `yield` wants it; marks the generator running. `None` when
/// it is finished. With `moved` it must still stand at the first of the two instructions, and goes on at the second.
#[inline(always)]
fn restore<M: Memory>(
    t: &mut Thread<M>,
    obj: &Obj<M>,
    base: *mut Word,
    sent: Word,
    moved: Option<(u32, u32)>,
) -> Result<Option<u32>, Raise> {
    let g = view(obj);
    let code = g.body.code();
    room(t, base, code.nregs as usize)?;
    enum Got {
        At(u32, bool, Word),
        Finished,
        Busy,
    }
    let outer = {
        let handled = t.handled.get();
        // SAFETY: the context owns the word, so it is valid.
        unsafe { M::retain(t, handled) }
    };
    let got = g.body.state.with::<M, _>(t, &g.head, |s| match s.status {
        Status::Finished => Got::Finished,
        Status::Running => Got::Busy,
        _ if moved.is_some_and(|(from, _)| s.pc != from) => Got::Busy,
        Status::Created | Status::Suspended => {
            let first = s.status == Status::Created;
            s.status = Status::Running;
            s.outer = outer;
            let own = std::mem::replace(&mut s.handled, Word::NULL);
            // SAFETY: `room` has checked the window, which takes the words over.
            unsafe { std::ptr::copy_nonoverlapping(s.registers.as_ptr(), base, s.registers.len()) }
            Got::At(moved.map_or(s.pc, |(_, to)| to), first, own)
        }
    });
    match got {
        Got::At(pc, first, own) => {
            // SAFETY: `room` has checked the window; the instruction is inside the code.
            unsafe {
                if own != Word::NULL {
                    let old = t.handled.replace(own);
                    release(t, old);
                }
                if first {
                    if sent != Word::NONE {
                        release(t, sent);
                    }
                } else {
                    let instr = code.code.instrs[pc as usize];
                    let at = base.add(instr.a() as usize);
                    let old = std::mem::replace(&mut *at, sent);
                    release(t, old);
                }
            }
            Ok(Some(pc))
        }
        Got::Finished => {
            release(t, outer);
            release(t, sent);
            Ok(None)
        }
        Got::Busy => {
            release(t, outer);
            release(t, sent);
            let what = kind_name(obj);
            Err(t.raise(Kind::ValueError, format!("{what} already executing")))
        }
    }
}

fn kind_name<M: Memory>(obj: &Obj<M>) -> &'static str {
    match obj.shape() {
        ids::COROUTINE => "coroutine",
        ids::ASYNC_GENERATOR => "asynchronous generator",
        _ => "generator",
    }
}

/// For the loop: makes the generator's frame, above that of the `ForLoop` or `Send` at `pc`, the running one. Gives the
/// instruction to go on with; `None` when the generator is finished.
///
/// # Safety
/// `pc` is the instruction that the running frame executes.
#[inline(never)]
pub unsafe fn resume_inline<M: Memory>(
    t: &mut Thread<M>,
    obj: &Obj<M>,
    pc: *mut u64,
    sent: Word,
) -> Result<Option<*mut u64>, Raise> {
    // SAFETY: the first free register and the words below it, which `restore` has checked; by the caller's word.
    unsafe {
        let base = t.top.get().add(BELOW);
        let Some(at) = restore(t, obj, base, sent, None)? else { return Ok(None) };
        let body = &view(obj).body;
        let code = body.code();
        // The register of the frame below holds the generator, and the generator its function, as long as this frame
        // runs: neither is counted here.
        *base.sub(4) = obj.word().as_uncounted();
        let down = base.offset_from(t.frame.get()) as usize;
        *base.sub(3) = frame::link(down, 0, frame::GENERATOR | frame::INLINE);
        *base.sub(2) = Word(pc.add(1) as u64);
        *base.sub(1) = body.function.word().as_uncounted();
        t.frame.set(base);
        t.depth.set(t.depth.get() + 1);
        t.top.set(base.add(code.nregs as usize));
        Ok(Some(M::instructions(t, code).add(at as usize + 1).cast()))
    }
}

/// What a generator did when it was resumed.
pub enum Resumed<M: Memory> {
    /// It yielded this.
    Yielded(Obj<M>),
    /// It returned this (or was finished before: `None`).
    Returned(Obj<M>),
}

/// Resumes from native code.
pub fn resume<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, sent: Obj<M>) -> Result<Resumed<M>, Raise> {
    t.check_native_stack()?;
    // SAFETY: the first free register and the words below it.
    let base = unsafe { t.top.get().add(BELOW) };
    let Some(pc) = restore(t, obj, base, sent.into_word(), None)? else { return spent(t, obj) };
    // SAFETY: the registers are in place; the instruction behind a `Yield` or the first one is inside the code.
    let value = unsafe {
        enter(t, obj, base);
        let start = M::instructions(t, view(obj).body.code());
        crate::interp::run(t, start.add(pc as usize + 1))?
    };
    Ok(left(t, value))
}

/// Resuming what is finished: nothing more comes, but a coroutine is awaited once only.
fn spent<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> Result<Resumed<M>, Raise> {
    if obj.shape() == ids::COROUTINE {
        return Err(t.raise(Kind::RuntimeError, "cannot reuse already awaited coroutine"));
    }
    Ok(Resumed::Returned(Obj::NONE))
}

/// May the generator be awaited (`types.coroutine`)?
pub fn is_awaitable<M: Memory>(obj: &Obj<M>) -> bool {
    obj.shape() == ids::COROUTINE
        || obj.shape() == ids::GENERATOR && view(obj).body.code().code.flags.iterable_coroutine
}

/// Makes the generator's frame, whose registers are in place, the running one.
///
/// # Safety
/// `base` is behind everything in use.
unsafe fn enter<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, base: *mut Word) {
    // SAFETY: by the caller's word.
    unsafe {
        let g = view(obj);
        let f = (*g.body.function).clone().into_word();
        push_entry(t, base, f, obj.clone().into_word(), frame::GENERATOR);
        t.top.set(base.add(g.body.code().nregs as usize));
    }
}

fn status<M: Memory>(t: &Thread<M>, obj: &Obj<M>) -> Status {
    let g = view(obj);
    g.body.state.with::<M, _>(t, &g.head, |s| s.status)
}

/// How the frame that has just left the loop with `value` left it. The state does not tell: another thread may have
/// resumed the generator since.
fn left<M: Memory>(t: &Thread<M>, value: Obj<M>) -> Resumed<M> {
    if t.yielded.replace(false) { Resumed::Yielded(value) } else { Resumed::Returned(value) }
}

/// Ends a generator that was never started. Was it one?
fn end_unstarted<M: Memory>(t: &Thread<M>, obj: &Obj<M>) -> bool {
    let g = view(obj);
    let old = g.body.state.with::<M, _>(t, &g.head, |s| (s.status == Status::Created).then(|| s.end()));
    let unstarted = old.is_some();
    old.into_iter().flatten().for_each(|w| release(t, w));
    unstarted
}

/// Throws the pending exception into a generator at its `yield`.
fn resume_raising<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> Result<Resumed<M>, Raise> {
    t.check_native_stack()?;
    if end_unstarted(t, obj) {
        return Err(Raise(()));
    }
    let pending = t.take_raised();
    // SAFETY: the first free register and the words below it.
    let base = unsafe { t.top.get().add(BELOW) };
    let Some(pc) = restore(t, obj, base, Word::NONE, None)? else {
        spent(t, obj)?;
        return Err(t.set_raised(pending));
    };
    // SAFETY: the registers are in place; the frame stands at its `Yield`.
    let value = unsafe {
        enter(t, obj, base);
        let start = M::instructions(t, view(obj).body.code());
        t.pc.set(start.add(pc as usize).cast());
        let context = t.handled_exception();
        if let Some(context) = context {
            t.set_context(&pending, context);
        }
        let _ = t.set_raised(pending);
        match crate::interp::unwind::unwind(t) {
            crate::interp::unwind::Found::Handler(at) => {
                let base = t.frame.get();
                let code = view(obj).body.code();
                t.top.set(base.add(code.nregs as usize));
                crate::interp::run(t, at.cast_mut())?
            }
            crate::interp::unwind::Found::Leave => return Err(Raise(())),
        }
    };
    Ok(left(t, value))
}

/// The iterator that a suspended generator delegates to.
fn delegate<M: Memory>(t: &Thread<M>, obj: &Obj<M>) -> Option<Obj<M>> {
    let g = view(obj);
    let instrs = &g.body.code().code.instrs;
    g.body.state.with::<M, _>(t, &g.head, |s| {
        let instr = instrs.get(s.pc as usize).filter(|_| s.status == Status::Suspended)?;
        let register = (instr.c() as usize).checked_sub(1)?;
        let word = *s.registers.get(register)?;
        // SAFETY: the state owns the word; the section keeps it there.
        Some(unsafe { crate::object::Val::<M>::new(word) }.own())
    })
}

/// `generator.__next__`: `None` at the end; a return value is kept for [`take_stop_value`].
fn next<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> Result<Option<Obj<M>>, Raise> {
    match resume(t, obj, Obj::NONE)? {
        Resumed::Yielded(value) => Ok(Some(value)),
        Resumed::Returned(value) if value.is_none() => Ok(None),
        Resumed::Returned(value) => {
            // A value must reach whoever asks for `StopIteration.value`: raised in full.
            Err(t.raise_stop(value))
        }
    }
}

/// The value of the `StopIteration` that `next` has left out: none.
pub fn take_stop_value<M: Memory>(_: &mut Thread<M>) -> Obj<M> {
    Obj::NONE
}

/// Sends into a generator: whether it ended, and the value; `None` when `obj` is no generator.
pub fn send<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, value: &Obj<M>) -> Result<Option<(bool, Obj<M>)>, Raise> {
    if !matches!(obj.shape(), ids::GENERATOR | ids::COROUTINE) {
        return Ok(None);
    }
    Ok(Some(match resume(t, obj, value.clone())? {
        Resumed::Yielded(value) => (false, value),
        Resumed::Returned(value) => (true, value),
    }))
}

fn deliver<M: Memory>(t: &mut Thread<M>, resumed: Resumed<M>) -> R<M> {
    match resumed {
        Resumed::Yielded(value) => Ok(value),
        Resumed::Returned(value) => Err(t.raise_stop(value)),
    }
}

fn send_method<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    if status(t, &args[0]) == Status::Created && !args[1].is_none() {
        let what = kind_name(&args[0]);
        return Err(t.raise(Kind::TypeError, format!("can't send non-None value to a just-started {what}")));
    }
    let resumed = resume(t, &args[0], args[1].clone())?;
    deliver(t, resumed)
}

fn throw_method<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let exc = match args.some(2) {
        Some(value) if args[1].cast::<crate::types::Type<M>>().is_some() && !t.isinstance(value, &args[1])? => {
            let items = if value.shape() == ids::TUPLE { tuple::items(value).to_vec() } else { vec![value.clone()] };
            t.call(&args[1].clone(), &items)?
        }
        Some(value) => value.clone(),
        None => match t.exception_from(&args[1]) {
            Err(_) if t.raised_is(Kind::TypeError) && crate::types::exception::exception(&args[1]).is_none() => {
                t.clear_raised();
                let class = t.class_name(&args[1]);
                let message =
                    format!("exceptions must be classes or instances deriving from BaseException, not {class}");
                return Err(t.raise(Kind::TypeError, message));
            }
            made => made?,
        },
    };
    let resumed = throw(t, &args[0], exc)?;
    deliver(t, resumed)
}

/// Throws an exception in: first into the iterator that the generator delegates to.
pub fn throw<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, exc: Obj<M>) -> Result<Resumed<M>, Raise> {
    let Some(inner) = delegate(t, obj) else {
        let _ = t.set_raised(exc);
        return resume_raising(t, obj);
    };
    if t.is_exception(&exc, Kind::GeneratorExit) {
        let closed = close_iterator(t, &inner);
        if closed.is_err() {
            return resume_raising(t, obj);
        }
        let _ = t.set_raised(exc);
        return resume_raising(t, obj);
    }
    let result = if inner.shape() == ids::GENERATOR || inner.shape() == ids::COROUTINE {
        throw(t, &inner, exc)
    } else {
        match t.getattr_opt_str(&inner, "throw")? {
            None => {
                let _ = t.set_raised(exc);
                return resume_raising(t, obj);
            }
            Some(f) => match t.call(&f, &[exc]) {
                Ok(value) => Ok(Resumed::Yielded(value)),
                Err(_) if t.raised_is(Kind::StopIteration) => {
                    let stop = t.take_raised();
                    t.getattr_str(&stop, "value").map(Resumed::Returned)
                }
                Err(e) => Err(e),
            },
        }
    };
    match result {
        Ok(Resumed::Yielded(value)) => Ok(Resumed::Yielded(value)),
        Ok(Resumed::Returned(value)) => resume_after_delegate(t, obj, value),
        Err(_) => resume_raising(t, obj),
    }
}

/// The delegate ended inside `throw`: the generator goes on where its `Send` would have jumped.
fn resume_after_delegate<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, value: Obj<M>) -> Result<Resumed<M>, Raise> {
    let g = view(obj);
    let code = &g.body.code().code;
    let at = g.body.state.with::<M, _>(t, &g.head, |s| s.pc);
    // Behind the `Yield` stands the jump back to its `Send`, which knows where the end is.
    let jump = code.instrs[at as usize + 1];
    let send = (at as i64 + 1 + jump.bc() as i32 as i64) as usize;
    let target = send as i64 + code.instrs[send].c() as i16 as i64;
    // SAFETY: the first free register and the words below it.
    let base = unsafe { t.top.get().add(BELOW) };
    if restore(t, obj, base, value.into_word(), Some((at, send as u32)))?.is_none() {
        return Ok(Resumed::Returned(Obj::NONE));
    }
    // SAFETY: the registers are in place; the target is an instruction of the code.
    let value = unsafe {
        enter(t, obj, base);
        let start = M::instructions(t, view(obj).body.code());
        crate::interp::run(t, start.add(target as usize))?
    };
    Ok(left(t, value))
}

fn close_iterator<M: Memory>(t: &mut Thread<M>, it: &Obj<M>) -> Result<(), Raise> {
    if matches!(it.shape(), ids::GENERATOR | ids::COROUTINE) {
        return close(t, it).map(drop);
    }
    match t.getattr_opt_str(it, "close")? {
        Some(f) => t.call(&f, &[]).map(drop),
        None => Ok(()),
    }
}

/// `generator.close()`
pub fn close<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    if end_unstarted(t, obj) || status(t, obj) == Status::Finished {
        return Ok(Obj::NONE);
    }
    let exc = t.new_exception(Kind::GeneratorExit, Vec::new());
    match throw(t, obj, exc) {
        Ok(Resumed::Yielded(_)) => {
            let what = kind_name(obj);
            Err(t.raise(Kind::RuntimeError, format!("{what} ignored GeneratorExit")))
        }
        Ok(Resumed::Returned(value)) => Ok(value),
        Err(_) if t.raised_is(Kind::GeneratorExit) || t.raised_is(Kind::StopIteration) => {
            t.clear_raised();
            Ok(Obj::NONE)
        }
        Err(e) => Err(e),
    }
}

fn finalize<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) {
    if close(t, obj).is_err() {
        t.report_unraisable(obj);
    }
}

fn repr<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    let name = view(obj).body.qualname.get(t).map(|n| to_text(&n).into_owned()).unwrap_or_default();
    let what = match obj.shape() {
        ids::COROUTINE => "coroutine",
        ids::ASYNC_GENERATOR => "async_generator",
        _ => "generator",
    };
    Ok(t.string(format!("<{what} object {name} at {:#x}>", obj.word().address() as usize)))
}

fn text_attribute<'a, M: Memory>(b: Builder<'a, M>, name: &'static str, qualified: bool) -> Builder<'a, M> {
    fn slot<M: Memory>(g: &Generator<M>, qualified: bool) -> &Slot<M> {
        if qualified { &g.qualname } else { &g.name }
    }
    fn set<M: Memory>(t: &mut Thread<M>, o: &Obj<M>, v: Option<&Obj<M>>, qualified: bool) -> Result<(), Raise> {
        let Some(v) = v.filter(|v| crate::types::str::view(v).is_some()) else {
            let name = if qualified { "__qualname__" } else { "__name__" };
            return Err(t.raise(Kind::TypeError, format!("{name} must be set to a string object")));
        };
        let g = view(o);
        let old = slot(&g.body, qualified).set(&g.section(t), &g.head, v.clone());
        drop(old);
        Ok(())
    }
    if qualified {
        b.getset(
            name,
            |t, o| Ok(slot(&view(o).body, true).get(t).map_or(Obj::NONE, |v| v.own())),
            Some(|t, o, v| set(t, o, v, true)),
        )
    } else {
        b.getset(
            name,
            |t, o| Ok(slot(&view(o).body, false).get(t).map_or(Obj::NONE, |v| v.own())),
            Some(|t, o, v| set(t, o, v, false)),
        )
    }
}

fn code_attribute<M: Memory>(t: &mut Thread<M>, o: &Obj<M>) -> R<M> {
    let _ = t;
    Ok(view(o).body.function().body.code().to_obj())
}

fn running<M: Memory>(t: &mut Thread<M>, o: &Obj<M>) -> R<M> {
    Ok(Obj::bool(status(t, o) == Status::Running))
}

fn suspended<M: Memory>(t: &mut Thread<M>, o: &Obj<M>) -> R<M> {
    Ok(Obj::bool(status(t, o) == Status::Suspended))
}

/// `gi_frame`; None when the generator is finished.
fn frame_attribute<M: Memory>(t: &mut Thread<M>, o: &Obj<M>) -> R<M> {
    let g = view(o);
    let (status, pc, registers) = g.body.state.with::<M, _>(t, &g.head, |s| {
        // SAFETY: the state owns the words; the section keeps them there.
        let own = |w: &Word| unsafe { crate::object::Val::<M>::new(*w) }.own();
        let saved: &[Word] = if s.owns_registers() { &s.registers } else { &[] };
        (s.status, s.pc, saved.iter().map(own).collect::<Vec<_>>())
    });
    Ok(match status {
        Status::Finished => Obj::NONE,
        Status::Running => crate::types::frame::of_running(t, o).unwrap_or(Obj::NONE),
        Status::Created | Status::Suspended => crate::types::frame::of_suspended(t, &g.body.function, pc, &registers),
    })
}

fn delegate_attribute<M: Memory>(t: &mut Thread<M>, o: &Obj<M>) -> R<M> {
    Ok(delegate(t, o).unwrap_or(Obj::NONE))
}

/// Defines `generator` and `coroutine`.
pub fn define<M: Memory>(t: &mut Thread<M>) {
    let b = Builder::new::<Generator<M>>(t, Builtin::Generator, "generator")
        .is_final()
        .flag(crate::types::flags::FINALIZER | crate::types::flags::WEAKREFABLE)
        .slots(|s| {
            s.iter.set(Some(|_, o| Ok(o.clone())));
            s.next.set(Some(next));
            s.repr.set(Some(repr));
            s.del.set(Some(finalize));
        })
        .method("send(self, value, /)", send_method)
        .method("throw(self, typ, val=None, tb=None, /)", throw_method)
        .method("close(self, /)", |t, a| close(t, &a[0]))
        .getter("gi_code", code_attribute)
        .getter("gi_running", running)
        .getter("gi_suspended", suspended)
        .getter("gi_yieldfrom", delegate_attribute)
        .getter("gi_frame", frame_attribute);
    let b = text_attribute(b, "__name__", false);
    text_attribute(b, "__qualname__", true).finish();
    let b = Builder::new::<Generator<M>>(t, Builtin::Coroutine, "coroutine")
        .is_final()
        .flag(crate::types::flags::FINALIZER | crate::types::flags::WEAKREFABLE)
        .slots(|s| {
            s.repr.set(Some(repr));
            s.del.set(Some(finalize));
        })
        .method("send(self, value, /)", send_method)
        .method("throw(self, typ, val=None, tb=None, /)", throw_method)
        .method("close(self, /)", |t, a| close(t, &a[0]))
        .method("__await__(self, /)", |_, a| Ok(a[0].clone()))
        .getter("cr_code", code_attribute)
        .getter("cr_running", running)
        .getter("cr_suspended", suspended)
        .getter("cr_await", delegate_attribute)
        .getter("cr_frame", frame_attribute);
    let b = text_attribute(b, "__name__", false);
    text_attribute(b, "__qualname__", true).finish();
    let b = Builder::new::<Generator<M>>(t, Builtin::AsyncGenerator, "async_generator")
        .is_final()
        .slots(|s| s.repr.set(Some(repr)))
        .method("__aiter__(self, /)", |_, a| Ok(a[0].clone()))
        .getter("ag_code", code_attribute)
        .getter("ag_running", running);
    text_attribute(b, "__name__", false).finish();
}
