//! Native callables: built-in functions, the methods of built-in types, and slot wrappers.

use crate::args::{self, Call, NativeFn, Signature};
use crate::context::{Context, Thread};
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::object::{Held, Layout, Obj, Object, Payload, R};
use crate::types::build::Builder;
use crate::types::ids::{self, Builtin};
use crate::types::str::to_text;
use crate::types::{TypeObj, tuple};
use crate::value::Word;

/// What a native callable is to Python.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NativeKind {
    /// `builtin_function_or_method`, bound to `receiver` if that is not NULL.
    Function,
    /// `method_descriptor`: slot 0 is the instance.
    Method,
    /// `wrapper_descriptor` over a slot: slot 0 is the instance.
    Wrapper,
    /// `classmethod_descriptor`: slot 0 is the class.
    ClassMethod,
    /// A function in a class's namespace that binds nothing.
    Static,
}

/// The answer to some calls of a native function that only read: a word that is valid until the next poll, so that a
/// register may hold it without counting. `None`: the function itself must be called. The number of arguments is as the
/// caller gave it.
pub type ReadFn<M> = fn(&Context<M>, &[Obj<M>]) -> Option<Word>;

/// A native callable. Read-only.
pub struct Native<M: Memory> {
    /// Parameters.
    pub signature: std::sync::Arc<Signature>,
    /// The Rust function.
    pub f: NativeFn<M>,
    /// Answers without being called where that takes no Python: see [`ReadFn`].
    pub read: Option<ReadFn<M>>,
    /// Fewest and most positional arguments that are handed on as they are; most below fewest: never.
    pub takes: (u8, u8),
    /// What it is.
    pub kind: NativeKind,
    /// Name of the owning type, empty for a module's function.
    pub owner: Box<str>,
    /// First argument of a bound one, else NULL.
    pub receiver: Held<M>,
    /// `__module__` (a string or None) or the owning class (`__objclass__`), once known.
    pub home: crate::object::Slot<M>,
}

/// A native callable object.
pub type NativeObj<M> = Object<M, Native<M>>;

// SAFETY: the layout `Native` is this struct's alone; both references are visited.
unsafe impl<M: Memory> Payload<M> for Native<M> {
    const SHAPE: u32 = ids::NATIVE;
    const LAYOUT: Layout = Layout::Native;
    fn visit(&self, f: &mut dyn FnMut(Word)) {
        f(self.receiver.word());
        f(self.home.word());
    }
}

const NULL: Word = Word::NULL;

fn shape_of(kind: NativeKind, bound: bool) -> u32 {
    match kind {
        NativeKind::Function | NativeKind::Static => ids::NATIVE,
        _ if bound && kind == NativeKind::Wrapper => ids::METHOD_WRAPPER,
        _ if bound => ids::NATIVE,
        NativeKind::Method => ids::METHOD_DESCRIPTOR,
        NativeKind::Wrapper => ids::WRAPPER_DESCRIPTOR,
        NativeKind::ClassMethod => ids::CLASSMETHOD_DESCRIPTOR,
    }
}

impl<M: Memory> Native<M> {
    /// A native callable for a namespace.
    pub fn make(ctx: &Context<M>, kind: NativeKind, signature: Signature, f: NativeFn<M>, owner: &str) -> Obj<M> {
        Native::make_reader(ctx, kind, signature, f, None, owner)
    }

    /// As [`Native::make`], with what may answer instead of the function.
    pub fn make_reader(
        ctx: &Context<M>,
        kind: NativeKind,
        signature: Signature,
        f: NativeFn<M>,
        read: Option<ReadFn<M>>,
        owner: &str,
    ) -> Obj<M> {
        // SAFETY: the null word owns nothing.
        let receiver = Held::fresh(unsafe { Obj::from_word(NULL) });
        let native = Native {
            takes: signature.takes(),
            signature: std::sync::Arc::new(signature),
            f,
            read,
            kind,
            owner: owner.into(),
            receiver,
            home: crate::object::Slot::empty(),
        };
        ctx.alloc_shape(shape_of(kind, false), size_of::<NativeObj<M>>(), native)
    }

