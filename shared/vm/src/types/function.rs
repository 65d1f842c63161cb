//! Functions and bound methods.

use crate::args::{Args, Call};
use crate::code::{CodeBody, CodeObj};
use crate::context::{Context, Thread};
use crate::exceptions::Kind;
use crate::lookup;
use crate::memory::Memory;
use crate::object::{Held, Layout, Obj, Object, Payload, R, Raise, Slot};
use crate::types::build::{Builder, Getter, Setter};
use crate::types::ids::{self, Builtin};
use crate::types::slots::CmpOp;
use crate::types::str::to_text;
use crate::types::{TypeObj, dict, tuple};
use crate::value::Word;

/// A Python function. Slots are guarded by the section for writing; the rest is read-only.
pub struct Function<M: Memory> {
    /// The code object. One that was replaced stays for ever: frames may run it.
    pub code: Slot<M>,
    /// The module's namespace.
    pub globals: Held<M>,
    /// The namespace of built-in names.
    pub builtins: Held<M>,
    /// Tuple of cells, or None.
    pub closure: Held<M>,
    /// Tuple of defaults, or None.
    pub defaults: Slot<M>,
    /// Dict of keyword defaults, or None.
    pub kwdefaults: Slot<M>,
    /// `__name__`
    pub name: Slot<M>,
    /// `__qualname__`
    pub qualname: Slot<M>,
    /// `__doc__`
    pub doc: Slot<M>,
    /// `__module__`
    pub module: Slot<M>,
    /// `__annotate__`, or None.
    pub annotate: Slot<M>,
    /// `__annotations__` once computed.
    pub annotations: Slot<M>,
    /// `__type_params__`, empty for none.
    pub type_params: Slot<M>,
    /// `__dict__` once asked for.
    pub dict: Slot<M>,
}

/// A function object.
pub type FunctionObj<M> = Object<M, Function<M>>;

// SAFETY: the layout is this struct's alone; all references are visited.
unsafe impl<M: Memory> Payload<M> for Function<M> {
    const SHAPE: u32 = ids::FUNCTION;
    const LAYOUT: Layout = Layout::Function;
    fn visit(&self, f: &mut dyn FnMut(Word)) {
        [&self.globals, &self.builtins, &self.closure].iter().for_each(|h| f(h.word()));
        let slots = [&self.code, &self.defaults, &self.kwdefaults, &self.name, &self.qualname, &self.doc];
        slots.iter().for_each(|s| f(s.word()));
        let rest = [&self.module, &self.annotate, &self.annotations, &self.type_params, &self.dict];
        rest.iter().for_each(|s| f(s.word()));
    }
    fn dict(&self) -> Option<&Slot<M>> {
        Some(&self.dict)
    }
    fn clear(&self, t: &mut Thread<M>, head: &M::Header) {
        let section = crate::memory::Section::enter(t, head);
        let slots = [&self.defaults, &self.kwdefaults, &self.annotate, &self.annotations, &self.dict];
        let old: Vec<_> = slots.iter().map(|s| s.take(&section)).collect();
        drop(section);
        drop(old);
    }
}

impl<M: Memory> Function<M> {
    /// The code that the function runs.
    #[inline(always)]
    pub fn code(&self) -> &CodeObj<M> {
        // SAFETY: the slot always holds a code object; one that is replaced turns immortal.
        unsafe { &*self.code.word().address().cast::<CodeObj<M>>() }
    }
}

/// Is the object a definition that a program makes once and every thread may use: a function that is not made by another
/// one's calls, a property, a class or static method, a module? At the start of the first thread (`early`) that is what has
/// been defined so far, built-in functions included.
///
/// # Safety
/// `at` is a live object in this thread's hands.
pub unsafe fn is_definition<M: Memory>(at: *mut u8, early: bool) -> bool {
    // SAFETY: (both) by the caller's word; the shape says what stands behind the header.
    unsafe {
        match crate::memory::Header::shape(&*at.cast::<M::Header>()) {
            ids::FUNCTION => early || !(*at.cast::<FunctionObj<M>>()).body.code().body.code.flags.nested,
            ids::PROPERTY | ids::STATICMETHOD | ids::CLASSMETHOD | ids::MODULE => true,
            ids::NATIVE
            | ids::METHOD_DESCRIPTOR
            | ids::WRAPPER_DESCRIPTOR
            | ids::CLASSMETHOD_DESCRIPTOR
            | ids::MEMBER
            | ids::GETSET => early,
            _ => false,
        }
    }
}

