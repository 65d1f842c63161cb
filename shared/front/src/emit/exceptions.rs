//! `try` and `with`.
//!
//! A handler finds the exception in the temporary at its depth. It makes it the one being handled (`PushExc`, with
//! the former one saved in the next temporary), and every way out of the handler brings the former one back
//! (`PopExc`). Code that may raise inside a handler is protected by a small clean-up handler that does just that and
//! raises again.

use super::Emitter;
use super::flow::Block;
use crate::assembler::{Label, Reg, Region, TEMP};
use crate::ast::{Except, Expr, Ident, Stmt, Try};
use crate::opcode::Op;

/// Words that a `with` block keeps to leave by: `__exit__` and its receiver.
pub(super) const EXIT: u16 = 2;

impl<'a> Emitter<'a> {
    /// The next temporary that would be allocated.
    fn top(&self) -> Reg {
        Reg(TEMP + self.mark())
    }

    pub(super) fn try_stmt(&mut self, s: &'a Try) {
        if s.finally.is_empty() {
            self.try_except(s);
        } else {
            self.try_finally(s);
        }
    }

    fn try_finally(&mut self, s: &'a Try) {
        let asm = &mut self.unit.asm;
        let (handler, cleanup, end) = (asm.label(), asm.label(), asm.label());
        let mark = self.mark();
        let depth = self.top();
        let outer = self.unit.asm.enter(handler, depth);
        self.push_block(Block::Finally { body: &s.finally, outer });
        if s.handlers.is_empty() {
            self.block(&s.body);
            self.block(&s.orelse);
        } else {
            self.try_except(s);
        }
        self.unit.blocks.pop();
        self.unit.asm.leave(outer);
        self.block(&s.finally);
        self.unit.asm.goto(end);

        self.unit.asm.bind_handler(handler);
        let exception = self.temp();
        let saved = self.temp();
        self.two(Op::PushExc, saved, exception);
        let depth = self.top();
        self.unit.asm.enter(cleanup, depth);
        self.push_block(Block::FinallyHandler { exception, saved, outer });
        self.block(&s.finally);
        self.unit.blocks.pop();
        self.unit.asm.leave(outer);
        self.one(Op::PopExc, saved);
        self.one(Op::Reraise, exception);
        self.cleanup(cleanup, saved, Some(exception));
        self.unit.asm.bind(end);
        self.release(mark);
    }

    /// A clean-up handler at the temporary behind `saved`.
    fn cleanup(&mut self, label: Label, saved: Reg, exception: Option<Reg>) {
        self.unit.asm.bind_handler(label);
        let raised = saved.plus(1);
        self.unit.max_temps = self.unit.max_temps.max(raised.0 - TEMP + 1);
        self.one(Op::PopExc, saved);
        if let Some(exception) = exception {
            self.one(Op::Clear, exception);
        }
        self.one(Op::Reraise, raised);
    }

    fn try_except(&mut self, s: &'a Try) {
        let asm = &mut self.unit.asm;
        let (handler, matching, failing, end) = (asm.label(), asm.label(), asm.label(), asm.label());
        let mark = self.mark();
        let depth = self.top();
        let outer = self.unit.asm.enter(handler, depth);
        self.push_block(Block::Try { outer });
        self.block(&s.body);
        self.unit.blocks.pop();
        self.unit.asm.leave(outer);
        self.block(&s.orelse);
        self.unit.asm.goto(end);

        self.unit.asm.bind_handler(handler);
        let exception = self.temp();
        let saved = self.temp();
        if let Some(first) = s.handlers.first() {
            self.at(first.span);
        }
        self.two(Op::PushExc, saved, exception);
        let depth = self.top();
        for clause in &s.handlers {
            let next = self.unit.asm.label();
            self.at(clause.span);
            if let Some(class) = &clause.class {
                self.unit.asm.enter(matching, depth);
                let inner = self.mark();
                let class_register = self.operand(class, None);
                self.at(class.span);
                self.unit.asm.jump(Op::UnlessExcMatch, exception.0, class_register.0, next);
                self.release(inner);
                self.unit.asm.leave(outer);
            }
            self.clause(clause, exception, saved, failing, end);
            self.unit.asm.bind(next);
        }
        self.one(Op::PopExc, saved);
        self.one(Op::Reraise, exception);
        self.cleanup(matching, saved, Some(exception));
        self.cleanup(failing, saved, None);
        self.unit.asm.bind(end);
        self.release(mark);
    }

