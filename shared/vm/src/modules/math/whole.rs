//! The functions of `math` on whole numbers.

use num_bigint::BigInt;
use num_integer::{Integer, Roots};
use num_traits::{One, Signed, ToPrimitive, Zero};

use crate::args::Args;
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::modules::Maker;
use crate::object::{Obj, R, Raise};
use crate::types::int::ops::Number;
use crate::types::int::{from_big, from_i64, to_big};

/// Adds the functions to the module.
pub(super) fn add<'a, M: Memory>(maker: Maker<'a, M>) -> Maker<'a, M> {
    maker.functions(&[
        ("gcd(*integers)", gcd),
        ("lcm(*integers)", lcm),
        ("isqrt(n, /)", isqrt),
        ("factorial(n, /)", factorial),
        ("comb(n, k, /)", comb),
        ("perm(n, k=None, /)", perm),
    ])
}

/// The argument as a whole number.
fn whole<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> Result<BigInt, Raise> {
    let n = t.index(obj)?;
    Ok(to_big(&n).unwrap_or_default())
}

/// Both numbers, if they are of machine size.
fn small<M: Memory>(a: &Obj<M>, b: &Obj<M>) -> Option<(i64, i64)> {
    Some((a.word().as_int()?, b.word().as_int()?))
}

fn gcd<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    if let [a, b] = args.rest
        && let Some((a, b)) = small(a, b)
    {
        return Ok(from_i64(t, a.gcd(&b)));
    }
    let mut result = BigInt::zero();
    for n in args.rest {
        result = result.gcd(&whole(t, n)?);
    }
    Ok(from_big(t, result))
}

fn lcm<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let mut result = BigInt::one();
    for n in args.rest {
        result = result.lcm(&whole(t, n)?);
    }
    Ok(from_big(t, result))
}

fn isqrt<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let n = whole(t, &args[0])?;
    if n.is_negative() {
        return Err(t.raise(Kind::ValueError, "isqrt() argument must be nonnegative"));
    }
    Ok(match n.to_i64() {
        Some(n) => from_i64(t, n.sqrt()),
        None => from_big(t, n.sqrt()),
    })
}

/// Product of `from..=to`, halves first so that the factors are of like size.
fn product(from: u64, to: u64) -> BigInt {
    if from > to {
        return BigInt::one();
    }
    if to - from < 8 {
        return (from..=to).fold(BigInt::one(), |p, k| p * k);
    }
    let middle = from + (to - from) / 2;
    product(from, middle) * product(middle + 1, to)
}

fn factorial<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let n = t.index(&args[0])?;
    let number = Number::of(&n).unwrap_or(Number::Small(0));
    if number.is_negative() {
        return Err(t.raise(Kind::ValueError, "factorial() not defined for negative values"));
    }
    match number.to_i64() {
        Some(n) => Ok(from_big(t, product(2, n as u64))),
        None => {
            let message = format!("factorial() argument should not exceed {}", i64::MAX);
            Err(t.raise(Kind::OverflowError, message))
        }
    }
}

/// `n` and `k` of a choice, neither negative.
fn choice<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> Result<(BigInt, BigInt), Raise> {
    let (n, k) = (whole(t, &args[0])?, whole(t, &args[1])?);
    for (value, name) in [(&n, "n"), (&k, "k")] {
        if value.is_negative() {
            return Err(t.raise(Kind::ValueError, format!("{name} must be a non-negative integer")));
        }
    }
    Ok((n, k))
}

/// Falling product `n * (n - 1) * …` of `k` factors.
fn falling(n: &BigInt, k: u64) -> BigInt {
    match n.to_u64() {
        Some(n) if k <= n => product(n - k + 1, n),
        _ => (0..k).fold(BigInt::one(), |p, i| p * (n - i)),
    }
}

fn comb<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let (n, k) = choice(t, args)?;
    if k > n {
        return Ok(from_i64(t, 0));
    }
    let rest = &n - &k;
    let k = if rest < k { rest } else { k };
    let Some(k) = k.to_u64() else {
        let message = format!("min(n - k, k) must not exceed {}", i64::MAX);
        return Err(t.raise(Kind::OverflowError, message));
    };
    Ok(from_big(t, falling(&n, k) / product(2, k)))
}

fn perm<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    if args.some(1).is_none() {
        return factorial(t, args);
    }
    let (n, k) = choice(t, args)?;
    if k > n {
        return Ok(from_i64(t, 0));
    }
    let Some(k) = k.to_u64() else {
        return Err(t.raise(Kind::OverflowError, format!("k must not exceed {}", i64::MAX)));
    };
    Ok(from_big(t, falling(&n, k)))
}
