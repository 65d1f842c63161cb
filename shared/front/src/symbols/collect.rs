//! Walks the tree and notes in each scope which names it binds, reads and declares. Finds the errors that depend on
//! where a statement stands.

use rustc_hash::FxHashMap;

use super::{Scope, ScopeKind, Uses};
use crate::Mode;
use crate::ast::{
    Annotation, Body, Class, Expr, ExprKind, Function, Ident, ImportFrom, Name, Params, Pattern, PatternKind, ScopeId,
    Span, Stmt, StmtKind, Tree, TypeParams,
};
use crate::error::{Result, fail};
use crate::lower::MODULE;
use crate::names::Names;

pub(super) fn collect(tree: &Tree, names: &mut Names, mode: Mode) -> Result<Vec<Scope>> {
    let scopes = (0..tree.scopes).map(|_| scope(ScopeKind::Annotate, MODULE)).collect();
    let known = Known {
        self_: names.intern("self"),
        super_: names.intern("super"),
        class: names.intern("__class__"),
        format: names.intern("format"),
        first_iter: names.intern(".0"),
        defaults: names.intern(".defaults"),
        kwdefaults: names.intern(".kwdefaults"),
    };
    let mut collector = Collector {
        scopes,
        names,
        known,
        current: MODULE,
        annotate: tree.annotate,
        future: tree.future_annotations,
        loops: 0,
        iterables: 0,
        asynchronous: false,
        return_allowed: mode == Mode::Eval,
    };
    collector.scopes[0].kind = ScopeKind::Module;
    collector.begin_annotate(tree.annotate, MODULE);
    collector.block(&tree.body)?;
    Ok(collector.scopes)
}

fn scope(kind: ScopeKind, parent: ScopeId) -> Scope {
    Scope {
        kind,
        parent,
        symbols: FxHashMap::default(),
        order: Vec::new(),
        places: FxHashMap::default(),
        frees: Vec::new(),
        generator: false,
        asynchronous: false,
        class_cell: false,
        dict_cell: false,
        static_attributes: Vec::new(),
        declared: FxHashMap::default(),
    }
}

/// Names that mean something here.
pub(super) struct Known {
    pub(super) self_: Name,
    pub(super) super_: Name,
    pub(super) class: Name,
    pub(super) format: Name,
    pub(super) first_iter: Name,
    pub(super) defaults: Name,
    pub(super) kwdefaults: Name,
}

pub(super) struct Collector<'a> {
    pub(super) scopes: Vec<Scope>,
    pub(super) names: &'a Names,
    pub(super) known: Known,
    pub(super) current: ScopeId,
    /// Scope of the annotations of the class or module at hand.
    pub(super) annotate: ScopeId,
    pub(super) future: bool,
    /// Loops around the statement at hand, in its function.
    pub(super) loops: u32,
    /// Iterables of comprehensions around the expression at hand.
    pub(super) iterables: u32,
    pub(super) asynchronous: bool,
    pub(super) return_allowed: bool,
}

