//! Attribute look-up: in classes through a per-thread cache, in instances through shapes, and the generic rules of
//! `object.__getattribute__` and `object.__setattr__`.

use std::cell::Cell;
use std::sync::atomic::Ordering;

use crate::context::{Context, Thread};
use crate::exceptions::Kind;
use crate::memory::{CellWord, Header, Memory, Section};
use crate::object::{self, Obj, Object, R, Raise, Slot, Val};
use crate::shapes::Keys;
use crate::types::str::to_text;
use crate::types::{TypeObj, dict, tuple};
use crate::value::Word;

const CACHE_SIZE: usize = 2048;

/// What look-ups in classes found lately. Owner thread only; an entry is valid while its version is the class's.
pub struct MethodCache {
    entries: [Cell<Entry>; CACHE_SIZE],
}

#[derive(Clone, Copy)]
struct Entry {
    name: usize,
    version: u32,
    /// NULL: the class has no such attribute.
    value: Word,
}

impl MethodCache {
    /// An empty cache.
    pub fn new() -> Box<MethodCache> {
        const EMPTY: Cell<Entry> = Cell::new(Entry { name: 0, version: 0, value: Word::NULL });
        Box::new(MethodCache { entries: [EMPTY; CACHE_SIZE] })
    }

    #[inline(always)]
    fn slot(&self, name: usize, version: u32) -> &Cell<Entry> {
        &self.entries[((name >> 4) ^ (version as usize).wrapping_mul(61)) & (CACHE_SIZE - 1)]
    }
}

/// The attribute `name` (interned) of a class or its bases, unbound.
#[inline]
pub fn in_class<'a, M: Memory>(ctx: &'a Context<M>, class: &'a TypeObj<M>, name: &Obj<M>) -> Option<Val<'a, M>> {
    let version = ctx.interp.shapes.version(class.body.root_shape).load(Ordering::Acquire);
    let at = name.word().address() as usize;
    let slot = ctx.method_cache.slot(at, version);
    let entry = slot.get();
    let value = if entry.name == at && entry.version == version {
        entry.value
    } else {
        let value = in_class_slow(ctx, class, name);
        slot.set(Entry { name: at, version, value });
        value
    };
    // SAFETY: the version was the class's just now, so the class still held the value then; a later change cannot
    // free it before this thread's next poll.
    if value == Word::NULL { None } else { Some(unsafe { Val::new(value) }) }
}

#[inline(never)]
fn in_class_slow<M: Memory>(ctx: &Context<M>, class: &TypeObj<M>, name: &Obj<M>) -> Word {
    let Some(mro) = class.body.mro.get(ctx) else { return Word::NULL };
    for base in tuple::items(&mro) {
        // SAFETY: an MRO holds classes only.
        let base = unsafe { base.cast_unchecked::<crate::types::Type<M>>() };
        if let Some(value) = dict::get_str(ctx, &base.body.dict, name) {
            return value.word().as_uncounted_if_ptr();
        }
    }
    Word::NULL
}

impl Word {
    /// An uncounted view of any word.
    #[inline(always)]
    pub fn as_uncounted_if_ptr(self) -> Word {
        if self.is_ptr() { self.as_uncounted() } else { self }
    }
}

