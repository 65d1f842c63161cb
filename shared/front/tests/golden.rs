//! Golden disassembly: every `golden/*.py` compiles to the text of the `.dis` file beside it. Regenerate with
//! `UPDATE_GOLDEN=1 cargo test -p parallax-front --test golden` and read the difference.

#[path = "support/check.rs"]
mod check;

use std::path::Path;

use parallax_front::{Mode, compile, dis};

#[test]
fn disassembly() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut sources: Vec<_> = std::fs::read_dir(&folder)
        .expect("the folder is there")
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|e| e == "py"))
        .collect();
    sources.sort();
    assert!(!sources.is_empty());
    for path in sources {
        let source = std::fs::read_to_string(&path).expect("readable");
        let code = compile(&source, "golden.py", Mode::Exec, 0).unwrap_or_else(|e| panic!("{path:?}: {}", e.message));
        check::check(&code).unwrap_or_else(|why| panic!("{path:?}: {why}"));
        let (text, golden) = (dis::dis(&code), path.with_extension("dis"));
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::write(&golden, text).expect("writable");
        } else {
            let expected = std::fs::read_to_string(&golden).unwrap_or_default();
            assert!(expected == text, "{golden:?} differs; regenerate it with UPDATE_GOLDEN=1 and read the difference");
        }
    }
}
