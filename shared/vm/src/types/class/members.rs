//! The attributes and methods that `type` gives to every class, from `__name__` to `__subclasses__`.

use std::sync::atomic::Ordering;

use super::as_class;
use super::attributes::{real_isinstance, real_issubclass};
use super::bases::{mro_method, set_bases};
use crate::args::Args;
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::lookup;
use crate::memory::Memory;
use crate::object::{Obj, R, Raise, Slot};
use crate::types::ids::Builtin;
use crate::types::str::to_text;
use crate::types::{TypeObj, descriptors, dict, flags, native, tuple};
use crate::value::Word;

/// `module.qualname` without `builtins.`.
pub fn full_name<M: Memory>(t: &mut Thread<M>, class: &TypeObj<M>) -> String {
    let key = t.intern("__module__");
    let module = dict::get_str(t, &class.body.dict, &key).map(|m| to_text(&m).into_owned()).unwrap_or_default();
    let qualname = class.body.qualname.get(t).map(|q| to_text(&q).into_owned()).unwrap_or_default();
    if module.is_empty() || module == "builtins" { qualname } else { format!("{module}.{qualname}") }
}

pub(super) fn repr<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    let name = full_name(t, as_class(obj));
    Ok(t.string(format!("<class '{name}'>")))
}

fn slot_value<M: Memory>(t: &Thread<M>, slot: &Slot<M>) -> R<M> {
    Ok(slot.get(t).map_or(Obj::NONE, |v| v.own()))
}

fn set_text<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, value: Option<&Obj<M>>, name: bool) -> Result<(), Raise> {
    let class = as_class(obj);
    let attr = if name { "__name__" } else { "__qualname__" };
    let Some(value) = value.filter(|v| crate::types::str::view(v).is_some()) else {
        let given = value.map_or("nothing".into(), |v| t.class_name(v));
        let class = class.body.short_name.to_string();
        return Err(t.raise(Kind::TypeError, format!("can only assign string to {class}.{attr}, not '{given}'")));
    };
    let slot = if name { &class.body.name } else { &class.body.qualname };
    let old = slot.set(&class.section(t), &class.head, value.clone());
    drop(old);
    Ok(())
}

fn from_dict<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, key: &str) -> Option<Obj<M>> {
    let key = t.intern(key);
    dict::get_str(t, &as_class(obj).body.dict, &key).map(|v| v.own())
}

fn get_module<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    let found = from_dict(t, obj, "__module__");
    let own = found.filter(|m| as_class(obj).body.has(flags::HEAP) || crate::types::str::view(m).is_some());
    Ok(own.unwrap_or_else(|| t.str("builtins")))
}

fn set_in_dict<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, key: &str, value: Option<&Obj<M>>) -> Result<(), Raise> {
    let class = as_class(obj);
    let name = t.intern(key);
    match value {
        Some(value) => dict::set_str(t, &class.body.dict, name, value.clone()),
        None => drop(dict::del_str(t, &class.body.dict, &name)),
    }
    lookup::invalidate(t, class);
    Ok(())
}

fn get_doc<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    let Some(doc) = from_dict(t, obj, "__doc__") else { return Ok(Obj::NONE) };
    match t.class_of(&doc).body.slots.descr_get.get() {
        Some(get) => get(t, &doc, None, as_class(obj)),
        None => Ok(doc),
    }
}

fn get_abstract<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    match from_dict(t, obj, "__abstractmethods__") {
        Some(value) => Ok(value),
        None => {
            let name = t.intern("__abstractmethods__");
            Err(lookup::no_attribute(t, obj, &name))
        }
    }
}

fn set_abstract<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, value: Option<&Obj<M>>) -> Result<(), Raise> {
    let has = match value {
        Some(value) => t.truth(value)?,
        None => false,
    };
    set_in_dict(t, obj, "__abstractmethods__", value)?;
    let class = as_class(obj);
    if has {
        class.body.set(flags::ABSTRACT);
    } else {
        class.body.flags.fetch_and(!flags::ABSTRACT, Ordering::Relaxed);
    }
    Ok(())
}

fn get_annotations<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    for key in ["__annotations__", "__annotations_cache__"] {
        if let Some(value) = from_dict(t, obj, key) {
            return Ok(value);
        }
    }
    let annotate = get_annotate(t, obj)?;
    let value =
        if annotate.is_none() { dict::new(t) } else { t.call(&annotate, &[crate::types::int::from_i64(t, 1)])? };
    if !as_class(obj).body.has(flags::IMMUTABLE) {
        set_in_dict(t, obj, "__annotations_cache__", Some(&value))?;
    }
    Ok(value)
}

fn get_annotate<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    let found = from_dict(t, obj, "__annotate__").or_else(|| from_dict(t, obj, "__annotate_func__"));
    let Some(f) = found else { return Ok(Obj::NONE) };
    match t.class_of(&f).body.slots.descr_get.get() {
        Some(get) => get(t, &f, None, as_class(obj)),
        None => Ok(f),
    }
}

