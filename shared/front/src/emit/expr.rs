//! Expressions.

use super::{Emitter, ops};
use crate::assembler::Reg;
use crate::ast::{BinOp, BoolOp, CmpOp, Expr, ExprKind, Ident, IfElse, Name, Span, UnOp};
use crate::code::Const;
use crate::opcode::Op;
use crate::symbols::Place;

/// The value of a small integer constant that fits an operand.
pub(super) fn small(expr: &Expr) -> Option<i16> {
    match expr.kind {
        ExprKind::Const(Const::Int(n)) => i16::try_from(n).ok(),
        _ => None,
    }
}

impl<'a> Emitter<'a> {
    /// Computes an expression into `dst`.
    pub(super) fn expr(&mut self, e: &'a Expr, dst: Reg) {
        let mark = self.mark();
        self.expr_inner(e, dst);
        self.release(mark);
    }

    fn expr_inner(&mut self, e: &'a Expr, dst: Reg) {
        self.at(e.span);
        match &e.kind {
            ExprKind::Const(value) => self.load_const(dst, value),
            ExprKind::Name(name) => self.load_name(*name, dst),
            ExprKind::Attr(value, attr) => self.attribute(e, value, *attr, dst),
            ExprKind::Subscript(value, key) => self.subscript(e, value, key, dst),
            ExprKind::Slice(parts) => self.slice(e, parts, dst),
            ExprKind::Binary(left, op, right) => self.binary(e, left, *op, right, dst),
            ExprKind::Unary(op, operand) => self.unary(e, *op, operand, dst),
            ExprKind::Bool(op, values) => self.bool_op(*op, values, dst),
            ExprKind::Compare(left, rest) => self.compare(e, left, rest, dst),
            ExprKind::IfElse(parts) => self.if_else(parts, dst),
            ExprKind::Named(ident, value) => self.named(*ident, value, dst),
            ExprKind::Call(call) => self.call(e, call, dst),
            ExprKind::Lambda(function) => self.function_object(function, dst),
            ExprKind::Tuple(items) => self.tuple(e, items, dst),
            ExprKind::List(items) => self.list(e, items, dst),
            ExprKind::Set(items) => self.set(e, items, dst),
            ExprKind::Dict(items) => self.dict(e, items, dst),
            ExprKind::Comp(comp) => self.comp(e, comp, dst),
            ExprKind::Joined(parts) => self.joined(e, parts, dst),
            ExprKind::Template(parts) => self.template(e, parts, dst),
            ExprKind::Yield(value) => self.yield_value(e, value.as_deref(), dst),
            ExprKind::YieldFrom(value) | ExprKind::Await(value) => self.yield_from(e, value, dst),
            ExprKind::Starred(_) => self.fail(e.span, "can't use starred expression here"),
        }
    }

    /// The register to compute an intermediate value into, when the result is a temporary anyway.
    pub(super) fn hint(dst: Reg) -> Option<Reg> {
        dst.is_temp().then_some(dst)
    }

    /// A register that holds the value of an expression: the local itself, or a temporary (`hint`, or a new one).
    pub(super) fn operand(&mut self, e: &'a Expr, hint: Option<Reg>) -> Reg {
        if let Some(local) = self.local_expr(e) {
            return local;
        }
        if let ExprKind::Named(ident, value) = &e.kind
            && let Some(local) = self.plain_local(ident.name)
        {
            self.expr(value, local);
            return local;
        }
        let dst = hint.unwrap_or_else(|| self.temp());
        self.expr(e, dst);
        dst
    }

    /// As [`Emitter::operand`], for one that is used only after `later` has run: kept apart from a local that `later`
    /// may bind anew, and known to be bound when `later` does anything that can be noticed.
    pub(super) fn operand_before(&mut self, e: &'a Expr, later: &[&Expr], hint: Option<Reg>) -> Reg {
        let register = self.operand(e, hint);
        if register.is_temp() {
            return register;
        }
        if !later.iter().any(|e| e.rebinds) {
            if later.iter().any(|e| self.acts(e)) {
                self.at(e.span);
                self.one(Op::CheckBound, register);
            }
            return register;
        }
        self.apart(e, register, hint)
    }

    /// As [`Emitter::operand`], but never a local.
    pub(super) fn operand_apart(&mut self, e: &'a Expr, hint: Option<Reg>) -> Reg {
        let register = self.operand(e, hint);
        if register.is_temp() { register } else { self.apart(e, register, hint) }
    }

