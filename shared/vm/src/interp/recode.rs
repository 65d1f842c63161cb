//! `f.__code__ = code`: later calls run the new code; frames and generators go on with the one that they began with.
//!
//! Both find their code through their function, so those of `f` are given a stand-in that keeps the old code. The world is
//! stopped meanwhile: nobody sees a frame with half of either.

use crate::context::{Context, Thread};
use crate::interp::frame;
use crate::memory::{Header, Memory, Section};
use crate::object::Obj;
use crate::types::function::{self, FunctionObj};
use crate::types::{generator, ids};
use crate::value::Word;

/// Gives `f` the code object `code`.
pub fn replace<M: Memory>(t: &mut Thread<M>, f: &FunctionObj<M>, code: Obj<M>) {
    let old = f.body.code().to_obj();
    let stand_in = function::nested(t, old, &f.body, (*f.body.closure).clone());
    if M::is_shared(t, &f.head) {
        // SAFETY: the handle's word is valid.
        unsafe { M::publish(t, stand_in.word()) }
    }
    let at: *const u8 = (&raw const *f).cast();
    let dropped = M::stop_the_world(t, |t| {
        let mut dropped = Vec::new();
        // SAFETY: the world is stopped.
        t.interp.threads.each(&mut |ctx| unsafe { frames(ctx, at, &stand_in, &mut dropped) });
        M::each_object(t, &mut |object| {
            // SAFETY: a header comes first in every object; it says what stands behind it; the world is stopped.
            unsafe {
                let shape = (*object.cast::<M::Header>()).shape();
                if matches!(shape, ids::GENERATOR | ids::COROUTINE | ids::ASYNC_GENERATOR) {
                    dropped.extend(generator::change_function::<M>(object, at, &stand_in));
                }
            }
        });
        dropped.extend(f.body.code.set(&Section::enter(t, &f.head), &f.head, code));
        dropped
    });
    drop(dropped);
}

/// Puts the stand-in below each frame of a thread that runs the function at `f`; what was there is the caller's.
///
/// # Safety
/// The world is stopped.
unsafe fn frames<M: Memory>(ctx: &Context<M>, f: *const u8, stand_in: &Obj<M>, dropped: &mut Vec<Obj<M>>) {
    let mut base = ctx.frame.get();
    while !base.is_null() {
        // SAFETY: (block) a frame has its function and link below it; the link leads to the caller's window, if there is one.
        unsafe {
            let place = base.sub(1);
            if (*place).address().cast_const() == f {
                let old = std::mem::replace(&mut *place, stand_in.clone().into_word());
                dropped.push(Obj::from_word(if old.is_counted() { old } else { Word::NONE }));
            }
            let down = frame::link_down(*base.sub(3));
            base = if down == 0 { std::ptr::null_mut() } else { base.sub(down) };
        }
    }
}
