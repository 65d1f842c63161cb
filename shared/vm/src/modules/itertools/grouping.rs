//! `groupby` and `tee`.

use super::{builder, put, stateful};
use crate::args::{Args, Call};
use crate::context::{Context, Thread};
use crate::exceptions::Kind;
use crate::memory::{CellWord, Memory};
use crate::object::{Held, Layout, Locked, Obj, Object, Payload, R, Raise, Slot};
use crate::types::ids::{self, Builtin};
use crate::types::iterators::Next;
use crate::types::sequence::{self, this_exact};
use crate::types::{TypeObj, flags, tuple};
use crate::value::Word;

stateful! {
    /// `key` and `value` were drawn last; `target` is the key of the group that is out; `group` numbers the groups.
    GroupBy GROUPBY { it, function } [key, value, target] group: M::Cell
}
stateful! {
    /// One group, good as long as its number is the parent's.
    Grouper GROUPER { parent, target } [] group: u64
}
stateful! {
    /// One of several iterators over the same items; `node` holds the next one.
    Tee TEE { } [node]
}

// ---- groupby.

fn new_groupby<M: Memory>(t: &mut Thread<M>, _: &TypeObj<M>, call: Call<'_, M>) -> R<M> {
    let [iterable, key] = sequence::bind(t, "groupby", ["iterable", "key"], 1, 0, call)?;
    let it = t.iter(iterable.expect("required"))?;
    let function = key.cloned().unwrap_or(Obj::NONE);
    Ok(t.alloc(GroupBy {
        it: Held::fresh(it),
        function: Held::fresh(function),
        key: Slot::empty(),
        value: Slot::empty(),
        target: Slot::empty(),
        group: M::Cell::new(0),
    }))
}

/// Draws the next item and its key.
fn draw<M: Memory>(t: &mut Thread<M>, g: &Object<M, GroupBy<M>>) -> Result<bool, Raise> {
    let Some(value) = t.next(&g.body.it)? else { return Ok(false) };
    let key = match g.body.function.is_none() {
        true => value.clone(),
        false => t.call(&g.body.function, std::slice::from_ref(&value))?,
    };
    put(t, g, &g.body.value, Some(value));
    put(t, g, &g.body.key, Some(key));
    Ok(true)
}

fn groupby_next<M: Memory>(t: &mut Thread<M>, it: &Obj<M>) -> Next<M> {
    let g = this_exact::<M, GroupBy<M>>(t, it)?;
    let group = g.body.group.load() + 1;
    g.body.group.store(group);
    let key = loop {
        let key = g.body.key.get(t).map(|v| v.own());
        let target = g.body.target.get(t).map(|v| v.own());
        match (key, target) {
            (Some(key), None) => break key,
            (Some(key), Some(target)) if !t.eq(&target, &key)? => break key,
            _ => {
                if !draw(t, g)? {
                    return Ok(None);
                }
            }
        }
        t.poll()?;
    };
    put(t, g, &g.body.target, Some(key.clone()));
    let grouper = Grouper { parent: Held::fresh(it.clone()), target: Held::fresh(key.clone()), group };
    let grouper = t.alloc(grouper);
    Ok(Some(tuple::from_array(t, [key, grouper])))
}

fn grouper_next<M: Memory>(t: &mut Thread<M>, it: &Obj<M>) -> Next<M> {
    let own = &this_exact::<M, Grouper<M>>(t, it)?.body;
    let g = this_exact::<M, GroupBy<M>>(t, &own.parent)?;
    if g.body.group.load() != own.group {
        return Ok(None);
    }
    if g.body.value.get(t).is_none() && !draw(t, g)? {
        return Ok(None);
    }
    let Some(key) = g.body.key.get(t).map(|v| v.own()) else { return Ok(None) };
    if !t.eq(&own.target, &key)? {
        return Ok(None);
    }
    let value = g.body.value.get(t).map(|v| v.own());
    put(t, g, &g.body.value, None);
    Ok(value)
}

// ---- tee.

/// A place in the chain of items: what was drawn there and the next place.
struct Node<M: Memory> {
    it: Held<M>,
    drawn: Locked<Drawn<M>>,
}

struct Drawn<M: Memory> {
    item: Option<(Held<M>, Held<M>)>,
    running: bool,
}

