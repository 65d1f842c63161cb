//! `sys.stdin`, `sys.stdout`, `sys.stderr`, and what happens to them at the end.

use std::sync::Arc;

use crate::context::Thread;
use crate::memory::Memory;
use crate::modules::io::file::{Access, BUFFER_SIZE, File};
use crate::modules::io::text::{Encoding, Newline, Setup};
use crate::modules::io::{buffered, fileio, text};
use crate::object::Obj;
use crate::types::module;

/// Bytes that standard output collects when it is no terminal.
const OUT_BUFFER: usize = 8192;

/// Makes the three streams; `unbuffered` is the `-u` switch. A closed descriptor gives `None`, as in CPython.
pub fn open<M: Memory>(t: &mut Thread<M>, unbuffered: bool) {
    let sys = t.kept("sys").expect("kept at the start").own();
    for (fd, name) in [(0, "stdin"), (1, "stdout"), (2, "stderr")] {
        let stream = stream(t, fd, name, unbuffered);
        module::set(t, &sys, name, stream.clone());
        module::set(t, &sys, &format!("__{name}__"), stream);
    }
}

fn stream<M: Memory>(t: &mut Thread<M>, fd: i32, name: &str, unbuffered: bool) -> Obj<M> {
    // SAFETY: asks about a number.
    if unsafe { libc::fcntl(fd, libc::F_GETFD) } < 0 {
        return Obj::NONE;
    }
    let access = Access { read: fd == 0, write: fd != 0, ..Access::default() };
    let limit = if fd == 0 { BUFFER_SIZE } else { OUT_BUFFER };
    let file = Arc::new(File::new(fd, false, access, limit));
    let terminal = file.is_terminal();
    let shown = t.str(&format!("<{name}>"));
    let raw = fileio::wrap(t, file.clone(), shown);
    let buffer = buffered::wrap(t, file, raw);
    let setup = Setup {
        encoding: Encoding::Utf8,
        encoding_name: "utf-8".into(),
        errors: if fd == 2 { "backslashreplace".into() } else { "strict".into() },
        newline: if fd == 0 { Newline::Universal } else { Newline::Line },
    };
    let stream = text::wrap(t, buffer, setup, terminal || fd == 2, if fd == 0 { "r" } else { "w" });
    if unbuffered && fd != 0 {
        text::set_write_through(&stream);
    }
    stream
}

/// Flushes standard output and error when the program ends; `false` when output was lost, which is the exit status 120.
pub fn flush_at_exit<M: Memory>(t: &mut Thread<M>) -> bool {
    let sys = t.kept("sys").expect("kept at the start").own();
    let mut kept = true;
    for name in ["stdout", "stderr"] {
        let Some(stream) = module::get(t, &sys, name).filter(|s| !s.is_none()) else { continue };
        let closed = t.getattr_opt_str(&stream, "closed");
        let closed = match closed {
            Ok(Some(closed)) => t.truth(&closed),
            Ok(None) => Ok(false),
            Err(raise) => Err(raise),
        };
        match closed {
            Ok(true) => continue,
            Ok(false) => {}
            Err(_) => t.clear_raised(),
        }
        if t.call_method(&stream, "flush", &[]).is_err() {
            if name == "stdout" {
                let about = Obj::NONE;
                crate::report::unraisable(t, Some("Exception ignored on flushing sys.stdout"), &about);
            }
            t.clear_raised();
            kept = false;
            if let Some(file) = text::file_of(&stream) {
                file.forget();
            }
        }
    }
    kept
}
