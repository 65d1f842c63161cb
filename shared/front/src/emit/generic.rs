//! Type parameters: a hidden function binds them, makes the generic function or class, and is called at once.
//! Bounds and defaults are evaluated when the definition runs.

use std::sync::Arc;

use super::call::first_arg;
use super::{Emitter, Signature};
use crate::assembler::{Reg, TEMP};
use crate::ast::{Class, Function, Ident, Name, TypeAlias, TypeParam, TypeParamKind, TypeParams};
use crate::code::{Code, Const, Flags};
use crate::opcode::{FRAME_WORDS, Op};

/// What `LoadCommon` loads for `typing.Generic`.
const GENERIC: u16 = 5;
/// … for `typing.TypeAliasType` with a value that is computed later.
const ALIAS: u16 = 6;

impl<'a> Emitter<'a> {
    /// A generic function: its defaults are evaluated outside and passed.
    pub(super) fn generic_function(&mut self, function: &'a Function, list: &'a TypeParams, dst: Reg) {
        let mark = self.mark();
        let window = self.window(dst);
        let code = self.hidden_code(list, function.name, true, |emitter, dst| {
            let mark = emitter.mark();
            let mut bits = 0;
            let positional = function.params.positional.iter().any(|p| p.default.is_some());
            let named = function.params.kwonly.iter().any(|p| p.default.is_some());
            for (given, bit, name) in [(positional, 1, ".defaults"), (named, 2, ".kwdefaults")] {
                if given {
                    let name = emitter.intern(name);
                    let local = emitter.local(list.scope, name);
                    let register = emitter.temp();
                    emitter.two(Op::Move, register, local);
                    bits |= bit;
                }
            }
            emitter.function_from(function, mark, bits, dst);
        });
        self.at(function.name.span);
        self.hidden_function(list, code, window);
        if !self.defaults(&function.params) {
            let none = self.temp();
            self.load_none(none);
        }
        if !self.keyword_defaults(&function.params) {
            let none = self.temp();
            self.load_none(none);
        }
        self.at(function.name.span);
        self.unit.asm.raw(Op::Call, dst.0, window.0, 2);
        self.release(mark);
    }

    pub(super) fn generic_class(&mut self, class: &'a Class, list: &'a TypeParams, dst: Reg) {
        let mark = self.mark();
        let window = self.window(dst);
        let code = self.hidden_code(list, class.name, true, |emitter, dst| emitter.build_class(class, dst));
        self.call_hidden(list, class.name, code, window, dst);
        self.release(mark);
    }

    /// Calls the hidden function, without defaults to pass on.
    fn call_hidden(&mut self, list: &TypeParams, ident: Ident, code: Arc<Code>, window: Reg, dst: Reg) {
        self.at(ident.span);
        self.hidden_function(list, code, window);
        let none = self.temps(2);
        self.load_none(none);
        self.load_none(none.plus(1));
        self.unit.asm.raw(Op::Call, dst.0, window.0, 2);
    }

    /// `type Name[T] = value`
    pub(super) fn type_alias(&mut self, alias: &'a TypeAlias) {
        let dst = self.temp();
        let mark = self.mark();
        match &alias.type_params {
            None => self.alias_object(alias, dst),
            Some(list) => {
                let window = self.window(dst);
                let code = self.hidden_code(list, alias.ident, false, |emitter, dst| emitter.alias_object(alias, dst));
                self.call_hidden(list, alias.ident, code, window, dst);
            }
        }
        self.release(mark);
        self.at(alias.ident.span);
        self.store_name(alias.ident.name, dst);
    }

    fn alias_object(&mut self, alias: &'a TypeAlias, dst: Reg) {
        let mark = self.mark();
        let window = self.window(dst);
        self.at(alias.ident.span);
        self.unit.asm.raw(Op::LoadCommon, window.0, ALIAS, 0);
        let args = self.temps(2);
        let title = self.text_const(alias.title);
        self.load_const(args, &title);
        match &alias.type_params {
            Some(list) => self.type_param_tuple(list, args.plus(1)),
            None => self.load_const(args.plus(1), &Const::Tuple([].into())),
        }
        self.alias_value(alias);
        self.at(alias.ident.span);
        self.unit.asm.raw(Op::Call, dst.0, window.0, 3);
        self.release(mark);
    }

    fn hidden_function(&mut self, list: &TypeParams, code: Arc<Code>, dst: Reg) {
        let mark = self.mark();
        let bits = if self.closure(list.scope) { 8 } else { 0 };
        self.make_function(dst, Reg(TEMP + mark), bits, code);
        self.release(mark);
    }

