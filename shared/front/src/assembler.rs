//! Turns the emitter's stream of instructions, labels and protected regions into the final words: drops what cannot be
//! reached, threads jumps, chooses between forward and backward forms and widens jumps that are too far.
//!
//! While code is emitted, temporaries are numbered from [`TEMP`] up: how many named registers lie below them is known
//! only at the end.

use crate::ast::Span;
use crate::code::{Handler, Instr, Position};
use crate::opcode::{Kind, Op};
use crate::source::Lines;

/// The first temporary, before registers are numbered for good.
pub(crate) const TEMP: u16 = 0x8000;

/// A register: a named local, or a temporary from [`TEMP`] up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Reg(pub(crate) u16);

impl Reg {
    pub(crate) fn is_temp(self) -> bool {
        self.0 >= TEMP
    }

    /// The register `n` places on.
    pub(crate) fn plus(self, n: u16) -> Reg {
        Reg(self.0.saturating_add(n))
    }
}

/// A place in the code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Label(u32);

const NOWHERE: u32 = u32::MAX;

#[derive(Clone, Copy)]
struct Ins {
    op: Op,
    a: u16,
    b: u16,
    c: u16,
    /// Label number.
    target: u32,
    cache: [u32; 2],
    span: Span,
    /// Protected region, or [`NOWHERE`].
    region: u32,
}

/// A stretch of code whose exceptions go to one handler.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Region(u32);

struct RegionInfo {
    target: Label,
    depth: Reg,
    used: bool,
}

/// Instructions under construction.
pub(crate) struct Assembler {
    list: Vec<Ins>,
    /// Index of the instruction that each label stands before.
    labels: Vec<u32>,
    referenced: Vec<bool>,
    regions: Vec<RegionInfo>,
    region: u32,
    dead: bool,
    pub(crate) span: Span,
}

/// Finished words and tables.
pub(crate) struct Assembly {
    pub(crate) instrs: Vec<Instr>,
    pub(crate) handlers: Vec<Handler>,
    pub(crate) positions: Vec<(u32, Position)>,
}

impl Assembler {
    pub(crate) fn new() -> Assembler {
        Assembler {
            list: Vec::new(),
            labels: Vec::new(),
            referenced: Vec::new(),
            regions: Vec::new(),
            region: NOWHERE,
            dead: false,
            span: Span::default(),
        }
    }

    /// Instructions so far.
    pub(crate) fn len(&self) -> usize {
        self.list.len()
    }

    /// Nothing that is emitted now can be reached.
    pub(crate) fn dead(&self) -> bool {
        self.dead
    }

    fn push(&mut self, op: Op, a: u16, b: u16, c: u16, target: u32) {
        if self.dead {
            return;
        }
        if let Some(region) = self.regions.get_mut(self.region as usize) {
            region.used = true;
        }
        if target != NOWHERE {
            self.referenced[target as usize] = true;
        }
        self.list.push(Ins { op, a, b, c, target, cache: [0; 2], span: self.span, region: self.region });
        self.dead = ends(op);
    }

    pub(crate) fn emit(&mut self, op: Op, a: Reg, b: Reg, c: Reg) {
        self.push(op, a.0, b.0, c.0, NOWHERE);
    }

    /// An instruction whose fields are not all registers.
    pub(crate) fn raw(&mut self, op: Op, a: u16, b: u16, c: u16) {
        self.push(op, a, b, c, NOWHERE);
    }

    pub(crate) fn wide(&mut self, op: Op, a: Reg, bc: u32) {
        self.push(op, a.0, bc as u16, (bc >> 16) as u16, NOWHERE);
    }

    pub(crate) fn jump(&mut self, op: Op, a: u16, b: u16, target: Label) {
        self.push(op, a, b, 0, target.0);
    }

    /// Puts a jump before the method call without arguments that was emitted last, over its window; tells if there is one.
    pub(crate) fn guard_call(&mut self, op: Op, a: Reg, target: Label) -> bool {
        match self.list.last() {
            Some(&call) if !self.dead && call.op == Op::CallMethod && call.c == 0 => {
                self.list.pop();
                self.push(op, a.0, call.b, 0, target.0);
                self.list.push(call);
                true
            }
            _ => false,
        }
    }

    pub(crate) fn goto(&mut self, target: Label) {
        self.push(Op::Jump, 0, 0, 0, target.0);
    }

    /// Fills the cache words of the last instruction.
    pub(crate) fn cache(&mut self, words: [u32; 2]) {
        if let (false, Some(last)) = (self.dead, self.list.last_mut()) {
            last.cache = words;
        }
    }