    fn apart(&mut self, e: &Expr, register: Reg, hint: Option<Reg>) -> Reg {
        let dst = hint.unwrap_or_else(|| self.temp());
        self.at(e.span);
        self.two(Op::Move, dst, register);
        dst
    }

    /// Can the evaluation be noticed?
    fn acts(&mut self, e: &Expr) -> bool {
        match &e.kind {
            ExprKind::Const(_) => false,
            ExprKind::Name(_) => self.local_expr(e).is_none(),
            ExprKind::Slice(parts) => parts.iter().flatten().any(|part| self.acts(part)),
            _ => true,
        }
    }

    /// Computes an expression into a new temporary.
    pub(super) fn fresh(&mut self, e: &'a Expr) -> Reg {
        let dst = self.temp();
        self.expr(e, dst);
        dst
    }

    /// Computes an expression for its effects.
    pub(super) fn effect(&mut self, e: &'a Expr) {
        match &e.kind {
            ExprKind::Const(_) => {}
            ExprKind::Named(ident, value) => self.assign_name(*ident, value),
            ExprKind::Name(_) if self.local_expr(e).is_some() => {
                let local = self.operand(e, None);
                self.at(e.span);
                self.one(Op::CheckBound, local);
            }
            ExprKind::Bool(op, values) => {
                let end = self.unit.asm.label();
                let (last, first) = values.split_last().expect("the parser gives two operands at least");
                for value in first {
                    self.jump_if(value, *op == BoolOp::Or, end);
                }
                self.effect(last);
                self.unit.asm.bind(end);
            }
            _ => {
                let mark = self.mark();
                let dst = self.temp();
                self.expr(e, dst);
                self.at(e.span);
                self.one(Op::Clear, dst);
                self.release(mark);
            }
        }
    }

    pub(super) fn load_name(&mut self, name: Name, dst: Reg) {
        if self.symbols.sees_class(self.unit.frame) && !matches!(self.place(name), Place::Register(_)) {
            return self.load_from_class(name, dst);
        }
        self.load_plain(name, dst);
    }

    pub(super) fn load_plain(&mut self, name: Name, dst: Reg) {
        match self.place(name) {
            Place::Register(owner) => {
                let local = self.local(owner, name);
                let op = if self.symbols.captured(owner, name) { Op::LoadCell } else { Op::Move };
                self.two(op, dst, local);
            }
            Place::Free(index) => self.unit.asm.raw(Op::LoadFree, dst.0, index, 0),
            Place::ClassFree(index) => {
                let name = self.name(name);
                self.unit.asm.raw(Op::LoadClassFree, dst.0, index, name);
            }
            Place::Global => {
                let index = self.wide_name(name);
                self.unit.asm.wide(Op::LoadGlobal, dst, index);
            }
            Place::Namespace => {
                let index = self.wide_name(name);
                self.unit.asm.wide(Op::LoadName, dst, index);
            }
        }
    }

    fn attribute(&mut self, e: &'a Expr, value: &'a Expr, attr: Ident, dst: Reg) {
        if self.super_attribute(e, value, attr, dst) {
            return;
        }
        let object = self.operand(value, Self::hint(dst));
        self.at_attribute(e.span, attr);
        let name = self.name(attr.name);
        self.unit.asm.raw(Op::LoadAttr, dst.0, object.0, name);
    }

    fn subscript(&mut self, e: &'a Expr, value: &'a Expr, key: &'a Expr, dst: Reg) {
        if let Some(index) = small(key) {
            let object = self.operand(value, Self::hint(dst));
            self.at(e.span);
            self.unit.asm.raw(Op::GetItemI, dst.0, object.0, index as u16);
            return;
        }
        let object = self.operand_before(value, &[key], Self::hint(dst));
        if let ExprKind::Slice(parts) = &key.kind
            && let [start, stop, None] = parts.as_ref()
        {
            let first = self.temp();
            self.optional(start.as_ref(), first);
            let second = self.temp();
            self.optional(stop.as_ref(), second);
            self.at(e.span);
            self.emit(Op::GetSlice, dst, object, first);
            return;
        }
        let key = self.operand(key, None);
        self.at(e.span);
        self.emit(Op::GetItem, dst, object, key);
    }

    /// The place of an attribute (or of the call of a method): a chain over several lines is found where the name
    /// stands.
    pub(super) fn at_attribute(&mut self, span: Span, attr: Ident) {
        let start = if self.lines.same_line(span.start, attr.span.start) { span.start } else { attr.span.start };
        self.at(Span { start, end: span.end });
    }

    /// An expression or `None`.
    pub(super) fn optional(&mut self, e: Option<&'a Expr>, dst: Reg) {
        match e {
            Some(e) => self.expr(e, dst),
            None => self.load_none(dst),
        }
    }

