//! `array`: numbers of one machine type, packed.

use crate::args::{Args, Call};
use crate::context::{Context, Thread};
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::modules::Maker;
use crate::object::{Layout, Locked, Obj, Object, Payload, R, Raise};
use crate::types::build::Builder;
use crate::types::ids::{self, Builtin};
use crate::types::memoryview::unpack;
use crate::types::sequence::{self, clamp, has_index, place, repeat_count};
use crate::types::slots::{BinOp, CmpOp, Slots};
use crate::types::str::{TextBuf, from_buf, from_char, to_text, view};
use crate::types::{TypeObj, buffer, bytes, float, int, list, slice, str, tuple, units};
use crate::value::Word;

/// The payload of `array.array`.
pub struct Array {
    code: u8,
    data: Locked<Vec<u8>>,
}

// SAFETY: told apart by its shape, which is this struct's alone; it owns no references.
unsafe impl<M: Memory> Payload<M> for Array {
    const SHAPE: u32 = ids::ARRAY;
    const LAYOUT: Layout = Layout::Other;
    fn visit(&self, _: &mut dyn FnMut(Word)) {}
}

const CODES: &[u8] = b"bBuwhHiIlLqQfd";

fn size_of_code(code: u8) -> usize {
    match code {
        b'b' | b'B' => 1,
        b'h' | b'H' => 2,
        b'i' | b'I' | b'f' | b'u' | b'w' => 4,
        _ => 8,
    }
}

impl Array {
    /// Works on the bytes inside the section of the object headed by `head`.
    pub fn with<M: Memory, A>(&self, ctx: &Context<M>, head: &M::Header, f: impl FnOnce(&mut Vec<u8>) -> A) -> A {
        self.data.with(ctx, head, f)
    }

    fn size(&self) -> usize {
        size_of_code(self.code)
    }
}

type ArrayObj<M> = Object<M, Array>;

fn own<'a, M: Memory>(t: &mut Thread<M>, o: &'a Obj<M>) -> Result<&'a ArrayObj<M>, Raise> {
    sequence::this_exact(t, o)
}

fn make<M: Memory>(ctx: &Context<M>, code: u8, data: Vec<u8>) -> Obj<M> {
    ctx.alloc(Array { code, data: Locked::new(data) })
}

fn len<M: Memory>(ctx: &Context<M>, a: &ArrayObj<M>) -> usize {
    a.body.with(ctx, &a.head, |v| v.len()) / a.body.size()
}

fn bytes_of<M: Memory>(ctx: &Context<M>, a: &ArrayObj<M>) -> Vec<u8> {
    a.body.with(ctx, &a.head, |v| v.clone())
}

// ---- Single items.

fn item<M: Memory>(t: &Thread<M>, code: u8, data: &[u8]) -> Obj<M> {
    match (code, data) {
        (b'u' | b'w', &[a, b, c, d]) => from_char(t, u32::from_le_bytes([a, b, c, d])),
        _ => unpack(t, code, data),
    }
}

/// The bytes of a value as one item.
fn pack<M: Memory>(t: &mut Thread<M>, code: u8, value: &Obj<M>) -> Result<Vec<u8>, Raise> {
    match code {
        b'u' | b'w' => match view(value) {
            Some(text) if text.len() == 1 => Ok(text.at(0).to_le_bytes().to_vec()),
            _ => Err(t.raise(Kind::TypeError, "array item must be a unicode character")),
        },
        b'f' | b'd' => {
            let x = match float::value(value) {
                Some(x) => x,
                None => match int::ops::Number::of(value) {
                    Some(n) => int::ops::to_f64(t, n)?,
                    None => {
                        let kind = t.class_name(value);
                        return Err(t.raise(Kind::TypeError, format!("must be real number, not {kind}")));
                    }
                },
            };
            Ok(if code == b'f' { (x as f32).to_le_bytes().to_vec() } else { x.to_le_bytes().to_vec() })
        }
        _ => pack_integer(t, code, value),
    }
}

