//! Assignments: to names, attributes, items; unpacking; augmented assignment; `del`.

use super::Emitter;
use super::expr::small;
use super::ops;
use crate::assembler::Reg;
use crate::ast::{AnnAssign, BinOp, Expr, ExprKind, Ident, Name};
use crate::opcode::Op;
use crate::symbols::{Place, ScopeKind};

/// Beyond so many items a tuple is built and unpacked after all.
const MAX_PARALLEL: usize = 8;

impl<'a> Emitter<'a> {
    /// Stores a register under a name; a temporary is consumed.
    pub(super) fn store_name(&mut self, name: Name, src: Reg) {
        match self.place(name) {
            Place::Register(owner) => {
                let local = self.local(owner, name);
                if self.symbols.captured(owner, name) {
                    self.two(Op::StoreCell, local, src);
                } else if local != src {
                    self.two(Op::Move, local, src);
                }
            }
            Place::Free(index) | Place::ClassFree(index) => self.unit.asm.raw(Op::StoreFree, index, src.0, 0),
            Place::Global => {
                let index = self.wide_name(name);
                self.unit.asm.wide(Op::StoreGlobal, src, index);
            }
            Place::Namespace => {
                let index = self.wide_name(name);
                self.unit.asm.wide(Op::StoreName, src, index);
            }
        }
    }

    pub(super) fn delete_name(&mut self, name: Name) {
        match self.place(name) {
            Place::Register(owner) => {
                let local = self.local(owner, name);
                let op = if self.symbols.captured(owner, name) { Op::DelCell } else { Op::DelLocal };
                self.one(op, local);
            }
            Place::Free(index) | Place::ClassFree(index) => self.unit.asm.raw(Op::DelFree, index, 0, 0),
            Place::Global => {
                let index = self.wide_name(name);
                self.unit.asm.wide(Op::DelGlobal, Reg(0), index);
            }
            Place::Namespace => {
                let index = self.wide_name(name);
                self.unit.asm.wide(Op::DelName, Reg(0), index);
            }
        }
    }

    /// `name = value`
    pub(super) fn assign_name(&mut self, ident: Ident, value: &'a Expr) {
        let mark = self.mark();
        if let Some(local) = self.plain_local(ident.name) {
            self.expr(value, local);
        } else {
            let register = self.operand(value, None);
            self.at(ident.span);
            self.store_name(ident.name, register);
        }
        self.release(mark);
    }

    pub(super) fn assign(&mut self, targets: &'a [Expr], value: &'a Expr) {
        let mark = self.mark();
        match targets {
            [target] => self.assign_one(target, value),
            _ => self.assign_many(targets, value),
        }
        self.release(mark);
    }

    fn assign_one(&mut self, target: &'a Expr, value: &'a Expr) {
        match (&target.kind, &value.kind) {
            (ExprKind::Name(name), _) => self.assign_name(Ident { name: *name, span: target.span }, value),
            (ExprKind::Tuple(to) | ExprKind::List(to), ExprKind::Tuple(from) | ExprKind::List(from))
                if to.len() == from.len()
                    && to.len() <= MAX_PARALLEL
                    && !to.iter().chain(from).any(|e| matches!(e.kind, ExprKind::Starred(_))) =>
            {
                self.assign_parallel(to, from);
            }
            (ExprKind::Tuple(to) | ExprKind::List(to), ExprKind::Const(crate::code::Const::Tuple(items)))
                if to.len() == items.len() && to.iter().all(|t| matches!(t.kind, ExprKind::Name(_))) =>
            {
                for (target, item) in to.iter().zip(items.iter()) {
                    let ExprKind::Name(name) = target.kind else { continue };
                    let mark = self.mark();
                    let register = self.plain_local(name);
                    let register = register.unwrap_or_else(|| self.temp());
                    self.at(target.span);
                    self.load_const(register, item);
                    self.store_name(name, register);
                    self.release(mark);
                }
            }
            _ => {
                let register = self.operand_before(value, &[target], None);
                self.store(target, register);
            }
        }
    }

