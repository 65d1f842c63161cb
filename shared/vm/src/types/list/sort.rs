//! Sorting: stable, by Python's `<` only, with fast ways for keys that are all integers, all floats or all strings.
//!
//! The general way is a merge sort over natural runs (Munro and Wild's powersort policy). It bears comparisons that
//! raise or contradict each other: whatever happens, what is left is a permutation of the input.

use std::cmp::Ordering;

use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::{Header, Memory, Section};
use crate::object::{Obj, Object, Raise, Val};
use crate::types::dict::equal_known;
use crate::types::list::List;
use crate::types::slots::CmpOp;
use crate::types::str::{self as string, Text};
use crate::types::{ids, tuple};
use crate::value::Word;

/// `list.sort(key=…, reverse=…)`. Lists of integers, floats or strings are sorted at one moment; others are empty while
/// Python compares the keys.
pub fn sort<M: Memory>(
    t: &mut Thread<M>,
    list: &Object<M, List<M>>,
    key: Option<&Obj<M>>,
    reverse: bool,
) -> Result<(), Raise> {
    if key.is_none() {
        let s = Section::<M>::enter(t, &list.head);
        let mut words = list.body.borrow_words();
        if sort_known::<M, Word>(&mut words, reverse) {
            list.body.permute(&s, &list.head, &words);
            return Ok(());
        }
    }
    let mut items = {
        let s = Section::<M>::enter(t, &list.head);
        list.body.take(s.ctx(), &list.head)
    };
    let result = sort_vec(t, &mut items, key, reverse);
    let intruders = {
        let s = Section::<M>::enter(t, &list.head);
        let untouched = list.body.has_no_store();
        let intruders = list.body.take(s.ctx(), &list.head);
        list.body.put(&s, &list.head, items);
        if untouched { None } else { Some(intruders) }
    };
    if intruders.is_some() && result.is_ok() {
        return Err(t.raise(Kind::ValueError, "list modified during sort"));
    }
    result
}

/// Sorts handles in place (`sorted`). When a comparison raises, they are left in some order.
pub fn sort_vec<M: Memory>(
    t: &mut Thread<M>,
    items: &mut Vec<Obj<M>>,
    key: Option<&Obj<M>>,
    reverse: bool,
) -> Result<(), Raise> {
    let Some(key) = key else {
        let mut words: Vec<Word> = std::mem::take(items).into_iter().map(Obj::into_word).collect();
        let result = sort_entries(t, &mut words, reverse);
        // SAFETY: the words are a permutation of those that were owned.
        *items = words.into_iter().map(|w| unsafe { Obj::from_word(w) }).collect();
        return result;
    };
    let mut keys = Vec::with_capacity(items.len());
    for item in items.iter() {
        keys.push(t.call(key, std::slice::from_ref(item))?);
    }
    let mut pairs: Vec<(Word, Word)> =
        keys.into_iter().zip(std::mem::take(items)).map(|(k, item)| (k.into_word(), item.into_word())).collect();
    let result = sort_entries(t, &mut pairs, reverse);
    items.reserve(pairs.len());
    let mut keys = Vec::with_capacity(pairs.len());
    for (key, item) in pairs {
        // SAFETY: the pairs are a permutation of those that were owned.
        unsafe {
            keys.push(Obj::<M>::from_word(key));
            items.push(Obj::from_word(item));
        }
    }
    result
}

/// What is sorted: a value, or a key and its value.
trait Entry: Copy {
    fn key(&self) -> Word;
}

impl Entry for Word {
    #[inline(always)]
    fn key(&self) -> Word {
        *self
    }
}

impl Entry for (Word, Word) {
    #[inline(always)]
    fn key(&self) -> Word {
        self.0
    }
}

/// A view of a word that the sort owns.
#[inline(always)]
fn view<'a, M: Memory>(word: Word) -> Val<'a, M> {
    // SAFETY: the sort owns every word in its vector until it is done, and views do not leave it.
    unsafe { Val::new(word) }
}

#[inline(always)]
fn shape<M: Memory>(word: Word) -> u32 {
    // SAFETY: a pointer word that the sort owns points to a live object.
    if word.is_ptr() { unsafe { &*word.address().cast::<M::Header>() }.shape() } else { 0 }
}

fn sort_entries<M: Memory, E: Entry>(t: &mut Thread<M>, v: &mut [E], reverse: bool) -> Result<(), Raise> {
    if sort_known::<M, E>(v, reverse) {
        return Ok(());
    }
    if reverse {
        v.reverse();
    }
    let result = match sort_tuples(t, v) {
        Some(result) => result,
        None => merge_sort(v, &mut |a, b| less(t, a.key(), b.key())),
    };
    if reverse {
        v.reverse();
    }
    result
}

