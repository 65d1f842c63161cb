//! The class `float`.

use crate::args::{Args, Call};
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::object::{Obj, R, Raise};
use crate::types::build::Builder;
use crate::types::float::convert::{self, Hex};
use crate::types::float::{Float, new, ops, parse, round_to, to_big, value};
use crate::types::ids::{self, Builtin};
use crate::types::slots::BinOp;
use crate::types::str::{Str, to_text};
use crate::types::{TypeObj, flags, int, tuple};

/// Defines the class.
pub fn define<M: Memory>(t: &mut Thread<M>) {
    Builder::new::<Float>(t, Builtin::Float, "float")
        .flag(flags::SELF_MATCH)
        .slots(|s| {
            s.new.set(Some(make));
            s.repr.set(Some(|t, x| {
                let text = crate::format::float_repr(number(x));
                Ok(t.string(text))
            }));
            s.hash.set(Some(hash));
            s.compare.set(Some(ops::compare));
            s.neg.set(Some(|t, x| Ok(new(t, -number(x)))));
            s.pos.set(Some(plain));
            s.abs.set(Some(|t, x| Ok(new(t, number(x).abs()))));
            s.bool.set(Some(|_, x| Ok(number(x) != 0.0)));
            s.int.set(Some(|t, x| whole(t, number(x).trunc())));
            s.float.set(Some(plain));
            s.pow3.set(Some(pow3));
            binary_slots(s);
        })
        .getter("real", plain)
        .getter("imag", |t, _| Ok(new(t, 0.0)))
        .method("conjugate(self, /)", |t, a| plain(t, &a[0]))
        .method("is_integer(self, /)", |_, a| Ok(Obj::bool(number(&a[0]).is_finite() && number(&a[0]).fract() == 0.0)))
        .method("as_integer_ratio(self, /)", as_integer_ratio)
        .method("hex(self, /)", |t, a| Ok(t.string(convert::to_hex(number(&a[0])))))
        .classmethod("fromhex(cls, string, /)", fromhex)
        .classmethod("from_number(cls, number, /)", from_number)
        .classmethod("__getformat__(cls, typestr, /)", getformat)
        .method("__trunc__(self, /)", |t, a| whole(t, number(&a[0]).trunc()))
        .method("__floor__(self, /)", |t, a| whole(t, number(&a[0]).floor()))
        .method("__ceil__(self, /)", |t, a| whole(t, number(&a[0]).ceil()))
        .method("__round__(self, ndigits=None, /)", round)
        .method("__getnewargs__(self, /)", |t, a| Ok(tuple::from_vec(t, vec![new(t, number(&a[0]))])))
        .method("__format__(self, format_spec, /)", |t, a| crate::format::format_number(t, &a[0], &a[1]))
        .finish();
}

fn binary_slots<M: Memory>(s: &crate::types::Slots<M>) {
    macro_rules! set {
        ($($op:ident)*) => { $(s.bin[BinOp::$op as usize].set(Some(ops::slot::<M, { BinOp::$op as u8 }>));)* };
    }
    set!(Add Sub Mul TrueDiv FloorDiv Mod Pow DivMod);
}

/// The number of an object that is a float for sure (the receiver of a method of `float`).
fn number<M: Memory>(obj: &Obj<M>) -> f64 {
    value(obj).unwrap_or(f64::NAN)
}

fn plain<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    if obj.word().is_float() || obj.shape() == ids::FLOAT { Ok(obj.clone()) } else { Ok(new(t, number(obj))) }
}

fn hash<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> Result<i64, Raise> {
    let x = number(obj);
    if x.is_nan() { crate::types::object::identity_hash(t, obj) } else { Ok(super::hash_f64(x)) }
}

fn whole<M: Memory>(t: &mut Thread<M>, x: f64) -> R<M> {
    if x.abs() < 9e18 {
        return Ok(int::from_i64(t, x as i64));
    }
    let big = to_big(t, x)?;
    Ok(int::from_big(t, big))
}

fn pow3<M: Memory>(t: &mut Thread<M>, a: &Obj<M>, b: &Obj<M>, c: &Obj<M>) -> R<M> {
    if c.is_none() {
        return ops::slot::<M, { BinOp::Pow as u8 }>(t, a, b);
    }
    Err(t.raise(Kind::TypeError, "pow() 3rd argument not allowed unless all arguments are integers"))
}

