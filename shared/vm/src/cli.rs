//! The command line: its switches, what is run as `__main__`, and how a program ends.

use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt, OsStringExt};

use parallax_front::Mode;
use parallax_pylib as pylib;

use crate::context::Thread;
use crate::exceptions::Kind;
use crate::import::{self, find, source};
use crate::interpreter::{Config, Interpreter};
use crate::memory::Memory;
use crate::modules::io::std_streams;
use crate::modules::{atexit, signal};
use crate::object::{Obj, R, Raise};
use crate::types::{dict, module};

const VERSION: &str = "3.14.0";

/// What is run.
#[derive(Debug, PartialEq)]
enum Program {
    File(String),
    Command(String),
    Module(String),
    Input,
    Version,
    Help,
    Disassembly(String),
    Features,
}

#[derive(Debug)]
struct Line {
    program: Program,
    config: Config,
    isolated: bool,
    no_environment: bool,
    safe_path: bool,
    stats: bool,
}

const HELP: &str = "\
usage: {prog} [option] ... [-c cmd | -m mod | file | -] [arg] ...
Options (and corresponding environment variables):
-b     : issue warnings about converting bytes/bytearray to str
-B     : don't write .pyc files on import
-c cmd : program passed in as string (terminates option list)
-E     : ignore PYTHON* environment variables
-h     : print this help message and exit
-i     : accepted, without effect
-I     : isolate from the user's environment (implies -E and -P and -s)
-m mod : run library module as a script (terminates option list)
-O     : remove assert statements
-OO    : remove assert statements and discard docstrings
-P     : don't prepend a potentially unsafe path to sys.path
-q, -s, -S, -v, -x : accepted, without effect
-u     : force the stdout and stderr streams to be unbuffered
-V     : print the version number and exit
-W arg : warning control
-X opt : accepted, and shown in sys._xoptions
--dis FILE  : print the bytecode of a file and exit
--stats     : print event counters behind the program's output (builds with the feature `counters`)
--features  : print the memory model of this build, mechanism by mechanism, and exit
file   : program read from script file
-      : program read from stdin
arg ...: arguments passed to program in sys.argv[1:]
";

/// Bytes of the operating system as text: what is not UTF-8 cannot be an argument of ours.
fn text(arg: &OsString) -> String {
    String::from_utf8_lossy(arg.as_bytes()).into_owned()
}

fn parse(args: &[OsString]) -> Result<Line, String> {
    let prog = args.first().map_or_else(|| "parallax".to_string(), text);
    let mut line = Line {
        program: Program::Input,
        config: Config::default(),
        isolated: false,
        no_environment: false,
        safe_path: false,
        stats: false,
    };
    let words: Vec<String> = args.iter().skip(1).map(text).collect();
    let mut at = 0;
    let mut rest_from = words.len();
    let mut argv0 = String::new();
    'words: while at < words.len() {
        let word = words[at].as_str();
        at += 1;
        let mut value = |name: &str, inline: &str| -> Result<String, String> {
            if !inline.is_empty() {
                return Ok(inline.to_string());
            }
            at += 1;
            words.get(at - 1).cloned().ok_or_else(|| format!("Argument expected for the {name} option"))
        };
        match word {
            "--help" => line.program = Program::Help,
            "--version" => line.program = Program::Version,
            "--features" => line.program = Program::Features,
            "--stats" => line.stats = true,
            "--dis" => line.program = Program::Disassembly(value("--dis", "")?),
            "-" => {
                (argv0, rest_from) = ("-".into(), at);
                break;
            }
            _ if word.starts_with("--") => return Err(format!("unknown option {word}")),
            _ if !word.starts_with('-') => {
                line.program = Program::File(word.to_string());
                (argv0, rest_from) = (word.to_string(), at);
                break;
            }
            _ => {
                for (i, letter) in word.char_indices().skip(1) {
                    let inline = &word[i + letter.len_utf8()..];
                    match letter {
                        'c' => {
                            line.program = Program::Command(value("-c", inline)?);
                            (argv0, rest_from) = ("-c".into(), at);
                            break 'words;
                        }
                        'm' => {
                            line.program = Program::Module(value("-m", inline)?);
                            (argv0, rest_from) = ("-m".into(), at);
                            break 'words;
                        }
                        'W' => {
                            let warning = value("-W", inline)?;
                            line.config.warnings.push(warning);
                            break;
                        }
                        'X' => {
                            let option = value("-X", inline)?;
                            line.config.x_options.push(option);
                            break;
                        }
                        _ => switch(&mut line, letter)?,
                    }
                }
            }
        }
    }
    line.config.argv = [argv0].into_iter().chain(words.into_iter().skip(rest_from)).collect();
    line.config.executable = executable(&prog);
    environment(&mut line);
    Ok(line)
}

