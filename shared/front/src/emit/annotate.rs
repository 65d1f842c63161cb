//! Annotations, evaluated when asked for: functions `__annotate__(format)`.

use std::sync::Arc;

use super::{Emitter, Signature};
use crate::assembler::{Reg, TEMP};
use crate::ast::{Annotation, ExprKind, Function, Name, ScopeId, Stmt, StmtKind, TypeAlias};
use crate::code::{Code, Flags};
use crate::opcode::Op;
use crate::symbols::Place;

impl<'a> Emitter<'a> {
    /// The annotate function of a function, in a new temporary. False when nothing is annotated.
    pub(super) fn annotate_function(&mut self, function: &'a Function) -> bool {
        let p = &function.params;
        let written = p.positional.iter().chain(&p.vararg).chain(&p.kwonly).chain(&p.kwarg);
        let mut items: Vec<(Name, &'a Annotation)> =
            written.filter_map(|p| Some((p.ident.name, p.annotation.as_ref()?))).collect();
        if let Some(returns) = &function.returns {
            items.push((self.intern("return"), returns));
        }
        self.annotate(function.annotate, &items)
    }

    /// Stores the annotate function of a module or class, if its body annotates names.
    pub(super) fn annotate_namespace(&mut self, scope: ScopeId, body: &'a [Stmt], name: &str) {
        let mut items = Vec::new();
        collect(body, &mut items);
        let mark = self.mark();
        if self.annotate(scope, &items) {
            let name = self.intern(name);
            let index = self.wide_name(name);
            self.unit.asm.wide(Op::StoreName, Reg(TEMP + mark), index);
        }
        self.release(mark);
    }

    fn annotate(&mut self, scope: ScopeId, items: &[(Name, &'a Annotation)]) -> bool {
        if items.is_empty() {
            return false;
        }
        let mark = self.mark();
        let base = Reg(TEMP + mark);
        let code = self.annotate_code(scope, items);
        let bits = if self.closure(scope) { 8 } else { 0 };
        self.release(mark);
        let dst = self.temp();
        self.make_function(dst, base, bits, code);
        true
    }

    fn annotate_code(&mut self, scope: ScopeId, items: &[(Name, &'a Annotation)]) -> Arc<Code> {
        self.lazy_code(scope, "__annotate__", |emitter| {
            let dict = emitter.temp();
            emitter.unit.asm.raw(Op::BuildMap, dict.0, dict.0, 0);
            for &(name, annotation) in items {
                let pair = emitter.temps(2);
                emitter.at(annotation.expr.span);
                let text = emitter.text_const(name);
                emitter.load_const(pair, &text);
                if emitter.future_annotations {
                    emitter.load_const(pair.plus(1), &annotation.text);
                } else {
                    emitter.annotation(annotation, pair.plus(1));
                }
                emitter.at(annotation.expr.span);
                emitter.two(Op::MapAdd, dict, pair);
                emitter.release(1);
            }
            dict
        })
    }

    /// The function that computes the value of a type alias, in a new temporary.
    pub(super) fn alias_value(&mut self, alias: &'a TypeAlias) {
        let title = self.text(alias.title);
        let code = self.lazy_code(alias.scope, &title, |emitter| emitter.fresh(&alias.value.expr));
        let dst = self.temp();
        let mark = self.mark();
        let bits = if self.closure(alias.scope) { 8 } else { 0 };
        self.make_function(dst, Reg(TEMP + mark), bits, code);
        self.release(mark);
    }

    /// The code of a function of a format: formats that need other evaluation are refused.
    fn lazy_code(&mut self, scope: ScopeId, title: &str, value: impl FnOnce(&mut Self) -> Reg) -> Arc<Code> {
        if let Some(code) = self.compiled.get(&scope) {
            return code.clone();
        }
        let title = self.intern(title);
        let nested = self.in_function();
        let qualname = self.qualified(title, title);
        let span = self.unit.asm.span;
        let name = self.text(title);
        self.begin(scope, name, qualname);
        self.at(span);
        let format = self.intern("format");
        self.declare_locals([format].iter());
        let format = self.local(scope, format);
        let supported = self.unit.asm.label();
        self.unit.asm.jump(Op::UnlessGtRI, format.0, 2, supported);
        let error = self.temp();
        let name = self.intern("NotImplementedError");
        let index = self.wide_name(name);
        self.unit.asm.wide(Op::LoadGlobal, error, index);
        self.one(Op::Raise, error);
        self.unit.asm.bind(supported);
        self.release(0);
        let result = value(self);
        self.one(Op::Return, result);
        let signature = Signature {
            first_line: self.lines.locate(span.start).0,
            argcount: 1,
            posonly: 1,
            flags: Flags { function: true, nested, ..Flags::default() },
            ..Signature::default()
        };
        let code = self.end(signature);
        self.compiled.insert(scope, code.clone());
        code
    }

    /// An annotation; `*args: *Ts` means the tuple's single item.
    fn annotation(&mut self, annotation: &'a Annotation, dst: Reg) {
        let ExprKind::Starred(inner) = &annotation.expr.kind else { return self.expr(&annotation.expr, dst) };
        let mark = self.mark();
        let value = self.operand(inner, None);
        let items = self.temp();
        self.unit.asm.raw(Op::UnpackSeq, items.0, value.0, 1);
        self.two(Op::Move, dst, items);
        self.release(mark);
    }

    /// A name in an annotation of a class: its namespace first.
    pub(super) fn load_from_class(&mut self, name: Name, dst: Reg) {
        let mark = self.mark();
        let classdict = self.intern("__classdict__");
        let Place::Free(index) = self.symbols.place(self.unit.frame, classdict) else {
            return self.load_plain(name, dst);
        };
        let (missing, end) = (self.unit.asm.label(), self.unit.asm.label());
        let key = self.temp();
        let namespace = self.temp();
        let text = self.text_const(name);
        self.load_const(key, &text);
        self.unit.asm.raw(Op::LoadFree, namespace.0, index, 0);
        self.unit.asm.jump(Op::UnlessIn, key.0, namespace.0, missing);
        self.unit.asm.raw(Op::LoadFree, namespace.0, index, 0);
        self.load_const(key, &text);
        self.emit(Op::GetItem, dst, namespace, key);
        self.unit.asm.goto(end);
        self.unit.asm.bind(missing);
        self.load_plain(name, dst);
        self.unit.asm.bind(end);
        self.release(mark);
    }
}

/// The annotated names of a body, those inside its compound statements included.
fn collect<'a>(body: &'a [Stmt], items: &mut Vec<(Name, &'a Annotation)>) {
    for stmt in body {
        match &stmt.kind {
            StmtKind::AnnAssign(s) => {
                if let (true, ExprKind::Name(name)) = (s.simple, &s.target.kind) {
                    items.push((*name, &s.annotation));
                }
            }
            StmtKind::If(arms, orelse) => {
                arms.iter().for_each(|(_, body)| collect(body, items));
                collect(orelse, items);
            }
            StmtKind::While(s) => {
                collect(&s.body, items);
                collect(&s.orelse, items);
            }
            StmtKind::For(s) => {
                collect(&s.body, items);
                collect(&s.orelse, items);
            }
            StmtKind::With(s) => collect(&s.body, items),
            StmtKind::Try(s) => {
                collect(&s.body, items);
                s.handlers.iter().for_each(|h| collect(&h.body, items));
                collect(&s.orelse, items);
                collect(&s.finally, items);
            }
            StmtKind::Match(_, cases) => cases.iter().for_each(|c| collect(&c.body, items)),
            _ => {}
        }
    }
}