    /// The code that binds the parameters, makes the object and, when `noted`, notes the parameters in it.
    fn hidden_code(
        &mut self,
        list: &'a TypeParams,
        ident: Ident,
        noted: bool,
        make: impl FnOnce(&mut Self, Reg),
    ) -> Arc<Code> {
        if let Some(code) = self.compiled.get(&list.scope) {
            return code.clone();
        }
        let name: Arc<str> = format!("<generic parameters of {}>", self.text(ident.name)).into();
        let nested = self.in_function();
        let qualname = self.unit.qualname.clone();
        self.begin(list.scope, name, qualname);
        self.at(ident.span);
        let given: Vec<Name> = [".defaults", ".kwdefaults"].into_iter().map(|n| self.intern(n)).collect();
        self.declare_locals(given.iter());
        for param in &list.params {
            self.type_param(param);
        }
        let object = self.temp();
        make(self, object);
        self.at(ident.span);
        if noted {
            let tuple = self.temp();
            self.type_param_tuple(list, tuple);
            let attribute = self.intern("__type_params__");
            let attribute = self.name(attribute);
            let copy = self.temp();
            self.two(Op::Copy, copy, object);
            self.unit.asm.raw(Op::StoreAttr, copy.0, tuple.0, attribute);
        }
        self.one(Op::Return, object);
        let signature = Signature {
            first_line: self.lines.locate(ident.span.start).0,
            argcount: 2,
            flags: Flags { function: true, nested, ..Flags::default() },
            ..Signature::default()
        };
        let code = self.end(signature);
        self.compiled.insert(list.scope, code.clone());
        code
    }

    /// `T = TypeVar("T", bound=…, default=…, infer_variance=True)`
    fn type_param(&mut self, param: &'a TypeParam) {
        let mark = self.mark();
        let window = self.temps(FRAME_WORDS + 2);
        self.at(param.ident.span);
        let (class, infer) = match param.kind {
            TypeParamKind::TypeVar => (2, true),
            TypeParamKind::ParamSpec => (3, true),
            TypeParamKind::TypeVarTuple => (4, false),
        };
        self.unit.asm.raw(Op::LoadCommon, window.0, class, 0);
        let title = self.text_const(param.title);
        self.load_const(first_arg(window), &title);
        let mut count = 1;
        let mut names: Vec<Const> = Vec::new();
        // A tuple of constraints is passed as positional arguments.
        match param.bound.as_ref().map(|bound| (&bound.kind, bound)) {
            Some((crate::ast::ExprKind::Tuple(items), _)) if super::call::plain(items, &[]) => {
                self.arguments(items, &[]);
                count += items.len() as u16;
            }
            Some((_, bound)) => {
                self.fresh(bound);
                names.push(Const::Str("bound".into()));
            }
            None => {}
        }
        if let Some(default) = &param.default {
            self.fresh(default);
            names.push(Const::Str("default".into()));
        }
        if infer {
            let value = self.temp();
            self.load_const(value, &Const::Bool(true));
            names.push(Const::Str("infer_variance".into()));
        }
        self.at(param.ident.span);
        count += names.len() as u16;
        if names.is_empty() {
            self.unit.asm.raw(Op::Call, window.0, window.0, count);
        } else {
            let index = self.constant(&Const::Tuple(names.into()));
            self.unit.asm.raw(Op::CallKw, window.0, window.0, count);
            self.unit.asm.cache([0, index]);
        }
        self.store_name(param.ident.name, window);
        self.release(mark);
    }

    fn type_param_tuple(&mut self, list: &TypeParams, dst: Reg) {
        let mark = self.mark();
        for (i, param) in list.params.iter().enumerate() {
            let register = if i == 0 { dst } else { self.temp() };
            self.load_plain(param.ident.name, register);
        }
        self.unit.asm.raw(Op::BuildTuple, dst.0, dst.0, list.params.len() as u16);
        self.release(mark);
    }

    /// `Generic[T, …]`
    pub(super) fn generic_base(&mut self, list: &TypeParams, dst: Reg) {
        let mark = self.mark();
        self.unit.asm.raw(Op::LoadCommon, dst.0, GENERIC, 0);
        let parameters = self.temp();
        self.type_param_tuple(list, parameters);
        self.emit(Op::GetItem, dst, dst, parameters);
        self.release(mark);
    }
}