fn switch(line: &mut Line, letter: char) -> Result<(), String> {
    let mut flag = |name: &'static str| line.config.flags.push((name, 1));
    match letter {
        'h' | '?' => line.program = Program::Help,
        'V' => line.program = Program::Version,
        'u' => line.config.unbuffered = true,
        'O' => line.config.optimize = (line.config.optimize + 1).min(2),
        'B' => flag("dont_write_bytecode"),
        'b' => flag("bytes_warning"),
        'd' => flag("debug"),
        'i' => flag("inspect"),
        'q' => flag("quiet"),
        's' => flag("no_user_site"),
        'S' => flag("no_site"),
        'v' => flag("verbose"),
        'x' | 'R' => {}
        'E' => {
            flag("ignore_environment");
            line.no_environment = true;
        }
        'P' => {
            flag("safe_path");
            line.safe_path = true;
        }
        'I' => {
            for name in ["isolated", "ignore_environment", "no_user_site", "safe_path"] {
                line.config.flags.push((name, 1));
            }
            (line.isolated, line.no_environment, line.safe_path) = (true, true, true);
        }
        _ => return Err(format!("Unknown option: -{letter}")),
    }
    Ok(())
}

fn executable(prog: &str) -> String {
    std::env::current_exe().map_or_else(|_| prog.to_string(), |path| path.to_string_lossy().into_owned())
}

fn environment(line: &mut Line) {
    if line.no_environment {
        return;
    }
    let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    if set("PYTHONUNBUFFERED").is_some() {
        line.config.unbuffered = true;
    }
    if let Some(level) = set("PYTHONOPTIMIZE") {
        line.config.optimize = line.config.optimize.max(level.parse().unwrap_or(1).min(2));
    }
    if let Some(seed) = set("PYTHONHASHSEED") {
        line.config.hash_seed = seed.parse().ok();
    }
    if let Some(warnings) = set("PYTHONWARNINGS") {
        line.config.warnings.splice(0..0, warnings.split(',').map(str::to_string));
    }
    if set("PYTHONSAFEPATH").is_some() {
        line.safe_path = true;
    }
}

/// Runs a command line; the exit status. `stack` is the size of the running thread's native stack.
pub fn main<M: Memory>(args: Vec<OsString>, stack: usize) -> i32 {
    let prog = args.first().map_or_else(|| "parallax".to_string(), text);
    let mut line = match parse(&args) {
        Ok(line) => line,
        Err(message) => {
            eprint!("{message}\nusage: {prog} [option] ... [-c cmd | -m mod | file | -] [arg] ...\n");
            eprintln!("Try `{prog} -h' for more information.");
            return 2;
        }
    };
    match &line.program {
        Program::Version => {
            println!("Python {VERSION} (Parallax {}, {})", env!("CARGO_PKG_VERSION"), M::NAME);
            return 0;
        }
        Program::Features => {
            println!("model={} gil={} {}", M::NAME, M::GIL, M::FEATURES.join(" "));
            return 0;
        }
        Program::Help => {
            print!("{}", HELP.replace("{prog}", &prog));
            return 0;
        }
        Program::Disassembly(file) => return disassemble(&prog, file, line.config.optimize),
        _ => {}
    }
    let text = match &line.program {
        Program::File(file) if !std::path::Path::new(file).is_dir() => match read_program(&prog, file) {
            Ok(text) => text,
            Err(status) => return status,
        },
        _ => Vec::new(),
    };
    if line.stats && !M::COUNTERS {
        eprintln!("{prog}: this build has no counters; build it with `--features counters`");
        return 2;
    }
    let config = std::mem::take(&mut line.config);
    Interpreter::<M>::with(config, stack, |t| {
        let status = session(t, &line, &text);
        signal::forget();
        if line.stats {
            print_counters(t);
        }
        if status == Status::Interrupted {
            signal::die_by_interrupt();
        }
        match status {
            Status::Code(code) => code,
            Status::Interrupted => 130,
        }
    })
}

