//! What CPython's compiler warns of: jumps out of `finally`, comparisons and calls of literals that cannot be meant,
//! assertions that always hold, escapes that are none.

use ruff_python_ast as ruff;
use ruff_python_ast::visitor::{Visitor, walk_expr, walk_stmt};
use ruff_text_size::Ranged;

use super::span;
use crate::ast::Span;
use crate::error::Error;

/// The warnings about a text, as the errors that they become under `-W error`, in CPython's order: what the parser
/// finds, what the check of `finally` finds, the rest.
pub(super) fn warnings(source: &str, syntax: &ruff::Mod) -> Vec<Error> {
    let mut finder = Finder { source, found: Vec::new(), flow: Flow::default() };
    match syntax {
        ruff::Mod::Module(module) => finder.visit_body(&module.body),
        ruff::Mod::Expression(expression) => finder.visit_expr(&expression.body),
    }
    finder.found.sort_by_key(|(pass, _)| *pass);
    finder.found.into_iter().map(|(_, error)| error).collect()
}

/// Passes of CPython's compiler that warn.
#[derive(PartialEq, Eq, PartialOrd, Ord, Clone, Copy)]
enum Pass {
    Parse,
    Finally,
    Generate,
}

/// What jumps would leave.
#[derive(Clone, Copy, Default)]
struct Flow {
    in_finally: bool,
    /// In a loop that the `finally` block holds.
    in_loop: bool,
}

struct Finder<'a> {
    source: &'a str,
    found: Vec<(Pass, Error)>,
    flow: Flow,
}

impl<'a> Visitor<'a> for Finder<'a> {
    fn visit_stmt(&mut self, stmt: &'a ruff::Stmt) {
        use ruff::Stmt as S;
        let outer = self.flow;
        match stmt {
            S::FunctionDef(_) => {
                self.flow = Flow::default();
                walk_stmt(self, stmt);
            }
            S::For(s) => {
                self.visit_expr(&s.iter);
                self.visit_expr(&s.target);
                self.loop_body(&s.body, &s.orelse);
            }
            S::While(s) => {
                self.visit_expr(&s.test);
                self.loop_body(&s.body, &s.orelse);
            }
            S::Try(s) => {
                self.visit_body(&s.body);
                s.handlers.iter().for_each(|handler| self.visit_except_handler(handler));
                self.visit_body(&s.orelse);
                self.flow = Flow { in_finally: true, in_loop: false };
                self.visit_body(&s.finalbody);
            }
            S::Return(_) => {
                self.jump(stmt, "return", outer.in_finally);
                walk_stmt(self, stmt);
            }
            S::Break(_) => self.jump(stmt, "break", outer.in_finally && !outer.in_loop),
            S::Continue(_) => self.jump(stmt, "continue", outer.in_finally && !outer.in_loop),
            S::Assert(s) => {
                if matches!(&*s.test, ruff::Expr::Tuple(tuple) if !tuple.elts.is_empty()) {
                    self.warn(stmt.range(), "assertion is always true, perhaps remove parentheses?");
                }
                walk_stmt(self, stmt);
            }
            _ => walk_stmt(self, stmt),
        }
        self.flow = outer;
    }

    fn visit_expr(&mut self, expr: &'a ruff::Expr) {
        use ruff::Expr as E;
        match expr {
            E::Compare(e) => self.comparison(e),
            E::Call(e) if displays(&e.func) || constant(&e.func) => {
                let kind = kind(&e.func).unwrap_or("object");
                self.warn(expr.range(), format!("'{kind}' object is not callable; perhaps you missed a comma?"));
            }
            E::Subscript(e) => self.subscript(e),
            E::StringLiteral(e) => e.value.iter().for_each(|part| self.literal(part)),
            E::BytesLiteral(e) => {
                for part in e.value.iter().filter(|part| !part.flags.prefix().is_raw()) {
                    self.escapes(span(part.range), span(part.range), true);
                }
            }
            E::FString(e) => {
                for part in &e.value {
                    match part {
                        ruff::FStringPart::Literal(part) => self.literal(part),
                        ruff::FStringPart::FString(part) => self.elements(&part.elements, part.flags.prefix().is_raw()),
                    }
                }
            }
            E::TString(e) => {
                e.value.iter().for_each(|part| self.elements(&part.elements, part.flags.prefix().is_raw()));
            }
            _ => {}
        }
        walk_expr(self, expr);
    }
}

impl<'a> Finder<'a> {
    fn warn(&mut self, range: ruff_text_size::TextRange, message: impl Into<String>) {
        self.found.push((Pass::Generate, Error::new(span(range), message)));
    }

    fn loop_body(&mut self, body: &'a [ruff::Stmt], orelse: &'a [ruff::Stmt]) {
        let outer = self.flow;
        self.flow.in_loop = true;
        self.visit_body(body);
        self.flow = outer;
        self.visit_body(orelse);
    }

    fn jump(&mut self, stmt: &ruff::Stmt, word: &str, leaves: bool) {
        if leaves {
            let message = format!("'{word}' in a 'finally' block");
            self.found.push((Pass::Finally, Error::new(span(stmt.range()), message)));
        }
    }

    /// `x is 1`: the first such pair.
    fn comparison(&mut self, e: &ruff::ExprCompare) {
        let mut left = &*e.left;
        for (op, right) in e.ops.iter().zip(&e.comparators) {
            let (word, meant) = match op {
                ruff::CmpOp::Is => ("is", "=="),
                ruff::CmpOp::IsNot => ("is not", "!="),
                _ => ("", ""),
            };
            let literal = [left, right].into_iter().find(|e| constant(e) && !singleton(e));
            if let Some(literal) = literal.filter(|_| !word.is_empty()) {
                let kind = kind(literal).unwrap_or("object");
                let message = format!("\"{word}\" with '{kind}' literal. Did you mean \"{meant}\"?");
                return self.warn(e.range, message);
            }
            left = right;
        }
    }

