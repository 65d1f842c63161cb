//! `gc`: the cycle collector as Python code sees it.

use std::sync::atomic::Ordering;

use crate::args::Args;
use crate::collector::{self, collect, is_container};
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::modules::Maker;
use crate::object::{Obj, R};
use crate::types::ids::Builtin;
use crate::types::{dict, int, list, tuple};

/// Makes the module.
pub fn init<M: Memory>(t: &mut Thread<M>) -> R<M> {
    let (callbacks, garbage) = (list::from_vec(t, Vec::new()), list::from_vec(t, Vec::new()));
    t.keep("gc.callbacks", callbacks.clone());
    t.keep("gc.garbage", garbage.clone());
    t.interp.gc.set_lists(callbacks.word(), garbage.word());
    Maker::new(t, "gc")
        .doc("The cycle collector.")
        .ints(&[
            ("DEBUG_STATS", 1),
            ("DEBUG_COLLECTABLE", 2),
            ("DEBUG_UNCOLLECTABLE", 4),
            ("DEBUG_SAVEALL", 32),
            ("DEBUG_LEAK", 38),
        ])
        .set("callbacks", callbacks)
        .set("garbage", garbage)
        .functions(&[
            ("collect(generation=2)", gc_collect),
            ("enable()", |t, _| switch(t, true)),
            ("disable()", |t, _| switch(t, false)),
            ("isenabled()", |t, _| Ok(Obj::bool(t.interp.gc.enabled()))),
            ("get_count()", get_count),
            ("get_threshold()", get_threshold),
            ("set_threshold(*thresholds)", set_threshold),
            ("get_stats()", get_stats),
            ("get_objects(generation=None)", get_objects),
            ("get_referrers(*objs)", get_referrers),
            ("get_referents(*objs)", get_referents),
            ("is_tracked(obj, /)", is_tracked),
            ("is_finalized(obj, /)", is_finalized),
            ("freeze()", freeze),
            ("unfreeze()", |t, _| {
                t.interp.gc.unfreeze();
                Ok(Obj::NONE)
            }),
            ("get_freeze_count()", |t, _| Ok(int::from_usize(t, t.interp.gc.frozen()))),
            ("_census()", census),
            ("set_debug(flags, /)", set_debug),
            ("get_debug()", |t, _| Ok(int::from_i64(t, t.interp.gc.debug().load(Ordering::Relaxed) as i64))),
        ])
        .finish()
}

fn gc_collect<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let generation = match args.get(0) {
        Some(n) => t.index_i64(n)?,
        None => 2,
    };
    if !(0..=2).contains(&generation) {
        return Err(t.raise(Kind::ValueError, "invalid generation"));
    }
    let found = collect(t, generation as usize);
    // Finalisers and callbacks of what was freed are due now, not at some later poll.
    crate::finalize::run_pending(t);
    Ok(int::from_usize(t, found))
}

fn switch<M: Memory>(t: &mut Thread<M>, on: bool) -> R<M> {
    t.interp.gc.enable(on);
    Ok(Obj::NONE)
}

fn get_count<M: Memory>(t: &mut Thread<M>, _: Args<'_, M>) -> R<M> {
    let grown = t.interp.gc.grown_since(M::pool(t).grown.load(Ordering::Relaxed));
    let items = [grown, 0, 0].map(|n| int::from_usize(t, n));
    Ok(tuple::from_vec(t, items.into()))
}

fn get_threshold<M: Memory>(t: &mut Thread<M>, _: Args<'_, M>) -> R<M> {
    let items = t.interp.gc.thresholds().map(|n| int::from_i64(t, n as i64));
    Ok(tuple::from_vec(t, items.into()))
}

fn set_threshold<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let mut values = t.interp.gc.thresholds();
    if !(1..=values.len()).contains(&args.rest.len()) {
        return Err(t.raise(Kind::TypeError, "gc.set_threshold requires 1 to 3 arguments"));
    }
    for (value, n) in values.iter_mut().zip(args.rest) {
        *value = t.index_i64(n)?.clamp(0, i32::MAX as i64) as u32;
    }
    t.interp.gc.set_thresholds(values);
    Ok(Obj::NONE)
}

fn get_stats<M: Memory>(t: &mut Thread<M>, _: Args<'_, M>) -> R<M> {
    let mut rows = Vec::new();
    for row in t.interp.gc.stats() {
        let entry = dict::new(t);
        let fields =
            [("collections", row.collections), ("collected", row.collected), ("uncollectable", row.uncollectable)];
        for (key, value) in fields {
            let (key, value) = (t.intern(key), int::from_usize(t, value));
            dict::set_fresh(t, &entry, key, value);
        }
        rows.push(entry);
    }
    Ok(list::from_vec(t, rows))
}

fn get_objects<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    if let Some(n) = args.some(0) {
        if int::to_i64(n).is_none() && t.index(n).is_err() {
            t.clear_raised();
            let class = t.class_name(n);
            return Err(t.raise(Kind::TypeError, format!("argument should be integer or None, not '{class}'")));
        }
        let generation = t.index_i64(n)?;
        if !(0..=2).contains(&generation) {
            let message = if generation < 0 {
                "generation parameter cannot be negative"
            } else {
                "generation parameter must be less than the number of available generations (3)"
            };
            return Err(t.raise(Kind::ValueError, message));
        }
        if generation < 2 {
            return Ok(list::from_vec(t, Vec::new()));
        }
    }
    let found = collector::containers(t);
    Ok(list::from_vec(t, found))
}

/// How many objects of each class the heap holds, those included that refer to nothing: what the conservation tests
/// compare.
fn census<M: Memory>(t: &mut Thread<M>, _: Args<'_, M>) -> R<M> {
    let found = collector::census(t);
    let counts = dict::new(t);
    for (name, n) in found {
        let (key, value) = (t.str(&name), int::from_usize(t, n));
        dict::set_fresh(t, &counts, key, value);
    }
    Ok(counts)
}

fn get_referrers<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let found = collector::referrers(t, args.rest);
    Ok(list::from_vec(t, found))
}

fn get_referents<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let mut found = Vec::new();
    for obj in args.rest {
        found.extend(collector::referents(t, obj));
    }
    Ok(list::from_vec(t, found))
}

fn is_tracked<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let word = args[0].word();
    // A plain `object` has nothing to refer with, and a range refers to numbers.
    let leaf = [Builtin::Object, Builtin::Range].iter().any(|&b| std::ptr::eq(t.class_of(&args[0]), t.builtin(b)));
    // SAFETY: the argument is alive.
    Ok(Obj::bool(word.is_ptr() && !leaf && unsafe { is_container(t, word.address()) }))
}

fn is_finalized<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let word = args[0].word();
    Ok(Obj::bool(word.is_ptr() && t.interp.gc.is_finalized(word.address())))
}

fn freeze<M: Memory>(t: &mut Thread<M>, _: Args<'_, M>) -> R<M> {
    let found = collector::containers(t);
    t.interp.gc.freeze(found.iter().map(|o| o.word().address().addr()));
    Ok(Obj::NONE)
}

fn set_debug<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let bits = t.index_i64(&args[0])?;
    t.interp.gc.debug().store(bits as u32, Ordering::Relaxed);
    Ok(Obj::NONE)
}
