//! The code generator: from the tree and the symbol table to code objects. Results go straight to where they are
//! wanted; a local is used in place wherever an operand may be a register.
//!
//! Each method that computes something takes the register for the result. When that register is a named local, only
//! the last instruction writes it: whatever the expression reads or raises still sees the old value.

mod annotate;
mod assign;
mod asynchronous;
mod call;
mod class;
mod comp;
mod cond;
mod display;
mod exceptions;
mod expr;
mod flow;
mod function;
mod generic;
mod ops;
mod pattern;
mod stmt;

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::Mode;
use crate::assembler::{Assembler, Reg, TEMP};
use crate::ast::{Expr, ExprKind, Name, ScopeId, Span, Tree};
use crate::code::{Code, Const, Flags};
use crate::consts::Consts;
use crate::error::{Error, Result};
use crate::liveness::{count_saved, liveness};
use crate::lower::MODULE;
use crate::names::Names;
use crate::opcode::{FRAME_WORDS, Op};
use crate::source::Lines;
use crate::symbols::{Place, ScopeKind, Symbols};
use flow::Block;

/// Compiles a tree.
pub(crate) fn compile(
    tree: &Tree,
    names: &mut Names,
    symbols: &Symbols,
    lines: &Lines<'_>,
    filename: &str,
    mode: Mode,
    optimize: u8,
) -> Result<Arc<Code>> {
    let unit = Unit::new(MODULE, "<module>".into(), "<module>".into());
    let mut emitter = Emitter {
        names,
        symbols,
        lines,
        filename: filename.into(),
        future_annotations: tree.future_annotations,
        mode,
        optimize,
        unit,
        outer: Vec::new(),
        compiled: FxHashMap::default(),
        error: None,
    };
    emitter.module(tree);
    let unit = std::mem::replace(&mut emitter.unit, Unit::new(MODULE, "".into(), "".into()));
    let first_line = u32::from(mode == Mode::Exec);
    let code = emitter.seal(unit, Signature { first_line: first_line.max(1), ..Signature::default() });
    match emitter.error {
        Some(error) => Err(error),
        None => Ok(code),
    }
}

struct Emitter<'a> {
    names: &'a mut Names,
    symbols: &'a Symbols,
    lines: &'a Lines<'a>,
    filename: Arc<str>,
    future_annotations: bool,
    mode: Mode,
    optimize: u8,
    /// The code object at hand, and those around it.
    unit: Unit<'a>,
    outer: Vec<Unit<'a>>,
    /// Code of functions that is emitted more than once (in a `finally` block).
    compiled: FxHashMap<ScopeId, Arc<Code>>,
    /// The first error; emission goes on without looking at it.
    error: Option<Error>,
}

/// One code object under construction.
struct Unit<'a> {
    /// The scope whose frame this is.
    frame: ScopeId,
    /// The scope in which names are looked up: the frame's, or that of a comprehension inside it.
    scope: ScopeId,
    name: Arc<str>,
    qualname: Arc<str>,
    asm: Assembler,
    consts: Consts,
    names: Vec<Name>,
    name_index: FxHashMap<Name, u32>,
    locals: Vec<Arc<str>>,
    registers: FxHashMap<(ScopeId, Name), Reg>,
    /// Registers of comprehensions that ended, by name and whether they hold cells.
    pool: FxHashMap<(Name, bool), Vec<Reg>>,
    cells: Vec<u16>,
    /// Temporaries in use, and the most that ever were.
    temps: u16,
    max_temps: u16,
    blocks: Vec<Block<'a>>,
    /// The first parameter, for zero-argument `super`.
    first_param: Option<Name>,
}

/// What `seal` needs beside the unit.
#[derive(Default)]
struct Signature {
    first_line: u32,
    argcount: u16,
    posonly: u16,
    kwonly: u16,
    flags: Flags,
    static_attributes: Vec<Name>,
}

impl Unit<'_> {
    fn new(frame: ScopeId, name: Arc<str>, qualname: Arc<str>) -> Self {
        Unit {
            frame,
            scope: frame,
            name,
            qualname,
            asm: Assembler::new(),
            consts: Consts::default(),
            names: Vec::new(),
            name_index: FxHashMap::default(),
            locals: Vec::new(),
            registers: FxHashMap::default(),
            pool: FxHashMap::default(),
            cells: Vec::new(),
            temps: 0,
            max_temps: 0,
            blocks: Vec::new(),
            first_param: None,
        }
    }
}

impl<'a> Emitter<'a> {
    fn fail(&mut self, span: Span, message: impl Into<String>) {
        self.error.get_or_insert_with(|| Error::new(span, message));
    }

    fn at(&mut self, span: Span) {
        self.unit.asm.span = span;
    }

    fn emit(&mut self, op: Op, a: Reg, b: Reg, c: Reg) {
        self.unit.asm.emit(op, a, b, c);
    }

    /// An instruction with one register.
    fn one(&mut self, op: Op, a: Reg) {
        self.unit.asm.raw(op, a.0, 0, 0);
    }

    fn two(&mut self, op: Op, a: Reg, b: Reg) {
        self.unit.asm.raw(op, a.0, b.0, 0);
    }

    // Temporaries.

    /// How many temporaries are in use.
    fn mark(&self) -> u16 {
        self.unit.temps
    }

    fn release(&mut self, mark: u16) {
        self.unit.temps = mark;
    }

    /// A new temporary.
    fn temp(&mut self) -> Reg {
        self.temps(1)
    }

