//! Code objects as the VM runs them: the compiler's plain data with constants and names made into objects.

use std::cell::UnsafeCell;
use std::hash::{Hash, Hasher};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::locks::Mutex;
use parallax_front::{Code, Const, Instr};
use rustc_hash::{FxHashMap, FxHasher};
use smallvec::SmallVec;

use crate::context::Context;
use crate::memory::Memory;
use crate::object::{Held, Layout, Obj, Object, Payload, current};
use crate::types::{bytes, complex, float, ids, int, set, tuple};
use crate::value::Word;

/// Payload of a code object. Read-only after it is made, the instructions excepted, which belong to the memory model.
/// Its names and constants are immortal: registers and caches refer to them without counting. The code object itself is
/// deferred: a running frame has a function, which counts it.
pub struct CodeBody<M: Memory> {
    /// What the compiler made.
    pub code: Arc<Code>,
    /// Index for per-thread tables.
    pub id: u32,
    /// Number of named registers.
    pub nlocals: u16,
    /// Size of the register window.
    pub nregs: u16,
    /// Positional parameters.
    pub argcount: u16,
    /// Only positional parameters: a call with the right number of arguments needs no binding.
    pub simple: bool,
    /// Constants as uncounted words.
    pub consts: Box<[Word]>,
    /// The code objects among them.
    nested: Box<[Held<M>]>,
    /// Attribute and global names as uncounted words of interned strings.
    pub names: Box<[Word]>,
    /// `co_name` as an uncounted word.
    pub name: Word,
    /// `co_qualname` as an uncounted word.
    pub qualname: Word,
    /// Names of the registers.
    pub varnames: Box<[Word]>,
    /// The instructions where the model runs one copy for all threads. Guarded by the model.
    pub instrs: Box<[UnsafeCell<Instr>]>,
    _model: std::marker::PhantomData<fn(M)>,
}

/// A code object.
pub type CodeObj<M> = Object<M, CodeBody<M>>;

// SAFETY: the layout `Code` is this struct's alone; what it refers to is immortal, nested code excepted, which is visited.
unsafe impl<M: Memory> Payload<M> for CodeBody<M> {
    const SHAPE: u32 = ids::CODE;
    const LAYOUT: Layout = Layout::Code;
    fn visit(&self, f: &mut dyn FnMut(Word)) {
        self.nested.iter().for_each(|code| f(code.word()));
    }
}

impl<M: Memory> Drop for CodeBody<M> {
    fn drop(&mut self) {
        current::<M>().interp.constants.free_ids.lock().push(self.id);
    }
}

impl<M: Memory> CodeBody<M> {
    /// The code object for what the compiler made (and, through its constants, for all nested code).
    pub fn load(ctx: &Context<M>, code: &Arc<Code>) -> Obj<M> {
        let names = |list: &[Arc<str>]| -> Box<[Word]> {
            list.iter().map(|n| ctx.intern(n).into_word().as_uncounted()).collect()
        };
        let f = &code.flags;
        let mut nested = Vec::new();
        let consts = code.consts.iter().map(|c| match c {
            Const::Code(code) => {
                let code = CodeBody::load(ctx, code);
                let word = code.word().as_uncounted();
                nested.push(Held::fresh(code));
                word
            }
            c => ctx.interp.constants.get(ctx, c),
        });
        let consts = consts.collect();
        let body = CodeBody {
            code: code.clone(),
            id: ctx.interp.constants.new_id(),
            nlocals: code.nlocals(),
            nregs: code.nregs,
            argcount: code.argcount,
            simple: f.function && !(f.varargs || f.varkw) && code.kwonly == 0,
            consts,
            nested: nested.into(),
            names: names(&code.names),
            varnames: names(&code.varnames),
            name: ctx.intern(&code.name).into_word().as_uncounted(),
            qualname: ctx.intern(&code.qualname).into_word().as_uncounted(),
            instrs: code.instrs.iter().map(|&i| UnsafeCell::new(i)).collect(),
            _model: std::marker::PhantomData,
        };
        let code = ctx.alloc(body);
        deferred(ctx, &code);
        code
    }
}

/// What code objects share: constants by content, and the numbers of code objects. Compiling the same text again and again
/// makes each constant once.
#[derive(Default)]
pub struct Constants {
    /// Constants that are objects, by hash. Guarded by the mutex.
    known: Mutex<FxHashMap<u64, SmallVec<[(Const, Word); 1]>>>,
    /// Numbers of code objects that are gone. Guarded by the mutex.
    free_ids: Mutex<Vec<u32>>,
    /// Numbers of code objects given out so far.
    next_id: AtomicU32,
}

impl Constants {
    fn new_id(&self) -> u32 {
        self.free_ids.lock().pop().unwrap_or_else(|| self.next_id.fetch_add(1, Ordering::Relaxed))
    }

