//! Where attributes are, without running anything: what the inline caches of attributes are filled from, and a table of
//! each thread that remembers it for instructions that see objects of many shapes.

use std::cell::Cell;
use std::sync::atomic::Ordering;

use crate::context::{Context, Thread};
use crate::lookup;
use crate::memory::{Header, Memory};
use crate::object::{Layout, Obj, R};
use crate::types::class::{as_class, type_getattr};
use crate::types::special::Name;
use crate::types::{Type, TypeObj, descriptors, ids, native};
use crate::value::Word;

pub(super) const fn key(shape: u32, version: u32) -> u64 {
    shape as u64 | (version as u64) << 32
}

/// Where an attribute is found, for caches. Words are uncounted: the class holds what they name as long as its version
/// stands.
#[derive(Clone, Copy)]
pub(super) enum Place {
    /// A cell at this byte offset.
    Slot(usize),
    /// As `Slot`, of a class with `__slots__`: it may be empty.
    Member(usize),
    /// In the class, nothing to bind.
    Class(Word),
    /// A function in the class (or in the class of a class) that gets the object as its first argument.
    Function(Word),
    /// A function that gets the object's class as its first argument.
    OfClass(Word),
    /// A property, whose getter and setter are asked for when they are needed.
    Property(Word),
    /// An object whose class has a `__get__` in Python.
    Descriptor(Word),
    Unknown,
}

const PLACES: usize = 1024;

/// What [`place`] found lately, by shape, version and name: an instruction that sees objects of several shapes in turn
/// finds here what its own cache, which holds one, has just forgotten. Owner thread only.
pub struct Places {
    entries: [Cell<Found>; PLACES],
}

#[derive(Clone, Copy)]
struct Found {
    cache: u64,
    name: usize,
    place: Place,
}

impl Places {
    /// An empty table.
    pub fn new() -> Box<Places> {
        const EMPTY: Cell<Found> = Cell::new(Found { cache: 0, name: 0, place: Place::Unknown });
        Box::new(Places { entries: [EMPTY; PLACES] })
    }

    #[inline(always)]
    fn entry(&self, cache: u64, name: usize) -> &Cell<Found> {
        let mixed = (name >> 4) ^ (cache as usize).wrapping_mul(61) ^ (cache >> 32) as usize;
        &self.entries[mixed & (PLACES - 1)]
    }
}

/// The `__init__` in Python of a class whose instances are plain objects: calling the class is a call of that function.
pub fn plain_init<M: Memory>(t: &Thread<M>, class: &crate::types::TypeObj<M>) -> Option<Word> {
    if class.body.has(crate::types::flags::ABSTRACT) {
        return None;
    }
    // Kept where places of attributes are, under the instances' shape and a name that no attribute has.
    let shape = class.body.root_shape;
    let cache = key(shape, t.interp.shapes.version(shape).load(Ordering::Acquire));
    let entry = t.places.entry(cache, CALL);
    let found = entry.get();
    let place = if found.cache == cache && found.name == CALL {
        found.place
    } else {
        let place = find_init(t, class).map_or(Place::Unknown, Place::Function);
        entry.set(Found { cache, name: CALL, place });
        place
    };
    if let Place::Function(word) = place { Some(word) } else { None }
}

/// Stands for a name in [`Places`]: what calling the class does.
const CALL: usize = 1;

#[inline(never)]
fn find_init<M: Memory>(t: &Thread<M>, class: &crate::types::TypeObj<M>) -> Option<Word> {
    let object = t.builtin(ids::Builtin::Object);
    let plain_new = class.body.slots.new.same(&object.body.slots.new);
    if !plain_new || class.body.ops.layout != crate::object::Layout::Object {
        return None;
    }
    let name = t.interp.specials.name(crate::types::special::Name::Init);
    let init = lookup::in_class(t, class, &name)?;
    if init.shape() == ids::FUNCTION { Some(init.word().as_uncounted()) } else { None }
}

