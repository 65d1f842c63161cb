//! `atexit`: functions that run when the program ends, last registered first.

use crate::args::{Args, Call};
use crate::context::Thread;
use crate::memory::Memory;
use crate::modules::Maker;
use crate::object::{Obj, R};
use crate::types::{int, list, tuple};

/// `atexit`
pub fn init<M: Memory>(t: &mut Thread<M>) -> R<M> {
    let empty = list::from_vec(t, vec![]);
    t.keep("atexit.callbacks", empty);
    Maker::new(t, "atexit")
        .functions(&[
            ("register(func, /, *args, **kwargs)", register),
            ("unregister(func, /)", unregister),
            ("_clear()", |t, _| {
                let callbacks = callbacks(t);
                t.call_method(&callbacks, "clear", &[])
            }),
            ("_run_exitfuncs()", |t, _| {
                run(t);
                Ok(Obj::NONE)
            }),
            ("_ncallbacks()", |t, _| {
                let n = list::len(&callbacks(t));
                Ok(int::from_i64(t, n as i64))
            }),
        ])
        .finish()
}

fn callbacks<M: Memory>(t: &Thread<M>) -> Obj<M> {
    t.kept("atexit.callbacks").expect("made with the module").own()
}

fn register<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let mut values = args.rest.to_vec();
    values.extend(args.values.iter().cloned());
    let (values, names) = (tuple::from_vec(t, values), tuple::from_vec(t, args.names.to_vec()));
    let entry = tuple::from_vec(t, vec![args[0].clone(), values, names]);
    let callbacks = callbacks(t);
    list::append(t, &callbacks, entry);
    Ok(args[0].clone())
}

fn unregister<M: Memory>(t: &mut Thread<M>, args: Args<'_, M>) -> R<M> {
    let callbacks = callbacks(t);
    for entry in list::to_vec(t, &callbacks) {
        if t.eq(&tuple::items(&entry)[0].clone(), &args[0])? {
            t.call_method(&callbacks, "remove", &[entry])?;
        }
    }
    Ok(Obj::NONE)
}

/// Runs and forgets all callbacks; what they raise is reported.
pub fn run<M: Memory>(t: &mut Thread<M>) {
    let Some(callbacks) = t.kept("atexit.callbacks").map(|c| c.own()) else { return };
    while list::len(&callbacks) > 0 {
        let Ok(entry) = t.call_method(&callbacks, "pop", &[]) else {
            t.clear_raised();
            return;
        };
        let items = tuple::items(&entry).to_vec();
        let (values, names) = (tuple::items(&items[1]).to_vec(), tuple::items(&items[2]).to_vec());
        if t.call_with(&items[0], Call { slots: &values, names: &names }).is_err() {
            crate::finalize::unraisable(t, "Exception ignored in atexit callback", &items[0]);
        }
    }
}
