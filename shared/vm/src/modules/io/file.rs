//! An open file of the operating system with its one buffer, shared by the Python objects stacked on it (`FileIO`,
//! `Buffered…`, `TextIOWrapper`). Knows bytes only.
//!
//! The buffer has a mutex of its own, because reading and writing may block: whoever waits for it waits detached, and
//! its holder runs no Python code. A read that a signal interrupts lets go of it, serves the signal, and begins again.

use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};

use crate::locks::{Mutex, MutexGuard};

use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::modules::errno;
use crate::object::Raise;

/// `io.DEFAULT_BUFFER_SIZE`
pub const BUFFER_SIZE: usize = 128 * 1024;

/// Bytes between the program and the operating system: read ahead, or not yet written, never both.
#[derive(Default)]
pub struct Buffer {
    ahead: Vec<u8>,
    at: usize,
    pending: Vec<u8>,
}

impl Buffer {
    /// Bytes that were read ahead.
    pub fn ahead(&self) -> &[u8] {
        &self.ahead[self.at..]
    }
    /// Marks that many of them as used.
    pub fn consume(&mut self, n: usize) {
        self.at += n;
    }
}

/// Why an operation on the buffer failed; raised when the buffer is unlocked again.
enum Fault {
    Closed,
    Code(i32),
}

impl Fault {
    fn raise<M: Memory>(self, t: &mut Thread<M>) -> Raise {
        match self {
            Fault::Closed => t.raise(Kind::ValueError, "I/O operation on closed file."),
            Fault::Code(libc::EAGAIN) => {
                let text = t.str("write could not complete without blocking");
                let code = crate::types::int::from_i64(t, libc::EAGAIN as i64);
                let class = t.exception_class(Kind::BlockingIOError).to_obj();
                match t.call(&class, &[code, text]) {
                    Ok(error) => t.raise_obj(error),
                    Err(raise) => raise,
                }
            }
            Fault::Code(code) => errno::raise(t, code, None),
        }
    }
}

/// What was asked for when the file was opened.
#[derive(Clone, Copy, Default)]
pub struct Access {
    /// May be read.
    pub read: bool,
    /// May be written.
    pub write: bool,
    /// Writes go to the end.
    pub append: bool,
    /// Must not have existed.
    pub create: bool,
    /// Was emptied.
    pub truncate: bool,
}

/// An open file.
pub struct File {
    fd: AtomicI32,
    /// Is the descriptor closed with the file?
    pub owns_fd: AtomicBool,
    /// How it was opened.
    pub access: Access,
    limit: usize,
    buffer: Mutex<Buffer>,
}

impl File {
    /// Over an open descriptor.
    pub fn new(fd: i32, owns_fd: bool, access: Access, limit: usize) -> File {
        File { fd: AtomicI32::new(fd), owns_fd: AtomicBool::new(owns_fd), access, limit, buffer: Mutex::default() }
    }

    /// The descriptor; -1 when closed.
    pub fn fd(&self) -> i32 {
        self.fd.load(Ordering::Acquire)
    }

    /// Is it closed?
    pub fn is_closed(&self) -> bool {
        self.fd() < 0
    }

    /// Is it a terminal?
    pub fn is_terminal(&self) -> bool {
        // SAFETY: asks about a number.
        unsafe { libc::isatty(self.fd()) == 1 }
    }

    /// Where the operating system's position is; `None` when the file has none.
    fn raw_position(&self) -> Option<i64> {
        // SAFETY: moves nothing.
        let at = unsafe { libc::lseek(self.fd(), 0, libc::SEEK_CUR) };
        (at >= 0).then_some(at)
    }

    /// Can its position be set?
    pub fn is_seekable(&self) -> bool {
        self.raw_position().is_some()
    }

