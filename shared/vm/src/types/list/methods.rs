//! The methods and operators of `list`.

use crate::args::{Args, Call};
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::{Memory, Section};
use crate::object::{Obj, Object, R, Raise};
use crate::types::build::Builder;
use crate::types::dict::equal_known;
use crate::types::ids::Builtin;
use crate::types::list::{List, append_to, empty_of, from_vec, sort};
use crate::types::object::equals_itself_only;
use crate::types::sequence::{self, index_value, place, this};
use crate::types::slice::{self, Bounds};
use crate::types::slots::{BinOp, CmpOp};
use crate::types::{TypeObj, alias, flags, int, iterators, range};

type ListObj<M> = Object<M, List<M>>;

#[inline(always)]
fn list<'a, M: Memory>(t: &mut Thread<M>, obj: &'a Obj<M>) -> Result<&'a ListObj<M>, Raise> {
    this::<M, List<M>>(t, obj)
}

// ---- Making and filling.

fn new<M: Memory>(t: &mut Thread<M>, class: &TypeObj<M>, _: Call<'_, M>) -> R<M> {
    Ok(empty_of(t, class))
}

fn init<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, call: Call<'_, M>) -> Result<(), Raise> {
    let [iterable] = sequence::bind(t, "list", ["iterable"], 0, 1, call)?;
    let o = list(t, obj)?;
    if !o.body.is_empty() {
        clear_list(t, o);
    }
    match iterable {
        Some(iterable) => extend(t, o, iterable),
        None => Ok(()),
    }
}

/// Longest range that is turned into a list without asking how much memory there is.
const MAX_RANGE: usize = 1 << 33;

/// Appends all items of an iterable.
pub fn extend<M: Memory>(t: &mut Thread<M>, o: &ListObj<M>, iterable: &Obj<M>) -> Result<(), Raise> {
    if let Some((start, step, len)) = range::small(iterable) {
        if len as usize > MAX_RANGE {
            return Err(t.raise(Kind::MemoryError, ""));
        }
        let s = Section::<M>::enter(t, &o.head);
        o.body.reserve(&s, &o.head, len as usize);
        for i in 0..len {
            o.body.push(&s, &o.head, int::from_i64(s.ctx(), start + i * step));
        }
        return Ok(());
    }
    if let Some(items) = sequence::snapshot(t, iterable) {
        push_all(t, o, items);
        return Ok(());
    }
    let it = t.iter(iterable)?;
    while let Some(item) = t.next(&it)? {
        append_to(t, o, item);
    }
    Ok(())
}

/// Appends these items at one moment.
pub fn push_all<M: Memory>(t: &mut Thread<M>, o: &ListObj<M>, items: Vec<Obj<M>>) {
    let s = Section::<M>::enter(t, &o.head);
    let len = o.body.len();
    o.body.splice(&s, &o.head, len, len, items);
}

fn clear_list<M: Memory>(t: &mut Thread<M>, o: &ListObj<M>) {
    let items = {
        let s = Section::<M>::enter(t, &o.head);
        o.body.take(s.ctx(), &o.head)
    };
    drop(items);
}

// ---- Items.

fn getitem<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, key: &Obj<M>) -> R<M> {
    let o = list(t, obj)?;
    if slice::is_slice(key) {
        return get_slice(t, o, key);
    }
    let i = index_value(t, key, "list")?;
    let found = place(i, o.body.len()).and_then(|i| o.body.get(t, &o.head, i)).map(|v| v.own());
    match found {
        Some(value) => Ok(value),
        None => Err(t.raise(Kind::IndexError, "list index out of range")),
    }
}

fn get_slice<M: Memory>(t: &mut Thread<M>, o: &ListObj<M>, key: &Obj<M>) -> R<M> {
    let steps = slice::steps(t, key)?;
    let copy = if steps.is_plain() {
        let (start, end) = steps.bounds(o.body.len()).range();
        o.body.copy_range(t, &o.head, start, end)
    } else {
        o.body.copy_steps(t, &o.head, steps)
    };
    Ok(t.alloc(copy))
}

