//! The front end: Python 3.14 source text to code objects. Knows nothing of objects or threads.
#![forbid(unsafe_code)]

mod assembler;
mod ast;
pub mod code;
mod consts;
mod decode;
pub mod dis;
pub mod effects;
mod emit;
mod error;
mod fold;
mod liveness;
mod lower;
mod names;
pub mod opcode;
mod scan;
mod semantic;
mod source;
mod symbols;

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

/// Trees up to this depth need no more stack than the caller has; deeper ones get their own.
const SHALLOW: usize = 100;
/// Stack for one level of a tree, in bytes. Frames of unoptimised code are much larger.
const LEVEL: usize = 32 << 10;
/// The deepest tree that is compiled: one that fits 1 GiB of stack.
const MAX_DEPTH: usize = (1 << 30) / LEVEL;

/// Compiles a source text. `optimize`: 0, 1 (no assertions, `__debug__` false) or 2 (no docstrings either).
///
/// Besides the classes of syntax errors, the error may have the class `RecursionError`: the text nests too deeply.
pub fn compile(source: &str, filename: &str, mode: Mode, optimize: u8) -> Result<Arc<Code>, SyntaxError> {
    compile_warned(source, filename, mode, optimize, &mut Vec::new())
}

/// Compiles a source text and adds what CPython would warn of (`SyntaxWarning`), each as the error that it becomes when
/// warnings are errors. They count even when the compilation fails.
pub fn compile_warned(
    source: &str,
    filename: &str,
    mode: Mode,
    optimize: u8,
    warnings: &mut Vec<SyntaxError>,
) -> Result<Arc<Code>, SyntaxError> {
    let lines = source::Lines::new(source);
    let mut found = Vec::new();
    let result = compile_text(source, &lines, filename, mode, optimize, &mut found);
    warnings.extend(found.iter().map(|warning| lines.report(warning)));
    result.map_err(|error| lines.report(&error))
}

/// Compiles the bytes of a source file: UTF-8, or what its first lines declare (PEP 263).
pub fn compile_bytes(bytes: &[u8], filename: &str, mode: Mode, optimize: u8) -> Result<Arc<Code>, SyntaxError> {
    match decode::decode(bytes, filename) {
        Ok(text) => compile(&text, filename, mode, optimize),
        Err(error) => {
            let text = String::from_utf8_lossy(bytes);
            let report = source::Lines::new(&text).report(&error);
            // CPython shows neither text nor column for a file that it cannot decode.
            Err(SyntaxError { column: 0, end_column: 0, text: None, ..report })
        }
    }
}

fn compile_text(
    source: &str,
    lines: &source::Lines<'_>,
    filename: &str,
    mode: Mode,
    optimize: u8,
    warnings: &mut Vec<error::Error>,
) -> error::Result<Arc<Code>> {
    let scan = scan::scan(source)?;
    if scan.depth > MAX_DEPTH {
        let message = "maximum recursion depth exceeded during compilation";
        return Err(error::Error::of("RecursionError", ast::Span::default(), message));
    }
    let mut work = || {
        let (tree, mut names) = lower::parse(source, &scan, mode, optimize, warnings)?;
        let symbols = symbols::Symbols::analyze(&tree, &mut names, mode)?;
        emit::compile(&tree, &mut names, &symbols, lines, filename, mode, optimize)
    };
    if scan.depth > SHALLOW { stacker::grow((8 << 20) + scan.depth * LEVEL, work) } else { work() }
}
