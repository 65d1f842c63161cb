//! What the loop calls for everything that is not a fast path. Operands come as borrowed registers; an unbound local
//! among them raises `UnboundLocalError` here.

use crate::code::CodeBody;
use crate::context::{Context, Thread};
use crate::exceptions::Kind;
use crate::interp::frame::{self, Frame};
use crate::interp::{attr, unwind};
use crate::memory::{Memory, Section};
use crate::object::{Obj, R, Raise, Val};
use crate::types::dict::{self, Dict};
use crate::types::function::{self, Function};
use crate::types::ids;
use crate::types::list::{self, List};
use crate::types::slots::{BinOp, CmpOp};
use crate::types::str::to_text;
use crate::types::{Type, cell, flags, generator, int, set, slice, tuple};
use crate::value::Word;
use parallax_front::{Instr, Op};

/// Arithmetic on integer and float words; `None` when something else is asked.
#[allow(non_snake_case)]
pub mod fast {
    use crate::types::slots::CmpOp;
    use crate::value::Word;

    macro_rules! floats {
        ($x:ident $y:ident $f:expr) => {{
            if $x.is_float() && $y.is_float() {
                return Word::float($f($x.float_value(), $y.float_value()));
            }
            mixed($x, $y).and_then(|(x, y)| Word::float($f(x, y)))
        }};
    }

    /// An integer and a float as two floats.
    #[inline(always)]
    fn mixed(x: Word, y: Word) -> Option<(f64, f64)> {
        if x.is_float() && y.is_int() {
            Some((x.float_value(), exact(y)?))
        } else if x.is_int() && y.is_float() {
            Some((exact(x)?, y.float_value()))
        } else {
            None
        }
    }

    /// An integer word as a float, if it is small enough to be exact.
    #[inline(always)]
    fn exact(w: Word) -> Option<f64> {
        let i = w.int_value();
        if i.unsigned_abs() <= 1 << 53 { Some(i as f64) } else { None }
    }

    /// `x + y`
    #[inline(always)]
    pub fn Add(x: Word, y: Word) -> Option<Word> {
        if x.both_int(y) {
            return (x.0 as i64).checked_add(y.0 as i64).map(|w| Word(w as u64));
        }
        floats!(x y |a: f64, b: f64| a + b)
    }

    /// `x - y`
    #[inline(always)]
    pub fn Sub(x: Word, y: Word) -> Option<Word> {
        if x.both_int(y) {
            return (x.0 as i64).checked_sub(y.0 as i64).map(|w| Word(w as u64));
        }
        floats!(x y |a: f64, b: f64| a - b)
    }

    /// `x * y`
    #[inline(always)]
    pub fn Mul(x: Word, y: Word) -> Option<Word> {
        if x.both_int(y) {
            return (x.0 as i64).checked_mul(y.int_value()).map(|w| Word(w as u64));
        }
        floats!(x y |a: f64, b: f64| a * b)
    }

    /// `x / y`
    #[inline(always)]
    pub fn TrueDiv(x: Word, y: Word) -> Option<Word> {
        if x.both_int(y) {
            let (a, b) = (exact(x)?, exact(y)?);
            return if b == 0.0 { None } else { Word::float(a / b) };
        }
        if x.is_float() && y.is_float() {
            let b = y.float_value();
            return if b == 0.0 { None } else { Word::float(x.float_value() / b) };
        }
        let (a, b) = mixed(x, y)?;
        if b == 0.0 { None } else { Word::float(a / b) }
    }

    /// `x // y` of integers
    #[inline(always)]
    pub fn FloorDiv(x: Word, y: Word) -> Option<Word> {
        if !x.both_int(y) || y.0 == 0 {
            return None;
        }
        let (a, b) = (x.int_value(), y.int_value());
        if (a | b) >= 0 && (a | b) >> 32 == 0 {
            return Some(Word::small((a as u32 / b as u32) as i64));
        }
        let q = a / b;
        Word::int(if (a % b != 0) && ((a < 0) != (b < 0)) { q - 1 } else { q })
    }

    /// `x % y` of integers
    #[inline(always)]
    pub fn Mod(x: Word, y: Word) -> Option<Word> {
        if !x.both_int(y) || y.0 == 0 {
            return None;
        }
        let (a, b) = (x.int_value(), y.int_value());
        if (a | b) >= 0 && (a | b) >> 32 == 0 {
            return Some(Word::small((a as u32 % b as u32) as i64));
        }
        let r = a % b;
        Some(Word::small(if r != 0 && ((r < 0) != (b < 0)) { r + b } else { r }))
    }

    /// `x ** y`: never here.
    #[inline(always)]
    pub fn Pow(_: Word, _: Word) -> Option<Word> {
        None
    }

    /// `x @ y`: never here.
    #[inline(always)]
    pub fn MatMul(_: Word, _: Word) -> Option<Word> {
        None
    }

    /// `x << y`
    #[inline(always)]
    pub fn LShift(x: Word, y: Word) -> Option<Word> {
        if !x.both_int(y) {
            return None;
        }
        let (a, n) = (x.int_value(), y.int_value());
        if !(0..62).contains(&n) {
            return None;
        }
        let shifted = a << n;
        if shifted >> n == a { Word::int(shifted) } else { None }
    }

