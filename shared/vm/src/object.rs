//! Objects and the handles on them.
//!
//! | handle | owns a count | may be kept | made by |
//! |---|---|---|---|
//! | [`Obj`] | yes | anywhere in native code | `clone`, constructors |
//! | `&Obj` | no | as long as the owner is borrowed | arguments, owned handles |
//! | [`Val`] | no | until the next `&mut Thread` | reading a container |
//! | [`Held`] | yes | inside a payload | [`Held::new`], which publishes what a shared object is to hold |
//! | [`Slot`] | yes | inside a payload, replaced under the object's section, read without a lock | `Slot::set` |
//!
//! A payload is the Rust struct behind the header. Its layout (see [`Ops`]) says how to visit and drop it; classes that
//! Python code derives from a built-in type share the layout and may append an attribute area.

use std::cell::{Cell, UnsafeCell};
use std::marker::PhantomData;
use std::mem::ManuallyDrop;

use crate::context::{Context, Thread};
use crate::memory::{CellWord, Header, Memory, Section};
use crate::types::Type;
use crate::value::Word;

/// The exception is in [`Context::raised`]; this only says so. Made by `Thread::raise` and its relatives.
#[must_use]
#[derive(Debug)]
pub struct Raise(pub(crate) ());

/// What native functions return.
pub type R<M> = Result<Obj<M>, Raise>;

/// A header and its payload.
#[repr(C)]
pub struct Object<M: Memory, P> {
    /// Counts, shape and lock, as the model needs them.
    pub head: M::Header,
    /// What the object is about.
    pub body: P,
}

/// An owned reference (or a word that is no pointer). Dropping it gives its count up. Also the view of a register or
/// argument, which is why the word is a cell: promotion may add a count to a register that is borrowed here.
#[repr(transparent)]
pub struct Obj<M: Memory>(Cell<Word>, PhantomData<*const Context<M>>);

impl<M: Memory> Obj<M> {
    /// `None`
    pub const NONE: Obj<M> = Obj::raw(Word::NONE);

    const fn raw(word: Word) -> Obj<M> {
        Obj(Cell::new(word), PhantomData)
    }

    /// Takes over what `word` owns.
    ///
    /// # Safety
    /// The caller owned the word and forgets it.
    #[inline(always)]
    pub unsafe fn from_word(word: Word) -> Obj<M> {
        Obj::raw(word)
    }

    /// Hands over what this owns.
    #[inline(always)]
    pub fn into_word(self) -> Word {
        ManuallyDrop::new(self).0.get()
    }

    /// The word, borrowed.
    #[inline(always)]
    pub fn word(&self) -> Word {
        self.0.get()
    }

    /// A truth value.
    pub const fn bool(b: bool) -> Obj<M> {
        Obj::raw(Word::bool(b))
    }

    /// `NotImplemented`
    pub const fn not_implemented() -> Obj<M> {
        Obj::raw(Word::NOT_IMPLEMENTED)
    }

    /// Is it `None`?
    #[inline(always)]
    pub fn is_none(&self) -> bool {
        self.word() == Word::NONE
    }

    /// Is it nothing (a missing argument, an unbound name)?
    #[inline(always)]
    pub fn is_null(&self) -> bool {
        self.word() == Word::NULL
    }

    /// Is it `NotImplemented`?
    #[inline(always)]
    pub fn is_not_implemented(&self) -> bool {
        self.word() == Word::NOT_IMPLEMENTED
    }

    /// Identity.
    #[inline(always)]
    pub fn is(&self, other: &Obj<M>) -> bool {
        self.word().is(other.word())
    }

    /// The shape of the object, 0 for a word that is no pointer.
    #[inline(always)]
    pub fn shape(&self) -> u32 {
        self.head().map_or(0, |h| h.shape())
    }

