//! The carets under a source line: where inside the failing expression its operator or its brackets stand.

/// A place in a piece of source text: line from 0, column in characters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Place {
    /// Line from 0.
    pub line: usize,
    /// Column in characters from 0.
    pub column: usize,
}

/// The part of an expression that gets `^` while the rest gets `~`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Anchors {
    /// First character.
    pub start: Place,
    /// Behind the last character.
    pub end: Place,
    /// Is the expression a call?
    pub is_call: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    /// Name, number or string.
    Atom,
    /// A keyword that makes the expression something else than an operation, a subscript or a call.
    Keyword,
    /// `await`
    Await,
    /// An operator of the given precedence; 0: `~`, comparison, assignment, comma, …
    Operator(u8),
    /// A bracketed group.
    Group(char),
    /// `.`
    Dot,
}

#[derive(Clone, Copy, Debug)]
struct Token {
    kind: Kind,
    start: usize,
    end: usize,
}

const UNARY: u8 = 7;
const POWER: u8 = 8;

/// Precedence of a binary arithmetic operator; 0 for what is none.
fn precedence(op: &str) -> u8 {
    match op {
        "|" => 1,
        "^" => 2,
        "&" => 3,
        "<<" | ">>" => 4,
        "+" | "-" => 5,
        "*" | "/" | "//" | "%" | "@" => 6,
        "**" => POWER,
        _ => 0,
    }
}

fn is_name(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

struct Scanner<'a> {
    text: &'a [char],
    at: usize,
}

impl Scanner<'_> {
    fn peek(&self, ahead: usize) -> char {
        self.text.get(self.at + ahead).copied().unwrap_or('\0')
    }

    /// Tokens up to the end or the closing bracket, groups as one; `None` when brackets or quotes are unbalanced.
    fn tokens(&mut self, close: Option<char>) -> Option<Vec<Token>> {
        let mut out = Vec::new();
        while self.at < self.text.len() {
            let (start, c) = (self.at, self.peek(0));
            let kind = match c {
                _ if c.is_whitespace() || c == '\\' => {
                    self.at += 1;
                    continue;
                }
                '#' => {
                    while self.at < self.text.len() && self.peek(0) != '\n' {
                        self.at += 1;
                    }
                    continue;
                }
                '(' | '[' | '{' => {
                    self.at += 1;
                    let want = [')', ']', '}'][['(', '[', '{'].iter().position(|o| *o == c).unwrap_or(0)];
                    self.tokens(Some(want))?;
                    Kind::Group(c)
                }
                ')' | ']' | '}' => {
                    self.at += 1;
                    return if close == Some(c) { Some(out) } else { None };
                }
                '"' | '\'' => {
                    self.string()?;
                    Kind::Atom
                }
                _ if c.is_ascii_digit() || c == '.' && self.peek(1).is_ascii_digit() => {
                    self.number();
                    Kind::Atom
                }
                _ if is_name(c) => self.word()?,
                '.' => {
                    self.at += 1;
                    Kind::Dot
                }
                _ => self.operator(),
            };
            out.push(Token { kind, start, end: self.at });
        }
        if close.is_none() { Some(out) } else { None }
    }

    fn string(&mut self) -> Option<()> {
        let quote = self.peek(0);
        let triple = self.peek(1) == quote && self.peek(2) == quote;
        self.at += if triple { 3 } else { 1 };
        while self.at < self.text.len() {
            match self.peek(0) {
                '\\' => self.at += 1,
                c if c == quote && !triple => {
                    self.at += 1;
                    return Some(());
                }
                c if c == quote && self.peek(1) == quote && self.peek(2) == quote => {
                    self.at += 3;
                    return Some(());
                }
                _ => {}
            }
            self.at += 1;
        }
        None
    }

    fn number(&mut self) {
        while is_name(self.peek(0)) || self.peek(0) == '.' {
            let exponent = matches!(self.peek(0), 'e' | 'E') && matches!(self.peek(1), '+' | '-');
            self.at += if exponent { 2 } else { 1 };
        }
    }

    fn word(&mut self) -> Option<Kind> {
        let start = self.at;
        while is_name(self.peek(0)) {
            self.at += 1;
        }
        let word: String = self.text[start..self.at].iter().collect();
        if matches!(self.peek(0), '"' | '\'') && word.len() <= 2 {
            self.string()?;
            return Some(Kind::Atom);
        }
        Some(match &*word {
            "and" | "or" | "not" | "in" | "is" | "if" | "else" | "lambda" | "for" | "yield" | "async" | "raise"
            | "return" | "assert" | "del" | "import" | "from" | "global" | "nonlocal" | "class" | "def" | "with"
            | "while" | "try" | "except" | "pass" => Kind::Keyword,
            "await" => Kind::Await,
            _ => Kind::Atom,
        })
    }

    fn operator(&mut self) -> Kind {
        let (a, b) = (self.peek(0), self.peek(1));
        let two: String = [a, b].iter().collect();
        let width = match &*two {
            "**" | "//" | "<<" | ">>" | "==" | "!=" | "<=" | ">=" | ":=" | "->" => 2,
            _ => 1,
        };
        let text: String = self.text[self.at..(self.at + width).min(self.text.len())].iter().collect();
        self.at += width;
        Kind::Operator(precedence(&text))
    }
}

