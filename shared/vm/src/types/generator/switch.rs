//! How a generator's frame leaves the register stack and comes back: saving, suspending, resuming, finishing.

use std::cell::Cell;

use super::{BEHIND, Generator, GeneratorObj, State, Status, view};
use crate::code::CodeBody;
use crate::context::{Context, Thread};
use crate::exceptions::Kind;
use crate::interp::call::room;
use crate::interp::frame::{self, BELOW, Frame};
use crate::memory::Memory;
use crate::object::{Held, Locked, Obj, Raise, Slot, Val};
use crate::types::ids;
use crate::value::Word;
use parallax_front::Instr;

/// Gives up a word that seldom owns anything.
#[inline(always)]
pub(super) fn release<M: Memory>(ctx: &Context<M>, word: Word) {
    if word.is_counted() {
        release_counted(ctx, word);
    }
}

/// Out of line, as a switch has no registers to spare for it.
#[cold]
#[inline(never)]
fn release_counted<M: Memory>(ctx: &Context<M>, word: Word) {
    // SAFETY: the callers hand over what they owned.
    unsafe { M::release(ctx, word) }
}

/// What the resumer handles, owned: mostly nothing.
#[inline(always)]
fn own_handled<M: Memory>(ctx: &Context<M>) -> Word {
    #[cold]
    #[inline(never)]
    fn own<M: Memory>(ctx: &Context<M>, word: Word) -> Word {
        // SAFETY: the context owns the word, so it is valid.
        unsafe { M::retain(ctx, word) }
    }
    let word = ctx.handled.get();
    if word.is_ptr() { own(ctx, word) } else { word }
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
    let live = code.nlocals as usize;
    let state = State {
        status: Status::Created,
        lends: false,
        pc,
        live: live as u32,
        handled: Word::NULL,
        outer: Word::NULL,
        _model: std::marker::PhantomData,
    };
    let room = code.nregs as usize;
    let state = Locked::new(state);
    let generator = Generator { state, function: Held::fresh(f), name, qualname, room, registers: [] };
    let size = size_of::<GeneratorObj<M>>() + room * size_of::<Word>();
    let generator = t.alloc_shape(shape, size, generator);
    let g = view(&generator);
    // SAFETY: the registers are the running frame's, which gives them up; its temporaries are dead. Nobody has seen the
    // generator yet.
    let lends = unsafe { save::<M, true>(t, base, g.body.registers.as_ptr(), live) };
    g.body.state.with::<M, _>(t, &g.head, |s| s.lends = lends);
    generator
}

/// Moves registers out of a window for the heap, leaving no pointers behind: counted, or lent to a generator that is
/// private to this thread. Is any of them lent?
///
/// # Safety
/// The window is the running frame's, which is being suspended; `saved` has room for `n` words and stays where it is. With
/// `LENT` it is a private generator's.
#[inline(always)]
unsafe fn save<M: Memory, const LENT: bool>(
    ctx: &Context<M>,
    base: *mut Word,
    saved: *const Cell<Word>,
    n: usize,
) -> bool {
    let mut uncounted = false;
    for i in 0..n {
        // SAFETY: by the caller's word. Volatile, as there are too few words for what the compiler would make of the loop.
        unsafe {
            let word = base.add(i).read_volatile();
            base.add(i).write(Word(0));
            saved.cast_mut().add(i).write(Cell::new(word));
            uncounted |= is_uncounted(word);
        }
    }
    // SAFETY: the words were just written.
    uncounted && unsafe { protect::<M, LENT>(ctx, std::slice::from_raw_parts(saved, n)) }
}

#[inline(always)]
fn is_uncounted(word: Word) -> bool {
    word.is_ptr() && !word.is_counted()
}