fn pack_integer<M: Memory>(t: &mut Thread<M>, code: u8, value: &Obj<M>) -> Result<Vec<u8>, Raise> {
    let value = t.index(value)?;
    let size = size_of_code(code);
    let big = int::to_big(&value).unwrap_or_default();
    let negative = big.sign() == num_bigint::Sign::Minus;
    let limit = 1i128 << (size * 8 - code.is_ascii_lowercase() as usize);
    let range = if code.is_ascii_lowercase() { -limit..limit } else { 0..limit };
    if let Some(i) = i128::try_from(big).ok().filter(|i| range.contains(i)) {
        return Ok(i.to_le_bytes()[..size].to_vec());
    }
    let what = match code {
        b'b' => "signed char",
        b'B' => "unsigned byte integer",
        b'h' => "signed short integer",
        b'H' => "unsigned short",
        b'i' => "signed integer",
        b'I' => "unsigned int",
        _ => return Err(t.raise(Kind::OverflowError, "int too large to convert")),
    };
    let how = if negative { "less than minimum" } else { "greater than maximum" };
    Err(t.raise(Kind::OverflowError, format!("{what} is {how}")))
}

fn items<M: Memory>(t: &Thread<M>, a: &ArrayObj<M>) -> Vec<Obj<M>> {
    bytes_of(t, a).chunks_exact(a.body.size()).map(|data| item(t, a.body.code, data)).collect()
}

/// The bytes of all items of an iterable.
fn pack_all<M: Memory>(t: &mut Thread<M>, code: u8, source: &Obj<M>) -> Result<Vec<u8>, Raise> {
    if let Some(a) = source.exact::<Array>() {
        if a.body.code == code {
            return Ok(bytes_of(t, a));
        }
        return Err(t.raise(Kind::TypeError, "can only extend with array of same kind"));
    }
    let mut data = Vec::new();
    t.iterate(source, &mut |t, value| {
        data.extend_from_slice(&pack(t, code, &value)?);
        Ok(())
    })?;
    Ok(data)
}

// ---- The protocols.

fn new<M: Memory>(t: &mut Thread<M>, _: &TypeObj<M>, call: Call<'_, M>) -> R<M> {
    let [code, source] = sequence::bind(t, "array", ["typecode", "initializer"], 1, 2, call)?;
    let code = to_text(code.expect("required")).into_owned();
    let &[code] = code.as_bytes() else {
        return Err(t.raise(Kind::TypeError, "array() argument 1 must be a unicode character, not str"));
    };
    if !CODES.contains(&code) {
        let message = "bad typecode (must be b, B, u, w, h, H, i, I, l, L, q, Q, f or d)";
        return Err(t.raise(Kind::ValueError, message));
    }
    let data = match source {
        None => Vec::new(),
        Some(source) if matches!(code, b'u' | b'w') && view(source).is_some() => {
            view(source).into_iter().flat_map(str::Text::chars).flat_map(u32::to_le_bytes).collect()
        }
        Some(source) if view(source).is_some() => {
            let message = format!("cannot use a str to initialize an array with typecode '{}'", code as char);
            return Err(t.raise(Kind::TypeError, message));
        }
        Some(source) => match source.exact::<Array>() {
            Some(_) => {
                let values = t.collect(source)?;
                let values = tuple::from_vec(t, values);
                pack_all(t, code, &values)?
            }
            None => match buffer::copy(t, source) {
                Some(data) if data.len() % size_of_code(code) != 0 => return Err(odd_length(t)),
                Some(data) => data,
                None => pack_all(t, code, source)?,
            },
        },
    };
    Ok(make(t, code, data))
}

#[cold]
fn odd_length<M: Memory>(t: &mut Thread<M>) -> Raise {
    t.raise(Kind::ValueError, "bytes length not a multiple of item size")
}