/// Calls `f` with the namespaces that a definition stands in: every function and traceback refers to them.
///
/// # Safety
/// As [`is_definition`].
pub unsafe fn namespaces<M: Memory>(at: *mut u8, f: &mut dyn FnMut(Word)) {
    // SAFETY: (both) by the caller's word; the shape says what stands behind the header.
    unsafe {
        match crate::memory::Header::shape(&*at.cast::<M::Header>()) {
            ids::FUNCTION => {
                let body = &(*at.cast::<FunctionObj<M>>()).body;
                f(body.globals.word());
                f(body.builtins.word());
            }
            ids::MODULE => f((*at.cast::<Object<M, super::module::Module<M>>>()).body.dict.word()),
            _ => {}
        }
    }
}

/// A new function.
pub fn new<M: Memory>(ctx: &Context<M>, code: Obj<M>, globals: Obj<M>, closure: Obj<M>) -> Obj<M> {
    // SAFETY: the callers hand a code object over.
    let body = unsafe { code.cast_unchecked::<CodeBody<M>>() };
    let c = &body.body.code;
    let doc = if c.flags.docstring { body.body.consts[0] } else { Word::NONE };
    let key = ctx.intern("__name__");
    let module = dict::get_str(ctx, &globals, &key).map_or(Obj::NONE, |v| v.own());
    let builtins = ctx.interp.builtins_of(ctx, &globals);
    let f = Function {
        name: Slot::fresh(ctx.intern(&c.name)),
        qualname: Slot::fresh(ctx.intern(&c.qualname)),
        // SAFETY: a constant is immortal.
        doc: Slot::fresh(unsafe { Obj::from_word(M::retain(ctx, doc)) }),
        module: Slot::fresh(module),
        builtins: Held::fresh(builtins),
        globals: Held::fresh(globals),
        closure: Held::fresh(closure),
        defaults: Slot::fresh(Obj::NONE),
        kwdefaults: Slot::fresh(Obj::NONE),
        annotate: Slot::fresh(Obj::NONE),
        annotations: Slot::empty(),
        type_params: Slot::empty(),
        dict: Slot::empty(),
        code: Slot::fresh(code),
    };
    ctx.alloc(f)
}

/// A new function of the module whose code `parent` runs.
pub fn nested<M: Memory>(ctx: &Context<M>, code: Obj<M>, parent: &Function<M>, closure: Obj<M>) -> Obj<M> {
    // SAFETY: the callers hand a code object over.
    let body = unsafe { code.cast_unchecked::<CodeBody<M>>() };
    let c = &body.body.code;
    let doc = if c.flags.docstring { body.body.consts[0] } else { Word::NONE };
    // SAFETY: (all three) immortal words of the code object.
    let eternal = |word: Word| Slot::fresh(unsafe { Obj::from_word(M::retain(ctx, word)) });
    let f = Function {
        name: eternal(body.body.name),
        qualname: eternal(body.body.qualname),
        doc: eternal(doc),
        module: parent.module.get(ctx).map_or_else(Slot::empty, |m| Slot::fresh(m.own())),
        builtins: Held::fresh((*parent.builtins).clone()),
        globals: Held::fresh((*parent.globals).clone()),
        closure: Held::fresh(closure),
        defaults: Slot::fresh(Obj::NONE),
        kwdefaults: Slot::fresh(Obj::NONE),
        annotate: Slot::fresh(Obj::NONE),
        annotations: Slot::empty(),
        type_params: Slot::empty(),
        dict: Slot::empty(),
        code: Slot::fresh(code),
    };
    ctx.alloc(f)
}

