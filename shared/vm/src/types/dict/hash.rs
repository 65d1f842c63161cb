//! Hashes of keys: at once for what needs no Python, through `__hash__` for the rest.

use crate::context::{Context, Thread};
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::object::{Obj, Raise};
use crate::types::{float, ids, object, singletons, str as string, tuple};
use crate::value::Word;

/// Hash of an integer word, as for every number in Python: modulo 2**61 - 1.
#[inline(always)]
pub fn hash_int(i: i64) -> i64 {
    const P: i64 = (1 << 61) - 1;
    if i > -P && i < P {
        if i == -1 { -2 } else { i }
    } else if i == -P - 1 {
        -2
    } else {
        0
    }
}

/// Hash of a key that is known without running Python: numbers, strings, `None`, objects that are equal to themselves only
/// (classes, functions, most instances) and tuples of these.
#[inline(always)]
pub fn hash_known<M: Memory>(ctx: &Context<M>, key: &Obj<M>) -> Option<i64> {
    let word = key.word();
    if word.is_int() {
        Some(hash_int(word.int_value()))
    } else if key.shape() == ids::STR {
        Some(string::hash(ctx, key))
    } else {
        hash_known_slow(ctx, key, 0)
    }
}

/// Tuples nested deeper than this are left to the general way, which watches the native stack.
pub(crate) const MAX_NESTING: u32 = 16;

fn hash_known_slow<M: Memory>(ctx: &Context<M>, key: &Obj<M>, depth: u32) -> Option<i64> {
    let word = key.word();
    if word.is_ptr() {
        if key.shape() == ids::STR {
            return Some(string::hash(ctx, key));
        }
        if key.shape() != ids::TUPLE {
            let own: fn(&mut Thread<M>, &Obj<M>) -> Result<i64, Raise> = object::identity_hash;
            let by_identity =
                ctx.class_of_word(word).body.slots.hash.get().is_some_and(|f| std::ptr::fn_addr_eq(f, own));
            return if by_identity { Some(object::address_hash(word)) } else { None };
        }
        if depth == MAX_NESTING {
            return None;
        }
        let items = tuple::items(key);
        let mut acc = tuple::Hasher::new();
        for item in items {
            acc.add(hash_known_slow(ctx, item, depth + 1)?);
        }
        Some(acc.finish(items.len()))
    } else if let Some(i) = word.as_int() {
        Some(hash_int(i))
    } else if let Some(f) = word.as_float() {
        Some(float::hash_f64(f))
    } else if word.is_bool() {
        Some((word == Word::TRUE) as i64)
    } else if word == Word::NONE {
        Some(singletons::NONE_HASH)
    } else {
        None
    }
}

/// Hash of a key of a dict (or of a set, as `what` says): an unhashable one gets the wording of the container.
#[inline]
pub fn hash_in<M: Memory>(t: &mut Thread<M>, key: &Obj<M>, what: &str) -> Result<i64, Raise> {
    hash_key(t, key).map_err(|raise| unhashable(t, key, what, raise))
}

#[cold]
fn unhashable<M: Memory>(t: &mut Thread<M>, key: &Obj<M>, what: &str, raise: Raise) -> Raise {
    let exc = t.take_raised();
    if exc.shape() != ids::TYPE_ERROR {
        return t.set_raised(exc);
    }
    let _ = raise;
    let reason = crate::types::exception::message(t, &exc);
    if !reason.starts_with("unhashable type") {
        return t.set_raised(exc);
    }
    let class = t.class_name(key);
    t.raise(Kind::TypeError, format!("cannot use '{class}' as a {what} ({reason})"))
}

/// Hash of any key.
#[inline]
pub fn hash_key<M: Memory>(t: &mut Thread<M>, key: &Obj<M>) -> Result<i64, Raise> {
    match hash_known(t, key) {
        Some(hash) => Ok(hash),
        None => t.hash(key),
    }
}