    /// The header, if this is a pointer.
    #[inline(always)]
    pub fn head(&self) -> Option<&M::Header> {
        let word = self.word();
        // SAFETY: a pointer word that is borrowed here points to a live object, whose header comes first.
        if word.is_ptr() { Some(unsafe { &*word.address().cast::<M::Header>() }) } else { None }
    }

    /// The object with its payload, if its layout is that of `P` (its class may be derived).
    #[inline(always)]
    pub fn cast<P: Payload<M>>(&self) -> Option<&Object<M, P>> {
        let shape = self.head()?.shape();
        if shape == P::SHAPE || cast_slow::<M>(shape, P::LAYOUT) {
            // SAFETY: the layout says what stands behind the header.
            Some(unsafe { self.cast_unchecked() })
        } else {
            None
        }
    }

    /// The object with its payload, if its class is exactly the built-in one of `P`.
    #[inline(always)]
    pub fn exact<P: Payload<M>>(&self) -> Option<&Object<M, P>> {
        // SAFETY: the shape says what stands behind the header.
        if self.shape() == P::SHAPE { Some(unsafe { self.cast_unchecked() }) } else { None }
    }

    /// The object with its payload.
    ///
    /// # Safety
    /// It is an object of that layout.
    #[inline(always)]
    pub unsafe fn cast_unchecked<P>(&self) -> &Object<M, P> {
        // SAFETY: by the caller's word; the borrow of the handle keeps the object.
        unsafe { &*self.word().address().cast::<Object<M, P>>() }
    }
}

#[inline(never)]
fn cast_slow<M: Memory>(shape: u32, layout: Layout) -> bool {
    // A class may be missing while the first ones are being made.
    current::<M>().interp.shapes.try_class(shape).is_some_and(|class| class.body.ops.layout == layout)
}

/// The context of the running thread. Only for handles that are dropped or cloned where no token is at hand.
#[inline(always)]
pub(crate) fn current<'a, M: Memory>() -> &'a Context<M> {
    // SAFETY: handles live only on attached threads, and a context outlives its thread's handles.
    unsafe { &*M::current() }
}

impl<M: Memory> Clone for Obj<M> {
    #[inline(always)]
    fn clone(&self) -> Self {
        let word = self.word();
        if !word.is_ptr() {
            return Obj::raw(word);
        }
        // SAFETY: the borrowed word is valid now.
        Obj::raw(unsafe { M::retain(current::<M>(), word) })
    }
}

impl<M: Memory> Drop for Obj<M> {
    #[inline(always)]
    fn drop(&mut self) {
        let word = self.word();
        if word.is_counted() {
            // SAFETY: this handle owned the word.
            unsafe { M::release(current::<M>(), word) }
        }
    }
}

impl<M: Memory> std::fmt::Debug for Obj<M> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.word().fmt(f)
    }
}

/// A borrowed value read from a container: valid until the next `&mut Thread`, because it borrows the thread.
pub struct Val<'a, M: Memory>(ManuallyDrop<Obj<M>>, PhantomData<&'a Context<M>>);

impl<'a, M: Memory> Val<'a, M> {
    /// A borrowed view of a word that was just loaded.
    ///
    /// # Safety
    /// The word is valid as long as nothing polls, and `'a` borrows the thread or an owner of the word.
    #[inline(always)]
    pub unsafe fn new(word: Word) -> Val<'a, M> {
        Val(ManuallyDrop::new(Obj::raw(word)), PhantomData)
    }

    /// An owned handle on the same value.
    #[inline(always)]
    pub fn own(&self) -> Obj<M> {
        (*self.0).clone()
    }
}

impl<M: Memory> std::ops::Deref for Val<'_, M> {
    type Target = Obj<M>;
    #[inline(always)]
    fn deref(&self) -> &Obj<M> {
        &self.0
    }
}

impl<M: Memory> Clone for Val<'_, M> {
    fn clone(&self) -> Self {
        Val(ManuallyDrop::new(Obj::raw(self.word())), PhantomData)
    }
}

