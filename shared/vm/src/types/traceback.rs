//! Traceback objects: one entry per frame that an exception left, outermost first.

use crate::args::Args;
use crate::code::{CodeBody, CodeObj};
use crate::context::{Context, Thread};
use crate::exceptions::Kind;
use crate::memory::{Memory, Section};
use crate::object::{Held, Layout, Obj, Object, Payload, R, Raise, Slot};
use crate::types::build::Builder;
use crate::types::exception;
use crate::types::ids::{self, Builtin};
use crate::types::int;
use crate::value::Word;
use parallax_front::Position;
use std::sync::atomic::{AtomicI64, Ordering};

/// Payload of a traceback entry.
pub struct Traceback<M: Memory> {
    /// The next entry (towards the place of the raise); empty: none.
    pub next: Slot<M>,
    /// The code object. Read-only.
    pub code: Held<M>,
    /// The namespace of the frame's module. Read-only.
    pub globals: Held<M>,
    /// The frame object, made when it is asked for.
    pub frame: Slot<M>,
    /// The instruction. Read-only.
    pub pc: u32,
    /// The line, if it was given and does not follow from the instruction; -1 otherwise.
    pub line: AtomicI64,
}

// SAFETY: the layout `Traceback` is this struct's alone; `visit` names every field that holds references.
unsafe impl<M: Memory> Payload<M> for Traceback<M> {
    const SHAPE: u32 = ids::TRACEBACK;
    const LAYOUT: Layout = Layout::Traceback;
    fn visit(&self, f: &mut dyn FnMut(Word)) {
        f(self.next.word());
        f(self.code.word());
        f(self.globals.word());
        f(self.frame.word());
    }
    fn clear(&self, t: &mut Thread<M>, head: &M::Header) {
        let old = {
            let section = Section::enter(t, head);
            (self.next.take(&section), self.frame.take(&section))
        };
        drop(old);
    }
}

/// A traceback object.
pub type TracebackObj<M> = Object<M, Traceback<M>>;

impl<M: Memory> Traceback<M> {
    /// Where in the source the frame was.
    pub fn position(&self) -> Position {
        self.code.cast::<CodeBody<M>>().map_or_else(Position::default, |c| c.body.code.position(self.pc))
    }

    /// `tb_lineno`
    pub fn line(&self) -> i64 {
        match self.line.load(Ordering::Relaxed) {
            -1 => self.position().line.into(),
            line => line,
        }
    }
}

/// Puts an entry before the traceback of an exception: it leaves the frame of `code` at instruction `pc`.
pub fn push<M: Memory>(ctx: &Context<M>, exc: &Obj<M>, code: &CodeObj<M>, pc: u32, globals: &Obj<M>) {
    let Some(exc) = exception::exception(exc) else { return };
    let entry = ctx.alloc(Traceback {
        next: Slot::empty(),
        code: Held::fresh(code.to_obj()),
        globals: Held::fresh(globals.clone()),
        frame: Slot::empty(),
        pc,
        line: AtomicI64::new(-1),
    });
    let section = Section::enter(ctx, &exc.head);
    // The old entries move, so nothing is counted, and a thread that raises the same exception finds all of them.
    if let (Some(next), Some(at)) = (exc.body.traceback.take(&section), traceback(&entry)) {
        let _ = at.body.next.set(&Section::enter(ctx, &at.head), &at.head, next);
    }
    let _ = exc.body.traceback.set(&section, &exc.head, entry);
}

/// As [`push`] for the exception on its way.
pub fn add<M: Memory>(ctx: &Context<M>, code: &CodeObj<M>, pc: u32, globals: &Obj<M>) {
    // SAFETY: a view of the word that the cell owns; nothing here replaces it.
    let raised = std::mem::ManuallyDrop::new(unsafe { Obj::<M>::from_word(ctx.raised.get()) });
    push(ctx, &raised, code, pc, globals);
}

/// The traceback behind a handle.
pub fn traceback<M: Memory>(obj: &Obj<M>) -> Option<&TracebackObj<M>> {
    obj.exact::<Traceback<M>>()
}

fn entry<'a, M: Memory>(t: &mut Thread<M>, obj: &'a Obj<M>) -> Result<&'a TracebackObj<M>, Raise> {
    traceback(obj).ok_or_else(|| t.raise(Kind::TypeError, "a traceback object is required"))
}

