//! Attributes and names with inline caches: the slow paths that fill the cache words behind an instruction.
//!
//! | specialised form | first cache word | second cache word |
//! |---|---|---|
//! | `LoadAttrSlot`, `StoreAttrSlot` | shape, version | byte offset of the cell; when storing, [`MAY_BE_EMPTY`] |
//! | `StoreAttrNew` | shape, version | byte offset (low half), next shape (high half) |
//! | `LoadAttrClass`, `LoadMethodCached`, `LoadMethodPlain`, `LoadMethodOfClass` | shape, version | the value, uncounted |
//! | `LoadMethodSlot` | shape, version | byte offset of the cell |
//! | `LoadAttrProperty`, `StoreAttrProperty` | shape, version | the property, uncounted |
//! | `LoadAttrDescriptor` | shape, version | the descriptor, uncounted |
//! | `LoadAttrOnClass`, `LoadMethodOnClass`, `LoadMethodOnClassPlain` | root shape of the class, its version | the value, uncounted |
//! | `LoadAttrModule`, `LoadMethodModule` | | entry in the module's dict |
//! | `LoadGlobalCached` | entry, or the version of the globals' keys | 0: entry of the globals; else 1 + entry of the built-in names |
//!
//! A cache belongs to whoever the model gives the instructions to. A value in a cache is not counted: it is used only
//! while the class's version says that the class still holds it. What a property or a descriptor runs is asked of it each
//! time, and runs as a frame of the same loop ([`crate::interp::call::call_above`]).

use std::sync::atomic::Ordering;

use crate::context::{Context, Thread};
use crate::counters::Event;
use crate::exceptions::Kind;
use crate::interp::frame::Frame;
use crate::interp::places::{Place, class_place, key, place};
use crate::lookup;
use crate::memory::{CellWord, Header, Memory, Section};
use crate::object::{Obj, R, Raise, Val};
use crate::types::dict::Dict;
use crate::types::str::to_text;
use crate::types::{Type, descriptors, dict, ids, module, native};
use crate::value::Word;
use parallax_front::Op;

/// Rewrites the opcode of the instruction at `pc`.
///
/// # Safety
/// `pc` is an instruction that this thread may specialise.
#[inline]
pub unsafe fn rewrite(pc: *mut u64, op: Op) {
    // SAFETY: by the caller's word; the opcode is the low half-word.
    unsafe { *pc.cast::<u16>() = op as u16 }
}

/// Fills the cache words behind `pc` and rewrites the opcode.
///
/// # Safety
/// As [`rewrite`]; the opcode has two cache words.
unsafe fn specialise(pc: *mut u64, op: Op, first: u64, second: u64) {
    // SAFETY: by the caller's word.
    unsafe {
        *pc.add(1) = first;
        *pc.add(2) = second;
        rewrite(pc, op);
    }
}

/// Bit of a `StoreAttrSlot`'s second cache word: the cell is that of a member of `__slots__`, which is stored to although
/// it holds nothing.
pub const MAY_BE_EMPTY: u64 = 1 << 63;

/// Where `name` stands in the dict of a module object.
#[inline(always)]
fn in_module<M: Memory>(t: &Thread<M>, obj: &Obj<M>, name: &Obj<M>) -> Option<usize> {
    if obj.shape() == ids::MODULE { find_in_module(t, obj, name) } else { None }
}

#[inline(never)]
fn find_in_module<M: Memory>(t: &Thread<M>, obj: &Obj<M>, name: &Obj<M>) -> Option<usize> {
    module::dict(obj).cast::<Dict<M>>()?.body.find_str(t, name)
}

/// `LoadAttr`: the value, and a cache for the next time.
///
/// # Safety
/// `pc` is the `LoadAttr` being executed.
#[inline(never)]
pub unsafe fn load_attr<M: Memory>(t: &mut Thread<M>, pc: *mut u64, obj: &Obj<M>, name: &Obj<M>) -> R<M> {
    t.count(Event::CacheMiss);
    if obj.is_null() {
        return Err(t.unbound_operand());
    }
    // SAFETY: (block) by the caller's word.
    unsafe {
        if let Some(i) = in_module(t, obj, name) {
            specialise(pc, Op::LoadAttrModule, 0, i as u64);
        } else {
            match place(t, obj, name) {
                (Place::Slot(offset) | Place::Member(offset), cache) => {
                    specialise(pc, Op::LoadAttrSlot, cache, offset as u64);
                    let word = Word((*obj.word().address().add(offset).cast::<M::Cell>()).load());
                    if word != Word::NULL {
                        return Ok(Val::<M>::new(word).own());
                    }
                }
                (Place::Class(word), cache) => {
                    specialise(pc, Op::LoadAttrClass, cache, word.0);
                    return Ok(Val::<M>::new(word).own());
                }
                (Place::Property(word), cache) if descriptors::property_function::<M>(word, false).is_some() => {
                    specialise(pc, Op::LoadAttrProperty, cache, word.0);
                }
                (Place::Descriptor(word), cache) => specialise(pc, Op::LoadAttrDescriptor, cache, word.0),
                (Place::Unknown, _) => {
                    if let (Place::Class(word), cache) = class_place(t, obj, name) {
                        specialise(pc, Op::LoadAttrOnClass, cache, word.0);
                        return Ok(Val::<M>::new(word).own());
                    }
                }
                _ => {}
            }
        }
    }
    t.getattr(obj, name)
}

