//! Unwinding: from a raised exception to its handler, frame by frame.

use crate::code::CodeBody;
use crate::context::{Context, Thread};
use crate::exceptions::Kind;
use crate::interp::frame::{self, Frame};
use crate::memory::Memory;
use crate::object::Obj;
use crate::types::{exception, generator, traceback};
use crate::value::Word;
use parallax_front::{Instr, Op};

/// Drops registers `from..to` of the window at `base`.
///
/// # Safety
/// The registers belong to a frame of this thread that does not use them any more.
pub unsafe fn drop_registers<M: Memory>(t: &Thread<M>, base: *mut Word, from: usize, to: usize) {
    for i in from..to {
        // SAFETY: inside the window.
        unsafe { take_register(t, base.add(i)) };
    }
}

/// Drops what a register holds and leaves no pointer.
///
/// # Safety
/// `at` is a register of this thread that is dead or about to be.
#[inline(always)]
pub unsafe fn take_register<M: Memory>(t: &Thread<M>, at: *mut Word) {
    // SAFETY: by the caller's word.
    unsafe {
        let word = *at;
        if word.is_ptr() {
            *at = Word(0);
            if word.is_counted() {
                M::release(t, word);
            }
        }
    }
}

/// What unwinding found.
pub enum Found {
    /// Go on at this instruction of the running frame; the exception is in its register.
    Handler(*const Instr),
    /// The exception leaves the Rust loop.
    Leave,
}

/// Unwinds from the running frame ([`crate::context::Context::frame`], `pc`) to a handler or out of the loop.
pub fn unwind<M: Memory>(t: &mut Thread<M>) -> Found {
    let mut first = true;
    loop {
        let view = Frame::current(t).expect("unwinding starts in a frame");
        let (pc, base) = (view.pc(), view.base());
        let function = &view.function().body;
        let body = &function.code().body;
        if !(first && raised_again(t, body, pc)) {
            traceback::add(t, function.code(), pc, &function.globals);
        }
        first = false;
        if let Some(handler) = body.code.handler(pc) {
            let depth = handler.depth as usize;
            // SAFETY: temporaries from `depth` up are dead now; the register takes the exception over.
            unsafe {
                drop_registers(t, base, depth, body.nregs as usize);
                *base.add(depth) = t.raised.replace(Word::NULL);
                return Found::Handler(M::instructions(t, body).add(handler.target as usize));
            }
        }
        let nregs = body.nregs as usize;
        if leave_frame(t, nregs) {
            return Found::Leave;
        }
    }
}

/// Is the instruction at `pc`, where unwinding starts, one that raises an exception again that has its entry for this
/// frame already?
fn raised_again<M: Memory>(ctx: &Context<M>, body: &CodeBody<M>, pc: u32) -> bool {
    let op = body.code.instrs.get(pc as usize).map_or(0, |i| i.op());
    if op != Op::Reraise as u16 && op != Op::RaiseAgain as u16 {
        return false;
    }
    // SAFETY: a view of the word that the cell owns; nothing here replaces it.
    let raised = std::mem::ManuallyDrop::new(unsafe { Obj::<M>::from_word(ctx.raised.get()) });
    !exception::traceback(ctx, &raised).is_none()
}

/// Pops the running frame because of an exception. True when the Rust loop ends with it.
fn leave_frame<M: Memory>(t: &mut Thread<M>, nregs: usize) -> bool {
    let base = t.frame.get();
    // SAFETY: (block) the frame and the four words below it are this thread's; it is popped once.
    unsafe {
        let link = *base.sub(3);
        let flags = frame::link_flags(link);
        drop_registers(t, base, 0, nregs);
        take_register(t, base.sub(1));
        if flags & frame::GENERATOR != 0 {
            let generator = Obj::<M>::from_word(std::mem::replace(&mut *base.sub(4), Word(0)));
            generator::finished(t, &generator, true);
        } else {
            take_register(t, base.sub(4));
        }
        pop(t, base, link);
        flags & frame::ENTRY != 0
    }
}

/// Makes the caller of the frame at `base` the running frame; the words of the frame are clean already.
///
/// # Safety
/// `base` is the running frame and `link` its link word.
pub unsafe fn pop<M: Memory>(ctx: &Context<M>, base: *mut Word, link: Word) {
    // SAFETY: by the caller's word.
    unsafe {
        ctx.depth.set(ctx.depth.get() - 1);
        let down = frame::link_down(link);
        let next = (*base.sub(2)).0 as *const u64;
        if down == 0 {
            ctx.frame.set(std::ptr::null_mut());
            ctx.pc.set(std::ptr::null());
        } else {
            ctx.frame.set(base.sub(down));
            ctx.pc.set(next.wrapping_sub(1));
        }
        if frame::link_flags(link) & frame::ENTRY != 0 {
            ctx.top.set(base.sub(frame::BELOW));
        } else {
            let caller = Frame::current(ctx).expect("only an entry frame has no caller");
            ctx.top.set(caller.base().add(caller.code().nregs as usize));
        }
    }
}

impl<M: Memory> Thread<M> {
    /// The `UnboundLocalError` of the current instruction: names the first operand register that holds nothing.
    #[cold]
    pub fn unbound_operand(&mut self) -> crate::object::Raise {
        let Some(view) = Frame::current(self) else {
            return self.raise(Kind::SystemError, "an operand is unbound outside any frame");
        };
        let (body, pc) = (view.code(), view.pc());
        let instr = body.code.instrs[pc as usize];
        let op = parallax_front::Op::from_u16(instr.op()).unwrap_or(parallax_front::Op::Nop);
        let info = op.info();
        use parallax_front::opcode::Kind as K;
        let fields = [(info.a, instr.a()), (info.b, instr.b()), (info.c, instr.c())];
        let unbound = fields
            .iter()
            .find(|(kind, i)| matches!(kind, K::R | K::P) && *i < body.nlocals && view.register(*i as usize).is_null());
        let fallback = if op == parallax_front::Op::DelLocal { Some(instr.a()) } else { None };
        let name = unbound.map(|f| f.1).or(fallback).map(|i| body.code.varnames[i as usize].to_string());
        let name = name.unwrap_or_else(|| "?".into());
        let message = format!("cannot access local variable '{name}' where it is not associated with a value");
        self.raise_name(Kind::UnboundLocalError, &name, message)
    }
}
