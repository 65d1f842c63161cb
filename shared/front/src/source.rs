//! Lines and columns of a source text.

use crate::SyntaxError;
use crate::ast::Span;
use crate::code::Position;
use crate::error::Error;

/// The starts of the lines of a text.
pub(crate) struct Lines<'a> {
    text: &'a str,
    starts: Vec<u32>,
}

impl<'a> Lines<'a> {
    pub(crate) fn new(text: &'a str) -> Lines<'a> {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for (i, &byte) in bytes.iter().enumerate() {
            if byte == b'\n' || (byte == b'\r' && bytes.get(i + 1) != Some(&b'\n')) {
                starts.push(i as u32 + 1);
            }
        }
        Lines { text, starts }
    }

    /// Line from 1, column in bytes from 0.
    pub(crate) fn locate(&self, offset: u32) -> (u32, u32) {
        let line = self.starts.partition_point(|&start| start <= offset);
        (line as u32, offset - self.starts[line - 1])
    }

    /// Are both offsets on one line?
    pub(crate) fn same_line(&self, a: u32, b: u32) -> bool {
        let text = &self.text.as_bytes()[a.min(b) as usize..a.max(b) as usize];
        !text.contains(&b'\n')
    }

    pub(crate) fn position(&self, span: Span) -> Position {
        let (line, column) = self.locate(span.start);
        let (end_line, end_column) = self.locate(span.end);
        Position { line, end_line, column, end_column }
    }

    /// The text of a line, with its end.
    pub(crate) fn line(&self, line: u32) -> &'a str {
        let start = self.starts.get(line as usize - 1).map_or(self.text.len(), |&s| s as usize);
        let end = self.starts.get(line as usize).map_or(self.text.len(), |&s| s as usize);
        &self.text[start..end]
    }

    /// What CPython reports for an error.
    pub(crate) fn report(&self, error: &Error) -> SyntaxError {
        let clamp = |offset: u32| {
            let mut offset = (offset as usize).min(self.text.len());
            while !self.text.is_char_boundary(offset) {
                offset -= 1;
            }
            offset as u32
        };
        let (line, column) = self.locate(clamp(error.span.start));
        let points = |line: u32, column: u32| self.line(line)[..column as usize].chars().count() as u32 + 1;
        if error.whole_line {
            let plain = self.report(&Error { whole_line: false, ..error.clone() });
            let line = if self.text.is_empty() { 0 } else { plain.line };
            return SyntaxError { line, column: plain.column - 1, end_column: 0, ..plain };
        }
        let known = error.span.end >= error.span.start;
        let (mut end_line, mut end_column) = self.locate(clamp(error.span.end.max(error.span.start)));
        if end_line == line + 1 && end_column == 0 && error.span.end - error.span.start <= 2 {
            // A line end: one column on the same line.
            let end = points(line, column) + 1;
            return SyntaxError {
                end_line: line,
                end_column: end,
                ..self.report(&Error { span: Span { end: error.span.start, ..error.span }, ..error.clone() })
            };
        }
        if !known {
            (end_line, end_column) = (line, 0);
        }
        SyntaxError {
            class: error.class,
            message: error.message.clone(),
            line,
            column: points(line, column),
            end_line,
            end_column: if known { points(end_line, end_column) } else { 0 },
            text: Some(self.line(line).to_owned()),
            incomplete: error.incomplete,
        }
    }
}
