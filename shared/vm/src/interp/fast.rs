//! Arithmetic on integer and float words; `None` when something else is asked.
#![allow(non_snake_case)]

use crate::types::slots::CmpOp;
use crate::value::Word;

macro_rules! floats {
    ($x:ident $y:ident $f:expr) => {{
        if $x.is_float() && $y.is_float() {
            return Word::float($f($x.float_value(), $y.float_value()));
        }
        mixed($x, $y).and_then(|(x, y)| Word::float($f(x, y)))
    }};
}

/// An integer and a float as two floats.
#[inline(always)]
fn mixed(x: Word, y: Word) -> Option<(f64, f64)> {
    if x.is_float() && y.is_int() {
        Some((x.float_value(), exact(y)?))
    } else if x.is_int() && y.is_float() {
        Some((exact(x)?, y.float_value()))
    } else {
        None
    }
}

/// An integer word as a float, if it is small enough to be exact.
#[inline(always)]
fn exact(w: Word) -> Option<f64> {
    let i = w.int_value();
    if i.unsigned_abs() <= 1 << 53 { Some(i as f64) } else { None }
}

/// `x + y`
#[inline(always)]
pub fn Add(x: Word, y: Word) -> Option<Word> {
    if x.both_int(y) {
        return (x.0 as i64).checked_add(y.0 as i64).map(|w| Word(w as u64));
    }
    floats!(x y |a: f64, b: f64| a + b)
}

/// `x - y`
#[inline(always)]
pub fn Sub(x: Word, y: Word) -> Option<Word> {
    if x.both_int(y) {
        return (x.0 as i64).checked_sub(y.0 as i64).map(|w| Word(w as u64));
    }
    floats!(x y |a: f64, b: f64| a - b)
}

/// `x * y`
#[inline(always)]
pub fn Mul(x: Word, y: Word) -> Option<Word> {
    if x.both_int(y) {
        return (x.0 as i64).checked_mul(y.int_value()).map(|w| Word(w as u64));
    }
    floats!(x y |a: f64, b: f64| a * b)
}

/// `x / y`
#[inline(always)]
pub fn TrueDiv(x: Word, y: Word) -> Option<Word> {
    if x.both_int(y) {
        let (a, b) = (exact(x)?, exact(y)?);
        return if b == 0.0 { None } else { Word::float(a / b) };
    }
    if x.is_float() && y.is_float() {
        let b = y.float_value();
        return if b == 0.0 { None } else { Word::float(x.float_value() / b) };
    }
    let (a, b) = mixed(x, y)?;
    if b == 0.0 { None } else { Word::float(a / b) }
}

/// `x // y` of integers
#[inline(always)]
pub fn FloorDiv(x: Word, y: Word) -> Option<Word> {
    if !x.both_int(y) || y.0 == 0 {
        return None;
    }
    let (a, b) = (x.int_value(), y.int_value());
    if (a | b) >= 0 && (a | b) >> 32 == 0 {
        return Some(Word::small((a as u32 / b as u32) as i64));
    }
    let q = a / b;
    Word::int(if (a % b != 0) && ((a < 0) != (b < 0)) { q - 1 } else { q })
}

/// `x % y` of integers
#[inline(always)]
pub fn Mod(x: Word, y: Word) -> Option<Word> {
    if !x.both_int(y) || y.0 == 0 {
        return None;
    }
    let (a, b) = (x.int_value(), y.int_value());
    if (a | b) >= 0 && (a | b) >> 32 == 0 {
        return Some(Word::small((a as u32 % b as u32) as i64));
    }
    let r = a % b;
    Some(Word::small(if r != 0 && ((r < 0) != (b < 0)) { r + b } else { r }))
}

/// `x ** y`: never here.
#[inline(always)]
pub fn Pow(_: Word, _: Word) -> Option<Word> {
    None
}

/// `x @ y`: never here.
#[inline(always)]
pub fn MatMul(_: Word, _: Word) -> Option<Word> {
    None
}

/// `x << y`
#[inline(always)]
pub fn LShift(x: Word, y: Word) -> Option<Word> {
    if !x.both_int(y) {
        return None;
    }
    let (a, n) = (x.int_value(), y.int_value());
    if !(0..62).contains(&n) {
        return None;
    }
    let shifted = a << n;
    if shifted >> n == a { Word::int(shifted) } else { None }
}

/// `x >> y`
#[inline(always)]
pub fn RShift(x: Word, y: Word) -> Option<Word> {
    if !x.both_int(y) || y.int_value() < 0 {
        return None;
    }
    Some(Word::small(x.int_value() >> y.int_value().min(63)))
}

/// `x & y`
#[inline(always)]
pub fn And(x: Word, y: Word) -> Option<Word> {
    if x.both_int(y) { Some(Word(x.0 & y.0)) } else { None }
}

/// `x | y`
#[inline(always)]
pub fn Or(x: Word, y: Word) -> Option<Word> {
    if x.both_int(y) { Some(Word(x.0 | y.0)) } else { None }
}

/// `x ^ y`
#[inline(always)]
pub fn Xor(x: Word, y: Word) -> Option<Word> {
    if x.both_int(y) { Some(Word(x.0 ^ y.0)) } else { None }
}

/// `-x`
#[inline(always)]
pub fn neg(x: Word) -> Option<Word> {
    if x.is_int() {
        return (x.0 as i64).checked_neg().map(|w| Word(w as u64));
    }
    if x.is_float() { Word::float(-x.float_value()) } else { None }
}

/// `+x`
#[inline(always)]
pub fn pos(x: Word) -> Option<Word> {
    if x.is_int() || x.is_float() { Some(x) } else { None }
}

/// `~x`
#[inline(always)]
pub fn invert(x: Word) -> Option<Word> {
    if x.is_int() { Some(Word::small(!x.int_value())) } else { None }
}

macro_rules! holds {
    ($op:expr, $a:expr, $b:expr) => {
        match $op {
            CmpOp::Lt => $a < $b,
            CmpOp::Le => $a <= $b,
            CmpOp::Eq => $a == $b,
            CmpOp::Ne => $a != $b,
            CmpOp::Gt => $a > $b,
            CmpOp::Ge => $a >= $b,
        }
    };
}

/// `x op y` of integers
#[inline(always)]
pub fn compare_ints(op: CmpOp, x: Word, y: Word) -> bool {
    let (a, b) = (x.0 as i64, y.0 as i64);
    holds!(op, a, b)
}

/// `x op y` of floats
#[inline(always)]
pub fn compare_floats(op: CmpOp, x: Word, y: Word) -> bool {
    let (a, b) = (x.float_value(), y.float_value());
    holds!(op, a, b)
}

/// `x op y`
#[inline(always)]
pub fn compare(op: CmpOp, x: Word, y: Word) -> Option<bool> {
    if x.both_int(y) {
        return Some(compare_ints(op, x, y));
    }
    if x.is_float() && y.is_float() { Some(compare_floats(op, x, y)) } else { None }
}
