//! An interpreter: everything that its threads share. All types, singletons and interned strings belong to it, so a
//! process may have several.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering};

use crate::locks::Mutex;

use crate::context::{Context, Thread};
use crate::memory::Memory;
use crate::object::{Obj, Ops};
use crate::shapes::Shapes;
use crate::types::ids;
use crate::types::int::parse;
use crate::types::special::Specials;
use crate::types::str::Interned;
use crate::types::{TypeObj, dict, module};
use crate::value::Word;

/// What the command line and the environment decide.
#[derive(Clone, Debug)]
pub struct Config {
    /// `sys.argv`
    pub argv: Vec<String>,
    /// `sys.executable`
    pub executable: String,
    /// Seed of string hashes; `None`: at random.
    pub hash_seed: Option<u32>,
    /// `-O` count.
    pub optimize: u8,
    /// `-u`: standard streams are not buffered.
    pub unbuffered: bool,
    /// `-v`, `-q`, `-s`, … as `sys.flags` shows them, by name.
    pub flags: Vec<(&'static str, i64)>,
    /// `-W` options.
    pub warnings: Vec<String>,
    /// `-X` options.
    pub x_options: Vec<String>,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            argv: vec![String::new()],
            executable: String::new(),
            hash_seed: None,
            optimize: 0,
            unbuffered: false,
            flags: Vec::new(),
            warnings: Vec::new(),
            x_options: Vec::new(),
        }
    }
}

/// The state that the threads of one interpreter share. Every field is read-only after start or guards itself.
pub struct Interpreter<M: Memory> {
    /// The memory model's part.
    pub global: M::Global,
    /// Classes by shape, attribute layouts, versions.
    pub shapes: Shapes<M>,
    /// Interned strings.
    pub interned: Interned<M>,
    /// Names of special methods.
    pub specials: Specials,
    /// Seed of string hashes.
    pub hash_seed: u64,
    /// What code objects share.
    pub constants: crate::code::Constants,
    /// The last version number given to the keys of a dict.
    keys_version: AtomicU32,
    /// The function behind class statements; an immortal word, set at start.
    build_class: AtomicU64,
    /// `()`; an immortal word, set at start, before that NULL.
    empty_tuple: AtomicU64,
    /// `sys.setrecursionlimit`
    recursion_limit: AtomicU32,
    /// `sys.set_int_max_str_digits`: most decimal digits of a conversion; 0: no limit.
    pub max_digits: AtomicUsize,
    /// Its threads.
    pub threads: crate::threads::ThreadTable<M>,
    /// Its weak references.
    pub weak: crate::types::weakref::WeakTable<M>,
    /// The cycle collector's state.
    pub gc: crate::collector::State,
    /// What threads that ended have counted.
    pub counted: Mutex<Vec<crate::counters::Snapshot>>,
    /// What native modules keep.
    pub modules: crate::modules::State,
    /// What it was started with.
    pub config: Config,
    /// Layout operations, one per payload; never freed before the interpreter.
    ops: Mutex<Vec<&'static Ops>>,
}

// SAFETY: every field is a synchronised type or read-only; words in it are immortal or guarded by their module.
unsafe impl<M: Memory> Send for Interpreter<M> {}
// SAFETY: as above.
unsafe impl<M: Memory> Sync for Interpreter<M> {}

impl<M: Memory> Interpreter<M> {
    /// A number that no dict's keys had before; never 0.
    pub(crate) fn next_keys_version(&self) -> u32 {
        self.keys_version.fetch_add(1, Ordering::Relaxed).wrapping_add(1).max(1)
    }

    fn allocate(config: Config) -> Arc<Interpreter<M>> {
        let hash_seed = match config.hash_seed {
            Some(seed) => seed as u64,
            None => random_seed(),
        };
        Arc::new(Interpreter {
            global: M::new_global(),
            shapes: Shapes::new(),
            interned: Interned::new(),
            specials: Specials::default(),
            hash_seed,
            constants: Default::default(),
            keys_version: AtomicU32::new(0),
            build_class: AtomicU64::new(Word::NONE.0),
            empty_tuple: AtomicU64::new(Word::NULL.0),
            recursion_limit: AtomicU32::new(1000),
            max_digits: AtomicUsize::new(parse::DEFAULT_LIMIT),
            threads: crate::threads::ThreadTable::new(),
            weak: crate::types::weakref::WeakTable::new(),
            gc: crate::collector::State::new(),
            counted: Mutex::default(),
            modules: Default::default(),
            config,
            ops: Mutex::new(Vec::new()),
        })
    }

    /// Makes an interpreter, attaches the calling thread as its main thread and runs `f` there. `stack` is the size of
    /// the calling thread's native stack that is still free.
    pub fn with<A>(config: Config, stack: usize, f: impl FnOnce(&mut Thread<M>) -> A) -> A {
        let interp = Interpreter::<M>::allocate(config);
        let ident = interp.threads.new_ident();
        let context = Context::new(interp, ident, true);
        let here = 0u8;
        context.native_limit.set((&raw const here as usize).saturating_sub(stack).saturating_add(NATIVE_RESERVE));
        M::attach(&context);
        // SAFETY: this thread owns the fresh context, is attached, and no other token exists.
        let mut t = unsafe { Thread::new(&context) };
        t.interp.threads.list(&context);
        create(&mut t);
        let result = f(&mut t);
        M::detach(&context);
        // The context stays for threads that outlive the main one; the process is about to end, or the embedder is.
        std::mem::forget(context);
        result
    }

