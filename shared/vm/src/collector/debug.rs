//! What `gc.set_debug` asks for: lines on `sys.stderr` about each collection, and garbage that is kept for a look.

use std::sync::atomic::Ordering;
use std::time::Instant;

use crate::context::Thread;
use crate::memory::Memory;
use crate::object::Obj;
use crate::report::write_error;
use crate::value::Word;

/// `gc.DEBUG_STATS`
const STATS: u32 = 1;
/// `gc.DEBUG_COLLECTABLE`
const COLLECTABLE: u32 = 2;
/// `gc.DEBUG_SAVEALL`
const SAVEALL: u32 = 32;

fn asked<M: Memory>(t: &Thread<M>, bit: u32) -> bool {
    t.interp.gc.debug.load(Ordering::Relaxed) & bit != 0
}

/// A collection begins.
pub(super) fn begin<M: Memory>(t: &mut Thread<M>, generation: usize) -> Option<Instant> {
    if !asked(t, STATS) {
        return None;
    }
    write_error(t, &format!("gc: collecting generation {generation}...\n"));
    Some(Instant::now())
}

/// The garbage was found.
pub(super) fn found<M: Memory>(t: &mut Thread<M>, garbage: &[Obj<M>], alive: usize) {
    if asked(t, STATS) {
        let frozen = t.interp.gc.frozen();
        let young = format!("gc: objects in each generation: 0 0 {}\n", alive + garbage.len());
        write_error(t, &format!("{young}gc: objects in permanent generation: {frozen}\n"));
    }
    if asked(t, COLLECTABLE) {
        for obj in garbage {
            let class = t.class_of(obj).body.name.get(t).map(|name| t.text(&name)).unwrap_or_default();
            write_error(t, &format!("gc: collectable <{class} {:p}>\n", obj.word().address()));
        }
    }
}

/// The collection is over.
pub(super) fn end<M: Memory>(t: &mut Thread<M>, begun: Option<Instant>, unreachable: usize) {
    if let Some(begun) = begun {
        let seconds = begun.elapsed().as_secs_f64();
        write_error(t, &format!("gc: done, {unreachable} unreachable, 0 uncollectable, {seconds:.4}s elapsed\n"));
    }
}

/// Is garbage to be kept?
pub(super) fn saves<M: Memory>(t: &Thread<M>) -> bool {
    asked(t, SAVEALL)
}

/// Keeps garbage in `gc.garbage` instead of freeing it.
pub(super) fn save<M: Memory>(t: &mut Thread<M>, garbage: Vec<Obj<M>>) {
    let word = Word(t.interp.gc.garbage.load(Ordering::Acquire));
    if word != Word::NULL {
        // SAFETY: the list is immortal.
        let list = unsafe { Obj::from_word(word) };
        garbage.into_iter().for_each(|obj| crate::types::list::append(t, &list, obj));
    }
}
