//! Importing: `sys.modules`, packages, relative names, and CPython's messages. The search itself is in `find`, who
//! imports what at the moment in `locks`, the objects behind `__spec__` in `spec`.
//!
//! All of it is native code, so no frame of the machinery shows in a traceback.

pub mod find;
pub mod locks;
pub mod source;
pub mod spec;

use crate::context::{Context, Thread};
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::object::{Obj, R, Raise};
use crate::types::str::to_text;
use crate::types::{dict, list, module};
use find::Found;

/// Is it a string?
pub fn is_str<M: Memory>(obj: &Obj<M>) -> bool {
    crate::types::str::view(obj).is_some()
}

/// `sys.modules`
pub fn modules<M: Memory>(ctx: &Context<M>) -> Obj<M> {
    ctx.kept("sys.modules").expect("made by `start`").own()
}

/// Makes `sys.modules` and the two modules that exist from the start. Called once, when all types are defined.
pub fn start<M: Memory>(t: &mut Thread<M>) -> Result<(), Raise> {
    crate::modules::define(t);
    let table = dict::new(t);
    t.keep("sys.modules", table);
    let builtins = load_builtin(t, "builtins")?;
    t.keep("builtins", builtins);
    let sys = load_builtin(t, "sys")?;
    t.keep("sys", sys.clone());
    let table = modules(t);
    module::set(t, &sys, "modules", table);
    spec::start(t, &sys)
}

/// The module of that name, if it was imported (and not blocked by `None`).
pub fn loaded<M: Memory>(t: &mut Thread<M>, name: &str) -> Result<Option<Obj<M>>, Raise> {
    let table = modules(t);
    let key = t.str(name);
    dict::get(t, &table, &key)
}

/// A built-in module by name, made now if it was not imported yet.
fn load_builtin<M: Memory>(t: &mut Thread<M>, name: &str) -> R<M> {
    let Some(init) = crate::modules::find::<M>(name) else {
        return Err(not_found(t, format!("no built-in module named '{name}'"), name));
    };
    let made = init(t)?;
    let table = modules(t);
    let key = t.intern(name);
    dict::set_str(t, &table, key, made.clone());
    spec::describe_builtin(t, &made, name)?;
    Ok(made)
}

/// `importlib.import_module(name)`: the module itself, not its top-level package.
pub fn import_module<M: Memory>(t: &mut Thread<M>, name: &str) -> R<M> {
    // In this order: a module that is found while it is being made has a lock that is seen afterwards.
    if let Some(found) = loaded(t, name)?.filter(|m| !m.is_none())
        && t.interp.modules.imports.idle()
    {
        return Ok(found);
    }
    import_slow(t, name)
}

/// One attribute of a module that is imported if need be.
pub fn attribute<M: Memory>(t: &mut Thread<M>, name: &str, attr: &str) -> R<M> {
    let found = import_module(t, name)?;
    t.getattr_str(&found, attr)
}

/// `__import__(name, globals, …, fromlist, level)`. `globals` may be `None` when the level is 0.
pub fn import_name<M: Memory>(
    t: &mut Thread<M>,
    globals: &Obj<M>,
    name: &Obj<M>,
    fromlist: &Obj<M>,
    level: i64,
) -> R<M> {
    if !is_str(name) {
        return Err(t.raise(Kind::TypeError, "module name must be a string"));
    }
    if level < 0 {
        return Err(t.raise(Kind::ValueError, "level must be >= 0"));
    }
    let given = to_text(name);
    if level == 0 && given.is_empty() {
        return Err(t.raise(Kind::ValueError, "Empty module name"));
    }
    let full = if level == 0 { given.clone() } else { resolve(t, globals, &given, level)?.into() };
    let found = import_module(t, &full)?;
    if fromlist.is_none() || !t.truth(fromlist)? {
        let Some(dot) = given.find('.') else {
            return Ok(found);
        };
        // `import a.b` binds a; `from . import` never comes here with a dotted name and no list.
        let cut = given.len() - dot;
        return import_module(t, &full[..full.len() - cut]);
    }
    if module::get(t, &found, "__path__").is_some() {
        import_listed(t, &found, fromlist, false)?;
    }
    Ok(found)
}

/// Submodules that a `from` list names and that are not attributes yet.
fn import_listed<M: Memory>(t: &mut Thread<M>, package: &Obj<M>, names: &Obj<M>, nested: bool) -> Result<(), Raise> {
    let own = module::get(t, package, "__name__").unwrap_or(Obj::NONE);
    let own = to_text(&own).into_owned();
    for item in t.collect(names)? {
        if !is_str(&item) {
            let place = if nested { format!("{own}.__all__") } else { "``from list''".to_string() };
            let message = format!("Item in {place} must be str, not {}", t.class_name(&item));
            return Err(t.raise(Kind::TypeError, message));
        }
        let text = to_text(&item);
        if text == "*" {
            let all = module::get(t, package, "__all__").filter(|_| !nested);
            if let Some(all) = all {
                import_listed(t, package, &all, true)?;
            }
        } else if t.getattr_opt(package, &item)?.is_none() {
            let full = format!("{own}.{text}");
            if let Err(raise) = import_module(t, &full) {
                absorb_missing(t, raise, &full)?;
            }
        }
    }
    Ok(())
}