    pub(crate) fn label(&mut self) -> Label {
        self.labels.push(NOWHERE);
        self.referenced.push(false);
        Label(self.labels.len() as u32 - 1)
    }

    /// Puts a label here. Code after it lives if something before it jumps here.
    pub(crate) fn bind(&mut self, label: Label) {
        self.labels[label.0 as usize] = self.list.len() as u32;
        if self.referenced[label.0 as usize] {
            self.dead = false;
        }
    }

    /// Puts a label here that later code jumps back to, when `live`.
    pub(crate) fn bind_loop(&mut self, label: Label, live: bool) {
        self.labels[label.0 as usize] = self.list.len() as u32;
        self.dead = !live;
    }

    /// Opens a protected region: what is emitted until [`Assembler::leave`] goes to `target`, with temporaries from
    /// `depth` up dropped.
    pub(crate) fn enter(&mut self, target: Label, depth: Reg) -> Region {
        self.regions.push(RegionInfo { target, depth, used: false });
        let outer = Region(self.region);
        self.region = self.regions.len() as u32 - 1;
        outer
    }

    pub(crate) fn region(&self) -> Region {
        Region(self.region)
    }

    /// Back to a region.
    pub(crate) fn leave(&mut self, outer: Region) -> Region {
        Region(std::mem::replace(&mut self.region, outer.0))
    }

    /// Binds the label of a handler: it lives when its region has code.
    pub(crate) fn bind_handler(&mut self, label: Label) {
        self.labels[label.0 as usize] = self.list.len() as u32;
        self.dead = !self.regions.iter().rev().any(|r| r.target == label && r.used);
    }

    fn place(&self, label: u32) -> usize {
        self.labels[label as usize] as usize
    }

    /// Lets jumps to jumps go to the end at once.
    fn thread(&mut self) {
        for i in 0..self.list.len() {
            let ins = self.list[i];
            if ins.target == NOWHERE || matches!(ins.op, Op::ForLoop) {
                continue;
            }
            let mut target = ins.target;
            for _ in 0..8 {
                match self.list.get(self.place(target)) {
                    Some(next) if next.op == Op::Jump => {
                        let further = self.place(next.target);
                        if further <= i && ins.op != Op::Jump {
                            break;
                        }
                        target = next.target;
                    }
                    _ => break,
                }
            }
            self.list[i].target = target;
        }
    }

    /// Which instructions can run.
    fn reachable(&self) -> Vec<bool> {
        let mut seen = vec![false; self.list.len()];
        let mut work = vec![0];
        while let Some(mut i) = work.pop() {
            while let (Some(ins), Some(false)) = (self.list.get(i), seen.get(i)) {
                seen[i] = true;
                if ins.target != NOWHERE {
                    work.push(self.place(ins.target));
                }
                if let Some(region) = self.regions.get(ins.region as usize) {
                    work.push(self.place(region.target.0));
                }
                if ends(ins.op) {
                    break;
                }
                i += 1;
            }
        }
        seen
    }

    /// Removes what cannot run, then jumps to what follows anyway.
    fn prune(&mut self) {
        let mut keep = self.reachable();
        let mut next = self.list.len();
        for i in (0..self.list.len()).rev() {
            let ins = &self.list[i];
            if keep[i] && ins.op == Op::Jump && self.place(ins.target) > i && self.place(ins.target) <= next {
                keep[i] = false;
            }
            if keep[i] {
                next = i;
            }
        }
        self.compact(keep);
    }

    /// A conditional jump over an unconditional one becomes the opposite conditional jump.
    fn invert(&mut self) {
        let mut targets = vec![false; self.list.len() + 1];
        for ins in self.list.iter().filter(|ins| ins.target != NOWHERE) {
            targets[self.place(ins.target)] = true;
        }
        for region in self.regions.iter().filter(|r| r.used) {
            targets[self.place(region.target.0)] = true;
        }
        let mut keep = vec![true; self.list.len()];
        for i in 0..self.list.len().saturating_sub(1) {
            let (ins, next) = (self.list[i], self.list[i + 1]);
            if next.op != Op::Jump || targets[i + 1] || ins.target == NOWHERE || self.place(ins.target) != i + 2 {
                continue;
            }
            let Some(op) = opposite(ins.op) else { continue };
            if !forward_only(op) || self.place(next.target) > i {
                self.list[i] = Ins { op, target: next.target, ..ins };
                keep[i + 1] = false;
            }
        }
        self.compact(keep);
    }