    fn subscript(&mut self, e: &ruff::ExprSubscript) {
        use ruff::Expr as E;
        let number = matches!(&*e.value, E::NumberLiteral(_)) || singleton(&e.value);
        if number || matches!(&*e.value, E::Set(_) | E::SetComp(_) | E::Generator(_) | E::Lambda(_) | E::TString(_)) {
            let kind = kind(&e.value).unwrap_or("object");
            let message = format!("'{kind}' object is not subscriptable; perhaps you missed a comma?");
            return self.warn(e.range, message);
        }
        let indexed = matches!(&*e.value, E::Tuple(_) | E::List(_) | E::ListComp(_) | E::FString(_));
        if let (true, Some(index)) = (indexed, kind(&e.slice).filter(|kind| !matches!(*kind, "int" | "bool"))) {
            let kind = kind(&e.value).unwrap_or("object");
            let message =
                format!("{kind} indices must be integers or slices, not {index}; perhaps you missed a comma?");
            self.warn(e.range, message);
        }
    }

    fn literal(&mut self, part: &ruff::StringLiteral) {
        if !part.flags.prefix().is_raw() {
            self.escapes(span(part.content_range()), span(part.range), false);
        }
    }

    fn elements(&mut self, elements: &ruff::InterpolatedStringElements, raw: bool) {
        for element in elements {
            match element {
                ruff::InterpolatedStringElement::Literal(literal) if !raw => {
                    self.escapes(span(literal.range), span(literal.range), false)
                }
                ruff::InterpolatedStringElement::Literal(_) => {}
                ruff::InterpolatedStringElement::Interpolation(element) => {
                    if let Some(spec) = &element.format_spec {
                        self.elements(&spec.elements, raw);
                    }
                }
            }
        }
    }

    /// The first escape sequence of a literal that is none; `at` is where its text stands.
    fn escapes(&mut self, at: Span, token: Span, bytes: bool) {
        let body = &self.source.as_bytes()[at.start as usize..];
        let end = (at.end - at.start) as usize;
        let mut i = 0;
        while let Some(next) = body[i.min(end)..end].iter().position(|&b| b == b'\\') {
            i += next;
            let what = match body.get(i + 1).copied().unwrap_or(0) {
                b'0'..=b'7' => {
                    let digits = body[i + 1..].iter().take(3).take_while(|b| matches!(b, b'0'..=b'7')).count();
                    if digits < 3 || body[i + 1] < b'4' {
                        i += 2;
                        continue;
                    }
                    "octal "
                }
                b'\n' | b'\r' | b'\\' | b'\'' | b'"' | b'a' | b'b' | b'f' | b'n' | b'r' | b't' | b'v' | b'x' => {
                    i += 2;
                    continue;
                }
                b'N' | b'u' | b'U' if !bytes => {
                    i += 2;
                    continue;
                }
                _ => "",
            };
            let start = at.start as usize + i;
            let rest = &self.source[start + 1..];
            let shown = if what.is_empty() { rest.chars().next().map_or(0, char::len_utf8) } else { 3 };
            let sequence = &rest[..shown];
            let message = format!(
                "\"\\{sequence}\" is an invalid {what}escape sequence. Such sequences will not work in the future. \
                 Did you mean \"\\\\{sequence}\"? A raw string is also an option."
            );
            // As an error it marks the literal, when that is on one line.
            let whole = &self.source[token.start as usize..token.end as usize];
            let here = Span { start: start as u32, end: (start + 1 + shown) as u32 };
            let place = if whole.contains('\n') { here } else { token };
            return self.found.push((Pass::Parse, Error::new(place, message)));
        }
    }
}

/// A display or comprehension, which nobody can call.
fn displays(expr: &ruff::Expr) -> bool {
    use ruff::Expr as E;
    matches!(
        expr,
        E::Tuple(_)
            | E::List(_)
            | E::ListComp(_)
            | E::Dict(_)
            | E::DictComp(_)
            | E::Set(_)
            | E::SetComp(_)
            | E::Generator(_)
            | E::FString(_)
            | E::TString(_)
    )
}

fn constant(expr: &ruff::Expr) -> bool {
    expr.is_literal_expr()
}

/// `None`, `True`, `False`, `...`: there is one of each.
fn singleton(expr: &ruff::Expr) -> bool {
    use ruff::Expr as E;
    matches!(expr, E::NoneLiteral(_) | E::BooleanLiteral(_) | E::EllipsisLiteral(_))
}

/// The name of the class that an expression's value is sure to have.
fn kind(expr: &ruff::Expr) -> Option<&'static str> {
    use ruff::Expr as E;
    Some(match expr {
        E::Tuple(_) => "tuple",
        E::List(_) | E::ListComp(_) => "list",
        E::Dict(_) | E::DictComp(_) => "dict",
        E::Set(_) | E::SetComp(_) => "set",
        E::Generator(_) => "generator",
        E::Lambda(_) => "function",
        E::FString(_) | E::StringLiteral(_) => "str",
        E::TString(_) => "string.templatelib.Template",
        E::BytesLiteral(_) => "bytes",
        E::NoneLiteral(_) => "NoneType",
        E::BooleanLiteral(_) => "bool",
        E::EllipsisLiteral(_) => "ellipsis",
        E::NumberLiteral(e) => match e.value {
            ruff::Number::Int(_) => "int",
            ruff::Number::Float(_) => "float",
            ruff::Number::Complex { .. } => "complex",
        },
        _ => return None,
    })
}
