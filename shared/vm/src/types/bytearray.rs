//! `bytearray`: bytes that change, inside the object's section.

use crate::args::{Args, Call};
use crate::context::{Context, Thread};
use crate::exceptions::Kind;
use crate::memory::{CellWord, Memory};
use crate::object::{Held, Layout, Locked, Obj, Object, Payload, R, Raise};
use crate::types::build::Builder;
use crate::types::bytes::{self, repr_bytes};
use crate::types::ids::{self, Builtin};
use crate::types::sequence::{has_index, repeat_count};
use crate::types::slice::{Bounds, Steps};
use crate::types::slots::{BinOp, Slots};
use crate::types::str::arg;
use crate::types::{TypeObj, buffer, int, slice, str, tuple, units};
use crate::value::Word;

/// The payload of `bytearray`.
pub struct ByteArray<M: Memory> {
    data: Locked<Vec<u8>>,
    /// Memoryviews that look at it; while there are any, its length is fixed.
    exports: M::Cell,
}

// SAFETY: layout `ByteArray` is this struct's alone; it owns no references.
unsafe impl<M: Memory> Payload<M> for ByteArray<M> {
    const SHAPE: u32 = ids::BYTEARRAY;
    const LAYOUT: Layout = Layout::ByteArray;
    fn visit(&self, _: &mut dyn FnMut(Word)) {}
}

impl<M: Memory> ByteArray<M> {
    /// Works on the bytes inside the section of the object headed by `head`.
    #[inline]
    pub fn with<A>(&self, ctx: &Context<M>, head: &M::Header, f: impl FnOnce(&mut Vec<u8>) -> A) -> A {
        self.data.with(ctx, head, f)
    }

    /// A memoryview appears (`by` 1) or goes (-1).
    pub(crate) fn export(&self, ctx: &Context<M>, head: &M::Header, by: i64) {
        self.data.with(ctx, head, |_| self.exports.store(self.exports.load().wrapping_add(by as u64)));
    }
}

fn payload<M: Memory>(data: Vec<u8>) -> ByteArray<M> {
    ByteArray { data: Locked::new(data), exports: M::Cell::new(0) }
}

/// A `bytearray` of these bytes.
pub fn from_vec<M: Memory>(ctx: &Context<M>, data: Vec<u8>) -> Obj<M> {
    ctx.alloc(payload(data))
}

fn own<'a, M: Memory>(t: &mut Thread<M>, o: &'a Obj<M>) -> Result<&'a Object<M, ByteArray<M>>, Raise> {
    crate::types::sequence::this(t, o)
}

/// Works on the bytes where the length may change.
fn resize<M: Memory, A>(t: &mut Thread<M>, o: &Obj<M>, f: impl FnOnce(&mut Vec<u8>) -> A) -> Result<A, Raise> {
    let a = own(t, o)?;
    let done = a.body.data.with(t, &a.head, |v| if a.body.exports.load() == 0 { Some(f(v)) } else { None });
    match done {
        Some(done) => Ok(done),
        None => Err(exported(t)),
    }
}

#[cold]
fn exported<M: Memory>(t: &mut Thread<M>) -> Raise {
    t.raise(Kind::BufferError, "Existing exports of data: object cannot be re-sized")
}

fn len<M: Memory>(t: &Thread<M>, o: &Obj<M>) -> usize {
    o.cast::<ByteArray<M>>().map_or(0, |a| a.body.with(t, &a.head, |v| v.len()))
}

fn new<M: Memory>(t: &mut Thread<M>, class: &TypeObj<M>, _: Call<'_, M>) -> R<M> {
    Ok(if class.body.shape() == ids::BYTEARRAY {
        from_vec(t, Vec::new())
    } else {
        t.alloc_of(class, payload(Vec::new()))
    })
}

fn init<M: Memory>(t: &mut Thread<M>, o: &Obj<M>, call: Call<'_, M>) -> Result<(), Raise> {
    let given = arg::bind(t, call, "bytearray", ["source", "encoding", "errors"])?;
    let data = bytes::contents(t, given, "bytearray")?;
    resize(t, o, |v| *v = data)
}

fn repr<M: Memory>(t: &mut Thread<M>, o: &Obj<M>) -> R<M> {
    let data = buffer::need(t, o)?;
    let class = t.class_name(o);
    Ok(t.string(format!("{class}({})", repr_bytes(&data))))
}