fn repr<M: Memory>(t: &mut Thread<M>, o: &Obj<M>) -> R<M> {
    let a = own(t, o)?;
    let code = a.body.code as char;
    if len(t, a) == 0 {
        return Ok(t.string(format!("array('{code}')")));
    }
    let shown = if matches!(code, 'u' | 'w') { tounicode(t, o)? } else { list::from_vec(t, items(t, a)) };
    let shown = t.repr(&shown)?;
    Ok(t.string(format!("array('{code}', {})", to_text(&shown))))
}

fn compare<M: Memory>(t: &mut Thread<M>, a: &Obj<M>, b: &Obj<M>, op: CmpOp) -> R<M> {
    let (Some(x), Some(y)) = (a.exact::<Array>(), b.exact::<Array>()) else { return Ok(Obj::not_implemented()) };
    let (x, y) = (list::from_vec(t, items(t, x)), list::from_vec(t, items(t, y)));
    t.compare(&x, &y, op)
}

fn getitem<M: Memory>(t: &mut Thread<M>, o: &Obj<M>, key: &Obj<M>) -> R<M> {
    let a = own(t, o)?;
    let (code, size) = (a.body.code, a.body.size());
    if key.shape() == ids::SLICE {
        let steps = slice::steps(t, key)?;
        let data = bytes_of(t, a);
        let picked = steps
            .bounds(data.len() / size)
            .indices()
            .filter_map(|i| data.get(i * size..(i + 1) * size))
            .flatten()
            .copied()
            .collect();
        return Ok(make(t, code, picked));
    }
    let i = index(t, key)?;
    let data = a.body.with(t, &a.head, |v| place(i, v.len() / size).map(|i| v[i * size..(i + 1) * size].to_vec()));
    match data {
        Some(data) => Ok(item(t, code, &data)),
        None => Err(t.raise(Kind::IndexError, "array index out of range")),
    }
}

fn index<M: Memory>(t: &mut Thread<M>, key: &Obj<M>) -> Result<i64, Raise> {
    if !has_index(t, key) {
        return Err(t.raise(Kind::TypeError, "array indices must be integers"));
    }
    t.index_i64(key)
}

fn setitem<M: Memory>(t: &mut Thread<M>, o: &Obj<M>, key: &Obj<M>, value: Option<&Obj<M>>) -> Result<(), Raise> {
    let a = own(t, o)?;
    let (code, size) = (a.body.code, a.body.size());
    if key.shape() == ids::SLICE {
        return set_slice(t, a, key, value);
    }
    let i = index(t, key)?;
    let done = match value {
        Some(value) => {
            let data = pack(t, code, value)?;
            a.body.with(t, &a.head, |v| {
                place(i, v.len() / size).map(|i| v[i * size..(i + 1) * size].copy_from_slice(&data))
            })
        }
        None => a.body.with(t, &a.head, |v| place(i, v.len() / size).map(|i| drop(v.drain(i * size..(i + 1) * size)))),
    };
    done.ok_or_else(|| t.raise(Kind::IndexError, "array assignment index out of range"))
}

