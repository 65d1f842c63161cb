//! The value word: one 64-bit pattern for every Python value, self-tagged so that nearly all floats need no object.
//!
//! | low three bits | meaning |
//! |---|---|
//! | `000`, `100` | integer of 62 bits, shifted left by two |
//! | `001` | pointer to an object, counted |
//! | `101` | pointer to an object, not counted (registers and borrowed words only, never stored in the heap) |
//! | `010` | special: nothing, `None`, `False`, `True`, `...`, `NotImplemented`, markers |
//! | `011`, `110`, `111` | float, rotated so that its ordinary exponents are the tag (Melançon and others, OOPSLA 2025) |
//!
//! Floats beyond 2^±256 or so, infinities and every NaN are objects. A word by itself owns nothing; see `object`.

/// One Python value, or nothing.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[repr(transparent)]
pub struct Word(pub u64);

/// Smallest integer that fits a word.
pub const MIN_INT: i64 = -(1 << 61);
/// Largest integer that fits a word.
pub const MAX_INT: i64 = (1 << 61) - 1;

const FLOAT_TAGS: u32 = 0xC8C8_C8C8;
const FLOAT_BIAS: u64 = 3 << 60;
const UNCOUNTED: u64 = 4;

const fn special(n: u64) -> Word {
    Word(n << 3 | 2)
}

impl Word {
    /// No value: an unbound local, an empty cell or slot, a missing argument.
    pub const NULL: Word = special(0);
    /// `None`
    pub const NONE: Word = special(1);
    /// `False`
    pub const FALSE: Word = special(2);
    /// `True`
    pub const TRUE: Word = special(3);
    /// `...`
    pub const ELLIPSIS: Word = special(4);
    /// `NotImplemented`
    pub const NOT_IMPLEMENTED: Word = special(5);
    /// First word of the register state of a loop over a range.
    pub const RANGE_STATE: Word = special(6);
    /// A key that was deleted from a table.
    pub const TOMBSTONE: Word = special(7);

    /// A truth value.
    #[inline(always)]
    pub const fn bool(b: bool) -> Word {
        Word(Word::FALSE.0 + ((b as u64) << 3))
    }

    /// The integer as a word, if it fits 62 bits.
    #[inline(always)]
    pub const fn int(i: i64) -> Option<Word> {
        if i >= MIN_INT && i <= MAX_INT { Some(Word((i << 2) as u64)) } else { None }
    }

    /// An integer that is known to fit.
    #[inline(always)]
    pub const fn small(i: i64) -> Word {
        debug_assert!(i >= MIN_INT && i <= MAX_INT);
        Word((i << 2) as u64)
    }

    /// The float as a word, if its exponent is an ordinary one.
    #[inline(always)]
    pub fn float(f: f64) -> Option<Word> {
        let w = Word(f.to_bits().wrapping_add(FLOAT_BIAS).rotate_left(4));
        if w.is_float() && !cfg!(feature = "floats-boxed") { Some(w) } else { None }
    }

    /// A counted pointer.
    #[inline(always)]
    pub fn counted<T>(p: *const T) -> Word {
        debug_assert!(p as u64 & 7 == 0 && !p.is_null());
        Word(p as u64 | 1)
    }

    /// An uncounted pointer.
    #[inline(always)]
    pub fn uncounted<T>(p: *const T) -> Word {
        debug_assert!(p as u64 & 7 == 0 && !p.is_null());
        Word(p as u64 | 5)
    }

    /// Is it an integer word?
    #[inline(always)]
    pub const fn is_int(self) -> bool {
        self.0 & 3 == 0
    }

    /// Are both integer words?
    #[inline(always)]
    pub const fn both_int(self, other: Word) -> bool {
        (self.0 | other.0) & 3 == 0
    }

    /// The integer, if it is an integer word.
    #[inline(always)]
    pub const fn as_int(self) -> Option<i64> {
        if self.is_int() { Some(self.int_value()) } else { None }
    }

