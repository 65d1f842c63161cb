//! Frames: windows on the register stack. Below register 0 stand four words:
//!
//! | word | content |
//! |---|---|
//! | `-4` | companion, owned: the namespace of a module or class body, the generator whose body this is, the instance that `__init__` makes; otherwise no pointer |
//! | `-3` | link: words down to the caller's window, destination register there, flags |
//! | `-2` | the caller's next instruction |
//! | `-1` | the function, owned |
//!
//! A generator's frame owns neither generator nor function: whoever resumed it holds the generator, which holds the
//! function. Of an instruction of the frame below (`INLINE`) that is the register.
//!
//! The last three are the [`FRAME_WORDS`] that a call window leaves free, the first is where the callable was.

use crate::code::CodeBody;
use crate::context::Context;
use crate::memory::Memory;
use crate::object::{Obj, Val};
use crate::types::function::{Function, FunctionObj};
use crate::types::tuple;
use crate::value::Word;
use parallax_front::Instr;
pub use parallax_front::opcode::FRAME_WORDS;

/// Words below register 0.
pub const BELOW: usize = FRAME_WORDS as usize + 1;

/// Return leaves the Rust loop.
pub const ENTRY: u64 = 1;
/// Body of the generator in the companion word.
pub const GENERATOR: u64 = 2;
/// The generator was resumed by a `ForLoop` or `Send` of the frame below.
pub const INLINE: u64 = 4;
/// `__init__` of the instance in the companion word, which is the call's result.
pub const INIT: u64 = 8;
/// The companion word is the namespace (module, class body, exec).
pub const NAMESPACE: u64 = 16;
/// The result goes nowhere: called by an instruction that has none.
pub const DISCARD: u64 = 32;

/// The link word: how far down the caller's window is, where its result goes, flags. Looks like an integer word.
#[inline(always)]
pub const fn link(down: usize, dst: usize, flags: u64) -> Word {
    Word(((down as u64) << 24 | (dst as u64) << 8 | flags) << 3)
}

/// Words down to the caller's window; 0: there is none.
#[inline(always)]
pub const fn link_down(link: Word) -> usize {
    (link.0 >> 27) as usize
}

/// Destination register.
#[inline(always)]
pub const fn link_dst(link: Word) -> usize {
    (link.0 >> 11 & 0xffff) as usize
}

/// Flags.
#[inline(always)]
pub const fn link_flags(link: Word) -> u64 {
    link.0 >> 3 & 0xff
}

/// A view of a frame on this thread's stack.
pub struct Frame<'a, M: Memory> {
    ctx: &'a Context<M>,
    base: *mut Word,
    /// Behind the instruction at which the frame stands.
    next: *const Instr,
}

impl<'a, M: Memory> Frame<'a, M> {
    /// The running frame, if any.
    pub fn current(ctx: &'a Context<M>) -> Option<Frame<'a, M>> {
        let base = ctx.frame.get();
        if base.is_null() {
            return None;
        }
        Some(Frame { ctx, base, next: ctx.pc.get().cast::<Instr>().wrapping_add(1) })
    }

    fn below(&self, i: usize) -> Word {
        // SAFETY: a frame has `BELOW` words below its registers.
        unsafe { *self.base.sub(i) }
    }

    /// The frame that called this one.
    pub fn caller(&self) -> Option<Frame<'a, M>> {
        let down = link_down(self.below(3));
        if down == 0 {
            return None;
        }
        // SAFETY: the link leads to the caller's window.
        let base = unsafe { self.base.sub(down) };
        Some(Frame { ctx: self.ctx, base, next: self.below(2).0 as *const Instr })
    }

    /// The function that runs.
    pub fn function(&self) -> &'a FunctionObj<M> {
        // SAFETY: the word owns the function as long as the frame lives.
        unsafe { &*self.below(1).address().cast::<FunctionObj<M>>() }
    }

    /// The function as a handle.
    pub fn function_obj(&self) -> Obj<M> {
        self.function().to_obj()
    }

    /// Its code.
    pub fn code(&self) -> &'a CodeBody<M> {
        let function: &'a Function<M> = &self.function().body;
        &function.code().body
    }

    /// The code object.
    pub fn code_obj(&self) -> Obj<M> {
        self.function().body.code().to_obj()
    }

    /// Index of the instruction at which the frame stands.
    pub fn pc(&self) -> u32 {
        let start = M::instructions(self.ctx, self.code());
        let index = (self.next as usize).wrapping_sub(start as usize) / size_of::<Instr>();
        (index as u32).saturating_sub(1)
    }

    /// Line at which the frame stands.
    pub fn line(&self) -> u32 {
        self.code().code.position(self.pc()).line
    }

    /// A register's value, owned; NULL when unbound.
    pub fn register(&self, i: usize) -> Obj<M> {
        // SAFETY: `i` is below `nregs`; the word is valid while borrowed.
        unsafe { Val::<M>::new(*self.base.add(i)) }.own()
    }

    /// Closure cell `i`.
    pub fn free_cell(&self, i: usize) -> Option<Obj<M>> {
        let closure = &self.function().body.closure;
        if closure.is_none() { None } else { tuple::items(closure).get(i).cloned() }
    }

    /// The module namespace.
    pub fn globals(&self) -> Obj<M> {
        (*self.function().body.globals).clone()
    }

    /// The namespace of a module or class body.
    pub fn namespace(&self) -> Option<Obj<M>> {
        if link_flags(self.below(3)) & NAMESPACE == 0 {
            return None;
        }
        // SAFETY: the companion of such a frame is its namespace.
        Some(unsafe { Val::<M>::new(self.below(4)) }.own())
    }

    /// The generator whose body this is.
    pub fn generator(&self) -> Option<Obj<M>> {
        if link_flags(self.below(3)) & GENERATOR == 0 {
            return None;
        }
        // SAFETY: the companion of such a frame is its generator.
        Some(unsafe { Val::<M>::new(self.below(4)) }.own())
    }

    /// First register, as an identity of the frame.
    pub fn base(&self) -> *mut Word {
        self.base
    }
}