fn subclasses<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let words = t.expect_class(&args[0], "__subclasses__ argument")?.body.subclasses.lock().clone();
    // SAFETY: listed subclasses are alive: dead ones are taken off with the world stopped.
    let list = words.iter().map(|w| unsafe { (*w.address().cast::<TypeObj<M>>()).to_obj() }).collect();
    Ok(crate::types::list::from_vec(t, list))
}

fn prepare<M: Memory>(t: &mut Thread<M>, _: Args<'_, M>) -> R<M> {
    Ok(dict::new(t))
}

fn dir<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let all = dict::new(t);
    let mro = as_class(&args[0]).body.mro.get(t).map(|m| tuple::items(&m).to_vec()).unwrap_or_default();
    for class in mro.iter().rev() {
        dict::update(t, &all, &as_class(class).body.dict)?;
    }
    let keys = dict::items(t, &all).into_iter().map(|(k, _)| k).collect();
    Ok(crate::types::list::from_vec(t, keys))
}

/// Adds what needs functions and descriptors to be defined.
pub fn define_attributes<M: Memory>(t: &mut Thread<M>) {
    let class = t.builtin(Builtin::Type).to_obj();
    let own = as_class(&class).body.dict.clone();
    let getset = |name: &'static str, get, set| {
        let value = descriptors::getset(t, name, get, set);
        let key = t.intern(name);
        dict::set_fresh(t, &own, key, value);
    };
    getset("__name__", |t, o| slot_value(t, &as_class(o).body.name), Some(|t, o, v| set_text(t, o, v, true)));
    getset("__qualname__", |t, o| slot_value(t, &as_class(o).body.qualname), Some(|t, o, v| set_text(t, o, v, false)));
    getset("__base__", |t, o| slot_value(t, &as_class(o).body.base), None);
    getset("__bases__", |t, o| slot_value(t, &as_class(o).body.bases), Some(set_bases));
    getset("__mro__", |t, o| slot_value(t, &as_class(o).body.mro), None);
    getset("__module__", get_module, Some(|t, o, v| set_in_dict(t, o, "__module__", v)));
    getset("__doc__", get_doc, Some(|t, o, v| set_in_dict(t, o, "__doc__", v)));
    getset("__abstractmethods__", get_abstract, Some(set_abstract));
    getset("__annotations__", get_annotations, Some(|t, o, v| set_in_dict(t, o, "__annotations_cache__", v)));
    getset("__annotate__", get_annotate, Some(|t, o, v| set_in_dict(t, o, "__annotate_func__", v)));
    getset("__dict__", |t, o| Ok(crate::types::mappingproxy::new(t, as_class(o).body.dict.clone())), None);
    getset("__basicsize__", |t, o| Ok(crate::types::int::from_usize(t, as_class(o).body.ops.size)), None);
    getset("__itemsize__", |_, _| Ok(native_zero()), None);
    getset("__flags__", type_flags, None);
    getset("__dictoffset__", |_, _| Ok(native_zero()), None);
    getset("__weakrefoffset__", |_, _| Ok(native_zero()), None);
    getset("__text_signature__", |_, _| Ok(Obj::NONE), None);
    getset(
        "__type_params__",
        |t, o| Ok(from_dict(t, o, "__type_params__").unwrap_or_else(|| tuple::empty(t))),
        Some(|t, o, v| set_in_dict(t, o, "__type_params__", v)),
    );
    let methods: [(native::NativeKind, &str, crate::args::NativeFn<M>); 6] = [
        (native::NativeKind::Method, "__subclasses__(self, /)", subclasses),
        (native::NativeKind::Method, "mro(self, /)", mro_method),
        (native::NativeKind::Method, "__dir__(self, /)", dir),
        (native::NativeKind::ClassMethod, "__prepare__(cls, *args, **kwargs)", prepare),
        (native::NativeKind::Method, "__instancecheck__(self, instance, /)", |t, a| {
            let class = t.expect_class(&a[0], "__instancecheck__ argument")?;
            real_isinstance(t, &a[1], class).map(Obj::bool)
        }),
        (native::NativeKind::Method, "__subclasscheck__(self, subclass, /)", |t, a| {
            real_issubclass(t, &a[1], &a[0]).map(Obj::bool)
        }),
    ];
    for (kind, signature, f) in methods {
        let signature = crate::args::Signature::parse(signature);
        let key = t.intern(&signature.name);
        let value = native::Native::make(t, kind, signature, f, "type");
        native::set_home(t, &value, &class);
        dict::set_fresh(t, &own, key, value);
    }
    lookup::invalidate(t, as_class(&class));
}

fn native_zero<M: Memory>() -> Obj<M> {
    // SAFETY: an integer word owns nothing.
    unsafe { Obj::from_word(Word::small(0)) }
}

fn type_flags<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    let class = as_class(obj);
    let map = [
        (flags::IMMUTABLE, 8),
        (flags::HEAP, 9),
        (flags::BASE, 10),
        (flags::ABSTRACT, 20),
        (flags::SEQUENCE, 5),
        (flags::MAPPING, 6),
        (flags::TYPE_SUBCLASS, 31),
        (flags::EXCEPTION, 30),
    ];
    let bits = map.iter().filter(|(f, _)| class.body.has(*f)).fold(0i64, |acc, (_, bit)| acc | 1 << bit);
    Ok(crate::types::int::from_i64(t, bits))
}
