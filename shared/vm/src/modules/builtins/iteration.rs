//! Built-in functions about iterables.

use crate::args::Args;
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::object::{Obj, R, Raise};
use crate::types::slots::{BinOp, CmpOp};
use crate::types::str::Str;
use crate::types::{float, ids, int, iterators, list};
use crate::value::Word;

/// Does an item have this truth? Stops at the first that does.
fn find_truth<M: Memory>(t: &mut Thread<M>, iterable: &Obj<M>, wanted: bool) -> Result<bool, Raise> {
    let it = t.iter(iterable)?;
    while let Some(item) = t.next(&it)? {
        if t.truth(&item)? == wanted {
            return Ok(true);
        }
        t.poll()?;
    }
    Ok(false)
}

pub(super) fn all<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    Ok(Obj::bool(!find_truth(t, &args[0], false)?))
}

pub(super) fn any<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    Ok(Obj::bool(find_truth(t, &args[0], true)?))
}

pub(super) fn iter<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let Some(sentinel) = args.get(1) else { return t.iter(&args[0]) };
    if !t.is_callable(&args[0]) {
        return Err(t.raise(Kind::TypeError, "iter(v, w): v must be callable"));
    }
    Ok(iterators::callable_iterator(t, args[0].clone(), sentinel.clone()))
}

pub(super) fn next<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    match t.next_or_stop(&args[0]) {
        Ok(Some(item)) => return Ok(item),
        Ok(None) => {}
        Err(_) if args.get(1).is_some() && t.raised_is(Kind::StopIteration) => t.clear_raised(),
        Err(raise) => return Err(raise),
    }
    match args.get(1) {
        Some(default) => Ok(default.clone()),
        None => Err(t.raise_stop(Obj::NONE)),
    }
}

pub(super) fn aiter<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    match t.lookup_special(&args[0], "__aiter__")? {
        Some(f) => t.call(&f, &[]),
        None => {
            let class = t.class_name(&args[0]);
            Err(t.raise(Kind::TypeError, format!("'{class}' object is not an async iterable")))
        }
    }
}

pub(super) fn anext<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    match t.lookup_special(&args[0], "__anext__")? {
        Some(f) => t.call(&f, &[]),
        None => {
            let class = t.class_name(&args[0]);
            Err(t.raise(Kind::TypeError, format!("'{class}' object is not an async iterator")))
        }
    }
}

pub(super) fn min<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    extreme(t, args, "min", CmpOp::Lt)
}

pub(super) fn max<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    extreme(t, args, "max", CmpOp::Gt)
}

fn extreme<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>, name: &str, op: CmpOp) -> R<M> {
    let (key, default) = (args.some(0), args.get(1));
    let mut best: Option<(Obj<M>, Obj<M>)> = None;
    let mut consider = |t: &mut Thread<M>, item: Obj<M>| {
        let rank = match key {
            Some(key) => t.call(key, std::slice::from_ref(&item))?,
            None => item.clone(),
        };
        let better = match &best {
            Some((_, old)) => t.compare_truth(&rank, old, op)?,
            None => true,
        };
        if better {
            best = Some((item, rank));
        }
        Ok(())
    };
    match args.rest {
        [] => return Err(t.raise(Kind::TypeError, format!("{name} expected at least 1 argument, got 0"))),
        [iterable] => t.iterate(iterable, &mut consider)?,
        _ if default.is_some() => {
            let message = format!("Cannot specify a default for {name}() with multiple positional arguments");
            return Err(t.raise(Kind::TypeError, message));
        }
        items => {
            for item in items {
                consider(t, item.clone())?;
            }
        }
    }
    match (best, default) {
        (Some((item, _)), _) => Ok(item),
        (None, Some(default)) => Ok(default.clone()),
        (None, None) => Err(t.raise(Kind::ValueError, format!("{name}() iterable argument is empty"))),
    }
}

pub(super) fn sorted<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let [iterable] = args.rest else {
        let message = format!("sorted expected 1 argument, got {}", args.rest.len());
        return Err(t.raise(Kind::TypeError, message));
    };
    let items = t.collect(iterable)?;
    let made = list::from_vec(t, items);
    // Not through the name of the method: names are looked up under a lock that all threads share.
    list::methods::sort_by(t, &made, args.some(0), args.get(1))?;
    Ok(made)
}

/// A running sum: exact while all are ints, compensated while all are floats.
enum Sum<M: Memory> {
    Int(i64),
    Float { high: f64, low: f64 },
    Any(Obj<M>),
}

impl<M: Memory> Sum<M> {
    fn start(value: Obj<M>) -> Sum<M> {
        if let Some(i) = value.word().as_int() {
            return Sum::Int(i);
        }
        match float::value(&value) {
            Some(high) if value.word().is_float() || value.shape() == ids::FLOAT => Sum::Float { high, low: 0.0 },
            _ => Sum::Any(value),
        }
    }

    fn into_obj(self, t: &Thread<M>) -> Obj<M> {
        match self {
            Sum::Int(i) => int::from_i64(t, i),
            Sum::Float { high, low } if low != 0.0 && low.is_finite() => float::new(t, high + low),
            Sum::Float { high, .. } => float::new(t, high),
            Sum::Any(value) => value,
        }
    }

    fn add(self, t: &mut Thread<M>, item: &Obj<M>) -> Result<Sum<M>, Raise> {
        let word = item.word();
        match self {
            Sum::Int(a) => {
                let b = word.as_int().or_else(|| word.is_bool().then_some(i64::from(word == Word::TRUE)));
                if let Some(sum) = b.and_then(|b| a.checked_add(b)) {
                    return Ok(Sum::Int(sum));
                }
                let a = int::from_i64(t, a);
                t.binary(BinOp::Add, &a, item).map(Sum::start)
            }
            Sum::Float { high, low } => {
                if let Some(x) = float::value(item).filter(|_| word.is_float() || item.shape() == ids::FLOAT) {
                    // Neumaier's variant of Kahan's sum: the smaller operand's lost part is kept.
                    let sum = high + x;
                    let lost = if high.abs() >= x.abs() { (high - sum) + x } else { (x - sum) + high };
                    return Ok(Sum::Float { high: sum, low: low + lost });
                }
                if let Some(i) = word.as_int() {
                    return Ok(Sum::Float { high: high + i as f64, low });
                }
                let a = Sum::<M>::Float { high, low }.into_obj(t);
                t.binary(BinOp::Add, &a, item).map(Sum::Any)
            }
            Sum::Any(a) => t.binary(BinOp::Add, &a, item).map(Sum::Any),
        }
    }
}

pub(super) fn sum<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let start = match args.get(1) {
        Some(start) => start.clone(),
        None => int::from_i64(t, 0),
    };
    let kind = match start.shape() {
        _ if start.cast::<Str<M>>().is_some() => Some("strings [use ''.join(seq) instead]"),
        ids::BYTES => Some("bytes [use b''.join(seq) instead]"),
        ids::BYTEARRAY => Some("bytearray [use b''.join(seq) instead]"),
        _ => None,
    };
    if let Some(kind) = kind {
        return Err(t.raise(Kind::TypeError, format!("sum() can't sum {kind}")));
    }
    let mut sum = Some(Sum::start(start));
    t.iterate(&args[0], &mut |t, item| {
        let old = sum.take().expect("put back after each item");
        sum = Some(old.add(t, &item)?);
        Ok(())
    })?;
    Ok(sum.expect("put back after each item").into_obj(t))
}
