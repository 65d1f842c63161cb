//! `tuple`: a length and the items behind it in the same block. Immutable, so everything here reads without a lock.

use crate::args::{Args, Call};
use crate::context::{Context, Thread};
use crate::exceptions::Kind;
use crate::memory::{Memory, Section};
use crate::object::{Layout, Obj, Object, Payload, R, Raise, Slot};
use crate::types::build::Builder;
use crate::types::dict::{equal_known, hash_key};
use crate::types::ids::{self, Builtin};
use crate::types::sequence::{self, index_value, place, this};
use crate::types::slots::{BinOp, CmpOp};
use crate::types::{TypeObj, alias, flags, int, iterators, slice};
use crate::value::Word;

/// A tuple: `len` items follow the struct.
#[repr(C)]
pub struct Tuple<M: Memory> {
    len: usize,
    items: [Obj<M>; 0],
}

impl<M: Memory> Tuple<M> {
    /// The items.
    #[inline(always)]
    pub fn items(&self) -> &[Obj<M>] {
        // SAFETY: whoever makes a tuple writes `len` items behind it before anyone sees it.
        unsafe { std::slice::from_raw_parts(self.items.as_ptr(), self.len) }
    }

    /// Number of items.
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.len
    }

    /// No items?
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }
}

impl<M: Memory> Drop for Tuple<M> {
    fn drop(&mut self) {
        let items = self.items.as_mut_ptr();
        for i in 0..self.len {
            // SAFETY: the tuple owns its items and is going.
            unsafe { items.add(i).drop_in_place() }
        }
    }
}

// SAFETY: layout `Tuple` is this struct's alone; its only references are the items.
unsafe impl<M: Memory> Payload<M> for Tuple<M> {
    const SHAPE: u32 = ids::TUPLE;
    const LAYOUT: Layout = Layout::Tuple;
    fn visit(&self, f: &mut dyn FnMut(Word)) {
        self.items().iter().for_each(|o| f(o.word()));
    }
    fn tail(&self) -> usize {
        self.len * size_of::<Word>()
    }
}

/// A tuple of exactly `n` items that are moved out of `from`.
///
/// # Safety
/// `from` points to `n` owned handles that the caller forgets.
#[inline(always)]
pub unsafe fn from_raw<M: Memory>(ctx: &Context<M>, from: *const Obj<M>, n: usize) -> Obj<M> {
    if n == 0 {
        return empty(ctx);
    }
    let size = size_of::<Object<M, Tuple<M>>>() + n * size_of::<Word>();
    let obj = ctx.alloc_shape(ids::TUPLE, size, Tuple::<M> { len: n, items: [] });
    // SAFETY: the block has room for `n` items; nothing else knows it.
    unsafe {
        let to = (&raw mut (*obj.word().address().cast::<Object<M, Tuple<M>>>()).body.items).cast::<Obj<M>>();
        std::ptr::copy_nonoverlapping(from, to, n);
    }
    obj
}

/// A tuple of these items.
pub fn from_vec<M: Memory>(ctx: &Context<M>, mut items: Vec<Obj<M>>) -> Obj<M> {
    let n = items.len();
    // SAFETY: the handles are moved out: the vector forgets them before it is dropped.
    unsafe {
        items.set_len(0);
        from_raw(ctx, items.as_ptr(), n)
    }
}

/// A tuple of these items (an array is moved without an allocation of its own).
#[inline]
pub fn from_array<M: Memory, const N: usize>(ctx: &Context<M>, items: [Obj<M>; N]) -> Obj<M> {
    let items = std::mem::ManuallyDrop::new(items);
    // SAFETY: the handles are moved out and the array is never dropped.
    unsafe { from_raw(ctx, items.as_ptr(), N) }
}

/// A tuple of what the iterator gives.
pub fn from_iter<M: Memory>(ctx: &Context<M>, items: impl IntoIterator<Item = Obj<M>>) -> Obj<M> {
    from_vec(ctx, items.into_iter().collect())
}

