//! Expressions.

use ruff_python_ast as ruff;
use ruff_text_size::Ranged;

use super::{Lower, node, span};
use crate::ast::{
    BinOp, Body, BoolOp, Call, Clause, CmpOp, Comp, CompKind, Expr, ExprKind, Function, IfElse, Keyword, Params, Span,
    UnOp,
};
use crate::code::Const;
use crate::error::{Result, fail};

impl Lower<'_> {
    /// An expression that is read.
    pub(super) fn expr(&mut self, expr: &ruff::Expr) -> Result<Expr> {
        let at = span(expr.range());
        let before = self.rebindings;
        let kind = self.expr_kind(expr)?;
        Ok(node(at, self.rebindings != before, kind))
    }

    fn expr_kind(&mut self, expr: &ruff::Expr) -> Result<ExprKind> {
        use ruff::Expr as E;
        Ok(match expr {
            E::Name(e) if e.id.as_str() == "__debug__" => ExprKind::Const(Const::Bool(self.optimize == 0)),
            E::Name(e) => ExprKind::Name(self.name(e.id.as_str())),
            E::Attribute(e) => {
                let value = self.boxed(&e.value)?;
                ExprKind::Attr(value, self.ident(&e.attr))
            }
            E::Subscript(e) => ExprKind::Subscript(self.boxed(&e.value)?, self.boxed(&e.slice)?),
            E::Slice(e) => ExprKind::Slice(Box::new([
                self.optional(e.lower.as_deref())?,
                self.optional(e.upper.as_deref())?,
                self.optional(e.step.as_deref())?,
            ])),
            E::Starred(e) => {
                if matches!(*e.value, E::Starred(_)) {
                    return fail(span(expr.range()), "can't use starred expression here");
                }
                ExprKind::Starred(self.boxed(&e.value)?)
            }
            E::BinOp(e) => self.binary(e)?,
            E::UnaryOp(e) => ExprKind::Unary(unary_op(e.op), self.boxed(&e.operand)?),
            E::BoolOp(e) => ExprKind::Bool(bool_op(e.op), self.exprs(&e.values)?),
            E::Compare(e) => {
                let left = self.boxed(&e.left)?;
                let rest = self.exprs(&e.comparators)?;
                ExprKind::Compare(left, e.ops.iter().map(|&op| cmp_op(op)).zip(rest).collect())
            }
            E::If(e) => ExprKind::IfElse(Box::new(IfElse {
                test: self.expr(&e.test)?,
                body: self.expr(&e.body)?,
                orelse: self.expr(&e.orelse)?,
            })),
            E::Named(e) => self.named(e)?,
            E::Call(e) => self.call(e)?,
            E::Lambda(e) => self.lambda(e)?,
            E::Await(e) => ExprKind::Await(self.boxed(&e.value)?),
            E::Yield(e) => ExprKind::Yield(self.optional(e.value.as_deref())?.map(Box::new)),
            E::YieldFrom(e) => ExprKind::YieldFrom(self.boxed(&e.value)?),
            E::IpyEscapeCommand(_) => return fail(span(expr.range()), "invalid syntax"),
            _ => return self.display(expr),
        })
    }

    /// Displays, comprehensions and literals.
    fn display(&mut self, expr: &ruff::Expr) -> Result<ExprKind> {
        use ruff::Expr as E;
        Ok(match expr {
            E::Tuple(e) => ExprKind::Tuple(self.exprs(&e.elts)?),
            E::List(e) => ExprKind::List(self.exprs(&e.elts)?),
            E::Set(e) => ExprKind::Set(self.exprs(&e.elts)?),
            E::Dict(e) => {
                let pair = |item: &ruff::DictItem| Ok((self.optional(item.key.as_ref())?, self.expr(&item.value)?));
                ExprKind::Dict(e.items.iter().map(pair).collect::<Result<_>>()?)
            }
            E::ListComp(e) => self.comp(CompKind::List, &e.elt, None, &e.generators)?,
            E::SetComp(e) => self.comp(CompKind::Set, &e.elt, None, &e.generators)?,
            E::Generator(e) => self.comp(CompKind::Generator, &e.elt, None, &e.generators)?,
            E::DictComp(e) => match &e.key {
                Some(key) => self.comp(CompKind::Dict, key, Some(&e.value), &e.generators)?,
                None => {
                    let start = span(e.range).start + 1;
                    let gap = self.text(Span { start, ..span(e.range) }).find('*').unwrap_or(0) as u32;
                    let stars = Span { start: start + gap, end: start + gap + 2 };
                    return fail(stars, "dict unpacking cannot be used in dict comprehension");
                }
            },
            E::TString(e) => self.template(&e.value)?,
            _ => self.literal(expr)?,
        })
    }

    fn binary(&mut self, e: &ruff::ExprBinOp) -> Result<ExprKind> {
        Ok(ExprKind::Binary(self.boxed(&e.left)?, bin_op(e.op), self.boxed(&e.right)?))
    }

    fn named(&mut self, e: &ruff::ExprNamed) -> Result<ExprKind> {
        let ruff::Expr::Name(target) = &*e.target else {
            return fail(span(e.target.range()), "invalid syntax");
        };
        let at = span(target.range());
        self.check_binding(target.id.as_str(), at)?;
        let name = self.name(target.id.as_str());
        let value = self.boxed(&e.value)?;
        self.rebindings += 1;
        Ok(ExprKind::Named(crate::ast::Ident { name, span: at }, value))
    }

    fn call(&mut self, e: &ruff::ExprCall) -> Result<ExprKind> {
        let func = self.expr(&e.func)?;
        let (args, keywords) = self.arguments(&e.arguments)?;
        Ok(ExprKind::Call(Box::new(Call { func, args, keywords })))
    }

    /// Positional and keyword arguments of a call or a class statement.
    pub(super) fn arguments(&mut self, arguments: &ruff::Arguments) -> Result<(Vec<Expr>, Vec<Keyword>)> {
        let args = self.exprs(&arguments.args)?;
        let mut keywords: Vec<Keyword> = Vec::with_capacity(arguments.keywords.len());
        let mut given = rustc_hash::FxHashSet::default();
        for keyword in &arguments.keywords {
            let at = span(keyword.range());
            let name = match &keyword.arg {
                Some(arg) => {
                    self.check_binding(arg.as_str(), at)?;
                    Some(self.name(arg.as_str()))
                }
                None => None,
            };
            if let (Some(name), Some(arg)) = (name, &keyword.arg)
                && !given.insert(name)
            {
                return fail(at, format!("keyword argument repeated: {}", arg.as_str()));
            }
            keywords.push(Keyword { span: at, name, value: self.expr(&keyword.value)? });
        }
        Ok((args, keywords))
    }

    fn lambda(&mut self, e: &ruff::ExprLambda) -> Result<ExprKind> {
        let (scope, annotate) = (self.scope(), self.scope());
        let params = match &e.parameters {
            Some(parameters) => self.parameters(parameters)?,
            None => Params::default(),
        };
        let body = Body::Value(self.expr(&e.body)?);
        let at = span(e.range);
        let name = crate::ast::Ident { name: self.names.intern("<lambda>"), span: at };
        Ok(ExprKind::Lambda(Box::new(Function {
            scope,
            annotate,
            span: at,
            name,
            title: name.name,
            decorators: Vec::new(),
            type_params: None,
            params,
            returns: None,
            body,
            is_async: false,
            docstring: None,
        })))
    }

    fn comp(
        &mut self,
        kind: CompKind,
        element: &ruff::Expr,
        value: Option<&ruff::Expr>,
        generators: &[ruff::Comprehension],
    ) -> Result<ExprKind> {
        let scope = self.scope();
        let mut clauses = Vec::with_capacity(generators.len());
        for generator in generators {
            clauses.push(Clause {
                target: self.target(&generator.target)?,
                iter: self.expr(&generator.iter)?,
                ifs: self.exprs(&generator.ifs)?,
                is_async: generator.is_async,
            });
        }
        if let ruff::Expr::Starred(_) = element {
            return fail(span(element.range()), "iterable unpacking cannot be used in comprehension");
        }
        let element = self.expr(element)?;
        let value = self.optional(value)?;
        Ok(ExprKind::Comp(Box::new(Comp { kind, scope, element, value, clauses })))
    }
}

