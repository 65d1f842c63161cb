//! From a source to a code object, and running a code object in given namespaces: what stands behind `compile`, `eval`
//! and `exec`.

use std::borrow::Cow;

use parallax_front::Mode;

use crate::code::CodeBody;
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::interp::call::run_namespace;
use crate::memory::Memory;
use crate::object::{Obj, R, Raise};
use crate::types::str::{Text, to_text, view};
use crate::types::{bytes, cell, dict, function, ids, tuple};

/// Bits of `compile`'s `flags`.
pub mod flag {
    /// The syntax tree is asked for, not the code.
    pub const ONLY_AST: i64 = 0x400;
    /// A text that lacks its end raises a class of its own.
    pub const ALLOW_INCOMPLETE: i64 = 0x4000;
    /// Everything that CPython knows: the two above, prompts, coding, type comments, top-level await, futures.
    pub const KNOWN: i64 = ONLY_AST | ALLOW_INCOMPLETE | 0x100 | 0x200 | 0x1000 | 0x2000 | 0x8000 | 0x1fe_0010;
}

/// What function `who` (`compile`, `eval`, `exec`) compiles: str, bytes or anything that gives its bytes away.
fn source_text<'a, M: Memory>(
    t: &mut Thread<M>,
    source: &'a Obj<M>,
    filename: &str,
    who: &str,
) -> Result<Cow<'a, str>, Raise> {
    if let Some(text) = view(source) {
        let lone = |p: &u32| (0xd800..0xe000).contains(p);
        if let Text::Wide(points) = text
            && let Some(at) = points.iter().position(lone)
        {
            let reason = "surrogates not allowed";
            return Err(t.raise_unicode(Kind::UnicodeEncodeError, "utf-8", source, at, at + 1, reason));
        }
        return Ok(to_text(source));
    }
    if let Some(raw) = bytes::view(source) {
        return crate::import::source::decode(t, raw, filename);
    }
    if !matches!(source.shape(), ids::BYTEARRAY | ids::MEMORYVIEW) {
        let what = if who == "compile" { "AST" } else { "code" };
        return Err(t.raise(Kind::TypeError, format!("{who}() arg 1 must be a string, bytes or {what} object")));
    }
    let class = t.builtin(ids::Builtin::Bytes).to_obj();
    let copy = t.call(&class, std::slice::from_ref(source))?;
    let raw = bytes::view(&copy).unwrap_or_default();
    Ok(crate::import::source::decode(t, raw, filename)?.into_owned().into())
}

/// The code object for the source argument of function `who`; a code object is given back. `optimize` below zero: as
/// the interpreter was started.
pub fn compile<M: Memory>(
    t: &mut Thread<M>,
    source: &Obj<M>,
    who: &str,
    filename: &str,
    mode: Mode,
    flags: i64,
    optimize: i64,
) -> R<M> {
    if flags & !flag::KNOWN != 0 {
        return Err(t.raise(Kind::ValueError, "compile(): unrecognised flags"));
    }
    if !(-1..=2).contains(&optimize) {
        return Err(t.raise(Kind::ValueError, "compile(): invalid optimize value"));
    }
    if source.cast::<CodeBody<M>>().is_some() {
        return Ok(source.clone());
    }
    if flags & flag::ONLY_AST != 0 {
        return Err(t.raise(Kind::NotImplementedError, "compile() makes no syntax trees"));
    }
    let text = source_text(t, source, filename, who)?;
    if text.contains('\0') {
        return Err(t.raise(Kind::SyntaxError, "source code string cannot contain null bytes"));
    }
    // An expression may stand behind blanks.
    let text = if who == "eval" { text.trim_start_matches([' ', '\t']) } else { &text };
    let optimize = u8::try_from(optimize).unwrap_or_else(|_| t.interp.optimize());
    match crate::import::source::compile_warning(t, text, filename, mode, optimize)? {
        Ok(code) => Ok(CodeBody::load(t, &code)),
        Err(error) if error.incomplete && flags & flag::ALLOW_INCOMPLETE != 0 => {
            Err(t.raise(Kind::IncompleteInputError, "incomplete input"))
        }
        Err(error) => Err(t.raise_syntax(&error, filename)),
    }
}

/// Runs a code object whose free variables are the cells of `closure`. Names live in `locals`; the code of a function
/// has its own.
pub fn run_code<M: Memory>(
    t: &mut Thread<M>,
    code: &Obj<M>,
    globals: &Obj<M>,
    locals: &Obj<M>,
    closure: Option<&Obj<M>>,
) -> R<M> {
    let Some(body) = code.cast::<CodeBody<M>>() else {
        return Err(t.raise(Kind::TypeError, "a code object is required"));
    };
    check_closure(t, body.body.code.freevars.len(), closure)?;
    add_builtins(t, globals);
    let closure = closure.cloned().unwrap_or(Obj::NONE);
    let f = function::new(t, code.clone(), globals.clone(), closure);
    if body.body.code.flags.function {
        return t.call(&f, &[]);
    }
    run_namespace(t, &f, locals.clone())
}

/// Exactly one cell for each free variable.
fn check_closure<M: Memory>(t: &mut Thread<M>, wanted: usize, closure: Option<&Obj<M>>) -> Result<(), Raise> {
    let fits = match closure {
        None => wanted == 0,
        Some(closure) => {
            let cells = if closure.shape() == ids::TUPLE { tuple::items(closure) } else { &[] };
            wanted > 0 && cells.len() == wanted && cells.iter().all(|c| c.cast::<cell::Cell<M>>().is_some())
        }
    };
    if fits {
        return Ok(());
    }
    let message = match closure {
        None => "code object passed to exec() may not contain free variables".to_string(),
        Some(_) if wanted == 0 => "cannot use a closure with this code object".to_string(),
        Some(_) => format!("code object requires a closure of exactly length {wanted}"),
    };
    Err(t.raise(Kind::TypeError, message))
}

/// Code that runs in a namespace finds the built-in names there.
fn add_builtins<M: Memory>(t: &mut Thread<M>, globals: &Obj<M>) {
    let key = t.intern("__builtins__");
    if dict::get_str(t, globals, &key).is_none() {
        let value = t.interp.builtins_of(t, globals);
        dict::set_str(t, globals, key, value);
    }
}

/// Runs code without free variables in `globals`, or with names of its own in `locals`.
pub fn exec_code<M: Memory>(t: &mut Thread<M>, code: &Obj<M>, globals: &Obj<M>, locals: Option<&Obj<M>>) -> R<M> {
    run_code(t, code, globals, locals.unwrap_or(globals), None)
}
