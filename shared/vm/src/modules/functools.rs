//! `_functools`: `partial`, `reduce`, `cmp_to_key`, and the wrapper of `lru_cache`.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::args::{Args, Call};
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::modules::Maker;
use crate::object::{Held, Layout, Obj, Payload, R, Slot};
use crate::types::build::{Builder, Plain};
use crate::types::ids::{self, Builtin};
use crate::types::slots::CmpOp;
use crate::types::str::to_text;
use crate::types::{TypeObj, class, dict, function, int, tuple};
use crate::value::Word;

/// `_functools`
pub fn init<M: Memory>(t: &mut Thread<M>) -> R<M> {
    let placeholder = t.kept("functools.Placeholder").expect("made with the types").own();
    let kind = t.class_of(&placeholder).to_obj();
    Maker::new(t, "_functools")
        .function("reduce(function, iterable, initial=None, /)", reduce)
        .function("cmp_to_key(mycmp)", |t, a| Ok(wrapper(t, &a[0], null())))
        .class("partial", Builtin::Partial)
        .class("_lru_cache_wrapper", Builtin::LruCache)
        .set("Placeholder", placeholder)
        .set("_PlaceholderType", kind)
        .finish()
}

fn null<M: Memory>() -> Obj<M> {
    // SAFETY: the null word owns nothing.
    unsafe { Obj::from_word(Word::NULL) }
}

fn reduce<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let it = match t.iter(&args[1]) {
        Ok(it) => it,
        Err(_) if t.raised_is(Kind::TypeError) => {
            t.clear_raised();
            return Err(t.raise(Kind::TypeError, "reduce() arg 2 must support iteration"));
        }
        Err(raise) => return Err(raise),
    };
    let mut total = match args.get(2) {
        Some(initial) => initial.clone(),
        None => match t.next(&it)? {
            Some(first) => first,
            None => {
                return Err(t.raise(Kind::TypeError, "reduce() of empty iterable with no initial value"));
            }
        },
    };
    while let Some(item) = t.next(&it)? {
        total = t.call(&args[0], &[total, item])?;
    }
    Ok(total)
}

// ---- partial

/// Payload of `partial`. Read-only except for the dict.
pub struct Partial<M: Memory> {
    f: Held<M>,
    args: Held<M>,
    /// Keyword names and values.
    keywords: Held<M>,
    /// Places in `args` that are left open.
    open: usize,
    dict: Slot<M>,
}

// SAFETY: the layout `Partial` is this struct's alone; all references are visited.
unsafe impl<M: Memory> Payload<M> for Partial<M> {
    const SHAPE: u32 = ids::PARTIAL;
    const LAYOUT: Layout = Layout::Partial;
    fn visit(&self, f: &mut dyn FnMut(Word)) {
        for held in [&self.f, &self.args, &self.keywords] {
            f(held.word());
        }
        f(self.dict.word());
    }
    fn dict(&self) -> Option<&Slot<M>> {
        Some(&self.dict)
    }
}

fn partial<M: Memory>(obj: &Obj<M>) -> &Partial<M> {
    &obj.cast::<Partial<M>>().expect("methods of partial get one").body
}

fn is_placeholder<M: Memory>(t: &Thread<M>, obj: &Obj<M>) -> bool {
    t.kept("functools.Placeholder").is_some_and(|p| p.is(obj))
}

fn new_partial<M: Memory>(t: &mut Thread<M>, class: &TypeObj<M>, call: Call<'_, M>) -> R<M> {
    let Some((f, rest)) = call.positional().split_first() else {
        return Err(t.raise(Kind::TypeError, "type 'partial' takes at least one argument"));
    };
    if !t.is_callable(f) {
        return Err(t.raise(Kind::TypeError, "the first argument must be callable"));
    }
    if rest.last().is_some_and(|last| is_placeholder(t, last)) {
        return Err(t.raise(Kind::TypeError, "trailing Placeholders are not allowed"));
    }
    let mut target = f.clone();
    let mut args = rest.to_vec();
    let keywords = dict::new(t);
    if f.shape() == ids::PARTIAL {
        // A partial of a partial is one partial; open places of the inner one are filled first.
        let inner = partial(f);
        let mut given = args.into_iter();
        let merged = tuple::items(&inner.args)
            .iter()
            .map(|a| if is_placeholder(t, a) { given.next().unwrap_or_else(|| a.clone()) } else { a.clone() });
        let mut merged: Vec<Obj<M>> = merged.collect();
        merged.extend(given);
        args = merged;
        target = (*inner.f).clone();
        let inherited = (*inner.keywords).clone();
        dict::update(t, &keywords, &inherited)?;
    }
    for (name, value) in call.names.iter().zip(call.keyword_values()) {
        if is_placeholder(t, value) {
            return Err(t.raise(Kind::TypeError, "Placeholder cannot be passed as a keyword argument"));
        }
        dict::set(t, &keywords, name.clone(), value.clone())?;
    }
    let open = args.iter().filter(|a| is_placeholder(t, a)).count();
    let args = tuple::from_vec(t, args);
    let body = Partial {
        f: Held::fresh(target),
        args: Held::fresh(args),
        keywords: Held::fresh(keywords),
        open,
        dict: Slot::empty(),
    };
    Ok(t.alloc_of(class, body))
}

