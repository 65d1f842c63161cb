//! Text as the algorithms see it: a borrowed view ([`Text`]) and a growing buffer ([`TextBuf`]).
//!
//! A string object is ASCII (one byte per character) or wide (32 bits per code point, lone surrogates allowed). A whole
//! string is wide only if some character is not ASCII, so equal strings have equal kinds; a slice of a view need not be.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::ops::Range;

/// A borrowed run of characters.
#[derive(Clone, Copy, Debug)]
pub enum Text<'a> {
    /// Characters below 128.
    Ascii(&'a [u8]),
    /// Code points.
    Wide(&'a [u32]),
}

impl<'a> Text<'a> {
    /// Nothing.
    pub const EMPTY: Text<'static> = Text::Ascii(b"");

    /// Number of characters.
    #[inline(always)]
    pub fn len(self) -> usize {
        match self {
            Text::Ascii(s) => s.len(),
            Text::Wide(s) => s.len(),
        }
    }

    /// No character?
    #[inline(always)]
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Character `i`, which exists.
    #[inline(always)]
    pub fn at(self, i: usize) -> u32 {
        match self {
            Text::Ascii(s) => s[i] as u32,
            Text::Wide(s) => s[i],
        }
    }

    /// Character `i`, if there is one.
    #[inline(always)]
    pub fn get(self, i: usize) -> Option<u32> {
        match self {
            Text::Ascii(s) => s.get(i).map(|&c| c as u32),
            Text::Wide(s) => s.get(i).copied(),
        }
    }

    /// A part.
    #[inline]
    pub fn slice(self, r: Range<usize>) -> Text<'a> {
        match self {
            Text::Ascii(s) => Text::Ascii(&s[r]),
            Text::Wide(s) => Text::Wide(&s[r]),
        }
    }

    /// The characters in order.
    pub fn chars(self) -> impl DoubleEndedIterator<Item = u32> + 'a {
        let (narrow, wide): (&[u8], &[u32]) = match self {
            Text::Ascii(s) => (s, &[]),
            Text::Wide(s) => (&[], s),
        };
        narrow.iter().map(|&c| c as u32).chain(wide.iter().copied())
    }

    /// Are all characters ASCII?
    #[inline]
    pub fn is_ascii(self) -> bool {
        match self {
            Text::Ascii(_) => true,
            Text::Wide(s) => s.iter().all(|&c| c < 128),
        }
    }

    /// Equal text.
    #[inline]
    pub fn same(self, other: Text<'_>) -> bool {
        match (self, other) {
            (Text::Ascii(a), Text::Ascii(b)) => a == b,
            (Text::Wide(a), Text::Wide(b)) => a == b,
            (Text::Ascii(a), Text::Wide(w)) | (Text::Wide(w), Text::Ascii(a)) => {
                a.len() == w.len() && a.iter().zip(w).all(|(&a, &w)| a as u32 == w)
            }
        }
    }

    /// Order by code points.
    pub fn order(self, other: Text<'_>) -> Ordering {
        match (self, other) {
            (Text::Ascii(a), Text::Ascii(b)) => a.cmp(b),
            (Text::Wide(a), Text::Wide(b)) => a.cmp(b),
            _ => self.chars().cmp(other.chars()),
        }
    }

    /// As a Rust string; lone surrogates become U+FFFD.
    pub fn to_cow(self) -> Cow<'a, str> {
        match self {
            Text::Ascii(s) => String::from_utf8_lossy(s),
            Text::Wide(s) => Cow::Owned(s.iter().map(|&c| to_char(c)).collect()),
        }
    }

    /// The code points, copied if need be.
    pub fn to_wide(self) -> Cow<'a, [u32]> {
        match self {
            Text::Ascii(s) => Cow::Owned(s.iter().map(|&c| c as u32).collect()),
            Text::Wide(s) => Cow::Borrowed(s),
        }
    }

    /// Is it exactly this Rust string?
    pub fn is(self, s: &str) -> bool {
        match self {
            Text::Ascii(a) => a == s.as_bytes(),
            Text::Wide(w) => w.iter().copied().eq(s.chars().map(u32::from)),
        }
    }
}

