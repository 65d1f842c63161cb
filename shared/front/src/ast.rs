//! The tree that the compiler works on. Smaller than the parser's: names are interned and mangled, constants are
//! folded, `elif` chains are flat, strings are decoded; every scope has its number.

use crate::code::Const;

/// A range of bytes in the source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) start: u32,
    pub(crate) end: u32,
}

impl Span {
    /// From the start of `self` to the end of `other`.
    pub(crate) fn to(self, other: Span) -> Span {
        Span { start: self.start, end: other.end }
    }
}

/// An interned identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Name(pub(crate) u32);

/// Number of a scope; the symbol table has one entry for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct ScopeId(pub(crate) u32);

/// A name where it is written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ident {
    pub(crate) name: Name,
    pub(crate) span: Span,
}

#[derive(Clone, Debug)]
pub(crate) struct Expr {
    pub(crate) span: Span,
    /// Contains `:=` somewhere, so that a local read before it must be copied.
    pub(crate) rebinds: bool,
    pub(crate) kind: ExprKind,
}

#[derive(Clone, Debug)]
pub(crate) enum ExprKind {
    Const(Const),
    Name(Name),
    Attr(Box<Expr>, Ident),
    Subscript(Box<Expr>, Box<Expr>),
    Slice(Box<[Option<Expr>; 3]>),
    Starred(Box<Expr>),
    Binary(Box<Expr>, BinOp, Box<Expr>),
    Unary(UnOp, Box<Expr>),
    Bool(BoolOp, Vec<Expr>),
    Compare(Box<Expr>, Vec<(CmpOp, Expr)>),
    IfElse(Box<IfElse>),
    Named(Ident, Box<Expr>),
    Call(Box<Call>),
    Lambda(Box<Function>),
    Tuple(Vec<Expr>),
    List(Vec<Expr>),
    Set(Vec<Expr>),
    Dict(Vec<(Option<Expr>, Expr)>),
    Comp(Box<Comp>),
    Joined(Vec<Part>),
    /// A t-string.
    Template(Vec<Part>),
    Await(Box<Expr>),
    Yield(Option<Box<Expr>>),
    YieldFrom(Box<Expr>),
}

#[derive(Clone, Debug)]
pub(crate) struct IfElse {
    pub(crate) test: Expr,
    pub(crate) body: Expr,
    pub(crate) orelse: Expr,
}

#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) func: Expr,
    pub(crate) args: Vec<Expr>,
    pub(crate) keywords: Vec<Keyword>,
}