fn set_slice<M: Memory>(t: &mut Thread<M>, a: &ArrayObj<M>, key: &Obj<M>, value: Option<&Obj<M>>) -> Result<(), Raise> {
    let size = a.body.size();
    let data = match value.map(|value| (value.exact::<Array>(), value)) {
        None => Vec::new(),
        Some((Some(other), _)) if other.body.code == a.body.code => bytes_of(t, other),
        Some((Some(_), _)) => return Err(t.raise(Kind::TypeError, "bad argument type for built-in operation")),
        Some((None, value)) => {
            let kind = t.class_name(value);
            return Err(t.raise(Kind::TypeError, format!("can only assign array (not \"{kind}\") to array slice")));
        }
    };
    let steps = slice::steps(t, key)?;
    let deleting = value.is_none();
    let done = a.body.with(t, &a.head, |v| {
        let cut = steps.bounds(v.len() / size);
        let given = data.len() / size;
        if cut.step == 1 {
            let (start, end) = cut.range();
            drop(v.splice(start * size..end * size, data));
        } else if deleting {
            let mut gone: Vec<usize> = cut.indices().collect();
            gone.sort_unstable();
            gone.into_iter().rev().for_each(|i| drop(v.drain(i * size..(i + 1) * size)));
        } else if given != cut.count {
            return Err((given, cut.count));
        } else {
            for (i, new) in cut.indices().zip(data.chunks_exact(size)) {
                v[i * size..(i + 1) * size].copy_from_slice(new);
            }
        }
        Ok(())
    });
    done.map_err(|(given, count)| {
        let message = format!("attempt to assign array of size {given} to extended slice of size {count}");
        t.raise(Kind::ValueError, message)
    })
}

fn add<M: Memory>(t: &mut Thread<M>, a: &Obj<M>, b: &Obj<M>) -> R<M> {
    let Some(x) = a.exact::<Array>() else { return Ok(Obj::not_implemented()) };
    match b.exact::<Array>() {
        Some(y) if x.body.code == y.body.code => {
            let data = [bytes_of(t, x), bytes_of(t, y)].concat();
            Ok(make(t, x.body.code, data))
        }
        Some(_) => Err(t.raise(Kind::TypeError, "bad argument type for built-in operation")),
        None => {
            let kind = t.class_name(b);
            Err(t.raise(Kind::TypeError, format!("can only append array (not \"{kind}\") to array")))
        }
    }
}

fn add_in_place<M: Memory>(t: &mut Thread<M>, a: &Obj<M>, b: &Obj<M>) -> R<M> {
    let x = own(t, a)?;
    if b.exact::<Array>().is_none() {
        let kind = t.class_name(b);
        return Err(t.raise(Kind::TypeError, format!("can only extend with array (not \"{kind}\")")));
    }
    let data = pack_all(t, x.body.code, b)?;
    x.body.with(t, &x.head, |v| v.extend_from_slice(&data));
    Ok(a.clone())
}

fn repeated<M: Memory>(t: &mut Thread<M>, a: &ArrayObj<M>, n: usize) -> Result<Vec<u8>, Raise> {
    let data = bytes_of(t, a);
    match data.len().checked_mul(n).filter(|&n| n < units::MOST) {
        Some(_) => Ok(data.repeat(n)),
        None => Err(t.raise(Kind::MemoryError, "")),
    }
}

fn multiply<M: Memory>(t: &mut Thread<M>, a: &Obj<M>, b: &Obj<M>) -> R<M> {
    let Some((x, _, other)) = sequence::operands::<M, Array>(a, b) else { return Ok(Obj::not_implemented()) };
    let Some(n) = repeat_count(t, other)? else { return Ok(Obj::not_implemented()) };
    let data = repeated(t, x, n)?;
    Ok(make(t, x.body.code, data))
}

fn multiply_in_place<M: Memory>(t: &mut Thread<M>, a: &Obj<M>, b: &Obj<M>) -> R<M> {
    let x = own(t, a)?;
    let Some(n) = repeat_count(t, b)? else { return Ok(Obj::not_implemented()) };
    let data = repeated(t, x, n)?;
    x.body.with(t, &x.head, |v| *v = data);
    Ok(a.clone())
}

fn find<M: Memory>(t: &mut Thread<M>, o: &Obj<M>, value: &Obj<M>, from: usize) -> Result<Option<usize>, Raise> {
    let a = own(t, o)?;
    for (i, candidate) in items(t, a).iter().enumerate().skip(from) {
        if t.eq(candidate, value)? {
            return Ok(Some(i));
        }
    }
    Ok(None)
}