fn call_partial<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, call: Call<'_, M>) -> R<M> {
    let body = partial(obj);
    let given = call.positional();
    if given.len() < body.open {
        let message = format!(
            "missing positional arguments in 'partial' call; expected at least {}, got {}",
            body.open,
            given.len()
        );
        return Err(t.raise(Kind::TypeError, message));
    }
    let f = (*body.f).clone();
    let mut rest = given.iter();
    let mut slots: Vec<Obj<M>> = Vec::with_capacity(tuple::items(&body.args).len() + call.slots.len());
    for arg in tuple::items(&body.args) {
        let open = body.open > 0 && is_placeholder(t, arg);
        slots.push(if open { rest.next().cloned().unwrap_or_else(null) } else { arg.clone() });
    }
    slots.extend(rest.cloned());
    let kept = (*body.keywords).clone();
    if dict::len(t, &kept) == 0 {
        slots.extend(call.keyword_values().iter().cloned());
        return t.call_with(&f, Call { slots: &slots, names: call.names });
    }
    let merged = dict::copy(t, &kept);
    for (name, value) in call.names.iter().zip(call.keyword_values()) {
        dict::set(t, &merged, name.clone(), value.clone())?;
    }
    let mut names = Vec::new();
    for (name, value) in dict::items(t, &merged) {
        names.push(name);
        slots.push(value);
    }
    t.call_with(&f, Call { slots: &slots, names: &names })
}

fn bind<M: Memory>(t: &mut Thread<M>, f: &Obj<M>, instance: Option<&Obj<M>>, _: &TypeObj<M>) -> R<M> {
    Ok(match instance {
        Some(instance) => function::method(t, f.clone(), instance.clone()),
        None => f.clone(),
    })
}

fn repr_partial<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    t.check_native_stack()?;
    let body = partial(obj);
    let (f, args, keywords) = ((*body.f).clone(), (*body.args).clone(), (*body.keywords).clone());
    let class = t.class_of(obj).to_obj();
    let home = t.getattr_str(&class, "__module__")?;
    let name = t.getattr_str(&class, "__qualname__")?;
    let mut parts = vec![t.repr(&f).map(|r| t.text(&r))?];
    for arg in tuple::items(&args).to_vec() {
        parts.push(t.repr(&arg).map(|r| t.text(&r))?);
    }
    for (key, value) in dict::items(t, &keywords) {
        let value = t.repr(&value)?;
        parts.push(format!("{}={}", to_text(&key), to_text(&value)));
    }
    Ok(t.string(format!("{}.{}({})", to_text(&home), to_text(&name), parts.join(", "))))
}

fn reduce_partial<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let body = partial(&args[0]);
    let (f, values, keywords) = ((*body.f).clone(), (*body.args).clone(), (*body.keywords).clone());
    let own = t.getattr_opt_str(&args[0], "__dict__")?.unwrap_or(Obj::NONE);
    let class = t.class_of(&args[0]).to_obj();
    let first = tuple::from_vec(t, vec![f.clone()]);
    let state = tuple::from_vec(t, vec![f, values, keywords, own]);
    Ok(tuple::from_vec(t, vec![class, first, state]))
}

// ---- cmp_to_key

/// Payload of what `cmp_to_key` returns, and of the keys that it makes. Read-only.
pub struct KeyWrapper<M: Memory> {
    cmp: Held<M>,
    /// NULL in the factory.
    value: Held<M>,
}

// SAFETY: told apart by shape; both references are visited.
unsafe impl<M: Memory> Payload<M> for KeyWrapper<M> {
    const SHAPE: u32 = ids::KEY_WRAPPER;
    const LAYOUT: Layout = Layout::Other;
    fn visit(&self, f: &mut dyn FnMut(Word)) {
        f(self.cmp.word());
        f(self.value.word());
    }
}

fn wrapper<M: Memory>(t: &Thread<M>, cmp: &Obj<M>, value: Obj<M>) -> Obj<M> {
    t.alloc(KeyWrapper { cmp: Held::fresh(cmp.clone()), value: Held::fresh(value) })
}