/// The anchors of an expression's source; `None` when it is no operation, subscript or call.
pub fn anchors(segment: &str) -> Option<Anchors> {
    let text: Vec<char> = segment.chars().collect();
    let tokens = Scanner { text: &text, at: 0 }.tokens(None)?;
    let first = tokens.first()?;
    let ends_operand = |kind: Kind| matches!(kind, Kind::Atom | Kind::Group(_));
    let mut best: Option<(u8, usize)> = None;
    for (i, token) in tokens.iter().enumerate() {
        match token.kind {
            // A comparison, a condition, a tuple; `~x` is an operand of something else or nothing to mark.
            Kind::Keyword | Kind::Operator(0) if text[token.start] != '~' => return None,
            Kind::Operator(level) if i > 0 && ends_operand(tokens[i - 1].kind) => {
                let better = best.is_none_or(|(old, _)| level < old || level == old && level != POWER);
                if better {
                    best = Some((level, i));
                }
            }
            _ => {}
        }
    }
    let prefixed = matches!(first.kind, Kind::Operator(_) | Kind::Await);
    let place = |at: usize| {
        let before = &text[..at];
        let line = before.iter().filter(|c| **c == '\n').count();
        Place { line, column: at - before.iter().rposition(|c| *c == '\n').map_or(0, |i| i + 1) }
    };
    if let Some((level, i)) = best {
        if prefixed && level > UNARY && first.kind != Kind::Await {
            return None;
        }
        let start = tokens[i].start;
        let right = right_start(&text, &tokens[i + 1..])?;
        let next = text.get(start + 1).copied().unwrap_or(' ');
        let wide = start + 1 < right && !next.is_whitespace() && !matches!(next, '\\' | '#');
        let end = start + if wide { 2 } else { 1 };
        return Some(Anchors { start: place(start), end: place(end), is_call: false });
    }
    let last = tokens.last()?;
    if prefixed || tokens.len() < 2 {
        return None;
    }
    match last.kind {
        Kind::Group(open @ ('(' | '[')) => {
            Some(Anchors { start: place(last.start), end: place(last.end), is_call: open == '(' })
        }
        _ => None,
    }
}

/// Where the syntax tree says that the right operand begins: inside its parentheses, if it is nothing else.
fn right_start(text: &[char], tokens: &[Token]) -> Option<usize> {
    let first = tokens.first()?;
    if tokens.len() > 1 || first.kind != Kind::Group('(') {
        return Some(first.start);
    }
    let inner = &text[first.start + 1..first.end - 1];
    let inside = Scanner { text: inner, at: 0 }.tokens(None)?;
    let tuple = inside.is_empty()
        || inside.iter().any(|t| inner[t.start] == ',' || t.kind == Kind::Keyword && inner[t.start] == 'f');
    if tuple {
        return Some(first.start);
    }
    Some(first.start + 1 + right_start(inner, &inside)?)
}

/// Columns that a piece of a line takes on a terminal.
pub fn width(text: &[char]) -> usize {
    text.iter().map(|&c| if is_wide(c) { 2 } else { 1 }).sum()
}

fn is_wide(c: char) -> bool {
    matches!(c as u32,
        0x1100..=0x115f | 0x2e80..=0x303e | 0x3041..=0x33ff | 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xa000..=0xa4cf
        | 0xac00..=0xd7a3 | 0xf900..=0xfaff | 0xfe30..=0xfe6f | 0xff00..=0xff60 | 0xffe0..=0xffe6
        | 0x1f300..=0x1f64f | 0x1f680..=0x1f6ff | 0x1f900..=0x1f9ff | 0x20000..=0x3fffd)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(segment: &str) -> Option<String> {
        let a = anchors(segment)?;
        assert_eq!(a.start.line, a.end.line);
        Some(segment.chars().skip(a.start.column).take(a.end.column - a.start.column).collect())
    }

    #[test]
    fn operators_brackets_and_nothing() {
        let cases = [
            ("a + b", Some("+")),
            ("a // (b)", Some("//")),
            ("a+(b)", Some("+(")),
            ("a * b + c * d", Some("+")),
            ("f(x)[0] ** -1", Some("**")),
            ("f(x, y)", Some("(x, y)")),
            ("a.b['x']", Some("['x']")),
            ("a.b", None),
            ("not a", None),
            ("-x ** 2", None),
            ("-x * 2", Some("*")),
            ("a < b + c", None),
            ("'a' + f\"{b}\"", Some("+")),
        ];
        for (segment, want) in cases {
            assert_eq!(marked(segment).as_deref(), want, "{segment}");
        }
    }
}
