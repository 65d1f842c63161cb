//! What the loop calls for everything that is not a fast path. Operands come as borrowed registers; an unbound local
//! among them raises `UnboundLocalError` here.

use crate::code::CodeBody;
use crate::context::{Context, Thread};
use crate::exceptions::Kind;
use crate::interp::attr;
use crate::interp::build::move_out;
use crate::interp::frame::Frame;
use crate::memory::{Memory, Section};
use crate::object::{Obj, R, Raise, Val};
use crate::types::dict::Dict;
use crate::types::function::Function;
use crate::types::int::ops::big_words;
use crate::types::list::List;
use crate::types::slots::{BinOp, CmpOp};
use crate::types::{cell, function, ids, set, tuple};
use crate::value::Word;

/// An unbound local among the operands raises.
macro_rules! bound {
    ($t:ident $($x:expr),*) => {
        if $($x.is_null())||* {
            return Err($t.unbound_operand());
        }
    };
}
pub(crate) use bound;

// ---- Operators.

/// `x op y`
#[inline(never)]
pub fn binary<M: Memory>(t: &mut Thread<M>, op: BinOp, x: &Obj<M>, y: &Obj<M>) -> R<M> {
    bound!(t x, y);
    if let Some(result) = big_words(t, op, x, y) {
        return Ok(result);
    }
    // A tuple's class has no `%` of its own to ask first.
    if op == BinOp::Mod && x.shape() == ids::STR && y.shape() == ids::TUPLE {
        return crate::format::percent(t, x, y);
    }
    t.binary(op, x, y)
}

/// `x op= y`
#[inline(never)]
pub fn inplace<M: Memory>(t: &mut Thread<M>, op: BinOp, x: &Obj<M>, y: &Obj<M>) -> R<M> {
    bound!(t x, y);
    if let Some(result) = big_words(t, op, x, y) {
        return Ok(result);
    }
    t.inplace(op, x, y)
}

/// `x += y` of two strings, x being given away.
#[inline(never)]
pub fn str_append<M: Memory>(t: &mut Thread<M>, x: Obj<M>, y: &Obj<M>) -> R<M> {
    Ok(crate::types::str::append_in_place(t, x, y))
}

/// `x op y`
#[inline(never)]
pub fn compare<M: Memory>(t: &mut Thread<M>, op: CmpOp, x: &Obj<M>, y: &Obj<M>) -> R<M> {
    bound!(t x, y);
    if x.shape() == ids::STR && y.shape() == ids::STR && matches!(op, CmpOp::Eq | CmpOp::Ne) {
        return Ok(Obj::bool(crate::types::str::equal(x, y) == (op == CmpOp::Eq)));
    }
    t.compare(x, y, op)
}

/// Truth of `x op y`
#[inline(never)]
pub fn compare_truth<M: Memory>(t: &mut Thread<M>, op: CmpOp, x: &Obj<M>, y: &Obj<M>) -> Result<bool, Raise> {
    bound!(t x, y);
    if x.shape() == ids::STR && y.shape() == ids::STR && matches!(op, CmpOp::Eq | CmpOp::Ne) {
        return Ok(crate::types::str::equal(x, y) == (op == CmpOp::Eq));
    }
    t.compare_truth(x, y, op)
}

/// Truth of a register.
#[inline(never)]
pub fn truth<M: Memory>(t: &mut Thread<M>, x: &Obj<M>) -> Result<bool, Raise> {
    bound!(t x);
    t.truth(x)
}

/// `-x`
#[inline(never)]
pub fn neg<M: Memory>(t: &mut Thread<M>, x: &Obj<M>) -> R<M> {
    bound!(t x);
    t.neg(x)
}

/// `+x`
#[inline(never)]
pub fn pos<M: Memory>(t: &mut Thread<M>, x: &Obj<M>) -> R<M> {
    bound!(t x);
    t.pos(x)
}

/// `~x`
#[inline(never)]
pub fn invert<M: Memory>(t: &mut Thread<M>, x: &Obj<M>) -> R<M> {
    bound!(t x);
    t.invert(x)
}

/// `item in container`
#[inline(never)]
pub fn contains<M: Memory>(t: &mut Thread<M>, container: &Obj<M>, item: &Obj<M>) -> Result<bool, Raise> {
    bound!(t container, item);
    let known = match container.shape() {
        ids::SET | ids::FROZENSET => {
            // SAFETY: the shape says what stands behind the header.
            let set = unsafe { container.cast_unchecked() };
            set::contains_known(t, set, item)
        }
        ids::DICT => {
            // SAFETY: as above.
            let dict = unsafe { container.cast_unchecked::<Dict<M>>() };
            dict.body.get_known(t, item).map(|v| v.is_some())
        }
        _ => None,
    };
    match known {
        Some(known) => Ok(known),
        None => t.contains(container, item),
    }
}

// ---- Items.

/// Item of an exact list at an integer word; NULL when the slow path must answer.
#[inline(always)]
pub fn list_load<M: Memory>(ctx: &Context<M>, list: &Obj<M>, index: Word) -> Word {
    // SAFETY: the callers have seen the shape.
    let list = unsafe { list.cast_unchecked::<List<M>>() };
    let _section = Section::<M>::reading(ctx, &list.head);
    let mut i = index.int_value();
    if i < 0 {
        i += list.body.len() as i64;
        if i < 0 {
            return Word::NULL;
        }
    }
    list.body.load(ctx, i as usize)
}