    /// `x >> y`
    #[inline(always)]
    pub fn RShift(x: Word, y: Word) -> Option<Word> {
        if !x.both_int(y) || y.int_value() < 0 {
            return None;
        }
        Some(Word::small(x.int_value() >> y.int_value().min(63)))
    }

    /// `x & y`
    #[inline(always)]
    pub fn And(x: Word, y: Word) -> Option<Word> {
        if x.both_int(y) { Some(Word(x.0 & y.0)) } else { None }
    }

    /// `x | y`
    #[inline(always)]
    pub fn Or(x: Word, y: Word) -> Option<Word> {
        if x.both_int(y) { Some(Word(x.0 | y.0)) } else { None }
    }

    /// `x ^ y`
    #[inline(always)]
    pub fn Xor(x: Word, y: Word) -> Option<Word> {
        if x.both_int(y) { Some(Word(x.0 ^ y.0)) } else { None }
    }

    /// `-x`
    #[inline(always)]
    pub fn neg(x: Word) -> Option<Word> {
        if x.is_int() {
            return (x.0 as i64).checked_neg().map(|w| Word(w as u64));
        }
        if x.is_float() { Word::float(-x.float_value()) } else { None }
    }

    /// `+x`
    #[inline(always)]
    pub fn pos(x: Word) -> Option<Word> {
        if x.is_int() || x.is_float() { Some(x) } else { None }
    }

    /// `~x`
    #[inline(always)]
    pub fn invert(x: Word) -> Option<Word> {
        if x.is_int() { Some(Word::small(!x.int_value())) } else { None }
    }

    /// `x op y`
    #[inline(always)]
    pub fn compare(op: CmpOp, x: Word, y: Word) -> Option<bool> {
        if x.both_int(y) {
            let (a, b) = (x.0 as i64, y.0 as i64);
            return Some(match op {
                CmpOp::Lt => a < b,
                CmpOp::Le => a <= b,
                CmpOp::Eq => a == b,
                CmpOp::Ne => a != b,
                CmpOp::Gt => a > b,
                CmpOp::Ge => a >= b,
            });
        }
        if x.is_float() && y.is_float() {
            let (a, b) = (x.float_value(), y.float_value());
            return Some(match op {
                CmpOp::Lt => a < b,
                CmpOp::Le => a <= b,
                CmpOp::Eq => a == b,
                CmpOp::Ne => a != b,
                CmpOp::Gt => a > b,
                CmpOp::Ge => a >= b,
            });
        }
        None
    }
}

macro_rules! bound {
    ($t:ident $($x:expr),*) => {
        if $($x.is_null())||* {
            return Err($t.unbound_operand());
        }
    };
}

// ---- Operators.

/// `x op y`
#[inline(never)]
pub fn binary<M: Memory>(t: &mut Thread<M>, op: BinOp, x: &Obj<M>, y: &Obj<M>) -> R<M> {
    bound!(t x, y);
    t.binary(op, x, y)
}

