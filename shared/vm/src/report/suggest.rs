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
    let near = crate::suggest::closest(&wrong, candidates.iter().map(|c| &**c));
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