/// Counts or lends what [`save`] took over uncounted. Is any of it lent?
///
/// # Safety
/// As [`save`].
#[inline(never)]
unsafe fn protect<M: Memory, const LENT: bool>(ctx: &Context<M>, saved: &[Cell<Word>]) -> bool {
    let mut lends = false;
    for place in saved.iter().filter(|place| is_uncounted(place.get())) {
        // SAFETY: a word that was in a register is valid now; nobody owns what stands in the place.
        unsafe {
            if LENT {
                M::lend(ctx, place, place.get());
                lends |= is_uncounted(place.get());
            } else {
                place.set(M::retain(ctx, place.get()));
            }
        }
    }
    lends
}

/// As [`save`], for a generator that is shared: what it holds is published first.
///
/// # Safety
/// As [`save`].
#[cold]
#[inline(never)]
unsafe fn save_shared<M: Memory>(ctx: &Context<M>, base: *mut Word, saved: *const Cell<Word>, n: usize) -> bool {
    // SAFETY: by the caller's word.
    unsafe {
        for i in 0..n {
            M::publish(ctx, *base.add(i));
        }
        save::<M, false>(ctx, base, saved, n)
    }
}

/// The saved registers go back to the stack: what is lent is so no more.
#[cold]
#[inline(never)]
fn end_loans<M: Memory>(ctx: &Context<M>, saved: &[Cell<Word>]) {
    for place in saved.iter().filter(|place| is_uncounted(place.get())) {
        // SAFETY: what is uncounted in the heap was lent; once, as the place is stale now.
        unsafe { M::end_loan(ctx, place) }
    }
}

