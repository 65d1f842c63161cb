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
//! `ValueError: generator already executing`. Saved registers are counted (or lent, see
//! [`Memory::lend`]), and published when the generator is shared. A suspended frame stores its position as an index, never as a pointer into one thread's copy of the code.

mod attributes;
mod switch;
mod throw;

use std::cell::Cell;

use crate::args::Args;
use crate::code::CodeBody;
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::interp::frame;
use crate::memory::Memory;
use crate::object::{Held, Layout, Locked, Obj, Object, Payload, R, Raise, Slot, current};
use crate::types::build::Builder;
use crate::types::function::{Function, FunctionObj};
use crate::types::ids::{self, Builtin};
use crate::value::Word;
use attributes::{code_attribute, delegate_attribute, frame_attribute, repr, running, suspended, text_attribute};
pub use switch::{enter, finished, from_frame, from_mark, mark_outside, suspend};
use switch::{kind_name, release};
pub use throw::{close, throw};
use throw::{finalize, throw_method};

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

/// Words of the instruction at which a generator stands (`ReturnGenerator` or `Yield`): it goes on behind them.
const BEHIND: usize = 2;

/// The word of a saved register that nobody looks at again: the caller's if it is counted.
#[inline(always)]
fn given_up<M: Memory>(place: &Cell<Word>) -> Word {
    let word = place.get();
    if M::LENDS && word.is_ptr() && !word.is_counted() {
        // SAFETY: what is uncounted in the heap was lent; once, as nobody looks at it again.
        unsafe { M::end_loan(current::<M>(), place) }
    }
    word
}

/// What is left of the frame while it is not on a stack, but for its registers.
pub struct State<M: Memory> {
    status: Status,
    /// Is any saved register lent?
    lends: bool,
    /// Index of the instruction to go on behind.
    pc: u32,
    /// How many registers are saved.
    live: u32,
    /// The exception that the generator handles itself, owned, or NULL.
    handled: Word,
    /// While running: what its resumer was handling, owned.
    outer: Word,
    _model: std::marker::PhantomData<fn(M)>,
}

impl<M: Memory> State<M> {
    fn owns_registers(&self) -> bool {
        matches!(self.status, Status::Created | Status::Suspended)
    }
}

/// A generator, coroutine or asynchronous generator.
#[repr(C)]
pub struct Generator<M: Memory> {
    state: Locked<State<M>>,
    /// The function whose frame this is.
    function: Held<M>,
    name: Slot<M>,
    qualname: Slot<M>,
    /// How many registers the frame has.
    room: usize,
    /// Room for them. Those that are saved are the state's: owned (counted, or lent) while it is created or suspended;
    /// all others are stale or were never written.
    registers: [Cell<Word>; 0],
}

impl<M: Memory> Drop for Generator<M> {
    fn drop(&mut self) {
        // SAFETY: the generator is going: nobody else reaches it.
        let state = unsafe { self.state.peek() };
        for word in self.saved(state).iter().map(given_up::<M>).chain([state.handled, state.outer]) {
            if word.is_counted() {
                // SAFETY: the state owned the word.
                drop(unsafe { Obj::<M>::from_word(word) });
            }
        }
    }
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
        self.saved(state).iter().for_each(|w| f(w.get()));
        f(state.handled);
        f(state.outer);
    }
    fn tail(&self) -> usize {
        self.room * size_of::<Word>()
    }
    fn clear(&self, t: &mut Thread<M>, head: &M::Header) {
        let old =
            self.state.with::<M, _>(t, head, |s| if s.status == Status::Running { Vec::new() } else { self.end(s) });
        old.into_iter().for_each(|w| release(t, w));
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

    /// The registers that the state owns.
    fn saved(&self, state: &State<M>) -> &[Cell<Word>] {
        let n = if state.owns_registers() { state.live as usize } else { 0 };
        // SAFETY: there is room for `room` registers behind the struct; so many were written when they were saved.
        unsafe { std::slice::from_raw_parts(self.registers.as_ptr(), n) }
    }

    /// Ends the frame that is not on a stack; its registers are the caller's.
    fn end(&self, state: &mut State<M>) -> Vec<Word> {
        let saved = self.saved(state).iter().map(given_up::<M>).collect();
        state.status = Status::Finished;
        saved
    }
}

/// Makes the generator at `at` one of `new` if it is one of the function at `old`; what it held is the caller's.
///
/// # Safety
/// `at` is a generator, and the world is stopped.
pub unsafe fn change_function<M: Memory>(at: *mut u8, old: *const u8, new: &Obj<M>) -> Option<Obj<M>> {
    // SAFETY: by the caller's word.
    let function = unsafe { &mut (*at.cast::<GeneratorObj<M>>()).body.function };
    if function.word().address().cast_const() != old {
        return None;
    }
    Some(std::mem::replace(function, Held::fresh(new.clone())).into_obj())
}

/// Must a dying generator be closed first (it stands inside a `try` or `with`)?
pub fn needs_close<M: Memory>(at: *mut u8) -> bool {
    // SAFETY: called for dying generators only; nobody else reaches them.
    let body = unsafe { &(*at.cast::<GeneratorObj<M>>()).body };
    // SAFETY: as above.
    let state = unsafe { body.state.peek() };
    state.status == Status::Suspended && body.code().code.handler(state.pc).is_some()
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
    let Some(at) = enter(t, obj, sent.into_word(), None, frame::ENTRY)? else { return spent(t, obj) };
    // SAFETY: the generator's frame is the running one, and stands at this instruction.
    let value = unsafe { crate::interp::run(t, at)? };
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

fn status<M: Memory>(t: &Thread<M>, obj: &Obj<M>) -> Status {
    let g = view(obj);
    g.body.state.with::<M, _>(t, &g.head, |s| s.status)
}

/// How the frame that has just left the loop with `value` left it. The state does not tell: another thread may have
/// resumed the generator since.
fn left<M: Memory>(t: &Thread<M>, value: Obj<M>) -> Resumed<M> {
    if t.yielded.replace(false) { Resumed::Yielded(value) } else { Resumed::Returned(value) }
}

/// The iterator that a suspended generator delegates to.
fn delegate<M: Memory>(t: &Thread<M>, obj: &Obj<M>) -> Option<Obj<M>> {
    let g = view(obj);
    let instrs = &g.body.code().code.instrs;
    g.body.state.with::<M, _>(t, &g.head, |s| {
        let instr = instrs.get(s.pc as usize).filter(|_| s.status == Status::Suspended)?;
        let register = (instr.c() as usize).checked_sub(1)?;
        let word = g.body.saved(s).get(register)?.get();
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