impl Place {
    /// The form of `LoadMethod` for an instance, with its second cache word.
    fn on_instance(self) -> Option<(Op, Word)> {
        match self {
            Place::Function(f) => Some((Op::LoadMethodCached, f)),
            Place::Class(f) => Some((Op::LoadMethodPlain, f)),
            Place::OfClass(f) => Some((Op::LoadMethodOfClass, f)),
            Place::Slot(offset) | Place::Member(offset) => Some((Op::LoadMethodSlot, Word(offset as u64))),
            _ => None,
        }
    }

    /// The form of `LoadMethod` for a class, with its second cache word.
    fn on_class(self) -> Option<(Op, Word)> {
        match self {
            Place::Function(f) => Some((Op::LoadMethodOnClass, f)),
            Place::Class(f) => Some((Op::LoadMethodOnClassPlain, f)),
            _ => None,
        }
    }
}

/// `LoadMethod`: callable and receiver (`None`: no receiver).
///
/// # Safety
/// `pc` is the `LoadMethod` being executed.
#[inline(never)]
pub unsafe fn load_method<M: Memory>(
    t: &mut Thread<M>,
    pc: *mut u64,
    obj: &Obj<M>,
    name: &Obj<M>,
) -> Result<(Obj<M>, Option<Obj<M>>), Raise> {
    t.count(Event::CacheMiss);
    if obj.is_null() {
        return Err(t.unbound_operand());
    }
    if let Some(i) = in_module(t, obj, name) {
        // SAFETY: by the caller's word.
        unsafe { specialise(pc, Op::LoadMethodModule, 0, i as u64) };
        return t.getattr(obj, name).map(|f| (f, None));
    }
    let (found, cache) = match place(t, obj, name) {
        (Place::Unknown, _) => {
            let (found, cache) = class_place(t, obj, name);
            (found.on_class(), cache)
        }
        (found, cache) => (found.on_instance(), cache),
    };
    if let Some((op, word)) = found {
        // SAFETY: by the caller's word; the word was just found in the class.
        let f = unsafe {
            specialise(pc, op, cache, word.0);
            if op == Op::LoadMethodSlot { None } else { Some(Val::<M>::new(word).own()) }
        };
        match (op, f) {
            (Op::LoadMethodCached | Op::LoadMethodOnClass, Some(f)) => return Ok((f, Some(obj.clone()))),
            (Op::LoadMethodOfClass, Some(f)) => return Ok((f, Some(t.class_of(obj).to_obj()))),
            (_, Some(f)) => return Ok((f, None)),
            _ => {}
        }
    }
    // A function of the class needs no bound method even where nothing can be cached.
    let generic: fn(&mut Thread<M>, &Obj<M>, &Obj<M>) -> R<M> = lookup::generic_get;
    let class = t.class_of(obj);
    if class.body.slots.getattr.get().is_none_or(|f| std::ptr::fn_addr_eq(f, generic))
        && let Some(f) = lookup::in_class(t, class, name).map(|v| v.own())
        && (f.shape() == ids::FUNCTION || f.shape() == ids::METHOD_DESCRIPTOR && native::belongs(t, &f, class))
        && lookup::in_instance(t, obj, name).is_none()
    {
        return Ok((f, Some(obj.clone())));
    }
    t.getattr(obj, name).map(|f| (f, None))
}