/// The code point as a Rust character; U+FFFD for a surrogate.
#[inline]
pub fn to_char(c: u32) -> char {
    char::from_u32(c).unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// Text that is being built.
#[derive(Clone, Debug)]
pub enum TextBuf {
    /// So far all ASCII.
    Ascii(Vec<u8>),
    /// Some character is not ASCII.
    Wide(Vec<u32>),
}

impl Default for TextBuf {
    fn default() -> Self {
        TextBuf::Ascii(Vec::new())
    }
}

impl TextBuf {
    /// Empty.
    pub fn new() -> TextBuf {
        TextBuf::default()
    }

    /// Empty, with room for `n` ASCII characters.
    pub fn with_capacity(n: usize) -> TextBuf {
        TextBuf::Ascii(Vec::with_capacity(n))
    }

    /// What was built so far.
    pub fn as_text(&self) -> Text<'_> {
        match self {
            TextBuf::Ascii(v) => Text::Ascii(v),
            TextBuf::Wide(v) => Text::Wide(v),
        }
    }

    /// Number of characters so far.
    pub fn len(&self) -> usize {
        self.as_text().len()
    }

    /// Nothing yet?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    #[cold]
    fn widen(&mut self, room: usize) -> &mut Vec<u32> {
        if let TextBuf::Ascii(v) = self {
            let mut wide = Vec::with_capacity(v.len() + room.max(16));
            wide.extend(v.iter().map(|&c| c as u32));
            *self = TextBuf::Wide(wide);
        }
        match self {
            TextBuf::Wide(v) => v,
            TextBuf::Ascii(_) => unreachable!("made wide above"),
        }
    }

    /// Adds a code point.
    #[inline]
    pub fn push(&mut self, c: u32) {
        match self {
            TextBuf::Ascii(v) if c < 128 => v.push(c as u8),
            TextBuf::Wide(v) => v.push(c),
            _ => self.widen(1).push(c),
        }
    }

    /// Adds a code point `n` times.
    pub fn fill(&mut self, c: u32, n: usize) {
        match self {
            TextBuf::Ascii(v) if c < 128 => v.resize(v.len() + n, c as u8),
            _ if n == 0 => {}
            _ => {
                let v = self.widen(n);
                v.resize(v.len() + n, c);
            }
        }
    }

    /// Adds ASCII bytes.
    #[inline]
    pub fn push_ascii(&mut self, s: &[u8]) {
        debug_assert!(s.is_ascii());
        match self {
            TextBuf::Ascii(v) => v.extend_from_slice(s),
            TextBuf::Wide(v) => v.extend(s.iter().map(|&c| c as u32)),
        }
    }

    /// Adds text.
    #[inline]
    pub fn push_text(&mut self, text: Text<'_>) {
        match (&mut *self, text) {
            (_, Text::Ascii(s)) => self.push_ascii(s),
            (TextBuf::Wide(v), Text::Wide(s)) => v.extend_from_slice(s),
            (TextBuf::Ascii(v), Text::Wide(s)) => {
                if text.is_ascii() {
                    v.extend(s.iter().map(|&c| c as u8));
                } else {
                    self.widen(s.len()).extend_from_slice(s);
                }
            }
        }
    }

    /// Adds a Rust string.
    pub fn push_str(&mut self, s: &str) {
        if s.is_ascii() {
            self.push_ascii(s.as_bytes());
        } else {
            self.widen(s.len()).extend(s.chars().map(u32::from));
        }
    }
}

impl From<&str> for TextBuf {
    fn from(s: &str) -> TextBuf {
        let mut buf = TextBuf::with_capacity(s.len());
        buf.push_str(s);
        buf
    }
}

impl From<String> for TextBuf {
    fn from(s: String) -> TextBuf {
        if s.is_ascii() { TextBuf::Ascii(s.into_bytes()) } else { TextBuf::Wide(s.chars().map(u32::from).collect()) }
    }
}

impl std::fmt::Write for TextBuf {
    fn write_str(&mut self, s: &str) -> std::fmt::Result {
        self.push_str(s);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buffers_stay_narrow_as_long_as_they_can() {
        let mut buf = TextBuf::from("abc");
        buf.push_text(Text::Wide(&[100, 101]));
        assert!(matches!(buf, TextBuf::Ascii(_)));
        buf.push(0x20ac);
        buf.push_str("x");
        assert!(buf.as_text().is("abcde€x"));
        assert!(matches!(buf, TextBuf::Wide(_)));
    }

    #[test]
    fn order_is_by_code_point() {
        assert_eq!(Text::Ascii(b"ab").order(Text::Wide(&[97, 0xd800])), Ordering::Less);
        assert_eq!(Text::Ascii(b"abc").order(Text::Ascii(b"ab")), Ordering::Greater);
    }
}
