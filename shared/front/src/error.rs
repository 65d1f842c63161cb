//! Errors inside the compiler: a message at a span of bytes, not yet lines and columns.

use crate::ast::Span;

/// An error that becomes a [`crate::SyntaxError`].
#[derive(Clone, Debug)]
pub(crate) struct Error {
    pub(crate) class: &'static str,
    pub(crate) message: String,
    pub(crate) span: Span,
    /// More input may make it right.
    pub(crate) incomplete: bool,
    /// The place is the line: the column is the one before the span, and nothing is marked.
    pub(crate) whole_line: bool,
}

pub(crate) type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// A plain `SyntaxError`.
    pub(crate) fn new(span: Span, message: impl Into<String>) -> Error {
        Error { class: "SyntaxError", message: message.into(), span, incomplete: false, whole_line: false }
    }

    /// An error of a subclass.
    pub(crate) fn of(class: &'static str, span: Span, message: impl Into<String>) -> Error {
        Error { class, ..Error::new(span, message) }
    }

    /// The same, when the input ended too early.
    pub(crate) fn incomplete(self) -> Error {
        Error { incomplete: true, ..self }
    }

    /// The same, placed just before its span.
    pub(crate) fn whole_line(self) -> Error {
        Error { whole_line: true, ..self }
    }
}

/// `Err` with a plain `SyntaxError`.
pub(crate) fn fail<T>(span: Span, message: impl Into<String>) -> Result<T> {
    Err(Error::new(span, message))
}

/// A form that is refused for now.
pub(crate) fn unsupported<T>(span: Span, form: &str) -> Result<T> {
    fail(span, format!("{form} is not supported yet by Parallax"))
}
