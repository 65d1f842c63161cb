//! The liveness map: which temporaries hold something when an instruction begins. A backward data flow over the
//! finished words; one set of bits for each basic block, then one walk that writes the ranges.

use crate::code::{Handler, Instr, LiveRange, jump_offset};
use crate::effects::{Effect, effects, ways};
use crate::opcode::Op;

/// A set of temporaries.
#[derive(Clone, PartialEq)]
struct Set(Vec<u64>);

impl Set {
    fn insert(&mut self, i: usize) {
        self.0[i / 64] |= 1 << (i % 64);
    }

    fn remove(&mut self, i: usize) {
        self.0[i / 64] &= !(1 << (i % 64));
    }

    /// Adds the members of `other` below `limit`.
    fn merge(&mut self, other: &Set, limit: usize) {
        for (w, (to, from)) in self.0.iter_mut().zip(&other.0).enumerate() {
            let below = limit.saturating_sub(w * 64);
            let mask = if below >= 64 { u64::MAX } else { (1 << below) - 1 };
            *to |= from & mask;
        }
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

/// One decoded instruction.
struct Item {
    at: u32,
    op: Op,
    instr: Instr,
    /// Index of the jump's target among the blocks.
    jump: Option<usize>,
    handler: Option<(usize, u16)>,
}

struct Flow {
    items: Vec<Item>,
    /// First item of every block.
    starts: Vec<usize>,
    /// Live temporaries when a block begins.
    live: Vec<Set>,
    nlocals: u16,
    words: usize,
}

/// Computes the map.
pub(crate) fn liveness(instrs: &[Instr], handlers: &[Handler], nlocals: u16, nregs: u16) -> Box<[LiveRange]> {
    let words = usize::from(nregs.saturating_sub(nlocals)).div_ceil(64);
    if words == 0 || instrs.is_empty() {
        return Box::new([]);
    }
    let mut flow = Flow::new(instrs, handlers, nlocals, words);
    flow.solve();
    flow.ranges()
}

impl Flow {
    fn new(instrs: &[Instr], handlers: &[Handler], nlocals: u16, words: usize) -> Flow {
        let mut leader = vec![false; instrs.len() + 1];
        leader[0] = true;
        let mut places = Vec::new();
        let mut pc = 0;
        while pc < instrs.len() {
            let instr = instrs[pc];
            let op = Op::from_u16(instr.op()).unwrap_or(Op::Nop);
            let next = pc + 1 + usize::from(op.info().cache);
            if let Some(offset) = jump_offset(op, instr) {
                leader[(pc as i64 + i64::from(offset)) as usize] = true;
                leader[next.min(instrs.len())] = true;
            }
            places.push((pc, op, instr));
            pc = next;
        }
        for handler in handlers {
            leader[handler.target as usize] = true;
        }
        let mut block_of = vec![0; instrs.len() + 1];
        let mut starts = Vec::new();
        for (i, &(pc, ..)) in places.iter().enumerate() {
            if leader[pc] {
                block_of[pc] = starts.len();
                starts.push(i);
            }
        }
        let mut active = handlers.iter().peekable();
        let items = places.into_iter().map(|(pc, op, instr)| {
            while active.peek().is_some_and(|h| h.end as usize <= pc) {
                active.next();
            }
            let covering = active.peek().filter(|h| h.start as usize <= pc);
            let handler = covering.map(|h| (block_of[h.target as usize], h.depth - nlocals));
            let jump = jump_offset(op, instr).map(|offset| block_of[(pc as i64 + i64::from(offset)) as usize]);
            Item { at: pc as u32, op, instr, jump, handler }
        });
        let items = items.collect();
        let live = vec![Set(vec![0; words]); starts.len()];
        Flow { items, starts, live, nlocals, words }
    }

    fn end(&self, block: usize) -> usize {
        self.starts.get(block + 1).copied().unwrap_or(self.items.len())
    }

    fn solve(&mut self) {
        loop {
            let mut changed = false;
            for block in (0..self.starts.len()).rev() {
                let set = self.walk(block, |_, _| {});
                if set != self.live[block] {
                    self.live[block] = set;
                    changed = true;
                }
            }
            if !changed {
                return;
            }
        }
    }

    /// Walks a block backwards and shows the live set before each instruction.
    fn walk(&self, block: usize, mut show: impl FnMut(u32, &Set)) -> Set {
        let mut set = match self.live.get(block + 1) {
            Some(next) => next.clone(),
            None => Set(vec![0; self.words]),
        };
        for item in self.items[self.starts[block]..self.end(block)].iter().rev() {
            self.step(item, &mut set);
            show(item.at, &set);
        }
        set
    }

    fn step(&self, item: &Item, set: &mut Set) {
        let temp = |register: u16| register.checked_sub(self.nlocals).map(usize::from);
        let apply = |set: &mut Set, effect: Effect, register: u16| {
            let Some(i) = temp(register) else { return };
            match effect {
                Effect::Write => set.remove(i),
                Effect::Take | Effect::Peek | Effect::Drop => set.insert(i),
            }
        };
        if crate::assembler::ends(item.op) {
            set.0.fill(0);
        }
        let mut reports = Vec::new();
        if let Some(block) = item.jump {
            let mut taken = self.live[block].clone();
            ways(item.op, item.instr, |way, effect, register| reports.push((way, effect, register)));
            for &(way, effect, register) in reports.iter().rev() {
                apply(if way { &mut taken } else { set }, effect, register);
            }
            set.merge(&taken, usize::MAX);
            reports.clear();
        }
        effects(item.op, item.instr, |effect, register| reports.push((true, effect, register)));
        for &(_, effect, register) in reports.iter().rev() {
            apply(set, effect, register);
        }
        if let Some((block, depth)) = item.handler {
            set.merge(&self.live[block], usize::from(depth));
        }
    }

    fn ranges(&self) -> Box<[LiveRange]> {
        let mut out: Vec<LiveRange> = Vec::new();
        for block in 0..self.starts.len() {
            let mut sets = Vec::new();
            self.walk(block, |at, set| sets.push((at, set.members(self.nlocals))));
            for (start, registers) in sets.into_iter().rev() {
                if out.last().map_or(!registers.is_empty(), |last| last.registers != registers) {
                    out.push(LiveRange { start, registers });
                }
            }
        }
        out.into()
    }
}