/// Forgets a `ModuleNotFoundError` for exactly that module (unless `sys.modules` blocks it); anything else stays.
fn absorb_missing<M: Memory>(t: &mut Thread<M>, raise: Raise, full: &str) -> Result<(), Raise> {
    if !t.raised_is(Kind::ModuleNotFoundError) {
        return Err(raise);
    }
    let error = t.take_raised();
    let name = t.getattr_str(&error, "name")?;
    if to_text(&name) != full || loaded(t, full)?.is_some_and(|m| m.is_none()) {
        return Err(t.raise_obj(error));
    }
    Ok(())
}

/// The absolute name of a relative import.
fn resolve<M: Memory>(t: &mut Thread<M>, globals: &Obj<M>, name: &str, level: i64) -> Result<String, Raise> {
    let package = package_of(t, globals)?;
    if package.is_empty() {
        return Err(t.raise(Kind::ImportError, "attempted relative import with no known parent package"));
    }
    let mut base = &package[..];
    for _ in 1..level {
        let Some(dot) = base.rfind('.') else {
            return Err(t.raise(Kind::ImportError, "attempted relative import beyond top-level package"));
        };
        base = &base[..dot];
    }
    Ok(if name.is_empty() { base.to_string() } else { format!("{base}.{name}") })
}

/// `__package__`, or what it should be.
fn package_of<M: Memory>(t: &mut Thread<M>, globals: &Obj<M>) -> Result<String, Raise> {
    let global = |name: &str| {
        let key = t.intern(name);
        let value = dict::get_str(t, globals, &key).map(|v| v.own());
        value.filter(|v| !v.is_none())
    };
    let package = global("__package__");
    let spec = global("__spec__");
    let name = global("__name__");
    let is_package = global("__path__").is_some();
    if let Some(package) = package {
        if !is_str(&package) {
            return Err(t.raise(Kind::TypeError, "package must be a string"));
        }
        return Ok(to_text(&package).into_owned());
    }
    if let Some(spec) = spec {
        let parent = t.getattr_str(&spec, "parent")?;
        return Ok(to_text(&parent).into_owned());
    }
    let Some(name) = name else {
        return Err(t.raise(Kind::KeyError, "'__name__' not in globals"));
    };
    let name = to_text(&name).into_owned();
    Ok(if is_package { name } else { name.rsplit_once('.').map_or(String::new(), |(parent, _)| parent.to_string()) })
}

/// Imports under the module's lock.
fn import_slow<M: Memory>(t: &mut Thread<M>, name: &str) -> R<M> {
    let interp = t.interp.clone();
    let taken = interp.modules.imports.acquire(t, name);
    let result = import_locked(t, name);
    if taken {
        interp.modules.imports.release(name);
    }
    result
}

fn import_locked<M: Memory>(t: &mut Thread<M>, name: &str) -> R<M> {
    t.check_native_stack()?;
    if let Some(found) = loaded_or_blocked(t, name)? {
        return Ok(found);
    }
    let Some((parent, child)) = name.rsplit_once('.') else {
        return find_and_load(t, name, None);
    };
    let package = import_module(t, parent)?;
    // Importing the package may have imported the module.
    if let Some(found) = loaded_or_blocked(t, name)? {
        return Ok(found);
    }
    let Some(path) = t.getattr_opt_str(&package, "__path__")? else {
        return Err(not_found(t, format!("No module named '{name}'; '{parent}' is not a package"), name));
    };
    let found = find_and_load(t, name, Some(&path))?;
    let key = t.intern(child);
    t.setattr(&package, &key, Some(&found))?;
    Ok(found)
}

fn loaded_or_blocked<M: Memory>(t: &mut Thread<M>, name: &str) -> Result<Option<Obj<M>>, Raise> {
    match loaded(t, name)? {
        Some(found) if found.is_none() => {
            Err(not_found(t, format!("import of {name} halted; None in sys.modules"), name))
        }
        found => Ok(found),
    }
}

fn find_and_load<M: Memory>(t: &mut Thread<M>, name: &str, path: Option<&Obj<M>>) -> R<M> {
    match find::find(t, name, path)? {
        None => Err(not_found(t, format!("No module named '{name}'"), name)),
        Some(Found::Builtin) => load_builtin(t, name),
        Some(Found::Spec(spec)) => spec::load(t, &spec),
        Some(Found::Namespace(places)) => {
            let made = module::new(t, name);
            spec::describe_namespace(t, &made, name, places)?;
            enter(t, name, &made);
            Ok(made)
        }
        Some(Found::Source(file)) => {
            let text = file.read(t)?;
            let code = source::compile(t, &text, &file.path, parallax_front::Mode::Exec)?;
            let made = module::new(t, name);
            spec::describe_source(t, &made, name, &file)?;
            enter(t, name, &made);
            run(t, name, &made, &code)
        }
    }
}

