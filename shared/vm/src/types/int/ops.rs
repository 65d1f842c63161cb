//! Arithmetic of integers: word by word where it fits, big numbers behind.

use std::borrow::Cow;
use std::cmp::Ordering;

use num_bigint::{BigInt, Sign};
use num_integer::Integer;
use num_traits::{Signed, ToPrimitive, Zero};

use crate::context::{Context, Thread};
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::object::{Obj, R, Raise};
use crate::types::int::{Int, from_big, from_i64};
use crate::types::slots::{BinOp, CmpOp};
use crate::types::{float, tuple};
use crate::value::Word;

/// Modulus of numeric hashes: 2^61 - 1.
pub const HASH_MODULUS: u64 = (1 << 61) - 1;
/// Most bits that a shift may make before memory is said to be missing.
const MAX_SHIFT: i64 = 1 << 36;

/// An integer operand: of word size, or big.
#[derive(Clone, Copy)]
pub enum Number<'a> {
    /// A word or a truth value.
    Small(i64),
    /// A boxed one (which may be small in a derived class).
    Big(&'a BigInt),
}

impl<'a> Number<'a> {
    /// The operand behind a handle: an int, a bool or an instance of a derived class.
    #[inline]
    pub fn of<M: Memory>(obj: &'a Obj<M>) -> Option<Number<'a>> {
        let word = obj.word();
        if word.is_int() {
            return Some(Number::Small(word.int_value()));
        }
        if word.is_bool() {
            return Some(Number::Small(i64::from(word == Word::TRUE)));
        }
        obj.cast::<Int>().map(|at| Number::Big(&at.body.value))
    }

    /// As a big integer.
    pub fn big(self) -> Cow<'a, BigInt> {
        match self {
            Number::Small(i) => Cow::Owned(BigInt::from(i)),
            Number::Big(b) => Cow::Borrowed(b),
        }
    }

    /// As a machine integer, if it fits.
    pub fn to_i64(self) -> Option<i64> {
        match self {
            Number::Small(i) => Some(i),
            Number::Big(b) => b.to_i64(),
        }
    }

    /// Is it zero?
    pub fn is_zero(self) -> bool {
        match self {
            Number::Small(i) => i == 0,
            Number::Big(b) => b.is_zero(),
        }
    }

    /// Is it below zero?
    pub fn is_negative(self) -> bool {
        match self {
            Number::Small(i) => i < 0,
            Number::Big(b) => b.is_negative(),
        }
    }

    /// The nearest float (ties to even); `None` when it is too large.
    pub fn to_f64(self) -> Option<f64> {
        match self {
            Number::Small(i) => Some(i as f64),
            Number::Big(b) => big_to_f64(b),
        }
    }

    /// Ordering.
    pub fn compare(self, other: Number<'_>) -> Ordering {
        match (self, other) {
            (Number::Small(a), Number::Small(b)) => a.cmp(&b),
            (a, b) if a.is_negative() != b.is_negative() => b.is_negative().cmp(&a.is_negative()),
            (a, b) => a.big().as_ref().cmp(b.big().as_ref()),
        }
    }
}

/// The nearest float (ties to even); `None` when it is too large.
pub fn big_to_f64(b: &BigInt) -> Option<f64> {
    let bits = b.bits();
    if bits <= 64 {
        let magnitude = b.magnitude().to_u64()? as f64;
        return Some(if b.is_negative() { -magnitude } else { magnitude });
    }
    if bits > 1024 {
        return None;
    }
    // 64 leading bits, the last one sticky: the cast then rounds as the whole would.
    let shift = bits - 64;
    let magnitude = b.magnitude();
    let mut head = (magnitude >> shift).to_u64()?;
    if magnitude.trailing_zeros().is_some_and(|z| z < shift) {
        head |= 1;
    }
    let value = head as f64 * 2f64.powi(shift as i32);
    if value.is_infinite() {
        return None;
    }
    Some(if b.is_negative() { -value } else { value })
}

/// The float of an int object; `OverflowError` when it is too large.
pub fn to_f64<M: Memory>(t: &mut Thread<M>, n: Number<'_>) -> Result<f64, Raise> {
    n.to_f64().ok_or_else(|| t.raise(Kind::OverflowError, "int too large to convert to float"))
}

fn from_i128<M: Memory>(ctx: &Context<M>, value: i128) -> Obj<M> {
    match i64::try_from(value) {
        Ok(i) => from_i64(ctx, i),
        Err(_) => from_big(ctx, BigInt::from(value)),
    }
}