    /// The class of a word.
    #[inline(always)]
    pub fn class_of(&self, word: Word) -> &TypeObj<M> {
        self.shapes.class(shape_of_word::<M>(word))
    }

    /// `sys.getrecursionlimit()`
    #[inline(always)]
    pub fn recursion_limit(&self) -> u32 {
        self.recursion_limit.load(Ordering::Relaxed)
    }

    /// `sys.setrecursionlimit()`
    pub fn set_recursion_limit(&self, limit: u32) {
        self.recursion_limit.store(limit, Ordering::Relaxed);
    }

    /// `-O` count.
    pub fn optimize(&self) -> u8 {
        self.config.optimize
    }

    /// `()`
    pub fn empty_tuple(&self) -> Word {
        Word(self.empty_tuple.load(Ordering::Acquire))
    }

    /// The function behind class statements.
    pub fn build_class(&self) -> Word {
        Word(self.build_class.load(Ordering::Relaxed))
    }

    /// Keeps the operations of a layout.
    pub fn leak_ops(&self, ops: Ops) -> &'static Ops {
        let ops: &'static Ops = Box::leak(Box::new(ops));
        self.ops.lock().push(ops);
        ops
    }

    /// The namespace of built-in names that code with these globals sees.
    pub fn builtins_of(&self, ctx: &Context<M>, globals: &Obj<M>) -> Obj<M> {
        let key = ctx.intern("__builtins__");
        let found = dict::get_str(ctx, globals, &key).map(|v| v.own());
        let found = found.or_else(|| ctx.kept("builtins").map(|v| v.own()));
        match found {
            Some(m) if m.cast::<module::Module<M>>().is_some() => module::dict(&m).clone(),
            Some(d) if d.cast::<dict::Dict<M>>().is_some() => d,
            _ => dict::new(ctx),
        }
    }

    /// Calls `f` with every word that the interpreter itself holds and that is not immortal.
    pub fn roots(&self, f: &mut dyn FnMut(Word)) {
        for shape in 1..self.shapes.len() {
            if let Some(class) = self.shapes.try_class(shape) {
                f(class.word());
            }
        }
        self.modules.roots(f);
        f(self.build_class());
    }
}

/// The shape whose class a word is an instance of.
#[inline(always)]
pub fn shape_of_word<M: Memory>(word: Word) -> u32 {
    if word.is_ptr() {
        // SAFETY: words are valid where they are looked at.
        return unsafe { crate::memory::Header::shape(&*word.address().cast::<M::Header>()) };
    }
    if word.is_int() {
        return ids::INT;
    }
    if word.is_float() {
        return ids::FLOAT;
    }
    match word {
        Word::NONE => ids::NONE,
        Word::TRUE | Word::FALSE => ids::BOOL,
        Word::ELLIPSIS => ids::ELLIPSIS,
        Word::NOT_IMPLEMENTED => ids::NOT_IMPLEMENTED,
        _ => ids::OBJECT,
    }
}

/// Native stack that is never given to Python recursion: what error handling needs.
pub const NATIVE_RESERVE: usize = 512 << 10;

fn random_seed() -> u64 {
    use std::hash::{BuildHasher, Hasher};
    // Never 0, which means "no randomisation".
    std::collections::hash_map::RandomState::new().build_hasher().finish() | 1
}

/// Makes the types, modules and names of a fresh interpreter.
fn create<M: Memory>(t: &mut Thread<M>) {
    use crate::types as ty;
    t.interp.specials.fill(t);
    ty::class::define(t);
    ty::native::define(t);
    ty::descriptors::define(t);
    ty::singletons::define(t);
    ty::int::define(t);
    ty::boolean::define(t);
    ty::float::define(t);
    ty::complex::define(t);
    ty::str::define(t);
    ty::bytes::define(t);
    ty::bytearray::define(t);
    ty::memoryview::define(t);
    ty::tuple::define(t);
    ty::list::methods::define(t);
    ty::dict::methods::define(t);
    ty::set::methods::define(t);
    ty::range::define(t);
    ty::slice::define(t);
    ty::cell::define(t);
    ty::code::define(t);
    ty::function::define(t);
    ty::generator::define(t);
    ty::frame::define(t);
    ty::traceback::define(t);
    ty::module::define(t);
    ty::iterators::define(t);
    ty::mappingproxy::define(t);
    ty::namespace::define(t);
    ty::weakref::define(t);
    ty::alias::define(t);
    crate::modules::thread::define(t);
    ty::exception::define(t);
    let empty = ty::tuple::empty(t);
    let word = crate::code::eternal(t, empty);
    t.interp.empty_tuple.store(word.0, Ordering::Release);
    ty::class::define_attributes(t);
    ty::object::define_attributes(t);
    let f = crate::modules::build_class::make(t);
    let word = crate::code::lasting(t, f);
    t.interp.build_class.store(word.0, Ordering::Relaxed);
    if crate::import::start(t).is_err() {
        let exc = t.take_raised();
        panic!("the start-up modules: {}", crate::report::format(t, &exc));
    }
}
