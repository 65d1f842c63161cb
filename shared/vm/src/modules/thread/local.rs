//! `threading.local`: each thread has its own attributes.
//!
//! The attributes of all thread-local objects are kept with the thread, in its context, as dicts by the object's
//! number. Reading one touches nothing that other threads write. When an object dies its number is told to the other
//! threads, which drop their dicts the next time they make one.

use std::cell::RefCell;

use crate::args::Call;
use crate::context::{Context, Thread};
use crate::exceptions::Kind;
use crate::lookup;
use crate::memory::Memory;
use crate::object::{Held, Layout, Obj, Object, Payload, R, Raise, current};
use crate::types::build::Builder;
use crate::types::ids::{self, Builtin};
use crate::types::str::to_text;
use crate::types::{Type, TypeObj, dict, flags};
use crate::value::Word;

/// Payload of a thread-local object. Read-only.
pub(crate) struct Local<M: Memory> {
    /// Key of this object's dict in each thread.
    number: u64,
    /// Positional arguments and keyword values for `__init__` in each thread.
    arguments: Box<[Held<M>]>,
    /// Keyword names.
    names: Box<[Held<M>]>,
}

// SAFETY: the layout `ThreadLocal` is this struct's alone; both lists are visited. The dicts belong to the threads.
unsafe impl<M: Memory> Payload<M> for Local<M> {
    const SHAPE: u32 = ids::THREAD_LOCAL;
    const LAYOUT: Layout = Layout::ThreadLocal;
    fn visit(&self, f: &mut dyn FnMut(Word)) {
        for held in self.arguments.iter().chain(&self.names) {
            f(held.word());
        }
    }
}

impl<M: Memory> Drop for Local<M> {
    fn drop(&mut self) {
        let ctx = current::<M>();
        forget(&ctx.locals, self.number);
        ctx.interp.threads.local_died(self.number);
    }
}

type Table<M> = RefCell<rustc_hash::FxHashMap<u64, Obj<M>>>;

/// Drops a dict, outside the borrow of the table.
fn forget<M: Memory>(table: &Table<M>, number: u64) {
    let old = table.borrow_mut().remove(&number);
    drop(old);
}

fn local<'a, M: Memory>(t: &mut Thread<M>, obj: &'a Obj<M>) -> Result<&'a Object<M, Local<M>>, Raise> {
    match obj.cast::<Local<M>>() {
        Some(local) => Ok(local),
        None => Err(t.raise(Kind::TypeError, "expected a thread-local object")),
    }
}

fn new<M: Memory>(t: &mut Thread<M>, class: &TypeObj<M>, call: Call<'_, M>) -> R<M> {
    let plain = class.body.slots.init.same(&t.builtin(Builtin::Object).body.slots.init);
    if plain && !call.slots.is_empty() {
        return Err(t.raise(Kind::TypeError, "Initialization arguments are not supported"));
    }
    let hold = |objs: &[Obj<M>]| objs.iter().map(|o| Held::fresh(o.clone())).collect();
    let number = t.interp.threads.new_local();
    let obj = t.alloc_of(class, Local { number, arguments: hold(call.slots), names: hold(call.names) });
    // `__init__` is called by the class for the thread that made the object.
    let dict = dict::new(t);
    t.locals.borrow_mut().insert(number, dict);
    Ok(obj)
}

/// This thread's dict; made, and `__init__` called, at its first use.
fn dict_of<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    let local = &local(t, obj)?.body;
    if let Some(dict) = t.locals.borrow().get(&local.number) {
        return Ok(dict.clone());
    }
    drop_dead(t);
    let dict = dict::new(t);
    t.locals.borrow_mut().insert(local.number, dict.clone());
    let class = t.class_of(obj);
    let init = class.body.slots.init.get();
    if let Some(init) = init
        && !class.body.slots.init.same(&t.builtin(Builtin::Object).body.slots.init)
    {
        let slots: Vec<Obj<M>> = local.arguments.iter().map(|h| (**h).clone()).collect();
        let names: Vec<Obj<M>> = local.names.iter().map(|h| (**h).clone()).collect();
        if let Err(raise) = init(t, obj, Call { slots: &slots, names: &names }) {
            forget(&t.locals, local.number);
            return Err(raise);
        }
    }
    Ok(dict)
}

/// Drops the dicts of objects that died on other threads.
fn drop_dead<M: Memory>(ctx: &Context<M>) {
    let threads = &ctx.interp.threads;
    let seen = ctx.dead_locals.get();
    // Acquire pairs with the release in `local_died`.
    let all = threads.dead_locals_count.load(std::sync::atomic::Ordering::Acquire);
    if seen < all {
        ctx.dead_locals.set(all);
        for number in threads.dead_locals_since(seen) {
            forget(&ctx.locals, number);
        }
    }
}

/// The class attribute `name`, with its slots.
fn in_class<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, name: &Obj<M>) -> Option<Obj<M>> {
    lookup::in_class(t, t.class_of(obj), name).map(|v| v.own())
}

/// By the text: to ask for the interned string would take the lock of a table that all threads share.
fn is_dict<M: Memory>(name: &Obj<M>) -> bool {
    to_text(name) == "__dict__"
}

fn getattr<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, name: &Obj<M>) -> R<M> {
    let dict = dict_of(t, obj)?;
    if is_dict(name) {
        return Ok(dict);
    }
    let Some(found) = in_class(t, obj, name) else {
        return match dict::get_str(t, &dict, name).map(|v| v.own()) {
            Some(value) => Ok(value),
            None => Err(lookup::no_attribute(t, obj, name)),
        };
    };
    let class = t.class_of(obj).to_obj();
    // SAFETY: a class.
    let class = unsafe { class.cast_unchecked::<Type<M>>() };
    let slots = &t.class_of(&found).body.slots;
    let (get, data) = (slots.descr_get.get(), slots.descr_set.get().is_some());
    if let (Some(get), true) = (get, data) {
        return get(t, &found, Some(obj), class);
    }
    if let Some(value) = dict::get_str(t, &dict, name).map(|v| v.own()) {
        return Ok(value);
    }
    match get {
        Some(get) => get(t, &found, Some(obj), class),
        None => Ok(found),
    }
}

fn setattr<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, name: &Obj<M>, value: Option<&Obj<M>>) -> Result<(), Raise> {
    let dict = dict_of(t, obj)?;
    if is_dict(name) {
        let class = t.class_name(obj);
        return Err(t.raise(Kind::AttributeError, format!("'{class}' object attribute '__dict__' is read-only")));
    }
    if let Some(found) = in_class(t, obj, name)
        && let Some(set) = t.class_of(&found).body.slots.descr_set.get()
    {
        return set(t, &found, obj, value);
    }
    match value {
        Some(value) => dict::set_str(t, &dict, name.clone(), value.clone()),
        None => match dict::del_str(t, &dict, name) {
            Some(old) => drop(old),
            None => return Err(lookup::no_attribute(t, obj, name)),
        },
    }
    Ok(())
}

/// Defines `_thread._local`.
pub(crate) fn define<M: Memory>(t: &mut Thread<M>) {
    Builder::new::<Local<M>>(t, Builtin::ThreadLocal, "_thread._local")
        .module("_thread")
        .flag(flags::WEAKREFABLE)
        .slots(|s| {
            s.new.set(Some(new));
            s.getattr.set(Some(getattr));
            s.setattr.set(Some(setattr));
        })
        .getter("__dict__", dict_of)
        .finish();
}
