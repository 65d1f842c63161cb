//! The virtual machine and the built-in types, generic over the memory model.

pub mod args;
pub mod context;
pub mod exceptions;
pub mod memory;
pub mod object;
pub mod region;
pub mod report;
pub mod shapes;
pub mod types;
pub mod value;