/// `x op= y`
#[inline(never)]
pub fn inplace<M: Memory>(t: &mut Thread<M>, op: BinOp, x: &Obj<M>, y: &Obj<M>) -> R<M> {
    bound!(t x, y);
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
pub fn neg<M: Memory>(t: &mut Thread<M>, x: &Obj<M>) -> R<M> {
    bound!(t x);
    t.neg(x)
}

/// `+x`
pub fn pos<M: Memory>(t: &mut Thread<M>, x: &Obj<M>) -> R<M> {
    bound!(t x);
    t.pos(x)
}

/// `~x`
pub fn invert<M: Memory>(t: &mut Thread<M>, x: &Obj<M>) -> R<M> {
    bound!(t x);
    t.invert(x)
}

/// `item in container`
pub fn contains<M: Memory>(t: &mut Thread<M>, container: &Obj<M>, item: &Obj<M>) -> Result<bool, Raise> {
    bound!(t container, item);
    t.contains(container, item)
}

// ---- Items.

/// Item of an exact list at an integer word; NULL when the slow path must answer.
#[inline(always)]
pub fn list_word<M: Memory>(list: &Obj<M>, index: Word) -> Word {
    // SAFETY: the callers have seen the shape.
    let list = unsafe { list.cast_unchecked::<List<M>>() };
    let mut i = index.int_value();
    if i < 0 {
        i += list.body.len() as i64;
        if i < 0 {
            return Word::NULL;
        }
    }
    list.body.get_word(i as usize)
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
pub fn del_attr<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, name: &Obj<M>) -> Result<(), Raise> {
    bound!(t obj);
    t.setattr(obj, name, None)
}

/// Moves `n` temporaries out of their registers, counted.
///
/// # Safety
/// `from` is the first of `n` live temporaries of the running frame.
unsafe fn move_out<M: Memory>(t: &Thread<M>, from: *mut Word, n: usize) -> Vec<Obj<M>> {
    // SAFETY: by the caller's word.
    (0..n).map(|i| unsafe { take(t, from.add(i)) }).collect()
}

/// Moves a temporary out.
///
/// # Safety
/// `register` is a live temporary of the running frame.
#[inline(always)]
unsafe fn take<M: Memory>(t: &Thread<M>, register: *mut Word) -> Obj<M> {
    // SAFETY: by the caller's word; the register is left without a pointer.
    unsafe {
        let word = std::mem::replace(&mut *register, Word(0));
        Obj::from_word(if word.is_ptr() && !word.is_counted() { M::retain(t, word) } else { word })
    }
}

/// A slice of two or three temporaries.
///
/// # Safety
/// As [`build_tuple`].
pub unsafe fn build_slice<M: Memory>(t: &mut Thread<M>, from: *mut Word, n: usize) -> Obj<M> {
    // SAFETY: by the caller's word.
    let part = |i: usize| if i < n { unsafe { take(t, from.add(i)) } } else { Obj::NONE };
    let (start, stop, step) = (part(0), part(1), part(2));
    slice::new(t, start, stop, step)
}

/// A tuple of `n` temporaries, which are moved.
///
/// # Safety
/// `from` is the first of `n` live temporaries of the running frame.
pub unsafe fn build_tuple<M: Memory>(t: &mut Thread<M>, from: *mut Word, n: usize) -> Obj<M> {
    // SAFETY: by the caller's word.
    unsafe {
        if n == 0 {
            return tuple::empty(t);
        }
        count_all(t, from, n);
        let made = tuple::from_raw(t, from.cast(), n);
        forget_all(from, n);
        made
    }
}

/// A list of `n` temporaries, which are moved.
///
/// # Safety
/// As [`build_tuple`].
pub unsafe fn build_list<M: Memory>(t: &mut Thread<M>, from: *mut Word, n: usize) -> Obj<M> {
    // SAFETY: by the caller's word.
    unsafe {
        if n == 0 {
            return t.alloc(List::empty());
        }
        count_all(t, from, n);
        let made = t.alloc(List::from_raw(from.cast(), n));
        forget_all(from, n);
        made
    }
}

/// Makes every register hold a counted word.
unsafe fn count_all<M: Memory>(t: &Thread<M>, from: *mut Word, n: usize) {
    for i in 0..n {
        // SAFETY: by the caller's word.
        unsafe {
            let word = *from.add(i);
            if word.is_ptr() && !word.is_counted() {
                *from.add(i) = M::retain(t, word);
            }
        }
    }
}

unsafe fn forget_all(from: *mut Word, n: usize) {
    for i in 0..n {
        // SAFETY: by the caller's word: the words were moved out.
        unsafe { *from.add(i) = Word(0) }
    }
}

/// A set of `n` temporaries.
///
/// # Safety
/// As [`build_tuple`].
pub unsafe fn build_set<M: Memory>(t: &mut Thread<M>, from: *mut Word, n: usize) -> R<M> {
    // SAFETY: by the caller's word.
    let items = unsafe { move_out(t, from, n) };
    let made = set::new(t);
    for item in items {
        set::add(t, &made, item)?;
    }
    Ok(made)
}

/// A dict of `n` pairs of temporaries.
///
/// # Safety
/// As [`build_tuple`], for `2 n`.
pub unsafe fn build_map<M: Memory>(t: &mut Thread<M>, from: *mut Word, n: usize) -> R<M> {
    let made = dict::with_capacity(t, n);
    for i in 0..n {
        // SAFETY: by the caller's word. Should a key not hash, the unwinder finds the rest in its registers.
        let (key, value) = unsafe { (take(t, from.add(2 * i)), take(t, from.add(2 * i + 1))) };
        dict::set(t, &made, key, value)?;
    }
    Ok(made)
}

/// Joins `n` strings.
///
/// # Safety
/// As [`build_tuple`].
pub unsafe fn build_string<M: Memory>(t: &mut Thread<M>, from: *mut Word, n: usize) -> Obj<M> {
    // SAFETY: by the caller's word.
    let parts = unsafe { move_out(t, from, n) };
    crate::types::str::join_all(t, &parts)
}

/// `format(value, spec)` after a conversion (1 str, 2 repr, 3 ascii).
pub fn format_value<M: Memory>(t: &mut Thread<M>, value: &Obj<M>, spec: Option<&Obj<M>>, conversion: usize) -> R<M> {
    bound!(t value);
    let value = match conversion {
        1 => t.str_of(value)?,
        2 => t.repr(value)?,
        3 => crate::types::str::ascii(t, value)?,
        _ => value.clone(),
    };
    match spec {
        Some(spec) => crate::format::format_value(t, &value, spec),
        None if value.shape() == ids::STR => Ok(value),
        None => {
            let empty = t.intern("");
            crate::format::format_value(t, &value, &empty)
        }
    }
}

// ---- Containers that grow.

/// `list.extend(iterable)` for `[*iterable]` and calls.
pub fn list_extend<M: Memory>(t: &mut Thread<M>, target: &Obj<M>, items: &Obj<M>) -> Result<(), Raise> {
    bound!(t items);
    let slots = &t.class_of(items).body.slots;
    if slots.iter.get().is_none() && slots.getitem.get().is_none() {
        let class = t.class_name(items);
        return Err(t.raise(Kind::TypeError, format!("Value after * must be an iterable, not {class}")));
    }
    let target = target.clone();
    t.iterate(items, &mut |t, item| {
        list::append(t, &target, item);
        Ok(())
    })
}

/// `f(*items)`: the tuple of the arguments.
pub fn star_tuple<M: Memory>(t: &mut Thread<M>, items: &Obj<M>, f: &Obj<M>) -> R<M> {
    bound!(t items);
    if items.shape() == ids::TUPLE {
        return Ok(items.clone());
    }
    let slots = &t.class_of(items).body.slots;
    if slots.iter.get().is_none() && slots.getitem.get().is_none() {
        let (name, class) = (callable_name(t, f), t.class_name(items));
        return Err(t.raise(Kind::TypeError, format!("{name} argument after * must be an iterable, not {class}")));
    }
    let all = t.collect(items)?;
    Ok(tuple::from_vec(t, all))
}

/// `tuple(list)`
pub fn list_to_tuple<M: Memory>(t: &mut Thread<M>, list: &Obj<M>) -> Obj<M> {
    let items = list::to_vec(t, list);
    tuple::from_vec(t, items)
}

/// `set.add`
pub fn set_add<M: Memory>(t: &mut Thread<M>, target: &Obj<M>, item: &Obj<M>) -> Result<(), Raise> {
    bound!(t item);
    set::add(t, target, item.clone())
}

/// `set.update`
pub fn set_update<M: Memory>(t: &mut Thread<M>, target: &Obj<M>, items: &Obj<M>) -> Result<(), Raise> {
    bound!(t items);
    let target = target.clone();
    t.iterate(items, &mut |t, item| set::add(t, &target, item))
}

/// `target[key] = value` of a comprehension.
pub fn map_add<M: Memory>(t: &mut Thread<M>, target: &Obj<M>, key: &Obj<M>, value: &Obj<M>) -> Result<(), Raise> {
    bound!(t key, value);
    dict::set(t, target, key.clone(), value.clone())
}

/// `{**mapping}`
pub fn dict_update<M: Memory>(t: &mut Thread<M>, target: &Obj<M>, other: &Obj<M>) -> Result<(), Raise> {
    bound!(t other);
    let keys = t.intern("keys");
    if other.cast::<Dict<M>>().is_none() && t.getattr_opt(other, &keys)?.is_none() {
        let class = t.class_name(other);
        return Err(t.raise(Kind::TypeError, format!("'{class}' object is not a mapping")));
    }
    dict::methods::merge(t, target, other)
}

/// `module.qualname()` of a callable for messages.
pub fn callable_name<M: Memory>(t: &mut Thread<M>, f: &Obj<M>) -> String {
    let get = |t: &mut Thread<M>, name: &str| match t.getattr_opt_str(f, name) {
        Ok(value) => value.map(|v| to_text(&v).into_owned()).filter(|s| !s.is_empty()),
        Err(_) => {
            t.clear_raised();
            None
        }
    };
    let Some(qualname) = get(t, "__qualname__") else {
        return match t.str_of(f) {
            Ok(text) => to_text(&text).into_owned(),
            Err(_) => {
                t.clear_raised();
                "object".into()
            }
        };
    };
    match get(t, "__module__") {
        Some(module) if module != "builtins" => format!("{module}.{qualname}()"),
        _ => format!("{qualname}()"),
    }
}

/// `f(**mapping)`
pub fn dict_merge<M: Memory>(t: &mut Thread<M>, target: &Obj<M>, other: &Obj<M>, f: &Obj<M>) -> Result<(), Raise> {
    bound!(t other);
    let keys = t.intern("keys");
    if other.cast::<Dict<M>>().is_none() && t.getattr_opt(other, &keys)?.is_none() {
        let (name, class) = (callable_name(t, f), t.class_name(other));
        return Err(t.raise(Kind::TypeError, format!("{name} argument after ** must be a mapping, not {class}")));
    }
    let more = dict::new(t);
    dict::methods::merge(t, &more, other)?;
    for (key, value) in dict::items(t, &more) {
        if crate::types::str::view(&key).is_none() {
            return Err(t.raise(Kind::TypeError, "keywords must be strings"));
        }
        if dict::get(t, target, &key)?.is_some() {
            let (name, key) = (callable_name(t, f), to_text(&key).into_owned());
            let message = format!("{name} got multiple values for keyword argument '{key}'");
            return Err(t.raise(Kind::TypeError, message));
        }
        dict::set(t, target, key, value)?;
    }
    Ok(())
}

// ---- Unpacking.

fn unpack_error<M: Memory>(t: &mut Thread<M>, want: usize, got: Option<usize>, at_least: bool) -> Raise {
    let bound = if at_least { "at least " } else { "" };
    let message = match got {
        Some(got) if got > want => format!("too many values to unpack (expected {want}, got {got})"),
        Some(got) => format!("not enough values to unpack (expected {bound}{want}, got {got})"),
        None => format!("too many values to unpack (expected {want})"),
    };
    t.raise(Kind::ValueError, message)
}

/// Exactly `n` items of an iterable.
fn exactly<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, n: usize) -> Result<Vec<Obj<M>>, Raise> {
    bound!(t obj);
    if matches!(obj.shape(), ids::TUPLE | ids::LIST) {
        let items = t.collect(obj)?;
        let got = items.len();
        return if got == n { Ok(items) } else { Err(unpack_error(t, n, Some(got), false)) };
    }
    let it = iterator(t, obj)?;
    let mut items = Vec::with_capacity(n);
    while items.len() < n {
        match t.next(&it)? {
            Some(item) => items.push(item),
            None => return Err(unpack_error(t, n, Some(items.len()), false)),
        }
    }
    if t.next(&it)?.is_some() {
        let got = if obj.shape() == ids::DICT { Some(dict::len(t, obj)) } else { None };
        return Err(unpack_error(t, n, got, false));
    }
    Ok(items)
}