/// Where an instance keeps its attributes.
pub enum Home<'a, M: Memory> {
    /// It has none of its own.
    Nowhere,
    /// In the dict of this slot (which may still be empty); the payload owns the slot.
    Dict(&'a Slot<M>),
    /// In its attribute area: cells, and which of them is the dict's.
    Area(&'a [M::Cell], usize),
}

/// The home of an object's attributes.
pub fn home<'a, M: Memory>(ctx: &'a Context<M>, obj: &'a Obj<M>) -> Home<'a, M> {
    if !obj.word().is_ptr() {
        return Home::Nowhere;
    }
    let at = obj.word().address();
    let class = &ctx.class_of_word(obj.word()).body;
    // SAFETY: (both) the class's operations and area fit its object, which is borrowed as long as the result.
    unsafe {
        if let Some(i) = class.dict_index {
            return Home::Area(object::area::<M>(at, class), i as usize);
        }
        let slot = (class.ops.dict)(at);
        if slot.is_null() { Home::Nowhere } else { Home::Dict(&*slot.cast::<Slot<M>>()) }
    }
}

/// The attribute `name` that the instance itself has.
pub fn in_instance<M: Memory>(ctx: &Context<M>, obj: &Obj<M>, name: &Obj<M>) -> Option<Obj<M>> {
    match home(ctx, obj) {
        Home::Nowhere => None,
        Home::Dict(slot) => {
            let dict = slot.get(ctx)?;
            dict::get_str(ctx, &dict, name).map(|v| v.own())
        }
        Home::Area(cells, dict_index) => loop {
            let shape = obj.shape();
            if let Some(keys) = ctx.interp.shapes.keys(shape)
                && let Some(i) = keys.find(name.word().address() as usize)
            {
                let word = Word(cells[i as usize].load());
                if word != Word::NULL {
                    // SAFETY: just loaded; owned before the next poll.
                    return Some(unsafe { Val::<M>::new(word) }.own());
                }
                if obj.shape() != shape {
                    continue; // the attributes moved to a dict meanwhile
                }
                return None;
            }
            let word = Word(cells[dict_index].load());
            if word == Word::NULL {
                if obj.shape() != shape {
                    continue;
                }
                return None;
            }
            // SAFETY: just loaded.
            let dict = unsafe { Val::<M>::new(word) };
            return dict::get_str(ctx, &dict, name).map(|v| v.own());
        },
    }
}

/// `obj.name` by the rules of `object.__getattribute__`; `None` when there is no such attribute.
pub fn generic_get_opt<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, name: &Obj<M>) -> Result<Option<Obj<M>>, Raise> {
    let class = t.class_of(obj).to_obj();
    // SAFETY: a class.
    let class = unsafe { class.cast_unchecked::<crate::types::Type<M>>() };
    let descriptor = in_class(t, class, name).map(|v| v.own());
    let mut get = None;
    if let Some(d) = &descriptor {
        let slots = &t.class_of(d).body.slots;
        get = slots.descr_get.get();
        if let (Some(get), Some(_)) = (get, slots.descr_set.get()) {
            return get(t, d, Some(obj), class).map(Some);
        }
    }
    if let Some(value) = in_instance(t, obj, name) {
        return Ok(Some(value));
    }
    match (descriptor, get) {
        (Some(d), Some(get)) => get(t, &d, Some(obj), class).map(Some),
        (d, _) => Ok(d),
    }
}

/// `object.__getattribute__`
pub fn generic_get<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, name: &Obj<M>) -> R<M> {
    match generic_get_opt(t, obj, name)? {
        Some(value) => Ok(value),
        None => Err(no_attribute(t, obj, name)),
    }
}

/// The `AttributeError` of a missing attribute.
#[cold]
pub fn no_attribute<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, name: &Obj<M>) -> Raise {
    let text = to_text(name);
    let message = if let Some(class) = obj.cast::<crate::types::Type<M>>() {
        format!("type object '{}' has no attribute '{text}'", class.body.short_name)
    } else if obj.shape() == crate::types::ids::MODULE {
        let module = crate::types::module::name(t, obj);
        format!("module '{module}' has no attribute '{text}'")
    } else {
        format!("'{}' object has no attribute '{text}'", t.class_name(obj))
    };
    t.raise_attribute_error(message, obj, name)
}

/// `object.__setattr__` and `object.__delattr__`.
pub fn generic_set<M: Memory>(
    t: &mut Thread<M>,
    obj: &Obj<M>,
    name: &Obj<M>,
    value: Option<&Obj<M>>,
) -> Result<(), Raise> {
    let descriptor = in_class(t, t.class_of(obj), name).map(|v| v.own());
    if let Some(d) = &descriptor
        && let Some(set) = t.class_of(d).body.slots.descr_set.get()
    {
        return set(t, d, obj, value);
    }
    let done = match value {
        Some(value) => set_in_instance(t, obj, name, value)?,
        None => del_in_instance(t, obj, name),
    };
    if done {
        return Ok(());
    }
    let text = to_text(name);
    let class = t.class_name(obj);
    let message = match (matches!(home(t, obj), Home::Nowhere), descriptor.is_some(), value.is_some()) {
        (true, true, _) => format!("'{class}' object attribute '{text}' is read-only"),
        (true, false, true) => {
            format!("'{class}' object has no attribute '{text}' and no __dict__ for setting new attributes")
        }
        _ => format!("'{class}' object has no attribute '{text}'"),
    };
    Err(t.raise_attribute_error(message, obj, name))
}

