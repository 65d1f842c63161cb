//! The modules `_md5`, `_sha1`, `_sha2`, `_sha3` and `_blake2`: hashes for `hashlib` and for `random.seed`. BLAKE2 has
//! its default size and no key.

use blake2::{Blake2b512, Blake2s256};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha224, Sha256, Sha384, Sha512};
use sha3::digest::{ExtendableOutput, Update};
use sha3::{Sha3_224, Sha3_256, Sha3_384, Sha3_512, Shake128, Shake256};

use crate::args::{Args, NativeFn};
use crate::context::Thread;
use crate::exceptions::Kind;
use crate::memory::Memory;
use crate::modules::Maker;
use crate::object::{Layout, Locked, Obj, Object, Payload, R, Raise};
use crate::types::build::Builder;
use crate::types::flags;
use crate::types::ids::{self, Builtin};
use crate::types::str::Str;
use crate::types::{buffer, bytes, int};
use crate::value::Word;

/// The state of a hash.
#[derive(Clone)]
enum State {
    Md5(Md5),
    Sha1(Sha1),
    Sha224(Sha224),
    Sha256(Sha256),
    Sha384(Sha384),
    Sha512(Sha512),
    Sha3_224(Sha3_224),
    Sha3_256(Sha3_256),
    Sha3_384(Sha3_384),
    Sha3_512(Sha3_512),
    Blake2b512(Blake2b512),
    Blake2s256(Blake2s256),
    Shake128(Shake128),
    Shake256(Shake256),
}

macro_rules! states {
    ($($kind:ident $name:literal $block:literal)*) => {
        impl State {
            fn name(&self) -> &'static str {
                match self { $(State::$kind(_) => $name,)* State::Shake128(_) => "shake_128", State::Shake256(_) => "shake_256" }
            }

            fn block_size(&self) -> i64 {
                match self { $(State::$kind(_) => $block,)* State::Shake128(_) => 168, State::Shake256(_) => 136 }
            }

            fn update(&mut self, data: &[u8]) {
                match self {
                    $(State::$kind(h) => Update::update(h, data),)*
                    State::Shake128(h) => h.update(data),
                    State::Shake256(h) => h.update(data),
                }
            }

            /// The hash; of `length` bytes where that can be chosen.
            fn digest(self, length: usize) -> Vec<u8> {
                match self {
                    $(State::$kind(h) => h.finalize().to_vec(),)*
                    State::Shake128(h) => h.finalize_boxed(length).into_vec(),
                    State::Shake256(h) => h.finalize_boxed(length).into_vec(),
                }
            }
        }
    };
}

states! {
    Md5 "md5" 64 Sha1 "sha1" 64 Sha224 "sha224" 64 Sha256 "sha256" 64 Sha384 "sha384" 128 Sha512 "sha512" 128
    Sha3_224 "sha3_224" 144 Sha3_256 "sha3_256" 136 Sha3_384 "sha3_384" 104 Sha3_512 "sha3_512" 72
    Blake2b512 "blake2b" 128 Blake2s256 "blake2s" 64
}

/// Payload of a hash object.
pub struct Hash {
    state: Locked<State>,
}

// SAFETY: told apart by its shape; it holds no references.
unsafe impl<M: Memory> Payload<M> for Hash {
    const SHAPE: u32 = ids::HASH;
    const LAYOUT: Layout = Layout::Other;
    fn visit(&self, _: &mut dyn FnMut(Word)) {}
}

fn hash<'a, M: Memory>(t: &mut Thread<M>, obj: &'a Obj<M>) -> Result<&'a Object<M, Hash>, Raise> {
    obj.exact::<Hash>().ok_or_else(|| t.raise(Kind::TypeError, "a hash object is required"))
}

fn snapshot<M: Memory>(t: &mut Thread<M>, obj: &Obj<M>) -> Result<State, Raise> {
    let at = hash(t, obj)?;
    Ok(at.body.state.with::<M, _>(t, &at.head, |s| s.clone()))
}

