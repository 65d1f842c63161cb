//! `match` statements.
//!
//! Matching never takes its subject: what a pattern unpacks goes into new temporaries that stay until the case is
//! decided. A capture only notes which register holds its value; names are bound once the whole pattern matched. A
//! failed test jumps to the label that drops exactly the temporaries in use at that point.

use super::Emitter;
use super::expr::small;
use crate::assembler::{Label, Reg, TEMP};
use crate::ast::{Case, Expr, ExprKind, Ident, Name, Pattern, PatternKind, Span};
use crate::code::Const;
use crate::opcode::Op;

/// Where failed tests go, by how many temporaries above `base` are in use.
struct Failures {
    base: u16,
    labels: Vec<Label>,
}

/// A case being matched.
struct Matching {
    failures: Failures,
    bindings: Vec<(Ident, Reg)>,
}

impl<'a> Emitter<'a> {
    pub(super) fn match_stmt(&mut self, subject: &'a Expr, cases: &'a [Case]) {
        let mark = self.mark();
        let end = self.unit.asm.label();
        let local = self.local_expr(subject).filter(|_| !rebinds(subject, cases));
        let register = local.unwrap_or_else(|| self.fresh(subject));
        for case in cases {
            self.case(case, register, end);
        }
        if register.is_temp() {
            self.at(subject.span);
            self.one(Op::Clear, register);
        }
        self.unit.asm.bind(end);
        self.release(mark);
    }

    fn case(&mut self, case: &'a Case, subject: Reg, end: Label) {
        let base = self.mark();
        let mut matching = self.matching();
        self.pattern(&case.pattern, subject, &mut matching);
        self.at(case.pattern.span);
        let keep = case.guard.is_some().then_some(subject);
        let moved = self.bind(&matching.bindings, keep);
        self.clear_from(base, &moved);
        self.release(base);
        if let Some(guard) = &case.guard {
            let next = self.failure(&mut matching.failures, base);
            self.jump_if(guard, false, next);
        }
        if subject.is_temp() && !moved.contains(&subject) {
            self.at(case.pattern.span);
            self.one(Op::Clear, subject);
        }
        self.block(&case.body);
        self.unit.asm.goto(end);
        self.land(matching.failures);
    }

    fn matching(&mut self) -> Matching {
        let first = self.unit.asm.label();
        Matching { failures: Failures { base: self.mark(), labels: vec![first] }, bindings: Vec::new() }
    }

    /// The label for a failure while `held` temporaries are allocated.
    fn failure(&mut self, failures: &mut Failures, held: u16) -> Label {
        let count = usize::from(held - failures.base);
        while failures.labels.len() <= count {
            let label = self.unit.asm.label();
            failures.labels.push(label);
        }
        failures.labels[count]
    }

    /// Drops what failed tests left behind; all of them end here.
    fn land(&mut self, failures: Failures) {
        for (i, &label) in failures.labels.iter().enumerate().rev() {
            self.unit.asm.bind(label);
            if i > 0 {
                self.one(Op::Clear, Reg(TEMP + failures.base + i as u16 - 1));
            }
        }
    }

    /// Binds the captured names. Returns the temporaries that moved into them.
    fn bind(&mut self, bindings: &[(Ident, Reg)], keep: Option<Reg>) -> Vec<Reg> {
        let mut moved = Vec::new();
        for (i, &(ident, register)) in bindings.iter().enumerate() {
            let again = bindings[i + 1..].iter().any(|&(_, other)| other == register) || keep == Some(register);
            self.at(ident.span);
            if register.is_temp() && again {
                let mark = self.mark();
                let copy = self.temp();
                self.two(Op::Copy, copy, register);
                self.store_name(ident.name, copy);
                self.release(mark);
            } else {
                self.store_name(ident.name, register);
                moved.push(register);
            }
        }
        moved
    }

    fn clear_from(&mut self, base: u16, except: &[Reg]) {
        for i in base..self.mark() {
            let register = Reg(TEMP + i);
            if !except.contains(&register) {
                self.one(Op::Clear, register);
            }
        }
    }

