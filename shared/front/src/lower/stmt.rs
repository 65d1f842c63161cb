//! Statements.

use ruff_python_ast as ruff;
use ruff_text_size::Ranged;

use super::expr::bin_op;
use super::{Lower, span};
use crate::ast::{
    Alias, AnnAssign, Annotation, Body, Case, Class, Except, Expr, For, Function, Ident, ImportFrom, Param, Params,
    Span, Stmt, StmtKind, Try, TypeAlias, TypeParam, TypeParamKind, TypeParams, While, With,
};
use crate::code::Const;
use crate::error::{Result, fail, unsupported};

/// What `from __future__ import …` knows.
const FEATURES: [&str; 10] = [
    "nested_scopes",
    "generators",
    "division",
    "absolute_import",
    "with_statement",
    "print_function",
    "unicode_literals",
    "barry_as_FLUFL",
    "generator_stop",
    "annotations",
];

impl Lower<'_> {
    pub(super) fn block(&mut self, body: &[ruff::Stmt]) -> Result<Vec<Stmt>> {
        body.iter().map(|s| self.stmt(s)).collect()
    }

    /// A block whose first statement may be a docstring.
    pub(super) fn documented(&mut self, body: &[ruff::Stmt]) -> Result<(Vec<Stmt>, Option<Const>)> {
        match self.docstring(body) {
            Some(_) if self.optimize >= 2 => Ok((self.block(&body[1..])?, None)),
            Some(doc) => Ok((self.block(&body[1..])?, Some(doc))),
            None => Ok((self.block(body)?, None)),
        }
    }

    /// Checks the `__future__` imports and returns whether annotations are to stay text.
    pub(super) fn future_imports(&mut self, body: &[ruff::Stmt]) -> Result<bool> {
        let mut annotations = false;
        let start = usize::from(self.docstring(body).is_some());
        let mut early = true;
        for statement in &body[start.min(body.len())..] {
            let ruff::Stmt::ImportFrom(import) = statement else {
                early = false;
                continue;
            };
            if import.level != 0 || import.module.as_ref().is_none_or(|m| m.as_str() != "__future__") {
                early = false;
                continue;
            }
            if !early {
                let message = "from __future__ imports must occur at the beginning of the file";
                return fail(span(import.range), message);
            }
            for alias in &import.names {
                let name = alias.name.as_str();
                match name {
                    "annotations" => annotations = true,
                    "braces" => return fail(span(import.range), "not a chance"),
                    _ if FEATURES.contains(&name) => {}
                    _ => {
                        // CPython gives the statement's start and no end.
                        let start = span(import.range).start;
                        return fail(Span { start, end: 0 }, format!("future feature {name} is not defined"));
                    }
                }
            }
        }
        Ok(annotations)
    }

    fn stmt(&mut self, stmt: &ruff::Stmt) -> Result<Stmt> {
        Ok(Stmt { span: span(stmt.range()), kind: self.stmt_kind(stmt)? })
    }

    fn stmt_kind(&mut self, stmt: &ruff::Stmt) -> Result<StmtKind> {
        use ruff::Stmt as S;
        Ok(match stmt {
            S::Expr(s) => StmtKind::Expr(self.expr(&s.value)?),
            S::Assign(s) => {
                let value = self.expr(&s.value)?;
                let targets = s.targets.iter().map(|t| self.assigned(t)).collect::<Result<_>>()?;
                StmtKind::Assign(targets, value)
            }
            S::AugAssign(s) => {
                let target = self.target(&s.target)?;
                StmtKind::AugAssign(target, bin_op(s.op), self.expr(&s.value)?)
            }
            S::AnnAssign(s) => StmtKind::AnnAssign(Box::new(AnnAssign {
                target: self.target(&s.target)?,
                annotation: self.annotation(&s.annotation)?,
                value: self.optional(s.value.as_deref())?,
                simple: s.simple && s.target.is_name_expr(),
            })),
            S::Delete(s) => StmtKind::Delete(self.deleted(&s.targets)?),
            S::Return(s) => StmtKind::Return(self.optional(s.value.as_deref())?),
            S::Raise(s) => StmtKind::Raise(self.optional(s.exc.as_deref())?, self.optional(s.cause.as_deref())?),
            S::Assert(s) => StmtKind::Assert(self.expr(&s.test)?, self.optional(s.msg.as_deref())?),
            S::FunctionDef(s) => StmtKind::FunctionDef(Box::new(self.function(s)?)),
            S::ClassDef(s) => StmtKind::ClassDef(Box::new(self.class(s)?)),
            S::Import(s) => StmtKind::Import(s.names.iter().map(|a| self.import_alias(a)).collect::<Result<_>>()?),
            S::ImportFrom(s) => self.import_from(s)?,
            S::Global(s) => StmtKind::Global(s.names.iter().map(|n| self.ident(n)).collect()),
            S::Nonlocal(s) => StmtKind::Nonlocal(s.names.iter().map(|n| self.ident(n)).collect()),
            S::Pass(_) => StmtKind::Pass,
            S::Break(_) => StmtKind::Break,
            S::Continue(_) => StmtKind::Continue,
            S::TypeAlias(s) => self.type_alias(s)?,
            S::IpyEscapeCommand(_) => return fail(span(stmt.range()), "invalid syntax"),
            _ => self.compound(stmt)?,
        })
    }

    /// Statements that hold blocks, apart from definitions.
    fn compound(&mut self, stmt: &ruff::Stmt) -> Result<StmtKind> {
        use ruff::Stmt as S;
        Ok(match stmt {
            S::If(s) => {
                let mut arms = vec![(self.expr(&s.test)?, self.block(&s.body)?)];
                let mut orelse = Vec::new();
                for clause in &s.elif_else_clauses {
                    match &clause.test {
                        Some(test) => arms.push((self.expr(test)?, self.block(&clause.body)?)),
                        None => orelse = self.block(&clause.body)?,
                    }
                }
                StmtKind::If(arms, orelse)
            }
            S::While(s) => StmtKind::While(Box::new(While {
                test: self.expr(&s.test)?,
                body: self.block(&s.body)?,
                orelse: self.block(&s.orelse)?,
            })),
            S::For(s) => StmtKind::For(Box::new(For {
                iter: self.expr(&s.iter)?,
                target: self.assigned(&s.target)?,
                body: self.block(&s.body)?,
                orelse: self.block(&s.orelse)?,
                is_async: s.is_async,
            })),
            S::With(s) => {
                let mut items = Vec::with_capacity(s.items.len());
                for item in &s.items {
                    let target = item.optional_vars.as_deref().map(|t| self.assigned(t)).transpose()?;
                    items.push((self.expr(&item.context_expr)?, target));
                }
                StmtKind::With(With { items, body: self.block(&s.body)?, is_async: s.is_async })
            }
            S::Try(s) => StmtKind::Try(Box::new(self.try_stmt(s)?)),
            S::Match(s) => {
                let subject = self.expr(&s.subject)?;
                let mut cases = Vec::with_capacity(s.cases.len());
                for case in &s.cases {
                    let pattern = self.pattern(&case.pattern)?;
                    let guard = self.optional(case.guard.as_deref())?;
                    cases.push(Case { pattern, guard, body: self.block(&case.body)? });
                }
                StmtKind::Match(subject, cases)
            }
            _ => return fail(span(stmt.range()), "invalid syntax"),
        })
    }

    /// The target of an assignment, a `for` or a `with`: a star needs a list or tuple around it.
    fn assigned(&mut self, expr: &ruff::Expr) -> Result<Expr> {
        if expr.is_starred_expr() {
            return fail(span(expr.range()), "starred assignment target must be in a list or tuple");
        }
        self.target(expr)
    }

    fn deleted(&mut self, targets: &[ruff::Expr]) -> Result<Vec<Expr>> {
        let lower = |target: &ruff::Expr| match target {
            ruff::Expr::Name(name) if name.id.as_str() == "__debug__" => {
                fail(span(name.range), "cannot delete __debug__")
            }
            ruff::Expr::Starred(_) => fail(span(target.range()), "cannot delete starred"),
            _ => self.target(target),
        };
        targets.iter().map(lower).collect()
    }

    fn try_stmt(&mut self, s: &ruff::StmtTry) -> Result<Try> {
        if s.is_star {
            return unsupported(span(s.range), "except*");
        }
        let body = self.block(&s.body)?;
        let mut handlers = Vec::with_capacity(s.handlers.len());
        for (i, handler) in s.handlers.iter().enumerate() {
            let ruff::ExceptHandler::ExceptHandler(h) = handler;
            if h.type_.is_none() && i + 1 < s.handlers.len() {
                return fail(span(h.range), "default 'except:' must be last");
            }
            let class = self.optional(h.type_.as_deref())?;
            if let Some(name) = &h.name {
                self.check_binding(name.as_str(), span(name.range()))?;
            }
            let name = h.name.as_ref().map(|n| self.ident(n));
            handlers.push(Except { span: span(h.range), class, name, body: self.block(&h.body)? });
        }
        Ok(Try { body, handlers, orelse: self.block(&s.orelse)?, finally: self.block(&s.finalbody)? })
    }

    fn annotation(&mut self, expr: &ruff::Expr) -> Result<Annotation> {
        let at = span(expr.range());
        let expr = self.expr(expr)?;
        let text = if self.future_annotations {
            let source = || self.text(at).split_whitespace().collect::<Vec<_>>().join(" ");
            super::unparse::unparse(&expr, &self.names).unwrap_or_else(source)
        } else {
            String::new()
        };
        Ok(Annotation { expr, text: Const::Str(text.into()) })
    }

    fn function(&mut self, s: &ruff::StmtFunctionDef) -> Result<Function> {
        self.check_binding(s.name.as_str(), span(s.range))?;
        let decorators = s.decorator_list.iter().map(|d| self.expr(&d.expression)).collect::<Result<Vec<Expr>>>()?;
        let type_params = self.type_params(s.type_params.as_deref())?;
        let (scope, annotate) = (self.scope(), self.scope());
        let params = self.parameters(&s.parameters)?;
        let returns = s.returns.as_deref().map(|r| self.annotation(r)).transpose()?;
        let name = self.ident(&s.name);
        let (body, docstring) = self.documented(&s.body)?;
        let body = Body::Block(body);
        let at = span(s.range);
        Ok(Function {
            scope,
            annotate,
            span: at,
            name,
            title: self.names.intern(s.name.as_str()),
            decorators,
            type_params,
            params,
            returns,
            body,
            is_async: s.is_async,
            docstring,
        })
    }

    pub(super) fn parameters(&mut self, p: &ruff::Parameters) -> Result<Params> {
        let mut params = Params { posonly: p.posonlyargs.len(), ..Params::default() };
        for param in p.posonlyargs.iter().chain(&p.args) {
            let lowered = self.param(&param.parameter, param.default.as_deref())?;
            params.positional.push(lowered);
        }
        params.vararg = p.vararg.as_deref().map(|v| self.param(v, None)).transpose()?;
        for param in &p.kwonlyargs {
            let lowered = self.param(&param.parameter, param.default.as_deref())?;
            params.kwonly.push(lowered);
        }
        params.kwarg = p.kwarg.as_deref().map(|v| self.param(v, None)).transpose()?;
        Ok(params)
    }

    fn param(&mut self, p: &ruff::Parameter, default: Option<&ruff::Expr>) -> Result<Param> {
        self.check_binding(p.name.as_str(), span(p.name.range()))?;
        Ok(Param {
            ident: self.ident(&p.name),
            annotation: p.annotation.as_deref().map(|a| self.annotation(a)).transpose()?,
            default: self.optional(default)?,
        })
    }

    fn class(&mut self, s: &ruff::StmtClassDef) -> Result<Class> {
        self.check_binding(s.name.as_str(), span(s.range))?;
        let decorators = s.decorator_list.iter().map(|d| self.expr(&d.expression)).collect::<Result<Vec<Expr>>>()?;
        let type_params = self.type_params(s.type_params.as_deref())?;
        let (bases, keywords) = match &s.arguments {
            Some(arguments) => self.arguments(arguments)?,
            None => (Vec::new(), Vec::new()),
        };
        let (scope, annotate) = (self.scope(), self.scope());
        let name = self.ident(&s.name);
        self.classes.push(s.name.as_str().to_owned());
        let (body, docstring) = self.documented(&s.body)?;
        self.classes.pop();
        let title = self.names.intern(s.name.as_str());
        Ok(Class {
            scope,
            annotate,
            span: span(s.range),
            name,
            title,
            decorators,
            type_params,
            bases,
            keywords,
            body,
            docstring,
        })
    }

    fn type_params(&mut self, list: Option<&ruff::TypeParams>) -> Result<Option<TypeParams>> {
        let Some(list) = list else { return Ok(None) };
        let scope = self.scope();
        let mut params: Vec<TypeParam> = Vec::new();
        for param in &list.type_params {
            let (name, kind, bound, default) = match param {
                ruff::TypeParam::TypeVar(p) => (&p.name, TypeParamKind::TypeVar, p.bound.as_deref(), &p.default),
                ruff::TypeParam::ParamSpec(p) => (&p.name, TypeParamKind::ParamSpec, None, &p.default),
                ruff::TypeParam::TypeVarTuple(p) => (&p.name, TypeParamKind::TypeVarTuple, None, &p.default),
            };
            let ident = self.ident(name);
            if params.iter().any(|p| p.ident.name == ident.name) {
                return fail(ident.span, format!("duplicate type parameter '{}'", name.as_str()));
            }
            let default = self.optional(default.as_deref())?;
            if default.is_none() && params.last().is_some_and(|p| p.default.is_some()) {
                let message = format!("non-default type parameter '{}' follows default type parameter", name.as_str());
                return fail(span(param.range()), message);
            }
            let title = self.names.intern(name.as_str());
            params.push(TypeParam { ident, title, kind, bound: self.optional(bound)?, default });
        }
        Ok(Some(TypeParams { scope, params }))
    }

    fn type_alias(&mut self, s: &ruff::StmtTypeAlias) -> Result<StmtKind> {
        let ruff::Expr::Name(name) = &*s.name else { return fail(span(s.name.range()), "invalid syntax") };
        let ident = Ident { name: self.name(name.id.as_str()), span: span(name.range) };
        let title = self.names.intern(name.id.as_str());
        let type_params = self.type_params(s.type_params.as_deref())?;
        let scope = self.scope();
        let value = self.annotation(&s.value)?;
        Ok(StmtKind::TypeAlias(Box::new(TypeAlias { ident, title, type_params, scope, value })))
    }

    fn import_alias(&mut self, alias: &ruff::Alias) -> Result<Alias> {
        let path = alias.name.as_str();
        let (text, at) = match &alias.asname {
            Some(asname) => (asname.as_str(), asname.range()),
            None => (path.split('.').next().unwrap_or(path), alias.name.range()),
        };
        self.check_binding(text, span(at))?;
        let bound = Ident { name: self.name(text), span: span(at) };
        let path = self.names.intern(path);
        Ok(Alias { path, bound, renamed: alias.asname.is_some() })
    }

    fn import_from(&mut self, s: &ruff::StmtImportFrom) -> Result<StmtKind> {
        let module = self.names.intern(s.module.as_ref().map_or("", |m| m.as_str()));
        let star = matches!(&s.names[..], [only] if only.name.as_str() == "*");
        let names =
            if star { Vec::new() } else { s.names.iter().map(|a| self.import_alias(a)).collect::<Result<_>>()? };
        Ok(StmtKind::ImportFrom(ImportFrom { module, level: s.level, names }))
    }
}