    /// Removes the checks of locals that are bound on every way to them.
    fn drop_checks(&mut self, params: u16) {
        let mut checked: Vec<u16> = self.list.iter().filter(|ins| ins.op == Op::CheckBound).map(|ins| ins.a).collect();
        checked.sort_unstable();
        checked.dedup();
        // The rest keep their checks.
        checked.truncate(64);
        if checked.is_empty() {
            return;
        }
        let bit = |register: u16| checked.binary_search(&register).map_or(0, |at| 1u64 << at);
        // What is surely bound before each instruction; everything while no way to it is known.
        let mut bound = vec![u64::MAX; self.list.len() + 1];
        let mut seen = vec![false; self.list.len() + 1];
        let mut work = vec![(0, (0..params).map(bit).fold(0, |set, bit| set | bit))];
        while let Some((mut i, mut set)) = work.pop() {
            while i < self.list.len() && (!seen[i] || bound[i] & !set != 0) {
                set &= bound[i];
                bound[i] = set;
                seen[i] = true;
                let ins = self.list[i];
                if let Some(region) = self.regions.get(ins.region as usize) {
                    work.push((self.place(region.target.0), set));
                }
                let info = ins.op.info();
                let mut after = set;
                for (kind, register) in [(info.a, ins.a), (info.b, ins.b), (info.c, ins.c)] {
                    if kind == Kind::D || ins.op == Op::CheckBound {
                        after |= bit(register);
                    }
                }
                if matches!(ins.op, Op::DelLocal | Op::Clear) {
                    after = set & !bit(ins.a);
                }
                if ins.target != NOWHERE {
                    // A loop's next item arrives with the jump.
                    work.push((self.place(ins.target), after));
                }
                if ends(ins.op) {
                    break;
                }
                set = if matches!(info.c, Kind::J) && info.b == Kind::D { set } else { after };
                i += 1;
            }
        }
        let surely = |(i, ins): (usize, &Ins)| ins.op != Op::CheckBound || bound[i] & bit(ins.a) == 0;
        let keep = self.list.iter().enumerate().map(surely).collect();
        self.compact(keep);
    }

    fn compact(&mut self, keep: Vec<bool>) {
        let mut moved = Vec::with_capacity(self.list.len() + 1);
        let mut count = 0;
        for &kept in &keep {
            moved.push(count);
            count += u32::from(kept);
        }
        moved.push(count);
        for label in &mut self.labels {
            if *label != NOWHERE {
                *label = moved[*label as usize];
            }
        }
        let mut kept = keep.into_iter();
        self.list.retain(|_| kept.next().unwrap_or(false));
    }

    /// Numbers the registers, lays the code out and makes the tables.
    pub(crate) fn finish(mut self, nlocals: u16, params: u16, lines: &Lines<'_>) -> Assembly {
        self.thread();
        self.prune();
        self.drop_checks(params);
        self.invert();
        let (places, long) = self.layout();
        let number = |r: u16| if r >= TEMP { nlocals + (r - TEMP) } else { r };
        let mut out = Assembly { instrs: Vec::new(), handlers: Vec::new(), positions: Vec::new() };
        let mut last_span = None;
        for (i, ins) in self.list.iter().enumerate() {
            let start = out.instrs.len() as u32;
            if last_span != Some(ins.span) {
                last_span = Some(ins.span);
                let position = if ins.span == Span::default() { Position::default() } else { lines.position(ins.span) };
                out.positions.push((start, position));
            }
            let target = if ins.target == NOWHERE { 0 } else { i64::from(places[self.place(ins.target)]) };
            encode(ins, number, target, long[i], &mut out.instrs);
            if let Some(region) = self.regions.get(ins.region as usize) {
                let (target, depth) = (places[self.place(region.target.0)], number(region.depth.0));
                let end = out.instrs.len() as u32;
                match out.handlers.last_mut() {
                    Some(h) if h.end == start && h.target == target && h.depth == depth => h.end = end,
                    _ => out.handlers.push(Handler { start, end, target, depth }),
                }
            }
        }
        out
    }

    /// The place of every instruction, and which jumps need the long form.
    fn layout(&self) -> (Vec<u32>, Vec<bool>) {
        let mut long: Vec<bool> = Vec::with_capacity(self.list.len());
        for (i, ins) in self.list.iter().enumerate() {
            long.push(forward_only(ins.op) && ins.target != NOWHERE && self.place(ins.target) <= i);
        }
        let mut places = vec![0; self.list.len() + 1];
        loop {
            for (i, ins) in self.list.iter().enumerate() {
                places[i + 1] = places[i] + size(ins, long[i]);
            }
            let mut changed = false;
            for (i, ins) in self.list.iter().enumerate() {
                if ins.target == NOWHERE || long[i] || ins.op.info().c != Kind::J {
                    continue;
                }
                let offset = i64::from(places[self.place(ins.target)]) - i64::from(places[i]);
                if i16::try_from(offset).is_err() {
                    long[i] = true;
                    changed = true;
                }
            }
            if !changed {
                return (places, long);
            }
        }
    }
}

