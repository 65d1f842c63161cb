//! A light tokenizer that runs before the parser. It finds what CPython's tokenizer refuses (brackets that do not
//! match, strings without an end, indentation that fits nowhere, malformed numbers) in CPython's words, and how deeply
//! the text can nest, so that no input overflows the stack of the parser.

use crate::ast::Span;
use crate::error::{Error, Result};

/// Open brackets that may nest.
const MAX_BRACKETS: usize = 200;
/// Levels of indentation.
const MAX_INDENTS: usize = 100;
/// Nested f-strings.
const MAX_STRINGS: usize = 150;

/// What the scan found in a text without errors.
pub(crate) struct Scan {
    /// The innermost bracket that is open at the end.
    pub(crate) unclosed: Option<(char, u32)>,
    /// A bound for the depth of the tree of any statement: tokens that may hang under one another.
    pub(crate) depth: usize,
}

/// Scans a source text.
pub(crate) fn scan(source: &str) -> Result<Scan> {
    let bytes = source.as_bytes();
    let mut scanner = Scanner {
        source,
        bytes,
        pos: 0,
        brackets: Vec::new(),
        indents: vec![(0, 0)],
        strings: Vec::new(),
        counts: vec![0],
        loose: vec![0],
        sum: 0,
        depth: 0,
        string_end: usize::MAX,
    };
    if source.starts_with('\u{feff}') {
        scanner.pos = 3;
    }
    scanner.run()?;
    let depth = scanner.depth;
    let unclosed = scanner.brackets.last().map(|b| (b.open as char, b.at));
    Ok(Scan { unclosed, depth })
}

struct Bracket {
    open: u8,
    at: u32,
}

/// An f-string whose replacement field is being read.
#[derive(Clone, Copy)]
struct FString {
    start: usize,
    quote: u8,
    triple: bool,
    raw: bool,
    /// Brackets open when the field began, its brace included.
    brackets: usize,
    /// Reading a format specification.
    spec: bool,
}

struct Scanner<'a> {
    source: &'a str,
    bytes: &'a [u8],
    pos: usize,
    brackets: Vec<Bracket>,
    /// Columns with tabs to 8 and with tabs to 1.
    indents: Vec<(usize, usize)>,
    strings: Vec<FString>,
    /// Tokens since the last comma, for every open bracket and for the line.
    counts: Vec<usize>,
    /// Those among them that everything behind them may hang under (`lambda`, `else`, …).
    loose: Vec<usize>,
    /// The sum of the counts, and the largest that it ever was.
    sum: usize,
    depth: usize,
    /// Where the last string ended: the next one may be its continuation.
    string_end: usize,
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

