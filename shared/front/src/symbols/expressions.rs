//! The part of the walk that visits expressions and targets.

use super::ScopeKind;
use super::collect::Collector;
use crate::ast::{Comp, CompKind, Expr, ExprKind, Ident, Name, Part, Span};
use crate::error::{Result, fail};
use crate::lower::MODULE;

impl Collector<'_> {
    pub(super) fn targets(&mut self, targets: &[Expr]) -> Result<()> {
        targets.iter().try_for_each(|t| self.target(t))
    }

    pub(super) fn target(&mut self, target: &Expr) -> Result<()> {
        match &target.kind {
            ExprKind::Name(name) => {
                self.assign(*name);
                Ok(())
            }
            ExprKind::Tuple(items) | ExprKind::List(items) => self.targets(items),
            ExprKind::Starred(inner) => self.target(inner),
            ExprKind::Attr(value, attr) => {
                if matches!(value.kind, ExprKind::Name(name) if name == self.known.self_) {
                    self.static_attribute(attr.name);
                }
                self.expr(value)
            }
            _ => self.expr(target),
        }
    }

    /// Notes an assignment to `self.name` in the class around.
    pub(super) fn static_attribute(&mut self, name: Name) {
        let mut id = self.current;
        while id != MODULE {
            let scope = &mut self.scopes[id.0 as usize];
            if scope.kind == ScopeKind::Class {
                if !scope.static_attributes.contains(&name) {
                    scope.static_attributes.push(name);
                }
                return;
            }
            id = scope.parent;
        }
    }

    pub(super) fn optional(&mut self, expr: Option<&Expr>) -> Result<()> {
        expr.map_or(Ok(()), |e| self.expr(e))
    }

    pub(super) fn exprs(&mut self, exprs: &[Expr]) -> Result<()> {
        exprs.iter().try_for_each(|e| self.expr(e))
    }

    pub(super) fn expr(&mut self, expr: &Expr) -> Result<()> {
        match &expr.kind {
            ExprKind::Const(_) => Ok(()),
            ExprKind::Name(name) => {
                self.read(*name);
                Ok(())
            }
            ExprKind::Attr(value, _) | ExprKind::Unary(_, value) | ExprKind::Starred(value) => self.expr(value),
            ExprKind::Subscript(left, right) | ExprKind::Binary(left, _, right) => {
                self.expr(left)?;
                self.expr(right)
            }
            ExprKind::Slice(parts) => parts.iter().try_for_each(|p| self.optional(p.as_ref())),
            ExprKind::Bool(_, items) | ExprKind::Tuple(items) | ExprKind::List(items) | ExprKind::Set(items) => {
                self.exprs(items)
            }
            ExprKind::Compare(left, rest) => {
                self.expr(left)?;
                rest.iter().try_for_each(|(_, e)| self.expr(e))
            }
            ExprKind::IfElse(e) => {
                self.expr(&e.test)?;
                self.expr(&e.body)?;
                self.expr(&e.orelse)
            }
            ExprKind::Named(ident, value) => {
                self.expr(value)?;
                self.named(*ident)
            }
            ExprKind::Call(call) => {
                self.expr(&call.func)?;
                self.exprs(&call.args)?;
                call.keywords.iter().try_for_each(|k| self.expr(&k.value))
            }
            ExprKind::Lambda(function) => {
                let asynchronous = self.asynchronous;
                self.function(function)?;
                self.asynchronous = asynchronous;
                Ok(())
            }
            ExprKind::Dict(items) => items.iter().try_for_each(|(key, value)| {
                self.optional(key.as_ref())?;
                self.expr(value)
            }),
            ExprKind::Comp(comp) => self.comp(comp, expr.span),
            ExprKind::Joined(parts) | ExprKind::Template(parts) => self.parts(parts),
            ExprKind::Await(value) => {
                self.check_await(expr.span)?;
                self.expr(value)
            }
            ExprKind::Yield(value) => {
                self.check_yield(expr.span, "yield")?;
                self.optional(value.as_deref())
            }
            ExprKind::YieldFrom(value) => {
                self.check_yield(expr.span, "yield from")?;
                self.expr(value)
            }
        }
    }

    pub(super) fn parts(&mut self, parts: &[Part]) -> Result<()> {
        for part in parts {
            if let Part::Value(part) = part {
                self.expr(&part.value)?;
                self.parts(part.spec.as_deref().unwrap_or_default())?;
            }
        }
        Ok(())
    }

    pub(super) fn comp(&mut self, comp: &Comp, span: Span) -> Result<()> {
        let kind = if comp.kind == CompKind::Generator { ScopeKind::Generator } else { ScopeKind::Comp };
        if comp.clauses.iter().any(|c| c.is_async) && !self.asynchronous && kind != ScopeKind::Generator {
            return fail(span, "asynchronous comprehension outside of an asynchronous function");
        }
        self.iterables += 1;
        self.expr(&comp.clauses[0].iter)?;
        self.iterables -= 1;
        let iterables = std::mem::take(&mut self.iterables);
        self.inside(comp.scope, kind, |c| {
            if kind == ScopeKind::Generator {
                c.scope().generator = true;
                let first = c.known.first_iter;
                c.uses(first).param = true;
            }
            if comp.clauses.iter().any(|clause| clause.is_async) {
                c.mark_asynchronous();
            }
            for (i, clause) in comp.clauses.iter().enumerate() {
                if i > 0 {
                    c.iterables += 1;
                    c.expr(&clause.iter)?;
                    c.iterables -= 1;
                }
                c.target(&clause.target)?;
                c.mark_iteration(&clause.target);
                c.exprs(&clause.ifs)?;
            }
            c.expr(&comp.element)?;
            c.optional(comp.value.as_ref())
        })?;
        self.iterables = iterables;
        Ok(())
    }

    /// A generator expression around the place at hand awaits.
    fn mark_asynchronous(&mut self) {
        let mut id = self.current;
        while self.at(id).kind == ScopeKind::Comp {
            id = self.at(id).parent;
        }
        self.scopes[id.0 as usize].asynchronous = true;
    }

    pub(super) fn mark_iteration(&mut self, target: &Expr) {
        match &target.kind {
            ExprKind::Name(name) => self.uses(*name).iteration = true,
            ExprKind::Tuple(items) | ExprKind::List(items) => items.iter().for_each(|t| self.mark_iteration(t)),
            ExprKind::Starred(inner) => self.mark_iteration(inner),
            _ => {}
        }
    }

    /// `:=` binds in the nearest scope that is no comprehension.
    pub(super) fn named(&mut self, ident: Ident) -> Result<()> {
        let span = ident.span;
        if self.iterables > 0 {
            return fail(span, "assignment expression cannot be used in a comprehension iterable expression");
        }
        let mut path = Vec::new();
        let mut id = self.current;
        while matches!(self.at(id).kind, ScopeKind::Comp | ScopeKind::Generator) {
            if self.at(id).symbols.get(&ident.name).is_some_and(|uses| uses.iteration) {
                let text = self.names.text(ident.name);
                let message = format!("assignment expression cannot rebind comprehension iteration variable '{text}'");
                return fail(span, message);
            }
            path.push(id);
            id = self.at(id).parent;
        }
        let kind = self.at(id).kind;
        if kind == ScopeKind::Class && !path.is_empty() {
            return fail(span, "assignment expression within a comprehension cannot be used in a class body");
        }
        let outer = self.uses_in(id, ident.name);
        outer.assigned = true;
        let global = kind == ScopeKind::Module || outer.global;
        for id in path {
            let uses = self.uses_in(id, ident.name);
            uses.assigned = true;
            uses.global |= global;
            uses.nonlocal |= !global;
        }
        Ok(())
    }

    pub(super) fn check_yield(&mut self, span: Span, word: &str) -> Result<()> {
        let asynchronous = self.asynchronous;
        let scope = self.scope();
        match scope.kind {
            ScopeKind::Function => {}
            ScopeKind::Comp => return fail(span, "'yield' inside list comprehension"),
            ScopeKind::Generator => return fail(span, "'yield' inside generator expression"),
            ScopeKind::Annotate => return fail(span, "yield expression cannot be used within an annotation"),
            ScopeKind::TypeParams => {
                return fail(span, "yield expression cannot be used within the definition of a generic");
            }
            _ => return fail(span, format!("'{word}' outside function")),
        }
        if asynchronous && word == "yield from" {
            return fail(span, "'yield from' inside async function");
        }
        scope.generator = true;
        Ok(())
    }

    pub(super) fn check_await(&mut self, span: Span) -> Result<()> {
        let asynchronous = self.asynchronous;
        match self.scope().kind {
            ScopeKind::Module | ScopeKind::Class => fail(span, "'await' outside function"),
            ScopeKind::Annotate => fail(span, "await expression cannot be used within an annotation"),
            _ if !asynchronous => fail(span, "'await' outside async function"),
            _ => {
                self.mark_asynchronous();
                Ok(())
            }
        }
    }
}
