//! A checker of bytecode: registers in range, jumps to instructions, and the discipline of the temporaries: written
//! before they are read, taken once, empty when written, the same on every way to an instruction, none left at a
//! return, none below a handler's depth touched by the code that it protects.

use std::collections::BTreeSet;

use parallax_front::code::{Code, Const, jump_offset};
use parallax_front::effects::{Effect, effects, ways};
use parallax_front::opcode::{Kind, Op};

type Set = BTreeSet<u16>;

/// Checks a code object and those inside it. The error names the code and the place.
pub(crate) fn check(code: &Code) -> Result<(), String> {
    Checker { code, states: vec![None; code.instrs.len()], work: Vec::new() }
        .run()
        .map_err(|why| format!("{}: {why}", code.qualname))?;
    for constant in &code.consts {
        if let Const::Code(inner) = constant {
            check(inner)?;
        }
    }
    Ok(())
}

struct Checker<'a> {
    code: &'a Code,
    states: Vec<Option<Set>>,
    work: Vec<u32>,
}

impl Checker<'_> {
    fn run(mut self) -> Result<(), String> {
        let starts: BTreeSet<u32> = self.code.walk().map(|(pc, ..)| pc).collect();
        for (pc, op, instr) in self.code.walk() {
            self.operands(pc, op)?;
            if let Some(offset) = jump_offset(op, instr) {
                let target = i64::from(pc) + i64::from(offset);
                if !u32::try_from(target).is_ok_and(|t| starts.contains(&t)) {
                    return Err(format!("{pc}: jump to {target}"));
                }
                if op.info().name.starts_with("Unless") && offset <= 0 {
                    return Err(format!("{pc}: {op:?} goes back"));
                }
            }
        }
        for pair in self.code.handlers.windows(2) {
            if pair[0].end > pair[1].start {
                return Err(format!("handlers overlap at {}", pair[1].start));
            }
        }
        self.reach(0, Set::new(), 0)?;
        while let Some(pc) = self.work.pop() {
            self.step(pc)?;
        }
        self.liveness()
    }

    fn operands(&self, pc: u32, op: Op) -> Result<(), String> {
        let (code, instr, info) = (self.code, self.code.instrs[pc as usize], op.info());
        for (kind, value) in [(info.a, instr.a()), (info.b, instr.b()), (info.c, instr.c())] {
            let fine = match kind {
                Kind::D | Kind::R | Kind::P => value < code.nregs,
                Kind::K => usize::from(value) < code.consts.len(),
                Kind::N => usize::from(value) < code.names.len(),
                Kind::K32 => (instr.bc() as usize) < code.consts.len(),
                Kind::N32 => (instr.bc() as usize) < code.names.len(),
                _ => true,
            };
            if !fine {
                return Err(format!("{pc}: {op:?} has operand {value} out of range"));
            }
        }
        let mut fine = true;
        effects(op, instr, |_, register| fine &= register < code.nregs);
        if op as u16 >= Op::LoadGlobalCached as u16 && (op as u16) <= Op::SetItemDict as u16 {
            fine = false;
        }
        if fine { Ok(()) } else { Err(format!("{pc}: {op:?} is out of range or specialised")) }
    }

    fn reach(&mut self, pc: u32, state: Set, from: u32) -> Result<(), String> {
        let Some(known) = self.states.get_mut(pc as usize) else {
            return Err(format!("{from}: control runs off the end"));
        };
        match known {
            None => {
                *known = Some(state);
                self.work.push(pc);
                Ok(())
            }
            Some(known) if *known == state => Ok(()),
            Some(known) => Err(format!("{pc}: {known:?} on one way, {state:?} from {from}")),
        }
    }

    fn apply(&self, pc: u32, op: Op, state: &mut Set, effect: Effect, register: u16) -> Result<(), String> {
        if register < self.code.nlocals() {
            return Ok(());
        }
        let fine = match effect {
            Effect::Take | Effect::Drop => state.remove(&register),
            Effect::Peek => state.contains(&register),
            Effect::Write => state.insert(register),
        };
        let temp = register - self.code.nlocals();
        if fine { Ok(()) } else { Err(format!("{pc}: {op:?}: {effect:?} of t{temp}")) }
    }

    fn step(&mut self, pc: u32) -> Result<(), String> {
        let instr = self.code.instrs[pc as usize];
        let op = Op::from_u16(instr.op()).ok_or("no such opcode")?;
        let before = self.states[pc as usize].clone().ok_or("never reached")?;
        let mut state = before.clone();
        let mut result = Ok(());
        effects(op, instr, |effect, register| {
            let step = self.apply(pc, op, &mut state, effect, register);
            if result.is_ok() {
                result = step;
            }
        });
        result?;
        let mut taken = state.clone();
        let mut result = Ok(());
        ways(op, instr, |way, effect, register| {
            let step = self.apply(pc, op, if way { &mut taken } else { &mut state }, effect, register);
            if result.is_ok() {
                result = step;
            }
        });
        result?;
        if let Some(offset) = jump_offset(op, instr) {
            self.reach((i64::from(pc) + i64::from(offset)) as u32, taken, pc)?;
        }
        if let Some(handler) = self.code.handler(pc).copied() {
            let low = |set: &Set| set.range(..handler.depth).copied().collect::<Set>();
            let mut entry = low(&before);
            if !matches!(op, Op::Return | Op::ReturnK) && entry != low(&state) {
                return Err(format!("{pc}: {op:?} touches what its handler keeps"));
            }
            entry.insert(handler.depth);
            self.reach(handler.target, entry, pc)?;
        }
        match op {
            Op::Return | Op::ReturnK if !state.is_empty() => Err(format!("{pc}: {state:?} left at return")),
            Op::Jump | Op::Loop | Op::Return | Op::ReturnK => Ok(()),
            Op::Raise | Op::RaiseFrom | Op::RaiseAgain | Op::Reraise => Ok(()),
            _ => self.reach(pc + 1 + u32::from(op.info().cache), state, pc),
        }
    }

    /// The liveness map says what the walk found.
    fn liveness(&self) -> Result<(), String> {
        for (pc, state) in self.states.iter().enumerate() {
            let Some(state) = state else { continue };
            let i = self.code.live.partition_point(|range| range.start as usize <= pc);
            let live: Set = match i.checked_sub(1) {
                Some(i) => self.code.live[i].registers.iter().copied().collect(),
                None => Set::new(),
            };
            if live != *state {
                return Err(format!("{pc}: live {live:?}, found {state:?}"));
            }
        }
        Ok(())
    }
}
