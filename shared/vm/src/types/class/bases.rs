//! What a class takes from its bases: the order of its ancestors (C3), slots and flags, the layout of its instances.

use std::sync::atomic::Ordering;

use super::as_class;
use crate::args::Args;
use crate::context::{Context, Thread};
use crate::exceptions::Kind;
use crate::lookup;
use crate::memory::{Memory, Section};
use crate::object::{Obj, R, Raise};
use crate::types::ids::{self, Builtin};
use crate::types::{Slots, Type, TypeObj, flags, special, tuple};

pub(super) fn set_mro<M: Memory>(t: &mut Thread<M>, c: &TypeObj<M>, mro: Vec<Obj<M>>) {
    let mro = tuple::from_vec(t, mro);
    let old = c.body.mro.set(&Section::enter(t, &c.head), &c.head, mro);
    drop(old);
}

/// Takes flags from the MRO, and those of its slots that are empty in `slots`, which are the class's or to be.
pub fn inherit<M: Memory>(t: &mut Thread<M>, c: &TypeObj<M>, slots: &Slots<M>) {
    let mro = c.body.mro.get(t).map(|m| m.own()).expect("set before");
    let own_hash = slots.hash.get().is_some();
    let own_compare = slots.compare.get().is_some();
    // A class of the program has some slots from native ones, which may stand behind other bases.
    let native = |class: &&TypeObj<M>| !class.body.has(flags::HEAP);
    let natives: Vec<_> =
        tuple::items(&mro).iter().map(as_class).filter(native).map(|class| &class.body.slots).collect();
    for base in tuple::items(&mro).iter().skip(1) {
        let base = as_class(base);
        let unhashable = own_compare && !own_hash;
        if base.body.has(flags::HEAP) {
            slots.inherit_own(&base.body.slots, &natives);
        } else {
            slots.inherit(&base.body.slots);
        }
        if unhashable {
            slots.hash.set(None);
        }
        let passed = flags::FINALIZER
            | flags::CUSTOM_ATTR
            | flags::SEQUENCE
            | flags::MAPPING
            | flags::SELF_MATCH
            | flags::TYPE_SUBCLASS
            | flags::EXCEPTION
            | flags::WEAKREFABLE;
        c.body.set(base.body.flags.load(Ordering::Relaxed) & passed);
    }
}

/// C3 linearisation; `None` when the bases' orders contradict each other.
pub fn linearise<M: Memory>(ctx: &Context<M>, class: &Obj<M>, bases: &[Obj<M>]) -> Option<Vec<Obj<M>>> {
    merge(ctx, class, bases).ok()
}

/// As [`linearise`]; the error is the classes that stand against each other.
fn merge<M: Memory>(ctx: &Context<M>, class: &Obj<M>, bases: &[Obj<M>]) -> Result<Vec<Obj<M>>, Vec<Obj<M>>> {
    let mut lists: Vec<Vec<Obj<M>>> = Vec::new();
    for base in bases {
        if let Some(mro) = as_class(base).body.mro.get(ctx) {
            lists.push(tuple::items(&mro).iter().rev().cloned().collect());
        }
    }
    lists.push(bases.iter().rev().cloned().collect());
    let mut out = vec![class.clone()];
    loop {
        lists.retain(|l| !l.is_empty());
        if lists.is_empty() {
            return Ok(out);
        }
        let good = lists
            .iter()
            .map(|l| &l[l.len() - 1])
            .find(|head| !lists.iter().any(|l| l[..l.len() - 1].iter().any(|c| c.is(head))));
        let Some(good) = good else {
            let mut heads: Vec<Obj<M>> = Vec::new();
            for list in &lists {
                let head = &list[list.len() - 1];
                if !heads.iter().any(|h| h.is(head)) {
                    heads.push(head.clone());
                }
            }
            return Err(heads);
        };
        let good = good.clone();
        for list in &mut lists {
            if list.last().is_some_and(|c| c.is(&good)) {
                list.pop();
            }
        }
        out.push(good);
    }
}

pub(super) fn mro_error<M: Memory>(t: &mut Thread<M>, class: &Obj<M>, bases: &[Obj<M>]) -> Raise {
    let bases = merge(t, class, bases).err().unwrap_or_default();
    let names: Vec<_> = bases.iter().map(|b| as_class(b).body.short_name.to_string()).collect();
    let message = "Cannot create a consistent method resolution order (MRO) for bases ";
    t.raise(Kind::TypeError, format!("{message}{}", names.join(", ")))
}

/// The base whose layout the instances take: the one whose layout extends all others'.
pub(super) fn best_base<M: Memory>(t: &mut Thread<M>, bases: &[Obj<M>]) -> R<M> {
    let mut winner: Option<(&Obj<M>, Obj<M>)> = None;
    for base in bases {
        let b = as_class(base);
        if !b.body.has(flags::BASE) {
            let name = b.body.short_name.to_string();
            return Err(t.raise(Kind::TypeError, format!("type '{name}' is not an acceptable base type")));
        }
        let candidate = solid_base(t, base);
        match &winner {
            None => winner = Some((base, candidate)),
            Some((_, solid)) if t.is_subclass(as_class(solid), as_class(&candidate)) => {}
            Some((_, solid)) if t.is_subclass(as_class(&candidate), as_class(solid)) => {
                winner = Some((base, candidate))
            }
            Some(_) => return Err(t.raise(Kind::TypeError, "multiple bases have instance lay-out conflict")),
        }
    }
    Ok(winner.map(|(base, _)| base.clone()).unwrap_or_else(|| t.builtin(Builtin::Object).to_obj()))
}

