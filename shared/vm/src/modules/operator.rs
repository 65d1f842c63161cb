//! `_operator`: the operators as functions, and callables that take items, attributes and methods.

use std::sync::Arc;

use crate::args::{Args, Call, NativeFn};
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::modules::Maker;
use crate::object::{Held, Layout, Obj, Payload, R, Raise};
use crate::types::build::Builder;
use crate::types::ids::{self, Builtin};
use crate::types::slots::{BinOp, CmpOp};
use crate::types::str::{to_text, view};
use crate::types::{TypeObj, int, tuple};
use crate::value::Word;

fn binary<M: Memory>(op: BinOp) -> NativeFn<M> {
    macro_rules! of {
        ($($name:ident)*) => { match op { $(BinOp::$name => |t, a| t.binary(BinOp::$name, &a[0], &a[1]),)* } };
    }
    of!(Add Sub Mul TrueDiv FloorDiv Mod Pow LShift RShift And Or Xor MatMul DivMod)
}

fn inplace<M: Memory>(op: BinOp) -> NativeFn<M> {
    macro_rules! of {
        ($($name:ident)*) => { match op { $(BinOp::$name => |t, a| t.inplace(BinOp::$name, &a[0], &a[1]),)* } };
    }
    of!(Add Sub Mul TrueDiv FloorDiv Mod Pow LShift RShift And Or Xor MatMul DivMod)
}

/// `_operator`
pub fn init<M: Memory>(t: &mut Thread<M>) -> R<M> {
    let mut m = Maker::new(t, "_operator");
    for op in BinOp::ALL.into_iter().filter(|&op| op != BinOp::DivMod) {
        let stem = op.stem();
        let name = if matches!(op, BinOp::And | BinOp::Or) { format!("{stem}_") } else { stem.to_string() };
        m = m.function(&format!("{name}(a, b, /)"), binary(op));
        m = m.function(&format!("i{stem}(a, b, /)"), inplace(op));
    }
    m.functions(&[
        ("lt(a, b, /)", |t, a| t.compare(&a[0], &a[1], CmpOp::Lt)),
        ("le(a, b, /)", |t, a| t.compare(&a[0], &a[1], CmpOp::Le)),
        ("eq(a, b, /)", |t, a| t.compare(&a[0], &a[1], CmpOp::Eq)),
        ("ne(a, b, /)", |t, a| t.compare(&a[0], &a[1], CmpOp::Ne)),
        ("gt(a, b, /)", |t, a| t.compare(&a[0], &a[1], CmpOp::Gt)),
        ("ge(a, b, /)", |t, a| t.compare(&a[0], &a[1], CmpOp::Ge)),
        ("neg(a, /)", |t, a| t.neg(&a[0])),
        ("pos(a, /)", |t, a| t.pos(&a[0])),
        ("inv(a, /)", |t, a| t.invert(&a[0])),
        ("invert(a, /)", |t, a| t.invert(&a[0])),
        ("abs(a, /)", abs),
        ("index(a, /)", |t, a| t.index(&a[0])),
        ("not_(a, /)", |t, a| t.truth(&a[0]).map(|b| Obj::bool(!b))),
        ("truth(a, /)", |t, a| t.truth(&a[0]).map(Obj::bool)),
        ("is_(a, b, /)", |_, a| Ok(Obj::bool(a[0].is(&a[1])))),
        ("is_not(a, b, /)", |_, a| Ok(Obj::bool(!a[0].is(&a[1])))),
        ("is_none(a, /)", |_, a| Ok(Obj::bool(a[0].is_none()))),
        ("is_not_none(a, /)", |_, a| Ok(Obj::bool(!a[0].is_none()))),
        ("contains(a, b, /)", |t, a| t.contains(&a[0], &a[1]).map(Obj::bool)),
        ("getitem(a, b, /)", |t, a| t.getitem(&a[0], &a[1])),
        ("setitem(a, b, c, /)", |t, a| t.setitem(&a[0], &a[1], Some(&a[2])).map(|()| Obj::NONE)),
        ("delitem(a, b, /)", |t, a| t.setitem(&a[0], &a[1], None).map(|()| Obj::NONE)),
        ("concat(a, b, /)", |t, a| concat(t, a, BinOp::Add, false)),
        ("iconcat(a, b, /)", |t, a| concat(t, a, BinOp::Add, true)),
        ("countOf(a, b, /)", count_of),
        ("indexOf(a, b, /)", index_of),
        ("length_hint(obj, default=0, /)", length_hint),
        ("call(obj, /, *args, **kwargs)", call),
        ("_compare_digest(a, b, /)", compare_digest),
    ])
    .class("itemgetter", Builtin::ItemGetter)
    .class("attrgetter", Builtin::AttrGetter)
    .class("methodcaller", Builtin::MethodCaller)
    .finish()
}