fn enter<M: Memory>(t: &mut Thread<M>, name: &str, made: &Obj<M>) {
    let table = modules(t);
    let key = t.intern(name);
    dict::set_str(t, &table, key, made.clone());
}

/// Runs a module's code; the module leaves `sys.modules` when that fails, and may replace itself there.
fn run<M: Memory>(t: &mut Thread<M>, name: &str, made: &Obj<M>, code: &Obj<M>) -> R<M> {
    let globals = module::dict(made).clone();
    let table = modules(t);
    let key = t.intern(name);
    match source::execute(t, code, &globals) {
        Ok(_) => Ok(dict::get(t, &table, &key)?.unwrap_or_else(|| made.clone())),
        Err(raise) => {
            let gone = dict::del_str(t, &table, &key);
            drop(gone);
            Err(raise)
        }
    }
}

/// A `ModuleNotFoundError` with its `name`.
pub fn not_found<M: Memory>(t: &mut Thread<M>, message: String, name: &str) -> Raise {
    let name = t.str(name);
    t.raise_import(Kind::ModuleNotFoundError, message, name, Obj::NONE, Obj::NONE)
}

/// `from module import name` for one name.
#[inline(never)]
pub fn import_from<M: Memory>(t: &mut Thread<M>, from: &Obj<M>, name: &Obj<M>) -> R<M> {
    if let Some(value) = t.getattr_opt(from, name)? {
        return Ok(value);
    }
    let key = t.intern("__name__");
    let own = t.getattr_opt(from, &key)?.filter(is_str);
    if let Some(own) = &own {
        let full = format!("{}.{}", to_text(own), to_text(name));
        if let Some(found) = loaded(t, &full)? {
            return Ok(found);
        }
    }
    Err(cannot_import(t, from, own.as_ref(), name))
}

fn cannot_import<M: Memory>(t: &mut Thread<M>, from: &Obj<M>, own: Option<&Obj<M>>, name: &Obj<M>) -> Raise {
    let shown = own.map_or("<unknown module name>".to_string(), |o| to_text(o).into_owned());
    let wanted = to_text(name);
    let file = module::get(t, from, "__file__").filter(is_str).map(|f| to_text(&f).into_owned());
    let place = file.as_deref().unwrap_or("unknown location");
    let shadowing = shadowing(t, from);
    let message = match &shadowing {
        Some(path) if is_library_module(&shown) => format!(
            "cannot import name '{wanted}' from '{shown}' (consider renaming '{path}' since it has the same name as the \
             standard library module named '{shown}' and prevents importing that standard library module)"
        ),
        _ if t.interp.modules.imports.is_running(&shown) => {
            let hint = match &shadowing {
                Some(path) => {
                    format!("(consider renaming '{path}' if it has the same name as a library you intended to import)")
                }
                None => format!("(most likely due to a circular import) ({place})"),
            };
            format!("cannot import name '{wanted}' from partially initialized module '{shown}' {hint}")
        }
        _ => format!("cannot import name '{wanted}' from '{shown}' ({place})"),
    };
    let path = match &file {
        Some(file) => t.str(file),
        None => Obj::NONE,
    };
    let own = own.cloned().unwrap_or(Obj::NONE);
    t.raise_import(Kind::ImportError, message, own, path, name.clone())
}

/// `__file__` or `origin` of a module's spec as text.
pub fn origin<M: Memory>(t: &mut Thread<M>, of: &Obj<M>) -> Option<String> {
    let spec = module::get(t, of, "__spec__").filter(|s| !s.is_none())?;
    let key = t.intern("origin");
    match t.getattr_opt(&spec, &key) {
        Ok(value) => value.filter(is_str).map(|v| to_text(&v).into_owned()),
        Err(_) => {
            drop(t.take_raised());
            None
        }
    }
}

/// The file of a module that stands beside the running script and so hides another of its name.
pub fn shadowing<M: Memory>(t: &mut Thread<M>, of: &Obj<M>) -> Option<String> {
    let file = origin(t, of)?;
    let sys = t.kept("sys")?.own();
    let path = module::get(t, &sys, "path")?;
    let first = list::get(t, &path, 0).map(|v| to_text(&v).into_owned())?;
    let parent = std::path::Path::new(&file).parent()?;
    let parent = if file.ends_with("/__init__.py") { parent.parent()? } else { parent };
    let first = if first.is_empty() { std::env::current_dir().ok()? } else { first.into() };
    (parent == first).then_some(file)
}

/// The line of a source file, or of the program given with `-c`, for tracebacks.
pub fn source_line<M: Memory>(t: &mut Thread<M>, file: &str, line: u32) -> Option<String> {
    if file == "<string>" {
        let command = t.kept("command")?;
        return to_text(&command).lines().nth(line.checked_sub(1)? as usize).map(str::to_string);
    }
    find::source_line(file, line)
}

/// Is there a module of that name in the standard library (`sys.stdlib_module_names`)?
pub fn is_library_module(name: &str) -> bool {
    parallax_pylib::exists(&format!("{name}.py")) || parallax_pylib::exists(&format!("{name}/__init__.py"))
}