fn iterator<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    let slots = &t.class_of(obj).body.slots;
    if slots.iter.get().is_none() && slots.getitem.get().is_none() {
        let class = t.class_name(obj);
        return Err(t.raise(Kind::TypeError, format!("cannot unpack non-iterable {class} object")));
    }
    t.iter(obj)
}

/// Exactly `n` items into the registers at `to`. `moved`: the operand is a temporary, possibly one of them.
///
/// # Safety
/// `to` is the first of `n` dead temporaries of the running frame (the operand may be among them).
pub unsafe fn unpack<M: Memory>(
    t: &mut Thread<M>,
    obj: &Obj<M>,
    to: *mut Word,
    n: usize,
    moved: bool,
) -> Result<(), Raise> {
    let items = exactly(t, obj, n)?;
    for (i, item) in items.into_iter().enumerate() {
        // SAFETY: by the caller's word. The operand's own register is dropped when it is overwritten.
        unsafe {
            let old = std::mem::replace(&mut *to.add(i), item.into_word());
            if moved && old.is_counted() {
                M::release(t, old);
            }
        }
    }
    Ok(())
}

/// Exactly two items.
#[inline]
pub fn unpack_two<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> Result<[Word; 2], Raise> {
    if obj.shape() == ids::TUPLE
        && let [x, y] = tuple::items(obj)
    {
        // SAFETY: the tuple is borrowed and holds them.
        return Ok(unsafe { [M::hold(t, x.word()), M::hold(t, y.word())] });
    }
    let mut items = exactly(t, obj, 2)?.into_iter();
    let mut next = || items.next().map_or(Word::NULL, Obj::into_word);
    Ok([next(), next()])
}

