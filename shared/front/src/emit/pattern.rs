//! `match` statements.

use super::Emitter;
use crate::ast::{Case, Expr};

impl<'a> Emitter<'a> {
    pub(super) fn match_stmt(&mut self, subject: &'a Expr, _cases: &'a [Case]) {
        self.fail(subject.span, "match is not supported yet by Parallax");
    }
}
