//! Exceptions: one payload for all of them, so that Python classes may derive from several.
//!
//! What a kind carries beside its arguments stands in `extras`, by the indices below; a missing one reads as `None`.
//! Attributes that Python code sets live in the instance dict, as with any class.

mod base;
mod fill;
mod group;
mod text;

use std::sync::atomic::{AtomicBool, Ordering};

use crate::context::{Context, Thread};
use crate::exceptions::{Family, Kind};
use crate::memory::{Memory, Section};
use crate::object::{Layout, Obj, Object, Payload, Slot};
use crate::types::{TypeObj, ids, tuple};
use crate::value::Word;

pub use base::{define, note_raised};
pub use text::message;

/// `value` of `StopIteration`, `code` of `SystemExit`.
pub const VALUE: usize = 0;
/// `name` of `NameError`.
pub const NAME_NAME: usize = 0;
/// `name` of `AttributeError`.
pub const ATTRIBUTE_NAME: usize = 0;
/// `obj` of `AttributeError`.
pub const ATTRIBUTE_OBJ: usize = 1;
/// `msg` of `ImportError`.
pub const IMPORT_MSG: usize = 0;
/// `name` of `ImportError`.
pub const IMPORT_NAME: usize = 1;
/// `path` of `ImportError`.
pub const IMPORT_PATH: usize = 2;
/// `name_from` of `ImportError`.
pub const IMPORT_NAME_FROM: usize = 3;
/// `errno` of `OSError`.
pub const OS_ERRNO: usize = 0;
/// `strerror`
pub const OS_STRERROR: usize = 1;
/// `filename`
pub const OS_FILENAME: usize = 2;
/// `filename2`
pub const OS_FILENAME2: usize = 3;
/// `characters_written` of `BlockingIOError`.
pub const OS_WRITTEN: usize = 4;
/// `msg`, `filename`, `lineno`, `offset`, `text`, `end_lineno`, `end_offset` of `SyntaxError`, in this order from here.
pub const SYNTAX_MSG: usize = 0;
/// `filename`
pub const SYNTAX_FILENAME: usize = 1;
/// `lineno`
pub const SYNTAX_LINENO: usize = 2;
/// `offset`
pub const SYNTAX_OFFSET: usize = 3;
/// `text`
pub const SYNTAX_TEXT: usize = 4;
/// `end_lineno`
pub const SYNTAX_END_LINENO: usize = 5;
/// `end_offset`
pub const SYNTAX_END_OFFSET: usize = 6;
/// `encoding` of the Unicode errors.
pub const UNICODE_ENCODING: usize = 0;
/// `object`
pub const UNICODE_OBJECT: usize = 1;
/// `start`
pub const UNICODE_START: usize = 2;
/// `end`
pub const UNICODE_END: usize = 3;
/// `reason`
pub const UNICODE_REASON: usize = 4;
/// `message` of an exception group.
pub const GROUP_MESSAGE: usize = 0;
/// `exceptions`, a tuple.
pub const GROUP_EXCEPTIONS: usize = 1;

impl Family {
    /// Number of extra fields.
    pub const fn extras(self) -> usize {
        match self {
            Family::Plain => 0,
            Family::Stop | Family::Exit | Family::Name => 1,
            Family::Attribute | Family::Group => 2,
            Family::Import => 4,
            Family::Os | Family::Unicode => 5,
            Family::Syntax => 9,
        }
    }
}

/// Payload of every exception. The slots are replaced under the object's section.
pub struct Exception<M: Memory> {
    /// A tuple.
    pub args: Slot<M>,
    /// `__cause__`; empty: none.
    pub cause: Slot<M>,
    /// `__context__`; empty: none.
    pub context: Slot<M>,
    /// `__traceback__`; empty: none.
    pub traceback: Slot<M>,
    /// The instance's `__dict__`, once it is asked for.
    pub dict: Slot<M>,
    /// `__suppress_context__`
    pub suppress: AtomicBool,
    /// What its kind carries.
    pub extras: Box<[Slot<M>]>,
}

