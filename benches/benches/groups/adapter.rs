//! Where the leaf crates are joined to one trait, the only file that names them.

/// What a group asks of an interpreter. Both leaf crates export an `Interpreter` with exactly these functions.
pub(crate) trait InProcess {
    /// Executes `source` as the main module; `name` stands in tracebacks.
    fn exec(&mut self, source: &str, name: &str) -> Result<(), String>;
    /// Calls a global function with integers; its answer is a number.
    fn call_f64(&mut self, function: &str, arguments: &[i64]) -> Result<f64, String>;
}

/// One of the two builds.
pub(crate) struct Build {
    pub(crate) name: &'static str,
    pub(crate) make: fn() -> Box<dyn InProcess>,
}

/// Forwards the trait to the functions of the same names.
macro_rules! join {
    ($interpreter:ty) => {
        impl InProcess for $interpreter {
            fn exec(&mut self, source: &str, name: &str) -> Result<(), String> {
                <$interpreter>::exec(self, source, name)
            }

            fn call_f64(&mut self, function: &str, arguments: &[i64]) -> Result<f64, String> {
                <$interpreter>::call_f64(self, function, arguments)
            }
        }
    };
}

join!(interp_gil::Interpreter);
join!(interp_nogil::Interpreter);

/// Both builds, the reference first.
pub(crate) fn builds() -> [Build; 2] {
    [
        Build { name: "gil", make: || Box::new(interp_gil::Interpreter::new()) },
        Build { name: "nogil", make: || Box::new(interp_nogil::Interpreter::new()) },
    ]
}
