//! Constant folding, on one node whose children are folded already. Never folds what would raise, what would grow
//! large, or what could look different at run time.

use num_bigint::BigInt;
use num_traits::{Signed, ToPrimitive, Zero};

use crate::ast::{BinOp, CmpOp, ExprKind, UnOp};
use crate::code::Const;

/// Bits that a folded integer may have.
const MAX_BITS: u64 = 128;
/// Items or characters that a folded sequence may have.
const MAX_ITEMS: usize = 4096;

/// A big integer in its normal form.
pub(crate) fn normal(value: BigInt) -> Const {
    match value.to_i64() {
        Some(small) => Const::Int(small),
        None => Const::Big(value),
    }
}

/// The node, or the constant that it is.
pub(crate) fn fold(kind: ExprKind) -> ExprKind {
    let folded = match &kind {
        ExprKind::Unary(op, operand) => match &operand.kind {
            ExprKind::Const(value) => unary(*op, value),
            ExprKind::Compare(_, rest) if *op == UnOp::Not && rest.len() == 1 => return negate(kind),
            _ => None,
        },
        ExprKind::Binary(left, op, right) => match (&left.kind, &right.kind) {
            (ExprKind::Const(a), ExprKind::Const(b)) => binary(*op, a, b),
            _ => None,
        },
        ExprKind::Tuple(items) => {
            let constant = |e: &crate::ast::Expr| match &e.kind {
                ExprKind::Const(value) => Some(value.clone()),
                _ => None,
            };
            items.iter().map(constant).collect::<Option<Vec<_>>>().map(|items| Const::Tuple(items.into()))
        }
        _ => None,
    };
    folded.map_or(kind, ExprKind::Const)
}

/// `not a is b`, `not a in b` and their opposites need no `not`.
fn negate(kind: ExprKind) -> ExprKind {
    let ExprKind::Unary(UnOp::Not, mut operand) = kind else { return kind };
    if let ExprKind::Compare(_, rest) = &mut operand.kind
        && let [(op, _)] = rest.as_mut_slice()
    {
        let opposite = match op {
            CmpOp::Is => CmpOp::IsNot,
            CmpOp::IsNot => CmpOp::Is,
            CmpOp::In => CmpOp::NotIn,
            CmpOp::NotIn => CmpOp::In,
            _ => return ExprKind::Unary(UnOp::Not, operand),
        };
        *op = opposite;
    }
    operand.kind
}

/// The truth of a constant.
pub(crate) fn truth(value: &Const) -> bool {
    match value {
        Const::None => false,
        Const::Bool(b) => *b,
        Const::Int(n) => *n != 0,
        Const::Float(x) => *x != 0.0,
        Const::Complex(re, im) => *re != 0.0 || *im != 0.0,
        Const::Str(s) => !s.is_empty(),
        Const::Wide(s) => !s.is_empty(),
        Const::Bytes(s) => !s.is_empty(),
        Const::Tuple(items) | Const::FrozenSet(items) => !items.is_empty(),
        Const::Big(_) | Const::Ellipsis | Const::Code(_) => true,
    }
}

/// An integer or boolean as a big integer.
fn integer(value: &Const) -> Option<BigInt> {
    match value {
        Const::Bool(b) => Some(BigInt::from(u8::from(*b))),
        Const::Int(n) => Some(BigInt::from(*n)),
        Const::Big(n) => Some(n.clone()),
        _ => None,
    }
}

fn real(value: &Const) -> Option<f64> {
    match value {
        Const::Bool(b) => Some(f64::from(u8::from(*b))),
        Const::Int(n) if n.unsigned_abs() <= 1 << 53 => Some(*n as f64),
        Const::Float(x) => Some(*x),
        _ => None,
    }
}

fn unary(op: UnOp, value: &Const) -> Option<Const> {
    if op == UnOp::Not {
        return Some(Const::Bool(!truth(value)));
    }
    match (op, value) {
        (UnOp::Neg, Const::Float(x)) => return Some(Const::Float(-x)),
        (UnOp::Pos, Const::Float(_) | Const::Complex(..)) => return Some(value.clone()),
        (UnOp::Neg, Const::Complex(re, im)) => return Some(Const::Complex(-re, -im)),
        (UnOp::Invert, Const::Bool(_)) => return None, // warns at run time
        _ => {}
    }
    let n = integer(value)?;
    Some(normal(match op {
        UnOp::Neg => -n,
        UnOp::Pos => n,
        _ => -n - 1,
    }))
}