    /// The integer of an integer word.
    #[inline(always)]
    pub const fn int_value(self) -> i64 {
        self.0 as i64 >> 2
    }

    /// Is it a float word?
    #[inline(always)]
    pub const fn is_float(self) -> bool {
        FLOAT_TAGS >> (self.0 & 31) & 1 != 0
    }

    /// The float, if it is a float word.
    #[inline(always)]
    pub fn as_float(self) -> Option<f64> {
        if self.is_float() { Some(self.float_value()) } else { None }
    }

    /// The float of a float word.
    #[inline(always)]
    pub fn float_value(self) -> f64 {
        f64::from_bits(self.0.rotate_right(4).wrapping_sub(FLOAT_BIAS))
    }

    /// Is it a pointer, counted or not?
    #[inline(always)]
    pub const fn is_ptr(self) -> bool {
        self.0 & 3 == 1
    }

    /// Is it a counted pointer?
    #[inline(always)]
    pub const fn is_counted(self) -> bool {
        self.0 & 7 == 1
    }

    /// Is it a special word (nothing, `None`, a truth value, …)?
    #[inline(always)]
    pub const fn is_special(self) -> bool {
        self.0 & 7 == 2
    }

    /// Is it `True` or `False`?
    #[inline(always)]
    pub const fn is_bool(self) -> bool {
        self.0 == Word::TRUE.0 || self.0 == Word::FALSE.0
    }

    /// The address of a pointer word.
    #[inline(always)]
    pub const fn address(self) -> *mut u8 {
        (self.0 & !7) as *mut u8
    }

    /// The same pointer, marked uncounted.
    #[inline(always)]
    pub const fn as_uncounted(self) -> Word {
        Word(self.0 | UNCOUNTED)
    }

    /// The same pointer, marked counted.
    #[inline(always)]
    pub const fn as_counted(self) -> Word {
        Word(self.0 & !UNCOUNTED)
    }

    /// Identity: the same value, whether counted or not.
    #[inline(always)]
    pub const fn is(self, other: Word) -> bool {
        self.0 == other.0 || (self.0 ^ other.0 == UNCOUNTED && self.is_ptr())
    }
}

impl std::fmt::Debug for Word {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(i) = self.as_int() {
            write!(f, "{i}")
        } else if let Some(x) = self.as_float() {
            write!(f, "{x:?}")
        } else if self.is_ptr() {
            write!(f, "{}{:p}", if self.is_counted() { "" } else { "~" }, self.address())
        } else {
            write!(f, "special({})", self.0 >> 3)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_round_trip_to_62_bits() {
        for i in [0, 1, -1, MIN_INT, MAX_INT, 1 << 40] {
            assert_eq!(Word::int(i).and_then(Word::as_int), Some(i));
        }
        assert_eq!(Word::int(MAX_INT + 1), None);
        assert_eq!(Word::int(MIN_INT - 1), None);
    }

    #[cfg(not(feature = "floats-boxed"))]
    #[test]
    fn floats_round_trip_or_are_refused() {
        for f in [0.0, -0.0, 1.0, -1.5, 3.14e-70, 1e70, f64::MIN_POSITIVE] {
            let w = Word::float(f).expect("ordinary exponent");
            assert!(!w.is_int() && !w.is_ptr() && !w.is_special());
            assert_eq!(w.float_value().to_bits(), f.to_bits());
        }
        for f in [f64::INFINITY, f64::NEG_INFINITY, f64::NAN, 1e300, 1e-200] {
            assert_eq!(Word::float(f), None);
        }
    }

    #[test]
    fn identity_ignores_the_count_tag() {
        let p = 64 as *const u8;
        assert!(Word::counted(p).is(Word::uncounted(p)));
        assert!(!Word::small(1).is(Word::small(0)));
        assert!(!Word(8).is(Word(12)));
    }
}