/// The error of a division by zero.
#[cold]
pub fn zero_division<M: Memory>(t: &mut Thread<M>) -> Raise {
    t.raise(Kind::ZeroDivisionError, "division by zero")
}

/// A binary operator on integers. `Pow` has no modulus; `MatMul` is not known.
#[inline]
pub fn arith<M: Memory>(t: &mut Thread<M>, op: BinOp, a: Number<'_>, b: Number<'_>) -> R<M> {
    if let (Number::Small(x), Number::Small(y)) = (a, b) {
        return small(t, op, x, y);
    }
    big(t, op, a, b)
}

fn small<M: Memory>(t: &mut Thread<M>, op: BinOp, a: i64, b: i64) -> R<M> {
    Ok(match op {
        BinOp::Add => from_i64(t, a + b),
        BinOp::Sub => from_i64(t, a - b),
        BinOp::Mul => match a.checked_mul(b) {
            Some(product) => from_i64(t, product),
            None => from_i128(t, i128::from(a) * i128::from(b)),
        },
        BinOp::FloorDiv | BinOp::Mod | BinOp::DivMod | BinOp::TrueDiv if b == 0 => return Err(zero_division(t)),
        BinOp::FloorDiv => from_i64(t, Integer::div_floor(&a, &b)),
        BinOp::Mod => from_i64(t, Integer::mod_floor(&a, &b)),
        BinOp::DivMod => {
            let (q, r) = Integer::div_mod_floor(&a, &b);
            tuple::from_vec(t, vec![from_i64(t, q), from_i64(t, r)])
        }
        BinOp::TrueDiv => {
            const EXACT: i64 = 1 << 53;
            if (-EXACT..=EXACT).contains(&a) && (-EXACT..=EXACT).contains(&b) {
                return Ok(float::new(t, a as f64 / b as f64));
            }
            return big(t, op, Number::Small(a), Number::Small(b));
        }
        BinOp::LShift if b >= 0 && (a == 0 || b < i64::from(a.unsigned_abs().leading_zeros())) => {
            from_i64(t, a << b.min(63))
        }
        BinOp::RShift if b >= 0 => from_i64(t, a >> b.min(63)),
        BinOp::And => from_i64(t, a & b),
        BinOp::Or => from_i64(t, a | b),
        BinOp::Xor => from_i64(t, a ^ b),
        BinOp::Pow if b >= 0 => match u32::try_from(b).ok().and_then(|b| a.checked_pow(b)) {
            Some(power) => from_i64(t, power),
            None => return big(t, op, Number::Small(a), Number::Small(b)),
        },
        BinOp::MatMul => Obj::not_implemented(),
        _ => return big(t, op, Number::Small(a), Number::Small(b)),
    })
}

/// `+`, `-` and `*` with a big operand. A small one stays small: it needs no digits of its own.
#[inline(always)]
fn sum_or_product(op: BinOp, a: Number<'_>, b: Number<'_>) -> Option<BigInt> {
    use Number::{Big, Small};
    Some(match (op, a, b) {
        (BinOp::Add, Big(x), Big(y)) => x + y,
        (BinOp::Add, Big(x), Small(y)) | (BinOp::Add, Small(y), Big(x)) => x + y,
        (BinOp::Sub, Big(x), Big(y)) => x - y,
        (BinOp::Sub, Big(x), Small(y)) => x - y,
        (BinOp::Sub, Small(x), Big(y)) => x - y,
        (BinOp::Mul, Big(x), Big(y)) => x * y,
        (BinOp::Mul, Big(x), Small(y)) | (BinOp::Mul, Small(y), Big(x)) => x * y,
        _ => return None,
    })
}

/// `a op b` for `+`, `-` and `*` of two ints of which one is big; `None` for everything else.
#[inline]
pub fn big_words<M: Memory>(ctx: &Context<M>, op: BinOp, a: &Obj<M>, b: &Obj<M>) -> Option<Obj<M>> {
    let number = |obj| {
        let obj: &Obj<M> = obj;
        match obj.word().as_int() {
            Some(i) => Some(Number::Small(i)),
            None => obj.exact::<Int>().map(|at| Number::Big(&at.body.value)),
        }
    };
    Some(from_big(ctx, sum_or_product(op, number(a)?, number(b)?)?))
}

