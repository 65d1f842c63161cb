//! `_heapq`: heaps in lists. A comparison may run Python code that changes the list; an index that is gone by then is a
//! `RuntimeError`.

use crate::args::{Args, NativeFn};
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::modules::Maker;
use crate::object::{Obj, R, Raise};
use crate::types::ids::Builtin;
use crate::types::slots::CmpOp;
use crate::types::{int, list};

/// Which of two items comes first.
#[derive(Clone, Copy)]
struct Order {
    largest_first: bool,
}

impl Order {
    fn before<M: Memory>(self, t: &mut Thread<M>, a: &Obj<M>, b: &Obj<M>) -> Result<bool, Raise> {
        let (a, b) = if self.largest_first { (b, a) } else { (a, b) };
        if a.word().is_int() && b.word().is_int() {
            return Ok(a.word().int_value() < b.word().int_value());
        }
        t.compare_truth(a, b, CmpOp::Lt)
    }
}

const MIN: Order = Order { largest_first: false };
const MAX: Order = Order { largest_first: true };

/// `_heapq`
pub fn init<M: Memory>(t: &mut Thread<M>) -> R<M> {
    let functions: [(&str, NativeFn<M>); 10] = [
        ("heappush(heap, item, /)", |t, a| push(t, a, MIN)),
        ("heappop(heap, /)", |t, a| pop(t, a, MIN)),
        ("heapreplace(heap, item, /)", |t, a| replace(t, a, MIN)),
        ("heappushpop(heap, item, /)", |t, a| pushpop(t, a, MIN)),
        ("heapify(heap, /)", |t, a| heapify(t, a, MIN)),
        ("heappush_max(heap, item, /)", |t, a| push(t, a, MAX)),
        ("heappop_max(heap, /)", |t, a| pop(t, a, MAX)),
        ("heapreplace_max(heap, item, /)", |t, a| replace(t, a, MAX)),
        ("heappushpop_max(heap, item, /)", |t, a| pushpop(t, a, MAX)),
        ("heapify_max(heap, /)", |t, a| heapify(t, a, MAX)),
    ];
    Maker::new(t, "_heapq").functions(&functions).finish()
}

fn check<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> Result<usize, Raise> {
    if t.is_instance(&args[0], t.builtin(Builtin::List)) {
        return Ok(list::len(&args[0]));
    }
    let class = t.class_name(&args[0]);
    Err(t.raise(Kind::TypeError, format!("heap argument must be a list, not {class}")))
}

fn at<M: Memory>(t: &mut Thread<M>, heap: &Obj<M>, i: usize) -> R<M> {
    match list::get(t, heap, i).map(|v| v.own()) {
        Some(item) => Ok(item),
        None => Err(t.raise(Kind::RuntimeError, "list changed size during iteration")),
    }
}

fn put<M: Memory>(t: &mut Thread<M>, heap: &Obj<M>, i: usize, item: Obj<M>) -> Result<(), Raise> {
    let index = int::from_i64(t, i as i64);
    t.setitem(heap, &index, Some(&item))
}

/// Moves the item at `i` towards the root until its parent comes first.
fn sift_up<M: Memory>(t: &mut Thread<M>, heap: &Obj<M>, root: usize, from: usize, order: Order) -> Result<(), Raise> {
    let item = at(t, heap, from)?;
    let mut i = from;
    while i > root {
        let up = (i - 1) / 2;
        let parent = at(t, heap, up)?;
        if !order.before(t, &item, &parent)? {
            break;
        }
        put(t, heap, i, parent)?;
        put(t, heap, up, item.clone())?;
        i = up;
    }
    Ok(())
}

/// Moves the item at `root` to a leaf along the first children, then up to its place.
fn sift_down<M: Memory>(t: &mut Thread<M>, heap: &Obj<M>, root: usize, order: Order) -> Result<(), Raise> {
    let len = list::len(heap);
    let item = at(t, heap, root)?;
    let mut i = root;
    while 2 * i + 1 < len {
        let left = 2 * i + 1;
        let mut child = at(t, heap, left)?;
        let mut first = left;
        if left + 1 < len {
            let right = at(t, heap, left + 1)?;
            if !order.before(t, &child, &right)? {
                (child, first) = (right, left + 1);
            }
        }
        put(t, heap, i, child)?;
        i = first;
    }
    put(t, heap, i, item)?;
    sift_up(t, heap, root, i, order)
}

fn push<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>, order: Order) -> R<M> {
    let n = check(t, args)?;
    list::append(t, &args[0], args[1].clone());
    sift_up(t, &args[0], 0, n, order)?;
    Ok(Obj::NONE)
}

fn pop<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>, order: Order) -> R<M> {
    let n = check(t, args)?;
    if n == 0 {
        return Err(t.raise(Kind::IndexError, "index out of range"));
    }
    let last = t.call_method(&args[0], "pop", &[])?;
    if n == 1 {
        return Ok(last);
    }
    let first = at(t, &args[0], 0)?;
    put(t, &args[0], 0, last)?;
    sift_down(t, &args[0], 0, order)?;
    Ok(first)
}

fn replace<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>, order: Order) -> R<M> {
    if check(t, args)? == 0 {
        return Err(t.raise(Kind::IndexError, "index out of range"));
    }
    let first = at(t, &args[0], 0)?;
    put(t, &args[0], 0, args[1].clone())?;
    sift_down(t, &args[0], 0, order)?;
    Ok(first)
}

fn pushpop<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>, order: Order) -> R<M> {
    if check(t, args)? == 0 {
        return Ok(args[1].clone());
    }
    let first = at(t, &args[0], 0)?;
    if !order.before(t, &first, &args[1])? {
        return Ok(args[1].clone());
    }
    put(t, &args[0], 0, args[1].clone())?;
    sift_down(t, &args[0], 0, order)?;
    Ok(first)
}

fn heapify<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>, order: Order) -> R<M> {
    let n = check(t, args)?;
    for i in (0..n / 2).rev() {
        sift_down(t, &args[0], i, order)?;
    }
    Ok(Obj::NONE)
}
