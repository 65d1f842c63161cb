//! Complex numbers.

use crate::args::{Args, Call};
use crate::context::{Context, Thread};
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::object::{Layout, Obj, Payload, R, Raise};
use crate::types::build::Builder;
use crate::types::ids::{self, Builtin};
use crate::types::int::ops::{Number, to_f64, zero_division};
use crate::types::slots::{BinOp, CmpOp};
use crate::types::str::{Str, to_text};
use crate::types::{TypeObj, float, tuple};
use crate::value::Word;

/// Payload of a complex number.
pub struct Complex {
    /// Real part.
    pub re: f64,
    /// Imaginary part.
    pub im: f64,
}

// SAFETY: the layout `Complex` is this struct's alone; it holds no references.
unsafe impl<M: Memory> Payload<M> for Complex {
    const SHAPE: u32 = ids::COMPLEX;
    const LAYOUT: Layout = Layout::Complex;
    fn visit(&self, _: &mut dyn FnMut(Word)) {}
}

/// A complex number as its parts.
pub type Pair = (f64, f64);

/// A complex object.
pub fn new<M: Memory>(ctx: &Context<M>, re: f64, im: f64) -> Obj<M> {
    ctx.alloc(Complex { re, im })
}

/// The parts of a complex object (or of an instance of a derived class).
pub fn value<M: Memory>(obj: &Obj<M>) -> Option<Pair> {
    obj.cast::<Complex>().map(|at| (at.body.re, at.body.im))
}

fn parts<M: Memory>(obj: &Obj<M>) -> Pair {
    value(obj).unwrap_or((f64::NAN, f64::NAN))
}

/// Defines the class.
pub fn define<M: Memory>(t: &mut Thread<M>) {
    Builder::new::<Complex>(t, Builtin::Complex, "complex")
        .slots(|s| {
            s.new.set(Some(make));
            s.repr.set(Some(|t, z| Ok(t.string(text(parts(z))))));
            s.hash.set(Some(hash));
            s.compare.set(Some(compare));
            s.neg.set(Some(|t, z| Ok(new(t, -parts(z).0, -parts(z).1))));
            s.pos.set(Some(|t, z| Ok(new(t, parts(z).0, parts(z).1))));
            s.abs.set(Some(abs));
            s.bool.set(Some(|_, z| Ok(parts(z) != (0.0, 0.0))));
            s.pow3.set(Some(pow3));
            s.bin[BinOp::Add as usize].set(Some(slot::<M, { BinOp::Add as u8 }>));
            s.bin[BinOp::Sub as usize].set(Some(slot::<M, { BinOp::Sub as u8 }>));
            s.bin[BinOp::Mul as usize].set(Some(slot::<M, { BinOp::Mul as u8 }>));
            s.bin[BinOp::TrueDiv as usize].set(Some(slot::<M, { BinOp::TrueDiv as u8 }>));
            s.bin[BinOp::Pow as usize].set(Some(slot::<M, { BinOp::Pow as u8 }>));
        })
        .getter("real", |t, z| Ok(float::new(t, parts(z).0)))
        .getter("imag", |t, z| Ok(float::new(t, parts(z).1)))
        .method("conjugate(self, /)", |t, a| Ok(new(t, parts(&a[0]).0, -parts(&a[0]).1)))
        .method("__complex__(self, /)", |t, a| Ok(new(t, parts(&a[0]).0, parts(&a[0]).1)))
        .method("__getnewargs__(self, /)", getnewargs)
        .method("__format__(self, format_spec, /)", |t, a| crate::format::format_number(t, &a[0], &a[1]))
        .classmethod("from_number(cls, number, /)", |t, a| t.call(&a[0], std::slice::from_ref(&a[1])))
        .finish();
}

/// `repr` of a float without `.0`.
fn part_text(x: f64) -> String {
    let mut text = crate::format::float_repr(x);
    if text.ends_with(".0") {
        text.truncate(text.len() - 2);
    }
    text
}

