//! The virtual machine and the built-in types, generic over the memory model.

pub mod args;
pub mod blocks;
pub mod cli;
pub mod code;
pub mod codecs;
pub mod collector;
pub mod context;
pub mod embed;
pub mod exceptions;
pub mod finalize;
pub mod format;
pub mod import;
pub mod interp;
pub mod interpreter;
pub mod lookup;
pub mod memory;
pub mod modules;
pub mod object;
pub mod protocol;
pub mod region;
pub mod report;
pub mod safepoint;
pub mod shapes;
pub mod threads;
pub mod types;
pub mod value;
