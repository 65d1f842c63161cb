//! The module `sys`.

mod functions;
mod names;

use crate::context::Thread;
use crate::memory::Memory;
use crate::modules::Maker;
use crate::modules::structseq::{self, Fields};
use crate::object::{Obj, R};
use crate::types::int::parse::{DEFAULT_LIMIT, LOWEST_LIMIT};
use crate::types::{dict, float, int, list, module, namespace, tuple};

pub use names::STDLIB_MODULES;

/// The version of the language.
pub const VERSION: (i64, i64, i64) = (3, 14, 0);

const VERSION_INFO: Fields = Fields { shown: &["major", "minor", "micro", "releaselevel", "serial"], hidden: &[] };
const FLAGS: Fields = Fields {
    shown: &[
        "debug",
        "inspect",
        "interactive",
        "optimize",
        "dont_write_bytecode",
        "no_user_site",
        "no_site",
        "ignore_environment",
        "verbose",
        "bytes_warning",
        "quiet",
        "hash_randomization",
        "isolated",
        "dev_mode",
        "utf8_mode",
        "warn_default_encoding",
        "safe_path",
        "int_max_str_digits",
    ],
    hidden: &["gil", "thread_inherit_context", "context_aware_warnings"],
};
const FLOAT_INFO: Fields = Fields {
    shown: &[
        "max",
        "max_exp",
        "max_10_exp",
        "min",
        "min_exp",
        "min_10_exp",
        "dig",
        "mant_dig",
        "epsilon",
        "radix",
        "rounds",
    ],
    hidden: &[],
};
const INT_INFO: Fields = Fields {
    shown: &["bits_per_digit", "sizeof_digit", "default_max_str_digits", "str_digits_check_threshold"],
    hidden: &[],
};
const HASH_INFO: Fields = Fields {
    shown: &["width", "modulus", "inf", "nan", "imag", "algorithm", "hash_bits", "seed_bits", "cutoff"],
    hidden: &[],
};
const THREAD_INFO: Fields = Fields { shown: &["name", "lock", "version"], hidden: &[] };
const UNRAISABLE: Fields =
    Fields { shown: &["exc_type", "exc_value", "exc_traceback", "err_msg", "object"], hidden: &[] };
const ASYNCGEN_HOOKS: Fields = Fields { shown: &["firstiter", "finalizer"], hidden: &[] };

/// Makes the module. `modules`, `path` and the streams are set by others.
pub fn init<M: Memory>(t: &mut Thread<M>) -> R<M> {
    let maker = Maker::new(t, "sys").functions(&functions::table());
    let made = constants(maker).finish()?;
    for (name, value) in records(t)? {
        module::set(t, &made, name, value);
    }
    for (name, twin) in [
        ("excepthook", "__excepthook__"),
        ("displayhook", "__displayhook__"),
        ("unraisablehook", "__unraisablehook__"),
        ("breakpointhook", "__breakpointhook__"),
    ] {
        let hook = t.getattr_str(&made, name)?;
        module::set(t, &made, twin, hook);
    }
    Ok(made)
}

fn constants<'a, M: Memory>(maker: Maker<'a, M>) -> Maker<'a, M> {
    let (major, minor, micro) = VERSION;
    let model = if M::GIL { "global lock" } else { "free threading" };
    let executable = std::env::current_exe().map(|p| p.to_string_lossy().into_owned()).unwrap_or_default();
    let maker = maker
        .text("version", &format!("{major}.{minor}.{micro} (main, Jan 1 2026, 00:00:00) [Parallax, {model}]"))
        .text("copyright", "Copyright the authors of Parallax.")
        .text("platform", "linux")
        .text("byteorder", if cfg!(target_endian = "little") { "little" } else { "big" })
        .text("abiflags", if M::GIL { "" } else { "t" })
        .text("float_repr_style", "short")
        .text("platlibdir", "lib")
        .text("_framework", "")
        .text("executable", &executable)
        .text("_base_executable", &executable)
        .int("hexversion", major << 24 | minor << 16 | micro << 8 | 0xf0)
        .int("api_version", 1013)
        .int("maxsize", i64::MAX)
        .int("maxunicode", 0x10_ffff)
        .set("dont_write_bytecode", Obj::bool(true))
        .set("pycache_prefix", Obj::NONE)
        .set("_home", Obj::NONE)
        .texts("_git", &["Parallax", "", ""]);
    let maker = ["prefix", "exec_prefix", "base_prefix", "base_exec_prefix"]
        .into_iter()
        .fold(maker, |maker, name| maker.text(name, "/usr/local"));
    let given = maker.t.interp.config.warnings.clone();
    let warnings = given.iter().map(|text| maker.t.str(text)).collect();
    let (options, warnings) = (dict::new(maker.t), list::from_vec(maker.t, warnings));
    for option in maker.t.interp.config.x_options.clone() {
        let (name, value) = option.split_once('=').map_or((&*option, None), |(name, value)| (name, Some(value)));
        let value = value.map_or(Obj::bool(true), |value| maker.t.str(value));
        let name = maker.t.intern(name);
        dict::set_fresh(maker.t, &options, name, value);
    }
    let argument = maker.t.intern("");
    let (argv, original) = (list::from_vec(maker.t, vec![argument]), list::from_vec(maker.t, Vec::new()));
    maker.set("_xoptions", options).set("warnoptions", warnings).set("argv", argv).set("orig_argv", original)
}