// SAFETY: told apart by its shape, which is this struct's alone; all references are visited.
unsafe impl<M: Memory> Payload<M> for Node<M> {
    const SHAPE: u32 = ids::TEE_DATA;
    const LAYOUT: Layout = Layout::Other;
    fn visit(&self, f: &mut dyn FnMut(Word)) {
        f(self.it.word());
        // SAFETY: the world is stopped or the object is private.
        if let Some((item, next)) = &unsafe { self.drawn.peek() }.item {
            f(item.word());
            f(next.word());
        }
    }
}

fn node<M: Memory>(ctx: &Context<M>, it: Obj<M>) -> Obj<M> {
    let drawn = Locked::new(Drawn { item: None, running: false });
    ctx.alloc(Node { it: Held::fresh(it), drawn })
}

fn tee_next<M: Memory>(t: &mut Thread<M>, it: &Obj<M>) -> Next<M> {
    let own = this_exact::<M, Tee<M>>(t, it)?;
    let Some(at) = own.body.node.get(t).map(|v| v.own()) else { return Ok(None) };
    let n = this_exact::<M, Node<M>>(t, &at)?;
    let look = |d: &mut Drawn<M>| match &d.item {
        Some((item, next)) => Ok(Some(((**item).clone(), (**next).clone()))),
        None if d.running => Err(()),
        None => {
            d.running = true;
            Ok(None)
        }
    };
    let (item, next) = match n.body.drawn.with::<M, _>(t, &n.head, look) {
        Ok(Some(pair)) => pair,
        Err(()) => return Err(t.raise(Kind::RuntimeError, "cannot re-enter the tee iterator")),
        Ok(None) => {
            let drawn = t.next(&n.body.it);
            let next = node(t, (*n.body.it).clone());
            let ctx: &Context<M> = t;
            let item = n.body.drawn.with::<M, _>(ctx, &n.head, |d| {
                d.running = false;
                let item = drawn?;
                if let Some(item) = &item {
                    let pair = (Held::new(ctx, &n.head, item.clone()), Held::new(ctx, &n.head, next.clone()));
                    d.item = Some(pair);
                }
                Ok(item)
            })?;
            match item {
                Some(item) => (item, next),
                None => return Ok(None),
            }
        }
    };
    put(t, own, &own.body.node, Some(next));
    Ok(Some(item))
}

fn tee_of<M: Memory>(t: &mut Thread<M>, iterable: &Obj<M>) -> R<M> {
    let at = match iterable.exact::<Tee<M>>().and_then(|tee| tee.body.node.get(t).map(|v| v.own())) {
        Some(at) => at,
        None => {
            let it = t.iter(iterable)?;
            node(t, it)
        }
    };
    Ok(t.alloc(Tee { node: Slot::fresh(at) }))
}

fn new_tee<M: Memory>(t: &mut Thread<M>, _: &TypeObj<M>, call: Call<'_, M>) -> R<M> {
    let [iterable] = sequence::bind(t, "_tee", ["iterable"], 1, 1, call)?;
    tee_of(t, iterable.expect("required"))
}

/// `tee(iterable, n=2)`
pub(super) fn tee<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let n = match args.get(1) {
        Some(n) => t.index_i64(n)?,
        None => 2,
    };
    if n < 0 {
        return Err(t.raise(Kind::ValueError, "n must be >= 0"));
    }
    if n == 0 {
        return Ok(tuple::empty(t));
    }
    let first = tee_of(t, &args[0])?;
    let mut all = Vec::with_capacity(n as usize);
    for _ in 1..n {
        all.push(tee_of(t, &first)?);
    }
    all.insert(0, first);
    Ok(tuple::from_vec(t, all))
}

fn tee_copy<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    this_exact::<M, Tee<M>>(t, &args[0])?;
    tee_of(t, &args[0])
}

pub(super) fn define<M: Memory>(t: &mut Thread<M>) {
    builder::<M, GroupBy<M>>(t, Builtin::GroupBy, "itertools.groupby", groupby_next)
        .doc("groupby(iterable, key=None): keys and the runs of items that have them.")
        .slots(|s| s.new.set(Some(new_groupby)))
        .finish();
    builder::<M, Grouper<M>>(t, Builtin::Grouper, "itertools._grouper", grouper_next).flag(flags::NO_NEW).finish();
    builder::<M, Tee<M>>(t, Builtin::Tee, "itertools._tee", tee_next)
        .flag(flags::WEAKREFABLE)
        .slots(|s| s.new.set(Some(new_tee)))
        .method("__copy__(self, /)", tee_copy)
        .finish();
    crate::types::build::Builder::new::<Node<M>>(t, Builtin::TeeData, "itertools._tee_dataobject")
        .module("itertools")
        .is_final()
        .flag(flags::NO_NEW)
        .finish();
}
