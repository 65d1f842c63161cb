//! Searching and cutting runs of units: the algorithms that `str` (bytes or code points), `bytes` and `bytearray` share.
//! They know nothing of objects and work on indices and ranges.

use std::ops::Range;

use memchr::memmem;
use smallvec::SmallVec;

/// The longest text or bytes that is tried; longer ones are a `MemoryError` at once, as an allocation that fails would
/// end the process.
pub const MOST: usize = 1 << 34;

/// A unit of text: a byte or a code point.
pub trait Unit: Copy + Eq + Ord + 'static {
    /// First place of a non-empty needle.
    fn find(hay: &[Self], needle: &[Self]) -> Option<usize>;
    /// Last place of a non-empty needle.
    fn rfind(hay: &[Self], needle: &[Self]) -> Option<usize>;
    /// First place of a unit.
    fn find_unit(hay: &[Self], unit: Self) -> Option<usize>;
    /// Calls `f` with each place of a non-empty needle, left to right and not overlapping, until it says false.
    fn each(hay: &[Self], needle: &[Self], f: impl FnMut(usize) -> bool);
    /// The unit as a code point.
    fn code(self) -> u32;
}

impl Unit for u8 {
    #[inline]
    fn find(hay: &[u8], needle: &[u8]) -> Option<usize> {
        match needle {
            [c] => memchr::memchr(*c, hay),
            _ => memmem::find(hay, needle),
        }
    }
    fn rfind(hay: &[u8], needle: &[u8]) -> Option<usize> {
        match needle {
            [c] => memchr::memrchr(*c, hay),
            _ => memmem::rfind(hay, needle),
        }
    }
    #[inline]
    fn find_unit(hay: &[u8], unit: u8) -> Option<usize> {
        memchr::memchr(unit, hay)
    }
    #[inline]
    fn each(hay: &[u8], needle: &[u8], f: impl FnMut(usize) -> bool) {
        let mut f = f;
        match needle {
            [c] => memchr::memchr_iter(*c, hay).all(&mut f),
            _ => memmem::find_iter(hay, needle).all(&mut f),
        };
    }
    #[inline(always)]
    fn code(self) -> u32 {
        self as u32
    }
}

impl Unit for u32 {
    fn find(hay: &[u32], needle: &[u32]) -> Option<usize> {
        let (&first, rest) = needle.split_first()?;
        let last = hay.len().checked_sub(rest.len())?;
        let mut from = 0;
        while let Some(i) = hay[from..last].iter().position(|&c| c == first) {
            let at = from + i;
            if hay[at + 1..].starts_with(rest) {
                return Some(at);
            }
            from = at + 1;
        }
        None
    }
    fn rfind(hay: &[u32], needle: &[u32]) -> Option<usize> {
        let last = hay.len().checked_sub(needle.len())?;
        (0..=last).rev().find(|&i| hay[i..].starts_with(needle))
    }
    fn find_unit(hay: &[u32], unit: u32) -> Option<usize> {
        hay.iter().position(|&c| c == unit)
    }
    fn each(hay: &[u32], needle: &[u32], mut f: impl FnMut(usize) -> bool) {
        let mut from = 0;
        while let Some(i) = Self::find(&hay[from..], needle) {
            if !f(from + i) {
                return;
            }
            from += i + needle.len();
        }
    }
    #[inline(always)]
    fn code(self) -> u32 {
        self
    }
}

/// Ranges of parts; few as a rule.
pub type Parts = SmallVec<[Range<usize>; 8]>;

/// First place of `needle`, which may be empty.
#[inline]
pub fn find<U: Unit>(hay: &[U], needle: &[U]) -> Option<usize> {
    if needle.is_empty() { Some(0) } else { U::find(hay, needle) }
}

/// Last place of `needle`, which may be empty.
pub fn rfind<U: Unit>(hay: &[U], needle: &[U]) -> Option<usize> {
    if needle.is_empty() { Some(hay.len()) } else { U::rfind(hay, needle) }
}

/// How often `needle` occurs without overlap; an empty one between all units.
pub fn count<U: Unit>(hay: &[U], needle: &[U]) -> usize {
    if needle.is_empty() {
        return hay.len() + 1;
    }
    let mut n = 0;
    U::each(hay, needle, |_| {
        n += 1;
        true
    });
    n
}

/// The parts between occurrences of a non-empty separator, at most `max` cuts from the left.
pub fn split<U: Unit>(s: &[U], sep: &[U], max: usize) -> Parts {
    let (mut parts, mut start) = (Parts::new(), 0);
    if max > 0 {
        U::each(s, sep, |at| {
            parts.push(start..at);
            start = at + sep.len();
            parts.len() < max
        });
    }
    parts.push(start..s.len());
    parts
}

/// The parts between occurrences of a non-empty separator, at most `max` cuts from the right; in order.
pub fn rsplit<U: Unit>(s: &[U], sep: &[U], max: usize) -> Parts {
    let (mut parts, mut end) = (Parts::new(), s.len());
    while parts.len() < max
        && let Some(at) = U::rfind(&s[..end], sep)
    {
        parts.push(at + sep.len()..end);
        end = at;
    }
    parts.push(0..end);
    parts.reverse();
    parts
}

/// The runs without blanks, at most `max` cuts from the left; what follows the last cut keeps its inner blanks.
pub fn split_blank<U: Unit>(s: &[U], max: usize, blank: impl Fn(U) -> bool) -> Parts {
    let mut parts = Parts::new();
    let mut i = 0;
    loop {
        while i < s.len() && blank(s[i]) {
            i += 1;
        }
        if i == s.len() {
            return parts;
        }
        if parts.len() == max {
            parts.push(i..s.len());
            return parts;
        }
        let start = i;
        while i < s.len() && !blank(s[i]) {
            i += 1;
        }
        parts.push(start..i);
    }
}

