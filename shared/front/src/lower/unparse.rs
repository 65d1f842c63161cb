//! Annotations as text, for `from __future__ import annotations`: spaced as CPython spaces them. Forms that hardly occur
//! in annotations keep their source text.

use crate::ast::{BinOp, Expr, ExprKind};
use crate::code::Const;
use crate::names::Names;

/// The text of an annotation, if its form is known.
pub(super) fn unparse(expr: &Expr, names: &Names) -> Option<String> {
    Some(match &expr.kind {
        ExprKind::Name(name) => names.text(*name).to_string(),
        ExprKind::Attr(value, attr) => format!("{}.{}", unparse(value, names)?, names.text(attr.name)),
        ExprKind::Subscript(value, key) => {
            let inner = match &key.kind {
                ExprKind::Tuple(items) if items.len() > 1 => list(items, names)?,
                ExprKind::Const(Const::Tuple(items)) if items.len() > 1 => {
                    items.iter().map(constant).collect::<Option<Vec<_>>>()?.join(", ")
                }
                _ => unparse(key, names)?,
            };
            format!("{}[{inner}]", unparse(value, names)?)
        }
        ExprKind::Tuple(items) if items.len() == 1 => format!("({},)", list(items, names)?),
        ExprKind::Tuple(items) => format!("({})", list(items, names)?),
        ExprKind::List(items) => format!("[{}]", list(items, names)?),
        ExprKind::Binary(left, BinOp::Or, right) if !matches!(right.kind, ExprKind::Binary(..)) => {
            format!("{} | {}", unparse(left, names)?, unparse(right, names)?)
        }
        ExprKind::Starred(value) => format!("*{}", unparse(value, names)?),
        ExprKind::Const(value) => constant(value)?,
        _ => return None,
    })
}

fn list(items: &[Expr], names: &Names) -> Option<String> {
    Some(items.iter().map(|e| unparse(e, names)).collect::<Option<Vec<_>>>()?.join(", "))
}

fn constant(value: &Const) -> Option<String> {
    Some(match value {
        Const::None => "None".into(),
        Const::Bool(true) => "True".into(),
        Const::Bool(false) => "False".into(),
        Const::Ellipsis => "...".into(),
        Const::Int(n) if *n >= 0 => n.to_string(),
        Const::Str(s) if s.chars().all(|c| !c.is_control() && c != '\\') && s.is_ascii() => {
            if s.contains('\'') {
                if s.contains('"') {
                    return None;
                }
                format!("\"{s}\"")
            } else {
                format!("'{s}'")
            }
        }
        _ => return None,
    })
}