    /// Parameters that the caller does not see.
    pub fn hidden(&self) -> usize {
        matches!(self.kind, NativeKind::Method | NativeKind::Wrapper | NativeKind::ClassMethod) as usize
    }
}

/// A module's function.
pub fn function<M: Memory>(ctx: &Context<M>, signature: &str, f: NativeFn<M>) -> Obj<M> {
    Native::make(ctx, NativeKind::Function, Signature::parse(signature), f, "")
}

/// The callable bound to its first argument.
pub fn bind<M: Memory>(ctx: &Context<M>, native: &NativeObj<M>, receiver: Obj<M>) -> Obj<M> {
    let n = &native.body;
    let body = Native {
        takes: n.takes,
        signature: n.signature.clone(),
        f: n.f,
        read: None,
        kind: n.kind,
        owner: n.owner.clone(),
        receiver: Held::fresh(receiver),
        home: n.home.get(ctx).map_or_else(crate::object::Slot::empty, |h| crate::object::Slot::fresh(h.own())),
    };
    ctx.alloc_shape(shape_of(n.kind, true), size_of::<NativeObj<M>>(), body)
}

/// Says which class a method belongs to.
pub fn set_home<M: Memory>(ctx: &Context<M>, obj: &Obj<M>, class: &Obj<M>) {
    // By shape: the first types are made before the classes of their methods.
    let shapes = [ids::NATIVE, ids::METHOD_DESCRIPTOR, ids::WRAPPER_DESCRIPTOR, ids::CLASSMETHOD_DESCRIPTOR];
    if !shapes.contains(&obj.shape()) {
        return;
    }
    // SAFETY: all four shapes have this payload.
    let native = unsafe { obj.cast_unchecked::<Native<M>>() };
    if native.body.hidden() == 1 {
        let old = native.body.home.set(&native.section(ctx), &native.head, class.clone());
        drop(old);
    }
}

/// `__doc__`: how it is called.
fn doc<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    // SAFETY: a getter of the native types only.
    let signature = unsafe { &obj.cast_unchecked::<Native<M>>().body.signature };
    Ok(t.string(format!("{}{}", signature.name, signature.text)))
}

/// Calls a native callable.
pub fn call<M: Memory>(t: &mut Thread<M>, f: &Obj<M>, call: Call<'_, M>) -> R<M> {
    // SAFETY: this is the call slot of the native types only.
    let native = unsafe { f.cast_unchecked::<Native<M>>() };
    let n = &native.body;
    if n.receiver.is_null() {
        if n.hidden() == 1 && call.positional().is_empty() {
            let message = format!("unbound method {}.{}() needs an argument", n.owner, n.signature.name);
            return Err(t.raise(Kind::TypeError, message));
        }
        if n.hidden() == 1 {
            check_receiver(t, native, &call.slots[0])?;
        }
        if call.names.is_empty()
            && let Some(args) = n.signature.direct(call.slots)
        {
            return (n.f)(t, args);
        }
        // In messages, a module's function has the module's name before its own.
        let home = n.home.get(t).filter(|_| n.owner.is_empty()).map(|home| to_text(&home).into_owned());
        let owner = home.filter(|home| home != "builtins").unwrap_or_else(|| n.owner.to_string());
        return args::call_bound(t, &n.signature, n.f, call, n.hidden(), &owner);
    }
    let mut slots: smallvec::SmallVec<[Obj<M>; 6]> = smallvec::SmallVec::with_capacity(call.slots.len() + 1);
    slots.push((*n.receiver).clone());
    slots.extend(call.slots.iter().cloned());
    // A class method is named after the class that it was asked of.
    let class = slots[0].cast::<crate::types::Type<M>>().filter(|_| n.kind == NativeKind::ClassMethod);
    let owner = class.map_or(&*n.owner, |c| &*c.body.short_name);
    args::call_bound(t, &n.signature, n.f, Call { slots: &slots, names: call.names }, n.hidden(), owner)
}

