//! Taking garbage apart while the world runs: finalisers first, then a second look at what they revived.

use rustc_hash::FxHashMap;

use crate::code::CodeBody;
use crate::context::{Context, Thread, poll};
use crate::memory::{CellWord, Memory};
use crate::object::{Obj, area, trace_object, visit_object};
use crate::types::{Type, flags};
use crate::value::Word;

/// Frees the garbage; the number of objects that finalisers brought back.
pub(super) fn sweep<M: Memory>(t: &mut Thread<M>, mut garbage: Vec<Obj<M>>) -> usize {
    if garbage.is_empty() {
        return 0;
    }
    let all = garbage.len();
    // Callbacks of weak references come first, as they do in CPython.
    if t.poll.load(std::sync::atomic::Ordering::Relaxed) & poll::FINALIZE != 0 {
        crate::finalize::run_pending(t);
    }
    if super::debug::saves(t) {
        if finalize(t, &garbage) {
            garbage = M::stop_the_world(t, |t| unrevived(t, garbage));
        }
        super::debug::save(t, garbage);
        return all;
    }
    // SAFETY: the handles' words are valid.
    let deferred = garbage.iter().any(|o| unsafe { M::is_deferred(o.word()) });
    let mut classes = Vec::new();
    if finalize(t, &garbage) || deferred {
        (classes, garbage) = M::stop_the_world(t, |t| condemn(t, unrevived(t, garbage)));
    }
    let dead = garbage.len() + classes.len();
    for obj in classes.iter().chain(&garbage) {
        clear(t, obj);
    }
    drop(garbage);
    if !classes.is_empty() {
        super::classes::bury(t, classes);
    }
    all - dead
}

/// Parts dead classes from the rest, which is counted from now on. The world is stopped.
fn condemn<M: Memory>(ctx: &Context<M>, garbage: Vec<Obj<M>>) -> (Vec<Obj<M>>, Vec<Obj<M>>) {
    let (classes, rest): (Vec<_>, Vec<_>) = garbage.into_iter().partition(|o| o.cast::<Type<M>>().is_some());
    super::classes::condemn(ctx, &classes);
    for obj in &rest {
        if let Some(code) = obj.exact::<CodeBody<M>>() {
            ctx.interp.threads.each(&mut |thread| M::forget_instructions(thread, &code.body));
        }
        // SAFETY: the handle owns a count, and nobody else can reach the object.
        unsafe { M::settle(ctx, obj.word()) }
    }
    (classes, rest)
}

/// Runs the finalisers that did not run yet; says whether any did.
fn finalize<M: Memory>(t: &mut Thread<M>, garbage: &[Obj<M>]) -> bool {
    let mut ran = false;
    for obj in garbage {
        if t.class_of(obj).body.has(flags::FINALIZER) {
            crate::finalize::finalize(t, obj);
            ran = true;
        }
    }
    ran
}

/// The objects of `garbage` that nothing outside it refers to. The world is stopped.
fn unrevived<M: Memory>(ctx: &Context<M>, garbage: Vec<Obj<M>>) -> Vec<Obj<M>> {
    // SAFETY: (whole function) the world is stopped; the handles keep the objects.
    unsafe {
        // The collector's own handle is explained.
        let mut left: FxHashMap<usize, usize> =
            garbage.iter().map(|o| (o.word().address().addr(), M::count(ctx, o.word()).saturating_sub(1))).collect();
        for obj in &garbage {
            visit_object(ctx, obj.word().address(), &mut |w| {
                if w.is_ptr()
                    && let Some(n) = left.get_mut(&w.address().addr())
                {
                    *n = n.saturating_sub(1);
                }
            });
        }
        let mut stack: Vec<Word> = garbage.iter().map(|o| o.word()).filter(|w| left[&w.address().addr()] > 0).collect();
        for w in &stack {
            left.remove(&w.address().addr());
        }
        while let Some(w) = stack.pop() {
            trace_object(ctx, w.address(), &mut |w| {
                if w.is_ptr() && left.remove(&w.address().addr()).is_some() {
                    stack.push(w);
                }
            });
        }
        garbage.into_iter().filter(|o| left.contains_key(&o.word().address().addr())).collect()
    }
}

/// Drops what a dead object refers to, as far as its layout can.
fn clear<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) {
    let at = obj.word().address();
    let class = t.class_of(obj);
    let (ops, words) = (class.body.ops, class.body.area_words);
    // SAFETY: the handle keeps the object; nobody else can reach it (invariant 3 of the collector). Every word taken
    // out of the area was owned by it.
    unsafe {
        (ops.clear)(at, (&raw mut *t).cast());
        if words > 0 {
            let taken: Vec<Obj<M>> = area::<M>(at, &t.class_of(obj).body)
                .iter()
                .map(|cell| {
                    let word = Word(cell.load());
                    cell.store(Word::NULL.0);
                    Obj::from_word(word)
                })
                .collect();
            drop(taken);
        }
    }
}
