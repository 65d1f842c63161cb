//! `code`: what Python code sees of a code object. The object itself is made in `crate::code`.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use parallax_front::Code;

use crate::args::Args;
use crate::code::{CodeBody, CodeObj};
use crate::context::{Context, Thread};
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::object::{Obj, R, Raise, Val};
use crate::types::build::{Builder, Getter};
use crate::types::ids::Builtin;
use crate::types::slots::CmpOp;
use crate::types::str::to_text;
use crate::types::{bytes, flags, int, list, tuple};
use crate::value::Word;

/// Units of `f_lasti`, `tb_lasti` and `co_lines` for one instruction, as `traceback` and `dis` expect them.
pub const UNITS: u32 = 2;

/// Bits of `co_flags`.
pub mod bits {
    #![allow(missing_docs)]
    pub const OPTIMIZED: i64 = 1;
    pub const NEWLOCALS: i64 = 2;
    pub const VARARGS: i64 = 4;
    pub const VARKEYWORDS: i64 = 8;
    pub const NESTED: i64 = 16;
    pub const GENERATOR: i64 = 32;
    pub const COROUTINE: i64 = 128;
    pub const ITERABLE_COROUTINE: i64 = 256;
    pub const ASYNC_GENERATOR: i64 = 512;
    pub const FUTURE_ANNOTATIONS: i64 = 0x100_0000;
    pub const HAS_DOCSTRING: i64 = 0x400_0000;
    pub const METHOD: i64 = 0x800_0000;
}

fn body<M: Memory>(obj: &Obj<M>) -> &CodeObj<M> {
    // SAFETY: this file's slots and attributes belong to code objects only, which have no derived classes.
    unsafe { obj.cast_unchecked() }
}

fn plain<M: Memory>(obj: &Obj<M>) -> &Code {
    &body(obj).body.code
}

/// `co_flags`
pub fn flag_bits(code: &Code) -> i64 {
    let f = &code.flags;
    let kind = match (f.async_generator, f.coroutine, f.generator) {
        (true, _, _) => bits::ASYNC_GENERATOR,
        (false, true, _) => bits::COROUTINE,
        (false, false, true) => bits::GENERATOR,
        (false, false, false) => 0,
    };
    let pairs = [
        (f.function, bits::OPTIMIZED | bits::NEWLOCALS),
        (f.varargs, bits::VARARGS),
        (f.varkw, bits::VARKEYWORDS),
        (f.function && f.nested, bits::NESTED),
        (true, kind),
        (f.iterable_coroutine, bits::ITERABLE_COROUTINE),
        (f.future_annotations, bits::FUTURE_ANNOTATIONS),
        (f.function && f.docstring, bits::HAS_DOCSTRING),
        (f.method, bits::METHOD),
    ];
    pairs.iter().filter(|(on, _)| *on).fold(0, |all, (_, bit)| all | bit)
}

/// Number of parameters of every kind: the first registers.
fn parameters(code: &Code) -> usize {
    let starred = usize::from(code.flags.varargs) + usize::from(code.flags.varkw);
    usize::from(code.argcount) + usize::from(code.kwonly) + starred
}

/// Is register `i` one of `co_varnames`?
fn is_varname(code: &Code, i: usize) -> bool {
    i < parameters(code) || !(code.varnames[i].starts_with('.') || code.cells.contains(&(i as u16)))
}

/// A tuple of words that the code object keeps.
fn names<M: Memory>(ctx: &Context<M>, words: impl Iterator<Item = Word>) -> Obj<M> {
    // SAFETY: names and constants live as long as their code object, which the caller holds.
    tuple::from_vec(ctx, words.map(|w| unsafe { Val::<M>::new(w) }.own()).collect())
}

fn get_varnames<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    let b = &body(obj).body;
    let shown = b.varnames.iter().enumerate().filter(|(i, _)| b.code.flags.function && is_varname(&b.code, *i));
    Ok(names(t, shown.map(|(_, w)| *w)))
}

fn get_cellvars<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    let b = &body(obj).body;
    let shown = b.code.cells.iter().filter(|i| !b.code.varnames[**i as usize].starts_with('.'));
    Ok(names(t, shown.map(|i| b.varnames[*i as usize])))
}

fn get_freevars<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    let list = plain(obj).freevars.iter().map(|n| t.intern(n)).collect();
    Ok(tuple::from_vec(t, list))
}

