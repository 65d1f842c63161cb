//! The module `_ast`: the classes of the syntax tree, so that what imports `ast` works. No trees are made: the compiler
//! has its own.

use crate::args::{Args, NativeFn, Signature};
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::modules::{Maker, make_class};
use crate::object::{Obj, R, Raise};
use crate::types::native::{Native, NativeKind};
use crate::types::tuple;

/// Places of a node.
const PLACE: &[&str] = &["lineno", "col_offset", "end_lineno", "end_col_offset"];

/// A kind of nodes, whether they have places, and the nodes with their fields.
const KINDS: &[(&str, bool, &[&str])] = &[
    (
        "mod",
        false,
        &["Module body type_ignores", "Interactive body", "Expression body", "FunctionType argtypes returns"],
    ),
    (
        "stmt",
        true,
        &[
            "FunctionDef name args body decorator_list returns type_comment type_params",
            "AsyncFunctionDef name args body decorator_list returns type_comment type_params",
            "ClassDef name bases keywords body decorator_list type_params",
            "Return value",
            "Delete targets",
            "Assign targets value type_comment",
            "TypeAlias name type_params value",
            "AugAssign target op value",
            "AnnAssign target annotation value simple",
            "For target iter body orelse type_comment",
            "AsyncFor target iter body orelse type_comment",
            "While test body orelse",
            "If test body orelse",
            "With items body type_comment",
            "AsyncWith items body type_comment",
            "Match subject cases",
            "Raise exc cause",
            "Try body handlers orelse finalbody",
            "TryStar body handlers orelse finalbody",
            "Assert test msg",
            "Import names",
            "ImportFrom module names level",
            "Global names",
            "Nonlocal names",
            "Expr value",
            "Pass",
            "Break",
            "Continue",
        ],
    ),
    (
        "expr",
        true,
        &[
            "BoolOp op values",
            "NamedExpr target value",
            "BinOp left op right",
            "UnaryOp op operand",
            "Lambda args body",
            "IfExp test body orelse",
            "Dict keys values",
            "Set elts",
            "ListComp elt generators",
            "SetComp elt generators",
            "DictComp key value generators",
            "GeneratorExp elt generators",
            "Await value",
            "Yield value",
            "YieldFrom value",
            "Compare left ops comparators",
            "Call func args keywords",
            "FormattedValue value conversion format_spec",
            "Interpolation value str conversion format_spec",
            "JoinedStr values",
            "TemplateStr values",
            "Constant value kind",
            "Attribute value attr ctx",
            "Subscript value slice ctx",
            "Starred value ctx",
            "Name id ctx",
            "List elts ctx",
            "Tuple elts ctx",
            "Slice lower upper step",
        ],
    ),
    ("expr_context", false, &["Load", "Store", "Del"]),
    ("boolop", false, &["And", "Or"]),
    (
        "operator",
        false,
        &[
            "Add", "Sub", "Mult", "MatMult", "Div", "Mod", "Pow", "LShift", "RShift", "BitOr", "BitXor", "BitAnd",
            "FloorDiv",
        ],
    ),
    ("unaryop", false, &["Invert", "Not", "UAdd", "USub"]),
    ("cmpop", false, &["Eq", "NotEq", "Lt", "LtE", "Gt", "GtE", "Is", "IsNot", "In", "NotIn"]),
    ("excepthandler", true, &["ExceptHandler type name body"]),
    (
        "pattern",
        true,
        &[
            "MatchValue value",
            "MatchSingleton value",
            "MatchSequence patterns",
            "MatchMapping keys patterns rest",
            "MatchClass cls patterns kwd_attrs kwd_patterns",
            "MatchStar name",
            "MatchAs pattern name",
            "MatchOr patterns",
        ],
    ),
    ("type_ignore", false, &["TypeIgnore lineno tag"]),
    (
        "type_param",
        true,
        &["TypeVar name bound default_value", "ParamSpec name default_value", "TypeVarTuple name default_value"],
    ),
];

/// Nodes that stand alone: name, whether they have places, fields.
const SINGLE: &[(&str, bool)] = &[
    ("comprehension target iter ifs is_async", false),
    ("arguments posonlyargs args vararg kwonlyargs kw_defaults kwarg defaults", false),
    ("arg arg annotation type_comment", true),
    ("keyword arg value", true),
    ("alias name asname", true),
    ("withitem context_expr optional_vars", false),
    ("match_case pattern guard body", false),
];

/// Makes the module.
pub fn init<M: Memory>(t: &mut Thread<M>) -> R<M> {
    let object = t.builtin(crate::types::ids::Builtin::Object).to_obj();
    let make = Native::make(
        t,
        NativeKind::Method,
        Signature::parse("__init__(self, /, *args, **kwargs)"),
        node_init as NativeFn<M>,
        "AST",
    );
    let base = class(t, "AST", &object, &[], false, vec![("__init__", make)])?;
    let mut made = vec![("AST", base.clone())];
    for &(kind, places, nodes) in KINDS {
        let parent = class(t, kind, &base, &[], places, Vec::new())?;
        for node in nodes {
            let (name, fields) = split(node);
            made.push((name, class(t, name, &parent, &fields, places, Vec::new())?));
        }
        made.push((kind, parent));
    }
    for &(node, places) in SINGLE {
        let (name, fields) = split(node);
        made.push((name, class(t, name, &base, &fields, places, Vec::new())?));
    }
    let maker = Maker::new(t, "_ast").ints(&[
        ("PyCF_ONLY_AST", 0x400),
        ("PyCF_TYPE_COMMENTS", 0x1000),
        ("PyCF_ALLOW_TOP_LEVEL_AWAIT", 0x2000),
        ("PyCF_OPTIMIZED_AST", 0x8400),
    ]);
    made.into_iter().fold(maker, |maker, (name, class)| maker.set(name, class)).finish()
}

fn split(node: &'static str) -> (&'static str, Vec<&'static str>) {
    let mut words = node.split(' ');
    (words.next().unwrap_or_default(), words.collect())
}

fn class<M: Memory>(
    t: &mut Thread<M>,
    name: &str,
    base: &Obj<M>,
    fields: &[&str],
    places: bool,
    mut entries: Vec<(&str, Obj<M>)>,
) -> R<M> {
    let names = |t: &mut Thread<M>, list: &[&str]| {
        let list = list.iter().map(|n| t.intern(n)).collect();
        tuple::from_vec(t, list)
    };
    let shown = names(t, fields);
    let module = t.intern("ast");
    entries.extend([("__module__", module), ("_fields", shown.clone()), ("__match_args__", shown)]);
    if places || name == "AST" {
        let places = names(t, if places { PLACE } else { &[] });
        entries.push(("_attributes", places));
    }
    make_class(t, name, std::slice::from_ref(base), entries)
}

/// `Node(*fields, **attributes)`
fn node_init<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let fields = t.getattr_str(&args[0], "_fields")?;
    let fields: Vec<Obj<M>> = t.collect(&fields)?;
    if args.rest.len() > fields.len() {
        return Err(too_many(t, &args[0], fields.len()));
    }
    for (name, value) in fields.iter().zip(args.rest).chain(args.names.iter().zip(args.values)) {
        let name = t.attribute_name(name)?;
        t.setattr(&args[0], &name, Some(value))?;
    }
    Ok(Obj::NONE)
}

fn too_many<M: Memory>(t: &mut Thread<M>, node: &Obj<M>, most: usize) -> Raise {
    let plural = if most == 1 { "" } else { "s" };
    let message = format!("{} constructor takes at most {most} positional argument{plural}", t.class_name(node));
    t.raise(Kind::TypeError, message)
}
