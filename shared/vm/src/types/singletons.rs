//! The classes of `None`, `NotImplemented` and `...`, each of which has one value that is a word.

use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::object::{Obj, R};
use crate::types::TypeObj;
use crate::types::build::{Builder, Plain};
use crate::types::ids::Builtin;
use crate::value::Word;

/// `hash(None)`
pub const NONE_HASH: i64 = 0xfca8_6420;

/// Defines the three classes.
pub fn define<M: Memory>(t: &mut Thread<M>) {
    Builder::new::<Plain>(t, Builtin::NoneType, "NoneType")
        .is_final()
        .slots(|s| {
            s.new.set(Some(|t, class, call| only(t, class, call.slots.len(), Word::NONE)));
            s.repr.set(Some(|t, _| Ok(t.intern("None"))));
            s.bool.set(Some(|_, _| Ok(false)));
            s.hash.set(Some(|_, _| Ok(NONE_HASH)));
        })
        .finish();
    Builder::new::<Plain>(t, Builtin::NotImplementedType, "NotImplementedType")
        .is_final()
        .slots(|s| {
            s.new.set(Some(|t, class, call| only(t, class, call.slots.len(), Word::NOT_IMPLEMENTED)));
            s.repr.set(Some(|t, _| Ok(t.intern("NotImplemented"))));
            s.bool.set(Some(|t, _| {
                Err(t.raise(Kind::TypeError, "NotImplemented should not be used in a boolean context"))
            }));
        })
        .method("__reduce__(self, /)", |t, _| Ok(t.intern("NotImplemented")))
        .finish();
    Builder::new::<Plain>(t, Builtin::Ellipsis, "ellipsis")
        .is_final()
        .slots(|s| {
            s.new.set(Some(|t, class, call| only(t, class, call.slots.len(), Word::ELLIPSIS)));
            s.repr.set(Some(|t, _| Ok(t.intern("Ellipsis"))));
        })
        .method("__reduce__(self, /)", |t, _| Ok(t.intern("Ellipsis")))
        .finish();
}

/// The one value of the class, which takes no arguments.
fn only<M: Memory>(t: &mut Thread<M>, class: &TypeObj<M>, given: usize, value: Word) -> R<M> {
    if given != 0 {
        let message = format!("{} takes no arguments", class.body.short_name);
        return Err(t.raise(Kind::TypeError, message));
    }
    // SAFETY: a special word owns nothing.
    Ok(unsafe { Obj::from_word(value) })
}