fn key<M: Memory>(obj: &Obj<M>) -> &KeyWrapper<M> {
    &obj.cast::<KeyWrapper<M>>().expect("slots of KeyWrapper get one").body
}

fn call_wrapper<M: Memory>(t: &mut Thread<M>, f: &Obj<M>, call: Call<'_, M>) -> R<M> {
    match call.slots {
        [value] => Ok(wrapper(t, &key(f).cmp, value.clone())),
        _ => Err(t.raise(Kind::TypeError, "K() takes exactly one argument")),
    }
}

fn compare_keys<M: Memory>(t: &mut Thread<M>, a: &Obj<M>, b: &Obj<M>, op: CmpOp) -> R<M> {
    if b.cast::<KeyWrapper<M>>().is_none() {
        return Err(t.raise(Kind::TypeError, "other argument must be K instance"));
    }
    let (cmp, x, y) = ((*key(a).cmp).clone(), (*key(a).value).clone(), (*key(b).value).clone());
    if x.is_null() || y.is_null() {
        return Err(t.raise(Kind::AttributeError, "object"));
    }
    let answer = t.call(&cmp, &[x, y])?;
    let zero = int::from_i64(t, 0);
    t.compare(&answer, &zero, op)
}

// ---- lru_cache

/// Payload of the wrapper. The cache is a dict in the order of use; the counters are their own guards.
pub struct LruCache<M: Memory> {
    f: Held<M>,
    cache: Held<M>,
    info: Held<M>,
    /// `None`: no bound.
    limit: Option<usize>,
    typed: bool,
    hits: AtomicU64,
    misses: AtomicU64,
    dict: Slot<M>,
}

// SAFETY: told apart by shape; all references are visited.
unsafe impl<M: Memory> Payload<M> for LruCache<M> {
    const SHAPE: u32 = ids::LRU_CACHE;
    const LAYOUT: Layout = Layout::Other;
    fn visit(&self, f: &mut dyn FnMut(Word)) {
        for held in [&self.f, &self.cache, &self.info] {
            f(held.word());
        }
        f(self.dict.word());
    }
    fn dict(&self) -> Option<&Slot<M>> {
        Some(&self.dict)
    }
}

fn lru<M: Memory>(obj: &Obj<M>) -> &LruCache<M> {
    &obj.cast::<LruCache<M>>().expect("methods of the wrapper get one").body
}

fn new_lru<M: Memory>(t: &mut Thread<M>, class: &TypeObj<M>, call: Call<'_, M>) -> R<M> {
    fn make<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
        if !t.is_callable(&args[1]) {
            return Err(t.raise(Kind::TypeError, "the first argument must be callable"));
        }
        let limit = if args[2].is_none() { None } else { Some(t.index_i64(&args[2])?.max(0) as usize) };
        let typed = t.truth(&args[3])?;
        let cache = dict::new(t);
        Ok(t.alloc(LruCache {
            f: Held::fresh(args[1].clone()),
            cache: Held::fresh(cache),
            info: Held::fresh(args[4].clone()),
            limit,
            typed,
            hits: AtomicU64::new(0),
            misses: AtomicU64::new(0),
            dict: Slot::empty(),
        }))
    }
    let signature = "_lru_cache_wrapper(cls, user_function, maxsize, typed, cache_info_type)";
    super::io::bind(t, signature, class, call, make)
}

/// What a call is remembered under: the argument itself where that is unmistakable, else all of them as a tuple.
fn call_key<M: Memory>(t: &mut Thread<M>, call: Call<'_, M>, typed: bool) -> Obj<M> {
    if let [one] = call.slots
        && !typed
        && call.names.is_empty()
        && (one.word().is_int() || one.shape() == ids::STR)
    {
        return one.clone();
    }
    let mut parts = call.positional().to_vec();
    if !call.names.is_empty() {
        let mark = t.kept("functools.mark").expect("made with the types").own();
        parts.push(mark);
        for (name, value) in call.names.iter().zip(call.keyword_values()) {
            parts.extend([name.clone(), value.clone()]);
        }
    }
    if typed {
        let types: Vec<Obj<M>> = call.slots.iter().map(|v| t.class_of(v).to_obj()).collect();
        parts.extend(types);
    }
    tuple::from_vec(t, parts)
}

