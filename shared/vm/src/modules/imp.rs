//! `_imp`, and the two frozen modules under `importlib`: the library's own sources, made ready at their first import,
//! with the entry points of importing replaced by the native ones.

use parallax_front::Mode;
use parallax_pylib as pylib;

use crate::args::Args;
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::import::{self, source, spec};
use crate::memory::Memory;
use crate::modules::Maker;
use crate::object::{Obj, R};
use crate::types::str::to_text;
use crate::types::{bytes, dict, int, list, module, native};

/// What CPython 3.14 writes at the head of compiled files.
const MAGIC: i64 = 3627 | (b'\r' as i64) << 16 | (b'\n' as i64) << 24;

/// `_imp`
pub fn init<M: Memory>(t: &mut Thread<M>) -> R<M> {
    Maker::new(t, "_imp")
        .functions(&[
            ("lock_held()", |t, _| Ok(Obj::bool(!t.interp.modules.imports.idle()))),
            ("acquire_lock()", |_, _| Ok(Obj::NONE)),
            ("release_lock()", |_, _| Ok(Obj::NONE)),
            ("is_builtin(name, /)", |t, a| {
                let found = crate::modules::find::<M>(&to_text(&a[0])).is_some();
                Ok(int::from_i64(t, found as i64))
            }),
            ("is_frozen(name, /)", |_, _| Ok(Obj::bool(false))),
            ("is_frozen_package(name, /)", no_frozen),
            ("get_frozen_object(name, data=None, /)", no_frozen),
            ("find_frozen(name, /, *, withdata=False)", |_, _| Ok(Obj::NONE)),
            ("_frozen_module_names()", |t, _| Ok(list::from_vec(t, vec![]))),
            ("create_builtin(spec, /)", create_builtin),
            ("exec_builtin(mod, /)", |t, _| Ok(int::from_i64(t, 0))),
            ("extension_suffixes()", |t, _| Ok(list::from_vec(t, vec![]))),
            ("source_hash(key, source)", source_hash),
            ("_fix_co_filename(code, path, /)", |_, _| Ok(Obj::NONE)),
            ("_override_frozen_modules_for_tests(override, /)", |_, _| Ok(Obj::NONE)),
            ("_override_multi_interp_extensions_check(override, /)", |t, _| Ok(int::from_i64(t, 0))),
        ])
        .text("check_hash_based_pycs", "default")
        .int("pyc_magic_number_token", MAGIC)
        .finish()
}

fn no_frozen<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let name = to_text(&args[0]).into_owned();
    Err(t.raise(Kind::ImportError, format!("No such frozen object named {name}")))
}

fn create_builtin<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let name = t.getattr_str(&args[0], "name")?;
    import::import_module(t, &to_text(&name))
}

/// A 64-bit hash of a source; nothing but equality is promised of it.
fn source_hash<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let data = bytes::view(&args[1]).unwrap_or_default();
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for &byte in data {
        hash = (hash ^ byte as u64).wrapping_mul(0x0000_0100_0000_01b3);
    }
    Ok(bytes::from_slice(t, &hash.to_le_bytes()))
}

/// Runs a file of the packed `importlib` as module `name`.
fn run_packed<M: Memory>(t: &mut Thread<M>, name: &str, file: &str) -> R<M> {
    let made = module::new(t, name);
    let builtins = t.kept("builtins").expect("made at the start").own();
    let namespace = module::dict(&builtins).clone();
    module::set(t, &made, "__builtins__", namespace);
    let table = import::modules(t);
    let key = t.intern(name);
    dict::set_str(t, &table, key, made.clone());
    let text = pylib::source(file).unwrap_or_default();
    let code = source::compile(t, &text, &format!("{}/{file}", pylib::PREFIX), Mode::Exec)?;
    let globals = module::dict(&made).clone();
    source::execute(t, &code, &globals)?;
    Ok(made)
}

/// `_frozen_importlib`
pub mod frozen {
    use super::*;

    /// Makes both frozen modules, as each needs the other.
    pub fn init<M: Memory>(t: &mut Thread<M>) -> R<M> {
        let core = run_packed(t, "_frozen_importlib", "importlib/_bootstrap.py")?;
        let sys = t.kept("sys").expect("kept at the start").own();
        let imp = import::import_module(t, "_imp")?;
        let setup = t.getattr_str(&core, "_setup")?;
        t.call(&setup, &[sys, imp])?;
        let external = run_packed(t, "_frozen_importlib_external", "importlib/_bootstrap_external.py")?;
        let set = t.getattr_str(&external, "_set_bootstrap_module")?;
        t.call(&set, std::slice::from_ref(&core))?;
        module::set(t, &core, "_bootstrap_external", external.clone());
        let gcd = native::function(t, "_gcd_import(name, package=None, level=0)", gcd_import);
        module::set(t, &core, "_gcd_import", gcd);
        let builtins = t.kept("builtins").expect("made at the start").own();
        if let Some(f) = module::get(t, &builtins, "__import__") {
            module::set(t, &core, "__import__", f);
        }
        install_hook(t, &external)?;
        spec::upgrade(t, &core, &external)?;
        Ok(core)
    }
}

/// `_frozen_importlib_external`
pub mod frozen_external {
    use super::*;

    /// Made together with `_frozen_importlib`.
    pub fn init<M: Memory>(t: &mut Thread<M>) -> R<M> {
        let core = import::import_module(t, "_frozen_importlib")?;
        t.getattr_str(&core, "_bootstrap_external")
    }
}

/// `sys.path_hooks` gets the library's hook for folders.
fn install_hook<M: Memory>(t: &mut Thread<M>, external: &Obj<M>) -> Result<(), crate::object::Raise> {
    let loaders = t.getattr_str(external, "_get_supported_file_loaders")?;
    let loaders = t.call(&loaders, &[])?;
    let loaders = t.collect(&loaders)?;
    let finder = t.getattr_str(external, "FileFinder")?;
    let hook = t.call_method(&finder, "path_hook", &loaders)?;
    let sys = t.kept("sys").expect("kept at the start").own();
    if let Some(hooks) = module::get(t, &sys, "path_hooks") {
        t.call_method(&hooks, "append", &[hook])?;
    }
    Ok(())
}

/// `_gcd_import(name, package, level)`: what `importlib.import_module` rests on.
fn gcd_import<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let level = match args.get(2) {
        Some(level) => t.index_i64(level)?,
        None => 0,
    };
    let globals = dict::new(t);
    if let Some(package) = args.some(1) {
        let key = t.intern("__package__");
        dict::set_fresh(t, &globals, key, package.clone());
    }
    // A list with nothing in it to import, so that the module itself comes back and not its top-level package.
    let names = list::from_vec(t, vec![t.intern("__name__")]);
    import::import_name(t, &globals, &args[0], &names, level)
}