    /// `a, b = x, y` without a tuple: all values first, then the stores in order.
    fn assign_parallel(&mut self, to: &'a [Expr], from: &'a [Expr]) {
        let mut registers = Vec::with_capacity(to.len());
        for (i, value) in from.iter().enumerate() {
            if matches!(value.kind, ExprKind::Const(_)) {
                registers.push(None);
                continue;
            }
            let later: Vec<&Expr> = from[i + 1..].iter().chain(to).collect();
            let mut register = self.operand_before(value, &later, None);
            let clobbered = !register.is_temp() && to[..i].iter().any(|t| self.binds_register(t, register));
            if clobbered {
                let copy = self.temp();
                self.at(value.span);
                self.two(Op::Move, copy, register);
                register = copy;
            }
            registers.push(Some(register));
        }
        for ((target, value), register) in to.iter().zip(from).zip(registers) {
            match register {
                Some(register) => self.store(target, register),
                None => self.assign_one(target, value),
            }
        }
    }

    /// Does assigning to `target` write that register?
    fn binds_register(&mut self, target: &Expr, register: Reg) -> bool {
        match &target.kind {
            ExprKind::Name(_) => self.local_expr(target) == Some(register),
            ExprKind::Tuple(items) | ExprKind::List(items) => items.iter().any(|t| self.binds_register(t, register)),
            ExprKind::Starred(inner) => self.binds_register(inner, register),
            _ => false,
        }
    }

    /// `a = b = value`
    fn assign_many(&mut self, targets: &'a [Expr], value: &'a Expr) {
        let simple = |t: &Expr| !matches!(t.kind, ExprKind::Tuple(_) | ExprKind::List(_));
        if let Some(local) = self.local_expr(&targets[0])
            && targets.iter().all(|t| simple(t) && !t.rebinds)
        {
            self.expr(value, local);
            targets[1..].iter().for_each(|target| self.store(target, local));
            return;
        }
        let register = self.fresh(value);
        let (last, first) = targets.split_last().expect("an assignment has a target");
        for target in first {
            let mark = self.mark();
            let copy = self.temp();
            self.at(target.span);
            self.two(Op::Copy, copy, register);
            self.store(target, copy);
            self.release(mark);
        }
        self.store(last, register);
    }

    /// Stores a register in a target; a temporary is consumed.
    pub(super) fn store(&mut self, target: &'a Expr, src: Reg) {
        let mark = self.mark();
        self.at(target.span);
        match &target.kind {
            ExprKind::Name(name) => self.store_name(*name, src),
            ExprKind::Attr(value, attr) => {
                let object = self.operand(value, None);
                self.at(target.span);
                let name = self.name(attr.name);
                self.unit.asm.raw(Op::StoreAttr, object.0, src.0, name);
            }
            ExprKind::Subscript(value, key) => {
                let object = self.operand_before(value, &[key], None);
                let key = self.operand(key, None);
                self.at(target.span);
                self.emit(Op::SetItem, object, key, src);
            }
            ExprKind::Tuple(items) | ExprKind::List(items) => self.unpack(target, items, src),
            _ => self.fail(target.span, "cannot assign to expression"),
        }
        self.release(mark);
    }

    fn unpack(&mut self, target: &'a Expr, items: &'a [Expr], src: Reg) {
        let star = items.iter().position(|e| matches!(e.kind, ExprKind::Starred(_)));
        if let (None, [first, second]) = (star, items) {
            let one = self.local_expr(first);
            // The second is not written before the first target was looked at.
            let two = self.local_expr(second).filter(|&two| one.is_some_and(|one| one != two));
            let one_register = one.unwrap_or_else(|| self.temp());
            let two_register = two.unwrap_or_else(|| self.temp());
            self.at(target.span);
            self.emit(Op::Unpack2, one_register, src, two_register);
            if one.is_none() {
                self.store(first, one_register);
            }
            if two.is_none() {
                self.store(second, two_register);
            }
            return;
        }
        let count = items.len() as u16;
        let base = self.temps(count);
        self.at(target.span);
        match star {
            None => self.unit.asm.raw(Op::UnpackSeq, base.0, src.0, count),
            Some(before) => {
                let after = items.len() - before - 1;
                if before > 255 || after > 255 {
                    self.fail(target.span, "too many expressions in star-unpacking assignment");
                    return;
                }
                let shape = before as u16 | (after as u16) << 8;
                self.unit.asm.raw(Op::UnpackEx, base.0, src.0, shape);
            }
        }
        for (i, item) in items.iter().enumerate() {
            let item = match &item.kind {
                ExprKind::Starred(inner) => inner,
                _ => item,
            };
            self.store(item, base.plus(i as u16));
        }
    }