/// Bytes to store: of any bytes-like object, or of an iterable of integers.
fn stored<M: Memory>(t: &mut Thread<M>, o: &Obj<M>) -> Result<Vec<u8>, Raise> {
    match buffer::copy(t, o) {
        Some(data) => Ok(data),
        None if str::view(o).is_some() => Err(t.raise(Kind::TypeError, "expected iterable of integers; got: 'str'")),
        None => bytes::from_iterable(t, o, "bytearray"),
    }
}

fn no_index<M: Memory>(t: &mut Thread<M>, key: &Obj<M>) -> Raise {
    let kind = t.class_name(key);
    t.raise(Kind::TypeError, format!("bytearray indices must be integers or slices, not {kind}"))
}

fn getitem<M: Memory>(t: &mut Thread<M>, o: &Obj<M>, key: &Obj<M>) -> R<M> {
    if key.shape() == ids::SLICE {
        let steps = slice::steps(t, key)?;
        let a = own(t, o)?;
        let picked = a.body.with(t, &a.head, |v| steps.bounds(v.len()).indices().map(|i| v[i]).collect());
        return Ok(from_vec(t, picked));
    }
    if !has_index(t, key) {
        return Err(no_index(t, key));
    }
    let i = t.index_i64(key)?;
    let a = own(t, o)?;
    match a.body.with(t, &a.head, |v| arg::place(i, v.len()).map(|i| v[i])) {
        Some(b) => Ok(int::from_i64(t, b as i64)),
        None => Err(t.raise(Kind::IndexError, "bytearray index out of range")),
    }
}

fn setitem<M: Memory>(t: &mut Thread<M>, o: &Obj<M>, key: &Obj<M>, value: Option<&Obj<M>>) -> Result<(), Raise> {
    if key.shape() == ids::SLICE {
        let data = value.map(|value| stored(t, value)).transpose()?;
        let steps = slice::steps(t, key)?;
        return set_slice(t, o, steps, data);
    }
    if !has_index(t, key) {
        return Err(no_index(t, key));
    }
    let i = t.index_i64(key)?;
    let set = match value {
        Some(value) => {
            let byte = bytes::byte_of(t, value)?;
            let a = own(t, o)?;
            a.body.with(t, &a.head, |v| arg::place(i, v.len()).map(|i| v[i] = byte))
        }
        None => resize(t, o, |v| arg::place(i, v.len()).map(|i| _ = v.remove(i)))?,
    };
    set.ok_or_else(|| t.raise(Kind::IndexError, "bytearray index out of range"))
}

/// Why bytes were not put in the place of a slice.
enum Unfit {
    /// So many bytes for so many places.
    Sizes(usize, usize),
    Exported,
}

fn set_slice<M: Memory>(t: &mut Thread<M>, o: &Obj<M>, steps: Steps, data: Option<Vec<u8>>) -> Result<(), Raise> {
    let a = own(t, o)?;
    let done = a.body.data.with(t, &a.head, |v| {
        let cut = steps.bounds(v.len());
        let new = data.as_ref().map_or(0, Vec::len);
        match data {
            Some(data) if new == cut.count => Ok(cut.indices().zip(data).for_each(|(i, b)| v[i] = b)),
            Some(_) if cut.step != 1 => Err(Unfit::Sizes(new, cut.count)),
            None if cut.count == 0 => Ok(()),
            _ if a.body.exports.load() != 0 => Err(Unfit::Exported),
            Some(data) => {
                let (start, end) = cut.range();
                Ok(drop(v.splice(start..end, data)))
            }
            None => Ok(delete(v, cut)),
        }
    });
    done.map_err(|unfit| match unfit {
        Unfit::Exported => exported(t),
        Unfit::Sizes(n, count) => {
            let message = format!("attempt to assign bytes of size {n} to extended slice of size {count}");
            t.raise(Kind::ValueError, message)
        }
    })
}

/// Deletes the bytes of a slice.
fn delete(v: &mut Vec<u8>, cut: Bounds) {
    if cut.step == 1 {
        let (start, end) = cut.range();
        drop(v.drain(start..end));
        return;
    }
    let mut gone = vec![false; v.len()];
    cut.indices().for_each(|i| gone[i] = true);
    let mut gone = gone.into_iter();
    v.retain(|_| gone.next() != Some(true));
}

