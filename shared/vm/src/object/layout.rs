//! Layouts: which payload stands behind a header, how it is visited, how large its block is.

use super::Object;
use super::held::Slot;
use crate::context::{Context, Thread};
use crate::memory::{CellWord, Header, Memory};
use crate::types::{Type, flags};
use crate::value::Word;

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
    /// Bytes that it owns elsewhere, where they may be many (the store of a list or dict). Others may use the object.
    fn outside(&self) -> usize {
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
    /// [`Payload::outside`] behind a pointer.
    pub outside: unsafe fn(*mut u8) -> usize,
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
        outside: |at| unsafe { body::<M, P>(at).body.outside() },
        // SAFETY: as above.
        dict: |at| unsafe { body::<M, P>(at).body.dict().map_or(std::ptr::null(), |s| (&raw const *s).cast()) },
        // SAFETY: as above.
        clear: |at, t| unsafe {
            let object = body::<M, P>(at);
            object.body.clear(&mut *t.cast::<Thread<M>>(), &object.head);
        },
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

/// Calls `f` with everything that the object keeps alive: what it owns, and its class, which its header names.
///
/// # Safety
/// As [`visit_object`].
pub unsafe fn trace_object<M: Memory>(ctx: &Context<M>, at: *mut u8, f: &mut dyn FnMut(Word)) {
    // SAFETY: by the caller's word.
    unsafe {
        visit_object(ctx, at, f);
        if let Some(class) = ctx.interp.shapes.try_class((*at.cast::<M::Header>()).shape())
            && class.body.has(flags::HEAP)
        {
            f(class.word());
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
