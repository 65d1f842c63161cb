//! Reports of exceptions: what `Traceback (most recent call last):` begins, exactly as CPython's `traceback` words it.
//!
//! [`format`] makes the text; [`uncaught`] is what ends a program; [`print`] and [`unraisable`] write to `sys.stderr`.

pub mod carets;
pub mod frames;
pub mod suggest;

use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::object::Obj;
use crate::types::exception::{self, cause, context, extra, suppressed};
use crate::types::str::{Str, to_text};
use crate::types::{dict, int, list, module, tuple};

const CAUSE: &str = "\nThe above exception was the direct cause of the following exception:\n\n";
const CONTEXT: &str = "\nDuring handling of the above exception, another exception occurred:\n\n";
/// Most members of a group that are shown, and most levels of nested groups.
const GROUP_WIDTH: usize = 15;
const GROUP_DEPTH: usize = 10;

/// Where the text goes while exception groups indent it.
#[derive(Default)]
struct Writer {
    out: String,
    depth: usize,
    needs_close: bool,
}

impl Writer {
    fn indent(&self) -> String {
        " ".repeat(2 * self.depth)
    }

    fn emit(&mut self, text: &str, margin: char) {
        if self.depth == 0 {
            self.out += text;
            return;
        }
        let indent = self.indent();
        for line in text.split_inclusive('\n') {
            self.out += &format!("{indent}{margin} {line}");
        }
    }
}

/// The whole report of an exception with its chain.
pub fn format<M: Memory>(t: &mut Thread<M>, exc: &Obj<M>) -> String {
    let mut writer = Writer::default();
    chain(t, &mut writer, exc, &mut Vec::new());
    writer.out
}

/// The report of an exception without what led to it.
pub fn format_only<M: Memory>(t: &mut Thread<M>, exc: &Obj<M>) -> String {
    final_lines(t, exc)
}

fn chain<M: Memory>(t: &mut Thread<M>, writer: &mut Writer, exc: &Obj<M>, seen: &mut Vec<Obj<M>>) {
    let mut links: Vec<(Option<&str>, Obj<M>)> = Vec::new();
    let mut current = exc.clone();
    loop {
        seen.push(current.clone());
        let (from, handled) = (cause(t, &current), context(t, &current));
        let known = |o: &Obj<M>| seen.iter().any(|s| s.is(o));
        let (message, next) = if !from.is_none() && !known(&from) {
            (CAUSE, from)
        } else if !handled.is_none() && !suppressed(&current) && !known(&handled) {
            (CONTEXT, handled)
        } else {
            links.push((None, current));
            break;
        };
        links.push((Some(message), current));
        current = next;
    }
    for (message, exc) in links.into_iter().rev() {
        if let Some(message) = message {
            writer.emit(message, '|');
        }
        one(t, writer, &exc, seen);
    }
}

fn one<M: Memory>(t: &mut Thread<M>, writer: &mut Writer, exc: &Obj<M>, seen: &mut Vec<Obj<M>>) {
    if t.is_exception(exc, Kind::BaseExceptionGroup) {
        return group(t, writer, exc, seen);
    }
    stack(t, writer, exc, "Traceback (most recent call last):\n", '|');
    let text = final_lines(t, exc);
    writer.emit(&text, '|');
}

fn stack<M: Memory>(t: &mut Thread<M>, writer: &mut Writer, exc: &Obj<M>, header: &str, margin: char) {
    let trace = exception::traceback(t, exc);
    if trace.is_none() {
        return;
    }
    writer.emit(header, margin);
    let text = frames::format(t, &trace, true);
    writer.emit(&text, '|');
}