    /// The first of `count` new temporaries.
    fn temps(&mut self, count: u16) -> Reg {
        let first = self.unit.temps;
        let Some(next) = first.checked_add(count).filter(|&n| n < TEMP - 64) else {
            self.fail(self.unit.asm.span, "too many temporary values in one expression");
            return Reg(TEMP);
        };
        self.unit.temps = next;
        self.unit.max_temps = self.unit.max_temps.max(next);
        Reg(TEMP + first)
    }

    /// The first register of a call window at the top. The result register is used when it is the last temporary.
    fn window(&mut self, dst: Reg) -> Reg {
        let top = self.unit.temps;
        let window = if dst.is_temp() && dst.0 - TEMP + 1 == top { dst } else { self.temp() };
        self.temps(FRAME_WORDS);
        window
    }

    // Constants and names.

    fn constant(&mut self, value: &Const) -> u32 {
        self.unit.consts.add(value)
    }

    fn load_const(&mut self, dst: Reg, value: &Const) {
        match value {
            Const::Int(n) if i32::try_from(*n).is_ok() => self.unit.asm.wide(Op::LoadInt, dst, *n as i32 as u32),
            _ => {
                let index = self.constant(value);
                self.unit.asm.wide(Op::LoadK, dst, index);
            }
        }
    }

    fn load_none(&mut self, dst: Reg) {
        self.load_const(dst, &Const::None);
    }

    fn text(&self, name: Name) -> Arc<str> {
        self.names.text(name).clone()
    }

    fn text_const(&self, name: Name) -> Const {
        Const::Str(self.text(name))
    }

    fn wide_name(&mut self, name: Name) -> u32 {
        let next = self.unit.names.len() as u32;
        let index = *self.unit.name_index.entry(name).or_insert(next);
        if index == next {
            self.unit.names.push(name);
        }
        index
    }

    /// The index of a name for a 16-bit operand.
    fn name(&mut self, name: Name) -> u16 {
        let index = self.wide_name(name);
        u16::try_from(index).unwrap_or_else(|_| {
            self.fail(self.unit.asm.span, "too many names in one code object");
            0
        })
    }

    fn intern(&mut self, text: &str) -> Name {
        self.names.intern(text)
    }

    // Registers of names.

    fn new_local(&mut self, name: Arc<str>) -> Reg {
        let index = self.unit.locals.len();
        if index >= usize::from(TEMP - 64) {
            self.fail(self.unit.asm.span, "too many local variables");
            return Reg(0);
        }
        self.unit.locals.push(name);
        Reg(index as u16)
    }

    /// The register of a name that scope `owner` of this frame binds.
    fn local(&mut self, owner: ScopeId, name: Name) -> Reg {
        if let Some(&register) = self.unit.registers.get(&(owner, name)) {
            return register;
        }
        let text = self.text(name);
        let register = self.new_local(text);
        self.unit.registers.insert((owner, name), register);
        register
    }

    fn place(&self, name: Name) -> Place {
        self.symbols.place(self.unit.scope, name)
    }

    /// The register of a name that is an ordinary local.
    fn plain_local(&mut self, name: Name) -> Option<Reg> {
        match self.place(name) {
            Place::Register(owner) if !self.symbols.captured(owner, name) => Some(self.local(owner, name)),
            _ => None,
        }
    }

    /// The register of an expression that is an ordinary local.
    fn local_expr(&mut self, expr: &Expr) -> Option<Reg> {
        match expr.kind {
            ExprKind::Name(name) => self.plain_local(name),
            _ => None,
        }
    }

    /// Puts a finished code object together.
    fn seal(&mut self, unit: Unit<'a>, signature: Signature) -> Arc<Code> {
        let nlocals = unit.locals.len() as u16;
        let frame = self.symbols.scope(unit.frame);
        let nregs = nlocals + unit.max_temps;
        if nlocals >= TEMP - 64 || self.error.is_some() {
            self.error.get_or_insert_with(|| Error::new(Span::default(), "too many local variables"));
        }
        let mut assembly = if self.error.is_some() {
            Assembler::new().finish(0, 0, self.lines)
        } else {
            let flags = signature.flags;
            let more = u16::from(flags.varargs) + u16::from(flags.varkw);
            unit.asm.finish(nlocals, signature.argcount + signature.kwonly + more, self.lines)
        };
        let live = liveness(&assembly.instrs, &assembly.handlers, nlocals, nregs);
        count_saved(&mut assembly.instrs, &live, nlocals);
        let texts = |list: &[Name]| list.iter().map(|&n| self.names.text(n).clone()).collect();
        Arc::new(Code {
            name: unit.name,
            qualname: unit.qualname,
            filename: self.filename.clone(),
            first_line: signature.first_line,
            argcount: signature.argcount,
            posonly: signature.posonly,
            kwonly: signature.kwonly,
            flags: signature.flags,
            varnames: unit.locals.into(),
            cells: unit.cells.into(),
            freevars: texts(&frame.frees),
            nregs,
            names: texts(&unit.names),
            consts: unit.consts.finish(),
            instrs: assembly.instrs.into(),
            handlers: assembly.handlers.into(),
            positions: assembly.positions.into(),
            live,
            static_attributes: texts(&signature.static_attributes),
        })
    }

    /// Is the unit at hand the body of a function (or lambda, or generator expression)?
    fn in_function(&self) -> bool {
        !matches!(self.symbols.scope(self.unit.frame).kind, ScopeKind::Module | ScopeKind::Class)
    }
}