    /// The buffer, waiting detached for another thread's operation.
    pub fn lock<M: Memory>(&self, t: &mut Thread<M>) -> MutexGuard<'_, Buffer> {
        match self.buffer.try_lock() {
            Some(guard) => guard,
            None => t.blocking(|| self.buffer.lock()),
        }
    }

    /// `ValueError` when closed.
    pub fn check_open<M: Memory>(&self, t: &mut Thread<M>) -> Result<(), Raise> {
        if self.is_closed() { Err(t.raise(Kind::ValueError, "I/O operation on closed file.")) } else { Ok(()) }
    }

    // ---- Writing.

    /// Writes through the buffer.
    pub fn write<M: Memory>(&self, t: &mut Thread<M>, data: &[u8]) -> Result<(), Raise> {
        let mut buffer = self.lock(t);
        let result = self.write_locked(t, &mut buffer, data);
        drop(buffer);
        result.map_err(|fault| fault.raise(t))
    }

    fn write_locked<M: Memory>(&self, t: &mut Thread<M>, buffer: &mut Buffer, data: &[u8]) -> Result<(), Fault> {
        if self.is_closed() {
            return Err(Fault::Closed);
        }
        if !buffer.ahead.is_empty() {
            self.forget_ahead(buffer)?;
        }
        if buffer.pending.len() + data.len() > self.limit {
            if let Err(fault) = self.drain(t, buffer) {
                // The writer learns of the loss now; the flush at the end of the program is not to fail again.
                buffer.pending.clear();
                return Err(fault);
            }
            if data.len() >= self.limit {
                let mut rest = data;
                while !rest.is_empty() {
                    let n = self.write_some(t, rest)?;
                    rest = &rest[n..];
                }
                return Ok(());
            }
        }
        buffer.pending.extend_from_slice(data);
        Ok(())
    }

    /// Hands everything to the operating system.
    pub fn flush<M: Memory>(&self, t: &mut Thread<M>) -> Result<(), Raise> {
        let mut buffer = self.lock(t);
        let result = self.drain(t, &mut buffer);
        drop(buffer);
        result.map_err(|fault| fault.raise(t))
    }

    fn drain<M: Memory>(&self, t: &mut Thread<M>, buffer: &mut Buffer) -> Result<(), Fault> {
        while !buffer.pending.is_empty() {
            let n = self.write_some(t, &buffer.pending)?;
            buffer.pending.drain(..n);
        }
        Ok(())
    }

    fn write_some<M: Memory>(&self, t: &mut Thread<M>, data: &[u8]) -> Result<usize, Fault> {
        loop {
            if self.is_closed() {
                return Err(Fault::Closed);
            }
            let (n, code) = self.write_once(t, data);
            match code {
                _ if n >= 0 => return Ok(n as usize),
                libc::EINTR => {}
                code => return Err(Fault::Code(code)),
            }
        }
    }

    /// One system call: its result and its error number.
    pub fn write_once<M: Memory>(&self, t: &mut Thread<M>, data: &[u8]) -> (isize, i32) {
        let fd = self.fd();
        t.blocking(|| {
            // SAFETY: the slice is valid for its length.
            let n = unsafe { libc::write(fd, data.as_ptr().cast(), data.len()) };
            (n, std::io::Error::last_os_error().raw_os_error().unwrap_or(0))
        })
    }

    // ---- Reading.

    /// Reads once into `into`: the number of bytes, `None` when nothing is there yet on a file that does not wait.
    /// A signal is served in between.
    pub fn read_once<M: Memory>(&self, t: &mut Thread<M>, into: &mut [u8]) -> Result<Option<usize>, Raise> {
        loop {
            let fd = self.fd();
            let (n, code) = t.blocking(|| {
                // SAFETY: the slice is valid for its length.
                let n = unsafe { libc::read(fd, into.as_mut_ptr().cast(), into.len()) };
                (n, std::io::Error::last_os_error().raw_os_error().unwrap_or(0))
            });
            match code {
                _ if n >= 0 => return Ok(Some(n as usize)),
                libc::EINTR => t.poll()?,
                libc::EAGAIN => return Ok(None),
                code => return Err(errno::raise(t, code, None)),
            }
        }
    }

    /// Makes sure that bytes stand in the buffer, unless the file is at its end; the guard of the buffer with them.
    pub fn fill<'a, M: Memory>(&'a self, t: &mut Thread<M>) -> Result<MutexGuard<'a, Buffer>, Raise> {
        let guard = self.lock(t);
        if !guard.ahead().is_empty() {
            return Ok(guard);
        }
        self.fill_more(t, guard)
    }

    /// Adds to what was read ahead. The same guard, or a new one when a signal was served meanwhile.
    pub fn fill_more<'a, M: Memory>(
        &'a self,
        t: &mut Thread<M>,
        guard: MutexGuard<'a, Buffer>,
    ) -> Result<MutexGuard<'a, Buffer>, Raise> {
        let mut guard = guard;
        loop {
            let result = if self.is_closed() { Err(Fault::Closed) } else { self.drain(t, &mut guard) };
            let code = match result.and_then(|()| self.read_ahead(t, &mut guard)) {
                Ok(()) => return Ok(guard),
                Err(Fault::Code(libc::EAGAIN)) => return Ok(guard),
                Err(fault) => fault,
            };
            drop(guard);
            if !matches!(code, Fault::Code(libc::EINTR)) {
                return Err(code.raise(t));
            }
            t.poll()?;
            guard = self.lock(t);
        }
    }

    fn read_ahead<M: Memory>(&self, t: &mut Thread<M>, buffer: &mut Buffer) -> Result<(), Fault> {
        buffer.ahead.drain(..buffer.at);
        buffer.at = 0;
        let had = buffer.ahead.len();
        buffer.ahead.resize(had + self.limit.max(1), 0);
        let fd = self.fd();
        let (n, code) = t.blocking(|| {
            let room = &mut buffer.ahead[had..];
            // SAFETY: the slice is valid for its length.
            let n = unsafe { libc::read(fd, room.as_mut_ptr().cast(), room.len()) };
            (n, std::io::Error::last_os_error().raw_os_error().unwrap_or(0))
        });
        buffer.ahead.truncate(had + n.max(0) as usize);
        if n >= 0 { Ok(()) } else { Err(Fault::Code(code)) }
    }

    /// Up to `limit` bytes through the buffer, fewer only at the end of the file.
    pub fn read<M: Memory>(&self, t: &mut Thread<M>, limit: Option<usize>) -> Result<Vec<u8>, Raise> {
        let mut out = Vec::new();
        loop {
            let want = limit.map_or(usize::MAX, |l| l - out.len());
            if want == 0 {
                return Ok(out);
            }
            let mut buffer = self.fill(t)?;
            let ahead = buffer.ahead();
            if ahead.is_empty() {
                return Ok(out);
            }
            let n = want.min(ahead.len());
            out.extend_from_slice(&ahead[..n]);
            buffer.consume(n);
        }
    }

    /// What one read gives, at most `limit` bytes.
    pub fn read_some<M: Memory>(&self, t: &mut Thread<M>, limit: usize) -> Result<Vec<u8>, Raise> {
        let mut buffer = self.fill(t)?;
        let n = limit.min(buffer.ahead().len());
        let out = buffer.ahead()[..n].to_vec();
        buffer.consume(n);
        Ok(out)
    }

    /// A line with its end, at most `limit` bytes.
    pub fn read_line<M: Memory>(&self, t: &mut Thread<M>, limit: Option<usize>) -> Result<Vec<u8>, Raise> {
        let mut out = Vec::new();
        loop {
            let want = limit.map_or(usize::MAX, |l| l - out.len());
            if want == 0 {
                return Ok(out);
            }
            let mut buffer = self.fill(t)?;
            let ahead = buffer.ahead();
            if ahead.is_empty() {
                return Ok(out);
            }
            let end = memchr::memchr(b'\n', ahead).map(|i| i + 1);
            let n = end.unwrap_or(ahead.len()).min(want);
            out.extend_from_slice(&ahead[..n]);
            buffer.consume(n);
            if end.is_some_and(|e| e == n) {
                return Ok(out);
            }
        }
    }

    /// Bytes read ahead, without using them.
    pub fn peek<M: Memory>(&self, t: &mut Thread<M>) -> Result<Vec<u8>, Raise> {
        Ok(self.fill(t)?.ahead().to_vec())
    }

    // ---- Position.

    /// Puts the operating system's position where the program's is.
    fn forget_ahead(&self, buffer: &mut Buffer) -> Result<(), Fault> {
        let unread = buffer.ahead().len() as i64;
        (buffer.ahead, buffer.at) = (Vec::new(), 0);
        if unread > 0 && self.is_seekable() {
            self.move_to(-unread, libc::SEEK_CUR)?;
        }
        Ok(())
    }

    fn move_to(&self, offset: i64, whence: i32) -> Result<i64, Fault> {
        if self.is_closed() {
            return Err(Fault::Closed);
        }
        // SAFETY: acts on a number.
        let at = unsafe { libc::lseek(self.fd(), offset, whence) };
        if at < 0 { Err(Fault::Code(std::io::Error::last_os_error().raw_os_error().unwrap_or(0))) } else { Ok(at) }
    }

    /// `lseek`
    pub fn raw_seek<M: Memory>(&self, t: &mut Thread<M>, offset: i64, whence: i32) -> Result<i64, Raise> {
        self.move_to(offset, whence).map_err(|fault| fault.raise(t))
    }

    /// The program's position.
    pub fn tell<M: Memory>(&self, t: &mut Thread<M>) -> Result<i64, Raise> {
        let buffer = self.lock(t);
        let (ahead, pending) = (buffer.ahead().len() as i64, buffer.pending.len() as i64);
        drop(buffer);
        let at = self.raw_seek(t, 0, libc::SEEK_CUR)?;
        Ok(at - ahead + pending)
    }

    /// Sets the program's position.
    pub fn seek<M: Memory>(&self, t: &mut Thread<M>, offset: i64, whence: i32) -> Result<i64, Raise> {
        let mut buffer = self.lock(t);
        let result = self.drain(t, &mut buffer).and_then(|()| {
            let unread = buffer.ahead().len() as i64;
            let offset = if whence == libc::SEEK_CUR { offset - unread } else { offset };
            (buffer.ahead, buffer.at) = (Vec::new(), 0);
            self.move_to(offset, whence)
        });
        drop(buffer);
        result.map_err(|fault| fault.raise(t))
    }

    /// Cuts the file to that many bytes (to the position without one).
    pub fn truncate<M: Memory>(&self, t: &mut Thread<M>, size: Option<i64>) -> Result<i64, Raise> {
        self.flush(t)?;
        let size = match size {
            Some(size) => size,
            None => self.tell(t)?,
        };
        let fd = self.fd();
        // SAFETY: acts on numbers.
        if t.blocking(|| unsafe { libc::ftruncate(fd, size) }) != 0 {
            return Err(errno::raise_last(t, None));
        }
        Ok(size)
    }

    // ---- The end.

    /// Gives up what could not be written, so that it is not tried again.
    pub fn forget(&self) {
        self.buffer.lock().pending.clear();
    }

    /// Flushes and closes. Closed even when flushing failed.
    pub fn close<M: Memory>(&self, t: &mut Thread<M>) -> Result<(), Raise> {
        if self.is_closed() {
            return Ok(());
        }
        let flushed = self.flush(t);
        let mut buffer = self.lock(t);
        *buffer = Buffer::default();
        let fd = self.fd.swap(-1, Ordering::AcqRel);
        drop(buffer);
        if fd >= 0 && self.owns_fd.load(Ordering::Relaxed) {
            // SAFETY: the descriptor was this file's and is forgotten.
            let result = t.blocking(|| unsafe { libc::close(fd) });
            if result != 0 && flushed.is_ok() {
                return Err(errno::raise_last(t, None));
            }
        }
        flushed
    }
}

impl Drop for File {
    /// A file that the program never closed: what it wrote still arrives.
    fn drop(&mut self) {
        let fd = *self.fd.get_mut();
        if fd < 0 {
            return;
        }
        let mut rest = &self.buffer.get_mut().pending[..];
        while !rest.is_empty() {
            // SAFETY: the slice is valid for its length.
            let n = unsafe { libc::write(fd, rest.as_ptr().cast(), rest.len()) };
            if n <= 0 {
                break;
            }
            rest = &rest[n as usize..];
        }
        if *self.owns_fd.get_mut() {
            // SAFETY: the descriptor is this file's, which is going.
            unsafe { libc::close(fd) };
        }
    }
}
