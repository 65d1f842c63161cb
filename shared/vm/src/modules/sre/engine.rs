//! Running a compiled pattern over a subject. Nothing here runs Python; positions count characters (bytes of bytes).

use std::borrow::Cow;

use rustpython_sre_engine::{Request, State, StrDrive};

use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::modules::io;
use crate::object::{Obj, Raise};
use crate::types::bytes;
use crate::types::str::{Text, from_text, view};

/// What is matched.
pub enum Subject<'a> {
    /// Text, all of it ASCII; or bytes.
    Narrow(Cow<'a, [u8]>),
    /// Other text, and its length in characters.
    Wide(String, usize),
}

impl Subject<'_> {
    /// Its length.
    #[allow(clippy::len_without_is_empty)] // positions are compared with it, nothing else
    pub fn len(&self) -> usize {
        match self {
            Subject::Narrow(data) => data.len(),
            Subject::Wide(_, n) => *n,
        }
    }
}

/// A successful match: the start and end of each group, the whole one first; the last group that was closed.
pub struct Found {
    /// Spans by group.
    pub spans: Box<[Option<(usize, usize)>]>,
    /// `lastindex`; 0 for none.
    pub last: usize,
}

impl Found {
    /// Span of the whole match.
    pub fn whole(&self) -> (usize, usize) {
        self.spans[0].unwrap_or((0, 0))
    }
}

/// Where a match must lie.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// Begins at the start.
    Match,
    /// Begins at the start and ends at the end.
    Full,
    /// Anywhere.
    Search,
}

/// The subject of a pattern; the pattern says whether it is for bytes.
pub fn subject<'a, M: Memory>(
    t: &mut Thread<M>,
    obj: &'a Obj<M>,
    for_bytes: Option<bool>,
) -> Result<Subject<'a>, Raise> {
    if let Some(text) = view(obj) {
        if for_bytes == Some(true) {
            return Err(t.raise(Kind::TypeError, "cannot use a bytes pattern on a string-like object"));
        }
        return Ok(match text {
            Text::Ascii(data) => Subject::Narrow(Cow::Borrowed(data)),
            Text::Wide(points) => {
                let text = points.iter().map(|&p| char::from_u32(p).unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
                Subject::Wide(text, points.len())
            }
        });
    }
    let data = match io::bytes_like(t, obj) {
        Ok(data) => data,
        Err(raise) => {
            if !t.raised_is(Kind::TypeError) {
                return Err(raise);
            }
            t.clear_raised();
            let class = t.class_name(obj);
            let message = format!("expected string or bytes-like object, got '{class}'");
            return Err(t.raise(Kind::TypeError, message));
        }
    };
    if for_bytes == Some(false) {
        return Err(t.raise(Kind::TypeError, "cannot use a string pattern on a bytes-like object"));
    }
    Ok(Subject::Narrow(data))
}

/// A part of a subject as an object of its type.
pub fn part<M: Memory>(t: &Thread<M>, obj: &Obj<M>, from: usize, to: usize) -> Obj<M> {
    if let Some(text) = view(obj) {
        if from == 0 && to == text.len() && obj.shape() == crate::types::ids::STR {
            return obj.clone();
        }
        return from_text(t, text.slice(from..to));
    }
    match bytes::view(obj) {
        Some(data) => bytes::from_slice(t, &data[from..to]),
        None => Obj::NONE,
    }
}

/// One attempt after another over a subject.
pub struct Run<'a> {
    subject: &'a Subject<'a>,
    code: &'a [u32],
    groups: usize,
    state: State,
    start: usize,
    end: usize,
    must_advance: bool,
    done: bool,
}

impl<'a> Run<'a> {
    /// A run between two positions.
    pub fn new(subject: &'a Subject<'a>, code: &'a [u32], groups: usize, start: usize, end: usize) -> Self {
        let end = end.min(subject.len());
        let done = start > end;
        Run { subject, code, groups, state: State::default(), start, end, must_advance: false, done }
    }

    /// Goes on behind an earlier match.
    pub fn resume(&mut self, start: usize, must_advance: bool) {
        (self.start, self.must_advance) = (start, must_advance);
        self.done = start > self.end;
    }

    /// The next match; the one after it begins behind it and is not empty at the same place.
    pub fn next(&mut self, how: How) -> Option<Found> {
        if self.done {
            return None;
        }
        let found = match self.subject {
            Subject::Narrow(data) => self.attempt(&**data, how),
            Subject::Wide(text, _) => self.attempt(text.as_str(), how),
        };
        match &found {
            Some(found) => {
                let (start, end) = found.whole();
                (self.must_advance, self.start) = (start == end, end);
            }
            None => self.done = true,
        }
        found
    }

    fn attempt<S: StrDrive>(&mut self, string: S, how: How) -> Option<Found> {
        let mut request = Request::new(string, self.start, self.end, self.code, how == How::Full);
        request.must_advance = self.must_advance;
        self.state.reset(&request, request.start);
        let matched = if how == How::Search { self.state.search(request) } else { self.state.py_match(&request) };
        if !matched {
            return None;
        }
        let marks = &self.state.marks;
        let mut spans = vec![Some((self.state.start, self.state.cursor.position))];
        for group in 0..self.groups {
            let (from, to) = marks.get(group);
            spans.push((from.is_some() && to.is_some()).then(|| (from.unpack(), to.unpack())));
        }
        let last = usize::try_from(marks.last_index()).unwrap_or(0);
        Some(Found { spans: spans.into(), last })
    }
}
