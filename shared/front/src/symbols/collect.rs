//! Walks the tree and notes in each scope which names it binds, reads and declares. Finds the errors that depend on
//! where a statement stands.

use rustc_hash::FxHashMap;

use super::{Scope, ScopeKind, Uses};
use crate::Mode;
use crate::ast::{
    Annotation, Body, Class, Comp, CompKind, Expr, ExprKind, Function, Ident, Name, Params, Part, Pattern, PatternKind,
    ScopeId, Span, Stmt, StmtKind, Tree, TypeParams,
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
        class_cell: false,
        dict_cell: false,
        static_attributes: Vec::new(),
        declared: FxHashMap::default(),
    }
}

/// Names that mean something here.
struct Known {
    self_: Name,
    super_: Name,
    class: Name,
    format: Name,
    first_iter: Name,
    defaults: Name,
    kwdefaults: Name,
}

struct Collector<'a> {
    scopes: Vec<Scope>,
    names: &'a Names,
    known: Known,
    current: ScopeId,
    /// Scope of the annotations of the class or module at hand.
    annotate: ScopeId,
    future: bool,
    /// Loops around the statement at hand, in its function.
    loops: u32,
    /// Iterables of comprehensions around the expression at hand.
    iterables: u32,
    asynchronous: bool,
    return_allowed: bool,
}

impl Collector<'_> {
    fn scope(&mut self) -> &mut Scope {
        &mut self.scopes[self.current.0 as usize]
    }

    fn at(&self, id: ScopeId) -> &Scope {
        &self.scopes[id.0 as usize]
    }

    fn uses_in(&mut self, id: ScopeId, name: Name) -> &mut Uses {
        let scope = &mut self.scopes[id.0 as usize];
        scope.symbols.entry(name).or_insert_with(|| {
            scope.order.push(name);
            Uses::default()
        })
    }

    fn uses(&mut self, name: Name) -> &mut Uses {
        self.uses_in(self.current, name)
    }

    fn assign(&mut self, name: Name) {
        self.uses(name).assigned = true;
    }

    fn read(&mut self, name: Name) {
        self.uses(name).read = true;
        if name == self.known.super_ && !matches!(self.scope().kind, ScopeKind::Module | ScopeKind::Class) {
            let class = self.known.class;
            self.uses(class).read = true;
        }
    }

    /// Runs `visit` inside scope `id`.
    fn inside<T>(&mut self, id: ScopeId, kind: ScopeKind, visit: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
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
        self.loops -= 1;
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
            StmtKind::ImportFrom(import) => {
                if import.names.is_empty() && self.current != MODULE {
                    let star = Span { start: stmt.span.end.saturating_sub(1), end: stmt.span.end };
                    return fail(star, "import * only allowed at module level");
                }
                import.names.iter().for_each(|alias| self.assign(alias.bound.name));
                Ok(())
            }
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

    fn function(&mut self, function: &Function) -> Result<()> {
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

    fn targets(&mut self, targets: &[Expr]) -> Result<()> {
        targets.iter().try_for_each(|t| self.target(t))
    }

    fn target(&mut self, target: &Expr) -> Result<()> {
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
    fn static_attribute(&mut self, name: Name) {
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

    fn optional(&mut self, expr: Option<&Expr>) -> Result<()> {
        expr.map_or(Ok(()), |e| self.expr(e))
    }

    fn exprs(&mut self, exprs: &[Expr]) -> Result<()> {
        exprs.iter().try_for_each(|e| self.expr(e))
    }

    fn expr(&mut self, expr: &Expr) -> Result<()> {
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

    fn parts(&mut self, parts: &[Part]) -> Result<()> {
        for part in parts {
            if let Part::Value(part) = part {
                self.expr(&part.value)?;
                self.parts(part.spec.as_deref().unwrap_or_default())?;
            }
        }
        Ok(())
    }

    fn comp(&mut self, comp: &Comp, span: Span) -> Result<()> {
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

    fn mark_iteration(&mut self, target: &Expr) {
        match &target.kind {
            ExprKind::Name(name) => self.uses(*name).iteration = true,
            ExprKind::Tuple(items) | ExprKind::List(items) => items.iter().for_each(|t| self.mark_iteration(t)),
            ExprKind::Starred(inner) => self.mark_iteration(inner),
            _ => {}
        }
    }

    /// `:=` binds in the nearest scope that is no comprehension.
    fn named(&mut self, ident: Ident) -> Result<()> {
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

    fn check_yield(&mut self, span: Span, word: &str) -> Result<()> {
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

    fn check_await(&mut self, span: Span) -> Result<()> {
        let asynchronous = self.asynchronous;
        match self.scope().kind {
            ScopeKind::Module | ScopeKind::Class => fail(span, "'await' outside function"),
            ScopeKind::Annotate => fail(span, "await expression cannot be used within an annotation"),
            _ if !asynchronous => fail(span, "'await' outside async function"),
            _ => Ok(()),
        }
    }
}
