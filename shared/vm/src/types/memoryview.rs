//! `memoryview`: a window on the bytes of another object, in one dimension.

use crate::args::{Args, Call};
use crate::context::{Context, Thread};
use crate::exceptions::Kind;
use crate::memory::{CellWord, Memory};
use crate::object::{Held, Layout, Obj, Object, Payload, R, Raise};
use crate::types::build::Builder;
use crate::types::bytearray::ByteArray;
use crate::types::ids::{self, Builtin};
use crate::types::sequence::has_index;
use crate::types::slots::Slots;
use crate::types::str::arg;
use crate::types::{TypeObj, buffer, bytes, float, int, list, slice, str, tuple};
use crate::value::Word;

/// The payload of `memoryview`.
pub struct MemoryView<M: Memory> {
    /// A `bytes` or `bytearray`.
    base: Held<M>,
    /// Byte at which item 0 begins.
    start: usize,
    /// Number of items.
    count: usize,
    /// Bytes from item to item.
    stride: i64,
    /// Type of the items, as in `struct`.
    format: u8,
    readonly: bool,
    /// 1 once `release` was called.
    released: M::Cell,
}

// SAFETY: the shape is this struct's alone; `base` is its only reference.
unsafe impl<M: Memory> Payload<M> for MemoryView<M> {
    const SHAPE: u32 = ids::MEMORYVIEW;
    const LAYOUT: Layout = Layout::Other;
    fn visit(&self, f: &mut dyn FnMut(Word)) {
        f(self.base.word());
    }
}

impl<M: Memory> Drop for MemoryView<M> {
    fn drop(&mut self) {
        self.let_go(crate::object::current::<M>());
    }
}

fn item_size(format: u8) -> Option<usize> {
    Some(match format {
        b'B' | b'b' | b'c' | b'?' => 1,
        b'h' | b'H' => 2,
        b'i' | b'I' | b'f' => 4,
        b'l' | b'L' | b'q' | b'Q' | b'n' | b'N' | b'P' | b'd' => 8,
        _ => return None,
    })
}

impl<M: Memory> MemoryView<M> {
    fn size(&self) -> usize {
        item_size(self.format).unwrap_or(1)
    }

    fn is_released(&self) -> bool {
        self.released.load() != 0
    }

    /// No longer keeps the base from changing its length.
    fn let_go(&self, ctx: &Context<M>) {
        if self.is_released() {
            return;
        }
        self.released.store(1);
        if let Some(a) = self.base.cast::<ByteArray<M>>() {
            a.body.export(ctx, &a.head, -1);
        }
    }

    /// Works on all bytes of the base.
    fn with_base<A>(&self, ctx: &Context<M>, f: impl FnOnce(&[u8]) -> A) -> A {
        match self.base.cast::<ByteArray<M>>() {
            Some(a) => a.body.with(ctx, &a.head, |v| f(v)),
            None => f(bytes::view(&self.base).unwrap_or_default()),
        }
    }

    /// Where item `i` begins.
    fn place(&self, i: usize) -> usize {
        (self.start as i64 + i as i64 * self.stride) as usize
    }

    /// The bytes of all items; `None` when released.
    pub fn bytes(&self, ctx: &Context<M>) -> Option<Vec<u8>> {
        if self.is_released() {
            return None;
        }
        let size = self.size();
        Some(self.with_base(ctx, |data| {
            if self.stride == size as i64 {
                return data.get(self.start..self.start + self.count * size).unwrap_or_default().to_vec();
            }
            let items = (0..self.count).filter_map(|i| data.get(self.place(i)..self.place(i) + size));
            items.flatten().copied().collect()
        }))
    }
}

/// A view of the whole of a bytes-like object; `None` when it is none.
pub fn of<M: Memory>(t: &mut Thread<M>, o: &Obj<M>) -> Option<Obj<M>> {
    if let Some(v) = o.exact::<MemoryView<M>>() {
        let v = &v.body;
        return Some(window(t, v, v.start, v.count, v.stride, v.format, v.readonly));
    }
    let readonly = bytes::view(o).is_some();
    let n = match o.cast::<ByteArray<M>>() {
        Some(a) => a.body.with(t, &a.head, |v| v.len()),
        None => bytes::view(o)?.len(),
    };
    Some(make(t, o.clone(), 0, n, 1, b'B', readonly))
}

