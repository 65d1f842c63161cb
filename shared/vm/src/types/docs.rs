//! `__doc__` of the built-in types: how each is called, and what it is.

/// The text for a type of `builtins`.
pub fn of(name: &str) -> Option<&'static str> {
    Some(match name {
        "object" => "object(): an object without attributes; the base of all classes.",
        "type" => "type(object): its class. type(name, bases, namespace): a new class.",
        "int" => "int(x=0), int(text, base=10): a whole number of any size.",
        "float" => "float(x=0): a floating-point number of 64 bits.",
        "complex" => "complex(real=0, imag=0): a pair of floating-point numbers.",
        "bool" => "bool(x=False): the truth of a value, True or False.",
        "str" => "str(object=''), str(bytes, encoding, errors): a text.",
        "bytes" => "bytes(iterable_of_ints), bytes(text, encoding), bytes(length): bytes that do not change.",
        "bytearray" => "bytearray(iterable_of_ints), bytearray(text, encoding), bytearray(length): bytes that change.",
        "memoryview" => "memoryview(object): a view of the bytes of another object.",
        "list" => "list(iterable=()): a sequence that changes.",
        "tuple" => "tuple(iterable=()): a sequence that does not change.",
        "range" => "range(stop), range(start, stop, step=1): whole numbers at even distances.",
        "slice" => {
            "slice(stop), slice(start, stop, step=None): what stands between the brackets of a[start:stop:step]."
        }
        "dict" => "dict(), dict(mapping), dict(iterable_of_pairs), dict(**values): values found by their keys.",
        "set" => "set(iterable=()): distinct values in no order.",
        "frozenset" => "frozenset(iterable=()): a set that does not change.",
        "enumerate" => "enumerate(iterable, start=0): pairs of a count and an item.",
        "zip" => "zip(*iterables, strict=False): tuples of one item of each.",
        "map" => "map(function, *iterables, strict=False): the function's results, one after another.",
        "filter" => "filter(function, iterable): the items for which the function is true.",
        "reversed" => "reversed(sequence): its items from the last to the first.",
        "super" => "super(), super(type, object): attributes as the classes behind in the resolution order have them.",
        "property" => "property(fget=None, fset=None, fdel=None, doc=None): an attribute that functions compute.",
        "classmethod" => "classmethod(function): a method that gets the class.",
        "staticmethod" => "staticmethod(function): a method that gets nothing by itself.",
        "function" => "function(code, globals, name=None, argdefs=None, closure=None): what def and lambda make.",
        "method" => "method(function, instance): a function bound to its first argument.",
        "module" => "module(name, doc=None): a namespace with a name.",
        "BaseException" => "The base of all exceptions.",
        "Exception" => "The base of exceptions that programs handle.",
        _ => return None,
    })
}
