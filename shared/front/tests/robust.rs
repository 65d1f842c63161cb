//! Bad input gives an error, never a panic, an abort or a hang.

#[path = "support/check.rs"]
mod check;

use parallax_front::{Mode, SyntaxError, compile, compile_bytes};
use proptest::prelude::*;

fn error(source: &str) -> SyntaxError {
    match compile(source, "f.py", Mode::Exec, 0) {
        Ok(_) => panic!("compiles: {:.60}", source),
        Err(error) => error,
    }
}

/// Runs on a thread with the stack that a main thread usually has.
fn on_small_stack(work: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(8 << 20).spawn(work);
    thread.expect("a thread starts").join().expect("no panic");
}

#[test]
fn deep_nesting() {
    on_small_stack(|| {
        for (open, close) in [("(", ")"), ("[", "]"), ("f(", ")"), ("{1:", "}")] {
            let source = format!("x = {}1{}\n", open.repeat(199), close.repeat(199));
            compile(&source, "f.py", Mode::Exec, 0).expect("199 brackets nest");
            let source = format!("x = {}1{}\n", open.repeat(5000), close.repeat(5000));
            assert_eq!(error(&source).message, "too many nested parentheses");
        }
        let indented: String = (0..150).map(|i| format!("{}if x:\n", " ".repeat(i))).collect();
        assert_eq!(error(&indented).message, "too many levels of indentation");
    });
}

#[test]
fn long_chains() {
    on_small_stack(|| {
        let n = 12_000;
        for source in [
            format!("x = a{}\n", " + a".repeat(n)),
            format!("x = {}a\n", "-".repeat(n)),
            format!("x = {}a\n", "not ".repeat(n)),
            format!("x = 'a'{}\n", " 'a'".repeat(n)),
            format!("x = a{}\n", " or a".repeat(n)),
            format!("x = a{}\n", " < a".repeat(n)),
            format!("x = a{}\n", ".b".repeat(n)),
            format!("x = a{}\n", "()".repeat(n)),
            format!("x = {}a\n", "a if b else ".repeat(n / 4)),
            format!("x = {}a\n", "lambda: ".repeat(1000)),
            format!("x = [{}]\n", "a, ".repeat(n)),
            format!("x = {{{}}}\n", "a: b, ".repeat(n)),
            format!("if a: pass\n{}", "elif a: pass\n".repeat(n)),
            "a = 1\n".repeat(n),
        ] {
            let code = compile(&source, "f.py", Mode::Exec, 0);
            let code = code.unwrap_or_else(|e| panic!("{:.40}: {}", source, e.message));
            if source.len() < 1 << 20 {
                check::check(&code).expect("sound code");
            }
        }
        for source in [format!("x = [{}]\n", "a, ".repeat(100_000)), "a = 1\n".repeat(100_000)] {
            compile(&source, "f.py", Mode::Exec, 0).expect("long, not deep");
        }
        let source = format!("x = a{}\n", " + a".repeat(1_000_000));
        assert_eq!(error(&source).class, "RecursionError");
    });
}

#[test]
fn many_constants() {
    let source: String = (0..100_000).map(|i| format!("x = {}.5\n", i)).collect();
    let code = compile(&source, "f.py", Mode::Exec, 0).expect("compiles");
    check::check(&code).expect("sound code");
    let source: String = (0..70_000).map(|i| format!("x{i} = y{i}\n")).collect();
    compile(&source, "f.py", Mode::Exec, 0).expect("compiles");
}

#[test]
fn far_jumps() {
    let body = "        x = x + y * z\n".repeat(40_000);
    let source = format!(
        "def f(a, x, y, z):\n    for i in a:\n        if i < x:\n            continue\n{body}    while x < y:\n{body}\
         \n    try:\n{body}    except E:\n        pass\n"
    );
    let code = compile(&source, "f.py", Mode::Exec, 0).expect("compiles");
    check::check(&code).expect("sound code");
}

#[test]
fn encodings() {
    let bytes = |source: &[u8]| compile_bytes(source, "f.py", Mode::Exec, 0);
    assert!(bytes(b"\xef\xbb\xbfx = 1\n").is_ok());
    assert!(bytes(b"# coding: latin-1\nx = '\xe9'\n").is_ok());
    assert!(bytes(b"#!/bin/sh\n# -*- coding: utf-8 -*-\nx = 1\n").is_ok());
    let error = bytes(b"x = 1\ny = '\xe9'\n").expect_err("not UTF-8");
    let expected = "Non-UTF-8 code starting with '\\xe9' in file f.py on line 2, but no encoding declared; see \
                    https://peps.python.org/pep-0263/ for details";
    assert_eq!((error.message.as_str(), error.line), (expected, 2));
    let error = bytes(b"# coding: utf-8\ny = '\xff'\n").expect_err("not UTF-8");
    assert_eq!(
        error.message,
        "(unicode error) 'utf-8' codec can't decode byte 0xff in position 21: invalid start byte"
    );
    assert_eq!(bytes(b"# coding: nope\n").expect_err("unknown").message, "unknown encoding: nope");
    assert_eq!(bytes(b"x\0").expect_err("null").message, "source code cannot contain null bytes");
}