/// As [`split_blank`], with the cuts from the right; in order.
pub fn rsplit_blank<U: Unit>(s: &[U], max: usize, blank: impl Fn(U) -> bool) -> Parts {
    let mut parts = Parts::new();
    let mut end = s.len();
    loop {
        while end > 0 && blank(s[end - 1]) {
            end -= 1;
        }
        if end == 0 {
            break;
        }
        if parts.len() == max {
            parts.push(0..end);
            break;
        }
        let stop = end;
        while end > 0 && !blank(s[end - 1]) {
            end -= 1;
        }
        parts.push(end..stop);
    }
    parts.reverse();
    parts
}

/// The lines, with their ends if `keep`. `is_end` knows line ends; `\r\n` counts as one.
pub fn lines<U: Unit>(s: &[U], keep: bool, is_end: impl Fn(U) -> bool) -> Parts {
    let mut parts = Parts::new();
    let mut start = 0;
    while start < s.len() {
        let end = s[start..].iter().position(|&c| is_end(c)).map_or(s.len(), |i| start + i);
        let mut next = (end + 1).min(s.len());
        if end + 1 < s.len() && s[end].code() == 13 && s[end + 1].code() == 10 {
            next += 1;
        }
        parts.push(start..if keep { next } else { end });
        start = next;
    }
    parts
}

/// What is left when units that `drop` names are taken off the left (`left`) and right (`right`) end.
pub fn strip<U: Unit>(s: &[U], left: bool, right: bool, drop: impl Fn(U) -> bool) -> Range<usize> {
    let (mut start, mut end) = (0, s.len());
    while left && start < end && drop(s[start]) {
        start += 1;
    }
    while right && start < end && drop(s[end - 1]) {
        end -= 1;
    }
    start..end
}

/// The places that `replace` replaces: at most `max` occurrences of `old`; an empty one matches between all units.
pub fn places<U: Unit>(s: &[U], old: &[U], max: usize) -> SmallVec<[usize; 16]> {
    if old.is_empty() {
        return (0..=s.len()).take(max).collect();
    }
    let mut found = SmallVec::new();
    if max > 0 {
        U::each(s, old, |at| {
            found.push(at);
            found.len() < max
        });
    }
    found
}

/// `start` and `end` arguments made a range inside `len`, as slices do; `None` when it lies behind the end, where not
/// even nothing is found.
pub fn window(start: Option<i64>, end: Option<i64>, len: usize) -> Option<Range<usize>> {
    let n = len as i64;
    let clamp = |i: i64| if i < 0 { i.saturating_add(n).max(0) } else { i };
    let (start, end) = (clamp(start.unwrap_or(0)), clamp(end.unwrap_or(n)).min(n));
    if start > end { None } else { Some(start as usize..end as usize) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut<'a>(s: &'a str, parts: &Parts) -> Vec<&'a str> {
        parts.iter().map(|r| &s[r.clone()]).collect()
    }

    fn is_blank(c: u8) -> bool {
        c == b' '
    }

    #[test]
    fn wide_and_narrow_search_agree() {
        let wide = |s: &str| s.bytes().map(u32::from).collect::<Vec<_>>();
        for hay in ["", "a", "aaaa", "abcabcab", "xxabx"] {
            for needle in ["a", "ab", "aa", "abcab", "x", "zz"] {
                let (h, n) = (wide(hay), wide(needle));
                assert_eq!(find(hay.as_bytes(), needle.as_bytes()), find(&h, &n), "{hay} {needle}");
                assert_eq!(rfind(hay.as_bytes(), needle.as_bytes()), rfind(&h, &n), "{hay} {needle}");
                assert_eq!(count(hay.as_bytes(), needle.as_bytes()), count(&h, &n), "{hay} {needle}");
            }
        }
    }

    #[test]
    fn splits() {
        let s = "a,b,,c";
        assert_eq!(cut(s, &split(s.as_bytes(), b",", usize::MAX)), ["a", "b", "", "c"]);
        assert_eq!(cut(s, &split(s.as_bytes(), b",", 1)), ["a", "b,,c"]);
        assert_eq!(cut(s, &split(s.as_bytes(), b",", 0)), ["a,b,,c"]);
        assert_eq!(cut(s, &rsplit(s.as_bytes(), b",", 1)), ["a,b,", "c"]);
        let s = "  a b  c ";
        assert_eq!(cut(s, &split_blank(s.as_bytes(), usize::MAX, is_blank)), ["a", "b", "c"]);
        assert_eq!(cut(s, &split_blank(s.as_bytes(), 1, is_blank)), ["a", "b  c "]);
        assert_eq!(cut(s, &rsplit_blank(s.as_bytes(), 1, is_blank)), ["  a b", "c"]);
        let s = "a\r\nb\n\rc";
        let end = |c: u8| c == 10 || c == 13;
        assert_eq!(cut(s, &lines(s.as_bytes(), false, end)), ["a", "b", "", "c"]);
        assert_eq!(cut(s, &lines(s.as_bytes(), true, end)), ["a\r\n", "b\n", "\r", "c"]);
    }

    #[test]
    fn windows() {
        assert_eq!(window(None, None, 3), Some(0..3));
        assert_eq!(window(Some(-2), Some(100), 3), Some(1..3));
        assert_eq!(window(Some(4), None, 3), None);
        assert_eq!(window(Some(3), None, 3), Some(3..3));
    }
}