/// An exception object.
pub type ExceptionObj<M> = Object<M, Exception<M>>;

impl<M: Memory> Exception<M> {
    fn slots(&self) -> impl Iterator<Item = &Slot<M>> {
        [&self.args, &self.cause, &self.context, &self.traceback, &self.dict].into_iter().chain(&self.extras)
    }
}

// SAFETY: the layout `Exception` is this struct's alone; `visit` goes over all its slots.
unsafe impl<M: Memory> Payload<M> for Exception<M> {
    const SHAPE: u32 = ids::EXCEPTION;
    const LAYOUT: Layout = Layout::Exception;
    fn visit(&self, f: &mut dyn FnMut(Word)) {
        self.slots().for_each(|slot| f(slot.word()));
    }
    fn dict(&self) -> Option<&Slot<M>> {
        Some(&self.dict)
    }
    fn clear(&self, t: &mut Thread<M>, head: &M::Header) {
        let old: Vec<Option<Obj<M>>> = {
            let section = Section::enter(t, head);
            self.slots().map(|slot| slot.take(&section)).collect()
        };
        drop(old);
    }
}

/// A new exception of that class with these arguments (a tuple), without extras.
pub fn bare<M: Memory>(ctx: &Context<M>, class: &TypeObj<M>, family: Family, args: Obj<M>) -> Obj<M> {
    let payload = Exception {
        args: Slot::fresh(args),
        cause: Slot::empty(),
        context: Slot::empty(),
        traceback: Slot::empty(),
        dict: Slot::empty(),
        suppress: AtomicBool::new(false),
        extras: (0..family.extras()).map(|_| Slot::empty()).collect(),
    };
    ctx.alloc_of(class, payload)
}

/// A new built-in exception.
pub fn make<M: Memory>(t: &mut Thread<M>, kind: Kind, args: Vec<Obj<M>>) -> Obj<M> {
    let args = tuple::from_vec(t, args);
    let exc = bare(t, t.exception_class(kind), kind.family(), args.clone());
    if kind.family() != Family::Plain {
        // A wrong argument (no built-in caller passes one) would only leave extras empty.
        fill::fill(t, &exc, kind.family(), tuple::items(&args));
    }
    exc
}

/// The kind of the nearest built-in class that carries something, for a class derived from it.
pub fn family_of<M: Memory>(ctx: &Context<M>, class: &TypeObj<M>) -> Family {
    let family = |class: &TypeObj<M>| {
        let shape = class.body.root_shape;
        let first = Kind::DERIVED[0] as u32;
        match shape.checked_sub(first).and_then(|i| Kind::DERIVED.get(i as usize)) {
            Some(kind) => kind.family(),
            None => Family::Plain,
        }
    };
    let own = family(class);
    if own != Family::Plain || !class.body.has(crate::types::flags::HEAP) {
        return own;
    }
    let Some(mro) = class.body.mro.get(ctx) else { return own };
    let classes = tuple::items(&mro).iter().filter_map(|c| c.cast::<crate::types::Type<M>>());
    classes.map(family).find(|f| *f != Family::Plain).unwrap_or(Family::Plain)
}

/// The exception behind a handle.
#[inline]
pub fn exception<M: Memory>(obj: &Obj<M>) -> Option<&ExceptionObj<M>> {
    obj.cast::<Exception<M>>()
}

/// Replaces a slot of an exception; `None` (Python's) is kept as such.
pub fn put<M: Memory>(ctx: &Context<M>, at: &ExceptionObj<M>, slot: &Slot<M>, value: Obj<M>) {
    let old = {
        let section = Section::enter(ctx, &at.head);
        slot.set(&section, &at.head, value)
    };
    drop(old);
}