fn make<M: Memory>(
    t: &Thread<M>,
    base: Obj<M>,
    start: usize,
    count: usize,
    stride: i64,
    format: u8,
    readonly: bool,
) -> Obj<M> {
    if let Some(a) = base.cast::<ByteArray<M>>() {
        a.body.export(t, &a.head, 1);
    }
    let released = M::Cell::new(0);
    t.alloc(MemoryView { base: Held::fresh(base), start, count, stride, format, readonly, released })
}

fn window<M: Memory>(
    t: &Thread<M>,
    v: &MemoryView<M>,
    start: usize,
    count: usize,
    stride: i64,
    format: u8,
    readonly: bool,
) -> Obj<M> {
    make(t, (*v.base).clone(), start, count, stride, format, readonly)
}

/// The view, unless it was released.
fn live<'a, M: Memory>(t: &mut Thread<M>, o: &'a Obj<M>) -> Result<&'a MemoryView<M>, Raise> {
    let v: &Object<M, MemoryView<M>> = crate::types::sequence::this_exact(t, o)?;
    if v.body.is_released() {
        return Err(t.raise(Kind::ValueError, "operation forbidden on released memoryview object"));
    }
    Ok(&v.body)
}

fn new<M: Memory>(t: &mut Thread<M>, _: &TypeObj<M>, call: Call<'_, M>) -> R<M> {
    let [Some(object)] = arg::bind(t, call, "memoryview", ["object"])? else {
        return Err(t.raise(Kind::TypeError, "memoryview() missing required argument 'object' (pos 1)"));
    };
    if object.exact::<MemoryView<M>>().is_some() {
        live(t, object)?;
    }
    match of(t, object) {
        Some(view) => Ok(view),
        None => {
            let kind = t.class_name(object);
            Err(t.raise(Kind::TypeError, format!("memoryview: a bytes-like object is required, not '{kind}'")))
        }
    }
}

/// The value of one item's bytes.
pub(crate) fn unpack<M: Memory>(t: &Thread<M>, format: u8, item: &[u8]) -> Obj<M> {
    let mut word = [0u8; 8];
    word[..item.len()].copy_from_slice(item);
    let unsigned = u64::from_le_bytes(word);
    let signed = |bits: u32| ((unsigned << (64 - bits)) as i64) >> (64 - bits);
    match format {
        b'c' => bytes::from_slice(t, item),
        b'?' => Obj::bool(unsigned != 0),
        b'f' => float::new(t, f32::from_bits(unsigned as u32) as f64),
        b'd' => float::new(t, f64::from_bits(unsigned)),
        b'b' => int::from_i64(t, signed(8)),
        b'h' => int::from_i64(t, signed(16)),
        b'i' => int::from_i64(t, signed(32)),
        b'l' | b'q' | b'n' => int::from_i64(t, unsigned as i64),
        _ => int::from_big(t, unsigned.into()),
    }
}

/// The bytes of a value to be stored as one item.
fn pack<M: Memory>(t: &mut Thread<M>, format: u8, value: &Obj<M>) -> Result<Vec<u8>, Raise> {
    let size = item_size(format).unwrap_or(1);
    let wrong_type = |t: &mut Thread<M>| {
        t.raise(Kind::TypeError, format!("memoryview: invalid type for format '{}'", format as char))
    };
    let wrong_value = |t: &mut Thread<M>| {
        t.raise(Kind::ValueError, format!("memoryview: invalid value for format '{}'", format as char))
    };
    match format {
        b'c' => match bytes::view(value) {
            Some(b) if b.len() == 1 => Ok(b.to_vec()),
            Some(_) => Err(wrong_value(t)),
            None => Err(wrong_type(t)),
        },
        b'?' => Ok(vec![t.truth(value)? as u8]),
        b'f' | b'd' => {
            let x = match float::value(value) {
                Some(x) => x,
                None if int::is_int(value) => int::to_i64(value).map_or(f64::NAN, |i| i as f64),
                None => return Err(wrong_type(t)),
            };
            Ok(if format == b'f' { (x as f32).to_le_bytes().to_vec() } else { x.to_le_bytes().to_vec() })
        }
        _ => {
            if !has_index(t, value) {
                return Err(wrong_type(t));
            }
            let value = t.index(value)?;
            let Some(i) = int::to_big(&value).and_then(|b| i128::try_from(b).ok()) else { return Err(wrong_value(t)) };
            let bits = size as u32 * 8;
            let range =
                if format.is_ascii_lowercase() { -(1i128 << (bits - 1))..1 << (bits - 1) } else { 0..1 << bits };
            if !range.contains(&i) {
                return Err(wrong_value(t));
            }
            Ok(i.to_le_bytes()[..size].to_vec())
        }
    }
}