fn abs<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    match t.class_of(&args[0]).body.slots.abs.get() {
        Some(f) => f(t, &args[0]),
        None => {
            let class = t.class_name(&args[0]);
            Err(t.raise(Kind::TypeError, format!("bad operand type for abs(): '{class}'")))
        }
    }
}

fn concat<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>, op: BinOp, in_place: bool) -> R<M> {
    for arg in &args.slots[..2] {
        if t.getattr_opt_str(arg, "__getitem__")?.is_none() {
            let class = t.class_name(arg);
            return Err(t.raise(Kind::TypeError, format!("'{class}' object can't be concatenated")));
        }
    }
    if in_place { t.inplace(op, &args[0], &args[1]) } else { t.binary(op, &args[0], &args[1]) }
}

fn count_of<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let wanted = args[1].clone();
    let mut n = 0;
    t.iterate(&args[0], &mut |t, item| {
        n += (item.is(&wanted) || t.eq(&item, &wanted)?) as i64;
        Ok(())
    })?;
    Ok(int::from_i64(t, n))
}

fn index_of<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let it = t.iter(&args[0])?;
    let mut i = 0;
    while let Some(item) = t.next(&it)? {
        if item.is(&args[1]) || t.eq(&item, &args[1])? {
            return Ok(int::from_i64(t, i));
        }
        i += 1;
    }
    Err(t.raise(Kind::ValueError, "sequence.index(x): x not in sequence"))
}

fn length_hint<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let default = args.get(1).cloned().unwrap_or_else(|| int::from_i64(t, 0));
    if int::to_i64(&default).is_none() {
        let class = t.class_name(&default);
        return Err(t.raise(Kind::TypeError, format!("'{class}' object cannot be interpreted as an integer")));
    }
    if t.class_of(&args[0]).body.slots.len.get().is_some() {
        let n = t.len(&args[0])?;
        return Ok(int::from_i64(t, n as i64));
    }
    let Some(hint) = t.lookup_special(&args[0], "__length_hint__")? else { return Ok(default) };
    let hint = match t.call(&hint, &[]) {
        Ok(hint) => hint,
        Err(_) if t.raised_is(Kind::TypeError) => {
            t.clear_raised();
            return Ok(default);
        }
        Err(raise) => return Err(raise),
    };
    if hint.is_not_implemented() {
        return Ok(default);
    }
    match int::to_i64(&hint) {
        Some(n) if n < 0 => Err(t.raise(Kind::ValueError, "__length_hint__() should return >= 0")),
        Some(_) => Ok(hint),
        None => {
            let class = t.class_name(&hint);
            Err(t.raise(Kind::TypeError, format!("__length_hint__ must be an integer, not {class}")))
        }
    }
}

fn call<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let mut slots = args.rest.to_vec();
    slots.extend(args.values.iter().cloned());
    t.call_with(&args[0], Call { slots: &slots, names: args.names })
}

fn compare_digest<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let data = |t: &mut Thread<M>, o: &Obj<M>| -> Result<Vec<u8>, Raise> {
        if view(o).is_some() {
            let text = to_text(o).into_owned();
            if !text.is_ascii() {
                let message = "comparing strings with non-ASCII characters is not supported";
                return Err(t.raise(Kind::TypeError, message));
            }
            return Ok(text.into_bytes());
        }
        Ok(super::io::bytes_like(t, o)?.into_owned())
    };
    let (a, b) = (data(t, &args[0])?, data(t, &args[1])?);
    // Looks at every byte, so that the time taken tells nothing.
    let differ = a.iter().zip(&b).fold((a.len() != b.len()) as u8, |d, (x, y)| d | (x ^ y));
    Ok(Obj::bool(differ == 0))
}

// ---- The three callables. Their payloads are read-only.

/// Payload of `itemgetter`.
pub struct ItemGetter<M: Memory> {
    items: Box<[Held<M>]>,
}

/// Payload of `attrgetter`: interned names, dotted ones split.
pub struct AttrGetter<M: Memory> {
    shown: Box<[Held<M>]>,
    paths: Box<[Box<[Arc<str>]>]>,
}

