//! Conditions: comparisons, `and`, `or` and `not` become jumps and never leave a value behind.

use super::expr::small;
use super::{Emitter, ops};
use crate::assembler::Label;
use crate::ast::{BoolOp, CmpOp, Expr, ExprKind, UnOp};
use crate::code::Const;
use crate::opcode::Op;

impl<'a> Emitter<'a> {
    /// Jumps to `target` when the truth of `e` is `sense`, else goes on.
    pub(super) fn jump_if(&mut self, e: &'a Expr, sense: bool, target: Label) {
        let mark = self.mark();
        self.jump_if_inner(e, sense, target);
        self.release(mark);
    }

    fn jump_if_inner(&mut self, e: &'a Expr, sense: bool, target: Label) {
        match &e.kind {
            ExprKind::Const(value) => {
                if crate::fold::truth(value) == sense {
                    self.at(e.span);
                    self.unit.asm.goto(target);
                }
            }
            ExprKind::Unary(UnOp::Not, operand) => self.jump_if(operand, !sense, target),
            ExprKind::Bool(op, values) => self.jump_if_bool(*op, values, sense, target),
            ExprKind::Compare(left, rest) => match &rest[..] {
                [(op, right)] => self.jump_if_compare(e, left, *op, right, sense, target),
                _ => self.jump_if_chain(e, left, rest, sense, target),
            },
            ExprKind::IfElse(parts) => {
                let (orelse, end) = (self.unit.asm.label(), self.unit.asm.label());
                self.jump_if(&parts.test, false, orelse);
                self.jump_if(&parts.body, sense, target);
                self.unit.asm.goto(end);
                self.unit.asm.bind(orelse);
                self.jump_if(&parts.orelse, sense, target);
                self.unit.asm.bind(end);
            }
            _ => {
                let value = self.operand(e, None);
                self.at(e.span);
                let op = if sense { Op::IfTrue } else { Op::UnlessTrue };
                self.unit.asm.jump(op, value.0, 0, target);
            }
        }
    }

    fn jump_if_bool(&mut self, op: BoolOp, values: &'a [Expr], sense: bool, target: Label) {
        // The truth that decides at once: false for `and`, true for `or`.
        let decisive = op == BoolOp::Or;
        if sense == decisive {
            values.iter().for_each(|value| self.jump_if(value, sense, target));
            return;
        }
        let (last, first) = values.split_last().expect("the parser gives two operands at least");
        let skip = self.unit.asm.label();
        first.iter().for_each(|value| self.jump_if(value, decisive, skip));
        self.jump_if(last, sense, target);
        self.unit.asm.bind(skip);
    }

    fn jump_if_compare(&mut self, e: &'a Expr, left: &'a Expr, op: CmpOp, right: &'a Expr, sense: bool, target: Label) {
        let is_none = |e: &Expr| matches!(e.kind, ExprKind::Const(Const::None));
        if matches!(op, CmpOp::Is | CmpOp::IsNot) && is_none(right) {
            let value = self.operand(left, None);
            self.at(e.span);
            let op = if sense == (op == CmpOp::Is) { Op::IfNone } else { Op::UnlessNone };
            self.unit.asm.jump(op, value.0, 0, target);
            return;
        }
        if let (Some(number), Some(op)) = (small(right), ops::branch_integer(op, sense)) {
            let left = self.operand(left, None);
            self.at(e.span);
            self.unit.asm.jump(op, left.0, number as u16, target);
            return;
        }
        if let (ExprKind::Const(value), Some(op)) = (&right.kind, ops::branch_constant(op, sense))
            && let Ok(index) = u16::try_from(self.constant(value))
        {
            let left = self.operand(left, None);
            self.at(e.span);
            self.unit.asm.jump(op, left.0, index, target);
            return;
        }
        let left = self.operand_before(left, &[right], None);
        let right = self.right_side(op, right);
        self.at(e.span);
        self.unit.asm.jump(ops::branch(op, sense), left.0, right.0, target);
    }

    /// `a < b < c`: every middle operand is computed once.
    fn jump_if_chain(&mut self, e: &'a Expr, left: &'a Expr, rest: &'a [(CmpOp, Expr)], sense: bool, target: Label) {
        let (fail, over) = (self.unit.asm.label(), self.unit.asm.label());
        // Where a failed comparison goes when nothing is left to drop.
        let failed = if sense { over } else { target };
        let kept = self.temp();
        let carrier = self.temp();
        let base = self.mark();
        let later: Vec<&Expr> = rest.iter().map(|(_, right)| right).collect();
        let mut left = self.operand_before(left, &later, None);
        for (i, (op, right)) in rest.iter().enumerate() {
            if i + 1 == rest.len() {
                self.last_of_chain(e, left, *op, right, sense, target);
                break;
            }
            let right = self.right_side(*op, right);
            self.at(e.span);
            if right.is_temp() || e.rebinds {
                self.two(Op::Copy, kept, right);
                self.unit.asm.jump(ops::branch(*op, false), left.0, right.0, fail);
                left = kept;
                if i + 2 < rest.len() {
                    left = carrier;
                    self.two(Op::Move, left, kept);
                }
            } else {
                self.unit.asm.jump(ops::branch(*op, false), left.0, right.0, failed);
                left = right;
            }
            self.release(base);
        }
        self.unit.asm.goto(over);
        self.unit.asm.bind(fail);
        self.one(Op::Clear, kept);
        self.unit.asm.goto(failed);
        self.unit.asm.bind(over);
    }

    fn last_of_chain(
        &mut self,
        e: &'a Expr,
        left: crate::assembler::Reg,
        op: CmpOp,
        right: &'a Expr,
        sense: bool,
        target: Label,
    ) {
        if let (Some(number), Some(op)) = (small(right), ops::branch_integer(op, sense)) {
            self.at(e.span);
            self.unit.asm.jump(op, left.0, number as u16, target);
            return;
        }
        let right = self.right_side(op, right);
        self.at(e.span);
        self.unit.asm.jump(ops::branch(op, sense), left.0, right.0, target);
    }
}