fn getitem<M: Memory>(t: &mut Thread<M>, o: &Obj<M>, key: &Obj<M>) -> R<M> {
    let v = live(t, o)?;
    if key.shape() == ids::SLICE {
        let cut = slice::bounds(t, key, v.count)?;
        let start = if cut.count == 0 { v.start } else { v.place(cut.start as usize) };
        return Ok(window(t, v, start, cut.count, v.stride * cut.step, v.format, v.readonly));
    }
    let i = index(t, v, key)?;
    let size = v.size();
    let item = v.with_base(t, |data| data.get(v.place(i)..v.place(i) + size).map(<[u8]>::to_vec));
    Ok(unpack(t, v.format, &item.unwrap_or_default()))
}

fn index<M: Memory>(t: &mut Thread<M>, v: &MemoryView<M>, key: &Obj<M>) -> Result<usize, Raise> {
    if !has_index(t, key) {
        return Err(t.raise(Kind::TypeError, "memoryview: invalid slice key"));
    }
    let i = t.index_i64(key)?;
    match arg::place(i, v.count) {
        Some(i) => Ok(i),
        None => Err(t.raise(Kind::IndexError, "index out of bounds on dimension 1")),
    }
}

fn setitem<M: Memory>(t: &mut Thread<M>, o: &Obj<M>, key: &Obj<M>, value: Option<&Obj<M>>) -> Result<(), Raise> {
    let v = live(t, o)?;
    if v.readonly {
        return Err(t.raise(Kind::TypeError, "cannot modify read-only memory"));
    }
    let Some(value) = value else { return Err(t.raise(Kind::TypeError, "cannot delete memory")) };
    let size = v.size();
    let (places, data): (Vec<usize>, Vec<u8>) = if key.shape() == ids::SLICE {
        let cut = slice::bounds(t, key, v.count)?;
        let data = buffer::need(t, value)?.into_owned();
        if data.len() != cut.count * size {
            let message = "memoryview assignment: lvalue and rvalue have different structures";
            return Err(t.raise(Kind::ValueError, message));
        }
        (cut.indices().map(|i| v.place(i)).collect(), data)
    } else {
        let i = index(t, v, key)?;
        (vec![v.place(i)], pack(t, v.format, value)?)
    };
    if let Some(a) = v.base.cast::<ByteArray<M>>() {
        a.body.with(t, &a.head, |to| {
            for (place, item) in places.iter().zip(data.chunks_exact(size)) {
                if let Some(room) = to.get_mut(*place..place + size) {
                    room.copy_from_slice(item);
                }
            }
        });
    }
    Ok(())
}

fn items<M: Memory>(t: &mut Thread<M>, o: &Obj<M>) -> Result<Vec<Obj<M>>, Raise> {
    let v = live(t, o)?;
    let data = v.bytes(t).unwrap_or_default();
    Ok(data.chunks_exact(v.size()).map(|item| unpack(t, v.format, item)).collect())
}

fn tolist<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let items = items(t, &args[0])?;
    Ok(list::from_vec(t, items))
}

fn iter<M: Memory>(t: &mut Thread<M>, o: &Obj<M>) -> R<M> {
    let items = items(t, o)?;
    let items = tuple::from_vec(t, items);
    t.iter(&items)
}

fn tobytes<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let data = live(t, &args[0])?.bytes(t).unwrap_or_default();
    Ok(bytes::from_slice(t, &data))
}