/// A tuple of new handles on these items.
pub fn from_slice<M: Memory>(ctx: &Context<M>, items: &[Obj<M>]) -> Obj<M> {
    from_vec(ctx, items.to_vec())
}

/// An instance of `class`, which is derived from `tuple`.
pub fn from_vec_of<M: Memory>(ctx: &Context<M>, class: &TypeObj<M>, mut items: Vec<Obj<M>>) -> Obj<M> {
    if class.body.shape() == ids::TUPLE {
        return from_vec(ctx, items);
    }
    let n = items.len();
    let obj = ctx.alloc_of(class, Tuple::<M> { len: n, items: [] });
    // SAFETY: `alloc_of` made room for the tail; the vector forgets the handles that are moved.
    unsafe {
        items.set_len(0);
        let to = (&raw mut (*obj.word().address().cast::<Object<M, Tuple<M>>>()).body.items).cast::<Obj<M>>();
        std::ptr::copy_nonoverlapping(items.as_ptr(), to, n);
    }
    obj
}

/// `()`: one object.
pub fn empty<M: Memory>(ctx: &Context<M>) -> Obj<M> {
    let word = ctx.interp.empty_tuple();
    if word == Word::NULL {
        return ctx.alloc(Tuple::<M> { len: 0, items: [] });
    }
    // SAFETY: the empty tuple is immortal.
    unsafe { Obj::from_word(word) }
}

/// The items of a tuple (or of an instance of a derived class); nothing if it is none.
#[inline(always)]
pub fn items<M: Memory>(obj: &Obj<M>) -> &[Obj<M>] {
    obj.cast::<Tuple<M>>().map_or(&[], |o| o.body.items())
}

/// The items of a tuple.
///
/// # Safety
/// It is a tuple.
#[inline(always)]
pub unsafe fn items_unchecked<M: Memory>(obj: &Obj<M>) -> &[Obj<M>] {
    // SAFETY: by the caller's word.
    unsafe { obj.cast_unchecked::<Tuple<M>>() }.body.items()
}

/// Is it a tuple?
#[inline(always)]
pub fn is_tuple<M: Memory>(obj: &Obj<M>) -> bool {
    obj.cast::<Tuple<M>>().is_some()
}

// ---- The type.

fn of<'a, M: Memory>(t: &mut Thread<M>, obj: &'a Obj<M>) -> Result<&'a [Obj<M>], Raise> {
    Ok(this::<M, Tuple<M>>(t, obj)?.body.items())
}

fn new<M: Memory>(t: &mut Thread<M>, class: &TypeObj<M>, call: Call<'_, M>) -> R<M> {
    let exact = class.body.shape() == ids::TUPLE;
    let params = if exact { call } else { Call { slots: call.positional(), names: &[] } };
    let [iterable] = sequence::bind(t, "tuple", ["iterable"], 0, 1, params)?;
    match iterable {
        Some(same) if exact && same.shape() == ids::TUPLE => Ok(same.clone()),
        Some(iterable) => {
            let items = t.collect(iterable)?;
            Ok(from_vec_of(t, class, items))
        }
        None => Ok(from_vec_of(t, class, Vec::new())),
    }
}

fn repr<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    let items = of(t, obj)?;
    if items.is_empty() {
        return Ok(t.str("()"));
    }
    sequence::repr_guarded(t, obj, "(...)", |t| {
        let mut text = String::from("(");
        for (i, item) in items.iter().enumerate() {
            if i > 0 {
                text.push_str(", ");
            }
            sequence::push_repr(t, &mut text, item)?;
        }
        text.push_str(if items.len() == 1 { ",)" } else { ")" });
        Ok(text)
    })
}

/// The hash of a tuple from those of its items (as in CPython: the xxHash scheme on 64-bit lanes).
pub struct Hasher(u64);

impl Hasher {
    const P1: u64 = 11400714785074694791;
    const P2: u64 = 14029467366897019727;
    const P5: u64 = 2870177450012600261;

