//! Assignment targets and match patterns.

use ruff_python_ast as ruff;
use ruff_text_size::Ranged;

use super::{Lower, span};
use crate::ast::{Expr, ExprKind, Pattern, PatternKind, Span};
use crate::code::Const;
use crate::error::{Result, fail};

impl Lower<'_> {
    /// An expression that is assigned to or deleted: tuples stay tuples.
    pub(super) fn target(&mut self, expr: &ruff::Expr) -> Result<Expr> {
        let at = span(expr.range());
        let before = self.rebindings;
        let kind = match expr {
            ruff::Expr::Tuple(e) => ExprKind::Tuple(self.targets(&e.elts, at)?),
            ruff::Expr::List(e) => ExprKind::List(self.targets(&e.elts, at)?),
            ruff::Expr::Starred(e) => ExprKind::Starred(Box::new(self.target(&e.value)?)),
            ruff::Expr::Name(e) => {
                self.check_binding(e.id.as_str(), at)?;
                ExprKind::Name(self.name(e.id.as_str()))
            }
            ruff::Expr::Attribute(e) => {
                self.check_binding(e.attr.as_str(), at)?;
                return self.expr(expr);
            }
            _ => return self.expr(expr),
        };
        Ok(Expr { span: at, rebinds: self.rebindings != before, kind })
    }

    fn targets(&mut self, elts: &[ruff::Expr], at: Span) -> Result<Vec<Expr>> {
        let stars = elts.iter().filter(|e| matches!(e, ruff::Expr::Starred(_))).count();
        if stars > 1 {
            return fail(at, "multiple starred expressions in assignment");
        }
        elts.iter().map(|e| self.target(e)).collect()
    }

    pub(super) fn pattern(&mut self, pattern: &ruff::Pattern) -> Result<Pattern> {
        use ruff::Pattern as P;
        let at = span(pattern.range());
        let kind = match pattern {
            P::MatchValue(p) => PatternKind::Value(self.expr(&p.value)?),
            P::MatchSingleton(p) => PatternKind::Singleton(match p.value {
                ruff::Singleton::None => Const::None,
                ruff::Singleton::True => Const::Bool(true),
                ruff::Singleton::False => Const::Bool(false),
            }),
            P::MatchSequence(p) => {
                let stars = p.patterns.iter().filter(|p| matches!(p, P::MatchStar(_))).count();
                if stars > 1 {
                    return fail(at, "multiple starred names in sequence pattern");
                }
                PatternKind::Sequence(self.patterns(&p.patterns)?)
            }
            P::MatchMapping(p) => {
                let rest = match &p.rest {
                    Some(name) => {
                        self.check_binding(name.as_str(), span(name.range()))?;
                        Some(self.ident(name))
                    }
                    None => None,
                };
                PatternKind::Mapping { keys: self.exprs(&p.keys)?, patterns: self.patterns(&p.patterns)?, rest }
            }
            P::MatchClass(p) => self.class_pattern(p)?,
            P::MatchStar(p) => PatternKind::Star(match &p.name {
                Some(name) => {
                    self.check_binding(name.as_str(), span(name.range()))?;
                    Some(self.ident(name))
                }
                None => None,
            }),
            P::MatchAs(p) => {
                let inner = p.pattern.as_deref().map(|p| self.pattern(p)).transpose()?.map(Box::new);
                if let Some(name) = &p.name {
                    self.check_binding(name.as_str(), span(name.range()))?;
                }
                PatternKind::As(inner, p.name.as_ref().map(|name| self.ident(name)))
            }
            P::MatchOr(p) => PatternKind::Or(self.patterns(&p.patterns)?),
        };
        Ok(Pattern { span: at, kind })
    }

    fn patterns<'p>(&mut self, patterns: impl IntoIterator<Item = &'p ruff::Pattern>) -> Result<Vec<Pattern>> {
        patterns.into_iter().map(|p| self.pattern(p)).collect()
    }

    fn class_pattern(&mut self, p: &ruff::PatternMatchClass) -> Result<PatternKind> {
        let class = self.expr(&p.cls)?;
        let positional = self.patterns(&p.arguments.patterns)?;
        let mut keywords: Vec<(crate::ast::Ident, Pattern)> = Vec::new();
        for keyword in &p.arguments.keywords {
            let ident = self.ident(&keyword.attr);
            if keywords.iter().any(|(other, _)| other.name == ident.name) {
                let message = format!("attribute name repeated in class pattern: {}", keyword.attr.as_str());
                return fail(span(keyword.pattern.range()), message);
            }
            keywords.push((ident, self.pattern(&keyword.pattern)?));
        }
        Ok(PatternKind::Class { class, positional, keywords })
    }
}
