//! Built-in functions that compile, run and import code.

use crate::args::{Args, Call};
use crate::code::CodeBody;
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::modules::executing;
use crate::object::{Obj, R, Raise};
use crate::types::str::{Str, to_text};
use crate::types::{bytes, dict, tuple};
use parallax_front::Mode;

fn filename_text<M: Memory>(t: &mut Thread<M>, name: &Obj<M>) -> Result<String, Raise> {
    if name.cast::<Str<M>>().is_some() {
        return Ok(to_text(name).into_owned());
    }
    if let Some(data) = bytes::view(name) {
        return Ok(String::from_utf8_lossy(data).into_owned());
    }
    match t.lookup_special(name, "__fspath__")? {
        Some(f) => {
            let path = t.call(&f, &[])?;
            Ok(to_text(&path).into_owned())
        }
        None => {
            let class = t.class_name(name);
            let message = format!("expected str, bytes or os.PathLike object, not {class}");
            Err(t.raise(Kind::TypeError, message))
        }
    }
}

pub(super) fn compile<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let filename = filename_text(t, &args[1])?;
    if args[2].cast::<Str<M>>().is_none() {
        let class = t.class_name(&args[2]);
        return Err(t.raise(Kind::TypeError, format!("compile() argument 'mode' must be str, not {class}")));
    }
    let flags = match args.get(3) {
        Some(flags) => t.index_i64(flags)?,
        None => 0,
    };
    let optimize = match args.get(5) {
        Some(optimize) => t.index_i64(optimize)?,
        None => -1,
    };
    let mode = match &*to_text(&args[2]) {
        "exec" => Mode::Exec,
        "eval" => Mode::Eval,
        "single" => Mode::Single,
        _ => return Err(t.raise(Kind::ValueError, "compile() mode must be 'exec', 'eval' or 'single'")),
    };
    executing::compile(t, &args[0], "compile", &filename, mode, flags, optimize)
}

/// The namespaces that `eval` and `exec` run in: the given ones, else the caller's.
fn namespaces<M: Memory>(
    t: &mut Thread<M>,
    function: &str,
    globals: Option<&Obj<M>>,
    locals: Option<&Obj<M>>,
) -> Result<(Obj<M>, Obj<M>), Raise> {
    if let Some(locals) = locals
        && t.class_of(locals).body.slots.getitem.get().is_none()
    {
        let class = t.class_name(locals);
        let message = match function {
            "eval" => "locals must be a mapping".to_string(),
            _ => format!("locals must be a mapping or None, not {class}"),
        };
        return Err(t.raise(Kind::TypeError, message));
    }
    let Some(globals) = globals else {
        let Some(globals) = t.current_globals() else {
            return Err(t.raise(Kind::SystemError, "globals and locals cannot be NULL"));
        };
        let locals = match locals {
            Some(locals) => locals.clone(),
            None => t.current_locals()?,
        };
        return Ok((globals, locals));
    };
    if globals.cast::<dict::Dict<M>>().is_none() {
        let class = t.class_name(globals);
        let message = match function {
            "eval" => "globals must be a dict".to_string(),
            _ => format!("{function}() globals must be a dict, not {class}"),
        };
        return Err(t.raise(Kind::TypeError, message));
    }
    Ok((globals.clone(), locals.unwrap_or(globals).clone()))
}

fn run<M: Memory>(t: &mut Thread<M>, function: &str, args: Args<'_, M>, mode: Mode) -> R<M> {
    let (globals, locals) = namespaces(t, function, args.some(1), args.some(2))?;
    let closure = args.some(3);
    if let Some(code) = args[0].cast::<CodeBody<M>>()
        && !code.body.code.freevars.is_empty()
        && closure.is_none()
    {
        let message = format!("code object passed to {function}() may not contain free variables");
        return Err(t.raise(Kind::TypeError, message));
    }
    let code = executing::compile(t, &args[0], function, "<string>", mode, 0, -1)?;
    executing::run_code(t, &code, &globals, &locals, closure)
}

pub(super) fn eval<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    run(t, "eval", args, Mode::Eval)
}

pub(super) fn exec<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    run(t, "exec", args, Mode::Exec)?;
    Ok(Obj::NONE)
}

pub(super) fn import<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    if args[0].cast::<Str<M>>().is_none() {
        let class = t.class_name(&args[0]);
        return Err(t.raise(Kind::TypeError, format!("__import__() argument 1 must be str, not {class}")));
    }
    let level = match args.get(4) {
        Some(level) => t.index_i64(level)?,
        None => 0,
    };
    let globals = args.some(1).cloned().unwrap_or(Obj::NONE);
    let fromlist = args.some(3).cloned().unwrap_or_else(|| tuple::empty(t));
    crate::import::import_name(t, &globals, &args[0], &fromlist, level)
}

pub(super) fn breakpoint<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let Some(hook) = crate::report::sys_attribute(t, "breakpointhook") else {
        return Err(t.raise(Kind::RuntimeError, "lost sys.breakpointhook"));
    };
    let mut slots = args.rest.to_vec();
    slots.extend(args.values.iter().cloned());
    t.call_with(&hook, Call { slots: &slots, names: args.names })
}

/// `exit` and `quit`, which CPython's `site` adds: the standard input is closed too.
pub(super) fn quit<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    if let Some(stdin) = crate::report::sys_attribute(t, "stdin").filter(|f| !f.is_none())
        && t.call_method(&stdin, "close", &[]).is_err()
    {
        t.clear_raised();
    }
    Err(t.raise_args(Kind::SystemExit, vec![args.get(0).cloned().unwrap_or(Obj::NONE)]))
}

/// `help`, which CPython's `site` adds.
pub(super) fn help<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let pydoc = crate::import::import_module(t, "pydoc")?;
    let help = t.getattr_str(&pydoc, "help")?;
    let mut slots = args.rest.to_vec();
    slots.extend(args.values.iter().cloned());
    t.call_with(&help, Call { slots: &slots, names: args.names })
}