/// Looks where `obj.name` is, without running anything.
#[inline]
pub(super) fn place<M: Memory>(t: &Thread<M>, obj: &Obj<M>, name: &Obj<M>) -> (Place, u64) {
    let Some(head) = obj.head() else { return (Place::Unknown, 0) };
    let shape = head.shape();
    let version = t.interp.shapes.version(shape).load(Ordering::Acquire);
    let (cache, at) = (key(shape, version), name.word().address() as usize);
    let entry = t.places.entry(cache, at);
    let found = entry.get();
    if found.cache == cache && found.name == at {
        return (found.place, cache);
    }
    let place = find_place(t, obj, shape, name);
    if let Some(place) = place {
        entry.set(Found { cache, name: at, place });
    }
    (place.unwrap_or(Place::Unknown), cache)
}

/// As [`place`]; `None` when the answer is not the same for all objects of the shape.
#[inline(never)]
fn find_place<M: Memory>(t: &Thread<M>, obj: &Obj<M>, shape: u32, name: &Obj<M>) -> Option<Place> {
    let class = t.class_of(obj);
    let generic: fn(&mut Thread<M>, &Obj<M>, &Obj<M>) -> R<M> = lookup::generic_get;
    if !class.body.slots.getattr.get().is_none_or(|f| std::ptr::fn_addr_eq(f, generic)) {
        return Some(Place::Unknown);
    }
    // SAFETY: the operations fit the object.
    if class.body.area_words != 0 && unsafe { (class.body.ops.tail)(obj.word().address()) } != 0 {
        return None; // where the attributes begin depends on the object
    }
    let offset = |i: u16| class.body.ops.size + 8 * i as usize;
    let found = lookup::in_class(t, class, name);
    let keys = t.interp.shapes.keys(shape);
    let own = keys.and_then(|k| k.find(name.word().address() as usize));
    if let Some(d) = &found {
        if let Some(member) = d.exact::<descriptors::Member<M>>() {
            // A member may have been put into a class that it does not belong to: then it refuses.
            let fits = t.is_subclass(class, as_class(member.body.class()));
            return Some(if fits { Place::Member(offset(member.body.index())) } else { Place::Unknown });
        }
        if d.shape() == ids::PROPERTY {
            return Some(Place::Property(d.word().as_uncounted()));
        }
        if t.class_of(d).body.slots.descr_set.get().is_some() {
            return Some(in_python(t, d));
        }
    }
    if let Some(i) = own {
        return Some(Place::Slot(offset(i)));
    }
    let in_dict = shape == class.body.dict_shape.load(Ordering::Acquire) && shape != 0;
    // SAFETY: as above.
    let payload_dict = unsafe { !(class.body.ops.dict)(obj.word().address()).is_null() };
    Some(match found {
        Some(d) if !in_dict && !payload_dict => in_class(t, class, &d),
        _ => Place::Unknown,
    })
}

/// What an attribute `d` of its class, which is no data descriptor, is to an instance.
fn in_class<M: Memory>(t: &Thread<M>, class: &TypeObj<M>, d: &Obj<M>) -> Place {
    let word = d.word().as_uncounted_if_ptr();
    match d.shape() {
        ids::FUNCTION => Place::Function(word),
        ids::METHOD_DESCRIPTOR if native::belongs(t, d, class) => Place::Function(word),
        ids::STATICMETHOD | ids::CLASSMETHOD => match descriptors::wrapped_word(t, d) {
            Some((f, true)) => Place::OfClass(f),
            Some((f, false)) => Place::Class(f),
            None => Place::Unknown,
        },
        _ if t.class_of(d).body.slots.descr_get.get().is_none() => Place::Class(word),
        _ => in_python(t, d),
    }
}

/// A descriptor whose `__get__` is a function in Python.
fn in_python<M: Memory>(t: &Thread<M>, d: &Obj<M>) -> Place {
    if getter(t, d.word()).is_some() { Place::Descriptor(d.word().as_uncounted()) } else { Place::Unknown }
}

