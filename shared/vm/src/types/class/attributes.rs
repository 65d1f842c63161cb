//! Attributes of classes, `class[key]`, and `isinstance` and `issubclass` without hooks.

use super::as_class;
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::lookup;
use crate::memory::Memory;
use crate::object::{Obj, R, Raise};
use crate::types::ids::Builtin;
use crate::types::str::to_text;
use crate::types::{Type, TypeObj, dict, flags, special};

/// `class.name`: data descriptors of the metaclass, then the class's own MRO, then the rest of the metaclass.
pub fn type_getattr<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, name: &Obj<M>) -> R<M> {
    let class = as_class(obj);
    let meta = t.class_of(obj).to_obj();
    let meta = as_class(&meta);
    let from_meta = lookup::in_class(t, meta, name).map(|v| v.own());
    let mut meta_get = None;
    if let Some(d) = &from_meta {
        let slots = &t.class_of(d).body.slots;
        meta_get = slots.descr_get.get();
        if let (Some(get), Some(_)) = (meta_get, slots.descr_set.get()) {
            return get(t, d, Some(obj), meta);
        }
    }
    if let Some(found) = lookup::in_class(t, class, name).map(|v| v.own()) {
        return match t.class_of(&found).body.slots.descr_get.get() {
            Some(get) => get(t, &found, None, class),
            None => Ok(found),
        };
    }
    match (from_meta, meta_get) {
        (Some(d), Some(get)) => get(t, &d, Some(obj), meta),
        (Some(d), None) => Ok(d),
        (None, _) => Err(lookup::no_attribute(t, obj, name)),
    }
}

/// `class.name = value`, `del class.name`.
pub fn type_setattr<M: Memory>(
    t: &mut Thread<M>,
    obj: &Obj<M>,
    name: &Obj<M>,
    value: Option<&Obj<M>>,
) -> Result<(), Raise> {
    let class = as_class(obj);
    let text = to_text(name).into_owned();
    if class.body.has(flags::IMMUTABLE) {
        let class = &class.body.short_name;
        let message = format!("cannot set '{text}' attribute of immutable type '{class}'");
        return Err(t.raise(Kind::TypeError, message));
    }
    let from_meta = lookup::in_class(t, t.class_of(obj), name).map(|v| v.own());
    if let Some(d) = from_meta
        && let Some(set) = t.class_of(&d).body.slots.descr_set.get()
    {
        return set(t, &d, obj, value);
    }
    match value {
        Some(value) => dict::set_str(t, &class.body.dict, name.clone(), value.clone()),
        None => {
            let old = dict::del_str(t, &class.body.dict, name);
            if old.is_none() {
                return Err(lookup::no_attribute(t, obj, name));
            }
            lookup::invalidate(t, class);
        }
    }
    lookup::invalidate(t, class);
    if text.starts_with("__") && text.ends_with("__") {
        special::update_slots(t, class);
    }
    if matches!(&*text, "__get__" | "__set__" | "__delete__") || class.body.has(flags::TYPE_SUBCLASS) {
        lookup::invalidate_holders(t);
    }
    Ok(())
}

/// `class[key]` through `__class_getitem__`.
pub fn class_getitem<M: Memory>(t: &mut Thread<M>, class: &Obj<M>, key: &Obj<M>) -> R<M> {
    let name = t.intern("__class_getitem__");
    if let Some(f) = t.getattr_opt(class, &name)? {
        return t.call(&f, std::slice::from_ref(key));
    }
    if class.is(&t.builtin(Builtin::Type).to_obj()) {
        return Ok(crate::types::alias::new(t, class, key));
    }
    let text = as_class(class).body.short_name.to_string();
    Err(t.raise(Kind::TypeError, format!("type '{text}' is not subscriptable")))
}

/// `isinstance` without hooks: by class, else by `__class__`.
pub fn real_isinstance<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, class: &TypeObj<M>) -> Result<bool, Raise> {
    if t.is_instance(obj, class) {
        return Ok(true);
    }
    if !t.class_of(obj).body.has(flags::HEAP) {
        return Ok(false);
    }
    let Some(claimed) = t.getattr_opt_str(obj, "__class__")? else { return Ok(false) };
    Ok(claimed.cast::<Type<M>>().is_some_and(|c| t.is_subclass(c, class)))
}

/// `issubclass` without hooks.
pub fn real_issubclass<M: Memory>(t: &mut Thread<M>, class: &Obj<M>, base: &Obj<M>) -> Result<bool, Raise> {
    match (class.cast::<Type<M>>(), base.cast::<Type<M>>()) {
        (Some(c), Some(b)) => Ok(t.is_subclass(c, b)),
        (None, _) => {
            if let Some(bases) = t.getattr_opt_str(class, "__bases__")? {
                for one in t.collect(&bases)? {
                    if one.is(base) || real_issubclass(t, &one, base)? {
                        return Ok(true);
                    }
                }
                return Ok(false);
            }
            Err(t.raise(Kind::TypeError, "issubclass() arg 1 must be a class"))
        }
        (_, None) => {
            Err(t.raise(Kind::TypeError, "issubclass() arg 2 must be a class, a tuple of classes, or a union"))
        }
    }
}