/// `TypeError` unless the receiver fits the class that the method belongs to: native code relies on its layout.
fn check_receiver<M: Memory>(
    t: &mut Thread<M>,
    native: &NativeObj<M>,
    receiver: &Obj<M>,
) -> Result<(), crate::object::Raise> {
    let Some(home) = native.body.home.get(t).map(|h| h.own()) else { return Ok(()) };
    let Some(owner) = home.cast::<crate::types::Type<M>>() else { return Ok(()) };
    let fits = match native.body.kind {
        NativeKind::ClassMethod => receiver.cast::<crate::types::Type<M>>().is_some_and(|c| t.is_subclass(c, owner)),
        _ => t.is_instance(receiver, owner),
    };
    if fits {
        return Ok(());
    }
    let message = format!(
        "descriptor '{}' for '{}' objects doesn't apply to a '{}' object",
        native.body.signature.name,
        native.body.owner,
        t.class_name(receiver)
    );
    Err(t.raise(Kind::TypeError, message))
}

/// Is a method descriptor one of `class` or of its bases, so that it fits the class's instances?
pub fn belongs<M: Memory>(t: &Thread<M>, d: &Obj<M>, class: &TypeObj<M>) -> bool {
    let home = d.cast::<Native<M>>().and_then(|n| n.body.home.get(t));
    home.is_some_and(|home| home.cast::<crate::types::Type<M>>().is_some_and(|owner| t.is_subclass(class, owner)))
}

fn descr_get<M: Memory>(t: &mut Thread<M>, f: &Obj<M>, instance: Option<&Obj<M>>, class: &TypeObj<M>) -> R<M> {
    // SAFETY: this is a slot of the native types only.
    let native = unsafe { f.cast_unchecked::<Native<M>>() };
    match (native.body.kind, instance) {
        (NativeKind::ClassMethod, _) => Ok(bind(t, native, class.to_obj())),
        (NativeKind::Method | NativeKind::Wrapper, Some(instance)) => {
            check_receiver(t, native, instance)?;
            Ok(bind(t, native, instance.clone()))
        }
        _ => Ok(f.clone()),
    }
}

fn name<M: Memory>(t: &mut Thread<M>, f: &Obj<M>) -> R<M> {
    let n = f.cast::<Native<M>>().map(|n| n.body.signature.clone());
    Ok(t.str(n.as_ref().map_or("", |s| &s.name)))
}

fn qualname<M: Memory>(t: &mut Thread<M>, f: &Obj<M>) -> R<M> {
    let Some(n) = f.cast::<Native<M>>() else { return name(t, f) };
    let (owner, own) = (&n.body.owner, &n.body.signature.name);
    Ok(if owner.is_empty() { t.str(own) } else { t.string(format!("{owner}.{own}")) })
}

fn text_signature<M: Memory>(t: &mut Thread<M>, f: &Obj<M>) -> R<M> {
    let Some(n) = f.cast::<Native<M>>() else { return Ok(Obj::NONE) };
    let text = n.body.signature.text.replacen("(self", "($self", 1).replacen("(cls", "($type", 1);
    Ok(t.string(text))
}

fn repr<M: Memory>(t: &mut Thread<M>, f: &Obj<M>) -> R<M> {
    // SAFETY: this is a slot of the native types only.
    let n = &unsafe { f.cast_unchecked::<Native<M>>() }.body;
    let own = &n.signature.name;
    let text = if n.receiver.is_null() {
        match n.kind {
            NativeKind::Function | NativeKind::Static => format!("<built-in function {own}>"),
            NativeKind::Wrapper => format!("<slot wrapper '{own}' of '{}' objects>", n.owner),
            _ => format!("<method '{own}' of '{}' objects>", n.owner),
        }
    } else {
        let what = if n.kind == NativeKind::Wrapper { "method-wrapper" } else { "built-in method" };
        let at = n.receiver.word().address() as usize;
        let of = if n.kind == NativeKind::Wrapper { "'" } else { "" };
        format!("<{what} {of}{own}{of} of {} object at {at:#x}>", t.class_name(&n.receiver))
    };
    Ok(t.string(text))
}