/// Suspends the running generator frame at the `Yield` at `pc`, which saves `live` registers, and pops it. Where it was
/// resumed by an instruction of the frame below (`INLINE`), the loop sets `pc` and `top` itself.
///
/// # Safety
/// `base` is the running frame, a generator's, and `code` its code; no pointer is in its registers from `live` up.
#[inline(always)]
pub unsafe fn suspend<M: Memory>(ctx: &Context<M>, code: &CodeBody<M>, base: *mut Word, pc: *mut u64, live: usize) {
    // SAFETY: (block) the frame is a generator's: its companion is the generator; it is popped once.
    unsafe {
        let at = pc.offset_from(M::instructions(ctx, code).cast::<u64>()) as u32;
        let link = *base.sub(3);
        let generator = std::mem::replace(&mut *base.sub(4), Word(0));
        let g = &*generator.address().cast::<GeneratorObj<M>>();
        // Nobody looks at the registers of a generator that runs, so they need no section.
        let saved = g.body.registers.as_ptr();
        let lends = if M::is_shared(ctx, &g.head) {
            save_shared(ctx, base, saved, live)
        } else {
            save::<M, true>(ctx, base, saved, live)
        };
        let handled = ctx.handled.get();
        let leftover = g.body.state.with_own::<M, _>(ctx, &g.head, |s| {
            let outer = std::mem::replace(&mut s.outer, Word::NULL);
            (s.pc, s.live, s.lends, s.status) = (at, live as u32, lends, Status::Suspended);
            if handled == outer {
                return handled;
            }
            ctx.handled.set(outer);
            if handled.is(outer) { handled } else { std::mem::replace(&mut s.handled, handled) }
        });
        release(ctx, leftover);
        release(ctx, std::mem::replace(&mut *base.sub(1), Word(0)));
        if frame::link_flags(link) & frame::ENTRY != 0 {
            crate::interp::unwind::pop(ctx, base, link);
        } else {
            // As `pop`, but for what the loop loads anew itself.
            ctx.depth.set(ctx.depth.get() - 1);
            ctx.frame.set(base.sub(frame::link_down(link)));
        }
        release(ctx, generator);
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
    let outer = g.body.state.with_own::<M, _>(t, &g.head, |s| {
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

/// Makes a generator's frame the running one, above the one that was: the saved registers in place, `sent` where the
/// `yield` wants it. `flags` say who goes on when it is left. Gives the instruction to go on with; `None` when the generator
/// is finished. With `from` it must still stand there.
///
/// The frame owns neither generator nor function: `obj` stays where it is as long as this frame runs, and the generator
/// holds its function.
#[inline(never)]
pub fn enter<M: Memory>(
    t: &mut Thread<M>,
    obj: &Obj<M>,
    sent: Word,
    from: Option<u32>,
    flags: u64,
) -> Result<Option<*mut Instr>, Raise> {
    let g = view(obj);
    let code = g.body.code();
    let nregs = code.nregs as usize;
    // SAFETY: the first free register and the words below it, which `room` checks before anybody touches them.
    let base = unsafe { t.top.get().add(BELOW) };
    room(t, base, nregs)?;
    let ctx: &Context<M> = t;
    let (pc, first) = match restore(ctx, g, base, from) {
        Ok(restored) => restored,
        Err(status) => return refuse(t, obj, sent, status),
    };
    // SAFETY: (block) `room` has checked the window; the instruction is inside the code, and so is the one behind it.
    unsafe {
        let at = M::instructions(ctx, code).add(pc as usize);
        let old = if first { sent } else { std::mem::replace(&mut *base.add((*at).a() as usize), sent) };
        release(ctx, old);
        let below = ctx.frame.get();
        let down = if below.is_null() { 0 } else { base.offset_from(below) as usize };
        *base.sub(4) = obj.word().as_uncounted();
        *base.sub(3) = frame::link(down, 0, frame::GENERATOR | flags);
        *base.sub(2) = Word(ctx.pc.get().wrapping_add(1) as u64);
        *base.sub(1) = g.body.function.word().as_uncounted();
        ctx.frame.set(base);
        ctx.depth.set(ctx.depth.get() + 1);
        ctx.top.set(base.add(nregs));
        Ok(Some(at.add(BEHIND)))
    }
}

/// Marks a generator running and moves its saved registers to `base`: where it stands, and whether that is its very
/// beginning. Otherwise what it is doing already.
#[inline(always)]
fn restore<M: Memory>(
    ctx: &Context<M>,
    g: &GeneratorObj<M>,
    base: *mut Word,
    from: Option<u32>,
) -> Result<(u32, bool), Status> {
    let (pc, first, own) = g.body.state.with_own::<M, _>(ctx, &g.head, |s| {
        let first = s.status == Status::Created;
        if !(first || s.status == Status::Suspended) || from.is_some_and(|from| s.pc != from) {
            return Err(s.status);
        }
        s.status = Status::Running;
        s.outer = own_handled(ctx);
        let live = s.live as usize;
        if s.lends {
            // SAFETY: so many registers are saved.
            end_loans(ctx, unsafe { std::slice::from_raw_parts(g.body.registers.as_ptr(), live) });
        }
        // SAFETY: in the window; nothing is written there but by whoever runs.
        let clean = |i: usize| unsafe { !(*base.add(i)).is_ptr() };
        debug_assert!((live..g.body.room).all(clean), "a word above the stack is stale");
        for i in 0..live {
            // SAFETY: the window was checked by the caller, and takes the words over. Volatile as in `save`.
            unsafe { base.add(i).write(g.body.registers.as_ptr().add(i).cast::<Word>().read_volatile()) }
        }
        Ok((s.pc, first, std::mem::replace(&mut s.handled, Word::NULL)))
    })?;
    if own != Word::NULL {
        let old = ctx.handled.replace(own);
        release(ctx, old);
    }
    Ok((pc, first))
}

/// What resuming a generator leads to that is neither created nor suspended where it should be.
#[cold]
#[inline(never)]
fn refuse<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, sent: Word, status: Status) -> Result<Option<*mut Instr>, Raise> {
    release(t, sent);
    if status == Status::Finished {
        return Ok(None);
    }
    let what = kind_name(obj);
    Err(t.raise(Kind::ValueError, format!("{what} already executing")))
}

pub(super) fn kind_name<M: Memory>(obj: &Obj<M>) -> &'static str {
    match obj.shape() {
        ids::COROUTINE => "coroutine",
        ids::ASYNC_GENERATOR => "asynchronous generator",
        _ => "generator",
    }
}
