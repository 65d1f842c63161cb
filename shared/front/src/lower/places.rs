//! Finding one's way in the tokens around a syntax error: where operands begin and end, which bracket encloses a place,
//! what kind of expression stands there.

use ruff_python_ast as ruff;
use ruff_python_ast::token::{Token, TokenKind};
use ruff_text_size::Ranged;

use super::span;
use crate::ast::Span;

/// The tokens, and the place that the parser reports.
pub(super) struct Reporter<'a> {
    pub(super) source: &'a str,
    /// Without comments and blank lines.
    pub(super) tokens: Vec<Token>,
    /// Where the parser reports.
    pub(super) at: Span,
    /// One expression is compiled.
    pub(super) eval: bool,
}

impl Reporter<'_> {
    /// The index of the token at the error.
    pub(super) fn index(&self) -> usize {
        self.tokens.partition_point(|t| t.end().to_u32() <= self.at.start).min(self.tokens.len().saturating_sub(1))
    }

    pub(super) fn kind(&self, index: usize) -> TokenKind {
        self.tokens.get(index).map_or(TokenKind::EndOfFile, |t| t.kind())
    }

    pub(super) fn span_of(&self, index: usize) -> Span {
        self.tokens.get(index).map_or(self.at, |t| span(t.range()))
    }

    pub(super) fn token(&self) -> Span {
        let at = self.span_of(self.index());
        // A line end is one character.
        if self.kind(self.index()) == TokenKind::Newline { Span { start: at.start, end: at.start + 1 } } else { at }
    }

    /// The index of the first token behind what the error covers.
    pub(super) fn after(&self) -> usize {
        self.tokens.partition_point(|t| t.start().to_u32() < self.at.end)
    }

    /// The first token behind, closing parentheses left out.
    pub(super) fn following(&self) -> TokenKind {
        let mut i = self.after();
        while self.kind(i) == TokenKind::Rpar {
            i += 1;
        }
        self.kind(i)
    }

    /// The first token of the statement that token `index` belongs to.
    pub(super) fn statement(&self, index: usize) -> usize {
        let ends = |t: &Token| {
            matches!(t.kind(), TokenKind::Newline | TokenKind::Indent | TokenKind::Dedent | TokenKind::Semi)
        };
        self.tokens[..index].iter().rposition(ends).map_or(0, |i| i + 1)
    }

    /// Where the first token begins at the error that is no line end.
    pub(super) fn significant(&self) -> u32 {
        let mut index = self.index();
        while matches!(self.kind(index), TokenKind::Newline | TokenKind::Indent | TokenKind::Dedent) {
            index += 1;
        }
        self.span_of(index).start
    }

    pub(super) fn at_end(&self) -> bool {
        let rest = &self.tokens[self.index().min(self.tokens.len())..];
        rest.iter().all(|t| matches!(t.kind(), TokenKind::Newline | TokenKind::Dedent | TokenKind::EndOfFile))
    }

    pub(super) fn line(&self, offset: u32) -> usize {
        self.source.bytes().take(offset as usize).filter(|&b| b == b'\n').count() + 1
    }

    pub(super) fn text(&self, at: Span) -> &str {
        self.source.get(at.start as usize..at.end as usize).unwrap_or("")
    }

    /// The first token of the operand that ends with token `index`.
    pub(super) fn operand_start(&self, index: usize) -> usize {
        let mut depth = 0usize;
        let mut i = index;
        loop {
            match self.kind(i) {
                TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace => depth += 1,
                TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace if depth > 0 => depth -= 1,
                kind if depth == 0 && delimits(kind) => return (i + 1).min(index),
                _ => {}
            }
            if i == 0 {
                return 0;
            }
            i -= 1;
        }
    }

    /// The last token of the expression that begins with token `index`.
    pub(super) fn operand_end(&self, index: usize) -> usize {
        let mut depth = 0usize;
        for i in index..self.tokens.len() {
            match self.kind(i) {
                TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace => depth += 1,
                TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace if depth > 0 => depth -= 1,
                kind if depth == 0 && i > index && (delimits(kind) || closes(kind)) => return i - 1,
                _ if depth == 0 && i > index && self.adjacent(i) => return i - 1,
                _ => {}
            }
        }
        index
    }

    /// Two operands side by side before token `index`?
    pub(super) fn adjacent(&self, index: usize) -> bool {
        use TokenKind as T;
        let ends = matches!(
            self.kind(index - 1),
            T::Name
                | T::Int
                | T::Float
                | T::Complex
                | T::String
                | T::Rpar
                | T::Rsqb
                | T::Rbrace
                | T::None
                | T::True
                | T::False
        );
        ends && matches!(self.kind(index), T::Name | T::Int | T::Float | T::Complex | T::String | T::Lbrace)
    }

    /// The innermost bracket that is open before token `index`.
    pub(super) fn enclosing(&self, index: usize) -> Option<usize> {
        let mut depth = 0;
        (0..index).rev().find(|&i| match self.kind(i) {
            TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace => {
                depth += 1;
                false
            }
            TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace => {
                depth -= 1;
                depth < 0
            }
            _ => false,
        })
    }

    pub(super) fn parsed(&self, at: Span) -> Option<ruff::Expr> {
        let text = format!("({})", self.text(at));
        let parsed = ruff_python_parser::parse_expression(&text).ok()?;
        Some(*parsed.into_syntax().body)
    }

    /// Binds tighter than comparisons?
    pub(super) fn is_operand(&self, at: Span) -> bool {
        use ruff::Expr as E;
        match self.parsed(at) {
            Some(
                E::Compare(_) | E::BoolOp(_) | E::Lambda(_) | E::If(_) | E::Named(_) | E::Yield(_) | E::Starred(_),
            ) => false,
            Some(E::UnaryOp(e)) => e.op != ruff::UnaryOp::Not,
            _ => true,
        }
    }

    /// CPython's name for a kind of expression.
    pub(super) fn describe(&self, at: Span) -> &'static str {
        use ruff::Expr as E;
        if self.text(at).starts_with('*') {
            return "starred";
        }
        let Some(expr) = self.parsed(at) else { return "expression" };
        match expr {
            E::Attribute(_) => "attribute",
            E::Subscript(_) => "subscript",
            E::Starred(_) => "starred",
            E::Name(_) => "name",
            E::List(_) => "list",
            E::Tuple(_) => "tuple",
            E::Lambda(_) => "lambda",
            E::Call(_) => "function call",
            E::Generator(_) => "generator expression",
            E::Yield(_) | E::YieldFrom(_) => "yield expression",
            E::Await(_) => "await expression",
            E::ListComp(_) => "list comprehension",
            E::SetComp(_) => "set comprehension",
            E::DictComp(_) => "dict comprehension",
            E::Dict(_) => "dict literal",
            E::Set(_) => "set display",
            E::FString(_) => "f-string expression",
            E::TString(_) => "t-string expression",
            E::NoneLiteral(_) => "None",
            E::BooleanLiteral(e) if e.value => "True",
            E::BooleanLiteral(_) => "False",
            E::EllipsisLiteral(_) => "ellipsis",
            E::StringLiteral(_) | E::BytesLiteral(_) | E::NumberLiteral(_) => "literal",
            E::Compare(_) => "comparison",
            E::If(_) => "conditional expression",
            E::Named(_) => "named expression",
            _ => "expression",
        }
    }
}

