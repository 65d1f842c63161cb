//! `binascii`: base64, hexadecimal digits and checksums.

use crate::args::Args;
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::modules::{Maker, make_class};
use crate::object::{Obj, R, Raise};
use crate::types::str::{Text, arg, view};
use crate::types::{buffer, bytes, int};

/// Makes the module.
pub fn init<M: Memory>(t: &mut Thread<M>) -> R<M> {
    let home = t.intern("binascii");
    let value_error = t.exception_class(Kind::ValueError).to_obj();
    let error = make_class(t, "Error", &[value_error], vec![("__module__", home.clone())])?;
    t.keep("binascii.Error", error.clone());
    let exception = t.exception_class(Kind::Exception).to_obj();
    let incomplete = make_class(t, "Incomplete", &[exception], vec![("__module__", home)])?;
    Maker::new(t, "binascii")
        .doc("Conversion between binary data and ASCII")
        .set("Error", error)
        .set("Incomplete", incomplete)
        .function("a2b_base64(data, /, *, strict_mode=False)", a2b_base64)
        .function("b2a_base64(data, /, *, newline=True)", b2a_base64)
        .function("a2b_hex(hexstr, /)", a2b_hex)
        .function("unhexlify(hexstr, /)", a2b_hex)
        .function("b2a_hex(data, sep=None, bytes_per_sep=1)", bytes::hex_bytes)
        .function("hexlify(data, sep=None, bytes_per_sep=1)", bytes::hex_bytes)
        .function("crc32(data, crc=0, /)", crc32)
        .function("crc_hqx(data, crc, /)", crc_hqx)
        .finish()
}

/// Raises `binascii.Error`.
#[cold]
fn fail<M: Memory>(t: &mut Thread<M>, message: &str) -> Raise {
    let class = t.kept("binascii.Error").expect("kept by `init`").own();
    let message = t.str(message);
    match t.call(&class, &[message]) {
        Ok(error) => t.raise_obj(error),
        Err(raise) => raise,
    }
}

/// Bytes, or the characters of an ASCII string.
fn ascii_arg<M: Memory>(t: &mut Thread<M>, o: &Obj<M>) -> Result<Vec<u8>, Raise> {
    match (view(o), buffer::get(t, o)) {
        (Some(Text::Ascii(s)), _) => Ok(s.to_vec()),
        (Some(_), _) => Err(t.raise(Kind::ValueError, "string argument should contain only ASCII characters")),
        (None, Some(data)) => Ok(data.into_owned()),
        (None, None) => {
            let kind = t.class_name(o);
            let message = format!("argument should be bytes, buffer or ASCII string, not '{kind}'");
            Err(t.raise(Kind::TypeError, message))
        }
    }
}

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The value of each base64 digit; 64 for what is none.
const VALUES: [u8; 256] = {
    let mut table = [64; 256];
    let mut i = 0;
    while i < 64 {
        table[DIGITS[i] as usize] = i as u8;
        i += 1;
    }
    table
};

/// The bytes that base64 text means. What is no digit is skipped, unless `strict`.
fn from_base64(data: &[u8], strict: bool) -> Result<Vec<u8>, String> {
    let mut out = Vec::with_capacity(data.len() / 4 * 3 + 3);
    let (mut at, mut left, mut pads, mut padded) = (0u32, 0u8, 0, false);
    if strict && data.first() == Some(&b'=') {
        return Err("Leading padding not allowed".into());
    }
    for (i, &c) in data.iter().enumerate() {
        if c == b'=' {
            padded = true;
            if strict && at == 0 {
                return Err("Excess padding not allowed".into());
            }
            pads += 1;
            if at >= 2 && at + pads >= 4 {
                if strict && i + 1 < data.len() {
                    return Err("Excess data after padding".into());
                }
                return Ok(out);
            }
            continue;
        }
        let value = VALUES[c as usize];
        if value == 64 {
            if strict {
                return Err("Only base64 data is allowed".into());
            }
            continue;
        }
        if strict && padded {
            return Err("Discontinuous padding not allowed".into());
        }
        pads = 0;
        match at {
            0 => {}
            1 => out.push(left << 2 | value >> 4),
            2 => out.push(left << 4 | value >> 2),
            _ => out.push(left << 6 | value),
        }
        left = value & [63, 15, 3, 0][at as usize];
        at = (at + 1) % 4;
    }
    match at {
        0 => Ok(out),
        1 => {
            let n = out.len() / 3 * 4 + 1;
            Err(format!(
                "Invalid base64-encoded string: number of data characters ({n}) cannot be 1 more than a multiple of 4"
            ))
        }
        _ => Err("Incorrect padding".into()),
    }
}

