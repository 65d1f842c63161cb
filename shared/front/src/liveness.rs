//! The liveness map: which temporaries hold something when an instruction begins. The unwinder, the collector and
//! suspended generators drop or visit exactly these.
//!
//! Every way that leads to an instruction fills the same temporaries (the tests check it), so one walk forward over
//! each basic block is enough. Whether a temporary is still *used* does not matter: one that is full when an exception
//! leaves the frame must be dropped, although no instruction reads it any more.

use crate::code::{Handler, Instr, LiveRange, jump_offset};
use crate::effects::{Effect, effects, ways};
use crate::opcode::Op;

/// A set of temporaries.
#[derive(Clone, PartialEq)]
struct Set(Vec<u64>);

impl Set {
    fn apply(&mut self, effect: Effect, temp: usize) {
        let Some(word) = self.0.get_mut(temp / 64) else { return };
        match effect {
            Effect::Write => *word |= 1 << (temp % 64),
            Effect::Take | Effect::Drop => *word &= !(1 << (temp % 64)),
            Effect::Peek => {}
        }
    }

    /// The members below `limit`.
    fn below(&self, limit: usize) -> Set {
        let mut set = self.clone();
        for (w, word) in set.0.iter_mut().enumerate() {
            let kept = limit.saturating_sub(w * 64);
            *word &= if kept >= 64 { u64::MAX } else { (1 << kept) - 1 };
        }
        set
    }

    fn members(&self, nlocals: u16) -> Box<[u16]> {
        let mut out = Vec::new();
        for (w, &word) in self.0.iter().enumerate() {
            let mut rest = word;
            while rest != 0 {
                out.push(nlocals + (w * 64) as u16 + rest.trailing_zeros() as u16);
                rest &= rest - 1;
            }
        }
        out.into()
    }
}

/// Computes the map.
pub(crate) fn liveness(instrs: &[Instr], handlers: &[Handler], nlocals: u16, nregs: u16) -> Box<[LiveRange]> {
    let words = usize::from(nregs.saturating_sub(nlocals)).div_ceil(64);
    if words == 0 || instrs.is_empty() {
        return Box::new([]);
    }
    let mut flow = Flow {
        instrs,
        handlers,
        nlocals,
        seen: vec![false; instrs.len() + 1],
        work: vec![(0, Set(vec![0; words]))],
        found: Vec::new(),
    };
    while let Some((pc, set)) = flow.work.pop() {
        flow.walk(pc, set);
    }
    flow.found.sort_by_key(|range| range.start);
    let mut out: Vec<LiveRange> = Vec::new();
    for range in flow.found {
        if out.last().map_or(!range.registers.is_empty(), |last| last.registers != range.registers) {
            out.push(range);
        }
    }
    out.into()
}

/// Tells generators how many registers a suspension saves: all named ones, and the temporaries up to the last that is full.
pub(crate) fn count_saved(instrs: &mut [Instr], live: &[LiveRange], nlocals: u16) {
    let mut pc = 0;
    while let Some(&instr) = instrs.get(pc) {
        let op = Op::from_u16(instr.op()).unwrap_or(Op::Nop);
        if matches!(op, Op::Yield | Op::ReturnGenerator) {
            let range = live[..live.partition_point(|range| range.start as usize <= pc)].last();
            let full = range.map_or(&[][..], |range| &range.registers);
            // What is yielded has left its register by then.
            let kept = full.iter().rev().find(|&&register| op != Op::Yield || register != instr.b());
            instrs[pc + 1] = Instr(u64::from(kept.map_or(nlocals, |register| register + 1)));
        }
        pc += 1 + usize::from(op.info().cache);
    }
}

struct Flow<'a> {
    instrs: &'a [Instr],
    handlers: &'a [Handler],
    nlocals: u16,
    /// Instructions whose set is known.
    seen: Vec<bool>,
    work: Vec<(usize, Set)>,
    found: Vec<LiveRange>,
}

impl Flow<'_> {
    fn push(&mut self, pc: usize, set: Set) {
        if !self.seen[pc] {
            self.work.push((pc, set));
        }
    }

    fn apply(&self, set: &mut Set, effect: Effect, register: u16) {
        if let Some(temp) = register.checked_sub(self.nlocals) {
            set.apply(effect, usize::from(temp));
        }
    }

    /// Follows the code from `pc` on until it ends or reaches what is known.
    fn walk(&mut self, mut pc: usize, mut set: Set) {
        let mut shown: Option<Set> = None;
        let mut covering: Option<usize> = None;
        while pc < self.instrs.len() && !self.seen[pc] {
            self.seen[pc] = true;
            if shown.as_ref() != Some(&set) {
                self.found.push(LiveRange { start: pc as u32, registers: set.members(self.nlocals) });
                shown = Some(set.clone());
            }
            self.visit_handler(pc, &set, &mut covering);
            let instr = self.instrs[pc];
            let op = Op::from_u16(instr.op()).unwrap_or(Op::Nop);
            effects(op, instr, |effect, register| self.apply(&mut set, effect, register));
            if let Some(offset) = jump_offset(op, instr) {
                let mut taken = set.clone();
                ways(op, instr, |way, effect, register| {
                    self.apply(if way { &mut taken } else { &mut set }, effect, register);
                });
                self.push((pc as i64 + i64::from(offset)) as usize, taken);
            }
            if crate::assembler::ends(op) {
                return;
            }
            pc += 1 + usize::from(op.info().cache);
        }
    }

    /// Goes on at the handler of an instruction, once for each stretch of covered code.
    fn visit_handler(&mut self, pc: usize, set: &Set, covering: &mut Option<usize>) {
        let index = self.handlers.partition_point(|h| h.end as usize <= pc);
        let Some(handler) = self.handlers.get(index).filter(|h| h.start as usize <= pc) else {
            *covering = None;
            return;
        };
        if *covering == Some(index) {
            return;
        }
        *covering = Some(index);
        let depth = usize::from(handler.depth - self.nlocals);
        let mut entry = set.below(depth);
        entry.apply(Effect::Write, depth);
        self.push(handler.target as usize, entry);
    }
}
