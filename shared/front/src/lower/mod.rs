//! From the parser's tree to ours. The only module that names Ruff's types: the parser is an internal crate of Ruff
//! and changes between versions.

mod escapes;
mod expr;
mod literal;
mod pattern;
mod places;
mod stmt;
mod syntax_error;
mod unparse;
mod warn;

use ruff_python_ast as ruff;
use ruff_python_parser as parser;
use ruff_text_size::{Ranged, TextRange};

use crate::Mode;
use crate::ast::{Expr, ExprKind, Ident, Name, ScopeId, Span, Stmt, StmtKind, Tree};
use crate::error::{Error, Result};
use crate::names::{Names, mangle};
use crate::scan::Scan;

/// The scope number of the module itself.
pub(crate) const MODULE: ScopeId = ScopeId(0);

/// Parses and lowers a source text.
pub(crate) fn parse(
    source: &str,
    scan: &Scan,
    mode: Mode,
    optimize: u8,
    warnings: &mut Vec<Error>,
) -> Result<(Tree, Names)> {
    let parse_mode = if mode == Mode::Eval { parser::Mode::Expression } else { parser::Mode::Module };
    let options =
        parser::ParseOptions::from(parse_mode).with_target_version(ruff::PythonVersion { major: 3, minor: 14 });
    let parsed = parser::parse_unchecked(source, options);
    if let Some(first) = parsed.errors().first() {
        return Err(syntax_error::from_parser(source, scan, mode, parsed.tokens(), first));
    }
    let newer = |error| syntax_error::from_newer(source, parsed.tokens(), error);
    if let Some(error) = parsed.unsupported_syntax_errors().iter().find_map(newer) {
        return Err(error);
    }
    *warnings = warn::warnings(source, parsed.syntax());
    let mut lower = Lower::new(source, optimize);
    let tree = lower.tree(parsed.syntax(), mode)?;
    Ok((tree, lower.names))
}

fn span(range: TextRange) -> Span {
    Span { start: range.start().to_u32(), end: range.end().to_u32() }
}

struct Lower<'a> {
    source: &'a str,
    names: Names,
    /// Names of the enclosing classes, for private names.
    classes: Vec<String>,
    scopes: u32,
    optimize: u8,
    /// How many `:=` were seen.
    rebindings: u32,
    future_annotations: bool,
}

impl<'a> Lower<'a> {
    fn new(source: &'a str, optimize: u8) -> Lower<'a> {
        let names = Names::default();
        Lower { source, names, classes: Vec::new(), scopes: 1, optimize, rebindings: 0, future_annotations: false }
    }

    fn tree(&mut self, syntax: &ruff::Mod, mode: Mode) -> Result<Tree> {
        let annotate = self.scope();
        let (body, docstring) = match syntax {
            ruff::Mod::Expression(expression) => {
                let value = self.expr(&expression.body)?;
                (vec![Stmt { span: value.span, kind: StmtKind::Return(Some(value)) }], None)
            }
            ruff::Mod::Module(module) => {
                self.future_annotations = self.future_imports(&module.body)?;
                if mode == Mode::Single {
                    self.single(&module.body)?;
                }
                if mode == Mode::Exec { self.documented(&module.body)? } else { (self.block(&module.body)?, None) }
            }
        };
        Ok(Tree { body, docstring, annotate, scopes: self.scopes, future_annotations: self.future_annotations })
    }

    /// A prompt takes one statement, or several on one line.
    fn single(&self, body: &[ruff::Stmt]) -> Result<()> {
        let Some(first) = body.first() else {
            return Err(Error::new(Span::default(), "invalid syntax").incomplete());
        };
        let first = span(first.range());
        let apart = |s: &&ruff::Stmt| {
            let between = Span { start: first.end, end: span(s.range()).start };
            self.text(between).contains('\n')
        };
        match body[1..].iter().find(apart) {
            Some(_) => Err(Error::new(first, "multiple statements found while compiling a single statement")),
            None => Ok(()),
        }
    }

    /// A new scope number.
    fn scope(&mut self) -> ScopeId {
        self.scopes += 1;
        ScopeId(self.scopes - 1)
    }

    fn text(&self, span: Span) -> &'a str {
        &self.source[span.start as usize..span.end as usize]
    }

    /// Interns an identifier, mangled when it is private to a class.
    fn name(&mut self, text: &str) -> Name {
        match mangle(self.classes.last().map(String::as_str), text) {
            Some(mangled) => self.names.intern(&mangled),
            None => self.names.intern(text),
        }
    }

    fn ident(&mut self, identifier: &ruff::Identifier) -> Ident {
        Ident { name: self.name(identifier.as_str()), span: span(identifier.range()) }
    }

    fn boxed(&mut self, expr: &ruff::Expr) -> Result<Box<Expr>> {
        Ok(Box::new(self.expr(expr)?))
    }

    fn optional(&mut self, expr: Option<&ruff::Expr>) -> Result<Option<Expr>> {
        expr.map(|e| self.expr(e)).transpose()
    }

    fn exprs(&mut self, exprs: &[ruff::Expr]) -> Result<Vec<Expr>> {
        exprs.iter().map(|e| self.expr(e)).collect()
    }

    /// Refuses to bind a name that cannot be bound.
    fn check_binding(&self, name: &str, span: Span) -> Result<()> {
        if name == "__debug__" {
            return Err(Error::new(span, "cannot assign to __debug__"));
        }
        Ok(())
    }
}

/// Puts a node together, folding constants.
fn node(span: Span, rebinds: bool, kind: ExprKind) -> Expr {
    Expr { span, rebinds, kind: crate::fold::fold(kind) }
}
