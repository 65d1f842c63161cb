//! The module `_struct`: values to packed bytes and back.

mod format;
mod values;

use crate::args::{Args, NativeFn, Signature};
use crate::context::Thread;
use crate::memory::Memory;
use crate::modules::{Maker, make_class};
use crate::object::{Obj, R, Raise};
use crate::types::ids::Builtin;
use crate::types::native::{Native, NativeKind};
use crate::types::str::to_text;
use crate::types::{buffer, bytes, int, list, tuple};
use format::Format;

/// Makes the module.
pub fn init<M: Memory>(t: &mut Thread<M>) -> R<M> {
    let base = t.builtin(Builtin::Exception).to_obj();
    let home = t.intern("struct");
    let error = make_class(t, "error", &[base], vec![("__module__", home.clone())])?;
    t.keep("struct.error", error.clone());
    let object = t.builtin(Builtin::Object).to_obj();
    let methods: [(&str, NativeFn<M>); 7] = [
        ("__init__(self, format)", struct_init),
        ("pack(self, /, *values)", |t, a| {
            let format = own_format(t, &a[0])?;
            pack(t, &format, a.rest)
        }),
        ("pack_into(self, buffer, offset, /, *values)", |t, a| {
            let format = own_format(t, &a[0])?;
            pack_into(t, &format, &a[1], &a[2], a.rest)
        }),
        ("unpack(self, buffer, /)", |t, a| {
            let format = own_format(t, &a[0])?;
            unpack(t, &format, &a[1])
        }),
        ("unpack_from(self, /, buffer, offset=0)", |t, a| {
            let format = own_format(t, &a[0])?;
            unpack_from(t, &format, &a[1], a.get(2))
        }),
        ("iter_unpack(self, buffer, /)", |t, a| {
            let format = own_format(t, &a[0])?;
            iter_unpack(t, &format, &a[1])
        }),
        ("__repr__(self, /)", |t, a| {
            let format = t.getattr_str(&a[0], "format")?;
            let shown = t.repr(&format)?;
            Ok(t.string(format!("Struct({})", to_text(&shown))))
        }),
    ];
    let mut entries = vec![("__module__", home)];
    for (signature, f) in methods {
        let name = signature.split('(').next().unwrap_or(signature);
        entries.push((name, Native::make(t, NativeKind::Method, Signature::parse(signature), f, "Struct")));
    }
    let class = make_class(t, "Struct", &[object], entries)?;
    Maker::new(t, "_struct")
        .set("error", error)
        .set("Struct", class)
        .functions(&[
            ("_clearcache()", |_, _| Ok(Obj::NONE)),
            ("calcsize(format, /)", |t, a| {
                let format = Format::of(t, &a[0])?;
                Ok(int::from_usize(t, format.size))
            }),
            ("pack(format, /, *values)", |t, a| {
                let format = Format::of(t, &a[0])?;
                pack(t, &format, a.rest)
            }),
            ("pack_into(format, buffer, offset, /, *values)", |t, a| {
                let format = Format::of(t, &a[0])?;
                pack_into(t, &format, &a[1], &a[2], a.rest)
            }),
            ("unpack(format, buffer, /)", |t, a| {
                let format = Format::of(t, &a[0])?;
                unpack(t, &format, &a[1])
            }),
            ("unpack_from(format, /, buffer, offset=0)", |t, a| {
                let format = Format::of(t, &a[0])?;
                unpack_from(t, &format, &a[1], a.get(2))
            }),
            ("iter_unpack(format, buffer, /)", |t, a| {
                let format = Format::of(t, &a[0])?;
                iter_unpack(t, &format, &a[1])
            }),
        ])
        .finish()
}

/// Raises `struct.error`.
#[cold]
fn fail<M: Memory>(t: &mut Thread<M>, message: &str) -> Raise {
    let class = t.kept("struct.error").expect("kept by `init`").own();
    let message = t.str(message);
    match t.call(&class, &[message]) {
        Ok(error) => t.raise_obj(error),
        Err(raise) => raise,
    }
}

fn struct_init<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let format = Format::of(t, &args[1])?;
    let text = t.str(&format.text);
    let size = int::from_usize(t, format.size);
    for (name, value) in [("format", text), ("size", size)] {
        let name = t.intern(name);
        t.setattr(&args[0], &name, Some(&value))?;
    }
    Ok(Obj::NONE)
}