/// Words of the area that `__slots__` of the class and its bases fixed.
fn solid_words<M: Memory>(class: &TypeObj<M>) -> usize {
    class.body.area_words as usize - class.body.inline.len() - class.body.dict_index.is_some() as usize
}

/// The ancestor that gave the instances their layout: the last that added to its base's.
fn solid_base<M: Memory>(t: &Thread<M>, class: &Obj<M>) -> Obj<M> {
    let mut solid = class.clone();
    while let Some(base) = as_class(&solid).body.base.get(t).map(|b| b.own()).filter(|b| b.cast::<Type<M>>().is_some())
    {
        let (s, b) = (as_class(&solid), as_class(&base));
        if s.body.ops.layout != b.body.ops.layout || solid_words(s) != solid_words(b) {
            break;
        }
        solid = base;
    }
    solid
}

/// A metaclass may define `mro()`.
pub(super) fn custom_mro<M: Memory>(t: &mut Thread<M>, meta: &TypeObj<M>, class: &Obj<M>) -> Result<(), Raise> {
    let name = t.intern("mro");
    let found = lookup::in_class(t, meta, &name).map(|v| v.own());
    let Some(f) = found.filter(|f| f.shape() == ids::FUNCTION) else { return Ok(()) };
    let list = t.call(&f, std::slice::from_ref(class))?;
    let mro = t.collect(&list)?;
    let c = as_class(class);
    set_mro(t, c, mro);
    inherit(t, c, &c.body.slots);
    Ok(())
}

pub(super) fn set_bases<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, value: Option<&Obj<M>>) -> Result<(), Raise> {
    let class = as_class(obj);
    let name = class.body.short_name.to_string();
    let Some(value) = value else {
        return Err(t.raise(Kind::TypeError, format!("cannot delete '__bases__' attribute of immutable type '{name}'")));
    };
    if value.shape() != ids::TUPLE {
        let kind = t.class_name(value);
        return Err(t.raise(Kind::TypeError, format!("can only assign tuple to {name}.__bases__, not {kind}")));
    }
    let bases = tuple::items(value).to_vec();
    if bases.is_empty() {
        let message = format!("can only assign non-empty tuple to {name}.__bases__, not ()");
        return Err(t.raise(Kind::TypeError, message));
    }
    for base in &bases {
        let Some(class) = base.cast::<Type<M>>() else {
            let kind = t.class_name(base);
            let message = format!("{name}.__bases__ must be tuple of classes, not '{kind}'");
            return Err(t.raise(Kind::TypeError, message));
        };
        if class.to_obj().is(obj) || t.is_subclass(class, as_class(obj)) {
            return Err(t.raise(Kind::TypeError, "a __bases__ item causes an inheritance cycle"));
        }
    }
    let base = best_base(t, &bases)?;
    if as_class(&base).body.area_words > class.body.area_words
        || as_class(&base).body.ops.layout != class.body.ops.layout
    {
        let old = class.body.base.get(t).map(|b| as_class(&b).body.short_name.to_string()).unwrap_or_default();
        let what =
            if as_class(&base).body.ops.layout == class.body.ops.layout { "object layout" } else { "deallocator" };
        let new = as_class(&base).body.short_name.to_string();
        return Err(t.raise(Kind::TypeError, format!("__bases__ assignment: '{new}' {what} differs from '{old}'")));
    }
    let Some(mro) = linearise(t, obj, &bases) else { return Err(mro_error(t, obj, &bases)) };
    let value = value.clone();
    let obj = obj.clone();
    M::stop_the_world(t, |t| {
        let class = as_class(&obj);
        let section = class.section(t);
        let old = (
            class.body.base.set(&section, &class.head, base.clone()),
            class.body.bases.set(&section, &class.head, value),
        );
        drop(section);
        for gone in old.1.iter().flat_map(|b| tuple::items(b)) {
            as_class(gone).body.subclasses.lock().retain(|w| !w.is(class.word()));
        }
        for base in &bases {
            as_class(base).body.subclasses.lock().push(class.word());
        }
        set_mro(t, class, mro);
        drop(old);
        lookup::invalidate(t, class);
    });
    special::update_slots(t, as_class(&obj));
    lookup::invalidate_holders(t);
    Ok(())
}

pub(super) fn mro_method<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let class = t.expect_class(&args[0], "mro() argument")?;
    let bases = class.body.bases.get(t).map(|b| tuple::items(&b).to_vec()).unwrap_or_default();
    match linearise(t, &args[0], &bases) {
        Some(list) => Ok(crate::types::list::from_vec(t, list)),
        None => Err(mro_error(t, &args[0], &bases)),
    }
}
