//! Raising: the kinds of built-in exceptions, and how native code makes, raises, asks for and drops one.
//!
//! The exception on its way is in [`Context::raised`]; a [`Raise`] only says that it is there.

use crate::context::{Context, Thread};
use crate::memory::Memory;
use crate::object::{Obj, R, Raise};
use crate::types::exception::{self, Exception};
use crate::types::ids::Builtin;
use crate::types::{TypeObj, flags, int, tuple};
use crate::value::Word;

/// What an exception carries beside its arguments.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Family {
    /// Nothing.
    Plain,
    /// `value` of `StopIteration`.
    Stop,
    /// `code` of `SystemExit`.
    Exit,
    /// `errno`, `strerror`, `filename`, …
    Os,
    /// Place and text of a syntax error.
    Syntax,
    /// `msg`, `name`, `path`, `name_from`.
    Import,
    /// `name` of `NameError`.
    Name,
    /// `name` and `obj` of `AttributeError`.
    Attribute,
    /// `encoding`, `object`, `start`, `end`, `reason`.
    Unicode,
    /// `message` and `exceptions` of a group.
    Group,
}

macro_rules! kinds {
    ($($kind:ident $base:ident $family:ident)*) => {
        /// The built-in exceptions; the number is the shape of direct instances.
        #[allow(missing_docs)]
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        #[repr(u32)]
        pub enum Kind { BaseException = Builtin::BaseException as u32, $($kind = Builtin::$kind as u32),* }

        impl Kind {
            /// All but `BaseException`, bases before what derives from them.
            pub const DERIVED: &'static [Kind] = &[$(Kind::$kind),*];

            /// The built-in type of that name.
            pub const fn builtin(self) -> Builtin {
                match self { Kind::BaseException => Builtin::BaseException, $(Kind::$kind => Builtin::$kind),* }
            }

            /// `__name__`
            pub const fn name(self) -> &'static str {
                if matches!(self, Kind::IncompleteInputError) {
                    return "_IncompleteInputError";
                }
                match self { Kind::BaseException => "BaseException", $(Kind::$kind => stringify!($kind)),* }
            }

            /// The base; its own for `BaseException`.
            pub const fn base(self) -> Kind {
                match self { Kind::BaseException => Kind::BaseException, $(Kind::$kind => Kind::$base),* }
            }

            /// What it carries.
            pub const fn family(self) -> Family {
                match self { Kind::BaseException => Family::Plain, $(Kind::$kind => Family::$family),* }
            }
        }
    };
}

kinds! {
    BaseExceptionGroup BaseException Group
    GeneratorExit BaseException Plain
    KeyboardInterrupt BaseException Plain
    SystemExit BaseException Exit
    Exception BaseException Plain
    ArithmeticError Exception Plain
    FloatingPointError ArithmeticError Plain
    OverflowError ArithmeticError Plain
    ZeroDivisionError ArithmeticError Plain
    AssertionError Exception Plain
    AttributeError Exception Attribute
    BufferError Exception Plain
    EOFError Exception Plain
    ExceptionGroup BaseExceptionGroup Group
    ImportError Exception Import
    ModuleNotFoundError ImportError Import
    LookupError Exception Plain
    IndexError LookupError Plain
    KeyError LookupError Plain
    MemoryError Exception Plain
    NameError Exception Name
    UnboundLocalError NameError Name
    OSError Exception Os
    BlockingIOError OSError Os
    ChildProcessError OSError Os
    ConnectionError OSError Os
    BrokenPipeError ConnectionError Os
    ConnectionAbortedError ConnectionError Os
    ConnectionRefusedError ConnectionError Os
    ConnectionResetError ConnectionError Os
    FileExistsError OSError Os
    FileNotFoundError OSError Os
    InterruptedError OSError Os
    IsADirectoryError OSError Os
    NotADirectoryError OSError Os
    PermissionError OSError Os
    ProcessLookupError OSError Os
    TimeoutError OSError Os
    ReferenceError Exception Plain
    RuntimeError Exception Plain
    NotImplementedError RuntimeError Plain
    PythonFinalizationError RuntimeError Plain
    RecursionError RuntimeError Plain
    StopAsyncIteration Exception Plain
    StopIteration Exception Stop
    SyntaxError Exception Syntax
    IndentationError SyntaxError Syntax
    TabError IndentationError Syntax
    IncompleteInputError SyntaxError Syntax
    SystemError Exception Plain
    TypeError Exception Plain
    ValueError Exception Plain
    UnicodeError ValueError Plain
    UnicodeDecodeError UnicodeError Unicode
    UnicodeEncodeError UnicodeError Unicode
    UnicodeTranslateError UnicodeError Unicode
    Warning Exception Plain
    BytesWarning Warning Plain
    DeprecationWarning Warning Plain
    EncodingWarning Warning Plain
    FutureWarning Warning Plain
    ImportWarning Warning Plain
    PendingDeprecationWarning Warning Plain
    ResourceWarning Warning Plain
    RuntimeWarning Warning Plain
    SyntaxWarning Warning Plain
    UnicodeWarning Warning Plain
    UserWarning Warning Plain
}

