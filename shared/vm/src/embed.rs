//! Entry points for the leaf crates: the command line, and an interpreter inside another program.

use std::ffi::OsString;
use std::sync::mpsc::{Receiver, Sender, channel};

use crate::context::Thread;
use crate::interpreter::{Config, Interpreter};
use crate::memory::Memory;
use crate::modules::io::std_streams;
use crate::object::{Obj, Raise};
use crate::types::{dict, float, int, module};

/// Native stack of the thread that runs `__main__`: address space, touched as needed.
const MAIN_STACK: usize = 256 << 20;

/// Runs `f` on a thread with a stack of [`MAIN_STACK`].
fn on_big_stack<A: Send>(f: impl FnOnce() -> A + Send) -> A {
    std::thread::scope(|scope| {
        let thread =
            std::thread::Builder::new().name("MainThread".into()).stack_size(MAIN_STACK).spawn_scoped(scope, f);
        match thread.expect("address space for the main thread's stack").join() {
            Ok(value) => value,
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

/// Runs a file as `__main__`; the exit status.
pub fn run_file<M: Memory>(path: &str, args: &[String]) -> i32 {
    let words = [std::env::args_os().next().unwrap_or_default(), path.into()];
    main_with_args::<M>(words.into_iter().chain(args.iter().map(Into::into)).collect())
}

/// The command line, program name first; the exit status.
pub fn main_with_args<M: Memory>(args: Vec<OsString>) -> i32 {
    on_big_stack(move || crate::cli::main::<M>(args, MAIN_STACK))
}

enum Request {
    Exec { source: String, name: String, answer: Sender<Result<(), String>> },
    Call(String, Vec<i64>, Sender<Result<f64, String>>),
}

/// An interpreter on a thread of its own, asked through a channel: the caller's thread never holds objects.
pub struct Embedded<M: Memory> {
    requests: Sender<Request>,
    _model: std::marker::PhantomData<fn(M)>,
}

impl<M: Memory> Embedded<M> {
    /// Starts one.
    #[allow(clippy::new_without_default)]
    pub fn new() -> Embedded<M> {
        let (requests, inbox) = channel();
        let thread = std::thread::Builder::new().name("MainThread".into()).stack_size(MAIN_STACK);
        let spawned = thread.spawn(move || {
            Interpreter::<M>::with(Config::default(), MAIN_STACK, |t| serve(t, &inbox));
        });
        spawned.expect("address space for the interpreter's stack");
        Embedded { requests, _model: std::marker::PhantomData }
    }

    /// Runs source text in `__main__`; `name` stands for its file. The error is the traceback's text.
    pub fn exec(&mut self, source: &str, name: &str) -> Result<(), String> {
        let (answer, result) = channel();
        let gone = |_| "the interpreter has ended".to_string();
        let request = Request::Exec { source: source.into(), name: name.into(), answer };
        self.requests.send(request).map_err(|_| gone(()))?;
        result.recv().map_err(|_| gone(()))?
    }

    /// Calls a function of `__main__` with integers; its number. The error is the traceback's text.
    pub fn call_f64(&mut self, function: &str, args: &[i64]) -> Result<f64, String> {
        let (answer, result) = channel();
        let gone = |_| "the interpreter has ended".to_string();
        self.requests.send(Request::Call(function.into(), args.to_vec(), answer)).map_err(|_| gone(()))?;
        result.recv().map_err(|_| gone(()))?
    }
}

fn serve<M: Memory>(t: &mut Thread<M>, inbox: &Receiver<Request>) {
    std_streams::open(t, false);
    let main = match crate::cli::main_module(t) {
        Ok(main) => main,
        Err(_) => return,
    };
    // Waiting for requests is a blocking call: other threads of the interpreter run meanwhile.
    while let Ok(request) = t.blocking(|| inbox.recv()) {
        match request {
            Request::Exec { source, name, answer } => {
                let result = exec(t, &main, &source, &name).map_err(|_| take_text(t));
                flush(t);
                let _ = answer.send(result);
            }
            Request::Call(function, args, answer) => {
                let result = call(t, &main, &function, &args).map_err(|_| take_text(t));
                flush(t);
                let _ = answer.send(result);
            }
        }
    }
}

/// The program around this one may end at any time.
fn flush<M: Memory>(t: &mut Thread<M>) {
    // What is lost was said to the stream's own reader.
    let _ = std_streams::flush_at_exit(t);
}

fn exec<M: Memory>(t: &mut Thread<M>, main: &Obj<M>, source: &str, name: &str) -> Result<(), Raise> {
    let globals = module::dict(main).clone();
    let code = crate::import::source::compile_text(t, source, name, parallax_front::Mode::Exec)?;
    crate::modules::executing::exec_code(t, &code, &globals, None).map(drop)
}

fn call<M: Memory>(t: &mut Thread<M>, main: &Obj<M>, function: &str, args: &[i64]) -> Result<f64, Raise> {
    let globals = module::dict(main).clone();
    let key = t.intern(function);
    let Some(f) = dict::get(t, &globals, &key)? else {
        return Err(t.raise(crate::exceptions::Kind::NameError, format!("name '{function}' is not defined")));
    };
    let args: Vec<Obj<M>> = args.iter().map(|&i| int::from_i64(t, i)).collect();
    let result = t.call(&f, &args)?;
    match (float::value(&result), int::to_i64(&result)) {
        (Some(f), _) => Ok(f),
        (None, Some(i)) => Ok(i as f64),
        (None, None) => t.float_arg(&result),
    }
}

/// The traceback of the pending exception, which is taken.
fn take_text<M: Memory>(t: &mut Thread<M>) -> String {
    let exc = t.take_raised();
    crate::report::format(t, &exc)
}