    /// A register that a reading instruction may take.
    fn lend(&mut self, register: Reg) -> Reg {
        if !register.is_temp() {
            return register;
        }
        let copy = self.temp();
        self.two(Op::Copy, copy, register);
        copy
    }

    fn pattern(&mut self, pattern: &'a Pattern, subject: Reg, matching: &mut Matching) {
        self.at(pattern.span);
        match &pattern.kind {
            PatternKind::Value(value) => self.value_pattern(value, subject, matching),
            PatternKind::Singleton(value) => self.singleton(value, subject, matching),
            PatternKind::Sequence(items) => self.sequence(pattern.span, items, subject, matching),
            PatternKind::Mapping { keys, patterns, rest } => {
                self.mapping(pattern.span, keys, patterns, *rest, subject, matching);
            }
            PatternKind::Class { class, positional, keywords } => {
                self.class_pattern(pattern.span, class, positional, keywords, subject, matching);
            }
            PatternKind::Star(name) => matching.bindings.extend(name.map(|ident| (ident, subject))),
            PatternKind::As(inner, name) => {
                if let Some(inner) = inner {
                    self.pattern(inner, subject, matching);
                }
                matching.bindings.extend(name.map(|ident| (ident, subject)));
            }
            PatternKind::Or(alternatives) => self.alternatives(alternatives, subject, matching),
        }
    }

    fn value_pattern(&mut self, value: &'a Expr, subject: Reg, matching: &mut Matching) {
        let held = self.mark();
        let fail = self.failure(&mut matching.failures, held);
        let left = self.lend(subject);
        if let Some(number) = small(value) {
            self.unit.asm.jump(Op::UnlessEqRI, left.0, number as u16, fail);
        } else if let ExprKind::Const(constant) = &value.kind
            && let Ok(index) = u16::try_from(self.constant(constant))
        {
            self.unit.asm.jump(Op::UnlessEqRK, left.0, index, fail);
        } else {
            let right = self.operand(value, None);
            self.at(value.span);
            self.unit.asm.jump(Op::UnlessEqRR, left.0, right.0, fail);
        }
        self.release(held);
    }

    fn singleton(&mut self, value: &Const, subject: Reg, matching: &mut Matching) {
        let held = self.mark();
        let fail = self.failure(&mut matching.failures, held);
        let left = self.lend(subject);
        if *value == Const::None {
            self.unit.asm.jump(Op::UnlessNone, left.0, 0, fail);
        } else {
            let right = self.temp();
            self.load_const(right, value);
            self.unit.asm.jump(Op::UnlessIs, left.0, right.0, fail);
        }
        self.release(held);
    }

    /// Tests the kind of the subject.
    fn test_kind(&mut self, op: Op, subject: Reg, matching: &mut Matching) {
        let held = self.mark();
        let fail = self.failure(&mut matching.failures, held);
        let answer = self.temp();
        self.two(op, answer, subject);
        self.unit.asm.jump(Op::UnlessTrue, answer.0, 0, fail);
        self.release(held);
    }

    fn test_len(&mut self, op: Op, count: usize, subject: Reg, matching: &mut Matching) {
        let held = self.mark();
        let fail = self.failure(&mut matching.failures, held);
        let answer = self.temp();
        self.two(Op::GetLen, answer, subject);
        self.unit.asm.jump(op, answer.0, count as u16, fail);
        self.release(held);
    }

