//! Which registers an instruction reads, takes and writes: made from the operand kinds of the opcode table, with the
//! groups that `W` operands stand for. The liveness pass and the checker of the tests share it.

use crate::code::Instr;
use crate::opcode::{FRAME_WORDS, Kind, Op};

/// What happens to a register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Read; a temporary is empty afterwards.
    Take,
    /// Read and kept.
    Peek,
    /// Written.
    Write,
    /// Emptied, whether it held something or not.
    Drop,
}

/// Reports the effects of an instruction, in the order in which they happen. Jumps whose two ways differ
/// (`ForLoop`, `IterDict`, `TrueOrPop`, `FalseOrPop`, `Send`) report what holds on both ways; see [`ways`].
pub fn effects(op: Op, instr: Instr, mut report: impl FnMut(Effect, u16)) {
    let info = op.info();
    let fields = [(info.a, instr.a()), (info.b, instr.b()), (info.c, instr.c())];
    let plain = !matches!(op, Op::ForLoop | Op::IterDict | Op::TrueOrPop | Op::FalseOrPop | Op::Send);
    for (kind, register) in fields {
        match kind {
            Kind::R => report(Effect::Take, register),
            Kind::P if plain => report(Effect::Peek, register),
            _ => {}
        }
    }
    groups(op, instr, &mut report);
    for (kind, register) in fields {
        if kind == Kind::D && plain {
            report(if op == Op::Clear { Effect::Drop } else { Effect::Write }, register);
        }
    }
}

/// The registers that `W` operands stand for.
fn groups(op: Op, instr: Instr, report: &mut impl FnMut(Effect, u16)) {
    let (a, b, c) = (instr.a(), instr.b(), instr.c());
    let args = FRAME_WORDS + 1;
    let mut take = |first: u16, count: u16| (0..count).for_each(|i| report(Effect::Take, first + i));
    match op {
        Op::BuildSlice => take(b, 3),
        Op::GetSlice | Op::MatchClass => take(c, 2),
        Op::LoadSuperAttr => take(b, 3),
        Op::LoadSuperMethod => {
            take(b, 3);
            report(Effect::Write, a);
            report(Effect::Write, a + args);
        }
        Op::LoadMethod => {
            report(Effect::Write, a);
            report(Effect::Write, a + args);
        }
        Op::BuildTuple | Op::BuildList | Op::BuildSet | Op::BuildString => take(b, c),
        Op::BuildMap => take(b, 2 * c),
        Op::FormatSpec | Op::ImportName | Op::MapAdd => take(b, 2),
        Op::MakeFunction => take(b, c.count_ones() as u16),
        Op::Call | Op::CallKw => {
            take(b, 1);
            take(b + args, c);
        }
        Op::CallMethod | Op::CallMethodKw => {
            take(b, 1);
            take(b + args, c + 1);
        }
        Op::CallEx => {
            take(b, 1);
            take(b + args, 1 + (c & 1));
        }
        Op::WithExit => take(a, 2),
        Op::WithEnter => (0..2).for_each(|i| report(Effect::Write, a + i)),
        Op::GetIter => (0..3).for_each(|i| report(Effect::Write, a + i)),
        Op::UnpackSeq => (0..c).for_each(|i| report(Effect::Write, a + i)),
        Op::UnpackEx => (0..(c & 255) + (c >> 8) + 1).for_each(|i| report(Effect::Write, a + i)),
        Op::Yield if c != 0 => report(Effect::Peek, c - 1),
        _ => {}
    }
}

/// For a jump whose two ways differ: effects when it is taken and when it is not.
pub fn ways(op: Op, instr: Instr, mut report: impl FnMut(bool, Effect, u16)) {
    let (a, b) = (instr.a(), instr.b());
    match op {
        Op::ForLoop => {
            for i in 0..3 {
                report(true, Effect::Peek, a + i);
                report(false, Effect::Take, a + i);
            }
            report(true, Effect::Write, b);
        }
        Op::IterDict => {
            for register in [b, b + FRAME_WORDS + 1] {
                report(true, Effect::Take, register);
                report(false, Effect::Peek, register);
            }
            (0..3).for_each(|i| report(true, Effect::Write, a + i));
        }
        Op::TrueOrPop | Op::FalseOrPop => {
            report(true, Effect::Peek, a);
            report(false, Effect::Take, a);
        }
        Op::Send => {
            for taken in [true, false] {
                report(taken, Effect::Peek, b);
                report(taken, Effect::Take, a);
                report(taken, Effect::Write, a);
            }
        }
        _ => {}
    }
}
