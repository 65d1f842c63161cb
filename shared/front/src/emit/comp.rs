//! Comprehensions, which run in the frame around them, and generator expressions, which are functions.

use std::sync::Arc;

use super::call::first_arg;
use super::{Emitter, Signature};
use crate::assembler::{Label, Reg, TEMP};
use crate::ast::{Clause, Comp, CompKind, Expr, Name};
use crate::code::{Code, Flags};
use crate::opcode::Op;
use crate::symbols::Place;

impl<'a> Emitter<'a> {
    pub(super) fn comp(&mut self, e: &'a Expr, comp: &'a Comp, dst: Reg) {
        if comp.kind == CompKind::Generator {
            return self.generator_object(e, comp, dst);
        }
        let mark = self.mark();
        let first = &comp.clauses[0];
        let result = self.workspace(dst);
        let build = match comp.kind {
            CompKind::Set => Op::BuildSet,
            CompKind::Dict => Op::BuildMap,
            _ => Op::BuildList,
        };
        self.unit.asm.raw(build, result.0, result.0, 0);
        // The first iterable belongs to the scope around. The iteration state takes its place.
        let iterable = self.clause_iterable(first);
        let outer = std::mem::replace(&mut self.unit.scope, comp.scope);
        let registers = self.comp_locals(comp, outer);
        self.first_clause(e, comp, iterable, result);
        self.at(e.span);
        self.end_comp_locals(registers);
        self.unit.scope = outer;
        self.deliver(result, dst);
        self.release(mark);
    }

    /// The whole loop, for the first iterable in a register.
    fn first_clause(&mut self, e: &'a Expr, comp: &'a Comp, iterable: (Reg, Option<Label>), result: Reg) {
        let (first, rest) = comp.clauses.split_first().expect("a comprehension has a clause");
        self.clause_loop(first, iterable, |emitter, next| {
            emitter.conditions(first, next);
            emitter.clauses(e, comp, rest, result);
        });
    }

    fn clause_loop(&mut self, clause: &'a Clause, iterable: (Reg, Option<Label>), body: impl FnOnce(&mut Self, Label)) {
        if clause.is_async {
            self.async_loop(iterable.0, clause.iter.span, &clause.target, None, body);
        } else {
            self.loop_from(iterable, clause.iter.span, &clause.target, None, body);
        }
    }

    fn conditions(&mut self, clause: &'a Clause, next: Label) {
        clause.ifs.iter().for_each(|test| self.jump_if(test, false, next));
    }

    /// The inner loops and, inside them all, the element.
    fn clauses(&mut self, e: &'a Expr, comp: &'a Comp, clauses: &'a [Clause], result: Reg) {
        let Some((clause, rest)) = clauses.split_first() else { return self.element(e, comp, result) };
        let iterable = self.clause_iterable(clause);
        self.clause_loop(clause, iterable, |emitter, next| {
            emitter.conditions(clause, next);
            emitter.clauses(e, comp, rest, result);
        });
    }

    fn clause_iterable(&mut self, clause: &'a Clause) -> (Reg, Option<Label>) {
        if !clause.is_async {
            return self.iterable(&clause.iter);
        }
        let mark = self.mark();
        let iterable = self.operand(&clause.iter, None);
        self.release(mark);
        (iterable, None)
    }

    fn element(&mut self, e: &'a Expr, comp: &'a Comp, result: Reg) {
        let mark = self.mark();
        match (comp.kind, &comp.value) {
            (CompKind::Dict, Some(value)) => {
                let pair = self.fresh(&comp.element);
                self.fresh(value);
                self.at(e.span);
                self.two(Op::MapAdd, result, pair);
            }
            (CompKind::Generator, _) => {
                let value = self.operand(&comp.element, None);
                let sent = if value.is_temp() { value } else { self.temp() };
                self.at(comp.element.span);
                self.two(Op::Yield, sent, value);
                self.one(Op::Clear, sent);
            }
            (kind, _) => {
                let value = self.operand(&comp.element, None);
                self.at(comp.element.span);
                let op = if kind == CompKind::Set { Op::SetAdd } else { Op::ListAppend };
                self.two(op, result, value);
            }
        }
        self.release(mark);
    }