fn fill_slots<M: Memory>(s: &Slots<M>) {
    s.new.set(Some(new));
    s.repr.set(Some(repr));
    s.compare.set(Some(compare));
    s.iter.set(Some(|t, o| Ok(crate::types::iterators::sequence_iterator(t, o))));
    s.len.set(Some(|t, o| own(t, o).map(|a| len(t, a))));
    s.getitem.set(Some(getitem));
    s.setitem.set(Some(setitem));
    s.contains.set(Some(|t, o, value| Ok(find(t, o, value, 0)?.is_some())));
    s.bin[BinOp::Add as usize].set(Some(add));
    s.bin[BinOp::Mul as usize].set(Some(multiply));
    s.inplace[BinOp::Add as usize].set(Some(add_in_place));
    s.inplace[BinOp::Mul as usize].set(Some(multiply_in_place));
}

// ---- The methods.

fn append<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let a = own(t, &args[0])?;
    let data = pack(t, a.body.code, &args[1])?;
    a.body.with(t, &a.head, |v| v.extend_from_slice(&data));
    Ok(Obj::NONE)
}

fn extend<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let a = own(t, &args[0])?;
    let data = pack_all(t, a.body.code, &args[1])?;
    a.body.with(t, &a.head, |v| v.extend_from_slice(&data));
    Ok(Obj::NONE)
}

fn frombytes<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let a = own(t, &args[0])?;
    let data = buffer::need(t, &args[1])?.into_owned();
    if data.len() % a.body.size() != 0 {
        return Err(odd_length(t));
    }
    a.body.with(t, &a.head, |v| v.extend_from_slice(&data));
    Ok(Obj::NONE)
}

fn tounicode<M: Memory>(t: &mut Thread<M>, o: &Obj<M>) -> R<M> {
    let a = own(t, o)?;
    if !matches!(a.body.code, b'u' | b'w') {
        let message = "tounicode() may only be called on unicode type arrays ('u' or 'w')";
        return Err(t.raise(Kind::ValueError, message));
    }
    let mut out = TextBuf::new();
    bytes_of(t, a).as_chunks::<4>().0.iter().for_each(|c| out.push(u32::from_le_bytes(*c)));
    Ok(from_buf(t, out))
}

fn insert<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let i = t.index_i64(&args[1])?;
    let a = own(t, &args[0])?;
    let (data, size) = (pack(t, a.body.code, &args[2])?, a.body.size());
    a.body.with(t, &a.head, |v| {
        let at = clamp(i, v.len() / size) * size;
        drop(v.splice(at..at, data));
    });
    Ok(Obj::NONE)
}

fn pop<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let i = args.get(1).map_or(Ok(-1), |i| t.index_i64(i))?;
    let a = own(t, &args[0])?;
    let size = a.body.size();
    if len(t, a) == 0 {
        return Err(t.raise(Kind::IndexError, "pop from empty array"));
    }
    let taken = a
        .body
        .with(t, &a.head, |v| place(i, v.len() / size).map(|i| v.drain(i * size..(i + 1) * size).collect::<Vec<u8>>()));
    match taken {
        Some(data) => Ok(item(t, a.body.code, &data)),
        None => Err(t.raise(Kind::IndexError, "pop index out of range")),
    }
}

fn remove<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let Some(i) = find(t, &args[0], &args[1], 0)? else {
        return Err(t.raise(Kind::ValueError, "array.remove(x): x not in array"));
    };
    let key = int::from_usize(t, i);
    setitem(t, &args[0], &key, None)?;
    Ok(Obj::NONE)
}

fn index_of<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let a = own(t, &args[0])?;
    let n = len(t, a);
    let (start, stop) = sequence::span(t, args.get(2), args.get(3), n)?;
    match find(t, &args[0], &args[1], start)?.filter(|&i| i < stop) {
        Some(i) => Ok(int::from_usize(t, i)),
        None => Err(t.raise(Kind::ValueError, "array.index(x): x not in array")),
    }
}