/// Pieces that random programs are made of.
const PIECES: &[&str] = &[
    "x",
    "y",
    "self",
    "1",
    "1.5",
    "'s'",
    "f'{x}'",
    "f'{x!r:>{y}}'",
    "None",
    "True",
    "...",
    "+",
    "-",
    "*",
    "**",
    "/",
    "//",
    "%",
    "@",
    "<",
    ">=",
    "==",
    "!=",
    "is",
    "not",
    "in",
    "and",
    "or",
    "if",
    "else",
    "elif",
    "for",
    "while",
    "def f",
    "class A",
    "lambda",
    "return",
    "yield",
    "yield from",
    "await",
    "async ",
    "try:",
    "except",
    "finally:",
    "with",
    "as",
    "match",
    "case",
    "import",
    "from",
    "global",
    "nonlocal",
    "del",
    "assert",
    "raise",
    "pass",
    "break",
    "continue",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ":",
    ",",
    ".",
    "=",
    "+=",
    ":=",
    "->",
    ";",
    "\n",
    "\n ",
    "\n  ",
    "\n    ",
    "\t",
    " ",
    " ",
    " ",
    "\\",
    "#",
    "'",
    "\"\"\"",
    "f\"",
    "!",
    "$",
    "é",
    "super().m",
    "__class__",
    "*a",
    "**k",
    "print",
    "_",
    "|",
    "&",
    "~",
    "^",
    "<<",
    "type",
    "__debug__",
];

#[test]
fn incomplete_input() {
    let incomplete = |source: &str| match compile(source, "<stdin>", Mode::Single, 0) {
        Ok(_) => false,
        Err(error) => error.incomplete,
    };
    for source in
        ["x = (1,\n", "if x:\n", "def f():\n", "s = \"\"\"abc\n", "x = 1 \\\n", "@decorator\n", "try:\n    x\n", "f(\n"]
    {
        assert!(incomplete(source), "{source:?}");
    }
    for source in ["x = 1\n", "x = \n", "x = 1)\n", "s = 'abc\n", "if x: y\n", "x = 1 2\n"] {
        assert!(!incomplete(source), "{source:?}");
    }
    let two = compile("x = 1\ny = 2\n", "<stdin>", Mode::Single, 0).expect_err("two statements");
    assert_eq!(two.message, "multiple statements found while compiling a single statement");
    assert!(compile("x = 1; y = 2\n", "<stdin>", Mode::Single, 0).is_ok());
}

/// The sources of the golden tests.
fn corpus() -> Vec<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden");
    let files = std::fs::read_dir(folder).expect("the folder is there").flatten();
    let sources = files.filter(|f| f.path().extension().is_some_and(|e| e == "py"));
    sources.map(|f| std::fs::read_to_string(f.path()).expect("readable")).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, ..ProptestConfig::default() })]

    #[test]
    fn random_pieces(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..40)) {
        let source = pieces.concat();
        for mode in [Mode::Exec, Mode::Eval, Mode::Single] {
            if let Ok(code) = compile(&source, "f.py", mode, 0) {
                check::check(&code).map_err(TestCaseError::fail)?;
            }
        }
    }

    #[test]
    fn random_bytes(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = compile_bytes(&bytes, "f.py", Mode::Exec, 0);
    }

    #[test]
    fn mutated_corpus(
        which in any::<prop::sample::Index>(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), 0usize..30, prop::sample::select(PIECES)), 1..4),
    ) {
        let sources = corpus();
        let mut source: Vec<char> = which.get(&sources).chars().collect();
        for (at, cut, piece) in edits {
            let at = at.index(source.len() + 1);
            let end = (at + cut).min(source.len());
            source.splice(at..end, piece.chars());
        }
        let source: String = source.into_iter().collect();
        if let Ok(code) = compile(&source, "f.py", Mode::Exec, 0) {
            check::check(&code).map_err(TestCaseError::fail)?;
        }
    }

    #[test]
    fn random_text(text in ".{0,80}") {
        let _ = compile(&text, "f.py", Mode::Exec, 0);
    }
}