fn a2b_base64<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let data = ascii_arg(t, &args[0])?;
    let strict = arg::flag(t, args.get(1))?;
    match from_base64(&data, strict) {
        Ok(made) => Ok(bytes::from_slice(t, &made)),
        Err(message) => Err(fail(t, &message)),
    }
}

fn b2a_base64<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let newline = args.get(1).map_or(Ok(true), |o| t.truth(o))?;
    let data = buffer::need(t, &args[0])?;
    let mut out = Vec::with_capacity(data.len().div_ceil(3) * 4 + 1);
    for group in data.chunks(3) {
        let bits = group.iter().fold(0u32, |bits, &b| bits << 8 | b as u32) << (8 * (3 - group.len()));
        for i in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * i) & 63) as usize];
            out.push(if i <= group.len() { digit } else { b'=' });
        }
    }
    if newline {
        out.push(b'\n');
    }
    Ok(bytes::from_slice(t, &out))
}

fn a2b_hex<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let data = ascii_arg(t, &args[0])?;
    if data.len() % 2 != 0 {
        return Err(fail(t, "Odd-length string"));
    }
    let digit = |b: u8| (b as char).to_digit(16);
    let made: Option<Vec<u8>> =
        data.chunks_exact(2).map(|pair| Some((digit(pair[0])? << 4 | digit(pair[1])?) as u8)).collect();
    match made {
        Some(made) => Ok(bytes::from_slice(t, &made)),
        None => Err(fail(t, "Non-hexadecimal digit found")),
    }
}

/// Remainders of single bytes for CRC-32.
const CRC32: [u32; 256] = {
    let mut table = [0; 256];
    let mut i = 0;
    while i < 256 {
        let (mut c, mut k) = (i as u32, 0);
        while k < 8 {
            c = if c & 1 != 0 { c >> 1 ^ 0xedb8_8320 } else { c >> 1 };
            k += 1;
        }
        table[i] = c;
        i += 1;
    }
    table
};

/// The low bits of an integer argument, as C casts them.
fn start<M: Memory>(t: &mut Thread<M>, o: Option<&Obj<M>>) -> Result<u32, Raise> {
    let Some(o) = o else { return Ok(0) };
    let i = t.index(o)?;
    let big = int::to_big(&i).unwrap_or_default();
    let low: num_bigint::BigInt = big & num_bigint::BigInt::from(u32::MAX);
    Ok(u32::try_from(low).unwrap_or(0))
}

/// Checksum of bytes, going on from an earlier one.
pub fn crc32_of(data: &[u8], crc: u32) -> u32 {
    !data.iter().fold(!crc, |c, &b| CRC32[(c as u8 ^ b) as usize] ^ c >> 8)
}

fn crc32<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let crc = start(t, args.get(1))?;
    let data = buffer::need(t, &args[0])?;
    Ok(int::from_i64(t, crc32_of(&data, crc) as i64))
}

fn crc_hqx<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let crc = start(t, args.get(1))? & 0xffff;
    let data = buffer::need(t, &args[0])?;
    let step = |c: u32, &b: &u8| {
        let shifted = c ^ (b as u32) << 8;
        (0..8).fold(shifted, |c, _| if c & 0x8000 != 0 { c << 1 ^ 0x1021 } else { c << 1 }) & 0xffff
    };
    Ok(int::from_i64(t, data.iter().fold(crc, step) as i64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_and_checksums() {
        assert_eq!(from_base64(b"YWJj", true), Ok(b"abc".to_vec()));
        assert_eq!(from_base64(b"Y!Q=\n=", false), Ok(b"a".to_vec()));
        assert!(from_base64(b"YWI", false).is_err());
        assert_eq!(crc32_of(b"abc", 0), 891_568_578);
        assert_eq!(crc32_of(b"c", crc32_of(b"ab", 0)), 891_568_578);
    }
}