fn print_counters<M: Memory>(t: &Thread<M>) {
    let mut threads = vec![t.counters.snapshot()];
    threads.extend(t.interp.counted.lock().iter());
    eprint!("{}", crate::counters::table(M::NAME, &threads));
}

/// Reads the program file, or says why it cannot be read, as CPython does.
fn read_program(prog: &str, file: &str) -> Result<Vec<u8>, i32> {
    std::fs::read(file).map_err(|error| {
        let code = error.raw_os_error().unwrap_or(0);
        let shown = std::path::absolute(file).map_or_else(|_| file.to_string(), |p| p.to_string_lossy().into_owned());
        eprintln!("{prog}: can't open file '{shown}': [Errno {code}] {}", crate::exceptions::strerror(code));
        2
    })
}

fn disassemble(prog: &str, file: &str, optimize: u8) -> i32 {
    let bytes = match read_program(prog, file) {
        Ok(bytes) => bytes,
        Err(status) => return status,
    };
    let text = String::from_utf8_lossy(&bytes);
    match parallax_front::compile(&text, file, Mode::Exec, optimize) {
        Ok(code) => {
            print!("{}", parallax_front::dis::dis(&code));
            0
        }
        Err(error) => {
            eprintln!("  File \"{file}\", line {}\n{}: {}", error.line, error.class, error.message);
            1
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Status {
    Code(i32),
    Interrupted,
}

/// Everything between the start of an interpreter and its end.
fn session<M: Memory>(t: &mut Thread<M>, line: &Line, text: &[u8]) -> Status {
    let unbuffered = t.interp.config.unbuffered;
    std_streams::open(t, unbuffered);
    let result = prepare(t, line).and_then(|main| run(t, line, &main, text));
    let status = match result {
        Ok(_) => Status::Code(0),
        Err(_) => ended_by(t),
    };
    finish(t, status)
}

/// What the exception that nobody caught makes of the program.
fn ended_by<M: Memory>(t: &mut Thread<M>) -> Status {
    let error = t.take_raised();
    let interrupted = t.is_exception(&error, Kind::KeyboardInterrupt);
    let code = crate::report::uncaught(t, &error);
    t.clear_raised();
    if interrupted { Status::Interrupted } else { Status::Code(code) }
}

fn prepare<M: Memory>(t: &mut Thread<M>, line: &Line) -> R<M> {
    signal::start(t)?;
    let sys = t.kept("sys").expect("kept at the start").own();
    let mut entries: Vec<String> = Vec::new();
    if !line.safe_path {
        match &line.program {
            Program::File(file) => entries.push(folder_of(file)),
            Program::Module(_) => entries.extend(std::env::current_dir().map(|d| d.to_string_lossy().into_owned())),
            _ => entries.push(String::new()),
        }
    }
    if !line.no_environment
        && let Some(paths) = std::env::var_os("PYTHONPATH").filter(|p| !p.is_empty())
    {
        let paths = String::from_utf8_lossy(&paths.into_vec()).into_owned();
        entries.extend(paths.split(':').map(|p| if p.is_empty() { ".".to_string() } else { p.to_string() }));
    }
    entries.push(pylib::PREFIX.to_string());
    let entries = find::texts(t, &entries);
    module::set(t, &sys, "path", entries);
    let original: Vec<String> = std::env::args_os().map(|a| text(&a)).collect();
    let argv = t.interp.config.argv.clone();
    crate::modules::sys::set_argv(t, &argv, &original);
    main_module(t)
}

/// Where a script lies: its imports are looked for there first.
fn folder_of(file: &str) -> String {
    let path = std::path::Path::new(file);
    if path.is_dir() {
        return file.to_string();
    }
    let real = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    real.parent().map_or(String::new(), |p| p.to_string_lossy().into_owned())
}

/// The module `__main__`, made now if need be.
pub fn main_module<M: Memory>(t: &mut Thread<M>) -> R<M> {
    if let Some(found) = import::loaded(t, "__main__")? {
        return Ok(found);
    }
    let main = module::new(t, "__main__");
    let builtins = t.kept("builtins").expect("kept at the start").own();
    module::set(t, &main, "__builtins__", builtins);
    let loader = t.kept("BuiltinImporter").expect("kept at the start").own();
    module::set(t, &main, "__loader__", loader);
    let table = import::modules(t);
    let key = t.intern("__main__");
    dict::set_str(t, &table, key, main.clone());
    Ok(main)
}

fn run<M: Memory>(t: &mut Thread<M>, line: &Line, main: &Obj<M>, text: &[u8]) -> R<M> {
    let globals = module::dict(main).clone();
    let code = match &line.program {
        Program::File(file) if std::path::Path::new(file).is_dir() => {
            return run_module(t, "__main__", false);
        }
        Program::File(file) => {
            // As in CPython, the script knows itself by an absolute path.
            let full = std::path::absolute(file).map_or_else(|_| file.clone(), |p| p.to_string_lossy().into_owned());
            let file = &full;
            let path = t.str(file);
            module::set(t, main, "__file__", path);
            module::set(t, main, "__cached__", Obj::NONE);
            describe_main(t, main, file)?;
            source::compile(t, text, file, Mode::Exec)?
        }
        Program::Command(text) => {
            let command = t.str(text);
            t.keep("command", command);
            source::compile_text(t, text, "<string>", Mode::Exec)?
        }
        Program::Module(name) => return run_module(t, name, true),
        _ => {
            let text = read_input(t)?;
            source::compile(t, &text, "<stdin>", Mode::Exec)?
        }
    };
    source::execute(t, &code, &globals)
}

fn describe_main<M: Memory>(t: &mut Thread<M>, main: &Obj<M>, file: &str) -> Result<(), Raise> {
    let loader = import::spec::loader(t, "__main__", file)?;
    module::set(t, main, "__loader__", loader);
    Ok(())
}

/// `-m name`: the library's `runpy` does it.
fn run_module<M: Memory>(t: &mut Thread<M>, name: &str, alter_argv: bool) -> R<M> {
    let f = import::attribute(t, "runpy", "_run_module_as_main")?;
    let name = t.str(name);
    t.call(&f, &[name, Obj::bool(alter_argv)])
}

fn read_input<M: Memory>(t: &mut Thread<M>) -> Result<Vec<u8>, Raise> {
    use std::io::Read;
    let mut text = Vec::new();
    match t.blocking(|| std::io::stdin().lock().read_to_end(&mut text)) {
        Ok(_) => Ok(text),
        Err(error) => Err(t.raise_io(&error, None)),
    }
}

/// The end of a program: threads that are no daemons end first, then `atexit`, then output is flushed.
fn finish<M: Memory>(t: &mut Thread<M>, status: Status) -> Status {
    let mut status = status;
    if let Err(raise) = wait_for_threads(t) {
        let _: Raise = raise;
        if t.raised_is(Kind::KeyboardInterrupt) {
            status = Status::Interrupted;
        }
        let (message, about) = ("Exception ignored on threading shutdown", Obj::NONE);
        crate::report::unraisable(t, Some(message), &about);
    }
    atexit::run(t);
    t.interp.threads.end(t);
    let kept = std_streams::flush_at_exit(t);
    crate::finalize::run_pending(t);
    clear_main(t);
    match status {
        Status::Code(_) if !std_streams::flush_at_exit(t) || !kept => Status::Code(120),
        other => other,
    }
}

fn wait_for_threads<M: Memory>(t: &mut Thread<M>) -> Result<(), Raise> {
    if let Some(threading) = import::loaded(t, "threading")?.filter(|m| !m.is_none()) {
        t.call_method(&threading, "_shutdown", &[])?;
    }
    Ok(())
}

/// Finalisers of what the program's globals hold run before the end, when there are any.
fn clear_main<M: Memory>(t: &mut Thread<M>) {
    let has_finalisers = (1..t.interp.shapes.len()).any(|shape| {
        let class = t.interp.shapes.try_class(shape);
        class.is_some_and(|c| c.body.has(crate::types::flags::HEAP) && c.body.has(crate::types::flags::FINALIZER))
    });
    if !has_finalisers {
        return;
    }
    let Ok(Some(main)) = import::loaded(t, "__main__") else { return t.clear_raised() };
    if main.cast::<module::Module<M>>().is_none() {
        return;
    }
    let globals = module::dict(&main).clone();
    let names: Vec<Obj<M>> = dict::items(t, &globals).into_iter().map(|(name, _)| name).collect();
    // The references of the program go together with their targets: nobody is told any more.
    t.interp.weak.close();
    // What has a finaliser goes first, so that it still sees the module's other names: the module is held here, so the
    // collector cannot take it apart as one dead cycle, as CPython's does.
    for name in &names {
        let value = dict::get_str(t, &globals, name).map(|v| v.own());
        if value.is_some_and(|v| t.class_of(&v).body.has(crate::types::flags::FINALIZER)) {
            forget(t, &globals, name);
        }
    }
    crate::collector::collect(t, 2);
    crate::finalize::run_pending(t);
    // As CPython does it: names with one leading underscore first, then all but the built-ins.
    for private in [true, false] {
        for name in &names {
            let text = t.text(name);
            let is_private = text.starts_with('_') && !text.starts_with("__");
            if is_private == private && text != "__builtins__" {
                forget(t, &globals, name);
            }
        }
    }
    // What classes hold, which only the collector frees.
    crate::collector::collect(t, 2);
    crate::finalize::run_pending(t);
    if t.poll().is_err() {
        t.clear_raised();
    }
}

/// Sets a global to None. What dies with its value has its finalisers run now, while later names still stand: a stopped
/// world buries what threads shared, too.
fn forget<M: Memory>(t: &mut Thread<M>, globals: &Obj<M>, name: &Obj<M>) {
    dict::set_str(t, globals, name.clone(), Obj::NONE);
    M::stop_the_world(t, |_| ());
    crate::finalize::run_pending(t);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(words: &[&str]) -> Line {
        let args: Vec<OsString> = ["prog"].iter().chain(words).map(Into::into).collect();
        parse(&args).expect("a right command line")
    }

    #[test]
    fn a_file_ends_the_switches() {
        let line = parsed(&["-u", "-O", "x.py", "-c", "y"]);
        assert_eq!(line.program, Program::File("x.py".into()));
        assert_eq!(line.config.argv, ["x.py", "-c", "y"]);
        assert!(line.config.unbuffered && line.config.optimize == 1);
    }

    #[test]
    fn a_command_may_follow_its_switch_at_once() {
        assert_eq!(parsed(&["-cpass"]).program, Program::Command("pass".into()));
        assert_eq!(parsed(&["-Bm", "json", "x"]).config.argv, ["-m", "x"]);
        assert_eq!(parsed(&["-X", "dev", "-"]).config.argv, ["-"]);
    }

    #[test]
    fn wrong_switches_are_refused() {
        assert!(parse(&["p".into(), "-Z".into()]).is_err());
        assert!(parse(&["p".into(), "-c".into()]).is_err());
    }
}