/// Does control never pass to the next instruction?
pub(crate) fn ends(op: Op) -> bool {
    use Op::*;
    matches!(op, Jump | Loop | Return | ReturnK | Raise | RaiseFrom | RaiseAgain | Reraise)
}

fn forward_only(op: Op) -> bool {
    op.info().name.starts_with("Unless")
}

/// The jump that is taken exactly when this one is not.
fn opposite(op: Op) -> Option<Op> {
    use Op::*;
    Some(match op {
        IfLtRR => UnlessLtRR,
        IfLeRR => UnlessLeRR,
        IfEqRR => UnlessEqRR,
        IfNeRR => UnlessNeRR,
        IfGtRR => UnlessGtRR,
        IfGeRR => UnlessGeRR,
        UnlessLtRR => IfLtRR,
        UnlessLeRR => IfLeRR,
        UnlessEqRR => IfEqRR,
        UnlessNeRR => IfNeRR,
        UnlessGtRR => IfGtRR,
        UnlessGeRR => IfGeRR,
        IfLtRI => UnlessLtRI,
        IfLeRI => UnlessLeRI,
        IfEqRI => UnlessEqRI,
        IfNeRI => UnlessNeRI,
        IfGtRI => UnlessGtRI,
        IfGeRI => UnlessGeRI,
        UnlessLtRI => IfLtRI,
        UnlessLeRI => IfLeRI,
        UnlessEqRI => IfEqRI,
        UnlessNeRI => IfNeRI,
        UnlessGtRI => IfGtRI,
        UnlessGeRI => IfGeRI,
        IfEqRK => UnlessEqRK,
        IfNeRK => UnlessNeRK,
        UnlessEqRK => IfEqRK,
        UnlessNeRK => IfNeRK,
        IfIs => UnlessIs,
        UnlessIs => IfIs,
        IfIn => UnlessIn,
        UnlessIn => IfIn,
        IfNone => UnlessNone,
        UnlessNone => IfNone,
        IfTrue => UnlessTrue,
        UnlessTrue => IfTrue,
        _ => return None,
    })
}

fn size(ins: &Ins, long: bool) -> u32 {
    let plain = 1 + u32::from(ins.op.info().cache);
    match (long, opposite(ins.op)) {
        (false, _) => plain,
        (true, Some(_)) => plain + 1,
        (true, None) => plain + 2,
    }
}

/// The unconditional jump that goes from `from` to `to`.
fn unconditional(from: i64, to: i64) -> Instr {
    let op = if to <= from { Op::Loop } else { Op::Jump };
    Instr::wide(op, 0, (to - from) as i32 as u32)
}

fn encode(ins: &Ins, number: impl Fn(u16) -> u16, target: i64, long: bool, out: &mut Vec<Instr>) {
    let info = ins.op.info();
    let field = |kind: Kind, value: u16| match kind {
        Kind::D | Kind::R | Kind::P | Kind::W => number(value),
        _ => value,
    };
    let (a, b, mut c) = (field(info.a, ins.a), field(info.b, ins.b), field(info.c, ins.c));
    if ins.op == Op::Yield && ins.c >= TEMP {
        c = number(ins.c) + 1;
    }
    let at = out.len() as i64;
    let short = |op: Op, offset: i64| match info.c {
        Kind::J => Instr::new(op, a, b, offset as i16 as u16),
        _ => Instr::wide(op, a, offset as i32 as u32),
    };
    if ins.target == NOWHERE {
        out.push(Instr::new(ins.op, a, b, c));
        out.extend(ins.cache[..info.cache as usize].iter().map(|&word| Instr(u64::from(word))));
    } else if ins.op == Op::Jump {
        out.push(unconditional(at, target));
    } else if !long {
        out.push(short(ins.op, target - at));
    } else if let Some(op) = opposite(ins.op) {
        out.push(short(op, 2));
        out.push(unconditional(at + 1, target));
    } else {
        out.push(short(ins.op, 2));
        out.push(unconditional(at + 1, at + 3));
        out.push(unconditional(at + 2, target));
    }
}