impl Collector<'_> {
    pub(super) fn scope(&mut self) -> &mut Scope {
        &mut self.scopes[self.current.0 as usize]
    }

    pub(super) fn at(&self, id: ScopeId) -> &Scope {
        &self.scopes[id.0 as usize]
    }

    pub(super) fn uses_in(&mut self, id: ScopeId, name: Name) -> &mut Uses {
        let scope = &mut self.scopes[id.0 as usize];
        scope.symbols.entry(name).or_insert_with(|| {
            scope.order.push(name);
            Uses::default()
        })
    }

    pub(super) fn uses(&mut self, name: Name) -> &mut Uses {
        self.uses_in(self.current, name)
    }

    pub(super) fn assign(&mut self, name: Name) {
        self.uses(name).assigned = true;
    }

    pub(super) fn read(&mut self, name: Name) {
        self.uses(name).read = true;
        if name == self.known.super_ && !matches!(self.scope().kind, ScopeKind::Module | ScopeKind::Class) {
            let class = self.known.class;
            self.uses(class).read = true;
        }
    }

    /// Runs `visit` inside scope `id`.
    pub(super) fn inside<T>(
        &mut self,
        id: ScopeId,
        kind: ScopeKind,
        visit: impl FnOnce(&mut Self) -> Result<T>,
    ) -> Result<T> {
        let parent = std::mem::replace(&mut self.current, id);
        self.scopes[id.0 as usize].kind = kind;
        self.scopes[id.0 as usize].parent = parent;
        let result = visit(self);
        self.current = parent;
        result
    }

    fn begin_annotate(&mut self, id: ScopeId, parent: ScopeId) {
        self.scopes[id.0 as usize].parent = parent;
        let format = self.known.format;
        self.uses_in(id, format).param = true;
    }

    fn block(&mut self, body: &[Stmt]) -> Result<()> {
        body.iter().try_for_each(|s| self.stmt(s))
    }

    fn loop_block(&mut self, body: &[Stmt]) -> Result<()> {
        self.loops += 1;
        let result = self.block(body);
        // An error inside a nested scope leaves its own count behind.
        self.loops = self.loops.saturating_sub(1);
        result
    }

    fn stmt(&mut self, stmt: &Stmt) -> Result<()> {
        match &stmt.kind {
            StmtKind::Expr(value) => self.expr(value),
            StmtKind::Assign(targets, value) => {
                self.expr(value)?;
                self.targets(targets)
            }
            StmtKind::AugAssign(target, _, value) => {
                self.expr(value)?;
                if let ExprKind::Name(name) = target.kind {
                    self.read(name);
                }
                self.target(target)
            }
            StmtKind::AnnAssign(s) => self.ann_assign(s, stmt.span),
            StmtKind::Delete(targets) => self.targets(targets),
            StmtKind::Return(value) => self.return_stmt(stmt.span, value.as_ref()),
            StmtKind::Raise(exception, cause) => {
                self.optional(exception.as_ref())?;
                self.optional(cause.as_ref())
            }
            StmtKind::Assert(test, message) => {
                self.expr(test)?;
                self.optional(message.as_ref())
            }
            StmtKind::FunctionDef(function) => {
                self.exprs(&function.decorators)?;
                self.assign(function.name.name);
                self.function(function)
            }
            StmtKind::ClassDef(class) => self.class(class),
            StmtKind::Import(aliases) => {
                aliases.iter().for_each(|alias| self.assign(alias.bound.name));
                Ok(())
            }
            StmtKind::ImportFrom(import) => self.import_from(stmt, import),
            StmtKind::TypeAlias(alias) => {
                self.assign(alias.ident.name);
                let value = |c: &mut Self| {
                    c.begin_annotate(alias.scope, c.current);
                    c.inside(alias.scope, ScopeKind::Annotate, |c| c.expr(&alias.value.expr))
                };
                match &alias.type_params {
                    Some(list) => self.generic(list, value),
                    None => value(self),
                }
            }
            StmtKind::Global(idents) => idents.iter().try_for_each(|i| self.declare(stmt.span, *i, true)),
            StmtKind::Nonlocal(idents) => idents.iter().try_for_each(|i| self.declare(stmt.span, *i, false)),
            StmtKind::Break if self.loops == 0 => fail(stmt.span, "'break' outside loop"),
            StmtKind::Continue if self.loops == 0 => fail(stmt.span, "'continue' not properly in loop"),
            StmtKind::Pass | StmtKind::Break | StmtKind::Continue => Ok(()),
            _ => self.compound(stmt),
        }
    }

    fn import_from(&mut self, stmt: &Stmt, import: &ImportFrom) -> Result<()> {
        if import.names.is_empty() && self.current != MODULE {
            let star = Span { start: stmt.span.end.saturating_sub(1), end: stmt.span.end };
            return fail(star, "import * only allowed at module level");
        }
        import.names.iter().for_each(|alias| self.assign(alias.bound.name));
        Ok(())
    }

    fn compound(&mut self, stmt: &Stmt) -> Result<()> {
        match &stmt.kind {
            StmtKind::If(arms, orelse) => {
                for (test, body) in arms {
                    self.expr(test)?;
                    self.block(body)?;
                }
                self.block(orelse)
            }
            StmtKind::While(s) => {
                self.expr(&s.test)?;
                self.loop_block(&s.body)?;
                self.block(&s.orelse)
            }
            StmtKind::For(s) => {
                self.check_async(s.is_async, stmt.span, "'async for'")?;
                self.expr(&s.iter)?;
                self.target(&s.target)?;
                self.loop_block(&s.body)?;
                self.block(&s.orelse)
            }
            StmtKind::With(s) => {
                self.check_async(s.is_async, stmt.span, "'async with'")?;
                for (context, target) in &s.items {
                    self.expr(context)?;
                    target.iter().try_for_each(|t| self.target(t))?;
                }
                self.block(&s.body)
            }
            StmtKind::Try(s) => {
                self.block(&s.body)?;
                for handler in &s.handlers {
                    self.optional(handler.class.as_ref())?;
                    if let Some(name) = handler.name {
                        self.assign(name.name);
                    }
                    self.block(&handler.body)?;
                }
                self.block(&s.orelse)?;
                self.block(&s.finally)
            }
            StmtKind::Match(subject, cases) => {
                self.expr(subject)?;
                let last = cases.len().saturating_sub(1);
                for (i, case) in cases.iter().enumerate() {
                    let mut bound = Vec::new();
                    self.pattern(&case.pattern, &mut bound)?;
                    if i < last && case.guard.is_none() {
                        crate::semantic::check_reachable(&case.pattern, self.names)?;
                    }
                    self.optional(case.guard.as_ref())?;
                    self.block(&case.body)?;
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn check_async(&self, is_async: bool, span: Span, form: &str) -> Result<()> {
        if is_async && !self.asynchronous {
            return fail(span, format!("{form} outside async function"));
        }
        Ok(())
    }

    fn return_stmt(&mut self, span: Span, value: Option<&Expr>) -> Result<()> {
        let allowed = self.return_allowed;
        match self.scope().kind {
            ScopeKind::Module if allowed => {}
            ScopeKind::Module | ScopeKind::Class => return fail(span, "'return' outside function"),
            _ => {}
        }
        if let (true, true, Some(_)) = (self.asynchronous, self.scope().generator, value) {
            return fail(span, "'return' with value in async generator");
        }
        self.optional(value)
    }

    fn ann_assign(&mut self, s: &crate::ast::AnnAssign, span: Span) -> Result<()> {
        let kind = self.scope().kind;
        if let (true, ExprKind::Name(name)) = (s.simple, &s.target.kind) {
            let uses = *self.uses(*name);
            let text = self.names.text(*name);
            if uses.global && kind != ScopeKind::Module {
                return fail(span, format!("annotated name '{text}' can't be global"));
            }
            if uses.nonlocal {
                return fail(span, format!("annotated name '{text}' can't be nonlocal"));
            }
            let uses = self.uses(*name);
            uses.annotated = true;
            uses.assigned = true;
        } else if s.value.is_some() || !matches!(s.target.kind, ExprKind::Name(_)) {
            self.target(&s.target)?;
        }
        if matches!(kind, ScopeKind::Module | ScopeKind::Class) && !self.future {
            if s.simple {
                let annotate = self.annotate;
                self.inside(annotate, ScopeKind::Annotate, |c| c.expr(&s.annotation.expr))?;
            } else {
                self.expr(&s.annotation.expr)?;
            }
        }
        self.optional(s.value.as_ref())
    }

    fn declare(&mut self, span: Span, ident: Ident, global: bool) -> Result<()> {
        let kind = self.scope().kind;
        let word = if global { "global" } else { "nonlocal" };
        if !global && kind == ScopeKind::Module {
            return fail(span, "nonlocal declaration not allowed at module level");
        }
        let uses = *self.uses(ident.name);
        let text = self.names.text(ident.name);
        if uses.param {
            return fail(span, format!("name '{text}' is parameter and {word}"));
        }
        if uses.read {
            return fail(span, format!("name '{text}' is used prior to {word} declaration"));
        }
        if uses.annotated {
            return fail(span, format!("annotated name '{text}' can't be {word}"));
        }
        if uses.assigned {
            return fail(span, format!("name '{text}' is assigned to before {word} declaration"));
        }
        self.scope().declared.entry(ident.name).or_insert(span);
        let uses = self.uses(ident.name);
        if global {
            uses.global = true;
        } else {
            uses.nonlocal = true;
        }
        Ok(())
    }

    pub(super) fn function(&mut self, function: &Function) -> Result<()> {
        for param in function.params.positional.iter().chain(&function.params.kwonly) {
            self.optional(param.default.as_ref())?;
        }
        match &function.type_params {
            Some(type_params) => self.generic(type_params, |c| c.function_body(function)),
            None => self.function_body(function),
        }
    }

    /// What stands inside the scope of type parameters.
    fn generic(&mut self, list: &TypeParams, inner: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        self.inside(list.scope, ScopeKind::TypeParams, |c| {
            for name in [c.known.defaults, c.known.kwdefaults] {
                c.uses(name).param = true;
            }
            for param in &list.params {
                c.assign(param.ident.name);
                c.optional(param.bound.as_ref())?;
                c.optional(param.default.as_ref())?;
            }
            inner(c)
        })
    }

    fn function_body(&mut self, function: &Function) -> Result<()> {
        self.function_annotations(function)?;
        let loops = std::mem::take(&mut self.loops);
        let iterables = std::mem::take(&mut self.iterables);
        let asynchronous = std::mem::replace(&mut self.asynchronous, function.is_async);
        self.inside(function.scope, ScopeKind::Function, |c| {
            c.params(&function.params)?;
            match &function.body {
                Body::Block(body) => c.block(body),
                Body::Value(value) => c.expr(value),
            }
        })?;
        (self.loops, self.iterables, self.asynchronous) = (loops, iterables, asynchronous);
        Ok(())
    }

    fn function_annotations(&mut self, function: &Function) -> Result<()> {
        self.begin_annotate(function.annotate, self.current);
        if self.future {
            return Ok(());
        }
        let all = function.params.iter().filter_map(|p| p.annotation.as_ref()).chain(&function.returns);
        let all: Vec<&Annotation> = all.collect();
        self.inside(function.annotate, ScopeKind::Annotate, |c| all.iter().try_for_each(|a| c.expr(&a.expr)))
    }

    fn params(&mut self, params: &Params) -> Result<()> {
        for param in params.iter() {
            let name = param.ident.name;
            if self.uses(name).param {
                let text = self.names.text(name);
                return fail(param.ident.span, format!("duplicate argument '{text}' in function definition"));
            }
            let uses = self.uses(name);
            uses.param = true;
        }
        Ok(())
    }

    fn class(&mut self, class: &Class) -> Result<()> {
        self.exprs(&class.decorators)?;
        self.assign(class.name.name);
        match &class.type_params {
            Some(type_params) => self.generic(type_params, |c| c.class_body(class)),
            None => self.class_body(class),
        }
    }

    fn class_body(&mut self, class: &Class) -> Result<()> {
        self.exprs(&class.bases)?;
        class.keywords.iter().try_for_each(|k| self.expr(&k.value))?;
        let loops = std::mem::take(&mut self.loops);
        let iterables = std::mem::take(&mut self.iterables);
        let asynchronous = std::mem::replace(&mut self.asynchronous, false);
        let annotate = std::mem::replace(&mut self.annotate, class.annotate);
        self.begin_annotate(class.annotate, class.scope);
        self.inside(class.scope, ScopeKind::Class, |c| c.block(&class.body))?;
        self.annotate = annotate;
        (self.loops, self.iterables, self.asynchronous) = (loops, iterables, asynchronous);
        Ok(())
    }

    fn pattern(&mut self, pattern: &Pattern, bound: &mut Vec<Name>) -> Result<()> {
        match &pattern.kind {
            PatternKind::Value(value) => self.expr(value),
            PatternKind::Singleton(_) => Ok(()),
            PatternKind::Sequence(items) => items.iter().try_for_each(|p| self.pattern(p, bound)),
            PatternKind::Mapping { keys, patterns, rest } => {
                crate::semantic::check_keys(keys, pattern.span)?;
                self.exprs(keys)?;
                patterns.iter().try_for_each(|p| self.pattern(p, bound))?;
                self.capture(*rest, pattern.span, bound)
            }
            PatternKind::Class { class, positional, keywords } => {
                self.expr(class)?;
                positional.iter().try_for_each(|p| self.pattern(p, bound))?;
                keywords.iter().try_for_each(|(_, p)| self.pattern(p, bound))
            }
            PatternKind::Star(name) => self.capture(*name, pattern.span, bound),
            PatternKind::As(inner, name) => {
                inner.iter().try_for_each(|p| self.pattern(p, bound))?;
                self.capture(*name, pattern.span, bound)
            }
            PatternKind::Or(alternatives) => self.alternatives(pattern, alternatives, bound),
        }
    }

    fn alternatives(&mut self, pattern: &Pattern, alternatives: &[Pattern], bound: &mut Vec<Name>) -> Result<()> {
        let outer = bound.len();
        let mut first: Option<Vec<Name>> = None;
        for (i, alternative) in alternatives.iter().enumerate() {
            let mut inner = bound[..outer].to_vec();
            self.pattern(alternative, &mut inner)?;
            let mut new = inner.split_off(outer);
            new.sort();
            match &first {
                None => first = Some(new),
                Some(names) if *names != new => {
                    return fail(pattern.span, "alternative patterns bind different names");
                }
                Some(_) => {}
            }
            if i + 1 < alternatives.len() {
                crate::semantic::check_reachable(alternative, self.names)?;
            }
        }
        bound.extend(first.unwrap_or_default());
        Ok(())
    }

    fn capture(&mut self, name: Option<Ident>, span: Span, bound: &mut Vec<Name>) -> Result<()> {
        let Some(ident) = name else { return Ok(()) };
        if bound.contains(&ident.name) {
            let text = self.names.text(ident.name);
            return fail(span, format!("multiple assignments to name '{text}' in pattern"));
        }
        bound.push(ident.name);
        self.assign(ident.name);
        Ok(())
    }
}