    /// Registers for what a comprehension binds: reused from one that ended, if possible.
    fn comp_locals(&mut self, comp: &Comp, outer: crate::ast::ScopeId) -> Vec<(Name, bool, Reg)> {
        let symbols = self.symbols;
        let mut registers = Vec::new();
        for &name in &symbols.scope(comp.scope).order {
            if symbols.place(comp.scope, name) != Place::Register(comp.scope) {
                continue;
            }
            let cell = symbols.captured(comp.scope, name);
            let pooled = self.unit.pool.get_mut(&(name, cell)).and_then(Vec::pop);
            let register = pooled.unwrap_or_else(|| {
                let text = self.text(name);
                let taken = self.unit.locals.contains(&text) || symbols.scope(outer).symbols.contains_key(&name);
                self.new_local(if taken { format!(".{text}").into() } else { text })
            });
            self.unit.registers.insert((comp.scope, name), register);
            if cell {
                if !self.unit.cells.contains(&register.0) {
                    self.unit.cells.push(register.0);
                }
                self.one(Op::Clear, register);
                self.one(Op::MakeCell, register);
            }
            registers.push((name, cell, register));
        }
        registers
    }

    fn end_comp_locals(&mut self, registers: Vec<(Name, bool, Reg)>) {
        for (name, cell, register) in registers {
            self.one(Op::Clear, register);
            self.unit.pool.entry((name, cell)).or_default().push(register);
        }
    }

    /// A generator expression: a function that is called at once with the first iterable's iterator.
    fn generator_object(&mut self, e: &'a Expr, comp: &'a Comp, dst: Reg) {
        let mark = self.mark();
        let window = self.window(dst);
        let code = self.generator_code(e, comp);
        self.at(e.span);
        let inner = self.mark();
        let base = Reg(TEMP + inner);
        let bits = if self.closure(comp.scope) { 8 } else { 0 };
        self.make_function(window, base, bits, code);
        self.release(inner);
        let argument = self.temp();
        debug_assert_eq!(argument, first_arg(window));
        let iterable = self.operand(&comp.clauses[0].iter, Some(argument));
        self.at(comp.clauses[0].iter.span);
        if comp.clauses[0].is_async {
            self.call_special(iterable, "__aiter__", argument);
        } else {
            self.two(Op::GetYieldFromIter, argument, iterable);
        }
        self.at(e.span);
        self.unit.asm.raw(Op::Call, dst.0, window.0, 1);
        self.release(mark);
    }

    fn generator_code(&mut self, e: &'a Expr, comp: &'a Comp) -> Arc<Code> {
        if let Some(code) = self.compiled.get(&comp.scope) {
            return code.clone();
        }
        let title = self.intern("<genexpr>");
        let nested = self.in_function();
        let qualname = self.qualified(title, title);
        let name = self.text(title);
        self.begin(comp.scope, name, qualname);
        self.at(e.span);
        self.unit.asm.raw(Op::ReturnGenerator, 0, 0, 0);
        let asynchronous = self.symbols.scope(comp.scope).asynchronous;
        let first_iter = self.intern(".0");
        self.declare_locals([first_iter].iter());
        let iterable = self.local(comp.scope, first_iter);
        self.first_clause(e, comp, (iterable, None), Reg(0));
        self.at(e.span);
        self.return_none();
        let signature = Signature {
            first_line: self.lines.locate(e.span.start).0,
            argcount: 1,
            flags: Flags {
                function: true,
                generator: true,
                coroutine: asynchronous,
                async_generator: asynchronous,
                nested,
                ..Flags::default()
            },
            ..Signature::default()
        };
        let code = self.end(signature);
        self.compiled.insert(comp.scope, code.clone());
        code
    }
}
