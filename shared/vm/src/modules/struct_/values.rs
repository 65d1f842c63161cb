//! Single values of a format, packed and unpacked.

use num_bigint::{BigInt, Sign};
use num_traits::ToPrimitive;

use super::fail;
use super::format::Item;
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::object::{Obj, Raise};
use crate::types::{buffer, bytes, float, int};

/// Bytes in the order asked for.
fn put(out: &mut Vec<u8>, little: bool, mut data: Vec<u8>) {
    if !little {
        data.reverse();
    }
    out.extend(data);
}

/// Appends the bytes of one item, taking its values from `given` (as many as the format has).
pub(super) fn pack<'a, M: Memory>(
    t: &mut Thread<M>,
    item: &Item,
    little: bool,
    given: &mut impl Iterator<Item = &'a Obj<M>>,
    out: &mut Vec<u8>,
) -> Result<(), Raise> {
    if matches!(item.code, b's' | b'p') {
        let value = given.next().expect("the number of values was checked");
        return pack_text(t, item, value, out);
    }
    for value in given.take(item.count) {
        let data = match item.code {
            b'c' => match bytes::view(value) {
                Some([byte]) => vec![*byte],
                _ => return Err(fail(t, "char format requires a bytes object of length 1")),
            },
            b'?' => vec![u8::from(t.truth(value)?)],
            b'f' | b'd' | b'e' => pack_float(t, item, value)?,
            _ => pack_int(t, item, value)?,
        };
        put(out, little, data);
    }
    Ok(())
}

fn pack_text<M: Memory>(t: &mut Thread<M>, item: &Item, value: &Obj<M>, out: &mut Vec<u8>) -> Result<(), Raise> {
    let Some(data) = buffer::get(t, value) else {
        let message = format!("argument for '{}' must be a bytes object", item.code as char);
        return Err(fail(t, &message));
    };
    let end = out.len() + item.count;
    if item.code == b's' {
        out.extend(data.iter().take(item.count));
    } else if item.count > 0 {
        let n = data.len().min(item.count - 1);
        out.push(n.min(255) as u8);
        out.extend(&data[..n]);
    }
    out.resize(end, 0);
    Ok(())
}

fn pack_int<M: Memory>(t: &mut Thread<M>, item: &Item, value: &Obj<M>) -> Result<Vec<u8>, Raise> {
    let n = if int::is_int(value) || t.class_of(value).body.slots.index.get().is_some() {
        t.index(value)?
    } else {
        return Err(fail(t, "required argument is not an integer"));
    };
    let n = int::to_big(&n).unwrap_or_default();
    let (signed, bits) = (item.code.is_ascii_lowercase(), 8 * item.size as u32);
    let (low, high) = match signed {
        true => (-(1i128 << (bits - 1)), (1i128 << (bits - 1)) - 1),
        false => (0, (1i128 << bits) - 1),
    };
    let Some(n) = n.to_i128().filter(|n| (low..=high).contains(n)) else {
        let message = match (item.code, item.native) {
            (b'q' | b'Q' | b'P', true) => "int too large to convert".to_string(),
            (code, _) => format!("'{}' format requires {low} <= number <= {high}", code as char),
        };
        return Err(fail(t, &message));
    };
    Ok(n.to_le_bytes()[..item.size].to_vec())
}

fn pack_float<M: Memory>(t: &mut Thread<M>, item: &Item, value: &Obj<M>) -> Result<Vec<u8>, Raise> {
    let x = match t.float_arg(value) {
        Ok(x) => x,
        Err(_) if t.raised_is(Kind::TypeError) => {
            t.clear_raised();
            return Err(fail(t, "required argument is not a float"));
        }
        Err(raise) => return Err(raise),
    };
    match item.code {
        b'd' => Ok(x.to_le_bytes().to_vec()),
        b'f' => {
            let small = x as f32;
            if small.is_infinite() && x.is_finite() {
                return Err(t.raise(Kind::OverflowError, "float too large to pack with f format"));
            }
            Ok(small.to_le_bytes().to_vec())
        }
        _ => match half_of(x) {
            Some(half) => Ok(half.to_le_bytes().to_vec()),
            None => Err(t.raise(Kind::OverflowError, "float too large to pack with e format")),
        },
    }
}

/// The nearest float of 16 bits (ties to even); `None` when it is too large.
fn half_of(x: f64) -> Option<u16> {
    let sign = if x.is_sign_negative() { 0x8000 } else { 0 };
    let m = x.abs();
    if m.is_nan() {
        return Some(sign | 0x7e00);
    }
    if m.is_infinite() {
        return Some(sign | 0x7c00);
    }
    // Below 2^-14 the unit is 2^-24; above, eleven leading bits count.
    let exponent = (((m.to_bits() >> 52) & 0x7ff) as i32 - 1023).max(-14);
    let unit = 2f64.powi(exponent - 10);
    let steps = (m / unit).round_ties_even() as u32;
    let bits = (((exponent + 14) as u32) << 10) + steps;
    if bits >= 0x7c00 { None } else { Some(sign | bits as u16) }
}

fn half_value(bits: u16) -> f64 {
    let sign = if bits & 0x8000 != 0 { -1.0 } else { 1.0 };
    let (exponent, fraction) = (i32::from(bits >> 10 & 0x1f), f64::from(bits & 0x3ff));
    sign * match exponent {
        0x1f if fraction != 0.0 => f64::NAN,
        0x1f => f64::INFINITY,
        0 => fraction * 2f64.powi(-24),
        _ => (1024.0 + fraction) * 2f64.powi(exponent - 25),
    }
}

/// Appends the values of one item, whose bytes begin at `data`.
pub(super) fn unpack<M: Memory>(t: &mut Thread<M>, item: &Item, little: bool, data: &[u8], out: &mut Vec<Obj<M>>) {
    match item.code {
        b's' => out.push(bytes::from_slice(t, &data[..item.count])),
        b'p' => {
            let n = usize::from(data.first().copied().unwrap_or(0)).min(item.count.saturating_sub(1));
            out.push(bytes::from_slice(t, if item.count == 0 { &[] } else { &data[1..1 + n] }));
        }
        _ => {
            for chunk in data[..item.size * item.count].chunks(item.size) {
                let mut wide = [0u8; 8];
                wide[..item.size].copy_from_slice(chunk);
                if !little {
                    wide[..item.size].reverse();
                }
                out.push(value(t, item, wide));
            }
        }
    }
}

fn value<M: Memory>(t: &mut Thread<M>, item: &Item, data: [u8; 8]) -> Obj<M> {
    let raw = u64::from_le_bytes(data);
    match item.code {
        b'c' => bytes::from_slice(t, &data[..1]),
        b'?' => Obj::bool(raw != 0),
        b'd' => float::new(t, f64::from_bits(raw)),
        b'f' => float::new(t, f32::from_bits(raw as u32).into()),
        b'e' => float::new(t, half_value(raw as u16)),
        code if code.is_ascii_lowercase() => {
            let unused = 64 - 8 * item.size as u32;
            int::from_i64(t, ((raw << unused) as i64) >> unused)
        }
        _ => int::from_big(t, BigInt::from_biguint(Sign::Plus, raw.into())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_round_trip() {
        for bits in [0u16, 1, 0x3ff, 0x400, 0x3c00, 0x7bff, 0x8001, 0xfbff] {
            assert_eq!(half_of(half_value(bits)), Some(bits));
        }
        assert_eq!(half_of(65520.0), None);
        assert_eq!(half_of(2f64.powi(-25)), Some(0));
    }
}
