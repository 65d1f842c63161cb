//! Leaving frames in other ways than a plain return, and what `yield from` and `await` need.

use crate::context::{Context, Thread};
use crate::exceptions::Kind;
use crate::interp::frame::Frame;
use crate::interp::ops::bound;
use crate::interp::{frame, unwind};
use crate::memory::Memory;
use crate::object::{Obj, R, Raise};
use crate::types::generator;
use crate::value::Word;
use parallax_front::{Instr, Op};

/// Where a value goes when a frame is left.
pub enum Left<M: Memory> {
    /// Out of the Rust loop.
    Out(Obj<M>),
    /// Into a register of the caller.
    Into(usize, Obj<M>),
    /// Nowhere.
    Nowhere,
    /// A generator that the caller's `ForLoop` or `Send` runs has returned.
    Exhausted(Obj<M>),
}

/// Leaves the running frame with a value, its locals being clean: the cases that are not a plain call.
#[inline(never)]
pub fn leave<M: Memory>(t: &mut Thread<M>, value: Obj<M>) -> Result<Left<M>, Raise> {
    let base = t.frame.get();
    // SAFETY: (block) the running frame and the words below it are this thread's.
    unsafe {
        let link = *base.sub(3);
        let bits = frame::link_flags(link);
        let companion = Obj::<M>::from_word(std::mem::replace(&mut *base.sub(4), Word(0)));
        if bits & frame::INIT != 0 && !value.is_none() {
            *base.sub(4) = companion.into_word();
            let class = t.class_name(&value);
            drop(value);
            return Err(t.raise(Kind::TypeError, format!("__init__() should return None, not '{class}'")));
        }
        unwind::take_register(t, base.sub(1));
        if bits & frame::GENERATOR != 0 {
            generator::finished(t, &companion, false);
        }
        unwind::pop(t, base, link);
        let value = if bits & frame::INIT != 0 { companion } else { value };
        if bits & frame::ENTRY != 0 {
            return Ok(Left::Out(value));
        }
        if bits & frame::INLINE != 0 {
            return Ok(Left::Exhausted(value));
        }
        if bits & frame::DISCARD != 0 {
            drop(value);
            return Ok(Left::Nowhere);
        }
        Ok(Left::Into(frame::link_dst(link), value))
    }
}

/// A generator run by the instruction before `next` has returned `value`: where to go on.
///
/// # Safety
/// `next` is behind a `ForLoop` or `Send` of the running frame.
#[inline(never)]
pub unsafe fn after_exhaustion<M: Memory>(t: &mut Thread<M>, next: *mut u64, value: Obj<M>) -> *mut u64 {
    let base = t.frame.get();
    // SAFETY: by the caller's word.
    unsafe {
        let at = next.sub(1);
        let instr = *at.cast::<Instr>();
        let a = base.add(instr.a() as usize);
        if instr.op() == Op::Send as u16 {
            let old = std::mem::replace(&mut *a, value.into_word());
            drop(Obj::<M>::from_word(if old.is_counted() { old } else { Word::NONE }));
            return at.offset(instr.c() as i16 as isize);
        }
        unwind::take_register(t, a);
        drop(value);
        next
    }
}

/// A generator run by the instruction before `next` has yielded: delivers the value and says where to go on.
///
/// # Safety
/// As [`after_exhaustion`]; `base` is the running frame.
#[inline(always)]
pub unsafe fn after_yield<M: Memory>(base: *mut Word, ctx: &Context<M>, next: *mut u64, value: Obj<M>) -> *mut u64 {
    // SAFETY: by the caller's word.
    unsafe {
        let at = next.sub(1);
        let instr = *at.cast::<Instr>();
        let send = instr.op() == Op::Send as u16;
        let dst = base.add(if send { instr.a() } else { instr.b() } as usize);
        let old = std::mem::replace(&mut *dst, value.into_word());
        if old.is_counted() {
            M::release(ctx, old);
        }
        if send { next } else { at.offset(instr.c() as i16 as isize) }
    }
}

/// The iterator that `yield from` delegates to, or in a coroutine that of `await`; the loop itself delegates to a generator.
#[inline(never)]
pub fn yield_from_iter<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    bound!(t obj);
    let awaits = Frame::current(t).is_some_and(|f| f.code().code.flags.coroutine);
    if generator::is_awaitable(obj) {
        return Ok(obj.clone());
    }
    if !awaits {
        return t.iter(obj);
    }
    match crate::types::special::call(t, obj, crate::types::special::Name::Await, &[])? {
        Some(it) if generator::is_awaitable(&it) || t.class_of(&it).body.slots.next.get().is_some() => Ok(it),
        Some(it) => {
            let class = t.class_name(&it);
            Err(t.raise(Kind::TypeError, format!("__await__() returned non-iterator of type '{class}'")))
        }
        None => {
            let class = t.class_name(obj);
            Err(t.raise(Kind::TypeError, format!("'{class}' object can't be awaited")))
        }
    }
}

/// Sends a value into an iterator: whether it ended, and what came.
#[inline(never)]
pub fn send<M: Memory>(t: &mut Thread<M>, it: &Obj<M>, value: &Obj<M>) -> Result<(bool, Obj<M>), Raise> {
    if let Some(result) = generator::send(t, it, value)? {
        return Ok(result);
    }
    if value.is_none() && t.class_of(it).body.slots.next.get().is_some() {
        return match t.next_or_stop(it) {
            Ok(Some(item)) => Ok((false, item)),
            Ok(None) => Ok((true, generator::take_stop_value(t))),
            Err(_) if t.raised_is(Kind::StopIteration) => {
                let exc = t.take_raised();
                Ok((true, t.getattr_str(&exc, "value")?))
            }
            Err(e) => Err(e),
        };
    }
    match t.call_method(it, "send", std::slice::from_ref(value)) {
        Ok(item) => Ok((false, item)),
        Err(_) if t.raised_is(Kind::StopIteration) => {
            let exc = t.take_raised();
            Ok((true, t.getattr_str(&exc, "value")?))
        }
        Err(e) => Err(e),
    }
}
