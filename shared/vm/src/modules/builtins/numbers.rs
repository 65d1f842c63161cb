//! Built-in functions about numbers and characters.

use num_traits::Signed;

use crate::args::Args;
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::object::{Obj, R, Raise};
use crate::types::int::ops::Number;
use crate::types::slots::BinOp;
use crate::types::str::{Text, from_char, view};
use crate::types::{bytes, ids, int};

pub(super) fn abs<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    match t.class_of(&args[0]).body.slots.abs.get() {
        Some(f) => f(t, &args[0]),
        None => {
            let class = t.class_name(&args[0]);
            Err(t.raise(Kind::TypeError, format!("bad operand type for abs(): '{class}'")))
        }
    }
}

/// The number in a base with a prefix.
fn based<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, prefix: &str, base: u32) -> R<M> {
    let n = t.index(obj)?;
    let text = match Number::of(&n) {
        Some(Number::Small(i)) => {
            let (sign, m) = (if i < 0 { "-" } else { "" }, i.unsigned_abs());
            match base {
                2 => format!("{sign}{prefix}{m:b}"),
                8 => format!("{sign}{prefix}{m:o}"),
                _ => format!("{sign}{prefix}{m:x}"),
            }
        }
        Some(Number::Big(b)) => {
            let sign = if b.is_negative() { "-" } else { "" };
            format!("{sign}{prefix}{}", b.magnitude().to_str_radix(base))
        }
        None => String::new(),
    };
    Ok(t.string(text))
}

pub(super) fn bin<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    based(t, &args[0], "0b", 2)
}

pub(super) fn oct<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    based(t, &args[0], "0o", 8)
}

pub(super) fn hex<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    based(t, &args[0], "0x", 16)
}

pub(super) fn chr<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let n = t.index(&args[0])?;
    match int::to_i64(&n).and_then(|c| u32::try_from(c).ok()).filter(|c| *c <= 0x10_ffff) {
        Some(c) => Ok(from_char(t, c)),
        None => Err(t.raise(Kind::ValueError, "chr() arg not in range(0x110000)")),
    }
}

pub(super) fn ord<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let length = match view(&args[0]) {
        Some(Text::Ascii([c])) => return Ok(int::from_i64(t, i64::from(*c))),
        Some(Text::Wide([c])) => return Ok(int::from_i64(t, i64::from(*c))),
        Some(text) => text.len(),
        None => match byte_count(t, &args[0])? {
            Ok(byte) => return Ok(int::from_i64(t, i64::from(byte))),
            Err(length) => length,
        },
    };
    let message = format!("ord() expected a character, but string of length {length} found");
    Err(t.raise(Kind::TypeError, message))
}

/// The one byte of a `bytes` or `bytearray`, or how many it has.
fn byte_count<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> Result<Result<u8, usize>, Raise> {
    if let Some(data) = bytes::view(obj) {
        return Ok(if let [byte] = data { Ok(*byte) } else { Err(data.len()) });
    }
    if obj.shape() == ids::BYTEARRAY {
        let n = t.len(obj)?;
        if n != 1 {
            return Ok(Err(n));
        }
        let zero = int::from_i64(t, 0);
        let byte = t.getitem(obj, &zero)?;
        return Ok(Ok(int::to_i64(&byte).unwrap_or(0) as u8));
    }
    let class = t.class_name(obj);
    Err(t.raise(Kind::TypeError, format!("ord() expected string of length 1, but {class} found")))
}

pub(super) fn divmod<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    t.binary(BinOp::DivMod, &args[0], &args[1])
}

pub(super) fn pow<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let (a, b) = (&args[0], &args[1]);
    let Some(c) = args.some(2) else { return t.binary(BinOp::Pow, a, b) };
    if let Some(f) = t.class_of(a).body.slots.pow3.get() {
        let result = f(t, a, b, c)?;
        if !result.is_not_implemented() {
            return Ok(result);
        }
    } else if let Some(f) = t.lookup_special(a, "__pow__")? {
        let result = t.call(&f, &[b.clone(), c.clone()])?;
        if !result.is_not_implemented() {
            return Ok(result);
        }
    }
    let (x, y, z) = (t.class_name(a), t.class_name(b), t.class_name(c));
    Err(t.raise(Kind::TypeError, format!("unsupported operand type(s) for ** or pow(): '{x}', '{y}', '{z}'")))
}

pub(super) fn round<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let Some(f) = t.lookup_special(&args[0], "__round__")? else {
        let class = t.class_name(&args[0]);
        return Err(t.raise(Kind::TypeError, format!("type {class} doesn't define __round__ method")));
    };
    match args.some(1) {
        Some(digits) => t.call(&f, std::slice::from_ref(digits)),
        None => t.call(&f, &[]),
    }
}