/// A reference inside a payload that is changed only as a whole field under the section (or never). Making one for an object that is shared
/// already publishes the value, which keeps the invariant: a shared object refers only to shared objects.
#[repr(transparent)]
pub struct Held<M: Memory>(Obj<M>);

impl<M: Memory> Held<M> {
    /// To be held by an object that is still being made.
    #[inline(always)]
    pub fn fresh(value: Obj<M>) -> Held<M> {
        Held(value)
    }

    /// To be held by the object headed by `owner`.
    #[inline(always)]
    pub fn new(ctx: &Context<M>, owner: &M::Header, value: Obj<M>) -> Held<M> {
        if value.word().is_ptr() && M::is_shared(ctx, owner) {
            // SAFETY: the handle owns a valid word.
            unsafe { M::publish(ctx, value.word()) }
        }
        Held(value)
    }

    /// The handle, no longer held.
    pub fn into_obj(self) -> Obj<M> {
        self.0
    }
}

impl<M: Memory> std::ops::Deref for Held<M> {
    type Target = Obj<M>;
    #[inline(always)]
    fn deref(&self) -> &Obj<M> {
        &self.0
    }
}

/// A reference inside a payload that threads read without a lock.
#[repr(transparent)]
pub struct Slot<M: Memory>(M::Cell);

impl<M: Memory> Slot<M> {
    /// A slot of an object that is still being made.
    pub fn fresh(value: Obj<M>) -> Slot<M> {
        Slot(M::Cell::new(value.into_word().0))
    }

    /// An empty slot.
    pub fn empty() -> Slot<M> {
        Slot(M::Cell::new(Word::NULL.0))
    }

    /// Reads; NULL when empty.
    #[inline(always)]
    pub fn word(&self) -> Word {
        Word(self.0.load())
    }

    /// Reads; `None` when empty.
    #[inline(always)]
    pub fn get<'a>(&'a self, _ctx: &'a Context<M>) -> Option<Val<'a, M>> {
        let word = self.word();
        // SAFETY: the contract of the port: valid until the next poll, which the borrowed context rules out.
        if word == Word::NULL { None } else { Some(unsafe { Val::new(word) }) }
    }

    /// Replaces the value inside the object's section; the old one comes back.
    #[inline(always)]
    pub fn set(&self, section: &Section<'_, M>, owner: &M::Header, value: Obj<M>) -> Option<Obj<M>> {
        // SAFETY: the value is owned here; the slot belongs to the owner.
        let old = unsafe { M::store(section.ctx(), owner, &self.0, value.into_word()) };
        // SAFETY: `store` hands the old word over.
        if old == Word::NULL { None } else { Some(unsafe { Obj::from_word(old) }) }
    }

    /// Empties the slot inside the object's section; the old value comes back.
    pub fn take(&self, _section: &Section<'_, M>) -> Option<Obj<M>> {
        let old = self.word();
        self.0.store(Word::NULL.0);
        // SAFETY: the slot owned the word and has forgotten it.
        if old == Word::NULL { None } else { Some(unsafe { Obj::from_word(old) }) }
    }
}

impl<M: Memory> Drop for Slot<M> {
    #[inline(always)]
    fn drop(&mut self) {
        // SAFETY: the slot owns its word and is going.
        drop(unsafe { Obj::<M>::from_word(self.word()) })
    }
}

/// State of a payload that is only touched inside the object's section.
pub struct Locked<T>(UnsafeCell<T>);

impl<T> Locked<T> {
    /// State of an object that is still being made.
    pub fn new(state: T) -> Locked<T> {
        Locked(UnsafeCell::new(state))
    }

