//! Hashes of text and bytes: SipHash-1-3 keyed by the interpreter's seed, so that keys chosen by others cannot degrade
//! tables.

use super::text::Text;

/// A hash function with its key.
#[derive(Clone, Copy)]
pub struct SipKey {
    k0: u64,
    k1: u64,
}

impl SipKey {
    /// The key for a seed.
    pub fn new(seed: u64) -> SipKey {
        // Two well-mixed words from one (SplitMix64's finisher).
        let mix = |mut z: u64| {
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            z ^ (z >> 31)
        };
        SipKey { k0: mix(seed.wrapping_add(0x9e37_79b9_7f4a_7c15)), k1: mix(seed.wrapping_add(0x3c6e_f372_fe94_f82a)) }
    }

    /// Hash of bytes as Python wants it: never -1, and 0 for no bytes.
    pub fn bytes(self, bytes: &[u8]) -> i64 {
        if bytes.is_empty() {
            return 0;
        }
        let mut s = State::new(self);
        let mut words = bytes.chunks_exact(8);
        for w in &mut words {
            s.word(u64::from_le_bytes(w.try_into().expect("chunks of eight")));
        }
        let mut last = [0; 8];
        let rest = words.remainder();
        last[..rest.len()].copy_from_slice(rest);
        s.finish(u64::from_le_bytes(last), bytes.len())
    }

    /// Hash of code points.
    pub fn wide(self, chars: &[u32]) -> i64 {
        let mut s = State::new(self);
        let mut pairs = chars.chunks_exact(2);
        for p in &mut pairs {
            s.word(p[0] as u64 | (p[1] as u64) << 32);
        }
        s.finish(pairs.remainder().first().map_or(0, |&c| c as u64), chars.len() * 4)
    }

    /// Hash of text whose kind is canonical (wide only if it must be).
    pub fn text(self, text: Text<'_>) -> i64 {
        match text {
            Text::Ascii(s) => self.bytes(s),
            Text::Wide(s) => self.wide(s),
        }
    }
}

struct State([u64; 4]);

impl State {
    #[inline(always)]
    fn new(key: SipKey) -> State {
        State([
            key.k0 ^ 0x736f_6d65_7073_6575,
            key.k1 ^ 0x646f_7261_6e64_6f6d,
            key.k0 ^ 0x6c79_6765_6e65_7261,
            key.k1 ^ 0x7465_6462_7974_6573,
        ])
    }

    #[inline(always)]
    fn round(&mut self) {
        let [a, b, c, d] = &mut self.0;
        *a = a.wrapping_add(*b);
        *b = b.rotate_left(13) ^ *a;
        *a = a.rotate_left(32);
        *c = c.wrapping_add(*d);
        *d = d.rotate_left(16) ^ *c;
        *a = a.wrapping_add(*d);
        *d = d.rotate_left(21) ^ *a;
        *c = c.wrapping_add(*b);
        *b = b.rotate_left(17) ^ *c;
        *c = c.rotate_left(32);
    }

    #[inline(always)]
    fn word(&mut self, w: u64) {
        self.0[3] ^= w;
        self.round();
        self.0[0] ^= w;
    }

    #[inline(always)]
    fn finish(mut self, rest: u64, len: usize) -> i64 {
        self.word(rest | (len as u64) << 56);
        self.0[2] ^= 0xff;
        for _ in 0..3 {
            self.round();
        }
        let h = self.0.iter().fold(0, |x, y| x ^ y) as i64;
        if h == -1 { -2 } else { h }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_depend_on_text_and_seed() {
        let (a, b) = (SipKey::new(0), SipKey::new(1));
        assert_eq!(a.bytes(b""), 0);
        assert_eq!(a.bytes(b"spam"), a.text(Text::Ascii(b"spam")));
        assert_ne!(a.bytes(b"spam"), b.bytes(b"spam"));
        assert_ne!(a.bytes(b"spam and eggs"), a.bytes(b"spam and eggz"));
        assert_ne!(a.wide(&[0x20ac]), a.wide(&[0x20ac, 0]));
    }
}
