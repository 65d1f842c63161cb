//! The end of objects that somebody cares about: finalisers (`__del__`, PEP 442) and weak references.
//!
//! Nothing that runs Python may run where a count falls to zero. A dying object with a finaliser is revived with one
//! count and queued to the thread that dropped it; a weak reference whose target died is queued when it has a callback.
//! The thread runs its queue at its next poll.
//!
//! | what happens | finaliser ran before? | then |
//! |---|---|---|
//! | the last reference goes | no | revived, queued; marked as finalised when it runs |
//! | the last reference goes | yes (marked) | mark removed, weak references cleared, memory freed |
//! | the collector finds it in a dead cycle | no | weak references cleared, marked, finaliser run, cycle looked at again |

use crate::context::{Context, Thread, poll};
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::object::{Layout, Obj};
use crate::types::{Type, flags};
use crate::value::Word;

/// Looks at the death of an object of a class that asks for it ([`Type::needs_care`]). True: the object lives on for its
/// finaliser.
///
/// # Safety
/// `at` is dead: nobody else can reach it, and its payload is whole.
pub unsafe fn before_death<M: Memory>(ctx: &Context<M>, at: *mut u8, class: &Type<M>) -> bool {
    if class.has(flags::FINALIZER) && wants_finaliser::<M>(at, class) && !ctx.interp.gc.unmark_finalized(at) {
        // SAFETY: (block) the object is whole and ours alone; the queue owns the count.
        unsafe {
            let word = M::retain(ctx, Word::uncounted(at));
            // Other threads may find it while its finaliser runs: what that stores into it must be shared at once.
            if class.has(flags::WEAKREFED) && ctx.interp.threads.started() && ctx.interp.weak.knows(at) {
                M::publish(ctx, word);
            }
            ctx.finalize_queue.borrow_mut().push(word);
        }
        ctx.request(poll::FINALIZE);
        return true;
    }
    if class.has(flags::WEAKREFED) {
        ctx.interp.weak.died(ctx, at, &|_| false);
    }
    false
}

/// Does this object, of a class with a finaliser, have something to finalise? Most generators are finished.
fn wants_finaliser<M: Memory>(at: *mut u8, class: &Type<M>) -> bool {
    class.ops.layout != Layout::Generator || crate::types::generator::needs_close::<M>(at)
}

/// Rounds of finalisers whose objects died in the round before. A list of so many objects loses its last finalisers; a
/// finaliser that makes an object of its own class comes to an end.
const MOST_ROUNDS: u32 = 1 << 18;

/// Runs what waits on this thread: finalisers and weak-reference callbacks. What they raise is reported, not passed on.
pub fn run_pending<M: Memory>(t: &mut Thread<M>) {
    // An exception on its way is none of the finalisers' business.
    let raised = t.raised.replace(Word::NULL);
    for depth in 0.. {
        let due = t.finalize_queue.take();
        if due.is_empty() {
            break;
        }
        for word in due {
            // SAFETY: the queue owned the word.
            let obj = unsafe { Obj::from_word(word) };
            if !crate::types::weakref::fire(t, &obj) {
                if depth > MOST_ROUNDS {
                    // Each finaliser leaves behind an object that needs one: where they nest, a runaway recursion.
                    give_up(t, &obj);
                } else {
                    finalize(t, &obj);
                }
            }
        }
    }
    t.raised.set(raised);
}

/// Reports that an object's finaliser would be one too many, and lets it die without.
fn give_up<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) {
    if t.interp.gc.mark_finalized(obj.word().address()) {
        let _ = t.raise(Kind::RecursionError, "maximum recursion depth exceeded");
        t.report_unraisable(obj);
    }
}

/// Runs the finaliser of an object, once in its life.
pub fn finalize<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) {
    let class = t.class_of(obj);
    let Some(del) = class.body.slots.del.get() else { return };
    let at = obj.word().address();
    if class.body.ops.layout == Layout::Generator {
        // Finished, it needs no mark: nothing is left to run.
        del(t, obj);
        if crate::types::generator::needs_close::<M>(at) {
            t.interp.gc.mark_finalized(at);
        }
    } else if t.interp.gc.mark_finalized(at) {
        del(t, obj);
    }
}

/// Reports the raised exception, which nobody can catch, through `sys.unraisablehook`: "*message* *about*".
pub fn unraisable<M: Memory>(t: &mut Thread<M>, message: &str, about: &Obj<M>) {
    let raised = t.take_raised();
    let shown = match t.repr(about) {
        Ok(text) => t.text(&text),
        Err(_) => {
            t.clear_raised();
            "<object repr() failed>".into()
        }
    };
    let _ = t.set_raised(raised);
    crate::report::unraisable(t, Some(&format!("{message} {shown}")), &Obj::NONE);
}

impl<M: Memory> Thread<M> {
    /// Reports what the finaliser of `obj` raised.
    pub fn report_unraisable(&mut self, obj: &Obj<M>) {
        let name = self.intern("__del__");
        let del = crate::lookup::in_class(self, self.class_of(obj), &name).map(|d| d.own());
        unraisable(self, "Exception ignored while calling deallocator", &del.unwrap_or(Obj::NONE));
    }
}

/// Writes a line and an exception with its traceback to `sys.stderr`.
pub fn print_exception<M: Memory>(t: &mut Thread<M>, header: &str, exc: &Obj<M>) {
    let text = crate::report::format(t, exc);
    crate::report::write_error(t, &format!("{header}\n{text}"));
}
