//! Exceptions thrown into generators: `throw` and `close`, through the iterators that they delegate to.

use super::switch::{enter, kind_name, release};
use super::{BEHIND, Resumed, Status, delegate, deliver, left, spent, status, view};
use crate::args::Args;
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::interp::frame;
use crate::memory::Memory;
use crate::object::{Obj, R, Raise};
use crate::types::ids;
use crate::types::tuple;
use crate::value::Word;

/// Ends a generator that was never started. Was it one?
fn end_unstarted<M: Memory>(t: &Thread<M>, obj: &Obj<M>) -> bool {
    let g = view(obj);
    let old = g.body.state.with::<M, _>(t, &g.head, |s| (s.status == Status::Created).then(|| g.body.end(s)));
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
    let Some(next) = enter(t, obj, Word::NONE, None, frame::ENTRY)? else {
        spent(t, obj)?;
        return Err(t.set_raised(pending));
    };
    t.pc.set(next.wrapping_sub(BEHIND).cast());
    if let Some(context) = t.handled_exception() {
        t.set_context(&pending, context);
    }
    let _ = t.set_raised(pending);
    let value = match crate::interp::unwind::unwind(t) {
        // SAFETY: unwinding has found the handler in the frame that it has left running.
        crate::interp::unwind::Found::Handler(at) => unsafe {
            t.top.set(t.frame.get().add(view(obj).body.code().nregs as usize));
            crate::interp::run(t, at.cast_mut())?
        },
        crate::interp::unwind::Found::Leave => return Err(Raise(())),
    };
    Ok(left(t, value))
}

pub(super) fn throw_method<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
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
    let jump = code.instrs[at as usize + BEHIND];
    let send = (at as i64 + BEHIND as i64 + jump.bc() as i32 as i64) as usize;
    let target = send as i64 + code.instrs[send].c() as i16 as i64;
    if enter(t, obj, value.into_word(), Some(at), frame::ENTRY)?.is_none() {
        return Ok(Resumed::Returned(Obj::NONE));
    }
    // SAFETY: the generator's frame is the running one; the target is an instruction of its code.
    let value = unsafe {
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

pub(super) fn finalize<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) {
    if close(t, obj).is_err() {
        t.report_unraisable(obj);
    }
}
