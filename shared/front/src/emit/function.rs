//! Functions and lambdas: the object in the code around them, and their own code.

use std::sync::Arc;

use super::call::first_arg;
use super::{Emitter, Signature, Unit};
use crate::assembler::Reg;
use crate::ast::{Body, Expr, Function, Name, Params, ScopeId};
use crate::code::{Code, Const, Flags};
use crate::opcode::{FRAME_WORDS, Op};
use crate::symbols::{Place, ScopeKind};

impl<'a> Emitter<'a> {
    pub(super) fn function_def(&mut self, function: &'a Function) {
        let local = self.plain_local(function.name.name);
        let dst = local.unwrap_or_else(|| self.temp());
        self.decorated(&function.decorators, dst, |emitter, dst| emitter.function_object(function, dst));
        self.at(function.name.span);
        self.store_name(function.name.name, dst);
    }

    /// Makes something and passes it through decorators, the last one first.
    pub(super) fn decorated(&mut self, decorators: &'a [Expr], dst: Reg, make: impl FnOnce(&mut Self, Reg)) {
        if decorators.is_empty() {
            return make(self, dst);
        }
        let mark = self.mark();
        let mut windows = Vec::with_capacity(decorators.len());
        let mut slot = self.temp();
        for decorator in decorators {
            self.expr(decorator, slot);
            windows.push((slot, decorator.span));
            slot = self.temps(FRAME_WORDS + 1).plus(FRAME_WORDS);
            if self.error.is_some() {
                return;
            }
        }
        make(self, slot);
        for (i, &(window, span)) in windows.iter().enumerate().rev() {
            self.at(span);
            let result = if i == 0 { dst } else { window };
            self.unit.asm.raw(Op::Call, result.0, window.0, 1);
            debug_assert!(i == 0 || first_arg(windows[i - 1].0) == window);
        }
        self.release(mark);
    }

    /// A function or lambda object.
    pub(super) fn function_object(&mut self, function: &'a Function, dst: Reg) {
        if let Some(type_params) = &function.type_params {
            return self.generic_function(function, type_params, dst);
        }
        let mark = self.mark();
        self.at(function.name.span);
        let mut bits = 0;
        if self.defaults(&function.params) {
            bits |= 1;
        }
        if self.keyword_defaults(&function.params) {
            bits |= 2;
        }
        self.function_from(function, mark, bits, dst);
    }

    /// Makes the function whose defaults are in temporaries from `mark` up, as `bits` says.
    pub(super) fn function_from(&mut self, function: &'a Function, mark: u16, mut bits: u16, dst: Reg) {
        let base = Reg(crate::assembler::TEMP + mark);
        if self.annotate_function(function) {
            bits |= 4;
        }
        let code = self.function_code(function);
        self.at(function.name.span);
        if self.closure(function.scope) {
            bits |= 8;
        }
        self.make_function(dst, base, bits, code);
        self.release(mark);
    }

    pub(super) fn make_function(&mut self, dst: Reg, base: Reg, bits: u16, code: Arc<Code>) {
        let index = self.constant(&Const::Code(code));
        self.unit.asm.raw(Op::MakeFunction, dst.0, base.0, bits);
        self.unit.asm.cache([index, 0]);
    }

    pub(super) fn defaults(&mut self, params: &'a Params) -> bool {
        let values: Vec<&'a Expr> = params.positional.iter().filter_map(|p| p.default.as_ref()).collect();
        if values.is_empty() {
            return false;
        }
        let tuple = self.temp();
        let constant = |e: &&Expr| match &e.kind {
            crate::ast::ExprKind::Const(value) => Some(value.clone()),
            _ => None,
        };
        if let Some(constants) = values.iter().map(constant).collect::<Option<Vec<_>>>() {
            self.load_const(tuple, &Const::Tuple(constants.into()));
            return true;
        }
        let mark = self.mark();
        let count = values.len() as u16;
        for (i, value) in values.into_iter().enumerate() {
            if i == 0 {
                self.expr(value, tuple);
            } else {
                self.fresh(value);
            }
        }
        self.unit.asm.raw(Op::BuildTuple, tuple.0, tuple.0, count);
        self.release(mark);
        true
    }

    pub(super) fn keyword_defaults(&mut self, params: &'a Params) -> bool {
        if params.kwonly.iter().all(|p| p.default.is_none()) {
            return false;
        }
        let dict = self.temp();
        let mark = self.mark();
        let mut count = 0;
        for param in &params.kwonly {
            let Some(default) = &param.default else { continue };
            let key = if count == 0 { dict } else { self.temp() };
            let text = self.text_const(param.ident.name);
            self.load_const(key, &text);
            self.fresh(default);
            count += 1;
        }
        self.unit.asm.raw(Op::BuildMap, dict.0, dict.0, count);
        self.release(mark);
        true
    }

    /// The tuple of cells for a nested frame, in a new temporary. False when it needs none.
    pub(super) fn closure(&mut self, scope: ScopeId) -> bool {
        let frees = self.symbols.scope(scope).frees.clone();
        if frees.is_empty() {
            return false;
        }
        let tuple = self.temp();
        let mark = self.mark();
        for (i, name) in frees.iter().enumerate() {
            let register = if i == 0 { tuple } else { self.temp() };
            self.copy_cell(register, scope, *name);
        }
        self.unit.asm.raw(Op::BuildTuple, tuple.0, tuple.0, frees.len() as u16);
        self.release(mark);
        true
    }