fn body<M: Memory>(f: &Obj<M>) -> &FunctionObj<M> {
    // SAFETY: this file's slots and attributes belong to functions only.
    unsafe { f.cast_unchecked() }
}

fn read<M: Memory>(t: &Thread<M>, slot: &Slot<M>) -> R<M> {
    Ok(slot.get(t).map_or(Obj::NONE, |v| v.own()))
}

fn write<M: Memory>(t: &mut Thread<M>, f: &Obj<M>, slot: fn(&Function<M>) -> &Slot<M>, value: Option<&Obj<M>>) {
    let f = body(f);
    let old = slot(&f.body).set(&f.section(t), &f.head, value.cloned().unwrap_or(Obj::NONE));
    drop(old);
}

fn call<M: Memory>(t: &mut Thread<M>, f: &Obj<M>, call: Call<'_, M>) -> R<M> {
    crate::interp::call::call_function(t, f, call)
}

fn descr_get<M: Memory>(t: &mut Thread<M>, f: &Obj<M>, instance: Option<&Obj<M>>, _: &TypeObj<M>) -> R<M> {
    match instance {
        Some(instance) => Ok(method(t, f.clone(), instance.clone())),
        None => Ok(f.clone()),
    }
}

fn repr<M: Memory>(t: &mut Thread<M>, f: &Obj<M>) -> R<M> {
    let name = read(t, &body(f).body.qualname)?;
    Ok(t.string(format!("<function {} at {:#x}>", to_text(&name), f.word().address() as usize)))
}

fn set_string<M: Memory>(
    t: &mut Thread<M>,
    f: &Obj<M>,
    slot: fn(&Function<M>) -> &Slot<M>,
    value: Option<&Obj<M>>,
    name: &str,
) -> Result<(), Raise> {
    if value.is_none_or(|v| crate::types::str::view(v).is_none()) {
        return Err(t.raise(Kind::TypeError, format!("{name} must be set to a string object")));
    }
    write(t, f, slot, value);
    Ok(())
}

fn set_code<M: Memory>(t: &mut Thread<M>, f: &Obj<M>, value: Option<&Obj<M>>) -> Result<(), Raise> {
    let Some(code) = value.and_then(|v| v.cast::<CodeBody<M>>()) else {
        return Err(t.raise(Kind::TypeError, "__code__ must be set to a code object"));
    };
    let have = tuple::items(&body(f).body.closure).len();
    let want = code.body.code.freevars.len();
    if have != want {
        let name = read(t, &body(f).body.name)?;
        let message = format!("{}() requires a code object with {have} free vars, not {want}", to_text(&name));
        return Err(t.raise(Kind::ValueError, message));
    }
    let old = read(t, &body(f).body.code)?;
    // SAFETY: the handle's word is valid; nobody minds who goes on counting.
    unsafe { M::immortalize(t, old.word()) };
    crate::interp::recode::replace(t, body(f), code.to_obj());
    Ok(())
}

fn get_annotations<M: Memory>(t: &mut Thread<M>, f: &Obj<M>) -> R<M> {
    if let Some(known) = body(f).body.annotations.get(t) {
        return Ok(known.own());
    }
    let annotate = read(t, &body(f).body.annotate)?;
    let value =
        if annotate.is_none() { dict::new(t) } else { t.call(&annotate, &[crate::types::int::from_i64(t, 1)])? };
    write(t, f, |f| &f.annotations, Some(&value));
    Ok(value)
}

fn function_new<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    if args[1].cast::<CodeBody<M>>().is_none() || args[2].cast::<dict::Dict<M>>().is_none() {
        return Err(t.raise(Kind::TypeError, "FunctionType() needs a code object and a globals dict"));
    }
    let closure = args.some(5).cloned().unwrap_or(Obj::NONE);
    let f = new(t, args[1].clone(), args[2].clone(), closure);
    if let Some(name) = args.some(3) {
        write(t, &f, |f| &f.name, Some(name));
    }
    if let Some(defaults) = args.some(4) {
        write(t, &f, |f| &f.defaults, Some(defaults));
    }
    if let Some(defaults) = args.some(6) {
        write(t, &f, |f| &f.kwdefaults, Some(defaults));
    }
    Ok(f)
}

