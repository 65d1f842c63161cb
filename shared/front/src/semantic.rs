//! Semantic checks that need no scopes: reachability of patterns, duplicate keys.

use crate::ast::{Expr, ExprKind, Pattern, PatternKind, Span};
use crate::error::{Result, fail};
use crate::names::Names;

/// A pattern that always matches must come last.
pub(crate) fn check_reachable(pattern: &Pattern, names: &Names) -> Result<()> {
    match &pattern.kind {
        PatternKind::As(None, None) => fail(pattern.span, "wildcard makes remaining patterns unreachable"),
        PatternKind::As(None, Some(ident)) => {
            let text = names.text(ident.name);
            fail(pattern.span, format!("name capture '{text}' makes remaining patterns unreachable"))
        }
        PatternKind::As(Some(inner), _) => check_reachable(inner, names),
        PatternKind::Or(alternatives) => alternatives.last().map_or(Ok(()), |last| check_reachable(last, names)),
        _ => Ok(()),
    }
}

/// Literal keys of a mapping pattern must differ.
pub(crate) fn check_keys(keys: &[Expr], span: Span) -> Result<()> {
    for (i, key) in keys.iter().enumerate() {
        let ExprKind::Const(value) = &key.kind else { continue };
        let same = |other: &Expr| matches!(&other.kind, ExprKind::Const(v) if v == value);
        if keys[..i].iter().any(same) {
            return fail(span, format!("mapping pattern checks duplicate key ({})", crate::dis::show(value)));
        }
    }
    Ok(())
}