pub(super) fn starts_expression(kind: TokenKind) -> bool {
    use TokenKind as T;
    matches!(
        kind,
        T::Name
            | T::Int
            | T::Float
            | T::Complex
            | T::String
            | T::FStringStart
            | T::TStringStart
            | T::Lbrace
            | T::None
            | T::True
            | T::False
            | T::Lambda
            | T::Await
            | T::Tilde
            | T::Not
            | T::Ellipsis
            | T::Case
            | T::Match
            | T::Type
    )
}

/// Tokens at which an operand ends when one looks back.
fn delimits(kind: TokenKind) -> bool {
    use TokenKind as T;
    matches!(
        kind,
        T::Comma
            | T::Lpar
            | T::Lsqb
            | T::Lbrace
            | T::Colon
            | T::Equal
            | T::ColonEqual
            | T::Newline
            | T::Semi
            | T::If
            | T::Elif
            | T::While
            | T::Else
            | T::For
            | T::In
            | T::Lambda
            | T::Return
            | T::Yield
            | T::Assert
            | T::Raise
            | T::Del
            | T::With
            | T::As
            | T::From
            | T::Import
            | T::Indent
            | T::Dedent
            | T::FStringStart
    )
}

fn closes(kind: TokenKind) -> bool {
    use TokenKind as T;
    matches!(
        kind,
        T::Rpar
            | T::Rsqb
            | T::Rbrace
            | T::EndOfFile
            | T::FStringEnd
            | T::FStringMiddle
            | T::TStringEnd
            | T::Exclamation
    )
}