fn binary(op: BinOp, a: &Const, b: &Const) -> Option<Const> {
    match (op, a, b) {
        (BinOp::And, Const::Bool(x), Const::Bool(y)) => return Some(Const::Bool(x & y)),
        (BinOp::Or, Const::Bool(x), Const::Bool(y)) => return Some(Const::Bool(x | y)),
        (BinOp::Xor, Const::Bool(x), Const::Bool(y)) => return Some(Const::Bool(x ^ y)),
        _ => {}
    }
    if let (Some(x), Some(y)) = (integer(a), integer(b)) {
        return integers(op, x, y);
    }
    if let (Some(x), Some(y)) = (real(a), real(b)) {
        return floats(op, x, y);
    }
    match (op, a, b) {
        (BinOp::Add, Const::Str(x), Const::Str(y)) if x.len() + y.len() <= MAX_ITEMS => {
            Some(Const::Str(format!("{x}{y}").into()))
        }
        (BinOp::Add, Const::Bytes(x), Const::Bytes(y)) if x.len() + y.len() <= MAX_ITEMS => {
            Some(Const::Bytes([&x[..], &y[..]].concat().into()))
        }
        (BinOp::Add, Const::Tuple(x), Const::Tuple(y)) if x.len() + y.len() <= 256 => {
            Some(Const::Tuple([&x[..], &y[..]].concat().into()))
        }
        (BinOp::Mul, sequence, Const::Int(n)) | (BinOp::Mul, Const::Int(n), sequence) => repeat(sequence, *n),
        (BinOp::Add, _, Const::Complex(re, im)) => Some(Const::Complex(real(a)? + re, *im)),
        (BinOp::Sub, _, Const::Complex(re, im)) if *im != 0.0 => Some(Const::Complex(real(a)? - re, -im)),
        _ => None,
    }
}

fn repeat(sequence: &Const, n: i64) -> Option<Const> {
    let n = usize::try_from(n).ok()?;
    let fits = |len: usize, limit: usize| len.checked_mul(n).is_some_and(|total| total <= limit);
    match sequence {
        Const::Str(s) if fits(s.len(), MAX_ITEMS) => Some(Const::Str(s.repeat(n).into())),
        Const::Bytes(s) if fits(s.len(), MAX_ITEMS) => Some(Const::Bytes(s.repeat(n).into())),
        Const::Tuple(items) if fits(items.len(), 256) => {
            Some(Const::Tuple(std::iter::repeat_n(&items[..], n).flatten().cloned().collect()))
        }
        _ => None,
    }
}

fn floats(op: BinOp, x: f64, y: f64) -> Option<Const> {
    Some(Const::Float(match op {
        BinOp::Add => x + y,
        BinOp::Sub => x - y,
        BinOp::Mul => x * y,
        BinOp::TrueDiv if y != 0.0 => x / y,
        _ => return None,
    }))
}

fn integers(op: BinOp, x: BigInt, y: BigInt) -> Option<Const> {
    let value = match op {
        BinOp::Add => x + y,
        BinOp::Sub => x - y,
        BinOp::Mul if x.bits() + y.bits() <= MAX_BITS => x * y,
        BinOp::TrueDiv => return floats(op, real(&normal(x))?, real(&normal(y))?),
        BinOp::FloorDiv if !y.is_zero() => floor_div(&x, &y).0,
        BinOp::Mod if !y.is_zero() => floor_div(&x, &y).1,
        BinOp::Pow => {
            let exponent = y.to_u32()?;
            if x.bits().checked_mul(u64::from(exponent))? > MAX_BITS {
                return None;
            }
            x.pow(exponent)
        }
        BinOp::LShift => {
            let shift = y.to_u64()?;
            if x.bits() + shift > MAX_BITS {
                return None;
            }
            x << shift
        }
        BinOp::RShift => x >> y.to_u64().filter(|&n| n <= u64::from(u32::MAX))?,
        BinOp::And => x & y,
        BinOp::Or => x | y,
        BinOp::Xor => x ^ y,
        _ => return None,
    };
    Some(normal(value))
}

/// Python's division: rounds down, the remainder has the sign of the divisor.
fn floor_div(x: &BigInt, y: &BigInt) -> (BigInt, BigInt) {
    let (mut quotient, mut remainder) = (x / y, x % y);
    if !remainder.is_zero() && remainder.is_negative() != y.is_negative() {
        quotient -= 1;
        remainder += y;
    }
    (quotient, remainder)
}
