//! The module `builtins`: its functions, and the names of the built-in types, exceptions and constants.

mod code;
mod iteration;
mod numbers;
mod objects;
mod output;

use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::modules::Maker;
use crate::object::{Obj, R};
use crate::types::ids::Builtin;
use crate::value::Word;

pub use objects::dir_of;

/// Makes the module. The types are defined before.
pub fn init<M: Memory>(t: &mut Thread<M>) -> R<M> {
    let mut m = Maker::new(t, "builtins")
        .doc("Built-in functions, types, exceptions, and other objects.")
        .functions(&[
            ("__import__(name, globals=None, locals=None, fromlist=(), level=0)", code::import),
            ("abs(x, /)", numbers::abs),
            ("aiter(async_iterable, /)", iteration::aiter),
            ("all(iterable, /)", iteration::all),
            ("anext(aiterator, default=None, /)", iteration::anext),
            ("any(iterable, /)", iteration::any),
            ("ascii(obj, /)", objects::ascii),
            ("bin(number, /)", numbers::bin),
            ("breakpoint(*args, **kws)", code::breakpoint),
            ("callable(obj, /)", |t, a| Ok(Obj::bool(t.is_callable(&a[0])))),
            ("chr(i, /)", numbers::chr),
            ("compile(source, filename, mode, flags=0, dont_inherit=False, optimize=-1, *, _feature_version=-1)", code::compile),
            ("delattr(obj, name, /)", objects::delattr),
            ("dir(object=None, /)", objects::dir),
            ("divmod(x, y, /)", numbers::divmod),
            ("eval(source, /, globals=None, locals=None)", code::eval),
            ("exit(code=None)", code::quit),
            ("quit(code=None)", code::quit),
            ("help(*args, **kwds)", code::help),
            ("exec(source, /, globals=None, locals=None, *, closure=None)", code::exec),
            ("format(value, format_spec='', /)", objects::format),
            ("getattr(object, name, default=None, /)", objects::getattr),
            ("globals()", |t, _| Ok(t.current_globals().unwrap_or(Obj::NONE))),
            ("hasattr(obj, name, /)", objects::hasattr),
            ("hash(obj, /)", objects::hash),
            ("hex(number, /)", numbers::hex),
            ("id(obj, /)", objects::id),
            ("input(prompt='', /)", output::input),
            ("isinstance(obj, class_or_tuple, /)", |t, a| Ok(Obj::bool(t.isinstance(&a[0], &a[1])?))),
            ("issubclass(cls, class_or_tuple, /)", |t, a| Ok(Obj::bool(t.issubclass(&a[0], &a[1])?))),
            ("iter(object, sentinel=None, /)", iteration::iter),
            ("len(obj, /)", |t, a| {
                let n = t.len(&a[0])?;
                Ok(crate::types::int::from_usize(t, n))
            }),
            ("locals()", |t, _| t.current_locals()),
            ("max(*args, key=None, default=None)", iteration::max),
            ("min(*args, key=None, default=None)", iteration::min),
            ("next(iterator, default=None, /)", iteration::next),
            ("oct(number, /)", numbers::oct),
            ("open(file, mode='r', buffering=-1, encoding=None, errors=None, newline=None, closefd=True, opener=None)", output::open),
            ("ord(c, /)", numbers::ord),
            ("pow(base, exp, mod=None)", numbers::pow),
            ("print(*args, sep=' ', end='\\n', file=None, flush=False)", output::print),
            ("repr(obj, /)", |t, a| t.repr(&a[0])),
            ("round(number, ndigits=None)", numbers::round),
            ("setattr(obj, name, value, /)", objects::setattr),
            ("sorted(*args, key=None, reverse=False)", iteration::sorted),
            ("sum(iterable, /, start=0)", iteration::sum),
            ("vars(object=None, /)", objects::vars),
        ]);
    for (name, word) in CONSTANTS {
        // SAFETY: a special word owns nothing.
        m = m.set(name, unsafe { Obj::from_word(word) });
    }
    // SAFETY: the function behind class statements is immortal.
    let build_class = unsafe { Obj::from_word(m.t.interp.build_class()) };
    m = m.set("__build_class__", build_class);
    for (name, id) in TYPES {
        m = m.class(name, id);
    }
    for kind in std::iter::once(Kind::BaseException).chain(Kind::DERIVED.iter().copied()) {
        m = m.class(kind.name(), kind.builtin());
    }
    m.class("EnvironmentError", Builtin::OSError).class("IOError", Builtin::OSError).finish()
}

const CONSTANTS: [(&str, Word); 6] = [
    ("None", Word::NONE),
    ("True", Word::TRUE),
    ("False", Word::FALSE),
    ("Ellipsis", Word::ELLIPSIS),
    ("NotImplemented", Word::NOT_IMPLEMENTED),
    ("__debug__", Word::TRUE),
];

const TYPES: [(&str, Builtin); 26] = [
    ("bool", Builtin::Bool),
    ("bytearray", Builtin::ByteArray),
    ("bytes", Builtin::Bytes),
    ("classmethod", Builtin::ClassMethod),
    ("complex", Builtin::Complex),
    ("dict", Builtin::Dict),
    ("enumerate", Builtin::Enumerate),
    ("filter", Builtin::Filter),
    ("float", Builtin::Float),
    ("frozenset", Builtin::FrozenSet),
    ("int", Builtin::Int),
    ("list", Builtin::List),
    ("map", Builtin::Map),
    ("memoryview", Builtin::MemoryView),
    ("object", Builtin::Object),
    ("property", Builtin::Property),
    ("range", Builtin::Range),
    ("reversed", Builtin::Reversed),
    ("set", Builtin::Set),
    ("slice", Builtin::Slice),
    ("staticmethod", Builtin::StaticMethod),
    ("str", Builtin::Str),
    ("super", Builtin::Super),
    ("tuple", Builtin::Tuple),
    ("type", Builtin::Type),
    ("zip", Builtin::Zip),
];
