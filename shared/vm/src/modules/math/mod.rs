//! The module `math`. Floats go through `pymath`, which gives CPython's results; whole numbers are in `whole`.

mod whole;

use crate::args::{Args, NativeFn};
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::modules::Maker;
use crate::object::{Obj, R, Raise};
use crate::types::int::ops::Number;
use crate::types::slots::BinOp;
use crate::types::{float, int, tuple};
use pymath::math as m;

/// Makes the module.
pub fn init<M: Memory>(t: &mut Thread<M>) -> R<M> {
    let maker = Maker::new(t, "math")
        .float("pi", std::f64::consts::PI)
        .float("e", std::f64::consts::E)
        .float("tau", std::f64::consts::TAU)
        .float("inf", f64::INFINITY)
        .float("nan", f64::NAN)
        .functions(&unary())
        .functions(&[
            ("atan2(y, x, /)", |t, a| binary(t, a, m::atan2)),
            ("copysign(x, y, /)", |t, a| binary(t, a, |x, y| Ok(x.copysign(y)))),
            ("fmod(x, y, /)", |t, a| binary(t, a, m::fmod)),
            ("pow(x, y, /)", |t, a| binary(t, a, m::pow)),
            ("remainder(x, y, /)", |t, a| binary(t, a, m::remainder)),
            ("fma(x, y, z, /)", fma),
            ("ceil(x, /)", |t, a| rounded(t, a, "__ceil__", f64::ceil)),
            ("floor(x, /)", |t, a| rounded(t, a, "__floor__", f64::floor)),
            ("trunc(x, /)", trunc),
            ("degrees(x, /)", |t, a| plain(t, a, |x| x * (180.0 / std::f64::consts::PI))),
            ("radians(x, /)", |t, a| plain(t, a, |x| x * (std::f64::consts::PI / 180.0))),
            ("fabs(x, /)", |t, a| plain(t, a, f64::abs)),
            ("ulp(x, /)", |t, a| plain(t, a, m::ulp)),
            ("isfinite(x, /)", |t, a| Ok(Obj::bool(t.float_arg(&a[0])?.is_finite()))),
            ("isinf(x, /)", |t, a| Ok(Obj::bool(t.float_arg(&a[0])?.is_infinite()))),
            ("isnan(x, /)", |t, a| Ok(Obj::bool(t.float_arg(&a[0])?.is_nan()))),
            ("isclose(a, b, *, rel_tol=1e-09, abs_tol=0.0)", isclose),
            ("frexp(x, /)", frexp),
            ("ldexp(x, i, /)", ldexp),
            ("modf(x, /)", modf),
            ("nextafter(x, y, /, *, steps=None)", nextafter),
            ("hypot(*coordinates)", hypot),
            ("dist(p, q, /)", dist),
            ("fsum(seq, /)", fsum),
            ("prod(iterable, /, *, start=1)", prod),
            ("sumprod(p, q, /)", sumprod),
            ("log(x, base=None, /)", log),
            ("log2(x, /)", |t, a| logarithm(t, &a[0], m::log2, std::f64::consts::LN_2)),
            ("log10(x, /)", |t, a| logarithm(t, &a[0], m::log10, std::f64::consts::LN_10)),
        ]);
    whole::add(maker).finish()
}

/// What a domain error says: the demand on the argument, or nothing in particular.
const ANY: &str = "";

type Fun = fn(f64) -> pymath::Result<f64>;

fn unary<M: Memory>() -> Vec<(&'static str, NativeFn<M>)> {
    macro_rules! table {
        ($($name:ident $want:literal;)*) => {
            vec![$((concat!(stringify!($name), "(x, /)"), |t, a| apply(t, a, m::$name, $want)),)*]
        };
    }
    table! {
        acos "expected a number in range from -1 up to 1, got";
        acosh "expected argument value not less than 1, got";
        asin "expected a number in range from -1 up to 1, got";
        asinh ""; atan "";
        atanh "expected a number between -1 and 1, got";
        cbrt "";
        cos "expected a finite input, got";
        cosh ""; erf ""; erfc ""; exp ""; exp2 ""; expm1 "";
        gamma "expected a noninteger or positive integer, got";
        lgamma "expected a noninteger or positive integer, got";
        log1p "expected argument value > -1, got";
        sin "expected a finite input, got";
        sinh "";
        sqrt "expected a nonnegative input, got";
        tan "expected a finite input, got";
        tanh "";
    }
}

#[inline]
fn apply<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>, f: Fun, want: &str) -> R<M> {
    let x = t.float_arg(&args[0])?;
    match f(x) {
        Ok(value) => Ok(float::new(t, value)),
        Err(e) => Err(failed(t, e, want, x)),
    }
}

