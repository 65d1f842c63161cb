//! Loops, and the ways out of blocks: `break`, `continue` and `return` undo what the blocks around them hold.

use super::Emitter;
use super::stmt::always;
use crate::assembler::{Label, Reg, Region, TEMP};
use crate::ast::{Expr, ExprKind, For, Ident, Span, Stmt, StmtKind, While};
use crate::opcode::Op;

/// Words of an iteration state.
pub(super) const STATE: u16 = 3;

/// A block that a jump out of it has to leave properly.
#[derive(Clone, Copy)]
pub(super) enum Block<'a> {
    /// A loop; a `for` has an iteration state of so many words.
    Loop { state: Option<(Reg, u16)>, exit: Label, next: Label },
    /// A value on its way to be returned, while `finally` blocks run.
    Value { register: Reg },
    /// The protected part of `try … except`.
    Try { outer: Region },
    /// The protected part of `try … finally`: leaving runs the `finally` block.
    Finally { body: &'a [Stmt], outer: Region },
    /// The copy of a `finally` block that runs for an exception.
    FinallyHandler { exception: Reg, saved: Reg, outer: Region },
    /// The body of an `except` clause.
    Handler { saved: Reg, name: Option<Ident>, outer: Region },
    /// The body of a `with` statement.
    With { exit: Reg, span: Span, outer: Region },
    /// The body of an `async with` statement.
    AsyncWith { exit: Reg, span: Span, outer: Region },
}

/// Blocks that may nest in one function.
const MAX_BLOCKS: usize = 21;

impl<'a> Emitter<'a> {
    pub(super) fn push_block(&mut self, block: Block<'a>) {
        if self.unit.blocks.len() >= MAX_BLOCKS {
            self.fail(self.unit.asm.span, "too many statically nested blocks");
        }
        self.unit.blocks.push(block);
    }

    pub(super) fn while_stmt(&mut self, s: &'a While) {
        if let ExprKind::Const(value) = &s.test.kind
            && !crate::fold::truth(value)
        {
            return self.block(&s.orelse);
        }
        let asm = &mut self.unit.asm;
        let (body, next, exit) = (asm.label(), asm.label(), asm.label());
        let endless = always(&s.test);
        let live = !asm.dead();
        if !endless {
            asm.goto(next);
        }
        asm.bind_loop(body, live);
        self.push_block(Block::Loop { state: None, exit, next });
        self.block(&s.body);
        self.unit.blocks.pop();
        self.unit.asm.bind(next);
        if endless {
            self.at(s.test.span);
            self.unit.asm.goto(body);
        } else {
            self.jump_if(&s.test, true, body);
        }
        self.block(&s.orelse);
        self.unit.asm.bind(exit);
    }

    pub(super) fn for_stmt(&mut self, s: &'a For) {
        let exit = self.unit.asm.label();
        self.loop_over(&s.iter, &s.target, Some(exit), |emitter, _| emitter.block(&s.body));
        self.block(&s.orelse);
        self.unit.asm.bind(exit);
    }

    /// Runs `body` for each item of `iter`; it gets the label that goes on to the next item. With `exit` the loop is a
    /// statement that `break` may leave.
    pub(super) fn loop_over(
        &mut self,
        iter: &'a Expr,
        target: &'a Expr,
        exit: Option<Label>,
        body: impl FnOnce(&mut Self, Label),
    ) {
        let iterable = self.iterable(iter);
        self.loop_from(iterable, iter.span, target, exit, body);
    }

    /// Computes what a loop is over into a register that the loop's state takes over. Behind `d.items()` and its like
    /// stands a label: where a dict's loop state is ready without a view.
    pub(super) fn iterable(&mut self, iter: &'a Expr) -> (Reg, Option<Label>) {
        let mark = self.mark();
        let iterable = self.operand(iter, None);
        self.release(mark);
        let ready = if self.asks_for_view(iter) {
            let ready = self.unit.asm.label();
            self.unit.asm.guard_call(Op::IterDict, Reg(TEMP + mark), ready).then_some(ready)
        } else {
            None
        };
        (iterable, ready)
    }

    fn asks_for_view(&self, iter: &Expr) -> bool {
        let ExprKind::Call(call) = &iter.kind else { return false };
        let ExprKind::Attr(_, attr) = &call.func.kind else { return false };
        let plain = call.args.is_empty() && call.keywords.is_empty();
        plain && matches!(&*self.text(attr.name), "keys" | "values" | "items")
    }

    /// As [`Emitter::loop_over`], for an iterable in a register.
    pub(super) fn loop_from(
        &mut self,
        (iterable, ready): (Reg, Option<Label>),
        span: Span,
        target: &'a Expr,
        exit: Option<Label>,
        body: impl FnOnce(&mut Self, Label),
    ) {
        let mark = self.mark();
        let state = self.temps(STATE);
        let (head, next) = (self.unit.asm.label(), self.unit.asm.label());
        self.at(span);
        self.two(Op::GetIter, state, iterable);
        if let Some(ready) = ready {
            self.unit.asm.bind(ready);
        }
        let live = !self.unit.asm.dead();
        self.unit.asm.goto(next);
        self.unit.asm.bind_loop(head, live);
        let inner = self.mark();
        let local = self.local_expr(target);
        let item = local.unwrap_or_else(|| self.temp());
        if local.is_none() {
            self.store(target, item);
        }
        self.release(inner);
        if let Some(exit) = exit {
            self.push_block(Block::Loop { state: Some((state, STATE)), exit, next });
        }
        body(self, next);
        if exit.is_some() {
            self.unit.blocks.pop();
        }
        self.unit.asm.bind(next);
        self.at(span);
        self.unit.asm.jump(Op::ForLoop, state.0, item.0, head);
        self.release(mark);
    }

