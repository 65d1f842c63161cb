//! `frame`: what `sys._getframe` and tracebacks hand out.
//!
//! The frames that run are windows on the register stack (`interp::frame`). A frame object remembers where its window
//! is and which function runs there: as long as the window stands on the asking thread's stack, line, locals and caller
//! are read from it; afterwards the object knows what it was told last.

use std::sync::atomic::{AtomicU32, Ordering};

use crate::code::{CodeBody, CodeObj};
use crate::context::{Context, Thread};
use crate::exceptions::Kind;
use crate::interp::frame::Frame;
use crate::memory::Memory;
use crate::object::{Held, Layout, Obj, Object, Payload, R, Slot, Val};
use crate::types::build::Builder;
use crate::types::cell::Cell;
use crate::types::code::UNITS;
use crate::types::function::Function;
use crate::types::ids::{self, Builtin};
use crate::types::{dict, flags, int, tuple};
use crate::value::Word;

/// Payload of a frame object. Read-only, slots and `pc` excepted.
pub struct FrameBody<M: Memory> {
    code: Held<M>,
    globals: Held<M>,
    /// The function that runs in the window; None for a frame that was gone when the object was made.
    function: Held<M>,
    /// The caller's frame object once it was asked for.
    back: Slot<M>,
    /// The namespace of a module or class body; a function's locals as last asked for.
    locals: Slot<M>,
    /// `f_trace`
    trace: Slot<M>,
    /// Where the frame stood when last seen.
    pc: AtomicU32,
    /// Identity of the window: its first register and the thread.
    base: usize,
    ident: u64,
}

/// A frame object.
pub type FrameObj<M> = Object<M, FrameBody<M>>;

// SAFETY: the layout `Frame` is this struct's alone; all references are visited.
unsafe impl<M: Memory> Payload<M> for FrameBody<M> {
    const SHAPE: u32 = ids::FRAME;
    const LAYOUT: Layout = Layout::Frame;
    fn visit(&self, f: &mut dyn FnMut(Word)) {
        [&self.code, &self.globals, &self.function].iter().for_each(|h| f(h.word()));
        [&self.back, &self.locals, &self.trace].iter().for_each(|s| f(s.word()));
    }
    fn clear(&self, t: &mut Thread<M>, head: &M::Header) {
        let section = crate::memory::Section::enter(t, head);
        let old = [self.back.take(&section), self.locals.take(&section), self.trace.take(&section)];
        drop(section);
        drop(old);
    }
}

fn body<M: Memory>(obj: &Obj<M>) -> &FrameObj<M> {
    // SAFETY: this file's slots and attributes belong to frames only, which have no derived classes.
    unsafe { obj.cast_unchecked() }
}

/// All frames of the thread, the running one first.
fn frames<'a, M: Memory>(ctx: &'a Context<M>) -> impl Iterator<Item = Frame<'a, M>> {
    std::iter::successors(Frame::current(ctx), Frame::caller)
}

/// The object for a frame that stands on this thread's stack.
fn of_view<M: Memory>(ctx: &Context<M>, view: &Frame<'_, M>) -> Obj<M> {
    ctx.alloc(FrameBody {
        code: Held::fresh(view.code_obj()),
        globals: Held::fresh(view.globals()),
        function: Held::fresh(view.function_obj()),
        back: Slot::empty(),
        locals: view.namespace().map_or_else(Slot::empty, Slot::fresh),
        trace: Slot::empty(),
        pc: AtomicU32::new(view.pc()),
        base: view.base() as usize,
        ident: ctx.ident,
    })
}

/// The window of a frame object, if it still stands on this thread's stack.
fn standing<'a, M: Memory>(ctx: &'a Context<M>, f: &FrameBody<M>) -> Option<Frame<'a, M>> {
    if f.ident != ctx.ident || f.function.is_none() {
        return None;
    }
    let view = frames(ctx).find(|v| v.base() as usize == f.base && v.function().is(&f.function))?;
    f.pc.store(view.pc(), Ordering::Relaxed);
    Some(view)
}