fn round<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let x = number(&args[0]);
    let Some(digits) = args.some(1) else { return whole(t, x.round_ties_even()) };
    let digits = t.index(digits)?;
    let digits = int::to_i64(&digits).unwrap_or(if int::ops::Number::of(&digits).is_some_and(|n| n.is_negative()) {
        i64::MIN
    } else {
        i64::MAX
    });
    if !x.is_finite() {
        return Ok(new(t, x));
    }
    match round_to(x, digits) {
        Some(rounded) => Ok(new(t, rounded)),
        None => Err(t.raise(Kind::OverflowError, "rounded value too large to represent")),
    }
}

fn as_integer_ratio<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let x = number(&args[0]);
    if x.is_nan() {
        return Err(t.raise(Kind::ValueError, "cannot convert NaN to integer ratio"));
    }
    if x.is_infinite() {
        return Err(t.raise(Kind::OverflowError, "cannot convert Infinity to integer ratio"));
    }
    let (n, d) = convert::ratio(x);
    Ok(int::ops::ratio(t, n, d))
}

fn fromhex<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    if args[1].cast::<Str<M>>().is_none() {
        return Err(t.raise(Kind::TypeError, "bad argument type for built-in operation"));
    }
    let x = match convert::from_hex(&to_text(&args[1])) {
        Hex::Value(x) => new(t, x),
        Hex::Malformed => return Err(t.raise(Kind::ValueError, "invalid hexadecimal floating-point string")),
        Hex::TooLarge => {
            return Err(t.raise(Kind::OverflowError, "hexadecimal value too large to represent as a float"));
        }
    };
    of_class(t, &args[0], x)
}

/// The number as an instance of `class`.
fn of_class<M: Memory>(t: &mut Thread<M>, class: &Obj<M>, x: Obj<M>) -> R<M> {
    if t.builtin(Builtin::Float).is(class) { Ok(x) } else { t.call(class, &[x]) }
}

fn from_number<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let x = t.float_arg(&args[1])?;
    let x = if t.builtin(Builtin::Float).is(&args[0]) && args[1].shape() == ids::FLOAT {
        args[1].clone()
    } else {
        new(t, x)
    };
    of_class(t, &args[0], x)
}

fn getformat<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    match &*to_text(&args[1]) {
        "double" | "float" if cfg!(target_endian = "little") => Ok(t.str("IEEE, little-endian")),
        "double" | "float" => Ok(t.str("IEEE, big-endian")),
        _ => Err(t.raise(Kind::ValueError, "__getformat__() argument 1 must be 'double' or 'float'")),
    }
}

/// `float(x=0, /)`
fn make<M: Memory>(t: &mut Thread<M>, class: &TypeObj<M>, call: Call<'_, M>) -> R<M> {
    if !call.names.is_empty() {
        return Err(t.raise(Kind::TypeError, "float() takes no keyword arguments"));
    }
    let x = match call.slots {
        [] => new(t, 0.0),
        [x] => from_object(t, x)?,
        more => {
            let message = format!("float expected at most 1 argument, got {}", more.len());
            return Err(t.raise(Kind::TypeError, message));
        }
    };
    if class.body.root_shape == ids::FLOAT {
        return Ok(x);
    }
    let value = number(&x);
    Ok(t.alloc_of(class, Float { value }))
}

fn from_object<M: Memory>(t: &mut Thread<M>, x: &Obj<M>) -> R<M> {
    if x.word().is_float() || x.shape() == ids::FLOAT {
        return Ok(x.clone());
    }
    if x.cast::<Str<M>>().is_some() {
        return from_text(t, &to_text(x), x);
    }
    let slots = &t.class_of(x).body.slots;
    let (as_float, as_index) = (slots.float.get(), slots.index.get());
    if let Some(f) = as_float {
        let result = f(t, x)?;
        if let Some(value) = value(&result) {
            return Ok(new(t, value));
        }
        let (class, got) = (t.class_name(x), t.class_name(&result));
        return Err(t.raise(Kind::TypeError, format!("{class}.__float__ returned non-float (type {got})")));
    }
    if as_index.is_some() {
        let n = t.index(x)?;
        return from_object(t, &n);
    }
    if let Some(text) = crate::types::int::text_of(t, x)? {
        return from_text(t, &text, x);
    }
    let class = t.class_name(x);
    Err(t.raise(Kind::TypeError, format!("float() argument must be a string or a real number, not '{class}'")))
}

fn from_text<M: Memory>(t: &mut Thread<M>, text: &str, shown: &Obj<M>) -> R<M> {
    match parse(text) {
        Some(x) => Ok(new(t, x)),
        None => {
            let shown = t.repr(shown)?;
            Err(t.raise(Kind::ValueError, format!("could not convert string to float: {}", to_text(&shown))))
        }
    }
}