    fn slice(&mut self, e: &'a Expr, parts: &'a [Option<Expr>; 3], dst: Reg) {
        let base = self.mark();
        for part in parts {
            let register = self.temp();
            self.optional(part.as_ref(), register);
        }
        self.at(e.span);
        self.emit(Op::BuildSlice, dst, Reg(crate::assembler::TEMP + base), Reg(0));
    }

    fn binary(&mut self, e: &'a Expr, left: &'a Expr, op: BinOp, right: &'a Expr, dst: Reg) {
        if let Some(number) = small(right)
            && let Some(op) = match op {
                BinOp::Add => Some(Op::AddRI),
                BinOp::Sub => Some(Op::SubRI),
                _ => None,
            }
        {
            let left = self.operand(left, Self::hint(dst));
            self.at(e.span);
            self.unit.asm.raw(op, dst.0, left.0, number as u16);
            return;
        }
        if let (ExprKind::Const(value), Some(op)) = (&right.kind, ops::binary_constant(op))
            && let Ok(index) = u16::try_from(self.constant(value))
        {
            let left = self.operand(left, Self::hint(dst));
            self.at(e.span);
            self.unit.asm.raw(op, dst.0, left.0, index);
            return;
        }
        if let (ExprKind::Const(value), Some(op)) = (&left.kind, ops::constant_binary(op))
            && let Ok(index) = u16::try_from(self.constant(value))
        {
            let right = self.operand(right, Self::hint(dst));
            self.at(e.span);
            self.unit.asm.raw(op, dst.0, index, right.0);
            return;
        }
        let left = self.operand_before(left, &[right], Self::hint(dst));
        let hint = Self::hint(dst).filter(|&h| h != left);
        let right = self.operand(right, hint);
        self.at(e.span);
        self.emit(ops::binary(op), dst, left, right);
    }

    fn unary(&mut self, e: &'a Expr, op: UnOp, operand: &'a Expr, dst: Reg) {
        let operand = self.operand(operand, Self::hint(dst));
        self.at(e.span);
        let op = match op {
            UnOp::Neg => Op::Neg,
            UnOp::Pos => Op::Pos,
            UnOp::Invert => Op::Invert,
            UnOp::Not => Op::Not,
        };
        self.two(op, dst, operand);
    }

    /// A temporary to build a result in: `dst` itself unless it is a local.
    pub(super) fn workspace(&mut self, dst: Reg) -> Reg {
        if dst.is_temp() { dst } else { self.temp() }
    }

    /// Brings a result from its workspace to where it is wanted.
    pub(super) fn deliver(&mut self, from: Reg, dst: Reg) {
        if from != dst {
            self.two(Op::Move, dst, from);
        }
    }

    fn bool_op(&mut self, op: BoolOp, values: &'a [Expr], dst: Reg) {
        let (end, kept) = (self.unit.asm.label(), self.unit.asm.label());
        let (last, first) = values.split_last().expect("the parser gives two operands at least");
        let rebinds = values.iter().any(|value| value.rebinds);
        // The temporary in which a value is tested, when it is no local.
        let mut result = None;
        let mut locals = Vec::new();
        for value in first {
            if let ExprKind::Const(constant) = &value.kind
                && crate::fold::truth(constant) == (op == BoolOp::And)
            {
                continue;
            }
            if let Some(local) = self.local_expr(value).filter(|_| !rebinds) {
                let decided = if local == dst { end } else { self.unit.asm.label() };
                let op = if op == BoolOp::And { Op::UnlessTrue } else { Op::IfTrue };
                self.at(value.span);
                self.unit.asm.jump(op, local.0, 0, decided);
                if local != dst {
                    locals.push((local, decided));
                }
                continue;
            }
            let temp = *result.get_or_insert_with(|| self.workspace(dst));
            self.expr(value, temp);
            self.at(value.span);
            let op = if op == BoolOp::And { Op::FalseOrPop } else { Op::TrueOrPop };
            self.unit.asm.jump(op, temp.0, 0, kept);
        }
        self.expr(last, dst);
        for (local, decided) in locals {
            self.unit.asm.goto(end);
            self.unit.asm.bind(decided);
            self.two(Op::Move, dst, local);
        }
        match result {
            Some(temp) if temp != dst => {
                self.unit.asm.goto(end);
                self.unit.asm.bind(kept);
                self.two(Op::Move, dst, temp);
            }
            _ => self.unit.asm.bind(kept),
        }
        self.unit.asm.bind(end);
    }