    fn sequence(&mut self, span: Span, items: &'a [Pattern], subject: Reg, matching: &mut Matching) {
        self.test_kind(Op::MatchSequence, subject, matching);
        let star = items.iter().position(|p| matches!(p.kind, PatternKind::Star(_)));
        match star {
            None => self.test_len(Op::UnlessEqRI, items.len(), subject, matching),
            Some(_) if items.len() > 1 => self.test_len(Op::UnlessGeRI, items.len() - 1, subject, matching),
            Some(_) => {}
        }
        if items.iter().all(|p| matches!(p.kind, PatternKind::As(None, None) | PatternKind::Star(None))) {
            return;
        }
        let base = self.temps(items.len() as u16);
        self.at(span);
        let mark = self.mark();
        let source = self.lend(subject);
        self.release(mark);
        match star {
            None => self.unit.asm.raw(Op::UnpackSeq, base.0, source.0, items.len() as u16),
            Some(before) => {
                let after = items.len() - before - 1;
                if before > 255 || after > 255 {
                    return self.fail(span, "too many expressions in star-unpacking sequence pattern");
                }
                self.unit.asm.raw(Op::UnpackEx, base.0, source.0, before as u16 | (after as u16) << 8);
            }
        }
        for (i, item) in items.iter().enumerate() {
            self.pattern(item, base.plus(i as u16), matching);
        }
    }

