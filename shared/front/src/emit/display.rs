//! Displays (tuples, lists, sets, dicts) and f-strings.

use super::Emitter;
use crate::assembler::Reg;
use crate::ast::{Expr, ExprKind, FormatPart, Part};
use crate::code::Const;
use crate::opcode::Op;

/// Items that one instruction builds from temporaries; longer displays grow step by step.
const CHUNK: usize = 64;

fn starred(items: &[Expr]) -> bool {
    items.iter().any(|e| matches!(e.kind, ExprKind::Starred(_)))
}

fn constants(items: &[Expr]) -> Option<Vec<Const>> {
    let constant = |e: &Expr| match &e.kind {
        ExprKind::Const(value) => Some(value.clone()),
        _ => None,
    };
    items.iter().map(constant).collect()
}

impl<'a> Emitter<'a> {
    pub(super) fn tuple(&mut self, e: &Expr, items: &'a [Expr], dst: Reg) {
        if let Some(values) = constants(items) {
            self.at(e.span);
            self.load_const(dst, &Const::Tuple(values.into()));
        } else if items.len() > CHUNK || starred(items) {
            let list = self.workspace(dst);
            self.grow_list(e, items, list);
            self.two(Op::ListToTuple, dst, list);
        } else if let [first, second] = items {
            let first = self.operand_before(first, &[second], Self::hint(dst));
            let hint = Self::hint(dst).filter(|&h| h != first);
            let second = self.operand(second, hint);
            self.at(e.span);
            self.emit(Op::BuildTuple2, dst, first, second);
        } else {
            self.build(Op::BuildTuple, e, items, dst);
        }
    }

    /// Builds from consecutive temporaries.
    fn build(&mut self, op: Op, e: &Expr, items: &'a [Expr], dst: Reg) {
        let base = self.base(dst);
        for (i, item) in items.iter().enumerate() {
            if i == 0 && base == dst {
                self.expr(item, base);
            } else {
                self.fresh(item);
            }
        }
        self.at(e.span);
        self.unit.asm.raw(op, dst.0, base.0, items.len() as u16);
    }

    /// Where the next temporaries will be; the result register itself when it is the last of them.
    fn base(&mut self, dst: Reg) -> Reg {
        let next = Reg(crate::assembler::TEMP + self.mark());
        if dst.is_temp() && dst.plus(1) == next { dst } else { next }
    }

    pub(super) fn list(&mut self, e: &Expr, items: &'a [Expr], dst: Reg) {
        if let (Some(values), true) = (constants(items), items.len() > 2) {
            self.fill_from_constant(Op::BuildList, Op::ListExtend, e, &Const::Tuple(values.into()), dst);
        } else if items.len() > CHUNK || starred(items) {
            let list = self.workspace(dst);
            self.grow_list(e, items, list);
            self.deliver(list, dst);
        } else {
            self.build(Op::BuildList, e, items, dst);
        }
    }

    /// An empty container filled from a constant.
    fn fill_from_constant(&mut self, build: Op, extend: Op, e: &Expr, value: &Const, dst: Reg) {
        let result = self.workspace(dst);
        let items = self.temp();
        self.at(e.span);
        self.unit.asm.raw(build, result.0, result.0, 0);
        self.load_const(items, value);
        self.two(extend, result, items);
        self.deliver(result, dst);
    }

    fn grow_list(&mut self, e: &Expr, items: &'a [Expr], list: Reg) {
        self.at(e.span);
        self.unit.asm.raw(Op::BuildList, list.0, list.0, 0);
        self.grow(e, items, list, Op::ListAppend, Op::ListExtend);
    }

    fn grow(&mut self, e: &Expr, items: &'a [Expr], container: Reg, one: Op, many: Op) {
        for item in items {
            let mark = self.mark();
            let (op, value) = match &item.kind {
                ExprKind::Starred(value) => (many, &**value),
                _ => (one, item),
            };
            let register = self.operand(value, None);
            self.at(if op == many { value.span } else { e.span });
            self.two(op, container, register);
            self.release(mark);
        }
    }

    pub(super) fn set(&mut self, e: &Expr, items: &'a [Expr], dst: Reg) {
        if let (Some(values), true) = (constants(items), items.len() > 2) {
            self.fill_from_constant(Op::BuildSet, Op::SetUpdate, e, &Const::Tuple(values.into()), dst);
        } else if items.len() > CHUNK || starred(items) {
            let set = self.workspace(dst);
            self.at(e.span);
            self.unit.asm.raw(Op::BuildSet, set.0, set.0, 0);
            self.grow(e, items, set, Op::SetAdd, Op::SetUpdate);
            self.deliver(set, dst);
        } else {
            self.build(Op::BuildSet, e, items, dst);
        }
    }

