//! Statements that are no loops, `try` statements or definitions.

use super::Emitter;
use crate::ast::{Alias, Expr, ExprKind, ImportFrom, Stmt, StmtKind, Tree};
use crate::code::Const;
use crate::opcode::{FRAME_WORDS, Op};
use crate::{Mode, fold};

/// Instructions that one code object may have.
const MAX_INSTRUCTIONS: usize = 8 << 20;

impl<'a> Emitter<'a> {
    pub(super) fn module(&mut self, tree: &'a Tree) {
        if let Some(doc) = &tree.docstring {
            let dst = self.temp();
            self.load_const(dst, doc);
            let name = self.intern("__doc__");
            self.store_name(name, dst);
            self.release(0);
        }
        self.block(&tree.body);
        if self.mode != Mode::Eval {
            self.annotate_namespace(tree.annotate, &tree.body, "__annotate__");
        }
        self.return_none();
    }

    pub(super) fn return_none(&mut self) {
        let index = self.constant(&Const::None);
        self.unit.asm.wide(Op::ReturnK, crate::assembler::Reg(0), index);
    }

    pub(super) fn block(&mut self, body: &'a [Stmt]) {
        for stmt in body {
            // Copies of `finally` blocks multiply when they nest.
            if self.unit.asm.len() > MAX_INSTRUCTIONS {
                self.fail(stmt.span, "the code is too large");
            }
            if self.error.is_some() {
                return;
            }
            self.stmt(stmt);
        }
    }

    fn stmt(&mut self, stmt: &'a Stmt) {
        let mark = self.mark();
        self.at(stmt.span);
        match &stmt.kind {
            StmtKind::Expr(value) if self.mode == Mode::Single && self.outer.is_empty() => {
                let register = self.operand(value, None);
                self.at(stmt.span);
                self.one(Op::PrintExpr, register);
            }
            StmtKind::Expr(value) => self.effect(value),
            StmtKind::Assign(targets, value) => self.assign(targets, value),
            StmtKind::AugAssign(target, op, value) => self.aug_assign(target, *op, value),
            StmtKind::AnnAssign(s) => self.ann_assign(s),
            StmtKind::Delete(targets) => targets.iter().for_each(|t| self.delete(t)),
            StmtKind::Return(value) => self.return_stmt(stmt.span, value.as_ref()),
            StmtKind::Raise(exception, cause) => self.raise(stmt, exception.as_ref(), cause.as_ref()),
            StmtKind::Assert(test, message) => self.assert(test, message.as_ref()),
            StmtKind::If(arms, orelse) => self.if_stmt(arms, orelse),
            StmtKind::While(s) => self.while_stmt(s),
            StmtKind::For(s) if s.is_async => self.async_for(s),
            StmtKind::For(s) => self.for_stmt(s),
            StmtKind::With(s) if s.is_async => self.async_with(&s.items, &s.body),
            StmtKind::With(s) => self.with_stmt(&s.items, &s.body),
            StmtKind::Try(s) => self.try_stmt(s),
            StmtKind::Match(subject, cases) => self.match_stmt(subject, cases),
            StmtKind::FunctionDef(function) => self.function_def(function),
            StmtKind::ClassDef(class) => self.class_def(class),
            StmtKind::TypeAlias(alias) => self.type_alias(alias),
            StmtKind::Import(aliases) => aliases.iter().for_each(|a| self.import(stmt, a)),
            StmtKind::ImportFrom(import) => self.import_from(stmt, import),
            StmtKind::Break => self.leave_loop(true),
            StmtKind::Continue => self.leave_loop(false),
            StmtKind::Pass | StmtKind::Global(_) | StmtKind::Nonlocal(_) => {}
        }
        self.release(mark);
    }