fn setitem<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, key: &Obj<M>, value: Option<&Obj<M>>) -> Result<(), Raise> {
    let o = list(t, obj)?;
    if slice::is_slice(key) {
        return set_slice(t, o, key, value);
    }
    let i = index_value(t, key, "list")?;
    let old = {
        let s = Section::<M>::enter(t, &o.head);
        place(i, o.body.len()).map(|i| match value {
            Some(value) => o.body.replace(&s, &o.head, i, value.clone()),
            None => o.body.remove(s.ctx(), &o.head, i),
        })
    };
    match old {
        Some(old) => {
            drop(old);
            Ok(())
        }
        None => Err(t.raise(Kind::IndexError, "list assignment index out of range")),
    }
}

fn set_slice<M: Memory>(t: &mut Thread<M>, o: &ListObj<M>, key: &Obj<M>, value: Option<&Obj<M>>) -> Result<(), Raise> {
    let new = match value {
        None => None,
        Some(value) => {
            let class = &t.class_of(value).body.slots;
            if class.iter.get().is_none() && class.getitem.get().is_none() {
                let message = "must assign iterable to extended slice";
                return Err(t.raise(Kind::TypeError, message));
            }
            Some(t.collect(value)?)
        }
    };
    let steps = slice::steps(t, key)?;
    let old = {
        let s = Section::<M>::enter(t, &o.head);
        let b = steps.bounds(o.body.len());
        match new {
            Some(new) if b.step == 1 => {
                let (start, end) = b.range();
                Ok(o.body.splice(&s, &o.head, start, end, new))
            }
            None if b.step == 1 => {
                let (start, end) = b.range();
                let old = o.body.splice(&s, &o.head, start, end, Vec::new());
                o.body.shrink(&s, &o.head);
                Ok(old)
            }
            Some(new) if new.len() != b.count => Err((new.len(), b.count)),
            Some(new) => {
                Ok(b.indices().zip(new).map(|(i, value)| o.body.replace(&s, &o.head, i, value)).collect::<Vec<_>>())
            }
            None => Ok(delete_steps(&s, o, b)),
        }
    };
    match old {
        Ok(old) => {
            drop(old);
            Ok(())
        }
        Err((given, wanted)) => {
            let message = format!("attempt to assign sequence of size {given} to extended slice of size {wanted}");
            Err(t.raise(Kind::ValueError, message))
        }
    }
}

/// Deletes the items of an extended slice.
fn delete_steps<M: Memory>(s: &Section<'_, M>, o: &ListObj<M>, b: Bounds) -> Vec<Obj<M>> {
    let mut doomed: Vec<usize> = b.indices().collect();
    doomed.sort_unstable();
    let items = o.body.take(s.ctx(), &o.head);
    let (mut kept, mut gone) = (Vec::with_capacity(items.len()), Vec::with_capacity(doomed.len()));
    let mut next = doomed.into_iter().peekable();
    for (i, item) in items.into_iter().enumerate() {
        if next.next_if_eq(&i).is_some() { gone.push(item) } else { kept.push(item) }
    }
    o.body.put(s, &o.head, kept);
    gone
}

fn len<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> Result<usize, Raise> {
    Ok(list(t, obj)?.body.len())
}

fn bool<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> Result<bool, Raise> {
    Ok(!list(t, obj)?.body.is_empty())
}

fn iter<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    Ok(iterators::list_iterator(t, obj))
}

/// Index of the first item at `start` or behind (and before `end`) that equals `item`.
fn find<M: Memory>(
    t: &mut Thread<M>,
    o: &ListObj<M>,
    item: &Obj<M>,
    start: usize,
    end: usize,
) -> Result<Option<usize>, Raise> {
    let mut i = start;
    while i < end {
        let Some(candidate) = o.body.get(t, &o.head, i) else { break };
        let equal = if candidate.is(item) {
            true
        } else {
            match equal_known::<M>(candidate.word(), item.word()) {
                Some(known) => known,
                None if equals_itself_only(t, &candidate) && equals_itself_only(t, item) => false,
                None => {
                    let candidate = candidate.own();
                    t.eq(&candidate, item)?
                }
            }
        };
        if equal {
            return Ok(Some(i));
        }
        i += 1;
    }
    Ok(None)
}

fn contains<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, item: &Obj<M>) -> Result<bool, Raise> {
    let o = list(t, obj)?;
    Ok(find(t, o, item, 0, usize::MAX)?.is_some())
}

// ---- Operators.

