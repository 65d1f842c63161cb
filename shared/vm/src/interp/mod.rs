//! The interpreter loop: a table of contents of the instruction set. Fast paths stand here, everything else is a named
//! function of a sibling module.
//!
//! # Invariants
//! 1. `base` is the window of the running frame and equals [`Context::frame`]; `top` is the end of that window.
//! 2. A handler that may raise, run Python, allocate or poll saves `pc` first (`save!`).
//! 3. A dead temporary holds no pointer (opcode table). `put!` drops what its register held, so it serves locals and
//!    temporaries; `done!` takes an operand that was a temporary.
//! 4. Words read from registers are valid while the register keeps them; words read from objects are held
//!    (`M::hold`) before anything else happens.

pub mod attr;
pub mod bind;
pub mod build;
pub mod call;
pub mod fast;
pub mod frame;
pub mod imports;
pub mod iterate;
pub mod leave;
pub mod long;
pub mod ops;
pub mod patterns;
pub mod places;
pub mod raising;
pub mod recode;
pub mod unpack;
pub mod unwind;

use std::sync::atomic::Ordering;

use crate::args::Args;
use crate::code::CodeBody;
use crate::context::{Context, Thread, poll};
use crate::counters::Event;
use crate::memory::{CellWord, Header, Memory};
use crate::object::{Obj, Object, R};
use crate::types::cell::Cell as PyCell;
use crate::types::dict::{self, Dict};
use crate::types::function::{Function, FunctionObj};
use crate::types::generator;
use crate::types::list::{self, List};
use crate::types::native::Native;
use crate::types::slots::{BinOp, CmpOp};
use crate::types::{descriptors, ids, module, tuple};
use crate::value::Word;
use frame::BELOW;
use long::Place;
use parallax_front::{Instr, Op};

/// Keeps the compiler from turning a branch on data into a conditional move of the instruction pointer, which would make
/// the next dispatch wait for the comparison (measured.md, section C).
#[inline(always)]
fn keep_branch() {
    // SAFETY: an empty instruction sequence changes nothing.
    unsafe { std::arch::asm!("", options(nomem, nostack, preserves_flags)) }
}

/// Shape of the object behind a pointer word.
///
/// # Safety
/// `word` is a valid pointer word.
#[inline(always)]
unsafe fn shape_of<M: Memory>(word: Word) -> u32 {
    // SAFETY: by the caller's word.
    unsafe { (*word.address().cast::<M::Header>()).shape() }
}

