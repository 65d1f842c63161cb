//! Where the leaf crates are joined to the trait, the only file that names them.

use super::Build;

/// Forwards the trait to the functions of the same names.
macro_rules! join {
    ($interpreter:ty) => {
        impl super::InProcess for $interpreter {
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

pub(crate) fn builds() -> [Build; 2] {
    [
        Build { name: "gil", make: || Box::new(interp_gil::Interpreter::new()) },
        Build { name: "nogil", make: || Box::new(interp_nogil::Interpreter::new()) },
    ]
}