/// Payload of `methodcaller`.
pub struct MethodCaller<M: Memory> {
    name: Held<M>,
    values: Box<[Held<M>]>,
    names: Box<[Held<M>]>,
}

// SAFETY: told apart by shape; all references are visited.
unsafe impl<M: Memory> Payload<M> for ItemGetter<M> {
    const SHAPE: u32 = ids::ITEM_GETTER;
    const LAYOUT: Layout = Layout::Other;
    fn visit(&self, f: &mut dyn FnMut(Word)) {
        self.items.iter().for_each(|i| f(i.word()));
    }
}

// SAFETY: told apart by shape; all references are visited.
unsafe impl<M: Memory> Payload<M> for AttrGetter<M> {
    const SHAPE: u32 = ids::ATTR_GETTER;
    const LAYOUT: Layout = Layout::Other;
    fn visit(&self, f: &mut dyn FnMut(Word)) {
        self.shown.iter().for_each(|i| f(i.word()));
    }
}

// SAFETY: told apart by shape; all references are visited.
unsafe impl<M: Memory> Payload<M> for MethodCaller<M> {
    const SHAPE: u32 = ids::METHOD_CALLER;
    const LAYOUT: Layout = Layout::Other;
    fn visit(&self, f: &mut dyn FnMut(Word)) {
        f(self.name.word());
        self.values.iter().chain(&self.names).for_each(|i| f(i.word()));
    }
}

fn held<M: Memory>(items: &[Obj<M>]) -> Box<[Held<M>]> {
    items.iter().map(|i| Held::fresh(i.clone())).collect()
}

fn owned<M: Memory>(items: &[Held<M>]) -> Vec<Obj<M>> {
    items.iter().map(|i| (**i).clone()).collect()
}

fn positional_only<M: Memory>(t: &mut Thread<M>, call: Call<'_, M>, name: &str) -> Result<(), Raise> {
    if !call.names.is_empty() {
        return Err(t.raise(Kind::TypeError, format!("{name}() takes no keyword arguments")));
    }
    if call.slots.is_empty() {
        return Err(t.raise(Kind::TypeError, format!("{name} expected at least 1 argument, got 0")));
    }
    Ok(())
}

fn one_argument<'a, M: Memory>(t: &mut Thread<M>, call: Call<'a, M>, name: &str) -> Result<&'a Obj<M>, Raise> {
    match call.slots {
        [one] if call.names.is_empty() => Ok(one),
        _ => {
            let n = call.slots.len();
            Err(t.raise(Kind::TypeError, format!("{name} expected 1 argument, got {n}")))
        }
    }
}

fn new_item<M: Memory>(t: &mut Thread<M>, _: &TypeObj<M>, call: Call<'_, M>) -> R<M> {
    positional_only(t, call, "itemgetter")?;
    Ok(t.alloc(ItemGetter { items: held(call.slots) }))
}

fn call_item<M: Memory>(t: &mut Thread<M>, f: &Obj<M>, call: Call<'_, M>) -> R<M> {
    let target = one_argument(t, call, "itemgetter")?;
    let body = &f.cast::<ItemGetter<M>>().expect("a slot of itemgetter").body;
    if let [key] = &*body.items {
        return t.getitem(target, key);
    }
    let mut values = Vec::with_capacity(body.items.len());
    for key in &body.items {
        values.push(t.getitem(target, key)?);
    }
    Ok(tuple::from_vec(t, values))
}

fn new_attr<M: Memory>(t: &mut Thread<M>, _: &TypeObj<M>, call: Call<'_, M>) -> R<M> {
    positional_only(t, call, "attrgetter")?;
    let mut paths = Vec::new();
    for name in call.slots {
        if view(name).is_none() {
            return Err(t.raise(Kind::TypeError, "attribute name must be a string"));
        }
        paths.push(to_text(name).split('.').map(Arc::from).collect());
    }
    Ok(t.alloc(AttrGetter { shown: held(call.slots), paths: paths.into() }))
}

fn call_attr<M: Memory>(t: &mut Thread<M>, f: &Obj<M>, call: Call<'_, M>) -> R<M> {
    let target = one_argument(t, call, "attrgetter")?;
    let body = &f.cast::<AttrGetter<M>>().expect("a slot of attrgetter").body;
    let mut values = Vec::with_capacity(body.paths.len());
    for path in &body.paths {
        let mut value = target.clone();
        for name in path {
            value = t.getattr_str(&value, name)?;
        }
        values.push(value);
    }
    if values.len() == 1
        && let Some(value) = values.pop()
    {
        return Ok(value);
    }
    Ok(tuple::from_vec(t, values))
}