fn receiver<M: Memory>(_: &mut Thread<M>, f: &Obj<M>) -> R<M> {
    let receiver = f.cast::<Native<M>>().map(|n| (*n.body.receiver).clone()).filter(|r| !r.is_null());
    Ok(receiver.unwrap_or(Obj::NONE))
}

fn objclass<M: Memory>(t: &mut Thread<M>, f: &Obj<M>) -> R<M> {
    let home = f.cast::<Native<M>>().and_then(|n| n.body.home.get(t).map(|h| h.own()));
    Ok(home.unwrap_or(Obj::NONE))
}

fn module<M: Memory>(t: &mut Thread<M>, f: &Obj<M>) -> R<M> {
    let home = objclass(t, f)?;
    Ok(if to_text(&home).is_empty() { t.str("builtins") } else { home })
}

fn same_receiver<M: Memory>(t: &mut Thread<M>, a: &Obj<M>, b: &Obj<M>, op: crate::types::slots::CmpOp) -> R<M> {
    use crate::types::slots::CmpOp;
    let (Some(x), Some(y)) = (a.cast::<Native<M>>(), b.cast::<Native<M>>()) else { return Ok(Obj::not_implemented()) };
    let _ = t;
    let same = std::ptr::fn_addr_eq(x.body.f, y.body.f)
        && x.body.receiver.is(&y.body.receiver)
        && x.body.signature.name == y.body.signature.name
        && x.body.owner == y.body.owner;
    match op {
        CmpOp::Eq => Ok(Obj::bool(same)),
        CmpOp::Ne => Ok(Obj::bool(!same)),
        _ => Ok(Obj::not_implemented()),
    }
}

fn hash<M: Memory>(_: &mut Thread<M>, f: &Obj<M>) -> Result<i64, crate::object::Raise> {
    // SAFETY: this is a slot of the native types only.
    let n = &unsafe { f.cast_unchecked::<Native<M>>() }.body;
    let at = n.receiver.word().as_counted().0 as i64;
    Ok((at.rotate_right(4) ^ n.f as usize as i64) & i64::MAX)
}

fn reduce<M: Memory>(t: &mut Thread<M>, args: crate::args::Args<'_, M>) -> R<M> {
    let _ = tuple::empty(t);
    qualname(t, &args[0])
}

/// Defines the five native callable types.
pub fn define<M: Memory>(t: &mut Thread<M>) {
    let kinds = [
        (Builtin::Native, "builtin_function_or_method"),
        (Builtin::MethodDescriptor, "method_descriptor"),
        (Builtin::WrapperDescriptor, "wrapper_descriptor"),
        (Builtin::MethodWrapper, "method-wrapper"),
        (Builtin::ClassMethodDescriptor, "classmethod_descriptor"),
    ];
    for (id, type_name) in kinds {
        let binds = !matches!(id, Builtin::Native | Builtin::MethodWrapper);
        Builder::new::<Native<M>>(t, id, type_name)
            .is_final()
            .slots(|s| {
                s.call.set(Some(call));
                s.repr.set(Some(repr));
                s.compare.set(Some(same_receiver));
                s.hash.set(Some(hash));
                if binds {
                    s.descr_get.set(Some(descr_get));
                }
            })
            .getter("__name__", name)
            .getter("__qualname__", qualname)
            .getter("__text_signature__", text_signature)
            .getter("__self__", receiver)
            .getter("__objclass__", objclass)
            .getter("__module__", module)
            .getter("__doc__", doc)
            .method("__reduce__(self, /)", reduce)
            .finish();
    }
}