    /// Of no items yet.
    #[allow(clippy::new_without_default)]
    pub fn new() -> Hasher {
        Hasher(Self::P5)
    }

    /// Takes the next item's hash in.
    #[inline(always)]
    pub fn add(&mut self, hash: i64) {
        let lane = (hash as u64).wrapping_mul(Self::P2);
        self.0 = self.0.wrapping_add(lane).rotate_left(31).wrapping_mul(Self::P1);
    }

    /// The hash of so many items.
    pub fn finish(self, len: usize) -> i64 {
        let hash = self.0.wrapping_add(len as u64 ^ (Self::P5 ^ 3527539));
        if hash == u64::MAX { 1546275796 } else { hash as i64 }
    }
}

fn hash<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> Result<i64, Raise> {
    let items = of(t, obj)?;
    t.check_native_stack()?;
    let mut acc = Hasher::new();
    for item in items {
        acc.add(hash_key(t, item)?);
    }
    Ok(acc.finish(items.len()))
}

/// The pair `(a, b)`, made in the tuple that an iterator gave last if nobody else has kept that one.
#[inline]
pub fn pair_again<M: Memory>(ctx: &Context<M>, last: &Slot<M>, head: &M::Header, a: Obj<M>, b: Obj<M>) -> Obj<M> {
    if let Some(old) = last.get(ctx) {
        // SAFETY: the slot holds tuples of two items only; the one reference to this one is the slot's, on this thread
        // alone, so nobody sees the items change.
        unsafe {
            if M::unique(ctx, old.word()) {
                let o = &mut *old.word().address().cast::<Object<M, Tuple<M>>>();
                let items = o.body.items.as_mut_ptr();
                let gone = (items.replace(a), items.add(1).replace(b));
                let result = old.own();
                drop(gone);
                return result;
            }
        }
    }
    let new = from_array(ctx, [a, b]);
    if !M::is_shared(ctx, head) {
        let old = last.set(&Section::enter(ctx, head), head, new.clone());
        drop(old);
    }
    new
}

fn compare<M: Memory>(t: &mut Thread<M>, a: &Obj<M>, b: &Obj<M>, op: CmpOp) -> R<M> {
    let (Some(x), Some(y)) = (a.cast::<Tuple<M>>(), b.cast::<Tuple<M>>()) else {
        return Ok(Obj::not_implemented());
    };
    let (x, y) = (x.body.items(), y.body.items());
    if x.len() != y.len() && matches!(op, CmpOp::Eq | CmpOp::Ne) {
        return Ok(Obj::bool(op == CmpOp::Ne));
    }
    for (p, q) in x.iter().zip(y) {
        let equal = p.is(q)
            || match equal_known::<M>(p.word(), q.word()) {
                Some(known) => known,
                None => {
                    t.check_native_stack()?;
                    t.eq(p, q)?
                }
            };
        if !equal {
            return match op {
                CmpOp::Eq | CmpOp::Ne => Ok(Obj::bool(op == CmpOp::Ne)),
                _ => t.compare(p, q, op),
            };
        }
    }
    Ok(Obj::bool(op.holds(x.len().cmp(&y.len()))))
}

fn len<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> Result<usize, Raise> {
    Ok(of(t, obj)?.len())
}

fn bool<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> Result<bool, Raise> {
    Ok(!of(t, obj)?.is_empty())
}

fn iter<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    Ok(iterators::tuple_iterator(t, obj))
}

fn getitem<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, key: &Obj<M>) -> R<M> {
    let items = of(t, obj)?;
    if slice::is_slice(key) {
        let b = slice::bounds(t, key, items.len())?;
        if b.step == 1 && b.count == items.len() && obj.shape() == ids::TUPLE {
            return Ok(obj.clone());
        }
        return Ok(from_iter(t, b.indices().map(|i| items[i].clone())));
    }
    let i = index_value(t, key, "tuple")?;
    match place(i, items.len()) {
        Some(i) => Ok(items[i].clone()),
        None => Err(t.raise(Kind::IndexError, "tuple index out of range")),
    }
}

