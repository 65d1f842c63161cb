//! Cells: the variables that closures share.

use crate::args::Args;
use crate::context::{Context, Thread};
use crate::exceptions::Kind;
use crate::memory::{Memory, Section};
use crate::object::{Layout, Obj, Object, Payload, R, Slot};
use crate::types::build::Builder;
use crate::types::ids::{self, Builtin};
use crate::value::Word;

/// A cell; empty while the variable is unbound.
pub struct Cell<M: Memory> {
    /// The value; guarded by the section for writing.
    pub value: Slot<M>,
}

/// A cell object.
pub type CellObj<M> = Object<M, Cell<M>>;

// SAFETY: the layout `Cell` is this struct's alone; its only reference is visited.
unsafe impl<M: Memory> Payload<M> for Cell<M> {
    const SHAPE: u32 = ids::CELL;
    const LAYOUT: Layout = Layout::Cell;
    fn visit(&self, f: &mut dyn FnMut(Word)) {
        f(self.value.word());
    }
    fn clear(&self, t: &mut Thread<M>, head: &M::Header) {
        let old = self.value.take(&Section::enter(t, head));
        drop(old);
    }
}

/// A new cell; NULL for an empty one.
pub fn new<M: Memory>(ctx: &Context<M>, value: Obj<M>) -> Obj<M> {
    ctx.alloc(Cell { value: Slot::fresh(value) })
}

impl<M: Memory> Object<M, Cell<M>> {
    /// Puts a value (or nothing) in; the old one comes back.
    #[inline(always)]
    pub fn set(&self, ctx: &Context<M>, value: Option<Obj<M>>) -> Option<Obj<M>> {
        let section = Section::enter(ctx, &self.head);
        match value {
            Some(value) => self.body.value.set(&section, &self.head, value),
            None => self.body.value.take(&section),
        }
    }
}

fn get_contents<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    let value = obj.cast::<Cell<M>>().and_then(|c| c.body.value.get(t).map(|v| v.own()));
    value.ok_or_else(|| t.raise(Kind::ValueError, "cell is empty"))
}

fn cell_new<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    // SAFETY: the null word owns nothing.
    let value = args.get(1).cloned().unwrap_or_else(|| unsafe { Obj::from_word(Word::NULL) });
    Ok(new(t, value))
}

/// Defines `cell`.
pub fn define<M: Memory>(t: &mut Thread<M>) {
    Builder::new::<Cell<M>>(t, Builtin::Cell, "cell")
        .is_final()
        .staticmethod("__new__(cls, contents=None, /)", cell_new)
        .getset(
            "cell_contents",
            get_contents,
            Some(|t, obj, value| {
                if let Some(cell) = obj.cast::<Cell<M>>() {
                    drop(cell.set(t, value.cloned()));
                }
                Ok(())
            }),
        )
        .finish();
}