fn group<M: Memory>(t: &mut Thread<M>, writer: &mut Writer, exc: &Obj<M>, seen: &mut Vec<Obj<M>>) {
    if writer.depth > GROUP_DEPTH {
        writer.emit(&format!("... (max_group_depth is {GROUP_DEPTH})\n"), '|');
        return;
    }
    let top = writer.depth == 0;
    if top {
        writer.depth = 1;
    }
    let header = "Exception Group Traceback (most recent call last):\n";
    stack(t, writer, exc, header, if top { '+' } else { '|' });
    let text = final_lines(t, exc);
    writer.emit(&text, '|');
    let members = extra(t, exc, exception::GROUP_EXCEPTIONS);
    let members = tuple::items(&members);
    let shown = members.len().min(GROUP_WIDTH + 1);
    writer.needs_close = false;
    for (i, member) in members.iter().take(shown).enumerate() {
        let last = i + 1 == shown;
        if last {
            writer.needs_close = true;
        }
        let cut = i >= GROUP_WIDTH;
        let title = if cut { "...".to_string() } else { (i + 1).to_string() };
        let start = if i == 0 { "+-" } else { "  " };
        writer.out += &format!("{}{start}+---------------- {title} ----------------\n", writer.indent());
        writer.depth += 1;
        if cut {
            let more = members.len() - GROUP_WIDTH;
            let plural = if more > 1 { "s" } else { "" };
            writer.emit(&format!("and {more} more exception{plural}\n"), '|');
        } else {
            chain(t, writer, member, seen);
        }
        if last && writer.needs_close {
            writer.out += &format!("{}+------------------------------------\n", writer.indent());
            writer.needs_close = false;
        }
        writer.depth -= 1;
    }
    if top {
        writer.depth = 0;
    }
}

/// `module.Class`, or the class alone for built-in ones and those of the program itself.
pub fn type_name<M: Memory>(t: &mut Thread<M>, exc: &Obj<M>) -> String {
    let class = t.class_of(exc).to_obj();
    let mut text = |name: &str| match t.getattr_str(&class, name) {
        Ok(value) if value.cast::<Str<M>>().is_some() => Some(to_text(&value).into_owned()),
        Ok(_) => None,
        Err(_) => {
            t.clear_raised();
            None
        }
    };
    let qualname = text("__qualname__").unwrap_or_else(|| "<unknown>".into());
    match text("__module__").as_deref() {
        Some("builtins" | "__main__") => qualname,
        Some(module) => format!("{module}.{qualname}"),
        None => format!("<unknown>.{qualname}"),
    }
}

/// The line (or lines) with class and message, and the notes.
fn final_lines<M: Memory>(t: &mut Thread<M>, exc: &Obj<M>) -> String {
    let name = type_name(t, exc);
    let mut out = if t.is_exception(exc, Kind::SyntaxError) {
        syntax(t, exc, &name)
    } else {
        let message = exception::message(t, exc) + &suggest::suffix(t, exc);
        if message.is_empty() { format!("{name}\n") } else { format!("{name}: {message}\n") }
    };
    out += &notes(t, exc);
    out
}

fn notes<M: Memory>(t: &mut Thread<M>, exc: &Obj<M>) -> String {
    let key = t.intern("__notes__");
    let found = match t.getattr_opt(exc, &key) {
        Ok(found) => found,
        Err(_) => {
            let error = t.take_raised();
            let text = shown(t, &error, true).unwrap_or_else(|| "<__notes__ repr() failed>".into());
            return format!("Ignored error getting __notes__: {text}\n");
        }
    };
    let Some(notes) = found.filter(|n| !n.is_none()) else { return String::new() };
    if notes.cast::<list::List<M>>().is_none() && notes.shape() != crate::types::ids::TUPLE {
        return shown(t, &notes, true).unwrap_or_else(|| "<__notes__ repr() failed>".into()) + "\n";
    }
    let mut out = String::new();
    for note in t.collect(&notes).unwrap_or_default() {
        out += &shown(t, &note, false).unwrap_or_else(|| "<note str() failed>".into());
        out.push('\n');
    }
    out
}

fn shown<M: Memory>(t: &mut Thread<M>, value: &Obj<M>, repr: bool) -> Option<String> {
    let text = if repr { t.repr(value) } else { t.str_of(value) };
    match text {
        Ok(text) => Some(to_text(&text).into_owned()),
        Err(_) => {
            t.clear_raised();
            None
        }
    }
}