fn big<M: Memory>(t: &mut Thread<M>, op: BinOp, a: Number<'_>, b: Number<'_>) -> R<M> {
    match op {
        BinOp::LShift | BinOp::RShift => return shift(t, op, a, b),
        BinOp::TrueDiv => return true_div(t, a, b),
        BinOp::Pow => return pow(t, a, b),
        BinOp::FloorDiv | BinOp::Mod | BinOp::DivMod if b.is_zero() => return Err(zero_division(t)),
        _ => {}
    }
    if let Some(result) = sum_or_product(op, a, b) {
        return Ok(from_big(t, result));
    }
    let (x, y) = (a.big(), b.big());
    let (x, y) = (x.as_ref(), y.as_ref());
    Ok(match op {
        BinOp::Add => from_big(t, x + y),
        BinOp::Sub => from_big(t, x - y),
        BinOp::Mul => from_big(t, x * y),
        BinOp::FloorDiv => from_big(t, x.div_floor(y)),
        BinOp::Mod => from_big(t, x.mod_floor(y)),
        BinOp::DivMod => {
            let (q, r) = x.div_mod_floor(y);
            tuple::from_vec(t, vec![from_big(t, q), from_big(t, r)])
        }
        BinOp::And => from_big(t, x & y),
        BinOp::Or => from_big(t, x | y),
        BinOp::Xor => from_big(t, x ^ y),
        _ => Obj::not_implemented(),
    })
}

fn shift<M: Memory>(t: &mut Thread<M>, op: BinOp, a: Number<'_>, b: Number<'_>) -> R<M> {
    if b.is_negative() {
        return Err(t.raise(Kind::ValueError, "negative shift count"));
    }
    if op == BinOp::RShift {
        let past = from_i64(t, if a.is_negative() { -1 } else { 0 });
        return Ok(match b.to_i64() {
            Some(n) if (n as u64) < a.big().bits() => from_big(t, a.big().as_ref() >> n),
            _ => past,
        });
    }
    if a.is_zero() {
        return Ok(from_i64(t, 0));
    }
    match b.to_i64() {
        Some(n) if n < MAX_SHIFT => Ok(from_big(t, a.big().as_ref() << n)),
        Some(_) => Err(t.raise_args(Kind::MemoryError, Vec::new())),
        None => Err(t.raise(Kind::OverflowError, "too many digits in integer")),
    }
}

/// `a / b`, rounded once (ties to even).
fn true_div<M: Memory>(t: &mut Thread<M>, a: Number<'_>, b: Number<'_>) -> R<M> {
    if b.is_zero() {
        return Err(zero_division(t));
    }
    match divide(&a.big(), &b.big()) {
        Some(value) => Ok(float::new(t, value)),
        None => Err(t.raise(Kind::OverflowError, "integer division result too large for a float")),
    }
}

/// The float nearest to a quotient (ties to even); `None` when it is too large.
pub fn divide(a: &BigInt, b: &BigInt) -> Option<f64> {
    if a.is_zero() {
        // Zero takes the sign of no operand but the divisor's.
        return Some(if b.is_negative() { -0.0 } else { 0.0 });
    }
    let negative = a.is_negative() != b.is_negative();
    let (a, b) = (a.magnitude(), b.magnitude());
    // The quotient has 55 bits or one more, its last bit sticky. Subnormal results get fewer, so that the last
    // rounding is the only one.
    let exponent = a.bits() as i64 - b.bits() as i64;
    if exponent > 1025 {
        return None;
    }
    if exponent < -1080 {
        return Some(if negative { -0.0 } else { 0.0 });
    }
    let shift = (55 - exponent).min(1076);
    let (q, r) = if shift >= 0 { (a << shift).div_rem(b) } else { a.div_rem(&(b << -shift)) };
    let mut bits = q.to_u64()?;
    if !r.is_zero() {
        bits |= 1;
    }
    let value = scale(round_even(bits, shift), shift);
    if value.is_infinite() {
        return None;
    }
    Some(if negative { -value } else { value })
}

/// Rounds to 53 bits, or to what a float with last place 2^-1074 has.
fn round_even(bits: u64, shift: i64) -> u64 {
    let width = 64 - i64::from(bits.leading_zeros());
    let drop = (width - 53).max(shift - 1074);
    if drop <= 0 {
        return bits;
    }
    let half = 1u64 << (drop - 1);
    let low = bits & ((half << 1) - 1);
    let kept = bits - low;
    let odd = kept >> drop & 1 == 1;
    if low > half || low == half && odd { kept + (half << 1) } else { kept }
}

/// `bits * 2^-shift`, exact but for overflow.
fn scale(bits: u64, shift: i64) -> f64 {
    let mut value = bits as f64;
    let mut left = -shift;
    while left != 0 {
        let step = left.clamp(-1000, 1000);
        value *= 2f64.powi(step as i32);
        left -= step;
    }
    value
}

