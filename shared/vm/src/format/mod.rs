//! Formatting: `format` and f-strings, `%`, `str.format`.

mod float;
mod number;
mod percent;
mod quick;
mod spec;
pub mod template;

pub use float::{Style, digits, float_repr, itoa, push_repr};
pub use percent::{percent, percent_bytes};

use crate::context::{Context, Thread};
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::object::{Obj, R};
use crate::types::str::{Text, ascii_with, from_ascii, from_buf, view};
use crate::types::{complex, float as float_type, ids, int};

/// `format(value, spec)`
pub fn format_value<M: Memory>(t: &mut Thread<M>, value: &Obj<M>, spec: &Obj<M>) -> R<M> {
    let built_in = matches!(value.shape(), ids::STR | ids::INT | ids::FLOAT) || is_number_word(value);
    if let (true, Some(text)) = (built_in, view(spec)) {
        return match value.shape() {
            ids::STR => format_text(t, value, text),
            _ => format_number(t, value, spec),
        };
    }
    let Some(method) = t.lookup_special(value, "__format__")? else {
        let kind = t.class_name(value);
        return Err(t.raise(Kind::TypeError, format!("Type {kind} doesn't define __format__")));
    };
    let result = t.call(&method, std::slice::from_ref(spec))?;
    if view(&result).is_none() {
        let kind = t.class_name(&result);
        return Err(t.raise(Kind::TypeError, format!("__format__ must return a str, not {kind}")));
    }
    Ok(result)
}

/// `str(i)` for a machine integer.
pub fn int_text<M: Memory>(ctx: &Context<M>, i: i64) -> Obj<M> {
    let mut buffer = [0; 20];
    let digits = itoa(i.unsigned_abs(), &mut buffer);
    if i >= 0 {
        return from_ascii(ctx, digits);
    }
    ascii_with(ctx, digits.len() + 1, |w| {
        w.put(b"-");
        w.put(digits);
    })
}

fn is_number_word<M: Memory>(value: &Obj<M>) -> bool {
    value.word().is_int() || value.word().is_float()
}

/// `format(value, '')`: what f-strings do most.
#[inline]
pub fn format_plain<M: Memory>(t: &mut Thread<M>, value: &Obj<M>) -> R<M> {
    if value.shape() == ids::STR {
        return Ok(value.clone());
    }
    if is_number_word(value) {
        return t.str_of(value);
    }
    let spec = t.interp.interned.empty(t);
    format_value(t, value, &spec)
}

/// `__format__` of `str` for a string object.
pub fn format_text<M: Memory>(t: &mut Thread<M>, value: &Obj<M>, spec: Text<'_>) -> R<M> {
    if spec.is_empty() {
        return t.str_of(value);
    }
    if let (Some(text), Text::Ascii(spec)) = (view(value), spec)
        && let Some(made) = quick::text(t, text, spec)
    {
        return Ok(made);
    }
    let class = t.class_name(value);
    let text = number::text(t, view(value).unwrap_or(Text::EMPTY), spec, &class)?;
    Ok(from_buf(t, text))
}

/// `__format__` of `int`, `float` and `complex` for an object of these.
pub fn format_number<M: Memory>(t: &mut Thread<M>, value: &Obj<M>, spec: &Obj<M>) -> R<M> {
    let Some(text) = view(spec) else {
        let kind = crate::types::str::arg::kind_of(t, spec);
        return Err(t.raise(Kind::TypeError, format!("__format__() argument must be str, not {kind}")));
    };
    if text.is_empty() {
        return t.str_of(value);
    }
    if let (Some(i), Text::Ascii(spec)) = (value.word().as_int(), text)
        && let Some(made) = quick::integer(t, i, spec)
    {
        return Ok(made);
    }
    let class = t.class_name(value);
    let made = if let Some(x) = float_type::value(value) {
        number::float(t, x, text, &class)?
    } else if int::is_int(value) {
        number::integer(t, value, text, &class)?
    } else {
        number::complex(t, complex::value(value).unwrap_or_default(), text, &class)?
    };
    Ok(from_buf(t, made))
}
