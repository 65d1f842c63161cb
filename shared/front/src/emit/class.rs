//! Class statements: the call that builds the class, and the code of its body.

use std::sync::Arc;

use super::call::plain;
use super::{Emitter, Signature};
use crate::assembler::Reg;
use crate::ast::Class;
use crate::code::{Code, Const, Flags};
use crate::opcode::{FRAME_WORDS, Op};

impl<'a> Emitter<'a> {
    pub(super) fn class_def(&mut self, class: &'a Class) {
        let local = self.plain_local(class.name.name);
        let dst = local.unwrap_or_else(|| self.temp());
        self.decorated(&class.decorators, dst, |emitter, dst| emitter.class_object(class, dst));
        self.at(class.name.span);
        self.store_name(class.name.name, dst);
    }

    /// `__build_class__(body, name, *bases, **keywords)`
    fn class_object(&mut self, class: &'a Class, dst: Reg) {
        let mark = self.mark();
        let window = self.window(dst);
        let span = if class.decorators.is_empty() { class.span } else { class.name.span };
        self.at(span);
        self.one(Op::LoadBuildClass, window);
        if plain(&class.bases, &class.keywords) {
            let body = self.temp();
            self.class_body(class, body);
            let name = self.temp();
            let title = self.text_const(class.title);
            self.load_const(name, &title);
            self.arguments(&class.bases, &class.keywords);
            self.at(span);
            self.finish_call(window, 2 + class.bases.len(), &class.keywords, dst, Op::Call, Op::CallKw);
        } else {
            self.class_spread(class, window, dst);
        }
        self.release(mark);
    }

    /// With `*bases` or `**keywords`: a list grows to the tuple of arguments.
    fn class_spread(&mut self, class: &'a Class, window: Reg, dst: Reg) {
        debug_assert_eq!(self.mark(), window.0 - crate::assembler::TEMP + 1 + FRAME_WORDS);
        let tuple = self.temp();
        let mark = self.mark();
        self.unit.asm.raw(Op::BuildList, tuple.0, tuple.0, 0);
        let item = self.temp();
        self.class_body(class, item);
        self.two(Op::ListAppend, tuple, item);
        let title = self.text_const(class.title);
        self.load_const(item, &title);
        self.two(Op::ListAppend, tuple, item);
        self.release(mark);
        for base in &class.bases {
            let inner = self.mark();
            let (op, value) = match &base.kind {
                crate::ast::ExprKind::Starred(value) => (Op::ListExtend, &**value),
                _ => (Op::ListAppend, base),
            };
            let register = self.operand(value, None);
            self.at(value.span);
            self.two(op, tuple, register);
            self.release(inner);
        }
        self.two(Op::ListToTuple, tuple, tuple);
        if !class.keywords.is_empty() {
            let dict = self.temp();
            self.keyword_arguments(class.span, &class.keywords, dict, window);
        }
        self.at(class.span);
        self.unit.asm.raw(Op::CallEx, dst.0, window.0, u16::from(!class.keywords.is_empty()));
    }

    /// The function of a class body.
    fn class_body(&mut self, class: &'a Class, dst: Reg) {
        let mark = self.mark();
        let base = Reg(crate::assembler::TEMP + mark);
        let code = self.class_code(class);
        self.at(class.span);
        let bits = if self.closure(class.scope) { 8 } else { 0 };
        self.make_function(dst, base, bits, code);
        self.release(mark);
    }

    fn class_code(&mut self, class: &'a Class) -> Arc<Code> {
        if let Some(code) = self.compiled.get(&class.scope) {
            return code.clone();
        }
        let title = self.text(class.title);
        let qualname = self.qualified(class.title, class.name.name);
        let nested = self.in_function();
        let first_line = self.lines.locate(class.span.start).0;
        self.begin(class.scope, title, qualname.clone());
        self.at(class.span);
        self.class_prologue(class, qualname, first_line);
        self.block(&class.body);
        self.at(class.span);
        self.annotate_namespace(class.annotate, &class.body, "__annotate_func__");
        self.class_epilogue(class);
        let scope = self.symbols.scope(class.scope);
        let signature = Signature {
            first_line,
            flags: Flags {
                class: true,
                nested,
                future_annotations: self.future_annotations,
                docstring: false,
                ..Flags::default()
            },
            static_attributes: scope.static_attributes.clone(),
            ..Signature::default()
        };
        let code = self.end(signature);
        self.compiled.insert(class.scope, code.clone());
        code
    }

    /// Stores a constant in the class namespace.
    fn store_const(&mut self, name: &str, value: &Const) {
        let dst = self.temp();
        self.load_const(dst, value);
        self.store_special(name, dst);
        self.release(0);
    }

    fn store_special(&mut self, name: &str, src: Reg) {
        let name = self.intern(name);
        let index = self.wide_name(name);
        self.unit.asm.wide(Op::StoreName, src, index);
    }

    fn class_prologue(&mut self, class: &Class, qualname: Arc<str>, first_line: u32) {
        let scope = self.symbols.scope(class.scope);
        for (needed, name) in [(scope.class_cell, "__class__"), (scope.dict_cell, "__classdict__")] {
            if needed {
                let name = self.intern(name);
                let local = self.local(class.scope, name);
                self.unit.cells.push(local.0);
                self.one(Op::MakeCell, local);
            }
        }
        let dst = self.temp();
        let name = self.intern("__name__");
        let index = self.wide_name(name);
        self.unit.asm.wide(Op::LoadName, dst, index);
        self.store_special("__module__", dst);
        self.release(0);
        self.store_const("__qualname__", &Const::Str(qualname));
        self.store_const("__firstlineno__", &Const::Int(i64::from(first_line)));
        if scope.dict_cell {
            let name = self.intern("__classdict__");
            let local = self.local(class.scope, name);
            let dst = self.temp();
            self.one(Op::LoadLocals, dst);
            self.two(Op::StoreCell, local, dst);
            self.release(0);
        }
        if let Some(doc) = &class.docstring {
            self.store_const("__doc__", doc);
        }
    }

    fn class_epilogue(&mut self, class: &Class) {
        let scope = self.symbols.scope(class.scope);
        let mut attributes: Vec<Arc<str>> = scope.static_attributes.iter().map(|&n| self.text(n)).collect();
        attributes.sort();
        let attributes: Vec<Const> = attributes.into_iter().map(Const::Str).collect();
        self.store_const("__static_attributes__", &Const::Tuple(attributes.into()));
        if !scope.class_cell {
            return self.return_none();
        }
        let name = self.intern("__class__");
        let local = self.local(class.scope, name);
        let cell = self.temp();
        self.two(Op::CopyCell, cell, local);
        self.store_special("__classcell__", cell);
        self.two(Op::CopyCell, cell, local);
        self.one(Op::Return, cell);
        self.release(0);
    }
}
