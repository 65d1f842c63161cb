//! The objects behind `__spec__` and `__loader__`. Until a program imports `importlib`, they are bare records with the
//! attributes that programs look at; then the library's own classes take their place, in modules already loaded too.

use parallax_pylib as pylib;

use crate::args::Args;
use crate::context::Thread;
use crate::import::find::{File, texts};
use crate::import::{self, find};
use crate::memory::Memory;
use crate::modules::make_class;
use crate::object::{Obj, R, Raise};
use crate::types::str::to_text;
use crate::types::{dict, list, module, native, tuple};

/// Makes the record classes and the lists of `sys` that importing reads.
pub fn start<M: Memory>(t: &mut Thread<M>, sys: &Obj<M>) -> Result<(), Raise> {
    let find_builtin = static_method(t, "find_spec(fullname, path=None, target=None)", find_builtin_spec)?;
    let find_path = static_method(t, "find_spec(fullname, path=None, target=None)", find_path_spec)?;
    let builtin = record_class(t, "BuiltinImporter", "_frozen_importlib", vec![("find_spec", find_builtin)])?;
    let path = record_class(t, "PathFinder", "_frozen_importlib_external", vec![("find_spec", find_path)])?;
    let spec = record_class(t, "ModuleSpec", "_frozen_importlib", vec![])?;
    let functions: [(&str, crate::args::NativeFn<M>); 4] = [
        ("get_source(self, fullname)", get_source),
        ("get_data(self, path)", get_data),
        ("get_filename(self, fullname=None)", get_filename),
        ("is_package(self, fullname)", is_package),
    ];
    let mut entries = Vec::new();
    for (signature, f) in functions {
        let name = signature.split('(').next().expect("split gives one part");
        entries.push((name, method(t, signature, f)));
    }
    let loader = record_class(t, "SourceFileLoader", "_frozen_importlib_external", entries)?;
    let finders = list::from_vec(t, vec![builtin.clone(), path.clone()]);
    t.keep("BuiltinImporter", builtin);
    t.keep("PathFinder", path);
    t.keep("ModuleSpec", spec);
    t.keep("SourceFileLoader", loader);
    module::set(t, sys, "meta_path", finders);
    let (hooks, cache) = (list::from_vec(t, vec![]), dict::new(t));
    module::set(t, sys, "path_hooks", hooks);
    module::set(t, sys, "path_importer_cache", cache);
    if module::get(t, sys, "path").is_none() {
        let path = texts(t, &[pylib::PREFIX.to_string()]);
        module::set(t, sys, "path", path);
    }
    for name in ["builtins", "sys"] {
        let made = t.kept(name).expect("made before").own();
        describe_builtin(t, &made, name)?;
    }
    Ok(())
}

fn record_class<M: Memory>(t: &mut Thread<M>, name: &str, home: &str, mut entries: Vec<(&str, Obj<M>)>) -> R<M> {
    let home = t.str(home);
    entries.push(("__module__", home));
    make_class(t, name, &[], entries)
}

fn static_method<M: Memory>(t: &mut Thread<M>, signature: &str, f: crate::args::NativeFn<M>) -> R<M> {
    Ok(native::function(t, signature, f))
}

fn method<M: Memory>(t: &mut Thread<M>, signature: &str, f: crate::args::NativeFn<M>) -> Obj<M> {
    let signature = crate::args::Signature::parse(signature);
    native::Native::make(t, native::NativeKind::Method, signature, f, "SourceFileLoader")
}

fn find_builtin_spec<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    delegate(t, "_frozen_importlib", "BuiltinImporter", args)
}

fn find_path_spec<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    delegate(t, "_frozen_importlib_external", "PathFinder", args)
}

/// The library's own finder answers for its stand-in.
fn delegate<M: Memory>(t: &mut Thread<M>, home: &str, class: &str, args: Args<'_, M>) -> R<M> {
    let finder = import::attribute(t, home, class)?;
    let given = [args[0].clone(), args.get(1).cloned().unwrap_or(Obj::NONE), args.get(2).cloned().unwrap_or(Obj::NONE)];
    t.call_method(&finder, "find_spec", &given)
}

fn own_path<M: Memory>(t: &mut Thread<M>, loader: &Obj<M>) -> Result<String, Raise> {
    let path = t.getattr_str(loader, "path")?;
    Ok(to_text(&path).into_owned())
}