    /// Enters the section of `owner` (the object that this state is part of) and works on the state. `f` has no `&mut Thread`: it cannot run Python, block or
    /// poll. What it takes out of the state should be returned and dropped outside.
    #[inline(always)]
    pub fn with<M: Memory, A>(&self, ctx: &Context<M>, owner: &M::Header, f: impl FnOnce(&mut T) -> A) -> A {
        let _section = Section::<M>::enter(ctx, owner);
        // SAFETY: the section excludes other threads, and `f` cannot come back here on this one: it neither runs
        // Python nor drops the last reference to anything that would (finalisers run at polls).
        f(unsafe { &mut *self.0.get() })
    }

    /// The state while no other thread can be inside: the world is stopped, or the object is being dropped.
    ///
    /// # Safety
    /// As said.
    pub unsafe fn peek(&self) -> &T {
        // SAFETY: by the caller's word.
        unsafe { &*self.0.get() }
    }
}

/// Which Rust payload stands behind the header.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
#[allow(missing_docs)]
pub enum Layout {
    Object,
    Type,
    Int,
    Float,
    Complex,
    Str,
    Bytes,
    ByteArray,
    Tuple,
    List,
    Dict,
    Set,
    Range,
    Slice,
    Cell,
    Function,
    Native,
    Method,
    Code,
    Module,
    Property,
    StaticMethod,
    ClassMethod,
    Member,
    GetSet,
    Super,
    Generator,
    Frame,
    Traceback,
    Exception,
    Iterator,
    Deque,
    Alias,
    DictView,
    WeakRef,
    MappingProxy,
    Namespace,
    Lock,
    ThreadLocal,
    FileIo,
    Buffered,
    TextIo,
    BytesIo,
    StringIo,
    Partial,
    Random,
    Other,
}

/// A payload: one Rust struct for one layout.
///
/// # Safety
/// `SHAPE` and `LAYOUT` belong to this struct alone, except that payloads of layout `Other` are told apart by shape only (classes derived from them are refused);
/// `visit` reports every reference that the payload owns, exactly once.
pub unsafe trait Payload<M: Memory>: Sized + 'static {
    /// Shape of direct instances of the built-in class (see `types::ids`); instances of derived classes have others.
    const SHAPE: u32;
    /// The layout.
    const LAYOUT: Layout;
    /// Calls `f` with each reference that the payload owns. The world is stopped, or the object is private.
    fn visit(&self, f: &mut dyn FnMut(Word));
    /// Bytes beyond the struct (items that follow it in the same block).
    fn tail(&self) -> usize {
        0
    }
    /// The slot for the instance's `__dict__`, where the payload itself has one (functions, modules, exceptions).
    fn dict(&self) -> Option<&Slot<M>> {
        None
    }
    /// Drops references so that a dead cycle falls apart.
    fn clear(&self, _t: &mut Thread<M>, _head: &M::Header) {}
}

/// How the collector and deallocation treat a layout.
pub struct Ops {
    /// The layout.
    pub layout: Layout,
    /// Bytes of header and struct.
    pub size: usize,
    /// [`Payload::visit`] behind a pointer.
    pub visit: unsafe fn(*mut u8, &mut dyn FnMut(Word)),
    /// Drops the payload in place.
    pub drop: unsafe fn(*mut u8),
    /// [`Payload::tail`] behind a pointer.
    pub tail: unsafe fn(*mut u8) -> usize,
    /// [`Payload::dict`] behind a pointer: address of the slot, or null.
    pub dict: unsafe fn(*mut u8) -> *const u8,
    /// [`Payload::clear`] behind pointers (object, thread).
    pub clear: unsafe fn(*mut u8, *mut u8),
}