/// `repr(complex)`
pub fn text((re, im): Pair) -> String {
    let imaginary = part_text(im);
    if re == 0.0 && re.is_sign_positive() {
        return format!("{imaginary}j");
    }
    let sign = if im.is_nan() || im.is_sign_positive() { "+" } else { "" };
    format!("({}{sign}{imaginary}j)", part_text(re))
}

fn hash<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> Result<i64, Raise> {
    let (re, im) = parts(obj);
    let part = |t: &mut Thread<M>, x: f64| match x.is_nan() {
        true => crate::types::object::identity_hash(t, obj),
        false => Ok(float::hash_f64(x)),
    };
    let h = part(t, im)?.wrapping_mul(1_000_003).wrapping_add(part(t, re)?);
    Ok(if h == -1 { -2 } else { h })
}

fn compare<M: Memory>(_: &mut Thread<M>, a: &Obj<M>, b: &Obj<M>, op: CmpOp) -> R<M> {
    if !matches!(op, CmpOp::Eq | CmpOp::Ne) {
        return Ok(Obj::not_implemented());
    }
    let (z, other) = match value(a) {
        Some(z) => (z, b),
        None => (parts(b), a),
    };
    let equal = if let Some(w) = value(other) {
        z == w
    } else if let Some(x) = float::value(other) {
        z.1 == 0.0 && z.0 == x
    } else if let Some(n) = Number::of(other) {
        z.1 == 0.0 && float::compare_int(z.0, n).is_some_and(|o| o.is_eq())
    } else {
        return Ok(Obj::not_implemented());
    };
    Ok(Obj::bool(equal == (op == CmpOp::Eq)))
}

fn abs<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    let (re, im) = parts(obj);
    let size = re.hypot(im);
    if size.is_infinite() && re.is_finite() && im.is_finite() {
        return Err(t.raise(Kind::OverflowError, "absolute value too large"));
    }
    Ok(float::new(t, size))
}

fn getnewargs<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let (re, im) = parts(&args[0]);
    Ok(tuple::from_vec(t, vec![float::new(t, re), float::new(t, im)]))
}

/// An operand of complex arithmetic; a real one keeps its missing part out of the result's.
enum Operand {
    Real(f64),
    Complex(Pair),
}

impl Operand {
    fn pair(&self) -> Pair {
        match *self {
            Operand::Real(x) => (x, 0.0),
            Operand::Complex(z) => z,
        }
    }
}

fn operand<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> Result<Option<Operand>, Raise> {
    if let Some(z) = value(obj) {
        return Ok(Some(Operand::Complex(z)));
    }
    if let Some(x) = float::value(obj) {
        return Ok(Some(Operand::Real(x)));
    }
    match Number::of(obj) {
        Some(n) => Ok(Some(Operand::Real(to_f64(t, n)?))),
        None => Ok(None),
    }
}

fn slot<M: Memory, const OP: u8>(t: &mut Thread<M>, a: &Obj<M>, b: &Obj<M>) -> R<M> {
    use Operand::{Complex, Real};
    let (Some(x), Some(y)) = (operand(t, a)?, operand(t, b)?) else { return Ok(Obj::not_implemented()) };
    let (p, q) = (x.pair(), y.pair());
    let (re, im) = match (BinOp::ALL[OP as usize], x, y) {
        (BinOp::Add, Real(x), Complex(z)) | (BinOp::Add, Complex(z), Real(x)) => (z.0 + x, z.1),
        (BinOp::Add, ..) => (p.0 + q.0, p.1 + q.1),
        (BinOp::Sub, Complex(z), Real(x)) => (z.0 - x, z.1),
        (BinOp::Sub, Real(x), Complex(z)) => (x - z.0, -z.1),
        (BinOp::Sub, ..) => (p.0 - q.0, p.1 - q.1),
        (BinOp::Mul, Real(x), Complex(z)) | (BinOp::Mul, Complex(z), Real(x)) => (z.0 * x, z.1 * x),
        (BinOp::Mul, ..) => mul(p, q),
        (BinOp::TrueDiv, Complex(z), Real(x)) if x != 0.0 => (z.0 / x, z.1 / x),
        (BinOp::TrueDiv, ..) => match div(p, q) {
            Some(z) => z,
            None => return Err(zero_division(t)),
        },
        (BinOp::Pow, ..) => return pow(t, p, q),
        _ => return Ok(Obj::not_implemented()),
    };
    Ok(new(t, re, im))
}