fn add<M: Memory>(t: &mut Thread<M>, a: &Obj<M>, b: &Obj<M>) -> R<M> {
    let Some(mut data) = a.cast::<ByteArray<M>>().and_then(|_| buffer::copy(t, a)) else {
        return Ok(Obj::not_implemented());
    };
    match buffer::get(t, b) {
        Some(more) => data.extend_from_slice(&more),
        None => return Err(cannot_concat(t, a, b)),
    }
    Ok(from_vec(t, data))
}

fn cannot_concat<M: Memory>(t: &mut Thread<M>, a: &Obj<M>, b: &Obj<M>) -> Raise {
    let (x, y) = (t.class_name(a), t.class_name(b));
    t.raise(Kind::TypeError, format!("can't concat {y} to {x}"))
}

fn add_in_place<M: Memory>(t: &mut Thread<M>, a: &Obj<M>, b: &Obj<M>) -> R<M> {
    let Some(more) = buffer::copy(t, b) else { return Err(cannot_concat(t, a, b)) };
    resize(t, a, |v| v.extend_from_slice(&more))?;
    Ok(a.clone())
}

fn multiply<M: Memory>(t: &mut Thread<M>, a: &Obj<M>, b: &Obj<M>) -> R<M> {
    let (own, other) = if a.cast::<ByteArray<M>>().is_some() { (a, b) } else { (b, a) };
    let Some(n) = repeat_count(t, other)? else { return Ok(Obj::not_implemented()) };
    let data = buffer::need(t, own)?;
    match data.len().checked_mul(n).filter(|&n| n < units::MOST) {
        Some(_) => Ok(from_vec(t, data.repeat(n))),
        None => Err(t.raise(Kind::MemoryError, "")),
    }
}

fn multiply_in_place<M: Memory>(t: &mut Thread<M>, a: &Obj<M>, b: &Obj<M>) -> R<M> {
    let Some(n) = repeat_count(t, b)? else { return Ok(Obj::not_implemented()) };
    if len(t, a).checked_mul(n).is_none_or(|n| n > units::MOST) {
        return Err(t.raise(Kind::MemoryError, ""));
    }
    resize(t, a, |v| *v = v.repeat(n))?;
    Ok(a.clone())
}

fn fill_slots<M: Memory>(s: &Slots<M>) {
    s.new.set(Some(new));
    s.init.set(Some(init));
    s.repr.set(Some(repr));
    s.str.set(Some(repr));
    s.compare.set(Some(bytes::compare));
    s.iter.set(Some(|t, o| Ok(t.alloc(ByteArrayIter { array: Held::fresh(o.clone()), at: M::Cell::new(0) }))));
    s.len.set(Some(|t, o| Ok(len(t, o))));
    s.getitem.set(Some(getitem));
    s.setitem.set(Some(setitem));
    s.contains.set(Some(|t, o, item| {
        let data = buffer::need(t, o)?;
        bytes::contains_any(t, &data, item)
    }));
    s.bin[BinOp::Add as usize].set(Some(add));
    s.bin[BinOp::Mul as usize].set(Some(multiply));
    s.bin[BinOp::Mod as usize].set(Some(bytes::modulo));
    s.inplace[BinOp::Add as usize].set(Some(add_in_place));
    s.inplace[BinOp::Mul as usize].set(Some(multiply_in_place));
}

fn append<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let byte = bytes::byte_of(t, &args[1])?;
    resize(t, &args[0], |v| v.push(byte))?;
    Ok(Obj::NONE)
}

fn extend<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let data = stored(t, &args[1])?;
    resize(t, &args[0], |v| v.extend_from_slice(&data))?;
    Ok(Obj::NONE)
}

fn insert<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let i = t.index_i64(&args[1])?;
    let byte = bytes::byte_of(t, &args[2])?;
    resize(t, &args[0], |v| v.insert(crate::types::sequence::clamp(i, v.len()), byte))?;
    Ok(Obj::NONE)
}

fn pop<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let i = args.get(1).map_or(Ok(-1), |i| t.index_i64(i))?;
    match resize(t, &args[0], |v| arg::place(i, v.len()).map(|i| v.remove(i)).ok_or(v.is_empty()))? {
        Ok(byte) => Ok(int::from_i64(t, byte as i64)),
        Err(true) => Err(t.raise(Kind::IndexError, "pop from empty bytearray")),
        Err(false) => Err(t.raise(Kind::IndexError, "pop index out of range")),
    }
}

