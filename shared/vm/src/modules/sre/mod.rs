//! `_sre`: what `re` compiles to and runs on. The compiler is the library's own; the engine is `rustpython-sre_engine`.

pub mod engine;
pub mod matching;
pub mod pattern;

use rustpython_sre_engine::{CODESIZE, MAXGROUPS, MAXREPEAT, SRE_MAGIC};

use crate::args::{Args, NativeFn};
use crate::context::Thread;
use crate::memory::Memory;
use crate::modules::Maker;
use crate::object::{Obj, R, Raise};
use crate::types::{int, tuple};

/// Defines the types of the module.
pub fn define<M: Memory>(t: &mut Thread<M>) {
    pattern::define(t);
    matching::define(t);
}

/// `_sre`
pub fn init<M: Memory>(t: &mut Thread<M>) -> R<M> {
    let functions: [(&str, NativeFn<M>); 8] = [
        ("compile(pattern, flags, code, groups, groupindex, indexgroup)", pattern::compile),
        ("template(pattern, template, /)", template),
        ("getcodesize()", |t, _| Ok(int::from_i64(t, CODESIZE as i64))),
        ("ascii_iscased(character, /)", |t, a| {
            let c = character(t, a)?;
            Ok(Obj::bool(c.is_ascii_alphabetic()))
        }),
        ("ascii_tolower(character, /)", |t, a| {
            let c = character(t, a)?;
            Ok(int::from_i64(t, c.to_ascii_lowercase() as i64))
        }),
        ("unicode_iscased(character, /)", |t, a| {
            let c = character(t, a)?;
            Ok(Obj::bool(c != lower(c) || c != upper(c)))
        }),
        ("unicode_tolower(character, /)", |t, a| {
            let c = character(t, a)?;
            Ok(int::from_i64(t, lower(c) as i64))
        }),
        ("getlower(character, flags, /)", getlower),
    ];
    Maker::new(t, "_sre")
        .functions(&functions)
        .ints(&[
            ("MAGIC", SRE_MAGIC as i64),
            ("CODESIZE", CODESIZE as i64),
            ("MAXREPEAT", MAXREPEAT as i64),
            ("MAXGROUPS", MAXGROUPS as i64),
        ])
        .finish()
}

/// A character argument; a lone surrogate has no case, as U+FFFD has none.
fn character<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> Result<char, Raise> {
    let c = t.index_i64(&args[0])?;
    Ok(u32::try_from(c).ok().and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER))
}

fn lower(c: char) -> char {
    let mut all = c.to_lowercase();
    all.next().unwrap_or(c)
}

fn upper(c: char) -> char {
    let mut all = c.to_uppercase();
    match (all.next(), all.next()) {
        (Some(one), None) => one,
        _ => c,
    }
}

fn getlower<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let (c, flags) = (character(t, args)?, t.index_i64(&args[1])?);
    let low = if flags & 32 != 0 { lower(c) } else { c.to_ascii_lowercase() };
    Ok(int::from_i64(t, low as i64))
}

/// A replacement template is its list of literals and group numbers.
fn template<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let items = t.collect(&args[1])?;
    Ok(tuple::from_vec(t, items))
}