/// `name=value`, or `**value` without a name.
#[derive(Clone, Debug)]
pub(crate) struct Keyword {
    pub(crate) span: Span,
    pub(crate) name: Option<Name>,
    pub(crate) value: Expr,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BinOp {
    Add,
    Sub,
    Mul,
    TrueDiv,
    FloorDiv,
    Mod,
    Pow,
    LShift,
    RShift,
    And,
    Or,
    Xor,
    MatMul,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UnOp {
    Neg,
    Pos,
    Invert,
    Not,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BoolOp {
    And,
    Or,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CmpOp {
    Lt,
    Le,
    Eq,
    Ne,
    Gt,
    Ge,
    Is,
    IsNot,
    In,
    NotIn,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CompKind {
    List,
    Set,
    Dict,
    Generator,
}

#[derive(Clone, Debug)]
pub(crate) struct Comp {
    pub(crate) kind: CompKind,
    pub(crate) scope: ScopeId,
    pub(crate) element: Expr,
    /// The value of a dict comprehension.
    pub(crate) value: Option<Expr>,
    pub(crate) clauses: Vec<Clause>,
}

/// `for target in iter if … if …`
#[derive(Clone, Debug)]
pub(crate) struct Clause {
    pub(crate) target: Expr,
    pub(crate) iter: Expr,
    pub(crate) ifs: Vec<Expr>,
    pub(crate) is_async: bool,
}

/// A part of an f-string.
#[derive(Clone, Debug)]
pub(crate) enum Part {
    Text(Const),
    Value(Box<FormatPart>),
}

#[derive(Clone, Debug)]
pub(crate) struct FormatPart {
    pub(crate) span: Span,
    pub(crate) value: Expr,
    /// As in `FormatValue`: 0 none, 1 str, 2 repr, 3 ascii.
    pub(crate) conversion: u16,
    /// The source of the expression (t-strings).
    pub(crate) text: Const,
    pub(crate) spec: Option<Vec<Part>>,
}

#[derive(Clone, Debug)]
pub(crate) struct Function {
    pub(crate) scope: ScopeId,
    /// Scope of the `__annotate__` function.
    pub(crate) annotate: ScopeId,
    pub(crate) span: Span,
    /// What the statement binds.
    pub(crate) name: Ident,
    /// As written, before mangling.
    pub(crate) title: Name,
    pub(crate) decorators: Vec<Expr>,
    pub(crate) type_params: Option<TypeParams>,
    pub(crate) params: Params,
    pub(crate) returns: Option<Annotation>,
    pub(crate) body: Body,
    pub(crate) is_async: bool,
    pub(crate) docstring: Option<Const>,
}

/// `[T: bound = default, *Ts, **P]`
#[derive(Clone, Debug)]
pub(crate) struct TypeParams {
    /// Scope of the hidden function that binds them.
    pub(crate) scope: ScopeId,
    pub(crate) params: Vec<TypeParam>,
}

#[derive(Clone, Debug)]
pub(crate) struct TypeParam {
    pub(crate) ident: Ident,
    /// As written, before mangling.
    pub(crate) title: Name,
    pub(crate) kind: TypeParamKind,
    pub(crate) bound: Option<Expr>,
    pub(crate) default: Option<Expr>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TypeParamKind {
    TypeVar,
    ParamSpec,
    TypeVarTuple,
}

#[derive(Clone, Debug)]
pub(crate) enum Body {
    Block(Vec<Stmt>),
    Value(Expr),
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Params {
    pub(crate) posonly: usize,
    /// Positional ones, positional-only first.
    pub(crate) positional: Vec<Param>,
    pub(crate) vararg: Option<Param>,
    pub(crate) kwonly: Vec<Param>,
    pub(crate) kwarg: Option<Param>,
}

impl Params {
    /// In the order of their registers.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Param> {
        self.positional.iter().chain(&self.kwonly).chain(&self.vararg).chain(&self.kwarg)
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Param {
    pub(crate) ident: Ident,
    pub(crate) annotation: Option<Annotation>,
    pub(crate) default: Option<Expr>,
}

/// An annotation with its source text (`from __future__ import annotations`).
#[derive(Clone, Debug)]
pub(crate) struct Annotation {
    pub(crate) expr: Expr,
    pub(crate) text: Const,
}

#[derive(Clone, Debug)]
pub(crate) struct Class {
    pub(crate) scope: ScopeId,
    pub(crate) annotate: ScopeId,
    pub(crate) span: Span,
    /// What the statement binds.
    pub(crate) name: Ident,
    /// As written, before mangling.
    pub(crate) title: Name,
    pub(crate) decorators: Vec<Expr>,
    pub(crate) type_params: Option<TypeParams>,
    pub(crate) bases: Vec<Expr>,
    pub(crate) keywords: Vec<Keyword>,
    pub(crate) body: Vec<Stmt>,
    pub(crate) docstring: Option<Const>,
}

#[derive(Clone, Debug)]
pub(crate) struct Stmt {
    pub(crate) span: Span,
    pub(crate) kind: StmtKind,
}

#[derive(Clone, Debug)]
pub(crate) enum StmtKind {
    Expr(Expr),
    Assign(Vec<Expr>, Expr),
    AugAssign(Expr, BinOp, Expr),
    AnnAssign(Box<AnnAssign>),
    Delete(Vec<Expr>),
    Return(Option<Expr>),
    Raise(Option<Expr>, Option<Expr>),
    Assert(Expr, Option<Expr>),
    If(Vec<(Expr, Vec<Stmt>)>, Vec<Stmt>),
    While(Box<While>),
    For(Box<For>),
    With(With),
    Try(Box<Try>),
    Match(Expr, Vec<Case>),
    FunctionDef(Box<Function>),
    ClassDef(Box<Class>),
    Import(Vec<Alias>),
    ImportFrom(ImportFrom),
    TypeAlias(Box<TypeAlias>),
    Global(Vec<Ident>),
    Nonlocal(Vec<Ident>),
    Pass,
    Break,
    Continue,
}

#[derive(Clone, Debug)]
pub(crate) struct AnnAssign {
    pub(crate) target: Expr,
    pub(crate) annotation: Annotation,
    pub(crate) value: Option<Expr>,
    /// A bare name, without parentheses.
    pub(crate) simple: bool,
}

/// `type Name[T] = value`
#[derive(Clone, Debug)]
pub(crate) struct TypeAlias {
    pub(crate) ident: Ident,
    /// As written, before mangling.
    pub(crate) title: Name,
    pub(crate) type_params: Option<TypeParams>,
    /// Scope of the function that computes the value.
    pub(crate) scope: ScopeId,
    pub(crate) value: Annotation,
}

#[derive(Clone, Debug)]
pub(crate) struct While {
    pub(crate) test: Expr,
    pub(crate) body: Vec<Stmt>,
    pub(crate) orelse: Vec<Stmt>,
}

#[derive(Clone, Debug)]
pub(crate) struct For {
    pub(crate) target: Expr,
    pub(crate) iter: Expr,
    pub(crate) body: Vec<Stmt>,
    pub(crate) orelse: Vec<Stmt>,
    pub(crate) is_async: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct With {
    pub(crate) items: Vec<(Expr, Option<Expr>)>,
    pub(crate) body: Vec<Stmt>,
    pub(crate) is_async: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Try {
    pub(crate) body: Vec<Stmt>,
    pub(crate) handlers: Vec<Except>,
    pub(crate) orelse: Vec<Stmt>,
    pub(crate) finally: Vec<Stmt>,
}

#[derive(Clone, Debug)]
pub(crate) struct Except {
    pub(crate) span: Span,
    pub(crate) class: Option<Expr>,
    pub(crate) name: Option<Ident>,
    pub(crate) body: Vec<Stmt>,
}

#[derive(Clone, Debug)]
pub(crate) struct Alias {
    /// The dotted name as written.
    pub(crate) path: Name,
    /// The name that is bound (first part, or behind `as`).
    pub(crate) bound: Ident,
    /// Has an `as` clause.
    pub(crate) renamed: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct ImportFrom {
    pub(crate) module: Name,
    pub(crate) level: u32,
    /// Empty: `import *`.
    pub(crate) names: Vec<Alias>,
}

#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) pattern: Pattern,
    pub(crate) guard: Option<Expr>,
    pub(crate) body: Vec<Stmt>,
}

#[derive(Clone, Debug)]
pub(crate) struct Pattern {
    pub(crate) span: Span,
    pub(crate) kind: PatternKind,
}

#[derive(Clone, Debug)]
pub(crate) enum PatternKind {
    Value(Expr),
    /// `None`, `True`, `False`: compared by identity.
    Singleton(Const),
    Sequence(Vec<Pattern>),
    Mapping {
        keys: Vec<Expr>,
        patterns: Vec<Pattern>,
        rest: Option<Ident>,
    },
    Class {
        class: Expr,
        positional: Vec<Pattern>,
        keywords: Vec<(Ident, Pattern)>,
    },
    Star(Option<Ident>),
    /// `pattern as name`; without a pattern a capture; without a name the wildcard.
    As(Option<Box<Pattern>>, Option<Ident>),
    Or(Vec<Pattern>),
}

/// A whole input.
#[derive(Debug)]
pub(crate) struct Tree {
    pub(crate) body: Vec<Stmt>,
    pub(crate) docstring: Option<Const>,
    /// Scope of the module's `__annotate__` function.
    pub(crate) annotate: ScopeId,
    /// How many scopes there are.
    pub(crate) scopes: u32,
    /// `from __future__ import annotations`
    pub(crate) future_annotations: bool,
}