    fn raise(&mut self, stmt: &Stmt, exception: Option<&'a Expr>, cause: Option<&'a Expr>) {
        let Some(exception) = exception else {
            self.one(Op::RaiseAgain, crate::assembler::Reg(0));
            return;
        };
        let exception_register = self.operand_before(exception, cause.as_slice(), None);
        let cause_register = cause.map(|cause| self.operand(cause, None));
        self.at(stmt.span);
        match cause_register {
            Some(cause) => self.two(Op::RaiseFrom, exception_register, cause),
            None => self.one(Op::Raise, exception_register),
        }
    }

    fn assert(&mut self, test: &'a Expr, message: Option<&'a Expr>) {
        if self.optimize > 0 {
            return;
        }
        let end = self.unit.asm.label();
        self.jump_if(test, true, end);
        let span = test.span;
        self.at(span);
        let class = self.temp();
        self.one(Op::LoadAssertionError, class);
        if let Some(message) = message {
            self.temps(FRAME_WORDS);
            self.fresh(message);
            self.at(span);
            self.unit.asm.raw(Op::Call, class.0, class.0, 1);
        }
        self.one(Op::Raise, class);
        self.unit.asm.bind(end);
    }

    fn if_stmt(&mut self, arms: &'a [(Expr, Vec<Stmt>)], orelse: &'a [Stmt]) {
        let end = self.unit.asm.label();
        for (i, (test, body)) in arms.iter().enumerate() {
            let next = self.unit.asm.label();
            let last = i + 1 == arms.len() && orelse.is_empty();
            match self.plain_exit(body).filter(|_| !always(test)) {
                Some(target) => self.jump_if(test, true, target),
                None => {
                    self.jump_if(test, false, next);
                    self.block(body);
                    if !last {
                        self.unit.asm.goto(end);
                    }
                }
            }
            self.unit.asm.bind(next);
        }
        self.block(orelse);
        self.unit.asm.bind(end);
    }

    // Imports.

    fn import(&mut self, stmt: &Stmt, alias: &Alias) {
        let mark = self.mark();
        self.at(stmt.span);
        let module = self.import_name(alias.path, 0, &Const::None);
        let path = self.text(alias.path);
        if alias.renamed {
            // `import a.b.c as d` binds the innermost module.
            for part in path.split('.').skip(1) {
                let part = self.intern(part);
                let name = self.name(part);
                let inner = self.temp();
                self.unit.asm.raw(Op::ImportFrom, inner.0, module.0, name);
                self.one(Op::Clear, module);
                self.two(Op::Move, module, inner);
            }
        }
        self.store_name(alias.bound.name, module);
        self.release(mark);
    }

    /// Imports a module into a new temporary.
    fn import_name(&mut self, path: crate::ast::Name, level: u32, names: &Const) -> crate::assembler::Reg {
        let args = self.temps(2);
        self.load_const(args, &Const::Int(i64::from(level)));
        self.load_const(args.plus(1), names);
        let name = self.name(path);
        self.unit.asm.raw(Op::ImportName, args.0, args.0, name);
        args
    }

    fn import_from(&mut self, stmt: &Stmt, import: &ImportFrom) {
        let wanted: Vec<Const> = match &import.names[..] {
            [] => vec![Const::Str("*".into())],
            names => names.iter().map(|alias| self.text_const(alias.path)).collect(),
        };
        let module = self.import_name(import.module, import.level, &Const::Tuple(wanted.into()));
        if import.names.is_empty() {
            self.one(Op::ImportStar, module);
            return;
        }
        for alias in &import.names {
            let mark = self.mark();
            self.at(stmt.span);
            let name = self.name(alias.path);
            let dst = match self.plain_local(alias.bound.name) {
                Some(local) => local,
                None => self.temp(),
            };
            self.unit.asm.raw(Op::ImportFrom, dst.0, module.0, name);
            self.store_name(alias.bound.name, dst);
            self.release(mark);
        }
        self.at(stmt.span);
        self.one(Op::Clear, module);
    }
}

/// A condition that is a true constant.
pub(super) fn always(test: &Expr) -> bool {
    matches!(&test.kind, ExprKind::Const(value) if fold::truth(value))
}