/// Defines the class of hash objects.
pub fn define<M: Memory>(t: &mut Thread<M>) {
    Builder::new::<Hash>(t, Builtin::Hash, "_hashlib.HASH")
        .module("_hashlib")
        .is_final()
        .flag(flags::NO_NEW)
        .getter("name", |t, h| {
            let name = snapshot(t, h)?.name();
            Ok(t.intern(name))
        })
        .getter("block_size", |t, h| {
            let size = snapshot(t, h)?.block_size();
            Ok(int::from_i64(t, size))
        })
        .getter("digest_size", |t, h| {
            let size = snapshot(t, h)?.digest(0).len();
            Ok(int::from_usize(t, size))
        })
        .method("update(self, obj, /)", |t, a| {
            let at = hash(t, &a[0])?;
            let data = input(t, &a[1])?;
            at.body.state.with::<M, _>(t, &at.head, |s| s.update(&data));
            Ok(Obj::NONE)
        })
        .method("digest(self, length=None, /)", |t, a| {
            let digest = finish(t, a)?;
            Ok(bytes::from_slice(t, &digest))
        })
        .method("hexdigest(self, length=None, /)", |t, a| {
            let digest = finish(t, a)?;
            Ok(t.string(digest.iter().map(|b| format!("{b:02x}")).collect()))
        })
        .method("copy(self, /)", |t, a| {
            let state = snapshot(t, &a[0])?;
            Ok(t.alloc(Hash { state: Locked::new(state) }))
        })
        .finish();
}

/// The digest that `digest(length)` gives.
fn finish<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> Result<Vec<u8>, Raise> {
    let state = snapshot(t, &args[0])?;
    let any_length = matches!(state, State::Shake128(_) | State::Shake256(_));
    let length = match args.get(1) {
        Some(length) if any_length => t.index_i64(length)?,
        None if !any_length => 0,
        None => return Err(t.raise(Kind::TypeError, "digest() missing required argument 'length' (pos 1)")),
        Some(_) => return Err(t.raise(Kind::TypeError, "digest() takes no arguments (1 given)")),
    };
    match usize::try_from(length).ok().filter(|n| *n < 1 << 29) {
        Some(length) => Ok(state.digest(length)),
        None => Err(t.raise(Kind::ValueError, "value must be positive")),
    }
}

fn input<M: Memory>(t: &mut Thread<M>, data: &Obj<M>) -> Result<Vec<u8>, Raise> {
    if data.cast::<Str<M>>().is_some() {
        return Err(t.raise(Kind::TypeError, "Strings must be encoded before hashing"));
    }
    match buffer::get(t, data) {
        Some(data) => Ok(data.into_owned()),
        None => Err(t.raise(Kind::TypeError, "object supporting the buffer API required")),
    }
}

fn start<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>, mut state: State) -> R<M> {
    if let Some(data) = args.get(0).or_else(|| args.some(2)) {
        let data = input(t, data)?;
        state.update(&data);
    }
    Ok(t.alloc(Hash { state: Locked::new(state) }))
}

macro_rules! modules {
    ($($module:ident $name:literal { $($signature:literal $kind:ident)* })*) => {$(
        #[doc = concat!("`", $name, "`")]
        pub mod $module {
            use super::*;

            /// Makes the module.
            pub fn init<M: Memory>(t: &mut Thread<M>) -> R<M> {
                let functions: &[(&str, NativeFn<M>)] = &[
                    $(($signature, |t, a| start(t, a, State::$kind($kind::default()))),)*
                ];
                Maker::new(t, $name).functions(functions).finish()
            }
        }
    )*};
}

modules! {
    of_md5 "_md5" { "md5(data=b'', *, usedforsecurity=True, string=None)" Md5 }
    of_sha1 "_sha1" { "sha1(data=b'', *, usedforsecurity=True, string=None)" Sha1 }
    of_sha2 "_sha2" {
        "sha224(data=b'', *, usedforsecurity=True, string=None)" Sha224
        "sha256(data=b'', *, usedforsecurity=True, string=None)" Sha256
        "sha384(data=b'', *, usedforsecurity=True, string=None)" Sha384
        "sha512(data=b'', *, usedforsecurity=True, string=None)" Sha512
    }
    of_sha3 "_sha3" {
        "sha3_224(data=b'', *, usedforsecurity=True, string=None)" Sha3_224
        "sha3_256(data=b'', *, usedforsecurity=True, string=None)" Sha3_256
        "sha3_384(data=b'', *, usedforsecurity=True, string=None)" Sha3_384
        "sha3_512(data=b'', *, usedforsecurity=True, string=None)" Sha3_512
        "shake_128(data=b'', *, usedforsecurity=True, string=None)" Shake128
        "shake_256(data=b'', *, usedforsecurity=True, string=None)" Shake256
    }
    of_blake2 "_blake2" {
        "blake2b(data=b'', *, usedforsecurity=True, string=None)" Blake2b512
        "blake2s(data=b'', *, usedforsecurity=True, string=None)" Blake2s256
    }
}