/// The frame of a generator that runs on this thread.
pub fn of_running<M: Memory>(ctx: &Context<M>, generator: &Obj<M>) -> Option<Obj<M>> {
    let view = frames(ctx).find(|v| v.generator().is_some_and(|g| g.is(generator)))?;
    Some(of_view(ctx, &view))
}

/// The frame of a suspended generator: what it saved of its registers.
pub fn of_suspended<M: Memory>(ctx: &Context<M>, function: &Obj<M>, pc: u32, registers: &[Obj<M>]) -> Obj<M> {
    // SAFETY: generators run functions.
    let f = unsafe { &function.cast_unchecked::<Function<M>>().body };
    let locals = function_locals(ctx, f, |i| registers.get(i).cloned().unwrap_or(Obj::NONE));
    gone(ctx, f.code().to_obj(), (*f.globals).clone(), Some(locals), pc)
}

/// A frame that stands on no stack.
fn gone<M: Memory>(ctx: &Context<M>, code: Obj<M>, globals: Obj<M>, locals: Option<Obj<M>>, pc: u32) -> Obj<M> {
    ctx.alloc(FrameBody {
        code: Held::fresh(code),
        globals: Held::fresh(globals),
        function: Held::fresh(Obj::NONE),
        back: Slot::empty(),
        locals: locals.map_or_else(Slot::empty, Slot::fresh),
        trace: Slot::empty(),
        pc: AtomicU32::new(pc),
        base: 0,
        ident: ctx.ident,
    })
}

/// The frame of a traceback entry. When the frame that the exception left still runs (it handled the exception) this
/// is that frame, else what the entry knows of it.
pub fn of_traceback<M: Memory>(t: &mut Thread<M>, code: &Obj<M>, pc: u32, globals: &Obj<M>) -> R<M> {
    let running = frames(t).find(|v| v.function().body.code().is(code) && v.globals().is(globals));
    if let Some(view) = running {
        return Ok(of_view(t, &view));
    }
    let module = code.cast::<CodeBody<M>>().is_some_and(|c| !c.body.code.flags.function && !c.body.code.flags.class);
    Ok(gone(t, code.clone(), globals.clone(), module.then(|| globals.clone()), pc))
}

/// The bound locals of a function as a fresh dict: named registers, cells dereferenced, then the closure.
fn function_locals<M: Memory>(ctx: &Context<M>, f: &Function<M>, register: impl Fn(usize) -> Obj<M>) -> Obj<M> {
    let body = &f.code().body;
    let code = &body.code;
    let all = dict::new(ctx);
    let contents = |cell: &Obj<M>| cell.cast::<Cell<M>>().and_then(|c| c.body.value.get(ctx).map(|v| v.own()));
    for i in (0..code.varnames.len()).filter(|i| !code.varnames[*i].starts_with('.')) {
        let value = register(i);
        let value = if code.cells.contains(&(i as u16)) && value.shape() == ids::CELL {
            contents(&value)
        } else {
            Some(value).filter(|v| !v.is_null())
        };
        if let Some(value) = value {
            // SAFETY: names of registers are immortal.
            let key = unsafe { Val::<M>::new(body.varnames[i]) }.own();
            dict::set_fresh(ctx, &all, key, value);
        }
    }
    let cells = if f.closure.is_none() { &[] } else { tuple::items(&f.closure) };
    for (name, cell) in code.freevars.iter().zip(cells) {
        if let Some(value) = contents(cell) {
            dict::set_fresh(ctx, &all, ctx.intern(name), value);
        }
    }
    all
}

fn locals_of<M: Memory>(ctx: &Context<M>, view: &Frame<'_, M>) -> Obj<M> {
    view.namespace().unwrap_or_else(|| function_locals(ctx, &view.function().body, |i| view.register(i)))
}

impl<M: Memory> Thread<M> {
    /// The frame object `depth` callers up from the running frame.
    pub fn frame_object(&mut self, depth: usize) -> Option<Obj<M>> {
        let view = frames(self).nth(depth)?;
        Some(of_view(self, &view))
    }

