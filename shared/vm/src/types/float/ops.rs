//! Arithmetic of floats as CPython does it.

use std::cmp::Ordering;

use num_bigint::BigInt;
use num_traits::FromPrimitive;

use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::object::{Obj, R, Raise};
use crate::types::float::{new, value};
use crate::types::int::ops::{self, HASH_MODULUS, Number, zero_division};
use crate::types::slots::{BinOp, CmpOp};
use crate::types::{complex, int, tuple};

/// A binary operator on floats; `None` for operators that floats do not have.
#[inline]
pub fn arith<M: Memory>(t: &mut Thread<M>, op: BinOp, x: f64, y: f64) -> Option<R<M>> {
    let value = match op {
        BinOp::Add => x + y,
        BinOp::Sub => x - y,
        BinOp::Mul => x * y,
        BinOp::TrueDiv if y != 0.0 => x / y,
        BinOp::FloorDiv if y != 0.0 => floor_div(x, y),
        BinOp::Mod if y != 0.0 => modulo(x, y),
        BinOp::Pow => return Some(pow_obj(t, x, y)),
        BinOp::DivMod if y != 0.0 => {
            let (q, r) = divmod(x, y);
            return Some(Ok(tuple::from_vec(t, vec![new(t, q), new(t, r)])));
        }
        BinOp::TrueDiv | BinOp::FloorDiv | BinOp::Mod | BinOp::DivMod => return Some(Err(zero_division(t))),
        _ => return None,
    };
    Some(Ok(new(t, value)))
}

/// `x % y` for a divisor that is not zero: has the divisor's sign.
#[inline]
pub fn modulo(x: f64, y: f64) -> f64 {
    let r = x % y;
    if r == 0.0 {
        0f64.copysign(y)
    } else if (y < 0.0) != (r < 0.0) {
        r + y
    } else {
        r
    }
}

/// `divmod(x, y)` for a divisor that is not zero.
pub fn divmod(x: f64, y: f64) -> (f64, f64) {
    let mut r = x % y;
    let mut q = (x - r) / y;
    if r == 0.0 {
        r = 0f64.copysign(y);
    } else if (y < 0.0) != (r < 0.0) {
        r += y;
        q -= 1.0;
    }
    if q == 0.0 {
        return (0f64.copysign(x / y), r);
    }
    let floor = q.floor();
    (if q - floor > 0.5 { floor + 1.0 } else { floor }, r)
}

/// `x // y` for a divisor that is not zero.
#[inline]
pub fn floor_div(x: f64, y: f64) -> f64 {
    divmod(x, y).0
}

fn is_odd(x: f64) -> bool {
    x.abs() % 2.0 == 1.0
}

/// `x ** y`; a complex number for a negative base and a broken exponent.
pub fn pow_obj<M: Memory>(t: &mut Thread<M>, x: f64, y: f64) -> R<M> {
    if x == 0.0 && y < 0.0 && y.is_finite() {
        return Err(t.raise(Kind::ZeroDivisionError, "zero to a negative power"));
    }
    let finite = x.is_finite() && y.is_finite();
    if finite && x < 0.0 && y.floor() != y {
        return complex::pow(t, (x, 0.0), (y, 0.0));
    }
    let power = pow(x, y);
    if finite && power.is_infinite() {
        return Err(overflow(t));
    }
    Ok(new(t, power))
}

#[cold]
fn overflow<M: Memory>(t: &mut Thread<M>) -> Raise {
    let args = vec![int::from_i64(t, libc::ERANGE.into()), t.str("Numerical result out of range")];
    t.raise_args(Kind::OverflowError, args)
}

/// Power with C99's special cases spelled out, as they must not depend on the platform's library.
fn pow(x: f64, y: f64) -> f64 {
    if y == 0.0 || x == 1.0 {
        return 1.0;
    }
    if x.is_nan() || y.is_nan() {
        return f64::NAN;
    }
    if y.is_infinite() {
        return match x.abs() {
            1.0 => 1.0,
            m if (y > 0.0) == (m > 1.0) => f64::INFINITY,
            _ => 0.0,
        };
    }
    if x == -1.0 {
        return if is_odd(y) { -1.0 } else { 1.0 };
    }
    x.powf(y)
}

