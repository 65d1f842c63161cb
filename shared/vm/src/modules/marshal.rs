//! `marshal`: plain values as bytes, in CPython's format version 4 without its back references. Code objects are not
//! marshalled: nothing here is cached on disk.

use num_bigint::{BigInt, Sign};

use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::modules::Maker;
use crate::object::{Obj, R, Raise};
use crate::types::ids::Builtin;
use crate::types::str::{Text, from_wide, view};
use crate::types::{bytes, dict, float, int, list, tuple};
use crate::value::Word;

const MAX_DEPTH: usize = 2000;

/// `marshal`
pub fn init<M: Memory>(t: &mut Thread<M>) -> R<M> {
    Maker::new(t, "marshal")
        .int("version", 5)
        .functions(&[
            ("dumps(value, version=5, /, *, allow_code=True)", |t, a| {
                let mut out = Vec::new();
                put(t, &a[0], &mut out, 0)?;
                Ok(bytes::from_slice(t, &out))
            }),
            ("loads(bytes, /, *, allow_code=True)", |t, a| {
                let data = super::io::bytes_like(t, &a[0])?.into_owned();
                load(t, &data)
            }),
            ("dump(value, file, version=5, /, *, allow_code=True)", |t, a| {
                let mut out = Vec::new();
                put(t, &a[0], &mut out, 0)?;
                let data = bytes::from_slice(t, &out);
                t.call_method(&a[1], "write", &[data])
            }),
            ("load(file, /, *, allow_code=True)", |t, a| {
                let data = t.call_method(&a[0], "read", &[])?;
                let data = super::io::bytes_like(t, &data)?.into_owned();
                load(t, &data)
            }),
        ])
        .finish()
}

fn load<M: Memory>(t: &mut Thread<M>, data: &[u8]) -> R<M> {
    let mut reader = Reader { data, at: 0 };
    get(t, &mut reader, 0)
}

fn put_int(out: &mut Vec<u8>, big: &BigInt) {
    if let Ok(small) = i32::try_from(big) {
        out.push(b'i');
        out.extend(small.to_le_bytes());
        return;
    }
    // Digits of 15 bits, their number signed.
    let mut digits = Vec::new();
    for bit in 0..big.bits().div_ceil(15) {
        let digit = (0..15).fold(0u16, |d, i| d | (big.magnitude().bit(bit * 15 + i) as u16) << i);
        digits.push(digit);
    }
    let n = digits.len() as i32;
    out.push(b'l');
    out.extend((if big.sign() == Sign::Minus { -n } else { n }).to_le_bytes());
    digits.iter().for_each(|d| out.extend(d.to_le_bytes()));
}

fn put_text(out: &mut Vec<u8>, text: Text<'_>) {
    let mut data = Vec::new();
    for c in text.chars() {
        match char::from_u32(c) {
            Some(c) => data.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            // A lone surrogate keeps its three bytes (surrogatepass).
            None => data.extend([0xe0 | (c >> 12) as u8, 0x80 | (c >> 6 & 0x3f) as u8, 0x80 | (c & 0x3f) as u8]),
        }
    }
    out.push(b'u');
    out.extend((data.len() as u32).to_le_bytes());
    out.extend(data);
}

fn put<M: Memory>(t: &mut Thread<M>, value: &Obj<M>, out: &mut Vec<u8>, depth: usize) -> Result<(), Raise> {
    if depth > MAX_DEPTH {
        return Err(t.raise(Kind::ValueError, "object too deeply nested to marshal"));
    }
    let word = value.word();
    let special = [(Word::NONE, b'N'), (Word::TRUE, b'T'), (Word::FALSE, b'F'), (Word::ELLIPSIS, b'.')];
    if let Some((_, tag)) = special.iter().find(|s| s.0 == word) {
        out.push(*tag);
        return Ok(());
    }
    if let Some(big) = int::to_big(value) {
        put_int(out, &big);
        return Ok(());
    }
    if let Some(f) = float::value(value) {
        out.push(b'g');
        out.extend(f.to_le_bytes());
        return Ok(());
    }
    if let Some(text) = view(value) {
        put_text(out, text);
        return Ok(());
    }
    if let Some(data) = bytes::view(value) {
        out.push(b's');
        out.extend((data.len() as u32).to_le_bytes());
        out.extend_from_slice(data);
        return Ok(());
    }
    let is = |t: &Thread<M>, id: Builtin| t.class_of(value).is(&t.builtin(id).to_obj());
    let tags = [(Builtin::Tuple, b'('), (Builtin::List, b'['), (Builtin::Set, b'<'), (Builtin::FrozenSet, b'>')];
    if let Some((_, tag)) = tags.into_iter().find(|(id, _)| is(t, *id)) {
        let items = t.collect(value)?;
        out.push(tag);
        out.extend((items.len() as u32).to_le_bytes());
        for item in &items {
            put(t, item, out, depth + 1)?;
        }
        return Ok(());
    }
    if is(t, Builtin::Dict) {
        out.push(b'{');
        for (key, item) in dict::items(t, value) {
            put(t, &key, out, depth + 1)?;
            put(t, &item, out, depth + 1)?;
        }
        out.push(b'0');
        return Ok(());
    }
    Err(t.raise(Kind::ValueError, "unmarshallable object"))
}