impl Scanner<'_> {
    fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.pos + ahead).copied().unwrap_or(0)
    }

    /// An error at one place. CPython's tokenizer gives no end.
    fn error<T>(&self, start: usize, message: impl Into<String>) -> Result<T> {
        Err(Error::new(Span { start: start as u32, end: start as u32 }, message))
    }

    fn line_of(&self, at: usize) -> usize {
        self.bytes[..at.min(self.bytes.len())].iter().filter(|&&b| b == b'\n').count() + 1
    }

    fn line_end(&self, at: usize) -> usize {
        self.bytes[at..].iter().position(|&b| b == b'\n').map_or(self.bytes.len(), |n| at + n)
    }

    fn run(&mut self) -> Result<()> {
        let mut fresh = true;
        while self.pos < self.bytes.len() {
            if fresh {
                fresh = false;
                if self.indentation()? {
                    fresh = true;
                    continue;
                }
            }
            let Some(&byte) = self.bytes.get(self.pos) else { break };
            match byte {
                b'\n' => {
                    self.pos += 1;
                    fresh = self.brackets.is_empty();
                    if self.brackets.is_empty() {
                        self.restart();
                    } else if let Some(string) = self.strings.last().copied()
                        && !string.triple
                        && string.spec
                    {
                        self.pos -= 1;
                        self.string_middle(string)?;
                    }
                }
                b' ' | b'\t' | b'\r' | 0x0c => {
                    if self.string_end == self.pos {
                        self.string_end += 1;
                    }
                    self.pos += 1;
                }
                b'#' => self.pos = self.line_end(self.pos),
                b'\\' => self.continuation()?,
                _ => self.token()?,
            }
        }
        Ok(())
    }

    /// Measures the indentation of a line. True when the line is blank.
    fn indentation(&mut self) -> Result<bool> {
        let start = self.pos;
        let (mut column, mut alternative) = (0, 0);
        loop {
            match self.peek(0) {
                b' ' => (column, alternative) = (column + 1, alternative + 1),
                b'\t' => (column, alternative) = ((column / 8 + 1) * 8, alternative + 1),
                0x0c => (column, alternative) = (0, 0),
                b'\\' if self.peek(1) == b'\n' && self.pos + 2 < self.bytes.len() => self.pos += 1,
                _ => break,
            }
            self.pos += 1;
        }
        match self.peek(0) {
            b'#' => {
                self.pos = self.line_end(self.pos);
                return Ok(false);
            }
            b'\n' | b'\r' => return Ok(false),
            0 if self.pos >= self.bytes.len() => return Ok(false),
            _ => {}
        }
        let here = Span { start: start as u32, end: self.line_end(self.pos) as u32 };
        let first = Span { start: start as u32, end: 0 };
        let tabs = || Err(Error::of("TabError", first, "inconsistent use of tabs and spaces in indentation"));
        let (top, top_alternative) = *self.indents.last().unwrap_or(&(0, 0));
        if column == top {
            return if alternative == top_alternative { Ok(false) } else { tabs() };
        }
        if column > top {
            if alternative <= top_alternative {
                return tabs();
            }
            if self.indents.len() >= MAX_INDENTS {
                return Err(Error::of("IndentationError", first, "too many levels of indentation"));
            }
            self.indents.push((column, alternative));
            return Ok(false);
        }
        while self.indents.last().is_some_and(|&(c, _)| c > column) {
            self.indents.pop();
        }
        match self.indents.last() {
            Some(&(c, a)) if c == column => {
                if a == alternative {
                    Ok(false)
                } else {
                    tabs()
                }
            }
            _ => {
                let end = Span { start: here.end, end: 0 };
                let message = "unindent does not match any outer indentation level";
                Err(Error::of("IndentationError", end, message))
            }
        }
    }

    fn continuation(&mut self) -> Result<()> {
        let at = self.pos;
        match (self.peek(1), self.peek(2)) {
            (b'\n', _) => self.pos += 2,
            (b'\r', b'\n') => self.pos += 3,
            (b'\r', _) => self.pos += 2,
            (0, _) if at + 1 >= self.bytes.len() => {
                return self.error(at, "unexpected EOF while parsing").map_err(Error::incomplete);
            }
            _ => return self.error(at + 1, "unexpected character after line continuation character"),
        }
        if self.pos >= self.bytes.len() {
            return self.error(at + 1, "unexpected EOF while parsing").map_err(Error::incomplete);
        }
        Ok(())
    }

    fn token(&mut self) -> Result<()> {
        let byte = self.bytes[self.pos];
        let continued = matches!(byte, b'"' | b'\'') && self.string_end == self.pos;
        if let Some(count) = self.counts.last_mut().filter(|_| !continued) {
            *count += 1;
            self.sum += 1;
            self.depth = self.depth.max(self.sum);
        }
        match byte {
            b';' if self.brackets.is_empty() => {
                self.restart();
                self.pos += 1;
                Ok(())
            }
            b'=' | b'<' | b'>' => {
                self.next_operand();
                self.pos += 1;
                Ok(())
            }
            b',' => {
                self.restart();
                self.pos += 1;
                Ok(())
            }
            b'(' | b'[' | b'{' => self.open(byte),
            b')' | b']' | b'}' => self.close(byte),
            b'"' | b'\'' => {
                self.string(self.pos, "")?;
                self.string_end = self.pos;
                Ok(())
            }
            b'0'..=b'9' => self.number(),
            b'.' if self.peek(1).is_ascii_digit() => self.number(),
            _ if is_name(byte) => self.word(),
            b':' if self.field_level() => {
                self.pos += 1;
                let Some(string) = self.strings.last_mut() else { return Ok(()) };
                string.spec = true;
                let string = *string;
                self.string_middle(string)
            }
            _ => {
                self.pos += 1;
                Ok(())
            }
        }
    }

    /// A new item of a list (or a new line) begins: its tree starts afresh.
    fn restart(&mut self) {
        if let (Some(count), Some(loose)) = (self.counts.last_mut(), self.loose.last_mut()) {
            self.sum -= std::mem::take(count);
            *loose = 0;
        }
    }

    /// A new operand of something flat begins (comparisons, `and`, assignments): what stands before it on this level is
    /// no part of its tree, apart from what binds more loosely.
    fn next_operand(&mut self) {
        if let (Some(count), Some(&loose)) = (self.counts.last_mut(), self.loose.last()) {
            self.sum -= *count - loose;
            *count = loose;
        }
    }

    /// At the level of an f-string's replacement field?
    fn field_level(&self) -> bool {
        self.strings.last().is_some_and(|s| s.brackets == self.brackets.len())
    }

    fn open(&mut self, byte: u8) -> Result<()> {
        if self.brackets.len() >= MAX_BRACKETS {
            return self.error(self.pos, "too many nested parentheses");
        }
        self.brackets.push(Bracket { open: byte, at: self.pos as u32 });
        self.counts.push(0);
        self.loose.push(0);
        self.pos += 1;
        Ok(())
    }

    fn close(&mut self, byte: u8) -> Result<()> {
        let at = self.pos;
        let outer = self.strings.last().map_or(0, |s| s.brackets);
        let in_field = self.field_level();
        let Some(bracket) = self.brackets.last().filter(|_| self.brackets.len() >= outer) else {
            return self.error(at, format!("unmatched '{}'", byte as char));
        };
        let expected = match bracket.open {
            b'(' => b')',
            b'[' => b']',
            _ => b'}',
        };
        if byte != expected {
            let (close, open) = (byte as char, bracket.open as char);
            if in_field {
                return self.error(at, format!("f-string: unmatched '{close}'"));
            }
            let (line, here) = (self.line_of(bracket.at as usize), self.line_of(at));
            let mut message = format!("closing parenthesis '{close}' does not match opening parenthesis '{open}'");
            if line != here {
                message.push_str(&format!(" on line {line}"));
            }
            return self.error(at, message);
        }
        self.brackets.pop();
        self.restart();
        self.counts.pop();
        self.loose.pop();
        self.pos += 1;
        if in_field && byte == b'}' {
            return self.end_field();
        }
        Ok(())
    }

    /// Goes on in the f-string behind a replacement field.
    fn end_field(&mut self) -> Result<()> {
        let Some(mut string) = self.strings.pop() else { return Ok(()) };
        // A field inside the specification of another one goes back there.
        if let Some(outer) = self.strings.last()
            && outer.start == string.start
        {
            string = *outer;
        } else {
            string.spec = false;
            string.brackets -= 1;
        }
        self.string_middle(string)
    }

    fn word(&mut self) -> Result<()> {
        let start = self.pos;
        while is_name(self.peek(0)) {
            self.pos += 1;
        }
        if matches!(self.peek(0), b'"' | b'\'') && self.pos - start <= 2 {
            let prefix = &self.source[start..self.pos];
            let lower = prefix.to_ascii_lowercase();
            if matches!(&*lower, "r" | "u" | "b" | "f" | "t" | "br" | "rb" | "fr" | "rf" | "tr" | "rt") {
                return self.string(start, &lower);
            }
        }
        match &self.bytes[start..self.pos] {
            b"lambda" | b"if" | b"else" | b"not" | b"yield" | b"await" | b"for" | b"from" => {
                if let Some(loose) = self.loose.last_mut() {
                    *loose += 1;
                }
            }
            b"and" | b"or" => self.next_operand(),
            _ => {}
        }
        Ok(())
    }

    fn string(&mut self, start: usize, prefix: &str) -> Result<()> {
        let quote = self.peek(0);
        let triple = self.peek(1) == quote && self.peek(2) == quote;
        self.pos += if triple { 3 } else { 1 };
        if prefix.contains(['f', 't']) {
            if self.strings.len() >= MAX_STRINGS {
                return self.error(start, "too many nested f-strings");
            }
            let raw = prefix.contains('r');
            return self.string_middle(FString { start, quote, triple, raw, brackets: 0, spec: false });
        }
        loop {
            match self.peek(0) {
                0 if self.pos >= self.bytes.len() => return self.unterminated(start, quote, triple, ""),
                b'\n' if !triple => return self.unterminated(start, quote, triple, ""),
                b'\\' => self.pos += 1 + usize::from(self.pos + 1 < self.bytes.len()),
                byte if byte == quote && !triple => {
                    self.pos += 1;
                    return Ok(());
                }
                byte if byte == quote && self.peek(1) == quote && self.peek(2) == quote => {
                    self.pos += 3;
                    return Ok(());
                }
                _ => self.pos += 1,
            }
        }
    }

    fn unterminated(&self, start: usize, quote: u8, triple: bool, kind: &str) -> Result<()> {
        if let Some(string) = self.strings.last()
            && kind.is_empty()
            && string.quote == quote
            && !string.triple
        {
            return self.error(start, "f-string: expecting '}'");
        }
        let quote_at = self.bytes[start..].iter().position(|&b| b == quote).map_or(start, |n| start + n);
        let mut last = self.pos.min(self.bytes.len());
        if triple && self.bytes.last() == Some(&b'\n') && last == self.bytes.len() {
            last -= 1;
        }
        let line = self.line_of(last);
        let shape = if triple { "unterminated triple-quoted " } else { "unterminated " };
        let mut message = format!("{shape}{kind}string literal (detected at line {line})");
        if !triple
            && kind.is_empty()
            && self.bytes[quote_at + 1..self.pos.min(self.bytes.len())].windows(2).any(|w| w == [b'\\', quote])
        {
            message.push_str("; perhaps you escaped the end quote?");
        }
        let at = if kind.is_empty() { quote_at } else { start };
        let result = self.error(at, message);
        if triple { result.map_err(Error::incomplete) } else { result }
    }

    /// The literal text of an f-string (or of a format specification), up to its end or the next field.
    fn string_middle(&mut self, string: FString) -> Result<()> {
        let kind = if self.source[string.start..].starts_with(['t', 'T']) { "t-" } else { "f-" };
        loop {
            match self.peek(0) {
                0 if self.pos >= self.bytes.len() => {
                    return self.unterminated(string.start, string.quote, string.triple, kind);
                }
                b'\n' if !string.triple => {
                    return self.unterminated(string.start, string.quote, string.triple, kind);
                }
                b'\\' => {
                    self.pos += 1;
                    if self.peek(0) == b'N' && self.peek(1) == b'{' && !string.raw {
                        let end = self.bytes[self.pos..].iter().position(|&b| b == b'}' || b == b'\n');
                        self.pos += end.unwrap_or(0);
                    } else if !matches!(self.peek(0), b'{' | b'}') {
                        self.pos += 1;
                    }
                }
                b'{' if self.peek(1) == b'{' && !string.spec => self.pos += 2,
                b'{' => {
                    if self.strings.len() >= MAX_STRINGS {
                        return self.error(self.pos, "f-string: expressions nested too deeply");
                    }
                    self.open(b'{')?;
                    self.strings.push(FString { brackets: self.brackets.len(), spec: false, ..string });
                    return Ok(());
                }
                b'}' if string.spec => return self.close(b'}'),
                byte if byte == string.quote && !string.triple => {
                    self.pos += 1;
                    return Ok(());
                }
                byte if byte == string.quote && self.peek(1) == byte && self.peek(2) == byte => {
                    self.pos += 3;
                    return Ok(());
                }
                _ => self.pos += 1,
            }
        }
    }

    fn digits(&mut self, valid: impl Fn(u8) -> bool, kind: &str) -> Result<()> {
        loop {
            while valid(self.peek(0)) {
                self.pos += 1;
            }
            if self.peek(0) != b'_' {
                return Ok(());
            }
            self.pos += 1;
            if !valid(self.peek(0)) {
                return self.error(self.pos - 1, format!("invalid {kind} literal"));
            }
        }
    }

    fn number(&mut self) -> Result<()> {
        let start = self.pos;
        if self.peek(0) == b'0' {
            let (radix, kind) = match self.peek(1) {
                b'x' | b'X' => (16, "hexadecimal"),
                b'o' | b'O' => (8, "octal"),
                b'b' | b'B' => (2, "binary"),
                _ => (10, "decimal"),
            };
            if radix != 10 {
                return self.radix_number(radix, kind);
            }
        }
        let decimal = |b: u8| b.is_ascii_digit();
        let mut float = false;
        if self.peek(0) != b'.' {
            self.digits(decimal, "decimal")?;
        }
        let integer_end = self.pos;
        if self.peek(0) == b'.' {
            float = true;
            self.pos += 1;
            if self.peek(0).is_ascii_digit() {
                self.digits(decimal, "decimal")?;
            }
        }
        if matches!(self.peek(0), b'e' | b'E') {
            let signed = matches!(self.peek(1), b'+' | b'-');
            if self.peek(1).is_ascii_digit() || signed && self.peek(2).is_ascii_digit() {
                float = true;
                self.pos += 1 + usize::from(signed);
                self.digits(decimal, "decimal")?;
            } else if signed {
                return self.error(self.pos - 1, "invalid decimal literal");
            }
        }
        if matches!(self.peek(0), b'j' | b'J') {
            self.pos += 1;
            return self.end_of_number("imaginary");
        }
        let digits = &self.bytes[start..integer_end];
        if !float && digits.len() > 1 && digits[0] == b'0' && digits.iter().any(|b| (b'1'..=b'9').contains(b)) {
            let message = "leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal \
                           integers";
            return self.error(start, message);
        }
        self.end_of_number("decimal")
    }

    fn radix_number(&mut self, radix: u32, kind: &str) -> Result<()> {
        self.pos += 2;
        if self.peek(0) == b'_' {
            self.pos += 1;
        }
        let valid = |b: u8| (b as char).is_digit(radix);
        if !valid(self.peek(0)) {
            if self.peek(0).is_ascii_digit() {
                return self.bad_digit(kind);
            }
            return self.error(self.pos - 1, format!("invalid {kind} literal"));
        }
        self.digits(valid, kind)?;
        if self.peek(0).is_ascii_digit() {
            return self.bad_digit(kind);
        }
        self.end_of_number(kind)
    }

    fn bad_digit(&self, kind: &str) -> Result<()> {
        let digit = self.peek(0) as char;
        self.error(self.pos, format!("invalid digit '{digit}' in {kind} literal"))
    }

    /// What follows a number at once must be no name, apart from some keywords.
    fn end_of_number(&self, kind: &str) -> Result<()> {
        if !is_name(self.peek(0)) {
            return Ok(());
        }
        let end = self.bytes[self.pos..].iter().position(|&b| !is_name(b)).map_or(self.bytes.len(), |n| self.pos + n);
        let word = &self.source[self.pos..end];
        if ["and", "else", "for", "if", "in", "is", "not", "or"].iter().any(|keyword| word.starts_with(keyword)) {
            return Ok(());
        }
        self.error(self.pos - 1, format!("invalid {kind} literal"))
    }
}
