//! The protocols of Python values as methods of [`Thread`]: what operators, built-in functions and native code use.

use crate::args::Call;
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::object::{Obj, R, Raise};
use crate::types::slots::{BinOp, CmpOp};
use crate::types::str::{self, to_text};
use crate::types::{TypeObj, float, int, number, tuple};
use crate::value::Word;

macro_rules! slot {
    ($t:expr, $obj:expr, $($path:tt)+) => { $t.class_of($obj).body.slots.$($path)+.get() };
}

impl<M: Memory> Thread<M> {
    // ---- Text and identity.

    /// `repr(obj)`
    pub fn repr(&mut self, obj: &Obj<M>) -> R<M> {
        self.check_native_stack()?;
        let Some(repr) = slot!(self, obj, repr) else {
            return crate::types::object::default_repr(self, obj);
        };
        let text = repr(self, obj)?;
        self.expect_str(text, "__repr__")
    }

    /// `str(obj)`
    pub fn str_of(&mut self, obj: &Obj<M>) -> R<M> {
        if obj.shape() == crate::types::ids::STR {
            return Ok(obj.clone());
        }
        if let Some(i) = obj.word().as_int() {
            return Ok(crate::format::int_text(self, i));
        }
        self.check_native_stack()?;
        let Some(text) = slot!(self, obj, str) else { return self.repr(obj) };
        let text = text(self, obj)?;
        self.expect_str(text, "__str__")
    }

    fn expect_str(&mut self, text: Obj<M>, method: &str) -> R<M> {
        if str::view(&text).is_some() {
            return Ok(text);
        }
        let class = self.class_name(&text);
        Err(self.raise(Kind::TypeError, format!("{method} returned non-string (type {class})")))
    }

    /// `hash(obj)`
    #[inline]
    pub fn hash(&mut self, obj: &Obj<M>) -> Result<i64, Raise> {
        if obj.shape() == crate::types::ids::STR {
            return Ok(str::hash(self, obj));
        }
        match slot!(self, obj, hash) {
            Some(hash) => hash(self, obj),
            None => {
                let class = self.class_name(obj);
                Err(self.raise(Kind::TypeError, format!("unhashable type: '{class}'")))
            }
        }
    }

    // ---- Comparison.

    /// `a == b` for containers: identical values are equal.
    #[inline]
    pub fn eq(&mut self, a: &Obj<M>, b: &Obj<M>) -> Result<bool, Raise> {
        if a.is(b) {
            return Ok(true);
        }
        if a.word().both_int(b.word()) {
            return Ok(false);
        }
        if a.shape() == crate::types::ids::STR && b.shape() == crate::types::ids::STR {
            return Ok(str::equal(a, b));
        }
        let answer = self.compare(a, b, CmpOp::Eq)?;
        self.truth(&answer)
    }

    /// `a op b`
    pub fn compare(&mut self, a: &Obj<M>, b: &Obj<M>, op: CmpOp) -> R<M> {
        if let Some(order) = number::compare_words(a.word(), b.word()) {
            return Ok(Obj::bool(order.map_or(op == CmpOp::Ne, |o| op.holds(o))));
        }
        self.check_native_stack()?;
        let (ca, cb) = (self.class_of(a), self.class_of(b));
        let (fa, fb) = (ca.body.slots.compare.get(), cb.body.slots.compare.get());
        let reflected_first = !std::ptr::eq(ca, cb) && self.is_subclass(cb, ca);
        if reflected_first && let Some(f) = fb {
            let answer = f(self, b, a, op.swapped())?;
            if !answer.is_not_implemented() {
                return Ok(answer);
            }
        }
        if let Some(f) = fa {
            let answer = f(self, a, b, op)?;
            if !answer.is_not_implemented() {
                return Ok(answer);
            }
        }
        if !reflected_first && let Some(f) = fb {
            let answer = f(self, b, a, op.swapped())?;
            if !answer.is_not_implemented() {
                return Ok(answer);
            }
        }
        match op {
            CmpOp::Eq => Ok(Obj::bool(a.is(b))),
            CmpOp::Ne => Ok(Obj::bool(!a.is(b))),
            _ => {
                let (x, y) = (self.class_name(a), self.class_name(b));
                let message = format!("'{}' not supported between instances of '{x}' and '{y}'", op.symbol());
                Err(self.raise(Kind::TypeError, message))
            }
        }
    }

