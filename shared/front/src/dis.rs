//! The disassembler: one line for each instruction, stable text for the golden tests and `--dis`.

use std::fmt::Write;

use crate::code::{Code, Const, Instr, jump_offset};
use crate::opcode::{Kind, Op};

/// The text of a code object and of those inside it.
pub fn dis(code: &Code) -> String {
    let mut out = String::new();
    let mut work = vec![code];
    while let Some(code) = work.pop() {
        one(code, &mut out);
        let inner = code.consts.iter().filter_map(|c| match c {
            Const::Code(code) => Some(&**code),
            _ => None,
        });
        work.extend(inner.collect::<Vec<_>>().into_iter().rev());
    }
    out
}

fn one(code: &Code, out: &mut String) {
    if !out.is_empty() {
        out.push('\n');
    }
    let _ = writeln!(
        out,
        "{} (line {}): {} locals, {} registers",
        code.qualname,
        code.first_line,
        code.nlocals(),
        code.nregs
    );
    let mut line = 0;
    for (pc, op, instr) in code.walk() {
        let at = code.position(pc).line;
        let shown = if at == line { String::new() } else { at.to_string() };
        line = at;
        let _ = writeln!(out, "{shown:>5} {pc:>5}  {:<16} {}", op.info().name, operands(code, pc, op, instr));
    }
    for handler in &code.handlers {
        let depth = register(code, handler.depth);
        let _ = writeln!(out, "      {}..{} -> {} at {depth}", handler.start, handler.end, handler.target);
    }
}

fn register(code: &Code, register: u16) -> String {
    match code.varnames.get(usize::from(register)) {
        Some(name) => name.to_string(),
        None => format!("t{}", register - code.nlocals()),
    }
}

fn operands(code: &Code, pc: u32, op: Op, instr: Instr) -> String {
    let info = op.info();
    let mut parts = Vec::new();
    for (kind, value) in [(info.a, instr.a()), (info.b, instr.b()), (info.c, instr.c())] {
        let constant = |index: u32| code.consts.get(index as usize).map_or("?".into(), show);
        let name = |index: u32| code.names.get(index as usize).map_or("?".into(), |n| format!(".{n}"));
        parts.push(match kind {
            Kind::No => continue,
            Kind::D | Kind::R | Kind::P | Kind::W => register(code, value),
            Kind::K => constant(value.into()),
            Kind::N => name(value.into()),
            Kind::I => (value as i16).to_string(),
            Kind::U => format!("#{value}"),
            Kind::K32 => constant(instr.bc()),
            Kind::N32 => name(instr.bc()),
            Kind::I32 => (instr.bc() as i32).to_string(),
            Kind::J | Kind::J32 => {
                let offset = jump_offset(op, instr).unwrap_or(0);
                format!("-> {}", i64::from(pc) + i64::from(offset))
            }
        });
    }
    let cached = |i: u32| code.instrs.get((pc + i) as usize).map_or(0, |word| word.0 as u32);
    match op {
        Op::MakeFunction => parts.push(code.consts.get(cached(1) as usize).map_or("?".into(), show)),
        Op::CallKw | Op::CallMethodKw => {
            parts.push(code.consts.get(cached(2) as usize).map_or("?".into(), show));
        }
        Op::MatchClass => parts.push(format!("#{}", cached(1))),
        _ => {}
    }
    parts.join(", ")
}

/// A constant, as Python would write it.
pub(crate) fn show(value: &Const) -> String {
    let list = |items: &[Const]| items.iter().map(show).collect::<Vec<_>>().join(", ");
    match value {
        Const::None => "None".into(),
        Const::Bool(b) => if *b { "True" } else { "False" }.into(),
        Const::Ellipsis => "...".into(),
        Const::Int(n) => n.to_string(),
        Const::Big(n) => n.to_string(),
        Const::Float(x) => format!("{x:?}"),
        Const::Complex(re, im) => format!("({re:?}+{im:?}j)"),
        Const::Str(s) => format!("'{}'", s.escape_default()),
        Const::Wide(points) => format!("'{}'", points.iter().map(|p| format!("\\u{p:04x}")).collect::<String>()),
        Const::Bytes(bytes) => format!("b'{}'", bytes.escape_ascii()),
        Const::Tuple(items) if items.len() == 1 => format!("({},)", list(items)),
        Const::Tuple(items) => format!("({})", list(items)),
        Const::FrozenSet(items) => format!("frozenset({{{}}})", list(items)),
        Const::Code(code) => format!("<code {}>", code.qualname),
    }
}
