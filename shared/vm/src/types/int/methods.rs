//! The class `int`: making integers, their slots and methods.

use num_bigint::{BigInt, Sign};
use num_integer::Integer;
use num_traits::{One, Pow, Signed, ToPrimitive, Zero};

use crate::args::{Args, Call};
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::object::{Obj, R, Raise};
use crate::types::build::Builder;
use crate::types::ids::{self, Builtin};
use crate::types::int::ops::{self, Number};
use crate::types::int::{Int, from_big, from_i64, is_int, parse, to_big, to_i64};
use crate::types::slots::BinOp;
use crate::types::str::{Str, to_text};
use crate::types::{TypeObj, bytes, flags, float, tuple};
use crate::value::Word;

/// Defines the class.
pub fn define<M: Memory>(t: &mut Thread<M>) {
    Builder::new::<Int>(t, Builtin::Int, "int")
        .flag(flags::SELF_MATCH)
        .slots(|s| {
            s.new.set(Some(new));
            s.repr.set(Some(repr));
            s.hash.set(Some(|_, n| Ok(ops::hash(n))));
            s.compare.set(Some(ops::compare));
            s.neg.set(Some(neg));
            s.pos.set(Some(plain));
            s.invert.set(Some(invert));
            s.abs.set(Some(abs));
            s.bool.set(Some(|_, n| Ok(Number::of(n).is_some_and(|n| !n.is_zero()))));
            s.int.set(Some(plain));
            s.index.set(Some(plain));
            s.float.set(Some(to_float));
            s.pow3.set(Some(pow3));
            binary_slots(s);
        })
        .getter("real", plain)
        .getter("imag", |t, _| Ok(from_i64(t, 0)))
        .getter("numerator", plain)
        .getter("denominator", |t, _| Ok(from_i64(t, 1)))
        .method("conjugate(self, /)", |t, a| plain(t, &a[0]))
        .method("bit_length(self, /)", |t, a| Ok(from_i64(t, number(&a[0]).big().bits() as i64)))
        .method("bit_count(self, /)", bit_count)
        .method("to_bytes(self, /, length=1, byteorder='big', *, signed=False)", to_bytes)
        .classmethod("from_bytes(cls, /, bytes, byteorder='big', *, signed=False)", from_bytes)
        .method("as_integer_ratio(self, /)", as_integer_ratio)
        .method("is_integer(self, /)", |_, _| Ok(Obj::bool(true)))
        .method("__trunc__(self, /)", |t, a| plain(t, &a[0]))
        .method("__floor__(self, /)", |t, a| plain(t, &a[0]))
        .method("__ceil__(self, /)", |t, a| plain(t, &a[0]))
        .method("__round__(self, ndigits=None, /)", round)
        .method("__getnewargs__(self, /)", |t, a| {
            let n = plain(t, &a[0])?;
            Ok(tuple::from_vec(t, vec![n]))
        })
        .method("__format__(self, format_spec, /)", |t, a| crate::format::format_number(t, &a[0], &a[1]))
        .method("__sizeof__(self, /)", |t, a| {
            let digits = number(&a[0]).big().bits().div_ceil(30).max(1);
            Ok(from_i64(t, 24 + 4 * digits as i64))
        })
        .finish();
}

fn binary_slots<M: Memory>(s: &crate::types::Slots<M>) {
    macro_rules! set {
        ($($op:ident)*) => { $(s.bin[BinOp::$op as usize].set(Some(ops::slot::<M, { BinOp::$op as u8 }>));)* };
    }
    set!(Add Sub Mul TrueDiv FloorDiv Mod Pow LShift RShift And Or Xor DivMod);
}

/// The number of an object that is an int for sure (the receiver of a method of `int`).
fn number<M: Memory>(obj: &Obj<M>) -> Number<'_> {
    Number::of(obj).unwrap_or(Number::Small(0))
}

/// The same number as a plain int.
pub(crate) fn plain<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    if obj.word().is_int() || obj.shape() == ids::INT {
        return Ok(obj.clone());
    }
    Ok(match number(obj) {
        Number::Small(i) => from_i64(t, i),
        Number::Big(b) => from_big(t, b.clone()),
    })
}

/// Slot `repr`.
pub(crate) fn repr<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    match number(obj) {
        Number::Small(i) => Ok(crate::format::int_text(t, i)),
        Number::Big(b) => {
            let text = parse::to_decimal(t, b)?;
            Ok(t.string(text))
        }
    }
}

fn neg<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    Ok(match number(obj) {
        Number::Small(i) => from_i64(t, -i),
        Number::Big(b) => from_big(t, -b),
    })
}