    /// `a op b` as a truth value.
    pub fn compare_truth(&mut self, a: &Obj<M>, b: &Obj<M>, op: CmpOp) -> Result<bool, Raise> {
        let answer = self.compare(a, b, op)?;
        self.truth(&answer)
    }

    /// Truth of a value.
    #[inline]
    pub fn truth(&mut self, obj: &Obj<M>) -> Result<bool, Raise> {
        let w = obj.word();
        if w == Word::TRUE {
            return Ok(true);
        }
        if w == Word::FALSE || w == Word::NONE {
            return Ok(false);
        }
        if let Some(i) = w.as_int() {
            return Ok(i != 0);
        }
        self.truth_slow(obj)
    }

    #[inline(never)]
    fn truth_slow(&mut self, obj: &Obj<M>) -> Result<bool, Raise> {
        if let Some(f) = obj.word().as_float() {
            return Ok(f != 0.0);
        }
        if let Some(truth) = slot!(self, obj, bool) {
            return truth(self, obj);
        }
        match slot!(self, obj, len) {
            Some(len) => Ok(len(self, obj)? != 0),
            None => Ok(true),
        }
    }

    // ---- Containers.

    /// `len(obj)`
    pub fn len(&mut self, obj: &Obj<M>) -> Result<usize, Raise> {
        match slot!(self, obj, len) {
            Some(len) => len(self, obj),
            None => {
                let class = self.class_name(obj);
                Err(self.raise(Kind::TypeError, format!("object of type '{class}' has no len()")))
            }
        }
    }

    /// `iter(obj)`
    pub fn iter(&mut self, obj: &Obj<M>) -> R<M> {
        let slots = &self.class_of(obj).body.slots;
        if let Some(iter) = slots.iter.get() {
            let it = iter(self, obj)?;
            if slot!(self, &it, next).is_none() {
                let class = self.class_name(&it);
                return Err(self.raise(Kind::TypeError, format!("iter() returned non-iterator of type '{class}'")));
            }
            return Ok(it);
        }
        if slots.getitem.get().is_some() && !self.class_of(obj).body.has(crate::types::flags::MAPPING) {
            return Ok(crate::types::iterators::sequence_iterator(self, obj));
        }
        let class = self.class_name(obj);
        Err(self.raise(Kind::TypeError, format!("'{class}' object is not iterable")))
    }

    /// `obj[key]`
    pub fn getitem(&mut self, obj: &Obj<M>, key: &Obj<M>) -> R<M> {
        if let Some(get) = slot!(self, obj, getitem) {
            return get(self, obj, key);
        }
        if obj.cast::<crate::types::Type<M>>().is_some() {
            return crate::types::class::class_getitem(self, obj, key);
        }
        let class = self.class_name(obj);
        Err(self.raise(Kind::TypeError, format!("'{class}' object is not subscriptable")))
    }

    /// `obj[key] = value` or `del obj[key]`
    pub fn setitem(&mut self, obj: &Obj<M>, key: &Obj<M>, value: Option<&Obj<M>>) -> Result<(), Raise> {
        if let Some(set) = slot!(self, obj, setitem) {
            return set(self, obj, key, value);
        }
        let what = if value.is_some() { "does not support item assignment" } else { "doesn't support item deletion" };
        let class = self.class_name(obj);
        Err(self.raise(Kind::TypeError, format!("'{class}' object {what}")))
    }