/// Exact comparison of a float with an integer; `None` for a NaN.
pub fn compare_int(x: f64, n: Number<'_>) -> Option<Ordering> {
    if x.is_nan() {
        return None;
    }
    if let Number::Small(i) = n {
        const EXACT: u64 = 1 << 53;
        if i.unsigned_abs() <= EXACT {
            return x.partial_cmp(&(i as f64));
        }
        const LIMIT: f64 = (1u64 << 63) as f64;
        if x >= LIMIT {
            return Some(Ordering::Greater);
        }
        if x < -LIMIT {
            return Some(Ordering::Less);
        }
        // Beyond 2^53 a float has no fraction; below, the truncated value decides (the integer is larger than 2^53).
        return Some((x as i64).cmp(&i));
    }
    if x.is_infinite() {
        return Some(if x > 0.0 { Ordering::Greater } else { Ordering::Less });
    }
    let whole = BigInt::from_f64(x.trunc()).unwrap_or_default();
    let order = whole.cmp(&n.big());
    Some(order.then_with(|| x.fract().partial_cmp(&0.0).unwrap_or(Ordering::Equal)))
}

/// Numeric hash of a float that is not a NaN: that of the equal integer or fraction.
pub fn hash_f64(x: f64) -> i64 {
    if x.is_infinite() {
        return if x > 0.0 { 314_159 } else { -314_159 };
    }
    if x as i64 as f64 == x && x.abs() < 9e18 {
        return ops::hash_i64(x as i64);
    }
    // x = mantissa * 2^exponent with an integer mantissa; 2^61 is 1 in this field, so powers of two rotate.
    let bits = x.abs().to_bits();
    let (field, fraction) = ((bits >> 52) as i64, bits & ((1 << 52) - 1));
    let (mantissa, exponent) = if field == 0 { (fraction, -1074) } else { (fraction | 1 << 52, field - 1075) };
    let shift = exponent.rem_euclid(61) as u32;
    let wide = u128::from(mantissa) << shift;
    let modulus = u128::from(HASH_MODULUS);
    let h = (wide % modulus) as i64;
    let h = if x < 0.0 { -h } else { h };
    if h == -1 { -2 } else { h }
}

/// The float of a float or int operand. `Err` when the int is too large, `None` when it is neither.
pub(super) fn operand<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> Option<Result<f64, Raise>> {
    match value(obj) {
        Some(x) => Some(Ok(x)),
        None => Number::of(obj).map(|n| ops::to_f64(t, n)),
    }
}

/// Slot function of a binary operator.
pub(super) fn slot<M: Memory, const OP: u8>(t: &mut Thread<M>, a: &Obj<M>, b: &Obj<M>) -> R<M> {
    let (Some(x), Some(y)) = (operand(t, a), operand(t, b)) else { return Ok(Obj::not_implemented()) };
    arith(t, BinOp::ALL[OP as usize], x?, y?).unwrap_or_else(|| Ok(Obj::not_implemented()))
}

/// Slot `compare`.
pub(super) fn compare<M: Memory>(_: &mut Thread<M>, a: &Obj<M>, b: &Obj<M>, op: CmpOp) -> R<M> {
    let order = match (value(a), value(b)) {
        (Some(x), Some(y)) => x.partial_cmp(&y),
        (Some(x), None) => match Number::of(b) {
            Some(n) => compare_int(x, n),
            None => return Ok(Obj::not_implemented()),
        },
        (None, Some(y)) => match Number::of(a) {
            Some(n) => compare_int(y, n).map(Ordering::reverse),
            None => return Ok(Obj::not_implemented()),
        },
        (None, None) => return Ok(Obj::not_implemented()),
    };
    Ok(Obj::bool(order.map_or(op == CmpOp::Ne, |order| op.holds(order))))
}
