//! The long way of instructions whose fast path stands in the loop: operands are found, the operation is done, the result
//! takes its register and operands that were temporaries are dropped. Out of the loop, so that the loop's registers
//! serve its fast paths.

use std::mem::ManuallyDrop;

use crate::context::Thread;
use crate::interp::ops;
use crate::memory::Memory;
use crate::object::{Obj, R, Raise};
use crate::types::function::FunctionObj;
use crate::types::slots::CmpOp;
use crate::value::Word;
use parallax_front::Instr;

/// Where an operand stands: its field of the instruction is a register, a constant, or the number itself.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Register,
    Constant,
    Small,
}

/// The registers of the running frame and what belongs to them.
struct Registers {
    base: *mut Word,
    consts: *const Word,
    nlocals: usize,
}

impl Registers {
    /// # Safety
    /// A frame is running.
    #[inline(always)]
    unsafe fn of<M: Memory>(t: &Thread<M>) -> Self {
        let base = t.frame.get();
        // SAFETY: the word below a frame's registers is its function, which outlives it.
        let code = unsafe { &(*(*base.sub(1)).address().cast::<FunctionObj<M>>()).body.code().body };
        Self { base, consts: code.consts.as_ptr(), nlocals: code.nlocals as usize }
    }

    /// The operand that `field` of an instruction names.
    ///
    /// # Safety
    /// As the opcode table says of the instruction.
    #[inline(always)]
    unsafe fn operand(&self, place: Place, field: u16) -> Word {
        // SAFETY: by the caller's word.
        unsafe {
            match place {
                Place::Register => *self.base.add(field as usize),
                Place::Constant => *self.consts.add(field as usize),
                Place::Small => Word::small(field as i16 as i64),
            }
        }
    }

    /// Writes a register and drops what it held.
    ///
    /// # Safety
    /// A register of the frame; the word is owned.
    #[inline(always)]
    unsafe fn put<M: Memory>(&self, t: &Thread<M>, register: usize, word: Word) {
        // SAFETY: by the caller's word.
        unsafe {
            let old = std::mem::replace(&mut *self.base.add(register), word);
            if old.is_counted() {
                M::release(t, old);
            }
        }
    }

    /// Drops an operand that was a temporary.
    ///
    /// # Safety
    /// As [`operand`](Self::operand).
    #[inline(always)]
    unsafe fn done<M: Memory>(&self, t: &Thread<M>, place: Place, field: u16) {
        let register = field as usize;
        // SAFETY: by the caller's word.
        if place == Place::Register && register >= self.nlocals && unsafe { *self.base.add(register) }.is_ptr() {
            // SAFETY: as above.
            unsafe { self.put(t, register, Word(0)) }
        }
    }
}

/// An operand as an object that is borrowed from its place.
///
/// # Safety
/// The word is valid, or null, for as long as the result is used.
#[inline(always)]
unsafe fn borrowed<M: Memory>(word: Word) -> ManuallyDrop<Obj<M>> {
    // SAFETY: by the caller's word; it is never dropped.
    ManuallyDrop::new(unsafe { Obj::from_word(word) })
}

/// `b op c` of the instruction at `pc` into register a, as `how` does it: arithmetic, or a comparison.
///
/// # Safety
/// `pc` is an instruction of the running frame whose operands stand in `places`.
#[inline(never)]
pub unsafe fn binary<M: Memory, Op>(
    t: &mut Thread<M>,
    pc: *mut u64,
    op: Op,
    how: fn(&mut Thread<M>, Op, &Obj<M>, &Obj<M>) -> R<M>,
    places: [Place; 2],
) -> Result<(), Raise> {
    t.pc.set(pc);
    // SAFETY: by the caller's word; registers and constants keep the operands until they are dropped here.
    unsafe {
        let i = *pc.cast::<Instr>();
        let registers = Registers::of(t);
        let (x, y) = (borrowed(registers.operand(places[0], i.b())), borrowed(registers.operand(places[1], i.c())));
        let value = how(t, op, &x, &y)?.into_word();
        registers.put(t, i.a() as usize, value);
        for (place, field) in places.into_iter().zip([i.b(), i.c()]) {
            if field != i.a() {
                registers.done(t, place, field);
            }
        }
    }
    Ok(())
}

/// Truth of `a op b` of the instruction at `pc`.
///
/// # Safety
/// As [`binary`]; the left operand stands in a register.
#[inline(never)]
pub unsafe fn compare_truth<M: Memory>(
    t: &mut Thread<M>,
    pc: *mut u64,
    op: CmpOp,
    right: Place,
) -> Result<bool, Raise> {
    t.pc.set(pc);
    // SAFETY: as in `binary`.
    unsafe {
        let i = *pc.cast::<Instr>();
        let registers = Registers::of(t);
        let (x, y) = (borrowed(registers.operand(Place::Register, i.a())), borrowed(registers.operand(right, i.b())));
        let answer = ops::compare_truth(t, op, &x, &y)?;
        registers.done(t, Place::Register, i.a());
        registers.done(t, right, i.b());
        Ok(answer)
    }
}