    /// The label that a block consisting of nothing but `break` or `continue` jumps to, when nothing has to be undone.
    pub(super) fn plain_exit(&self, body: &[Stmt]) -> Option<Label> {
        let [only] = body else { return None };
        let Some(Block::Loop { state, exit, next }) = self.unit.blocks.last() else { return None };
        match only.kind {
            StmtKind::Continue => Some(*next),
            StmtKind::Break if state.is_none() => Some(*exit),
            _ => None,
        }
    }

    /// `break` or `continue`.
    pub(super) fn leave_loop(&mut self, is_break: bool) {
        let found = self.unit.blocks.iter().rposition(|b| matches!(b, Block::Loop { .. }));
        let Some(index) = found else { return };
        let Block::Loop { state, exit, next } = self.unit.blocks[index] else { return };
        let span = self.unit.asm.span;
        let region = self.unwind(index + 1, None);
        self.at(span);
        if is_break {
            self.clear_state(state);
            self.unit.asm.goto(exit);
        } else {
            self.unit.asm.goto(next);
        }
        self.unit.asm.leave(region);
    }

    fn clear_state(&mut self, state: Option<(Reg, u16)>) {
        if let Some((state, words)) = state {
            (0..words).for_each(|i| self.one(Op::Clear, state.plus(i)));
        }
    }

    pub(super) fn return_stmt(&mut self, span: Span, value: Option<&'a Expr>) {
        if let Some(ExprKind::IfElse(parts)) = value.map(|v| &v.kind)
            && self.unit.blocks.is_empty()
        {
            let orelse = self.unit.asm.label();
            self.jump_if(&parts.test, false, orelse);
            self.return_stmt(span, Some(&parts.body));
            self.unit.asm.bind(orelse);
            return self.return_stmt(span, Some(&parts.orelse));
        }
        let mark = self.mark();
        self.return_value(span, value);
        self.release(mark);
    }

    fn return_value(&mut self, span: Span, value: Option<&'a Expr>) {
        let runs_code = self.unit.blocks.iter().any(|b| match b {
            Block::Loop { .. }
            | Block::Value { .. }
            | Block::Try { .. }
            | Block::FinallyHandler { .. }
            | Block::With { .. }
            | Block::AsyncWith { .. } => false,
            Block::Handler { name, .. } => name.is_some(),
            Block::Finally { .. } => true,
        });
        let constant = match value.map(|v| &v.kind) {
            None => Some(&crate::code::Const::None),
            Some(ExprKind::Const(value)) => Some(value),
            Some(_) => None,
        };
        let register = match (value, constant) {
            (Some(value), None) => {
                Some(if runs_code { self.operand_apart(value, None) } else { self.operand(value, None) })
            }
            _ => None,
        };
        if let (Some(register), Some(value)) = (register, value)
            && !register.is_temp()
            && self.unit.blocks.iter().any(|b| !matches!(b, Block::Loop { .. }))
        {
            // The return itself stands outside of the blocks' regions.
            self.at(value.span);
            self.one(Op::CheckBound, register);
        }
        self.at(span);
        let region = self.unwind(0, register.filter(|r| r.is_temp()));
        self.at(span);
        match (register, constant) {
            (Some(register), _) => self.one(Op::Return, register),
            (None, Some(value)) => {
                let index = self.constant(value);
                self.unit.asm.wide(Op::ReturnK, Reg(0), index);
            }
            (None, None) => {}
        }
        self.unit.asm.leave(region);
    }

    /// Leaves the blocks from `floor` up, innermost first, with a value in a temporary to be kept. Returns the region
    /// to go back to.
    fn unwind(&mut self, floor: usize, value: Option<Reg>) -> Region {
        let region = self.unit.asm.region();
        let mut left = Vec::new();
        while self.unit.blocks.len() > floor {
            let Some(block) = self.unit.blocks.pop() else { break };
            left.push(block);
            self.leave_block(block, value);
        }
        self.unit.blocks.extend(left.into_iter().rev());
        region
    }

    fn leave_block(&mut self, block: Block<'a>, value: Option<Reg>) {
        match block {
            Block::Loop { state, .. } => self.clear_state(state),
            Block::Try { outer } => {
                self.unit.asm.leave(outer);
            }
            Block::Finally { body, outer } => {
                self.unit.asm.leave(outer);
                // The block may itself leave a loop or return: the value is dropped then.
                self.unit.blocks.extend(value.map(|register| Block::Value { register }));
                self.block(body);
                if value.is_some() {
                    self.unit.blocks.pop();
                }
            }
            Block::Value { register } => self.one(Op::Clear, register),
            Block::FinallyHandler { exception, saved, outer } => {
                self.unit.asm.leave(outer);
                self.one(Op::PopExc, saved);
                self.one(Op::Clear, exception);
            }
            Block::Handler { saved, name, outer } => {
                self.unit.asm.leave(outer);
                self.one(Op::PopExc, saved);
                self.forget(name);
            }
            Block::With { exit, span, outer } => {
                self.unit.asm.leave(outer);
                self.at(span);
                self.one(Op::WithExit, exit);
            }
            Block::AsyncWith { exit, span, outer } => {
                self.unit.asm.leave(outer);
                self.at(span);
                self.async_exit(exit);
            }
        }
    }
}
