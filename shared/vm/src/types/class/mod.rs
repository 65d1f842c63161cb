//! `type`: what classes do when they are called, and how the built-in ones are made ready.

mod attributes;
mod bases;
mod make;
mod members;

use crate::args::Call;
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::object::{Obj, R, Raise};
use crate::shapes::Keys;
use crate::types::build::{Builder, Plain};
use crate::types::ids::{self, Builtin};
use crate::types::str::to_text;
use crate::types::{Type, TypeObj, descriptors, dict, flags, native, object, special, tuple};
pub use attributes::{class_getitem, real_isinstance, real_issubclass, type_getattr, type_setattr};
use bases::set_mro;
pub use bases::{inherit, linearise};
pub use make::make;
use members::repr;
pub use members::{define_attributes, full_name};

/// Views an object that is known to be a class.
///
/// # Panics
/// In debug builds when it is none.
pub fn as_class<M: Memory>(obj: &Obj<M>) -> &TypeObj<M> {
    debug_assert!(obj.cast::<Type<M>>().is_some());
    // SAFETY: the callers hold what stands in MROs, bases and shapes: classes only.
    unsafe { obj.cast_unchecked() }
}

/// Completes a class whose namespace is filled: MRO, inherited slots and flags, shapes, the bases' lists. Built-in classes
/// are immortal; those of programs are freed by the collector.
pub fn ready<M: Memory>(t: &mut Thread<M>, class: &Obj<M>, bases: &[Obj<M>]) {
    let c = as_class(class);
    if c.body.has(flags::HEAP) {
        crate::code::deferred(t, class);
    } else {
        crate::code::lasting(t, class.clone());
    }
    t.interp.shapes.define(c.body.root_shape, c, Keys::default());
    let mro = match linearise(t, class, bases) {
        Some(mro) => mro,
        None => vec![class.clone()],
    };
    set_mro(t, c, mro);
    for base in bases {
        as_class(base).body.subclasses.lock().push(c.word());
    }
    if !c.body.has(flags::HEAP) {
        special::add_wrappers(t, c);
        for (_, value) in dict::items(t, &c.body.dict) {
            native::set_home(t, &value, class);
            descriptors::set_class(t, &value, class);
        }
    }
    inherit(t, c, &c.body.slots);
}

/// `cls(…)`
pub fn type_call<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, call: Call<'_, M>) -> R<M> {
    let class = as_class(obj);
    if class.body.root_shape == ids::TYPE && call.slots.len() == 1 && call.names.is_empty() {
        return Ok(t.class_of(&call.slots[0]).to_obj());
    }
    let Some(new) = class.body.slots.new.get() else {
        let name = class.body.short_name.to_string();
        return Err(t.raise(Kind::TypeError, format!("cannot create '{name}' instances")));
    };
    let made = new(t, class, call)?;
    if !std::ptr::eq(t.class_of(&made), class) && !t.is_instance(&made, class) {
        return Ok(made);
    }
    if let Some(init) = t.class_of(&made).body.slots.init.get() {
        init(t, &made, call)?;
    }
    Ok(made)
}

fn type_new<M: Memory>(t: &mut Thread<M>, meta: &TypeObj<M>, call: Call<'_, M>) -> R<M> {
    let pos = call.positional();
    if pos.len() != 3 && meta.body.root_shape == ids::TYPE {
        return Err(t.raise(Kind::TypeError, "type() takes 1 or 3 arguments"));
    }
    if pos.len() != 3 {
        return Err(t.raise(Kind::TypeError, "type.__new__() takes exactly 3 arguments"));
    }
    if crate::types::str::view(&pos[0]).is_none() {
        let class = t.class_name(&pos[0]);
        return Err(t.raise(Kind::TypeError, format!("type.__new__() argument 1 must be str, not {class}")));
    }
    if pos[1].shape() != ids::TUPLE {
        let class = t.class_name(&pos[1]);
        return Err(t.raise(Kind::TypeError, format!("type.__new__() argument 2 must be tuple, not {class}")));
    }
    if pos[2].cast::<dict::Dict<M>>().is_none() {
        let class = t.class_name(&pos[2]);
        return Err(t.raise(Kind::TypeError, format!("type.__new__() argument 3 must be dict, not {class}")));
    }
    if to_text(&pos[0]).contains('\0') {
        return Err(t.raise(Kind::ValueError, "type name must not contain null characters"));
    }
    let bases = tuple::items(&pos[1]).to_vec();
    let winner = winning_meta(t, meta, &bases)?;
    let winner = as_class(&winner);
    if !std::ptr::eq(winner, meta)
        && let Some(new) = winner.body.slots.new.get()
        && !winner.body.slots.new.same(&t.builtin(Builtin::Type).body.slots.new)
    {
        return new(t, winner, call);
    }
    make(t, winner, &pos[0], bases, &pos[2], call)
}

/// The most derived metaclass of `meta` and the bases' classes.
pub fn winning_meta<M: Memory>(t: &mut Thread<M>, meta: &TypeObj<M>, bases: &[Obj<M>]) -> R<M> {
    let mut winner = meta.to_obj();
    for base in bases {
        let candidate = t.class_of(base).to_obj();
        let (w, c) = (as_class(&winner), as_class(&candidate));
        if t.is_subclass(w, c) {
            continue;
        }
        if !t.is_subclass(c, w) {
            let message = "metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the \
                           metaclasses of all its bases";
            return Err(t.raise(Kind::TypeError, message));
        }
        winner = candidate;
    }
    Ok(winner)
}

fn type_init<M: Memory>(t: &mut Thread<M>, _: &Obj<M>, call: Call<'_, M>) -> Result<(), Raise> {
    match call.positional().len() {
        1 | 3 => Ok(()),
        _ => Err(t.raise(Kind::TypeError, "type.__init__() takes 1 or 3 arguments")),
    }
}

/// Defines `type` and `object`.
pub fn define<M: Memory>(t: &mut Thread<M>) {
    Builder::new::<Plain>(t, Builtin::Object, "object").slots(object::slots).finish();
    Builder::new::<Type<M>>(t, Builtin::Type, "type")
        .flag(flags::TYPE_SUBCLASS)
        .slots(|s| {
            s.call.set(Some(type_call));
            s.new.set(Some(type_new));
            s.init.set(Some(type_init));
            s.getattr.set(Some(type_getattr));
            s.setattr.set(Some(type_setattr));
            s.repr.set(Some(repr));
        })
        .finish();
}
