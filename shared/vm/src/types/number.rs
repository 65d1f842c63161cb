//! Arithmetic and comparison of plain numbers, word by word: what the interpreter loop and the protocols try before
//! they look at slots. Answers only for operands that are exactly `int`, `bool` or `float`.

use std::cmp::Ordering;
use std::mem::ManuallyDrop;

use crate::context::Thread;
use crate::memory::Memory;
use crate::object::{Obj, R};
use crate::types::float::Float;
use crate::types::int::Int;
use crate::types::int::ops::{self, Number};
use crate::types::slots::BinOp;
use crate::types::{float, ids};
use crate::value::Word;

/// `a op b`; `None` when the slots must be asked.
#[inline]
pub fn binary_words<M: Memory>(t: &mut Thread<M>, op: BinOp, a: Word, b: Word) -> Option<R<M>> {
    if op == BinOp::MatMul {
        return None;
    }
    if a.both_int(b) {
        return Some(ops::arith(t, op, Number::Small(a.int_value()), Number::Small(b.int_value())));
    }
    if let (Some(x), Some(y)) = (a.as_float(), b.as_float()) {
        return float::arith(t, op, x, y);
    }
    if a.is_special() || b.is_special() {
        return None;
    }
    mixed(t, op, a, b)
}

/// An operand of exactly a built-in number type.
enum Operand<'a> {
    Int(Number<'a>),
    Float(f64),
}

/// # Safety of the view
/// The caller's word is valid and outlives the operand.
#[inline]
fn operand<M: Memory>(view: &Obj<M>) -> Option<Operand<'_>> {
    let word = view.word();
    if word.is_int() {
        return Some(Operand::Int(Number::Small(word.int_value())));
    }
    if let Some(f) = word.as_float() {
        return Some(Operand::Float(f));
    }
    match view.shape() {
        ids::INT => view.exact::<Int>().map(|at| Operand::Int(Number::Big(&at.body.value))),
        ids::FLOAT => view.exact::<Float>().map(|at| Operand::Float(at.body.value)),
        _ => None,
    }
}

#[inline(never)]
fn mixed<M: Memory>(t: &mut Thread<M>, op: BinOp, a: Word, b: Word) -> Option<R<M>> {
    // SAFETY: views of the caller's valid words, never dropped.
    let (a, b) = unsafe { (ManuallyDrop::new(Obj::<M>::from_word(a)), ManuallyDrop::new(Obj::<M>::from_word(b))) };
    match (operand(&a)?, operand(&b)?) {
        (Operand::Int(x), Operand::Int(y)) => Some(ops::arith(t, op, x, y)),
        (Operand::Float(x), Operand::Float(y)) => float::arith(t, op, x, y),
        (Operand::Int(x), Operand::Float(y)) => match ops::to_f64(t, x) {
            Ok(x) => float::arith(t, op, x, y),
            Err(raise) => Some(Err(raise)),
        },
        (Operand::Float(x), Operand::Int(y)) => match ops::to_f64(t, y) {
            Ok(y) => float::arith(t, op, x, y),
            Err(raise) => Some(Err(raise)),
        },
    }
}

/// Ordering of two numbers that are words: `None` when they are none, `Some(None)` when they are unordered.
#[inline]
pub fn compare_words(a: Word, b: Word) -> Option<Option<Ordering>> {
    if a.both_int(b) {
        return Some(Some((a.0 as i64).cmp(&(b.0 as i64))));
    }
    match (a.as_float(), b.as_float()) {
        (Some(x), Some(y)) => Some(x.partial_cmp(&y)),
        (Some(x), None) => b.as_int().map(|y| float::compare_int(x, Number::Small(y))),
        (None, Some(y)) => a.as_int().map(|x| float::compare_int(y, Number::Small(x)).map(Ordering::reverse)),
        (None, None) => None,
    }
}

macro_rules! operators {
    ($($name:ident $op:ident)*) => {$(
        /// The operator on plain numbers; `None` when the slots must be asked.
        #[inline]
        pub fn $name<M: Memory>(t: &mut Thread<M>, a: Word, b: Word) -> Option<R<M>> {
            binary_words(t, BinOp::$op, a, b)
        }
    )*};
}

operators! {
    add Add sub Sub mul Mul truediv TrueDiv floordiv FloorDiv modulo Mod pow Pow lshift LShift rshift RShift
    and And or Or xor Xor
}
