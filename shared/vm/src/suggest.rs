//! The nearest of several names, by CPython's measure: behind "Did you mean: …?".

const MOST_CANDIDATES: usize = 750;
const LONGEST: usize = 40;
const MOVE: usize = 2;
const CASE: usize = 1;

/// The candidate that is nearest to the wrong name, if one is near enough.
pub fn closest<'a>(wrong: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let candidates: Vec<&str> = candidates.collect();
    let wrong_chars: Vec<char> = wrong.chars().collect();
    if candidates.len() > MOST_CANDIDATES || wrong_chars.len() > LONGEST {
        return None;
    }
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates.into_iter().filter(|c| *c != wrong) {
        let chars: Vec<char> = candidate.chars().collect();
        // At most a third of the characters may have to change.
        let mut limit = (chars.len() + wrong_chars.len() + 3) * MOVE / 6;
        match best.map_or(wrong_chars.len(), |b| b.0).checked_sub(1) {
            Some(beaten) => limit = limit.min(beaten),
            None => continue,
        }
        let d = distance(&wrong_chars, &chars, limit);
        if d <= limit {
            best = Some((d, candidate));
        }
    }
    best.map(|b| b.1)
}

fn substitution(a: char, b: char) -> usize {
    if a == b {
        0
    } else if a.to_lowercase().eq(b.to_lowercase()) {
        CASE
    } else {
        MOVE
    }
}

/// Levenshtein distance in which a change of case is cheap; something above `limit` when it is above it.
fn distance(a: &[char], b: &[char], limit: usize) -> usize {
    let prefix = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[prefix..], &b[prefix..]);
    let suffix = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    let (mut a, mut b) = (&a[..a.len() - suffix], &b[..b.len() - suffix]);
    if a.is_empty() || b.is_empty() {
        return MOVE * (a.len() + b.len());
    }
    if a.len() > LONGEST || b.len() > LONGEST {
        return limit + 1;
    }
    if b.len() < a.len() {
        std::mem::swap(&mut a, &mut b);
    }
    if (b.len() - a.len()) * MOVE > limit {
        return limit + 1;
    }
    let mut row: Vec<usize> = (1..=a.len()).map(|i| i * MOVE).collect();
    let mut result = 0;
    for (j, &y) in b.iter().enumerate() {
        let mut diagonal = j * MOVE;
        result = diagonal;
        let mut least = usize::MAX;
        for (cell, &x) in row.iter_mut().zip(a) {
            let substitute = diagonal + substitution(y, x);
            diagonal = *cell;
            result = (result.min(diagonal) + MOVE).min(substitute);
            *cell = result;
            least = least.min(result);
        }
        if least > limit {
            return limit + 1;
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_and_far() {
        let nearest = |wrong| closest(wrong, ["append", "print", "value", "blech"].into_iter());
        assert_eq!(nearest("apend"), Some("append"));
        assert_eq!(nearest("Print"), Some("print"));
        assert_eq!(nearest("zzz"), None);
    }
}