/// Sets an attribute of the instance itself; false when it has no place for attributes.
fn set_in_instance<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, name: &Obj<M>, value: &Obj<M>) -> Result<bool, Raise> {
    match home(t, obj) {
        Home::Nowhere => return Ok(false),
        Home::Dict(_) => {}
        Home::Area(cells, _) => {
            let head = obj.head().expect("an object with an area is a pointer");
            let section = Section::enter(t, head);
            let shape = head.shape();
            if let Some(keys) = t.interp.shapes.keys(shape) {
                let known = keys.find(name.word().address() as usize);
                let grown = if known.is_none() && usable(keys, shape, t, obj) {
                    t.interp.shapes.successor(shape, name.word().address() as usize)
                } else {
                    None
                };
                let index = known.or_else(|| grown.and_then(|n| t.interp.shapes.keys(n)?.entries.last().map(|e| e.1)));
                if let Some(i) = index {
                    // SAFETY: the cell belongs to the object; the word is owned; inside the section.
                    let old = unsafe { M::store(t, head, &cells[i as usize], value.clone().into_word()) };
                    if let Some(n) = grown {
                        head.set_shape(n);
                    }
                    drop(section);
                    if old != Word::NULL {
                        // SAFETY: `store` handed the old word over.
                        drop(unsafe { Obj::<M>::from_word(old) });
                    }
                    return Ok(true);
                }
            }
        }
    }
    let Some(dict) = instance_dict(t, obj) else { return Ok(false) };
    dict::set_str(t, &dict, name.clone(), value.clone());
    Ok(true)
}

/// May an object of this shape still put attributes into its area (it has no dict yet)?
fn usable<M: Memory>(_keys: &Keys, shape: u32, ctx: &Context<M>, obj: &Obj<M>) -> bool {
    ctx.class_of_word(obj.word()).body.dict_shape.load(Ordering::Acquire) != shape
}

fn del_in_instance<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, name: &Obj<M>) -> bool {
    if in_instance(t, obj, name).is_none() {
        return false;
    }
    // Deletion is rare: the attributes move to a dict, so that shapes only ever grow.
    let Some(dict) = instance_dict(t, obj) else { return false };
    dict::del_str(t, &dict, name).is_some()
}

/// The instance's `__dict__`, made (and the attributes moved into it) when it was not asked for before.
pub fn instance_dict<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> Option<Obj<M>> {
    match home(t, obj) {
        Home::Nowhere => None,
        Home::Dict(slot) => {
            if let Some(dict) = slot.get(t) {
                return Some(dict.own());
            }
            let fresh = dict::new(t);
            let head = obj.head().expect("an object with a dict is a pointer");
            let section = Section::enter(t, head);
            if let Some(dict) = slot.get(t) {
                return Some(dict.own());
            }
            let old = slot.set(&section, head, fresh.clone());
            debug_assert!(old.is_none());
            Some(fresh)
        }
        Home::Area(cells, dict_index) => Some(materialize(t, obj, cells, dict_index)),
    }
}

fn materialize<M: Memory>(t: &Thread<M>, obj: &Obj<M>, cells: &[M::Cell], dict_index: usize) -> Obj<M> {
    let head = obj.head().expect("an object with an area is a pointer");
    let own = |word: Word| {
        // SAFETY: loaded just now inside the section.
        unsafe { Val::<M>::new(word) }.own()
    };
    let dict_shape = dict_shape(t, t.class_of(obj));
    let fresh = dict::new(t);
    let section = Section::enter(t, head);
    let present = Word(cells[dict_index].load());
    if present != Word::NULL {
        return own(present);
    }
    let keys = t.interp.shapes.keys(head.shape());
    let mut moved = Vec::new();
    for &(name, i) in keys.map_or(&[][..], |k| &k.entries) {
        let word = Word(cells[i as usize].load());
        if word != Word::NULL {
            let key = own(Word::uncounted(name as *const u8));
            dict::set_fresh(t, &fresh, key, own(word));
            moved.push(i);
        }
    }
    // SAFETY: the cell belongs to the object; inside the section.
    unsafe { M::store(t, head, &cells[dict_index], fresh.clone().into_word()) };
    head.set_shape(dict_shape);
    let old: Vec<Obj<M>> = moved
        .into_iter()
        .map(|i| {
            let word = Word(cells[i as usize].load());
            cells[i as usize].store(Word::NULL.0);
            // SAFETY: the cell owned the word and has forgotten it.
            unsafe { Obj::from_word(word) }
        })
        .collect();
    drop(section);
    drop(old);
    fresh
}