fn repr<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    let o = list(t, obj)?;
    sequence::repr_guarded(t, obj, "[...]", |t| {
        let mut text = String::from("[");
        let mut i = 0;
        while let Some(item) = o.body.get(t, &o.head, i).map(|v| v.own()) {
            if i > 0 {
                text.push_str(", ");
            }
            sequence::push_repr(t, &mut text, &item)?;
            i += 1;
        }
        text.push(']');
        Ok(text)
    })
}

fn compare<M: Memory>(t: &mut Thread<M>, a: &Obj<M>, b: &Obj<M>, op: CmpOp) -> R<M> {
    let (Some(x), Some(y)) = (a.cast::<List<M>>(), b.cast::<List<M>>()) else {
        return Ok(Obj::not_implemented());
    };
    let lens = || (x.body.len(), y.body.len());
    sequence::compare(t, op, lens, |t, mut i| {
        loop {
            let (p, q) = (x.body.get(t, &x.head, i)?, y.body.get(t, &y.head, i)?);
            if !p.is(&q) && equal_known::<M>(p.word(), q.word()) != Some(true) {
                return Some((i, p.own(), q.own()));
            }
            i += 1;
        }
    })
}

fn add<M: Memory>(t: &mut Thread<M>, a: &Obj<M>, b: &Obj<M>) -> R<M> {
    let Some(x) = a.cast::<List<M>>() else { return Ok(Obj::not_implemented()) };
    let Some(y) = b.cast::<List<M>>() else { return sequence::cannot_concatenate(t, b, "list") };
    let mut items = x.body.to_vec(t, &x.head);
    items.append(&mut y.body.to_vec(t, &y.head));
    Ok(from_vec(t, items))
}

fn mul<M: Memory>(t: &mut Thread<M>, a: &Obj<M>, b: &Obj<M>) -> R<M> {
    let Some((o, _, count)) = sequence::operands::<M, List<M>>(a, b) else { return Ok(Obj::not_implemented()) };
    let Some(n) = sequence::repeat_count(t, count)? else { return Ok(Obj::not_implemented()) };
    let items = o.body.to_vec(t, &o.head);
    let items = sequence::repeat(t, &items, n)?;
    Ok(from_vec(t, items))
}

fn inplace_add<M: Memory>(t: &mut Thread<M>, a: &Obj<M>, b: &Obj<M>) -> R<M> {
    let o = list(t, a)?;
    extend(t, o, b)?;
    Ok(a.clone())
}

fn inplace_mul<M: Memory>(t: &mut Thread<M>, a: &Obj<M>, b: &Obj<M>) -> R<M> {
    let o = list(t, a)?;
    let Some(n) = sequence::repeat_count(t, b)? else { return Ok(Obj::not_implemented()) };
    if n == 0 {
        clear_list(t, o);
    } else if n > 1 {
        let items = o.body.to_vec(t, &o.head);
        let more = sequence::repeat(t, &items, n - 1)?;
        push_all(t, o, more);
    }
    Ok(a.clone())
}

// ---- Methods.

fn append<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let o = list(t, &args[0])?;
    append_to(t, o, args[1].clone());
    Ok(Obj::NONE)
}

fn extend_method<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let o = list(t, &args[0])?;
    extend(t, o, &args[1])?;
    Ok(Obj::NONE)
}

fn insert<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let o = list(t, &args[0])?;
    let i = index_argument(t, &args[1])?;
    let s = Section::<M>::enter(t, &o.head);
    o.body.insert(&s, &o.head, sequence::clamp(i, o.body.len()), args[2].clone());
    Ok(Obj::NONE)
}

fn index_argument<M: Memory>(t: &mut Thread<M>, arg: &Obj<M>) -> Result<i64, Raise> {
    match arg.word().as_int() {
        Some(i) => Ok(i),
        None => t.index_i64(arg),
    }
}

fn pop<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let o = list(t, &args[0])?;
    let i = match args.get(1) {
        None => -1,
        Some(i) => index_argument(t, i)?,
    };
    let (was_empty, popped) = {
        let s = Section::<M>::enter(t, &o.head);
        let popped = match place(i, o.body.len()) {
            _ if i == -1 => o.body.pop(),
            Some(i) => Some(o.body.remove(s.ctx(), &o.head, i)),
            None => None,
        };
        (o.body.is_empty(), popped)
    };
    match popped {
        Some(item) => Ok(item),
        None if was_empty => Err(t.raise(Kind::IndexError, "pop from empty list")),
        None => Err(t.raise(Kind::IndexError, "pop index out of range")),
    }
}

