//! `bool`: two words of their own, arithmetic inherited from `int`.

use crate::args::Call;
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::object::{Obj, R};
use crate::types::build::Builder;
use crate::types::ids::Builtin;
use crate::types::int::Int;
use crate::types::int::ops::slot;
use crate::types::slots::BinOp;
use crate::types::{TypeObj, flags};
use crate::value::Word;

/// Defines the class.
pub fn define<M: Memory>(t: &mut Thread<M>) {
    Builder::new::<Int>(t, Builtin::Bool, "bool")
        .base_id(Builtin::Int)
        .is_final()
        .flag(flags::SELF_MATCH)
        .slots(|s| {
            s.new.set(Some(new));
            s.repr.set(Some(|t, b| Ok(t.intern(if b.word() == Word::TRUE { "True" } else { "False" }))));
            s.invert.set(Some(invert));
            s.bin[BinOp::And as usize].set(Some(logic::<M, { BinOp::And as u8 }>));
            s.bin[BinOp::Or as usize].set(Some(logic::<M, { BinOp::Or as u8 }>));
            s.bin[BinOp::Xor as usize].set(Some(logic::<M, { BinOp::Xor as u8 }>));
        })
        .finish();
}

/// `~`: that of the integer, with a warning.
fn invert<M: Memory>(t: &mut Thread<M>, b: &Obj<M>) -> R<M> {
    let message = "Bitwise inversion '~' on bool is deprecated and will be removed in Python 3.16. This returns the \
                   bitwise inversion of the underlying int object and is usually not what you expect from negating a \
                   bool. Use the 'not' operator for boolean negation or ~int(x) if you really want the bitwise \
                   inversion of the underlying int.";
    crate::modules::warnings::warn(t, Kind::DeprecationWarning, message)?;
    Ok(crate::types::int::from_i64(t, if b.word() == Word::TRUE { -2 } else { -1 }))
}

/// `&`, `|` and `^`: truth values among themselves, integers otherwise.
fn logic<M: Memory, const OP: u8>(t: &mut Thread<M>, a: &Obj<M>, b: &Obj<M>) -> R<M> {
    let (x, y) = (a.word(), b.word());
    if !x.is_bool() || !y.is_bool() {
        return slot::<M, OP>(t, a, b);
    }
    let (x, y) = (x == Word::TRUE, y == Word::TRUE);
    Ok(Obj::bool(match BinOp::ALL[OP as usize] {
        BinOp::And => x & y,
        BinOp::Or => x | y,
        _ => x ^ y,
    }))
}

/// `bool(x=False, /)`
fn new<M: Memory>(t: &mut Thread<M>, _: &TypeObj<M>, call: Call<'_, M>) -> R<M> {
    if !call.names.is_empty() {
        return Err(t.raise(Kind::TypeError, "bool() takes no keyword arguments"));
    }
    match call.slots {
        [] => Ok(Obj::bool(false)),
        [x] => Ok(Obj::bool(t.truth(x)?)),
        more => {
            let message = format!("bool expected at most 1 argument, got {}", more.len());
            Err(t.raise(Kind::TypeError, message))
        }
    }
}
