//! What the sequence types share: receivers, indices, repetition, representation and comparison.

use crate::args::Call;
use crate::context::{Context, Thread};
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::object::{Obj, Object, Payload, R, Raise};
use crate::types::slots::{BinOp, CmpOp};
use crate::types::str::to_text;
use crate::types::{dict, flags, ids, int, list, range, set, tuple};

/// The receiver with its payload; `TypeError` when a method is applied to something else.
#[inline(always)]
pub fn this<'a, M: Memory, P: Payload<M>>(t: &mut Thread<M>, obj: &'a Obj<M>) -> Result<&'a Object<M, P>, Raise> {
    match obj.cast::<P>() {
        Some(o) => Ok(o),
        None => Err(wrong_receiver(t, obj)),
    }
}

/// As [`this`] for payloads without derived classes.
#[inline(always)]
pub fn this_exact<'a, M: Memory, P: Payload<M>>(t: &mut Thread<M>, obj: &'a Obj<M>) -> Result<&'a Object<M, P>, Raise> {
    match obj.exact::<P>() {
        Some(o) => Ok(o),
        None => Err(wrong_receiver(t, obj)),
    }
}

#[cold]
fn wrong_receiver<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> Raise {
    let class = t.class_name(obj);
    t.raise(Kind::TypeError, format!("descriptor doesn't apply to a '{class}' object"))
}

/// New handles on the items of a built-in collection at one moment, without iterating in Python's sense; `None` for
/// everything else.
pub fn snapshot<M: Memory>(ctx: &Context<M>, obj: &Obj<M>) -> Option<Vec<Obj<M>>> {
    match obj.shape() {
        ids::TUPLE => Some(tuple::items(obj).to_vec()),
        ids::LIST => Some(list::to_vec(ctx, obj)),
        ids::DICT => Some(dict::keys(ctx, obj)),
        ids::SET | ids::FROZENSET => Some(set::to_vec(ctx, obj)),
        ids::DICT_KEYS | ids::DICT_VALUES | ids::DICT_ITEMS => dict::views::snapshot(ctx, obj),
        ids::RANGE => {
            let (start, step, len) = range::small(obj).filter(|r| r.2 < 1 << 32)?;
            Some((0..len).map(|i| int::from_i64(ctx, start + i * step)).collect())
        }
        _ => None,
    }
}

/// Has the value an `__index__`?
#[inline]
pub fn has_index<M: Memory>(t: &Thread<M>, obj: &Obj<M>) -> bool {
    obj.word().is_int() || t.class_of(obj).body.slots.index.get().is_some()
}

/// An integer that is cut off at the ends of `i64`.
pub fn saturating<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> Result<i64, Raise> {
    if let Some(i) = obj.word().as_int() {
        return Ok(i);
    }
    let index = t.index(obj)?;
    Ok(int::to_i64(&index).unwrap_or_else(|| {
        let negative = int::to_big(&index).is_some_and(|b| b.sign() == num_bigint::Sign::Minus);
        if negative { i64::MIN } else { i64::MAX }
    }))
}

/// The index that `key` means for a sequence named `what` (`list`, `tuple`), negative ones still negative.
#[inline]
pub fn index_value<M: Memory>(t: &mut Thread<M>, key: &Obj<M>, what: &str) -> Result<i64, Raise> {
    match key.word().as_int() {
        Some(i) => Ok(i),
        None => index_slow(t, key, what),
    }
}

#[cold]
fn index_slow<M: Memory>(t: &mut Thread<M>, key: &Obj<M>, what: &str) -> Result<i64, Raise> {
    let class = t.class_name(key);
    if !has_index(t, key) {
        return Err(t.raise(Kind::TypeError, format!("{what} indices must be integers or slices, not {class}")));
    }
    let index = t.index(key)?;
    match int::to_i64(&index) {
        Some(i) => Ok(i),
        None => Err(t.raise(Kind::IndexError, format!("cannot fit '{class}' into an index-sized integer"))),
    }
}

/// The place of index `i` in a sequence of that length, if there is one.
#[inline(always)]
pub fn place(i: i64, len: usize) -> Option<usize> {
    let i = if i < 0 { i.wrapping_add(len as i64) } else { i };
    if (i as u64) < len as u64 { Some(i as usize) } else { None }
}

