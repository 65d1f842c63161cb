//! Making a class: `type(name, bases, namespace)` and the attribute area that its instances get.

use std::sync::atomic::AtomicU32;

use super::bases::{best_base, custom_mro, linearise, mro_error};
use super::{as_class, ready};
use crate::args::Call;
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::lookup;
use crate::memory::Memory;
use crate::object::{Held, Obj, R, Raise, Slot};
use crate::types::ids::{self, Builtin};
use crate::types::str::to_text;
use crate::types::{Slots, Type, TypeObj, descriptors, dict, flags, object, special, tuple};

/// `type(name, bases, namespace)` up to the finished class: what `type.__new__` does.
pub fn make<M: Memory>(
    t: &mut Thread<M>,
    meta: &TypeObj<M>,
    name: &Obj<M>,
    bases: Vec<Obj<M>>,
    namespace: &Obj<M>,
    call: Call<'_, M>,
) -> R<M> {
    for base in &bases {
        if base.cast::<Type<M>>().is_none() {
            return Err(t.raise(Kind::TypeError, "bases must be types"));
        }
    }
    let bases = if bases.is_empty() { vec![t.builtin(Builtin::Object).to_obj()] } else { bases };
    for (i, base) in bases.iter().enumerate() {
        if bases[..i].iter().any(|b| b.is(base)) {
            let name = as_class(base).body.short_name.to_string();
            return Err(t.raise(Kind::TypeError, format!("duplicate base class {name}")));
        }
    }
    let base = best_base(t, &bases)?;
    let b = as_class(&base);
    let own = dict::copy(t, namespace);
    let key = t.intern("__slots__");
    let slot_names = match dict::get_str(t, &own, &key).map(|v| v.own()) {
        Some(slots) => Some(slot_names(t, &slots)?),
        None => None,
    };
    let plan = Area::plan(t, b, &own, slot_names.as_deref(), &bases)?;
    let Some(shape) = t.interp.shapes.reserve() else {
        return Err(t.raise(Kind::MemoryError, "too many classes"));
    };
    let key = t.intern("__qualname__");
    let qualname = dict::del_str(t, &own, &key).unwrap_or_else(|| name.clone());
    if crate::types::str::view(&qualname).is_none() {
        let class = t.class_name(&qualname);
        return Err(t.raise(Kind::TypeError, format!("type __qualname__ must be a str, not {class}")));
    }
    prepare_namespace(t, &own, slot_names.is_none() || plan.dict_index.is_some());
    let mut bits = flags::HEAP | flags::BASE;
    if b.body.has(flags::WEAKREFABLE) || slot_names.as_ref().is_none_or(|s| s.iter().any(|n| n == "__weakref__")) {
        bits |= flags::WEAKREFABLE;
    }
    let payload = Type {
        name: Slot::fresh(name.clone()),
        qualname: Slot::fresh(qualname),
        dict: Held::fresh(own.clone()),
        base: Slot::fresh(base.clone()),
        bases: Slot::fresh(tuple::from_vec(t, bases.clone())),
        mro: Slot::empty(),
        ops: b.body.ops,
        area_words: plan.words,
        dict_index: plan.dict_index,
        inline: plan.inline.into(),
        flags: AtomicU32::new(bits),
        root_shape: shape,
        shapes_made: Default::default(),
        dict_shape: AtomicU32::new(0),
        subclasses: Default::default(),
        slots: Slots::default(),
        version: AtomicU32::new(0),
        short_name: to_text(name).into(),
    };
    let class = t.alloc_of(meta, payload);
    if linearise(t, &class, &bases).is_none() {
        t.interp.shapes.give_back(shape);
        return Err(mro_error(t, &class, &bases));
    }
    for (slot, index) in plan.members {
        let member = descriptors::member(t, &slot, index, &class);
        let key = t.intern(&slot);
        dict::set_str(t, &own, key, member);
    }
    if plan.dict_index.is_some() && b.body.dict_index.is_none() {
        let getset = descriptors::getset(t, "__dict__", object::get_dict, Some(object::set_dict));
        descriptors::set_class(t, &getset, &class);
        let key = t.intern("__dict__");
        if dict::get_str(t, &own, &key).is_none() {
            dict::set_str(t, &own, key, getset);
        }
    }
    ready(t, &class, &bases);
    custom_mro(t, meta, &class)?;
    let c = as_class(&class);
    special::fill_slots(t, c, &c.body.slots);
    finish(t, &class, &own, call)?;
    Ok(class)
}

/// What the namespace of every class gets.
fn prepare_namespace<M: Memory>(t: &mut Thread<M>, own: &Obj<M>, _has_dict: bool) {
    let doc = t.intern("__doc__");
    if dict::get_str(t, own, &doc).is_none() {
        dict::set_str(t, own, doc, Obj::NONE);
    }
    let module = t.intern("__module__");
    if dict::get_str(t, own, &module).is_none()
        && let Some(globals) = t.current_globals()
    {
        let name = t.intern("__name__");
        if let Some(value) = dict::get_str(t, &globals, &name).map(|v| v.own()) {
            dict::set_str(t, own, module, value);
        }
    }
    for (name, kind) in [("__new__", true), ("__init_subclass__", false), ("__class_getitem__", false)] {
        let key = t.intern(name);
        let Some(f) = dict::get_str(t, own, &key).map(|v| v.own()).filter(|f| f.shape() == ids::FUNCTION) else {
            continue;
        };
        let wrapped = if kind { descriptors::staticmethod(t, f) } else { descriptors::classmethod(t, f) };
        dict::set_str(t, own, key, wrapped);
    }
}

