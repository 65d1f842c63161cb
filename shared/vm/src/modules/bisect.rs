//! `_bisect`: places in sorted sequences.

use crate::args::{Args, NativeFn};
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::modules::Maker;
use crate::object::{Obj, R, Raise};
use crate::types::int;
use crate::types::slots::CmpOp;

/// `_bisect`
pub fn init<M: Memory>(t: &mut Thread<M>) -> R<M> {
    let functions: [(&str, NativeFn<M>); 6] = [
        ("bisect_left(a, x, lo=0, hi=None, *, key=None)", |t, a| place(t, a, true).map(|i| int::from_i64(t, i))),
        ("bisect_right(a, x, lo=0, hi=None, *, key=None)", |t, a| place(t, a, false).map(|i| int::from_i64(t, i))),
        ("bisect(a, x, lo=0, hi=None, *, key=None)", |t, a| place(t, a, false).map(|i| int::from_i64(t, i))),
        ("insort_left(a, x, lo=0, hi=None, *, key=None)", |t, a| insert(t, a, true)),
        ("insort_right(a, x, lo=0, hi=None, *, key=None)", |t, a| insert(t, a, false)),
        ("insort(a, x, lo=0, hi=None, *, key=None)", |t, a| insert(t, a, false)),
    ];
    Maker::new(t, "_bisect").functions(&functions).finish()
}

fn place<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>, left: bool) -> Result<i64, Raise> {
    search(t, args, &args[1].clone(), left)
}

fn search<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>, wanted: &Obj<M>, left: bool) -> Result<i64, Raise> {
    let mut low = match args.get(2) {
        Some(low) => t.index_i64(low)?,
        None => 0,
    };
    if low < 0 {
        return Err(t.raise(Kind::ValueError, "lo must be non-negative"));
    }
    let mut high = match args.some(3) {
        Some(high) => t.index_i64(high)?,
        None => t.len(&args[0])? as i64,
    };
    while low < high {
        let middle = low + (high - low) / 2;
        let index = int::from_i64(t, middle);
        let mut item = t.getitem(&args[0], &index)?;
        if let Some(key) = args.some(4) {
            item = t.call(key, &[item])?;
        }
        let goes_right =
            if left { t.compare_truth(&item, wanted, CmpOp::Lt)? } else { !t.compare_truth(wanted, &item, CmpOp::Lt)? };
        if goes_right {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    Ok(low)
}

fn insert<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>, left: bool) -> R<M> {
    let wanted = match args.some(4) {
        Some(key) => t.call(key, &[args[1].clone()])?,
        None => args[1].clone(),
    };
    let at = search(t, args, &wanted, left)?;
    let at = int::from_i64(t, at);
    t.call_method(&args[0], "insert", &[at, args[1].clone()])?;
    Ok(Obj::NONE)
}