fn get_source<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let path = own_path(t, &args[0])?;
    let bytes = find::read(t, &path)?;
    Ok(t.string(String::from_utf8_lossy(&bytes).into_owned()))
}

fn get_data<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let path = to_text(&args[1]).into_owned();
    let bytes = find::read(t, &path)?;
    Ok(crate::types::bytes::from_slice(t, &bytes))
}

fn get_filename<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    t.getattr_str(&args[0], "path")
}

fn is_package<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    Ok(Obj::bool(own_path(t, &args[0])?.ends_with("/__init__.py")))
}

/// An instance of a kept class, `__init__` not called, with these attributes.
fn record<M: Memory>(t: &mut Thread<M>, class: &str, attributes: Vec<(&str, Obj<M>)>) -> R<M> {
    let class = t.kept(class).expect("kept at the start").own();
    let base = t.builtin(crate::types::ids::Builtin::Object).to_obj();
    let made = t.call_method(&base, "__new__", &[class])?;
    for (name, value) in attributes {
        let name = t.intern(name);
        t.setattr(&made, &name, Some(&value))?;
    }
    Ok(made)
}

struct Description<'a, M: Memory> {
    name: &'a str,
    loader: Obj<M>,
    origin: Obj<M>,
    locations: Obj<M>,
    cached: Obj<M>,
    from_file: bool,
}

fn make_spec<M: Memory>(t: &mut Thread<M>, d: Description<'_, M>) -> R<M> {
    let own = d.name;
    let name = t.str(own);
    let mut attributes = vec![
        ("name", name),
        ("loader", d.loader),
        ("origin", d.origin),
        ("loader_state", Obj::NONE),
        ("submodule_search_locations", d.locations.clone()),
        ("_initializing", Obj::bool(false)),
    ];
    if t.kept("importlib").is_some() {
        let none = list::from_vec(t, vec![]);
        attributes.push(("_uninitialized_submodules", none));
        attributes.push(("_set_fileattr", Obj::bool(d.from_file)));
        attributes.push(("_cached", d.cached));
    } else {
        let parent = if d.locations.is_none() { own.rsplit_once('.').map_or("", |(parent, _)| parent) } else { own };
        let parent = t.str(parent);
        attributes.push(("parent", parent));
        attributes.push(("has_location", Obj::bool(d.from_file)));
        attributes.push(("cached", d.cached));
    }
    record(t, "ModuleSpec", attributes)
}

/// Spec and loader of a built-in module.
pub fn describe_builtin<M: Memory>(t: &mut Thread<M>, made: &Obj<M>, name: &str) -> Result<(), Raise> {
    let Some(loader) = t.kept("BuiltinImporter").map(|v| v.own()) else { return Ok(()) };
    let origin = t.intern("built-in");
    let d =
        Description { name, loader: loader.clone(), origin, locations: Obj::NONE, cached: Obj::NONE, from_file: false };
    let spec = make_spec(t, d)?;
    module::set(t, made, "__spec__", spec);
    module::set(t, made, "__loader__", loader);
    let package = t.intern("");
    module::set(t, made, "__package__", package);
    Ok(())
}

fn package_name(name: &str, package: bool) -> &str {
    if package { name } else { name.rsplit_once('.').map_or("", |(parent, _)| parent) }
}

/// A loader for a source file.
pub fn loader<M: Memory>(t: &mut Thread<M>, name: &str, path: &str) -> R<M> {
    let (name, path) = (t.str(name), t.str(path));
    record(t, "SourceFileLoader", vec![("name", name), ("path", path)])
}

/// What a module from a source file knows of itself.
pub fn describe_source<M: Memory>(t: &mut Thread<M>, made: &Obj<M>, name: &str, file: &File) -> Result<(), Raise> {
    let path = t.str(&file.path);
    let loader = loader(t, name, &file.path)?;
    let mut locations = Obj::NONE;
    if file.package {
        let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder).to_string();
        locations = texts(t, &[folder]);
        module::set(t, made, "__path__", locations.clone());
    }
    let d = Description {
        name,
        loader: loader.clone(),
        origin: path.clone(),
        locations,
        cached: Obj::NONE,
        from_file: true,
    };
    let spec = make_spec(t, d)?;
    module::set(t, made, "__spec__", spec);
    module::set(t, made, "__loader__", loader);
    module::set(t, made, "__file__", path);
    module::set(t, made, "__cached__", Obj::NONE);
    let package = t.intern(package_name(name, file.package));
    module::set(t, made, "__package__", package);
    let builtins = t.kept("builtins").expect("made at the start").own();
    let namespace = module::dict(&builtins).clone();
    module::set(t, made, "__builtins__", namespace);
    Ok(())
}