/// The operations of a payload.
pub fn ops<M: Memory, P: Payload<M>>() -> Ops {
    /// # Safety
    /// `at` is an object with payload `P`.
    unsafe fn body<'a, M: Memory, P>(at: *mut u8) -> &'a Object<M, P> {
        // SAFETY: by the caller's word.
        unsafe { &*at.cast() }
    }
    Ops {
        layout: P::LAYOUT,
        size: size_of::<Object<M, P>>(),
        // SAFETY: `Ops` of a class are only applied to its objects.
        visit: |at, f| unsafe { body::<M, P>(at).body.visit(f) },
        // SAFETY: as above.
        drop: |at| unsafe { std::ptr::drop_in_place(&raw mut (*at.cast::<Object<M, P>>()).body) },
        // SAFETY: as above.
        tail: |at| unsafe { body::<M, P>(at).body.tail() },
        // SAFETY: as above.
        dict: |at| unsafe { body::<M, P>(at).body.dict().map_or(std::ptr::null(), |s| (&raw const *s).cast()) },
        // SAFETY: as above.
        clear: |at, t| unsafe {
            let object = body::<M, P>(at);
            object.body.clear(&mut *t.cast::<Thread<M>>(), &object.head);
        },
    }
}

impl<M: Memory> Context<M> {
    /// A new object of built-in class `P` itself, private to this thread.
    #[inline(always)]
    pub fn alloc<P: Payload<M>>(&self, payload: P) -> Obj<M> {
        self.alloc_shape(P::SHAPE, size_of::<Object<M, P>>(), payload)
    }

    /// A new object of a class that may be derived from that of `P`, with its attribute area empty.
    pub fn alloc_of<P: Payload<M>>(&self, class: &Object<M, Type<M>>, payload: P) -> Obj<M> {
        debug_assert!(class.body.ops.layout == P::LAYOUT);
        let tail = payload.tail();
        let area = class.body.area_words as usize;
        let fixed = size_of::<Object<M, P>>() + tail.next_multiple_of(8);
        let obj = self.alloc_shape(class.body.shape(), fixed + 8 * area, payload);
        for i in 0..area {
            // SAFETY: the block is large enough and nobody else knows it.
            unsafe { obj.word().address().add(fixed + 8 * i).cast::<M::Cell>().write(M::Cell::new(Word::NULL.0)) }
        }
        obj
    }

    /// A new object of `size` bytes whose payload struct is written now and whose tail the caller fills.
    #[inline(always)]
    pub fn alloc_shape<P>(&self, shape: u32, size: usize, payload: P) -> Obj<M> {
        let at = M::alloc(self, size);
        // SAFETY: `alloc` gave that many bytes; header and payload are written before anyone sees them.
        unsafe {
            M::init(self, at, shape);
            (&raw mut (*at.cast::<Object<M, P>>()).body).write(payload);
            Obj::from_word(Word::counted(at))
        }
    }
}

impl<M: Memory, P> Object<M, P> {
    /// A new owned handle on this object.
    #[inline(always)]
    pub fn to_obj(&self) -> Obj<M> {
        // SAFETY: a borrowed object is valid.
        unsafe { Obj::from_word(M::retain(current::<M>(), self.word())) }
    }

    /// The (uncounted) word for this object.
    #[inline(always)]
    pub fn word(&self) -> Word {
        Word::uncounted(&raw const *self)
    }

    /// Is it the same object?
    pub fn is(&self, other: &Obj<M>) -> bool {
        self.word().is(other.word())
    }

    /// A borrowed handle.
    #[inline(always)]
    pub fn val(&self) -> Val<'_, M> {
        // SAFETY: borrowed as long as the object is.
        unsafe { Val::new(self.word()) }
    }
}

/// Bytes of a live object's block.
///
/// # Safety
/// `at` is a live object of this interpreter.
pub unsafe fn size_of_object<M: Memory>(ctx: &Context<M>, at: *mut u8) -> usize {
    // SAFETY: by the caller's word.
    let class = &ctx.interp.shapes.class(unsafe { &*at.cast::<M::Header>() }.shape()).body;
    // SAFETY: the class's operations fit its objects.
    let tail = unsafe { (class.ops.tail)(at) };
    let area = class.area_words as usize;
    class.ops.size + if area == 0 { tail } else { tail.next_multiple_of(8) + 8 * area }
}