// ---- Methods.

/// A function bound to its first argument. Read-only.
pub struct Method<M: Memory> {
    /// The function (any callable).
    pub function: Held<M>,
    /// The first argument.
    pub receiver: Held<M>,
}

// SAFETY: the layout is this struct's alone; both references are visited.
unsafe impl<M: Memory> Payload<M> for Method<M> {
    const SHAPE: u32 = ids::METHOD;
    const LAYOUT: Layout = Layout::Method;
    fn visit(&self, f: &mut dyn FnMut(Word)) {
        f(self.function.word());
        f(self.receiver.word());
    }
}

/// A bound method.
#[inline]
pub fn method<M: Memory>(ctx: &Context<M>, function: Obj<M>, receiver: Obj<M>) -> Obj<M> {
    ctx.alloc(Method { function: Held::fresh(function), receiver: Held::fresh(receiver) })
}

fn bound<M: Memory>(m: &Obj<M>) -> &Method<M> {
    // SAFETY: this file's method slots belong to methods only.
    unsafe { &m.cast_unchecked::<Method<M>>().body }
}

fn method_call<M: Memory>(t: &mut Thread<M>, m: &Obj<M>, call: Call<'_, M>) -> R<M> {
    let m = bound(m);
    let mut slots: smallvec::SmallVec<[Obj<M>; 6]> = smallvec::SmallVec::with_capacity(call.slots.len() + 1);
    slots.push((*m.receiver).clone());
    slots.extend(call.slots.iter().cloned());
    let f = (*m.function).clone();
    t.call_with(&f, Call { slots: &slots, names: call.names })
}

fn method_repr<M: Memory>(t: &mut Thread<M>, m: &Obj<M>) -> R<M> {
    let b = bound(m);
    let name = match t.getattr_opt_str(&b.function, "__qualname__")? {
        Some(name) => Some(name),
        None => t.getattr_opt_str(&b.function, "__name__")?,
    };
    let text = t.repr(&b.receiver)?;
    let name = name.map_or("?".into(), |n| to_text(&n).into_owned());
    Ok(t.string(format!("<bound method {name} of {}>", to_text(&text))))
}

fn method_compare<M: Memory>(_: &mut Thread<M>, a: &Obj<M>, b: &Obj<M>, op: CmpOp) -> R<M> {
    if b.shape() != ids::METHOD || !matches!(op, CmpOp::Eq | CmpOp::Ne) {
        return Ok(Obj::not_implemented());
    }
    let (x, y) = (bound(a), bound(b));
    let same = x.receiver.is(&y.receiver) && x.function.is(&y.function);
    Ok(Obj::bool(same == (op == CmpOp::Eq)))
}

fn method_getattr<M: Memory>(t: &mut Thread<M>, m: &Obj<M>, name: &Obj<M>) -> R<M> {
    if let Some(value) = lookup::in_class(t, t.builtin(Builtin::Method), name) {
        let value = value.own();
        if t.class_of(&value).body.slots.descr_get.get().is_some() {
            return lookup::generic_get(t, m, name);
        }
    }
    let f = (*bound(m).function).clone();
    t.getattr(&f, name)
}