/// `before` items, a list of the rest, `after` items.
pub fn unpack_ex<M: Memory>(
    t: &mut Thread<M>,
    obj: &Obj<M>,
    before: usize,
    after: usize,
) -> Result<Vec<Obj<M>>, Raise> {
    bound!(t obj);
    let it = iterator(t, obj)?;
    let mut all = Vec::new();
    while let Some(item) = t.next(&it)? {
        all.push(item);
    }
    if all.len() < before + after {
        let got = all.len();
        return Err(unpack_error(t, before + after, Some(got), true));
    }
    let tail = all.split_off(all.len() - after);
    let middle = all.split_off(before);
    let middle = list::from_vec(t, middle);
    all.push(middle);
    all.extend(tail);
    Ok(all)
}

// ---- Names, cells, functions.

/// The error of an empty cell.
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
pub fn load_locals<M: Memory>(t: &mut Thread<M>) -> Obj<M> {
    let frame = Frame::current(t).expect("an instruction runs in a frame");
    frame.namespace().unwrap_or_else(|| frame.globals())
}

/// `MakeFunction`
///
/// # Safety
/// `from` is the first of as many live temporaries as `bits` has bits.
pub unsafe fn make_function<M: Memory>(t: &mut Thread<M>, code: Word, from: *mut Word, bits: usize) -> Obj<M> {
    // SAFETY: by the caller's word; the constant is an immortal code object.
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

// ---- Leaving frames.

/// Where a value goes when a frame is left.
pub enum Left<M: Memory> {
    /// Out of the Rust loop.
    Out(Obj<M>),
    /// Into a register of the caller.
    Into(usize, Obj<M>),
    /// A generator that the caller's `ForLoop` or `Send` runs has returned.
    Exhausted(Obj<M>),
}

/// Leaves the running frame with a value, its locals being clean: the cases that are not a plain call.
pub fn leave<M: Memory>(t: &mut Thread<M>, value: Obj<M>) -> Result<Left<M>, Raise> {
    let base = t.frame.get();
    // SAFETY: (block) the running frame and the words below it are this thread's.
    unsafe {
        let link = *base.sub(3);
        let bits = frame::link_flags(link);
        let companion = Obj::<M>::from_word(std::mem::replace(&mut *base.sub(4), Word(0)));
        if bits & frame::INIT != 0 && !value.is_none() {
            *base.sub(4) = companion.into_word();
            let class = t.class_name(&value);
            drop(value);
            return Err(t.raise(Kind::TypeError, format!("__init__() should return None, not '{class}'")));
        }
        unwind::take_register(t, base.sub(1));
        if bits & frame::GENERATOR != 0 {
            generator::finished(t, &companion, false);
        }
        unwind::pop(t, base, link);
        let value = if bits & frame::INIT != 0 { companion } else { value };
        if bits & frame::ENTRY != 0 {
            return Ok(Left::Out(value));
        }
        if bits & frame::INLINE != 0 {
            return Ok(Left::Exhausted(value));
        }
        Ok(Left::Into(frame::link_dst(link), value))
    }
}

/// A generator run by the instruction before `next` has returned `value`: where to go on.
///
/// # Safety
/// `next` is behind a `ForLoop` or `Send` of the running frame.
pub unsafe fn after_exhaustion<M: Memory>(t: &mut Thread<M>, next: *mut u64, value: Obj<M>) -> *mut u64 {
    let base = t.frame.get();
    // SAFETY: by the caller's word.
    unsafe {
        let at = next.sub(1);
        let instr = *at.cast::<Instr>();
        let a = base.add(instr.a() as usize);
        if instr.op() == Op::Send as u16 {
            let old = std::mem::replace(&mut *a, value.into_word());
            drop(Obj::<M>::from_word(if old.is_counted() { old } else { Word::NONE }));
            return at.offset(instr.c() as i16 as isize);
        }
        unwind::take_register(t, a);
        drop(value);
        next
    }
}

/// A generator run by the instruction before `next` has yielded: delivers the value and says where to go on.
///
/// # Safety
/// As [`after_exhaustion`]; `base` is the running frame.
pub unsafe fn after_yield<M: Memory>(base: *mut Word, ctx: &Context<M>, next: *mut u64, value: Obj<M>) -> *mut u64 {
    // SAFETY: by the caller's word.
    unsafe {
        let at = next.sub(1);
        let instr = *at.cast::<Instr>();
        let send = instr.op() == Op::Send as u16;
        let dst = base.add(if send { instr.a() } else { instr.b() } as usize);
        let old = std::mem::replace(&mut *dst, value.into_word());
        if old.is_counted() {
            M::release(ctx, old);
        }
        if send { next } else { at.offset(instr.c() as i16 as isize) }
    }
}

/// The iterator that `yield from` delegates to, or in a coroutine that of `await`.
pub fn yield_from_iter<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    bound!(t obj);
    let awaits = Frame::current(t).is_some_and(|f| f.code().code.flags.coroutine);
    if generator::is_awaitable(obj) || !awaits && obj.shape() == ids::GENERATOR {
        return Ok(obj.clone());
    }
    if !awaits {
        return t.iter(obj);
    }
    match crate::types::special::call(t, obj, crate::types::special::Name::Await, &[])? {
        Some(it) if generator::is_awaitable(&it) || t.class_of(&it).body.slots.next.get().is_some() => Ok(it),
        Some(it) => {
            let class = t.class_name(&it);
            Err(t.raise(Kind::TypeError, format!("__await__() returned non-iterator of type '{class}'")))
        }
        None => {
            let class = t.class_name(obj);
            Err(t.raise(Kind::TypeError, format!("'{class}' object can't be awaited")))
        }
    }
}

