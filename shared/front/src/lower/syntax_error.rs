//! The parser's errors in CPython's words, at CPython's places.

use ruff_python_ast::token::{Token, TokenKind, Tokens};
use ruff_python_parser::{
    InterpolatedStringErrorType, LexicalErrorType, ParseError, ParseErrorType, UnsupportedSyntaxError,
    UnsupportedSyntaxErrorKind,
};

use super::escapes;
use super::places::{Reporter, starts_expression};
use super::span;
use crate::Mode;
use crate::ast::Span;
use crate::error::Error;
use crate::scan::Scan;

/// What to report for the first error that the parser found.
pub(super) fn from_parser(source: &str, scan: &Scan, mode: Mode, tokens: &Tokens, first: &ParseError) -> Error {
    let tokens: Vec<Token> = tokens.iter().copied().filter(|t| !t.kind().is_trivia()).collect();
    let reporter = Reporter { source, tokens, at: span(first.location), eval: mode == Mode::Eval };
    if let Some((open, offset)) = scan.unclosed
        && (reporter.at_end() || reporter.line(offset) < reporter.line(reporter.significant()))
    {
        return Error::new(point(offset), format!("'{open}' was never closed")).incomplete();
    }
    let error = reporter.report(&first.error);
    if reporter.eval && error.message == "invalid syntax" && reporter.at_end() && !source.ends_with('\n') {
        // CPython makes up a line end for an expression, and that has no column.
        let start = source.rfind('\n').map_or(0, |at| at as u32 + 1);
        return Error::new(Span { start, end: start }, "invalid syntax").whole_line();
    }
    let decorator =
        |e: &ParseErrorType| matches!(e, ParseErrorType::OtherError(text) if text.contains("after decorator"));
    let open = error.class == "IndentationError"
        || error.message == "expected 'except' or 'finally' block"
        || decorator(&first.error);
    if open && reporter.at_end() { error.incomplete() } else { error }
}

/// What the parser takes and 3.14 does not.
pub(super) fn from_newer(source: &str, tokens: &Tokens, error: &UnsupportedSyntaxError) -> Option<Error> {
    use UnsupportedSyntaxErrorKind as U;
    let tokens: Vec<Token> = tokens.iter().copied().filter(|t| !t.kind().is_trivia()).collect();
    let reporter = Reporter { source, tokens, at: span(error.range), eval: false };
    match error.kind {
        U::LazyImportStatement => Some(reporter.generic_at(reporter.after())),
        U::ParenthesizedKeywordArgumentName => Some(reporter.keyword_name()),
        _ => None,
    }
}

/// What nobody is thought to have meant to compare.
const NOT_COMPARED: [&str; 6] = ["True", "False", "None", "list", "tuple", "generator expression"];

/// A place whose end is not known.
fn point(offset: u32) -> Span {
    Span { start: offset, end: 0 }
}