/// The report of a syntax error: place, line, carets, message.
fn syntax<M: Memory>(t: &mut Thread<M>, exc: &Obj<M>, name: &str) -> String {
    let field = |index| extra(t, exc, index);
    let (msg, filename, line) =
        (field(exception::SYNTAX_MSG), field(exception::SYNTAX_FILENAME), field(exception::SYNTAX_LINENO));
    let (offset, text) = (field(exception::SYNTAX_OFFSET), field(exception::SYNTAX_TEXT));
    let (end_line, end_offset) = (field(exception::SYNTAX_END_LINENO), field(exception::SYNTAX_END_OFFSET));
    let same_line = int::to_i64(&line) == int::to_i64(&end_line);
    let mut out = String::new();
    let mut suffix = String::new();
    let file = (!filename.is_none()).then(|| shown(t, &filename, false)).flatten();
    if !line.is_none() {
        let line = shown(t, &line, false).unwrap_or_default();
        out = format!("  File \"{}\", line {line}\n", file.as_deref().unwrap_or("<string>"));
    } else if let Some(file) = file {
        suffix = format!(" ({file})");
    }
    if text.cast::<Str<M>>().is_some() {
        let offset = int::to_i64(&offset);
        out += &syntax_line(&to_text(&text), offset, int::to_i64(&end_offset), same_line);
    }
    let msg = if msg.is_none() { None } else { shown(t, &msg, false) };
    let msg = msg.filter(|m| !m.is_empty()).unwrap_or_else(|| "<no detail available>".into());
    out + &format!("{name}: {msg}{suffix}\n")
}

fn syntax_line(text: &str, offset: Option<i64>, end_offset: Option<i64>, same_line: bool) -> String {
    let full = text.trim_end_matches('\n');
    let line = full.trim_start_matches([' ', '\n', '\x0c']);
    let mut out = format!("    {line}\n");
    let Some(mut offset) = offset else { return out };
    let (length, full_length) = (text.chars().count() as i64, full.chars().count() as i64);
    let spaces = full_length - line.chars().count() as i64;
    let mut end = if same_line { end_offset.filter(|e| *e != 0).unwrap_or(offset) } else { full_length + 1 };
    if length > 0 && offset > length {
        offset = full_length + 1;
    }
    if length > 0 && end > length {
        end = full_length + 1;
    }
    if offset >= end || end < 0 {
        end = offset + 1;
    }
    let (column, end_column) = (offset - 1 - spaces, end - 1 - spaces);
    if column >= 0 {
        let before = line.chars().chain(std::iter::repeat(' ')).take(column as usize);
        let before: String =
            before.take(line.chars().count()).map(|c| if c.is_whitespace() { c } else { ' ' }).collect();
        out += &format!("    {before}{}\n", "^".repeat((end_column - column) as usize));
    }
    out
}

/// Writes text to `sys.stderr`, or to the process's standard error when that does not work.
pub fn write_error<M: Memory>(t: &mut Thread<M>, text: &str) {
    let stderr = sys_attribute(t, "stderr").filter(|f| !f.is_none());
    let Some(file) = stderr else { return };
    let value = t.str(text);
    let written = t.call_method(&file, "write", &[value]).and_then(|_| t.call_method(&file, "flush", &[]));
    if written.is_err() {
        t.clear_raised();
        eprint!("{text}");
    }
}

/// An attribute of `sys`, if `sys` and the attribute exist.
pub fn sys_attribute<M: Memory>(t: &mut Thread<M>, name: &str) -> Option<Obj<M>> {
    let sys = t.kept("sys")?.own();
    let key = t.intern(name);
    dict::get_str(t, module::dict(&sys), &key).map(|v| v.own())
}

/// Prints the report of an exception to `sys.stderr`.
pub fn print<M: Memory>(t: &mut Thread<M>, exc: &Obj<M>) {
    let text = format(t, exc);
    write_error(t, &text);
}

/// Prints the report of the exception on its way, which is over then.
pub fn print_raised<M: Memory>(t: &mut Thread<M>) {
    let exc = t.take_raised();
    if !exc.is_null() {
        print(t, &exc);
    }
}