/// Sends a value into an iterator: whether it ended, and what came.
pub fn send<M: Memory>(t: &mut Thread<M>, it: &Obj<M>, value: &Obj<M>) -> Result<(bool, Obj<M>), Raise> {
    if let Some(result) = generator::send(t, it, value)? {
        return Ok(result);
    }
    if value.is_none() && t.class_of(it).body.slots.next.get().is_some() {
        return match t.next_or_stop(it) {
            Ok(Some(item)) => Ok((false, item)),
            Ok(None) => Ok((true, generator::take_stop_value(t))),
            Err(_) if t.raised_is(Kind::StopIteration) => {
                let exc = t.take_raised();
                Ok((true, t.getattr_str(&exc, "value")?))
            }
            Err(e) => Err(e),
        };
    }
    match t.call_method(it, "send", std::slice::from_ref(value)) {
        Ok(item) => Ok((false, item)),
        Err(_) if t.raised_is(Kind::StopIteration) => {
            let exc = t.take_raised();
            Ok((true, t.getattr_str(&exc, "value")?))
        }
        Err(e) => Err(e),
    }
}

// ---- Exceptions.

/// Does an exception match a class or a tuple of them in `except`?
pub fn exception_matches<M: Memory>(t: &mut Thread<M>, exc: &Obj<M>, pattern: &Obj<M>) -> Result<bool, Raise> {
    bound!(t pattern);
    if pattern.shape() == ids::TUPLE {
        for one in tuple::items(pattern) {
            if exception_matches(t, exc, one)? {
                return Ok(true);
            }
        }
        return Ok(false);
    }
    match pattern.cast::<Type<M>>() {
        Some(class) if class.body.has(flags::EXCEPTION) => Ok(t.is_instance(exc, class)),
        _ => {
            let message = "catching classes that do not inherit from BaseException is not allowed";
            Err(t.raise(Kind::TypeError, message))
        }
    }
}