fn own_format<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> Result<Format, Raise> {
    let text = t.getattr_str(obj, "format")?;
    Format::of(t, &text)
}

fn packed<M: Memory>(t: &mut Thread<M>, format: &Format, given: &[Obj<M>], who: &str) -> Result<Vec<u8>, Raise> {
    if given.len() != format.values {
        let message = format!("{who} expected {} items for packing (got {})", format.values, given.len());
        return Err(fail(t, &message));
    }
    let mut out = Vec::with_capacity(format.size);
    let mut given = given.iter();
    for item in &format.items {
        out.resize(item.offset, 0);
        values::pack(t, item, format.little, &mut given, &mut out)?;
    }
    out.resize(format.size, 0);
    Ok(out)
}

fn pack<M: Memory>(t: &mut Thread<M>, format: &Format, given: &[Obj<M>]) -> R<M> {
    let out = packed(t, format, given, "pack")?;
    Ok(bytes::from_slice(t, &out))
}

fn pack_into<M: Memory>(
    t: &mut Thread<M>,
    format: &Format,
    target: &Obj<M>,
    offset: &Obj<M>,
    given: &[Obj<M>],
) -> R<M> {
    let out = packed(t, format, given, "pack_into")?;
    let size = t.len(target)?;
    let start = place(t, format, offset, size, "pack_into", "packing")?;
    let key = crate::types::slice::new(t, int::from_usize(t, start), int::from_usize(t, start + out.len()), Obj::NONE);
    let value = bytes::from_slice(t, &out);
    t.setitem(target, &key, Some(&value))?;
    Ok(Obj::NONE)
}

/// Where in a buffer of `size` bytes the packed bytes stand.
fn place<M: Memory>(
    t: &mut Thread<M>,
    format: &Format,
    offset: &Obj<M>,
    size: usize,
    who: &str,
    doing: &str,
) -> Result<usize, Raise> {
    let given = t.index_i64(offset)?;
    let start = if given < 0 { given + size as i64 } else { given };
    let need = format.size;
    let Ok(start) = usize::try_from(start) else {
        let message = if doing == "packing" && given + need as i64 > 0 {
            format!("no space to pack {need} bytes at offset {given}")
        } else if doing != "packing" && given + need as i64 > 0 {
            format!("not enough data to unpack {need} bytes at offset {given}")
        } else {
            format!("offset {given} out of range for {size}-byte buffer")
        };
        return Err(fail(t, &message));
    };
    if size < start || size - start < need {
        let message = format!(
            "{who} requires a buffer of at least {} bytes for {doing} {need} bytes at offset {start} (actual buffer \
             size is {size})",
            start + need
        );
        return Err(fail(t, &message));
    }
    Ok(start)
}

fn values_of<M: Memory>(t: &mut Thread<M>, format: &Format, data: &[u8]) -> R<M> {
    let mut out = Vec::with_capacity(format.values);
    for item in &format.items {
        values::unpack(t, item, format.little, &data[item.offset..], &mut out);
    }
    Ok(tuple::from_vec(t, out))
}

fn unpack<M: Memory>(t: &mut Thread<M>, format: &Format, source: &Obj<M>) -> R<M> {
    let data = buffer::need(t, source)?;
    if data.len() != format.size {
        return Err(fail(t, &format!("unpack requires a buffer of {} bytes", format.size)));
    }
    values_of(t, format, &data)
}

fn unpack_from<M: Memory>(t: &mut Thread<M>, format: &Format, source: &Obj<M>, offset: Option<&Obj<M>>) -> R<M> {
    let data = buffer::need(t, source)?;
    let zero = int::from_i64(t, 0);
    let start = place(t, format, offset.unwrap_or(&zero), data.len(), "unpack_from", "unpacking")?;
    values_of(t, format, &data[start..start + format.size])
}

fn iter_unpack<M: Memory>(t: &mut Thread<M>, format: &Format, source: &Obj<M>) -> R<M> {
    let data = buffer::need(t, source)?;
    if format.size == 0 {
        return Err(fail(t, "cannot iteratively unpack with a struct of length 0"));
    }
    if data.len() % format.size != 0 {
        let message = format!("iterative unpacking requires a buffer of a multiple of {} bytes", format.size);
        return Err(fail(t, &message));
    }
    let rows = data.chunks(format.size).map(|row| values_of(t, format, row)).collect::<Result<Vec<_>, _>>()?;
    let rows = list::from_vec(t, rows);
    t.iter(&rows)
}