fn get_code<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    let raw: Vec<u8> = plain(obj).instrs.iter().flat_map(|i| i.0.to_le_bytes()).collect();
    Ok(bytes::from_slice(t, &raw))
}

fn iterator<M: Memory>(t: &mut Thread<M>, items: Vec<Obj<M>>) -> R<M> {
    let all = list::from_vec(t, items);
    t.iter(&all)
}

fn number<M: Memory>(ctx: &Context<M>, n: u32) -> Obj<M> {
    int::from_i64(ctx, n.into())
}

/// A line or column; none for artificial instructions.
fn place<M: Memory>(ctx: &Context<M>, known: bool, n: u32) -> Obj<M> {
    if known { number(ctx, n) } else { Obj::NONE }
}

/// `co_lines()`: `(start, end, line)` for each run of instructions of one line.
fn co_lines<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let code = plain(&args[0]);
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for (start, position) in &code.positions {
        if runs.last().is_none_or(|(_, line)| *line != position.line) {
            runs.push((*start, position.line));
        }
    }
    let end = code.instrs.len() as u32;
    let mut items = Vec::with_capacity(runs.len());
    for (i, &(start, line)) in runs.iter().enumerate() {
        let next = runs.get(i + 1).map_or(end, |r| r.0);
        let row = [number(t, start * UNITS), number(t, next * UNITS), place(t, line != 0, line)];
        items.push(tuple::from_vec(t, row.into()));
    }
    iterator(t, items)
}

/// `co_positions()`: `(line, end_line, column, end_column)` for each instruction word.
fn co_positions<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let code = plain(&args[0]);
    let mut items = Vec::with_capacity(code.instrs.len());
    for pc in 0..code.instrs.len() as u32 {
        let p = code.position(pc);
        let row = [p.line, p.end_line, p.column, p.end_column].map(|n| place(t, p.line != 0, n));
        items.push(tuple::from_vec(t, row.into()));
    }
    iterator(t, items)
}

/// `replace(**fields)`
fn replace<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let mut code = plain(&args[0]).clone();
    for (name, value) in args.names.iter().zip(args.values) {
        let name = to_text(name);
        match &*name {
            "co_name" => code.name = text_field(t, &name, value)?,
            "co_qualname" => code.qualname = text_field(t, &name, value)?,
            "co_filename" => code.filename = text_field(t, &name, value)?,
            "co_firstlineno" => {
                let Ok(line) = u32::try_from(t.index_i64(value)?) else {
                    return Err(t.raise(Kind::ValueError, "co_firstlineno must be a positive integer"));
                };
                code.first_line = line;
            }
            "co_flags" => {
                let wanted = t.index_i64(value)?;
                let free = bits::NESTED
                    | bits::METHOD
                    | bits::FUTURE_ANNOTATIONS
                    | bits::HAS_DOCSTRING
                    | bits::ITERABLE_COROUTINE;
                if (wanted ^ flag_bits(&code)) & !free != 0 {
                    return Err(t.raise(Kind::ValueError, "code.replace(): these flags follow from the instructions"));
                }
                code.flags.nested = wanted & bits::NESTED != 0;
                code.flags.iterable_coroutine = wanted & bits::ITERABLE_COROUTINE != 0;
                code.flags.method = wanted & bits::METHOD != 0;
                code.flags.future_annotations = wanted & bits::FUTURE_ANNOTATIONS != 0;
            }
            _ => return refuse_field(t, &args[0], &name),
        }
    }
    Ok(CodeBody::load(t, &Arc::new(code)))
}

fn text_field<M: Memory>(t: &mut Thread<M>, name: &str, value: &Obj<M>) -> Result<Arc<str>, Raise> {
    if crate::types::str::view(value).is_none() {
        let class = t.class_name(value);
        return Err(t.raise(Kind::TypeError, format!("replace() argument '{name}' must be str, not {class}")));
    }
    Ok(to_text(value).into())
}

#[cold]
fn refuse_field<M: Memory>(t: &mut Thread<M>, code: &Obj<M>, name: &str) -> R<M> {
    if name.starts_with("co_") && t.getattr_opt_str(code, name)?.is_some() {
        return Err(t.raise(Kind::ValueError, format!("code.replace(): changing {name} is unsupported")));
    }
    Err(t.raise(Kind::TypeError, format!("replace() got an unexpected keyword argument '{name}'")))
}