/// `raise exc [from cause]`
pub fn raise<M: Memory>(t: &mut Thread<M>, exc: &Obj<M>, cause: Option<&Obj<M>>) -> Raise {
    if exc.is_null() || cause.is_some_and(|c| c.is_null()) {
        return t.unbound_operand();
    }
    let made = match t.exception_from(exc) {
        Ok(made) => made,
        Err(e) => return e,
    };
    if let Some(cause) = cause {
        let cause = if cause.is_none() {
            Obj::NONE
        } else {
            match t.exception_from(cause) {
                Ok(cause) => cause,
                Err(_) => {
                    t.clear_raised();
                    return t.raise(Kind::TypeError, "exception causes must derive from BaseException");
                }
            }
        };
        t.set_cause(&made, cause);
    }
    t.raise_obj(made)
}

/// Bare `raise`.
pub fn raise_again<M: Memory>(t: &mut Thread<M>) -> Raise {
    match t.handled_exception() {
        Some(exc) => t.set_raised(exc),
        None => t.raise(Kind::RuntimeError, "No active exception to reraise"),
    }
}

/// The `AssertionError` class.
pub fn assertion_error<M: Memory>(t: &Thread<M>) -> Obj<M> {
    t.exception_class(Kind::AssertionError).to_obj()
}

/// Enters a context manager: its bound `__exit__`, and what `__enter__` gave.
pub fn with_enter<M: Memory>(t: &mut Thread<M>, manager: &Obj<M>) -> Result<(Obj<M>, Obj<M>), Raise> {
    bound!(t manager);
    let class = t.class_name(manager);
    let enter = t.lookup_special(manager, "__enter__")?;
    let exit = t.lookup_special(manager, "__exit__")?;
    let missing = match (&enter, &exit) {
        (None, _) => "__enter__",
        (_, None) => "__exit__",
        _ => "",
    };
    let (Some(enter), Some(exit)) = (enter, exit) else {
        let message =
            format!("'{class}' object does not support the context manager protocol (missed {missing} method)");
        return Err(t.raise(Kind::TypeError, message));
    };
    let entered = t.call(&enter, &[])?;
    Ok((exit, entered))
}

/// `exit(type, exc, traceback)`
pub fn with_except<M: Memory>(t: &mut Thread<M>, exit: &Obj<M>, exc: &Obj<M>) -> R<M> {
    let class = t.class_of(exc).to_obj();
    let traceback = t.getattr_str(exc, "__traceback__")?;
    t.call(exit, &[class, exc.clone(), traceback])
}

// ---- Imports.

/// `import name`
pub fn import_name<M: Memory>(t: &mut Thread<M>, name: &Obj<M>, level: &Obj<M>, fromlist: &Obj<M>) -> R<M> {
    let level = int::to_i64(level).unwrap_or(0);
    let frame = Frame::current(t).expect("an instruction runs in a frame");
    let (globals, builtins) = (frame.globals(), (*frame.function().body.builtins).clone());
    let key = t.intern("__import__");
    let hook = dict::get_str(t, &builtins, &key).map(|v| v.own());
    match hook {
        Some(f) if f.shape() != ids::NATIVE => {
            let locals = t.current_locals()?;
            let level = int::from_i64(t, level);
            t.call(&f, &[name.clone(), globals, locals, fromlist.clone(), level])
        }
        Some(_) => crate::import::import_name(t, &globals, name, fromlist, level),
        None => Err(t.raise(Kind::ImportError, "__import__ not found")),
    }
}

/// `LoadCommon`: a class of the library that code needs whatever names mean.
pub fn load_common<M: Memory>(t: &mut Thread<M>, which: usize) -> R<M> {
    let (module, name) = match which {
        0 => ("_templates", "Template"),
        1 => ("_templates", "Interpolation"),
        2 => ("typing", "TypeVar"),
        3 => ("typing", "ParamSpec"),
        4 => ("typing", "TypeVarTuple"),
        5 => ("typing", "Generic"),
        _ => ("_typing", "_lazy_alias"),
    };
    let module = crate::import::import_module(t, module)?;
    t.getattr_str(&module, name)
}

/// `from module import *`
pub fn import_star<M: Memory>(t: &mut Thread<M>, module: &Obj<M>) -> Result<(), Raise> {
    let all = t.getattr_opt_str(module, "__all__")?;
    let explicit = all.is_some();
    let names = match all {
        Some(all) => t.collect(&all)?,
        None => {
            let own = t.getattr_str(module, "__dict__")?;
            dict::items(t, &own).into_iter().map(|(k, _)| k).collect()
        }
    };
    for name in names {
        let text = to_text(&name).into_owned();
        if !explicit && text.starts_with('_') {
            continue;
        }
        let name = t.attribute_name(&name)?;
        let value = t.getattr(module, &name)?;
        attr::set_name(t, &name, Some(&value))?;
    }
    Ok(())
}