fn call_lru<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, call: Call<'_, M>) -> R<M> {
    let body = lru(obj);
    let f = (*body.f).clone();
    if body.limit == Some(0) {
        body.misses.fetch_add(1, Ordering::Relaxed);
        return t.call_with(&f, call);
    }
    let key = call_key(t, call, body.typed);
    let cache = (*body.cache).clone();
    if let Some(found) = dict::get(t, &cache, &key)? {
        body.hits.fetch_add(1, Ordering::Relaxed);
        if body.limit.is_some() && dict::remove(t, &cache, &key)?.is_some() {
            dict::set(t, &cache, key, found.clone())?;
        }
        return Ok(found);
    }
    body.misses.fetch_add(1, Ordering::Relaxed);
    let result = t.call_with(&f, call)?;
    dict::set(t, &cache, key, result.clone())?;
    if let Some(limit) = body.limit {
        while dict::len(t, &cache) > limit {
            let Some(d) = dict::cast(&cache) else { break };
            if dict::pop_first(t, d).is_none() {
                break;
            }
        }
    }
    Ok(result)
}

fn cache_info<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let body = lru(&args[0]);
    let (info, cache) = ((*body.info).clone(), (*body.cache).clone());
    let limit = body.limit.map_or(Obj::NONE, |l| int::from_i64(t, l as i64));
    let hits = int::from_i64(t, body.hits.load(Ordering::Relaxed) as i64);
    let misses = int::from_i64(t, body.misses.load(Ordering::Relaxed) as i64);
    let size = int::from_i64(t, dict::len(t, &cache) as i64);
    t.call(&info, &[hits, misses, limit, size])
}

fn cache_clear<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let body = lru(&args[0]);
    body.hits.store(0, Ordering::Relaxed);
    body.misses.store(0, Ordering::Relaxed);
    let cache = (*body.cache).clone();
    dict::clear(t, &cache);
    Ok(Obj::NONE)
}

/// Defines the types of the module.
pub fn define<M: Memory>(t: &mut Thread<M>) {
    Builder::new::<Partial<M>>(t, Builtin::Partial, "functools.partial")
        .module("functools")
        .slots(|s| {
            s.new.set(Some(new_partial));
            s.init.set(Some(super::io::no_init));
            s.call.set(Some(call_partial));
            s.repr.set(Some(repr_partial));
            s.descr_get.set(Some(bind));
        })
        .getter("func", |_, o| Ok((*partial(o).f).clone()))
        .getter("args", |_, o| Ok((*partial(o).args).clone()))
        .getter("keywords", |_, o| Ok((*partial(o).keywords).clone()))
        .getset("__dict__", crate::types::object::get_dict, Some(crate::types::object::set_dict))
        .method("__reduce__(self, /)", reduce_partial)
        .classmethod("__class_getitem__(cls, key, /)", crate::types::alias::class_getitem)
        .finish();
    Builder::new::<KeyWrapper<M>>(t, Builtin::KeyWrapper, "functools.KeyWrapper")
        .module("functools")
        .is_final()
        .flag(crate::types::flags::NO_NEW)
        .slots(|s| {
            s.call.set(Some(call_wrapper));
            s.compare.set(Some(compare_keys));
        })
        .getter("obj", |_, o| Ok(if key(o).value.is_null() { Obj::NONE } else { (*key(o).value).clone() }))
        .finish();
    Builder::new::<LruCache<M>>(t, Builtin::LruCache, "functools._lru_cache_wrapper")
        .module("functools")
        .is_final()
        .slots(|s| {
            s.new.set(Some(new_lru));
            s.call.set(Some(call_lru));
            s.descr_get.set(Some(bind));
        })
        .getset("__dict__", crate::types::object::get_dict, Some(crate::types::object::set_dict))
        .method("cache_info(self, /)", cache_info)
        .method("cache_clear(self, /)", cache_clear)
        .method("__copy__(self, /)", |_, a| Ok(a[0].clone()))
        .method("__deepcopy__(self, memo, /)", |_, a| Ok(a[0].clone()))
        .method("__reduce__(self, /)", |t, a| t.getattr_str(&a[0], "__qualname__"))
        .finish();
    let kind = Builder::new::<Plain>(t, Builtin::Null, "functools._PlaceholderType")
        .module("functools")
        .is_final()
        .slots(|s| {
            s.new.set(Some(|t, _, _| Ok(t.kept("functools.Placeholder").expect("made with the types").own())));
            s.repr.set(Some(|t, _| Ok(t.str("Placeholder"))));
        })
        .method("__reduce__(self, /)", |t, _| Ok(t.str("Placeholder")))
        .finish();
    let placeholder = t.alloc_of(class::as_class(&kind), Plain);
    t.keep("functools.Placeholder", placeholder);
    let plain = t.builtin(Builtin::Object).to_obj();
    let mark = t.alloc_of(class::as_class(&plain), Plain);
    t.keep("functools.mark", mark);
}