struct Reader<'a> {
    data: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let part = self.data.get(self.at..self.at.checked_add(n)?)?;
        self.at += n;
        Some(part)
    }
    fn number(&mut self) -> Option<i32> {
        let b = self.take(4)?;
        Some(i32::from_le_bytes([b[0], b[1], b[2], b[3]]))
    }
}

fn short<M: Memory>(t: &mut Thread<M>) -> Raise {
    t.raise(Kind::EOFError, "marshal data too short")
}

fn get<M: Memory>(t: &mut Thread<M>, r: &mut Reader<'_>, depth: usize) -> R<M> {
    if depth > MAX_DEPTH {
        return Err(t.raise(Kind::ValueError, "bad marshal data (too deeply nested)"));
    }
    let Some(tag) = r.take(1).map(|b| b[0] & 0x7f) else { return Err(short(t)) };
    // SAFETY: a special word owns nothing.
    let special = |w: Word| unsafe { Obj::<M>::from_word(w) };
    match tag {
        b'N' => Ok(Obj::NONE),
        b'T' => Ok(Obj::bool(true)),
        b'F' => Ok(Obj::bool(false)),
        b'.' => Ok(special(Word::ELLIPSIS)),
        b'0' => Ok(special(Word::NULL)),
        b'i' => match r.number() {
            Some(n) => Ok(int::from_i64(t, n as i64)),
            None => Err(short(t)),
        },
        b'g' => match r.take(8).and_then(|b| b.try_into().ok()) {
            Some(b) => Ok(float::new(t, f64::from_le_bytes(b))),
            None => Err(short(t)),
        },
        b'l' => get_long(t, r),
        b's' | b'u' | b't' | b'a' | b'A' | b'z' | b'Z' => get_data(t, r, tag),
        b'(' | b'[' | b'<' | b'>' | b')' => get_items(t, r, tag, depth),
        b'{' => {
            let made = dict::new(t);
            loop {
                let key = get(t, r, depth + 1)?;
                if key.is_null() {
                    return Ok(made);
                }
                let value = get(t, r, depth + 1)?;
                dict::set(t, &made, key, value)?;
            }
        }
        _ => Err(t.raise(Kind::ValueError, "bad marshal data (unknown type code)")),
    }
}

fn get_long<M: Memory>(t: &mut Thread<M>, r: &mut Reader<'_>) -> R<M> {
    let Some(n) = r.number() else { return Err(short(t)) };
    let Some(digits) = r.take(2 * n.unsigned_abs() as usize) else { return Err(short(t)) };
    let mut value = BigInt::ZERO;
    for pair in digits.chunks_exact(2).rev() {
        value = (value << 15) + u16::from_le_bytes([pair[0], pair[1]]);
    }
    Ok(int::from_big(t, if n < 0 { -value } else { value }))
}

fn get_data<M: Memory>(t: &mut Thread<M>, r: &mut Reader<'_>, tag: u8) -> R<M> {
    let n = if matches!(tag, b'z' | b'Z') { r.take(1).map(|b| b[0] as usize) } else { r.number().map(|n| n as usize) };
    let Some(data) = n.and_then(|n| r.take(n)) else { return Err(short(t)) };
    if tag == b's' {
        return Ok(bytes::from_slice(t, data));
    }
    if let Ok(text) = std::str::from_utf8(data) {
        return Ok(t.str(text));
    }
    let mut points = Vec::new();
    let mut rest = data;
    while let Some(&first) = rest.first() {
        if rest.len() >= 3 && first == 0xed && rest[1] >= 0xa0 {
            points.push((first as u32 & 0xf) << 12 | (rest[1] as u32 & 0x3f) << 6 | rest[2] as u32 & 0x3f);
            rest = &rest[3..];
            continue;
        }
        let valid = match std::str::from_utf8(rest) {
            Ok(text) => text,
            Err(e) => std::str::from_utf8(&rest[..e.valid_up_to()]).unwrap_or(""),
        };
        if valid.is_empty() {
            return Err(t.raise(Kind::ValueError, "bad marshal data (invalid UTF-8)"));
        }
        points.extend(valid.chars().map(u32::from));
        rest = &rest[valid.len()..];
    }
    Ok(from_wide(t, &points))
}

fn get_items<M: Memory>(t: &mut Thread<M>, r: &mut Reader<'_>, tag: u8, depth: usize) -> R<M> {
    let n = if tag == b')' { r.take(1).map(|b| b[0] as i32) } else { r.number() };
    let Some(n) = n else { return Err(short(t)) };
    let mut items = Vec::new();
    for _ in 0..n {
        items.push(get(t, r, depth + 1)?);
    }
    match tag {
        b'(' | b')' => Ok(tuple::from_vec(t, items)),
        b'[' => Ok(list::from_vec(t, items)),
        _ => {
            let id = if tag == b'<' { Builtin::Set } else { Builtin::FrozenSet };
            let class = t.builtin(id).to_obj();
            let items = list::from_vec(t, items);
            t.call(&class, &[items])
        }
    }
}
