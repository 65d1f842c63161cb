//! Integers: words of 62 bits, and boxed big ones (also the payload of classes derived from `int`).

mod methods;
pub mod ops;
pub mod parse;

use num_bigint::BigInt;
use num_traits::ToPrimitive;

use crate::context::Context;
use crate::memory::Memory;
use crate::object::{Layout, Obj, Payload};
use crate::types::ids;
use crate::value::Word;

pub use methods::define;
pub(crate) use methods::text_of;
pub use ops::hash;

/// Payload of a boxed integer.
pub struct Int {
    /// The number.
    pub value: BigInt,
}

// SAFETY: the layout `Int` is this struct's alone; it holds no references.
unsafe impl<M: Memory> Payload<M> for Int {
    const SHAPE: u32 = ids::INT;
    const LAYOUT: Layout = Layout::Int;
    fn visit(&self, _: &mut dyn FnMut(Word)) {}
}

/// An int object.
#[inline]
pub fn from_i64<M: Memory>(ctx: &Context<M>, i: i64) -> Obj<M> {
    match Word::int(i) {
        // SAFETY: an integer word owns nothing.
        Some(word) => unsafe { Obj::from_word(word) },
        None => boxed(ctx, BigInt::from(i)),
    }
}

/// An int object.
#[inline]
pub fn from_usize<M: Memory>(ctx: &Context<M>, n: usize) -> Obj<M> {
    match i64::try_from(n) {
        Ok(i) => from_i64(ctx, i),
        Err(_) => boxed(ctx, BigInt::from(n)),
    }
}

/// An int object: a word when it fits.
pub fn from_big<M: Memory>(ctx: &Context<M>, value: BigInt) -> Obj<M> {
    if value.magnitude().iter_u64_digits().len() > 1 {
        return boxed(ctx, value);
    }
    match value.to_i64().and_then(Word::int) {
        // SAFETY: an integer word owns nothing.
        Some(word) => unsafe { Obj::from_word(word) },
        None => boxed(ctx, value),
    }
}

fn boxed<M: Memory>(ctx: &Context<M>, value: BigInt) -> Obj<M> {
    ctx.alloc(Int { value })
}

/// The number of an int (or bool, or instance of a derived class), if it fits 64 bits.
#[inline]
pub fn to_i64<M: Memory>(obj: &Obj<M>) -> Option<i64> {
    let word = obj.word();
    if word.is_int() {
        return Some(word.int_value());
    }
    if word.is_bool() {
        return Some(i64::from(word == Word::TRUE));
    }
    obj.cast::<Int>()?.body.value.to_i64()
}

/// The number of an int (or bool, or instance of a derived class).
pub fn to_big<M: Memory>(obj: &Obj<M>) -> Option<BigInt> {
    let word = obj.word();
    if word.is_int() {
        return Some(BigInt::from(word.int_value()));
    }
    if word.is_bool() {
        return Some(BigInt::from(u8::from(word == Word::TRUE)));
    }
    Some(obj.cast::<Int>()?.body.value.clone())
}

/// Is it an int (or bool, or instance of a derived class)?
#[inline]
pub fn is_int<M: Memory>(obj: &Obj<M>) -> bool {
    let word = obj.word();
    word.is_int() || word.is_bool() || obj.cast::<Int>().is_some()
}