fn pow<M: Memory>(t: &mut Thread<M>, a: Number<'_>, b: Number<'_>) -> R<M> {
    if b.is_negative() {
        let (x, y) = (to_f64(t, a)?, to_f64(t, b)?);
        return float::pow_obj(t, x, y);
    }
    let base = a.big();
    let trivial = base.magnitude().to_u64().is_some_and(|m| m <= 1);
    match b.to_i64() {
        _ if b.is_zero() => Ok(from_i64(t, 1)),
        _ if trivial => {
            let odd = b.big().is_odd();
            let value = if odd { base.into_owned() } else { base.abs() };
            Ok(from_big(t, value))
        }
        Some(n) if (n as u128) * u128::from(base.bits()) < 1 << 36 => {
            let n = n as u32;
            Ok(from_big(t, base.pow(n)))
        }
        _ => Err(t.raise_args(Kind::MemoryError, Vec::new())),
    }
}

/// `pow(a, b, c)`
pub fn pow_mod<M: Memory>(t: &mut Thread<M>, a: Number<'_>, b: Number<'_>, c: Number<'_>) -> R<M> {
    if c.is_zero() {
        return Err(t.raise(Kind::ValueError, "pow() 3rd argument cannot be 0"));
    }
    if let (Number::Small(a), Number::Small(b), Number::Small(c)) = (a, b, c)
        && b >= 0
        && c > 0
    {
        return Ok(from_i64(t, pow_mod_small(a, b as u64, c as u64)));
    }
    let (mut base, exponent, modulus) = (a.big().into_owned(), b.big(), c.big());
    let exponent = if exponent.is_negative() {
        let magnitude = BigInt::from(modulus.magnitude().clone());
        let inverse = base.mod_floor(&magnitude).modinv(&magnitude);
        match inverse {
            Some(inverse) => base = inverse,
            None => return Err(t.raise(Kind::ValueError, "base is not invertible for the given modulus")),
        }
        Cow::Owned(-exponent.as_ref())
    } else {
        exponent
    };
    Ok(from_big(t, base.modpow(&exponent, &modulus)))
}

fn pow_mod_small(base: i64, mut exponent: u64, modulus: u64) -> i64 {
    let wide = u128::from(modulus);
    let mut base = i128::from(base).rem_euclid(wide as i128) as u128;
    let mut result = 1 % wide;
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = result * base % wide;
        }
        base = base * base % wide;
        exponent >>= 1;
    }
    result as i64
}

/// Hash of a small integer: itself modulo 2^61 - 1, with the sign; -1 becomes -2.
#[inline]
pub fn hash_i64(i: i64) -> i64 {
    let magnitude = (i.unsigned_abs() % HASH_MODULUS) as i64;
    let h = if i < 0 { -magnitude } else { magnitude };
    if h == -1 { -2 } else { h }
}

/// Hash of a big integer.
pub fn hash_big(b: &BigInt) -> i64 {
    let residue = (b.magnitude() % HASH_MODULUS).to_i64().unwrap_or(0);
    let h = if b.sign() == Sign::Minus { -residue } else { residue };
    if h == -1 { -2 } else { h }
}

/// Hash of an int (or bool, or instance of a derived class).
pub fn hash<M: Memory>(obj: &Obj<M>) -> i64 {
    match Number::of(obj) {
        Some(Number::Small(i)) => hash_i64(i),
        Some(Number::Big(b)) => hash_big(b),
        None => 0,
    }
}

/// `(a, b)` as a tuple of ints.
pub fn ratio<M: Memory>(ctx: &Context<M>, a: BigInt, b: BigInt) -> Obj<M> {
    tuple::from_vec(ctx, vec![from_big(ctx, a), from_big(ctx, b)])
}

/// Slot `compare`.
pub(crate) fn compare<M: Memory>(_: &mut Thread<M>, a: &Obj<M>, b: &Obj<M>, op: CmpOp) -> R<M> {
    match (Number::of(a), Number::of(b)) {
        (Some(x), Some(y)) => Ok(Obj::bool(op.holds(x.compare(y)))),
        _ => Ok(Obj::not_implemented()),
    }
}

/// Slot function of a binary operator.
pub(crate) fn slot<M: Memory, const OP: u8>(t: &mut Thread<M>, a: &Obj<M>, b: &Obj<M>) -> R<M> {
    match (Number::of(a), Number::of(b)) {
        (Some(x), Some(y)) => arith(t, BinOp::ALL[OP as usize], x, y),
        _ => Ok(Obj::not_implemented()),
    }
}
