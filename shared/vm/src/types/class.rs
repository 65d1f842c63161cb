//! `type`: making classes, linearising their bases (C3), their attributes, calling them.

use std::sync::atomic::{AtomicU32, Ordering};

use crate::args::{Args, Call};
use crate::context::{Context, Thread};
use crate::exceptions::Kind;
use crate::lookup;
use crate::memory::{Memory, Section};
use crate::object::{Held, Obj, R, Raise, Slot};
use crate::shapes::Keys;
use crate::types::build::{Builder, Plain};
use crate::types::ids::{self, Builtin};
use crate::types::str::to_text;
use crate::types::{Slots, Type, TypeObj, descriptors, dict, flags, native, object, special, tuple};
use crate::value::Word;

/// Views an object that is known to be a class.
///
/// # Panics
/// In debug builds when it is none.
pub fn as_class<M: Memory>(obj: &Obj<M>) -> &TypeObj<M> {
    debug_assert!(obj.cast::<Type<M>>().is_some());
    // SAFETY: the callers hold what stands in MROs, bases and shapes: classes only.
    unsafe { obj.cast_unchecked() }
}

/// Completes a class whose namespace is filled: MRO, inherited slots and flags, shapes, the bases' lists, and
/// immortality (classes are never freed so far).
pub fn ready<M: Memory>(t: &mut Thread<M>, class: &Obj<M>, bases: &[Obj<M>]) {
    let c = as_class(class);
    crate::code::lasting(t, class.clone());
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
    inherit(t, c);
}

fn set_mro<M: Memory>(t: &mut Thread<M>, c: &TypeObj<M>, mro: Vec<Obj<M>>) {
    let mro = tuple::from_vec(t, mro);
    let old = c.body.mro.set(&Section::enter(t, &c.head), &c.head, mro);
    drop(old);
}

/// Takes slots and flags from the MRO.
pub fn inherit<M: Memory>(t: &mut Thread<M>, c: &TypeObj<M>) {
    let mro = c.body.mro.get(t).map(|m| m.own()).expect("set before");
    let own_hash = c.body.slots.hash.get().is_some();
    let own_compare = c.body.slots.compare.get().is_some();
    // A class of the program has some slots from native ones, which may stand behind other bases.
    let native = |class: &&TypeObj<M>| !class.body.has(flags::HEAP);
    let natives: Vec<_> =
        tuple::items(&mro).iter().map(as_class).filter(native).map(|class| &class.body.slots).collect();
    for base in tuple::items(&mro).iter().skip(1) {
        let base = as_class(base);
        let unhashable = own_compare && !own_hash;
        if base.body.has(flags::HEAP) {
            c.body.slots.inherit_own(&base.body.slots, &natives);
        } else {
            c.body.slots.inherit(&base.body.slots);
        }
        if unhashable {
            c.body.slots.hash.set(None);
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

fn mro_error<M: Memory>(t: &mut Thread<M>, class: &Obj<M>, bases: &[Obj<M>]) -> Raise {
    let bases = merge(t, class, bases).err().unwrap_or_default();
    let names: Vec<_> = bases.iter().map(|b| as_class(b).body.short_name.to_string()).collect();
    let message = "Cannot create a consistent method resolution order (MRO) for bases ";
    t.raise(Kind::TypeError, format!("{message}{}", names.join(", ")))
}

/// The base whose layout the instances take: the one whose layout extends all others'.
fn best_base<M: Memory>(t: &mut Thread<M>, bases: &[Obj<M>]) -> R<M> {
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
    special::fill_slots(t, as_class(&class));
    finish(t, &class, &own, call)?;
    Ok(class)
}

/// A metaclass may define `mro()`.
fn custom_mro<M: Memory>(t: &mut Thread<M>, meta: &TypeObj<M>, class: &Obj<M>) -> Result<(), Raise> {
    let name = t.intern("mro");
    let found = lookup::in_class(t, meta, &name).map(|v| v.own());
    let Some(f) = found.filter(|f| f.shape() == ids::FUNCTION) else { return Ok(()) };
    let list = t.call(&f, std::slice::from_ref(class))?;
    let mro = t.collect(&list)?;
    let c = as_class(class);
    set_mro(t, c, mro);
    inherit(t, c);
    Ok(())
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

// ---- The attributes of classes.

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

// ---- Calling classes.

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

// ---- The namespace of `type`.

/// `module.qualname` without `builtins.`.
pub fn full_name<M: Memory>(t: &mut Thread<M>, class: &TypeObj<M>) -> String {
    let key = t.intern("__module__");
    let module = dict::get_str(t, &class.body.dict, &key).map(|m| to_text(&m).into_owned()).unwrap_or_default();
    let qualname = class.body.qualname.get(t).map(|q| to_text(&q).into_owned()).unwrap_or_default();
    if module.is_empty() || module == "builtins" { qualname } else { format!("{module}.{qualname}") }
}

fn repr<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
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
    // SAFETY: listed subclasses are alive.
    let list = words.iter().map(|w| unsafe { (*w.address().cast::<TypeObj<M>>()).to_obj() }).collect();
    Ok(crate::types::list::from_vec(t, list))
}

fn set_bases<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, value: Option<&Obj<M>>) -> Result<(), Raise> {
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
    Ok(())
}

fn prepare<M: Memory>(t: &mut Thread<M>, _: Args<'_, M>) -> R<M> {
    Ok(dict::new(t))
}

fn mro_method<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let class = t.expect_class(&args[0], "mro() argument")?;
    let bases = class.body.bases.get(t).map(|b| tuple::items(&b).to_vec()).unwrap_or_default();
    match linearise(t, &args[0], &bases) {
        Some(list) => Ok(crate::types::list::from_vec(t, list)),
        None => Err(mro_error(t, &args[0], &bases)),
    }
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
