//! `weakref.proxy`: a weak reference that stands for its target in every operation.

use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::object::{Obj, R, Raise};
use crate::types::build::Builder;
use crate::types::ids::{self, Builtin};
use crate::types::slots::{BinOp, Slots};
use crate::types::weakref::{WeakRef, get, make};

/// A proxy for a target.
pub fn new<M: Memory>(t: &mut Thread<M>, target: &Obj<M>, callback: Option<&Obj<M>>) -> R<M> {
    let callable = t.class_of(target).body.slots.call.get().is_some();
    let id = if callable { Builtin::CallableProxy } else { Builtin::WeakProxy };
    let class = t.builtin(id).to_obj();
    match class.cast() {
        Some(class) => make(t, class, target, callback),
        None => Err(t.raise(Kind::SystemError, "proxy types are not defined")),
    }
}

fn target<M: Memory>(t: &mut Thread<M>, proxy: &Obj<M>) -> R<M> {
    match get(t, proxy) {
        Some(target) => Ok(target),
        None => Err(t.raise(Kind::ReferenceError, "weakly-referenced object no longer exists")),
    }
}

/// The target of a proxy; anything else as it is.
fn real<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    if matches!(obj.shape(), ids::PROXY | ids::CALLABLE_PROXY) { target(t, obj) } else { Ok(obj.clone()) }
}

fn binary<M: Memory, const OP: usize>(t: &mut Thread<M>, a: &Obj<M>, b: &Obj<M>) -> R<M> {
    let (a, b) = (real(t, a)?, real(t, b)?);
    if OP < 100 { t.binary(BinOp::ALL[OP], &a, &b) } else { t.inplace(BinOp::ALL[OP - 100], &a, &b) }
}

macro_rules! operators {
    ($slots:ident: $($i:literal)*) => {
        $($slots.bin[$i].set(Some(binary::<M, $i>)); $slots.inplace[$i].set(Some(binary::<M, { 100 + $i }>));)*
    };
}

fn operators<M: Memory>(s: &Slots<M>) {
    operators!(s: 0 1 2 3 4 5 6 7 8 9 10 11 12);
    s.bin[13].set(Some(binary::<M, 13>));
    s.neg.set(Some(|t, p| target(t, p).and_then(|o| t.neg(&o))));
    s.pos.set(Some(|t, p| target(t, p).and_then(|o| t.pos(&o))));
    s.invert.set(Some(|t, p| target(t, p).and_then(|o| t.invert(&o))));
    s.abs.set(Some(|t, p| target(t, p).and_then(|o| t.call_method(&o, "__abs__", &[]))));
    s.int.set(Some(|t, p| target(t, p).and_then(|o| t.call_method(&o, "__int__", &[]))));
    s.float.set(Some(|t, p| target(t, p).and_then(|o| t.call_method(&o, "__float__", &[]))));
    s.index.set(Some(|t, p| target(t, p).and_then(|o| t.index(&o))));
}

fn slots<M: Memory>(s: &Slots<M>) {
    operators(s);
    s.bool.set(Some(|t, p| target(t, p).and_then(|o| t.truth(&o))));
    s.str.set(Some(|t, p| target(t, p).and_then(|o| t.str_of(&o))));
    s.compare.set(Some(|t, a, b, op| {
        let (a, b) = (real(t, a)?, real(t, b)?);
        t.compare(&a, &b, op)
    }));
    s.hash.set(Some(|t, p| {
        let class = t.class_name(p);
        Err(t.raise(Kind::TypeError, format!("unhashable type: '{class}'")))
    }));
    s.getattr.set(Some(|t, p, name| target(t, p).and_then(|o| t.getattr(&o, name))));
    s.setattr.set(Some(|t, p, name, value| target(t, p).and_then(|o| t.setattr(&o, name, value))));
    s.iter.set(Some(|t, p| target(t, p).and_then(|o| t.iter(&o))));
    s.next.set(Some(proxy_next));
    s.len.set(Some(|t, p| target(t, p).and_then(|o| t.len(&o))));
    s.getitem.set(Some(|t, p, key| target(t, p).and_then(|o| t.getitem(&o, key))));
    s.setitem.set(Some(|t, p, key, value| target(t, p).and_then(|o| t.setitem(&o, key, value))));
    s.contains.set(Some(|t, p, item| target(t, p).and_then(|o| t.contains(&o, item))));
    s.repr.set(Some(|t, p| {
        let at = p.word().address() as usize;
        let o = target(t, p)?;
        let (class, to) = (t.class_name(&o), o.word().address() as usize);
        Ok(t.string(format!("<weakproxy at {at:#x}; to '{class}' at {to:#x}>")))
    }));
}

fn proxy_next<M: Memory>(t: &mut Thread<M>, p: &Obj<M>) -> Result<Option<Obj<M>>, Raise> {
    let o = target(t, p)?;
    if t.class_of(&o).body.slots.next.get().is_none() {
        let class = t.class_name(&o);
        let message = format!("Weakref proxy referenced a non-iterator '{class}' object");
        return Err(t.raise(Kind::TypeError, message));
    }
    t.next(&o)
}

/// Defines the two proxy types.
pub fn define<M: Memory>(t: &mut Thread<M>) {
    Builder::new::<WeakRef<M>>(t, Builtin::WeakProxy, "weakref.ProxyType")
        .module("weakref")
        .is_final()
        .slots(slots)
        .finish();
    Builder::new::<WeakRef<M>>(t, Builtin::CallableProxy, "weakref.CallableProxyType")
        .module("weakref")
        .is_final()
        .slots(|s| {
            slots(s);
            s.call.set(Some(|t, p, call| target(t, p).and_then(|o| t.call_with(&o, call))));
        })
        .finish();
}