/// The place nearest to index `i`: what slices and `insert` mean.
pub fn clamp(i: i64, len: usize) -> usize {
    let i = if i < 0 { i.saturating_add(len as i64) } else { i };
    i.clamp(0, len as i64) as usize
}

/// Start and stop arguments of `index` methods.
pub fn span<M: Memory>(
    t: &mut Thread<M>,
    start: Option<&Obj<M>>,
    stop: Option<&Obj<M>>,
    len: usize,
) -> Result<(usize, usize), Raise> {
    let mut value = |obj: Option<&Obj<M>>, default| match obj {
        None => Ok(default),
        Some(o) if has_index(t, o) => saturating(t, o),
        Some(_) => Err(t.raise(Kind::TypeError, "slice indices must be integers or have an __index__ method")),
    };
    let (start, stop) = (value(start, 0)?, value(stop, i64::MAX)?);
    Ok((clamp(start, len), clamp(stop, len)))
}

/// The two operands of a sequence operator in the order (sequence, other).
pub fn operands<'a, M: Memory, P: Payload<M>>(
    a: &'a Obj<M>,
    b: &'a Obj<M>,
) -> Option<(&'a Object<M, P>, &'a Obj<M>, &'a Obj<M>)> {
    a.cast::<P>().map(|o| (o, a, b)).or_else(|| b.cast::<P>().map(|o| (o, b, a)))
}

/// Does the class of `other` come from Python code and know the operator? Then it is asked before we complain.
pub fn may_know<M: Memory>(t: &Thread<M>, other: &Obj<M>, op: BinOp) -> bool {
    let class = &t.class_of(other).body;
    class.has(flags::HEAP) && class.slots.bin[op as usize].get().is_some()
}

/// `sequence + other` when that is no such sequence.
pub fn cannot_concatenate<M: Memory>(t: &mut Thread<M>, other: &Obj<M>, what: &str) -> R<M> {
    if may_know(t, other, BinOp::Add) {
        return Ok(Obj::not_implemented());
    }
    let class = t.class_name(other);
    Err(t.raise(Kind::TypeError, format!("can only concatenate {what} (not \"{class}\") to {what}")))
}

/// How often `sequence * count` repeats; `None`: the other operand is to be asked.
pub fn repeat_count<M: Memory>(t: &mut Thread<M>, count: &Obj<M>) -> Result<Option<usize>, Raise> {
    if let Some(i) = count.word().as_int() {
        return Ok(Some(i.max(0) as usize));
    }
    if has_index(t, count) {
        let index = t.index(count)?;
        return match int::to_i64(&index) {
            Some(i) => Ok(Some(i.max(0) as usize)),
            None if saturating(t, &index)? < 0 => Ok(Some(0)),
            None => {
                let class = t.class_name(count);
                Err(t.raise(Kind::OverflowError, format!("cannot fit '{class}' into an index-sized integer")))
            }
        };
    }
    if may_know(t, count, BinOp::Mul) {
        return Ok(None);
    }
    let class = t.class_name(count);
    Err(t.raise(Kind::TypeError, format!("can't multiply sequence by non-int of type '{class}'")))
}

/// `items * n`
pub fn repeat<M: Memory>(t: &mut Thread<M>, items: &[Obj<M>], n: usize) -> Result<Vec<Obj<M>>, Raise> {
    let total = items.len().checked_mul(n).filter(|&k| k <= crate::types::list::MAX_LEN);
    let mut result = Vec::new();
    if total.is_none_or(|k| result.try_reserve_exact(k).is_err()) {
        return Err(t.raise(Kind::MemoryError, ""));
    }
    match items {
        [one] => result.resize(n, one.clone()),
        _ => (0..n).for_each(|_| result.extend_from_slice(items)),
    }
    Ok(result)
}

/// Containers in containers whose repr is shown: each looks through those around it.
const MAX_NESTED: usize = 10_000;

/// Runs `f` for the text of a container's repr; a container that is being shown already is `on_cycle`.
pub fn repr_guarded<M: Memory>(
    t: &mut Thread<M>,
    obj: &Obj<M>,
    on_cycle: &str,
    f: impl FnOnce(&mut Thread<M>) -> Result<String, Raise>,
) -> R<M> {
    let at = obj.word().address();
    if t.repr_stack.borrow().contains(&at) {
        return Ok(t.str(on_cycle));
    }
    t.check_native_stack()?;
    if t.repr_stack.borrow().len() >= MAX_NESTED {
        let message = "maximum recursion depth exceeded while getting the repr of an object";
        return Err(t.raise(Kind::RecursionError, message));
    }
    t.repr_stack.borrow_mut().push(at);
    let text = f(t);
    t.repr_stack.borrow_mut().pop();
    Ok(t.string(text?))
}