#[cold]
fn failed<M: Memory>(t: &mut Thread<M>, error: pymath::Error, want: &str, x: f64) -> Raise {
    match error {
        pymath::Error::EDOM if want.is_empty() => t.raise(Kind::ValueError, "math domain error"),
        pymath::Error::EDOM => t.raise(Kind::ValueError, format!("{want} {}", crate::format::float_repr(x))),
        pymath::Error::ERANGE => t.raise(Kind::OverflowError, "math range error"),
    }
}

fn binary<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>, f: fn(f64, f64) -> pymath::Result<f64>) -> R<M> {
    let (x, y) = (t.float_arg(&args[0])?, t.float_arg(&args[1])?);
    match f(x, y) {
        Ok(value) => Ok(float::new(t, value)),
        Err(e) => Err(failed(t, e, ANY, x)),
    }
}

fn plain<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>, f: fn(f64) -> f64) -> R<M> {
    let x = t.float_arg(&args[0])?;
    Ok(float::new(t, f(x)))
}

fn fma<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let (x, y, z) = (t.float_arg(&args[0])?, t.float_arg(&args[1])?, t.float_arg(&args[2])?);
    let value = x.mul_add(y, z);
    let finite = x.is_finite() && y.is_finite() && z.is_finite();
    if value.is_infinite() && finite {
        return Err(t.raise(Kind::OverflowError, "overflow in fma"));
    }
    if value.is_nan() && !x.is_nan() && !y.is_nan() && !z.is_nan() {
        return Err(t.raise(Kind::ValueError, "invalid operation in fma"));
    }
    Ok(float::new(t, value))
}

/// A whole number of a float.
fn whole_of<M: Memory>(t: &mut Thread<M>, x: f64) -> R<M> {
    let big = float::to_big(t, x)?;
    Ok(int::from_big(t, big))
}

fn rounded<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>, method: &str, f: fn(f64) -> f64) -> R<M> {
    let x = &args[0];
    if let Some(x) = x.word().as_float() {
        return whole_of(t, f(x));
    }
    if float::value(x).is_none_or(|_| x.shape() != crate::types::ids::FLOAT)
        && let Some(method) = t.lookup_special(x, method)?
    {
        return t.call(&method, &[]);
    }
    let x = t.float_arg(x)?;
    whole_of(t, f(x))
}

fn trunc<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    if let Some(x) = args[0].word().as_float() {
        return whole_of(t, x.trunc());
    }
    match t.lookup_special(&args[0], "__trunc__")? {
        Some(f) => t.call(&f, &[]),
        None => {
            let class = t.class_name(&args[0]);
            Err(t.raise(Kind::TypeError, format!("type {class} doesn't define __trunc__ method")))
        }
    }
}

fn isclose<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let (a, b) = (t.float_arg(&args[0])?, t.float_arg(&args[1])?);
    let tolerance = |t: &mut Thread<M>, i: usize, default: f64| args.get(i).map_or(Ok(default), |x| t.float_arg(x));
    let (relative, absolute) = (tolerance(t, 2, 1e-9)?, tolerance(t, 3, 0.0)?);
    if relative < 0.0 || absolute < 0.0 {
        return Err(t.raise(Kind::ValueError, "tolerances must be non-negative"));
    }
    if a == b || a.is_infinite() || b.is_infinite() {
        return Ok(Obj::bool(a == b));
    }
    let gap = (b - a).abs();
    Ok(Obj::bool(gap <= (relative * b).abs() || gap <= (relative * a).abs() || gap <= absolute))
}

fn frexp<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let x = t.float_arg(&args[0])?;
    let (mantissa, exponent) = m::frexp(x);
    Ok(tuple::from_vec(t, vec![float::new(t, mantissa), int::from_i64(t, exponent.into())]))
}

fn ldexp<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let x = t.float_arg(&args[0])?;
    if !int::is_int(&args[1]) {
        return Err(t.raise(Kind::TypeError, "Expected an int as second argument to ldexp."));
    }
    // Beyond these bounds the result is zero or out of range anyway.
    let negative = Number::of(&args[1]).is_some_and(|n| n.is_negative());
    let limit = if negative { -100_000 } else { 100_000 };
    let exponent = int::to_i64(&args[1]).unwrap_or(limit).clamp(-100_000, 100_000);
    match m::ldexp(x, exponent as i32) {
        Ok(value) => Ok(float::new(t, value)),
        Err(_) => Err(t.raise(Kind::OverflowError, "math range error")),
    }
}

fn modf<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let x = t.float_arg(&args[0])?;
    let (fraction, whole) = m::modf(x);
    Ok(tuple::from_vec(t, vec![float::new(t, fraction), float::new(t, whole)]))
}