fn invert<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    Ok(match number(obj) {
        Number::Small(i) => from_i64(t, !i),
        Number::Big(b) => from_big(t, !b),
    })
}

fn abs<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    if number(obj).is_negative() { neg(t, obj) } else { plain(t, obj) }
}

fn to_float<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    let value = ops::to_f64(t, number(obj))?;
    Ok(float::new(t, value))
}

fn pow3<M: Memory>(t: &mut Thread<M>, a: &Obj<M>, b: &Obj<M>, c: &Obj<M>) -> R<M> {
    let (Some(x), Some(y)) = (Number::of(a), Number::of(b)) else { return Ok(Obj::not_implemented()) };
    if c.is_none() {
        return ops::arith(t, BinOp::Pow, x, y);
    }
    match Number::of(c) {
        Some(z) => ops::pow_mod(t, x, y, z),
        None => Ok(Obj::not_implemented()),
    }
}

fn bit_count<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let count = match number(&args[0]) {
        Number::Small(i) => u64::from(i.unsigned_abs().count_ones()),
        Number::Big(b) => b.magnitude().count_ones(),
    };
    Ok(from_i64(t, count as i64))
}

fn as_integer_ratio<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let n = plain(t, &args[0])?;
    Ok(tuple::from_vec(t, vec![n, from_i64(t, 1)]))
}

fn round<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let Some(digits) = args.some(1) else { return plain(t, &args[0]) };
    let digits = t.index(digits)?;
    if !number(&digits).is_negative() {
        return plain(t, &args[0]);
    }
    let value = number(&args[0]).big();
    let Some(places) = to_i64(&digits).map(|d| d.unsigned_abs()).filter(|&p| p <= value.bits()) else {
        return Ok(from_i64(t, 0));
    };
    let unit = Pow::pow(BigInt::from(10), places);
    let (q, r) = value.div_mod_floor(&unit);
    let up = match (&r + &r).cmp(&unit) {
        std::cmp::Ordering::Greater => true,
        std::cmp::Ordering::Equal => q.is_odd(),
        std::cmp::Ordering::Less => false,
    };
    let q = if up { q + BigInt::one() } else { q };
    Ok(from_big(t, q * unit))
}

/// Is the byte order `little`?
fn is_little<M: Memory>(t: &mut Thread<M>, order: Option<&Obj<M>>) -> Result<bool, Raise> {
    let Some(order) = order else { return Ok(false) };
    if order.cast::<Str<M>>().is_none() {
        let class = t.class_name(order);
        return Err(t.raise(Kind::TypeError, format!("argument 'byteorder' must be str, not {class}")));
    }
    match &*to_text(order) {
        "little" => Ok(true),
        "big" => Ok(false),
        _ => Err(t.raise(Kind::ValueError, "byteorder must be either 'little' or 'big'")),
    }
}

fn to_bytes<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let length = match args.get(1) {
        Some(length) => t.index_i64(length)?,
        None => 1,
    };
    let little = is_little(t, args.get(2))?;
    let signed = match args.get(3) {
        Some(signed) => t.truth(signed)?,
        None => false,
    };
    let Ok(length) = usize::try_from(length) else {
        return Err(t.raise(Kind::ValueError, "length argument must be non-negative"));
    };
    let value = number(&args[0]).big();
    if value.is_negative() && !signed {
        return Err(t.raise(Kind::OverflowError, "can't convert negative int to unsigned"));
    }
    let mut out = if signed { value.to_signed_bytes_le() } else { value.magnitude().to_bytes_le() };
    if value.is_zero() {
        out.clear();
    }
    if out.len() > length {
        return Err(t.raise(Kind::OverflowError, "int too big to convert"));
    }
    out.resize(length, if value.is_negative() { 0xff } else { 0 });
    if !little {
        out.reverse();
    }
    Ok(bytes::from_slice(t, &out))
}

fn from_bytes<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let little = is_little(t, args.get(2))?;
    let signed = match args.get(3) {
        Some(signed) => t.truth(signed)?,
        None => false,
    };
    let class = t.builtin(Builtin::Bytes).to_obj();
    let source = if bytes::view(&args[1]).is_some() {
        args[1].clone()
    } else if args[1].cast::<Str<M>>().is_some() || is_int(&args[1]) {
        let class = t.class_name(&args[1]);
        return Err(t.raise(Kind::TypeError, format!("cannot convert '{class}' object to bytes")));
    } else {
        t.call(&class, &[args[1].clone()])?
    };
    let data = bytes::view(&source).unwrap_or_default();
    let value = match (little, signed) {
        (true, true) => BigInt::from_signed_bytes_le(data),
        (true, false) => BigInt::from_bytes_le(Sign::Plus, data),
        (false, true) => BigInt::from_signed_bytes_be(data),
        (false, false) => BigInt::from_bytes_be(Sign::Plus, data),
    };
    let value = from_big(t, value);
    if args[0].is(&t.builtin(Builtin::Int).to_obj()) { Ok(value) } else { t.call(&args[0], &[value]) }
}