    /// The immortal object for a constant, uncounted.
    fn get<M: Memory>(&self, ctx: &Context<M>, c: &Const) -> Word {
        let mut hasher = FxHasher::default();
        if !hash(c, &mut hasher) {
            return eternal(ctx, constant(ctx, c));
        }
        let key = hasher.finish();
        let found = |known: &FxHashMap<u64, SmallVec<[(Const, Word); 1]>>| {
            known.get(&key)?.iter().find(|k| same(&k.0, c)).map(|k| k.1)
        };
        if let Some(word) = found(&self.known.lock()) {
            return word;
        }
        let word = eternal(ctx, constant(ctx, c));
        let mut known = self.known.lock();
        // Another thread may have been faster; then this object stays as a second one.
        if found(&known).is_none() {
            known.entry(key).or_default().push((c.clone(), word));
        }
        word
    }
}

/// Hashes a constant; false for one that needs no table: it is no object, or a string, which is interned, or refers to
/// code.
fn hash(c: &Const, to: &mut FxHasher) -> bool {
    std::mem::discriminant(c).hash(to);
    match c {
        Const::Float(f) if Word::float(*f).is_none() => f.to_bits().hash(to),
        Const::Big(b) => b.hash(to),
        Const::Complex(re, im) => (re.to_bits(), im.to_bits()).hash(to),
        Const::Bytes(bytes) => bytes.hash(to),
        Const::Wide(points) => points.hash(to),
        Const::Tuple(list) => return list.iter().all(|c| hash_item(c, to)),
        _ => return false,
    }
    true
}

/// Hashes a constant inside a tuple.
fn hash_item(c: &Const, to: &mut FxHasher) -> bool {
    match c {
        Const::None | Const::Ellipsis => std::mem::discriminant(c).hash(to),
        Const::Bool(b) => (2, b).hash(to),
        Const::Int(i) => (3, i).hash(to),
        Const::Float(f) => (4, f.to_bits()).hash(to),
        Const::Str(s) => s.hash(to),
        c => return hash(c, to),
    }
    true
}

/// Are two constants the same, the signs of zeros included?
fn same(a: &Const, b: &Const) -> bool {
    match (a, b) {
        (Const::Float(x), Const::Float(y)) => x.to_bits() == y.to_bits(),
        (Const::Complex(x, i), Const::Complex(y, j)) => x.to_bits() == y.to_bits() && i.to_bits() == j.to_bits(),
        (Const::Tuple(x), Const::Tuple(y)) => x.len() == y.len() && x.iter().zip(y.iter()).all(|(x, y)| same(x, y)),
        _ => a == b,
    }
}

/// Makes an object immortal and known to all threads; the uncounted word.
pub fn eternal<M: Memory>(ctx: &Context<M>, obj: Obj<M>) -> Word {
    let word = obj.into_word();
    if !word.is_ptr() {
        return word;
    }
    // SAFETY: the word is owned, and from now on by everyone.
    unsafe {
        M::publish(ctx, word);
        M::immortalize(ctx, word);
    }
    word.as_uncounted()
}

/// Makes an object immortal; the uncounted word. What it refers to is shared only once a second thread may exist, when
/// the interpreter's roots are: until then its graph (a class reaches its module's globals) costs what private
/// objects cost. For objects that are among the roots.
pub fn lasting<M: Memory>(ctx: &Context<M>, obj: Obj<M>) -> Word {
    let word = obj.into_word();
    if !word.is_ptr() {
        return word;
    }
    // SAFETY: the word is owned, and from now on by everyone.
    unsafe {
        if ctx.interp.threads.started() {
            M::publish(ctx, word);
        }
        M::immortalize(ctx, word);
    }
    word.as_uncounted()
}

/// As [`lasting`], of an object that the collector may free.
pub fn deferred<M: Memory>(ctx: &Context<M>, obj: &Obj<M>) {
    let word = obj.word();
    // SAFETY: the word is owned; nobody else counts the object while it is private, and a shared one is deferred already.
    unsafe {
        M::defer(ctx, word);
        if ctx.interp.threads.started() {
            M::publish(ctx, word);
        }
    }
}

/// The object for a constant.
pub fn constant<M: Memory>(ctx: &Context<M>, c: &Const) -> Obj<M> {
    let all = |list: &[Const]| list.iter().map(|c| constant(ctx, c)).collect::<Vec<_>>();
    match c {
        Const::None => Obj::NONE,
        Const::Bool(b) => Obj::bool(*b),
        // SAFETY: a special word owns nothing.
        Const::Ellipsis => unsafe { Obj::from_word(Word::ELLIPSIS) },
        Const::Int(i) => int::from_i64(ctx, *i),
        Const::Big(b) => int::from_big(ctx, b.clone()),
        Const::Float(f) => float::new(ctx, *f),
        Const::Complex(re, im) => complex::new(ctx, *re, *im),
        Const::Str(s) => ctx.intern(s),
        Const::Wide(points) => ctx.str_from_points(points),
        Const::Bytes(b) => bytes::from_slice(ctx, b),
        Const::Tuple(list) => tuple::from_vec(ctx, all(list)),
        Const::FrozenSet(list) => set::frozen_from_constants(ctx, all(list)),
        Const::Code(code) => CodeBody::load(ctx, code),
    }
}
