//! Calls: arguments are computed straight into the window of the callee.

use super::Emitter;
use crate::assembler::Reg;
use crate::ast::{Call, Expr, ExprKind, Ident, Keyword, Name, Span};
use crate::code::Const;
use crate::opcode::{FRAME_WORDS, Op};
use crate::symbols::{Place, ScopeKind};

/// Beyond so many arguments a call goes through a tuple.
const MAX_ARGS: usize = 200;

/// The first argument's place in a window.
pub(super) fn first_arg(window: Reg) -> Reg {
    window.plus(FRAME_WORDS + 1)
}

impl<'a> Emitter<'a> {
    pub(super) fn call(&mut self, e: &'a Expr, call: &'a Call, dst: Reg) {
        let window = self.window(dst);
        let simple = plain(&call.args, &call.keywords);
        if let ExprKind::Attr(value, attr) = &call.func.kind
            && simple
        {
            self.method_call(e, call, value, *attr, window, dst);
            return;
        }
        self.expr_at(&call.func, window);
        if simple {
            if call.args.is_empty() && call.keywords.is_empty() && self.implicit_super(e, &call.func, window, dst) {
                return;
            }
            self.arguments(&call.args, &call.keywords);
            self.at(e.span);
            self.finish_call(window, call.args.len(), &call.keywords, dst, Op::Call, Op::CallKw);
        } else {
            self.spread_call(e, &call.args, &call.keywords, window, dst);
        }
    }

    /// Computes the callable of a window whose words above it are reserved: they may serve as temporaries meanwhile.
    fn expr_at(&mut self, func: &'a Expr, window: Reg) {
        let mark = self.mark();
        self.release(window.0 - crate::assembler::TEMP + 1);
        self.expr(func, window);
        self.release(mark);
    }

    fn method_call(&mut self, e: &'a Expr, call: &'a Call, value: &'a Expr, attr: Ident, window: Reg, dst: Reg) {
        let mark = self.mark();
        self.release(window.0 - crate::assembler::TEMP + 1);
        if let Some(parts) = self.super_parts(value) {
            let base = self.load_super(value, parts);
            self.at(value.span.to(attr.span));
            let name = self.name(attr.name);
            self.unit.asm.raw(Op::LoadSuperMethod, window.0, base.0, name);
        } else {
            let object = self.operand(value, Some(window));
            self.at_attribute(value.span.to(attr.span), attr);
            let name = self.name(attr.name);
            self.unit.asm.raw(Op::LoadMethod, window.0, object.0, name);
        }
        self.release(mark);
        self.temp(); // self
        self.arguments(&call.args, &call.keywords);
        self.at_attribute(e.span, attr);
        self.finish_call(window, call.args.len(), &call.keywords, dst, Op::CallMethod, Op::CallMethodKw);
    }

    /// Computes plain arguments into consecutive temporaries.
    pub(super) fn arguments(&mut self, args: &'a [Expr], keywords: &'a [Keyword]) {
        for arg in args {
            self.fresh(arg);
        }
        for keyword in keywords {
            self.fresh(&keyword.value);
        }
    }

    /// Emits the call instruction.
    pub(super) fn finish_call(
        &mut self,
        window: Reg,
        positional: usize,
        keywords: &[Keyword],
        dst: Reg,
        plain: Op,
        named: Op,
    ) {
        let count = (positional + keywords.len()) as u16;
        if keywords.is_empty() {
            self.unit.asm.raw(plain, dst.0, window.0, count);
            return;
        }
        let names: Vec<Const> = keywords.iter().filter_map(|k| k.name).map(|n| self.text_const(n)).collect();
        let index = self.constant(&Const::Tuple(names.into()));
        self.unit.asm.raw(named, dst.0, window.0, count);
        self.unit.asm.cache([0, index]);
    }

    /// A call with `*` or `**` arguments, or very many.
    pub(super) fn spread_call(&mut self, e: &Expr, args: &'a [Expr], keywords: &'a [Keyword], window: Reg, dst: Reg) {
        let tuple = self.temp();
        self.spread_tuple(e, args, tuple, window);
        if !keywords.is_empty() {
            let dict = self.temp();
            self.keyword_arguments(e.span, keywords, dict, window);
        }
        self.at(e.span);
        self.unit.asm.raw(Op::CallEx, dst.0, window.0, u16::from(!keywords.is_empty()));
    }

    /// The tuple of the positional arguments.
    fn spread_tuple(&mut self, e: &Expr, args: &'a [Expr], tuple: Reg, callable: Reg) {
        if let [only] = args
            && let ExprKind::Starred(value) = &only.kind
        {
            let items = self.operand(value, Some(tuple));
            self.at(value.span);
            self.emit(Op::StarTuple, tuple, items, callable);
            return;
        }
        let mark = self.mark();
        self.at(e.span);
        self.tuple(e, args, tuple);
        self.release(mark);
    }