fn cast<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let v = live(t, &args[0])?;
    let name = str::to_text(&args[1]);
    let format = match name.strip_prefix('@').unwrap_or(&name).as_bytes() {
        [c] if item_size(*c).is_some() => *c,
        _ => {
            let message = "memoryview: destination format must be a native single character format prefixed with an \
                           optional '@'";
            return Err(t.raise(Kind::ValueError, message));
        }
    };
    if v.stride != v.size() as i64 {
        return Err(t.raise(Kind::TypeError, "memoryview: casts are restricted to C-contiguous views"));
    }
    let is_byte = |f: u8| matches!(f, b'B' | b'b' | b'c');
    if !is_byte(format) && !is_byte(v.format) {
        let message = "memoryview: cannot cast between two non-byte formats";
        return Err(t.raise(Kind::TypeError, message));
    }
    let (size, all) = (item_size(format).unwrap_or(1), v.count * v.size());
    if all % size != 0 {
        return Err(t.raise(Kind::TypeError, "memoryview: length is not a multiple of itemsize"));
    }
    Ok(window(t, v, v.start, all / size, size as i64, format, v.readonly))
}

fn release<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    if let Some(v) = args[0].exact::<MemoryView<M>>() {
        v.body.let_go(t);
    }
    Ok(Obj::NONE)
}

fn enter<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    live(t, &args[0])?;
    Ok(args[0].clone())
}

fn toreadonly<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let v = live(t, &args[0])?;
    Ok(window(t, v, v.start, v.count, v.stride, v.format, true))
}

fn hash<M: Memory>(t: &mut Thread<M>, o: &Obj<M>) -> Result<i64, Raise> {
    let v = live(t, o)?;
    if !v.readonly {
        return Err(t.raise(Kind::ValueError, "cannot hash writable memoryview object"));
    }
    let data = v.bytes(t).unwrap_or_default();
    Ok(str::SipKey::new(t.interp.hash_seed).bytes(&data))
}

fn single<M: Memory>(t: &Thread<M>, n: i64) -> Obj<M> {
    let n = int::from_i64(t, n);
    tuple::from_vec(t, vec![n])
}

fn fill_slots<M: Memory>(s: &Slots<M>) {
    s.new.set(Some(new));
    s.repr.set(Some(|t, o| {
        let gone = o.exact::<MemoryView<M>>().is_some_and(|v| v.body.is_released());
        let what = if gone { "released memory" } else { "memory" };
        Ok(t.string(format!("<{what} at 0x{:x}>", o.word().address() as usize)))
    }));
    s.hash.set(Some(hash));
    s.compare.set(Some(bytes::compare));
    s.iter.set(Some(iter));
    s.len.set(Some(|t, o| Ok(live(t, o)?.count)));
    s.getitem.set(Some(getitem));
    s.setitem.set(Some(setitem));
}

/// Makes the type.
pub fn define<M: Memory>(t: &mut Thread<M>) {
    Builder::new::<MemoryView<M>>(t, Builtin::MemoryView, "memoryview")
        .is_final()
        .flag(crate::types::flags::SEQUENCE)
        .slots(fill_slots)
        .method("tobytes(self, /, order='C')", tobytes)
        .method("tolist(self, /)", tolist)
        .method("hex(self, /, sep=None, bytes_per_sep=1)", bytes::hex)
        .method("cast(self, /, format, shape=None)", cast)
        .method("toreadonly(self, /)", toreadonly)
        .method("release(self, /)", release)
        .method("__enter__(self, /)", enter)
        .method("__exit__(self, /, *exc_info)", release)
        .getter("obj", |t, o| Ok((*live(t, o)?.base).clone()))
        .getter("nbytes", |t, o| live(t, o).map(|v| v.count * v.size()).map(|n| int::from_usize(t, n)))
        .getter("itemsize", |t, o| live(t, o).map(MemoryView::size).map(|n| int::from_usize(t, n)))
        .getter("format", |t, o| live(t, o).map(|v| v.format).map(|f| t.str(&(f as char).to_string())))
        .getter("ndim", |t, _| Ok(int::from_i64(t, 1)))
        .getter("shape", |t, o| live(t, o).map(|v| v.count).map(|n| single(t, n as i64)))
        .getter("strides", |t, o| live(t, o).map(|v| v.stride).map(|n| single(t, n)))
        .getter("suboffsets", |t, _| Ok(tuple::empty(t)))
        .getter("readonly", |t, o| live(t, o).map(|v| Obj::bool(v.readonly)))
        .getter("contiguous", |t, o| live(t, o).map(|v| Obj::bool(v.stride == v.size() as i64)))
        .getter("c_contiguous", |t, o| live(t, o).map(|v| Obj::bool(v.stride == v.size() as i64)))
        .getter("f_contiguous", |t, o| live(t, o).map(|v| Obj::bool(v.stride == v.size() as i64)))
        .finish();
}
