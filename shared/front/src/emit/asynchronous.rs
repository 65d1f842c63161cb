//! `await`, `async for`, `async with` and asynchronous comprehensions: calls of the special methods whose results are
//! awaited. Awaiting is delegation, as in `yield from`.

use super::Emitter;
use super::call::first_arg;
use super::exceptions::EXIT;
use super::flow::Block;
use crate::assembler::{Label, Reg};
use crate::ast::{Expr, For, Span, Stmt};
use crate::opcode::{FRAME_WORDS, Op};

impl<'a> Emitter<'a> {
    /// Delegates to the iterator (or awaitable) in a register until it ends; its value goes to `dst`.
    pub(super) fn delegate(&mut self, source: Reg, dst: Reg) {
        let mark = self.mark();
        let iterator = self.temp();
        self.two(Op::GetYieldFromIter, iterator, source);
        let sent = self.temp();
        self.load_none(sent);
        let (send, done) = (self.unit.asm.label(), self.unit.asm.label());
        let live = !self.unit.asm.dead();
        self.unit.asm.bind_loop(send, live);
        self.unit.asm.jump(Op::Send, sent.0, iterator.0, done);
        self.emit(Op::Yield, sent, sent, iterator);
        self.unit.asm.goto(send);
        self.unit.asm.bind(done);
        self.one(Op::Clear, iterator);
        self.two(Op::Move, dst, sent);
        self.release(mark);
    }

    /// `object.name()`; a temporary is consumed.
    pub(super) fn call_special(&mut self, object: Reg, name: &str, dst: Reg) {
        let mark = self.mark();
        let window = self.window(dst);
        let name = self.intern(name);
        let name = self.name(name);
        self.unit.asm.raw(Op::LoadMethod, window.0, object.0, name);
        self.temp(); // self
        self.unit.asm.raw(Op::CallMethod, dst.0, window.0, 0);
        self.release(mark);
    }

    pub(super) fn async_for(&mut self, s: &'a For) {
        let exit = self.unit.asm.label();
        let mark = self.mark();
        let iterable = self.operand(&s.iter, None);
        self.release(mark);
        self.async_loop(iterable, s.iter.span, &s.target, Some(exit), |emitter, _| emitter.block(&s.body));
        self.block(&s.orelse);
        self.unit.asm.bind(exit);
    }

    /// The asynchronous counterpart of `loop_from`: ends when `__anext__` raises `StopAsyncIteration`.
    pub(super) fn async_loop(
        &mut self,
        iterable: Reg,
        span: Span,
        target: &'a Expr,
        exit: Option<Label>,
        body: impl FnOnce(&mut Self, Label),
    ) {
        let mark = self.mark();
        let asm = &mut self.unit.asm;
        let (next, handler, other, done) = (asm.label(), asm.label(), asm.label(), asm.label());
        let iterator = self.temp();
        self.at(span);
        self.call_special(iterable, "__aiter__", iterator);
        let live = !self.unit.asm.dead();
        self.unit.asm.bind_loop(next, live);
        let outer = self.unit.asm.enter(handler, iterator.plus(1));
        let local = self.local_expr(target);
        let item = self.temp();
        let held = self.mark();
        self.two(Op::Copy, item, iterator);
        self.call_special(item, "__anext__", item);
        self.delegate(item, local.unwrap_or(item));
        self.unit.asm.leave(outer);
        if local.is_none() {
            self.store(target, item);
        }
        self.release(held - 1);
        if let Some(exit) = exit {
            self.push_block(Block::Loop { state: Some((iterator, 1)), exit, next });
        }
        body(self, next);
        if exit.is_some() {
            self.unit.blocks.pop();
        }
        self.at(span);
        self.unit.asm.goto(next);
        self.unit.asm.bind_handler(handler);
        let exception = self.temp();
        let class = self.temp();
        let name = self.intern("StopAsyncIteration");
        let index = self.wide_name(name);
        self.unit.asm.wide(Op::LoadGlobal, class, index);
        self.unit.asm.jump(Op::UnlessExcMatch, exception.0, class.0, other);
        self.one(Op::Clear, exception);
        self.one(Op::Clear, iterator);
        self.unit.asm.goto(done);
        self.unit.asm.bind(other);
        self.one(Op::Clear, iterator);
        self.one(Op::Reraise, exception);
        self.unit.asm.bind(done);
        self.release(mark);
    }

    /// Awaits `exit(None, None, None)` and drops the result. The method is consumed.
    pub(super) fn async_exit(&mut self, exit: Reg) {
        let mark = self.mark();
        let window = self.temps(FRAME_WORDS + 4);
        self.two(Op::Move, window, exit);
        (0..3).for_each(|i| self.load_none(first_arg(window).plus(i)));
        self.unit.asm.raw(Op::Call, window.0, window.0, 3);
        self.release(mark + 1);
        self.delegate(window, window);
        self.one(Op::Clear, window);
        self.release(mark);
    }

    pub(super) fn async_with(&mut self, items: &'a [(Expr, Option<Expr>)], body: &'a [Stmt]) {
        let Some(((context, target), rest)) = items.split_first() else { return self.block(body) };
        let mark = self.mark();
        let exit = self.temps(EXIT);
        let entered = self.temp();
        self.expr(context, entered);
        self.at(context.span);
        let manager = self.temp();
        self.two(Op::Copy, manager, entered);
        let name = self.intern("__aexit__");
        let name = self.name(name);
        self.unit.asm.raw(Op::LoadAttr, exit.0, manager.0, name);
        self.release(mark + EXIT + 1);
        self.call_special(entered, "__aenter__", entered);
        let local = target.as_ref().and_then(|t| self.local_expr(t));
        self.delegate(entered, local.unwrap_or(entered));
        let handler = self.unit.asm.label();
        let outer = self.unit.asm.enter(handler, exit.plus(EXIT));
        self.bind_entered(target.as_ref(), local.is_some(), entered);
        self.release(mark + EXIT);
        self.push_block(Block::AsyncWith { exit, span: context.span, outer });
        self.async_with(rest, body);
        self.unit.blocks.pop();
        self.unit.asm.leave(outer);
        self.at(context.span);
        self.async_exit(exit);
        self.with_handler(handler, exit, outer, true);
        self.release(mark);
    }
}