    /// The dict of the keyword arguments.
    pub(super) fn keyword_arguments(&mut self, span: Span, keywords: &'a [Keyword], dict: Reg, callable: Reg) {
        self.at(span);
        self.unit.asm.raw(Op::BuildMap, dict.0, dict.0, 0);
        for keyword in keywords {
            let mark = self.mark();
            match keyword.name {
                Some(name) => {
                    // A dict of one: a name given twice must be found.
                    let pair = self.temps(2);
                    self.at(keyword.span);
                    let text = self.text_const(name);
                    self.load_const(pair, &text);
                    self.expr(&keyword.value, pair.plus(1));
                    self.at(keyword.span);
                    self.unit.asm.raw(Op::BuildMap, pair.0, pair.0, 1);
                    self.emit(Op::DictMerge, dict, pair, callable);
                }
                None => {
                    let value = self.operand(&keyword.value, None);
                    self.at(keyword.value.span);
                    self.emit(Op::DictMerge, dict, value, callable);
                }
            }
            self.release(mark);
        }
    }

    // Zero-argument super.

    /// Is this `super()` whose class and self are known? Then their places.
    fn super_parts(&mut self, value: &'a Expr) -> Option<SuperParts<'a>> {
        let ExprKind::Call(call) = &value.kind else { return None };
        let ExprKind::Name(name) = call.func.kind else { return None };
        let is_super = &**self.names.text(name) == "super";
        if !is_super || !matches!(self.place(name), Place::Global | Place::Namespace) || !call.keywords.is_empty() {
            return None;
        }
        match &call.args[..] {
            [] => {
                let class = self.names.find("__class__")?;
                let known = self.symbols.scope(self.unit.frame).kind == ScopeKind::Function
                    && matches!(self.place(class), Place::Free(_));
                Some(SuperParts { func: &call.func, class: Some(class), first: self.unit.first_param?, args: None })
                    .filter(|_| known)
            }
            [class, object] if plain(&call.args, &call.keywords) => {
                Some(SuperParts { func: &call.func, class: None, first: name, args: Some((class, object)) })
            }
            _ => None,
        }
    }

    /// Loads `super`, the class and the object into three temporaries.
    fn load_super(&mut self, value: &'a Expr, parts: SuperParts<'a>) -> Reg {
        let base = self.temps(3);
        self.expr(parts.func, base);
        self.at(value.span);
        match (parts.class, parts.args) {
            (Some(class), _) => {
                self.load_plain(class, base.plus(1));
                self.load_first(parts.first, base.plus(2));
            }
            (None, Some((class, object))) => {
                self.expr(class, base.plus(1));
                self.expr(object, base.plus(2));
            }
            (None, None) => {}
        }
        base
    }

    /// Loads the first parameter of the function.
    fn load_first(&mut self, name: Name, dst: Reg) {
        let owner = self.unit.frame;
        let local = self.local(owner, name);
        let op = if self.symbols.captured(owner, name) { Op::LoadCell } else { Op::Move };
        self.two(op, dst, local);
    }

    pub(super) fn super_attribute(&mut self, e: &'a Expr, value: &'a Expr, attr: Ident, dst: Reg) -> bool {
        let Some(parts) = self.super_parts(value) else { return false };
        let base = self.load_super(value, parts);
        self.at(e.span);
        let name = self.name(attr.name);
        self.unit.asm.raw(Op::LoadSuperAttr, dst.0, base.0, name);
        true
    }

    /// `super()` by itself: the class and the object are passed. The callable is in the window already.
    fn implicit_super(&mut self, e: &Expr, func: &'a Expr, window: Reg, dst: Reg) -> bool {
        let ExprKind::Name(name) = func.kind else { return false };
        if &**self.names.text(name) != "super" || !matches!(self.place(name), Place::Global | Place::Namespace) {
            return false;
        }
        let (Some(class), Some(first)) = (self.names.find("__class__"), self.unit.first_param) else { return false };
        let in_function = self.symbols.scope(self.unit.frame).kind == ScopeKind::Function;
        if !in_function || !matches!(self.place(class), Place::Free(_)) {
            return false;
        }
        let args = self.temps(2);
        self.at(e.span);
        self.load_plain(class, args);
        self.load_first(first, args.plus(1));
        self.unit.asm.raw(Op::Call, dst.0, window.0, 2);
        true
    }
}

/// What a `super` call that is followed by an attribute consists of.
struct SuperParts<'a> {
    func: &'a Expr,
    /// `__class__`, when there are no arguments.
    class: Option<Name>,
    /// The first parameter.
    first: Name,
    args: Option<(&'a Expr, &'a Expr)>,
}

/// No `*`, no `**`, not very many.
pub(super) fn plain(args: &[Expr], keywords: &[Keyword]) -> bool {
    args.len() + keywords.len() <= MAX_ARGS
        && !args.iter().any(|a| matches!(a.kind, ExprKind::Starred(_)))
        && keywords.iter().all(|k| k.name.is_some())
}