fn new_method<M: Memory>(t: &mut Thread<M>, _: &TypeObj<M>, call: Call<'_, M>) -> R<M> {
    let Some((name, rest)) = call.positional().split_first() else {
        return Err(t.raise(Kind::TypeError, "methodcaller needs at least one argument, the method name"));
    };
    if view(name).is_none() {
        return Err(t.raise(Kind::TypeError, "method name must be a string"));
    }
    let mut values = held(rest).into_vec();
    values.extend(held(call.keyword_values()));
    let body = MethodCaller { name: Held::fresh(t.intern_obj(name)), values: values.into(), names: held(call.names) };
    Ok(t.alloc(body))
}

fn call_method<M: Memory>(t: &mut Thread<M>, f: &Obj<M>, call: Call<'_, M>) -> R<M> {
    let target = one_argument(t, call, "methodcaller")?;
    let body = &f.cast::<MethodCaller<M>>().expect("a slot of methodcaller").body;
    let method = t.getattr(target, &body.name)?;
    let (values, names) = (owned(&body.values), owned(&body.names));
    t.call_with(&method, Call { slots: &values, names: &names })
}

fn repr_of<M: Memory>(t: &mut Thread<M>, name: &str, items: &[Obj<M>]) -> R<M> {
    let mut parts = Vec::new();
    for item in items {
        let shown = t.repr(item)?;
        parts.push(to_text(&shown).into_owned());
    }
    Ok(t.string(format!("operator.{name}({})", parts.join(", "))))
}

fn reduce_with<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, items: Vec<Obj<M>>) -> R<M> {
    let class = t.class_of(obj).to_obj();
    let items = tuple::from_vec(t, items);
    Ok(tuple::from_vec(t, vec![class, items]))
}

fn items_of<M: Memory>(obj: &Obj<M>) -> Vec<Obj<M>> {
    obj.cast::<ItemGetter<M>>().map_or(Vec::new(), |o| owned(&o.body.items))
}

fn attrs_of<M: Memory>(obj: &Obj<M>) -> Vec<Obj<M>> {
    obj.cast::<AttrGetter<M>>().map_or(Vec::new(), |o| owned(&o.body.shown))
}

fn method_repr<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    let body = &obj.cast::<MethodCaller<M>>().expect("a slot of methodcaller").body;
    let (name, values, names) = ((*body.name).clone(), owned(&body.values), owned(&body.names));
    let mut parts = vec![t.repr(&name).map(|r| to_text(&r).into_owned())?];
    let positional = values.len() - names.len();
    for (i, value) in values.iter().enumerate() {
        let shown = t.repr(value)?;
        let prefix = if i < positional { String::new() } else { format!("{}=", to_text(&names[i - positional])) };
        parts.push(format!("{prefix}{}", to_text(&shown)));
    }
    Ok(t.string(format!("operator.methodcaller({})", parts.join(", "))))
}

/// Defines the three callables.
pub fn define<M: Memory>(t: &mut Thread<M>) {
    Builder::new::<ItemGetter<M>>(t, Builtin::ItemGetter, "operator.itemgetter")
        .module("operator")
        .is_final()
        .slots(|s| {
            s.new.set(Some(new_item));
            s.call.set(Some(call_item));
            s.repr.set(Some(|t, o| repr_of(t, "itemgetter", &items_of(o))));
        })
        .method("__reduce__(self, /)", |t, a| reduce_with(t, &a[0], items_of(&a[0])))
        .finish();
    Builder::new::<AttrGetter<M>>(t, Builtin::AttrGetter, "operator.attrgetter")
        .module("operator")
        .is_final()
        .slots(|s| {
            s.new.set(Some(new_attr));
            s.call.set(Some(call_attr));
            s.repr.set(Some(|t, o| repr_of(t, "attrgetter", &attrs_of(o))));
        })
        .method("__reduce__(self, /)", |t, a| reduce_with(t, &a[0], attrs_of(&a[0])))
        .finish();
    Builder::new::<MethodCaller<M>>(t, Builtin::MethodCaller, "operator.methodcaller")
        .module("operator")
        .is_final()
        .slots(|s| {
            s.new.set(Some(new_method));
            s.call.set(Some(call_method));
            s.repr.set(Some(method_repr));
        })
        .finish();
}