/// `__classcell__`, `__set_name__`, `__init_subclass__`.
fn finish<M: Memory>(t: &mut Thread<M>, class: &Obj<M>, own: &Obj<M>, call: Call<'_, M>) -> Result<(), Raise> {
    let key = t.intern("__classcell__");
    if let Some(cell) = dict::del_str(t, own, &key)
        && let Some(cell) = cell.cast::<crate::types::cell::Cell<M>>()
    {
        drop(cell.set(t, Some(class.clone())));
    }
    let set_name = t.intern("__set_name__");
    for (name, value) in dict::items(t, own) {
        let found = lookup::in_class(t, t.class_of(&value), &set_name).is_some();
        if found {
            let f = t.lookup_special(&value, "__set_name__")?.expect("just found");
            if let Err(raise) = t.call(&f, &[class.clone(), name.clone()]) {
                let (kind, shown) = (t.class_name(&value), t.repr(&name)?);
                let owner = as_class(class).body.short_name.to_string();
                let note = format!("Error calling __set_name__ on '{kind}' instance {} in '{owner}'", to_text(&shown));
                crate::types::exception::note_raised(t, &note)?;
                return Err(raise);
            }
        }
    }
    let name = t.intern("__init_subclass__");
    let zuper = descriptors::super_get(t, as_class(class), class, &name)?;
    let values = call.keyword_values();
    t.call_with(&zuper, Call { slots: values, names: call.names })?;
    Ok(())
}

fn slot_names<M: Memory>(t: &mut Thread<M>, slots: &Obj<M>) -> Result<Vec<String>, Raise> {
    let list = if crate::types::str::view(slots).is_some() { vec![slots.clone()] } else { t.collect(slots)? };
    let mut names = Vec::new();
    for item in list {
        if crate::types::str::view(&item).is_none() {
            let class = t.class_name(&item);
            return Err(t.raise(Kind::TypeError, format!("__slots__ items must be strings, not '{class}'")));
        }
        let text = to_text(&item).into_owned();
        let mut chars = text.chars();
        let starts = chars.next().is_some_and(|c| c == '_' || c.is_alphabetic());
        if !starts || !chars.all(|c| c == '_' || c.is_alphanumeric()) {
            return Err(t.raise(Kind::TypeError, "__slots__ must be identifiers"));
        }
        names.push(text);
    }
    Ok(names)
}

/// The attribute area of a new class: its base's words, then its `__slots__`, its dict word, words for attributes.
struct Area {
    words: u16,
    dict_index: Option<u16>,
    inline: Vec<u16>,
    members: Vec<(String, u16)>,
}

/// Attribute words of a class that says nothing about its attributes, and the most that one ever gets.
const DEFAULT_INLINE: usize = 3;
const MAX_INLINE: usize = 30;

impl Area {
    fn plan<M: Memory>(
        t: &mut Thread<M>,
        base: &TypeObj<M>,
        own: &Obj<M>,
        slots: Option<&[String]>,
        bases: &[Obj<M>],
    ) -> Result<Area, Raise> {
        let b = &base.body;
        let mut area =
            Area { words: b.area_words, dict_index: b.dict_index, inline: b.inline.to_vec(), members: Vec::new() };
        for name in slots.unwrap_or_default() {
            if name == "__dict__" || name == "__weakref__" {
                continue;
            }
            let mangled = mangle(&b_name(own, t), name);
            let key = t.intern(&mangled);
            if dict::get_str(t, own, &key).is_some() {
                let message = format!("'{name}' in __slots__ conflicts with class variable");
                return Err(t.raise(Kind::ValueError, message));
            }
            area.members.push((mangled, area.words));
            area.words += 1;
        }
        let payload_dict = has_payload_dict(b.ops.layout);
        let wants_dict = slots.is_none_or(|s| s.iter().any(|n| n == "__dict__"))
            || bases.iter().any(|b| as_class(b).body.dict_index.is_some());
        if wants_dict && !payload_dict && area.dict_index.is_none() {
            area.dict_index = Some(area.words);
            area.words += 1;
        }
        if area.dict_index.is_some() && slots.is_none() {
            let key = t.intern("__static_attributes__");
            let known = dict::get_str(t, own, &key).map_or(0, |v| tuple::items(&v).len());
            let wanted = known.clamp(DEFAULT_INLINE, MAX_INLINE);
            let more =
                if area.inline.is_empty() { wanted } else { known.min(MAX_INLINE.saturating_sub(area.inline.len())) };
            for _ in 0..more {
                area.inline.push(area.words);
                area.words += 1;
            }
        }
        Ok(area)
    }
}

fn b_name<M: Memory>(own: &Obj<M>, t: &mut Thread<M>) -> String {
    let key = t.intern("__qualname__");
    dict::get_str(t, own, &key).map_or(String::new(), |v| to_text(&v).rsplit('.').next().unwrap_or("").to_string())
}

fn mangle(class: &str, name: &str) -> String {
    let stem = class.trim_start_matches('_');
    if !name.starts_with("__") || name.ends_with("__") || stem.is_empty() {
        name.into()
    } else {
        format!("_{stem}{name}")
    }
}

fn has_payload_dict(layout: crate::object::Layout) -> bool {
    use crate::object::Layout::*;
    matches!(layout, Exception | Module | Function | Type)
}