/// Calls `f` with every reference that the object owns: payload and attribute area.
///
/// # Safety
/// `at` is a live object; the world is stopped or the object is private to this thread.
pub unsafe fn visit_object<M: Memory>(ctx: &Context<M>, at: *mut u8, f: &mut dyn FnMut(Word)) {
    // SAFETY: (block) by the caller's word; the class's operations and area fit its objects.
    unsafe {
        let Some(class) = ctx.interp.shapes.try_class((*at.cast::<M::Header>()).shape()) else {
            return; // a string, made before the class of strings
        };
        let class = &class.body;
        (class.ops.visit)(at, f);
        for cell in area::<M>(at, class) {
            f(Word(cell.load()));
        }
    }
}

/// The attribute area of an object of that class.
///
/// # Safety
/// `at` is an object of exactly that class.
#[inline]
pub unsafe fn area<'a, M: Memory>(at: *mut u8, class: &Type<M>) -> &'a [M::Cell] {
    if class.area_words == 0 {
        return &[];
    }
    // SAFETY: by the caller's word: `alloc_of` put the area there.
    unsafe {
        let start = class.ops.size + (class.ops.tail)(at).next_multiple_of(8);
        std::slice::from_raw_parts(at.add(start).cast::<M::Cell>(), class.area_words as usize)
    }
}

const MAX_DEALLOC_DEPTH: u32 = 64;

/// An object that nobody can reach any more: its finaliser is queued, or its payload is dropped and its memory freed.
/// Called by the memory model when the last count is gone (and no reader can hold it).
///
/// # Safety
/// `at` is dead as said, and this is the only call for it.
pub unsafe fn dealloc<M: Memory>(ctx: &Context<M>, at: *mut u8) {
    let depth = ctx.dealloc_depth.get();
    if depth >= MAX_DEALLOC_DEPTH {
        ctx.dealloc_queue.borrow_mut().push(at);
        return;
    }
    ctx.dealloc_depth.set(depth + 1);
    // SAFETY: by the caller's word.
    unsafe { dealloc_one(ctx, at) };
    ctx.dealloc_depth.set(depth);
    if depth > 0 {
        return;
    }
    // SAFETY: nothing else looks at the queue meanwhile.
    if !unsafe { (*ctx.dealloc_queue.as_ptr()).is_empty() } {
        dealloc_queued(ctx);
    }
}

/// Frees what was put off.
#[cold]
#[inline(never)]
fn dealloc_queued<M: Memory>(ctx: &Context<M>) {
    loop {
        let Some(next) = ctx.dealloc_queue.borrow_mut().pop() else { break };
        ctx.dealloc_depth.set(1);
        // SAFETY: it was queued by a call for it.
        unsafe { dealloc_one(ctx, next) };
        ctx.dealloc_depth.set(0);
    }
}

/// # Safety
/// As [`dealloc`].
#[inline(always)]
unsafe fn dealloc_one<M: Memory>(ctx: &Context<M>, at: *mut u8) {
    // SAFETY: (block) the object is whole; nobody else reaches it.
    unsafe {
        let Some(class) = ctx.interp.shapes.try_class((*at.cast::<M::Header>()).shape()) else {
            return; // made before its class, while the first types were: a handful of bytes
        };
        let class = &class.body;
        if class.needs_care() && crate::finalize::before_death(ctx, at, class) {
            return;
        }
        let tail = (class.ops.tail)(at);
        let area = class.area_words as usize;
        let mut size = class.ops.size + tail;
        if area != 0 {
            let start = class.ops.size + tail.next_multiple_of(8);
            for i in 0..area {
                let word = Word((*at.add(start + 8 * i).cast::<M::Cell>()).load());
                if word.is_counted() {
                    M::release(ctx, word);
                }
            }
            size = start + 8 * area;
        }
        (class.ops.drop)(at);
        M::free(ctx, at, size);
    }
}