impl Kind {
    /// The subclass of `OSError` for an error number.
    pub fn of_errno(errno: i64) -> Kind {
        let Ok(errno) = i32::try_from(errno) else { return Kind::OSError };
        match errno {
            libc::EAGAIN | libc::EALREADY | libc::EINPROGRESS => Kind::BlockingIOError,
            libc::EPIPE | libc::ESHUTDOWN => Kind::BrokenPipeError,
            libc::ECHILD => Kind::ChildProcessError,
            libc::ECONNABORTED => Kind::ConnectionAbortedError,
            libc::ECONNREFUSED => Kind::ConnectionRefusedError,
            libc::ECONNRESET => Kind::ConnectionResetError,
            libc::EEXIST => Kind::FileExistsError,
            libc::ENOENT => Kind::FileNotFoundError,
            libc::EISDIR => Kind::IsADirectoryError,
            libc::ENOTDIR => Kind::NotADirectoryError,
            libc::EINTR => Kind::InterruptedError,
            libc::EACCES | libc::EPERM => Kind::PermissionError,
            libc::ESRCH => Kind::ProcessLookupError,
            libc::ETIMEDOUT => Kind::TimeoutError,
            _ => Kind::OSError,
        }
    }
}

/// The system's text for an error number.
pub fn strerror(errno: i32) -> String {
    let mut buffer = [0u8; 256];
    // SAFETY: the buffer is as long as said; the call ends the text with a zero byte.
    let failed = unsafe { libc::strerror_r(errno, buffer.as_mut_ptr().cast(), buffer.len()) } != 0;
    let text = String::from_utf8_lossy(buffer.split(|&b| b == 0).next().unwrap_or_default()).into_owned();
    if failed && text.is_empty() { format!("Unknown error {errno}") } else { text }
}

impl<M: Memory> Context<M> {
    /// The class of a kind.
    #[inline]
    pub fn exception_class(&self, kind: Kind) -> &TypeObj<M> {
        self.interp.shapes.class(kind as u32)
    }

    /// Is the value an instance of that exception or of one derived from it?
    pub fn is_exception(&self, obj: &Obj<M>, kind: Kind) -> bool {
        let shape = obj.shape();
        if shape == kind as u32 {
            return true;
        }
        if shape == 0 {
            return false;
        }
        let class = &self.interp.shapes.class(shape).body;
        if !class.has(flags::EXCEPTION) {
            return false;
        }
        let base = self.exception_class(kind);
        class.mro.get(self).is_some_and(|mro| tuple::items(&mro).iter().any(|c| base.is(c)))
    }

    /// Is an exception of that kind on its way?
    pub fn raised_is(&self, kind: Kind) -> bool {
        // SAFETY: a view of the word that the cell owns; nothing here replaces it.
        let raised = std::mem::ManuallyDrop::new(unsafe { Obj::<M>::from_word(self.raised.get()) });
        self.is_exception(&raised, kind)
    }

    /// Is any exception on its way?
    pub fn is_raised(&self) -> bool {
        self.raised.get() != Word::NULL
    }

    /// The exception being handled, if any.
    pub fn handled_exception(&self) -> Option<Obj<M>> {
        // SAFETY: a view of the word that the cell owns, cloned before anything replaces it.
        let handled = std::mem::ManuallyDrop::new(unsafe { Obj::<M>::from_word(self.handled.get()) });
        if handled.is_none() || handled.is_null() { None } else { Some((*handled).clone()) }
    }
}