fn mul(a: Pair, b: Pair) -> Pair {
    (a.0 * b.0 - a.1 * b.1, a.0 * b.1 + a.1 * b.0)
}

/// Quotient by Smith's method; `None` for a divisor of zero.
fn div(a: Pair, b: Pair) -> Option<Pair> {
    if b.0.abs() >= b.1.abs() {
        if b.0 == 0.0 && b.1 == 0.0 {
            return None;
        }
        let ratio = b.1 / b.0;
        let d = b.0 + b.1 * ratio;
        Some(((a.0 + a.1 * ratio) / d, (a.1 - a.0 * ratio) / d))
    } else if b.1.abs() >= b.0.abs() {
        let ratio = b.0 / b.1;
        let d = b.0 * ratio + b.1;
        Some(((a.0 * ratio + a.1) / d, (a.1 * ratio - a.0) / d))
    } else {
        Some((f64::NAN, f64::NAN))
    }
}

/// `a ** b`
pub fn pow<M: Memory>(t: &mut Thread<M>, a: Pair, b: Pair) -> R<M> {
    if b == (0.0, 0.0) {
        return Ok(new(t, 1.0, 0.0));
    }
    if a == (0.0, 0.0) {
        if b.1 != 0.0 || b.0 < 0.0 {
            return Err(t.raise(Kind::ZeroDivisionError, "zero to a negative or complex power"));
        }
        return Ok(new(t, 0.0, 0.0));
    }
    let z = if b.1 == 0.0 && b.0.floor() == b.0 && b.0.abs() <= 100.0 {
        match pow_int(a, b.0 as i32) {
            Some(z) => z,
            None => return Err(zero_division(t)),
        }
    } else {
        let size = a.0.hypot(a.1);
        let angle = a.1.atan2(a.0);
        let (mut length, mut phase) = (size.powf(b.0), angle * b.0);
        if b.1 != 0.0 {
            length /= (angle * b.1).exp();
            phase += b.1 * size.ln();
        }
        (length * phase.cos(), length * phase.sin())
    };
    let finite = |z: Pair| z.0.is_finite() && z.1.is_finite();
    if !finite(z) && finite(a) && finite(b) {
        return Err(t.raise(Kind::OverflowError, "complex exponentiation"));
    }
    Ok(new(t, z.0, z.1))
}

fn pow_int(base: Pair, n: i32) -> Option<Pair> {
    let (mut result, mut power, mut left) = ((1.0, 0.0), base, n.unsigned_abs());
    while left > 0 {
        if left & 1 == 1 {
            result = mul(result, power);
        }
        left >>= 1;
        if left > 0 {
            power = mul(power, power);
        }
    }
    if n < 0 { div((1.0, 0.0), result) } else { Some(result) }
}

fn pow3<M: Memory>(t: &mut Thread<M>, a: &Obj<M>, b: &Obj<M>, c: &Obj<M>) -> R<M> {
    if c.is_none() {
        return slot::<M, { BinOp::Pow as u8 }>(t, a, b);
    }
    Err(t.raise(Kind::ValueError, "complex modulo"))
}

/// A complex number from text; `None` when it is malformed.
fn parse(text: &str) -> Option<Pair> {
    let text = crate::types::int::parse::plain_digits(text);
    let mut s = text.as_ref();
    if let Some(inner) = s.strip_prefix('(') {
        s = inner.strip_suffix(')')?.trim_matches(crate::types::int::parse::is_space);
    }
    let Some(body) = s.strip_suffix(['j', 'J']) else {
        return float::parse(s).filter(|_| !s.is_empty()).map(|x| (x, 0.0));
    };
    // The imaginary part begins at the last sign that is not an exponent's.
    let bytes = body.as_bytes();
    let split = (0..bytes.len())
        .rev()
        .find(|&i| matches!(bytes[i], b'+' | b'-') && (i == 0 || !matches!(bytes[i - 1], b'e' | b'E')))
        .unwrap_or(0);
    let (re, im) = body.split_at(split);
    let im = match im {
        "" | "+" => 1.0,
        "-" => -1.0,
        im if im.trim() == im => float::parse(im)?,
        _ => return None,
    };
    let re = match re {
        "" => 0.0,
        re if re.trim() == re => float::parse(re)?,
        _ => return None,
    };
    Some((re, im))
}

