//! The end of classes. An instance names its class in its header and does not count it, so a class is freed last: when
//! the collector has taken its garbage apart and no object of the class is left anywhere.

use rustc_hash::FxHashSet;

use crate::context::{Context, Thread};
use crate::memory::{Header, Memory};
use crate::object::{Layout, Obj};
use crate::types::class::as_class;
use crate::types::{Type, TypeObj, flags};

/// Marks classes as dead and takes them off their bases' lists. The world is stopped.
pub(super) fn condemn<M: Memory>(ctx: &Context<M>, classes: &[Obj<M>]) {
    for class in classes {
        as_class(class).body.set(flags::DEAD);
    }
    let mut seen = FxHashSet::default();
    for class in classes {
        let Some(bases) = as_class(class).body.bases.get(ctx) else { continue };
        for base in crate::types::tuple::items(&bases) {
            if seen.insert(base.word().address().addr()) {
                as_class(base).body.subclasses.lock().retain(|w| {
                    // SAFETY: a listed subclass is not freed yet.
                    !unsafe { &*w.address().cast::<TypeObj<M>>() }.body.has(flags::DEAD)
                });
            }
        }
    }
}

/// Frees condemned classes that were taken apart, each held by one handle of the collector. One that something still
/// holds, or that still has instances, stays for another collection.
pub(super) fn bury<M: Memory>(t: &mut Thread<M>, classes: Vec<Obj<M>>) {
    M::stop_the_world(t, |t| {
        rescue(t, &classes);
        let mut due: Vec<(usize, Obj<M>)> = Vec::new();
        for class in classes {
            if as_class(&class).body.has(flags::DEAD) {
                due.push((depth(t, &class), class));
            }
        }
        // A class is an instance of its metaclass, which so comes later.
        due.sort_by_key(|d| std::cmp::Reverse(d.0));
        for (_, class) in due {
            free(t, class);
        }
    });
}

/// Takes the mark from classes that must stay. The world is stopped.
fn rescue<M: Memory>(ctx: &Context<M>, classes: &[Obj<M>]) {
    let shapes = &ctx.interp.shapes;
    let unmark = |class: &TypeObj<M>| class.body.flags.fetch_and(!flags::DEAD, std::sync::atomic::Ordering::Relaxed);
    for class in classes {
        // SAFETY: the handle's word is valid.
        let held = unsafe { M::count(ctx, class.word()) } != 1;
        let unfinished = shapes.class(class.shape()).body.has(flags::FINALIZER)
            && !ctx.interp.gc.is_finalized(class.word().address());
        if held || unfinished {
            unmark(as_class(class));
        }
    }
    M::each_object(ctx, &mut |at| {
        // SAFETY: an object of a stopped world.
        let Some(class) = shapes.try_class(unsafe { (*at.cast::<M::Header>()).shape() }) else { return };
        if class.body.has(flags::DEAD) && !is_condemned(class, at) {
            unmark(class);
        }
    });
    // A class that stays keeps its metaclass.
    for class in classes {
        let mut class = as_class(class);
        while !class.body.has(flags::DEAD) && shapes.class(class.head.shape()).body.has(flags::DEAD) {
            class = shapes.class(class.head.shape());
            unmark(class);
        }
    }
}

/// Is this object of class `class` itself a class that is to be freed?
fn is_condemned<M: Memory>(class: &TypeObj<M>, at: *mut u8) -> bool {
    // SAFETY: the layout says what stands behind the header.
    class.body.ops.layout == Layout::Type && unsafe { &*at.cast::<TypeObj<M>>() }.body.has(flags::DEAD)
}

/// How many metaclasses of a class are to be freed.
fn depth<M: Memory>(ctx: &Context<M>, class: &Obj<M>) -> usize {
    let mut above = ctx.interp.shapes.class(class.shape());
    let mut depth = 0;
    while above.body.has(flags::DEAD) {
        depth += 1;
        above = ctx.interp.shapes.class(above.head.shape());
    }
    depth
}

/// Frees a class that the handle alone holds, and its shapes. The world is stopped.
fn free<M: Memory>(ctx: &Context<M>, class: Obj<M>) {
    let body: &Type<M> = &as_class(&class).body;
    let mut shapes = std::mem::take(&mut *body.shapes_made.lock());
    shapes.push(body.root_shape);
    // SAFETY: (both) the world is stopped and the handle owns the only count; there are no instances.
    unsafe {
        M::settle(ctx, class.word());
        drop(class);
        ctx.interp.shapes.forget(shapes.into_iter());
    }
}
