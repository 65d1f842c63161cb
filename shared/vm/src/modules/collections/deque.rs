//! `deque`: its payload, its iterators and the operations that others build on.

use std::collections::VecDeque;

use crate::args::Args;
use crate::context::{Context, Thread};
use crate::exceptions::Kind;
use crate::memory::{CellWord, Memory};
use crate::object::{Held, Layout, Locked, Obj, Object, Payload, R};
use crate::types::ids::{self, Builtin};
use crate::types::iterators::{DONE, Next, builder, payload};
use crate::types::sequence::{self, saturating, this_exact};
use crate::types::{TypeObj, int, tuple};
use crate::value::Word;

/// What a deque is, inside its section.
pub(super) struct State<M: Memory> {
    pub(super) items: VecDeque<Held<M>>,
    pub(super) maxlen: Option<usize>,
    /// Changes whenever items come or go.
    pub(super) version: u64,
}

/// A deque.
pub(super) struct Deque<M: Memory> {
    state: Locked<State<M>>,
}

/// An object that is a deque.
pub(super) type DequeObj<M> = Object<M, Deque<M>>;

impl<M: Memory> Deque<M> {
    pub(super) fn empty(maxlen: Option<usize>) -> Deque<M> {
        Deque { state: Locked::new(State { items: VecDeque::new(), maxlen, version: 0 }) }
    }
}

// SAFETY: the layout `Deque` is this struct's alone; its references are the items.
unsafe impl<M: Memory> Payload<M> for Deque<M> {
    const SHAPE: u32 = ids::DEQUE;
    const LAYOUT: Layout = Layout::Deque;
    fn visit(&self, f: &mut dyn FnMut(Word)) {
        // SAFETY: the world is stopped or the object is private.
        unsafe { self.state.peek() }.items.iter().for_each(|h| f(h.word()));
    }
    fn clear(&self, t: &mut Thread<M>, head: &M::Header) {
        let items = self.state.with::<M, _>(t, head, |s| std::mem::take(&mut s.items));
        drop(items);
    }
}

/// Works on the state inside the section.
#[inline(always)]
pub(super) fn with<M: Memory, A>(ctx: &Context<M>, d: &DequeObj<M>, f: impl FnOnce(&mut State<M>) -> A) -> A {
    d.body.state.with::<M, A>(ctx, &d.head, f)
}

/// Appends at one end; what the limit pushes out at the other comes back.
#[inline]
pub(super) fn push<M: Memory>(ctx: &Context<M>, d: &DequeObj<M>, value: Obj<M>, left: bool) -> Option<Held<M>> {
    with(ctx, d, |s| {
        let value = Held::new(ctx, &d.head, value);
        s.version += 1;
        if left { s.items.push_front(value) } else { s.items.push_back(value) }
        match s.maxlen {
            Some(limit) if s.items.len() > limit => {
                if left {
                    s.items.pop_back()
                } else {
                    s.items.pop_front()
                }
            }
            _ => None,
        }
    })
}

/// New handles on the items, at one moment.
pub(super) fn snapshot<M: Memory>(ctx: &Context<M>, d: &DequeObj<M>) -> Vec<Obj<M>> {
    with(ctx, d, |s| s.items.iter().map(|h| (**h).clone()).collect())
}

/// Number of items.
pub(super) fn len<M: Memory>(ctx: &Context<M>, d: &DequeObj<M>) -> usize {
    with(ctx, d, |s| s.items.len())
}

/// Item `i` and the version at that moment.
pub(super) fn item<M: Memory>(ctx: &Context<M>, d: &DequeObj<M>, i: usize) -> (u64, Option<Obj<M>>) {
    with(ctx, d, |s| (s.version, s.items.get(i).map(|h| (**h).clone())))
}

/// A deque of these items, of a class derived from deque.
pub(super) fn make<M: Memory>(
    ctx: &Context<M>,
    class: &TypeObj<M>,
    items: Vec<Obj<M>>,
    maxlen: Option<usize>,
) -> Obj<M> {
    let mut items: VecDeque<_> = items.into_iter().map(Held::fresh).collect();
    if let Some(limit) = maxlen {
        items.drain(..items.len().saturating_sub(limit));
    }
    ctx.alloc_of(class, Deque { state: Locked::new(State { items, maxlen, version: 0 }) })
}

payload! {
    /// Over a deque, forwards.
    DequeIter DEQUE_ITER { deque } index: M::Cell, version: u64
}
payload! {
    /// Over a deque, backwards; the index counts from the end.
    DequeReverseIter DEQUE_REVERSE_ITER { deque } index: M::Cell, version: u64
}