impl<M: Memory> Thread<M> {
    /// Drops the exception on its way.
    pub fn clear_raised(&mut self) {
        drop(self.take_raised());
    }

    /// Makes `exc` the exception on its way, its context untouched.
    pub fn set_raised(&mut self, exc: Obj<M>) -> Raise {
        // SAFETY: the cell owns its word and hands it over.
        drop(unsafe { Obj::<M>::from_word(self.raised.replace(exc.into_word())) });
        Raise(())
    }

    /// A new built-in exception with these arguments; kinds with attributes of their own fill them from the arguments.
    pub fn new_exception(&mut self, kind: Kind, args: Vec<Obj<M>>) -> Obj<M> {
        exception::make(self, kind, args)
    }

    /// Raises a built-in exception with a message.
    #[cold]
    #[inline(never)]
    pub fn raise(&mut self, kind: Kind, message: impl Into<String>) -> Raise {
        let message = self.string(message.into());
        let exc = self.new_exception(kind, vec![message]);
        self.raise_exception(exc)
    }

    /// Raises a built-in exception with these arguments.
    #[cold]
    pub fn raise_args(&mut self, kind: Kind, args: Vec<Obj<M>>) -> Raise {
        let exc = self.new_exception(kind, args);
        self.raise_exception(exc)
    }

    /// `raise obj`: an exception, or a class that is called without arguments.
    pub fn raise_obj(&mut self, obj: Obj<M>) -> Raise {
        match self.exception_from(&obj) {
            Ok(exc) => self.raise_exception(exc),
            Err(raise) => raise,
        }
    }

    /// The exception that `raise obj` means.
    pub fn exception_from(&mut self, obj: &Obj<M>) -> R<M> {
        if obj.cast::<Exception<M>>().is_some() {
            return Ok(obj.clone());
        }
        let is_class = obj.cast::<crate::types::Type<M>>().is_some_and(|class| class.body.has(flags::EXCEPTION));
        if !is_class {
            return Err(self.raise(Kind::TypeError, "exceptions must derive from BaseException"));
        }
        let exc = self.call(obj, &[])?;
        if exc.cast::<Exception<M>>().is_none() {
            let (class, got) = (self.repr(obj)?, self.class_of(&exc).to_obj());
            let got = self.repr(&got)?;
            let (class, got) = (crate::types::str::to_text(&class), crate::types::str::to_text(&got));
            let message = format!("calling {class} should have returned an instance of BaseException, not {got}");
            return Err(self.raise(Kind::TypeError, message));
        }
        Ok(exc)
    }

    /// Raises an exception object. What is being handled becomes its context.
    pub fn raise_exception(&mut self, exc: Obj<M>) -> Raise {
        if let Some(handled) = self.handled_exception() {
            exception::set_context(self, &exc, handled);
        }
        self.set_raised(exc)
    }

    /// Raises `KeyError(key)`.
    #[cold]
    pub fn raise_key(&mut self, key: &Obj<M>) -> Raise {
        self.raise_args(Kind::KeyError, vec![key.clone()])
    }

    /// Raises `StopIteration(value)`; without argument when the value is `None`.
    pub fn raise_stop(&mut self, value: Obj<M>) -> Raise {
        let args = if value.is_none() { Vec::new() } else { vec![value] };
        self.raise_args(Kind::StopIteration, args)
    }

    /// Raises the subclass of `OSError` for an error number.
    #[cold]
    pub fn raise_os_error(&mut self, errno: i32, filename: Option<&Obj<M>>) -> Raise {
        self.raise_os_error2(errno, filename, None)
    }

    /// As [`Thread::raise_os_error`] with a second file name.
    #[cold]
    pub fn raise_os_error2(&mut self, errno: i32, filename: Option<&Obj<M>>, other: Option<&Obj<M>>) -> Raise {
        let text = self.string(strerror(errno));
        let mut args = vec![int::from_i64(self, errno.into()), text];
        if let Some(name) = filename {
            args.push(name.clone());
            if let Some(other) = other {
                args.extend([Obj::NONE, other.clone()]);
            }
        }
        self.raise_args(Kind::of_errno(errno.into()), args)
    }