/// `StoreAttr`: stores, and leaves a cache for the next time.
///
/// # Safety
/// `pc` is the `StoreAttr` being executed.
#[inline(never)]
pub unsafe fn store_attr<M: Memory>(
    t: &mut Thread<M>,
    pc: *mut u64,
    obj: &Obj<M>,
    name: &Obj<M>,
    value: &Obj<M>,
) -> Result<(), Raise> {
    t.count(Event::CacheMiss);
    if obj.is_null() || value.is_null() {
        return Err(t.unbound_operand());
    }
    let class = t.class_of(obj);
    let generic: fn(&mut Thread<M>, &Obj<M>, &Obj<M>, Option<&Obj<M>>) -> Result<(), Raise> = lookup::generic_set;
    let plain = class.body.slots.setattr.get().is_none_or(|f| std::ptr::fn_addr_eq(f, generic));
    let before = obj.shape();
    let cell = match place(t, obj, name) {
        (Place::Slot(offset), cache) if plain => Some((offset, false, cache)),
        (Place::Member(offset), cache) if plain => Some((offset, true, cache)),
        (Place::Property(d), cache) if plain => {
            // SAFETY: the place is an exact property; by the caller's word.
            unsafe {
                if descriptors::property_function::<M>(d, true).is_some() {
                    specialise(pc, Op::StoreAttrProperty, cache, d.0);
                }
            }
            None
        }
        _ => None,
    };
    if let Some((offset, may_be_empty, cache)) = cell {
        // SAFETY: by the caller's word; the object is of the shape that has a cell there as long as its section holds
        // the shape.
        let old = unsafe {
            let empty = if may_be_empty { MAY_BE_EMPTY } else { 0 };
            specialise(pc, Op::StoreAttrSlot, cache, offset as u64 | empty);
            let head = &*obj.word().address().cast::<M::Header>();
            let _section = Section::<M>::enter(t, head);
            let cell = &*obj.word().address().add(offset).cast::<M::Cell>();
            if (may_be_empty || Word(cell.load()) != Word::NULL) && head.shape() == before {
                let new = M::retain(t, value.word());
                Some(Obj::<M>::from_word(M::store(t, head, cell, new)))
            } else {
                None
            }
        };
        if old.is_some() {
            return Ok(());
        }
    }
    let may_grow = plain && before != 0 && lookup::in_class(t, class, name).is_none();
    let version = t.interp.shapes.version(before).load(Ordering::Acquire);
    t.setattr(obj, name, Some(value))?;
    let after = obj.shape();
    if may_grow && after != before {
        let class = t.class_of(obj);
        let keys = t.interp.shapes.keys(after);
        if let Some(&(last, i)) = keys.and_then(|k| k.entries.last())
            && last == name.word().address() as usize
        {
            let offset = class.body.ops.size + 8 * i as usize;
            // SAFETY: by the caller's word.
            unsafe { specialise(pc, Op::StoreAttrNew, key(before, version), offset as u64 | (after as u64) << 32) };
        }
    }
    Ok(())
}

/// `LoadGlobal`: the value, and a cache.
///
/// # Safety
/// `pc` is the instruction being executed, with two cache words.
#[inline(never)]
pub unsafe fn load_global<M: Memory>(t: &mut Thread<M>, pc: *mut u64, name: &Obj<M>, cached: Op) -> R<M> {
    t.count(Event::CacheMiss);
    let frame = Frame::current(t).expect("an instruction runs in a frame");
    let function = frame.function();
    let (globals, builtins) = ((*function.body.globals).clone(), (*function.body.builtins).clone());
    if let Some(g) = globals.exact::<Dict<M>>() {
        let version = g.body.keys_version(t);
        if let Some((i, value)) = g.body.find_value(t, name) {
            // SAFETY: by the caller's word.
            unsafe { specialise(pc, cached, i as u64, 0) };
            return Ok(value.own());
        }
        if let Some(b) = builtins.exact::<Dict<M>>()
            && let Some((i, value)) = b.body.find_value(t, name)
        {
            // SAFETY: by the caller's word.
            unsafe { specialise(pc, cached, version as u64, i as u64 + 1) };
            return Ok(value.own());
        }
    } else {
        if let Some(value) = dict::get(t, &globals, name)? {
            return Ok(value);
        }
    }
    if let Some(value) = dict::get(t, &builtins, name)? {
        return Ok(value);
    }
    let text = to_text(name).into_owned();
    Err(t.raise_name(Kind::NameError, &text, format!("name '{text}' is not defined")))
}

/// `LoadName`: the namespace of the frame first.
///
/// # Safety
/// As [`load_global`].
#[inline(never)]
pub unsafe fn load_name<M: Memory>(t: &mut Thread<M>, pc: *mut u64, name: &Obj<M>) -> R<M> {
    t.count(Event::CacheMiss);
    let frame = Frame::current(t).expect("an instruction runs in a frame");
    if let Some(namespace) = frame.namespace()
        && !namespace.is(&frame.function().body.globals)
    {
        if let Some(value) = from_namespace(t, &namespace, name)? {
            return Ok(value);
        }
        let mut scratch = [0u64; 3];
        // SAFETY: the cache goes nowhere: a namespace may hide the global the next time.
        return unsafe { load_global(t, scratch.as_mut_ptr(), name, Op::LoadName) };
    }
    // SAFETY: by the caller's word.
    unsafe { load_global(t, pc, name, Op::LoadGlobalCached) }
}

