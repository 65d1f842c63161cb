//! `_random`: CPython's stream of random numbers.

use mt19937::MT19937;
use num_bigint::{BigInt, Sign};

use crate::args::{Args, Call};
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::modules::Maker;
use crate::object::{Layout, Locked, Obj, Payload, R, Raise};
use crate::types::build::Builder;
use crate::types::ids::{self, Builtin};
use crate::types::{TypeObj, float, int, tuple};
use crate::value::Word;

/// Words of the generator's state.
const N: usize = 624;

/// Payload of `_random.Random`; guarded by the section.
pub struct Random(Locked<Box<MT19937>>);

// SAFETY: the layout `Random` is this struct's alone; it owns no references.
unsafe impl<M: Memory> Payload<M> for Random {
    const SHAPE: u32 = ids::RANDOM;
    const LAYOUT: Layout = Layout::Random;
    fn visit(&self, _: &mut dyn FnMut(Word)) {}
}

fn with<M: Memory, A>(t: &Thread<M>, obj: &Obj<M>, f: impl FnOnce(&mut MT19937) -> A) -> A {
    let object = obj.cast::<Random>().expect("methods of Random get one");
    object.body.0.with(t, &object.head, |generator| f(generator))
}

/// The next 32 bits.
fn next_word(generator: &mut MT19937) -> u32 {
    // The crate's own draw is behind a trait of another crate; its float joins 27 and 26 bits of two draws, which is
    // not enough. So the state is advanced by its float only when it is used up, and read here.
    if generator.get_index() >= N {
        mt19937::gen_res53(generator);
        generator.set_index(0);
    }
    let i = generator.get_index();
    let mut y = generator.get_state()[i];
    generator.set_index(i + 1);
    y ^= y >> 11;
    y ^= (y << 7) & 0x9d2c_5680;
    y ^= (y << 15) & 0xefc6_0000;
    y ^ y >> 18
}

fn new<M: Memory>(t: &mut Thread<M>, class: &TypeObj<M>, call: Call<'_, M>) -> R<M> {
    let made = t.alloc_of(class, Random(Locked::new(Box::new(MT19937::new_with_slice_seed(&[0])))));
    seed_object(t, &made, call.positional().first())?;
    Ok(made)
}

fn seed<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    seed_object(t, &args[0], args.get(1))?;
    Ok(Obj::NONE)
}

/// Seeds with the absolute value of an integer, the hash of anything else, or bits of the operating system.
fn seed_object<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, value: Option<&Obj<M>>) -> Result<(), Raise> {
    let words: Vec<u32> = match value.filter(|v| !v.is_none()) {
        None => {
            let mut bytes = [0u8; N * 4];
            // SAFETY: the buffer has the length that is passed.
            let got = unsafe { libc::getrandom(bytes.as_mut_ptr().cast(), bytes.len(), 0) };
            if got != bytes.len() as isize {
                return Err(super::errno::raise_last(t, None));
            }
            bytes.chunks_exact(4).map(|c| u32::from_le_bytes([c[0], c[1], c[2], c[3]])).collect()
        }
        Some(value) => {
            let number = match int::to_big(value) {
                Some(number) => number,
                None => BigInt::from(t.hash(value)? as u64),
            };
            let digits = number.magnitude().to_u32_digits();
            if digits.is_empty() { vec![0] } else { digits }
        }
    };
    with(t, obj, |generator| generator.seed_slice(&words));
    Ok(())
}

fn random<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let value = with(t, &args[0], mt19937::gen_res53);
    Ok(float::new(t, value))
}

fn getrandbits<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let bits = t.index_i64(&args[1])?;
    if bits < 0 {
        return Err(t.raise(Kind::ValueError, "number of bits must be non-negative"));
    }
    if bits == 0 {
        return Ok(int::from_i64(t, 0));
    }
    if bits <= 32 {
        let word = with(t, &args[0], next_word);
        return Ok(int::from_i64(t, (word >> (32 - bits)) as i64));
    }
    let count = (bits as usize).div_ceil(32);
    let words = with(t, &args[0], |generator| {
        (0..count)
            .map(|i| {
                let left = bits as usize - 32 * i;
                let word = next_word(generator);
                if left < 32 { word >> (32 - left) } else { word }
            })
            .collect::<Vec<u32>>()
    });
    Ok(int::from_big(t, BigInt::from_slice(Sign::Plus, &words)))
}

fn getstate<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let (state, index) = with(t, &args[0], |generator| (*generator.get_state(), generator.get_index()));
    let mut items: Vec<Obj<M>> = state.iter().map(|&w| int::from_i64(t, w as i64)).collect();
    items.push(int::from_i64(t, index as i64));
    Ok(tuple::from_vec(t, items))
}

fn setstate<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    if !t.is_instance(&args[1], t.builtin(Builtin::Tuple)) {
        return Err(t.raise(Kind::TypeError, "state vector must be a tuple"));
    }
    let items = tuple::items(&args[1]).to_vec();
    if items.len() != N + 1 {
        return Err(t.raise(Kind::ValueError, "state vector is the wrong size"));
    }
    let mut state = [0u32; N];
    for (slot, item) in state.iter_mut().zip(&items) {
        *slot = t.index_i64(item)? as u32;
    }
    let index = t.index_i64(&items[N])?;
    if !(0..=N as i64).contains(&index) {
        return Err(t.raise(Kind::ValueError, "invalid state"));
    }
    with(t, &args[0], |generator| {
        generator.set_state(&state);
        generator.set_index(index as usize);
    });
    Ok(Obj::NONE)
}

/// Defines `Random`.
pub fn define<M: Memory>(t: &mut Thread<M>) {
    Builder::new::<Random>(t, Builtin::Random, "_random.Random")
        .module("_random")
        .slots(|s| {
            s.new.set(Some(new));
            s.init.set(Some(super::io::no_init));
        })
        .method("random(self, /)", random)
        .method("seed(self, n=None, /)", seed)
        .method("getrandbits(self, k, /)", getrandbits)
        .method("getstate(self, /)", getstate)
        .method("setstate(self, state, /)", setstate)
        .finish();
}

/// `_random`
pub fn init<M: Memory>(t: &mut Thread<M>) -> R<M> {
    Maker::new(t, "_random").class("Random", Builtin::Random).finish()
}