/// The report of the exception on its way, which is over then.
pub fn take_text<M: Memory>(t: &mut Thread<M>) -> String {
    let exc = t.take_raised();
    if exc.is_null() { String::new() } else { format(t, &exc) }
}

/// A program ended with this exception: prints what is to be printed; the exit status.
pub fn uncaught<M: Memory>(t: &mut Thread<M>, exc: &Obj<M>) -> i32 {
    if t.is_exception(exc, Kind::SystemExit) {
        return exit_status(t, exc);
    }
    call_hook(t, exc);
    if t.is_exception(exc, Kind::KeyboardInterrupt) { 130 } else { 1 }
}

/// Calls `sys.excepthook`.
pub fn call_hook<M: Memory>(t: &mut Thread<M>, exc: &Obj<M>) {
    let Some(hook) = sys_attribute(t, "excepthook") else {
        write_error(t, "sys.excepthook is missing\n");
        return print(t, exc);
    };
    flush_stdout(t);
    let class = t.class_of(exc).to_obj();
    let trace = exception::traceback(t, exc);
    if t.call(&hook, &[class, exc.clone(), trace]).is_ok() {
        return;
    }
    let second = t.take_raised();
    if t.is_exception(&second, Kind::SystemExit) {
        exit_status(t, &second);
        return;
    }
    write_error(t, "Error in sys.excepthook:\n");
    print(t, &second);
    write_error(t, "\nOriginal exception was:\n");
    print(t, exc);
}

fn flush_stdout<M: Memory>(t: &mut Thread<M>) {
    let Some(out) = sys_attribute(t, "stdout").filter(|f| !f.is_none()) else { return };
    if t.call_method(&out, "flush", &[]).is_err() {
        t.clear_raised();
    }
}

/// The exit status that a `SystemExit` asks for; a message is printed.
pub fn exit_status<M: Memory>(t: &mut Thread<M>, exc: &Obj<M>) -> i32 {
    let key = t.intern("code");
    let code = match t.getattr_opt(exc, &key) {
        Ok(code) => code.unwrap_or(Obj::NONE),
        Err(_) => {
            t.clear_raised();
            return 1;
        }
    };
    if code.is_none() {
        return 0;
    }
    if int::is_int(&code) {
        return int::to_i64(&code).map_or(-1, |c| c as i32) & 0xff;
    }
    flush_stdout(t);
    let text = shown(t, &code, false).unwrap_or_default();
    write_error(t, &format!("{text}\n"));
    1
}

/// The exception on its way cannot reach anyone (a finaliser, a callback): hands it to `sys.unraisablehook`.
/// `message` says what failed (`None`: "Exception ignored in"), `object` what it failed in.
pub fn unraisable<M: Memory>(t: &mut Thread<M>, message: Option<&str>, object: &Obj<M>) {
    let exc = t.take_raised();
    if exc.is_null() {
        return;
    }
    let message = message.map_or(Obj::NONE, |m| t.str(m));
    let hook = sys_attribute(t, "unraisablehook").filter(|h| !h.is_none());
    let args = crate::modules::sys::unraisable_args(t, &exc, message.clone(), object.clone());
    let done = match (hook, args) {
        (Some(hook), Ok(args)) => t.call(&hook, &[args]).is_ok(),
        _ => false,
    };
    if !done {
        t.clear_raised();
        print_unraisable(t, &exc, &message, object);
    }
}

/// What `sys.unraisablehook` does by default.
pub fn print_unraisable<M: Memory>(t: &mut Thread<M>, exc: &Obj<M>, message: &Obj<M>, object: &Obj<M>) {
    let mut text = String::new();
    if !object.is_none() {
        let what = if message.is_none() { "Exception ignored in".into() } else { to_text(message).into_owned() };
        let object = shown(t, object, true).unwrap_or_else(|| "<object repr() failed>".into());
        text = format!("{what}: {object}\n");
    } else if !message.is_none() {
        text = format!("{}:\n", to_text(message));
    }
    let trace = exception::traceback(t, exc);
    if !trace.is_none() {
        text += "Traceback (most recent call last):\n";
        text += &frames::format(t, &trace, false);
    }
    text += &final_lines(t, exc);
    write_error(t, &text);
}