/// Sorts if the keys are all integers, all floats or all strings, which needs no Python.
fn sort_known<M: Memory, E: Entry>(v: &mut [E], reverse: bool) -> bool {
    let Some(first) = v.first().map(E::key) else { return true };
    let (ints, floats) = (first.is_int(), first.is_float());
    let known = if ints {
        v.iter().all(|e| e.key().is_int())
    } else if floats {
        v.iter().all(|e| e.key().is_float())
    } else {
        shape::<M>(first) == ids::STR && v.iter().all(|e| shape::<M>(e.key()) == ids::STR)
    };
    if !known {
        return false;
    }
    // Equal keys keep their order when the result is turned round.
    if reverse {
        v.reverse();
    }
    if ints {
        v.sort_by_key(|e| e.key().0 as i64);
    } else if floats {
        // Words hold no NaN, so the order is total.
        v.sort_by(|a, b| a.key().float_value().partial_cmp(&b.key().float_value()).unwrap_or(Ordering::Equal));
    } else {
        sort_strings::<M, E>(v);
    }
    if reverse {
        v.reverse();
    }
    true
}

/// A number that orders values of one kind as far as it can: kind and number. Equal numbers decide nothing.
fn rank<M: Memory>(word: Word) -> Option<(u8, i64)> {
    if let Some(i) = word.as_int() {
        return Some((0, i));
    }
    if let Some(f) = word.as_float() {
        // The bits of floats are ordered like integers once those of negative ones are turned round.
        let bits = (f + 0.0).to_bits() as i64;
        return Some((1, bits ^ (((bits >> 63) as u64) >> 1) as i64));
    }
    if shape::<M>(word) == ids::STR { Some((2, (prefix(&view::<M>(word)) ^ 1 << 63) as i64)) } else { None }
}

/// Sorts tuples whose first items are of one kind; `None`: they are not.
fn sort_tuples<M: Memory, E: Entry>(t: &mut Thread<M>, v: &mut [E]) -> Option<Result<(), Raise>> {
    let first_rank = |e: &E| {
        if shape::<M>(e.key()) != ids::TUPLE {
            return None;
        }
        rank::<M>(tuple::items(&view::<M>(e.key())).first()?.word())
    };
    let (kind, _) = first_rank(v.first()?)?;
    let mut decorated = Vec::with_capacity(v.len());
    for e in v.iter() {
        decorated.push((first_rank(e).filter(|r| r.0 == kind)?.1, *e));
    }
    let result = merge_sort(&mut decorated, &mut |a, b| {
        if a.0 != b.0 { Ok(a.0 < b.0) } else { less_tuple(t, a.1.key(), b.1.key()) }
    });
    for (to, from) in v.iter_mut().zip(decorated) {
        *to = from.1;
    }
    Some(result)
}

/// Strings by their first eight characters as one number, then by the rest.
fn sort_strings<M: Memory, E: Entry>(v: &mut [E]) {
    let mut decorated: Vec<(u64, E)> = v.iter().map(|e| (prefix(&view::<M>(e.key())), *e)).collect();
    decorated.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| compare_text(&view::<M>(a.1.key()), &view::<M>(b.1.key()))));
    for (to, from) in v.iter_mut().zip(decorated) {
        *to = from.1;
    }
}

fn prefix<M: Memory>(s: &Obj<M>) -> u64 {
    let mut bytes = [0; 8];
    match string::view(s) {
        Some(Text::Ascii(text)) => {
            let n = text.len().min(8);
            bytes[..n].copy_from_slice(&text[..n]);
        }
        Some(Text::Wide(text)) => {
            // Characters beyond ASCII sort behind all of it; from the first one on the rest decides.
            for (b, &c) in bytes.iter_mut().zip(text) {
                *b = c.min(0x80) as u8;
                if c >= 0x80 {
                    break;
                }
            }
        }
        None => {}
    }
    u64::from_be_bytes(bytes)
}

/// Order of two strings by code points.
pub(crate) fn compare_text<M: Memory>(a: &Obj<M>, b: &Obj<M>) -> Ordering {
    match (string::view(a), string::view(b)) {
        (Some(Text::Ascii(a)), Some(Text::Ascii(b))) => a.cmp(b),
        (Some(Text::Wide(a)), Some(Text::Wide(b))) => a.cmp(b),
        (Some(Text::Ascii(a)), Some(Text::Wide(b))) => a.iter().map(|&c| u32::from(c)).cmp(b.iter().copied()),
        (Some(Text::Wide(a)), Some(Text::Ascii(b))) => a.iter().copied().cmp(b.iter().map(|&c| u32::from(c))),
        _ => Ordering::Equal,
    }
}