/// `complex(real=0, imag=0)`
fn make<M: Memory>(t: &mut Thread<M>, class: &TypeObj<M>, call: Call<'_, M>) -> R<M> {
    let mut given: [Option<&Obj<M>>; 2] = [call.positional().first(), call.positional().get(1)];
    if call.positional().len() > 2 {
        let message = format!("complex() takes at most 2 arguments ({} given)", call.slots.len());
        return Err(t.raise(Kind::TypeError, message));
    }
    for (name, value) in call.names.iter().zip(call.keyword_values()) {
        let name = to_text(name);
        match ["real", "imag"].iter().position(|n| *n == name) {
            Some(i) if given[i].is_none() => given[i] = Some(value),
            Some(i) => {
                let message = format!("argument for complex() given by name ('{name}') and position ({})", i + 1);
                return Err(t.raise(Kind::TypeError, message));
            }
            None => {
                let message = format!("complex() got an unexpected keyword argument '{name}'");
                return Err(t.raise(Kind::TypeError, message));
            }
        }
    }
    let z = from_arguments(t, given)?;
    if class.body.root_shape == ids::COMPLEX {
        return Ok(new(t, z.0, z.1));
    }
    Ok(t.alloc_of(class, Complex { re: z.0, im: z.1 }))
}

fn from_arguments<M: Memory>(t: &mut Thread<M>, given: [Option<&Obj<M>>; 2]) -> Result<Pair, Raise> {
    let is_text = |o: Option<&Obj<M>>| o.is_some_and(|o| o.cast::<Str<M>>().is_some());
    if is_text(given[0]) {
        if given[1].is_some() {
            return Err(t.raise(Kind::TypeError, "complex() can't take second arg if first is a string"));
        }
        let text = given[0].map(|o| to_text(o).into_owned()).unwrap_or_default();
        if let Some(z) = parse(&text) {
            return Ok(z);
        }
        if text.contains('_')
            && let Some(given) = given[0]
        {
            let shown = t.repr(given)?;
            return Err(t.raise(Kind::ValueError, format!("could not convert string to complex: {}", to_text(&shown))));
        }
        return Err(t.raise(Kind::ValueError, "complex() arg is a malformed string"));
    }
    if is_text(given[1]) {
        return Err(t.raise(Kind::TypeError, "complex() second arg can't be a string"));
    }
    let re = match given[0] {
        Some(x) => from_number(
            t,
            x,
            if given[1].is_some() { "'real' must be a real number" } else { "must be a string or a number" },
        )?,
        None => (0.0, 0.0),
    };
    let im = match given[1] {
        Some(x) => from_number(t, x, "'imag' must be a real number")?,
        None => (0.0, 0.0),
    };
    // Parts of parts: i * i = -1.
    Ok(if given[1].is_some() { (re.0 - im.1, re.1 + im.0) } else { re })
}

fn from_number<M: Memory>(t: &mut Thread<M>, x: &Obj<M>, want: &str) -> Result<Pair, Raise> {
    if let Some(z) = value(x) {
        return Ok(z);
    }
    if let Some(f) = t.lookup_special(x, "__complex__")? {
        let result = t.call(&f, &[])?;
        if let Some(z) = value(&result) {
            return Ok(z);
        }
        let class = t.class_name(&result);
        return Err(t.raise(Kind::TypeError, format!("__complex__ returned non-complex (type {class})")));
    }
    let slots = &t.class_of(x).body.slots;
    if slots.float.get().is_none() && slots.index.get().is_none() {
        let class = t.class_name(x);
        return Err(t.raise(Kind::TypeError, format!("complex() argument {want}, not {class}")));
    }
    Ok((t.float_arg(x)?, 0.0))
}