/// Item of an exact tuple at an integer word; NULL when the slow path must answer.
#[inline(always)]
pub fn tuple_word<M: Memory>(tuple: &Obj<M>, index: Word) -> Word {
    let items = tuple::items(tuple);
    let mut i = index.int_value();
    if i < 0 {
        i += items.len() as i64;
    }
    items.get(i as usize).map_or(Word::NULL, Obj::word)
}

/// Value of an exact dict at a key that needs no Python; NULL when the slow path must answer.
#[inline(always)]
pub fn dict_word<M: Memory>(ctx: &Context<M>, dict: &Obj<M>, key: &Obj<M>) -> Word {
    // SAFETY: the callers have seen the shape.
    let dict = unsafe { dict.cast_unchecked::<Dict<M>>() };
    if key.is_null() {
        return Word::NULL;
    }
    let _section = Section::<M>::reading(ctx, &dict.head);
    dict.body.get_known(ctx, key).flatten().map_or(Word::NULL, |v| v.word())
}

/// `obj[key]`
#[inline(never)]
pub fn get_item<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, key: &Obj<M>) -> R<M> {
    bound!(t obj, key);
    t.getitem(obj, key)
}

/// `obj[key] = value`, `del obj[key]`
#[inline(never)]
pub fn set_item<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, key: &Obj<M>, value: Option<&Obj<M>>) -> Result<(), Raise> {
    bound!(t obj, key);
    if let Some(value) = value {
        bound!(t value);
    }
    t.setitem(obj, key, value)
}

/// `del obj.name`
#[inline(never)]
pub fn del_attr<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, name: &Obj<M>) -> Result<(), Raise> {
    bound!(t obj);
    t.setattr(obj, name, None)
}

// ---- Names, cells, functions.

/// The error of an empty cell.
#[inline(never)]
pub fn unbound_cell<M: Memory>(t: &mut Thread<M>, code: &CodeBody<M>, i: usize, free: bool) -> Raise {
    if free {
        let name = code.code.freevars[i].to_string();
        let message =
            format!("cannot access free variable '{name}' where it is not associated with a value in enclosing scope");
        return t.raise_name(Kind::NameError, &name, message);
    }
    let name = code.code.varnames[i].to_string();
    let message = format!("cannot access local variable '{name}' where it is not associated with a value");
    t.raise_name(Kind::UnboundLocalError, &name, message)
}

/// `LoadClassFree`
#[inline(never)]
pub fn load_class_free<M: Memory>(t: &mut Thread<M>, code: &CodeBody<M>, i: usize, name: &Obj<M>) -> R<M> {
    let frame = Frame::current(t).expect("an instruction runs in a frame");
    let cell = frame.free_cell(i);
    if let Some(namespace) = frame.namespace()
        && let Some(value) = attr::from_namespace(t, &namespace, name)?
    {
        return Ok(value);
    }
    let value = cell.and_then(|c| c.cast::<cell::Cell<M>>().and_then(|c| c.body.value.get(t).map(|v| v.own())));
    match value {
        Some(value) => Ok(value),
        None => Err(unbound_cell(t, code, i, true)),
    }
}

/// `LoadLocals`
#[inline(never)]
pub fn load_locals<M: Memory>(t: &mut Thread<M>) -> Obj<M> {
    let frame = Frame::current(t).expect("an instruction runs in a frame");
    frame.namespace().unwrap_or_else(|| frame.globals())
}

/// `MakeFunction`
///
/// # Safety
/// `from` is the first of as many live temporaries as `bits` has bits.
#[inline(never)]
pub unsafe fn make_function<M: Memory>(t: &mut Thread<M>, code: Word, from: *mut Word, bits: usize) -> Obj<M> {
    // SAFETY: by the caller's word; the constant is a code object of the running one.
    let (parts, code) = unsafe { (move_out(t, from, bits.count_ones() as usize), Val::<M>::new(code).own()) };
    let mut parts = parts.into_iter();
    let mut part = |bit: usize| if bits & bit != 0 { parts.next() } else { None };
    let (defaults, kwdefaults, annotate, closure) = (part(1), part(2), part(4), part(8));
    let parent = Frame::current(t).expect("an instruction runs in a frame").function();
    let f = function::nested(t, code, &parent.body, closure.unwrap_or(Obj::NONE));
    // SAFETY: just made.
    let body = unsafe { f.cast_unchecked::<Function<M>>() };
    let section = Section::enter(t, &body.head);
    let slots = [(defaults, &body.body.defaults), (kwdefaults, &body.body.kwdefaults), (annotate, &body.body.annotate)];
    for (value, slot) in slots {
        if let Some(value) = value {
            let old = slot.set(&section, &body.head, value);
            debug_assert!(old.is_some_and(|o| o.is_none()));
        }
    }
    drop(section);
    f
}

/// Displays a value at the prompt.
#[inline(never)]
pub fn print_expr<M: Memory>(t: &mut Thread<M>, value: &Obj<M>) -> Result<(), Raise> {
    let sys = crate::import::import_module(t, "sys")?;
    t.call_method(&sys, "displayhook", std::slice::from_ref(value)).map(drop)
}