fn same(a: &Code, b: &Code) -> bool {
    std::ptr::eq(a, b)
        || (a.name == b.name
            && (a.argcount, a.posonly, a.kwonly, a.flags, a.first_line)
                == (b.argcount, b.posonly, b.kwonly, b.flags, b.first_line)
            && a.instrs == b.instrs
            && a.consts == b.consts
            && a.names == b.names
            && a.varnames == b.varnames
            && a.cells == b.cells
            && a.freevars == b.freevars
            && a.positions == b.positions
            && a.handlers == b.handlers)
}

fn compare<M: Memory>(_: &mut Thread<M>, a: &Obj<M>, b: &Obj<M>, op: CmpOp) -> R<M> {
    match (a.cast::<CodeBody<M>>(), b.cast::<CodeBody<M>>(), op) {
        (Some(x), Some(y), CmpOp::Eq | CmpOp::Ne) => {
            Ok(Obj::bool(same(&x.body.code, &y.body.code) == (op == CmpOp::Eq)))
        }
        _ => Ok(Obj::not_implemented()),
    }
}

fn hash<M: Memory>(_: &mut Thread<M>, obj: &Obj<M>) -> Result<i64, Raise> {
    let code = plain(obj);
    let mut state = DefaultHasher::new();
    (&code.name, code.first_line, code.argcount, code.kwonly, &code.varnames).hash(&mut state);
    code.instrs.iter().for_each(|i| i.0.hash(&mut state));
    Ok((state.finish() >> 3) as i64)
}

fn repr<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    let (c, at) = (plain(obj), obj.word().address() as usize);
    Ok(t.string(format!("<code object {} at {at:#x}, file \"{}\", line {}>", c.name, c.filename, c.first_line)))
}

/// Defines `code`.
pub fn define<M: Memory>(t: &mut Thread<M>) {
    let getters: [(&'static str, Getter<M>); 20] = [
        ("co_name", |t, c| Ok(t.intern(&plain(c).name))),
        ("co_qualname", |t, c| Ok(t.intern(&plain(c).qualname))),
        ("co_filename", |t, c| Ok(t.intern(&plain(c).filename))),
        ("co_firstlineno", |t, c| Ok(number(t, plain(c).first_line))),
        ("co_argcount", |t, c| Ok(number(t, plain(c).argcount.into()))),
        ("co_posonlyargcount", |t, c| Ok(number(t, plain(c).posonly.into()))),
        ("co_kwonlyargcount", |t, c| Ok(number(t, plain(c).kwonly.into()))),
        ("co_nlocals", |t, c| {
            let names = get_varnames(t, c)?;
            Ok(int::from_usize(t, tuple::items(&names).len()))
        }),
        ("co_varnames", get_varnames),
        ("co_cellvars", get_cellvars),
        ("co_freevars", get_freevars),
        ("co_names", |t, c| Ok(names(t, body(c).body.names.iter().copied()))),
        ("co_consts", |t, c| Ok(names(t, body(c).body.consts.iter().copied()))),
        ("co_flags", |t, c| Ok(int::from_i64(t, flag_bits(plain(c))))),
        ("co_stacksize", |t, c| Ok(number(t, plain(c).nregs.into()))),
        ("co_code", get_code),
        ("_co_code_adaptive", get_code),
        ("co_linetable", |t, _| Ok(bytes::from_slice(t, b""))),
        ("co_exceptiontable", |t, _| Ok(bytes::from_slice(t, b""))),
        ("co_lnotab", |t, _| Ok(bytes::from_slice(t, b""))),
    ];
    let mut b = Builder::new::<CodeBody<M>>(t, Builtin::Code, "code")
        .is_final()
        .flag(flags::NO_NEW)
        .slots(|s| {
            s.repr.set(Some(repr));
            s.hash.set(Some(hash));
            s.compare.set(Some(compare));
        })
        .method("co_lines(self, /)", co_lines)
        .method("co_positions(self, /)", co_positions)
        .method("replace(self, /, **changes)", replace)
        .method("__replace__(self, /, **changes)", replace);
    for (name, get) in getters {
        b = b.getter(name, get);
    }
    b.finish();
}