pub(super) fn bin_op(op: ruff::Operator) -> BinOp {
    use ruff::Operator as O;
    match op {
        O::Add => BinOp::Add,
        O::Sub => BinOp::Sub,
        O::Mult => BinOp::Mul,
        O::MatMult => BinOp::MatMul,
        O::Div => BinOp::TrueDiv,
        O::Mod => BinOp::Mod,
        O::Pow => BinOp::Pow,
        O::LShift => BinOp::LShift,
        O::RShift => BinOp::RShift,
        O::BitOr => BinOp::Or,
        O::BitXor => BinOp::Xor,
        O::BitAnd => BinOp::And,
        O::FloorDiv => BinOp::FloorDiv,
    }
}

fn unary_op(op: ruff::UnaryOp) -> UnOp {
    match op {
        ruff::UnaryOp::Invert => UnOp::Invert,
        ruff::UnaryOp::Not => UnOp::Not,
        ruff::UnaryOp::UAdd => UnOp::Pos,
        ruff::UnaryOp::USub => UnOp::Neg,
    }
}

fn bool_op(op: ruff::BoolOp) -> BoolOp {
    match op {
        ruff::BoolOp::And => BoolOp::And,
        ruff::BoolOp::Or => BoolOp::Or,
    }
}

fn cmp_op(op: ruff::CmpOp) -> CmpOp {
    use ruff::CmpOp as O;
    match op {
        O::Eq => CmpOp::Eq,
        O::NotEq => CmpOp::Ne,
        O::Lt => CmpOp::Lt,
        O::LtE => CmpOp::Le,
        O::Gt => CmpOp::Gt,
        O::GtE => CmpOp::Ge,
        O::Is => CmpOp::Is,
        O::IsNot => CmpOp::IsNot,
        O::In => CmpOp::In,
        O::NotIn => CmpOp::NotIn,
    }
}