// ---- Patterns.

/// Does the value's class have a flag?
pub fn has_flag<M: Memory>(t: &Thread<M>, obj: &Obj<M>, flag: u32) -> Word {
    Word::bool(t.class_of(obj).body.has(flag))
}

/// The values under `keys`, or None.
pub fn match_keys<M: Memory>(t: &mut Thread<M>, subject: &Obj<M>, keys: &Obj<M>) -> R<M> {
    let keys = tuple::items(keys).to_vec();
    let mut values = Vec::with_capacity(keys.len());
    let mut seen: Vec<Obj<M>> = Vec::new();
    let missing = t.alloc(crate::types::build::Plain);
    let get = t.getattr_str(subject, "get")?;
    for key in keys {
        for other in &seen {
            if t.eq(&key, other)? {
                let text = t.repr(&key)?;
                let message = format!("mapping pattern checks duplicate key ({})", to_text(&text));
                return Err(t.raise(Kind::ValueError, message));
            }
        }
        seen.push(key.clone());
        let value = t.call(&get, &[key, missing.clone()])?;
        if value.is(&missing) {
            return Ok(Obj::NONE);
        }
        values.push(value);
    }
    Ok(tuple::from_vec(t, values))
}

/// The attributes that a class pattern asks for, or None.
pub fn match_class<M: Memory>(
    t: &mut Thread<M>,
    subject: &Obj<M>,
    pattern: &Obj<M>,
    names: &Obj<M>,
    positional: usize,
) -> R<M> {
    let Some(c) = pattern.cast::<Type<M>>() else {
        return Err(t.raise(Kind::TypeError, "called match pattern must be a class"));
    };
    if !t.isinstance(subject, pattern)? {
        return Ok(Obj::NONE);
    }
    let mut values = Vec::new();
    let mut seen: Vec<String> = Vec::new();
    if positional > 0 {
        let match_args = t.getattr_opt_str(pattern, "__match_args__")?;
        let class_name = c.body.short_name.to_string();
        match match_args {
            None if c.body.has(flags::SELF_MATCH) => {
                if positional > 1 {
                    let message = format!("{class_name}() accepts 1 positional sub-pattern ({positional} given)");
                    return Err(t.raise(Kind::TypeError, message));
                }
                values.push(subject.clone());
            }
            other => {
                let args = other.unwrap_or_else(|| tuple::empty(t));
                if args.shape() != ids::TUPLE {
                    let class = t.class_name(&args);
                    let message = format!("{class_name}.__match_args__ must be a tuple (got {class})");
                    return Err(t.raise(Kind::TypeError, message));
                }
                let args = tuple::items(&args).to_vec();
                if args.len() < positional {
                    let (n, s) = (args.len(), if args.len() == 1 { "" } else { "s" });
                    let message = format!("{class_name}() accepts {n} positional sub-pattern{s} ({positional} given)");
                    return Err(t.raise(Kind::TypeError, message));
                }
                for name in &args[..positional] {
                    if crate::types::str::view(name).is_none() {
                        let class = t.class_name(name);
                        let message = format!("__match_args__ elements must be strings (got {class})");
                        return Err(t.raise(Kind::TypeError, message));
                    }
                    if !match_attribute(t, subject, name, &class_name, &mut seen, &mut values)? {
                        return Ok(Obj::NONE);
                    }
                }
            }
        }
    }
    let class_name = c.body.short_name.to_string();
    for name in tuple::items(names).to_vec() {
        if !match_attribute(t, subject, &name, &class_name, &mut seen, &mut values)? {
            return Ok(Obj::NONE);
        }
    }
    Ok(tuple::from_vec(t, values))
}

fn match_attribute<M: Memory>(
    t: &mut Thread<M>,
    subject: &Obj<M>,
    name: &Obj<M>,
    class_name: &str,
    seen: &mut Vec<String>,
    values: &mut Vec<Obj<M>>,
) -> Result<bool, Raise> {
    let text = to_text(name).into_owned();
    if seen.contains(&text) {
        let message = format!("{class_name}() got multiple sub-patterns for attribute '{text}'");
        return Err(t.raise(Kind::TypeError, message));
    }
    seen.push(text);
    let name = t.intern_obj(name);
    match t.getattr_opt(subject, &name)? {
        Some(value) => {
            values.push(value);
            Ok(true)
        }
        None => Ok(false),
    }
}

/// A dict of what `keys` leave of a mapping.
pub fn match_rest<M: Memory>(t: &mut Thread<M>, subject: &Obj<M>, keys: &Obj<M>) -> R<M> {
    let rest = dict::new(t);
    dict::methods::merge(t, &rest, subject)?;
    for key in tuple::items(keys).to_vec() {
        dict::remove(t, &rest, &key)?;
    }
    Ok(rest)
}

/// Displays a value at the prompt.
pub fn print_expr<M: Memory>(t: &mut Thread<M>, value: &Obj<M>) -> Result<(), Raise> {
    let sys = crate::import::import_module(t, "sys")?;
    t.call_method(&sys, "displayhook", std::slice::from_ref(value)).map(drop)
}
