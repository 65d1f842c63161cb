//! `_collections`: deque, defaultdict, OrderedDict and two helpers of the `collections` module.

mod deque;
mod deque_methods;
mod mappings;

use crate::args::{Args, Call};
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::modules::Maker;
use crate::object::{Held, Layout, Obj, Payload, R, Raise, Slot};
use crate::types::build::Builder;
use crate::types::dict::{self, get_hashed, hash_key, store_hashed};
use crate::types::ids::{self, Builtin};
use crate::types::sequence::{self, this_exact};
use crate::types::slots::BinOp;
use crate::types::{TypeObj, int, tuple};
use crate::value::Word;

/// Descriptor of a named tuple's field.
struct TupleGetter<M: Memory> {
    index: usize,
    doc: Slot<M>,
    number: Held<M>,
}

// SAFETY: told apart by its shape, which is this struct's alone; both references are visited.
unsafe impl<M: Memory> Payload<M> for TupleGetter<M> {
    const SHAPE: u32 = ids::TUPLE_GETTER;
    const LAYOUT: Layout = Layout::Other;
    fn visit(&self, f: &mut dyn FnMut(Word)) {
        f(self.doc.word());
        f(self.number.word());
    }
}

fn new_getter<M: Memory>(t: &mut Thread<M>, _: &TypeObj<M>, call: Call<'_, M>) -> R<M> {
    let [index, doc] = sequence::bind(t, "_tuplegetter", ["index", "doc"], 2, 2, call)?;
    let (index, doc) = (index.expect("required"), doc.expect("required"));
    let number = t.index_i64(index)?;
    let getter =
        TupleGetter { index: number as usize, doc: Slot::fresh(doc.clone()), number: Held::fresh(index.clone()) };
    Ok(t.alloc(getter))
}

fn get_field<M: Memory>(t: &mut Thread<M>, getter: &Obj<M>, instance: Option<&Obj<M>>, _: &TypeObj<M>) -> R<M> {
    let index = this_exact::<M, TupleGetter<M>>(t, getter)?.body.index;
    let Some(instance) = instance else { return Ok(getter.clone()) };
    if !tuple::is_tuple(instance) {
        if instance.is_none() {
            return Ok(getter.clone());
        }
        let class = t.class_name(instance);
        let message = format!("descriptor for index '{index}' for tuple subclasses doesn't apply to '{class}' object");
        return Err(t.raise(Kind::TypeError, message));
    }
    match tuple::items(instance).get(index) {
        Some(value) => Ok(value.clone()),
        None => Err(t.raise(Kind::IndexError, "tuple index out of range")),
    }
}

fn set_field<M: Memory>(t: &mut Thread<M>, _: &Obj<M>, _: &Obj<M>, value: Option<&Obj<M>>) -> Result<(), Raise> {
    let message = if value.is_some() { "can't set attribute" } else { "can't delete attribute" };
    Err(t.raise(Kind::AttributeError, message))
}

fn getter_doc<M: Memory>(t: &mut Thread<M>, getter: &Obj<M>) -> R<M> {
    let getter = this_exact::<M, TupleGetter<M>>(t, getter)?;
    Ok(getter.body.doc.get(t).map_or(Obj::NONE, |v| v.own()))
}

fn set_getter_doc<M: Memory>(t: &mut Thread<M>, getter: &Obj<M>, value: Option<&Obj<M>>) -> Result<(), Raise> {
    let getter = this_exact::<M, TupleGetter<M>>(t, getter)?;
    let old = {
        let s = crate::memory::Section::<M>::enter(t, &getter.head);
        getter.body.doc.set(&s, &getter.head, value.cloned().unwrap_or(Obj::NONE))
    };
    drop(old);
    Ok(())
}

fn getter_reduce<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let getter = this_exact::<M, TupleGetter<M>>(t, &args[0])?;
    let doc = getter.body.doc.get(t).map_or(Obj::NONE, |v| v.own());
    let parts = tuple::from_array(t, [(*getter.body.number).clone(), doc]);
    let class = t.builtin(Builtin::TupleGetter).to_obj();
    Ok(tuple::from_array(t, [class, parts]))
}

/// `_count_elements(mapping, iterable)`: counts each item in the mapping.
fn count_elements<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let mapping = &args[0];
    let plain = t.class_of(mapping).body.slots.setitem.same(&t.builtin(Builtin::Dict).body.slots.setitem);
    let one = int::from_i64(t, 1);
    if let Some(d) = dict::cast(mapping).filter(|_| plain) {
        t.iterate(&args[1], &mut |t, item| {
            let hash = hash_key(t, &item)?;
            let new = match get_hashed(t, d, &item, hash)? {
                Some(old) => match old.word().as_int() {
                    Some(n) => int::from_i64(t, n + 1),
                    None => t.binary(BinOp::Add, &old, &one)?,
                },
                None => one.clone(),
            };
            store_hashed(t, d, &item, hash, new).map(drop)
        })?;
        return Ok(Obj::NONE);
    }
    let (get, zero) = (t.getattr_str(mapping, "get")?, int::from_i64(t, 0));
    t.iterate(&args[1], &mut |t, item| {
        let old = t.call(&get, &[item.clone(), zero.clone()])?;
        let new = t.binary(BinOp::Add, &old, &one)?;
        t.setitem(mapping, &item, Some(&new))
    })?;
    Ok(Obj::NONE)
}

fn define<M: Memory>(t: &mut Thread<M>) {
    if t.interp.shapes.try_class(ids::DEQUE).is_some() {
        return;
    }
    deque_methods::define(t);
    mappings::define(t);
    Builder::new::<TupleGetter<M>>(t, Builtin::TupleGetter, "collections._tuplegetter")
        .module("collections")
        .is_final()
        .slots(|s| {
            s.new.set(Some(new_getter));
            s.descr_get.set(Some(get_field));
            s.descr_set.set(Some(set_field));
        })
        .getset("__doc__", getter_doc, Some(set_getter_doc))
        .method("__reduce__(self, /)", getter_reduce)
        .finish();
}

/// Makes the module.
pub fn init<M: Memory>(t: &mut Thread<M>) -> R<M> {
    define(t);
    Maker::new(t, "_collections")
        .doc("High performance data structures.")
        .class("deque", Builtin::Deque)
        .class("defaultdict", Builtin::DefaultDict)
        .class("OrderedDict", Builtin::OrderedDict)
        .class("_deque_iterator", Builtin::DequeIterator)
        .class("_deque_reverse_iterator", Builtin::DequeReverseIterator)
        .class("_tuplegetter", Builtin::TupleGetter)
        .function("_count_elements(mapping, iterable, /)", count_elements)
        .finish()
}