    /// The globals of the frame `depth` callers up.
    pub fn globals_of_caller(&self, depth: usize) -> Option<Obj<M>> {
        frames(self).nth(depth).map(|v| v.globals())
    }

    /// What `locals()` gives in the running frame: its namespace, or a fresh dict of a function's locals.
    pub fn current_locals(&mut self) -> R<M> {
        match Frame::current(self) {
            Some(view) => Ok(locals_of(self, &view)),
            None => Err(self.raise(Kind::SystemError, "frame does not exist")),
        }
    }
}

fn put<M: Memory>(ctx: &Context<M>, at: &FrameObj<M>, slot: &Slot<M>, value: Obj<M>) {
    let old = slot.set(&at.section(ctx), &at.head, value);
    drop(old);
}

fn pc_of<M: Memory>(ctx: &Context<M>, obj: &Obj<M>) -> u32 {
    let f = &body(obj).body;
    standing(ctx, f).map_or_else(|| f.pc.load(Ordering::Relaxed), |v| v.pc())
}

fn code_of<M: Memory>(obj: &Obj<M>) -> &CodeObj<M> {
    // SAFETY: frames hold code objects.
    unsafe { body(obj).body.code.cast_unchecked() }
}

fn line<M: Memory>(ctx: &Context<M>, obj: &Obj<M>) -> u32 {
    code_of(obj).body.code.position(pc_of(ctx, obj)).line
}

fn get_back<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    let f = body(obj);
    if let Some(known) = f.body.back.get(t) {
        return Ok(known.own());
    }
    let Some(caller) = standing(t, &f.body).and_then(|v| v.caller()) else { return Ok(Obj::NONE) };
    let back = of_view(t, &caller);
    put(t, f, &f.body.back, back.clone());
    Ok(back)
}

fn get_locals<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    let f = body(obj);
    let fresh = standing(t, &f.body).map(|view| locals_of(t, &view));
    match fresh {
        Some(locals) => {
            put(t, f, &f.body.locals, locals.clone());
            Ok(locals)
        }
        None => Ok(f.body.locals.get(t).map_or_else(|| dict::new(t), |l| l.own())),
    }
}

fn get_lineno<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    let line = line(t, obj);
    Ok(if line == 0 { Obj::NONE } else { int::from_i64(t, line.into()) })
}

fn get_builtins<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    Ok(t.interp.builtins_of(t, &body(obj).body.globals))
}

fn repr<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    let at = obj.word().address() as usize;
    let line = line(t, obj);
    let c = &code_of(obj).body.code;
    Ok(t.string(format!("<frame at {at:#x}, file '{}', line {line}, code {}>", c.filename, c.name)))
}

/// Defines `frame`.
pub fn define<M: Memory>(t: &mut Thread<M>) {
    Builder::new::<FrameBody<M>>(t, Builtin::Frame, "frame")
        .is_final()
        .flag(flags::NO_NEW)
        .slots(|s| s.repr.set(Some(repr)))
        .getter("f_code", |_, f| Ok((*body(f).body.code).clone()))
        .getter("f_globals", |_, f| Ok((*body(f).body.globals).clone()))
        .getter("f_builtins", get_builtins)
        .getter("f_locals", get_locals)
        .getter("f_lineno", get_lineno)
        .getter("f_lasti", |t, f| Ok(int::from_i64(t, (pc_of(t, f) * UNITS).into())))
        .getter("f_back", get_back)
        .getter("f_generator", |t, f| Ok(standing(t, &body(f).body).and_then(|v| v.generator()).unwrap_or(Obj::NONE)))
        .getter("f_trace_lines", |_, _| Ok(Obj::bool(true)))
        .getter("f_trace_opcodes", |_, _| Ok(Obj::bool(false)))
        .getset(
            "f_trace",
            |t, f| Ok(body(f).body.trace.get(t).map_or(Obj::NONE, |v| v.own())),
            Some(|t, f, value| {
                let at = body(f);
                put(t, at, &at.body.trace, value.cloned().unwrap_or(Obj::NONE));
                Ok(())
            }),
        )
        .method("clear(self, /)", |_, _| Ok(Obj::NONE))
        .finish();
}