fn find<M: Memory>(t: &mut Thread<M>, items: &[Obj<M>], item: &Obj<M>) -> Result<Option<usize>, Raise> {
    for (i, candidate) in items.iter().enumerate() {
        let equal = candidate.is(item)
            || match equal_known::<M>(candidate.word(), item.word()) {
                Some(known) => known,
                None => t.eq(candidate, item)?,
            };
        if equal {
            return Ok(Some(i));
        }
    }
    Ok(None)
}

fn contains<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, item: &Obj<M>) -> Result<bool, Raise> {
    let items = of(t, obj)?;
    Ok(find(t, items, item)?.is_some())
}

fn add<M: Memory>(t: &mut Thread<M>, a: &Obj<M>, b: &Obj<M>) -> R<M> {
    let Some(x) = a.cast::<Tuple<M>>() else { return Ok(Obj::not_implemented()) };
    let Some(y) = b.cast::<Tuple<M>>() else { return sequence::cannot_concatenate(t, b, "tuple") };
    let (x, y) = (x.body.items(), y.body.items());
    if x.is_empty() && b.shape() == ids::TUPLE {
        return Ok(b.clone());
    }
    if y.is_empty() && a.shape() == ids::TUPLE {
        return Ok(a.clone());
    }
    Ok(from_vec(t, [x, y].concat()))
}

fn mul<M: Memory>(t: &mut Thread<M>, a: &Obj<M>, b: &Obj<M>) -> R<M> {
    let Some((o, whole, count)) = sequence::operands::<M, Tuple<M>>(a, b) else { return Ok(Obj::not_implemented()) };
    let Some(n) = sequence::repeat_count(t, count)? else { return Ok(Obj::not_implemented()) };
    if n == 1 && whole.shape() == ids::TUPLE {
        return Ok(whole.clone());
    }
    let items = sequence::repeat(t, o.body.items(), n)?;
    Ok(from_vec(t, items))
}

fn index<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let items = of(t, &args[0])?;
    let (start, end) = sequence::span(t, args.get(2), args.get(3), items.len())?;
    match find(t, &items[start.min(end)..end], &args[1])? {
        Some(i) => Ok(int::from_usize(t, start + i)),
        None => Err(t.raise(Kind::ValueError, "tuple.index(x): x not in tuple")),
    }
}

fn count<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let items = of(t, &args[0])?;
    let (mut n, mut start) = (0, 0);
    while let Some(i) = find(t, &items[start..], &args[1])? {
        (n, start) = (n + 1, start + i + 1);
    }
    Ok(int::from_usize(t, n))
}

fn getnewargs<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let items = of(t, &args[0])?;
    let plain = from_slice(t, items);
    Ok(from_array(t, [plain]))
}

fn sizeof<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let items = of(t, &args[0])?;
    Ok(int::from_usize(t, size_of::<Object<M, Tuple<M>>>() + items.len() * size_of::<Word>()))
}

/// Makes the type.
pub fn define<M: Memory>(t: &mut Thread<M>) {
    Builder::new::<Tuple<M>>(t, Builtin::Tuple, "tuple")
        .flag(flags::SEQUENCE | flags::SELF_MATCH)
        .slots(|s| {
            s.new.set(Some(new));
            s.repr.set(Some(repr));
            s.hash.set(Some(hash));
            s.compare.set(Some(compare));
            s.len.set(Some(len));
            s.bool.set(Some(bool));
            s.iter.set(Some(iter));
            s.getitem.set(Some(getitem));
            s.contains.set(Some(contains));
            s.bin[BinOp::Add as usize].set(Some(add));
            s.bin[BinOp::Mul as usize].set(Some(mul));
        })
        .method("index(self, value, start=0, stop=9223372036854775807, /)", index)
        .method("count(self, value, /)", count)
        .method("__getnewargs__(self, /)", getnewargs)
        .method("__sizeof__(self, /)", sizeof)
        .classmethod("__class_getitem__(cls, item, /)", alias::class_getitem)
        .finish();
}
