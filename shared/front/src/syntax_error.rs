//! The parser's errors in CPython's words.

use ruff_python_ast::token::Tokens;
use ruff_python_parser::ParseError;

use crate::ast::Span;
use crate::error::Error;

pub(crate) fn from_parser(_source: &str, _tokens: &Tokens, _all: &[ParseError], first: &ParseError) -> Error {
    let span = Span { start: first.location.start().to_u32(), end: first.location.end().to_u32() };
    Error::new(span, first.error.to_string())
}