/// Appends the repr of a value.
pub fn push_repr<M: Memory>(t: &mut Thread<M>, text: &mut String, obj: &Obj<M>) -> Result<(), Raise> {
    let shown = t.repr(obj)?;
    text.push_str(&to_text(&shown));
    Ok(())
}

/// Lexicographic comparison of two sequences that may change. `pair` gives the next place, from the given one on,
/// where the items are not known to be equal.
pub fn compare<M: Memory>(
    t: &mut Thread<M>,
    op: CmpOp,
    lens: impl Fn() -> (usize, usize),
    pair: impl Fn(&mut Thread<M>, usize) -> Option<(usize, Obj<M>, Obj<M>)>,
) -> R<M> {
    let (a, b) = lens();
    if a != b && matches!(op, CmpOp::Eq | CmpOp::Ne) {
        return Ok(Obj::bool(op == CmpOp::Ne));
    }
    t.check_native_stack()?;
    let mut i = 0;
    while let Some((at, x, y)) = pair(t, i) {
        if !t.eq(&x, &y)? {
            return match op {
                CmpOp::Eq => Ok(Obj::bool(false)),
                CmpOp::Ne => Ok(Obj::bool(true)),
                _ => t.compare(&x, &y, op),
            };
        }
        i = at + 1;
    }
    let (a, b) = lens();
    Ok(Obj::bool(op.holds(a.cmp(&b))))
}

/// Binds the arguments of a class call by hand: `params` by position or, from `posonly` on, by name.
pub fn bind<'a, M: Memory, const N: usize>(
    t: &mut Thread<M>,
    name: &str,
    params: [&str; N],
    required: usize,
    posonly: usize,
    call: Call<'a, M>,
) -> Result<[Option<&'a Obj<M>>; N], Raise> {
    let positional = call.positional();
    let mut slots = [None; N];
    if positional.len() > N {
        let message = match (required, N) {
            (r, n) if r == n => format!("{name} expected {n} argument{}, got {}", plural(n), positional.len()),
            (_, n) => format!("{name} expected at most {n} argument{}, got {}", plural(n), positional.len()),
        };
        return Err(t.raise(Kind::TypeError, message));
    }
    for (slot, value) in slots.iter_mut().zip(positional) {
        *slot = Some(value);
    }
    for (key, value) in call.names.iter().zip(call.keyword_values()) {
        let text = to_text(key);
        if posonly == N {
            return Err(t.raise(Kind::TypeError, format!("{name}() takes no keyword arguments")));
        }
        match params.iter().skip(posonly).position(|p| *p == text).map(|i| i + posonly) {
            Some(i) if slots[i].is_none() => slots[i] = Some(value),
            Some(i) => {
                let message = format!("argument for {name}() given by name ('{text}') and position ({})", i + 1);
                return Err(t.raise(Kind::TypeError, message));
            }
            None => {
                let message = format!("{name}() got an unexpected keyword argument '{text}'");
                return Err(t.raise(Kind::TypeError, message));
            }
        }
    }
    if let Some(i) = (0..required).find(|&i| slots[i].is_none()) {
        let message = if posonly == N {
            let least = if required == N { "" } else { "at least " };
            format!("{name} expected {least}{required} argument{}, got {}", plural(required), positional.len())
        } else {
            format!("{name}() missing required argument '{}' (pos {})", params[i], i + 1)
        };
        return Err(t.raise(Kind::TypeError, message));
    }
    Ok(slots)
}

fn plural(n: usize) -> &'static str {
    if n == 1 { "" } else { "s" }
}

/// A function of the builtins module, for `__reduce__`.
pub fn builtin_function<M: Memory>(t: &mut Thread<M>, name: &str) -> R<M> {
    let module = crate::import::import_module(t, "builtins")?;
    t.getattr_str(&module, name)
}

/// Refuses keyword arguments of a class call.
pub fn no_keywords<M: Memory>(t: &mut Thread<M>, name: &str, call: Call<'_, M>) -> Result<(), Raise> {
    if call.names.is_empty() {
        return Ok(());
    }
    Err(t.raise(Kind::TypeError, format!("{name}() takes no keyword arguments")))
}
