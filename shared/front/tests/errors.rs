//! Every syntax error of `errors.txt`: class, CPython's wording, line and columns. Regenerate the file's expectations
//! with `UPDATE_GOLDEN=1 cargo test -p parallax-front --test errors` and read the difference.

use std::path::Path;

use parallax_front::{Mode, compile};

fn outcome(source: &str) -> String {
    match compile(source, "f.py", Mode::Exec, 0) {
        Ok(_) => "compiles".into(),
        Err(e) => format!("{}: {} @{}:{}-{}:{}", e.class, e.message, e.line, e.column, e.end_line, e.end_column),
    }
}

#[test]
fn wording_and_places() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/errors.txt");
    let text = std::fs::read_to_string(&path).expect("errors.txt is there");
    let (mut fresh, mut source, mut wrong) = (String::new(), String::new(), Vec::new());
    for line in text.split_inclusive('\n') {
        match line.strip_prefix("--> ") {
            None => {
                source.push_str(line);
                fresh.push_str(line);
            }
            Some(expected) => {
                let got = outcome(&source);
                if got != expected.trim_end() {
                    wrong.push(format!("{source}want {expected}got  {got}"));
                }
                fresh.push_str(&format!("--> {got}\n"));
                source.clear();
            }
        }
    }
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, fresh).expect("errors.txt can be written");
    } else {
        assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    }
}
