//! What a generator shows of itself: `gi_frame`, `cr_running` and their like.

use std::cell::Cell;

use super::{Generator, Status, delegate, status, view};
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::object::{Obj, R, Raise, Slot};
use crate::types::build::Builder;
use crate::types::ids;
use crate::types::str::to_text;

pub(super) fn repr<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    let name = view(obj).body.qualname.get(t).map(|n| to_text(&n).into_owned()).unwrap_or_default();
    let what = match obj.shape() {
        ids::COROUTINE => "coroutine",
        ids::ASYNC_GENERATOR => "async_generator",
        _ => "generator",
    };
    Ok(t.string(format!("<{what} object {name} at {:#x}>", obj.word().address() as usize)))
}

pub(super) fn text_attribute<'a, M: Memory>(b: Builder<'a, M>, name: &'static str, qualified: bool) -> Builder<'a, M> {
    fn slot<M: Memory>(g: &Generator<M>, qualified: bool) -> &Slot<M> {
        if qualified { &g.qualname } else { &g.name }
    }
    fn set<M: Memory>(t: &mut Thread<M>, o: &Obj<M>, v: Option<&Obj<M>>, qualified: bool) -> Result<(), Raise> {
        let Some(v) = v.filter(|v| crate::types::str::view(v).is_some()) else {
            let name = if qualified { "__qualname__" } else { "__name__" };
            return Err(t.raise(Kind::TypeError, format!("{name} must be set to a string object")));
        };
        let g = view(o);
        let old = slot(&g.body, qualified).set(&g.section(t), &g.head, v.clone());
        drop(old);
        Ok(())
    }
    if qualified {
        b.getset(
            name,
            |t, o| Ok(slot(&view(o).body, true).get(t).map_or(Obj::NONE, |v| v.own())),
            Some(|t, o, v| set(t, o, v, true)),
        )
    } else {
        b.getset(
            name,
            |t, o| Ok(slot(&view(o).body, false).get(t).map_or(Obj::NONE, |v| v.own())),
            Some(|t, o, v| set(t, o, v, false)),
        )
    }
}

pub(super) fn code_attribute<M: Memory>(t: &mut Thread<M>, o: &Obj<M>) -> R<M> {
    let _ = t;
    Ok(view(o).body.function().body.code().to_obj())
}

pub(super) fn running<M: Memory>(t: &mut Thread<M>, o: &Obj<M>) -> R<M> {
    Ok(Obj::bool(status(t, o) == Status::Running))
}

pub(super) fn suspended<M: Memory>(t: &mut Thread<M>, o: &Obj<M>) -> R<M> {
    Ok(Obj::bool(status(t, o) == Status::Suspended))
}

/// `gi_frame`; None when the generator is finished.
pub(super) fn frame_attribute<M: Memory>(t: &mut Thread<M>, o: &Obj<M>) -> R<M> {
    let g = view(o);
    let (status, pc, registers) = g.body.state.with::<M, _>(t, &g.head, |s| {
        // SAFETY: the state owns the words; the section keeps them there.
        let own = |w: &Cell<_>| unsafe { crate::object::Val::<M>::new(w.get()) }.own();
        (s.status, s.pc, g.body.saved(s).iter().map(own).collect::<Vec<_>>())
    });
    Ok(match status {
        Status::Finished => Obj::NONE,
        Status::Running => crate::types::frame::of_running(t, o).unwrap_or(Obj::NONE),
        Status::Created | Status::Suspended => crate::types::frame::of_suspended(t, &g.body.function, pc, &registers),
    })
}

pub(super) fn delegate_attribute<M: Memory>(t: &mut Thread<M>, o: &Obj<M>) -> R<M> {
    Ok(delegate(t, o).unwrap_or(Obj::NONE))
}