fn remove<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let byte = bytes::byte_of(t, &args[1])?;
    let found = resize(t, &args[0], |v| memchr::memchr(byte, v).map(|i| _ = v.remove(i)))?;
    match found {
        Some(()) => Ok(Obj::NONE),
        None => Err(t.raise(Kind::ValueError, "value not found in bytearray")),
    }
}

fn reverse<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let a = own(t, &args[0])?;
    a.body.with(t, &a.head, |v| v.reverse());
    Ok(Obj::NONE)
}

fn clear<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    resize(t, &args[0], |v| v.clear())?;
    Ok(Obj::NONE)
}

fn set_len<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let n = t.index_i64(&args[1])?;
    match usize::try_from(n) {
        Ok(n) if n < units::MOST => resize(t, &args[0], |v| v.resize(n, 0))?,
        Ok(_) => return Err(t.raise(Kind::MemoryError, "")),
        Err(_) => {
            return Err(t.raise(Kind::ValueError, format!("bytearray.resize(): new size must be >= 0, got {n}")));
        }
    }
    Ok(Obj::NONE)
}

fn copy<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let data = buffer::need(t, &args[0])?.into_owned();
    Ok(from_vec(t, data))
}

fn reduce<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let data = buffer::need(t, &args[0])?.into_owned();
    let class = t.class_of(&args[0]).to_obj();
    let own = bytes::from_slice(t, &data);
    let given = tuple::from_vec(t, vec![own]);
    Ok(tuple::from_vec(t, vec![class, given]))
}

/// Iterates over the bytes as they are at each step.
pub struct ByteArrayIter<M: Memory> {
    array: Held<M>,
    at: M::Cell,
}

// SAFETY: the shape is this struct's alone; `array` is its only reference.
unsafe impl<M: Memory> Payload<M> for ByteArrayIter<M> {
    const SHAPE: u32 = ids::BYTEARRAY_ITER;
    const LAYOUT: Layout = Layout::Other;
    fn visit(&self, f: &mut dyn FnMut(Word)) {
        f(self.array.word());
    }
}

fn next<M: Memory>(t: &mut Thread<M>, o: &Obj<M>) -> Result<Option<Obj<M>>, Raise> {
    let Some(it) = o.exact::<ByteArrayIter<M>>() else { return Ok(None) };
    let Some(a) = it.body.array.cast::<ByteArray<M>>() else { return Ok(None) };
    let i = it.body.at.load() as usize;
    match a.body.with(t, &a.head, |v| v.get(i).copied()) {
        Some(b) => {
            it.body.at.store(i as u64 + 1);
            Ok(Some(int::from_i64(t, b as i64)))
        }
        None => {
            it.body.at.store(i64::MAX as u64);
            Ok(None)
        }
    }
}

fn length_hint<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let left = args[0].exact::<ByteArrayIter<M>>();
    let left = left.map_or(0, |it| len(t, &it.body.array).saturating_sub(it.body.at.load() as usize));
    Ok(int::from_usize(t, left))
}

/// Makes the type and its iterator.
pub fn define<M: Memory>(t: &mut Thread<M>) {
    let b = Builder::new::<ByteArray<M>>(t, Builtin::ByteArray, "bytearray").slots(fill_slots);
    bytes::shared_methods(b.attr("__hash__", Obj::NONE).doc("A mutable array of bytes."))
        .method("append(self, item, /)", append)
        .method("extend(self, iterable_of_ints, /)", extend)
        .method("insert(self, index, item, /)", insert)
        .method("pop(self, index=-1, /)", pop)
        .method("remove(self, value, /)", remove)
        .method("reverse(self, /)", reverse)
        .method("clear(self, /)", clear)
        .method("resize(self, size, /)", set_len)
        .method("copy(self, /)", copy)
        .method("__reduce__(self, /)", reduce)
        .finish();
    Builder::new::<ByteArrayIter<M>>(t, Builtin::ByteArrayIterator, "bytearray_iterator")
        .is_final()
        .flag(crate::types::flags::NO_NEW)
        .slots(|s| {
            s.iter.set(Some(|_, o| Ok(o.clone())));
            s.next.set(Some(next));
        })
        .method("__length_hint__(self, /)", length_hint)
        .finish();
}
