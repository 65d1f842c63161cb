//! `_thread._ThreadHandle`: a thread as others see it.

use std::sync::Arc;

use crate::args::Args;
use crate::context::{Context, Thread};
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::object::{Layout, Obj, Payload, R};
use crate::threads::{self, Life, State};
use crate::types::build::Builder;
use crate::types::ids::{self, Builtin};
use crate::types::{flags, int};
use crate::value::Word;

/// Payload of a handle. Read-only; the life behind guards itself.
pub(crate) struct Handle {
    life: Arc<Life>,
}

// SAFETY: payload of layout `Other`, found by its shape only; it owns no references.
unsafe impl<M: Memory> Payload<M> for Handle {
    const SHAPE: u32 = ids::THREAD_HANDLE;
    const LAYOUT: Layout = Layout::Other;
    fn visit(&self, _: &mut dyn FnMut(Word)) {}
}

/// A handle for a thread.
pub(crate) fn new<M: Memory>(ctx: &Context<M>, life: Arc<Life>) -> Obj<M> {
    ctx.alloc(Handle { life })
}

/// The life behind a handle.
pub(crate) fn life<M: Memory>(obj: &Obj<M>) -> Option<Arc<Life>> {
    obj.exact::<Handle>().map(|h| h.body.life.clone())
}

fn of<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> Result<Arc<Life>, crate::object::Raise> {
    life(obj).ok_or_else(|| t.raise(Kind::TypeError, "expected a _ThreadHandle"))
}

/// `_make_thread_handle(ident)`: for a thread that runs already.
pub(crate) fn make_running<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let ident = t.index_i64(&args[0])?;
    Ok(new(t, Life::running(ident as u64)))
}

fn join<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let life = of(t, &args[0])?;
    let timeout = match args.some(1) {
        Some(s) => Some(super::seconds(t, s)?).filter(|s| *s >= 0.0),
        None => None,
    };
    let until = super::deadline(t, timeout)?;
    match life.state() {
        State::New => return Err(t.raise(Kind::RuntimeError, "thread not started")),
        State::Done => return Ok(Obj::NONE),
        State::Starting | State::Running => {}
    }
    if life.ident() == t.ident {
        return Err(t.raise(Kind::RuntimeError, "Cannot join current thread"));
    }
    if t.interp.threads.is_over() && timeout.is_none() {
        return Err(t.raise(Kind::PythonFinalizationError, "cannot join thread at interpreter shutdown"));
    }
    threads::join(t, &life, until)?;
    Ok(Obj::NONE)
}

fn is_done<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    Ok(Obj::bool(of(t, &args[0])?.state() == State::Done))
}

fn set_done<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let life = of(t, &args[0])?;
    if life.state() == State::New {
        return Err(t.raise(Kind::RuntimeError, "thread not started"));
    }
    life.set(State::Done);
    Ok(Obj::NONE)
}

fn repr<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    let ident = of(t, obj)?.ident();
    Ok(t.string(format!("<_ThreadHandle object: ident={ident}>")))
}

/// Defines the type.
pub(crate) fn define<M: Memory>(t: &mut Thread<M>) {
    Builder::new::<Handle>(t, Builtin::ThreadHandle, "_thread._ThreadHandle")
        .module("_thread")
        .is_final()
        .flag(flags::WEAKREFABLE)
        .slots(|s| {
            s.new.set(Some(|t, _, _| Ok(new(t, Arc::default()))));
            s.repr.set(Some(repr));
        })
        .getter("ident", |t, obj| {
            let ident = of(t, obj)?.ident();
            Ok(int::from_i64(t, ident as i64))
        })
        .method("join(self, timeout=None, /)", join)
        .method("is_done(self, /)", is_done)
        .method("_set_done(self, /)", set_done)
        .finish();
}