    /// Raises what a failed call of the operating system or of std's files means.
    #[cold]
    pub fn raise_io(&mut self, error: &std::io::Error, filename: Option<&Obj<M>>) -> Raise {
        match error.raw_os_error() {
            Some(errno) => self.raise_os_error(errno, filename),
            None => self.raise(Kind::OSError, error.to_string()),
        }
    }

    /// Raises a `NameError` (or `UnboundLocalError`) about a name.
    #[cold]
    pub fn raise_name(&mut self, kind: Kind, name: &str, message: impl Into<String>) -> Raise {
        let message = self.string(message.into());
        let name = self.str(name);
        let exc = self.new_exception(kind, vec![message]);
        exception::set_extra(self, &exc, exception::NAME_NAME, name);
        self.raise_exception(exc)
    }

    /// Raises an `AttributeError` about an attribute of an object.
    #[cold]
    pub fn raise_attribute_error(&mut self, message: impl Into<String>, obj: &Obj<M>, name: &Obj<M>) -> Raise {
        let message = self.string(message.into());
        let exc = self.new_exception(Kind::AttributeError, vec![message]);
        exception::set_extra(self, &exc, exception::ATTRIBUTE_NAME, name.clone());
        exception::set_extra(self, &exc, exception::ATTRIBUTE_OBJ, obj.clone());
        self.raise_exception(exc)
    }

    /// Raises an `ImportError` (or `ModuleNotFoundError`) with the module's name and file.
    #[cold]
    pub fn raise_import(
        &mut self,
        kind: Kind,
        message: impl Into<String>,
        name: Obj<M>,
        path: Obj<M>,
        name_from: Obj<M>,
    ) -> Raise {
        let message = self.string(message.into());
        let exc = self.new_exception(kind, vec![message]);
        exception::set_extra(self, &exc, exception::IMPORT_NAME, name);
        exception::set_extra(self, &exc, exception::IMPORT_PATH, path);
        exception::set_extra(self, &exc, exception::IMPORT_NAME_FROM, name_from);
        self.raise_exception(exc)
    }

    /// Raises what the front end found.
    #[cold]
    pub fn raise_syntax(&mut self, error: &parallax_front::SyntaxError, filename: &str) -> Raise {
        let kind = match error.class {
            "RecursionError" => return self.raise(Kind::RecursionError, error.message.clone()),
            "IndentationError" => Kind::IndentationError,
            "TabError" => Kind::TabError,
            _ => Kind::SyntaxError,
        };
        let number = |t: &Self, n: u32| int::from_i64(t, n.into());
        let text = error.text.as_ref().map_or(Obj::NONE, |s| self.str(s));
        let place = vec![
            self.str(filename),
            number(self, error.line),
            number(self, error.column),
            text,
            number(self, error.end_line),
            number(self, error.end_column),
        ];
        let args = vec![self.str(&error.message), tuple::from_vec(self, place)];
        self.raise_args(kind, args)
    }

    /// Raises a `UnicodeDecodeError` or `UnicodeEncodeError` about `object[start..end]`.
    #[cold]
    pub fn raise_unicode(
        &mut self,
        kind: Kind,
        encoding: &str,
        object: &Obj<M>,
        start: usize,
        end: usize,
        reason: &str,
    ) -> Raise {
        let args = vec![
            self.str(encoding),
            object.clone(),
            int::from_usize(self, start),
            int::from_usize(self, end),
            self.str(reason),
        ];
        self.raise_args(kind, args)
    }

    /// Sets the context of an exception; a ring is cut.
    pub fn set_context(&mut self, exc: &Obj<M>, context: Obj<M>) {
        exception::set_context(self, exc, context);
    }

    /// Adds `from cause` to an exception.
    pub fn set_cause(&mut self, exc: &Obj<M>, cause: Obj<M>) {
        exception::set_cause(self, exc, cause);
    }
}

/// Prints an exception that cannot reach anyone, under a message of its own.
pub fn write_unraisable_at<M: Memory>(t: &mut Thread<M>, message: &str, exc: &Obj<M>) {
    let message = t.str(message);
    let nothing = Obj::NONE;
    crate::report::print_unraisable(t, exc, &message, &nothing);
}