    pub(super) fn aug_assign(&mut self, target: &'a Expr, op: BinOp, value: &'a Expr) {
        let mark = self.mark();
        match &target.kind {
            ExprKind::Name(name) => {
                let local = self.plain_local(*name);
                let old = self.operand_before(target, &[value], None);
                let dst = local.unwrap_or(old);
                self.in_place(target, op, value, old, dst);
                self.at(target.span);
                if local.is_none() {
                    self.store_name(*name, dst);
                }
            }
            ExprKind::Attr(object, attr) => {
                let object = self.operand_before(object, &[value], None);
                let name = self.name(attr.name);
                let held = self.shared(object);
                let item = self.temp();
                self.at(target.span);
                self.unit.asm.raw(Op::LoadAttr, item.0, held.0, name);
                self.in_place(target, op, value, item, item);
                self.at(target.span);
                self.unit.asm.raw(Op::StoreAttr, object.0, item.0, name);
            }
            ExprKind::Subscript(object, key) => {
                let object = self.operand_before(object, &[key, value], None);
                let index = small(key);
                let key = self.operand_before(key, &[value], None);
                let held = self.shared(object);
                let item = self.temp();
                match index {
                    Some(index) => {
                        self.at(target.span);
                        self.unit.asm.raw(Op::GetItemI, item.0, held.0, index as u16);
                    }
                    None => {
                        let held_key = self.shared(key);
                        self.at(target.span);
                        self.emit(Op::GetItem, item, held, held_key);
                    }
                }
                self.in_place(target, op, value, item, item);
                self.at(target.span);
                self.emit(Op::SetItem, object, key, item);
            }
            _ => self.fail(target.span, "illegal expression for augmented assignment"),
        }
        self.release(mark);
    }

    /// The register itself when reading it takes nothing, else a copy.
    fn shared(&mut self, register: Reg) -> Reg {
        if !register.is_temp() {
            return register;
        }
        let copy = self.temp();
        self.two(Op::Copy, copy, register);
        copy
    }

    fn in_place(&mut self, target: &Expr, op: BinOp, value: &'a Expr, old: Reg, dst: Reg) {
        let span = target.span.to(value.span);
        if let Some(number) = small(value)
            && let Some(op) = match op {
                BinOp::Add => Some(Op::IAddRI),
                BinOp::Sub => Some(Op::ISubRI),
                _ => None,
            }
        {
            self.at(span);
            self.unit.asm.raw(op, dst.0, old.0, number as u16);
            return;
        }
        let value = self.operand(value, None);
        self.at(span);
        self.emit(ops::in_place(op), dst, old, value);
    }

    pub(super) fn ann_assign(&mut self, s: &'a AnnAssign) {
        let kind = self.symbols.scope(self.unit.frame).kind;
        if let Some(value) = &s.value {
            self.assign(std::slice::from_ref(&s.target), value);
        } else if let ExprKind::Attr(object, _) = &s.target.kind {
            self.effect(object);
        } else if let ExprKind::Subscript(object, key) = &s.target.kind {
            self.effect(object);
            self.effect(key);
        }
        if !s.simple && !self.future_annotations && matches!(kind, ScopeKind::Module | ScopeKind::Class) {
            self.effect(&s.annotation.expr);
        }
    }

    pub(super) fn delete(&mut self, target: &'a Expr) {
        let mark = self.mark();
        self.at(target.span);
        match &target.kind {
            ExprKind::Name(name) => self.delete_name(*name),
            ExprKind::Attr(value, attr) => {
                let object = self.operand(value, None);
                self.at(target.span);
                let name = self.name(attr.name);
                self.unit.asm.raw(Op::DelAttr, object.0, 0, name);
            }
            ExprKind::Subscript(value, key) => {
                let object = self.operand_before(value, &[key], None);
                let key = self.operand(key, None);
                self.at(target.span);
                self.two(Op::DelItem, object, key);
            }
            ExprKind::Tuple(items) | ExprKind::List(items) => items.iter().for_each(|t| self.delete(t)),
            _ => self.fail(target.span, "cannot delete expression"),
        }
        self.release(mark);
    }
}