/// `a < b`
fn less<M: Memory>(t: &mut Thread<M>, a: Word, b: Word) -> Result<bool, Raise> {
    if a.both_int(b) {
        return Ok((a.0 as i64) < b.0 as i64);
    }
    if let (Some(x), Some(y)) = (a.as_float(), b.as_float()) {
        return Ok(x < y);
    }
    match (shape::<M>(a), shape::<M>(b)) {
        (ids::STR, ids::STR) => Ok(compare_text(&view::<M>(a), &view::<M>(b)) == Ordering::Less),
        (ids::TUPLE, ids::TUPLE) => less_tuple(t, a, b),
        _ => t.compare_truth(&view(a), &view(b), CmpOp::Lt),
    }
}

fn less_tuple<M: Memory>(t: &mut Thread<M>, a: Word, b: Word) -> Result<bool, Raise> {
    let (a, b) = (view::<M>(a), view::<M>(b));
    let (a, b) = (tuple::items(&a), tuple::items(&b));
    for (x, y) in a.iter().zip(b) {
        let equal = match equal_known::<M>(x.word(), y.word()) {
            _ if x.is(y) => true,
            Some(known) => known,
            None => t.eq(x, y)?,
        };
        if !equal {
            t.check_native_stack()?;
            return less(t, x.word(), y.word());
        }
    }
    Ok(a.len() < b.len())
}

// ---- Merge sort.

/// Runs shorter than this are lengthened by insertion.
const MIN_RUN: usize = 24;

fn merge_sort<T: Copy>(v: &mut [T], less: &mut impl FnMut(&T, &T) -> Result<bool, Raise>) -> Result<(), Raise> {
    let n = v.len();
    let mut buffer = Vec::new();
    // Runs that wait to be merged: start, and the power of the boundary behind it.
    let mut stack: Vec<(usize, u32)> = Vec::new();
    let (mut start, mut end) = (0, next_run(v, 0, less)?);
    while end < n {
        let next_end = next_run(v, end, less)?;
        let power = node_power(start, end, next_end, n);
        while let Some(&(before, p)) = stack.last() {
            if p <= power {
                break;
            }
            stack.pop();
            merge(v, before, start, end, &mut buffer, less)?;
            start = before;
        }
        stack.push((start, power));
        (start, end) = (end, next_end);
    }
    while let Some((before, _)) = stack.pop() {
        merge(v, before, start, n, &mut buffer, less)?;
        start = before;
    }
    Ok(())
}

/// Depth of the boundary between runs `a..b` and `b..c` in the ideal merge tree over `n` items.
fn node_power(a: usize, b: usize, c: usize, n: usize) -> u32 {
    let (left, right) = ((a + b) as u128, (b + c) as u128);
    let scale = |x: u128| ((x << 62) / n as u128) as u64;
    (scale(left) ^ scale(right)).leading_zeros()
}