fn count<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let (mut n, mut from) = (0, 0);
    while let Some(i) = find(t, &args[0], &args[1], from)? {
        (n, from) = (n + 1, i + 1);
    }
    Ok(int::from_usize(t, n))
}

/// Changes the bytes item by item.
fn each<M: Memory>(t: &mut Thread<M>, o: &Obj<M>, f: impl FnOnce(&mut Vec<u8>, usize)) -> R<M> {
    let a = own(t, o)?;
    a.body.with(t, &a.head, |v| f(v, a.body.size()));
    Ok(Obj::NONE)
}

fn reduce<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let a = own(t, &args[0])?;
    let class = t.builtin(Builtin::Array).to_obj();
    let code = from_char(t, a.body.code as u32);
    let values = list::from_vec(t, items(t, a));
    let given = tuple::from_vec(t, vec![code, values]);
    Ok(tuple::from_vec(t, vec![class, given]))
}

fn copy<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let a = own(t, &args[0])?;
    let data = bytes_of(t, a);
    Ok(make(t, a.body.code, data))
}

/// Makes the type.
pub fn define<M: Memory>(t: &mut Thread<M>) {
    Builder::new::<Array>(t, Builtin::Array, "array.array")
        .module("array")
        .is_final()
        .flag(crate::types::flags::SEQUENCE)
        .slots(fill_slots)
        .attr("__hash__", Obj::NONE)
        .method("append(self, v, /)", append)
        .method("extend(self, bb, /)", extend)
        .method("fromlist(self, list, /)", extend)
        .method("frombytes(self, buffer, /)", frombytes)
        .method("fromunicode(self, ustr, /)", extend)
        .method("tounicode(self, /)", |t, a| tounicode(t, &a[0]))
        .method("tobytes(self, /)", |t, a| {
            let data = buffer::need(t, &a[0])?;
            Ok(bytes::from_slice(t, &data))
        })
        .method("tolist(self, /)", |t, a| {
            let a = own(t, &a[0])?;
            Ok(list::from_vec(t, items(t, a)))
        })
        .method("insert(self, i, v, /)", insert)
        .method("pop(self, i=-1, /)", pop)
        .method("remove(self, v, /)", remove)
        .method("index(self, v, start=0, stop=9223372036854775807, /)", index_of)
        .method("count(self, v, /)", count)
        .method("clear(self, /)", |t, a| each(t, &a[0], |v, _| v.clear()))
        .method("reverse(self, /)", |t, a| {
            each(t, &a[0], |v, size| *v = v.chunks_exact(size).rev().flatten().copied().collect())
        })
        .method("byteswap(self, /)", |t, a| {
            each(t, &a[0], |v, size| v.chunks_exact_mut(size).for_each(<[u8]>::reverse))
        })
        .method("buffer_info(self, /)", |t, a| {
            let a = own(t, &a[0])?;
            let (at, n) = a.body.with(t, &a.head, |v| (v.as_ptr() as usize, v.len() / a.body.size()));
            let pair = vec![int::from_usize(t, at), int::from_usize(t, n)];
            Ok(tuple::from_vec(t, pair))
        })
        .method("__copy__(self, /)", copy)
        .method("__deepcopy__(self, unused, /)", copy)
        .method("__reduce_ex__(self, protocol, /)", reduce)
        .getter("typecode", |t, o| own(t, o).map(|a| a.body.code).map(|c| from_char(t, c as u32)))
        .getter("itemsize", |t, o| own(t, o).map(|a| a.body.size()).map(|n| int::from_usize(t, n)))
        .finish();
}

/// Makes the module.
pub fn init<M: Memory>(t: &mut Thread<M>) -> R<M> {
    let class = t.builtin(Builtin::Array).to_obj();
    Maker::new(t, "array")
        .doc("Arrays of numbers of one machine type.")
        .set("array", class.clone())
        .set("ArrayType", class)
        .text("typecodes", "bBuwhHiIlLqQfd")
        .finish()
}
