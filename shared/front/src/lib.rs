//! The front end: Python 3.14 source text to code objects. Knows nothing of objects or threads.
#![forbid(unsafe_code)]

mod assembler;
mod ast;
pub mod code;
mod consts;
pub mod dis;
pub mod effects;
mod emit;
mod error;
mod fold;
mod liveness;
mod lower;
mod names;
pub mod opcode;
mod semantic;
mod source;
mod symbols;
mod syntax_error;

use std::sync::Arc;

pub use code::{Code, Const, Flags, Handler, Instr, LiveRange, Position};
pub use opcode::Op;

/// What the text is compiled as (the third argument of `compile`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// A module.
    Exec,
    /// One expression.
    Eval,
    /// A prompt's input: expressions are displayed.
    Single,
}

/// A `SyntaxError` (or one of its subclasses) with what CPython shows of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// `SyntaxError`, `IndentationError` or `TabError`.
    pub class: &'static str,
    /// CPython's wording.
    pub message: String,
    /// Line, from 1.
    pub line: u32,
    /// Column in code points, from 1 (`offset`).
    pub column: u32,
    /// Last line.
    pub end_line: u32,
    /// Column behind the end, from 1; 0 when unknown.
    pub end_column: u32,
    /// The line's text, with its line end.
    pub text: Option<String>,
    /// The input may become right with more lines (prompt).
    pub incomplete: bool,
}

/// Compiles a source text. `optimize`: 0, 1 (no assertions, `__debug__` false) or 2 (no docstrings either).
pub fn compile(source: &str, filename: &str, mode: Mode, optimize: u8) -> Result<Arc<Code>, SyntaxError> {
    let lines = source::Lines::new(source);
    let result = lower::parse(source, mode, optimize).and_then(|(tree, mut names)| {
        let symbols = symbols::Symbols::analyze(&tree, &mut names, mode)?;
        emit::compile(&tree, &mut names, &symbols, &lines, filename, mode, optimize)
    });
    result.map_err(|error| lines.report(&error))
}