fn nextafter<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let (x, y) = (t.float_arg(&args[0])?, t.float_arg(&args[1])?);
    let steps = match args.some(2) {
        Some(steps) => {
            let steps = t.index(steps)?;
            if Number::of(&steps).is_some_and(|n| n.is_negative()) {
                return Err(t.raise(Kind::ValueError, "steps must be a non-negative integer"));
            }
            Some(int::to_i64(&steps).map_or(u64::MAX, |n| n as u64))
        }
        None => None,
    };
    Ok(float::new(t, m::nextafter(x, y, steps)))
}

fn floats<M: Memory>(t: &mut Thread<M>, items: &[Obj<M>]) -> Result<Vec<f64>, Raise> {
    items.iter().map(|x| t.float_arg(x)).collect()
}

fn hypot<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let values = floats(t, args.rest)?;
    Ok(float::new(t, m::hypot(&values)))
}

fn dist<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let (p, q) = (t.collect(&args[0])?, t.collect(&args[1])?);
    if p.len() != q.len() {
        return Err(t.raise(Kind::ValueError, "both points must have the same number of dimensions"));
    }
    let (p, q) = (floats(t, &p)?, floats(t, &q)?);
    Ok(float::new(t, m::dist(&p, &q)))
}

fn fsum<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let items = t.collect(&args[0])?;
    let values = floats(t, &items)?;
    match m::fsum(values) {
        Ok(sum) => Ok(float::new(t, sum)),
        Err(pymath::Error::EDOM) => Err(t.raise(Kind::ValueError, "-inf + inf in fsum")),
        Err(pymath::Error::ERANGE) => Err(t.raise(Kind::OverflowError, "intermediate overflow in fsum")),
    }
}

fn prod<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let mut product = match args.get(1) {
        Some(start) => start.clone(),
        None => int::from_i64(t, 1),
    };
    t.iterate(&args[0], &mut |t, item| {
        product = t.binary(BinOp::Mul, &product, &item)?;
        Ok(())
    })?;
    Ok(product)
}

fn sumprod<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let (p, q) = (t.collect(&args[0])?, t.collect(&args[1])?);
    if p.len() != q.len() {
        return Err(t.raise(Kind::ValueError, "Inputs are not the same length"));
    }
    let is_number = |o: &Obj<M>| float::value(o).is_some() || o.word().is_int();
    let any_float = p.iter().chain(&q).any(|o| float::value(o).is_some());
    if any_float && p.iter().chain(&q).all(is_number) {
        let (x, y) = (floats(t, &p)?, floats(t, &q)?);
        if let Ok(sum) = m::sumprod(&x, &y) {
            return Ok(float::new(t, sum));
        }
    }
    let mut sum = int::from_i64(t, 0);
    for (a, b) in p.iter().zip(&q) {
        let product = t.binary(BinOp::Mul, a, b)?;
        sum = t.binary(BinOp::Add, &sum, &product)?;
    }
    Ok(sum)
}

/// A logarithm of a float, or of an int of any size; `unit` is the natural logarithm of the base.
fn logarithm<M: Memory>(t: &mut Thread<M>, x: &Obj<M>, f: Fun, unit: f64) -> R<M> {
    let value = log_value(t, x, f, unit)?;
    Ok(float::new(t, value))
}

fn log_value<M: Memory>(t: &mut Thread<M>, x: &Obj<M>, f: Fun, unit: f64) -> Result<f64, Raise> {
    if let Some(n) = Number::of(x) {
        if n.is_negative() || n.is_zero() {
            return Err(t.raise(Kind::ValueError, "expected a positive input"));
        }
        if n.to_f64().is_none() {
            // x = y * 2^shift, with y of machine size.
            let big = n.big();
            let shift = big.bits() - 64;
            let head = num_traits::ToPrimitive::to_f64(&(big.as_ref() >> shift)).unwrap_or(f64::INFINITY);
            let head = f(head).unwrap_or(f64::NAN);
            return Ok(head + shift as f64 * (std::f64::consts::LN_2 / unit));
        }
    }
    let value = t.float_arg(x)?;
    f(value).map_err(|e| failed(t, e, "expected a positive input, got", value))
}

fn natural(x: f64) -> pymath::Result<f64> {
    m::log(x, None)
}

fn log<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let value = log_value(t, &args[0], natural, 1.0)?;
    let Some(base) = args.get(1) else { return Ok(float::new(t, value)) };
    let base = log_value(t, base, natural, 1.0)?;
    if base == 0.0 {
        return Err(crate::types::int::ops::zero_division(t));
    }
    Ok(float::new(t, value / base))
}