/// `int(x=0, /, base=10)`
fn new<M: Memory>(t: &mut Thread<M>, class: &TypeObj<M>, call: Call<'_, M>) -> R<M> {
    let positional = call.positional();
    let mut base = positional.get(1);
    for (name, value) in call.names.iter().zip(call.keyword_values()) {
        match &*to_text(name) {
            "base" if base.is_none() => base = Some(value),
            "base" => {
                let message = "argument for int() given by name ('base') and position (2)";
                return Err(t.raise(Kind::TypeError, message));
            }
            other => {
                let message = format!("int() got an unexpected keyword argument '{other}'");
                return Err(t.raise(Kind::TypeError, message));
            }
        }
    }
    if positional.len() > 2 {
        let message = format!("int() takes at most 2 arguments ({} given)", positional.len());
        return Err(t.raise(Kind::TypeError, message));
    }
    let value = match (positional.first(), base) {
        (None, None) => from_i64(t, 0),
        (None, Some(_)) => return Err(t.raise(Kind::TypeError, "int() missing string argument")),
        (Some(x), None) => from_object(t, x)?,
        (Some(x), Some(base)) => with_base(t, x, base)?,
    };
    if class.body.root_shape == ids::INT {
        return Ok(value);
    }
    let value = to_big(&value).unwrap_or_default();
    Ok(t.alloc_of(class, Int { value }))
}

fn with_base<M: Memory>(t: &mut Thread<M>, x: &Obj<M>, base: &Obj<M>) -> R<M> {
    let base = t.index(base)?;
    let base = to_i64(&base).filter(|b| *b == 0 || (2..=36).contains(b));
    let Some(base) = base.and_then(|b| b.to_u32()) else {
        return Err(t.raise(Kind::ValueError, "int() base must be >= 2 and <= 36, or 0"));
    };
    match text_of(t, x)? {
        Some(text) => parse::parse(t, &text, base, x),
        None => Err(t.raise(Kind::TypeError, "int() can't convert non-string with explicit base")),
    }
}

/// The text of a `str`, `bytes` or `bytearray` to read a number from.
pub(crate) fn text_of<M: Memory>(t: &mut Thread<M>, x: &Obj<M>) -> Result<Option<String>, Raise> {
    if x.cast::<Str<M>>().is_some() {
        return Ok(Some(to_text(x).into_owned()));
    }
    let is_buffer = x.shape() == ids::BYTEARRAY || x.shape() == ids::MEMORYVIEW;
    let copy;
    let data = if is_buffer {
        let class = t.builtin(Builtin::Bytes).to_obj();
        copy = t.call(&class, std::slice::from_ref(x))?;
        bytes::view(&copy)
    } else {
        bytes::view(x)
    };
    // Every byte as one character: what is no ASCII digit is refused by the parser.
    Ok(data.map(|data| data.iter().map(|&b| b as char).collect()))
}

/// `int(x)`
fn from_object<M: Memory>(t: &mut Thread<M>, x: &Obj<M>) -> R<M> {
    if x.word().is_int() || x.shape() == ids::INT {
        return Ok(x.clone());
    }
    if x.word().is_bool() {
        return Ok(from_i64(t, i64::from(x.word() == Word::TRUE)));
    }
    if x.cast::<Str<M>>().is_some() {
        return parse::parse(t, &to_text(x), 10, x);
    }
    let slots = &t.class_of(x).body.slots;
    let (as_int, as_index) = (slots.int.get(), slots.index.get());
    if let Some(f) = as_int {
        let result = f(t, x)?;
        return checked(t, result, "__int__");
    }
    if let Some(f) = as_index {
        let result = f(t, x)?;
        return checked(t, result, "__index__");
    }
    if let Some(text) = text_of(t, x)? {
        return parse::parse(t, &text, 10, x);
    }
    let class = t.class_name(x);
    let message = format!("int() argument must be a string, a bytes-like object or a real number, not '{class}'");
    Err(t.raise(Kind::TypeError, message))
}

fn checked<M: Memory>(t: &mut Thread<M>, result: Obj<M>, method: &str) -> R<M> {
    if is_int(&result) {
        return plain(t, &result);
    }
    let class = t.class_name(&result);
    Err(t.raise(Kind::TypeError, format!("{method} returned non-int (type {class})")))
}
