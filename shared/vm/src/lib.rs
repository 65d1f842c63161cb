//! The virtual machine and the built-in types, generic over the memory model.

pub mod args;
pub mod blocks;
pub mod codecs;
pub mod collector;
pub mod context;
pub mod exceptions;
pub mod finalize;
pub mod format;
pub mod memory;
pub mod object;
pub mod region;
pub mod report;
pub mod safepoint;
pub mod shapes;
pub mod threads;
pub mod suggest;
pub mod types;
pub mod value;
pub mod code;
pub mod interp;
pub mod lookup;
pub mod protocol;
pub mod interpreter;
pub mod embed;