fn remove<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let o = list(t, &args[0])?;
    let mut start = 0;
    loop {
        let Some(i) = find(t, o, &args[1], start, usize::MAX)? else {
            return Err(t.raise(Kind::ValueError, "list.remove(x): x not in list"));
        };
        let removed = {
            let s = Section::<M>::enter(t, &o.head);
            if i < o.body.len() { Some(o.body.remove(s.ctx(), &o.head, i)) } else { None }
        };
        match removed {
            Some(item) => {
                drop(item);
                return Ok(Obj::NONE);
            }
            // It shrank meanwhile.
            None => start = 0,
        }
    }
}

fn index<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let o = list(t, &args[0])?;
    let (start, end) = sequence::span(t, args.get(2), args.get(3), o.body.len())?;
    match find(t, o, &args[1], start, end)? {
        Some(i) => Ok(int::from_usize(t, i)),
        None => Err(t.raise(Kind::ValueError, "list.index(x): x not in list")),
    }
}

fn count<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let o = list(t, &args[0])?;
    let (mut n, mut start) = (0, 0);
    while let Some(i) = find(t, o, &args[1], start, usize::MAX)? {
        (n, start) = (n + 1, i + 1);
    }
    Ok(int::from_usize(t, n))
}

fn clear<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let o = list(t, &args[0])?;
    clear_list(t, o);
    Ok(Obj::NONE)
}

fn copy<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let o = list(t, &args[0])?;
    let copy = o.body.copy_range(t, &o.head, 0, usize::MAX);
    Ok(t.alloc(copy))
}

fn reverse<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let o = list(t, &args[0])?;
    let _s = Section::<M>::enter(t, &o.head);
    o.body.reverse();
    Ok(Obj::NONE)
}

fn sort_method<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    sort_by(t, &args[0], args.some(1), args.get(2))?;
    Ok(Obj::NONE)
}

/// `list.sort(key=…, reverse=…)`
pub fn sort_by<M: Memory>(
    t: &mut Thread<M>,
    obj: &Obj<M>,
    key: Option<&Obj<M>>,
    reverse: Option<&Obj<M>>,
) -> Result<(), Raise> {
    let o = list(t, obj)?;
    let reverse = match reverse {
        Some(r) => t.truth(r)?,
        None => false,
    };
    sort::sort(t, o, key, reverse)
}

fn reversed<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    list(t, &args[0])?;
    Ok(iterators::list_reverse_iterator(t, &args[0]))
}

fn sizeof<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let o = list(t, &args[0])?;
    Ok(int::from_usize(t, size_of::<ListObj<M>>() + o.body.store_bytes()))
}

/// Makes the type.
pub fn define<M: Memory>(t: &mut Thread<M>) {
    Builder::new::<List<M>>(t, Builtin::List, "list")
        .flag(flags::SEQUENCE | flags::SELF_MATCH)
        .attr("__hash__", Obj::NONE)
        .slots(|s| {
            s.new.set(Some(new));
            s.init.set(Some(init));
            s.repr.set(Some(repr));
            s.compare.set(Some(compare));
            s.len.set(Some(len));
            s.bool.set(Some(bool));
            s.iter.set(Some(iter));
            s.getitem.set(Some(getitem));
            s.setitem.set(Some(setitem));
            s.contains.set(Some(contains));
            s.bin[BinOp::Add as usize].set(Some(add));
            s.bin[BinOp::Mul as usize].set(Some(mul));
            s.inplace[BinOp::Add as usize].set(Some(inplace_add));
            s.inplace[BinOp::Mul as usize].set(Some(inplace_mul));
        })
        .method("append(self, object, /)", append)
        .method("extend(self, iterable, /)", extend_method)
        .method("insert(self, index, object, /)", insert)
        .method("pop(self, index=-1, /)", pop)
        .method("remove(self, value, /)", remove)
        .method("index(self, value, start=0, stop=9223372036854775807, /)", index)
        .method("count(self, value, /)", count)
        .method("clear(self, /)", clear)
        .method("copy(self, /)", copy)
        .method("reverse(self, /)", reverse)
        .method("sort(self, /, *, key=None, reverse=False)", sort_method)
        .method("__reversed__(self, /)", reversed)
        .method("__sizeof__(self, /)", sizeof)
        .classmethod("__class_getitem__(cls, item, /)", alias::class_getitem)
        .finish();
}