/// A name in a namespace that may be any mapping.
#[inline(never)]
pub fn from_namespace<M: Memory>(
    t: &mut Thread<M>,
    namespace: &Obj<M>,
    name: &Obj<M>,
) -> Result<Option<Obj<M>>, Raise> {
    if namespace.shape() == ids::DICT {
        return dict::get(t, namespace, name);
    }
    match t.getitem(namespace, name) {
        Ok(value) => Ok(Some(value)),
        Err(_) if t.raised_is(Kind::KeyError) => {
            t.clear_raised();
            Ok(None)
        }
        Err(e) => Err(e),
    }
}

/// `StoreName` and `DelName`.
#[inline(never)]
pub fn set_name<M: Memory>(t: &mut Thread<M>, name: &Obj<M>, value: Option<&Obj<M>>) -> Result<(), Raise> {
    let frame = Frame::current(t).expect("an instruction runs in a frame");
    let namespace = frame.namespace().unwrap_or_else(|| frame.globals());
    if namespace.shape() != ids::DICT {
        return t.setitem(&namespace, name, value).map_err(|e| {
            if value.is_none() && t.raised_is(Kind::KeyError) {
                t.clear_raised();
                return undefined(t, name);
            }
            e
        });
    }
    set_in(t, &namespace, name, value)
}

/// `StoreGlobal` and `DelGlobal`.
#[inline(never)]
pub fn set_global<M: Memory>(t: &mut Thread<M>, name: &Obj<M>, value: Option<&Obj<M>>) -> Result<(), Raise> {
    let frame = Frame::current(t).expect("an instruction runs in a frame");
    let globals = frame.globals();
    set_in(t, &globals, name, value)
}

fn set_in<M: Memory>(
    t: &mut Thread<M>,
    namespace: &Obj<M>,
    name: &Obj<M>,
    value: Option<&Obj<M>>,
) -> Result<(), Raise> {
    match value {
        Some(value) if value.is_null() => Err(t.unbound_operand()),
        Some(value) => {
            dict::set_str(t, namespace, name.clone(), value.clone());
            Ok(())
        }
        None => match dict::del_str(t, namespace, name) {
            Some(_) => Ok(()),
            None => Err(undefined(t, name)),
        },
    }
}

fn undefined<M: Memory>(t: &mut Thread<M>, name: &Obj<M>) -> Raise {
    let text = to_text(name).into_owned();
    t.raise_name(Kind::NameError, &text, format!("name '{text}' is not defined"))
}

/// An attribute through `super(class, receiver)`, or through whatever the name `super` holds.
#[inline(never)]
pub fn super_attr<M: Memory>(t: &mut Thread<M>, window: [&Obj<M>; 3], name: &Obj<M>) -> R<M> {
    let [callable, class, receiver] = window;
    if t.builtin(ids::Builtin::Super).is(callable)
        && let Some(c) = class.cast::<Type<M>>()
    {
        return descriptors::super_get(t, c, receiver, name);
    }
    let made = t.call(callable, &[])?;
    t.getattr(&made, name)
}

/// As [`super_attr`], for a call: the callable as a word for a register, and whether the receiver is its first argument.
#[inline(never)]
pub fn super_method<M: Memory>(t: &mut Thread<M>, window: [&Obj<M>; 3], name: &Obj<M>) -> Result<(Word, bool), Raise> {
    let [callable, class, receiver] = window;
    if t.builtin(ids::Builtin::Super).is(callable)
        && let Some(c) = class.cast::<Type<M>>()
        && t.is_instance(receiver, c)
        && let Some(f) = descriptors::super_lookup(t, c, t.class_of(receiver), name)
        && f.shape() == ids::FUNCTION
    {
        // SAFETY: just found.
        return Ok((unsafe { M::hold(t, f.word()) }, true));
    }
    super_attr(t, window, name).map(|f| (f.into_word(), false))
}

/// Reads an attribute of object `o` into a register.
///
/// # Safety
/// The cell belongs to the object, which is valid.
#[inline(always)]
pub unsafe fn load<M: Memory>(ctx: &Context<M>, o: Word, cell: &M::Cell) -> Word {
    // SAFETY: (both) by the caller's word.
    unsafe {
        let _section = Section::<M>::reading(ctx, &*o.address().cast::<M::Header>());
        M::load(ctx, cell)
    }
}