/// Replaces the instance's `__dict__`.
pub fn set_instance_dict<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, dict: Obj<M>) {
    let _ = instance_dict(t, obj);
    let old = match home(t, obj) {
        Home::Nowhere => return,
        Home::Dict(slot) => {
            let head = obj.head().expect("an object with a dict is a pointer");
            slot.set(&Section::enter(t, head), head, dict)
        }
        Home::Area(cells, i) => {
            let head = obj.head().expect("an object with an area is a pointer");
            let _section = Section::<M>::enter(t, head);
            // SAFETY: the cell belongs to the object; inside the section; `store` hands the old word over.
            unsafe { Some(Obj::from_word(M::store(t, head, &cells[i], dict.into_word()))) }
        }
    };
    drop(old);
}

/// The shape of instances of a class whose attributes live in a dict.
pub fn dict_shape<M: Memory>(ctx: &Context<M>, class: &TypeObj<M>) -> u32 {
    let known = class.body.dict_shape.load(Ordering::Acquire);
    if known != 0 {
        return known;
    }
    let mut made = class.body.shapes_made.lock();
    let known = class.body.dict_shape.load(Ordering::Acquire);
    if known != 0 {
        return known;
    }
    let n = ctx.interp.shapes.reserve().unwrap_or(class.body.root_shape);
    if n != class.body.root_shape {
        ctx.interp.shapes.define(n, class, Keys::default());
        let version = ctx.interp.shapes.version(class.body.root_shape).load(Ordering::Acquire);
        ctx.interp.shapes.version(n).store(version, Ordering::Release);
        made.push(n);
    }
    class.body.dict_shape.store(n, Ordering::Release);
    n
}

/// The class changed: no cache entry about it or its subclasses holds any longer.
pub fn invalidate<M: Memory>(ctx: &Context<M>, class: &TypeObj<M>) {
    let shapes = &ctx.interp.shapes;
    let version = shapes.new_version();
    let made = class.body.shapes_made.lock();
    shapes.version(class.body.root_shape).store(version, Ordering::Release);
    for &shape in made.iter() {
        shapes.version(shape).store(version, Ordering::Release);
    }
    drop(made);
    let subclasses = class.body.subclasses.lock().clone();
    for word in subclasses {
        // SAFETY: a listed subclass is alive: dead ones are taken off with the world stopped.
        let subclass = unsafe { &*word.address().cast::<TypeObj<M>>() };
        invalidate(ctx, subclass);
    }
}

/// A class became one of descriptors, or a metaclass changed: caches about classes that hold its instances, or are its
/// instances, hold no longer. Rare, so all classes are taken for changed.
pub fn invalidate_holders<M: Memory>(t: &Thread<M>) {
    invalidate(t, t.builtin(crate::types::ids::Builtin::Object));
}

impl<M: Memory> Context<M> {
    /// The class of a word.
    #[inline]
    pub fn class_of_word(&self, word: Word) -> &TypeObj<M> {
        self.interp.class_of(word)
    }
}

impl<M: Memory> Thread<M> {
    /// A special method of the class, bound; `None` when there is none.
    pub fn lookup_special(&mut self, obj: &Obj<M>, name: &str) -> Result<Option<Obj<M>>, Raise> {
        let name = self.intern(name);
        let class = self.class_of(obj).to_obj();
        // SAFETY: a class.
        let class = unsafe { class.cast_unchecked::<crate::types::Type<M>>() };
        let Some(found) = in_class(self, class, &name).map(|v| v.own()) else { return Ok(None) };
        match self.class_of(&found).body.slots.descr_get.get() {
            Some(get) => get(self, &found, Some(obj), class).map(Some),
            None => Ok(Some(found)),
        }
    }

    /// `TypeError` unless the name is a string.
    pub fn attribute_name(&mut self, name: &Obj<M>) -> R<M> {
        if crate::types::str::view(name).is_none() {
            let class = self.class_name(name);
            return Err(self.raise(Kind::TypeError, format!("attribute name must be string, not '{class}'")));
        }
        Ok(self.intern_obj(name))
    }
}

impl<M: Memory, P> Object<M, P> {
    /// Enters this object's critical section.
    #[inline(always)]
    pub fn section<'a>(&'a self, ctx: &'a Context<M>) -> Section<'a, M> {
        Section::enter(ctx, &self.head)
    }
}