pub(super) fn iterator<M: Memory>(ctx: &Context<M>, deque: &Obj<M>, backwards: bool) -> Obj<M> {
    let version = deque.cast::<Deque<M>>().map_or(0, |d| with(ctx, d, |s| s.version));
    let (deque, index) = (Held::fresh(deque.clone()), M::Cell::new(0));
    if backwards {
        ctx.alloc(DequeReverseIter { deque, index, version })
    } else {
        ctx.alloc(DequeIter { deque, index, version })
    }
}

fn step<M: Memory>(t: &mut Thread<M>, deque: &Obj<M>, index: &M::Cell, version: u64, backwards: bool) -> Next<M> {
    let i = index.load();
    let Some(d) = deque.cast::<Deque<M>>().filter(|_| i != DONE) else { return Ok(None) };
    let (now, value) = with(t, d, |s| {
        let at = if backwards { s.items.len().checked_sub(i as usize + 1) } else { Some(i as usize) };
        (s.version, at.and_then(|at| s.items.get(at)).map(|h| (**h).clone()))
    });
    if now != version {
        index.store(DONE);
        return Err(t.raise(Kind::RuntimeError, "deque mutated during iteration"));
    }
    index.store(if value.is_some() { i + 1 } else { DONE });
    Ok(value)
}

fn next<M: Memory>(t: &mut Thread<M>, it: &Obj<M>) -> Next<M> {
    let it = &this_exact::<M, DequeIter<M>>(t, it)?.body;
    step(t, &it.deque, &it.index, it.version, false)
}

fn next_reverse<M: Memory>(t: &mut Thread<M>, it: &Obj<M>) -> Next<M> {
    let it = &this_exact::<M, DequeReverseIter<M>>(t, it)?.body;
    step(t, &it.deque, &it.index, it.version, true)
}

fn parts<'a, M: Memory>(t: &mut Thread<M>, it: &'a Obj<M>) -> Result<(&'a Obj<M>, u64), crate::object::Raise> {
    if let Some(it) = it.exact::<DequeIter<M>>() {
        return Ok((&it.body.deque, it.body.index.load()));
    }
    let it = &this_exact::<M, DequeReverseIter<M>>(t, it)?.body;
    Ok((&it.deque, it.index.load()))
}

fn hint<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let (deque, index) = parts(t, &args[0])?;
    let len = deque.cast::<Deque<M>>().map_or(0, |d| len(t, d));
    Ok(int::from_usize(t, if index == DONE { 0 } else { len.saturating_sub(index as usize) }))
}

fn reduce<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let (deque, index) = parts(t, &args[0])?;
    let len = deque.cast::<Deque<M>>().map_or(0, |d| len(t, d)) as i64;
    let index = int::from_i64(t, if index == DONE { len } else { index as i64 });
    let state = tuple::from_array(t, [deque.clone(), index]);
    let class = t.class_of(&args[0]).to_obj();
    Ok(tuple::from_array(t, [class, state]))
}

fn construct<M: Memory>(t: &mut Thread<M>, class: &TypeObj<M>, call: crate::args::Call<'_, M>) -> R<M> {
    let [deque, index] = sequence::bind(t, "_deque_iterator", ["deque", "index"], 1, 2, call)?;
    let deque = deque.expect("required");
    sequence::this::<M, Deque<M>>(t, deque)?;
    let skip = match index {
        Some(i) => saturating(t, i)?.max(0) as u64,
        None => 0,
    };
    let it = iterator(t, deque, class.body.shape() == ids::DEQUE_REVERSE_ITER);
    if let Some(forwards) = it.exact::<DequeIter<M>>() {
        forwards.body.index.store(skip);
    } else if let Some(backwards) = it.exact::<DequeReverseIter<M>>() {
        backwards.body.index.store(skip);
    }
    Ok(it)
}

/// Makes the iterator types.
pub(super) fn define<M: Memory>(t: &mut Thread<M>) {
    builder::<M, DequeIter<M>>(t, Builtin::DequeIterator, "_collections._deque_iterator", next)
        .slots(|s| s.new.set(Some(construct)))
        .method("__length_hint__(self, /)", hint)
        .method("__reduce__(self, /)", reduce)
        .finish();
    builder::<M, DequeReverseIter<M>>(
        t,
        Builtin::DequeReverseIterator,
        "_collections._deque_reverse_iterator",
        next_reverse,
    )
    .slots(|s| s.new.set(Some(construct)))
    .method("__length_hint__(self, /)", hint)
    .method("__reduce__(self, /)", reduce)
    .finish();
}
