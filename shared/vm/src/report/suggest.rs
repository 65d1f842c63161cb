//! "Did you mean: …?": the nearest known name.

use crate::code::CodeBody;
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::object::{Obj, Raise};
use crate::types::exception;
use crate::types::str::{Str, to_text};
use crate::types::traceback::traceback;
use crate::types::{dict, module};

const MOST_CANDIDATES: usize = 750;
const LONGEST: usize = 40;
const MOVE: usize = 2;
const CASE: usize = 1;

/// What is appended to the message of an exception about a name: empty when nothing is near.
pub fn suffix<M: Memory>(t: &mut Thread<M>, exc: &Obj<M>) -> String {
    let (index, is_name) = if t.is_exception(exc, Kind::ImportError) {
        (exception::IMPORT_NAME_FROM, false)
    } else if t.is_exception(exc, Kind::NameError) {
        (exception::NAME_NAME, true)
    } else if t.is_exception(exc, Kind::AttributeError) {
        (exception::ATTRIBUTE_NAME, false)
    } else {
        return String::new();
    };
    let wrong = exception::extra(t, exc, index);
    if wrong.cast::<Str<M>>().is_none() {
        return String::new();
    }
    let wrong = to_text(&wrong).into_owned();
    let candidates = match candidates(t, exc, &wrong) {
        Ok(list) => list,
        Err(_) => {
            t.clear_raised();
            Vec::new()
        }
    };
    let near = nearest(&candidates, &wrong);
    let mut text = near.map_or(String::new(), |near| format!(". Did you mean: '{near}'?"));
    if is_name && crate::modules::sys::STDLIB_MODULES.binary_search(&&*wrong).is_ok() {
        text += if text.is_empty() { ". Did" } else { " Or did" };
        text += &format!(" you forget to import '{wrong}'?");
    }
    text
}

fn candidates<M: Memory>(t: &mut Thread<M>, exc: &Obj<M>, wrong: &str) -> Result<Vec<String>, Raise> {
    if t.is_exception(exc, Kind::NameError) {
        return Ok(names_in_scope(t, exc));
    }
    let obj = if t.is_exception(exc, Kind::ImportError) {
        let name = exception::extra(t, exc, exception::IMPORT_NAME);
        let name = to_text(&name).into_owned();
        crate::import::import_module(t, &name)?
    } else {
        exception::extra(t, exc, exception::ATTRIBUTE_OBJ)
    };
    let listed = crate::modules::builtins::dir_of(t, &obj)?;
    let mut list: Vec<String> =
        t.collect(&listed)?.iter().filter(|n| n.cast::<Str<M>>().is_some()).map(|n| to_text(n).into_owned()).collect();
    list.sort();
    if !wrong.starts_with('_') {
        list.retain(|name| !name.starts_with('_'));
    }
    Ok(list)
}

/// Names that the innermost frame of the traceback could have meant: locals, globals, built-ins.
fn names_in_scope<M: Memory>(t: &mut Thread<M>, exc: &Obj<M>) -> Vec<String> {
    let mut link = exception::traceback(t, exc);
    loop {
        let next = traceback(&link).and_then(|entry| entry.body.next.get(t).map(|next| next.own()));
        match next {
            Some(next) => link = next,
            None => break,
        }
    }
    let Some(entry) = traceback(&link) else { return Vec::new() };
    let mut names = Vec::new();
    if let Some(code) = entry.body.code.cast::<CodeBody<M>>() {
        let code = &code.body.code;
        let known = code.varnames.iter().chain(&code.freevars);
        names.extend(known.filter(|n| !n.starts_with('.')).map(|n| n.to_string()));
    }
    let builtins = crate::import::import_module(t, "builtins");
    let mut dicts = vec![(*entry.body.globals).clone()];
    match builtins {
        Ok(builtins) => dicts.push(module::dict(&builtins).clone()),
        Err(_) => t.clear_raised(),
    }
    for d in dicts {
        if d.cast::<dict::Dict<M>>().is_some() {
            names.extend(dict::items(t, &d).iter().map(|(key, _)| to_text(key).into_owned()));
        }
    }
    names
}

/// The candidate that is nearest to the wrong name, if one is near enough.
pub fn nearest<'a>(candidates: &'a [String], wrong: &str) -> Option<&'a str> {
    let wrong_chars: Vec<char> = wrong.chars().collect();
    if candidates.len() > MOST_CANDIDATES || wrong_chars.len() > LONGEST {
        return None;
    }
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates.iter().filter(|c| *c != wrong) {
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
        let names: Vec<String> = ["append", "print", "value", "blech"].map(String::from).into();
        assert_eq!(nearest(&names, "apend"), Some("append"));
        assert_eq!(nearest(&names, "Print"), Some("print"));
        assert_eq!(nearest(&names, "zzz"), None);
    }
}
