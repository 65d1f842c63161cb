//! Prints the disassembly of a file: `cargo run -p parallax-front --example dis -- FILE`.
use parallax_front::{Mode, compile, dis};

fn main() {
    for path in std::env::args().skip(1) {
        let source = std::fs::read_to_string(&path).expect("readable file");
        match compile(&source, &path, Mode::Exec, 0) {
            Ok(code) => print!("{}", dis::dis(&code)),
            Err(error) => println!("{path}: {error:?}"),
        }
    }
}