/// Defines the class.
pub fn define<M: Memory>(t: &mut Thread<M>) {
    Builder::new::<Traceback<M>>(t, Builtin::Traceback, "traceback")
        .is_final()
        .slots(|s| s.new.set(Some(|t, class, call| new(t, class, call))))
        .getset("tb_next", get_next, Some(set_next))
        .getter("tb_frame", get_frame)
        .getter("tb_lineno", |t, tb| {
            let line = entry(t, tb)?.body.line();
            Ok(int::from_i64(t, line))
        })
        .getter("tb_lasti", |t, tb| {
            let pc = entry(t, tb)?.body.pc;
            Ok(int::from_i64(t, i64::from(pc) * 2))
        })
        .method("__dir__(self, /)", dir)
        .finish();
}

fn dir<M: Memory>(t: &mut Thread<M>, _: Args<'_, M>) -> R<M> {
    let names = ["tb_frame", "tb_next", "tb_lasti", "tb_lineno"].map(|name| t.intern(name));
    Ok(crate::types::list::from_vec(t, names.to_vec()))
}

/// `types.TracebackType(tb_next, tb_frame, tb_lasti, tb_lineno)`
fn new<M: Memory>(t: &mut Thread<M>, _: &crate::types::TypeObj<M>, call: crate::args::Call<'_, M>) -> R<M> {
    let [next, frame, lasti, line] = call.slots else {
        let message = format!("TracebackType() takes exactly 4 arguments ({} given)", call.slots.len());
        return Err(t.raise(Kind::TypeError, message));
    };
    if !next.is_none() && traceback(next).is_none() {
        let message = format!("expected traceback object or None, got '{}'", t.class_name(next));
        return Err(t.raise(Kind::TypeError, message));
    }
    if frame.shape() != ids::FRAME {
        let message = format!("TracebackType() argument 'tb_frame' must be frame, not {}", t.class_name(frame));
        return Err(t.raise(Kind::TypeError, message));
    }
    let pc = t.index_i64(lasti)? / 2;
    let line = t.index_i64(line)?;
    let code = t.getattr_str(frame, "f_code")?;
    let globals = t.getattr_str(frame, "f_globals")?;
    Ok(t.alloc(Traceback {
        next: if next.is_none() { Slot::empty() } else { Slot::fresh(next.clone()) },
        code: Held::fresh(code),
        globals: Held::fresh(globals),
        frame: Slot::fresh(frame.clone()),
        pc: u32::try_from(pc).unwrap_or(0),
        line: AtomicI64::new(line),
    }))
}

fn get_next<M: Memory>(t: &mut Thread<M>, tb: &Obj<M>) -> R<M> {
    let at = entry(t, tb)?;
    Ok(at.body.next.get(t).map_or(Obj::NONE, |next| next.own()))
}

fn set_next<M: Memory>(t: &mut Thread<M>, tb: &Obj<M>, value: Option<&Obj<M>>) -> Result<(), Raise> {
    let Some(value) = value else { return Err(t.raise(Kind::TypeError, "can't delete tb_next attribute")) };
    let at = entry(t, tb)?;
    if !value.is_none() && traceback(value).is_none() {
        let message = format!("expected traceback object or None, got '{}'", t.class_name(value));
        return Err(t.raise(Kind::TypeError, message));
    }
    let mut link = value.clone();
    while let Some(entry) = traceback(&link) {
        if link.is(tb) {
            return Err(t.raise(Kind::ValueError, "traceback loop detected"));
        }
        let next = entry.body.next.get(t).map_or(Obj::NONE, |next| next.own());
        link = next;
    }
    let old = {
        let section = Section::enter(t, &at.head);
        let next = &at.body.next;
        if value.is_none() { next.take(&section) } else { next.set(&section, &at.head, value.clone()) }
    };
    drop(old);
    Ok(())
}

fn get_frame<M: Memory>(t: &mut Thread<M>, tb: &Obj<M>) -> R<M> {
    let at = entry(t, tb)?;
    if let Some(frame) = at.body.frame.get(t) {
        return Ok(frame.own());
    }
    let frame = crate::types::frame::of_traceback(t, &at.body.code, at.body.pc, &at.body.globals)?;
    let old = {
        let section = Section::enter(t, &at.head);
        at.body.frame.set(&section, &at.head, frame.clone())
    };
    drop(old);
    Ok(frame)
}