    pub(super) fn dict(&mut self, e: &Expr, items: &'a [(Option<Expr>, Expr)], dst: Reg) {
        if items.len() <= CHUNK / 4 && items.iter().all(|(key, _)| key.is_some()) {
            let base = self.base(dst);
            for (i, (key, value)) in items.iter().enumerate() {
                let first = if i == 0 && base == dst { dst } else { self.temp() };
                self.optional(key.as_ref(), first);
                self.fresh(value);
            }
            self.at(e.span);
            self.unit.asm.raw(Op::BuildMap, dst.0, base.0, items.len() as u16);
            return;
        }
        let dict = self.workspace(dst);
        self.at(e.span);
        self.unit.asm.raw(Op::BuildMap, dict.0, dict.0, 0);
        for (key, value) in items {
            let mark = self.mark();
            match key {
                Some(key) => {
                    let pair = self.fresh(key);
                    self.fresh(value);
                    self.at(e.span);
                    self.two(Op::MapAdd, dict, pair);
                }
                None => {
                    let value_register = self.operand(value, None);
                    self.at(value.span);
                    self.two(Op::DictUpdate, dict, value_register);
                }
            }
            self.release(mark);
        }
        self.deliver(dict, dst);
    }

    // f-strings.

    pub(super) fn joined(&mut self, e: &Expr, parts: &'a [Part], dst: Reg) {
        if let [part] = parts {
            self.part(e, part, dst);
            return;
        }
        let base = self.base(dst);
        let mut count = 0;
        if parts.len() <= CHUNK {
            for part in parts {
                let register = if count == 0 && base == dst { dst } else { self.temp() };
                self.part(e, part, register);
                count += 1;
            }
        } else {
            for chunk in parts.chunks(CHUNK) {
                let register = if count == 0 && base == dst { dst } else { self.temp() };
                let mark = self.mark();
                self.joined(e, chunk, register);
                self.release(mark);
                count += 1;
            }
        }
        self.at(e.span);
        self.unit.asm.raw(Op::BuildString, dst.0, base.0, count);
    }

    fn part(&mut self, e: &Expr, part: &'a Part, dst: Reg) {
        let mark = self.mark();
        match part {
            Part::Text(text) => {
                self.at(e.span);
                self.load_const(dst, text);
            }
            Part::Value(part) => self.format(e, part, dst),
        }
        self.release(mark);
    }

    /// A t-string: `Template("text", Interpolation(value, "expression", conversion, spec), …)`.
    pub(super) fn template(&mut self, e: &Expr, parts: &'a [Part], dst: Reg) {
        if parts.len() > CHUNK {
            self.fail(e.span, "too many parts in a template string");
            return;
        }
        let window = self.window(dst);
        self.at(e.span);
        self.unit.asm.raw(Op::LoadCommon, window.0, 0, 0);
        for part in parts {
            let register = self.temp();
            let mark = self.mark();
            match part {
                Part::Text(text) => self.load_const(register, text),
                Part::Value(part) => self.interpolation(e, part, register),
            }
            self.release(mark);
        }
        self.at(e.span);
        self.unit.asm.raw(Op::Call, dst.0, window.0, parts.len() as u16);
    }

    fn interpolation(&mut self, e: &Expr, part: &'a FormatPart, dst: Reg) {
        let window = self.window(dst);
        self.at(part.span);
        self.unit.asm.raw(Op::LoadCommon, window.0, 1, 0);
        self.fresh(&part.value);
        let text = self.temp();
        self.at(part.span);
        self.load_const(text, &part.text);
        let conversion = self.temp();
        let flag = ["", "s", "r", "a"][usize::from(part.conversion & 3)];
        let flag = if flag.is_empty() { Const::None } else { Const::Str(flag.into()) };
        self.load_const(conversion, &flag);
        let spec = self.temp();
        match &part.spec {
            Some(parts) => {
                let mark = self.mark();
                self.joined(e, parts, spec);
                self.release(mark);
            }
            None => self.load_const(spec, &Const::Str("".into())),
        }
        self.at(part.span);
        self.unit.asm.raw(Op::Call, dst.0, window.0, 4);
    }

    fn format(&mut self, e: &Expr, part: &'a FormatPart, dst: Reg) {
        let Some(spec) = &part.spec else {
            let value = self.operand(&part.value, Self::hint(dst));
            self.at(part.span);
            self.unit.asm.raw(Op::FormatValue, dst.0, value.0, part.conversion);
            return;
        };
        let base = self.base(dst);
        let value = if base == dst { dst } else { self.temp() };
        self.expr(&part.value, value);
        let spec_register = self.temp();
        self.joined(e, spec, spec_register);
        self.at(part.span);
        self.unit.asm.raw(Op::FormatSpec, dst.0, base.0, part.conversion);
    }
}