    /// The body of an `except` clause that matched.
    fn clause(&mut self, clause: &'a Except, exception: Reg, saved: Reg, failing: Label, end: Label) {
        let outer = self.unit.asm.region();
        let cleanup = if clause.name.is_some() { self.unit.asm.label() } else { failing };
        let depth = self.top();
        match clause.name {
            Some(ident) => {
                self.at(clause.span);
                self.store_name(ident.name, exception);
            }
            None => self.one(Op::Clear, exception),
        }
        self.unit.asm.enter(cleanup, depth);
        self.push_block(Block::Handler { saved, name: clause.name, outer });
        self.block(&clause.body);
        self.unit.blocks.pop();
        self.unit.asm.leave(outer);
        self.one(Op::PopExc, saved);
        self.forget(clause.name);
        self.unit.asm.goto(end);
        if clause.name.is_some() {
            self.unit.asm.bind_handler(cleanup);
            self.unit.max_temps = self.unit.max_temps.max(depth.0 - TEMP + 1);
            let mark = self.mark();
            self.temp();
            self.one(Op::PopExc, saved);
            self.forget(clause.name);
            self.one(Op::Reraise, depth);
            self.release(mark);
        }
    }

    /// Unbinds the name of an `except` clause.
    pub(super) fn forget(&mut self, name: Option<Ident>) {
        let Some(ident) = name else { return };
        if let Some(local) = self.plain_local(ident.name) {
            self.one(Op::Clear, local);
            return;
        }
        let mark = self.mark();
        let none = self.temp();
        self.load_none(none);
        self.store_name(ident.name, none);
        self.release(mark);
        self.delete_name(ident.name);
    }

    pub(super) fn with_stmt(&mut self, items: &'a [(Expr, Option<Expr>)], body: &'a [Stmt]) {
        let Some(((context, target), rest)) = items.split_first() else { return self.block(body) };
        if self.error.is_some() {
            return;
        }
        let mark = self.mark();
        let exit = self.temps(EXIT);
        let manager = self.operand(context, Some(exit));
        self.at(context.span);
        let local = target.as_ref().and_then(|t| self.local_expr(t));
        let entered = local.unwrap_or_else(|| self.temp());
        self.emit(Op::WithEnter, exit, manager, entered);
        let handler = self.unit.asm.label();
        let outer = self.unit.asm.enter(handler, exit.plus(EXIT));
        self.bind_entered(target.as_ref(), local.is_some(), entered);
        self.release(mark + EXIT);
        self.push_block(Block::With { exit, span: context.span, outer });
        self.with_stmt(rest, body);
        self.unit.blocks.pop();
        self.unit.asm.leave(outer);
        self.at(context.span);
        self.one(Op::WithExit, exit);
        self.with_handler(handler, exit, outer, false);
        self.release(mark);
    }

    /// Stores what a context manager gave to the target of its `with`; to a local it went at once.
    pub(super) fn bind_entered(&mut self, target: Option<&'a Expr>, to_local: bool, entered: Reg) {
        match target {
            Some(target) if !to_local => self.store(target, entered),
            Some(_) => {}
            None => self.one(Op::Clear, entered),
        }
    }

    /// What an exception in the body of a `with` runs into: asks what stands in `exit` (and awaits the answer) whether
    /// the exception ends here. The jump around the handler and the way on after it are emitted too.
    pub(super) fn with_handler(&mut self, handler: Label, exit: Reg, outer: Region, awaited: bool) {
        let asm = &mut self.unit.asm;
        let (cleanup, fail, end) = (asm.label(), asm.label(), asm.label());
        asm.goto(end);
        asm.bind_handler(handler);
        let exception = self.temp();
        let saved = self.temp();
        self.two(Op::PushExc, saved, exception);
        let depth = self.top();
        self.unit.asm.enter(cleanup, depth);
        let answer = self.temp();
        self.emit(Op::WithExcept, answer, exit, exception);
        if awaited {
            self.delegate(answer, answer);
        }
        // An awaited `__aexit__` is bound: nothing stands behind it.
        let words = if awaited { 1 } else { EXIT };
        self.unit.asm.jump(Op::UnlessTrue, answer.0, 0, fail);
        self.unit.asm.leave(outer);
        self.one(Op::PopExc, saved);
        self.one(Op::Clear, exception);
        self.clear(exit, words);
        self.unit.asm.goto(end);
        self.unit.asm.bind(fail);
        self.one(Op::PopExc, saved);
        self.clear(exit, words);
        self.one(Op::Reraise, exception);
        self.unit.asm.bind_handler(cleanup);
        self.one(Op::PopExc, saved);
        self.one(Op::Clear, exception);
        self.clear(exit, words);
        self.one(Op::Reraise, answer);
        self.unit.asm.bind(end);
    }

    fn clear(&mut self, from: Reg, n: u16) {
        (0..n).for_each(|i| self.one(Op::Clear, from.plus(i)));
    }
}
