//! Floats: words for ordinary exponents, boxed for the rest (and for classes derived from `float`).

mod convert;
mod methods;
mod ops;

use crate::context::Context;
use crate::memory::Memory;
use crate::object::{Layout, Obj, Payload};
use crate::types::ids;
use crate::value::Word;

pub use convert::{parse, round_to, to_big};
pub use methods::define;
pub use ops::{arith, compare_int, divmod, floor_div, hash_f64, modulo, pow_obj};

/// Payload of a boxed float.
pub struct Float {
    /// The number.
    pub value: f64,
}

// SAFETY: the layout `Float` is this struct's alone; it holds no references.
unsafe impl<M: Memory> Payload<M> for Float {
    const SHAPE: u32 = ids::FLOAT;
    const LAYOUT: Layout = Layout::Float;
    fn visit(&self, _: &mut dyn FnMut(Word)) {}
}

/// A float object.
#[inline(always)]
pub fn new<M: Memory>(ctx: &Context<M>, value: f64) -> Obj<M> {
    match Word::float(value) {
        // SAFETY: a float word owns nothing.
        Some(word) => unsafe { Obj::from_word(word) },
        None => boxed(ctx, value),
    }
}

#[cold]
#[inline(never)]
fn boxed<M: Memory>(ctx: &Context<M>, value: f64) -> Obj<M> {
    ctx.alloc(Float { value })
}

/// The number of a float (or of an instance of a derived class).
#[inline]
pub fn value<M: Memory>(obj: &Obj<M>) -> Option<f64> {
    match obj.word().as_float() {
        Some(value) => Some(value),
        None => obj.cast::<Float>().map(|at| at.body.value),
    }
}