    fn if_else(&mut self, parts: &'a IfElse, dst: Reg) {
        let (orelse, end) = (self.unit.asm.label(), self.unit.asm.label());
        self.jump_if(&parts.test, false, orelse);
        self.expr(&parts.body, dst);
        self.unit.asm.goto(end);
        self.unit.asm.bind(orelse);
        self.expr(&parts.orelse, dst);
        self.unit.asm.bind(end);
    }

    fn named(&mut self, ident: Ident, value: &'a Expr, dst: Reg) {
        if let Some(local) = self.plain_local(ident.name) {
            self.expr(value, local);
            self.at(ident.span);
            self.two(Op::Move, dst, local);
            return;
        }
        let result = self.workspace(dst);
        self.expr(value, result);
        let copy = self.temp();
        self.at(ident.span);
        self.two(Op::Copy, copy, result);
        self.store_name(ident.name, copy);
        self.deliver(result, dst);
    }

    fn compare(&mut self, e: &'a Expr, left: &'a Expr, rest: &'a [(CmpOp, Expr)], dst: Reg) {
        if let [(op, right)] = rest {
            if let (ExprKind::Const(value), Some(op)) = (&right.kind, ops::compare_constant(*op))
                && let Ok(index) = u16::try_from(self.constant(value))
            {
                let left = self.operand(left, Self::hint(dst));
                self.at(e.span);
                self.unit.asm.raw(op, dst.0, left.0, index);
                return;
            }
            let left = self.operand_before(left, &[right], Self::hint(dst));
            let right = self.right_side(*op, right);
            self.at(e.span);
            self.emit(ops::compare(*op), dst, left, right);
            return;
        }
        let end = self.unit.asm.label();
        let (over, fail) = (self.unit.asm.label(), self.unit.asm.label());
        let result = self.workspace(dst);
        let kept = self.temp();
        let carrier = self.temp();
        let base = self.mark();
        let later: Vec<&Expr> = rest.iter().map(|(_, right)| right).collect();
        let mut left = self.operand_before(left, &later, None);
        for (i, (op, right)) in rest.iter().enumerate() {
            let last = i + 1 == rest.len();
            let right_register = self.right_side(*op, right);
            self.at(e.span);
            if last {
                self.emit(ops::compare(*op), result, left, right_register);
                break;
            }
            let again = if right_register.is_temp() || e.rebinds {
                self.two(Op::Copy, kept, right_register);
                kept
            } else {
                right_register
            };
            self.emit(ops::compare(*op), result, left, right_register);
            let exit = if again == kept { fail } else { end };
            self.unit.asm.jump(Op::FalseOrPop, result.0, 0, exit);
            left = again;
            if left == kept && i + 2 < rest.len() {
                left = carrier;
                self.two(Op::Move, left, kept);
            }
            self.release(base);
        }
        self.unit.asm.goto(over);
        self.unit.asm.bind(fail);
        self.one(Op::Clear, kept);
        self.unit.asm.bind(over);
        self.unit.asm.bind(end);
        self.deliver(result, dst);
    }

    /// The right side of a comparison; displays of constants become constants for `in`.
    pub(super) fn right_side(&mut self, op: CmpOp, right: &'a Expr) -> Reg {
        if matches!(op, CmpOp::In | CmpOp::NotIn) {
            let constants = |items: &[Expr]| -> Option<Vec<Const>> {
                let constant = |e: &Expr| match &e.kind {
                    ExprKind::Const(value) => Some(value.clone()),
                    _ => None,
                };
                items.iter().map(constant).collect()
            };
            let folded = match &right.kind {
                ExprKind::List(items) => constants(items).map(|items| Const::Tuple(items.into())),
                ExprKind::Set(items) => constants(items).map(|items| Const::FrozenSet(items.into())),
                _ => None,
            };
            if let Some(value) = folded {
                let dst = self.temp();
                self.at(right.span);
                self.load_const(dst, &value);
                return dst;
            }
        }
        self.operand(right, None)
    }

    fn yield_value(&mut self, e: &'a Expr, value: Option<&'a Expr>, dst: Reg) {
        let source = match value {
            Some(value) => self.operand(value, Self::hint(dst)),
            None => {
                let source = self.workspace(dst);
                self.load_none(source);
                source
            }
        };
        self.at(e.span);
        self.two(Op::Yield, dst, source);
    }

    fn yield_from(&mut self, e: &'a Expr, value: &'a Expr, dst: Reg) {
        let mark = self.mark();
        let source = self.operand(value, None);
        self.release(mark);
        self.at(e.span);
        self.delegate(source, dst);
    }
}