/// What a namespace package knows of itself.
pub fn describe_namespace<M: Memory>(
    t: &mut Thread<M>,
    made: &Obj<M>,
    name: &str,
    places: Vec<String>,
) -> Result<(), Raise> {
    let path = texts(t, &places);
    let d = Description {
        name,
        loader: Obj::NONE,
        origin: Obj::NONE,
        locations: path.clone(),
        cached: Obj::NONE,
        from_file: false,
    };
    let spec = make_spec(t, d)?;
    module::set(t, made, "__spec__", spec);
    module::set(t, made, "__path__", path);
    let package = t.intern(name);
    module::set(t, made, "__package__", package);
    Ok(())
}

/// Loads what a finder of the program found: the library's own code does it.
pub fn load<M: Memory>(t: &mut Thread<M>, spec: &Obj<M>) -> R<M> {
    let f = import::attribute(t, "_frozen_importlib", "_load_unlocked")?;
    t.call(&f, std::slice::from_ref(spec))
}

/// From now on the library's own classes describe modules; those already loaded get new specs and loaders.
pub fn upgrade<M: Memory>(t: &mut Thread<M>, core: &Obj<M>, external: &Obj<M>) -> Result<(), Raise> {
    let old: Vec<Obj<M>> = ["ModuleSpec", "BuiltinImporter", "PathFinder", "SourceFileLoader"]
        .iter()
        .map(|name| t.kept(name).expect("kept at the start").own())
        .collect();
    let core_names = ["ModuleSpec", "BuiltinImporter"];
    for name in ["ModuleSpec", "BuiltinImporter", "PathFinder", "SourceFileLoader"] {
        let home = if core_names.contains(&name) { core } else { external };
        let class = t.getattr_str(home, name)?;
        t.keep(name, class);
    }
    t.keep("importlib", Obj::bool(true));
    let sys = t.kept("sys").expect("kept at the start").own();
    let finders = module::get(t, &sys, "meta_path").unwrap_or(Obj::NONE);
    let mut now = Vec::new();
    for finder in t.collect(&finders)? {
        let name = ["BuiltinImporter", "PathFinder"].into_iter().zip(&old[1..3]).find(|(_, o)| o.is(&finder));
        now.push(match name {
            Some((name, _)) => t.kept(name).expect("kept above").own(),
            None => finder,
        });
    }
    let now = list::from_vec(t, now);
    module::set(t, &sys, "meta_path", now);
    let table = import::modules(t);
    for (name, made) in dict::items(t, &table) {
        if made.cast::<module::Module<M>>().is_some() {
            describe_again(t, &made, &to_text(&name), &old[0])?;
        }
    }
    Ok(())
}

fn describe_again<M: Memory>(t: &mut Thread<M>, made: &Obj<M>, name: &str, old: &Obj<M>) -> Result<(), Raise> {
    let Some(spec) = module::get(t, made, "__spec__") else { return Ok(()) };
    if !t.class_of(&spec).is(old) {
        return Ok(());
    }
    match module::get(t, made, "__file__").filter(import::is_str) {
        Some(path) => {
            let path = to_text(&path).into_owned();
            let package = path.ends_with("/__init__.py");
            let locations = module::get(t, made, "__path__");
            describe_source(t, made, name, &File { path, package })?;
            if let Some(locations) = locations {
                module::set(t, made, "__path__", locations);
            }
            Ok(())
        }
        None => match module::get(t, made, "__path__") {
            Some(path) => {
                let places = t.collect(&path)?.iter().map(|p| to_text(p).into_owned()).collect();
                describe_namespace(t, made, name, places)
            }
            None => describe_builtin(t, made, name),
        },
    }
}

/// `sys.builtin_module_names`
pub fn builtin_names<M: Memory>(t: &mut Thread<M>) -> Obj<M> {
    let mut names: Vec<&str> = crate::modules::table::<M>().iter().map(|row| row.0).collect();
    names.sort_unstable();
    let items = names.iter().map(|n| t.intern(n)).collect();
    tuple::from_vec(t, items)
}