/// `sys.argv` and `sys.orig_argv` from the command line.
pub fn set_argv<M: Memory>(t: &mut Thread<M>, argv: &[String], original: &[String]) {
    let Ok(sys) = crate::import::import_module(t, "sys") else { return t.clear_raised() };
    for (name, values) in [("argv", argv), ("orig_argv", original)] {
        let values = values.iter().map(|v| t.str(v)).collect();
        let values = list::from_vec(t, values);
        module::set(t, &sys, name, values);
    }
}

/// The struct sequences, and what else is more than a constant.
fn records<M: Memory>(t: &mut Thread<M>) -> Result<Vec<(&'static str, Obj<M>)>, crate::object::Raise> {
    let ints = |t: &Thread<M>, values: &[i64]| values.iter().map(|&i| int::from_i64(t, i)).collect::<Vec<_>>();
    let version = version_info(t)?;
    let mut flags = ints(t, &[0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0]);
    flags.extend([Obj::bool(false), int::from_i64(t, 0), int::from_i64(t, 0), Obj::bool(false)]);
    flags.push(int::from_i64(t, 4300));
    let hidden =
        vec![int::from_i64(t, M::GIL.into()), int::from_i64(t, (!M::GIL).into()), int::from_i64(t, (!M::GIL).into())];
    let flags = structseq::make(t, "sys.flags", &FLAGS, flags, hidden)?;
    let float_info = vec![
        float::new(t, f64::MAX),
        int::from_i64(t, 1024),
        int::from_i64(t, 308),
        float::new(t, f64::MIN_POSITIVE),
        int::from_i64(t, -1021),
        int::from_i64(t, -307),
        int::from_i64(t, 15),
        int::from_i64(t, 53),
        float::new(t, f64::EPSILON),
        int::from_i64(t, 2),
        int::from_i64(t, 1),
    ];
    let float_info = structseq::make(t, "sys.float_info", &FLOAT_INFO, float_info, Vec::new())?;
    let int_info = ints(t, &[30, 4, DEFAULT_LIMIT as i64, LOWEST_LIMIT as i64]);
    let int_info = structseq::make(t, "sys.int_info", &INT_INFO, int_info, Vec::new())?;
    let mut hash_info = ints(t, &[64, (1 << 61) - 1, 314_159, 0, 1_000_003]);
    hash_info.push(t.str("siphash13"));
    hash_info.extend(ints(t, &[64, 128, 0]));
    let hash_info = structseq::make(t, "sys.hash_info", &HASH_INFO, hash_info, Vec::new())?;
    let thread_info = vec![t.str("pthread"), t.str("futex"), Obj::NONE];
    let thread_info = structseq::make(t, "sys.thread_info", &THREAD_INFO, thread_info, Vec::new())?;
    let implementation = vec![
        ("name", t.str("parallax")),
        ("cache_tag", t.str("parallax-314")),
        ("version", version.clone()),
        ("hexversion", int::from_i64(t, 0x030e_00f0)),
        ("_multiarch", t.str("x86_64-linux-gnu")),
        ("supports_isolated_interpreters", Obj::bool(false)),
    ];
    let implementation = namespace::new(t, implementation);
    let build = [("model", M::NAME)].into_iter().chain(M::FEATURES.iter().filter_map(|f| f.split_once('=')));
    let build = build.map(|(mechanism, choice)| (mechanism, t.str(choice))).collect();
    let build = namespace::new(t, build);
    let names = STDLIB_MODULES.iter().map(|n| t.intern(n)).collect();
    let names = tuple::from_vec(t, names);
    let frozenset = t.builtin(crate::types::ids::Builtin::FrozenSet).to_obj();
    let names = t.call(&frozenset, &[names])?;
    let builtin_names = crate::import::spec::builtin_names(t);
    Ok(vec![
        ("version_info", version),
        ("flags", flags),
        ("float_info", float_info),
        ("int_info", int_info),
        ("hash_info", hash_info),
        ("thread_info", thread_info),
        ("implementation", implementation),
        ("_parallax", build),
        ("stdlib_module_names", names),
        ("builtin_module_names", builtin_names),
    ])
}

fn version_info<M: Memory>(t: &mut Thread<M>) -> R<M> {
    let (major, minor, micro) = VERSION;
    let mut version: Vec<Obj<M>> = [major, minor, micro].iter().map(|&i| int::from_i64(t, i)).collect();
    version.push(t.str("final"));
    version.push(int::from_i64(t, 0));
    structseq::make(t, "sys.version_info", &VERSION_INFO, version, Vec::new())
}

/// The argument of `sys.unraisablehook`.
pub fn unraisable_args<M: Memory>(t: &mut Thread<M>, exc: &Obj<M>, message: Obj<M>, object: Obj<M>) -> R<M> {
    let trace = crate::types::exception::traceback(t, exc);
    let values = vec![t.class_of(exc).to_obj(), exc.clone(), trace, message, object];
    structseq::make(t, "sys.UnraisableHookArgs", &UNRAISABLE, values, Vec::new())
}