    /// Copies the cell that `name` of the nested frame `scope` refers to.
    fn copy_cell(&mut self, dst: Reg, scope: ScopeId, name: Name) {
        if let Some(owner) = self.symbols.owner_here(scope, self.unit.frame, name) {
            let local = self.local(owner, name);
            self.two(Op::CopyCell, dst, local);
        } else {
            let index = self.symbols.scope(self.unit.frame).frees.iter().position(|&n| n == name);
            let index = index.expect("a closure passes through every frame on its way") as u16;
            self.unit.asm.raw(Op::CopyFree, dst.0, index, 0);
        }
    }

    /// The qualified name of something defined here.
    pub(super) fn qualified(&mut self, title: Name, bound: Name) -> Arc<str> {
        let text = self.text(title);
        let units = std::iter::once(&self.unit).chain(self.outer.iter().rev());
        let hidden = |unit: &&Unit<'a>| self.symbols.scope(unit.frame).kind == ScopeKind::TypeParams;
        let unit = units.clone().find(|unit| !hidden(unit)).unwrap_or(&self.unit);
        let frame = self.symbols.scope(unit.frame);
        if frame.kind == ScopeKind::Module || self.place(bound) == Place::Global && self.declared_global(bound) {
            return text;
        }
        let middle = if frame.kind == ScopeKind::Class { "." } else { ".<locals>." };
        format!("{}{middle}{text}", unit.qualname).into()
    }

    fn declared_global(&self, name: Name) -> bool {
        self.symbols.scope(self.unit.scope).symbols.get(&name).is_some_and(|uses| uses.global)
    }

    /// Starts the code of a nested frame.
    pub(super) fn begin(&mut self, scope: ScopeId, name: Arc<str>, qualname: Arc<str>) {
        let unit = Unit::new(scope, name, qualname);
        self.outer.push(std::mem::replace(&mut self.unit, unit));
    }

    /// Ends it and goes back to the frame around.
    pub(super) fn end(&mut self, signature: Signature) -> Arc<Code> {
        let outer = self.outer.pop().expect("begun before");
        let unit = std::mem::replace(&mut self.unit, outer);
        self.seal(unit, signature)
    }

    /// Registers for what a frame binds, parameters first; cells are made at once.
    pub(super) fn declare_locals<'n>(&mut self, params: impl Iterator<Item = &'n Name>) {
        let frame = self.unit.frame;
        for &name in params {
            self.local(frame, name);
        }
        let symbols = self.symbols;
        let scope = symbols.scope(frame);
        for &name in &scope.order {
            if symbols.place(frame, name) == Place::Register(frame) {
                let local = self.local(frame, name);
                if symbols.captured(frame, name) {
                    self.unit.cells.push(local.0);
                    self.one(Op::MakeCell, local);
                }
            }
        }
    }

    fn function_code(&mut self, function: &'a Function) -> Arc<Code> {
        if let Some(code) = self.compiled.get(&function.scope) {
            return code.clone();
        }
        let title = self.text(function.title);
        let qualname = self.qualified(function.title, function.name.name);
        let in_class = self.symbols.scope(self.unit.frame).kind == ScopeKind::Class;
        let nested = self.in_function();
        self.begin(function.scope, title, qualname);
        let params = &function.params;
        self.unit.first_param = params.positional.first().or(params.vararg.as_ref()).map(|p| p.ident.name);
        if params.positional.is_empty() {
            self.unit.first_param = None;
        }
        let generator = self.symbols.scope(function.scope).generator;
        self.at(function.name.span);
        if generator || function.is_async {
            self.unit.asm.raw(Op::ReturnGenerator, 0, 0, 0);
        }
        let names: Vec<Name> = params.iter().map(|p| p.ident.name).collect();
        self.declare_locals(names.iter());
        if let Some(doc) = &function.docstring {
            self.constant(doc);
        }
        match &function.body {
            Body::Block(body) => {
                self.block(body);
                self.return_none();
            }
            Body::Value(value) => {
                let register = self.operand(value, None);
                self.at(value.span);
                self.one(Op::Return, register);
            }
        }
        let flags = Flags {
            function: true,
            varargs: params.vararg.is_some(),
            varkw: params.kwarg.is_some(),
            generator: generator || function.is_async,
            coroutine: function.is_async,
            async_generator: generator && function.is_async,
            nested,
            method: in_class,
            docstring: function.docstring.is_some(),
            future_annotations: self.future_annotations,
            ..Flags::default()
        };
        let signature = Signature {
            first_line: self.lines.locate(function.span.start).0,
            argcount: params.positional.len() as u16,
            posonly: params.posonly as u16,
            kwonly: params.kwonly.len() as u16,
            flags,
            static_attributes: Vec::new(),
        };
        let code = self.end(signature);
        self.compiled.insert(function.scope, code.clone());
        code
    }
}