/// The `__get__` of the class of `descriptor`, if it is a function in Python.
#[inline]
pub(super) fn getter<M: Memory>(ctx: &Context<M>, descriptor: Word) -> Option<Word> {
    if !descriptor.is_ptr() {
        return None;
    }
    let name = ctx.interp.specials.name(Name::Get);
    let f = lookup::in_class(ctx, ctx.class_of_word(descriptor), &name)?;
    if f.shape() == ids::FUNCTION { Some(f.word()) } else { None }
}

// ---- Attributes of classes themselves.

/// Does a cache of [`class_place`] hold for the object behind `word`?
#[inline(always)]
pub(super) fn class_hit<M: Memory>(ctx: &Context<M>, word: Word, cached: u64) -> bool {
    if !word.is_ptr() {
        return false;
    }
    // SAFETY: a pointer word in a register is valid; a class is what its shape or the layout of its class says.
    unsafe {
        let shape = (*word.address().cast::<M::Header>()).shape();
        if shape != ids::TYPE && ctx.interp.shapes.class(shape).body.ops.layout != Layout::Type {
            return false;
        }
        let root = (*word.address().cast::<TypeObj<M>>()).body.root_shape;
        root == cached as u32 && ctx.interp.shapes.version(root).load(Ordering::Acquire) == (cached >> 32) as u32
    }
}

/// Looks where `class.name` is, `obj` being a class, without running anything: `Class` or `Function`.
pub(super) fn class_place<M: Memory>(t: &Thread<M>, obj: &Obj<M>, name: &Obj<M>) -> (Place, u64) {
    let Some(class) = obj.cast::<Type<M>>() else { return (Place::Unknown, 0) };
    let root = class.body.root_shape;
    // Odd: what instances find under this name is something else. A change of a metaclass is one of all classes.
    let version = t.interp.shapes.version(root).load(Ordering::Acquire);
    let (cache, at) = (key(root, version), name.word().address() as usize | 1);
    let entry = t.places.entry(cache, at);
    let found = entry.get();
    if found.cache == cache && found.name == at {
        return (found.place, cache);
    }
    let place = find_class_place(t, obj, class, name);
    entry.set(Found { cache, name: at, place });
    (place, cache)
}

#[inline(never)]
fn find_class_place<M: Memory>(t: &Thread<M>, obj: &Obj<M>, class: &TypeObj<M>, name: &Obj<M>) -> Place {
    let meta = t.class_of(obj);
    let plain: fn(&mut Thread<M>, &Obj<M>, &Obj<M>) -> R<M> = type_getattr;
    if !meta.body.slots.getattr.get().is_some_and(|f| std::ptr::fn_addr_eq(f, plain)) {
        return Place::Unknown;
    }
    let of_meta = lookup::in_class(t, meta, name);
    if of_meta.as_ref().is_some_and(|d| t.class_of(d).body.slots.descr_set.get().is_some()) {
        return Place::Unknown;
    }
    let Some(d) = lookup::in_class(t, class, name) else {
        // A method of the metaclass, or a value there.
        return of_meta.map_or(Place::Unknown, |d| match in_class(t, meta, &d) {
            place @ (Place::Function(_) | Place::Class(_)) => place,
            _ => Place::Unknown,
        });
    };
    let word = d.word().as_uncounted_if_ptr();
    match d.shape() {
        // Asked of a class, these give themselves.
        ids::FUNCTION | ids::METHOD_DESCRIPTOR | ids::WRAPPER_DESCRIPTOR | ids::PROPERTY | ids::MEMBER => {
            Place::Class(word)
        }
        ids::STATICMETHOD | ids::CLASSMETHOD => match descriptors::wrapped_word(t, &d) {
            Some((f, true)) => Place::Function(f),
            Some((f, false)) => Place::Class(f),
            None => Place::Unknown,
        },
        _ if t.class_of(&d).body.slots.descr_get.get().is_none() => Place::Class(word),
        _ => Place::Unknown,
    }
}