impl Reporter<'_> {
    fn report(&self, error: &ParseErrorType) -> Error {
        use ParseErrorType as E;
        let target = |message: &dyn Fn(&str) -> String| Error::new(self.at, message(self.describe(self.at)));
        match error {
            E::Lexical(error) => self.lexical(error),
            E::FStringError(error) | E::TStringError(error) => self.fstring(error),
            E::OtherError(text) => self.other(text),
            E::ExpectedToken { expected, found } => self.expected(*expected, *found),
            E::ExpectedExpression => self.expression(),
            E::UnexpectedIndentation => {
                let last = self.at.end.max(self.at.start + 1) - 1;
                Error::of("IndentationError", point(last), "unexpected indent")
            }
            E::InvalidAssignmentTarget => self.assignment_target(),
            E::InvalidAugmentedAssignmentTarget => {
                target(&|kind| format!("'{kind}' is an illegal expression for augmented assignment"))
            }
            E::InvalidDeleteTarget => target(&|kind| format!("cannot delete {kind}")),
            E::InvalidNamedAssignmentTarget => target(&|kind| format!("cannot use assignment expressions with {kind}")),
            E::InvalidAnnotatedAssignmentTarget => self.exact("illegal target for annotation"),
            E::UnparenthesizedGeneratorExpression => self.exact("Generator expression must be parenthesized"),
            E::InvalidArgumentUnpackingOrder => self.unpacking_order(),
            E::PositionalAfterKeywordArgument => self.behind("positional argument follows keyword argument"),
            E::PositionalAfterKeywordUnpacking => self.behind("positional argument follows keyword argument unpacking"),
            E::NonDefaultParamAfterDefaultParam => {
                self.exact("parameter without a default follows parameter with a default")
            }
            E::ExpectedKeywordParam => {
                let star = self.tokens[..=self.index()].iter().rposition(|t| t.kind() == TokenKind::Star);
                let at = star.map_or(self.at, |i| self.span_of(i));
                Error::new(at, "named arguments must follow bare *")
            }
            E::ParamAfterVarKeywordParam => self.exact("arguments cannot follow var-keyword argument"),
            E::VarParameterWithDefault => {
                let keyword = self.source[..self.at.end as usize].trim_end().ends_with("**");
                let before =
                    self.tokens[..self.index()].iter().rev().take(3).any(|t| t.kind() == TokenKind::DoubleStar);
                let kind = if keyword || before { "keyword" } else { "positional" };
                self.exact(&format!("var-{kind} argument cannot have default value"))
            }
            E::EmptyImportNames if self.kind(self.index()) != TokenKind::Newline => self.generic(),
            E::EmptyImportNames => Error::new(
                Span { start: self.at.start, end: self.at.start },
                "Expected one or more names after 'import'",
            ),
            E::SimpleStatementsOnSameLine => self.same_line(),
            E::UnparenthesizedTupleExpression => self.at_comma(),
            E::InvalidStarredExpressionUsage => self.starred(),
            E::InvalidYieldExpressionUsage if self.following() == TokenKind::Equal => {
                self.exact("assignment to yield expression not possible")
            }
            E::IterableUnpackingInComprehension => self.exact("iterable unpacking cannot be used in comprehension"),
            E::InvalidMatchPatternTarget => self.exact("cannot use '_' as a target"),
            _ => self.generic(),
        }
    }

    fn generic(&self) -> Error {
        self.mistake().unwrap_or_else(|| Error::new(self.token(), "invalid syntax"))
    }

    /// Mistakes that CPython knows by the tokens around the place.
    fn mistake(&self) -> Option<Error> {
        use TokenKind as T;
        let index = self.index();
        let before = index.checked_sub(1)?;
        let statement = self.statement(index);
        let head = self.kind(statement);
        match (self.kind(before), self.kind(index)) {
            (T::Lpar, T::DoubleStar) if self.in_group(index) => {
                Some(Error::new(self.token(), "cannot use double starred expression here"))
            }
            (T::Star, T::Rpar | T::Comma)
                if head != T::Def && matches!(self.kind(before.wrapping_sub(1)), T::Lpar | T::Comma) =>
            {
                Some(Error::new(self.token(), "Invalid star expression"))
            }
            (T::Equal, T::Rpar | T::Comma) if head == T::Def => {
                Some(Error::new(self.span_of(before), "expected default value expression"))
            }
            (T::Lambda, T::Lpar) => {
                let close = (index..self.tokens.len()).find(|&i| self.kind(i) == T::Rpar)?;
                let at = self.span_of(index).to(self.span_of(close));
                Some(Error::new(at, "Lambda expression parameters cannot be parenthesized"))
            }
            (_, T::From) if head == T::Import => {
                let mut last = index + 1;
                while self.kind(last + 1) == T::Dot && self.kind(last + 2) == T::Name {
                    last += 2;
                }
                let at = self.span_of(statement).to(self.span_of(last));
                Some(Error::new(at, "Did you mean to use 'from ... import ...' instead?"))
            }
            _ => None,
        }
    }

    fn generic_at(&self, index: usize) -> Error {
        let at = self.span_of(index);
        let end = if self.kind(index) == TokenKind::Newline { at.start + 1 } else { at.end };
        Error::new(Span { end, ..at }, "invalid syntax")
    }

    fn exact(&self, message: &str) -> Error {
        Error::new(self.at, message)
    }

    fn behind(&self, message: &str) -> Error {
        Error::new(self.span_of(self.after()), message)
    }

    fn at_comma(&self) -> Error {
        let comma = (self.index()..self.tokens.len()).find(|&i| self.kind(i) == TokenKind::Comma);
        self.generic_at(comma.unwrap_or(self.index()))
    }

    fn lexical(&self, error: &LexicalErrorType) -> Error {
        match error {
            LexicalErrorType::UnrecognizedToken { tok } if !tok.is_ascii() => {
                let code = u32::from(*tok);
                if tok.is_alphanumeric()
                    || !tok.is_whitespace() && !tok.is_control() && code != 0x200B && code != 0xFEFF
                {
                    self.exact(&format!("invalid character '{tok}' (U+{code:04X})"))
                } else {
                    self.exact(&format!("invalid non-printable character U+{code:04X}"))
                }
            }
            LexicalErrorType::InvalidByteLiteral => {
                Error::new(self.token(), "bytes can only contain ASCII literal characters")
            }
            LexicalErrorType::UnicodeError
            | LexicalErrorType::MissingUnicodeLbrace
            | LexicalErrorType::MissingUnicodeRbrace => {
                let token = self.index();
                let at = self.span_of(token);
                Error::new(at, escapes::explain(self.text(at)))
            }
            LexicalErrorType::FStringError(error) | LexicalErrorType::TStringError(error) => self.fstring(error),
            _ => self.generic(),
        }
    }

    fn fstring(&self, error: &InterpolatedStringErrorType) -> Error {
        use InterpolatedStringErrorType as E;
        match error {
            E::SingleRbrace => {
                Error::new(Span { start: self.at.start, end: self.at.start }, "f-string: single '}' is not allowed")
            }
            E::InvalidConversionFlag => {
                let word = self.text(self.at);
                if word.starts_with(|c: char| c.is_alphabetic() || c == '_') {
                    let message = format!("f-string: invalid conversion character '{word}': expected 's', 'r', or 'a'");
                    return self.exact(&message);
                }
                self.exact("f-string: missing conversion character")
            }
            E::ConversionFlagNotImmediatelyAfterExclamation => {
                self.exact("f-string: conversion type must come right after the exclamation mark")
            }
            E::LambdaWithoutParentheses => {
                self.exact("f-string: lambda expressions are not allowed without parentheses")
            }
            E::NewlineInFormatSpec => {
                self.exact("f-string: newlines are not allowed in format specifiers for single quoted f-strings")
            }
            E::UnclosedLbrace if starts_expression(self.kind(self.index())) => self.comma(),
            E::UnclosedLbrace => self.exact("f-string: expecting '}'"),
            _ => self.exact("f-string: expecting '}'"),
        }
    }

    /// Two expressions side by side inside brackets.
    fn comma(&self) -> Error {
        let index = self.index();
        if !starts_expression(self.kind(index)) || index == 0 {
            return self.generic();
        }
        let start = self.operand_start(index - 1);
        // A string behind a name is a mistyped prefix, not a missing comma.
        if start == index - 1 && self.kind(start) == TokenKind::Name && self.kind(index) == TokenKind::String {
            return self.generic();
        }
        let end = self.operand_end(index);
        let at = self.span_of(start).to(self.span_of(end));
        Error::new(at, "invalid syntax. Perhaps you forgot a comma?")
    }

    fn expected(&self, expected: TokenKind, found: TokenKind) -> Error {
        use TokenKind as T;
        let index = self.index();
        let header = self.statement(index);
        let head = self.kind(header);
        let in_call = |open: T| self.enclosing(index).is_some_and(|i| self.kind(i) == open);
        match (expected, found) {
            (T::Colon, T::Rbrace | T::Comma) if in_call(T::Lbrace) => Error::new(
                point(self.span_of(self.operand_start(index - 1)).start),
                "':' expected after dictionary key",
            ),
            (T::Colon, T::Newline) => Error::new(self.token(), "expected ':'"),
            (T::Colon, _) if matches!(head, T::Def | T::Else | T::Try | T::Finally) => {
                Error::new(self.token(), "expected ':'")
            }
            (_, T::Equal) if index > 0 => self.equal(index),
            (T::Comma, _) if self.statement(index) < index && self.enclosing(index).is_none() => self.after_statement(),
            (T::Lpar, _) if head == T::Def => Error::new(self.token(), "expected '('"),
            (T::Else, _) => {
                let keyword = self.tokens[..index].iter().rposition(|t| t.kind() == T::If).unwrap_or(index);
                let start = self.operand_start(keyword.saturating_sub(1));
                let at = self.span_of(start).to(self.span_of(index - 1));
                Error::new(at, "expected 'else' after 'if' expression")
            }
            (T::In, _) if self.enclosing(index).is_some() => {
                Error::new(self.token(), "'in' expected after for-loop variables")
            }
            (T::Rsqb | T::Rbrace, T::For) => {
                let open = self.enclosing(index).map_or(index, |i| i + 1);
                let at = self.span_of(open).to(self.span_of(index - 1));
                Error::new(at, "did you forget parentheses around the comprehension target?")
            }
            (T::Rpar, T::Lpar) if head == T::Def => {
                let mut depth = 0;
                let close = (index..self.tokens.len()).find(|&i| {
                    match self.kind(i) {
                        T::Lpar => depth += 1,
                        T::Rpar => depth -= 1,
                        _ => {}
                    }
                    depth == 0
                });
                let at = self.span_of(index).to(self.span_of(close.unwrap_or(index)));
                Error::new(at, "Function parameters cannot be parenthesized")
            }
            _ if matches!(head, T::Def | T::Import | T::From | T::Class) && head != T::Class => self.generic(),
            _ if self.enclosing(index).is_some() => self.comma(),
            _ => self.generic(),
        }
    }

    /// `=` where a condition or an item was expected.
    fn equal(&self, index: usize) -> Error {
        let start = self.operand_start(index - 1);
        let left = self.span_of(start).to(self.span_of(index - 1));
        let right = self.operand_end(index + 1);
        if start == index - 1 && self.kind(start) == TokenKind::Name {
            let at = left.to(self.span_of(right));
            return Error::new(at, "invalid syntax. Maybe you meant '==' or ':=' instead of '='?");
        }
        let kind = self.describe(left);
        if NOT_COMPARED.contains(&kind) {
            return self.generic();
        }
        Error::new(left, format!("cannot assign to {kind} here. Maybe you meant '==' instead of '='?"))
    }

    /// An expression was expected.
    fn expression(&self) -> Error {
        use TokenKind as T;
        let index = self.index();
        let in_field = index > 0
            && self.enclosing(index).is_some_and(|i| {
                i + 1 == index && i > 0 && matches!(self.kind(i - 1), T::FStringStart | T::FStringMiddle)
            });
        if in_field && matches!(self.kind(index), T::Rbrace | T::Exclamation | T::Colon | T::Equal) {
            let text = self.text(self.token());
            return Error::new(self.token(), format!("f-string: valid expression required before '{text}'"));
        }
        if self.kind(index) == T::FStringMiddle || index > 0 && self.kind(index - 1) == T::FStringMiddle {
            let lambda = self.tokens[..index].iter().rposition(|t| t.kind() == T::Lambda);
            if let Some(lambda) = lambda {
                let at = self.span_of(lambda).to(self.span_of(index - 1));
                return Error::new(at, "f-string: lambda expressions are not allowed without parentheses");
            }
        }
        if let Some(error) = self.field(index) {
            return error;
        }
        let in_dict = self.enclosing(index).is_some_and(|i| self.kind(i) == T::Lbrace);
        if in_dict && index > 0 && self.kind(index - 1) == T::Colon && matches!(self.kind(index), T::Rbrace | T::Comma)
        {
            return Error::new(self.span_of(index - 1), "expression expected after dictionary key and ':'");
        }
        self.generic()
    }

    /// An error directly in a replacement field: what stands there is an expression up to some token, and that one is
    /// out of place.
    fn field(&self, index: usize) -> Option<Error> {
        use TokenKind as T;
        let open = self.enclosing(index)?;
        let opens = |kind| matches!(kind, T::FStringStart | T::FStringMiddle | T::TStringStart | T::TStringMiddle);
        if open == 0 || self.kind(open) != T::Lbrace || !opens(self.kind(open - 1)) || index <= open {
            return None;
        }
        let kind = if matches!(self.kind(open - 1), T::TStringStart | T::TStringMiddle) { "t" } else { "f" };
        let error =
            |at: usize, what: &str| Some(Error::new(self.span_of(at), format!("{kind}-string: expecting {what}")));
        let last = (open + 1..index)
            .rev()
            .take(200)
            .find(|&last| self.parsed(self.span_of(open + 1).to(self.span_of(last))).is_some());
        let Some(last) = last else { return error(open + 1, "a valid expression after '{'") };
        match self.kind(last + 1) {
            T::Equal => error(last + 2, "'!', or ':', or '}'"),
            T::Exclamation if self.kind(last + 2) == T::Name => error(last + 3, "':' or '}'"),
            T::Exclamation | T::Colon => None,
            _ => error(last + 1, "'=', or '!', or ':', or '}'"),
        }
    }

    /// `f(**a, *b)`: marked from the comma to behind the starred arguments.
    fn unpacking_order(&self) -> Error {
        let message = "iterable argument unpacking follows keyword argument unpacking";
        let star = self.index();
        let mut stop = self.operand_end(star) + 1;
        while self.kind(stop) == TokenKind::Comma && self.kind(stop + 1) == TokenKind::Star {
            stop = self.operand_end(stop + 1) + 1;
        }
        if self.kind(stop) == TokenKind::Comma {
            stop += 1;
        }
        let start = self.span_of(star.saturating_sub(1)).start;
        Error::new(Span { start, end: self.span_of(stop).end - 1 }, message)
    }

    fn same_line(&self) -> Error {
        let index = self.index();
        let start = self.statement(index);
        let word = self.text(self.span_of(start));
        if start + 1 == index && matches!(word, "print" | "exec") && starts_expression(self.kind(index)) {
            let mut end = index;
            while !matches!(self.kind(end + 1), TokenKind::Newline | TokenKind::Semi | TokenKind::EndOfFile) {
                end += 1;
            }
            let at = self.span_of(start).to(self.span_of(end));
            return Error::new(at, format!("Missing parentheses in call to '{word}'. Did you mean {word}(...)?"));
        }
        self.after_statement()
    }

    fn starred(&self) -> Error {
        let index = self.index();
        if index > 0 && self.kind(index - 1) == TokenKind::Colon {
            return self.exact("cannot use a starred expression in a dictionary value");
        }
        if self.kind(self.statement(index)) == TokenKind::Del {
            return self.exact("cannot delete starred");
        }
        if self.in_group(index) {
            return self.exact("cannot use starred expression here");
        }
        if self.eval && index == 0 {
            return self.generic();
        }
        self.exact("can't use starred expression here")
    }

    /// Behind a parenthesis that groups, rather than one that calls?
    fn in_group(&self, index: usize) -> bool {
        use TokenKind as T;
        let called = |kind| matches!(kind, T::Name | T::String | T::FStringEnd | T::Rpar | T::Rsqb | T::Rbrace);
        index > 0 && self.kind(index - 1) == T::Lpar && (index == 1 || !called(self.kind(index - 2)))
    }

    /// The last item of a bare tuple that something is assigned to: CPython reads it as a comparison gone wrong.
    fn last_of_tuple(&self) -> Option<Error> {
        let start = self.statement(self.index());
        let mut comma = None;
        let mut depth = 0usize;
        let mut equal = start;
        loop {
            match self.kind(equal) {
                TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace => depth += 1,
                TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace => depth = depth.saturating_sub(1),
                TokenKind::Comma if depth == 0 => comma = Some(equal),
                TokenKind::Equal if depth == 0 => break,
                TokenKind::Newline | TokenKind::Semi | TokenKind::EndOfFile => return None,
                _ => {}
            }
            equal += 1;
        }
        let first = comma? + 1;
        let right = self.operand_end(equal + 1);
        if first >= equal || matches!(self.kind(right + 1), TokenKind::Equal | TokenKind::ColonEqual) {
            return None;
        }
        let item = self.span_of(first).to(self.span_of(equal - 1));
        if first + 1 == equal && self.kind(first) == TokenKind::Name {
            let at = item.to(self.span_of(right));
            return Some(Error::new(at, "invalid syntax. Maybe you meant '==' or ':=' instead of '='?"));
        }
        let kind = self.describe(item);
        let excluded = NOT_COMPARED.contains(&kind) || kind == "starred";
        (!excluded && self.is_operand(item))
            .then(|| Error::new(item, format!("cannot assign to {kind} here. Maybe you meant '==' instead of '='?")))
    }

    fn assignment_target(&self) -> Error {
        let kind = self.describe(self.at);
        if let Some(error) = self.last_of_tuple() {
            return error;
        }
        let start = self.index();
        let mut after = self.after();
        let mut first = start;
        while first > 0 && self.kind(first - 1) == TokenKind::Lpar && self.kind(after) == TokenKind::Rpar {
            first -= 1;
            after += 1;
        }
        if kind == "yield expression" && first == start {
            return self.exact("assignment to yield expression not possible");
        }
        let alone = self.statement(start) == first && self.kind(after) == TokenKind::Equal;
        let level = |kind: TokenKind| !matches!(kind, TokenKind::Newline | TokenKind::Semi | TokenKind::EndOfFile);
        let again = self.tokens[(after + 1).min(self.tokens.len())..]
            .iter()
            .take_while(|t| level(t.kind()))
            .any(|t| t.kind() == TokenKind::Equal);
        let operand = first < start || self.is_operand(self.at);
        let excluded = NOT_COMPARED.contains(&kind);
        if alone && !again && operand && !excluded {
            return self.exact(&format!("cannot assign to {kind} here. Maybe you meant '==' instead of '='?"));
        }
        self.exact(&format!("cannot assign to {kind}"))
    }

    /// Errors that the parser gives as text.
    fn other(&self, text: &str) -> Error {
        if let Some(what) = text.strip_prefix("Expected an indented block after ") {
            return self.missing_block(what);
        }
        match text {
            "Expected `except` or `finally` after `try` block" => {
                Error::new(self.token(), "expected 'except' or 'finally' block")
            }
            "Expected a parameter name" => self.keyword_name(),
            "Only one '*' parameter allowed" => self.exact("* argument may appear only once"),
            "Only one '/' separator allowed" => self.exact("/ may appear only once"),
            "Position-only parameter separator not allowed as first parameter"
                if self.kind(self.index().saturating_sub(1)) == TokenKind::Comma =>
            {
                self.exact("/ must be ahead of *")
            }
            "Positional patterns cannot follow keyword patterns" => {
                self.exact("positional patterns follow keyword patterns")
            }
            "Cannot have both 'except' and 'except*' on the same 'try'" => {
                Error::new(self.token(), "cannot have both 'except' and 'except*' on the same 'try'")
            }
            "Bytes literal cannot be mixed with non-bytes literals" => {
                let mut last = self.index();
                while self.kind(last + 1) == TokenKind::String {
                    last += 1;
                }
                let at = self.span_of(self.index()).to(self.span_of(last));
                Error::new(at, "cannot mix bytes and nonbytes literals")
            }
            "Only single target (not tuple) can be annotated" => {
                self.exact("only single target (not tuple) can be annotated")
            }
            "Only single target (not list) can be annotated" => {
                self.exact("only single target (not list) can be annotated")
            }
            "Trailing comma not allowed" => {
                let next = self.after();
                let mut error = self.generic_at(next);
                if self.kind(self.statement(self.index())) == TokenKind::From {
                    error.message = "trailing comma not allowed without surrounding parentheses".into();
                }
                error
            }
            "Star import must be the only import" => {
                self.generic_at(self.index() + usize::from(self.kind(self.index()) == TokenKind::Star))
            }
            "Expected a statement" => self.after_statement(),
            _ if text.starts_with("Multiple exception types must be parenthesized") => {
                self.exact("multiple exception types must be parenthesized when using 'as'")
            }
            _ => self.generic(),
        }
    }

    /// Something that no statement goes on with.
    fn after_statement(&self) -> Error {
        let index = self.index();
        let start = self.statement(index);
        let word = self.text(self.token());
        if index > start + 1 && word.len() > 1 && word.ends_with('=') && word != ":=" {
            let at = self.span_of(start).to(self.span_of(index - 1));
            if self.describe(at) == "tuple" {
                return Error::new(at, "'tuple' is an illegal expression for augmented assignment");
            }
        }
        self.generic()
    }

    fn missing_block(&self, what: &str) -> Error {
        let index = self.index();
        let colon = self.tokens[..index].iter().rposition(|t| t.kind() == TokenKind::Colon).unwrap_or(0);
        let header = self.statement(colon);
        let line = self.line(self.span_of(header).start);
        let what = match what {
            _ if what.contains("function") => "function definition".to_owned(),
            _ if what.contains("class") => "class definition".to_owned(),
            _ => {
                let word = what.split('`').nth(1).unwrap_or(what);
                format!("'{word}' statement")
            }
        };
        let message = format!("expected an indented block after {what} on line {line}");
        if self.kind(index) == TokenKind::Newline && self.kind(index + 1) == TokenKind::Dedent {
            let next =
                (index..self.tokens.len()).find(|&i| !matches!(self.kind(i), TokenKind::Newline | TokenKind::Dedent));
            let next = next.filter(|&i| self.kind(i) != TokenKind::EndOfFile);
            // The place is that of the token that ends the outer block: a line, and no column.
            return match next {
                Some(next) => Error::of("IndentationError", self.span_of(next), message).whole_line(),
                None => Error::of("IndentationError", self.token(), message),
            };
        }
        Error::of("IndentationError", self.token(), message)
    }

    /// `f(a.b=1)`
    fn keyword_name(&self) -> Error {
        let start = self.index();
        let equal = (start..self.tokens.len()).find(|&i| self.kind(i) == TokenKind::Equal).unwrap_or(start);
        let at = self.span_of(start).to(self.span_of(equal));
        let word = self.text(self.at);
        if matches!(word, "True" | "False" | "None") {
            return Error::new(at, format!("cannot assign to {word}"));
        }
        Error::new(at, "expression cannot contain assignment, perhaps you meant \"==\"?")
    }
}
