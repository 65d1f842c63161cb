//! Code objects: what the compiler hands to the VM. Plain data, shared by threads, free of objects.

use std::sync::Arc;

use crate::opcode::{Kind, Op};
use num_bigint::BigInt;

/// One 8-byte instruction or cache word: `op, a, b, c` from the low end.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(transparent)]
pub struct Instr(pub u64);

impl Instr {
    /// Puts an instruction together.
    pub const fn new(op: Op, a: u16, b: u16, c: u16) -> Instr {
        Instr(op as u64 | (a as u64) << 16 | (b as u64) << 32 | (c as u64) << 48)
    }

    /// An instruction whose `b` and `c` are one 32-bit operand.
    pub const fn wide(op: Op, a: u16, bc: u32) -> Instr {
        Instr(op as u64 | (a as u64) << 16 | (bc as u64) << 32)
    }

    /// The number of the opcode.
    pub const fn op(self) -> u16 {
        self.0 as u16
    }
    /// Field `a`.
    pub const fn a(self) -> u16 {
        (self.0 >> 16) as u16
    }
    /// Field `b`.
    pub const fn b(self) -> u16 {
        (self.0 >> 32) as u16
    }
    /// Field `c`.
    pub const fn c(self) -> u16 {
        (self.0 >> 48) as u16
    }
    /// Fields `b` and `c` as one number.
    pub const fn bc(self) -> u32 {
        (self.0 >> 32) as u32
    }
}

/// A constant of a code object.
#[derive(Clone, Debug, PartialEq)]
pub enum Const {
    /// `None`
    None,
    /// `True` or `False`
    Bool(bool),
    /// `...`
    Ellipsis,
    /// An integer of machine size.
    Int(i64),
    /// A larger integer.
    Big(BigInt),
    /// A float.
    Float(f64),
    /// An imaginary literal (or a folded complex number): real, imaginary.
    Complex(f64, f64),
    /// Text without lone surrogates.
    Str(Arc<str>),
    /// Text with lone surrogates, as code points.
    Wide(Arc<[u32]>),
    /// Bytes.
    Bytes(Arc<[u8]>),
    /// A tuple of constants.
    Tuple(Arc<[Const]>),
    /// A frozenset of constants (`x in {1, 2}`).
    FrozenSet(Arc<[Const]>),
    /// Nested code.
    Code(Arc<Code>),
}

/// What kind of code this is and what it needs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    /// Body of a function or lambda: locals live in registers.
    pub function: bool,
    /// Body of a class: names live in a namespace dict.
    pub class: bool,
    /// Has a `*args` parameter.
    pub varargs: bool,
    /// Has a `**kwargs` parameter.
    pub varkw: bool,
    /// Contains `yield` or is a coroutine.
    pub generator: bool,
    /// `async def`; `generator` is set too, since it runs as one.
    pub coroutine: bool,
    /// An `async def` that contains `yield`.
    pub async_generator: bool,
    /// A generator that may be awaited (`types.coroutine`); never set by the compiler.
    pub iterable_coroutine: bool,
    /// Defined inside a function.
    pub nested: bool,
    /// Is a method of a class (co_flags CO_METHOD).
    pub method: bool,
    /// First constant is the docstring.
    pub docstring: bool,
    /// `from __future__ import annotations` is in force.
    pub future_annotations: bool,
}

/// Source span of an instruction; columns count bytes of UTF-8 from 0, lines from 1. `line == 0`: artificial.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Position {
    /// First line.
    pub line: u32,
    /// Last line.
    pub end_line: u32,
    /// First column.
    pub column: u32,
    /// Column behind the last.
    pub end_column: u32,
}

/// One entry of the exception table. Entries are sorted so that the first that covers a pc is the innermost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Handler {
    /// First covered instruction.
    pub start: u32,
    /// Behind the last covered instruction.
    pub end: u32,
    /// Where the handler begins.
    pub target: u32,
    /// Temporaries from here up are dropped; then this one receives the exception.
    pub depth: u16,
}

/// The temporaries that are live *before* an instruction runs, from that instruction up to the next entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveRange {
    /// First instruction.
    pub start: u32,
    /// Registers, ascending.
    pub registers: Box<[u16]>,
}

/// A compiled module, function, class body or lambda.
#[derive(Clone, Debug, PartialEq)]
pub struct Code {
    /// `co_name`
    pub name: Arc<str>,
    /// `co_qualname`
    pub qualname: Arc<str>,
    /// `co_filename`
    pub filename: Arc<str>,
    /// `co_firstlineno`
    pub first_line: u32,
    /// Positional parameters, positional-only included.
    pub argcount: u16,
    /// Positional-only parameters.
    pub posonly: u16,
    /// Keyword-only parameters.
    pub kwonly: u16,
    /// See [`Flags`].
    pub flags: Flags,
    /// Named registers; register `r < nlocals` is called `varnames[r]`. Parameters first: positional, keyword-only,
    /// `*args`, `**kwargs`. Names that begin with `.` are the compiler's and hidden from `locals()`.
    pub varnames: Box<[Arc<str>]>,
    /// Locals that hold cells (after `MakeCell`).
    pub cells: Box<[u16]>,
    /// Names of the closure's cells.
    pub freevars: Box<[Arc<str>]>,
    /// Size of the register window, call windows included.
    pub nregs: u16,
    /// Attribute and global names.
    pub names: Box<[Arc<str>]>,
    /// Constants.
    pub consts: Box<[Const]>,
    /// Instructions and cache words.
    pub instrs: Box<[Instr]>,
    /// Exception table.
    pub handlers: Box<[Handler]>,
    /// Positions by first instruction, ascending.
    pub positions: Box<[(u32, Position)]>,
    /// Liveness map of the temporaries.
    pub live: Box<[LiveRange]>,
    /// Names assigned on the first parameter in the methods of a class body (`__static_attributes__`).
    pub static_attributes: Box<[Arc<str>]>,
}

impl Code {
    /// Number of named registers.
    pub fn nlocals(&self) -> u16 {
        self.varnames.len() as u16
    }

    /// Source span of the instruction at `pc`.
    pub fn position(&self, pc: u32) -> Position {
        let i = self.positions.partition_point(|&(start, _)| start <= pc);
        if i == 0 { Position::default() } else { self.positions[i - 1].1 }
    }

    /// Innermost handler of the instruction at `pc`.
    pub fn handler(&self, pc: u32) -> Option<&Handler> {
        self.handlers.iter().find(|h| h.start <= pc && pc < h.end)
    }

    /// Instructions with their places, cache words left out.
    pub fn walk(&self) -> impl Iterator<Item = (u32, Op, Instr)> + '_ {
        let mut pc = 0;
        std::iter::from_fn(move || {
            let instr = *self.instrs.get(pc)?;
            let at = pc as u32;
            let op = Op::from_u16(instr.op()).unwrap_or(Op::Nop);
            pc += 1 + op.info().cache as usize;
            Some((at, op, instr))
        })
    }
}

/// The jump offset of an instruction, if it has one.
pub fn jump_offset(op: Op, instr: Instr) -> Option<i32> {
    let info = op.info();
    if info.c == Kind::J {
        Some(instr.c() as i16 as i32)
    } else if info.b == Kind::J32 {
        Some(instr.bc() as i32)
    } else {
        None
    }
}

impl std::fmt::Debug for Instr {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}({}, {}, {})", self.op(), self.a(), self.b(), self.c())
    }
}