    /// Goes on only if the tuple in the last temporary is not `None`, then unpacks it from there.
    fn unpack_found(&mut self, found: Reg, patterns: &[&'a Pattern], span: Span, matching: &mut Matching) {
        self.at(span);
        let held = self.mark();
        if patterns.is_empty() {
            let fail = self.failure(&mut matching.failures, held - 1);
            self.unit.asm.jump(Op::IfNone, found.0, 0, fail);
            self.release(held - 1);
            return;
        }
        let fail = self.failure(&mut matching.failures, held);
        let copy = self.temp();
        self.two(Op::Copy, copy, found);
        self.unit.asm.jump(Op::IfNone, copy.0, 0, fail);
        self.release(held - 1);
        let base = self.temps(patterns.len() as u16);
        self.unit.asm.raw(Op::UnpackSeq, base.0, found.0, patterns.len() as u16);
        for (i, pattern) in patterns.iter().enumerate() {
            self.pattern(pattern, base.plus(i as u16), matching);
        }
    }

    fn mapping(
        &mut self,
        span: Span,
        keys: &'a [Expr],
        patterns: &'a [Pattern],
        rest: Option<Ident>,
        subject: Reg,
        matching: &mut Matching,
    ) {
        self.test_kind(Op::MatchMapping, subject, matching);
        if keys.is_empty() && rest.is_none() {
            return;
        }
        if !keys.is_empty() {
            self.test_len(Op::UnlessGeRI, keys.len(), subject, matching);
        }
        let rest_register = rest.map(|ident| {
            let register = self.temp();
            (ident, register)
        });
        let found = self.temp();
        let mark = self.mark();
        self.key_tuple(span, keys, found);
        self.release(mark);
        if let Some((_, keys)) = rest_register {
            self.two(Op::Copy, keys, found);
        }
        self.emit(Op::MatchKeys, found, subject, found);
        if let Some((ident, register)) = rest_register {
            // Whether all keys were found is tested before the rest is copied.
            let held = self.mark();
            let fail = self.failure(&mut matching.failures, held);
            let copy = self.temp();
            self.two(Op::Copy, copy, found);
            self.unit.asm.jump(Op::IfNone, copy.0, 0, fail);
            self.release(held);
            self.emit(Op::MatchRest, register, subject, register);
            matching.bindings.push((ident, register));
        }
        let patterns: Vec<&Pattern> = patterns.iter().collect();
        self.unpack_found(found, &patterns, span, matching);
    }

    fn key_tuple(&mut self, span: Span, keys: &'a [Expr], dst: Reg) {
        let constants: Option<Vec<Const>> = keys
            .iter()
            .map(|key| match &key.kind {
                ExprKind::Const(value) => Some(value.clone()),
                _ => None,
            })
            .collect();
        if let Some(constants) = constants {
            return self.load_const(dst, &Const::Tuple(constants.into()));
        }
        for (i, key) in keys.iter().enumerate() {
            let register = if i == 0 { dst } else { self.temp() };
            self.expr(key, register);
        }
        self.at(span);
        self.unit.asm.raw(Op::BuildTuple, dst.0, dst.0, keys.len() as u16);
    }

    fn class_pattern(
        &mut self,
        span: Span,
        class: &'a Expr,
        positional: &'a [Pattern],
        keywords: &'a [(Ident, Pattern)],
        subject: Reg,
        matching: &mut Matching,
    ) {
        let found = self.temp();
        let mark = self.mark();
        self.expr(class, found);
        let names: Vec<Const> = keywords.iter().map(|(ident, _)| self.text_const(ident.name)).collect();
        let names_register = self.temp();
        self.at(span);
        self.load_const(names_register, &Const::Tuple(names.into()));
        self.emit(Op::MatchClass, found, subject, found);
        self.unit.asm.cache([positional.len() as u32, 0]);
        self.release(mark);
        let patterns: Vec<&Pattern> = positional.iter().chain(keywords.iter().map(|(_, p)| p)).collect();
        self.unpack_found(found, &patterns, span, matching);
    }

    /// `a | b`: each alternative moves its captures to the same temporaries.
    fn alternatives(&mut self, alternatives: &'a [Pattern], subject: Reg, matching: &mut Matching) {
        let held = self.mark();
        let outer = self.failure(&mut matching.failures, held);
        let matched = self.unit.asm.label();
        let mut names = Vec::new();
        bound_names(&alternatives[0], &mut names);
        let results = self.temps(names.len() as u16);
        let base = self.mark();
        for alternative in alternatives {
            let mut inner = self.matching();
            self.pattern(alternative, subject, &mut inner);
            self.at(alternative.span);
            let mut moved = Vec::new();
            for (i, name) in names.iter().enumerate() {
                let found = inner.bindings.iter().find(|(ident, _)| ident.name == name.name);
                let Some(&(_, register)) = found else { continue };
                let shared = inner.bindings.iter().filter(|&&(_, other)| other == register).count() > 1;
                let result = results.plus(i as u16);
                if shared || register == subject {
                    self.two(if register.is_temp() { Op::Copy } else { Op::Move }, result, register);
                } else {
                    self.two(Op::Move, result, register);
                    moved.push(register);
                }
            }
            self.clear_from(base, &moved);
            self.unit.asm.goto(matched);
            self.release(base);
            self.land(inner.failures);
        }
        self.unit.asm.goto(outer);
        self.unit.asm.bind(matched);
        for (i, &ident) in names.iter().enumerate() {
            matching.bindings.push((ident, results.plus(i as u16)));
        }
    }
}

/// The names that a pattern binds, in the order of their places.
fn bound_names(pattern: &Pattern, names: &mut Vec<Ident>) {
    match &pattern.kind {
        PatternKind::Value(_) | PatternKind::Singleton(_) => {}
        PatternKind::Sequence(items) => items.iter().for_each(|p| bound_names(p, names)),
        PatternKind::Or(alternatives) => bound_names(&alternatives[0], names),
        PatternKind::Mapping { patterns, rest, .. } => {
            patterns.iter().for_each(|p| bound_names(p, names));
            names.extend(*rest);
        }
        PatternKind::Class { positional, keywords, .. } => {
            positional.iter().for_each(|p| bound_names(p, names));
            keywords.iter().for_each(|(_, p)| bound_names(p, names));
        }
        PatternKind::Star(name) => names.extend(*name),
        PatternKind::As(inner, name) => {
            if let Some(inner) = inner {
                bound_names(inner, names);
            }
            names.extend(*name);
        }
    }
}

/// May matching change the local that is the subject?
fn rebinds(subject: &Expr, cases: &[Case]) -> bool {
    let ExprKind::Name(subject) = subject.kind else { return true };
    let binds = |pattern: &Pattern, name: Name| {
        let mut names = Vec::new();
        bound_names(pattern, &mut names);
        names.iter().any(|ident| ident.name == name)
    };
    cases.iter().any(|case| case.guard.as_ref().is_some_and(|g| g.rebinds) || binds(&case.pattern, subject))
}
