//! `os.scandir` and `os.DirEntry`.

use std::ffi::CString;

use crate::args::Args;
use crate::context::Thread;
use crate::memory::Memory;
use crate::modules::errno;
use crate::modules::posix::fs::read_folder;
use crate::modules::posix::path::{self, c_path, like};
use crate::modules::posix::stat;
use crate::object::{Held, Layout, Locked, Obj, Payload, R, Raise};
use crate::types::build::Builder;
use crate::types::ids::{self, Builtin};
use crate::types::int;
use crate::types::str::to_text;
use crate::value::Word;

/// Payload of `posix.DirEntry`. Read-only.
pub struct DirEntry<M: Memory> {
    name: Held<M>,
    path: Held<M>,
    c_path: CString,
    kind: u8,
}

// SAFETY: told apart by shape; both references are visited.
unsafe impl<M: Memory> Payload<M> for DirEntry<M> {
    const SHAPE: u32 = ids::DIR_ENTRY;
    const LAYOUT: Layout = Layout::Other;
    fn visit(&self, f: &mut dyn FnMut(Word)) {
        f(self.name.word());
        f(self.path.word());
    }
}

/// Payload of the iterator of `scandir`; the names left, last first. Guarded by the section.
pub struct Scan<M: Memory> {
    names: Locked<Vec<(Vec<u8>, u8)>>,
    given: Held<M>,
}

// SAFETY: told apart by shape; its one reference is visited.
unsafe impl<M: Memory> Payload<M> for Scan<M> {
    const SHAPE: u32 = ids::SCANDIR_ITER;
    const LAYOUT: Layout = Layout::Other;
    fn visit(&self, f: &mut dyn FnMut(Word)) {
        f(self.given.word());
    }
}

/// `scandir(path)`
pub fn scandir<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let given = match args.some(0) {
        Some(given) => path::fspath(t, given)?,
        None => t.str("."),
    };
    let folder = c_path(t, &given, "scandir")?;
    let mut names = read_folder(t, &folder, &given)?;
    names.reverse();
    Ok(t.alloc(Scan { names: Locked::new(names), given: Held::fresh(given) }))
}

fn next<M: Memory>(t: &mut Thread<M>, it: &Obj<M>) -> Result<Option<Obj<M>>, Raise> {
    let Some(scan) = it.cast::<Scan<M>>() else { return Ok(None) };
    let Some((name, kind)) = scan.body.names.with(t, &scan.head, Vec::pop) else { return Ok(None) };
    let given = (*scan.body.given).clone();
    let mut full = path::encode(&given);
    if !full.ends_with(b"/") {
        full.push(b'/');
    }
    full.extend_from_slice(&name);
    let entry = DirEntry {
        name: Held::fresh(like(t, Some(&given), &name)),
        path: Held::fresh(like(t, Some(&given), &full)),
        c_path: CString::new(full).unwrap_or_default(),
        kind,
    };
    Ok(Some(t.alloc(entry)))
}

fn close<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    if let Some(scan) = args[0].cast::<Scan<M>>() {
        scan.body.names.with(t, &scan.head, Vec::clear);
    }
    Ok(Obj::NONE)
}

fn entry<M: Memory>(obj: &Obj<M>) -> &DirEntry<M> {
    &obj.cast::<DirEntry<M>>().expect("methods of DirEntry get one").body
}

fn mode<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>, follow: bool) -> Result<Option<u32>, Raise> {
    let path = entry(obj).c_path.clone();
    match stat::stat_path(t, &path, libc::AT_FDCWD, follow) {
        Ok(st) => Ok(Some(st.st_mode)),
        Err(libc::ENOENT) => Ok(None),
        Err(code) => {
            let shown = (*entry(obj).path).clone();
            Err(errno::raise(t, code, Some(&shown)))
        }
    }
}

fn follow<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> Result<bool, Raise> {
    match args.get(1) {
        Some(flag) => t.truth(flag),
        None => Ok(true),
    }
}

fn is_kind<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>, kind: u8, bits: u32) -> R<M> {
    let follow = follow(t, args)?;
    let known = entry(&args[0]).kind;
    if known != libc::DT_UNKNOWN && (known != libc::DT_LNK || !follow) {
        return Ok(Obj::bool(known == kind));
    }
    Ok(Obj::bool(mode(t, &args[0], follow)?.is_some_and(|m| m & libc::S_IFMT == bits)))
}

fn entry_stat<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let follow = follow(t, args)?;
    let path = entry(&args[0]).c_path.clone();
    match stat::stat_path(t, &path, libc::AT_FDCWD, follow) {
        Ok(st) => stat::to_result(t, &st),
        Err(code) => {
            let shown = (*entry(&args[0]).path).clone();
            Err(errno::raise(t, code, Some(&shown)))
        }
    }
}

fn inode<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let path = entry(&args[0]).c_path.clone();
    match stat::stat_path(t, &path, libc::AT_FDCWD, false) {
        Ok(st) => Ok(int::from_i64(t, st.st_ino as i64)),
        Err(code) => Err(errno::raise(t, code, None)),
    }
}

fn repr<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> R<M> {
    let name = (*entry(obj).name).clone();
    let name = t.repr(&name)?;
    Ok(t.string(format!("<DirEntry {}>", to_text(&name))))
}

/// Defines both types.
pub fn define<M: Memory>(t: &mut Thread<M>) {
    Builder::new::<DirEntry<M>>(t, Builtin::DirEntry, "posix.DirEntry")
        .module("posix")
        .is_final()
        .flag(crate::types::flags::NO_NEW)
        .slots(|s| s.repr.set(Some(repr)))
        .getter("name", |_, o| Ok((*entry(o).name).clone()))
        .getter("path", |_, o| Ok((*entry(o).path).clone()))
        .method("is_dir(self, /, *, follow_symlinks=True)", |t, a| is_kind(t, a, libc::DT_DIR, libc::S_IFDIR))
        .method("is_file(self, /, *, follow_symlinks=True)", |t, a| is_kind(t, a, libc::DT_REG, libc::S_IFREG))
        .method("is_symlink(self, /)", |_, a| Ok(Obj::bool(entry(&a[0]).kind == libc::DT_LNK)))
        .method("is_junction(self, /)", |_, _| Ok(Obj::bool(false)))
        .method("stat(self, /, *, follow_symlinks=True)", entry_stat)
        .method("inode(self, /)", inode)
        .method("__fspath__(self, /)", |_, a| Ok((*entry(&a[0]).path).clone()))
        .finish();
    Builder::new::<Scan<M>>(t, Builtin::ScandirIterator, "posix.ScandirIterator")
        .module("posix")
        .is_final()
        .flag(crate::types::flags::NO_NEW)
        .slots(|s| {
            s.iter.set(Some(|_, it| Ok(it.clone())));
            s.next.set(Some(next));
        })
        .method("close(self, /)", close)
        .method("__enter__(self, /)", |_, a| Ok(a[0].clone()))
        .method("__exit__(self, /, *args)", close)
        .finish();
}