/// Sorts a run that begins at `start` and returns its end.
fn next_run<T: Copy>(
    v: &mut [T],
    start: usize,
    less: &mut impl FnMut(&T, &T) -> Result<bool, Raise>,
) -> Result<usize, Raise> {
    let n = v.len();
    let mut end = start + 1;
    if end < n {
        let descending = less(&v[end], &v[start])?;
        end += 1;
        while end < n && less(&v[end], &v[end - 1])? == descending {
            end += 1;
        }
        if descending {
            v[start..end].reverse();
        }
    }
    let wanted = n.min(start + MIN_RUN);
    while end < wanted {
        let item = v[end];
        let (mut low, mut high) = (start, end);
        while low < high {
            let middle = low + (high - low) / 2;
            if less(&item, &v[middle])? {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        v.copy_within(low..end, low + 1);
        v[low] = item;
        end += 1;
    }
    Ok(end)
}

/// First place in `v` for which `before` no longer holds, found by doubling steps from the front.
fn gallop<T>(v: &[T], mut before: impl FnMut(&T) -> Result<bool, Raise>) -> Result<usize, Raise> {
    let (mut low, mut step) = (0, 1);
    while low + step <= v.len() && before(&v[low + step - 1])? {
        low += step;
        step *= 2;
    }
    let mut high = (low + step - 1).min(v.len());
    while low < high {
        let middle = low + (high - low) / 2;
        if before(&v[middle])? {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    Ok(low)
}

/// Merges the sorted runs `a..b` and `b..c`.
fn merge<T: Copy>(
    v: &mut [T],
    a: usize,
    b: usize,
    c: usize,
    buffer: &mut Vec<T>,
    less: &mut impl FnMut(&T, &T) -> Result<bool, Raise>,
) -> Result<(), Raise> {
    // What is in its place already: the front of the left run, the back of the right one.
    let first = v[b];
    let a = a + gallop(&v[a..b], |x| less(&first, x).map(|l| !l))?;
    if a == b {
        return Ok(());
    }
    let last = v[b - 1];
    let c = b + gallop(&v[b..c], |x| less(x, &last))?;
    buffer.clear();
    if b - a <= c - b {
        buffer.extend_from_slice(&v[a..b]);
        merge_low(&mut v[a..c], buffer, less)
    } else {
        buffer.extend_from_slice(&v[b..c]);
        merge_high(&mut v[a..c], buffer, less)
    }
}

/// The left run was copied out; fills from the front. The rest of it goes back whatever happens.
fn merge_low<T: Copy>(
    v: &mut [T],
    left: &[T],
    less: &mut impl FnMut(&T, &T) -> Result<bool, Raise>,
) -> Result<(), Raise> {
    let (mut i, mut j, mut to) = (0, left.len(), 0);
    let mut result = Ok(());
    while i < left.len() && j < v.len() {
        match less(&v[j], &left[i]) {
            Ok(true) => {
                v[to] = v[j];
                j += 1;
            }
            Ok(false) => {
                v[to] = left[i];
                i += 1;
            }
            Err(raise) => {
                result = Err(raise);
                break;
            }
        }
        to += 1;
    }
    v[to..to + left.len() - i].copy_from_slice(&left[i..]);
    result
}

/// The right run was copied out; fills from the back.
fn merge_high<T: Copy>(
    v: &mut [T],
    right: &[T],
    less: &mut impl FnMut(&T, &T) -> Result<bool, Raise>,
) -> Result<(), Raise> {
    let (mut i, mut j, mut to) = (v.len() - right.len(), right.len(), v.len());
    let mut result = Ok(());
    while i > 0 && j > 0 {
        match less(&right[j - 1], &v[i - 1]) {
            Ok(true) => {
                v[to - 1] = v[i - 1];
                i -= 1;
            }
            Ok(false) => {
                v[to - 1] = right[j - 1];
                j -= 1;
            }
            Err(raise) => {
                result = Err(raise);
                break;
            }
        }
        to -= 1;
    }
    v[to - j..to].copy_from_slice(&right[..j]);
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(n: usize, range: u64) -> Vec<u64> {
        let mut x = 88172645463325252u64;
        let next = |_| {
            x ^= x << 13;
            x ^= x >> 7;
            x ^= x << 17;
            x % range
        };
        (0..n).map(next).collect()
    }

    #[test]
    fn merge_sort_is_a_stable_sort() {
        for n in [0, 1, 2, 3, 23, 24, 25, 100, 1000, 5000] {
            for range in [1, 2, 10, 1 << 40] {
                let mut v: Vec<(u64, usize)> = numbers(n, range).into_iter().zip(0..).collect();
                let mut expected = v.clone();
                expected.sort_by_key(|e| e.0);
                merge_sort(&mut v, &mut |a, b| Ok(a.0 < b.0)).expect("no comparison raises");
                assert_eq!(v, expected);
            }
        }
    }

    #[test]
    fn runs_in_order_need_few_comparisons() {
        let mut v: Vec<u64> = (0..1000).rev().collect();
        let mut count = 0;
        merge_sort(&mut v, &mut |a, b| {
            count += 1;
            Ok(a < b)
        })
        .expect("no comparison raises");
        assert!(v.is_sorted() && count == 999);
    }

    #[test]
    fn contradictions_and_errors_lose_nothing() {
        for stop in [usize::MAX, 10, 100, 1000, 3000] {
            let input = numbers(700, 1 << 20);
            let (mut v, mut count) = (input.clone(), 0usize);
            let _ = merge_sort(&mut v, &mut |a, b| {
                count += 1;
                if count >= stop { Err(Raise(())) } else { Ok((a ^ b ^ count as u64) & 4 == 0) }
            });
            let (mut a, mut b) = (v, input);
            a.sort();
            b.sort();
            assert_eq!(a, b);
        }
    }
}