    /// `item in container`
    pub fn contains(&mut self, container: &Obj<M>, item: &Obj<M>) -> Result<bool, Raise> {
        if let Some(contains) = slot!(self, container, contains) {
            return contains(self, container, item);
        }
        let slots = &self.class_of(container).body.slots;
        if slots.iter.get().is_none() && slots.getitem.get().is_none() {
            let class = self.class_name(container);
            let message = format!("argument of type '{class}' is not a container or iterable");
            return Err(self.raise(Kind::TypeError, message));
        }
        let it = self.iter(container)?;
        while let Some(candidate) = self.next(&it)? {
            if self.eq(&candidate, item)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    // ---- Attributes.

    /// `obj.name`; the name must be interned (see [`Thread::attribute_name`]).
    pub fn getattr(&mut self, obj: &Obj<M>, name: &Obj<M>) -> R<M> {
        match slot!(self, obj, getattr) {
            Some(get) => get(self, obj, name),
            None => crate::lookup::generic_get(self, obj, name),
        }
    }

    /// `obj.name` for a name in the VM's own text.
    pub fn getattr_str(&mut self, obj: &Obj<M>, name: &str) -> R<M> {
        let name = self.intern(name);
        self.getattr(obj, &name)
    }

    /// `getattr(obj, name, None)`: `None` when it raised `AttributeError`.
    pub fn getattr_opt(&mut self, obj: &Obj<M>, name: &Obj<M>) -> Result<Option<Obj<M>>, Raise> {
        let generic: fn(&mut Thread<M>, &Obj<M>, &Obj<M>) -> R<M> = crate::lookup::generic_get;
        match slot!(self, obj, getattr) {
            Some(get) if !std::ptr::fn_addr_eq(get, generic) => match get(self, obj, name) {
                Ok(value) => Ok(Some(value)),
                Err(_) if self.raised_is(Kind::AttributeError) => {
                    self.clear_raised();
                    Ok(None)
                }
                Err(e) => Err(e),
            },
            _ => match crate::lookup::generic_get_opt(self, obj, name) {
                Err(_) if self.raised_is(Kind::AttributeError) => {
                    self.clear_raised();
                    Ok(None)
                }
                other => other,
            },
        }
    }

    /// As [`Thread::getattr_opt`] for a name in the VM's own text.
    pub fn getattr_opt_str(&mut self, obj: &Obj<M>, name: &str) -> Result<Option<Obj<M>>, Raise> {
        let name = self.intern(name);
        self.getattr_opt(obj, &name)
    }

    /// `obj.name = value` or `del obj.name`; the name must be interned.
    pub fn setattr(&mut self, obj: &Obj<M>, name: &Obj<M>, value: Option<&Obj<M>>) -> Result<(), Raise> {
        match slot!(self, obj, setattr) {
            Some(set) => set(self, obj, name, value),
            None => crate::lookup::generic_set(self, obj, name, value),
        }
    }

    // ---- Operators.

    /// `a op b`
    pub fn binary(&mut self, op: BinOp, a: &Obj<M>, b: &Obj<M>) -> R<M> {
        if let Some(result) = number::binary_words(self, op, a.word(), b.word()) {
            return result;
        }
        let answer = self.binary_slots(op, a, b)?;
        if answer.is_not_implemented() { Err(self.operand_error(op.symbol(), a, b)) } else { Ok(answer) }
    }

    /// `a op b` by the slots; `NotImplemented` when neither side knows.
    fn binary_slots(&mut self, op: BinOp, a: &Obj<M>, b: &Obj<M>) -> R<M> {
        let (ca, cb) = (self.class_of(a), self.class_of(b));
        let (sa, sb) = (&ca.body.slots.bin[op as usize], &cb.body.slots.bin[op as usize]);
        let (fa, mut fb) = (sa.get(), sb.get());
        if sa.same(sb) {
            fb = None;
        }
        if let (Some(g), true) = (fb, self.is_subclass(cb, ca)) {
            let answer = g(self, a, b)?;
            if !answer.is_not_implemented() {
                return Ok(answer);
            }
            fb = None;
        }
        for f in [fa, fb].into_iter().flatten() {
            let answer = f(self, a, b)?;
            if !answer.is_not_implemented() {
                return Ok(answer);
            }
        }
        Ok(Obj::not_implemented())
    }

    /// `a op= b`
    pub fn inplace(&mut self, op: BinOp, a: &Obj<M>, b: &Obj<M>) -> R<M> {
        if let Some(result) = number::binary_words(self, op, a.word(), b.word()) {
            return result;
        }
        if let Some(f) = slot!(self, a, inplace[op as usize]) {
            let answer = f(self, a, b)?;
            if !answer.is_not_implemented() {
                return Ok(answer);
            }
        }
        let answer = self.binary_slots(op, a, b)?;
        if !answer.is_not_implemented() {
            return Ok(answer);
        }
        let symbol = if op == BinOp::Pow { "**".into() } else { op.symbol().to_string() };
        Err(self.operand_error(&format!("{symbol}="), a, b))
    }

    #[cold]
    fn operand_error(&mut self, symbol: &str, a: &Obj<M>, b: &Obj<M>) -> Raise {
        if matches!(symbol, "*" | "*=") {
            let repeats = |o: &Obj<M>| {
                str::view(o).is_some() || crate::types::bytes::view(o).is_some() || {
                    let class = &self.class_of(o).body;
                    class.has(crate::types::flags::SEQUENCE) && o.shape() != crate::types::ids::RANGE
                }
            };
            let count = if repeats(a) { Some(b) } else { repeats(b).then_some(a) };
            if let Some(count) = count {
                let class = self.class_name(count);
                return self.raise(Kind::TypeError, format!("can't multiply sequence by non-int of type '{class}'"));
            }
        }
        let (x, y) = (self.class_name(a), self.class_name(b));
        self.raise(Kind::TypeError, format!("unsupported operand type(s) for {symbol}: '{x}' and '{y}'"))
    }

    /// `-obj`
    pub fn neg(&mut self, obj: &Obj<M>) -> R<M> {
        let f = slot!(self, obj, neg);
        self.unary(f, "-", obj)
    }

    /// `+obj`
    pub fn pos(&mut self, obj: &Obj<M>) -> R<M> {
        let f = slot!(self, obj, pos);
        self.unary(f, "+", obj)
    }

    /// `~obj`
    pub fn invert(&mut self, obj: &Obj<M>) -> R<M> {
        let f = slot!(self, obj, invert);
        self.unary(f, "~", obj)
    }

    fn unary(&mut self, f: Option<crate::types::slots::Unary<M>>, symbol: &str, obj: &Obj<M>) -> R<M> {
        match f {
            Some(f) => f(self, obj),
            None => {
                let class = self.class_name(obj);
                Err(self.raise(Kind::TypeError, format!("bad operand type for unary {symbol}: '{class}'")))
            }
        }
    }

    /// `operator.index(obj)`: an `int` object.
    pub fn index(&mut self, obj: &Obj<M>) -> R<M> {
        if obj.word().is_int() || obj.shape() == crate::types::ids::INT {
            return Ok(obj.clone());
        }
        if int::to_big(obj).is_some() {
            return Ok(match int::to_i64(obj) {
                Some(i) => int::from_i64(self, i),
                None => int::from_big(self, int::to_big(obj).expect("just seen")),
            });
        }
        let class = self.class_name(obj);
        match slot!(self, obj, index) {
            Some(f) => {
                let result = f(self, obj)?;
                if int::to_i64(&result).is_none() && int::to_big(&result).is_none() {
                    let class = self.class_name(&result);
                    return Err(self.raise(Kind::TypeError, format!("__index__ returned non-int (type {class})")));
                }
                Ok(result)
            }
            None => Err(self.raise(Kind::TypeError, format!("'{class}' object cannot be interpreted as an integer"))),
        }
    }

    /// `operator.index(obj)` as a machine integer; `OverflowError` when it is larger.
    pub fn index_i64(&mut self, obj: &Obj<M>) -> Result<i64, Raise> {
        if let Some(i) = obj.word().as_int() {
            return Ok(i);
        }
        let i = self.index(obj)?;
        match int::to_i64(&i) {
            Some(i) => Ok(i),
            None => Err(self.raise(Kind::OverflowError, "Python int too large to convert to C ssize_t")),
        }
    }

    /// `float(obj)` for native functions that take a float: a float, an int, `__float__` or `__index__`.
    pub fn float_arg(&mut self, obj: &Obj<M>) -> Result<f64, Raise> {
        if let Some(f) = float::value(obj) {
            return Ok(f);
        }
        if let Some(f) = slot!(self, obj, float) {
            let result = f(self, obj)?;
            if let Some(f) = float::value(&result) {
                return Ok(f);
            }
            let (a, b) = (self.class_name(obj), self.class_name(&result));
            return Err(self.raise(Kind::TypeError, format!("{a}.__float__ returned non-float (type {b})")));
        }
        if slot!(self, obj, index).is_some() {
            let i = self.index(obj)?;
            return self.float_arg(&i);
        }
        let class = self.class_name(obj);
        Err(self.raise(Kind::TypeError, format!("must be real number, not {class}")))
    }

    // ---- Calls.

    /// `f(*args)`
    pub fn call(&mut self, f: &Obj<M>, args: &[Obj<M>]) -> R<M> {
        self.call_with(f, Call { slots: args, names: &[] })
    }

    /// `f(…)` with keywords.
    pub fn call_with(&mut self, f: &Obj<M>, call: Call<'_, M>) -> R<M> {
        match slot!(self, f, call) {
            Some(slot) => {
                self.check_native_stack()?;
                slot(self, f, call)
            }
            None => {
                let class = self.class_name(f);
                Err(self.raise(Kind::TypeError, format!("'{class}' object is not callable")))
            }
        }
    }

    /// May it be called?
    pub fn is_callable(&self, obj: &Obj<M>) -> bool {
        slot!(self, obj, call).is_some()
    }

    /// `obj.name(*args)`
    pub fn call_method(&mut self, obj: &Obj<M>, name: &str, args: &[Obj<M>]) -> R<M> {
        let f = self.getattr_str(obj, name)?;
        self.call(&f, args)
    }

    /// `isinstance(obj, class)` with `__instancecheck__` and tuples.
    pub fn isinstance(&mut self, obj: &Obj<M>, class: &Obj<M>) -> Result<bool, Raise> {
        if self.class_of(obj).is(class) {
            return Ok(true);
        }
        if class.shape() == crate::types::ids::TYPE {
            // SAFETY: exactly a `type` instance.
            let class = unsafe { class.cast_unchecked::<crate::types::Type<M>>() };
            return crate::types::class::real_isinstance(self, obj, class);
        }
        if class.shape() == crate::types::ids::TUPLE {
            for one in tuple::items(class) {
                if self.isinstance(obj, one)? {
                    return Ok(true);
                }
            }
            return Ok(false);
        }
        if let Some(check) = self.lookup_special(class, "__instancecheck__")? {
            let answer = self.call(&check, std::slice::from_ref(obj))?;
            return self.truth(&answer);
        }
        Err(self.raise(Kind::TypeError, "isinstance() arg 2 must be a type, a tuple of types, or a union"))
    }

    /// `issubclass(class, base)` with `__subclasscheck__` and tuples.
    pub fn issubclass(&mut self, class: &Obj<M>, base: &Obj<M>) -> Result<bool, Raise> {
        if base.shape() == crate::types::ids::TUPLE {
            for one in tuple::items(base) {
                if self.issubclass(class, one)? {
                    return Ok(true);
                }
            }
            return Ok(false);
        }
        if base.shape() != crate::types::ids::TYPE
            && let Some(check) = self.lookup_special(base, "__subclasscheck__")?
        {
            let answer = self.call(&check, std::slice::from_ref(class))?;
            return self.truth(&answer);
        }
        crate::types::class::real_issubclass(self, class, base)
    }

    /// The class object behind a handle.
    pub fn expect_class<'a>(&mut self, obj: &'a Obj<M>, what: &str) -> Result<&'a TypeObj<M>, Raise> {
        match obj.cast::<crate::types::Type<M>>() {
            Some(class) => Ok(class),
            None => {
                let class = self.class_name(obj);
                Err(self.raise(Kind::TypeError, format!("{what} must be a type, not {class}")))
            }
        }
    }

    /// A string of the VM for messages: the text of a `str`.
    pub fn text(&self, obj: &Obj<M>) -> String {
        to_text(obj).into_owned()
    }
}