/// Runs from `start` in the running frame until an entry frame is left: returns its value (a generator's: what it
/// yields or returns, see [`generator`]).
///
/// # Safety
/// The running frame is an entry frame that was just pushed, `start` is an instruction of its code.
#[rustfmt::skip]
pub unsafe fn run<M: Memory>(t: &mut Thread<M>, start: *mut Instr) -> R<M> {
    let own: *const Context<M> = &raw const **t;
    // A token of the loop's own lies at a known place of its stack; a pointer to the caller's would take a register, which the
    // context needs more.
    // SAFETY: the caller's token is borrowed for as long as this one is used.
    let t = &mut unsafe { Thread::new(&*own) };
    let mut pc: *mut u64 = start.cast();
    // SAFETY: (whole function) the loop runs what the compiler made (its tests check all of it) under the invariants of this module; every register index
    // is below `nregs`, every jump target is an instruction, every operand is of the kind that the opcode table says.
    unsafe {
        // The context outlives the loop; nothing in it is reached through `t` exclusively, as all its fields are cells.
        let ctx: &Context<M> = &*own;
        let me = M::me(ctx);
        let mut base: *mut Word = ctx.frame.get();
        let mut code: *const CodeBody<M> = &raw const (*(*base.sub(1)).address().cast::<FunctionObj<M>>()).body.code().body;

        macro_rules! reload { () => {{
            base = ctx.frame.get();
            code = &raw const (*(*base.sub(1)).address().cast::<FunctionObj<M>>()).body.code().body;
        }}; }
        'run: loop {
            'dispatch: loop {
                // Read again where several instructions share a handler: what the dispatch read would be kept in a register
                // through all of them.
                macro_rules! op { () => { pc.cast::<u16>().read_volatile() }; }
                macro_rules! a { () => { *pc.cast::<u16>().add(1) as usize }; }
                macro_rules! b { () => { *pc.cast::<u16>().add(2) as usize }; }
                macro_rules! c { () => { *pc.cast::<u16>().add(3) as usize }; }
                macro_rules! ci { () => { *pc.cast::<i16>().add(3) as i64 }; }
                macro_rules! bi { () => { *pc.cast::<i16>().add(2) as i64 }; }
                macro_rules! bc { () => { *pc.cast::<u32>().add(1) }; }
                macro_rules! r { ($i:expr) => { *base.add($i) }; }
                macro_rules! k { ($i:expr) => { *(*code).consts.as_ptr().add($i) }; }
                macro_rules! obj { ($i:expr) => { &*base.add($i).cast::<Obj<M>>() }; }
                macro_rules! kobj { ($i:expr) => { &*(*code).consts.as_ptr().add($i).cast::<Obj<M>>() }; }
                macro_rules! name { ($i:expr) => { &*(*code).names.as_ptr().add($i).cast::<Obj<M>>() }; }
                macro_rules! nlocals { () => { (*code).nlocals as usize }; }
                macro_rules! next { ($n:expr) => {{ pc = pc.add($n); continue 'dispatch; }}; }
                macro_rules! save { () => { ctx.pc.set(pc) }; }
                macro_rules! release { ($w:expr) => {{ let w: Word = $w; if w.is_counted() { M::release_as(ctx, me, w) } }}; }
                // Writes a register and drops what it held.
                macro_rules! put { ($i:expr, $w:expr) => {{
                    let at = base.add($i); let new: Word = $w; let old = *at; *at = new;
                    if old.is_counted() { M::release_as(ctx, me, old) }
                }}; }
                // Takes an operand that was a temporary.
                macro_rules! done { ($i:expr) => {{
                    let i = $i;
                    if i >= nlocals!() { let w = r!(i); if w.is_ptr() { r!(i) = Word(0); if w.is_counted() { M::release_as(ctx, me, w) } } }
                }}; }
                // As `done!`, unless the result was put over it.
                macro_rules! done_unless { ($i:expr, $dst:expr) => {{ let i = $i; if i != $dst { done!(i) } }}; }
                // Moves a temporary out of its register, copies a local.
                macro_rules! take { ($i:expr) => {{
                    let i = $i; let w = r!(i);
                    if w.is_ptr() { if i >= nlocals!() { r!(i) = Word(0); w } else { M::hold_as(ctx, me, w) } } else { w }
                }}; }
                // As `take!`, but always counted: for the heap.
                macro_rules! take_counted { ($i:expr) => {{
                    let i = $i; let w = r!(i);
                    if !w.is_ptr() { w }
                    else if i >= nlocals!() { r!(i) = Word(0); if w.is_counted() { w } else { M::retain_as(ctx, me, w) } }
                    else { M::retain_as(ctx, me, w) }
                }}; }
                macro_rules! poll { ($n:expr) => {
                    if ctx.poll.load(Ordering::Relaxed) != 0 {
                        ctx.pc.set(pc);
                        if t.poll_slow().is_err() { break 'dispatch }
                    }
                }; }
                macro_rules! tri { ($e:expr) => { match $e { Ok(v) => v, Err(_) => break 'dispatch } }; }
                // Pushes the frame of a plain function whose arguments stand in place.
                macro_rules! enter { ($f:expr, $new:expr, $dst:expr, $flags:expr, $ret:expr, $callee:expr) => {{
                    let new: *mut Word = $new;
                    let callee: *const CodeBody<M> = $callee;
                    *new.sub(3) = frame::link(new.offset_from(base) as usize, $dst, $flags);
                    *new.sub(2) = Word($ret as u64);
                    *new.sub(1) = $f;
                    base = new;
                    code = callee;
                    ctx.frame.set(base);
                    ctx.top.set(base.add((*code).nregs as usize));
                    ctx.depth.set(ctx.depth.get() + 1);
                    pc = M::instructions(ctx, &*code).cast();
                }}; }
                // Calls whatever stands in a window.
                macro_rules! call_any { ($w:expr, $first:expr, $n:expr, $names:expr, $dst:expr, $len:expr) => {{
                    poll!(0);
                    save!();
                    match tri!(call::call_window(t, base.add($w), base.add($first), $n, $names)) {
                        call::Called::Value(v) => { put!($dst, v.into_word()); poll!(0); next!($len) }
                        call::Called::Frame(f, new, flags) => {
                            let callee: *const CodeBody<M> = &raw const (*f.address().cast::<FunctionObj<M>>()).body.code().body;
                            enter!(f, new, $dst, flags, pc.add($len), callee);
                            continue 'dispatch;
                        }
                    }
                }}; }
                // Calls a function for an instruction that has no window. `$flags`: what becomes of the result.
                macro_rules! call_above { ($f:expr, $args:expr, $dst:expr, $flags:expr, $len:expr) => {
                    match tri!(call::call_above(t, $f, $args)) {
                        call::Called::Value(v) => {
                            if $flags & frame::DISCARD == 0 { put!($dst, v.into_word()) } else { drop(v) }
                            poll!(0);
                            next!($len)
                        }
                        call::Called::Frame(f, new, flags) => {
                            let callee: *const CodeBody<M> = &raw const (*f.address().cast::<FunctionObj<M>>()).body.code().body;
                            enter!(f, new, $dst, flags | $flags, pc.add($len), callee);
                            continue 'dispatch;
                        }
                    }
                }; }
                // The fast path of a call: plain function, right number of arguments.
                // `$known`: the receiver is an instance of the class in which the callable was found.
                macro_rules! call_fast { ($known:literal, $w:expr, $first:expr, $n:expr, $dst:expr, $len:expr) => {{
                    // Before the callable is read: a poll may count what its register holds.
                    poll!(0);
                    let f = r!($w);
                    if f.is_ptr() {
                        let shape = shape_of::<M>(f);
                        if shape == ids::FUNCTION {
                            let callee: *const CodeBody<M> = &raw const (*f.address().cast::<FunctionObj<M>>()).body.code().body;
                            let new = base.add($first);
                            if (*callee).simple && (*callee).argcount as usize == $n
                                && ctx.depth.get() < ctx.interp.recursion_limit()
                                && new.add((*callee).nregs as usize) < ctx.stack_limit
                            {
                                r!($w) = Word(0);
                                for i in $n..(*callee).nlocals as usize { *new.add(i) = Word::NULL; }
                                let ret = pc.add($len);
                                enter!(f, new, $dst, 0, ret, callee);
                                continue 'dispatch;
                            }
                        } else if shape == ids::NATIVE || ($known && shape == ids::METHOD_DESCRIPTOR) {
                            let native = &(*f.address().cast::<Object<M, Native<M>>>()).body;
                            if let Some(read) = native.read
                                && let Some(found) = read(ctx, std::slice::from_raw_parts(base.add($first).cast::<Obj<M>>(), $n))
                            {
                                let value = M::hold_as(ctx, me, found);
                                for i in $first..$first + $n { let w = r!(i); if w.is_ptr() { r!(i) = Word(0); release!(w) } }
                                r!($w) = Word(0);
                                release!(f);
                                put!($dst, value);
                                poll!(0);
                                next!($len)
                            }
                            if native.receiver.is_null() && $n >= native.takes.0 as usize && $n <= native.takes.1 as usize {
                                save!();
                                let first = base.add($first);
                                let args = Args::positional(std::slice::from_raw_parts(first.cast::<Obj<M>>(), $n));
                                let value = tri!((native.f)(t, args)).into_word();
                                for i in 0..$n { let w = *first.add(i); if w.is_ptr() { *first.add(i) = Word(0); release!(w) } }
                                let f = std::mem::replace(&mut r!($w), Word(0));
                                release!(f);
                                put!($dst, value);
                                poll!(0);
                                next!($len)
                            }
                        }
                    }
                    call_any!($w, $first, $n, &[], $dst, $len)
                }}; }
                // Arithmetic: integers and floats here, the rest in `long`.
                macro_rules! arith { ($op:ident, $f:path, $x:expr, $left:ident, $y:expr, $right:ident) => {{
                    let (x, y): (Word, Word) = ($x, $y);
                    if let Some(w) = fast::$op(x, y) { put!(a!(), w); next!(1) }
                    tri!(long::binary(t, pc, BinOp::$op, $f, [Place::$left, Place::$right]));
                    next!(1)
                }}; }
                macro_rules! rr { ($op:ident, $f:path) => { arith!($op, $f, r!(b!()), Register, r!(c!()), Register) }; }
                macro_rules! rk { ($op:ident) => { arith!($op, ops::binary, r!(b!()), Register, k!(c!()), Constant) }; }
                macro_rules! kr { ($op:ident) => { arith!($op, ops::binary, k!(b!()), Constant, r!(c!()), Register) }; }
                macro_rules! ri { ($op:ident, $f:path) => { arith!($op, $f, r!(b!()), Register, Word::small(ci!()), Small) }; }
                macro_rules! unary { ($fast:expr, $f:path) => {{
                    let x = r!(b!());
                    if let Some(w) = $fast(x) { put!(a!(), w); next!(1) }
                    save!();
                    let value = tri!($f(t, obj!(b!()))).into_word();
                    let dst = a!();
                    put!(dst, value);
                    done_unless!(b!(), dst);
                    next!(1)
                }}; }
                // Comparisons that leave a value.
                macro_rules! cmp { ($op:ident, $y:expr, $right:ident) => {{
                    let (x, y): (Word, Word) = (r!(b!()), $y);
                    if let Some(v) = fast::compare(CmpOp::$op, x, y) { put!(a!(), Word::bool(v)); next!(1) }
                    tri!(long::binary(t, pc, CmpOp::$op, ops::compare, [Place::Register, Place::$right]));
                    next!(1)
                }}; }
                macro_rules! jump { ($offset:expr) => {{ keep_branch(); pc = pc.offset($offset as isize); continue 'dispatch; }}; }
                // Comparisons that jump. `$when`: the answer that jumps; true polls. Each kind of operand has a branch of its
                // own: an answer that is put together from several would be tested once more.
                macro_rules! cmp_jump { ($op:ident, $when:literal, $y:expr, $right:ident) => {{
                    macro_rules! branch { ($answer:expr) => {{
                        if $answer == $when {
                            if $when { poll!(0) }
                            jump!(ci!())
                        }
                        next!(1)
                    }}; }
                    let (x, y): (Word, Word) = (r!(a!()), $y);
                    if x.both_int(y) { branch!(fast::compare_ints(CmpOp::$op, x, y)) }
                    if x.is_float() && y.is_float() { branch!(fast::compare_floats(CmpOp::$op, x, y)) }
                    let answer = tri!(long::compare_truth(t, pc, CmpOp::$op, Place::$right));
                    branch!(answer)
                }}; }
                macro_rules! rr_jump { ($op:ident, $when:literal) => { cmp_jump!($op, $when, r!(b!()), Register) }; }
                macro_rules! ri_jump { ($op:ident, $when:literal) => { cmp_jump!($op, $when, Word::small(bi!()), Small) }; }
                macro_rules! rk_jump { ($op:ident, $when:literal) => { cmp_jump!($op, $when, k!(b!()), Constant) }; }
                macro_rules! truth { ($i:expr) => {{
                    let w = r!($i);
                    if w == Word::TRUE { true } else if w == Word::FALSE || w == Word::NONE { false }
                    else if w.is_int() { w.0 != 0 }
                    else { save!(); let v = tri!(ops::truth(t, obj!($i))); v }
                }}; }
                // Does the cache of the instruction hold for this object?
                macro_rules! cache_hit { ($w:expr) => {{
                    let w: Word = $w;
                    w.is_ptr() && {
                        let shape = shape_of::<M>(w);
                        let cached = *pc.add(1);
                        shape == cached as u32
                            && (*ctx.interp.shapes.versions().add(shape as usize)).load(Ordering::Acquire) == (cached >> 32) as u32
                    }
                }}; }
                macro_rules! deopt { ($op:ident) => {{ attr::rewrite(pc, Op::$op); continue 'dispatch; }}; }
                // Leaves the frame, whose locals are clean, with an owned value.
                macro_rules! leave { ($value:expr) => {{
                    let mut value: Word = $value;
                    let link = *base.sub(3);
                    let flags = frame::link_flags(link);
                    if flags == 0 || (flags == frame::INIT && value == Word::NONE) {
                        if flags != 0 { value = std::mem::replace(&mut *base.sub(4), Word(0)) }
                        let f = *base.sub(1);
                        *base.sub(1) = Word(0);
                        pc = (*base.sub(2)).0 as *mut u64;
                        ctx.depth.set(ctx.depth.get() - 1);
                        base = base.sub(frame::link_down(link));
                        ctx.frame.set(base);
                        code = &raw const (*(*base.sub(1)).address().cast::<FunctionObj<M>>()).body.code().body;
                        ctx.top.set(base.add((*code).nregs as usize));
                        release!(f);
                        put!(frame::link_dst(link), value);
                        continue 'dispatch;
                    }
                    let next_pc = (*base.sub(2)).0 as *mut u64;
                    match tri!(leave::leave(t, Obj::from_word(value))) {
                        leave::Left::Out(value) => return Ok(value),
                        leave::Left::Nowhere => { reload!(); pc = next_pc; poll!(0); continue 'dispatch }
                        leave::Left::Into(dst, value) => { reload!(); pc = next_pc; put!(dst, value.into_word()); continue 'dispatch }
                        leave::Left::Exhausted(value) => {
                            reload!();
                            pc = leave::after_exhaustion(t, next_pc, value);
                            continue 'dispatch
                        }
                    }
                }}; }
                // Gives an instruction's result and consumes up to three operands. At the end: the instruction's length.
                macro_rules! finish {
                    ($value:expr; $($i:expr),*) => { finish!($value; $($i),*; 1) };
                    ($value:expr; $($i:expr),*; $len:literal) => {{
                        let value: Word = $value;
                        let dst = a!();
                        put!(dst, value);
                        $(done_unless!($i, dst);)*
                        next!($len)
                    }};
                }

                ctx.count(Event::Bytecode);
                match std::mem::transmute::<u16, Op>(*pc.cast::<u16>()) {
                    Op::Nop => next!(1),
                    Op::Move => {
                        let i = b!();
                        let w = r!(i);
                        let new = if w.is_ptr() {
                            if i >= nlocals!() { r!(i) = Word(0); w } else { M::hold_as(ctx, me, w) }
                        } else if w == Word::NULL { save!(); let _ = t.unbound_operand(); break 'dispatch } else { w };
                        put!(a!(), new);
                        next!(1)
                    }
                    Op::LoadK => { let w = k!(bc!() as usize); put!(a!(), w); next!(1) }
                    Op::LoadInt => { put!(a!(), Word::small(bc!() as i32 as i64)); next!(1) }
                    Op::DelLocal => {
                        if r!(a!()) == Word::NULL { save!(); let _ = t.unbound_operand(); break 'dispatch }
                        save!();
                        put!(a!(), Word::NULL);
                        poll!(0);
                        next!(1)
                    }
                    Op::Clear => {
                        save!();
                        let i = a!();
                        let object = r!(i).is_counted();
                        put!(i, if i < nlocals!() { Word::NULL } else { Word(0) });
                        // Finalisers do not raise; other requests wait for an instruction that may.
                        if object && ctx.poll.load(Ordering::Relaxed) & poll::FINALIZE != 0 {
                            t.served(poll::FINALIZE);
                            crate::finalize::run_pending(t);
                        }
                        next!(1)
                    }
                    Op::CheckBound => {
                        if r!(a!()) == Word::NULL { save!(); let _ = t.unbound_operand(); break 'dispatch }
                        next!(1)
                    }

                    // Cells and closures.
                    Op::MakeCell => {
                        save!();
                        let i = a!();
                        let w = std::mem::replace(&mut r!(i), Word::NULL);
                        let w = if w.is_ptr() && !w.is_counted() { M::retain_as(ctx, me, w) } else { w };
                        r!(i) = crate::types::cell::new(ctx, Obj::from_word(w)).into_word();
                        next!(1)
                    }
                    Op::LoadCell => {
                        let w = (*r!(b!()).address().cast::<Object<M, PyCell<M>>>()).body.value.load(ctx);
                        if w == Word::NULL { save!(); let _ = ops::unbound_cell(t, &*code, b!(), false); break 'dispatch }
                        put!(a!(), w);
                        next!(1)
                    }
                    Op::LoadFree => {
                        let closure = &(*(*base.sub(1)).address().cast::<FunctionObj<M>>()).body.closure;
                        let cell = tuple::items_unchecked(closure).get_unchecked(b!());
                        let w = (*cell.word().address().cast::<Object<M, PyCell<M>>>()).body.value.load(ctx);
                        if w == Word::NULL { save!(); let _ = ops::unbound_cell(t, &*code, b!(), true); break 'dispatch }
                        put!(a!(), w);
                        next!(1)
                    }
                    Op::StoreCell => {
                        save!();
                        if r!(b!()) == Word::NULL { let _ = t.unbound_operand(); break 'dispatch }
                        let value = Obj::from_word(take_counted!(b!()));
                        let old = (*r!(a!()).address().cast::<Object<M, PyCell<M>>>()).set(ctx, Some(value));
                        drop(old);
                        next!(1)
                    }
                    Op::StoreFree => {
                        save!();
                        if r!(b!()) == Word::NULL { let _ = t.unbound_operand(); break 'dispatch }
                        let value = Obj::from_word(take_counted!(b!()));
                        let closure = &(*(*base.sub(1)).address().cast::<FunctionObj<M>>()).body.closure;
                        let cell = tuple::items_unchecked(closure).get_unchecked(a!());
                        let old = (*cell.word().address().cast::<Object<M, PyCell<M>>>()).set(ctx, Some(value));
                        drop(old);
                        next!(1)
                    }
                    Op::DelCell => {
                        save!();
                        let old = (*r!(a!()).address().cast::<Object<M, PyCell<M>>>()).set(ctx, None);
                        if old.is_none() { let _ = ops::unbound_cell(t, &*code, a!(), false); break 'dispatch }
                        drop(old);
                        next!(1)
                    }
                    Op::DelFree => {
                        save!();
                        let closure = &(*(*base.sub(1)).address().cast::<FunctionObj<M>>()).body.closure;
                        let cell = tuple::items_unchecked(closure).get_unchecked(a!());
                        let old = (*cell.word().address().cast::<Object<M, PyCell<M>>>()).set(ctx, None);
                        if old.is_none() { let _ = ops::unbound_cell(t, &*code, a!(), true); break 'dispatch }
                        drop(old);
                        next!(1)
                    }
                    Op::CopyCell => { let w = M::hold_as(ctx, me, r!(b!())); put!(a!(), w); next!(1) }
                    Op::CopyFree => {
                        let closure = &(*(*base.sub(1)).address().cast::<FunctionObj<M>>()).body.closure;
                        let w = M::hold_as(ctx, me, tuple::items_unchecked(closure).get_unchecked(b!()).word());
                        put!(a!(), w);
                        next!(1)
                    }
                    Op::LoadClassFree => {
                        save!();
                        let value = tri!(ops::load_class_free(t, &*code, b!(), name!(c!())));
                        finish!(value.into_word();)
                    }

                    // Names.
                    Op::LoadGlobalCached => {
                        let globals = &*(*(*base.sub(1)).address().cast::<FunctionObj<M>>()).body.globals;
                        let g = globals.cast_unchecked::<Dict<M>>();
                        let name = *(*code).names.as_ptr().add(bc!() as usize);
                        let which = *pc.add(2);
                        if which == 0 {
                            if let Some((k, v)) = g.body.entry_at(*pc.add(1) as usize) && k.is(name) {
                                let w = M::hold_as(ctx, me, v);
                                put!(a!(), w);
                                next!(3)
                            }
                        } else if g.body.keys_version(ctx) as u64 == *pc.add(1) {
                            let builtins = &*(*(*base.sub(1)).address().cast::<FunctionObj<M>>()).body.builtins;
                            if let Some((k, v)) = builtins.cast_unchecked::<Dict<M>>().body.entry_at(which as usize - 1) && k.is(name) {
                                let w = M::hold_as(ctx, me, v);
                                put!(a!(), w);
                                next!(3)
                            }
                        }
                        deopt!(LoadGlobal)
                    }
                    Op::LoadGlobal => {
                        save!();
                        let value = tri!(attr::load_global(t, pc, name!(bc!() as usize), Op::LoadGlobalCached));
                        put!(a!(), value.into_word());
                        next!(3)
                    }
                    Op::LoadName => {
                        save!();
                        let value = tri!(attr::load_name(t, pc, name!(bc!() as usize)));
                        put!(a!(), value.into_word());
                        next!(3)
                    }
                    Op::StoreGlobal => {
                        save!();
                        tri!(attr::set_global(t, name!(bc!() as usize), Some(obj!(a!()))));
                        done!(a!());
                        poll!(0);
                        next!(2)
                    }
                    Op::StoreName => {
                        save!();
                        tri!(attr::set_name(t, name!(bc!() as usize), Some(obj!(a!()))));
                        done!(a!());
                        poll!(0);
                        next!(2)
                    }
                    Op::DelGlobal => { save!(); tri!(attr::set_global(t, name!(bc!() as usize), None)); poll!(0); next!(1) }
                    Op::DelName => { save!(); tri!(attr::set_name(t, name!(bc!() as usize), None)); poll!(0); next!(1) }
                    Op::LoadLocals => { save!(); let v = ops::load_locals(t); finish!(v.into_word();) }

                    // Attributes.
                    Op::LoadAttrSlot => {
                        let o = r!(b!());
                        if cache_hit!(o) {
                            let cell = &*o.address().add(*pc.add(2) as usize).cast::<M::Cell>();
                            let w = attr::load(ctx, o, cell);
                            if w != Word::NULL {
                                finish!(w; b!(); 3)
                            }
                        }
                        deopt!(LoadAttr)
                    }
                    Op::LoadAttrClass => {
                        let o = r!(b!());
                        if cache_hit!(o) {
                            finish!(M::hold_as(ctx, me, Word(*pc.add(2))); b!(); 3)
                        }
                        deopt!(LoadAttr)
                    }
                    Op::LoadAttrModule => {
                        let o = obj!(b!());
                        if o.shape() == ids::MODULE
                            && let Some((k, v)) = module::dict(o).cast_unchecked::<Dict<M>>().body.entry_at(*pc.add(2) as usize)
                            && k.is(*(*code).names.as_ptr().add(c!()))
                        {
                            finish!(M::hold_as(ctx, me, v); b!(); 3)
                        }
                        deopt!(LoadAttr)
                    }
                    Op::LoadAttrOnClass => {
                        if places::class_hit(ctx, r!(b!()), *pc.add(1)) {
                            finish!(M::hold_as(ctx, me, Word(*pc.add(2))); b!(); 3)
                        }
                        deopt!(LoadAttr)
                    }
                    Op::LoadAttrProperty => {
                        poll!(0);
                        if cache_hit!(r!(b!())) && let Some(f) = descriptors::property_function::<M>(Word(*pc.add(2)), false) {
                            save!();
                            let f = M::hold_as(ctx, me, f);
                            let receiver = take!(b!());
                            call_above!(f, [receiver], a!(), 0, 3)
                        }
                        deopt!(LoadAttr)
                    }
                    Op::LoadAttrDescriptor => {
                        poll!(0);
                        let o = r!(b!());
                        if cache_hit!(o) && let Some(f) = places::getter(ctx, Word(*pc.add(2))) {
                            save!();
                            let (f, d) = (M::hold_as(ctx, me, f), M::hold_as(ctx, me, Word(*pc.add(2))));
                            let class = M::hold_as(ctx, me, ctx.class_of_word(o).word());
                            let receiver = take!(b!());
                            call_above!(f, [d, receiver, class], a!(), 0, 3)
                        }
                        deopt!(LoadAttr)
                    }
                    Op::LoadAttr => {
                        save!();
                        finish!(tri!(attr::load_attr(t, pc, obj!(b!()), name!(c!()))).into_word(); b!(); 3)
                    }
                    Op::StoreAttrSlot => {
                        let o = r!(a!());
                        if cache_hit!(o) && r!(b!()) != Word::NULL {
                            let head = &*o.address().cast::<M::Header>();
                            let locked = M::lock(ctx, head);
                            let second = *pc.add(2);
                            let cell = &*o.address().add(second as u32 as usize).cast::<M::Cell>();
                            if (Word(cell.load()) != Word::NULL || second & attr::MAY_BE_EMPTY != 0) && head.shape() == *pc.add(1) as u32 {
                                let value = take_counted!(b!());
                                let old = M::store(ctx, head, cell, value);
                                if locked { M::unlock(ctx, head) }
                                save!();
                                release!(old);
                                done!(a!());
                                next!(3)
                            }
                            if locked { M::unlock(ctx, head) }
                        }
                        deopt!(StoreAttr)
                    }
                    Op::StoreAttrNew => {
                        let o = r!(a!());
                        if cache_hit!(o) && r!(b!()) != Word::NULL {
                            let head = &*o.address().cast::<M::Header>();
                            let locked = M::lock(ctx, head);
                            let cell = &*o.address().add(*pc.add(2) as u32 as usize).cast::<M::Cell>();
                            if Word(cell.load()) == Word::NULL && head.shape() == *pc.add(1) as u32 {
                                let value = take_counted!(b!());
                                M::store(ctx, head, cell, value);
                                head.set_shape((*pc.add(2) >> 32) as u32);
                                if locked { M::unlock(ctx, head) }
                                done!(a!());
                                next!(3)
                            }
                            if locked { M::unlock(ctx, head) }
                        }
                        deopt!(StoreAttr)
                    }
                    Op::StoreAttrProperty => {
                        poll!(0);
                        if cache_hit!(r!(a!())) && r!(b!()) != Word::NULL
                            && let Some(f) = descriptors::property_function::<M>(Word(*pc.add(2)), true)
                        {
                            save!();
                            let f = M::hold_as(ctx, me, f);
                            let (receiver, value) = (take!(a!()), take!(b!()));
                            call_above!(f, [receiver, value], 0, frame::DISCARD, 3)
                        }
                        deopt!(StoreAttr)
                    }
                    Op::StoreAttr => {
                        save!();
                        tri!(attr::store_attr(t, pc, obj!(a!()), name!(c!()), obj!(b!())));
                        done!(a!());
                        done!(b!());
                        poll!(0);
                        next!(3)
                    }
                    Op::DelAttr => {
                        save!();
                        tri!(ops::del_attr(t, obj!(a!()), name!(c!())));
                        done!(a!());
                        poll!(0);
                        next!(1)
                    }
                    Op::LoadMethodCached => {
                        let o = r!(b!());
                        if cache_hit!(o) {
                            let f = M::hold_as(ctx, me, Word(*pc.add(2)));
                            let receiver = take!(b!());
                            let w = a!();
                            r!(w) = f;
                            r!(w + BELOW) = receiver;
                            next!(3)
                        }
                        deopt!(LoadMethod)
                    }
                    Op::LoadMethodPlain | Op::LoadMethodSlot | Op::LoadMethodOfClass => {
                        let o = r!(b!());
                        if cache_hit!(o) {
                            let (op, second) = (op!(), *pc.add(2));
                            let slot = op == Op::LoadMethodSlot as u16;
                            let f = if slot { Word((*o.address().add(second as usize).cast::<M::Cell>()).load()) } else { Word(second) };
                            if f != Word::NULL {
                                let f = M::hold_as(ctx, me, f);
                                let of_class = op == Op::LoadMethodOfClass as u16;
                                let receiver = if of_class { M::hold_as(ctx, me, ctx.class_of_word(o).word()) } else { Word::NULL };
                                done!(b!());
                                let w = a!();
                                r!(w) = f;
                                r!(w + BELOW) = receiver;
                                next!(3)
                            }
                        }
                        deopt!(LoadMethod)
                    }
                    Op::LoadMethodOnClass | Op::LoadMethodOnClassPlain => {
                        if places::class_hit(ctx, r!(b!()), *pc.add(1)) {
                            let f = M::hold_as(ctx, me, Word(*pc.add(2)));
                            let bound = op!() == Op::LoadMethodOnClass as u16;
                            let receiver = take!(b!());
                            let w = a!();
                            r!(w) = f;
                            r!(w + BELOW) = if bound { receiver } else { release!(receiver); Word::NULL };
                            next!(3)
                        }
                        deopt!(LoadMethod)
                    }
                    Op::LoadMethodModule => {
                        let o = obj!(b!());
                        if o.shape() == ids::MODULE
                            && let Some((k, v)) = module::dict(o).cast_unchecked::<Dict<M>>().body.entry_at(*pc.add(2) as usize)
                            && k.is(*(*code).names.as_ptr().add(c!()))
                        {
                            let f = M::hold_as(ctx, me, v);
                            done!(b!());
                            let w = a!();
                            r!(w) = f;
                            r!(w + BELOW) = Word::NULL;
                            next!(3)
                        }
                        deopt!(LoadMethod)
                    }
                    Op::LoadMethod => {
                        save!();
                        let (f, receiver) = tri!(attr::load_method(t, pc, obj!(b!()), name!(c!())));
                        done!(b!());
                        let w = a!();
                        put!(w, f.into_word());
                        r!(w + BELOW) = receiver.map_or(Word::NULL, Obj::into_word);
                        next!(3)
                    }
                    Op::LoadSuperAttr => {
                        save!();
                        let w = b!();
                        let value = tri!(attr::super_attr(t, [obj!(w), obj!(w + 1), obj!(w + 2)], name!(c!()))).into_word();
                        unwind::drop_registers(t, base, w, w + 3);
                        finish!(value;)
                    }
                    Op::LoadSuperMethod => {
                        save!();
                        let s = b!();
                        let (f, bound) = tri!(attr::super_method(t, [obj!(s), obj!(s + 1), obj!(s + 2)], name!(c!())));
                        let receiver = if bound { std::mem::replace(&mut r!(s + 2), Word(0)) } else { Word::NULL };
                        unwind::drop_registers(t, base, s, s + 3);
                        let w = a!();
                        put!(w, f);
                        r!(w + BELOW) = receiver;
                        next!(1)
                    }

                    // Items.
                    Op::GetItem | Op::GetItemList | Op::GetItemTuple | Op::GetItemDict => {
                        let (o, k) = (r!(b!()), r!(c!()));
                        if o.is_ptr() {
                            let shape = shape_of::<M>(o);
                            let w = if shape == ids::LIST && k.is_int() {
                                ops::list_load(ctx, obj!(b!()), k)
                            } else if shape == ids::DICT {
                                M::hold_as(ctx, me, ops::dict_word(ctx, obj!(b!()), obj!(c!())))
                            } else if shape == ids::TUPLE && k.is_int() {
                                M::hold_as(ctx, me, ops::tuple_word(obj!(b!()), k))
                            } else {
                                Word::NULL
                            };
                            if w != Word::NULL {
                                finish!(w; b!(), c!(); 2)
                            }
                        }
                        save!();
                        let value = tri!(ops::get_item(t, obj!(b!()), obj!(c!()))).into_word();
                        let (dst, i, j) = (a!(), b!(), c!());
                        put!(dst, value);
                        done_unless!(i, dst);
                        done_unless!(j, dst);
                        poll!(0);
                        next!(2)
                    }
                    Op::GetItemI => {
                        let (o, k) = (r!(b!()), Word::small(ci!()));
                        let small = std::mem::ManuallyDrop::new(Obj::<M>::from_word(k));
                        if o.is_ptr() {
                            let shape = shape_of::<M>(o);
                            let w = if shape == ids::LIST { ops::list_load(ctx, obj!(b!()), k) }
                                else if shape == ids::TUPLE { M::hold_as(ctx, me, ops::tuple_word(obj!(b!()), k)) }
                                else if shape == ids::DICT { M::hold_as(ctx, me, ops::dict_word(ctx, obj!(b!()), &small)) }
                                else { Word::NULL };
                            if w != Word::NULL {
                                finish!(w; b!())
                            }
                        }
                        save!();
                        let value = tri!(ops::get_item(t, obj!(b!()), &small)).into_word();
                        finish!(value; b!())
                    }
                    Op::SetItem | Op::SetItemList | Op::SetItemDict => {
                        let (o, k) = (r!(a!()), r!(b!()));
                        if o.is_ptr() && r!(c!()) != Word::NULL {
                            let shape = shape_of::<M>(o);
                            if shape == ids::LIST && k.is_int() {
                                let target = obj!(a!()).cast_unchecked::<List<M>>();
                                let mut i = k.int_value();
                                if i < 0 { i += target.body.len() as i64 }
                                if i >= 0 && (i as usize) < target.body.len() {
                                    save!();
                                    let value = Obj::from_word(take_counted!(c!()));
                                    match list::set_item_fast(ctx, target, i as usize, value) {
                                        Ok(old) => {
                                            // A finaliser runs before the next statement does.
                                            let object = old.as_ref().is_some_and(|old| old.word().is_counted());
                                            drop(old);
                                            done!(a!());
                                            if object { poll!(0) }
                                            next!(2)
                                        }
                                        Err(back) => put!(c!(), back.into_word()),
                                    }
                                }
                            } else if shape == ids::DICT {
                                save!();
                                let value = Obj::from_word(take_counted!(c!()));
                                match dict::set_known(ctx, obj!(a!()).cast_unchecked::<Dict<M>>(), obj!(b!()), value) {
                                    Ok(old) => { drop(old); done!(a!()); done!(b!()); next!(2) }
                                    Err(back) => put!(c!(), back.into_word()),
                                }
                            }
                        }
                        save!();
                        tri!(ops::set_item(t, obj!(a!()), obj!(b!()), Some(obj!(c!()))));
                        done!(a!());
                        done!(b!());
                        done!(c!());
                        poll!(0);
                        next!(2)
                    }
                    Op::DelItem => {
                        save!();
                        tri!(ops::set_item(t, obj!(a!()), obj!(b!()), None));
                        done!(a!());
                        done!(b!());
                        poll!(0);
                        next!(1)
                    }
                    Op::BuildSlice => {
                        save!();
                        let w = b!();
                        let value = build::build_slice(t, base.add(w), 3).into_word();
                        finish!(value;)
                    }
                    Op::GetSlice => {
                        save!();
                        let key = build::build_slice(t, base.add(c!()), 2);
                        let value = tri!(ops::get_item(t, obj!(b!()), &key)).into_word();
                        drop(key);
                        finish!(value; b!())
                    }

                    // Arithmetic.
                    Op::AddRR => rr!(Add, ops::binary),
                    Op::SubRR => rr!(Sub, ops::binary),
                    Op::MulRR => rr!(Mul, ops::binary),
                    Op::TrueDivRR => rr!(TrueDiv, ops::binary),
                    Op::FloorDivRR => rr!(FloorDiv, ops::binary),
                    Op::ModRR => rr!(Mod, ops::binary),
                    Op::PowRR => rr!(Pow, ops::binary),
                    Op::LShiftRR => rr!(LShift, ops::binary),
                    Op::RShiftRR => rr!(RShift, ops::binary),
                    Op::AndRR => rr!(And, ops::binary),
                    Op::OrRR => rr!(Or, ops::binary),
                    Op::XorRR => rr!(Xor, ops::binary),
                    Op::MatMulRR => rr!(MatMul, ops::binary),
                    Op::AddRK => rk!(Add),
                    Op::SubRK => rk!(Sub),
                    Op::MulRK => rk!(Mul),
                    Op::TrueDivRK => rk!(TrueDiv),
                    Op::FloorDivRK => rk!(FloorDiv),
                    Op::ModRK => rk!(Mod),
                    Op::PowRK => rk!(Pow),
                    Op::LShiftRK => rk!(LShift),
                    Op::RShiftRK => rk!(RShift),
                    Op::AndRK => rk!(And),
                    Op::OrRK => rk!(Or),
                    Op::XorRK => rk!(Xor),
                    Op::AddKR => kr!(Add),
                    Op::SubKR => kr!(Sub),
                    Op::MulKR => kr!(Mul),
                    Op::TrueDivKR => kr!(TrueDiv),
                    Op::AddRI => ri!(Add, ops::binary),
                    Op::SubRI => ri!(Sub, ops::binary),
                    Op::IAddRR => {
                        let (x, y) = (r!(b!()), r!(c!()));
                        if let Some(w) = fast::Add(x, y) { put!(a!(), w); next!(1) }
                        save!();
                        let (dst, i) = (a!(), b!());
                        // `s += x` where s is about to be replaced: the string may grow in place.
                        if dst == i && x.is_counted() && shape_of::<M>(x) == ids::STR && y.is_ptr() && shape_of::<M>(y) == ids::STR {
                            r!(i) = if i < nlocals!() { Word::NULL } else { Word(0) };
                            let grown = tri!(ops::str_append(t, Obj::from_word(x), obj!(c!())));
                            r!(i) = grown.into_word();
                            done!(c!());
                            next!(1)
                        }
                        let value = tri!(ops::inplace(t, BinOp::Add, obj!(i), obj!(c!()))).into_word();
                        put!(dst, value);
                        done_unless!(b!(), dst);
                        done_unless!(c!(), dst);
                        next!(1)
                    }
                    Op::ISubRR => rr!(Sub, ops::inplace),
                    Op::IMulRR => rr!(Mul, ops::inplace),
                    Op::ITrueDivRR => rr!(TrueDiv, ops::inplace),
                    Op::IFloorDivRR => rr!(FloorDiv, ops::inplace),
                    Op::IModRR => rr!(Mod, ops::inplace),
                    Op::IPowRR => rr!(Pow, ops::inplace),
                    Op::ILShiftRR => rr!(LShift, ops::inplace),
                    Op::IRShiftRR => rr!(RShift, ops::inplace),
                    Op::IAndRR => rr!(And, ops::inplace),
                    Op::IOrRR => rr!(Or, ops::inplace),
                    Op::IXorRR => rr!(Xor, ops::inplace),
                    Op::IMatMulRR => rr!(MatMul, ops::inplace),
                    Op::IAddRI => ri!(Add, ops::inplace),
                    Op::ISubRI => ri!(Sub, ops::inplace),
                    Op::Neg => unary!(fast::neg, ops::neg),
                    Op::Pos => unary!(fast::pos, ops::pos),
                    Op::Invert => unary!(fast::invert, ops::invert),
                    Op::Not => { let v = !truth!(b!()); done!(b!()); put!(a!(), Word::bool(v)); next!(1) }

                    // Comparisons.
                    Op::LtRR => cmp!(Lt, r!(c!()), Register),
                    Op::LeRR => cmp!(Le, r!(c!()), Register),
                    Op::EqRR => cmp!(Eq, r!(c!()), Register),
                    Op::NeRR => cmp!(Ne, r!(c!()), Register),
                    Op::GtRR => cmp!(Gt, r!(c!()), Register),
                    Op::GeRR => cmp!(Ge, r!(c!()), Register),
                    Op::LtRK => cmp!(Lt, k!(c!()), Constant),
                    Op::LeRK => cmp!(Le, k!(c!()), Constant),
                    Op::EqRK => cmp!(Eq, k!(c!()), Constant),
                    Op::NeRK => cmp!(Ne, k!(c!()), Constant),
                    Op::GtRK => cmp!(Gt, k!(c!()), Constant),
                    Op::GeRK => cmp!(Ge, k!(c!()), Constant),
                    Op::Is | Op::IsNot => {
                        let same = r!(b!()).is(r!(c!()));
                        if r!(b!()) == Word::NULL || r!(c!()) == Word::NULL { save!(); let _ = t.unbound_operand(); break 'dispatch }
                        let want = op!() == Op::Is as u16;
                        done!(b!());
                        done!(c!());
                        put!(a!(), Word::bool(same == want));
                        next!(1)
                    }
                    Op::In | Op::NotIn => {
                        save!();
                        let found = tri!(ops::contains(t, obj!(c!()), obj!(b!())));
                        let want = op!() == Op::In as u16;
                        finish!(Word::bool(found == want); b!(), c!())
                    }
                    Op::IfLtRR => rr_jump!(Lt, true),
                    Op::IfLeRR => rr_jump!(Le, true),
                    Op::IfEqRR => rr_jump!(Eq, true),
                    Op::IfNeRR => rr_jump!(Ne, true),
                    Op::IfGtRR => rr_jump!(Gt, true),
                    Op::IfGeRR => rr_jump!(Ge, true),
                    Op::UnlessLtRR => rr_jump!(Lt, false),
                    Op::UnlessLeRR => rr_jump!(Le, false),
                    Op::UnlessEqRR => rr_jump!(Eq, false),
                    Op::UnlessNeRR => rr_jump!(Ne, false),
                    Op::UnlessGtRR => rr_jump!(Gt, false),
                    Op::UnlessGeRR => rr_jump!(Ge, false),
                    Op::IfLtRI => ri_jump!(Lt, true),
                    Op::IfLeRI => ri_jump!(Le, true),
                    Op::IfEqRI => ri_jump!(Eq, true),
                    Op::IfNeRI => ri_jump!(Ne, true),
                    Op::IfGtRI => ri_jump!(Gt, true),
                    Op::IfGeRI => ri_jump!(Ge, true),
                    Op::UnlessLtRI => ri_jump!(Lt, false),
                    Op::UnlessLeRI => ri_jump!(Le, false),
                    Op::UnlessEqRI => ri_jump!(Eq, false),
                    Op::UnlessNeRI => ri_jump!(Ne, false),
                    Op::UnlessGtRI => ri_jump!(Gt, false),
                    Op::UnlessGeRI => ri_jump!(Ge, false),
                    Op::IfEqRK => rk_jump!(Eq, true),
                    Op::IfNeRK => rk_jump!(Ne, true),
                    Op::UnlessEqRK => rk_jump!(Eq, false),
                    Op::UnlessNeRK => rk_jump!(Ne, false),
                    Op::IfIs | Op::UnlessIs => {
                        if r!(a!()) == Word::NULL || r!(b!()) == Word::NULL { save!(); let _ = t.unbound_operand(); break 'dispatch }
                        let same = r!(a!()).is(r!(b!()));
                        let want = op!() == Op::IfIs as u16;
                        done!(a!());
                        done!(b!());
                        if same == want { poll!(0); jump!(ci!()) }
                        next!(1)
                    }
                    Op::IfIn | Op::UnlessIn => {
                        save!();
                        let found = tri!(ops::contains(t, obj!(b!()), obj!(a!())));
                        let want = op!() == Op::IfIn as u16;
                        done!(a!());
                        done!(b!());
                        if found == want { poll!(0); jump!(ci!()) }
                        next!(1)
                    }
                    Op::IfNone | Op::UnlessNone => {
                        let w = r!(a!());
                        if w == Word::NULL { save!(); let _ = t.unbound_operand(); break 'dispatch }
                        let want = op!() == Op::IfNone as u16;
                        done!(a!());
                        if (w == Word::NONE) == want { poll!(0); jump!(bc!() as i32) }
                        next!(1)
                    }
                    Op::IfTrue => {
                        let v = truth!(a!());
                        done!(a!());
                        if v { poll!(0); jump!(bc!() as i32) }
                        next!(1)
                    }
                    Op::UnlessTrue => {
                        let v = truth!(a!());
                        done!(a!());
                        if !v { jump!(bc!() as i32) }
                        next!(1)
                    }
                    Op::TrueOrPop => {
                        if truth!(a!()) { jump!(bc!() as i32) }
                        unwind::take_register(t, base.add(a!()));
                        next!(1)
                    }
                    Op::FalseOrPop => {
                        if !truth!(a!()) { jump!(bc!() as i32) }
                        unwind::take_register(t, base.add(a!()));
                        next!(1)
                    }
                    Op::Jump => { pc = pc.offset(bc!() as i32 as isize); continue 'dispatch }
                    Op::Loop => { poll!(0); pc = pc.offset(bc!() as i32 as isize); continue 'dispatch }

                    // Iteration.
                    Op::GetIter => {
                        save!();
                        let state = tri!(iterate::start(t, obj!(b!())));
                        done!(b!());
                        let w = a!();
                        for (i, word) in state.into_iter().enumerate() { r!(w + i) = word; }
                        next!(1)
                    }
                    Op::IterDict => {
                        let (w, s) = (b!(), a!());
                        if let Some(state) = iterate::view_state(ctx, obj!(w), obj!(w + BELOW)) {
                            r!(w + BELOW) = Word(0);
                            unwind::take_register(t, base.add(w));
                            for (i, word) in state.into_iter().enumerate() { r!(s + i) = word; }
                            jump!(ci!())
                        }
                        next!(1)
                    }
                    Op::ForLoop | Op::ForRange | Op::ForList | Op::ForTuple | Op::ForGenerator => {
                        let w = a!();
                        let first = r!(w);
                        if iterate::is_range(first) {
                            let (i, end) = (r!(w + 1).0 as i64, r!(w + 2).0 as i64);
                            let step = iterate::range_step(first);
                            if if step > 0 { i < end } else { i > end } {
                                r!(w + 1) = Word((i + (step << 2)) as u64);
                                put!(b!(), Word(i as u64));
                                poll!(0);
                                jump!(ci!())
                            }
                            next!(1)
                        }
                        let second = r!(w + 1);
                        if second.is_int() {
                            let shape = shape_of::<M>(first);
                            let item = if shape == ids::LIST {
                                ops::list_load(ctx, obj!(w), second)
                            } else if shape == ids::TUPLE {
                                M::hold_as(ctx, me, ops::tuple_word(obj!(w), second))
                            } else {
                                save!();
                                match tri!(iterate::dict_step(t, base.add(w))) {
                                    iterate::Step::One(word) => { put!(b!(), M::hold_as(ctx, me, word)); poll!(0); jump!(ci!()) }
                                    iterate::Step::Pair(key, value) => {
                                        // `for key, value in`: the instruction at the loop's head would take the pair apart.
                                        let head: *mut u64 = pc.offset(ci!() as isize);
                                        let (key, value) = (M::hold_as(ctx, me, key), M::hold_as(ctx, me, value));
                                        let unpack = *head.cast::<Instr>();
                                        if unpack.op() == Op::Unpack2 as u16 && unpack.b() as usize == b!() && b!() >= nlocals!() {
                                            put!(unpack.a() as usize, key);
                                            put!(unpack.c() as usize, value);
                                            poll!(0);
                                            pc = head.add(1);
                                            continue 'dispatch;
                                        }
                                        put!(b!(), build::pair(ctx, key, value));
                                        poll!(0);
                                        jump!(ci!())
                                    }
                                    iterate::Step::End => Word::NULL,
                                }
                            };
                            if item != Word::NULL {
                                r!(w + 1) = Word(second.0 + 4);
                                put!(b!(), item);
                                poll!(0);
                                jump!(ci!())
                            }
                            save!();
                            unwind::take_register(t, base.add(w));
                            next!(1)
                        }
                        save!();
                        if shape_of::<M>(first) == ids::GENERATOR {
                            match tri!(generator::enter(t, obj!(w), Word::NONE, None, frame::INLINE)) {
                                Some(at) => { reload!(); pc = at.cast(); continue 'dispatch }
                                None => { unwind::take_register(t, base.add(w)); next!(1) }
                            }
                        }
                        match tri!(t.step(obj!(w))) {
                            Some(item) => { put!(b!(), item.into_word()); poll!(0); jump!(ci!()) }
                            None => { unwind::take_register(t, base.add(w)); next!(1) }
                        }
                    }
                    Op::UnpackSeq => {
                        save!();
                        tri!(unpack::unpack(t, obj!(b!()), base.add(a!()), c!(), b!() >= nlocals!()));
                        let (i, w, n) = (b!(), a!(), c!());
                        if i < w || i >= w + n { done!(i) }
                        next!(1)
                    }
                    Op::Unpack2 => {
                        save!();
                        let pair = tri!(unpack::unpack_two(t, obj!(b!())));
                        done!(b!());
                        let [x, y] = pair;
                        put!(a!(), x);
                        put!(c!(), y);
                        next!(1)
                    }
                    Op::UnpackEx => {
                        save!();
                        let items = tri!(unpack::unpack_ex(t, obj!(b!()), c!() & 0xff, c!() >> 8));
                        done!(b!());
                        let w = a!();
                        for (i, item) in items.into_iter().enumerate() { r!(w + i) = item.into_word(); }
                        next!(1)
                    }

                    // Building.
                    Op::BuildTuple => { save!(); let v = build::build_tuple(t, base.add(b!()), c!()).into_word(); finish!(v;) }
                    Op::BuildTuple2 => {
                        save!();
                        if r!(b!()) == Word::NULL || r!(c!()) == Word::NULL { let _ = t.unbound_operand(); break 'dispatch }
                        let pair = [Obj::from_word(take_counted!(b!())), Obj::from_word(take_counted!(c!()))];
                        let v = tuple::from_array(ctx, pair).into_word();
                        finish!(v;)
                    }
                    Op::BuildList => { save!(); let v = build::build_list(t, base.add(b!()), c!()).into_word(); finish!(v;) }
                    Op::BuildSet => { save!(); let v = tri!(build::build_set(t, base.add(b!()), c!())).into_word(); finish!(v;) }
                    Op::BuildMap => { save!(); let v = tri!(build::build_map(t, base.add(b!()), c!())).into_word(); finish!(v;) }
                    Op::BuildString => { save!(); let v = build::build_string(t, base.add(b!()), c!()).into_word(); finish!(v;) }
                    Op::FormatValue if c!() <= 1 && r!(b!()).is_ptr() && shape_of::<M>(r!(b!())) == ids::STR => {
                        let v = take!(b!());
                        put!(a!(), v);
                        next!(1)
                    }
                    Op::FormatValue => { save!(); let v = tri!(build::format_value(t, obj!(b!()), None, c!())).into_word(); finish!(v; b!()) }
                    Op::FormatSpec => {
                        save!();
                        let w = b!();
                        let v = tri!(build::format_value(t, obj!(w), Some(obj!(w + 1)), c!())).into_word();
                        unwind::drop_registers(t, base, w, w + 2);
                        finish!(v;)
                    }
                    Op::ListAppend => {
                        save!();
                        if r!(b!()) == Word::NULL { let _ = t.unbound_operand(); break 'dispatch }
                        let value = Obj::from_word(take_counted!(b!()));
                        list::append_to(ctx, obj!(a!()).cast_unchecked::<List<M>>(), value);
                        next!(1)
                    }
                    Op::ListExtend => { save!(); tri!(build::list_extend(t, obj!(a!()), obj!(b!()))); done!(b!()); next!(1) }
                    Op::ListToTuple => { save!(); let v = build::list_to_tuple(t, obj!(b!())).into_word(); finish!(v; b!()) }
                    Op::SetAdd => { save!(); tri!(build::set_add(t, obj!(a!()), obj!(b!()))); done!(b!()); next!(1) }
                    Op::SetUpdate => { save!(); tri!(build::set_update(t, obj!(a!()), obj!(b!()))); done!(b!()); next!(1) }
                    Op::MapAdd => {
                        save!();
                        let w = b!();
                        tri!(build::map_add(t, obj!(a!()), obj!(w), obj!(w + 1)));
                        unwind::drop_registers(t, base, w, w + 2);
                        next!(1)
                    }
                    Op::DictUpdate => { save!(); tri!(build::dict_update(t, obj!(a!()), obj!(b!()))); done!(b!()); next!(1) }
                    Op::DictMerge => {
                        save!();
                        tri!(build::dict_merge(t, obj!(a!()), obj!(b!()), obj!(c!())));
                        done!(b!());
                        next!(1)
                    }

                    // Functions and calls.
                    Op::MakeFunction => {
                        save!();
                        let v = ops::make_function(t, k!(*pc.add(1) as usize), base.add(b!()), c!()).into_word();
                        put!(a!(), v);
                        next!(2)
                    }
                    Op::LoadBuildClass => { let v = ctx.interp.build_class(); put!(a!(), v); next!(1) }
                    Op::Call | Op::CallPy | Op::CallNative | Op::CallClass => {
                        let (w, n) = (b!(), c!());
                        call_fast!(false, w, w + BELOW, n, a!(), 2)
                    }
                    Op::CallMethod | Op::CallMethodPy | Op::CallMethodNative => {
                        let (w, n) = (b!(), c!());
                        if r!(w + BELOW) == Word::NULL {
                            r!(w + BELOW) = Word(0);
                            call_fast!(false, w, w + BELOW + 1, n, a!(), 2)
                        }
                        let n = n + 1;
                        call_fast!(true, w, w + BELOW, n, a!(), 2)
                    }
                    Op::CallKw => {
                        let (w, n) = (b!(), c!());
                        let names = tuple::items(kobj!(*pc.add(2) as usize));
                        call_any!(w, w + BELOW, n, names, a!(), 3)
                    }
                    Op::CallMethodKw => {
                        let (w, mut n) = (b!(), c!());
                        let names = tuple::items(kobj!(*pc.add(2) as usize));
                        let mut first = w + BELOW;
                        if r!(first) == Word::NULL { r!(first) = Word(0); first += 1 } else { n += 1 }
                        call_any!(w, first, n, names, a!(), 3)
                    }
                    Op::CallEx => {
                        save!();
                        let (w, with_kwargs) = (b!(), c!() == 1);
                        let kwargs = if with_kwargs { Some(obj!(w + BELOW + 1)) } else { None };
                        let value = tri!(call::call_ex(t, obj!(w), obj!(w + BELOW), kwargs)).into_word();
                        unwind::take_register(t, base.add(w));
                        unwind::drop_registers(t, base, w + BELOW, w + BELOW + 1 + with_kwargs as usize);
                        put!(a!(), value);
                        poll!(0);
                        next!(1)
                    }
                    Op::Return | Op::ReturnK => {
                        let value = if op!() == Op::Return as u16 {
                            let i = a!();
                            let w = r!(i);
                            if w == Word::NULL { save!(); let _ = t.unbound_operand(); break 'dispatch }
                            if w.is_ptr() { r!(i) = Word(0); }
                            w
                        } else {
                            k!(bc!() as usize)
                        };
                        save!();
                        for i in 0..nlocals!() {
                            let w = r!(i);
                            if w.is_ptr() { r!(i) = Word(0); release!(w) }
                        }
                        leave!(value)
                    }

                    // Generators.
                    Op::ReturnGenerator => {
                        save!();
                        let value = generator::from_frame(t).into_word();
                        leave!(value)
                    }
                    Op::Yield => {
                        save!();
                        if r!(b!()) == Word::NULL { let _ = t.unbound_operand(); break 'dispatch }
                        // From register to register nothing is counted.
                        let inline = frame::link_flags(*base.sub(3)) & frame::INLINE != 0;
                        let value = Obj::<M>::from_word(if inline { take!(b!()) } else { take_counted!(b!()) });
                        let next_pc = (*base.sub(2)).0 as *mut u64;
                        generator::suspend(ctx, &*code, base, pc, *pc.add(1) as usize);
                        if !inline { t.yielded.set(true); return Ok(value) }
                        reload!();
                        ctx.top.set(base.add((*code).nregs as usize));
                        pc = leave::after_yield(base, ctx, next_pc, value);
                        poll!(0);
                        continue 'dispatch
                    }
                    Op::GetYieldFromIter => {
                        let (w, body) = (r!(b!()), &*code);
                        if w.is_ptr() && shape_of::<M>(w) == ids::GENERATOR && !body.code.flags.coroutine {
                            let v = take!(b!());
                            put!(a!(), v);
                            next!(1)
                        }
                        save!();
                        let v = tri!(leave::yield_from_iter(t, obj!(b!()))).into_word();
                        finish!(v; b!())
                    }
                    Op::Send => {
                        save!();
                        let (w, it) = (a!(), b!());
                        if r!(it).is_ptr() && shape_of::<M>(r!(it)) == ids::GENERATOR {
                            let sent = take_counted!(w);
                            r!(w) = Word(0);
                            match tri!(generator::enter(t, obj!(it), sent, None, frame::INLINE)) {
                                Some(at) => { reload!(); pc = at.cast(); continue 'dispatch }
                                None => { put!(w, Word::NONE); jump!(ci!()) }
                            }
                        }
                        let (finished, value) = tri!(leave::send(t, obj!(it), obj!(w)));
                        put!(w, value.into_word());
                        if finished { jump!(ci!()) }
                        next!(1)
                    }

                    // Exceptions.
                    Op::PushExc => {
                        let exc = M::retain_as(ctx, me, r!(b!()));
                        let previous = ctx.handled.replace(exc);
                        put!(a!(), generator::mark_outside(ctx, base, previous));
                        next!(1)
                    }
                    Op::PopExc => {
                        save!();
                        let w = take_counted!(a!());
                        let old = ctx.handled.replace(generator::from_mark(ctx, base, w));
                        release!(old);
                        poll!(0);
                        next!(1)
                    }
                    Op::UnlessExcMatch => {
                        save!();
                        let matched = tri!(raising::exception_matches(t, obj!(a!()), obj!(b!())));
                        done!(b!());
                        if !matched { jump!(ci!()) }
                        next!(1)
                    }
                    Op::Raise => { save!(); let _ = raising::raise(t, obj!(a!()), None); break 'dispatch }
                    Op::RaiseFrom => { save!(); let _ = raising::raise(t, obj!(a!()), Some(obj!(b!()))); break 'dispatch }
                    Op::RaiseAgain => { save!(); let _ = raising::raise_again(t); break 'dispatch }
                    Op::Reraise => {
                        save!();
                        let exc = Obj::from_word(take_counted!(a!()));
                        let _ = t.set_raised(exc);
                        break 'dispatch
                    }
                    Op::LoadAssertionError => { let v = raising::assertion_error(t).into_word(); put!(a!(), v); next!(1) }
                    Op::WithEnter => {
                        save!();
                        let raising::Manager { enter: [f, receiver], exit } = tri!(raising::with_methods(t, obj!(b!())));
                        done!(b!());
                        let w = a!();
                        (r!(w), r!(w + 1)) = (exit[0], exit[1]);
                        if receiver.is_ptr() { call_above!(f, [receiver], c!(), 0, 1) }
                        call_above!(f, [], c!(), 0, 1)
                    }
                    Op::WithExit => {
                        save!();
                        let w = a!();
                        let f = std::mem::replace(&mut r!(w), Word(0));
                        let receiver = std::mem::replace(&mut r!(w + 1), Word(0));
                        const NONE: Word = Word::NONE;
                        if receiver.is_ptr() { call_above!(f, [receiver, NONE, NONE, NONE], 0, frame::DISCARD, 1) }
                        call_above!(f, [NONE, NONE, NONE], 0, frame::DISCARD, 1)
                    }
                    Op::WithExcept => {
                        save!();
                        let v = tri!(raising::with_except(t, obj!(b!()), obj!(b!() + 1), obj!(c!()))).into_word();
                        put!(a!(), v);
                        next!(1)
                    }

                    // Imports.
                    Op::ImportName => {
                        save!();
                        let w = b!();
                        let v = tri!(imports::import_name(t, name!(c!()), obj!(w), obj!(w + 1))).into_word();
                        unwind::drop_registers(t, base, w, w + 2);
                        finish!(v;)
                    }
                    Op::ImportFrom => { save!(); let v = tri!(crate::import::import_from(t, obj!(b!()), name!(c!()))).into_word(); put!(a!(), v); next!(1) }
                    Op::ImportStar => { save!(); tri!(imports::import_star(t, obj!(a!()))); done!(a!()); next!(1) }

                    // Patterns.
                    Op::MatchSequence => { let v = patterns::has_flag(t, obj!(b!()), crate::types::flags::SEQUENCE); put!(a!(), v); next!(1) }
                    Op::MatchMapping => { let v = patterns::has_flag(t, obj!(b!()), crate::types::flags::MAPPING); put!(a!(), v); next!(1) }
                    Op::MatchKeys => { save!(); let v = tri!(patterns::match_keys(t, obj!(b!()), obj!(c!()))).into_word(); finish!(v; c!()) }
                    Op::MatchClass => {
                        save!();
                        let w = c!();
                        let v = tri!(patterns::match_class(t, obj!(b!()), obj!(w), obj!(w + 1), *pc.add(1) as usize)).into_word();
                        unwind::drop_registers(t, base, w, w + 2);
                        put!(a!(), v);
                        next!(2)
                    }
                    Op::MatchRest => { save!(); let v = tri!(patterns::match_rest(t, obj!(b!()), obj!(c!()))).into_word(); finish!(v; c!()) }
                    Op::GetLen => {
                        save!();
                        let n = tri!(t.len(obj!(b!())));
                        put!(a!(), Word::small(n as i64));
                        next!(1)
                    }
                    Op::Copy => { let w = M::hold_as(ctx, me, r!(b!())); put!(a!(), w); next!(1) }
                    Op::StarTuple => { save!(); let v = tri!(build::star_tuple(t, obj!(b!()), obj!(c!()))).into_word(); finish!(v; b!()) }
                    Op::LoadCommon => { save!(); let v = tri!(imports::load_common(t, b!())).into_word(); finish!(v;) }
                    Op::PrintExpr => { save!(); tri!(ops::print_expr(t, obj!(a!()))); done!(a!()); next!(1) }
                }
            }
            // An exception is on its way: to its handler, or out.
            match unwind::unwind(t) {
                unwind::Found::Handler(at) => {
                    reload!();
                    ctx.top.set(base.add((*code).nregs as usize));
                    pc = at.cast_mut().cast();
                    continue 'run;
                }
                unwind::Found::Leave => return Err(crate::object::Raise(())),
            }
        }
    }
}

/// The function of the running frame.
fn running<M: Memory>(t: &Thread<M>) -> Option<&Function<M>> {
    frame::Frame::current(t).map(|f| &f.function().body)
}

impl<M: Memory> Thread<M> {
    /// The globals of the running function.
    pub fn current_globals(&self) -> Option<Obj<M>> {
        running(self).map(|f| (*f.globals).clone())
    }
}