/// Defines `function` and `method`.
pub fn define<M: Memory>(t: &mut Thread<M>) {
    let mut b = Builder::new::<Function<M>>(t, Builtin::Function, "function")
        .is_final()
        .slots(|s| {
            s.call.set(Some(call));
            s.descr_get.set(Some(descr_get));
            s.repr.set(Some(repr));
        })
        .staticmethod(
            "__new__(cls, code, globals, name=None, argdefs=None, closure=None, kwdefaults=None)",
            function_new,
        )
        .getter("__globals__", |_, f| Ok((*body(f).body.globals).clone()))
        .getter("__builtins__", |_, f| Ok((*body(f).body.builtins).clone()))
        .getter("__closure__", |_, f| Ok((*body(f).body.closure).clone()))
        .getset("__dict__", crate::types::object::get_dict, Some(crate::types::object::set_dict))
        .getset("__code__", |t, f| read(t, &body(f).body.code), Some(set_code))
        .getset(
            "__annotations__",
            get_annotations,
            Some(|t, f, v| {
                write(t, f, |f| &f.annotations, v);
                Ok(())
            }),
        )
        .getset(
            "__type_params__",
            |t, f| Ok(body(f).body.type_params.get(t).map_or_else(|| tuple::empty(t), |v| v.own())),
            Some(|t, f, v| {
                if !v.is_some_and(tuple::is_tuple) {
                    return Err(t.raise(Kind::TypeError, "__type_params__ must be set to a tuple"));
                }
                write(t, f, |f| &f.type_params, v);
                Ok(())
            }),
        )
        .getset(
            "__name__",
            |t, f| read(t, &body(f).body.name),
            Some(|t, f, v| set_string(t, f, |f| &f.name, v, "__name__")),
        )
        .getset(
            "__qualname__",
            |t, f| read(t, &body(f).body.qualname),
            Some(|t, f, v| set_string(t, f, |f| &f.qualname, v, "__qualname__")),
        );
    let plain: [(&'static str, Getter<M>, Setter<M>); 5] = [
        ("__doc__", |t, f| read(t, &body(f).body.doc), |t, f, v| Ok(write(t, f, |f| &f.doc, v))),
        ("__module__", |t, f| read(t, &body(f).body.module), |t, f, v| Ok(write(t, f, |f| &f.module, v))),
        ("__defaults__", |t, f| read(t, &body(f).body.defaults), |t, f, v| Ok(write(t, f, |f| &f.defaults, v))),
        ("__kwdefaults__", |t, f| read(t, &body(f).body.kwdefaults), |t, f, v| Ok(write(t, f, |f| &f.kwdefaults, v))),
        ("__annotate__", |t, f| read(t, &body(f).body.annotate), |t, f, v| Ok(write(t, f, |f| &f.annotate, v))),
    ];
    for (name, get, set) in plain {
        b = b.getset(name, get, Some(set));
    }
    b.finish();
    Builder::new::<Method<M>>(t, Builtin::Method, "method")
        .is_final()
        .slots(|s| {
            s.new.set(Some(method_new));
            s.call.set(Some(method_call));
            s.repr.set(Some(method_repr));
            s.compare.set(Some(method_compare));
            s.hash.set(Some(|t, m| {
                let (f, r) = (bound(m).function.word(), bound(m).receiver.word());
                let _ = t;
                Ok(((f.as_counted().0 ^ r.as_counted().0.rotate_left(7)) as i64).rotate_right(4) & i64::MAX)
            }));
            s.getattr.set(Some(method_getattr));
        })
        .getter("__func__", |_, m| Ok((*bound(m).function).clone()))
        .getter("__self__", |_, m| Ok((*bound(m).receiver).clone()))
        .finish();
}

/// `types.MethodType(function, instance)`
fn method_new<M: Memory>(t: &mut Thread<M>, _: &TypeObj<M>, call: Call<'_, M>) -> R<M> {
    if !call.names.is_empty() {
        return Err(t.raise(Kind::TypeError, "method() takes no keyword arguments"));
    }
    let [function, instance] = call.slots else {
        let message = format!("method expected 2 arguments, got {}", call.slots.len());
        return Err(t.raise(Kind::TypeError, message));
    };
    if !t.is_callable(function) {
        return Err(t.raise(Kind::TypeError, "first argument must be callable"));
    }
    if instance.is_none() {
        return Err(t.raise(Kind::TypeError, "instance must not be None"));
    }
    Ok(method(t, function.clone(), instance.clone()))
}
