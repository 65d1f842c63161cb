//! How a generator's frame leaves the register stack and comes back: saving, suspending, resuming, finishing.

use std::cell::Cell;

use super::{BEHIND, Generator, GeneratorObj, State, Status, view};
use crate::code::CodeBody;
use crate::context::{Context, Thread};
use crate::exceptions::Kind;
use crate::interp::call::{push_entry, room};
use crate::interp::frame::{self, BELOW, Frame};
use crate::memory::Memory;
use crate::object::{Held, Locked, Obj, Raise, Slot, Val};
use crate::types::ids;
use crate::value::Word;

pub(super) fn release<M: Memory>(ctx: &Context<M>, word: Word) {
    if word.is_counted() {
        // SAFETY: the callers hand over what they owned.
        unsafe { M::release(ctx, word) }
    }
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
        live: code.nlocals.into(),
        registers,
        handled: Word::NULL,
        outer: Word::NULL,
        _model: std::marker::PhantomData,
    };
    let generator = Generator { state: Locked::new(state), function: Held::fresh(f), name, qualname };
    t.alloc_shape(shape, size_of::<GeneratorObj<M>>(), generator)
}

/// Moves registers out of a window for the heap, leaving no pointers behind: counted, or lent to a generator that is
/// private to this thread.
///
/// # Safety
/// The window is the running frame's, which is being suspended; `saved` has room for `n` words and stays where it is. With
/// `LENT` it is a private generator's.
#[inline(always)]
unsafe fn save<M: Memory, const LENT: bool>(ctx: &Context<M>, base: *mut Word, saved: *mut Cell<Word>, n: usize) {
    for i in 0..n {
        // SAFETY: by the caller's word.
        unsafe {
            let word = *base.add(i);
            if word.is_ptr() {
                *base.add(i) = Word(0);
            }
            if !word.is_ptr() || word.is_counted() {
                saved.add(i).write(Cell::new(word));
            } else if LENT {
                M::lend(ctx, saved.add(i), word);
            } else {
                saved.add(i).write(Cell::new(M::retain(ctx, word)));
            }
        }
    }
}

/// As [`save`], for a generator that is shared: what it holds is published first.
///
/// # Safety
/// As [`save`].
#[cold]
#[inline(never)]
unsafe fn save_shared<M: Memory>(ctx: &Context<M>, base: *mut Word, saved: *mut Cell<Word>, n: usize) {
    // SAFETY: by the caller's word.
    unsafe {
        for i in 0..n {
            M::publish(ctx, *base.add(i));
        }
        save::<M, false>(ctx, base, saved, n);
    }
}

/// The first `live` registers of a window, moved out as [`save`] does, and clean ones behind them.
///
/// # Safety
/// As [`save`].
unsafe fn save_new<M: Memory>(ctx: &Context<M>, base: *mut Word, live: usize, n: usize) -> Box<[Cell<Word>]> {
    let mut saved = Box::<[Cell<Word>]>::new_uninit_slice(n);
    // SAFETY: by the caller's word; every word of the box is written.
    unsafe {
        save::<M, true>(ctx, base, saved.as_mut_ptr().cast(), live);
        saved[live..].fill_with(|| std::mem::MaybeUninit::new(Cell::new(Word(0))));
        saved.assume_init()
    }
}

/// Suspends the running generator frame at the `Yield` at `pc`, which saves `live` registers, and pops it. Where it was
/// resumed by an instruction of the frame below (`INLINE`), the loop sets `pc` and `top` itself.
///
/// # Safety
/// `base` is the running frame, a generator's, and `code` its code; no pointer is in its registers from `live` up.
#[inline(always)]
pub unsafe fn suspend<M: Memory>(t: &mut Thread<M>, code: &CodeBody<M>, base: *mut Word, pc: *mut u64, live: usize) {
    // SAFETY: (block) the frame is a generator's: its companion is the generator; it is popped once.
    unsafe {
        let at = pc.offset_from(M::instructions(t, code).cast::<u64>()) as u32;
        let link = *base.sub(3);
        let generator = std::mem::replace(&mut *base.sub(4), Word(0));
        let g = &*generator.address().cast::<GeneratorObj<M>>();
        let shared = M::is_shared(t, &g.head);
        let handled = t.handled.get();
        let leftover = g.body.state.with::<M, _>(t, &g.head, |s| {
            let outer = std::mem::replace(&mut s.outer, Word::NULL);
            let saved = s.registers.as_mut_ptr();
            if shared {
                save_shared(t, base, saved, live)
            } else {
                save::<M, true>(t, base, saved, live)
            }
            (s.pc, s.live, s.status) = (at, live as u32, Status::Suspended);
            if handled == outer {
                return handled;
            }
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
pub(super) fn restore<M: Memory>(
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
            let clean = |i: u32| {
                // SAFETY: in the window; nothing is written but by whoever runs there.
                unsafe { !(*base.add(i as usize)).is_ptr() }
            };
            debug_assert!((s.live..code.nregs.into()).all(clean), "a word above the stack is stale");
            for i in 0..s.live as usize {
                // SAFETY: `room` has checked the window, which takes the words over. Volatile, as there are too few of
                // them for the library function that the compiler would call.
                unsafe {
                    let place = s.registers.as_ptr().add(i);
                    let word = place.cast::<Word>().read_volatile();
                    if M::LENDS && word.is_ptr() && !word.is_counted() {
                        M::end_loan(t, place);
                    }
                    base.add(i).write(word)
                }
            }
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

pub(super) fn kind_name<M: Memory>(obj: &Obj<M>) -> &'static str {
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
        Ok(Some(M::instructions(t, code).add(at as usize + BEHIND).cast()))
    }
}

/// Makes the generator's frame, whose registers are in place, the running one.
///
/// # Safety
/// `base` is behind everything in use.
pub(super) unsafe fn enter<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, base: *mut Word) {
    // SAFETY: by the caller's word.
    unsafe {
        let g = view(obj);
        let f = (*g.body.function).clone().into_word();
        push_entry(t, base, f, obj.clone().into_word(), frame::GENERATOR);
        t.top.set(base.add(g.body.code().nregs as usize));
    }
}