/// Replaces a slot; Python's `None` empties it.
fn put_or_clear<M: Memory>(ctx: &Context<M>, at: &ExceptionObj<M>, slot: &Slot<M>, value: Obj<M>) {
    let old = {
        let section = Section::enter(ctx, &at.head);
        if value.is_none() { slot.take(&section) } else { slot.set(&section, &at.head, value) }
    };
    drop(old);
}

fn read<M: Memory>(ctx: &Context<M>, slot: &Slot<M>) -> Obj<M> {
    slot.get(ctx).map_or(Obj::NONE, |v| v.own())
}

/// The arguments, a tuple.
pub fn args<M: Memory>(ctx: &Context<M>, exc: &Obj<M>) -> Obj<M> {
    exception(exc).and_then(|at| at.body.args.get(ctx).map(|v| v.own())).unwrap_or_else(|| tuple::empty(ctx))
}

/// An extra field, `None` when it is missing.
pub fn extra<M: Memory>(ctx: &Context<M>, exc: &Obj<M>, index: usize) -> Obj<M> {
    exception(exc).and_then(|at| at.body.extras.get(index)).map_or(Obj::NONE, |slot| read(ctx, slot))
}

/// Sets an extra field, if the exception has it.
pub fn set_extra<M: Memory>(ctx: &Context<M>, exc: &Obj<M>, index: usize, value: Obj<M>) {
    let Some(at) = exception(exc) else { return };
    if let Some(slot) = at.body.extras.get(index) {
        put(ctx, at, slot, value);
    }
}

/// `__context__` or `None`.
pub fn context<M: Memory>(ctx: &Context<M>, exc: &Obj<M>) -> Obj<M> {
    exception(exc).map_or(Obj::NONE, |at| read(ctx, &at.body.context))
}

/// `__cause__` or `None`.
pub fn cause<M: Memory>(ctx: &Context<M>, exc: &Obj<M>) -> Obj<M> {
    exception(exc).map_or(Obj::NONE, |at| read(ctx, &at.body.cause))
}

/// `__traceback__` or `None`.
pub fn traceback<M: Memory>(ctx: &Context<M>, exc: &Obj<M>) -> Obj<M> {
    exception(exc).map_or(Obj::NONE, |at| read(ctx, &at.body.traceback))
}

/// Sets `__traceback__` (a traceback or `None`).
pub fn set_traceback<M: Memory>(ctx: &Context<M>, exc: &Obj<M>, value: Obj<M>) {
    if let Some(at) = exception(exc) {
        put_or_clear(ctx, at, &at.body.traceback, value);
    }
}

/// `__suppress_context__`
pub fn suppressed<M: Memory>(exc: &Obj<M>) -> bool {
    exception(exc).is_some_and(|at| at.body.suppress.load(Ordering::Relaxed))
}

/// Sets `__cause__` (an exception or `None`) and thereby `__suppress_context__`.
pub fn set_cause<M: Memory>(ctx: &Context<M>, exc: &Obj<M>, cause: Obj<M>) {
    if let Some(at) = exception(exc) {
        put_or_clear(ctx, at, &at.body.cause, cause);
        at.body.suppress.store(true, Ordering::Relaxed);
    }
}

/// Sets `__context__`; a chain that would become a ring is cut where it comes back to `exc`.
pub fn set_context<M: Memory>(ctx: &Context<M>, exc: &Obj<M>, handled: Obj<M>) {
    if exc.is(&handled) {
        return;
    }
    let Some(at) = exception(exc) else { return };
    let mut link = handled.clone();
    // `slow` follows at half the pace: a ring among the others is left as it is.
    let (mut slow, mut step) = (handled.clone(), false);
    loop {
        let next = context(ctx, &link);
        if next.is_none() {
            break;
        }
        if next.is(exc) {
            if let Some(last) = exception(&link) {
                put_or_clear(ctx, last, &last.body.context, Obj::NONE);
            }
            break;
        }
        link = next;
        if link.is(&slow) {
            break;
        }
        if step {
            slow = context(ctx, &slow);
        }
        step = !step;
    }
    put(ctx, at, &at.body.context, handled);
}
